//! Goes through the folders that a pattern names, and tells what could not be looked at.

use std::collections::{HashMap, HashSet};
use std::ffi::OsStr;
use std::fs::File;
use std::io;
use std::os::fd::OwnedFd;

use super::pattern::Pattern;
use super::root::{Kind, Root, State, failed};
use super::shape::Piece;
use super::trail::Trail;
use crate::ports::source::Mishap;

/// No office nests its folders deeper.
const DEEPEST: usize = 32;

/// What was met on the way beside files.
#[derive(Debug, Default)]
pub struct Met {
    /// So many files were opened.
    pub files: usize,
    /// There were more than we open.
    pub capped: bool,
    /// A folder or a file could not be read.
    pub closed: bool,
    /// Which files were opened, and how large they were: a smaller one of the same number is another.
    pub seen: HashMap<(u64, u64), u64>,
    /// Where links lead to that were not followed; none, if nobody knows.
    pub links: Vec<Option<(u64, u64)>>,
}

impl Met {
    /// Whether something that fits the pattern was not looked at.
    #[must_use]
    pub fn gaps(&self) -> bool {
        let led_past =
            |target: &Option<(u64, u64)>| target.is_none_or(|it| !self.seen.contains_key(&it));
        // Nothing at all is how a share looks that is not mounted.
        self.closed || self.files == 0 || self.links.iter().any(led_past)
    }
}

/// What is done with each file.
pub trait Visit {
    /// A file that fits.
    fn file(&mut self, trail: &Trail, file: File, state: State) -> Result<(), Mishap>;
}

/// A walk.
pub struct Walk<'a> {
    root: &'a Root,
    pattern: &'a Pattern,
    most: usize,
    names: HashSet<Trail>,
    /// What was met.
    pub met: Met,
}

impl<'a> Walk<'a> {
    /// A walk along a pattern, over at most so many files.
    pub fn along(root: &'a Root, pattern: &'a Pattern, most: usize) -> Walk<'a> {
        Walk {
            root,
            pattern,
            most,
            names: HashSet::new(),
            met: Met::default(),
        }
    }

    /// Visits every file that fits and was not visited on an earlier round.
    ///
    /// # Errors
    /// What the visitor says; what lies in the way of the walk itself is told in [`Walk::met`].
    pub fn go(&mut self, visit: &mut dyn Visit) -> Result<(), Mishap> {
        let top = self
            .root
            .folder(&Trail::default())
            .map_err(|error| failed(&error))?;
        self.step(&top, &Trail::default(), 0, visit)
    }

    fn step(
        &mut self,
        folder: &OwnedFd,
        trail: &Trail,
        at: usize,
        visit: &mut dyn Visit,
    ) -> Result<(), Mishap> {
        let pieces = self.pattern.pieces();
        let Some(piece) = pieces.get(at) else {
            return Ok(());
        };
        let last = at + 1 == pieces.len();
        if trail.steps().len() > DEEPEST {
            self.met.closed = true;
            return Ok(());
        }
        if let (Piece::Named(name), false) = (piece, last)
            && let (Ok(inner), Some(further)) = (
                self.root.enter(folder, OsStr::new(name)),
                trail.then(OsStr::new(name)),
            )
        {
            return self.step(&inner, &further, at + 1, visit);
        }
        let deep = matches!(piece, Piece::Deep);
        if deep && !last {
            self.step(folder, trail, at + 1, visit)?;
        }
        let names = self.root.names(folder, self.most.saturating_mul(4));
        let Ok((names, more)) = names else {
            self.met.closed = true;
            return Ok(());
        };
        self.met.capped |= more;
        for (name, kind) in names {
            let Some(further) = trail
                .then(&name)
                .filter(|_| piece.fits(&name) && !passing(&name))
            else {
                continue;
            };
            match kind {
                Kind::Link => self.met.links.push(self.root.leads_to(&further)),
                Kind::Other => {}
                Kind::Folder if deep || !last => {
                    self.enter(folder, &name, &further, at + usize::from(!deep), visit)?
                }
                Kind::Folder => {}
                Kind::File if last => self.open(folder, &name, &further, visit)?,
                Kind::File => {}
                Kind::Unknown => {
                    if self.root.enter(folder, &name).is_err() && last {
                        self.open(folder, &name, &further, visit)?;
                    } else if deep || !last {
                        self.enter(folder, &name, &further, at + usize::from(!deep), visit)?;
                    }
                }
            }
        }
        Ok(())
    }

    fn enter(
        &mut self,
        folder: &OwnedFd,
        name: &OsStr,
        trail: &Trail,
        at: usize,
        visit: &mut dyn Visit,
    ) -> Result<(), Mishap> {
        match self.root.enter(folder, name) {
            Ok(inner) => self.step(&inner, trail, at, visit),
            Err(error) => {
                self.note(&error);
                Ok(())
            }
        }
    }

    fn open(
        &mut self,
        folder: &OwnedFd,
        name: &OsStr,
        trail: &Trail,
        visit: &mut dyn Visit,
    ) -> Result<(), Mishap> {
        if self.met.files >= self.most {
            self.met.capped = true;
            return Ok(());
        }
        match self.root.file_in(folder, name) {
            Ok((file, state)) => {
                let before = self.met.seen.insert(state.file, state.size);
                // A second name of a file is a file of its own, for it is taken away by itself.
                let another = state.links > 1 && self.names.insert(trail.clone());
                if before.is_some_and(|size| size <= state.size) && !another {
                    return Ok(());
                }
                self.met.files += 1;
                visit.file(trail, file, state)
            }
            Err(error) => {
                self.note(&error);
                Ok(())
            }
        }
    }

    fn note(&mut self, error: &io::Error) {
        // What went between listing and opening is gone, or turns up under another name.
        self.met.closed |= error.kind() != io::ErrorKind::NotFound;
    }
}

/// What programs leave for the time that a file is open, and what desktops put into every folder: nobody's data.
fn passing(name: &OsStr) -> bool {
    let name = name.as_encoded_bytes();
    name.starts_with(b"~$")
        || name.starts_with(b".~lock.")
        || name.starts_with(b".rechtzeitig-")
        || matches!(name, b"Thumbs.db" | b".DS_Store" | b"desktop.ini")
}
