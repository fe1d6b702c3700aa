//! Cases in which recipients of the data still have to be told: what the list and the reminders go by.

use chrono::NaiveDate;
use diesel::prelude::*;

use super::connection::Conn;
use super::error::StoreError;
use super::schema::{cases, recipient_task};
use crate::domain::ids::{CaseId, ClerkId, ControllerId};
use crate::domain::scope::Scope;

/// A case with recipients to be told, as far as it stands in the clear: no name, neither hers nor theirs.
#[derive(Debug, Clone)]
pub struct RecipientLine {
    /// The case.
    pub case: CaseId,
    /// Its number.
    pub number: String,
    /// Whose it is.
    pub controller: ControllerId,
    /// Who works on it.
    pub assignee: Option<ClerkId>,
    /// The first day due.
    pub due: NaiveDate,
    /// How many recipients.
    pub open: usize,
}

/// Case, its number, controller, who works on it, first day due, how many, whether confidential.
type Row = (i64, String, i64, Option<i64>, NaiveDate, i32, bool);

/// Writes down what a case still owes; nothing: it owes none.
pub fn keep(
    conn: &mut Conn,
    controller: ControllerId,
    case: CaseId,
    owed: Option<(NaiveDate, usize)>,
) -> Result<(), StoreError> {
    diesel::delete(recipient_task::table.find(case.0)).execute(conn)?;
    if let Some((due, open)) = owed {
        diesel::insert_into(recipient_task::table)
            .values((
                recipient_task::case_id.eq(case.0),
                recipient_task::controller_id.eq(controller.0),
                recipient_task::due.eq(due),
                recipient_task::open.eq(i32::try_from(open).unwrap_or(i32::MAX)),
            ))
            .execute(conn)?;
    }
    Ok(())
}

/// The cases in reach with recipients to be told, the most urgent first.
pub fn open(conn: &mut Conn, scope: &Scope, limit: i64) -> Result<Vec<RecipientLine>, StoreError> {
    let controllers: Vec<i64> = scope.controllers().iter().map(|id| id.0).collect();
    let rows: Vec<Row> = recipient_task::table
        .inner_join(cases::table.on(cases::id.eq(recipient_task::case_id)))
        .filter(recipient_task::controller_id.eq_any(controllers))
        .order((recipient_task::due.asc(), recipient_task::case_id.asc()))
        .limit(limit)
        .select((
            recipient_task::case_id,
            cases::number,
            recipient_task::controller_id,
            cases::assignee,
            recipient_task::due,
            recipient_task::open,
            cases::confidential,
        ))
        .load(conn)?;
    Ok(rows
        .into_iter()
        // What only deciders see is not shown to others by its number either.
        .filter(|row| !row.6 || scope.sees_confidential(ControllerId(row.2)))
        .map(
            |(case, number, controller, assignee, due, open, _)| RecipientLine {
                case: CaseId(case),
                number,
                controller: ControllerId(controller),
                assignee: assignee.map(ClerkId),
                due,
                open: usize::try_from(open).unwrap_or(1),
            },
        )
        .collect())
}
