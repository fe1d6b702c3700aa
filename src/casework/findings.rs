//! Sifting: what lies before the office from connected systems, in heaps and one by one, and what becomes of it.

use super::desk::{Deed, Outcome};
use super::error::Error;
use super::office::Office;
use crate::domain::case::Case;
use crate::domain::collection::{Outcome as Answer, Searched};
use crate::domain::event::Event;
use crate::domain::finding::{Area, Blackening, Correction, Heading, Mark, Reason};
use crate::domain::ids::{CaseId, FindingId, SystemId};
use crate::domain::judgement::Treatment;
use crate::domain::obstacle::Obstacle;
use crate::domain::right::Right;
use crate::domain::scope::{Role, Scope};
use crate::domain::sifting::{self, Heap};
use crate::domain::source::{Change, Fate, Record};
use crate::seal::Key;
use crate::storage::StoreError;
use crate::storage::findings::{self, FindingLine};
use crate::storage::runs::RunState;
use crate::words::sources;

pub use crate::storage::findings::Heap as Counted;

/// So many are shown on one page.
pub const PAGE: i64 = 50;
/// So many may be marked by hand with one form.
const MANY: usize = 500;

/// A finding as a list shows it.
#[derive(Debug, Clone)]
pub struct Shown {
    /// Its id.
    pub id: FindingId,
    /// By which connection.
    pub source: String,
    /// What it is called, and why it is hers.
    pub heading: Heading,
    /// What of it she is given.
    pub giving: Option<Treatment>,
    /// How it ends over there.
    pub ending: Option<Treatment>,
    /// Whether a person has to say first that it is hers.
    pub candidate: bool,
    /// What became of it.
    pub fate: Option<Fate>,
    /// How far it is put right, if that was said of it.
    pub correction: Option<Correction>,
    /// Whether something of it is black.
    pub blackened: bool,
}

impl Shown {
    /// Whether it was put right, and read back like that.
    pub fn put_right(&self) -> bool {
        self.correction == Some(Correction::Done(Fate::Changed))
    }
}

/// A page of a list.
#[derive(Debug, Clone)]
pub struct Leaf {
    /// What it shows.
    pub shown: Vec<Shown>,
    /// After which one the next page begins, if there is one.
    pub next: Option<FindingId>,
}

/// One finding with all it says.
#[derive(Debug, Clone)]
pub struct Sheet {
    /// In which heap it lies.
    pub heap: Heap,
    /// As a list shows it.
    pub shown: Shown,
    /// All it says.
    pub record: Record,
    /// What was said about it.
    pub mark: Mark,
}

/// That a system holds nothing after all: a machine found only what is somebody else's.
fn nothing_left(case: &Case, heap: &Heap, count: u64) -> Option<Event> {
    let mut collection = case.collection.clone();
    collection.takes_away(heap, count);
    let task = collection.tasks.iter().find(|it| it.system == heap.system);
    task.filter(|it| it.found() && it.answered_by_machine())?;
    let searched = collection.searched.into_iter();
    let of_it: Vec<Searched> = searched.filter(|it| it.system == heap.system).collect();
    let text = sources::answer(&of_it).into();
    let none = of_it.iter().all(|it| it.laid() == 0);
    let answered = none.then(|| case.answer_task(heap.system, Answer::Nothing { text }))?;
    answered.ok()?.into_iter().next()
}

/// What is done with findings.
#[derive(Debug, Clone)]
pub enum Which {
    /// These.
    These(Vec<FindingId>),
    /// The whole heap, without what only looks like hers.
    All,
}

impl Office {
    /// How many findings of each sort a case has.
    ///
    /// # Errors
    /// Of the store.
    pub async fn heaps(&self, scope: &Scope, case: CaseId) -> Result<Vec<Counted>, Error> {
        let reach = scope.clone();
        Ok(self
            .store
            .read(move |conn| findings::heaps(conn, &reach, case))
            .await?)
    }

