//! Files that come with a form: sealed at once, shown until the form is sent, and taken out again on request.

use actix_web::web;
use tokio::runtime::Handle;

use crate::casework::{Error, Office, Token};
use crate::domain::ids::FileId;
use crate::web::error::Problem;
use crate::web::form::{LeftOut, Posted};
use crate::web::public::fault::Fault;
use crate::web::public::request::{Limits, Upload};

const MEGABYTE: u64 = 1_000_000;

/// How much may be attached, in round figures: nobody chooses files by the last byte.
#[must_use]
pub fn limits(office: &Office) -> Limits {
    let most = office.manners.upload_limit;
    let bytes = if most > MEGABYTE {
        most - most % MEGABYTE
    } else {
        most
    };
    Limits {
        files: office.manners.upload_count,
        bytes,
    }
}

/// Keeps what came along under the form's key, as far as each further file is `allowed`; says what could not be kept, and whether anything was.
///
/// # Errors
/// If it cannot be sealed.
pub async fn keep(
    office: &web::Data<Office>,
    path: &str,
    form: &Token,
    posted: &mut Posted,
    allowed: impl Fn() -> bool,
) -> Result<(Vec<Fault>, bool), Problem> {
    let mut faults: Vec<Fault> = posted
        .left_out
        .iter()
        .map(|why| match why {
            LeftOut::TooBig => Fault::FileTooBig,
            LeftOut::Empty => Fault::FileEmpty,
            LeftOut::TooMany => Fault::FilesTooMany,
        })
        .collect();
    let mut files = std::mem::take(&mut posted.files);
    if files.is_empty() {
        return Ok((faults, false));
    }
    let present = office.uploads_of(path, form).await?;
    // A second click sends the same file again.
    files.retain(|file| {
        let size = u64::try_from(file.bytes.len()).unwrap_or(u64::MAX);
        !present
            .iter()
            .any(|(_, name, there)| *there == size && name.reveal() == file.name.reveal())
    });
    let sent = files.len();
    files.retain(|_| allowed());
    if files.len() < sent {
        faults.push(Fault::FilesPaused);
    }
    let free = office.manners.upload_count.saturating_sub(present.len());
    if files.len() > free {
        files.truncate(free);
        faults.push(Fault::FilesTooMany);
        faults.dedup();
    }
    if !files.is_empty() {
        // Sealing and flushing takes its time, and other callers wait on this thread.
        let (office, path, form) = (office.clone().into_inner(), path.to_owned(), form.clone());
        let runtime = Handle::current();
        let left_out =
            web::block(move || runtime.block_on(office.keep_uploads(&path, &form, files)))
                .await
                .map_err(Problem::fault)??;
        if left_out > 0 {
            faults.push(Fault::FileHarmful);
        }
    }
    Ok((faults, true))
}

/// Takes one out again; one that is not there is out already.
///
/// # Errors
/// If the store does not answer.
pub async fn remove(office: &Office, path: &str, form: &Token, id: &str) -> Result<(), Problem> {
    let Ok(id) = id.parse() else { return Ok(()) };
    match office.drop_upload(path, form, FileId(id)).await {
        Ok(()) | Err(Error::NotFound) => Ok(()),
        Err(other) => Err(other.into()),
    }
}

/// What lies under this form's key.
///
/// # Errors
/// If the store does not answer.
pub async fn list(office: &Office, path: &str, form: &Token) -> Result<Vec<Upload>, Problem> {
    let files = office.uploads_of(path, form).await?;
    Ok(files
        .into_iter()
        .map(|(id, name, size)| Upload {
            id: id.0.to_string(),
            name: name.reveal().clone(),
            size,
        })
        .collect())
}
