//! The law as data: periods, grounds, words that are out of date, countries, authorities. Dated, versioned, editable.

mod entry;
mod kept;
mod period;
mod read;
#[cfg(test)]
mod tests;

use std::sync::LazyLock;

use chrono::NaiveDate;

pub use entry::{
    AuthorityEntry, Bodies, Both, DutyEntry, Earlier, Effect, GroundEntry, OutdatedEntry,
};
pub use kept::{Because, Kept};
pub use period::{Duty, Period, PeriodError, Sector, Span, Until};
pub use read::LawError;

use super::calendar::Place;
use super::right::Right;

/// The book of rules with its version and the day as of which it is written.
#[derive(Debug, Clone, PartialEq)]
pub struct LawBook {
    version: String,
    as_of: NaiveDate,
    duties: Vec<DutyEntry>,
    grounds: Vec<GroundEntry>,
    outdated: Vec<OutdatedEntry>,
    eea: Vec<String>,
    adequate: Vec<String>,
    and: Vec<String>,
    authorities: Vec<AuthorityEntry>,
}

static SHIPPED: LazyLock<LawBook> = LazyLock::new(|| {
    // A test reads the embedded book, so the other arm is never taken. If it were, an empty book answers
    // every question on a period with an error, never with a wrong date.
    LawBook::parse(include_str!("../../config/law.toml")).unwrap_or(LawBook {
        version: String::from("none"),
        as_of: NaiveDate::MIN,
        duties: Vec::new(),
        grounds: Vec::new(),
        outdated: Vec::new(),
        eea: Vec::new(),
        adequate: Vec::new(),
        and: Vec::new(),
        authorities: Vec::new(),
    })
});

impl LawBook {
    /// The book that is built into the program.
    pub fn shipped() -> &'static LawBook {
        &SHIPPED
    }

    /// Reads a book; `config/law.toml` explains its parts.
    ///
    /// # Errors
    /// The first entry that is not understood, or one that is missing.
    pub fn parse(text: &str) -> Result<LawBook, LawError> {
        read::read(text)
    }

    /// The version stated in the book.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// The day as of which the law was looked at.
    pub fn as_of(&self) -> NaiveDate {
        self.as_of
    }

    /// Every period that is counted from the end of a calendar year.
    pub fn duties(&self) -> &[DutyEntry] {
        &self.duties
    }

    /// One of them.
    pub fn duty(&self, duty: Duty) -> Option<&DutyEntry> {
        self.duties.iter().find(|entry| entry.code == duty)
    }

    /// Every ground, in the book's order.
    pub fn grounds(&self) -> &[GroundEntry] {
        &self.grounds
    }

    /// The grounds that can be named for a right.
    pub fn grounds_for(&self, right: Right) -> impl Iterator<Item = &GroundEntry> {
        self.grounds
            .iter()
            .filter(move |ground| ground.rights.contains(&right))
    }

    /// The ground of this stable code.
    pub fn ground(&self, code: &str) -> Option<&GroundEntry> {
        self.grounds.iter().find(|ground| ground.code == code)
    }

    /// Every authority.
    pub fn authorities(&self) -> &[AuthorityEntry] {
        &self.authorities
    }

    /// The authority of a private controller by its seat (§ 40 BDSG); none where no Land is known.
    pub fn authority(&self, seat: &Place) -> Option<&AuthorityEntry> {
        let land = seat.land()?;
        self.authorities
            .iter()
            .find(|entry| entry.land == land.code() && entry.bodies != Bodies::Public)
    }

    /// Every sort of words that is out of date.
    pub fn outdated(&self) -> &[OutdatedEntry] {
        &self.outdated
    }

    /// The words of a text by which its age shows, each with what to write instead.
    pub fn outdated_in(&self, text: &str) -> Vec<(&OutdatedEntry, &str)> {
        let text = plain(text);
        self.outdated
            .iter()
            .filter_map(|entry| {
                let quoted = entry.find.iter().find(|find| holds(&text, &plain(find)))?;
                Some((entry, quoted.as_str()))
            })
            .collect()
    }

    /// Whether data may go to these places without a guarantee of Art. 46 GDPR: each country named lies in
    /// the EEA or is adequate (Art. 45 GDPR). A text that names none is no answer.
    pub fn needs_no_guarantee(&self, countries: &str) -> bool {
        // "Germany and Ireland" is two countries, in whatever words the book knows for "and".
        let mut listed = plain(countries);
        for and in &self.and {
            listed = listed.replace(&format!(" {} ", plain(and)), ",");
        }
        let mut named = listed
            .split(['/', ',', ';', '+'])
            .map(str::trim)
            .filter(|part| !part.is_empty())
            .peekable();
        named.peek().is_some()
            && named.all(|country| {
                self.eea
                    .iter()
                    .chain(&self.adequate)
                    .any(|known| plain(known) == country)
            })
    }
}

/// Without regard to case, kinds of blanks and dashes.
fn plain(text: &str) -> String {
    let text = text.replace(['\u{a0}', '\u{202f}'], " ").replace('–', "-");
    let words: Vec<&str> = text.split_whitespace().collect();
    words.join(" ").to_lowercase()
}

/// Whether `needle` stands in the text as words of its own: "TMG" is not found in "HTMGL".
fn holds(text: &str, needle: &str) -> bool {
    let borders = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric());
    text.match_indices(needle).any(|(at, found)| {
        let before = text.get(..at).and_then(|head| head.chars().next_back());
        let after = text
            .get(at + found.len()..)
            .and_then(|tail| tail.chars().next());
        borders(before) && borders(after)
    })
}
