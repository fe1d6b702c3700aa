//! Described systems against servers of our own that are as unpleasant as the real ones.

mod bunny;
mod cleverreach;
mod fastbill;
mod graph;
mod language;
mod meetergo;
mod wording;

use std::collections::BTreeMap;
use std::time::Duration;

use rechtzeitig::adapters::Limits;
use rechtzeitig::adapters::declared::{Credential, Declared, OneOrMany, Settings};
use rechtzeitig::adapters::secret::KeyPlace;
use rechtzeitig::ports::source::{Mishap, Record, RecordRef};

use super::conformance;
use super::theatre::{Heard, Said, Theatre};

/// Impatient, and nothing large.
fn limits() -> Limits {
    Limits {
        patience: Duration::from_secs(1),
        largest: 4 * 1024 * 1024,
        ..Limits::default()
    }
}

/// A credential whose key lies in a file that is read at once.
fn credential(folder: &tempfile::TempDir, user: &str, key: &str) -> Credential {
    let path = folder.path().join(format!("key-{}", key.len()));
    std::fs::write(&path, format!("{key}\n")).unwrap();
    Credential {
        key: KeyPlace::File(path),
        user: user.to_owned(),
    }
}

/// A shipped description against a theatre: reading key `r-key`, destructive key `d-key-2`.
fn shipped(name: &str, theatre: &Theatre, path: &str, values: &[(&str, OneOrMany)]) -> Settings {
    let folder = tempfile::tempdir().unwrap();
    let settings = Settings {
        shipped: Some(name.to_owned()),
        address: Some(format!("{}{path}", theatre.url())),
        token_address: Some(format!("{}/token", theatre.url())),
        reading: Some(credential(&folder, "reader", "r-key")),
        destructive: Some(credential(&folder, "writer", "d-key-2")),
        values: values
            .iter()
            .map(|(name, value)| ((*name).to_owned(), value.clone()))
            .collect(),
        ..Settings::default()
    };
    // The files are read in `new`, which comes after: they must outlive this function.
    let _ = folder.keep();
    settings
}

fn one(text: &str) -> OneOrMany {
    OneOrMany::One(text.to_owned())
}

fn many(texts: &[&str]) -> OneOrMany {
    OneOrMany::Many(texts.iter().map(|it| (*it).to_owned()).collect())
}

fn open(settings: &Settings) -> Declared {
    Declared::new(settings, &limits()).unwrap_or_else(|mishap| panic!("{mishap}"))
}

/// An own description against a theatre, with a bearer key and a second one.
pub(super) fn described(text: &str, theatre: &Theatre) -> Declared {
    try_described(text, theatre, |_| {}).unwrap_or_else(|mishap| panic!("{mishap}"))
}

fn try_described(
    text: &str,
    theatre: &Theatre,
    change: impl Fn(&mut Settings),
) -> Result<Declared, Mishap> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("system.toml");
    std::fs::write(&file, text).unwrap();
    let mut settings = Settings {
        file: Some(file),
        address: Some(theatre.url()),
        token_address: Some(format!("{}/token", theatre.url())),
        reading: Some(credential(&folder, "reader", "r-key")),
        destructive: Some(credential(&folder, "writer", "d-key-2")),
        values: BTreeMap::new(),
        ..Settings::default()
    };
    change(&mut settings);
    Declared::new(&settings, &limits())
}

/// The record of that kind.
fn of_kind<'a>(records: &'a [Record], kind: &str) -> &'a Record {
    let mut found = records.iter().filter(|it| it.reference.kind == kind);
    found.next().unwrap_or_else(|| panic!("no {kind}"))
}

fn reference(records: &[Record], kind: &str) -> RecordRef {
    of_kind(records, kind).reference.clone()
}

fn value<'a>(record: &'a Record, name: &str) -> &'a str {
    let mut found = record.fields.iter().filter(|it| it.name == name);
    found.next().map_or("", |it| it.value.reveal())
}

/// A server for OAuth tokens; each client gets its own, and it holds for so many seconds.
fn token(heard: &Heard, seconds: u64) -> Option<Said> {
    if heard.path != "/token" {
        return None;
    }
    let text = format!("{} {}", heard.header("authorization"), heard.text());
    // Basic: reader:r-key and writer:d-key-2.
    let who = if text.contains("cmVhZGVyOnIta2V5") || text.contains("client_secret=r-key") {
        "reader-token"
    } else if text.contains("d3JpdGVyOmQta2V5LTI=") || text.contains("client_secret=d-key-2") {
        "writer-token"
    } else {
        return Some(Said::json(
            401,
            serde_json::json!({"error": "invalid_client"}),
        ));
    };
    Some(Said::json(
        200,
        serde_json::json!({"access_token": who, "token_type": "Bearer", "expires_in": seconds}),
    ))
}
