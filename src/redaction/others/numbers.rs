//! What is known by its form: mail addresses, accounts, telephone numbers, streets and towns.

use super::lists::{lists, mail};
use super::tokens::{Word, words};
use crate::domain::identifier::{e164, mail_address};
use crate::reading::fold::fold;
use crate::redaction::spans::Span;

/// What one text may hold of one kind.
const MOST: usize = 5_000;

/// Mail addresses.
pub fn addresses(text: &str) -> Vec<Span> {
    let local = |letter: char| letter.is_alphanumeric() || ".!#$%&'*+/=?^_`{|}~-".contains(letter);
    let mut out: Vec<Span> = Vec::new();
    for (at, _) in text.match_indices('@').take(MOST) {
        let before = text.get(..at).unwrap_or_default();
        let after = text.get(at + 1..).unwrap_or_default();
        let from = before
            .char_indices()
            .rev()
            .take(128)
            .take_while(|(_, letter)| local(*letter))
            .last()
            .map_or(at, |(from, _)| from);
        let length: usize = after
            .chars()
            .take(256)
            .take_while(|letter| letter.is_alphanumeric() || matches!(letter, '.' | '-'))
            .map(char::len_utf8)
            .sum();
        let domain = after
            .get(..length)
            .unwrap_or_default()
            .trim_end_matches(['.', '-']);
        let span = trimmed(text, Span::new(from, at + 1 + domain.len()));
        let sound = domain.contains('.') && span.of(text).and_then(mail_address).is_some();
        if sound && span.from < at && out.last().is_none_or(|last| last.to <= span.from) {
            out.push(span);
        }
    }
    out
}

/// Quotation marks and dashes before an address are none of it; `mailto:` never is.
fn trimmed(text: &str, span: Span) -> Span {
    let words = span.of(text).unwrap_or_default();
    let bare = words.trim_start_matches(['\'', '`', '*', '/', '=', '|', '{', '.', '-', '?', '&']);
    Span::new(span.to - bare.len(), span.to)
}

/// An address from which no person writes.
pub fn is_robot(address: &str) -> bool {
    let local = address.split('@').next().unwrap_or_default().to_lowercase();
    mail().robots.contains(&local) || local.contains("noreply") || local.contains("no-reply")
}

/// Accounts whose check digits are right.
pub fn accounts(text: &str) -> Vec<Span> {
    let bytes = text.as_bytes();
    let mut out: Vec<Span> = Vec::new();
    for at in 0..bytes.len() {
        let head = bytes.get(at..at + 4).unwrap_or_default();
        let [a, b, c, d] = head else { break };
        let begins = a.is_ascii_uppercase()
            && b.is_ascii_uppercase()
            && c.is_ascii_digit()
            && d.is_ascii_digit();
        let alone = at == 0
            || bytes
                .get(at - 1)
                .is_some_and(|byte| !byte.is_ascii_alphanumeric());
        if !begins || !alone || out.last().is_some_and(|last| at < last.to) {
            continue;
        }
        if let Some(length) = account(bytes.get(at..).unwrap_or_default()) {
            out.push(Span::new(at, at + length));
        }
        if out.len() >= MOST {
            break;
        }
    }
    out
}

/// The length of the account that begins here; the longest that adds up.
fn account(bytes: &[u8]) -> Option<usize> {
    let mut signs = Vec::new();
    let mut best = None;
    for (at, byte) in bytes.iter().enumerate().take(50) {
        match byte {
            byte if byte.is_ascii_uppercase() || byte.is_ascii_digit() => {
                signs.push(*byte);
                let ends = bytes
                    .get(at + 1)
                    .is_none_or(|next| !next.is_ascii_alphanumeric());
                if ends && (15..=34).contains(&signs.len()) && adds_up(&signs) {
                    best = Some(at + 1);
                }
            }
            b' ' | b'-' if !signs.is_empty() => {}
            _ => break,
        }
    }
    best
}

/// ISO 7064, modulo 97.
fn adds_up(signs: &[u8]) -> bool {
    let (head, rest) = signs.split_at(signs.len().min(4));
    let value = rest.iter().chain(head).fold(0_u64, |sum, sign| match sign {
        b'0'..=b'9' => (sum * 10 + u64::from(sign - b'0')) % 97,
        _ => (sum * 100 + u64::from(sign - b'A') + 10) % 97,
    });
    value == 1
}

