//! What happened in a case. Timeline, ledger and letters speak this one vocabulary.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::aftermath::{Complaint, Destroyed, Hold, Misdelivery};
use super::arrival::Correction;
use super::breach::BreachStep;
use super::collection::{Outcome, Searched, Task};
use super::deadline::PauseKind;
use super::decision::{Decision, Done};
use super::delivery::Released;
use super::dispatch::Dispatch;
use super::elsewhere::Owed;
use super::execution::Acted;
use super::fee::FeeAnswer;
use super::followup::Followed;
use super::forwarding::{Forwarding, Instruction, Obeyed, Side};
use super::identifier::SearchKey;
use super::identity::{Caution, Code, Identity, Knowledge, Method, Unidentified};
use super::ids::{CaseId, ClerkId, FileId, MessageId, SystemId};
use super::intake::{Intake, Party, PartyRole};
use super::known::Known;
use super::letter::Letter;
use super::misdirection::{Misdirection, WhyNot};
use super::notice::{Notice, Told};
use super::owner::Asking;
use super::preserve::Secured;
use super::private::Private;
use super::right::Right;
use super::sifting::{Heap, Sifted};
use super::standing::Standing;
use super::term::{Extension, Pause, Term, Terms};
use super::ties::Tie;
use super::unsent::Unsent;
use super::weighing::Weighing;

/// One thing that happened; grouped by the columns of the house.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "event")]
pub enum Event {
    // intake
    /// A request was taken in.
    Opened {
        /// What arrived, and how.
        intake: Box<Intake>,
        /// Who is in it.
        parties: Vec<Party>,
        /// What is asked for.
        rights: Vec<Right>,
        /// The reckoning of the date due.
        term: Box<Term>,
        /// Files that came along.
        files: Vec<FileId>,
    },
    /// The link in the first mail was opened and the button pressed.
    MailboxConfirmed,
    /// The owner of the mailbox says that it was somebody else.
    Disowned,
    /// No more advertising goes to the address that asked; done by itself.
    AdvertisingStopped {
        /// Since when.
        since: NaiveDate,
    },
    /// The owner of that address took it back.
    AdvertisingResumed {
        /// The day.
        on: NaiveDate,
    },
    /// Taken out of the ordinary list, or put back.
    SortedApart {
        /// Apart or back.
        apart: bool,
    },
    /// The office understands the request as these rights.
    RightsUnderstood {
        /// The rights.
        rights: Vec<Right>,
        /// The clocks of those that join; without one, that of the case.
        #[serde(default)]
        terms: Vec<(Right, Term)>,
    },
    /// A person at the desk took it over, or gave it back.
    Assigned {
        /// To whom.
        to: Option<ClerkId>,
    },
    /// Where a letter reaches somebody, learnt after the request came.
    ContactSet {
        /// Whom.
        #[serde(default)]
        of: PartyRole,
        /// The postal address, lines separated by line breaks.
        address: Private<String>,
    },
    /// The day of receipt was put right.
    ReceiptCorrected {
        /// From which day to which, and why.
        correction: Correction,
        /// The items whose extension does not hold by the new day.
        #[serde(default)]
        lost: Vec<Right>,
        /// The reckoning since then.
        terms: Box<Terms>,
    },
    /// Only deciders see the case, or all again.
    ConfidentialSet {
        /// Whether it is closed to others.
        confidential: bool,
    },
    /// A person said how another case belongs to this one.
    Tied {
        /// That case.
        case: CaseId,
        /// What it is to this one.
        tie: Tie,
    },
    /// The person said something.
    Heard {
        /// The message.
        message: MessageId,
        /// Files that came along.
        files: Vec<FileId>,
    },
    /// The office said something.
    Said {
        /// The message.
        message: MessageId,
    },
    /// A note of the office; never shown to the person.
    Noted {
        /// Its text.
        text: Private<String>,
        /// Files that belong to it.
        files: Vec<FileId>,
    },

    // persons
    /// By what right somebody writes was settled, or what shows it.
    StandingSet {
        /// How it stands.
        standing: Box<Standing>,
    },
    /// Passed on to a customer for whom we process.
    Forwarded {
        /// To whom, and how both were told.
        forwarding: Box<Forwarding>,
    },
    /// A notice of the passing on was posted.
    ForwardingPosted {
        /// Of which customer.
        to: String,
        /// For whom it was.
        side: Side,
        /// The day.
        on: NaiveDate,
    },
    /// A customer said what is to be done.
    Instructed {
        /// Which one.
        to: String,
        /// What it says.
        instruction: Instruction,
    },
    /// His instruction was carried out, or doubted.
    InstructionSettled {
        /// Whose it was.
        to: String,
        /// What became of it.
        outcome: Obeyed,
    },
    /// The data protection officer was asked about an authority's letter.
    OfficerAsked {
        /// The day.
        on: NaiveDate,
    },
    /// An authority was answered.
    AuthorityAnswered {
        /// The day.
        on: NaiveDate,
        /// What was sent, and how.
        note: Private<String>,
    },

