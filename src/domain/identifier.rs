//! By what a person is found in a system, and when two spellings of it are the same: compared here and nowhere else,
//! whatever a system's own search believes.

use std::net::IpAddr;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

use super::private::Private;

/// What a system can be searched by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SearchKey {
    /// E-mail address.
    Email,
    /// Name.
    Name,
    /// Postal address.
    Address,
    /// Telephone number.
    Phone,
    /// Customer, contract, ticket or licence number.
    Number,
    /// IP address with a time.
    Ip,
    /// A handle or account name.
    Handle,
    /// What a system made of one of them and holds in its place, such as the hash of a number. It is made anew by a
    /// recipe; nobody names one, and none is taken from a record.
    Derived,
}

impl SearchKey {
    /// Every key that a person can name, in the order of a choice list.
    pub const NAMED: [SearchKey; 7] = [
        SearchKey::Email,
        SearchKey::Name,
        SearchKey::Address,
        SearchKey::Phone,
        SearchKey::Number,
        SearchKey::Ip,
        SearchKey::Handle,
    ];

    /// Every key by which a system can be asked.
    pub const ALL: [SearchKey; 8] = [
        SearchKey::Email,
        SearchKey::Name,
        SearchKey::Address,
        SearchKey::Phone,
        SearchKey::Number,
        SearchKey::Ip,
        SearchKey::Handle,
        SearchKey::Derived,
    ];

    /// Its name in files and forms.
    pub fn code(self) -> &'static str {
        match self {
            SearchKey::Email => "email",
            SearchKey::Name => "name",
            SearchKey::Address => "address",
            SearchKey::Phone => "phone",
            SearchKey::Number => "number",
            SearchKey::Ip => "ip",
            SearchKey::Handle => "handle",
            SearchKey::Derived => "derived",
        }
    }

    /// The key of that name.
    pub fn from_code(code: &str) -> Option<SearchKey> {
        SearchKey::ALL.into_iter().find(|key| key.code() == code)
    }
}

/// From when to when an identifier was hers: an IP address says nothing without it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Window {
    /// The first moment.
    pub from: DateTime<Utc>,
    /// The last moment.
    pub to: DateTime<Utc>,
}

impl Window {
    /// Whether the moment lies in it.
    #[must_use]
    pub fn holds(&self, moment: DateTime<Utc>) -> bool {
        self.from <= moment && moment <= self.to
    }
}

/// Something by which the person is found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identifier {
    /// What it is.
    pub kind: SearchKey,
    /// As it was given, trimmed.
    pub value: Private<String>,
    /// When it was hers, where that matters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub window: Option<Window>,
}

impl Identifier {
    /// An identifier, if the text can be one of that kind. An empty one is none: an empty filter means everything
    /// to many a system. A derived value is made by its recipe and named by nobody.
    #[must_use]
    pub fn new(kind: SearchKey, text: &str) -> Option<Identifier> {
        let text = text.trim();
        canonical(kind, text).filter(|_| kind != SearchKey::Derived)?;
        Some(Identifier {
            kind,
            value: text.into(),
            window: None,
        })
    }

    /// What a recipe made of an identifier, which was hers in the same time.
    #[must_use]
    pub fn derived(value: String, window: Option<Window>) -> Identifier {
        Identifier {
            kind: SearchKey::Derived,
            value: value.into(),
            window,
        }
    }

    /// The same with the time in which it was hers.
    #[must_use]
    pub fn within(mut self, window: Window) -> Identifier {
        self.window = Some(window);
        self
    }

    /// The one spelling that is compared: addresses in small letters with a Unicode domain, numbers of telephones in
    /// E.164. Never empty.
    #[must_use]
    pub fn canonical(&self) -> String {
        canonical(self.kind, self.value.reveal()).unwrap_or_else(|| self.value.reveal().clone())
    }

    /// Whether a text that a system holds is this identifier, whole and not in part. A name is hers when all its words
    /// are there in any order and no other; that two people share one is for a person to see.
    #[must_use]
    pub fn is(&self, text: &str) -> bool {
        match self.kind {
            SearchKey::Name => {
                let (mut mine, mut theirs) = (name_words(self.value.reveal()), name_words(text));
                mine.sort_unstable();
                theirs.sort_unstable();
                !mine.is_empty() && mine == theirs
            }
            _ => canonical(self.kind, text)
                .is_some_and(|theirs| canonical(self.kind, self.value.reveal()) == Some(theirs)),
        }
    }

