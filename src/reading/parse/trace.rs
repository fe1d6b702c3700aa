//! What the servers on the way wrote: `Received` lines, the addresses that they took the message for, and Message-IDs.

use super::{address, bounds, head::Head, wording};
use crate::reading::{date, message::Received};

/// All `Received` lines, topmost first.
pub fn received(head: &Head<'_>) -> Vec<Received> {
    head.all("received")
        .take(bounds::RECEIVED)
        .map(line)
        .collect()
}

/// `from A (…) by B (…) with ESMTP id X for <c@d>; date`, in any order and with anything missing.
fn line(raw: &[u8]) -> Received {
    let text = wording::header_text(raw);
    let (clauses, date) = text
        .rsplit_once(';')
        .map_or((text.as_str(), ""), |(clauses, date)| (clauses, date));
    let bare = without_comments(clauses);
    let mut found = Received::default();
    let mut words = bare.split_whitespace().peekable();
    while let Some(word) = words.next() {
        let Some(value) = words.peek() else { break };
        match word.to_ascii_lowercase().as_str() {
            "by" if found.by.is_empty() => found.by = host(value),
            "from" if found.from.is_empty() => found.from = host(value),
            "for" if found.envelope_to.is_none() => {
                let email = address::email(value);
                found.envelope_to = (!email.is_empty()).then_some(email);
            }
            _ => {}
        }
    }
    // qmail: `(qmail 123 invoked by uid 0); 1 Oct 2026 …`; others put the date behind a comma only
    found.at = date::header_date(date).or_else(|| date::header_date(&tail(&bare)));
    found
}

fn tail(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    words
        .get(words.len().saturating_sub(6)..)
        .unwrap_or_default()
        .join(" ")
}

fn host(word: &str) -> String {
    address::readable(
        &word
            .trim_matches(['[', ']', '(', ')', ',', ';', '.', '<', '>'])
            .to_lowercase(),
    )
}

fn without_comments(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut depth = 0_u32;
    for c in text.chars() {
        match c {
            '(' => depth = depth.saturating_add(1),
            ')' => {
                depth = depth.saturating_sub(1);
                out.push(' ');
            }
            c if depth == 0 => out.push(c),
            _ => {}
        }
    }
    out
}

/// The addresses that the house's servers delivered to, in the order of the headers.
pub fn delivered_to(head: &Head<'_>) -> Vec<String> {
    const NAMES: &[&str] = &[
        "delivered-to",
        "x-original-to",
        "envelope-to",
        "x-envelope-to",
        "x-delivered-to",
        "x-rcpt-to",
        "x-apparently-to",
        "apparently-to",
    ];
    let mut list: Vec<String> = Vec::new();
    for field in &head.fields {
        if NAMES
            .iter()
            .any(|name| field.name.eq_ignore_ascii_case(name.as_bytes()))
        {
            for found in address::addresses(field.value) {
                if !found.email.is_empty()
                    && !list.contains(&found.email)
                    && list.len() < bounds::ADDRESSES
                {
                    list.push(found.email);
                }
            }
        }
    }
    list
}

/// Message-IDs without their brackets; what has none is taken by words if it looks like one.
pub fn ids(head: &Head<'_>, name: &str) -> Vec<String> {
    let mut list: Vec<String> = Vec::new();
    for raw in head.all(name) {
        let text = wording::header_text(raw);
        let mut rest = text.as_str();
        let mut bracketed = false;
        while let Some((_, from)) = rest.split_once('<') {
            let (id, after) = from.split_once('>').unwrap_or((from, ""));
            bracketed |= push(&mut list, id);
            rest = after;
        }
        if !bracketed {
            for word in text.split_whitespace().filter(|word| word.contains('@')) {
                push(&mut list, word);
            }
        }
    }
    list
}

fn push(list: &mut Vec<String>, id: &str) -> bool {
    let id: String = id.chars().filter(|c| !c.is_whitespace()).collect();
    let fits = !id.is_empty() && id.len() < 1_000;
    if fits && list.len() < bounds::IDS && !list.contains(&id) {
        list.push(id);
    }
    fits
}
