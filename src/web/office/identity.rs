//! Who is it? The proof is weighed, asked for, awaited, or goes without.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use askama::Template;
use chrono::NaiveDate;

use crate::casework::desk::Outcome;
use crate::casework::identity::{Advice, Brought, Question};
use crate::casework::{Error, Office};
use crate::domain::deadline::{PauseKind, received_day};
use crate::domain::event::Event;
use crate::domain::identity::{
    AddressKind, Ask, Finding, Fit, Gravity, Identity, Knowledge, Method, OnFile, Owner,
    ProofObstacle, Proposal, Unidentified,
};
use crate::domain::ids::{CaseId, FileId};
use crate::domain::lang::Lang;
use crate::domain::obstacle::Obstacle;
use crate::web::error::Problem;
use crate::web::form::Posted;
use crate::web::layout::Desk;
use crate::web::office::act::{Act, day, seen};
use crate::web::office::acts::Kind;
use crate::web::office::session::Session;
use crate::web::office::story::FileLink;
use crate::web::page::show;
use crate::words::{desk, mailroom, proof, terms};

/// One of a list to choose from.
pub struct Pick {
    /// Its name in the form.
    pub code: &'static str,
    /// What it is.
    pub name: &'static str,
    /// When it suffices, and what it is in this case; may be empty.
    pub hint: String,
    /// Whether it is taken by default.
    pub proposed: bool,
}

/// What the pages of this column show beside the case.
struct Shown {
    advice: Advice,
    brought: Vec<Brought>,
    /// Reasons to start from when a case ends, by the code of the cause.
    reasons: String,
    /// Where the letter goes: the mailbox, or the postal address.
    by_mail: bool,
    /// Whose signature a mail of hers carries, in words; empty: none.
    signed: String,
}

impl Shown {
    fn because(&self, proposal: &Proposal) -> String {
        proof::because(proposal)
    }

    fn question(&self) -> &'static str {
        desk::method_asked(self.advice.question.method)
    }

    fn name(&self, proposal: &Proposal) -> &'static str {
        terms::method(proposal.method, Lang::De)
    }

    /// The ways of proof, the weakest first; in a question, those that can be asked for.
    fn methods(&self, asked: bool) -> Vec<Pick> {
        let proposed = match asked {
            true => self.advice.question.method,
            false => self.advice.proposal.method,
        };
        // A code is entered, not chosen.
        let here = |method: Method| match asked {
            true => method >= Method::Knowledge || method == Method::ConfirmedLink,
            false => method != Method::CodeByPost,
        };
        let ladder = self
            .advice
            .ladder
            .iter()
            .filter(|(method, _)| here(*method));
        ladder
            .map(|(method, fit)| Pick {
                code: method.code(),
                name: match asked {
                    true => desk::method_asked(*method),
                    false => terms::method(*method, Lang::De),
                },
                hint: match (asked, *method == proposed, fit) {
                    (_, true, _) => format!("Vorgeschlagen. {}", desk::method_hint(*method)),
                    (true, _, Fit::Useless | Fit::TooWeak | Fit::Proposed) => {
                        desk::method_hint(*method).to_owned()
                    }
                    (_, _, fit) => format!(
                        "{}: {}",
                        capital(proof::fit(*fit)),
                        desk::method_hint(*method)
                    ),
                },
                proposed: *method == proposed,
            })
            .collect()
    }

    fn keys(&self) -> Vec<Pick> {
        let pick = |key: Knowledge| Pick {
            code: key.code(),
            name: proof::knowledge(key, Lang::De),
            hint: String::new(),
            proposed: false,
        };
        Knowledge::ALL.into_iter().map(pick).collect()
    }

    fn owners(&self) -> Vec<Pick> {
        let pick = |owner: Owner| Pick {
            code: owner.code(),
            name: proof::owner(owner),
            hint: String::new(),
            proposed: owner == Owner::Person,
        };
        Owner::ALL.into_iter().map(pick).collect()
    }

    fn kinds(&self, all: bool) -> Vec<Pick> {
        let pick = |kind: AddressKind| Pick {
            code: kind.code(),
            name: proof::address_kind(kind),
            hint: String::new(),
            proposed: false,
        };
        let here = |kind: &AddressKind| all || *kind != AddressKind::Phone;
        AddressKind::ALL
            .into_iter()
            .filter(here)
            .map(pick)
            .collect()
    }

    fn causes(&self) -> Vec<Pick> {
        let pick = |cause: Unidentified| Pick {
            code: cause.code(),
            name: proof::unidentified(cause).0,
            hint: proof::unidentified(cause).1.to_owned(),
            proposed: false,
        };
        Unidentified::ALL.into_iter().map(pick).collect()
    }
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    let first = letters.next().map(char::to_uppercase).into_iter().flatten();
    first.chain(letters).collect()
}

