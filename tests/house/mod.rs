//! The house: imports fall, walls stand, names speak. Reads the sources as text; every rule is shown to catch its fault.

mod rules;
mod source;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use rules::{File, May, ROOMS, Room};
use source::{Source, Token};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every file below the folder, but for what is built or not ours.
fn walk(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        let name = entry.file_name().to_string_lossy().into_owned();
        let built = folder == root() && matches!(name.as_str(), ".git" | "target" | "demo");
        let of_others = folder.ends_with("tests/support") && name == "axe";
        if built || of_others {
            continue;
        }
        if path.is_dir() {
            files.extend(walk(&path))
        } else {
            files.push(path)
        }
    }
    files.sort();
    files
}

/// The Rust files of the program.
fn program() -> Vec<File> {
    let src = root().join("src");
    let files: Vec<File> = walk(&src)
        .into_iter()
        .filter(|path| path.extension().is_some_and(|end| end == "rs"))
        .map(|path| File {
            code: std::fs::read_to_string(&path).expect("a readable source"),
            path: path
                .strip_prefix(&src)
                .expect("below src")
                .to_string_lossy()
                .into_owned(),
        })
        .collect();
    assert!(files.len() > 10, "the sources were not found");
    files
}

/// The files that are built into the program: without `tests.rs` and the like, and without modules for tests only.
fn built() -> Vec<(File, Source)> {
    let read: Vec<(File, Source)> = program()
        .into_iter()
        .map(|file| {
            let source = Source::read(&file.code);
            (file, source)
        })
        .collect();
    let for_tests: BTreeSet<String> = read
        .iter()
        .flat_map(|(file, source)| {
            let own = file.path.strip_suffix(".rs").unwrap_or_default();
            let folder = own.strip_suffix("/mod").unwrap_or(own);
            let at_root = matches!(own, "lib" | "main");
            source.test_modules.iter().map(move |name| {
                if at_root {
                    name.clone()
                } else {
                    format!("{folder}/{name}")
                }
            })
        })
        .collect();
    let only_tests = |path: &str| {
        for_tests
            .iter()
            .any(|module| path == format!("{module}.rs") || path.starts_with(&format!("{module}/")))
    };
    read.into_iter()
        .filter(|(file, _)| !file.is_test() && !only_tests(&file.path))
        .collect()
}

fn assert_none(faults: &[String]) {
    assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));
}

/// The faults that a rule finds in a file of this path and code.
fn found(rule: impl Fn(&File, &Source) -> Vec<String>, path: &str, code: &str) -> usize {
    let file = File {
        path: path.to_owned(),
        code: code.to_owned(),
    };
    rule(&file, &Source::read(code)).len()
}

#[test]
fn imports_fall() {
    assert_none(
        &built()
            .iter()
            .flat_map(|(file, source)| rules::floors(file, source))
            .collect::<Vec<_>>(),
    );
}

#[test]
fn an_import_that_rises_is_found() {
    let rises = |path, code| found(rules::floors, path, code);
    assert_eq!(rises("domain/case.rs", "use crate::storage::Store;"), 1);
    assert_eq!(
        rises(
            "domain/case.rs",
            "fn f() -> crate::ledger::Entry { todo() }"
        ),
        1
    );
    assert_eq!(
        rises(
            "casework/desk.rs",
            "use crate::{domain::{Case, mail}, mail::Smtp, ports};"
        ),
        1
    );
    assert_eq!(
        rises(
            "web/office/queue.rs",
            "use super::super::super::storage::Store;"
        ),
        1
    );
    assert_eq!(rises("web/mod.rs", "use super::storage;"), 1);
    assert_eq!(rises("words.rs", "use super::casework::Desk;"), 1);
    assert_eq!(rises("attic/old.rs", ""), 1);
    assert_eq!(
        rises(
            "web/office/queue.rs",
            "use super::super::page; use crate::web::page; use crate::casework::Desk;"
        ),
        0
    );
    assert_eq!(
        rises(
            "domain/case.rs",
            "//! crate::storage\n#[cfg(test)] mod tests { use crate::storage::Store; }"
        ),
        0
    );
    assert_eq!(
        rises(
            "domain/case.rs",
            "fn f() { let storage = 1; g(\"crate::storage\"); }"
        ),
        0
    );
}

