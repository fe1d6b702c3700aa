//! The search, answered by hand: found, nothing found, not possible.

use super::desk::{Deed, Outcome};
use super::error::Error;
use super::office::Office;
use crate::domain::case::Case;
use crate::domain::collection::Outcome as Answer;
use crate::domain::ids::{CaseId, SystemId};
use crate::domain::obstacle::Obstacle;
use crate::domain::preserve::{Preserve, Secured};
use crate::domain::scope::{Role, Scope};
use crate::storage::filing::FileRow;

/// What a clerk says about one system; files are stored before.
#[derive(Debug, Clone)]
pub struct TaskAnswer {
    /// Which system.
    pub system: SystemId,
    /// What came out.
    pub outcome: Answer,
}

impl Office {
    /// Answers tasks, many at once or one alone.
    pub async fn answer_tasks(
        &self,
        scope: &Scope,
        case: CaseId,
        seen: i64,
        answers: Vec<TaskAnswer>,
        files: Vec<FileRow>,
    ) -> Result<Outcome, Error> {
        if answers.is_empty() {
            return Err(Obstacle::Empty("answers").into());
        }
        self.act(scope, case, Some(seen), Role::Handler, |case, _| {
            let mut deed = Deed {
                files: files.clone(),
                ..Deed::default()
            };
            for answer in &answers {
                deed.events
                    .extend(case.answer_task(answer.system, answer.outcome.clone())?);
            }
            Ok(deed)
        })
        .await
    }

    /// Records what was secured before it would have been gone; `files` are the sealed copies.
    pub async fn preserve(
        &self,
        scope: &Scope,
        case: CaseId,
        seen: i64,
        secured: Vec<(SystemId, Secured)>,
        files: Vec<FileRow>,
    ) -> Result<Outcome, Error> {
        if secured.is_empty() {
            return Err(Obstacle::Empty("secured").into());
        }
        self.act(scope, case, Some(seen), Role::Handler, |case, _| {
            let mut deed = Deed {
                files: files.clone(),
                ..Deed::default()
            };
            for (system, secured) in &secured {
                deed.events.extend(case.preserve(*system, secured.clone())?);
            }
            Ok(deed)
        })
        .await
    }

    /// What has to be secured at once in a case, for it would be gone before the answer is due.
    pub async fn to_preserve(&self, scope: &Scope, case: &Case) -> Result<Vec<Preserve>, Error> {
        let systems = self.systems(scope, case.controller).await?;
        Ok(case.to_preserve(&systems))
    }

    /// Closes together the systems that cannot be searched by anything that is known.
    pub async fn close_unsearchable(
        &self,
        scope: &Scope,
        case: CaseId,
        seen: i64,
    ) -> Result<Outcome, Error> {
        self.act(scope, case, Some(seen), Role::Handler, |case, _| {
            Ok(case.close_unsearchable()?.into())
        })
        .await
    }

    /// Ends the search although systems have not answered; a person says why.
    pub async fn cut_short(
        &self,
        scope: &Scope,
        case: CaseId,
        seen: i64,
        because: &str,
    ) -> Result<Outcome, Error> {
        self.act(scope, case, Some(seen), Role::Decider, |case, _| {
            Ok(case.cut_short(because)?.into())
        })
        .await
    }
}
