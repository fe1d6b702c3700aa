//! One line of the queue, and the date due as a tag: word, shape and colour say the same.

use chrono::NaiveDate;

use crate::casework::Line;
use crate::domain::lang::Lang;
use crate::domain::stage::Stage;
use crate::web::office::acts::Kind;
use crate::words::{dates, desk, terms};

/// So many days before the date due, it is "soon".
const SOON: i64 = 7;

/// A date due, seen from a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Due {
    /// The day.
    pub day: NaiveDate,
    /// Days left; negative when it has passed.
    pub left: i64,
}

impl Due {
    /// The date due as it is seen today.
    pub fn of(day: NaiveDate, today: NaiveDate) -> Due {
        Due {
            day,
            left: (day - today).num_days(),
        }
    }

    /// The meaning, as the style sheet knows it.
    pub fn class(&self) -> &'static str {
        match self.left {
            ..0 => "overdue",
            0 => "today",
            1..=SOON => "soon",
            _ => "in-time",
        }
    }

    /// "noch 9 Tage".
    pub fn words(&self) -> String {
        let today = self.day - chrono::TimeDelta::days(self.left);
        dates::days_left(today, self.day, Lang::De)
    }
}

/// A case in the queue.
pub struct Row {
    /// What the store knows.
    pub line: Line,
    /// Its date due.
    pub due: Due,
    /// Who works on it.
    pub assignee: String,
    /// Whose it is; empty where there is only one controller.
    pub controller: String,
    /// How long it has been here.
    pub age: String,
    /// Why it is due on that day, shortly, and in full sentences.
    pub reason: (String, String),
}

impl Row {
    /// The person, or the number where no name was given.
    pub fn name(&self) -> &str {
        let name = self.line.name.reveal().trim();
        if name.is_empty() {
            &self.line.number
        } else {
            name
        }
    }

    /// The rights as short labels.
    pub fn rights(&self) -> Vec<&'static str> {
        self.line
            .rights
            .iter()
            .map(|right| terms::right_short(*right, Lang::De))
            .collect()
    }

    /// Where it stands.
    pub fn stage(&self) -> &'static str {
        terms::stage(self.line.stage, Lang::De)
    }

    /// Whose turn it is.
    pub fn turn(&self) -> &'static str {
        terms::turn(self.line.turn, Lang::De)
    }

    /// Whether the mailbox waits to be confirmed.
    pub fn unproven(&self) -> bool {
        self.line.mailbox == "unproven"
    }

    /// Whether the mailbox was disowned.
    pub fn disowned(&self) -> bool {
        self.line.mailbox == "disowned"
    }

    /// Whether nobody has taken it up yet.
    pub fn fresh(&self) -> bool {
        self.line.stage == Stage::New && self.line.assignee.is_none()
    }

    /// The page of the next act, for going there at once.
    pub fn next(&self) -> Option<Kind> {
        match self.line.stage {
            Stage::New if self.line.rights.is_empty() => Some(Kind::Rights),
            Stage::New if self.line.rights.iter().all(|right| right.never_waits()) => {
                Some(Kind::Decision)
            }
            Stage::New | Stage::Identity => Some(Kind::Identity),
            Stage::Search => Some(Kind::Tasks),
            Stage::Decide => Some(Kind::Decision),
            Stage::Act => Some(Kind::Execution),
            Stage::Review => Some(Kind::Release),
            Stage::Delivery | Stage::Done => None,
        }
    }
}

/// How long something has been here.
pub fn age(received: NaiveDate, today: NaiveDate) -> String {
    desk::age((today - received).num_days())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_class_of_a_date_and_its_words_say_the_same() {
        let today: NaiveDate = "2026-03-10".parse().unwrap();
        let due = |text: &str| Due::of(text.parse().unwrap(), today);
        assert_eq!(
            (due("2026-03-09").class(), due("2026-03-09").words()),
            ("overdue", "seit gestern überfällig".into())
        );
        assert_eq!(
            (due("2026-03-10").class(), due("2026-03-10").words()),
            ("today", "heute fällig".into())
        );
        assert_eq!(due("2026-03-17").class(), "soon");
        assert_eq!(
            (due("2026-03-18").class(), due("2026-03-18").words()),
            ("in-time", "noch 8 Tage".into())
        );
    }
}
