//! Redaction of a whole message: it is written anew with the few fields that a reader needs, its texts with blocks in
//! them, and those of its files that a clerk lets through. Traces of servers, blind copies and fields of programs never
//! come along, and no second form of a text does.

mod writer;

use std::collections::BTreeMap;

use super::{BLOCK, Misfit, Span, html::Page, text};
use crate::reading::message::{Address, Message, Place};
use crate::reading::parse::{Enclosed, contents, parse, taken_out};
use crate::redaction::Withheld;

/// Bytes of a message.
pub const BYTES: usize = 100 * 1024 * 1024;

/// Somebody in the head of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Party {
    /// `From`, `Reply-To`, `To` or `Cc`.
    pub field: &'static str,
    /// The name shown; empty if there is none.
    pub name: String,
    /// The address; empty if there is none.
    pub email: String,
}

/// A text of a message.
#[derive(Debug, Clone)]
pub enum Body {
    /// Words in lines.
    Plain(String),
    /// A formatted text.
    Formatted(Page),
}

impl Body {
    /// Its words; spans count their bytes.
    #[must_use]
    pub fn words(&self) -> &str {
        match self {
            Body::Plain(text) => text,
            Body::Formatted(page) => page.words(),
        }
    }
}

/// A message as a clerk looks at it before she redacts it.
#[derive(Debug, Clone)]
pub struct Draft {
    /// Who stands in its head.
    pub parties: Vec<Party>,
    /// Its subject.
    pub subject: String,
    /// When it was sent, in the words of mail.
    pub date: Option<String>,
    /// Its texts. Of a text that was sent in two forms only the formatted one is here, if it says all of the other.
    pub bodies: Vec<Body>,
    /// Its files; messages inside it are files.
    pub files: Vec<Enclosed>,
}

/// What becomes of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum File {
    /// It goes along as it is, under the name it has or under another one.
    Kept {
        /// Another name, if its own tells too much.
        name: Option<String>,
    },
    /// This goes along for it.
    Replaced {
        /// The name of what goes along.
        name: String,
        /// Its media type.
        media_type: String,
        /// Its bytes.
        bytes: Vec<u8>,
    },
    /// It does not go along.
    Dropped,
}

/// What a clerk decided on a message.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Marks {
    /// Those of the head that are made illegible, by their place in [`Draft::parties`].
    pub parties: Vec<usize>,
    /// Spans of the subject.
    pub subject: Vec<Span>,
    /// Spans of each text, by its place in [`Draft::bodies`].
    pub bodies: BTreeMap<usize, Vec<Span>>,
    /// What becomes of each file, by its number. Each needs a word.
    pub files: BTreeMap<usize, File>,
    /// Words of which no link may speak, wherever else they are black.
    pub words: Vec<String>,
}

impl Draft {
    /// Reads a message.
    ///
    /// # Errors
    /// When it is no message, is encrypted, or holds more than is looked at: what nobody looked at is not handed out.
    pub fn read(raw: &[u8]) -> Result<Draft, Withheld> {
        if raw.len() > BYTES {
            return Err(Withheld::TooLarge);
        }
        let message = parse(raw).ok_or(Withheld::Unreadable)?;
        let has = |trouble: &str| message.troubles.contains(&trouble);
        if has("no-mail-head") {
            return Err(Withheld::Unreadable);
        }
        if has("encrypted") {
            return Err(Withheld::Encrypted);
        }
        let inside = contents(raw);
        if has("too-many-parts")
            || has("text-cut")
            || inside.more
            || inside.files.iter().any(|it| it.too_large)
        {
            return Err(Withheld::TooLarge);
        }
        Ok(Draft {
            parties: parties(&message),
            subject: one_line(&message.subject),
            date: message.date.map(|date| date.to_rfc2822()),
            bodies: bodies(&message, inside.page.as_deref())?,
            files: inside.files,
        })
    }

    /// The message written anew. `raw` is what the draft was read from.
    ///
    /// # Errors
    /// [`Withheld::Misfit`], when a mark lies nowhere or a file is without a decision.
    pub fn redacted(&self, raw: &[u8], marks: &Marks) -> Result<Vec<u8>, Withheld> {
        let known = |at: &usize| self.files.iter().any(|file| file.number == *at);
        if marks.parties.iter().any(|at| *at >= self.parties.len())
            || marks.bodies.keys().any(|at| *at >= self.bodies.len())
            || !marks.files.keys().all(known)
            || marks.files.len() != self.files.len()
        {
            return Err(Withheld::Misfit);
        }
        let mut parts = Vec::new();
        for (at, body) in self.bodies.iter().enumerate() {
            let spans = marks.bodies.get(&at).map(Vec::as_slice).unwrap_or_default();
            parts.push(match body {
                Body::Plain(words) => writer::Part::text("plain", &text::redacted(words, spans)?),
                Body::Formatted(page) => {
                    let words: Vec<&str> = marks.words.iter().map(String::as_str).collect();
                    writer::Part::text("html", &page_of(&page.without(spans, &words)?))
                }
            });
        }
        for file in &self.files {
            parts.extend(part(
                raw,
                file,
                marks.files.get(&file.number).ok_or(Misfit)?,
            )?);
        }
        Ok(writer::message(&self.fields(marks)?, &parts))
    }

