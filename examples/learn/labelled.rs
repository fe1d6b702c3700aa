//! The labelled texts, as messages with what a careful reader said of them.

use std::fs::{read, read_to_string};

use rechtzeitig::reading::arrival::House;
use rechtzeitig::reading::message::{Address, Message, Place, Text};
use rechtzeitig::reading::parse::parse;
use serde_json::Value;

use super::made_of::{FOLDERS, LINES, Source, files, set_aside, texts};

/// A message with its label.
#[derive(Debug)]
pub struct Labelled {
    /// Its name.
    pub id: String,
    /// The message.
    pub message: Message,
    /// Who got it.
    pub house: House,
    /// Whether it is a request: yes, no, unclear.
    pub verdict: String,
    /// What kind of message it is.
    pub kind: String,
    /// The rights that it asks for.
    pub rights: Vec<String>,
    /// Where it comes from.
    pub source: Source,
}

/// Every text that may be learnt from.
pub fn labelled() -> Vec<Labelled> {
    let mut out = Vec::new();
    for name in LINES {
        let file = texts().join("bank").join(format!("{name}.jsonl"));
        let lines = read_to_string(file).unwrap_or_default();
        let of_file = lines
            .lines()
            .filter_map(|line| serde_json::from_str(line).ok());
        out.extend(
            of_file
                .map(|value| one_line(&value))
                .filter(|one| !set_aside(name, &one.id)),
        );
    }
    for (folder, house, source) in FOLDERS {
        for file in files(&texts().join(folder), "json") {
            let label = read(&file)
                .ok()
                .and_then(|raw| serde_json::from_slice(&raw).ok());
            let message = read(file.with_extension("eml"))
                .ok()
                .and_then(|raw| parse(&raw));
            let (Some(label), Some(message)) = (label, message) else {
                continue;
            };
            let one = of(&label, "file", message, House::given(house), source);
            if !set_aside(folder, &one.id) {
                out.push(one);
            }
        }
    }
    for file in files(&texts().join("short"), "tsv") {
        let name = file.file_name().map(|it| it.to_string_lossy().into_owned());
        let lines = read_to_string(&file).unwrap_or_default();
        out.extend(
            lines.lines().enumerate().filter_map(|(number, line)| {
                short(&format!("{}:{number}", name.as_deref()?), line)
            }),
        );
    }
    out
}

fn said(value: &Value, name: &str) -> String {
    value
        .get(name)
        .and_then(Value::as_str)
        .unwrap_or_default()
        .to_owned()
}

fn of(label: &Value, id: &str, message: Message, house: House, source: Source) -> Labelled {
    let mut rights: Vec<String> = label
        .get("rights")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(|right| right.as_str().map(str::to_owned))
        .collect();
    rights.sort();
    Labelled {
        id: said(label, id),
        message,
        house,
        verdict: said(label, "is_request"),
        kind: said(label, "kind"),
        rights,
        source,
    }
}

fn address(text: &str) -> Address {
    let (name, email) = text.split_once('<').unwrap_or(("", text));
    Address {
        name: name.trim().trim_matches('"').to_owned(),
        email: email.trim_end_matches(['>', ' ']).trim().to_owned(),
    }
}

fn plain(from: Address, to: Address, subject: String, body: &str) -> Message {
    Message {
        from: vec![from],
        to: vec![to],
        subject,
        texts: vec![Text {
            place: Place::Plain,
            text: format!("{body}\n"),
        }],
        ..Message::default()
    }
}

fn one_line(label: &Value) -> Labelled {
    let to = Some(said(label, "to")).filter(|to| to.contains('@'));
    let to = address(to.as_deref().unwrap_or("info@musterwolle.example"));
    let house = House::given(to.email.split('@').nth(1));
    let from = address(&said(label, "from"));
    let message = plain(from, to, said(label, "subject"), &said(label, "body"));
    of(label, "id", message, house, Source::Apart)
}

/// Rights (`-` none, `?` doubtful, a kind before a `=`), text, subject.
fn short(id: &str, line: &str) -> Option<Labelled> {
    let mut parts = line.split('\t');
    let (label, body) = (parts.next()?, parts.next()?);
    let (kind, label) = label.split_once('=').unwrap_or(("request", label));
    let mut rights: Vec<String> = match label {
        "-" | "?" => Vec::new(),
        rights => rights.split(',').map(str::to_owned).collect(),
    };
    rights.sort();
    let (verdict, kind) = match label {
        "-" => ("no", "other"),
        "?" => ("unclear", kind),
        _ => ("yes", kind),
    };
    Some(Labelled {
        id: id.to_owned(),
        message: plain(
            address("Max Muster <max@post.example>"),
            address("info@musterwolle.example"),
            parts.next().unwrap_or_default().to_owned(),
            body,
        ),
        house: House::given(["musterwolle.example"]),
        verdict: verdict.to_owned(),
        kind: kind.to_owned(),
        rights,
        source: Source::Short,
    })
}
