//! `rechtzeitig source check`: whether each connection answers, what it may, and what is missing.

use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

use anyhow::bail;
use futures_util::future::join_all;
use serde_json::{Map, Value, json};

use crate::casework::sources::{Canary, Checked};
use crate::domain::lang::Lang;
use crate::domain::scope::Scope;
use crate::words::connections as words;

/// Try connections: reachable, rights, what is missing, whether the canary is found
///
/// Reads nobody's data but the canary's. Ends with 1 when one of them cannot be worked with.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Which connection, else all
    name: Option<String>,
    /// Of which controller, else of all
    #[arg(long, value_name = "SLUG")]
    controller: Option<String>,
    /// One JSON object a line
    #[arg(long)]
    json: bool,
    /// Language: de or en
    #[arg(long, default_value = "de")]
    lang: Lang,
}

pub(super) async fn check(
    args: &Args,
    config: Option<&Path>,
    out: &mut impl Write,
) -> anyhow::Result<ExitCode> {
    let app = super::super::built(config).await?;
    let office = &app.office;
    let mut meant = Vec::new();
    for house in super::houses(office, args.controller.as_deref())? {
        let controller = house.controller.id;
        let named = |name: &str| args.name.as_deref().is_none_or(|wanted| wanted == name);
        let there = office.connected_to(controller).filter(|it| named(&it.name));
        meant.extend(there.map(|it| (house, it)));
    }
    if let (Some(name), true) = (&args.name, meant.is_empty()) {
        bail!("no connection is called '{name}'; see `source list`");
    }
    // One that hangs holds up none of the others.
    let checks = meant.iter().map(async |(house, connected)| {
        let controller = house.controller.id;
        let scope = Scope::of_house(controller);
        office
            .check_source(&scope, controller, &connected.name)
            .await
    });
    let mut well = true;
    for ((house, connected), checked) in meant.iter().zip(join_all(checks).await) {
        let checked = checked?;
        well &= checked.well();
        match args.json {
            true => {
                let mut told = told(&checked, args.lang);
                let own = [
                    ("controller", json!(house.controller.slug)),
                    ("name", json!(connected.name)),
                    ("system", json!(connected.system)),
                    ("adapter", json!(connected.source.profile().adapter)),
                ];
                told.extend(own.map(|(key, value)| (key.to_owned(), value)));
                writeln!(out, "{}", Value::Object(told))?;
            }
            false => tell(&connected.name, &checked, args.lang, out)?,
        }
    }
    Ok(match well {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    })
}

fn code(canary: &Canary) -> &'static str {
    match canary {
        Canary::Found => "found",
        Canary::Lost => "lost",
        Canary::None => "none",
        Canary::Unsought => "unsought",
        Canary::Failed(_) => "failed",
    }
}

fn tell(name: &str, checked: &Checked, lang: Lang, out: &mut impl Write) -> std::io::Result<()> {
    let mut line = |weight: &str, what: &str| writeln!(out, "{weight:<8} {name}: {what}");
    let health = match &checked.health {
        Ok(health) => health,
        Err(mishap) => {
            let what = format!("{} ({})", words::fault(mishap.fault, lang), mishap.detail);
            return line("error", &what);
        }
    };
    line("ok", &words::reachable(&health.version, lang))?;
    for (place, many) in &health.in_sight {
        line("ok", &words::in_sight(place, *many, lang))?;
    }
    for need in &health.needs {
        let weight = if need.hinders() { "error" } else { "note" };
        line(weight, &words::need(need, lang))?;
    }
    let weight = match &checked.canary {
        Canary::Found => "ok",
        Canary::None | Canary::Unsought => "note",
        Canary::Lost | Canary::Failed(_) => "error",
    };
    line(weight, words::canary(code(&checked.canary), lang))
}

fn told(checked: &Checked, lang: Lang) -> Map<String, Value> {
    let mut told = Map::new();
    let mut say = |key: &str, value: Value| told.insert(key.to_owned(), value);
    say("well", json!(checked.well()));
    say("canary", json!(code(&checked.canary)));
    match &checked.health {
        Ok(health) => {
            let needs = health.needs.iter().map(|need| {
                json!({ "need": need, "hinders": need.hinders(), "says": words::need(need, lang) })
            });
            say("version", json!(health.version));
            let seen = health.in_sight.iter();
            let seen = seen.map(|(place, many)| json!({ "place": place, "count": many }));
            say("in_sight", seen.collect());
            say("needs", needs.collect());
        }
        Err(mishap) => {
            say("fault", json!(mishap.fault));
            say("detail", json!(mishap.detail));
            say("says", json!(words::fault(mishap.fault, lang)));
        }
    }
    told
}
