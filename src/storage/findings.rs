//! What systems hold on a person, each finding sealed for itself, and how many there are. Lists open what they show and
//! nothing else.

mod counts;
mod work;

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};

use super::cases;
use super::connection::{Conn, Ts};
use super::error::StoreError;
use super::schema::{finding, finding_count};
use crate::domain::finding::{Correction, Heading, Mark};
use crate::domain::ids::{CaseId, ControllerId, FindingId, SystemId};
use crate::domain::judgement::Treatment;
use crate::domain::scope::Scope;
use crate::domain::sifting;
use crate::domain::source::{Fate, Record, Tie};
use crate::seal::{Key, Place, open_json, seal_json};

pub use counts::{Heap, heaps};
use counts::{Sort, count, moved, recount, sort_of};
pub use work::{
    corrected, count_hers, count_to_correct, count_to_do, fates, hers, put_right, settle,
    to_correct, to_do,
};

/// A finding, sealed.
#[derive(Debug, Clone, Queryable, Insertable, Selectable)]
#[diesel(table_name = finding)]
pub struct FindingRow {
    id: i64,
    controller_id: i64,
    case_id: i64,
    system_id: i64,
    source: String,
    category: String,
    digest: Vec<u8>,
    content: Vec<u8>,
    tie: String,
    giving: String,
    ending: String,
    fate: String,
    correction: String,
    place: i32,
    giving_own: bool,
    ending_own: bool,
    heading_sealed: Vec<u8>,
    body_sealed: Vec<u8>,
    mark_sealed: Option<Vec<u8>>,
    laid_at: Ts,
}

/// A line of a list: everything but the body.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = finding)]
pub struct FindingLine {
    id: i64,
    system_id: i64,
    source: String,
    category: String,
    tie: String,
    giving: String,
    ending: String,
    fate: String,
    correction: String,
    heading_sealed: Vec<u8>,
    mark_sealed: Option<Vec<u8>>,
}

fn place(column: &'static str, id: i64) -> Place<'static> {
    Place {
        table: "finding",
        column,
        id,
    }
}

fn tie_code(tie: &Tie) -> &'static str {
    match tie {
        Tie::Exact { .. } => "exact",
        Tie::Linked { .. } => "linked",
        Tie::Candidate { .. } => "candidate",
    }
}

/// A fate's name in storage.
pub fn fate_code(fate: Fate) -> &'static str {
    match fate {
        Fate::Gone => "gone",
        Fate::Anonymous => "anonymous",
        Fate::Changed => "changed",
        Fate::Restricted => "restricted",
        Fate::Free => "free",
        Fate::Suppressed => "suppressed",
        Fate::Kept => "kept",
    }
}

fn fate_from(code: &str) -> Option<Fate> {
    [
        Fate::Gone,
        Fate::Anonymous,
        Fate::Changed,
        Fate::Restricted,
        Fate::Free,
        Fate::Suppressed,
        Fate::Kept,
    ]
    .into_iter()
    .find(|fate| fate_code(*fate) == code)
}

/// What is to be put right and is not yet, in storage.
const OPEN: &str = "open";

fn correction_from(code: &str) -> Option<Correction> {
    match code {
        OPEN => Some(Correction::Open),
        code => fate_from(code).map(Correction::Done),
    }
}

/// To which case and system a finding belongs.
#[derive(Debug, Clone)]
pub struct Shelf {
    /// Whose case.
    pub controller: ControllerId,
    /// Which case.
    pub case: CaseId,
    /// In which system of the register.
    pub system: SystemId,
    /// By which connection.
    pub source: String,
}

