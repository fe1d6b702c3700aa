//! Carrying out what was decided; nothing is claimed that was not recorded as done.

use super::case::Case;
use super::decision::Done;
use super::event::Event;
use super::item::ItemState;
use super::notice::Notice;
use super::obstacle::Obstacle;
use super::right::Right;

impl Case {
    /// Records what was done in the systems for a decided item; who received the data from there is to be told.
    pub fn carry_out(
        &self,
        right: Right,
        done: Vec<Done>,
        notices: Vec<Notice>,
    ) -> Result<Vec<Event>, Obstacle> {
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
        if right == Right::Erasure && self.copy_must_leave_first() {
            return Err(Obstacle::CopyFirst);
        }
        if done.is_empty() && !self.done_before.contains_key(&right) {
            return Err(Obstacle::NotCarriedOut { right });
        }
        Ok(vec![Event::CarriedOut {
            right,
            done,
            notices,
        }])
    }

    /// Whether the person asked for the copy before the erasure and has not got it yet.
    pub fn copy_must_leave_first(&self) -> bool {
        self.intake.copy_first == Some(true)
            && self
                .items
                .iter()
                .any(|item| item.right == Right::Access && !item.ended())
    }
}
