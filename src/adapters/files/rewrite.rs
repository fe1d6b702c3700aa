//! Takes rows out of a table: a new file beside the old one, which takes its place at one blow; all other bytes stay.

use std::ffi::OsString;
use std::fs::File;
use std::io::{self, BufWriter, Read, Seek, SeekFrom, Write};
use std::os::fd::OwnedFd;
use std::os::unix::ffi::OsStringExt;
use std::os::unix::fs::{MetadataExt, fchown};

use super::hers::tidy;
use super::hunt::mark;
use super::layout::opened;
use super::lines::{Bytes, Packed, Pulse, packed};
use super::root::{Root, State, failed};
use super::settings::Table;
use super::trail::Trail;
use crate::ports::source::{Fault, Mishap};

/// Which rows.
pub struct Wanted {
    /// The mark of all that stands in them.
    pub content: String,
    /// The mark of their key, where the table has one.
    pub key: Option<String>,
    /// So many at most.
    pub most: u64,
}

/// Rows of a file.
#[derive(Debug, Default)]
struct Scan {
    /// From which byte to which they reach.
    places: Vec<(u64, u64)>,
    /// Rows with the same key that say something else.
    changed: u64,
    /// All rows.
    rows: u64,
    garbled: u64,
}

/// The state of the file, if rows are there that would go.
///
/// # Errors
/// [`Mishap`], too if more would go than declared, or the row is not what it was.
pub fn found(
    root: &Root,
    trail: &Trail,
    table: &Table,
    wanted: &Wanted,
) -> Result<Option<State>, Mishap> {
    let (mut file, state) = match root.file(trail) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        found => found.map_err(|error| failed(&error))?,
    };
    let scan = checked(scan(&mut file, table, wanted)?, wanted)?;
    Ok((!scan.places.is_empty()).then_some(state))
}

/// Takes the rows out, reads back, and says what was seen and under how many names the old file stood.
///
/// # Errors
/// [`Mishap`].
pub fn erase(
    root: &Root,
    trail: &Trail,
    table: &Table,
    wanted: &Wanted,
) -> Result<(String, u64), Mishap> {
    let fails = |error: io::Error| failed(&error);
    let gone = |rows: u64| format!("{rows} rows, none of this content");
    let open = || -> io::Result<_> {
        let folder = root.folder(&trail.folder())?;
        let (file, _) = root.file_in(&folder, trail.name())?;
        Ok((folder, file))
    };
    let (folder, mut file) = match open() {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok((gone(0), 1)),
        found => found.map_err(fails)?,
    };
    if file.try_lock().is_err() {
        return Err(conflict());
    }
    // Whoever replaced the file before we held it has left us with the old one.
    let (_, state) = root.file_in(&folder, trail.name()).map_err(fails)?;
    if State::now(&file).map_err(fails)? != state {
        return Err(conflict());
    }
    let before = checked(scan(&mut file, table, wanted)?, wanted)?;
    if before.places.is_empty() {
        return Ok((gone(before.rows), 1));
    }
    let name = trail.name();
    let aside =
        OsString::from_vec(format!(".rechtzeitig-{}", mark(name.as_encoded_bytes())).into_bytes());
    // One that was left by a power cut; the lock says that nobody else is writing it.
    if root.stands(&folder, &aside).map_err(fails)? {
        root.unlink(&folder, &aside).map_err(fails)?;
    }
    let written = write(root, &folder, &aside, &mut file, &before.places);
    let replaced = written
        .map_err(fails)
        .and_then(|()| replace(root, &folder, &aside, trail, &state));
    if let Err(mishap) = replaced {
        // Nothing may be left that holds somebody's rows; if it cannot be removed, the next try does.
        let _ = root.unlink(&folder, &aside);
        return Err(mishap);
    }
    let (mut now, _) = root.file_in(&folder, name).map_err(fails)?;
    let after = scan(&mut now, table, wanted)?;
    let expected = before.rows.saturating_sub(before.places.len() as u64);
    let sound =
        after.places.is_empty() && after.rows == expected && after.garbled == before.garbled;
    match sound && !root.stands(&folder, &aside).map_err(fails)? {
        true => Ok((gone(after.rows), state.links)),
        false => Err(Mishap::new(
            Fault::NotWritten,
            format!("{} rows instead of {expected}", after.rows),
        )),
    }
}

