//! `rechtzeitig reapply`: a connected system was restored from a backup; what was erased there since is erased again.

use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

use anyhow::Context;
use chrono::NaiveDate;

use crate::casework::reapplying::{Gone, Return};
use crate::domain::lang::Lang;
use crate::domain::scope::Scope;
use crate::domain::source::Fate;
use crate::words::{connections as words, dates, sources};

/// Erase again what a restored backup brought back into a connected system
///
/// Without --do everything is only looked at. A record goes only if it is still the one that was erased; whoever came
/// back has other records. Broken off, it is simply started again. Ends with 1 when something is left to do.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The connection, or the system of the register with all its connections
    name: String,
    /// The day of the backup: everything that was erased from then on
    #[arg(long, value_name = "YYYY-MM-DD")]
    since: NaiveDate,
    /// Of which controller, if there are several
    #[arg(long, value_name = "SLUG")]
    controller: Option<String>,
    /// Erase, read back, and write it into the log
    #[arg(long = "do")]
    really: bool,
}

/// The states in the order in which they are counted.
const CODES: [&str; 8] = [
    "back",
    "back-anonymous",
    "away",
    "gone",
    "anonymous",
    "kept",
    "differs",
    "failed",
];

/// Runs the verb. Ends with 1 when something is left to do.
///
/// # Errors
/// If the store cannot be used, or there is no such system.
pub fn run(args: &Args, config: Option<&Path>, out: &mut impl Write) -> anyhow::Result<ExitCode> {
    super::wait_for(async {
        let app = super::built(config).await?;
        let office = &app.office;
        let controller = super::source::whose(office, args.controller.as_deref(), &args.name)?;
        let scope = Scope::of_house(controller);
        let meant = (controller, args.name.as_str());
        let since = office
            .gone_since(&scope, meant, args.since)
            .await
            .with_context(|| {
                format!(
                    "nothing is called '{}'; see `source list` and `register export`",
                    args.name
                )
            })?;
        let mut counted = CODES.map(|code| (code, 0));
        let mut left = 0;
        if !since.records.is_empty() {
            writeln!(out, "{}", words::RETURNED.join("\t"))?;
        }
        for gone in &since.records {
            let now = office
                .erase_again(&scope, controller, gone, args.really)
                .await?;
            left += usize::from(now.left());
            let code = code(&now);
            if let Some((_, many)) = counted.iter_mut().find(|(it, _)| *it == code) {
                *many += 1;
            }
            tell(gone, &now, code, out)?;
        }
        left += since.by_hand.len();
        writeln!(out, "{}", words::summed(&counted, args.really, left))?;
        if !since.by_hand.is_empty() {
            writeln!(out, "\n{}", words::BY_HAND)?;
        }
        for line in &since.by_hand {
            let done = dates::short_date(line.done, Lang::De);
            writeln!(
                out,
                "{done}\t{}\t{}: {}",
                line.case,
                line.system,
                line.what.reveal()
            )?;
        }
        Ok(match left {
            0 => ExitCode::SUCCESS,
            _ => ExitCode::FAILURE,
        })
    })
}

fn code(now: &Return) -> &'static str {
    match now {
        Return::Back(preview) if preview.fate == Fate::Anonymous => "back-anonymous",
        other => other.code(),
    }
}

fn tell(gone: &Gone, now: &Return, code: &str, out: &mut impl Write) -> std::io::Result<()> {
    let record = gone.seen.first();
    let mut state = words::returned(code).to_owned();
    let (effects, leftovers) = match now {
        Return::Back(preview) => (preview.effects.as_slice(), preview.leftovers.as_slice()),
        Return::Ended(done) => (&[][..], done.leftovers.as_slice()),
        Return::Kept(why) if !why.is_empty() => {
            state.push_str(&format!(" ({why})"));
            (&[][..], &[][..])
        }
        Return::Failed(mishap) => {
            state.push_str(&format!(
                ": {} ({})",
                words::fault(mishap.fault, Lang::De),
                mishap.detail
            ));
            (&[][..], &[][..])
        }
        _ => (&[][..], &[][..]),
    };
    writeln!(
        out,
        "{}\t{}\t{}\t{} {}\t{state}",
        dates::short_date(gone.done, Lang::De),
        gone.case,
        gone.source,
        record.map_or("", |it| it.kind.as_str()),
        record.map_or("", |it| it.id.reveal().as_str())
    )?;
    for effect in effects {
        writeln!(out, "\t\t\t\t{}", sources::effect(effect))?;
    }
    for leftover in leftovers {
        writeln!(out, "\t\t\t\t{}", sources::left(leftover))?;
    }
    Ok(())
}
