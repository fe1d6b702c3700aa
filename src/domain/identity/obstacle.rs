//! What the rules on proofs of identity forbid (Art. 11, 12(6), 5(1)(c) GDPR).

use chrono::NaiveDate;

use super::Method;
use super::on_file::Owner;

/// What stands against a proof or a question for one; [`ProofObstacle::code`] is stable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProofObstacle {
    /// The address proves something only together with where it stands on file.
    NotOnFile,
    /// The record names no system.
    RecordUnnamed,
    /// The record is not older than the request.
    RecordTooYoung {
        /// Since when the record holds the address.
        since: NaiveDate,
        /// The day of receipt.
        received: NaiveDate,
    },
    /// The record was made by the request itself.
    RecordOfRequest,
    /// Such an address never suffices alone.
    NeverAlone(Owner),
    /// The request does not come from an address: nobody has shown that the mailbox is hers.
    MailboxSilent,
    /// The controller does not offer this method.
    NotOffered(Method),
    /// Another method than the weakest that suffices needs its reason in writing.
    DepartureUnexplained {
        /// The method that is proposed.
        proposed: Method,
    },
    /// The doubt is the same text as in other recent cases: a routine (Art. 5(1)(c) GDPR).
    Routine {
        /// In how many other cases.
        others: usize,
    },
    /// The doubt names no circumstance of this case.
    Vague,
    /// A copy of a document where the harm does not justify it.
    CopyOutOfProportion,
    /// The note holds what looks like the number of a document.
    DocumentNumber,
    /// Which data are asked for (customer number, date of the contract) was not chosen.
    NoKey,
    /// A code proves something only when it was entered.
    NoCodeEntered,
    /// No code is out.
    NoCodeOut,
    /// The code does not fit, or is out of use.
    CodeWrong,
    /// The code's way needs the address that stands on file.
    CodeNeedsAddress,
    /// The person was not asked, so there is nothing to remind of, to bring or to repeat.
    NotAsked,
    /// She was reminded already; once is enough.
    RemindedAlready,
    /// Before it is closed without an answer, the person is reminded once.
    RemindFirst,
    /// What the person brought has to be weighed first.
    WeighFirst,
    /// The person may still answer until this day.
    StillTime(NaiveDate),
    /// The question has not left the house.
    QuestionUnsent,
    /// The identity is proven.
    Proven,
    /// Nothing of this case ends for want of a proof.
    NothingEnds,
}

impl ProofObstacle {
    /// The code by which this obstacle is known in documents and interfaces.
    pub fn code(&self) -> &'static str {
        match self {
            ProofObstacle::NotOnFile => "proof-not-on-file",
            ProofObstacle::RecordUnnamed => "proof-record-unnamed",
            ProofObstacle::RecordTooYoung { .. } => "proof-record-too-young",
            ProofObstacle::RecordOfRequest => "proof-record-of-request",
            ProofObstacle::NeverAlone(_) => "proof-never-alone",
            ProofObstacle::MailboxSilent => "proof-mailbox-silent",
            ProofObstacle::NotOffered(_) => "proof-not-offered",
            ProofObstacle::DepartureUnexplained { .. } => "proof-departure-unexplained",
            ProofObstacle::Routine { .. } => "proof-routine",
            ProofObstacle::Vague => "proof-vague",
            ProofObstacle::CopyOutOfProportion => "proof-copy-out-of-proportion",
            ProofObstacle::DocumentNumber => "proof-document-number",
            ProofObstacle::NoKey => "proof-no-key",
            ProofObstacle::NoCodeEntered => "proof-no-code-entered",
            ProofObstacle::NoCodeOut => "proof-no-code-out",
            ProofObstacle::CodeWrong => "proof-code-wrong",
            ProofObstacle::CodeNeedsAddress => "proof-code-needs-address",
            ProofObstacle::NotAsked => "proof-not-asked",
            ProofObstacle::RemindedAlready => "proof-reminded-already",
            ProofObstacle::RemindFirst => "proof-remind-first",
            ProofObstacle::WeighFirst => "proof-weigh-first",
            ProofObstacle::StillTime(_) => "proof-still-time",
            ProofObstacle::QuestionUnsent => "proof-question-unsent",
            ProofObstacle::Proven => "proof-proven",
            ProofObstacle::NothingEnds => "proof-nothing-ends",
        }
    }
}
