//! The yardstick: the very rows of a run, read back ready sealed, written again into the same database
//! as it was before, by one connection in one thread, in groups of the mean size seen.

use std::collections::HashMap;
use std::path::Path;
use std::time::Instant;

use chrono::{NaiveDate, NaiveDateTime};
use diesel::connection::{Connection, SimpleConnection};
use diesel::prelude::*;
use diesel::sqlite::SqliteConnection;

#[path = "../../src/storage/schema.rs"]
mod schema;

use schema::{cases, event, link, message, search_token, submission};

use crate::Failure;

macro_rules! rows {
    ($name:ident, $table:ident, { $($column:ident: $kind:ty),* $(,)? }) => {
        #[derive(Clone, Queryable, Insertable, Selectable)]
        #[diesel(table_name = $table)]
        struct $name { $($column: $kind),* }
    };
}

rows!(CaseRow, cases, {
    id: i64, controller_id: i64, number: String, revision: i64, received: NaiveDate, due: NaiveDate,
    earliest: NaiveDate, stage: String, turn: String, rights: i32, channel: String, assignee: Option<i64>,
    open: bool, apart: bool, mailbox: String, unread: bool, confidential: bool, closed: Option<NaiveDate>,
    key_wrapped: Option<Vec<u8>>, summary: Vec<u8>, state: Vec<u8>, changed_at: NaiveDateTime,
});
rows!(EventRow, event, {
    id: i64, ledger_id: i64, case_id: Option<i64>, at: NaiveDateTime, kind: String, subject: String,
    actor: String, payload: Option<Vec<u8>>, payload_hash: Vec<u8>, seq: Option<i64>,
});
rows!(MessageRow, message, {
    id: i64, controller_id: i64, case_id: Option<i64>, clerk_id: Option<i64>, kind: String,
    created_at: NaiveDateTime, state: String, next_at: Option<NaiveDateTime>, attempts: i32,
    promise: Option<String>, message_id: String, body_sealed: Vec<u8>, trouble: String,
    settled_at: Option<NaiveDateTime>,
});
rows!(LinkRow, link, {
    digest: Vec<u8>, purpose: String, controller_id: i64, case_id: Option<i64>, clerk_id: Option<i64>,
    created_at: NaiveDateTime, expires_at: Option<NaiveDateTime>, revoked_at: Option<NaiveDateTime>,
    code_digest: Option<Vec<u8>>, code_until: Option<NaiveDateTime>, attempts: i32, parent: Option<Vec<u8>>,
});
rows!(SubmissionRow, submission, {
    form_digest: Vec<u8>, controller_id: i64, case_id: i64, at: NaiveDateTime,
});
rows!(TokenRow, search_token, {
    controller_id: i64, hash: i64, due: NaiveDate, case_id: i64, longer: String,
});

/// All that one submission left behind.
pub struct Left {
    case: CaseRow,
    events: Vec<EventRow>,
    messages: Vec<MessageRow>,
    links: Vec<LinkRow>,
    submissions: Vec<SubmissionRow>,
    tokens: Vec<TokenRow>,
}

fn open(path: &Path) -> Result<SqliteConnection, Failure> {
    let mut conn = SqliteConnection::establish(&path.to_string_lossy())?;
    // As the writer of the store has it.
    conn.batch_execute(
        "PRAGMA busy_timeout = 10000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; \
         PRAGMA foreign_keys = ON; PRAGMA secure_delete = ON; PRAGMA cache_size = -8000; \
         PRAGMA journal_size_limit = 67108864; PRAGMA wal_autocheckpoint = 8000;",
    )?;
    Ok(conn)
}

