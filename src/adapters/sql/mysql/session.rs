//! A transaction of MySQL or MariaDB: files as their sizes, every other value by its own kind.

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;
use mysql_async::consts::{ColumnFlags, ColumnType};
use mysql_async::prelude::Queryable;
use mysql_async::{Column, Params, Transaction, Value};

use super::fault::within;
use crate::adapters::sql::line::{Cell, Row, Session, Taker, bytes, text};
use crate::adapters::sql::named::Statement;
use crate::ports::source::{Fault, Mishap};

/// The set of characters that means none.
const BINARY: u16 = 63;

/// A transaction.
pub struct MysqlSession<'a> {
    pub transaction: Transaction<'a>,
    /// Tables of engines without transactions.
    pub rigid: Vec<String>,
    pub patience: Duration,
}

impl MysqlSession<'_> {
    /// The statement with files as their sizes; as it is where no column holds files.
    async fn wrapped(&mut self, statement: &Statement) -> Result<(String, Arc<[Column]>), Mishap> {
        let sql = statement.sql();
        let prepared = within(self.patience, self.transaction.prep(sql.as_str())).await?;
        let columns = prepared.columns();
        let wrapped = columns.iter().any(is_file).then(|| {
            let names = columns.iter().map(|column| {
                let name = quoted(&column.name_str());
                match is_file(column) {
                    true => format!("OCTET_LENGTH(q.{name}) AS {name}"),
                    false => format!("q.{name}"),
                }
            });
            format!(
                "SELECT {} FROM (\n{sql}\n) AS q",
                names.collect::<Vec<_>>().join(", ")
            )
        });
        within(self.patience, self.transaction.close(prepared)).await?;
        Ok((wrapped.unwrap_or(sql), columns))
    }
}

impl Session for MysqlSession<'_> {
    fn rows<'a>(
        &'a mut self,
        statement: &'a Statement,
        values: &'a [String],
        taker: &'a mut dyn Taker,
    ) -> BoxFuture<'a, Result<(), Mishap>> {
        Box::pin(async move {
            let (sql, columns) = self.wrapped(statement).await?;
            let patience = self.patience;
            let mut answer =
                within(patience, self.transaction.exec_iter(sql, params(values))).await?;
            while let Some(row) = within(patience, answer.next()).await? {
                let cells = columns.iter().zip(row.unwrap());
                let cells = cells
                    .map(|(column, value)| (column.name_str().into_owned(), cell(column, value)));
                taker
                    .take(Row {
                        cells: cells.collect(),
                    })
                    .await?;
            }
            within(patience, answer.drop_result()).await
        })
    }

    fn change<'a>(
        &'a mut self,
        statement: &'a Statement,
        values: &'a [String],
    ) -> BoxFuture<'a, Result<u64, Mishap>> {
        Box::pin(async move {
            // In such a table a trial would be the act, and a mistake would stay.
            if let Some(table) = self.rigid.iter().find(|table| statement.mentions(table)) {
                return Err(Mishap::new(
                    Fault::Misconfigured,
                    format!("table {table}: its engine has no transactions"),
                ));
            }
            let asked = self.transaction.exec_iter(statement.sql(), params(values));
            let answer = within(self.patience, asked).await?;
            let rows = answer.affected_rows();
            within(self.patience, answer.drop_result()).await?;
            Ok(rows)
        })
    }

    fn piece<'a>(
        &'a mut self,
        statement: &'a Statement,
        values: &'a [String],
        column: &'a str,
        from: u64,
        bytes: u32,
    ) -> BoxFuture<'a, Result<Option<Vec<u8>>, Mishap>> {
        Box::pin(async move {
            let name = quoted(column);
            let sql = format!(
                "SELECT SUBSTRING(q.{name}, {}, {bytes}) FROM (\n{}\n) AS q",
                from + 1,
                statement.sql()
            );
            let asked = self.transaction.exec(sql, params(values));
            let rows: Vec<Option<Vec<u8>>> = within(self.patience, asked).await?;
            match rows.len() {
                1 => Ok(rows.into_iter().next().flatten()),
                _ => Ok(None),
            }
        })
    }

    fn may<'a>(&'a mut self, statement: &'a Statement) -> BoxFuture<'a, Result<(), Mishap>> {
        Box::pin(async move {
            let sql = format!("EXPLAIN {}", statement.with_nothing());
            // A transaction that only reads refuses the trial of a change before it looks at the rights.
            within(self.patience, self.transaction.query_drop("ROLLBACK")).await?;
            within(self.patience, self.transaction.query_drop(sql)).await
        })
    }

    fn end<'s>(self: Box<Self>, keep: bool) -> BoxFuture<'s, Result<(), Mishap>>
    where
        Self: 's,
    {
        Box::pin(async move {
            let patience = self.patience;
            match keep {
                true => within(patience, self.transaction.commit()).await,
                false => within(patience, self.transaction.rollback()).await,
            }
        })
    }
}

