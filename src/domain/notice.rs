//! Telling those who received data what became of them (Art. 19, 17(2) GDPR): one task for each recipient.

use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};

use super::case::Case;
use super::event::Event;
use super::ids::{MessageId, SystemId};
use super::obstacle::Obstacle;
use super::private::Private;
use super::right::Right;

mod mailed;
mod owed;

/// A recipient is to be told within so many days; "with the act", and a week is the last.
pub const TELL_WITHIN_DAYS: u64 = 7;
/// So many days before that is reminded of it.
const REMIND_BEFORE_DAYS: u64 = 3;

/// The last day for a recipient who has to be told of something that is done today.
fn due(today: NaiveDate) -> NaiveDate {
    let day = today.checked_add_days(Days::new(TELL_WITHIN_DAYS));
    day.unwrap_or(today)
}

/// What is expected of a recipient.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Expected {
    /// A processor is instructed (Art. 28(3)(a) GDPR).
    Instruct,
    /// Another controller is notified and decides for itself (Art. 19 GDPR).
    Notify,
    /// Who shows or copies what was public is asked to take it down (Art. 17(2) GDPR).
    TakeDown,
}

impl Expected {
    /// Its name in storage and pages.
    pub fn code(self) -> &'static str {
        match self {
            Expected::Instruct => "instruct",
            Expected::Notify => "notify",
            Expected::TakeDown => "take-down",
        }
    }
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "is")]
pub enum Told {
    /// Nobody has told them yet.
    Open,
    /// Our mail is on its way.
    Underway {
        /// Which one.
        message: MessageId,
        /// To which address.
        #[serde(default)]
        to: Private<String>,
    },
    /// Told by our mail: the recipient's server took it, and nothing came back.
    Mailed {
        /// The day.
        on: NaiveDate,
        /// Which mail.
        message: MessageId,
        /// To which address.
        to: Private<String>,
    },
    /// Our mail could not be delivered, or came back: the recipient knows nothing yet.
    Returned {
        /// The day.
        on: NaiveDate,
        /// Which mail.
        message: MessageId,
        /// To which address it went.
        to: Private<String>,
    },
    /// Told.
    Told {
        /// The day.
        on: NaiveDate,
        /// How that is known: a reply, a ticket, the dispatch.
        proof: Private<String>,
    },
    /// Not necessary, for the controller acts in that system itself; when and how.
    DoneThere {
        /// The day.
        on: NaiveDate,
        /// How that is known.
        proof: Private<String>,
    },
    /// It cannot be done.
    Impossible {
        /// Why; never empty.
        because: Private<String>,
    },
    /// It would take a disproportionate effort.
    Disproportionate {
        /// Why; never empty.
        because: Private<String>,
    },
}

/// The task to tell one recipient.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// For which item.
    pub right: Right,
    /// The system through which they have the data.
    pub system: SystemId,
    /// The recipient by name; empty for search engines and whoever else shows what was public.
    pub recipient: String,
    /// Where they are reached.
    pub contact: String,
    /// The processor through whom a sub-processor is instructed (Art. 28(4) GDPR).
    #[serde(default)]
    pub through: String,
    /// Where the data were public (Art. 17(2) GDPR).
    #[serde(default)]
    pub public: Vec<String>,
    /// What is expected of them.
    pub expected: Expected,
    /// Which data.
    pub what: String,
    /// By when.
    pub due: NaiveDate,
    /// What came of it.
    pub told: Told,
}

impl Notice {
    /// Whether the recipient still has to be told.
    pub fn open(&self) -> bool {
        matches!(
            self.told,
            Told::Open | Told::Underway { .. } | Told::Returned { .. }
        )
    }

    /// Whether a mail about it waits in the outbox.
    pub fn underway(&self) -> bool {
        matches!(self.told, Told::Underway { .. })
    }

    /// Whether they know of it by us.
    pub fn knows(&self) -> bool {
        matches!(self.told, Told::Told { .. } | Told::Mailed { .. })
    }

    /// The mail address in the register's line on how they are reached, if there is one.
    pub fn mailbox(&self) -> Option<&str> {
        let part = |letter: char| letter.is_whitespace() || "<>,;()".contains(letter);
        let words = self.contact.split(part);
        words
            .map(|word| word.trim_matches('.'))
            .find(|word| mailable(word))
    }
}

