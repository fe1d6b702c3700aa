//! Carrying out what was decided; nothing is claimed that was not recorded as done.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::case::Case;
use super::decision::Done;
use super::event::Event;
use super::ids::SystemId;
use super::item::ItemState;
use super::judgement::Judgement;
use super::notice::Notice;
use super::obstacle::Obstacle;
use super::right::Right;
use super::source::{Fate, Leftover};

/// What a machine did in a connected system for a right, each read back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Acted {
    /// In which system of the register.
    pub system: SystemId,
    /// By which connection.
    pub source: String,
    /// For which right.
    pub right: Right,
    /// When it was done with.
    pub at: DateTime<Utc>,
    /// What became of the records until now, counted.
    pub fates: Vec<(Fate, u64)>,
    /// How many are left: they did not work, or a machine cannot; a person looks.
    pub failed: u64,
    /// What could not be reached.
    pub leftovers: Vec<Leftover>,
}

impl Case {
    /// Takes over what machines did until now. Each try tells all of it.
    pub(super) fn apply_acted(&mut self, acted: &Acted) {
        let same = |it: &&mut Acted| it.source == acted.source && it.right == acted.right;
        let Some(known) = self.acted.iter_mut().find(same) else {
            self.acted.push(acted.clone());
            return;
        };
        // Who was barred by an earlier try is barred.
        let barred = |fates: &[(Fate, u64)]| {
            let of = fates.iter().find(|(fate, _)| *fate == Fate::Suppressed);
            of.map_or(0, |(_, many)| *many)
        };
        let suppressed = barred(&known.fates).max(barred(&acted.fates));
        known.fates.clone_from(&acted.fates);
        known.fates.retain(|(fate, _)| *fate != Fate::Suppressed);
        if suppressed > 0 {
            known.fates.push((Fate::Suppressed, suppressed));
        }
        for leftover in &acted.leftovers {
            if !known.leftovers.contains(leftover) {
                known.leftovers.push(leftover.clone());
            }
        }
        (known.at, known.failed) = (acted.at, acted.failed);
    }

    /// Records what was done in the systems for a decided item; who received the data from there is to be told.
    pub fn carry_out(
        &self,
        right: Right,
        done: Vec<Done>,
        notices: Vec<Notice>,
    ) -> Result<Vec<Event>, Obstacle> {
        self.may_act(right)?;
        if done.is_empty() && !self.done_before.contains_key(&right) {
            return Err(Obstacle::NotCarriedOut { right });
        }
        Ok(vec![Event::CarriedOut {
            right,
            done,
            notices,
        }])
    }

    /// Whether what was decided on this right may be done now, by hand or by machine: it is decided and looked at twice,
    /// nothing holds it up, and the copy has left where it goes first.
    ///
    /// # Errors
    /// An [`Obstacle`].
    pub fn may_act(&self, right: Right) -> Result<(), Obstacle> {
        self.must_be_open()?;
        let item = self.item(right).ok_or(Obstacle::NotInState { right })?;
        match item.state {
            ItemState::Act { .. } => {}
            ItemState::Look { .. } => return Err(Obstacle::SecondLookOpen { right }),
            _ => return Err(Obstacle::NotInState { right }),
        }
        if right.alters() {
            self.person_settled()?;
        }
        self.may_erase(right)?;
        if right == Right::Erasure && self.copy_must_leave_first() {
            return Err(Obstacle::CopyFirst);
        }
        Ok(())
    }

    /// Nothing is erased while a hold stands; what is only restricted or kept may be.
    ///
    /// # Errors
    /// A hold stands, or a breach of security is open.
    pub(super) fn may_erase(&self, right: Right) -> Result<(), Obstacle> {
        let judged = self.weighed.get(&right).map(|it| it.judgements.as_slice());
        let spares = |it: &Judgement| it.treatment.stays();
        let erases = right == Right::Erasure
            && judged.is_none_or(|all| all.is_empty() || !all.iter().all(spares));
        match erases && self.held() {
            true => Err(Obstacle::ErasureHeld),
            false => Ok(()),
        }
    }

