//! One thing that a system holds on a person, as it is laid before a clerk.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::domain::identifier::SearchKey;
use crate::domain::private::Private;

/// By what a record is found again over there.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct RecordRef {
    /// What it is over there: a model, a table, a folder.
    pub kind: String,
    /// Its key over there. Personal data where a system uses an address as key.
    pub id: Private<String>,
    /// The state in which it was seen (an ETag, a time of change), where the system has one: who writes compares it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
}

impl RecordRef {
    /// A record without a version.
    #[must_use]
    pub fn new(kind: impl Into<String>, id: impl Into<String>) -> RecordRef {
        RecordRef {
            kind: kind.into(),
            id: Private::new(id.into()),
            version: None,
        }
    }
}

/// Why a record is hers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "is")]
pub enum Tie {
    /// A field of it is one of her identifiers, compared by ourselves.
    Exact {
        /// Which kind of identifier.
        by: SearchKey,
        /// In which field.
        field: String,
    },
    /// It hangs on a record that is hers.
    Linked {
        /// Of which kind that record is.
        kind: String,
        /// Its key.
        id: Private<String>,
    },
    /// It looks like hers: a name, a mention in a text. A person decides, and nothing is done to it before.
    Candidate {
        /// By what.
        by: SearchKey,
        /// Where.
        field: String,
    },
}

/// What a value is, for how it is shown and redacted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Nature {
    /// A short value.
    #[default]
    Plain,
    /// Longer text.
    Text,
    /// HTML, unsafe as it came.
    Html,
}

/// One value of a record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Field {
    /// Its name over there, such as `street2`. `words` knows plain words for the usual ones.
    pub name: String,
    /// What the other system calls it, where it says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// The value as text.
    pub value: Private<String>,
    /// What it is.
    #[serde(default)]
    pub nature: Nature,
}

impl Field {
    /// A short value.
    #[must_use]
    pub fn plain(name: impl Into<String>, value: impl Into<String>) -> Field {
        Field {
            name: name.into(),
            label: None,
            value: Private::new(value.into()),
            nature: Nature::Plain,
        }
    }

    /// The same as another nature.
    #[must_use]
    pub fn as_nature(mut self, nature: Nature) -> Field {
        self.nature = nature;
        self
    }

    /// The same with what the other system calls it.
    #[must_use]
    pub fn labelled(mut self, label: impl Into<String>) -> Field {
        self.label = Some(label.into());
        self
    }
}

/// A file that hangs on a record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileRef {
    /// Its key over there.
    pub id: String,
    /// Its name.
    pub name: Private<String>,
    /// What it says it is, such as `application/pdf`.
    pub media_type: String,
    /// Bytes, where that is known beforehand.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size: Option<u64>,
}

/// Where data come from, for Art. 20(1) GDPR: only what she provided, or what was observed of her use, is ported.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Origin {
    /// She gave them.
    Provided,
    /// Recorded while she used something.
    Observed,
    /// Made by the office: notes, scores, evaluations.
    Derived,
    /// Said by others.
    Others,
    /// Nobody knows.
    #[default]
    Unknown,
}

/// What a clerk must know before anything is done to a record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "is", content = "of")]
pub enum Caution {
    /// It is an account of somebody who works there.
    Staff,
    /// Several people share what it was found by.
    Shared,
    /// It must be kept by law over there: a posted invoice.
    Retained,
    /// Others speak or are named in it.
    Others,
    /// It is not finished: an open ticket, an unpaid invoice.
    Open,
    /// Changing it sends mail, or starts something else.
    Acts,
    /// It is archived or deleted over there, and still there.
    Archived,
    /// It was merged from others.
    Merged,
    /// Anything else, as the other system calls it.
    Other(String),
}

/// One thing that a system holds on a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// By what it is found again.
    pub reference: RecordRef,
    /// Which category of data, by the codes of [`Record::CATEGORIES`] or as the settings name it.
    pub category: String,
    /// What a list calls it: a name, a subject.
    pub title: Private<String>,
    /// When it is from, where it says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<DateTime<Utc>>,
    /// Why it is hers.
    pub tie: Tie,
    /// Where the data come from.
    #[serde(default)]
    pub origin: Origin,
    /// Its values, the important ones first.
    pub fields: Vec<Field>,
    /// Files that hang on it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<FileRef>,
    /// What must be known before anything is done to it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cautions: Vec<Caution>,
    /// In which order erasing works over there: the smaller first.
    #[serde(default)]
    pub rank: u8,
}

impl Record {
    /// The codes of categories for which `words` has names.
    pub const CATEGORIES: [&str; 22] = [
        "contact",
        "account",
        "lead",
        "deal",
        "ticket",
        "message",
        "mail",
        "note",
        "call",
        "appointment",
        "task",
        "file",
        "order",
        "invoice",
        "payment",
        "licence",
        "newsletter",
        "consent",
        "activity",
        "log",
        "history",
        "other",
    ];
}