    /// A page of a heap.
    ///
    /// # Errors
    /// Of the store.
    pub async fn leaf(
        &self,
        scope: &Scope,
        case: CaseId,
        heap: &Heap,
        after: Option<FindingId>,
    ) -> Result<Leaf, Error> {
        let (_, _, key) = self.open_with_key(scope, case).await?;
        let (reach, heap) = (scope.clone(), heap.clone());
        let mut lines = self
            .store
            .read(move |conn| {
                let of = (heap.system, heap.category.as_str());
                findings::page(conn, &reach, case, of, after, PAGE + 1)
            })
            .await?;
        let more = lines.len() > usize::try_from(PAGE).unwrap_or(usize::MAX);
        if more {
            lines.pop();
        }
        let next = lines.last().filter(|_| more).map(FindingLine::id);
        let shown = lines
            .iter()
            .map(|line| {
                Ok(Shown {
                    id: line.id(),
                    source: line.source().to_owned(),
                    heading: line.heading(&key)?,
                    giving: line.giving(),
                    ending: line.ending(),
                    candidate: line.candidate(),
                    fate: line.fate(),
                    correction: line.correction(),
                    blackened: !line.mark(&key)?.black.is_empty(),
                })
            })
            .collect::<Result<_, Error>>()?;
        Ok(Leaf { shown, next })
    }

