//! How many findings of each sort a case has: counted as they come and go, so that an overview reads a handful of rows.

use diesel::prelude::*;

use super::FindingRow;
use crate::domain::ids::{CaseId, SystemId};
use crate::domain::judgement::Treatment;
use crate::domain::scope::Scope;
use crate::domain::sifting;
use crate::storage::cases;
use crate::storage::connection::{Conn, on_each};
use crate::storage::error::StoreError;
use crate::storage::schema::{finding, finding_count};

/// The sort of a finding, as it is counted.
pub(super) type Sort = (String, String, String, String);

/// The sort of a row.
pub(super) fn sort_of(row: &FindingRow) -> Sort {
    (
        row.category.clone(),
        row.giving.clone(),
        row.ending.clone(),
        row.tie.clone(),
    )
}

/// Counts a sort up or down.
pub(super) fn count(
    conn: &mut Conn,
    (case, system): (i64, i64),
    sort: &Sort,
    by: i64,
) -> Result<(), StoreError> {
    let (category, giving, ending, tie) = sort;
    let row = finding_count::table.find((case, system, category, giving, ending, tie));
    let changed = diesel::update(row)
        .set(finding_count::held.eq(finding_count::held + by))
        .execute(conn)?;
    if changed == 0 {
        on_each!(conn, |inner| diesel::insert_into(finding_count::table)
            .values((
                finding_count::case_id.eq(case),
                finding_count::system_id.eq(system),
                finding_count::category.eq(category),
                finding_count::giving.eq(giving),
                finding_count::ending.eq(ending),
                finding_count::tie.eq(tie),
                finding_count::held.eq(by),
            ))
            .on_conflict((
                finding_count::case_id,
                finding_count::system_id,
                finding_count::category,
                finding_count::giving,
                finding_count::ending,
                finding_count::tie,
            ))
            .do_update()
            .set(finding_count::held.eq(finding_count::held + by))
            .execute(inner))?;
    }
    Ok(())
}

/// One finding went from one sort to another.
pub(super) fn moved(
    conn: &mut Conn,
    case: CaseId,
    system: i64,
    (before, after): (&Sort, &Sort),
) -> Result<(), StoreError> {
    if before != after {
        count(conn, (case.0, system), before, -1)?;
        count(conn, (case.0, system), after, 1)?;
    }
    Ok(())
}

/// How many findings of one sort there are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heap {
    /// In which system.
    pub system: SystemId,
    /// Which category of data.
    pub category: String,
    /// What of them she is given, if that was said.
    pub giving: Option<Treatment>,
    /// How they end over there, if that was said.
    pub ending: Option<Treatment>,
    /// Whether a person has to say first that they are hers.
    pub candidates: bool,
    /// How many.
    pub held: u64,
}

/// How many findings of each sort a case has.
pub fn heaps(conn: &mut Conn, scope: &Scope, case: CaseId) -> Result<Vec<Heap>, StoreError> {
    cases::load(conn, scope, case)?;
    let rows: Vec<(i64, String, String, String, String, i64)> = finding_count::table
        .filter(finding_count::case_id.eq(case.0))
        .filter(finding_count::held.gt(0))
        .order((
            finding_count::system_id.asc(),
            finding_count::category.asc(),
            finding_count::giving.asc(),
            finding_count::ending.asc(),
            finding_count::tie.asc(),
        ))
        .select((
            finding_count::system_id,
            finding_count::category,
            finding_count::giving,
            finding_count::ending,
            finding_count::tie,
            finding_count::held,
        ))
        .load(conn)?;
    Ok(rows
        .into_iter()
        .map(|(system, category, giving, ending, tie, held)| Heap {
            system: SystemId(system),
            category,
            giving: Treatment::from_code(&giving),
            ending: Treatment::from_code(&ending),
            candidates: tie == "candidate",
            held: u64::try_from(held).unwrap_or(0),
        })
        .collect())
}

/// Counts one heap anew.
pub(super) fn recount(
    conn: &mut Conn,
    case: CaseId,
    heap: &sifting::Heap,
) -> Result<(), StoreError> {
    let sorts: Vec<(String, String, String, i64)> = finding::table
        .filter(finding::case_id.eq(case.0))
        .filter(finding::system_id.eq(heap.system.0))
        .filter(finding::category.eq(&heap.category))
        .group_by((finding::giving, finding::ending, finding::tie))
        .order((
            finding::giving.asc(),
            finding::ending.asc(),
            finding::tie.asc(),
        ))
        .select((
            finding::giving,
            finding::ending,
            finding::tie,
            diesel::dsl::count_star(),
        ))
        .load(conn)?;
    diesel::delete(
        finding_count::table
            .filter(finding_count::case_id.eq(case.0))
            .filter(finding_count::system_id.eq(heap.system.0))
            .filter(finding_count::category.eq(&heap.category)),
    )
    .execute(conn)?;
    for (giving, ending, tie, held) in sorts {
        let sort = (heap.category.clone(), giving, ending, tie);
        count(conn, (case.0, heap.system.0), &sort, held)?;
    }
    Ok(())
}
