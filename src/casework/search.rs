//! Connected systems are asked whom they hold: one run for each, promised with what gives rise to it, safe from a crash,
//! repeated alone, and answered for the office only when the machine may say so.

use chrono::{DateTime, TimeDelta, Utc};
use futures_util::future::BoxFuture;
use tokio::time::timeout;

use super::connected::Connected;
use super::desk::{Deed, Moment};
use super::error::Error;
use super::office::Office;
use crate::domain::case::Case;
use crate::domain::collection::{Held, Outcome as Answer, Searched, TaskState};
use crate::domain::event::Event;
use crate::domain::identifier::Identifier;
use crate::domain::ids::{CaseId, ControllerId, FindingId, SystemId};
use crate::domain::known::{Known, Standing, Whence};
use crate::domain::lang::Lang;
use crate::domain::obstacle::Obstacle;
use crate::domain::scope::{Actor, Role, Scope};
use crate::domain::source::{Doubt, Fault, Record, Search};
use crate::ports::source::{Basket, Mishap};
use crate::seal::{Key, chance};
use crate::storage::findings::{self, FindingRow, Laid, Shelf};
use crate::storage::runs::{self, Ended, NewRun, Paused, RunKind, RunRow, RunState};
use crate::words::sources;

/// So many records are sealed and written at a time.
const PORTION: usize = 200;
/// A source that gives more than this for one person is not believed.
const MOST: u64 = 200_000;
/// So long a canary that was found vouches for the searches that follow.
const CANARY_HOLDS: TimeDelta = TimeDelta::minutes(10);
/// So often a run is repeated by itself; with the pauses between, some two days.
const TRIES: i32 = 24;
/// The first pause before a repeat, and the longest, in seconds.
const PAUSES: (i64, i64) = (20, 4 * 3600);

/// The runs that an event promises: with the search every system is asked, and again when there is more to ask by.
pub(super) fn promised(moment: &Moment<'_>, case: &Case, event: &Event) -> Vec<RunRow> {
    let kind = match event {
        Event::SearchBegun { .. } => None,
        Event::IdentifierNamed { known } if known.standing == Standing::Accepted => {
            Some(known.identifier.kind)
        }
        Event::IdentifierSettled {
            kind,
            accepted: true,
            ..
        } => Some(*kind),
        _ => return vec![],
    };
    if !case.collection.begun {
        return vec![];
    }
    let asked = |connected: &&Connected| {
        kind.is_none_or(|kind| connected.source.profile().keys.contains(&kind))
    };
    moment
        .office
        .connected_to(case.controller)
        .filter(|connected| connected.looks_by_itself())
        .filter(asked)
        .filter_map(|connected| {
            let task = case
                .collection
                .tasks
                .iter()
                .find(|task| task.slug == connected.system)?;
            Some(moment.office.run_to_find(case, task.system, connected))
        })
        .collect()
}

/// Where a run puts what it finds: sealed portions under the case's key.
struct Laying<'a> {
    office: &'a Office,
    shelf: Shelf,
    key: &'a Key,
    run: i64,
    waiting: Vec<FindingRow>,
    laid: Laid,
    taken: u64,
}

impl Laying<'_> {
    async fn write(&mut self) -> Result<(), Mishap> {
        let rows = std::mem::take(&mut self.waiting);
        if rows.is_empty() {
            return Ok(());
        }
        let (run, taken) = (self.run, self.taken);
        let laid = self
            .office
            .store
            .write(move |conn| {
                let laid = findings::lay(conn, &rows)?;
                runs::progress(conn, run, taken)?;
                Ok(laid)
            })
            .await
            .map_err(|error| {
                tracing::error!(%error, "findings could not be kept");
                Mishap::new(Fault::Broken, "the own store")
            })?;
        self.laid += laid;
        Ok(())
    }

    fn seal(&self, record: &Record) -> Result<FindingRow, Mishap> {
        let own = |what: &str| Mishap::new(Fault::Broken, what);
        let index = &self
            .office
            .house(self.shelf.controller)
            .map_err(|_| own("the controller is gone"))?
            .index;
        // The version is no part of what a record is: with it, a changed record would be another one.
        let name = serde_json::to_vec(&(
            self.shelf.case.0,
            &self.shelf.source,
            &record.reference.kind,
            &record.reference.id,
        ))
        .map_err(|_| own("a record without a name"))?;
        let whole = serde_json::to_vec(record).map_err(|_| own("a record that cannot be kept"))?;
        FindingRow::seal(
            FindingId(self.office.next_id()),
            &self.shelf,
            record,
            (index.exact_digest(&name), index.exact_digest(&whole)),
            self.key,
            self.office.now(),
        )
        .map_err(|_| own("the own store"))
    }
}

