//! When the answer is due: the month of Art. 12(3) GDPR, counted by Reg. (EEC, Euratom) 1182/71.

mod extension;
mod obstacle;
mod pause;
mod step;
#[cfg(test)]
mod tests;
mod what_if;

use chrono::{DateTime, Days, Months, NaiveDate, Utc};
use chrono_tz::Europe::Berlin;
use serde::{Deserialize, Serialize};

use super::calendar::{Calendar, CalendarError, Place, Rolled};
pub use extension::{Extension, extend};
pub use obstacle::ClockObstacle;
pub use pause::{ASK_WITHIN_DAYS, ASK_WITHIN_WORKING_DAYS, Demand, Pause, PauseKind, at_once};
pub use step::Step;
pub use what_if::{WhatIf, what_if};

/// Version of the way of counting; stored beside every date that was counted with it.
pub const RULE: &str = "1182/71-1";

/// Working days that a letter by post may need, so the last day to post it lies so far before the due date.
pub const POSTAL_DAYS: u32 = 4;

/// The calendar day of an instant in Germany: a mail of 22:30 UTC on 31 March arrives on 1 April.
pub fn received_day(instant: DateTime<Utc>) -> NaiveDate {
    instant.with_timezone(&Berlin).date_naive()
}

/// The same day so many months later, or the last day of a month that lacks it (Art. 3(2)(c) Reg. 1182/71).
/// Always count all months at once from the day of receipt; in steps, days are lost.
pub fn add_months(day: NaiveDate, months: u32) -> NaiveDate {
    day.checked_add_months(Months::new(months))
        .unwrap_or(NaiveDate::MAX)
}

/// All that the dates of one item depend on, besides the holiday table.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Period {
    /// The calendar day of receipt in Germany.
    pub received: NaiveDate,
    /// The instant of receipt, where it is known.
    #[serde(default)]
    pub received_at: Option<DateTime<Utc>>,
    /// The place whose holidays count.
    pub place: Place,
    /// Questions that stopped the clock.
    #[serde(default)]
    pub pauses: Vec<Pause>,
    /// The extension, if one was notified.
    #[serde(default)]
    pub extension: Option<Extension>,
}

/// The three ways to read "by two further months" (Art. 12(3) GDPR); no court has chosen yet.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Extended {
    /// Used: three months from receipt in all, moved to a working day.
    pub used: NaiveDate,
    /// Reading A: two months from the end of the first before it was moved.
    pub a: NaiveDate,
    /// Reading B: two months from the end of the first after it was moved.
    pub b: NaiveDate,
    /// The earliest of the three: warn on this one.
    pub earliest: NaiveDate,
    /// How the used reading was moved to a working day.
    pub rolled: Rolled,
}

/// Every date of one item, with the versions it was counted with and the reasons.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Deadline {
    /// The calendar day of receipt in Germany; it is not counted itself.
    pub received: NaiveDate,
    /// The place whose holidays count.
    pub place: Place,
    /// One month after receipt, before it is moved to a working day.
    pub nominal_due: NaiveDate,
    /// The end of the first month: until the end of this day, German time.
    pub due: NaiveDate,
    /// What an extension would give, or has given, without pauses.
    pub extended: Extended,
    /// The first month with all ended pauses added; nothing if no pause has ended.
    pub paused_due: Option<NaiveDate>,
    /// Since when a question waits for its answer.
    pub waiting_since: Option<NaiveDate>,
    /// The extension that was notified.
    pub extension: Option<Extension>,
    /// The date that is valid now: with ended pauses and with the extension, if there are any.
    pub current_due: NaiveDate,
    /// The most cautious reading of the date valid now: without pauses, with nationwide holidays only,
    /// and the earliest reading of an extension. Remind by this one.
    pub cautious_due: NaiveDate,
    /// The last day to post a letter that shall arrive by `current_due`.
    pub post_by: NaiveDate,
    /// The version of the way of counting, [`RULE`].
    pub rule: String,
    /// The version of the holiday table.
    pub calendar: String,
    /// The reasons for `current_due`, in the order of counting.
    pub because: Vec<Step>,
}

