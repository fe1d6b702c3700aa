//! What is still open in settings and register, before the first request comes: each question with where to answer it.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use askama::Template;

use crate::casework::Office;
use crate::domain::ids::ControllerId;
use crate::domain::question::{About, Question};
use crate::domain::scope::Role;
use crate::web::error::Problem;
use crate::web::layout::{Desk, Room};
use crate::web::office::session::Session;
use crate::web::page::show;
use crate::words::register::{field_of, question, questions_open};

/// The questions on one thing, under its name.
struct Group {
    name: String,
    /// The page on which they are answered; empty where that is the configuration.
    page: String,
    questions: Vec<(String, String)>,
}

struct House {
    id: ControllerId,
    name: String,
    may: bool,
    count: String,
    groups: Vec<Group>,
}

#[derive(Template)]
#[template(path = "admin/questions.html")]
struct Page {
    p: Desk,
    houses: Vec<House>,
}

/// Every open question of every controller in reach.
pub async fn look(session: Session, office: web::Data<Office>) -> Result<HttpResponse, Problem> {
    let mut houses = Vec::new();
    for id in session.scope.controllers() {
        let questions = office.questions(&session.scope, id).await?;
        houses.push(House {
            id,
            name: office.house(id)?.controller.name.clone(),
            may: session.may(id, Role::Admin),
            count: questions_open(questions.len()),
            groups: grouped(id, &questions),
        });
    }
    let page = Page {
        p: session.desk(&office, Room::Register).await?,
        houses,
    };
    show(StatusCode::OK, &page)
}

fn grouped(controller: ControllerId, questions: &[Question]) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    let mut last: Option<&About> = None;
    for one in questions {
        if last != Some(&one.about) {
            let (name, page) = match &one.about {
                About::Controller => (String::new(), String::new()),
                About::System { id, name, .. } => {
                    (name.clone(), format!("/desk/register/{controller}/{id}"))
                }
            };
            groups.push(Group {
                name,
                page,
                questions: Vec::new(),
            });
            last = Some(&one.about);
        }
        if let Some(group) = groups.last_mut() {
            group
                .questions
                .push((field_of(&one.gap).to_owned(), question(&one.gap)));
        }
    }
    groups
}