    fn fields(&self, marks: &Marks) -> Result<Vec<(&'static str, String)>, Misfit> {
        let mut fields = Vec::new();
        for field in ["From", "Reply-To", "To", "Cc"] {
            let list: Vec<String> = self
                .parties
                .iter()
                .enumerate()
                .filter(|(_, party)| party.field == field)
                .map(|(at, party)| match marks.parties.contains(&at) {
                    // an address that no mail ever reaches
                    true => writer::mailbox(BLOCK, "redacted@redacted.invalid"),
                    false => writer::mailbox(&party.name, &party.email),
                })
                .collect();
            if !list.is_empty() {
                fields.push((field, list.join(",\r\n ")));
            }
        }
        let subject = text::redacted(&self.subject, &marks.subject)?;
        fields.push(("Subject", writer::words(&subject)));
        if let Some(date) = &self.date {
            fields.push(("Date", date.clone()));
        }
        Ok(fields)
    }
}

fn parties(message: &Message) -> Vec<Party> {
    let of = |field: &'static str, list: &[Address]| {
        list.iter()
            .map(|it| Party {
                field,
                name: one_line(&it.name),
                email: one_line(&it.email),
            })
            .collect::<Vec<_>>()
    };
    let mut out = of("From", &message.from);
    // who answers elsewhere than he writes from is told; else the field says nothing new
    if message
        .reply_to
        .iter()
        .any(|it| !message.from.iter().any(|from| from.email == it.email))
    {
        out.extend(of("Reply-To", &message.reply_to));
    }
    out.extend(of("To", &message.to));
    out.extend(of("Cc", &message.cc));
    out
}

fn bodies(message: &Message, page: Option<&str>) -> Result<Vec<Body>, Withheld> {
    let plain = message
        .texts
        .iter()
        .find(|text| text.place == Place::Plain)
        .map(|text| text.text.clone());
    let page = page
        .map(Page::read)
        .transpose()?
        .filter(|page| !page.words().trim().is_empty());
    // a second form is left out only where the one that stays says all of it
    let plain = plain.filter(|plain| {
        !page
            .as_ref()
            .is_some_and(|page| says_all(page.words(), plain))
    });
    Ok(plain
        .map(Body::Plain)
        .into_iter()
        .chain(page.map(Body::Formatted))
        .collect())
}

/// Whether each word of the second text stands in the first.
fn says_all(first: &str, second: &str) -> bool {
    fn words(text: &str) -> impl Iterator<Item = String> + '_ {
        text.split(|letter: char| !letter.is_alphanumeric())
            .filter(|word| !word.is_empty())
            .map(str::to_lowercase)
    }
    let known: std::collections::HashSet<String> = words(first).collect();
    words(second).all(|word| known.contains(&word))
}

fn part(raw: &[u8], file: &Enclosed, fate: &File) -> Result<Option<writer::Part>, Withheld> {
    Ok(match fate {
        File::Dropped => None,
        File::Replaced {
            name,
            media_type,
            bytes,
        } => Some(writer::Part::file(name, media_type, bytes)),
        File::Kept { name } => {
            let (found, bytes) = taken_out(raw, file.number).ok_or(Withheld::Misfit)?;
            if found != *file {
                return Err(Withheld::Misfit);
            }
            let name = name.as_deref().or(file.name.as_deref()).unwrap_or("file");
            Some(writer::Part::file(name, &file.media_type, &bytes))
        }
    })
}

fn one_line(text: &str) -> String {
    text.split(|letter: char| letter.is_control())
        .collect::<Vec<_>>()
        .join(" ")
        .trim()
        .to_owned()
}

/// A whole page around what stands in a body.
pub(super) fn page_of(body: &str) -> String {
    format!(
        "<!DOCTYPE html>\n<html><head><meta charset=\"utf-8\"><title></title></head>\n<body>{body}</body></html>\n"
    )
}

#[cfg(test)]
mod tests;