fn quoted(name: &str) -> String {
    format!("`{}`", name.replace('`', "``"))
}

fn params(values: &[String]) -> Params {
    match values.is_empty() {
        true => Params::Empty,
        false => Params::Positional(
            values
                .iter()
                .map(|value| Value::Bytes(value.clone().into_bytes()))
                .collect(),
        ),
    }
}

fn is_file(column: &Column) -> bool {
    use ColumnType::{
        MYSQL_TYPE_BLOB, MYSQL_TYPE_LONG_BLOB, MYSQL_TYPE_MEDIUM_BLOB, MYSQL_TYPE_TINY_BLOB,
    };
    column.character_set() == BINARY
        && matches!(
            column.column_type(),
            MYSQL_TYPE_BLOB | MYSQL_TYPE_LONG_BLOB | MYSQL_TYPE_MEDIUM_BLOB | MYSQL_TYPE_TINY_BLOB
        )
}

fn cell(column: &Column, value: Value) -> Cell {
    use ColumnType::{
        MYSQL_TYPE_BIT, MYSQL_TYPE_DATE, MYSQL_TYPE_STRING, MYSQL_TYPE_VAR_STRING,
        MYSQL_TYPE_VARCHAR,
    };
    let kind = column.column_type();
    let string = matches!(
        kind,
        MYSQL_TYPE_STRING | MYSQL_TYPE_VAR_STRING | MYSQL_TYPE_VARCHAR
    );
    let binary = string
        && column.character_set() == BINARY
        && column.flags().contains(ColumnFlags::BINARY_FLAG);
    match value {
        Value::NULL => Cell::Null,
        Value::Int(size) if is_file(column) => Cell::Bytes(size.unsigned_abs()),
        Value::UInt(size) if is_file(column) => Cell::Bytes(size),
        Value::Bytes(raw) if kind == MYSQL_TYPE_BIT => {
            let number = raw
                .iter()
                .take(8)
                .fold(0_u64, |number, &byte| number << 8 | u64::from(byte));
            Cell::Text(number.to_string())
        }
        Value::Bytes(raw) if binary || is_file(column) => bytes(&raw),
        Value::Bytes(raw) => text(&raw),
        Value::Int(number) => Cell::Text(number.to_string()),
        Value::UInt(number) => Cell::Text(number.to_string()),
        Value::Float(number) => Cell::Text(number.to_string()),
        Value::Double(number) => Cell::Text(number.to_string()),
        // A day that is none: `0000-00-00`.
        Value::Date(_, 0, ..) | Value::Date(_, _, 0, ..) => Cell::Null,
        Value::Date(year, month, day, ..) if kind == MYSQL_TYPE_DATE => {
            Cell::Text(format!("{year:04}-{month:02}-{day:02}"))
        }
        Value::Date(year, month, day, hour, minute, second, micros) => {
            let mut moment =
                format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}");
            if micros > 0 {
                moment.push_str(&format!(".{micros:06}"));
            }
            Cell::Text(moment)
        }
        Value::Time(negative, days, hours, minutes, seconds, _) => {
            let sign = if negative { "-" } else { "" };
            Cell::Text(format!(
                "{sign}{:02}:{minutes:02}:{seconds:02}",
                days * 24 + u32::from(hours)
            ))
        }
    }
}
