//! The memory of the office: diesel on SQLite or PostgreSQL, one file per table family. Nobody else
//! sees diesel.

#![deny(missing_docs)]

pub mod breaches;
pub mod cases;
pub mod clerks;
mod connection;
pub mod controllers;
mod error;
pub mod events;
pub mod examples;
pub mod files;
pub mod filing;
pub mod findings;
pub mod followups;
pub mod incoming;
pub mod inspection;
pub mod jobs;
mod journal;
pub mod ledgers;
pub mod links;
pub mod mail_days;
pub mod messages;
pub mod outliving;
#[cfg(feature = "postgres")]
mod postgres;
pub mod recipients;
pub mod register;
pub mod retention;
pub mod runs;
mod schema;
pub mod search;
pub mod snippets;
mod store;

pub use connection::{Conn, Ts};
pub use error::StoreError;
pub use store::{Settings, Store};
