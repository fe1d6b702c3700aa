//! Taking messages out: first which, how large and since when, then the messages themselves, a portion at a time.

use std::{collections::BTreeMap, ops::RangeInclusive};

use async_imap::imap_proto::{AttributeValue, MailboxDatum, Response};
use chrono::{DateTime, Days, NaiveDate, Utc};
use chrono_tz::Europe::Berlin;

use super::command::{Command, UidSet};
use super::line::{Line, Opened};
use super::mishap::{Cause, Mishap, Step};
use crate::ports::{Fetched, Portion};

/// Messages in a portion.
const MESSAGES: usize = 64;
/// Bytes in a portion, unless a single message has more.
const BYTES: u64 = 16 * 1024 * 1024;
/// Of a message above the limit so much of its head is taken.
const HEAD: u64 = 256 * 1024;
/// A message above this is taken in pieces of this size: the line holds an answer as a whole, and keeps the room for it.
const PIECE: u64 = 1024 * 1024;
/// What answers may have around the messages that they bring, and messages beyond the size that
/// was told; some servers only estimate it.
const SLACK: u64 = 32 * 1024 * 1024;
/// Numbers that are searched at once: an answer has a line of its own for each search, however long.
const SPAN: u32 = 4_000;
/// Searches in one reading of a folder with many old messages.
const SEARCHES: usize = 25;

/// Readings that may break at a message before only its head is asked for, and before it is given up.
const TRIES: (u32, u32) = (3, 5);

/// Where a reading broke. What follows is taken one by one, so that a message which the server cannot
/// give stands alone, and does not keep the others from being read for ever.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Stumble {
    validity: u32,
    /// The message that was being taken alone, and how often that failed.
    uid: u32,
    times: u32,
    /// The last message of the portion that broke.
    until: u32,
}

/// What is to be taken.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wanted {
    /// The first number.
    pub next: u32,
    /// Messages that arrived before this day are passed over.
    pub from: Option<NaiveDate>,
    /// Whether that day is near, so that all that is younger can be found at once.
    pub near: bool,
    /// Of larger messages only the head.
    pub max_bytes: u64,
}

/// What is known of a message before it is taken.
#[derive(Clone, Copy, Debug)]
struct Slip {
    arrived: DateTime<Utc>,
    size: u64,
}

/// Takes the next portion out of the folder that was opened.
pub(super) async fn portion(
    line: &mut Line,
    opened: &Opened,
    wanted: Wanted,
    stumble: &mut Option<Stumble>,
) -> Result<Portion, Mishap> {
    let mut portion = Portion::default();
    portion.stand.validity = opened.validity;
    portion.stand.next = wanted.next;
    for _ in 0..SEARCHES {
        let next = portion.stand.next;
        if opened.exists == 0 || opened.next.is_some_and(|end| next >= end) {
            // Empty, or at the end. Numbers are never given twice, so what comes will be beyond.
            portion.stand.next = opened.next.map_or(next, |end| end.max(next));
            return Ok(portion);
        }
        // Where the server does not say where its numbers end, a stretch could be searched for ever.
        let last = opened
            .next
            .filter(|_| !wanted.near)
            .map(|end| next.saturating_add(SPAN).min(end).saturating_sub(1));
        let found = search(line, next, last, wanted.from).await?;
        let Some(first) = found.first() else {
            match (last, opened.next) {
                (Some(last), _) => portion.stand.next = last.saturating_add(1),
                (None, Some(end)) => portion.stand.next = end,
                (None, None) => return Ok(portion),
            }
            continue;
        };
        let before = stumble.filter(|s| s.validity == opened.validity && *first <= s.until);
        let considered: Vec<u32> = found.iter().copied().take(MESSAGES).collect();
        let slips = slips(line, &considered, *first).await?;
        let at_once = if before.is_some() { 1 } else { MESSAGES };
        let (chosen, passed) = choose(&considered, &slips, wanted, at_once);
        portion.messages = carefully(line, opened.validity, &chosen, wanted, stumble).await?;
        portion.stand.next = passed.saturating_add(1);
        portion.more = passed < found.last().copied().unwrap_or(passed)
            || opened.next.is_some_and(|end| portion.stand.next < end);
        if !portion.messages.is_empty() {
            return Ok(portion);
        }
    }
    portion.more = true;
    Ok(portion)
}

