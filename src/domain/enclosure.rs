//! What the copy holds of each system (Art. 15(3), (4) GDPR): all that was found, a version without what belongs
//! to others, or nothing.

use serde::{Deserialize, Serialize};

use super::case::Case;
use super::collection::Task;
use super::ids::{FileId, SystemId};
use super::judgement::{Judgement, Treatment};
use super::obstacle::Obstacle;
use super::private::Private;
use super::right::Right;
use super::weighing::Weighing;

/// What goes out in place of what was found in a system.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Version {
    /// In which system it was found.
    pub system: SystemId,
    /// What was written down, without what stays in the house.
    pub text: Private<String>,
    /// The redacted files.
    pub files: Vec<FileId>,
}

impl Version {
    fn empty(&self) -> bool {
        self.files.is_empty() && self.text.reveal().trim().is_empty()
    }
}

/// What of a system is enclosed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Enclosure<'a> {
    /// What was found, as it is.
    Original,
    /// The version in its place.
    Version(&'a Version),
}

/// How much of a system goes out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Share {
    All,
    Part,
    None,
}

impl Weighing {
    fn share(&self, system: SystemId) -> Share {
        let of_it = |it: &&Judgement| it.system == system;
        let mut judged = self.judgements.iter().filter(of_it).peekable();
        // What was decided before categories were judged was given as it is.
        if judged.peek().is_none() {
            return Share::All;
        }
        let (all, none) = judged.fold((true, true), |(all, none), it| {
            (
                all && it.treatment == Treatment::Disclose,
                none && it.treatment == Treatment::Withhold,
            )
        });
        match (all, none) {
            (true, _) => Share::All,
            (_, true) => Share::None,
            _ => Share::Part,
        }
    }

    /// The version that goes out in place of a system's find.
    pub fn version(&self, system: SystemId) -> Option<&Version> {
        self.versions.iter().find(|it| it.system == system)
    }

    /// Whether nothing of a system is given.
    pub fn withholds(&self, system: SystemId) -> bool {
        self.share(system) == Share::None
    }

    /// Whether a system's find goes out only in part, so that a version takes its place.
    pub fn in_part(&self, system: SystemId) -> bool {
        self.share(system) == Share::Part
    }
}

impl Case {
    /// What the next copy holds of each system where something was found.
    pub fn enclosed(&self) -> Vec<(&Task, Enclosure<'_>)> {
        let rights: Vec<Right> = self
            .answerable()
            .iter()
            .filter(|item| item.right.discloses())
            .filter(|item| item.decision().is_some_and(|it| it.to_carry_out()))
            .map(|item| item.right)
            .collect();
        let found = self.collection.tasks.iter().filter(|task| task.found());
        found
            .filter_map(|task| Some((task, self.enclosure(task, &rights)?)))
            .collect()
    }

    /// The most that one of the rights gives of a system.
    fn enclosure(&self, task: &Task, rights: &[Right]) -> Option<Enclosure<'_>> {
        let mut version = None;
        for right in rights {
            let Some(weighing) = self.weighed.get(right) else {
                return Some(Enclosure::Original);
            };
            match weighing.share(task.system) {
                Share::All => return Some(Enclosure::Original),
                Share::Part => version = version.or_else(|| weighing.version(task.system)),
                Share::None => {}
            }
        }
        version.map(Enclosure::Version)
    }

    /// Whether every system of which only a part is given has its version.
    ///
    /// # Errors
    /// The first one that has none.
    pub(super) fn versions_given(&self, weighing: &Weighing) -> Result<(), Obstacle> {
        let found = self.collection.tasks.iter().filter(|task| task.found());
        // What a machine found is blackened finding by finding; nothing takes its place.
        let by_hand = found.filter(|task| !task.answered_by_machine());
        for task in by_hand.filter(|task| weighing.in_part(task.system)) {
            let version = weighing.version(task.system);
            if version.is_none_or(Version::empty) {
                return Err(Obstacle::VersionLacking {
                    system: task.name.clone(),
                });
            }
        }
        Ok(())
    }
}