fn checked(scan: Scan, wanted: &Wanted) -> Result<Scan, Mishap> {
    if scan.places.len() as u64 > wanted.most {
        return Err(Mishap::new(
            Fault::TooMany,
            format!("more than {} rows", wanted.most),
        ));
    }
    if scan.places.is_empty() && scan.changed > 0 {
        return Err(Mishap::new(
            Fault::Conflict,
            "the row says something else than was found",
        ));
    }
    Ok(scan)
}

fn scan(file: &mut File, table: &Table, wanted: &Wanted) -> Result<Scan, Mishap> {
    let fails = |error: io::Error| failed(&error);
    file.seek(SeekFrom::Start(0)).map_err(fails)?;
    let refused = |why: &str| Mishap::new(Fault::Refused, why.to_owned());
    if packed(file).map_err(fails)? != Packed::Not {
        return Err(refused("the table is packed"));
    }
    let pulse = Pulse::default();
    let bytes = Bytes::of(
        file.try_clone().map_err(fails)?,
        Packed::Not,
        u64::MAX,
        &pulse,
    )
    .map_err(fails)?;
    let Some(mut table) = opened(bytes, table).map_err(fails)? else {
        return Err(refused("not the columns that were declared"));
    };
    if table.recoded {
        return Err(refused("the table is written in two-byte letters"));
    }
    let mut scan = Scan::default();
    while let Some(row) = table.rows.next().map_err(fails)? {
        scan.rows += 1;
        if mark(&row.raw) == wanted.content {
            let (from, to) = row.place;
            scan.places.push((from + table.skipped, to + table.skipped));
            continue;
        }
        let text = table
            .layout
            .key
            .and_then(|at| row.fields.get(at))
            .and_then(|it| table.layout.letters.text(it));
        let key = text.map(|it| mark(tidy(&it).as_bytes()));
        scan.changed += u64::from(key.is_some() && key == wanted.key);
    }
    scan.garbled = table.rows.garbled;
    Ok(scan)
}

/// Writes the new file: the bytes of the old one without the rows, its rights and its owner.
fn write(
    root: &Root,
    folder: &OwnedFd,
    aside: &OsString,
    old: &mut File,
    without: &[(u64, u64)],
) -> io::Result<()> {
    let meta = old.metadata()?;
    let new = root.create(folder, aside)?;
    let mut writer = BufWriter::new(&new);
    let mut at = 0;
    for (from, to) in without.iter().copied().chain([(meta.len(), meta.len())]) {
        old.seek(SeekFrom::Start(at))?;
        let length = from.saturating_sub(at);
        if io::copy(&mut Read::by_ref(old).take(length), &mut writer)? != length {
            return Err(io::Error::from(io::ErrorKind::UnexpectedEof));
        }
        at = to;
    }
    writer.flush()?;
    drop(writer);
    let mine = new.metadata()?;
    if (mine.uid(), mine.gid()) != (meta.uid(), meta.gid()) {
        fchown(&new, Some(meta.uid()), Some(meta.gid()))?;
    }
    new.set_permissions(meta.permissions())?;
    new.sync_all()
}

/// Puts the new file into the place of the old one, unless somebody wrote into that meanwhile.
fn replace(
    root: &Root,
    folder: &OwnedFd,
    aside: &OsString,
    trail: &Trail,
    state: &State,
) -> Result<(), Mishap> {
    let fails = |error: io::Error| failed(&error);
    let same = |name: &std::ffi::OsStr| root.file_in(folder, name).map(|(_, now)| now == *state);
    if !same(trail.name()).map_err(fails)? {
        return Err(conflict());
    }
    if root.exchange(folder, aside, trail.name()).map_err(fails)? {
        // What was written between our look and the exchange lies aside now.
        if !same(aside).map_err(fails)? {
            root.exchange(folder, aside, trail.name()).map_err(fails)?;
            return Err(conflict());
        }
        root.unlink(folder, aside).map_err(fails)?;
    } else {
        root.rename(folder, aside, trail.name()).map_err(fails)?;
    }
    root.settle(folder).map_err(fails)
}

fn conflict() -> Mishap {
    Mishap::new(Fault::Conflict, "somebody writes into the table")
}
