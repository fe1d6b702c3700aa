//! The verbs of the command line: one file each.

/// The log that outsiders can check.
pub mod ledger;
