//! A signed statement of how long the log is and what its root is: a C2SP checkpoint in a signed note.

use std::fmt;

use base64::{Engine, engine::general_purpose::STANDARD};

use super::{Error, Hash, VerifyKey, key::is_origin};

/// Number of entries and root of a log at one moment, signed. As text it is the signed note that
/// [`fmt::Display`] writes; a note has exactly one form, and no other is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    pub(super) origin: String,
    pub(super) size: u64,
    pub(super) root: Hash,
    pub(super) key: [u8; 4],
    pub(super) signature: [u8; 64],
}

/// Why a checkpoint is not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Doubt {
    /// It speaks of another log than the key.
    #[error("it belongs to another log than the key")]
    Origin,
    /// It says itself that another key signed it.
    #[error("it was signed with another key")]
    Key,
    /// The signature does not fit the text.
    #[error("its signature does not fit")]
    Signature,
}

impl Checkpoint {
    /// Reads a signed note with exactly one signature.
    ///
    /// # Errors
    /// [`Error::Checkpoint`] if a single byte is other than it would be written.
    pub fn parse(note: &str) -> Result<Self, Error> {
        let checkpoint = Self::read(note).ok_or(Error::Checkpoint)?;
        if checkpoint.to_string() == note {
            Ok(checkpoint)
        } else {
            Err(Error::Checkpoint)
        }
    }

    fn read(note: &str) -> Option<Self> {
        let (body, signatures) = note.split_once("\n\n")?;
        let mut lines = body.split('\n');
        let origin = lines.next().filter(|origin| is_origin(origin))?;
        let size = lines.next()?.parse().ok()?;
        let root = STANDARD.decode(lines.next()?).ok()?.try_into().ok()?;
        let signature = signatures
            .strip_prefix("— ")?
            .strip_prefix(origin)?
            .strip_prefix(' ')?
            .strip_suffix('\n')?;
        let signature = STANDARD.decode(signature).ok()?;
        let (key, signature) = signature.split_first_chunk()?;
        Some(Self {
            origin: origin.to_owned(),
            size,
            root,
            key: *key,
            signature: signature.try_into().ok()?,
        })
    }

    /// Whether it was signed by this key, for the key's log.
    ///
    /// # Errors
    /// The [`Doubt`] that is left.
    pub fn verify(&self, key: &VerifyKey) -> Result<(), Doubt> {
        if self.origin != key.origin() {
            Err(Doubt::Origin)
        } else if self.key != key.id() {
            Err(Doubt::Key)
        } else if key.accepts(self.body().as_bytes(), &self.signature) {
            Ok(())
        } else {
            Err(Doubt::Signature)
        }
    }

    /// Name of the log.
    #[must_use]
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// Number of entries.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Root of the tree over these entries.
    #[must_use]
    pub fn root(&self) -> Hash {
        self.root
    }

    /// The bytes that are signed.
    pub(super) fn body(&self) -> String {
        format!(
            "{}\n{}\n{}\n",
            self.origin,
            self.size,
            STANDARD.encode(self.root)
        )
    }
}

impl fmt::Display for Checkpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let signature = [self.key.as_slice(), &self.signature].concat();
        writeln!(
            f,
            "{}\n— {} {}",
            self.body(),
            self.origin,
            STANDARD.encode(signature)
        )
    }
}
