//! Which wording a letter was printed with: a digest over its text and every text that it includes.

use std::collections::{BTreeMap, BTreeSet};

use minijinja::Environment;
use ring::digest::{Context, SHA256};

use super::texts;
use crate::letters::facts::Facts;

/// Signs of the digest that are kept; enough to tell wordings apart, short enough to be read out.
const SHOWN: usize = 16;

/// The version of the wording that prints these facts.
pub(super) fn of(texts: &Environment<'_>, name: &str, facts: &Facts) -> String {
    let mut used = BTreeMap::new();
    collect(texts, name, facts, &mut used);
    let mut digest = Context::new(&SHA256);
    for (name, source) in &used {
        // Lengths part the texts, so that no two sets of them run into each other.
        digest.update(&(name.len() as u64).to_be_bytes());
        digest.update(name.as_bytes());
        digest.update(&(source.len() as u64).to_be_bytes());
        digest.update(source.as_bytes());
    }
    let hex = digest
        .finish()
        .as_ref()
        .iter()
        .fold(String::with_capacity(64), |mut hex, byte| {
            use std::fmt::Write;
            let _ = write!(hex, "{byte:02x}");
            hex
        });
    hex.chars().take(SHOWN).collect()
}

/// The text of that name with all that it includes, whether or not these facts lead there.
fn collect(
    texts: &Environment<'_>,
    name: &str,
    facts: &Facts,
    used: &mut BTreeMap<String, String>,
) {
    if used.contains_key(name) {
        return;
    }
    let Ok(source) = texts::source(texts, name) else {
        return;
    };
    let folder = name.split('/').next().unwrap_or_default();
    let codes = facts
        .decisions
        .iter()
        .map(|decision| decision.code.as_str());
    let parts = included(&source, codes);
    used.insert(name.to_owned(), source);
    for part in parts {
        collect(texts, &format!("{folder}/{part}"), facts, used);
    }
}

/// The parts that a text names, with one section for each right.
fn included<'a>(source: &str, codes: impl Iterator<Item = &'a str> + Clone) -> Vec<String> {
    let mut names = Vec::new();
    for part in source.split("{% include ").skip(1) {
        let part = part.split("%}").next().unwrap_or_default().trim();
        match part.strip_prefix("decision.section ~ ") {
            Some(ending) => {
                let ending = ending.trim_matches('"');
                names.extend(
                    codes
                        .clone()
                        .map(|code| format!("{}{ending}", super::section(code))),
                );
            }
            None => names.push(part.trim_matches('"').to_owned()),
        }
    }
    names
}

/// The parts of a letter's built-in wording, without ending; German letters in Sie and du have the same.
pub(super) fn parts(file: &str) -> BTreeSet<String> {
    let rights = [
        "15", "16", "17", "18", "20", "21(1)", "21(2)", "22", "7(3)", "",
    ];
    let mut found = BTreeSet::new();
    let mut open = vec![file.to_owned()];
    while let Some(name) = open.pop() {
        let source = texts::TEXTS.iter().find(|(known, _)| *known == name);
        let Some((_, source)) = source else { continue };
        for part in included(source, rights.into_iter()) {
            if found.insert(part.trim_end_matches(".txt").to_owned()) {
                open.push(format!("en/{part}"));
            }
        }
    }
    found
}
