//! What is settled of a message: whether it is a request, of what kind, for which rights, and why.

use super::mark::Mark;
use super::verdict::{Kind, Verdict};

/// What was settled of a message.
#[derive(Debug, Clone)]
pub struct Settled {
    /// Whether it is a request.
    pub verdict: Verdict,
    /// What kind.
    pub kind: Kind,
    /// The rights.
    pub rights: Vec<Mark>,
    /// The request that it belongs to.
    pub root: Option<usize>,
    /// Why.
    pub because: Vec<String>,
}

impl Settled {
    /// A result with its first reason.
    pub fn new(
        verdict: Verdict,
        kind: Kind,
        rights: Vec<Mark>,
        because: impl Into<String>,
    ) -> Settled {
        Settled {
            verdict,
            kind,
            rights,
            root: None,
            because: vec![because.into()],
        }
    }

    /// The same, belonging to a request.
    pub fn belonging(mut self, root: Option<usize>) -> Settled {
        self.root = root;
        self
    }
}
