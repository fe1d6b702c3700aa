//! Reads a posted form, whichever of the two ways the browser packs it. What is too much is left aside
//! and told, so that what was typed is kept; what cannot be read is refused.

mod packed;

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use actix_web::dev::Payload;
use actix_web::http::StatusCode;
use actix_web::http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use actix_web::{FromRequest, HttpRequest, web};
use futures_util::StreamExt;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::casework::Office;
use crate::casework::filing::Upload;
use crate::web::error::Problem;

/// Most bytes of all typed text together.
const TEXT: usize = 1024 * 1024;
/// Most fields; further ones nobody asked for. Deciding on each category of a large register takes many.
const FIELDS: usize = 2000;
/// Most bytes of files that one form holds in memory.
const HELD: u64 = 32 * 1024 * 1024;
/// So long a caller may pause within a form.
const PATIENCE: Duration = Duration::from_secs(30);

/// How much is taken in with one form.
#[derive(Debug, Clone, Copy)]
struct Room {
    /// Most bytes of one file.
    file: u64,
    /// Most files.
    files: usize,
    /// Most bytes in all; more is not even read.
    all: u64,
}

/// What was left aside of the files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LeftOut {
    /// A file is larger than is taken.
    TooBig,
    /// A file is empty.
    Empty,
    /// More files than are taken.
    TooMany,
}

/// A form as it was posted.
#[derive(Default)]
pub struct Posted {
    fields: Vec<(String, String)>,
    /// What was attached, whole.
    pub files: Vec<Upload>,
    /// The field of each file, in the same order.
    file_fields: Vec<String>,
    /// What was left aside, each kind once.
    pub left_out: Vec<LeftOut>,
    /// The room in memory that the files take.
    held: Vec<OwnedSemaphorePermit>,
}

impl Posted {
    /// Whether nothing was typed or sent at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.fields.is_empty() && self.files.is_empty()
    }

    /// The first value of this name; empty if there is none.
    #[must_use]
    pub fn get(&self, name: &str) -> &str {
        self.fields
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
            .unwrap_or_default()
    }

    /// All values of this name.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.fields
            .iter()
            .filter(move |(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }

    /// Whether a box of this name is ticked.
    #[must_use]
    pub fn ticked(&self, name: &str) -> bool {
        self.has(name)
    }

    /// Whether there is a field of this name, filled or not.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.fields.iter().any(|(key, _)| key == name)
    }

    /// The files of one field.
    #[must_use]
    pub fn files_of(&self, field: &str) -> Vec<Upload> {
        let named = self.file_fields.iter().zip(&self.files);
        named
            .filter(|(name, _)| *name == field)
            .map(|(_, file)| file.clone())
            .collect()
    }

    /// All fields in their order.
    pub fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.fields
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// The button that was pressed, and what stands behind its colon: `remove:17`.
    #[must_use]
    pub fn pressed(&self) -> (&str, &str) {
        let button = self.get("do");
        button.split_once(':').unwrap_or((button, ""))
    }

    /// Puts another value in the place of a field's, as if it had been typed.
    pub fn put(&mut self, name: &str, value: String) {
        match self.fields.iter_mut().find(|(key, _)| key == name) {
            Some((_, typed)) => *typed = value,
            None => self.add(name.to_owned(), value),
        }
    }

    fn leave_out(&mut self, why: LeftOut) {
        if !self.left_out.contains(&why) {
            self.left_out.push(why);
        }
    }

    fn add(&mut self, name: String, mut value: String) {
        // No keyboard makes one, and PostgreSQL keeps no text that holds one.
        value.retain(|c| c != '\0');
        if self.fields.len() < FIELDS {
            self.fields.push((name, value));
        }
    }
}

impl fmt::Debug for Posted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // What people type stays out of logs.
        write!(
            f,
            "Posted({} fields, {} files)",
            self.fields.len(),
            self.files.len()
        )
    }
}

