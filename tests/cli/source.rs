//! Connected systems from the command line: a real database, tried, searched, restored from a copy and erased again.

use std::fs;
use std::path::Path;

use serde_json::Value;

use super::{run, text, well};

const SECTION: &str = r#"
[[controller.source]]
name = "kundenbereich"
canary = "kanarie@firma.example"

[controller.source.sql]
database = { engine = "sqlite", path = "shop.db" }
writing = {}

[[controller.source.sql.place]]
name = "customers"
category = "account"
id = "id"
label = "name"
exact = { email = "email" }
find = ["SELECT id, name, email FROM customers WHERE lower(email) = lower(:email)"]
read = "SELECT id, name, email FROM customers WHERE id = :id"
count = "SELECT count(*) FROM customers"
erase = [{ sql = "DELETE FROM customers WHERE id = :id", rows = 1 }]
"#;

fn shop(at: &Path) -> rusqlite::Connection {
    let shop = rusqlite::Connection::open(at.join("shop.db")).unwrap();
    shop.execute_batch(
        "CREATE TABLE customers (id INTEGER PRIMARY KEY, name TEXT, email TEXT);
         INSERT INTO customers VALUES (1, 'Kanarie', 'kanarie@firma.example'), (2, 'Anna Beispiel', 'anna@post.example'),
           (3, 'Johanna Beispiel', 'johanna@post.example');",
    )
    .unwrap();
    shop
}

/// A configuration as `init` writes it, with the database connected.
fn connected(at: &Path) {
    well(at, &["init"]);
    let path = at.join("rechtzeitig.toml");
    let mut text = fs::read_to_string(&path).unwrap();
    text.push_str(SECTION);
    fs::write(path, text).unwrap();
}

fn lines(out: &str) -> Vec<Value> {
    out.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

#[test]
fn a_check_says_what_is_in_sight_and_whether_the_canary_is_there_and_names_nobody() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    connected(at);
    let shop = shop(at);
    let said = well(at, &["source", "check", "kundenbereich", "--json"]);
    let told = &lines(&said)[0];
    assert_eq!(
        (&told["well"], &told["canary"]),
        (&Value::Bool(true), &Value::from("found"))
    );
    assert_eq!(told["in_sight"][0]["count"], 3, "{said}");
    assert!(
        !said.contains("post.example") && !said.contains("Anna"),
        "{said}"
    );
    assert!(well(at, &["source", "check", "--lang", "en"]).contains("The canary was found."));
    assert!(well(at, &["source", "list"]).contains("kundenbereich"));

    shop.execute("DELETE FROM customers WHERE id = 1", [])
        .unwrap();
    let lost = run(at, &["source", "check"]);
    assert_eq!(lost.status.code(), Some(1));
    assert!(
        text(&lost.stdout).contains("error    kundenbereich"),
        "{}",
        text(&lost.stdout)
    );

    drop(shop);
    fs::remove_file(at.join("shop.db")).unwrap();
    let away = run(at, &["source", "check", "--json"]);
    assert_eq!(away.status.code(), Some(1));
    assert_eq!(lines(&text(&away.stdout))[0]["well"], false);
    assert_eq!(
        run(at, &["source", "check", "nirgends"]).status.code(),
        Some(1)
    );
}

#[test]
fn somebody_is_found_with_the_evidence_and_nothing_of_it_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    connected(at);
    let _shop = shop(at);
    let find = ["source", "find", "kundenbereich", "--json", "--email"];
    let said = well(at, &[&find[..], &["ANNA@post.example"]].concat());
    let told = lines(&said);
    assert_eq!(told.len(), 2, "Johanna is not Anna: {said}");
    assert_eq!(told[0]["record"]["title"], "Anna Beispiel");
    assert_eq!(told[1]["search"]["found"], 1);
    assert_eq!(told[1]["search"]["complete"], true);
    assert_eq!(told[1]["search"]["asked"][0]["place"], "customers");

    let nobody = lines(&well(at, &[&find[..], &["niemand@post.example"]].concat()));
    assert_eq!(nobody[0]["search"]["found"], 0);
    assert_eq!(
        nobody[0]["search"]["asked"][0]["hits"], 0,
        "it was asked all the same"
    );
    let by_phone = well(
        at,
        &[
            "source",
            "find",
            "kundenbereich",
            "--json",
            "--phone",
            "0170 5550123",
        ],
    );
    assert_eq!(
        lines(&by_phone)[0]["search"]["complete"],
        false,
        "it cannot be asked there"
    );

    for wrong in [vec![], vec!["--email", "keine"], vec!["--ip", "192.0.2.7"]] {
        let all = [&["source", "find", "kundenbereich"], wrong.as_slice()].concat();
        let output = run(at, &all);
        assert!(!output.status.success(), "{all:?}");
        assert!(!text(&output.stderr).contains("keine@"));
    }

    let log = well(at, &["ledger", "export"]);
    assert_eq!(log.matches("source.asked").count(), 3, "{log}");
    assert!(
        !log.to_lowercase().contains("anna"),
        "the log says that it was asked, not by what"
    );
    let kept = fs::read(at.join("rechtzeitig.db")).unwrap();
    assert!(!text(&kept).to_lowercase().contains("anna@post.example"));
}

#[test]
fn a_new_description_is_written_once_and_is_what_the_check_then_takes() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    well(at, &["init"]);
    let said = well(at, &["source", "new", "kurskasse"]);
    assert!(
        said.contains("sources/kurskasse.toml") && said.contains("source check kurskasse"),
        "{said}"
    );
    let written = fs::read_to_string(at.join("sources/kurskasse.toml")).unwrap();
    assert!(written.contains("title = \"kurskasse\""), "{written}");
    fs::write(at.join("sources/kurskasse.toml"), "mine").unwrap();
    assert!(!run(at, &["source", "new", "kurskasse"]).status.success());
    assert_eq!(
        fs::read_to_string(at.join("sources/kurskasse.toml")).unwrap(),
        "mine"
    );
    for name in ["../kurskasse", "Kurs Kasse", ""] {
        assert!(
            !run(at, &["source", "new", name]).status.success(),
            "{name}"
        );
    }
}

#[test]
fn where_nothing_was_erased_nothing_is_erased_again() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    connected(at);
    let shop = shop(at);
    let said = well(
        at,
        &["reapply", "kundenbereich", "--since", "2026-01-01", "--do"],
    );
    assert!(said.contains("nichts"), "{said}");
    let rows: i64 = shop
        .query_row("SELECT count(*) FROM customers", [], |row| row.get(0))
        .unwrap();
    assert_eq!(rows, 3);
    assert!(
        !run(at, &["reapply", "nirgends", "--since", "2026-01-01"])
            .status
            .success()
    );
}
