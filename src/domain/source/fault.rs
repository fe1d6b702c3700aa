//! The ways in which a connected system fails.

use serde::{Deserialize, Serialize};

/// The ways of failing. `words` has a sentence for each, and what helps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fault {
    /// Nobody answers, or the name is not known.
    Unreachable,
    /// The line cannot be protected: certificate, protocol.
    Insecure,
    /// It took longer than we wait.
    Slow,
    /// It asks to come back later (429, 503 with a time).
    Busy,
    /// It failed (5xx without a reason).
    Broken,
    /// The answer broke off.
    HalfAnswer,
    /// What we asked for goes on over there and is not done yet.
    UnderWay,
    /// The credential is not accepted.
    Unauthorized,
    /// The credential is accepted and may not do this.
    Forbidden,
    /// The interface is switched off over there.
    SwitchedOff,
    /// The record is not there.
    Missing,
    /// Somebody changed it meanwhile.
    Conflict,
    /// A rule of the other system says no.
    Refused,
    /// It sends us elsewhere; we do not follow.
    Redirected,
    /// The answer is not what this system says.
    Unreadable,
    /// The answer is larger than we take.
    TooLarge,
    /// It answered with people that nobody asked for.
    Flooded,
    /// It wrote, and what is read back is something else.
    NotWritten,
    /// More rows than were declared would change.
    TooMany,
    /// The system knows no such thing: a version, a module, a field.
    Unknown,
    /// Nothing to search by, or an identifier that is empty.
    NoIdentifier,
    /// The settings cannot work.
    Misconfigured,
}

impl Fault {
    /// Every way of failing.
    pub const ALL: [Fault; 22] = [
        Fault::Unreachable,
        Fault::Insecure,
        Fault::Slow,
        Fault::Busy,
        Fault::Broken,
        Fault::HalfAnswer,
        Fault::UnderWay,
        Fault::Unauthorized,
        Fault::Forbidden,
        Fault::SwitchedOff,
        Fault::Missing,
        Fault::Conflict,
        Fault::Refused,
        Fault::Redirected,
        Fault::Unreadable,
        Fault::TooLarge,
        Fault::Flooded,
        Fault::NotWritten,
        Fault::TooMany,
        Fault::Unknown,
        Fault::NoIdentifier,
        Fault::Misconfigured,
    ];

    /// Its name in storage and in the list of errors.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Fault::Unreachable => "unreachable",
            Fault::Insecure => "insecure",
            Fault::Slow => "slow",
            Fault::Busy => "busy",
            Fault::Broken => "broken",
            Fault::HalfAnswer => "half-answer",
            Fault::UnderWay => "under-way",
            Fault::Unauthorized => "unauthorized",
            Fault::Forbidden => "forbidden",
            Fault::SwitchedOff => "switched-off",
            Fault::Missing => "missing",
            Fault::Conflict => "conflict",
            Fault::Refused => "refused",
            Fault::Redirected => "redirected",
            Fault::Unreadable => "unreadable",
            Fault::TooLarge => "too-large",
            Fault::Flooded => "flooded",
            Fault::NotWritten => "not-written",
            Fault::TooMany => "too-many",
            Fault::Unknown => "unknown",
            Fault::NoIdentifier => "no-identifier",
            Fault::Misconfigured => "misconfigured",
        }
    }

    /// The fault of that name.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Fault> {
        Fault::ALL.into_iter().find(|fault| fault.code() == code)
    }

    /// Whether the same thing is worth another try by itself.
    #[must_use]
    pub fn may_heal(self) -> bool {
        matches!(
            self,
            Fault::Unreachable
                | Fault::Slow
                | Fault::Busy
                | Fault::Broken
                | Fault::HalfAnswer
                | Fault::UnderWay
                | Fault::Conflict
        )
    }
}
