//! Links with a token: only the token's digest is kept; each is bound to one purpose and revocable.

use chrono::{DateTime, Utc};
use diesel::prelude::*;

use super::connection::{Conn, Ts, on_each};
use super::error::StoreError;
use super::schema::{link, submission};
use crate::domain::ids::{CaseId, ClerkId, ControllerId};

/// What a link is for; a token for one opens nothing else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Purpose {
    /// The first mail: confirm, or "that wasn't me".
    Mailbox,
    /// The status page.
    Status,
    /// The answer; opened with a fresh code.
    Answer,
    /// A code that proves an address on file; its token is never given out.
    Proof,
    /// Short leave to download, after the code was right.
    Pass,
    /// The question to the owner of a system; opened with a fresh code.
    Owner,
    /// Her leave to see and answer it, after the code was right.
    OwnerPass,
    /// Makes the first clerk, or lets an invited one choose a password.
    Welcome,
    /// The calendar feed of a clerk.
    Feed,
}

impl Purpose {
    fn code(self) -> &'static str {
        match self {
            Purpose::Mailbox => "mailbox",
            Purpose::Status => "status",
            Purpose::Answer => "answer",
            Purpose::Proof => "proof",
            Purpose::Pass => "pass",
            Purpose::Owner => "owner",
            Purpose::OwnerPass => "owner-pass",
            Purpose::Welcome => "welcome",
            Purpose::Feed => "feed",
        }
    }
}

/// A link as it is kept.
#[derive(Debug, Clone, Queryable, Insertable, Selectable)]
#[diesel(table_name = link)]
pub struct LinkRow {
    digest: Vec<u8>,
    purpose: String,
    controller_id: i64,
    case_id: Option<i64>,
    clerk_id: Option<i64>,
    created_at: Ts,
    expires_at: Option<Ts>,
    revoked_at: Option<Ts>,
    code_digest: Option<Vec<u8>>,
    code_until: Option<Ts>,
    attempts: i32,
    parent: Option<Vec<u8>>,
}

impl LinkRow {
    /// A new link.
    pub fn new(
        digest: [u8; 32],
        purpose: Purpose,
        controller: ControllerId,
        at: DateTime<Utc>,
        expires_at: Option<DateTime<Utc>>,
    ) -> LinkRow {
        LinkRow {
            digest: digest.to_vec(),
            purpose: purpose.code().to_owned(),
            controller_id: controller.0,
            case_id: None,
            clerk_id: None,
            created_at: Ts::new(at),
            expires_at: expires_at.map(Ts::new),
            revoked_at: None,
            code_digest: None,
            code_until: None,
            attempts: 0,
            parent: None,
        }
    }

    /// Bound to a case.
    pub fn for_case(self, case: CaseId) -> LinkRow {
        LinkRow {
            case_id: Some(case.0),
            ..self
        }
    }

    /// Bound to a clerk.
    pub fn for_clerk(self, clerk: ClerkId) -> LinkRow {
        LinkRow {
            clerk_id: Some(clerk.0),
            ..self
        }
    }

    /// Opened by a code of this digest until then.
    pub fn with_code(self, digest: Vec<u8>, until: DateTime<Utc>) -> LinkRow {
        LinkRow {
            code_digest: Some(digest),
            code_until: Some(Ts::new(until)),
            ..self
        }
    }

    /// Given out on the strength of another link, and worthless when that one is revoked.
    pub fn under(self, parent: [u8; 32]) -> LinkRow {
        LinkRow {
            parent: Some(parent.to_vec()),
            ..self
        }
    }

    /// Whose page it opens.
    pub fn controller(&self) -> ControllerId {
        ControllerId(self.controller_id)
    }

    /// The case, if it is bound to one.
    pub fn case(&self) -> Option<CaseId> {
        self.case_id.map(CaseId)
    }

    /// The clerk, if it is bound to one.
    pub fn clerk(&self) -> Option<ClerkId> {
        self.clerk_id.map(ClerkId)
    }

