//! The desk: the queue, the cases and the acts on them. Nobody comes in without a session.

pub mod act;
pub mod acts;
pub mod case;
mod clock;
mod conversation;
mod decision;
mod ending;
mod entry;
mod execution;
pub mod files;
mod identity;
mod inbox;
pub mod line;
mod look;
pub mod next;
mod picture;
mod queue;
mod recipients;
mod release;
pub mod session;
mod shown;
pub mod signed;
pub mod story;
mod tasks;
mod what_if;

use actix_web::web;

use crate::web::page::get;

/// Every address of the desk with the methods it takes; `{act}` stands for each of the acts. Tests walk them.
pub const ROUTES: [(&str, &str); 11] = [
    ("GET", "/desk"),
    ("GET", "/desk/new"),
    ("POST", "/desk/new"),
    ("GET", "/desk/inbox"),
    ("POST", "/desk/inbox/{message}"),
    ("GET", "/desk/deadline"),
    ("GET", "/desk/files/{file}"),
    ("GET", "/desk/cases/{case}"),
    ("GET", "/desk/cases/{case}/letter.pdf"),
    ("GET", "/desk/cases/{case}/{act}"),
    ("POST", "/desk/cases/{case}/{act}"),
];

/// The desk's routes.
pub fn configure(pages: &mut web::ServiceConfig) {
    pages
        .service(web::resource("/desk").route(get().to(queue::look)))
        .service(
            web::resource("/desk/new")
                .route(get().to(entry::look))
                .route(web::post().to(entry::enter)),
        )
        .service(web::resource("/desk/inbox").route(get().to(inbox::look)))
        .service(web::resource("/desk/inbox/{message}").route(web::post().to(inbox::send_again)))
        .service(web::resource("/desk/deadline").route(get().to(what_if::look)))
        .service(web::resource("/desk/files/{file}").route(get().to(files::download)))
        .service(web::resource("/desk/cases/{case}").route(get().to(case::look)))
        .service(web::resource("/desk/cases/{case}/letter.pdf").route(get().to(release::letter)))
        .service(
            web::resource("/desk/cases/{case}/{act}")
                .route(get().to(acts::look))
                .route(web::post().to(acts::act)),
        );
}
