//! One entry of the register.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use askama::Template;

use crate::casework::{Error, Office, RegisterEntry};
use crate::domain::ids::{ControllerId, SystemId};
use crate::domain::lang::Lang;
use crate::domain::obstacle::Obstacle;
use crate::domain::register::{Category, SearchKey, System, SystemRole};
use crate::web::admin::register::may;
use crate::web::error::Problem;
use crate::web::form::Posted;
use crate::web::layout::{Desk, Room};
use crate::web::office::session::Session;
use crate::web::office::signed::Signed;
use crate::web::page::{see_other, show};
use crate::words::{desk, obstacles, terms};

/// Categories that one system can have on the page.
const MOST: usize = 60;

#[derive(Template)]
#[template(path = "admin/system.html")]
struct Page {
    p: Desk,
    controller: ControllerId,
    name: String,
    system: System,
    revision: i64,
    fresh: bool,
    nothing: String,
    keys: Vec<(&'static str, &'static str, bool)>,
    roles: Vec<(&'static str, &'static str, bool)>,
    gaps: Vec<&'static str>,
    trouble: String,
    at: &'static str,
}

#[derive(Template)]
#[template(path = "admin/remove.html")]
struct Removal {
    p: Desk,
    controller: ControllerId,
    system: System,
}

fn blank() -> RegisterEntry {
    let system = System {
        id: SystemId(0),
        slug: String::new(),
        name: String::new(),
        operator: String::new(),
        role: SystemRole::Internal,
        place: String::new(),
        third_country: false,
        guarantee: String::new(),
        contact: String::new(),
        source: String::new(),
        keys: vec![],
        categories: vec![Category::default()],
        holds_nothing: None,
        marketing: false,
    };
    RegisterEntry {
        system,
        position: i32::MAX,
        revision: 0,
    }
}

async fn entry(
    office: &Office,
    session: &Session,
    controller: ControllerId,
    address: &str,
) -> Result<RegisterEntry, Problem> {
    may(session, controller)?;
    let register = office.register(&session.scope, controller).await?;
    if address == "new" {
        let position = i32::try_from(register.len()).unwrap_or(i32::MAX);
        return Ok(RegisterEntry {
            position,
            ..blank()
        });
    }
    let id: SystemId = address.parse().map_err(|_| Problem::not_found())?;
    register
        .into_iter()
        .find(|entry| entry.system.id == id)
        .ok_or_else(Problem::not_found)
}

