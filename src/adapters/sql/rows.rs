//! Makes records of rows, and says whose they are: by our own comparison, whatever the database believes.

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, TimeZone, Utc};
use chrono_tz::Tz;
use ring::digest::{SHA256, digest};

use super::line::{Cell, Row};
use super::plan::Place;
use super::settings::Names;
use crate::domain::identifier::{Identifier, SearchKey};
use crate::domain::private::Private;
use crate::ports::source::{Fault, Field, FileRef, Mishap, Nature, Record, RecordRef, Tie};

/// Longer values are texts.
const LONG: usize = 120;

impl Row {
    /// The value of a column; databases differ about small and capital letters in names.
    pub fn cell(&self, column: &str) -> Option<&Cell> {
        let found = self
            .cells
            .iter()
            .find(|(name, _)| name.eq_ignore_ascii_case(column));
        found.map(|(_, cell)| cell)
    }

    /// The value of a column as text, if one stands there.
    pub fn text(&self, column: &str) -> Option<&str> {
        match self.cell(column)? {
            Cell::Text(text) | Cell::Garbled(text) if !text.is_empty() => Some(text),
            _ => None,
        }
    }

    fn texts(&self, column: &str) -> Vec<&str> {
        match self.cell(column) {
            Some(Cell::List(texts)) => texts.iter().map(String::as_str).collect(),
            _ => self.text(column).into_iter().collect(),
        }
    }
}

impl Place {
    /// The key of a row.
    pub fn id<'r>(&self, row: &'r Row) -> Result<&'r str, Mishap> {
        row.text(&self.settings.id).ok_or_else(|| {
            Mishap::new(
                Fault::Unknown,
                format!("place {}: a row without {}", self.name, self.settings.id),
            )
        })
    }

    /// Whether all columns are there that say whose a row is.
    pub fn complete(&self, row: &Row) -> Result<(), Mishap> {
        match self
            .ties()
            .into_iter()
            .find(|column| row.cell(column).is_none())
        {
            None => Ok(()),
            Some(column) => Err(Mishap::new(
                Fault::Unknown,
                format!("place {}: no column {column}", self.name),
            )),
        }
    }

    /// Why a row is hers; none, if it is not.
    pub fn tie(&self, row: &Row, wanted: &Identifier) -> Option<Tie> {
        let by = wanted.kind;
        let columns = self
            .settings
            .exact
            .get(&by)
            .map(Names::all)
            .unwrap_or_default();
        if let Some(field) = columns
            .iter()
            .find(|column| row.texts(column).iter().any(|text| wanted.is(text)))
        {
            let field = field.clone();
            // People share names and addresses of houses.
            return Some(match by {
                SearchKey::Name | SearchKey::Address => Tie::Candidate { by, field },
                _ => Tie::Exact { by, field },
            });
        }
        let columns = self
            .settings
            .mentions
            .get(&by)
            .map(Names::all)
            .unwrap_or_default();
        let field = columns.iter().find(|column| {
            row.texts(column)
                .iter()
                .any(|text| wanted.mentioned_in(text))
        })?;
        Some(Tie::Candidate {
            by,
            field: field.clone(),
        })
    }

    /// A short sign of whose a row is: if another one stands there, the key has gone to somebody else. It is so short
    /// that nobody finds an address by it.
    pub fn state(&self, row: &Row) -> String {
        let mut text = format!("{}\0", row.text(&self.settings.id).unwrap_or_default());
        for column in self.ties() {
            for value in row.texts(column) {
                text.push_str(value);
                text.push('\u{1f}');
            }
            text.push('\0');
        }
        let digest = digest(&SHA256, text.as_bytes());
        digest
            .as_ref()
            .iter()
            .take(4)
            .map(|byte| format!("{byte:02x}"))
            .collect()
    }

    /// The row as a record.
    pub fn record(&self, row: &Row, tie: Tie, zone: Option<Tz>) -> Result<Record, Mishap> {
        let id = self.id(row)?;
        let settings = &self.settings;
        let mut fields = Vec::new();
        let mut files = Vec::new();
        for (name, cell) in &row.cells {
            let value = match cell {
                Cell::Null => continue,
                Cell::Text(text) | Cell::Garbled(text) if text.is_empty() => continue,
                Cell::Text(text) | Cell::Garbled(text) => text.clone(),
                Cell::List(values) => values.join(", "),
                Cell::Bytes(size) => {
                    files.push(self.file(row, name, *size));
                    continue;
                }
            };
            let nature = if settings.html.iter().any(|it| it.eq_ignore_ascii_case(name)) {
                Nature::Html
            } else if value.len() > LONG || value.contains('\n') {
                Nature::Text
            } else {
                Nature::Plain
            };
            fields.push(Field::plain(name, value).as_nature(nature));
        }
        let title = settings
            .label
            .as_deref()
            .and_then(|column| row.text(column))
            .unwrap_or(id);
        let mut reference = RecordRef::new(&self.name, id);
        reference.version = Some(self.state(row));
        Ok(Record {
            reference,
            category: self.category.clone(),
            title: Private::new(title.to_owned()),
            at: self.at(row, zone),
            tie,
            origin: settings.origin,
            fields,
            files,
            cautions: settings.cautions.clone(),
            rank: settings.rank,
        })
    }

    /// When a row is from.
    pub fn at(&self, row: &Row, zone: Option<Tz>) -> Option<DateTime<Utc>> {
        moment(row.text(self.settings.at.as_deref()?)?, zone)
    }

    fn file(&self, row: &Row, column: &str, size: u64) -> FileRef {
        let settings = self.settings.files.get(column);
        let name = settings
            .and_then(|it| it.name.as_deref())
            .and_then(|it| row.text(it));
        let media_type = settings.and_then(|it| it.media_type.clone());
        FileRef {
            id: column.to_owned(),
            name: Private::new(name.unwrap_or(column).to_owned()),
            media_type: media_type.unwrap_or_else(|| "application/octet-stream".to_owned()),
            size: Some(size),
        }
    }
}