/// The numbers in a stretch, in order, leaving out what surely arrived before the day. The server
/// compares days of its own time zone: a day more on its side is put right by the exact moment later.
async fn search(
    line: &mut Line,
    first: u32,
    last: Option<u32>,
    from: Option<NaiveDate>,
) -> Result<Vec<u32>, Mishap> {
    let mut command = Command::new("UID SEARCH UID").set(&UidSet::span(first, last));
    if let Some(day) = from.and_then(|day| day.checked_sub_days(Days::new(1))) {
        command = command.word("SINCE").day(day);
    }
    let mut found = Vec::new();
    line.talk(Step::Read, command, |answer| {
        if let Response::MailboxData(MailboxDatum::Search(uids)) = answer {
            found.extend_from_slice(uids);
        }
    })
    .await?;
    // `n:*` beyond the end names the last message once more.
    let wanted = RangeInclusive::new(first, last.unwrap_or(u32::MAX));
    found.retain(|uid| wanted.contains(uid));
    found.sort_unstable();
    found.dedup();
    Ok(found)
}

/// Size and arrival of each that is still there.
async fn slips(line: &mut Line, uids: &[u32], first: u32) -> Result<BTreeMap<u32, Slip>, Mishap> {
    let mut slips = BTreeMap::new();
    let command = Command::new("UID FETCH")
        .set(&UidSet::of(uids))
        .word("(UID INTERNALDATE RFC822.SIZE)");
    let mut unreadable = false;
    line.talk(Step::Read, command, |answer| {
        let Response::Fetch(_, told) = answer else {
            return;
        };
        let (mut uid, mut size, mut arrived) = (None, None, None);
        for value in told {
            match value {
                AttributeValue::Uid(told) => uid = Some(*told),
                AttributeValue::Rfc822Size(told) => size = Some(u64::from(*told)),
                AttributeValue::InternalDate(told) => {
                    arrived = moment(told);
                    unreadable |= arrived.is_none();
                }
                _ => {}
            }
        }
        if let (Some(uid), Some(size), Some(arrived)) = (uid, size, arrived)
            && uid >= first
        {
            slips.insert(uid, Slip { arrived, size });
        }
    })
    .await?;
    if unreadable {
        // Without it the day of receipt, and with it the deadline, would be a guess.
        let what = "the server does not say when a message arrived (INTERNALDATE)";
        return Err(Mishap::new(Step::Read, Cause::Garbled(what)));
    }
    Ok(slips)
}

/// Those to take now, and the last number that needs no further look.
fn choose(
    considered: &[u32],
    slips: &BTreeMap<u32, Slip>,
    wanted: Wanted,
    at_once: usize,
) -> (Vec<(u32, Slip)>, u32) {
    let mut chosen = Vec::new();
    let mut bytes = 0_u64;
    let mut passed = wanted.next;
    for &uid in considered {
        // Gone meanwhile, or too old.
        let slip = slips.get(&uid).filter(|slip| {
            let day = slip.arrived.with_timezone(&Berlin).date_naive();
            wanted.from.is_none_or(|from| day >= from)
        });
        if let Some(slip) = slip {
            let weight = if slip.size > wanted.max_bytes {
                HEAD
            } else {
                slip.size
            };
            bytes = bytes.saturating_add(weight);
            if (bytes > BYTES && !chosen.is_empty()) || chosen.len() >= at_once {
                break;
            }
            chosen.push((uid, *slip));
        }
        passed = uid;
    }
    (chosen, passed)
}

