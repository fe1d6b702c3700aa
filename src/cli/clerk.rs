//! `rechtzeitig clerk`: the people at the desk.

use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, bail};

use crate::app::App;
use crate::casework::Office;
use crate::domain::ids::{ClerkId, ControllerId};
use crate::domain::scope::{Actor, Role, Scope};
use crate::seal::chance::Token;
use crate::storage::clerks::{self, Clerk};

/// The people at the desk.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, clap::Subcommand)]
enum Verb {
    /// Take on a clerk; prints a one-time link for choosing a password
    Add {
        #[arg(long)]
        name: String,
        #[arg(long)]
        email: String,
        /// auditor reads, handler works on cases, decider decides and releases, admin also keeps register and clerks
        #[arg(long, value_parser = role)]
        role: Role,
        /// For which controller; may be repeated; else for all
        #[arg(long, value_name = "SLUG")]
        controller: Vec<String>,
    },
    /// Show who works here
    List,
    /// Let a clerk go: sessions and roles end, the name stays for the log
    Leave { email: String },
    /// Start a clerk's access anew: sessions, password and second factor end; prints a new one-time link
    Reset { email: String },
}

fn role(text: &str) -> Result<Role, String> {
    Role::from_code(text).ok_or_else(|| format!("one of {}", Role::ALL.map(Role::code).join(", ")))
}

/// Runs the verb.
///
/// # Errors
/// If there is no such clerk or controller, or the store cannot be used.
pub fn run(args: &Args, config: Option<&Path>, out: &mut impl Write) -> anyhow::Result<ExitCode> {
    super::wait_for(async {
        let app = super::built(config).await?;
        let office = &app.office;
        match &args.verb {
            Verb::Add {
                name,
                email,
                role,
                controller,
            } => {
                let roles = roles(office, controller, *role)?;
                if find(office, email).await?.is_some() {
                    bail!("{email} is there already: `clerk reset` gives a new link");
                }
                let (_, token) = office.take_on(&Actor::house(), name, email, &roles).await?;
                hand_over(&app, name, &token, out)?;
            }
            Verb::List => list(office, out).await?,
            Verb::Leave { email } => {
                let clerk = known(office, email).await?;
                office.let_go(&Actor::house(), clerk.id).await?;
                writeln!(
                    out,
                    "{} has left; her open cases keep her name until they are given to somebody else",
                    clerk.name
                )?;
            }
            Verb::Reset { email } => {
                let clerk = known(office, email).await?;
                let token = office.reset(&Actor::house(), clerk.id).await?;
                hand_over(&app, &clerk.name, &token, out)?;
            }
        }
        Ok(ExitCode::SUCCESS)
    })
}

fn roles(
    office: &Office,
    slugs: &[String],
    role: Role,
) -> anyhow::Result<Vec<(ControllerId, Role)>> {
    if slugs.is_empty() {
        return Ok(office
            .houses()
            .iter()
            .map(|house| (house.controller.id, role))
            .collect());
    }
    slugs
        .iter()
        .map(|slug| Ok((super::house(office, Some(slug))?.controller.id, role)))
        .collect()
}

async fn find(office: &Office, email: &str) -> anyhow::Result<Option<Clerk>> {
    let email = crate::seal::index::fold_address(email);
    let found = office
        .store
        .read(move |conn| clerks::by_email(conn, &email))
        .await?;
    Ok(found.map(|found| found.clerk))
}

async fn known(office: &Office, email: &str) -> anyhow::Result<Clerk> {
    find(office, email)
        .await?
        .filter(|clerk| !clerk.left)
        .with_context(|| format!("nobody works here as {email}; see `clerk list`"))
}

fn hand_over(app: &App, name: &str, token: &Token, out: &mut impl Write) -> std::io::Result<()> {
    writeln!(
        out,
        "give this link to {name}; it works once and for seven days:"
    )?;
    writeln!(out, "{}", welcome_address(app, token))
}

/// The page behind a welcome link.
pub(super) fn welcome_address(app: &App, token: &Token) -> String {
    let public = app
        .office
        .first_house()
        .map(|house| house.controller.public_url.as_str())
        .unwrap_or_default();
    format!("{public}/welcome/{}", token.text())
}

async fn list(office: &Office, out: &mut impl Write) -> anyhow::Result<()> {
    let all: Vec<ControllerId> = office
        .houses()
        .iter()
        .map(|house| house.controller.id)
        .collect();
    let memberships = all.iter().map(|id| (*id, Role::Admin)).collect();
    let scope = Scope::of_clerk(ClerkId(0), Actor::house(), memberships);
    let (everybody, roles) = office
        .store
        .read(move |conn| Ok((clerks::all(conn)?, clerks::colleagues(conn, &scope)?)))
        .await?;
    for clerk in everybody {
        let held: Vec<String> = roles
            .iter()
            .filter(|(other, ..)| other.id == clerk.id)
            .filter_map(|(_, controller, role)| {
                Some(format!(
                    "{} for {}",
                    role.code(),
                    office.house(*controller).ok()?.controller.slug
                ))
            })
            .collect();
        let standing = if clerk.left {
            String::from("has left")
        } else {
            held.join(", ")
        };
        writeln!(
            out,
            "{}\t{}\t{standing}\t{}",
            clerk.email, clerk.name, clerk.actor.0
        )?;
    }
    Ok(())
}
