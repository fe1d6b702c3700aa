//! Words around names, from `config/reading/persons.toml`, folded.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use serde::Deserialize;

use super::fold::fold;
use super::heads::folded;

#[derive(Deserialize)]
struct File {
    closings: Vec<String>,
    honorifics: String,
    relations: String,
    robots: String,
    unnamed: String,
    particles: String,
    before: String,
    labels: HashMap<String, Vec<String>>,
    references: References,
}

#[derive(Deserialize)]
struct References {
    own: Vec<String>,
    given: Vec<String>,
    fillers: String,
    ours: String,
}

/// What a line of a form tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    /// The whole name.
    Name,
    /// First name.
    First,
    /// Family name.
    Last,
    /// E-mail address.
    Email,
    /// What the person wrote.
    Message,
    /// What it is about.
    Subject,
    /// When it came in.
    At,
    /// A customer's number.
    Number,
}

/// Labels, each as words, found by their first word.
pub type Signs = HashMap<String, Vec<Vec<String>>>;

/// Words around names.
#[derive(Debug, Default)]
pub struct People {
    /// "Mit freundlichen Grüßen" and its kin.
    pub closings: HashSet<String>,
    /// "Herr", "Mrs".
    pub honorifics: HashSet<String>,
    /// "Mandantin", "son".
    pub relations: HashSet<String>,
    /// Local parts from which no person writes.
    pub robots: HashSet<String>,
    /// Words that no name holds.
    pub unnamed: HashSet<String>,
    /// "von", "de".
    pub particles: HashSet<String>,
    /// "i. A.", "gez."
    pub before: HashSet<String>,
    /// Labels of forms.
    pub labels: HashMap<String, Field>,
    /// Labels of their own signs, each as words, by their first word.
    pub own_signs: Signs,
    /// Labels of numbers that we gave them.
    pub given_signs: Signs,
    /// Words between a label and the sign.
    pub fillers: HashSet<String>,
    /// "Ihr": the sign behind it is ours.
    pub ours: HashSet<String>,
}

static PEOPLE: LazyLock<People> = LazyLock::new(|| load().unwrap_or_default());

/// The words of the house's file.
pub fn people() -> &'static People {
    &PEOPLE
}

fn load() -> Option<People> {
    let file: File = toml::from_str(include_str!("../../config/reading/persons.toml")).ok()?;
    let set = |text: &str| -> HashSet<String> {
        text.split_whitespace()
            .map(fold)
            .filter(|word| !word.is_empty())
            .collect()
    };
    let mut labels = HashMap::new();
    let kinds = [
        ("number", Field::Number),
        ("at", Field::At),
        ("subject", Field::Subject),
        ("message", Field::Message),
        ("name", Field::Name),
        ("first", Field::First),
        ("last", Field::Last),
        ("email", Field::Email),
    ];
    for (name, field) in kinds {
        for label in file.labels.get(name).into_iter().flatten() {
            labels.insert(folded(label), field);
        }
    }
    let signs = |list: &[String]| -> Signs {
        let mut out = Signs::new();
        for label in list {
            let words: Vec<String> = folded(label).split(' ').map(str::to_owned).collect();
            if let Some(first) = words.first() {
                out.entry(first.clone()).or_default().push(words);
            }
        }
        for labels in out.values_mut() {
            // the longest first: "Kunden Nr" before "Kunden"
            labels.sort_by_key(|words| std::cmp::Reverse(words.len()));
        }
        out
    };
    Some(People {
        closings: file.closings.iter().map(|text| folded(text)).collect(),
        honorifics: set(&file.honorifics),
        relations: set(&file.relations),
        robots: file.robots.split_whitespace().map(str::to_owned).collect(),
        unnamed: set(&file.unnamed),
        particles: set(&file.particles),
        before: set(&file.before),
        labels,
        own_signs: signs(&file.references.own),
        given_signs: signs(&file.references.given),
        fillers: set(&file.references.fillers),
        ours: set(&file.references.ours),
    })
}

#[cfg(test)]
mod tests {
    use super::people;

    #[test]
    fn the_file_is_read() {
        let people = people();
        assert!(people.closings.contains("mit freundlichen grussen"));
        assert!(people.labels.len() > 50 && people.own_signs.len() > 20);
    }
}
