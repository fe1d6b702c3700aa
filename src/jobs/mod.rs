//! Work that nobody clicks: sending what lies in the outbox, chaining the log, reminding, tidying up.

mod mailboxes;
mod outbox;
mod run;
pub mod runner;
mod schedule;
pub mod sources;
