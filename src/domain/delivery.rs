//! How the answer reaches the person, and what is known of its way.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::aftermath::reopened;
use super::case::Case;
use super::deadline::received_day;
use super::decision::Decision;
use super::event::Event;
use super::ids::FileId;
use super::intake::ReplyBy;
use super::item::{Item, ItemState};
use super::lacking::Lacking;
use super::look::{Looker, Point, Second, all_ticked};
use super::obstacle::Obstacle;
use super::private::Private;
use super::right::Right;
use super::scope::Actor;

/// The way an answer takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Way {
    /// Lies ready for download; a mail says so, a fresh code opens it.
    Portal,
    /// Printed and posted by a person.
    Post,
}

impl Way {
    /// Its name in forms.
    pub fn code(self) -> &'static str {
        match self {
            Way::Portal => "portal",
            Way::Post => "post",
        }
    }
}

/// An answer that was released.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Released {
    /// Which items it answers.
    pub rights: Vec<Right>,
    /// When.
    pub at: DateTime<Utc>,
    /// By whom.
    pub by: Actor,
    /// The way it takes.
    pub way: Way,
    /// To whom: mailbox, or name and postal address.
    pub recipient: Private<String>,
    /// The letter as printed.
    pub letter: FileId,
    /// The same words for reading on a page.
    #[serde(default)]
    pub page: Option<FileId>,
    /// The package beside it, if data are enclosed.
    pub package: Option<FileId>,
    /// Whether it is a part only: what it answers stays open.
    #[serde(default)]
    pub part: bool,
    /// What was looked at before it left.
    #[serde(default)]
    pub ticked: Vec<Point>,
    /// The version of the wording that it was printed with.
    #[serde(default)]
    pub texts: String,
    /// What it lacks, and why it left all the same.
    #[serde(default)]
    pub lacking: Option<Lacking>,
}

impl Released {
    /// Whether this file is a part of it.
    pub fn names(&self, file: FileId) -> bool {
        self.letter == file || self.page == Some(file) || self.package == Some(file)
    }
}

/// How far the answer is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "is")]
pub enum Delivery {
    /// Released; on its way.
    Underway {
        /// What was released.
        released: Released,
    },
    /// Accepted for delivery, or posted.
    Sent {
        /// What was released.
        released: Released,
        /// The day.
        on: NaiveDate,
    },
    /// Fetched, or known to have arrived.
    Arrived {
        /// What was released.
        released: Released,
        /// The day it left.
        sent: NaiveDate,
        /// The day it arrived.
        on: NaiveDate,
    },
    /// Came back.
    Bounced {
        /// What was released.
        released: Released,
        /// The day.
        on: NaiveDate,
    },
    /// Called back before it left.
    Recalled {
        /// What was released.
        released: Released,
        /// The day.
        on: NaiveDate,
    },
}

impl Delivery {
    /// What was released.
    pub fn released(&self) -> &Released {
        match self {
            Delivery::Underway { released }
            | Delivery::Sent { released, .. }
            | Delivery::Arrived { released, .. }
            | Delivery::Bounced { released, .. }
            | Delivery::Recalled { released, .. } => released,
        }
    }

    /// Whether it still lies in the house: in the outbox, or printed on a desk.
    pub fn underway(&self) -> bool {
        matches!(self, Delivery::Underway { .. })
    }

    /// The day on which it left the house, unless it is there or came back.
    pub fn left_on(&self) -> Option<NaiveDate> {
        match self {
            Delivery::Sent { on, .. } | Delivery::Arrived { sent: on, .. } => Some(*on),
            Delivery::Underway { .. } | Delivery::Bounced { .. } | Delivery::Recalled { .. } => {
                None
            }
        }
    }
}

impl Case {
    /// The rights whose answer is underway. What was sent the item itself says; what came back answers nothing.
    pub fn released_rights(&self) -> Vec<Right> {
        self.answers
            .iter()
            .filter(|answer| answer.underway())
            .flat_map(|answer| answer.released().rights.clone())
            .collect()
    }

    /// The items that no answer has settled yet.
    pub fn unanswered(&self) -> Vec<&Item> {
        let released = self.released_rights();
        self.items
            .iter()
            .filter(|item| !item.ended() && !released.contains(&item.right))
            .collect()
    }

    /// The items whose decisions the next answer carries: all together when all are ready. Where the copy
    /// was wished before the erasure, the copy leaves alone first; and what never waits does not wait for
    /// the rest.
    pub fn answerable(&self) -> Vec<&Item> {
        let unanswered = self.unanswered();
        let ready = |item: &&Item| matches!(item.state, ItemState::Review { .. });
        let all = unanswered.iter().all(&ready);
        let copy_first = self.copy_must_leave_first();
        let mut next: Vec<&Item> = unanswered
            .into_iter()
            .filter(ready)
            .filter(|item| match copy_first {
                _ if self.in_part(item) => true,
                true => item.right.discloses() || item.right.never_waits(),
                false => all || item.right.never_waits(),
            })
            .collect();
        // A part of the copy is a letter of its own, which says what is missing and nothing else.
        if next.iter().any(|item| self.in_part(item)) {
            next.retain(|item| self.in_part(item));
        }
        // Nor is a no as unfounded or excessive mixed with anything else: it has a letter of its own.
        if next.iter().any(|item| item.refused_as_excess()) {
            next.retain(|item| item.refused_as_excess());
        }
        // Nor does what needs no proof wait for what does.
        if self.identity.confirmed().is_err() && next.iter().any(|item| !item.tells()) {
            next.retain(|item| !item.tells());
        }
        next
    }

