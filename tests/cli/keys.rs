//! A new master key: everything opens with it, and nothing without it any more.

use std::os::unix::fs::PermissionsExt;

use super::{run, text, well};

#[test]
fn a_new_master_key_locks_everything_anew_and_the_old_one_can_go() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    well(at, &["demo", "--fill-only"]);
    let file = at.join("demo/keys/master.key");
    let old = std::fs::read_to_string(&file).unwrap();
    let said = well(at, &["keys", "renew"]);
    assert!(said.contains("locked with the new master key"), "{said}");

    let both = std::fs::read_to_string(&file).unwrap();
    let lines = |text: &str| text.lines().filter(|line| line.starts_with('v')).count();
    assert_eq!((lines(&old), lines(&both)), (1, 2));
    let mode = std::fs::metadata(&file).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600, "its owner's alone");
    assert!(well(at, &["check"]).contains("version 2 locks"));

    let newest: String = both
        .lines()
        .filter(|line| !line.starts_with("v1 "))
        .map(|line| format!("{line}\n"))
        .collect();
    std::fs::write(&file, newest).unwrap();
    well(at, &["ledger", "export", "--out", "log.jsonl"]);

    std::fs::write(&file, old).unwrap();
    let output = run(at, &["ledger", "export", "--out", "again.jsonl"]);
    assert!(!output.status.success());
    assert!(text(&output.stderr).contains("do not open"));
}
