//! Where the owner of a system answers: a code to her mailbox first, then what to look for, and one answer. German alone:
//! she works for the house. Nothing that she hands in can be read back here.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use crate::casework::owners::visit::{CODE_MINUTES, Doorstep, OwnersTask, Said};
use crate::casework::{Error, Office, Token};
use crate::domain::identifier::Identifier;
use crate::domain::ids::ControllerId;
use crate::domain::lang::Lang;
use crate::domain::obstacle::Obstacle;
use crate::web::error::Problem;
use crate::web::form::Posted;
use crate::web::gate::Gate;
use crate::web::layout::Counter;
use crate::web::page::{self, see_other, show};
use crate::web::public::fault::{Fault, Faults, WORDS_MAX};
use crate::web::public::request::Limits;
use crate::web::public::{counter, uploads};
use crate::web::voice::Voice;
use crate::words::terms;

/// Asks for a code, or for the code that was sent.
#[derive(Template)]
#[template(path = "public/owner/code.html")]
struct CodePage {
    p: Counter,
    door: Doorstep,
    sent: bool,
    minutes: i64,
    faults: Faults,
    base: String,
}

/// The question, and the form for its answer.
#[derive(Template)]
#[template(path = "public/owner/task.html")]
struct TaskPage {
    p: Counter,
    task: OwnersTask,
    wanted: Vec<(&'static str, String)>,
    faults: Faults,
    pass: String,
    form_key: String,
    outcome: &'static str,
    words: String,
    /// So many files lie under the form's key; their names are not shown again.
    files: usize,
    limits: Limits,
    base: String,
}

/// The answer is in.
#[derive(Template)]
#[template(path = "public/owner/thanks.html")]
struct ThanksPage {
    p: Counter,
}

struct Visit<'a> {
    request: &'a HttpRequest,
    office: &'a web::Data<Office>,
    token: Token,
    base: String,
}

impl<'a> Visit<'a> {
    fn of(
        request: &'a HttpRequest,
        office: &'a web::Data<Office>,
        text: &str,
    ) -> Result<Self, Problem> {
        let closed = |error| counter::closed(request, office, error);
        let token = Token::parse(text).ok_or(Error::Link).map_err(closed)?;
        Ok(Self {
            request,
            office,
            base: format!("/task/{}", token.text()),
            token,
        })
    }

    fn closed(&self, error: Error) -> Problem {
        counter::closed(self.request, self.office, error)
    }

    async fn door(&self) -> Result<Doorstep, Problem> {
        let door = self.office.owner_doorstep(&self.token).await;
        door.map_err(|error| self.closed(error))
    }

    fn frame(&self, controller: ControllerId) -> Result<Counter, Problem> {
        let controller = &self.office.house(controller)?.controller;
        let p = counter::own_frame(self.request, controller, Lang::De);
        Ok(Counter {
            voice: Voice {
                lang: Lang::De,
                du: false,
            },
            other: None,
            chosen: false,
            ..p
        })
    }

    fn code(
        &self,
        door: Doorstep,
        sent: bool,
        faults: Vec<Fault>,
    ) -> Result<HttpResponse, Problem> {
        let page = CodePage {
            p: self.frame(door.controller)?,
            door,
            sent,
            minutes: CODE_MINUTES,
            base: self.base.clone(),
            faults: Faults(faults),
        };
        show(status(&page.faults), &page)
    }

    async fn task(
        &self,
        pass: &Token,
        posted: Option<&Posted>,
        form_key: String,
        faults: Vec<Fault>,
    ) -> Result<HttpResponse, Problem> {
        let task = match self.office.owners_task(&self.token, pass).await {
            Ok(task) => task,
            // The pass has run out: a fresh code, and the page is open again.
            Err(Error::Code) => return self.code(self.door().await?, false, vec![]),
            Err(other) => return Err(self.closed(other)),
        };
        let controller = task.doorstep.controller;
        let files = match self.office.check_form_key(controller, &form_key) {
            Some(key) => {
                let slug = &self.office.house(controller)?.controller.slug;
                self.office.uploads_of(slug, &key.form).await?.len()
            }
            None => 0,
        };
        let typed = |name: &str| posted.map_or(String::new(), |it| it.get(name).to_owned());
        let page = TaskPage {
            p: self.frame(controller)?,
            wanted: task.identifiers.iter().map(wanted).collect(),
            task,
            pass: pass.text(),
            form_key,
            outcome: chosen(&typed("outcome")),
            words: typed("message"),
            files,
            limits: uploads::limits(self.office),
            base: self.base.clone(),
            faults: Faults(faults),
        };
        show(status(&page.faults), &page)
    }

