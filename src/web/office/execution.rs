//! What was done in the systems: where, what, on which day.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use askama::Template;

use crate::casework::desk::Outcome;
use crate::casework::{Error, Office};
use crate::domain::case::Case;
use crate::domain::decision::Done;
use crate::domain::ids::CaseId;
use crate::domain::item::ItemState;
use crate::domain::lang::Lang;
use crate::domain::obstacle::Obstacle;
use crate::domain::register::System;
use crate::domain::right::Right;
use crate::web::error::Problem;
use crate::web::form::Posted;
use crate::web::layout::Desk;
use crate::web::office::act::{Act, day, seen};
use crate::web::office::acts::Kind;
use crate::web::office::session::Session;
use crate::web::page::show;
use crate::words::{desk, terms};

/// What is to be done for one right, a line for each system.
pub struct Work {
    /// The right's name in the form.
    pub slug: String,
    /// The right's name.
    pub name: &'static str,
    /// What is usually done, to start from.
    pub usual: &'static str,
    /// What was done before the item was taken up again; it is told in the answer, too.
    pub before: Vec<String>,
    /// The systems; the last one is empty, for what the register does not know.
    pub places: Vec<String>,
}

impl Work {
    /// The work for a right: in the systems where something was found, or, where nobody searched because
    /// the right never waits, in those of the register that it is about.
    pub fn of(case: &Case, right: Right, systems: &[System]) -> Work {
        let mut places: Vec<String> = if case.collection.begun {
            case.collection
                .tasks
                .iter()
                .filter(|task| task.found())
                .map(|task| task.name.clone())
                .collect()
        } else {
            let concerned =
                |system: &&System| right != Right::MarketingObjection || system.marketing;
            systems
                .iter()
                .filter(|system| {
                    system
                        .holds_nothing
                        .as_deref()
                        .is_none_or(|why| why.trim().is_empty())
                })
                .filter(concerned)
                .map(|system| system.name.clone())
                .collect()
        };
        places.push(String::new());
        Work {
            slug: slug(right),
            name: terms::right_name(right, Lang::De),
            usual: desk::usual_work(right),
            before: case
                .done_before
                .get(&right)
                .map(|done| done.iter().map(|done| done.system.clone()).collect())
                .unwrap_or_default(),
            places,
        }
    }
}

/// A right's code as part of a field's name.
pub fn slug(right: Right) -> String {
    right.code().replace('(', "-").replace(')', "")
}

/// What the form says was done for a right.
pub fn done(posted: &Posted, right: Right) -> Result<Vec<Done>, Error> {
    let slug = slug(right);
    let mut done = Vec::new();
    for at in 0.. {
        let Some(system) = posted
            .pairs()
            .find(|(name, _)| *name == format!("{slug}-system-{at}"))
        else {
            break;
        };
        let system = system.1.trim();
        if !posted.ticked(&format!("{slug}-done-{at}")) {
            // The last row is empty until somebody writes a system into it.
            let written = !posted.has(&format!("{slug}-system-{}", at + 1)) && !system.is_empty();
            if written {
                return Err(Obstacle::Empty("tick").into());
            }
            continue;
        }
        let what = posted.get(&format!("{slug}-what-{at}")).trim();
        let on = day(posted.get(&format!("{slug}-on-{at}"))).ok_or(Obstacle::Empty("done-on"))?;
        if system.is_empty() || what.is_empty() {
            return Err(Obstacle::Empty("what").into());
        }
        done.push(Done {
            system: system.to_owned(),
            what: what.into(),
            on,
        });
    }
    Ok(done)
}

#[derive(Template)]
#[template(path = "office/execution.html")]
struct Execution {
    p: Desk,
    act: Act,
    works: Vec<Work>,
}

fn waiting(case: &Case) -> Vec<Right> {
    case.items
        .iter()
        .filter(|item| matches!(item.state, ItemState::Act { .. }))
        .map(|item| item.right)
        .collect()
}

pub(super) async fn page(
    office: &Office,
    session: &Session,
    p: Desk,
    act: Act,
    status: StatusCode,
) -> Result<HttpResponse, Problem> {
    let systems = office
        .systems(&session.scope, act.case().controller)
        .await?;
    let works = waiting(act.case())
        .into_iter()
        .map(|right| Work::of(act.case(), right, &systems))
        .collect();
    show(status, &Execution { p, act, works })
}

pub(super) async fn perform(
    office: &Office,
    session: &Session,
    id: CaseId,
    posted: &Posted,
) -> Result<Outcome, Error> {
    let (case, _) = office.open(&session.scope, id).await?;
    let mut seen = seen(posted);
    let mut last = None;
    for right in waiting(&case) {
        let done = done(posted, right)?;
        if done.is_empty() && !posted.ticked(&format!("{}-before", slug(right))) {
            continue;
        }
        let outcome = office
            .carry_out(&session.scope, id, seen, right, done)
            .await?;
        seen = outcome.revision;
        last = Some(outcome);
    }
    last.ok_or_else(|| Obstacle::Empty("done").into())
}
