//! What a search would ask, before it begins: which connected system by what, and where people look. Nothing is asked for it.

use askama::Template;

use crate::casework::Office;
use crate::casework::connected::Connected;
use crate::domain::case::Case;
use crate::domain::collection::Task;
use crate::domain::identifier::Identifier;
use crate::domain::register::System;
use crate::web::error::Problem;
use crate::web::office::search::told;
use crate::web::office::session::Session;
use crate::words::owners;

/// An identifier as it is shown.
type Told = (&'static str, String);

/// A connected system that would be asked.
struct Machine {
    source: String,
    system: String,
    /// By what; nothing of what is known suits it where this is empty.
    by: Vec<Told>,
    /// Whether it is switched off, and the question would wait.
    paused: bool,
}

/// A system in which people look.
struct ByHand {
    system: String,
    /// Who is asked by mail; the clerks look themselves where nobody is named.
    whom: String,
    by: Vec<Told>,
}

/// What would be asked.
#[derive(Template)]
#[template(path = "office/planned.html")]
pub(super) struct Plan {
    machines: Vec<Machine>,
    people: Vec<ByHand>,
    /// What is known, and no connected system can be searched by.
    useless: Vec<Told>,
    /// Connections that speak for no system of the register: nobody ever asks them.
    astray: Vec<String>,
}

impl Plan {
    /// What the search of a case would ask if it began now.
    pub(super) async fn of(
        office: &Office,
        session: &Session,
        case: &Case,
    ) -> Result<Plan, Problem> {
        let (scope, controller) = (&session.scope, case.controller);
        let paused = office.paused_sources(scope, controller).await?;
        let known = case.identifiers();
        let systems = office.systems(scope, controller).await?;
        let tasks: Vec<(&System, Task)> = systems
            .iter()
            .filter_map(|system| Some((system, Task::for_system(system)?)))
            .collect();
        let mut plan = Plan {
            machines: Vec::new(),
            people: Vec::new(),
            useless: Vec::new(),
            astray: Vec::new(),
        };
        let mut asked: Vec<&Identifier> = Vec::new();
        for (system, task) in &tasks {
            let (machines, rest): (Vec<&Connected>, Vec<&Connected>) = office
                .connected_to(controller)
                .filter(|connected| connected.system == system.slug)
                .partition(|connected| connected.looks_by_itself());
            // A part that no machine looks into makes the whole system somebody's.
            let alone = !machines.is_empty() && rest.is_empty();
            for connected in machines {
                let keys = connected.source.profile().keys;
                let by: Vec<&Identifier> =
                    known.iter().filter(|it| keys.contains(&it.kind)).collect();
                plan.machines.push(Machine {
                    source: connected.name.clone(),
                    system: system.name.clone(),
                    by: by.iter().map(|it| told(it)).collect(),
                    paused: paused
                        .iter()
                        .any(|off| off.source.is_empty() || off.source == connected.name),
                });
                asked.extend(by);
            }
            if !alone {
                plan.people.push(ByHand {
                    system: system.name.clone(),
                    whom: system
                        .who_answers()
                        .map(|owner| owners::whom(&owner))
                        .unwrap_or_default(),
                    by: case.identifiers_for(task).iter().map(told).collect(),
                });
            }
        }
        plan.useless = known
            .iter()
            .filter(|it| !asked.contains(it))
            .map(told)
            .collect();
        let known_there = |connected: &&Connected| {
            tasks
                .iter()
                .any(|(system, _)| system.slug == connected.system)
        };
        plan.astray = office
            .connected_to(controller)
            .filter(|connected| !known_there(connected))
            .map(|connected| connected.name.clone())
            .collect();
        Ok(plan)
    }
}
