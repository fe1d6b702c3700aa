//! The clock of a case: stopping it, starting it again, extending it, reckoning it anew.

use chrono::NaiveDate;

use super::desk::{Deed, Outcome};
use super::error::Error;
use super::office::Office;
use super::outbox;
use crate::domain::controller::Controller;
use crate::domain::deadline::{Demand, PauseKind, Period};
use crate::domain::event::Event;
use crate::domain::ids::{CaseId, ControllerId};
use crate::domain::obstacle::Obstacle;
use crate::domain::right::Right;
use crate::domain::scope::{Role, Scope};
use crate::domain::term::Term;
use crate::domain::unsent::Unsent;
use crate::storage::cases;

/// So many cases are reckoned anew in one go.
const PORTION: i64 = 200;

/// Which of much data is meant (Recital 63 GDPR).
#[derive(Debug, Clone)]
pub struct ScopeQuestion {
    /// That and why it is much, as the person will read it.
    pub amount: String,
    /// The areas to choose from, one a line.
    pub areas: String,
    /// Whether the clock rests until the answer.
    pub pause: bool,
}

impl Office {
    /// Asks by mail which of much data is meant; all is owed if the person insists on all. The clock rests
    /// from the day on which the mail server takes the question, if all guards of a pause hold.
    pub async fn ask_scope(
        &self,
        scope: &Scope,
        case: CaseId,
        seen: i64,
        asked: ScopeQuestion,
    ) -> Result<Outcome, Error> {
        if asked.amount.trim().is_empty() {
            return Err(Obstacle::Empty("amount").into());
        }
        if asked.areas.trim().is_empty() {
            return Err(Obstacle::Empty("areas").into());
        }
        self.act(scope, case, Some(seen), Role::Handler, |case, moment| {
            if !moment.house.has_post {
                return Err(Obstacle::NoMailServer.into());
            }
            let copy = case
                .unanswered()
                .into_iter()
                .find(|item| item.right.discloses());
            copy.ok_or(Obstacle::OnlyForCopies)?;
            let demand = asked.pause.then(|| Demand {
                kind: PauseKind::Scope,
                asked: moment.today,
                cause: case.intake.received,
                doubt: asked.amount.trim().to_owned(),
                suffices: asked.areas.trim().to_owned(),
                proportionate: true,
                never_waits: false,
            });
            // Said now, not when it has left: that a guard does not hold.
            if let Some(demand) = &demand {
                case.pause(demand.clone(), moment.today, &moment.office.calendar)?;
            }
            let row = outbox::clarification(moment, case, &asked)?;
            let question = Box::new(Unsent {
                demand,
                ..Unsent::mailed(PauseKind::Scope, row.id(), moment.today, true)
            });
            Ok(Deed {
                events: vec![
                    Event::Said { message: row.id() },
                    Event::QuestionWritten { question },
                ],
                messages: vec![row],
                ..Deed::default()
            })
        })
        .await
    }

    /// By when a request would be answered that came in now.
    pub fn due_if_sent_now(&self, controller: &Controller) -> Result<NaiveDate, Error> {
        let period = Period::at(self.now(), controller.place.clone());
        Ok(Term::reckon(period, &self.calendar)?.due())
    }

    /// Stops the clock by a question that was sent outside of this program.
    pub async fn pause(
        &self,
        scope: &Scope,
        case: CaseId,
        seen: i64,
        demand: Demand,
    ) -> Result<Outcome, Error> {
        self.act(scope, case, Some(seen), Role::Handler, |case, moment| {
            Ok(case
                .pause(demand.clone(), moment.today, &moment.office.calendar)?
                .into())
        })
        .await
    }

    /// The answer to this kind of question, or to whatever was asked, sufficed on this day.
    pub async fn resume(
        &self,
        scope: &Scope,
        case: CaseId,
        seen: i64,
        kind: Option<PauseKind>,
        on: NaiveDate,
    ) -> Result<Outcome, Error> {
        self.act(scope, case, Some(seen), Role::Handler, |case, moment| {
            let events = case.resume(kind, on, moment.today, &moment.office.calendar)?;
            Ok(events.into())
        })
        .await
    }

    /// Extends the period of these items, or of all that can be. Was the notice posted, it counts from that day. By mail, to a proven mailbox, it counts
    /// when the mail server has taken it (Art. 12(3) sentence 3 GDPR), and not before.
    pub async fn extend(
        &self,
        scope: &Scope,
        case: CaseId,
        seen: i64,
        rights: &[Right],
        reasons: &str,
        posted_on: Option<NaiveDate>,
    ) -> Result<Outcome, Error> {
        self.act(scope, case, Some(seen), Role::Decider, |case, moment| {
            let on = posted_on.unwrap_or(moment.today);
            let events = case.extend(rights, reasons, on, moment.today, &moment.office.calendar)?;
            if posted_on.is_some() {
                return Ok(events.into());
            }
            if !moment.house.has_post {
                return Err(Obstacle::NoMailServer.into());
            }
            let rights = match rights {
                [] => case.extendable(),
                named => named.to_vec(),
            };
            let row = outbox::extension(moment, case, &rights, reasons)?;
            Ok(Deed {
                events: vec![Event::Said { message: row.id() }],
                messages: vec![row],
                ..Deed::default()
            })
        })
        .await
    }

    /// Reckons the open cases of a controller anew after its place or the table of holidays changed.
    /// Each case that was reckoned by another place or table gets an event that names the date before and after.
    pub async fn recompute(&self, controller: ControllerId) -> Result<usize, Error> {
        let scope = Scope::of_house(controller);
        let place = self.house(controller)?.controller.place.clone();
        let (mut after, mut changed) = (CaseId(i64::MIN), 0);
        loop {
            let reach = scope.clone();
            let ids = self
                .store
                .read(move |conn| cases::open_after(conn, &reach, after, PORTION))
                .await?;
            let Some(last) = ids.last() else {
                return Ok(changed);
            };
            after = *last;
            for id in ids {
                let outcome = self
                    .act(&scope, id, None, Role::Admin, |case, moment| {
                        Ok(case.recompute(&place, &moment.office.calendar)?.into())
                    })
                    .await;
                match outcome {
                    Ok(outcome) => changed += usize::from(outcome.changed),
                    // A day that the table does not know keeps one case as it is, not all behind it.
                    Err(Error::Obstacle(why)) => {
                        tracing::warn!(case = %id, why = why.code(), "a date cannot be reckoned anew");
                    }
                    Err(other) => return Err(other),
                }
            }
        }
    }
}
