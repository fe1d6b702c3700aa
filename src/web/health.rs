//! For machines: alive, ready, and what search engines shall leave alone.

use actix_web::{HttpResponse, web};

use crate::casework::Office;
use crate::web::page;

/// `/healthz`, `/readyz`, `/robots.txt`.
pub fn configure(pages: &mut web::ServiceConfig) {
    pages
        .service(web::resource("/healthz").route(page::get().to(alive)))
        .service(web::resource("/readyz").route(page::get().to(ready)))
        .service(web::resource("/robots.txt").route(page::get().to(robots)));
}

async fn alive() -> HttpResponse {
    HttpResponse::Ok()
        .content_type("text/plain; charset=utf-8")
        .body("alive\n")
}

async fn ready(office: web::Data<Office>) -> HttpResponse {
    match office.ready().await {
        Ok(()) => HttpResponse::Ok()
            .content_type("text/plain; charset=utf-8")
            .body("ready\n"),
        Err(error) => {
            tracing::warn!(%error, "not ready");
            HttpResponse::ServiceUnavailable()
                .content_type("text/plain; charset=utf-8")
                .body("the database does not answer\n")
        }
    }
}

/// Only the controllers' own pages are for search engines; behind all others stands one person.
async fn robots() -> HttpResponse {
    let closed = [
        "desk",
        "account",
        "admin",
        "sign-in",
        "welcome",
        "confirm",
        "disown",
        "status",
        "answer",
        "feed",
        "advertising",
        "stop",
        "task",
    ];
    let lines: String = closed
        .iter()
        .map(|place| format!("Disallow: /{place}\n"))
        .collect();
    HttpResponse::Ok()
        .content_type("text/plain; charset=utf-8")
        .body(format!("User-agent: *\n{lines}Disallow: /*/sent/\n"))
}
