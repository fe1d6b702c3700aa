//! What a package will hold, before it is written: systems, categories and their columns, what is withheld and on which
//! ground, which files are not here yet.

use std::collections::HashSet;

use super::Sort;
use super::given::{Fate, Given};
use super::names::{safe_name, unique};
use super::table::Columns;
use crate::casework::error::Error;
use crate::casework::office::{Office, blocking};
use crate::domain::case::Case;
use crate::domain::decision::Ground;
use crate::domain::ids::{FileId, FindingId, SystemId};
use crate::domain::judgement::Treatment;
use crate::domain::lang::Lang;
use crate::domain::scope::Scope;
use crate::domain::sifting::Heap;
use crate::seal::Key;
use crate::storage::findings;
use crate::words::sources;

/// So many findings are opened at a time.
const PORTION: i64 = 100;

/// A category of findings in a system.
#[derive(Debug, Clone)]
pub(super) struct Category {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// The beginning of its paths.
    pub stem: String,
    /// How many findings there are.
    pub held: u64,
    /// The columns of its table.
    pub columns: Columns,
    /// Whether there are files.
    pub files: bool,
    /// Whether there are messages as they came.
    pub messages: bool,
}

/// What a system gives.
#[derive(Debug, Clone)]
pub(super) struct Shelf {
    /// Which one.
    pub system: SystemId,
    /// Its name.
    pub name: String,
    /// Its folder.
    pub folder: String,
    /// What it holds.
    pub categories: Vec<Category>,
}

/// What she is not given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Kept {
    /// The system's name.
    pub system: String,
    /// The category's name.
    pub category: String,
    /// Why.
    pub ground: Option<Ground>,
    /// How many.
    pub many: u64,
}

/// What a package will hold of what machines found.
#[derive(Debug, Clone, Default)]
pub(super) struct Survey {
    /// System by system.
    pub shelves: Vec<Shelf>,
    /// What stays in the house.
    pub kept: Vec<Kept>,
    /// How many files are not here yet.
    pub missing: usize,
    /// How many files go along.
    pub copies: u64,
    /// Of how many findings something is black or left out.
    pub black: u64,
}

/// Goes through what she is given, portion by portion.
pub(super) struct Walk<'a> {
    office: &'a Office,
    scope: &'a Scope,
    case: &'a Case,
    key: &'a Key,
    heap: Option<Heap>,
    sort: Sort,
    after: Option<FindingId>,
}

/// A finding with the heap it lies in, and its bytes as they are kept.
pub(super) type Found = (SystemId, String, Given);

impl<'a> Walk<'a> {
    /// Through one heap, or all.
    pub(super) fn through(
        office: &'a Office,
        (scope, case, key): (&'a Scope, &'a Case, &'a Key),
        heap: Option<Heap>,
        sort: Sort,
    ) -> Walk<'a> {
        Walk {
            office,
            scope,
            case,
            key,
            heap,
            sort,
            after: None,
        }
    }

    /// The next portion; none behind the last.
    pub(super) async fn next(&mut self) -> Result<Option<Vec<Found>>, Error> {
        let (scope, case) = (self.scope.clone(), self.case.id);
        let (heap, after) = (self.heap.clone(), self.after);
        let rows = self
            .office
            .store
            .read(move |conn| findings::given(conn, &scope, case, heap.as_ref(), after, PORTION))
            .await?;
        let Some(last) = rows.last() else {
            return Ok(None);
        };
        self.after = Some(last.id());
        let (key, sort) = (self.key.clone(), self.sort);
        // Formatted texts take their time.
        let opened = blocking(move || {
            rows.iter()
                .map(|row| {
                    Ok((
                        row.system(),
                        row.category().to_owned(),
                        Given::of(row, &key)?,
                    ))
                })
                .filter(|found: &Result<Found, Error>| {
                    found
                        .as_ref()
                        .map_or(true, |(_, _, given)| sort.takes(given))
                })
                .collect::<Result<Vec<Found>, Error>>()
        });
        opened.await?.map(Some)
    }
}

