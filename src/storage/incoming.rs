//! Mail that came in: where it lay in its mailbox, how far it is, and what was understood of it.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::dsl::sql;
use diesel::expression::SqlLiteral;
use diesel::prelude::*;
use diesel::sql_types::Bool;

use super::cases;
use super::connection::{Conn, Ts, on_each};
use super::error::StoreError;
use super::schema::{file, incoming, mailbox_stand};
use crate::domain::ids::{CaseId, ControllerId, FileId, IncomingId};
use crate::domain::incoming::{IncomingState, Understood};
use crate::domain::scope::Scope;
use crate::seal::{ControllerKeys, Key, Place, open_json, seal_json};

/// A mail as it came in.
#[derive(Debug, Clone, Queryable, Insertable, Selectable)]
#[diesel(table_name = incoming)]
pub struct IncomingRow {
    id: i64,
    controller_id: i64,
    mailbox: String,
    validity: i64,
    uid: i64,
    state: String,
    file_id: Option<i64>,
    size: i64,
    whole: bool,
    case_id: Option<i64>,
    digest: Option<Vec<u8>>,
    reading_sealed: Option<Vec<u8>>,
    attempts: i32,
    locked_until: Option<Ts>,
    arrived_at: Ts,
    taken_at: Ts,
    judged_at: Option<Ts>,
    unmarked: bool,
}

/// Where a mail lies in its mailbox; with the controller it is known again by this.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spot {
    /// Whose mailbox.
    pub controller: ControllerId,
    /// The mailbox, as it is configured; empty for what was handed in as a file.
    pub mailbox: String,
    /// Its UIDVALIDITY; 0 for a file.
    pub validity: u32,
    /// Its UID; the row's own id for a file.
    pub uid: i64,
}

/// How far a mailbox was read.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
pub struct StandRow {
    /// Its UIDVALIDITY; 0 before the first time.
    pub validity: i64,
    /// The first UID that was not taken.
    pub next_uid: i64,
    /// The day on which it was read for the first time.
    pub begun_on: NaiveDate,
    /// When it was read last without trouble.
    pub read_at: Option<Ts>,
    /// What stands in the way; empty: nothing.
    pub trouble: String,
}

fn place(id: IncomingId) -> Place<'static> {
    Place {
        table: "incoming",
        column: "reading_sealed",
        id: id.0,
    }
}

