//! What was decided is done in connected systems: record by record in the order that they need, each read back, each
//! fate written down before the next; what went is remembered for the day on which a backup brings it back.

use std::time::{Duration, Instant};

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};
use tokio::time::timeout;

use super::connected::Connected;
use super::desk::Deed;
use super::error::Error;
use super::office::Office;
use super::outliving::{self, digests_of};
use crate::domain::case::Case;
use crate::domain::event::Event;
use crate::domain::execution::Acted;
use crate::domain::finding::{Correction, Heading};
use crate::domain::identifier::SearchKey;
use crate::domain::ids::{CaseId, FindingId};
use crate::domain::judgement::Treatment;
use crate::domain::obstacle::Obstacle;
use crate::domain::private::Private;
use crate::domain::retention::purge_day;
use crate::domain::right::Right;
use crate::domain::scope::{Role, Scope};
use crate::domain::source::{
    Change, Fate, Fault, Leftover, Manner, Outcome as Done, Preview, Record, RecordRef,
};
use crate::ports::source::{Means, Mishap, Source};
use crate::seal::{Key, Place, open_json, seal_json};
use crate::storage::StoreError;
use crate::storage::findings::{self, FindingRow};
use crate::storage::outliving::{ErasureRow, Note, remember};
use crate::storage::runs::{self, Ended, NewRun, RunKind, RunRow};

/// So many records are opened at a time.
const PORTION: i64 = 50;
/// One act at one record may take so long.
const PATIENCE: Duration = Duration::from_secs(600);
/// A system that did not answer for so many records in a row is asked for the rest another time.
const AWAY: usize = 3;
/// So often a run that goes on says so, and for so long it holds on to its work: longer than one act may take.
const SIGN_OF_LIFE: Duration = Duration::from_secs(60);
const HOLD: TimeDelta = TimeDelta::minutes(15);

/// What a run has to do.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Order {
    pub(super) right: Right,
}

pub(super) fn place(run: i64) -> Place<'static> {
    Place {
        table: "source_run",
        column: "body_sealed",
        id: run,
    }
}

/// How findings end for a right by machine.
pub(super) fn endings(right: Right) -> &'static [Treatment] {
    match right {
        Right::Erasure => &[Treatment::Erase, Treatment::Anonymise, Treatment::Restrict],
        _ => &[],
    }
}

/// Whether a connection can do anything for a right by itself.
fn can(source: &dyn Source, right: Right) -> bool {
    let abilities = source.profile().abilities;
    let machine = |means: Means| means == Means::Machine;
    match right {
        Right::Erasure => machine(abilities.erase) || machine(abilities.restrict),
        Right::Restriction => machine(abilities.restrict),
        Right::Rectification => machine(abilities.rectify),
        Right::MarketingObjection | Right::Withdrawal => machine(abilities.suppress),
        _ => false,
    }
}

/// What would be done to one record.
#[derive(Debug, Clone)]
pub struct Step {
    /// Which finding.
    pub id: FindingId,
    /// By which connection.
    pub source: String,
    /// What it is called.
    pub heading: Heading,
    /// What is to happen.
    pub wanted: Wanted,
    /// What the system says would happen, or why it cannot say.
    pub preview: Result<Preview, Mishap>,
}

/// What was decided of one record.
#[derive(Debug, Clone)]
pub enum Wanted {
    /// It ends like this.
    End(Treatment),
    /// These values are put right; each with what the other system calls its field, where it says so.
    Correct(Vec<(Option<String>, Change)>),
}

