//! SQLite's journal is worked into the database beside the writer: no write waits while what was written
//! before it finds its place.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc;
use std::thread::JoinHandle;

use diesel::connection::SimpleConnection;
use diesel::sql_types::Integer;
use diesel::{QueryableByName, RunQueryDsl, SqliteConnection, sql_query};

use super::connection::open_sqlite;
use super::error::StoreError;

/// After so many writes it is worked in: a page that many of them touched is then written back once, and
/// the disk is busy with that about once a second under full load.
const WRITES: usize = 2000;
/// Pages after which the journal shall begin anew; under constant load it would only grow, and a start
/// after a power cut reads all of it.
const LONG: i32 = 32_000;
/// How often a long journal is worked in again at once: each time fewer pages came in meanwhile.
const AGAIN: usize = 3;

/// How far the journal is worked in, as SQLite tells it.
#[derive(QueryableByName)]
struct Progress {
    /// Pages in the journal.
    #[diesel(sql_type = Integer)]
    log: i32,
}

/// Who works the journal in.
pub(super) struct Journal {
    bell: Option<mpsc::SyncSender<()>>,
    thread: Option<JoinHandle<()>>,
    long: Arc<AtomicBool>,
    writes: usize,
}

impl Journal {
    /// Starts beside the writer of this database.
    pub(super) fn beside(path: &str) -> Result<Journal, StoreError> {
        let mut conn = open_sqlite(path)?;
        let (bell, rung) = mpsc::sync_channel(1);
        let long = Arc::new(AtomicBool::new(false));
        let found_long = Arc::clone(&long);
        let thread = std::thread::Builder::new()
            .name("journal".into())
            .spawn(move || {
                while rung.recv().is_ok() {
                    match work_in(&mut conn) {
                        Ok(pages) if pages > LONG => {
                            // The writer will wait for what is left then: let it be little.
                            let again = (0..AGAIN).try_for_each(|_| work_in(&mut conn).map(|_| ()));
                            found_long.store(again.is_ok(), Ordering::Relaxed);
                        }
                        Ok(_) => {}
                        Err(error) => {
                            tracing::warn!(%error, "the journal was not worked in and grows")
                        }
                    }
                }
            })
            .map_err(StoreError::Thread)?;
        Ok(Journal {
            bell: Some(bell),
            thread: Some(thread),
            long,
            writes: 0,
        })
    }

    /// So many writes were committed.
    pub(super) fn grown(&mut self, writes: usize) {
        self.writes += writes;
        if self.writes >= WRITES
            && let Some(bell) = &self.bell
        {
            self.writes = 0;
            // A bell that rings already need not be rung.
            let _ = bell.try_send(());
        }
    }

    /// Between two commits: lets a long journal begin anew. Nearly all of it is worked in by then.
    pub(super) fn begin_anew_if_long(&self, conn: &mut SqliteConnection) {
        if self.long.swap(false, Ordering::Relaxed) {
            // A reader in the middle of an old page keeps it from beginning anew; the next time will do.
            let _ = conn.batch_execute(
                "PRAGMA busy_timeout = 50; PRAGMA wal_checkpoint(RESTART); PRAGMA busy_timeout = 10000;",
            );
        }
    }
}

impl Drop for Journal {
    fn drop(&mut self) {
        self.bell.take();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// Works the whole journal in and cuts it to nothing.
pub(super) fn cut(path: &str) -> Result<(), StoreError> {
    let mut conn = open_sqlite(path)?;
    conn.batch_execute("PRAGMA wal_checkpoint(TRUNCATE)")?;
    Ok(())
}

fn work_in(conn: &mut SqliteConnection) -> diesel::QueryResult<i32> {
    let progress: Progress = sql_query("PRAGMA wal_checkpoint(PASSIVE)").get_result(conn)?;
    Ok(progress.log)
}
