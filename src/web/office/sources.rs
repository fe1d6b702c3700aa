//! The connections: how each stands, whether it works now, and what it would find. What is typed here stands in no address
//! and no log.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use askama::Template;
use chrono::{DateTime, Utc};

use crate::casework::sources::{Canary, Checked, Connection, Sample};
use crate::casework::{Error, Office};
use crate::domain::identifier::{Identifier, SearchKey, Window};
use crate::domain::ids::ControllerId;
use crate::domain::lang::Lang;
use crate::domain::obstacle::Obstacle;
use crate::domain::scope::Role;
use crate::domain::source::{Record, Search};
use crate::web::error::Problem;
use crate::web::form::Posted;
use crate::web::layout::{Desk, Room};
use crate::web::office::act::moment;
use crate::web::office::findings::when;
use crate::web::office::session::Session;
use crate::web::office::signed::Signed;
use crate::web::page::{see_other, show};
use crate::words::{connections as words, obstacles, sources};

/// So many records are shown of a trial.
const SHOWN: usize = 100;

struct House {
    id: ControllerId,
    name: String,
    connections: Vec<Connection>,
    /// Since when all are switched off.
    off: Option<String>,
    may_find: bool,
}

/// A line of what a check or a trial said, with the class of its mark.
struct Line {
    class: &'static str,
    mark: &'static str,
    text: String,
}

/// What a check or a trial came to.
struct Said {
    name: String,
    well: bool,
    lines: Vec<Line>,
    found: Vec<Record>,
    more: u64,
    tried: bool,
}

#[derive(Template)]
#[template(path = "office/sources.html")]
struct Page {
    p: Desk,
    houses: Vec<House>,
    said: Option<Said>,
    /// What stood against it, and at which field.
    trouble: String,
    at: &'static str,
    typed: Option<Posted>,
}

impl Page {
    fn adapter(&self, connection: &Connection) -> String {
        words::adapter(connection.adapter, Lang::De)
    }

    fn can(&self, codes: &[&'static str]) -> String {
        words::abilities(codes, Lang::De)
    }

    fn keys(&self, keys: &[SearchKey]) -> String {
        words::keys(keys, Lang::De)
    }

    /// Headings go down by one below the name of a controller.
    fn level(&self) -> u8 {
        if self.houses.len() > 1 { 3 } else { 2 }
    }

    fn value(&self, name: &str) -> &str {
        self.typed.as_ref().map_or("", |posted| posted.get(name))
    }

    fn wrong(&self, name: &str) -> bool {
        self.at == name
    }

    /// Whether the part with the IP address has something in it.
    fn unfolded(&self) -> bool {
        ["ip", "from", "to"]
            .iter()
            .any(|name| self.wrong(name) || !self.value(name).is_empty())
    }

    fn chosen(&self, house: &House, connection: &Connection) -> bool {
        self.value("where") == format!("{}:{}", house.id, connection.name)
    }

    fn searchable(&self) -> bool {
        let finds = |house: &House| house.connections.iter().any(Connection::finds);
        self.houses
            .iter()
            .any(|house| house.may_find && finds(house))
    }

    fn tie(&self, record: &Record) -> String {
        sources::tie(&record.tie)
    }

    fn when(&self, at: &DateTime<Utc>) -> String {
        when(*at)
    }

    /// Why the latest run did not work.
    fn fault(&self, connection: &Connection) -> Option<String> {
        let (fault, at) = connection.fault?;
        Some(format!("{} ({})", words::fault(fault, Lang::De), when(at)))
    }

    fn category(&self, record: &Record) -> String {
        sources::category(&record.category, Lang::De)
    }
}

async fn page(office: &Office, session: &Session) -> Result<Page, Problem> {
    session.demand_anywhere(Role::Handler)?;
    let mut houses = Vec::new();
    for id in session.scope.controllers() {
        if !session.may(id, Role::Handler) {
            continue;
        }
        let (connections, off) = office.standing_connections(&session.scope, id).await?;
        houses.push(House {
            id,
            name: office.house(id)?.controller.short.clone(),
            connections,
            off: off.map(when),
            may_find: session.may(id, Role::Admin),
        });
    }
    Ok(Page {
        p: session.desk(office, Room::Sources).await?,
        houses,
        said: None,
        trouble: String::new(),
        at: "",
        typed: None,
    })
}

/// The connections as they stand.
pub async fn look(session: Session, office: web::Data<Office>) -> Result<HttpResponse, Problem> {
    show(StatusCode::OK, &page(&office, &session).await?)
}

/// Switches off or on, checks, or tries to find somebody.
pub async fn act(signed: Signed, office: web::Data<Office>) -> Result<HttpResponse, Problem> {
    let Signed { session, posted } = signed;
    session.demand_anywhere(Role::Handler)?;
    let scope = &session.scope;
    let (what, name) = posted.pressed();
    let chosen = match what {
        "find" => posted.get("where").split_once(':').unwrap_or_default(),
        _ => (posted.get("controller"), name),
    };
    let controller: ControllerId = chosen.0.parse().map_err(|_| Problem::not_found())?;
    if !scope.covers(controller) {
        return Err(Problem::not_found());
    }
    let name = chosen.1;
    let said = match what {
        "pause" | "resume" => {
            match what {
                "pause" => office.pause_source(scope, controller, name).await?,
                _ => office.resume_source(scope, controller, name).await?,
            }
            return Ok(see_other("/desk/sources"));
        }
        "check" => Ok(checked(
            name,
            &office.check_source(scope, controller, name).await?,
        )),
        "find" => match wanted(&posted) {
            Ok(wanted) => {
                let mut sample = Sample::of(SHOWN);
                let at = (controller, name);
                let asked = office
                    .try_finding(scope, at, &wanted, None, &mut sample)
                    .await;
                match asked {
                    Ok(asked) => Ok(tried(name, asked.map_err(|it| it.fault), sample)),
                    Err(Error::Obstacle(obstacle @ Obstacle::RoleLacking { .. })) => {
                        return Err(obstacle.into());
                    }
                    Err(Error::Obstacle(obstacle)) => Err(("where", obstacle)),
                    Err(other) => return Err(other.into()),
                }
            }
            Err(wrong) => Err(wrong),
        },
        _ => return Err(Problem::not_found()),
    };
    let mut page = page(&office, &session).await?;
    let status = match said {
        Ok(said) => {
            page.said = Some(said);
            StatusCode::OK
        }
        Err((at, obstacle)) => {
            page.trouble = obstacles::obstacle(&obstacle);
            page.at = at;
            StatusCode::UNPROCESSABLE_ENTITY
        }
    };
    page.typed = Some(posted);
    show(status, &page)
}

/// Whom to look for, as it was typed; else the field that is wrong, and why.
fn wanted(posted: &Posted) -> Result<Vec<Identifier>, (&'static str, Obstacle)> {
    let mut wanted = Vec::new();
    for (field, kind) in [
        ("email", SearchKey::Email),
        ("name", SearchKey::Name),
        ("phone", SearchKey::Phone),
        ("number", SearchKey::Number),
        ("ip", SearchKey::Ip),
    ] {
        let text = posted.get(field).trim();
        if text.is_empty() {
            continue;
        }
        let identifier =
            Identifier::new(kind, text).ok_or((field, Obstacle::Empty("new-value")))?;
        wanted.push(match kind {
            SearchKey::Ip => identifier.within(window(posted)?),
            _ => identifier,
        });
    }
    // A time alone finds nobody, and must not be passed over as if it had been heeded.
    let timed = ["from", "to"]
        .iter()
        .any(|field| !posted.get(field).trim().is_empty());
    if timed && posted.get("ip").trim().is_empty() {
        return Err(("ip", Obstacle::Empty("ip")));
    }
    match wanted.is_empty() {
        true => Err(("email", Obstacle::Empty("sought"))),
        false => Ok(wanted),
    }
}

/// From when to when an IP address was hers.
fn window(posted: &Posted) -> Result<Window, (&'static str, Obstacle)> {
    let at = |name: &'static str| {
        let typed = posted.get(name).trim().split_once(' ');
        typed
            .and_then(|(on, at)| moment(on, at))
            .ok_or((name, Obstacle::Empty("from")))
    };
    let (from, to) = (at("from")?, at("to")?);
    match from <= to {
        true => Ok(Window { from, to }),
        false => Err(("to", Obstacle::Empty("from"))),
    }
}