impl Office {
    /// The connections that can do something for a right in a case, by themselves.
    pub fn can_act<'a>(
        &'a self,
        case: &'a Case,
        right: Right,
    ) -> impl Iterator<Item = &'a Connected> {
        self.connected_to(case.controller)
            .filter(move |connected| can(connected.source.as_ref(), right))
            .filter(move |connected| {
                matches!(right, Right::MarketingObjection | Right::Withdrawal)
                    || case
                        .collection
                        .searched
                        .iter()
                        .any(|it| it.source == connected.name)
            })
    }

    /// What would be done in connected systems for a right, record by record, as they say it themselves. Nothing is done.
    ///
    /// # Errors
    /// Of the store.
    pub async fn steps(
        &self,
        scope: &Scope,
        case: CaseId,
        right: Right,
    ) -> Result<Vec<Step>, Error> {
        Ok(self.foresee(scope, case, right).await?.steps)
    }

    pub(super) async fn portion(
        &self,
        case: CaseId,
        source: &str,
        right: Right,
        after: (i32, i64),
    ) -> Result<Vec<FindingRow>, Error> {
        let source = source.to_owned();
        Ok(self
            .store
            .read(move |conn| match right {
                Right::Restriction => findings::hers(conn, case, &source, after, PORTION),
                Right::Rectification => findings::to_correct(conn, case, &source, after, PORTION),
                _ => findings::to_do(conn, case, &source, endings(right), after, PORTION),
            })
            .await?)
    }

    /// Has done in connected systems what was decided on a right: a person says so, after the second look.
    ///
    /// # Errors
    /// An [`Obstacle`]; nothing is connected that could.
    pub async fn act_there(
        &self,
        scope: &Scope,
        case: CaseId,
        seen: i64,
        right: Right,
    ) -> Result<usize, Error> {
        let (case, revision, key) = self.open_with_key(scope, case).await?;
        scope.demand(case.controller, Role::Decider)?;
        // What is done is what was foreseen.
        if revision != seen {
            return Err(Obstacle::ChangedMeanwhile { revision }.into());
        }
        case.may_act(right)?;
        let mut rows = Vec::new();
        for connected in self.can_act(&case, right) {
            let system = self
                .system_of(scope, &case, connected)
                .await?
                .ok_or(Obstacle::UnknownTask)?;
            let id = self.next_id();
            rows.push(RunRow::from(NewRun {
                id,
                controller: case.controller,
                case: case.id,
                system,
                source: connected.name.clone(),
                kind: RunKind::Act,
                promise: format!(
                    "act:{}:{}:{}:{revision}",
                    case.id,
                    connected.name,
                    right.code()
                ),
                run_at: self.now(),
                body_sealed: Some(seal_json(&key, place(id), &Order { right })?),
            }));
        }
        if rows.is_empty() {
            return Err(Obstacle::NotConnected.into());
        }
        if right == Right::Erasure {
            self.all_ended(scope, case.id).await?;
        }
        let count = rows.len();
        let noted = self.noted(
            scope,
            case.controller,
            "execution.begun",
            &case.id.to_string(),
        );
        self.store
            .write(move |conn| {
                for row in &rows {
                    runs::promise(conn, row)?;
                }
                crate::storage::events::insert(conn, std::slice::from_ref(&noted))
            })
            .await?;
        self.wake.notify_one();
        Ok(count)
    }

    /// Does in one connected system what was decided, as a run that was claimed says.
    ///
    /// # Errors
    /// Of the own store alone.
    pub async fn do_there(&self, run: &RunRow) -> Result<(), Error> {
        let done = match self.connection(run.controller(), run.source()) {
            Ok(connected) => self.done_there(run, connected).await,
            Err(_) => Err(Error::Obstacle(Obstacle::NotConnected)),
        };
        match done {
            Ok(None) => Ok(()),
            Ok(Some(mishap)) => self.missed(run, &mishap).await,
            Err(Error::NotFound) => self.stopped(run).await,
            // What stands against it now is for a person: the case was reopened, a hold was set.
            Err(Error::Obstacle(_)) => self.stopped(run).await,
            Err(error) => {
                let own = Mishap::new(Fault::Broken, "the own store");
                self.missed(run, &own).await?;
                Err(error)
            }
        }
    }

    async fn done_there(
        &self,
        run: &RunRow,
        connected: &Connected,
    ) -> Result<Option<Mishap>, Error> {
        let scope = Scope::of_house(run.controller());
        let (case, _, key) = self.open_with_key(&scope, run.case()).await?;
        let order: Order = match run.body() {
            Some(body) => open_json(&key, place(run.id()), body)?,
            None => return Err(Error::Fault("an act without its order")),
        };
        // It may have been long ago that it was promised.
        case.may_act(order.right)?;
        let mut work = Work {
            run: run.id(),
            acted: Acted {
                system: run.system(),
                source: run.source().to_owned(),
                right: order.right,
                at: self.now(),
                fates: Vec::new(),
                failed: 0,
                leftovers: connected.source.profile().leftovers,
            },
            held_at: None,
            halted: false,
            away: 0,
            later: None,
            never: None,
        };
        self.suppress_there(connected, &case, &mut work).await?;
        // Whoever cannot be barred is not taken away either: the next import would bring her back unbarred.
        if work.later.is_none() && work.never.is_none() && !work.halted {
            self.end_there(connected, &case, &key, &mut work).await?;
        }
        self.sum_up(&case, &mut work).await?;
        let Work {
            acted,
            halted,
            later,
            never,
            ..
        } = work;
        let (id, ended) = (run.id(), Ended::done());
        // What is to be repeated, or failed, is not done; what was done until now is in the file all the same.
        let finished = later.is_none() && never.is_none() && !halted;
        self.act(&scope, case.id, None, Role::Handler, |_, _| {
            let event = Event::ActedThere {
                acted: Box::new(acted.clone()),
            };
            Ok(Deed {
                run: finished.then(|| (id, ended.clone())),
                ..Deed::from(vec![event])
            })
        })
        .await?;
        if halted {
            self.stopped(run).await?;
            return Ok(None);
        }
        Ok(later.or(never))
    }

    /// Whether the work may go on: it is still ours, and nobody has set a hold or taken the decision up again since.
    async fn goes_on(&self, case: &Case, work: &mut Work) -> Result<bool, Error> {
        if work.held_at.is_none_or(|at| at.elapsed() > SIGN_OF_LIFE) {
            let (id, until) = (work.run, self.now() + HOLD);
            let ours = self
                .store
                .write(move |conn| runs::hold(conn, id, until))
                .await?;
            work.halted |= !ours;
            work.held_at = Some(Instant::now());
        }
        let scope = Scope::of_house(case.controller);
        let (now, _) = self.open(&scope, case.id).await?;
        work.halted |= now.may_act(work.acted.right).is_err();
        Ok(!work.halted)
    }

    /// What became of her records until now, by this try and by those before; and how many are left.
    async fn sum_up(&self, case: &Case, work: &mut Work) -> Result<(), Error> {
        let right = work.acted.right;
        if matches!(right, Right::MarketingObjection | Right::Withdrawal) {
            return Ok(());
        }
        let (id, source) = (case.id, work.acted.source.clone());
        let (fates, open) = self
            .store
            .read(move |conn| {
                let mut fates = findings::fates(conn, id, &source)?;
                if right == Right::Restriction {
                    fates.retain(|(fate, _)| *fate == Fate::Restricted);
                    let done: u64 = fates.iter().map(|(_, many)| many).sum();
                    let hers = findings::count_hers(conn, id, &source)?;
                    return Ok((fates, hers.saturating_sub(done)));
                }
                if right == Right::Rectification {
                    let open = findings::count_to_correct(conn, id, &source)?;
                    return Ok((findings::corrected(conn, id, &source)?, open));
                }
                let open = findings::count_to_do(conn, id, &source, endings(right))?;
                Ok((fates, open))
            })
            .await?;
        let suppressed = |(fate, _): &(Fate, u64)| *fate == Fate::Suppressed;
        work.acted.fates.retain(suppressed);
        work.acted.fates.extend(fates);
        work.acted.failed = work.acted.failed.max(open);
        // Where nothing was to be put right, no old value stands in a backup.
        if right == Right::Rectification && work.acted.fates.is_empty() && open == 0 {
            work.acted.leftovers.clear();
        }
        Ok(())
    }

    /// Nobody writes to her any more, before anything of her is taken away: with the record a list forgets it, too.
    async fn suppress_there(
        &self,
        connected: &Connected,
        case: &Case,
        work: &mut Work,
    ) -> Result<(), Error> {
        let (Some(suppresses), true) = (
            connected.source.suppresses(),
            matches!(
                work.acted.right,
                Right::MarketingObjection | Right::Withdrawal | Right::Erasure
            ),
        ) else {
            return Ok(());
        };
        let emails = case.identifiers();
        let emails = emails.iter().filter(|it| it.kind == SearchKey::Email);
        for email in emails {
            if !self.goes_on(case, work).await? {
                return Ok(());
            }
            let done = timeout(PATIENCE, suppresses.suppress(email)).await;
            work.take(done.unwrap_or_else(|_| Err(slow())));
        }
        Ok(())
    }

    async fn end_there(
        &self,
        connected: &Connected,
        case: &Case,
        key: &Key,
        work: &mut Work,
    ) -> Result<(), Error> {
        if matches!(
            work.acted.right,
            Right::MarketingObjection | Right::Withdrawal
        ) {
            return Ok(());
        }
        let mut after = (i32::MIN, 0);
        loop {
            let rows = self
                .portion(case.id, &connected.name, work.acted.right, after)
                .await?;
            let Some(last) = rows.last() else {
                return Ok(());
            };
            after = last.place();
            for row in &rows {
                if !self.goes_on(case, work).await? {
                    return Ok(());
                }
                let record = row.record(key)?;
                let source = connected.source.as_ref();
                let done = match work.acted.right {
                    Right::Rectification => {
                        put_right(source, &record, &row.mark(key)?.changes).await
                    }
                    Right::Restriction => end(source, &record, Treatment::Restrict).await,
                    _ => end(source, &record, row.ending().unwrap_or(Treatment::Keep)).await,
                };
                let Some(done) = done else {
                    continue;
                };
                if let Some(done) = work.take(done) {
                    let right = work.acted.right;
                    self.write_fate((case, right), key, row, (connected, &record), &done)
                        .await?;
                }
                // Whoever wants to be left alone, or is not there, is left alone with the rest, too.
                let asked = work.later.as_ref().is_some_and(|it| it.wait.is_some());
                if asked || work.away >= AWAY {
                    return Ok(());
                }
            }
        }
    }

    /// A fate is written before the next record is touched, and what went is remembered in the same breath.
    async fn write_fate(
        &self,
        (case, right): (&Case, Right),
        key: &Key,
        row: &FindingRow,
        (connected, record): (&Connected, &Record),
        done: &Done,
    ) -> Result<(), Error> {
        let house = self.house(case.controller)?;
        let remembered = match done.fate {
            Fate::Gone | Fate::Anonymous => {
                let today = self.today();
                let note = Note {
                    case: case.number.clone(),
                    system: connected.system.clone(),
                    what: Private::from(crate::words::sources::fate(
                        done.fate,
                        crate::domain::lang::Lang::De,
                    )),
                    source: connected.name.clone(),
                    records: vec![record.reference.clone()],
                    fate: Some(done.fate),
                };
                let until = purge_day(today).unwrap_or(today);
                let erased = ErasureRow::seal(
                    self.next_id(),
                    case.controller,
                    (today, until),
                    &note,
                    house.keys.wrap.newest(),
                )?;
                Some((erased, digests_of(case, &outliving::index(house))))
            }
            _ => None,
        };
        let (id, finding, fate) = (case.id, row.id(), done.fate);
        let (key, seen) = (key.clone(), done.seen.clone());
        self.store
            .write(move |conn| {
                match right {
                    Right::Rectification => {
                        let done = Some(Correction::Done(fate));
                        findings::put_right(conn, id, finding, done)?;
                    }
                    _ => findings::settle(conn, id, finding, fate)?,
                }
                findings::remark(conn, &key, (id, finding), |mark| {
                    mark.seen.clone_from(&seen);
                })?;
                if let Some((erased, digests)) = &remembered {
                    remember(conn, erased, digests)?;
                }
                Ok::<(), StoreError>(())
            })
            .await?;
        Ok(())
    }
}

