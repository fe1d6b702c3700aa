//! `rechtzeitig letters check`: prints every letter with samples and says which own wording is faulty.

use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

use crate::letters::press::Press;
use crate::settings::Settings;

/// Own wordings of letters.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Clone, Copy, clap::Subcommand)]
enum Verb {
    /// Print every letter in every language with sample facts, and say which own wording is faulty
    Check,
}

/// Runs the verb. Exit code 1 if a wording is faulty.
///
/// # Errors
/// If there is no configuration.
pub fn run(config: Option<&Path>, out: &mut impl Write) -> anyhow::Result<ExitCode> {
    let settings = Settings::find(config)?;
    let faults = Press::new(settings.letters.clone()).check();
    for fault in &faults {
        writeln!(out, "{fault}")?;
    }
    match (faults.is_empty(), &settings.letters) {
        (false, _) => return Ok(ExitCode::FAILURE),
        (true, Some(folder)) => writeln!(
            out,
            "all letters can be printed, with the wordings of {}",
            folder.display()
        )?,
        (true, None) => writeln!(
            out,
            "all letters can be printed; letters.overrides names no folder with own wordings"
        )?,
    }
    Ok(ExitCode::SUCCESS)
}
