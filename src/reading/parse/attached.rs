//! Attachments: those whose text can be had are read, all others stay closed under their names.

mod office;
mod pdf;
mod rtf;

use super::{armour, bounds, bounds::Budget, charset, gather, gather::Gathered, html, part::Part};

/// Bytes by which a file is known.
const SNIFFED: usize = 1_024;

/// What a file is, by its own first bytes, then its name, then what the sender says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Pdf,
    Docx,
    Odt,
    Rtf,
    Html,
    Text,
    Mail,
    Signature,
    Closed,
}

/// Reads an attachment into its text, an inner message, or a name that stays closed.
pub fn open(part: &Part<'_>, depth: usize, out: &mut Gathered, budget: &mut Budget) {
    let name = part.title();
    let declared = kind(&name, &part.kind.value);
    match declared {
        Kind::Signature => return,
        Kind::Closed if !worth_a_look(part) => return out.closed(name),
        // a large file under no known name is judged by its beginning
        Kind::Closed if !promising(&part.bytes(SNIFFED)) && !is_sealed(part, &name) => {
            return out.closed(name);
        }
        _ => {}
    }
    if is_sealed(part, &name) {
        return sealed(part, name, depth, out, budget);
    }
    let bytes = part.bytes(bounds::ATTACHMENT_BYTES);
    if bytes.trim_ascii().is_empty() {
        return;
    }
    let kind = match sniffed(&bytes).unwrap_or(declared) {
        Kind::Closed if is_prose(&bytes) => Kind::Text,
        kind => kind,
    };
    if !read(kind, &name, &bytes, part.charset(), depth, out, budget) {
        out.closed(name);
    }
}

pub fn is_sealed(part: &Part<'_>, name: &str) -> bool {
    matches!(part.kind.sub(), "pkcs7-mime" | "x-pkcs7-mime")
        || name.to_ascii_lowercase().ends_with(".p7m")
}

/// S/MIME: what is only signed is read, what is encrypted is said to be.
fn sealed(part: &Part<'_>, name: String, depth: usize, out: &mut Gathered, budget: &mut Budget) {
    match armour::signed_content(&part.bytes(bounds::ATTACHMENT_BYTES)) {
        Some(content) => {
            gather::gather(&Part::read(&content, "text/plain"), depth + 1, out, budget)
        }
        None => {
            out.trouble("encrypted");
            out.closed(name);
        }
    }
}

/// A file from the running text of a mail.
pub fn loose(name: &str, bytes: &[u8], out: &mut Gathered, budget: &mut Budget) {
    let kind = sniffed(bytes).unwrap_or_else(|| kind(name, ""));
    // messages are not unpacked from text inside text
    if kind == Kind::Mail || !read(kind, name, bytes, None, bounds::DEPTH, out, budget) {
        out.closed(name.to_owned());
    }
}

/// A file that came alone, without any message around it.
pub fn lone(bytes: &[u8], out: &mut Gathered, budget: &mut Budget) -> bool {
    match sniffed(bytes) {
        Some(kind @ (Kind::Pdf | Kind::Docx | Kind::Odt | Kind::Rtf | Kind::Html)) => {
            if !read(kind, "", bytes, None, 0, out, budget) {
                out.closed(String::new());
            }
            true
        }
        Some(_) => {
            out.closed(String::new());
            true
        }
        None => false,
    }
}

fn read(
    kind: Kind,
    name: &str,
    bytes: &[u8],
    declared: Option<&str>,
    depth: usize,
    out: &mut Gathered,
    budget: &mut Budget,
) -> bool {
    let text = match kind {
        Kind::Pdf => pdf::text(bytes, out),
        Kind::Docx => office::docx(bytes),
        Kind::Odt => office::odt(bytes),
        Kind::Rtf => Some(rtf::text(bytes)),
        Kind::Html => {
            let readable = html::readable(&charset::decode(bytes, declared), budget.chars_left());
            if readable.hidden {
                out.trouble("html-hidden-text");
            }
            Some(readable.text)
        }
        Kind::Text => (!super::entry::is_binary(bytes) || charset::is_wide(bytes).is_some())
            .then(|| charset::decode(bytes, declared)),
        Kind::Mail => {
            gather::inner_message(bytes, depth, out, budget);
            return true;
        }
        Kind::Signature => return true,
        Kind::Closed => None,
    };
    match text.filter(|text| !text.trim().is_empty()) {
        Some(text) => {
            out.attach(name.to_owned(), &text, budget);
            true
        }
        None => false,
    }
}

