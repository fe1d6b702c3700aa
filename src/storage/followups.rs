//! What comes back on a day by itself; sealed under the controller's key, for it outlives its case.

use chrono::NaiveDate;
use diesel::prelude::*;

use super::connection::Conn;
use super::error::StoreError;
use super::schema::follow_up;
use crate::domain::followup::{Due, FollowUp};
use crate::domain::ids::{CaseId, ControllerId, FollowUpId};
use crate::domain::right::Right;
use crate::domain::scope::Scope;
use crate::seal::{ControllerKeys, Key, Place, open_json, seal_json};

/// One thing that comes back.
#[derive(Debug, Clone, Queryable, Insertable, Selectable)]
#[diesel(table_name = follow_up)]
pub struct FollowUpRow {
    id: i64,
    controller_id: i64,
    case_id: i64,
    part: String,
    due: NaiveDate,
    what_sealed: Vec<u8>,
}

fn place(id: i64) -> Place<'static> {
    Place {
        table: "follow_up",
        column: "what_sealed",
        id,
    }
}

/// The beginning of the part that belongs to one right of a case.
fn part_of(right: Right) -> String {
    format!("{}:", right.code())
}

impl FollowUpRow {
    /// Seals something that a case promises for this day; `at` tells it apart from others of the same right.
    ///
    /// # Errors
    /// It cannot be sealed.
    pub fn seal(
        id: i64,
        (controller, case): (ControllerId, CaseId),
        (due, at): (NaiveDate, &str),
        what: &FollowUp,
        key: &Key,
    ) -> Result<FollowUpRow, StoreError> {
        Ok(FollowUpRow {
            id,
            controller_id: controller.0,
            case_id: case.0,
            part: format!("{}{at}", part_of(what.right)),
            due,
            what_sealed: seal_json(key, place(id), what)?,
        })
    }

    /// Seals something that is owed to somebody else; it belongs to no right and no decision anew forgets it.
    ///
    /// # Errors
    /// It cannot be sealed.
    pub fn seal_owed(
        id: i64,
        (controller, case): (ControllerId, CaseId),
        (due, at): (NaiveDate, &str),
        what: &FollowUp,
        key: &Key,
    ) -> Result<FollowUpRow, StoreError> {
        let row = FollowUpRow::seal(id, (controller, case), (due, at), what, key)?;
        Ok(FollowUpRow {
            part: format!("owed:{at}"),
            ..row
        })
    }

    /// Opens it.
    ///
    /// # Errors
    /// It cannot be opened with these keys.
    pub fn open(&self, keys: &ControllerKeys) -> Result<Due, StoreError> {
        Ok(Due {
            id: FollowUpId(self.id),
            on: self.due,
            what: open_json(
                keys.wrap.key_for(&self.what_sealed)?,
                place(self.id),
                &self.what_sealed,
            )?,
        })
    }

    /// Whose it is.
    pub fn controller(&self) -> ControllerId {
        ControllerId(self.controller_id)
    }

    /// The case that promised it; none for a review of the register.
    pub fn case(&self) -> Option<CaseId> {
        (self.case_id != 0).then_some(CaseId(self.case_id))
    }

    /// The day on which it comes back.
    pub fn due(&self) -> NaiveDate {
        self.due
    }
}

/// What a case promises for one of its rights from now on; what it had promised for it before is forgotten.
///
/// # Errors
/// The database's.
pub fn renew(
    conn: &mut Conn,
    (controller, case, right): (ControllerId, CaseId, Right),
    rows: &[FollowUpRow],
) -> Result<(), StoreError> {
    diesel::delete(
        follow_up::table
            .filter(follow_up::controller_id.eq(controller.0))
            .filter(follow_up::case_id.eq(case.0))
            .filter(follow_up::part.like(format!("{}%", part_of(right)))),
    )
    .execute(conn)?;
    for row in rows {
        diesel::insert_into(follow_up::table)
            .values(row)
            .execute(conn)?;
    }
    Ok(())
}

/// Enters something that is owed.
///
/// # Errors
/// The database's.
pub fn enter_owed(conn: &mut Conn, row: &FollowUpRow) -> Result<(), StoreError> {
    diesel::insert_into(follow_up::table)
        .values(row)
        .execute(conn)?;
    Ok(())
}

/// Enters a review of the register, unless it stands there already. Says whether it is new.
///
/// # Errors
/// The database's.
pub fn enter_review(conn: &mut Conn, row: &FollowUpRow) -> Result<bool, StoreError> {
    let known: i64 = follow_up::table
        .filter(follow_up::controller_id.eq(row.controller_id))
        .filter(follow_up::case_id.eq(row.case_id))
        .filter(follow_up::part.eq(&row.part))
        .count()
        .get_result(conn)?;
    if known > 0 {
        return Ok(false);
    }
    diesel::insert_into(follow_up::table)
        .values(row)
        .execute(conn)?;
    Ok(true)
}

/// What comes back for a controller until this day, the earliest first; at most so many.
///
/// # Errors
/// The controller lies out of reach, or the database's.
pub fn until(
    conn: &mut Conn,
    scope: &Scope,
    controller: ControllerId,
    day: NaiveDate,
    limit: i64,
) -> Result<Vec<FollowUpRow>, StoreError> {
    if !scope.covers(controller) {
        return Err(StoreError::NotFound);
    }
    Ok(follow_up::table
        .filter(follow_up::controller_id.eq(controller.0))
        .filter(follow_up::due.le(day))
        .order((follow_up::due.asc(), follow_up::id.asc()))
        .limit(limit)
        .select(FollowUpRow::as_select())
        .load(conn)?)
}

/// One of them.
///
/// # Errors
/// There is none in reach.
pub fn load(conn: &mut Conn, scope: &Scope, id: FollowUpId) -> Result<FollowUpRow, StoreError> {
    let row: FollowUpRow = follow_up::table
        .filter(follow_up::id.eq(id.0))
        .select(FollowUpRow::as_select())
        .first(conn)?;
    match scope.covers(row.controller()) {
        true => Ok(row),
        false => Err(StoreError::NotFound),
    }
}

/// Puts it off to another day, or forgets it because it is done; stale if somebody else was quicker.
///
/// # Errors
/// Somebody else was quicker, or the database's.
pub fn settle(
    conn: &mut Conn,
    row: &FollowUpRow,
    again: Option<NaiveDate>,
) -> Result<(), StoreError> {
    let same = follow_up::table
        .filter(follow_up::id.eq(row.id))
        .filter(follow_up::due.eq(row.due));
    let hit = match again {
        Some(day) => diesel::update(same)
            .set(follow_up::due.eq(day))
            .execute(conn)?,
        None => diesel::delete(same).execute(conn)?,
    };
    match hit {
        1 => Ok(()),
        _ => Err(StoreError::Stale),
    }
}
