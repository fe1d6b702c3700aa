//! Counts how long a record is kept: the first day on which it may be erased, and the rule that says so.

use chrono::{Datelike, NaiveDate};

use super::LawBook;
use super::entry::{Both, DutyEntry};
use super::period::{Duty, Period, PeriodError, Sector, Span, Until};

/// What a period comes to for a record of a certain day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// The rule.
    pub period: Period,
    /// The day from which it is counted: of the voucher, of the last entry, of the event.
    pub dated: NaiveDate,
    /// The first day on which the record may be erased, and must be.
    pub erasable_from: NaiveDate,
    /// Why it is that day.
    pub because: Because,
}

/// The reasoning, for a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Because {
    /// So many years from the end of the calendar year.
    CalendarYears {
        /// Under which duty; none where the controller set the years itself.
        duty: Option<Cited>,
        /// How many years.
        years: u16,
        /// The last day on which it is kept.
        last: NaiveDate,
    },
    /// The shorter period had ended already when it came into force.
    FreedByChange {
        /// The duty.
        duty: Cited,
        /// The years of the shorter period.
        years: u16,
        /// The last day of the older rule.
        until: NaiveDate,
        /// The provision on the transition.
        by: Both,
    },
    /// So long after the event.
    After {
        /// How long.
        span: Span,
        /// The last day on which it is kept.
        last: NaiveDate,
        /// Whether it is counted from a rejection.
        applicant: bool,
        /// Whether it is a line of a log.
        log: bool,
    },
    /// What it was kept for has happened.
    Happened(Until),
}

/// A duty as it is cited.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cited {
    /// Which.
    pub code: Duty,
    /// What is kept.
    pub name: Both,
    /// The provision.
    pub law: Both,
    /// What stands in the way even after the last day.
    pub heed: Both,
}

impl Cited {
    fn from(entry: &DutyEntry) -> Cited {
        Cited {
            code: entry.code,
            name: entry.name.clone(),
            law: entry.law.clone(),
            heed: entry.heed.clone(),
        }
    }
}

impl LawBook {
    /// When a record of this day may be erased.
    ///
    /// # Errors
    /// The book has no such duty, the calendar does not reach so far, or the rule only asks for a look.
    pub fn kept(
        &self,
        period: Period,
        dated: NaiveDate,
        sector: Sector,
    ) -> Result<Kept, PeriodError> {
        let beyond = PeriodError::OutOfRange(dated);
        let (erasable_from, because) = match period {
            Period::Duty(duty) => {
                let entry = self.duty(duty).ok_or(PeriodError::NotInBook(duty.code()))?;
                by_duty(entry, dated, sector).ok_or(beyond)?
            }
            Period::YearEnd(years) => {
                let last = year_end(dated, years).ok_or_else(|| beyond.clone())?;
                let because = Because::CalendarYears {
                    duty: None,
                    years,
                    last,
                };
                (last.succ_opt().ok_or(beyond)?, because)
            }
            Period::Applicant(span) => after(span, dated, true, false).ok_or(beyond)?,
            Period::Log(days) => after(Span::Days(days), dated, false, true).ok_or(beyond)?,
            Period::After(span) => after(span, dated, false, false).ok_or(beyond)?,
            Period::Until(until) => (dated, Because::Happened(until)),
            Period::Review(_) => return Err(PeriodError::OnlyReview(period)),
        };
        Ok(Kept {
            period,
            dated,
            erasable_from,
            because,
        })
    }
}

impl Period {
    /// The day on which a category must be looked at again, for a rule that asks for that.
    pub fn review_on(self, since: NaiveDate) -> Option<NaiveDate> {
        match self {
            Period::Review(span) => span.last_day(since),
            _ => None,
        }
    }
}

/// The last day of the so-manieth calendar year after that of the record (§ 257(5) HGB, § 147(4) AO).
fn year_end(dated: NaiveDate, years: u16) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(dated.year().checked_add(years.into())?, 12, 31)
}

fn by_duty(entry: &DutyEntry, dated: NaiveDate, sector: Sector) -> Option<(NaiveDate, Because)> {
    let duty = Cited::from(entry);
    let years = u16::from(entry.years_for(sector));
    let by = |years: u16, duty: Cited| {
        let last = year_end(dated, years)?;
        let because = Because::CalendarYears {
            duty: Some(duty),
            years,
            last,
        };
        Some((last.succ_opt()?, because))
    };
    let Some(earlier) = entry.earlier(sector) else {
        return by(years, duty);
    };
    // Free before the change came: by the older rule, as it was then.
    let older = u16::from(earlier.years);
    if year_end(dated, older)? <= earlier.until {
        return by(older, duty);
    }
    // Its older period still ran: the newer rule holds, from its first day on.
    if year_end(dated, years)? <= earlier.until {
        let because = Because::FreedByChange {
            duty,
            years,
            until: earlier.until,
            by: earlier.law.clone(),
        };
        return Some((earlier.until.succ_opt()?, because));
    }
    by(years, duty)
}

fn after(span: Span, dated: NaiveDate, applicant: bool, log: bool) -> Option<(NaiveDate, Because)> {
    let last = span.last_day(dated)?;
    let because = Because::After {
        span,
        last,
        applicant,
        log,
    };
    Some((last.succ_opt()?, because))
}
