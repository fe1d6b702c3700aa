//! Copies files that lie in columns, piece by piece.

use futures_util::stream::{self, StreamExt};
use tokio::sync::mpsc;

use super::Sql;
use super::line::{As, Cell};
use crate::ports::source::{Copies, Fault, FileRef, Mishap, Pieces, RecordRef};

/// Bytes of a file that are asked for at once.
const PIECE: u32 = 1024 * 1024;

impl Copies for Sql {
    fn fetch<'a>(&'a self, record: &'a RecordRef, file: &'a FileRef) -> Pieces<'a> {
        let (sender, receiver) = mpsc::channel(1);
        let pieces = stream::unfold(receiver, |mut receiver| async move {
            let piece: Vec<u8> = receiver.recv().await?;
            Some((Ok(piece), receiver))
        });
        let reading = stream::once(self.pieces(record, file, sender));
        let trouble = reading.filter_map(|read| std::future::ready(read.err().map(Err)));
        Box::pin(stream::select(pieces, trouble))
    }
}

impl Sql {
    async fn pieces(
        &self,
        record: &RecordRef,
        file: &FileRef,
        out: mpsc::Sender<Vec<u8>>,
    ) -> Result<(), Mishap> {
        let place = self.plan.place(&record.kind)?;
        let read = place.reading()?;
        let mut line = self.engine.line(As::Reader).await?;
        let mut session = line.begin().await?;
        let row = place.look(session.as_mut(), record).await?;
        let row = row.ok_or_else(|| Mishap::new(Fault::Missing, "no row"))?;
        place.still(&row, record)?;
        // The name of a column comes from the row itself and never from outside.
        let size = match row.cell(&file.id) {
            Some(Cell::Bytes(size)) => *size,
            _ => return Err(Mishap::new(Fault::Missing, "no such file")),
        };
        if size > self.limits.largest_file {
            return Err(Mishap::new(Fault::TooLarge, format!("{size} bytes")));
        }
        let values = vec![record.id.reveal().clone(); read.parameters().count()];
        let mut from = 0;
        while from < size {
            let piece = session
                .piece(read, &values, &file.id, from, PIECE)
                .await?
                .unwrap_or_default();
            if piece.is_empty() {
                return Err(Mishap::new(
                    Fault::HalfAnswer,
                    "the file is shorter than it says",
                ));
            }
            from += piece.len() as u64;
            if out.send(piece).await.is_err() {
                return Ok(());
            }
        }
        session.end(false).await
    }
}
