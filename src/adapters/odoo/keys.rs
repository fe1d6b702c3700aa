//! How Odoo is asked for an identifier, and whether what it answers is hers: asked loosely in every spelling, compared
//! exactly by ourselves.

use super::domain::{Domain, literal};
use super::models::Model;
use super::row::Row;
use super::site::Fields;
use crate::domain::identifier::{Identifier, SearchKey, e164, mail_address};

/// What a row is, seen with one identifier.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Hit {
    /// This field is the identifier.
    Exact(String),
    /// This field names it among others.
    Candidate(String),
    /// It fits what was asked, and is somebody else's.
    Near,
    /// It does not even fit what was asked.
    Foreign,
}

/// Computed fields, compared and indexed as they are.
const NORMALISED: &str = "email_normalized";
const SANITISED: &str = "phone_sanitized";
/// A field only to search by: blanks do not matter to it, the spelling with or without a country does.
const PHONE_SEARCH: &str = "phone_mobile_search";
/// Who stands here is one of several, and not whom the record is about.
const OF_OTHERS: [&str; 1] = ["email_cc"];
/// A shorter number is nobody's; a longer one is compared by its end, for its beginning is written in many ways.
const DIGITS: usize = 8;

/// The fields of a model that hold such an identifier, as far as the site has them.
fn fields_of<'a>(model: &'a Model, fields: &'a Fields, kind: SearchKey) -> Vec<&'a String> {
    let list = match kind {
        SearchKey::Email => &model.email,
        SearchKey::Phone => &model.phone,
        SearchKey::Number => &model.number,
        SearchKey::Handle => &model.handle,
        SearchKey::Name => &model.person,
        SearchKey::Address | SearchKey::Ip | SearchKey::Derived => return Vec::new(),
    };
    fields.among(list).collect()
}

/// What to ask a model for an identifier; none, if it cannot be asked for it.
pub fn question(model: &Model, fields: &Fields, wanted: &Identifier) -> Option<Domain> {
    let mut parts = Vec::new();
    for field in fields_of(model, fields, wanted.kind) {
        match wanted.kind {
            SearchKey::Email => {
                for spelling in addresses(wanted) {
                    // `=` on the raw text would miss other cases, and the computed field misses what Odoo cannot
                    // parse: both are asked.
                    parts.push(match field == NORMALISED {
                        true => Domain::on(field, "=", spelling),
                        false => Domain::on(field, "ilike", literal(&spelling)),
                    });
                }
            }
            SearchKey::Phone => {
                let number = e164(wanted.value.reveal())?;
                parts.push(match field == SANITISED {
                    true => Domain::on(field, "=", number),
                    false => Domain::on(field, "ilike", ending(&number).join("%")),
                });
            }
            SearchKey::Name => parts.push(name_in(field, wanted.value.reveal())?),
            _ => parts.push(Domain::on(field, "=ilike", literal(wanted.value.reveal()))),
        }
    }
    if wanted.kind == SearchKey::Phone && !model.phone.is_empty() && fields.has(PHONE_SEARCH) {
        let spellings = numbers(wanted.value.reveal());
        parts.extend(
            spellings
                .into_iter()
                .map(|number| Domain::on(PHONE_SEARCH, "=", number)),
        );
    }
    Domain::any(parts)
}

/// What a row of such a question is.
pub fn judge(model: &Model, fields: &Fields, wanted: &Identifier, row: &Row) -> Hit {
    let mut best = Hit::Foreign;
    for field in fields_of(model, fields, wanted.kind) {
        let Some(text) = row.text(field) else {
            continue;
        };
        let hit = match wanted.kind {
            SearchKey::Email => judge_address(wanted, field, text),
            SearchKey::Phone => judge_number(wanted, field, text),
            // That two people share a name is for a person to see.
            SearchKey::Name if wanted.is(text) => Hit::Candidate(field.clone()),
            // How names are folded over there is not known here.
            SearchKey::Name => Hit::Near,
            _ if wanted.is(text) => Hit::Exact(field.clone()),
            _ => Hit::Foreign,
        };
        best = match (&best, &hit) {
            (Hit::Exact(_), _) => best,
            (_, Hit::Exact(_)) => return hit,
            (Hit::Candidate(_), _) => best,
            (_, Hit::Candidate(_)) => hit,
            (Hit::Near, _) => best,
            _ => hit,
        };
    }
    best
}

