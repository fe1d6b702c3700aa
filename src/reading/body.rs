//! What of a message is read: the text that a person sees, its signature, its attachments.

use super::judge::{Passage, Where};
use super::layers::layers;
use super::letter::Letter;
use super::message::{Message, Place};

/// More attachments are not read.
const MOST_TEXTS: usize = 24;
/// Of a longer text the beginning and the end are read.
const LONGEST: usize = 60_000;

/// The beginning and the end of a long text.
fn clipped(text: &str) -> String {
    if text.len() <= LONGEST {
        return text.to_owned();
    }
    let head: String = text.chars().take(LONGEST * 2 / 3).collect();
    let count = text.chars().count();
    let tail: String = text
        .chars()
        .skip(count.saturating_sub(LONGEST / 3).max(LONGEST * 2 / 3))
        .collect();
    format!("{head}\n\n{tail}")
}

/// The text that a person sees: plain text unless it only says that the other one should be read.
pub(super) fn body(message: &Message) -> String {
    let of = |place: &Place| {
        message
            .texts
            .iter()
            .find(|text| text.place == *place)
            .map(|text| text.text.as_str())
            .unwrap_or_default()
    };
    let (plain, html) = (of(&Place::Plain), of(&Place::Html));
    let letters = |text: &str| {
        text.chars()
            .filter(|c| c.is_alphabetic())
            .take(4000)
            .count()
    };
    let (in_plain, in_html) = (letters(plain), letters(html));
    let stub = in_plain < 120 && in_html > in_plain * 3;
    clipped(if in_plain == 0 || stub { html } else { plain })
}

/// Cuts at the line `-- ` that stands above a signature.
pub(super) fn cut_signature(text: String) -> (String, String) {
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let bare = line.trim_end_matches(['\n', '\r']);
        if bare == "--" || bare == "-- " || bare == "—" {
            let own = text.get(..at).unwrap_or_default();
            let rest = text.get(at + line.len()..).unwrap_or_default();
            // some write nothing above it
            if own.trim().is_empty() {
                return (rest.to_owned(), String::new());
            }
            return (own.to_owned(), rest.to_owned());
        }
        at += line.len();
    }
    (text, String::new())
}

/// Gathers what is to be judged: subject, body, what only HTML shows, attachments.
pub(super) fn passages(letter: &mut Letter, message: &Message) {
    // the subject of an answer or a forward is another's
    if !letter.is_reply
        && (!letter.is_forward || letter.carried.is_none())
        && !letter.subject.trim().is_empty()
    {
        letter.passages.push(Passage {
            place: Where::Subject,
            text: letter.subject.clone(),
        });
    }
    letter.passages.push(Passage {
        place: Where::Body,
        text: letter.text.clone(),
    });
    // what HTML shows and plain text does not is read too
    if message.troubles.contains(&"plain-and-html-differ") {
        for text in message
            .texts
            .iter()
            .filter(|text| text.place == Place::Html)
        {
            let own = layers(&clipped(&text.text))
                .into_iter()
                .next()
                .map(|layer| layer.text)
                .unwrap_or_default();
            letter.passages.push(Passage {
                place: Where::Body,
                text: own,
            });
        }
    }
    for text in message.texts.iter().take(MOST_TEXTS) {
        if let Place::Attachment(name) = &text.place {
            letter.passages.push(Passage {
                place: Where::Attachment(name.clone()),
                text: text.text.chars().take(20_000).collect(),
            });
        }
    }
}
