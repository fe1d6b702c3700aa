//! Keeping the register of systems and recipients.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::error::Error;
use super::office::Office;
use crate::domain::ids::{CaseId, ControllerId, SystemId};
use crate::domain::obstacle::Obstacle;
use crate::domain::question::{self, Question};
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
    /// How many questions are open afterwards.
    pub open: usize,
}

/// A register as a file.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RegisterFile {
    /// Its systems, each under `[[system]]`.
    #[serde(default)]
    pub system: Vec<System>,
}

/// What is wrong with a register file.
#[derive(Debug, thiserror::Error)]
pub enum RegisterFault {
    /// It cannot be read.
    #[error("{0}")]
    Unreadable(#[from] toml::de::Error),
    /// It holds no system.
    #[error("the file holds no [[system]]")]
    Empty,
    /// A system without one of the two.
    #[error("each [[system]] needs a slug and a name")]
    Nameless,
    /// What stands as the owner's address is none.
    #[error("the owner of '{0}' needs a mail address")]
    Owner(String),
    /// Two systems under one slug.
    #[error("the slug '{0}' is there twice")]
    Twice(String),
}

impl RegisterFile {
    /// Reads the text of a register file.
    ///
    /// # Errors
    /// The line that is not understood, or a name that lacks or is there twice.
    pub fn read(text: &str) -> Result<Vec<System>, RegisterFault> {
        let file: RegisterFile = toml::from_str(text)?;
        if file.system.is_empty() {
            return Err(RegisterFault::Empty);
        }
        let mut slugs = BTreeSet::new();
        for system in &file.system {
            if system.slug.trim().is_empty() || system.name.trim().is_empty() {
                return Err(RegisterFault::Nameless);
            }
            if system.owner_is_no_address() {
                return Err(RegisterFault::Owner(system.slug.clone()));
            }
            if !slugs.insert(&system.slug) {
                return Err(RegisterFault::Twice(system.slug.clone()));
            }
        }
        Ok(file.system)
    }
}

/// What systems from a file change, and the entries that are to be written for it.
fn compared(present: &[Entry], systems: Vec<System>) -> (Imported, Vec<Entry>) {
    let (mut done, mut entries) = (Imported::default(), Vec::new());
    for (at, system) in systems.into_iter().enumerate() {
        match present
            .iter()
            .find(|known| known.system.slug == system.slug)
        {
            None => {
                done.new.push(system.slug.clone());
                entries.push(Entry {
                    system,
                    position: i32::try_from(present.len() + at).unwrap_or(i32::MAX),
                    revision: 0,
                });
            }
            Some(known) => {
                let id = known.system.id;
                let system = System { id, ..system };
                if system == known.system {
                    done.same += 1;
                } else {
                    done.changed.push(system.slug.clone());
                    entries.push(Entry {
                        system,
                        ..known.clone()
                    });
                }
            }
        }
    }
    (done, entries)
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

    /// What is still open in settings and register of a controller.
    pub async fn questions(
        &self,
        scope: &Scope,
        controller: ControllerId,
    ) -> Result<Vec<Question>, Error> {
        let systems = self.systems(scope, controller).await?;
        self.questions_on(controller, &systems)
    }

    /// The same for these systems, whether they are stored or not.
    pub fn questions_on(
        &self,
        controller: ControllerId,
        systems: &[System],
    ) -> Result<Vec<Question>, Error> {
        let house = self.house(controller)?;
        Ok(question::open_questions(
            &house.controller,
            systems,
            &self.law,
            self.today(),
        ))
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
        entry: Entry,
    ) -> Result<SystemId, Error> {
        scope.demand(controller, Role::Admin)?;
        if entry.system.name.trim().is_empty() {
            return Err(Obstacle::Empty("name").into());
        }
        if entry.system.owner_is_no_address() {
            return Err(Obstacle::Empty("owner").into());
        }
        let revision = entry.revision;
        let (entry, event) = self.prepared(scope, controller, entry)?;
        let id = entry.system.id;
        match self.put(scope, controller, vec![(entry, event)]).await {
            Err(StoreError::Stale) => Err(Obstacle::ChangedMeanwhile { revision }.into()),
            Err(StoreError::Taken) => Err(Obstacle::Empty("slug").into()),
            other => other.map(|()| id).map_err(Error::from),
        }
    }

    fn prepared(
        &self,
        scope: &Scope,
        controller: ControllerId,
        mut entry: Entry,
    ) -> Result<(Entry, EventRow), Error> {
        let new = entry.revision == 0;
        if new {
            entry.system.id = SystemId(self.next_id());
        }
        let content =
            serde_json::to_vec(&entry.system).map_err(|_| Error::Fault("register entry"))?;
        let kind = if new {
            "register.added"
        } else {
            "register.changed"
        };
        let event = self.register_event(scope, controller, kind, entry.system.id, &content);
        Ok((entry, event))
    }

    async fn put(
        &self,
        scope: &Scope,
        controller: ControllerId,
        entries: Vec<(Entry, EventRow)>,
    ) -> Result<(), StoreError> {
        let (reach, now) = (scope.clone(), self.now());
        self.store
            .write(move |conn| {
                entries.iter().try_for_each(|(entry, event)| {
                    register::put(conn, &reach, controller, entry, now)?;
                    events::insert(conn, std::slice::from_ref(event))
                })
            })
            .await
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

    /// What bringing these systems in would do.
    pub async fn preview_register(
        &self,
        scope: &Scope,
        controller: ControllerId,
        systems: Vec<System>,
    ) -> Result<Imported, Error> {
        scope.demand(controller, Role::Admin)?;
        let present = self.register(scope, controller).await?;
        let open = self.open_after(controller, &present, &systems)?;
        Ok(Imported {
            open,
            ..compared(&present, systems).0
        })
    }

    /// Brings in systems by their slugs, all or none: new ones are added, others changed; nothing is
    /// taken out.
    pub async fn import_register(
        &self,
        scope: &Scope,
        controller: ControllerId,
        systems: Vec<System>,
    ) -> Result<Imported, Error> {
        scope.demand(controller, Role::Admin)?;
        let present = self.register(scope, controller).await?;
        let open = self.open_after(controller, &present, &systems)?;
        let (done, entries) = compared(&present, systems);
        let done = Imported { open, ..done };
        let entries = entries
            .into_iter()
            .map(|entry| self.prepared(scope, controller, entry))
            .collect::<Result<Vec<_>, _>>()?;
        match self.put(scope, controller, entries).await {
            Err(StoreError::Stale | StoreError::Taken) => {
                Err(Obstacle::ChangedMeanwhile { revision: 0 }.into())
            }
            other => other.map(|()| done).map_err(Error::from),
        }
    }

    /// How many questions stay open once these systems are in.
    fn open_after(
        &self,
        controller: ControllerId,
        present: &[Entry],
        systems: &[System],
    ) -> Result<usize, Error> {
        let staying = present
            .iter()
            .map(|entry| &entry.system)
            .filter(|old| !systems.iter().any(|new| new.slug == old.slug));
        let all: Vec<System> = staying.chain(systems).cloned().collect();
        Ok(self.questions_on(controller, &all)?.len())
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::law::LawBook;

    #[test]
    fn a_register_is_read_back_as_it_was_written() {
        for text in [
            include_str!("../../config/demo/musterwolle.toml"),
            include_str!("../../config/demo/schreinerei.toml"),
        ] {
            let system = RegisterFile::read(text).unwrap();
            let law = LawBook::shipped();
            for entry in &system {
                let gaps = question::of_system(entry, &system, law);
                assert!(gaps.is_empty(), "{}: {gaps:?}", entry.slug);
            }
            let written = toml::to_string_pretty(&RegisterFile {
                system: system.clone(),
            })
            .unwrap();
            assert_eq!(RegisterFile::read(&written).unwrap(), system);
        }
    }

    #[test]
    fn a_slip_in_a_register_is_named() {
        assert!(
            RegisterFile::read(
                "[[system]]\nslug = 'a'\nname = 'A'\nrole = 'internal'\nplaec = 'x'"
            )
            .unwrap_err()
            .to_string()
            .contains("plaec")
        );
        assert!(
            RegisterFile::read(
                "[[system]]\nslug = 'a'\nname = 'A'\nrole = 'internal'\nowner = 'Karla'"
            )
            .unwrap_err()
            .to_string()
            .contains("owner of 'a'")
        );
        let twice = "[[system]]\nslug = 'a'\nname = 'A'\nrole = 'internal'\n".repeat(2);
        assert!(
            RegisterFile::read(&twice)
                .unwrap_err()
                .to_string()
                .contains("twice")
        );
    }
}
