//! From nothing to a running office: `init`, `check`, `serve`, the first clerk.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use super::{Running, command, free_address, run, status, text, well};
use crate::support::Store;

#[test]
fn a_new_house_is_written_checked_served_and_stopped() {
    if !Store::chosen().available() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    #[cfg(feature = "postgres")]
    let database =
        (Store::chosen() == Store::Postgres).then(crate::support::postgres::Database::empty);
    #[cfg(feature = "postgres")]
    let store = database.as_ref().map(|database| database.url().to_owned());
    #[cfg(not(feature = "postgres"))]
    let store: Option<String> = None;
    let address = free_address();
    let told = |words: &[&str]| {
        let mut command = command(at, words);
        command.env("RECHTZEITIG__SERVER__LISTEN", address.to_string());
        if let Some(url) = &store {
            command.env("RECHTZEITIG__STORE__POSTGRES", url);
        }
        command
    };

    well(at, &["init"]);
    let key = fs::metadata(at.join("keys/master.key")).unwrap();
    assert_eq!(key.permissions().mode() & 0o777, 0o600);
    let before = fs::read(at.join("rechtzeitig.toml")).unwrap();
    assert!(
        !run(at, &["init"]).status.success(),
        "wrote over what was there"
    );
    assert_eq!(fs::read(at.join("rechtzeitig.toml")).unwrap(), before);

    let checked = told(&["check"]).output().unwrap();
    let said = text(&checked.stdout);
    assert!(checked.status.success(), "{said}");
    for part in [
        "ok       keys",
        "the first `serve` makes it",
        "there is no mail server",
        "no checkpoint leaves the house",
    ] {
        assert!(said.contains(part), "{part} is missing in: {said}");
    }
    let names: Vec<_> = fs::read_dir(at)
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    assert_eq!(names.len(), 2, "check changed something: {names:?}");

    let mut running = Running::start(told(&["serve"]));
    let said = running.says("/welcome/");
    assert!(
        said.contains(&format!("listening on http://{address}")),
        "{said}"
    );
    assert_eq!(status(address, "/readyz"), 200);
    assert_eq!(status(address, "/healthz"), 200);
    assert!(told(&["healthz"]).status().unwrap().success());
    let second = told(&["serve"]).output().unwrap();
    assert!(
        text(&second.stderr).contains("does the program run already?"),
        "{}",
        text(&second.stderr)
    );
    running.stop();
    assert!(!told(&["healthz"]).output().unwrap().status.success());

    let added = told(&[
        "clerk",
        "add",
        "--name",
        "Mara Muster",
        "--email",
        "Mara@Muster.example",
        "--role",
        "admin",
    ]);
    let said = text(&{ added }.output().unwrap().stdout);
    assert!(said.contains("/welcome/"), "{said}");
    let listed = || text(&told(&["clerk", "list"]).output().unwrap().stdout);
    assert!(
        listed().contains("mara@muster.example\tMara Muster\tadmin for example"),
        "{}",
        listed()
    );
    let reset = text(
        &told(&["clerk", "reset", "mara@muster.example"])
            .output()
            .unwrap()
            .stdout,
    );
    assert!(reset.contains("/welcome/") && reset != said);
    assert!(
        told(&["clerk", "leave", "mara@muster.example"])
            .status()
            .unwrap()
            .success()
    );
    assert!(listed().contains("has left"));

    let mut again = Running::start(told(&["serve"]));
    let said = again.says("listening on");
    assert_eq!(status(address, "/readyz"), 200);
    again.stop();
    assert!(!said.contains("/welcome/"));
    assert!(text(&told(&["check"]).output().unwrap().stdout).contains("the tables are up to date"));
}