    fn thanks(&self, controller: ControllerId) -> Result<HttpResponse, Problem> {
        let p = self.frame(controller)?;
        show(StatusCode::OK, &ThanksPage { p })
    }
}

/// The choice that was made, if it is one of ours.
fn chosen(outcome: &str) -> &'static str {
    let known = ["found", "nothing", "not-possible"];
    known
        .into_iter()
        .find(|it| *it == outcome)
        .unwrap_or_default()
}

fn status(faults: &Faults) -> StatusCode {
    match faults.any() {
        true => StatusCode::UNPROCESSABLE_ENTITY,
        false => StatusCode::OK,
    }
}

/// An identifier in words, with its time where it has one.
fn wanted(identifier: &Identifier) -> (&'static str, String) {
    let mut value = identifier.value.reveal().clone();
    if let Some(window) = &identifier.window {
        let at = |at: chrono::DateTime<chrono::Utc>| {
            at.with_timezone(&chrono_tz::Europe::Berlin)
                .format("%d.%m.%Y %H:%M")
                .to_string()
        };
        value.push_str(&format!(", {} bis {}", at(window.from), at(window.to)));
    }
    (terms::search_key(identifier.kind, Lang::De), value)
}

/// Shows the way in. Opening the page sends nothing: mail programs look behind links, too.
pub async fn look(
    request: HttpRequest,
    token: web::Path<String>,
    office: web::Data<Office>,
) -> Result<HttpResponse, Problem> {
    let visit = Visit::of(&request, &office, &token)?;
    let sent = page::query(&request, "code").next().is_some();
    visit.code(visit.door().await?, sent, vec![])
}

/// A button on it: send a code, try one, take files in, or take the answer.
pub async fn act(
    request: HttpRequest,
    token: web::Path<String>,
    posted: Posted,
    office: web::Data<Office>,
    gate: web::Data<Gate>,
) -> Result<HttpResponse, Problem> {
    let visit = Visit::of(&request, &office, &token)?;
    match posted.pressed() {
        ("code", _) => match office.send_owner_code(&visit.token).await {
            // One a minute is enough; the page says so in either case.
            Ok(()) | Err(Error::TooOften) => Ok(see_other(&format!("{}?code=1", visit.base))),
            Err(other) => Err(visit.closed(other)),
        },
        ("open", _) => open(&visit, &gate, &posted).await,
        _ => answer(&visit, &gate, posted).await,
    }
}

async fn open(visit: &Visit<'_>, gate: &Gate, posted: &Posted) -> Result<HttpResponse, Problem> {
    let door = visit.door().await?;
    let again = |fault| visit.code(door.clone(), true, vec![fault]);
    if posted.get("code").trim().is_empty() {
        return again(Fault::CodeMissing);
    }
    if !gate.limits.sign_ins.allows(gate.asker(visit.request)) {
        return again(Fault::CodePaused);
    }
    let tried = visit
        .office
        .try_owner_code(&visit.token, posted.get("code"));
    match tried.await {
        Ok(pass) => {
            let key = visit.office.form_key(door.controller);
            visit.task(&pass, None, key, vec![]).await
        }
        Err(Error::Code) => again(Fault::CodeWrong),
        Err(other) => Err(visit.closed(other)),
    }
}