/// What a run has done so far.
struct Work {
    run: i64,
    acted: Acted,
    /// When it was last told that somebody works on it.
    held_at: Option<Instant>,
    /// Somebody else has it, or something stands against it since.
    halted: bool,
    /// How many records in a row it did not answer for.
    away: usize,
    later: Option<Mishap>,
    never: Option<Mishap>,
}

impl Work {
    fn take(&mut self, done: Result<Done, Mishap>) -> Option<Done> {
        match done {
            Ok(done) => {
                self.away = 0;
                match self
                    .acted
                    .fates
                    .iter_mut()
                    .find(|(fate, _)| *fate == done.fate)
                {
                    Some((_, many)) => *many += 1,
                    None => self.acted.fates.push((done.fate, 1)),
                }
                for leftover in &done.leftovers {
                    add(&mut self.acted.leftovers, leftover);
                }
                Some(done)
            }
            Err(mishap) if mishap.fault.may_heal() && mishap.fault != Fault::Conflict => {
                let away = matches!(mishap.fault, Fault::Unreachable | Fault::Slow);
                self.away = if away { self.away + 1 } else { 0 };
                self.later.get_or_insert(mishap);
                None
            }
            Err(mishap) => {
                self.acted.failed += 1;
                self.never.get_or_insert(mishap);
                None
            }
        }
    }
}

