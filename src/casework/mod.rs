//! The office's acts, one file per step. The desk is the only way to change a case; it never talks to
//! the outside: what must leave the house is promised and lies in the outbox.

pub mod clerks;
pub mod collection;
pub mod conversation;
pub mod deadline;
pub mod decision;
pub mod delivery;
pub mod desk;
mod error;
pub mod execution;
pub mod facts;
pub mod filing;
pub mod identity;
mod ids;
pub mod intake;
pub mod ledger;
mod links;
pub mod office;
pub mod outbox;
pub mod reading;
pub mod register;
pub mod reminders;
pub mod retention;

pub use error::Error;
pub use office::Office;
