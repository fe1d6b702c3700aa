//! What may still happen to a case once it is answered: a hold on its file, a complaint, a late answer
//! explained, an answer in the wrong hands, a breach of security.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::breach::{Breach, BreachStep};
use super::case::Case;
use super::collection::{Outcome, Task, TaskState};
use super::delivery::{Delivery, Way};
use super::event::Event;
use super::identity::Identity;
use super::ids::FileId;
use super::intake::Mailbox;
use super::obstacle::Obstacle;
use super::preserve::Secured;
use super::private::Private;
use super::scope::Actor;

/// Why a closed case opened again; codes, put into words where they are shown.
pub mod reopened {
    /// An answer came back.
    pub const BOUNCED: &str = "bounced";
    /// Somebody complained.
    pub const COMPLAINT: &str = "complaint";
    /// A notice to a recipient of data came back.
    pub const RECIPIENT: &str = "recipient";
    /// An answer went to the wrong person.
    pub const MISDELIVERED: &str = "misdelivered";
    /// A breach of security came to light.
    pub const BREACH: &str = "breach";
}

/// All of it; empty for nearly every case.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Aftermath {
    /// Reasons for which nothing of the file is deleted.
    pub holds: Vec<Hold>,
    /// Complaints, to us or to the authority.
    pub complaints: Vec<Complaint>,
    /// Why the answer comes late, in the words that the letter prints.
    pub late: Option<Private<String>>,
    /// What was destroyed early, and on which day.
    pub destroyed: Vec<Destroyed>,
    /// The packages among it.
    pub packages_gone: Vec<FileId>,
    /// Answers that went to the wrong person.
    pub misdelivered: Vec<Misdelivery>,
    /// Breaches of security that this case brought to light.
    pub breaches: Vec<Breach>,
}

/// A reason for which nothing of a case file is deleted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hold {
    /// Since when.
    pub since: NaiveDate,
    /// By whom.
    pub by: Actor,
    /// Why.
    pub because: Private<String>,
    /// When it was lifted, and why.
    pub lifted: Option<(NaiveDate, Private<String>)>,
}

impl Hold {
    /// Whether it still stands.
    pub fn stands(&self) -> bool {
        self.lifted.is_none()
    }
}

/// To whom a complaint went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Forum {
    /// To the office itself.
    Us,
    /// To the supervisory authority, or announced to go there (Art. 77 GDPR).
    Authority,
    /// To a court, or announced to go there (Art. 79 GDPR).
    Court,
}

impl Forum {
    /// Every one, in the order of a choice list.
    pub const ALL: [Forum; 3] = [Forum::Us, Forum::Authority, Forum::Court];

    /// Its name in forms.
    pub fn code(self) -> &'static str {
        match self {
            Forum::Us => "us",
            Forum::Authority => "authority",
            Forum::Court => "court",
        }
    }

    /// The one of that name.
    pub fn from_code(code: &str) -> Option<Forum> {
        Forum::ALL.into_iter().find(|forum| forum.code() == code)
    }
}

/// A complaint about how a request was handled.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Complaint {
    /// The day it came.
    pub on: NaiveDate,
    /// To whom.
    pub to: Forum,
    /// What it says.
    pub text: Private<String>,
}

/// Something of the copy that was destroyed early; what proves that it was given stays.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Destroyed {
    /// The day.
    pub on: NaiveDate,
    /// What it was.
    pub what: CopyOf,
    /// The system that it came from; empty for a package.
    pub system: String,
    /// The categories of data that the register named for the system.
    pub categories: Vec<String>,
    /// How many files.
    pub files: usize,
    /// Bytes in all.
    pub size: u64,
    /// SHA-256 of each file as it was, so that a copy in somebody's hands can be compared.
    pub sha256: Vec<String>,
}

/// Which part of the copy it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CopyOf {
    /// The package of an answer.
    Package,
    /// What was found in a system.
    Finding,
}

/// An answer in the wrong hands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Misdelivery {
    /// Which of the case's answers, counted from one.
    pub answer: usize,
    /// When the office learnt of it.
    pub aware: DateTime<Utc>,
    /// By which way it had gone.
    pub way: Way,
    /// Where it had gone.
    pub to: Private<String>,
    /// The files that left.
    pub files: Vec<FileId>,
    /// Which of them were fetched, and on which day.
    pub fetched: Vec<(FileId, NaiveDate)>,
    /// What happened, in a clerk's words.
    pub note: Private<String>,
}

