//! One right asked for in a case, with a state of its own.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::decision::{Decision, Done};
use super::ids::CaseId;
use super::private::Private;
use super::right::Right;
use super::term::Term;

/// Where an item stands; each state carries what belongs to it and nothing else.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "is")]
pub enum ItemState {
    /// Recorded; the day of receipt is fixed.
    New,
    /// Which right, which role, which person, which scope.
    Triage,
    /// Waits for a proof of identity.
    Identity,
    /// Waits for the scope (Recital 63).
    Clarify,
    /// The systems are being asked.
    Search,
    /// The result of every category is weighed.
    Decide,
    /// Decided; before anything is destroyed somebody looks a second time.
    Look {
        /// What was decided.
        decision: Decision,
    },
    /// Decided; it is being carried out.
    Act {
        /// What was decided.
        decision: Decision,
    },
    /// Carried out; recipients are being told (Art. 19 GDPR).
    Notify {
        /// What was decided.
        decision: Decision,
        /// What was done.
        done: Vec<Done>,
    },
    /// Before the second look and the check of the letter.
    Review {
        /// What was decided.
        decision: Decision,
        /// What was done.
        done: Vec<Done>,
    },
    /// The answer has left.
    Sent {
        /// What was decided.
        decision: Decision,
        /// What was done.
        done: Vec<Done>,
        /// The day.
        on: NaiveDate,
    },
    /// Delivered, done and told.
    Done {
        /// What was decided.
        decision: Decision,
        /// What was done.
        done: Vec<Done>,
        /// The day.
        on: NaiveDate,
    },
    /// A dated rest is open: a restriction that ends, a backup that rolls off.
    FollowUp {
        /// What was decided.
        decision: Decision,
        /// What was done.
        done: Vec<Done>,
        /// The day it comes back.
        on: NaiveDate,
    },
    /// The person took it back.
    Withdrawn {
        /// The day.
        on: NaiveDate,
        /// How that is known.
        note: Private<String>,
    },
    /// Passed on to the controller for whom we process.
    Forwarded {
        /// The day.
        on: NaiveDate,
        /// To whom.
        to: Private<String>,
    },
    /// The person could not be identified (Art. 11, 12(4) GDPR).
    NotIdentified {
        /// The day.
        on: NaiveDate,
    },
    /// Not for us, or not a request of a data subject.
    Misdirected {
        /// The day.
        on: NaiveDate,
        /// Why.
        note: Private<String>,
    },
    /// The same as in another case, whose clock stands.
    Duplicate {
        /// That case.
        of: CaseId,
    },
}

/// A right asked for, and where it stands.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Item {
    /// Which right.
    pub right: Right,
    /// Where it stands.
    pub state: ItemState,
    /// The reckoning of its own date due.
    pub term: Term,
}

impl Item {
    /// A right just asked for.
    pub fn new(right: Right, term: Term) -> Item {
        Item {
            right,
            state: ItemState::New,
            term,
        }
    }

    /// Whether nothing more has to be done for the answer.
    pub fn ended(&self) -> bool {
        matches!(
            self.state,
            ItemState::Sent { .. }
                | ItemState::Done { .. }
                | ItemState::FollowUp { .. }
                | ItemState::Withdrawn { .. }
                | ItemState::Forwarded { .. }
                | ItemState::NotIdentified { .. }
                | ItemState::Misdirected { .. }
                | ItemState::Duplicate { .. }
        )
    }

    /// Whether the answer says something about the person, so that a proof of identity stands before it.
    /// A no that says nothing about her may go out without one (Art. 12(4) GDPR).
    pub fn tells(&self) -> bool {
        !self.right.answered_unproven()
            && !matches!(self.decision(), Some(Decision::Refused { .. }))
    }

    /// What was decided, if it was.
    pub fn decision(&self) -> Option<&Decision> {
        match &self.state {
            ItemState::Look { decision }
            | ItemState::Act { decision }
            | ItemState::Notify { decision, .. }
            | ItemState::Review { decision, .. }
            | ItemState::Sent { decision, .. }
            | ItemState::Done { decision, .. }
            | ItemState::FollowUp { decision, .. } => Some(decision),
            _ => None,
        }
    }

    /// What was done in the systems.
    pub fn done(&self) -> &[Done] {
        match &self.state {
            ItemState::Notify { done, .. }
            | ItemState::Review { done, .. }
            | ItemState::Sent { done, .. }
            | ItemState::Done { done, .. }
            | ItemState::FollowUp { done, .. } => done,
            _ => &[],
        }
    }

    /// The state's stable name.
    pub fn state_code(&self) -> &'static str {
        match self.state {
            ItemState::New => "new",
            ItemState::Triage => "triage",
            ItemState::Identity => "identity",
            ItemState::Clarify => "clarify",
            ItemState::Search => "search",
            ItemState::Decide => "decide",
            ItemState::Look { .. } => "second-look",
            ItemState::Act { .. } => "act",
            ItemState::Notify { .. } => "notify",
            ItemState::Review { .. } => "review",
            ItemState::Sent { .. } => "sent",
            ItemState::Done { .. } => "done",
            ItemState::FollowUp { .. } => "followup",
            ItemState::Withdrawn { .. } => "withdrawn",
            ItemState::Forwarded { .. } => "forwarded",
            ItemState::NotIdentified { .. } => "not-identified",
            ItemState::Misdirected { .. } => "misdirected",
            ItemState::Duplicate { .. } => "duplicate",
        }
    }
}
