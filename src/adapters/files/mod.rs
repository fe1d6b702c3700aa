//! A folder full of files: access logs, tables, bookkeeping exports, folders of people. Most of it is only ever read.

mod areas;
mod batch;
mod caller;
mod check;
mod copies;
mod datev;
mod described;
mod entry;
mod erase;
mod folders;
mod gobd;
mod hers;
mod hunt;
mod layout;
mod lines;
mod logs;
mod media;
mod pattern;
mod rewrite;
mod root;
mod rows;
mod settings;
mod shape;
mod tables;
mod text;
mod trail;
mod walk;

use std::path::PathBuf;
use std::sync::Arc;

use futures_util::future::BoxFuture;
use tokio::sync::mpsc::{Sender, channel};
use tokio::time::timeout;

pub use settings::{
    Column, Copy, Date, Datev, EraseRows, Folder, Gobd, Identity, Index, Log, Settings, Table,
    TableIdentity,
};

use areas::{Area, Kind};
use hunt::{Hunt, Place};
use lines::Pulse;
use root::Root;

use super::Limits;
use crate::domain::identifier::{Identifier, SearchKey};
use crate::ports::source::{
    Abilities, Basket, Copies, Erase, Fault, FileRef, Find, Health, Leftover, LeftoverKind, Manner,
    Means, Mishap, Outcome, Pieces, Preview, Profile, Record, RecordRef, Search, Source,
};

/// So many findings wait to be laid down, and no more.
const WAITING: usize = 64;

/// The adapter.
#[derive(Clone, Debug)]
pub struct Files {
    inner: Arc<Inner>,
    limits: Limits,
}

#[derive(Debug)]
struct Inner {
    root: PathBuf,
    areas: Vec<Area>,
    leftovers: Vec<Leftover>,
    most_files: usize,
    most_bytes: u64,
    most_findings: u64,
    largest: u64,
    largest_file: u64,
}

/// Lets the reader end when nobody waits for it any more.
struct Ender(Arc<Pulse>);

impl Drop for Ender {
    fn drop(&mut self) {
        self.0.end();
    }
}

impl Files {
    /// The folder as it was declared. It is opened when it is needed.
    ///
    /// # Errors
    /// [`Fault::Misconfigured`].
    pub fn new(settings: &Settings, limits: &Limits) -> Result<Files, Mishap> {
        let areas = areas::areas(settings)?;
        if !settings.root.is_absolute() {
            return Err(Mishap::new(Fault::Misconfigured, "root: from `/` on"));
        }
        let leftovers = settings.leftovers.iter().map(|it| Leftover {
            days: it.days,
            ..Leftover::new(it.kind, &it.place)
        });
        let inner = Inner {
            root: settings.root.clone(),
            leftovers: leftovers.collect(),
            areas,
            most_files: settings.most_files,
            most_bytes: settings.most_bytes,
            most_findings: settings.most_findings,
            largest: limits.largest,
            largest_file: limits.largest_file,
        };
        Ok(Files {
            inner: Arc::new(inner),
            limits: limits.clone(),
        })
    }

    /// Does something with the file system aside, and waits no longer than for an answer of any other system.
    async fn aside<T: Send + 'static>(
        &self,
        act: impl FnOnce(&Inner) -> Result<T, Mishap> + Send + 'static,
    ) -> Result<T, Mishap> {
        let inner = Arc::clone(&self.inner);
        tokio::task::spawn_blocking(move || act(&inner))
            .await
            .map_err(|_| fell_over())?
    }
}

fn fell_over() -> Mishap {
    Mishap::new(Fault::Broken, "reading ended by itself")
}

fn slow() -> Mishap {
    Mishap::new(Fault::Slow, "the file system does not answer")
}

impl Inner {
    fn area(&self, name: &str) -> Result<&Area, Mishap> {
        let found = self.areas.iter().find(|it| it.name == name);
        found.ok_or_else(|| Mishap::new(Fault::Unknown, "no such place is declared"))
    }

    fn search(
        &self,
        wanted: &[Identifier],
        pulse: &Pulse,
        basket: Sender<Record>,
    ) -> Result<Search, Mishap> {
        let root = Root::open(&self.root)?;
        let mut hunt = Hunt::new(&root, wanted, pulse, basket);
        for area in &self.areas {
            let place = Place::new(&area.name, self.most_findings, self.most_bytes);
            let (pattern, most) = (&area.pattern, self.most_files);
            match &area.kind {
                Kind::Log(log) => logs::search(&mut hunt, log, pattern, most, place)?,
                Kind::Table(table) => tables::search(&mut hunt, table, pattern, most, place)?,
                Kind::Datev(datev) => datev::search(&mut hunt, datev, pattern, most, place)?,
                Kind::Gobd(gobd) => gobd::search(&mut hunt, gobd, pattern, most, place)?,
                Kind::Folder(folder) => {
                    folders::search(&mut hunt, folder, pattern, most, self.largest, place)?
                }
            }
        }
        Ok(hunt.search)
    }

