//! Recording what was done in the systems.

use super::desk::Outcome;
use super::error::Error;
use super::office::Office;
use crate::domain::decision::Done;
use crate::domain::ids::CaseId;
use crate::domain::obstacle::Obstacle;
use crate::domain::right::Right;
use crate::domain::scope::{Role, Scope};

impl Office {
    /// Records that a decided item was carried out: where, what and when.
    pub async fn carry_out(
        &self,
        scope: &Scope,
        case: CaseId,
        seen: i64,
        right: Right,
        done: Vec<Done>,
    ) -> Result<Outcome, Error> {
        self.act(scope, case, Some(seen), Role::Handler, |case, moment| {
            if done
                .iter()
                .any(|done| done.on > moment.today || done.on < case.intake.received)
            {
                return Err(Obstacle::Empty("done-on").into());
            }
            Ok(case.carry_out(right, done.clone())?.into())
        })
        .await
    }
}
