//! How far the connected systems are, by what the person is searched, and what else was found to search by.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use askama::Template;

use crate::casework::search::Progress;
use crate::casework::{Error, Office, RunState};
use crate::domain::case::Case;
use crate::domain::identifier::{Identifier, SearchKey, Window};
use crate::domain::ids::CaseId;
use crate::domain::known::Known;
use crate::domain::lang::Lang;
use crate::domain::obstacle::Obstacle;
use crate::domain::scope::Role;
use crate::domain::source::Fault;
use crate::web::error::Problem;
use crate::web::form::Posted;
use crate::web::layout::{Desk, Room};
use crate::web::office::act::{Act, moment, seen};
use crate::web::office::acts::Kind;
use crate::web::office::findings::{said, system_name, when};
use crate::web::office::planned::Plan;
use crate::web::office::session::Session;
use crate::web::office::signed::Signed;
use crate::web::page::{see_other, show};
use crate::words::{owners, package, sources, terms};

/// A connected system on the page.
pub struct There {
    source: String,
    system: String,
    /// Its state in a word, with the class of its mark.
    state: &'static str,
    class: &'static str,
    /// What is known beside it.
    detail: String,
    /// What may make its answer less than all.
    doubts: Vec<String>,
    /// How much it has brought.
    laid: u64,
    /// Whether it can be asked again.
    again: bool,
}

/// Somebody who is asked about a system.
pub struct Person {
    system: String,
    state: &'static str,
    class: &'static str,
    detail: String,
}

/// What was found to search by, and waits for a word.
pub struct Proposed {
    kind: SearchKey,
    value: String,
    words: &'static str,
    whence: String,
}

/// The part of the page that changes while systems are asked.
#[derive(Template)]
#[template(path = "office/progress.html")]
pub struct Fragment {
    home: String,
    there: Vec<There>,
    people: Vec<Person>,
    /// Whether something is still to come by itself.
    moving: bool,
    /// Whether every system has answered; one that is stuck, stopped or switched off has not.
    all: bool,
    findings: bool,
    hidden: String,
}

