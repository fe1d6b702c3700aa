//! Ends of messages: taken away for good, or put where only few can see them; each re-read before and after.

use async_imap::imap_proto::{MailboxDatum, Response};

use super::super::imap::command::{Command, Quoted, UidSet};
use super::super::imap::line::{Line, Opened};
use super::super::imap::mishap::{self as talk, Step};
use super::super::imap::settling::relocate;
use super::ImapArchive;
use super::folders::{Survey, plain, survey};
use super::lines::{is_no, office};
use super::place::{Look, Place};
use super::slips::{AT_ONCE, slip, slips};
use crate::ports::source::{
    Fate, Fault, Leftover, LeftoverKind, Manner, Mishap, Outcome, Preview, SideEffect,
};

/// A folder of ours for one message, on servers that cannot take away single ones.
const SCRATCH: &str = "Rechtzeitig";

/// What stands at a place now.
enum Now {
    /// The message that was found.
    There(Opened),
    /// Nothing.
    Gone,
}

/// Where a message lies that was on its way out when the line broke: its own place is empty then, and it is not gone.
enum Halfway {
    /// In the bin, under this number.
    Bin(Opened, u32),
    /// In a folder of ours.
    Scratch(Quoted),
}

impl Halfway {
    async fn end(self, line: &mut Line, look: &Look) -> Result<(), talk::Mishap> {
        match self {
            Halfway::Bin(opened, uid) => expunge(line, &opened, uid, look).await,
            Halfway::Scratch(folder) => discard(line, &folder, look).await,
        }
    }
}

impl ImapArchive {
    pub(super) async fn previewed(
        &self,
        line: &mut Line,
        place: &Place,
        look: &Look,
    ) -> Result<Preview, Mishap> {
        self.may_open(place)?;
        let survey = survey(line, &self.settings.closed, &[]).await?;
        let now = self.now(line, place, look, false).await?;
        let there = match now {
            Now::There(_) => true,
            Now::Gone => halfway(line, &survey, place, look, false).await?.is_some(),
        };
        let copies = elsewhere(line, &survey, place, look).await?;
        Ok(Preview {
            there,
            fate: Fate::Gone,
            why: String::new(),
            effects: vec![SideEffect::Final],
            leftovers: self.leftovers(copies),
        })
    }

    pub(super) async fn erased(
        &self,
        line: &mut Line,
        place: &Place,
        look: &Look,
    ) -> Result<Outcome, Mishap> {
        self.may_open(place)?;
        let survey = survey(line, &self.settings.closed, &[]).await?;
        let seen = match self.now(line, place, look, true).await? {
            Now::There(opened) => {
                self.take_away(line, &survey, place, look, &opened).await?;
                "UID FETCH: none"
            }
            // It may lie where we put it ourselves.
            Now::Gone => match self.restricted_place(line, look).await? {
                Some((there, opened)) => {
                    self.take_away(line, &survey, &there, look, &opened).await?;
                    "UID FETCH in the restricted folder: none"
                }
                None => match halfway(line, &survey, place, look, true).await? {
                    Some(halfway) => {
                        halfway.end(line, look).await.map_err(|it| office(&it))?;
                        "UID FETCH, and where a broken line had left it: none"
                    }
                    None => "UID FETCH: none, before already",
                },
            },
        };
        let copies = elsewhere(line, &survey, place, look).await?;
        Ok(Outcome::new(
            Fate::Gone,
            format!("{seen}; copies in other folders: {copies}"),
        )
        .leaving(self.leftovers(copies)))
    }

