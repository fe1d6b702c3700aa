//! `rechtzeitig register`: brings systems and recipients in from TOML, and writes them out.

use std::collections::BTreeSet;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, bail};
use serde::{Deserialize, Serialize};

use crate::domain::register::System;
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
    },
    /// Write the register as TOML, fit for `import`
    Export {
        /// Of which controller, if there are several
        #[arg(long, value_name = "SLUG")]
        controller: Option<String>,
    },
}

/// A register as a file.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct RegisterFile {
    #[serde(default)]
    system: Vec<System>,
}

/// Reads the text of a register file.
///
/// # Errors
/// The line that is not understood, or a name that is there twice.
pub(super) fn read(text: &str) -> anyhow::Result<Vec<System>> {
    let file: RegisterFile = toml::from_str(text)?;
    let mut slugs = BTreeSet::new();
    for system in &file.system {
        if system.slug.trim().is_empty() || system.name.trim().is_empty() {
            bail!("each [[system]] needs a slug and a name");
        }
        if !slugs.insert(&system.slug) {
            bail!("the slug '{}' is there twice", system.slug);
        }
    }
    Ok(file.system)
}

/// Runs the verb.
///
/// # Errors
/// If the file or the store cannot be used.
pub fn run(args: &Args, config: Option<&Path>, out: &mut impl Write) -> anyhow::Result<ExitCode> {
    super::wait_for(async {
        let app = super::built(config).await?;
        match &args.verb {
            Verb::Import { file, controller } => {
                let controller = super::house(&app.office, controller.as_deref())?
                    .controller
                    .id;
                let text =
                    std::fs::read_to_string(file).with_context(|| file.display().to_string())?;
                let systems = read(&text).with_context(|| file.display().to_string())?;
                let done = app
                    .office
                    .import_register(&Scope::of_house(controller), controller, systems)
                    .await?;
                for slug in &done.new {
                    writeln!(out, "new        {slug}")?;
                }
                for slug in &done.changed {
                    writeln!(out, "changed    {slug}")?;
                }
                writeln!(out, "unchanged  {}", done.same)?;
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_register_is_read_back_as_it_was_written() {
        for text in [
            include_str!("../../config/demo/musterwolle.toml"),
            include_str!("../../config/demo/schreinerei.toml"),
        ] {
            let system = read(text).unwrap();
            assert!(
                system.iter().all(|system| system.gaps().is_empty()),
                "the demo's register has gaps"
            );
            let written = toml::to_string_pretty(&RegisterFile {
                system: system.clone(),
            })
            .unwrap();
            assert_eq!(read(&written).unwrap(), system);
        }
    }

    #[test]
    fn a_slip_in_a_register_is_named() {
        assert!(
            read("[[system]]\nslug = 'a'\nname = 'A'\nrole = 'internal'\nplaec = 'x'")
                .unwrap_err()
                .to_string()
                .contains("plaec")
        );
        let twice = "[[system]]\nslug = 'a'\nname = 'A'\nrole = 'internal'\n".repeat(2);
        assert!(read(&twice).unwrap_err().to_string().contains("twice"));
    }
}
