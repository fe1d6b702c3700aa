//! A form packed as multipart, the way browsers send files.

use actix_multipart::{Field, Multipart};
use std::sync::Arc;

use actix_web::dev::Payload;
use actix_web::{HttpRequest, web};
use futures_util::StreamExt;
use tokio::sync::Semaphore;

use super::{FIELDS, HELD, LeftOut, Posted, Room, TEXT, megabyte, next};
use crate::casework::filing::Upload;
use crate::web::error::Problem;
use crate::web::gate::Gate;

const MEGABYTE: usize = 1024 * 1024;

/// How much of each kind was read so far.
#[derive(Default)]
struct Read {
    all: u64,
    text: usize,
    held: u64,
    parts: usize,
}

pub(super) async fn read(
    request: &HttpRequest,
    payload: Payload,
    room: Room,
) -> Result<Posted, Problem> {
    let gate = request.app_data::<web::Data<Gate>>();
    let files = gate.map(|gate| &gate.files);
    let mut parts = Multipart::new(request.headers(), payload);
    let mut posted = Posted::default();
    let mut read = Read::default();
    while let Some(part) = next(&mut parts).await? {
        let mut part = part.map_err(|_| Problem::unreadable())?;
        read.parts += 1;
        if read.parts > FIELDS * 4 {
            return Err(Problem::too_large());
        }
        let name = part.name().unwrap_or_default().to_owned();
        let file = part
            .content_disposition()
            .and_then(|told| told.get_filename())
            .map(bare_name);
        match file {
            None => {
                let value = typed(&mut part, &mut read, room).await?;
                posted.add(name, value);
            }
            Some(file) => {
                let kept = posted.files.len();
                attached(&mut part, file, &mut posted, &mut read, (room, files)).await?;
                if posted.files.len() > kept {
                    posted.file_fields.push(name);
                }
            }
        }
    }
    Ok(posted)
}

async fn piece(
    part: &mut Field,
    read: &mut Read,
    room: Room,
) -> Result<Option<web::Bytes>, Problem> {
    let Some(piece) = next(&mut part.by_ref()).await? else {
        return Ok(None);
    };
    let piece = piece.map_err(|_| Problem::unreadable())?;
    read.all = read.all.saturating_add(piece.len() as u64);
    if read.all > room.all {
        return Err(Problem::too_large());
    }
    Ok(Some(piece))
}

async fn typed(part: &mut Field, read: &mut Read, room: Room) -> Result<String, Problem> {
    let mut bytes = Vec::new();
    while let Some(piece) = piece(part, read, room).await? {
        read.text += piece.len();
        if read.text > TEXT {
            return Err(Problem::too_large());
        }
        bytes.extend_from_slice(&piece);
    }
    String::from_utf8(bytes).map_err(|_| Problem::unreadable())
}

async fn attached(
    part: &mut Field,
    name: String,
    posted: &mut Posted,
    read: &mut Read,
    (room, files): (Room, Option<&Arc<Semaphore>>),
) -> Result<(), Problem> {
    let media_type = part
        .content_type()
        .map(ToString::to_string)
        .unwrap_or_default();
    let wanted = posted.files.len() < room.files;
    let (mut bytes, mut size, mut held) = (Vec::new(), 0_u64, Vec::new());
    while let Some(piece) = piece(part, read, room).await? {
        size = size.saturating_add(piece.len() as u64);
        read.held = read.held.saturating_add(piece.len() as u64);
        if wanted && size <= room.file && read.held <= HELD.max(room.file) {
            if bytes.len() >= held.len() * MEGABYTE {
                held.extend(megabyte(files).await?);
            }
            bytes.extend_from_slice(&piece);
        }
    }
    match size {
        // A field for files in which none was chosen is sent as one without name and content.
        0 if name.is_empty() => {}
        0 => posted.leave_out(LeftOut::Empty),
        _ if !wanted => posted.leave_out(LeftOut::TooMany),
        _ if (bytes.len() as u64) < size => {
            // It was not kept, so it does not weigh on those that follow.
            read.held = read.held.saturating_sub(size);
            posted.leave_out(LeftOut::TooBig);
        }
        _ => {
            posted.held.append(&mut held);
            posted.files.push(Upload {
                name: name.into(),
                media_type,
                bytes,
            });
        }
    }
    Ok(())
}

/// The name without folders and without what cannot be seen.
fn bare_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    last.chars()
        .filter(|c| !c.is_control() && !crate::web::public::draft::turns(*c))
        .collect()
}