    pub(super) async fn put_aside(
        &self,
        line: &mut Line,
        place: &Place,
        look: &Look,
        restricted: bool,
    ) -> Result<Outcome, Mishap> {
        self.may_open(place)?;
        let (aside, _) = self
            .aside
            .as_ref()
            .ok_or_else(|| Mishap::new(Fault::Misconfigured, "restricted_folder is not set"))?;
        if line.offers("X-GM-EXT-1") {
            return Err(Mishap::new(
                Fault::Refused,
                "IMAP, a label restricts nothing",
            ));
        }
        let fate = if restricted {
            Fate::Restricted
        } else {
            Fate::Free
        };
        let (from, to) = match restricted {
            true => match self.now(line, place, look, true).await? {
                Now::There(opened) => (Some((place.uid, opened)), aside.clone()),
                Now::Gone => (None, aside.clone()),
            },
            false => {
                let there = self.restricted_place(line, look).await?;
                (
                    there.map(|(there, opened)| (there.uid, opened)),
                    place.quoted()?,
                )
            }
        };
        if let Some((uid, opened)) = from {
            relocate(line, &opened, &[uid], &to)
                .await
                .map_err(|it| office(&it))?;
        }
        let (_, found) = look_into(line, &to, look, false).await?;
        match (found.is_empty(), from) {
            (false, _) => Ok(Outcome::new(fate, "UID SEARCH in the other folder: there")),
            (true, Some(_)) => Err(Mishap::new(
                Fault::NotWritten,
                "IMAP, it did not arrive in the other folder",
            )),
            (true, None) => Err(Mishap::new(
                Fault::Missing,
                "IMAP, the message is in neither folder",
            )),
        }
    }

    /// What stands at the place. Another message there, or a folder that counts anew, is a conflict: nothing is said of
    /// hers then.
    async fn now(
        &self,
        line: &mut Line,
        place: &Place,
        look: &Look,
        change: bool,
    ) -> Result<Now, Mishap> {
        let opened = match line.open_folder(&place.quoted()?, change).await {
            Err(refused) if is_no(&refused) => {
                return Err(Mishap::new(
                    Fault::Conflict,
                    "IMAP, the folder is not there any more",
                ));
            }
            opened => opened.map_err(|it| office(&it))?,
        };
        if opened.validity != place.validity {
            return Err(Mishap::new(Fault::Conflict, "IMAP, the folder counts anew"));
        }
        if opened.exists == 0 {
            return Ok(Now::Gone);
        }
        match slip(line, place.uid).await.map_err(|it| office(&it))? {
            None => Ok(Now::Gone),
            Some(slip) if slip.look != *look => Err(Mishap::new(
                Fault::Conflict,
                "IMAP, another message lies there",
            )),
            Some(_) => Ok(Now::There(opened)),
        }
    }

    async fn restricted_place(
        &self,
        line: &mut Line,
        look: &Look,
    ) -> Result<Option<(Place, Opened)>, Mishap> {
        let Some((aside, raw)) = &self.aside else {
            return Ok(None);
        };
        let (opened, found) = look_into(line, aside, look, true).await?;
        Ok(found.first().zip(opened).map(|(&uid, opened)| {
            (
                Place {
                    folder: raw.clone(),
                    validity: opened.validity,
                    uid,
                },
                opened,
            )
        }))
    }

    async fn take_away(
        &self,
        line: &mut Line,
        survey: &Survey,
        place: &Place,
        look: &Look,
        opened: &Opened,
    ) -> Result<(), Mishap> {
        if !opened.writable {
            return Err(Mishap::new(
                Fault::Forbidden,
                "IMAP, the folder can only be read",
            ));
        }
        let trash = survey
            .trash()
            .filter(|it| survey.through_trash && it.raw != place.folder);
        if survey.through_trash && trash.is_none() && survey.trash().is_none() {
            // Deleting in a label takes off the label, and the message stays.
            return Err(Mishap::new(
                Fault::Unknown,
                "IMAP, the server names no bin (\\Trash)",
            ));
        }
        let Some(trash) = trash else {
            return expunge(line, opened, place.uid, look)
                .await
                .map_err(|it| office(&it));
        };
        let (_, before) = look_into(line, &trash.quoted, look, false).await?;
        let Now::There(opened) = self.now(line, place, look, true).await? else {
            return Ok(());
        };
        relocate(line, &opened, &[place.uid], &trash.quoted)
            .await
            .map_err(|it| office(&it))?;
        let (opened, mut found) = look_into(line, &trash.quoted, look, true).await?;
        found.retain(|uid| !before.contains(uid));
        let Some(opened) = opened.filter(|_| !found.is_empty()) else {
            return Err(Mishap::new(
                Fault::NotWritten,
                "IMAP, it did not arrive in the bin",
            ));
        };
        for uid in found {
            expunge(line, &opened, uid, look)
                .await
                .map_err(|it| office(&it))?;
        }
        Ok(())
    }

