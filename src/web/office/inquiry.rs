//! Letters that are no request of a person: a notice of another controller (Art. 19 GDPR), a letter of an authority.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use askama::Template;

use crate::casework::desk::Outcome;
use crate::casework::intake::{Entry, Wish};
use crate::casework::{Error, FilePurpose, Office};
use crate::domain::arrival::Arrival;
use crate::domain::ids::CaseId;
use crate::domain::intake::{Channel, OnBehalf, ReplyBy};
use crate::domain::lang::Lang;
use crate::domain::matter::Matter;
use crate::domain::obstacle::Obstacle;
use crate::domain::right::Right;
use crate::domain::scope::Role;
use crate::web::error::Problem;
use crate::web::form::Posted;
use crate::web::layout::{Desk, Room};
use crate::web::office::act::{Act, day, seen};
use crate::web::office::acts::Kind;
use crate::web::office::entry::{controller, key, onward, some};
use crate::web::office::session::Session;
use crate::web::office::signed::Signed;
use crate::web::page::{see_other, show};
use crate::words::{obstacles, terms};

#[derive(Template)]
#[template(path = "office/letter_in.html")]
struct Blank {
    p: Desk,
    /// A letter of an authority; else a notice of another controller.
    authority: bool,
    houses: Vec<(String, String)>,
    channels: Vec<(&'static str, &'static str)>,
    rights: Vec<(&'static str, &'static str)>,
    today: String,
    key: String,
    typed: Posted,
    trouble: String,
    at: String,
}

impl Blank {
    fn value(&self, name: &str) -> &str {
        self.typed.get(name)
    }

    fn chosen(&self, name: &str, value: &str) -> bool {
        self.typed.all(name).any(|given| given == value)
    }

    fn wrong(&self, name: &str) -> bool {
        self.at == name
    }
}

const BY: [Channel; 4] = [
    Channel::Letter,
    Channel::Email,
    Channel::Fax,
    Channel::Phone,
];

async fn blank(
    office: &Office,
    session: &Session,
    authority: bool,
    typed: Posted,
    obstacle: Option<&Obstacle>,
) -> Result<HttpResponse, Problem> {
    let mut houses = Vec::new();
    for id in session.scope.controllers() {
        if session.may(id, Role::Handler) {
            houses.push((id.to_string(), office.house(id)?.controller.name.clone()));
        }
    }
    let (status, at) = match obstacle {
        Some(Obstacle::Empty(what)) => (StatusCode::UNPROCESSABLE_ENTITY, (*what).to_owned()),
        Some(Obstacle::NoRight) => (StatusCode::UNPROCESSABLE_ENTITY, "rights".to_owned()),
        Some(_) => (StatusCode::UNPROCESSABLE_ENTITY, "received".to_owned()),
        None => (StatusCode::OK, String::new()),
    };
    let page = Blank {
        p: session.desk(office, Room::Cases).await?,
        authority,
        houses,
        channels: BY
            .map(|channel| (channel.code(), terms::channel_label(channel, Lang::De)))
            .to_vec(),
        rights: [Right::Erasure, Right::Rectification, Right::Restriction]
            .map(|right| (right.code(), terms::right_name(right, Lang::De)))
            .to_vec(),
        today: office.today().to_string(),
        key: key(&typed).text(),
        typed,
        trouble: obstacle.map(obstacles::obstacle).unwrap_or_default(),
        at,
    };
    show(status, &page)
}

/// The empty form for a notice of another controller.
pub async fn blank_notice(
    session: Session,
    office: web::Data<Office>,
) -> Result<HttpResponse, Problem> {
    session.demand_anywhere(Role::Handler)?;
    blank(&office, &session, false, Posted::default(), None).await
}

/// The empty form for a letter of an authority.
pub async fn blank_letter(
    session: Session,
    office: web::Data<Office>,
) -> Result<HttpResponse, Problem> {
    session.demand_anywhere(Role::Handler)?;
    blank(&office, &session, true, Posted::default(), None).await
}

/// Enters the notice.
pub async fn enter_notice(
    signed: Signed,
    office: web::Data<Office>,
) -> Result<HttpResponse, Problem> {
    enter(signed, office, false).await
}

/// Enters the letter.
pub async fn enter_letter(
    signed: Signed,
    office: web::Data<Office>,
) -> Result<HttpResponse, Problem> {
    enter(signed, office, true).await
}

