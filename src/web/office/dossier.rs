//! The file for the authority: what it holds, and the button that hands it out.

use actix_web::http::StatusCode;
use actix_web::http::header::CONTENT_DISPOSITION;
use actix_web::{HttpResponse, web};
use askama::Template;

use crate::casework::{Error, Office};
use crate::domain::ids::CaseId;
use crate::domain::obstacle::Obstacle;
use crate::domain::scope::Role;
use crate::web::error::Problem;
use crate::web::layout::{Desk, Room};
use crate::web::office::files::attachment;
use crate::web::office::session::Session;
use crate::web::office::signed::Signed;
use crate::web::page::show;

#[derive(Template)]
#[template(path = "office/dossier.html")]
struct Page {
    p: Desk,
    id: CaseId,
    number: String,
    letters: usize,
}

/// What the file holds.
pub async fn look(
    session: Session,
    office: web::Data<Office>,
    address: web::Path<CaseId>,
) -> Result<HttpResponse, Problem> {
    let id = address.into_inner();
    let (case, _) = office.open(&session.scope, id).await?;
    if !office.may_export(&session.scope, case.controller) {
        return Err(Error::Obstacle(Obstacle::RoleLacking {
            least: Role::Decider,
        })
        .into());
    }
    let page = Page {
        p: session.desk(&office, Room::Cases).await?,
        id,
        number: case.number.clone(),
        letters: case.answers.len(),
    };
    show(StatusCode::OK, &page)
}

/// Hands it out; that it was handed out stands in the log.
pub async fn hand_out(
    signed: Signed,
    office: web::Data<Office>,
    address: web::Path<CaseId>,
) -> Result<HttpResponse, Problem> {
    let scope = &signed.session.scope;
    let id = address.into_inner();
    let dossier = office.dossier(scope, id).await?;
    let (case, _) = office.open(scope, id).await?;
    office.note_look(scope, Some(&case), "case/dossier").await?;
    Ok(HttpResponse::Ok()
        .content_type("application/zip")
        .insert_header((CONTENT_DISPOSITION, attachment(&dossier.name)))
        .body(dossier.zip))
}
