//! The acts of the desk: one page each, one way in. What a page needs beside the case is looked up here.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use askama::Template;

use crate::casework::desk::Outcome;
use crate::casework::{Clerk, Error, Office};
use crate::domain::case::Case;
use crate::domain::ids::{CaseId, ClerkId};
use crate::domain::intake::PartyRole;
use crate::domain::obstacle::Obstacle;
use crate::domain::right::Right;
use crate::domain::scope::Role;
use crate::web::error::Problem;
use crate::web::form::Posted;
use crate::web::layout::{Desk, Room};
use crate::web::office::act::{Act, Settled, settle};
use crate::web::office::session::Session;
use crate::web::office::signed::Signed;
use crate::web::office::{
    after, breach, clock, conversation, decision, ending, execution, forwarding, identity, inquiry,
    letter, look, persons, preserve, recipients, release, tasks, ties,
};
use crate::web::page::show;

/// An act on a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// How the request is understood.
    Rights,
    /// Who works on it.
    Assign,
    /// Into the separate list, or back.
    Apart,
    /// A note of the office.
    Note,
    /// A message to the person.
    Message,
    /// Where a letter reaches the person.
    Contact,
    /// Who writes for whom.
    Standing,
    /// Rejecting a power of attorney.
    Mandate,
    /// The day of receipt.
    Received,
    /// Who may see the case.
    Confidential,
    /// What other cases are to this one.
    Ties,
    /// The same request once more.
    Repeat,
    /// Another person in the same message.
    Split,
    /// A new right in an old thread.
    Anew,
    /// The letter of an authority.
    Inquiry,
    /// Passing it on to a customer.
    Forward,
    /// The links of the case.
    Links,
    /// What the proof is worth.
    Identity,
    /// Asking for a proof.
    Proof,
    /// A code to the address on file.
    Code,
    /// Its letter was posted.
    CodePosted,
    /// It came back.
    CodeEntry,
    /// Reminding of a question for a proof.
    Remind,
    /// The end without a proof.
    Unidentified,
    /// Destroying a paper of the person.
    Destroy,
    /// Stopping the clock.
    Pause,
    /// Asking which of much data is meant.
    Clarify,
    /// Starting it again.
    Resume,
    /// Extending the period.
    Extend,
    /// Securing what would be gone.
    Preserve,
    /// Beginning the search.
    Search,
    /// Answering for the systems.
    Tasks,
    /// Asking the owner of a system, or taking the question back.
    Owner,
    /// Closing together what cannot be searched.
    Unsearchable,
    /// Ending the search early.
    CutShort,
    /// Deciding.
    Decision,
    /// Taking a decided item up again.
    Reconsider,
    /// The second look before something is destroyed.
    Look,
    /// What was done in the systems.
    Execution,
    /// Telling who received the data.
    Recipients,
    /// One more of them.
    AddRecipient,
    /// The letter, as it would leave.
    Release,
    /// It was posted.
    Posted,
    /// Called back before it left.
    Recall,
    /// It came back.
    Returned,
    /// The person took it back.
    Withdraw,
    /// Not for us.
    Misdirected,
    /// The end.
    Close,
    /// Taking it up again.
    Reopen,
    /// A complaint about the handling.
    Complaint,
    /// Why the answer comes late.
    Late,
    /// Keeping everything of the file.
    Hold,
    /// Letting it go again.
    Lift,
    /// Telling the person before a restriction ends.
    LiftingNotice,
    /// Telling a fee before it is charged.
    FeeNotice,
    /// What the person said to it.
    FeeAnswer,
    /// A word in between.
    Interim,
    /// Telling a person whose data came from elsewhere.
    Elsewhere,
    /// Noting that this is owed.
    Owed,
    /// A printed letter was posted.
    LetterPosted,
    /// It went to the wrong person.
    WrongPerson,
    /// A breach of security: reported, and what is known of it.
    Breach,
    /// What is known of it, written down.
    BreachReport,
    /// Whether the authority is told.
    BreachAuthority,
    /// Whether the persons are told.
    BreachPersons,
    /// All of it is done.
    BreachClose,
}

