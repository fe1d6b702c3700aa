//! Redaction in a table of text (CSV): words in a cell, cells, whole columns and whole rows. What a spreadsheet would
//! take for a formula comes out as text.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use csv::{ByteRecord, ReaderBuilder, Terminator, WriterBuilder};
use encoding_rs::{UTF_8, WINDOWS_1252};

use super::{BLOCK, Span, text};
use crate::redaction::Withheld;

/// Bytes of a table.
pub const BYTES: usize = 64 * 1024 * 1024;
/// Cells of one row.
const CELLS: usize = 16_384;
const SEPARATORS: [u8; 4] = *b";,\t|";

/// What is made illegible. Rows and columns count from 0, the line of the headings is row 0.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Marks {
    /// Columns of which no cell stays; their heading does.
    pub columns: BTreeSet<usize>,
    /// Rows that go as a whole.
    pub rows: BTreeSet<usize>,
    /// Cells, or spans of them; no span at all is the whole cell.
    pub cells: BTreeMap<(usize, usize), Vec<Span>>,
    /// The first row is one of headings.
    pub headed: bool,
}

/// A table as rows of cells, as spans and marks count them.
///
/// # Errors
/// [`Withheld::TooLarge`] or [`Withheld::Unreadable`].
pub fn rows(bytes: &[u8]) -> Result<Vec<Vec<String>>, Withheld> {
    let mut rows = Vec::new();
    each(bytes, |_, row| {
        rows.push(row.iter().map(|cell| (*cell).to_owned()).collect());
        Ok(())
    })?;
    Ok(rows)
}

/// The table written anew in UTF-8 with the separator it had.
///
/// # Errors
/// [`Withheld::Misfit`], when a mark lies in no cell; nothing comes out then.
pub fn redacted(bytes: &[u8], marks: &Marks) -> Result<Vec<u8>, Withheld> {
    let separator = separator(&decoded(bytes)?);
    let mut out = WriterBuilder::new()
        .delimiter(separator)
        .flexible(true)
        .terminator(Terminator::CRLF)
        .from_writer(Vec::new());
    let (mut count, mut widest, mut touched) = (0, 0, 0_usize);
    each(bytes, |at, row| {
        count = at + 1;
        widest = widest.max(row.len());
        if marks.rows.contains(&at) {
            touched += marks
                .cells
                .range((at, 0)..=(at, usize::MAX))
                .filter(|((_, cell), _)| *cell < row.len())
                .count();
            let line = vec![BLOCK; row.len().min(1)];
            return out.write_record(line).map_err(|_| Withheld::Unreadable);
        }
        let mut line = Vec::with_capacity(row.len());
        for (column, cell) in row.iter().enumerate() {
            let mark = marks.cells.get(&(at, column));
            touched += usize::from(mark.is_some());
            let heading = marks.headed && at == 0;
            line.push(match mark {
                Some(spans) if spans.is_empty() => BLOCK.to_owned(),
                _ if marks.columns.contains(&column) && !heading => BLOCK.to_owned(),
                Some(spans) => harmless(&text::redacted(cell, spans)?),
                None => harmless(&text::redacted(cell, &[])?),
            });
        }
        out.write_record(&line).map_err(|_| Withheld::Unreadable)
    })?;
    let outside = marks.rows.last().is_some_and(|row| *row >= count)
        || marks.columns.last().is_some_and(|column| *column >= widest)
        || touched != marks.cells.len();
    if outside {
        return Err(Withheld::Misfit);
    }
    out.into_inner().map_err(|_| Withheld::Unreadable)
}

/// A cell that no spreadsheet runs: what begins like a formula and is no plain number gets an apostrophe before it.
#[must_use]
pub fn harmless(cell: &str) -> String {
    let first = cell.trim_start().chars().next();
    let begins = matches!(
        first,
        Some('=' | '+' | '-' | '@' | '\u{ff1d}' | '\u{ff0b}' | '\u{ff0d}' | '\u{ff20}')
    ) || cell.starts_with(['\t', '\r', '\n']);
    if begins && !is_number(cell) {
        format!("'{cell}")
    } else {
        cell.to_owned()
    }
}

/// A signed amount, or a telephone number with its country.
fn is_number(cell: &str) -> bool {
    let digits = cell.trim().trim_start_matches(['+', '-']);
    cell.trim().len() - digits.len() == 1
        && digits.starts_with(|letter: char| letter.is_ascii_digit())
        && digits
            .chars()
            .all(|letter| letter.is_ascii_digit() || matches!(letter, '.' | ',' | ' ' | '\u{a0}'))
}

