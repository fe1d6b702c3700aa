//! Questions that stop the clock (Art. 12(6) and Recital 63 GDPR), and the five guards before them.

use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};

use super::{ClockObstacle, Step, plus, step};
use crate::domain::calendar::{Calendar, CalendarError, Place, Rolled};

/// A question later than this many working days after its cause counts, but the story of the case says that it
/// is open to attack.
pub const ASK_WITHIN_WORKING_DAYS: u32 = 3;
/// A question later than this many calendar days after its cause stops no clock.
pub const ASK_WITHIN_DAYS: u64 = 7;

/// What is asked about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PauseKind {
    /// Reasonable doubts who the person is (Art. 12(6) GDPR).
    Identity,
    /// Which of much data is meant (Recital 63 GDPR). A refusal to narrow ends the pause: all is owed.
    Scope,
}

/// A question to the person, before it is known whether it may stop the clock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Demand {
    /// What is asked about.
    pub kind: PauseKind,
    /// The day on which the question leaves.
    pub asked: NaiveDate,
    /// What caused it: receipt, or the day of an answer that left something open.
    pub cause: NaiveDate,
    /// The concrete reason for doubt, or what is unclear. No standard text for everybody.
    pub doubt: String,
    /// What would suffice as an answer.
    pub suffices: String,
    /// The clerk's word that no weaker means would do.
    pub proportionate: bool,
    /// Objection to marketing, withdrawal, restriction from an address on file: such a right never waits.
    pub never_waits: bool,
}

/// A question that stops the clock from its day to the day of the answer that suffices.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pause {
    /// What is asked about.
    pub kind: PauseKind,
    /// The day of the question.
    pub asked: NaiveDate,
    /// The concrete reason for doubt, or what was unclear.
    pub doubt: String,
    /// What would suffice as an answer.
    pub suffices: String,
    /// What caused the question: receipt, or the day of an answer that left something open.
    pub cause: NaiveDate,
    /// The clerk's word that no weaker means would have done.
    pub proportionate: bool,
    /// Asked later than three working days after its cause: valid, but open to attack.
    pub late: bool,
    /// The day of the answer that sufficed.
    #[serde(default)]
    pub answered: Option<NaiveDate>,
}

impl Demand {
    /// The same question, leaving on this day.
    pub fn on(self, asked: NaiveDate) -> Demand {
        Demand { asked, ..self }
    }

    /// A question for a what-if: the written guards are taken as met, the dates are still checked.
    pub fn supposed(kind: PauseKind, asked: NaiveDate, cause: NaiveDate) -> Demand {
        let (doubt, suffices) = (String::from("supposed"), String::from("supposed"));
        Demand {
            kind,
            asked,
            cause,
            doubt,
            suffices,
            proportionate: true,
            never_waits: false,
        }
    }
}

impl Pause {
    /// Checks the five guards of a pause; only what passes here may stop a clock.
    ///
    /// # Errors
    /// The guard that is not met, or a day outside the holiday table.
    pub fn ask(demand: Demand, calendar: &Calendar, place: &Place) -> Result<Pause, ClockObstacle> {
        if demand.never_waits {
            return Err(ClockObstacle::NeverWaits);
        }
        if demand.doubt.trim().is_empty() {
            return Err(ClockObstacle::NoDoubt);
        }
        if !demand.proportionate {
            return Err(ClockObstacle::Disproportionate);
        }
        if demand.suffices.trim().is_empty() {
            return Err(ClockObstacle::NothingWouldSuffice);
        }
        let late = at_once(demand.cause, demand.asked, calendar, place)?;
        Ok(Pause {
            kind: demand.kind,
            asked: demand.asked,
            doubt: demand.doubt,
            suffices: demand.suffices,
            cause: demand.cause,
            proportionate: demand.proportionate,
            late,
            answered: None,
        })
    }

