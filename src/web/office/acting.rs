//! What machines do in connected systems for what was decided: first shown, then done, then told as it was read back.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use askama::Template;

use crate::casework::acted::{Foreseen, Underway};
use crate::casework::acting::{Step, Wanted};
use crate::casework::{Error, Office, RunState};
use crate::domain::case::Case;
use crate::domain::ids::CaseId;
use crate::domain::item::ItemState;
use crate::domain::lang::Lang;
use crate::domain::obstacle::Obstacle;
use crate::domain::right::Right;
use crate::domain::scope::Role;
use crate::domain::source::Fate;
use crate::domain::source::Fault;
use crate::web::error::Problem;
use crate::web::layout::{Desk, Room};
use crate::web::office::act::{Act, seen};
use crate::web::office::acts::Kind;
use crate::web::office::execution::{self, slug};
use crate::web::office::findings::{said, system_name, when};
use crate::web::office::session::Session;
use crate::web::office::signed::Signed;
use crate::web::page::{see_other, show};
use crate::words::sources::Going;
use crate::words::{connections, desk, obstacles, sources, terms};

/// A run on the page.
struct There {
    source: String,
    system: String,
    state: &'static str,
    class: &'static str,
    detail: String,
    again: bool,
}

/// A step that would be taken.
struct Row {
    title: String,
    source: String,
    /// Line by line.
    wanted: Vec<String>,
    then: String,
    notes: Vec<String>,
}

/// What would be done.
struct Shown {
    rows: Vec<Row>,
    beyond: u64,
    bars: Vec<String>,
}

/// What machines do for one right.
struct Machine {
    slug: String,
    name: &'static str,
    /// In which systems.
    places: Vec<String>,
    runs: Vec<There>,
    /// What was read back.
    acted: Vec<String>,
    /// Whether something was kept over there by its own rules.
    kept: bool,
    /// What stands against it now.
    against: String,
    /// Whether this clerk may have it done now.
    may: bool,
    /// Whether it has begun already.
    begun: bool,
    shown: Option<Shown>,
}

impl Machine {
    /// Whether the preview that is shown has anything to do.
    fn foresees(&self) -> bool {
        let shown = self.shown.as_ref();
        shown.is_some_and(|it| !it.rows.is_empty() || !it.bars.is_empty())
    }
}

/// The part of the page that changes while machines act.
#[derive(Template)]
#[template(path = "office/acting.html")]
pub struct Fragment {
    home: String,
    machines: Vec<Machine>,
    moving: bool,
    /// Whether the page around it is older.
    alone: bool,
    hidden: String,
    revision: i64,
}

impl Fragment {
    /// Whether there is anything that machines can do.
    pub fn is_empty(&self) -> bool {
        self.machines.is_empty()
    }
}

fn there(case: &Case, it: &Underway, may: bool) -> There {
    let run = &it.run;
    let fault = Fault::from_code(run.fault());
    let (going, class) = match (run.state(), it.paused, fault) {
        (Ok(RunState::Waiting), true, _) => (Going::Paused, "soon"),
        (Ok(RunState::Waiting), _, Some(_)) => (Going::Again, "soon"),
        (Ok(RunState::Waiting), ..) => (Going::Waiting, ""),
        (Ok(RunState::Running), ..) => (Going::Running, "today"),
        (Ok(RunState::Done), ..) => (Going::Done, "in-time"),
        (Ok(RunState::Stopped), ..) => (Going::Stopped, ""),
        _ => (Going::Stuck, "overdue"),
    };
    let open = matches!(run.state(), Ok(RunState::Waiting | RunState::Failed));
    let mut detail = fault
        .filter(|_| open)
        .map(|fault| connections::fault(fault, Lang::De).to_owned())
        .unwrap_or_default();
    if let (Ok(RunState::Waiting), Some(_)) = (run.state(), fault) {
        detail.push(' ');
        detail.push_str(&sources::next_try(&when(run.run_at())));
    }
    There {
        source: run.source().to_owned(),
        system: system_name(case, run.system()),
        state: connections::acting(going),
        class,
        detail,
        again: may && (open && fault.is_some() || matches!(run.state(), Ok(RunState::Stopped))),
    }
}

fn kept(case: &Case, right: Right) -> bool {
    let of_it = case.acted.iter().filter(|it| it.right == right);
    let mut fates = of_it.flat_map(|it| &it.fates);
    fates.any(|(fate, many)| *fate == Fate::Kept && *many > 0)
}

fn row(step: &Step) -> Row {
    let (then, notes) = match &step.preview {
        Ok(preview) => {
            let effects = preview.effects.iter().map(sources::effect);
            let left = preview.leftovers.iter().map(sources::left);
            let notes = match preview.there {
                true => effects.chain(left).collect(),
                false => vec![],
            };
            (connections::foreseen(preview), notes)
        }
        Err(mishap) => (
            connections::fault(mishap.fault, Lang::De).to_owned(),
            vec![],
        ),
    };
    Row {
        title: step.heading.title.reveal().clone(),
        source: step.source.clone(),
        wanted: match &step.wanted {
            Wanted::End(treatment) => vec![desk::treatment(*treatment).to_owned()],
            Wanted::Correct(changes) => changes
                .iter()
                .map(|(label, change)| {
                    let label = sources::field(&change.field, label.as_deref(), Lang::De);
                    sources::change(&label, change)
                })
                .collect(),
        },
        then,
        notes,
    }
}

