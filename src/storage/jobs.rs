//! Promised work: a row with a unique key, promised exactly once, done at least once.

use chrono::{DateTime, Utc};
use diesel::prelude::*;

use super::connection::{Conn, Ts, on_each};
use super::error::StoreError;
use super::schema::job;

/// A piece of promised work that was claimed.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = job)]
pub struct JobRow {
    /// Its id.
    pub id: i64,
    /// What kind of work.
    pub kind: String,
    /// What the work needs to know.
    pub payload: String,
    /// How often it was tried before.
    pub attempts: i32,
}

/// Promises work; silent when this promise exists already. Says whether it is new.
pub fn promise(
    conn: &mut Conn,
    id: i64,
    kind: &str,
    payload: &str,
    key: &str,
    run_at: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let written = on_each!(conn, |inner| diesel::insert_into(job::table)
        .values((
            job::id.eq(id),
            job::kind.eq(kind),
            job::payload.eq(payload),
            job::promise.eq(key),
            job::run_at.eq(Ts::new(run_at)),
            job::state.eq("waiting"),
            job::attempts.eq(0),
            job::locked_until.eq(None::<Ts>),
            job::trouble.eq(""),
        ))
        .on_conflict(job::promise)
        .do_nothing()
        .execute(inner))?;
    Ok(written == 1)
}

/// Claims due work until `lease`; whoever dies with it gives it free again then.
pub fn claim(
    conn: &mut Conn,
    now: DateTime<Utc>,
    lease: DateTime<Utc>,
    limit: i64,
) -> Result<Vec<JobRow>, StoreError> {
    // A macro, not a closure: each arm needs the query in its own backend's type.
    macro_rules! ready {
        () => {
            job::table
                .filter(job::state.eq("waiting"))
                .filter(job::run_at.le(Ts::new(now)))
                .filter(
                    job::locked_until
                        .is_null()
                        .or(job::locked_until.lt(Some(Ts::new(now)))),
                )
                .order((job::run_at.asc(), job::id.asc()))
                .limit(limit)
                .select(JobRow::as_select())
        };
    }
    let rows: Vec<JobRow> = match conn {
        #[cfg(feature = "postgres")]
        Conn::Postgres(inner) => ready!().for_update().skip_locked().load(inner)?,
        Conn::Sqlite(inner) => ready!().load(inner)?,
    };
    let ids: Vec<i64> = rows.iter().map(|row| row.id).collect();
    diesel::update(job::table.filter(job::id.eq_any(ids)))
        .set((
            job::locked_until.eq(Some(Ts::new(lease))),
            job::attempts.eq(job::attempts + 1),
        ))
        .execute(conn)?;
    Ok(rows)
}

/// Frees what a node that died had claimed; only where there is no other node.
pub fn free_leases(conn: &mut Conn) -> Result<usize, StoreError> {
    Ok(
        diesel::update(job::table.filter(job::locked_until.is_not_null()))
            .set(job::locked_until.eq(None::<Ts>))
            .execute(conn)?,
    )
}

/// The work is done; the row stays as the promise kept, until it is old.
pub fn done(conn: &mut Conn, id: i64) -> Result<(), StoreError> {
    diesel::update(job::table.find(id))
        .set((job::state.eq("done"), job::locked_until.eq(None::<Ts>)))
        .execute(conn)?;
    Ok(())
}

/// It failed; when it is tried again, and why.
pub fn again(
    conn: &mut Conn,
    id: i64,
    run_at: DateTime<Utc>,
    trouble: &str,
) -> Result<(), StoreError> {
    diesel::update(job::table.find(id))
        .set((
            job::run_at.eq(Ts::new(run_at)),
            job::locked_until.eq(None::<Ts>),
            job::trouble.eq(trouble),
        ))
        .execute(conn)?;
    Ok(())
}

/// Forgets promises kept before this time.
pub fn forget(conn: &mut Conn, before: DateTime<Utc>) -> Result<usize, StoreError> {
    Ok(diesel::delete(
        job::table
            .filter(job::state.eq("done"))
            .filter(job::run_at.lt(Ts::new(before))),
    )
    .execute(conn)?)
}
