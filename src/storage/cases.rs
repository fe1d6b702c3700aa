//! Cases: the sealed state, and beside it what the queue sorts and filters by.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};

use super::connection::{Conn, Ts};
use super::error::StoreError;
use super::schema::cases;
use crate::domain::case::Case;
use crate::domain::ids::{CaseId, ClerkId, ControllerId};
use crate::domain::intake::Mailbox;
use crate::domain::private::Private;
use crate::domain::right::Right;
use crate::domain::scope::Scope;
use crate::domain::stage::{Stage, Turn};
use crate::seal::{ControllerKeys, Key, Place, open_json, seal_json};

/// What a list shows of a case beside its columns; sealed under the case, and small.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Summary {
    /// The person's name.
    pub name: Private<String>,
}

/// A case as it is written: everything personal sealed. What is empty is written as empty: else a case
/// could be given to somebody but not back, and closed but not opened again.
#[derive(Debug, Clone, Queryable, Insertable, AsChangeset, Selectable)]
#[diesel(table_name = cases, treat_none_as_null = true)]
pub struct CaseRow {
    id: i64,
    controller_id: i64,
    number: String,
    revision: i64,
    received: NaiveDate,
    due: NaiveDate,
    earliest: NaiveDate,
    stage: String,
    turn: String,
    rights: i32,
    channel: String,
    assignee: Option<i64>,
    open: bool,
    apart: bool,
    mailbox: String,
    unread: bool,
    confidential: bool,
    closed: Option<NaiveDate>,
    key_wrapped: Option<Vec<u8>>,
    summary: Vec<u8>,
    state: Vec<u8>,
    changed_at: Ts,
}

fn place(column: &'static str, case: CaseId) -> Place<'static> {
    Place {
        table: "cases",
        column,
        id: case.0,
    }
}

/// A fresh key for a case, and how it is kept.
pub fn new_key(case: CaseId, keys: &ControllerKeys) -> (Key, Vec<u8>) {
    let key = Key::generate(1);
    let wrapped = key.wrap(keys.wrap.newest(), place("key_wrapped", case));
    (key, wrapped)
}

impl CaseRow {
    /// Seals a case for writing.
    pub fn seal(
        case: &Case,
        revision: i64,
        key: (&Key, Vec<u8>),
        at: DateTime<Utc>,
    ) -> Result<CaseRow, StoreError> {
        let (key, wrapped) = key;
        Ok(CaseRow {
            id: case.id.0,
            controller_id: case.controller.0,
            number: case.number.clone(),
            revision,
            received: case.intake.received,
            due: case.due(),
            earliest: case.earliest(),
            stage: case.stage().code().to_owned(),
            turn: case.turn().code().to_owned(),
            rights: case.rights().into_iter().map(Right::bit).sum(),
            channel: case.intake.channel.code().to_owned(),
            assignee: case.assignee.map(|clerk| clerk.0),
            open: case.closed.is_none(),
            apart: case.apart,
            mailbox: mailbox_code(&case.mailbox).to_owned(),
            unread: case.unread,
            confidential: case.confidential,
            closed: case.closed,
            key_wrapped: Some(wrapped),
            summary: seal_json(
                key,
                place("summary", case.id),
                &Summary {
                    name: case.display_name(),
                },
            )?,
            state: seal_json(key, place("state", case.id), case)?,
            changed_at: Ts::new(at),
        })
    }

    /// Opens the case.
    pub fn open(&self, keys: &ControllerKeys) -> Result<(Case, Key), StoreError> {
        let key = self.key(keys)?;
        let case = open_json(&key, place("state", CaseId(self.id)), &self.state)?;
        Ok((case, key))
    }

    fn key(&self, keys: &ControllerKeys) -> Result<Key, StoreError> {
        let wrapped = self.key_wrapped.as_ref().ok_or(StoreError::NotFound)?;
        Ok(Key::from_wrapped(
            wrapped,
            &keys.wrap,
            place("key_wrapped", CaseId(self.id)),
        )?)
    }

    /// The wrapped key as it stands, to be written back unchanged.
    pub fn wrapped_key(&self) -> Vec<u8> {
        self.key_wrapped.clone().unwrap_or_default()
    }

    /// Its id.
    pub fn id(&self) -> CaseId {
        CaseId(self.id)
    }

    /// Whose it is.
    pub fn controller(&self) -> ControllerId {
        ControllerId(self.controller_id)
    }

    /// How often it was changed.
    pub fn revision(&self) -> i64 {
        self.revision
    }

    /// The date under which its search tokens stand.
    pub fn due(&self) -> NaiveDate {
        self.due
    }
}

/// The mailbox's state in one word.
pub fn mailbox_code(mailbox: &Mailbox) -> &'static str {
    match mailbox {
        Mailbox::None => "none",
        Mailbox::Unproven => "unproven",
        Mailbox::Confirmed { .. } => "confirmed",
        Mailbox::Disowned { .. } => "disowned",
    }
}

