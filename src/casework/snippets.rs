//! The words that an office writes often: its own, and those that come with the program.

use super::error::Error;
use super::office::Office;
use crate::domain::ids::{ControllerId, SnippetId};
use crate::domain::obstacle::Obstacle;
use crate::domain::scope::{Role, Scope};
use crate::domain::snippet::Snippet;
use crate::storage::{StoreError, events, snippets};

impl Office {
    /// The controller's own words, by language and name.
    pub async fn snippets(
        &self,
        scope: &Scope,
        controller: ControllerId,
    ) -> Result<Vec<Snippet>, Error> {
        let reach = scope.clone();
        Ok(self
            .store
            .read(move |conn| snippets::all(conn, &reach, controller))
            .await?)
    }

    /// Keeps some words, new or changed.
    pub async fn keep_snippet(
        &self,
        scope: &Scope,
        controller: ControllerId,
        kept: Snippet,
    ) -> Result<(), Error> {
        scope.demand(controller, Role::Handler)?;
        kept.check()?;
        let kept = Snippet {
            name: kept.name.trim().to_owned(),
            words: kept.words.trim().to_owned(),
            ..kept
        };
        let id = kept.id.unwrap_or_else(|| SnippetId(self.next_id()));
        let noted = self.noted(scope, controller, "snippet.kept", &id.to_string());
        let written = self
            .store
            .write(move |conn| {
                snippets::keep(conn, controller, id, &kept)?;
                events::insert(conn, std::slice::from_ref(&noted))
            })
            .await;
        match written {
            Err(StoreError::Taken) => Err(Obstacle::NameTaken.into()),
            other => Ok(other?),
        }
    }

    /// Forgets some words.
    pub async fn remove_snippet(
        &self,
        scope: &Scope,
        controller: ControllerId,
        id: SnippetId,
    ) -> Result<(), Error> {
        scope.demand(controller, Role::Handler)?;
        let noted = self.noted(scope, controller, "snippet.removed", &id.to_string());
        Ok(self
            .store
            .write(move |conn| {
                snippets::remove(conn, controller, id)?;
                events::insert(conn, std::slice::from_ref(&noted))
            })
            .await?)
    }
}
