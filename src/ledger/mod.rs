//! The log that an outsider can check: a chain of entries under a Merkle tree, whose root is signed.
//! The room knows bytes, hashes and keys; what the entries speak of is none of its business.

mod chain;
mod checkpoint;
mod entry;
mod export;
mod key;
mod line;
mod report;
mod rows;
mod tree;
mod verify;

#[cfg(test)]
mod tests;

pub use chain::Chain;
pub use checkpoint::{Checkpoint, Doubt};
pub use entry::Entry;
pub use export::{ExportWriter, Format};
pub use key::{SigningKey, VerifyKey};
pub use report::{Code, Finding, Intact, Report};
pub use tree::{Frontier, leaf_hash};
pub use verify::verify;

/// A SHA-256 digest.
pub type Hash = [u8; 32];

/// What the first entry keeps as the hash of an entry before it.
pub const NO_ENTRY: Hash = [0; 32];

/// Why something cannot be an entry, a key, a checkpoint or a stored chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// A name in an entry holds more than letters, digits and `._:-`, or is too long.
    #[error("{0}: only A-Z a-z 0-9 . _ : - are allowed, 256 at most")]
    Name(&'static str),
    /// The moment lies outside of the years 0 to 9999.
    #[error("the moment of an entry must lie in the years 0 to 9999")]
    Moment,
    /// The origin of a key or checkpoint is empty, too long or holds other characters than its alphabet.
    #[error("an origin is 1 to 200 characters of A-Z a-z 0-9 . _ : / -")]
    Origin,
    /// The text is no verification key, or its parts do not belong together.
    #[error("not a verification key of the form origin+hash+base64")]
    Key,
    /// The text is no signed note that holds a checkpoint, or not in its one form.
    #[error("not a checkpoint with exactly one signature, in the form of a signed note")]
    Checkpoint,
    /// The stored bytes of a chain or of a tree's edge are not what was once written.
    #[error("the stored edge of the tree is damaged")]
    Stored,
}
