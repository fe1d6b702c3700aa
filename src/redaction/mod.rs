//! Makes illegible what touches the rights of others before a copy leaves: the third persons in a find, the words, cells
//! and areas that a clerk blacked, and a new file that holds nothing of them. Bytes in, bytes out; the original stays as
//! it is.

pub mod others;
pub mod pages;
pub mod spans;

mod withheld;

pub use withheld::{Misfit, Withheld};
