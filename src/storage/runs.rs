//! What connected systems are asked to do for a case: one row for each time, and how far it is.

use chrono::{DateTime, Utc};
use diesel::prelude::*;

use super::cases;
use super::connection::{Conn, Ts, on_each};
use super::error::StoreError;
use super::schema::{source_pause, source_run};
use crate::domain::ids::{CaseId, ControllerId, SystemId};
use crate::domain::scope::{Actor, Scope};

/// What a system is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RunKind {
    /// Whom it holds.
    Find,
    /// Copies of the files that go with the answer.
    Copy,
    /// To do what was decided.
    Act,
}

impl RunKind {
    /// Its name in storage.
    pub fn code(self) -> &'static str {
        match self {
            RunKind::Find => "find",
            RunKind::Copy => "copy",
            RunKind::Act => "act",
        }
    }

    /// The kind of that name.
    pub fn from_code(code: &str) -> Option<RunKind> {
        [RunKind::Find, RunKind::Copy, RunKind::Act]
            .into_iter()
            .find(|kind| kind.code() == code)
    }
}

/// How far it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RunState {
    /// It waits for its turn, or for another try.
    Waiting,
    /// It is under way.
    Running,
    /// It is done.
    Done,
    /// It does not work; a person looks.
    Failed,
    /// A person took it back.
    Stopped,
}

impl RunState {
    /// Its name in storage.
    pub fn code(self) -> &'static str {
        match self {
            RunState::Waiting => "waiting",
            RunState::Running => "running",
            RunState::Done => "done",
            RunState::Failed => "failed",
            RunState::Stopped => "stopped",
        }
    }

    fn from_code(code: &str) -> Result<RunState, StoreError> {
        [
            RunState::Waiting,
            RunState::Running,
            RunState::Done,
            RunState::Failed,
            RunState::Stopped,
        ]
        .into_iter()
        .find(|state| state.code() == code)
        .ok_or(StoreError::Unreadable("run state"))
    }

    /// Whether something may still come of it without a person.
    pub fn open(self) -> bool {
        matches!(self, RunState::Waiting | RunState::Running)
    }
}

/// A run.
#[derive(Debug, Clone, Queryable, Insertable, Selectable)]
#[diesel(table_name = source_run)]
pub struct RunRow {
    id: i64,
    controller_id: i64,
    case_id: i64,
    system_id: i64,
    source: String,
    kind: String,
    promise: String,
    state: String,
    run_at: Ts,
    attempts: i32,
    locked_until: Option<Ts>,
    fault: String,
    detail: String,
    laid: i64,
    begun_at: Option<Ts>,
    ended_at: Option<Ts>,
    body_sealed: Option<Vec<u8>>,
}

/// What a new run needs.
#[derive(Debug, Clone)]
pub struct NewRun {
    /// Its id.
    pub id: i64,
    /// For whom.
    pub controller: ControllerId,
    /// In which case.
    pub case: CaseId,
    /// In which system of the register.
    pub system: SystemId,
    /// By which connection.
    pub source: String,
    /// What for.
    pub kind: RunKind,
    /// What makes it the same one when it is promised again.
    pub promise: String,
    /// From when on.
    pub run_at: DateTime<Utc>,
    /// What it needs to know, sealed under the case's key.
    pub body_sealed: Option<Vec<u8>>,
}

impl From<NewRun> for RunRow {
    fn from(new: NewRun) -> RunRow {
        RunRow {
            id: new.id,
            controller_id: new.controller.0,
            case_id: new.case.0,
            system_id: new.system.0,
            source: new.source,
            kind: new.kind.code().to_owned(),
            promise: new.promise,
            state: RunState::Waiting.code().to_owned(),
            run_at: Ts::new(new.run_at),
            attempts: 0,
            locked_until: None,
            fault: String::new(),
            detail: String::new(),
            laid: 0,
            begun_at: None,
            ended_at: None,
            body_sealed: new.body_sealed,
        }
    }
}

impl RunRow {
    /// Its id.
    pub fn id(&self) -> i64 {
        self.id
    }

