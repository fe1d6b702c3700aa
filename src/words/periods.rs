//! How long something is kept, in words: the rule as a label, and why a record is free from a day on.

use chrono::{Datelike, NaiveDate};

use super::day::month;
use crate::domain::lang::Lang;
use crate::domain::law::{Because, Kept, LawBook, Period, PeriodError, Span, Until};

/// A day without its weekday: `31. Dezember 2025` or `31 December 2025`.
pub fn plain_date(day: NaiveDate, lang: Lang) -> String {
    let month = month(lang, day.month());
    match lang {
        Lang::De => format!("{}. {month} {}", day.day(), day.year()),
        Lang::En => format!("{} {month} {}", day.day(), day.year()),
    }
}

/// A small number as a word, a larger one in digits.
fn number(count: u16, lang: Lang) -> String {
    const DE: [&str; 11] = [
        "zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun", "zehn", "elf", "zwölf",
    ];
    const EN: [&str; 11] = [
        "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    ];
    let words = match lang {
        Lang::De => DE,
        Lang::En => EN,
    };
    usize::from(count)
        .checked_sub(2)
        .and_then(|at| words.get(at))
        .map_or_else(|| count.to_string(), |word| (*word).to_owned())
}

/// `drei Monate`, `one year`.
pub fn span(span: Span, lang: Lang) -> String {
    let (count, de, en) = match span {
        Span::Days(count) => (count, ["ein Tag", "Tage"], ["one day", "days"]),
        Span::Months(count) => (count, ["ein Monat", "Monate"], ["one month", "months"]),
        Span::Years(count) => (count, ["ein Jahr", "Jahre"], ["one year", "years"]),
    };
    let [one, many] = match lang {
        Lang::De => de,
        Lang::En => en,
    };
    match count {
        1 => one.to_owned(),
        count => format!("{} {many}", number(count, lang)),
    }
}

/// What ends a period that has no length.
pub fn until(until: Until, lang: Lang) -> &'static str {
    let (de, en) = match until {
        Until::Account => ("bis das Konto gelöscht ist", "until the account is deleted"),
        Until::Contract => ("bis zum Ende des Vertrags", "until the contract ends"),
        Until::Handled => (
            "bis die Anfrage erledigt ist",
            "until the matter is dealt with",
        ),
        Until::Booked => (
            "bis die Leistung abgerechnet ist",
            "until the service is booked",
        ),
        Until::Objection => ("bis zum Widerspruch", "until an objection"),
        Until::Withdrawal => (
            "bis zum Widerruf der Einwilligung",
            "until consent is withdrawn",
        ),
        Until::Session => ("bis zum Ende der Sitzung", "until the session ends"),
        Until::Chosen => (
            "so lange, wie die Person es gewünscht hat",
            "as long as the person wished",
        ),
    };
    match lang {
        Lang::De => de,
        Lang::En => en,
    }
}

/// The rule as a label, as in a register or a letter.
pub fn period(period: Period, book: &LawBook, lang: Lang) -> String {
    let de = lang == Lang::De;
    match period {
        Period::Duty(duty) => match book.duty(duty) {
            Some(entry) => {
                let years = span(Span::Years(entry.years.into()), lang);
                let law = entry.law.of(lang);
                if de {
                    format!("{years} ab dem Ende des Kalenderjahres ({law})")
                } else {
                    format!("{years} from the end of the calendar year ({law})")
                }
            }
            None => duty.code().to_owned(),
        },
        Period::Applicant(length) if de => {
            format!("{} nach der Absage", span(length, lang))
        }
        Period::Applicant(length) => format!("{} after the rejection", span(length, lang)),
        Period::Log(days) if de => format!("{} nach dem Eintrag", span(Span::Days(days), lang)),
        Period::Log(days) => format!("{} after the entry", span(Span::Days(days), lang)),
        Period::After(length) if de => format!("{} nach dem Ereignis", span(length, lang)),
        Period::After(length) => format!("{} after the event", span(length, lang)),
        Period::YearEnd(years) if de => format!(
            "{} ab dem Ende des Kalenderjahres",
            span(Span::Years(years), lang)
        ),
        Period::YearEnd(years) => format!(
            "{} from the end of the calendar year",
            span(Span::Years(years), lang)
        ),
        Period::Until(end) => until(end, lang).to_owned(),
        Period::Review(length) if de => format!("Überprüfung nach {}", dative(length)),
        Period::Review(length) => format!("review after {}", span(length, lang)),
    }
}

