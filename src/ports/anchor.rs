//! Checkpoints leave the house: once a stranger holds one, the log before it cannot be rewritten.

use std::{
    fs::{self, File},
    io::{self, Write},
    path::{Path, PathBuf},
};

use chrono::{DateTime, Utc};

use super::Trouble;

/// A place outside the database that keeps signed checkpoints.
pub trait Anchor: Send + Sync {
    /// Publishes one checkpoint of the log `origin`: a signed note whose first three lines are
    /// origin, size and root hash. Publishing the same checkpoint again changes nothing.
    /// It blocks until the note is safe; call it off the async threads.
    ///
    /// # Errors
    /// [`Trouble::Later`] if the place cannot be reached; [`Trouble::Never`] if the note is no
    /// checkpoint of this log, or **contradicts** one that already stands there.
    fn publish(&self, origin: &str, note: &str, at: DateTime<Utc>) -> Result<(), Trouble>;
}

/// Keeps every checkpoint as a file `<origin>/<size>.note` in a folder, best one on another disk
/// or one that others can read.
#[derive(Clone, Debug)]
pub struct FileAnchor {
    folder: PathBuf,
}

impl FileAnchor {
    /// Keeps checkpoints below this folder; it is made at the first one.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self {
            folder: folder.into(),
        }
    }
}

impl Anchor for FileAnchor {
    fn publish(&self, origin: &str, note: &str, at: DateTime<Utc>) -> Result<(), Trouble> {
        let statement = Statement::of(note)
            .filter(|statement| statement.origin == origin)
            .ok_or_else(|| Trouble::never("the note is no checkpoint of this log"))?;
        let folder = self.folder.join(folder_name(origin));
        let place = folder.join(format!("{}.note", statement.size));
        place_once(&folder, &place, note, at)
            .map_err(|e| Trouble::later(format!("the checkpoint folder: {}", e.kind())))?;
        let standing = fs::read_to_string(&place)
            .map_err(|e| Trouble::later(format!("the checkpoint folder: {}", e.kind())))?;
        // A new signature under the same statement is no contradiction; the first one stays.
        if Statement::of(&standing) == Some(statement) {
            Ok(())
        } else {
            Err(Trouble::never(
                "another checkpoint of the same size stands there already",
            ))
        }
    }
}

/// What a checkpoint says, without its signatures.
#[derive(PartialEq, Eq)]
struct Statement<'a> {
    origin: &'a str,
    size: u64,
    root: &'a str,
}

impl<'a> Statement<'a> {
    fn of(note: &'a str) -> Option<Self> {
        let mut lines = note.lines();
        let (origin, size, root) = (lines.next()?, lines.next()?, lines.next()?);
        let canonical =
            size.bytes().all(|b| b.is_ascii_digit()) && (size == "0" || !size.starts_with('0'));
        let size = size.parse().ok().filter(|_| canonical)?;
        (!origin.is_empty() && !root.is_empty()).then_some(Self { origin, size, root })
    }
}

/// An origin looks like a web address; here it becomes one folder and never a path.
fn folder_name(origin: &str) -> String {
    let mut name = String::new();
    for byte in origin.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' => name.push(char::from(byte)),
            b'.' if !name.is_empty() => name.push('.'),
            other => name.push_str(&format!("%{other:02X}")),
        }
    }
    name
}

/// Writes beside and links into place: the name appears with the whole note behind it, and a name
/// that is taken stays as it is.
fn place_once(folder: &Path, place: &Path, note: &str, at: DateTime<Utc>) -> io::Result<()> {
    if place.exists() {
        return Ok(());
    }
    fs::create_dir_all(folder)?;
    let (draft, mut file) = new_draft(place)?;
    file.write_all(note.as_bytes())?;
    file.set_modified(at.into())?;
    file.sync_all()?;
    let linked = fs::hard_link(&draft, place);
    fs::remove_file(&draft)?;
    match linked {
        Err(e) if e.kind() == io::ErrorKind::AlreadyExists => return Ok(()),
        other => other?,
    }
    // The note is safe only when the names on the way to it are.
    File::open(folder)?.sync_all()?;
    folder
        .parent()
        .map_or(Ok(()), |above| File::open(above)?.sync_all())
}

/// A file of our own to write into. Never one that exists: after the link it is the note itself,
/// and a second writer would cut it short.
fn new_draft(place: &Path) -> io::Result<(PathBuf, File)> {
    let mut number = 0_u32;
    loop {
        let draft = place.with_extension(format!("{}-{number}.draft", std::process::id()));
        match File::create_new(&draft) {
            Err(e) if e.kind() == io::ErrorKind::AlreadyExists && number < 1000 => number += 1,
            made => return made.map(|file| (draft, file)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ORIGIN: &str = "kontor.example/log/../7";

    fn note(size: &str, root: &str, signature: &str) -> String {
        format!("{ORIGIN}\n{size}\n{root}\n\n— {ORIGIN} {signature}\n")
    }

    fn publish(folder: &Path, note: &str) -> Result<(), Trouble> {
        FileAnchor::new(folder).publish(ORIGIN, note, "2026-05-04T03:02:01Z".parse().unwrap())
    }

    fn kept(folder: &Path) -> Vec<(String, String)> {
        let mut all = Vec::new();
        for origin in fs::read_dir(folder).unwrap() {
            for file in fs::read_dir(origin.unwrap().path()).unwrap() {
                let path = file.unwrap().path();
                let name = path.file_name().unwrap().to_string_lossy().into_owned();
                all.push((name, fs::read_to_string(path).unwrap()));
            }
        }
        all.sort();
        all
    }

    #[test]
    fn every_checkpoint_is_kept_below_the_folder() {
        let dir = tempfile::tempdir().unwrap();
        let inner = dir.path().join("anchors");
        publish(&inner, &note("1", "AAA=", "s")).unwrap();
        publish(&inner, &note("20", "BBB=", "s")).unwrap();
        assert_eq!(
            kept(&inner),
            [
                ("1.note".into(), note("1", "AAA=", "s")),
                ("20.note".into(), note("20", "BBB=", "s"))
            ]
        );
        assert_eq!(
            fs::read_dir(dir.path()).unwrap().count(),
            1,
            "nothing outside"
        );
    }

    #[test]
    fn a_repeat_is_quiet_and_a_contradiction_is_not() {
        let dir = tempfile::tempdir().unwrap();
        let first = note("8", "AAA=", "first");
        publish(dir.path(), &first).unwrap();
        publish(dir.path(), &first).unwrap();
        publish(dir.path(), &note("8", "AAA=", "second")).unwrap();
        let contradiction = publish(dir.path(), &note("8", "CCC=", "first")).unwrap_err();
        assert!(!contradiction.may_heal());
        assert_eq!(kept(dir.path()), [("8.note".into(), first)]);
    }

    #[test]
    fn what_is_no_checkpoint_of_this_log_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        for wrong in [
            "",
            "kontor.example\n1\nAAA=\n",
            &note("-1", "A", ""),
            &note("../1", "A", ""),
            &note("01", "A", ""),
        ] {
            assert!(
                !publish(dir.path(), wrong).unwrap_err().may_heal(),
                "{wrong:?}"
            );
        }
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 0);
    }

    #[test]
    fn a_folder_that_cannot_be_made_is_trouble_for_later() {
        let file = tempfile::NamedTempFile::new().unwrap();
        assert!(
            publish(file.path(), &note("1", "A", "s"))
                .unwrap_err()
                .may_heal()
        );
    }
}