impl Kind {
    /// Every act.
    pub const ALL: [Kind; 66] = [
        Kind::Rights,
        Kind::Assign,
        Kind::Apart,
        Kind::Note,
        Kind::Message,
        Kind::Contact,
        Kind::Standing,
        Kind::Mandate,
        Kind::Received,
        Kind::Confidential,
        Kind::Ties,
        Kind::Repeat,
        Kind::Split,
        Kind::Anew,
        Kind::Inquiry,
        Kind::Forward,
        Kind::Links,
        Kind::Identity,
        Kind::Proof,
        Kind::Code,
        Kind::CodePosted,
        Kind::CodeEntry,
        Kind::Remind,
        Kind::Unidentified,
        Kind::Destroy,
        Kind::Pause,
        Kind::Clarify,
        Kind::Resume,
        Kind::Extend,
        Kind::Preserve,
        Kind::Search,
        Kind::Tasks,
        Kind::Owner,
        Kind::Unsearchable,
        Kind::CutShort,
        Kind::Decision,
        Kind::Reconsider,
        Kind::Look,
        Kind::Execution,
        Kind::Recipients,
        Kind::AddRecipient,
        Kind::Release,
        Kind::Posted,
        Kind::Recall,
        Kind::Returned,
        Kind::Withdraw,
        Kind::Misdirected,
        Kind::Close,
        Kind::Reopen,
        Kind::Complaint,
        Kind::Late,
        Kind::Hold,
        Kind::Lift,
        Kind::LiftingNotice,
        Kind::FeeNotice,
        Kind::FeeAnswer,
        Kind::Interim,
        Kind::Elsewhere,
        Kind::Owed,
        Kind::LetterPosted,
        Kind::WrongPerson,
        Kind::Breach,
        Kind::BreachReport,
        Kind::BreachAuthority,
        Kind::BreachPersons,
        Kind::BreachClose,
    ];

    /// Its part of the address.
    pub fn code(self) -> &'static str {
        match self {
            Kind::Rights => "rights",
            Kind::Assign => "assignee",
            Kind::Apart => "apart",
            Kind::Note => "note",
            Kind::Message => "message",
            Kind::Contact => "contact",
            Kind::Standing => "standing",
            Kind::Mandate => "mandate",
            Kind::Received => "received",
            Kind::Confidential => "confidential",
            Kind::Ties => "ties",
            Kind::Repeat => "repeat",
            Kind::Split => "split",
            Kind::Anew => "anew",
            Kind::Inquiry => "inquiry",
            Kind::Forward => "forward",
            Kind::Links => "links",
            Kind::Identity => "identity",
            Kind::Proof => "proof",
            Kind::Code => "code",
            Kind::CodePosted => "code-posted",
            Kind::CodeEntry => "code-entry",
            Kind::Remind => "remind",
            Kind::Unidentified => "not-identified",
            Kind::Destroy => "destroy",
            Kind::Pause => "pause",
            Kind::Clarify => "clarify",
            Kind::Resume => "resume",
            Kind::Extend => "extend",
            Kind::Preserve => "preserve",
            Kind::Search => "search",
            Kind::Tasks => "tasks",
            Kind::Owner => "owner",
            Kind::Unsearchable => "unsearchable",
            Kind::CutShort => "cut-short",
            Kind::Decision => "decision",
            Kind::Reconsider => "reconsider",
            Kind::Look => "second-look",
            Kind::Execution => "execution",
            Kind::Recipients => "recipients",
            Kind::AddRecipient => "add-recipient",
            Kind::Release => "release",
            Kind::Posted => "posted",
            Kind::Recall => "recall",
            Kind::Returned => "returned",
            Kind::Withdraw => "withdraw",
            Kind::Misdirected => "misdirected",
            Kind::Close => "close",
            Kind::Reopen => "reopen",
            Kind::Complaint => "complaint",
            Kind::Late => "late",
            Kind::Hold => "hold",
            Kind::Lift => "lift",
            Kind::LiftingNotice => "lifting-notice",
            Kind::FeeNotice => "fee-notice",
            Kind::FeeAnswer => "fee-answer",
            Kind::Interim => "interim-notice",
            Kind::Elsewhere => "art14-notice",
            Kind::Owed => "art14-owed",
            Kind::LetterPosted => "letter-posted",
            Kind::WrongPerson => "wrong-person",
            Kind::Breach => "breach",
            Kind::BreachReport => "breach-report",
            Kind::BreachAuthority => "breach-authority",
            Kind::BreachPersons => "breach-persons",
            Kind::BreachClose => "breach-close",
        }
    }

    /// The act of that address.
    pub fn from_code(code: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// The least role that may do it; the office asks again.
    pub fn least(self) -> Role {
        match self {
            Kind::Extend
            | Kind::CutShort
            | Kind::Decision
            | Kind::Reconsider
            | Kind::Look
            | Kind::Release
            | Kind::Recall
            | Kind::Mandate
            | Kind::Received
            | Kind::Confidential
            | Kind::Unidentified
            | Kind::Misdirected
            | Kind::Hold
            | Kind::Lift
            | Kind::LiftingNotice
            | Kind::FeeNotice
            | Kind::BreachAuthority
            | Kind::BreachPersons
            | Kind::BreachClose => Role::Decider,
            _ => Role::Handler,
        }
    }

    /// Whether one comes to it straight from the act before.
    pub fn leads_on(self) -> bool {
        matches!(
            self,
            Kind::Standing
                | Kind::Identity
                | Kind::Search
                | Kind::Tasks
                | Kind::Decision
                | Kind::Look
                | Kind::Execution
                | Kind::Recipients
                | Kind::Release
        )
    }

    /// The act whose page carries this one's form.
    fn shown_on(self) -> Kind {
        match self {
            Kind::Owner | Kind::Unsearchable | Kind::CutShort => Kind::Tasks,
            Kind::AddRecipient => Kind::Recipients,
            Kind::Owed => Kind::Elsewhere,
            Kind::CodePosted | Kind::CodeEntry => Kind::Code,
            Kind::BreachReport
            | Kind::BreachAuthority
            | Kind::BreachPersons
            | Kind::BreachClose => Kind::Breach,
            other => other,
        }
    }
}

