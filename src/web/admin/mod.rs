//! What is kept beside the cases: the register, the people, the log.

mod house;
mod law;
mod ledger;
mod questions;
mod register;
mod rule;
mod system;

use actix_web::web;

use crate::web::page::get;

/// Every address with the methods it takes. Tests walk them.
pub const ROUTES: [(&str, &str); 21] = [
    ("GET", "/desk/law"),
    ("GET", "/desk/questions"),
    ("GET", "/desk/register"),
    ("GET", "/desk/register/{controller}/import"),
    ("POST", "/desk/register/{controller}/import"),
    ("GET", "/desk/register/{controller}/{system}"),
    ("POST", "/desk/register/{controller}/{system}"),
    ("GET", "/desk/register/{controller}/{system}/remove"),
    ("POST", "/desk/register/{controller}/{system}/remove"),
    ("GET", "/desk/ledger"),
    ("POST", "/desk/ledger/{ledger}/export"),
    ("GET", "/desk/house"),
    ("GET", "/desk/house/new"),
    ("POST", "/desk/house/new"),
    ("GET", "/desk/house/clerks/{clerk}"),
    ("POST", "/desk/house/clerks/{clerk}/roles"),
    ("GET", "/desk/house/clerks/{clerk}/reset"),
    ("POST", "/desk/house/clerks/{clerk}/reset"),
    ("GET", "/desk/house/clerks/{clerk}/leave"),
    ("POST", "/desk/house/clerks/{clerk}/leave"),
    ("GET", "/desk/house/{controller}"),
];

/// The routes.
pub fn configure(pages: &mut web::ServiceConfig) {
    pages
        .service(web::resource("/desk/law").route(get().to(law::look)))
        .service(web::resource("/desk/questions").route(get().to(questions::look)))
        .service(web::resource("/desk/register").route(get().to(register::look)))
        .service(
            web::resource("/desk/register/{controller}/import")
                .route(get().to(register::import))
                .route(web::post().to(register::bring_in)),
        )
        .service(
            web::resource("/desk/register/{controller}/{system}")
                .route(get().to(system::look))
                .route(web::post().to(system::keep)),
        )
        .service(
            web::resource("/desk/register/{controller}/{system}/remove")
                .route(get().to(system::before_removal))
                .route(web::post().to(system::remove)),
        )
        .service(web::resource("/desk/ledger").route(get().to(ledger::look)))
        .service(
            web::resource("/desk/ledger/{ledger}/export").route(web::post().to(ledger::export)),
        )
        .service(web::resource("/desk/house").route(get().to(house::look)))
        .service(
            web::resource("/desk/house/new")
                .route(get().to(house::blank))
                .route(web::post().to(house::take_on)),
        )
        .service(web::resource("/desk/house/clerks/{clerk}").route(get().to(house::clerk)))
        .service(
            web::resource("/desk/house/clerks/{clerk}/roles").route(web::post().to(house::roles)),
        )
        .service(
            web::resource("/desk/house/clerks/{clerk}/reset")
                .route(get().to(house::before_reset))
                .route(web::post().to(house::reset)),
        )
        .service(
            web::resource("/desk/house/clerks/{clerk}/leave")
                .route(get().to(house::before_leaving))
                .route(web::post().to(house::let_go)),
        )
        .service(web::resource("/desk/house/{controller}").route(get().to(house::settings)));
}