/// Telephone numbers, as people write them.
pub fn telephones(text: &str) -> Vec<Span> {
    let mut out: Vec<Span> = Vec::new();
    let mut at = 0;
    while let Some(found) = text
        .get(at..)
        .and_then(|rest| rest.find(|c: char| c.is_ascii_digit() || c == '+' || c == '('))
    {
        let from = at + found;
        let run = run(text.get(from..).unwrap_or_default());
        at = from + run.len().max(1);
        let before = text.get(..from).unwrap_or_default();
        if is_telephone(
            before,
            run,
            text.get(from + run.len()..).unwrap_or_default(),
        ) && out.len() < MOST
        {
            // A bracket that begins a remark is none of the number.
            let opens = run.starts_with('(') && !run.contains(')');
            out.push(Span::new(from + usize::from(opens), from + run.len()));
        }
    }
    out
}

/// Figures and what stands between them in a number, without what trails behind the last figure.
fn run(text: &str) -> &str {
    let mut end = 0;
    let mut gap = 0;
    for (at, letter) in text.char_indices().take(60) {
        match letter {
            '0'..='9' => {
                gap = 0;
                end = at + 1;
            }
            '+' if at == 0 => {}
            ' ' | '\u{a0}' | '-' | '/' | '(' | ')' | '.' | '\u{2013}' if gap < 3 => gap += 1,
            _ => break,
        }
    }
    text.get(..end).unwrap_or_default()
}

fn is_telephone(before: &str, run: &str, after: &str) -> bool {
    let glued = |letter: Option<char>| {
        letter.is_some_and(|letter| {
            letter.is_alphanumeric() || matches!(letter, '_' | '#' | '=' | '@')
        })
    };
    let last = before.chars().next_back();
    if glued(last) || glued(after.chars().next()) || after.starts_with(['€', '%']) {
        return false;
    }
    let digits: String = run.chars().filter(char::is_ascii_digit).collect();
    let abroad = run.starts_with('+') || digits.starts_with("00");
    if e164(run).is_none() || !abroad && !digits.starts_with('0') || digits.len() < 7 {
        return false;
    }
    let word = last_word(before);
    if lists().labels.contains(&word) || run.starts_with('+') {
        return true;
    }
    if lists().numbers.contains(&word) || before.trim_end().ends_with('#') || is_date(run) {
        return false;
    }
    let parted = run
        .trim_start_matches('(')
        .chars()
        .any(|letter| matches!(letter, '/' | ' ' | '-' | ')' | '\u{a0}'));
    let mobile = ["015", "016", "017"]
        .iter()
        .any(|head| digits.starts_with(head))
        && (11..=13).contains(&digits.len());
    let second = digits.chars().nth(1);
    mobile || abroad && digits.len() >= 10 || parted && second != Some('0') && digits.len() >= 8
}

/// The word before, without the signs around it: `Tel.:` is `tel`.
fn last_word(before: &str) -> String {
    let bare = before.trim_end_matches(|letter: char| !letter.is_alphanumeric());
    let near = before.len() - bare.len() <= 4;
    let from = bare
        .char_indices()
        .rev()
        .take_while(|(_, letter)| letter.is_alphabetic())
        .last()
        .map(|(at, _)| at);
    from.filter(|_| near)
        .and_then(|at| bare.get(at..))
        .map(fold)
        .unwrap_or_default()
}

/// `01.02.2026 10` and its kin.
fn is_date(run: &str) -> bool {
    let mut parts = run
        .split(|letter: char| !letter.is_ascii_digit())
        .filter(|part| !part.is_empty());
    let value = |part: Option<&str>| {
        part.filter(|part| part.len() <= 4)
            .and_then(|part| part.parse::<u32>().ok())
    };
    let (day, month, year) = (
        value(parts.next()),
        value(parts.next()),
        value(parts.next()),
    );
    match (day, month, year) {
        (Some(day), Some(month), Some(year)) => {
            (1..=31).contains(&day)
                && (1..=12).contains(&month)
                && ((1900..2100).contains(&year) || run.contains('.') && year < 100)
        }
        _ => false,
    }
}

/// Streets with a number, towns with a post code.
pub fn streets(text: &str) -> Vec<Span> {
    let words = words(text);
    let mut out: Vec<Span> = Vec::new();
    for (at, word) in words.iter().enumerate() {
        if out.len() >= MOST
            || !word.is_capital()
            || out.last().is_some_and(|last| word.span.from < last.to)
        {
            continue;
        }
        out.extend(
            german(text, &words, at)
                .or_else(|| english(text, &words, at))
                .or_else(|| town(text, word)),
        );
    }
    out
}

