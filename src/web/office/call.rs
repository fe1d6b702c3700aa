//! A note of a call. The page gives nothing out: no names, no cases, only what is said to whoever calls.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use askama::Template;

use crate::casework::intake::{Entry, Wish};
use crate::casework::{Error, Office};
use crate::domain::arrival::Arrival;
use crate::domain::intake::{Channel, OnBehalf, ReplyBy};
use crate::domain::lang::Lang;
use crate::domain::matter::Matter;
use crate::domain::obstacle::Obstacle;
use crate::domain::right::Right;
use crate::domain::scope::Role;
use crate::web::error::Problem;
use crate::web::form::Posted;
use crate::web::layout::{Desk, Room};
use crate::web::office::act::day;
use crate::web::office::entry::{controller, key, some};
use crate::web::office::session::Session;
use crate::web::office::signed::Signed;
use crate::web::page::{see_other, show};
use crate::words::{obstacles, persons, terms};

/// A house with what it says to callers.
struct House {
    id: String,
    name: String,
    sentence: String,
}

#[derive(Template)]
#[template(path = "office/call.html")]
struct Page {
    p: Desk,
    houses: Vec<House>,
    rights: Vec<(&'static str, &'static str)>,
    today: String,
    key: String,
    typed: Posted,
    trouble: String,
    at: String,
    /// The number of the note just taken; empty before.
    done: String,
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
    done: String,
) -> Result<HttpResponse, Problem> {
    let mut houses = Vec::new();
    for id in session.scope.controllers() {
        if session.may(id, Role::Handler) {
            let controller = &office.house(id)?.controller;
            let own = controller.channels.on_the_phone.trim();
            houses.push(House {
                id: id.to_string(),
                name: controller.name.clone(),
                sentence: match own {
                    "" => persons::ON_THE_PHONE.to_owned(),
                    own => own.to_owned(),
                },
            });
        }
    }
    let (status, at) = match obstacle {
        Some(Obstacle::Empty(what)) => (StatusCode::UNPROCESSABLE_ENTITY, (*what).to_owned()),
        Some(_) => (StatusCode::UNPROCESSABLE_ENTITY, "received".to_owned()),
        None => (StatusCode::OK, String::new()),
    };
    let page = Page {
        p: session.desk(office, Room::Cases).await?,
        houses,
        rights: Right::ALL
            .map(|right| (right.code(), terms::right_wish(right, Lang::De)))
            .to_vec(),
        today: office.today().to_string(),
        key: key(&typed).text(),
        typed,
        trouble: obstacle.map(obstacles::obstacle).unwrap_or_default(),
        at,
        done,
    };
    show(status, &page)
}

/// The empty note, or the one after a note was taken.
pub async fn look(
    session: Session,
    office: web::Data<Office>,
    asked: web::Query<Vec<(String, String)>>,
) -> Result<HttpResponse, Problem> {
    session.demand_anywhere(Role::Handler)?;
    let done = asked.iter().find(|(key, _)| key == "done");
    let done = done.map(|(_, number)| number.clone()).unwrap_or_default();
    page(&office, &session, Posted::default(), None, done).await
}

/// Takes the note. One stays on this page: who still has somebody on the line sees nothing of the case.
pub async fn note(signed: Signed, office: web::Data<Office>) -> Result<HttpResponse, Problem> {
    let Signed { session, posted } = signed;
    session.demand_anywhere(Role::Handler)?;
    match noted(&office, &session, &posted).await {
        Ok(number) => Ok(see_other(&format!("/desk/new/call?done={number}"))),
        Err(Error::Obstacle(obstacle @ Obstacle::RoleLacking { .. })) => Err(obstacle.into()),
        Err(Error::Obstacle(obstacle)) => {
            page(&office, &session, posted, Some(&obstacle), String::new()).await
        }
        Err(other) => Err(other.into()),
    }
}

async fn noted(office: &Office, session: &Session, posted: &Posted) -> Result<String, Error> {
    let controller = controller(session, posted)?;
    let received = day(posted.get("received")).ok_or(Obstacle::Empty("received"))?;
    let name = posted.get("name").trim();
    if name.is_empty() {
        return Err(Obstacle::Empty("name").into());
    }
    let mut rights: Vec<Right> = posted.all("rights").filter_map(Right::from_code).collect();
    // An objection counts when it is said, and to whom it is said.
    let said = posted.all("objects").filter_map(Right::from_code);
    rights.extend(said);
    let text = posted.get("text").trim();
    if rights.is_empty() && text.is_empty() {
        return Err(Obstacle::Empty("text").into());
    }
    let wish = Wish {
        rights,
        text: text.into(),
        lang: posted.get("lang").parse().unwrap_or(Lang::De),
        on_behalf: OnBehalf::Own,
        name: name.into(),
        data_subject: None,
        email: None,
        address: some(posted.get("address")),
        hints: some(posted.get("hints")),
        reply_by: ReplyBy::Post,
        // Who says nothing of the order gets the copy first.
        copy_first: Some(posted.get("order") != "now"),
        shared_mailbox: None,
    };
    let entry = Entry {
        form: key(posted),
        controller,
        channel: Channel::Phone,
        received,
        arrival: Arrival::default(),
        matter: Matter::Request,
        confidential: false,
        wish,
        files: vec![],
    };
    Ok(office.enter(&session.scope, entry).await?.number)
}
