//! The message itself, byte by byte as it lies there, in pieces.

use futures_util::stream;

use super::ImapArchive;
use super::lines::{Held, office, unharmed};
use super::place::{Look, Place};
use super::record::RAW;
use super::slips::{PIECE, piece, slip};
use crate::ports::source::{Copies, Fault, FileRef, Mishap, Pieces, RecordRef};

enum At<'a> {
    Before,
    Amid {
        held: Box<Held<'a>>,
        place: Place,
        look: Look,
        so_far: u64,
    },
    End,
}

impl Copies for ImapArchive {
    fn fetch<'a>(&'a self, record: &'a RecordRef, file: &'a FileRef) -> Pieces<'a> {
        Box::pin(stream::try_unfold(At::Before, move |at| {
            unharmed(self.next(record, file, at))
        }))
    }
}

impl ImapArchive {
    async fn next<'a>(
        &'a self,
        record: &RecordRef,
        file: &FileRef,
        at: At<'a>,
    ) -> Result<Option<(Vec<u8>, At<'a>)>, Mishap> {
        let (mut held, place, look, so_far) = match at {
            At::End => return Ok(None),
            At::Amid {
                held,
                place,
                look,
                so_far,
            } => (held, place, look, so_far),
            At::Before => {
                if file.id != RAW {
                    return Err(Mishap::new(Fault::Missing, "a message has one file only"));
                }
                let (place, look) = Place::of(record)?;
                let mut held = self.reader.take().await?;
                self.unchanged(&mut held, &place, &look).await?;
                (Box::new(held), place, look, 0)
            }
        };
        let line = &mut held.line;
        let taken = piece(line, place.uid, so_far, PIECE)
            .await
            .map_err(|it| office(&it))?;
        let Some(bytes) = taken else {
            return Err(Mishap::new(
                Fault::Conflict,
                "IMAP, the message went while it was copied",
            ));
        };
        let got = bytes.len() as u64;
        let so_far = so_far.saturating_add(got);
        if so_far > self.largest_file {
            return Err(too_large(self.largest_file));
        }
        // Some servers give less than they are asked for in the middle, and some only estimate the size: the end is where
        // nothing more comes, or where all comes that was told.
        if got == 0 || (got < PIECE && so_far == u64::from(look.size)) {
            held.give_back();
            return Ok(Some((bytes, At::End)));
        }
        Ok(Some((
            bytes,
            At::Amid {
                held,
                place,
                look,
                so_far,
            },
        )))
    }

    /// Opens the folder to read, and sees that the message is the one that was found.
    async fn unchanged(
        &self,
        held: &mut Held<'_>,
        place: &Place,
        look: &Look,
    ) -> Result<(), Mishap> {
        self.may_open(place)?;
        let line = &mut held.line;
        let opened = line
            .open_folder(&place.quoted()?, false)
            .await
            .map_err(|it| office(&it))?;
        if opened.validity != place.validity {
            return Err(Mishap::new(Fault::Conflict, "IMAP, the folder counts anew"));
        }
        if u64::from(look.size) > self.largest_file {
            return Err(too_large(self.largest_file));
        }
        match slip(line, place.uid).await.map_err(|it| office(&it))? {
            None => Err(Mishap::new(
                Fault::Missing,
                "IMAP, the message is not there",
            )),
            Some(slip) if slip.look != *look => Err(Mishap::new(
                Fault::Conflict,
                "IMAP, another message lies there",
            )),
            Some(_) => Ok(()),
        }
    }
}

fn too_large(largest: u64) -> Mishap {
    Mishap::new(Fault::TooLarge, format!("more than {largest} bytes"))
}
