//! A transaction of PostgreSQL: every column cast to text, files as their sizes, rows by a portal.

use std::net::IpAddr;
use std::time::Duration;

use bytes::BytesMut;
use futures_util::future::BoxFuture;
use tokio_postgres::types::{Format, IsNull, Kind, ToSql, Type};
use tokio_postgres::{Portal, Transaction};

use super::fault::{failed, within};
use crate::adapters::sql::line::{Cell, Row, Session, Taker};
use crate::adapters::sql::named::Statement;
use crate::ports::source::Mishap;

/// Rows of one fetch: what is in memory at a time.
const FETCH: i32 = 500;

/// A transaction.
pub struct PostgresSession<'a> {
    pub transaction: Transaction<'a>,
    pub patience: Duration,
}

/// What a column of the wrapped statement holds.
#[derive(Clone, Copy, PartialEq)]
enum Shape {
    Text,
    List,
    Bytes,
}

impl PostgresSession<'_> {
    /// The statement with every column cast to text, files as their sizes.
    async fn wrapped(&self, statement: &Statement) -> Result<(String, Vec<Shape>), Mishap> {
        let prepared = within(self.patience, self.transaction.prepare(&statement.sql())).await?;
        let mut columns = Vec::new();
        let mut shapes = Vec::new();
        for column in prepared.columns() {
            let name = column.name().replace('"', "\"\"");
            let shape = match (column.type_(), column.type_().kind()) {
                (&Type::BYTEA, _) => Shape::Bytes,
                (_, Kind::Array(_)) => Shape::List,
                _ => Shape::Text,
            };
            columns.push(match shape {
                Shape::Text => format!("q.\"{name}\"::text AS \"{name}\""),
                Shape::List => format!("to_json(q.\"{name}\")::text AS \"{name}\""),
                Shape::Bytes => format!(
                    "CASE WHEN octet_length(q.\"{name}\") > 64 THEN '#' || octet_length(q.\"{name}\") \
                     ELSE encode(q.\"{name}\", 'hex') END AS \"{name}\""
                ),
            });
            shapes.push(shape);
        }
        let sql = format!(
            "SELECT {} FROM (\n{}\n) AS q",
            columns.join(", "),
            statement.sql()
        );
        Ok((sql, shapes))
    }

    /// None, if a value cannot be one of the kind with which it is compared: no row has it then.
    async fn portal(&self, sql: &str, values: &[String]) -> Result<Option<Portal>, Mishap> {
        let prepared = within(self.patience, self.transaction.prepare(sql)).await?;
        if !prepared
            .params()
            .iter()
            .zip(values)
            .all(|(kind, value)| fits(kind, value))
        {
            return Ok(None);
        }
        let values: Vec<AsText<'_>> = values.iter().map(|value| AsText(value)).collect();
        within(self.patience, self.transaction.bind_raw(&prepared, values))
            .await
            .map(Some)
    }
}