    /// The link that this one hangs on.
    pub fn parent(&self) -> Option<[u8; 32]> {
        self.parent
            .as_deref()
            .and_then(|bytes| bytes.try_into().ok())
    }

    /// When it ends.
    pub fn expires_at(&self) -> Option<DateTime<Utc>> {
        self.expires_at.map(Ts::at)
    }

    /// When it was made.
    pub fn created_at(&self) -> DateTime<Utc> {
        self.created_at.at()
    }

    /// Whether it opens anything at this time.
    pub fn good_at(&self, now: DateTime<Utc>) -> bool {
        self.revoked_at.is_none() && self.expires_at.is_none_or(|end| end.at() > now)
    }

    /// Whether it was revoked.
    pub fn revoked(&self) -> bool {
        self.revoked_at.is_some()
    }

    /// The code that opens it, if one is out: digest, until when, how many wrong tries.
    pub fn code(&self) -> Option<(&[u8], DateTime<Utc>, i32)> {
        let (digest, until) = (self.code_digest.as_deref()?, self.code_until?);
        Some((digest, until.at(), self.attempts))
    }
}

/// Writes a link.
pub fn insert(conn: &mut Conn, row: &LinkRow) -> Result<(), StoreError> {
    diesel::insert_into(link::table).values(row).execute(conn)?;
    Ok(())
}

/// Writes a link, or makes a revoked or expired one of the same token good again.
pub fn renew(conn: &mut Conn, row: &LinkRow) -> Result<(), StoreError> {
    on_each!(conn, |inner| diesel::insert_into(link::table)
        .values(row)
        .on_conflict(link::digest)
        .do_update()
        .set((
            link::expires_at.eq(row.expires_at),
            link::revoked_at.eq(None::<Ts>)
        ))
        .execute(inner))?;
    Ok(())
}

/// The link of this digest, good or not.
pub fn find(conn: &mut Conn, digest: &[u8; 32], purpose: Purpose) -> Result<LinkRow, StoreError> {
    Ok(link::table
        .filter(link::digest.eq(digest.to_vec()))
        .filter(link::purpose.eq(purpose.code()))
        .select(LinkRow::as_select())
        .first(conn)?)
}

/// Ends one link and all that hang on it; says how many were still good.
pub fn revoke(conn: &mut Conn, digest: &[u8; 32], now: DateTime<Utc>) -> Result<usize, StoreError> {
    Ok(diesel::update(
        link::table
            .filter(
                link::digest
                    .eq(digest.to_vec())
                    .or(link::parent.eq(Some(digest.to_vec()))),
            )
            .filter(link::revoked_at.is_null()),
    )
    .set(link::revoked_at.eq(Some(Ts::new(now))))
    .execute(conn)?)
}

/// Ends all links of a clerk for a purpose.
pub fn revoke_of_clerk(
    conn: &mut Conn,
    clerk: ClerkId,
    purpose: Purpose,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    diesel::update(
        link::table
            .filter(link::clerk_id.eq(Some(clerk.0)))
            .filter(link::purpose.eq(purpose.code()))
            .filter(link::revoked_at.is_null()),
    )
    .set(link::revoked_at.eq(Some(Ts::new(now))))
    .execute(conn)?;
    Ok(())
}

/// Ends all links of a case for a purpose.
pub fn revoke_of_case(
    conn: &mut Conn,
    case: CaseId,
    purpose: Purpose,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    diesel::update(
        link::table
            .filter(link::case_id.eq(Some(case.0)))
            .filter(link::purpose.eq(purpose.code()))
            .filter(link::revoked_at.is_null()),
    )
    .set(link::revoked_at.eq(Some(Ts::new(now))))
    .execute(conn)?;
    Ok(())
}

/// Whether a good link of this purpose is out for a clerk.
pub fn out_for_clerk(
    conn: &mut Conn,
    clerk: ClerkId,
    purpose: Purpose,
) -> Result<bool, StoreError> {
    let found: Option<Vec<u8>> = link::table
        .filter(link::clerk_id.eq(Some(clerk.0)))
        .filter(link::purpose.eq(purpose.code()))
        .filter(link::revoked_at.is_null())
        .select(link::digest)
        .first(conn)
        .optional()?;
    Ok(found.is_some())
}

