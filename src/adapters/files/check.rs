//! Whether the folder and its places can be read, and what is missing. Of tables only the first row is looked at.

use std::fs::File;

use super::areas::{Area, Kind};
use super::lines::{Bytes, Packed, Pulse, packed};
use super::root::{Root, State};
use super::trail::Trail;
use super::walk::{Visit, Walk};
use super::{Inner, datev, gobd, layout};
use crate::ports::source::{Health, Mishap, Need};

/// A first row is not longer.
const HEAD: u64 = 1024 * 1024;

/// Looks at every place.
///
/// # Errors
/// [`Mishap`], if the root cannot be opened.
pub fn check(inner: &Inner) -> Result<Health, Mishap> {
    let root = Root::open(&inner.root)?;
    let mut health = Health::default();
    for area in &inner.areas {
        let mut walk = Walk::along(&root, &area.pattern, inner.most_files);
        let mut look = Look {
            root: &root,
            area,
            odd: 0,
            closed: false,
        };
        walk.go(&mut look)?;
        if look.odd > 0 {
            health.needs.push(Need::Module(area.name.clone()));
        }
        if walk.met.gaps() || look.closed {
            health.needs.push(Need::Read(area.name.clone()));
        }
        health
            .in_sight
            .push((area.name.clone(), walk.met.files as u64));
    }
    let by_hand = |it: &Area| !it.erases() && matches!(it.kind, Kind::Table(_) | Kind::Folder(_));
    if inner.areas.iter().any(by_hand) {
        health.needs.push(Need::SecondCredential);
    }
    Ok(health)
}

struct Look<'a> {
    root: &'a Root,
    area: &'a Area,
    /// So many files are not what the place was declared to hold.
    odd: u64,
    closed: bool,
}

impl Visit for Look<'_> {
    fn file(&mut self, trail: &Trail, mut file: File, _: State) -> Result<(), Mishap> {
        let pulse = Pulse::default();
        let how = packed(&mut file);
        if matches!(how, Err(_) | Ok(Packed::Otherwise))
            && !matches!(self.area.kind, Kind::Folder(_))
        {
            self.closed = true;
            return Ok(());
        }
        let bytes = |file| Bytes::of(file, how.unwrap_or(Packed::Not), HEAD, &pulse);
        let fits = match &self.area.kind {
            Kind::Log(_) | Kind::Folder(_) => Ok(true),
            Kind::Table(table) => bytes(file)
                .and_then(|it| layout::opened(it, table))
                .map(|it| it.is_some()),
            Kind::Datev(_) => bytes(file).and_then(datev::opened).map(|it| it.is_some()),
            Kind::Gobd(_) => gobd::read(self.root, trail).map(|it| it.is_some()),
        };
        match fits {
            Ok(fits) => self.odd += u64::from(!fits),
            Err(_) => self.closed = true,
        }
        Ok(())
    }
}
