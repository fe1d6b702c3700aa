//! One's own account.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use askama::Template;

use crate::casework::{Error, Office};
use crate::domain::lang::Lang;
use crate::web::error::Problem;
use crate::web::layout::{Desk, Room};
use crate::web::office::session::Session;
use crate::web::office::signed::Signed;
use crate::web::page::{see_other, show};
use crate::words::{desk, obstacles, terms};

#[derive(Template)]
#[template(path = "account/own.html")]
struct Page {
    p: Desk,
    email: String,
    roles: Vec<(String, &'static str, &'static str)>,
    second_factor: bool,
    feeds: bool,
    feed: bool,
    /// Shown once, right after it was made.
    url: String,
    done: String,
    trouble: String,
    at: &'static str,
}

async fn page(
    office: &Office,
    session: &Session,
    change: impl FnOnce(&mut Page),
    status: StatusCode,
) -> Result<HttpResponse, Problem> {
    let mut roles = Vec::new();
    for id in session.scope.controllers() {
        if let Some(role) = session.scope.role(id) {
            let name = office.house(id)?.controller.name.clone();
            roles.push((name, terms::role(role, Lang::De), desk::role_hint(role)));
        }
    }
    let mut page = Page {
        p: session.desk(office, Room::Account).await?,
        email: session.clerk.email.clone(),
        roles,
        second_factor: office.manners.second_factor,
        feeds: office.manners.feeds,
        feed: office.has_feed(&session.scope).await?,
        url: String::new(),
        done: String::new(),
        trouble: String::new(),
        at: "",
    };
    change(&mut page);
    show(status, &page)
}

/// The page.
pub async fn look(
    session: Session,
    office: web::Data<Office>,
    asked: web::Query<Vec<(String, String)>>,
) -> Result<HttpResponse, Problem> {
    let done = asked
        .iter()
        .find(|(key, _)| key == "done")
        .map(|(_, value)| value.clone())
        .unwrap_or_default();
    page(&office, &session, |page| page.done = done, StatusCode::OK).await
}

/// Another password.
pub async fn password(signed: Signed, office: web::Data<Office>) -> Result<HttpResponse, Problem> {
    let Signed { session, posted } = signed;
    let (old, new) = (posted.get("old"), posted.get("new"));
    let wrong = match office
        .change_password(&session.scope, &session.token, old, new)
        .await
    {
        Ok(()) => return Ok(see_other("/account?done=password")),
        Err(Error::Code) => (desk::wrong_password().to_owned(), "old"),
        Err(Error::Obstacle(obstacle)) => (obstacles::obstacle(&obstacle), "new"),
        Err(other) => return Err(other.into()),
    };
    page(
        &office,
        &session,
        |page| (page.trouble, page.at) = wrong,
        StatusCode::UNPROCESSABLE_ENTITY,
    )
    .await
}

/// Ends all other sessions.
pub async fn sessions(signed: Signed, office: web::Data<Office>) -> Result<HttpResponse, Problem> {
    office
        .sign_out_elsewhere(&signed.session.scope, &signed.session.token)
        .await?;
    Ok(see_other("/account?done=sessions"))
}

/// Makes the link of the calendar and shows it, this one time.
pub async fn feed(signed: Signed, office: web::Data<Office>) -> Result<HttpResponse, Problem> {
    let session = signed.session;
    let token = office.give_feed(&session.scope).await?;
    let base = session
        .scope
        .controllers()
        .first()
        .and_then(|id| office.house(*id).ok());
    let base = base
        .map(|house| house.controller.public_url.clone())
        .unwrap_or_default();
    page(
        &office,
        &session,
        |page| page.url = format!("{base}/feed/{}", token.text()),
        StatusCode::OK,
    )
    .await
}

/// Ends the link of the calendar.
pub async fn end_feed(signed: Signed, office: web::Data<Office>) -> Result<HttpResponse, Problem> {
    office.end_feed(&signed.session.scope).await?;
    Ok(see_other("/account?done=feed"))
}
