//! The law and the case: pure functions and values; no I/O, no clock, no randomness.

/// Working days and public holidays by place.
pub mod calendar;
/// When the answer is due, and why.
pub mod deadline;
/// German and English.
pub mod lang;
/// On which days a clerk is reminded.
pub mod reminder;
