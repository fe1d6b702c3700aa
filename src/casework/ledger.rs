//! The log: chaining what was committed, signing checkpoints, handing the whole of it out.

use std::io::Write;

use super::error::Error;
use super::office::{INSTALLATION, Office};
use super::outbox;
use crate::domain::ids::ControllerId;
use crate::domain::scope::{Actor, Scope};
use crate::ledger::{Chain, Checkpoint, ExportWriter, Format, SigningKey};
use crate::storage::events::{self, EventRow};
use crate::storage::ledgers::{self, LedgerState};
use crate::storage::messages::{self, Body};

/// Entries chained in one write; small enough that nobody at the counter waits for it.
const PORTION: i64 = 100;

/// Entries read in one go for an export.
const PAGE: i64 = 1000;

/// How a ledger stands.
#[derive(Debug, Clone)]
pub struct Standing {
    /// Its name to the outside.
    pub origin: String,
    /// The public key in the text form of signed notes.
    pub verify_key: String,
    /// How many entries are chained.
    pub size: u64,
    /// How many wait, up to a thousand.
    pub unchained: usize,
    /// The last checkpoint: size and when.
    pub checkpoint: Option<(i64, chrono::DateTime<chrono::Utc>)>,
}

impl Office {
    /// The ids of all ledgers: the controllers', then the installation's own.
    pub fn ledgers(&self) -> Vec<ControllerId> {
        self.houses()
            .iter()
            .map(|house| house.controller.id)
            .chain([INSTALLATION])
            .collect()
    }

    fn signing(&self, ledger: ControllerId) -> Result<&SigningKey, Error> {
        if ledger == INSTALLATION {
            Ok(&self.own_signing)
        } else {
            Ok(&self.house(ledger)?.signing)
        }
    }

    /// Chains what waits in every ledger, one portion each; says how many entries there were.
    pub async fn chain(&self) -> Result<usize, Error> {
        let mut chained = 0;
        for ledger in self.ledgers() {
            let waiting = self
                .store
                .read(move |conn| ledgers::unchained(conn, ledger, 1))
                .await?;
            if waiting > 0 {
                chained += self
                    .store
                    .write(move |conn| ledgers::chain_tail(conn, ledger, PORTION))
                    .await?;
            }
        }
        Ok(chained)
    }

    /// Chains all that waits in one ledger.
    pub async fn chain_wholly(&self, ledger: ControllerId) -> Result<(), Error> {
        while self
            .store
            .write(move |conn| ledgers::chain_tail(conn, ledger, PORTION))
            .await?
            > 0
        {}
        Ok(())
    }

    /// How a ledger stands.
    pub async fn standing(&self, ledger: ControllerId) -> Result<Standing, Error> {
        Ok(self
            .store
            .read(move |conn| {
                let LedgerState {
                    origin,
                    verify_key,
                    chain,
                } = ledgers::state(conn, ledger)?;
                let last = ledgers::last_checkpoint(conn, ledger)?;
                Ok(Standing {
                    origin,
                    verify_key,
                    size: chain.size(),
                    unchained: ledgers::unchained(conn, ledger, 1000)?,
                    checkpoint: last.map(|(size, at, _)| (size, at)),
                })
            })
            .await?)
    }

    /// Signs a checkpoint over all that is chained; `None` when there is one already or nothing to sign.
    pub async fn checkpoint(&self, ledger: ControllerId) -> Result<Option<Checkpoint>, Error> {
        let (state, last) = self
            .store
            .read(move |conn| {
                Ok((
                    ledgers::state(conn, ledger)?,
                    ledgers::last_checkpoint(conn, ledger)?,
                ))
            })
            .await?;
        let size = state.chain.size();
        if size == 0 || last.is_some_and(|(last, _, _)| u64::try_from(last) == Ok(size)) {
            return Ok(None);
        }
        self.keep(ledger, &state.chain).await.map(Some)
    }

    async fn keep(&self, ledger: ControllerId, chain: &Chain) -> Result<Checkpoint, Error> {
        let checkpoint = self.signing(ledger)?.sign(chain.size(), chain.root());
        let (size, note, now) = (chain.size(), checkpoint.to_string(), self.now());
        self.store
            .write(move |conn| ledgers::keep_checkpoint(conn, ledger, size, now, &note))
            .await?;
        Ok(checkpoint)
    }

