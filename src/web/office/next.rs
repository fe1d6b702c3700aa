//! The one next act of a case, read from its state.

use crate::domain::case::Case;
use crate::domain::delivery::{Delivery, Way};
use crate::domain::forwarding::Forwarding;
use crate::domain::identity::Identity;
use crate::domain::intake::Mailbox;
use crate::domain::item::ItemState;
use crate::domain::matter::Matter;
use crate::domain::stage::Stage;
use crate::web::office::acts::Kind;

/// What to do next, and why it is this.
pub struct Next {
    /// The act.
    pub kind: Kind,
    /// Which of the reasons; the page says it in words.
    pub why: Why,
}

/// Why an act is the next one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// Only the text says what is wanted.
    NothingChosen,
    /// A breach of security was reported, and nothing else.
    Breached,
    /// An authority wants an answer.
    Authority,
    /// Who writes has no right to it.
    NoRight,
    /// The short letter that it is not for us was refused by the mail server.
    Undelivered,
    /// Whether who writes may ask for it is not settled.
    WhoWrites,
    /// It was passed on, and a letter about that lies on the desk.
    Passing,
    /// Another controller named the person; nobody proves anything.
    Reported,
    /// Nobody has looked at who it is.
    WhoIsIt,
    /// The mailbox answered; that may be proof enough.
    MailboxSpoke,
    /// The owner of the mailbox says it was somebody else.
    Disowned,
    /// A proof is asked for by a letter that lies printed.
    QuestionToPost,
    /// A proof was asked for and is awaited.
    ProofAwaited,
    /// The person brought something that has to be weighed.
    ProofCame,
    /// She was reminded and gave no answer.
    ProofSilent,
    /// The proof did not suffice.
    ProofFailed,
    /// This right never waits: at once.
    AtOnce,
    /// Systems have to be asked.
    Search,
    /// Items have to be decided.
    Decide,
    /// Decided; before anything is destroyed somebody looks a second time.
    Look,
    /// Decided, to be carried out.
    CarryOut,
    /// Carried out; recipients have to be told.
    Tell,
    /// The letter is ready to be looked at.
    Release,
    /// The letter has to be posted.
    Post,
    /// The mail is on its way.
    Underway,
    /// Sent; the person has not fetched it yet.
    Sent,
    /// It came back.
    Bounced,
    /// All has ended; the case can be closed.
    Close,
}

fn state(case: &Case, is: impl Fn(&ItemState) -> bool) -> bool {
    case.items.iter().any(|item| is(&item.state))
}

fn ended(case: &Case) -> bool {
    !case.items.is_empty() && case.items.iter().all(|item| item.ended())
}

/// The next act, if there is one.
pub fn of(case: &Case) -> Option<Next> {
    let next = |kind, why| Some(Next { kind, why });
    if case.closed.is_some() {
        return None;
    }
    if matches!(case.intake.matter, Matter::Breach { .. }) {
        return match case.open_breach() {
            Some(_) => next(Kind::Breach, Why::Breached),
            None => next(Kind::Close, Why::Close),
        };
    }
    if matches!(case.intake.matter, Matter::Authority { .. }) {
        return next(Kind::Inquiry, Why::Authority);
    }
    if case
        .misdirection
        .as_ref()
        .is_some_and(|it| it.told.to_post())
    {
        return next(Kind::Misdirected, Why::Undelivered);
    }
    let untouched = case.items.iter().all(|item| item.decision().is_none());
    if untouched && case.standing().no_right().is_some() && !ended(case) {
        return next(Kind::Misdirected, Why::NoRight);
    }
    if case.forwarded.iter().any(Forwarding::to_post) {
        return next(Kind::Forward, Why::Passing);
    }
    // The end waits for a mail in the outbox, and for nobody here.
    let passing = case.forwarded.iter().any(|one| one.wholly && !one.told());
    if case.misdirection.is_some() || passing {
        return None;
    }
    if case.items.is_empty() {
        return next(Kind::Rights, Why::NothingChosen);
    }
    if ended(case) && case.answers.is_empty() {
        return next(Kind::Close, Why::Close);
    }
    let urgent = || case.items.iter().filter(|item| item.right.never_waits());
    let at_once = urgent().any(|item| !item.ended() && item.decision().is_none());
    let to_do = urgent().any(|item| matches!(item.state, ItemState::Act { .. }));
    let came_back = matches!(case.answers.last(), Some(Delivery::Bounced { .. }));
    match case.stage() {
        Stage::New | Stage::Identity | Stage::Search | Stage::Decide if at_once => {
            next(Kind::Decision, Why::AtOnce)
        }
        Stage::New | Stage::Identity | Stage::Search | Stage::Decide if to_do => {
            next(Kind::Execution, Why::CarryOut)
        }
        Stage::New | Stage::Identity if matches!(case.intake.matter, Matter::Recipient { .. }) => {
            next(Kind::Search, Why::Reported)
        }
        Stage::New | Stage::Identity if case.standing_settled().is_err() => {
            next(Kind::Standing, Why::WhoWrites)
        }
        Stage::New | Stage::Identity => match (&case.identity, &case.mailbox) {
            (Identity::Asked { .. }, _) if !case.proof.given.is_empty() => {
                next(Kind::Identity, Why::ProofCame)
            }
            (Identity::Asked { .. }, _) if case.proof.reminded.is_some() && !case.unread => {
                next(Kind::Unidentified, Why::ProofSilent)
            }
            (Identity::Asked { .. }, _) if case.question_to_post().is_some() => {
                next(Kind::LetterPosted, Why::QuestionToPost)
            }
            (Identity::Asked { .. }, _) => next(Kind::Identity, Why::ProofAwaited),
            (Identity::Failed { .. }, _) => next(Kind::Unidentified, Why::ProofFailed),
            (Identity::Confirmed { .. }, _) => next(Kind::Search, Why::Search),
            (_, Mailbox::Disowned { .. }) => next(Kind::Identity, Why::Disowned),
            (_, Mailbox::Confirmed { .. }) => next(Kind::Identity, Why::MailboxSpoke),
            _ => next(Kind::Identity, Why::WhoIsIt),
        },
        Stage::Search => next(Kind::Tasks, Why::Search),
        Stage::Decide => next(Kind::Decision, Why::Decide),
        Stage::Act if state(case, |it| matches!(it, ItemState::Act { .. })) => {
            next(Kind::Execution, Why::CarryOut)
        }
        Stage::Act if state(case, |it| matches!(it, ItemState::Look { .. })) => {
            next(Kind::Look, Why::Look)
        }
        Stage::Act => next(Kind::Recipients, Why::Tell),
        Stage::Review if came_back => next(Kind::Release, Why::Bounced),
        Stage::Review => next(Kind::Release, Why::Release),
        Stage::Delivery | Stage::Done => match case.answers.last() {
            Some(Delivery::Underway { released }) if released.way == Way::Post => {
                next(Kind::Posted, Why::Post)
            }
            Some(Delivery::Underway { .. }) => next(Kind::Links, Why::Underway),
            Some(Delivery::Sent { released, .. }) if released.way == Way::Portal => {
                next(Kind::Close, Why::Sent)
            }
            _ if case.items.iter().all(|item| item.ended()) => next(Kind::Close, Why::Close),
            _ if case
                .items
                .iter()
                .any(|item| matches!(item.state, ItemState::Act { .. })) =>
            {
                next(Kind::Execution, Why::CarryOut)
            }
            _ => next(Kind::Close, Why::Close),
        },
    }
}
