//! By what right somebody writes: for herself, for a child, with a mandate, as guardian, or by none at all. Nothing
//! of the person leaves and nothing is altered before that is settled.

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};

use super::calendar::Calendar;
use super::case::Case;
use super::deadline::{ClockObstacle, at_once};
use super::event::Event;
use super::intake::{OnBehalf, Party};
use super::mandate::{AnswerTo, Certificate, Mandate, Trade};
use super::matter::Matter;
use super::misdirection::WhyNot;
use super::obstacle::Obstacle;
use super::private::Private;

/// From this age on a child's own view is asked before an answer about it leaves.
pub const OWN_VIEW_FROM: i32 = 14;
/// From this age on parents need a mandate like everybody else.
const GROWN_AT: i32 = 18;

/// What a clerk saw that shows it, and when; never a copy of the paper.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seen {
    /// The day.
    pub on: NaiveDate,
    /// What was seen or heard.
    pub note: Private<String>,
}

impl Seen {
    /// A note, or the obstacle that it is empty.
    pub fn noted(note: &str, on: NaiveDate, field: &'static str) -> Result<Seen, Obstacle> {
        match note.trim() {
            "" => Err(Obstacle::Empty(field)),
            note => Ok(Seen {
                on,
                note: note.into(),
            }),
        }
    }
}

/// How who writes stands to the person whose data it is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "is")]
pub enum Standing {
    /// It is she herself.
    Own,
    /// A parent for a child.
    Parent {
        /// The child's year of birth; no more is needed.
        born: Option<i32>,
        /// What shows that it is a parent; proportionate, never a certificate by routine.
        shown: Option<Seen>,
        /// What the child itself wants, from fourteen on.
        view: Option<Seen>,
    },
    /// A lawyer, an app or somebody else with a power of attorney.
    Agent {
        /// What the agent is.
        by: Trade,
        /// The power of attorney.
        mandate: Mandate,
        /// To whom the answer goes.
        answer_to: AnswerTo,
    },
    /// A guardian under § 1815 BGB.
    Guardian {
        /// The court's certificate.
        certificate: Option<Certificate>,
    },
    /// An insolvency administrator: the right does not pass to him.
    InsolvencyAdministrator,
    /// Somebody who asks about a dead person (Recital 27 GDPR).
    Bereaved,
    /// A company or another legal person, for itself.
    LegalPerson,
    /// Spouse, neighbour, employer: anybody else.
    ThirdParty,
    /// Police or another authority that shows no basis of its own.
    Authority,
}

/// What is missing before the standing is settled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lack {
    /// The year in which the child was born.
    ChildsAge,
    /// What shows that it is a parent.
    Parenthood,
    /// The child is grown up: parents need a mandate.
    ChildGrown,
    /// What the child itself wants.
    ChildsView,
    /// No power of attorney was shown.
    Mandate,
    /// It does not cover what is asked for.
    MandateScope,
    /// It was rejected.
    MandateRejected,
    /// The guardian's certificate.
    Certificate,
    /// The guardian's task area does not cover it.
    TaskArea,
    /// Who writes has no right to it at all.
    NoRight(WhyNot),
}

impl Standing {
    /// What the form or the letter says, before anybody looked.
    pub fn claimed(on_behalf: OnBehalf) -> Standing {
        match on_behalf {
            OnBehalf::Own => Standing::Own,
            OnBehalf::Child => Standing::Parent {
                born: None,
                shown: None,
                view: None,
            },
            OnBehalf::Represented => Standing::Agent {
                by: Trade::Other,
                mandate: Mandate::Open,
                answer_to: AnswerTo::Person,
            },
        }
    }

    /// Its name in forms and storage.
    pub fn code(&self) -> &'static str {
        match self {
            Standing::Own => "own",
            Standing::Parent { .. } => "parent",
            Standing::Agent { .. } => "agent",
            Standing::Guardian { .. } => "guardian",
            Standing::InsolvencyAdministrator => "insolvency-administrator",
            Standing::Bereaved => "bereaved",
            Standing::LegalPerson => "legal-person",
            Standing::ThirdParty => "third-party",
            Standing::Authority => "authority",
        }
    }

    /// Why nothing is owed to somebody of this standing, where that is so.
    pub fn no_right(&self) -> Option<WhyNot> {
        match self {
            Standing::InsolvencyAdministrator => Some(WhyNot::InsolvencyAdministrator),
            Standing::Bereaved => Some(WhyNot::Bereaved),
            Standing::LegalPerson => Some(WhyNot::LegalPerson),
            Standing::ThirdParty => Some(WhyNot::ThirdParty),
            Standing::Authority => Some(WhyNot::Authority),
            _ => None,
        }
    }

    /// Whether who writes may ask for this; `on` is the day of receipt, by which a child's age goes.
    pub fn lacks(&self, on: NaiveDate) -> Option<Lack> {
        match self {
            Standing::Own => None,
            Standing::Parent { born, shown, .. } => match born {
                None => Some(Lack::ChildsAge),
                // By the year alone a child is at least one year less than the years between.
                Some(born) if on.year() - born > GROWN_AT => Some(Lack::ChildGrown),
                Some(_) if shown.is_none() => Some(Lack::Parenthood),
                Some(_) => None,
            },
            Standing::Agent { mandate, .. } => mandate.lacks(),
            Standing::Guardian { certificate } => match certificate {
                None => Some(Lack::Certificate),
                Some(certificate) if !certificate.covers => Some(Lack::TaskArea),
                Some(_) => None,
            },
            other => other.no_right().map(Lack::NoRight),
        }
    }

    /// Whether the child may be old enough to be asked itself; by the year alone the cautious reading.
    pub fn asks_child(&self, on: NaiveDate) -> bool {
        matches!(self, Standing::Parent { born: Some(born), .. } if on.year() - born >= OWN_VIEW_FROM)
    }

    /// What an answer about the person still lacks, beyond who may ask.
    fn unheard(&self, on: NaiveDate) -> Option<Lack> {
        match self {
            Standing::Parent { view: None, .. } if self.asks_child(on) => Some(Lack::ChildsView),
            _ => None,
        }
    }

    /// Whether the answer goes to the person and not to who writes.
    pub fn answers_person(&self) -> bool {
        matches!(
            self,
            Standing::Agent {
                answer_to: AnswerTo::Person,
                ..
            }
        )
    }
}