async fn answer(
    visit: &Visit<'_>,
    gate: &Gate,
    mut posted: Posted,
) -> Result<HttpResponse, Problem> {
    let office = visit.office;
    let mut form_key = posted.get("form_key").to_owned();
    // Sent twice, it is here already, and the link has ended with it.
    if let Some(controller) = said_before(visit, &form_key).await? {
        return visit.thanks(controller);
    }
    let controller = visit.door().await?.controller;
    let Some(pass) = Token::parse(posted.get("pass")) else {
        return visit.code(visit.door().await?, false, vec![]);
    };
    // Without a good pass nothing is taken in, not even to be kept aside.
    match office.owners_task(&visit.token, &pass).await {
        Ok(_) => {}
        Err(Error::Code) => return visit.code(visit.door().await?, false, vec![]),
        Err(other) => return Err(visit.closed(other)),
    }
    let mut faults: Vec<Fault> = vec![];
    let key = match office.check_form_key(controller, &form_key) {
        Some(key) => key,
        None => {
            faults.push(Fault::PageOld);
            form_key = office.form_key(controller);
            office
                .check_form_key(controller, &form_key)
                .ok_or_else(|| Problem::fault("a fresh form key is not good"))?
        }
    };
    let slug = office.house(controller)?.controller.slug.clone();
    let (left_out, _) = uploads::keep(office, &slug, &key.form, &mut posted, || {
        gate.limits.files.allows(gate.asker(visit.request))
    })
    .await?;
    faults.extend(left_out.into_iter().map(|fault| match fault {
        Fault::FileHarmful => Fault::FindingHarmful,
        Fault::FilesPaused => Fault::ProofPaused,
        other => other,
    }));
    match posted.pressed() {
        ("attach", _) => {
            faults.retain(|fault| *fault != Fault::PageOld);
            return visit.task(&pass, Some(&posted), form_key, faults).await;
        }
        ("remove", _) => {
            for (file, _, _) in office.uploads_of(&slug, &key.form).await? {
                uploads::remove(office, &slug, &key.form, &file.to_string()).await?;
            }
            return visit.task(&pass, Some(&posted), form_key, vec![]).await;
        }
        _ => {}
    }
    let words = posted.get("message").trim();
    if u64::try_from(words.chars().count()).unwrap_or(u64::MAX) > WORDS_MAX {
        faults.push(Fault::MessageTooLong);
    }
    let said = match posted.get("outcome") {
        "found" => Some(Said::Found(words.into())),
        "nothing" => Some(Said::Nothing(words.into())),
        "not-possible" => Some(Said::NotPossible(words.into())),
        _ => None,
    };
    let Some(said) = said else {
        faults.insert(0, Fault::OutcomeMissing);
        return visit.task(&pass, Some(&posted), form_key, faults).await;
    };
    if !faults.is_empty() {
        return visit.task(&pass, Some(&posted), form_key, faults).await;
    }
    let tokens = (&visit.token, &pass);
    let fault = match office.answer_as_owner(tokens, &key.form, said).await {
        Ok(()) => return visit.thanks(controller),
        Err(Error::Obstacle(Obstacle::Empty("found"))) => Fault::FoundMissing,
        Err(Error::Obstacle(Obstacle::Empty("searched"))) => Fault::SearchedMissing,
        Err(Error::Obstacle(Obstacle::Empty("because"))) => Fault::BecauseMissing,
        Err(Error::Obstacle(Obstacle::Empty("files"))) => Fault::FilesUnexplained,
        // The case was closed meanwhile.
        Err(Error::Obstacle(_)) => return Err(visit.closed(Error::Link)),
        Err(other) => return Err(visit.closed(other)),
    };
    visit
        .task(&pass, Some(&posted), form_key, vec![fault])
        .await
}

/// Whose the question was, if this form answered it.
async fn said_before(visit: &Visit<'_>, form_key: &str) -> Result<Option<ControllerId>, Problem> {
    for house in visit.office.houses() {
        let controller = house.controller.id;
        let Some(key) = visit.office.check_form_key(controller, form_key) else {
            continue;
        };
        let said = visit.office.owner_has_said(&visit.token, &key.form).await;
        if said.map_err(|error| visit.closed(error))? {
            return Ok(Some(controller));
        }
    }
    Ok(None)
}