/// The pages that need nothing but the case.
macro_rules! page {
    ($name:ident, $path:literal) => {
        #[derive(Template)]
        #[template(path = $path)]
        struct $name {
            p: Desk,
            act: Act,
        }
    };
}

page!(Clock, "office/clock_acts.html");
page!(Ending, "office/ending.html");
page!(After, "office/after.html");

#[derive(Template)]
#[template(path = "office/intake.html")]
struct Intake {
    p: Desk,
    act: Act,
    colleagues: Vec<Clerk>,
    url: Option<String>,
}

/// The page of an act.
async fn render(
    office: &Office,
    session: &Session,
    act: Act,
    status: StatusCode,
) -> Result<HttpResponse, Problem> {
    let p = session.desk(office, Room::Cases).await?;
    match act.kind.shown_on() {
        Kind::Pause | Kind::Clarify | Kind::Resume | Kind::Extend => {
            show(status, &Clock { p, act })
        }
        Kind::Identity
        | Kind::Proof
        | Kind::Code
        | Kind::CodePosted
        | Kind::CodeEntry
        | Kind::Remind
        | Kind::Unidentified
        | Kind::Destroy => identity::page(office, session, p, act, status).await,
        Kind::Note | Kind::Message => conversation::page(office, session, p, act, status).await,
        Kind::Tasks | Kind::Owner | Kind::Unsearchable | Kind::CutShort => {
            tasks::page(office, session, p, act, status).await
        }
        Kind::Decision => decision::page(office, session, p, act, status).await,
        Kind::Execution => execution::page(office, session, p, act, status).await,
        Kind::Look => look::page(p, act, status).await,
        Kind::Preserve => preserve::page(office, session, p, act, status).await,
        Kind::Recipients | Kind::AddRecipient => recipients::page(p, act, status).await,
        Kind::Release => release::page(office, session, p, act, status).await,
        Kind::Complaint | Kind::Late | Kind::Hold | Kind::Lift => show(status, &After { p, act }),
        Kind::LiftingNotice | Kind::FeeNotice | Kind::Interim | Kind::Elsewhere | Kind::Owed => {
            letter::page(office, session, p, act, status).await
        }
        Kind::FeeAnswer => letter::fee::answered(p, act, status),
        Kind::LetterPosted => letter::posting(p, act, status),
        Kind::WrongPerson
        | Kind::Breach
        | Kind::BreachReport
        | Kind::BreachAuthority
        | Kind::BreachPersons
        | Kind::BreachClose => breach::page(office, session, p, act, status),
        Kind::Rights | Kind::Assign | Kind::Apart | Kind::Contact | Kind::Links | Kind::Search => {
            let controller = act.case().controller;
            let colleagues = match act.kind {
                Kind::Assign => {
                    let least = least_for(act.case());
                    office.assignable(&session.scope, controller, least).await?
                }
                _ => vec![],
            };
            let url = match act.kind {
                Kind::Links => office
                    .status_url(&session.scope, act.case().id)
                    .await?
                    .map(|url| url.reveal().clone()),
                _ => None,
            };
            show(
                status,
                &Intake {
                    p,
                    act,
                    colleagues,
                    url,
                },
            )
        }
        Kind::Standing
        | Kind::Mandate
        | Kind::Received
        | Kind::Confidential
        | Kind::Misdirected => persons::page(office, p, act, status).await,
        Kind::Ties | Kind::Repeat | Kind::Split | Kind::Anew => {
            ties::page(office, session, p, act, status).await
        }
        Kind::Inquiry => inquiry::page(office, p, act, status).await,
        Kind::Forward => forwarding::page(office, p, act, status).await,
        Kind::Reconsider
        | Kind::Posted
        | Kind::Recall
        | Kind::Returned
        | Kind::Withdraw
        | Kind::Close
        | Kind::Reopen => show(status, &Ending { p, act }),
    }
}