impl Basket for Laying<'_> {
    fn lay(&mut self, record: Record) -> BoxFuture<'_, Result<(), Mishap>> {
        Box::pin(async move {
            self.taken += 1;
            if self.taken > MOST {
                return Err(Mishap::new(
                    Fault::Flooded,
                    format!("more than {MOST} records"),
                ));
            }
            let row = self.seal(&record)?;
            self.waiting.push(row);
            match self.waiting.len() >= PORTION {
                true => self.write().await,
                false => Ok(()),
            }
        })
    }
}

/// Counts whether the canary is there, and keeps nothing.
struct Counting(u64);

impl Basket for Counting {
    fn lay(&mut self, _: Record) -> BoxFuture<'_, Result<(), Mishap>> {
        self.0 += 1;
        let enough = self.0 > 1000;
        Box::pin(std::future::ready(match enough {
            true => Err(Mishap::new(
                Fault::Flooded,
                "the canary has a thousand records",
            )),
            false => Ok(()),
        }))
    }
}

/// How far the search in one connected system is, for the page.
#[derive(Debug, Clone)]
pub struct Progress {
    /// The latest run.
    pub run: RunRow,
    /// Whether the system is switched off for the time being.
    pub paused: bool,
}

impl Office {
    /// The connections of a controller.
    pub fn connected_to(&self, controller: ControllerId) -> impl Iterator<Item = &Connected> {
        self.connections
            .iter()
            .filter(move |connected| connected.controller == controller)
    }

    /// The connection of that name.
    ///
    /// # Errors
    /// [`Obstacle::NotConnected`].
    pub fn connection(&self, controller: ControllerId, name: &str) -> Result<&Connected, Error> {
        self.connected_to(controller)
            .find(|connected| connected.name == name)
            .ok_or_else(|| Obstacle::NotConnected.into())
    }

    fn run_to_find(&self, case: &Case, system: SystemId, connected: &Connected) -> RunRow {
        let id = self.next_id();
        NewRun {
            id,
            controller: case.controller,
            case: case.id,
            system,
            source: connected.name.clone(),
            kind: RunKind::Find,
            // It is written with the event that gives rise to it, and so only once.
            promise: format!("find:{}:{}:{id}", case.id, connected.name),
            run_at: self.now(),
            body_sealed: None,
        }
        .into()
    }

    /// Asks one connected system, as a run that was claimed says; writes down what came out, or why nothing did.
    ///
    /// # Errors
    /// Of the own store alone; what the other side does wrong is written down.
    pub async fn look_there(&self, run: &RunRow) -> Result<(), Error> {
        let looked = match self.connection(run.controller(), run.source()) {
            Ok(connected) => timeout(connected.patience, self.looked(run, connected))
                .await
                .unwrap_or_else(|_| Err(Mishap::new(Fault::Slow, "no end in time").into())),
            Err(_) => Err(Mishap::new(Fault::Misconfigured, "the connection is gone").into()),
        };
        match looked {
            Ok(()) => Ok(()),
            Err(Looked::Mishap(mishap)) => self.missed(run, &mishap).await,
            Err(Looked::Own(Error::NotFound)) => self.stopped(run).await,
            Err(Looked::Own(error)) => {
                self.missed(run, &Mishap::new(Fault::Broken, "the own store"))
                    .await?;
                Err(error)
            }
        }
    }

