//! The end of the log, as the one who writes it keeps it: where to go on, and what to sign.

use chrono::{DateTime, Utc};

use super::{Entry, Error, Frontier, Hash, NO_ENTRY};

/// The end of a log: the edge of its tree and the hash of its last entry. Small, stored beside the
/// entries, and enough to append any number of further ones.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Chain {
    tree: Frontier,
    head: Hash,
}

impl Chain {
    /// The end of a log without entries.
    #[must_use]
    pub fn new() -> Self {
        Self {
            tree: Frontier::new(),
            head: NO_ENTRY,
        }
    }

    /// Number of entries, and thus the number of the next one.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.tree.size()
    }

    /// Hash of the last entry; [`NO_ENTRY`] if there is none.
    #[must_use]
    pub fn head(&self) -> Hash {
        self.head
    }

    /// Root over all entries: what a checkpoint signs.
    #[must_use]
    pub fn root(&self) -> Hash {
        self.tree.root()
    }

    /// Chains the next entry: numbers it, binds it to the one before and takes it into the tree.
    ///
    /// # Errors
    /// As [`Entry::new`]; the chain is then unchanged.
    pub fn append(
        &mut self,
        at: DateTime<Utc>,
        kind: impl Into<String>,
        subject: impl Into<String>,
        actor: impl Into<String>,
        payload: Hash,
    ) -> Result<Entry, Error> {
        let entry = Entry::new(self.size(), at, kind, subject, actor, payload, self.head)?;
        self.head = entry.hash();
        self.tree.append(self.head);
        Ok(entry)
    }

    /// For storing: the last entry's hash, then [`Frontier::to_bytes`].
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        [self.head.as_slice(), &self.tree.to_bytes()].concat()
    }

    /// Reads what [`Chain::to_bytes`] wrote.
    ///
    /// # Errors
    /// [`Error::Stored`] if it cannot have been written by it.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Error> {
        let (head, tree) = bytes.split_first_chunk().ok_or(Error::Stored)?;
        let chain = Self {
            tree: Frontier::from_bytes(tree)?,
            head: *head,
        };
        if chain.size() == 0 && chain.head != NO_ENTRY {
            return Err(Error::Stored);
        }
        Ok(chain)
    }
}
