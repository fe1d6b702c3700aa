//! Copies of files, piece by piece. A file that is changed meanwhile is no copy.

use std::fs::File;
use std::io::Read;
use std::sync::Arc;
use std::time::Duration;

use futures_util::stream;
use tokio::sync::mpsc::{Sender, channel};
use tokio::time::timeout;

use super::areas::Kind;
use super::root::{Root, State, failed};
use super::trail::Trail;
use super::{Inner, slow};
use crate::ports::source::{Fault, FileRef, Mishap, Pieces, RecordRef};

const PIECE: usize = 128 * 1024;

/// The bytes of a file.
pub fn fetch(
    inner: Arc<Inner>,
    record: &RecordRef,
    file: &FileRef,
    patience: Duration,
) -> Pieces<'static> {
    let (sender, receiver) = channel(4);
    let (record, id) = (record.clone(), file.id.clone());
    tokio::task::spawn_blocking(move || {
        if let Err(mishap) = read(&inner, &record, &id, &sender) {
            // If nobody takes it, nobody wants to know.
            let _ = sender.blocking_send(Err(mishap));
        }
    });
    Box::pin(stream::unfold(Some(receiver), move |receiver| async move {
        let mut receiver = receiver?;
        match timeout(patience, receiver.recv()).await {
            Ok(Some(Ok(piece))) => Some((Ok(piece), Some(receiver))),
            Ok(Some(Err(mishap))) => Some((Err(mishap), None)),
            Ok(None) => None,
            Err(_) => Some((Err(slow()), None)),
        }
    }))
}

fn read(
    inner: &Inner,
    record: &RecordRef,
    id: &str,
    sender: &Sender<Result<Vec<u8>, Mishap>>,
) -> Result<(), Mishap> {
    let (mut file, state) = opened(inner, record, id)?;
    if state.size > inner.largest_file {
        return Err(Mishap::new(
            Fault::TooLarge,
            format!("more than {} bytes", inner.largest_file),
        ));
    }
    let mut left = state.size;
    loop {
        let mut piece = Vec::with_capacity(PIECE);
        let read = (&mut file)
            .take(PIECE as u64)
            .read_to_end(&mut piece)
            .map_err(|error| failed(&error))?;
        if read == 0 {
            break;
        }
        left = left.checked_sub(read as u64).ok_or_else(changed)?;
        if sender.blocking_send(Ok(piece)).is_err() {
            return Ok(());
        }
    }
    let now = State::now(&file).map_err(|error| failed(&error))?;
    match left == 0 && now.changed == state.changed && now.size == state.size {
        true => Ok(()),
        false => Err(changed()),
    }
}

/// The file, if it is the record's, of its place, and still as it was found.
fn opened(inner: &Inner, record: &RecordRef, id: &str) -> Result<(File, State), Mishap> {
    let area = inner.area(&record.kind)?;
    let trail =
        Trail::read(id).filter(|it| area.pattern.fits(it) && matches!(area.kind, Kind::Folder(_)));
    let trail = trail.filter(|_| record.id.reveal() == id);
    let trail = trail.ok_or_else(|| Mishap::new(Fault::Unknown, "no file of this place"))?;
    let (file, state) = Root::open(&inner.root)?
        .file(&trail)
        .map_err(|error| failed(&error))?;
    match record
        .version
        .as_ref()
        .is_none_or(|it| *it == state.version())
    {
        true => Ok((file, state)),
        false => Err(changed()),
    }
}

fn changed() -> Mishap {
    Mishap::new(Fault::Conflict, "the file was changed meanwhile")
}
