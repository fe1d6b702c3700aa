//! The counter: pages for the person who asks. No cookie, no script, nothing that a GET changes.

use actix_web::web;

use crate::web::page::get;

pub mod counter;
pub mod draft;
pub mod fault;
pub mod uploads;

pub mod accessibility;
pub mod advertising;
pub mod answer;
pub mod confirm;
pub mod error;
pub mod gone;
pub mod home;
pub mod owner;
pub mod privacy;
pub mod proof;
pub mod request;
pub mod status;

/// The counter's routes. Those behind a person's own link come first: no controller may be called so.
pub fn configure(pages: &mut web::ServiceConfig) {
    let post = web::post;
    pages
        .service(web::resource("/").route(get().to(home::front)))
        .service(web::resource("/brand/{sheet}").route(get().to(home::brand)))
        .service(
            web::resource("/confirm/{token}")
                .route(get().to(confirm::look))
                .route(post().to(confirm::confirm)),
        )
        .service(
            web::resource("/disown/{token}")
                .route(get().to(confirm::look_disown))
                .route(post().to(confirm::disown)),
        )
        .service(
            web::resource("/advertising/{token}")
                .route(get().to(advertising::look))
                .route(post().to(advertising::resume)),
        )
        .service(
            web::resource("/stop/{token}")
                .route(get().to(advertising::look_stop))
                .route(post().to(advertising::stop)),
        )
        .service(web::resource("/status/{token}").route(get().to(status::look)))
        .service(web::resource("/status/{token}/message").route(post().to(status::message)))
        .service(
            web::resource("/status/{token}/proof")
                .route(get().to(proof::look))
                .route(post().to(proof::act)),
        )
        .service(
            web::resource("/status/{token}/revoke")
                .route(get().to(status::look_revoke))
                .route(post().to(status::revoke)),
        )
        .service(
            web::resource("/answer/{token}")
                .route(get().to(answer::look))
                .route(post().to(answer::act)),
        )
        .service(
            web::resource("/task/{token}")
                .route(get().to(owner::look))
                .route(post().to(owner::act)),
        )
        .service(web::resource("/answer/{token}/file/{file}").route(post().to(answer::fetch)))
        .service(
            web::resource("/{slug}/request")
                .route(get().to(request::steps::begin))
                .route(post().to(request::steps::step)),
        )
        .service(
            web::resource("/{slug}/request/all")
                .route(get().to(request::steps::begin_all))
                .route(post().to(request::steps::all)),
        )
        .service(web::resource("/{slug}/sent/{token}").route(get().to(request::sent::look)))
        .service(web::resource("/{slug}/privacy").route(get().to(privacy::look)))
        .service(web::resource("/{slug}/accessibility").route(get().to(accessibility::look)))
        .service(web::resource(["/{slug}", "/{slug}/"]).route(get().to(home::look)));
}
