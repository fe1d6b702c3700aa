//! What is no case of a data subject with us, and the short letter that says so without telling anything.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::case::Case;
use super::dispatch::{Dispatch, MailFate};
use super::event::Event;
use super::ids::MessageId;
use super::obstacle::Obstacle;
use super::private::Private;

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

/// The end as not for us, which waits until its short letter has left.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Misdirection {
    /// Why nothing is owed.
    pub why: WhyNot,
    /// What was found out.
    pub note: Private<String>,
    /// How it is told.
    pub told: Dispatch,
}

impl Case {
    /// Closes what is not for us. A letter that says so goes out with it, unless there is a reason against. By mail
    /// the case ends when the mail server has taken it.
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
        if !self.released_rights().is_empty() {
            return Err(Obstacle::AlreadyReleased);
        }
        self.may_end()?;
        let written = Misdirection {
            why,
            note: note.trim().into(),
            told,
        };
        Ok(match written.told.waits() {
            true => vec![Event::MisdirectionWritten {
                misdirection: Box::new(written),
            }],
            false => vec![ended(written, today), Event::Closed { on: today }],
        })
    }

    /// The mail left on which the end as not for us waited. What came up meanwhile may keep the case open.
    pub fn misdirection_left(&self, message: MessageId, today: NaiveDate) -> Vec<Event> {
        let open = self.misdirection.clone().filter(|_| self.closed.is_none());
        let Some(mut written) = open else {
            return vec![];
        };
        if !written.told.settle(message, MailFate::Left { on: today }) {
            return vec![];
        }
        let closed = self
            .may_end()
            .is_ok()
            .then_some(Event::Closed { on: today });
        let end = ended(written, today);
        [end].into_iter().chain(closed).collect()
    }
}

fn ended(written: Misdirection, today: NaiveDate) -> Event {
    let Misdirection { why, note, told } = written;
    Event::Misdirected {
        on: today,
        note,
        why: Some(why),
        told: Some(told),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::breach::{Breach, BreachStep, Origin};
    use crate::domain::case::tests::{case, clerk, now};
    use crate::domain::decision::{Decision, Done};
    use crate::domain::delivery::{Released, Way};
    use crate::domain::ids::{FileId, SystemId};
    use crate::domain::notice::{Expected, Notice, Told};
    use crate::domain::right::Right;

    const RIGHT: Right = Right::Rectification;

    fn then(case: &mut Case, event: Event) {
        case.apply(&event, now(), &clerk());
    }

    /// Something was corrected, and so far nothing was said of it.
    fn corrected(notices: Vec<Notice>) -> Case {
        let mut case = case(&[RIGHT], None);
        let decided = Event::Decided {
            right: RIGHT,
            decision: Decision::granted(""),
            weighing: Box::default(),
        };
        then(&mut case, decided);
        let done = Done {
            system: "Laden".into(),
            what: "Anschrift berichtigt".into(),
            on: now().date_naive(),
        };
        let carried = Event::CarriedOut {
            right: RIGHT,
            done: vec![done],
            notices,
        };
        then(&mut case, carried);
        case
    }

    fn open_notice() -> Notice {
        Notice {
            right: RIGHT,
            system: SystemId(1),
            recipient: "Rechenwerk GmbH".into(),
            contact: String::new(),
            through: String::new(),
            public: vec![],
            expected: Expected::Instruct,
            what: "Laden".into(),
            due: now().date_naive(),
            told: Told::Open,
        }
    }

    fn not_ours(case: &Case) -> Result<Vec<Event>, Obstacle> {
        let told = Dispatch::Waived {
            because: "Werbung".into(),
        };
        case.misdirected(WhyNot::Elsewhere, "nicht wir", told, now().date_naive())
    }

    fn taken_back(case: &Case) -> Result<Vec<Event>, Obstacle> {
        case.withdraw(&[RIGHT], "per Telefon", now().date_naive())
    }

    #[test]
    fn what_was_done_stays_known_when_its_item_is_taken_back_or_not_ours() {
        for ended in [not_ours, taken_back] {
            let mut case = corrected(vec![]);
            for event in ended(&case).unwrap() {
                then(&mut case, event);
            }
            let done = case.done_before.get(&RIGHT).map_or(0, Vec::len);
            assert_eq!(done, 1, "{:?}", case.items);
        }
    }

    #[test]
    fn nothing_is_taken_back_or_sent_away_while_its_answer_is_underway() {
        let mut case = corrected(vec![]);
        let released = Released {
            rights: vec![RIGHT],
            at: now(),
            by: clerk(),
            way: Way::Post,
            recipient: "Weg 1".into(),
            letter: FileId(1),
            page: None,
            package: None,
            ticked: vec![],
            texts: String::new(),
            lacking: None,
            part: false,
        };
        let released = Box::new(released);
        then(&mut case, Event::Released { released });
        assert_eq!(not_ours(&case), Err(Obstacle::AlreadyReleased));
        assert_eq!(taken_back(&case), Err(Obstacle::AlreadyReleased));
    }

    #[test]
    fn art_19_and_33_no_case_ends_over_a_recipient_untold_or_a_breach_unclosed() {
        let mut case = corrected(vec![open_notice()]);
        assert_eq!(not_ours(&case), Err(Obstacle::NoticesOpen { open: 1 }));
        case.notices.clear();
        let breach = Breach::new(now(), now(), Origin::Message, "Brief vertauscht").unwrap();
        let opened = BreachStep::Opened {
            breach: Box::new(breach),
        };
        let (number, step) = (1, opened);
        then(&mut case, Event::Breach { number, step });
        assert_eq!(not_ours(&case), Err(Obstacle::BreachOpen));
    }
}
