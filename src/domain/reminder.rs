//! On which days a clerk is reminded of an item; plain dates in, plain dates out.

use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};

use super::calendar::{Calendar, CalendarError, Place};

/// How soon an item wants to be done, and so how often it reminds ("without undue delay").
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Rhythm {
    /// The month of Art. 12(3) GDPR.
    Month,
    /// Erasure and objection under Art. 21(1): 14 days.
    Fortnight,
    /// Rectification: 7 days.
    Week,
    /// Objection to marketing, withdrawal, restriction: the next working day.
    AtOnce,
}

impl Rhythm {
    /// So many days before the target a reminder is due, beside the last working day before it.
    pub fn days_before(self) -> &'static [u64] {
        match self {
            Rhythm::Month => &[14, 7, 3],
            Rhythm::Fortnight => &[7, 3],
            Rhythm::Week => &[3],
            Rhythm::AtOnce => &[0],
        }
    }

    /// The day by which an item of this rhythm shall be done; the month has its own rules in
    /// `domain::deadline`, so it has no target here. A target on a day off is met on the working day
    /// before it, or on the first working day after receipt if there is none between.
    ///
    /// # Errors
    /// A day outside the years of the holiday table.
    pub fn target(
        self,
        received: NaiveDate,
        calendar: &Calendar,
        place: &Place,
    ) -> Result<Option<NaiveDate>, CalendarError> {
        let next = calendar.next_working_day(received, place)?;
        let days = match self {
            Rhythm::Month => return Ok(None),
            Rhythm::AtOnce => return Ok(Some(next)),
            Rhythm::Week => 7,
            Rhythm::Fortnight => 14,
        };
        let day = received
            .checked_add_days(Days::new(days))
            .unwrap_or(NaiveDate::MAX);
        let target = match calendar.is_working_day(day, place)? {
            true => day,
            false => calendar.working_days_before(day, place, 1)?,
        };
        Ok(Some(target.max(next)))
    }
}

/// What gives rise to a reminder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "occasion", content = "days", rename_all = "kebab-case")]
pub enum Occasion {
    /// So many days are left; 0 = today.
    DaysLeft(u64),
    /// The last working day before the target is there.
    LastWorkingDay,
    /// The target passed so many days ago.
    Overdue(u64),
}

/// A reminder that is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reminder {
    /// The day on which it became due; part of the key by which it is promised once.
    pub day: NaiveDate,
    /// The date it reminds of.
    pub target: NaiveDate,
    /// Why on this day.
    pub occasion: Occasion,
}

/// The dates of one item that reminders hang on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Watch {
    /// The earliest reading of the date (`Deadline::cautious_due`), or the item's own target.
    pub earliest: NaiveDate,
    /// The last working day before it.
    pub last_working_day: NaiveDate,
    /// The rhythm of the item.
    pub rhythm: Rhythm,
}

impl Watch {
    /// Watches a date at a place.
    ///
    /// # Errors
    /// A day outside the years of the holiday table.
    pub fn new(
        earliest: NaiveDate,
        rhythm: Rhythm,
        calendar: &Calendar,
        place: &Place,
    ) -> Result<Watch, CalendarError> {
        let last_working_day = calendar.working_days_before(earliest, place, 1)?;
        Ok(Watch {
            earliest,
            last_working_day,
            rhythm,
        })
    }

    /// The days before the date on which reminders are due, in order and each once. After the date
    /// every day has one.
    pub fn days(&self) -> Vec<NaiveDate> {
        let days = self
            .rhythm
            .days_before()
            .iter()
            .filter_map(|days| self.earliest.checked_sub_days(Days::new(*days)));
        let mut days: Vec<NaiveDate> = days.chain([self.last_working_day]).collect();
        days.sort();
        days.dedup();
        days
    }

    /// The reminder that is due on exactly this day.
    pub fn due_reminder(&self, today: NaiveDate) -> Option<Reminder> {
        let reminder = |occasion| {
            Some(Reminder {
                day: today,
                target: self.earliest,
                occasion,
            })
        };
        if today > self.earliest {
            return reminder(Occasion::Overdue(days_between(self.earliest, today)));
        }
        if today == self.last_working_day {
            return reminder(Occasion::LastWorkingDay);
        }
        let left = days_between(today, self.earliest);
        self.rhythm.days_before().contains(&left).then_some(())?;
        reminder(Occasion::DaysLeft(left))
    }

