//! HTTP: the counter for the public, the desk for the clerks. A page is a pair, `review.rs` and `review.html`.

pub mod assets;
pub mod brand;
pub mod layout;
pub mod public;
pub mod voice;
