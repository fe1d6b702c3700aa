//! Telling those who received data what became of them (Art. 19, 17(2) GDPR): one task for each recipient.

use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};

use super::case::Case;
use super::event::Event;
use super::ids::{MessageId, SystemId};
use super::judgement::{Judgement, Treatment};
use super::obstacle::Obstacle;
use super::private::Private;
use super::register::{System, SystemRole};
use super::right::Right;

/// A recipient is to be told within so many days; "with the act", and a week is the last.
pub const TELL_WITHIN_DAYS: u64 = 7;

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
    /// Our message is on its way.
    Underway {
        /// Which one.
        message: MessageId,
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
    /// The recipient by name.
    pub recipient: String,
    /// Where they are reached.
    pub contact: String,
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
        matches!(self.told, Told::Open | Told::Underway { .. })
    }
}

/// What settles a notice, or what is missing.
fn settled(told: &Told, received: NaiveDate, today: NaiveDate) -> Result<(), Obstacle> {
    let (day, words) = match told {
        Told::Open | Told::Underway { .. } => return Err(Obstacle::Empty("told")),
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
    /// Whom an act has to be told to: everybody else who runs a system in which data of the person were found,
    /// and whoever gets copies from there. Rectification, erasure and restriction are told (Art. 19 GDPR).
    pub fn notices_owed(&self, right: Right, systems: &[System], today: NaiveDate) -> Vec<Notice> {
        if !matches!(
            right,
            Right::Rectification | Right::Erasure | Right::Restriction
        ) {
            return vec![];
        }
        let due = today
            .checked_add_days(Days::new(TELL_WITHIN_DAYS))
            .unwrap_or(today);
        let told_before = |system: &System| {
            self.notices
                .iter()
                .any(|it| it.right == right && it.system == system.id)
        };
        let found = |system: &&System| {
            let tasks = &self.collection.tasks;
            tasks
                .iter()
                .any(|task| task.system == system.id && task.found())
        };
        let others = |system: &&System| system.role != SystemRole::Internal;
        // Where all stays as it is, there is nothing to tell.
        let touched = |system: &&System| {
            let weighing = self.weighed.get(&right);
            let mut judged = weighing.into_iter().flat_map(|it| &it.judgements);
            let left = |it: &Judgement| it.system == system.id && it.treatment == Treatment::Keep;
            let acted = |it: &Judgement| it.system == system.id && it.treatment != Treatment::Keep;
            let mut again = judged.clone();
            !judged.any(left) || again.any(acted)
        };
        systems
            .iter()
            .filter(found)
            .filter(others)
            .filter(touched)
            .filter(|system| !told_before(system))
            .map(|system| Notice {
                right,
                system: system.id,
                recipient: match system.operator.trim() {
                    "" => system.name.clone(),
                    operator => operator.to_owned(),
                },
                contact: system.contact.clone(),
                expected: match system.role {
                    SystemRole::Processor => Expected::Instruct,
                    _ => Expected::Notify,
                },
                what: system.name.clone(),
                due,
                told: Told::Open,
            })
            .collect()
    }

    /// The notices of a right that are not settled, with their numbers from one.
    pub fn open_notices(&self, right: Right) -> impl Iterator<Item = (usize, &Notice)> {
        let numbered = self.notices.iter().enumerate();
        numbered
            .filter(move |(_, notice)| notice.right == right && notice.open())
            .map(|(at, notice)| (at + 1, notice))
    }

    /// Settles a notice; what is impossible or out of proportion says why.
    pub fn tell(
        &self,
        number: usize,
        told: Told,
        today: NaiveDate,
    ) -> Result<Vec<Event>, Obstacle> {
        self.must_be_open()?;
        let notice = number.checked_sub(1).and_then(|at| self.notices.get(at));
        notice.ok_or(Obstacle::UnknownTask)?;
        settled(&told, self.intake.received, today)?;
        Ok(vec![Event::RecipientTold {
            notice: number,
            told,
        }])
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
        let due = today
            .checked_add_days(Days::new(TELL_WITHIN_DAYS))
            .unwrap_or(today);
        Ok(vec![Event::RecipientAdded {
            notice: Notice {
                right,
                system: SystemId(0),
                recipient: recipient.trim().to_owned(),
                contact: contact.trim().to_owned(),
                expected,
                what: what.trim().to_owned(),
                due,
                told: Told::Open,
            },
        }])
    }
}
