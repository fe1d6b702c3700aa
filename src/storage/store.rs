//! The store: one writer with group commit on SQLite, a pool on PostgreSQL; callers cannot tell which.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc;
use std::thread::JoinHandle;

use diesel::SqliteConnection;
use diesel::connection::{
    AnsiTransactionManager as Transactions, Connection, SimpleConnection, TransactionManager,
};
use diesel::result::Error::RollbackTransaction;
use serde::Deserialize;
use tokio::sync::{Semaphore, oneshot};

use super::connection::{Conn, migrate, open_sqlite, open_sqlite_reader};
use super::error::StoreError;
use super::journal::Journal;

/// How many writes may wait; more have to wait at the door.
const QUEUE: usize = 1024;
/// How many writes one commit carries at most.
const GROUP: usize = 256;
/// How many reads run side by side on SQLite.
const READERS: usize = 3;

/// Where the database lies.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase", deny_unknown_fields)]
pub enum Settings {
    /// A file of the embedded database.
    Sqlite(PathBuf),
    /// A connection string of PostgreSQL.
    Postgres(String),
}

/// What a write does; it is repeated when the database asks for that, so it must not use anything up.
type Act<T> = Arc<dyn Fn(&mut Conn) -> Result<T, StoreError> + Send + Sync>;

/// A write in the queue.
trait Queued: Send {
    /// Runs it inside a transaction; says whether it went well.
    fn run(&mut self, conn: &mut Conn) -> bool;
    /// Tells its caller how it and the commit went.
    fn answer(self: Box<Self>, commit: Result<(), StoreError>);
}

struct Write<T> {
    act: Act<T>,
    outcome: Result<T, StoreError>,
    tell: oneshot::Sender<Result<T, StoreError>>,
}

impl<T: Send> Queued for Write<T> {
    fn run(&mut self, conn: &mut Conn) -> bool {
        // A fault in one act must not end the thread by which all others write.
        let run = AssertUnwindSafe(|| (self.act)(conn));
        self.outcome = catch_unwind(run).unwrap_or(Err(StoreError::Gone));
        self.outcome.is_ok()
    }

    fn answer(self: Box<Self>, commit: Result<(), StoreError>) {
        // The caller may have gone away; the write stands all the same.
        let _ = self.tell.send(commit.and(self.outcome));
    }
}

enum Engine {
    Sqlite {
        queue: Option<mpsc::SyncSender<Box<dyn Queued>>>,
        writer: Option<JoinHandle<()>>,
        readers: Readers,
        commits: Arc<AtomicU64>,
    },
    #[cfg(feature = "postgres")]
    Postgres {
        pool: diesel::r2d2::Pool<super::postgres::Manager>,
    },
}

struct Readers {
    idle: std::sync::Mutex<Vec<Conn>>,
    path: String,
    permits: Arc<Semaphore>,
}

/// The database of the installation.
pub struct Store {
    engine: Engine,
}

impl Store {
    /// Opens the database and brings its tables up to date.
    pub fn open(settings: &Settings) -> Result<Store, StoreError> {
        match settings {
            Settings::Sqlite(path) => {
                let path = path.to_string_lossy().into_owned();
                let mut conn = Conn::Sqlite(open_sqlite(&path)?);
                migrate(&mut conn)?;
                let journal = Journal::beside(&path)?;
                let (queue, waiting) = mpsc::sync_channel(QUEUE);
                let commits = Arc::new(AtomicU64::new(0));
                let counted = Arc::clone(&commits);
                let file = path.clone();
                let writer = std::thread::Builder::new()
                    .name("writer".into())
                    .spawn(move || write_in_groups(&file, conn, journal, &waiting, &counted))
                    .map_err(StoreError::Thread)?;
                let readers = Readers {
                    idle: std::sync::Mutex::new(Vec::new()),
                    path,
                    permits: Arc::new(Semaphore::new(READERS)),
                };
                Ok(Store {
                    engine: Engine::Sqlite {
                        queue: Some(queue),
                        writer: Some(writer),
                        readers,
                        commits,
                    },
                })
            }
            #[cfg(feature = "postgres")]
            Settings::Postgres(url) => {
                let pool = super::postgres::pool(url)?;
                super::postgres::with_connection(&pool, migrate)?;
                Ok(Store {
                    engine: Engine::Postgres { pool },
                })
            }
            #[cfg(not(feature = "postgres"))]
            Settings::Postgres(_) => Err(StoreError::NoPostgres),
        }
    }