macro_rules! pages {
    ($($name:ident $path:literal)*) => { $(
        #[derive(Template)]
        #[template(path = $path)]
        struct $name {
            p: Desk,
            act: Act,
            s: Shown,
        }
    )* };
}

pages! {
    Weigh "office/identity.html"
    Demand "office/proof.html"
    Code "office/code.html"
    Unproven "office/unidentified.html"
}

#[derive(Template)]
#[template(path = "office/destroy.html")]
struct Destroy {
    p: Desk,
    act: Act,
}

/// The page of one of these acts.
pub(super) async fn page(
    office: &Office,
    session: &Session,
    p: Desk,
    act: Act,
    status: StatusCode,
) -> Result<HttpResponse, Problem> {
    let gravity = act.typed.as_ref().map(gravity).unwrap_or_default();
    let case = act.case();
    let cause = match case.identity {
        Identity::Failed { .. } => Unidentified::Insufficient,
        Identity::Asked { .. } => Unidentified::Silent,
        _ => Unidentified::Unidentifiable,
    };
    let form = office.house(case.controller)?.controller.form;
    let s = Shown {
        advice: office.advise(&session.scope, case, gravity).await?,
        brought: match act.kind {
            Kind::Identity => office.brought(&session.scope, case).await?,
            _ => vec![],
        },
        reasons: proof::reasons(cause, case.intake.lang, form),
        by_mail: office.asks_by_mail(case),
        signed: office
            .signed_by(&session.scope, case)
            .await?
            .as_deref()
            .map(mailroom::signed_by)
            .unwrap_or_default(),
    };
    match act.kind {
        Kind::Proof => show(status, &Demand { p, act, s }),
        Kind::Code | Kind::CodePosted | Kind::CodeEntry => show(status, &Code { p, act, s }),
        Kind::Remind | Kind::Unidentified => show(status, &Unproven { p, act, s }),
        Kind::Destroy => show(status, &Destroy { p, act }),
        _ => show(status, &Weigh { p, act, s }),
    }
}

impl Act {
    /// The day of the last message of the person, as a field for days takes it: most often it is the proof.
    pub fn last_heard(&self) -> String {
        let heard = self.file.timeline.iter().filter(|happened| {
            matches!(
                happened.event,
                Event::Heard { .. } | Event::ProofGiven { .. } | Event::MailboxConfirmed
            )
        });
        let last = heard.map(|happened| received_day(happened.at)).max();
        last.unwrap_or(self.today).to_string()
    }

    /// Whether the clock stands for a proof of identity.
    pub fn waits_for_proof(&self) -> bool {
        let kind = Some(PauseKind::Identity);
        self.case().waiting(kind).next().is_some()
    }

    /// Whether it stands for more than one kind of question.
    pub fn waits_twice(&self) -> bool {
        self.case().waiting(None).count() > 1
    }

