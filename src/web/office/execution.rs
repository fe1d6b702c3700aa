//! What was done in the systems: where, what, on which day.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use askama::Template;

use crate::casework::acted::{proven, read_back};
use crate::casework::desk::Outcome;
use crate::casework::{Error, Office};
use crate::domain::case::Case;
use crate::domain::decision::Done;
use crate::domain::ids::{CaseId, SystemId};
use crate::domain::item::ItemState;
use crate::domain::judgement::Judgement;
use crate::domain::lang::Lang;
use crate::domain::obstacle::Obstacle;
use crate::domain::register::System;
use crate::domain::right::Right;
use crate::web::error::Problem;
use crate::web::form::Posted;
use crate::web::layout::Desk;
use crate::web::office::act::{Act, day, seen};
use crate::web::office::acting::{self, Fragment};
use crate::web::office::acts::Kind;
use crate::web::office::session::Session;
use crate::web::page::show;
use crate::words::{desk, measures, terms};

/// What is to be done for one right, a line for each system.
pub struct Work {
    /// The right's name in the form.
    pub slug: String,
    /// The right's name.
    pub name: &'static str,
    /// What was done before the item was taken up again; it is told in the answer, too.
    pub before: Vec<String>,
    /// The systems; the last one is empty, for what the register does not know.
    pub places: Vec<Spot>,
}

/// A system in which something is done.
pub struct Spot {
    /// Its name.
    pub name: String,
    /// What is to be done there, to start the record of it from.
    pub usual: String,
    /// Whether that is what a machine read back.
    pub proven: bool,
    /// Whether a machine did a part of it and kept or failed at another: a person says what is true.
    pub partly: bool,
}

impl Work {
    /// The work for a right: in the systems where something was found, or, where nobody searched because
    /// the right never waits, in those of the register that it is about.
    pub fn of(case: &Case, right: Right, systems: &[System]) -> Work {
        let usual = |name: &str| Spot {
            name: name.to_owned(),
            usual: desk::usual_work(right).to_owned(),
            proven: false,
            partly: false,
        };
        let or_proven = |spot: Spot, system: SystemId| match proven(case, right, system) {
            Some(told) => Spot {
                usual: told,
                proven: true,
                ..spot
            },
            // What was decided is not what happened: what was read back stands there, and the rest is a person's to say.
            None => match read_back(case, right, system) {
                Some(told) => Spot {
                    usual: told,
                    partly: true,
                    ..spot
                },
                None => spot,
            },
        };
        let mut places: Vec<Spot> = if case.collection.begun {
            case.collection
                .tasks
                .iter()
                .filter(|task| task.found())
                .filter_map(|task| match judged(case, right, task.system) {
                    None => Some(or_proven(usual(&task.name), task.system)),
                    // Where all stays as it is, nothing is done.
                    Some(work) => (!work.is_empty()).then(|| {
                        let spot = Spot {
                            name: task.name.clone(),
                            usual: work,
                            proven: false,
                            partly: false,
                        };
                        or_proven(spot, task.system)
                    }),
                })
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
                .map(|system| or_proven(usual(&system.name), system.id))
                .collect()
        };
        places.push(usual(""));
        Work {
            slug: slug(right),
            name: terms::right_name(right, Lang::De),
            before: case
                .done_before
                .get(&right)
                .map(|done| done.iter().map(|done| done.system.clone()).collect())
                .unwrap_or_default(),
            places,
        }
    }
}

/// What was decided to do with the categories of a system; nothing where none were judged.
fn judged(case: &Case, right: Right, system: SystemId) -> Option<String> {
    let weighing = case.weighed.get(&right)?;
    let of_it = |it: &&Judgement| it.system == system;
    let judged: Vec<&Judgement> = weighing.judgements.iter().filter(of_it).collect();
    (!judged.is_empty()).then(|| measures::work(&judged, case.intake.lang))
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
        // The letter says it in one line, however it was typed.
        let what: Vec<&str> = posted
            .get(&format!("{slug}-what-{at}"))
            .split_whitespace()
            .collect();
        let what = what.join(" ");
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
    fragment: Fragment,
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
    shown(office, session, p, act, status, None).await
}

/// The page, with what machines would do for one right.
pub(super) async fn shown(
    office: &Office,
    session: &Session,
    p: Desk,
    act: Act,
    status: StatusCode,
    preview: Option<Right>,
) -> Result<HttpResponse, Problem> {
    let fragment = acting::fragment(office, session, &act, &p.csrf, preview).await?;
    let systems = office
        .systems(&session.scope, act.case().controller)
        .await?;
    let works = waiting(act.case())
        .into_iter()
        .map(|right| Work::of(act.case(), right, &systems))
        .collect();
    show(
        status,
        &Execution {
            p,
            act,
            fragment,
            works,
        },
    )
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
