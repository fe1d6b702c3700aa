//! Keeping the register of systems and recipients.

use super::error::Error;
use super::office::Office;
use crate::domain::ids::{CaseId, ControllerId, SystemId};
use crate::domain::obstacle::Obstacle;
use crate::domain::register::System;
use crate::domain::scope::{Role, Scope};
use crate::storage::events::{self, EventRow};
use crate::storage::register::{self, Entry};
use crate::storage::{StoreError, cases};

/// What an import would do, or did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Imported {
    /// Slugs of new entries.
    pub new: Vec<String>,
    /// Slugs of changed entries.
    pub changed: Vec<String>,
    /// How many stayed as they were.
    pub same: usize,
}

impl Office {
    /// The register of a controller.
    pub async fn register(
        &self,
        scope: &Scope,
        controller: ControllerId,
    ) -> Result<Vec<Entry>, Error> {
        let reach = scope.clone();
        Ok(self
            .store
            .read(move |conn| register::of(conn, &reach, controller))
            .await?)
    }

    /// Its systems alone.
    pub async fn systems(
        &self,
        scope: &Scope,
        controller: ControllerId,
    ) -> Result<Vec<System>, Error> {
        Ok(self
            .register(scope, controller)
            .await?
            .into_iter()
            .map(|entry| entry.system)
            .collect())
    }

    /// Whose case this is, if the scope reaches it.
    pub(super) async fn controller_of(
        &self,
        scope: &Scope,
        case: CaseId,
    ) -> Result<ControllerId, Error> {
        let controller = self
            .store
            .read(move |conn| cases::controller_of(conn, case))
            .await?;
        if scope.covers(controller) {
            Ok(controller)
        } else {
            Err(Error::NotFound)
        }
    }

    /// Writes an entry; `revision` 0 makes a new one. Somebody else's change in between is an obstacle.
    pub async fn put_system(
        &self,
        scope: &Scope,
        controller: ControllerId,
        mut entry: Entry,
    ) -> Result<SystemId, Error> {
        scope.demand(controller, Role::Admin)?;
        if entry.system.name.trim().is_empty() {
            return Err(Obstacle::Empty("name").into());
        }
        if entry.revision == 0 {
            entry.system.id = SystemId(self.next_id());
        }
        let id = entry.system.id;
        let content =
            serde_json::to_vec(&entry.system).map_err(|_| Error::Fault("register entry"))?;
        let kind = if entry.revision == 0 {
            "register.added"
        } else {
            "register.changed"
        };
        let event = self.register_event(scope, controller, kind, id, &content);
        let (reach, now, revision) = (scope.clone(), self.now(), entry.revision);
        let written = self
            .store
            .write(move |conn| {
                register::put(conn, &reach, controller, &entry, now)?;
                events::insert(conn, std::slice::from_ref(&event))
            })
            .await;
        match written {
            Err(StoreError::Stale) => Err(Obstacle::ChangedMeanwhile { revision }.into()),
            Err(StoreError::Taken) => Err(Obstacle::Empty("slug").into()),
            other => other.map(|()| id).map_err(Error::from),
        }
    }

    /// Takes an entry out.
    pub async fn remove_system(
        &self,
        scope: &Scope,
        controller: ControllerId,
        id: SystemId,
    ) -> Result<(), Error> {
        scope.demand(controller, Role::Admin)?;
        let event = self.register_event(scope, controller, "register.removed", id, b"");
        let reach = scope.clone();
        self.store
            .write(move |conn| {
                register::remove(conn, &reach, controller, id)?;
                events::insert(conn, std::slice::from_ref(&event))
            })
            .await?;
        Ok(())
    }

    /// Brings in systems by their slugs: new ones are added, others changed; nothing is taken out.
    pub async fn import_register(
        &self,
        scope: &Scope,
        controller: ControllerId,
        systems: Vec<System>,
    ) -> Result<Imported, Error> {
        scope.demand(controller, Role::Admin)?;
        let present = self.register(scope, controller).await?;
        let mut done = Imported::default();
        for (at, system) in systems.into_iter().enumerate() {
            let slug = system.slug.clone();
            let known = present.iter().find(|entry| entry.system.slug == slug);
            match known {
                Some(entry)
                    if (System {
                        id: entry.system.id,
                        ..system.clone()
                    }) == entry.system =>
                {
                    done.same += 1
                }
                Some(entry) => {
                    let system = System {
                        id: entry.system.id,
                        ..system
                    };
                    self.put_system(
                        scope,
                        controller,
                        Entry {
                            system,
                            ..entry.clone()
                        },
                    )
                    .await?;
                    done.changed.push(slug);
                }
                None => {
                    let position = i32::try_from(present.len() + at).unwrap_or(i32::MAX);
                    self.put_system(
                        scope,
                        controller,
                        Entry {
                            system,
                            position,
                            revision: 0,
                        },
                    )
                    .await?;
                    done.new.push(slug);
                }
            }
        }
        Ok(done)
    }

    fn register_event(
        &self,
        scope: &Scope,
        controller: ControllerId,
        kind: &str,
        id: SystemId,
        content: &[u8],
    ) -> EventRow {
        EventRow::of_house(
            self.next_id(),
            controller,
            kind,
            &id.to_string(),
            content,
            self.now(),
            scope.actor(),
        )
    }
}
