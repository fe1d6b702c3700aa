//! What is out to the person and what she brought: the question, the code, the papers that wait to be weighed.

use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};

use super::code::Code;
use super::method::{Knowledge, Method};
use super::on_file::OnFile;
use super::{Identity, ProofObstacle};
use crate::domain::case::Case;
use crate::domain::deadline::PauseKind;
use crate::domain::event::Event;
use crate::domain::ids::{FileId, MessageId};
use crate::domain::item::ItemState;
use crate::domain::obstacle::Obstacle;
use crate::domain::private::Private;
use crate::domain::right::Right;

/// What the person brings is destroyed when it is weighed, and after so many days at the latest.
pub const KEEP_DAYS: u64 = 14;
/// How often a person may answer one question before a clerk has to look at it.
pub const ANSWERS: u8 = 3;
/// So long after the reminder the case is closed if nothing came.
const AFTER_REMINDER: u64 = 14;
/// At least so long the person has after the reminder.
const LEAST_TIME: u64 = 5;

/// The question that is out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    /// When it was put first.
    pub first: NaiveDate,
    /// When it was put last.
    pub on: NaiveDate,
    /// The doubt, or what was still missing, as the person reads it.
    pub doubt: Private<String>,
    /// What would suffice; one of them is enough.
    pub means: Vec<Method>,
    /// What is asked for, where knowledge is among the means.
    pub keys: Vec<Knowledge>,
}

/// Something the person brought that nobody has weighed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Given {
    /// The day it came.
    pub on: NaiveDate,
    /// Which of the means it is.
    pub method: Method,
    /// What it consists of; each file has a key of its own and is destroyed when it is weighed.
    pub files: Vec<FileId>,
}

/// How far the proof of a case is, beside what came out of it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Proof {
    /// The question that is out.
    pub asked: Option<Asked>,
    /// The last code.
    pub code: Option<Code>,
    /// What the person brought and nobody has weighed.
    pub given: Vec<Given>,
    /// How often she answered the question that is out.
    pub answers: u8,
    /// When she was reminded of it.
    pub reminded: Option<NaiveDate>,
    /// Where the address stands on file by which she was recognised.
    pub on_file: Option<OnFile>,
    /// The doubts of this case, for telling a routine from a reason.
    pub doubts: Vec<Private<String>>,
    /// Whether a copy of a document was asked for.
    pub copy: bool,
}

impl Proof {
    /// The files that hold what the person brought.
    pub fn files(&self) -> Vec<FileId> {
        self.given
            .iter()
            .flat_map(|given| given.files.clone())
            .collect()
    }

    /// The files that have to go by now, whether anybody has weighed them or not.
    pub fn overdue(&self, today: NaiveDate) -> Vec<FileId> {
        let old = |on: NaiveDate| {
            on.checked_add_days(Days::new(KEEP_DAYS))
                .is_some_and(|last| last <= today)
        };
        let given = self
            .given
            .iter()
            .filter(|given| old(given.on))
            .flat_map(|given| given.files.clone());
        let letter = self
            .code
            .iter()
            .filter(|code| old(code.made))
            .filter_map(|code| code.letter);
        given.chain(letter).collect()
    }
}

/// Why a case ends without the person being identified.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Unidentified {
    /// Asked, reminded, and no answer.
    Silent,
    /// What came did not suffice.
    Insufficient,
    /// The data cannot be matched to a person at all (Art. 11 GDPR): an IP address or a cookie, nothing more.
    Unidentifiable,
}

impl Unidentified {
    /// Every cause, in the order of a choice list.
    pub const ALL: [Unidentified; 3] = [
        Unidentified::Silent,
        Unidentified::Insufficient,
        Unidentified::Unidentifiable,
    ];

    /// Its name in storage and forms.
    pub fn code(self) -> &'static str {
        match self {
            Unidentified::Silent => "silent",
            Unidentified::Insufficient => "insufficient",
            Unidentified::Unidentifiable => "unidentifiable",
        }
    }

    /// The cause of that name.
    pub fn from_code(code: &str) -> Option<Unidentified> {
        Unidentified::ALL
            .into_iter()
            .find(|cause| cause.code() == code)
    }

    /// Whether a right ends by it. Art. 11(2) GDPR speaks of Art. 15 to 20; what never waits for a proof
    /// never ends for want of one.
    pub fn ends(self, right: Right) -> bool {
        match self {
            Unidentified::Silent | Unidentified::Insufficient => !right.answered_unproven(),
            Unidentified::Unidentifiable => matches!(
                right,
                Right::Access
                    | Right::Rectification
                    | Right::Erasure
                    | Right::Restriction
                    | Right::Portability
            ),
        }
    }
}

