//! `rechtzeitig reerase`: what was erased since a day, so that it can be erased again after a restore.

use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context;
use chrono::NaiveDate;

use crate::domain::scope::Scope;

/// What must be erased again after a backup was restored
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The day of the backup: everything that was erased from then on
    #[arg(long, value_name = "YYYY-MM-DD")]
    since: NaiveDate,
    /// Of which controller, if there are several
    #[arg(long, value_name = "SLUG")]
    controller: Option<String>,
    /// E-mail addresses, names or numbers out of the restored system, one a line (- for standard input): prints
    /// those that belong to somebody who was erased
    #[arg(long, value_name = "FILE")]
    matching: Option<PathBuf>,
}

/// Runs the verb. With `--matching` it ends with 1 when something has to be erased again.
///
/// # Errors
/// If the list or the store cannot be read.
pub fn run(args: &Args, config: Option<&Path>, out: &mut impl Write) -> anyhow::Result<ExitCode> {
    super::wait_for(async {
        let app = super::built(config).await?;
        let controller = super::house(&app.office, args.controller.as_deref())?
            .controller
            .id;
        let scope = Scope::of_house(controller);
        let all = app
            .office
            .erased_since(&scope, controller, args.since)
            .await?;
        let Some(list) = &args.matching else {
            for line in &all {
                writeln!(
                    out,
                    "{}  {}  {}: {}",
                    line.done,
                    line.case,
                    line.system,
                    line.what.reveal()
                )?;
            }
            return Ok(ExitCode::SUCCESS);
        };
        let source: Box<dyn Read> = match list.to_str() {
            Some("-") => Box::new(std::io::stdin()),
            _ => Box::new(std::fs::File::open(list).with_context(|| list.display().to_string())?),
        };
        let mut again = false;
        for identifier in BufReader::new(source).lines() {
            let identifier = identifier?;
            let identifier = identifier.trim();
            if identifier.is_empty() {
                continue;
            }
            for line in &all {
                if app.office.was_erased(controller, line, identifier)? {
                    again = true;
                    writeln!(
                        out,
                        "{identifier}  {}  {}  {}: {}",
                        line.done,
                        line.case,
                        line.system,
                        line.what.reveal()
                    )?;
                }
            }
        }
        Ok(match again {
            true => ExitCode::from(1),
            false => ExitCode::SUCCESS,
        })
    })
}
