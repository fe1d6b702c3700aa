//! What each database must be able to do: a line, a transaction on it, rows one after the other.

use std::net::IpAddr;

use futures_util::future::BoxFuture;

use super::named::Statement;
use crate::ports::source::{Fault, Mishap};

/// As whom a database is spoken to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum As {
    /// The role that reads; its transactions cannot write.
    Reader,
    /// The role that writes.
    Writer,
}

/// One value of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cell {
    /// Nothing stands there.
    Null,
    /// A value as text.
    Text(String),
    /// A list of values.
    List(Vec<String>),
    /// Text that is not in the character set it claims.
    Garbled(String),
    /// Bytes: so many.
    Bytes(u64),
}

/// A row with the names of its columns.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Row {
    /// Names and values, in the order of the statement.
    pub cells: Vec<(String, Cell)>,
}

/// Takes rows as they come.
pub trait Taker: Send {
    /// Takes one; on an error nothing more is read.
    fn take(&mut self, row: Row) -> BoxFuture<'_, Result<(), Mishap>>;
}

impl Taker for Vec<Row> {
    fn take(&mut self, row: Row) -> BoxFuture<'_, Result<(), Mishap>> {
        self.push(row);
        Box::pin(std::future::ready(Ok(())))
    }
}

/// A database that can be reached.
pub trait Engine: Send + Sync {
    /// A new line.
    fn line(&self, role: As) -> BoxFuture<'_, Result<Box<dyn Line>, Mishap>>;
}

/// A line to a database.
pub trait Line: Send {
    /// What the server says it is.
    fn version(&mut self) -> BoxFuture<'_, Result<String, Mishap>>;

    /// Begins a transaction; dropped without an end it is taken back.
    fn begin(&mut self) -> BoxFuture<'_, Result<Box<dyn Session + '_>, Mishap>>;
}

/// A transaction.
pub trait Session: Send {
    /// Hands over all rows.
    fn rows<'a>(
        &'a mut self,
        statement: &'a Statement,
        values: &'a [String],
        taker: &'a mut dyn Taker,
    ) -> BoxFuture<'a, Result<(), Mishap>>;

    /// Changes data; says how many rows it met.
    fn change<'a>(
        &'a mut self,
        statement: &'a Statement,
        values: &'a [String],
    ) -> BoxFuture<'a, Result<u64, Mishap>>;

    /// A piece of a file in a column of the only row; none, if the row or the file is not there.
    fn piece<'a>(
        &'a mut self,
        statement: &'a Statement,
        values: &'a [String],
        column: &'a str,
        from: u64,
        bytes: u32,
    ) -> BoxFuture<'a, Result<Option<Vec<u8>>, Mishap>>;

    /// Whether the statement could be run by this role, without running it. The transaction is good for nothing after.
    fn may<'a>(&'a mut self, statement: &'a Statement) -> BoxFuture<'a, Result<(), Mishap>>;

    /// Ends it: what was done stands, or is taken back.
    fn end<'s>(self: Box<Self>, keep: bool) -> BoxFuture<'s, Result<(), Mishap>>
    where
        Self: 's;
}

/// Bytes that are too few to be a file are shown: keys and digests.
pub fn bytes(bytes: &[u8]) -> Cell {
    if bytes.len() > 64 {
        return Cell::Bytes(bytes.len() as u64);
    }
    Cell::Text(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// Text that may not be what it claims.
pub fn text(bytes: &[u8]) -> Cell {
    match std::str::from_utf8(bytes) {
        Ok(text) => Cell::Text(text.to_owned()),
        Err(_) => Cell::Garbled(String::from_utf8_lossy(bytes).into_owned()),
    }
}

/// Whether the server is this machine: a socket, or an address that no wire carries.
pub fn here(host: &str) -> bool {
    host.starts_with('/')
        || host == "localhost"
        || host
            .parse::<IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}

/// What only the role that writes may do.
pub fn no_writer() -> Mishap {
    Mishap::new(Fault::Forbidden, "no role that writes is configured")
}

/// Nobody waits longer.
pub fn slow() -> Mishap {
    Mishap::new(Fault::Slow, "no answer in time")
}
