//! Mailboxes on a real IMAP server, searched and emptied; and servers that read their own rules.

mod ending;
mod finding;
mod played;
mod server;
mod shut;

use std::time::Duration;

use futures_util::StreamExt;
use rechtzeitig::domain::identifier::{Identifier, SearchKey};
use rechtzeitig::mail::archive::{ImapArchive, Settings};
use rechtzeitig::ports::source::{Mishap, Record, Source};

use super::conformance::find;
use crate::support::dovecot::{Dovecot, PASSWORD, Person};

/// The moment at which the messages of these stories arrive.
const DAY: &str = "02-Mar-2026 08:00:00 +0100";

/// A mailbox of this server; `more` is TOML.
fn archive(port: u16, user: &str, more: &str) -> Result<ImapArchive, Mishap> {
    let key = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(key.path(), PASSWORD).unwrap();
    let key = key.path().display();
    let settings = format!(
        "host = '127.0.0.1'\nport = {port}\nsecurity = 'none'\nreader = {{ user = '{user}', key = {{ file = '{key}' }} }}\n\
         eraser = {{ user = '{user}', key = {{ file = '{key}' }} }}\n{more}"
    );
    let settings: Settings = toml::from_str(&settings).unwrap();
    ImapArchive::new(&settings, Duration::from_secs(10), 4 * 1024 * 1024)
}

fn usual(dovecot: &Dovecot, user: &str) -> ImapArchive {
    archive(dovecot.port(), user, "").unwrap()
}

/// A message with this head and a text.
fn letter(head: &str, text: &str) -> Vec<u8> {
    format!("{}\r\n\r\n{text}\r\n", head.replace('\n', "\r\n")).into_bytes()
}

fn makes(person: &mut Person, folders: &[&str]) {
    for folder in folders {
        person.says(&format!("CREATE \"{folder}\""));
    }
}

fn of(kind: SearchKey, text: &str) -> Identifier {
    Identifier::new(kind, text).unwrap()
}

fn field<'a>(record: &'a Record, name: &str) -> &'a str {
    let mut fields = record.fields.iter();
    fields
        .find(|it| it.name == name)
        .map_or("", |it| it.value.reveal().as_str())
}

fn subjects(records: &[Record]) -> Vec<&str> {
    let mut found: Vec<&str> = records
        .iter()
        .map(|it| it.title.reveal().as_str())
        .collect();
    found.sort_unstable();
    found
}

async fn found(source: &dyn Source, wanted: &[Identifier]) -> Vec<Record> {
    find(source, wanted).await.unwrap().0
}

async fn copied(source: &dyn Source, record: &Record) -> Result<Vec<u8>, Mishap> {
    let mut pieces = source
        .copies()
        .unwrap()
        .fetch(&record.reference, &record.files[0]);
    let mut whole = Vec::new();
    while let Some(piece) = pieces.next().await {
        whole.extend(piece?);
    }
    Ok(whole)
}
