//! Putting files into the strong room before the row that names them is written, and taking them out.

use std::sync::Arc;

use super::error::Error;
use super::office::{House, Office, blocking};
use crate::domain::ids::{CaseId, ControllerId, FileId};
use crate::domain::obstacle::Obstacle;
use crate::domain::private::Private;
use crate::domain::scope::Scope;
use crate::seal::Key;
use crate::seal::chance::Token;
use crate::storage::files::Stored;
use crate::storage::filing::{self, FilePurpose, FileRow, NewFile};

/// A file as it was handed in.
#[derive(Debug, Clone)]
pub struct Upload {
    /// Its name.
    pub name: Private<String>,
    /// Its media type, as claimed.
    pub media_type: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// A file taken out, opened.
pub struct OpenFile {
    /// Its row.
    pub row: FileRow,
    /// Its name.
    pub name: Private<String>,
    /// Its bytes, read piece by piece.
    pub reader: crate::seal::stream::SealReader<std::fs::File>,
}

/// A longer name is cut; what it is called matters less than that it is kept.
const NAME: usize = 200;

impl Office {
    /// Seals bytes to disk and prepares the row; nothing names the file until that row is written.
    pub(super) async fn put_file(
        &self,
        house: &House,
        case: Option<CaseId>,
        form: Option<[u8; 32]>,
        purpose: FilePurpose,
        (name, media_type): (&Private<String>, &str),
        content: Vec<u8>,
    ) -> Result<FileRow, Error> {
        let key = Key::generate(1);
        let (files, own) = (Arc::clone(&self.files), key.clone());
        let Stored {
            name: stored,
            plain_size,
            sealed_sha256,
        } = blocking(move || files.put(&own, content.as_slice())).await??;
        let new = NewFile {
            id: FileId(self.next_id()),
            controller: house.controller.id,
            case,
            form,
            purpose,
            name: name.reveal().chars().take(NAME).collect::<String>().into(),
            media_type: media_type.chars().take(NAME).collect(),
            size: plain_size,
            stored,
            sha256: sealed_sha256,
        };
        Ok(FileRow::seal(new, &key, &house.keys, self.now())?)
    }

    /// Keeps what was uploaded with a form that is not sent yet, but for malware; says how many were left out.
    pub async fn keep_uploads(
        &self,
        path: &str,
        form: &Token,
        uploads: Vec<Upload>,
    ) -> Result<usize, Error> {
        let house = self.house_at(path).ok_or(Error::NotFound)?;
        let digest = form.digest();
        let mut rows = Vec::new();
        let mut left_out = 0;
        for upload in uploads {
            if self.is_malware(&upload).await {
                left_out += 1;
                continue;
            }
            rows.push(
                self.put_file(
                    house,
                    None,
                    Some(digest),
                    FilePurpose::Attachment,
                    (&upload.name, &upload.media_type),
                    upload.bytes,
                )
                .await?,
            );
        }
        self.store
            .write(move |conn| rows.iter().try_for_each(|row| filing::insert(conn, row)))
            .await?;
        Ok(left_out)
    }

    /// What was uploaded with a form so far: id, name, size.
    pub async fn uploads_of(
        &self,
        path: &str,
        form: &Token,
    ) -> Result<Vec<(FileId, Private<String>, u64)>, Error> {
        let house = self.house_at(path).ok_or(Error::NotFound)?;
        let (controller, digest) = (house.controller.id, form.digest());
        let rows = self
            .store
            .read(move |conn| filing::of_form(conn, controller, &digest))
            .await?;
        rows.iter()
            .map(|row| Ok((row.id(), row.name(&house.keys)?, row.size())))
            .collect()
    }

    /// Takes one upload out of a form again.
    pub async fn drop_upload(&self, path: &str, form: &Token, file: FileId) -> Result<(), Error> {
        let house = self.house_at(path).ok_or(Error::NotFound)?;
        let (controller, digest) = (house.controller.id, form.digest());
        let stored = self
            .store
            .write(move |conn| filing::take_out(conn, controller, &digest, file))
            .await?;
        self.files.remove(&stored)?;
        Ok(())
    }

    /// Seals files for a case; they are named by the act that follows.
    pub async fn file_for_case(
        &self,
        controller: ControllerId,
        case: Option<CaseId>,
        purpose: FilePurpose,
        uploads: &[Upload],
    ) -> Result<Vec<FileRow>, Error> {
        let house = self.house(controller)?;
        for upload in uploads {
            if self.is_malware(upload).await {
                return Err(Obstacle::MalwareGiven {
                    file: upload.name.clone(),
                }
                .into());
            }
        }
        let mut rows = Vec::with_capacity(uploads.len());
        for upload in uploads {
            let named = (&upload.name, upload.media_type.as_str());
            let bytes = upload.bytes.clone();
            rows.push(
                self.put_file(house, case, None, purpose, named, bytes)
                    .await?,
            );
        }
        Ok(rows)
    }

    /// Opens a file for a clerk.
    pub async fn open_file(&self, scope: &Scope, file: FileId) -> Result<OpenFile, Error> {
        let reach = scope.clone();
        let row = self
            .store
            .read(move |conn| filing::load(conn, &reach, file))
            .await?;
        self.open_row(row)
    }

    pub(super) fn open_row(&self, row: FileRow) -> Result<OpenFile, Error> {
        let house = self.house(row.controller())?;
        let reader = self
            .files
            .open_reader(&row.key(&house.keys)?, row.stored())?;
        Ok(OpenFile {
            name: row.name(&house.keys)?,
            row,
            reader,
        })
    }
}