/// Reads back what the newest `count` submissions left, in the order in which they came.
pub fn read_back(path: &Path, count: i64) -> Result<Vec<Left>, Failure> {
    let mut conn = open(path)?;
    let mut found: Vec<CaseRow> = cases::table
        .order(cases::id.desc())
        .limit(count)
        .select(CaseRow::as_select())
        .load(&mut conn)?;
    found.reverse();
    let mut left = Vec::with_capacity(found.len());
    for case in found {
        let id = case.id;
        left.push(Left {
            events: event::table
                .filter(event::case_id.eq(id))
                .select(EventRow::as_select())
                .load(&mut conn)?,
            messages: message::table
                .filter(message::case_id.eq(id))
                .select(MessageRow::as_select())
                .load(&mut conn)?,
            links: link::table
                .filter(link::case_id.eq(id))
                .select(LinkRow::as_select())
                .load(&mut conn)?,
            submissions: vec![],
            tokens: vec![],
            case,
        });
    }
    // These two are found by other things than their case: one walk through each.
    let first = left.first().map_or(0, |first| first.case.id);
    let forms: Vec<SubmissionRow> = submission::table
        .filter(submission::case_id.ge(first))
        .select(SubmissionRow::as_select())
        .load(&mut conn)?;
    let mut forms = by_case(forms, |row| row.case_id);
    let tokens: Vec<TokenRow> = search_token::table
        .filter(search_token::case_id.ge(first))
        .select(TokenRow::as_select())
        .load(&mut conn)?;
    let mut tokens = by_case(tokens, |row| row.case_id);
    for one in &mut left {
        // The ledger chains later; a new row has no place yet.
        one.events.iter_mut().for_each(|event| event.seq = None);
        one.submissions = forms.remove(&one.case.id).unwrap_or_default();
        one.tokens = tokens.remove(&one.case.id).unwrap_or_default();
    }
    Ok(left)
}

fn by_case<T>(rows: Vec<T>, case: impl Fn(&T) -> i64) -> HashMap<i64, Vec<T>> {
    let mut sorted: HashMap<i64, Vec<T>> = HashMap::new();
    for row in rows {
        sorted.entry(case(&row)).or_default().push(row);
    }
    sorted
}

/// Rows and bytes of one submission, in the mean.
pub fn extent(left: &[Left]) -> (f64, f64) {
    let (mut rows, mut bytes) = (0, 0);
    for one in left {
        rows += 1
            + one.events.len()
            + one.messages.len()
            + one.links.len()
            + one.submissions.len()
            + one.tokens.len();
        bytes += one.case.state.len() + one.case.summary.len();
        bytes += one
            .events
            .iter()
            .filter_map(|row| row.payload.as_ref())
            .map(Vec::len)
            .sum::<usize>();
        bytes += one
            .messages
            .iter()
            .map(|row| row.body_sealed.len())
            .sum::<usize>();
    }
    let count = left.len().max(1) as f64;
    (rows as f64 / count, bytes as f64 / count)
}

/// Writes them; says how many a second.
pub fn write(path: &Path, left: &[Left], group: usize) -> Result<f64, Failure> {
    let mut conn = open(path)?;
    let begun = Instant::now();
    for portion in left.chunks(group.max(1)) {
        conn.immediate_transaction::<(), Failure, _>(|conn| {
            for one in portion {
                diesel::insert_into(submission::table)
                    .values(&one.submissions)
                    .execute(conn)?;
                diesel::insert_into(cases::table)
                    .values(&one.case)
                    .execute(conn)?;
                for row in &one.events {
                    diesel::insert_into(event::table)
                        .values(row)
                        .execute(conn)?;
                }
                for row in &one.tokens {
                    diesel::insert_into(search_token::table)
                        .values(row)
                        .execute(conn)?;
                }
                for row in &one.messages {
                    diesel::insert_into(message::table)
                        .values(row)
                        .execute(conn)?;
                }
                for row in &one.links {
                    diesel::insert_into(link::table).values(row).execute(conn)?;
                }
            }
            Ok(())
        })?;
    }
    Ok(left.len() as f64 / begun.elapsed().as_secs_f64())
}