    // identity
    /// The person was asked for a proof.
    IdentityAsked {
        /// The day.
        on: NaiveDate,
        /// Why there is a doubt.
        doubt: Private<String>,
        /// The weakest of what would suffice.
        method: Method,
        /// All that would suffice; one of them is enough.
        #[serde(default)]
        means: Vec<Method>,
        /// What is asked for, where knowledge is among them.
        #[serde(default)]
        keys: Vec<Knowledge>,
        /// Why it is another method than the proposed one.
        #[serde(default)]
        because: Option<Private<String>>,
        /// What spoke against the question.
        #[serde(default)]
        cautions: Vec<Caution>,
    },
    /// The person was reminded of it, once.
    IdentityReminded {
        /// The day.
        on: NaiveDate,
    },
    /// The person brought a proof; it lies in files of its own until it is weighed.
    ProofGiven {
        /// The day.
        on: NaiveDate,
        /// Which of the means it is.
        method: Method,
        /// The files.
        files: Vec<FileId>,
    },
    /// What was brought is destroyed: weighed, or too old.
    ProofDestroyed {
        /// The files.
        files: Vec<FileId>,
    },
    /// A code was made for the address on file.
    CodeMade {
        /// Where it goes and how long it counts; never the code.
        code: Box<Code>,
    },
    /// The letter with the code was posted.
    CodePosted {
        /// The day.
        on: NaiveDate,
    },
    /// The right code came back.
    CodeEntered,
    /// The code was tried wrongly too often and is worthless.
    CodeLocked,
    /// The proof was weighed.
    IdentityWeighed {
        /// What came out.
        identity: Identity,
    },
    /// Ended because nobody knows who it is (Art. 11, 12(4), (6) GDPR).
    NotIdentified {
        /// Which items.
        rights: Vec<Right>,
        /// The day.
        on: NaiveDate,
        /// Why.
        cause: Unidentified,
        /// The reasons, as the person reads them.
        because: Private<String>,
    },
    /// A letter lies printed, to be posted by a person.
    LetterMade {
        /// Which letter.
        letter: String,
        /// The file.
        file: FileId,
    },
    /// A file of the person was destroyed by itself.
    FileDestroyed {
        /// Which one.
        file: FileId,
        /// Why.
        because: Private<String>,
    },

    // deadline
    /// A question was written that may stop the clock once it leaves.
    QuestionWritten {
        /// Which one, and how it shall leave.
        question: Box<Unsent>,
    },
    /// A printed question was posted.
    QuestionPosted {
        /// What it asks about.
        kind: PauseKind,
        /// The day.
        on: NaiveDate,
    },
    /// The clock was stopped by a question.
    Paused {
        /// The question.
        pause: Pause,
        /// The reckoning since then.
        terms: Box<Terms>,
    },
    /// The answer sufficed; the clock runs again.
    Resumed {
        /// The day on which the answer sufficed.
        on: NaiveDate,
        /// The reckoning since then.
        terms: Box<Terms>,
    },
    /// The period was extended (Art. 12(3) GDPR).
    Extended {
        /// Of which items.
        rights: Vec<Right>,
        /// Why, and when it was said.
        extension: Extension,
        /// The reckoning since then.
        terms: Box<Terms>,
    },
    /// Table of holidays, place or rule changed.
    Recomputed {
        /// The date before.
        old: NaiveDate,
        /// The date since then.
        new: NaiveDate,
        /// The items whose extension does not hold any more.
        #[serde(default)]
        lost: Vec<Right>,
        /// The reckoning since then.
        terms: Box<Terms>,
    },

