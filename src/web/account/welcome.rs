//! Behind a welcome link: a password is chosen and a second factor set up, then one is in.

use actix_web::http::StatusCode;
use actix_web::http::header::LOCATION;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use crate::casework::clerks::Introduction;
use crate::casework::{Error, Office, Token};
use crate::web::account::sign_in::outside;
use crate::web::error::Problem;
use crate::web::form::Posted;
use crate::web::gate::Gate;
use crate::web::layout::Desk;
use crate::web::office::session::cookie;
use crate::web::page::{show, token};
use crate::words::obstacles;

#[derive(Template)]
#[template(path = "account/welcome.html")]
struct Page {
    p: Desk,
    token: String,
    /// Nobody works here yet; the first one gives a name and an address.
    first: bool,
    name: String,
    email: String,
    square: String,
    secret: String,
    trouble: String,
    at: &'static str,
}

async fn page(
    office: &Office,
    link: &Token,
    typed: &Posted,
    trouble: Option<(String, &'static str)>,
) -> Result<HttpResponse, Problem> {
    let welcome = office.welcome(link).await?;
    let (name, email) = match &welcome.clerk {
        Some(clerk) => (clerk.name.clone(), clerk.email.clone()),
        None => (typed.get("name").to_owned(), typed.get("email").to_owned()),
    };
    let account = if email.is_empty() { "desk" } else { &email };
    let (square, secret) = match &welcome.secret {
        Some(secret) => (office.square(secret, account)?, secret.base32()),
        None => (String::new(), String::new()),
    };
    let status = if trouble.is_some() {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::OK
    };
    let (trouble, at) = trouble.unwrap_or_default();
    let page = Page {
        p: outside(),
        token: link.text(),
        first: welcome.clerk.is_none(),
        name,
        email,
        square,
        secret,
        trouble,
        at,
    };
    show(status, &page)
}

/// The page.
pub async fn look(
    office: web::Data<Office>,
    address: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    page(&office, &token(&address)?, &Posted::default(), None).await
}

/// Chooses, and comes in.
pub async fn introduce(
    request: HttpRequest,
    office: web::Data<Office>,
    gate: web::Data<Gate>,
    address: web::Path<String>,
    posted: Posted,
) -> Result<HttpResponse, Problem> {
    if !gate.limits.sign_ins.allows(gate.asker(&request)) {
        return Err(Problem::too_often());
    }
    let link = token(&address)?;
    let given = Introduction {
        name: posted.get("name").to_owned(),
        email: posted.get("email").to_owned(),
        password: posted.get("password").to_owned(),
        code: posted.get("code").trim().to_owned(),
    };
    match office.introduce(&link, given).await {
        Ok(session) => Ok(HttpResponse::SeeOther()
            .cookie(cookie(&office, Some(&session)))
            .insert_header((LOCATION, "/desk"))
            .finish()),
        Err(Error::Obstacle(obstacle)) => {
            let at = match obstacle {
                crate::domain::obstacle::Obstacle::Empty(field) => field,
                _ => "password",
            };
            page(
                &office,
                &link,
                &posted,
                Some((obstacles::obstacle(&obstacle), at)),
            )
            .await
        }
        Err(Error::Code) => {
            let sentence = crate::words::desk::wrong_code().to_owned();
            page(&office, &link, &posted, Some((sentence, "code"))).await
        }
        Err(other) => Err(other.into()),
    }
}