fn guard(scope: &Scope, controller: ControllerId) -> Result<(), StoreError> {
    if scope.covers(controller) {
        Ok(())
    } else {
        Err(StoreError::NotFound)
    }
}

/// Writes a new case.
pub fn insert(conn: &mut Conn, scope: &Scope, row: &CaseRow) -> Result<(), StoreError> {
    guard(scope, row.controller())?;
    diesel::insert_into(cases::table)
        .values(row)
        .execute(conn)?;
    Ok(())
}

/// Writes a changed case, if nobody has changed it since `seen`.
pub fn update(conn: &mut Conn, scope: &Scope, row: &CaseRow, seen: i64) -> Result<(), StoreError> {
    guard(scope, row.controller())?;
    let changed = diesel::update(
        cases::table
            .filter(cases::id.eq(row.id))
            .filter(cases::revision.eq(seen)),
    )
    .set(row)
    .execute(conn)?;
    if changed == 1 {
        Ok(())
    } else {
        Err(StoreError::Stale)
    }
}

/// One case, if the scope reaches it.
pub fn load(conn: &mut Conn, scope: &Scope, case: CaseId) -> Result<CaseRow, StoreError> {
    let row: CaseRow = cases::table
        .filter(cases::id.eq(case.0))
        .select(CaseRow::as_select())
        .first(conn)?;
    guard(scope, row.controller())?;
    if row.confidential && !scope.sees_confidential(row.controller()) {
        return Err(StoreError::NotFound);
    }
    Ok(row)
}

/// Whose case this is; the first step of whoever only knows the id.
pub fn controller_of(conn: &mut Conn, case: CaseId) -> Result<ControllerId, StoreError> {
    let id: i64 = cases::table
        .filter(cases::id.eq(case.0))
        .select(cases::controller_id)
        .first(conn)?;
    Ok(ControllerId(id))
}

/// A line of a list, its name still sealed.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = cases)]
pub struct LineRow {
    id: i64,
    controller_id: i64,
    number: String,
    received: NaiveDate,
    due: NaiveDate,
    earliest: NaiveDate,
    stage: String,
    turn: String,
    rights: i32,
    channel: String,
    assignee: Option<i64>,
    mailbox: String,
    unread: bool,
    apart: bool,
    closed: Option<NaiveDate>,
    key_wrapped: Option<Vec<u8>>,
    summary: Vec<u8>,
}

/// A line of the queue.
#[derive(Debug, Clone)]
pub struct Line {
    /// The case.
    pub id: CaseId,
    /// Whose it is.
    pub controller: ControllerId,
    /// Its number.
    pub number: String,
    /// Day of receipt.
    pub received: NaiveDate,
    /// The date that is valid now.
    pub due: NaiveDate,
    /// Its earliest reading.
    pub earliest: NaiveDate,
    /// Where it stands.
    pub stage: Stage,
    /// Whose turn it is.
    pub turn: Turn,
    /// What is asked for.
    pub rights: Vec<Right>,
    /// By which way it came; a code.
    pub channel: String,
    /// Who works on it.
    pub assignee: Option<ClerkId>,
    /// What the mailbox is worth; a code.
    pub mailbox: String,
    /// Whether something new came in.
    pub unread: bool,
    /// Whether it is sorted apart.
    pub apart: bool,
    /// When it was closed.
    pub closed: Option<NaiveDate>,
    /// The person.
    pub name: Private<String>,
}

impl LineRow {
    /// Whose it is, so that the right keys are taken.
    pub fn controller(&self) -> ControllerId {
        ControllerId(self.controller_id)
    }

    /// Opens the name. A purged case shows none.
    pub fn open(self, keys: &ControllerKeys) -> Result<Line, StoreError> {
        let id = CaseId(self.id);
        let name = match &self.key_wrapped {
            Some(wrapped) => {
                let key = Key::from_wrapped(wrapped, &keys.wrap, place("key_wrapped", id))?;
                open_json::<Summary>(&key, place("summary", id), &self.summary)?.name
            }
            None => Private::default(),
        };
        Ok(Line {
            name,
            ..self.unopened()?
        })
    }

