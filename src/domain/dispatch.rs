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

impl Dispatch {
    /// Whether nothing has to be done for it any more: queued, posted or waived.
    pub fn underway(&self) -> bool {
        !matches!(self, Dispatch::Paper { posted: None })
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