/// Does an act as the form says. Each stands on the heap: together they would be more than a thread's stack holds.
async fn perform(
    office: &Office,
    session: &Session,
    (id, kind): (CaseId, Kind),
    posted: &Posted,
) -> Result<Outcome, Error> {
    match kind {
        Kind::Rights => intake_rights(office, session, id, posted).await,
        Kind::Assign => {
            let to = posted.get("assignee").parse::<ClerkId>().ok();
            if let Some(clerk) = to {
                // Only somebody who works for this controller can be given its cases.
                let (case, _) = office.open(&session.scope, id).await?;
                let least = least_for(&case);
                let there = office
                    .assignable(&session.scope, case.controller, least)
                    .await?;
                there
                    .iter()
                    .find(|known| known.id == clerk)
                    .ok_or(Error::NotFound)?;
            }
            office
                .assign(&session.scope, id, Some(super::act::seen(posted)), to)
                .await
        }
        Kind::Apart => {
            office
                .sort_apart(
                    &session.scope,
                    id,
                    Some(super::act::seen(posted)),
                    posted.get("apart") == "yes",
                )
                .await
        }
        Kind::Contact => {
            let seen = super::act::seen(posted);
            let of = match posted.get("of") {
                "data-subject" => PartyRole::DataSubject,
                _ => PartyRole::Requester,
            };
            office
                .set_address(&session.scope, id, seen, (of, posted.get("address")))
                .await
        }
        Kind::Links => {
            office.revoke_links(&session.scope, id).await?;
            let (case, revision) = office.open(&session.scope, id).await?;
            Ok(Outcome {
                case,
                revision,
                changed: false,
            })
        }
        Kind::Note | Kind::Message => {
            Box::pin(conversation::perform(office, session, (id, kind), posted)).await
        }
        Kind::Identity
        | Kind::Proof
        | Kind::Search
        | Kind::Code
        | Kind::CodePosted
        | Kind::CodeEntry
        | Kind::Remind
        | Kind::Unidentified
        | Kind::Destroy => Box::pin(identity::perform(office, session, (id, kind), posted)).await,
        Kind::Pause | Kind::Clarify | Kind::Resume | Kind::Extend => {
            Box::pin(clock::perform(office, session, (id, kind), posted)).await
        }
        Kind::Tasks | Kind::Owner | Kind::Unsearchable | Kind::CutShort => {
            Box::pin(tasks::perform(office, session, (id, kind), posted)).await
        }
        Kind::Decision => Box::pin(decision::perform(office, session, id, posted)).await,
        Kind::Execution => Box::pin(execution::perform(office, session, id, posted)).await,
        Kind::Look => Box::pin(look::perform(office, session, id, posted)).await,
        Kind::Preserve => Box::pin(preserve::perform(office, session, id, posted)).await,
        Kind::Recipients | Kind::AddRecipient => {
            Box::pin(recipients::perform(office, session, (id, kind), posted)).await
        }
        Kind::Release | Kind::Posted | Kind::Recall | Kind::Returned => {
            Box::pin(release::perform(office, session, (id, kind), posted)).await
        }
        Kind::Standing
        | Kind::Mandate
        | Kind::Received
        | Kind::Confidential
        | Kind::Misdirected => persons::perform(office, session, (id, kind), posted).await,
        Kind::Ties | Kind::Repeat | Kind::Split | Kind::Anew => {
            Box::pin(ties::perform(office, session, (id, kind), posted)).await
        }
        Kind::Inquiry => inquiry::perform(office, session, id, posted).await,
        Kind::Forward => Box::pin(forwarding::perform(office, session, id, posted)).await,
        Kind::Reconsider | Kind::Withdraw | Kind::Close | Kind::Reopen => {
            Box::pin(ending::perform(office, session, (id, kind), posted)).await
        }
        Kind::Complaint | Kind::Late | Kind::Hold | Kind::Lift => {
            after::perform(office, session, (id, kind), posted).await
        }
        Kind::LiftingNotice
        | Kind::FeeNotice
        | Kind::FeeAnswer
        | Kind::Interim
        | Kind::Elsewhere
        | Kind::Owed
        | Kind::LetterPosted => {
            Box::pin(letter::perform(office, session, (id, kind), posted)).await
        }
        Kind::WrongPerson
        | Kind::Breach
        | Kind::BreachReport
        | Kind::BreachAuthority
        | Kind::BreachPersons
        | Kind::BreachClose => breach::perform(office, session, (id, kind), posted).await,
    }
}

