//! The search: every system on one form, and the people who are asked about some of them.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use askama::Template;

use crate::casework::collection::TaskAnswer;
use crate::casework::desk::Outcome;
use crate::casework::{Error, FilePurpose, Office};
use crate::domain::collection::{Outcome as Answer, Task};
use crate::domain::ids::{CaseId, SystemId};
use crate::domain::lang::Lang;
use crate::domain::obstacle::Obstacle;
use crate::domain::scope::Role;
use crate::web::error::Problem;
use crate::web::form::Posted;
use crate::web::layout::Desk;
use crate::web::office::act::{Act, seen};
use crate::web::office::acts::Kind;
use crate::web::office::session::Session;
use crate::web::page::show;
use crate::words::{owners, terms};

/// One system as the form shows it.
pub struct Asked<'a> {
    /// The task.
    pub task: &'a Task,
    /// What it can be searched by, in words.
    pub keys: Vec<&'static str>,
    /// Whether it can be searched by what is known.
    pub searchable: bool,
    /// What came out, if it was answered.
    pub outcome: &'static str,
    /// What was written with it.
    pub text: String,
}

impl Act {
    /// The systems that were asked.
    pub fn asked(&self) -> Vec<Asked<'_>> {
        let known = self.case().known_keys();
        self.case()
            .collection
            .tasks
            .iter()
            .map(|task| Asked {
                task,
                keys: task
                    .keys
                    .iter()
                    .map(|key| terms::search_key(*key, Lang::De))
                    .collect(),
                searchable: task.searchable_by(&known),
                outcome: task
                    .outcome()
                    .map_or("", |outcome| terms::outcome(outcome, Lang::De)),
                text: match task.outcome() {
                    Some(Answer::Found { text, .. } | Answer::Nothing { text }) => {
                        text.reveal().clone()
                    }
                    Some(Answer::NotPossible { because }) => because.reveal().clone(),
                    _ => String::new(),
                },
            })
            .collect()
    }

    /// How many open systems cannot be searched by anything that is known.
    pub fn unsearchable(&self) -> usize {
        self.asked()
            .iter()
            .filter(|asked| asked.task.open() && !asked.searchable)
            .count()
    }
}

/// A system that somebody can be asked about.
struct Owned {
    system: SystemId,
    name: String,
    /// How far the question is, with the class of its mark; nothing where nobody was asked.
    state: Option<(&'static str, &'static str)>,
    /// Who is asked, or would be.
    whom: String,
    detail: String,
    /// Whether she can be asked, and whether it would be once more.
    may_ask: bool,
    again: bool,
    /// Whether a question can be taken back.
    may_end: bool,
}

#[derive(Template)]
#[template(path = "office/tasks.html")]
struct Page {
    p: Desk,
    act: Act,
    owned: Vec<Owned>,
}

/// The page of the search.
pub(super) async fn page(
    office: &Office,
    session: &Session,
    p: Desk,
    act: Act,
    status: StatusCode,
) -> Result<HttpResponse, Problem> {
    let askable = office.askable(&session.scope, act.case()).await?;
    let owned = act.case().collection.tasks.iter().filter_map(|task| {
        let named = askable.iter().find(|it| it.system == task.system);
        if named.is_none() && task.asking.is_none() {
            return None;
        }
        let asked = task.asked_now();
        let whom = match (asked, named, &task.asking) {
            (Some(asking), ..) => owners::whom(&asking.owner),
            (_, Some(named), _) => named.whom.reveal().clone(),
            (_, _, Some(asking)) => owners::whom(&asking.owner),
            (_, None, None) => String::new(),
        };
        Some(Owned {
            system: task.system,
            name: task.name.clone(),
            state: owners::state(task, act.today),
            whom,
            detail: task.asking.as_ref().map(owners::detail).unwrap_or_default(),
            may_ask: named.is_some() && !act.case().identifiers_for(task).is_empty(),
            again: task.asking.is_some(),
            may_end: asked.is_some(),
        })
    });
    let owned = owned.collect();
    show(status, &Page { p, act, owned })
}

pub(super) async fn perform(
    office: &Office,
    session: &Session,
    (id, kind): (CaseId, Kind),
    posted: &Posted,
) -> Result<Outcome, Error> {
    let (scope, seen) = (&session.scope, seen(posted));
    match kind {
        Kind::Owner => match posted.pressed() {
            (press @ ("ask" | "end"), system) => {
                let system = system.parse().map_err(|_| Obstacle::UnknownTask)?;
                match press {
                    "ask" => office.ask_owner(scope, id, seen, system).await,
                    _ => office.end_question(scope, id, seen, system).await,
                }
            }
            _ => Err(Obstacle::Empty("answers").into()),
        },
        Kind::Unsearchable => office.close_unsearchable(scope, id, seen).await,
        Kind::CutShort => {
            office
                .cut_short(scope, id, seen, posted.get("because"))
                .await
        }
        _ => {
            let (case, _) = office.open(scope, id).await?;
            scope.demand(case.controller, Role::Handler)?;
            let mut answers = Vec::new();
            let mut files = Vec::new();
            for task in &case.collection.tasks {
                let system = task.system;
                let text = posted.get(&format!("text-{system}")).trim();
                let outcome = match posted.get(&format!("outcome-{system}")) {
                    "found" => {
                        let uploads = posted.files_of(&format!("files-{system}"));
                        let kept = office
                            .file_for_case(
                                case.controller,
                                Some(id),
                                FilePurpose::Finding,
                                &uploads,
                            )
                            .await?;
                        let ids = kept.iter().map(crate::casework::FileRow::id).collect();
                        files.extend(kept);
                        Answer::Found {
                            text: text.into(),
                            files: ids,
                        }
                    }
                    "nothing" => Answer::Nothing { text: text.into() },
                    "not-possible" => Answer::NotPossible {
                        because: text.into(),
                    },
                    // Written or attached without a choice: it must not get lost.
                    _ if !text.is_empty()
                        || !posted.files_of(&format!("files-{system}")).is_empty() =>
                    {
                        return Err(Obstacle::Empty("outcome").into());
                    }
                    _ => continue,
                };
                answers.push(TaskAnswer { system, outcome });
            }
            office.answer_tasks(scope, id, seen, answers, files).await
        }
    }
}
