//! The words with which mail programs of many languages head what they quote, from `config/reading/heads.toml`.

use std::collections::HashMap;
use std::sync::LazyLock;

use serde::Deserialize;

use super::heads::folded;

#[derive(Deserialize)]
struct File {
    labels: HashMap<String, Vec<String>>,
    seams: HashMap<String, Vec<String>>,
    wrote: Vec<Wrote>,
    prefixes: HashMap<String, Vec<String>>,
}

#[derive(Deserialize)]
struct Wrote {
    /// See the file.
    pub begins: Vec<String>,
    /// See the file.
    pub verbs: Vec<String>,
}

/// The words of `config/reading/heads.toml`, folded.
#[derive(Default)]
pub struct Headwords {
    /// See the file.
    pub labels: HashMap<String, Label>,
    /// See the file.
    pub forwarded: Vec<String>,
    /// See the file.
    pub original: Vec<String>,
    /// See the file.
    pub begins: Vec<String>,
    /// See the file.
    pub verbs: Vec<String>,
    /// See the file.
    pub reply: Vec<String>,
    /// See the file.
    pub forward: Vec<String>,
}

/// What a line of a head tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Label {
    /// Who wrote.
    From,
    /// To whom.
    To,
    /// When.
    Sent,
    /// About what.
    Subject,
    /// To whom else.
    Copy,
}

/// The words, read once.
pub static HEADWORDS: LazyLock<Headwords> = LazyLock::new(|| headwords().unwrap_or_default());

fn headwords() -> Option<Headwords> {
    let file: File = toml::from_str(include_str!("../../config/reading/heads.toml")).ok()?;
    let list = |from: &HashMap<String, Vec<String>>, name: &str| -> Vec<String> {
        from.get(name)
            .into_iter()
            .flatten()
            .map(|word| folded(word))
            .collect()
    };
    let mut labels = HashMap::new();
    for (name, label) in [
        ("copy", Label::Copy),
        ("to", Label::To),
        ("sent", Label::Sent),
        ("subject", Label::Subject),
        ("from", Label::From),
    ] {
        labels.extend(
            list(&file.labels, name)
                .into_iter()
                .map(|word| (word, label)),
        );
    }
    Some(Headwords {
        labels,
        forwarded: list(&file.seams, "forwarded"),
        original: list(&file.seams, "original"),
        begins: file
            .wrote
            .iter()
            .flat_map(|wrote| &wrote.begins)
            .map(|word| folded(word))
            .collect(),
        verbs: file
            .wrote
            .iter()
            .flat_map(|wrote| &wrote.verbs)
            .map(|word| folded(word))
            .collect(),
        reply: list(&file.prefixes, "reply"),
        forward: list(&file.prefixes, "forward"),
    })
}