fn shown(foreseen: &Foreseen) -> Shown {
    Shown {
        rows: foreseen.steps.iter().map(row).collect(),
        beyond: foreseen.beyond,
        bars: foreseen.bars.clone(),
    }
}

/// The rights that wait to be carried out, or were while machines acted.
fn rights(case: &Case) -> Vec<Right> {
    let acts = |state: &ItemState| matches!(state, ItemState::Act { .. });
    let items = case.items.iter();
    items
        .filter(|item| acts(&item.state))
        .map(|item| item.right)
        .collect()
}

/// What machines do for the rights of a case; for one of them with what they would do.
pub async fn fragment(
    office: &Office,
    session: &Session,
    act: &Act,
    csrf: &str,
    preview: Option<Right>,
) -> Result<Fragment, Problem> {
    let case = act.case();
    let scope = &session.scope;
    let underway = match act.connected {
        true => office.underway(scope, case.id).await?,
        false => vec![],
    };
    let decides = session.may(case.controller, Role::Decider);
    let (mut machines, mut moving) = (Vec::new(), false);
    for right in rights(case) {
        let places: Vec<String> = office
            .can_act(case, right)
            .map(|it| {
                let known = case
                    .collection
                    .tasks
                    .iter()
                    .find(|task| task.slug == it.system);
                let system = known.map_or(it.system.as_str(), |task| task.name.as_str());
                format!("{system} ({})", it.name)
            })
            .collect();
        if places.is_empty() {
            continue;
        }
        let against = case.may_act(right).err();
        let runs: Vec<&Underway> = underway.iter().filter(|it| it.right == right).collect();
        let open = |it: &&Underway| it.run.state().is_ok_and(RunState::open);
        let busy = runs.iter().any(open);
        moving |= runs.iter().any(|it| open(it) && !it.paused);
        let acted = case.acted.iter().filter(|it| it.right == right);
        let foreseen = match preview == Some(right) && against.is_none() {
            true => Some(office.foresee(scope, case.id, right).await?),
            false => None,
        };
        let free = decides && against.is_none();
        machines.push(Machine {
            slug: slug(right),
            name: terms::right_name(right, Lang::De),
            places,
            runs: runs.iter().map(|it| there(case, it, free)).collect(),
            acted: acted
                .map(|it| sources::acted(&system_name(case, it.system), it))
                .collect(),
            kept: kept(case, right),
            against: against
                .as_ref()
                .map(obstacles::obstacle)
                .unwrap_or_default(),
            may: free && !busy,
            begun: !runs.is_empty(),
            shown: foreseen.as_ref().map(shown),
        });
    }
    Ok(Fragment {
        home: act.home(),
        machines,
        moving,
        alone: false,
        hidden: csrf.to_owned(),
        revision: act.file.revision,
    })
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
        .demand(file.case.controller, Kind::Execution.least())?;
    let controller = file.case.controller;
    let act = Act {
        kind: Kind::Execution,
        names: crate::web::office::act::Directory::default(),
        typed: None,
        trouble: None,
        today: office.today(),
        done: None,
        connected: office.connected_to(controller).next().is_some(),
        file,
    };
    let p = session.desk(&office, Room::Cases).await?;
    let mut fragment = fragment(&office, &session, &act, &p.csrf, None).await?;
    fragment.alone = true;
    show(StatusCode::OK, &fragment)
}

/// Shows what would be done, has it done, or tries again what failed.
pub async fn act(
    signed: Signed,
    office: web::Data<Office>,
    case: web::Path<CaseId>,
) -> Result<HttpResponse, Problem> {
    let Signed { session, posted } = signed;
    let id = case.into_inner();
    let mut act = Act::open(&office, &session, id, Kind::Execution).await?;
    let (what, which) = posted.pressed();
    let (which, source) = which.split_once(':').unwrap_or((which, ""));
    let right = rights(act.case()).into_iter().find(|it| slug(*it) == which);
    let p: Desk = session.desk(&office, Room::Cases).await?;
    let done: Result<(), Error> = match (what, right) {
        ("preview", Some(right)) => {
            return execution::shown(&office, &session, p, act, StatusCode::OK, Some(right)).await;
        }
        ("act", Some(right)) => office
            .act_there(&session.scope, id, seen(&posted), right)
            .await
            .map(|_| ()),
        ("again", Some(right)) => office.act_again(&session.scope, id, (right, source)).await,
        _ => Err(Obstacle::Empty("done").into()),
    };
    match done {
        Ok(()) => Ok(see_other(&format!("{}#machines", act.here()))),
        Err(Error::Obstacle(obstacle @ Obstacle::RoleLacking { .. })) => Err(obstacle.into()),
        Err(Error::Obstacle(obstacle)) => {
            act.trouble = Some(said(&obstacle));
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            execution::shown(&office, &session, p, act, status, None).await
        }
        Err(other) => Err(other.into()),
    }
}
