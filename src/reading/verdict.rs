//! What the house understands of a message: one line of the mailbox's list.

use serde::{Deserialize, Serialize, Serializer};

use chrono::NaiveDate;

pub use crate::domain::incoming::Verdict;
use crate::domain::right::Right;

/// What kind of message it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// A request of its own.
    Request,
    /// Presses for an answer.
    Reminder,
    /// The same again.
    Duplicate,
    /// Brings what was asked for to tell the person.
    IdentityAnswer,
    /// Says what is wanted, because that was asked.
    ClarificationAnswer,
    /// Takes a request back.
    Withdrawal,
    /// Another organisation passes a person's request on.
    Forwarding,
    /// Another controller tells of its act, Art. 19 GDPR.
    #[serde(rename = "art19-notice")]
    Notice,
    /// A supervisory authority writes.
    Authority,
    /// A machine objects to advertising.
    ObjectionByMachine,
    /// Mail of ours came back.
    Bounce,
    /// A machine answers.
    AutoReply,
    /// None of these.
    Other,
}

/// Who asks.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Requester {
    /// The name; empty if none is known, then written as null.
    #[serde(serialize_with = "or_null")]
    pub name: String,
    /// The address; empty if none is known, then written as null.
    #[serde(serialize_with = "or_null")]
    pub email: String,
}

/// What the house understands of a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Reading {
    /// The file that was read.
    pub file: String,
    /// Whether it is a request.
    pub is_request: Verdict,
    /// What kind of message it is.
    pub kind: Kind,
    /// What is asked for; a proposal where it is unclear.
    #[serde(serialize_with = "codes")]
    pub rights: Vec<Right>,
    /// ISO 639-1; none without words.
    pub language: Option<String>,
    /// Who asks.
    pub requester: Option<Requester>,
    /// Whose data it is about, if that is another.
    pub data_subject: Option<String>,
    /// Their sign, or the number that they are to us.
    pub reference: Option<String>,
    /// The day of first receipt in the house, Europe/Berlin.
    pub received_date: Option<NaiveDate>,
    /// What all this rests on.
    pub because: Vec<String>,
}

fn or_null<S: Serializer>(text: &str, serializer: S) -> Result<S::Ok, S::Error> {
    if text.is_empty() {
        serializer.serialize_none()
    } else {
        serializer.serialize_str(text)
    }
}

fn codes<S: Serializer>(rights: &[Right], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(rights.iter().map(|right| right.code()))
}

impl Reading {
    /// A file that could not be read at all.
    pub fn unreadable(file: &str) -> Reading {
        Reading {
            file: file.to_owned(),
            is_request: Verdict::Unclear,
            kind: Kind::Other,
            rights: Vec::new(),
            language: None,
            requester: None,
            data_subject: None,
            reference: None,
            received_date: None,
            because: vec!["the file could not be read".to_owned()],
        }
    }
}