    // collection
    /// What would have been gone before the answer was secured, or it is said why not.
    Secured {
        /// In which system.
        system: SystemId,
        /// What came of it.
        secured: Secured,
    },
    /// The systems are asked.
    SearchBegun {
        /// One task per system.
        tasks: Vec<Task>,
    },
    /// A system has answered.
    TaskAnswered {
        /// Which one.
        system: SystemId,
        /// What came out.
        outcome: Outcome,
    },
    /// The owner of a system is asked.
    OwnerAsked {
        /// For which system.
        system: SystemId,
        /// Who, since when, until when.
        asking: Box<Asking>,
    },
    /// The owner of a system was reminded.
    OwnerReminded {
        /// For which system.
        system: SystemId,
        /// The day.
        on: NaiveDate,
    },
    /// The owner of a system did not answer in time; the office was told.
    OwnerOverdue {
        /// For which system.
        system: SystemId,
        /// The day.
        on: NaiveDate,
    },
    /// A question to an owner was taken back.
    QuestionEnded {
        /// For which system.
        system: SystemId,
    },
    /// Something more by which the person may be searched: a clerk named it, or a search came by it.
    IdentifierNamed {
        /// What, and whence.
        known: Box<Known>,
    },
    /// A person said whether what a search came by is hers.
    IdentifierSettled {
        /// What it is.
        kind: SearchKey,
        /// As it stands there.
        value: Private<String>,
        /// Whether it is hers.
        accepted: bool,
    },
    /// A connected system was asked.
    SourceSearched {
        /// What, by what, and what came out.
        searched: Box<Searched>,
    },
    /// A clerk said what becomes of findings.
    FindingsSifted {
        /// Of which, and what.
        sifted: Box<Sifted>,
        /// How many.
        count: u64,
        /// Whether it holds for all of the heap.
        all: bool,
    },
    /// A clerk said what of a finding is to be put right over there; its values are not told here.
    FindingCorrected {
        /// In which heap it lies.
        heap: Heap,
        /// How many of its values; none, if nothing is to be put right any more.
        count: u64,
    },
    /// A clerk said whether what looked like hers is hers.
    CandidatesSettled {
        /// Which.
        heap: Heap,
        /// Whether they are hers; what is not is not kept.
        hers: bool,
        /// How many.
        count: u64,
    },
    /// The search ended although systems had not answered.
    SearchCutShort {
        /// Why.
        because: Private<String>,
    },

    // decision, execution
    /// An item was decided.
    Decided {
        /// Which one.
        right: Right,
        /// How.
        decision: Decision,
        /// What was weighed.
        #[serde(default)]
        weighing: Box<Weighing>,
    },
    /// Somebody looked a second time at what is to be destroyed.
    LookedAt {
        /// Which item.
        right: Right,
    },
    /// What was decided was done in a connected system, and read back.
    ActedThere {
        /// Where, and what became of it.
        acted: Box<Acted>,
    },
    /// What was decided was carried out.
    CarriedOut {
        /// Which item.
        right: Right,
        /// Where, what and when.
        done: Vec<Done>,
        /// Who has to be told of it (Art. 19 GDPR).
        #[serde(default)]
        notices: Vec<Notice>,
    },
    /// One more recipient has to be told.
    RecipientAdded {
        /// Who, and what.
        notice: Notice,
    },
    /// The person asked who received the data and was told (Art. 19 sentence 2 GDPR).
    RecipientsAsked {
        /// The day.
        on: NaiveDate,
    },
    /// A recipient was told, or it is said why not.
    RecipientTold {
        /// Which of the case's notices, counted from one.
        notice: usize,
        /// What came of it.
        told: Told,
    },
    /// What the case had promised for a later day was done, or put off.
    FollowedUp {
        /// Which item it comes from.
        right: Right,
        /// What it was about.
        what: String,
        /// What came of it.
        followed: Followed,
    },
    /// An item is taken up again.
    Reconsidered {
        /// Which one.
        right: Right,
    },
    /// The person took items back.
    Withdrawn {
        /// Which ones.
        rights: Vec<Right>,
        /// The day.
        on: NaiveDate,
        /// How that is known.
        note: Private<String>,
    },
    /// Not for us: the short letter that says so waits in the outbox, and the end waits for it.
    MisdirectionWritten {
        /// Why, and how it is told.
        misdirection: Box<Misdirection>,
    },
    /// Not for us, or no request of a data subject.
    Misdirected {
        /// The day.
        on: NaiveDate,
        /// What was found out.
        note: Private<String>,
        /// Why nothing is owed.
        #[serde(default)]
        why: Option<WhyNot>,
        /// How that was told.
        #[serde(default)]
        told: Option<Dispatch>,
    },
    /// The same as another case, whose clock stands.
    Duplicate {
        /// That case.
        of: CaseId,
    },

