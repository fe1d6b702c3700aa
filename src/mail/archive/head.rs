//! Reads the head of a message: its fields, and the addresses in them as mail programs understand them.

use super::words;

/// More fields are no head.
const FIELDS: usize = 2_000;
/// More addresses in one field are not read; a search for one person needs no more.
const ADDRESSES: usize = 5_000;

/// The fields in which persons stand, the sender's first.
pub(super) const PERSONS: [&str; 10] = [
    "From",
    "Sender",
    "Reply-To",
    "To",
    "Cc",
    "Bcc",
    "Resent-From",
    "Resent-To",
    "Resent-Cc",
    "Return-Path",
];

/// A head in fields, as they came.
#[derive(Clone, Debug, Default)]
pub(super) struct Head(Vec<(String, String)>);

/// Somebody in a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Party {
    /// The name in front of the address, readable; often empty.
    pub name: String,
    /// The bare address.
    pub address: String,
}

impl Head {
    /// Reads up to the empty line.
    pub fn read(bytes: &[u8]) -> Head {
        let text = match std::str::from_utf8(bytes) {
            Ok(text) => text.to_owned(),
            // Raw letters of an old program.
            Err(_) => encoding_rs::WINDOWS_1252
                .decode_without_bom_handling(bytes)
                .0
                .into_owned(),
        };
        let mut fields: Vec<(String, String)> = Vec::new();
        for line in text.split('\n') {
            let line = line.strip_suffix('\r').unwrap_or(line);
            if line.is_empty() || fields.len() > FIELDS {
                break;
            }
            if line.starts_with([' ', '\t']) {
                if let Some((_, value)) = fields.last_mut() {
                    value.push_str(line);
                }
            } else if let Some((name, value)) = line.split_once(':') {
                fields.push((name.trim().to_owned(), value.to_owned()));
            }
        }
        Head(fields)
    }

    /// All values of a field, as they came.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        let fields = self.0.iter();
        fields
            .filter(move |(it, _)| it.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.trim())
    }

    /// The first value of a field, readable.
    pub fn readable(&self, name: &str) -> Option<String> {
        self.all(name)
            .next()
            .map(words::readable)
            .filter(|it| !it.is_empty())
    }

    /// Everybody in a field.
    pub fn parties(&self, name: &str) -> Vec<Party> {
        let mut found: Vec<Party> = self.all(name).flat_map(parties).collect();
        found.truncate(ADDRESSES);
        found
    }
}

/// The addresses of a field: with names, in groups, with comments, in quotes. A name that looks like an address is none.
pub(super) fn parties(value: &str) -> Vec<Party> {
    // A quote or a bracket that is never closed would swallow everybody behind it.
    read(value, true)
        .or_else(|| read(value, false))
        .unwrap_or_default()
}

fn read(value: &str, strict: bool) -> Option<Vec<Party>> {
    let mut found = Vec::new();
    let mut one = Draft::default();
    let (mut quoted, mut depth, mut angle) = (false, 0_usize, false);
    let mut letters = value.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' if quoted || depth > 0 => {
                one.take(letters.next().filter(|_| depth == 0), angle, true)
            }
            '"' if strict && depth == 0 => {
                quoted = !quoted;
                one.quotes = true;
            }
            _ if quoted => one.take(Some(letter), angle, true),
            '(' if strict => depth += 1,
            ')' if depth > 0 => depth -= 1,
            _ if depth > 0 => {}
            '<' => {
                angle = true;
                one.angle.get_or_insert_default().clear();
            }
            '>' => {
                angle = false;
                one.end(&mut found);
            }
            ',' | ';' if !angle => one.end(&mut found),
            // The name of a group.
            ':' if !angle => one = Draft::default(),
            _ => one.take(Some(letter), angle, false),
        }
        if found.len() > ADDRESSES {
            return Some(found);
        }
    }
    if strict && (quoted || depth > 0) {
        return None;
    }
    one.end(&mut found);
    Some(found)
}

#[derive(Default)]
struct Draft {
    phrase: String,
    angle: Option<String>,
    /// Whether an @ stands outside of quotes.
    at: bool,
    quotes: bool,
}

