//! Sealed files on disk: scans, attachments, data packages. The row that names one comes after it.
//!
//! A file is whole on the disk, its folder entry included, before its name is given out; so a row
//! never names a file that a power cut took. Files that no row names are swept up later.

use std::collections::HashSet;
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, Utc};
use ring::digest;
use zeroize::Zeroizing;

use crate::seal::stream::{SealReader, SealWriter};
use crate::seal::{Key, SealError, chance};

/// Why a file could not be kept or read.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// Not a name that [`Files::put`] gives.
    #[error("not the name of a sealed file")]
    Name,
    /// The name is right, the file is not there.
    #[error("the sealed file is gone")]
    Gone,
    /// The file does not open.
    #[error(transparent)]
    Seal(SealError),
    /// The disk failed, or the source that was read from.
    #[error("file store: {0}")]
    Io(io::Error),
}

impl From<SealError> for FileError {
    fn from(error: SealError) -> Self {
        match error {
            SealError::Io(inner) => inner.into(),
            other => Self::Seal(other),
        }
    }
}

impl From<io::Error> for FileError {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::NotFound => Self::Gone,
            _ => Self::Io(error),
        }
    }
}

/// What the row says about its file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    /// Random name, 32 hex digits.
    pub name: String,
    /// Bytes before sealing.
    pub plain_size: u64,
    /// SHA-256 of the sealed bytes: goes into the ledger and stays true when the key is destroyed.
    pub sealed_sha256: [u8; 32],
}

/// What a sweep did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Swept {
    /// Files that were kept: named by a row, or too young to tell.
    pub kept: u64,
    /// Files that were removed.
    pub removed: u64,
}

/// The folder with all sealed files of the installation. All calls block: not on an async thread.
#[derive(Debug)]
pub struct Files {
    root: PathBuf,
    /// Folders whose own entries are known to be on the disk.
    settled: Mutex<HashSet<PathBuf>>,
}

/// Begins the name of a file that is still being written.
const UNFINISHED: &str = ".unfinished-";

impl Files {
    /// Opens the folder, and makes it if need be, readable for this account alone.
    ///
    /// # Errors
    /// [`FileError::Io`] if it cannot be made.
    pub fn open(root: impl Into<PathBuf>) -> Result<Self, FileError> {
        let root = root.into();
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(&root)?;
        Ok(Self {
            root,
            settled: Mutex::default(),
        })
    }

    /// Seals what the reader gives and keeps it. Once this returns, the file outlives a power cut.
    /// On an error nothing is left behind.
    ///
    /// # Errors
    /// [`FileError::Io`] of disk or reader.
    pub fn put(&self, key: &Key, mut plain: impl Read) -> Result<Stored, FileError> {
        let name = new_name();
        let path = self.path(&name)?;
        let folder = path.parent().ok_or(FileError::Name)?;
        self.settle(folder)?;
        let draft = Draft::new(folder.join(format!("{UNFINISHED}{name}")))?;
        let hashed = Hashed {
            inner: &draft.file,
            so_far: digest::Context::new(&digest::SHA256),
        };
        let mut writer = SealWriter::new(hashed, key)?;
        // No io::copy: its buffer would be left behind in memory, unwiped.
        let mut buffer = Zeroizing::new(vec![0; 64 * 1024]);
        loop {
            let read = match plain.read(&mut buffer) {
                Ok(0) => break,
                Ok(read) => read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(FileError::Io(error)),
            };
            writer.write_all(buffer.get(..read).unwrap_or_default())?;
        }
        let (hashed, plain_size) = writer.finish()?;
        let mut sealed_sha256 = [0; 32];
        sealed_sha256.copy_from_slice(hashed.so_far.finish().as_ref());
        draft.file.sync_all()?;
        draft.becomes(&path)?;
        sync_folder(folder)?;
        Ok(Stored {
            name,
            plain_size,
            sealed_sha256,
        })
    }

    /// Opens a file for reading in order or from any byte on.
    ///
    /// # Errors
    /// [`FileError::Name`], [`FileError::Gone`], [`FileError::Seal`] if it was changed, cut or
    /// sealed with another key.
    pub fn open_reader(&self, key: &Key, name: &str) -> Result<SealReader<File>, FileError> {
        Ok(SealReader::open(File::open(self.path(name)?)?, key)?)
    }

    /// Reads a part of a file, or what there is of it.
    ///
    /// # Errors
    /// As [`Files::open_reader`].
    pub fn read_range(
        &self,
        key: &Key,
        name: &str,
        start: u64,
        length: u64,
    ) -> Result<Zeroizing<Vec<u8>>, FileError> {
        Ok(self.open_reader(key, name)?.range(start, length)?)
    }

