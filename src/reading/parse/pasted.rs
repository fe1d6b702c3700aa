//! The text of a mail without its real head, as people copy it out of their mail program.

use std::sync::LazyLock;

use serde::Deserialize;

use super::address;
use crate::reading::{
    date,
    message::{Message, Place},
};

/// The words of `config/mail/pasted.toml`.
#[derive(Default, Deserialize)]
struct Words {
    from: Vec<String>,
    to: Vec<String>,
    subject: Vec<String>,
    date: Vec<String>,
}

static WORDS: LazyLock<Words> = LazyLock::new(|| {
    toml::from_str(include_str!("../../../config/mail/pasted.toml")).unwrap_or_default()
});

/// A message of text only. If the text opens with a head in any of the languages, it is taken.
pub fn message(text: &str) -> Message {
    let mut message = Message::default();
    let mut rest = text;
    let mut known = 0;
    while let Some((line, after)) = rest
        .split_once('\n')
        .or_else(|| (!rest.is_empty()).then_some((rest, "")))
    {
        let Some((name, value)) = line.split_once(':') else {
            break;
        };
        let name = name.trim().trim_matches('*').to_lowercase();
        let value = value.trim().trim_start_matches('*').trim();
        let is = |names: &[String]| names.contains(&name);
        if is(&WORDS.from) && message.from.is_empty() {
            message.from = address::addresses(value.as_bytes());
        } else if is(&WORDS.to) && message.to.is_empty() {
            message.to = address::addresses(value.as_bytes());
        } else if is(&WORDS.subject) && message.subject.is_empty() {
            value.clone_into(&mut message.subject);
        } else if is(&WORDS.date) && message.date.is_none() {
            message.date = date::quoted_date(value);
        } else if !(known > 0 && name.chars().count() < 30 && !name.contains("  ")) {
            break;
        } else {
            // Cc, Anlagen, Priorität: part of the head as long as it goes on
            rest = after;
            continue;
        }
        known += 1;
        rest = after;
    }
    // one such line is somebody's prose
    if known < 2 {
        message = Message::default();
        rest = text;
    }
    message
        .texts
        .extend(super::text(Place::Plain, rest.trim().to_owned()));
    message
}
