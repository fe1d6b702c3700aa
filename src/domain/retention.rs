//! The end of a case, taking it up again, and how long its file is kept (Art. 5(1)(e), 5(2) GDPR).

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, Days, NaiveDate};

use super::aftermath::CopyOf;
use super::case::Case;
use super::collection::Outcome;
use super::delivery::Delivery;
use super::event::Event;
use super::ids::{FileId, SystemId};
use super::matter::Matter;
use super::obstacle::Obstacle;
use super::preserve::Secured;

/// Years after the closing year on whose first of January a case file goes: fines lapse three years after the
/// act (§ 31(2) no. 1 OWiG), claims at the end of the third year (§§ 195, 199 BGB).
pub const KEPT_YEARS: i32 = 4;

/// The day on which a file that was closed on this day is deleted.
pub fn purge_day(closed: NaiveDate) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(closed.year() + KEPT_YEARS, 1, 1)
}

/// What of a case is over on a day.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Over {
    /// Packages of answers whose time to be fetched and questioned has passed.
    pub packages: Vec<FileId>,
    /// Whether the findings go: files and texts that were the copy.
    pub findings: bool,
    /// Whether the whole file goes.
    pub all: bool,
}

/// What of one system lies in the file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Copied {
    /// Bytes of what was written down.
    pub text: usize,
    /// The sealed files.
    pub files: BTreeSet<FileId>,
}

impl Case {
    /// Closes a case whose items have all ended.
    pub fn close(&self, on: NaiveDate) -> Result<Vec<Event>, Obstacle> {
        self.must_be_open()?;
        // Who wrote only in her own words asked for something all the same.
        let breach = matches!(self.intake.matter, Matter::Breach { .. });
        if self.items.is_empty() && !breach {
            return Err(Obstacle::NoRight);
        }
        let open = self.items.iter().filter(|item| !item.ended()).count();
        if open > 0 {
            return Err(Obstacle::ItemsUndecided { open });
        }
        self.may_end()?;
        Ok(vec![Event::Closed { on }])
    }

    /// Whether nothing beside its items keeps the case open: a breach that is not closed, a recipient not told.
    ///
    /// # Errors
    /// What keeps it open.
    pub(super) fn may_end(&self) -> Result<(), Obstacle> {
        if self.open_breach().is_some() {
            return Err(Obstacle::BreachOpen);
        }
        match self.untold() {
            0 => Ok(()),
            open => Err(Obstacle::NoticesOpen { open }),
        }
    }

    /// Takes a closed case up again.
    pub fn reopen(&self, because: &str) -> Result<Vec<Event>, Obstacle> {
        if self.closed.is_none() {
            return Err(Obstacle::StillOpen);
        }
        if because.trim().is_empty() {
            return Err(Obstacle::Empty("because"));
        }
        Ok(vec![Event::Reopened {
            because: because.trim().into(),
        }])
    }

    /// What is over on this day; nothing while a hold stands. `days` is how long a copy is kept after it left.
    pub fn over(&self, today: NaiveDate, days: u16) -> Over {
        if self.held() {
            return Over::default();
        }
        let passed = |day: Option<NaiveDate>| day.is_some_and(|day| day <= today);
        Over {
            packages: self
                .packages(days)
                .filter(|(_, day)| *day <= today)
                .map(|(file, _)| file)
                .collect(),
            findings: passed(self.findings_until(days)),
            all: passed(self.closed.and_then(purge_day)),
        }
    }

    /// The next day on which something of it is over; none while a hold stands, or while it is open and holds no
    /// copy that left.
    pub fn next_over(&self, days: u16) -> Option<NaiveDate> {
        if self.held() {
            return None;
        }
        let copy = self.next_copy(days);
        copy.into_iter()
            .chain(self.closed.and_then(purge_day))
            .min()
    }

    /// The next day on which a part of the copy goes.
    pub fn next_copy(&self, days: u16) -> Option<NaiveDate> {
        let package = self.packages(days).map(|(_, day)| day).min();
        package.into_iter().chain(self.findings_until(days)).min()
    }

    /// The packages that are still there, each with the day on which it goes.
    fn packages(&self, days: u16) -> impl Iterator<Item = (FileId, NaiveDate)> + '_ {
        let gone = &self.aftermath.packages_gone;
        self.answers.iter().filter_map(move |answer| {
            let file = answer.released().package?;
            let left = last_move(answer)?;
            let day = left.checked_add_days(Days::new(days.into()))?;
            (!gone.contains(&file)).then_some((file, day))
        })
    }

    /// What of the person's data lies in the file itself, system by system: what was found, what was secured before
    /// it would have been gone, and the versions that went out in its place.
    pub fn copied(&self) -> BTreeMap<SystemId, Copied> {
        let mut all: BTreeMap<SystemId, Copied> = BTreeMap::new();
        let mut add = |system: SystemId, text: &str, files: &[FileId]| {
            if text.is_empty() && files.is_empty() {
                return;
            }
            let copied = all.entry(system).or_default();
            copied.text += text.len();
            copied.files.extend(files);
        };
        for task in &self.collection.tasks {
            if let Some(Outcome::Found { text, files }) = task.outcome() {
                add(task.system, text.reveal(), files);
            }
        }
        for (system, secured) in &self.secured {
            if let Secured::Done { files, .. } = secured {
                add(*system, "", files);
            }
        }
        for version in self.weighed.values().flat_map(|it| &it.versions) {
            add(version.system, version.text.reveal(), &version.files);
        }
        all
    }

    /// The day on which the findings go: nobody needs them for an answer any more, and the last one is old enough.
    fn findings_until(&self, days: u16) -> Option<NaiveDate> {
        let closed = self.closed?;
        // What machines brought lies here whatever a person answered for their system.
        let gone = |at: NaiveDate| {
            let destroyed = self.aftermath.destroyed.iter();
            destroyed
                .filter(|it| it.what == CopyOf::Finding)
                .any(|it| it.on >= at)
        };
        let searched = self.collection.searched.iter();
        let lies = searched
            .filter(|it| it.laid() > 0)
            .any(|it| !gone(it.at.date_naive()));
        if self.copied().is_empty() && !lies {
            return None;
        }
        let last = self.answers.iter().filter_map(last_move).max();
        last.unwrap_or(closed)
            .checked_add_days(Days::new(days.into()))
            // A case that was open long after its last answer is not emptied before it is closed.
            .map(|day| day.max(closed))
    }
}

/// The last day on which an answer moved: fetched, sent, come back, or called back.
fn last_move(answer: &Delivery) -> Option<NaiveDate> {
    match answer {
        Delivery::Underway { .. } => None,
        Delivery::Sent { on, .. }
        | Delivery::Arrived { on, .. }
        | Delivery::Bounced { on, .. }
        | Delivery::Recalled { on, .. } => Some(*on),
    }
}

#[cfg(test)]
#[path = "retention/tests.rs"]
mod tests;