    async fn looked(&self, run: &RunRow, connected: &Connected) -> Result<(), Looked> {
        let scope = Scope::of_house(run.controller());
        let (case, _, key) = self.open_with_key(&scope, run.case()).await?;
        if case.closed.is_some() {
            return Err(Error::NotFound.into());
        }
        let find = connected
            .source
            .finds()
            .ok_or_else(|| Mishap::new(Fault::Misconfigured, "it does not search by machine"))?;
        let keys = connected.source.profile().keys;
        let mut wanted = case.identifiers();
        wanted.retain(|identifier| keys.contains(&identifier.kind));
        let mut laying = Laying {
            office: self,
            shelf: Shelf {
                controller: run.controller(),
                case: run.case(),
                system: run.system(),
                source: run.source().to_owned(),
            },
            key: &key,
            run: run.id(),
            waiting: Vec::new(),
            laid: Laid::default(),
            taken: 0,
        };
        let mut search = Search::default();
        if !wanted.is_empty() {
            let canary = self.canary_of_late(connected).await?;
            search = find.find(&wanted, &mut laying).await?;
            if let Some(doubt) = canary {
                search.doubt(doubt);
            }
            laying.write().await?;
        }
        self.believe(run, (&case, wanted), search).await?;
        Ok(())
    }

    /// The same for one search among many: a canary that was found just now need not be looked for again, and a
    /// thousand cases cost a system hardly more than a thousand calls.
    async fn canary_of_late(&self, connected: &Connected) -> Result<Option<Doubt>, Mishap> {
        let mut seen = connected.canary_seen.lock().await;
        let now = self.now();
        if seen.is_some_and(|at| at <= now && now - at < CANARY_HOLDS) {
            return Ok(None);
        }
        let doubt = self.canary(connected).await?;
        *seen = doubt.is_none().then_some(now);
        Ok(doubt)
    }

    /// Whether the canary is found today; none is a doubt, and a lost one a large one.
    pub(super) async fn canary(&self, connected: &Connected) -> Result<Option<Doubt>, Mishap> {
        let (Some(canary), Some(find)) = (&connected.canary, connected.source.finds()) else {
            return Ok(Some(Doubt::NoCanary));
        };
        let mut counting = Counting(0);
        find.find(std::slice::from_ref(canary), &mut counting)
            .await?;
        Ok((counting.0 == 0).then_some(Doubt::CanaryLost))
    }

    /// Writes the evidence of a search into the case, and answers for the system when every connection to it is sure.
    async fn believe(
        &self,
        run: &RunRow,
        (case, wanted): (&Case, Vec<Identifier>),
        search: Search,
    ) -> Result<(), Error> {
        let scope = Scope::of_house(run.controller());
        let seen: Vec<Known> = search
            .proposals
            .iter()
            .map(|proposal| Known {
                identifier: proposal.identifier.clone(),
                whence: Whence::Record {
                    system: run.system(),
                    kind: proposal.record.kind.clone(),
                    id: proposal.record.id.clone(),
                },
                standing: Standing::Proposed,
            })
            .collect();
        let searched = Searched {
            system: run.system(),
            source: run.source().to_owned(),
            at: self.now(),
            by: wanted,
            asked: search.asked,
            doubts: search.doubts,
            held: self.held_by(&scope, case.id, run).await?,
        };
        let (id, ended) = (run.id(), Ended::done());
        self.act(&scope, case.id, None, Role::Handler, |case, _| {
            let mut events = case.propose_identifiers(seen.clone());
            events.push(Event::SourceSearched {
                searched: Box::new(searched.clone()),
            });
            events.extend(self.answer_for(case, &searched));
            Ok(Deed {
                run: Some((id, ended.clone())),
                ..Deed::from(events)
            })
        })
        .await
        .map(|_| ())
    }

    /// What the machine says for a system, if every connection to it was sure, and no person has said something else.
    fn answer_for(&self, case: &Case, fresh: &Searched) -> Option<Event> {
        let task = case
            .collection
            .tasks
            .iter()
            .find(|task| task.system == fresh.system)?;
        if let TaskState::Answered { by, .. } = &task.state
            && *by != Actor::house()
        {
            return None;
        }
        let mut all = Vec::new();
        for connected in self.connected_to(case.controller) {
            if connected.system != task.slug {
                continue;
            }
            // A part that only a person can look into is answered by her.
            if !connected.looks_by_itself() {
                return None;
            }
            let said = match connected.name == fresh.source {
                true => Some(fresh),
                false => case
                    .collection
                    .searched
                    .iter()
                    .find(|it| it.source == connected.name),
            };
            all.push(said.filter(|said| said.suffices())?.clone());
        }
        let text = sources::answer(&all).into();
        let outcome = match all.iter().all(|searched| searched.laid() == 0) {
            true => Answer::Nothing { text },
            false => Answer::Found {
                text,
                files: vec![],
            },
        };
        let events = case.answer_task(fresh.system, outcome).ok()?;
        events.into_iter().next()
    }