    /// Checkpoints that have not left the house: origin, size, note.
    pub async fn unpublished(
        &self,
        ledger: ControllerId,
    ) -> Result<(String, Vec<(i64, String)>), Error> {
        Ok(self
            .store
            .read(move |conn| {
                Ok((
                    ledgers::state(conn, ledger)?.origin,
                    ledgers::unpublished(conn, ledger)?,
                ))
            })
            .await?)
    }

    /// A checkpoint has left the house as a file; now it is promised by mail too, where that is wished.
    pub async fn published(
        &self,
        ledger: ControllerId,
        size: i64,
        note: &str,
    ) -> Result<(), Error> {
        let mail = match (&self.manners.checkpoint_email, self.first_house()) {
            (Some(address), Some(first)) => {
                let house = self.house(ledger).unwrap_or(first);
                let mut body = Body {
                    to: Some(address.clone().into()),
                    ..Body::default()
                };
                body.vars.insert("note".into(), note.into());
                let key = format!("checkpoint:{ledger}:{size}");
                Some(outbox::house_mail(
                    self,
                    house,
                    "checkpoint",
                    None,
                    key,
                    &body,
                )?)
            }
            _ => None,
        };
        Ok(self
            .store
            .write(move |conn| {
                if let Some(row) = &mail {
                    messages::promise(conn, row)?;
                }
                ledgers::published(conn, ledger, size)
            })
            .await?)
    }

    /// Hands a ledger out: first chains the tail, then writes every entry, then exactly one checkpoint over
    /// all of them. The export itself is recorded before, so that it stands in what is handed out.
    pub async fn export_ledger<W: Write>(
        &self,
        ledger: ControllerId,
        actor: &Actor,
        format: Format,
        out: W,
    ) -> Result<W, Error> {
        self.record(ledger, "ledger.exported", &ledger.to_string(), b"", actor)
            .await?;
        self.chain_wholly(ledger).await?;
        let stands = self
            .store
            .read(move |conn| ledgers::state(conn, ledger))
            .await?
            .chain;
        let broken = |_| Error::Fault("the export cannot be written");
        let mut writer = ExportWriter::new(out, format).map_err(broken)?;
        let (mut chain, mut next) = (Chain::new(), 0);
        while next < stands.size() {
            let rows = self
                .store
                .read(move |conn| ledgers::entries(conn, ledger, next, PAGE))
                .await?;
            let Some(last) = rows.last() else { break };
            next = last.seq + 1;
            for row in rows.iter().filter(|row| row.seq < stands.size()) {
                let entry = ledgers::rebuild(&mut chain, row)?;
                writer.entry(&entry).map_err(broken)?;
            }
        }
        // Signed is what was chained when it happened. If rows were changed or taken since, the file
        // does not lead to it, and whoever verifies it is told.
        if chain.root() != stands.root() {
            tracing::error!(%ledger, "entries of the log were changed in the database");
        }
        let checkpoint = self.keep(ledger, &stands).await?;
        writer.finish(&checkpoint).map_err(broken)
    }

    /// Records something that belongs to no case.
    pub async fn record(
        &self,
        ledger: ControllerId,
        kind: &str,
        subject: &str,
        content: &[u8],
        actor: &Actor,
    ) -> Result<(), Error> {
        let row = EventRow::of_house(
            self.next_id(),
            ledger,
            kind,
            subject,
            content,
            self.now(),
            actor,
        );
        Ok(self
            .store
            .write(move |conn| events::insert(conn, std::slice::from_ref(&row)))
            .await?)
    }

    /// The entry of an act that is no event of a case, to be written together with the act.
    pub(super) fn noted(
        &self,
        scope: &Scope,
        ledger: ControllerId,
        kind: &str,
        subject: &str,
    ) -> EventRow {
        let (id, now) = (self.next_id(), self.now());
        EventRow::of_house(id, ledger, kind, subject, b"", now, scope.actor())
    }
}
