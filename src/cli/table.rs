//! What verbs that count from a table share: the file or standard input, its header, and how they end.

use std::fs::File;
use std::io::{self, BufReader, Read, Write};
use std::path::Path;
use std::process::ExitCode;

/// What keeps a verb from counting at all.
#[derive(Debug, thiserror::Error)]
pub(super) enum Fault {
    #[error(transparent)]
    Io(#[from] io::Error),
    #[error("{0}")]
    Said(String),
}

impl From<csv::Error> for Fault {
    fn from(error: csv::Error) -> Fault {
        let said = error.to_string();
        match error.into_kind() {
            csv::ErrorKind::Io(error) => Fault::Io(error),
            _ => Fault::Said(said),
        }
    }
}

/// The exit code: 1 if a row was wrong or nothing could be counted.
pub(super) fn end(told: Result<bool, Fault>, err: &mut impl Write) -> ExitCode {
    match told {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        // The reader of a pipe has seen enough.
        Err(Fault::Io(error)) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(fault) => {
            // If not even this can be written, the exit code still tells.
            let _ = writeln!(err, "{fault}");
            ExitCode::FAILURE
        }
    }
}

/// The file, or standard input for `-`.
pub(super) fn open(file: &Path) -> Result<impl Read, Fault> {
    let input: Box<dyn Read> = match file.to_str() {
        Some("-") => Box::new(io::stdin().lock()),
        _ => Box::new(
            File::open(file)
                .map_err(|error| Fault::Said(format!("{}: {error}", file.display())))?,
        ),
    };
    Ok(BufReader::new(input))
}

/// The rows one by one, and the names of the columns as a spreadsheet may have written them.
pub(super) fn rows<R: Read>(input: R) -> Result<(csv::Reader<R>, Vec<String>), Fault> {
    let mut reader = csv::ReaderBuilder::new()
        .trim(csv::Trim::All)
        .flexible(true)
        .from_reader(input);
    let header = reader
        .byte_headers()?
        .iter()
        .map(|name| {
            String::from_utf8_lossy(name)
                .trim_start_matches('\u{feff}')
                .trim()
                .to_owned()
        })
        .collect();
    Ok((reader, header))
}