fn judge_address(wanted: &Identifier, field: &str, text: &str) -> Hit {
    let other = OF_OTHERS.contains(&field);
    if wanted.is(text) && !other {
        return Hit::Exact(field.to_owned());
    }
    let found = addresses_in(text);
    if found.iter().any(|address| wanted.is(address)) {
        return match found.len() == 1 && !other {
            true => Hit::Exact(field.to_owned()),
            false => Hit::Candidate(field.to_owned()),
        };
    }
    let low = text.to_lowercase();
    match addresses(wanted)
        .iter()
        .any(|spelling| low.contains(spelling))
    {
        true => Hit::Near,
        false => Hit::Foreign,
    }
}

fn judge_number(wanted: &Identifier, field: &str, text: &str) -> Hit {
    if wanted.is(text) {
        return Hit::Exact(field.to_owned());
    }
    let Some(number) = e164(wanted.value.reveal()) else {
        return Hit::Foreign;
    };
    let ending = ending(&number);
    let digits = |text: &str| {
        text.chars()
            .filter(char::is_ascii_digit)
            .collect::<String>()
    };
    // Two numbers in one field, or a country that is not written.
    let between = |letter: char| letter.is_alphabetic() || matches!(letter, ',' | ';' | '|' | '\n');
    if text
        .split(between)
        .flat_map(|part| part.split(" / "))
        .any(|part| digits(part).ends_with(&ending.concat()))
    {
        return Hit::Candidate(field.to_owned());
    }
    let all = digits(text);
    let mut letters = all.chars();
    match ending
        .iter()
        .all(|digit| letters.any(|letter| digit.starts_with(letter)))
    {
        true => Hit::Near,
        false => Hit::Foreign,
    }
}

/// All bare addresses in a field such as `Anna <a@x.example>, b@x.example`.
pub fn addresses_in(text: &str) -> Vec<String> {
    let pieces = text.split(|letter: char| {
        letter.is_whitespace() || matches!(letter, '<' | '>' | ',' | ';' | '"')
    });
    let mut found: Vec<String> = Vec::new();
    for address in pieces.filter_map(mail_address) {
        if !found.contains(&address) {
            found.push(address);
        }
    }
    found
}

/// The spellings of an address that differ for Odoo: its domain in letters and in ASCII. In small letters, for its
/// computed field is.
pub fn addresses(wanted: &Identifier) -> Vec<String> {
    let canonical = wanted.canonical();
    let ascii = canonical.rsplit_once('@').and_then(|(local, domain)| {
        idna::domain_to_ascii(domain)
            .ok()
            .map(|domain| format!("{local}@{domain}"))
    });
    let given = wanted.value.reveal().to_lowercase();
    let mut all = vec![canonical];
    for spelling in ascii.into_iter().chain([given]) {
        if !all.contains(&spelling) {
            all.push(spelling);
        }
    }
    all
}

/// The spellings of a number: with its country, and as people at home write it.
pub fn numbers(given: &str) -> Vec<String> {
    let Some(number) = e164(given) else {
        return Vec::new();
    };
    let home = number.strip_prefix("+49").map(|rest| format!("0{rest}"));
    let abroad = number.strip_prefix('+').map(|rest| format!("00{rest}"));
    std::iter::once(number.clone())
        .chain(abroad)
        .chain(home)
        .collect()
}

