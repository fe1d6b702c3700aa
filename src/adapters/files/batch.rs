//! The first two lines of a DATEV export: what it is, whose, of which period, and what its columns hold.

use chrono::{DateTime, Datelike, Days, Months, NaiveDate, NaiveTime, Utc};

use crate::domain::identifier::SearchKey;

/// What the first line says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// 16 debtors and creditors, 21 postings, 20 names of accounts, 48 other addresses.
    pub kind: u16,
    /// The version of the format, such as 700.
    pub version: u32,
    /// Adviser and client: account numbers are unique within them only.
    pub owner: (String, String),
    /// How many digits a ledger account has; accounts of people have one more.
    pub digits: usize,
    /// The first day of the period.
    pub from: Option<NaiveDate>,
    /// The last day of the period; without one the end of the business year.
    pub to: Option<NaiveDate>,
}

/// Reads the first line; none, if it is no DATEV export.
#[must_use]
pub fn head(fields: &[String]) -> Option<Head> {
    let field = |at: usize| fields.get(at).map_or("", |it| it.trim());
    if !matches!(field(0), "EXTF" | "DTVF") {
        return None;
    }
    let day = |at: usize| NaiveDate::parse_from_str(field(at), "%Y%m%d").ok();
    let year_ends = day(12)
        .and_then(|it| it.checked_add_months(Months::new(12)))
        .and_then(|it| it.checked_sub_days(Days::new(1)));
    Some(Head {
        kind: field(2).parse().ok()?,
        version: field(1).parse().ok()?,
        owner: (field(10).to_owned(), field(11).to_owned()),
        digits: field(13)
            .parse()
            .ok()
            .filter(|it| (4..=8).contains(it))
            .unwrap_or(4),
        from: day(14).or(day(12)),
        to: day(15).or(year_ends),
    })
}

impl Head {
    /// Whether these are master data of people.
    #[must_use]
    pub fn people(&self) -> bool {
        matches!(self.kind, 16 | 48)
    }

    /// Whether this is the account of a person: those of the ledger have a digit less, and a customer's number may by
    /// chance be one of them.
    #[must_use]
    pub fn personal(&self, account: &str) -> bool {
        account.len() == self.digits + 1 && account.bytes().all(|it| it.is_ascii_digit())
    }

    /// Until when it is kept after so many years from the end of the year.
    #[must_use]
    pub fn kept_until(&self, years: u16) -> Option<NaiveDate> {
        NaiveDate::from_ymd_opt(self.to?.year().checked_add(i32::from(years))?, 12, 31)
    }

    /// A day of a voucher is written without its year, `2411`: the one that lies in the period.
    #[must_use]
    pub fn day(&self, text: &str) -> Option<DateTime<Utc>> {
        let text = format!("{:0>4}", text.trim());
        let (day, month) = (text.get(..2)?.parse().ok()?, text.get(2..4)?.parse().ok()?);
        let (from, to) = (self.from?, self.to?);
        let mut days =
            (from.year()..=to.year()).filter_map(|year| NaiveDate::from_ymd_opt(year, month, day));
        let found = days.find(|it| (from..=to).contains(it))?;
        Some(found.and_time(NaiveTime::MIN).and_utc())
    }
}

/// What a column holds, by its heading.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holds {
    /// Something she is found by.
    Key(SearchKey),
    /// The family name of a person; her first name is another column.
    Family,
    /// The first name.
    First,
    /// An account that may be a person's.
    Account,
    /// Free text.
    Text,
    /// The day of the voucher.
    Day,
    /// Anything else.
    Else,
}

/// What a column with this heading holds.
#[must_use]
pub fn holds(heading: &str) -> Holds {
    let heading = heading.trim().to_lowercase();
    let begins = |words: &[&str]| words.iter().any(|word| heading.starts_with(word));
    if begins(&["e-mail", "email"]) {
        Holds::Key(SearchKey::Email)
    } else if begins(&["telefon", "mobil", "handy", "fax"]) {
        Holds::Key(SearchKey::Phone)
    } else if begins(&["vorname"]) {
        Holds::First
    } else if begins(&["name (adressattyp nat"]) {
        Holds::Family
    } else if begins(&[
        "name",
        "kurzbezeichnung",
        "kontenbeschriftung",
        "kontobezeichnung",
    ]) {
        Holds::Key(SearchKey::Name)
    } else if heading == "konto" || begins(&["gegenkonto"]) {
        Holds::Account
    } else if begins(&["belegfeld"]) {
        Holds::Key(SearchKey::Number)
    } else if begins(&["buchungstext", "notiz", "bemerkung"]) {
        Holds::Text
    } else if heading == "belegdatum" {
        Holds::Day
    } else {
        Holds::Else
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(text: &str) -> Option<Head> {
        head(
            &text
                .split(';')
                .map(|it| it.trim_matches('"').to_owned())
                .collect::<Vec<_>>(),
        )
    }

    #[test]
    fn the_first_line_says_period_and_owner() {
        let text = r#""EXTF";700;21;"Buchungsstapel";12;20260105101500000;;"RE";"x";"";1001;20;20250701;4;20251201;20260131;"Dezember""#;
        let head = line(text).unwrap();
        assert_eq!((head.kind, head.version, head.digits), (21, 700, 4));
        assert_eq!(head.owner, ("1001".into(), "20".into()));
        assert_eq!(head.kept_until(10).unwrap().to_string(), "2036-12-31");
        assert_eq!(
            head.day("2412").unwrap().to_rfc3339(),
            "2025-12-24T00:00:00+00:00"
        );
        assert_eq!(
            head.day("301").unwrap().to_rfc3339(),
            "2026-01-03T00:00:00+00:00"
        );
        assert_eq!(head.day("1503"), None);
        assert!(head.personal("10001") && !head.personal("4400") && !head.personal("100a1"));
        assert_eq!(line("Konto;Name"), None);
    }

    #[test]
    fn without_a_period_the_business_year_counts() {
        let text =
            r#""EXTF";510;16;"Debitoren/Kreditoren";4;20190105101500000;;;;;1001;20;20180701;4;;;"#;
        assert_eq!(
            line(text).unwrap().kept_until(10).unwrap().to_string(),
            "2029-12-31"
        );
    }
}