    // delivery
    /// A letter beside the answer was released.
    LetterReleased {
        /// What it says, to whom, by which way.
        letter: Box<Letter>,
    },
    /// A printed letter was posted.
    LetterPosted {
        /// Which of the case's letters, counted from one.
        letter: usize,
        /// The day.
        on: NaiveDate,
    },
    /// Somebody whose data came from elsewhere has to be told (Art. 14 GDPR).
    InformationOwed {
        /// Who, and by when.
        owed: Box<Owed>,
    },
    /// The person said whether she pays a fee.
    FeeAnswered {
        /// Which of the case's letters told of it, counted from one.
        letter: usize,
        /// What she said.
        answer: FeeAnswer,
    },
    /// The answer was released.
    Released {
        /// What, to whom, by which way.
        released: Box<Released>,
    },
    /// The answer left the house.
    AnswerSent {
        /// Which of the case's answers, counted from one.
        answer: usize,
        /// The day.
        on: NaiveDate,
    },
    /// The person fetched the answer, wholly.
    Fetched {
        /// Which file.
        file: FileId,
        /// The day.
        on: NaiveDate,
    },
    /// The answer was called back before it left.
    Recalled {
        /// Which of the case's answers, counted from one.
        answer: usize,
        /// The day.
        on: NaiveDate,
        /// Why.
        because: Private<String>,
    },
    /// The answer came back.
    Bounced {
        /// Which of the case's answers, counted from one.
        answer: usize,
        /// The day.
        on: NaiveDate,
    },
    /// A message could not be sent; it lies with a person.
    MailFailed {
        /// Which one.
        message: MessageId,
    },
    /// A message left the house.
    MailSent {
        /// Which one.
        message: MessageId,
    },

    // end
    /// Finished.
    Closed {
        /// The day.
        on: NaiveDate,
    },
    /// Taken up again; the first clock stands.
    Reopened {
        /// Why.
        because: Private<String>,
    },
    /// Somebody complained about how the request was handled.
    Complained {
        /// To whom, when, about what.
        complaint: Complaint,
    },
    /// Why the answer comes after its day.
    LateExplained {
        /// As the letter prints it.
        because: Private<String>,
    },
    /// Nothing of the file is deleted any more.
    HoldSet {
        /// Since when, by whom, why.
        hold: Hold,
    },
    /// A hold was lifted.
    HoldLifted {
        /// Which of the case's holds, counted from one.
        number: usize,
        /// The day.
        on: NaiveDate,
        /// Why.
        because: Private<String>,
    },
    /// The copy was destroyed; what proves that it was given stays.
    CopiesDestroyed {
        /// What it was, system by system.
        destroyed: Vec<Destroyed>,
        /// The packages among it.
        packages: Vec<FileId>,
    },
    /// An answer went to the wrong person.
    Misdelivered {
        /// What left, for whom, and what became of it.
        slip: Box<Misdelivery>,
    },
    /// A step in a breach of security (Art. 33, 34 GDPR).
    Breach {
        /// Which of the case's breaches, counted from one.
        number: usize,
        /// What was done.
        step: BreachStep,
    },
}

impl Event {
    /// Whether it holds a part of the copy: what was found, or what goes out in its place.
    pub fn holds_copy(&self) -> bool {
        match self {
            Event::TaskAnswered { outcome, .. } => matches!(outcome, Outcome::Found { .. }),
            Event::Decided { weighing, .. } => !weighing.versions.is_empty(),
            _ => false,
        }
    }

