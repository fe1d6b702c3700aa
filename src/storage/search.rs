//! The blind index: people are found by keyed hashes of their names, never by opening other rows.

use chrono::NaiveDate;
use diesel::prelude::*;

use super::cases::Cursor;
use super::connection::{Conn, on_each};
use super::error::StoreError;
use super::schema::search_token;
use crate::domain::ids::{CaseId, ControllerId};
use crate::domain::scope::Scope;

/// Enters a case under its hashes.
pub fn enter(
    conn: &mut Conn,
    controller: ControllerId,
    case: CaseId,
    due: NaiveDate,
    tokens: &[i64],
) -> Result<(), StoreError> {
    let rows: Vec<_> = tokens
        .iter()
        .map(|hash| {
            (
                search_token::controller_id.eq(controller.0),
                search_token::hash.eq(*hash),
                search_token::due.eq(due),
                search_token::case_id.eq(case.0),
            )
        })
        .collect();
    on_each!(conn, |inner| diesel::insert_into(search_token::table)
        .values(&rows)
        .execute(inner))?;
    Ok(())
}

/// Takes a case out from under its hashes.
pub fn leave(
    conn: &mut Conn,
    controller: ControllerId,
    case: CaseId,
    due: NaiveDate,
    tokens: &[i64],
) -> Result<(), StoreError> {
    for hash in tokens {
        diesel::delete(search_token::table.find((controller.0, *hash, due, case.0)))
            .execute(conn)?;
    }
    Ok(())
}

/// Cases that stand under every one of these hashes for a controller, by date due.
pub fn find(
    conn: &mut Conn,
    scope: &Scope,
    controller: ControllerId,
    hashes: &[i64],
    after: Option<Cursor>,
    limit: i64,
) -> Result<Vec<(NaiveDate, CaseId)>, StoreError> {
    let Some((first, others)) = hashes.split_first() else {
        return Ok(vec![]);
    };
    if !scope.covers(controller) {
        return Ok(vec![]);
    }
    let other = diesel::alias!(search_token as other);
    let mut query = search_token::table
        .filter(search_token::controller_id.eq(controller.0))
        .filter(search_token::hash.eq(*first))
        .select((search_token::due, search_token::case_id))
        .order((search_token::due.asc(), search_token::case_id.asc()))
        .limit(limit)
        .into_boxed();
    for hash in others {
        query = query.filter(diesel::dsl::exists(
            other
                .filter(other.field(search_token::controller_id).eq(controller.0))
                .filter(other.field(search_token::hash).eq(*hash))
                .filter(other.field(search_token::due).eq(search_token::due))
                .filter(other.field(search_token::case_id).eq(search_token::case_id)),
        ));
    }
    if let Some(Cursor { due, id }) = after {
        query = query.filter(
            search_token::due
                .ge(due)
                .and(search_token::due.gt(due).or(search_token::case_id.gt(id.0))),
        );
    }
    let found: Vec<(NaiveDate, i64)> = query.load(conn)?;
    Ok(found
        .into_iter()
        .map(|(due, id)| (due, CaseId(id)))
        .collect())
}
