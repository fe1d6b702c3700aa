//! `Content-Type` and `Content-Disposition` with their parameters, RFC 2231 and its many misreadings included.

use super::{charset, transfer, wording};

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Params {
    /// `text/plain`, `attachment`: the value before the first semicolon, lower case.
    pub value: String,
    list: Vec<(String, String)>,
}

impl Params {
    pub fn read(raw: &[u8]) -> Self {
        let line = wording::unfold(raw.get(..super::bounds::FIELD_BYTES).unwrap_or(raw));
        let mut pieces = split(&line).into_iter();
        let value: String = pieces.next().map(charset::guess).unwrap_or_default();
        // `text/plain charset=utf-8` without the semicolon
        let mut words = value.split_whitespace();
        let head = words
            .next()
            .unwrap_or_default()
            .trim_matches(['"', '\'', ','])
            .to_ascii_lowercase();
        let mut sections: Vec<Section> = words
            .filter_map(|word| Section::read(word.as_bytes()))
            .collect();
        sections.extend(pieces.filter_map(Section::read));
        Self {
            value: head,
            list: joined(sections),
        }
    }

    pub fn get(&self, name: &str) -> Option<&str> {
        self.list
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }

    pub fn main(&self) -> &str {
        self.value.split('/').next().unwrap_or_default()
    }

    pub fn sub(&self) -> &str {
        self.value.split_once('/').map_or("", |(_, sub)| sub)
    }
}

/// At semicolons outside of quotes.
fn split(line: &[u8]) -> Vec<&[u8]> {
    let mut pieces = Vec::new();
    let (mut quoted, mut escaped, mut from) = (false, false, 0);
    for (at, byte) in line.iter().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b';' if !quoted => {
                pieces.push(line.get(from..at).unwrap_or_default());
                from = at + 1;
            }
            _ => {}
        }
    }
    pieces.push(line.get(from..).unwrap_or_default());
    pieces.truncate(120);
    pieces
}

struct Section {
    name: String,
    number: u32,
    coded: bool,
    value: Vec<u8>,
}

impl Section {
    /// `name=value`, `name*=utf-8''value`, `name*1*=value`
    fn read(piece: &[u8]) -> Option<Self> {
        let equals = memchr::memchr(b'=', piece)?;
        let (name, value) = piece.split_at(equals);
        let name = std::str::from_utf8(name.trim_ascii())
            .ok()?
            .to_ascii_lowercase();
        let mut parts = name.split('*');
        let base = parts.next().filter(|base| !base.is_empty())?.to_owned();
        let second = parts.next();
        let number = second.and_then(|text| text.parse().ok()).unwrap_or(0);
        let coded = name.ends_with('*');
        Some(Self {
            name: base,
            number,
            coded,
            value: unquoted(value.get(1..)?.trim_ascii()),
        })
    }
}

fn unquoted(value: &[u8]) -> Vec<u8> {
    let Some(inner) = value.strip_prefix(b"\"") else {
        return value.to_vec();
    };
    let mut out = Vec::with_capacity(inner.len());
    let mut bytes = inner.iter().copied().peekable();
    while let Some(byte) = bytes.next() {
        match byte {
            // a backslash before anything else is a Windows path
            b'\\' if matches!(bytes.peek(), Some(b'"' | b'\\')) => out.extend(bytes.next()),
            b'"' => break,
            byte => out.push(byte),
        }
    }
    out
}

/// Numbered sections of one name put together; a coded value beats a plain one of the same name.
fn joined(mut sections: Vec<Section>) -> Vec<(String, String)> {
    sections.sort_by_key(|section| section.number);
    let mut names: Vec<String> = Vec::new();
    for section in &sections {
        if !names.contains(&section.name) {
            names.push(section.name.clone());
        }
    }
    names
        .into_iter()
        .map(|name| {
            let coded = sections
                .iter()
                .any(|section| section.name == name && section.coded);
            let mut bytes = Vec::new();
            let mut charset = None;
            let mut last = None;
            for section in sections.iter().filter(|section| {
                section.name == name && (!coded || section.coded || section.number > 0)
            }) {
                // the same parameter twice: the first counts
                if last == Some(section.number) {
                    continue;
                }
                let mut value = section.value.as_slice();
                if section.coded && last.is_none() {
                    let mut marks = value.splitn(3, |byte| *byte == b'\'');
                    if let (Some(name), Some(_), Some(rest)) =
                        (marks.next(), marks.next(), marks.next())
                    {
                        charset = std::str::from_utf8(name).ok().map(str::to_owned);
                        value = rest;
                    }
                }
                last = Some(section.number);
                if section.coded {
                    bytes.extend(transfer::percent(value))
                } else {
                    bytes.extend_from_slice(value)
                }
            }
            let text = if coded {
                charset::decode(&bytes, charset.as_deref())
            } else {
                wording::decode_words(&bytes)
            };
            (name, wording::tidy(&text))
        })
        .collect()
}
