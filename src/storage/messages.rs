//! Messages in and out. An outgoing one is a promise first, then a letter with a fixed text and a fixed
//! Message-ID, and stays until it is delivered or lies with a person.

use chrono::{DateTime, Utc};
use diesel::dsl::sql;
use diesel::expression::SqlLiteral;
use diesel::prelude::*;
use diesel::sql_types::Bool;
use serde::{Deserialize, Serialize};

use super::cases;
use super::connection::{Conn, Ts, on_each};
use super::error::StoreError;
use super::schema::message;
use crate::domain::ids::{CaseId, ClerkId, ControllerId, FileId, MessageId};
use crate::domain::private::Private;
use crate::domain::scope::Scope;
use crate::seal::{ControllerKeys, Key, Place, open_json, seal_json};

/// How far a message is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MessageState {
    /// Came in.
    Received,
    /// Promised; will be printed and sent.
    Queued,
    /// Printed, and handed to the mail server; nobody knows yet whether it took it.
    InFlight,
    /// Taken by the mail server.
    Sent,
    /// Refused for good; lies with a person.
    Failed,
    /// No mail server is configured; kept.
    Held,
    /// Not sent on purpose: this address got its one mail today.
    Withheld,
}

impl MessageState {
    /// Its name in storage.
    pub fn code(self) -> &'static str {
        match self {
            MessageState::Received => "received",
            MessageState::Queued => "queued",
            MessageState::InFlight => "in-flight",
            MessageState::Sent => "sent",
            MessageState::Failed => "failed",
            MessageState::Held => "held",
            MessageState::Withheld => "withheld",
        }
    }

    fn from_code(code: &str) -> Option<MessageState> {
        [
            MessageState::Received,
            MessageState::Queued,
            MessageState::InFlight,
            MessageState::Sent,
            MessageState::Failed,
            MessageState::Held,
            MessageState::Withheld,
        ]
        .into_iter()
        .find(|state| state.code() == code)
    }
}

/// What a message says, or what it will be printed from; sealed.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Body {
    /// To whom it goes, if out.
    pub to: Option<Private<String>>,
    /// The name to the address.
    pub to_name: Option<Private<String>>,
    /// The subject; empty until printed.
    pub subject: String,
    /// The text; empty until printed.
    pub text: Private<String>,
    /// The same words as HTML, if printed.
    pub html: Option<Private<String>>,
    /// What the printer needs: links, codes, lines. Names are the template's.
    #[serde(default)]
    pub vars: std::collections::BTreeMap<String, Private<String>>,
    /// Files that came along.
    #[serde(default)]
    pub files: Vec<FileId>,
    /// Who wrote, where that is not the person of the case.
    #[serde(default)]
    pub from: Option<Private<String>>,
}

/// A message as it is written.
#[derive(Debug, Clone, Queryable, Insertable, Selectable)]
#[diesel(table_name = message)]
pub struct MessageRow {
    id: i64,
    controller_id: i64,
    case_id: Option<i64>,
    clerk_id: Option<i64>,
    kind: String,
    created_at: Ts,
    state: String,
    next_at: Option<Ts>,
    attempts: i32,
    promise: Option<String>,
    message_id: String,
    body_sealed: Vec<u8>,
    trouble: String,
    settled_at: Option<Ts>,
}

fn place(id: i64) -> Place<'static> {
    Place {
        table: "message",
        column: "body_sealed",
        id,
    }
}

/// What a new message needs besides its body.
#[derive(Debug, Clone)]
pub struct Draft {
    /// Its id.
    pub id: MessageId,
    /// Whose it is.
    pub controller: ControllerId,
    /// The case it belongs to.
    pub case: Option<CaseId>,
    /// The clerk it goes to, if it goes to staff.
    pub clerk: Option<ClerkId>,
    /// What it is; a template's name for what goes out.
    pub kind: String,
    /// How far it is.
    pub state: MessageState,
    /// When it shall go out.
    pub next_at: Option<DateTime<Utc>>,
    /// A unique key where it must exist once only.
    pub promise: Option<String>,
    /// Our own Message-ID.
    pub message_id: String,
}

