//! Addresses of a header: names, groups, comments, and all that mailers forget around them.

use super::{bounds, charset, wording};
use crate::reading::message::Address;

/// All addresses of a field, in order. Empty groups give none.
pub fn addresses(raw: &[u8]) -> Vec<Address> {
    let raw = raw.get(..bounds::FIELD_BYTES).unwrap_or(raw);
    let line = charset::guess(&wording::unfold(raw));
    let found = read(&line);
    // the whole field was encoded as one word, against the rules
    if found.iter().all(|address| address.email.is_empty())
        && line.contains("=?")
        && let decoded = wording::decode_words(line.as_bytes())
        && decoded.contains('@')
    {
        return read(&decoded);
    }
    found
}

/// The first address of a field, as text; for `Return-Path`, `Delivered-To` and the like.
pub fn bare(raw: &[u8]) -> Option<String> {
    addresses(raw)
        .into_iter()
        .map(|address| address.email)
        .find(|email| !email.is_empty())
}

/// `local@domain` with the domain in lower case and readable; empty if it is no address.
pub fn email(text: &str) -> String {
    let text = text.trim_matches(|c: char| {
        c.is_whitespace()
            || matches!(
                c,
                '<' | '>' | '"' | '\'' | ',' | ';' | '[' | ']' | '(' | ')'
            )
    });
    let text = text
        .strip_prefix("mailto:")
        .or_else(|| text.strip_prefix("MAILTO:"))
        .unwrap_or(text);
    let text: String = text
        .chars()
        .filter(|c| !c.is_whitespace() && !c.is_control() && !super::plain::is_invisible(*c))
        .collect();
    let Some((local, domain)) = text.rsplit_once('@') else {
        return String::new();
    };
    // an old route: <@relay:local@domain>
    let local =
        local.rsplit_once(':').map_or(
            local,
            |(route, rest)| if route.starts_with('@') { rest } else { local },
        );
    let domain = domain.trim_matches('.').to_lowercase();
    if local.is_empty() || domain.is_empty() || text.len() > 400 {
        return String::new();
    }
    format!("{local}@{}", readable(&domain))
}

/// `xn--mller-kva.example` as people write it.
pub fn readable(domain: &str) -> String {
    if domain.contains("xn--") {
        let (text, fine) = idna::domain_to_unicode(domain);
        if fine.is_ok() {
            return text;
        }
    }
    domain.to_owned()
}

fn read(line: &str) -> Vec<Address> {
    let mut list = Vec::new();
    let mut open = Open::default();
    let mut chars = line.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        if list.len() >= bounds::ADDRESSES {
            return list;
        }
        match c {
            '"' => open.phrase.push_str(&quoted(&mut chars)),
            '(' => open.comment.push_str(&comment(&mut chars)),
            '<' => {
                let mut inside = String::new();
                for (_, c) in chars.by_ref() {
                    if c == '>' {
                        break;
                    }
                    // a bracket that was never closed
                    if c == ',' && inside.contains('@') && !inside.starts_with('@') {
                        open.angle = Some(std::mem::take(&mut inside));
                        open.close(&mut list);
                        continue;
                    }
                    inside.push(c);
                }
                // `<<a@b>>` and `Name <x> <a@b>`: the one with an address counts
                let inside = inside.trim_start_matches('<').to_owned();
                if open.angle.as_deref().is_none_or(|held| !held.contains('@')) {
                    open.angle = Some(inside);
                }
            }
            '=' if chars.peek().is_some_and(|(_, next)| *next == '?') => {
                // commas inside an encoded word are its own
                let rest = line.get(at..).unwrap_or_default();
                match word_length(rest) {
                    Some(length) => {
                        open.phrase.push_str(rest.get(..length).unwrap_or_default());
                        while chars.peek().is_some_and(|(next, _)| *next < at + length) {
                            chars.next();
                        }
                    }
                    None => open.phrase.push(c),
                }
            }
            ',' | ';' => open.close(&mut list),
            // a group's name, unless it stands inside an address such as mailto:a@b
            ':' if open.angle.is_none()
                && !open.phrase.to_ascii_lowercase().ends_with("mailto") =>
            {
                open.phrase.clear()
            }
            c => open.phrase.push(c),
        }
    }
    open.close(&mut list);
    list
}

#[derive(Default)]
struct Open {
    phrase: String,
    comment: String,
    angle: Option<String>,
}

impl Open {
    fn close(&mut self, list: &mut Vec<Address>) {
        let Self {
            phrase,
            comment,
            angle,
        } = std::mem::take(self);
        let phrase = phrase.trim();
        let (name, email) = match angle {
            Some(angle) if angle.contains('@') => (phrase.to_owned(), email(&angle)),
            // <Name> or nothing in the brackets
            Some(angle) => without_brackets(if phrase.is_empty() {
                angle.trim()
            } else {
                phrase
            }),
            None => without_brackets(phrase),
        };
        let name = if name.is_empty() { comment } else { name };
        let name = wording::tidy(&wording::decode_words(name.as_bytes()));
        let name = name
            .trim_matches(|c: char| c.is_whitespace() || matches!(c, '\'' | '"'))
            .to_owned();
        if !(name.is_empty() && email.is_empty()) {
            list.push(Address { name, email });
        }
    }
}

/// `a@b`, `Name a@b`, `Name [mailto:a@b]`
fn without_brackets(phrase: &str) -> (String, String) {
    let Some(word) = phrase
        .split_whitespace()
        .rev()
        .find(|word| word.contains('@'))
    else {
        return (phrase.to_owned(), String::new());
    };
    let email = email(word);
    let name = phrase.replacen(word, " ", 1);
    (
        if name.trim().is_empty() {
            String::new()
        } else {
            name
        },
        email,
    )
}

fn quoted(chars: &mut impl Iterator<Item = (usize, char)>) -> String {
    let mut out = String::new();
    while let Some((_, c)) = chars.next() {
        match c {
            '\\' => out.extend(chars.next().map(|(_, c)| c)),
            '"' => break,
            c => out.push(c),
        }
    }
    out
}

fn comment(chars: &mut impl Iterator<Item = (usize, char)>) -> String {
    let mut out = String::new();
    let mut depth = 1_u32;
    while let Some((_, c)) = chars.next() {
        match c {
            '\\' => out.extend(chars.next().map(|(_, c)| c)),
            '(' => depth = depth.saturating_add(1),
            ')' => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    break;
                }
            }
            c => out.push(c),
        }
    }
    out
}

fn word_length(text: &str) -> Option<usize> {
    let mut marks = text.match_indices('?').map(|(at, _)| at).skip(2);
    let from = marks.next()? + 1;
    let rest = text.as_bytes().get(from..)?;
    let end = memchr::memmem::find(rest.get(..bounds::WORD_BYTES).unwrap_or(rest), b"?=")?;
    Some(from + end + 2)
}
