//! Reads an export record by record, as strictly as it was written: whatever could be written in
//! another way is not accepted, so that the hashes cover every byte of the file.

use std::io::{self, BufRead, Chain, Cursor, Read};

use super::{
    Checkpoint, Code, Finding, Format,
    export::{CSV_FRAME, CSV_HEADER, JSON_FRAME, checkpoint_record},
    line::{Link, link},
};

/// Longest line that is read, in bytes. An entry cannot reach a fortieth of it.
const MAX_LINE: u64 = 64 * 1024;

/// How much is read behind the beginning of the checkpoint, in bytes; more than one can be long.
const MAX_TAIL: u64 = 16 * 1024;

/// One record of an export.
#[derive(Debug)]
pub(super) enum Row {
    Entry(Link),
    /// The checkpoint, and nothing follows it.
    Checkpoint(Checkpoint),
    End,
    Unreadable(Finding),
}

/// Ends a check before its end.
#[derive(Debug)]
pub(super) enum Stop {
    Found(Finding),
    Read(io::Error),
}

impl From<io::Error> for Stop {
    fn from(error: io::Error) -> Self {
        Self::Read(error)
    }
}

impl From<Finding> for Stop {
    fn from(finding: Finding) -> Self {
        Self::Found(finding)
    }
}

/// The records of an export, in a memory that does not grow with it.
pub(super) struct Rows<R> {
    reader: Chain<Cursor<Vec<u8>>, R>,
    format: Format,
    line: Vec<u8>,
    canonical: Vec<u8>,
    /// Number of entries read so far, which is the number of the one that is due.
    due: u64,
}

impl<R: BufRead> Rows<R> {
    /// Tells the format by the first bytes, and reads the header if there is to be one.
    pub fn open(mut reader: R) -> Result<Self, Stop> {
        let mut head = Vec::new();
        reader.by_ref().take(8).read_to_end(&mut head)?;
        let format = format_of(&head)?;
        let mut rows = Self {
            reader: Cursor::new(head).chain(reader),
            format,
            line: Vec::with_capacity(1024),
            canonical: Vec::with_capacity(1024),
            due: 0,
        };
        if format == Format::Csv {
            rows.read_line()?;
            if rows.line.strip_suffix(b"\n") != Some(CSV_HEADER.as_bytes()) {
                let message = format!("The first line is not the header \"{CSV_HEADER}\".");
                return Err(Finding {
                    code: Code::Header,
                    entry: None,
                    message,
                }
                .into());
            }
        }
        Ok(rows)
    }

    /// In which line of the file the entry of this number stands; the first line is 1.
    pub fn line_of(&self, entry: u64) -> u64 {
        let above = match self.format {
            Format::JsonLines => 1,
            Format::Csv => 2,
        };
        entry.saturating_add(above)
    }

    /// The next record.
    pub fn next(&mut self) -> io::Result<Row> {
        let length = self.read_line()?;
        if length == 0 {
            return Ok(Row::End);
        }
        if let Some((b'\n', text)) = self.line.split_last()
            && let Some(link) = link(self.format, text, &mut self.canonical)
        {
            self.due += 1;
            return Ok(Row::Entry(link));
        }
        let (begin, _) = self.frame();
        if likeness(&self.line, begin) * 2 > begin.len() {
            return self.checkpoint();
        }
        let line = self.line_of(self.due);
        let (code, what) = if length > MAX_LINE {
            (Code::Unreadable, "is far too long for an entry")
        } else if self.line.ends_with(b"\n") {
            (Code::Unreadable, fault(&self.line))
        } else {
            (
                Code::Cut,
                "is not ended by a newline: the file was cut off here",
            )
        };
        let message = format!(
            "Line {line}, where entry {} or the checkpoint is due, {what}.",
            self.due
        );
        Ok(Row::Unreadable(Finding {
            code,
            entry: Some(self.due),
            message,
        }))
    }

    fn read_line(&mut self) -> io::Result<u64> {
        self.line.clear();
        let read = self
            .reader
            .by_ref()
            .take(MAX_LINE + 1)
            .read_until(b'\n', &mut self.line)?;
        Ok(u64::try_from(read).unwrap_or(u64::MAX))
    }

    fn frame(&self) -> (&'static str, &'static str) {
        match self.format {
            Format::JsonLines => JSON_FRAME,
            Format::Csv => CSV_FRAME,
        }
    }

    /// Reads the last record, whose beginning is in `line`, and sees that it is the last.
    fn checkpoint(&mut self) -> io::Result<Row> {
        self.reader
            .by_ref()
            .take(MAX_TAIL)
            .read_to_end(&mut self.line)?;
        let (begin, end) = self.frame();
        let length = self
            .line
            .windows(end.len())
            .position(|window| window == end.as_bytes());
        let record = length.and_then(|length| self.line.split_at_checked(length + end.len()));
        let Some((record, rest)) = record else {
            let unended = self.line.ends_with(end.trim_end().as_bytes());
            return Ok(no_checkpoint_form(if unended {
                "is not ended by a newline"
            } else {
                "has no end"
            }));
        };
        let note = str::from_utf8(record)
            .ok()
            .and_then(|record| record.strip_prefix(begin)?.strip_suffix(end));
        let checkpoint = note.and_then(|note| match self.format {
            Format::JsonLines => Checkpoint::parse(&note.replace("\\n", "\n")).ok(),
            Format::Csv => Checkpoint::parse(note).ok(),
        });
        let Some(checkpoint) = checkpoint
            .filter(|checkpoint| checkpoint_record(self.format, checkpoint).as_bytes() == record)
        else {
            return Ok(no_checkpoint_form(
                "is not in the one form that a checkpoint has",
            ));
        };
        if rest.is_empty() {
            return Ok(Row::Checkpoint(checkpoint));
        }
        let message = format!(
            "Something follows the checkpoint, which stands after {} entries.",
            self.due
        );
        Ok(Row::Unreadable(Finding {
            code: Code::Trailing,
            entry: Some(self.due),
            message,
        }))
    }
}

/// The format whose beginning the file resembles most, so that one changed byte does not mislead.
fn format_of(head: &[u8]) -> Result<Format, Finding> {
    let json = likeness(head, r#"{"seq":0"#);
    let csv = likeness(head, "seq,at,k");
    let (code, entry, message) = match head {
        [] => (Code::Empty, None, "The file is empty."),
        _ if json >= 2 && json > csv => return Ok(Format::JsonLines),
        // A digit: the header is gone and the first entry stands in its place.
        [b'0'..=b'9', ..] => return Ok(Format::Csv),
        _ if csv >= 2 => return Ok(Format::Csv),
        _ => (
            Code::Format,
            Some(0),
            "The file begins like no export: neither JSON Lines nor CSV.",
        ),
    };
    Err(Finding {
        code,
        entry,
        message: message.to_owned(),
    })
}

/// In how many places of the pattern the bytes agree with it.
fn likeness(bytes: &[u8], pattern: &str) -> usize {
    bytes
        .iter()
        .zip(pattern.as_bytes())
        .filter(|(a, b)| a == b)
        .count()
}

fn no_checkpoint_form(what: &str) -> Row {
    Row::Unreadable(Finding {
        code: Code::CheckpointForm,
        entry: None,
        message: format!("The checkpoint at the end {what}."),
    })
}

fn fault(line: &[u8]) -> &'static str {
    if line == b"\n" {
        "is empty"
    } else if line.ends_with(b"\r\n") {
        "ends in CR LF instead of LF"
    } else if str::from_utf8(line).is_err() {
        "is not UTF-8"
    } else {
        "is not in the one form that an entry has"
    }
}
