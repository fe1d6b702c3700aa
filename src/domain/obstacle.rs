//! What the rules forbid, and what would help. Shown to the clerk; never an error of the program.

use chrono::NaiveDate;

use super::deadline::ClockObstacle;
use super::identity::ProofObstacle;
use super::private::Private;
use super::right::Right;
use super::scope::Role;
use super::standing::Lack;

/// A rule that stands against an act. The sentence for each lies in `words`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Obstacle {
    /// The clerk's role does not suffice.
    RoleLacking {
        /// The least role that may do it.
        least: Role,
    },
    /// Somebody else changed the case since the page was opened.
    ChangedMeanwhile {
        /// The revision that is current now.
        revision: i64,
    },
    /// The case is closed; reopen it first.
    Closed,
    /// The case is still open.
    StillOpen,
    /// Nothing is asked for: choose at least one right.
    NoRight,
    /// A day of receipt in the future.
    ReceivedInFuture,
    /// Identity is not confirmed, and the act discloses or destroys (Art. 12(6) GDPR).
    IdentityOpen,
    /// A doubt needs its concrete reason in writing (Art. 12(6) GDPR).
    ReasonLacking,
    /// This right never waits for a proof of identity.
    NeverWaits(Right),
    /// A system that was not asked in this case.
    UnknownTask,
    /// Tasks are not all answered; a person must say why it is decided all the same.
    TasksOpen {
        /// How many are open.
        open: usize,
    },
    /// Nothing is known by which the system's owner could look.
    NoKeyForOwner,
    /// The register names nobody who answers for the system.
    OwnerUnknown,
    /// Nobody is asked about the system now.
    NobodyAsked,
    /// The search has not begun.
    SearchNotBegun,
    /// Several people, or nobody in particular, are behind this identifier.
    NobodysKey,
    /// How data end is decided for this right already.
    DecidedAlready {
        /// The right.
        right: Right,
    },
    /// What was ticked is hers beyond doubt already.
    NoCandidate,
    /// The person is searched by it already.
    KnownAlready,
    /// No connected system of that name, or it cannot do that by machine.
    NotConnected,
    /// Findings that nobody has judged; a person must say what becomes of them.
    FindingsOpen {
        /// How many.
        open: u64,
    },
    /// Files that belong to the copy are not here yet; nobody said why it leaves without them.
    CopiesOpen {
        /// How many.
        open: usize,
    },
    /// An item is not in the state that the act needs.
    NotInState {
        /// Which item.
        right: Right,
    },
    /// A no without a ground (Art. 12(4) GDPR).
    GroundLacking,
    /// Not every item is decided and answered.
    ItemsUndecided {
        /// How many are open.
        open: usize,
    },
    /// All that was asked for has ended otherwise; there is nothing to answer.
    NothingToAnswer,
    /// "Nothing held" beside a system that found something.
    DataFound,
    /// A no to something that was carried out already.
    DoneAlready {
        /// Which item.
        right: Right,
    },
    /// No answer has left that could come back.
    NothingSent,
    /// No such answer lies in the house that could be called back.
    NothingUnderway,
    /// A mail was to carry it, and there is no mail server.
    NoMailServer,
    /// The mail is shredded; nothing can be made of it any more.
    MailShredded,
    /// There is malware in a file; it is not handed out.
    Malware {
        /// What the scanner calls it.
        found: String,
    },
    /// There is malware in a file that was handed in; it is not taken.
    MalwareGiven {
        /// Which file.
        file: Private<String>,
    },
    /// A file was not looked into, and is not handed out before it is.
    Unchecked {
        /// It never will be: it is larger than the scanner takes.
        too_large: bool,
    },
    /// What was decided has not been carried out yet.
    NotCarriedOut {
        /// Which item.
        right: Right,
    },
    /// First the copy, then the erasure: that order was asked for.
    CopyFirst,
    /// A hold or an open breach of security stands: nothing is erased meanwhile.
    ErasureHeld,
    /// There is no way to deliver: no proven mailbox and no postal address.
    NoWayOfDelivery,
    /// The mailbox is not proven; an answer with data cannot go there.
    MailboxUnproven,
    /// Another one has this name already.
    NameTaken,
    /// More is to go along with a message than mail servers take.
    TooMuchToAttach,
    /// Only where data are given out one may ask which part is meant (Recital 63 GDPR).
    OnlyForCopies,
    /// Who decided does not release (four eyes).
    FourEyes,
    /// Alone in the office one looks a second time on the next morning.
    NextMorning,
    /// Not everything on the list of the second look was ticked.
    ChecklistOpen,
    /// Before something is destroyed somebody looks a second time.
    SecondLookOpen {
        /// Which item.
        right: Right,
    },
    /// Recipients have not been told yet (Art. 19 GDPR).
    NoticesOpen {
        /// How many.
        open: usize,
    },
    /// Of special categories of data an open mail says nothing (Art. 9, 32 GDPR).
    SpecialByMail,
    /// A category of data has no result yet.
    CategoryOpen {
        /// Which.
        what: String,
    },
    /// Something is denied of a category without a ground (Art. 12(4) GDPR).
    CategoryUngrounded {
        /// Which.
        what: String,
    },
    /// A category stays without an end.
    EndLacking {
        /// Which.
        what: String,
    },
    /// A category stays until a day that is over.
    EndOver {
        /// Which.
        what: String,
    },
    /// A category stays longer than the case file, and nothing says whose it is.
    RecordLacking {
        /// Which.
        what: String,
    },
    /// A category is made anonymous, and nothing says how.
    HowLacking {
        /// Which.
        what: String,
    },
    /// Only a part of a system's find is given, and nothing takes the place of the whole (Art. 15(4) GDPR).
    VersionLacking {
        /// The system.
        system: String,
    },
    /// A text was proposed, and its gaps are not filled with the facts of the case.
    TextUnfinished {
        /// Which text.
        what: String,
    },
    /// A yes that does not say what is ordered (Art. 16, 18, 22(3) GDPR).
    MeasureLacking {
        /// Which item.
        right: Right,
    },
    /// A yes to all beside something that is denied.
    NotInFull {
        /// Which item.
        right: Right,
    },
    /// The three questions before an erasure are not answered (Art. 17(3) GDPR).
    ChecksOpen,
    /// Something stands against the erasure, and yet all goes.
    ChecksIgnored,
    /// A no to an objection without the balance (Art. 21(1) GDPR).
    BalanceLacking,
    /// Art. 12(5) GDPR without both elements and their evidence.
    ExcessUnproven,
    /// A fee is to be charged that the person was not told before (Art. 12(5) GDPR).
    FeeUntold {
        /// For which item.
        right: Right,
    },
    /// A fee was told, and the person has not agreed to it.
    FeeNotAgreed {
        /// For which item.
        right: Right,
    },
    /// There is a data protection officer, and she was not asked.
    OfficerUnheard,
    /// This right cannot be refused (Art. 21(3), 7(3) GDPR).
    Absolute(Right),
    /// The fresh check of a follow-up found something that stands against it.
    FreshCheckOpen,
    /// The answer lacks something that the law demands.
    LetterIncomplete {
        /// Stable codes of what is missing.
        gaps: Vec<String>,
    },
    /// The letter was not looked at as it would leave now.
    LetterUnseen,
    /// The answer has gone out already.
    AlreadyReleased,
    /// A guard of the clock: pause or extension (Art. 12(3), (6) GDPR).
    Clock(ClockObstacle),
    /// A guard of the proof of identity (Art. 11, 12(6) GDPR).
    Proof(ProofObstacle),
    /// No question is open, so nothing can be answered.
    NoPauseOpen,
    /// Something that must be written is empty.
    Empty(&'static str),
    /// By what right somebody writes is not settled, and the act discloses, alters or answers.
    StandingOpen(Lack),
    /// The answer goes to the person herself, not to the mailbox of who acts for her.
    AnswerToPerson,
    /// There is no power of attorney that could be rejected.
    NoMandate,
    /// A power of attorney is rejected at once or not at all (§ 174 BGB by analogy).
    MandateTooLate {
        /// The last day on which it could have been rejected.
        last: NaiveDate,
    },
    /// Not another case of the same controller.
    NoOtherCase,
    /// The earlier case is closed: the same wish is a new request now.
    FirstClosed,
    /// The other case came later; its clock cannot stand for this one.
    FirstIsLater,
    /// This one asks for more than the earlier case, so it has a clock of its own.
    AsksMore {
        /// What the earlier one does not ask for.
        right: Right,
    },
    /// The request was passed on to this customer before.
    ForwardedAlready,
    /// Nothing was passed on to this customer.
    NotForwarded,
    /// No instruction of this customer is open.
    NoInstruction,
    /// Not a letter of an authority.
    NoInquiry,
    /// There is a data protection officer, and nobody has asked her (Art. 39(1)(d) GDPR).
    OfficerUnasked,
    /// The confirmation link belongs to another state of the case.
    LinkSpent,
    /// No hold of this number stands.
    NoHold,
    /// The answer would leave after its day, and nobody has written why.
    LateUnexplained,
    /// This answer was recorded as sent to the wrong person before.
    MisdeliveredAlready,
    /// A breach of security is not closed (Art. 33 GDPR).
    BreachOpen,
    /// No breach of this number is open.
    NoBreach,
    /// What Art. 33(3) and (5) GDPR ask about a breach is not all there.
    BreachIncomplete {
        /// Stable codes of what is missing.
        missing: Vec<&'static str>,
    },
    /// The authority is told after the 72 hours, and nobody has written why (Art. 33(1) GDPR).
    BreachLate,
}