/// A moment as databases write it: with or without a zone, a day alone, or seconds since 1970.
pub fn moment(text: &str, zone: Option<Tz>) -> Option<DateTime<Utc>> {
    let text = text.trim();
    let zoned = ["%Y-%m-%d %H:%M:%S%.f%#z", "%Y-%m-%dT%H:%M:%S%.f%#z"];
    let plain = [
        "%Y-%m-%d %H:%M:%S%.f",
        "%Y-%m-%dT%H:%M:%S%.f",
        "%Y-%m-%d %H:%M",
    ];
    if let Some(moment) = zoned
        .iter()
        .find_map(|form| DateTime::parse_from_str(text, form).ok())
    {
        return Some(moment.to_utc());
    }
    if let Ok(moment) = DateTime::parse_from_rfc3339(text) {
        return Some(moment.to_utc());
    }
    if let Ok(seconds) = text.parse::<i64>() {
        // Milliseconds, as many programs count; as seconds they would be after the year 5000.
        return match seconds.abs() > 100_000_000_000 {
            true => DateTime::from_timestamp_millis(seconds),
            false => DateTime::from_timestamp(seconds, 0),
        };
    }
    let local = plain
        .iter()
        .find_map(|form| NaiveDateTime::parse_from_str(text, form).ok())
        .or_else(|| {
            Some(
                NaiveDate::parse_from_str(text, "%Y-%m-%d")
                    .ok()?
                    .and_time(NaiveTime::MIN),
            )
        })?;
    match zone {
        None => Some(local.and_utc()),
        Some(zone) => zone
            .from_local_datetime(&local)
            .earliest()
            .map(|it| it.to_utc()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_read_however_a_database_writes_it() {
        let zone = Some(chrono_tz::Europe::Berlin);
        let noon = "2026-07-01T10:00:00+00:00";
        for text in [
            "2026-07-01 10:00:00+00",
            "2026-07-01 12:00:00.000+02",
            "2026-07-01T10:00:00Z",
            "2026-07-01 12:00:00",
            "1782900000",
            "1782900000000",
        ] {
            assert_eq!(
                moment(text, zone).map(|it| it.to_rfc3339()).as_deref(),
                Some(noon),
                "{text}"
            );
        }
        assert_eq!(
            moment("2026-07-01", None).unwrap().to_rfc3339(),
            "2026-07-01T00:00:00+00:00"
        );
        assert_eq!(moment("soon", None), None);
    }
}
