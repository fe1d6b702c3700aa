//! How far machines are with what was decided, what they would do next, and what they did as the record of a right tells it.

use std::time::Duration;

use tokio::time::timeout;

use super::acting::{Order, Step, Wanted, endings, manner, place};
use super::error::Error;
use super::office::Office;
use crate::domain::case::Case;
use crate::domain::execution::Acted;
use crate::domain::finding::Heading;
use crate::domain::ids::{CaseId, SystemId};
use crate::domain::judgement::{Judgement, Treatment};
use crate::domain::obstacle::Obstacle;
use crate::domain::right::Right;
use crate::domain::scope::{Role, Scope};
use crate::domain::source::{Change, Fate, Fault, Preview, Record};
use crate::ports::source::{Mishap, Source};
use crate::seal::{Key, open_json};
use crate::storage::findings::{self, FindingRow};
use crate::storage::runs::{self, Paused, RunKind, RunRow};
use crate::words::{measures, sources};

/// So many steps are shown before they are taken.
const SHOWN: usize = 200;
/// Somebody waits for the page: one step may take so long to be foreseen.
const LOOK: Duration = Duration::from_secs(15);

/// A run that does what was decided on a right.
#[derive(Debug, Clone)]
pub struct Underway {
    /// The latest run of its connection.
    pub run: RunRow,
    /// For which right.
    pub right: Right,
    /// Whether the system is switched off for the time being.
    pub paused: bool,
}

/// What would be done for a right.
#[derive(Debug, Default)]
pub struct Foreseen {
    /// The first steps, as the systems themselves foresee them.
    pub steps: Vec<Step>,
    /// How many more there are.
    pub beyond: u64,
    /// The connections in which nobody will write to her any more, before anything goes.
    pub bars: Vec<String>,
}

impl Office {
    /// The latest run of each connection for each right that machines act on.
    ///
    /// # Errors
    /// Of the store.
    pub async fn underway(&self, scope: &Scope, case: CaseId) -> Result<Vec<Underway>, Error> {
        let (case, _, key) = self.open_with_key(scope, case).await?;
        let (reach, id, controller) = (scope.clone(), case.id, case.controller);
        let (rows, paused) = self
            .store
            .read(move |conn| {
                Ok((
                    runs::of_case(conn, &reach, id)?,
                    runs::paused(conn, &reach, controller)?,
                ))
            })
            .await?;
        let mut latest: Vec<Underway> = Vec::new();
        for run in rows {
            let (RunKind::Act, Some(body)) = (run.kind()?, run.body()) else {
                continue;
            };
            let Order { right } = open_json(&key, place(run.id()), body)?;
            let off = |paused: &Paused| paused.source.is_empty() || paused.source == run.source();
            let paused = paused.iter().any(off);
            latest.retain(|it| it.right != right || it.run.source() != run.source());
            latest.push(Underway { run, right, paused });
        }
        Ok(latest)
    }

    /// Has a run that failed, or waits for another try, tried again at once.
    ///
    /// # Errors
    /// An [`Obstacle`]: it may not be done any more, or there is no such run.
    pub async fn act_again(
        &self,
        scope: &Scope,
        case: CaseId,
        (right, source): (Right, &str),
    ) -> Result<(), Error> {
        let (known, _) = self.open(scope, case).await?;
        scope.demand(known.controller, Role::Decider)?;
        known.may_act(right)?;
        let all = self.underway(scope, case).await?;
        let run = all
            .iter()
            .find(|it| it.right == right && it.run.source() == source)
            .ok_or(Obstacle::NotConnected)?;
        let (id, now) = (run.run.id(), self.now());
        let noted = self.noted(
            scope,
            known.controller,
            "execution.again",
            &case.to_string(),
        );
        self.store
            .write(move |conn| {
                runs::again(conn, id, now)?;
                crate::storage::events::insert(conn, std::slice::from_ref(&noted))
            })
            .await?;
        self.wake.notify_one();
        Ok(())
    }

