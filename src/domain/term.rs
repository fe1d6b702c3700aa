//! The reckoning of dates due: what they rest on, and what came out. Each item has its own, since a longer period
//! for one right does not lengthen another, and what never waits does not rest with the others.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::calendar::{Calendar, Place};
use super::case::Case;
use super::deadline::{ClockObstacle, Deadline, Demand, PauseKind, Period, extend};
use super::event::Event;
use super::item::Item;
use super::obstacle::Obstacle;
use super::right::Right;

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
}

/// Whether a question of this kind stops the clock of a right.
fn holds_up(kind: PauseKind, right: Right) -> bool {
    match kind {
        PauseKind::Identity => !right.never_waits(),
        PauseKind::Scope => right.discloses(),
    }
}

/// The reckoning of a whole case.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Terms {
    /// What holds for the case as such, and for every right that joins it: no item's extension.
    pub base: Term,
    /// What holds for each item that is not answered.
    pub items: BTreeMap<Right, Term>,
}

impl Terms {
    /// The date that moved: of the item that is due last among those reckoned anew.
    pub fn due(&self) -> NaiveDate {
        let items = self.items.values().map(Term::due).max();
        items.unwrap_or_else(|| self.base.due())
    }
}

impl Case {
    /// The reckoning by which the case is to be worked on: that of the open item which is due first. Once all is
    /// answered, that of the item that was due last.
    pub fn clock(&self) -> &Term {
        let open = self.unanswered();
        let first = open
            .iter()
            .map(|item| &item.term)
            .min_by_key(|term| (term.due(), term.earliest()));
        let last = || {
            self.items
                .iter()
                .map(|item| &item.term)
                .max_by_key(|term| term.due())
        };
        first.or_else(last).unwrap_or(&self.term)
    }

    /// When the next open item is due (Art. 12(3) GDPR).
    pub fn due(&self) -> NaiveDate {
        self.clock().due()
    }

    /// The earliest reading of any open item's date: reminders go by it.
    pub fn earliest(&self) -> NaiveDate {
        let open = self.unanswered();
        let earliest = open.iter().map(|item| item.term.earliest()).min();
        earliest.unwrap_or_else(|| self.clock().earliest())
    }

    /// The items whose clock a question to the person can stop: open, and none that never waits. Which of much
    /// data is meant matters only where data are given out.
    fn held_up(&self, kind: PauseKind) -> Vec<Right> {
        self.unanswered()
            .into_iter()
            .filter(|item| holds_up(kind, item.right))
            .map(|item| item.right)
            .collect()
    }

    /// The clock of a right that joins the case now: from the same receipt, with the questions that stop it too.
    pub(super) fn joining(&self, right: Right, calendar: &Calendar) -> Result<Term, Obstacle> {
        let mut period = self.term.period.clone();
        period.pauses.retain(|pause| holds_up(pause.kind, right));
        Term::reckon(period, calendar)
    }

    /// Reckons the case and some of its items anew after a change of what the dates rest on.
    pub fn reckoned(
        &self,
        rights: &[Right],
        calendar: &Calendar,
        change: impl Fn(&mut Period) -> Result<(), Obstacle>,
    ) -> Result<Box<Terms>, Obstacle> {
        let anew = |term: &Term| -> Result<Term, Obstacle> {
            let mut period = term.period.clone();
            change(&mut period)?;
            let period = period.as_extended_in_time(calendar);
            Term::reckon(period.map_err(ClockObstacle::from)?, calendar)
        };
        let items = self
            .items
            .iter()
            .filter(|item| rights.contains(&item.right));
        Ok(Box::new(Terms {
            base: anew(&self.term)?,
            items: items
                .map(|item| Ok((item.right, anew(&item.term)?)))
                .collect::<Result<_, Obstacle>>()?,
        }))
    }

    /// The items whose extension does not hold any more by this reckoning.
    pub(super) fn extension_lost(&self, terms: &Terms) -> Vec<Right> {
        let extended = |term: &Term| term.period.extension.is_some();
        let lost = |item: &&Item| {
            let then = terms.items.get(&item.right);
            extended(&item.term) && then.is_some_and(|then| !extended(then))
        };
        let items = self.items.iter().filter(lost);
        items.map(|item| item.right).collect()
    }

    pub(super) fn take_terms(&mut self, terms: &Terms) {
        self.term = terms.base.clone();
        for item in &mut self.items {
            if let Some(term) = terms.items.get(&item.right) {
                item.term = term.clone();
            }
        }
    }

