//! How the answer reaches the person, and what is known of its way.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::case::Case;
use super::decision::Decision;
use super::event::Event;
use super::ids::FileId;
use super::intake::{Mailbox, ReplyBy};
use super::item::{Item, ItemState};
use super::obstacle::Obstacle;
use super::private::Private;
use super::right::Right;
use super::scope::Actor;

/// The way an answer takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Way {
    /// Lies ready for download; a mail says so, a fresh code opens it.
    Portal,
    /// Printed and posted by a person.
    Post,
}

impl Way {
    /// Its name in forms.
    pub fn code(self) -> &'static str {
        match self {
            Way::Portal => "portal",
            Way::Post => "post",
        }
    }
}

/// An answer that was released.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Released {
    /// Which items it answers.
    pub rights: Vec<Right>,
    /// When.
    pub at: DateTime<Utc>,
    /// By whom.
    pub by: Actor,
    /// The way it takes.
    pub way: Way,
    /// To whom: mailbox, or name and postal address.
    pub recipient: Private<String>,
    /// The letter as printed.
    pub letter: FileId,
    /// The same words for reading on a page.
    #[serde(default)]
    pub page: Option<FileId>,
    /// The package beside it, if data are enclosed.
    pub package: Option<FileId>,
}

/// How far the answer is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "is")]
pub enum Delivery {
    /// Released; on its way.
    Underway {
        /// What was released.
        released: Released,
    },
    /// Accepted for delivery, or posted.
    Sent {
        /// What was released.
        released: Released,
        /// The day.
        on: NaiveDate,
    },
    /// Fetched, or known to have arrived.
    Arrived {
        /// What was released.
        released: Released,
        /// The day it left.
        sent: NaiveDate,
        /// The day it arrived.
        on: NaiveDate,
    },
    /// Came back.
    Bounced {
        /// What was released.
        released: Released,
        /// The day.
        on: NaiveDate,
    },
}

impl Delivery {
    /// What was released, if something was.
    pub fn released(&self) -> Option<&Released> {
        match self {
            Delivery::Underway { released }
            | Delivery::Sent { released, .. }
            | Delivery::Arrived { released, .. }
            | Delivery::Bounced { released, .. } => Some(released),
        }
    }
}

impl Case {
    /// The rights whose answer was released already.
    pub fn released_rights(&self) -> Vec<Right> {
        self.answers
            .iter()
            .filter_map(Delivery::released)
            .flat_map(|released| released.rights.clone())
            .collect()
    }

    /// The items that no answer has settled yet.
    pub fn unanswered(&self) -> Vec<&Item> {
        let released = self.released_rights();
        self.items
            .iter()
            .filter(|item| !item.ended() && !released.contains(&item.right))
            .collect()
    }

    /// The items whose decisions the next answer carries: all together when all are ready. Where the copy
    /// was wished before the erasure, the copy leaves alone first; and what never waits does not wait for
    /// the rest.
    pub fn answerable(&self) -> Vec<&Item> {
        let unanswered = self.unanswered();
        let ready = |item: &&Item| matches!(item.state, ItemState::Review { .. });
        let all = unanswered.iter().all(&ready);
        let copy_first = self.copy_must_leave_first();
        unanswered
            .into_iter()
            .filter(ready)
            .filter(|item| match copy_first {
                true => item.right == Right::Access,
                false => all || item.right.never_waits(),
            })
            .collect()
    }

    /// Whether the next answer may leave by this way, and if not, why.
    pub fn may_release(&self, way: Way, actor: &Actor, four_eyes: bool) -> Result<(), Obstacle> {
        self.must_be_open()?;
        let answerable = self.answerable();
        if answerable.is_empty() {
            let unanswered = self.unanswered();
            if unanswered.is_empty() && !self.answers.is_empty() {
                return Err(Obstacle::AlreadyReleased);
            }
            let undecided = unanswered
                .iter()
                .filter(|item| item.decision().is_none())
                .count();
            let acting = unanswered
                .iter()
                .find(|item| matches!(item.state, ItemState::Act { .. }));
            return Err(match acting {
                Some(item) if undecided == 0 => Obstacle::NotCarriedOut { right: item.right },
                _ => Obstacle::ItemsUndecided {
                    open: undecided.max(1),
                },
            });
        }
        // A no that says nothing about the person may go out without a proof (Art. 12(4) GDPR).
        let tells = |item: &&Item| {
            !item.right.never_waits() && !matches!(item.decision(), Some(Decision::Refused { .. }))
        };
        if answerable.iter().any(tells) {
            self.identity.confirmed()?;
        }
        match way {
            Way::Portal if !matches!(self.mailbox, Mailbox::Confirmed { .. }) => {
                return Err(Obstacle::MailboxUnproven);
            }
            Way::Post
                if self
                    .requester()
                    .and_then(|party| party.address.as_ref())
                    .is_none() =>
            {
                return Err(Obstacle::NoWayOfDelivery);
            }
            _ => {}
        }
        if four_eyes && self.decided_by.as_ref() == Some(actor) {
            return Err(Obstacle::FourEyes);
        }
        Ok(())
    }

    /// The way that the person wished, if it is open.
    pub fn proposed_way(&self) -> Option<Way> {
        let mailbox = matches!(self.mailbox, Mailbox::Confirmed { .. });
        let address = self
            .requester()
            .is_some_and(|party| party.address.is_some());
        match (self.intake.reply_by, mailbox, address) {
            (ReplyBy::Portal, true, _) => Some(Way::Portal),
            (_, _, true) => Some(Way::Post),
            (_, true, _) => Some(Way::Portal),
            _ => None,
        }
    }

    /// Releases the next answer.
    pub fn release(&self, released: Released, four_eyes: bool) -> Result<Vec<Event>, Obstacle> {
        self.may_release(released.way, &released.by, four_eyes)?;
        Ok(vec![Event::Released {
            released: Box::new(released),
        }])
    }

    /// The answer has left: accepted by the mail server, or posted by a person.
    pub fn sent(&self, on: NaiveDate) -> Result<Vec<Event>, Obstacle> {
        match self.answers.last() {
            Some(Delivery::Underway { .. }) => Ok(vec![Event::AnswerSent { on }]),
            _ => Ok(vec![]),
        }
    }

    /// A file of the answer was fetched to its last byte; with the last answer the case is done.
    pub fn fetched(&self, file: FileId, on: NaiveDate) -> Vec<Event> {
        let mut events = Vec::new();
        if matches!(self.answers.last(), Some(Delivery::Underway { .. })) {
            // Fetched before the mail server said yes: the person found it by the status page.
            events.push(Event::AnswerSent { on });
        }
        events.push(Event::Fetched { file, on });
        if self.closed.is_none() && self.unanswered().is_empty() {
            events.push(Event::Closed { on });
        }
        events
    }
}