impl Draft {
    fn take(&mut self, letter: Option<char>, angle: bool, quoted: bool) {
        let Some(letter) = letter else {
            return;
        };
        self.at |= letter == '@' && !quoted;
        match (&mut self.angle, angle) {
            (Some(inside), true) => inside.push(letter),
            _ => self.phrase.push(letter),
        }
    }

    fn end(&mut self, found: &mut Vec<Party>) {
        let Draft {
            phrase,
            angle,
            at,
            quotes,
        } = std::mem::take(self);
        let party = |name: &str, address: &str| Party {
            name: words::readable(name),
            address: address.split_whitespace().collect(),
        };
        match angle {
            // An old way of sending names the stations before the address.
            Some(inside) => {
                let address = match inside.trim_start().starts_with('@') {
                    true => inside.rsplit(':').next().unwrap_or_default(),
                    false => &inside,
                };
                if address.contains('@') {
                    found.push(party(&phrase, address));
                }
            }
            None if !at => {}
            None => {
                // `erika @ person.example` is one address in pieces; in `Erika erika@person.example` it is the last word.
                let words = || {
                    phrase
                        .split_whitespace()
                        .filter(|it| it.len() > 2 && it.contains('@'))
                };
                let whole = words().all(|it| !it.starts_with('@') && !it.ends_with('@'))
                    && words().next().is_some();
                match quotes || !whole {
                    true => found.push(party("", &phrase)),
                    false => found.extend(words().map(|it| party("", it))),
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn addresses(value: &str) -> Vec<String> {
        parties(value).into_iter().map(|it| it.address).collect()
    }

    #[test]
    fn a_name_that_looks_like_an_address_is_none() {
        assert_eq!(
            addresses("\"erika@person.example\" <mallory@fremd.example>"),
            ["mallory@fremd.example"]
        );
        assert_eq!(
            addresses("erika@person.example <mallory@fremd.example>"),
            ["mallory@fremd.example"]
        );
        assert_eq!(
            addresses("mallory@fremd.example (erika@person.example)"),
            ["mallory@fremd.example"]
        );
        assert_eq!(
            addresses("=?utf-8?q?erika=40person.example?= <m@fremd.example>"),
            ["m@fremd.example"]
        );
        assert!(addresses("\"erika@person.example\"").is_empty());
    }

    #[test]
    fn addresses_are_read_however_they_are_written() {
        for value in [
            "erika@person.example",
            "<erika@person.example>",
            "Erika <erika@person.example>",
            "\"Muster, Erika\" <erika@person.example>",
            "Erika (home) <erika@person.example>",
            "<@old.example,@way.example:erika@person.example>",
            "friends: erika@person.example;",
            "\"erika\"@person.example",
            "erika @ person.example",
            "Erika Muster erika@person.example",
            "Erika\t\"broken <erika@person.example>",
            "Erika (broken <erika@person.example>",
        ] {
            assert_eq!(addresses(value), ["erika@person.example"], "{value}");
        }
        assert_eq!(
            addresses("a@x.example, B <b@x.example>; c@x.example"),
            ["a@x.example", "b@x.example", "c@x.example"]
        );
        assert_eq!(
            addresses("<a@x.example> <b@x.example>"),
            ["a@x.example", "b@x.example"]
        );
        assert_eq!(addresses("undisclosed-recipients:;"), Vec::<String>::new());
        assert_eq!(addresses("<>"), Vec::<String>::new());
    }

    #[test]
    fn a_head_is_unfolded_and_ends_at_the_empty_line() {
        let head = Head::read(b"To: a@x.example,\r\n\tb@x.example\r\nSubject: =?utf-8?B?TMO2c2NodW5n?=\r\n\r\nTo: c@x.example");
        assert_eq!(head.parties("to").len(), 2);
        assert_eq!(head.readable("subject").as_deref(), Some("L\u{f6}schung"));
    }

    proptest! {
        #[test]
        fn no_field_is_too_strange_to_be_read(value in "[ -~\"<>(),;:@\\\\]{0,80}") {
            for party in parties(&value) {
                prop_assert!(party.address.contains('@') && !party.address.contains(char::is_whitespace));
            }
        }
    }
}
