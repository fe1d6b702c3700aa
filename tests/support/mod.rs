//! What the stories need around them.

pub mod authority;
pub mod smtp;
