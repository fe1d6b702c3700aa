//! The folder below which everything lies. Every step is taken by itself and no link is followed, so that nothing that is
//! moved meanwhile leads out; other file systems are left alone.

use std::ffi::{OsStr, OsString};
use std::fs::{File, Metadata};
use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use rustix::fs::{AtFlags, Dir, FileType, Mode, OFlags, RenameFlags};

use super::trail::Trail;
use crate::ports::source::{Fault, Mishap};

/// The root, opened.
#[derive(Debug)]
pub struct Root {
    fd: OwnedFd,
    device: u64,
    path: PathBuf,
}

/// In which state a file was seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct State {
    /// File system and number of the file: the same file under another name is the same.
    pub file: (u64, u64),
    /// Bytes.
    pub size: u64,
    /// Seconds and nanoseconds of the last change.
    pub changed: (i64, i64),
    /// Under how many names it stands.
    pub links: u64,
}

impl State {
    fn of(meta: &Metadata) -> State {
        State {
            file: (meta.dev(), meta.ino()),
            size: meta.size(),
            changed: (meta.mtime(), meta.mtime_nsec()),
            links: meta.nlink(),
        }
    }

    /// The state of an open file now.
    pub fn now(file: &File) -> io::Result<State> {
        Ok(State::of(&file.metadata()?))
    }

    /// Written down, to be compared before anything is done.
    #[must_use]
    pub fn version(&self) -> String {
        let (seconds, nanos) = self.changed;
        format!("{:x}-{:x}-{seconds}.{nanos}", self.file.1, self.size)
    }
}

/// What a name in a folder is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Folder,
    File,
    Link,
    /// A device, a pipe, a socket: never opened.
    Other,
    /// The file system does not say.
    Unknown,
}

const READ: OFlags = OFlags::RDONLY
    .union(OFlags::NOFOLLOW)
    .union(OFlags::CLOEXEC)
    .union(OFlags::NOCTTY)
    // A pipe that somebody put there must not hold us.
    .union(OFlags::NONBLOCK);

impl Root {
    /// Opens the root, which may itself be reached over links: the operator named it.
    ///
    /// # Errors
    /// [`Mishap`]; a root that is not there may be a share that is not mounted, and comes back.
    pub fn open(path: &Path) -> Result<Root, Mishap> {
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
        let fd =
            rustix::fs::open(path, flags, Mode::empty()).map_err(|error| match io::Error::from(
                error,
            )
            .kind()
            {
                io::ErrorKind::PermissionDenied => {
                    Mishap::new(Fault::Forbidden, "the root may not be read")
                }
                io::ErrorKind::NotADirectory => {
                    Mishap::new(Fault::Misconfigured, "the root is no folder")
                }
                _ => Mishap::new(Fault::Unreachable, "the root is not there"),
            })?;
        let file = File::from(fd);
        let device = file.metadata().map_err(|error| failed(&error))?.dev();
        Ok(Root {
            fd: OwnedFd::from(file),
            device,
            path: path.to_owned(),
        })
    }

    /// A folder below the root.
    pub fn folder(&self, trail: &Trail) -> io::Result<OwnedFd> {
        let mut at = self.fd.try_clone()?;
        for step in trail.steps() {
            at = self.enter(&at, step)?;
        }
        Ok(at)
    }

    /// One folder further.
    pub fn enter(&self, folder: &OwnedFd, name: &OsStr) -> io::Result<OwnedFd> {
        let fd = rustix::fs::openat(folder, name, READ | OFlags::DIRECTORY, Mode::empty())?;
        let file = File::from(fd);
        self.at_home(&file.metadata()?)?;
        Ok(OwnedFd::from(file))
    }

    /// A file below the root, to read.
    pub fn file(&self, trail: &Trail) -> io::Result<(File, State)> {
        self.file_in(&self.folder(&trail.folder())?, trail.name())
    }

    /// A file of a folder, to read.
    pub fn file_in(&self, folder: &OwnedFd, name: &OsStr) -> io::Result<(File, State)> {
        let file = File::from(rustix::fs::openat(folder, name, READ, Mode::empty())?);
        let meta = file.metadata()?;
        if !meta.is_file() {
            return Err(io::Error::from(io::ErrorKind::InvalidInput));
        }
        self.at_home(&meta)?;
        Ok((file, State::of(&meta)))
    }

    fn at_home(&self, meta: &Metadata) -> io::Result<()> {
        match meta.dev() == self.device {
            true => Ok(()),
            false => Err(io::Error::from(io::ErrorKind::CrossesDevices)),
        }
    }

