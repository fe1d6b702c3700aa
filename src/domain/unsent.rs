//! A question to the person that was written and has not left the house. Until it has, no clock rests for it: a pause
//! needs a question that was sent (Art. 12(6), Recital 63 GDPR).

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::calendar::Calendar;
use super::case::Case;
use super::deadline::{Demand, PauseKind, received_day};
use super::event::Event;
use super::identity::Identity;
use super::ids::{FileId, MessageId};
use super::letter::Carrier;
use super::obstacle::Obstacle;

/// A question that waits in the outbox, or lies printed on a desk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unsent {
    /// What is asked about.
    pub kind: PauseKind,
    /// How it shall leave.
    pub carrier: Carrier,
    /// The day on which it was written.
    pub written: NaiveDate,
    /// What stops the clock once it leaves; its day is that of leaving. None: it stops nothing.
    pub demand: Option<Demand>,
    /// It asks for what an answer lacked, and the clock rests on only if it leaves: the day of that answer.
    pub answered: Option<NaiveDate>,
    /// Whether it leaves by itself no more: the mail server refused it, or there is none.
    pub stuck: bool,
}

impl Unsent {
    /// A question by mail; without a mail server it lies there.
    pub fn mailed(kind: PauseKind, message: MessageId, written: NaiveDate, has_post: bool) -> Self {
        Unsent {
            kind,
            carrier: Carrier::Mail { message },
            written,
            demand: None,
            answered: None,
            stuck: !has_post,
        }
    }

    /// A question on paper, which a person posts.
    pub fn printed(kind: PauseKind, file: FileId, written: NaiveDate) -> Self {
        Unsent {
            kind,
            carrier: Carrier::Post { file },
            written,
            demand: None,
            answered: None,
            stuck: false,
        }
    }

    /// Whether a person has to see to it that it leaves.
    pub fn lies(&self) -> bool {
        self.stuck || matches!(self.carrier, Carrier::Post { .. })
    }
}

impl Case {
    /// The question of this kind that has not left.
    pub fn unsent(&self, kind: PauseKind) -> Option<&Unsent> {
        self.unsent.iter().find(|it| it.kind == kind)
    }

    /// The printed question that a person posts.
    pub fn question_to_post(&self) -> Option<&Unsent> {
        let paper = |it: &&Unsent| matches!(it.carrier, Carrier::Post { .. });
        self.unsent.iter().find(paper)
    }

    /// The question that this mail carries, as long as it has not left.
    pub fn question_in(&self, message: MessageId) -> Option<&Unsent> {
        let meant = Carrier::Mail { message };
        self.unsent.iter().find(|it| it.carrier == meant)
    }

    /// The printed question was posted on this day.
    ///
    /// # Errors
    /// None lies printed, or the day cannot be.
    pub fn question_posted(&self, on: NaiveDate, today: NaiveDate) -> Result<Vec<Event>, Obstacle> {
        let paper = self.question_to_post().ok_or(Obstacle::NothingSent)?;
        if on > today || on < paper.written {
            return Err(Obstacle::Empty("letter-posted"));
        }
        let kind = paper.kind;
        Ok(vec![Event::QuestionPosted { kind, on }])
    }

    /// A question left on this day: the clock rests from there, if it was asked for that and all guards hold.
    ///
    /// # Errors
    /// The guard that is not met; the question left all the same.
    pub fn rest_for(
        &self,
        question: &Unsent,
        on: NaiveDate,
        today: NaiveDate,
        calendar: &Calendar,
    ) -> Result<Vec<Event>, Obstacle> {
        let rests = self.waiting(Some(question.kind)).next().is_some();
        match &question.demand {
            Some(demand) if !rests => self.pause(demand.clone().on(on), today, calendar),
            _ => Ok(vec![]),
        }
    }

    /// The mail server refused a question for good: the clock that rested on for it runs since the answer before.
    ///
    /// # Errors
    /// A date cannot be reckoned.
    pub fn question_missed(
        &self,
        message: MessageId,
        today: NaiveDate,
        calendar: &Calendar,
    ) -> Result<Vec<Event>, Obstacle> {
        let Some(question) = self.question_in(message) else {
            return Ok(vec![]);
        };
        let kind = Some(question.kind);
        match question.answered {
            Some(on) if self.closed.is_none() && self.waiting(kind).next().is_some() => {
                self.resume(kind, on, today, calendar)
            }
            _ => Ok(vec![]),
        }
    }

    pub(super) fn apply_unsent(&mut self, event: &Event, at: DateTime<Utc>) {
        match event {
            Event::QuestionWritten { question } => {
                self.unsent.retain(|it| it.kind != question.kind);
                self.unsent.push((**question).clone());
            }
            Event::QuestionPosted { kind, on } => self.question_is_out(*kind, *on),
            Event::MailSent { message } => {
                if let Some(kind) = self.question_in(*message).map(|it| it.kind) {
                    self.question_is_out(kind, received_day(at));
                }
            }
            Event::MailFailed { message } => {
                let meant = Carrier::Mail { message: *message };
                for it in self.unsent.iter_mut().filter(|it| it.carrier == meant) {
                    it.stuck = true;
                }
            }
            Event::IdentityWeighed { .. } => {
                self.unsent.retain(|it| it.kind != PauseKind::Identity)
            }
            Event::Closed { .. } => self.unsent.clear(),
            _ => {}
        }
    }

    /// The person was asked on the day on which the question left, and has her time from there.
    fn question_is_out(&mut self, kind: PauseKind, day: NaiveDate) {
        self.unsent.retain(|it| it.kind != kind);
        if kind != PauseKind::Identity {
            return;
        }
        if let Some(asked) = &mut self.proof.asked {
            if asked.first == asked.on {
                asked.first = day;
            }
            asked.on = day;
        }
        if let Identity::Asked { on, .. } = &mut self.identity {
            *on = day;
        }
    }
}
