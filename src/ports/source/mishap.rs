//! Why a system did not do what it was asked.

use std::time::Duration;

use crate::domain::source::Fault;
use crate::ports::trouble::Trouble;

/// Why a system did not do what it was asked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}: {detail}", fault.code())]
pub struct Mishap {
    /// Which way of failing.
    pub fault: Fault,
    /// What the other side said about it: a status, the name of an error, a place. No personal data, no body.
    pub detail: String,
    /// For how long it asks us to stay away.
    pub wait: Option<Duration>,
}

impl Mishap {
    /// A mishap; `detail` names statuses and places, never what was in an answer.
    #[must_use]
    pub fn new(fault: Fault, detail: impl Into<String>) -> Mishap {
        Mishap {
            fault,
            detail: detail.into(),
            wait: None,
        }
    }

    /// The same, with the time that the other side wants to be left alone.
    #[must_use]
    pub fn after(mut self, wait: Duration) -> Mishap {
        self.wait = Some(wait);
        self
    }

    /// Whether a repeat may heal it.
    #[must_use]
    pub fn trouble(&self) -> Trouble {
        match self.fault.may_heal() {
            true => Trouble::later(self.to_string()),
            false => Trouble::never(self.to_string()),
        }
    }
}