    /// The names in a folder, in order. At most so many; whether there are more is said.
    pub fn names(
        &self,
        folder: &OwnedFd,
        most: usize,
    ) -> io::Result<(Vec<(OsString, Kind)>, bool)> {
        let mut names = Vec::new();
        for entry in Dir::read_from(folder)? {
            let entry = entry?;
            let name = entry.file_name().to_bytes();
            if name == b"." || name == b".." {
                continue;
            }
            if names.len() >= most {
                return Ok((names, true));
            }
            let kind = match entry.file_type() {
                FileType::Directory => Kind::Folder,
                FileType::RegularFile => Kind::File,
                FileType::Symlink => Kind::Link,
                FileType::Unknown => Kind::Unknown,
                _ => Kind::Other,
            };
            names.push((OsStr::from_bytes(name).to_owned(), kind));
        }
        names.sort_unstable_by(|one, other| one.0.cmp(&other.0));
        Ok((names, false))
    }

    /// Which file a link leads to: only asked, never opened.
    #[must_use]
    pub fn leads_to(&self, trail: &Trail) -> Option<(u64, u64)> {
        let mut path = self.path.clone();
        path.extend(trail.steps());
        std::fs::metadata(path)
            .ok()
            .map(|meta| State::of(&meta).file)
    }

    /// Whether there is such a name in the folder; what it is does not matter.
    pub fn stands(&self, folder: &OwnedFd, name: &OsStr) -> io::Result<bool> {
        match rustix::fs::statat(folder, name, AtFlags::SYMLINK_NOFOLLOW) {
            Ok(_) => Ok(true),
            Err(rustix::io::Errno::NOENT) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    /// A new file of our own, that nobody else can read before its rights are set.
    pub fn create(&self, folder: &OwnedFd, name: &OsStr) -> io::Result<File> {
        let flags =
            OFlags::RDWR | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        Ok(File::from(rustix::fs::openat(
            folder,
            name,
            flags,
            Mode::RUSR | Mode::WUSR,
        )?))
    }

    /// Takes a file out of its folder.
    pub fn unlink(&self, folder: &OwnedFd, name: &OsStr) -> io::Result<()> {
        Ok(rustix::fs::unlinkat(folder, name, AtFlags::empty())?)
    }

    /// Takes a folder away, if nothing is in it.
    pub fn remove_empty(&self, folder: &OwnedFd, name: &OsStr) -> io::Result<()> {
        Ok(rustix::fs::unlinkat(folder, name, AtFlags::REMOVEDIR)?)
    }

    /// Puts two files of one folder into each other's place, at one blow. False, if the file system cannot do that.
    pub fn exchange(&self, folder: &OwnedFd, one: &OsStr, other: &OsStr) -> io::Result<bool> {
        match rustix::fs::renameat_with(folder, one, folder, other, RenameFlags::EXCHANGE) {
            Ok(()) => Ok(true),
            Err(
                rustix::io::Errno::INVAL | rustix::io::Errno::NOSYS | rustix::io::Errno::OPNOTSUPP,
            ) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    /// Puts a file into the place of another.
    pub fn rename(&self, folder: &OwnedFd, one: &OsStr, other: &OsStr) -> io::Result<()> {
        Ok(rustix::fs::renameat(folder, one, folder, other)?)
    }

    /// Writes the folder itself to the disk.
    pub fn settle(&self, folder: &OwnedFd) -> io::Result<()> {
        Ok(rustix::fs::fsync(folder)?)
    }
}

/// The way of failing that an error of the file system means. Its text may hold a path, and so a name: it stays here.
#[must_use]
pub fn failed(error: &io::Error) -> Mishap {
    use io::ErrorKind as Kind;
    if error.raw_os_error() == Some(rustix::io::Errno::LOOP.raw_os_error()) {
        return Mishap::new(Fault::Forbidden, "it is a link");
    }
    let (fault, detail) = match error.kind() {
        Kind::NotFound => (Fault::Missing, "the file is not there"),
        Kind::PermissionDenied => (Fault::Forbidden, "the file may not be opened"),
        Kind::CrossesDevices => (Fault::Forbidden, "it lies on another file system"),
        Kind::NotADirectory | Kind::InvalidInput => (Fault::Forbidden, "it is a link or no file"),
        Kind::ReadOnlyFilesystem => (Fault::Forbidden, "the file system cannot be written to"),
        Kind::StorageFull | Kind::QuotaExceeded => (Fault::Broken, "the disk is full"),
        Kind::TimedOut => (Fault::Slow, "the file system does not answer"),
        _ => (Fault::Broken, "the file system failed"),
    };
    Mishap::new(fault, detail)
}
