//! What mail programs set above a quoted or forwarded message: who wrote it, when, to whom, about what.

use super::date::quoted_date;
use super::fold::words;
use super::headwords::{HEADWORDS, Label};
use super::message::Address;
use chrono::{DateTime, FixedOffset};

/// What stands above a quoted or forwarded message.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Head {
    /// Who wrote it.
    pub from: Address,
    /// To whom, as written.
    pub to: String,
    /// When, Berlin's time if no zone is named.
    pub at: Option<DateTime<FixedOffset>>,
    /// About what.
    pub subject: String,
}

/// Words folded, single spaces between.
pub fn folded(text: &str) -> String {
    let words = words(text);
    let keys: Vec<&str> = words.keys().collect();
    keys.join(" ")
}

/// A seam above a forwarded (`Some(true)`) or an original message (`Some(false)`).
pub fn seam(line: &str) -> Option<bool> {
    if line.len() > 160 {
        return None;
    }
    let dashed = line.trim_start().starts_with(['-', '_', '=', '*', '#']);
    let colon = line.trim_end().ends_with(':');
    if !dashed && !colon {
        return None;
    }
    let text = folded(line);
    if HEADWORDS
        .forwarded
        .iter()
        .any(|term| text.contains(term.as_str()))
    {
        return Some(true);
    }
    (dashed
        && HEADWORDS
            .original
            .iter()
            .any(|term| text.contains(term.as_str())))
    .then_some(false)
}

/// Reads the head that begins at this line: at least a writer and one more label. Gives the head and how many lines it takes.
pub fn head_at(lines: &[&str]) -> Option<(Head, usize)> {
    let mut head = Head::default();
    let (mut from, mut others, mut taken) = (false, 0_u8, 0);
    let mut last: Option<Label> = None;
    let mut blank = false;
    for (index, line) in lines.iter().enumerate().take(14) {
        let text = line.trim().trim_matches('*').trim();
        if text.is_empty() {
            // Apple and some web clients leave blank lines inside the head
            if index == 0 || blank || !from && others == 0 {
                break;
            }
            blank = true;
            continue;
        }
        let Some((label, value)) = labelled(text) else {
            let continued = line.starts_with([' ', '\t'])
                || matches!(last, Some(Label::To | Label::Copy | Label::From))
                    && text.contains('@')
                    && !text.contains(". ");
            if blank || !continued || last.is_none() {
                break;
            }
            if last == Some(Label::From) && head.from.email.is_empty() {
                head.from = address(&format!("{} {text}", head.from.name));
            }
            taken = index + 1;
            continue;
        };
        if label == Label::From && from {
            break;
        }
        match label {
            Label::From => {
                from = true;
                head.from = address(value);
            }
            Label::To => head.to = value.to_owned(),
            Label::Sent => head.at = quoted_date(value).or(head.at),
            Label::Subject => head.subject = value.to_owned(),
            Label::Copy => {}
        }
        if label != Label::From {
            others += 1;
        }
        last = Some(label);
        taken = index + 1;
        blank = false;
    }
    (from && others > 0).then_some((head, taken))
}

/// `Von: …` with its label known.
fn labelled(text: &str) -> Option<(Label, &str)> {
    let colon = text.find([':', '：']).filter(|at| *at <= 24)?;
    let name = folded(text.get(..colon)?.trim_matches(['*', ' ', '\u{a0}', '_']));
    let label = *HEADWORDS.labels.get(&name)?;
    let after = text.get(colon..)?.chars().next()?.len_utf8();
    let value = text
        .get(colon + after..)?
        .trim()
        .trim_start_matches('*')
        .trim();
    Some((label, value))
}

/// "Am 3. März 2025 um 10:12 schrieb Max Muster <max@…>:", perhaps over two or three lines.
pub fn wrote_at(lines: &[&str]) -> Option<(Head, usize)> {
    let first = lines.first()?.trim();
    if first.is_empty() || first.len() > 200 {
        return None;
    }
    let mut joined = String::new();
    for (index, line) in lines.iter().enumerate().take(3) {
        let line = line.trim().trim_start_matches('>').trim();
        if line.is_empty() {
            break;
        }
        if !joined.is_empty() {
            joined.push(' ');
        }
        joined.push_str(line);
        if joined.len() > 330 {
            return None;
        }
        if line.ends_with(':') || line.ends_with(": >") {
            return wrote(&joined).map(|head| (head, index + 1));
        }
    }
    None
}