impl FindingRow {
    /// Seals a record under the case's key. `digest` is a keyed hash of what it is, `content` one of all it says.
    pub fn seal(
        id: FindingId,
        shelf: &Shelf,
        record: &Record,
        (digest, content): ([u8; 32], [u8; 32]),
        key: &Key,
        at: DateTime<Utc>,
    ) -> Result<FindingRow, StoreError> {
        Ok(FindingRow {
            id: id.0,
            controller_id: shelf.controller.0,
            case_id: shelf.case.0,
            system_id: shelf.system.0,
            source: shelf.source.clone(),
            category: record.category.clone(),
            digest: digest.to_vec(),
            content: content.to_vec(),
            tie: tie_code(&record.tie).to_owned(),
            giving: String::new(),
            ending: String::new(),
            fate: String::new(),
            correction: String::new(),
            place: i32::from(record.rank),
            giving_own: false,
            ending_own: false,
            heading_sealed: seal_json(key, place("heading_sealed", id.0), &Heading::of(record))?,
            body_sealed: seal_json(key, place("body_sealed", id.0), record)?,
            mark_sealed: None,
            laid_at: Ts::new(at),
        })
    }

    /// Its place in the order of the work, with its id.
    pub fn place(&self) -> (i32, i64) {
        (self.place, self.id)
    }

    /// The record, opened.
    pub fn record(&self, key: &Key) -> Result<Record, StoreError> {
        Ok(open_json(
            key,
            place("body_sealed", self.id),
            &self.body_sealed,
        )?)
    }
}

/// What a finding and its line in a list both tell.
macro_rules! tells {
    ($row:ty) => {
        impl $row {
            /// Its id.
            pub fn id(&self) -> FindingId {
                FindingId(self.id)
            }

            /// In which system it was found.
            pub fn system(&self) -> SystemId {
                SystemId(self.system_id)
            }

            /// By which connection.
            pub fn source(&self) -> &str {
                &self.source
            }

            /// Which category of data.
            pub fn category(&self) -> &str {
                &self.category
            }

            /// Whether a person has to say first that it is hers.
            pub fn candidate(&self) -> bool {
                self.tie == "candidate"
            }

            /// What was said about it.
            pub fn mark(&self, key: &Key) -> Result<Mark, StoreError> {
                mark_of(self.id, self.mark_sealed.as_deref(), key)
            }

            /// What of it she is given, if that was said.
            pub fn giving(&self) -> Option<Treatment> {
                Treatment::from_code(&self.giving)
            }

            /// How it ends over there, if that was said.
            pub fn ending(&self) -> Option<Treatment> {
                Treatment::from_code(&self.ending)
            }

            /// What became of it over there, if anything was done.
            pub fn fate(&self) -> Option<Fate> {
                fate_from(&self.fate)
            }

            /// How far it is put right, if that was said of it.
            pub fn correction(&self) -> Option<Correction> {
                correction_from(&self.correction)
            }
        }
    };
}

tells!(FindingRow);
tells!(FindingLine);

fn mark_of(id: i64, sealed: Option<&[u8]>, key: &Key) -> Result<Mark, StoreError> {
    match sealed {
        None => Ok(Mark::default()),
        Some(sealed) => Ok(open_json(key, place("mark_sealed", id), sealed)?),
    }
}

impl FindingLine {
    /// What a list calls it.
    pub fn heading(&self, key: &Key) -> Result<Heading, StoreError> {
        Ok(open_json(
            key,
            place("heading_sealed", self.id),
            &self.heading_sealed,
        )?)
    }
}

/// Where one finding stands: its system and its sort.
fn stand(conn: &mut Conn, case: CaseId, id: FindingId) -> Result<Option<(i64, Sort)>, StoreError> {
    let row: Option<(i64, String, String, String, String)> = finding::table
        .filter(finding::id.eq(id.0))
        .filter(finding::case_id.eq(case.0))
        .select((
            finding::system_id,
            finding::category,
            finding::giving,
            finding::ending,
            finding::tie,
        ))
        .first(conn)
        .optional()?;
    Ok(
        row.map(|(system, category, giving, ending, tie)| {
            (system, (category, giving, ending, tie))
        }),
    )
}

/// What came of laying findings down.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Laid {
    /// Never seen before.
    pub new: u64,
    /// Seen before, and saying something else now.
    pub changed: u64,
    /// As they were.
    pub same: u64,
}

impl std::ops::AddAssign for Laid {
    fn add_assign(&mut self, other: Laid) {
        self.new += other.new;
        self.changed += other.changed;
        self.same += other.same;
    }
}