    /// What lies before the office from one connection, by category.
    async fn held_by(&self, scope: &Scope, case: CaseId, run: &RunRow) -> Result<Vec<Held>, Error> {
        let (reach, source) = (scope.clone(), run.source().to_owned());
        let counted = self
            .store
            .read(move |conn| findings::held_by(conn, &reach, case, &source))
            .await?;
        let names = self
            .connection(run.controller(), run.source())
            .map(|connected| connected.categories.clone())
            .unwrap_or_default();
        Ok(counted
            .into_iter()
            .map(|(category, count)| Held {
                name: names
                    .get(&category)
                    .cloned()
                    .unwrap_or_else(|| sources::category(&category, Lang::De)),
                category,
                count,
            })
            .collect())
    }

    pub(super) async fn missed(&self, run: &RunRow, mishap: &Mishap) -> Result<(), Error> {
        let now = self.now();
        // What was changed over there since it was found is not ended or put right by another try: a person looks again.
        let stale = mishap.fault == Fault::Conflict && run.kind()? == RunKind::Act;
        let again = mishap.fault.may_heal() && !stale && run.attempts() < TRIES;
        let ended = Ended {
            state: match again {
                true => RunState::Waiting,
                false => RunState::Failed,
            },
            run_at: again.then(|| now + pause(run.attempts(), mishap)),
            fault: mishap.fault.code().to_owned(),
            detail: mishap.detail.clone(),
        };
        tracing::warn!(
            source = run.source(),
            fault = mishap.fault.code(),
            detail = mishap.detail,
            again,
            "a connected system did not answer"
        );
        let id = run.id();
        self.store
            .write(move |conn| runs::settle(conn, id, &ended, now))
            .await?;
        Ok(())
    }

    /// A run fell over: it is tried again like one that did not get through.
    ///
    /// # Errors
    /// Of the store.
    pub async fn fell_over(&self, run: &RunRow) -> Result<(), Error> {
        self.missed(run, &Mishap::new(Fault::Broken, "the own program"))
            .await
    }

    pub(super) async fn stopped(&self, run: &RunRow) -> Result<(), Error> {
        let (id, now) = (run.id(), self.now());
        let ended = Ended {
            state: RunState::Stopped,
            ..Ended::done()
        };
        Ok(self
            .store
            .write(move |conn| runs::settle(conn, id, &ended, now))
            .await?)
    }

    /// How far the search in each connected system is.
    ///
    /// # Errors
    /// Of the store.
    pub async fn progress(&self, scope: &Scope, case: &Case) -> Result<Vec<Progress>, Error> {
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
        let mut latest: Vec<Progress> = Vec::new();
        for run in rows {
            if run.kind()? != RunKind::Find {
                continue;
            }
            let off = |paused: &Paused| paused.source.is_empty() || paused.source == run.source();
            let paused = paused.iter().any(off);
            latest.retain(|it| it.run.source() != run.source());
            latest.push(Progress { run, paused });
        }
        Ok(latest)
    }

