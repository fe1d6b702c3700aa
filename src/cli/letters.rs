//! `rechtzeitig letters`: lists the letters, shows one with invented facts, and proves own wordings.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, bail};

use crate::domain::lang::Lang;
use crate::letters::facts::Facts;
use crate::letters::press::{Address, Audience, Kind, Press};
use crate::letters::print_sheet;
use crate::ports::{Clock, SystemClock};
use crate::settings::{Settings, SettingsError};

/// Own wordings of letters.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, clap::Subcommand)]
enum Verb {
    /// Print every letter with sample facts, and say which own wording is faulty or drops what the law demands
    Check,
    /// Name every letter and when it is sent
    List,
    /// Show a letter with sample facts: as text, or as PDF with --out
    Preview(Sample),
}

/// Which letter to show, and how.
#[derive(Debug, clap::Args)]
struct Sample {
    /// The letter, as `letters list` names it
    kind: String,
    /// de or en
    #[arg(long, default_value = "de")]
    lang: Lang,
    /// sie or du
    #[arg(long, default_value = "sie")]
    form: String,
    /// The PDF to write; without it the text is printed
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

/// Runs the verb. Exit code 1 if a wording is faulty.
///
/// # Errors
/// If there is no configuration, or a letter cannot be shown.
pub fn run(args: &Args, config: Option<&Path>, out: &mut impl Write) -> anyhow::Result<ExitCode> {
    match &args.verb {
        Verb::Check => prove(config, out),
        Verb::List => list(out),
        Verb::Preview(sample) => preview(sample, config, out),
    }
}

fn prove(config: Option<&Path>, out: &mut impl Write) -> anyhow::Result<ExitCode> {
    let settings = Settings::find(config)?;
    let faults = Press::new(settings.letters.clone()).check();
    for fault in &faults {
        writeln!(out, "{fault}")?;
    }
    match (faults.is_empty(), &settings.letters) {
        (false, _) => return Ok(ExitCode::FAILURE),
        (true, Some(folder)) => writeln!(
            out,
            "all letters can be printed and hold what they must, with the wordings of {}",
            folder.display()
        )?,
        (true, None) => writeln!(
            out,
            "all letters can be printed and hold what they must; letters.overrides names no folder with own wordings"
        )?,
    }
    Ok(ExitCode::SUCCESS)
}

fn list(out: &mut impl Write) -> anyhow::Result<ExitCode> {
    for kind in Kind::ALL {
        writeln!(out, "{:22} {}", kind.stem(), kind.when())?;
    }
    Ok(ExitCode::SUCCESS)
}

fn preview(
    sample: &Sample,
    config: Option<&Path>,
    out: &mut impl Write,
) -> anyhow::Result<ExitCode> {
    let kind = Kind::named(&sample.kind).with_context(|| {
        format!(
            "there is no letter \'{}\'; `letters list` names them",
            sample.kind
        )
    })?;
    let form = match sample.form.as_str() {
        "sie" => Address::Sie,
        "du" => Address::Du,
        other => bail!("unknown form \'{other}\': sie or du"),
    };
    // Without a configuration the built-in wordings are shown; a faulty one is told.
    let overrides = match Settings::find(config) {
        Ok(settings) => settings.letters.clone(),
        Err(SettingsError::Nowhere) => None,
        Err(error) => return Err(error.into()),
    };
    let facts = Facts::sample(sample.lang)?;
    let printed = Press::new(overrides).print(kind, sample.lang, form, &facts)?;
    let Some(path) = &sample.out else {
        writeln!(out, "{}\n\n{}", printed.subject, printed.text)?;
        return Ok(ExitCode::SUCCESS);
    };
    let window = match (kind.audience(), &facts.notice) {
        (_, _) if kind == Kind::AuthorityReply => {
            let authority = &facts.controller.authority;
            let mut lines = vec![authority.name.clone()];
            lines.extend(authority.address.clone());
            lines
        }
        (Audience::Office, Some(notice)) => vec![notice.recipient.clone()],
        _ => {
            let mut lines = vec![facts.person.name.clone()];
            lines.extend(facts.person.address.clone());
            lines
        }
    };
    let sheet = printed.sheet(&facts, sample.lang, window, SystemClock.now());
    let pdf = print_sheet(&sheet)?.pdf;
    std::fs::write(path, pdf).with_context(|| format!("{} cannot be written", path.display()))?;
    writeln!(out, "{} (wording {})", path.display(), printed.version)?;
    Ok(ExitCode::SUCCESS)
}