    /// What stays: copies that other records stand for, and what no line reaches.
    pub(super) fn leftovers(&self, copies: u64) -> Vec<Leftover> {
        let mut left = Vec::new();
        if copies > 0 {
            left.push(Leftover {
                count: Some(copies),
                ..Leftover::new(LeftoverKind::Other, "copies in other folders")
            });
        }
        left.extend(self.unreached());
        left
    }
}

/// Takes one message away and nothing that others have marked.
async fn expunge(
    line: &mut Line,
    opened: &Opened,
    uid: u32,
    look: &Look,
) -> Result<(), talk::Mishap> {
    let unchanged = || talk::Mishap::new(Step::Settle, talk::Cause::Unchanged);
    if !opened.writable {
        return Err(talk::Mishap::new(
            Step::Settle,
            talk::Cause::Unable("this account may only read the folder"),
        ));
    }
    let set = UidSet::of(&[uid]);
    if !line.offers("UIDPLUS") {
        return scrap(line, opened, uid, look).await;
    }
    let command = Command::new("UID STORE")
        .set(&set)
        .word("+FLAGS.SILENT (\\Deleted)");
    line.talk(Step::Settle, command, |_| {}).await?;
    // A folder that cannot be changed says yes to a change all the same.
    if !slip(line, uid).await?.is_none_or(|it| it.deleted) {
        return Err(unchanged());
    }
    line.talk(Step::Settle, Command::new("UID EXPUNGE").set(&set), |_| {})
        .await?;
    match slip(line, uid).await? {
        None => Ok(()),
        Some(_) => Err(unchanged()),
    }
}

/// Without UIDPLUS: moved into a folder of our own, alone, and the folder is deleted with it.
async fn scrap(
    line: &mut Line,
    opened: &Opened,
    uid: u32,
    look: &Look,
) -> Result<(), talk::Mishap> {
    let unable = |what| talk::Mishap::new(Step::Settle, talk::Cause::Unable(what));
    if !line.offers("MOVE") {
        return Err(unable(
            "the server can neither MOVE nor remove single messages (UIDPLUS)",
        ));
    }
    let name = format!("{SCRATCH}-{}-{uid}", opened.validity);
    let scratch = Quoted::ascii(&name).ok_or_else(|| unable("no name for a folder"))?;
    relocate(line, opened, &[uid], &scratch).await?;
    discard(line, &scratch, look).await
}

/// Deletes a folder of ours in which this message lies alone.
async fn discard(line: &mut Line, scratch: &Quoted, look: &Look) -> Result<(), talk::Mishap> {
    let unable = |what| talk::Mishap::new(Step::Settle, talk::Cause::Unable(what));
    let there = line.open_folder(scratch, true).await?;
    let alone = there.exists == 1 && sized(line, look).await?.len() == 1;
    if !alone {
        return Err(unable("something else lies in the folder of ours"));
    }
    // A folder that is open cannot be deleted everywhere.
    line.talk(Step::Settle, Command::new("UNSELECT"), |_| {})
        .await
        .or_else(|it| if is_no(&it) { Ok(false) } else { Err(it) })?;
    line.talk(Step::Settle, Command::new("DELETE").text(scratch), |_| {})
        .await?;
    match line.open_folder(scratch, false).await {
        Err(refused) if is_no(&refused) => Ok(()),
        Err(mishap) => Err(mishap),
        Ok(_) => Err(talk::Mishap::new(Step::Settle, talk::Cause::Unchanged)),
    }
}

