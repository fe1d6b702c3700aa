//! The switches of connected systems: one or all of a controller are left alone for a while, and taken up again.

use super::error::Error;
use super::office::Office;
use crate::domain::ids::ControllerId;
use crate::domain::scope::{Role, Scope};
use crate::storage::runs::{self, Paused};

impl Office {
    /// Switches a connected system off, or all of a controller by the empty name; what runs goes on to its end.
    ///
    /// # Errors
    /// The role lacks.
    pub async fn pause_source(
        &self,
        scope: &Scope,
        controller: ControllerId,
        source: &str,
    ) -> Result<(), Error> {
        scope.demand(controller, Role::Handler)?;
        if !source.is_empty() {
            self.connection(controller, source)?;
        }
        let paused = Paused {
            source: source.to_owned(),
            since: self.now(),
            actor: scope.actor().clone(),
        };
        let noted = self.noted(scope, controller, "source.paused", source);
        self.store
            .write(move |conn| {
                runs::pause(conn, controller, &paused)?;
                crate::storage::events::insert(conn, std::slice::from_ref(&noted))
            })
            .await?;
        Ok(())
    }

    /// Switches it on again.
    ///
    /// # Errors
    /// The role lacks.
    pub async fn resume_source(
        &self,
        scope: &Scope,
        controller: ControllerId,
        source: &str,
    ) -> Result<(), Error> {
        scope.demand(controller, Role::Handler)?;
        let name = source.to_owned();
        let noted = self.noted(scope, controller, "source.resumed", source);
        self.store
            .write(move |conn| {
                runs::resume(conn, controller, &name)?;
                crate::storage::events::insert(conn, std::slice::from_ref(&noted))
            })
            .await?;
        self.wake.notify_one();
        Ok(())
    }

    /// What is switched off for a controller.
    ///
    /// # Errors
    /// Of the store.
    pub async fn paused_sources(
        &self,
        scope: &Scope,
        controller: ControllerId,
    ) -> Result<Vec<Paused>, Error> {
        let reach = scope.clone();
        Ok(self
            .store
            .read(move |conn| runs::paused(conn, &reach, controller))
            .await?)
    }
}
