//! Who the person is, proven in writing and no harder than the doubt demands (Art. 12(6) GDPR).

mod code;
mod doubt;
mod ladder;
mod method;
mod obstacle;
mod on_file;
mod proof;
#[cfg(test)]
mod tests;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::calendar::CalendarError;
use super::case::Case;
use super::deadline::ClockObstacle;
use super::event::Event;
use super::intake::{Channel, Mailbox};
use super::obstacle::Obstacle;
use super::private::Private;
use super::register::System;

pub use code::{CODE_DAYS, CODE_TRIES, Code, CodeState};
pub use doubt::{Ask, Caution, Habit, ROUTINE_FROM, is_vague};
pub use ladder::{Because, Fit, Gravity, Proposal, Span, span_of};
pub use method::{Knowledge, Method};
pub use obstacle::ProofObstacle;
pub use on_file::{AddressKind, OnFile, Owner, is_role};
pub use proof::{ANSWERS, Asked, Given, KEEP_DAYS, Proof, Unidentified};

/// The lines of a list that is kept as data; remarks begin with `#`.
fn listed(text: &'static str) -> impl Iterator<Item = &'static str> {
    text.lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
}

fn clock(error: CalendarError) -> Obstacle {
    Obstacle::Clock(ClockObstacle::from(error))
}

/// How far the proof is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "is")]
pub enum Identity {
    /// Nobody has looked at it yet.
    Open,
    /// A question was put to the person.
    Asked {
        /// The day of the question.
        on: NaiveDate,
        /// Why there is a reasonable doubt.
        doubt: Private<String>,
        /// What would suffice.
        method: Method,
    },
    /// It is she.
    Confirmed {
        /// The day of the proof.
        on: NaiveDate,
        /// How it was proven.
        method: Method,
        /// The doubt that demanded more than a reply, if any.
        doubt: Option<Private<String>>,
        /// What was seen; never the document, never its number.
        note: Private<String>,
        /// Where the address stands on file, if it was recognised by one.
        #[serde(default)]
        on_file: Option<OnFile>,
        /// Why less or more than what is in proportion, if it was so.
        #[serde(default)]
        because: Option<Private<String>>,
    },
    /// It could not be proven.
    Failed {
        /// The day.
        on: NaiveDate,
        /// How it was tried.
        method: Method,
        /// Why it did not suffice.
        reason: Private<String>,
    },
}

/// That the person is who she says, and how that was proven. Acts which disclose or destroy ask for it first;
/// it can be made here only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Confirmed {
    method: Method,
    on: NaiveDate,
}

impl Confirmed {
    /// How it was proven.
    pub fn method(&self) -> Method {
        self.method
    }

    /// When it was proven.
    pub fn on(&self) -> NaiveDate {
        self.on
    }
}

impl Identity {
    /// The proof, or the obstacle that it is missing.
    pub fn confirmed(&self) -> Result<Confirmed, Obstacle> {
        match self {
            Identity::Confirmed { on, method, .. } => Ok(Confirmed {
                method: *method,
                on: *on,
            }),
            _ => Err(Obstacle::IdentityOpen),
        }
    }
}

/// What a clerk found out about the person's identity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The day on which the proof arrived, if that was before it was weighed; the clock runs from there.
    pub arrived: Option<NaiveDate>,
    /// How it was checked.
    pub method: Method,
    /// Whether it is she.
    pub sufficient: bool,
    /// The reason of doubt; needed from the third rung of the ladder on.
    pub doubt: String,
    /// What was seen, or why it did not suffice.
    pub note: String,
    /// Where the address stands on file; without it no address proves anything.
    pub on_file: Option<OnFile>,
    /// What makes a mistake worse.
    pub gravity: Gravity,
    /// Why another step of the ladder than the proportionate ones.
    pub because: String,
}

impl Finding {
    /// That it is she, by this method; what else is known of it is added.
    pub fn sufficient(method: Method) -> Finding {
        Finding {
            arrived: None,
            method,
            sufficient: true,
            doubt: String::new(),
            note: String::new(),
            on_file: None,
            gravity: Gravity::default(),
            because: String::new(),
        }
    }

