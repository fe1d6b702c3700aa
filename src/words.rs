//! Code term and the law's German term; the only Rust files with German prose.

pub mod day;
