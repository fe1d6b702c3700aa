//! The words by which third persons are found, from `words.toml` and from what the reading of mail knows.

use std::collections::HashSet;
use std::sync::LazyLock;

use serde::Deserialize;

use crate::reading::fold::fold;
pub use crate::reading::heads::folded;
use crate::reading::people::{People, people};

#[derive(Deserialize)]
struct File {
    honorifics: String,
    titles: String,
    greetings: String,
    greeted: String,
    and: String,
    mine: String,
    ties: String,
    wrote: String,
    fields: Vec<String>,
    streets: String,
    roads: String,
    labels: String,
    numbers: String,
    plain: String,
    endings: String,
    towards: String,
    before_street: String,
    first: String,
}

/// Words, each folded as [`fold`] does.
#[derive(Debug, Default)]
pub struct Lists {
    pub honorifics: HashSet<String>,
    pub titles: HashSet<String>,
    pub greetings: HashSet<String>,
    pub greeted: HashSet<String>,
    pub and: HashSet<String>,
    pub mine: HashSet<String>,
    pub ties: HashSet<String>,
    pub wrote: HashSet<String>,
    /// Labels before a name, each as folded words with a blank between.
    pub fields: HashSet<String>,
    pub streets: Vec<String>,
    pub roads: HashSet<String>,
    pub labels: HashSet<String>,
    pub numbers: HashSet<String>,
    pub plain: HashSet<String>,
    pub endings: Vec<String>,
    pub towards: HashSet<String>,
    pub before_street: HashSet<String>,
    pub first: HashSet<String>,
}

static LISTS: LazyLock<Lists> = LazyLock::new(|| load().unwrap_or_default());

pub fn lists() -> &'static Lists {
    &LISTS
}

/// Closings, particles and ties that the reading of mail knows.
pub fn mail() -> &'static People {
    people()
}

fn load() -> Option<Lists> {
    let file: File = toml::from_str(include_str!("words.toml")).ok()?;
    let set = |text: &str| -> HashSet<String> {
        text.split_whitespace()
            .map(fold)
            .filter(|word| !word.is_empty())
            .collect()
    };
    let list = |text: &str| -> Vec<String> { text.split_whitespace().map(fold).collect() };
    Some(Lists {
        honorifics: set(&file.honorifics),
        titles: set(&file.titles),
        greetings: set(&file.greetings),
        greeted: set(&file.greeted),
        and: set(&file.and),
        mine: set(&file.mine),
        ties: set(&file.ties),
        wrote: set(&file.wrote),
        fields: file.fields.iter().map(|text| folded(text)).collect(),
        streets: list(&file.streets),
        roads: set(&file.roads),
        labels: set(&file.labels),
        numbers: set(&file.numbers),
        plain: set(&file.plain),
        endings: list(&file.endings),
        towards: set(&file.towards),
        before_street: set(&file.before_street),
        first: set(&file.first),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_are_read() {
        assert!(lists().first.len() > 400 && lists().plain.len() > 400);
        assert!(mail().closings.contains("mit freundlichen grussen"));
    }

    #[test]
    fn no_first_name_is_a_plain_word_too() {
        let both: Vec<_> = lists().first.intersection(&lists().plain).collect();
        assert!(both.is_empty(), "{both:?}");
    }
}
