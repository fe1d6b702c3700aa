//! Word and OpenDocument files: the text of their paragraphs, cells and notes.

use std::io::{Cursor, Read};

use super::Kind;
use crate::reading::parse::bounds;

/// Members of one document.
const MEMBERS: usize = 4_000;

type Archive<'a> = zip::ZipArchive<Cursor<&'a [u8]>>;

/// Which document a packed file is.
pub fn kind(bytes: &[u8]) -> Kind {
    // the list of members is read whole before anything else
    if memchr::memmem::find_iter(bytes, b"PK\x01\x02")
        .nth(MEMBERS)
        .is_some()
    {
        return Kind::Closed;
    }
    let Ok(archive) = Archive::new(Cursor::new(bytes)) else {
        return Kind::Closed;
    };
    if archive.index_for_name("word/document.xml").is_some() {
        Kind::Docx
    } else if archive.index_for_name("content.xml").is_some()
        && archive.index_for_name("META-INF/manifest.xml").is_some()
    {
        Kind::Odt
    } else {
        Kind::Closed
    }
}

pub fn docx(bytes: &[u8]) -> Option<String> {
    let mut archive = Archive::new(Cursor::new(bytes)).ok()?;
    let mut left = bounds::UNPACKED_BYTES;
    let mut names: Vec<String> = archive
        .file_names()
        .filter_map(|name| Some(name.ok()?.into_owned()))
        .filter(|name| is_letterhead(name))
        .collect();
    names.sort();
    names.truncate(12);
    let mut text = String::new();
    // headers first: the sender's address often stands there
    for name in names.iter().filter(|name| name.starts_with("word/header")) {
        push(
            &mut text,
            &walk(
                &member(&mut archive, name, &mut left).unwrap_or_default(),
                &WORD,
            ),
        );
    }
    push(
        &mut text,
        &walk(
            &member(&mut archive, "word/document.xml", &mut left)?,
            &WORD,
        ),
    );
    for name in names.iter().filter(|name| !name.starts_with("word/header")) {
        push(
            &mut text,
            &walk(
                &member(&mut archive, name, &mut left).unwrap_or_default(),
                &WORD,
            ),
        );
    }
    Some(text)
}

pub fn odt(bytes: &[u8]) -> Option<String> {
    if bytes.starts_with(b"<?xml") {
        return Some(walk(bytes, &OPEN));
    }
    let mut archive = Archive::new(Cursor::new(bytes)).ok()?;
    let mut left = bounds::UNPACKED_BYTES;
    Some(walk(
        &member(&mut archive, "content.xml", &mut left)?,
        &OPEN,
    ))
}

fn is_letterhead(name: &str) -> bool {
    name.ends_with(".xml")
        && [
            "word/header",
            "word/footer",
            "word/footnotes",
            "word/endnotes",
            "word/comments.xml",
        ]
        .iter()
        .any(|start| name.starts_with(start))
}

fn push(text: &mut String, more: &str) {
    if !more.trim().is_empty() {
        if !text.is_empty() {
            text.push('\n');
        }
        text.push_str(more);
    }
}

/// One member, unpacked no further than the bound of the whole document.
fn member(archive: &mut Archive<'_>, name: &str, left: &mut u64) -> Option<Vec<u8>> {
    let file = archive.by_name(name).ok()?;
    let mut bytes = Vec::new();
    // what a broken archive gave until it broke is kept
    let _ = file.take(*left).read_to_end(&mut bytes);
    *left = left.saturating_sub(u64::try_from(bytes.len()).unwrap_or(u64::MAX));
    Some(bytes)
}

/// The element names of a format that mean something for the text.
struct Format {
    /// Its content is text; empty: all content is.
    run: &'static [&'static str],
    line: &'static [&'static str],
    tab: &'static [&'static str],
    blank: &'static [&'static str],
    /// Ends a paragraph.
    block: &'static [&'static str],
    cell: &'static [&'static str],
    /// Content that is no text of the document: deleted words, field codes, styles.
    skip: &'static [&'static str],
}

static WORD: Format = Format {
    run: &["w:t"],
    line: &["w:br", "w:cr"],
    tab: &["w:tab", "w:ptab"],
    blank: &[],
    block: &["w:p"],
    cell: &["w:tc"],
    skip: &["w:instrText", "w:delText", "w:pPr", "w:rPr", "mc:Fallback"],
};

static OPEN: Format = Format {
    run: &[],
    line: &["text:line-break"],
    tab: &["text:tab"],
    blank: &["text:s"],
    block: &["text:p", "text:h"],
    cell: &["table:table-cell"],
    skip: &[
        "office:automatic-styles",
        "office:styles",
        "office:font-face-decls",
        "office:scripts",
        "text:tracked-changes",
        "office:meta",
        "office:settings",
        "office:master-styles",
        "office:binary-data",
        "text:sequence-decls",
        "office:forms",
    ],
};

/// The text of an XML document. Entities that it defines itself are not followed.
fn walk(xml: &[u8], format: &Format) -> String {
    let xml = crate::reading::parse::charset::guess(xml);
    let mut out = String::new();
    let mut rest = xml.as_str();
    let (mut running, mut skipped) = (0_usize, 0_usize);
    // cells that are open: their paragraphs stay on one line
    let mut cells = 0_usize;
    while !rest.is_empty() {
        let next = memchr::memchr(b'<', rest.as_bytes()).unwrap_or(rest.len());
        let (text, tag) = rest.split_at(next);
        if skipped == 0 && (format.run.is_empty() || running > 0) {
            out.push_str(&crate::reading::parse::html::entities::decoded(text));
        }
        if tag.starts_with("<!--") {
            rest = tag.split_once("-->").map_or("", |(_, rest)| rest);
            continue;
        }
        let end = memchr::memchr(b'>', tag.as_bytes()).unwrap_or(tag.len());
        let inside = tag.get(1..end).unwrap_or_default();
        rest = tag.get(end + 1..).unwrap_or_default();
        let closing = inside.starts_with('/');
        let alone = inside.ends_with('/');
        let name = inside
            .trim_matches('/')
            .split(|c: char| c.is_whitespace() || c == '/')
            .next()
            .unwrap_or_default();
        if format.skip.contains(&name) && !alone {
            skipped = if closing {
                skipped.saturating_sub(1)
            } else {
                skipped + 1
            };
        }
        if skipped > 0 {
            continue;
        }
        if format.run.contains(&name) && !alone {
            running = if closing {
                running.saturating_sub(1)
            } else {
                running + 1
            };
        } else if format.line.contains(&name) && !closing {
            out.push('\n');
        } else if format.tab.contains(&name) && !closing {
            out.push('\t');
        } else if format.blank.contains(&name) && !closing {
            out.push(' ');
        } else if format.cell.contains(&name) && !alone {
            if closing {
                cells = cells.saturating_sub(1);
                while out.ends_with(['\n', ' ']) {
                    out.pop();
                }
                out.push('\t');
            } else {
                cells += 1;
            }
        } else if format.block.contains(&name) && (closing || alone) {
            out.push(if cells > 0 { ' ' } else { '\n' });
        } else if matches!(name, "w:tr" | "table:table-row") && closing {
            out.push('\n');
        }
    }
    out
}
