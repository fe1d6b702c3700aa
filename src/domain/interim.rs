//! Where the work stands, told before there is an answer. It promises nothing beyond the period and moves no date.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::case::Case;
use super::obstacle::Obstacle;
use super::private::Private;

/// What the person is told in between.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Interim {
    /// What is done already, one thing a line.
    pub done: Private<String>,
    /// What is missing, one thing a line.
    pub open: Private<String>,
    /// When the answer is expected.
    pub by: Option<NaiveDate>,
}

impl Case {
    /// Whether such a word may leave now.
    ///
    /// # Errors
    /// Nothing is open any more, nothing is said to be missing, or the day lies beyond the period.
    pub fn may_report(&self, interim: &Interim, today: NaiveDate) -> Result<(), Obstacle> {
        self.must_be_open()?;
        if self.unanswered().is_empty() {
            return Err(Obstacle::NothingToAnswer);
        }
        // Where nothing is missing, the answer leaves and no word about it.
        if interim.open.reveal().trim().is_empty() {
            return Err(Obstacle::Empty("interim-open"));
        }
        match interim.by {
            Some(by) if by < today || by > self.due() => Err(Obstacle::Empty("interim-by")),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::case::tests::case as opened;
    use crate::domain::right::Right;

    #[test]
    fn art_12_3_a_word_in_between_names_what_is_missing_and_promises_no_later_day() {
        let case = opened(&[Right::Access], None);
        let today = "2026-03-04".parse().unwrap();
        let said = |open: &str, by: Option<NaiveDate>| Interim {
            done: String::new().into(),
            open: open.to_owned().into(),
            by,
        };
        let may = |said: Interim| case.may_report(&said, today);
        assert_eq!(may(said("das Archiv", None)), Ok(()));
        assert_eq!(may(said("das Archiv", Some(case.due()))), Ok(()));
        assert_eq!(may(said(" ", None)), Err(Obstacle::Empty("interim-open")));
        let late = case.due().succ_opt();
        assert_eq!(
            may(said("das Archiv", late)),
            Err(Obstacle::Empty("interim-by"))
        );
    }
}
