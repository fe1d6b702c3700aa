//! Behind the link of the mail that says "no more advertising": the owner of the address undoes it. And the link that
//! newsletters carry, with which a mail program stops them by itself (RFC 8058).

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use crate::casework::Office;
use crate::web::error::Problem;
use crate::web::layout::Counter;
use crate::web::page::{self, see_other, show};
use crate::web::public::{confirm, counter};

/// "Advertising again", or: it comes again.
#[derive(Template)]
#[template(path = "public/advertising.html")]
pub struct AdvertisingPage {
    pub p: Counter,
    pub number: String,
    /// The button has been pressed.
    pub done: bool,
}

/// "Do you want advertising again?"
pub async fn look(
    request: HttpRequest,
    token: web::Path<String>,
    office: web::Data<Office>,
) -> Result<HttpResponse, Problem> {
    let token = confirm::secret(&request, &office, &token)?;
    let (p, case, _) = confirm::behind(&request, &office, &token).await?;
    let Some(stop) = case.advertising else {
        return Err(confirm::spent(&request, &office));
    };
    show(
        StatusCode::OK,
        &AdvertisingPage {
            p,
            number: case.number.clone(),
            done: stop.undone.is_some(),
        },
    )
}

/// The button "undo this".
pub async fn resume(
    request: HttpRequest,
    token: web::Path<String>,
    office: web::Data<Office>,
) -> Result<HttpResponse, Problem> {
    let token = confirm::secret(&request, &office, &token)?;
    match office.resume_advertising(&token).await {
        Ok(_) => Ok(see_other(&confirm::here(&request))),
        Err(error) => Err(confirm::unless_spent(&request, &office, error)),
    }
}

/// "No more advertising": the page behind the link in a newsletter.
#[derive(Template)]
#[template(path = "public/stop.html")]
pub struct StopPage {
    pub p: Counter,
    /// The button has been pressed.
    pub done: bool,
}

/// The page with the one button; for people whose mail program has none of its own.
pub async fn look_stop(
    request: HttpRequest,
    token: web::Path<String>,
    office: web::Data<Office>,
) -> Result<HttpResponse, Problem> {
    let closed = |error| counter::closed(&request, &office, error);
    let controller = office.stop_link(&token).map_err(closed)?.0;
    let controller = &office.house(controller)?.controller;
    let lang = page::asked(&request).or_else(|| controller.languages.first().copied());
    let p = counter::own_frame(&request, controller, lang.unwrap_or_default());
    show(StatusCode::OK, &StopPage { p, done: false })
}

/// The one click, of a person or of her mail program. It needs no session and asks nothing back (RFC 8058, 3.2).
pub async fn stop(
    request: HttpRequest,
    token: web::Path<String>,
    office: web::Data<Office>,
) -> Result<HttpResponse, Problem> {
    let closed = |error| counter::closed(&request, &office, error);
    let controller = office.stop_by_click(&token).await.map_err(closed)?;
    let controller = &office.house(controller)?.controller;
    let lang = page::asked(&request).or_else(|| controller.languages.first().copied());
    let p = counter::own_frame(&request, controller, lang.unwrap_or_default());
    show(StatusCode::OK, &StopPage { p, done: true })
}