/// Lays findings down. What was there and says the same stays as it is, with what was said about it; what says something
/// else now is to be looked at again. The new row is sealed under its own id, so that what changed is replaced whole.
pub fn lay(conn: &mut Conn, rows: &[FindingRow]) -> Result<Laid, StoreError> {
    let mut laid = Laid::default();
    for row in rows {
        let known: Option<FindingRow> = finding::table
            .filter(finding::case_id.eq(row.case_id))
            .filter(finding::digest.eq(&row.digest))
            .select(FindingRow::as_select())
            .first(conn)
            .optional()?;
        if let Some(known) = known {
            if known.content == row.content {
                laid.same += 1;
                continue;
            }
            take(conn, &known)?;
            laid.changed += 1;
        } else {
            laid.new += 1;
        }
        diesel::insert_into(finding::table)
            .values(row)
            .execute(conn)?;
        count(conn, (row.case_id, row.system_id), &sort_of(row), 1)?;
    }
    Ok(laid)
}

fn take(conn: &mut Conn, row: &FindingRow) -> Result<(), StoreError> {
    diesel::delete(finding::table.find(row.id)).execute(conn)?;
    count(conn, (row.case_id, row.system_id), &sort_of(row), -1)
}

/// How many findings of each category came by one connection.
pub fn held_by(
    conn: &mut Conn,
    scope: &Scope,
    case: CaseId,
    source: &str,
) -> Result<Vec<(String, u64)>, StoreError> {
    cases::load(conn, scope, case)?;
    let counted: Vec<(String, i64)> = finding::table
        .filter(finding::case_id.eq(case.0))
        .filter(finding::source.eq(source.to_owned()))
        .group_by(finding::category)
        .order(finding::category.asc())
        .select((finding::category, diesel::dsl::count_star()))
        .load(conn)?;
    Ok(counted
        .into_iter()
        .map(|(category, held)| (category, u64::try_from(held).unwrap_or(0)))
        .collect())
}

/// A page of the findings of one category in one system, in the order in which they were laid down.
pub fn page(
    conn: &mut Conn,
    scope: &Scope,
    case: CaseId,
    (system, category): (SystemId, &str),
    after: Option<FindingId>,
    limit: i64,
) -> Result<Vec<FindingLine>, StoreError> {
    cases::load(conn, scope, case)?;
    Ok(finding::table
        .filter(finding::case_id.eq(case.0))
        .filter(finding::system_id.eq(system.0))
        .filter(finding::category.eq(category))
        .filter(finding::id.gt(after.map_or(0, |id| id.0)))
        .order(finding::id.asc())
        .limit(limit)
        .select(FindingLine::as_select())
        .load(conn)?)
}

/// One finding with its body.
pub fn load(
    conn: &mut Conn,
    scope: &Scope,
    case: CaseId,
    id: FindingId,
) -> Result<FindingRow, StoreError> {
    cases::load(conn, scope, case)?;
    finding::table
        .filter(finding::id.eq(id.0))
        .filter(finding::case_id.eq(case.0))
        .select(FindingRow::as_select())
        .first(conn)
        .optional()?
        .ok_or(StoreError::NotFound)
}

/// The findings that she is given whole or in part, with their bodies, in portions, by id; of one heap, if one is named.
/// What only looks like hers is not among them, nor what nobody has said a word about.
pub fn given(
    conn: &mut Conn,
    scope: &Scope,
    case: CaseId,
    heap: Option<&sifting::Heap>,
    after: Option<FindingId>,
    limit: i64,
) -> Result<Vec<FindingRow>, StoreError> {
    cases::load(conn, scope, case)?;
    let mut query = finding::table
        .filter(finding::case_id.eq(case.0))
        .filter(finding::giving.eq_any([Treatment::Disclose.code(), Treatment::Redact.code()]))
        .filter(finding::tie.ne("candidate"))
        .filter(finding::id.gt(after.map_or(0, |id| id.0)))
        .order(finding::id.asc())
        .limit(limit)
        .select(FindingRow::as_select())
        .into_boxed();
    if let Some(heap) = heap {
        query = query
            .filter(finding::system_id.eq(heap.system.0))
            .filter(finding::category.eq(heap.category.clone()));
    }
    Ok(query.load(conn)?)
}