    /// Removes a file; `false` if it was gone already. What counts as destroyed is its key: the
    /// disk may keep the bytes for a while.
    ///
    /// # Errors
    /// [`FileError::Name`], [`FileError::Io`].
    pub fn remove(&self, name: &str) -> Result<bool, FileError> {
        let path = self.path(name)?;
        match fs::remove_file(&path) {
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
            Err(error) => return Err(FileError::Io(error)),
        }
        sync_folder(path.parent().ok_or(FileError::Name)?)?;
        Ok(true)
    }

    /// Removes what was last written before the cutoff and that no row knows: files whose act was
    /// never committed, and drafts that a crash left. The cutoff must lie further back than any act
    /// takes. Files that the store did not make are left alone.
    ///
    /// # Errors
    /// [`FileError::Io`].
    pub fn sweep(
        &self,
        cutoff: DateTime<Utc>,
        mut known: impl FnMut(&str) -> bool,
    ) -> Result<Swept, FileError> {
        let mut swept = Swept::default();
        for folder in folders(&self.root)?
            .iter()
            .map(|outer| folders(outer))
            .collect::<Result<Vec<_>, _>>()?
            .concat()
        {
            for entry in fs::read_dir(&folder)? {
                let entry = entry?;
                let file_name = entry.file_name();
                let Some(file_name) = file_name.to_str() else {
                    continue;
                };
                let name = file_name.strip_prefix(UNFINISHED).unwrap_or(file_name);
                if self
                    .path(name)
                    .ok()
                    .and_then(|path| path.parent().map(Path::to_owned))
                    .as_ref()
                    != Some(&folder)
                {
                    continue;
                }
                let metadata = match entry.metadata() {
                    Ok(metadata) => metadata,
                    // Finished or removed meanwhile.
                    Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                    Err(error) => return Err(FileError::Io(error)),
                };
                let old = DateTime::<Utc>::from(metadata.modified()?) < cutoff;
                let orphan = file_name != name || !known(name);
                if old && orphan {
                    fs::remove_file(entry.path())?;
                    swept.removed += 1;
                } else {
                    swept.kept += 1;
                }
            }
        }
        Ok(swept)
    }

    /// Two levels of sixteen folders: enough to keep each short, few enough to have them all soon.
    fn path(&self, name: &str) -> Result<PathBuf, FileError> {
        let plain =
            name.len() == 32 && name.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        let (Some(outer), Some(inner), true) = (name.get(0..1), name.get(1..2), plain) else {
            return Err(FileError::Name);
        };
        Ok(self.root.join(outer).join(inner).join(name))
    }

    /// Makes a folder and sees its entry, and that of the folder above, onto the disk; once per run.
    fn settle(&self, folder: &Path) -> Result<(), FileError> {
        if self
            .settled
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .contains(folder)
        {
            return Ok(());
        }
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(folder)?;
        for above in folder.ancestors().skip(1).take(2) {
            sync_folder(above)?;
        }
        self.settled
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(folder.to_owned());
        Ok(())
    }
}

fn new_name() -> String {
    format!("{:032x}", u128::from_be_bytes(chance::bytes()))
}

fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

fn folders(above: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(above)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            found.push(entry.path());
        }
    }
    Ok(found)
}

/// A file that is being written. Vanishes unless it becomes a real one.
struct Draft {
    path: PathBuf,
    file: File,
    finished: bool,
}

impl Draft {
    fn new(path: PathBuf) -> io::Result<Self> {
        let file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&path)?;
        Ok(Self {
            path,
            file,
            finished: false,
        })
    }

    fn becomes(mut self, path: &Path) -> io::Result<()> {
        fs::rename(&self.path, path)?;
        self.finished = true;
        Ok(())
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        if !self.finished {
            // What cannot be removed now, the sweep removes.
            let _ = fs::remove_file(&self.path);
        }
    }
}

/// Hashes what passes through.
struct Hashed<W> {
    inner: W,
    so_far: digest::Context,
}