impl Case {
    /// The person brings a proof, or an answer to what was asked. A closed case is taken up again with its first clock.
    ///
    /// # Errors
    /// Nobody asked, or she has answered often enough for somebody to look first.
    pub fn give_proof(
        &self,
        method: Method,
        files: Vec<FileId>,
        today: NaiveDate,
    ) -> Result<Vec<Event>, Obstacle> {
        let asked = self.question().ok_or(ProofObstacle::NotAsked)?;
        if !asked.means.contains(&method) {
            return Err(ProofObstacle::NotAsked.into());
        }
        if self.proof.answers >= ANSWERS {
            return Err(ProofObstacle::WeighFirst.into());
        }
        let mut events = vec![Event::ProofGiven {
            on: today,
            method,
            files,
        }];
        if self.closed.is_some() {
            events.push(Event::Reopened {
                because: "proof".into(),
            });
        }
        Ok(events)
    }

    /// The question that the person can answer: it is out, or the case was closed because no answer came.
    pub fn question(&self) -> Option<&Asked> {
        let proven = matches!(self.identity, Identity::Confirmed { .. });
        let ended = |state: &ItemState| matches!(state, ItemState::NotIdentified { .. });
        let waits = matches!(self.identity, Identity::Asked { .. })
            || (!proven && self.items.iter().any(|item| ended(&item.state)));
        self.proof.asked.as_ref().filter(|_| waits)
    }

    /// Destroys what the person brought and nobody weighed in time, and a code's letter that nobody posted.
    pub fn clear_proofs(&self, today: NaiveDate) -> Vec<Event> {
        let files = self.proof.overdue(today);
        if files.is_empty() {
            vec![]
        } else {
            vec![Event::ProofDestroyed { files }]
        }
    }

    /// Whether the one reminder is due: asked so many days ago, and nothing came since.
    pub fn reminder_due(&self, after: u16, today: NaiveDate) -> bool {
        let Some(asked) = &self.proof.asked else {
            return false;
        };
        let due = asked.on.checked_add_days(Days::new(u64::from(after)));
        self.may_remind().is_ok() && !self.unread && due.is_some_and(|due| due <= today)
    }

    fn may_remind(&self) -> Result<(), Obstacle> {
        self.must_be_open()?;
        if !matches!(self.identity, Identity::Asked { .. }) || self.proof.asked.is_none() {
            return Err(ProofObstacle::NotAsked.into());
        }
        if self.unsent(PauseKind::Identity).is_some() {
            return Err(ProofObstacle::QuestionUnsent.into());
        }
        if self.proof.reminded.is_some() {
            return Err(ProofObstacle::RemindedAlready.into());
        }
        if !self.proof.given.is_empty() {
            return Err(ProofObstacle::WeighFirst.into());
        }
        Ok(())
    }

    /// Reminds the person of the question, once.
    ///
    /// # Errors
    /// Nothing is asked, she answered, or was reminded before.
    pub fn remind(
        &self,
        message: Option<MessageId>,
        today: NaiveDate,
    ) -> Result<Vec<Event>, Obstacle> {
        self.may_remind()?;
        let mut events = vec![Event::IdentityReminded { on: today }];
        events.extend(message.map(|message| Event::Said { message }));
        Ok(events)
    }

    /// From when on a case without an answer is closed: two weeks after the reminder, but before the date
    /// without the pause, if the person has a few days until then.
    pub fn closes_on(&self, reminded: NaiveDate) -> NaiveDate {
        let after = |days| {
            reminded
                .checked_add_days(Days::new(days))
                .unwrap_or(NaiveDate::MAX)
        };
        let unpaused = self.earliest().pred_opt().unwrap_or(NaiveDate::MIN);
        after(AFTER_REMINDER).min(unpaused).max(after(LEAST_TIME))
    }

    /// Whether the case is to be closed as not identifiable by now.
    pub fn closing_due(&self, today: NaiveDate) -> bool {
        let waits = matches!(self.identity, Identity::Asked { .. })
            && self.closed.is_none()
            && self.proof.given.is_empty()
            && !self.unread;
        waits
            && self
                .proof
                .reminded
                .is_some_and(|on| self.closes_on(on) <= today)
    }

    /// The rights that end when nobody knows who it is.
    pub fn ends_unidentified(&self, cause: Unidentified) -> Vec<Right> {
        self.unanswered()
            .into_iter()
            .filter(|item| cause.ends(item.right) && item.decision().is_none())
            .map(|item| item.right)
            .collect()
    }

