//! A breach of security that a message reports or somebody found, entered without a case: 72 hours from knowing it.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use askama::Template;
use chrono_tz::Europe::Berlin;

use crate::casework::breach::Report;
use crate::casework::{Error, FilePurpose, Office};
use crate::domain::intake::Channel;
use crate::domain::lang::Lang;
use crate::domain::obstacle::Obstacle;
use crate::domain::scope::Role;
use crate::web::error::Problem;
use crate::web::form::Posted;
use crate::web::layout::{Desk, Room};
use crate::web::office::act::moment;
use crate::web::office::entry::{controller, key, some};
use crate::web::office::session::Session;
use crate::web::office::signed::Signed;
use crate::web::page::{see_other, show};
use crate::words::{obstacles, terms};

/// What stands for "found in the house" among the ways by which a message comes.
const HERE: &str = "office";

const BY: [Channel; 5] = [
    Channel::Email,
    Channel::Letter,
    Channel::Fax,
    Channel::Phone,
    Channel::InPerson,
];

#[derive(Template)]
#[template(path = "office/breach_in.html")]
struct Blank {
    p: Desk,
    houses: Vec<(String, String)>,
    channels: Vec<(&'static str, &'static str)>,
    today: String,
    now: String,
    key: String,
    typed: Posted,
    trouble: String,
    at: String,
}

impl Blank {
    fn value(&self, name: &str) -> &str {
        self.typed.get(name)
    }

    fn or<'a>(&'a self, name: &str, otherwise: &'a str) -> &'a str {
        match self.typed.get(name) {
            "" => otherwise,
            typed => typed,
        }
    }

    fn chosen(&self, name: &str, value: &str) -> bool {
        self.typed.all(name).any(|given| given == value)
    }

    fn wrong(&self, name: &str) -> bool {
        self.at == name
    }
}

async fn blank(
    office: &Office,
    session: &Session,
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
        Some(_) => (StatusCode::UNPROCESSABLE_ENTITY, "aware".to_owned()),
        None => (StatusCode::OK, String::new()),
    };
    let local = office.now().with_timezone(&Berlin);
    let page = Blank {
        p: session.desk(office, Room::Cases).await?,
        houses,
        channels: BY
            .map(|channel| (channel.code(), terms::channel_label(channel, Lang::De)))
            .to_vec(),
        today: local.date_naive().to_string(),
        now: local.format("%H:%M").to_string(),
        key: key(&typed).text(),
        typed,
        trouble: obstacle.map(obstacles::obstacle).unwrap_or_default(),
        at,
    };
    show(status, &page)
}

/// The empty form.
pub async fn look(session: Session, office: web::Data<Office>) -> Result<HttpResponse, Problem> {
    session.demand_anywhere(Role::Handler)?;
    blank(&office, &session, Posted::default(), None).await
}

/// Opens the breach.
pub async fn enter(signed: Signed, office: web::Data<Office>) -> Result<HttpResponse, Problem> {
    let Signed { session, posted } = signed;
    session.demand_anywhere(Role::Handler)?;
    match entered(&office, &session, &posted).await {
        Ok(to) => Ok(see_other(&to)),
        Err(Error::Obstacle(obstacle @ Obstacle::RoleLacking { .. })) => Err(obstacle.into()),
        Err(Error::Obstacle(obstacle)) => blank(&office, &session, posted, Some(&obstacle)).await,
        Err(other) => Err(other.into()),
    }
}

async fn entered(office: &Office, session: &Session, posted: &Posted) -> Result<String, Error> {
    if !posted.left_out.is_empty() {
        return Err(Obstacle::Empty("files").into());
    }
    let controller = controller(session, posted)?;
    let channel = match posted.get("channel") {
        HERE => None,
        code => Some(Channel::from_code(code).ok_or(Obstacle::Empty("channel"))?),
    };
    let aware = moment(posted.get("aware-on"), posted.get("aware-at"));
    let aware = aware.ok_or(Obstacle::Empty("aware"))?;
    let reporter = posted.get("name").trim();
    if reporter.is_empty() {
        return Err(Obstacle::Empty("name").into());
    }
    let nature = posted.get("note").trim();
    if nature.is_empty() {
        return Err(Obstacle::Empty("note").into());
    }
    let files = office
        .file_for_case(controller, None, FilePurpose::Attachment, &posted.files)
        .await?;
    let report = Report {
        form: key(posted),
        controller,
        channel,
        aware,
        reporter: reporter.into(),
        contact: some(posted.get("hints")),
        nature: nature.into(),
        files,
    };
    let receipt = office.open_breach(&session.scope, report).await?;
    Ok(format!("/desk/cases/{}/breach?done=breach", receipt.case))
}