    /// One finding with all it says.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn sheet(&self, scope: &Scope, case: CaseId, id: FindingId) -> Result<Sheet, Error> {
        let (_, _, key) = self.open_with_key(scope, case).await?;
        let reach = scope.clone();
        let row = self
            .store
            .read(move |conn| findings::load(conn, &reach, case, id))
            .await?;
        let (record, mark) = (row.record(&key)?, row.mark(&key)?);
        Ok(Sheet {
            heap: Heap {
                system: row.system(),
                category: row.category().to_owned(),
            },
            shown: Shown {
                id,
                source: row.source().to_owned(),
                heading: Heading::of(&record),
                giving: row.giving(),
                ending: row.ending(),
                candidate: row.candidate(),
                fate: row.fate(),
                correction: row.correction(),
                blackened: !mark.black.is_empty(),
            },
            record,
            mark,
        })
    }

    /// Says what becomes of findings: of some, or of all of a heap.
    ///
    /// # Errors
    /// An [`Obstacle`].
    pub async fn sift(
        &self,
        scope: &Scope,
        case: CaseId,
        seen: i64,
        heap: Heap,
        which: Which,
        (treatment, reason): (Treatment, Reason),
    ) -> Result<Outcome, Error> {
        sifting::complete(treatment, &reason)?;
        let counted = match &which {
            Which::These(ids) if ids.is_empty() || ids.len() > MANY => {
                return Err(Obstacle::Empty("finding").into());
            }
            Which::These(ids) => u64::try_from(ids.len()).unwrap_or(0),
            Which::All => self.count_of(scope, case, &heap, false).await?,
        };
        self.act(scope, case, Some(seen), Role::Handler, |case, moment| {
            let all = matches!(which, Which::All);
            let events = case.sift(heap.clone(), treatment, reason.clone(), (counted, all))?;
            let work = match &which {
                Which::These(ids) => Sifting::Some {
                    treatment,
                    ids: ids.clone(),
                    reason: reason.clone(),
                    black: None,
                    key: moment.key.clone(),
                },
                Which::All => Sifting::Heap(treatment, heap.clone()),
            };
            Ok(Deed {
                sifting: Some(work),
                ..Deed::from(events)
            })
        })
        .await
    }

    /// Makes parts of a finding black, with the ground; without any part left it is given whole again.
    ///
    /// # Errors
    /// An [`Obstacle`].
    pub async fn blacken(
        &self,
        scope: &Scope,
        case: CaseId,
        seen: i64,
        id: FindingId,
        black: Vec<Blackening>,
        reason: Reason,
    ) -> Result<Outcome, Error> {
        let sound = |it: &Blackening| match it {
            Blackening::Areas { areas, .. } => areas.iter().all(Area::is_sound),
            _ => true,
        };
        if !black.iter().all(sound) {
            return Err(Obstacle::Empty("area").into());
        }
        let sheet = self.sheet(scope, case, id).await?;
        let treatment = match black.is_empty() {
            true => Treatment::Disclose,
            false => Treatment::Redact,
        };
        let reason = match treatment {
            Treatment::Redact => reason,
            _ => Reason::default(),
        };
        self.act(scope, case, Some(seen), Role::Handler, |case, moment| {
            let events = case.sift(sheet.heap.clone(), treatment, reason.clone(), (1, false))?;
            let work = Sifting::Some {
                treatment,
                ids: vec![id],
                reason: reason.clone(),
                black: Some(black.clone()),
                key: moment.key.clone(),
            };
            Ok(Deed {
                sifting: Some(work),
                ..Deed::from(events)
            })
        })
        .await
    }

    /// Says whether what looks like hers is hers: some, or all of a heap. What is not hers is not kept.
    ///
    /// # Errors
    /// An [`Obstacle`].
    pub async fn settle_candidates(
        &self,
        scope: &Scope,
        case: CaseId,
        seen: i64,
        heap: Heap,
        which: Which,
        hers: bool,
    ) -> Result<Outcome, Error> {
        let count = match &which {
            Which::These(ids) if ids.is_empty() || ids.len() > MANY => {
                return Err(Obstacle::Empty("finding").into());
            }
            Which::These(ids) => {
                for id in ids {
                    if !self.sheet(scope, case, *id).await?.shown.candidate {
                        return Err(Obstacle::NoCandidate.into());
                    }
                }
                u64::try_from(ids.len()).unwrap_or(0)
            }
            Which::All => self.count_of(scope, case, &heap, true).await?,
        };
        self.act(scope, case, Some(seen), Role::Handler, |case, _| {
            case.must_be_open()?;
            let mut events = vec![Event::CandidatesSettled {
                heap: heap.clone(),
                hers,
                count,
            }];
            if !hers {
                events.extend(nothing_left(case, &heap, count));
            }
            let work = match &which {
                Which::These(ids) => Sifting::Candidates(hers, ids.clone()),
                Which::All => Sifting::AllCandidates(hers, heap.clone()),
            };
            Ok(Deed {
                sifting: Some(work),
                ..Deed::from(events)
            })
        })
        .await
    }

    async fn count_of(
        &self,
        scope: &Scope,
        case: CaseId,
        heap: &Heap,
        candidates: bool,
    ) -> Result<u64, Error> {
        let heaps = self.heaps(scope, case).await?;
        let meant = |it: &&Counted| {
            it.system == heap.system && it.category == heap.category && it.candidates == candidates
        };
        Ok(heaps.iter().filter(meant).map(|it| it.held).sum())
    }

    /// Whether everything that was found was looked at, as far as a decision on this right needs it: nothing only looks
    /// like hers any more.
    ///
    /// # Errors
    /// [`Obstacle::FindingsOpen`].
    pub(super) async fn looked_through(
        &self,
        scope: &Scope,
        case: CaseId,
        rights: &[Right],
    ) -> Result<(), Error> {
        let judged = rights
            .iter()
            .any(|right| !Treatment::open_to(*right).is_empty());
        if !judged {
            return Ok(());
        }
        self.none_open(scope, case, |_| false).await
    }

    /// Whether the machines have looked by everything that she may be searched by: what one of them answered before does
    /// not hold for an identifier that was accepted since.
    ///
    /// # Errors
    /// [`Obstacle::TasksOpen`].
    pub(super) async fn asked_through(&self, scope: &Scope, case: CaseId) -> Result<(), Error> {
        let (case, _) = self.open(scope, case).await?;
        if case.collection.cut_short.is_some() {
            return Ok(());
        }
        let by_machine = |system: SystemId| {
            let mut tasks = case.collection.tasks.iter();
            tasks.any(|task| task.system == system && task.answered_by_machine())
        };
        let progress = self.progress(scope, &case).await?;
        let open = progress
            .iter()
            .filter(|it| by_machine(it.run.system()))
            .filter(|it| !matches!(it.run.state(), Ok(RunState::Done)))
            .count();
        match open {
            0 => Ok(()),
            open => Err(Obstacle::TasksOpen { open }.into()),
        }
    }

    /// Whether the decision reaches everything that machines found: what was found since, or has changed, is decided anew.
    ///
    /// # Errors
    /// [`Obstacle::FindingsOpen`].
    pub(super) async fn all_ended(&self, scope: &Scope, case: CaseId) -> Result<(), Error> {
        self.none_open(scope, case, |it| it.ending.is_none()).await
    }

    /// Whether it was said of everything that machines found whether she is given it: what nobody looked at does not leave.
    ///
    /// # Errors
    /// [`Obstacle::FindingsOpen`].
    pub(super) async fn all_said(&self, scope: &Scope, case: CaseId) -> Result<(), Error> {
        self.none_open(scope, case, |it| it.giving.is_none()).await
    }

    async fn none_open(
        &self,
        scope: &Scope,
        case: CaseId,
        unsaid: impl Fn(&Counted) -> bool,
    ) -> Result<(), Error> {
        let heaps = self.heaps(scope, case).await?;
        let open = heaps
            .iter()
            .filter(|it| it.candidates || unsaid(it))
            .map(|it| it.held)
            .sum();
        match open {
            0 => Ok(()),
            open => Err(Obstacle::FindingsOpen { open }.into()),
        }
    }
}