    /// Asks one connected system again, at once: one that failed, waits, or was asked before.
    ///
    /// # Errors
    /// [`Obstacle::NotConnected`]; the search has not begun.
    pub async fn ask_again_there(
        &self,
        scope: &Scope,
        case: CaseId,
        source: &str,
    ) -> Result<(), Error> {
        let (case, revision) = self.open(scope, case).await?;
        scope.demand(case.controller, Role::Handler)?;
        case.must_be_open()?;
        if !case.collection.begun {
            return Err(Obstacle::SearchNotBegun.into());
        }
        let connected = self.connection(case.controller, source)?;
        if !connected.looks_by_itself() {
            return Err(Obstacle::NotConnected.into());
        }
        let system = self
            .system_of(scope, &case, connected)
            .await?
            .ok_or(Obstacle::UnknownTask)?;
        let known = self.progress(scope, &case).await?;
        let open = known
            .iter()
            .find(|it| it.run.source() == source)
            .filter(|it| !matches!(it.run.state(), Ok(RunState::Done)))
            .map(|it| it.run.id());
        let (now, mut new) = (
            self.now(),
            NewRun {
                id: self.next_id(),
                controller: case.controller,
                case: case.id,
                system,
                source: source.to_owned(),
                kind: RunKind::Find,
                promise: String::new(),
                run_at: self.now(),
                body_sealed: None,
            },
        );
        new.promise = format!(
            "find:{}:{source}:r{revision}:{}",
            case.id,
            now.timestamp_millis()
        );
        let row = RunRow::from(new);
        self.store
            .write(move |conn| match open {
                Some(id) => runs::again(conn, id, now).map(|_| ()),
                None => runs::promise(conn, &row).map(|_| ()),
            })
            .await?;
        self.wake.notify_one();
        Ok(())
    }

    /// The system of the case for which a connection speaks. A case from before the connection knows it by the register.
    pub(super) async fn system_of(
        &self,
        scope: &Scope,
        case: &Case,
        connected: &Connected,
    ) -> Result<Option<SystemId>, Error> {
        let tasks = &case.collection.tasks;
        if let Some(task) = tasks.iter().find(|task| task.slug == connected.system) {
            return Ok(Some(task.system));
        }
        let systems = self.systems(scope, case.controller).await?;
        Ok(systems
            .iter()
            .find(|system| system.slug == connected.system)
            .map(|system| system.id)
            .filter(|id| tasks.iter().any(|task| task.system == *id)))
    }

    /// Takes back what a node had begun that is gone.
    ///
    /// # Errors
    /// Of the store.
    pub async fn free_runs(&self) -> Result<usize, Error> {
        let now = self.now();
        Ok(self
            .store
            .write(move |conn| runs::free_leases(conn, Some(now)))
            .await?)
    }
}

/// Why a look ended without an answer.
enum Looked {
    Mishap(Mishap),
    Own(Error),
}

impl From<Mishap> for Looked {
    fn from(mishap: Mishap) -> Looked {
        Looked::Mishap(mishap)
    }
}

impl From<Error> for Looked {
    fn from(error: Error) -> Looked {
        Looked::Own(error)
    }
}

/// The pause before a repeat: what the other side asks for, else twice the last, give or take a quarter, so that what
/// failed together does not come back together.
fn pause(attempts: i32, mishap: &Mishap) -> TimeDelta {
    if let Some(wait) = mishap.wait {
        return TimeDelta::from_std(wait).unwrap_or(TimeDelta::hours(1));
    }
    let (first, longest) = PAUSES;
    let exponent = u32::try_from(attempts.clamp(1, 16) - 1).unwrap_or(0);
    let seconds = first.saturating_mul(1_i64 << exponent).min(longest);
    let quarter = u32::try_from(seconds / 2).unwrap_or(0);
    TimeDelta::seconds(seconds - seconds / 4 + i64::from(chance::below(quarter.max(1))))
}

/// The end of a lease that begins now: a little more than the whole patience of the connection.
pub fn lease(now: DateTime<Utc>, connected: &Connected) -> DateTime<Utc> {
    now + TimeDelta::from_std(connected.patience).unwrap_or(TimeDelta::hours(1))
        + TimeDelta::minutes(2)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn the_pause_doubles_up_to_hours_and_obeys_who_names_a_time() {
        let broken = Mishap::new(Fault::Broken, "");
        for (attempts, least, most) in [(1, 15, 25), (2, 30, 50), (20, 10_800, 18_000)] {
            let waited = pause(attempts, &broken).num_seconds();
            assert!((least..=most).contains(&waited), "{attempts}: {waited}");
        }
        let busy = Mishap::new(Fault::Busy, "").after(Duration::from_secs(7));
        assert_eq!(pause(1, &busy), TimeDelta::seconds(7));
    }
}