    /// Whether a longer text mentions it as a whole word, for hits in free text: a candidate for a person to look at,
    /// never a proof.
    #[must_use]
    pub fn mentioned_in(&self, text: &str) -> bool {
        let (hay, needle) = (folded(text), folded(self.value.reveal()));
        if needle.is_empty() {
            return false;
        }
        let inner = |letter: char| {
            letter.is_alphanumeric()
                || (self.kind == SearchKey::Email
                    && matches!(letter, '.' | '_' | '-' | '+' | '%' | '@'))
        };
        hay.match_indices(&needle).any(|(at, found)| {
            let before = hay.get(..at).and_then(|it| it.chars().next_back());
            let after = hay.get(at + found.len()..).unwrap_or_default();
            // The full stop at the end of a sentence is no part of the address before it.
            let mut ahead = after.chars();
            let follows = match ahead.next() {
                Some('.') => ahead.next().is_some_and(char::is_alphanumeric),
                Some(letter) => inner(letter),
                None => false,
            };
            !before.is_some_and(inner) && !follows
        })
    }
}

/// One spelling for texts that are compared letter by letter: composed, in small letters.
fn folded(text: &str) -> String {
    text.nfkc().flat_map(char::to_lowercase).nfc().collect()
}

fn canonical(kind: SearchKey, text: &str) -> Option<String> {
    let text = text.trim();
    match kind {
        SearchKey::Email => mail_address(text),
        SearchKey::Phone => e164(text),
        SearchKey::Ip => ip_address(text).map(|address| address.to_string()),
        SearchKey::Number => Some(folded(text).split_whitespace().collect::<String>())
            .filter(|number| number.chars().any(char::is_alphanumeric)),
        SearchKey::Name => Some(name_words(text).join(" ")).filter(|name| !name.is_empty()),
        SearchKey::Address | SearchKey::Handle => Some(
            folded(text)
                .split_whitespace()
                .collect::<Vec<_>>()
                .join(" "),
        )
        .filter(|it| it.chars().any(char::is_alphanumeric)),
        // Digits of base 16 are the same in any case; those of base 64 are not.
        SearchKey::Derived => Some(match text.bytes().all(|it| it.is_ascii_hexdigit()) {
            true => text.to_ascii_lowercase(),
            false => text.to_owned(),
        })
        .filter(|it| !it.is_empty()),
    }
}

/// A bare mail address in small letters, its domain in Unicode; none, if it is none. What stands after a plus is a part
/// of it: `erika+shop@` is another mailbox until somebody says that it is not.
#[must_use]
pub fn mail_address(text: &str) -> Option<String> {
    let text = folded(text.trim());
    if text
        .chars()
        .any(|letter| letter.is_whitespace() || letter.is_control())
    {
        return None;
    }
    let (local, domain) = text.rsplit_once('@')?;
    let domain = domain.trim_end_matches('.');
    if local.is_empty() || domain.is_empty() || domain.contains(['<', '>', ',', ';', '"']) {
        return None;
    }
    let (domain, sound) = idna::domain_to_unicode(domain);
    sound.ok()?;
    Some(format!("{local}@{domain}"))
}

/// A telephone number in E.164, such as `+49301234567`; a number without a country is one of Germany. None for what is
/// too short to be anybody's: an extension, an emergency number.
#[must_use]
pub fn e164(text: &str) -> Option<String> {
    let text = text.trim();
    let text = text.strip_prefix("tel:").unwrap_or(text).replace("(0)", "");
    let known = |letter: char| {
        letter.is_ascii_digit()
            || letter.is_whitespace()
            || matches!(
                letter,
                '+' | '-' | '/' | '(' | ')' | '.' | '\u{2013}' | '\u{a0}'
            )
    };
    if !text.chars().all(known) {
        return None;
    }
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let number = if text.trim_start().starts_with('+') {
        digits
    } else if let Some(abroad) = digits.strip_prefix("00") {
        abroad.to_owned()
    } else {
        format!("49{}", digits.strip_prefix('0')?)
    };
    // E.164 has at most fifteen digits; the shortest subscriber numbers with their country have seven.
    (7..=15)
        .contains(&number.len())
        .then(|| format!("+{number}"))
}

/// An IP address; an IPv4 one written as IPv6 is the IPv4 one.
#[must_use]
pub fn ip_address(text: &str) -> Option<IpAddr> {
    let text = text.trim().trim_start_matches('[').trim_end_matches(']');
    text.parse::<IpAddr>()
        .ok()
        .map(|address| address.to_canonical())
}

