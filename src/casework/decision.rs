//! Deciding the items of a case.

use super::desk::{Deed, Outcome};
use super::error::Error;
use super::findings::Sifting;
use super::office::Office;
use crate::domain::case::Case;
use crate::domain::decision::{Decision, Done};
use crate::domain::ids::CaseId;
use crate::domain::judgement::Treatment;
use crate::domain::obstacle::Obstacle;
use crate::domain::right::Right;
use crate::domain::scope::{Role, Scope};
use crate::domain::sifting::Heap;
use crate::domain::weighing::Weighing;
use crate::storage::filing::FileRow;

/// What is decided on one item, and what was carried out already.
#[derive(Debug, Clone)]
pub struct Verdict {
    /// Which item.
    pub right: Right,
    /// How.
    pub decision: Decision,
    /// What was weighed for it.
    pub weighing: Weighing,
    /// Where, what and when, if it was done before it is written down.
    pub done: Vec<Done>,
}

impl Office {
    /// Decides items, many at once or one alone.
    pub async fn decide(
        &self,
        scope: &Scope,
        case: CaseId,
        seen: i64,
        verdicts: Vec<Verdict>,
    ) -> Result<Outcome, Error> {
        self.decide_with(scope, case, seen, verdicts, vec![]).await
    }

    /// Decides items together with the redacted files that go out in place of what was found.
    pub async fn decide_with(
        &self,
        scope: &Scope,
        case: CaseId,
        seen: i64,
        verdicts: Vec<Verdict>,
        files: Vec<FileRow>,
    ) -> Result<Outcome, Error> {
        if verdicts.is_empty() {
            return Err(Obstacle::NoRight.into());
        }
        let rights: Vec<Right> = verdicts.iter().map(|verdict| verdict.right).collect();
        self.looked_through(scope, case, &rights).await?;
        self.asked_through(scope, case).await?;
        let controller = self.controller_of(scope, case).await?;
        let systems = self.systems(scope, controller).await?;
        self.act(scope, case, Some(seen), Role::Decider, |case, moment| {
            let officer = moment.house.controller.officer.as_ref();
            let has_officer = officer.is_some_and(|officer| !officer.trim().is_empty());
            let mut deed = Deed {
                files: files.clone(),
                ..Deed::default()
            };
            deed.sifting = decided(case, &verdicts);
            let mut then = case.clone();
            for verdict in &verdicts {
                let mut events = then.decide(
                    verdict.right,
                    verdict.decision.clone(),
                    verdict.weighing.clone(),
                    has_officer,
                )?;
                for judged in &verdict.weighing.judgements {
                    judged.findable(moment.today)?;
                }
                for event in &events {
                    then.apply(event, moment.now, scope.actor());
                }
                let acts = matches!(
                    then.item(verdict.right).map(|item| &item.state),
                    Some(crate::domain::item::ItemState::Act { .. })
                );
                if acts && !verdict.done.is_empty() {
                    let notices =
                        then.notices_owed(verdict.right, &verdict.done, &systems, moment.today);
                    let carried = then.carry_out(verdict.right, verdict.done.clone(), notices)?;
                    for event in &carried {
                        then.apply(event, moment.now, scope.actor());
                    }
                    events.extend(carried);
                }
                deed.events.extend(events);
            }
            Ok(deed)
        })
        .await
    }

    /// Takes a decided item up again.
    pub async fn reconsider(
        &self,
        scope: &Scope,
        case: CaseId,
        seen: i64,
        right: Right,
    ) -> Result<Outcome, Error> {
        self.act(scope, case, Some(seen), Role::Decider, |case, _| {
            Ok(case.reconsider(right)?.into())
        })
        .await
    }

    /// The person took items back.
    pub async fn withdraw(
        &self,
        scope: &Scope,
        case: CaseId,
        seen: i64,
        rights: &[Right],
        note: &str,
    ) -> Result<Outcome, Error> {
        self.act(scope, case, Some(seen), Role::Handler, |case, moment| {
            Ok(case.withdraw(rights, note, moment.today)?.into())
        })
        .await
    }
}

/// What the judgements of categories mean for the findings that machines brought.
fn decided(case: &Case, verdicts: &[Verdict]) -> Option<Sifting> {
    let mut heaps = Vec::new();
    // The copy and what is taken along come from one heap: where both are asked for, access says what leaves.
    let access = case.item(Right::Access).is_some();
    let speaks = |verdict: &&Verdict| verdict.right != Right::Portability || !access;
    let judgements = verdicts
        .iter()
        .filter(speaks)
        .flat_map(|verdict| &verdict.weighing.judgements)
        // That a category leaves with black parts says nothing yet of any single finding: somebody looks at each.
        .filter(|judged| judged.treatment != Treatment::Redact);
    for judged in judgements {
        for searched in case
            .collection
            .searched
            .iter()
            .filter(|it| it.system == judged.system)
        {
            for held in searched
                .held
                .iter()
                .filter(|held| held.name == judged.category)
            {
                let heap = Heap {
                    system: judged.system,
                    category: held.category.clone(),
                };
                heaps.push((heap, judged.treatment));
            }
        }
    }
    (!heaps.is_empty()).then_some(Sifting::Decided(heaps))
}
