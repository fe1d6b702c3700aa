//! Telling those who received the data (Art. 19, 17(2) GDPR): one section for each recipient, by mail or otherwise,
//! with its proof.

use actix_web::http::{StatusCode, header};
use actix_web::{HttpResponse, web};
use askama::Template;

use crate::casework::desk::Outcome;
use crate::casework::recipients::Telling;
use crate::casework::{Error, Office};
use crate::domain::ids::CaseId;
use crate::domain::lang::Lang;
use crate::domain::notice::{Expected, Notice, Told, mailable};
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
use crate::words::{desk, recipients as words, terms};

/// A recipient as the page shows it.
pub struct Line {
    /// Its number in the case, from one.
    pub number: usize,
    /// Who, what and by when.
    pub notice: Notice,
    /// The recipient.
    pub name: String,
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
    /// The section whose field is wrong; none: no section's.
    wrong: usize,
}

impl Line {
    /// The address that the register knows, or to which the last mail went.
    fn mailbox(&self) -> &str {
        match &self.notice.told {
            Told::Returned { to, .. } => to.reveal(),
            _ => self.notice.mailbox().unwrap_or_default(),
        }
    }

    fn mailed(&self) -> bool {
        matches!(self.notice.told, Told::Mailed { .. })
    }

    fn news(&self) -> bool {
        matches!(
            self.notice.told,
            Told::Underway { .. } | Told::Returned { .. }
        )
    }

    /// How that is known, or why not.
    fn words(&self) -> &str {
        match &self.notice.told {
            Told::Told { proof: words, .. }
            | Told::DoneThere { proof: words, .. }
            | Told::Impossible { because: words }
            | Told::Disproportionate { because: words }
            | Told::Mailed { to: words, .. } => words.reveal(),
            Told::Open | Told::Underway { .. } | Told::Returned { .. } => "",
        }
    }
}

/// The first section that lacks what stands against the act.
fn faulty(act: &Act) -> usize {
    let (Some(posted), Some(trouble)) = (&act.typed, &act.trouble) else {
        return 0;
    };
    let field = |name: &str, number: usize| posted.get(&format!("{name}-{number}")).trim();
    let lacks = |number: &usize| match (trouble.at.as_str(), field("told", *number)) {
        ("told-to", "mail") => !mailable(field("to", *number)),
        ("told-on", "told" | "done-there") => day(field("on", *number))
            .is_none_or(|on| on > act.today || on < act.case().intake.received),
        ("told-words", "" | "mail") => false,
        ("told-words", _) => field("words", *number).is_empty(),
        _ => false,
    };
    let mut numbers = 1..=act.case().notices.len();
    numbers.find(lacks).unwrap_or(0)
}

impl Page {
    /// Everybody who received the data, for a message to the person.
    fn everybody(&self) -> String {
        let mut names: Vec<&str> = self.lines.iter().map(|line| line.name.as_str()).collect();
        names.dedup();
        names.join(", ")
    }

    /// Whether anybody is still to be told.
    fn open(&self) -> bool {
        self.lines.iter().any(|line| line.notice.open())
    }

    /// Whether this field of this section is the one that is wrong.
    fn at(&self, number: &usize, name: impl AsRef<str>) -> bool {
        *number == self.wrong && self.act.wrong(name.as_ref())
    }

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
        name: words::name(notice, Lang::De),
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
    let wrong = faulty(&act);
    show(
        status,
        &Page {
            p,
            act,
            lines,
            rights,
            wrong,
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

fn telling(posted: &Posted, number: usize) -> Result<Option<Telling>, Error> {
    let field = |name: &str| posted.get(&format!("{name}-{number}"));
    let on = || day(field("on")).ok_or(Obstacle::Empty("told-on"));
    let words = || field("words").trim().to_owned().into();
    let told = match field("told") {
        "mail" => return Ok(Some(Telling::Mail(field("to").trim().into()))),
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
    };
    Ok(Some(Telling::Settled(told)))
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
    if let ("bounced", number) = posted.pressed() {
        let number = number.parse().map_err(|_| Obstacle::UnknownTask)?;
        return office
            .recipient_bounced(&session.scope, id, seen, number)
            .await;
    }
    if posted.pressed().0 == "asked" {
        let on = day(posted.get("asked-on")).ok_or(Obstacle::Empty("asked-on"))?;
        return office.ask_recipients(&session.scope, id, seen, on).await;
    }
    let (case, _) = office.open(&session.scope, id).await?;
    let mut all = vec![];
    for number in 1..=case.notices.len() {
        all.extend(telling(posted, number)?.map(|telling| (number, telling)));
    }
    office.tell_recipients(&session.scope, id, seen, all).await
}
