//! Code term and the law's German term; the only Rust files with German prose.

pub mod aftermath;
pub mod because;
pub mod connections;
pub mod dates;
pub mod day;
pub mod deciding;
pub mod desk;
pub mod dossier;
pub mod letters;
pub mod mail_files;
pub mod mailroom;
pub mod measures;
pub mod obstacles;
pub mod owners;
pub mod package;
pub mod periods;
pub mod persons;
pub mod places;
pub mod proof;
pub mod recipients;
pub mod register;
mod remarks;
pub mod size;
pub mod snippets;
pub mod sources;
pub mod terms;
pub mod timeline;
