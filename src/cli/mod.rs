//! The verbs of the command line: one file each.

/// Counts a period and says why.
pub mod deadline;
/// The log that outsiders can check.
pub mod ledger;