impl IncomingRow {
    /// A mail that was just taken; its raw bytes lie in `file`.
    pub fn taken(
        id: IncomingId,
        spot: &Spot,
        (file, size, whole): (FileId, u64, bool),
        arrived: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> IncomingRow {
        IncomingRow {
            id: id.0,
            controller_id: spot.controller.0,
            mailbox: spot.mailbox.clone(),
            validity: i64::from(spot.validity),
            uid: spot.uid,
            state: IncomingState::New.code().to_owned(),
            file_id: Some(file.0),
            size: i64::try_from(size).unwrap_or(i64::MAX),
            whole,
            case_id: None,
            digest: None,
            reading_sealed: None,
            attempts: 0,
            locked_until: None,
            arrived_at: Ts::new(arrived),
            taken_at: Ts::new(now),
            judged_at: None,
            // A file has no server on which it could be marked.
            unmarked: !spot.mailbox.is_empty(),
        }
    }

    /// Its id.
    pub fn id(&self) -> IncomingId {
        IncomingId(self.id)
    }

    /// Whose it is.
    pub fn controller(&self) -> ControllerId {
        ControllerId(self.controller_id)
    }

    /// The mailbox, as it is configured; empty for what was handed in as a file.
    pub fn mailbox(&self) -> &str {
        &self.mailbox
    }

    /// How far it is.
    pub fn state(&self) -> Result<IncomingState, StoreError> {
        IncomingState::from_code(&self.state).ok_or(StoreError::Unreadable("incoming state"))
    }

    /// The sealed raw message; none when it was shredded.
    pub fn file(&self) -> Option<FileId> {
        self.file_id.map(FileId)
    }

    /// Bytes of the raw message.
    pub fn size(&self) -> u64 {
        u64::try_from(self.size).unwrap_or(0)
    }

    /// Whether all of it was taken, and not its head only.
    pub fn whole(&self) -> bool {
        self.whole
    }

    /// The case it lies in.
    pub fn case(&self) -> Option<CaseId> {
        self.case_id.map(CaseId)
    }

    /// How often it was tried to be read.
    pub fn attempts(&self) -> i32 {
        self.attempts
    }

    /// When the mailbox had it.
    pub fn arrived_at(&self) -> DateTime<Utc> {
        self.arrived_at.at()
    }

    /// What was understood, if it was read.
    pub fn understood(&self, keys: &ControllerKeys) -> Result<Option<Understood>, StoreError> {
        let Some(sealed) = &self.reading_sealed else {
            return Ok(None);
        };
        let key = keys.wrap.key_for(sealed)?;
        Ok(Some(open_json(key, place(self.id()), sealed)?))
    }
}

/// What was understood, as it is written.
pub fn seal(id: IncomingId, understood: &Understood, key: &Key) -> Result<Vec<u8>, StoreError> {
    Ok(seal_json(key, place(id), understood)?)
}

/// Which UIDs of a mailbox among these were taken before.
pub fn known(conn: &mut Conn, spot: &Spot, uids: &[i64]) -> Result<Vec<i64>, StoreError> {
    Ok(incoming::table
        .filter(incoming::controller_id.eq(spot.controller.0))
        .filter(incoming::mailbox.eq(&spot.mailbox))
        .filter(incoming::validity.eq(i64::from(spot.validity)))
        .filter(incoming::uid.eq_any(uids.to_vec()))
        .select(incoming::uid)
        .load(conn)?)
}

/// The index's own words, without which SQLite does not take it.
fn not_marked() -> SqlLiteral<Bool> {
    sql("unmarked")
}

/// What of a mailbox is kept and not marked at its server yet: numbering and number, the oldest first.
pub fn unmarked(
    conn: &mut Conn,
    controller: ControllerId,
    mailbox: &str,
    limit: i64,
) -> Result<Vec<(i64, i64)>, StoreError> {
    Ok(incoming::table
        .filter(incoming::controller_id.eq(controller.0))
        .filter(incoming::mailbox.eq(mailbox))
        .filter(not_marked())
        .order(incoming::uid.asc())
        .limit(limit)
        .select((incoming::validity, incoming::uid))
        .load(conn)?)
}

/// These are marked at their server, or are there no more.
pub fn marked(conn: &mut Conn, spot: &Spot, uids: &[i64]) -> Result<(), StoreError> {
    diesel::update(
        incoming::table
            .filter(incoming::controller_id.eq(spot.controller.0))
            .filter(incoming::mailbox.eq(&spot.mailbox))
            .filter(incoming::validity.eq(i64::from(spot.validity)))
            .filter(incoming::uid.eq_any(uids.to_vec())),
    )
    .set(incoming::unmarked.eq(false))
    .execute(conn)?;
    Ok(())
}

/// Writes a mail that was taken, unless another node had it first; says whether it was written.
pub fn take(conn: &mut Conn, row: &IncomingRow) -> Result<bool, StoreError> {
    let written = on_each!(conn, |inner| diesel::insert_into(incoming::table)
        .values(row)
        .on_conflict((
            incoming::controller_id,
            incoming::mailbox,
            incoming::validity,
            incoming::uid,
        ))
        .do_nothing()
        .execute(inner))?;
    Ok(written == 1)
}

/// Takes mails that wait to be read, the oldest first, and locks them until `lease`.
pub fn claim(
    conn: &mut Conn,
    now: DateTime<Utc>,
    lease: DateTime<Utc>,
    limit: i64,
) -> Result<Vec<IncomingRow>, StoreError> {
    // A macro, not a closure: each arm needs the query in its own backend's type.
    macro_rules! ready {
        () => {
            incoming::table
                .filter(incoming::state.eq(IncomingState::New.code()))
                .filter(
                    incoming::locked_until
                        .is_null()
                        .or(incoming::locked_until.lt(Some(Ts::new(now)))),
                )
                .order((incoming::arrived_at.asc(), incoming::id.asc()))
                .limit(limit)
                .select(IncomingRow::as_select())
        };
    }
    let rows: Vec<IncomingRow> = match conn {
        #[cfg(feature = "postgres")]
        Conn::Postgres(inner) => ready!().for_update().skip_locked().load(inner)?,
        Conn::Sqlite(inner) => ready!().load(inner)?,
    };
    let ids: Vec<i64> = rows.iter().map(|row| row.id).collect();
    diesel::update(incoming::table.filter(incoming::id.eq_any(ids)))
        .set((
            incoming::locked_until.eq(Some(Ts::new(lease))),
            incoming::attempts.eq(incoming::attempts + 1),
        ))
        .execute(conn)?;
    Ok(rows)
}

/// Frees what a node that died had taken; only where there is no other node.
pub fn free_leases(conn: &mut Conn) -> Result<usize, StoreError> {
    let taken = incoming::table.filter(incoming::locked_until.is_not_null());
    Ok(diesel::update(taken)
        .set(incoming::locked_until.eq(None::<Ts>))
        .execute(conn)?)
}

/// Writes down what was understood of a mail, and by which digest the same message is met again.
pub fn note(
    conn: &mut Conn,
    id: IncomingId,
    digest: &[u8; 32],
    sealed: &[u8],
) -> Result<(), StoreError> {
    diesel::update(incoming::table.find(id.0))
        .set((
            incoming::digest.eq(Some(digest.to_vec())),
            incoming::reading_sealed.eq(Some(sealed.to_vec())),
        ))
        .execute(conn)?;
    Ok(())
}

/// Writes down what became of a mail. One that lies in a case or was shredded is [`StoreError::Taken`].
pub fn judge(
    conn: &mut Conn,
    id: IncomingId,
    state: IncomingState,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let open = incoming::table
        .filter(incoming::id.eq(id.0))
        .filter(incoming::case_id.is_null())
        .filter(incoming::file_id.is_not_null());
    let written = diesel::update(open)
        .set((
            incoming::state.eq(state.code()),
            incoming::locked_until.eq(None::<Ts>),
            incoming::judged_at.eq(Some(Ts::new(now))),
        ))
        .execute(conn)?;
    match written {
        0 => Err(StoreError::Taken),
        _ => Ok(()),
    }
}

/// Lays a mail into a case, with its raw message. One that lies in a case already is [`StoreError::Taken`].
pub fn join(
    conn: &mut Conn,
    id: IncomingId,
    case: CaseId,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let free = incoming::table
        .filter(incoming::id.eq(id.0))
        .filter(incoming::case_id.is_null())
        .filter(incoming::file_id.is_not_null());
    let written = diesel::update(free)
        .set((
            incoming::state.eq(IncomingState::Case.code()),
            incoming::case_id.eq(Some(case.0)),
            incoming::locked_until.eq(None::<Ts>),
            incoming::judged_at.eq(Some(Ts::new(now))),
        ))
        .execute(conn)?;
    if written == 0 {
        return Err(StoreError::Taken);
    }
    let raw: Option<i64> = incoming::table
        .find(id.0)
        .select(incoming::file_id)
        .first(conn)?;
    if let Some(raw) = raw {
        diesel::update(file::table.find(raw))
            .set(file::case_id.eq(Some(case.0)))
            .execute(conn)?;
    }
    Ok(())
}

/// Whether the same message was taken before, by another mailbox or at another time; the first one.
pub fn same(
    conn: &mut Conn,
    controller: ControllerId,
    digest: &[u8; 32],
    but: IncomingId,
) -> Result<Option<IncomingRow>, StoreError> {
    Ok(incoming::table
        .filter(incoming::controller_id.eq(controller.0))
        .filter(incoming::digest.eq(Some(digest.to_vec())))
        .filter(incoming::id.ne(but.0))
        .order(incoming::id.asc())
        .select(IncomingRow::as_select())
        .first(conn)
        .optional()?)
}

/// The mails that lie in a case, the latest first.
pub fn of_case(conn: &mut Conn, case: CaseId, limit: i64) -> Result<Vec<IncomingRow>, StoreError> {
    Ok(incoming::table
        .filter(incoming::case_id.eq(Some(case.0)))
        .order(incoming::id.desc())
        .limit(limit)
        .select(IncomingRow::as_select())
        .load(conn)?)
}

/// One mail, if the scope reaches it.
pub fn load(conn: &mut Conn, scope: &Scope, id: IncomingId) -> Result<IncomingRow, StoreError> {
    let controllers: Vec<i64> = scope.controllers().iter().map(|id| id.0).collect();
    Ok(incoming::table
        .filter(incoming::id.eq(id.0))
        .filter(incoming::controller_id.eq_any(controllers))
        .select(IncomingRow::as_select())
        .first(conn)?)
}

/// The mails of a state, those first that wait longest; what is done, the newest first.
pub fn of_state(
    conn: &mut Conn,
    scope: &Scope,
    state: IncomingState,
    limit: i64,
) -> Result<Vec<IncomingRow>, StoreError> {
    let controllers: Vec<i64> = scope.controllers().iter().map(|id| id.0).collect();
    let rows = incoming::table
        .filter(incoming::controller_id.eq_any(controllers))
        .filter(incoming::state.eq(state.code()))
        .limit(limit)
        .select(IncomingRow::as_select());
    let waits = !matches!(state, IncomingState::No | IncomingState::Case);
    let rows: Vec<IncomingRow> = match waits {
        true => rows
            .order((incoming::arrived_at.asc(), incoming::id.asc()))
            .load(conn)?,
        false => rows
            .order((incoming::arrived_at.desc(), incoming::id.desc()))
            .load(conn)?,
    };
    // What lies in a case that only deciders see is not shown to others by its mail either.
    let mut seen = Vec::with_capacity(rows.len());
    for row in rows {
        let hidden = match row.case() {
            Some(case) => !cases::visible(conn, scope, case)?,
            None => false,
        };
        if !hidden {
            seen.push(row);
        }
    }
    Ok(seen)
}

/// How many mails wait for a person, at most `limit`.
pub fn waiting(conn: &mut Conn, scope: &Scope, limit: i64) -> Result<usize, StoreError> {
    let controllers: Vec<i64> = scope.controllers().iter().map(|id| id.0).collect();
    let states = [IncomingState::Unclear, IncomingState::Unreadable].map(IncomingState::code);
    let ids: Vec<i64> = incoming::table
        .filter(incoming::controller_id.eq_any(controllers))
        .filter(incoming::state.eq_any(states))
        .limit(limit)
        .select(incoming::id)
        .load(conn)?;
    Ok(ids.len())
}

/// Mails that ask for nothing and were judged so before `before`: with what is sealed, so that it can be stripped.
pub fn to_shred(
    conn: &mut Conn,
    before: DateTime<Utc>,
    limit: i64,
) -> Result<Vec<IncomingRow>, StoreError> {
    Ok(incoming::table
        .filter(incoming::state.eq(IncomingState::No.code()))
        .filter(incoming::judged_at.lt(Some(Ts::new(before))))
        .order(incoming::id.asc())
        .limit(limit)
        .select(IncomingRow::as_select())
        .load(conn)?)
}

/// Takes the raw message of such a mail away with its key; gives back where its bytes lie.
pub fn shred(
    conn: &mut Conn,
    id: IncomingId,
    stripped: Option<Vec<u8>>,
) -> Result<Option<String>, StoreError> {
    let raw: Option<i64> = incoming::table
        .find(id.0)
        .filter(incoming::state.eq(IncomingState::No.code()))
        .select(incoming::file_id)
        .first(conn)?;
    let stored = match raw {
        Some(raw) => file::table
            .find(raw)
            .select(file::stored)
            .first(conn)
            .optional()?,
        None => None,
    };
    if let Some(raw) = raw {
        diesel::delete(file::table.find(raw)).execute(conn)?;
    }
    diesel::update(incoming::table.find(id.0))
        .set((
            incoming::state.eq(IncomingState::Gone.code()),
            incoming::file_id.eq(None::<i64>),
            incoming::reading_sealed.eq(stripped),
        ))
        .execute(conn)?;
    Ok(stored)
}

/// How far a mailbox was read; nothing before the first time.
pub fn stand(
    conn: &mut Conn,
    controller: ControllerId,
    mailbox: &str,
) -> Result<Option<StandRow>, StoreError> {
    Ok(mailbox_stand::table
        .find((controller.0, mailbox))
        .select((
            mailbox_stand::validity,
            mailbox_stand::next_uid,
            mailbox_stand::begun_on,
            mailbox_stand::read_at,
            mailbox_stand::trouble,
        ))
        .first(conn)
        .optional()?)
}

/// The stands of the mailboxes in reach, by name.
pub fn stands(
    conn: &mut Conn,
    scope: &Scope,
) -> Result<Vec<(ControllerId, String, StandRow)>, StoreError> {
    let controllers: Vec<i64> = scope.controllers().iter().map(|id| id.0).collect();
    let rows: Vec<(i64, String, StandRow)> = mailbox_stand::table
        .filter(mailbox_stand::controller_id.eq_any(controllers))
        .order((
            mailbox_stand::controller_id.asc(),
            mailbox_stand::mailbox.asc(),
        ))
        .select((
            mailbox_stand::controller_id,
            mailbox_stand::mailbox,
            (
                mailbox_stand::validity,
                mailbox_stand::next_uid,
                mailbox_stand::begun_on,
                mailbox_stand::read_at,
                mailbox_stand::trouble,
            ),
        ))
        .load(conn)?;
    Ok(rows
        .into_iter()
        .map(|(controller, mailbox, stand)| (ControllerId(controller), mailbox, stand))
        .collect())
}

/// Enters a mailbox when it is read for the first time.
pub fn begin(
    conn: &mut Conn,
    controller: ControllerId,
    mailbox: &str,
    today: NaiveDate,
) -> Result<(), StoreError> {
    on_each!(conn, |inner| diesel::insert_into(mailbox_stand::table)
        .values((
            mailbox_stand::controller_id.eq(controller.0),
            mailbox_stand::mailbox.eq(mailbox),
            mailbox_stand::validity.eq(0),
            mailbox_stand::next_uid.eq(0),
            mailbox_stand::begun_on.eq(today),
            mailbox_stand::read_at.eq(None::<Ts>),
            mailbox_stand::trouble.eq(""),
        ))
        .on_conflict((mailbox_stand::controller_id, mailbox_stand::mailbox))
        .do_nothing()
        .execute(inner))?;
    Ok(())
}

/// Moves the stand of a mailbox on; never backwards within the same validity.
pub fn advance(
    conn: &mut Conn,
    controller: ControllerId,
    mailbox: &str,
    (validity, next): (u32, u32),
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let (validity, next) = (i64::from(validity), i64::from(next));
    let behind = mailbox_stand::table.find((controller.0, mailbox)).filter(
        mailbox_stand::validity
            .ne(validity)
            .or(mailbox_stand::next_uid.le(next)),
    );
    diesel::update(behind)
        .set((
            mailbox_stand::validity.eq(validity),
            mailbox_stand::next_uid.eq(next),
            mailbox_stand::read_at.eq(Some(Ts::new(now))),
            mailbox_stand::trouble.eq(""),
        ))
        .execute(conn)?;
    Ok(())
}

/// Notes what stands in the way of a mailbox.
pub fn troubled(
    conn: &mut Conn,
    controller: ControllerId,
    mailbox: &str,
    why: &str,
) -> Result<(), StoreError> {
    diesel::update(mailbox_stand::table.find((controller.0, mailbox)))
        .set(mailbox_stand::trouble.eq(why))
        .execute(conn)?;
    Ok(())
}