    /// For whom.
    pub fn controller(&self) -> ControllerId {
        ControllerId(self.controller_id)
    }

    /// In which case.
    pub fn case(&self) -> CaseId {
        CaseId(self.case_id)
    }

    /// In which system of the register.
    pub fn system(&self) -> SystemId {
        SystemId(self.system_id)
    }

    /// By which connection.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// What for.
    pub fn kind(&self) -> Result<RunKind, StoreError> {
        RunKind::from_code(&self.kind).ok_or(StoreError::Unreadable("run kind"))
    }

    /// How far it is.
    pub fn state(&self) -> Result<RunState, StoreError> {
        RunState::from_code(&self.state)
    }

    /// How often it was tried.
    pub fn attempts(&self) -> i32 {
        self.attempts
    }

    /// When it is tried, or tried again.
    pub fn run_at(&self) -> DateTime<Utc> {
        self.run_at.at()
    }

    /// Why the last try did not work; a code.
    pub fn fault(&self) -> &str {
        &self.fault
    }

    /// What the other side said about it; no personal data.
    pub fn detail(&self) -> &str {
        &self.detail
    }

    /// How much it has brought so far.
    pub fn laid(&self) -> u64 {
        u64::try_from(self.laid).unwrap_or(0)
    }

    /// When the last try began.
    pub fn begun_at(&self) -> Option<DateTime<Utc>> {
        self.begun_at.map(Ts::at)
    }

    /// When it ended.
    pub fn ended_at(&self) -> Option<DateTime<Utc>> {
        self.ended_at.map(Ts::at)
    }

    /// What it needs to know, sealed under the case's key.
    pub fn body(&self) -> Option<&[u8]> {
        self.body_sealed.as_deref()
    }
}

/// Promises a run; silent when this promise exists already. Says whether it is new.
pub fn promise(conn: &mut Conn, row: &RunRow) -> Result<bool, StoreError> {
    let written = on_each!(conn, |inner| diesel::insert_into(source_run::table)
        .values(row)
        .on_conflict(source_run::promise)
        .do_nothing()
        .execute(inner))?;
    Ok(written == 1)
}

/// Claims what is due for one connection until `lease`, at most so many, the oldest first; whoever dies with it gives
/// it free again then.
pub fn claim(
    conn: &mut Conn,
    (controller, source): (ControllerId, &str),
    now: DateTime<Utc>,
    lease: DateTime<Utc>,
    limit: i64,
) -> Result<Vec<RunRow>, StoreError> {
    // A macro, not a closure: each arm needs the query in its own backend's type.
    macro_rules! ready {
        () => {
            source_run::table
                .filter(source_run::controller_id.eq(controller.0))
                .filter(source_run::source.eq(source))
                .filter(source_run::state.eq(RunState::Waiting.code()))
                .filter(source_run::run_at.le(Ts::new(now)))
                .order((source_run::run_at.asc(), source_run::id.asc()))
                .limit(limit)
                .select(RunRow::as_select())
        };
    }
    let rows: Vec<RunRow> = match conn {
        #[cfg(feature = "postgres")]
        Conn::Postgres(inner) => ready!().for_update().skip_locked().load(inner)?,
        Conn::Sqlite(inner) => ready!().load(inner)?,
    };
    let ids: Vec<i64> = rows.iter().map(|row| row.id).collect();
    diesel::update(source_run::table.filter(source_run::id.eq_any(ids)))
        .set((
            source_run::state.eq(RunState::Running.code()),
            source_run::locked_until.eq(Some(Ts::new(lease))),
            source_run::attempts.eq(source_run::attempts + 1),
            source_run::begun_at.eq(Some(Ts::new(now))),
            source_run::ended_at.eq(None::<Ts>),
        ))
        .execute(conn)?;
    Ok(rows)
}

/// Which connections have something that is due.
pub fn due(
    conn: &mut Conn,
    controller: ControllerId,
    source: &str,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let first: Option<i64> = source_run::table
        .filter(source_run::controller_id.eq(controller.0))
        .filter(source_run::source.eq(source))
        .filter(source_run::state.eq(RunState::Waiting.code()))
        .filter(source_run::run_at.le(Ts::new(now)))
        .select(source_run::id)
        .first(conn)
        .optional()?;
    Ok(first.is_some())
}

