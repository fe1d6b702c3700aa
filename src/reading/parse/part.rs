//! One part of a message: its head, what it says it is, and its bytes, decoded only when they are wanted.

use std::borrow::Cow;

use super::{charset, head::Head, params::Params, transfer};

#[derive(Debug)]
pub struct Part<'a> {
    pub head: Head<'a>,
    pub kind: Params,
    disposition: Params,
}

impl<'a> Part<'a> {
    /// `assumed`: what a part is that does not say it.
    pub fn read(raw: &'a [u8], assumed: &str) -> Self {
        Self::of(Head::read(raw), assumed)
    }

    pub fn of(head: Head<'a>, assumed: &str) -> Self {
        let mut kind = head
            .first("content-type")
            .map(Params::read)
            .unwrap_or_default();
        if !kind.value.contains('/') {
            // `Content-Type: text`, `Content-Type: html`
            kind.value = if kind.value.contains("html") {
                "text/html".to_owned()
            } else {
                assumed.to_owned()
            };
        }
        let disposition = head
            .first("content-disposition")
            .map(Params::read)
            .unwrap_or_default();
        Self {
            head,
            kind,
            disposition,
        }
    }

    pub fn is_attachment(&self) -> bool {
        self.disposition.value == "attachment"
    }

    /// The file name without any path.
    pub fn file_name(&self) -> Option<String> {
        let name = self
            .disposition
            .get("filename")
            .or_else(|| self.kind.get("name"))
            .or_else(|| self.disposition.get("name"))
            .or_else(|| self.kind.get("filename"))?;
        let name = name.rsplit(['/', '\\']).next().unwrap_or_default().trim();
        (!name.is_empty()).then(|| name.chars().take(200).collect())
    }

    /// What to call the part where it has no file name.
    pub fn title(&self) -> String {
        self.file_name()
            .or_else(|| self.head.text("content-description"))
            .unwrap_or_else(|| self.kind.value.clone())
    }

    pub fn charset(&self) -> Option<&str> {
        self.kind.get("charset")
    }

    pub fn bytes(&self, most: usize) -> Cow<'a, [u8]> {
        let body = self.head.body;
        let coding = self
            .head
            .first("content-transfer-encoding")
            .map(|raw| raw.trim_ascii().to_ascii_lowercase())
            .unwrap_or_default();
        // encoded bytes are at least as many as the decoded ones
        let body = body.get(..most.saturating_mul(3)).unwrap_or(body);
        let mut bytes = if coding.starts_with(b"base64") || coding.starts_with(b"\"base64") {
            Cow::Owned(base64_or_text(body))
        } else if coding.starts_with(b"quoted") {
            Cow::Owned(transfer::quoted_printable(body))
        } else if coding.starts_with(b"x-uue")
            || coding.starts_with(b"uuencode")
            || coding.starts_with(b"x-uuencode")
        {
            Cow::Owned(transfer::uu(after_begin(body)))
        } else {
            Cow::Borrowed(body)
        };
        if bytes.len() > most {
            match &mut bytes {
                Cow::Owned(owned) => owned.truncate(most),
                Cow::Borrowed(slice) => *slice = slice.get(..most).unwrap_or(slice),
            }
        }
        bytes
    }

    pub fn text(&self) -> String {
        let bytes = self.bytes(super::bounds::TEXT_BYTES);
        // the field that says so was lost on the way
        if let Cow::Borrowed(plain) = bytes
            && let Some(decoded) = undeclared(plain)
        {
            return charset::decode(&decoded, self.charset());
        }
        charset::decode(&bytes, self.charset())
    }

    /// The parts of a multipart, in order, each still raw; none if the boundary does not occur.
    pub fn pieces(&self) -> Vec<&'a [u8]> {
        let declared = self
            .kind
            .get("boundary")
            .map(str::as_bytes)
            .filter(|boundary| !boundary.is_empty());
        let found = declared
            .map(|boundary| cut(self.head.body, boundary))
            .unwrap_or_default();
        if !found.is_empty() {
            return found;
        }
        // the boundary of the header is lost or garbled: the body's first one
        guessed(self.head.body)
            .map(|boundary| cut(self.head.body, boundary))
            .unwrap_or_default()
    }
}

