//! Behind the two links of the first mail: "that was me" and "that was not me". Opening them does nothing yet.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use chrono::NaiveDate;

use crate::casework::{Office, Token};
use crate::domain::case::Case;
use crate::domain::intake::Mailbox;
use crate::web::error::Problem;
use crate::web::layout::Counter;
use crate::web::page::{self, see_other, show};
use crate::web::public::counter;

/// "Yes, that was me": proves control of a mailbox, nothing more.
#[derive(Template)]
#[template(path = "public/confirm.html")]
pub struct ConfirmPage {
    pub p: Counter,
    pub number: String,
    pub due: NaiveDate,
    /// The button has been pressed.
    pub done: bool,
    /// The status page, once confirmed.
    pub status: Option<String>,
}

/// "That was not me".
#[derive(Template)]
#[template(path = "public/disown.html")]
pub struct DisownPage {
    pub p: Counter,
    pub number: String,
    /// The button has been pressed.
    pub done: bool,
}

/// The case behind the link, and the frame of its page.
pub(super) async fn behind(
    request: &HttpRequest,
    office: &Office,
    token: &Token,
) -> Result<(Counter, Case, Option<String>), Problem> {
    let closed = |error| counter::closed(request, office, error);
    let (id, scope) = office.mailbox_link(token).await.map_err(closed)?;
    let (case, _) = office.open(&scope, id).await?;
    let controller = &office.house(case.controller)?.controller;
    let p = counter::own_frame(request, controller, case.intake.lang);
    let status = office.status_url(&scope, id).await?;
    Ok((p, case, status.map(|url| url.reveal().clone())))
}

pub(super) fn spent(request: &HttpRequest, office: &Office) -> Problem {
    counter::closed(request, office, crate::casework::Error::Link)
}

pub(super) fn secret(request: &HttpRequest, office: &Office, text: &str) -> Result<Token, Problem> {
    page::token(text).map_err(|_| spent(request, office))
}

/// "Did you make this request?"
pub async fn look(
    request: HttpRequest,
    token: web::Path<String>,
    office: web::Data<Office>,
) -> Result<HttpResponse, Problem> {
    let token = secret(&request, &office, &token)?;
    let (p, case, status) = behind(&request, &office, &token).await?;
    let done = match case.mailbox {
        Mailbox::Unproven => false,
        Mailbox::Confirmed { .. } => true,
        Mailbox::None | Mailbox::Disowned { .. } => return Err(spent(&request, &office)),
    };
    let page = ConfirmPage {
        p,
        number: case.number.clone(),
        due: case.due(),
        done,
        status: status.filter(|_| done),
    };
    show(StatusCode::OK, &page)
}

/// The button "yes, that was me".
pub async fn confirm(
    request: HttpRequest,
    token: web::Path<String>,
    office: web::Data<Office>,
) -> Result<HttpResponse, Problem> {
    let token = secret(&request, &office, &token)?;
    match office.confirm_mailbox(&token).await {
        Ok(_) => Ok(see_other(&here(&request))),
        Err(error) => Err(unless_spent(&request, &office, error)),
    }
}

/// "Did someone else give your address?"
pub async fn look_disown(
    request: HttpRequest,
    token: web::Path<String>,
    office: web::Data<Office>,
) -> Result<HttpResponse, Problem> {
    let token = secret(&request, &office, &token)?;
    let (p, case, _) = behind(&request, &office, &token).await?;
    let done = match case.mailbox {
        Mailbox::Unproven => false,
        Mailbox::Disowned { .. } => true,
        Mailbox::None | Mailbox::Confirmed { .. } => return Err(spent(&request, &office)),
    };
    show(
        StatusCode::OK,
        &DisownPage {
            p,
            number: case.number.clone(),
            done,
        },
    )
}

/// The button "that was not me".
pub async fn disown(
    request: HttpRequest,
    token: web::Path<String>,
    office: web::Data<Office>,
) -> Result<HttpResponse, Problem> {
    let token = secret(&request, &office, &token)?;
    match office.disown(&token).await {
        Ok(_) => Ok(see_other(&here(&request))),
        Err(error) => Err(unless_spent(&request, &office, error)),
    }
}

pub(super) fn unless_spent(
    request: &HttpRequest,
    office: &Office,
    error: crate::casework::Error,
) -> Problem {
    use crate::casework::Error;
    use crate::domain::obstacle::Obstacle;
    match error {
        Error::Obstacle(Obstacle::LinkSpent) => spent(request, office),
        other => counter::closed(request, office, other),
    }
}

/// The same address for looking, in the chosen language.
pub(super) fn here(request: &HttpRequest) -> String {
    match page::asked(request) {
        Some(lang) => format!("{}?lang={}", request.path(), lang.code()),
        None => request.path().to_owned(),
    }
}
