//! The one integration binary; each line is a room of tests. `tests/run` runs it on both databases with nothing left out.

// `cfg(test)` is always set here; it tells clippy that these rooms may unwrap.
#[cfg(test)]
mod adapters;
#[cfg(test)]
mod casework;
#[cfg(test)]
mod cli;
#[cfg(test)]
mod crash;
#[cfg(test)]
mod flows;
#[cfg(test)]
mod house;
#[cfg(test)]
mod law;
#[cfg(test)]
mod mail;
#[cfg(test)]
mod reading;
#[cfg(test)]
mod redaction;
#[cfg(test)]
mod storage;
#[cfg(test)]
mod support;
#[cfg(test)]
mod web;
