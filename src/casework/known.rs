//! By what else a person is searched: what a clerk names, and what was found on the way and is hers.

use super::desk::Outcome;
use super::error::Error;
use super::office::Office;
use crate::domain::identifier::{Identifier, SearchKey};
use crate::domain::ids::CaseId;
use crate::domain::scope::{Role, Scope};

impl Office {
    /// Adds something to search by, with the reason why it is hers.
    ///
    /// # Errors
    /// [`Error::Obstacle`].
    pub async fn name_identifier(
        &self,
        scope: &Scope,
        case: CaseId,
        seen: i64,
        (identifier, because): (Identifier, &str),
    ) -> Result<Outcome, Error> {
        let done = self
            .act(scope, case, Some(seen), Role::Handler, |case, _| {
                Ok(case.name_identifier(identifier.clone(), because)?.into())
            })
            .await?;
        self.wake.notify_one();
        Ok(done)
    }

    /// Says whether what a search came by is hers. What is said of one value stands whatever else happened to the case
    /// meanwhile, and systems that answer one by one change it often.
    ///
    /// # Errors
    /// [`Error::Obstacle`].
    pub async fn settle_identifier(
        &self,
        scope: &Scope,
        case: CaseId,
        (kind, value, accepted): (SearchKey, &str, bool),
    ) -> Result<Outcome, Error> {
        let done = self
            .act(scope, case, None, Role::Handler, |case, _| {
                Ok(case.settle_identifier(kind, value, accepted)?.into())
            })
            .await?;
        self.wake.notify_one();
        Ok(done)
    }
}
