//! The second look: before something is destroyed, and before a letter leaves. By somebody else at once, or by
//! oneself with a list on the next morning.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::case::Case;
use super::deadline::received_day;
use super::event::Event;
use super::item::{Item, ItemState};
use super::obstacle::Obstacle;
use super::right::Right;
use super::scope::Actor;

/// Whose look it takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Second {
    /// Somebody else than who decided.
    Another,
    /// Somebody else at once, or oneself from the next morning on.
    Oneself,
}

/// What is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Point {
    /// It goes to the proven address of the right person.
    Recipient,
    /// Nothing in it belongs to somebody else (Art. 15(4) GDPR).
    ThirdParties,
    /// It was read to its end, and it answers what was asked.
    Words,
    /// Only data of this person are hit.
    OnlyThisPerson,
    /// No duty, claim or copy that is still owed stands against it.
    NothingStands,
}

impl Point {
    /// What is looked at before data are destroyed.
    pub const BEFORE_ERASURE: [Point; 2] = [Point::OnlyThisPerson, Point::NothingStands];
    /// What is looked at before a letter leaves.
    pub const BEFORE_SENDING: [Point; 3] = [Point::Recipient, Point::ThirdParties, Point::Words];

    /// Its name in forms.
    pub fn code(self) -> &'static str {
        match self {
            Point::Recipient => "recipient",
            Point::ThirdParties => "third-parties",
            Point::Words => "words",
            Point::OnlyThisPerson => "only-this-person",
            Point::NothingStands => "nothing-stands",
        }
    }
}

/// Who looks, by which rule, on which day.
#[derive(Debug, Clone, Copy)]
pub struct Looker<'a> {
    /// Who.
    pub actor: &'a Actor,
    /// By which rule.
    pub rule: Second,
    /// The day in Germany.
    pub today: NaiveDate,
}

/// That everything on the list was looked at.
///
/// # Errors
/// A point is not ticked.
pub fn all_ticked(list: &[Point], ticked: &[Point]) -> Result<(), Obstacle> {
    match list.iter().all(|point| ticked.contains(point)) {
        true => Ok(()),
        false => Err(Obstacle::ChecklistOpen),
    }
}

impl Case {
    /// Whether this person may look a second time at these decisions now. What never waits is not held up by a
    /// night, nor is anything on the day it is due.
    pub(super) fn may_look(&self, items: &[&Item], looker: &Looker<'_>) -> Result<(), Obstacle> {
        for item in items {
            let Some(decided) = self.decided.get(&item.right) else {
                continue;
            };
            if decided.by != *looker.actor {
                continue;
            }
            if looker.rule == Second::Another {
                return Err(Obstacle::FourEyes);
            }
            let night = received_day(decided.at) < looker.today;
            let pressing = item.right.never_waits() || looker.today >= item.term.earliest();
            if !night && !pressing {
                return Err(Obstacle::NextMorning);
            }
        }
        Ok(())
    }

    /// Looks a second time at what is to be destroyed.
    pub fn look(
        &self,
        right: Right,
        ticked: &[Point],
        looker: &Looker<'_>,
    ) -> Result<Vec<Event>, Obstacle> {
        self.must_be_open()?;
        let item = self.item(right).ok_or(Obstacle::NotInState { right })?;
        let ItemState::Look { .. } = item.state else {
            return Err(Obstacle::NotInState { right });
        };
        self.person_settled()?;
        self.may_erase(right)?;
        self.may_look(&[item], looker)?;
        all_ticked(&Point::BEFORE_ERASURE, ticked)?;
        Ok(vec![Event::LookedAt { right }])
    }

    /// Since when a decision waits for its second look.
    pub fn decided_at(&self, right: Right) -> Option<DateTime<Utc>> {
        self.decided.get(&right).map(|decided| decided.at)
    }
}
