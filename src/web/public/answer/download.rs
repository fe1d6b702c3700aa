//! Hands a sealed file to the connection piece by piece, and notes it only when the last piece was taken.

use std::io::{self, Read};

use actix_web::http::header::{
    CONTENT_DISPOSITION, ContentDisposition, DispositionParam, DispositionType,
};
use actix_web::{HttpResponse, web};
use futures_util::stream;

use crate::casework::Office;
use crate::casework::filing::OpenFile;
use crate::domain::ids::{CaseId, FileId};

/// One piece; sealed files are read in such.
const PIECE: usize = 64 * 1024;

struct Underway {
    reader: Box<dyn Read + Send>,
    office: web::Data<Office>,
    case: CaseId,
    file: FileId,
}

/// The whole file as an attachment.
pub(super) fn send(office: web::Data<Office>, open: OpenFile, case: CaseId) -> HttpResponse {
    let (name, size) = (open.name.reveal().clone(), open.row.size());
    let disposition = ContentDisposition {
        disposition: DispositionType::Attachment,
        parameters: vec![DispositionParam::Filename(name)],
    };
    let media_type = open.row.media_type().to_owned();
    let underway = Underway {
        file: open.row.id(),
        reader: Box::new(open.reader),
        office,
        case,
    };
    HttpResponse::Ok()
        .content_type(media_type)
        .insert_header((CONTENT_DISPOSITION, disposition))
        .no_chunking(size)
        .streaming(stream::try_unfold(underway, next))
}

async fn next(mut underway: Underway) -> io::Result<Option<(web::Bytes, Underway)>> {
    let (piece, underway) = web::block(move || {
        let mut piece = vec![0; PIECE];
        let read = fill(&mut underway.reader, &mut piece)?;
        piece.truncate(read);
        Ok::<_, io::Error>((piece, underway))
    })
    .await
    .map_err(io::Error::other)??;
    if !piece.is_empty() {
        return Ok(Some((piece.into(), underway)));
    }
    // Asked for more than there is: all before it was taken. On a task of its own, for the caller may
    // go as soon as it has everything.
    let Underway {
        office, case, file, ..
    } = underway;
    actix_web::rt::spawn(async move {
        if let Err(error) = office.fetched(case, file).await {
            tracing::error!(%error, "a completed download could not be noted");
        }
    });
    Ok(None)
}

fn fill(reader: &mut dyn Read, piece: &mut [u8]) -> io::Result<usize> {
    let mut at = 0;
    while let Some(rest) = piece.get_mut(at..).filter(|rest| !rest.is_empty()) {
        match reader.read(rest)? {
            0 => break,
            read => at += read,
        }
    }
    Ok(at)
}
