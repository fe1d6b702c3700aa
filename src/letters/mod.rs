//! Prints what leaves the house: the words from templates, as plain text, as HTML and as a letter on paper.

/// What stands in a letter, free of any medium.
pub mod block;
/// What is missing before an answer may leave.
pub mod check;
/// What a letter may say.
pub mod facts;
/// The page on the letters.
pub mod overview;
/// The printed letter: DIN 5008 form B as PDF/A-2a and PDF/UA-1.
pub mod pdf;
/// Turns templates and facts into a letter.
pub mod press;

mod phrases;

pub use block::{Block, Run};
pub use check::{Gap, check, prove};
pub use facts::Facts;
pub use pdf::{Sheet, Sheets, print_sheet};
pub use press::{Address, Kind, Press, PressError, Printed};
