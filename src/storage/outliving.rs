//! What outlives a case: who wants no advertising, and what must be erased again after a restore. Both know
//! people by keyed digests alone.

use chrono::NaiveDate;
use diesel::prelude::*;
use serde::{Deserialize, Serialize};

use super::connection::{Conn, on_each};
use super::error::StoreError;
use super::schema::{erasure, erasure_digest, suppression};
use crate::domain::ids::ControllerId;
use crate::domain::private::Private;
use crate::domain::scope::Scope;
use crate::domain::source::{Fate, RecordRef};
use crate::seal::{ControllerKeys, Key, Place, open_json, seal_json};

/// A digest of an identifier, and what kind it is: `email`, `name`, `hint`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Digest {
    /// The keyed hash.
    pub bytes: [u8; 32],
    /// What it was made from; a code.
    pub kind: &'static str,
}

// ---- who wants no advertising

/// Enters an address; one that stands there already keeps its day.
pub fn suppress(
    conn: &mut Conn,
    controller: ControllerId,
    digest: &[u8; 32],
    kind: &str,
    since: NaiveDate,
) -> Result<(), StoreError> {
    on_each!(conn, |inner| diesel::insert_into(suppression::table)
        .values((
            suppression::controller_id.eq(controller.0),
            suppression::digest.eq(digest.to_vec()),
            suppression::kind.eq(kind),
            suppression::since.eq(since),
        ))
        .on_conflict((
            suppression::controller_id,
            suppression::digest,
            suppression::kind
        ))
        .do_nothing()
        .execute(inner))?;
    Ok(())
}

/// Takes an address off again.
pub fn resume(
    conn: &mut Conn,
    controller: ControllerId,
    digests: &[Vec<u8>],
    kind: &str,
) -> Result<(), StoreError> {
    diesel::delete(
        suppression::table
            .filter(suppression::controller_id.eq(controller.0))
            .filter(suppression::digest.eq_any(digests.to_vec()))
            .filter(suppression::kind.eq(kind)),
    )
    .execute(conn)?;
    Ok(())
}

/// Under which kinds one of these digests stands, and since when.
pub fn suppressed(
    conn: &mut Conn,
    scope: &Scope,
    controller: ControllerId,
    digests: &[Vec<u8>],
) -> Result<Vec<(String, NaiveDate)>, StoreError> {
    if !scope.covers(controller) {
        return Err(StoreError::NotFound);
    }
    Ok(suppression::table
        .filter(suppression::controller_id.eq(controller.0))
        .filter(suppression::digest.eq_any(digests.to_vec()))
        .order((suppression::since.asc(), suppression::kind.asc()))
        .select((suppression::kind, suppression::since))
        .load(conn)?)
}

/// How many addresses stand there, up to a cap.
pub fn count_suppressed(
    conn: &mut Conn,
    scope: &Scope,
    controller: ControllerId,
    cap: i64,
) -> Result<usize, StoreError> {
    if !scope.covers(controller) {
        return Err(StoreError::NotFound);
    }
    Ok(suppression::table
        .filter(suppression::controller_id.eq(controller.0))
        .limit(cap)
        .select(suppression::since)
        .load::<NaiveDate>(conn)?
        .len())
}

// ---- what must be erased again

/// Where something was erased, and what; sealed under the controller's key.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Note {
    /// The case's number.
    pub case: String,
    /// The system.
    pub system: String,
    /// What was done there.
    pub what: Private<String>,
    /// By which connection a machine did it; empty: a person did.
    #[serde(default)]
    pub source: String,
    /// The records that went there, by their keys over there.
    #[serde(default)]
    pub records: Vec<RecordRef>,
    /// What became of them, as it was read back.
    #[serde(default)]
    pub fate: Option<Fate>,
}

/// A line of the list of what must be erased again.
#[derive(Debug, Clone, Queryable, Insertable, Selectable)]
#[diesel(table_name = erasure)]
pub struct ErasureRow {
    id: i64,
    controller_id: i64,
    done: NaiveDate,
    until: NaiveDate,
    note_sealed: Vec<u8>,
}

fn place(id: i64) -> Place<'static> {
    Place {
        table: "erasure",
        column: "note_sealed",
        id,
    }
}

impl ErasureRow {
    /// Seals a line under the controller's key.
    pub fn seal(
        id: i64,
        controller: ControllerId,
        (done, until): (NaiveDate, NaiveDate),
        note: &Note,
        key: &Key,
    ) -> Result<ErasureRow, StoreError> {
        Ok(ErasureRow {
            id,
            controller_id: controller.0,
            done,
            until,
            note_sealed: seal_json(key, place(id), note)?,
        })
    }

    /// Opens what it says.
    pub fn open(&self, keys: &ControllerKeys) -> Result<Note, StoreError> {
        let key = keys.wrap.key_for(&self.note_sealed)?;
        Ok(open_json(key, place(self.id), &self.note_sealed)?)
    }

    /// The day on which it was done.
    pub fn done(&self) -> NaiveDate {
        self.done
    }
}

/// Remembers an erasure with the digests of the person's identifiers.
pub fn remember(conn: &mut Conn, row: &ErasureRow, digests: &[Digest]) -> Result<(), StoreError> {
    diesel::insert_into(erasure::table)
        .values(row)
        .execute(conn)?;
    on_each!(conn, |inner| {
        for digest in digests {
            diesel::insert_into(erasure_digest::table)
                .values((
                    erasure_digest::erasure_id.eq(row.id),
                    erasure_digest::digest.eq(digest.bytes.to_vec()),
                    erasure_digest::kind.eq(digest.kind),
                ))
                .on_conflict((erasure_digest::erasure_id, erasure_digest::digest))
                .do_nothing()
                .execute(inner)?;
        }
    });
    Ok(())
}

/// A line of the list, with the digests of those whom it is about.
pub type Remembered = (ErasureRow, Vec<Vec<u8>>);

/// What was erased since this day, the oldest first, with its digests.
pub fn erased_since(
    conn: &mut Conn,
    scope: &Scope,
    controller: ControllerId,
    since: NaiveDate,
) -> Result<Vec<Remembered>, StoreError> {
    if !scope.covers(controller) {
        return Err(StoreError::NotFound);
    }
    let rows: Vec<ErasureRow> = erasure::table
        .filter(erasure::controller_id.eq(controller.0))
        .filter(erasure::done.ge(since))
        .order((erasure::done.asc(), erasure::id.asc()))
        .select(ErasureRow::as_select())
        .load(conn)?;
    let mut all = Vec::with_capacity(rows.len());
    for row in rows {
        let digests: Vec<Vec<u8>> = erasure_digest::table
            .filter(erasure_digest::erasure_id.eq(row.id))
            .select(erasure_digest::digest)
            .load(conn)?;
        all.push((row, digests));
    }
    Ok(all)
}

/// Forgets what no backup can bring back any more.
pub fn forget_erasures(conn: &mut Conn, today: NaiveDate) -> Result<usize, StoreError> {
    let old: Vec<i64> = erasure::table
        .filter(erasure::until.le(today))
        .select(erasure::id)
        .load(conn)?;
    diesel::delete(erasure_digest::table.filter(erasure_digest::erasure_id.eq_any(old.clone())))
        .execute(conn)?;
    Ok(diesel::delete(erasure::table.filter(erasure::id.eq_any(old))).execute(conn)?)
}