impl Period {
    /// A period for a request that came on this day.
    pub fn on(received: NaiveDate, place: Place) -> Period {
        Period {
            received,
            received_at: None,
            place,
            pauses: Vec::new(),
            extension: None,
        }
    }

    /// A period for a request that came at this instant.
    pub fn at(instant: DateTime<Utc>, place: Place) -> Period {
        Period {
            received_at: Some(instant),
            ..Period::on(received_day(instant), place)
        }
    }

    /// Counts every date.
    ///
    /// # Errors
    /// A date lies outside the years of the holiday table.
    pub fn deadline(&self, calendar: &Calendar) -> Result<Deadline, CalendarError> {
        let place = &self.place;
        // The day of receipt may be any day, but a table that does not know it is the wrong table.
        calendar.holiday(self.received, place)?;
        let month = calendar.roll(add_months(self.received, 1), place)?;
        let narrow = calendar.roll(month.from, &Place::nationwide())?.to;
        let extended = self.extended(calendar, place, month.to)?;
        // Questions may still be put in the extended period.
        let extended_to = self.extension.as_ref().map(|_| extended.rolled.from);
        let pauses = pause::count(&self.pauses, &month, extended_to, calendar, place)?;
        let paused_due = pauses.counted.then_some(pauses.first_month.to);

        let mut because = step::receipt(self.received, self.received_at, &month);
        because.extend(pauses.steps);
        let mut current_due = pauses.first_month.to;
        let mut cautious_due = month.to.min(narrow);
        let mut nationwide = narrow < month.to;
        if let Some(extension) = &self.extension {
            let end = calendar.roll(plus(extended.rolled.from, pauses.days), place)?;
            let strict = self.extended(calendar, &Place::nationwide(), narrow)?;
            current_due = end.to;
            // Without the pause a notice that leans on it came too late and extended nothing.
            if !extension.leans_on_pause {
                cautious_due = extended.earliest.min(strict.earliest).min(current_due);
                nationwide = cautious_due < extended.earliest.min(current_due);
            }
            because.push(Step::Extended {
                notice: extension.notice_sent_on,
            });
            because.push(Step::MonthsAdded {
                months: 3,
                from: self.received,
                to: extended.rolled.from,
            });
            if pauses.first_days > 0 {
                because.push(Step::DaysAdded {
                    days: pauses.first_days,
                    to: plus(extended.rolled.from, pauses.first_days),
                });
            }
            because.extend(pauses.later.iter().cloned());
            because.push(step::moved(&end));
        }
        if self.extension.is_none() {
            because.extend(pauses.later);
        }
        if let Some(asked) = pauses.waiting_since {
            because.push(Step::Waiting { asked });
        }
        if cautious_due < current_due {
            because.push(Step::Cautious {
                day: cautious_due,
                unpaused: pauses.days > 0,
                nationwide,
                strictest: self
                    .extension
                    .as_ref()
                    .is_some_and(|extension| !extension.leans_on_pause),
            });
        }
        Ok(Deadline {
            received: self.received,
            place: place.clone(),
            nominal_due: month.from,
            due: month.to,
            extended,
            paused_due,
            waiting_since: pauses.waiting_since,
            extension: self.extension.clone(),
            current_due,
            cautious_due,
            post_by: calendar.working_days_before(current_due, place, POSTAL_DAYS)?,
            rule: RULE.to_owned(),
            calendar: calendar.version().to_owned(),
            because,
        })
    }

    fn extended(
        &self,
        calendar: &Calendar,
        place: &Place,
        due: NaiveDate,
    ) -> Result<Extended, CalendarError> {
        let rolled = calendar.roll(add_months(self.received, 3), place)?;
        let used = rolled.to;
        let a = calendar
            .roll(add_months(add_months(self.received, 1), 2), place)?
            .to;
        let b = calendar.roll(add_months(due, 2), place)?.to;
        Ok(Extended {
            used,
            a,
            b,
            earliest: used.min(a).min(b),
            rolled,
        })
    }
}

fn plus(day: NaiveDate, days: u64) -> NaiveDate {
    day.checked_add_days(Days::new(days))
        .unwrap_or(NaiveDate::MAX)
}