    /// The line without the name, for work that needs no names.
    pub fn unopened(self) -> Result<Line, StoreError> {
        Ok(Line {
            id: CaseId(self.id),
            controller: ControllerId(self.controller_id),
            number: self.number,
            received: self.received,
            due: self.due,
            earliest: self.earliest,
            stage: Stage::from_code(&self.stage).ok_or(StoreError::Unreadable("stage"))?,
            turn: Turn::from_code(&self.turn).ok_or(StoreError::Unreadable("turn"))?,
            rights: Right::from_bits(self.rights),
            channel: self.channel,
            assignee: self.assignee.map(ClerkId),
            mailbox: self.mailbox,
            unread: self.unread,
            apart: self.apart,
            closed: self.closed,
            name: Private::default(),
        })
    }
}

/// Which lines of the queue are wanted.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Closed cases instead of open ones.
    pub closed: bool,
    /// Those sorted apart instead of the others.
    pub apart: bool,
    /// Only where it is this one's turn.
    pub turn: Option<Turn>,
    /// Only at this stage.
    pub stage: Option<Stage>,
    /// Only with this right.
    pub right: Option<Right>,
    /// Only of this clerk; `Some(None)` means of nobody.
    pub assignee: Option<Option<ClerkId>>,
    /// Only due on this day or before.
    pub due_by: Option<NaiveDate>,
    /// Only of this controller.
    pub controller: Option<ControllerId>,
    /// The newest first, instead of by date due.
    pub newest: bool,
}

/// Where the page before ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cursor {
    /// Date due of its last line.
    pub due: NaiveDate,
    /// Its last line.
    pub id: CaseId,
}

/// Narrows a query to what is wanted. A macro, not a function: what is selected is part of the query's type.
macro_rules! narrowed {
    ($query:ident, $filter:expr) => {
        if let Some(turn) = $filter.turn {
            $query = $query.filter(cases::turn.eq(turn.code()));
        }
        if let Some(stage) = $filter.stage {
            $query = $query.filter(cases::stage.eq(stage.code()));
        }
        if let Some(right) = $filter.right {
            $query = $query.filter(cases::rights.eq_any(masks_with(right)));
        }
        if let Some(day) = $filter.due_by {
            $query = $query.filter(cases::due.le(day));
        }
        match $filter.assignee {
            Some(Some(clerk)) => $query = $query.filter(cases::assignee.eq(clerk.0)),
            Some(None) => $query = $query.filter(cases::assignee.is_null()),
            None => {}
        }
    };
}

/// A page of the queue by date due. Per controller one range of the index is read, then the ranges are
/// merged: the cost does not grow with the number of cases.
pub fn page(
    conn: &mut Conn,
    scope: &Scope,
    filter: &Filter,
    after: Option<Cursor>,
    limit: i64,
) -> Result<Vec<LineRow>, StoreError> {
    let mut lines = Vec::new();
    for controller in scope.controllers() {
        if filter.controller.is_some_and(|only| only != controller) {
            continue;
        }
        let mut query = cases::table
            .filter(cases::controller_id.eq(controller.0))
            .filter(cases::open.eq(!filter.closed))
            .filter(cases::apart.eq(filter.apart))
            .select(LineRow::as_select())
            .limit(limit)
            .into_boxed();
        if !scope.sees_confidential(controller) {
            query = query.filter(cases::confidential.eq(false));
        }
        if filter.closed {
            // Says the same as `open`, in the words of the index of closed cases.
            query = query.filter(cases::closed.is_not_null());
        }
        // Ids are made in the order of time, so the newest case has the largest.
        query = match (filter.newest, after) {
            (true, None) => query.order(cases::id.desc()),
            (true, Some(Cursor { id, .. })) => {
                query.order(cases::id.desc()).filter(cases::id.lt(id.0))
            }
            (false, None) => query.order((cases::due.asc(), cases::id.asc())),
            (false, Some(Cursor { due, id })) => {
                query.order((cases::due.asc(), cases::id.asc())).filter(
                    cases::due
                        .ge(due)
                        .and(cases::due.gt(due).or(cases::id.gt(id.0))),
                )
            }
        };
        narrowed!(query, filter);
        lines.extend(query.load::<LineRow>(conn)?);
    }
    if filter.newest {
        lines.sort_by_key(|line| std::cmp::Reverse(line.id));
    } else {
        lines.sort_by_key(|line| (line.due, line.id));
    }
    lines.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    Ok(lines)
}