fn wrote(line: &str) -> Option<Head> {
    let text = folded(line);
    let dated = line.chars().any(|c| c.is_ascii_digit());
    let addressed = line.contains('@');
    let verb = HEADWORDS
        .verbs
        .iter()
        .find(|verb| contains_words(&text, verb))?;
    let begins = HEADWORDS
        .begins
        .iter()
        .any(|begin| text.starts_with(&format!("{begin} ")));
    if !(begins && dated || addressed && text.ends_with(verb.as_str())) {
        return None;
    }
    let from = attributed(line);
    let date_end = line.find(['<', '@']).unwrap_or(line.len());
    let at = line.get(..date_end).and_then(quoted_date);
    Some(Head {
        from,
        at,
        ..Head::default()
    })
}

/// The writer in a line of attribution: before or behind the verb.
fn attributed(line: &str) -> Address {
    let line = line.trim_end_matches([':', ' ']);
    let behind = ["schrieb ", "écrit ", "scritto ", "escribió ", "escreveu "]
        .iter()
        .find_map(|verb| line.find(verb).and_then(|at| line.get(at + verb.len()..)))
        .filter(|rest| !rest.trim().is_empty());
    if let Some(rest) = behind {
        return address(rest.trim_start_matches("am ").trim());
    }
    let email = email_in(line).unwrap_or_default();
    // before the address, behind the last comma, hour or number of the date
    let head = line
        .find('<')
        .or_else(|| line.find('@'))
        .and_then(|at| line.get(..at))
        .unwrap_or_else(|| line.rsplit_once(' ').map_or(line, |(head, _)| head));
    let name: Vec<&str> = head
        .split_whitespace()
        .rev()
        .take_while(|word| {
            !word.chars().any(|c| c.is_ascii_digit())
                && !word.ends_with(',')
                && !matches!(*word, "um" | "at" | "Uhr" | "AM" | "PM" | "o")
        })
        .collect();
    let name: Vec<&str> = name.into_iter().rev().collect();
    Address {
        name: name.join(" ").trim_matches(['"', '\'', ' ']).to_owned(),
        email,
    }
}

fn contains_words(text: &str, words: &str) -> bool {
    text.match_indices(words).any(|(at, _)| {
        let before = at == 0 || text.as_bytes().get(at - 1) == Some(&b' ');
        let after = text
            .as_bytes()
            .get(at + words.len())
            .is_none_or(|b| *b == b' ');
        before && after
    })
}

/// The first thing that looks like an e-mail address, in lower-case domain.
pub fn email_in(text: &str) -> Option<String> {
    let good = |c: char| {
        c.is_alphanumeric()
            || matches!(
                c,
                '.' | '_' | '-' | '+' | '%' | '\'' | '/' | '=' | '&' | '#'
            )
    };
    for (at, _) in text.match_indices('@') {
        let head = text.get(..at)?;
        let tail = text.get(at + 1..)?;
        let from = head
            .char_indices()
            .rev()
            .take_while(|(_, c)| good(*c))
            .last()
            .map(|(at, _)| at);
        let domain: String = tail
            .chars()
            .take_while(|c| c.is_alphanumeric() || matches!(c, '.' | '-'))
            .collect();
        let domain = domain.trim_end_matches(['.', '-']);
        if let Some(from) = from
            && domain.contains('.')
        {
            let local = head.get(from..)?.trim_start_matches(['\'', '.', '=']);
            let local = local.strip_prefix("mailto:").unwrap_or(local);
            if !local.is_empty() {
                return Some(format!("{local}@{}", domain.to_lowercase()));
            }
        }
    }
    None
}

/// `Max Muster <max@…>`, `Muster, Max [mailto:max@…]`, `max@…`, `Max Muster`.
pub fn address(text: &str) -> Address {
    let email = email_in(text).unwrap_or_default();
    let cut = text.find(['<', '[', '(']).unwrap_or(text.len());
    let mut name = text.get(..cut).unwrap_or_default().trim();
    if name.contains('@') {
        name = name
            .split_whitespace()
            .next()
            .filter(|_| false)
            .unwrap_or_default();
    }
    let name = name.trim_matches(['"', '\'', '*', ' ', ',', ';', '“', '”', '„']);
    Address {
        name: name.to_owned(),
        email,
    }
}

#[cfg(test)]
mod tests;