/// The last digits of a number, each for itself: a pattern with anything between them finds every way to write it.
fn ending(number: &str) -> Vec<String> {
    let digits: Vec<String> = number
        .chars()
        .filter(char::is_ascii_digit)
        .map(String::from)
        .collect();
    let skip = digits.len().saturating_sub(DIGITS);
    digits.into_iter().skip(skip).collect()
}

/// All words of a name in any order; umlauts and accents are written in several ways.
fn name_in(field: &str, name: &str) -> Option<Domain> {
    let words = name.split(|letter: char| !letter.is_alphanumeric() && letter != '\'');
    let words = words
        .map(pattern_of)
        .filter(|pattern| pattern.chars().filter(|it| *it != '%').count() > 1);
    Domain::all(
        words
            .map(|pattern| Domain::on(field, "ilike", pattern))
            .collect(),
    )
}

fn pattern_of(word: &str) -> String {
    let mut pattern = word.to_lowercase();
    for umlaut in ["ae", "oe", "ue", "ss"] {
        pattern = pattern.replace(umlaut, "%");
    }
    pattern
        .chars()
        .map(|letter| {
            if letter.is_ascii_alphanumeric() {
                letter
            } else {
                '%'
            }
        })
        .collect()
}

/// What a longer text is asked for: addresses and numbers, each in its spellings.
pub fn mentions(wanted: &Identifier) -> Vec<Identifier> {
    let spellings = match wanted.kind {
        SearchKey::Email => addresses(wanted),
        SearchKey::Phone => {
            let mut all = numbers(wanted.value.reveal());
            all.push(wanted.value.reveal().clone());
            all
        }
        _ => return Vec::new(),
    };
    spellings
        .iter()
        .filter_map(|spelling| Identifier::new(wanted.kind, spelling))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_asked_for_in_both_spellings() {
        assert_eq!(
            numbers("0170 5550123"),
            ["+491705550123", "00491705550123", "01705550123"]
        );
        assert_eq!(ending("+491705550123").join("%"), "0%5%5%5%0%1%2%3");
    }

    #[test]
    fn two_numbers_in_one_field_are_for_a_person_to_see() {
        let wanted = Identifier::new(SearchKey::Phone, "+49 170 5550123").unwrap();
        let of = |text| judge_number(&wanted, "phone", text);
        assert_eq!(of("0170-5550123"), Hit::Exact("phone".into()));
        assert_eq!(
            of("0170 5550123, 030 1234567"),
            Hit::Candidate("phone".into())
        );
        assert_eq!(
            of("Tel 030 1234567 / 0170 5550123 (mobil)"),
            Hit::Candidate("phone".into())
        );
        assert_eq!(of("+49 170 55501230"), Hit::Near);
        assert_eq!(of("+41 170 5550124"), Hit::Foreign);
        assert_eq!(of("05 55 01 923"), Hit::Near);
    }

    #[test]
    fn an_address_among_others_is_for_a_person_to_see() {
        let wanted = Identifier::new(SearchKey::Email, "anna@example.org").unwrap();
        let of = |text| judge_address(&wanted, "email", text);
        assert_eq!(of("Anna <ANNA@example.org>"), Hit::Exact("email".into()));
        assert_eq!(
            of("anna@example.org; bert@example.org"),
            Hit::Candidate("email".into())
        );
        assert_eq!(of("johanna@example.org"), Hit::Near);
        assert_eq!(of("bert@example.org"), Hit::Foreign);
        assert_eq!(
            judge_address(&wanted, "email_cc", "anna@example.org"),
            Hit::Candidate("email_cc".into())
        );
    }

    #[test]
    fn a_name_is_asked_for_in_any_order_and_spelling() {
        let asked = name_in("name", "Dr. Jörg Müßig")
            .unwrap()
            .value()
            .to_string();
        assert!(
            asked.contains(r#"["name","ilike","j%rg"]"#) && asked.contains(r#""m%%ig""#),
            "{asked}"
        );
        assert!(name_in("name", "Ö %").is_none());
    }
}
