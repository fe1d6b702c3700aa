//! A breach of security that a case brings to light: 72 hours to tell the authority, what the notice must
//! hold, and whether the persons are told (Art. 33, 34 GDPR).

use chrono::{DateTime, DurationRound, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::aftermath::{Misdelivery, reopened, written};
use super::case::Case;
use super::event::Event;
use super::obstacle::Obstacle;
use super::private::Private;

/// Hours from awareness within which the authority is told (Art. 33(1) GDPR).
pub const HOURS: i64 = 72;
/// So many hours before the end the deciders are reminded, the first time at once.
pub const REMINDERS: [i64; 4] = [HOURS, 48, 24, 6];

/// A breach and what was decided about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Breach {
    /// When the office learnt of it with reasonable certainty; the hours run from here.
    pub aware: DateTime<Utc>,
    /// How it came to light.
    pub origin: Origin,
    /// What Art. 33(3) GDPR asks, as far as it is known.
    pub report: Report,
    /// Whether the authority is told, and why not.
    pub authority: Option<Told>,
    /// Whether the persons are told (Art. 34 GDPR), and why not.
    pub persons: Option<Told>,
    /// When everything about it was done.
    pub closed: Option<DateTime<Utc>>,
}

/// How a breach came to light.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Origin {
    /// An answer went to the wrong person.
    Misdelivery,
    /// Somebody reported it in a message.
    Message,
    /// A clerk found it.
    Office,
}

/// What a notice to the authority holds (Art. 33(3) GDPR), and the record of Art. 33(5) GDPR.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Report {
    /// What happened: the nature of the breach (a).
    pub nature: Private<String>,
    /// Which categories of persons and of data (a).
    pub categories: Private<String>,
    /// Roughly how many persons and records (a).
    pub numbers: Private<String>,
    /// Who answers questions: the officer or another contact (b).
    pub contact: Private<String>,
    /// What may follow from it (c).
    pub consequences: Private<String>,
    /// What was or will be done (d).
    pub measures: Private<String>,
}

impl Report {
    /// Each part with its stable name, in the order of the law.
    pub fn parts(&self) -> [(&'static str, &Private<String>); 6] {
        [
            ("nature", &self.nature),
            ("categories", &self.categories),
            ("numbers", &self.numbers),
            ("contact", &self.contact),
            ("consequences", &self.consequences),
            ("measures", &self.measures),
        ]
    }

    /// The parts that are still empty.
    pub fn missing(&self) -> Vec<&'static str> {
        self.parts()
            .into_iter()
            .filter(|(_, text)| text.reveal().trim().is_empty())
            .map(|(name, _)| name)
            .collect()
    }
}

/// Whether somebody is told of a breach.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "is")]
pub enum Told {
    /// Told.
    Yes {
        /// When.
        at: DateTime<Utc>,
        /// How: the portal's number, the letter, the public notice.
        how: Private<String>,
        /// Why it came after the 72 hours, if it did.
        late: Option<Private<String>>,
    },
    /// Not told.
    No {
        /// Why that is allowed.
        because: Private<String>,
    },
}

/// A step in a breach.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "is")]
pub enum BreachStep {
    /// It became known.
    Opened {
        /// As it was known then.
        breach: Box<Breach>,
    },
    /// More is known about it (Art. 33(4) GDPR: in phases).
    Described {
        /// All that is known.
        report: Box<Report>,
    },
    /// The authority: told, or not.
    Authority {
        /// Which.
        told: Told,
    },
    /// The persons: told, or not.
    Persons {
        /// Which.
        told: Told,
    },
    /// Everything about it is done.
    Closed {
        /// When.
        at: DateTime<Utc>,
    },
}

impl BreachStep {
    /// The kind as it stands in the ledger.
    pub fn kind(&self) -> &'static str {
        match self {
            BreachStep::Opened { .. } => "breach.opened",
            BreachStep::Described { .. } => "breach.described",
            BreachStep::Authority { .. } => "breach.authority",
            BreachStep::Persons { .. } => "breach.persons",
            BreachStep::Closed { .. } => "breach.closed",
        }
    }
}

impl Breach {
    /// A breach of which the office learnt at this moment.
    pub fn new(
        aware: DateTime<Utc>,
        now: DateTime<Utc>,
        origin: Origin,
        nature: &str,
    ) -> Result<Breach, Obstacle> {
        if aware > now {
            return Err(Obstacle::Empty("aware"));
        }
        Ok(Breach {
            aware,
            origin,
            report: Report {
                nature: written(nature, "note")?,
                ..Report::default()
            },
            authority: None,
            persons: None,
            closed: None,
        })
    }

    pub(super) fn of_misdelivery(
        slip: &Misdelivery,
        now: DateTime<Utc>,
    ) -> Result<Breach, Obstacle> {
        Breach::new(slip.aware, now, Origin::Misdelivery, slip.note.reveal())
    }

    /// Until when the authority is told: 72 hours from awareness, weekends and holidays included
    /// (Art. 3(3) Reg. 1182/71).
    pub fn due(&self) -> DateTime<Utc> {
        self.aware + TimeDelta::hours(HOURS)
    }

