//! `rechtzeitig migrate`: brings the tables up to date; `serve` does so too.

use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

use crate::settings::Settings;
use crate::storage::Store;

/// Bring the tables of the database up to date, and end.
#[derive(Debug, clap::Args)]
pub struct Args {}

/// Runs the verb.
///
/// # Errors
/// If there is no configuration or the database cannot be opened.
pub fn run(config: Option<&Path>, out: &mut impl Write) -> anyhow::Result<ExitCode> {
    let settings = Settings::find(config)?;
    let store = Store::open(&settings.store)?;
    writeln!(out, "{}: the tables are up to date", store.engine())?;
    Ok(ExitCode::SUCCESS)
}
