//! Copies of files: Odoo sends a whole file as one text inside JSON, which is undone piece by piece, so that no file
//! lies in memory as a whole.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use futures_util::StreamExt;
use futures_util::stream;

use super::Odoo;
use super::models::ATTACHMENT;
use super::place::known;
use super::record::BYTES;
use super::refusal::Refusal;
use super::site::Site;
use crate::ports::source::{Copies, Fault, FileRef, Mishap, Pieces, RecordRef};

/// What stands around the file in the answer may be so long.
const AROUND: usize = 256 * 1024;

impl Copies for Odoo {
    fn fetch<'a>(&'a self, record: &'a RecordRef, file: &'a FileRef) -> Pieces<'a> {
        let begun = async move {
            let (model, id) = known(&self.models(), record)?;
            let site = self.reading.site().await?;
            let size = self.size_of(&site, &model.name, id, file).await?;
            let largest = self
                .largest_file
                .saturating_mul(4)
                .div_ceil(3)
                .saturating_add(AROUND as u64);
            let pieces = site.wire.stream(&model.name, id, &file.id, largest);
            Ok(undone(
                site,
                Inside::new(file.id.clone(), model.name.clone(), id, size),
                pieces,
            ))
        };
        Box::pin(
            stream::once(begun).flat_map(|begun: Result<_, Mishap>| match begun {
                Ok(pieces) => pieces.left_stream(),
                Err(mishap) => stream::once(std::future::ready(Err(mishap))).right_stream(),
            }),
        )
    }
}

impl Odoo {
    /// How large the file is, asked before it is fetched; none, where only its bytes tell.
    async fn size_of(
        &self,
        site: &Site,
        model: &str,
        id: i64,
        file: &FileRef,
    ) -> Result<Option<u64>, Refusal> {
        let fields = site.needs(model).await?;
        let binary = |ty: &str| matches!(ty, "binary" | "image");
        if !fields.kind(&file.id).is_some_and(|kind| binary(&kind.ty)) {
            return Err(Mishap::new(Fault::Unknown, format!("{model}: no such file")).into());
        }
        if model != ATTACHMENT || file.id != BYTES {
            return Ok(None);
        }
        let row = site.wire.read(model, id, &["file_size".to_owned()]).await?;
        let row = row.ok_or_else(|| Mishap::new(Fault::Missing, ATTACHMENT))?;
        let size = row
            .value("file_size")
            .and_then(serde_json::Value::as_u64)
            .unwrap_or(0);
        match size > self.largest_file {
            true => Err(Mishap::new(
                Fault::TooLarge,
                format!("more than {} bytes", self.largest_file),
            )
            .into()),
            false => Ok(Some(size)),
        }
    }
}

/// Where in the answer we are.
#[derive(Clone, Copy, PartialEq)]
enum Part {
    Before,
    File,
    After,
}

/// A file inside of an answer.
struct Inside {
    field: String,
    model: String,
    id: i64,
    size: Option<u64>,
    part: Part,
    /// The answer without the file.
    around: Vec<u8>,
    /// Letters that do not make whole bytes yet.
    rest: Vec<u8>,
    bytes: u64,
}

impl Inside {
    fn new(field: String, model: String, id: i64, size: Option<u64>) -> Inside {
        Inside {
            field,
            model,
            id,
            size,
            part: Part::Before,
            around: Vec::new(),
            rest: Vec::new(),
            bytes: 0,
        }
    }

    /// Takes a piece of the answer and gives what of the file is in it.
    fn take(&mut self, piece: &[u8]) -> Result<Vec<u8>, Mishap> {
        let mut file = Vec::new();
        let key = format!("\"{}\":", self.field).into_bytes();
        for &byte in piece {
            match (self.part, byte) {
                (Part::File, b'"') => {
                    self.part = Part::After;
                    self.around.push(byte);
                }
                // A line break in the text is written as two letters, and a slash may be.
                (Part::File, b'\\' | b'n' | b'r')
                    if byte == b'\\' || self.rest.last() == Some(&b'\\') =>
                {
                    match byte {
                        b'\\' => self.rest.push(byte),
                        _ => drop(self.rest.pop()),
                    }
                }
                (Part::File, _) => {
                    if self.rest.last() == Some(&b'\\') {
                        self.rest.pop();
                    }
                    self.rest.push(byte);
                }
                _ => {
                    self.around.push(byte);
                    if self.around.len() > AROUND {
                        return Err(unreadable("too much around the file"));
                    }
                    if self.part == Part::Before && byte == b'"' && opens(&self.around, &key) {
                        self.part = Part::File;
                    }
                }
            }
        }
        let whole = match self.part {
            // The last letters may still be followed by others, or be an escape that is not over.
            Part::File => self.rest.len().saturating_sub(1) / 4 * 4,
            _ => self.rest.len(),
        };
        let letters: Vec<u8> = self.rest.drain(..whole).collect();
        if !letters.is_empty() {
            file = STANDARD
                .decode(&letters)
                .map_err(|_| unreadable("no base64"))?;
            self.bytes = self.bytes.saturating_add(file.len() as u64);
        }
        Ok(file)
    }

    /// At the end: what stood around the file must be the answer that was asked for, and the size must be right.
    fn end(&self, site: &Site) -> Result<(), Mishap> {
        let rows = site.wire.rows_of(&self.around, &self.model)?;
        match rows.as_slice() {
            [] => Err(Mishap::new(Fault::Missing, self.model.clone())),
            [row] if row.id() != self.id => Err(unreadable("another record")),
            [_] if self.part != Part::After && self.size == Some(0) => Ok(()),
            [_] if self.part != Part::After => Err(Mishap::new(
                Fault::Missing,
                format!("{}: no bytes", self.model),
            )),
            [_] if self.size.is_some_and(|size| size != self.bytes) => Err(Mishap::new(
                Fault::HalfAnswer,
                format!("{}: another size", self.model),
            )),
            [_] => Ok(()),
            _ => Err(unreadable("more than one record")),
        }
    }
}

/// Whether what came so far ends with the beginning of the file: its name, a colon, and a quotation mark.
fn opens(around: &[u8], key: &[u8]) -> bool {
    let before = around.strip_suffix(b"\"").unwrap_or_default();
    before.trim_ascii_end().ends_with(key)
}

fn unreadable(what: &str) -> Mishap {
    Mishap::new(Fault::Unreadable, format!("file: {what}"))
}

fn undone(site: std::sync::Arc<Site>, inside: Inside, pieces: Pieces<'static>) -> Pieces<'static> {
    let state = Some((site, inside, pieces));
    Box::pin(stream::try_unfold(state, |state| async move {
        let Some((site, mut inside, mut pieces)) = state else {
            return Ok(None);
        };
        match pieces.next().await {
            Some(piece) => {
                let file = inside.take(&piece?)?;
                Ok(Some((file, Some((site, inside, pieces)))))
            }
            None => {
                inside.end(&site)?;
                Ok(None)
            }
        }
    }))
}