    /// Whether the copy has to leave before the erasure and has not left yet. Who asks for both and says nothing
    /// of the order wants the copy first: afterwards there would be none.
    pub fn copy_must_leave_first(&self) -> bool {
        let owed = |right: Right| self.item(right).is_some_and(|item| !item.ended());
        let copy = owed(Right::Access) || owed(Right::Portability);
        self.intake.copy_first != Some(false) && copy && owed(Right::Erasure)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::case::tests::{case, clerk, now};
    use crate::domain::decision::Decision;
    use crate::domain::identity::{Finding, Method};
    use crate::domain::ids::SystemId;
    use crate::domain::judgement::Treatment;
    use crate::domain::look::{Looker, Point, Second};
    use crate::domain::scope::Actor;
    use crate::domain::weighing::Weighing;

    fn then(case: &mut Case, events: Result<Vec<Event>, Obstacle>) {
        for event in events.unwrap() {
            case.apply(&event, now(), &clerk());
        }
    }

    /// An erasure that was decided like this and waits for the second look.
    fn decided(treatment: Treatment) -> Case {
        let mut case = case(&[Right::Erasure], None);
        let proof = Finding {
            doubt: "andere Anschrift".into(),
            ..Finding::sufficient(Method::SignedLetter)
        };
        let known = case.weigh_identity(proof, &[], now().date_naive());
        then(&mut case, known);
        let judged = Judgement {
            system: SystemId(1),
            name: "Laden".into(),
            category: String::new(),
            treatment,
            ground: None,
            end: None,
            how: String::new().into(),
            record: String::new().into(),
        };
        let decided = Event::Decided {
            right: Right::Erasure,
            decision: Decision::granted(""),
            weighing: Box::new(Weighing {
                judgements: vec![judged],
                ..Weighing::default()
            }),
        };
        then(&mut case, Ok(vec![decided]));
        case
    }

    fn look(case: &Case) -> Result<Vec<Event>, Obstacle> {
        let looker = Looker {
            actor: &Actor("a2".into()),
            rule: Second::Another,
            today: now().date_naive(),
        };
        case.look(Right::Erasure, &Point::BEFORE_ERASURE, &looker)
    }

    fn erased(case: &Case) -> Result<(), Obstacle> {
        let done = Done {
            system: "Laden".into(),
            what: "erledigt".into(),
            on: now().date_naive(),
        };
        let carried = case.carry_out(Right::Erasure, vec![done], vec![]);
        carried.map(|_| ())
    }

    #[test]
    fn art_17_3_e_while_a_hold_stands_nothing_is_erased_and_anything_may_be_restricted() {
        let today = now().date_naive();
        let mut case = decided(Treatment::Erase);
        let held = case.hold("Klage angekündigt", today, &clerk());
        then(&mut case, held);
        assert_eq!(look(&case), Err(Obstacle::ErasureHeld));
        then(
            &mut case,
            Ok(vec![Event::LookedAt {
                right: Right::Erasure,
            }]),
        );
        assert_eq!(erased(&case), Err(Obstacle::ErasureHeld));
        let lifted = case.lift(1, "Klage zurückgenommen", today);
        then(&mut case, lifted);
        assert_eq!(erased(&case), Ok(()));

        let mut kept = decided(Treatment::Restrict);
        let held = kept.hold("Klage angekündigt", today, &clerk());
        then(&mut kept, held);
        let looked = look(&kept);
        then(&mut kept, looked);
        assert_eq!(erased(&kept), Ok(()));
    }

    #[test]
    fn art_15_3_who_asks_for_copy_and_erasure_and_names_no_order_gets_the_copy_first() {
        let first = |rights: &[Right], said| case(rights, said).copy_must_leave_first();
        let both = [Right::Access, Right::Erasure];
        assert!(first(&both, None) && first(&both, Some(true)));
        assert!(!first(&both, Some(false)));
        assert!(first(&[Right::Portability, Right::Erasure], None));
        for alone in [
            [Right::Access, Right::Rectification],
            [Right::Objection, Right::Erasure],
        ] {
            assert!(!first(&alone, None) && !first(&alone, Some(true)));
        }
    }
}