impl MessageRow {
    /// Seals a message.
    pub fn seal(
        draft: Draft,
        body: &Body,
        key: &Key,
        at: DateTime<Utc>,
    ) -> Result<MessageRow, StoreError> {
        Ok(MessageRow {
            id: draft.id.0,
            controller_id: draft.controller.0,
            case_id: draft.case.map(|case| case.0),
            clerk_id: draft.clerk.map(|clerk| clerk.0),
            kind: draft.kind,
            created_at: Ts::new(at),
            state: draft.state.code().to_owned(),
            next_at: draft.next_at.map(Ts::new),
            attempts: 0,
            promise: draft.promise,
            message_id: draft.message_id,
            body_sealed: seal_json(key, place(draft.id.0), body)?,
            trouble: String::new(),
            settled_at: None,
        })
    }

    /// The same message, kept but not sent.
    pub fn withheld(self) -> MessageRow {
        MessageRow {
            state: MessageState::Withheld.code().to_owned(),
            next_at: None,
            promise: None,
            ..self
        }
    }

    /// Opens what it says.
    pub fn open(&self, key: &Key) -> Result<Body, StoreError> {
        Ok(open_json(key, place(self.id), &self.body_sealed)?)
    }

    /// The key of a message that belongs to no case: the controller's, of the version it was sealed with.
    pub fn house_key(&self, keys: &ControllerKeys) -> Result<Key, StoreError> {
        Ok(keys.wrap.key_for(&self.body_sealed)?.clone())
    }

    /// Seals another body in the same place.
    pub fn reseal(&self, body: &Body, key: &Key) -> Result<Vec<u8>, StoreError> {
        Ok(seal_json(key, place(self.id), body)?)
    }

    /// Its id.
    pub fn id(&self) -> MessageId {
        MessageId(self.id)
    }

    /// Whose it is.
    pub fn controller(&self) -> ControllerId {
        ControllerId(self.controller_id)
    }

    /// The case it belongs to.
    pub fn case(&self) -> Option<CaseId> {
        self.case_id.map(CaseId)
    }

    /// The clerk it goes to.
    pub fn clerk(&self) -> Option<ClerkId> {
        self.clerk_id.map(ClerkId)
    }

    /// What it is.
    pub fn kind(&self) -> &str {
        &self.kind
    }

    /// When it was made.
    pub fn created_at(&self) -> DateTime<Utc> {
        self.created_at.at()
    }

    /// How far it is.
    pub fn state(&self) -> Result<MessageState, StoreError> {
        MessageState::from_code(&self.state).ok_or(StoreError::Unreadable("message state"))
    }

    /// How often it was tried.
    pub fn attempts(&self) -> i32 {
        self.attempts
    }

    /// When it ended: taken by the mail server, refused, or stopped.
    pub fn settled_at(&self) -> Option<DateTime<Utc>> {
        self.settled_at.map(Ts::at)
    }

    /// When it is tried next.
    pub fn next_at(&self) -> Option<DateTime<Utc>> {
        self.next_at.map(Ts::at)
    }

    /// Our own Message-ID.
    pub fn message_id(&self) -> &str {
        &self.message_id
    }

    /// What went wrong last; no personal data.
    pub fn trouble(&self) -> &str {
        &self.trouble
    }
}

/// Writes a message. One whose promise exists already is [`StoreError::Taken`].
pub fn insert(conn: &mut Conn, row: &MessageRow) -> Result<(), StoreError> {
    diesel::insert_into(message::table)
        .values(row)
        .execute(conn)?;
    Ok(())
}

