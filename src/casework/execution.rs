//! Recording what was done in the systems.

use super::desk::Outcome;
use super::error::Error;
use super::office::Office;
use crate::domain::decision::Done;
use crate::domain::ids::{CaseId, ControllerId};
use crate::domain::look::{Looker, Point, Second};
use crate::domain::notice::{Expected, Told};
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
            let notices = case.notices_owed(right, &systems, moment.today);
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

    /// Records that a recipient was told what became of the data, or why not (Art. 19 GDPR).
    pub async fn tell(
        &self,
        scope: &Scope,
        case: CaseId,
        seen: i64,
        told: Vec<(usize, Told)>,
    ) -> Result<Outcome, Error> {
        if told.is_empty() {
            return Err(Obstacle::Empty("told").into());
        }
        self.act(scope, case, Some(seen), Role::Handler, |case, moment| {
            let mut events = vec![];
            for (number, told) in &told {
                events.extend(case.tell(*number, told.clone(), moment.today)?);
            }
            Ok(events.into())
        })
        .await
    }

    /// Adds a recipient that the register does not know.
    pub async fn add_recipient(
        &self,
        scope: &Scope,
        case: CaseId,
        seen: i64,
        right: Right,
        (recipient, contact): (&str, &str),
        expected: Expected,
        what: &str,
    ) -> Result<Outcome, Error> {
        self.act(scope, case, Some(seen), Role::Handler, |case, moment| {
            let whom = (recipient, contact);
            Ok(case
                .add_recipient(right, whom, expected, what, moment.today)?
                .into())
        })
        .await
    }
}
