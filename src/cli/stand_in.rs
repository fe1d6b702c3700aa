//! A door with nothing behind it but the two health pages, until the counter and the desk are built in.

use actix_web::dev::Server;
use actix_web::{App as Pages, HttpServer, web};

use crate::app::App;

pub(super) fn bind(app: &App) -> std::io::Result<Server> {
    let pages = || {
        Pages::new()
            .route("/healthz", web::get().to(async || "alive\n"))
            .route("/readyz", web::get().to(async || "ready\n"))
    };
    Ok(HttpServer::new(pages)
        .workers(app.settings.server.workers)
        .worker_max_blocking_threads(4)
        .disable_signals()
        .bind(app.settings.listen())?
        .run())
}