    /// Looks something up.
    pub async fn read<T, F>(&self, look: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&mut Conn) -> Result<T, StoreError> + Send + 'static,
    {
        match &self.engine {
            Engine::Sqlite { readers, .. } => {
                let permit = Arc::clone(&readers.permits)
                    .acquire_owned()
                    .await
                    .map_err(|_| StoreError::Gone)?;
                let mut conn = readers.take()?;
                let (conn, found) = tokio::task::spawn_blocking(move || {
                    let found = look(&mut conn);
                    (conn, found)
                })
                .await
                .map_err(|_| StoreError::Gone)?;
                readers.give_back(conn);
                drop(permit);
                found
            }
            #[cfg(feature = "postgres")]
            Engine::Postgres { pool } => {
                let pool = pool.clone();
                tokio::task::spawn_blocking(move || super::postgres::with_connection(&pool, look))
                    .await
                    .map_err(|_| StoreError::Gone)?
            }
        }
    }

    /// Changes something; when this returns `Ok`, it survives the loss of power.
    pub async fn write<T, F>(&self, act: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: Fn(&mut Conn) -> Result<T, StoreError> + Send + Sync + 'static,
    {
        let act: Act<T> = Arc::new(act);
        match &self.engine {
            Engine::Sqlite { queue, .. } => {
                let (tell, told) = oneshot::channel();
                let queued: Box<dyn Queued> = Box::new(Write {
                    act,
                    outcome: Err(StoreError::Gone),
                    tell,
                });
                let Some(queue) = queue else {
                    return Err(StoreError::Gone);
                };
                match queue.try_send(queued) {
                    Ok(()) => {}
                    Err(mpsc::TrySendError::Full(queued)) => {
                        let queue = queue.clone();
                        tokio::task::spawn_blocking(move || queue.send(queued))
                            .await
                            .map_err(|_| StoreError::Gone)?
                            .map_err(|_| StoreError::Gone)?;
                    }
                    Err(mpsc::TrySendError::Disconnected(_)) => return Err(StoreError::Gone),
                }
                told.await.map_err(|_| StoreError::Gone)?
            }
            #[cfg(feature = "postgres")]
            Engine::Postgres { pool } => {
                let pool = pool.clone();
                tokio::task::spawn_blocking(move || super::postgres::write(&pool, &*act))
                    .await
                    .map_err(|_| StoreError::Gone)?
            }
        }
    }

    /// After something was destroyed: SQLite's journal still holds the pages as they were, so all of it is worked
    /// in and cut off. A reader in the middle of an old page keeps it; then the next time does it.
    pub async fn cut_journal(&self) -> Result<(), StoreError> {
        let readers = match &self.engine {
            Engine::Sqlite { readers, .. } => readers,
            #[cfg(feature = "postgres")]
            Engine::Postgres { .. } => return Ok(()),
        };
        let path = readers.path.clone();
        tokio::task::spawn_blocking(move || super::journal::cut(&path))
            .await
            .map_err(|_| StoreError::Gone)?
    }

    /// Whether no other node can be at work on this database.
    pub fn alone(&self) -> bool {
        matches!(self.engine, Engine::Sqlite { .. })
    }

    /// How many groups of writes were committed since the start; PostgreSQL counts none.
    pub fn commits(&self) -> u64 {
        match &self.engine {
            Engine::Sqlite { commits, .. } => commits.load(Ordering::Relaxed),
            #[cfg(feature = "postgres")]
            Engine::Postgres { .. } => 0,
        }
    }

    /// The name of the database in use, for `check` and the desk.
    pub fn engine(&self) -> &'static str {
        match self.engine {
            Engine::Sqlite { .. } => "SQLite",
            #[cfg(feature = "postgres")]
            Engine::Postgres { .. } => "PostgreSQL",
        }
    }
}