/// Writes a message unless its promise exists already; says whether it was written.
pub fn promise(conn: &mut Conn, row: &MessageRow) -> Result<bool, StoreError> {
    let written = on_each!(conn, |inner| diesel::insert_into(message::table)
        .values(row)
        .on_conflict(message::promise)
        .do_nothing()
        .execute(inner))?;
    Ok(written == 1)
}

/// A message of ours that one of these ids names; of several the first id's.
pub fn named(
    conn: &mut Conn,
    controller: ControllerId,
    ids: &[String],
) -> Result<Option<MessageRow>, StoreError> {
    for id in ids {
        let row: Option<MessageRow> = message::table
            .filter(message::message_id.eq(id))
            // Said so that the index of those that have one is used.
            .filter(message::message_id.ne(""))
            .filter(message::controller_id.eq(controller.0))
            .select(MessageRow::as_select())
            .first(conn)
            .optional()?;
        if row.is_some() {
            return Ok(row);
        }
    }
    Ok(None)
}

/// Takes messages that are due, and locks them until `lease`: a second node, or this one after a crash,
/// finds them again only then.
pub fn claim(
    conn: &mut Conn,
    now: DateTime<Utc>,
    lease: DateTime<Utc>,
    limit: i64,
) -> Result<Vec<MessageRow>, StoreError> {
    // A macro, not a closure: each arm needs the query in its own backend's type.
    macro_rules! due {
        () => {
            message::table
                .filter(message::next_at.le(Ts::new(now)))
                .order((message::next_at.asc(), message::id.asc()))
                .limit(limit)
                .select(MessageRow::as_select())
        };
    }
    let rows: Vec<MessageRow> = match conn {
        #[cfg(feature = "postgres")]
        Conn::Postgres(inner) => due!().for_update().skip_locked().load(inner)?,
        Conn::Sqlite(inner) => due!().load(inner)?,
    };
    let ids: Vec<i64> = rows.iter().map(|row| row.id).collect();
    diesel::update(message::table.filter(message::id.eq_any(ids)))
        .set(message::next_at.eq(Ts::new(lease)))
        .execute(conn)?;
    Ok(rows)
}

/// Frees what a node that died had taken; only where there is no other node. What waited for another
/// try comes a little earlier by it.
pub fn free_leases(conn: &mut Conn, now: DateTime<Utc>) -> Result<usize, StoreError> {
    let taken = message::table.filter(message::next_at.gt(Ts::new(now)));
    Ok(diesel::update(taken)
        .set(message::next_at.eq(Some(Ts::new(now))))
        .execute(conn)?)
}

/// The printed letter, kept before it is handed to the mail server: a repeat is the same letter. One that was
/// stopped meanwhile is [`StoreError::Taken`] and stays in the house.
pub fn take_off(conn: &mut Conn, id: MessageId, body_sealed: &[u8]) -> Result<(), StoreError> {
    let stopped = MessageState::Withheld.code();
    let taken = diesel::update(
        message::table
            .filter(message::id.eq(id.0))
            .filter(message::state.ne(stopped)),
    )
    .set((
        message::state.eq(MessageState::InFlight.code()),
        message::body_sealed.eq(body_sealed),
        message::attempts.eq(message::attempts + 1),
    ))
    .execute(conn)?;
    if taken == 1 {
        Ok(())
    } else {
        Err(StoreError::Taken)
    }
}

/// Stops what a case still has in the outbox for the person; says how much it was. What the mail server has in
/// its hands at this moment cannot be called back and settles itself.
pub fn stop_of_case(
    conn: &mut Conn,
    case: CaseId,
    now: DateTime<Utc>,
    why: &str,
) -> Result<usize, StoreError> {
    Ok(diesel::update(
        message::table
            .filter(message::case_id.eq(case.0))
            .filter(message::kind.not_like("notice-%"))
            .filter(message::kind.not_like("owner_%"))
            .filter(message::state.eq_any(["queued", "in-flight", "held", "failed"])),
    )
    .set((
        message::state.eq(MessageState::Withheld.code()),
        message::next_at.eq(None::<Ts>),
        message::trouble.eq(why),
        message::settled_at.eq(Some(Ts::new(now))),
    ))
    .execute(conn)?)
}

