//! What becomes of messages on the server once they are kept here: a mark, or another folder.

use async_imap::imap_proto::{AttributeValue, Response};

use super::command::{Command, Quoted, UidSet};
use super::line::{KEYWORD, Line, Opened};
use super::mishap::{Cause, Mishap, Step};

/// Numbers in one command; servers take lines of 8 KB.
const AT_ONCE: usize = 200;

/// Marks them as read, with our keyword where the server keeps it, and looks whether it did.
pub(super) async fn mark(line: &mut Line, opened: &Opened, uids: &[u32]) -> Result<(), Mishap> {
    may_change(opened)?;
    for uids in uids.chunks(AT_ONCE) {
        let set = UidSet::of(uids);
        let flags = if opened.keywords {
            "(\\Seen $Rechtzeitig)"
        } else {
            "(\\Seen)"
        };
        let command = Command::new("UID STORE").set(&set).word("+FLAGS.SILENT");
        line.talk(Step::Settle, command.word(flags), |_| {}).await?;
        // A folder that cannot be changed says yes to a change all the same.
        let mut unchanged = false;
        let command = Command::new("UID FETCH").set(&set).word("(UID FLAGS)");
        line.talk(Step::Settle, command, |answer| {
            unchanged |= with_flags(answer).is_some_and(|flags| {
                let has = |wanted: &str| flags.iter().any(|f| f.eq_ignore_ascii_case(wanted));
                !has("\\Seen") || (opened.keywords && !has(KEYWORD))
            });
        })
        .await?;
        if unchanged {
            return Err(Mishap::new(Step::Settle, Cause::Unchanged));
        }
    }
    Ok(())
}

/// Moves them to another folder, which is made if it is not there, and looks whether they are gone.
pub(in crate::mail) async fn relocate(
    line: &mut Line,
    opened: &Opened,
    uids: &[u32],
    to: &Quoted,
) -> Result<(), Mishap> {
    may_change(opened)?;
    let at_once = line.offers("MOVE");
    // Plain EXPUNGE would also remove what others have marked: without UIDPLUS nothing is moved.
    if !at_once && !line.offers("UIDPLUS") {
        let what = "the server can neither MOVE nor remove single messages (UIDPLUS)";
        return Err(Mishap::new(Step::Settle, Cause::Unable(what)));
    }
    for uids in uids.chunks(AT_ONCE) {
        // Those that a person moved meanwhile are settled; a command for none is an error on some servers.
        let uids = still_there(line, uids).await?;
        if uids.is_empty() {
            continue;
        }
        let set = UidSet::of(&uids);
        let verb = if at_once { "UID MOVE" } else { "UID COPY" };
        let command = || Command::new(verb).set(&set).text(to);
        let moved = line.talk(Step::Settle, command(), |_| {}).await;
        if let Err(Mishap {
            cause: Cause::No { create: true, .. },
            ..
        }) = moved
        {
            line.talk(Step::Settle, Command::new("CREATE").text(to), |_| {})
                .await?;
            line.talk(Step::Settle, command(), |_| {}).await?;
        } else {
            moved?;
        }
        if !at_once {
            let command = Command::new("UID STORE").set(&set);
            let command = command.word("+FLAGS.SILENT (\\Deleted)");
            line.talk(Step::Settle, command, |_| {}).await?;
            let command = Command::new("UID EXPUNGE").set(&set);
            line.talk(Step::Settle, command, |_| {}).await?;
        }
        if !still_there(line, &uids).await?.is_empty() {
            return Err(Mishap::new(Step::Settle, Cause::Unchanged));
        }
    }
    Ok(())
}

fn may_change(opened: &Opened) -> Result<(), Mishap> {
    if opened.writable {
        return Ok(());
    }
    let what = "this account may only read the folder";
    Err(Mishap::new(Step::Settle, Cause::Unable(what)))
}

async fn still_there(line: &mut Line, uids: &[u32]) -> Result<Vec<u32>, Mishap> {
    let mut there = Vec::new();
    let command = Command::new("UID FETCH")
        .set(&UidSet::of(uids))
        .word("(UID)");
    line.talk(Step::Settle, command, |answer| {
        if let Response::Fetch(_, told) = answer {
            there.extend(told.iter().filter_map(|value| match value {
                AttributeValue::Uid(uid) => Some(*uid),
                _ => None,
            }));
        }
    })
    .await?;
    there.retain(|uid| uids.contains(uid));
    there.sort_unstable();
    there.dedup();
    Ok(there)
}

/// The flags of an answer that has them together with its number.
fn with_flags<'a>(answer: &'a Response<'_>) -> Option<Vec<&'a str>> {
    let Response::Fetch(_, told) = answer else {
        return None;
    };
    let numbered = told.iter().any(|v| matches!(v, AttributeValue::Uid(_)));
    told.iter()
        .filter(|_| numbered)
        .find_map(|value| match value {
            AttributeValue::Flags(flags) => Some(flags.iter().map(AsRef::as_ref).collect()),
            _ => None,
        })
}
