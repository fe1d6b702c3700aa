//! What becomes of a record here: logs roll off, bookkeeping is kept by law, files and rows go where that was declared.

use std::ffi::OsString;
use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::ffi::OsStringExt;

use super::areas::{Area, Kind};
use super::hunt::mark;
use super::lines::{Bytes, Packed, Pulse};
use super::root::{Root, State, failed};
use super::settings::{EraseRows, Folder, Table};
use super::trail::Trail;
use super::{Inner, datev, gobd, rewrite, rolling};
use crate::ports::source::{
    Fate, Fault, Leftover, LeftoverKind, Manner, Mishap, Outcome, Preview, RecordRef, SideEffect,
};

/// Where servers put what was deleted.
const BINS: [&str; 6] = [
    "#recycle",
    "@Recycle",
    ".Trash",
    ".recycle",
    ".snapshot",
    ".snapshots",
];

/// What would become of a record.
///
/// # Errors
/// [`Mishap`].
pub fn preview(inner: &Inner, record: &RecordRef, manner: Manner) -> Result<Preview, Mishap> {
    let area = inner.area(&record.kind)?;
    if let Some(preview) = kept(inner, area, record)? {
        return Ok(preview);
    }
    let root = Root::open(&inner.root)?;
    let links = match (&area.kind, manner) {
        (_, Manner::Anonymise) => return Err(no_names()),
        (Kind::Folder(_), Manner::Erase) => {
            Target::of(&root, area, record)?.map(|it| it.state.links)
        }
        (Kind::Table(table), Manner::Erase) => {
            let (trail, row) = row(area, record)?;
            rewrite::found(&root, &trail, table, &row)?.map(|it| it.links)
        }
        _ => return Err(Mishap::new(Fault::Unknown, "no such place is declared")),
    };
    Ok(Preview {
        there: links.is_some(),
        fate: Fate::Gone,
        why: links.map_or("not there", |_| "").to_owned(),
        effects: vec![SideEffect::Final],
        leftovers: left(inner, &root, area, links.unwrap_or(1))?,
    })
}

/// Takes a record away, and looks whether it is gone.
///
/// # Errors
/// [`Mishap`].
pub fn erase(inner: &Inner, record: &RecordRef, manner: Manner) -> Result<Outcome, Mishap> {
    let area = inner.area(&record.kind)?;
    if let Some(kept) = kept(inner, area, record)? {
        return Ok(Outcome::new(Fate::Kept, kept.why).leaving(kept.leftovers));
    }
    let root = Root::open(&inner.root)?;
    let (seen, links) = match (&area.kind, manner) {
        (_, Manner::Anonymise) => return Err(no_names()),
        (Kind::Folder(_), Manner::Erase) => match Target::of(&root, area, record)? {
            None => ("the file is not there".to_owned(), 1),
            Some(target) => {
                target.remove(&root, area)?;
                (
                    "the file is not there any more".to_owned(),
                    target.state.links,
                )
            }
        },
        (Kind::Table(table), Manner::Erase) => {
            let (trail, row) = row(area, record)?;
            rewrite::erase(&root, &trail, table, &row)?
        }
        _ => return Err(Mishap::new(Fault::Unknown, "no such place is declared")),
    };
    Ok(Outcome::new(Fate::Gone, seen).leaving(left(inner, &root, area, links)?))
}

/// What is not taken away by us, and why.
fn kept(inner: &Inner, area: &Area, record: &RecordRef) -> Result<Option<Preview>, Mishap> {
    let (why, leftovers) = match &area.kind {
        Kind::Log(log) => (
            format!("rotation after {} days", log.days),
            vec![Leftover {
                count: Some(1),
                ..rolling(log)
            }],
        ),
        Kind::Datev(_) | Kind::Gobd(_) => {
            let until = until(inner, area, record)?;
            (
                until.map_or("retained".to_owned(), |day| format!("retained until {day}")),
                Vec::new(),
            )
        }
        Kind::Table(Table { erase: None, .. }) | Kind::Folder(Folder { erase: false, .. }) => {
            let task = Leftover {
                count: Some(1),
                ..Leftover::new(LeftoverKind::Files, &area.name)
            };
            ("erasing is not declared here".to_owned(), vec![task])
        }
        _ => return Ok(None),
    };
    Ok(Some(Preview {
        there: true,
        fate: Fate::Kept,
        why,
        effects: Vec::new(),
        leftovers,
    }))
}

/// Until when an export is kept: the end of the year of its period, and the years of the law.
fn until(
    inner: &Inner,
    area: &Area,
    record: &RecordRef,
) -> Result<Option<chrono::NaiveDate>, Mishap> {
    let trail = of(area, record)?;
    let root = Root::open(&inner.root)?;
    let read = |error: io::Error| failed(&error);
    match &area.kind {
        Kind::Datev(settings) => {
            let (file, _) = root.file(&trail).map_err(read)?;
            let pulse = Pulse::default();
            let bytes = Bytes::of(file, Packed::Not, inner.largest, &pulse).map_err(read)?;
            let export = datev::opened(bytes).map_err(read)?;
            Ok(export.and_then(|it| it.head.kept_until(settings.years)))
        }
        Kind::Gobd(settings) => {
            let tables = gobd::read(&root, &trail).map_err(read)?.unwrap_or_default();
            let year = |day: chrono::NaiveDate| {
                chrono::Datelike::year(&day).checked_add(i32::from(settings.years))
            };
            Ok(gobd::ends(&tables)
                .and_then(year)
                .and_then(|year| chrono::NaiveDate::from_ymd_opt(year, 12, 31)))
        }
        _ => Ok(None),
    }
}

