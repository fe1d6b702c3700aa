//! What every handler at the counter begins with: whose counter it is, and in which language it speaks.

use actix_web::HttpRequest;
use actix_web::http::StatusCode;

use crate::casework::office::House;
use crate::casework::{Error, Office};
use crate::domain::controller::Controller;
use crate::domain::lang::Lang;
use crate::web::error::Problem;
use crate::web::layout::Counter;
use crate::web::page;
use crate::web::public::gone::GonePage;

/// The controller to which this part of the path leads.
///
/// # Errors
/// If there is none.
pub fn house<'a>(office: &'a Office, path: &str) -> Result<&'a House, Problem> {
    office.house_at(path).ok_or_else(Problem::not_found)
}

/// The frame of a page that anybody may open.
#[must_use]
pub fn frame(request: &HttpRequest, controller: &Controller, path: &str) -> Counter {
    Counter::of(
        controller,
        path,
        page::asked(request),
        &page::understood(request),
    )
}

/// The frame of a page behind a person's own link: it speaks the language of her request unless she
/// asks for the other.
#[must_use]
pub fn own_frame(request: &HttpRequest, controller: &Controller, lang: Lang) -> Counter {
    let asked = page::asked(request).or(Some(lang));
    Counter::of(controller, request.path(), asked, &[]).secret()
}

/// What a link that opens nothing shows. Where several controllers share the house, nobody knows whose
/// link it was, and the page names none.
#[must_use]
pub fn closed(request: &HttpRequest, office: &Office, error: Error) -> Problem {
    match (error, office.first_house()) {
        (Error::Link, Some(house)) if !office.several() => {
            let p = frame(request, &house.controller, request.path()).secret();
            Problem::page(StatusCode::GONE, &GonePage { p })
        }
        (other, _) => other.into(),
    }
}
