//! What is decided on an item. A no cannot be built without its ground (Art. 12(4) GDPR).

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::case::Case;
use super::collection::Task;
use super::event::Event;
use super::ids::SystemId;
use super::item::ItemState;
use super::obstacle::Obstacle;
use super::private::Private;
use super::right::Right;
use super::scope::Actor;
use super::weighing::Weighing;

/// Why something is not done: the law and the facts of this case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ground {
    /// The rule, such as `Art. 17(3)(b)` or `§ 147 AO`.
    pub law: String,
    /// The facts in words, as the person will read them.
    pub facts: Private<String>,
}

impl Ground {
    /// Both halves are needed: a rule without facts is no reason, facts without a rule no ground.
    pub fn new(law: &str, facts: &str) -> Result<Ground, Obstacle> {
        let (law, facts) = (law.trim(), facts.trim());
        if law.is_empty() || facts.is_empty() {
            return Err(Obstacle::GroundLacking);
        }
        Ok(Ground {
            law: law.to_owned(),
            facts: facts.into(),
        })
    }
}

/// Who decided an item, and when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decided {
    /// Who.
    pub by: Actor,
    /// When.
    pub at: DateTime<Utc>,
}

/// What was done in one system.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Done {
    /// The system's name.
    pub system: String,
    /// What was done there, in words.
    pub what: Private<String>,
    /// On which day.
    pub on: NaiveDate,
}

/// What stays, why and until when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Remainder {
    /// The system's name or the category of data.
    pub what: String,
    /// Why it stays.
    pub ground: Ground,
    /// The last day on which it stays, if one is known.
    pub until: Option<NaiveDate>,
    /// Until what happens, if no day is known.
    #[serde(default)]
    pub event: Option<String>,
    /// The system of the register, if it is known.
    #[serde(default)]
    pub system: Option<SystemId>,
    /// Whether it is restricted meanwhile (Art. 18 GDPR, § 35(3) BDSG).
    #[serde(default)]
    pub restricted: bool,
    /// Who may use it for what meanwhile.
    #[serde(default)]
    pub uses: Private<String>,
    /// By which the record is found there again; never told the person.
    #[serde(default)]
    pub record: Private<String>,
}

impl Remainder {
    /// Something that stays until a day, or without one.
    pub fn new(what: &str, ground: Ground, until: Option<NaiveDate>) -> Remainder {
        Remainder {
            what: what.to_owned(),
            ground,
            until,
            event: None,
            system: None,
            restricted: false,
            uses: String::new().into(),
            record: String::new().into(),
        }
    }

    /// The day on which it comes back: the first one on which it may go, and must.
    pub fn comes_back(&self) -> Option<NaiveDate> {
        self.until.and_then(|last| last.succ_opt())
    }
}

/// The outcome of an item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "is")]
pub enum Decision {
    /// The wish is met.
    Granted {
        /// What the person should read about it.
        text: Private<String>,
    },
    /// Met in part.
    Partly {
        /// What the person should read about it.
        text: Private<String>,
        /// Why not wholly; empty only if something remains, with a ground of its own.
        grounds: Vec<Ground>,
        /// What stays.
        remains: Vec<Remainder>,
    },
    /// Not met.
    Refused {
        /// What the person should read about it.
        text: Private<String>,
        /// Why; never empty.
        grounds: Vec<Ground>,
    },
    /// Nothing is held on the person as far as she has proven who she is.
    NothingHeld {
        /// What the person should read about it.
        text: Private<String>,
    },
}

impl Decision {
    /// A yes.
    pub fn granted(text: &str) -> Decision {
        Decision::Granted {
            text: text.trim().into(),
        }
    }

    /// A yes in part; refused without a ground.
    pub fn partly(
        text: &str,
        grounds: Vec<Ground>,
        remains: Vec<Remainder>,
    ) -> Result<Decision, Obstacle> {
        if grounds.is_empty() && remains.is_empty() {
            return Err(Obstacle::GroundLacking);
        }
        Ok(Decision::Partly {
            text: text.trim().into(),
            grounds,
            remains,
        })
    }

    /// A no; refused without a ground.
    pub fn refused(text: &str, grounds: Vec<Ground>) -> Result<Decision, Obstacle> {
        if grounds.is_empty() {
            return Err(Obstacle::GroundLacking);
        }
        Ok(Decision::Refused {
            text: text.trim().into(),
            grounds,
        })
    }

    /// Nothing held.
    pub fn nothing_held(text: &str) -> Decision {
        Decision::NothingHeld {
            text: text.trim().into(),
        }
    }

    /// Its name in forms and letters.
    pub fn code(&self) -> &'static str {
        match self {
            Decision::Granted { .. } => "granted",
            Decision::Partly { .. } => "partly",
            Decision::Refused { .. } => "refused",
            Decision::NothingHeld { .. } => "nothing",
        }
    }

    /// Whether it is a no, wholly or in part.
    pub fn denies(&self) -> bool {
        matches!(self, Decision::Partly { .. } | Decision::Refused { .. })
    }

    /// Whether something has to be done in the systems before the answer may say so.
    pub fn to_carry_out(&self) -> bool {
        matches!(self, Decision::Granted { .. } | Decision::Partly { .. })
    }
}