    /// What of a place is out of reach and ends by itself.
    fn leftovers(&self) -> Vec<Leftover> {
        let logs = self.areas.iter().filter_map(|area| match &area.kind {
            Kind::Log(log) => Some(rolling(log)),
            _ => None,
        });
        logs.chain(self.leftovers.iter().cloned()).collect()
    }
}

/// A log rolls off.
fn rolling(log: &Log) -> Leftover {
    Leftover {
        days: Some(log.days),
        ..Leftover::new(LeftoverKind::Log, &log.name)
    }
}

impl Source for Files {
    fn profile(&self) -> Profile {
        let areas = &self.inner.areas;
        let any = |of: fn(&Kind) -> bool| areas.iter().any(|it| of(&it.kind));
        let files = any(|it| matches!(it, Kind::Folder(_)));
        let mut keys: Vec<SearchKey> = areas.iter().flat_map(Area::keys).collect();
        keys.sort_by_key(|it| it.code());
        keys.dedup();
        Profile {
            adapter: "files",
            abilities: Abilities {
                find: Means::Machine,
                copy: if files { Means::Machine } else { Means::Not },
                // What happened stays what happened; a table is put right where it comes from.
                rectify: if any(|it| !matches!(it, Kind::Log(_))) {
                    Means::Hand
                } else {
                    Means::Not
                },
                erase: if self.erases().is_some() {
                    Means::Machine
                } else {
                    Means::Hand
                },
                restrict: Means::Hand,
                suppress: Means::Not,
            },
            keys,
            leftovers: self.inner.leftovers(),
        }
    }

    fn check(&self) -> BoxFuture<'_, Result<Health, Mishap>> {
        Box::pin(async move {
            let looked = self.aside(check::check);
            timeout(self.limits.patience, looked)
                .await
                .map_err(|_| slow())?
        })
    }

    fn finds(&self) -> Option<&dyn Find> {
        Some(self)
    }

    fn copies(&self) -> Option<&dyn Copies> {
        let files = self
            .inner
            .areas
            .iter()
            .any(|it| matches!(it.kind, Kind::Folder(_)));
        files.then_some(self as &dyn Copies)
    }

    fn erases(&self) -> Option<&dyn Erase> {
        let answers = |it: &Area| {
            it.erases() || matches!(it.kind, Kind::Log(_) | Kind::Datev(_) | Kind::Gobd(_))
        };
        self.inner
            .areas
            .iter()
            .any(answers)
            .then_some(self as &dyn Erase)
    }
}

impl Find for Files {
    fn find<'a>(
        &'a self,
        wanted: &'a [Identifier],
        basket: &'a mut dyn Basket,
    ) -> BoxFuture<'a, Result<Search, Mishap>> {
        Box::pin(async move {
            if wanted.is_empty() {
                return Ok(Search::default());
            }
            let (sender, mut receiver) = channel(WAITING);
            let pulse = Arc::new(Pulse::default());
            let _ender = Ender(Arc::clone(&pulse));
            let (inner, mine, beating) =
                (Arc::clone(&self.inner), wanted.to_vec(), Arc::clone(&pulse));
            let reading =
                tokio::task::spawn_blocking(move || inner.search(&mine, &beating, sender));
            let mut before = pulse.read();
            loop {
                // A hundred gigabytes may be read without a finding: only who reads nothing any more is slow.
                match timeout(self.limits.patience, receiver.recv()).await {
                    Ok(Some(record)) => basket.lay(record).await?,
                    Ok(None) => break,
                    Err(_) if pulse.read() == before => return Err(slow()),
                    Err(_) => before = pulse.read(),
                }
            }
            reading.await.map_err(|_| fell_over())?
        })
    }
}

impl Copies for Files {
    fn fetch<'a>(&'a self, record: &'a RecordRef, file: &'a FileRef) -> Pieces<'a> {
        copies::fetch(Arc::clone(&self.inner), record, file, self.limits.patience)
    }
}

impl Erase for Files {
    fn preview<'a>(
        &'a self,
        record: &'a RecordRef,
        manner: Manner,
    ) -> BoxFuture<'a, Result<Preview, Mishap>> {
        let record = record.clone();
        Box::pin(self.aside(move |inner| erase::preview(inner, &record, manner)))
    }

    fn erase<'a>(
        &'a self,
        record: &'a RecordRef,
        manner: Manner,
    ) -> BoxFuture<'a, Result<Outcome, Mishap>> {
        let record = record.clone();
        Box::pin(self.aside(move |inner| erase::erase(inner, &record, manner)))
    }
}
