//! Who is it? Recording the proof, or asking for one.

use super::desk::{Deed, Outcome};
use super::error::Error;
use super::office::Office;
use super::outbox;
use crate::domain::deadline::{Demand, PauseKind};
use crate::domain::identity::{Finding, Method};
use crate::domain::ids::CaseId;
use crate::domain::obstacle::Obstacle;
use crate::domain::right::Right;
use crate::domain::scope::{Role, Scope};

/// A question for a proof.
#[derive(Debug, Clone)]
pub struct Question {
    /// What would suffice.
    pub method: Method,
    /// The concrete reason of doubt.
    pub doubt: String,
    /// What would suffice, in words for the person.
    pub suffices: String,
    /// The clerk's word that nothing weaker would do.
    pub proportionate: bool,
    /// Whether the clock shall stop until the answer.
    pub pause: bool,
}

impl Office {
    /// Records what was found out about the person's identity; the search begins when it is she.
    pub async fn weigh_identity(
        &self,
        scope: &Scope,
        case: CaseId,
        seen: i64,
        finding: Finding,
    ) -> Result<Outcome, Error> {
        let controller = self.controller_of(scope, case).await?;
        let systems = self.systems(scope, controller).await?;
        self.act(scope, case, Some(seen), Role::Handler, |case, moment| {
            let mut events = case.weigh_identity(finding.clone(), &systems, moment.today)?;
            let kind = Some(PauseKind::Identity);
            if finding.sufficient && case.waiting(kind).next().is_some() {
                // The office's own delay is no part of the pause.
                let on = finding.arrived.unwrap_or(moment.today);
                events.extend(case.resume(kind, on, moment.today, &moment.office.calendar)?);
            }
            Ok(events.into())
        })
        .await
    }

    /// Asks the person for a proof, by mail where there is an address; the clock stops if all guards hold.
    pub async fn ask_identity(
        &self,
        scope: &Scope,
        case: CaseId,
        seen: i64,
        question: Question,
    ) -> Result<Outcome, Error> {
        self.act(scope, case, Some(seen), Role::Handler, |case, moment| {
            let mut events = case.ask_identity(question.method, &question.doubt, moment.today)?;
            if question.pause {
                let demand = Demand {
                    kind: PauseKind::Identity,
                    asked: moment.today,
                    cause: case.intake.received,
                    doubt: question.doubt.clone(),
                    suffices: question.suffices.clone(),
                    proportionate: question.proportionate,
                    never_waits: case.items.iter().all(|item| item.right.never_waits()),
                };
                events.extend(case.pause(demand, moment.today, &moment.office.calendar)?);
            }
            let demand = outbox::identity_demand(moment, case, &question)?;
            // A question that cannot leave stops no clock.
            if question.pause && demand.is_some() && !moment.house.has_post {
                return Err(Obstacle::NoMailServer.into());
            }
            let mut deed = Deed::from(events);
            if let Some(row) = demand {
                deed.events
                    .push(crate::domain::event::Event::Said { message: row.id() });
                deed.messages.push(row);
            }
            Ok(deed)
        })
        .await
    }

    /// Begins the search without a proof; only where no right of the case waits for one.
    pub async fn begin_search(
        &self,
        scope: &Scope,
        case: CaseId,
        seen: i64,
    ) -> Result<Outcome, Error> {
        let controller = self.controller_of(scope, case).await?;
        let systems = self.systems(scope, controller).await?;
        self.act(scope, case, Some(seen), Role::Handler, |case, _| {
            if case
                .rights()
                .into_iter()
                .any(|right| !Right::never_waits(right))
            {
                case.may_be_searched()?;
            }
            Ok(case.begin_search(&systems)?.into())
        })
        .await
    }
}
