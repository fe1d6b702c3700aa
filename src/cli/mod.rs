//! The verbs of the command line: one file each.

/// Who must get no advertising, and links that stop it.
pub mod advertising;
/// Tries everything and starts nothing.
pub mod check;
/// The people at the desk.
pub mod clerk;
/// Counts a period and says why.
pub mod deadline;
/// An office with invented people.
pub mod demo;
/// Whether the server is alive.
pub mod health;
/// Writes a configuration and keys.
pub mod init;
/// The master key.
pub mod keys;
/// The log that outsiders can check.
pub mod ledger;
/// Own wordings of letters.
pub mod letters;
mod log;
/// What the house understands of mail.
pub mod mail;
/// Brings the tables up to date.
pub mod migrate;
/// What a restored backup brought back into a connected system.
pub mod reapply;
/// What must be erased again after a restore.
pub mod reerase;
/// Systems and recipients.
pub mod register;
/// From which day on a record may be erased.
pub mod retention;
/// Runs the office.
pub mod serve;
/// The connected systems.
pub mod source;
mod table;

use std::future::Future;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context, bail};
use clap::{Parser, Subcommand};

use crate::app::App;
use crate::casework::Office;
use crate::casework::office::House;
use crate::ports::SystemClock;
use crate::settings::Settings;

/// Tracker for requests of data subjects under Art. 15-22 and 7(3) GDPR.
#[derive(Debug, Parser)]
#[command(name = "rechtzeitig", version, propagate_version = true)]
struct Line {
    /// The configuration; else ./rechtzeitig.toml, else ./demo/rechtzeitig.toml
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    Demo(demo::Args),
    Init(init::Args),
    Check(check::Args),
    Serve(serve::Args),
    Clerk(clerk::Args),
    Source(source::Args),
    Reapply(reapply::Args),
    Reerase(reerase::Args),
    Register(register::Args),
    Ledger(ledger::LedgerArgs),
    Keys(keys::Args),
    Deadline(deadline::Args),
    Retention(retention::Args),
    Letters(letters::Args),
    Mail(mail::Args),
    Advertising(advertising::Args),
    Migrate(migrate::Args),
    Healthz(health::Args),
}

/// Reads the command line and does what it says.
#[must_use]
pub fn main() -> ExitCode {
    let line = Line::parse();
    let config = line.config.as_deref();
    let (mut out, mut err) = (io::stdout(), io::stderr());
    let done = match &line.verb {
        Verb::Deadline(args) => {
            return deadline::run(args, &mut io::BufWriter::new(out.lock()), &mut err);
        }
        Verb::Retention(args) => {
            return retention::run(args, &mut io::BufWriter::new(out.lock()), &mut err);
        }
        Verb::Ledger(args) => return ledger::run(args, config, &mut out, &mut err),
        Verb::Demo(args) => demo::run(args, &mut out),
        Verb::Init(args) => init::run(args, &mut out),
        Verb::Check(_) => check::run(config, &mut out),
        Verb::Serve(_) => serve::run(config, &mut out),
        Verb::Clerk(args) => clerk::run(args, config, &mut out),
        Verb::Keys(args) => keys::run(args, config, &mut out),
        Verb::Source(args) => source::run(args, config, &mut out),
        Verb::Reapply(args) => reapply::run(args, config, &mut out),
        Verb::Reerase(args) => reerase::run(args, config, &mut out),
        Verb::Register(args) => register::run(args, config, &mut out),
        Verb::Letters(args) => letters::run(args, config, &mut out),
        Verb::Mail(args) => mail::run(args, config, &mut out),
        Verb::Advertising(args) => advertising::run(args, config, &mut out),
        Verb::Migrate(_) => migrate::run(config, &mut out),
        Verb::Healthz(_) => health::run(config, &mut out),
    };
    match done {
        Ok(code) => code,
        Err(error) => complain(&error, &mut err),
    }
}

/// Says what went wrong, with its causes.
fn complain(error: &anyhow::Error, err: &mut impl Write) -> ExitCode {
    if error
        .downcast_ref::<io::Error>()
        .is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
    {
        // The reader of a pipe has seen enough.
        return ExitCode::SUCCESS;
    }
    // If not even this can be written, the exit code still tells.
    let _ = writeln!(err, "error: {error:#}");
    ExitCode::FAILURE
}

/// Runs the work of a verb on this thread.
fn wait_for<T>(work: impl Future<Output = anyhow::Result<T>>) -> anyhow::Result<T> {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .max_blocking_threads(8)
        .build()?
        .block_on(work)
}

/// The controller of this name; without a name, the only one.
fn house<'a>(office: &'a Office, slug: Option<&str>) -> anyhow::Result<&'a House> {
    let slugs = || -> Vec<&str> {
        office
            .houses()
            .iter()
            .map(|house| house.controller.slug.as_str())
            .collect()
    };
    match (slug, office.houses()) {
        (Some(slug), houses) => houses
            .iter()
            .find(|house| house.controller.slug == slug)
            .with_context(|| {
                format!(
                    "no controller is called '{slug}'; there are: {}",
                    slugs().join(", ")
                )
            }),
        (None, [only]) => Ok(only),
        (None, _) => bail!(
            "say which controller: --controller {}",
            slugs().join(", or --controller ")
        ),
    }
}

/// The whole program for a verb that works on the office.
async fn built(config: Option<&Path>) -> anyhow::Result<App> {
    let settings = Settings::find(config)?;
    log::begin(&settings.log);
    Ok(App::build(settings, Arc::new(SystemClock)).await?)
}