#[test]
fn the_table_of_rooms_has_no_circle_and_is_the_house() {
    for (place, room) in ROOMS.iter().enumerate() {
        if let May::Import(names) = room.may {
            for name in names {
                assert!(Room::named(name).is_some(), "{name} is no room");
            }
        }
        let above = ROOMS
            .iter()
            .skip(place)
            .find(|other| room.may_import(other));
        assert_eq!(
            above.map(|other| other.name),
            None,
            "{} stands below and may not import it",
            room.name
        );
    }
    assert!(
        ROOMS.is_sorted_by_key(|room| room.floor),
        "the table is told from the ground up"
    );
    let lib = Source::read(&std::fs::read_to_string(root().join("src/lib.rs")).unwrap());
    let declared: Vec<&str> = lib
        .tokens
        .windows(3)
        .filter_map(
            |three| match (&three[0].token, &three[1].token, &three[2].token) {
                (Token::Word(word), Token::Word(name), Token::Sign(';')) if word == "mod" => {
                    Some(name.as_str())
                }
                _ => None,
            },
        )
        .collect();
    let floors: Vec<Option<u8>> = declared
        .iter()
        .map(|name| Room::named(name).map(|room| room.floor))
        .collect();
    assert!(
        floors.iter().all(Option::is_some),
        "lib.rs declares a room that the table lacks: {declared:?}"
    );
    assert!(
        floors.is_sorted(),
        "lib.rs tells the rooms from the ground up: {declared:?}"
    );
    assert_eq!(
        declared.len(),
        ROOMS.len(),
        "the table names a room that lib.rs lacks"
    );
}

#[test]
fn crates_stay_behind_their_walls() {
    assert_none(
        &built()
            .iter()
            .flat_map(|(file, source)| rules::walls(file, source))
            .collect::<Vec<_>>(),
    );
}

#[test]
fn a_crate_outside_its_wall_is_found() {
    let outside = |path, code| found(rules::walls, path, code);
    assert_eq!(outside("casework/desk.rs", "use diesel::prelude::*;"), 1);
    assert_eq!(
        outside("web/mod.rs", "fn f() -> lettre::Message { g() }"),
        1
    );
    assert_eq!(outside("jobs/mod.rs", "use actix_web;"), 1);
    assert_eq!(outside("domain/case.rs", "let n = ::rand::random();"), 1);
    assert_eq!(outside("storage/cases.rs", "use diesel::prelude::*;"), 0);
    assert_eq!(
        outside("seal/chance.rs", "use ring::rand::SystemRandom;"),
        0
    );
    assert_eq!(
        outside("ledger/sign.rs", "use ring::rand::SystemRandom;"),
        0
    );
}

#[test]
fn nobody_asks_the_clock_or_leaves_work_undone() {
    assert_none(
        &built()
            .iter()
            .flat_map(|(file, source)| rules::calls(file, source))
            .collect::<Vec<_>>(),
    );
}

#[test]
fn a_clock_and_unfinished_work_are_found() {
    let calls = |path, code| found(rules::calls, path, code);
    assert_eq!(
        calls("casework/desk.rs", "let now = chrono::Utc::now();"),
        1
    );
    assert_eq!(calls("web/mod.rs", "let now = SystemTime::now();"), 1);
    assert_eq!(
        calls(
            "web/mod.rs",
            "fn f() { todo!() } fn g() { unimplemented!(\"x\") }"
        ),
        2
    );
    assert_eq!(
        calls(
            "web/mod.rs",
            "#![allow(dead_code)] #[allow(unused)] fn f() { allow(1) }"
        ),
        2
    );
    assert_eq!(calls("ports/clock.rs", "let now = Utc::now();"), 0);
    assert_eq!(
        calls(
            "web/mod.rs",
            "let now = Instant::now(); todo(); // Utc::now()"
        ),
        0
    );
}