    /// Whether only a part of this can be given out yet, since the search ended early: then it stays open.
    fn in_part(&self, item: &Item) -> bool {
        item.right.discloses()
            && self.collection.cut_short.is_some()
            && self.collection.open() > 0
            && item.decision().is_some_and(Decision::to_carry_out)
    }

    /// Whether the next answer is a part only.
    pub fn answers_in_part(&self) -> bool {
        self.answerable().iter().any(|item| self.in_part(item))
    }

    /// Whether the next answer refuses what it is about as manifestly unfounded or excessive.
    pub fn answers_excess(&self) -> bool {
        let answerable = self.answerable();
        !answerable.is_empty() && answerable.iter().all(|item| item.refused_as_excess())
    }

    /// Whether the next answer may leave by this way, and if not, why.
    pub fn may_release(&self, way: Way, looker: &Looker<'_>) -> Result<(), Obstacle> {
        self.must_be_open()?;
        let answerable = self.answerable();
        if answerable.is_empty() {
            let unanswered = self.unanswered();
            if unanswered.is_empty() && !self.items.is_empty() {
                return Err(match self.answers.is_empty() {
                    true => Obstacle::NothingToAnswer,
                    false => Obstacle::AlreadyReleased,
                });
            }
            let undecided = unanswered
                .iter()
                .filter(|item| item.decision().is_none())
                .count();
            let acting = unanswered
                .iter()
                .find(|item| matches!(item.state, ItemState::Look { .. } | ItemState::Act { .. }));
            let open: usize = unanswered
                .iter()
                .map(|item| self.open_notices(item.right).count())
                .sum();
            return Err(match acting {
                Some(Item {
                    right,
                    state: ItemState::Look { .. },
                    ..
                }) if undecided == 0 => Obstacle::SecondLookOpen { right: *right },
                Some(item) if undecided == 0 => Obstacle::NotCarriedOut { right: item.right },
                None if undecided == 0 && open > 0 => Obstacle::NoticesOpen { open },
                _ => Obstacle::ItemsUndecided {
                    open: undecided.max(1),
                },
            });
        }
        if answerable.iter().any(|item| item.tells()) {
            self.person_settled()?;
            self.standing_answerable()?;
        }
        // A find may have come after the decision.
        for item in &answerable {
            if let Some(decision) = item.decision() {
                self.fits_what_is_known(item.right, decision)?;
            }
        }
        match way {
            Way::Portal if self.standing().answers_person() => {
                return Err(Obstacle::AnswerToPerson);
            }
            Way::Portal if !self.mailbox_serves() => {
                return Err(Obstacle::MailboxUnproven);
            }
            Way::Post
                if self
                    .addressee()
                    .and_then(|party| party.address.as_ref())
                    .is_none() =>
            {
                return Err(Obstacle::NoWayOfDelivery);
            }
            _ => {}
        }
        self.may_look(&answerable, looker)
    }

    /// The way that the person wished, if it is open.
    pub fn proposed_way(&self) -> Option<Way> {
        let mailbox = self.mailbox_serves() && !self.standing().answers_person();
        let address = self
            .addressee()
            .is_some_and(|party| party.address.is_some());
        match (self.intake.reply_by, mailbox, address) {
            (ReplyBy::Portal, true, _) => Some(Way::Portal),
            (_, _, true) => Some(Way::Post),
            (_, true, _) => Some(Way::Portal),
            _ => None,
        }
    }

    /// Releases the next answer after the second look.
    pub fn release(
        &self,
        released: Released,
        rule: Second,
        today: NaiveDate,
    ) -> Result<Vec<Event>, Obstacle> {
        let actor = &released.by;
        let looker = Looker { actor, rule, today };
        self.may_release(released.way, &looker)?;
        all_ticked(&Point::BEFORE_SENDING, &released.ticked)?;
        Ok(vec![Event::Released {
            released: Box::new(released),
        }])
    }

    /// An answer has left: its mail was accepted by the mail server. One that had come back counts again
    /// if it still says what holds.
    pub fn sent(&self, answer: usize, on: NaiveDate) -> Vec<Event> {
        match self.answer(answer) {
            Some(Delivery::Underway { .. }) => vec![Event::AnswerSent { answer, on }],
            Some(Delivery::Bounced { released, .. }) if self.still_holds(released) => {
                vec![Event::AnswerSent { answer, on }]
            }
            _ => vec![],
        }
    }

