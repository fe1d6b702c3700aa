//! The one integration binary.

// `cfg(test)` is always set here; it tells clippy that these rooms may unwrap.
#[cfg(test)]
mod mail;
#[cfg(test)]
mod support;
