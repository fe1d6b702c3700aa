//! Redaction by area: the pages of a PDF and pictures. What leaves is a new file made of pictures of the pages as they
//! are seen, with the areas black in their very points; nothing of the old file comes along, neither words nor notes,
//! files, layers, forms, earlier states nor what programs wrote about it. What cannot be shown for sure is withheld.

mod area;
mod document;
mod layer;
mod painter;
mod peek;
pub mod picture;
mod printer;
mod raster;
mod screen;
mod survey;
mod worker;

pub use area::{Area, WHOLE};
pub use document::{Outcome, Trouble, preview, redacted, size};
pub use layer::{Layer, layer};

/// Points per inch of what leaves: small print stays legible, and a page of A4 takes 16 MB while it is worked on.
pub const DPI: u16 = 200;
/// Pages of a document.
pub const PAGES: usize = 500;
/// Points of one page or picture.
pub const POINTS: u64 = 40_000_000;
