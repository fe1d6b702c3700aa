//! A word in between: what is done, what is missing, and by when. The answer follows.

use chrono::NaiveDate;

use crate::domain::case::Case;
use crate::domain::interim::Interim;
use crate::domain::obstacle::Obstacle;
use crate::web::form::Posted;
use crate::web::office::act::day;
use crate::words::letters;

/// What the form begins with.
pub struct Form {
    /// What is done, as a proposal.
    pub done: String,
    /// What is missing, as a proposal.
    pub open: String,
    /// The last day of the period.
    pub due: NaiveDate,
}

pub fn blank(case: &Case) -> (Form, Interim) {
    let (done, open) = letters::progress(case, case.intake.lang);
    let about = Interim {
        done: done.clone().into(),
        open: open.clone().into(),
        by: None,
    };
    let due = case.due();
    (Form { done, open, due }, about)
}

pub fn typed(posted: &Posted) -> Result<Interim, Obstacle> {
    let by = posted.get("interim-by").trim();
    Ok(Interim {
        done: posted.get("interim-done").trim().into(),
        open: posted.get("interim-open").trim().into(),
        by: match by.is_empty() {
            true => None,
            false => Some(day(by).ok_or(Obstacle::Empty("interim-by"))?),
        },
    })
}
