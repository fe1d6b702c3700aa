//! The names of days and months, and the short form for dense lists.

use chrono::{Datelike, NaiveDate, Weekday};

use crate::domain::lang::Lang;

/// The day for dense lists: "Di 07.04.2026" or "Tue 07 Apr 2026"; every one equally wide.
#[must_use]
pub fn short(lang: Lang, day: NaiveDate) -> String {
    let weekday = weekday(lang, day.weekday());
    match lang {
        Lang::De => {
            let two: String = weekday.chars().take(2).collect();
            format!("{two} {:02}.{:02}.{}", day.day(), day.month(), day.year())
        }
        Lang::En => {
            let three: String = weekday.chars().take(3).collect();
            let month: String = month(lang, day.month()).chars().take(3).collect();
            format!("{three} {:02} {month} {}", day.day(), day.year())
        }
    }
}

/// The weekday's name.
#[must_use]
pub fn weekday(lang: Lang, day: Weekday) -> &'static str {
    let (de, en) = match day {
        Weekday::Mon => ("Montag", "Monday"),
        Weekday::Tue => ("Dienstag", "Tuesday"),
        Weekday::Wed => ("Mittwoch", "Wednesday"),
        Weekday::Thu => ("Donnerstag", "Thursday"),
        Weekday::Fri => ("Freitag", "Friday"),
        Weekday::Sat => ("Samstag", "Saturday"),
        Weekday::Sun => ("Sonntag", "Sunday"),
    };
    match lang {
        Lang::De => de,
        Lang::En => en,
    }
}

/// The month's name; numbers outside 1 to 12 do not occur in a calendar day and count as December.
#[must_use]
pub fn month(lang: Lang, month: u32) -> &'static str {
    let (de, en) = match month {
        1 => ("Januar", "January"),
        2 => ("Februar", "February"),
        3 => ("März", "March"),
        4 => ("April", "April"),
        5 => ("Mai", "May"),
        6 => ("Juni", "June"),
        7 => ("Juli", "July"),
        8 => ("August", "August"),
        9 => ("September", "September"),
        10 => ("Oktober", "October"),
        11 => ("November", "November"),
        _ => ("Dezember", "December"),
    };
    match lang {
        Lang::De => de,
        Lang::En => en,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_names_the_weekday_too() {
        let day = NaiveDate::from_ymd_opt(2026, 4, 7).unwrap();
        assert_eq!(short(Lang::De, day), "Di 07.04.2026");
        assert_eq!(short(Lang::En, day), "Tue 07 Apr 2026");
    }
}
