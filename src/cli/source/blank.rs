//! `rechtzeitig source new`: a commented description of a system that nobody wrote an adapter for.

use std::fs::{DirBuilder, OpenOptions};
use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, bail};

use crate::adapters::declared;
use crate::settings::Settings;

/// Write sources/NAME.toml beside the configuration: a description to be filled in; nothing is written over
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// What the connection is to be called: small letters, digits and hyphens
    name: String,
}

pub(super) fn write(
    args: &Args,
    config: Option<&Path>,
    out: &mut impl Write,
) -> anyhow::Result<ExitCode> {
    let name = args.name.as_str();
    if !Settings::is_name(name) {
        bail!("'{name}' is no name: use small letters, digits and hyphens, such as newsletter");
    }
    let settings = Settings::find(config)?;
    let folder = settings
        .path
        .parent()
        .unwrap_or(Path::new(""))
        .join("sources");
    let file = folder.join(format!("{name}.toml"));
    if file.exists() {
        bail!("{} exists already and is not written over", file.display());
    }
    DirBuilder::new()
        .recursive(true)
        .create(&folder)
        .with_context(|| format!("cannot make {}", folder.display()))?;
    let put = || {
        let mut open = OpenOptions::new()
            .write(true)
            .create_new(true)
            .open(&file)?;
        open.write_all(declared::blank(name).as_bytes())?;
        open.sync_all()
    };
    put().with_context(|| format!("cannot write {}", file.display()))?;
    writeln!(
        out,
        "wrote {}: fill in what stands in <…>, leave out what the system has not\n\
         then connect it below its [[controller]] in {}:\n\n\
         [[controller.source]]\n\
         name = \"{name}\"\n\
         # Somebody invented whom the system holds.\n\
         canary = \"kanarie@firma.example\"\n\
         [controller.source.declared]\n\
         file = \"sources/{name}.toml\"\n\
         reading = {{ key = {{ file = \"keys/{name}.token\" }} }}\n\n\
         and try it: rechtzeitig source check {name}",
        file.display(),
        settings.path.display()
    )?;
    Ok(ExitCode::SUCCESS)
}
