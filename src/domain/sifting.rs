//! Sifting what was found: what of it she is given and how it ends over there, for many findings at once or for one.

use serde::{Deserialize, Serialize};

use super::case::Case;
use super::event::Event;
use super::finding::Reason;
use super::ids::SystemId;
use super::judgement::Treatment;
use super::obstacle::Obstacle;
use super::right::Right;

/// Which findings are meant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Heap {
    /// In which system.
    pub system: SystemId,
    /// Of which category, as its findings name it.
    pub category: String,
}

/// What was said of all findings of a heap; one of them may say otherwise.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sifted {
    /// Which findings.
    pub heap: Heap,
    /// What happens to them.
    pub treatment: Treatment,
    /// Why and until when.
    pub reason: Reason,
}

/// What must be written for a treatment of findings to hold.
///
/// # Errors
/// Nothing explains a no; nothing ends what stays; nothing says how it was made anonymous.
pub fn complete(treatment: Treatment, reason: &Reason) -> Result<(), Obstacle> {
    let grounded = |ground: &super::decision::Ground| !ground.facts.reveal().trim().is_empty();
    if treatment.denies() && !reason.ground.as_ref().is_some_and(grounded) {
        return Err(Obstacle::GroundLacking);
    }
    if treatment.stays() && reason.end.is_none() {
        return Err(Obstacle::Empty("until"));
    }
    if treatment == Treatment::Anonymise && reason.how.reveal().trim().is_empty() {
        return Err(Obstacle::Empty("how"));
    }
    Ok(())
}

impl Case {
    /// Says what becomes of findings, many at once or one.
    ///
    /// # Errors
    /// No right of the case opens this treatment, or it is decided already; or a reason lacks.
    pub fn sift(
        &self,
        heap: Heap,
        treatment: Treatment,
        reason: Reason,
        (count, all): (u64, bool),
    ) -> Result<Vec<Event>, Obstacle> {
        self.must_be_open()?;
        let opens = |right: &Right| Treatment::open_to(*right).contains(&treatment);
        let open: Vec<Right> = self.rights().into_iter().filter(opens).collect();
        // How data end is said before it is decided and looked at twice; whoever wants it otherwise afterwards takes the
        // decision up again.
        let decided = |right: &&Right| self.item(**right).is_some_and(|it| it.decision().is_some());
        match (open.first(), open.iter().find(decided)) {
            (None, _) => return Err(Obstacle::NoRight),
            (_, Some(right)) if !treatment.gives() => {
                return Err(Obstacle::DecidedAlready { right: *right });
            }
            _ => {}
        }
        complete(treatment, &reason)?;
        if count == 0 {
            return Ok(vec![]);
        }
        Ok(vec![Event::FindingsSifted {
            sifted: Box::new(Sifted {
                heap,
                treatment,
                reason,
            }),
            count,
            all,
        }])
    }

    /// Says what of a finding is put right over there: so many of its values; none takes back what was said.
    ///
    /// # Errors
    /// Nobody asked for it, or it is decided already.
    pub fn correct(&self, heap: Heap, count: u64) -> Result<Vec<Event>, Obstacle> {
        self.must_be_open()?;
        let right = Right::Rectification;
        let item = self.item(right).ok_or(Obstacle::NoRight)?;
        // As with how data end: what machines will write is said before it is decided, and looked at with it.
        match (item.decision(), item.ended()) {
            (Some(_), _) => Err(Obstacle::DecidedAlready { right }),
            (None, true) => Err(Obstacle::NotInState { right }),
            (None, false) => Ok(vec![Event::FindingCorrected { heap, count }]),
        }
    }

    /// What was said of all findings of a heap, about giving or about ending.
    pub fn sifted(&self, heap: &Heap, gives: bool) -> Option<&Sifted> {
        self.sifted
            .iter()
            .find(|sifted| sifted.heap == *heap && sifted.treatment.gives() == gives)
    }

    pub(super) fn apply_sifted(&mut self, sifted: &Sifted) {
        self.sifted.retain(|known| {
            known.heap != sifted.heap || known.treatment.gives() != sifted.treatment.gives()
        });
        self.sifted.push(sifted.clone());
    }
}
