//! What a list shows of a finding, and what a clerk said about it.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::decision::Ground;
use super::ids::FileId;
use super::judgement::End;
use super::private::Private;
use super::source::{Caution, Change, Fate, Field, Nature, Record, Tie};

/// As many letters of its values are shown in a list.
const EXCERPT: usize = 160;

/// What a list shows of a finding: enough to judge most of them, and no payload.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Heading {
    /// What it is called.
    pub title: Private<String>,
    /// The beginning of what it says.
    pub excerpt: Private<String>,
    /// When it is from.
    pub at: Option<DateTime<Utc>>,
    /// Why it is hers.
    pub tie: Tie,
    /// How many files hang on it.
    pub files: usize,
    /// What must be known before anything is done to it.
    pub cautions: Vec<Caution>,
}

impl Heading {
    /// The heading of a record.
    pub fn of(record: &Record) -> Heading {
        let mut excerpt = String::new();
        for field in &record.fields {
            let value = field.value.reveal().trim();
            if value.is_empty() || value == record.title.reveal() || field.nature == Nature::Html {
                continue;
            }
            if !excerpt.is_empty() {
                excerpt.push_str(" · ");
            }
            excerpt.extend(value.split_whitespace().flat_map(|word| [word, " "]));
            excerpt.truncate(excerpt.trim_end().len());
            if excerpt.chars().count() > EXCERPT {
                excerpt = excerpt.chars().take(EXCERPT).collect();
                excerpt.push('…');
                break;
            }
        }
        Heading {
            title: record.title.clone(),
            excerpt: excerpt.into(),
            at: record.at,
            tie: record.tie.clone(),
            files: record.files.len(),
            cautions: record.cautions.clone(),
        }
    }
}

/// A stretch of a value that is made black: bytes from and to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Stretch {
    /// The first byte.
    pub from: usize,
    /// The byte after the last.
    pub to: usize,
}

/// A rectangle on a page as it is seen, in ten-thousandths of its width and height, from the upper left.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Area {
    /// Which page, from nought.
    pub page: u32,
    /// From the left.
    pub left: u16,
    /// From above.
    pub top: u16,
    /// How wide.
    pub width: u16,
    /// How high.
    pub height: u16,
}

impl Area {
    /// The right and the lower edge of a page.
    pub const WHOLE: u16 = 10_000;

    /// Whether it is a rectangle of a page at all.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        let fits = |from: u16, many: u16| {
            many > 0 && from.checked_add(many).is_some_and(|end| end <= Area::WHOLE)
        };
        fits(self.left, self.width) && fits(self.top, self.height)
    }
}

/// What is made black.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "is")]
pub enum Blackening {
    /// A whole field.
    Field {
        /// Which.
        field: usize,
    },
    /// Parts of a field.
    Parts {
        /// Which.
        field: usize,
        /// Which parts of it.
        parts: Vec<Stretch>,
    },
    /// Areas of a file.
    Areas {
        /// Which file of the record.
        file: usize,
        /// Where.
        areas: Vec<Area>,
    },
    /// Words of a file that is made of words, each a line of its own.
    Words {
        /// Which file of the record.
        file: usize,
        /// Which words.
        words: Vec<Private<String>>,
    },
    /// A whole file.
    File {
        /// Which file of the record.
        file: usize,
    },
}

/// A ground and an end, as they were written for one finding.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Reason {
    /// Why something is denied.
    #[serde(default)]
    pub ground: Option<Ground>,
    /// What ends it, where data stay.
    #[serde(default)]
    pub end: Option<End>,
    /// How it was made anonymous, or who may use it meanwhile.
    #[serde(default)]
    pub how: Private<String>,
}

/// How far a finding is put right over there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Correction {
    /// It is to be done.
    Open,
    /// It was done, and read back like this.
    Done(Fate),
}

/// What a clerk said about a finding.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Mark {
    /// Why she is not given all of it.
    #[serde(default)]
    pub giving: Reason,
    /// Why and until when it stays over there.
    #[serde(default)]
    pub ending: Reason,
    /// What is made black.
    #[serde(default)]
    pub black: Vec<Blackening>,
    /// Copies of its files, sealed, in the order of the record; none where it was not fetched.
    #[serde(default)]
    pub copies: Vec<Option<FileId>>,
    /// Which of its values are put right over there, as they stood when that was said and as they shall be.
    #[serde(default)]
    pub changes: Vec<Change>,
    /// What was read back after it was done, in codes.
    #[serde(default)]
    pub seen: String,
    /// A note of the office.
    #[serde(default)]
    pub note: Private<String>,
}

/// Whether a change is of this field of a record: by its name, and where several bear it, by what was found there.
fn is_of(change: &Change, record: &Record, field: &Field) -> bool {
    let alike = record.fields.iter().filter(|it| it.name == field.name);
    let found = change.before.as_ref() == Some(&field.value);
    change.field == field.name && (found || alike.count() == 1)
}