#[derive(Template)]
#[template(path = "office/search.html")]
struct Page {
    p: Desk,
    act: Act,
    fragment: Fragment,
    /// What would be asked, as long as nothing is.
    plan: Option<Plan>,
    known: Vec<(&'static str, String)>,
    proposed: Vec<Proposed>,
    kinds: Vec<(&'static str, &'static str)>,
    done: bool,
    /// Files that belong to the copy and are not here yet.
    missing: usize,
}

impl Page {
    fn missing_words(&self) -> String {
        package::missing(self.missing)
    }
}

fn there(case: &Case, progress: &Progress) -> There {
    let run = &progress.run;
    let fault = Fault::from_code(run.fault());
    let searched = case
        .collection
        .searched
        .iter()
        .find(|it| it.source == run.source());
    let unasked = searched.is_some_and(|it| it.asked.is_empty());
    let class = match (run.state(), progress.paused, fault) {
        (Ok(RunState::Waiting), true, _) | (Ok(RunState::Waiting), _, Some(_)) => "soon",
        (Ok(RunState::Running), ..) => "today",
        (Ok(RunState::Done), ..) if unasked => "",
        (Ok(RunState::Done), ..) => "in-time",
        (Ok(RunState::Waiting | RunState::Stopped), ..) => "",
        _ => "overdue",
    };
    let state = match (run.state(), progress.paused, fault) {
        (Ok(RunState::Waiting), true, _) => sources::Going::Paused,
        (Ok(RunState::Waiting), _, Some(_)) => sources::Going::Again,
        (Ok(RunState::Waiting), ..) => sources::Going::Waiting,
        (Ok(RunState::Running), ..) => sources::Going::Running,
        (Ok(RunState::Done), ..) if unasked => sources::Going::Unasked,
        (Ok(RunState::Done), ..) => sources::Going::Done,
        (Ok(RunState::Stopped), ..) => sources::Going::Stopped,
        _ => sources::Going::Stuck,
    };
    let open = matches!(run.state(), Ok(RunState::Waiting | RunState::Failed));
    let mut detail = fault
        .filter(|_| open)
        .map(|fault| sources::fault(fault).to_owned())
        .unwrap_or_default();
    if let (Ok(RunState::Waiting), Some(_)) = (run.state(), fault) {
        detail.push(' ');
        detail.push_str(&sources::next_try(&when(run.run_at())));
    }
    if unasked && matches!(run.state(), Ok(RunState::Done)) {
        sources::NO_KEY.clone_into(&mut detail);
    }
    There {
        source: run.source().to_owned(),
        system: system_name(case, run.system()),
        state: sources::going(state),
        class,
        detail,
        doubts: searched
            .map(|it| it.doubts.iter().map(sources::doubt).collect())
            .unwrap_or_default(),
        laid: match run.state() {
            Ok(RunState::Done) => searched.map_or(0, |it| it.laid()),
            _ => run.laid(),
        },
        again: !matches!(run.state(), Ok(RunState::Running)) && case.closed.is_none(),
    }
}

/// The people who were asked where no machine can be.
fn people(case: &Case, today: chrono::NaiveDate) -> Vec<Person> {
    let tasks = case.collection.tasks.iter();
    tasks
        .filter_map(|task| {
            let (state, class) = owners::state(task, today)?;
            Some(Person {
                system: task.name.clone(),
                state,
                class,
                detail: task.asking.as_ref().map(owners::detail).unwrap_or_default(),
            })
        })
        .collect()
}

/// The part of the page that changes, for a case.
pub async fn fragment(
    office: &Office,
    session: &Session,
    act: &Act,
    csrf: &str,
) -> Result<Fragment, Problem> {
    let case = act.case();
    let progress = office.progress(&session.scope, case).await?;
    let moving = progress
        .iter()
        .any(|it| !it.paused && it.run.state().is_ok_and(RunState::open));
    Ok(Fragment {
        home: act.home(),
        findings: progress.iter().any(|it| it.run.laid() > 0),
        there: progress.iter().map(|it| there(case, it)).collect(),
        people: people(case, act.today),
        all: progress
            .iter()
            .all(|it| matches!(it.run.state(), Ok(RunState::Done))),
        moving,
        hidden: csrf.to_owned(),
    })
}

async fn page(office: &Office, session: &Session, act: Act, done: bool) -> Result<Page, Problem> {
    let p = session.desk(office, Room::Cases).await?;
    let fragment = fragment(office, session, &act, &p.csrf).await?;
    let case = act.case();
    let missing = office.copies_missing(&session.scope, case.id).await?;
    let known = case.identifiers().iter().map(told).collect();
    let plan = match case.collection.begun || case.closed.is_some() {
        true => None,
        false => Some(Plan::of(office, session, case).await?),
    };
    let proposed = case.proposed().map(|it| proposed(case, it)).collect();
    Ok(Page {
        p,
        fragment,
        plan,
        known,
        proposed,
        kinds: SearchKey::NAMED
            .into_iter()
            .map(|kind| (kind.code(), terms::search_key(kind, Lang::De)))
            .collect(),
        act,
        done,
        missing,
    })
}

/// An identifier as it is shown: what it is, and what it says.
pub(super) fn told(identifier: &Identifier) -> (&'static str, String) {
    let kind = terms::search_key(identifier.kind, Lang::De);
    let value = identifier.value.reveal();
    let told = match identifier.window {
        Some(window) => sources::within(value, &when(window.from), &when(window.to)),
        None => value.clone(),
    };
    (kind, told)
}

fn proposed(case: &Case, known: &Known) -> Proposed {
    Proposed {
        kind: known.identifier.kind,
        value: known.identifier.value.reveal().clone(),
        words: terms::search_key(known.identifier.kind, Lang::De),
        whence: match &known.whence {
            crate::domain::known::Whence::Record { system, kind, id } => {
                format!("{}: {kind} {}", system_name(case, *system), id.reveal())
            }
            _ => sources::WRITTEN.to_owned(),
        },
    }
}

/// How far the search is.
pub async fn look(
    session: Session,
    office: web::Data<Office>,
    case: web::Path<CaseId>,
    asked: web::Query<Vec<(String, String)>>,
) -> Result<HttpResponse, Problem> {
    let act = Act::open(&office, &session, case.into_inner(), Kind::Tasks).await?;
    let done = asked.iter().any(|(key, _)| key == "done");
    show(StatusCode::OK, &page(&office, &session, act, done).await?)
}

/// The part that changes, for a page that is open.
pub async fn progress(
    session: Session,
    office: web::Data<Office>,
    case: web::Path<CaseId>,
) -> Result<HttpResponse, Problem> {
    let file = office.case_file(&session.scope, case.into_inner()).await?;
    session
        .scope
        .demand(file.case.controller, Kind::Tasks.least())?;
    let act = Act {
        kind: Kind::Tasks,
        names: crate::web::office::act::Directory::default(),
        typed: None,
        trouble: None,
        today: office.today(),
        done: None,
        connected: true,
        file,
    };
    let p = session.desk(&office, Room::Cases).await?;
    show(
        StatusCode::OK,
        &fragment(&office, &session, &act, &p.csrf).await?,
    )
}

/// Asks a system again, adds something to search by, or says whether what was found is hers.
pub async fn act(
    signed: Signed,
    office: web::Data<Office>,
    case: web::Path<CaseId>,
) -> Result<HttpResponse, Problem> {
    let Signed { session, posted } = signed;
    session.demand_anywhere(Role::Handler)?;
    let id = case.into_inner();
    match done(&office, &session, id, &posted).await {
        Ok(()) => Ok(see_other(&format!("/desk/cases/{id}/systems?done=yes"))),
        Err(Error::Obstacle(obstacle @ Obstacle::RoleLacking { .. })) => Err(obstacle.into()),
        Err(Error::Obstacle(obstacle)) => {
            let mut act = Act::open(&office, &session, id, Kind::Tasks).await?;
            let mut trouble = said(&obstacle);
            // The page has these fields, and no others.
            trouble.at = match &obstacle {
                Obstacle::Empty("sought") | Obstacle::NobodysKey | Obstacle::KnownAlready => {
                    "new-value"
                }
                Obstacle::Empty(field @ ("new-kind" | "new-value" | "from" | "because")) => *field,
                _ => "form",
            }
            .to_owned();
            act.trouble = Some(trouble);
            act.typed = Some(posted);
            show(
                StatusCode::UNPROCESSABLE_ENTITY,
                &page(&office, &session, act, false).await?,
            )
        }
        Err(other) => Err(other.into()),
    }
}

async fn done(
    office: &Office,
    session: &Session,
    id: CaseId,
    posted: &Posted,
) -> Result<(), Error> {
    let scope = &session.scope;
    match posted.pressed() {
        ("copies", _) => office.fetch_copies_again(scope, id).await,
        ("again", source) => office.ask_again_there(scope, id, source).await,
        ("accept" | "decline", _) => {
            let kind = SearchKey::from_code(posted.get("kind")).ok_or(Obstacle::Empty("kind"))?;
            let accepted = posted.pressed().0 == "accept";
            office
                .settle_identifier(scope, id, (kind, posted.get("value"), accepted))
                .await
                .map(|_| ())
        }
        _ => {
            let identifier = typed(posted)?;
            office
                .name_identifier(scope, id, seen(posted), (identifier, posted.get("because")))
                .await
                .map(|_| ())
        }
    }
}

fn typed(posted: &Posted) -> Result<Identifier, Obstacle> {
    let kind = SearchKey::from_code(posted.get("new-kind")).ok_or(Obstacle::Empty("new-kind"))?;
    let value = posted.get("new-value").trim();
    if value.is_empty() {
        return Err(Obstacle::Empty("sought"));
    }
    let identifier = Identifier::new(kind, value).ok_or(Obstacle::Empty("new-value"))?;
    if kind != SearchKey::Ip {
        return Ok(identifier);
    }
    let at = |name: &str| {
        let (on, at) = posted.get(name).trim().split_once(' ')?;
        moment(on, at)
    };
    let (from, to) = (at("from"), at("to"));
    match from.zip(to).filter(|(from, to)| from <= to) {
        Some((from, to)) => Ok(identifier.within(Window { from, to })),
        None => Err(Obstacle::Empty("from")),
    }
}
