//! `ledger`: what concerns the log that outsiders can check. `verify` needs no database and no secret.

mod handout;

use std::{
    fs::File,
    io::{self, BufReader, Read, Write},
    path::{Path, PathBuf},
    process::ExitCode,
};

use base64::{Engine, engine::general_purpose::STANDARD};
use clap::{Args, Subcommand};

use crate::ledger::{Checkpoint, Report, VerifyKey, verify};

/// Longest key or note file that is read, in bytes.
const MAX_TEXT: u64 = 16 * 1024;

/// The log of a controller, and its check.
#[derive(Debug, Args)]
pub struct LedgerArgs {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    Verify(VerifyArgs),
    Export(handout::ExportArgs),
    Key(handout::KeyArgs),
}

/// Check an exported log against a public key.
///
/// Says "intact" and ends with status 0, or names the first bad entry and ends with status 1.
/// Status 2: the check could not be made.
#[derive(Debug, Args)]
pub struct VerifyArgs {
    /// The export, JSON Lines or CSV; `-` reads standard input
    file: PathBuf,
    /// The public key (origin+hash+base64), or a file that holds it
    #[arg(long)]
    key: String,
    /// A file with a checkpoint received earlier, which the export must extend; may be repeated
    #[arg(long = "checkpoint", value_name = "NOTE")]
    checkpoints: Vec<PathBuf>,
}

/// Runs the verb; results go to `out`, troubles to `err`.
pub fn run(
    args: &LedgerArgs,
    config: Option<&Path>,
    out: &mut impl Write,
    err: &mut impl Write,
) -> ExitCode {
    let done = match &args.verb {
        Verb::Verify(args) => return run_verify(args, out, err),
        Verb::Export(args) => handout::export(args, config, out, err),
        Verb::Key(args) => handout::key(args, config, out, err),
    };
    match done {
        Ok(code) => code,
        Err(error) => super::complain(&error, err),
    }
}

fn run_verify(args: &VerifyArgs, out: &mut impl Write, err: &mut impl Write) -> ExitCode {
    let trouble = match check(args) {
        Ok(report) => match tell(&report, out) {
            Ok(()) if matches!(report, Report::Intact(_)) => return ExitCode::SUCCESS,
            Ok(()) => return ExitCode::FAILURE,
            Err(error) => format!("cannot write the result: {error}"),
        },
        Err(trouble) => trouble,
    };
    // Nobody is left to be told if this fails too; the status says it.
    let _ = writeln!(err, "error: {trouble}");
    ExitCode::from(2)
}

fn check(args: &VerifyArgs) -> Result<Report, String> {
    let key = key(&args.key)?;
    let earlier = args
        .checkpoints
        .iter()
        .map(|path| note(path))
        .collect::<Result<Vec<_>, _>>()?;
    let report = if args.file == Path::new("-") {
        verify(io::stdin().lock(), &key, &earlier)
    } else {
        let file = File::open(&args.file).map_err(|error| unread(&args.file, &error))?;
        verify(BufReader::with_capacity(256 * 1024, file), &key, &earlier)
    };
    report.map_err(|error| unread(&args.file, &error))
}

fn key(text_or_path: &str) -> Result<VerifyKey, String> {
    if let Ok(key) = VerifyKey::parse(text_or_path) {
        return Ok(key);
    }
    let path = Path::new(text_or_path);
    let text = short_text(path).map_err(|error| {
        format!("--key is neither a key of the form origin+hash+base64 nor a file that can be read ({error})")
    })?;
    VerifyKey::parse(text.trim()).map_err(|error| format!("{}: {error}", path.display()))
}

fn note(path: &Path) -> Result<Checkpoint, String> {
    let text = short_text(path).map_err(|error| unread(path, &error))?;
    Checkpoint::parse(&text).map_err(|error| format!("{}: {error}", path.display()))
}

fn short_text(path: &Path) -> io::Result<String> {
    let mut text = String::new();
    File::open(path)?.take(MAX_TEXT).read_to_string(&mut text)?;
    Ok(text)
}