    /// What the page of an act without a proof is called.
    pub fn unproven_title(&self) -> &'static str {
        proof::unproven_title(self.kind == Kind::Remind)
    }

    /// Whether a question for a proof is out.
    pub fn asked_who(&self) -> bool {
        matches!(self.case().identity, Identity::Asked { .. })
    }

    /// Whether nobody has shown who she is.
    pub fn unproven(&self) -> bool {
        !matches!(self.case().identity, Identity::Confirmed { .. })
    }

    /// Whether she can still be reminded.
    pub fn may_remind(&self) -> bool {
        self.case().remind(None, self.today).is_ok()
    }

    /// Until when she may answer after the reminder.
    pub fn closes_on(&self) -> Option<NaiveDate> {
        let reminded = self.case().proof.reminded;
        reminded.map(|on| self.case().closes_on(on))
    }

    /// Where the address stands on file by which she was recognised; empty if by none.
    pub fn on_file(&self) -> String {
        let on_file = self.case().proof.on_file.as_ref();
        on_file.map(proof::on_file).unwrap_or_default()
    }

    /// How far the last code is; empty if there is none.
    pub fn code_words(&self) -> String {
        let code = self.case().proof.code.as_ref();
        code.map(proof::code).unwrap_or_default()
    }

    /// The letter with a code that has to be posted.
    pub fn code_letter(&self) -> Option<FileId> {
        let code = self.case().proof.code.as_ref();
        code.and_then(|code| code.letter)
    }

    /// Whether a code can be entered.
    pub fn code_is_out(&self) -> bool {
        let code = self.case().proof.code.as_ref();
        code.is_some_and(|code| code.good(self.today))
    }

    /// The files of the person that can be destroyed by themselves.
    pub fn papers(&self) -> Vec<FileLink> {
        let own = [
            desk::file_purpose("attachment"),
            desk::file_purpose("note"),
            desk::file_purpose("proof"),
        ];
        let code = self.code_letter();
        let mut files = self.files();
        files.retain(|file| own.contains(&file.purpose) && Some(file.id) != code);
        files
    }
}

/// The field to go to, by what stands against the act.
pub(super) fn place(obstacle: &ProofObstacle) -> &'static str {
    match obstacle {
        ProofObstacle::NotOnFile | ProofObstacle::RecordUnnamed => "system",
        ProofObstacle::RecordTooYoung { .. } => "since",
        ProofObstacle::RecordOfRequest => "made-by-request",
        ProofObstacle::NeverAlone(_) => "owner",
        ProofObstacle::MailboxSilent
        | ProofObstacle::NotOffered(_)
        | ProofObstacle::CopyOutOfProportion
        | ProofObstacle::NoCodeEntered => "method",
        ProofObstacle::DepartureUnexplained { .. } => "because",
        ProofObstacle::Routine { .. } | ProofObstacle::Vague => "doubt",
        ProofObstacle::DocumentNumber => "note",
        ProofObstacle::NoKey => "keys",
        ProofObstacle::CodeWrong => "code",
        ProofObstacle::CodeNeedsAddress => "address",
        _ => "form",
    }
}

fn gravity(posted: &Posted) -> Gravity {
    Gravity {
        sensitive: posted.ticked("sensitive"),
        moved: posted.ticked("moved"),
    }
}

fn method(posted: &Posted) -> Result<Method, Error> {
    Method::from_code(posted.get("method")).ok_or_else(|| Obstacle::Empty("method").into())
}

/// A day of the form; left empty, there is none.
fn day_of(posted: &Posted, name: &'static str) -> Result<Option<NaiveDate>, Error> {
    match posted.get(name).trim() {
        "" => Ok(None),
        text => day(text)
            .map(Some)
            .ok_or_else(|| Obstacle::Empty(name).into()),
    }
}

/// Where the address stands on file, as far as it was filled in.
fn on_file(posted: &Posted, kind: Option<AddressKind>) -> Result<Option<OnFile>, Error> {
    let system = posted.get("system").trim();
    let since = day_of(posted, "since")?;
    let (Some(since), Some(kind), false) = (since, kind, system.is_empty()) else {
        return match (system.is_empty(), since, kind) {
            (true, None, _) => Ok(None),
            (true, Some(_), _) => Err(Obstacle::Empty("system").into()),
            (false, None, _) => Err(Obstacle::Empty("since").into()),
            (false, _, _) => Err(Obstacle::Empty("kind").into()),
        };
    };
    let address = posted.get("address").trim().replace("\r\n", "\n");
    Ok(Some(OnFile {
        kind,
        system: system.to_owned(),
        since,
        owner: Owner::from_code(posted.get("owner")).unwrap_or(Owner::Person),
        made_by_request: posted.ticked("made-by-request"),
        address: (!address.is_empty()).then(|| address.into()),
    }))
}

