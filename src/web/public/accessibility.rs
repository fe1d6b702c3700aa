//! The statement on accessibility: what was aimed at, and whom to tell what does not work.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use crate::casework::Office;
use crate::web::error::Problem;
use crate::web::layout::Counter;
use crate::web::page;
use crate::web::public::counter;

/// The statement.
#[derive(Template)]
#[template(path = "public/accessibility.html")]
pub struct AccessibilityPage {
    pub p: Counter,
}

/// The statement at this controller's counter.
pub async fn look(
    request: HttpRequest,
    slug: web::Path<String>,
    office: web::Data<Office>,
) -> Result<HttpResponse, Problem> {
    let controller = &counter::house(&office, &slug)?.controller;
    let path = format!("/{}/accessibility", controller.slug);
    let p = counter::frame(&request, controller, &path);
    page::show(StatusCode::OK, &AccessibilityPage { p })
}
