//! PostgreSQL: a pool; a write is a transaction of its own, repeated when two collide.

use std::time::Duration;

use diesel::connection::{Connection, SimpleConnection};
use diesel::r2d2::{ManageConnection, Pool};
use diesel::{ConnectionError, PgConnection};

use super::connection::Conn;
use super::error::StoreError;

/// How often a write that collided is tried.
const TRIES: u32 = 5;
/// Connections at most.
const CONNECTIONS: u32 = 8;

/// Makes connections of the common type. diesel's own manager would try SQLite next when the server
/// is away, and so make a file of the connection string's name.
#[derive(Debug)]
pub(super) struct Manager(String);

impl ManageConnection for Manager {
    type Connection = Conn;
    type Error = ConnectionError;

    fn connect(&self) -> Result<Conn, ConnectionError> {
        PgConnection::establish(&self.0).map(Conn::Postgres)
    }

    fn is_valid(&self, conn: &mut Conn) -> Result<(), ConnectionError> {
        conn.batch_execute("SELECT 1")
            .map_err(ConnectionError::CouldntSetupConfiguration)
    }

    fn has_broken(&self, _: &mut Conn) -> bool {
        std::thread::panicking()
    }
}

/// The pool of a connection string.
pub(super) fn pool(url: &str) -> Result<Pool<Manager>, StoreError> {
    Pool::builder()
        .max_size(CONNECTIONS)
        .min_idle(Some(1))
        .connection_timeout(Duration::from_secs(10))
        .build(Manager(url.to_owned()))
        .map_err(StoreError::Pool)
}

/// Lends a connection.
pub(super) fn with_connection<T>(
    pool: &Pool<Manager>,
    act: impl FnOnce(&mut Conn) -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    act(&mut *pool.get().map_err(StoreError::Pool)?)
}

/// Runs one write.
pub(super) fn write<T>(
    pool: &Pool<Manager>,
    act: &(dyn Fn(&mut Conn) -> Result<T, StoreError> + Send + Sync),
) -> Result<T, StoreError> {
    with_connection(pool, |conn| {
        let mut tries = 1;
        loop {
            match conn.transaction::<T, StoreError, _>(act) {
                Err(error) if error.repeatable() && tries < TRIES => tries += 1,
                outcome => return outcome,
            }
        }
    })
}
