//! The rows that name sealed files: whose they are, what they are called, which key opens them.

use chrono::{DateTime, Utc};
use diesel::prelude::*;

use super::cases;
use super::connection::{Conn, Ts};
use super::error::StoreError;
use super::schema::file;
use crate::domain::ids::{CaseId, ControllerId, FileId};
use crate::domain::private::Private;
use crate::domain::scope::Scope;
use crate::seal::{ControllerKeys, Key, Place, open_json, seal_json};

/// A sealed file's row. Each file has a key of its own under the controller's, so that one alone can
/// be destroyed.
#[derive(Debug, Clone, Queryable, Insertable, Selectable)]
#[diesel(table_name = file)]
pub struct FileRow {
    id: i64,
    controller_id: i64,
    case_id: Option<i64>,
    form_digest: Option<Vec<u8>>,
    purpose: String,
    name_sealed: Vec<u8>,
    key_wrapped: Option<Vec<u8>>,
    media_type: String,
    size: i64,
    stored: String,
    sha256: Vec<u8>,
    created_at: Ts,
}

/// What a sealed file is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FilePurpose {
    /// Came with the request or with a message.
    Attachment,
    /// Found in a system.
    Finding,
    /// Belongs to a note of the office, such as a scanned letter.
    Note,
    /// Shown by the person to prove who she is; destroyed when it is weighed.
    Proof,
    /// The letter as printed.
    Letter,
    /// The package beside it.
    Package,
    /// Goes along with a message to the person.
    Enclosure,
    /// A mail as it came in, before it lies in a case and after.
    Mail,
}

impl FilePurpose {
    /// Its name in storage.
    pub fn code(self) -> &'static str {
        match self {
            FilePurpose::Attachment => "attachment",
            FilePurpose::Finding => "finding",
            FilePurpose::Note => "note",
            FilePurpose::Proof => "proof",
            FilePurpose::Letter => "letter",
            FilePurpose::Package => "package",
            FilePurpose::Enclosure => "enclosure",
            FilePurpose::Mail => "mail",
        }
    }
}