/// Whether a folder is one of ours, by its name: whoever calls a folder of his own nearly so keeps it.
fn is_scratch(name: &str) -> bool {
    let number = |it: &str| it.parse::<u32>().is_ok();
    let numbers = name
        .strip_prefix(SCRATCH)
        .and_then(|it| it.strip_prefix('-'))
        .and_then(|it| it.split_once('-'));
    numbers.is_some_and(|(validity, uid)| number(validity) && number(uid))
}

/// Where a broken line left a message that should be gone. Of several in the bin that look the same it is the one that
/// came there last; the folder in which it was found stays open.
async fn halfway(
    line: &mut Line,
    survey: &Survey,
    place: &Place,
    look: &Look,
    change: bool,
) -> Result<Option<Halfway>, Mishap> {
    for folder in survey.open.iter().filter(|it| is_scratch(&it.name)) {
        let (opened, found) = look_into(line, &folder.quoted, look, change).await?;
        if opened.is_some_and(|it| it.exists == 1) && found.len() == 1 {
            return Ok(Some(Halfway::Scratch(folder.quoted.clone())));
        }
    }
    let bin = survey
        .trash()
        .filter(|it| survey.through_trash && it.raw != place.folder);
    let Some(bin) = bin else {
        return Ok(None);
    };
    let (opened, found) = look_into(line, &bin.quoted, look, change).await?;
    let last = opened.zip(found.last().copied());
    Ok(last.map(|(opened, uid)| Halfway::Bin(opened, uid)))
}

/// The messages in a folder that look like this one; none, if there is no such folder.
async fn look_into(
    line: &mut Line,
    folder: &Quoted,
    look: &Look,
    change: bool,
) -> Result<(Option<Opened>, Vec<u32>), Mishap> {
    let opened = match line.open_folder(folder, change).await {
        Err(refused) if is_no(&refused) => return Ok((None, Vec::new())),
        opened => opened.map_err(|it| office(&it))?,
    };
    // A search in an empty folder is refused by some.
    if opened.exists == 0 {
        return Ok((Some(opened), Vec::new()));
    }
    Ok((
        Some(opened),
        sized(line, look).await.map_err(|it| office(&it))?,
    ))
}

/// The messages of the open folder that look like this one.
async fn sized(line: &mut Line, look: &Look) -> Result<Vec<u32>, talk::Mishap> {
    let mut uids = Vec::new();
    let mut command = Command::new("UID SEARCH SMALLER").number(look.size.saturating_add(1));
    if let Some(less) = look.size.checked_sub(1) {
        command = command.word("LARGER").number(less);
    }
    line.talk(Step::Read, command, |answer| {
        if let Response::MailboxData(MailboxDatum::Search(found)) = answer {
            uids.extend_from_slice(found);
        }
    })
    .await?;
    uids.sort_unstable();
    uids.dedup();
    let mut same = Vec::new();
    for chunk in uids.chunks(AT_ONCE) {
        let (slips, _) = slips(line, chunk).await?;
        same.extend(
            slips
                .into_iter()
                .filter(|it| it.look == *look)
                .map(|it| it.uid),
        );
    }
    Ok(same)
}

/// How many copies of a message lie in other folders, and elsewhere in its own.
async fn elsewhere(
    line: &mut Line,
    survey: &Survey,
    place: &Place,
    look: &Look,
) -> Result<u64, Mishap> {
    let mut copies = 0;
    for folder in &survey.open {
        let (opened, mut found) = look_into(line, &folder.quoted, look, false).await?;
        if folder.raw == place.folder && opened.is_some_and(|it| it.validity == place.validity) {
            found.retain(|&uid| uid != place.uid);
        }
        copies += found.len() as u64;
    }
    Ok(copies)
}

/// A message has no middle way.
pub(super) fn only_erased(manner: Manner) -> Result<(), Mishap> {
    match manner {
        Manner::Erase => Ok(()),
        Manner::Anonymise => Err(Mishap::new(
            Fault::Refused,
            "a message can be erased, not made anonymous",
        )),
    }
}

/// The name of the folder of a place, for the rule of which folders stay shut.
pub(super) fn folder_name(place: &Place) -> String {
    plain(&place.folder)
}
