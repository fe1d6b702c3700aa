//! What is over goes: the copy of an answer early, the whole file at its end. Of a purged case the ledger's
//! entries stay, and nothing that opens them.

use std::io::Read;

use ring::digest;

use super::desk::{Deed, Undone};
use super::error::Error;
use super::office::{House, Office, blocking};
use super::outbox::hex;
use super::reading;
use crate::domain::aftermath::{CopyOf, Destroyed};
use crate::domain::case::Case;
use crate::domain::event::Event;
use crate::domain::ids::CaseId;
use crate::domain::retention::Over;
use crate::domain::scope::{Role, Scope};
use crate::storage::cases;
use crate::storage::files::FileError;
use crate::storage::filing::{self, FilePurpose, FileRow};
use crate::storage::retention::{self, Purge};
use crate::storage::{controllers, events};

/// So many cases are looked at before the next are read.
const PORTION: i64 = 50;

/// What a run of the job did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Gone {
    /// Cases whose copy was destroyed.
    pub copies: usize,
    /// Cases that were purged.
    pub purged: usize,
}

impl Office {
    /// Lets go what is over today. Cut off at any point it is whole: each case is one write, and what it leaves on
    /// disk no row names and no key opens.
    pub async fn clear_out(&self) -> Result<Gone, Error> {
        let mut gone = Gone::default();
        for house in self.houses() {
            self.look_again_if_changed(house).await?;
            let scope = Scope::of_house(house.controller.id);
            let mut after = None;
            loop {
                let (reach, controller, today) = (scope.clone(), house.controller.id, self.today());
                let due = self
                    .store
                    .read(move |conn| {
                        retention::due(conn, &reach, controller, today, after, PORTION)
                    })
                    .await?;
                let Some(last) = due.last() else { break };
                after = Some(*last);
                for (_, case) in due {
                    // One that will not go does not keep the others.
                    if let Err(error) = self.clear_out_case(house, &scope, case, &mut gone).await {
                        tracing::error!(%case, %error, "what is over was not deleted and will be tried again");
                    }
                }
            }
        }
        if gone != Gone::default() {
            tracing::info!(
                copies = gone.copies,
                purged = gone.purged,
                "what was over is gone"
            );
            self.store.cut_journal().await?;
        }
        Ok(gone)
    }

    /// Another number of days in the configuration: every case is looked at again.
    async fn look_again_if_changed(&self, house: &House) -> Result<(), Error> {
        let name = format!("copy-days:{}", house.controller.id);
        let days = house.controller.copy_days.to_string();
        let (controller, today) = (house.controller.id, self.today());
        Ok(self
            .store
            .write(move |conn| {
                let known = controllers::setting(conn, &name)?;
                if known.as_deref() == Some(days.as_str()) {
                    return Ok(());
                }
                if known.is_some() {
                    retention::expect_all(conn, controller, today)?;
                }
                controllers::set(conn, &name, &days)
            })
            .await?)
    }

    async fn clear_out_case(
        &self,
        house: &House,
        scope: &Scope,
        id: CaseId,
        gone: &mut Gone,
    ) -> Result<(), Error> {
        let reach = scope.clone();
        let row = self
            .store
            .read(move |conn| cases::load(conn, &reach, id))
            .await?;
        let (case, _) = row.open(&house.keys)?;
        let days = house.controller.copy_days;
        let over = case.over(self.today(), days);
        if over.all {
            let purge = Purge {
                controller: case.controller,
                case: id,
                revision: row.revision(),
                found_by: (row.due(), reading::tokens(&house.index, &case)),
                noted: self.noted(scope, case.controller, "case.purged", &id.to_string()),
            };
            let reach = scope.clone();
            let stored = self
                .store
                .write(move |conn| retention::purge(conn, &reach, &purge))
                .await?;
            self.unlink(stored).await?;
            gone.purged += 1;
        } else if over != Over::default() {
            if self.destroy_copies(house, scope, &case, over).await? {
                gone.copies += 1;
            }
        } else {
            let (controller, next) = (case.controller, case.next_over(days));
            self.store
                .write(move |conn| retention::expect(conn, controller, id, next))
                .await?;
        }
        Ok(())
    }