fn unread(path: &Path, error: &io::Error) -> String {
    format!("cannot read {}: {error}", path.display())
}

fn tell(report: &Report, out: &mut impl Write) -> io::Result<()> {
    match report {
        Report::Intact(intact) => {
            let checkpoint = &intact.checkpoint;
            writeln!(out, "intact")?;
            writeln!(out, "log: {}", checkpoint.origin())?;
            writeln!(out, "entries: {}", checkpoint.size())?;
            writeln!(out, "root: {}", STANDARD.encode(checkpoint.root()))?;
            for size in &intact.earlier {
                writeln!(out, "extends: the checkpoint of size {size}")?;
            }
        }
        Report::Broken(finding) => {
            writeln!(out, "broken")?;
            writeln!(out, "finding: {}", finding.code)?;
            if let Some(entry) = finding.entry {
                writeln!(out, "first bad entry: {entry}")?;
            }
            writeln!(out, "{}", finding.message)?;
        }
    }
    out.flush()
}

#[cfg(test)]
mod tests {
    use std::fs;

    use clap::Parser;

    use super::*;

    #[derive(Debug, Parser)]
    struct Line {
        #[command(flatten)]
        args: LedgerArgs,
    }

    fn data(name: &str) -> String {
        format!("{}/tests/data/ledger/{name}", env!("CARGO_MANIFEST_DIR"))
    }

    fn said(words: &[&str]) -> (ExitCode, String, String) {
        let line = Line::try_parse_from(["ledger", "verify"].iter().chain(words)).unwrap();
        let (mut out, mut err) = (Vec::new(), Vec::new());
        let code = run(&line.args, None, &mut out, &mut err);
        (
            code,
            String::from_utf8(out).unwrap(),
            String::from_utf8(err).unwrap(),
        )
    }

    #[test]
    fn both_formats_of_the_sample_log_are_intact_and_extend_their_earlier_checkpoint() {
        for file in ["log.jsonl", "log.csv"] {
            let key = fs::read_to_string(data("key.txt")).unwrap();
            for key in [data("key.txt"), key.trim().to_owned()] {
                let (code, out, err) = said(&[
                    &data(file),
                    "--key",
                    &key,
                    "--checkpoint",
                    &data("earlier.note"),
                ]);
                assert_eq!(code, ExitCode::SUCCESS, "{out}{err}");
                assert!(
                    out.starts_with("intact\nlog: rechtzeitig.example/ledger/sample\nentries: 7\n"),
                    "{out}"
                );
                assert!(
                    out.ends_with("extends: the checkpoint of size 4\n"),
                    "{out}"
                );
                assert_eq!(err, "");
            }
        }
    }

    #[test]
    fn a_changed_file_ends_with_status_one_and_the_entry() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("log.csv");
        let text = fs::read_to_string(data("log.csv")).unwrap();
        fs::write(&file, text.replacen("sample.3", "sample.x", 1)).unwrap();
        let (code, out, _) = said(&[file.to_str().unwrap(), "--key", &data("key.txt")]);
        assert_eq!(code, ExitCode::FAILURE);
        assert!(
            out.starts_with("broken\nfinding: entry-changed\nfirst bad entry: 3\n"),
            "{out}"
        );
    }

    #[test]
    fn what_cannot_be_checked_ends_with_status_two() {
        let (log, key) = (data("log.csv"), data("key.txt"));
        for words in [
            vec!["/nonexistent/log", "--key", &key],
            vec![&log, "--key", "nonsense"],
            vec![&log, "--key", &log],
            vec![&log, "--key", &key, "--checkpoint", &key],
            vec![&log, "--key", &key, "--checkpoint", "/nonexistent/note"],
        ] {
            let (code, out, err) = said(&words);
            assert_eq!(code, ExitCode::from(2), "{words:?}");
            assert_eq!(out, "");
            assert!(err.starts_with("error: "), "{err}");
        }
    }
}
