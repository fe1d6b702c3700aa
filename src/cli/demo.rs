//! `rechtzeitig demo`: an office with invented people and a case in every stage, all in one folder.

mod fill;
mod people;
mod stories;

use std::fs;
use std::io::Write;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::sync::Arc;

use anyhow::{Context, bail};

use crate::app::App;
use crate::ports::{Clock, FixedClock, SystemClock};
use crate::settings::Settings;
use crate::storage::controllers;

/// Try an office with invented people: two controllers, registers, clerks, cases in every stage.
///
/// Everything lies in one folder, with a configuration that all other verbs read too.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Where everything is kept
    #[arg(long, default_value = "./demo")]
    folder: PathBuf,
    /// Address and port; unset, as the folder's configuration says, at first 127.0.0.1:8080
    #[arg(long)]
    listen: Option<SocketAddr>,
    /// Fill in so many more cases of invented people, for trying how it works with many
    #[arg(long, value_name = "N", default_value_t = 0)]
    cases: u32,
    /// Throw the folder away and begin anew
    #[arg(long)]
    fresh: bool,
    /// Fill the folder and end, without serving
    #[arg(long)]
    fill_only: bool,
}

const CONFIG: &str = include_str!("../../config/demo/rechtzeitig.toml");
/// How the configuration of a demo begins; nothing else is ever thrown away.
const MARK: &str = "# Written by `rechtzeitig demo`";
/// The logins, written last: a folder without them was not filled to its end.
const LOGINS: &str = "logins.txt";
/// Where the database remembers how many cases were filled in.
const FILLED: &str = "demo.filled";

/// Runs the verb until SIGTERM or Ctrl-C.
///
/// # Errors
/// If the folder cannot be used or the address is taken.
pub fn run(args: &Args, out: &mut impl Write) -> anyhow::Result<ExitCode> {
    let config = args.folder.join("rechtzeitig.toml");
    let logins = args.folder.join(LOGINS);
    let begun = args.folder.join("demo.db").exists();
    if config.exists() && (args.fresh || (begun && !logins.exists())) {
        clear(&args.folder, &config)?;
    }
    if !config.exists() {
        let listen = args
            .listen
            .unwrap_or(SocketAddr::from(([127, 0, 0, 1], 8080)));
        super::init::write(
            &args.folder,
            &CONFIG.replace("{listen}", &listen.to_string()),
        )?;
    }
    if args.fill_only {
        let settings = Settings::load(&config)?;
        super::log::begin(&settings.log);
        if !logins.exists() {
            let text = furnish(&settings)?;
            fs::write(&logins, text).with_context(|| logins.display().to_string())?;
        }
        if args.cases > 0 {
            fill_up(&settings, args.cases, out)?;
        }
        return Ok(ExitCode::SUCCESS);
    }
    if args.cases > 0 || !logins.exists() {
        fill_apart(args)?;
    }
    let settings = listening(Settings::load(&config)?, args.listen);
    super::log::begin(&settings.log);
    let known = fs::read_to_string(&logins).with_context(|| logins.display().to_string())?;
    let forms: Vec<String> = settings
        .controllers
        .iter()
        .map(|configured| {
            format!(
                "form  {}/{}",
                configured.controller.public_url, configured.controller.slug
            )
        })
        .collect();
    let desk = settings
        .controllers
        .first()
        .map(|first| format!("desk  {}/desk", first.controller.public_url));
    super::serve::open(settings, out, |out| {
        for line in forms.iter().chain(&desk) {
            writeln!(out, "{line}")?;
        }
        write!(out, "{known}")?;
        writeln!(out, "all of it lies in {}", args.folder.display())
    })
}

/// Fills the folder in a process of its own: what the work needs of memory is then given back wholly.
fn fill_apart(args: &Args) -> anyhow::Result<()> {
    let status = Command::new(std::env::current_exe()?)
        .args(["demo", "--fill-only", "--cases"])
        .arg(args.cases.to_string())
        .arg("--folder")
        .arg(&args.folder)
        .status()?;
    if !status.success() {
        bail!("{} could not be filled", args.folder.display());
    }
    Ok(())
}

/// Throws a demo away, and nothing else.
fn clear(folder: &Path, config: &Path) -> anyhow::Result<()> {
    let text = fs::read_to_string(config).with_context(|| config.display().to_string())?;
    if !text.starts_with(MARK) {
        bail!(
            "{} was not written by the demo; name another folder with --folder",
            config.display()
        );
    }
    for name in ["keys", "files", "checkpoints"] {
        let path = folder.join(name);
        if path.exists() {
            fs::remove_dir_all(&path).with_context(|| path.display().to_string())?;
        }
    }
    for name in [
        "demo.db",
        "demo.db-wal",
        "demo.db-shm",
        LOGINS,
        "rechtzeitig.toml",
    ] {
        let path = folder.join(name);
        if path.exists() {
            fs::remove_file(&path).with_context(|| path.display().to_string())?;
        }
    }
    Ok(())
}

/// Another address for this run; links then lead there.
fn listening(mut settings: Settings, listen: Option<SocketAddr>) -> Settings {
    if let Some(listen) = listen.filter(|listen| *listen != settings.server.listen) {
        let (old, new) = (
            format!("http://{}", settings.server.listen),
            format!("http://{listen}"),
        );
        for configured in &mut settings.controllers {
            if configured.controller.public_url == old {
                configured.controller.public_url.clone_from(&new);
            }
        }
        settings.server.listen = listen;
    }
    settings
}

/// Takes on the clerks, fills the registers and lets the past happen; gives back the logins.
fn furnish(settings: &Settings) -> anyhow::Result<String> {
    super::wait_for(async {
        // The past of the demo had a mail server; from now on there is none, and messages are kept.
        let clock = Arc::new(FixedClock::at(SystemClock.now()));
        let post = Arc::new(stories::Pretended);
        let app =
            App::build_with_post(settings.clone(), Arc::<FixedClock>::clone(&clock), post).await?;
        let text = stories::tell(&app.office, &clock).await?;
        for ledger in app.office.ledgers() {
            app.office.chain_wholly(ledger).await?;
        }
        Ok(text)
    })
}

/// Fills cases in until there are as many as wished.
fn fill_up(settings: &Settings, wished: u32, out: &mut impl Write) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .max_blocking_threads(4)
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let clock = Arc::new(FixedClock::at(SystemClock.now()));
        let app = App::build(settings.clone(), Arc::<FixedClock>::clone(&clock)).await?;
        let filled = app
            .office
            .store
            .read(|conn| controllers::setting(conn, FILLED))
            .await?;
        let filled: u32 = filled.and_then(|text| text.parse().ok()).unwrap_or(0);
        if filled >= wished {
            return Ok(());
        }
        let begun = std::time::Instant::now();
        fill::fill(&app.office, &clock, wished - filled).await?;
        app.office
            .store
            .write(move |conn| controllers::set(conn, FILLED, &wished.to_string()))
            .await?;
        writeln!(
            out,
            "filled in {} cases in {:.1} s",
            wished - filled,
            begun.elapsed().as_secs_f64()
        )?;
        Ok(())
    })
}
