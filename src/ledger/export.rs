//! The log as a file to hand out: all entries, then one checkpoint over all of them.

use std::io::{self, Write};

use super::{Checkpoint, Entry};

/// First line of the comma-separated form.
pub(super) const CSV_HEADER: &str = "seq,at,kind,subject,actor,payload,prev";

/// What the record of the checkpoint begins and ends with in JSON Lines.
pub(super) const JSON_FRAME: (&str, &str) = ("{\"checkpoint\":\"", "\"}\n");

/// What the record of the checkpoint begins and ends with in comma-separated values.
pub(super) const CSV_FRAME: (&str, &str) = ("checkpoint,\"", "\"\n");

/// The two forms of an export. Both hold the same, and neither leaves any choice to the writer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// One JSON object a line: the entries' canonical lines.
    JsonLines,
    /// Comma-separated values with a header.
    Csv,
}

/// Writes an export entry by entry, so that a log of any length needs no memory.
#[derive(Debug)]
pub struct ExportWriter<W> {
    out: W,
    format: Format,
}

impl<W: Write> ExportWriter<W> {
    /// Begins an export; give it a buffered writer.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn new(mut out: W, format: Format) -> io::Result<Self> {
        if format == Format::Csv {
            writeln!(out, "{CSV_HEADER}")?;
        }
        Ok(Self { out, format })
    }

    /// Writes the next entry. It is written as it is: an export shows a damaged log, it does not hide it.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn entry(&mut self, entry: &Entry) -> io::Result<()> {
        let mut line = match self.format {
            Format::JsonLines => entry.line(),
            Format::Csv => entry.csv_row(),
        };
        line.push('\n');
        self.out.write_all(line.as_bytes())
    }

    /// Ends the export with the checkpoint over all entries written, flushes, and gives the writer back.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn finish(mut self, checkpoint: &Checkpoint) -> io::Result<W> {
        self.out
            .write_all(checkpoint_record(self.format, checkpoint).as_bytes())?;
        self.out.flush()?;
        Ok(self.out)
    }
}

/// The last record with its newline. Of all characters in a note only the line break is special in
/// either form: JSON escapes it, CSV quotes it.
pub(super) fn checkpoint_record(format: Format, checkpoint: &Checkpoint) -> String {
    let note = checkpoint.to_string();
    let (note, (begin, end)) = match format {
        Format::JsonLines => (note.replace('\n', "\\n"), JSON_FRAME),
        Format::Csv => (note, CSV_FRAME),
    };
    format!("{begin}{note}{end}")
}
