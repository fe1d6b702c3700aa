//! Signing in and out. What was wrong is not said, and a guesser is slowed down.

use actix_web::http::StatusCode;
use actix_web::http::header::LOCATION;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use crate::casework::Office;
use crate::casework::clerks::SignedIn;
use crate::domain::lang::Lang;
use crate::web::error::Problem;
use crate::web::form::Posted;
use crate::web::gate::Gate;
use crate::web::layout::{Desk, Room};
use crate::web::office::session::{Session, cookie, local};
use crate::web::office::signed::Signed;
use crate::web::page::{see_other, show};
use crate::web::voice::Voice;

/// Why one stands before the door.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Why {
    /// Nothing happened yet.
    Plain,
    /// Address, password or code was wrong.
    Wrong,
    /// Too many tries.
    Slow,
    /// The session had ended when a form was sent.
    Ended,
    /// Just signed out.
    Left,
}

#[derive(Template)]
#[template(path = "account/sign_in.html")]
struct Page {
    p: Desk,
    why: Why,
    to: String,
    email: String,
    code: bool,
}

/// The frame of a page before the door.
pub(super) fn outside() -> Desk {
    Desk {
        voice: Voice {
            lang: Lang::De,
            du: false,
        },
        here: Room::Account,
        ..Desk::default()
    }
}

fn door(office: &Office, why: Why, to: &str, email: &str) -> Page {
    Page {
        p: outside(),
        why,
        to: local(to).to_owned(),
        email: email.to_owned(),
        code: office.manners.second_factor,
    }
}

/// The page that a form without a session is answered with.
pub fn signed_out() -> HttpResponse {
    let page = Page {
        p: outside(),
        why: Why::Ended,
        to: "/desk".to_owned(),
        email: String::new(),
        code: true,
    };
    HttpResponse::Unauthorized()
        .content_type("text/html; charset=utf-8")
        .body(page.render().unwrap_or_default())
}

/// The door.
pub async fn look(
    office: web::Data<Office>,
    asked: web::Query<Vec<(String, String)>>,
    inside: Option<Session>,
) -> Result<HttpResponse, Problem> {
    let get = |name: &str| {
        asked
            .iter()
            .find(|(key, _)| key == name)
            .map_or("", |(_, value)| value.as_str())
    };
    if inside.is_some() {
        return Ok(see_other(local(get("to"))));
    }
    let why = if get("left").is_empty() {
        Why::Plain
    } else {
        Why::Left
    };
    show(StatusCode::OK, &door(&office, why, get("to"), ""))
}

/// Lets in, or not.
pub async fn enter(
    request: HttpRequest,
    office: web::Data<Office>,
    gate: web::Data<Gate>,
    posted: Posted,
) -> Result<HttpResponse, Problem> {
    let (to, email) = (posted.get("to"), posted.get("email"));
    if !gate.limits.sign_ins.allows(gate.asker(&request)) || !gate.limits.accounts.allows(email) {
        return show(
            StatusCode::TOO_MANY_REQUESTS,
            &door(&office, Why::Slow, to, email),
        );
    }
    match office
        .sign_in(email, posted.get("password"), posted.get("code").trim())
        .await?
    {
        SignedIn::Session(token) => Ok(HttpResponse::SeeOther()
            .cookie(cookie(&office, Some(&token)))
            .insert_header((LOCATION, local(to)))
            .finish()),
        SignedIn::SetUp(token) => Ok(see_other(&format!("/welcome/{}", token.text()))),
        SignedIn::Refused => show(
            StatusCode::UNPROCESSABLE_ENTITY,
            &door(&office, Why::Wrong, to, email),
        ),
    }
}

/// Ends the session.
pub async fn leave(signed: Signed, office: web::Data<Office>) -> Result<HttpResponse, Problem> {
    office.sign_out(&signed.session.token).await?;
    Ok(HttpResponse::SeeOther()
        .cookie(cookie(&office, None))
        .insert_header((LOCATION, "/sign-in?left=1"))
        .finish())
}