impl Case {
    /// By what right somebody writes: as a clerk settled it, else as it was claimed.
    pub fn standing(&self) -> Standing {
        match &self.standing {
            Some(settled) => settled.clone(),
            None => Standing::claimed(self.intake.on_behalf),
        }
    }

    /// Nothing about the person is decided for her, done or sent before who writes may ask for it.
    pub fn standing_settled(&self) -> Result<(), Obstacle> {
        if self.intake.matter != Matter::Request {
            return Ok(());
        }
        match self.standing().lacks(self.intake.received) {
            None => Ok(()),
            Some(lack) => Err(Obstacle::StandingOpen(lack)),
        }
    }

    /// It is she, and who writes may ask for it: what stands before every act that discloses or alters. The
    /// notice of another controller names the person itself, and nobody has to prove who she is.
    pub(super) fn person_settled(&self) -> Result<(), Obstacle> {
        if matches!(self.intake.matter, Matter::Recipient { .. }) {
            return Ok(());
        }
        self.standing_settled()?;
        self.identity.confirmed().map(drop)
    }

    /// Whether systems may be asked for what waits for a proof: it is she, or a notice named her.
    pub fn may_be_searched(&self) -> Result<(), Obstacle> {
        match self.intake.matter {
            Matter::Recipient { .. } => Ok(()),
            _ => self.identity.confirmed().map(drop),
        }
    }

    /// To whom the answer goes: who wrote, unless an agent wrote whom the mandate does not clearly authorise.
    pub fn addressee(&self) -> Option<&Party> {
        match self.standing().answers_person() {
            true => self.data_subject(),
            false => self.requester(),
        }
    }

    /// An answer about a child waits for the child's own view as well.
    pub(super) fn standing_answerable(&self) -> Result<(), Obstacle> {
        self.standing_settled()?;
        match self.standing().unheard(self.intake.received) {
            None => Ok(()),
            Some(lack) => Err(Obstacle::StandingOpen(lack)),
        }
    }

    /// Records by what right somebody writes.
    pub fn set_standing(&self, standing: Standing) -> Result<Vec<Event>, Obstacle> {
        self.must_be_open()?;
        // A rejection has its own guard, and undoing it is hearing of a mandate that suffices.
        if let Standing::Agent {
            mandate: Mandate::Rejected { .. },
            ..
        } = &standing
            && self.standing() != standing
        {
            return Err(Obstacle::StandingOpen(Lack::MandateRejected));
        }
        if let Standing::Parent {
            born: Some(born), ..
        } = &standing
            && !(self.intake.received.year() - 120..=self.intake.received.year()).contains(born)
        {
            return Err(Obstacle::Empty("born"));
        }
        if self.standing.as_ref() == Some(&standing) {
            return Ok(vec![]);
        }
        Ok(vec![Event::StandingSet {
            standing: Box::new(standing),
        }])
    }

    /// Rejects a power of attorney because the original is missing: at once and with a reason, or not at all
    /// (§ 174 BGB by analogy). `cause` is the day on which the letter came. The clock runs on.
    pub fn reject_mandate(
        &self,
        because: &str,
        cause: NaiveDate,
        today: NaiveDate,
        calendar: &Calendar,
    ) -> Result<Vec<Event>, Obstacle> {
        self.must_be_open()?;
        let Standing::Agent {
            by,
            mandate,
            answer_to,
        } = self.standing()
        else {
            return Err(Obstacle::NoMandate);
        };
        if because.trim().is_empty() {
            return Err(Obstacle::Empty("because"));
        }
        // With the original in the house there is nothing to reject.
        if matches!(mandate, Mandate::Shown { original: true, .. }) {
            return Err(Obstacle::NoMandate);
        }
        if cause < self.intake.received || cause > today {
            return Err(Obstacle::Empty("cause"));
        }
        let place = &self.term.period.place;
        let late = at_once(cause, today, calendar, place).map_err(|why| match why {
            ClockObstacle::AskedTooLate { last, .. } => Obstacle::MandateTooLate { last },
            other => other.into(),
        })?;
        Ok(vec![Event::StandingSet {
            standing: Box::new(Standing::Agent {
                by,
                mandate: Mandate::Rejected {
                    on: today,
                    because: because.trim().into(),
                    late,
                },
                answer_to,
            }),
        }])
    }
}

#[cfg(test)]
#[path = "standing/tests.rs"]
mod tests;
