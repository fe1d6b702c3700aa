//! The register of systems and recipients, one row per entry. It holds no data of data subjects.

use chrono::{DateTime, Utc};
use diesel::prelude::*;

use super::connection::{Conn, Ts};
use super::error::StoreError;
use super::schema::register_entry;
use crate::domain::ids::{ControllerId, SystemId};
use crate::domain::register::System;
use crate::domain::scope::Scope;

/// An entry with how often it was changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The system.
    pub system: System,
    /// Its place in the list.
    pub position: i32,
    /// How often it was changed.
    pub revision: i64,
}

/// The register of a controller in its own order.
pub fn of(
    conn: &mut Conn,
    scope: &Scope,
    controller: ControllerId,
) -> Result<Vec<Entry>, StoreError> {
    if !scope.covers(controller) {
        return Err(StoreError::NotFound);
    }
    let rows: Vec<(i64, i32, i64, String)> = register_entry::table
        .filter(register_entry::controller_id.eq(controller.0))
        .order((register_entry::position.asc(), register_entry::id.asc()))
        .select((
            register_entry::id,
            register_entry::position,
            register_entry::revision,
            register_entry::body,
        ))
        .load(conn)?;
    rows.into_iter()
        .map(|(id, position, revision, body)| {
            let system: System =
                serde_json::from_str(&body).map_err(|_| StoreError::Unreadable("register"))?;
            Ok(Entry {
                system: System {
                    id: SystemId(id),
                    ..system
                },
                position,
                revision,
            })
        })
        .collect()
}

/// Writes an entry: a new one with revision 0, else the one of its id if nobody changed it since.
pub fn put(
    conn: &mut Conn,
    scope: &Scope,
    controller: ControllerId,
    entry: &Entry,
    at: DateTime<Utc>,
) -> Result<(), StoreError> {
    if !scope.covers(controller) {
        return Err(StoreError::NotFound);
    }
    let body =
        serde_json::to_string(&entry.system).map_err(|_| StoreError::Unreadable("register"))?;
    if entry.revision == 0 {
        diesel::insert_into(register_entry::table)
            .values((
                register_entry::id.eq(entry.system.id.0),
                register_entry::controller_id.eq(controller.0),
                register_entry::slug.eq(&entry.system.slug),
                register_entry::position.eq(entry.position),
                register_entry::revision.eq(1_i64),
                register_entry::body.eq(body),
                register_entry::changed_at.eq(Ts::new(at)),
            ))
            .execute(conn)?;
        return Ok(());
    }
    let changed = diesel::update(
        register_entry::table
            .filter(register_entry::id.eq(entry.system.id.0))
            .filter(register_entry::controller_id.eq(controller.0))
            .filter(register_entry::revision.eq(entry.revision)),
    )
    .set((
        register_entry::slug.eq(&entry.system.slug),
        register_entry::position.eq(entry.position),
        register_entry::revision.eq(entry.revision + 1),
        register_entry::body.eq(body),
        register_entry::changed_at.eq(Ts::new(at)),
    ))
    .execute(conn)?;
    if changed == 1 {
        Ok(())
    } else {
        Err(StoreError::Stale)
    }
}

/// Takes an entry out. Open tasks keep the name under which they were asked.
pub fn remove(
    conn: &mut Conn,
    scope: &Scope,
    controller: ControllerId,
    id: SystemId,
) -> Result<(), StoreError> {
    if !scope.covers(controller) {
        return Err(StoreError::NotFound);
    }
    diesel::delete(
        register_entry::table
            .filter(register_entry::id.eq(id.0))
            .filter(register_entry::controller_id.eq(controller.0)),
    )
    .execute(conn)?;
    Ok(())
}
