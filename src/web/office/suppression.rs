//! Who wants no advertising: is this address on the list? What is typed here stands in no address and no log.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use askama::Template;

use crate::casework::{Error, Office};
use crate::domain::ids::ControllerId;
use crate::domain::lang::Lang;
use crate::domain::obstacle::Obstacle;
use crate::domain::right::Right;
use crate::domain::scope::Role;
use crate::web::error::Problem;
use crate::web::layout::{Desk, Room};
use crate::web::office::session::Session;
use crate::web::office::signed::Signed;
use crate::web::page::show;
use crate::words::{dates, obstacles, terms};

/// Counts stop here.
const CAP: i64 = 1000;

struct House {
    id: ControllerId,
    name: String,
    count: String,
}

/// What the list says of an address.
struct Said {
    /// Under which right it stands, and since when; empty: it does not stand there.
    entries: Vec<(&'static str, String)>,
    /// Whether it was entered just now.
    entered: bool,
}

#[derive(Template)]
#[template(path = "office/suppression.html")]
struct Page {
    p: Desk,
    houses: Vec<House>,
    chosen: ControllerId,
    typed: String,
    said: Option<Said>,
    wrong: String,
    may_enter: bool,
}

async fn page(
    office: &Office,
    session: &Session,
    chosen: ControllerId,
    typed: String,
) -> Result<Page, Problem> {
    let mut houses = Vec::new();
    for id in session.scope.controllers() {
        let count = office.count_suppressed(&session.scope, id, CAP).await?;
        houses.push(House {
            id,
            name: office.house(id)?.controller.short.clone(),
            count: match i64::try_from(count) {
                Ok(count) if count < CAP => count.to_string(),
                _ => format!("{}+", CAP - 1),
            },
        });
    }
    Ok(Page {
        p: session.desk(office, Room::Cases).await?,
        houses,
        chosen,
        typed,
        said: None,
        wrong: String::new(),
        may_enter: session.may(chosen, Role::Handler),
    })
}

/// The empty form.
pub async fn look(session: Session, office: web::Data<Office>) -> Result<HttpResponse, Problem> {
    let first = session.scope.controllers().first().copied();
    let chosen = first.ok_or_else(Problem::not_found)?;
    show(
        StatusCode::OK,
        &page(&office, &session, chosen, String::new()).await?,
    )
}

/// Looks an address up, or enters it.
pub async fn act(signed: Signed, office: web::Data<Office>) -> Result<HttpResponse, Problem> {
    let Signed { session, posted } = signed;
    let scope = &session.scope;
    let first = scope.controllers().first().copied();
    let chosen = posted.get("controller").parse().ok().or(first);
    let chosen = chosen
        .filter(|id| scope.covers(*id))
        .ok_or_else(Problem::not_found)?;
    let typed = posted.get("email").trim().to_owned();
    let enters = posted.pressed().0 == "enter";
    let said = async {
        if enters {
            let kind = Right::MarketingObjection;
            office.suppress(scope, chosen, &typed, kind).await?;
        }
        let entries = office.suppressed(scope, chosen, &typed).await?;
        Ok::<_, Error>(Said {
            entries: entries
                .into_iter()
                .map(|(right, since)| {
                    (
                        terms::right_name(right, Lang::De),
                        dates::long_date(since, Lang::De),
                    )
                })
                .collect(),
            entered: enters,
        })
    }
    .await;
    let mut page = page(&office, &session, chosen, typed.clone()).await?;
    let mut status = StatusCode::OK;
    match said {
        Ok(said) => page.said = Some(said),
        Err(Error::Obstacle(obstacle @ Obstacle::Empty(_))) => {
            page.wrong = obstacles::obstacle(&obstacle);
            status = StatusCode::UNPROCESSABLE_ENTITY;
        }
        Err(other) => return Err(other.into()),
    }
    show(status, &page)
}
