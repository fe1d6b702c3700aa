//! What shows that somebody may act for another: a power of attorney, or a guardian's certificate.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::private::Private;
use super::standing::Lack;

/// What an agent is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Trade {
    /// A lawyer.
    Lawyer,
    /// An app or a portal that writes for many.
    App,
    /// A relative, a friend, an association.
    Other,
}

impl Trade {
    /// Every trade, in the order of a choice list.
    pub const ALL: [Trade; 3] = [Trade::Lawyer, Trade::App, Trade::Other];

    /// Its name in forms.
    pub fn code(self) -> &'static str {
        match self {
            Trade::Lawyer => "lawyer",
            Trade::App => "app",
            Trade::Other => "other",
        }
    }

    /// The trade of that name.
    pub fn from_code(code: &str) -> Option<Trade> {
        Trade::ALL.into_iter().find(|trade| trade.code() == code)
    }
}

/// To whom an answer goes that an agent asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AnswerTo {
    /// To the person herself; always, unless the mandate clearly says otherwise.
    Person,
    /// To the agent, whom the mandate clearly authorises to receive it.
    Agent,
}

/// A power of attorney, as far as the office has seen it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "is")]
pub enum Mandate {
    /// Nobody has seen one.
    Open,
    /// It was shown.
    Shown {
        /// The day it was looked at.
        on: NaiveDate,
        /// Whether it was the original.
        original: bool,
        /// Whether it covers what is asked for.
        covers: bool,
        /// What it says, in a few words.
        note: Private<String>,
    },
    /// It was rejected at once, with a reason.
    Rejected {
        /// The day.
        on: NaiveDate,
        /// Why.
        because: Private<String>,
        /// Later than three working days: open to attack.
        late: bool,
    },
}

impl Mandate {
    pub(super) fn lacks(&self) -> Option<Lack> {
        match self {
            Mandate::Open => Some(Lack::Mandate),
            Mandate::Shown { covers: false, .. } => Some(Lack::MandateScope),
            Mandate::Shown { .. } => None,
            Mandate::Rejected { .. } => Some(Lack::MandateRejected),
        }
    }
}

/// A guardian's certificate, as far as the office has seen it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Certificate {
    /// The day it was looked at.
    pub on: NaiveDate,
    /// The task area it names (§ 1815 BGB).
    pub tasks: Private<String>,
    /// Whether that covers what is asked for.
    pub covers: bool,
}