/// Gives free what somebody claimed who is gone: whose lease is over, or all where there is no other node.
pub fn free_leases(conn: &mut Conn, over: Option<DateTime<Utc>>) -> Result<usize, StoreError> {
    let mut held: Vec<(i64, Option<Ts>)> = source_run::table
        .filter(source_run::locked_until.is_not_null())
        .select((source_run::id, source_run::locked_until))
        .load(conn)?;
    if let Some(over) = over {
        held.retain(|(_, until)| until.is_none_or(|until| until.at() < over));
    }
    let ids: Vec<i64> = held.into_iter().map(|(id, _)| id).collect();
    if ids.is_empty() {
        return Ok(0);
    }
    Ok(
        diesel::update(source_run::table.filter(source_run::id.eq_any(ids)))
            .set((
                source_run::state.eq(RunState::Waiting.code()),
                source_run::locked_until.eq(None::<Ts>),
            ))
            .execute(conn)?,
    )
}

/// Where a run ended, for now or for good.
#[derive(Debug, Clone)]
pub struct Ended {
    /// How far it is.
    pub state: RunState,
    /// When it is tried again.
    pub run_at: Option<DateTime<Utc>>,
    /// Why it did not work; a code.
    pub fault: String,
    /// What the other side said about it; no personal data.
    pub detail: String,
}

impl Ended {
    /// It is done.
    pub fn done() -> Ended {
        Ended {
            state: RunState::Done,
            run_at: None,
            fault: String::new(),
            detail: String::new(),
        }
    }
}

/// Writes down where it ended. What was stopped meanwhile stays stopped.
pub fn settle(
    conn: &mut Conn,
    id: i64,
    ended: &Ended,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let row = source_run::table
        .filter(source_run::id.eq(id))
        .filter(source_run::state.eq(RunState::Running.code()));
    diesel::update(row)
        .set((
            source_run::state.eq(ended.state.code()),
            source_run::run_at.eq(Ts::new(ended.run_at.unwrap_or(now))),
            source_run::locked_until.eq(None::<Ts>),
            source_run::fault.eq(&ended.fault),
            source_run::detail.eq(&ended.detail),
            source_run::ended_at.eq(Some(Ts::new(now))),
        ))
        .execute(conn)?;
    Ok(())
}

/// Holds on to a run that takes longer; says whether it is still ours.
pub fn hold(conn: &mut Conn, id: i64, until: DateTime<Utc>) -> Result<bool, StoreError> {
    let row = source_run::table
        .filter(source_run::id.eq(id))
        .filter(source_run::state.eq(RunState::Running.code()));
    let held = diesel::update(row)
        .set(source_run::locked_until.eq(Some(Ts::new(until))))
        .execute(conn)?;
    Ok(held == 1)
}

/// How much it has brought so far, for the page.
pub fn progress(conn: &mut Conn, id: i64, laid: u64) -> Result<(), StoreError> {
    diesel::update(source_run::table.find(id))
        .set(source_run::laid.eq(i64::try_from(laid).unwrap_or(i64::MAX)))
        .execute(conn)?;
    Ok(())
}

/// All runs of a case, the oldest first.
pub fn of_case(conn: &mut Conn, scope: &Scope, case: CaseId) -> Result<Vec<RunRow>, StoreError> {
    cases::load(conn, scope, case)?;
    Ok(source_run::table
        .filter(source_run::case_id.eq(case.0))
        .order(source_run::id.asc())
        .select(RunRow::as_select())
        .load(conn)?)
}

/// The run of a connection that ended last, for now or for good.
pub fn latest(
    conn: &mut Conn,
    scope: &Scope,
    controller: ControllerId,
    source: &str,
) -> Result<Option<RunRow>, StoreError> {
    if !scope.covers(controller) {
        return Err(StoreError::NotFound);
    }
    Ok(source_run::table
        .filter(source_run::controller_id.eq(controller.0))
        .filter(source_run::source.eq(source))
        .filter(source_run::ended_at.is_not_null())
        .order((source_run::ended_at.desc(), source_run::id.desc()))
        .select(RunRow::as_select())
        .first(conn)
        .optional()?)
}

