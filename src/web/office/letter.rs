//! The letters beside the answer: written, looked at as they will leave, released. One page for each, one way out.

pub(super) mod fee;
mod lifting;

use actix_web::HttpResponse;
use actix_web::http::{StatusCode, header};
use askama::Template;

use crate::casework::desk::Outcome;
use crate::casework::letter::{By, Draft, Reach, Seen};
use crate::casework::{Error, Office};
use crate::domain::case::Case;
use crate::domain::ids::CaseId;
use crate::domain::letter::{About, Letter};
use crate::domain::obstacle::Obstacle;
use crate::web::error::Problem;
use crate::web::form::Posted;
use crate::web::layout::Desk;
use crate::web::office::act::{Act, day, seen};
use crate::web::office::acts::Kind;
use crate::web::office::session::Session;
use crate::web::page::show;
use crate::words::letters;

/// What the form of a kind shows beside what was typed.
enum Form {
    /// Before a restriction ends.
    Lifting(lifting::Form),
    /// Before a fee is charged.
    Fee(fee::Form),
}

#[derive(Template)]
#[template(path = "office/letter.html")]
struct Page {
    p: Desk,
    act: Act,
    form: Form,
    /// To whom it can go.
    reach: Reach,
    /// Whether there is a mail server.
    has_post: bool,
    /// The letter as it would leave.
    seen: Option<Seen>,
}

impl Page {
    fn mailbox(&self) -> String {
        let mail = self.reach.mail.as_ref().filter(|_| self.has_post);
        mail.map(|it| it.reveal().clone()).unwrap_or_default()
    }

    fn address(&self) -> String {
        let post = self.reach.post.as_ref();
        post.map(|it| it.reveal().clone()).unwrap_or_default()
    }

    /// The way that is proposed: by mail where that is open.
    fn proposed(&self, code: &str) -> bool {
        match self.mailbox().is_empty() {
            true => code == "post",
            false => code == "mail",
        }
    }
}

/// The letter as the form says.
fn draft(kind: Kind, posted: &Posted, case: &Case) -> Result<Draft, Obstacle> {
    let about = match kind {
        Kind::FeeNotice => About::Fee(fee::typed(posted)?),
        _ => About::Lifting(lifting::typed(posted, case)?),
    };
    let by = match posted.get("letter-way") {
        "mail" => Some(By::Mail),
        "post" => Some(By::Post),
        _ => None,
    };
    Ok(Draft { about, by })
}

/// What the page begins with, before anything is typed; it also says where the letter may go.
fn blank(kind: Kind, case: &Case, act: &Act) -> (Form, About) {
    match kind {
        Kind::FeeNotice => {
            let (form, about) = fee::blank(case, act.today);
            (Form::Fee(form), About::Fee(about))
        }
        _ => {
            let (form, about) = lifting::blank(case, act.today);
            (Form::Lifting(form), About::Lifting(about))
        }
    }
}

pub(super) async fn page(
    office: &Office,
    session: &Session,
    p: Desk,
    mut act: Act,
    mut status: StatusCode,
) -> Result<HttpResponse, Problem> {
    let (form, about) = blank(act.kind, act.case(), &act);
    let mut seen = None;
    let mut reach = office.reach(act.case(), &about);
    if let Some(posted) = &act.typed {
        let id = act.case().id;
        let looked = match draft(act.kind, posted, act.case()) {
            Ok(draft) => {
                reach = office.reach(act.case(), &draft.about);
                office.see_letter(&session.scope, id, &draft).await
            }
            Err(obstacle) => Err(Error::Obstacle(obstacle)),
        };
        match looked {
            Ok(letter) if posted.pressed() == ("more", "pdf") => {
                return Ok(paper(&act, letter));
            }
            Ok(letter) => seen = Some(letter),
            Err(Error::Obstacle(obstacle)) if act.trouble.is_none() => {
                act.stand_against(obstacle);
                status = StatusCode::UNPROCESSABLE_ENTITY;
            }
            Err(Error::Obstacle(_)) => {}
            Err(other) => return Err(other.into()),
        }
    }
    let has_post = office.house(act.case().controller)?.has_post;
    let page = Page {
        p,
        act,
        form,
        reach,
        has_post,
        seen,
    };
    show(status, &page)
}

fn paper(act: &Act, letter: Seen) -> HttpResponse {
    let name = format!("inline; filename=\"{}.pdf\"", act.case().number);
    HttpResponse::Ok()
        .content_type("application/pdf")
        .insert_header((header::CONTENT_DISPOSITION, name))
        .body(letter.sheets.pdf)
}

/// A letter that waits to be posted.
pub struct Waiting {
    /// Its number in the case.
    pub number: String,
    /// What it is.
    pub what: &'static str,
    /// To whom it goes.
    pub to: String,
}

/// A letter as the case shows it.
pub struct Line {
    /// What it is.
    pub what: &'static str,
    /// How far it is.
    pub state: String,
}

impl Act {
    /// The letters that lie printed.
    pub fn letters_to_post(&self) -> Vec<Waiting> {
        let waiting = self.case().letters_to_post();
        let line = |(number, letter): (usize, &Letter)| Waiting {
            number: number.to_string(),
            what: letters::about(&letter.about),
            to: letter.to.reveal().clone(),
        };
        waiting.map(line).collect()
    }

    /// The letters beside the answer.
    pub fn letters(&self) -> Vec<Line> {
        let all = self.case().letters.iter();
        all.map(|letter| Line {
            what: letters::about(&letter.about),
            state: letters::state(letter),
        })
        .collect()
    }

    /// Whether data are restricted, so that the end is to be told before.
    pub fn restricted(&self) -> bool {
        self.case().restricted_since().is_some()
    }
}

#[derive(Template)]
#[template(path = "office/letter_posted.html")]
struct Posting {
    p: Desk,
    act: Act,
}

pub(super) fn posting(p: Desk, act: Act, status: StatusCode) -> Result<HttpResponse, Problem> {
    show(status, &Posting { p, act })
}

pub(super) async fn perform(
    office: &Office,
    session: &Session,
    (id, kind): (CaseId, Kind),
    posted: &Posted,
) -> Result<Outcome, Error> {
    let seen = seen(posted);
    if kind == Kind::LetterPosted {
        let on = day(posted.get("letter-posted")).ok_or(Obstacle::Empty("letter-posted"))?;
        let number = posted.get("letter").parse().unwrap_or(0);
        return office
            .letter_posted(&session.scope, id, seen, (number, on))
            .await;
    }
    if kind == Kind::FeeAnswer {
        let answer = fee::answer(posted)?;
        return office.answer_fee(&session.scope, id, seen, answer).await;
    }
    let (case, _) = office.open(&session.scope, id).await?;
    let draft = draft(kind, posted, &case)?;
    let mark = posted.get("mark");
    office
        .release_letter(&session.scope, id, seen, &draft, mark)
        .await
}
