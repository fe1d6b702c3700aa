//! What was asked of a system and how far its answer can be trusted: the evidence of a search, found or not.

use serde::{Deserialize, Serialize};

use super::record::RecordRef;
use crate::domain::identifier::{Identifier, SearchKey};

/// One question to one place of a system.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    /// Which place: a model, a table, a folder.
    pub place: String,
    /// By which kind of identifier; none, where it followed links of what was found before.
    pub by: Option<SearchKey>,
    /// How many records came out of it that are hers.
    pub hits: u64,
}

/// Why an answer may not be all.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "is", content = "of")]
pub enum Doubt {
    /// The canary was not found: rights or the index are not what they were.
    CanaryLost,
    /// No canary is configured.
    NoCanary,
    /// Expected groups, companies, roles that the credential does not see.
    Unseen(Vec<String>),
    /// The search engine over there may lag or be empty.
    Engine,
    /// Search in texts is a lower bound: what is in pictures or packed is not found.
    LowerBound,
    /// A place could not be read.
    Closed(String),
    /// The other system gives no more than so many of these.
    Capped(String),
    /// Entries could not be read as data: so many, in this place.
    Garbled {
        /// Where.
        place: String,
        /// How many.
        count: u64,
    },
    /// Data are shortened or masked over there, so that nobody can be found by them.
    Masked(String),
}

impl Doubt {
    /// Whether nobody may say "that is all" before a person has looked.
    pub fn forbids_all(&self) -> bool {
        matches!(
            self,
            Doubt::CanaryLost
                | Doubt::Unseen(_)
                | Doubt::Engine
                | Doubt::Closed(_)
                | Doubt::Capped(_)
        )
    }
}

/// Another identifier of hers, seen in a record; it is searched once a person accepts it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proposal {
    /// What was seen.
    pub identifier: Identifier,
    /// In which record.
    pub record: RecordRef,
}

/// What was asked, and how far the answer can be trusted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Search {
    /// Every question, those with no hit too. Empty: nothing known of her can be asked here.
    pub asked: Vec<Asked>,
    /// Why it may not be all.
    pub doubts: Vec<Doubt>,
    /// What else could be searched by.
    pub proposals: Vec<Proposal>,
}

impl Search {
    /// Remembers a question and how many were hers.
    pub fn asked(&mut self, place: impl Into<String>, by: Option<SearchKey>, hits: u64) {
        self.asked.push(Asked {
            place: place.into(),
            by,
            hits,
        });
    }

    /// Remembers a doubt, once.
    pub fn doubt(&mut self, doubt: Doubt) {
        if !self.doubts.contains(&doubt) {
            self.doubts.push(doubt);
        }
    }

    /// Proposes an identifier, once, and not one that was searched by already.
    pub fn propose(&mut self, wanted: &[Identifier], identifier: Identifier, record: &RecordRef) {
        let known = |other: &Identifier| {
            other.kind == identifier.kind && other.is(identifier.value.reveal())
        };
        if wanted.iter().any(known) || self.proposals.iter().any(|it| known(&it.identifier)) {
            return;
        }
        self.proposals.push(Proposal {
            identifier,
            record: record.clone(),
        });
    }
}

/// Something that is missing for the work, in codes that `words` speaks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "is", content = "of")]
pub enum Need {
    /// A right that the reading credential lacks: on this place.
    Read(String),
    /// A right that the destructive credential lacks: on this place.
    Write(String),
    /// No second credential is configured; erasing is a task for a person.
    SecondCredential,
    /// The reading credential may also write or erase, which it should not.
    TooMighty(String),
    /// Groups or companies that are not seen.
    Group(String),
    /// A setting over there, by its name.
    Setting(String),
    /// A module or a field that is not there.
    Module(String),
    /// The credential ends soon, on this day.
    Expires(String),
}

impl Need {
    /// Whether the work cannot be done, or would not be whole, before that is there.
    #[must_use]
    pub fn hinders(&self) -> bool {
        matches!(
            self,
            Need::Read(_) | Need::Write(_) | Need::Group(_) | Need::Setting(_) | Need::Module(_)
        )
    }
}

/// How a system is, found without reading anybody's data.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Health {
    /// The version over there, where it says so.
    pub version: String,
    /// What is there for us: counts of records in sight, by place. A person sees whether they are plausible.
    pub in_sight: Vec<(String, u64)>,
    /// What is missing.
    pub needs: Vec<Need>,
}