/// Takes them, and remembers where it was in case it does not come back.
async fn carefully(
    line: &mut Line,
    validity: u32,
    chosen: &[(u32, Slip)],
    wanted: Wanted,
    stumble: &mut Option<Stumble>,
) -> Result<Vec<Fetched>, Mishap> {
    let (Some((first, slip)), Some((last, _))) = (chosen.first(), chosen.last()) else {
        return Ok(Vec::new());
    };
    let before = stumble.filter(|s| s.validity == validity && *first <= s.until);
    let alone = chosen.len() == 1;
    let failed = before
        .filter(|s| alone && s.uid == *first)
        .map_or(0, |s| s.times);
    let until = before.map_or(*last, |s| s.until);
    *stumble = Some(Stumble {
        validity,
        uid: *first,
        times: if alone { failed.saturating_add(1) } else { 0 },
        until,
    });
    let messages = if failed >= TRIES.1 {
        vec![Fetched {
            validity,
            uid: *first,
            arrived: slip.arrived,
            size: slip.size,
            raw: Vec::new(),
            whole: false,
        }]
    } else {
        let limit = if failed >= TRIES.0 {
            0
        } else {
            wanted.max_bytes
        };
        take(line, validity, chosen, limit).await?
    };
    *stumble = stumble.filter(|s| *last < s.until).map(|s| Stumble {
        uid: 0,
        times: 0,
        ..s
    });
    Ok(messages)
}

/// The messages themselves, in order.
async fn take(
    line: &mut Line,
    validity: u32,
    chosen: &[(u32, Slip)],
    max_bytes: u64,
) -> Result<Vec<Fetched>, Mishap> {
    let (whole, large): (Vec<_>, Vec<_>) = chosen
        .iter()
        .copied()
        .partition(|(_, slip)| slip.size <= max_bytes);
    let (small, heavy): (Vec<_>, Vec<_>) =
        whole.into_iter().partition(|(_, slip)| slip.size <= PIECE);
    let mut raw = BTreeMap::new();
    for (uid, slip) in heavy {
        if let Some(body) = in_pieces(line, uid, slip).await? {
            raw.insert(uid, (body, true));
        }
    }
    for (slips, whole) in [(small, true), (large, false)] {
        if slips.is_empty() {
            continue;
        }
        let uids: Vec<u32> = slips.iter().map(|(uid, _)| *uid).collect();
        let bytes: u64 = slips
            .iter()
            .map(|(_, slip)| if whole { slip.size } else { HEAD })
            .sum();
        // PEEK, because whoever reads this mailbox with a mail program goes by what is unread.
        let items = if whole {
            "(UID BODY.PEEK[])"
        } else {
            "(UID BODY.PEEK[HEADER]<0.262144>)"
        };
        let command = Command::new("UID FETCH")
            .set(&UidSet::of(&uids))
            .word(items);
        line.talk_at_length(Step::Read, command, bytes.saturating_add(SLACK), |answer| {
            let Response::Fetch(_, told) = answer else {
                return;
            };
            let (mut uid, mut body) = (None, None);
            for value in told {
                match value {
                    AttributeValue::Uid(told) => uid = Some(*told),
                    AttributeValue::BodySection {
                        data: Some(data), ..
                    } => body = Some(data.to_vec()),
                    _ => {}
                }
            }
            if let (Some(uid), Some(body)) = (uid, body) {
                raw.insert(uid, (body, whole));
            }
        })
        .await?;
    }
    let messages = chosen.iter().filter_map(|(uid, slip)| {
        // One that was there a moment ago and now is not was taken away by a person.
        let (raw, whole) = raw.remove(uid)?;
        Some(Fetched {
            validity,
            uid: *uid,
            arrived: slip.arrived,
            size: slip.size,
            raw,
            whole,
        })
    });
    Ok(messages.collect())
}