impl Session for PostgresSession<'_> {
    fn rows<'a>(
        &'a mut self,
        statement: &'a Statement,
        values: &'a [String],
        taker: &'a mut dyn Taker,
    ) -> BoxFuture<'a, Result<(), Mishap>> {
        Box::pin(async move {
            let (sql, shapes) = self.wrapped(statement).await?;
            let Some(portal) = self.portal(&sql, values).await? else {
                return Ok(());
            };
            loop {
                let rows =
                    within(self.patience, self.transaction.query_portal(&portal, FETCH)).await?;
                let whole = rows.len() == usize::try_from(FETCH).unwrap_or_default();
                for row in rows {
                    taker.take(translated(&row, &shapes)?).await?;
                }
                if !whole {
                    return Ok(());
                }
            }
        })
    }

    fn change<'a>(
        &'a mut self,
        statement: &'a Statement,
        values: &'a [String],
    ) -> BoxFuture<'a, Result<u64, Mishap>> {
        Box::pin(async move {
            let prepared =
                within(self.patience, self.transaction.prepare(&statement.sql())).await?;
            let values: Vec<AsText<'_>> = values.iter().map(|value| AsText(value)).collect();
            within(
                self.patience,
                self.transaction.execute_raw(&prepared, values),
            )
            .await
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
            let name = column.replace('"', "\"\"");
            let sql = format!(
                "SELECT substring(q.\"{name}\" FROM {} FOR {bytes}) FROM (\n{}\n) AS q",
                from + 1,
                statement.sql()
            );
            let Some(portal) = self.portal(&sql, values).await? else {
                return Ok(None);
            };
            let rows = within(self.patience, self.transaction.query_portal(&portal, 2)).await?;
            let [row] = rows.as_slice() else {
                return Ok(None);
            };
            row.try_get(0).map_err(|error| failed(&error))
        })
    }

    fn may<'a>(&'a mut self, statement: &'a Statement) -> BoxFuture<'a, Result<(), Mishap>> {
        Box::pin(async move {
            let sql = format!("EXPLAIN {}", statement.with_nothing());
            within(self.patience, self.transaction.batch_execute(&sql)).await
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

fn translated(row: &tokio_postgres::Row, shapes: &[Shape]) -> Result<Row, Mishap> {
    let mut cells = Vec::with_capacity(shapes.len());
    for (place, (column, shape)) in row.columns().iter().zip(shapes).enumerate() {
        let text: Option<String> = row.try_get(place).map_err(|error| failed(&error))?;
        let cell = match (text, shape) {
            (None, _) => Cell::Null,
            (Some(text), Shape::Text) => Cell::Text(text),
            (Some(text), Shape::List) => list(&text),
            (Some(text), Shape::Bytes) => match text.strip_prefix('#') {
                Some(size) => Cell::Bytes(size.parse().unwrap_or_default()),
                None => Cell::Text(text),
            },
        };
        cells.push((column.name().to_owned(), cell));
    }
    Ok(Row { cells })
}

fn list(json: &str) -> Cell {
    use serde_json::Value;
    match serde_json::from_str(json) {
        Ok(Value::Array(values)) => Cell::List(
            values
                .into_iter()
                .filter_map(|value| match value {
                    Value::Null => None,
                    Value::String(text) => Some(text),
                    other => Some(other.to_string()),
                })
                .collect(),
        ),
        _ => Cell::Text(json.to_owned()),
    }
}

/// Whether the text can be a value of that kind: a number with letters is in no column of integers.
fn fits(kind: &Type, text: &str) -> bool {
    let text = text.trim();
    match *kind {
        Type::INT2 => text.parse::<i16>().is_ok(),
        Type::INT4 => text.parse::<i32>().is_ok(),
        Type::INT8 => text.parse::<i64>().is_ok(),
        Type::OID => text.parse::<u32>().is_ok(),
        Type::FLOAT4 | Type::FLOAT8 | Type::NUMERIC => text.parse::<f64>().is_ok(),
        Type::UUID => {
            let digits = text.chars().filter(|&letter| letter != '-');
            digits.clone().count() == 32 && digits.clone().all(|letter| letter.is_ascii_hexdigit())
        }
        Type::INET => text.parse::<IpAddr>().is_ok(),
        _ => !text.contains('\0'),
    }
}

/// A value that goes over as text: the server makes of it what the place needs.
#[derive(Debug)]
struct AsText<'a>(&'a str);

impl ToSql for AsText<'_> {
    fn to_sql(
        &self,
        _: &Type,
        out: &mut BytesMut,
    ) -> Result<IsNull, Box<dyn std::error::Error + Sync + Send>> {
        out.extend_from_slice(self.0.as_bytes());
        Ok(IsNull::No)
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    fn to_sql_checked(
        &self,
        kind: &Type,
        out: &mut BytesMut,
    ) -> Result<IsNull, Box<dyn std::error::Error + Sync + Send>> {
        self.to_sql(kind, out)
    }

    fn encode_format(&self, _: &Type) -> Format {
        Format::Text
    }
}