    /// Stops the clock by a question that was sent; all five guards of the pause must hold. What never waits
    /// goes on.
    pub fn pause(
        &self,
        demand: Demand,
        today: NaiveDate,
        calendar: &Calendar,
    ) -> Result<Vec<Event>, Obstacle> {
        self.must_be_open()?;
        let rights = self.held_up(demand.kind);
        if rights.is_empty() && !self.items.is_empty() {
            return Err(ClockObstacle::NeverWaits.into());
        }
        self.may_be_asked(&demand, today)?;
        let pause = Pause::ask(demand, calendar, &self.term.period.place)?;
        let terms = self.reckoned(&rights, calendar, |period| {
            period.pauses.push(pause.clone());
            Ok(())
        })?;
        Ok(vec![Event::Paused { pause, terms }])
    }

    /// The days of a question must be possible ones, and one question of a kind at a time is enough.
    fn may_be_asked(&self, demand: &Demand, today: NaiveDate) -> Result<(), ClockObstacle> {
        let (asked, cause) = (demand.asked, demand.cause);
        let received = self.term.period.received;
        let held_up = self.held_up(demand.kind);
        let terms = self
            .items
            .iter()
            .filter(|item| held_up.contains(&item.right))
            .map(|item| &item.term);
        let due = terms
            .map(Term::due)
            .max()
            .unwrap_or_else(|| self.term.due());
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
        let terms = self.reckoned(&self.rights(), calendar, |period| {
            for pause in &mut period.pauses {
                if pause.answered.is_none() && kind.is_none_or(|it| it == pause.kind) {
                    *pause = pause.clone().answer(on)?;
                }
            }
            Ok(())
        })?;
        Ok(vec![Event::Resumed { on, terms }])
    }

    /// The items that can still be extended: open, not extended yet, and none that is to be done at once.
    pub fn extendable(&self) -> Vec<Right> {
        let able = |item: &&Item| {
            !item.right.answered_unproven() && item.term.deadline.extension.is_none()
        };
        self.unanswered()
            .into_iter()
            .filter(able)
            .map(|item| item.right)
            .collect()
    }

    /// Extends the period of these items, each once, inside its first month, with reasons and the notice sent.
    /// No item named means all that can be extended.
    pub fn extend(
        &self,
        rights: &[Right],
        reasons: &str,
        notice_sent_on: NaiveDate,
        today: NaiveDate,
        calendar: &Calendar,
    ) -> Result<Vec<Event>, Obstacle> {
        self.must_be_open()?;
        let able = self.extendable();
        let rights = match rights {
            [] => able,
            named => named.to_vec(),
        };
        let open = self.unanswered();
        for right in &rights {
            let item = open.iter().find(|item| item.right == *right);
            let item = item.ok_or(Obstacle::NotInState { right: *right })?;
            if right.answered_unproven() {
                return Err(ClockObstacle::NeverWaits.into());
            }
            extend(&item.term.deadline, today, reasons, notice_sent_on)?;
        }
        let first = rights.first().and_then(|right| self.item(*right));
        let Some(first) = first else {
            let extended = open
                .iter()
                .any(|item| item.term.deadline.extension.is_some());
            return Err(match extended {
                true => ClockObstacle::AlreadyExtended.into(),
                false => ClockObstacle::NeverWaits.into(),
            });
        };
        let extension = extend(&first.term.deadline, today, reasons, notice_sent_on)?;
        let mut terms = self.reckoned(&rights, calendar, |period| {
            period.extension = Some(extension.clone());
            Ok(())
        })?;
        terms.base = self.term.clone();
        Ok(vec![Event::Extended {
            rights,
            extension,
            terms,
        }])
    }

    /// Reckons again with another table or place; silent when both are the same. A new table that moves no date is
    /// an event, too: with which table a date was checked is part of it.
    pub fn recompute(&self, place: &Place, calendar: &Calendar) -> Result<Vec<Event>, Obstacle> {
        // No table moves the day that an authority set.
        if self.intake.matter.own_date().is_some() {
            return Ok(vec![]);
        }
        let terms = self.reckoned(&self.rights(), calendar, |period| {
            period.place = place.clone();
            Ok(())
        })?;
        let mut then = self.clone();
        then.take_terms(&terms);
        if self.closed.is_some() || then == *self {
            return Ok(vec![]);
        }
        Ok(vec![Event::Recomputed {
            old: self.due(),
            new: then.due(),
            lost: self.extension_lost(&terms),
            terms,
        }])
    }
}
