//! A short message that belongs to an act: by mail, on paper, or not at all and why.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::ids::MessageId;
use super::obstacle::Obstacle;
use super::private::Private;

/// How somebody is told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "is")]
pub enum Dispatch {
    /// By a mail of the outbox.
    Mailed {
        /// Which one.
        message: MessageId,
        /// What became of it.
        #[serde(default)]
        fate: MailFate,
    },
    /// On paper; posted on this day, or still on the desk.
    Paper {
        /// The day it was posted.
        posted: Option<NaiveDate>,
    },
    /// Not at all.
    Waived {
        /// Why.
        because: Private<String>,
    },
}

/// What became of a mail on which an act waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "is")]
pub enum MailFate {
    /// It was written when nobody waited for that yet.
    #[default]
    Unknown,
    /// It waits in the outbox.
    Queued,
    /// The mail server took it.
    Left {
        /// The day.
        on: NaiveDate,
    },
    /// It was refused for good: a letter has to be posted.
    Failed,
}

impl Dispatch {
    /// By a mail that was put into the outbox just now.
    pub fn queued(message: MessageId) -> Dispatch {
        Dispatch::Mailed {
            message,
            fate: MailFate::Queued,
        }
    }

    /// Whether it has left: taken by the mail server, posted, or waived.
    pub fn told(&self) -> bool {
        match self {
            Dispatch::Mailed { fate, .. } => {
                matches!(fate, MailFate::Unknown | MailFate::Left { .. })
            }
            Dispatch::Paper { posted } => posted.is_some(),
            Dispatch::Waived { .. } => true,
        }
    }

    /// Whether a person has to post a letter: it lies printed, or the mail was refused for good.
    pub fn to_post(&self) -> bool {
        !self.told() && !self.waits()
    }

    /// Whether it waits in the outbox.
    pub fn waits(&self) -> bool {
        let queued = MailFate::Queued;
        matches!(self, Dispatch::Mailed { fate, .. } if *fate == queued)
    }

    /// What became of a mail, if it is this one; says whether it is.
    pub(super) fn settle(&mut self, mail: MessageId, became: MailFate) -> bool {
        match self {
            Dispatch::Mailed { message, fate } if *message == mail => {
                *fate = became;
                true
            }
            _ => false,
        }
    }

    /// A paper was posted between receipt and today; what is waived says why.
    pub fn complete(&self, received: NaiveDate, today: NaiveDate) -> Result<(), Obstacle> {
        match self {
            Dispatch::Paper {
                posted: Some(posted),
            } if *posted < received || *posted > today => Err(Obstacle::Empty("posted")),
            Dispatch::Paper { posted: None } => Err(Obstacle::Empty("posted")),
            Dispatch::Waived { because } if because.reveal().trim().is_empty() => {
                Err(Obstacle::Empty("waived"))
            }
            _ => Ok(()),
        }
    }
}
