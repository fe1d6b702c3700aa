//! Looks through DATEV exports: her account among the debtors, and the postings on it. Nothing is ever changed in them.

use std::collections::HashMap;
use std::fs::File;
use std::io::{self, Read};

use super::batch::{Head, Holds, head, holds};
use super::hers::Hers;
use super::hunt::{Hunt, Place, Repeats};
use super::pattern::Pattern;
use super::root::State;
use super::rows::{Marks, Row, Rows};
use super::settings::Datev;
use super::text::{Letters, Plain};
use super::trail::Trail;
use super::walk::{Visit, Walk};
use crate::domain::identifier::SearchKey;
use crate::domain::private::Private;
use crate::ports::source::{Caution, Doubt, Field, Mishap, Nature, Origin, Record, RecordRef, Tie};

/// By what they can be searched.
pub const KEYS: [SearchKey; 4] = [
    SearchKey::Email,
    SearchKey::Name,
    SearchKey::Phone,
    SearchKey::Number,
];

const MARKS: Marks = Marks {
    between: b';',
    around: Some(b'"'),
};

/// An export, opened: what it is, and its headings.
pub struct Export<R> {
    /// The first line.
    pub head: Head,
    headings: Vec<String>,
    rows: Rows<Plain<R>>,
}

/// Opens an export; none, if it is none of DATEV's.
///
/// # Errors
/// Those of the file system.
pub fn opened<R: Read>(from: R) -> io::Result<Option<Export<R>>> {
    let (plain, _) = Plain::of(from)?;
    let mut rows = Rows::of(plain, MARKS);
    let Some(first) = rows.next()?.map(texts) else {
        return Ok(None);
    };
    let Some(head) = head(&first) else {
        return Ok(None);
    };
    let headings = rows.next()?.map(texts).unwrap_or_default();
    Ok(Some(Export {
        head,
        headings,
        rows,
    }))
}

fn texts(row: &Row) -> Vec<String> {
    // Older ones are written as Windows does, newer ones in UTF-8 with a mark; a field says itself which it is.
    row.fields
        .iter()
        .map(|it| Letters::Guessed.text(it).unwrap_or_default())
        .collect()
}

/// Searches one place: first the people, then what hangs on their accounts.
///
/// # Errors
/// [`Mishap`], if nothing can be read at all or nobody waits any more.
pub fn search(
    hunt: &mut Hunt<'_>,
    datev: &Datev,
    pattern: &Pattern,
    most: usize,
    mut place: Place<'_>,
) -> Result<(), Mishap> {
    let keys = hunt.keys(&KEYS);
    if keys.is_empty() {
        return Ok(());
    }
    let hers = Hers::of(hunt.wanted);
    let mut reader = Reader {
        hunt,
        place: &mut place,
        hers,
        people: true,
        accounts: HashMap::new(),
    };
    for people in [true, false] {
        reader.people = people;
        let mut walk = Walk::along(reader.hunt.root, pattern, most);
        walk.go(&mut reader)?;
        if walk.met.gaps() {
            reader.hunt.search.doubt(Doubt::Closed(datev.name.clone()));
        }
        if walk.met.capped {
            reader.hunt.search.doubt(Doubt::Capped(datev.name.clone()));
        }
    }
    hunt.close(place, &keys);
    Ok(())
}

struct Reader<'r, 'h, 'p> {
    hunt: &'r mut Hunt<'h>,
    place: &'r mut Place<'p>,
    hers: Hers<'r>,
    /// Which of the two rounds this is.
    people: bool,
    /// Her accounts: adviser, client, number, and the record that says so.
    accounts: HashMap<(String, String, String), String>,
}

impl Visit for Reader<'_, '_, '_> {
    fn file(&mut self, trail: &Trail, mut file: File, _: State) -> Result<(), Mishap> {
        let bytes = match self.hunt.bytes(self.place, &mut file) {
            Ok(Some(bytes)) => bytes,
            Ok(None) => return Ok(()),
            Err(error) => return self.hunt.stumbled(self.place, &error),
        };
        let export = match opened(bytes) {
            Ok(Some(export)) => export,
            Ok(None) => {
                self.hunt
                    .search
                    .doubt(Doubt::Closed(self.place.name.to_owned()));
                return Ok(());
            }
            Err(error) => return self.hunt.stumbled(self.place, &error),
        };
        match export.head.people() == self.people {
            true => self.rows(trail, export),
            false => Ok(()),
        }
    }
}

