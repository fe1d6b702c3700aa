//! One entry of the register.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use askama::Template;

use crate::casework::{Error, Office, RegisterEntry};
use crate::domain::ids::{ControllerId, SystemId};
use crate::domain::lang::Lang;
use crate::domain::obstacle::Obstacle;
use crate::domain::question;
use crate::domain::register::{
    Backup, Category, SearchKey, SubProcessor, System, SystemKind, SystemRole,
};
use crate::web::admin::register::may;
use crate::web::admin::rule::{Rule, rule_of};
use crate::web::error::Problem;
use crate::web::form::Posted;
use crate::web::layout::{Desk, Room};
use crate::web::office::session::Session;
use crate::web::office::signed::Signed;
use crate::web::page::{see_other, show};
use crate::words::register as words;
use crate::words::{obstacles, terms};

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
    kinds: Vec<(&'static str, &'static str, bool)>,
    others: Vec<(String, String, bool)>,
    lines: Vec<Line>,
    backup_days: String,
    backup_text: String,
    sub_processors: String,
    public: String,
    gaps: Vec<(String, String)>,
    trouble: String,
    at: String,
}

/// A category as the form shows it.
struct Line {
    category: Category,
    rule: Rule,
}

#[derive(Template)]
#[template(path = "admin/remove.html")]
struct Removal {
    p: Desk,
    controller: ControllerId,
    system: System,
}

