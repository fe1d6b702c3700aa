//! The page after sending. It stands under the status link's secret, so that a reload shows it again.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};

use super::SentPage;
use crate::casework::Office;
use crate::web::error::Problem;
use crate::web::page::{self, show};
use crate::web::public::counter;

/// Number, date due, what comes next.
pub async fn look(
    request: HttpRequest,
    path: web::Path<(String, String)>,
    office: web::Data<Office>,
) -> Result<HttpResponse, Problem> {
    let (slug, token) = path.into_inner();
    counter::house(&office, &slug)?;
    let status = match page::token(&token) {
        Ok(token) => office
            .status(&token)
            .await
            .map_err(|error| counter::closed(&request, &office, error))?,
        Err(problem) => return Err(problem),
    };
    let controller = &office.house(status.controller)?.controller;
    let p = counter::own_frame(&request, controller, status.lang);
    let lang = if p.voice.lang == status.lang {
        String::new()
    } else {
        format!("?lang={}", p.code())
    };
    let page = SentPage {
        number: status.number,
        received: status.received,
        due: status.due,
        email: status.mailbox.map(|email| email.reveal().clone()),
        status: Some(format!("{}/status/{token}{lang}", controller.public_url)),
        p,
    };
    show(StatusCode::OK, &page)
}
