//! What is written in a case: notes of the office, messages to the person.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use askama::Template;

use crate::casework::conversation::Writing;
use crate::casework::desk::Outcome;
use crate::casework::{Error, FilePurpose, Office};
use crate::domain::case::Case;
use crate::domain::ids::CaseId;
use crate::domain::scope::Role;
use crate::domain::snippet::Snippet;
use crate::web::error::Problem;
use crate::web::form::Posted;
use crate::web::layout::Desk;
use crate::web::office::act::{Act, seen};
use crate::web::office::acts::Kind;
use crate::web::office::session::Session;
use crate::web::office::story::day_of;
use crate::web::page::show;
use crate::words::dates::long_date;
use crate::words::snippets::{Gaps, built_in, filled};

/// A note of the office.
#[derive(Template)]
#[template(path = "office/conversation.html")]
struct Note {
    p: Desk,
    act: Act,
}

/// A message to the person.
#[derive(Template)]
#[template(path = "office/message.html")]
struct Message {
    p: Desk,
    act: Act,
    /// Words that can be put in, by number.
    snippets: Vec<(usize, String)>,
    /// The day of her newest message, if there is one to quote.
    heard: Option<String>,
}

/// The words that can be put into a message of this case: the controller's own first.
async fn snippets(office: &Office, session: &Session, case: &Case) -> Result<Vec<Snippet>, Error> {
    let lang = case.intake.lang;
    let mut known = office.snippets(&session.scope, case.controller).await?;
    known.retain(|it| it.lang == lang);
    known.extend(built_in(lang));
    Ok(known)
}

pub(super) async fn page(
    office: &Office,
    session: &Session,
    p: Desk,
    act: Act,
    status: StatusCode,
) -> Result<HttpResponse, Problem> {
    if act.kind == Kind::Note {
        return show(status, &Note { p, act });
    }
    let known = snippets(office, session, act.case()).await?;
    let heard = office.last_heard(&session.scope, act.case().id).await?;
    show(
        status,
        &Message {
            p,
            snippets: known.into_iter().map(|it| it.name).enumerate().collect(),
            heard: heard.map(|it| day_of(it.at)),
            act,
        },
    )
}

/// Puts the chosen words behind what is typed; nothing is sent yet.
pub(super) async fn put_in(
    office: &Office,
    session: &Session,
    id: CaseId,
    posted: &mut Posted,
) -> Result<(), Error> {
    let (case, _) = office.open(&session.scope, id).await?;
    let known = snippets(office, session, &case).await?;
    let chosen: Option<usize> = posted.get("snippet").parse().ok();
    let Some(snippet) = chosen.and_then(|at| known.get(at)) else {
        return Ok(());
    };
    let lang = case.intake.lang;
    let gaps = Gaps {
        number: case.number.clone(),
        received: long_date(case.intake.received, lang),
        due: long_date(case.due(), lang),
    };
    let words = filled(&snippet.words, &gaps);
    let text = match posted.get("text").trim_end() {
        "" => words,
        typed => format!("{typed}\n\n{words}"),
    };
    posted.put("text", text);
    posted.put("snippet", String::new());
    Ok(())
}

pub(super) async fn perform(
    office: &Office,
    session: &Session,
    (id, kind): (CaseId, Kind),
    posted: &Posted,
) -> Result<Outcome, Error> {
    let text = posted.get("text");
    let (case, _) = office.open(&session.scope, id).await?;
    session.scope.demand(case.controller, Role::Handler)?;
    let purpose = match kind {
        Kind::Message => FilePurpose::Enclosure,
        _ => FilePurpose::Note,
    };
    let files = office
        .file_for_case(case.controller, Some(id), purpose, &posted.files)
        .await?;
    if kind == Kind::Message {
        let names = posted.files.iter().map(|it| it.name.reveal().clone());
        let writing = Writing {
            text: text.to_owned(),
            quotes: posted.ticked("quote"),
            files: files.into_iter().zip(names).collect(),
            harmless: posted.ticked("harmless"),
        };
        return office.say(&session.scope, id, seen(posted), writing).await;
    }
    let told = posted.get("told").parse().unwrap_or_default();
    office.note(&session.scope, id, told, text, files).await
}
