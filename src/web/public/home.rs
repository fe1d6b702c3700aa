//! The counter's front page: what one can do here, and by when one hears.

use actix_web::http::StatusCode;
use actix_web::http::header::CACHE_CONTROL;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use chrono::NaiveDate;

use crate::casework::Office;
use crate::domain::controller::Controller;
use crate::domain::lang::Lang;
use crate::web::error::Problem;
use crate::web::layout::Counter;
use crate::web::page::{self, show};
use crate::web::public::counter;
use crate::web::voice::Voice;
use crate::web::{assets, brand as colour};

/// The front page of one controller's counter.
#[derive(Template)]
#[template(path = "public/home.html")]
pub struct HomePage {
    pub p: Counter,
    /// The last day of the answer, if one asks today.
    pub due: NaiveDate,
}

/// The names of the controllers, where several share the house.
#[derive(Template)]
#[template(path = "public/houses.html")]
pub struct HousesPage {
    pub p: Voice,
    /// Path and name.
    pub houses: Vec<(String, String)>,
}

impl HousesPage {
    fn style(&self) -> &'static str {
        assets::style()
    }

    fn icon(&self) -> &'static str {
        assets::icon()
    }
}

/// The very front: the only controller's counter, or the way to each.
pub async fn front(
    request: HttpRequest,
    office: web::Data<Office>,
) -> Result<HttpResponse, Problem> {
    match office.houses() {
        [] => Err(Problem::not_found()),
        [only] => home(&request, &office, &only.controller, "/"),
        several => {
            let lang =
                page::asked(&request).or_else(|| page::understood(&request).first().copied());
            let page = HousesPage {
                p: Voice {
                    lang: lang.unwrap_or(Lang::De),
                    du: false,
                },
                houses: several
                    .iter()
                    .map(|house| (house.controller.slug.clone(), house.controller.name.clone()))
                    .collect(),
            };
            show(StatusCode::OK, &page)
        }
    }
}

/// The front page of this controller.
pub async fn look(
    request: HttpRequest,
    slug: web::Path<String>,
    office: web::Data<Office>,
) -> Result<HttpResponse, Problem> {
    let controller = &counter::house(&office, &slug)?.controller;
    home(
        &request,
        &office,
        controller,
        &format!("/{}/", controller.slug),
    )
}

fn home(
    request: &HttpRequest,
    office: &Office,
    controller: &Controller,
    path: &str,
) -> Result<HttpResponse, Problem> {
    let p = counter::frame(request, controller, path);
    let due = office.due_if_sent_now(controller)?;
    show(StatusCode::OK, &HomePage { p, due })
}

/// The sheet with a controller's own colour; its address changes with the colour.
pub async fn brand(
    sheet: web::Path<String>,
    office: web::Data<Office>,
) -> Result<HttpResponse, Problem> {
    let slug = sheet.strip_suffix(".css").ok_or_else(Problem::not_found)?;
    let controller = &counter::house(&office, slug)?.controller;
    let wish = controller
        .colour
        .as_deref()
        .ok_or_else(Problem::not_found)?;
    Ok(HttpResponse::Ok()
        .content_type("text/css; charset=utf-8")
        .insert_header((CACHE_CONTROL, "public, max-age=86400"))
        .body(colour::accent_css(wish)))
}
