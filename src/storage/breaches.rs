//! Breaches of security whose hours run: what the queue shows on top and the reminders go by.

use chrono::{DateTime, Utc};
use diesel::prelude::*;

use super::connection::{Conn, Ts};
use super::error::StoreError;
use super::schema::{breach, cases};
use crate::domain::breach::Breach;
use crate::domain::ids::{CaseId, ControllerId};
use crate::domain::scope::Scope;

/// An open breach, as far as it stands in the clear: no word of what happened.
#[derive(Debug, Clone)]
pub struct BreachLine {
    /// The case that brought it to light.
    pub case: CaseId,
    /// That case's number.
    pub number: String,
    /// Which of the case's breaches, counted from one.
    pub which: usize,
    /// Whose it is.
    pub controller: ControllerId,
    /// Until when the authority is told.
    pub due: DateTime<Utc>,
    /// Whether it is decided what the authority hears.
    pub told: bool,
}

/// Writes down the open breaches of a case anew.
pub fn keep(
    conn: &mut Conn,
    controller: ControllerId,
    case: CaseId,
    all: &[Breach],
) -> Result<(), StoreError> {
    diesel::delete(breach::table.filter(breach::case_id.eq(case.0))).execute(conn)?;
    for (one, number) in all.iter().zip(1_i32..) {
        if one.closed.is_some() {
            continue;
        }
        diesel::insert_into(breach::table)
            .values((
                breach::case_id.eq(case.0),
                breach::number.eq(number),
                breach::controller_id.eq(controller.0),
                breach::due.eq(Ts::new(one.due())),
                breach::told.eq(one.authority.is_some()),
            ))
            .execute(conn)?;
    }
    Ok(())
}

/// The open breaches in reach, the most urgent first.
pub fn open(conn: &mut Conn, scope: &Scope, limit: i64) -> Result<Vec<BreachLine>, StoreError> {
    let controllers: Vec<i64> = scope.controllers().iter().map(|id| id.0).collect();
    let rows: Vec<(i64, String, i32, i64, Ts, bool, bool)> = breach::table
        .inner_join(cases::table.on(cases::id.eq(breach::case_id)))
        .filter(breach::controller_id.eq_any(controllers))
        .order((breach::due.asc(), breach::case_id.asc()))
        .limit(limit)
        .select((
            breach::case_id,
            cases::number,
            breach::number,
            breach::controller_id,
            breach::due,
            breach::told,
            cases::confidential,
        ))
        .load(conn)?;
    Ok(rows
        .into_iter()
        // What only deciders see is not shown to others by its number either.
        .filter(|row| !row.6 || scope.sees_confidential(ControllerId(row.3)))
        .map(
            |(case, number, which, controller, due, told, _)| BreachLine {
                case: CaseId(case),
                number,
                which: usize::try_from(which).unwrap_or(1),
                controller: ControllerId(controller),
                due: due.at(),
                told,
            },
        )
        .collect())
}