/// One message, piece after piece; nothing, if somebody took it away meanwhile.
async fn in_pieces(line: &mut Line, uid: u32, slip: Slip) -> Result<Option<Vec<u8>>, Mishap> {
    let mut raw = Vec::with_capacity(usize::try_from(slip.size).unwrap_or(0));
    // What the server told of the size may be an estimate: the end is where it gives less than was asked for.
    let most = slip.size.saturating_add(SLACK);
    loop {
        let from = u64::try_from(raw.len()).unwrap_or(u64::MAX);
        let command = Command::new("UID FETCH").set(&UidSet::of(&[uid]));
        let mut piece = None;
        line.talk_at_length(
            Step::Read,
            command.piece(from, PIECE),
            PIECE.saturating_add(SLACK),
            |answer| {
                let Response::Fetch(_, told) = answer else {
                    return;
                };
                let ours = told
                    .iter()
                    .any(|it| matches!(it, AttributeValue::Uid(told) if *told == uid));
                let body = told.iter().find_map(|value| match value {
                    AttributeValue::BodySection { data, .. } => Some(data),
                    _ => None,
                });
                if let (true, Some(body)) = (ours, body) {
                    let body = body.as_ref().map(|it| it.to_vec());
                    piece = Some(body.unwrap_or_default());
                }
            },
        )
        .await?;
        let Some(piece) = piece else {
            return Ok(None);
        };
        let got = u64::try_from(piece.len()).unwrap_or(u64::MAX);
        raw.extend_from_slice(&piece);
        if got < PIECE {
            return Ok(Some(raw));
        }
        if from > most {
            let what = "the server gives more of a message than it said there is";
            return Err(Mishap::new(Step::Read, Cause::Garbled(what)));
        }
    }
}

pub(in crate::mail) fn moment(told: &str) -> Option<DateTime<Utc>> {
    DateTime::parse_from_str(told.trim(), "%d-%b-%Y %H:%M:%S %z")
        .ok()
        .map(|moment| moment.to_utc())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slip(size: u64, arrived: &str) -> Slip {
        let arrived = moment(arrived).unwrap();
        Slip { arrived, size }
    }

    fn wanted() -> Wanted {
        Wanted {
            next: 1,
            from: None,
            near: false,
            max_bytes: 1_000,
        }
    }

    #[test]
    fn the_servers_moments_are_read() {
        let told = moment(" 1-Mar-2026 00:30:00 +0100").unwrap();
        assert_eq!(told.to_rfc3339(), "2026-02-28T23:30:00+00:00");
        assert!(moment("01-Mar-2026 00:30:00 +0100").is_some());
        assert!(moment("yesterday").is_none());
    }

    #[test]
    fn the_day_of_arrival_counts_in_berlin() {
        let mut wanted = wanted();
        wanted.from = NaiveDate::from_ymd_opt(2026, 3, 1);
        let slips = BTreeMap::from([
            (1, slip(10, "28-Feb-2026 22:59:59 +0000")),
            (2, slip(10, "28-Feb-2026 23:00:00 +0000")),
            (3, slip(10, "28-Feb-2026 14:00:00 -1000")),
        ]);
        let (chosen, passed) = choose(&[1, 2, 3], &slips, wanted, MESSAGES);
        let uids: Vec<u32> = chosen.iter().map(|(uid, _)| *uid).collect();
        assert_eq!((uids, passed), (vec![2, 3], 3));
    }

    #[test]
    fn a_portion_ends_before_it_grows_too_heavy_but_holds_at_least_one() {
        let mut wanted = wanted();
        wanted.max_bytes = 2 * BYTES;
        let heavy = slip(BYTES, "1-Mar-2026 12:00:00 +0000");
        let slips = BTreeMap::from([(5, heavy), (7, heavy)]);
        let (chosen, passed) = choose(&[5, 7], &slips, wanted, MESSAGES);
        assert_eq!((chosen.len(), passed), (1, 5));
        // Above the limit only a head is taken, which weighs little.
        wanted.max_bytes = 1_000;
        let (chosen, passed) = choose(&[5, 7], &slips, wanted, MESSAGES);
        assert_eq!((chosen.len(), passed), (2, 7));
    }

    #[test]
    fn after_a_stumble_they_are_taken_one_by_one() {
        let one = slip(1, "1-Mar-2026 12:00:00 +0000");
        let slips = BTreeMap::from([(4, one), (9, one)]);
        let (chosen, passed) = choose(&[4, 9], &slips, wanted(), 1);
        assert_eq!((chosen.len(), passed), (1, 4));
    }

    #[test]
    fn what_is_gone_is_passed_over() {
        let slips = BTreeMap::from([(9, slip(1, "1-Mar-2026 12:00:00 +0000"))]);
        let (chosen, passed) = choose(&[4, 9, 12], &slips, wanted(), MESSAGES);
        assert_eq!((chosen.len(), passed), (1, 12));
    }
}