impl Mark {
    /// What is put right in a field of the record, if that was said.
    pub fn change_of(&self, record: &Record, field: usize) -> Option<&Change> {
        let field = record.fields.get(field)?;
        self.changes.iter().find(|it| is_of(it, record, field))
    }

    /// What stands in a field over there, as far as it is known: what was found, or what was put there since.
    pub fn stands<'a>(&'a self, record: &'a Record, field: usize, done: bool) -> Option<&'a str> {
        let put = self.change_of(record, field).filter(|_| done);
        let found = record.fields.get(field)?;
        Some(put.map_or(&found.value, |change| &change.after).reveal())
    }

    /// What is to be put right, by what was typed for fields of the record: nothing typed, or what stands there already,
    /// changes nothing. What was put right before stays so, unless something else is typed for it now. None where there is
    /// no such field, or it holds more than a single value.
    pub fn corrected(
        &self,
        record: &Record,
        done: bool,
        typed: &[(usize, String)],
    ) -> Option<Vec<Change>> {
        let mut changes = match done {
            true => self.changes.clone(),
            false => Vec::new(),
        };
        for (number, after) in typed {
            let field = record.fields.get(*number)?;
            let stands = self.stands(record, *number, done)?;
            if field.nature != Nature::Plain {
                return None;
            }
            let after = after.trim();
            if after.is_empty() || after == stands.trim() {
                continue;
            }
            changes.retain(|known| !is_of(known, record, field));
            changes.push(Change {
                field: field.name.clone(),
                before: Some(stands.to_owned().into()),
                after: after.to_owned().into(),
            });
        }
        Some(changes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::source::{Origin, RecordRef};

    fn record(fields: &[(&str, &str)]) -> Record {
        Record {
            reference: RecordRef::new("contact", "7"),
            category: "contact".to_owned(),
            title: "Anna".to_owned().into(),
            at: None,
            tie: Tie::Linked {
                kind: "contact".to_owned(),
                id: "7".to_owned().into(),
            },
            fields: fields
                .iter()
                .map(|(name, value)| Field::plain(*name, *value))
                .collect(),
            files: vec![],
            cautions: vec![],
            origin: Origin::default(),
            rank: 0,
        }
    }

    fn told(changes: &[Change]) -> Vec<(&str, &str, &str)> {
        let mut told = Vec::new();
        for change in changes {
            let before = change.before.as_ref().map(|it| it.reveal().as_str());
            let after = change.after.reveal().as_str();
            told.push((change.field.as_str(), before.unwrap_or_default(), after));
        }
        told
    }

    #[test]
    fn art_16_only_what_differs_is_put_right_and_against_what_stands_there() {
        let record = record(&[("phone", "0170 1"), ("city", "Ulm"), ("phone", "0170 2")]);
        let typed = |all: &[(usize, &str)]| -> Vec<(usize, String)> {
            all.iter().map(|(at, it)| (*at, (*it).to_owned())).collect()
        };
        let mut mark = Mark::default();
        let first = typed(&[(0, " "), (1, "Ulm "), (2, " 0170 3 ")]);
        mark.changes = mark.corrected(&record, false, &first).unwrap();
        assert_eq!(told(&mark.changes), [("phone", "0170 2", "0170 3")]);
        assert!(
            mark.change_of(&record, 0).is_none(),
            "of the other number nothing was said"
        );

        // Nothing was done yet: what is not typed any more is taken back.
        assert_eq!(mark.corrected(&record, false, &[]), Some(vec![]));
        // It was done: it stays, and what comes now is against the new value.
        mark.changes = mark
            .corrected(&record, false, &typed(&[(1, "Bonn")]))
            .unwrap();
        mark.changes = mark
            .corrected(&record, true, &typed(&[(1, "Köln"), (0, "0170 9")]))
            .unwrap();
        assert_eq!(
            told(&mark.changes),
            [("city", "Bonn", "Köln"), ("phone", "0170 1", "0170 9")]
        );
        assert_eq!(mark.stands(&record, 1, true), Some("Köln"));
        assert_eq!(mark.corrected(&record, false, &typed(&[(3, "x")])), None);
    }

    #[test]
    fn a_mark_that_was_kept_before_is_read_and_words_print_as_an_ellipsis() {
        let kept = r#"{"black":[{"is":"parts","field":1,"parts":[{"from":0,"to":4}]},{"is":"file","file":2}],"copies":[7]}"#;
        let mut mark: Mark = serde_json::from_str(kept).unwrap();
        assert_eq!(mark.black.len(), 2);
        mark.black.push(Blackening::Words {
            file: 0,
            words: vec!["Karl Muster".into()],
        });
        let again: Mark = serde_json::from_str(&serde_json::to_string(&mark).unwrap()).unwrap();
        assert_eq!(again, mark);
        assert!(!format!("{mark:?}").contains("Karl"));
    }
}
