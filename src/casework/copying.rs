//! Copies of the files that hang on findings: fetched when it is decided that she gets them, or when a clerk wants to see
//! one; sealed as they come, whatever their size.

use std::io::{self, Read};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, sync_channel};

use futures_util::StreamExt;
use tokio::time::timeout;

use super::connected::Connected;
use super::desk::Moment;
use super::error::Error;
use super::office::{Office, blocking};
use crate::domain::case::Case;
use crate::domain::event::Event;
use crate::domain::finding::Blackening;
use crate::domain::ids::{CaseId, FileId, FindingId};
use crate::domain::judgement::Treatment;
use crate::domain::obstacle::Obstacle;
use crate::domain::right::Right;
use crate::domain::scope::{Role, Scope};
use crate::domain::source::{Fault, FileRef};
use crate::ports::source::{Mishap, Pieces};
use crate::seal::Key;
use crate::storage::filing::{self, FilePurpose, FileRow, NewFile};
use crate::storage::findings::{self, FindingRow};
use crate::storage::runs::{self, Ended, NewRun, RunKind, RunRow};

/// So many findings are opened at a time.
const PORTION: i64 = 50;
/// Pieces that wait between the line and the disk.
const WAITING: usize = 4;

/// With the decision that she gets a copy, the files that belong to it are fetched.
pub(super) fn promised(moment: &Moment<'_>, case: &Case, event: &Event) -> Vec<RunRow> {
    let Event::Decided {
        right: Right::Access | Right::Portability,
        ..
    } = event
    else {
        return vec![];
    };
    let generation = moment.now.timestamp_millis();
    case.collection
        .searched
        .iter()
        .filter(|searched| searched.laid() > 0)
        .filter_map(|searched| {
            let connected = moment
                .office
                .connection(case.controller, &searched.source)
                .ok()?;
            connected.source.copies()?;
            let new = NewRun {
                id: moment.office.next_id(),
                controller: case.controller,
                case: case.id,
                system: searched.system,
                source: searched.source.clone(),
                kind: RunKind::Copy,
                promise: format!("copy:{}:{}:{generation}", case.id, searched.source),
                run_at: moment.now,
                body_sealed: None,
            };
            Some(new.into())
        })
        .collect()
}

/// What the line brings, as something that can be read from where the disk is.
struct Coming {
    pieces: Receiver<Vec<u8>>,
    piece: Vec<u8>,
    at: usize,
}

impl Read for Coming {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        while self.at >= self.piece.len() {
            match self.pieces.recv() {
                Ok(piece) => (self.piece, self.at) = (piece, 0),
                Err(_) => return Ok(0),
            }
        }
        let rest = self.piece.get(self.at..).unwrap_or_default();
        let many = rest.len().min(to.len());
        if let (Some(to), Some(from)) = (to.get_mut(..many), rest.get(..many)) {
            to.copy_from_slice(from);
        }
        self.at += many;
        Ok(many)
    }
}

impl Office {
    /// Fetches the files of the findings that she is given, as a run that was claimed says.
    ///
    /// # Errors
    /// Of the own store alone.
    pub async fn copy_there(&self, run: &RunRow) -> Result<(), Error> {
        let fetched = match self.connection(run.controller(), run.source()) {
            Ok(connected) => timeout(connected.patience, self.fetched_all(run, connected))
                .await
                .unwrap_or_else(|_| Ok(Some(Mishap::new(Fault::Slow, "no end in time")))),
            Err(_) => Ok(Some(Mishap::new(
                Fault::Misconfigured,
                "the connection is gone",
            ))),
        };
        match fetched {
            Ok(None) => {
                let (id, now) = (run.id(), self.now());
                let done = move |conn: &mut _| runs::settle(conn, id, &Ended::done(), now);
                Ok(self.store.write(done).await?)
            }
            Ok(Some(mishap)) => self.missed(run, &mishap).await,
            Err(Error::NotFound) => self.stopped(run).await,
            Err(error) => {
                self.missed(run, &Mishap::new(Fault::Broken, "the own store"))
                    .await?;
                Err(error)
            }
        }
    }

    async fn fetched_all(
        &self,
        run: &RunRow,
        connected: &Connected,
    ) -> Result<Option<Mishap>, Error> {
        let scope = Scope::of_house(run.controller());
        let (case, _, key) = self.open_with_key(&scope, run.case()).await?;
        let mut missed = None;
        let mut after = (i32::MIN, 0);
        loop {
            let (id, source) = (case.id, connected.name.clone());
            let rows = self
                .store
                .read(move |conn| findings::hers(conn, id, &source, after, PORTION))
                .await?;
            let Some(last) = rows.last() else {
                return Ok(missed);
            };
            after = last.place();
            for row in &rows {
                let given = matches!(row.giving(), Some(Treatment::Disclose | Treatment::Redact));
                if !given {
                    continue;
                }
                let record = row.record(&key)?;
                for at in 0..record.files.len() {
                    if let Err(mishap) = self.fetch(connected, &case, &key, (row.id(), at)).await? {
                        missed.get_or_insert(mishap);
                    }
                }
            }
        }
    }

