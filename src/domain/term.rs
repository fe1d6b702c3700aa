//! The case's own reckoning of its date due: what it rests on, and what came out.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::calendar::{Calendar, Place};
use super::case::Case;
use super::deadline::{ClockObstacle, Deadline, Demand, Period, extend};
use super::event::Event;
use super::obstacle::Obstacle;

pub use super::deadline::{Extension, Pause};

/// The period of a case and the dates it gives; stored with the versions it was reckoned by.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Term {
    /// What the dates rest on.
    pub period: Period,
    /// The dates.
    pub deadline: Deadline,
}

impl Term {
    /// Reckons the dates of a period.
    pub fn reckon(period: Period, calendar: &Calendar) -> Result<Term, Obstacle> {
        let deadline = period.deadline(calendar).map_err(ClockObstacle::from)?;
        Ok(Term { period, deadline })
    }

    /// The date that is valid now (Art. 12(3) GDPR).
    #[expect(
        clippy::misnamed_getters,
        reason = "the deadline keeps the first month's end under that name"
    )]
    pub fn due(&self) -> NaiveDate {
        self.deadline.current_due
    }

    /// The earliest reading of that date: reminders go by it.
    pub fn earliest(&self) -> NaiveDate {
        self.deadline.cautious_due
    }

    /// The same period at another place or with another table.
    pub fn moved(&self, place: Place, calendar: &Calendar) -> Result<Term, Obstacle> {
        Term::reckon(
            Period {
                place,
                ..self.period.clone()
            },
            calendar,
        )
    }
}

impl Case {
    fn with_period(&self, period: Period, calendar: &Calendar) -> Result<Box<Term>, Obstacle> {
        Term::reckon(period, calendar).map(Box::new)
    }

    /// Stops the clock by a question that was sent; all five guards of the pause must hold.
    pub fn pause(&self, demand: Demand, calendar: &Calendar) -> Result<Vec<Event>, Obstacle> {
        self.must_be_open()?;
        let mut period = self.term.period.clone();
        let pause = Pause::ask(demand, calendar, &period.place)?;
        period.pauses.push(pause.clone());
        Ok(vec![Event::Paused {
            pause,
            term: self.with_period(period, calendar)?,
        }])
    }

    /// The answer sufficed on this day; the clock runs again.
    pub fn resume(&self, on: NaiveDate, calendar: &Calendar) -> Result<Vec<Event>, Obstacle> {
        self.must_be_open()?;
        let mut period = self.term.period.clone();
        let open = period
            .pauses
            .iter_mut()
            .find(|pause| pause.answered.is_none())
            .ok_or(Obstacle::NoPauseOpen)?;
        *open = open.clone().answer(on)?;
        Ok(vec![Event::Resumed {
            on,
            term: self.with_period(period, calendar)?,
        }])
    }

    /// Extends the period once, inside the first month, with reasons and the notice sent.
    pub fn extend(
        &self,
        reasons: &str,
        notice_sent_on: NaiveDate,
        today: NaiveDate,
        calendar: &Calendar,
    ) -> Result<Vec<Event>, Obstacle> {
        self.must_be_open()?;
        let extension = extend(&self.term.deadline, today, reasons, notice_sent_on)?;
        let period = Period {
            extension: Some(extension.clone()),
            ..self.term.period.clone()
        };
        Ok(vec![Event::Extended {
            extension,
            term: self.with_period(period, calendar)?,
        }])
    }

    /// Reckons again with another table or place; silent when nothing changes.
    pub fn recompute(&self, place: &Place, calendar: &Calendar) -> Result<Vec<Event>, Obstacle> {
        let term = self.term.moved(place.clone(), calendar)?;
        if self.closed.is_some() || term == self.term {
            return Ok(vec![]);
        }
        Ok(vec![Event::Recomputed {
            old: self.term.due(),
            new: term.due(),
            term: Box::new(term),
        }])
    }
}
