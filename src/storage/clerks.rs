//! The people at the desk: who they are, what they may, and their sessions.

use chrono::{DateTime, Utc};
use diesel::prelude::*;

use super::connection::{Conn, Ts};
use super::error::StoreError;
use super::schema::{access, clerk, membership, session};
use crate::domain::ids::{CaseId, ClerkId, ControllerId};
use crate::domain::scope::{Actor, Role, Scope};

/// A person at the desk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clerk {
    /// Her id.
    pub id: ClerkId,
    /// The random name under which the ledger knows her.
    pub actor: Actor,
    /// Her name.
    pub name: String,
    /// Her e-mail address, by which she signs in.
    pub email: String,
    /// Whether she has left.
    pub left: bool,
}

#[derive(Debug, Clone, Queryable, Insertable, Selectable)]
#[diesel(table_name = clerk)]
struct ClerkRow {
    id: i64,
    actor: String,
    name: String,
    email: String,
    password: String,
    totp_sealed: Option<Vec<u8>>,
    totp_step: i64,
    created_at: Ts,
    left_at: Option<Ts>,
}

impl From<ClerkRow> for Clerk {
    fn from(row: ClerkRow) -> Clerk {
        Clerk {
            id: ClerkId(row.id),
            actor: Actor(row.actor),
            name: row.name,
            email: row.email,
            left: row.left_at.is_some(),
        }
    }
}

/// What a sign-in needs to know.
#[derive(Debug, Clone)]
pub struct Credentials {
    /// Who it is.
    pub clerk: Clerk,
    /// The password's hash; empty until one is chosen.
    pub password: String,
    /// The sealed secret of the second factor.
    pub totp_sealed: Option<Vec<u8>>,
    /// The last step used, so that no code counts twice.
    pub totp_step: i64,
}

/// Takes on a clerk.
pub fn insert(
    conn: &mut Conn,
    new: &Clerk,
    password: &str,
    at: DateTime<Utc>,
) -> Result<(), StoreError> {
    diesel::insert_into(clerk::table)
        .values(ClerkRow {
            id: new.id.0,
            actor: new.actor.0.clone(),
            name: new.name.clone(),
            email: new.email.clone(),
            password: password.to_owned(),
            totp_sealed: None,
            totp_step: 0,
            created_at: Ts::new(at),
            left_at: None,
        })
        .execute(conn)?;
    Ok(())
}

/// Whether there is any clerk yet.
pub fn any(conn: &mut Conn) -> Result<bool, StoreError> {
    Ok(clerk::table
        .select(clerk::id)
        .first::<i64>(conn)
        .optional()?
        .is_some())
}

/// What is known for signing in under this address.
pub fn by_email(conn: &mut Conn, email: &str) -> Result<Option<Credentials>, StoreError> {
    let row: Option<ClerkRow> = clerk::table
        .filter(clerk::email.eq(email))
        .select(ClerkRow::as_select())
        .first(conn)
        .optional()?;
    Ok(row.map(credentials))
}

/// The same, by id.
pub fn by_id(conn: &mut Conn, id: ClerkId) -> Result<Credentials, StoreError> {
    let row: ClerkRow = clerk::table
        .find(id.0)
        .select(ClerkRow::as_select())
        .first(conn)?;
    Ok(credentials(row))
}

fn credentials(row: ClerkRow) -> Credentials {
    Credentials {
        password: row.password.clone(),
        totp_sealed: row.totp_sealed.clone(),
        totp_step: row.totp_step,
        clerk: row.into(),
    }
}

/// Sets a password's hash.
pub fn set_password(conn: &mut Conn, id: ClerkId, hash: &str) -> Result<(), StoreError> {
    diesel::update(clerk::table.find(id.0))
        .set(clerk::password.eq(hash))
        .execute(conn)?;
    Ok(())
}

/// Sets or clears the second factor.
pub fn set_totp(conn: &mut Conn, id: ClerkId, sealed: Option<&[u8]>) -> Result<(), StoreError> {
    diesel::update(clerk::table.find(id.0))
        .set((
            clerk::totp_sealed.eq(sealed.map(<[u8]>::to_vec)),
            clerk::totp_step.eq(0_i64),
        ))
        .execute(conn)?;
    Ok(())
}