    /// The kind as it stands in the ledger.
    pub fn kind(&self) -> &'static str {
        match self {
            Event::Opened { .. } => "case.opened",
            Event::MailboxConfirmed => "case.mailbox-confirmed",
            Event::Disowned => "case.disowned",
            Event::AdvertisingStopped { .. } => "case.advertising-stopped",
            Event::AdvertisingResumed { .. } => "case.advertising-resumed",
            Event::SortedApart { .. } => "case.sorted-apart",
            Event::RightsUnderstood { .. } => "case.rights-understood",
            Event::Assigned { .. } => "case.assigned",
            Event::ContactSet { .. } => "case.contact-set",
            Event::ReceiptCorrected { .. } => "case.receipt-corrected",
            Event::ConfidentialSet { .. } => "case.confidential-set",
            Event::Tied { .. } => "case.tied",
            Event::Heard { .. } => "case.heard",
            Event::Said { .. } => "case.said",
            Event::Noted { .. } => "case.noted",
            Event::StandingSet { .. } => "person.standing-set",
            Event::Forwarded { .. } => "person.forwarded",
            Event::ForwardingPosted { .. } => "person.forwarding-posted",
            Event::Instructed { .. } => "person.instructed",
            Event::InstructionSettled { .. } => "person.instruction-settled",
            Event::OfficerAsked { .. } => "person.officer-asked",
            Event::AuthorityAnswered { .. } => "person.authority-answered",
            Event::IdentityAsked { .. } => "identity.asked",
            Event::IdentityReminded { .. } => "identity.reminded",
            Event::ProofGiven { .. } => "identity.proof-given",
            Event::ProofDestroyed { .. } => "identity.proof-destroyed",
            Event::CodeMade { .. } => "identity.code-made",
            Event::CodePosted { .. } => "identity.code-posted",
            Event::CodeEntered => "identity.code-entered",
            Event::CodeLocked => "identity.code-locked",
            Event::IdentityWeighed { .. } => "identity.weighed",
            Event::NotIdentified { .. } => "identity.not-identified",
            Event::LetterMade { .. } => "letter.made",
            Event::FileDestroyed { .. } => "file.destroyed",
            Event::QuestionWritten { .. } => "deadline.question-written",
            Event::QuestionPosted { .. } => "deadline.question-posted",
            Event::Paused { .. } => "deadline.paused",
            Event::Resumed { .. } => "deadline.resumed",
            Event::Extended { .. } => "deadline.extended",
            Event::Recomputed { .. } => "deadline.recomputed",
            Event::Secured { .. } => "collection.secured",
            Event::SearchBegun { .. } => "collection.begun",
            Event::TaskAnswered { .. } => "collection.answered",
            Event::SearchCutShort { .. } => "collection.cut-short",
            Event::OwnerAsked { .. } => "collection.owner-asked",
            Event::OwnerReminded { .. } => "collection.owner-reminded",
            Event::OwnerOverdue { .. } => "collection.owner-overdue",
            Event::QuestionEnded { .. } => "collection.question-ended",
            Event::IdentifierNamed { .. } => "collection.identifier-named",
            Event::IdentifierSettled { .. } => "collection.identifier-settled",
            Event::SourceSearched { .. } => "collection.searched",
            Event::FindingsSifted { .. } => "review.sifted",
            Event::FindingCorrected { .. } => "review.corrected",
            Event::CandidatesSettled { .. } => "review.candidates-settled",
            Event::Decided { .. } => "decision.decided",
            Event::LookedAt { .. } => "execution.looked-at",
            Event::ActedThere { .. } => "execution.acted",
            Event::CarriedOut { .. } => "execution.carried-out",
            Event::RecipientAdded { .. } => "execution.recipient-added",
            Event::RecipientsAsked { .. } => "execution.recipients-asked",
            Event::RecipientTold { .. } => "execution.recipient-told",
            Event::FollowedUp { .. } => "execution.followed-up",
            Event::Reconsidered { .. } => "decision.reconsidered",
            Event::Withdrawn { .. } => "case.withdrawn",
            Event::MisdirectionWritten { .. } => "case.misdirection-written",
            Event::Misdirected { .. } => "case.misdirected",
            Event::Duplicate { .. } => "case.duplicate",
            Event::LetterReleased { .. } => "letter.released",
            Event::LetterPosted { .. } => "letter.posted",
            Event::InformationOwed { .. } => "letter.owed",
            Event::FeeAnswered { .. } => "decision.fee-answered",
            Event::Released { .. } => "delivery.released",
            Event::AnswerSent { .. } => "delivery.sent",
            Event::Fetched { .. } => "delivery.fetched",
            Event::Recalled { .. } => "delivery.recalled",
            Event::Bounced { .. } => "delivery.bounced",
            Event::MailFailed { .. } => "mail.failed",
            Event::MailSent { .. } => "mail.sent",
            Event::Closed { .. } => "case.closed",
            Event::Reopened { .. } => "case.reopened",
            Event::Complained { .. } => "case.complained",
            Event::LateExplained { .. } => "deadline.late-explained",
            Event::HoldSet { .. } => "retention.hold-set",
            Event::HoldLifted { .. } => "retention.hold-lifted",
            Event::CopiesDestroyed { .. } => "retention.copies-destroyed",
            Event::Misdelivered { .. } => "delivery.misdelivered",
            Event::Breach { step, .. } => step.kind(),
        }
    }
    /// The files that go with it, with their keys.
    pub fn destroys(&self) -> Vec<FileId> {
        match self {
            Event::ProofDestroyed { files } => files.clone(),
            Event::FileDestroyed { file, .. } => vec![*file],
            _ => vec![],
        }
    }
}
