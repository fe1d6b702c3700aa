//! The log as an outsider gets it: handed out, checked, spoilt, checked again.

use std::fs;
use std::path::{Path, PathBuf};

use super::{run, text, well};

fn checkpoints(at: &Path) -> Vec<PathBuf> {
    let mut notes = Vec::new();
    for folder in fs::read_dir(at.join("demo/checkpoints")).unwrap() {
        let folder = folder.unwrap().path();
        if folder.to_string_lossy().contains("musterwolle") {
            notes.extend(
                fs::read_dir(folder)
                    .unwrap()
                    .map(|entry| entry.unwrap().path()),
            );
        }
    }
    notes
}

#[test]
fn what_is_handed_out_can_be_checked_and_every_change_shows() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    well(at, &["demo", "--fill-only"]);
    let key = well(at, &["ledger", "key"]);
    let key = key.trim();
    well(at, &["ledger", "export", "--out", "first.jsonl"]);
    let earlier = checkpoints(at);
    assert_eq!(earlier.len(), 1, "the checkpoint left the house");
    well(
        at,
        &["ledger", "export", "--format", "csv", "--out", "second.csv"],
    );

    let note = earlier[0].to_string_lossy().into_owned();
    for file in ["first.jsonl", "second.csv"] {
        let said = well(
            at,
            &[
                "ledger",
                "verify",
                file,
                "--key",
                key,
                "--checkpoint",
                &note,
            ],
        );
        assert!(
            said.starts_with("intact\n") && said.contains("extends: the checkpoint"),
            "{said}"
        );
    }
    let log = fs::read_to_string(at.join("second.csv")).unwrap();
    assert!(
        log.matches("ledger.exported").count() == 2 && log.matches("checkpoint,").count() == 1,
        "{log}"
    );
    for name in ["Falkner", "musterwolle.example", "post.example"] {
        assert!(!log.contains(name), "personal data in the log: {name}");
    }

    let lines: Vec<&str> = log.lines().collect();
    let spoilt = [
        log.replacen("case.opened", "case.opaned", 1),
        log.replacen(&format!("{}\n", lines[7]), "", 1),
        log.replacen(
            &format!("{}\n{}\n", lines[3], lines[4]),
            &format!("{}\n{}\n", lines[4], lines[3]),
            1,
        ),
        log[..log.len() / 2].to_owned(),
    ];
    for changed in spoilt {
        fs::write(at.join("spoilt.csv"), &changed).unwrap();
        let output = run(at, &["ledger", "verify", "spoilt.csv", "--key", key]);
        assert_eq!(output.status.code(), Some(1), "{}", text(&output.stdout));
        assert!(text(&output.stdout).starts_with("broken\n"));
    }
    let installation = well(at, &["ledger", "key", "--installation"]);
    let output = run(
        at,
        &[
            "ledger",
            "verify",
            "second.csv",
            "--key",
            installation.trim(),
        ],
    );
    assert_eq!(output.status.code(), Some(1));
}
