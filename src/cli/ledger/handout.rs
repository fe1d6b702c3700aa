//! `ledger export` and `ledger key`: what an outsider needs for checking.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context;

use crate::app::App;
use crate::casework::office::INSTALLATION;
use crate::domain::ids::ControllerId;
use crate::domain::scope::Actor;
use crate::ledger::Format;
use crate::ports::Anchor;

/// Write the log of a controller, ending with one signed checkpoint over all of its entries.
#[derive(Debug, clap::Args)]
pub(super) struct ExportArgs {
    #[command(flatten)]
    which: Which,
    /// jsonl: one JSON object a line; csv: comma-separated values
    #[arg(long, value_enum, default_value = "jsonl")]
    format: Form,
    /// The file to write; else standard output
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

/// Print the public key of a log, for handing it to whoever shall check.
#[derive(Debug, clap::Args)]
pub(super) struct KeyArgs {
    #[command(flatten)]
    which: Which,
}

#[derive(Debug, clap::Args)]
struct Which {
    /// Whose log; with several controllers and none named, the first one
    #[arg(long, value_name = "SLUG", conflicts_with = "installation")]
    controller: Option<String>,
    /// The log of the installation itself: clerks, sign-ins
    #[arg(long)]
    installation: bool,
}

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum Form {
    Jsonl,
    Csv,
}

/// Exports.
pub(super) fn export(
    args: &ExportArgs,
    config: Option<&Path>,
    out: &mut impl Write,
    err: &mut impl Write,
) -> anyhow::Result<ExitCode> {
    super::super::wait_for(async {
        let app = super::super::built(config).await?;
        let ledger = args.which.ledger(&app, err)?;
        let format = match args.format {
            Form::Jsonl => Format::JsonLines,
            Form::Csv => Format::Csv,
        };
        match &args.out {
            Some(path) => {
                let file = File::create(path)
                    .with_context(|| format!("cannot write {}", path.display()))?;
                let file = app
                    .office
                    .export_ledger(ledger, &Actor::house(), format, BufWriter::new(file))
                    .await?;
                file.into_inner()
                    .map_err(std::io::IntoInnerError::into_error)?
                    .sync_all()?;
            }
            None => {
                app.office
                    .export_ledger(ledger, &Actor::house(), format, BufWriter::new(&mut *out))
                    .await?;
            }
        }
        publish(&app, ledger).await?;
        Ok(ExitCode::SUCCESS)
    })
}

/// Puts the checkpoints that have not left the house into the folder outside.
async fn publish(app: &App, ledger: ControllerId) -> anyhow::Result<()> {
    let Some(anchor) = &app.anchor else {
        return Ok(());
    };
    let (origin, notes) = app.office.unpublished(ledger).await?;
    for (size, note) in notes {
        anchor
            .publish(&origin, &note, app.office.now())
            .context("ledger.checkpoint_folder")?;
        app.office.published(ledger, size, &note).await?;
    }
    Ok(())
}

/// Prints the key.
pub(super) fn key(
    args: &KeyArgs,
    config: Option<&Path>,
    out: &mut impl Write,
    err: &mut impl Write,
) -> anyhow::Result<ExitCode> {
    super::super::wait_for(async {
        let app = super::super::built(config).await?;
        let ledger = args.which.ledger(&app, err)?;
        writeln!(out, "{}", app.office.standing(ledger).await?.verify_key)?;
        Ok(ExitCode::SUCCESS)
    })
}

impl Which {
    fn ledger(&self, app: &App, err: &mut impl Write) -> anyhow::Result<ControllerId> {
        if self.installation {
            return Ok(INSTALLATION);
        }
        if self.controller.is_some() {
            return Ok(
                super::super::house(&app.office, self.controller.as_deref())?
                    .controller
                    .id,
            );
        }
        let mut houses = app.office.houses().iter().map(|house| &house.controller);
        let first = houses.next().context("no controller is configured")?;
        let others: Vec<&str> = houses.map(|controller| controller.slug.as_str()).collect();
        if !others.is_empty() {
            writeln!(
                err,
                "this is the log of {}; there are also: --controller {}",
                first.slug,
                others.join(", --controller ")
            )?;
        }
        Ok(first.id)
    }
}
