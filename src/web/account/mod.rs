//! One's own account: signing in and out, the welcome link, password, sessions, calendar feed.

mod own;
mod sign_in;
mod welcome;

use actix_web::{HttpResponse, web};

pub use sign_in::signed_out;

use crate::casework::Office;
use crate::web::error::Problem;
use crate::web::page::{get, token};

/// Every address of the account with the methods it takes. Tests walk them.
pub const ROUTES: [(&str, &str); 11] = [
    ("GET", "/sign-in"),
    ("POST", "/sign-in"),
    ("POST", "/sign-out"),
    ("GET", "/welcome/{token}"),
    ("POST", "/welcome/{token}"),
    ("GET", "/account"),
    ("POST", "/account/password"),
    ("POST", "/account/sessions"),
    ("POST", "/account/feed"),
    ("POST", "/account/feed/end"),
    ("GET", "/feed/{token}"),
];

/// The routes of the account.
pub fn configure(pages: &mut web::ServiceConfig) {
    pages
        .service(
            web::resource("/sign-in")
                .route(get().to(sign_in::look))
                .route(web::post().to(sign_in::enter)),
        )
        .service(web::resource("/sign-out").route(web::post().to(sign_in::leave)))
        .service(
            web::resource("/welcome/{token}")
                .route(get().to(welcome::look))
                .route(web::post().to(welcome::introduce)),
        )
        .service(web::resource("/account").route(get().to(own::look)))
        .service(web::resource("/account/password").route(web::post().to(own::password)))
        .service(web::resource("/account/sessions").route(web::post().to(own::sessions)))
        .service(web::resource("/account/feed").route(web::post().to(own::feed)))
        .service(web::resource("/account/feed/end").route(web::post().to(own::end_feed)))
        .service(web::resource("/feed/{token}").route(get().to(feed)));
}

/// The calendar behind a link; a calendar program has no session.
async fn feed(
    office: web::Data<Office>,
    address: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let text = address.into_inner();
    let calendar = office.feed(&token(text.trim_end_matches(".ics"))?).await?;
    Ok(HttpResponse::Ok()
        .content_type("text/calendar; charset=utf-8")
        .body(calendar))
}
