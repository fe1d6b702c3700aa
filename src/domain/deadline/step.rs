//! One reason in the chain that leads from receipt to the due date; `words::because` turns it into a sentence.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::pause::PauseKind;
use crate::domain::calendar::{DayOff, Rolled};

/// One step of the counting.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "kebab-case")]
pub enum Step {
    /// The calendar day of receipt in Germany, and the instant that led to it.
    Received {
        /// The day.
        day: NaiveDate,
        /// The instant, where it is known.
        at: Option<DateTime<Utc>>,
    },
    /// Months were added to the day of receipt (Art. 3(1), 3(2)(c) Reg. 1182/71).
    MonthsAdded {
        /// How many.
        months: u32,
        /// The day of receipt.
        from: NaiveDate,
        /// The day they lead to.
        to: NaiveDate,
    },
    /// The last month lacks the day's number, so the period ends on its last day (Art. 3(2)(c) Reg. 1182/71).
    Clamped {
        /// The number of the day that is missing.
        missing: u32,
        /// The month's last day.
        to: NaiveDate,
    },
    /// The last day is a working day: the period ends with it.
    Stands {
        /// The day.
        day: NaiveDate,
    },
    /// The last day was moved over days that are no working days (Art. 3(4) Reg. 1182/71).
    Rolled {
        /// The days passed over, at least one.
        over: Vec<DayOff>,
        /// The working day.
        to: NaiveDate,
    },
    /// A pause has ended; its days are added to the end before that is moved to a working day.
    PauseCounted {
        /// What was asked about.
        kind: PauseKind,
        /// The day of the question.
        asked: NaiveDate,
        /// The day of the answer that sufficed.
        answered: NaiveDate,
        /// The days added; days of two pauses at once are counted once.
        days: u64,
        /// The end so far, not yet moved.
        to: NaiveDate,
    },
    /// A pause was asked for when the period had already ended: it adds nothing.
    PauseAfterEnd {
        /// The day of the question.
        asked: NaiveDate,
        /// The end of the period, with the extension if there is one.
        due: NaiveDate,
    },
    /// A question is not answered yet; the date stands until then.
    Waiting {
        /// The day of the question.
        asked: NaiveDate,
    },
    /// The period was extended by notice (Art. 12(3) sentence 3 GDPR).
    Extended {
        /// The day of the notice.
        notice: NaiveDate,
    },
    /// The pauses' days were added to the extended period.
    DaysAdded {
        /// How many.
        days: u64,
        /// The day they lead to.
        to: NaiveDate,
    },
    /// A stricter reading leads to an earlier day.
    Cautious {
        /// That day.
        day: NaiveDate,
        /// The pauses are left out.
        unpaused: bool,
        /// Only the holidays of all of Germany count.
        nationwide: bool,
        /// The earliest reading of the extension counts.
        strictest: bool,
    },
}

/// The steps of the first month.
pub(super) fn receipt(day: NaiveDate, at: Option<DateTime<Utc>>, month: &Rolled) -> Vec<Step> {
    use chrono::Datelike;
    let mut steps = vec![
        Step::Received { day, at },
        Step::MonthsAdded {
            months: 1,
            from: day,
            to: month.from,
        },
    ];
    if month.from.day() != day.day() {
        steps.push(Step::Clamped {
            missing: day.day(),
            to: month.from,
        });
    }
    steps.push(moved(month));
    steps
}

/// The step from a nominal end to a working day.
pub(super) fn moved(rolled: &Rolled) -> Step {
    match rolled.over.is_empty() {
        true => Step::Stands { day: rolled.to },
        false => Step::Rolled {
            over: rolled.over.clone(),
            to: rolled.to,
        },
    }
}