/// `zwei Jahren`, to follow `nach`.
fn dative(length: Span) -> String {
    match length {
        Span::Days(1) => "einem Tag".to_owned(),
        Span::Months(1) => "einem Monat".to_owned(),
        Span::Years(1) => "einem Jahr".to_owned(),
        many => format!("{}n", span(many, Lang::De)),
    }
}

/// Why a record is free from that day on: one sentence that names the rule.
pub fn because_kept(kept: &Kept, lang: Lang) -> String {
    let year = kept.dated.year();
    let day = |day: NaiveDate| plain_date(day, lang);
    match (&kept.because, lang) {
        (Because::CalendarYears { duty, years, last }, Lang::De) => {
            let (what, law) = match duty {
                Some(duty) => (
                    format!("{}: ", duty.name.de),
                    format!(" ({}); {}", duty.law.de, duty.heed.de),
                ),
                None => (String::new(), String::new()),
            };
            let length = span(Span::Years(*years), lang);
            sentence(&format!(
                "{what}{length} ab dem Ende des Kalenderjahres {year}, also bis {}{law}.",
                day(*last)
            ))
        }
        (Because::CalendarYears { duty, years, last }, Lang::En) => {
            let (what, law) = match duty {
                Some(duty) => (
                    format!("{}: ", duty.name.en),
                    format!(" ({}); {}", duty.law.en, duty.heed.en),
                ),
                None => (String::new(), String::new()),
            };
            let length = span(Span::Years(*years), lang);
            sentence(&format!(
                "{what}{length} from the end of the calendar year {year}, so until {}{law}.",
                day(*last)
            ))
        }
        (
            Because::FreedByChange {
                duty,
                years,
                until,
                by,
            },
            Lang::De,
        ) => {
            let since = until.succ_opt().unwrap_or(*until);
            sentence(&format!(
                "{} aus {year}: Seit dem {} gelten {}, und die waren da schon vorbei ({}, {}); {}.",
                duty.name.de,
                day(since),
                span(Span::Years(*years), lang),
                by.de,
                duty.law.de,
                duty.heed.de
            ))
        }
        (
            Because::FreedByChange {
                duty,
                years,
                until,
                by,
            },
            Lang::En,
        ) => {
            let since = until.succ_opt().unwrap_or(*until);
            sentence(&format!(
                "{} of {year}: since {} the period is {}, which were over by then ({}, {}); {}.",
                duty.name.en,
                day(since),
                span(Span::Years(*years), lang),
                by.en,
                duty.law.en,
                duty.heed.en
            ))
        }
        (
            Because::After {
                span: length,
                last,
                applicant,
                log,
            },
            lang,
        ) => {
            let (from, law) = match (applicant, log, lang) {
                (true, _, Lang::De) => (
                    "nach dem Zugang der Absage am",
                    "§ 15 Abs. 4 AGG, § 61b ArbGG",
                ),
                (true, _, Lang::En) => (
                    "after the rejection was received on",
                    "sec. 15(4) AGG, sec. 61b ArbGG",
                ),
                (_, true, Lang::De) => ("nach dem Eintrag vom", "Art. 5 Abs. 1 Buchst. e DSGVO"),
                (_, true, Lang::En) => ("after the entry of", "Art. 5(1)(e) GDPR"),
                (_, _, Lang::De) => ("nach dem", "Art. 5 Abs. 1 Buchst. e DSGVO"),
                (_, _, Lang::En) => ("after", "Art. 5(1)(e) GDPR"),
            };
            let so = match lang {
                Lang::De => "also bis",
                Lang::En => "so until",
            };
            sentence(&format!(
                "{} {from} {}, {so} {} ({law}).",
                span(*length, lang),
                day(kept.dated),
                day(*last)
            ))
        }
        (Because::Happened(end), Lang::De) => sentence(&format!(
            "{}: das war am {} (Art. 5 Abs. 1 Buchst. e DSGVO).",
            until(*end, lang),
            day(kept.dated)
        )),
        (Because::Happened(end), Lang::En) => sentence(&format!(
            "{}: that was on {} (Art. 5(1)(e) GDPR).",
            until(*end, lang),
            day(kept.dated)
        )),
    }
}

/// With a capital at its beginning.
fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => String::new(),
    }
}