    /// A person has posted the printed answer; the oldest that lies there. It was not posted before it was released.
    pub fn posted(&self, on: NaiveDate, today: NaiveDate) -> Result<Vec<Event>, Obstacle> {
        let waits = |answer: &Delivery| matches!(answer, Delivery::Underway { released } if released.way == Way::Post);
        let Some(at) = self.answers.iter().position(waits) else {
            return Ok(vec![]);
        };
        let released = self.answers.get(at).map(|answer| answer.released().at);
        if on > today || released.map(received_day) > Some(on) {
            return Err(Obstacle::Empty("letter-posted"));
        }
        Ok(vec![Event::AnswerSent { answer: at + 1, on }])
    }

    /// An answer came back, or its mail failed for good: it can be released again, by another way. A closed
    /// case is taken up again by it; its first clock stands.
    pub fn came_back(&self, answer: usize, on: NaiveDate) -> Vec<Event> {
        match self.answer(answer) {
            Some(Delivery::Underway { .. } | Delivery::Sent { .. }) => {
                let mut events = self.opened_again(reopened::BOUNCED);
                events.push(Event::Bounced { answer, on });
                events
            }
            _ => vec![],
        }
    }

    /// Calls an answer back that was released and has not left: its items wait for another release.
    ///
    /// # Errors
    /// It is not in the house any more, or no reason is given.
    pub fn recall(
        &self,
        answer: usize,
        because: &str,
        today: NaiveDate,
    ) -> Result<Vec<Event>, Obstacle> {
        self.must_be_open()?;
        if !self.answer(answer).is_some_and(Delivery::underway) {
            return Err(Obstacle::NothingUnderway);
        }
        if because.trim().is_empty() {
            return Err(Obstacle::Empty("because"));
        }
        Ok(vec![Event::Recalled {
            answer,
            on: today,
            because: because.trim().into(),
        }])
    }

    /// A clerk says that an answer which had left came back.
    pub fn returned(&self, answer: usize, on: NaiveDate) -> Result<Vec<Event>, Obstacle> {
        match self.answer(answer) {
            Some(Delivery::Sent { on: left, .. }) if *left <= on => Ok(self.came_back(answer, on)),
            Some(Delivery::Sent { .. }) => Err(Obstacle::Empty("returned-on")),
            _ => Err(Obstacle::NothingSent),
        }
    }

    /// A file of an answer was fetched to its last byte; with the last answer the case is done, unless
    /// somebody still has to look at it.
    pub fn fetched(&self, file: FileId, on: NaiveDate) -> Vec<Event> {
        let at = self
            .answers
            .iter()
            .position(|answer| answer.released().names(file));
        let number = at.map_or(0, |at| at + 1);
        // Fetched before the mail server said yes: the person found it by the status page.
        let mut events = match self.answer(number) {
            Some(answer) if answer.released().way == Way::Portal => self.sent(number, on),
            _ => vec![],
        };
        let arrives =
            !events.is_empty() || matches!(self.answer(number), Some(Delivery::Sent { .. }));
        events.push(Event::Fetched { file, on });
        if arrives && number == self.answers.len() && self.ends_with(number) {
            events.push(Event::Closed { on });
        }
        events
    }

    fn answer(&self, number: usize) -> Option<&Delivery> {
        number.checked_sub(1).and_then(|at| self.answers.get(at))
    }

    /// Whether nothing is left to do once this answer has arrived.
    fn ends_with(&self, number: usize) -> bool {
        let answered = self
            .answer(number)
            .map_or(&[] as &[Right], |answer| &answer.released().rights);
        let part = self
            .answer(number)
            .is_some_and(|answer| answer.released().part);
        self.closed.is_none()
            && !part
            && !self.unread
            && !self.owes_more()
            && self.may_end().is_ok()
            && self
                .items
                .iter()
                .all(|item| item.ended() || answered.contains(&item.right))
    }

    /// Whether only a person may end it: it was taken up again, or a part of the answer is still promised.
    fn owes_more(&self) -> bool {
        self.reopened || self.collection.cut_short.is_some()
    }

    /// Whether what came back is still the answer: nothing was decided anew and nothing released since.
    fn still_holds(&self, released: &Released) -> bool {
        let underway = self.released_rights();
        released.rights.iter().all(|right| {
            let ready = self
                .item(*right)
                .is_some_and(|item| matches!(item.state, ItemState::Review { .. }));
            let anew = self
                .decided
                .get(right)
                .is_some_and(|decided| decided.at > released.at);
            ready && !anew && !underway.contains(right)
        })
    }

    /// Whether the last answer left so many days ago and nothing waits any more.
    pub fn quiet_since(&self) -> Option<NaiveDate> {
        let done = self.closed.is_none()
            && !self.unread
            && !self.owes_more()
            && self.items.iter().all(Item::ended);
        done.then(|| self.answers.iter().filter_map(Delivery::left_on).max())
            .flatten()
    }
}
