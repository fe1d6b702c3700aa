//! By what a message is found again: its folder, the numbering of that folder, its number; and what it looked like.

use ring::digest::{SHA256, digest};

use super::super::imap::command::Quoted;
use crate::ports::source::{Fault, Mishap, RecordRef};

/// What a message is to the office.
pub(super) const KIND: &str = "message";

/// Where a message lies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Place {
    /// The folder as the server writes it.
    pub folder: String,
    /// How the folder counts.
    pub validity: u32,
    /// The message's number.
    pub uid: u32,
}

impl Place {
    /// As in an IMAP URL (RFC 5092).
    pub fn reference(&self, look: &Look) -> RecordRef {
        let mut folder = String::new();
        for byte in self.folder.bytes() {
            match byte {
                b'A'..=b'Z'
                | b'a'..=b'z'
                | b'0'..=b'9'
                | b'/'
                | b'.'
                | b'-'
                | b'_'
                | b'&'
                | b','
                | b'+' => {
                    folder.push(char::from(byte));
                }
                _ => folder.push_str(&format!("%{byte:02X}")),
            }
        }
        let id = format!("{folder};UIDVALIDITY={}/;UID={}", self.validity, self.uid);
        RecordRef {
            version: Some(look.to_text()),
            ..RecordRef::new(KIND, id)
        }
    }

    /// Reads it back, with what the message looked like.
    pub fn of(record: &RecordRef) -> Result<(Place, Look), Mishap> {
        let wrong = || Mishap::new(Fault::Missing, "this is no message of a mailbox");
        if record.kind != KIND {
            return Err(wrong());
        }
        let place = Place::read(record.id.reveal()).ok_or_else(wrong)?;
        let look = record
            .version
            .as_deref()
            .and_then(Look::read)
            .ok_or_else(wrong)?;
        Ok((place, look))
    }

    fn read(id: &str) -> Option<Place> {
        let (rest, uid) = id.rsplit_once("/;UID=")?;
        let (folder, validity) = rest.rsplit_once(";UIDVALIDITY=")?;
        let mut bytes = Vec::new();
        let mut letters = folder.bytes();
        while let Some(byte) = letters.next() {
            bytes.push(match byte {
                b'%' => {
                    let pair = [letters.next()?, letters.next()?];
                    u8::from_str_radix(std::str::from_utf8(&pair).ok()?, 16).ok()?
                }
                other => other,
            });
        }
        Some(Place {
            folder: String::from_utf8(bytes).ok().filter(|it| !it.is_empty())?,
            validity: validity.parse().ok().filter(|&it| it > 0)?,
            uid: uid.parse().ok().filter(|&it| it > 0)?,
        })
    }

    /// The folder for a command.
    pub fn quoted(&self) -> Result<Quoted, Mishap> {
        Quoted::ascii(&self.folder).ok_or_else(|| Mishap::new(Fault::Missing, "this is no folder"))
    }
}

/// What a message looked like: nobody changes another one in its place.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Look {
    /// Its bytes, as the server counts them.
    pub size: u32,
    head: String,
}

impl Look {
    pub fn new(size: u32, head: &[u8]) -> Look {
        let head = digest(&SHA256, head);
        let head = head
            .as_ref()
            .iter()
            .take(16)
            .map(|byte| format!("{byte:02x}"))
            .collect();
        Look { size, head }
    }

    fn to_text(&self) -> String {
        format!("{}-{}", self.size, self.head)
    }

    fn read(text: &str) -> Option<Look> {
        let (size, head) = text.split_once('-')?;
        Some(Look {
            size: size.parse().ok()?,
            head: head.to_owned(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_read_back_whatever_its_folder_is_called() {
        for folder in [
            "INBOX",
            "Entw&APw-rfe",
            "a;UIDVALIDITY=1/;UID=2",
            "100 %",
            "x\"y\\z",
        ] {
            let place = Place {
                folder: folder.into(),
                validity: 7,
                uid: 9,
            };
            let look = Look::new(100, b"Subject: a");
            assert_eq!(Place::of(&place.reference(&look)).unwrap(), (place, look));
        }
        for id in [
            "",
            "INBOX",
            ";UIDVALIDITY=1/;UID=1",
            "a;UIDVALIDITY=0/;UID=1",
            "a;UIDVALIDITY=1/;UID=1:*",
        ] {
            assert_eq!(Place::read(id), None, "{id}");
        }
    }
}
