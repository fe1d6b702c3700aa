//! The days on which something of a case has to go, and its going: after a purge nothing of the case is left
//! but the ledger's entries.

use chrono::NaiveDate;
use diesel::prelude::*;

use super::connection::{Conn, on_each};
use super::error::StoreError;
use super::events::{self, EventRow};
use super::schema::{
    breach, cases, event, file, link, message, recipient_task, retention, submission,
};
use super::search;
use crate::domain::ids::{CaseId, ControllerId, FileId};
use crate::domain::scope::Scope;
use crate::seal::index::Token;

/// Writes down when a case is to be looked at next; `None`: nothing of it is to be expected.
pub fn expect(
    conn: &mut Conn,
    controller: ControllerId,
    case: CaseId,
    next: Option<NaiveDate>,
) -> Result<(), StoreError> {
    let Some(next) = next else {
        diesel::delete(retention::table.find(case.0)).execute(conn)?;
        return Ok(());
    };
    on_each!(conn, |inner| diesel::insert_into(retention::table)
        .values((
            retention::case_id.eq(case.0),
            retention::controller_id.eq(controller.0),
            retention::next.eq(next),
        ))
        .on_conflict(retention::case_id)
        .do_update()
        .set(retention::next.eq(next))
        .execute(inner))?;
    Ok(())
}

/// Cases that are to be looked at by this day, after this one, in portions.
pub fn due(
    conn: &mut Conn,
    scope: &Scope,
    controller: ControllerId,
    today: NaiveDate,
    after: Option<(NaiveDate, CaseId)>,
    limit: i64,
) -> Result<Vec<(NaiveDate, CaseId)>, StoreError> {
    if !scope.covers(controller) {
        return Ok(vec![]);
    }
    let mut query = retention::table
        .filter(retention::controller_id.eq(controller.0))
        .filter(retention::next.le(today))
        .select((retention::next, retention::case_id))
        .order((retention::next.asc(), retention::case_id.asc()))
        .limit(limit)
        .into_boxed();
    if let Some((day, case)) = after {
        query = query.filter(
            retention::next
                .gt(day)
                .or(retention::next.eq(day).and(retention::case_id.gt(case.0))),
        );
    }
    let rows: Vec<(NaiveDate, i64)> = query.load(conn)?;
    Ok(rows
        .into_iter()
        .map(|(day, id)| (day, CaseId(id)))
        .collect())
}

/// Every case of a controller is to be looked at on this day: its periods were changed.
pub fn expect_all(
    conn: &mut Conn,
    controller: ControllerId,
    today: NaiveDate,
) -> Result<(), StoreError> {
    diesel::update(retention::table.filter(retention::controller_id.eq(controller.0)))
        .set(retention::next.eq(today))
        .execute(conn)?;
    Ok(())
}

/// Takes files out of the book for good; their keys stood in the rows and go with them.
pub fn shred_files(
    conn: &mut Conn,
    controller: ControllerId,
    case: CaseId,
    files: &[FileId],
) -> Result<(), StoreError> {
    let ids: Vec<i64> = files.iter().map(|id| id.0).collect();
    diesel::delete(
        file::table
            .filter(file::id.eq_any(ids))
            .filter(file::controller_id.eq(controller.0))
            .filter(file::case_id.eq(case.0)),
    )
    .execute(conn)?;
    Ok(())
}

/// Empties events of a case: that they happened stays, and the hash of what they said.
pub fn empty_events(conn: &mut Conn, case: CaseId, rows: &[i64]) -> Result<(), StoreError> {
    diesel::update(
        event::table
            .filter(event::id.eq_any(rows.to_vec()))
            .filter(event::case_id.eq(case.0)),
    )
    .set(event::payload.eq(None::<Vec<u8>>))
    .execute(conn)?;
    Ok(())
}

/// What goes with a case.
pub struct Purge {
    /// Whose it is.
    pub controller: ControllerId,
    /// Which case.
    pub case: CaseId,
    /// Its revision when it was looked at; changed since, nothing is purged.
    pub revision: i64,
    /// The day and the tokens under which it was found.
    pub found_by: (NaiveDate, Vec<Token>),
    /// What the ledger says of it.
    pub noted: EventRow,
}

/// Takes a case out of the book for good: key, state, events' contents, messages, files, links, index. What it
/// says happens in one write, and the rows of the ledger stay with their hashes. Gives back where its files
/// were stored.
pub fn purge(conn: &mut Conn, scope: &Scope, purge: &Purge) -> Result<Vec<String>, StoreError> {
    if !scope.covers(purge.controller) {
        return Err(StoreError::NotFound);
    }
    let id = purge.case.0;
    let gone = diesel::delete(
        cases::table
            .filter(cases::id.eq(id))
            .filter(cases::controller_id.eq(purge.controller.0))
            .filter(cases::revision.eq(purge.revision)),
    )
    .execute(conn)?;
    if gone != 1 {
        return Err(StoreError::Stale);
    }
    let (due, tokens) = &purge.found_by;
    search::leave(conn, purge.controller, purge.case, *due, tokens)?;
    let stored: Vec<String> = file::table
        .filter(file::case_id.eq(id))
        .select(file::stored)
        .load(conn)?;
    diesel::delete(file::table.filter(file::case_id.eq(id))).execute(conn)?;
    diesel::delete(message::table.filter(message::case_id.eq(id))).execute(conn)?;
    diesel::delete(link::table.filter(link::case_id.eq(id))).execute(conn)?;
    diesel::delete(submission::table.filter(submission::case_id.eq(id))).execute(conn)?;
    super::runs::forget(conn, purge.case)?;
    super::findings::forget(conn, purge.case)?;
    diesel::delete(retention::table.find(id)).execute(conn)?;
    diesel::delete(breach::table.filter(breach::case_id.eq(id))).execute(conn)?;
    diesel::delete(recipient_task::table.find(id)).execute(conn)?;
    diesel::update(event::table.filter(event::case_id.eq(id)))
        .set(event::payload.eq(None::<Vec<u8>>))
        .execute(conn)?;
    events::insert(conn, std::slice::from_ref(&purge.noted))?;
    Ok(stored)
}
