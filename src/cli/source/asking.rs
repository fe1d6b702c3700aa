//! `rechtzeitig source find`: what one connection would find on somebody. It goes out by the standard stream and stands
//! nowhere else.

use std::io::Write;
use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context, bail};
use chrono::{DateTime, NaiveDate, TimeZone, Utc};
use chrono_tz::Europe::Berlin;
use futures_util::future::{BoxFuture, ready};
use serde_json::json;

use crate::domain::identifier::{Identifier, SearchKey, Window};
use crate::domain::lang::Lang;
use crate::domain::scope::Scope;
use crate::domain::source::{Fault, Record};
use crate::ports::source::{Basket, Mishap};
use crate::words::connections as words;

/// Look for somebody by one connection; nothing that is found is kept
///
/// The log notes that it was asked, and not by what. With --json each record is a line, and the last line says what was
/// asked and how far the answer can be trusted. Ends with 1 when the search did not come to its end.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// By which connection
    name: String,
    /// An e-mail address; may be repeated
    #[arg(long)]
    email: Vec<String>,
    /// A name
    #[arg(long = "name", value_name = "NAME", id = "who")]
    names: Vec<String>,
    /// A telephone number
    #[arg(long)]
    phone: Vec<String>,
    /// A customer, contract or licence number
    #[arg(long)]
    number: Vec<String>,
    /// An IP address, with the time in which it was hers
    #[arg(long, requires_all = ["from", "to"])]
    ip: Option<String>,
    /// A day, or a moment such as 2026-01-31T14:00:00Z
    #[arg(long, value_parser = begins)]
    from: Option<DateTime<Utc>>,
    /// A day, or a moment
    #[arg(long, value_parser = ends)]
    to: Option<DateTime<Utc>>,
    /// Of which controller, if there are several
    #[arg(long, value_name = "SLUG")]
    controller: Option<String>,
    /// One JSON object a line, with all fields
    #[arg(long)]
    json: bool,
    /// Language: de or en
    #[arg(long, default_value = "de")]
    lang: Lang,
}

fn begins(text: &str) -> Result<DateTime<Utc>, String> {
    moment(text, 0)
}

/// A day ends with the beginning of the next one.
fn ends(text: &str) -> Result<DateTime<Utc>, String> {
    moment(text, 1)
}

fn moment(text: &str, later: u64) -> Result<DateTime<Utc>, String> {
    if let Ok(moment) = DateTime::parse_from_rfc3339(text) {
        return Ok(moment.with_timezone(&Utc));
    }
    let wrong = || String::from("neither a day (2026-01-31) nor a moment (2026-01-31T14:00:00Z)");
    let day: NaiveDate = text.parse().map_err(|_| wrong())?;
    let day = day
        .checked_add_days(chrono::Days::new(later))
        .ok_or_else(wrong)?;
    let midnight = Berlin.from_local_datetime(&day.and_time(chrono::NaiveTime::MIN));
    midnight
        .earliest()
        .map(|it| it.with_timezone(&Utc))
        .ok_or_else(wrong)
}

impl Args {
    fn wanted(&self) -> anyhow::Result<Vec<Identifier>> {
        let mut wanted = Vec::new();
        for (kind, texts) in [
            (SearchKey::Email, self.email.as_slice()),
            (SearchKey::Name, self.names.as_slice()),
            (SearchKey::Phone, self.phone.as_slice()),
            (SearchKey::Number, self.number.as_slice()),
            (SearchKey::Ip, self.ip.as_slice()),
        ] {
            for text in texts {
                let identifier = Identifier::new(kind, text);
                // What was typed may be somebody's, and errors are kept by shells and supervisors.
                let identifier = identifier.with_context(|| {
                    format!("what was given as --{} cannot be one", kind.code())
                })?;
                wanted.push(match (kind, self.from.zip(self.to)) {
                    (SearchKey::Ip, Some((from, to))) => identifier.within(Window { from, to }),
                    _ => identifier,
                });
            }
        }
        if wanted.is_empty() {
            bail!(
                "say whom to look for: --email, --name, --phone, --number or --ip with --from and --to"
            );
        }
        Ok(wanted)
    }
}

/// Writes each record down as it comes; holds none.
struct Telling<'a, W> {
    out: &'a mut W,
    args: &'a Args,
    count: u64,
    torn: Option<std::io::Error>,
}

impl<W: Write> Telling<'_, W> {
    fn tell(&mut self, record: &Record) -> std::io::Result<()> {
        if self.args.json {
            return writeln!(self.out, "{}", json!({ "record": record }));
        }
        writeln!(
            self.out,
            "{} {}  {}  ({})",
            record.reference.kind,
            record.reference.id.reveal(),
            record.title.reveal(),
            words::tie(&record.tie, self.args.lang)
        )
    }
}

impl<W: Write + Send> Basket for Telling<'_, W> {
    fn lay(&mut self, record: Record) -> BoxFuture<'_, Result<(), Mishap>> {
        self.count += 1;
        let told = self.tell(&record).map_err(|error| {
            self.torn = Some(error);
            Mishap::new(Fault::Broken, "the own output")
        });
        Box::pin(ready(told))
    }
}

pub(super) async fn find(
    args: &Args,
    config: Option<&Path>,
    out: &mut (impl Write + Send),
) -> anyhow::Result<ExitCode> {
    let wanted = args.wanted()?;
    let app = super::super::built(config).await?;
    let controller = super::whose(&app.office, args.controller.as_deref(), &args.name)?;
    let scope = Scope::of_house(controller);
    if app.office.connection(controller, &args.name).is_err() {
        bail!("no connection is called '{}'; see `source list`", args.name);
    }
    let mut telling = Telling {
        out,
        args,
        count: 0,
        torn: None,
    };
    let asked = app
        .office
        .try_finding(
            &scope,
            (controller, &args.name),
            &wanted,
            Some(Duration::MAX),
            &mut telling,
        )
        .await
        .with_context(|| format!("{} does not search by itself", args.name))?;
    let Telling {
        out, count, torn, ..
    } = telling;
    if let Some(error) = torn {
        return Err(error.into());
    }
    let lang = args.lang;
    match (&asked, args.json) {
        (Ok(search), true) => {
            let says: Vec<String> = search
                .doubts
                .iter()
                .map(|it| words::doubt(it, lang))
                .collect();
            let all = !search.asked.is_empty() && !search.doubts.iter().any(|it| it.forbids_all());
            let asked = json!(search.asked);
            let line = json!({ "search": { "asked": asked, "doubts": search.doubts, "says": says,
                "proposals": search.proposals, "found": count, "complete": all } });
            writeln!(out, "{line}")?;
        }
        (Ok(search), false) => {
            if search.asked.is_empty() {
                writeln!(out, "{}", words::nothing_to_ask(lang))?;
            } else {
                writeln!(out, "{}", words::found(count, lang))?;
            }
            for asked in &search.asked {
                writeln!(out, "  {}", words::asked(asked, lang))?;
            }
            for doubt in &search.doubts {
                writeln!(out, "! {}", words::doubt(doubt, lang))?;
            }
        }
        (Err(mishap), true) => {
            let says = words::fault(mishap.fault, lang);
            let line = json!({ "fault": mishap.fault, "detail": mishap.detail, "says": says, "found": count });
            writeln!(out, "{line}")?;
        }
        (Err(mishap), false) => {
            writeln!(
                out,
                "! {} ({})",
                words::fault(mishap.fault, lang),
                mishap.detail
            )?;
        }
    }
    Ok(match asked {
        Ok(_) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    })
}
