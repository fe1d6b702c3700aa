//! Copies of files from Zammad: attachments, inline pictures, and mails as they came.

use futures_util::StreamExt;
use futures_util::stream;

use super::{Zammad, key};
use crate::adapters::http::Call;
use crate::ports::source::{Copies, Fault, FileRef, Mishap, Pieces, RecordRef};

impl Copies for Zammad {
    fn fetch<'a>(&'a self, record: &'a RecordRef, file: &'a FileRef) -> Pieces<'a> {
        let Some(call) = call(record, file) else {
            let wrong = Mishap::new(Fault::Missing, "no such file of this record");
            return Box::pin(stream::once(std::future::ready(Err(wrong))));
        };
        let pieces = self.reading.http.stream(call, self.limits.largest_file);
        match file.id.starts_with("plain-") {
            // No original is kept of this message: that is said with an empty body, which is no mail.
            true => Box::pin(stream::unfold(
                (pieces, false, false),
                |(mut pieces, some, end)| async move {
                    loop {
                        match pieces.next().await {
                            _ if end => return None,
                            Some(Ok(piece)) if piece.is_empty() => {}
                            Some(piece) => {
                                let end = piece.is_err();
                                return Some((piece, (pieces, true, end)));
                            }
                            None if some => return None,
                            None => {
                                let none =
                                    Mishap::new(Fault::Missing, "no original of this message");
                                return Some((Err(none), (pieces, true, true)));
                            }
                        }
                    }
                },
            )),
            false => pieces,
        }
    }
}

/// The file's place, if it hangs on this record and its key is one of ours.
fn call(record: &RecordRef, file: &FileRef) -> Option<Call> {
    let article = key(record, "article")?.to_string();
    let digits = |part: &&str| !part.is_empty() && part.bytes().all(|it| it.is_ascii_digit());
    let parts: Vec<&str> = file.id.split('-').collect();
    match parts.as_slice() {
        ["plain", id] if *id == article => Some(Call::get(&["ticket_article_plain", id])),
        [ticket, id, number] if *id == article && digits(ticket) && digits(number) => {
            Some(Call::get(&["ticket_attachment", ticket, id, number]))
        }
        _ => None,
    }
}