/// What an act writes to findings, in the same transaction as its events.
#[derive(Debug, Clone)]
pub enum Sifting {
    /// These, each for itself.
    Some {
        /// What happens to them.
        treatment: Treatment,
        /// Which.
        ids: Vec<FindingId>,
        /// Why and until when.
        reason: Reason,
        /// What of them is black from now on, if that was said.
        black: Option<Vec<Blackening>>,
        /// Under which what was said of them is sealed.
        key: Key,
    },
    /// What of this one is put right; nothing takes back what was said.
    Corrected {
        /// Which.
        id: FindingId,
        /// What shall stand there.
        changes: Vec<Change>,
        /// Under which what was said of it is sealed.
        key: Key,
    },
    /// A whole heap.
    Heap(Treatment, Heap),
    /// What was decided of heaps.
    Decided(Vec<(Heap, Treatment)>),
    /// What looks like hers: these.
    Candidates(bool, Vec<FindingId>),
    /// What looks like hers: all of a heap.
    AllCandidates(bool, Heap),
}

impl Sifting {
    pub(super) fn write(
        &self,
        conn: &mut crate::storage::Conn,
        case: CaseId,
    ) -> Result<(), StoreError> {
        match self {
            Sifting::Some {
                treatment,
                ids,
                reason,
                black,
                key,
            } => {
                for id in ids {
                    findings::mark(conn, case, *id, *treatment)?;
                    // What was said of it meanwhile, and the copies of its files, stay.
                    findings::remark(conn, key, (case, *id), |mark| {
                        match treatment.gives() {
                            true => mark.giving.clone_from(reason),
                            false => mark.ending.clone_from(reason),
                        }
                        if let Some(black) = black {
                            mark.black.clone_from(black);
                        }
                    })?;
                }
            }
            Sifting::Corrected { id, changes, key } => {
                let open = (!changes.is_empty()).then_some(Correction::Open);
                findings::put_right(conn, case, *id, open)?;
                findings::remark(conn, key, (case, *id), |mark| {
                    mark.changes.clone_from(changes);
                })?;
            }
            Sifting::Heap(treatment, heap) => {
                findings::mark_heap(conn, case, heap, *treatment)?;
            }
            Sifting::Decided(heaps) => {
                for (heap, treatment) in heaps {
                    findings::stamp(conn, case, heap, *treatment)?;
                }
            }
            Sifting::Candidates(hers, ids) => {
                for id in ids {
                    match hers {
                        true => findings::confirm(conn, case, *id)?,
                        false => findings::remove(conn, case, *id)?,
                    }
                }
            }
            Sifting::AllCandidates(hers, heap) => {
                findings::settle_candidates(conn, case, heap, *hers)?;
            }
        }
        Ok(())
    }
}