    /// The finding as a state, or what is missing.
    fn weigh(self, case: &Case, today: NaiveDate) -> Result<Identity, Obstacle> {
        let asked = case.proof.asked.as_ref();
        let asked = asked
            .map(|asked| asked.doubt.reveal().clone())
            .filter(|_| self.method.needs_doubt());
        let written = Some(self.doubt.trim().to_owned()).filter(|doubt| !doubt.is_empty());
        let doubt = written.or(asked).unwrap_or_default();
        let note = self.note.trim().to_owned();
        if self.method.needs_doubt() && doubt.is_empty() {
            return Err(Obstacle::ReasonLacking);
        }
        if self.method >= Method::CardSeen && holds_document_number(&note) {
            return Err(ProofObstacle::DocumentNumber.into());
        }
        if !self.sufficient {
            if note.is_empty() {
                return Err(Obstacle::Empty("note"));
            }
            return Ok(Identity::Failed {
                on: today,
                method: self.method,
                reason: note.into(),
            });
        }
        let explained = !self.because.trim().is_empty();
        match self.method {
            Method::AddressOnFile | Method::ConfirmedLink => {
                let on_file = self.on_file.as_ref().ok_or(ProofObstacle::NotOnFile)?;
                on_file.suffices_alone(case)?;
                case.spoke_from(on_file, self.method)?;
            }
            Method::CodeByPost => return Err(ProofObstacle::NoCodeEntered.into()),
            Method::CallBack => {
                let on_file = self.on_file.as_ref().ok_or(ProofObstacle::NotOnFile)?;
                on_file.counts(case.intake.received)?;
            }
            Method::BlackenedCopy if !explained => return Err(Obstacle::Empty("because")),
            _ => {}
        }
        let least = case.span(self.gravity).least;
        if case.strength(self.method, self.on_file.as_ref()) < least && !explained {
            return Err(ProofObstacle::DepartureUnexplained {
                proposed: Method::ALL
                    .into_iter()
                    .find(|method| method.rung() >= least)
                    .unwrap_or(Method::SignedLetter),
            }
            .into());
        }
        Ok(Identity::Confirmed {
            on: today,
            method: self.method,
            doubt: (!doubt.is_empty()).then(|| doubt.into()),
            note: note.into(),
            on_file: self.on_file,
            because: explained.then(|| self.because.trim().into()),
        })
    }
}

/// Whether a note holds what looks like the number of a German document: nine or ten characters of the letters
/// and digits that are used in them, at least four digits among them.
fn holds_document_number(note: &str) -> bool {
    note.split(|c: char| !c.is_ascii_alphanumeric())
        .any(|word| {
            let digits = word.bytes().filter(u8::is_ascii_digit).count();
            let allowed = |byte: u8| byte.is_ascii_digit() || b"CDFGHJKLMNPRTVWXYZ".contains(&byte);
            matches!(word.len(), 9..=11) && digits >= 4 && word.bytes().all(allowed)
        })
}

impl Case {
    /// Whether the request or its confirmation really came from the address that stands on file.
    fn spoke_from(&self, on_file: &OnFile, method: Method) -> Result<(), ProofObstacle> {
        if on_file.kind != AddressKind::Mailbox {
            return match method {
                Method::ConfirmedLink => Err(ProofObstacle::MailboxSilent),
                _ => Ok(()),
            };
        }
        // Another address on file than the one that wrote proves nothing by itself: a code goes there.
        let given = self.requester().and_then(|party| party.email.as_ref());
        let other = match (&on_file.address, given) {
            (Some(known), Some(given)) => !known
                .reveal()
                .trim()
                .eq_ignore_ascii_case(given.reveal().trim()),
            (known, None) => known.is_some() || method == Method::ConfirmedLink,
            (None, Some(_)) => false,
        };
        let confirmed = matches!(self.mailbox, Mailbox::Confirmed { .. });
        let wrote = self.intake.channel == Channel::Email && method == Method::AddressOnFile;
        if other || !(confirmed || wrote) {
            return Err(ProofObstacle::MailboxSilent);
        }
        Ok(())
    }

    /// Records what was found out, destroys what was shown for it, and begins the search when it is she.
    ///
    /// # Errors
    /// What stands against the finding.
    pub fn weigh_identity(
        &self,
        finding: Finding,
        systems: &[System],
        today: NaiveDate,
    ) -> Result<Vec<Event>, Obstacle> {
        self.must_be_open()?;
        let identity = finding.weigh(self, today)?;
        let proven = identity.confirmed().is_ok();
        let mut events = vec![Event::IdentityWeighed { identity }];
        let mut shown = self.proof.files();
        if proven {
            shown.extend(self.proof.code.as_ref().and_then(|code| code.letter));
        }
        if !shown.is_empty() {
            events.push(Event::ProofDestroyed { files: shown });
        }
        if proven {
            events.extend(self.search_if_waiting(systems)?);
        }
        Ok(events)
    }

    fn search_if_waiting(&self, systems: &[System]) -> Result<Vec<Event>, Obstacle> {
        if self.collection.begun || self.items.is_empty() {
            return Ok(vec![]);
        }
        let mut open = self.clone();
        open.closed = None;
        open.begin_search(systems)
    }

    /// What came did not suffice, but something is missing only: asks for it at once, and destroys what was shown.
    ///
    /// # Errors
    /// Nothing was asked, or what is missing is not said.
    pub fn ask_again(&self, missing: &str, today: NaiveDate) -> Result<Vec<Event>, Obstacle> {
        self.must_be_open()?;
        if missing.trim().is_empty() {
            return Err(Obstacle::Empty("note"));
        }
        let asked = self.question().ok_or(ProofObstacle::NotAsked)?;
        let method = asked
            .means
            .first()
            .copied()
            .ok_or(ProofObstacle::NotAsked)?;
        let mut events = vec![Event::IdentityAsked {
            on: today,
            doubt: missing.trim().into(),
            method,
            means: asked.means.clone(),
            keys: asked.keys.clone(),
            because: None,
            cautions: vec![],
        }];
        let shown = self.proof.files();
        if !shown.is_empty() {
            events.push(Event::ProofDestroyed { files: shown });
        }
        Ok(events)
    }
}
