//! The end of a restriction: the person is told before it is lifted (Art. 18(3) GDPR).

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::case::Case;
use super::decision::Decision;
use super::letter::Letter;
use super::obstacle::Obstacle;
use super::private::Private;
use super::right::Right;

/// What the person is told before a restriction ends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lifting {
    /// What the case had promised for a day, in the words of the promise; none if the restriction ends by an event.
    pub promised: Option<String>,
    /// Which data, one a line.
    pub data: Private<String>,
    /// Since when they are restricted.
    pub since: NaiveDate,
    /// From when they no longer are.
    pub from: NaiveDate,
    /// Why.
    pub why: Private<String>,
    /// What becomes of them then.
    pub then: Private<String>,
    /// The end was put off since: it does not count any more.
    #[serde(default)]
    pub outdated: bool,
}

/// That the person was told, and of which day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Announced {
    /// The day on which the notice left.
    pub on: NaiveDate,
    /// The day that it names; none for a letter that was written elsewhere.
    pub from: Option<NaiveDate>,
}

/// Whether a restriction may be lifted on this day: first the notice, then the end.
///
/// # Errors
/// The notice has not left before, or it names a later day.
pub fn may_end(announced: Option<Announced>, on: NaiveDate) -> Result<(), Obstacle> {
    match announced {
        Some(told) if told.from.is_some_and(|from| on < from) => {
            Err(Obstacle::Empty("lifted-early"))
        }
        Some(told) if told.on <= on => Ok(()),
        _ => Err(Obstacle::Empty("told-before")),
    }
}

fn blank(text: &Private<String>) -> bool {
    text.reveal().trim().is_empty()
}

impl Case {
    /// Since when data of this case are restricted; none if they are not.
    pub fn restricted_since(&self) -> Option<NaiveDate> {
        let item = self.item(Right::Restriction)?;
        let carried = item.decision().is_some_and(Decision::to_carry_out);
        let days = item.done().iter().map(|done| done.on);
        days.min().filter(|_| carried)
    }

    /// Whether the end of a restriction may be announced so.
    ///
    /// # Errors
    /// Nothing is restricted, or the notice does not say what the person has to know.
    pub fn may_announce(&self, lifting: &Lifting, today: NaiveDate) -> Result<(), Obstacle> {
        if self.restricted_since().is_none() {
            let right = Right::Restriction;
            return Err(Obstacle::NotInState { right });
        }
        if blank(&lifting.data) {
            return Err(Obstacle::Empty("lifting-data"));
        }
        if lifting.since > today {
            return Err(Obstacle::Empty("lifting-since"));
        }
        // She is told before, not on the day itself.
        if lifting.from <= today {
            return Err(Obstacle::Empty("lifting-from"));
        }
        match blank(&lifting.why) {
            true => Err(Obstacle::Empty("lifting-why")),
            false => Ok(()),
        }
    }

    /// The notices of the end of what the case had promised, as far as they still hold.
    pub fn lifting_letters(&self, promised: &str) -> impl Iterator<Item = &Letter> {
        let of = move |letter: &&Letter| {
            letter
                .lifting()
                .is_some_and(|it| !it.outdated && it.promised.as_deref() == Some(promised))
        };
        self.letters.iter().filter(of)
    }

    /// The last of them that has left.
    pub fn announced(&self, promised: &str) -> Option<Announced> {
        let left = self.lifting_letters(promised).filter_map(|letter| {
            Some(Announced {
                from: Some(letter.lifting()?.from),
                on: letter.left?,
            })
        });
        left.last()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn art_18_3_a_restriction_ends_only_after_its_notice_and_not_before_the_day_it_names() {
        let told = |on, from: Option<&str>| {
            Some(Announced {
                on: day(on),
                from: from.map(day),
            })
        };
        let on = day("2026-07-01");
        assert_eq!(may_end(None, on), Err(Obstacle::Empty("told-before")));
        let late = told("2026-07-02", None);
        assert_eq!(may_end(late, on), Err(Obstacle::Empty("told-before")));
        assert_eq!(may_end(told("2026-06-20", None), on), Ok(()));
        let named = told("2026-06-20", Some("2026-07-01"));
        assert_eq!(may_end(named, on), Ok(()));
        assert_eq!(
            may_end(named, day("2026-06-30")),
            Err(Obstacle::Empty("lifted-early"))
        );
    }
}