    /// Destroys packages and findings. What was there stays written: systems, categories, counts, hashes.
    async fn destroy_copies(
        &self,
        house: &House,
        scope: &Scope,
        case: &Case,
        over: Over,
    ) -> Result<bool, Error> {
        let (reach, id) = (scope.clone(), case.id);
        let (rows, told) = self
            .store
            .read(move |conn| {
                Ok((
                    filing::of_case(conn, &reach, id)?,
                    events::timeline(conn, &reach, id)?,
                ))
            })
            .await?;
        let (_, _, key) = self.open_with_key(scope, id).await?;
        let mut undone = Undone::default();
        let mut destroyed = Vec::new();
        let mut stored = Vec::new();
        let on = self.today();
        for row in rows.iter().filter(|row| over.packages.contains(&row.id())) {
            destroyed.push(Destroyed {
                on,
                what: CopyOf::Package,
                system: String::new(),
                categories: vec![],
                files: 1,
                size: row.size(),
                sha256: self.fingerprint(row).await?.into_iter().collect(),
            });
            undone.files.push(row.id());
            stored.push(row.stored().to_owned());
        }
        if over.findings {
            let systems = self.systems(scope, case.controller).await?;
            for (id, copied) in case.copied() {
                let system = systems.iter().find(|system| system.id == id);
                let asked = case.collection.tasks.iter().find(|task| task.system == id);
                let mut one = Destroyed {
                    on,
                    what: CopyOf::Finding,
                    system: asked
                        .map(|task| &task.name)
                        .or(system.map(|system| &system.name))
                        .cloned()
                        .unwrap_or_default(),
                    categories: system
                        .map(|system| {
                            let names = system.categories.iter();
                            names.map(|category| category.name.clone()).collect()
                        })
                        .unwrap_or_default(),
                    files: 0,
                    size: copied.text as u64,
                    sha256: vec![],
                };
                for row in rows.iter().filter(|row| copied.files.contains(&row.id())) {
                    one.files += 1;
                    one.size += row.size();
                    one.sha256.extend(self.fingerprint(row).await?);
                    undone.files.push(row.id());
                    stored.push(row.stored().to_owned());
                }
                destroyed.push(one);
            }
            // What machines brought goes with it: the findings, and the copies of their files.
            undone.findings = true;
            let mut fetched = Destroyed {
                on,
                what: CopyOf::Finding,
                system: String::new(),
                categories: vec![],
                files: 0,
                size: 0,
                sha256: vec![],
            };
            for row in rows
                .iter()
                .filter(|row| row.purpose() == FilePurpose::Finding.code())
            {
                if undone.files.contains(&row.id()) {
                    continue;
                }
                fetched.files += 1;
                fetched.size += row.size();
                fetched.sha256.extend(self.fingerprint(row).await?);
                undone.files.push(row.id());
                stored.push(row.stored().to_owned());
            }
            let named = destroyed.iter().any(|it| it.what == CopyOf::Finding);
            if fetched.files > 0 || !named {
                destroyed.push(fetched);
            }
            // What was written down stands in the events, too.
            for row in &told {
                let held = row.open(&key)?.is_some_and(|it| it.event.holds_copy());
                undone.events.extend(held.then(|| row.id()));
            }
        }
        let event = Event::CopiesDestroyed {
            destroyed,
            packages: over.packages.clone(),
        };
        let days = house.controller.copy_days;
        let done = self
            .act(scope, id, None, Role::Admin, |case, moment| {
                // Somebody may have set a hold, or opened it again, since it was looked at.
                if case.over(moment.today, days) != over {
                    return Ok(Deed::default());
                }
                Ok(Deed {
                    undone: undone.clone(),
                    ..Deed::from(vec![event.clone()])
                })
            })
            .await?;
        if done.changed {
            self.unlink(stored).await?;
        }
        Ok(done.changed)
    }

    /// SHA-256 of what a file said, in hexadecimal digits; none if its bytes are gone already.
    async fn fingerprint(&self, row: &FileRow) -> Result<Option<String>, Error> {
        let open = match self.open_row(row.clone()) {
            Ok(open) => open,
            Err(Error::File(FileError::Gone)) => return Ok(None),
            Err(other) => return Err(other),
        };
        let mut reader = open.reader;
        blocking(move || {
            let mut so_far = digest::Context::new(&digest::SHA256);
            let mut piece = zeroize::Zeroizing::new(vec![0; 64 * 1024]);
            loop {
                match reader.read(&mut piece) {
                    Ok(0) => return Ok(Some(hex(so_far.finish().as_ref()))),
                    Ok(read) => so_far.update(piece.get(..read).unwrap_or_default()),
                    Err(_) => return Err(Error::Fault("a file cannot be read")),
                }
            }
        })
        .await?
    }

    /// Takes the bytes off the disk. Who is cut off here leaves them to the sweeper.
    async fn unlink(&self, stored: Vec<String>) -> Result<(), Error> {
        let files = std::sync::Arc::clone(&self.files);
        blocking(move || {
            for name in stored {
                files.remove(&name)?;
            }
            Ok(())
        })
        .await?
    }

    /// The files of a case with their fingerprints, for whoever has to prove what lay there.
    pub(super) async fn fingerprints(
        &self,
        scope: &Scope,
        case: CaseId,
    ) -> Result<Vec<(FileRow, Option<String>)>, Error> {
        let reach = scope.clone();
        let rows = self
            .store
            .read(move |conn| filing::of_case(conn, &reach, case))
            .await?;
        let mut all = Vec::with_capacity(rows.len());
        for row in rows {
            let print = self.fingerprint(&row).await?;
            all.push((row, print));
        }
        Ok(all)
    }
}
