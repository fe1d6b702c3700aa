//! Looks at a database without changing it: whether it is there, whether its tables are up to date.

use std::path::Path;

use diesel::connection::{Connection, SimpleConnection};
use diesel::{QueryableByName, RunQueryDsl, SqliteConnection};
use diesel_migrations::MigrationHarness;

use super::connection::{self, Conn};
use super::error::StoreError;
use super::store::Settings;

/// How a database was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// There is none yet; opening the store makes it.
    Absent,
    /// So many migrations wait to be run.
    Behind(usize),
    /// Ready to work with.
    Ready,
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = diesel::sql_types::BigInt)]
    n: i64,
}

/// Looks at the database; `look` runs only if its tables are up to date, and cannot write.
///
/// # Errors
/// [`StoreError::Open`] if it cannot be reached; else those of `look`.
pub fn inspect<T>(
    settings: &Settings,
    look: impl FnOnce(&mut Conn) -> Result<T, StoreError>,
) -> Result<(Standing, Option<T>), StoreError> {
    let (mut conn, migrated) = match settings {
        Settings::Sqlite(path) => match sqlite(path)? {
            Some(found) => found,
            None => return Ok((Standing::Absent, None)),
        },
        #[cfg(feature = "postgres")]
        Settings::Postgres(url) => {
            let mut inner = diesel::PgConnection::establish(url).map_err(StoreError::Open)?;
            let table = "SELECT count(*) AS n FROM pg_tables WHERE schemaname = ANY (current_schemas(false)) \
                         AND tablename = '__diesel_schema_migrations'";
            let migrated = diesel::sql_query(table).get_result::<Count>(&mut inner)?.n > 0;
            (Conn::Postgres(inner), migrated)
        }
        #[cfg(not(feature = "postgres"))]
        Settings::Postgres(_) => return Err(StoreError::NoPostgres),
    };
    let pending = if migrated {
        pending(&mut conn)?
    } else {
        connection::migrations()
    };
    if pending > 0 {
        return Ok((
            if migrated {
                Standing::Behind(pending)
            } else {
                Standing::Absent
            },
            None,
        ));
    }
    // Only now: counting what is pending asks for the table of migrations in a way that PostgreSQL takes
    // for a write, although the table is there.
    #[cfg(feature = "postgres")]
    if let Conn::Postgres(inner) = &mut conn {
        inner.batch_execute("SET default_transaction_read_only = on")?;
    }
    Ok((Standing::Ready, Some(look(&mut conn)?)))
}

fn sqlite(path: &Path) -> Result<Option<(Conn, bool)>, StoreError> {
    if !path.exists() {
        return Ok(None);
    }
    let mut inner =
        SqliteConnection::establish(&path.to_string_lossy()).map_err(StoreError::Open)?;
    inner.batch_execute("PRAGMA busy_timeout = 10000; PRAGMA query_only = ON;")?;
    let table = "SELECT count(*) AS n FROM sqlite_master WHERE name = '__diesel_schema_migrations'";
    let migrated = diesel::sql_query(table).get_result::<Count>(&mut inner)?.n > 0;
    Ok(Some((Conn::Sqlite(inner), migrated)))
}

fn pending(conn: &mut Conn) -> Result<usize, StoreError> {
    let applied = match conn {
        #[cfg(feature = "postgres")]
        Conn::Postgres(inner) => inner.applied_migrations().map_err(StoreError::Migrate)?,
        Conn::Sqlite(inner) => inner.applied_migrations().map_err(StoreError::Migrate)?,
    };
    Ok(connection::migrations().saturating_sub(applied.len()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::storage::{Store, controllers};

    #[test]
    fn a_database_is_looked_at_without_making_or_changing_it() {
        let folder = tempfile::tempdir().unwrap();
        let settings = Settings::Sqlite(folder.path().join("new.db"));
        let (standing, seen) = inspect(&settings, controllers::all).unwrap();
        assert_eq!((standing, seen), (Standing::Absent, None));
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);

        drop(Store::open(&settings).unwrap());
        let (standing, seen) = inspect(&settings, controllers::all).unwrap();
        assert_eq!((standing, seen), (Standing::Ready, Some(vec![])));
        assert!(inspect(&settings, |conn| controllers::set(conn, "a", "b")).is_err());

        std::fs::write(
            folder.path().join("text.db"),
            "no database at all, but long enough to have a head".repeat(40),
        )
        .unwrap();
        assert!(
            inspect(
                &Settings::Sqlite(folder.path().join("text.db")),
                controllers::all
            )
            .is_err()
        );
    }
}
