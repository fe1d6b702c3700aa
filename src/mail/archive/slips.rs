//! What is taken of a message to know whose it is: its head, its size, its day; and pieces of the whole.

use std::collections::BTreeMap;

use async_imap::imap_proto::{AttributeValue, Response};
use chrono::{DateTime, Utc};
use ring::digest::{Context, SHA256};

use super::super::imap::command::{Command, UidSet};
use super::super::imap::line::Line;
use super::super::imap::mishap::{Cause, Mishap, Step};
use super::super::imap::reading::moment;
use super::folders::{is_closed, plain};
use super::head::Head;
use super::place::Look;

/// Of a head so much is taken; who needs more addresses than this holds writes to a list.
pub(super) const HEAD: usize = 131_072;
/// Heads in one answer.
pub(super) const AT_ONCE: usize = 40;
/// A piece of a message.
pub(super) const PIECE: u64 = 1024 * 1024;

/// What is known of a message.
pub(super) struct Slip {
    pub uid: u32,
    pub at: Option<DateTime<Utc>>,
    pub look: Look,
    pub head: Head,
    /// The head as it came.
    pub raw: Vec<u8>,
    pub deleted: bool,
    pub draft: bool,
}

impl Slip {
    /// Whether there was more of the head than was taken.
    pub fn cut(&self) -> bool {
        self.raw.len() >= HEAD
    }
}

/// The slips of these messages; those that are gone meanwhile are left out. And how many were there that make no sense.
pub(super) async fn slips(line: &mut Line, uids: &[u32]) -> Result<(Vec<Slip>, u64), Mishap> {
    let mut slips = BTreeMap::new();
    let mut garbled = 0;
    let command = Command::new("UID FETCH")
        .set(&UidSet::of(uids))
        .word("(UID FLAGS INTERNALDATE RFC822.SIZE BODY.PEEK[HEADER]<0.131072>)");
    line.talk(Step::Read, command, |answer| {
        let Response::Fetch(_, told) = answer else {
            return;
        };
        let (mut uid, mut size, mut at, mut raw) = (None, None, None, None);
        let mut flags = Vec::new();
        for value in told {
            match value {
                AttributeValue::Uid(told) => uid = Some(*told),
                AttributeValue::Rfc822Size(told) => size = Some(*told),
                AttributeValue::InternalDate(told) => at = moment(told),
                AttributeValue::Flags(told) => {
                    flags.extend(told.iter().map(|it| it.to_ascii_lowercase()))
                }
                AttributeValue::BodySection { data, .. } => {
                    raw = Some(data.as_ref().map(|it| it.to_vec()).unwrap_or_default());
                }
                _ => {}
            }
        }
        // Flags that somebody changed meanwhile are told without a head.
        let Some(raw) = raw else {
            return;
        };
        let (Some(uid), Some(size)) = (uid.filter(|it| uids.contains(it)), size) else {
            garbled += 1;
            return;
        };
        let has = |flag: &str| flags.iter().any(|it| it == flag);
        slips.entry(uid).or_insert_with(|| Slip {
            uid,
            at,
            look: Look::new(size, &raw),
            head: Head::read(&raw),
            deleted: has("\\deleted"),
            draft: has("\\draft"),
            raw,
        });
    })
    .await?;
    Ok((slips.into_values().collect(), garbled))
}

/// One slip.
pub(super) async fn slip(line: &mut Line, uid: u32) -> Result<Option<Slip>, Mishap> {
    Ok(slips(line, &[uid]).await?.0.pop())
}

/// Gmail's own number of each of these messages, and whether a label shuts it. What says nothing of its labels is shut.
pub(super) async fn labelled(
    line: &mut Line,
    uids: &[u32],
    closed: &[String],
) -> Result<BTreeMap<u32, (u64, bool)>, Mishap> {
    let mut known = BTreeMap::new();
    let command = Command::new("UID FETCH")
        .set(&UidSet::of(uids))
        .word("(UID X-GM-MSGID X-GM-LABELS)");
    line.talk(Step::Read, command, |answer| {
        let Response::Fetch(_, told) = answer else {
            return;
        };
        let (mut uid, mut id, mut shut) = (None, None, !closed.is_empty());
        for value in told {
            match value {
                AttributeValue::Uid(told) => uid = Some(*told),
                AttributeValue::GmailMsgId(told) => id = Some(*told),
                AttributeValue::GmailLabels(labels) => {
                    shut = labels.iter().any(|it| is_closed(&plain(it), closed));
                }
                _ => {}
            }
        }
        if let (Some(uid), Some(id)) = (uid, id) {
            known.insert(uid, (id, shut));
        }
    })
    .await?;
    Ok(known)
}

/// A piece of a message; nothing, if it is not there any more.
pub(super) async fn piece(
    line: &mut Line,
    uid: u32,
    from: u64,
    bytes: u64,
) -> Result<Option<Vec<u8>>, Mishap> {
    let mut piece = None;
    let command = Command::new("UID FETCH")
        .set(&UidSet::of(&[uid]))
        .piece(from, bytes);
    line.talk_at_length(
        Step::Read,
        command,
        bytes.saturating_mul(2).saturating_add(65_536),
        |answer| {
            let Response::Fetch(_, told) = answer else {
                return;
            };
            let ours = told
                .iter()
                .any(|it| matches!(it, AttributeValue::Uid(told) if *told == uid));
            let body = told.iter().find_map(|value| match value {
                AttributeValue::BodySection { data, .. } => Some(data.as_ref()),
                _ => None,
            });
            if let (true, Some(body)) = (ours, body) {
                piece = Some(body.map(|it| it.to_vec()).unwrap_or_default());
            }
        },
    )
    .await?;
    if piece
        .as_ref()
        .is_some_and(|it: &Vec<u8>| it.len() as u64 > bytes)
    {
        let what = "the server gives a larger piece than was asked for";
        return Err(Mishap::new(Step::Read, Cause::Garbled(what)));
    }
    Ok(piece)
}

/// A hash of all of a message, up to so many bytes; nothing, if it is larger or gone.
pub(super) async fn whole(
    line: &mut Line,
    uid: u32,
    largest: u64,
) -> Result<Option<Vec<u8>>, Mishap> {
    let mut hash = Context::new(&SHA256);
    let mut so_far = 0_u64;
    loop {
        let Some(bytes) = piece(line, uid, so_far, PIECE).await? else {
            return Ok(None);
        };
        so_far += bytes.len() as u64;
        hash.update(&bytes);
        if (bytes.len() as u64) < PIECE {
            return Ok(Some(hash.finish().as_ref().to_vec()));
        }
        if so_far > largest {
            return Ok(None);
        }
    }
}
