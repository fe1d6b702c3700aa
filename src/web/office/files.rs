//! Files leave the strong room piece by piece, and always as a download: what a stranger sent is not shown here.

use std::io::Read;

use actix_web::http::header::{CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_SECURITY_POLICY};
use actix_web::{HttpResponse, web};
use futures_util::Stream;

use crate::casework::Office;
use crate::domain::ids::FileId;
use crate::web::error::Problem;
use crate::web::office::mail_parts::called;
use crate::web::office::session::{Session, encoded};

/// Bytes that are opened at a time.
const PIECE: usize = 64 * 1024;

/// A file of a case.
pub async fn download(
    session: Session,
    office: web::Data<Office>,
    address: web::Path<FileId>,
) -> Result<HttpResponse, Problem> {
    let (open, checked) = office
        .hand_out(&session.scope, address.into_inner())
        .await?;
    let case = match open.row.case() {
        Some(case) => Some(office.open(&session.scope, case).await?.0),
        None => None,
    };
    office
        .note_look(&session.scope, case.as_ref(), "file")
        .await?;
    let name = called(open.name.reveal().clone(), checked);
    let size = open.row.size();
    Ok(HttpResponse::Ok()
        .content_type("application/octet-stream")
        .insert_header((CONTENT_DISPOSITION, attachment(&name)))
        .insert_header((CONTENT_SECURITY_POLICY, "sandbox; default-src 'none'"))
        .insert_header((CONTENT_LENGTH, size))
        .no_chunking(size)
        .streaming(Box::pin(pieces(open.reader))))
}

/// The header that makes a browser keep the file under its name.
pub fn attachment(name: &str) -> String {
    let plain: String = name
        .chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | ' ') {
                c
            } else {
                '_'
            }
        })
        .collect();
    let full = encoded(name).replace('/', "%2F");
    format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{full}")
}

/// What a reader gives, without holding up anybody and without holding it all.
pub fn pieces<R: Read + Send + 'static>(
    reader: R,
) -> impl Stream<Item = std::io::Result<web::Bytes>> {
    futures_util::stream::unfold(Some(reader), |reader| async move {
        let mut reader = reader?;
        let read = tokio::task::spawn_blocking(move || {
            let mut piece = vec![0; PIECE];
            let mut filled = 0;
            while let Some(rest) = piece.get_mut(filled..).filter(|rest| !rest.is_empty()) {
                match reader.read(rest) {
                    Ok(0) => break,
                    Ok(some) => filled += some,
                    Err(error) => return Err(error),
                }
            }
            piece.truncate(filled);
            Ok((piece, reader))
        });
        match read.await {
            Ok(Ok((piece, _))) if piece.is_empty() => None,
            Ok(Ok((piece, reader))) => Some((Ok(web::Bytes::from(piece)), Some(reader))),
            Ok(Err(error)) => Some((Err(error), None)),
            Err(_) => Some((Err(std::io::Error::other("a worker died")), None)),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_cannot_break_out_of_its_header() {
        let header = attachment("Ge\"halt\r\n/März.pdf");
        assert!(
            header.starts_with("attachment; filename=\"Ge_halt___M_rz.pdf\""),
            "{header}"
        );
        assert!(
            header.ends_with("Ge%22halt%0D%0A%2FM%C3%A4rz.pdf"),
            "{header}"
        );
    }
}