fn kind(name: &str, declared: &str) -> Kind {
    let extension = name
        .rsplit_once('.')
        .map(|(_, extension)| extension.trim().to_ascii_lowercase())
        .unwrap_or_default();
    match extension.as_str() {
        "pdf" => Kind::Pdf,
        "docx" | "docm" | "dotx" => Kind::Docx,
        "odt" | "ott" | "fodt" => Kind::Odt,
        "rtf" => Kind::Rtf,
        "html" | "htm" | "xhtml" | "mht" => Kind::Html,
        "txt" | "text" | "csv" | "ics" | "vcf" | "md" | "log" | "json" | "xml" | "tsv" => {
            Kind::Text
        }
        "eml" => Kind::Mail,
        "p7s" | "sig" | "asc" if declared.contains("signature") || extension == "p7s" => {
            Kind::Signature
        }
        "p7m" => Kind::Closed,
        _ => match declared {
            "application/pdf" | "application/x-pdf" => Kind::Pdf,
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document" => Kind::Docx,
            "application/vnd.oasis.opendocument.text" => Kind::Odt,
            "application/rtf" | "text/rtf" | "text/richtext" => Kind::Rtf,
            "text/html" | "application/xhtml+xml" => Kind::Html,
            "application/pkcs7-signature"
            | "application/x-pkcs7-signature"
            | "application/pgp-signature"
            | "application/pgp-keys" => Kind::Signature,
            declared if declared.starts_with("text/") => Kind::Text,
            _ => Kind::Closed,
        },
    }
}

/// Pictures, films and sounds are not even decoded; other files may be documents under a wrong name.
fn worth_a_look(part: &Part<'_>) -> bool {
    !matches!(part.kind.main(), "image" | "audio" | "video" | "font")
        && part.head.body.len() < bounds::ATTACHMENT_BYTES * 3 / 2
}

/// The first bytes are those of a document; which one a packed file holds is known only at its end.
fn promising(start: &[u8]) -> bool {
    start.starts_with(b"PK\x03\x04")
        || is_prose(start)
        || sniffed(start).is_some_and(|kind| kind != Kind::Closed)
}

/// Words and blanks, whatever the file is called.
fn is_prose(bytes: &[u8]) -> bool {
    let start = bytes.get(..bytes.len().min(SNIFFED)).unwrap_or_default();
    let blanks = start
        .iter()
        .filter(|byte| byte.is_ascii_whitespace())
        .count();
    let cut = std::str::from_utf8(start)
        .err()
        .map_or(start.len(), |error| error.valid_up_to());
    // the sample may end inside of a character
    start.len() - cut < 4
        && blanks * 20 > start.len()
        && !super::entry::is_binary(start)
        && !start.starts_with(b"-----BEGIN ")
}

fn sniffed(bytes: &[u8]) -> Option<Kind> {
    let start = bytes.get(..bytes.len().min(SNIFFED)).unwrap_or_default();
    if memchr::memmem::find(start, b"%PDF-").is_some() {
        return Some(Kind::Pdf);
    }
    if start.starts_with(b"{\\rtf") {
        return Some(Kind::Rtf);
    }
    if start.starts_with(b"PK\x03\x04") {
        return Some(office::kind(bytes));
    }
    const CLOSED: &[&[u8]] = &[
        b"\x89PNG",
        b"\xff\xd8\xff",
        b"GIF8",
        b"\xd0\xcf\x11\xe0",
        b"Rar!",
        b"7z\xbc\xaf",
        b"\x1f\x8b",
        b"II*\0",
        b"MM\0*",
        b"\x78\x9f\x3e\x22",
        b"BZh",
        b"\xfd7zXZ",
        b"MZ",
        b"\x7fELF",
        b"OggS",
        b"ID3",
        b"RIFF",
    ];
    if CLOSED.iter().any(|magic| start.starts_with(magic)) {
        return Some(Kind::Closed);
    }
    let text = start.trim_ascii_start();
    let begins = |tag: &[u8]| {
        text.get(..tag.len())
            .is_some_and(|found| found.eq_ignore_ascii_case(tag))
    };
    (begins(b"<!doctype html") || begins(b"<html")).then_some(Kind::Html)
}
