//! The people who work here, what they may, and the controllers as they are configured.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use askama::Template;

use crate::casework::{Clerk, Error, Office, Token};
use crate::domain::controller::{AddressForm, Controller};
use crate::domain::ids::{ClerkId, ControllerId};
use crate::domain::lang::Lang;
use crate::domain::obstacle::Obstacle;
use crate::domain::scope::Role;
use crate::web::error::Problem;
use crate::web::layout::{Desk, Room};
use crate::web::office::session::Session;
use crate::web::office::signed::Signed;
use crate::web::page::{see_other, show};
use crate::words::{desk, obstacles, places, terms};

/// Controllers that one administrator looks after: id, name.
type Mine = Vec<(ControllerId, String)>;

struct Person {
    id: ClerkId,
    name: String,
    email: String,
    roles: Vec<(String, &'static str)>,
    me: bool,
}

#[derive(Template)]
#[template(path = "admin/house.html")]
struct Page {
    p: Desk,
    people: Vec<Person>,
    controllers: Mine,
    several: bool,
    done: String,
}

struct RoleChoice {
    code: &'static str,
    name: &'static str,
    hint: &'static str,
    now: bool,
}

struct Membership {
    controller: ControllerId,
    name: String,
    roles: Vec<RoleChoice>,
    none: bool,
}

#[derive(Template)]
#[template(path = "admin/clerk.html")]
struct ClerkPage {
    p: Desk,
    fresh: bool,
    id: ClerkId,
    name: String,
    email: String,
    memberships: Vec<Membership>,
    me: bool,
    manages: bool,
    /// The field that is wrong.
    at: &'static str,
    trouble: String,
    done: bool,
}

#[derive(Template)]
#[template(path = "admin/link.html")]
struct LinkPage {
    p: Desk,
    name: String,
    url: String,
}

#[derive(Template)]
#[template(path = "admin/sure.html")]
struct Sure {
    p: Desk,
    clerk: Clerk,
    leave: bool,
}

#[derive(Template)]
#[template(path = "admin/settings.html")]
struct Settings {
    p: Desk,
    it: Controller,
    place: String,
    languages: Vec<&'static str>,
    du: bool,
    has_post: bool,
    second_factor: bool,
    session_hours: i64,
    upload: u64,
    feeds: bool,
    checkpoint: String,
}

/// The controllers that this session administers; without one there is no such page.
fn mine(office: &Office, session: &Session) -> Result<Mine, Problem> {
    session.demand_anywhere(Role::Admin)?;
    let mut mine = Vec::new();
    for id in session.scope.controllers() {
        if session.may(id, Role::Admin) {
            mine.push((id, office.house(id)?.controller.name.clone()));
        }
    }
    Ok(mine)
}

fn base(office: &Office, mine: &Mine) -> String {
    let first = mine.first().and_then(|(id, _)| office.house(*id).ok());
    first
        .map(|house| house.controller.public_url.clone())
        .unwrap_or_default()
}

/// The people and the controllers.
pub async fn look(
    session: Session,
    office: web::Data<Office>,
    asked: web::Query<Vec<(String, String)>>,
) -> Result<HttpResponse, Problem> {
    let controllers = mine(&office, &session)?;
    let mut people: Vec<Person> = Vec::new();
    for (clerk, controller, role) in office.staff(&session.scope).await? {
        let Some((_, name)) = controllers.iter().find(|(id, _)| *id == controller) else {
            continue;
        };
        let held = (name.clone(), terms::role(role, Lang::De));
        match people.iter_mut().find(|person| person.id == clerk.id) {
            Some(person) => person.roles.push(held),
            None => people.push(Person {
                id: clerk.id,
                name: clerk.name,
                email: clerk.email,
                roles: vec![held],
                me: clerk.id == session.clerk.id,
            }),
        }
    }
    let page = Page {
        p: session.desk(&office, Room::House).await?,
        people,
        several: controllers.len() > 1,
        controllers,
        done: asked
            .iter()
            .find(|(key, _)| key == "done")
            .map(|(_, value)| value.clone())
            .unwrap_or_default(),
    };
    show(StatusCode::OK, &page)
}

fn memberships(mine: &Mine, held: &[(ControllerId, Role)]) -> Vec<Membership> {
    mine.iter()
        .map(|(controller, name)| {
            let held = held
                .iter()
                .find(|(id, _)| id == controller)
                .map(|(_, role)| *role);
            Membership {
                controller: *controller,
                name: name.clone(),
                roles: Role::ALL
                    .map(|role| RoleChoice {
                        code: role.code(),
                        name: terms::role(role, Lang::De),
                        hint: desk::role_hint(role),
                        now: held == Some(role),
                    })
                    .into_iter()
                    .collect(),
                none: held.is_none(),
            }
        })
        .collect()
}

async fn blank_page(
    office: &Office,
    session: &Session,
    (name, email): (&str, &str),
    (at, trouble): (&'static str, String),
) -> Result<HttpResponse, Problem> {
    let mine = mine(office, session)?;
    let status = if trouble.is_empty() {
        StatusCode::OK
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    };
    let page = ClerkPage {
        p: session.desk(office, Room::House).await?,
        fresh: true,
        id: ClerkId(0),
        name: name.to_owned(),
        email: email.to_owned(),
        memberships: memberships(&mine, &[]),
        me: false,
        manages: true,
        at,
        trouble,
        done: false,
    };
    show(status, &page)
}

/// The page for somebody new.
pub async fn blank(session: Session, office: web::Data<Office>) -> Result<HttpResponse, Problem> {
    blank_page(&office, &session, ("", ""), ("", String::new())).await
}

/// Takes somebody on and shows her link, this one time.
pub async fn take_on(signed: Signed, office: web::Data<Office>) -> Result<HttpResponse, Problem> {
    let Signed { session, posted } = signed;
    let mine = mine(&office, &session)?;
    let mut roles = Vec::new();
    for (controller, _) in &mine {
        if let Some(role) = Role::from_code(posted.get(&format!("role-{controller}"))) {
            session.scope.demand(*controller, Role::Admin)?;
            roles.push((*controller, role));
        }
    }
    let given = (posted.get("name"), posted.get("email"));
    if roles.is_empty() {
        return blank_page(
            &office,
            &session,
            given,
            ("roles", desk::no_role().to_owned()),
        )
        .await;
    }
    match office
        .take_on(session.scope.actor(), given.0, given.1, &roles)
        .await
    {
        Ok((_, token)) => link(&office, &session, given.0, &token, &mine).await,
        Err(Error::Obstacle(_)) => {
            let at = if given.0.trim().is_empty() {
                "name"
            } else {
                "email"
            };
            let trouble = obstacles::obstacle(&Obstacle::Empty(at));
            blank_page(&office, &session, given, (at, trouble)).await
        }
        Err(taken) if taken.is_taken() => {
            blank_page(
                &office,
                &session,
                given,
                ("email", desk::known_address().to_owned()),
            )
            .await
        }
        Err(other) => Err(other.into()),
    }
}

async fn link(
    office: &Office,
    session: &Session,
    name: &str,
    token: &Token,
    mine: &Mine,
) -> Result<HttpResponse, Problem> {
    let page = LinkPage {
        p: session.desk(office, Room::House).await?,
        name: name.to_owned(),
        url: format!("{}/welcome/{}", base(office, mine), token.text()),
    };
    show(StatusCode::OK, &page)
}

/// Somebody of the staff in reach, with the roles that are the administrator's to give.
async fn known(
    office: &Office,
    session: &Session,
    id: ClerkId,
) -> Result<(Clerk, Vec<(ControllerId, Role)>), Problem> {
    let mine = mine(office, session)?;
    let staff = office.staff(&session.scope).await?;
    let held: Vec<_> = staff
        .into_iter()
        .filter(|(clerk, controller, _)| {
            clerk.id == id && mine.iter().any(|(id, _)| id == controller)
        })
        .collect();
    let clerk = held
        .first()
        .map(|(clerk, _, _)| clerk.clone())
        .ok_or_else(Problem::not_found)?;
    Ok((
        clerk,
        held.into_iter()
            .map(|(_, controller, role)| (controller, role))
            .collect(),
    ))
}

/// The page of a clerk.
pub async fn clerk(
    session: Session,
    office: web::Data<Office>,
    address: web::Path<ClerkId>,
    asked: web::Query<Vec<(String, String)>>,
) -> Result<HttpResponse, Problem> {
    let found = known(&office, &session, address.into_inner()).await?;
    let done = asked.iter().any(|(key, _)| key == "done");
    clerk_page(&office, &session, found, String::new(), done).await
}

async fn clerk_page(
    office: &Office,
    session: &Session,
    (clerk, held): (Clerk, Vec<(ControllerId, Role)>),
    trouble: String,
    done: bool,
) -> Result<HttpResponse, Problem> {
    let manages = office.may_manage(&session.scope, clerk.id).await.is_ok();
    let status = if trouble.is_empty() {
        StatusCode::OK
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    };
    let page = ClerkPage {
        p: session.desk(office, Room::House).await?,
        fresh: false,
        id: clerk.id,
        memberships: memberships(&mine(office, session)?, &held),
        me: clerk.id == session.clerk.id,
        name: clerk.name,
        email: clerk.email,
        manages,
        at: "roles",
        trouble,
        done,
    };
    show(status, &page)
}

/// Gives and takes roles.
pub async fn roles(
    signed: Signed,
    office: web::Data<Office>,
    address: web::Path<ClerkId>,
) -> Result<HttpResponse, Problem> {
    let Signed { session, posted } = signed;
    let id = address.into_inner();
    let (clerk, held) = known(&office, &session, id).await?;
    let mine = mine(&office, &session)?;
    let wanted = |controller| Role::from_code(posted.get(&format!("role-{controller}")));
    if id != session.clerk.id
        && mine
            .iter()
            .all(|(controller, _)| wanted(*controller).is_none())
    {
        // Without any role the access could be neither found nor ended from here.
        let trouble = desk::last_role().to_owned();
        return clerk_page(&office, &session, (clerk, held), trouble, false).await;
    }
    for (controller, _) in mine {
        let wanted = wanted(controller);
        let now = held
            .iter()
            .find(|(of, _)| *of == controller)
            .map(|(_, role)| *role);
        // Who administers cannot lock herself out.
        if wanted != now && id != session.clerk.id {
            office
                .set_role(&session.scope, id, controller, wanted)
                .await?;
        }
    }
    let left = office
        .staff(&session.scope)
        .await?
        .iter()
        .any(|(clerk, _, _)| clerk.id == id);
    Ok(see_other(&if left {
        format!("/desk/house/clerks/{id}?done=1")
    } else {
        "/desk/house?done=roles".to_owned()
    }))
}

async fn sure(
    office: &Office,
    session: &Session,
    id: ClerkId,
    leave: bool,
) -> Result<HttpResponse, Problem> {
    let (clerk, _) = known(office, session, id).await?;
    office.may_manage(&session.scope, id).await?;
    if id == session.clerk.id {
        return Err(Problem::forbidden());
    }
    show(
        StatusCode::OK,
        &Sure {
            p: session.desk(office, Room::House).await?,
            clerk,
            leave,
        },
    )
}

/// Asks before an access is started anew.
pub async fn before_reset(
    session: Session,
    office: web::Data<Office>,
    address: web::Path<ClerkId>,
) -> Result<HttpResponse, Problem> {
    sure(&office, &session, address.into_inner(), false).await
}

/// Asks before an access is ended.
pub async fn before_leaving(
    session: Session,
    office: web::Data<Office>,
    address: web::Path<ClerkId>,
) -> Result<HttpResponse, Problem> {
    sure(&office, &session, address.into_inner(), true).await
}

/// Starts an access anew.
pub async fn reset(
    signed: Signed,
    office: web::Data<Office>,
    address: web::Path<ClerkId>,
) -> Result<HttpResponse, Problem> {
    let session = signed.session;
    let (clerk, _) = known(&office, &session, address.into_inner()).await?;
    office.may_manage(&session.scope, clerk.id).await?;
    let mine = mine(&office, &session)?;
    let token = office.reset(session.scope.actor(), clerk.id).await?;
    link(&office, &session, &clerk.name, &token, &mine).await
}

/// Ends an access.
pub async fn let_go(
    signed: Signed,
    office: web::Data<Office>,
    address: web::Path<ClerkId>,
) -> Result<HttpResponse, Problem> {
    let session = signed.session;
    let (clerk, _) = known(&office, &session, address.into_inner()).await?;
    office.may_manage(&session.scope, clerk.id).await?;
    if clerk.id == session.clerk.id {
        // The last one would lock the door behind herself.
        return Err(Problem::forbidden());
    }
    office.let_go(session.scope.actor(), clerk.id).await?;
    Ok(see_other("/desk/house?done=left"))
}

/// A controller as it is configured; changed in its file.
pub async fn settings(
    session: Session,
    office: web::Data<Office>,
    address: web::Path<ControllerId>,
) -> Result<HttpResponse, Problem> {
    let id = address.into_inner();
    if !session.scope.covers(id) {
        return Err(Problem::not_found());
    }
    session.scope.demand(id, Role::Admin)?;
    let house = office.house(id)?;
    let manners = &office.manners;
    let it = house.controller.clone();
    let page = Settings {
        p: session.desk(&office, Room::House).await?,
        place: places::place_name(&it.place, Lang::De),
        languages: it
            .languages
            .iter()
            .map(|lang| desk::language(*lang))
            .collect(),
        du: it.form == AddressForm::Du,
        has_post: house.has_post,
        second_factor: manners.second_factor,
        session_hours: manners.session_hours,
        upload: manners.upload_limit,
        feeds: manners.feeds,
        checkpoint: manners.checkpoint_email.clone().unwrap_or_default(),
        it,
    };
    show(StatusCode::OK, &page)
}
