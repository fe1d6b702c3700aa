//! `rechtzeitig serve`: runs the office until it is told to stop.

use std::io::Write;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context;

use crate::app::App;
use crate::jobs::runner;
use crate::ports::SystemClock;
use crate::settings::Settings;
use crate::web::server;
use tokio::signal::unix::{SignalKind, signal};

/// Run the office: the counter for the public, the desk for the clerks, the mail and the timer.
#[derive(Debug, clap::Args)]
pub struct Args {}

/// Threads for what would hold up others: reads of the database, letters, passwords.
const BLOCKING: usize = 8;

/// Runs the verb until SIGTERM or Ctrl-C.
///
/// # Errors
/// If the program cannot be put together or the address is taken.
pub fn run(config: Option<&Path>, out: &mut impl Write) -> anyhow::Result<ExitCode> {
    let settings = Settings::find(config)?;
    super::log::begin(&settings.log);
    open(settings, out, |_| Ok(()))
}

/// Serves with these settings; `greet` speaks once the doors are open.
pub(super) fn open<W: Write>(
    settings: Settings,
    out: &mut W,
    greet: impl FnOnce(&mut W) -> std::io::Result<()>,
) -> anyhow::Result<ExitCode> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .max_blocking_threads(BLOCKING)
        .build()?;
    actix_web::rt::System::with_tokio_rt(move || runtime).block_on(async move {
        let app = App::build(settings, Arc::new(SystemClock)).await?;
        let (stop, stopped) = tokio::sync::watch::channel(false);
        let listen = app.settings.listen();
        // Heard from before the doors open: who reads "listening" may ask to stop at once.
        let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
        let exits = app.exits().await?;
        let served = server::bind(Arc::clone(&app.office), &app.settings.server.doors()).with_context(|| {
            format!("cannot listen on {listen}; does the program run already? Another address: server.listen")
        })?;
        writeln!(out, "listening on http://{listen}")?;
        if app.office.is_empty().await? {
            let link = app.office.first_link().await?;
            writeln!(out, "nobody works here yet; this link makes the first clerk, once and within seven days:")?;
            writeln!(out, "{}", super::clerk::welcome_address(&app, &link))?;
        }
        greet(out)?;
        out.flush()?;
        let timers = actix_web::rt::spawn(runner::run(Arc::clone(&app.office), exits, stopped));
        let handle = served.handle();
        actix_web::rt::spawn(async move {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            }
            tracing::info!("stopping");
            // Whoever listens to this channel is gone already if this fails.
            let _ = stop.send(true);
            handle.stop(true).await;
        });
        served.await?;
        // What the timers have begun is finished; the doors are closed already.
        timers.await.context("the timers fell over")?;
        Ok(ExitCode::SUCCESS)
    })
}