/// The file that a key begins with, if it is one of this place.
fn of(area: &Area, record: &RecordRef) -> Result<Trail, Mishap> {
    let first = record.id.reveal().split('#').next().unwrap_or_default();
    let trail = Trail::read(first).filter(|it| area.pattern.fits(it));
    trail.ok_or_else(|| Mishap::new(Fault::Unknown, "no file of this place"))
}

/// A row as its key tells it.
fn row(area: &Area, record: &RecordRef) -> Result<(Trail, rewrite::Wanted), Mishap> {
    let mut parts = record.id.reveal().split('#').skip(1).map(str::to_owned);
    let content = parts.next().filter(|it| it.len() == 32);
    let content =
        content.ok_or_else(|| Mishap::new(Fault::NoIdentifier, "the key names no row"))?;
    let rows = match &area.kind {
        Kind::Table(Table {
            erase: Some(EraseRows { rows }),
            ..
        }) => *rows,
        _ => 0,
    };
    Ok((
        of(area, record)?,
        rewrite::Wanted {
            content,
            key: parts.next(),
            most: rows,
        },
    ))
}

/// A file that is to go.
struct Target {
    trail: Trail,
    folder: OwnedFd,
    state: State,
}

impl Target {
    /// The file, if it is there; it must be the one that was found.
    fn of(root: &Root, area: &Area, record: &RecordRef) -> Result<Option<Target>, Mishap> {
        let trail = of(area, record)?;
        let found = root.folder(&trail.folder()).and_then(|folder| {
            let (file, state) = root.file_in(&folder, trail.name())?;
            Ok((folder, file, state))
        });
        let (folder, file, state) = match found {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            found => found.map_err(|error| failed(&error))?,
        };
        if record.version.as_ref() != Some(&state.version()) {
            return Err(conflict("another file stands there than was found"));
        }
        if file.try_lock().is_err() || held(root, &folder, &trail)? {
            return Err(conflict("somebody has it open"));
        }
        Ok(Some(Target {
            trail,
            folder,
            state,
        }))
    }

    /// Takes it away. It is set aside first and looked at again, so that nobody's newer file goes in its place.
    fn remove(&self, root: &Root, area: &Area) -> Result<(), Mishap> {
        let name = self.trail.name();
        let aside = OsString::from_vec(
            format!(".rechtzeitig-{}", mark(name.as_encoded_bytes())).into_bytes(),
        );
        let done = || -> io::Result<bool> {
            root.rename(&self.folder, name, &aside)?;
            let same = root
                .file_in(&self.folder, &aside)
                .is_ok_and(|(_, state)| state == self.state);
            if !same {
                root.rename(&self.folder, &aside, name)?;
                return Ok(false);
            }
            root.unlink(&self.folder, &aside)?;
            root.settle(&self.folder)?;
            Ok(true)
        };
        match done() {
            Ok(true) => {}
            Ok(false) => return Err(conflict("another file stands there than was found")),
            Err(error) => return Err(failed(&error)),
        }
        // A folder that carries her name and is empty now says still that she was here.
        if let Some(first) = area.pattern.persons_folder(&self.trail) {
            let mut at = self.trail.folder();
            while at.steps().len() > first {
                let parent = root.folder(&at.folder()).map_err(|error| failed(&error))?;
                if root.remove_empty(&parent, at.name()).is_err() {
                    break;
                }
                at = at.folder();
            }
        }
        let gone = |name: &std::ffi::OsStr| root.stands(&self.folder, name).map(|it| !it);
        match gone(name).and_then(|one| Ok(one && gone(&aside)?)) {
            Ok(true) => Ok(()),
            Ok(false) => Err(Mishap::new(Fault::NotWritten, "the file is still there")),
            Err(error) => Err(failed(&error)),
        }
    }
}

/// Whether an office program says that it has the file open.
fn held(root: &Root, folder: &OwnedFd, trail: &Trail) -> Result<bool, Mishap> {
    let name = super::trail::shown(trail.name());
    let shortened: String = name.chars().skip(2).collect();
    for sign in [
        format!("~${name}"),
        format!("~${shortened}"),
        format!(".~lock.{name}#"),
    ] {
        if root
            .stands(folder, sign.as_ref())
            .map_err(|error| failed(&error))?
        {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Copies that stay: other names of the same file, bins and snapshots in sight, and what the operator declared.
fn left(inner: &Inner, root: &Root, area: &Area, links: u64) -> Result<Vec<Leftover>, Mishap> {
    let mut left = inner.leftovers.clone();
    if links > 1 {
        left.push(Leftover {
            count: Some(links - 1),
            ..Leftover::new(LeftoverKind::Files, &area.name)
        });
    }
    let top = root
        .folder(&Trail::default())
        .map_err(|error| failed(&error))?;
    for bin in BINS {
        if root
            .stands(&top, bin.as_ref())
            .map_err(|error| failed(&error))?
        {
            left.push(Leftover::new(LeftoverKind::Backup, bin));
        }
    }
    Ok(left)
}

fn conflict(detail: &str) -> Mishap {
    Mishap::new(Fault::Conflict, detail)
}

fn no_names() -> Mishap {
    Mishap::new(
        Fault::Unknown,
        "files and rows are taken away and not made anonymous",
    )
}
