//! What a connected system holds and does, as values: findings, evidence of a search, fates of records, ways of failing.

mod fate;
mod fault;
mod record;
mod search;

pub use fate::{Change, Fate, Leftover, LeftoverKind, Manner, Outcome, Preview, SideEffect};
pub use fault::Fault;
pub use record::{Caution, Field, FileRef, Nature, Origin, Record, RecordRef, Tie};
pub use search::{Asked, Doubt, Health, Need, Proposal, Search};
