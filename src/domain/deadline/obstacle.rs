//! What the rules on time forbid, and what is missing.

use chrono::NaiveDate;

use crate::domain::calendar::CalendarError;

/// What the rules on time forbid, or what is missing for an act; [`ClockObstacle::code`] is stable.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ClockObstacle {
    /// A pause needs a concrete reason for doubt or what is unclear (guard 1).
    #[error("write down the reason for the doubt")]
    NoDoubt,
    /// The demand asks for more than the weakest means that suffices (guard 2, Art. 5(1)(c) GDPR).
    #[error("the demand must be the weakest means that suffices")]
    Disproportionate,
    /// The question came too long after its cause (guard 3); the clock runs on.
    #[error("asked on {asked}, but a question stops the clock only until {last}")]
    AskedTooLate {
        /// The day of the question.
        asked: NaiveDate,
        /// The last day on which it would have counted.
        last: NaiveDate,
    },
    /// The demand must tell what would suffice (guard 4).
    #[error("say what would suffice as an answer")]
    NothingWouldSuffice,
    /// Objection to marketing, withdrawal and restriction do not wait for identity (Art. 21(3), 7(3), 18 GDPR).
    #[error("this right does not wait: act on it now")]
    NeverWaits,
    /// A question cannot lie before what caused it.
    #[error("asked on {asked}, before {cause}")]
    AskedBeforeCause {
        /// The day of the question.
        asked: NaiveDate,
        /// The day of receipt, or of the answer that left something open.
        cause: NaiveDate,
    },
    /// An answer cannot lie before its question.
    #[error("answered on {answered}, before it was asked on {asked}")]
    AnsweredBeforeAsked {
        /// The day of the question.
        asked: NaiveDate,
        /// The day of the answer.
        answered: NaiveDate,
    },
    /// There is an answer, but no question.
    #[error("an answer needs the day on which it was asked for")]
    NothingAsked,
    /// What caused a question cannot lie before the request itself.
    #[error("the cause is dated {cause}, but the request came on {received}")]
    CauseBeforeReceipt {
        /// The day that was given as the cause.
        cause: NaiveDate,
        /// The day of receipt.
        received: NaiveDate,
    },
    /// What has not happened yet cannot be recorded.
    #[error("{0} lies in the future")]
    InFuture(NaiveDate),
    /// The period was over when the question was put: it stops nothing.
    #[error("asked on {asked}, but the period ended on {due}")]
    AskedAfterEnd {
        /// The day of the question.
        asked: NaiveDate,
        /// The end of the period.
        due: NaiveDate,
    },
    /// A question of the same kind still waits for its answer.
    #[error("a question of this kind is open already, since {0}")]
    AskedAlready(NaiveDate),
    /// The pause has ended already.
    #[error("this pause has ended already")]
    AlreadyAnswered,
    /// An extension needs reasons in the notice (Art. 12(3) sentence 3 GDPR).
    #[error("an extension needs reasons")]
    NoReasons,
    /// The notice must reach out within the first period (Art. 12(3) sentence 3 GDPR).
    #[error("the notice of {notice} comes after {last}, the end of the first month")]
    NoticeTooLate {
        /// The day of the notice.
        notice: NaiveDate,
        /// The last day on which it would have extended the period.
        last: NaiveDate,
    },
    /// The notice is dated in the future or before receipt; only one that was sent extends the period.
    #[error("the notice is dated {0}, on which it cannot have been sent")]
    NoticeNotSent(NaiveDate),
    /// A period is extended once.
    #[error("the period has been extended already")]
    AlreadyExtended,
    /// The holiday table does not reach so far.
    #[error(transparent)]
    Calendar(#[from] CalendarError),
}

impl ClockObstacle {
    /// The code by which this obstacle is known in documents and interfaces.
    pub fn code(&self) -> &'static str {
        match self {
            ClockObstacle::NoDoubt => "pause-no-doubt",
            ClockObstacle::Disproportionate => "pause-disproportionate",
            ClockObstacle::AskedTooLate { .. } => "pause-asked-too-late",
            ClockObstacle::NothingWouldSuffice => "pause-nothing-would-suffice",
            ClockObstacle::NeverWaits => "pause-never-waits",
            ClockObstacle::AskedBeforeCause { .. } => "pause-asked-before-cause",
            ClockObstacle::AnsweredBeforeAsked { .. } => "pause-answered-before-asked",
            ClockObstacle::NothingAsked => "pause-nothing-asked",
            ClockObstacle::CauseBeforeReceipt { .. } => "pause-cause-before-receipt",
            ClockObstacle::InFuture(_) => "pause-in-future",
            ClockObstacle::AskedAfterEnd { .. } => "pause-asked-after-end",
            ClockObstacle::AskedAlready(_) => "pause-asked-already",
            ClockObstacle::AlreadyAnswered => "pause-already-answered",
            ClockObstacle::NoReasons => "extension-no-reasons",
            ClockObstacle::NoticeTooLate { .. } => "extension-notice-too-late",
            ClockObstacle::NoticeNotSent(_) => "extension-notice-not-sent",
            ClockObstacle::AlreadyExtended => "extension-twice",
            ClockObstacle::Calendar(_) => "calendar",
        }
    }
}