/// Stops a promised mail that is still in the outbox.
pub fn stop_promised(
    conn: &mut Conn,
    controller: ControllerId,
    promise: &str,
    now: DateTime<Utc>,
    why: &str,
) -> Result<usize, StoreError> {
    Ok(diesel::update(
        message::table
            .filter(message::controller_id.eq(controller.0))
            .filter(message::promise.eq(Some(promise)))
            .filter(message::state.eq_any(["queued", "in-flight", "held", "failed"])),
    )
    .set((
        message::state.eq(MessageState::Withheld.code()),
        message::next_at.eq(None::<Ts>),
        message::trouble.eq(why),
        message::settled_at.eq(Some(Ts::new(now))),
    ))
    .execute(conn)?)
}

/// Forgets mails of the house that went to staff before this time: reminders, checkpoints.
pub fn forget_house_mail(conn: &mut Conn, before: DateTime<Utc>) -> Result<usize, StoreError> {
    Ok(diesel::delete(
        message::table
            .filter(message::case_id.is_null())
            .filter(message::kind.eq_any(["digest", "checkpoint"]))
            .filter(message::next_at.is_null())
            .filter(message::settled_at.lt(Some(Ts::new(before)))),
    )
    .execute(conn)?)
}

/// Binds a message to another promise; if that one is given already, it is [`StoreError::Taken`].
pub fn promise_anew(conn: &mut Conn, id: MessageId, promise: &str) -> Result<(), StoreError> {
    diesel::update(message::table.find(id.0))
        .set(message::promise.eq(Some(promise)))
        .execute(conn)?;
    Ok(())
}

/// Where a message ended, or when it is tried again.
pub fn settle(
    conn: &mut Conn,
    id: MessageId,
    state: MessageState,
    next_at: Option<DateTime<Utc>>,
    trouble: &str,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    diesel::update(message::table.find(id.0))
        .set((
            message::state.eq(state.code()),
            message::next_at.eq(next_at.map(Ts::new)),
            message::trouble.eq(trouble),
            message::settled_at.eq(next_at.is_none().then(|| Ts::new(now))),
        ))
        .execute(conn)?;
    Ok(())
}

/// Notes something of a message that left, without changing how far it is.
pub fn remark(conn: &mut Conn, id: MessageId, what: &str) -> Result<(), StoreError> {
    let sent = message::state.eq(MessageState::Sent.code());
    diesel::update(message::table.find(id.0).filter(sent))
        .set(message::trouble.eq(what))
        .execute(conn)?;
    Ok(())
}

/// Puts a held or failed message into the queue again; its tries are counted anew.
pub fn send_again(
    conn: &mut Conn,
    scope: &Scope,
    id: MessageId,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let controllers: Vec<i64> = scope.controllers().iter().map(|id| id.0).collect();
    let changed = diesel::update(
        message::table
            .filter(message::id.eq(id.0))
            .filter(message::controller_id.eq_any(controllers))
            .filter(message::state.eq_any(["held", "failed", "withheld"])),
    )
    .set((
        message::state.eq(MessageState::Queued.code()),
        message::next_at.eq(Some(Ts::new(now))),
        message::attempts.eq(0),
    ))
    .execute(conn)?;
    if changed == 1 {
        Ok(())
    } else {
        Err(StoreError::NotFound)
    }
}

/// Puts everything that waited for a mail server into the queue: one is configured now.
pub fn release_held(
    conn: &mut Conn,
    controller: ControllerId,
    now: DateTime<Utc>,
) -> Result<usize, StoreError> {
    Ok(diesel::update(
        message::table
            .filter(message::controller_id.eq(controller.0))
            .filter(with_a_person())
            .filter(message::state.eq("held")),
    )
    .set((
        message::state.eq(MessageState::Queued.code()),
        message::next_at.eq(Some(Ts::new(now))),
    ))
    .execute(conn)?)
}