fn place(column: &'static str, id: FileId) -> Place<'static> {
    Place {
        table: "file",
        column,
        id: id.0,
    }
}

/// What a new file's row needs.
#[derive(Debug, Clone)]
pub struct NewFile {
    /// Its id.
    pub id: FileId,
    /// Whose it is.
    pub controller: ControllerId,
    /// The case it belongs to, if there is one yet.
    pub case: Option<CaseId>,
    /// The form it was uploaded with, before there is a case.
    pub form: Option<[u8; 32]>,
    /// What for.
    pub purpose: FilePurpose,
    /// Its name.
    pub name: Private<String>,
    /// Its media type, as claimed.
    pub media_type: String,
    /// Bytes before sealing.
    pub size: u64,
    /// Under which name it is stored.
    pub stored: String,
    /// Hash of the sealed bytes.
    pub sha256: [u8; 32],
}

impl FileRow {
    /// Seals the row; `key` is the file's own.
    pub fn seal(
        new: NewFile,
        key: &Key,
        keys: &ControllerKeys,
        at: DateTime<Utc>,
    ) -> Result<FileRow, StoreError> {
        Ok(FileRow {
            id: new.id.0,
            controller_id: new.controller.0,
            case_id: new.case.map(|case| case.0),
            form_digest: new.form.map(Vec::from),
            purpose: new.purpose.code().to_owned(),
            name_sealed: seal_json(key, place("name_sealed", new.id), &new.name)?,
            key_wrapped: Some(key.wrap(keys.wrap.newest(), place("key_wrapped", new.id))),
            media_type: new.media_type,
            size: i64::try_from(new.size).map_err(|_| StoreError::Unreadable("size"))?,
            stored: new.stored,
            sha256: new.sha256.to_vec(),
            created_at: Ts::new(at),
        })
    }

    /// The same file in a case.
    pub fn of_case(self, case: CaseId) -> FileRow {
        FileRow {
            case_id: Some(case.0),
            form_digest: None,
            ..self
        }
    }

    /// The file's own key.
    pub fn key(&self, keys: &ControllerKeys) -> Result<Key, StoreError> {
        let wrapped = self.key_wrapped.as_ref().ok_or(StoreError::NotFound)?;
        Ok(Key::from_wrapped(
            wrapped,
            &keys.wrap,
            place("key_wrapped", self.id()),
        )?)
    }

    /// Its name.
    pub fn name(&self, keys: &ControllerKeys) -> Result<Private<String>, StoreError> {
        Ok(open_json(
            &self.key(keys)?,
            place("name_sealed", self.id()),
            &self.name_sealed,
        )?)
    }

    /// Its id.
    pub fn id(&self) -> FileId {
        FileId(self.id)
    }

    /// Whose it is.
    pub fn controller(&self) -> ControllerId {
        ControllerId(self.controller_id)
    }

    /// The case it belongs to.
    pub fn case(&self) -> Option<CaseId> {
        self.case_id.map(CaseId)
    }

    /// What it is for; a code.
    pub fn purpose(&self) -> &str {
        &self.purpose
    }

    /// Its media type, as claimed.
    pub fn media_type(&self) -> &str {
        &self.media_type
    }

    /// Bytes before sealing.
    pub fn size(&self) -> u64 {
        u64::try_from(self.size).unwrap_or(0)
    }

    /// Under which name it is stored.
    pub fn stored(&self) -> &str {
        &self.stored
    }

    /// Hash of the sealed bytes.
    pub fn sha256(&self) -> &[u8] {
        &self.sha256
    }

    /// When it was filed.
    pub fn created_at(&self) -> DateTime<Utc> {
        self.created_at.at()
    }
}

/// Writes a row; the file itself is on disk before.
pub fn insert(conn: &mut Conn, row: &FileRow) -> Result<(), StoreError> {
    diesel::insert_into(file::table).values(row).execute(conn)?;
    Ok(())
}

/// One file, if the scope reaches it.
pub fn load(conn: &mut Conn, scope: &Scope, id: FileId) -> Result<FileRow, StoreError> {
    let controllers: Vec<i64> = scope.controllers().iter().map(|id| id.0).collect();
    let row: FileRow = file::table
        .filter(file::id.eq(id.0))
        .filter(file::controller_id.eq_any(controllers))
        .select(FileRow::as_select())
        .first(conn)?;
    match row.case() {
        Some(case) if !cases::visible(conn, scope, case)? => Err(StoreError::NotFound),
        _ => Ok(row),
    }
}

/// The files of a case.
pub fn of_case(conn: &mut Conn, scope: &Scope, case: CaseId) -> Result<Vec<FileRow>, StoreError> {
    if !cases::visible(conn, scope, case)? {
        return Ok(vec![]);
    }
    let controllers: Vec<i64> = scope.controllers().iter().map(|id| id.0).collect();
    Ok(file::table
        .filter(file::case_id.eq(case.0))
        .filter(file::controller_id.eq_any(controllers))
        .order(file::id.asc())
        .select(FileRow::as_select())
        .load(conn)?)
}

/// The files uploaded with a form that is not sent yet.
pub fn of_form(
    conn: &mut Conn,
    controller: ControllerId,
    form: &[u8; 32],
) -> Result<Vec<FileRow>, StoreError> {
    Ok(file::table
        .filter(file::form_digest.eq(form.to_vec()))
        .filter(file::controller_id.eq(controller.0))
        .filter(file::case_id.is_null())
        .order(file::id.asc())
        .select(FileRow::as_select())
        .load(conn)?)
}

/// Moves the files of a form into its case, as what they are there.
pub fn adopt(
    conn: &mut Conn,
    controller: ControllerId,
    form: &[u8; 32],
    case: CaseId,
    purpose: FilePurpose,
) -> Result<(), StoreError> {
    diesel::update(
        file::table
            .filter(file::form_digest.eq(form.to_vec()))
            .filter(file::controller_id.eq(controller.0))
            .filter(file::case_id.is_null()),
    )
    .set((
        file::case_id.eq(Some(case.0)),
        file::form_digest.eq(None::<Vec<u8>>),
        file::purpose.eq(purpose.code()),
    ))
    .execute(conn)?;
    Ok(())
}

/// Takes a file of a case away with its key; gives back where its bytes lie, so that they can follow. Nothing, if
/// it is gone already.
pub fn destroy(
    conn: &mut Conn,
    controller: ControllerId,
    case: CaseId,
    id: FileId,
) -> Result<Option<String>, StoreError> {
    let mine = file::table
        .filter(file::id.eq(id.0))
        .filter(file::case_id.eq(case.0))
        .filter(file::controller_id.eq(controller.0));
    let stored: Option<String> = mine.select(file::stored).first(conn).optional()?;
    if stored.is_some() {
        diesel::delete(file::table.find(id.0)).execute(conn)?;
    }
    Ok(stored)
}

/// The cases that hold a proof which nobody destroyed since this time.
pub fn with_proofs_before(
    conn: &mut Conn,
    controller: ControllerId,
    before: DateTime<Utc>,
) -> Result<Vec<CaseId>, StoreError> {
    let ids: Vec<Option<i64>> = file::table
        .filter(file::purpose.eq(FilePurpose::Proof.code()))
        .filter(file::controller_id.eq(controller.0))
        .filter(file::case_id.is_not_null())
        .filter(file::created_at.lt(Ts::new(before)))
        .select(file::case_id)
        .distinct()
        .order(file::case_id.asc())
        .load(conn)?;
    Ok(ids.into_iter().flatten().map(CaseId).collect())
}

/// Takes one upload out of a form that is not sent yet; gives back where it was stored.
pub fn take_out(
    conn: &mut Conn,
    controller: ControllerId,
    form: &[u8; 32],
    id: FileId,
) -> Result<String, StoreError> {
    let mine = file::table
        .filter(file::id.eq(id.0))
        .filter(file::form_digest.eq(form.to_vec()))
        .filter(file::controller_id.eq(controller.0));
    let stored: String = mine.select(file::stored).first(conn)?;
    diesel::delete(file::table.find(id.0)).execute(conn)?;
    Ok(stored)
}

/// Uploads of forms that were never sent, older than this; their rows go, the names are given back.
pub fn forget_forms(
    conn: &mut Conn,
    before: DateTime<Utc>,
    limit: i64,
) -> Result<Vec<String>, StoreError> {
    let old: Vec<(i64, String)> = file::table
        .filter(file::form_digest.is_not_null())
        .filter(file::created_at.lt(Ts::new(before)))
        .order(file::id.asc())
        .limit(limit)
        .select((file::id, file::stored))
        .load(conn)?;
    let mut gone = Vec::with_capacity(old.len());
    for (id, stored) in old {
        // On PostgreSQL the form may have been sent since the row was read: then it stays.
        let row = file::table
            .filter(file::id.eq(id))
            .filter(file::form_digest.is_not_null());
        if diesel::delete(row).execute(conn)? == 1 {
            gone.push(stored);
        }
    }
    Ok(gone)
}

/// Whether a stored file is named by a row.
pub fn known(conn: &mut Conn, stored: &str) -> Result<bool, StoreError> {
    let found: Option<i64> = file::table
        .filter(file::stored.eq(stored))
        .select(file::id)
        .first(conn)
        .optional()?;
    Ok(found.is_some())
}
