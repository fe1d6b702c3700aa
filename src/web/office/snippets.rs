//! The words that an office writes often, with their names. They are chosen when a message is written.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use askama::Template;

use crate::casework::{Error, Office};
use crate::domain::ids::{ControllerId, SnippetId};
use crate::domain::lang::Lang;
use crate::domain::obstacle::Obstacle;
use crate::domain::scope::Role;
use crate::domain::snippet::Snippet;
use crate::web::error::Problem;
use crate::web::form::Posted;
use crate::web::layout::{Desk, Room};
use crate::web::office::session::Session;
use crate::web::office::signed::Signed;
use crate::web::page::{see_other, show};
use crate::words::obstacles;
use crate::words::snippets::built_in;

/// The form of one snippet, kept or new.
struct Line {
    /// Behind the names of its fields: its id, or whose new one it is.
    key: String,
    /// None for a new one.
    id: Option<SnippetId>,
    /// As typed, if that could not be kept.
    snippet: Snippet,
    /// The field that is wrong; empty: none.
    at: &'static str,
}

impl Line {
    fn english(&self) -> bool {
        self.snippet.lang == Lang::En
    }
}

struct House {
    id: ControllerId,
    name: String,
    may_change: bool,
    lines: Vec<Line>,
    fresh: Line,
}

#[derive(Template)]
#[template(path = "office/snippets.html")]
struct Page {
    p: Desk,
    houses: Vec<House>,
    built_in: Vec<Snippet>,
    done: bool,
    trouble: String,
    /// The field that it is about.
    anchor: String,
}

/// What was typed and could not be kept.
struct Refused {
    controller: ControllerId,
    snippet: Snippet,
    obstacle: Obstacle,
}

impl Refused {
    fn field(&self) -> &'static str {
        match self.obstacle {
            Obstacle::Empty("snippet-words") => "words",
            _ => "name",
        }
    }
}

fn line(controller: ControllerId, snippet: Snippet, refused: Option<&Refused>) -> Line {
    let id = snippet.id;
    let meant = |it: &&Refused| it.controller == controller && it.snippet.id == id;
    let refused = refused.filter(meant);
    Line {
        key: id.map_or_else(|| format!("new-{controller}"), |id| id.to_string()),
        id,
        at: refused.map(Refused::field).unwrap_or_default(),
        snippet: refused.map_or(snippet, |it| it.snippet.clone()),
    }
}

async fn page(
    office: &Office,
    session: &Session,
    refused: Option<&Refused>,
) -> Result<Page, Problem> {
    let mut houses = Vec::new();
    for id in session.scope.controllers() {
        let known = office.snippets(&session.scope, id).await?;
        let blank = Snippet {
            id: None,
            lang: Lang::De,
            name: String::new(),
            words: String::new(),
        };
        houses.push(House {
            id,
            name: office.house(id)?.controller.short.clone(),
            may_change: session.may(id, Role::Handler),
            lines: known.into_iter().map(|it| line(id, it, refused)).collect(),
            fresh: line(id, blank, refused),
        });
    }
    let anchor = houses
        .iter()
        .flat_map(|it| it.lines.iter().chain([&it.fresh]))
        .find(|it| !it.at.is_empty())
        .map(|it| format!("{}-{}", it.at, it.key))
        .unwrap_or_default();
    Ok(Page {
        p: session.desk(office, Room::Cases).await?,
        anchor,
        houses,
        built_in: Lang::ALL.into_iter().flat_map(built_in).collect(),
        done: false,
        trouble: refused
            .map(|it| obstacles::obstacle(&it.obstacle))
            .unwrap_or_default(),
    })
}

/// The list.
pub async fn look(
    session: Session,
    office: web::Data<Office>,
    asked: web::Query<Vec<(String, String)>>,
) -> Result<HttpResponse, Problem> {
    let mut page = page(&office, &session, None).await?;
    page.done = asked.iter().any(|(key, _)| key == "done");
    show(StatusCode::OK, &page)
}

fn typed(posted: &Posted) -> Snippet {
    Snippet {
        id: posted.get("id").parse().ok(),
        lang: posted.get("lang").parse().unwrap_or_default(),
        name: posted.get("name").to_owned(),
        words: posted.get("words").to_owned(),
    }
}

/// Keeps, changes or forgets some words.
pub async fn act(signed: Signed, office: web::Data<Office>) -> Result<HttpResponse, Problem> {
    let Signed { session, posted } = signed;
    session.demand_anywhere(Role::Handler)?;
    let scope = &session.scope;
    let controller: ControllerId = posted
        .get("controller")
        .parse()
        .ok()
        .filter(|id| scope.covers(*id))
        .ok_or_else(Problem::not_found)?;
    let snippet = typed(&posted);
    let done = match (posted.pressed().0, snippet.id) {
        ("remove", Some(id)) => office.remove_snippet(scope, controller, id).await,
        _ => {
            office
                .keep_snippet(scope, controller, snippet.clone())
                .await
        }
    };
    match done {
        Ok(()) => Ok(see_other("/desk/snippets?done=kept")),
        Err(Error::Obstacle(obstacle @ (Obstacle::Empty(_) | Obstacle::NameTaken))) => {
            let refused = Refused {
                controller,
                snippet,
                obstacle,
            };
            let page = page(&office, &session, Some(&refused)).await?;
            show(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
        Err(other) => Err(other.into()),
    }
}