fn slow() -> Mishap {
    Mishap::new(Fault::Slow, "no end in time")
}

/// The same place is named once, with all that is left there.
fn add(all: &mut Vec<Leftover>, fresh: &Leftover) {
    match all
        .iter_mut()
        .find(|it| it.kind == fresh.kind && it.place == fresh.place)
    {
        Some(known) => {
            known.count = match (known.count, fresh.count) {
                (Some(known), Some(fresh)) => Some(known + fresh),
                (known, fresh) => known.or(fresh),
            };
            known.days = known.days.max(fresh.days);
        }
        None => all.push(fresh.clone()),
    }
}

pub(super) fn manner(treatment: Treatment) -> Option<Manner> {
    match treatment {
        Treatment::Erase => Some(Manner::Erase),
        Treatment::Anonymise => Some(Manner::Anonymise),
        _ => None,
    }
}

/// Ends one record as it was said; none, if the connection cannot, so that a person does it.
async fn end(
    source: &dyn Source,
    record: &Record,
    treatment: Treatment,
) -> Option<Result<Done, Mishap>> {
    let reference: &RecordRef = &record.reference;
    let done = match manner(treatment) {
        Some(manner) => timeout(PATIENCE, source.erases()?.erase(reference, manner)).await,
        None if treatment == Treatment::Restrict => {
            timeout(PATIENCE, source.restricts()?.restrict(reference, true)).await
        }
        None => return None,
    };
    Some(done.unwrap_or_else(|_| Err(slow())))
}

/// Puts the values of one record right; none, if the connection cannot, so that a person does it.
async fn put_right(
    source: &dyn Source,
    record: &Record,
    changes: &[Change],
) -> Option<Result<Done, Mishap>> {
    let rectifies = source.rectifies()?;
    let done = timeout(PATIENCE, rectifies.rectify(&record.reference, changes)).await;
    Some(done.unwrap_or_else(|_| Err(slow())))
}
