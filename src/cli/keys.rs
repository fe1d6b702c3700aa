//! `rechtzeitig keys`: begins a new master key, when somebody who knew the old one leaves or a copy is lost.

use std::fs::{File, OpenOptions};
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, bail};

use crate::casework::office::INSTALLATION;
use crate::domain::scope::Actor;
use crate::seal::MasterKeys;
use crate::settings::{Keys, Settings};
use crate::storage::controllers;
use crate::storage::{Conn, Store, StoreError};

/// The master key.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, clap::Subcommand)]
enum Verb {
    /// Add a new master key to the key file, and lock every controller's keys anew with it
    Renew,
}

/// Runs the verb.
///
/// # Errors
/// If the key file cannot be written, or a stored key does not open. Nothing is lost then: the file keeps
/// every older key, and the verb can be run again.
pub fn run(args: &Args, config: Option<&Path>, out: &mut impl Write) -> anyhow::Result<ExitCode> {
    match args.verb {
        Verb::Renew => super::wait_for(renew(config, out)),
    }
}

async fn renew(config: Option<&Path>, out: &mut impl Write) -> anyhow::Result<ExitCode> {
    let settings = Settings::find(config)?;
    let Keys::File(path) = &settings.keys else {
        bail!(
            "the master key stands in the environment; put it into a file first (keys.master_file)"
        );
    };
    let old = std::fs::read_to_string(path).with_context(|| path.display().to_string())?;
    let text = MasterKeys::with_next_version(&old).with_context(|| path.display().to_string())?;
    // First the file: a key that locks something and lies nowhere would be the end of it.
    replace(path, text.as_bytes()).with_context(|| format!("cannot write {}", path.display()))?;
    let masters = MasterKeys::parse(&text).context("the new key file")?;
    let store = Store::open(&settings.store)?;
    let locked = store
        .write(move |conn| lock_anew(conn, &masters))
        .await
        .context("the keys in the database")?;
    drop(store);
    // Opens everything with the new file before it says so.
    let app = super::built(config).await?;
    app.office
        .record(INSTALLATION, "keys.renewed", "master", b"", &Actor::house())
        .await?;
    writeln!(out, "{locked} keys are locked with the new master key")?;
    writeln!(out, "copy {} to its safe place now", path.display())?;
    writeln!(
        out,
        "its older lines open backups from before; take them out when you keep none of those"
    )?;
    Ok(ExitCode::SUCCESS)
}

fn lock_anew(conn: &mut Conn, masters: &MasterKeys) -> Result<usize, StoreError> {
    let known = controllers::all(conn)?;
    let ids = known.iter().map(|known| known.id).chain([INSTALLATION]);
    let mut locked = 0;
    for id in ids {
        let rows = controllers::keys(conn, id)?
            .iter()
            .map(|row| row.rewrap(id.0, masters))
            .collect::<Result<Vec<_>, _>>()?;
        controllers::keep_keys(conn, id, &rows)?;
        locked += rows.len();
    }
    Ok(locked)
}

/// Whole or not at all, readable by its owner only.
fn replace(path: &Path, text: &[u8]) -> std::io::Result<()> {
    let fresh = path.with_extension("new");
    let mut file = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(&fresh)?;
    file.write_all(text)?;
    file.sync_all()?;
    std::fs::rename(&fresh, path)?;
    match path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
    {
        Some(folder) => File::open(folder)?.sync_all(),
        None => Ok(()),
    }
}