/// A fresh code for a link.
#[derive(Debug, Clone)]
pub struct NewCode {
    /// Which link.
    pub link: [u8; 32],
    /// The code's digest.
    pub digest: Vec<u8>,
    /// Until when it counts.
    pub until: DateTime<Utc>,
    /// One that counts longer than this was sent just now, and no other is sent.
    pub recent: DateTime<Utc>,
}

/// Puts a fresh code on a link; the old one is worthless from then on. If that one was sent just now, it is
/// [`StoreError::Taken`]: of two wishes at once one is met.
pub fn set_code(conn: &mut Conn, new: &NewCode) -> Result<(), StoreError> {
    let old = link::table
        .filter(link::digest.eq(new.link.to_vec()))
        .filter(
            link::code_until
                .is_null()
                .or(link::code_until.le(Ts::new(new.recent))),
        );
    let changed = diesel::update(old)
        .set((
            link::code_digest.eq(Some(new.digest.clone())),
            link::code_until.eq(Some(Ts::new(new.until))),
            link::attempts.eq(0),
        ))
        .execute(conn)?;
    if changed == 1 {
        Ok(())
    } else {
        Err(StoreError::Taken)
    }
}

/// Counts a try before it is judged, so that tries side by side are counted too; says which one it is.
pub fn count_try(conn: &mut Conn, digest: &[u8; 32]) -> Result<i32, StoreError> {
    Ok(
        diesel::update(link::table.filter(link::digest.eq(digest.to_vec())))
            .set(link::attempts.eq(link::attempts + 1))
            .returning(link::attempts)
            .get_result(conn)?,
    )
}

/// Takes a code off: it was used, or tried too often.
pub fn spend_code(conn: &mut Conn, digest: &[u8; 32]) -> Result<(), StoreError> {
    diesel::update(link::table.filter(link::digest.eq(digest.to_vec())))
        .set((
            link::code_digest.eq(None::<Vec<u8>>),
            link::code_until.eq(None::<Ts>),
        ))
        .execute(conn)?;
    Ok(())
}

/// Remembers that this form was sent; sent twice is [`StoreError::Taken`].
pub fn submitted(
    conn: &mut Conn,
    form: &[u8; 32],
    controller: ControllerId,
    case: CaseId,
    at: DateTime<Utc>,
) -> Result<(), StoreError> {
    diesel::insert_into(submission::table)
        .values((
            submission::form_digest.eq(form.to_vec()),
            submission::controller_id.eq(controller.0),
            submission::case_id.eq(case.0),
            submission::at.eq(Ts::new(at)),
        ))
        .execute(conn)?;
    Ok(())
}

/// The case that this form became, if it was sent.
pub fn case_of_form(
    conn: &mut Conn,
    form: &[u8; 32],
) -> Result<Option<(ControllerId, CaseId)>, StoreError> {
    let row: Option<(i64, i64)> = submission::table
        .filter(submission::form_digest.eq(form.to_vec()))
        .select((submission::controller_id, submission::case_id))
        .first(conn)
        .optional()?;
    Ok(row.map(|(controller, case)| (ControllerId(controller), CaseId(case))))
}

/// Forgets which forms were sent before this time.
pub fn forget_submissions(conn: &mut Conn, before: DateTime<Utc>) -> Result<usize, StoreError> {
    Ok(
        diesel::delete(submission::table.filter(submission::at.lt(Ts::new(before))))
            .execute(conn)?,
    )
}

/// Forgets passes and codes that ended before this time.
pub fn forget_passes(conn: &mut Conn, before: DateTime<Utc>) -> Result<usize, StoreError> {
    Ok(diesel::delete(
        link::table
            .filter(link::purpose.eq_any([
                Purpose::Pass.code(),
                Purpose::OwnerPass.code(),
                Purpose::Proof.code(),
            ]))
            .filter(link::expires_at.lt(Some(Ts::new(before)))),
    )
    .execute(conn)?)
}
