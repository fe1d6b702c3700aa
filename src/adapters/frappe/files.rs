//! Copies of files: the bytes lie behind an address of the site, private ones behind the key.

use futures_util::StreamExt;

use super::Frappe;
use super::wire::text;
use crate::ports::source::{Copies, Fault, FileRef, Mishap, Pieces, RecordRef};

impl Copies for Frappe {
    fn fetch<'a>(&'a self, _record: &'a RecordRef, file: &'a FileRef) -> Pieces<'a> {
        let begun = async move {
            let row = self.reading.read("File", &file.id).await?;
            let row = row.ok_or_else(|| Mishap::new(Fault::Missing, "File"))?;
            let url = text(&row, "file_url").unwrap_or_default();
            // A file that lies elsewhere would take the key elsewhere, too.
            if !url.starts_with("/files/") && !url.starts_with("/private/files/") {
                return Err(Mishap::new(
                    Fault::Redirected,
                    "the file lies outside of the site",
                ));
            }
            let pieces: Vec<&str> = url.split('/').filter(|it| !it.is_empty()).collect();
            Ok(self.reading.bytes(&pieces, self.largest_file))
        };
        Box::pin(
            futures_util::stream::once(begun).flat_map(|begun| match begun {
                Ok(pieces) => pieces.left_stream(),
                Err(mishap) => {
                    futures_util::stream::once(std::future::ready(Err(mishap))).right_stream()
                }
            }),
        )
    }
}
