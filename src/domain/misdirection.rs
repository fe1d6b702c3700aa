//! What is no case of a data subject with us, and the short letter that says so without telling anything.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::case::Case;
use super::dispatch::Dispatch;
use super::event::Event;
use super::obstacle::Obstacle;

/// Why nothing is owed under Art. 15 to 22 GDPR.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum WhyNot {
    /// The data lie in software that somebody else runs: he is the controller, not we.
    NotController,
    /// Meant for another house.
    Elsewhere,
    /// No request of a data subject at all.
    NoRequest,
    /// A company has no right of its own.
    LegalPerson,
    /// The GDPR does not protect the dead (Recital 27).
    Bereaved,
    /// The right does not pass to the insolvency administrator.
    InsolvencyAdministrator,
    /// Nobody may ask for another without a mandate.
    ThirdParty,
    /// An authority needs a basis of its own.
    Authority,
}

impl WhyNot {
    /// Every reason, in the order of a choice list.
    pub const ALL: [WhyNot; 8] = [
        WhyNot::NotController,
        WhyNot::Elsewhere,
        WhyNot::NoRequest,
        WhyNot::LegalPerson,
        WhyNot::Bereaved,
        WhyNot::InsolvencyAdministrator,
        WhyNot::ThirdParty,
        WhyNot::Authority,
    ];

    /// Its name in forms and letters.
    pub fn code(self) -> &'static str {
        match self {
            WhyNot::NotController => "not-controller",
            WhyNot::Elsewhere => "elsewhere",
            WhyNot::NoRequest => "no-request",
            WhyNot::LegalPerson => "legal-person",
            WhyNot::Bereaved => "bereaved",
            WhyNot::InsolvencyAdministrator => "insolvency-administrator",
            WhyNot::ThirdParty => "third-party",
            WhyNot::Authority => "authority",
        }
    }

    /// The reason of that name.
    pub fn from_code(code: &str) -> Option<WhyNot> {
        WhyNot::ALL.into_iter().find(|why| why.code() == code)
    }
}

impl Case {
    /// Closes what is not for us. A letter that says so goes out with it, unless there is a reason against.
    pub fn misdirected(
        &self,
        why: WhyNot,
        note: &str,
        told: Dispatch,
        today: NaiveDate,
    ) -> Result<Vec<Event>, Obstacle> {
        self.must_be_open()?;
        if note.trim().is_empty() {
            return Err(Obstacle::Empty("note"));
        }
        told.complete(self.intake.received, today)?;
        Ok(vec![
            Event::Misdirected {
                on: today,
                note: note.trim().into(),
                why: Some(why),
                told: Some(told),
            },
            Event::Closed { on: today },
        ])
    }
}
