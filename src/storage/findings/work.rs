//! What is still to be done at findings over there, in the order of the work, and what became of them.

use diesel::dsl::{not, sql};
use diesel::prelude::*;
use diesel::sql_types::Bool;

use super::{FindingRow, OPEN, fate_code, fate_from};
use crate::domain::finding::Correction;
use crate::domain::ids::{CaseId, FindingId};
use crate::domain::judgement::Treatment;
use crate::domain::source::Fate;
use crate::storage::connection::Conn;
use crate::storage::error::StoreError;
use crate::storage::schema::finding;

/// What is to end like this and has not: a record that was restricted before may still go. A macro, since each use needs a
/// type of its own.
macro_rules! open_ends {
    ($case:expr, $source:expr, $endings:expr) => {{
        let codes: Vec<&str> = $endings.iter().map(|it| it.code()).collect();
        let passing = [Fate::Restricted, Fate::Free, Fate::Changed].map(fate_code);
        let restricted = finding::ending.eq(Treatment::Restrict.code());
        finding::table
            .filter(finding::case_id.eq($case.0))
            .filter(finding::source.eq($source))
            .filter(finding::ending.eq_any(codes))
            .filter(
                finding::fate
                    .eq("")
                    .or(finding::fate.eq_any(passing).and(not(restricted))),
            )
            .filter(finding::tie.ne("candidate"))
    }};
}

/// Findings of a connection that are hers, are to end like this and have not, in the order of the work, after the one
/// that is named by its place and id.
pub fn to_do(
    conn: &mut Conn,
    case: CaseId,
    source: &str,
    endings: &[Treatment],
    after: (i32, i64),
    limit: i64,
) -> Result<Vec<FindingRow>, StoreError> {
    Ok(open_ends!(case, source, endings)
        .filter(finding::place.ge(after.0))
        .filter(finding::place.gt(after.0).or(finding::id.gt(after.1)))
        .order((finding::place.asc(), finding::id.asc()))
        .limit(limit)
        .select(FindingRow::as_select())
        .load(conn)?)
}

/// How many are still to be done in a connected system.
pub fn count_to_do(
    conn: &mut Conn,
    case: CaseId,
    source: &str,
    endings: &[Treatment],
) -> Result<u64, StoreError> {
    let count: i64 = open_ends!(case, source, endings).count().get_result(conn)?;
    Ok(u64::try_from(count).unwrap_or(0))
}

/// What is hers, is to be put right and is not yet; what is gone meanwhile, or names nobody any more, needs it no longer.
/// The condition in plain SQL is the one of the index.
macro_rules! open_corrections {
    ($case:expr, $source:expr) => {
        finding::table
            .filter(finding::case_id.eq($case.0))
            .filter(finding::source.eq($source))
            .filter(finding::correction.eq(OPEN))
            .filter(sql::<Bool>("correction <> ''"))
            .filter(finding::fate.ne_all([Fate::Gone, Fate::Anonymous].map(fate_code)))
            .filter(finding::tie.ne("candidate"))
    };
}

/// Findings of a connection that are to be put right and are not yet, in the order of the work, after the one that is
/// named by its place and id.
pub fn to_correct(
    conn: &mut Conn,
    case: CaseId,
    source: &str,
    after: (i32, i64),
    limit: i64,
) -> Result<Vec<FindingRow>, StoreError> {
    Ok(open_corrections!(case, source)
        .filter(finding::place.ge(after.0))
        .filter(finding::place.gt(after.0).or(finding::id.gt(after.1)))
        .order((finding::place.asc(), finding::id.asc()))
        .limit(limit)
        .select(FindingRow::as_select())
        .load(conn)?)
}

/// How many are still to be put right in a connected system.
pub fn count_to_correct(conn: &mut Conn, case: CaseId, source: &str) -> Result<u64, StoreError> {
    let count: i64 = open_corrections!(case, source).count().get_result(conn)?;
    Ok(u64::try_from(count).unwrap_or(0))
}

