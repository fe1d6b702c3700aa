//! The office's acts, one file per step. The desk is the only way to change a case; what
//! must leave the house is promised and lies in the outbox; what lies outside is reached by its port.

pub mod acted;
pub mod acting;
pub mod advertising;
pub mod aftermath;
pub mod breach;
pub mod clerks;
pub mod collection;
pub mod connected;
pub mod conversation;
mod copying;
mod correcting;
pub mod deadline;
mod decided;
pub mod decision;
pub mod delivery;
pub mod desk;
mod disclosed;
pub mod dossier;
mod error;
pub mod execution;
pub mod facts;
pub mod filing;
pub mod findings;
pub mod followup;
pub mod forms;
pub mod forwarding;
pub mod identity;
mod ids;
pub mod intake;
mod known;
pub mod ledger;
pub mod letter;
mod links;
pub mod mailroom;
pub mod office;
pub mod outbox;
pub mod outliving;
pub mod owners;
pub mod package;
mod pausing;
pub mod persons;
pub mod purge;
pub mod reading;
pub mod reapplying;
/// The letters to those who received data.
pub mod recipients;
pub mod register;
pub mod reminders;
pub mod retention;
pub mod said;
pub mod scanning;
pub mod search;
pub mod slips;
pub mod snippets;
pub mod sources;
pub mod ties;

pub use error::Error;
pub use office::Office;

// What the pages hold in their hands beside the acts; they never reach into the rooms below.
pub use crate::ledger::Format;
pub use crate::seal::chance::Token;
pub use crate::seal::totp::TotpSecret;
pub use crate::storage::breaches::BreachLine;
pub use crate::storage::cases::{Cursor, Filter, Line};
pub use crate::storage::clerks::Clerk;
pub use crate::storage::events::Happened;
pub use crate::storage::filing::{FilePurpose, FileRow};
pub use crate::storage::messages::{Body, MessageState};
pub use crate::storage::register::Entry as RegisterEntry;
pub use crate::storage::runs::RunState;
