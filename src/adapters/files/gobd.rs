//! Looks through GoBD exports: the rows that name her, and the rows of other tables that hang on them. Nothing is ever
//! changed in them.

use std::collections::HashMap;
use std::fs::File;
use std::io::{self, Read};

use encoding_rs::Encoding;

use super::described::{Described, described};
use super::hers::Hers;
use super::hunt::{Hunt, Place, Repeats};
use super::layout::Layout;
use super::lines::Bytes;
use super::pattern::Pattern;
use super::root::{Root, State};
use super::rows::Rows;
use super::settings::Gobd;
use super::text::{Letters, Plain};
use super::trail::Trail;
use super::walk::{Visit, Walk};
use crate::domain::identifier::SearchKey;
use crate::domain::private::Private;
use crate::ports::source::{Caution, Doubt, Mishap, Origin, Tie};

/// No description is larger.
const LARGEST: u64 = 4 * 1024 * 1024;

/// Searches one place.
///
/// # Errors
/// [`Mishap`], if nothing can be read at all or nobody waits any more.
pub fn search(
    hunt: &mut Hunt<'_>,
    gobd: &Gobd,
    pattern: &Pattern,
    most: usize,
    mut place: Place<'_>,
) -> Result<(), Mishap> {
    let mut kinds: Vec<SearchKey> = gobd.identity.iter().map(|it| it.by).collect();
    kinds.sort_by_key(|it| it.code());
    kinds.dedup();
    let keys = hunt.keys(&kinds);
    if keys.is_empty() {
        return Ok(());
    }
    let hers = Hers::of(hunt.wanted);
    let mut walk = Walk::along(hunt.root, pattern, most);
    walk.go(&mut Reader {
        hunt,
        place: &mut place,
        gobd,
        hers,
    })?;
    if walk.met.gaps() {
        hunt.search.doubt(Doubt::Closed(gobd.name.clone()));
    }
    if walk.met.capped {
        hunt.search.doubt(Doubt::Capped(gobd.name.clone()));
    }
    hunt.close(place, &keys);
    Ok(())
}

/// The tables that a description names; none, if it is none.
///
/// # Errors
/// Those of the file system.
pub fn read(root: &Root, trail: &Trail) -> io::Result<Option<Vec<Described>>> {
    tables(root.file(trail)?.0)
}

fn tables(file: File) -> io::Result<Option<Vec<Described>>> {
    let mut text = Vec::new();
    Plain::of(file.take(LARGEST))?.0.read_to_end(&mut text)?;
    Ok(Letters::Guessed
        .text(&text)
        .filter(|_| (text.len() as u64) < LARGEST)
        .and_then(|it| described(&it)))
}

struct Reader<'r, 'h, 'p> {
    hunt: &'r mut Hunt<'h>,
    place: &'r mut Place<'p>,
    gobd: &'r Gobd,
    hers: Hers<'r>,
}

/// Her rows so far: in which table, under which key, and the record.
type Known = HashMap<String, HashMap<String, String>>;

impl Visit for Reader<'_, '_, '_> {
    fn file(&mut self, trail: &Trail, file: File, _: State) -> Result<(), Mishap> {
        let tables = match tables(file) {
            Ok(Some(tables)) => tables,
            Ok(None) => {
                self.closed();
                return Ok(());
            }
            Err(error) => return self.hunt.stumbled(self.place, &error),
        };
        let declared = |table: &str| tables.iter().any(|it| it.name == table);
        if !self.gobd.identity.iter().all(|it| declared(&it.table)) {
            self.closed();
        }
        let mut known = Known::new();
        for table in in_order(&tables) {
            let Some(rows) = Trail::below(&trail.folder(), &table.file) else {
                self.closed();
                continue;
            };
            if let Err(error) = self.table(trail, &rows, table, &mut known)? {
                // A table that the description names is not there: that is no empty table.
                self.closed();
                self.hunt.stumbled(self.place, &error)?;
            }
        }
        Ok(())
    }
}

/// The tables such that those come first on whose keys others hang.
fn in_order(tables: &[Described]) -> Vec<&Described> {
    let mut left: Vec<&Described> = tables.iter().collect();
    let mut done: Vec<&Described> = Vec::new();
    while !left.is_empty() {
        let waits = |table: &Described| {
            let mut ahead = table.links.iter();
            ahead.any(|(_, to)| *to != table.name && left.iter().any(|it| it.name == *to))
        };
        let (ready, later): (Vec<_>, Vec<_>) = left.iter().copied().partition(|it| !waits(it));
        if ready.is_empty() {
            // Each waits for another: no order is right.
            done.extend(later);
            break;
        }
        done.extend(ready);
        left = later;
    }
    done
}

