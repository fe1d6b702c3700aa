//! Telling those who received the data (Art. 19, 17(2) GDPR): one line for each recipient, with its proof.

use actix_web::http::{StatusCode, header};
use actix_web::{HttpResponse, web};
use askama::Template;

use crate::casework::desk::Outcome;
use crate::casework::{Error, Office};
use crate::domain::ids::CaseId;
use crate::domain::lang::Lang;
use crate::domain::notice::{Expected, Notice, Told};
use crate::domain::obstacle::Obstacle;
use crate::domain::right::Right;
use crate::domain::scope::Role;
use crate::web::error::Problem;
use crate::web::form::Posted;
use crate::web::layout::Desk;
use crate::web::office::act::{Act, day, seen};
use crate::web::office::acts::Kind;
use crate::web::office::session::Session;
use crate::web::page::show;
use crate::words::{desk, terms};

/// A recipient as the page shows it.
pub struct Line {
    /// Its number in the case, from one.
    pub number: usize,
    /// Who, what and by when.
    pub notice: Notice,
    /// The right's name.
    pub right: &'static str,
    /// What is expected, in words.
    pub expected: &'static str,
    /// What came of it, in words.
    pub told: String,
}

#[derive(Template)]
#[template(path = "office/recipients.html")]
struct Page {
    p: Desk,
    act: Act,
    lines: Vec<Line>,
    /// The rights whose act may be told.
    rights: Vec<(Right, &'static str)>,
}

impl Page {
    fn is(&self, number: &usize, code: impl AsRef<str>) -> bool {
        self.act
            .chosen(&format!("told-{number}"), code.as_ref(), false)
    }

    fn typed(&self, name: &str, number: &usize, otherwise: impl AsRef<str>) -> String {
        self.act.value(&format!("{name}-{number}"), otherwise)
    }
}

pub(super) async fn page(p: Desk, act: Act, status: StatusCode) -> Result<HttpResponse, Problem> {
    let case = act.case();
    let lines = case.notices.iter().enumerate().map(|(at, notice)| Line {
        number: at + 1,
        notice: notice.clone(),
        right: terms::right_name(notice.right, Lang::De),
        expected: desk::expected(notice.expected),
        told: desk::told(&notice.told),
    });
    let lines = lines.collect();
    let decided = case
        .items
        .iter()
        .filter(|item| !item.ended() && item.decision().is_some());
    let rights = decided.map(|item| (item.right, terms::right_name(item.right, Lang::De)));
    let rights = rights.collect();
    show(
        status,
        &Page {
            p,
            act,
            lines,
            rights,
        },
    )
}

/// The letter to one recipient, as PDF.
pub async fn letter(
    session: Session,
    office: web::Data<Office>,
    address: web::Path<(CaseId, usize)>,
) -> Result<HttpResponse, Problem> {
    let (id, number) = address.into_inner();
    let (case, _) = office.open(&session.scope, id).await?;
    session.scope.demand(case.controller, Role::Handler)?;
    if !(1..=case.notices.len()).contains(&number) {
        return Err(Problem::not_found());
    }
    let pdf = office.recipient_letter(&session.scope, id, number).await?;
    office
        .note_look(&session.scope, Some(&case), "case/recipient-letter")
        .await?;
    Ok(HttpResponse::Ok()
        .content_type("application/pdf")
        .insert_header((
            header::CONTENT_DISPOSITION,
            format!("inline; filename=\"{}-{number}.pdf\"", case.number),
        ))
        .body(pdf))
}

fn told(posted: &Posted, number: usize) -> Result<Option<Told>, Error> {
    let field = |name: &str| posted.get(&format!("{name}-{number}"));
    let on = || day(field("on")).ok_or(Obstacle::Empty("told-on"));
    let words = || field("words").trim().to_owned().into();
    Ok(Some(match field("told") {
        "told" => Told::Told {
            on: on()?,
            proof: words(),
        },
        "done-there" => Told::DoneThere {
            on: on()?,
            proof: words(),
        },
        "impossible" => Told::Impossible { because: words() },
        "disproportionate" => Told::Disproportionate { because: words() },
        _ => return Ok(None),
    }))
}

pub(super) async fn perform(
    office: &Office,
    session: &Session,
    (id, kind): (CaseId, Kind),
    posted: &Posted,
) -> Result<Outcome, Error> {
    let seen = seen(posted);
    if kind == Kind::AddRecipient {
        let right = Right::from_code(posted.get("right")).ok_or(Obstacle::NoRight)?;
        let whom = (posted.get("recipient"), posted.get("contact"));
        let expected = match posted.get("expected") {
            "instruct" => Expected::Instruct,
            "take-down" => Expected::TakeDown,
            _ => Expected::Notify,
        };
        let what = posted.get("what");
        return office
            .add_recipient(&session.scope, id, seen, right, whom, expected, what)
            .await;
    }
    let (case, _) = office.open(&session.scope, id).await?;
    let mut all = vec![];
    for number in 1..=case.notices.len() {
        all.extend(told(posted, number)?.map(|told| (number, told)));
    }
    office.tell(&session.scope, id, seen, all).await
}
