//! The case's own reckoning of its date due: what it rests on, and what came out.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::calendar::{Calendar, Place};
use super::case::Case;
use super::deadline::{ClockObstacle, Deadline, Demand, PauseKind, Period, extend};
use super::event::Event;
use super::item::{Item, ItemState};
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

    /// The clock belongs to the whole case: what never waits has to be answered before it is moved. The answer to
    /// a restriction may need a proof; there the act itself is enough.
    fn nothing_urgent_waits(&self) -> Result<(), Obstacle> {
        let urgent = |item: &&Item| {
            let acted = matches!(item.state, ItemState::Review { .. });
            item.right.never_waits() && (item.right.answered_unproven() || !acted)
        };
        match self.unanswered().into_iter().find(|item| urgent(item)) {
            Some(_) => Err(ClockObstacle::NeverWaits.into()),
            None => Ok(()),
        }
    }

    /// Stops the clock by a question that was sent; all five guards of the pause must hold.
    pub fn pause(
        &self,
        demand: Demand,
        today: NaiveDate,
        calendar: &Calendar,
    ) -> Result<Vec<Event>, Obstacle> {
        self.must_be_open()?;
        self.nothing_urgent_waits()?;
        let mut period = self.term.period.clone();
        self.may_be_asked(&demand, today)?;
        let pause = Pause::ask(demand, calendar, &period.place)?;
        period.pauses.push(pause.clone());
        Ok(vec![Event::Paused {
            pause,
            term: self.with_period(period, calendar)?,
        }])
    }

    /// The days of a question must be possible ones, and one question of a kind at a time is enough.
    fn may_be_asked(&self, demand: &Demand, today: NaiveDate) -> Result<(), ClockObstacle> {
        let (asked, cause) = (demand.asked, demand.cause);
        let (received, due) = (self.term.period.received, self.term.due());
        if asked > today {
            return Err(ClockObstacle::InFuture(asked));
        }
        if cause < received {
            return Err(ClockObstacle::CauseBeforeReceipt { cause, received });
        }
        if asked > due {
            return Err(ClockObstacle::AskedAfterEnd { asked, due });
        }
        match self.waiting(Some(demand.kind)).next() {
            Some(open) => Err(ClockObstacle::AskedAlready(open.asked)),
            None => Ok(()),
        }
    }

    /// The questions of this kind, or of every kind, that wait for an answer.
    pub fn waiting(&self, kind: Option<PauseKind>) -> impl Iterator<Item = &Pause> {
        self.term
            .period
            .pauses
            .iter()
            .filter(move |pause| pause.answered.is_none() && kind.is_none_or(|it| it == pause.kind))
    }

    /// The answer sufficed on this day; the clock runs again where it stood for this kind of question, or for any.
    pub fn resume(
        &self,
        kind: Option<PauseKind>,
        on: NaiveDate,
        today: NaiveDate,
        calendar: &Calendar,
    ) -> Result<Vec<Event>, Obstacle> {
        self.must_be_open()?;
        if on > today {
            return Err(ClockObstacle::InFuture(on).into());
        }
        if self.waiting(kind).next().is_none() {
            return Err(Obstacle::NoPauseOpen);
        }
        let mut period = self.term.period.clone();
        for pause in &mut period.pauses {
            if pause.answered.is_none() && kind.is_none_or(|it| it == pause.kind) {
                *pause = pause.clone().answer(on)?;
            }
        }
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
        self.nothing_urgent_waits()?;
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

    /// Reckons again with another table or place; silent when both are the same. A new table that moves no date is
    /// an event, too: with which table a date was checked is part of it.
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
