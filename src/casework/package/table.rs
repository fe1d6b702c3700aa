//! Findings as a table: one column for each field that any of them has, under its plain name.

use super::given::Given;
use crate::domain::lang::Lang;
use crate::redaction::spans::table::harmless;
use crate::words::package::texts;
use crate::words::sources;

/// A column: the name of the field over there, the how-many-eth of that name, and its head.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Column {
    /// The field.
    pub name: String,
    /// Which one, where a finding has several of that name.
    pub nth: usize,
    /// What stands above it.
    pub head: String,
}

/// More columns than these no table program bears; what is beyond stands in the JSON.
const COLUMNS: usize = 1_000;

/// The columns that are known so far.
#[derive(Debug, Clone, Default)]
pub(super) struct Columns(pub Vec<Column>);

impl Columns {
    /// Adds those of a finding.
    pub(super) fn learn(&mut self, given: &Given, lang: Lang) {
        for (at, value) in given.values.iter().enumerate() {
            let before = given.values.iter().take(at);
            let nth = before.filter(|it| it.name == value.name).count();
            let known = |it: &Column| it.name == value.name && it.nth == nth;
            if self.0.iter().any(known) || self.0.len() >= COLUMNS {
                continue;
            }
            let plain = sources::field(&value.name, value.label.as_deref(), lang);
            let plain = match nth {
                0 => plain,
                nth => format!("{plain} {}", nth + 1),
            };
            let taken = |head: &str| self.0.iter().any(|it| it.head == head);
            let head = match taken(&plain) {
                true => format!("{plain} ({})", value.name),
                false => plain,
            };
            self.0.push(Column {
                name: value.name.clone(),
                nth,
                head,
            });
        }
    }

    /// The line of heads, after the mark by which programs know that it is UTF-8.
    pub(super) fn head(&self, lang: Lang) -> Vec<u8> {
        let said = texts(lang);
        let mut cells = vec![said.date.to_owned(), said.title.to_owned()];
        cells.extend(self.0.iter().map(|column| column.head.clone()));
        cells.push(said.files.to_owned());
        let mut out = "\u{feff}".as_bytes().to_vec();
        out.extend(line(&cells, lang));
        out
    }

    /// The line of a finding, with the paths of its files.
    pub(super) fn line(&self, given: &Given, files: &[String], lang: Lang) -> Vec<u8> {
        let date = given
            .at
            .map(|at| at.to_rfc3339_opts(chrono::SecondsFormat::Secs, true));
        let mut cells = vec![
            date.unwrap_or_default(),
            given.title.clone().unwrap_or_default(),
        ];
        for column in &self.0 {
            let mut same = given.values.iter().filter(|it| it.name == column.name);
            let value = same.nth(column.nth);
            cells.push(value.map(|it| it.words.clone()).unwrap_or_default());
        }
        cells.push(files.join("\n"));
        line(&cells, lang)
    }
}

/// What parts the cells: what the table programs of the country expect.
pub(super) fn separator(lang: Lang) -> u8 {
    match lang {
        Lang::De => b';',
        Lang::En => b',',
    }
}

fn line(cells: &[String], lang: Lang) -> Vec<u8> {
    let mut out = csv::WriterBuilder::new()
        .delimiter(separator(lang))
        .terminator(csv::Terminator::CRLF)
        .from_writer(Vec::new());
    // In memory nothing fails.
    let _ = out.write_record(cells.iter().map(|cell| harmless(cell)));
    out.into_inner().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::casework::package::given::Value;
    use crate::domain::ids::FindingId;
    use crate::domain::source::Origin;

    fn given(values: &[(&str, &str)]) -> Given {
        let value = |(name, value): &(&str, &str)| Value {
            name: (*name).into(),
            label: None,
            value: (*value).into(),
            words: (*value).into(),
            black: false,
        };
        Given {
            id: FindingId(1),
            kind: "contact".into(),
            key: None,
            title: Some("=1+1".into()),
            at: None,
            origin: Origin::Provided,
            values: values.iter().map(value).collect(),
            files: vec![],
            black: false,
            ground: None,
        }
    }

    #[test]
    fn a_table_has_each_field_once_and_no_cell_that_is_run() {
        let one = given(&[
            ("email", "a@b.example"),
            ("note", "=HYPERLINK(\"http://x\")"),
            ("email", "c@d.example"),
        ]);
        let two = given(&[("email_from", "@SUM(A1)"), ("phone", "+49 170 1234567")]);
        let mut columns = Columns::default();
        columns.learn(&one, Lang::De);
        columns.learn(&two, Lang::De);
        let mut text = String::from_utf8(columns.head(Lang::De)).unwrap();
        for given in [&one, &two] {
            text.push_str(&String::from_utf8(columns.line(given, &[], Lang::De)).unwrap());
        }
        let mut lines = text.lines();
        assert_eq!(
            lines.next().unwrap(),
            "\u{feff}Datum;Bezeichnung;E-Mail-Adresse;Notiz;E-Mail-Adresse 2;E-Mail-Adresse (email_from);Telefon;Dateien"
        );
        assert_eq!(
            lines.next().unwrap(),
            ";'=1+1;a@b.example;\"'=HYPERLINK(\"\"http://x\"\")\";c@d.example;;;"
        );
        assert_eq!(
            lines.next().unwrap(),
            ";'=1+1;;;;'@SUM(A1);+49 170 1234567;"
        );
    }
}