impl Office {
    /// Looks through what she is given.
    pub(super) async fn survey(
        &self,
        (scope, case, key): (&Scope, &Case, &Key),
        sort: Sort,
        taken: &mut HashSet<String>,
    ) -> Result<Survey, Error> {
        let lang = case.intake.lang;
        let mut survey = Survey::default();
        let mut walk = Walk::through(self, (scope, case, key), None, sort);
        let mut copies: HashSet<FileId> = HashSet::new();
        let (mut missing, mut black) = (0, 0);
        while let Some(portion) = walk.next().await? {
            for (system, code, given) in portion {
                let category = survey.category(case, (system, &code), lang, taken);
                category.held += 1;
                category.columns.learn(&given, lang);
                black += u64::from(given.black);
                for file in &given.files {
                    category.files = true;
                    category.messages |= super::given::is_message(&file.media_type);
                    match file.fate {
                        Fate::Missing => missing += 1,
                        Fate::LeftOut => {}
                        Fate::Whole(id) | Fate::Areas(id, _) | Fate::Words(id, _) => {
                            copies.insert(id);
                        }
                    }
                }
            }
        }
        survey.missing = missing;
        survey.black = black;
        survey.copies = copies.len() as u64;
        if sort == Sort::Copy {
            survey.kept = self.kept_back((scope, case, key)).await?;
        }
        Ok(survey)
    }

    /// Counts what she is not given, by its ground.
    async fn kept_back(
        &self,
        (scope, case, key): (&Scope, &Case, &Key),
    ) -> Result<Vec<Kept>, Error> {
        let lang = case.intake.lang;
        let mut kept: Vec<Kept> = Vec::new();
        let mut after = None;
        loop {
            let (reach, id) = (scope.clone(), case.id);
            let lines = self
                .store
                .read(move |conn| findings::withheld(conn, &reach, id, after, PORTION))
                .await?;
            let Some(last) = lines.last() else {
                return Ok(kept);
            };
            after = Some(last.id());
            for line in &lines {
                let heap = Heap {
                    system: line.system(),
                    category: line.category().to_owned(),
                };
                let ground = line
                    .mark(key)?
                    .giving
                    .ground
                    .or_else(|| ground_of(case, &heap));
                let fresh = Kept {
                    system: name_of(case, heap.system),
                    category: sources::category(&heap.category, lang),
                    ground,
                    many: 0,
                };
                let same = |it: &&mut Kept| {
                    it.system == fresh.system
                        && it.category == fresh.category
                        && it.ground == fresh.ground
                };
                match kept.iter_mut().find(same) {
                    Some(known) => known.many += 1,
                    None => kept.push(Kept { many: 1, ..fresh }),
                }
            }
        }
    }
}

/// Why a whole heap is withheld: as it was sifted, else as it was decided.
fn ground_of(case: &Case, heap: &Heap) -> Option<Ground> {
    let sifted = case
        .sifted(heap, true)
        .filter(|it| it.treatment == Treatment::Withhold)
        .and_then(|it| it.reason.ground.clone());
    let held = || {
        let searched = case
            .collection
            .searched
            .iter()
            .filter(|it| it.system == heap.system);
        let mut held = searched.flat_map(|it| &it.held);
        held.find(|it| it.category == heap.category)
            .map(|it| it.name.clone())
    };
    sifted.or_else(|| {
        let name = held()?;
        let judged = case.weighed.values().flat_map(|it| &it.judgements);
        let mut denied =
            judged.filter(|it| it.treatment == Treatment::Withhold && it.system == heap.system);
        denied.find(|it| it.category == name)?.ground.clone()
    })
}

/// The name of a system as the case knows it.
pub(super) fn name_of(case: &Case, system: SystemId) -> String {
    let task = case
        .collection
        .tasks
        .iter()
        .find(|task| task.system == system);
    task.map_or_else(|| system.to_string(), |task| task.name.clone())
}

impl Survey {
    fn category(
        &mut self,
        case: &Case,
        (system, code): (SystemId, &str),
        lang: Lang,
        taken: &mut HashSet<String>,
    ) -> &mut Category {
        let at = match self.shelves.iter().position(|it| it.system == system) {
            Some(at) => at,
            None => {
                let name = name_of(case, system);
                self.shelves.push(Shelf {
                    system,
                    folder: safe_name(&name),
                    name,
                    categories: Vec::new(),
                });
                self.shelves.len() - 1
            }
        };
        // Just found, or just put there.
        #[expect(clippy::indexing_slicing, reason = "the place was just found")]
        let shelf = &mut self.shelves[at];
        let at = match shelf.categories.iter().position(|it| it.code == code) {
            Some(at) => at,
            None => {
                let name = sources::category(code, lang);
                shelf.categories.push(Category {
                    code: code.to_owned(),
                    stem: unique(taken, &shelf.folder, &safe_name(&name)),
                    name,
                    held: 0,
                    columns: Columns::default(),
                    files: false,
                    messages: false,
                });
                shelf.categories.len() - 1
            }
        };
        #[expect(clippy::indexing_slicing, reason = "the place was just found")]
        let category = &mut shelf.categories[at];
        category
    }
}
