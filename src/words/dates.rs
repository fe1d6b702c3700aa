//! Due dates as sentences and the clock say them, and how many days are left.

use chrono::{Datelike, NaiveDate};

use super::day::{month, weekday};
use crate::domain::lang::Lang;

/// `Dienstag, 7. April 2026` or `Tuesday, 7 April 2026`.
pub fn long_date(day: NaiveDate, lang: Lang) -> String {
    let (weekday, month) = (weekday(lang, day.weekday()), month(lang, day.month()));
    match lang {
        Lang::De => format!("{weekday}, {}. {month} {}", day.day(), day.year()),
        Lang::En => format!("{weekday}, {} {month} {}", day.day(), day.year()),
    }
}

/// `07.04.2026` or, as no country writes it otherwise, `7 Apr 2026`.
pub fn short_date(day: NaiveDate, lang: Lang) -> String {
    match lang {
        Lang::De => day.format("%d.%m.%Y").to_string(),
        Lang::En => day.format("%-d %b %Y").to_string(),
    }
}

/// `noch 9 Tage`, `morgen fällig`, `heute fällig`, `seit gestern überfällig`, `seit 2 Tagen überfällig`
/// and their English twins.
pub fn days_left(today: NaiveDate, due: NaiveDate, lang: Lang) -> String {
    let left = (due - today).num_days();
    match (lang, left) {
        (Lang::De, 2..) => format!("noch {left} Tage"),
        (Lang::De, 1) => String::from("morgen fällig"),
        (Lang::De, 0) => String::from("heute fällig"),
        (Lang::De, -1) => String::from("seit gestern überfällig"),
        (Lang::De, _) => format!("seit {} Tagen überfällig", -left),
        (Lang::En, 2..) => format!("{left} days left"),
        (Lang::En, 1) => String::from("due tomorrow"),
        (Lang::En, 0) => String::from("due today"),
        (Lang::En, -1) => String::from("overdue since yesterday"),
        (Lang::En, _) => format!("overdue by {} days", -left),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn dates_read_as_in_a_letter() {
        assert_eq!(
            long_date(day("2026-04-07"), Lang::De),
            "Dienstag, 7. April 2026"
        );
        assert_eq!(
            long_date(day("2026-04-07"), Lang::En),
            "Tuesday, 7 April 2026"
        );
        assert_eq!(
            long_date(day("2027-03-13"), Lang::De),
            "Samstag, 13. März 2027"
        );
        assert_eq!(short_date(day("2026-04-07"), Lang::De), "07.04.2026");
        assert_eq!(short_date(day("2026-04-07"), Lang::En), "7 Apr 2026");
    }

    #[test]
    fn days_left_are_words() {
        let told = |due: &str, lang| days_left(day("2026-02-28"), day(due), lang);
        assert_eq!(told("2026-03-09", Lang::De), "noch 9 Tage");
        assert_eq!(told("2026-03-02", Lang::En), "2 days left");
        assert_eq!(told("2026-03-01", Lang::De), "morgen fällig");
        assert_eq!(told("2026-02-28", Lang::En), "due today");
        assert_eq!(told("2026-02-27", Lang::De), "seit gestern überfällig");
        assert_eq!(told("2026-02-26", Lang::De), "seit 2 Tagen überfällig");
        assert_eq!(told("2026-02-26", Lang::En), "overdue by 2 days");
    }
}