/// Uses up a step of the second factor; refused when it, or a later one, was used before.
pub fn use_totp(conn: &mut Conn, id: ClerkId, step: i64) -> Result<(), StoreError> {
    let changed = diesel::update(
        clerk::table
            .filter(clerk::id.eq(id.0))
            .filter(clerk::totp_step.lt(step)),
    )
    .set(clerk::totp_step.eq(step))
    .execute(conn)?;
    if changed == 1 {
        Ok(())
    } else {
        Err(StoreError::Stale)
    }
}

/// A clerk leaves: no session, no membership; the name stays for the log until it is emptied.
pub fn leave(conn: &mut Conn, id: ClerkId, at: DateTime<Utc>) -> Result<(), StoreError> {
    diesel::update(clerk::table.find(id.0))
        .set(clerk::left_at.eq(Some(Ts::new(at))))
        .execute(conn)?;
    diesel::delete(session::table.filter(session::clerk_id.eq(id.0))).execute(conn)?;
    diesel::delete(membership::table.filter(membership::clerk_id.eq(id.0))).execute(conn)?;
    Ok(())
}

/// Empties the names of those who left before a day; the log names actors by their random ids.
pub fn forget_names(conn: &mut Conn, before: DateTime<Utc>) -> Result<(), StoreError> {
    let gone: Vec<i64> = clerk::table
        .filter(clerk::left_at.lt(Some(Ts::new(before))))
        .filter(clerk::name.ne(""))
        .select(clerk::id)
        .load(conn)?;
    for id in gone {
        diesel::update(clerk::table.find(id))
            .set((
                clerk::name.eq(""),
                // An address has to be somebody's; no mailbox is called so.
                clerk::email.eq(format!("former-{id}")),
                clerk::password.eq(""),
                clerk::totp_sealed.eq(None::<Vec<u8>>),
            ))
            .execute(conn)?;
    }
    Ok(())
}

/// Everybody, also those who left.
pub fn all(conn: &mut Conn) -> Result<Vec<Clerk>, StoreError> {
    let rows: Vec<ClerkRow> = clerk::table
        .order(clerk::id.asc())
        .select(ClerkRow::as_select())
        .load(conn)?;
    Ok(rows.into_iter().map(Clerk::from).collect())
}

/// Everybody who works for these controllers, with the roles.
pub fn colleagues(
    conn: &mut Conn,
    scope: &Scope,
) -> Result<Vec<(Clerk, ControllerId, Role)>, StoreError> {
    let controllers: Vec<i64> = scope.controllers().iter().map(|id| id.0).collect();
    let rows: Vec<(ClerkRow, i64, String)> = clerk::table
        .inner_join(membership::table.on(membership::clerk_id.eq(clerk::id)))
        .filter(membership::controller_id.eq_any(controllers))
        .order((
            clerk::name.asc(),
            clerk::id.asc(),
            membership::controller_id.asc(),
        ))
        .select((
            ClerkRow::as_select(),
            membership::controller_id,
            membership::role,
        ))
        .load(conn)?;
    rows.into_iter()
        .map(|(row, controller, role)| {
            let role = Role::from_code(&role).ok_or(StoreError::Unreadable("role"))?;
            Ok((row.into(), ControllerId(controller), role))
        })
        .collect()
}

/// Who works for these controllers now, by nobody's leave: for work that the house does itself.
pub fn present(
    conn: &mut Conn,
    controllers: &[ControllerId],
) -> Result<Vec<(Clerk, ControllerId, Role)>, StoreError> {
    let mut all = Vec::new();
    for controller in controllers {
        all.extend(colleagues(conn, &Scope::of_house(*controller))?);
    }
    all.retain(|(clerk, _, _)| !clerk.left);
    Ok(all)
}

/// What a clerk may, per controller.
pub fn memberships(conn: &mut Conn, id: ClerkId) -> Result<Vec<(ControllerId, Role)>, StoreError> {
    let rows: Vec<(i64, String)> = membership::table
        .filter(membership::clerk_id.eq(id.0))
        .order(membership::controller_id.asc())
        .select((membership::controller_id, membership::role))
        .load(conn)?;
    rows.into_iter()
        .map(|(controller, role)| {
            Ok((
                ControllerId(controller),
                Role::from_code(&role).ok_or(StoreError::Unreadable("role"))?,
            ))
        })
        .collect()
}

/// Gives a clerk a role, or takes it with `None`.
pub fn set_role(
    conn: &mut Conn,
    id: ClerkId,
    controller: ControllerId,
    role: Option<Role>,
) -> Result<(), StoreError> {
    diesel::delete(membership::table.find((id.0, controller.0))).execute(conn)?;
    if let Some(role) = role {
        diesel::insert_into(membership::table)
            .values((
                membership::clerk_id.eq(id.0),
                membership::controller_id.eq(controller.0),
                membership::role.eq(role.code()),
            ))
            .execute(conn)?;
    }
    Ok(())
}

