//! Whether a value of a table is one of hers, however the table writes it.

use chrono::{DateTime, Utc};

use crate::domain::identifier::{Identifier, SearchKey};
use crate::ports::source::Tie;

/// Her identifiers, and how a table writes telephone numbers.
#[derive(Clone, Copy, Debug)]
pub struct Hers<'a> {
    /// What is known of her.
    pub wanted: &'a [Identifier],
    /// What local numbers lack.
    pub area_code: Option<&'a str>,
    /// Numbers have their country and no plus.
    pub bare_country: bool,
}

impl<'a> Hers<'a> {
    /// As most tables write.
    #[must_use]
    pub fn of(wanted: &'a [Identifier]) -> Hers<'a> {
        Hers {
            wanted,
            area_code: None,
            bare_country: false,
        }
    }

    /// Why a row is hers, if this value in this column says so; the time of the row counts where an identifier was hers
    /// for a time only.
    #[must_use]
    pub fn tie(
        &self,
        by: SearchKey,
        value: &str,
        column: &str,
        at: Option<DateTime<Utc>>,
    ) -> Option<Tie> {
        let value = self.spelled(by, value);
        let found = self
            .wanted
            .iter()
            .filter(|it| it.kind == by && it.is(&value));
        let mut perhaps = None;
        for identifier in found {
            let field = column.to_owned();
            match (identifier.window, at) {
                (Some(window), Some(at)) if !window.holds(at) => {}
                (Some(_), None) => perhaps = Some(Tie::Candidate { by, field }),
                // Two people may share a name.
                _ if by == SearchKey::Name => perhaps = Some(Tie::Candidate { by, field }),
                _ => return Some(Tie::Exact { by, field }),
            }
        }
        perhaps
    }

    /// A value as we compare it.
    #[must_use]
    pub fn spelled(&self, by: SearchKey, value: &str) -> String {
        let value = tidy(value);
        if by != SearchKey::Phone || value.starts_with(['+', '0']) {
            return value.to_owned();
        }
        match self.area_code {
            _ if self.bare_country => format!("+{value}"),
            Some(code) => format!("{code}{value}"),
            None => value.to_owned(),
        }
    }
}

/// A value without what keeps spreadsheets from reading it as a number.
#[must_use]
pub fn tidy(value: &str) -> &str {
    let value = value.trim();
    let formula = value
        .strip_prefix("=\"")
        .and_then(|it| it.strip_suffix('"'));
    let value = formula.unwrap_or(value);
    value.strip_prefix('\'').unwrap_or(value)
}

/// Whether a spreadsheet took a number for a quantity and rounded it: `4,91706E+11`. Nobody is found by that.
#[must_use]
pub fn ruined(by: SearchKey, value: &str) -> bool {
    let numbers = matches!(by, SearchKey::Phone | SearchKey::Number);
    let Some((digits, power)) = tidy(value).split_once(['E', 'e']).filter(|_| numbers) else {
        return false;
    };
    let counts = |text: &str| {
        !text.is_empty()
            && text
                .bytes()
                .all(|it| it.is_ascii_digit() || matches!(it, b',' | b'.'))
    };
    counts(digits) && digits.contains([',', '.']) && power.strip_prefix('+').is_some_and(counts)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::identifier::Window;

    #[test]
    fn a_number_is_hers_however_the_list_writes_it() {
        let wanted = [Identifier::new(SearchKey::Phone, "+49 30 5550123").unwrap()];
        let list = Hers {
            wanted: &wanted,
            area_code: Some("030"),
            bare_country: false,
        };
        let abroad = Hers {
            wanted: &wanted,
            area_code: None,
            bare_country: true,
        };
        let found = |list: &Hers<'_>, value| list.tie(SearchKey::Phone, value, "a", None).is_some();
        for value in [
            "030 / 555 01 23",
            "0049305550123",
            "5550123",
            "=\"0305550123\"",
            "'+49305550123",
        ] {
            assert!(found(&list, value), "{value}");
        }
        assert!(found(&abroad, "49305550123") && !found(&abroad, "5550123"));
        assert!(!found(&list, "55501234") && !found(&Hers::of(&wanted), "5550123"));
        assert!(ruined(SearchKey::Phone, "4,93056E+10") && !ruined(SearchKey::Number, "E+10"));
    }

    #[test]
    fn a_name_is_a_guess_and_a_time_must_fit() {
        let window = Window {
            from: DateTime::UNIX_EPOCH,
            to: DateTime::UNIX_EPOCH,
        };
        let wanted = [
            Identifier::new(SearchKey::Name, "Anna Beispiel").unwrap(),
            Identifier::new(SearchKey::Number, "K-1")
                .unwrap()
                .within(window),
        ];
        let tie = |by, value, at| Hers::of(&wanted).tie(by, value, "a", at);
        assert!(matches!(
            tie(SearchKey::Name, "Beispiel, Anna", None),
            Some(Tie::Candidate { .. })
        ));
        assert!(matches!(
            tie(SearchKey::Number, "k-1", None),
            Some(Tie::Candidate { .. })
        ));
        assert!(matches!(
            tie(SearchKey::Number, "k-1", Some(window.from)),
            Some(Tie::Exact { .. })
        ));
        assert_eq!(
            tie(SearchKey::Number, "k-1", Some(DateTime::<Utc>::MAX_UTC)),
            None
        );
    }
}
