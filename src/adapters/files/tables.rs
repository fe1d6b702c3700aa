//! Looks through tables: CSV exports and lists of calls, in which she may be only one end.

use std::fs::File;
use std::io;

use super::hers::{Hers, ruined};
use super::hunt::{Hunt, Place};
use super::layout::{Layout, opened};
use super::pattern::Pattern;
use super::root::State;
use super::rows::Row;
use super::settings::Table;
use super::trail::Trail;
use super::walk::{Visit, Walk};
use crate::domain::identifier::{Identifier, SearchKey};
use crate::ports::source::{Doubt, Mishap, Tie};

/// Searches one place.
///
/// # Errors
/// [`Mishap`], if nothing can be read at all or nobody waits any more.
pub fn search(
    hunt: &mut Hunt<'_>,
    table: &Table,
    pattern: &Pattern,
    most: usize,
    mut place: Place<'_>,
) -> Result<(), Mishap> {
    let mut kinds: Vec<SearchKey> = Vec::new();
    for one in &table.identity {
        if !kinds.contains(&one.by) {
            kinds.push(one.by);
        }
    }
    let keys = hunt.keys(&kinds);
    if keys.is_empty() {
        return Ok(());
    }
    let hers = Hers {
        wanted: hunt.wanted,
        area_code: table.area_code.as_deref(),
        bare_country: table.bare_country,
    };
    let mut walk = Walk::along(hunt.root, pattern, most);
    walk.go(&mut Reader {
        hunt,
        place: &mut place,
        table,
        hers,
    })?;
    if walk.met.gaps() {
        hunt.search.doubt(Doubt::Closed(table.name.clone()));
    }
    if walk.met.capped {
        hunt.search.doubt(Doubt::Capped(table.name.clone()));
    }
    hunt.close(place, &keys);
    Ok(())
}

struct Reader<'r, 'h, 'p> {
    hunt: &'r mut Hunt<'h>,
    place: &'r mut Place<'p>,
    table: &'r Table,
    hers: Hers<'r>,
}

impl Visit for Reader<'_, '_, '_> {
    fn file(&mut self, trail: &Trail, mut file: File, state: State) -> Result<(), Mishap> {
        let read = self.rows(trail, &mut file)?;
        let now = State::now(&file);
        match (read, now) {
            (Err(error), _) | (_, Err(error)) => self.hunt.stumbled(self.place, &error),
            // Written to while we read: what we saw may be half of it.
            (Ok(()), Ok(now)) if now.size != state.size || now.changed != state.changed => {
                self.hunt
                    .search
                    .doubt(Doubt::Closed(self.place.name.to_owned()));
                Ok(())
            }
            _ => Ok(()),
        }
    }
}

impl Reader<'_, '_, '_> {
    fn rows(&mut self, trail: &Trail, file: &mut File) -> Result<io::Result<()>, Mishap> {
        let bytes = match self.hunt.bytes(self.place, file) {
            Ok(Some(bytes)) => bytes,
            Ok(None) => return Ok(Ok(())),
            Err(error) => return Ok(Err(error)),
        };
        let capped = bytes.capped();
        let mut opened = match opened(bytes, self.table) {
            Ok(Some(opened)) => opened,
            Ok(None) => {
                // Not the columns that were declared: another export, or an empty file.
                self.hunt
                    .search
                    .doubt(Doubt::Closed(self.place.name.to_owned()));
                return Ok(Ok(()));
            }
            Err(error) => return Ok(Err(error)),
        };
        let mut read = 0;
        let ended = loop {
            match opened.rows.next() {
                Ok(None) => break Ok(()),
                Err(error) => break Err(error),
                Ok(Some(row)) => {
                    read += row.raw.len() as u64 + 2;
                    self.row(trail, &opened.layout, row)?;
                }
            }
        };
        self.place.garbled(opened.rows.garbled);
        self.place.took(read);
        if capped.get() {
            self.hunt
                .search
                .doubt(Doubt::Capped(self.place.name.to_owned()));
        }
        Ok(ended)
    }

    fn row(&mut self, trail: &Trail, layout: &Layout, row: &Row) -> Result<(), Mishap> {
        let Some(texts) = layout.texts(row) else {
            self.place.garbled(1);
            return Ok(());
        };
        let lost = |(at, by, _): &(usize, SearchKey, bool)| {
            texts.get(*at).is_some_and(|it| ruined(*by, it))
        };
        self.place
            .garbled(u64::from(layout.identity.iter().any(lost)));
        let Some((tie, by, end)) = layout.tie(&self.hers, &texts) else {
            return Ok(());
        };
        let id = layout.id(trail, row, &texts);
        let sure = matches!(tie, Tie::Exact { .. });
        let record = layout.record(
            self.place.name,
            &self.table.category,
            id,
            &self.hers,
            &texts,
            tie,
        );
        if sure && !end {
            for identifier in further(layout, &self.hers, &texts) {
                self.hunt
                    .search
                    .propose(self.hunt.wanted, identifier, &record.reference);
            }
        }
        self.hunt.lay(self.place, Some(by), record)
    }
}

/// What else stands of the same person in her row; the other ends of a call are not she.
fn further(layout: &Layout, hers: &Hers<'_>, texts: &[String]) -> Vec<Identifier> {
    let own = layout.identity.iter().filter(|(.., end)| !end);
    own.filter_map(|(at, by, _)| Identifier::new(*by, &hers.spelled(*by, texts.get(*at)?)))
        .collect()
}