/// One run.
pub fn load(conn: &mut Conn, scope: &Scope, id: i64) -> Result<RunRow, StoreError> {
    let row: RunRow = source_run::table
        .find(id)
        .select(RunRow::as_select())
        .first(conn)
        .optional()?
        .ok_or(StoreError::NotFound)?;
    match scope.covers(row.controller()) {
        true => Ok(row),
        false => Err(StoreError::NotFound),
    }
}

/// Tries a run again that failed or was stopped, or waits for another try; says whether there was one.
pub fn again(conn: &mut Conn, id: i64, now: DateTime<Utc>) -> Result<bool, StoreError> {
    let row = source_run::table
        .filter(source_run::id.eq(id))
        .filter(source_run::state.ne(RunState::Running.code()));
    let changed = diesel::update(row)
        .set((
            source_run::state.eq(RunState::Waiting.code()),
            source_run::run_at.eq(Ts::new(now)),
            source_run::attempts.eq(0),
            source_run::locked_until.eq(None::<Ts>),
        ))
        .execute(conn)?;
    Ok(changed == 1)
}

/// Stops what has not been done of a case.
pub fn stop_of_case(
    conn: &mut Conn,
    case: CaseId,
    now: DateTime<Utc>,
) -> Result<usize, StoreError> {
    let open = source_run::table
        .filter(source_run::case_id.eq(case.0))
        .filter(source_run::state.eq_any([
            RunState::Waiting.code(),
            RunState::Running.code(),
            RunState::Failed.code(),
        ]));
    Ok(diesel::update(open)
        .set((
            source_run::state.eq(RunState::Stopped.code()),
            source_run::locked_until.eq(None::<Ts>),
            source_run::ended_at.eq(Some(Ts::new(now))),
        ))
        .execute(conn)?)
}

/// Forgets the runs of a case that is gone.
pub fn forget(conn: &mut Conn, case: CaseId) -> Result<(), StoreError> {
    diesel::delete(source_run::table.filter(source_run::case_id.eq(case.0))).execute(conn)?;
    Ok(())
}

// ---- the switch

/// A system that is not asked for the time being.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paused {
    /// Its connection; empty means all of the controller.
    pub source: String,
    /// Since when.
    pub since: DateTime<Utc>,
    /// Who switched it off.
    pub actor: Actor,
}

/// What is not asked for the time being.
pub fn paused(
    conn: &mut Conn,
    scope: &Scope,
    controller: ControllerId,
) -> Result<Vec<Paused>, StoreError> {
    if !scope.covers(controller) {
        return Err(StoreError::NotFound);
    }
    let rows: Vec<(String, Ts, String)> = source_pause::table
        .filter(source_pause::controller_id.eq(controller.0))
        .order(source_pause::source.asc())
        .select((
            source_pause::source,
            source_pause::since,
            source_pause::actor,
        ))
        .load(conn)?;
    Ok(rows
        .into_iter()
        .map(|(source, since, actor)| Paused {
            source,
            since: since.at(),
            actor: Actor(actor),
        })
        .collect())
}

/// Switches a system off.
pub fn pause(conn: &mut Conn, controller: ControllerId, paused: &Paused) -> Result<(), StoreError> {
    on_each!(conn, |inner| diesel::insert_into(source_pause::table)
        .values((
            source_pause::controller_id.eq(controller.0),
            source_pause::source.eq(&paused.source),
            source_pause::since.eq(Ts::new(paused.since)),
            source_pause::actor.eq(&paused.actor.0),
        ))
        .on_conflict((source_pause::controller_id, source_pause::source))
        .do_nothing()
        .execute(inner))?;
    Ok(())
}

/// Switches it on again.
pub fn resume(conn: &mut Conn, controller: ControllerId, source: &str) -> Result<(), StoreError> {
    diesel::delete(source_pause::table.find((controller.0, source))).execute(conn)?;
    Ok(())
}
