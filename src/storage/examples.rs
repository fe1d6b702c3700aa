//! Mails that were judged otherwise than the program did, without names, until their day.

use chrono::NaiveDate;
use diesel::prelude::*;

use super::connection::Conn;
use super::error::StoreError;
use super::schema::example;
use crate::domain::example::Example;
use crate::domain::ids::ControllerId;
use crate::domain::scope::Scope;
use crate::seal::{ControllerKeys, Key, Place, open_json, seal_json};

/// So many are read at once; who keeps more has a corpus.
const MOST: i64 = 10_000;

/// An example as it is kept.
#[derive(Debug, Clone, Queryable, Insertable, Selectable)]
#[diesel(table_name = example)]
pub struct ExampleRow {
    id: i64,
    controller_id: i64,
    until: NaiveDate,
    example_sealed: Vec<u8>,
}

fn place(id: i64) -> Place<'static> {
    Place {
        table: "example",
        column: "example_sealed",
        id,
    }
}

impl ExampleRow {
    /// Seals an example that is destroyed on this day.
    pub fn seal(
        id: i64,
        controller: ControllerId,
        until: NaiveDate,
        kept: &Example,
        key: &Key,
    ) -> Result<ExampleRow, StoreError> {
        Ok(ExampleRow {
            id,
            controller_id: controller.0,
            until,
            example_sealed: seal_json(key, place(id), kept)?,
        })
    }

    /// Opens it.
    pub fn open(&self, keys: &ControllerKeys) -> Result<Example, StoreError> {
        let key = keys.wrap.key_for(&self.example_sealed)?;
        Ok(open_json(key, place(self.id), &self.example_sealed)?)
    }
}

/// Keeps an example.
pub fn insert(conn: &mut Conn, row: &ExampleRow) -> Result<(), StoreError> {
    diesel::insert_into(example::table)
        .values(row)
        .execute(conn)?;
    Ok(())
}

/// The examples of a controller, the oldest first.
pub fn all(
    conn: &mut Conn,
    scope: &Scope,
    controller: ControllerId,
) -> Result<Vec<ExampleRow>, StoreError> {
    if !scope.covers(controller) {
        return Err(StoreError::NotFound);
    }
    Ok(example::table
        .filter(example::controller_id.eq(controller.0))
        .order(example::id.asc())
        .limit(MOST)
        .select(ExampleRow::as_select())
        .load(conn)?)
}

/// Destroys those whose day has come.
pub fn forget(conn: &mut Conn, today: NaiveDate) -> Result<usize, StoreError> {
    Ok(diesel::delete(example::table.filter(example::until.le(today))).execute(conn)?)
}
