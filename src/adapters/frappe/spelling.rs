//! How somebody is asked for so that the site finds at least her, and how what came back is compared: its own search
//! takes accents, blanks and `_` for something else than we do.

use crate::domain::identifier::{Identifier, SearchKey, mail_address, name_words};

/// Patterns of `like` of which at least one matches every spelling that is hers. No sign of escape is used, for
/// versions and databases differ on it: what would need one is any letter here.
pub fn patterns(wanted: &Identifier) -> Vec<String> {
    match wanted.kind {
        SearchKey::Email => {
            let mut spellings = vec![wanted.canonical()];
            if let Some((local, domain)) = wanted.canonical().rsplit_once('@')
                && let Ok(ascii) = idna::domain_to_ascii(domain)
            {
                spellings.push(format!("{local}@{ascii}"));
            }
            let mut patterns: Vec<_> = spellings.iter().map(|it| loose(it)).collect();
            patterns.dedup();
            patterns
        }
        SearchKey::Phone => {
            // Numbers are stored as they were typed: blanks and strokes may stand between any two digits.
            let number = wanted.canonical();
            let digits: Vec<char> = number.chars().filter(char::is_ascii_digit).collect();
            let last = digits.iter().skip(digits.len().saturating_sub(7));
            vec![last.fold("%".to_owned(), |so_far, digit| format!("{so_far}{digit}%"))]
        }
        _ => Vec::new(),
    }
}

/// For each word of a name a pattern, all of which hold: umlauts are written in two ways. Empty, if nothing is left to
/// ask for.
pub fn name_patterns(wanted: &Identifier) -> Vec<String> {
    let words = name_words(wanted.value.reveal());
    let folded = |word: &String| {
        ["ae", "oe", "ue", "ss"]
            .iter()
            .fold(word.clone(), |word, pair| word.replace(pair, "%"))
    };
    let words = words
        .iter()
        .map(folded)
        .filter(|word| word.chars().filter(char::is_ascii_alphanumeric).count() > 1);
    words.map(|word| format!("%{word}%")).collect()
}

/// A pattern of `like` that any text with this in it matches, as text or within JSON.
pub fn loose(text: &str) -> String {
    let inner: String = text
        .chars()
        .map(|letter| match letter {
            '%' | '_' => '_',
            '\\' | '"' => '%',
            letter if letter.is_ascii() && !letter.is_ascii_control() => letter,
            _ => '%',
        })
        .collect();
    format!("%{inner}%")
}

/// Whether a text matches a pattern, without case: not to find anybody, but to see whether the site has asked its
/// tables at all, or has answered with everybody.
pub fn fits(pattern: &str, text: &str) -> bool {
    let pattern: Vec<char> = pattern.to_lowercase().chars().collect();
    let text: Vec<char> = text.to_lowercase().chars().collect();
    let (mut at, mut here) = (0, 0);
    let mut back: Option<(usize, usize)> = None;
    while here < text.len() {
        match pattern.get(at) {
            Some('%') => {
                back = Some((at + 1, here));
                at += 1;
            }
            Some(letter) if *letter == '_' || Some(letter) == text.get(here) => {
                at += 1;
                here += 1;
            }
            _ => match back {
                Some((after, from)) => {
                    at = after;
                    here = from + 1;
                    back = Some((after, from + 1));
                }
                None => return false,
            },
        }
    }
    pattern.iter().skip(at).all(|letter| *letter == '%')
}

/// The addresses in a field such as `"Beispiel, Anna" <anna@example.org>, b@example.org`.
pub fn addresses(text: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut quoted = false;
    for letter in text.chars() {
        match letter {
            '"' => quoted = !quoted,
            ',' | ';' | '\n' if !quoted => parts.push(String::new()),
            letter => {
                if let Some(part) = parts.last_mut() {
                    part.push(letter);
                }
            }
        }
    }
    let bare = |part: &String| match part.rsplit_once('<') {
        Some((_, rest)) => mail_address(rest.split('>').next().unwrap_or_default()),
        None => mail_address(part),
    };
    parts.iter().filter_map(bare).collect()
}

/// Whether a field that may hold several addresses holds hers.
pub fn holds(wanted: &Identifier, text: &str) -> bool {
    match wanted.kind {
        SearchKey::Email => wanted.is(text) || addresses(text).iter().any(|it| wanted.is(it)),
        _ => wanted.is(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(kind: SearchKey, text: &str) -> Identifier {
        Identifier::new(kind, text).unwrap()
    }

    #[test]
    fn a_pattern_finds_every_spelling_that_is_hers() {
        let phone = of(SearchKey::Phone, "+49 170 5550123");
        let pattern = patterns(&phone).remove(0);
        for stored in [
            "+49 170 5550123",
            "0170/555 01 23",
            "(0170) 55-50-123",
            "+491705550123",
        ] {
            assert!(phone.is(stored) && fits(&pattern, stored), "{stored}");
        }
        let umlaut = of(SearchKey::Email, "jo\u{308}rg@müller.example");
        for stored in [
            "jörg@müller.example",
            " jo\u{308}rg@xn--mller-kva.example",
            "JÖRG@MÜLLER.example",
        ] {
            assert!(umlaut.is(stored), "{stored}");
            assert!(
                patterns(&umlaut).iter().any(|it| fits(it, stored)),
                "{stored}"
            );
        }
        let name = of(SearchKey::Name, "Jörg Mueller");
        for stored in ["Jörg Müller", "Joerg Mueller", "Mueller, Jörg"] {
            assert!(
                name_patterns(&name).iter().all(|it| fits(it, stored)),
                "{stored}"
            );
        }
    }

    #[test]
    fn wildcards_are_any_letter_and_what_says_nothing_is_not_asked() {
        assert_eq!(
            patterns(&of(SearchKey::Email, "%@example.org")),
            ["%_@example.org%"]
        );
        assert!(!fits("%anna@%", "bernd@example.org"));
        assert!(name_patterns(&of(SearchKey::Name, "Ü")).is_empty());
    }

    #[test]
    fn addresses_are_read_from_a_list() {
        let list = "\"Beispiel, Anna\" <Anna@Example.org>, b@example.org; c@example.org";
        assert_eq!(
            addresses(list),
            ["anna@example.org", "b@example.org", "c@example.org"]
        );
        assert!(!holds(
            &of(SearchKey::Email, "anna@example.org"),
            "johanna@example.org, x@example.org"
        ));
    }
}
