//! What kind of letter a case was opened by: a request of a person, a notice of another controller, an authority.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::calendar::Calendar;
use super::case::Case;
use super::deadline::Period;
use super::event::Event;
use super::obstacle::Obstacle;
use super::private::Private;
use super::right::Right;
use super::term::Term;

/// What a case is about.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "is")]
pub enum Matter {
    /// A request under Art. 15 to 22 or 7(3) GDPR.
    #[default]
    Request,
    /// Another controller or a customer tells that data it gave us must be corrected, erased or restricted (Art. 19
    /// GDPR). The requester is the notifier; whose data it is, the notice says. Nobody proves who she is.
    Recipient {
        /// The notifier's own reference.
        reference: Private<String>,
    },
    /// A letter of a supervisory or another authority. Rules of disclosure to a person do not hold for it.
    Authority {
        /// Its reference.
        reference: Private<String>,
        /// By when it wants an answer; the letter sets it.
        due: NaiveDate,
    },
    /// A breach of security that somebody reported or found, and no request: nobody asks for anything.
    Breach {
        /// The day on which the 72 hours of Art. 33(1) GDPR end.
        due: NaiveDate,
    },
}

impl Matter {
    /// Its name in forms and storage.
    pub fn code(&self) -> &'static str {
        match self {
            Matter::Request => "request",
            Matter::Recipient { .. } => "recipient",
            Matter::Authority { .. } => "authority",
            Matter::Breach { .. } => "breach",
        }
    }

    /// What may be an item of such a case: a notice never asks for a copy.
    pub fn may_ask(&self, right: Right) -> bool {
        match self {
            Matter::Request => true,
            Matter::Recipient { .. } => matches!(
                right,
                Right::Rectification | Right::Erasure | Right::Restriction
            ),
            Matter::Authority { .. } | Matter::Breach { .. } => false,
        }
    }

    /// The date that an authority set itself, or on which the hours of a breach end.
    pub fn own_date(&self) -> Option<NaiveDate> {
        match self {
            Matter::Authority { due, .. } | Matter::Breach { due } => Some(*due),
            _ => None,
        }
    }

    /// The reckoning for such a letter: the month of Art. 12(3) GDPR, or its own date.
    pub fn term(&self, period: Period, calendar: &Calendar) -> Result<Term, Obstacle> {
        let received = period.received;
        let mut term = Term::reckon(period, calendar)?;
        if let Some(due) = self.own_date() {
            if due < received {
                return Err(Obstacle::Empty("due"));
            }
            let deadline = &mut term.deadline;
            for day in [
                &mut deadline.nominal_due,
                &mut deadline.due,
                &mut deadline.current_due,
                &mut deadline.cautious_due,
            ] {
                *day = due;
            }
            deadline.post_by = deadline.post_by.min(due);
            deadline.because = vec![];
        }
        Ok(term)
    }
}

/// How far the answer to an authority is.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Inquiry {
    /// The day on which the data protection officer was asked, where there is one (Art. 39(1)(d) GDPR).
    #[serde(default)]
    pub officer: Option<NaiveDate>,
    /// The day on which the answer left.
    #[serde(default)]
    pub answered: Option<NaiveDate>,
}

impl Case {
    /// The data protection officer was asked about an authority's letter.
    pub fn ask_officer(&self, on: NaiveDate, today: NaiveDate) -> Result<Vec<Event>, Obstacle> {
        self.must_be_open()?;
        self.must_be_inquiry()?;
        if on < self.intake.received || on > today {
            return Err(Obstacle::Empty("officer"));
        }
        if self.inquiry.officer.is_some() {
            return Ok(vec![]);
        }
        Ok(vec![Event::OfficerAsked { on }])
    }

    /// The authority was answered; with that the case ends. Where there is an officer, she was asked before.
    pub fn answer_authority(
        &self,
        on: NaiveDate,
        note: &str,
        has_officer: bool,
        today: NaiveDate,
    ) -> Result<Vec<Event>, Obstacle> {
        self.must_be_open()?;
        self.must_be_inquiry()?;
        if on < self.intake.received || on > today {
            return Err(Obstacle::Empty("answered"));
        }
        if note.trim().is_empty() {
            return Err(Obstacle::Empty("note"));
        }
        if has_officer && self.inquiry.officer.is_none() {
            return Err(Obstacle::OfficerUnasked);
        }
        self.may_end()?;
        Ok(vec![
            Event::AuthorityAnswered {
                on,
                note: note.trim().into(),
            },
            Event::Closed { on: today },
        ])
    }

    fn must_be_inquiry(&self) -> Result<(), Obstacle> {
        match self.intake.matter {
            Matter::Authority { .. } => Ok(()),
            _ => Err(Obstacle::NoInquiry),
        }
    }
}
