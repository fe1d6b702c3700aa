//! What can go wrong with the database; never holds a row's content.

use diesel::result::{DatabaseErrorKind, Error as DieselError};

use crate::seal::SealError;

/// Trouble with the database.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// It cannot be opened.
    #[error("the database cannot be opened: {0}")]
    Open(diesel::ConnectionError),
    /// Its tables cannot be brought up to date.
    #[error("the tables cannot be brought up to date: {0}")]
    Migrate(Box<dyn std::error::Error + Send + Sync>),
    /// The connections to PostgreSQL cannot be had.
    #[cfg(feature = "postgres")]
    #[error("no connection to PostgreSQL: {0}")]
    Pool(diesel::r2d2::PoolError),
    /// This build knows SQLite only.
    #[error("this build knows SQLite only; build with `--features postgres` for PostgreSQL")]
    NoPostgres,
    /// The writer could not be started.
    #[error("the writer could not be started: {0}")]
    Thread(std::io::Error),
    /// The program is shutting down.
    #[error("the store is closed")]
    Gone,
    /// A group could not be committed.
    #[error("the commit failed: {0}")]
    Commit(String),
    /// The row was changed by somebody else since it was read.
    #[error("changed meanwhile")]
    Stale,
    /// A unique key is taken: what was promised is promised already.
    #[error("taken already")]
    Taken,
    /// There is no such row, or not within this scope.
    #[error("not found")]
    NotFound,
    /// What is stored cannot be read as what it should be.
    #[error("stored data cannot be read: {0}")]
    Unreadable(&'static str),
    /// A seal does not open.
    #[error("a seal does not open: {0}")]
    Seal(#[from] SealError),
    /// Trouble with a sealed file.
    #[error("a sealed file cannot be used: {0}")]
    File(String),
    /// Anything else of the database.
    #[error("the database refused: {0}")]
    Database(DieselError),
}

impl From<DieselError> for StoreError {
    fn from(error: DieselError) -> Self {
        match error {
            DieselError::NotFound => StoreError::NotFound,
            DieselError::DatabaseError(DatabaseErrorKind::UniqueViolation, _) => StoreError::Taken,
            other => StoreError::Database(other),
        }
    }
}

impl StoreError {
    /// Whether the same write may succeed when repeated at once.
    pub fn repeatable(&self) -> bool {
        matches!(
            self,
            StoreError::Database(DieselError::DatabaseError(
                DatabaseErrorKind::SerializationFailure,
                _
            ))
        )
    }
}