/// Who may see a case may work on it.
fn least_for(case: &Case) -> Role {
    match case.confidential {
        true => Role::Decider,
        false => Role::Handler,
    }
}

async fn intake_rights(
    office: &Office,
    session: &Session,
    id: CaseId,
    posted: &Posted,
) -> Result<Outcome, Error> {
    let rights = rights(posted);
    office
        .understand(&session.scope, id, super::act::seen(posted), &rights)
        .await
}

/// The rights that are ticked.
pub fn rights(posted: &Posted) -> Vec<Right> {
    posted.all("rights").filter_map(Right::from_code).collect()
}

/// Where an act leads, by its part of the address.
type Address = web::Path<(CaseId, String)>;

/// The page of an act.
pub async fn look(
    session: Session,
    office: web::Data<Office>,
    address: Address,
    asked: web::Query<Vec<(String, String)>>,
) -> Result<HttpResponse, Problem> {
    let (id, code) = address.into_inner();
    let kind = Kind::from_code(&code).ok_or_else(Problem::not_found)?;
    let mut act = Act::open(&office, &session, id, kind).await?;
    act.done = asked
        .iter()
        .find(|(key, _)| key == "done")
        .and_then(|(_, code)| Kind::from_code(code));
    render(&office, &session, act, StatusCode::OK).await
}

/// Does it.
pub async fn act(
    signed: Signed,
    office: web::Data<Office>,
    address: Address,
) -> Result<HttpResponse, Problem> {
    let Signed { session, posted } = signed;
    let (id, code) = address.into_inner();
    let kind = Kind::from_code(&code).ok_or_else(Problem::not_found)?;
    let mut posted = posted;
    if kind == Kind::Message && posted.pressed().0 == "insert" {
        conversation::put_in(&office, &session, id, &mut posted).await?;
    }
    if matches!(posted.pressed().0, "more" | "insert") {
        // More rows or words were asked for; nothing is done yet.
        let mut act = Act::open(&office, &session, id, kind).await?;
        act.typed = Some(posted);
        return render(&office, &session, act, StatusCode::OK).await;
    }
    let done = match posted.left_out.is_empty() {
        true => Box::pin(perform(&office, &session, (id, kind), &posted)).await,
        false => Err(Obstacle::Empty("files").into()),
    };
    match settle(&office, &session, (id, kind), posted, done).await? {
        Settled::Done(answer) => Ok(answer),
        Settled::Again(act, status) => render(&office, &session, *act, status).await,
    }
}
