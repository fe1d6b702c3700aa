//! Labelled mailboxes and texts, read as a whole: how many requests are found, how many of the found ones are none, and
//! how often all rights are right. `tests/data/mail/GUIDE.md` says how the labels were decided.

#[path = "../../examples/learn/made_of.rs"]
#[expect(dead_code, reason = "the trainer needs more of it")]
mod made_of;

use std::path::{Path, PathBuf};

use rechtzeitig::reading::arrival::House;
use rechtzeitig::reading::mailbox::{read, read_mailbox};
use rechtzeitig::reading::message::{Address, Message, Place, Text};
use rechtzeitig::reading::parse::parse;
use rechtzeitig::words::mailroom;
use serde_json::Value;

fn data(folder: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/data/mail")
        .join(folder)
}

/// What was labelled, and what was read.
struct Pair {
    label: Value,
    reading: Value,
}

impl Pair {
    fn verdicts(&self) -> (&str, &str) {
        (
            self.label["is_request"].as_str().unwrap(),
            self.reading["is_request"].as_str().unwrap(),
        )
    }

    fn rights(value: &Value) -> Vec<&str> {
        let rights = value["rights"].as_array().unwrap().iter();
        let mut rights: Vec<&str> = rights.map(|it| it.as_str().unwrap()).collect();
        rights.sort_unstable();
        rights
    }
}

/// Shares, in hundredths.
#[derive(Debug)]
struct Score {
    found: f64,
    not_lost: f64,
    precise: f64,
    exact: f64,
}

fn score(pairs: &[Pair]) -> Score {
    let count = |of: &dyn Fn(&Pair) -> bool| pairs.iter().filter(|it| of(it)).count();
    let share = |part: usize, whole: usize| match u32::try_from(whole).unwrap() {
        0 => 1.0,
        whole => f64::from(u32::try_from(part).unwrap()) / f64::from(whole),
    };
    let asked = count(&|it| it.verdicts().0 == "yes");
    Score {
        found: share(count(&|it| it.verdicts() == ("yes", "yes")), asked),
        not_lost: share(
            count(&|it| it.verdicts().0 == "yes" && it.verdicts().1 != "no"),
            asked,
        ),
        precise: share(
            count(&|it| it.verdicts() == ("yes", "yes")),
            count(&|it| it.verdicts().1 == "yes"),
        ),
        exact: share(
            count(&|it| {
                it.verdicts().0 == "yes" && Pair::rights(&it.label) == Pair::rights(&it.reading)
            }),
            asked,
        ),
    }
}

/// A folder of messages is one mailbox; each has its label beside it.
fn mailbox(folder: &str, house: &[&str]) -> Vec<Pair> {
    let mut files: Vec<PathBuf> = std::fs::read_dir(data(folder))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|it| it == "eml"))
        .collect();
    files.sort();
    assert!(!files.is_empty(), "{folder}");
    let messages: Vec<(String, Option<Message>)> = files
        .iter()
        .map(|file| {
            let raw = std::fs::read(file).unwrap();
            (file.display().to_string(), parse(&raw))
        })
        .collect();
    let readings = read_mailbox(&messages, &House::given(house));
    assert_eq!(readings.len(), files.len());
    files
        .iter()
        .zip(readings)
        .map(|(file, reading)| Pair {
            label: serde_json::from_slice(&std::fs::read(file.with_extension("json")).unwrap())
                .unwrap(),
            reading: serde_json::to_value(reading).unwrap(),
        })
        .collect()
}

/// Each line is a message by itself.
fn texts(file: &str) -> Vec<Pair> {
    let house = House::given(["musterwolle.example"]);
    let lines = std::fs::read_to_string(data("bank").join(file)).unwrap();
    let texts: Vec<Value> = lines
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert!(!texts.is_empty(), "{file}");
    let said = |value: &Value, name: &str| value[name].as_str().unwrap_or_default().to_owned();
    texts
        .into_iter()
        .map(|label| {
            let from = said(&label, "from");
            let (name, email) = from.split_once('<').unwrap_or(("", &from));
            let message = Message {
                from: vec![Address {
                    name: name.trim().trim_matches('"').to_owned(),
                    email: email.trim_end_matches('>').to_owned(),
                }],
                to: vec![Address {
                    name: String::new(),
                    email: "info@musterwolle.example".to_owned(),
                }],
                subject: said(&label, "subject"),
                texts: vec![Text {
                    place: Place::Plain,
                    text: said(&label, "body"),
                }],
                ..Message::default()
            };
            Pair {
                reading: serde_json::to_value(read("", &message, &house)).unwrap(),
                label,
            }
        })
        .collect()
}

#[test]
fn a_mailbox_of_labelled_messages_is_read_as_a_careful_colleague_would() {
    let score = score(&mailbox("tune", &["musterwolle.example"]));
    assert!(score.found > 0.98 && score.not_lost > 0.99, "{score:?}");
    assert!(score.precise > 0.95 && score.exact > 0.94, "{score:?}");
}

#[test]
fn every_reason_of_a_reading_is_said_in_german_too() {
    for pair in mailbox("tune", &["musterwolle.example"]) {
        for line in pair.reading["because"].as_array().unwrap() {
            let line = line.as_str().unwrap();
            assert_ne!(mailroom::reason(line), line);
        }
    }
}

#[test]
fn messages_that_nobody_tuned_on_are_lost_in_no_more_than_one_of_twenty_five() {
    let score = score(&mailbox("held", &["tannengrat.example"]));
    assert!(score.not_lost > 0.97 && score.found > 0.88, "{score:?}");
    assert!(score.precise > 0.87, "{score:?}");
}

/// Written by somebody who knew neither rules nor weights; only ever measured.
#[test]
fn of_a_mailbox_by_a_stranger_to_the_rules_no_request_is_lost() {
    let house = ["quellfurt-energie.example", "qnetz.example"];
    let score = score(&mailbox("fresh", &house));
    assert!(score.not_lost > 0.98 && score.found > 0.85, "{score:?}");
    assert!(score.precise > 0.79 && score.exact > 0.72, "{score:?}");
}

#[test]
fn single_texts_that_nobody_tuned_on_are_hardly_lost() {
    for (file, lost) in [("de-closed.jsonl", 0.96), ("mix-closed.jsonl", 0.97)] {
        let score = score(&texts(file));
        assert!(score.not_lost > lost, "{file}: {score:?}");
        assert!(score.precise > 0.75, "{file}: {score:?}");
    }
}

#[test]
fn the_weights_were_reckoned_from_the_texts_and_phrases_that_lie_here() {
    let weights = std::fs::read_to_string(made_of::weights().join("cues.toml")).unwrap();
    let line = format!("made-of = \"{}\"", made_of::digest_of_all());
    assert!(
        weights.contains(&line),
        "run `cargo run --release --example learn -- write`"
    );
}
