//! Looking into files for malware: when one comes in, and again when it is handed out, for by then more is known.

use std::io::Read;
use std::sync::Arc;

use super::error::Error;
use super::filing::{OpenFile, Upload};
use super::office::{Office, blocking};
use crate::domain::ids::FileId;
use crate::domain::obstacle::Obstacle;
use crate::domain::scope::Scope;
use crate::ports::scanner::{Pieces, Scanner, Seen, Unseen};
use crate::storage::filing::{FilePurpose, FileRow};

/// Bytes that are opened at a time.
const PIECE: usize = 64 * 1024;

/// The scanner, and what happens while it cannot look.
#[derive(Clone)]
pub struct Scanning {
    /// Who looks into files.
    pub scanner: Arc<dyn Scanner>,
    /// Whether a file that was not looked into is handed out, and said to be unchecked.
    pub allow_unseen: bool,
}

/// How far a file that is handed out was checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Checked {
    /// Nothing was found in it.
    Yes,
    /// It should have been looked into and was not.
    No,
    /// Nobody looks into files here, or into this kind: it was printed here, or is an original that is evidence.
    NotAsked,
}

/// What becomes of files that are handed out now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lookout {
    /// Nobody looks into them.
    None,
    /// They are looked into.
    There,
    /// The scanner does not answer, and nothing is handed out until it does.
    AwayRefusing,
    /// The scanner does not answer; they are handed out unchecked.
    AwayAllowing,
}

impl Office {
    /// What becomes of files that are handed out now.
    pub async fn lookout(&self) -> Lookout {
        match &self.scanning {
            None => Lookout::None,
            Some(scanning) if scanning.scanner.is_there().await => Lookout::There,
            Some(scanning) if scanning.allow_unseen => Lookout::AwayAllowing,
            Some(_) => Lookout::AwayRefusing,
        }
    }

    /// Opens a file for a clerk who takes it home, after a look into it where others brought it.
    pub async fn hand_out(
        &self,
        scope: &Scope,
        file: FileId,
    ) -> Result<(OpenFile, Checked), Error> {
        let open = self.open_file(scope, file).await?;
        if self.scanning.is_none() || !from_outside(&open.row) {
            return Ok((open, Checked::NotAsked));
        }
        let row = open.row.clone();
        let checked = self.looked_into(pieces(open.reader)).await?;
        Ok((self.open_row(row)?, checked))
    }

    /// The same for bytes that were taken out of something else.
    pub(super) async fn hand_out_bytes(&self, bytes: &[u8]) -> Result<Checked, Error> {
        match self.scanning {
            Some(_) => self.looked_into(slices(bytes)).await,
            None => Ok(Checked::NotAsked),
        }
    }

    /// Whether an upload does harm. What cannot be looked into now is kept all the same: nobody's request waits for a
    /// scanner, and it is looked into when it is handed out.
    pub(super) async fn is_malware(&self, upload: &Upload) -> bool {
        let Some(scanning) = &self.scanning else {
            return false;
        };
        match scanning.scanner.look(slices(&upload.bytes)).await {
            Ok(Seen::Nothing) => false,
            Ok(Seen::Malware(found)) => {
                tracing::warn!(found, "malware in an upload; it was not taken in");
                true
            }
            Err(why) => {
                tracing::warn!(%why, "an upload was taken in unchecked");
                false
            }
        }
    }

    async fn looked_into(&self, pieces: Pieces<'_>) -> Result<Checked, Error> {
        let Some(scanning) = &self.scanning else {
            return Ok(Checked::NotAsked);
        };
        match scanning.scanner.look(pieces).await {
            Ok(Seen::Nothing) => Ok(Checked::Yes),
            Ok(Seen::Malware(found)) => {
                tracing::warn!(found, "malware in a file; it was not handed out");
                Err(Obstacle::Malware { found }.into())
            }
            Err(Unseen::Unreadable) => Err(Error::Fault("a file that cannot be opened")),
            Err(why) if scanning.allow_unseen => {
                tracing::warn!(%why, "a file was handed out unchecked");
                Ok(Checked::No)
            }
            Err(why) => {
                tracing::warn!(%why, "a file was not handed out");
                let too_large = why == Unseen::TooLarge;
                Err(Obstacle::Unchecked { too_large }.into())
            }
        }
    }
}

/// Whether somebody brought it, and not the press. A mail as it came in is evidence, and the mail program that opens
/// it looks into it.
fn from_outside(row: &FileRow) -> bool {
    [
        FilePurpose::Attachment,
        FilePurpose::Finding,
        FilePurpose::Note,
        FilePurpose::Proof,
    ]
    .iter()
    .any(|purpose| row.purpose() == purpose.code())
}

fn slices(bytes: &[u8]) -> Pieces<'_> {
    let pieces = bytes.chunks(PIECE).map(|piece| Ok(piece.to_vec()));
    Box::pin(futures_util::stream::iter(pieces))
}

/// What a reader gives, without holding up anybody and without holding it all.
fn pieces<R: Read + Send + 'static>(reader: R) -> Pieces<'static> {
    Box::pin(futures_util::stream::unfold(
        Some(reader),
        |reader| async move {
            let mut reader = reader?;
            let read = blocking(move || {
                let mut piece = Vec::with_capacity(PIECE);
                let most = u64::try_from(PIECE).unwrap_or(u64::MAX);
                let read = reader.by_ref().take(most).read_to_end(&mut piece);
                read.map(|_| (piece, reader))
            });
            match read.await {
                Ok(Ok((piece, _))) if piece.is_empty() => None,
                Ok(Ok((piece, reader))) => Some((Ok(piece), Some(reader))),
                Ok(Err(error)) => Some((Err(error), None)),
                Err(_) => Some((Err(std::io::Error::other("a worker died")), None)),
            }
        },
    ))
}
