//! Where what stands in a table: its columns, its letters, its people; and a row as a finding.

use std::io::{self, Read};

use chrono::{DateTime, NaiveDate, NaiveDateTime, TimeZone, Utc};
use chrono_tz::Tz;

use super::hers::{Hers, tidy};
use super::hunt::mark;
use super::rows::{Marks, Row, Rows, between};
use super::settings::{Column, Table};
use super::text::{Letters, Plain};
use super::trail::Trail;
use crate::domain::identifier::SearchKey;
use crate::domain::private::Private;
use crate::ports::source::{Caution, Field, Origin, Record, RecordRef, Tie};

/// Where something stands in the rows of one file.
#[derive(Clone, Debug)]
pub struct Layout {
    /// The names of the columns; without a header their numbers.
    pub names: Vec<String>,
    /// Column, kind, and whether it is one end of several.
    pub identity: Vec<(usize, SearchKey, bool)>,
    /// The column that tells rows apart.
    pub key: Option<usize>,
    title: Option<usize>,
    date: Option<(usize, String, Tz)>,
    /// How the fields' letters are written.
    pub letters: Letters,
}

/// A table, opened: its layout is known, its rows come next.
pub struct Opened<R> {
    /// Where what stands.
    pub layout: Layout,
    /// The rows.
    pub rows: Rows<Plain<R>>,
    /// Whether what we read is not byte for byte what stands in the file.
    pub recoded: bool,
    /// So many bytes stand before what we read.
    pub skipped: u64,
}

/// Opens a table. None, if it has not the columns that were declared.
///
/// # Errors
/// Those of the file system.
pub fn opened<R: Read>(from: R, table: &Table) -> io::Result<Option<Opened<R>>> {
    let (plain, marked) = Plain::of(from)?;
    let declared = table.encoding.as_deref().and_then(Letters::named);
    let recoded = marked.is_some_and(|it| it != encoding_rs::UTF_8);
    // What was put into UTF-8 on the way is UTF-8.
    let letters = match (marked, declared) {
        (Some(_), _) => Letters::Known(encoding_rs::UTF_8),
        (None, declared) => declared.unwrap_or(Letters::Guessed),
    };
    let mut marks = Marks {
        between: b';',
        around: Some(b'"'),
    };
    let mut rows = Rows::of(plain, marks);
    let mut first = rows.line()?;
    let mut said = None;
    // Spreadsheets write what stands between the fields into a line of its own.
    while let Some(line) = &first {
        match line.line.as_slice() {
            [b's', b'e', b'p', b'=', mark, ..] => said = Some(*mark),
            blank if blank.iter().all(u8::is_ascii_whitespace) => {}
            _ => break,
        }
        first = rows.line()?;
    }
    let Some(first) = first else {
        return Ok(None);
    };
    let declared = table.separator.and_then(|it| u8::try_from(it).ok());
    marks.between = declared.or(said).unwrap_or_else(|| between(&first.line));
    rows.put_back(first);
    rows.marked(marks);
    let names = match table.header {
        false => Vec::new(),
        true => match rows.next()? {
            None => return Ok(None),
            Some(row) => row
                .fields
                .iter()
                .map(|it| letters.text(it).unwrap_or_default().trim().to_owned())
                .collect(),
        },
    };
    let layout = layout(table, names, letters);
    let skipped = if marked.is_some() { 3 } else { 0 };
    Ok(layout.map(|layout| Opened {
        layout,
        rows,
        recoded,
        skipped,
    }))
}

fn layout(table: &Table, names: Vec<String>, letters: Letters) -> Option<Layout> {
    let place = |column: &Column| position(column, &names);
    let mut identity = Vec::new();
    for one in &table.identity {
        identity.push((place(&one.column)?, one.by, one.end));
    }
    let optional = |column: &Option<Column>| {
        column
            .as_ref()
            .map(|it| place(it).ok_or(()))
            .transpose()
            .ok()
    };
    let date = match &table.date {
        None => None,
        Some(date) => Some((
            place(&date.column)?,
            date.format.clone(),
            date.zone.parse().ok()?,
        )),
    };
    Some(Layout {
        key: optional(&table.key)?,
        title: optional(&table.title)?,
        identity,
        date,
        letters,
        names,
    })
}

/// Where a column is.
#[must_use]
pub fn position(column: &Column, names: &[String]) -> Option<usize> {
    match column {
        Column::Place(place) => place.checked_sub(1),
        Column::Name(wanted) => {
            let exactly = names.iter().position(|name| name == wanted);
            exactly.or_else(|| {
                names
                    .iter()
                    .position(|name| name.to_lowercase() == wanted.to_lowercase())
            })
        }
    }
}

