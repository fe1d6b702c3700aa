//! The sign or number that the writer gives: a file number, a portal's id, else what the person is to us.

use super::people::{Signs, people};
use super::prose::Prose;

/// The longest sign.
const LONGEST: usize = 40;

/// The writer's own sign if there is one, else the number that we gave the person.
pub fn reference(texts: &[&str]) -> Option<String> {
    let proses: Vec<Prose> = texts.iter().map(|text| Prose::of(text)).collect();
    let find = |signs: &Signs, own: bool| proses.iter().find_map(|prose| sign(prose, signs, own));
    find(&people().own_signs, true).or_else(|| find(&people().given_signs, false))
}

fn sign(prose: &Prose, signs: &Signs, own: bool) -> Option<String> {
    let people = people();
    for index in 0..prose.words.len() {
        for label in signs.get(prose.words.key(index)).into_iter().flatten() {
            let fits = label
                .iter()
                .enumerate()
                .all(|(at, word)| prose.words.key(index + at) == word);
            if !fits {
                continue;
            }
            // "Ihr Zeichen" is ours
            if own && index > 0 && people.ours.contains(prose.words.key(index - 1)) {
                break;
            }
            let mut at = index + label.len();
            for _ in 0..3 {
                if people.fillers.contains(prose.words.key(at)) && !has_digit(prose, at) {
                    at += 1;
                }
            }
            if let Some(value) = value(prose, at) {
                return Some(value);
            }
            break;
        }
    }
    None
}

fn has_digit(prose: &Prose, index: usize) -> bool {
    prose.words.key(index).bytes().any(|b| b.is_ascii_digit())
}

/// The sign that begins at this word: digits, letters and `/.-_`, more than one group where they look alike ("12 XVII 88/24").
fn value(prose: &Prose, index: usize) -> Option<String> {
    if index >= prose.words.len() {
        return None;
    }
    let before = prose.words.at(index.checked_sub(1)?).end;
    let start = prose.words.at(index).start;
    let gap = prose.text.get(before..start)?;
    if gap.contains('\n') && !gap.trim().is_empty() && !gap.trim().starts_with([':', '#'])
        || gap.contains(['?', '!', ';'])
        || gap.matches('\n').count() > 1
    {
        return None;
    }
    let line = prose.text.get(start..)?.lines().next()?;
    let mut out = String::new();
    for group in line.split_whitespace() {
        let group_end = group.trim_end_matches([
            ',', ';', '.', ')', '!', '?', ':', '"', '“', '”', '*', ']', '>',
        ]);
        let closed = group_end.len() < group.len();
        let good = group_end
            .chars()
            .all(|c| c.is_alphanumeric() || matches!(c, '/' | '.' | '-' | '_' | '#' | ':' | '–'));
        let digits = group_end.chars().any(|c| c.is_ascii_digit());
        let capitals = group_end.len() <= 6
            && group_end
                .chars()
                .all(|c| c.is_uppercase() || matches!(c, '/' | '-'));
        if !good
            || !(digits || capitals)
            || out.len() + group_end.len() > LONGEST
            || is_date(group_end) && out.is_empty()
        {
            break;
        }
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(group_end);
        if closed {
            break;
        }
    }
    let out = out.trim_matches(['#', ':', '-', '.', ' ']).to_owned();
    (out.chars().filter(char::is_ascii_digit).count() >= 2).then_some(out)
}

fn is_date(text: &str) -> bool {
    let parts: Vec<u32> = text
        .split('.')
        .filter(|part| !part.is_empty())
        .map_while(|part| part.parse().ok())
        .collect();
    let dotted =
        text.matches('.').count() > 0 && text.chars().all(|c| c.is_ascii_digit() || c == '.');
    dotted
        && matches!(parts.as_slice(), [day, month, ..] if (1..=31).contains(day) && (1..=12).contains(month))
}

/// A lawyer's file number without a label: `412/25` at the head of the subject.
pub fn file_number(subject: &str) -> Option<String> {
    subject.split([' ', ',', ';', '(', ')']).find_map(|word| {
        let (one, other) = word.split_once('/')?;
        let digits =
            |part: &str| (2..=6).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
        (digits(one) && digits(other)).then(|| word.to_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::reference;

    #[test]
    fn signs_are_found() {
        for (text, expected) in [
            (
                "Meier ./. Firma - unser Az.: 25/00087-R",
                Some("25/00087-R"),
            ),
            ("meine Kundennummer lautet 2048813.", Some("2048813")),
            ("Ref: MD-8f31c2", Some("MD-8f31c2")),
            (
                "Beschluss, Az. 12 XVII 88/24, siehe Anlage",
                Some("12 XVII 88/24"),
            ),
            ("Ihr Zeichen: DS-2025-1", None),
            ("Kundennummer: 77 und unser Zeichen: AB-12", Some("AB-12")),
            ("Bestellung vom 12.03.2025", None),
        ] {
            assert_eq!(reference(&[text]).as_deref(), expected, "{text}");
        }
    }
}