impl<'h> Reader<'_, 'h, '_> {
    fn closed(&mut self) {
        self.hunt
            .search
            .doubt(Doubt::Closed(self.place.name.to_owned()));
    }

    fn open(
        &mut self,
        trail: &Trail,
    ) -> io::Result<Option<(Plain<Bytes<'h>>, Option<&'static Encoding>)>> {
        let (mut file, _) = self.hunt.root.file(trail)?;
        let bytes = self.hunt.bytes(self.place, &mut file)?;
        bytes.map(Plain::of).transpose()
    }

    fn table(
        &mut self,
        index: &Trail,
        trail: &Trail,
        table: &Described,
        known: &mut Known,
    ) -> Result<io::Result<()>, Mishap> {
        let column = |name: &str| table.columns.iter().position(|it| it == name);
        let mine: Vec<_> = self
            .gobd
            .identity
            .iter()
            .filter(|it| it.table == table.name)
            .collect();
        let identity: Vec<_> = mine
            .iter()
            .filter_map(|it| Some((column(&it.column)?, it.by, false)))
            .collect();
        if identity.len() < mine.len() {
            self.closed();
        }
        let links: Vec<_> = table
            .links
            .iter()
            .filter_map(|(here, to)| Some((column(here)?, to)))
            .collect();
        let hangs = links.iter().any(|(_, to)| known.contains_key(*to));
        if identity.is_empty() && !hangs {
            return Ok(Ok(()));
        }
        let Some(marks) = table.marks else {
            self.closed();
            return Ok(Ok(()));
        };
        let (plain, marked) = match self.open(trail) {
            Ok(Some(read)) => read,
            Ok(None) => return Ok(Ok(())),
            Err(error) => return Ok(Err(error)),
        };
        let letters = match (marked, table.letters) {
            (Some(_), _) => Letters::Known(encoding_rs::UTF_8),
            // Two-byte letters without a mark.
            (None, letters) if letters == Letters::Known(encoding_rs::UTF_16LE) => {
                self.closed();
                return Ok(Ok(()));
            }
            (None, letters) => letters,
        };
        let layout = Layout::plain(table.columns.clone(), identity, letters);
        let key = table
            .keys
            .first()
            .and_then(|it| column(it))
            .filter(|_| table.keys.len() == 1);
        let mut rows = Rows::of(plain, marks);
        let mut number = 0;
        let mut repeats = Repeats::default();
        loop {
            let row = match rows.next() {
                Ok(Some(row)) => row,
                Ok(None) => break,
                Err(error) => return Ok(Err(error)),
            };
            number += 1;
            if number < table.begins {
                continue;
            }
            let texts: Option<Vec<String>> = row.fields.iter().map(|it| letters.text(it)).collect();
            let Some(texts) = texts.filter(|it| it.len() >= table.columns.len()) else {
                self.place.garbled(1);
                continue;
            };
            let named = layout
                .tie(&self.hers, &texts)
                .map(|(tie, by, _)| (tie, Some(by)));
            let linked = || {
                links.iter().find_map(|(at, to)| {
                    let id = known.get(*to)?.get(texts.get(*at)?.trim())?;
                    let kind = self.place.name.to_owned();
                    Some((
                        Tie::Linked {
                            kind,
                            id: Private::new(id.clone()),
                        },
                        None,
                    ))
                })
            };
            let sure = named
                .clone()
                .filter(|(tie, _)| matches!(tie, Tie::Exact { .. }));
            let Some((tie, by)) = sure.or_else(linked).or(named) else {
                continue;
            };
            let id = format!(
                "{}#{}#{}",
                index.written(),
                trail.written(),
                repeats.next(&row.raw)
            );
            if !matches!(tie, Tie::Candidate { .. })
                && let Some(value) = key
                    .and_then(|at| texts.get(at))
                    .filter(|it| !it.trim().is_empty())
            {
                known
                    .entry(table.name.clone())
                    .or_default()
                    .insert(value.trim().to_owned(), id.clone());
            }
            let category = self
                .gobd
                .categories
                .get(&table.name)
                .map_or("other", String::as_str);
            let mut record = layout.record(self.place.name, category, id, &self.hers, &texts, tie);
            record.origin = Origin::Derived;
            record.cautions.push(Caution::Retained);
            self.hunt.lay(self.place, by, record)?;
        }
        self.place.garbled(rows.garbled);
        Ok(Ok(()))
    }
}

/// The last days of the periods of an export.
#[must_use]
pub fn ends(tables: &[Described]) -> Option<chrono::NaiveDate> {
    tables.iter().filter_map(|it| it.to).max()
}