/// Every set of rights that holds this one; nine rights make it a short list.
fn masks_with(right: Right) -> Vec<i32> {
    let all = 1 << Right::ALL.len();
    (0..all).filter(|mask| mask & right.bit() != 0).collect()
}

/// How many lines a filter has, up to a cap; no page counts a whole table.
pub fn count(conn: &mut Conn, scope: &Scope, filter: &Filter, cap: i64) -> Result<i64, StoreError> {
    let mut total = 0;
    for controller in scope.controllers() {
        if filter.controller.is_some_and(|only| only != controller) {
            continue;
        }
        let mut query = cases::table
            .filter(cases::controller_id.eq(controller.0))
            .filter(cases::open.eq(!filter.closed))
            .filter(cases::apart.eq(filter.apart))
            .select(cases::id)
            .limit(cap - total)
            .into_boxed();
        if !scope.sees_confidential(controller) {
            query = query.filter(cases::confidential.eq(false));
        }
        narrowed!(query, filter);
        let found = query.load::<i64>(conn)?.len();
        total += i64::try_from(found).unwrap_or(i64::MAX);
        if total >= cap {
            break;
        }
    }
    Ok(total)
}

/// Lines of these cases, in the order of their dates; those out of reach are left out.
pub fn lines(conn: &mut Conn, scope: &Scope, ids: &[CaseId]) -> Result<Vec<LineRow>, StoreError> {
    let ids: Vec<i64> = ids.iter().map(|id| id.0).collect();
    let controllers: Vec<i64> = scope.controllers().iter().map(|id| id.0).collect();
    let mut rows: Vec<(LineRow, bool)> = cases::table
        .filter(cases::id.eq_any(ids))
        .filter(cases::controller_id.eq_any(controllers))
        .order((cases::due.asc(), cases::id.asc()))
        .select((LineRow::as_select(), cases::confidential))
        .load(conn)?;
    rows.retain(|(row, confidential)| !confidential || scope.sees_confidential(row.controller()));
    Ok(rows.into_iter().map(|(row, _)| row).collect())
}

/// Whether the scope reaches this case and may see it: what belongs to a case is shown to nobody else.
pub fn visible(conn: &mut Conn, scope: &Scope, case: CaseId) -> Result<bool, StoreError> {
    let found: Option<(i64, bool)> = cases::table
        .filter(cases::id.eq(case.0))
        .select((cases::controller_id, cases::confidential))
        .first(conn)
        .optional()?;
    Ok(found.is_some_and(|(controller, confidential)| {
        let controller = ControllerId(controller);
        scope.covers(controller) && (!confidential || scope.sees_confidential(controller))
    }))
}

/// The case of this number.
pub fn by_number(conn: &mut Conn, scope: &Scope, number: &str) -> Result<Vec<CaseId>, StoreError> {
    let controllers: Vec<i64> = scope.controllers().iter().map(|id| id.0).collect();
    let rows: Vec<(i64, i64, bool)> = cases::table
        .filter(cases::controller_id.eq_any(controllers))
        .filter(cases::number.eq(number))
        .select((cases::id, cases::controller_id, cases::confidential))
        .load(conn)?;
    let seen = |(_, controller, confidential): &(i64, i64, bool)| {
        !confidential || scope.sees_confidential(ControllerId(*controller))
    };
    Ok(rows
        .into_iter()
        .filter(seen)
        .map(|(id, ..)| CaseId(id))
        .collect())
}

/// Ids of open cases after this one: for work that goes through all of them in portions.
pub fn open_after(
    conn: &mut Conn,
    scope: &Scope,
    after: CaseId,
    limit: i64,
) -> Result<Vec<CaseId>, StoreError> {
    let controllers: Vec<i64> = scope.controllers().iter().map(|id| id.0).collect();
    let ids: Vec<i64> = cases::table
        .filter(cases::controller_id.eq_any(controllers))
        .filter(cases::open.eq(true))
        .filter(cases::id.gt(after.0))
        .order(cases::id.asc())
        .limit(limit)
        .select(cases::id)
        .load(conn)?;
    Ok(ids.into_iter().map(CaseId).collect())
}
