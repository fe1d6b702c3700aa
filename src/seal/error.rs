//! Why something in the strong room could not be locked or opened.

use std::io;

/// Trouble with a key or with sealed bytes. Never carries what was sealed, so it may be logged.
#[derive(Debug, thiserror::Error)]
pub enum SealError {
    /// Fewer bytes than any sealed thing has.
    #[error("the sealed bytes are too short")]
    Short,
    /// A format that this version does not know, or bytes that were never sealed.
    #[error("unknown sealing format {0}")]
    Format(u8),
    /// No key of this version is on the ring that was offered.
    #[error("no key of version {0} at hand")]
    KeyVersion(u16),
    /// The same version twice on one ring.
    #[error("key version {0} is there twice")]
    TwiceOnRing(u16),
    /// Changed bytes, another place than the one they were sealed for, or another key.
    #[error("does not open: changed, moved, or sealed with another key")]
    Damaged,
    /// Opened well, but the content has not the expected shape. The cause is left out: a parser's
    /// complaint quotes what it read.
    #[error("opened, but the content is not of the expected shape")]
    Content,
    /// More than fits.
    #[error("too long")]
    TooLong,
    /// Disk or pipe failed.
    #[error("reading or writing failed: {0}")]
    Io(#[from] io::Error),
}

impl From<SealError> for io::Error {
    fn from(error: SealError) -> Self {
        match error {
            SealError::Io(inner) => inner,
            other => Self::new(io::ErrorKind::InvalidData, other),
        }
    }
}
