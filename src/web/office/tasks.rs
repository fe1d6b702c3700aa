//! The search: every system on one form.

use crate::casework::collection::TaskAnswer;
use crate::casework::desk::Outcome;
use crate::casework::{Error, FilePurpose, Office};
use crate::domain::collection::{Outcome as Answer, Task};
use crate::domain::ids::CaseId;
use crate::domain::lang::Lang;
use crate::domain::obstacle::Obstacle;
use crate::domain::scope::Role;
use crate::web::form::Posted;
use crate::web::office::act::{Act, seen};
use crate::web::office::acts::Kind;
use crate::web::office::session::Session;
use crate::words::terms;

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

pub(super) async fn perform(
    office: &Office,
    session: &Session,
    (id, kind): (CaseId, Kind),
    posted: &Posted,
) -> Result<Outcome, Error> {
    let (scope, seen) = (&session.scope, seen(posted));
    match kind {
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
