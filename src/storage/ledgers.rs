//! The ledgers: chaining what was committed, keeping the checkpoints, reading entries out in order.

use chrono::{DateTime, Utc};
use diesel::prelude::*;

use super::connection::{Conn, Ts, on_each};
use super::error::StoreError;
use super::schema::{checkpoint, event, ledger};
use crate::domain::ids::ControllerId;
use crate::ledger::{Chain, Entry};

/// A ledger as it stands.
#[derive(Debug, Clone)]
pub struct LedgerState {
    /// Its name to the outside.
    pub origin: String,
    /// The public key in the text form of signed notes.
    pub verify_key: String,
    /// The right edge of the tree.
    pub chain: Chain,
}

/// Founds a ledger; silent when it is there already.
pub fn found(
    conn: &mut Conn,
    id: ControllerId,
    origin: &str,
    verify_key: &str,
) -> Result<(), StoreError> {
    on_each!(conn, |inner| diesel::insert_into(ledger::table)
        .values((
            ledger::id.eq(id.0),
            ledger::origin.eq(origin),
            ledger::verify_key.eq(verify_key),
            ledger::chain.eq(Chain::new().to_bytes()),
            ledger::size.eq(0_i64),
        ))
        .on_conflict(ledger::id)
        .do_nothing()
        .execute(inner))?;
    Ok(())
}

/// A ledger as it stands now.
pub fn state(conn: &mut Conn, id: ControllerId) -> Result<LedgerState, StoreError> {
    let (origin, verify_key, chain): (String, String, Vec<u8>) = ledger::table
        .filter(ledger::id.eq(id.0))
        .select((ledger::origin, ledger::verify_key, ledger::chain))
        .first(conn)?;
    let chain = Chain::from_bytes(&chain).map_err(|_| StoreError::Unreadable("chain"))?;
    Ok(LedgerState {
        origin,
        verify_key,
        chain,
    })
}

/// Chains the oldest unchained entries, at most `limit`; says how many there were. Runs inside a write:
/// the ledger's row is locked, so there is one sequencer at a time, whatever the number of nodes.
pub fn chain_tail(conn: &mut Conn, id: ControllerId, limit: i64) -> Result<usize, StoreError> {
    lock(conn, id)?;
    let tail: Vec<(i64, Ts, String, String, String, Vec<u8>)> = event::table
        .filter(event::ledger_id.eq(id.0))
        .filter(event::seq.is_null())
        .order(event::id.asc())
        .limit(limit)
        .select((
            event::id,
            event::at,
            event::kind,
            event::subject,
            event::actor,
            event::payload_hash,
        ))
        .load(conn)?;
    if tail.is_empty() {
        return Ok(0);
    }
    let mut chain = state(conn, id)?.chain;
    let count = tail.len();
    for (row, at, kind, subject, actor, payload) in tail {
        let seq = chain.size();
        append(&mut chain, at.at(), &kind, &subject, &actor, &payload)?;
        let seq = i64::try_from(seq).map_err(|_| StoreError::Unreadable("seq"))?;
        diesel::update(event::table.filter(event::id.eq(row)))
            .set(event::seq.eq(seq))
            .execute(conn)?;
    }
    let size = i64::try_from(chain.size()).map_err(|_| StoreError::Unreadable("size"))?;
    diesel::update(ledger::table.filter(ledger::id.eq(id.0)))
        .set((ledger::chain.eq(chain.to_bytes()), ledger::size.eq(size)))
        .execute(conn)?;
    Ok(count)
}

fn lock(conn: &mut Conn, id: ControllerId) -> Result<(), StoreError> {
    // On SQLite the write transaction itself is the lock.
    #[cfg(feature = "postgres")]
    if let Conn::Postgres(inner) = conn {
        ledger::table
            .filter(ledger::id.eq(id.0))
            .select(ledger::id)
            // Every entry points to this row: a stronger lock would keep all acts of the controller waiting.
            .for_no_key_update()
            .first::<i64>(inner)?;
    }
    let _ = (conn, id);
    Ok(())
}

fn append(
    chain: &mut Chain,
    at: DateTime<Utc>,
    kind: &str,
    subject: &str,
    actor: &str,
    payload: &[u8],
) -> Result<Entry, StoreError> {
    let payload = payload
        .try_into()
        .map_err(|_| StoreError::Unreadable("payload hash"))?;
    chain
        .append(at, kind, subject, actor, payload)
        .map_err(|_| StoreError::Unreadable("entry"))
}