#[test]
fn german_stands_in_its_places() {
    assert_none(
        &built()
            .iter()
            .flat_map(|(file, source)| rules::german(file, source))
            .collect::<Vec<_>>(),
    );
}

#[test]
fn german_elsewhere_is_found() {
    let german = |path, code| found(rules::german, path, code);
    assert_eq!(german("casework/desk.rs", r#"let s = "Löschung";"#), 1);
    assert_eq!(
        german("web/error.rs", r##"let s = r#"Haben Sie Geduld"#;"##),
        1
    );
    assert_eq!(german("words.rs", r#"let s = "Löschung";"#), 0);
    assert_eq!(german("words/rights.rs", r#"let s = "Löschung";"#), 0);
    assert_eq!(
        german(
            "seal/fold.rs",
            r#"let s = s.replace('ü', "ue").replace("ß", "ss");"#
        ),
        0
    );
    assert_eq!(
        german(
            "casework/desk.rs",
            r#"let s = "the case is not found"; // Löschung"#
        ),
        0
    );
    assert_eq!(
        german(
            "casework/desk.rs",
            r#"#[cfg(test)] mod tests { const NAME: &str = "Jörg Müller"; }"#
        ),
        0
    );
}

#[test]
fn every_file_says_what_it_is() {
    assert_none(
        &program()
            .iter()
            .flat_map(rules::openings)
            .collect::<Vec<_>>(),
    );
}

#[test]
fn a_file_that_says_nothing_is_found() {
    let openings = |path, code| found(|file, _| rules::openings(file), path, code);
    assert_eq!(openings("web/page.rs", "use std::fmt;"), 1);
    assert_eq!(openings("web/utils.rs", "//! Things."), 1);
    assert_eq!(openings("web/common/page.rs", "//! A page."), 1);
    assert_eq!(openings("web/page.rs", "//! A page."), 0);
}

#[test]
fn both_databases_have_the_same_migrations() {
    let names = |folder: &str| -> BTreeSet<String> {
        let folder = root().join("migrations").join(folder);
        walk(&folder)
            .iter()
            .map(|path| {
                path.strip_prefix(&folder)
                    .unwrap()
                    .to_string_lossy()
                    .into_owned()
            })
            .collect()
    };
    assert_eq!(names("sqlite"), names("postgres"));
}

#[test]
fn no_path_of_somebodys_machine_is_written_down() {
    // Put together here, so that this file does not hold them.
    let places: Vec<String> = ["home", "root", "work", "Users", "tmp/rz"]
        .iter()
        .map(|name| format!("/{name}/"))
        .collect();
    let mut faults = Vec::new();
    for path in walk(root()) {
        let shown = path
            .strip_prefix(root())
            .unwrap_or(&path)
            .display()
            .to_string();
        let Ok(text) = std::fs::read_to_string(&path) else {
            continue;
        };
        for (number, line) in text.lines().enumerate() {
            if shown != "Cargo.lock" && places.iter().any(|place| names_a_place(line, place)) {
                faults.push(format!("{shown}:{}: {}", number + 1, line.trim()));
            }
        }
    }
    assert_none(&faults);
    for place in &places {
        assert!(names_a_place(&format!("cd {place}x"), place));
        assert!(names_a_place(&format!("\"{place}\""), place));
        let elsewhere = format!("beispiel.test{place}page and src{place}x");
        assert!(!names_a_place(&elsewhere, place), "{elsewhere}");
    }
}

/// The place begins a path; within a longer one or in a web address it is only a name.
fn names_a_place(line: &str, place: &str) -> bool {
    line.match_indices(place).any(|(at, _)| {
        let before = line.get(..at).and_then(|text| text.chars().next_back());
        !before.is_some_and(|sign| sign.is_alphanumeric() || "._-/*".contains(sign))
    })
}
