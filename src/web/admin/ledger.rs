//! The log: how it stands, and handing it out for somebody outside to check.

use std::fs::{self, File, OpenOptions};
use std::io::{BufWriter, Seek, SeekFrom, Write};

use actix_web::http::StatusCode;
use actix_web::http::header::{CONTENT_DISPOSITION, CONTENT_LENGTH};
use actix_web::{HttpResponse, web};
use askama::Template;

use crate::casework::ledger::Standing;
use crate::casework::office::INSTALLATION;
use crate::casework::{Format, Office, Token};
use crate::domain::ids::ControllerId;
use crate::domain::scope::Role;
use crate::web::error::Problem;
use crate::web::layout::{Desk, Room};
use crate::web::office::files::{attachment, pieces};
use crate::web::office::session::Session;
use crate::web::office::signed::Signed;
use crate::web::office::story::day_of;
use crate::web::page::show;

struct Book {
    id: ControllerId,
    /// Whose; empty for the installation's own.
    name: String,
    standing: Standing,
    checkpoint: String,
}

#[derive(Template)]
#[template(path = "admin/ledger.html")]
struct Page {
    p: Desk,
    books: Vec<Book>,
}

/// The log of a controller is for those who have a role there; the installation's own for administrators.
fn may(session: &Session, ledger: ControllerId) -> bool {
    if ledger == INSTALLATION {
        session.scope.anywhere(Role::Admin)
    } else {
        session.scope.covers(ledger)
    }
}

/// How each log stands.
pub async fn look(session: Session, office: web::Data<Office>) -> Result<HttpResponse, Problem> {
    let mut books = Vec::new();
    for id in office.ledgers().into_iter().filter(|id| may(&session, *id)) {
        let standing = office.standing(id).await?;
        books.push(Book {
            id,
            name: office
                .house(id)
                .map(|house| house.controller.name.clone())
                .unwrap_or_default(),
            checkpoint: standing
                .checkpoint
                .map(|(_, at)| day_of(at))
                .unwrap_or_default(),
            standing,
        });
    }
    show(
        StatusCode::OK,
        &Page {
            p: session.desk(&office, Room::Ledger).await?,
            books,
        },
    )
}

/// A place to write the export to, so that it is never held whole: nameless as soon as it is open.
fn spool() -> std::io::Result<File> {
    let path = std::env::temp_dir().join(format!("export-{}", Token::generate().text()));
    let mut options = OpenOptions::new();
    options.read(true).write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    let file = options.open(&path)?;
    // Open without a name it goes with the last who holds it, whatever happens to us.
    fs::remove_file(&path)?;
    Ok(file)
}

/// Hands a log out.
pub async fn export(
    signed: Signed,
    office: web::Data<Office>,
    address: web::Path<ControllerId>,
) -> Result<HttpResponse, Problem> {
    let Signed { session, posted } = signed;
    let ledger = address.into_inner();
    if !may(&session, ledger) || !office.ledgers().contains(&ledger) {
        return Err(Problem::not_found());
    }
    let (format, ending) = match posted.get("format") {
        "csv" => (Format::Csv, "csv"),
        _ => (Format::JsonLines, "jsonl"),
    };
    let file = spool().map_err(Problem::fault)?;
    let written = office
        .export_ledger(ledger, session.scope.actor(), format, BufWriter::new(file))
        .await?;
    let (file, size) = rewound(written).map_err(Problem::fault)?;
    let slug = office
        .house(ledger)
        .map_or("installation", |house| house.controller.slug.as_str());
    let name = format!("protokoll-{slug}-{}.{ending}", office.today());
    Ok(HttpResponse::Ok()
        .content_type("application/octet-stream")
        .insert_header((CONTENT_DISPOSITION, attachment(&name)))
        .insert_header((CONTENT_LENGTH, size))
        .no_chunking(size)
        .streaming(Box::pin(pieces(file))))
}

fn rewound(written: BufWriter<File>) -> std::io::Result<(File, u64)> {
    let mut written = written;
    written.flush()?;
    let mut file = written
        .into_inner()
        .map_err(std::io::IntoInnerError::into_error)?;
    let size = file.stream_position()?;
    file.seek(SeekFrom::Start(0))?;
    Ok((file, size))
}
