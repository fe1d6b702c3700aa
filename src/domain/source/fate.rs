//! What was done to a record over there, as it was read back; and what could not be reached.

use serde::{Deserialize, Serialize};

use crate::domain::private::Private;

/// A value that is to be put right.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// The field's name over there.
    pub field: String,
    /// What stood there when it was decided; if something else stands there now, nobody writes over it.
    pub before: Option<Private<String>>,
    /// What shall stand there.
    pub after: Private<String>,
}

/// How data end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Manner {
    /// The record goes.
    Erase,
    /// It stays, and says nothing of anybody.
    Anonymise,
}

/// What became of a record. Each was read back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fate {
    /// It is not there any more.
    Gone,
    /// It is there, and says nothing of her any more.
    Anonymous,
    /// The new values stand there.
    Changed,
    /// It carries the mark of a restriction.
    Restricted,
    /// It carries none any more.
    Free,
    /// The address stands on the list of whom nothing is sent to.
    Suppressed,
    /// It stands as it was: a rule over there, or the law, keeps it.
    Kept,
}

/// A kind of copy that the interface does not reach.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LeftoverKind {
    /// Backups; they are overwritten by their own cycle.
    Backup,
    /// Log files; they roll off.
    Log,
    /// The index of a search engine.
    Index,
    /// Files that a nightly clean-up takes.
    Files,
    /// Texts of others that mention her: tickets, notes.
    Mentions,
    /// The history of changes, with old values.
    History,
    /// Statistics and counters.
    Statistics,
    /// A queue of mails.
    Queue,
    /// Copies in a system that this one feeds.
    Downstream,
    /// A record that only an administrator can reach.
    Closed,
    /// Anything else.
    Other,
}

/// A copy that the interface does not reach: a task for a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Leftover {
    /// What kind.
    pub kind: LeftoverKind,
    /// Where: a table, a place. No personal data.
    pub place: String,
    /// How many, where that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub count: Option<u64>,
    /// After so many days it is gone by itself, where that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub days: Option<u16>,
}

impl Leftover {
    /// A leftover of which neither number nor end is known.
    #[must_use]
    pub fn new(kind: LeftoverKind, place: impl Into<String>) -> Leftover {
        Leftover {
            kind,
            place: place.into(),
            count: None,
            days: None,
        }
    }
}

/// What was done, as read back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    /// What became of it.
    pub fate: Fate,
    /// What was read back, in a few words of codes and counts. No personal data.
    pub seen: String,
    /// What could not be reached.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub leftovers: Vec<Leftover>,
}

impl Outcome {
    /// An outcome with nothing left over.
    #[must_use]
    pub fn new(fate: Fate, seen: impl Into<String>) -> Outcome {
        Outcome {
            fate,
            seen: seen.into(),
            leftovers: Vec::new(),
        }
    }

    /// The same with what could not be reached.
    #[must_use]
    pub fn leaving(mut self, leftovers: Vec<Leftover>) -> Outcome {
        self.leftovers = leftovers;
        self
    }
}

/// What an act sets off beside what it is for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "is", content = "of")]
pub enum SideEffect {
    /// Somebody gets a mail.
    Mail(String),
    /// Another system is told by a webhook or an automation.
    Webhook(String),
    /// Other records go with it: so many, of this kind.
    Takes {
        /// Which kind.
        kind: String,
        /// How many.
        count: u64,
    },
    /// It can neither be stopped nor taken back.
    Final,
}

/// What would happen to a record. Nothing has happened yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Preview {
    /// Whether there is still something to be done: a record that is not there, or says nothing of her any more, is done.
    pub there: bool,
    /// What would become of it: where a rule over there keeps it, [`Fate::Kept`] and the reason in `why`.
    pub fate: Fate,
    /// Why it would be kept or made anonymous instead, as the other system names it.
    pub why: String,
    /// What is set off by it.
    pub effects: Vec<SideEffect>,
    /// What would be left.
    pub leftovers: Vec<Leftover>,
}
