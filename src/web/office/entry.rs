//! A request that came by letter, fax, telephone, e-mail or in person, entered with its real day of receipt.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use askama::Template;

use crate::casework::intake::{Entry, Wish};
use crate::casework::{Error, FilePurpose, Office, Token};
use crate::domain::ids::ControllerId;
use crate::domain::intake::{Channel, OnBehalf, ReplyBy};
use crate::domain::lang::Lang;
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
use crate::web::page::{see_other, show};
use crate::words::{obstacles, terms};

#[derive(Template)]
#[template(path = "office/entry.html")]
struct Page {
    p: Desk,
    controllers: Vec<(String, String)>,
    rights: Vec<(&'static str, &'static str, &'static str)>,
    channels: Vec<(&'static str, &'static str)>,
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
) -> Result<HttpResponse, Problem> {
    let mine = session
        .scope
        .controllers()
        .into_iter()
        .filter(|id| session.may(*id, Role::Handler));
    let mut controllers = Vec::new();
    for id in mine {
        controllers.push((id.to_string(), office.house(id)?.controller.name.clone()));
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
            .map(|channel| (channel.code(), terms::channel_label(channel, Lang::De)))
            .collect(),
        today: office.today().to_string(),
        key: key(&typed).text(),
        typed,
        trouble: obstacle.map(obstacles::obstacle).unwrap_or_default(),
        at,
    };
    show(status, &page)
}

fn key(typed: &Posted) -> Token {
    Token::parse(typed.get("key")).unwrap_or_else(Token::generate)
}

/// The empty form.
pub async fn look(session: Session, office: web::Data<Office>) -> Result<HttpResponse, Problem> {
    session.demand_anywhere(Role::Handler)?;
    page(&office, &session, Posted::default(), None).await
}

/// Enters it.
pub async fn enter(signed: Signed, office: web::Data<Office>) -> Result<HttpResponse, Problem> {
    let Signed { session, posted } = signed;
    session.demand_anywhere(Role::Handler)?;
    match entered(&office, &session, &posted).await {
        Ok(to) => Ok(see_other(&to)),
        Err(Error::Obstacle(obstacle @ Obstacle::RoleLacking { .. })) => Err(obstacle.into()),
        Err(Error::Obstacle(obstacle)) => page(&office, &session, posted, Some(&obstacle)).await,
        Err(other) => Err(other.into()),
    }
}

fn some(text: &str) -> Option<Private<String>> {
    let text = text.trim();
    (!text.is_empty()).then(|| text.replace("\r\n", "\n").into())
}

async fn entered(office: &Office, session: &Session, posted: &Posted) -> Result<String, Error> {
    if !posted.left_out.is_empty() {
        return Err(Obstacle::Empty("files").into());
    }
    let controllers = session.scope.controllers();
    let controller = match controllers.as_slice() {
        [only] => *only,
        _ => posted
            .get("controller")
            .parse::<ControllerId>()
            .map_err(|_| Obstacle::Empty("controller"))?,
    };
    session.scope.demand(controller, Role::Handler)?;
    let channel = Channel::from_code(posted.get("channel")).ok_or(Obstacle::Empty("channel"))?;
    let received = day(posted.get("received")).ok_or(Obstacle::Empty("received"))?;
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
        copy_first: None,
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
        wish,
        files,
    };
    let receipt = office.enter(&session.scope, entry).await?;
    Ok(format!("/desk/cases/{}", receipt.case))
}
