//! What an event promises: the mails that must follow it. Pure, so that nobody can forget one.

use serde::{Deserialize, Serialize};

use super::case::Case;
use super::delivery::Way;
use super::event::Event;
use super::intake::Mailbox;

/// A message that the office owes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Promise {
    /// The first mail to an unproven address: fixed text, at most one per address and day.
    Confirm,
    /// The full receipt, after the mailbox is confirmed.
    Receipt,
    /// No more advertising goes to the address that asked; how to undo it.
    AdvertisingStopped,
    /// The answer lies ready.
    AnswerReady,
    /// To staff: a new request.
    NoticeNew,
    /// To staff: the person wrote.
    NoticeReply,
    /// To staff: a mail came back or failed for good.
    NoticeTrouble,
    /// To staff: the mailbox is confirmed, or somebody says that it was not she.
    NoticeIdentity,
}

impl Promise {
    /// Its name in storage.
    pub fn code(self) -> &'static str {
        match self {
            Promise::Confirm => "confirm",
            Promise::Receipt => "receipt",
            Promise::AdvertisingStopped => "advertising-stopped",
            Promise::AnswerReady => "answer-ready",
            Promise::NoticeNew => "notice-new",
            Promise::NoticeReply => "notice-reply",
            Promise::NoticeTrouble => "notice-trouble",
            Promise::NoticeIdentity => "notice-identity",
        }
    }

    /// The promise of that name.
    pub fn from_code(code: &str) -> Option<Promise> {
        [
            Promise::Confirm,
            Promise::Receipt,
            Promise::AdvertisingStopped,
            Promise::AnswerReady,
            Promise::NoticeNew,
            Promise::NoticeReply,
            Promise::NoticeTrouble,
            Promise::NoticeIdentity,
        ]
        .into_iter()
        .find(|promise| promise.code() == code)
    }

    /// Whether it goes to staff.
    pub fn to_staff(self) -> bool {
        !matches!(
            self,
            Promise::Confirm
                | Promise::Receipt
                | Promise::AdvertisingStopped
                | Promise::AnswerReady
        )
    }

    /// Whether it may go to an address that nobody has proven: fixed words, nothing that was typed.
    pub fn to_unproven(self) -> bool {
        matches!(self, Promise::Confirm | Promise::AdvertisingStopped)
    }
}

/// The mails that an event promises; `case` is the case after the event.
pub fn follow_ups(event: &Event, case: &Case) -> Vec<Promise> {
    match event {
        Event::Opened { .. } => {
            let mut promises = vec![Promise::NoticeNew];
            // By whatever way it came: without the link no answer can ever go to that mailbox.
            match case.mailbox {
                Mailbox::Unproven => promises.push(Promise::Confirm),
                // Proven in the case before.
                Mailbox::Confirmed { .. } => promises.push(Promise::Receipt),
                Mailbox::None | Mailbox::Disowned { .. } => {}
            }
            promises
        }
        Event::MailboxConfirmed => vec![Promise::Receipt, Promise::NoticeIdentity],
        Event::Disowned => vec![Promise::NoticeIdentity],
        Event::AdvertisingStopped { .. } => vec![Promise::AdvertisingStopped],
        Event::Heard { .. }
        | Event::AdvertisingResumed { .. }
        | Event::ProofGiven { .. }
        | Event::CodeEntered
        | Event::CodeLocked => {
            vec![Promise::NoticeReply]
        }
        // That an answer came back is either said by a clerk or follows from a mail that failed.
        Event::MailFailed { .. } => vec![Promise::NoticeTrouble],
        Event::Released { released } if released.way == Way::Portal => vec![Promise::AnswerReady],
        _ => vec![],
    }
}
