//! `rechtzeitig init`: writes a configuration with every key explained, and a master key.

use std::fs::{DirBuilder, OpenOptions};
use std::io::Write;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, bail};

use crate::seal::MasterKeys;

/// What is written; the page on configuration and the tests read the same file.
const EXAMPLE: &str = include_str!("../../config/example.toml");

/// Write a configuration with every key explained, and a master key.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Where to
    #[arg(long, default_value = ".")]
    folder: PathBuf,
}

/// Runs the verb. Nothing that exists is written over.
///
/// # Errors
/// If something is there already, or cannot be written.
pub fn run(args: &Args, out: &mut impl Write) -> anyhow::Result<ExitCode> {
    let (config, key) = write(&args.folder, EXAMPLE)?;
    writeln!(
        out,
        "wrote {}: open it and put your own names in",
        config.display()
    )?;
    writeln!(
        out,
        "wrote {}: keep a copy apart from the backups; without it nobody can read the cases",
        key.display()
    )?;
    writeln!(out, "then: rechtzeitig check, and rechtzeitig serve")?;
    Ok(ExitCode::SUCCESS)
}

/// Writes both files, neither over another; gives back where they are.
pub(super) fn write(folder: &Path, text: &str) -> anyhow::Result<(PathBuf, PathBuf)> {
    let config = folder.join("rechtzeitig.toml");
    let key = folder.join("keys").join("master.key");
    for path in [&config, &key] {
        if path.exists() {
            bail!("{} exists already and is not written over", path.display());
        }
    }
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder.join("keys"))
        .with_context(|| format!("cannot make {}", folder.join("keys").display()))?;
    // The key first: a configuration without its key would look finished.
    put(&key, MasterKeys::generate_file_text().as_bytes(), 0o600)?;
    put(&config, text.as_bytes(), 0o644)?;
    Ok((config, key))
}

fn put(path: &Path, text: &[u8], mode: u32) -> anyhow::Result<()> {
    let write = || {
        let mut file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(mode)
            .open(path)?;
        file.write_all(text)?;
        file.sync_all()
    };
    write().with_context(|| format!("cannot write {}", path.display()))
}