impl Reader<'_, '_, '_> {
    fn rows<R: Read>(&mut self, trail: &Trail, mut export: Export<R>) -> Result<(), Mishap> {
        let columns: Vec<Holds> = export.headings.iter().map(|it| holds(it)).collect();
        let mut repeats = Repeats::default();
        loop {
            let row = match export.rows.next() {
                Ok(Some(row)) => row,
                Ok(None) => break,
                Err(error) => {
                    self.hunt.stumbled(self.place, &error)?;
                    break;
                }
            };
            let values = texts(row);
            let Some((tie, by)) = self.tie(&export.head, &export.headings, &columns, &values)
            else {
                // A line break or a separator that somebody typed into a text.
                self.place
                    .garbled(u64::from(values.len() > columns.len().saturating_add(1)));
                continue;
            };
            let id = format!("{}#{}", trail.written(), repeats.next(&row.raw));
            if export.head.people()
                && matches!(tie, Tie::Exact { .. })
                && let Some(account) = accounts(&export.head, &columns, &values).next()
            {
                let (adviser, client) = export.head.owner.clone();
                self.accounts
                    .insert((adviser, client, account.to_owned()), id.clone());
            }
            let record = record(self.place.name, &export, &columns, &values, id, tie);
            self.hunt.lay(self.place, by, record)?;
        }
        self.place.garbled(export.rows.garbled);
        Ok(())
    }

    fn tie(
        &self,
        head: &Head,
        headings: &[String],
        columns: &[Holds],
        values: &[String],
    ) -> Option<(Tie, Option<SearchKey>)> {
        let mut perhaps = None;
        let mut first = "";
        for (column, value) in columns.iter().zip(values) {
            if *column == Holds::First {
                first = value;
            }
        }
        for account in accounts(head, columns, values) {
            let (adviser, client) = head.owner.clone();
            if let Some(id) = self.accounts.get(&(adviser, client, account.to_owned())) {
                let kind = self.place.name.to_owned();
                return Some((
                    Tie::Linked {
                        kind,
                        id: Private::new(id.clone()),
                    },
                    None,
                ));
            }
        }
        for ((column, value), heading) in columns.iter().zip(values).zip(headings) {
            let mut look =
                |by: SearchKey, value: &str| match self.hers.tie(by, value, heading, None) {
                    Some(tie @ Tie::Exact { .. }) => Some((tie, Some(by))),
                    tie => {
                        perhaps = perhaps.take().or(tie.map(|tie| (tie, Some(by))));
                        None
                    }
                };
            let sure = match column {
                _ if value.trim().is_empty() => None,
                Holds::Key(by) => look(*by, value),
                Holds::Family => look(SearchKey::Name, &format!("{first} {value}")),
                Holds::Account if head.personal(value) => look(SearchKey::Number, value),
                Holds::Text => {
                    let named = self
                        .hers
                        .wanted
                        .iter()
                        .find(|it| KEYS.contains(&it.kind) && it.mentioned_in(value));
                    let field = heading.clone();
                    perhaps = perhaps
                        .or(named.map(|it| (Tie::Candidate { by: it.kind, field }, Some(it.kind))));
                    None
                }
                _ => None,
            };
            if sure.is_some() {
                return sure;
            }
        }
        perhaps
    }
}

/// The accounts of people that stand in a row.
fn accounts<'v>(
    head: &'v Head,
    columns: &'v [Holds],
    values: &'v [String],
) -> impl Iterator<Item = &'v str> {
    let both = columns.iter().zip(values);
    let held = both
        .filter(|(column, _)| **column == Holds::Account)
        .map(|(_, value)| value.trim());
    held.filter(|value| head.personal(value))
}

fn record<R>(
    place: &str,
    export: &Export<R>,
    columns: &[Holds],
    values: &[String],
    id: String,
    tie: Tie,
) -> Record {
    let named = export.headings.iter().zip(values).zip(columns);
    let told = named.filter(|((_, value), _)| !value.trim().is_empty());
    let fields: Vec<Field> = told
        .map(|((heading, value), column)| match column {
            Holds::Text => Field::plain(heading, value).as_nature(Nature::Text),
            _ => Field::plain(heading, value),
        })
        .collect();
    let day = columns
        .iter()
        .position(|it| *it == Holds::Day)
        .and_then(|at| values.get(at));
    let titles = columns
        .iter()
        .zip(values)
        .filter(|(_, value)| !value.trim().is_empty());
    let mut titles = titles.filter(|(column, _)| {
        matches!(
            column,
            Holds::Text | Holds::Family | Holds::Key(SearchKey::Name)
        )
    });
    let title = titles
        .next()
        .map(|(_, value)| value.clone())
        .unwrap_or_default();
    Record {
        reference: RecordRef::new(place, id),
        category: if export.head.people() {
            "contact"
        } else {
            "payment"
        }
        .to_owned(),
        title: Private::new(title),
        at: day.and_then(|it| export.head.day(it)),
        tie,
        origin: Origin::Derived,
        fields,
        files: Vec::new(),
        cautions: vec![Caution::Retained],
        rank: 0,
    }
}