fn each(
    bytes: &[u8],
    mut row: impl FnMut(usize, &[&str]) -> Result<(), Withheld>,
) -> Result<(), Withheld> {
    let text = decoded(bytes)?;
    let mut reader = ReaderBuilder::new()
        .delimiter(separator(&text))
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes());
    let mut record = ByteRecord::new();
    let mut at = 0;
    while reader
        .read_byte_record(&mut record)
        .map_err(|_| Withheld::Unreadable)?
    {
        if record.len() > CELLS {
            return Err(Withheld::TooLarge);
        }
        let cells: Vec<&str> = record
            .iter()
            .map(|cell| std::str::from_utf8(cell).map_err(|_| Withheld::Unreadable))
            .collect::<Result<_, _>>()?;
        row(at, &cells)?;
        at += 1;
    }
    Ok(())
}

/// A mark of its own says what letters these are; else UTF-8, where it is, and the letters of Windows.
pub(super) fn decoded(bytes: &[u8]) -> Result<Cow<'_, str>, Withheld> {
    if bytes.len() > BYTES {
        return Err(Withheld::TooLarge);
    }
    let known = encoding_rs::Encoding::for_bom(bytes).map(|(encoding, _)| encoding);
    let encoding = known.unwrap_or(if std::str::from_utf8(bytes).is_ok() {
        UTF_8
    } else {
        WINDOWS_1252
    });
    let (text, _, broken) = encoding.decode(bytes);
    if broken || text.contains('\0') {
        return Err(Withheld::Unreadable);
    }
    Ok(text)
}

/// The sign that stands most often in the first line outside of quotes.
fn separator(text: &str) -> u8 {
    let mut quoted = false;
    let mut counts = [0_usize; SEPARATORS.len()];
    for byte in text.bytes().take(64 * 1024) {
        match byte {
            b'"' => quoted = !quoted,
            b'\n' if !quoted => break,
            _ if quoted => {}
            byte => {
                if let Some(count) = SEPARATORS
                    .iter()
                    .position(|known| *known == byte)
                    .and_then(|at| counts.get_mut(at))
                {
                    *count += 1;
                }
            }
        }
    }
    let best = SEPARATORS
        .iter()
        .zip(counts)
        .rev()
        .max_by_key(|(_, count)| *count);
    best.filter(|(_, count)| *count > 0)
        .map_or(b',', |(sign, _)| *sign)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(bytes: &[u8], marks: &Marks) -> String {
        String::from_utf8(redacted(bytes, marks).unwrap()).unwrap()
    }

    #[test]
    fn cells_columns_and_rows_go_and_the_rest_stays() {
        let table =
            "Name;Note;Tel\nAnna;rief Karl an;1\nKarl;nichts;2\nAnna;\"sagte; \"\"ja\"\"\";3\n"
                .as_bytes();
        let marks = Marks {
            columns: [2].into(),
            rows: [2].into(),
            cells: [((1, 1), vec![Span::new(5, 9)]), ((3, 0), vec![])].into(),
            headed: true,
        };
        assert_eq!(
            text(table, &marks),
            "Name;Note;Tel\r\nAnna;rief █████ an;█████\r\n█████\r\n█████;\"sagte; \"\"ja\"\"\";█████\r\n"
        );
    }

    #[test]
    fn formulas_become_text_and_numbers_stay() {
        for (cell, out) in [
            ("=1+1", "'=1+1"),
            (" =cmd|' /C calc'!A0", "' =cmd|' /C calc'!A0"),
            ("@SUM(1)", "'@SUM(1)"),
            ("+HYPERLINK(\"x\")", "'+HYPERLINK(\"x\")"),
            ("-2+3", "'-2+3"),
            ("\t=1", "'\t=1"),
            ("\u{ff1d}1", "'\u{ff1d}1"),
            ("-12,50", "-12,50"),
            ("+49 170 5550123", "+49 170 5550123"),
            ("a=b", "a=b"),
        ] {
            assert_eq!(harmless(cell), out, "{cell:?}");
        }
    }

    #[test]
    fn a_mark_in_no_cell_lets_nothing_out() {
        let table = b"a,b\nc,d\n";
        let cell = |row, column, span: Option<Span>| Marks {
            cells: [((row, column), span.into_iter().collect())].into(),
            ..Marks::default()
        };
        for marks in [
            cell(2, 0, None),
            cell(0, 2, None),
            cell(0, 0, Some(Span::new(0, 5))),
            Marks {
                rows: [9].into(),
                ..Marks::default()
            },
            Marks {
                columns: [2].into(),
                ..Marks::default()
            },
        ] {
            assert_eq!(redacted(table, &marks), Err(Withheld::Misfit), "{marks:?}");
        }
    }

    #[test]
    fn letters_of_windows_and_utf_16_are_read() {
        assert_eq!(rows(b"M\xfcller\tx").unwrap(), [["Müller", "x"]]);
        let wide: Vec<u8> = [0xff, 0xfe]
            .into_iter()
            .chain("Ä|b".encode_utf16().flat_map(u16::to_le_bytes))
            .collect();
        assert_eq!(rows(&wide).unwrap(), [["Ä", "b"]]);
        assert_eq!(rows(b"a\0b"), Err(Withheld::Unreadable));
    }
}