fn blank() -> RegisterEntry {
    RegisterEntry {
        system: System {
            categories: vec![Category::default()],
            ..System::default()
        },
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
    rules: Option<Vec<Rule>>,
    trouble: Option<(String, String)>,
) -> Result<HttpResponse, Problem> {
    let status = match &trouble {
        None => StatusCode::OK,
        Some((_, at)) if at == "form" => StatusCode::CONFLICT,
        Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let (trouble, at) = trouble.unwrap_or_default();
    let system = entry.system;
    let all = office.systems(&session.scope, controller).await?;
    let gaps = if entry.revision == 0 {
        Vec::new()
    } else {
        question::of_system(&system, &all, &office.law)
    };
    let typed = rules.unwrap_or_else(|| {
        let stored = system.categories.iter();
        stored.map(|category| rule_of(category.period)).collect()
    });
    let lines = system.categories.iter().cloned().zip(typed);
    let backup = system.backup.clone().unwrap_or_default();
    let page = Page {
        p: session.desk(office, Room::Register).await?,
        controller,
        name: office.house(controller)?.controller.name.clone(),
        revision: entry.revision,
        fresh: entry.revision == 0,
        nothing: system.holds_nothing.clone().unwrap_or_default(),
        keys: SearchKey::NAMED
            .map(|key| {
                let name = terms::search_key(key, Lang::De);
                (key.code(), name, system.keys.contains(&key))
            })
            .to_vec(),
        roles: SystemRole::ALL
            .map(|role| {
                let name = terms::system_role(role, Lang::De);
                (role.code(), name, system.role == role)
            })
            .to_vec(),
        kinds: SystemKind::ALL
            .map(|kind| (kind.code(), words::system_kind(kind), system.kind == kind))
            .to_vec(),
        others: all
            .into_iter()
            .filter(|other| other.slug != system.slug)
            .map(|other| {
                let copied = system.copies_to.contains(&other.slug);
                (other.slug, other.name, copied)
            })
            .collect(),
        lines: lines
            .map(|(category, rule)| Line { category, rule })
            .collect(),
        backup_days: backup.days.map(|days| days.to_string()).unwrap_or_default(),
        backup_text: backup.text,
        sub_processors: written(&system.sub_processors),
        public: system.public.join("\n"),
        gaps: gaps
            .iter()
            .map(|gap| (words::field_of(gap).to_owned(), words::question(gap)))
            .collect(),
        system,
        trouble,
        at,
    };
    show(status, &page)
}

/// One line each: `name; country; task`.
fn written(subs: &[SubProcessor]) -> String {
    let line = |sub: &SubProcessor| {
        let parts = [&sub.name, &sub.country, &sub.task].map(String::as_str);
        parts.join("; ").trim_end_matches([';', ' ']).to_owned()
    };
    subs.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// The same read back.
fn sub_processors(text: &str) -> Vec<SubProcessor> {
    lines(text)
        .map(|line| {
            let mut parts = line.splitn(3, ';').map(|part| part.trim().to_owned());
            SubProcessor {
                name: parts.next().unwrap_or_default(),
                country: parts.next().unwrap_or_default(),
                task: parts.next().unwrap_or_default(),
            }
        })
        .collect()
}

fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.lines().map(str::trim).filter(|line| !line.is_empty())
}

/// The page of an entry, or of a new one.
pub async fn look(
    session: Session,
    office: web::Data<Office>,
    address: web::Path<(ControllerId, String)>,
) -> Result<HttpResponse, Problem> {
    let (controller, system) = address.into_inner();
    let entry = entry(&office, &session, controller, &system).await?;
    page(&office, &session, controller, entry, None, None).await
}

/// What a form says: the entry, the rules as they were chosen, and the field of the first slip.
struct Typed {
    system: System,
    rules: Vec<Rule>,
    slip: Option<String>,
}

fn read(posted: &Posted, before: &System) -> Typed {
    let text = |name: &str| posted.get(name).trim().to_owned();
    let (mut categories, mut rules, mut slip) = (Vec::new(), Vec::new(), None);
    for at in 0..MOST {
        let rule = Rule {
            code: text(&format!("rule-{at}")),
            count: text(&format!("count-{at}")),
        };
        let period = rule.period();
        let category = Category {
            name: text(&format!("category-{at}")),
            purposes: text(&format!("purposes-{at}")),
            basis: text(&format!("basis-{at}")),
            retention: text(&format!("retention-{at}")),
            period: period.unwrap_or_default(),
            special: posted.ticked(&format!("special-{at}")),
        };
        // A rule whose number lacks is no empty line either.
        if category == Category::default() && period.is_ok() {
            continue;
        }
        if period.is_err() && slip.is_none() {
            slip = Some(format!("count-{}", categories.len()));
        }
        categories.push(category);
        rules.push(rule);
    }
    let name = text("name");
    let slug = match (text("slug"), before.slug.is_empty()) {
        (slug, true) if slug.is_empty() => slug_of(&name),
        (slug, true) => slug_of(&slug),
        // The stable name stays what it is.
        (_, false) => before.slug.clone(),
    };
    let days = text("backup-days");
    let backup = Backup {
        days: days.parse().ok(),
        text: text("backup-text"),
    };
    if !days.is_empty() && backup.days.is_none() && slip.is_none() {
        slip = Some("backup-days".to_owned());
    }
    let system = System {
        id: before.id,
        slug,
        name,
        operator: text("operator"),
        role: SystemRole::from_code(posted.get("role")).unwrap_or(before.role),
        kind: SystemKind::from_code(posted.get("kind")).unwrap_or(before.kind),
        place: text("place"),
        country: text("country"),
        seat: text("seat"),
        third_country: posted.ticked("third-country"),
        guarantee: text("guarantee"),
        agreement: text("agreement"),
        contact: text("contact"),
        owner: text("owner"),
        owner_name: text("owner-name"),
        source: text("source"),
        keys: posted
            .all("keys")
            .filter_map(SearchKey::from_code)
            .collect(),
        categories,
        holds_nothing: Some(text("nothing")).filter(|why| !why.is_empty()),
        marketing: posted.ticked("marketing"),
        service_apart: match posted.get("service-apart") {
            "yes" => Some(true),
            "no" => Some(false),
            _ => None,
        },
        copies_to: posted.all("copies").map(str::to_owned).collect(),
        public: lines(posted.get("public")).map(str::to_owned).collect(),
        backup: Some(backup).filter(|backup| *backup != Backup::default()),
        sub_processors: sub_processors(posted.get("sub-processors")),
    };
    Typed {
        system,
        rules,
        slip,
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
    let typed = read(&posted, &present.system);
    let mut rules = typed.rules;
    let mut changed = RegisterEntry {
        system: typed.system,
        revision,
        ..present.clone()
    };
    if posted.pressed().0 == "more" {
        changed.system.categories.push(Category::default());
        rules.push(Rule::default());
        return page(&office, &session, controller, changed, Some(rules), None).await;
    }
    if let Some(at) = typed.slip {
        let trouble = (words::number_lacking().to_owned(), at);
        return page(
            &office,
            &session,
            controller,
            changed,
            Some(rules),
            Some(trouble),
        )
        .await;
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
                Some(rules),
                Some((obstacles::obstacle(&obstacle), at.to_owned())),
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
    fn who_works_for_an_operator_is_one_line_each() {
        let text = "Rechenwerk AG; Irland; Betrieb\n\n Nordkabel GmbH ";
        let subs = sub_processors(text);
        assert_eq!(subs.len(), 2);
        assert_eq!(
            (subs[0].country.as_str(), subs[0].task.as_str()),
            ("Irland", "Betrieb")
        );
        assert_eq!(
            written(&subs),
            "Rechenwerk AG; Irland; Betrieb\nNordkabel GmbH"
        );
    }

    #[test]
    fn a_stable_name_is_made_from_the_spoken_one() {
        assert_eq!(slug_of("Kunden & Verträge (alt)"), "kunden-vertraege-alt");
        assert_eq!(slug_of("  "), "");
    }
}
