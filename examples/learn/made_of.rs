//! Of which texts the weights are made, and a digest of them all.

use std::fs::read;
use std::path::{Path, PathBuf};

use rechtzeitig::reading::wording::{digest, digest_on};

/// Where a text comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// Written to be read, by people who knew no phrase.
    Apart,
    /// Phrases were made with an eye on it: it teaches words, and little of how phrases and words add up.
    Tuned,
    /// Short sentences that phrases were made from.
    Short,
}

/// Files of texts with their labels, one a line; of the last four every fifth is set aside for measuring, as are the files that end in `closed`.
pub const LINES: [&str; 7] = ["de-open", "mix-open", "b1", "a1", "a2", "a3", "a4"];

/// Folders of messages with their houses; of the last every odd one is set aside.
pub const FOLDERS: [(&str, &[&str], Source); 3] = [
    ("tune", &["musterwolle.example"], Source::Tuned),
    (
        "tune2",
        &["hofkaese-kastner.example", "kastner-versand.test"],
        Source::Tuned,
    ),
    ("held", &["tannengrat.example"], Source::Apart),
];

/// What the phrases and classes are told by.
const TOLD: [&str; 13] = [
    "de", "en", "fr", "es", "it", "nl", "pt", "pl", "cs", "ro", "frames", "senses", "tongues",
];

/// Whether a text of this number is set aside, so that it may measure what was learnt.
pub fn set_aside(place: &str, id: &str) -> bool {
    let number: u32 = id
        .split(|sign: char| !sign.is_ascii_digit())
        .rfind(|digits| !digits.is_empty())
        .and_then(|digits| digits.parse().ok())
        .unwrap_or(1);
    match place {
        "a1" | "a2" | "a3" | "a4" => number.is_multiple_of(5),
        "held" => !number.is_multiple_of(2),
        _ => false,
    }
}

/// The texts' folder of the project.
pub fn texts() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/mail")
}

/// The weights' folder.
pub fn weights() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("config/reading")
}

/// The files of a folder that end so, in the order of their names.
pub fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let mut out: Vec<PathBuf> = std::fs::read_dir(folder)
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|it| it == ending))
        .collect();
    out.sort();
    out
}

/// A digest of all texts, labels and phrases: when it is another, the weights are to be reckoned anew.
pub fn digest_of_all() -> String {
    let mut all: Vec<PathBuf> = LINES
        .iter()
        .map(|name| texts().join("bank").join(format!("{name}.jsonl")))
        .collect();
    for (folder, _, _) in FOLDERS {
        for label in files(&texts().join(folder), "json") {
            all.push(label.with_extension("eml"));
            all.push(label);
        }
    }
    all.extend(files(&texts().join("short"), "tsv"));
    all.extend(TOLD.map(|name| weights().join(format!("{name}.toml"))));
    let mut sum = digest("");
    for file in all {
        let content = read(&file).unwrap_or_default();
        sum = digest_on(sum, &String::from_utf8_lossy(&content));
    }
    format!("{sum:016x}")
}
