//! Recording what was done in the systems.

use super::desk::Outcome;
use super::error::Error;
use super::office::Office;
use crate::domain::decision::Done;
use crate::domain::ids::{CaseId, ControllerId};
use crate::domain::look::{Looker, Point, Second};
use crate::domain::obstacle::Obstacle;
use crate::domain::right::Right;
use crate::domain::scope::{Role, Scope};
use crate::storage::clerks;

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
        let controller = self.controller_of(scope, case).await?;
        let systems = self.systems(scope, controller).await?;
        self.act(scope, case, Some(seen), Role::Handler, |case, moment| {
            if done
                .iter()
                .any(|done| done.on > moment.today || done.on < case.intake.received)
            {
                return Err(Obstacle::Empty("done-on").into());
            }
            let notices = case.notices_owed(right, &done, &systems, moment.today);
            Ok(case.carry_out(right, done.clone(), notices)?.into())
        })
        .await
    }

    /// Looks a second time at what is to be destroyed.
    pub async fn look(
        &self,
        scope: &Scope,
        case: CaseId,
        seen: i64,
        right: Right,
        ticked: &[Point],
    ) -> Result<Outcome, Error> {
        let controller = self.controller_of(scope, case).await?;
        let rule = self.second(controller).await?;
        self.act(scope, case, Some(seen), Role::Decider, |case, moment| {
            let looker = Looker {
                actor: scope.actor(),
                rule,
                today: moment.today,
            };
            Ok(case.look(right, ticked, &looker)?.into())
        })
        .await
    }

    /// Whose second look it takes here. Where four eyes are wanted and only one person decides, nobody is blocked:
    /// she looks again on the next morning.
    pub async fn second(&self, controller: ControllerId) -> Result<Second, Error> {
        if !self.house(controller)?.controller.four_eyes {
            return Ok(Second::Oneself);
        }
        let staff = self
            .store
            .read(move |conn| clerks::present(conn, &[controller]))
            .await?;
        let deciders = staff
            .iter()
            .filter(|(_, _, role)| *role >= Role::Decider)
            .count();
        Ok(match deciders {
            0 | 1 => Second::Oneself,
            _ => Second::Another,
        })
    }
}