/// The words of a name in small letters, umlauts and accents folded as Germans write them without: `Müller` is
/// `Mueller`. Titles are no names.
#[must_use]
pub fn name_words(text: &str) -> Vec<String> {
    const TITLES: [&str; 8] = ["dr", "prof", "herr", "frau", "mr", "mrs", "ms", "dipl"];
    let spelled: String = text
        .nfc()
        .flat_map(char::to_lowercase)
        .map(|letter| match letter {
            'ä' => "ae".to_owned(),
            'ö' => "oe".to_owned(),
            'ü' => "ue".to_owned(),
            'ß' => "ss".to_owned(),
            other => other
                .to_string()
                .nfd()
                .filter(|part| !unicode_normalization::char::is_combining_mark(*part))
                .collect(),
        })
        .collect();
    spelled
        .split(|letter: char| !letter.is_alphanumeric())
        .filter(|word| !word.is_empty() && !TITLES.contains(word))
        .map(str::to_owned)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(kind: SearchKey, text: &str) -> Identifier {
        Identifier::new(kind, text).unwrap()
    }

    #[test]
    fn an_address_is_the_same_in_any_case_and_unicode_form_and_never_in_part() {
        let anna = of(SearchKey::Email, " Anna.Beispiel@Example.ORG ");
        assert!(anna.is("anna.beispiel@example.org"));
        assert!(anna.is("ANNA.BEISPIEL@example.org."));
        for other in [
            "johanna.beispiel@example.org",
            "anna.beispiel@example.org.evil.example",
            "anna.beispiel+shop@example.org",
            "anna_beispiel@example.org",
            "anna.beispiel@example.com",
            "%",
            "",
        ] {
            assert!(!anna.is(other), "{other}");
        }
        let umlaut = of(SearchKey::Email, "jo\u{308}rg@mu\u{308}ller.example");
        assert!(umlaut.is("jörg@müller.example"));
        assert!(umlaut.is("jörg@xn--mller-kva.example"));
    }

    #[test]
    fn an_empty_identifier_is_none() {
        for (kind, text) in [
            (SearchKey::Email, ""),
            (SearchKey::Email, "  "),
            (SearchKey::Email, "@"),
            (SearchKey::Email, "erika"),
            (SearchKey::Name, " . "),
            (SearchKey::Name, "Dr."),
            (SearchKey::Number, "--"),
            (SearchKey::Phone, "110"),
            (SearchKey::Phone, "anonymous"),
            (SearchKey::Ip, "300.1.1.1"),
            (SearchKey::Handle, "@"),
        ] {
            assert_eq!(Identifier::new(kind, text), None, "{text}");
        }
    }

    #[test]
    fn a_telephone_number_is_the_same_however_it_is_written() {
        for text in [
            "+49 170 5550123",
            "0170/5550123",
            "0049 (170) 555-0123",
            "+49 (0)170 5550123",
            "tel:+491705550123",
        ] {
            assert_eq!(e164(text).as_deref(), Some("+491705550123"), "{text}");
        }
        assert_eq!(e164("+41 44 668 18 00").as_deref(), Some("+41446681800"));
        // Without an area code it is nobody's number.
        assert_eq!(e164("5550123"), None);
    }

    #[test]
    fn a_name_is_the_same_in_any_order_and_spelling() {
        let name = of(SearchKey::Name, "Dr. Jörg Müller");
        assert!(name.is("Mueller, Joerg"));
        assert!(name.is("JÖRG MÜLLER"));
        assert!(!name.is("Jörg Müllermann"));
        assert!(!name.is("Jörg Peter Müller"));
    }

    #[test]
    fn an_ip_address_is_the_same_in_both_forms() {
        assert!(of(SearchKey::Ip, "192.0.2.7").is("::ffff:192.0.2.7"));
        assert!(of(SearchKey::Ip, "2001:db8::1").is("2001:0DB8:0:0:0:0:0:1"));
        assert!(!of(SearchKey::Ip, "192.0.2.7").is("192.0.2.70"));
    }

    #[test]
    fn a_derived_value_is_named_by_nobody_and_compared_as_a_whole() {
        assert_eq!(Identifier::new(SearchKey::Derived, "9f86d081"), None);
        let hash = Identifier::derived("9f86d081".to_owned(), None);
        assert!(hash.is(" 9F86D081 "));
        assert!(!hash.is("9f86d0811") && !hash.is("9f86d08") && !hash.is(""));
        let other = Identifier::derived("n4bQgYhM".to_owned(), None);
        assert!(other.is("n4bQgYhM") && !other.is("N4BQGYHM"));
    }

    #[test]
    fn a_mention_is_a_whole_one() {
        let anna = of(SearchKey::Email, "anna@example.org");
        assert!(anna.mentioned_in("Bitte an Anna@example.org."));
        assert!(anna.mentioned_in("<anna@example.org>"));
        assert!(!anna.mentioned_in("johanna@example.org"));
        assert!(!anna.mentioned_in("anna@example.org.evil.example"));
        let number = of(SearchKey::Number, "K-4711");
        assert!(number.mentioned_in("Kunde K-4711, seit 2020"));
        assert!(!number.mentioned_in("K-47110"));
    }
}
