//! The package beside an answer: the copy of her data (Art. 15(3) GDPR) or what she can take elsewhere (Art. 20 GDPR),
//! written piece by piece, with what others may not be told left out or black.

mod bridge;
mod bundle;
mod copies;
mod given;
mod mbox;
pub(super) mod names;
mod page;
mod schema;
pub mod sheets;
mod survey;
mod table;
mod writing;

use std::collections::HashSet;
use std::sync::Arc;

use super::error::Error;
use super::office::Office;
use crate::domain::case::Case;
use crate::domain::collection::{Outcome as Answer, Task};
use crate::domain::enclosure::Enclosure;
use crate::domain::ids::FileId;
use crate::domain::private::Private;
use crate::domain::right::Right;
use crate::domain::scope::Scope;
use crate::domain::source::Origin;
use crate::seal::Key;
use crate::storage::filing::{self, FilePurpose, FileRow, NewFile};
use bundle::Bundle;
use given::Given;
use writing::Writing;

/// What a package is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sort {
    /// All that is given of what is held (Art. 15(3) GDPR).
    Copy,
    /// Only what she provided or what was observed of her use (Art. 20(1) GDPR).
    Portable,
}

impl Sort {
    fn takes(self, given: &Given) -> bool {
        self == Sort::Copy || matches!(given.origin, Origin::Provided | Origin::Observed)
    }
}

/// How much a package will hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Extent {
    /// Entries of systems, and what people wrote down for a system.
    pub entries: u64,
    /// Files that hang on them.
    pub files: u64,
    /// Entries of which something is black or left out.
    pub black: u64,
    /// Entries that are not in it.
    pub left_out: u64,
    /// Files that belong to it and are not here yet.
    pub missing: usize,
}

/// What a person answered for a system by hand.
pub(super) struct ByHand {
    /// The system's name.
    system: String,
    /// What she wrote down.
    text: Option<Private<String>>,
    /// The files that she gave.
    files: Vec<FileRow>,
}

/// For which of the two the next answer gives data; with both, what can be taken elsewhere lies in a folder of its own.
fn sorts(case: &Case) -> Vec<Sort> {
    let gives = |right: Right| {
        case.answerable().iter().any(|item| {
            let decided = item.decision().is_some_and(|it| it.to_carry_out());
            item.right == right && decided
        })
    };
    let mut sorts = Vec::new();
    if gives(Right::Access) {
        sorts.push(Sort::Copy);
    }
    if gives(Right::Portability) {
        sorts.push(Sort::Portable);
    }
    sorts
}

impl Office {
    /// How much the package beside the next answer will hold; none where it encloses no data.
    pub(super) async fn package_extent(
        &self,
        (scope, case, key): (&Scope, &Case, &Key),
    ) -> Result<Option<Extent>, Error> {
        let sorts = sorts(case);
        if sorts.is_empty() {
            return Ok(None);
        }
        let by_hand = self.by_hand(scope, case).await?;
        let mut extent = Extent {
            entries: 0,
            files: 0,
            black: 0,
            left_out: 0,
            missing: 0,
        };
        for hand in &by_hand {
            extent.entries += u64::from(hand.text.is_some());
            extent.files += hand.files.len() as u64;
        }
        // What can be taken elsewhere lies in the copy as well, and is not counted twice.
        if let Some(&sort) = sorts.first() {
            let survey = self
                .survey((scope, case, key), sort, &mut HashSet::new())
                .await?;
            let categories = survey.shelves.iter().flat_map(|shelf| &shelf.categories);
            extent.entries += categories.map(|it| it.held).sum::<u64>();
            extent.files += survey.copies;
            extent.black = survey.black;
            extent.left_out = survey.kept.iter().map(|it| it.many).sum();
            extent.missing = survey.missing;
        }
        Ok(Some(extent))
    }

    /// Writes the package into a sealed file; its row is written by the act that follows.
    pub(super) async fn package(
        &self,
        (scope, case, key): (&Scope, &Case, &Key),
        pdf: Vec<u8>,
        text: &str,
    ) -> Result<FileRow, Error> {
        let house = self.house(case.controller)?;
        let by_hand = self.by_hand(scope, case).await?;
        let own = Key::generate(1);
        let bundle = Bundle::begin(Arc::clone(&self.files), own.clone(), self.now());
        let mut writing = Writing::begin(self, (scope, case, key), bundle);
        writing.letter(pdf, text).await?;
        for (at, sort) in sorts(case).into_iter().enumerate() {
            writing.sort(sort, at > 0).await?;
        }
        writing.by_hand(by_hand).await?;
        let stored = writing.finish(&house.controller.name).await?;
        let new = NewFile {
            id: FileId(self.next_id()),
            controller: case.controller,
            case: Some(case.id),
            form: None,
            purpose: FilePurpose::Package,
            name: format!("{}.zip", case.number).into(),
            media_type: "application/zip".to_owned(),
            size: stored.plain_size,
            stored: stored.name,
            sha256: stored.sealed_sha256,
        };
        Ok(FileRow::seal(new, &own, &house.keys, self.now())?)
    }

    /// What people answered for the systems by hand, as far as it goes along.
    async fn by_hand(&self, scope: &Scope, case: &Case) -> Result<Vec<ByHand>, Error> {
        let (reach, id) = (scope.clone(), case.id);
        let rows = self
            .store
            .read(move |conn| filing::of_case(conn, &reach, id))
            .await?;
        let mut all = Vec::new();
        for (task, enclosure) in case.enclosed() {
            let Some((text, files)) = said(task, enclosure) else {
                continue;
            };
            let row = |file: &FileId| rows.iter().find(|row| row.id() == *file).cloned();
            let hand = ByHand {
                system: task.name.clone(),
                text: text
                    .filter(|text| !text.reveal().trim().is_empty())
                    .cloned(),
                files: files.iter().filter_map(row).collect(),
            };
            if hand.text.is_some() || !hand.files.is_empty() {
                all.push(hand);
            }
        }
        Ok(all)
    }
}

/// What of a task goes along. What a machine says is where it looked: what it found lies there finding by finding.
fn said<'a>(
    task: &'a Task,
    enclosure: Enclosure<'a>,
) -> Option<(Option<&'a Private<String>>, &'a [FileId])> {
    match (enclosure, task.outcome()) {
        (Enclosure::Version(version), _) => Some((Some(&version.text), &version.files)),
        (Enclosure::Original, Some(Answer::Found { text, files })) => {
            let text = (!task.answered_by_machine()).then_some(text);
            Some((text, files))
        }
        _ => None,
    }
}