impl FromRequest for Posted {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, payload) = (request.clone(), payload.take());
        Box::pin(async move {
            let kind = header(&request, CONTENT_TYPE.as_str())
                .trim()
                .to_ascii_lowercase();
            let room = room(&request);
            let told = header(&request, CONTENT_LENGTH.as_str())
                .parse::<u64>()
                .unwrap_or(0);
            if told > room.all {
                return Err(Problem::too_large());
            }
            if kind.starts_with("multipart/form-data") {
                packed::read(&request, payload, room).await
            } else if kind.is_empty() || kind.starts_with("application/x-www-form-urlencoded") {
                plain(payload).await
            } else {
                Err(Problem::of(StatusCode::UNSUPPORTED_MEDIA_TYPE))
            }
        })
    }
}

fn header<'a>(request: &'a HttpRequest, name: &str) -> &'a str {
    request
        .headers()
        .get(name)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default()
}

fn room(request: &HttpRequest) -> Room {
    let (file, files) = request
        .app_data::<web::Data<Office>>()
        .map_or((0, 0), |office| {
            (office.manners.upload_limit, office.manners.upload_count)
        });
    let count = u64::try_from(files).unwrap_or(u64::MAX);
    // Twice the room, so that a file too many is told on a page that keeps what was typed.
    let all = file
        .saturating_mul(count)
        .saturating_mul(2)
        .saturating_add(4 * TEXT as u64);
    Room { file, files, all }
}

/// Room for one more megabyte of files. Who finds none waits, and so does the one who sends.
async fn megabyte(files: Option<&Arc<Semaphore>>) -> Result<Option<OwnedSemaphorePermit>, Problem> {
    let Some(files) = files else { return Ok(None) };
    tokio::time::timeout(PATIENCE, Arc::clone(files).acquire_owned())
        .await
        .ok()
        .and_then(Result::ok)
        .map(Some)
        .ok_or_else(|| Problem::of(StatusCode::SERVICE_UNAVAILABLE))
}

/// The next piece, if the caller does not take for ever over it.
async fn next<T>(stream: &mut (impl StreamExt<Item = T> + Unpin)) -> Result<Option<T>, Problem> {
    tokio::time::timeout(PATIENCE, stream.next())
        .await
        .map_err(|_| Problem::of(StatusCode::REQUEST_TIMEOUT))
}

async fn plain(mut payload: Payload) -> Result<Posted, Problem> {
    let mut body = web::BytesMut::new();
    while let Some(piece) = next(&mut payload).await? {
        let piece = piece.map_err(|_| Problem::unreadable())?;
        // Percent signs make three bytes of one.
        if body.len() + piece.len() > 3 * TEXT {
            return Err(Problem::too_large());
        }
        body.extend_from_slice(&piece);
    }
    let mut posted = Posted::default();
    for pair in body
        .as_ref()
        .split(|byte: &u8| *byte == b'&')
        .filter(|pair| !pair.is_empty())
        .take(FIELDS)
    {
        let mut parts = pair.splitn(2, |byte| *byte == b'=');
        let name = decoded(parts.next().unwrap_or_default())?;
        let value = decoded(parts.next().unwrap_or_default())?;
        posted.add(name, value);
    }
    Ok(posted)
}

/// Undoes the percent signs; what is no UTF-8 then was damaged on its way.
fn decoded(text: &[u8]) -> Result<String, Problem> {
    let hex = |byte: Option<&u8>| {
        char::from(*byte?)
            .to_digit(16)
            .and_then(|digit| u8::try_from(digit).ok())
    };
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((first, after)) = rest.split_first() {
        rest = after;
        match first {
            b'+' => bytes.push(b' '),
            b'%' => match (hex(after.first()), hex(after.get(1))) {
                (Some(high), Some(low)) => {
                    bytes.push(high * 16 + low);
                    rest = after.get(2..).unwrap_or_default();
                }
                _ => bytes.push(b'%'),
            },
            other => bytes.push(*other),
        }
    }
    String::from_utf8(bytes).map_err(|_| Problem::unreadable())
}

#[cfg(test)]
mod tests;
