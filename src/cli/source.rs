//! `rechtzeitig source`: the connected systems. Whether they can be worked with, what they would find, and how a new one is
//! described. Nothing that is found is kept.

mod asking;
mod blank;
mod checking;

use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

use crate::casework::Office;
use crate::casework::office::House;
use crate::domain::ids::ControllerId;
use crate::domain::lang::Lang;
use crate::domain::scope::Scope;
use crate::words::connections;

/// The connected systems.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, clap::Subcommand)]
enum Verb {
    List(ListArgs),
    Check(checking::Args),
    Find(asking::Args),
    New(blank::Args),
}

/// Show what is connected, and what each can do by itself; asks nobody
#[derive(Debug, clap::Args)]
struct ListArgs {
    /// Of which controller, else of all
    #[arg(long, value_name = "SLUG")]
    controller: Option<String>,
    /// Language: de or en
    #[arg(long, default_value = "de")]
    lang: Lang,
}

/// Runs the verb. `check` and `find` end with 1 when something does not work as it should.
///
/// # Errors
/// If the settings or the store cannot be used, or there is no such connection.
pub fn run(
    args: &Args,
    config: Option<&Path>,
    out: &mut (impl Write + Send),
) -> anyhow::Result<ExitCode> {
    match &args.verb {
        Verb::List(args) => super::wait_for(list(args, config, out)),
        Verb::Check(args) => super::wait_for(checking::check(args, config, out)),
        Verb::Find(args) => super::wait_for(asking::find(args, config, out)),
        Verb::New(args) => blank::write(args, config, out),
    }
}

/// The controllers that are meant: the one of this name, else all.
fn houses<'a>(office: &'a Office, slug: Option<&str>) -> anyhow::Result<Vec<&'a House>> {
    match slug {
        Some(slug) => Ok(vec![super::house(office, Some(slug))?]),
        None => Ok(office.houses().iter().collect()),
    }
}

/// Whose connection of this name is meant: a name that only one controller uses says it already.
pub(super) fn whose(
    office: &Office,
    slug: Option<&str>,
    name: &str,
) -> anyhow::Result<ControllerId> {
    let named = |house: &&House| office.connection(house.controller.id, name).is_ok();
    let mut houses = office.houses().iter().filter(named);
    let house = match (slug, houses.next(), houses.next()) {
        (None, Some(only), None) => only,
        _ => super::house(office, slug)?,
    };
    Ok(house.controller.id)
}

async fn list(
    args: &ListArgs,
    config: Option<&Path>,
    out: &mut impl Write,
) -> anyhow::Result<ExitCode> {
    let app = super::built(config).await?;
    let lang = args.lang;
    for house in houses(&app.office, args.controller.as_deref())? {
        let controller = house.controller.id;
        let scope = Scope::of_house(controller);
        let (all, _) = app.office.standing_connections(&scope, controller).await?;
        for it in all {
            writeln!(
                out,
                "{}\t{}\t{}\t{}\t{}",
                house.controller.slug,
                it.name,
                it.system,
                connections::adapter(it.adapter, lang),
                connections::abilities(&it.by_machine, lang)
            )?;
        }
    }
    Ok(ExitCode::SUCCESS)
}
