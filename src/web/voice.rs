//! In which language, and in which form of address, a page speaks.

use chrono::NaiveDate;

use crate::domain::lang::Lang;
use crate::words::{dates, day, size};

/// The voice of one page: the reader's language and, in German, whether the house says "du".
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Voice {
    /// The language of the page.
    pub lang: Lang,
    /// The controller says "du" to the people it deals with.
    pub du: bool,
}

impl Voice {
    /// German, or English beside it.
    #[must_use]
    pub fn say<'a>(&self, sie: &'a str, en: &'a str) -> &'a str {
        match self.lang {
            Lang::De => sie,
            Lang::En => en,
        }
    }

    /// German with "Sie", German with "du", or English.
    #[must_use]
    pub fn say3<'a>(&self, sie: &'a str, du: &'a str, en: &'a str) -> &'a str {
        match (self.lang, self.du) {
            (Lang::De, false) => sie,
            (Lang::De, true) => du,
            (Lang::En, _) => en,
        }
    }

    /// For the markup of a page: is it a German one?
    #[must_use]
    pub fn german(&self) -> bool {
        self.lang == Lang::De
    }

    /// The code for `lang="…"`.
    #[must_use]
    pub fn code(&self) -> &'static str {
        self.lang.code()
    }

    /// The day in full, with its weekday.
    #[must_use]
    pub fn day(&self, date: &NaiveDate) -> String {
        dates::long_date(*date, self.lang)
    }

    /// The day for dense lists, with its weekday.
    #[must_use]
    pub fn day_short(&self, date: &NaiveDate) -> String {
        day::short(self.lang, *date)
    }

    /// "noch 9 Tage", "heute fällig", "seit 2 Tagen überfällig", or the same in English.
    #[must_use]
    pub fn days_left(&self, today: &NaiveDate, due: &NaiveDate) -> String {
        dates::days_left(*today, *due, self.lang)
    }

    /// The size of a file, to one decimal: "1,2 MB" or "1.2 MB".
    #[must_use]
    pub fn size(&self, bytes: &u64) -> String {
        size::size(*bytes, self.lang)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn du_is_said_only_in_german() {
        let voice = |lang, du| Voice { lang, du }.say3("Sie", "du", "you");
        assert_eq!(voice(Lang::De, false), "Sie");
        assert_eq!(voice(Lang::De, true), "du");
        assert_eq!(voice(Lang::En, true), "you");
    }
}
