//! `rechtzeitig advertising`: links with which newsletters can be stopped by one click, and which addresses must get
//! no advertising. Addresses come in and go out by the standard streams, one a line, and stand in no log.

use std::io::{self, BufRead, Write};
use std::path::Path;
use std::process::ExitCode;

use crate::domain::right::Right;
use crate::domain::scope::Scope;

/// Who must get no advertising, and links that stop it
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    verb: AdvertisingVerb,
}

#[derive(Debug, clap::Subcommand)]
enum AdvertisingVerb {
    /// Read addresses, print those that may get advertising
    Clean(HouseArgs),
    /// Read addresses, print each with its link for one click (RFC 8058), parted by a tab
    ///
    /// Put the link into the newsletter and its head: `List-Unsubscribe: <LINK>` and
    /// `List-Unsubscribe-Post: List-Unsubscribe=One-Click`.
    Links(HouseArgs),
}

#[derive(Debug, clap::Args)]
struct HouseArgs {
    /// For which controller, if there are several
    #[arg(long, value_name = "SLUG")]
    controller: Option<String>,
}

/// Runs the verb.
pub fn run(args: &Args, config: Option<&Path>, out: &mut impl Write) -> anyhow::Result<ExitCode> {
    super::wait_for(answer(args, config, out))
}

async fn answer(
    args: &Args,
    config: Option<&Path>,
    out: &mut impl Write,
) -> anyhow::Result<ExitCode> {
    let app = super::built(config).await?;
    let office = &app.office;
    let (AdvertisingVerb::Clean(which) | AdvertisingVerb::Links(which)) = &args.verb;
    let controller = super::house(office, which.controller.as_deref())?
        .controller
        .id;
    let scope = Scope::of_house(controller);
    for line in io::stdin().lock().lines() {
        let line = line?;
        let address = line.trim();
        if !address.contains('@') {
            continue;
        }
        if let AdvertisingVerb::Links(_) = &args.verb {
            let url = office.stop_url(&scope, controller, address)?;
            writeln!(out, "{address}\t{}", url.reveal())?;
            continue;
        }
        let listed = office.suppressed(&scope, controller, address).await?;
        let stops = |(right, _): &(Right, _)| {
            matches!(right, Right::MarketingObjection | Right::Withdrawal)
        };
        if !listed.iter().any(stops) {
            writeln!(out, "{address}")?;
        }
    }
    Ok(ExitCode::SUCCESS)
}
