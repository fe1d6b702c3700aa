//! Takes a table apart into rows and fields as spreadsheets write them: quotes, line breaks in a field, a quote that is
//! never closed.

use std::collections::VecDeque;
use std::io::{self, Read};

use super::lines::{LONGEST, Line, Lines};

/// Where fields and rows end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Marks {
    /// Between fields.
    pub between: u8,
    /// Around a field.
    pub around: Option<u8>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum At {
    Begin,
    Bare,
    Quoted,
    Closed,
}

/// A row as it stands in the file, and its fields.
#[derive(Debug, Default)]
pub struct Row {
    /// The bytes, line breaks within too, without the one at the end.
    pub raw: Vec<u8>,
    /// The fields without their quotes.
    pub fields: Vec<Vec<u8>>,
    /// From which byte to which it reaches, its end with it.
    pub place: (u64, u64),
}

/// A line and where it stands.
pub struct Placed {
    /// Without its end.
    pub line: Vec<u8>,
    place: (u64, u64),
}

/// The rows of a table.
pub struct Rows<R> {
    lines: Lines<R>,
    marks: Marks,
    again: VecDeque<Placed>,
    /// So many were no rows.
    pub garbled: u64,
    row: Row,
}

impl<R: Read> Rows<R> {
    /// The rows of a text.
    pub fn of(from: R, marks: Marks) -> Rows<R> {
        Rows {
            lines: Lines::of(from),
            marks,
            again: VecDeque::new(),
            garbled: 0,
            row: Row::default(),
        }
    }

    /// The lines before the table, as they are.
    pub fn line(&mut self) -> io::Result<Option<Placed>> {
        if let Some(line) = self.again.pop_front() {
            return Ok(Some(line));
        }
        loop {
            match self.lines.next()? {
                None => return Ok(None),
                Some(Line::TooLong) => self.garbled += 1,
                Some(Line::Whole(line, _)) => {
                    let line = line.to_vec();
                    let place = self.lines.place();
                    return Ok(Some(Placed { line, place }));
                }
            }
        }
    }

    /// A line that was looked at and belongs to the table.
    pub fn put_back(&mut self, line: Placed) {
        self.again.push_front(line);
    }

    /// From here on fields end so.
    pub fn marked(&mut self, marks: Marks) {
        self.marks = marks;
    }

    /// The next row that is not empty.
    pub fn next(&mut self) -> io::Result<Option<&Row>> {
        loop {
            let Some(first) = self.line()? else {
                return Ok(None);
            };
            if first.line.iter().all(u8::is_ascii_whitespace) {
                continue;
            }
            self.row.raw.clear();
            self.row.fields.clear();
            self.row.fields.push(Vec::new());
            let mut at = split(&first.line, At::Begin, self.marks, &mut self.row.fields);
            self.row.raw.extend_from_slice(&first.line);
            self.row.place = first.place;
            let mut taken: Vec<Placed> = Vec::new();
            while at == At::Quoted && self.row.raw.len() <= LONGEST {
                let Some(more) = self.line()? else {
                    break;
                };
                if let Some(field) = self.row.fields.last_mut() {
                    field.push(b'\n');
                }
                at = split(&more.line, At::Quoted, self.marks, &mut self.row.fields);
                self.row.raw.push(b'\n');
                self.row.raw.extend_from_slice(&more.line);
                self.row.place.1 = more.place.1;
                taken.push(more);
            }
            if at != At::Quoted {
                if self.row.raw.last() == Some(&b'\r') {
                    self.row.raw.pop();
                }
                return Ok(Some(&self.row));
            }
            // The quote of the first line is never closed: that line is no row, and those after it are looked at anew.
            self.garbled += 1;
            for line in taken.into_iter().rev() {
                self.again.push_front(line);
            }
        }
    }
}

fn split(line: &[u8], mut at: At, marks: Marks, fields: &mut Vec<Vec<u8>>) -> At {
    let ends_row = line.len().saturating_sub(1);
    for (place, &byte) in line.iter().enumerate() {
        let quote = Some(byte) == marks.around;
        // The carriage return before the line break belongs to neither, outside of quotes.
        if byte == b'\r' && place == ends_row && at != At::Quoted {
            break;
        }
        if byte == marks.between && at != At::Quoted {
            fields.push(Vec::new());
            at = At::Begin;
            continue;
        }
        at = match at {
            At::Begin if quote => At::Quoted,
            At::Quoted if quote => At::Closed,
            // A quote doubled is one quote; another letter behind a quote means that it was none.
            At::Closed => {
                push(fields, byte);
                if quote { At::Quoted } else { At::Bare }
            }
            At::Quoted => {
                push(fields, byte);
                At::Quoted
            }
            At::Begin | At::Bare => {
                push(fields, byte);
                At::Bare
            }
        };
    }
    at
}

fn push(fields: &mut [Vec<u8>], byte: u8) {
    if let Some(field) = fields.last_mut() {
        field.push(byte);
    }
}

/// What stands between the fields of a line: semicolon, tab or comma, whichever is there most; quoted ones do not count.
#[must_use]
pub fn between(line: &[u8]) -> u8 {
    let mut counts = [(b';', 0_u32), (b'\t', 0), (b',', 0)];
    let mut quoted = false;
    for byte in line {
        quoted ^= *byte == b'"';
        for (mark, count) in &mut counts {
            *count += u32::from(!quoted && byte == mark);
        }
    }
    let most = counts.iter().map(|(_, count)| *count).max().unwrap_or(0);
    counts
        .iter()
        .find(|(_, count)| *count == most)
        .map_or(b';', |(mark, _)| *mark)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (Vec<Vec<String>>, u64) {
        let mut rows = Rows::of(
            text.as_bytes(),
            Marks {
                between: b';',
                around: Some(b'"'),
            },
        );
        let mut out = Vec::new();
        while let Some(row) = rows.next().unwrap() {
            out.push(
                row.fields
                    .iter()
                    .map(|it| String::from_utf8_lossy(it).into_owned())
                    .collect(),
            );
        }
        (out, rows.garbled)
    }

    #[test]
    fn quotes_hold_separators_breaks_and_quotes() {
        let (rows, garbled) = read("a;\"b;\"\"c\"\"\";\"d\r\ne\"\r\n\r\nf;5\" Rohr;\"\"\r\n");
        assert_eq!(
            rows,
            [vec!["a", "b;\"c\"", "d\r\ne"], vec!["f", "5\" Rohr", ""]]
        );
        assert_eq!(garbled, 0);
    }

    #[test]
    fn a_quote_that_is_never_closed_costs_one_line() {
        let (rows, garbled) = read("a;\"b\nc;d\ne;f\n");
        assert_eq!(rows, [vec!["c", "d"], vec!["e", "f"]]);
        assert_eq!(garbled, 1);
    }

    #[test]
    fn a_file_of_quotes_is_read_in_time() {
        let text = format!("x;\"{}", "y;z\n".repeat(600_000));
        let (rows, garbled) = read(&text);
        assert_eq!((rows.len(), garbled), (599_999, 1));
    }

    #[test]
    fn the_separator_is_the_one_that_is_there_most() {
        assert_eq!(between(b"a;b;c"), b';');
        assert_eq!(between(b"a\tb,c\td"), b'\t');
        assert_eq!(between(b"\"a;b;c\",d,e"), b',');
        assert_eq!(between(b"nothing"), b';');
    }
}
