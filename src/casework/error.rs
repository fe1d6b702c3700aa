//! Why an act did not happen: the rules, the world, or a fault of ours. Kept apart on purpose.

use crate::domain::obstacle::Obstacle;
use crate::letters::press::PressError;
use crate::seal::SealError;
use crate::storage::StoreError;
use crate::storage::files::FileError;

/// Why an act did not happen.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The rules say no; shown to whoever asked, with what would help.
    #[error("obstacle: {}", .0.code())]
    Obstacle(Obstacle),
    /// There is no such thing, or not for this scope.
    #[error("not found")]
    NotFound,
    /// A link that is expired, revoked, used or unknown.
    #[error("the link opens nothing")]
    Link,
    /// A code that is wrong, too old or tried too often.
    #[error("the code is not right")]
    Code,
    /// Too many tries; later again.
    #[error("too many tries")]
    TooOften,
    /// Trouble with the database.
    #[error(transparent)]
    Store(StoreError),
    /// Trouble with a sealed file.
    #[error("sealed file: {0}")]
    File(#[from] FileError),
    /// A letter cannot be printed.
    #[error("letter: {0}")]
    Press(#[from] PressError),
    /// A fault of ours.
    #[error("fault: {0}")]
    Fault(&'static str),
}

impl Error {
    /// Whether something of that name is there already.
    pub fn is_taken(&self) -> bool {
        matches!(self, Error::Store(StoreError::Taken))
    }
}

impl From<StoreError> for Error {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::NotFound => Error::NotFound,
            other => Error::Store(other),
        }
    }
}

impl From<Obstacle> for Error {
    fn from(obstacle: Obstacle) -> Self {
        Error::Obstacle(obstacle)
    }
}

impl From<SealError> for Error {
    fn from(error: SealError) -> Self {
        Error::Store(StoreError::Seal(error))
    }
}
