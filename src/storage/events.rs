//! What happened, in order; each row is an entry of the ledger too.

use chrono::{DateTime, Utc};
use diesel::prelude::*;

use super::cases;
use super::connection::{Conn, Ts, on_each};
use super::error::StoreError;
use super::schema::event;
use crate::domain::event::Event;
use crate::domain::ids::{CaseId, ControllerId};
use crate::domain::scope::{Actor, Scope};
use crate::seal::{Key, Place, open_json, seal_json};

/// An event as it is written: its content sealed, its hash beside it.
#[derive(Debug, Clone, Queryable, Insertable, Selectable)]
#[diesel(table_name = event)]
pub struct EventRow {
    id: i64,
    ledger_id: i64,
    case_id: Option<i64>,
    at: Ts,
    kind: String,
    subject: String,
    actor: String,
    payload: Option<Vec<u8>>,
    payload_hash: Vec<u8>,
    seq: Option<i64>,
}

fn place(id: i64) -> Place<'static> {
    Place {
        table: "event",
        column: "payload",
        id,
    }
}

fn digest(bytes: &[u8]) -> Vec<u8> {
    ring::digest::digest(&ring::digest::SHA256, bytes)
        .as_ref()
        .to_vec()
}

impl EventRow {
    /// Seals an event of a case.
    pub fn seal(
        id: i64,
        controller: ControllerId,
        case: CaseId,
        event: &Event,
        key: &Key,
        at: DateTime<Utc>,
        actor: &Actor,
    ) -> Result<EventRow, StoreError> {
        let payload = seal_json(key, place(id), event)?;
        Ok(EventRow {
            id,
            ledger_id: controller.0,
            case_id: Some(case.0),
            at: Ts::new(at),
            kind: event.kind().to_owned(),
            subject: case.to_string(),
            actor: actor.0.clone(),
            payload_hash: digest(&payload),
            payload: Some(payload),
            seq: None,
        })
    }

    /// An entry about something else than a case: a sign-in, a changed register, an export. It holds no
    /// personal data, so it carries no payload but the hash of what changed.
    pub fn of_house(
        id: i64,
        ledger: ControllerId,
        kind: &str,
        subject: &str,
        content: &[u8],
        at: DateTime<Utc>,
        actor: &Actor,
    ) -> EventRow {
        EventRow {
            id,
            ledger_id: ledger.0,
            case_id: None,
            at: Ts::new(at),
            kind: kind.to_owned(),
            subject: subject.to_owned(),
            actor: actor.0.clone(),
            payload: None,
            payload_hash: digest(content),
            seq: None,
        }
    }
}

/// Writes events.
pub fn insert(conn: &mut Conn, rows: &[EventRow]) -> Result<(), StoreError> {
    on_each!(conn, |inner| {
        for row in rows {
            diesel::insert_into(event::table)
                .values(row)
                .execute(inner)?;
        }
    });
    Ok(())
}

/// An event of the timeline.
#[derive(Debug, Clone)]
pub struct Happened {
    /// When.
    pub at: DateTime<Utc>,
    /// By whom.
    pub actor: Actor,
    /// What.
    pub event: Event,
}

/// An event as the ledger keeps it.
#[derive(Debug, Clone)]
pub struct Entry<'a> {
    /// Its place; none before it is chained.
    pub seq: Option<i64>,
    /// When.
    pub at: DateTime<Utc>,
    /// What kind.
    pub kind: &'a str,
    /// By whom; a random id.
    pub actor: &'a str,
    /// The hash of what it says, sealed.
    pub payload_hash: &'a [u8],
}

/// Everything that happened in a case, the oldest first.
pub fn timeline(conn: &mut Conn, scope: &Scope, case: CaseId) -> Result<Vec<EventRow>, StoreError> {
    if !cases::visible(conn, scope, case)? {
        return Ok(vec![]);
    }
    let controllers: Vec<i64> = scope.controllers().iter().map(|id| id.0).collect();
    Ok(event::table
        .filter(event::case_id.eq(case.0))
        .filter(event::ledger_id.eq_any(controllers))
        .order(event::id.asc())
        .select(EventRow::as_select())
        .load(conn)?)
}

impl EventRow {
    /// Its id.
    pub fn id(&self) -> i64 {
        self.id
    }

    /// What it is, and its place in the ledger once it is chained.
    pub fn entry(&self) -> Entry<'_> {
        Entry {
            seq: self.seq,
            at: self.at.at(),
            kind: &self.kind,
            actor: &self.actor,
            payload_hash: &self.payload_hash,
        }
    }

    /// Opens the event; a purged one says `None`.
    pub fn open(&self, key: &Key) -> Result<Option<Happened>, StoreError> {
        let Some(payload) = &self.payload else {
            return Ok(None);
        };
        Ok(Some(Happened {
            at: self.at.at(),
            actor: Actor(self.actor.clone()),
            event: open_json(key, place(self.id), payload)?,
        }))
    }
}