/// What became of those that were to be put right, counted.
pub fn corrected(
    conn: &mut Conn,
    case: CaseId,
    source: &str,
) -> Result<Vec<(Fate, u64)>, StoreError> {
    let counted = finding::table
        .filter(finding::case_id.eq(case.0))
        .filter(finding::source.eq(source))
        .filter(finding::correction.ne(OPEN))
        .filter(sql::<Bool>("correction <> ''"))
        .group_by(finding::correction)
        .order(finding::correction.asc())
        .select((finding::correction, diesel::dsl::count_star()))
        .load(conn)?;
    Ok(counts_of(counted))
}

/// Says that a finding is to be put right, or, with nothing to put right, that it is not; or how it came out. How it ends is
/// another matter and stays as it is.
pub fn put_right(
    conn: &mut Conn,
    case: CaseId,
    id: FindingId,
    correction: Option<Correction>,
) -> Result<(), StoreError> {
    let code = match correction {
        None => "",
        Some(Correction::Open) => OPEN,
        Some(Correction::Done(fate)) => fate_code(fate),
    };
    let row = finding::table
        .filter(finding::id.eq(id.0))
        .filter(finding::case_id.eq(case.0));
    let changed = diesel::update(row)
        .set(finding::correction.eq(code))
        .execute(conn)?;
    match changed {
        0 => Err(StoreError::NotFound),
        _ => Ok(()),
    }
}

/// How many in a connected system are hers.
pub fn count_hers(conn: &mut Conn, case: CaseId, source: &str) -> Result<u64, StoreError> {
    let count: i64 = finding::table
        .filter(finding::case_id.eq(case.0))
        .filter(finding::source.eq(source))
        .filter(finding::tie.ne("candidate"))
        .count()
        .get_result(conn)?;
    Ok(u64::try_from(count).unwrap_or(0))
}

/// All findings of a connection that are hers, in the order of the work, after the one that is named.
pub fn hers(
    conn: &mut Conn,
    case: CaseId,
    source: &str,
    after: (i32, i64),
    limit: i64,
) -> Result<Vec<FindingRow>, StoreError> {
    Ok(finding::table
        .filter(finding::case_id.eq(case.0))
        .filter(finding::source.eq(source))
        .filter(finding::tie.ne("candidate"))
        .filter(finding::place.ge(after.0))
        .filter(finding::place.gt(after.0).or(finding::id.gt(after.1)))
        .order((finding::place.asc(), finding::id.asc()))
        .limit(limit)
        .select(FindingRow::as_select())
        .load(conn)?)
}

/// What became of a finding over there.
pub fn settle(conn: &mut Conn, case: CaseId, id: FindingId, fate: Fate) -> Result<(), StoreError> {
    let row = finding::table
        .filter(finding::id.eq(id.0))
        .filter(finding::case_id.eq(case.0));
    diesel::update(row)
        .set(finding::fate.eq(fate_code(fate)))
        .execute(conn)?;
    Ok(())
}

/// What became of the findings of a connection so far, counted.
pub fn fates(conn: &mut Conn, case: CaseId, source: &str) -> Result<Vec<(Fate, u64)>, StoreError> {
    let counted = finding::table
        .filter(finding::case_id.eq(case.0))
        .filter(finding::source.eq(source))
        .filter(finding::fate.ne(""))
        .group_by(finding::fate)
        .order(finding::fate.asc())
        .select((finding::fate, diesel::dsl::count_star()))
        .load(conn)?;
    Ok(counts_of(counted))
}

fn counts_of(counted: Vec<(String, i64)>) -> Vec<(Fate, u64)> {
    let known = |(code, many): (String, i64)| Some((fate_from(&code)?, u64::try_from(many).ok()?));
    counted.into_iter().filter_map(known).collect()
}
