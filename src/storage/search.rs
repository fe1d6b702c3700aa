//! The blind index: people are found by keyed hashes of their names, never by opening other rows.

use chrono::NaiveDate;
use diesel::prelude::*;

use super::cases::Cursor;
use super::connection::Conn;
use super::error::StoreError;
use super::schema::search_token;
use crate::domain::ids::{CaseId, ControllerId};
use crate::domain::scope::Scope;
use crate::seal::index::Token;

/// Enters a case under its tokens.
pub fn enter(
    conn: &mut Conn,
    controller: ControllerId,
    case: CaseId,
    due: NaiveDate,
    tokens: &[Token],
) -> Result<(), StoreError> {
    // One by one: a statement for many rows would have to be prepared each time.
    for token in tokens {
        diesel::insert_into(search_token::table)
            .values((
                search_token::controller_id.eq(controller.0),
                search_token::hash.eq(token.hash),
                search_token::due.eq(due),
                search_token::case_id.eq(case.0),
                search_token::longer.eq(&token.longer),
            ))
            .execute(conn)?;
    }
    Ok(())
}

/// Takes a case out from under its tokens.
pub fn leave(
    conn: &mut Conn,
    controller: ControllerId,
    case: CaseId,
    due: NaiveDate,
    tokens: &[Token],
) -> Result<(), StoreError> {
    for token in tokens {
        diesel::delete(search_token::table.find((controller.0, token.hash, due, case.0)))
            .execute(conn)?;
    }
    Ok(())
}

/// Cases that stand under every one of these tokens for a controller, by date due.
pub fn find(
    conn: &mut Conn,
    scope: &Scope,
    controller: ControllerId,
    sought: &[Token],
    after: Option<Cursor>,
    limit: i64,
) -> Result<Vec<(NaiveDate, CaseId)>, StoreError> {
    let Some((first, others)) = sought.split_first() else {
        return Ok(vec![]);
    };
    if !scope.covers(controller) {
        return Ok(vec![]);
    }
    let other = diesel::alias!(search_token as other);
    let mut query = search_token::table
        .filter(search_token::controller_id.eq(controller.0))
        .filter(search_token::hash.eq(first.hash))
        .filter(search_token::longer.like(holds(first)))
        .select((search_token::due, search_token::case_id))
        .order((search_token::due.asc(), search_token::case_id.asc()))
        .limit(limit)
        .into_boxed();
    for token in others {
        query = query.filter(diesel::dsl::exists(
            other
                .filter(other.field(search_token::controller_id).eq(controller.0))
                .filter(other.field(search_token::hash).eq(token.hash))
                .filter(other.field(search_token::due).eq(search_token::due))
                .filter(other.field(search_token::case_id).eq(search_token::case_id))
                .filter(other.field(search_token::longer).like(holds(token))),
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

/// Hexadecimal digits only: nothing in them means anything to LIKE.
fn holds(token: &Token) -> String {
    format!("%{}%", token.longer)
}
