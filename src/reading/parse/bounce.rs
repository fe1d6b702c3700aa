//! Bounces of servers that know no report part: what they say in words.

use std::sync::LazyLock;

use serde::Deserialize;

use super::{address, bounds, bounds::Budget, head::Head};
use crate::reading::message::{Message, Report};

/// Places at which a returned message is looked for.
const TRIES: usize = 10;

/// The words of `config/mail/bounces.toml`.
#[derive(Default, Deserialize)]
struct Words {
    subjects: Vec<String>,
    failed: Vec<String>,
    delayed: Vec<String>,
    below: Vec<String>,
}

static WORDS: LazyLock<Words> = LazyLock::new(|| {
    toml::from_str(include_str!("../../../config/mail/bounces.toml")).unwrap_or_default()
});

fn holds(text: &str, words: &[String]) -> bool {
    words.iter().any(|word| text.contains(word.as_str()))
}

/// Finds recipients, reason and the returned message in the words of an old-style bounce; leaves any other message as it is.
pub fn read(head: &Head<'_>, message: &mut Message, depth: usize, budget: &mut Budget) {
    if !message.reports.is_empty() || !is_bounce(head, message) {
        return;
    }
    let words = message
        .texts
        .first()
        .map(|text| text.text.clone())
        .unwrap_or_default();
    let (said, below) = returned_text(&words);
    if message.returned.is_none()
        && let Some(below) = below
        && depth < bounds::DEPTH
        && budget.take_part()
    {
        let head = Head::read(below.as_bytes());
        if head.is_mail() {
            message.returned = Some(Box::new(super::message(head, depth + 1, budget)));
        }
    }
    if message.returned.is_none() && !message.inner.is_empty() {
        message.returned = Some(Box::new(message.inner.remove(0)));
    }
    let low = said.to_lowercase();
    let action = if holds(&low, &WORDS.delayed) && !low.contains("permanent") {
        "delayed"
    } else {
        "failed"
    };
    let status = status(said).unwrap_or_default();
    let own: Vec<&str> = message
        .to
        .iter()
        .chain(&message.from)
        .map(|address| address.email.as_str())
        .collect();
    for recipient in recipients(head, said)
        .into_iter()
        .filter(|found| !own.contains(&found.as_str()))
    {
        message.reports.push(Report {
            action: action.to_owned(),
            status: status.clone(),
            recipient,
            about: None,
        });
    }
    if message.reports.is_empty() {
        let recipient = message
            .returned
            .as_ref()
            .and_then(|returned| returned.to.first())
            .map(|to| to.email.clone())
            .unwrap_or_default();
        message.reports.push(Report {
            action: action.to_owned(),
            status,
            recipient,
            about: None,
        });
    }
}

/// A robot sent it (empty return path, a postmaster, a field of its own), and it speaks of delivery.
fn is_bounce(head: &Head<'_>, message: &Message) -> bool {
    if head.has("x-failed-recipients") {
        return true;
    }
    let robot = message.from.iter().any(|from| {
        let local = from
            .email
            .split('@')
            .next()
            .unwrap_or_default()
            .to_ascii_lowercase();
        matches!(
            local.as_str(),
            "mailer-daemon"
                | "postmaster"
                | "mailerdaemon"
                | "mdaemon"
                | "maildaemon"
                | "mail-daemon"
                | "microsoftexchange329e71ec88ae4615bbc36ab6ce41109e"
        ) || local.starts_with("microsoftexchange")
    }) || message
        .from
        .iter()
        .any(|from| from.name.to_lowercase().contains("mail delivery"));
    let subject = message.subject.to_lowercase();
    let speaks = holds(&subject, &WORDS.subjects);
    let auto = message
        .machine
        .auto_submitted
        .as_deref()
        .is_some_and(|word| word != "no");
    // an empty return path alone is no proof: people whose address has umlauts lose theirs on the way
    speaks && robot
        || (speaks && (message.machine.null_return_path || auto)
            || robot && message.machine.null_return_path)
            && says_failure(message)
}

fn says_failure(message: &Message) -> bool {
    message.texts.first().is_some_and(|text| {
        let low = text
            .text
            .get(..text.text.len().min(4_000))
            .unwrap_or(&text.text)
            .to_lowercase();
        holds(&low, &WORDS.failed)
    })
}

/// What the server says, and what it sends back below.
fn returned_text(words: &str) -> (&str, Option<&str>) {
    let mut at = 0;
    let mut tries = 0;
    for line in words.split_inclusive('\n') {
        let low = line.to_lowercase();
        at += line.len();
        if tries < TRIES && holds(&low, &WORDS.below) {
            tries += 1;
            let rest = words.get(at..).unwrap_or_default();
            // some put blank lines or more words before the head
            let head = rest.trim_start();
            if Head::read(head.as_bytes()).is_mail() {
                return (words.get(..at).unwrap_or_default(), Some(head));
            }
        }
    }
    // no such line: a head of a message somewhere in the text
    for mark in ["\nReturn-Path: ", "\nReceived: ", "\nFrom: "] {
        if let Some(at) = words.find(mark)
            && let Some(rest) = words.get(at + 1..)
            && Head::read(rest.as_bytes()).has("from")
        {
            return (words.get(..at).unwrap_or_default(), Some(rest));
        }
    }
    (words, None)
}

fn recipients(head: &Head<'_>, said: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut add = |email: String| {
        if !email.is_empty() && !found.contains(&email) && found.len() < bounds::REPORTS {
            found.push(email);
        }
    };
    for raw in head.all("x-failed-recipients") {
        address::addresses(raw)
            .into_iter()
            .for_each(|failed| add(failed.email));
    }
    if found.is_empty() {
        let words = said.split(|c: char| {
            c.is_whitespace() || matches!(c, '<' | '>' | ',' | ';' | '"' | '(' | ')' | '[' | ']')
        });
        for word in words.filter(|word| word.contains('@')).take(40) {
            let email = address::email(word.trim_end_matches(['.', ':']));
            let local = email
                .split('@')
                .next()
                .unwrap_or_default()
                .to_ascii_lowercase();
            let full = email
                .rsplit('@')
                .next()
                .is_some_and(|domain| domain.contains('.'));
            if full
                && !matches!(
                    local.as_str(),
                    "postmaster" | "mailer-daemon" | "abuse" | "support"
                )
                && !found.contains(&email)
            {
                found.push(email);
            }
        }
    }
    found
}

/// `5.1.1` if it is said, else the class of `550`.
fn status(said: &str) -> Option<String> {
    let words = || {
        said.split(|c: char| {
            c.is_whitespace()
                || matches!(c, '#' | '(' | ')' | '<' | '>' | ',' | ';' | '[' | ']' | '-')
        })
    };
    let enhanced = |word: &&str| {
        let parts: Vec<&str> = word.trim_end_matches([':', '.']).split('.').collect();
        matches!(parts.as_slice(), [class, a, b] if matches!(*class, "4" | "5") && [a, b].iter().all(|part| !part.is_empty() && part.len() <= 3 && part.bytes().all(|byte| byte.is_ascii_digit())))
    };
    if let Some(word) = words().find(enhanced) {
        return Some(word.trim_end_matches([':', '.']).to_owned());
    }
    let code = words()
        .map(|word| word.trim_end_matches(':'))
        .find(|word| {
            word.len() == 3 && matches!(word.as_bytes(), [b'4' | b'5', b'0'..=b'7', b'0'..=b'9'])
        })?;
    Some(if code.starts_with('4') {
        "4.0.0".to_owned()
    } else {
        "5.0.0".to_owned()
    })
}