/// The findings that she is not given, without their bodies, in portions, by id.
pub fn withheld(
    conn: &mut Conn,
    scope: &Scope,
    case: CaseId,
    after: Option<FindingId>,
    limit: i64,
) -> Result<Vec<FindingLine>, StoreError> {
    cases::load(conn, scope, case)?;
    Ok(finding::table
        .filter(finding::case_id.eq(case.0))
        .filter(finding::giving.eq(Treatment::Withhold.code()))
        .filter(finding::tie.ne("candidate"))
        .filter(finding::id.gt(after.map_or(0, |id| id.0)))
        .order(finding::id.asc())
        .limit(limit)
        .select(FindingLine::as_select())
        .load(conn)?)
}

/// The first finding of a heap of which that was said.
pub fn said(
    conn: &mut Conn,
    case: CaseId,
    heap: &sifting::Heap,
    treatment: Treatment,
) -> Result<Option<FindingLine>, StoreError> {
    let of_heap = finding::table
        .filter(finding::case_id.eq(case.0))
        .filter(finding::system_id.eq(heap.system.0))
        .filter(finding::category.eq(&heap.category))
        .filter(finding::tie.ne("candidate"))
        .order(finding::id.asc())
        .select(FindingLine::as_select())
        .into_boxed();
    let said = match treatment.gives() {
        true => of_heap.filter(finding::giving.eq(treatment.code())),
        false => of_heap.filter(finding::ending.eq(treatment.code())),
    };
    Ok(said.first(conn).optional()?)
}

/// Says what of one finding she is given, or how it ends over there; the other stays as it was said, and what is said of
/// its heap later does not reach it.
pub fn mark(
    conn: &mut Conn,
    case: CaseId,
    id: FindingId,
    treatment: Treatment,
) -> Result<(), StoreError> {
    let (system, before) = stand(conn, case, id)?.ok_or(StoreError::NotFound)?;
    let mut after = before.clone();
    let row = finding::table.find(id.0);
    match treatment.gives() {
        true => {
            treatment.code().clone_into(&mut after.1);
            let said = (finding::giving.eq(&after.1), finding::giving_own.eq(true));
            diesel::update(row).set(said).execute(conn)?;
        }
        false => {
            treatment.code().clone_into(&mut after.2);
            let said = (finding::ending.eq(&after.2), finding::ending_own.eq(true));
            diesel::update(row).set(said).execute(conn)?;
        }
    }
    moved(conn, case, system, (&before, &after))
}

/// Says of all findings of a heap what of them she is given, or how they end; what looks like hers is not among them, nor
/// what a person marked singly. Says how many there are.
pub fn mark_heap(
    conn: &mut Conn,
    case: CaseId,
    heap: &sifting::Heap,
    treatment: Treatment,
) -> Result<u64, StoreError> {
    macro_rules! meant {
        () => {
            finding::table
                .filter(finding::case_id.eq(case.0))
                .filter(finding::system_id.eq(heap.system.0))
                .filter(finding::category.eq(&heap.category))
                .filter(finding::tie.ne("candidate"))
        };
    }
    let changed = match treatment.gives() {
        true => diesel::update(meant!().filter(finding::giving_own.eq(false)))
            .set(finding::giving.eq(treatment.code()))
            .execute(conn)?,
        false => diesel::update(meant!().filter(finding::ending_own.eq(false)))
            .set(finding::ending.eq(treatment.code()))
            .execute(conn)?,
    };
    recount(conn, case, heap)?;
    Ok(u64::try_from(changed).unwrap_or(0))
}