/// Opens a session; only the digest of its key is kept.
pub fn begin_session(
    conn: &mut Conn,
    digest: &[u8; 32],
    id: ClerkId,
    at: DateTime<Utc>,
    until: DateTime<Utc>,
) -> Result<(), StoreError> {
    diesel::insert_into(session::table)
        .values((
            session::digest.eq(digest.to_vec()),
            session::clerk_id.eq(id.0),
            session::created_at.eq(Ts::new(at)),
            session::seen_at.eq(Ts::new(at)),
            session::expires_at.eq(Ts::new(until)),
        ))
        .execute(conn)?;
    Ok(())
}

/// The scope of a session that is good at this time, with the clerk and when it was last used.
pub fn session_scope(
    conn: &mut Conn,
    digest: &[u8; 32],
    now: DateTime<Utc>,
) -> Result<(Clerk, Scope, DateTime<Utc>), StoreError> {
    let (id, seen): (i64, Ts) = session::table
        .filter(session::digest.eq(digest.to_vec()))
        .filter(session::expires_at.gt(Ts::new(now)))
        .select((session::clerk_id, session::seen_at))
        .first(conn)?;
    let clerk = by_id(conn, ClerkId(id))?.clerk;
    if clerk.left {
        return Err(StoreError::NotFound);
    }
    let scope = Scope::of_clerk(clerk.id, clerk.actor.clone(), memberships(conn, clerk.id)?);
    Ok((clerk, scope, seen.at()))
}

/// Notes that a session was used, and so lasts until then.
pub fn touch_session(
    conn: &mut Conn,
    digest: &[u8; 32],
    at: DateTime<Utc>,
    until: DateTime<Utc>,
) -> Result<(), StoreError> {
    diesel::update(session::table.filter(session::digest.eq(digest.to_vec())))
        .set((
            session::seen_at.eq(Ts::new(at)),
            session::expires_at.eq(Ts::new(until)),
        ))
        .execute(conn)?;
    Ok(())
}

/// Ends one session.
pub fn end_session(conn: &mut Conn, digest: &[u8; 32]) -> Result<(), StoreError> {
    diesel::delete(session::table.filter(session::digest.eq(digest.to_vec()))).execute(conn)?;
    Ok(())
}

/// Ends all sessions of a clerk, but for one that may stay.
pub fn end_sessions(
    conn: &mut Conn,
    id: ClerkId,
    but: Option<&[u8; 32]>,
) -> Result<usize, StoreError> {
    let but = but.map(|digest| digest.to_vec()).unwrap_or_default();
    Ok(diesel::delete(
        session::table
            .filter(session::clerk_id.eq(id.0))
            .filter(session::digest.ne(but)),
    )
    .execute(conn)?)
}

/// Forgets sessions that are over.
pub fn forget_sessions(conn: &mut Conn, now: DateTime<Utc>) -> Result<usize, StoreError> {
    Ok(
        diesel::delete(session::table.filter(session::expires_at.lt(Ts::new(now))))
            .execute(conn)?,
    )
}

/// One line of the access log: who looked at which page.
#[derive(Debug, Clone)]
pub struct Look {
    /// When.
    pub at: DateTime<Utc>,
    /// Who.
    pub clerk: ClerkId,
    /// Whose data.
    pub controller: ControllerId,
    /// Which case, if one.
    pub case: Option<CaseId>,
    /// Which page.
    pub page: String,
}

/// Notes that somebody saw personal data. No ledger entry: it ends after twelve months.
pub fn note_look(conn: &mut Conn, id: i64, look: &Look) -> Result<(), StoreError> {
    diesel::insert_into(access::table)
        .values((
            access::id.eq(id),
            access::at.eq(Ts::new(look.at)),
            access::clerk_id.eq(look.clerk.0),
            access::controller_id.eq(look.controller.0),
            access::case_id.eq(look.case.map(|case| case.0)),
            access::page.eq(&look.page),
        ))
        .execute(conn)?;
    Ok(())
}

/// Forgets looks from before this time.
pub fn forget_looks(conn: &mut Conn, before: DateTime<Utc>) -> Result<usize, StoreError> {
    Ok(diesel::delete(access::table.filter(access::at.lt(Ts::new(before)))).execute(conn)?)
}