/// One message.
pub fn load(conn: &mut Conn, scope: &Scope, id: MessageId) -> Result<MessageRow, StoreError> {
    let controllers: Vec<i64> = scope.controllers().iter().map(|id| id.0).collect();
    let row: MessageRow = message::table
        .filter(message::id.eq(id.0))
        .filter(message::controller_id.eq_any(controllers))
        .select(MessageRow::as_select())
        .first(conn)?;
    match row.case() {
        Some(case) if !cases::visible(conn, scope, case)? => Err(StoreError::NotFound),
        _ => Ok(row),
    }
}

/// How many messages of this kind a case has got since this time.
pub fn count_since(
    conn: &mut Conn,
    case: CaseId,
    kind: &str,
    since: DateTime<Utc>,
) -> Result<i64, StoreError> {
    Ok(message::table
        .filter(message::case_id.eq(case.0))
        .filter(message::kind.eq(kind))
        .filter(message::created_at.gt(Ts::new(since)))
        .count()
        .get_result(conn)?)
}

/// The messages of a case, the oldest first.
pub fn of_case(
    conn: &mut Conn,
    scope: &Scope,
    case: CaseId,
) -> Result<Vec<MessageRow>, StoreError> {
    if !cases::visible(conn, scope, case)? {
        return Ok(vec![]);
    }
    let controllers: Vec<i64> = scope.controllers().iter().map(|id| id.0).collect();
    Ok(message::table
        .filter(message::case_id.eq(case.0))
        .filter(message::controller_id.eq_any(controllers))
        .order(message::id.asc())
        .select(MessageRow::as_select())
        .load(conn)?)
}

/// The index's own words: SQLite takes an index over part of a table only for a condition that is
/// written out, not for one whose values are bound later; without it each page walks all messages.
fn with_a_person() -> SqlLiteral<Bool> {
    sql("state IN ('failed', 'held')")
}

/// What lies with a person: failed for good, or held because there is no mail server.
pub fn in_trouble(
    conn: &mut Conn,
    scope: &Scope,
    limit: i64,
) -> Result<Vec<MessageRow>, StoreError> {
    let controllers: Vec<i64> = scope.controllers().iter().map(|id| id.0).collect();
    let rows: Vec<MessageRow> = message::table
        .filter(message::controller_id.eq_any(controllers))
        .filter(with_a_person())
        .order(message::id.desc())
        .limit(limit)
        .select(MessageRow::as_select())
        .load(conn)?;
    let mut seen = Vec::with_capacity(rows.len());
    for row in rows {
        if may_be_seen(conn, scope, row.case_id)? {
            seen.push(row);
        }
    }
    Ok(seen)
}

/// What belongs to no case is the house's own; a case may be closed to others than who decides.
fn may_be_seen(conn: &mut Conn, scope: &Scope, case: Option<i64>) -> Result<bool, StoreError> {
    match case {
        None => Ok(true),
        Some(case) => cases::visible(conn, scope, CaseId(case)),
    }
}

/// How many messages lie with a person, up to a cap.
pub fn count_in_trouble(conn: &mut Conn, scope: &Scope, cap: i64) -> Result<usize, StoreError> {
    let controllers: Vec<i64> = scope.controllers().iter().map(|id| id.0).collect();
    let cases: Vec<Option<i64>> = message::table
        .filter(message::controller_id.eq_any(controllers))
        .filter(with_a_person())
        .limit(cap)
        .select(message::case_id)
        .load(conn)?;
    let mut count = 0;
    for case in cases {
        count += usize::from(may_be_seen(conn, scope, case)?);
    }
    Ok(count)
}
