//! A request that came by letter, fax, telephone, e-mail or in person, entered with its real day of receipt.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use askama::Template;

use crate::casework::intake::{Entry, Wish};
use crate::casework::{Error, FilePurpose, Office, Token};
use crate::domain::arrival::{Arrival, AtProcessor};
use crate::domain::ids::{CaseId, ControllerId};
use crate::domain::intake::{Channel, OnBehalf, ReplyBy};
use crate::domain::lang::Lang;
use crate::domain::matter::Matter;
use crate::domain::obstacle::Obstacle;
use crate::domain::private::Private;
use crate::domain::right::Right;
use crate::domain::scope::Role;
use crate::web::error::Problem;
use crate::web::form::Posted;
use crate::web::layout::{Desk, Room};
use crate::web::office::act::day;
use crate::web::office::acts::rights;
use crate::web::office::session::Session;
use crate::web::office::signed::Signed;
use crate::web::office::ties::Other;
use crate::web::page::{see_other, show};
use crate::words::{obstacles, terms};

#[derive(Template)]
#[template(path = "office/entry.html")]
struct Page {
    p: Desk,
    controllers: Vec<(String, String)>,
    rights: Vec<(&'static str, &'static str, &'static str)>,
    /// Code, name, and whether somebody does not offer it.
    channels: Vec<(&'static str, &'static str, bool)>,
    /// Cases that may be the same; only after they were asked for.
    likely: Option<Vec<Other>>,
    today: String,
    /// The form's own key: a second click files nothing twice.
    key: String,
    typed: Posted,
    trouble: String,
    at: String,
}

impl Page {
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

async fn page(
    office: &Office,
    session: &Session,
    typed: Posted,
    obstacle: Option<&Obstacle>,
    likely: Option<Vec<Other>>,
) -> Result<HttpResponse, Problem> {
    let mine = session
        .scope
        .controllers()
        .into_iter()
        .filter(|id| session.may(*id, Role::Handler));
    let mut controllers = Vec::new();
    let mut excluded = Vec::new();
    for id in mine {
        let controller = &office.house(id)?.controller;
        excluded.extend(controller.channels.excluded.iter().copied());
        controllers.push((id.to_string(), controller.name.clone()));
    }
    let at = match obstacle {
        Some(Obstacle::Empty(what)) => (*what).to_owned(),
        Some(_) => "received".to_owned(),
        None => String::new(),
    };
    let status = if obstacle.is_some() {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::OK
    };
    let page = Page {
        p: session.desk(office, Room::Cases).await?,
        controllers,
        rights: Right::ALL
            .map(|right| {
                (
                    right.code(),
                    terms::right_name(right, Lang::De),
                    terms::right_wish(right, Lang::De),
                )
            })
            .to_vec(),
        channels: Channel::ALL
            .into_iter()
            .filter(|channel| *channel != Channel::Form)
            .map(|channel| {
                let label = terms::channel_label(channel, Lang::De);
                (channel.code(), label, excluded.contains(&channel))
            })
            .collect(),
        likely,
        today: office.today().to_string(),
        key: key(&typed).text(),
        typed,
        trouble: obstacle.map(obstacles::obstacle).unwrap_or_default(),
        at,
    };
    show(status, &page)
}

pub(super) fn key(typed: &Posted) -> Token {
    Token::parse(typed.get("key")).unwrap_or_else(Token::generate)
}

/// The empty form.
pub async fn look(session: Session, office: web::Data<Office>) -> Result<HttpResponse, Problem> {
    session.demand_anywhere(Role::Handler)?;
    page(&office, &session, Posted::default(), None, None).await
}

/// Enters it.
pub async fn enter(signed: Signed, office: web::Data<Office>) -> Result<HttpResponse, Problem> {
    let Signed { session, posted } = signed;
    session.demand_anywhere(Role::Handler)?;
    if posted.pressed().0 == "look" {
        let likely = same(&office, &session, &posted).await?;
        return page(&office, &session, posted, None, Some(likely)).await;
    }
    match entered(&office, &session, &posted).await {
        Ok(to) => Ok(see_other(&to)),
        Err(Error::Obstacle(obstacle @ Obstacle::RoleLacking { .. })) => Err(obstacle.into()),
        Err(Error::Obstacle(obstacle)) => {
            page(&office, &session, posted, Some(&obstacle), None).await
        }
        Err(other) => Err(other.into()),
    }
}

pub(super) fn some(text: &str) -> Option<Private<String>> {
    let text = text.trim();
    (!text.is_empty()).then(|| text.replace("\r\n", "\n").into())
}

/// Open and closed cases under the name or address that was typed, in every house where one works.
async fn same(office: &Office, session: &Session, posted: &Posted) -> Result<Vec<Other>, Error> {
    let mut all = Vec::new();
    for id in session.scope.controllers() {
        if session.may(id, Role::Handler) {
            let (name, email) = (posted.get("name"), posted.get("email"));
            all.extend(office.likely(&session.scope, id, name, email).await?);
        }
    }
    Ok(all.iter().map(Other::likely).collect())
}

/// Whose letter it is: the only house, or the one that was chosen.
pub(super) fn controller(session: &Session, posted: &Posted) -> Result<ControllerId, Error> {
    let controllers = session.scope.controllers();
    let controller = match controllers.as_slice() {
        [only] => *only,
        _ => posted
            .get("controller")
            .parse::<ControllerId>()
            .map_err(|_| Obstacle::Empty("controller"))?,
    };
    session.scope.demand(controller, Role::Handler)?;
    Ok(controller)
}

/// The case's page, or the list for whom it is closed to.
pub(super) fn onward(
    session: &Session,
    controller: ControllerId,
    confidential: bool,
    case: CaseId,
) -> String {
    match confidential && !session.scope.sees_confidential(controller) {
        true => "/desk".to_owned(),
        false => format!("/desk/cases/{case}"),
    }
}

/// Who had it first, and through whose hands it came. At a processor the day it reached him counts.
fn arrival(posted: &Posted) -> Result<(chrono::NaiveDate, Arrival), Obstacle> {
    let name = posted.get("processor").trim();
    let processor = match (name, day(posted.get("reached"))) {
        ("", None) => None,
        ("", Some(_)) => return Err(Obstacle::Empty("processor")),
        (_, None) => return Err(Obstacle::Empty("reached")),
        (name, Some(reached)) => Some(AtProcessor {
            name: name.to_owned(),
            reached,
            passed_on: day(posted.get("passed-on")).ok_or(Obstacle::Empty("passed-on"))?,
        }),
    };
    let received = match &processor {
        Some(at) => at.reached,
        None => day(posted.get("received")).ok_or(Obstacle::Empty("received"))?,
    };
    let arrival = Arrival {
        taken_in_by: posted.get("taken-in-by").trim().into(),
        processor,
        ..Arrival::default()
    };
    Ok((received, arrival))
}

async fn entered(office: &Office, session: &Session, posted: &Posted) -> Result<String, Error> {
    if !posted.left_out.is_empty() {
        return Err(Obstacle::Empty("files").into());
    }
    let controller = controller(session, posted)?;
    let channel = Channel::from_code(posted.get("channel")).ok_or(Obstacle::Empty("channel"))?;
    let (received, arrival) = arrival(posted)?;
    let email = some(posted.get("email"));
    if email
        .as_ref()
        .is_some_and(|email| !email.reveal().contains('@'))
    {
        return Err(Obstacle::Empty("email").into());
    }
    let address = some(posted.get("address"));
    let rights = rights(posted);
    if rights.is_empty() && posted.get("text").trim().is_empty() && posted.files.is_empty() {
        return Err(Obstacle::Empty("text").into());
    }
    let wish = Wish {
        rights,
        text: posted.get("text").trim().into(),
        lang: posted.get("lang").parse().unwrap_or(Lang::De),
        on_behalf: OnBehalf::from_code(posted.get("on-behalf")).unwrap_or_default(),
        name: posted.get("name").trim().into(),
        data_subject: some(posted.get("data-subject")),
        reply_by: if email.is_some() && address.is_none() {
            ReplyBy::Portal
        } else {
            ReplyBy::Post
        },
        email,
        address,
        hints: some(posted.get("hints")),
        // Who says nothing of the order gets the copy first.
        copy_first: Some(posted.get("order") != "now"),
        shared_mailbox: None,
    };
    if wish.name.reveal().is_empty() {
        return Err(Obstacle::Empty("name").into());
    }
    let files = office
        .file_for_case(controller, None, FilePurpose::Attachment, &posted.files)
        .await?;
    let entry = Entry {
        form: key(posted),
        controller,
        channel,
        received,
        arrival,
        matter: Matter::Request,
        confidential: posted.ticked("confidential"),
        wish,
        files,
    };
    let confidential = entry.confidential;
    let receipt = office.enter(&session.scope, entry).await?;
    Ok(onward(session, controller, confidential, receipt.case))
}