/// Whether a text can be the address of a mailbox.
pub fn mailable(text: &str) -> bool {
    let parts = text.split_once('@');
    parts.is_some_and(|(box_name, domain)| {
        !box_name.is_empty()
            && !domain.contains('@')
            && domain.split('.').count() > 1
            && domain.split('.').all(|label| !label.is_empty())
            && !text.contains(|letter: char| letter.is_whitespace() || letter.is_control())
    })
}

/// Whether an open task is announced since the last digest: three days before its day, on it, and on every day after.
pub fn announced(due: NaiveDate, since: NaiveDate, today: NaiveDate) -> bool {
    let before = due.checked_sub_days(Days::new(REMIND_BEFORE_DAYS));
    today >= due || before.is_some_and(|day| day > since && day <= today)
}

fn told_event(notice: usize, told: Told) -> Vec<Event> {
    vec![Event::RecipientTold { notice, told }]
}

/// What settles a notice, or what is missing.
fn settled(told: &Told, received: NaiveDate, today: NaiveDate) -> Result<(), Obstacle> {
    let (day, words) = match told {
        // How a mail of ours fared is known from the outbox.
        Told::Open | Told::Underway { .. } | Told::Mailed { .. } | Told::Returned { .. } => {
            return Err(Obstacle::Empty("told"));
        }
        Told::Told { on, proof } | Told::DoneThere { on, proof } => (Some(*on), proof),
        Told::Impossible { because } | Told::Disproportionate { because } => (None, because),
    };
    if day.is_some_and(|day| day > today || day < received) {
        return Err(Obstacle::Empty("told-on"));
    }
    match words.reveal().trim() {
        "" => Err(Obstacle::Empty("told-words")),
        _ => Ok(()),
    }
}

impl Case {
    /// The notices of a right that are not settled, with their numbers from one.
    pub fn open_notices(&self, right: Right) -> impl Iterator<Item = (usize, &Notice)> {
        let numbered = self.notices.iter().enumerate();
        numbered
            .filter(move |(_, notice)| notice.right == right && notice.open())
            .map(|(at, notice)| (at + 1, notice))
    }

    /// How many recipients still have to be told, over all rights.
    pub fn untold(&self) -> usize {
        self.notices.iter().filter(|notice| notice.open()).count()
    }

    /// The day by which the next of them has to be told.
    pub fn tell_next_by(&self) -> Option<NaiveDate> {
        let open = self.notices.iter().filter(|notice| notice.open());
        open.map(|notice| notice.due).min()
    }

    /// The person wants to know who received the data; the answer then names all of them, the untold ones too.
    pub fn ask_recipients(&self, on: NaiveDate, today: NaiveDate) -> Result<Vec<Event>, Obstacle> {
        self.must_be_open()?;
        if on < self.intake.received || on > today {
            return Err(Obstacle::Empty("asked-on"));
        }
        match self.asked_recipients {
            Some(_) => Ok(vec![]),
            None => Ok(vec![Event::RecipientsAsked { on }]),
        }
    }

    /// The task of this number.
    pub fn notice(&self, number: usize) -> Result<&Notice, Obstacle> {
        let notice = number.checked_sub(1).and_then(|at| self.notices.get(at));
        notice.ok_or(Obstacle::UnknownTask)
    }

    /// Settles a task; what is impossible or out of proportion says why. What is settled stays as it is.
    pub fn tell(
        &self,
        number: usize,
        told: Told,
        today: NaiveDate,
    ) -> Result<Vec<Event>, Obstacle> {
        self.must_be_open()?;
        if !self.notice(number)?.open() {
            return Err(Obstacle::UnknownTask);
        }
        settled(&told, self.intake.received, today)?;
        Ok(told_event(number, told))
    }

    /// Adds a recipient that the register does not know: who got the data, or shows what was public.
    pub fn add_recipient(
        &self,
        right: Right,
        (recipient, contact): (&str, &str),
        expected: Expected,
        what: &str,
        today: NaiveDate,
    ) -> Result<Vec<Event>, Obstacle> {
        self.must_be_open()?;
        if recipient.trim().is_empty() {
            return Err(Obstacle::Empty("recipient"));
        }
        let item = self.item(right).ok_or(Obstacle::NotInState { right })?;
        if item.ended() || item.decision().is_none() {
            return Err(Obstacle::NotInState { right });
        }
        Ok(vec![Event::RecipientAdded {
            notice: Notice {
                right,
                system: SystemId(0),
                recipient: recipient.trim().to_owned(),
                contact: contact.trim().to_owned(),
                through: String::new(),
                public: vec![],
                expected,
                what: what.trim().to_owned(),
                due: due(today),
                told: Told::Open,
            },
        }])
    }
}

#[cfg(test)]
mod tests;
