//! What a file is, by its own bytes first: what it says it is can be wrong, and a name in it would leave unread.

use serde::de::IgnoredAny;

use super::packed::{ARCHIVE, OLD};
use crate::redaction::spans::table;

/// Bytes at the beginning that are looked at for a kind.
const HEAD: usize = 4 * 1024;
/// Fields of a head of mail: two of them make one.
const FIELDS: [&str; 11] = [
    "from",
    "to",
    "cc",
    "subject",
    "date",
    "received",
    "return-path",
    "delivered-to",
    "message-id",
    "mime-version",
    "content-type",
];

/// What a file is to who blackens words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sort {
    /// A message.
    Message,
    /// A formatted text.
    Page,
    /// A table of text.
    Table,
    /// Lines.
    Text,
    /// Made of words, in a form that breaks them up or codes them: a card, data, another program's source.
    Closed,
    /// As that, and it can carry whole files: a mailbox, a page with all that belongs to it.
    Coded,
    /// A document of an office program, or an archive: it is looked through and not written anew.
    Document,
    /// Not made of words, or a document whose pages are blackened by area.
    Other,
}

impl Sort {
    /// What this file is.
    pub fn of(bytes: &[u8], media_type: &str, name: &str) -> Sort {
        let said = media_type.split(';').next().unwrap_or_default();
        let said = said.trim().to_ascii_lowercase();
        let hint = hint(&said);
        match hint {
            Some(Sort::Message | Sort::Closed | Sort::Coded) => {
                return hint.unwrap_or(Sort::Closed);
            }
            // a page, a table and a text are told apart by the file itself where it says otherwise
            Some(_) => {}
            None if [ARCHIVE, OLD].iter().any(|start| bytes.starts_with(start)) => {
                return Sort::Document;
            }
            None if !is_words(bytes) => return Sort::Other,
            None => {}
        }
        match table::decoded(bytes) {
            Ok(text) if is_words(bytes) => by_words(&text, hint, &ending(name)),
            _ => Sort::Closed,
        }
    }
}

/// What a file says it is; nothing where that is no kind of words.
fn hint(said: &str) -> Option<Sort> {
    if said.starts_with("message/") {
        return Some(Sort::Message);
    }
    Some(match said {
        "text/html" | "application/xhtml+xml" => Sort::Page,
        "text/csv"
        | "text/tab-separated-values"
        | "text/comma-separated-values"
        | "application/csv" => Sort::Table,
        "text/plain" | "text/markdown" | "text/x-markdown" | "text/x-log" => Sort::Text,
        "application/json"
        | "application/xml"
        | "application/rtf"
        | "application/yaml"
        | "application/x-yaml"
        | "application/x-ndjson"
        | "application/javascript"
        | "application/sql" => Sort::Closed,
        "application/mbox" => Sort::Coded,
        said if said.starts_with("multipart/") => Sort::Coded,
        said if said.starts_with("text/") || said.ends_with("+json") || said.ends_with("+xml") => {
            Sort::Closed
        }
        _ => return None,
    })
}

fn by_words(text: &str, hint: Option<Sort>, ending: &str) -> Sort {
    let text = text.trim_start_matches(['\u{feff}', ' ', '\t', '\r', '\n']);
    let mut end = text.len().min(HEAD);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let head = text.get(..end).unwrap_or_default().to_ascii_lowercase();
    if is_mail(&head) {
        return Sort::Message;
    }
    if hint.is_none() && head.starts_with("%pdf-") {
        return Sort::Other;
    }
    let card = ["begin:v", "{\\rtf", "%!ps"]
        .iter()
        .any(|start| head.starts_with(start));
    let mailbox =
        head.starts_with("from ") && head.split_once('\n').is_some_and(|(_, rest)| is_mail(rest));
    if mailbox || is_coded(text) {
        return Sort::Coded;
    }
    if card {
        return Sort::Closed;
    }
    if let Some(sort @ (Sort::Page | Sort::Table)) = hint {
        return sort;
    }
    let page = head.contains("<html") || head.starts_with("<!doctype html");
    match ending {
        "htm" | "html" | "xhtml" => Sort::Page,
        "eml" => Sort::Message,
        "csv" | "tsv" => Sort::Table,
        "mbox" | "mht" | "mhtml" => Sort::Coded,
        "json" | "ndjson" | "xml" | "svg" | "vcf" | "ics" | "rtf" | "yaml" | "yml" | "sql" => {
            Sort::Closed
        }
        _ if page => Sort::Page,
        _ if head.starts_with('<') && hint.is_none() || head.starts_with("<?xml") => Sort::Closed,
        _ if head.starts_with(['{', '[']) && serde_json::from_str::<IgnoredAny>(text).is_ok() => {
            Sort::Closed
        }
        _ => Sort::Text,
    }
}

/// Whether it begins with the head of a message.
fn is_mail(head: &str) -> bool {
    let mut known = 0;
    for (at, line) in head.lines().enumerate() {
        if at > 0 && line.starts_with([' ', '\t']) {
            continue;
        }
        let Some((name, _)) = line.split_once(':') else {
            break;
        };
        let fits = |letter: char| letter.is_ascii_alphanumeric() || letter == '-';
        if name.is_empty() || !name.chars().all(fits) {
            break;
        }
        known += usize::from(FIELDS.contains(&name));
    }
    known >= 2
}

/// Whether parts of it are coded as mail codes them: words in them cannot be read in place.
fn is_coded(text: &str) -> bool {
    text.lines()
        .filter_map(|line| line.split_once(':'))
        .any(|(name, _)| {
            name.trim()
                .eq_ignore_ascii_case("content-transfer-encoding")
        })
}

/// Whether its bytes are letters: none of them is one that only programs use.
fn is_words(bytes: &[u8]) -> bool {
    let wide = bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]);
    let odd = |byte: &u8| *byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r' | 0x0c | 0x1b);
    wide || !bytes.iter().any(odd)
}

fn ending(name: &str) -> String {
    name.rsplit_once('.')
        .map_or_else(String::new, |(_, ending)| ending.to_ascii_lowercase())
}