impl Drop for Store {
    fn drop(&mut self) {
        match &mut self.engine {
            Engine::Sqlite { queue, writer, .. } => {
                // The writer ends when nobody can ask it any more; what was asked is done first.
                queue.take();
                if let Some(writer) = writer.take() {
                    let _ = writer.join();
                }
            }
            #[cfg(feature = "postgres")]
            Engine::Postgres { .. } => {}
        }
    }
}

impl Readers {
    fn take(&self) -> Result<Conn, StoreError> {
        let idle = self.idle.lock().map_err(|_| StoreError::Gone)?.pop();
        match idle {
            Some(conn) => Ok(conn),
            None => Ok(Conn::Sqlite(open_sqlite_reader(&self.path)?)),
        }
    }

    fn give_back(&self, conn: Conn) {
        if let Ok(mut idle) = self.idle.lock() {
            idle.push(conn);
        }
    }
}

/// Takes what waits, up to a group, and commits it as one; each write is answered only after that.
fn write_in_groups(
    path: &str,
    mut conn: Conn,
    mut journal: Journal,
    waiting: &mpsc::Receiver<Box<dyn Queued>>,
    commits: &AtomicU64,
) {
    while let Ok(first) = waiting.recv() {
        let mut group = vec![first];
        while group.len() < GROUP {
            match waiting.try_recv() {
                Ok(next) => group.push(next),
                Err(_) => break,
            }
        }
        let commit = write_group(&mut conn, &mut group);
        match &commit {
            Ok(()) => {
                commits.fetch_add(1, Ordering::Relaxed);
            }
            Err(error) => {
                tracing::error!(%error, "a group of writes was not committed");
                begin_afresh(path, &mut conn);
            }
        }
        journal.grown(group.len());
        for queued in group {
            queued.answer(match &commit {
                Ok(()) => Ok(()),
                Err(why) => Err(StoreError::Commit(why.to_string())),
            });
        }
        let _ = sqlite(&mut conn, |inner| {
            journal.begin_anew_if_long(inner);
            Ok(())
        });
    }
    let _ = sqlite(&mut conn, |inner| inner.batch_execute("PRAGMA optimize"));
}

/// After a full disk SQLite has rolled back by itself, and the connection no longer knows where it stands:
/// it would refuse every write until the program is started again. A new one begins anew.
fn begin_afresh(path: &str, conn: &mut Conn) {
    match open_sqlite(path) {
        Ok(fresh) => *conn = Conn::Sqlite(fresh),
        // The next group fails too, and then it is tried again.
        Err(error) => tracing::error!(%error, "the database cannot be opened anew"),
    }
}

/// Nearly all writes go well, and a savepoint for each would cost a quarter of the writer's time. So the
/// group runs without any; if one of it goes wrong, all is rolled back and runs again, each in a savepoint
/// of its own, so that the bad one spoils no other.
fn write_group(conn: &mut Conn, group: &mut [Box<dyn Queued>]) -> diesel::QueryResult<()> {
    sqlite(conn, begin)?;
    if !group.iter_mut().all(|queued| queued.run(conn)) {
        sqlite(conn, Transactions::rollback_transaction)?;
        sqlite(conn, begin)?;
        for queued in group {
            // The write keeps its outcome itself; here it only decides over its savepoint.
            let kept = conn.transaction(|conn| match queued.run(conn) {
                true => Ok(()),
                false => Err(RollbackTransaction),
            });
            match kept {
                Ok(()) | Err(RollbackTransaction) => {}
                // The savepoint itself failed: the transaction around it is gone, and what came next
                // would be committed on its own.
                Err(other) => return Err(other),
            }
        }
    }
    sqlite(conn, Transactions::commit_transaction).inspect_err(|_| {
        // It may have rolled back by itself already.
        let _ = sqlite(conn, Transactions::rollback_transaction);
    })
}

