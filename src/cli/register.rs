//! `rechtzeitig register`: brings systems and recipients in from TOML, and writes them out.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context;

use crate::casework::register::RegisterFile;
use crate::domain::scope::Scope;

/// The register of systems and recipients.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, clap::Subcommand)]
enum Verb {
    /// Bring in systems from TOML; new ones are added, changed ones written over, none taken out
    Import {
        /// A TOML file with one `system` table for each
        file: PathBuf,
        /// For which controller, if there are several
        #[arg(long, value_name = "SLUG")]
        controller: Option<String>,
        /// Only say what would change
        #[arg(long)]
        dry_run: bool,
    },
    /// Write the register as TOML, fit for `import`
    Export {
        /// Of which controller, if there are several
        #[arg(long, value_name = "SLUG")]
        controller: Option<String>,
    },
}

/// Runs the verb.
///
/// # Errors
/// If the file or the store cannot be used.
pub fn run(args: &Args, config: Option<&Path>, out: &mut impl Write) -> anyhow::Result<ExitCode> {
    super::wait_for(async {
        let app = super::built(config).await?;
        match &args.verb {
            Verb::Import {
                file,
                controller,
                dry_run,
            } => {
                let controller = super::house(&app.office, controller.as_deref())?
                    .controller
                    .id;
                let text =
                    std::fs::read_to_string(file).with_context(|| file.display().to_string())?;
                let systems =
                    RegisterFile::read(&text).with_context(|| file.display().to_string())?;
                let (scope, office) = (Scope::of_house(controller), &app.office);
                let done = match dry_run {
                    true => office.preview_register(&scope, controller, systems).await?,
                    false => office.import_register(&scope, controller, systems).await?,
                };
                for slug in &done.new {
                    writeln!(out, "new        {slug}")?;
                }
                for slug in &done.changed {
                    writeln!(out, "changed    {slug}")?;
                }
                writeln!(out, "unchanged  {}", done.same)?;
                writeln!(
                    out,
                    "open       {} questions, see /desk/questions",
                    done.open
                )?;
            }
            Verb::Export { controller } => {
                let controller = super::house(&app.office, controller.as_deref())?
                    .controller
                    .id;
                let system = app
                    .office
                    .systems(&Scope::of_house(controller), controller)
                    .await?;
                write!(out, "{}", toml::to_string_pretty(&RegisterFile { system })?)?;
            }
        }
        Ok(ExitCode::SUCCESS)
    })
}