/// How many entries wait to be chained, up to a cap.
pub fn unchained(conn: &mut Conn, id: ControllerId, cap: i64) -> Result<usize, StoreError> {
    let found: Vec<i64> = event::table
        .filter(event::ledger_id.eq(id.0))
        .filter(event::seq.is_null())
        .select(event::id)
        .limit(cap)
        .load(conn)?;
    Ok(found.len())
}

/// A chained entry as its row stands now.
pub struct Chained {
    /// The place that it was given.
    pub seq: u64,
    at: DateTime<Utc>,
    kind: String,
    subject: String,
    actor: String,
    payload: Vec<u8>,
}

/// Chained entries from the place `from` on, in order, for an export in portions.
pub fn entries(
    conn: &mut Conn,
    id: ControllerId,
    from: u64,
    limit: i64,
) -> Result<Vec<Chained>, StoreError> {
    let from = i64::try_from(from).map_err(|_| StoreError::Unreadable("seq"))?;
    let rows: Vec<(i64, Ts, String, String, String, Vec<u8>)> = event::table
        .filter(event::ledger_id.eq(id.0))
        .filter(event::seq.ge(from))
        .order(event::seq.asc())
        .limit(limit)
        .select((
            event::seq.assume_not_null(),
            event::at,
            event::kind,
            event::subject,
            event::actor,
            event::payload_hash,
        ))
        .load(conn)?;
    rows.into_iter()
        .map(|(seq, at, kind, subject, actor, payload)| {
            Ok(Chained {
                seq: u64::try_from(seq).map_err(|_| StoreError::Unreadable("seq"))?,
                at: at.at(),
                kind,
                subject,
                actor,
                payload,
            })
        })
        .collect()
}

/// Rebuilds an entry for the export.
pub fn rebuild(chain: &mut Chain, row: &Chained) -> Result<Entry, StoreError> {
    append(
        chain,
        row.at,
        &row.kind,
        &row.subject,
        &row.actor,
        &row.payload,
    )
}

/// Keeps a signed checkpoint; silent when there is one of that size.
pub fn keep_checkpoint(
    conn: &mut Conn,
    id: ControllerId,
    size: u64,
    at: DateTime<Utc>,
    note: &str,
) -> Result<(), StoreError> {
    let size = i64::try_from(size).map_err(|_| StoreError::Unreadable("size"))?;
    on_each!(conn, |inner| diesel::insert_into(checkpoint::table)
        .values((
            checkpoint::ledger_id.eq(id.0),
            checkpoint::size.eq(size),
            checkpoint::at.eq(Ts::new(at)),
            checkpoint::note.eq(note),
            checkpoint::published.eq(false),
        ))
        .on_conflict((checkpoint::ledger_id, checkpoint::size))
        .do_nothing()
        .execute(inner))?;
    Ok(())
}

/// The last checkpoint: size, when, and the note.
pub fn last_checkpoint(
    conn: &mut Conn,
    id: ControllerId,
) -> Result<Option<(i64, DateTime<Utc>, String)>, StoreError> {
    let row: Option<(i64, Ts, String)> = checkpoint::table
        .filter(checkpoint::ledger_id.eq(id.0))
        .order(checkpoint::size.desc())
        .select((checkpoint::size, checkpoint::at, checkpoint::note))
        .first(conn)
        .optional()?;
    Ok(row.map(|(size, at, note)| (size, at.at(), note)))
}

/// Checkpoints that have not left the house yet.
pub fn unpublished(conn: &mut Conn, id: ControllerId) -> Result<Vec<(i64, String)>, StoreError> {
    Ok(checkpoint::table
        .filter(checkpoint::ledger_id.eq(id.0))
        .filter(checkpoint::published.eq(false))
        .order(checkpoint::size.asc())
        .select((checkpoint::size, checkpoint::note))
        .load(conn)?)
}

/// Remembers that a checkpoint has left the house.
pub fn published(conn: &mut Conn, id: ControllerId, size: i64) -> Result<(), StoreError> {
    diesel::update(checkpoint::table.find((id.0, size)))
        .set(checkpoint::published.eq(true))
        .execute(conn)?;
    Ok(())
}
