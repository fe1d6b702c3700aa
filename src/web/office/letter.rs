//! The letters beside the answer: written, looked at as they will leave, released. One page for each, one way out.

mod elsewhere;
pub(super) mod fee;
mod interim;
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
use crate::words::{letters, persons};

/// What the form of a kind shows beside what was typed.
enum Form {
    /// Before a restriction ends.
    Lifting(lifting::Form),
    /// Before a fee is charged.
    Fee(fee::Form),
    /// Where the work stands.
    Interim(interim::Form),
    /// To somebody whose data came from elsewhere.
    Elsewhere(elsewhere::Form),
}

impl Form {
    fn title(&self) -> &'static str {
        match self {
            Form::Lifting(_) => letters::LIFTING,
            Form::Fee(_) => letters::FEE,
            Form::Interim(_) => letters::INTERIM,
            Form::Elsewhere(_) => letters::ELSEWHERE,
        }
    }

    /// The act whose form it is.
    fn code(&self) -> &'static str {
        let kind = match self {
            Form::Lifting(_) => Kind::LiftingNotice,
            Form::Fee(_) => Kind::FeeNotice,
            Form::Interim(_) => Kind::Interim,
            Form::Elsewhere(_) => Kind::Elsewhere,
        };
        kind.code()
    }

    /// Whether the address is typed on the form itself.
    fn addressed(&self) -> bool {
        matches!(self, Form::Elsewhere(_))
    }
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

    fn may_mail(&self) -> bool {
        self.has_post && (self.form.addressed() || !self.mailbox().is_empty())
    }

    fn may_post(&self) -> bool {
        self.form.addressed() || !self.address().is_empty()
    }

    /// The way that is proposed: by mail where that is open.
    fn proposed(&self, code: &str) -> bool {
        match self.may_mail() && !self.form.addressed() {
            true => code == "mail",
            false => code == "post",
        }
    }
}

/// The letter as the form says.
fn draft(kind: Kind, posted: &Posted, case: &Case) -> Result<Draft, Obstacle> {
    let about = match kind {
        Kind::FeeNotice => About::Fee(fee::typed(posted)?),
        Kind::Interim => About::Interim(interim::typed(posted)?),
        Kind::Elsewhere => About::Elsewhere(elsewhere::typed(posted, case)?),
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
async fn blank(office: &Office, session: &Session, act: &Act) -> Result<(Form, About), Error> {
    let case = act.case();
    Ok(match act.kind {
        Kind::FeeNotice => {
            let (form, about) = fee::blank(case, act.today);
            (Form::Fee(form), About::Fee(about))
        }
        Kind::Interim => {
            let (form, about) = interim::blank(case);
            (Form::Interim(form), About::Interim(about))
        }
        Kind::Elsewhere | Kind::Owed => {
            let systems = office.systems(&session.scope, case.controller).await?;
            let obtained = elsewhere::obtained(case, act.typed.as_ref());
            let due = office.inform_by(case.controller, obtained)?;
            let (form, about) = elsewhere::blank(case, &systems, due);
            (Form::Elsewhere(form), About::Elsewhere(about))
        }
        _ => {
            let (form, about) = lifting::blank(case, act.today);
            (Form::Lifting(form), About::Lifting(about))
        }
    })
}

pub(super) async fn page(
    office: &Office,
    session: &Session,
    p: Desk,
    mut act: Act,
    mut status: StatusCode,
) -> Result<HttpResponse, Problem> {
    let (form, about) = blank(office, session, &act).await?;
    let mut seen = None;
    let mut reach = office.reach(act.case(), &about);
    if let Some(posted) = act.typed.as_ref().filter(|_| act.kind != Kind::Owed) {
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

/// What stands for the printed question where letters have numbers.
const QUESTION: &str = "question";

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
        let question = self.case().question_to_post().map(|question| Waiting {
            number: QUESTION.to_owned(),
            what: letters::question(question.kind),
            to: self.address(),
        });
        let line = |(number, letter): (usize, &Letter)| Waiting {
            number: number.to_string(),
            what: letters::about(&letter.about),
            to: letter.to.reveal().clone(),
        };
        waiting.map(line).chain(question).collect()
    }

    /// What is said of questions, and of a last short letter, that have not left.
    pub fn unsent_words(&self) -> Vec<&'static str> {
        let end = self.case().misdirection.iter().map(persons::misdirection);
        let questions = self.case().unsent.iter().map(letters::unsent);
        questions.chain(end).collect()
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
        if posted.get("letter") == QUESTION {
            return office.question_posted(&session.scope, id, seen, on).await;
        }
        let number = posted.get("letter").parse().unwrap_or(0);
        return office
            .letter_posted(&session.scope, id, seen, (number, on))
            .await;
    }
    if kind == Kind::Owed {
        let owing = elsewhere::owing(posted)?;
        return office
            .owe_information(&session.scope, id, seen, owing)
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
