//! The clock as a picture: from receipt to the date due, with pauses, extension, holidays and today.

use chrono::NaiveDate;

use crate::casework::Office;
use crate::domain::case::Case;
use crate::domain::lang::Lang;
use crate::words::{dates, desk};

/// The line begins and ends at a little distance from the edge.
const LEFT: i64 = 12;
const RIGHT: i64 = 288;

/// A stretch of the line.
pub struct Stretch {
    /// Where it begins.
    pub from: i64,
    /// Where it ends.
    pub to: i64,
}

/// The picture's parts, in units of its own.
pub struct Picture {
    /// From receipt to the date due.
    pub span: Stretch,
    /// What has passed.
    pub past: Option<Stretch>,
    /// When the clock stood.
    pub pauses: Vec<Stretch>,
    /// What the extension added.
    pub extension: Option<Stretch>,
    /// Days on which nobody works, but for weekends.
    pub holidays: Vec<i64>,
    /// Today, if it lies on the line.
    pub now: Option<i64>,
    /// The day of receipt, shortly.
    pub received: String,
    /// The date due, shortly.
    pub due: String,
    /// All of it in sentences.
    pub words: String,
}

impl Picture {
    /// The picture of a case as of today.
    pub fn of(office: &Office, case: &Case, today: NaiveDate) -> Picture {
        let term = case.clock();
        let (start, due) = (term.period.received, term.due());
        let end = due.max(if case.closed.is_none() { today } else { due });
        let days = (end - start).num_days().max(1);
        let at = |day: NaiveDate| {
            LEFT + (day.clamp(start, end) - start).num_days() * (RIGHT - LEFT) / days
        };
        let stretch = |from: NaiveDate, to: NaiveDate| Stretch {
            from: at(from),
            to: at(to),
        };
        let pauses: Vec<(NaiveDate, Option<NaiveDate>)> = term
            .period
            .pauses
            .iter()
            .map(|pause| (pause.asked, pause.answered))
            .collect();
        let first = term.deadline.paused_due.unwrap_or(term.deadline.due);
        let holidays = office
            .calendar
            .holidays(start, end, &term.period.place)
            .unwrap_or_default();
        let words = desk::clock(
            start,
            due,
            today,
            &pauses,
            term.period.extension.is_some().then_some(first),
            holidays.len(),
        );
        Picture {
            span: stretch(start, due),
            past: (today > start).then(|| stretch(start, today)),
            pauses: pauses
                .iter()
                .map(|(asked, answered)| stretch(*asked, answered.unwrap_or(today)))
                .collect(),
            extension: term.period.extension.as_ref().map(|_| stretch(first, due)),
            holidays: holidays.iter().map(|holiday| at(holiday.day)).collect(),
            now: (today >= start && case.closed.is_none()).then(|| at(today)),
            received: dates::short_date(start, Lang::De),
            due: dates::short_date(due, Lang::De),
            words,
        }
    }
}
