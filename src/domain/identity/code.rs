//! A code that goes to the address on file, by letter or mail, and is brought back by the person.

use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};

use super::method::Method;
use super::on_file::{AddressKind, OnFile};
use super::{Identity, ProofObstacle};
use crate::domain::case::Case;
use crate::domain::event::Event;
use crate::domain::ids::FileId;
use crate::domain::obstacle::Obstacle;
use crate::domain::private::Private;
use crate::domain::register::System;

/// A code is good for so many days.
pub const CODE_DAYS: u64 = 21;
/// And for so many tries.
pub const CODE_TRIES: i32 = 5;

/// How far a code is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CodeState {
    /// It can be entered.
    Out,
    /// It was entered, and was right.
    Entered,
    /// Too many wrong tries: this code is worthless, the case is not touched.
    Locked,
}

/// A code that was given out. Only a keyed digest of it is kept, with the link that it belongs to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Code {
    /// Which one of the case, counted from one; the one before is worthless.
    pub number: u32,
    /// The day it was made.
    pub made: NaiveDate,
    /// The last day on which it counts.
    pub until: NaiveDate,
    /// Where the address stands on file to which it goes.
    pub on_file: OnFile,
    /// The letter that carries it, until it is posted.
    pub letter: Option<FileId>,
    /// The day it was posted or mailed.
    pub sent: Option<NaiveDate>,
    /// How far it is.
    pub state: CodeState,
}

impl Code {
    /// What it proves when it comes back.
    pub fn method(&self) -> Method {
        match self.on_file.kind {
            AddressKind::Mailbox => Method::ConfirmedLink,
            AddressKind::Postal => Method::CodeByPost,
            AddressKind::Phone => Method::CallBack,
        }
    }

    /// Whether it can be entered on this day.
    pub fn good(&self, today: NaiveDate) -> bool {
        self.state == CodeState::Out && today <= self.until
    }
}

impl Case {
    /// Makes a code for the address on file; the one before is worthless from then on.
    ///
    /// # Errors
    /// Nobody asked for it, or the address proves nothing.
    pub fn make_code(
        &self,
        on_file: OnFile,
        letter: Option<FileId>,
        today: NaiveDate,
    ) -> Result<Vec<Event>, Obstacle> {
        self.must_be_open()?;
        if !matches!(self.identity, Identity::Asked { .. }) {
            return Err(ProofObstacle::NotAsked.into());
        }
        // A letter reaches a household; that is weighed when the means is chosen.
        match on_file.kind {
            AddressKind::Postal => on_file.counts(self.intake.received)?,
            AddressKind::Mailbox => on_file.suffices_alone(self)?,
            AddressKind::Phone => return Err(Obstacle::Empty("kind")),
        }
        if on_file
            .address
            .as_ref()
            .is_none_or(|address| address.reveal().trim().is_empty())
        {
            return Err(ProofObstacle::CodeNeedsAddress.into());
        }
        let sent = (on_file.kind == AddressKind::Mailbox).then_some(today);
        Ok(vec![Event::CodeMade {
            code: Box::new(Code {
                number: self.next_code(),
                made: today,
                until: today
                    .checked_add_days(Days::new(CODE_DAYS))
                    .unwrap_or(today),
                on_file,
                letter,
                sent,
                state: CodeState::Out,
            }),
        }])
    }

    /// The number that the next code gets.
    pub fn next_code(&self) -> u32 {
        self.proof
            .code
            .as_ref()
            .map_or(1, |code| code.number.saturating_add(1))
    }

    /// The letter with the code was posted; its copy in the house is destroyed.
    ///
    /// # Errors
    /// No letter waits, or the day is impossible.
    pub fn code_posted(&self, on: NaiveDate, today: NaiveDate) -> Result<Vec<Event>, Obstacle> {
        let waits = self.proof.code.as_ref().filter(|code| code.sent.is_none());
        let code = waits.ok_or(ProofObstacle::NoCodeOut)?;
        if on < code.made || on > today {
            return Err(Obstacle::Empty("on"));
        }
        let mut events = vec![Event::CodePosted { on }];
        events.extend(code.letter.map(|letter| Event::ProofDestroyed {
            files: vec![letter],
        }));
        Ok(events)
    }

    /// The code came back and is right: that is the proof.
    ///
    /// # Errors
    /// No code can be entered today.
    pub fn code_fits(&self, systems: &[System], today: NaiveDate) -> Result<Vec<Event>, Obstacle> {
        let code = self.proof.code.as_ref().filter(|code| code.good(today));
        let code = code.ok_or(ProofObstacle::NoCodeOut)?;
        let doubt = self.proof.asked.as_ref().map(|asked| asked.doubt.clone());
        let mut events = vec![Event::CodeEntered];
        if self.closed.is_some() {
            events.push(Event::Reopened {
                because: "proof".into(),
            });
        }
        events.push(Event::IdentityWeighed {
            identity: Identity::Confirmed {
                on: today,
                method: code.method(),
                doubt,
                note: Private::default(),
                on_file: Some(code.on_file.clone()),
                because: None,
            },
        });
        let files: Vec<FileId> = self.proof.files().into_iter().chain(code.letter).collect();
        if !files.is_empty() {
            events.push(Event::ProofDestroyed { files });
        }
        events.extend(self.search_if_waiting(systems)?);
        Ok(events)
    }

    /// Too many wrong tries: the code is worthless, and nothing else of the case is touched.
    pub fn lock_code(&self) -> Vec<Event> {
        match &self.proof.code {
            Some(code) if code.state == CodeState::Out => vec![Event::CodeLocked],
            _ => vec![],
        }
    }

    pub(in crate::domain) fn apply_code(&mut self, event: &Event) {
        if let Event::CodeMade { code } = event {
            self.proof.code = Some((**code).clone());
        }
        let Some(code) = &mut self.proof.code else {
            return;
        };
        match event {
            Event::CodePosted { on } => code.sent = Some(*on),
            Event::CodeEntered => code.state = CodeState::Entered,
            Event::CodeLocked => {
                code.state = CodeState::Locked;
                self.unread = true;
            }
            _ => {}
        }
    }
}
