//! One search through the folder: where its findings go, what was counted, and whether anybody still waits for it.

use std::collections::{HashMap, HashSet};
use std::fs::File;
use std::io;

use ring::digest::{SHA256, digest};
use tokio::sync::mpsc::Sender;

use super::lines::{Bytes, Packed, Pulse, packed};
use super::root::Root;
use crate::domain::identifier::{Identifier, SearchKey};
use crate::ports::source::{Asked, Doubt, Fault, Mishap, Record, Search};

/// A search.
pub struct Hunt<'a> {
    /// Where it goes on.
    pub root: &'a Root,
    /// By what.
    pub wanted: &'a [Identifier],
    /// What will be said about it.
    pub search: Search,
    /// Whether it lives, and whether anybody waits.
    pub pulse: &'a Pulse,
    basket: Sender<Record>,
}

/// One place of a search: a set of files of one kind.
pub struct Place<'a> {
    /// As the operator calls it.
    pub name: &'a str,
    hits: HashMap<SearchKey, u64>,
    linked: u64,
    garbled: u64,
    laid: HashSet<[u8; 16]>,
    most: u64,
    bytes: u64,
}

impl<'a> Hunt<'a> {
    /// A search whose findings go into the basket.
    pub fn new(
        root: &'a Root,
        wanted: &'a [Identifier],
        pulse: &'a Pulse,
        basket: Sender<Record>,
    ) -> Hunt<'a> {
        Hunt {
            root,
            wanted,
            search: Search::default(),
            pulse,
            basket,
        }
    }

    /// By which of these kinds she is known.
    pub fn keys(&self, of: &[SearchKey]) -> Vec<SearchKey> {
        let known = |key: &SearchKey| self.wanted.iter().any(|it| it.kind == *key);
        of.iter().copied().filter(known).collect()
    }

    /// Lays a finding down, once in its place.
    ///
    /// # Errors
    /// If nobody takes it any more.
    pub fn lay(
        &mut self,
        place: &mut Place<'_>,
        by: Option<SearchKey>,
        record: Record,
    ) -> Result<(), Mishap> {
        let known = short(record.reference.id.reveal().as_bytes());
        if place.laid.contains(&known) {
            return Ok(());
        }
        if place.laid.len() as u64 >= place.most {
            self.search.doubt(Doubt::Capped(place.name.to_owned()));
            return Ok(());
        }
        place.laid.insert(known);
        match by {
            Some(key) => *place.hits.entry(key).or_default() += 1,
            None => place.linked += 1,
        }
        self.basket.blocking_send(record).map_err(|_| unwanted())
    }

    /// The bytes of a file of this place. None, and a doubt, if it is packed in a way that we do not read or the place
    /// has given as much as we take.
    ///
    /// # Errors
    /// Those of the file system.
    pub fn bytes(&mut self, place: &Place<'_>, file: &mut File) -> io::Result<Option<Bytes<'a>>> {
        let how = packed(file)?;
        if how == Packed::Otherwise {
            self.search.doubt(Doubt::Closed(place.name.to_owned()));
            return Ok(None);
        }
        if place.bytes == 0 {
            self.search.doubt(Doubt::Capped(place.name.to_owned()));
            return Ok(None);
        }
        Bytes::of(file.try_clone()?, how, place.bytes, self.pulse).map(Some)
    }

    /// What is said about a file that could not be read to its end: the search goes on with the next one.
    ///
    /// # Errors
    /// If nobody waits any more.
    pub fn stumbled(&mut self, place: &mut Place<'_>, error: &io::Error) -> Result<(), Mishap> {
        match error.kind() {
            io::ErrorKind::ConnectionAborted => return Err(unwanted()),
            // A packed file that ends too early or is damaged: what came before was read.
            io::ErrorKind::UnexpectedEof
            | io::ErrorKind::InvalidInput
            | io::ErrorKind::InvalidData => {
                place.garbled += 1;
            }
            _ => self.search.doubt(Doubt::Closed(place.name.to_owned())),
        }
        Ok(())
    }

    /// Says what was asked of a place and what came out.
    pub fn close(&mut self, place: Place<'_>, keys: &[SearchKey]) {
        for key in keys {
            let hits = place.hits.get(key).copied().unwrap_or(0);
            self.search.asked(place.name, Some(*key), hits);
        }
        if place.linked > 0 {
            self.search.asked.push(Asked {
                place: place.name.to_owned(),
                by: None,
                hits: place.linked,
            });
        }
        if place.garbled > 0 {
            self.search.doubt(Doubt::Garbled {
                place: place.name.to_owned(),
                count: place.garbled,
            });
        }
    }
}

impl<'a> Place<'a> {
    /// A place from which at most so many findings and bytes are taken.
    #[must_use]
    pub fn new(name: &'a str, most: u64, bytes: u64) -> Place<'a> {
        Place {
            name,
            hits: HashMap::new(),
            linked: 0,
            garbled: 0,
            laid: HashSet::new(),
            most,
            bytes,
        }
    }

    /// So many entries were none.
    pub fn garbled(&mut self, count: u64) {
        self.garbled += count;
    }

    /// So many bytes of it were read.
    pub fn took(&mut self, bytes: u64) {
        self.bytes = self.bytes.saturating_sub(bytes);
    }
}

/// A mark of a content by which it is known again.
#[must_use]
pub fn short(bytes: &[u8]) -> [u8; 16] {
    let mut out = [0; 16];
    for (place, byte) in out.iter_mut().zip(digest(&SHA256, bytes).as_ref()) {
        *place = *byte;
    }
    out
}

/// The same, written down.
#[must_use]
pub fn mark(bytes: &[u8]) -> String {
    short(bytes)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// Counts how often the same content came by in one file, so that equal rows are told apart.
#[derive(Debug, Default)]
pub struct Repeats(HashMap<[u8; 16], u64>);

impl Repeats {
    /// The mark of a content, and its number among its equals.
    pub fn next(&mut self, bytes: &[u8]) -> String {
        let number = self.0.entry(short(bytes)).or_default();
        *number += 1;
        format!("{}.{number}", mark(bytes))
    }
}

fn unwanted() -> Mishap {
    Mishap::new(Fault::HalfAnswer, "the search was ended")
}
