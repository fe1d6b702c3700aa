//! The law and the case: pure functions and values; no I/O, no clock, no randomness.

/// German and English.
pub mod lang;
