//! Opens an SQLite file: read-only for a search, never another file than the declared one, never a new one.

mod session;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use futures_util::future::BoxFuture;
use rusqlite::{Connection, Error, ErrorCode, OpenFlags};

use super::line::{As, Engine, Line, Session, no_writer};
use crate::adapters::Limits;
use crate::ports::source::{Fault, Mishap};
use session::SqliteSession;

/// A file.
pub struct Sqlite {
    path: PathBuf,
    writable: bool,
    limits: Limits,
}

impl Sqlite {
    /// The file at that path.
    pub fn new(path: &Path, writable: bool, limits: &Limits) -> Result<Sqlite, Mishap> {
        match path.is_absolute() {
            true => Ok(Sqlite {
                path: path.to_owned(),
                writable,
                limits: limits.clone(),
            }),
            false => Err(Mishap::new(
                Fault::Misconfigured,
                "path: it must be the whole path of the file",
            )),
        }
    }
}

impl Engine for Sqlite {
    fn line(&self, role: As) -> BoxFuture<'_, Result<Box<dyn Line>, Mishap>> {
        Box::pin(async move {
            let access = match role {
                As::Reader => OpenFlags::SQLITE_OPEN_READ_ONLY,
                As::Writer if self.writable => OpenFlags::SQLITE_OPEN_READ_WRITE,
                As::Writer => return Err(no_writer()),
            };
            self.limits.pace.turn().await;
            let (path, patience) = (self.path.clone(), self.limits.patience);
            // Neither a new file nor an address with switches in it.
            let flags = access | OpenFlags::SQLITE_OPEN_NO_MUTEX;
            let opened = tokio::task::spawn_blocking(move || {
                let opened = Connection::open_with_flags(path, flags)?;
                opened.busy_timeout(patience)?;
                opened.pragma_update(None, "foreign_keys", true)?;
                opened.pragma_update(None, "trusted_schema", false)?;
                opened.pragma_update(None, "secure_delete", true)?;
                if role == As::Reader {
                    opened.pragma_update(None, "query_only", true)?;
                }
                Ok(opened)
            });
            let connection = opened
                .await
                .map_err(|_| broken())?
                .map_err(|error| failed(&error))?;
            Ok(Box::new(SqliteLine {
                connection: Arc::new(Mutex::new(connection)),
                role,
                patience,
            }) as Box<dyn Line>)
        })
    }
}

struct SqliteLine {
    connection: Arc<Mutex<Connection>>,
    role: As,
    patience: Duration,
}

/// Works on the file away from the other work, and stops when it takes too long.
async fn working<T: Send + 'static>(
    connection: &Arc<Mutex<Connection>>,
    patience: Duration,
    work: impl FnOnce(&Connection) -> Result<T, Mishap> + Send + 'static,
) -> Result<T, Mishap> {
    let connection = Arc::clone(connection);
    let worked = tokio::task::spawn_blocking(move || {
        let connection = connection.lock().unwrap_or_else(PoisonError::into_inner);
        wind_up(&connection, patience).map_err(|error| failed(&error))?;
        work(&connection)
    });
    worked.await.map_err(|_| broken())?
}

/// From now on the file has so long.
fn wind_up(connection: &Connection, patience: Duration) -> Result<(), Error> {
    let until = Instant::now() + patience;
    connection.progress_handler(100_000, Some(move || Instant::now() > until))
}

impl Line for SqliteLine {
    fn version(&mut self) -> BoxFuture<'_, Result<String, Mishap>> {
        Box::pin(async { Ok(format!("SQLite {}", rusqlite::version())) })
    }

    fn begin(&mut self) -> BoxFuture<'_, Result<Box<dyn Session + '_>, Mishap>> {
        Box::pin(async {
            // Who is going to write takes the lock at once and not in the middle.
            let begin = match self.role {
                As::Reader => "BEGIN",
                As::Writer => "BEGIN IMMEDIATE",
            };
            working(&self.connection, self.patience, move |it| {
                it.execute_batch(begin).map_err(|error| failed(&error))
            })
            .await?;
            Ok(Box::new(SqliteSession {
                connection: Arc::clone(&self.connection),
                patience: self.patience,
                open: true,
            }) as Box<dyn Session + '_>)
        })
    }
}

fn broken() -> Mishap {
    Mishap::new(Fault::Broken, "the file could not be worked on")
}

/// What SQLite says in words may hold values: its code is told.
fn failed(error: &Error) -> Mishap {
    let Error::SqliteFailure(failure, said) = error else {
        return Mishap::new(
            Fault::Misconfigured,
            "the statement and the file do not fit",
        );
    };
    let fault = match failure.code {
        ErrorCode::CannotOpen | ErrorCode::NotFound => Fault::Unreachable,
        ErrorCode::PermissionDenied | ErrorCode::AuthorizationForStatementDenied => {
            Fault::Forbidden
        }
        ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => Fault::Busy,
        ErrorCode::OperationInterrupted => Fault::Slow,
        ErrorCode::ConstraintViolation => Fault::Refused,
        ErrorCode::ReadOnly => Fault::Misconfigured,
        ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt => Fault::Unreadable,
        ErrorCode::TooBig => Fault::TooLarge,
        _ => match said.as_deref() {
            Some(said) if said.starts_with("no such") => Fault::Unknown,
            Some(_) if failure.extended_code == 1 => Fault::Misconfigured,
            _ => Fault::Broken,
        },
    };
    Mishap::new(fault, format!("sqlite {}", failure.extended_code))
}