/// `Musterstraße 12 b`, `Am Alten Markt 3`, `Lange Gasse 7`.
fn german(text: &str, words: &[Word<'_>], at: usize) -> Option<Span> {
    let word = words.get(at)?;
    let key = fold(word.text);
    let ending = lists()
        .streets
        .iter()
        .find(|ending| key.ends_with(ending.as_str()) || key.ends_with("str"))?;
    let alone = key == *ending;
    let end = house_number(text, word.span.to)?;
    let mut from = word.span.from;
    // the name of the street may stand before: Lange Gasse, Am Alten Markt
    let mut first = at;
    while first > 0 && at - first < 4 {
        let Some(before) = words.get(first - 1) else {
            break;
        };
        let near = text
            .get(before.span.to..from)
            .is_some_and(|gap| gap == " " || gap == "-");
        let known = lists().before_street.contains(&fold(before.text));
        let own = alone && first == at && !lists().plain.contains(&fold(before.text));
        if !(near && before.is_capital() && (known || own)) {
            break;
        }
        from = before.span.from;
        first -= 1;
    }
    if alone && first == at {
        return None;
    }
    Some(with_town(text, Span::new(from, end)))
}

/// A number right behind, with its letter.
fn house_number(text: &str, from: usize) -> Option<usize> {
    let rest = text.get(from..)?;
    let gap = rest.trim_start_matches(['.', ' ', '\u{a0}']);
    let skipped = rest.len() - gap.len();
    let digits = gap.bytes().take_while(u8::is_ascii_digit).count();
    if !(1..=3).contains(&skipped) || !(1..=4).contains(&digits) {
        return None;
    }
    let tail = gap.get(digits..)?;
    let letter = tail.trim_start_matches(' ');
    let mut ahead = letter.chars();
    let lettered = ahead.next().is_some_and(|c| c.is_ascii_lowercase())
        && !ahead.next().is_some_and(char::is_alphanumeric);
    let extra = if lettered {
        tail.len() - letter.len() + 1
    } else {
        0
    };
    Some(from + skipped + digits + extra)
}

/// With the town behind it: `, 12345 Musterstadt`.
fn with_town(text: &str, street: Span) -> Span {
    let rest = text.get(street.to..).unwrap_or_default();
    let gap = rest.trim_start_matches([',', ' ', '\n', '\r', '\t', ';']);
    let skipped = rest.len() - gap.len();
    let gap = gap.strip_prefix("D-").unwrap_or(gap);
    let digits = gap.bytes().take_while(u8::is_ascii_digit).count();
    if skipped > 4 || !matches!(digits, 4 | 5) {
        return street;
    }
    let begin = text.len() - gap.len();
    words(
        gap.get(..gap.len().min(120))
            .or_else(|| gap.get(..digits))
            .unwrap_or_default(),
    )
    .first()
    .filter(|word| word.is_capital() && word.span.from == digits + 1)
    .map_or(street, |word| Span::new(street.from, begin + word.span.to))
}

/// `12345 Musterstadt`; other numbers of five figures stand before small letters.
fn town(text: &str, word: &Word<'_>) -> Option<Span> {
    let before = text.get(..word.span.from)?.strip_suffix(' ')?;
    let digits = before.bytes().rev().take_while(u8::is_ascii_digit).count();
    let from = before.len().checked_sub(digits)?;
    let ahead = text.get(..from)?.chars().next_back();
    let alone = ahead.is_none_or(|c| c.is_whitespace() || matches!(c, ',' | '(' | '-'));
    let key = fold(word.text);
    let known = [
        "berlin",
        "hamburg",
        "munchen",
        "koln",
        "frankfurt",
        "stuttgart",
        "leipzig",
        "dresden",
    ]
    .contains(&key.as_str());
    (digits == 5
        && alone
        && (known || !lists().plain.contains(&key))
        && !lists().numbers.contains(&last_word(text.get(..from)?)))
    .then(|| Span::new(from, word.span.to))
}

/// `12 Mill Lane`, `221b Baker Street`.
fn english(text: &str, words: &[Word<'_>], at: usize) -> Option<Span> {
    let before = text.get(..words.get(at)?.span.from)?;
    let number = before.strip_suffix(' ')?;
    let digits = number.trim_end_matches(|c: char| c.is_ascii_lowercase());
    let figures = digits.bytes().rev().take_while(u8::is_ascii_digit).count();
    if !(1..=4).contains(&figures) || number.len() - digits.len() > 1 {
        return None;
    }
    let from = digits.len() - figures;
    if text
        .get(..from)?
        .chars()
        .next_back()
        .is_some_and(|c| c.is_alphanumeric() || matches!(c, '.' | ',' | '/'))
    {
        return None;
    }
    for next in at + 1..at + 4 {
        let (last, word) = (words.get(next - 1)?, words.get(next)?);
        if text.get(last.span.to..word.span.from)? != " " || !word.is_capital() {
            return None;
        }
        if lists().roads.contains(&fold(word.text)) {
            return Some(Span::new(from, word.span.to));
        }
    }
    None
}
