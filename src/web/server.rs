//! Opens the doors: listens, hands each request to the pages, and closes in good order.

use std::io;
use std::net::TcpListener;
use std::sync::Arc;
use std::time::Duration;

use actix_web::body::BoxBody;
use actix_web::dev::{Server, ServiceFactory, ServiceRequest, ServiceResponse};
use actix_web::middleware::from_fn;
use actix_web::{App, Error, HttpServer, web};
use tokio::sync::watch;

use crate::casework::Office;
use crate::web::error::Problem;
use crate::web::{Gate, Settings, configure, headers};

/// Threads for what would hold up others, beside those of the store.
const BLOCKING: usize = 4;
/// So long a caller may take to say what it wants.
const PATIENCE: Duration = Duration::from_secs(10);
/// So long requests under way are waited for at the end.
const FAREWELL: u64 = 20;
/// Callers at the same time, for all threads together.
const CALLERS: usize = 2_000;

/// All pages of this office, as `serve` and the tests use them.
pub fn app(
    office: web::Data<Office>,
    gate: web::Data<Gate>,
) -> App<
    impl ServiceFactory<
        ServiceRequest,
        Config = (),
        Response = ServiceResponse<BoxBody>,
        Error = Error,
        InitError = (),
    >,
> {
    App::new()
        .app_data(office)
        .app_data(gate)
        .configure(configure)
        .default_service(web::to(async || Err::<&str, _>(Problem::not_found())))
        .wrap(from_fn(headers::dress))
}

/// Takes the address and begins to serve as soon as the server is awaited.
///
/// # Errors
/// If the address is taken.
pub fn bind(office: Arc<Office>, settings: &Settings) -> io::Result<Server> {
    open(office, settings, None)
}

/// The same at an address that was taken before.
///
/// # Errors
/// If nothing can be heard there.
pub fn listen(office: Arc<Office>, settings: &Settings, at: TcpListener) -> io::Result<Server> {
    open(office, settings, Some(at))
}

fn open(office: Arc<Office>, settings: &Settings, at: Option<TcpListener>) -> io::Result<Server> {
    let gate = web::Data::new(Gate::new(&office, settings));
    let office = web::Data::from(office);
    let workers = settings.workers.max(1);
    let server = HttpServer::new(move || app(office.clone(), gate.clone()))
        .workers(workers)
        .worker_max_blocking_threads(BLOCKING)
        .max_connections(CALLERS.div_ceil(workers))
        .client_request_timeout(PATIENCE)
        .client_disconnect_timeout(Duration::from_secs(2))
        .shutdown_timeout(FAREWELL)
        .disable_signals();
    let server = match at {
        Some(at) => server.listen(at)?,
        None => server.bind(settings.listen)?,
    };
    Ok(server.run())
}

/// Serves until `ended` says so or its sender is gone.
///
/// # Errors
/// If the address is taken, or serving fails.
pub async fn run(
    office: Arc<Office>,
    settings: &Settings,
    mut ended: watch::Receiver<bool>,
) -> io::Result<()> {
    let server = bind(office, settings)?;
    let handle = server.handle();
    actix_web::rt::spawn(async move {
        // No sender any more means the same as being told.
        let _ = ended.wait_for(|ended| *ended).await;
        handle.stop(true).await;
    });
    server.await
}