    /// What machines would do for a right: the first steps as the systems foresee them, and how many there are. Nothing is
    /// done, and a system that does not answer is asked no further.
    ///
    /// # Errors
    /// Of the store.
    pub async fn foresee(
        &self,
        scope: &Scope,
        case: CaseId,
        right: Right,
    ) -> Result<Foreseen, Error> {
        let (case, _, key) = self.open_with_key(scope, case).await?;
        let mut foreseen = Foreseen::default();
        for connected in self.can_act(&case, right) {
            let bars = matches!(
                right,
                Right::MarketingObjection | Right::Withdrawal | Right::Erasure
            );
            if bars && connected.source.suppresses().is_some() {
                foreseen.bars.push(connected.name.clone());
            }
            if matches!(right, Right::MarketingObjection | Right::Withdrawal) {
                continue;
            }
            let (id, name, mut after) = (case.id, connected.name.clone(), (i32::MIN, 0));
            let counted = name.clone();
            let mut open = self
                .store
                .read(move |conn| match right {
                    Right::Restriction => findings::count_hers(conn, id, &counted),
                    Right::Rectification => findings::count_to_correct(conn, id, &counted),
                    _ => findings::count_to_do(conn, id, &counted, endings(right)),
                })
                .await?;
            let mut away: Option<Mishap> = None;
            'portions: while foreseen.steps.len() < SHOWN {
                let rows = self.portion(case.id, &name, right, after).await?;
                let Some(last) = rows.last() else {
                    break;
                };
                after = last.place();
                for row in &rows {
                    if foreseen.steps.len() >= SHOWN {
                        break 'portions;
                    }
                    let record = row.record(&key)?;
                    let wanted = wanted(right, row, &record, &key)?;
                    let preview = match &away {
                        Some(mishap) => Err(mishap.clone()),
                        None => look(connected.source.as_ref(), &record, &wanted).await,
                    };
                    if let Err(mishap) = &preview
                        && matches!(mishap.fault, Fault::Slow | Fault::Unreachable | Fault::Busy)
                    {
                        away.get_or_insert(mishap.clone());
                    }
                    open = open.saturating_sub(1);
                    foreseen.steps.push(Step {
                        id: row.id(),
                        source: name.clone(),
                        heading: Heading::of(&record),
                        wanted,
                        preview,
                    });
                }
            }
            foreseen.beyond += open;
        }
        Ok(foreseen)
    }
}

/// What was decided of one record for a right.
fn wanted(right: Right, row: &FindingRow, record: &Record, key: &Key) -> Result<Wanted, Error> {
    Ok(match right {
        Right::Rectification => {
            let label = |change: &Change| {
                let mut fields = record.fields.iter();
                let field = fields.find(|it| it.name == change.field)?;
                field.label.clone()
            };
            let changes = row.mark(key)?.changes.into_iter();
            Wanted::Correct(changes.map(|it| (label(&it), it)).collect())
        }
        Right::Restriction => Wanted::End(Treatment::Restrict),
        _ => Wanted::End(row.ending().unwrap_or(Treatment::Keep)),
    })
}

/// What would happen to one record, as its system says it where it is asked; what the interface cannot stays with a person.
async fn look(source: &dyn Source, record: &Record, wanted: &Wanted) -> Result<Preview, Mishap> {
    let treatment = match wanted {
        Wanted::Correct(_) if source.rectifies().is_some() => {
            return Ok(would_be(Fate::Changed));
        }
        Wanted::Correct(_) => return Ok(would_be(Fate::Kept)),
        Wanted::End(treatment) => *treatment,
    };
    match (manner(treatment), source.erases(), source.restricts()) {
        (Some(manner), Some(erases), _) => {
            let asked = timeout(LOOK, erases.preview(&record.reference, manner)).await;
            asked.unwrap_or_else(|_| Err(Mishap::new(Fault::Slow, "no end in time")))
        }
        (Some(_), None, _) | (None, _, None) => Ok(would_be(Fate::Kept)),
        (None, _, Some(_)) => Ok(would_be(Fate::Restricted)),
    }
}

fn would_be(fate: Fate) -> Preview {
    Preview {
        there: true,
        fate,
        why: String::new(),
        effects: vec![],
        leftovers: vec![],
    }
}

/// What machines did and kept in a system for a right, as they read it back; none, where no machine acted there.
pub fn read_back(case: &Case, right: Right, system: SystemId) -> Option<String> {
    let of_it = |it: &&Acted| it.system == system && it.right == right;
    let acted: Vec<&Acted> = case.acted.iter().filter(of_it).collect();
    (!acted.is_empty()).then(|| sources::read_back(&acted, case.intake.lang))
}

/// What machines did in a system for a right, as the record of it tells: what was decided, and what was read back. Nothing
/// where something did not work: a person looks first.
pub fn proven(case: &Case, right: Right, system: SystemId) -> Option<String> {
    let of_it = |it: &&Acted| it.system == system && it.right == right;
    let acted: Vec<&Acted> = case.acted.iter().filter(of_it).collect();
    // A connection that holds something and did nothing, and what a rule over there kept: a person writes what is true.
    let absent = case.collection.searched.iter().any(|it| {
        it.system == system && it.laid() > 0 && !acted.iter().any(|done| done.source == it.source)
    });
    let absent = absent
        && matches!(
            right,
            Right::Erasure | Right::Restriction | Right::Rectification
        );
    let kept = |it: &&Acted| {
        it.fates
            .iter()
            .any(|(fate, many)| *fate == Fate::Kept && *many > 0)
    };
    if acted.is_empty() || absent || acted.iter().any(|it| it.failed > 0) || acted.iter().any(kept)
    {
        return None;
    }
    let counted = sources::proven(&acted, case.intake.lang)?;
    let weighing = case.weighed.get(&right);
    let judged = weighing.into_iter().flat_map(|it| &it.judgements);
    let judged: Vec<&Judgement> = judged.filter(|it| it.system == system).collect();
    Some(match measures::work(&judged, case.intake.lang) {
        work if work.is_empty() => counted,
        work => format!("{work} ({counted})"),
    })
}