    /// Ends the pause on the day of the answer that suffices.
    ///
    /// # Errors
    /// The day lies before the question, or the pause has ended.
    pub fn answer(mut self, answered: NaiveDate) -> Result<Pause, ClockObstacle> {
        if self.answered.is_some() {
            return Err(ClockObstacle::AlreadyAnswered);
        }
        if answered < self.asked {
            return Err(ClockObstacle::AnsweredBeforeAsked {
                asked: self.asked,
                answered,
            });
        }
        self.answered = Some(answered);
        Ok(self)
    }
}

/// Whether a question, or a rejection, came at once; true if it is late, but not too late.
///
/// # Errors
/// It came too late, before its cause, or on a day outside the holiday table.
pub fn at_once(
    cause: NaiveDate,
    asked: NaiveDate,
    calendar: &Calendar,
    place: &Place,
) -> Result<bool, ClockObstacle> {
    if asked < cause {
        return Err(ClockObstacle::AskedBeforeCause { asked, cause });
    }
    let last = cause
        .checked_add_days(Days::new(ASK_WITHIN_DAYS))
        .unwrap_or(NaiveDate::MAX);
    if asked > last {
        return Err(ClockObstacle::AskedTooLate { asked, last });
    }
    Ok(asked > calendar.working_days_after(cause, place, ASK_WITHIN_WORKING_DAYS)?)
}

/// What the pauses of a period come to.
pub(super) struct Counted {
    /// The days added in all.
    pub(super) days: u64,
    /// Those of them from questions in the first month.
    pub(super) first_days: u64,
    /// Whether a pause has ended and counted, even with no day.
    pub(super) counted: bool,
    /// The first month's end with those days.
    pub(super) first_month: Rolled,
    pub(super) waiting_since: Option<NaiveDate>,
    pub(super) steps: Vec<Step>,
    /// What questions in the extended period came to.
    pub(super) later: Vec<Step>,
}

pub(super) fn count(
    pauses: &[Pause],
    month: &Rolled,
    extended: Option<NaiveDate>,
    calendar: &Calendar,
    place: &Place,
) -> Result<Counted, CalendarError> {
    let mut pauses: Vec<&Pause> = pauses.iter().collect();
    pauses.sort_by_key(|pause| (pause.asked, pause.answered));
    let waiting_since = pauses
        .iter()
        .filter(|pause| pause.answered.is_none())
        .map(|pause| pause.asked)
        .min();
    let mut sum = Counted {
        days: 0,
        first_days: 0,
        counted: false,
        first_month: month.clone(),
        waiting_since,
        steps: Vec::new(),
        later: Vec::new(),
    };
    // Two questions at once stop the clock once: each day is counted from where the one before ended.
    let mut counted_to = NaiveDate::MIN;
    for pause in pauses {
        let Some(answered) = pause.answered else {
            continue;
        };
        let in_first = pause.asked <= sum.first_month.to;
        let end = match extended {
            Some(end) => calendar.roll(plus(end, sum.days), place)?.to,
            None => sum.first_month.to,
        };
        if pause.asked > end {
            sum.later.push(Step::PauseAfterEnd {
                asked: pause.asked,
                due: end,
            });
            continue;
        }
        let new_days = (answered - pause.asked.max(counted_to)).num_days();
        let days = u64::try_from(new_days).unwrap_or(0);
        counted_to = counted_to.max(answered);
        sum.days += days;
        let counted = |to| Step::PauseCounted {
            kind: pause.kind,
            asked: pause.asked,
            answered,
            days,
            to,
        };
        match extended {
            Some(end) if !in_first => sum.later.push(counted(plus(end, sum.days))),
            _ => {
                sum.counted = true;
                sum.first_days += days;
                sum.first_month = calendar.roll(plus(month.from, sum.first_days), place)?;
                sum.steps.push(counted(sum.first_month.from));
            }
        }
    }
    if sum.counted {
        sum.steps.push(step::moved(&sum.first_month));
    }
    Ok(sum)
}