/// What was decided of a heap holds for all of it but for what a person marked singly, and for what has a fate already.
pub fn stamp(
    conn: &mut Conn,
    case: CaseId,
    heap: &sifting::Heap,
    treatment: Treatment,
) -> Result<(), StoreError> {
    macro_rules! meant {
        () => {
            finding::table
                .filter(finding::case_id.eq(case.0))
                .filter(finding::system_id.eq(heap.system.0))
                .filter(finding::category.eq(&heap.category))
                .filter(finding::tie.ne("candidate"))
                .filter(finding::fate.eq(""))
        };
    }
    match treatment.gives() {
        true => diesel::update(meant!().filter(finding::giving_own.eq(false)))
            .set(finding::giving.eq(treatment.code()))
            .execute(conn)?,
        false => diesel::update(meant!().filter(finding::ending_own.eq(false)))
            .set(finding::ending.eq(treatment.code()))
            .execute(conn)?,
    };
    recount(conn, case, heap)
}

/// Settles what looks like hers in a heap, all of it: it is hers, or it is taken away. Says how many there were.
pub fn settle_candidates(
    conn: &mut Conn,
    case: CaseId,
    heap: &sifting::Heap,
    hers: bool,
) -> Result<u64, StoreError> {
    let meant = finding::table
        .filter(finding::case_id.eq(case.0))
        .filter(finding::system_id.eq(heap.system.0))
        .filter(finding::category.eq(&heap.category))
        .filter(finding::tie.eq("candidate"));
    let changed = match hers {
        true => diesel::update(meant)
            .set(finding::tie.eq("linked"))
            .execute(conn)?,
        false => diesel::delete(meant).execute(conn)?,
    };
    recount(conn, case, heap)?;
    Ok(u64::try_from(changed).unwrap_or(0))
}

/// Says that a candidate is hers after all.
pub fn confirm(conn: &mut Conn, case: CaseId, id: FindingId) -> Result<(), StoreError> {
    let (system, before) = stand(conn, case, id)?
        .filter(|(_, sort)| sort.3 == "candidate")
        .ok_or(StoreError::NotFound)?;
    let mut after = before.clone();
    after.3 = "linked".to_owned();
    diesel::update(finding::table.find(id.0))
        .set(finding::tie.eq(&after.3))
        .execute(conn)?;
    moved(conn, case, system, (&before, &after))
}

/// Changes what was said about a finding, as it stands by now.
pub fn remark(
    conn: &mut Conn,
    key: &Key,
    (case, id): (CaseId, FindingId),
    change: impl FnOnce(&mut Mark),
) -> Result<(), StoreError> {
    macro_rules! meant {
        () => {
            finding::table
                .filter(finding::id.eq(id.0))
                .filter(finding::case_id.eq(case.0))
                .select(finding::mark_sealed)
        };
    }
    let sealed: Option<Option<Vec<u8>>> = match conn {
        #[cfg(feature = "postgres")]
        Conn::Postgres(inner) => meant!().for_update().first(inner).optional()?,
        Conn::Sqlite(inner) => meant!().first(inner).optional()?,
    };
    let sealed = sealed.ok_or(StoreError::NotFound)?;
    let mut mark = mark_of(id.0, sealed.as_deref(), key)?;
    change(&mut mark);
    let sealed = seal_json(key, place("mark_sealed", id.0), &mark)?;
    diesel::update(finding::table.find(id.0))
        .set(finding::mark_sealed.eq(Some(sealed)))
        .execute(conn)?;
    Ok(())
}

/// Takes away one candidate that is nobody's business: it was not hers.
pub fn remove(conn: &mut Conn, case: CaseId, id: FindingId) -> Result<(), StoreError> {
    let row: FindingRow = finding::table
        .filter(finding::id.eq(id.0))
        .filter(finding::case_id.eq(case.0))
        .filter(finding::tie.eq("candidate"))
        .select(FindingRow::as_select())
        .first(conn)
        .optional()?
        .ok_or(StoreError::NotFound)?;
    take(conn, &row)
}

/// Forgets all findings of a case: its copies are over.
pub fn forget(conn: &mut Conn, case: CaseId) -> Result<(), StoreError> {
    diesel::delete(finding::table.filter(finding::case_id.eq(case.0))).execute(conn)?;
    diesel::delete(finding_count::table.filter(finding_count::case_id.eq(case.0))).execute(conn)?;
    Ok(())
}