    /// The latest reading of the same period: the hour of awareness is not counted and the last one is counted
    /// whole (Art. 3(1), (2)(a) Reg. 1182/71). Nobody should rely on it.
    pub fn latest(&self) -> DateTime<Utc> {
        let hour = TimeDelta::hours(1);
        let full = self.aware.duration_trunc(hour).unwrap_or(self.aware);
        full + hour + TimeDelta::hours(HOURS)
    }

    /// Whole hours left until the authority is told; negative when they are over.
    pub fn hours_left(&self, now: DateTime<Utc>) -> i64 {
        let left = self.due() - now;
        // An hour that has begun to run out is not left any more.
        left.num_seconds().div_euclid(3600)
    }

    /// Which of the reminders are due: the fewest hours first reached. `None` before the first and when the
    /// authority was told or need not be.
    pub fn reminder(&self, now: DateTime<Utc>) -> Option<i64> {
        if self.authority.is_some() || self.closed.is_some() {
            return None;
        }
        let left = self.hours_left(now);
        if left < 0 {
            return Some(0);
        }
        REMINDERS.into_iter().rev().find(|hours| left <= *hours)
    }

    fn must_be_open(&self) -> Result<(), Obstacle> {
        match self.closed {
            Some(_) => Err(Obstacle::NoBreach),
            None => Ok(()),
        }
    }

    /// Decides about the authority. Telling in phases is allowed (Art. 33(4) GDPR), so the notice may have gaps;
    /// not telling needs the whole record (Art. 33(5) GDPR).
    fn may_tell_authority(&self, told: &Told) -> Result<(), Obstacle> {
        self.must_be_open()?;
        match told {
            Told::Yes { at, how, late } => {
                if *at < self.aware {
                    return Err(Obstacle::Empty("told-at"));
                }
                written(how.reveal(), "how")?;
                let reason = late
                    .as_ref()
                    .is_some_and(|why| !why.reveal().trim().is_empty());
                if *at > self.due() && !reason {
                    return Err(Obstacle::BreachLate);
                }
            }
            Told::No { because } => {
                written(because.reveal(), "because")?;
                self.record_is_whole()?;
            }
        }
        Ok(())
    }

    fn record_is_whole(&self) -> Result<(), Obstacle> {
        let missing = self.report.missing();
        if missing.is_empty() {
            Ok(())
        } else {
            Err(Obstacle::BreachIncomplete { missing })
        }
    }

    fn may_tell_persons(&self, told: &Told) -> Result<(), Obstacle> {
        self.must_be_open()?;
        match told {
            Told::Yes { at, how, .. } => {
                if *at < self.aware {
                    return Err(Obstacle::Empty("told-at"));
                }
                written(how.reveal(), "how").map(|_| ())
            }
            Told::No { because } => written(because.reveal(), "because").map(|_| ()),
        }
    }

    fn may_close(&self) -> Result<(), Obstacle> {
        self.must_be_open()?;
        let mut missing = self.report.missing();
        missing.extend(self.authority.is_none().then_some("authority"));
        missing.extend(self.persons.is_none().then_some("persons"));
        match missing.is_empty() {
            true => Ok(()),
            false => Err(Obstacle::BreachIncomplete { missing }),
        }
    }

    pub(super) fn apply(&mut self, step: &BreachStep) {
        match step {
            BreachStep::Opened { .. } => {}
            BreachStep::Described { report } => self.report = (**report).clone(),
            BreachStep::Authority { told } => self.authority = Some(told.clone()),
            BreachStep::Persons { told } => self.persons = Some(told.clone()),
            BreachStep::Closed { at } => self.closed = Some(*at),
        }
    }
}

impl Case {
    /// A breach became known in this case; a closed one is taken up again.
    pub fn report_breach(&self, breach: Breach) -> Vec<Event> {
        let mut events = self.opened_again(reopened::BREACH);
        events.push(Event::Breach {
            number: self.aftermath.breaches.len() + 1,
            step: BreachStep::Opened {
                breach: Box::new(breach),
            },
        });
        events
    }

    /// A further step in a breach.
    pub fn breach_step(&self, number: usize, step: BreachStep) -> Result<Vec<Event>, Obstacle> {
        let breach = number
            .checked_sub(1)
            .and_then(|at| self.aftermath.breaches.get(at))
            .ok_or(Obstacle::NoBreach)?;
        match &step {
            BreachStep::Opened { .. } => return Err(Obstacle::NoBreach),
            BreachStep::Described { report } => {
                breach.must_be_open()?;
                written(report.nature.reveal(), "nature")?;
            }
            BreachStep::Authority { told } => breach.may_tell_authority(told)?,
            BreachStep::Persons { told } => breach.may_tell_persons(told)?,
            BreachStep::Closed { .. } => breach.may_close()?,
        }
        Ok(vec![Event::Breach { number, step }])
    }
}

#[cfg(test)]
#[path = "breach/tests.rs"]
mod tests;