fn sqlite(
    conn: &mut Conn,
    act: impl FnOnce(&mut SqliteConnection) -> diesel::QueryResult<()>,
) -> diesel::QueryResult<()> {
    match conn {
        Conn::Sqlite(inner) => act(inner),
        #[cfg(feature = "postgres")]
        Conn::Postgres(_) => Ok(()),
    }
}

/// diesel must know of the group's transaction, else the ones inside would not become savepoints.
fn begin(conn: &mut SqliteConnection) -> diesel::QueryResult<()> {
    Transactions::begin_transaction_sql(conn, "BEGIN IMMEDIATE")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::storage::controllers;

    #[tokio::test]
    async fn a_write_that_panics_is_refused_and_the_next_one_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&Settings::Sqlite(folder.path().join("a.db"))).unwrap();
        let fault = store
            .write(|conn| {
                controllers::set(conn, "half", "1")?;
                let none: Option<i64> = std::hint::black_box(None);
                Ok(none.unwrap())
            })
            .await;
        assert!(matches!(fault, Err(StoreError::Gone)));
        store
            .write(|conn| controllers::set(conn, "next", "1"))
            .await
            .unwrap();
        let read = |name| store.read(move |conn| controllers::setting(conn, name));
        assert_eq!(read("half").await.unwrap(), None);
        assert_eq!(read("next").await.unwrap().as_deref(), Some("1"));
    }

    #[tokio::test]
    async fn a_write_that_fails_leaves_nothing_and_spoils_no_other() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&Settings::Sqlite(folder.path().join("a.db"))).unwrap();
        let good = store.write(|conn| controllers::set(conn, "good", "1"));
        let bad = store.write(|conn| {
            controllers::set(conn, "bad", "1")?;
            Err::<(), _>(StoreError::Stale)
        });
        let (good, bad) = tokio::join!(good, bad);
        good.unwrap();
        assert!(matches!(bad, Err(StoreError::Stale)));
        let read = |name| store.read(move |conn| controllers::setting(conn, name));
        assert_eq!(read("good").await.unwrap().as_deref(), Some("1"));
        assert_eq!(read("bad").await.unwrap(), None);
    }

    /// As if the disk were full: no page more than there are.
    fn no_more_pages(conn: &mut Conn) -> Result<(), StoreError> {
        Ok(sqlite(conn, |inner| {
            inner.batch_execute("PRAGMA max_page_count = 1")
        })?)
    }

    fn write_much(conn: &mut Conn) -> Result<(), StoreError> {
        controllers::set(conn, "much", &"x".repeat(1 << 20))
    }

    #[tokio::test]
    async fn a_disk_that_was_full_is_written_to_again_without_a_new_start() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&Settings::Sqlite(folder.path().join("a.db"))).unwrap();
        store.write(no_more_pages).await.unwrap();
        let full = store.write(write_much).await;
        assert!(full.is_err(), "no room");
        let beside = store.write(|conn| controllers::set(conn, "next", "1"));
        beside.await.unwrap();
        store.write(write_much).await.unwrap();
    }

    #[tokio::test]
    async fn what_stands_beside_a_full_disk_is_refused_or_kept_as_it_was_answered() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&Settings::Sqlite(folder.path().join("a.db"))).unwrap();
        store.write(no_more_pages).await.unwrap();
        let stale = store.write(|_| Err::<(), _>(StoreError::Stale));
        let before = store.write(|conn| controllers::set(conn, "before", "1"));
        let full = store.write(write_much);
        let after = store.write(|conn| controllers::set(conn, "after", "1"));
        let (_, before, full, after) = tokio::join!(stale, before, full, after);
        assert!(full.is_err());
        for (name, answered) in [("before", before), ("after", after)] {
            let kept = store
                .read(move |conn| controllers::setting(conn, name))
                .await
                .unwrap();
            assert_eq!(kept.is_some(), answered.is_ok(), "{name}");
        }
    }
}