impl<W: Write> Write for Hashed<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.inner.write(bytes)?;
        self.so_far.update(bytes.get(..written).unwrap_or_default());
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    fn store() -> (tempfile::TempDir, Files, Key) {
        let folder = tempfile::tempdir().unwrap();
        let files = Files::open(folder.path().join("files")).unwrap();
        (folder, files, Key::generate(1))
    }

    fn all_files(above: &Path) -> Vec<PathBuf> {
        let mut found = Vec::new();
        for entry in fs::read_dir(above).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                found.extend(all_files(&path))
            } else {
                found.push(path)
            }
        }
        found
    }

    fn modified(files: &Files, name: &str) -> DateTime<Utc> {
        fs::metadata(files.path(name).unwrap())
            .unwrap()
            .modified()
            .unwrap()
            .into()
    }

    #[test]
    fn a_file_is_kept_sealed_and_read_back_whole_or_in_part() {
        let (folder, files, key) = store();
        let plain: Vec<u8> = (0..253).cycle().take(200_000).collect();
        let stored = files.put(&key, &plain[..]).unwrap();
        assert_eq!(stored.plain_size, 200_000);
        let on_disk = fs::read(files.path(&stored.name).unwrap()).unwrap();
        assert_eq!(
            digest::digest(&digest::SHA256, &on_disk).as_ref(),
            stored.sealed_sha256
        );
        assert!(!on_disk.windows(16).any(|window| window == &plain[100..116]));
        assert!(
            *files.read_range(&key, &stored.name, 131_000, 500).unwrap() == plain[131_000..131_500]
        );
        let mut whole = Vec::new();
        files
            .open_reader(&key, &stored.name)
            .unwrap()
            .read_to_end(&mut whole)
            .unwrap();
        assert!(whole == plain);
        assert_eq!(all_files(folder.path()).len(), 1);
    }

    #[test]
    fn a_file_is_for_this_account_alone() {
        use std::os::unix::fs::PermissionsExt;
        let (_folder, files, key) = store();
        let stored = files.put(&key, &b"scan"[..]).unwrap();
        let path = files.path(&stored.name).unwrap();
        for (path, expected) in [
            (path.as_path(), 0o600),
            (path.parent().unwrap(), 0o700),
            (&files.root, 0o700),
        ] {
            assert_eq!(
                fs::metadata(path).unwrap().permissions().mode() & 0o777,
                expected,
                "{path:?}"
            );
        }
    }

    #[test]
    fn a_broken_upload_leaves_nothing_behind() {
        struct Breaks;
        impl Read for Breaks {
            fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
                Err(io::ErrorKind::ConnectionReset.into())
            }
        }
        let (folder, files, key) = store();
        assert!(matches!(
            files.put(&key, (&b"begun"[..]).chain(Breaks)),
            Err(FileError::Io(_))
        ));
        assert_eq!(all_files(folder.path()), Vec::<PathBuf>::new());
    }

    #[test]
    fn a_removed_file_is_gone_and_foreign_names_are_refused() {
        let (folder, files, key) = store();
        let stored = files.put(&key, &b"scan"[..]).unwrap();
        assert!(files.remove(&stored.name).unwrap());
        assert!(!files.remove(&stored.name).unwrap());
        assert!(matches!(
            files.open_reader(&key, &stored.name),
            Err(FileError::Gone)
        ));
        fs::write(folder.path().join("secret"), b"x").unwrap();
        for name in [
            "",
            "../../secret",
            "/etc/passwd",
            &"A".repeat(32),
            &"a".repeat(31),
            &"ä".repeat(16),
        ] {
            assert!(
                matches!(files.read_range(&key, name, 0, 1), Err(FileError::Name)),
                "{name}"
            );
            assert!(matches!(files.remove(name), Err(FileError::Name)), "{name}");
        }
    }

    #[test]
    fn a_file_that_was_changed_or_cut_on_disk_does_not_open() {
        let (_folder, files, key) = store();
        let stored = files.put(&key, &[7; 100_000][..]).unwrap();
        let path = files.path(&stored.name).unwrap();
        assert!(matches!(
            files.open_reader(&Key::generate(1), &stored.name),
            Err(FileError::Seal(SealError::Damaged))
        ));
        OpenOptions::new()
            .write(true)
            .open(&path)
            .unwrap()
            .set_len(65_578)
            .unwrap();
        assert!(matches!(
            files.read_range(&key, &stored.name, 0, 1),
            Err(FileError::Seal(SealError::Damaged))
        ));
    }

    #[test]
    fn a_sweep_takes_old_orphans_and_drafts_and_nothing_else() {
        let (_folder, files, key) = store();
        let named = files.put(&key, &b"named"[..]).unwrap();
        let orphan = files.put(&key, &b"orphan"[..]).unwrap();
        let orphan_path = files.path(&orphan.name).unwrap();
        let draft = orphan_path.with_file_name(format!("{UNFINISHED}{}", orphan.name));
        fs::write(&draft, b"half").unwrap();
        let foreign = orphan_path.with_file_name("README");
        fs::write(&foreign, b"put here by the operator").unwrap();
        let (before, after) = (
            modified(&files, &named.name) - TimeDelta::days(1),
            modified(&files, &orphan.name) + TimeDelta::days(1),
        );
        let known = |name: &str| name == named.name;
        assert_eq!(
            files.sweep(before, known).unwrap(),
            Swept {
                kept: 3,
                removed: 0
            }
        );
        assert_eq!(
            files.sweep(after, known).unwrap(),
            Swept {
                kept: 1,
                removed: 2
            }
        );
        assert!(!draft.exists() && !orphan_path.exists() && foreign.exists());
        assert_eq!(
            &**files.read_range(&key, &named.name, 0, 9).unwrap(),
            b"named"
        );
    }
}
