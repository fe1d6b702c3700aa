//! Words that an office writes often. They hold nothing of a person.

use diesel::prelude::*;

use super::connection::{Conn, on_each};
use super::error::StoreError;
use super::schema::snippet;
use crate::domain::ids::{ControllerId, SnippetId};
use crate::domain::scope::Scope;
use crate::domain::snippet::Snippet;

/// So many of one controller are kept, and shown.
pub const MOST: i64 = 200;

/// All of a controller, by language and name.
pub fn all(
    conn: &mut Conn,
    scope: &Scope,
    controller: ControllerId,
) -> Result<Vec<Snippet>, StoreError> {
    if !scope.covers(controller) {
        return Err(StoreError::NotFound);
    }
    let rows: Vec<(i64, String, String, String)> = snippet::table
        .filter(snippet::controller_id.eq(controller.0))
        .order((snippet::lang.asc(), snippet::name.asc()))
        .limit(MOST)
        .select((snippet::id, snippet::lang, snippet::name, snippet::words))
        .load(conn)?;
    rows.into_iter()
        .map(|(id, lang, name, words)| {
            Ok(Snippet {
                id: Some(SnippetId(id)),
                lang: lang
                    .parse()
                    .map_err(|_| StoreError::Unreadable("language"))?,
                name,
                words,
            })
        })
        .collect()
}

/// Keeps some words under their id, new or changed. A name that another one has is [`StoreError::Taken`].
pub fn keep(
    conn: &mut Conn,
    controller: ControllerId,
    id: SnippetId,
    kept: &Snippet,
) -> Result<(), StoreError> {
    let said = (
        snippet::lang.eq(kept.lang.code()),
        snippet::name.eq(&kept.name),
        snippet::words.eq(&kept.words),
    );
    let known = snippet::table
        .filter(snippet::id.eq(id.0))
        .filter(snippet::controller_id.eq(controller.0));
    if diesel::update(known).set(said).execute(conn)? == 1 {
        return Ok(());
    }
    let new = (
        snippet::id.eq(id.0),
        snippet::controller_id.eq(controller.0),
    );
    on_each!(conn, |inner| diesel::insert_into(snippet::table)
        .values((new, said))
        .execute(inner))?;
    Ok(())
}

/// Forgets some words.
pub fn remove(conn: &mut Conn, controller: ControllerId, id: SnippetId) -> Result<(), StoreError> {
    let known = snippet::table
        .filter(snippet::id.eq(id.0))
        .filter(snippet::controller_id.eq(controller.0));
    diesel::delete(known).execute(conn)?;
    Ok(())
}
