//! Who looks into a file for malware before somebody opens it, as the office sees it.

use std::io;

use futures_util::future::BoxFuture;
use futures_util::stream::BoxStream;

use super::Defect;

/// The bytes of a file, piece by piece.
pub type Pieces<'a> = BoxStream<'a, io::Result<Vec<u8>>>;

/// What was seen in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Seen {
    /// Nothing that is known to do harm.
    Nothing,
    /// Something that does harm, under the scanner's name for it.
    Malware(String),
}

/// Why a file was not looked into. It says nothing about the file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unseen {
    /// Nobody answers.
    #[error("the scanner does not answer: {0}")]
    Away(String),
    /// It took longer than the operator waits.
    #[error("the scanner was too slow")]
    Slow,
    /// The file is larger than the scanner takes.
    #[error("the file is larger than the scanner takes")]
    TooLarge,
    /// It answers something else than yes or no.
    #[error("the scanner could not say: {0}")]
    Unclear(String),
    /// The file itself cannot be read.
    #[error("the file cannot be read")]
    Unreadable,
}

/// Looks into files.
pub trait Scanner: Send + Sync {
    /// Looks into one file.
    ///
    /// # Errors
    /// [`Unseen`], if it was not looked into.
    fn look<'a>(&'a self, pieces: Pieces<'a>) -> BoxFuture<'a, Result<Seen, Unseen>>;

    /// Whether somebody answers, within a short time.
    fn is_there(&self) -> BoxFuture<'_, bool>;

    /// Tries whether it answers and knows malware when it sees it.
    ///
    /// # Errors
    /// The [`Defect`] that is in the way.
    fn check(&self) -> BoxFuture<'_, Result<(), Defect>>;
}