impl Obstacle {
    /// The stable code, listed in the documentation.
    pub fn code(&self) -> &'static str {
        match self {
            Obstacle::RoleLacking { .. } => "role-lacking",
            Obstacle::ChangedMeanwhile { .. } => "changed-meanwhile",
            Obstacle::Closed => "closed",
            Obstacle::StillOpen => "still-open",
            Obstacle::NoRight => "no-right",
            Obstacle::NobodysKey => "nobodys-key",
            Obstacle::DecidedAlready { .. } => "decided-already",
            Obstacle::NoCandidate => "no-candidate",
            Obstacle::KnownAlready => "known-already",
            Obstacle::NotConnected => "not-connected",
            Obstacle::FindingsOpen { .. } => "findings-open",
            Obstacle::CopiesOpen { .. } => "copies-open",
            Obstacle::ReceivedInFuture => "received-in-future",
            Obstacle::IdentityOpen => "identity-open",
            Obstacle::ReasonLacking => "reason-lacking",
            Obstacle::NeverWaits(_) => "never-waits",
            Obstacle::UnknownTask => "unknown-task",
            Obstacle::TasksOpen { .. } => "tasks-open",
            Obstacle::SearchNotBegun => "search-not-begun",
            Obstacle::NoKeyForOwner => "no-key-for-owner",
            Obstacle::OwnerUnknown => "owner-unknown",
            Obstacle::NobodyAsked => "nobody-asked",
            Obstacle::NotInState { .. } => "not-in-state",
            Obstacle::GroundLacking => "ground-lacking",
            Obstacle::ItemsUndecided { .. } => "items-undecided",
            Obstacle::NothingToAnswer => "nothing-to-answer",
            Obstacle::DataFound => "data-found",
            Obstacle::DoneAlready { .. } => "done-already",
            Obstacle::NothingSent => "nothing-sent",
            Obstacle::NothingUnderway => "nothing-underway",
            Obstacle::NoMailServer => "no-mail-server",
            Obstacle::MailShredded => "mail-shredded",
            Obstacle::Malware { .. } => "malware",
            Obstacle::MalwareGiven { .. } => "malware-given",
            Obstacle::Unchecked { .. } => "unchecked",
            Obstacle::NotCarriedOut { .. } => "not-carried-out",
            Obstacle::CopyFirst => "copy-first",
            Obstacle::ErasureHeld => "erasure-held",
            Obstacle::NoWayOfDelivery => "no-way-of-delivery",
            Obstacle::MailboxUnproven => "mailbox-unproven",
            Obstacle::NameTaken => "name-taken",
            Obstacle::TooMuchToAttach => "too-much-to-attach",
            Obstacle::OnlyForCopies => "only-for-copies",
            Obstacle::FourEyes => "four-eyes",
            Obstacle::NextMorning => "next-morning",
            Obstacle::ChecklistOpen => "checklist-open",
            Obstacle::SecondLookOpen { .. } => "second-look-open",
            Obstacle::NoticesOpen { .. } => "notices-open",
            Obstacle::SpecialByMail => "special-by-mail",
            Obstacle::CategoryOpen { .. } => "category-open",
            Obstacle::CategoryUngrounded { .. } => "category-ungrounded",
            Obstacle::EndLacking { .. } => "end-lacking",
            Obstacle::EndOver { .. } => "end-over",
            Obstacle::RecordLacking { .. } => "record-lacking",
            Obstacle::HowLacking { .. } => "how-lacking",
            Obstacle::VersionLacking { .. } => "version-lacking",
            Obstacle::TextUnfinished { .. } => "text-unfinished",
            Obstacle::MeasureLacking { .. } => "measure-lacking",
            Obstacle::NotInFull { .. } => "not-in-full",
            Obstacle::ChecksOpen => "checks-open",
            Obstacle::ChecksIgnored => "checks-ignored",
            Obstacle::BalanceLacking => "balance-lacking",
            Obstacle::ExcessUnproven => "excess-unproven",
            Obstacle::FeeUntold { .. } => "fee-untold",
            Obstacle::FeeNotAgreed { .. } => "fee-not-agreed",
            Obstacle::OfficerUnheard => "officer-unheard",
            Obstacle::Absolute(_) => "absolute",
            Obstacle::FreshCheckOpen => "fresh-check-open",
            Obstacle::LetterIncomplete { .. } => "letter-incomplete",
            Obstacle::LetterUnseen => "letter-unseen",
            Obstacle::AlreadyReleased => "already-released",
            Obstacle::Clock(clock) => clock.code(),
            Obstacle::Proof(proof) => proof.code(),
            Obstacle::NoPauseOpen => "no-pause-open",
            Obstacle::Empty(_) => "empty",
            Obstacle::StandingOpen(_) => "standing-open",
            Obstacle::AnswerToPerson => "answer-to-person",
            Obstacle::NoMandate => "no-mandate",
            Obstacle::MandateTooLate { .. } => "mandate-too-late",
            Obstacle::NoOtherCase => "no-other-case",
            Obstacle::FirstClosed => "first-closed",
            Obstacle::FirstIsLater => "first-is-later",
            Obstacle::AsksMore { .. } => "asks-more",
            Obstacle::ForwardedAlready => "forwarded-already",
            Obstacle::NotForwarded => "not-forwarded",
            Obstacle::NoInstruction => "no-instruction",
            Obstacle::NoInquiry => "no-inquiry",
            Obstacle::OfficerUnasked => "officer-unasked",
            Obstacle::LinkSpent => "link-spent",
            Obstacle::NoHold => "no-hold",
            Obstacle::LateUnexplained => "late-unexplained",
            Obstacle::MisdeliveredAlready => "misdelivered-already",
            Obstacle::BreachOpen => "breach-open",
            Obstacle::NoBreach => "no-breach",
            Obstacle::BreachIncomplete { .. } => "breach-incomplete",
            Obstacle::BreachLate => "breach-late",
        }
    }
}

impl From<ClockObstacle> for Obstacle {
    fn from(clock: ClockObstacle) -> Self {
        Obstacle::Clock(clock)
    }
}

impl From<ProofObstacle> for Obstacle {
    fn from(proof: ProofObstacle) -> Self {
        Obstacle::Proof(proof)
    }
}