impl Layout {
    /// A layout of columns with people in some of them, and nothing else.
    #[must_use]
    pub fn plain(
        names: Vec<String>,
        identity: Vec<(usize, SearchKey, bool)>,
        letters: Letters,
    ) -> Layout {
        Layout {
            names,
            identity,
            key: None,
            title: None,
            date: None,
            letters,
        }
    }

    /// The fields as text; none, if the row is none of this table.
    #[must_use]
    pub fn texts(&self, row: &Row) -> Option<Vec<String>> {
        let needed = self.identity.iter().map(|(at, ..)| *at).max()?;
        if row.fields.len() <= needed {
            return None;
        }
        row.fields.iter().map(|it| self.letters.text(it)).collect()
    }

    /// What a column is called.
    #[must_use]
    pub fn name(&self, at: usize) -> String {
        let named = self.names.get(at).filter(|name| !name.is_empty());
        named.cloned().unwrap_or_else(|| (at + 1).to_string())
    }

    fn moment(&self, texts: &[String]) -> Option<DateTime<Utc>> {
        let (at, format, zone) = self.date.as_ref()?;
        let text = tidy(texts.get(*at)?);
        if let Ok(moment) = DateTime::parse_from_str(text, format) {
            return Some(moment.with_timezone(&Utc));
        }
        let local = NaiveDateTime::parse_from_str(text, format).or_else(|_| {
            NaiveDate::parse_from_str(text, format).map(|day| day.and_time(chrono::NaiveTime::MIN))
        });
        Some(
            zone.from_local_datetime(&local.ok()?)
                .earliest()?
                .with_timezone(&Utc),
        )
    }

    /// Why a row is hers; what is sure goes before what looks like it.
    #[must_use]
    pub fn tie(&self, hers: &Hers<'_>, texts: &[String]) -> Option<(Tie, SearchKey, bool)> {
        let at = self.moment(texts);
        let mut perhaps = None;
        for (column, by, end) in &self.identity {
            let value = texts.get(*column)?;
            match hers.tie(*by, value, &self.name(*column), at) {
                Some(tie @ Tie::Exact { .. }) => return Some((tie, *by, *end)),
                Some(tie) => perhaps = perhaps.or(Some((tie, *by, *end))),
                None => {}
            }
        }
        perhaps
    }

    /// Whether somebody else stands in the other ends.
    fn others(&self, hers: &Hers<'_>, texts: &[String]) -> bool {
        let mut ends = self.identity.iter().filter(|(.., end)| *end);
        ends.any(|(column, by, _)| {
            let value = texts.get(*column).map_or("", |it| tidy(it));
            !value.is_empty() && hers.tie(*by, value, "", self.moment(texts)).is_none()
        })
    }

    /// Her row as a finding.
    #[must_use]
    pub fn record(
        &self,
        place: &str,
        category: &str,
        id: String,
        hers: &Hers<'_>,
        texts: &[String],
        tie: Tie,
    ) -> Record {
        let told = texts
            .iter()
            .enumerate()
            .filter(|(_, value)| !value.is_empty());
        let fields = told
            .map(|(at, value)| Field::plain(self.name(at), value))
            .collect();
        let shown = self
            .title
            .and_then(|at| texts.get(at))
            .or_else(|| texts.iter().find(|it| !it.is_empty()));
        let cautions = self.others(hers, texts).then_some(Caution::Others);
        Record {
            reference: RecordRef::new(place, id),
            category: category.to_owned(),
            title: Private::new(shown.cloned().unwrap_or_default()),
            at: self.moment(texts),
            tie,
            origin: if cautions.is_some() {
                Origin::Observed
            } else {
                Origin::Unknown
            },
            fields,
            files: Vec::new(),
            cautions: cautions.into_iter().collect(),
            rank: 0,
        }
    }

    /// The key of a row in this file: by all that stands in it, and by its column, where one was declared.
    #[must_use]
    pub fn id(&self, trail: &Trail, row: &Row, texts: &[String]) -> String {
        let key = self
            .key
            .and_then(|at| texts.get(at))
            .map(|it| format!("#{}", mark(tidy(it).as_bytes())));
        format!(
            "{}#{}{}",
            trail.written(),
            mark(&row.raw),
            key.unwrap_or_default()
        )
    }
}