pub(super) async fn perform(
    office: &Office,
    session: &Session,
    (id, kind): (CaseId, Kind),
    posted: &Posted,
) -> Result<Outcome, Error> {
    let (scope, seen) = (&session.scope, seen(posted));
    match kind {
        Kind::Search => office.begin_search(scope, id, seen).await,
        Kind::Proof => {
            let question = Question {
                ask: Ask {
                    means: posted.all("method").filter_map(Method::from_code).collect(),
                    keys: posted
                        .all("keys")
                        .filter_map(Knowledge::from_code)
                        .collect(),
                    doubt: posted.get("doubt").to_owned(),
                    because: posted.get("because").to_owned(),
                    gravity: gravity(posted),
                    pause: posted.ticked("pause"),
                    anyway: posted.ticked("anyway"),
                },
                suffices: posted.get("suffices").to_owned(),
            };
            office.ask_identity(scope, id, seen, question).await
        }
        Kind::Code => {
            let kind = AddressKind::from_code(posted.get("kind"));
            let kind = Some(kind.ok_or(Obstacle::Empty("kind"))?);
            let on_file = on_file(posted, kind)?.ok_or(ProofObstacle::NotOnFile);
            let on_file = on_file.map_err(Obstacle::from)?;
            office.make_code(scope, id, seen, on_file).await
        }
        Kind::CodePosted => {
            let on = day_of(posted, "on")?.ok_or(Obstacle::Empty("on"))?;
            office.code_posted(scope, id, seen, on).await
        }
        Kind::CodeEntry => {
            let arrived = day_of(posted, "arrived")?.ok_or(Obstacle::Empty("arrived"))?;
            let code = posted.get("code");
            office.enter_proof_code(scope, id, code, arrived).await
        }
        Kind::Remind => office.remind_identity(scope, id, Some(seen)).await,
        Kind::Unidentified => {
            let cause = Unidentified::from_code(posted.get("ending"));
            let cause = cause.ok_or(Obstacle::Empty("ending"))?;
            let because = posted.get("because");
            office
                .not_identified(scope, id, seen, (cause, because))
                .await
        }
        Kind::Destroy => {
            let file = posted.get("file").parse().map(FileId);
            let file = file.map_err(|_| Obstacle::Empty("file"))?;
            let because = posted.get("because");
            office.destroy_file(scope, id, seen, (file, because)).await
        }
        _ => weigh(office, session, id, posted).await,
    }
}

async fn weigh(
    office: &Office,
    session: &Session,
    id: CaseId,
    posted: &Posted,
) -> Result<Outcome, Error> {
    let (scope, seen) = (&session.scope, seen(posted));
    let arrived = day_of(posted, "arrived")?;
    let sufficient = match posted.get("result") {
        "yes" => true,
        "no" => false,
        "again" => {
            let missing = posted.get("note");
            return office.ask_again(scope, id, seen, missing, arrived).await;
        }
        _ => return Err(Obstacle::Empty("result").into()),
    };
    let method = method(posted)?;
    let kind = match (AddressKind::from_code(posted.get("kind")), method) {
        (Some(kind), _) => Some(kind),
        (None, Method::CallBack) => Some(AddressKind::Phone),
        (None, _) => Some(AddressKind::Mailbox),
    };
    let by_address = matches!(
        method,
        Method::AddressOnFile | Method::ConfirmedLink | Method::CallBack
    );
    let finding = Finding {
        arrived,
        sufficient,
        doubt: posted.get("doubt").to_owned(),
        note: posted.get("note").to_owned(),
        on_file: match by_address && sufficient {
            true => on_file(posted, kind)?,
            false => None,
        },
        gravity: gravity(posted),
        because: posted.get("because").to_owned(),
        ..Finding::sufficient(method)
    };
    office.weigh_identity(scope, id, seen, finding).await
}