const GOOD: (&str, &str) = ("in-time", words::GOOD);
const NOTE: (&str, &str) = ("soon", words::NOTE);
const BAD: (&str, &str) = ("overdue", words::BAD);

fn line((class, mark): (&'static str, &'static str), text: String) -> Line {
    Line { class, mark, text }
}

fn checked(name: &str, checked: &Checked) -> Said {
    let mut lines = Vec::new();
    match &checked.health {
        Ok(health) => {
            lines.push(line(GOOD, words::reachable(&health.version, Lang::De)));
            let seen = health.in_sight.iter();
            lines.extend(seen.map(|(at, many)| line(GOOD, words::in_sight(at, *many, Lang::De))));
            lines.extend(health.needs.iter().map(|need| {
                let mark = if need.hinders() { BAD } else { NOTE };
                line(mark, words::need(need, Lang::De))
            }));
        }
        Err(mishap) => lines.push(line(BAD, words::fault(mishap.fault, Lang::De).to_owned())),
    }
    let (mark, code) = match &checked.canary {
        Canary::Found => (GOOD, "found"),
        Canary::Lost => (BAD, "lost"),
        Canary::Failed(_) => (BAD, "failed"),
        Canary::None => (NOTE, "none"),
        Canary::Unsought => (NOTE, "unsought"),
    };
    lines.push(line(mark, words::canary(code, Lang::De).to_owned()));
    Said {
        name: name.to_owned(),
        well: checked.well(),
        lines,
        found: vec![],
        more: 0,
        tried: false,
    }
}

fn tried(name: &str, asked: Result<Search, crate::domain::source::Fault>, sample: Sample) -> Said {
    let mut lines = Vec::new();
    match &asked {
        Ok(search) if search.asked.is_empty() => {
            lines.push(line(NOTE, words::nothing_to_ask(Lang::De).to_owned()));
        }
        Ok(search) => {
            lines.push(line(GOOD, words::found(sample.count, Lang::De)));
            let asked = search.asked.iter();
            lines.extend(asked.map(|it| line(GOOD, words::asked(it, Lang::De))));
            let doubts = search.doubts.iter();
            lines.extend(doubts.map(|it| line(NOTE, sources::doubt(it))));
        }
        Err(fault) => lines.push(line(BAD, words::fault(*fault, Lang::De).to_owned())),
    }
    let shown = u64::try_from(sample.shown.len()).unwrap_or(u64::MAX);
    Said {
        name: name.to_owned(),
        well: asked.is_ok(),
        lines,
        more: sample.count.saturating_sub(shown),
        found: sample.shown,
        tried: true,
    }
}