    /// Fetches one file of a finding, unless it is here or stays behind; says by which id it is kept.
    async fn fetch(
        &self,
        connected: &Connected,
        case: &Case,
        key: &Key,
        (id, at): (FindingId, usize),
    ) -> Result<Result<Option<FileId>, Mishap>, Error> {
        let scope = Scope::of_house(case.controller);
        let row = self.finding_row(&scope, case.id, id).await?;
        let (record, mark) = (row.record(key)?, row.mark(key)?);
        let Some(file) = record.files.get(at) else {
            return Ok(Ok(None));
        };
        if let Some(kept) = mark.copies.get(at).copied().flatten() {
            return Ok(Ok(Some(kept)));
        }
        let left_out = |it: &Blackening| matches!(it, Blackening::File { file } if *file == at);
        if mark.black.iter().any(left_out) {
            return Ok(Ok(None));
        }
        let Some(copies) = connected.source.copies() else {
            return Ok(Ok(None));
        };
        let pieces = copies.fetch(&record.reference, file);
        let kept = match self.seal_coming(case, file, pieces).await? {
            Ok(kept) => kept,
            Err(mishap) => return Ok(Err(mishap)),
        };
        let copied = kept.id();
        let (case, key, files) = (case.id, key.clone(), record.files.len());
        // Fetching took its time: what was said of it meanwhile stays.
        self.store
            .write(move |conn| {
                filing::insert(conn, &kept)?;
                findings::remark(conn, &key, (case, id), |mark| {
                    mark.copies.resize(files, None);
                    if let Some(place) = mark.copies.get_mut(at) {
                        *place = Some(copied);
                    }
                })
            })
            .await?;
        Ok(Ok(Some(copied)))
    }

    async fn finding_row(
        &self,
        scope: &Scope,
        case: CaseId,
        id: FindingId,
    ) -> Result<FindingRow, Error> {
        let reach = scope.clone();
        Ok(self
            .store
            .read(move |conn| findings::load(conn, &reach, case, id))
            .await?)
    }

    /// Seals a file while it comes; what breaks off leaves nothing behind.
    async fn seal_coming(
        &self,
        case: &Case,
        file: &FileRef,
        mut pieces: Pieces<'_>,
    ) -> Result<Result<FileRow, Mishap>, Error> {
        let house = self.house(case.controller)?;
        let (key, files) = (Key::generate(1), Arc::clone(&self.files));
        let (sender, receiver) = sync_channel::<Vec<u8>>(WAITING);
        let own = key.clone();
        let writing = blocking(move || {
            files.put(
                &own,
                Coming {
                    pieces: receiver,
                    piece: Vec::new(),
                    at: 0,
                },
            )
        });
        let reading = async move {
            while let Some(piece) = pieces.next().await {
                let (piece, sender) = (piece?, sender.clone());
                // The disk may be slower than the line; waiting for it must not hold up others.
                let sent = tokio::task::spawn_blocking(move || sender.send(piece)).await;
                if !matches!(sent, Ok(Ok(()))) {
                    return Err(Mishap::new(Fault::Broken, "the own disk"));
                }
            }
            Ok(())
        };
        let (stored, read) = tokio::join!(writing, reading);
        let stored = stored??;
        if let Err(mishap) = read {
            self.remove_bytes(vec![stored.name]).await?;
            return Ok(Err(mishap));
        }
        let new = NewFile {
            id: FileId(self.next_id()),
            controller: case.controller,
            case: Some(case.id),
            form: None,
            purpose: FilePurpose::Finding,
            name: file
                .name
                .reveal()
                .chars()
                .take(200)
                .collect::<String>()
                .into(),
            media_type: file.media_type.chars().take(200).collect(),
            size: stored.plain_size,
            stored: stored.name,
            sha256: stored.sealed_sha256,
        };
        Ok(Ok(FileRow::seal(new, &key, &house.keys, self.now())?))
    }

    /// Fetches one file of a finding for a clerk who wants to see it.
    ///
    /// # Errors
    /// [`Obstacle::NotConnected`]; what the other side did wrong is in the inner error.
    pub async fn copy_of(
        &self,
        scope: &Scope,
        case: CaseId,
        (id, at): (FindingId, usize),
    ) -> Result<Result<Option<FileId>, Mishap>, Error> {
        let (case, _, key) = self.open_with_key(scope, case).await?;
        scope.demand(case.controller, Role::Handler)?;
        case.must_be_open()?;
        let row = self.finding_row(scope, case.id, id).await?;
        let connected = self.connection(case.controller, row.source())?;
        if connected.source.copies().is_none() {
            return Err(Obstacle::NotConnected.into());
        }
        timeout(
            connected.patience,
            self.fetch(connected, &case, &key, (id, at)),
        )
        .await
        .unwrap_or_else(|_| Ok(Err(Mishap::new(Fault::Slow, "no end in time"))))
    }

    /// Whether files that belong to the copy are still on their way, or did not come.
    ///
    /// # Errors
    /// Of the store.
    pub async fn copies_open(&self, scope: &Scope, case: CaseId) -> Result<usize, Error> {
        let reach = scope.clone();
        let rows = self
            .store
            .read(move |conn| runs::of_case(conn, &reach, case))
            .await?;
        let mut open = 0;
        for row in rows {
            let (kind, state) = (row.kind()?, row.state()?);
            let failed = state == runs::RunState::Failed;
            if kind == RunKind::Copy && (state.open() || failed) {
                open += 1;
            }
        }
        Ok(open)
    }
}
