//! The register: every system and recipient, with what is still missing as an open question.

use std::collections::BTreeMap;

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use askama::Template;

use crate::casework::register::{Imported, RegisterFault, RegisterFile};
use crate::casework::{Error, Office};
use crate::domain::ids::{ControllerId, SystemId};
use crate::domain::lang::Lang;
use crate::domain::obstacle::Obstacle;
use crate::domain::question::{About, Question};
use crate::domain::scope::Role;
use crate::web::error::Problem;
use crate::web::layout::{Desk, Room};
use crate::web::office::session::Session;
use crate::web::office::signed::Signed;
use crate::web::page::{see_other, show};
use crate::words::register::{gap_tag, questions_open};
use crate::words::{desk, obstacles, terms};

struct Line {
    id: SystemId,
    name: String,
    operator: String,
    role: &'static str,
    place: String,
    categories: usize,
    nothing: bool,
    gaps: Vec<&'static str>,
}

struct House {
    id: ControllerId,
    name: String,
    may: bool,
    lines: Vec<Line>,
    open: String,
}

/// What is open in one entry, each kind once.
fn tags(questions: &[Question], system: SystemId) -> Vec<&'static str> {
    let mut tags = Vec::new();
    for question in questions {
        let tag = gap_tag(&question.gap);
        let mine = matches!(&question.about, About::System { id, .. } if *id == system);
        if mine && !tags.contains(&tag) {
            tags.push(tag);
        }
    }
    tags
}

#[derive(Template)]
#[template(path = "admin/register.html")]
struct Page {
    p: Desk,
    houses: Vec<House>,
    several: bool,
    done: String,
}

/// The register of every controller in reach.
pub async fn look(
    session: Session,
    office: web::Data<Office>,
    asked: web::Query<Vec<(String, String)>>,
) -> Result<HttpResponse, Problem> {
    let mut houses = Vec::new();
    for id in session.scope.controllers() {
        let systems = office.systems(&session.scope, id).await?;
        let questions = office.questions_on(id, &systems)?;
        let lines: Vec<Line> = systems
            .into_iter()
            .map(|system| Line {
                id: system.id,
                gaps: tags(&questions, system.id),
                role: terms::system_role(system.role, Lang::De),
                categories: system.categories.len(),
                nothing: system.nothing().is_some(),
                name: system.name,
                operator: system.operator,
                place: system.place,
            })
            .collect();
        houses.push(House {
            id,
            name: office.house(id)?.controller.name.clone(),
            may: session.may(id, Role::Admin),
            open: if questions.is_empty() {
                String::new()
            } else {
                questions_open(questions.len())
            },
            lines,
        });
    }
    let page = Page {
        p: session.desk(&office, Room::Register).await?,
        several: houses.len() > 1,
        houses,
        done: asked
            .iter()
            .find(|(key, _)| key == "done")
            .map(|(_, value)| value.clone())
            .unwrap_or_default(),
    };
    show(StatusCode::OK, &page)
}

#[derive(Template)]
#[template(path = "admin/import.html")]
struct ImportPage {
    p: Desk,
    controller: ControllerId,
    name: String,
    text: String,
    trouble: String,
    preview: Option<Preview>,
}

/// What an import would do.
#[derive(Default)]
struct Preview {
    new: Vec<String>,
    changed: Vec<String>,
    same: usize,
    open: String,
}

/// The page for bringing in a file.
pub async fn import(
    session: Session,
    office: web::Data<Office>,
    address: web::Path<ControllerId>,
) -> Result<HttpResponse, Problem> {
    let controller = address.into_inner();
    import_page(
        &office,
        &session,
        controller,
        String::new(),
        String::new(),
        None,
    )
    .await
}

async fn import_page(
    office: &Office,
    session: &Session,
    controller: ControllerId,
    text: String,
    trouble: String,
    preview: Option<Preview>,
) -> Result<HttpResponse, Problem> {
    may(session, controller)?;
    let status = if trouble.is_empty() {
        StatusCode::OK
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    };
    let page = ImportPage {
        p: session.desk(office, Room::Register).await?,
        controller,
        name: office.house(controller)?.controller.name.clone(),
        text,
        trouble,
        preview,
    };
    show(status, &page)
}

/// Somebody who may not see a controller is not told that it exists.
pub(super) fn may(session: &Session, controller: ControllerId) -> Result<(), Problem> {
    if !session.scope.covers(controller) {
        return Err(Problem::not_found());
    }
    Ok(session.scope.demand(controller, Role::Admin)?)
}

/// First shows what would change, then brings it in.
pub async fn bring_in(
    signed: Signed,
    office: web::Data<Office>,
    address: web::Path<ControllerId>,
) -> Result<HttpResponse, Problem> {
    let Signed { session, posted } = signed;
    let controller = address.into_inner();
    may(&session, controller)?;
    let text = match posted.files.first() {
        Some(file) => String::from_utf8_lossy(&file.bytes).into_owned(),
        None => posted.get("text").to_owned(),
    };
    let (scope, import) = (&session.scope, posted.pressed().0 == "import");
    let systems = match RegisterFile::read(&text) {
        _ if !posted.left_out.is_empty() => Err(obstacles::obstacle(&Obstacle::Empty("files"))),
        Ok(systems) => Ok(systems),
        Err(fault) => Err(register_fault(&fault)),
    };
    let systems = match systems {
        Ok(systems) => systems,
        Err(trouble) => {
            return import_page(&office, &session, controller, text, trouble, None).await;
        }
    };
    let names: BTreeMap<String, String> = systems
        .iter()
        .map(|system| (system.slug.clone(), system.name.clone()))
        .collect();
    let done = match import {
        true => office.import_register(scope, controller, systems).await,
        false => office.preview_register(scope, controller, systems).await,
    };
    let named = |slugs: Vec<String>| {
        let name = |slug: String| names.get(&slug).cloned().unwrap_or(slug);
        slugs.into_iter().map(name).collect()
    };
    let (trouble, preview) = match done {
        Ok(_) if import => return Ok(see_other("/desk/register?done=import")),
        Ok(Imported {
            new,
            changed,
            same,
            open,
        }) => {
            let preview = Preview {
                new: named(new),
                changed: named(changed),
                same,
                open: questions_open(open),
            };
            (String::new(), Some(preview))
        }
        Err(Error::Obstacle(obstacle)) => (obstacles::obstacle(&obstacle), None),
        Err(other) => return Err(other.into()),
    };
    import_page(&office, &session, controller, text, trouble, preview).await
}

fn register_fault(fault: &RegisterFault) -> String {
    match fault {
        RegisterFault::Unreadable(error) => desk::toml(&error.to_string()),
        RegisterFault::Empty => desk::no_systems().to_owned(),
        RegisterFault::Nameless => desk::nameless_system().to_owned(),
        RegisterFault::Twice(slug) => desk::slug_twice(slug),
        RegisterFault::Owner(slug) => desk::owner_without_address(slug),
    }
}
