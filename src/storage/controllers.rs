//! Controllers as the database knows them: their place and their wrapped keys. All else is configured.

use chrono::{DateTime, Utc};
use diesel::prelude::*;

use super::connection::{Conn, Ts, on_each};
use super::error::StoreError;
use super::schema::{controller, controller_key, setting};
use crate::domain::ids::ControllerId;
use crate::seal::{Purpose, WrappedKey};

/// What was true when open cases were last reckoned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// Its id.
    pub id: ControllerId,
    /// Its path.
    pub slug: String,
    /// The place.
    pub place: String,
    /// The table of holidays.
    pub calendar_version: String,
}

/// Every controller that was ever configured.
pub fn all(conn: &mut Conn) -> Result<Vec<Known>, StoreError> {
    let rows: Vec<(i64, String, String, String)> = controller::table
        .order(controller::id.asc())
        .select((
            controller::id,
            controller::slug,
            controller::place,
            controller::calendar_version,
        ))
        .load(conn)?;
    Ok(rows
        .into_iter()
        .map(|(id, slug, place, calendar_version)| Known {
            id: ControllerId(id),
            slug,
            place,
            calendar_version,
        })
        .collect())
}

/// Enters a new controller.
pub fn insert(conn: &mut Conn, known: &Known, at: DateTime<Utc>) -> Result<(), StoreError> {
    diesel::insert_into(controller::table)
        .values((
            controller::id.eq(known.id.0),
            controller::slug.eq(&known.slug),
            controller::place.eq(&known.place),
            controller::calendar_version.eq(&known.calendar_version),
            controller::created_at.eq(Ts::new(at)),
        ))
        .execute(conn)?;
    Ok(())
}

/// Remembers by which place and table open cases are reckoned now.
pub fn reckoned(conn: &mut Conn, known: &Known) -> Result<(), StoreError> {
    diesel::update(controller::table.find(known.id.0))
        .set((
            controller::place.eq(&known.place),
            controller::calendar_version.eq(&known.calendar_version),
        ))
        .execute(conn)?;
    Ok(())
}

/// The wrapped keys of a controller; 0 is the installation.
pub fn keys(conn: &mut Conn, id: ControllerId) -> Result<Vec<WrappedKey>, StoreError> {
    let rows: Vec<(String, i32, Vec<u8>)> = controller_key::table
        .filter(controller_key::controller_id.eq(id.0))
        .order((controller_key::purpose.asc(), controller_key::version.asc()))
        .select((
            controller_key::purpose,
            controller_key::version,
            controller_key::wrapped,
        ))
        .load(conn)?;
    rows.into_iter()
        .map(|(purpose, version, wrapped)| {
            Ok(WrappedKey {
                purpose: Purpose::parse(&purpose).ok_or(StoreError::Unreadable("key purpose"))?,
                version: u16::try_from(version)
                    .map_err(|_| StoreError::Unreadable("key version"))?,
                wrapped,
            })
        })
        .collect()
}

/// Keeps the wrapped keys of a controller; those of the same version are written over (rewrapped).
pub fn keep_keys(conn: &mut Conn, id: ControllerId, keys: &[WrappedKey]) -> Result<(), StoreError> {
    on_each!(conn, |inner| {
        for key in keys {
            diesel::insert_into(controller_key::table)
                .values((
                    controller_key::controller_id.eq(id.0),
                    controller_key::purpose.eq(key.purpose.code()),
                    controller_key::version.eq(i32::from(key.version)),
                    controller_key::wrapped.eq(&key.wrapped),
                ))
                .on_conflict((
                    controller_key::controller_id,
                    controller_key::purpose,
                    controller_key::version,
                ))
                .do_update()
                .set(controller_key::wrapped.eq(&key.wrapped))
                .execute(inner)?;
        }
    });
    Ok(())
}

/// A fact about the installation.
pub fn setting(conn: &mut Conn, name: &str) -> Result<Option<String>, StoreError> {
    Ok(setting::table
        .find(name)
        .select(setting::value)
        .first(conn)
        .optional()?)
}

/// Remembers a fact about the installation.
pub fn set(conn: &mut Conn, name: &str, value: &str) -> Result<(), StoreError> {
    on_each!(conn, |inner| diesel::insert_into(setting::table)
        .values((setting::name.eq(name), setting::value.eq(value)))
        .on_conflict(setting::name)
        .do_update()
        .set(setting::value.eq(value))
        .execute(inner))?;
    Ok(())
}