impl Case {
    /// Whether something keeps the file from being deleted: a hold, or a breach that is not closed.
    pub fn held(&self) -> bool {
        self.aftermath.holds.iter().any(Hold::stands) || self.open_breach().is_some()
    }

    /// The first breach that is not closed, with its number from one.
    pub fn open_breach(&self) -> Option<(usize, &Breach)> {
        let all = self.aftermath.breaches.iter().enumerate();
        all.map(|(at, breach)| (at + 1, breach))
            .find(|(_, breach)| breach.closed.is_none())
    }

    /// Keeps everything of the file until the hold is lifted.
    pub fn hold(&self, because: &str, on: NaiveDate, by: &Actor) -> Result<Vec<Event>, Obstacle> {
        Ok(vec![Event::HoldSet {
            hold: Hold {
                since: on,
                by: by.clone(),
                because: written(because, "because")?,
                lifted: None,
            },
        }])
    }

    /// Lifts a hold; what was due meanwhile is due now.
    pub fn lift(
        &self,
        number: usize,
        because: &str,
        on: NaiveDate,
    ) -> Result<Vec<Event>, Obstacle> {
        let hold = number
            .checked_sub(1)
            .and_then(|at| self.aftermath.holds.get(at));
        if !hold.is_some_and(Hold::stands) {
            return Err(Obstacle::NoHold);
        }
        Ok(vec![Event::HoldLifted {
            number,
            on,
            because: written(because, "because")?,
        }])
    }

    /// A complaint came: the case is open again, its first clock stands, and nothing of it is deleted before
    /// somebody says that the matter is over.
    pub fn complain(&self, complaint: Complaint, by: &Actor) -> Result<Vec<Event>, Obstacle> {
        if complaint.on < self.intake.received {
            return Err(Obstacle::Empty("on"));
        }
        written(complaint.text.reveal(), "text")?;
        let on = complaint.on;
        let mut events = vec![Event::Complained { complaint }];
        events.extend(self.hold(reopened::COMPLAINT, on, by)?);
        events.extend(self.opened_again(reopened::COMPLAINT));
        Ok(events)
    }

    /// Says why an answer comes after its day; the letter prints it.
    pub fn explain_lateness(&self, because: &str) -> Result<Vec<Event>, Obstacle> {
        self.must_be_open()?;
        Ok(vec![Event::LateExplained {
            because: written(because, "because")?,
        }])
    }

    /// Whether an answer that leaves on this day has to say why it is late, and does not.
    pub fn lateness_unexplained(&self, today: NaiveDate) -> bool {
        let next = self.answerable();
        let items = match next.is_empty() {
            true => self.unanswered(),
            false => next,
        };
        self.aftermath.late.is_none() && items.iter().any(|item| item.term.due() < today)
    }

    /// An answer went to the wrong person: it answers nothing, and whatever lies in the outbox stays there.
    pub fn misdeliver(
        &self,
        slip: Misdelivery,
        now: DateTime<Utc>,
    ) -> Result<Vec<Event>, Obstacle> {
        written(slip.note.reveal(), "note")?;
        let answer = slip
            .answer
            .checked_sub(1)
            .and_then(|at| self.answers.get(at))
            .ok_or(Obstacle::NothingSent)?;
        if self
            .aftermath
            .misdelivered
            .iter()
            .any(|before| before.answer == slip.answer)
        {
            return Err(Obstacle::MisdeliveredAlready);
        }
        let left = match answer {
            Delivery::Sent { .. } | Delivery::Arrived { .. } => true,
            // A mail says that it lies ready before the mail server's word has come back.
            Delivery::Underway { released } => released.way == Way::Portal,
            Delivery::Bounced { .. } | Delivery::Recalled { .. } => false,
        };
        if !left {
            return Err(Obstacle::NothingSent);
        }
        let breach = Breach::of_misdelivery(&slip, now)?;
        let mut events = self.opened_again(reopened::MISDELIVERED);
        events.push(Event::Misdelivered {
            slip: Box::new(slip),
        });
        events.push(Event::Breach {
            number: self.aftermath.breaches.len() + 1,
            step: BreachStep::Opened {
                breach: Box::new(breach),
            },
        });
        Ok(events)
    }

