//! The notice of Art. 13 GDPR for the request itself, made from the controller's settings.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use crate::casework::Office;
use crate::domain::controller::Authority;
use crate::domain::retention::KEPT_YEARS;
use crate::web::error::Problem;
use crate::web::layout::Counter;
use crate::web::page;
use crate::web::public::counter;

/// The notice.
#[derive(Template)]
#[template(path = "public/privacy.html")]
pub struct PrivacyPage {
    pub p: Counter,
    pub authority: Authority,
    /// How to reach the data protection officer, if there is one.
    pub officer: Option<String>,
    /// How many whole years a closed case is kept after the year in which it was closed.
    pub kept_years: i32,
}

/// The notice of this controller.
pub async fn look(
    request: HttpRequest,
    slug: web::Path<String>,
    office: web::Data<Office>,
) -> Result<HttpResponse, Problem> {
    let controller = &counter::house(&office, &slug)?.controller;
    let path = format!("/{}/privacy", controller.slug);
    let page = PrivacyPage {
        p: counter::frame(&request, controller, &path),
        authority: controller.authority.clone(),
        officer: controller.officer.clone(),
        // The file goes on the first of January after them.
        kept_years: KEPT_YEARS - 1,
    };
    page::show(StatusCode::OK, &page)
}