impl Case {
    /// Decides an item by what was weighed. Where there is a data protection officer, a no waits for her word.
    pub fn decide(
        &self,
        right: Right,
        decision: Decision,
        weighing: Weighing,
        has_officer: bool,
    ) -> Result<Vec<Event>, Obstacle> {
        self.must_be_open()?;
        let item = self.item(right).ok_or(Obstacle::NotInState { right })?;
        if item.ended() || self.released_rights().contains(&right) {
            return Err(Obstacle::AlreadyReleased);
        }
        // What is decided is taken up again first, so that nothing that was done is lost on the way.
        if item.decision().is_some() {
            return Err(Obstacle::NotInState { right });
        }
        self.fits_what_is_known(right, &decision)?;
        let waits = !right.never_waits();
        // Who could not be identified gets a no with its reasons, and nobody searches for her (Art. 12(4) GDPR).
        let unproven_no = matches!(decision, Decision::Refused { .. })
            && (matches!(self.identity, super::identity::Identity::Failed { .. })
                || self.standing_settled().is_err());
        if waits && !self.collection.begun && !unproven_no {
            return Err(Obstacle::SearchNotBegun);
        }
        if waits && self.collection.open() > 0 && self.collection.cut_short.is_none() {
            return Err(Obstacle::TasksOpen {
                open: self.collection.open(),
            });
        }
        if (right.discloses() || right.alters()) && decision.to_carry_out() {
            self.person_settled()?;
        }
        if waits && matches!(decision, Decision::NothingHeld { .. }) {
            self.person_settled()?;
        }
        self.weighed(right, &decision, &weighing, has_officer)?;
        Ok(vec![Event::Decided {
            right,
            decision,
            weighing: Box::new(weighing),
        }])
    }

    /// A no to what was done already, or "nothing held" beside a find, would be untrue.
    pub(super) fn fits_what_is_known(
        &self,
        right: Right,
        decision: &Decision,
    ) -> Result<(), Obstacle> {
        let empty = matches!(decision, Decision::NothingHeld { .. });
        let found = self.collection.tasks.iter().any(Task::found);
        // Of these the letter says only that no such consent or decision was found.
        let of_one_thing = matches!(right, Right::Withdrawal | Right::HumanReview);
        if empty && found && !of_one_thing {
            return Err(Obstacle::DataFound);
        }
        if self.done_before.contains_key(&right) && !decision.to_carry_out() {
            return Err(Obstacle::DoneAlready { right });
        }
        Ok(())
    }

    /// Takes an item up again that was decided, answered or ended otherwise; not while its answer is underway.
    pub fn reconsider(&self, right: Right) -> Result<Vec<Event>, Obstacle> {
        self.must_be_open()?;
        let item = self.item(right).ok_or(Obstacle::NotInState { right })?;
        match item.state {
            ItemState::Look { .. }
            | ItemState::Act { .. }
            | ItemState::Review { .. }
            | ItemState::Notify { .. }
            | ItemState::Sent { .. }
            | ItemState::Done { .. }
            | ItemState::FollowUp { .. }
            | ItemState::NotIdentified { .. }
            | ItemState::Misdirected { .. }
            | ItemState::Withdrawn { .. }
            | ItemState::Forwarded { .. }
            | ItemState::Duplicate { .. }
                if !self.released_rights().contains(&right) =>
            {
                Ok(vec![Event::Reconsidered { right }])
            }
            _ => Err(Obstacle::NotInState { right }),
        }
    }

    /// The person took items back.
    pub fn withdraw(
        &self,
        rights: &[Right],
        note: &str,
        today: NaiveDate,
    ) -> Result<Vec<Event>, Obstacle> {
        self.must_be_open()?;
        if note.trim().is_empty() {
            return Err(Obstacle::Empty("note"));
        }
        if rights.is_empty() {
            return Err(Obstacle::NoRight);
        }
        let underway = self.released_rights();
        for right in rights {
            match self.item(*right) {
                _ if underway.contains(right) => return Err(Obstacle::AlreadyReleased),
                Some(item) if !item.ended() => {}
                _ => return Err(Obstacle::NotInState { right: *right }),
            }
        }
        Ok(vec![Event::Withdrawn {
            rights: rights.to_vec(),
            on: today,
            note: note.trim().into(),
        }])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn art_12_4_a_no_without_a_ground_cannot_be_built() {
        assert_eq!(Decision::refused("", vec![]), Err(Obstacle::GroundLacking));
        assert_eq!(
            Decision::partly("", vec![], vec![]),
            Err(Obstacle::GroundLacking)
        );
        assert_eq!(
            Ground::new("Art. 17(3)(b)", "  "),
            Err(Obstacle::GroundLacking)
        );
        assert!(
            Decision::refused(
                "",
                vec![Ground::new("Art. 17(3)(b)", "Rechnungen bis 2034").unwrap()]
            )
            .is_ok()
        );
    }
}
