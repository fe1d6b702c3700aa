//! How cases belong together. A name alone ties nothing: every tie is set by a person.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::case::Case;
use super::event::Event;
use super::ids::CaseId;
use super::obstacle::Obstacle;
use super::private::Private;
use super::right::Right;

/// What another case is to this one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Tie {
    /// This one was opened from it: another person in the same message, or a new right in an old thread.
    From,
    /// It was opened from this one for another person in the same message.
    Other,
    /// It was opened from this one for what was asked anew.
    Next,
    /// It is the same request once more and ended into this one.
    Repeat,
    /// A person says that both are about the same person.
    Same,
    /// A person says that they are about different persons, whatever their names.
    Different,
}

impl Tie {
    /// Its name in forms.
    pub fn code(self) -> &'static str {
        match self {
            Tie::From => "from",
            Tie::Other => "other",
            Tie::Next => "next",
            Tie::Repeat => "repeat",
            Tie::Same => "same",
            Tie::Different => "different",
        }
    }
}

/// The cases that belong to this one.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Ties(Vec<(CaseId, Tie)>);

impl Ties {
    /// All of them, in the order in which they were set.
    pub fn iter(&self) -> impl Iterator<Item = (CaseId, Tie)> + '_ {
        self.0.iter().copied()
    }

    /// What this case is, if it was tied.
    pub fn of(&self, case: CaseId) -> Option<Tie> {
        self.0
            .iter()
            .rev()
            .find(|(id, _)| *id == case)
            .map(|(_, tie)| *tie)
    }

    /// Whether nobody has said anything about that case yet.
    pub fn unknown(&self, case: CaseId) -> bool {
        self.of(case).is_none()
    }

    pub(super) fn set(&mut self, case: CaseId, tie: Tie) {
        let opinion = |tie: &Tie| matches!(tie, Tie::Same | Tie::Different);
        self.0
            .retain(|(id, old)| *id != case || !(opinion(old) && opinion(&tie)) && *old != tie);
        self.0.push((case, tie));
    }
}

type Address = Option<Private<String>>;

/// A postal address without the commas and blanks that nobody writes twice alike.
pub fn letters_and_digits(text: &str) -> String {
    let plain = text.chars().filter(|letter| letter.is_alphanumeric());
    plain.flat_map(char::to_lowercase).collect()
}

impl Case {
    /// A person says what another case is to this one.
    pub fn tie(&self, case: CaseId, tie: Tie) -> Result<Vec<Event>, Obstacle> {
        if case == self.id {
            return Err(Obstacle::NoOtherCase);
        }
        if self.ties.iter().any(|known| known == (case, tie)) {
            return Ok(vec![]);
        }
        Ok(vec![Event::Tied { case, tie }])
    }

    /// Ends this case as the same request once more. The clock of the first stands; where the addresses differ,
    /// somebody has to say how it is known that it is the same person.
    pub fn repeats(
        &self,
        first: &Case,
        confirmed: &str,
        today: NaiveDate,
    ) -> Result<Vec<Event>, Obstacle> {
        self.must_be_open()?;
        if first.id == self.id || first.controller != self.controller {
            return Err(Obstacle::NoOtherCase);
        }
        // After its end the same wish is a new request.
        if first.closed.is_some() {
            return Err(Obstacle::FirstClosed);
        }
        if first.intake.received > self.intake.received {
            return Err(Obstacle::FirstIsLater);
        }
        if let Some(item) = self.items.iter().find(|item| item.decision().is_some()) {
            return Err(Obstacle::NotInState { right: item.right });
        }
        let asked = first.unanswered();
        let more = |right: &Right| !asked.iter().any(|item| item.right == *right);
        if let Some(right) = self.rights().into_iter().find(more) {
            return Err(Obstacle::AsksMore { right });
        }
        if !self.same_address(first) && confirmed.trim().is_empty() {
            return Err(Obstacle::Empty("confirmed"));
        }
        self.may_end()?;
        let mut events = Vec::new();
        if !confirmed.trim().is_empty() {
            events.extend(self.note(confirmed, vec![])?);
        }
        events.push(Event::Duplicate { of: first.id });
        events.push(Event::Closed { on: today });
        Ok(events)
    }

    /// Whether both were written from the same address, by mail or by letter.
    pub fn same_address(&self, other: &Case) -> bool {
        let (Some(mine), Some(theirs)) = (self.requester(), other.requester()) else {
            return false;
        };
        let same = |mine: &Address, theirs: &Address, fold: fn(&str) -> String| {
            let both = mine.as_ref().zip(theirs.as_ref());
            both.is_some_and(|(mine, theirs)| fold(mine.reveal()) == fold(theirs.reveal()))
        };
        same(&mine.email, &theirs.email, |text| {
            text.trim().to_lowercase()
        }) || same(&mine.address, &theirs.address, letters_and_digits)
    }
}