async fn enter(
    signed: Signed,
    office: web::Data<Office>,
    authority: bool,
) -> Result<HttpResponse, Problem> {
    let Signed { session, posted } = signed;
    session.demand_anywhere(Role::Handler)?;
    match entered(&office, &session, authority, &posted).await {
        Ok(to) => Ok(see_other(&to)),
        Err(Error::Obstacle(obstacle @ Obstacle::RoleLacking { .. })) => Err(obstacle.into()),
        Err(Error::Obstacle(obstacle)) => {
            blank(&office, &session, authority, posted, Some(&obstacle)).await
        }
        Err(other) => Err(other.into()),
    }
}

async fn entered(
    office: &Office,
    session: &Session,
    authority: bool,
    posted: &Posted,
) -> Result<String, Error> {
    if !posted.left_out.is_empty() {
        return Err(Obstacle::Empty("files").into());
    }
    let controller = controller(session, posted)?;
    let channel = Channel::from_code(posted.get("channel")).ok_or(Obstacle::Empty("channel"))?;
    let received = day(posted.get("received")).ok_or(Obstacle::Empty("received"))?;
    let name = posted.get("name").trim();
    if name.is_empty() {
        return Err(Obstacle::Empty("name").into());
    }
    let email = some(posted.get("email"));
    if email
        .as_ref()
        .is_some_and(|email| !email.reveal().contains('@'))
    {
        return Err(Obstacle::Empty("email").into());
    }
    let reference = posted.get("reference").trim().into();
    let (matter, rights) = match authority {
        true => {
            let due = day(posted.get("due")).ok_or(Obstacle::Empty("due"))?;
            (Matter::Authority { reference, due }, vec![])
        }
        false => (
            Matter::Recipient { reference },
            posted.all("rights").filter_map(Right::from_code).collect(),
        ),
    };
    let address = some(posted.get("address"));
    let wish = Wish {
        rights,
        text: posted.get("text").trim().into(),
        lang: Lang::De,
        on_behalf: OnBehalf::Own,
        name: name.into(),
        data_subject: some(posted.get("data-subject")),
        reply_by: match (&email, &address) {
            (Some(_), None) => ReplyBy::Portal,
            _ => ReplyBy::Post,
        },
        email,
        address,
        hints: some(posted.get("hints")),
        copy_first: None,
        shared_mailbox: None,
    };
    let files = office
        .file_for_case(controller, None, FilePurpose::Attachment, &posted.files)
        .await?;
    let entry = Entry {
        form: key(posted),
        controller,
        channel,
        received,
        arrival: Arrival::default(),
        matter,
        confidential: false,
        wish,
        files,
    };
    let receipt = office.enter(&session.scope, entry).await?;
    Ok(onward(session, controller, false, receipt.case))
}

#[derive(Template)]
#[template(path = "office/inquiry.html")]
struct Page {
    p: Desk,
    act: Act,
    /// The data protection officer's contact; empty: there is none.
    officer: String,
}

impl Page {
    fn reference(&self) -> &str {
        match &self.act.case().intake.matter {
            Matter::Authority { reference, .. } => reference.reveal(),
            _ => "",
        }
    }
}

pub(super) async fn page(
    office: &Office,
    p: Desk,
    act: Act,
    status: StatusCode,
) -> Result<HttpResponse, Problem> {
    let house = office.house(act.case().controller)?;
    let officer = house.controller.officer.clone().unwrap_or_default();
    show(status, &Page { p, act, officer })
}

pub(super) async fn perform(
    office: &Office,
    session: &Session,
    id: CaseId,
    posted: &Posted,
) -> Result<Outcome, Error> {
    let (scope, seen) = (&session.scope, seen(posted));
    if posted.get("part") == "officer" {
        let on = day(posted.get("officer")).ok_or(Obstacle::Empty("officer"))?;
        return office.ask_officer(scope, id, seen, on).await;
    }
    let on = day(posted.get("answered")).ok_or(Obstacle::Empty("answered"))?;
    let (case, _) = office.open(scope, id).await?;
    scope.demand(case.controller, Role::Decider)?;
    let files = office
        .file_for_case(case.controller, Some(id), FilePurpose::Note, &posted.files)
        .await?;
    office
        .answer_authority(scope, id, seen, (on, posted.get("note")), files)
        .await
}