/// Text that is declared as Base64 and is none is text.
fn base64_or_text(body: &[u8]) -> Vec<u8> {
    let start = body.get(..body.len().min(2_000)).unwrap_or(body);
    let foreign = start
        .iter()
        .filter(|byte| {
            !byte.is_ascii_whitespace()
                && transfer::base64_signs(std::slice::from_ref(byte)) == 0
                && **byte != b'='
        })
        .count();
    let blanks = start.iter().filter(|byte| **byte == b' ').count();
    if foreign * 20 > start.len() || blanks * 12 > start.len() {
        body.to_vec()
    } else {
        transfer::base64(body)
    }
}

/// Codes of umlauts in text that is not declared as coded.
fn undeclared(text: &[u8]) -> Option<Vec<u8>> {
    let coded = memchr::memmem::find_iter(text, b"=C3=")
        .filter(|at| {
            text.get(at + 4..at + 6)
                .is_some_and(|two| two.iter().all(|byte| transfer::hex(*byte).is_some()))
        })
        .take(2)
        .count();
    if coded == 2 {
        return Some(transfer::quoted_printable(text));
    }
    let dense = text.trim_ascii();
    let lines = dense.len() > 80
        && dense.iter().all(|byte| {
            byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=' | b'\r' | b'\n')
        });
    if !lines || dense.iter().all(u8::is_ascii_alphabetic) {
        return None;
    }
    let decoded = transfer::base64(dense);
    (std::str::from_utf8(&decoded).is_ok()
        && decoded.iter().filter(|byte| **byte == b' ').count() * 30 > decoded.len())
    .then_some(decoded)
}

fn after_begin(body: &[u8]) -> &[u8] {
    match memchr::memmem::find(body, b"begin ") {
        Some(at) => {
            let rest = body.get(at..).unwrap_or_default();
            let from = memchr::memchr(b'\n', rest).map_or(rest.len(), |end| end + 1);
            let rest = rest.get(from..).unwrap_or_default();
            let end = memchr::memmem::find(rest, b"\nend").unwrap_or(rest.len());
            rest.get(..end).unwrap_or(rest)
        }
        None => body,
    }
}

/// What stands between the lines `--boundary`; a missing end is the end of the body.
fn cut<'a>(body: &'a [u8], boundary: &[u8]) -> Vec<&'a [u8]> {
    let mark = [b"--".as_slice(), boundary].concat();
    let mut pieces = Vec::new();
    let mut from: Option<usize> = None;
    for at in memchr::memmem::find_iter(body, &mark) {
        if at > 0 && body.get(at - 1) != Some(&b'\n') {
            continue;
        }
        let rest = body.get(at + mark.len()..).unwrap_or_default();
        let line = rest
            .get(..memchr::memchr(b'\n', rest).unwrap_or(rest.len()))
            .unwrap_or_default();
        let after = line.trim_ascii();
        if !(after.is_empty() || after == b"--") {
            continue;
        }
        if let Some(from) = from {
            pieces.push(without_last_break(body.get(from..at).unwrap_or_default()));
            if pieces.len() > super::bounds::PARTS {
                return pieces;
            }
        }
        if after == b"--" {
            return pieces;
        }
        from = Some((at + mark.len() + line.len() + 1).min(body.len()));
    }
    if let Some(from) = from
        && let Some(rest) = body.get(from..)
        && !rest.is_empty()
    {
        pieces.push(rest);
    }
    pieces
}

/// The line break before a boundary belongs to the boundary.
fn without_last_break(piece: &[u8]) -> &[u8] {
    let piece = piece.strip_suffix(b"\n").unwrap_or(piece);
    piece.strip_suffix(b"\r").unwrap_or(piece)
}

fn guessed(body: &[u8]) -> Option<&[u8]> {
    let start = body.get(..body.len().min(16 * 1024))?;
    start
        .split(|byte| *byte == b'\n')
        .map(<[u8]>::trim_ascii)
        .find_map(|line| {
            let boundary = line.strip_prefix(b"--").filter(|rest| {
                rest.len() >= 6
                    && rest.len() <= 200
                    && rest.iter().all(u8::is_ascii_graphic)
                    && rest.iter().any(|byte| *byte != b'-')
            })?;
            // a part's head follows
            let at = memchr::memmem::find(body, line)? + line.len();
            let next = body.get(at..)?.trim_ascii_start();
            next.get(..8)
                .is_some_and(|head| head.eq_ignore_ascii_case(b"content-"))
                .then_some(boundary)
        })
}
