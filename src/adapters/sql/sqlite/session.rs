//! A transaction on an SQLite file, whose rows come from another thread.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::future::BoxFuture;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, Error, params_from_iter};
use tokio::sync::mpsc;

use super::{failed, wind_up, working};
use crate::adapters::sql::line::{Cell, Row, Session, Taker, bytes, text};
use crate::adapters::sql::named::Statement;
use crate::ports::source::Mishap;

/// Rows that wait between the file and the basket.
const WAITING: usize = 64;

/// A transaction.
pub struct SqliteSession {
    pub connection: Arc<Mutex<Connection>>,
    pub patience: Duration,
    /// Whether it has not ended yet.
    pub open: bool,
}

impl Drop for SqliteSession {
    fn drop(&mut self) {
        // Only ever after an error; whoever holds the file is done by then or hangs, and the file is closed with it.
        if self.open
            && let Ok(connection) = self.connection.try_lock()
        {
            connection.execute_batch("ROLLBACK").ok();
        }
    }
}

impl Session for SqliteSession {
    fn rows<'a>(
        &'a mut self,
        statement: &'a Statement,
        values: &'a [String],
        taker: &'a mut dyn Taker,
    ) -> BoxFuture<'a, Result<(), Mishap>> {
        Box::pin(async move {
            let (sender, mut receiver) = mpsc::channel(WAITING);
            let (sql, values) = (statement.sql(), values.to_vec());
            let patience = self.patience;
            let reading = working(&self.connection, patience, move |connection| {
                read(connection, &sql, &values, patience, &sender).map_err(|error| failed(&error))
            });
            let taking = async move {
                while let Some(row) = receiver.recv().await {
                    taker.take(row).await?;
                }
                // Whoever stops taking closes the line, and the reader ends.
                Ok(())
            };
            let (read, taken) = tokio::join!(reading, taking);
            taken.and(read)
        })
    }

    fn change<'a>(
        &'a mut self,
        statement: &'a Statement,
        values: &'a [String],
    ) -> BoxFuture<'a, Result<u64, Mishap>> {
        let (sql, values) = (statement.sql(), values.to_vec());
        Box::pin(working(
            &self.connection,
            self.patience,
            move |connection| {
                let mut statement = connection.prepare(&sql).map_err(|error| failed(&error))?;
                let rows = statement
                    .execute(params_from_iter(values))
                    .map_err(|error| failed(&error))?;
                Ok(rows as u64)
            },
        ))
    }

    fn piece<'a>(
        &'a mut self,
        statement: &'a Statement,
        values: &'a [String],
        column: &'a str,
        from: u64,
        bytes: u32,
    ) -> BoxFuture<'a, Result<Option<Vec<u8>>, Mishap>> {
        let name = column.replace('"', "\"\"");
        let sql = format!(
            "SELECT substr(q.\"{name}\", {}, {bytes}) FROM (\n{}\n) AS q",
            from + 1,
            statement.sql()
        );
        let values = values.to_vec();
        Box::pin(working(
            &self.connection,
            self.patience,
            move |connection| {
                let mut statement = connection.prepare(&sql).map_err(|error| failed(&error))?;
                let mut rows = statement
                    .query(params_from_iter(values))
                    .map_err(|error| failed(&error))?;
                let first = match rows.next().map_err(|error| failed(&error))? {
                    None => return Ok(None),
                    Some(row) => match row.get_ref(0).map_err(|error| failed(&error))? {
                        ValueRef::Blob(bytes) | ValueRef::Text(bytes) => Some(bytes.to_vec()),
                        _ => None,
                    },
                };
                let alone = rows.next().map_err(|error| failed(&error))?.is_none();
                Ok(first.filter(|_| alone))
            },
        ))
    }

    fn may<'a>(&'a mut self, statement: &'a Statement) -> BoxFuture<'a, Result<(), Mishap>> {
        let sql = statement.with_nothing();
        Box::pin(working(
            &self.connection,
            self.patience,
            move |connection| {
                connection
                    .prepare(&sql)
                    .map(drop)
                    .map_err(|error| failed(&error))
            },
        ))
    }

    fn end<'s>(mut self: Box<Self>, keep: bool) -> BoxFuture<'s, Result<(), Mishap>>
    where
        Self: 's,
    {
        Box::pin(async move {
            let how = if keep { "COMMIT" } else { "ROLLBACK" };
            let ended = working(&self.connection, self.patience, move |it| {
                it.execute_batch(how).map_err(|error| failed(&error))
            });
            ended.await?;
            self.open = false;
            Ok(())
        })
    }
}

fn read(
    connection: &Connection,
    sql: &str,
    values: &[String],
    patience: Duration,
    out: &mpsc::Sender<Row>,
) -> Result<(), Error> {
    let mut statement = connection.prepare(sql)?;
    let names: Vec<String> = statement
        .column_names()
        .into_iter()
        .map(str::to_owned)
        .collect();
    let mut rows = statement.query(params_from_iter(values))?;
    while let Some(row) = rows.next()? {
        let mut cells = Vec::with_capacity(names.len());
        for (place, name) in names.iter().enumerate() {
            cells.push((name.clone(), cell(row.get_ref(place)?)));
        }
        if out.blocking_send(Row { cells }).is_err() {
            break;
        }
        // The time in which the basket was busy is not the file's.
        if out.capacity() == 0 {
            wind_up(connection, patience)?;
        }
    }
    Ok(())
}

fn cell(value: ValueRef<'_>) -> Cell {
    match value {
        ValueRef::Null => Cell::Null,
        ValueRef::Integer(number) => Cell::Text(number.to_string()),
        ValueRef::Real(number) => Cell::Text(number.to_string()),
        ValueRef::Text(raw) => text(raw),
        ValueRef::Blob(raw) => bytes(raw),
    }
}
