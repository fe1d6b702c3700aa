//! Puts cards right and takes them away: each looked at right before, written only over the state that was seen, read
//! back after.

use super::card::Card;
use super::dav::{Dav, Href};
use super::record::{CARD, MEMBER};
use crate::ports::source::{Change, Fate, Fault, Mishap, Outcome, RecordRef};

/// What a record stands for.
pub(super) enum Target {
    /// A card.
    Card(Href),
    /// The place of one in a group.
    Member(Href, String),
}

impl Target {
    pub fn of(dav: &Dav, record: &RecordRef) -> Result<Target, Mishap> {
        let id = record.id.reveal();
        let target = match record.kind.as_str() {
            CARD => dav.href(id).map(Target::Card),
            MEMBER => id.split_once('#').and_then(|(group, uid)| {
                let uid = Some(uid.to_owned()).filter(|it| !it.is_empty())?;
                dav.href(group).map(|it| Target::Member(it, uid))
            }),
            _ => None,
        };
        // The top of a server, and a folder, are no card.
        let sound = |href: &Href| href.pieces().len() > 1 && !href.as_str().ends_with('/');
        match target {
            Some(target) if sound(target.href()) => Ok(target),
            _ => Err(Mishap::new(
                Fault::Missing,
                "this is no card of an address book",
            )),
        }
    }

    pub fn href(&self) -> &Href {
        match self {
            Target::Card(href) | Target::Member(href, _) => href,
        }
    }
}

/// A card as it stands, with its mark.
pub(super) struct Seen {
    etag: Option<String>,
    card: Card,
}

/// The card as it stands; none, if it is gone.
async fn seen(dav: &Dav, href: &Href) -> Result<Option<Seen>, Mishap> {
    let Some((etag, text)) = dav.get(href).await? else {
        return Ok(None);
    };
    let card = Card::read(&text).ok_or_else(|| Mishap::new(Fault::Unreadable, "no card"))?;
    Ok(Some(Seen { etag, card }))
}

/// The same, if nobody changed it since it was found.
pub(super) async fn unchanged(
    dav: &Dav,
    href: &Href,
    version: Option<&str>,
) -> Result<Option<Seen>, Mishap> {
    match seen(dav, href).await? {
        Some(seen) => seen.checked(dav, href, version).await.map(Some),
        None => Ok(None),
    }
}

impl Seen {
    async fn checked(
        mut self,
        dav: &Dav,
        href: &Href,
        version: Option<&str>,
    ) -> Result<Seen, Mishap> {
        if self.etag.is_none() {
            // Some give their marks in lists only.
            let told = dav.propfind(href, 0, "<d:getetag/>").await?;
            let mut hers = told.iter().filter(|it| it.href.is(href));
            self.etag = hers.find_map(|it| it.etag());
        }
        let same = match (version, &self.etag) {
            (Some(version), _) if version.starts_with("sha256:") => version == self.card.mark(),
            (Some(version), Some(etag)) => strong(version) == strong(etag),
            _ => false,
        };
        match same {
            true => Ok(self),
            false => Err(Mishap::new(
                Fault::Conflict,
                "the card is another one by now",
            )),
        }
    }
}

fn strong(etag: &str) -> &str {
    etag.trim().trim_start_matches("W/")
}

