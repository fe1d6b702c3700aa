//! What a list shows of a finding, and what a clerk said about it.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::decision::Ground;
use super::ids::FileId;
use super::judgement::End;
use super::private::Private;
use super::source::{Caution, Nature, Record, Tie};

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
    /// What was read back after it was done, in codes.
    #[serde(default)]
    pub seen: String,
    /// A note of the office.
    #[serde(default)]
    pub note: Private<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

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
