//! One connection type over both databases, and the few lines where they differ.

use chrono::{DateTime, NaiveDateTime, SubsecRound, TimeZone, Utc};
use diesel::backend::Backend;
use diesel::connection::SimpleConnection;
use diesel::deserialize::{self, FromSql, FromSqlRow};
use diesel::expression::AsExpression;
use diesel::migration::MigrationSource;
use diesel::serialize::{self, IsNull, Output, ToSql};
use diesel::sql_types::Timestamp;
use diesel::sqlite::Sqlite;
use diesel::{Connection, SqliteConnection};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use super::StoreError;

const SQLITE: EmbeddedMigrations = embed_migrations!("migrations/sqlite");
#[cfg(feature = "postgres")]
const POSTGRES: EmbeddedMigrations = embed_migrations!("migrations/postgres");

/// A connection to whichever database the installation uses.
#[derive(diesel::MultiConnection)]
pub enum Conn {
    /// PostgreSQL.
    #[cfg(feature = "postgres")]
    Postgres(diesel::PgConnection),
    /// SQLite, embedded.
    Sqlite(SqliteConnection),
}

/// Runs one diesel statement in both arms: for the shapes that the enum itself does not support.
macro_rules! on_each {
    ($conn:expr, |$inner:ident| $body:expr) => {
        match $conn {
            #[cfg(feature = "postgres")]
            $crate::storage::connection::Conn::Postgres($inner) => $body,
            $crate::storage::connection::Conn::Sqlite($inner) => $body,
        }
    };
}
pub(super) use on_each;

/// An instant in UTC as both databases keep it: six digits after the second.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, AsExpression, FromSqlRow)]
#[diesel(sql_type = Timestamp)]
pub struct Ts(DateTime<Utc>);

impl Ts {
    /// The instant, without anything finer than microseconds.
    pub fn new(at: DateTime<Utc>) -> Ts {
        Ts(at.trunc_subsecs(6))
    }

    /// The instant.
    pub fn at(self) -> DateTime<Utc> {
        self.0
    }
}

impl<DB: Backend> FromSql<Timestamp, DB> for Ts
where
    NaiveDateTime: FromSql<Timestamp, DB>,
{
    fn from_sql(bytes: DB::RawValue<'_>) -> deserialize::Result<Self> {
        let naive = <NaiveDateTime as FromSql<Timestamp, DB>>::from_sql(bytes)?;
        Ok(Ts(Utc.from_utc_datetime(&naive)))
    }
}

#[cfg(feature = "postgres")]
impl ToSql<Timestamp, diesel::pg::Pg> for Ts {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, diesel::pg::Pg>) -> serialize::Result {
        <NaiveDateTime as ToSql<Timestamp, diesel::pg::Pg>>::to_sql(
            &self.0.naive_utc(),
            &mut out.reborrow(),
        )
    }
}

impl ToSql<Timestamp, Sqlite> for Ts {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
        // Always six digits, so that the order of the texts is the order of time.
        out.set_value(self.0.format("%Y-%m-%d %H:%M:%S%.6f").to_string());
        Ok(IsNull::No)
    }
}

impl ToSql<Timestamp, MultiBackend> for Ts {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, MultiBackend>) -> serialize::Result {
        out.set_value((Timestamp, self));
        Ok(IsNull::No)
    }
}

/// Opens SQLite for writing; the one writer uses it, and who works its journal in. Pages are small: a
/// new case touches some thirty of them, most for a few bytes, and each is written to the journal whole.
pub(super) fn open_sqlite(path: &str) -> Result<SqliteConnection, StoreError> {
    let mut conn = SqliteConnection::establish(path).map_err(StoreError::Open)?;
    conn.batch_execute(
        "PRAGMA busy_timeout = 10000; PRAGMA page_size = 2048; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; \
         PRAGMA foreign_keys = ON; PRAGMA secure_delete = ON; PRAGMA cache_size = -8000; \
         PRAGMA journal_size_limit = 67108864; PRAGMA wal_autocheckpoint = 0;",
    )?;
    Ok(conn)
}

/// Opens SQLite for reading only; a write by mistake is refused by the database.
pub(super) fn open_sqlite_reader(path: &str) -> Result<SqliteConnection, StoreError> {
    let mut conn = SqliteConnection::establish(path).map_err(StoreError::Open)?;
    conn.batch_execute(
        "PRAGMA busy_timeout = 10000; PRAGMA query_only = ON; PRAGMA cache_size = -2000;",
    )?;
    Ok(conn)
}

/// How many migrations this program knows.
pub(super) fn migrations() -> usize {
    // Both folders hold the same names; a test of the tables keeps it so.
    MigrationSource::<Sqlite>::migrations(&SQLITE).map_or(0, |all| all.len())
}

/// Brings the tables up to date.
pub(super) fn migrate(conn: &mut Conn) -> Result<(), StoreError> {
    match conn {
        #[cfg(feature = "postgres")]
        Conn::Postgres(conn) => {
            // Two nodes that start at once take turns.
            conn.batch_execute("SELECT pg_advisory_lock(734019)")?;
            let done = conn
                .run_pending_migrations(POSTGRES)
                .map(|_| ())
                .map_err(StoreError::Migrate);
            conn.batch_execute("SELECT pg_advisory_unlock(734019)")?;
            done
        }
        Conn::Sqlite(conn) => conn
            .run_pending_migrations(SQLITE)
            .map(|_| ())
            .map_err(StoreError::Migrate),
    }
}