/// Takes the card away, or her out of the group.
pub(super) async fn erased(dav: &Dav, record: &RecordRef) -> Result<Outcome, Mishap> {
    let target = Target::of(dav, record)?;
    let version = record.version.as_deref();
    match &target {
        Target::Card(href) => {
            let Some(Seen { etag, .. }) = unchanged(dav, href, version).await? else {
                return Ok(Outcome::new(Fate::Gone, "GET: 404, before already"));
            };
            let answer = dav.delete(href, etag.as_deref()).await?;
            if !matches!(answer.status, 404 | 410) {
                answer.sound()?;
            }
            match dav.get(href).await? {
                None => Ok(Outcome::new(Fate::Gone, "GET: 404")),
                Some(_) => Err(Mishap::new(Fault::NotWritten, "the card is still there")),
            }
        }
        Target::Member(href, uid) => {
            let Some((etag, text)) = dav.get(href).await? else {
                return Ok(Outcome::new(Fate::Gone, "the group is not there"));
            };
            let now = Card::read(&text).ok_or_else(|| Mishap::new(Fault::Unreadable, "no card"))?;
            if !now.members().contains(uid) {
                return Ok(Outcome::new(Fate::Gone, "not in the group, before already"));
            }
            // Others may have joined or left since: only her line goes, and only over the state that is seen now.
            write(dav, href, etag.as_deref(), &now.without(uid)).await?;
            match dav.get(href).await? {
                Some((_, text))
                    if Card::read(&text).is_some_and(|it| it.members().contains(uid)) =>
                {
                    Err(Mishap::new(Fault::NotWritten, "she is still in the group"))
                }
                _ => Ok(Outcome::new(Fate::Gone, "GET: not in the group")),
            }
        }
    }
}

async fn write(dav: &Dav, href: &Href, etag: Option<&str>, card: &Card) -> Result<(), Mishap> {
    dav.put(href, etag, card.text()).await?.sound().map(drop)
}

/// Writes the new values into the card.
pub(super) async fn rectified(
    dav: &Dav,
    record: &RecordRef,
    changes: &[Change],
) -> Result<Outcome, Mishap> {
    let Target::Card(href) = Target::of(dav, record)? else {
        return Err(Mishap::new(
            Fault::Refused,
            "a place in a group has no values",
        ));
    };
    for change in changes {
        let name = change.field.to_ascii_uppercase();
        let sound = !name.is_empty()
            && name
                .chars()
                .all(|it| it.is_ascii_alphanumeric() || it == '-');
        let kept = ["BEGIN", "END", "VERSION", "UID", "PRODID"].contains(&name.as_str());
        let needed = ["FN", "N"].contains(&name.as_str()) && change.after.reveal().is_empty();
        if !sound || kept || needed {
            return Err(Mishap::new(
                Fault::Refused,
                "this property cannot be put right",
            ));
        }
    }
    let Some(now) = seen(dav, &href).await? else {
        return Err(Mishap::new(Fault::Missing, "the card is not there"));
    };
    if stands(&now.card, changes) {
        return Ok(Outcome::new(
            Fate::Changed,
            "GET: the values stood there already",
        ));
    }
    let Seen { etag, mut card } = now.checked(dav, &href, record.version.as_deref()).await?;
    for change in changes {
        let name = change.field.to_ascii_uppercase();
        let before = change.before.as_ref().map(|it| it.reveal().as_str());
        card = card
            .changed(&name, before, change.after.reveal())
            .ok_or_else(|| {
                Mishap::new(
                    Fault::Conflict,
                    "the value is another one by now, or stands there twice",
                )
            })?;
    }
    write(dav, &href, etag.as_deref(), &card).await?;
    let back = dav
        .get(&href)
        .await?
        .and_then(|(_, text)| Card::read(&text));
    match back.is_some_and(|it| stands(&it, changes)) {
        true => Ok(Outcome::new(
            Fate::Changed,
            format!("GET: {} values as written", changes.len()),
        )),
        false => Err(Mishap::new(
            Fault::NotWritten,
            "what was written is not what is read",
        )),
    }
}

/// Whether the new values stand there, and the old ones no more.
fn stands(card: &Card, changes: &[Change]) -> bool {
    changes.iter().all(|change| {
        let values = card.all(&change.field.to_ascii_uppercase());
        let before = change
            .before
            .as_ref()
            .map(|it| it.reveal())
            .filter(|it| *it != change.after.reveal());
        let after = change.after.reveal();
        (after.is_empty() || values.contains(after))
            && before.is_none_or(|it| it.is_empty() || !values.contains(it))
    })
}
