//! What the check of an export comes to: intact, or the first thing that is not as it was signed.

use std::fmt;

use super::Checkpoint;

/// Outcome of a check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Report {
    /// Every byte is as it was signed.
    Intact(Intact),
    /// Something is not.
    Broken(Finding),
}

/// What was found to be intact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Intact {
    /// The checkpoint over all entries of the file: their number, their root, the origin.
    pub checkpoint: Checkpoint,
    /// Sizes of the earlier checkpoints that the file extends, ascending.
    pub earlier: Vec<u64>,
}

/// The first thing that is not as it was signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Stable name of what was found.
    pub code: Code,
    /// The first bad entry: the first place, counted from 0, at which the file departs from the log
    /// that was signed. None if no entry is to blame, or the file does not tell which.
    pub entry: Option<u64>,
    /// One English sentence or two; holds nothing of the file's text but numbers.
    pub message: String,
}

/// What can be wrong with an export.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Code {
    /// Neither of the two formats.
    Format,
    /// Not a single byte.
    Empty,
    /// The header of the comma-separated form is not as written.
    Header,
    /// A line is not an entry in its one form.
    Unreadable,
    /// The file ends within an entry.
    Cut,
    /// An entry's bytes are not those that were chained.
    Changed,
    /// An entry is not there.
    Missing,
    /// An entry was put in.
    Inserted,
    /// Entries changed their places.
    Order,
    /// Entries follow that the checkpoint does not cover.
    Unsigned,
    /// The chain holds in itself, but it is not the one that was signed.
    Rewritten,
    /// There is no checkpoint.
    NoCheckpoint,
    /// The checkpoint is not in its one form.
    CheckpointForm,
    /// Something follows the checkpoint.
    Trailing,
    /// The checkpoint speaks of another log.
    ForeignOrigin,
    /// The checkpoint was signed with another key.
    ForeignKey,
    /// The checkpoint's signature does not fit.
    Signature,
    /// An earlier checkpoint was not signed by this key.
    EarlierSignature,
    /// An earlier checkpoint is not extended by the file.
    NotExtended,
}

impl Code {
    /// The name that never changes.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Format => "export-format",
            Self::Empty => "export-empty",
            Self::Header => "export-header",
            Self::Unreadable => "entry-unreadable",
            Self::Cut => "entry-cut",
            Self::Changed => "entry-changed",
            Self::Missing => "entry-missing",
            Self::Inserted => "entry-inserted",
            Self::Order => "entry-order",
            Self::Unsigned => "entry-unsigned",
            Self::Rewritten => "entries-rewritten",
            Self::NoCheckpoint => "checkpoint-missing",
            Self::CheckpointForm => "checkpoint-unreadable",
            Self::Trailing => "checkpoint-not-last",
            Self::ForeignOrigin => "checkpoint-foreign-origin",
            Self::ForeignKey => "checkpoint-foreign-key",
            Self::Signature => "checkpoint-signature",
            Self::EarlierSignature => "earlier-checkpoint-signature",
            Self::NotExtended => "earlier-checkpoint-not-extended",
        }
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