async fn page(
    office: &Office,
    session: &Session,
    controller: ControllerId,
    entry: RegisterEntry,
    trouble: Option<(String, &'static str)>,
) -> Result<HttpResponse, Problem> {
    let changed = matches!(trouble, Some((_, "form")));
    let status = match (&trouble, changed) {
        (None, _) => StatusCode::OK,
        (Some(_), true) => StatusCode::CONFLICT,
        (Some(_), false) => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let (trouble, at) = trouble.unwrap_or_default();
    let system = entry.system;
    let page = Page {
        p: session.desk(office, Room::Register).await?,
        controller,
        name: office.house(controller)?.controller.name.clone(),
        revision: entry.revision,
        fresh: entry.revision == 0,
        nothing: system.holds_nothing.clone().unwrap_or_default(),
        keys: SearchKey::ALL
            .map(|key| {
                (
                    key.code(),
                    terms::search_key(key, Lang::De),
                    system.keys.contains(&key),
                )
            })
            .to_vec(),
        roles: SystemRole::ALL
            .map(|role| {
                (
                    role.code(),
                    terms::system_role(role, Lang::De),
                    system.role == role,
                )
            })
            .to_vec(),
        gaps: if entry.revision == 0 {
            vec![]
        } else {
            system.gaps().into_iter().map(desk::gap).collect()
        },
        system,
        trouble,
        at,
    };
    show(status, &page)
}

/// The page of an entry, or of a new one.
pub async fn look(
    session: Session,
    office: web::Data<Office>,
    address: web::Path<(ControllerId, String)>,
) -> Result<HttpResponse, Problem> {
    let (controller, system) = address.into_inner();
    let entry = entry(&office, &session, controller, &system).await?;
    page(&office, &session, controller, entry, None).await
}

/// What the form says.
fn read(posted: &Posted, before: &System) -> System {
    let text = |name: &str| posted.get(name).trim().to_owned();
    let mut categories = Vec::new();
    for at in 0..MOST {
        let category = Category {
            name: text(&format!("category-{at}")),
            purposes: text(&format!("purposes-{at}")),
            basis: text(&format!("basis-{at}")),
            retention: text(&format!("retention-{at}")),
        };
        if category != Category::default() {
            categories.push(category);
        }
    }
    let name = text("name");
    let slug = match (text("slug"), before.slug.is_empty()) {
        (slug, true) if slug.is_empty() => slug_of(&name),
        (slug, true) => slug_of(&slug),
        // The stable name stays what it is.
        (_, false) => before.slug.clone(),
    };
    System {
        id: before.id,
        slug,
        name,
        operator: text("operator"),
        role: SystemRole::from_code(posted.get("role")).unwrap_or(before.role),
        place: text("place"),
        third_country: posted.ticked("third-country"),
        guarantee: text("guarantee"),
        contact: text("contact"),
        source: text("source"),
        keys: posted
            .all("keys")
            .filter_map(SearchKey::from_code)
            .collect(),
        categories,
        holds_nothing: Some(text("nothing")).filter(|why| !why.is_empty()),
        marketing: posted.ticked("marketing"),
    }
}

/// A stable name from a spoken one: `Kunden & Verträge` becomes `kunden-vertraege`.
fn slug_of(name: &str) -> String {
    let spelled = name
        .to_lowercase()
        .replace('ä', "ae")
        .replace('ö', "oe")
        .replace('ü', "ue")
        .replace('ß', "ss");
    let parts: Vec<&str> = spelled
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|part| !part.is_empty())
        .collect();
    parts.join("-")
}

/// Keeps it.
pub async fn keep(
    signed: Signed,
    office: web::Data<Office>,
    address: web::Path<(ControllerId, String)>,
) -> Result<HttpResponse, Problem> {
    let Signed { session, posted } = signed;
    let (controller, place) = address.into_inner();
    let present = entry(&office, &session, controller, &place).await?;
    let revision = posted.get("seen").parse().unwrap_or(present.revision);
    let mut changed = RegisterEntry {
        system: read(&posted, &present.system),
        revision,
        ..present.clone()
    };
    if posted.pressed().0 == "more" {
        changed.system.categories.push(Category::default());
        return page(&office, &session, controller, changed, None).await;
    }
    match office
        .put_system(&session.scope, controller, changed.clone())
        .await
    {
        Ok(_) => Ok(see_other("/desk/register?done=saved")),
        Err(Error::Obstacle(obstacle @ Obstacle::RoleLacking { .. })) => Err(obstacle.into()),
        Err(Error::Obstacle(obstacle)) => {
            let at = match obstacle {
                Obstacle::Empty(field) => field,
                _ => "form",
            };
            // Sent once more, it is the clerk's wish: she has been told.
            changed.revision = present.revision;
            page(
                &office,
                &session,
                controller,
                changed,
                Some((obstacles::obstacle(&obstacle), at)),
            )
            .await
        }
        Err(other) => Err(other.into()),
    }
}

/// Asks before an entry goes.
pub async fn before_removal(
    session: Session,
    office: web::Data<Office>,
    address: web::Path<(ControllerId, String)>,
) -> Result<HttpResponse, Problem> {
    let (controller, system) = address.into_inner();
    let entry = entry(&office, &session, controller, &system).await?;
    if entry.revision == 0 {
        return Err(Problem::not_found());
    }
    let page = Removal {
        p: session.desk(&office, Room::Register).await?,
        controller,
        system: entry.system,
    };
    show(StatusCode::OK, &page)
}

/// Takes it out.
pub async fn remove(
    signed: Signed,
    office: web::Data<Office>,
    address: web::Path<(ControllerId, String)>,
) -> Result<HttpResponse, Problem> {
    let (controller, system) = address.into_inner();
    let entry = entry(&office, &signed.session, controller, &system).await?;
    office
        .remove_system(&signed.session.scope, controller, entry.system.id)
        .await?;
    Ok(see_other("/desk/register?done=removed"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stable_name_is_made_from_the_spoken_one() {
        assert_eq!(slug_of("Kunden & Verträge (alt)"), "kunden-vertraege-alt");
        assert_eq!(slug_of("  "), "");
    }
}