    /// Ends what cannot be answered because nobody knows who it is (Art. 11, 12(4), (6) GDPR). The letter with
    /// reasons and remedies leaves with it.
    ///
    /// # Errors
    /// The person was not reminded, may still answer, or her answer was not weighed; a reason is lacking.
    pub fn not_identified(
        &self,
        cause: Unidentified,
        because: &str,
        message: Option<MessageId>,
        today: NaiveDate,
    ) -> Result<Vec<Event>, Obstacle> {
        self.must_be_open()?;
        if because.trim().is_empty() {
            return Err(Obstacle::Empty("because"));
        }
        if !self.proof.given.is_empty() {
            return Err(ProofObstacle::WeighFirst.into());
        }
        match (&self.identity, cause) {
            (Identity::Confirmed { .. }, _) => return Err(ProofObstacle::Proven.into()),
            (_, Unidentified::Unidentifiable)
            | (Identity::Failed { .. }, Unidentified::Insufficient) => {}
            (Identity::Asked { .. }, Unidentified::Silent) => match self.proof.reminded {
                None => return Err(ProofObstacle::RemindFirst.into()),
                Some(on) if today < self.closes_on(on) => {
                    return Err(ProofObstacle::StillTime(self.closes_on(on)).into());
                }
                Some(_) => {}
            },
            _ => return Err(ProofObstacle::NotAsked.into()),
        }
        let rights = self.ends_unidentified(cause);
        if rights.is_empty() {
            return Err(ProofObstacle::NothingEnds.into());
        }
        let left = |right: &Right| !rights.contains(right);
        let all = self
            .items
            .iter()
            .filter(|item| left(&item.right))
            .all(|item| item.ended());
        let mut events = vec![Event::NotIdentified {
            rights: rights.clone(),
            on: today,
            cause,
            because: because.trim().into(),
        }];
        events.extend(message.map(|message| Event::Said { message }));
        if all && self.may_end().is_ok() {
            events.push(Event::Closed { on: today });
        }
        Ok(events)
    }

    /// Destroys one file of the person that is not needed, such as a copy of a document nobody asked for.
    ///
    /// # Errors
    /// Without a reason.
    pub fn destroy_file(&self, file: FileId, because: &str) -> Result<Vec<Event>, Obstacle> {
        if because.trim().is_empty() {
            return Err(Obstacle::Empty("because"));
        }
        Ok(vec![Event::FileDestroyed {
            file,
            because: because.trim().into(),
        }])
    }

    /// Lets an event of this column take effect on what is out and what came.
    pub(in crate::domain) fn apply_proof(&mut self, event: &Event) {
        match event {
            Event::IdentityAsked {
                on,
                doubt,
                means,
                keys,
                ..
            } => {
                let first = self.proof.asked.as_ref().map_or(*on, |asked| asked.first);
                if !self.proof.doubts.contains(doubt) {
                    self.proof.doubts.push(doubt.clone());
                }
                self.proof.copy |= means.contains(&Method::BlackenedCopy);
                self.proof.asked = Some(Asked {
                    first,
                    on: *on,
                    doubt: doubt.clone(),
                    means: means.clone(),
                    keys: keys.clone(),
                });
                self.proof.answers = 0;
                self.proof.reminded = None;
            }
            Event::IdentityReminded { on } => self.proof.reminded = Some(*on),
            Event::ProofGiven { on, method, files } => {
                self.proof.answers = self.proof.answers.saturating_add(1);
                self.proof.given.push(Given {
                    on: *on,
                    method: *method,
                    files: files.clone(),
                });
                self.unread = true;
            }
            Event::ProofDestroyed { files } => {
                for given in &mut self.proof.given {
                    given.files.retain(|file| !files.contains(file));
                }
                self.proof.given.retain(|given| !given.files.is_empty());
                if let Some(code) = &mut self.proof.code {
                    code.letter = code.letter.filter(|letter| !files.contains(letter));
                }
            }
            Event::NotIdentified { rights, on, .. } => {
                for item in self
                    .items
                    .iter_mut()
                    .filter(|item| rights.contains(&item.right))
                {
                    item.state = ItemState::NotIdentified { on: *on };
                }
            }
            _ => {}
        }
    }

    /// A case that ended without an answer waits for it again.
    pub(in crate::domain) fn wait_for_proof_again(&mut self) {
        let Some(asked) = self.proof.asked.clone() else {
            return;
        };
        let ended = |state: &ItemState| matches!(state, ItemState::NotIdentified { .. });
        let mut some = false;
        for item in self.items.iter_mut().filter(|item| ended(&item.state)) {
            item.state = ItemState::Identity;
            some = true;
        }
        if let (true, Some(method)) = (some, asked.means.first()) {
            self.identity = Identity::Asked {
                on: asked.on,
                doubt: asked.doubt,
                method: *method,
            };
        }
    }
}