#[test]
fn without_a_configuration_every_verb_says_what_helps() {
    let folder = tempfile::tempdir().unwrap();
    for words in [
        &["serve"][..],
        &["migrate"],
        &["clerk", "list"],
        &["ledger", "export"],
        &["letters", "check"],
    ] {
        let output = run(folder.path(), words);
        let said = text(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{words:?}");
        assert!(
            said.contains("rechtzeitig init") && said.contains("rechtzeitig demo"),
            "{said}"
        );
    }
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn check_names_everything_that_is_wrong_and_ends_with_one() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    well(at, &["init"]);
    let config = at.join("rechtzeitig.toml");
    let good = fs::read_to_string(&config).unwrap();
    for (from, to, wanted) in [
        (
            "place = \"DE-HE\"",
            "place = \"DE-XX\"",
            "controller[0].place",
        ),
        ("[desk]", "[desk]\ndigest_our = 8", "`digest_our`"),
        ("[letters]", "[letters]\noverrides = \"own\"", "letter text"),
        ("[keys]", "[keys]\nmaster_file = \"gone.key\"", "gone.key"),
        (
            "[desk]",
            "[mail]\nhost = \"127.0.0.1\"\nport = 1\n[desk]",
            "mail 127.0.0.1",
        ),
    ] {
        fs::create_dir_all(at.join("own/de")).unwrap();
        fs::write(
            at.join("own/de/receipt-sie.txt"),
            "Betreff: x\n{{ nothing.like.this }}\n",
        )
        .unwrap();
        fs::write(&config, good.replace(from, to)).unwrap();
        let output = run(at, &["check"]);
        let said = text(&output.stdout);
        assert_eq!(output.status.code(), Some(1), "{said}");
        assert!(
            said.contains("error") && said.contains(wanted),
            "{wanted} is missing in: {said}"
        );
    }
    fs::write(&config, good).unwrap();
    fs::set_permissions(
        at.join("keys/master.key"),
        fs::Permissions::from_mode(0o644),
    )
    .unwrap();
    assert!(well(at, &["check"]).contains("chmod 600"));
}

#[test]
fn another_key_file_is_noticed_before_it_does_harm() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    well(at, &["init"]);
    well(at, &["ledger", "key"]);
    fs::remove_dir_all(at.join("keys")).unwrap();
    let other = tempfile::tempdir().unwrap();
    well(other.path(), &["init"]);
    fs::create_dir(at.join("keys")).unwrap();
    fs::copy(
        other.path().join("keys/master.key"),
        at.join("keys/master.key"),
    )
    .unwrap();
    assert!(text(&run(at, &["check"]).stdout).contains("the stored keys do not open"));
    assert!(text(&run(at, &["ledger", "key"]).stderr).contains("put the right key file in place"));
}

#[test]
fn a_deadline_needs_no_configuration() {
    let folder = tempfile::tempdir().unwrap();
    let said = well(
        folder.path(),
        &[
            "deadline",
            "--received",
            "2026-01-31",
            "--place",
            "DE-BY+mariae-himmelfahrt",
        ],
    );
    assert!(
        said.contains("\ndue: 2026-03-02\n") && said.contains("\nnominal_due: 2026-02-28\n"),
        "{said}"
    );
    assert_eq!(
        run(folder.path(), &["deadline", "--received", "2026-02-30"])
            .status
            .code(),
        Some(2)
    );
}

#[test]
fn a_scanner_that_is_not_there_is_named_by_the_check_and_one_that_is_none_by_its_key() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    well(at, &["init"]);
    let checked = |clamd: &str| {
        let mut check = command(at, &["check"]);
        check.env("RECHTZEITIG__SCANNER__CLAMD", clamd);
        let checked = check.output().unwrap();
        assert!(!checked.status.success());
        text(&checked.stdout)
    };
    let said = checked("/nowhere/clamd.ctl");
    assert!(said.contains("error    scanner: "), "{said}");
    assert!(said.contains("is clamd running"), "{said}");
    let said = checked("clamav:3310");
    assert!(said.contains("neither the path of a socket nor"), "{said}");
}