    /// Opens a closed case; silent while it is open.
    pub(super) fn opened_again(&self, because: &str) -> Vec<Event> {
        match self.closed {
            Some(_) => vec![Event::Reopened {
                because: because.into(),
            }],
            None => vec![],
        }
    }

    /// Lets what happened afterwards take effect.
    pub(super) fn apply_aftermath(&mut self, event: &Event, at: DateTime<Utc>) {
        match event {
            Event::HoldSet { hold } => self.aftermath.holds.push(hold.clone()),
            Event::HoldLifted {
                number,
                on,
                because,
            } => {
                let at = number.saturating_sub(1);
                if let Some(hold) = self.aftermath.holds.get_mut(at) {
                    hold.lifted = Some((*on, because.clone()));
                }
            }
            Event::Complained { complaint } => {
                self.aftermath.complaints.push(complaint.clone());
                self.unread = true;
            }
            Event::LateExplained { because } => self.aftermath.late = Some(because.clone()),
            Event::CopiesDestroyed {
                destroyed,
                packages,
            } => {
                self.aftermath.packages_gone.extend(packages);
                if destroyed.iter().any(|one| one.what == CopyOf::Finding) {
                    self.collection.tasks.iter_mut().for_each(empty);
                    for secured in self.secured.values_mut() {
                        if let Secured::Done { files, .. } = secured {
                            files.clear();
                        }
                    }
                    for weighing in self.weighed.values_mut() {
                        weighing.versions.clear();
                    }
                }
                self.aftermath.destroyed.extend(destroyed.iter().cloned());
            }
            Event::Misdelivered { slip } => self.take_back(slip, at),
            Event::Breach { number, step } => {
                let known = number.saturating_sub(1);
                match (step, self.aftermath.breaches.get_mut(known)) {
                    (BreachStep::Opened { breach }, None) => {
                        self.aftermath.breaches.push((**breach).clone());
                    }
                    (step, Some(breach)) => breach.apply(step),
                    (_, None) => {}
                }
            }
            _ => {}
        }
    }

    /// The answer counts for nothing, and nothing else may leave for the same place.
    fn take_back(&mut self, slip: &Misdelivery, at: DateTime<Utc>) {
        let on = super::deadline::received_day(at);
        let underway = self.answers.iter().enumerate();
        let mut back: Vec<usize> = underway
            .filter(|(_, answer)| answer.underway())
            .map(|(at, _)| at + 1)
            .collect();
        back.push(slip.answer);
        back.sort_unstable();
        back.dedup();
        for number in back {
            self.answer_came_back(number, on);
        }
        if slip.way == Way::Portal {
            // That mailbox is not hers: nothing goes there any more, and who she is has to be looked at anew.
            self.mailbox = Mailbox::Disowned { at };
            self.identity = Identity::Open;
        }
        self.aftermath.misdelivered.push(slip.clone());
        self.unread = true;
    }

    /// What was found and then destroyed has to be searched again before it can be given out once more.
    pub(super) fn search_destroyed_anew(&mut self) {
        let gone = self
            .aftermath
            .destroyed
            .iter()
            .any(|one| one.what == CopyOf::Finding);
        if !gone {
            return;
        }
        for task in &mut self.collection.tasks {
            if emptied(task) {
                task.state = TaskState::Open;
            }
        }
    }
}

fn emptied(task: &Task) -> bool {
    matches!(task.outcome(), Some(Outcome::Found { text, files }) if text.reveal().is_empty() && files.is_empty())
}

/// That something was found stays; what it was goes.
fn empty(task: &mut Task) {
    if let Some(asking) = &mut task.asking {
        asking.earlier = None;
    }
    if let TaskState::Answered {
        outcome: Outcome::Found { text, files },
        ..
    } = &mut task.state
    {
        *text = Private::default();
        files.clear();
    }
}

/// Something that must be written, without the blanks around it.
pub(super) fn written(text: &str, name: &'static str) -> Result<Private<String>, Obstacle> {
    let text = text.trim();
    if text.is_empty() {
        return Err(Obstacle::Empty(name));
    }
    Ok(text.into())
}