/// Why a period cannot be read or counted.
pub fn period_error(error: &PeriodError, lang: Lang) -> String {
    const KINDS: &str = "voucher, book, commercial-letter, tax-document, case-file, applicant:3m, log:30, after:24m, \
                         year-end:3, account, contract, handled, booked, objection, withdrawal, session, chosen, review:2y";
    match (error, lang) {
        (PeriodError::Unknown(kind), Lang::De) => {
            format!("Die Art „{kind}“ gibt es nicht. Es gibt: {KINDS}.")
        }
        (PeriodError::Unknown(kind), Lang::En) => {
            format!("There is no kind '{kind}'. There are: {KINDS}.")
        }
        (PeriodError::NotInBook(kind), Lang::De) => {
            format!("Die Rechtstabelle sagt nichts zu „{kind}“.")
        }
        (PeriodError::NotInBook(kind), Lang::En) => {
            format!("The book of law says nothing on '{kind}'.")
        }
        (PeriodError::OutOfRange(day), Lang::De) => {
            format!("Vom {day} an lässt sich kein Tag zählen.")
        }
        (PeriodError::OutOfRange(day), Lang::En) => {
            format!("No day can be counted from {day}.")
        }
        (PeriodError::OnlyReview(period), Lang::De) => {
            format!("„{period}“ setzt einen Tag für eine Überprüfung; frei wird dadurch nichts.")
        }
        (PeriodError::OnlyReview(period), Lang::En) => {
            format!("'{period}' sets a day for a review; nothing becomes free by it.")
        }
    }
}

/// A day that cannot be read, in a table or on the command line.
pub fn no_date(text: &str, lang: Lang) -> String {
    match lang {
        Lang::De => format!("„{text}“ ist kein Datum wie 2017-05-04."),
        Lang::En => format!("'{text}' is no date such as 2017-05-04."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::law::Sector;

    fn why(kind: &str, dated: &str, lang: Lang) -> String {
        let kept = LawBook::shipped()
            .kept(
                kind.parse().unwrap(),
                dated.parse().unwrap(),
                Sector::General,
            )
            .unwrap();
        because_kept(&kept, lang)
    }

    #[test]
    fn a_reason_names_rule_and_last_day() {
        let text = why("voucher", "2017-05-04", Lang::De);
        assert!(
            text.starts_with("Buchungsbeleg oder Rechnung: acht Jahre ab dem Ende des Kalenderjahres 2017, also bis 31. Dezember 2025 (§ 257"),
            "{text}"
        );
        assert!(
            why("voucher", "2015-05-04", Lang::De).contains("Seit dem 1. Januar 2025 gelten acht Jahre, und die waren da schon vorbei (Art. 97 § 19a")
        );
        assert!(why("voucher", "2014-05-04", Lang::En).starts_with(
            "Voucher or invoice: ten years from the end of the calendar year 2014, so until 31 December 2024"
        ));
        assert_eq!(
            why("log:30", "2026-03-01", Lang::De),
            "30 Tage nach dem Eintrag vom 1. März 2026, also bis 31. März 2026 (Art. 5 Abs. 1 Buchst. e DSGVO)."
        );
        assert_eq!(
            why("applicant:3m", "2026-03-05", Lang::En),
            "Three months after the rejection was received on 5 March 2026, so until 5 June 2026 (sec. 15(4) AGG, sec. 61b ArbGG)."
        );
        assert_eq!(
            why("account", "2026-03-05", Lang::De),
            "Bis das Konto gelöscht ist: das war am 5. März 2026 (Art. 5 Abs. 1 Buchst. e DSGVO)."
        );
    }

    #[test]
    fn a_rule_has_a_label_in_both_languages() {
        let label = |text: &str, lang| period(text.parse().unwrap(), LawBook::shipped(), lang);
        assert_eq!(
            label("applicant:3m", Lang::De),
            "drei Monate nach der Absage"
        );
        assert_eq!(label("log:30", Lang::En), "30 days after the entry");
        assert_eq!(label("review:2y", Lang::De), "Überprüfung nach zwei Jahren");
        assert_eq!(label("review:1m", Lang::De), "Überprüfung nach einem Monat");
        assert_eq!(label("after:1y", Lang::En), "one year after the event");
        assert!(
            label("voucher", Lang::De).starts_with("acht Jahre ab dem Ende des Kalenderjahres (§")
        );
    }
}