    /// The last reminder that became due after the day of the last run, up to today: after a standstill
    /// one is sent for all that were missed. Without a last run only today counts.
    pub fn due_since(&self, last_run: Option<NaiveDate>, today: NaiveDate) -> Option<Reminder> {
        if let Some(reminder) = self.due_reminder(today) {
            return Some(reminder);
        }
        let after = last_run?;
        let missed = self
            .days()
            .into_iter()
            .rfind(|day| *day > after && *day <= today)?;
        self.due_reminder(missed)
    }
}

fn days_between(from: NaiveDate, to: NaiveDate) -> u64 {
    u64::try_from((to - from).num_days()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn watch(earliest: &str, rhythm: Rhythm) -> Watch {
        Watch::new(
            day(earliest),
            rhythm,
            Calendar::shipped(),
            &Place::nationwide(),
        )
        .unwrap()
    }

    #[test]
    fn a_month_reminds_at_14_7_3_days_and_on_the_last_working_day() {
        // Tuesday after Easter: the last working day before it is Maundy Thursday.
        let watch = watch("2026-04-07", Rhythm::Month);
        assert_eq!(
            watch.days(),
            ["2026-03-24", "2026-03-31", "2026-04-02", "2026-04-04"].map(day)
        );
        let told: Vec<Reminder> = day("2026-03-01")
            .iter_days()
            .take(40)
            .filter_map(|day| watch.due_reminder(day))
            .collect();
        assert_eq!(
            told.iter()
                .map(|reminder| reminder.occasion)
                .collect::<Vec<_>>(),
            [
                Occasion::DaysLeft(14),
                Occasion::DaysLeft(7),
                Occasion::LastWorkingDay,
                Occasion::DaysLeft(3),
                Occasion::Overdue(1),
                Occasion::Overdue(2)
            ]
        );
    }

    #[test]
    fn what_was_missed_is_told_once() {
        let watch = watch("2026-06-30", Rhythm::Month);
        assert_eq!(
            watch
                .due_since(Some(day("2026-06-10")), day("2026-06-20"))
                .unwrap()
                .day,
            day("2026-06-16")
        );
        assert_eq!(
            watch
                .due_since(Some(day("2026-06-10")), day("2026-06-25"))
                .unwrap()
                .day,
            day("2026-06-23")
        );
        assert_eq!(
            watch.due_since(Some(day("2026-06-16")), day("2026-06-20")),
            None
        );
        assert_eq!(watch.due_since(None, day("2026-06-20")), None);
        let late = watch
            .due_since(Some(day("2026-06-10")), day("2026-07-05"))
            .unwrap();
        assert_eq!(
            (late.day, late.occasion),
            (day("2026-07-05"), Occasion::Overdue(5))
        );
    }

    #[test]
    fn shorter_targets_have_their_own_rhythm() {
        let at = |rhythm: Rhythm, received| {
            rhythm
                .target(day(received), Calendar::shipped(), &Place::nationwide())
                .unwrap()
                .unwrap()
        };
        // Received on Maundy Thursday: the next working day is Tuesday.
        assert_eq!(at(Rhythm::AtOnce, "2026-04-02"), day("2026-04-07"));
        assert_eq!(at(Rhythm::Week, "2026-06-01"), day("2026-06-08"));
        // A week after Saturday 28 March is Holy Saturday: done by Thursday.
        assert_eq!(at(Rhythm::Week, "2026-03-28"), day("2026-04-02"));
        assert_eq!(at(Rhythm::Fortnight, "2026-06-01"), day("2026-06-15"));
        assert_eq!(
            watch("2026-06-02", Rhythm::AtOnce).days(),
            ["2026-06-01", "2026-06-02"].map(day)
        );
        assert_eq!(
            watch("2026-06-15", Rhythm::Fortnight).days(),
            ["2026-06-08", "2026-06-12"].map(day)
        );
    }
}
