//! The status page behind the person's own link: four stages, what we wait for, a way to write.

use askama::Template;
use chrono::NaiveDate;

use crate::web::layout::Counter;
use crate::web::public::fault::Faults;
use crate::web::public::request::{Limits, Upload};

/// The four stages a person is shown; what the office does in between stays inside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Milestone {
    Received,
    InProgress,
    WeNeedSomething,
    Answered,
}

/// One stage on the line, with the day on which it was reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stop {
    pub milestone: Milestone,
    /// `None`: not reached yet.
    pub day: Option<NaiveDate>,
    /// This is where the request stands.
    pub now: bool,
}

impl Stop {
    /// The class of the stop on the line.
    #[must_use]
    pub fn class(&self) -> &'static str {
        match (self.now, self.day) {
            (true, _) => "now",
            (false, Some(_)) => "done",
            (false, None) => "then",
        }
    }
}

/// What we need from the person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    pub asked: NaiveDate,
    /// What is missing and why, as the clerk wrote it.
    pub text: String,
    /// By when an answer helps, if a day was named.
    pub until: Option<NaiveDate>,
}

/// One message between the person and the house.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    pub day: NaiveDate,
    /// Written by the house; else by the person.
    pub ours: bool,
    pub text: String,
    /// Names of what was attached.
    pub files: Vec<String>,
}

/// The status page.
#[derive(Template)]
#[template(path = "public/status.html")]
pub struct StatusPage<'a> {
    pub p: Counter,
    pub number: String,
    pub received: NaiveDate,
    pub due: NaiveDate,
    /// The due date before it was extended, if it was.
    pub extended_from: Option<NaiveDate>,
    /// In order; `WeNeedSomething` only if something is or was needed.
    pub stops: Vec<Stop>,
    pub question: Option<Question>,
    /// The page with the answer.
    pub answer: Option<String>,
    /// The mailbox has not been confirmed yet.
    pub unconfirmed: bool,
    pub messages: Vec<Message>,
    pub faults: Faults,
    /// What was typed into the message.
    pub draft: &'a str,
    pub form_key: String,
    pub files: &'a [Upload],
    pub limits: Limits,
    /// A message has just been taken in.
    pub written: bool,
    /// Path of the page's own address without query; its forms post to `…/message` and `…/revoke`.
    pub base: String,
}

/// Before the link is switched off, and after.
#[derive(Template)]
#[template(path = "public/revoke.html")]
pub struct RevokePage {
    pub p: Counter,
    pub number: String,
    pub done: bool,
}
