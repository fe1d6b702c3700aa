//! The few words that layout and checks need, read from `texts/<lang>/phrases.txt` (`key = words`).

use std::collections::HashMap;
use std::sync::OnceLock;

use crate::domain::lang::Lang;

type Phrases = HashMap<&'static str, &'static str>;

static GERMAN: OnceLock<Phrases> = OnceLock::new();
static ENGLISH: OnceLock<Phrases> = OnceLock::new();

fn read(source: &'static str) -> Phrases {
    source
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split_once(" = "))
        .map(|(key, words)| (key.trim(), words.trim()))
        .collect()
}

/// The words for `key`; an unknown key answers with itself, which a test forbids.
pub(super) fn phrase(lang: Lang, key: &'static str) -> &'static str {
    let phrases = match lang {
        Lang::De => GERMAN.get_or_init(|| read(include_str!("texts/de/phrases.txt"))),
        Lang::En => ENGLISH.get_or_init(|| read(include_str!("texts/en/phrases.txt"))),
    };
    phrases.get(key).copied().unwrap_or(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_languages_know_the_same_phrases() {
        phrase(Lang::De, "");
        phrase(Lang::En, "");
        let keys = |phrases: &OnceLock<Phrases>| {
            let mut keys: Vec<_> = phrases.get().unwrap().keys().copied().collect();
            keys.sort_unstable();
            keys
        };
        assert_eq!(keys(&GERMAN), keys(&ENGLISH));
        assert!(keys(&GERMAN).len() > 10);
    }
}
