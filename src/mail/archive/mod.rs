//! Mailboxes in which persons are looked for: every folder is searched by IMAP, and messages are copied, put aside or
//! erased one by one.

mod copying;
mod ending;
mod finding;
mod folders;
mod head;
mod lines;
mod place;
mod question;
mod record;
mod settings;
mod slips;
mod texts;
mod words;

use std::time::Duration;

use async_imap::imap_proto::{MailboxDatum, Response, StatusAttribute};
use futures_util::future::BoxFuture;

use super::imap::command::{Command, Quoted, modified_utf7};
use super::imap::line::Line;
use super::imap::mishap::Step;
use crate::domain::identifier::{Identifier, SearchKey};
use crate::ports::source::{
    Abilities, Basket, Copies, Erase, Fault, Find, Health, Leftover, LeftoverKind, Manner, Means,
    Mishap, Need, Outcome, Preview, Profile, RecordRef, Restrict, Search, Source,
};
use ending::{folder_name, only_erased};
use folders::{is_closed, survey};
use lines::{Lines, is_no, office, unharmed};
use place::Place;

pub use settings::{Account, Key, Permission, Settings};

/// A mailbox in which persons are looked for.
pub struct ImapArchive {
    settings: Settings,
    reader: Lines,
    eraser: Option<Lines>,
    /// Where restricted messages go: for commands, and as the server writes it.
    aside: Option<(Quoted, String)>,
    largest_file: u64,
}

impl ImapArchive {
    /// Prepares the way without opening a line. `patience` is for one answer, `largest_file` for one message.
    ///
    /// # Errors
    /// [`Fault::Misconfigured`], with what in the settings cannot work.
    pub fn new(
        settings: &Settings,
        patience: Duration,
        largest_file: u64,
    ) -> Result<ImapArchive, Mishap> {
        let mut settings = settings.clone();
        let aside = settings.restricted_folder.as_deref().map(|name| {
            let quoted = Quoted::folder(name).map(|it| (it, modified_utf7(name)));
            quoted.ok_or_else(|| {
                Mishap::new(
                    Fault::Misconfigured,
                    "restricted_folder is no name of a folder",
                )
            })
        });
        let aside = aside.transpose()?;
        settings.closed.retain(|it| !it.trim().is_empty());
        let reader = Lines::new(settings.way(&settings.reader, patience)?);
        let eraser = settings
            .eraser
            .as_ref()
            .map(|it| settings.way(it, patience))
            .transpose()?
            .map(Lines::new);
        Ok(ImapArchive {
            settings,
            reader,
            eraser,
            aside,
            largest_file,
        })
    }

    /// Nothing in a shut folder is touched, whoever asks.
    fn may_open(&self, place: &Place) -> Result<(), Mishap> {
        let name = folder_name(place);
        // Which sign stands between its levels is known to the server alone.
        let closed = |name: &str| is_closed(name, &self.settings.closed);
        match closed(&name) || closed(&name.replace('.', "/")) {
            true => Err(Mishap::new(Fault::Forbidden, "the folder is to stay shut")),
            false => Ok(()),
        }
    }

    /// What no line to this server reaches.
    fn unreached(&self) -> Vec<Leftover> {
        let host = self.settings.host.to_lowercase();
        let mut left = vec![
            Leftover {
                days: self.settings.backup_days,
                ..Leftover::new(LeftoverKind::Backup, "mail server")
            },
            Leftover::new(
                LeftoverKind::Downstream,
                "mail programs, telephones, mailboxes of other recipients",
            ),
        ];
        if host.ends_with("office365.com") || host.ends_with("outlook.com") {
            // Longer where a hold lies on the mailbox.
            left.push(Leftover {
                days: Some(14),
                ..Leftover::new(LeftoverKind::Other, "Recoverable Items")
            });
        }
        if host.ends_with("gmail.com") {
            left.push(Leftover::new(LeftoverKind::Other, "Google Vault"));
        }
        left
    }

    async fn look_round(&self) -> Result<Health, Mishap> {
        let mut health = Health::default();
        if !self.settings.allowed() {
            // Without permission not even the names of its folders are anybody's business.
            health.needs.push(Need::Setting("permission".into()));
            return Ok(health);
        }
        let mut held = self.reader.take().await?;
        let line = &mut held.line;
        health.version = version(line).await?;
        let survey = survey(line, &self.settings.closed, &self.settings.expected).await?;
        let mut messages = 0_u64;
        for folder in &survey.open {
            let mut count = None;
            let command = Command::new("STATUS")
                .text(&folder.quoted)
                .word("(MESSAGES)");
            let told = line
                .talk(Step::Open, command, |answer| {
                    if let Response::MailboxData(MailboxDatum::Status { status, .. }) = answer {
                        count = status.iter().find_map(|it| match it {
                            StatusAttribute::Messages(told) => Some(u64::from(*told)),
                            _ => None,
                        });
                    }
                })
                .await;
            match told {
                Err(refused) if is_no(&refused) => {
                    health.needs.push(Need::Read(folder.name.clone()))
                }
                Err(mishap) => return Err(office(&mishap)),
                Ok(_) => messages = messages.saturating_add(count.unwrap_or(0)),
            }
        }
        health.in_sight = vec![
            ("folders".into(), survey.open.len() as u64),
            ("closed folders".into(), survey.closed.len() as u64),
            ("messages".into(), messages),
        ];
        health
            .needs
            .extend(survey.unseen.into_iter().map(Need::Group));
        if !line.offers("UIDPLUS") && !line.offers("MOVE") {
            health.needs.push(Need::Module("UIDPLUS".into()));
        }
        held.give_back();
        match &self.eraser {
            None => health.needs.push(Need::SecondCredential),
            Some(eraser) => eraser.take().await?.give_back(),
        }
        Ok(health)
    }
}

/// What the server calls itself, as far as it is fit to be shown.
async fn version(line: &mut Line) -> Result<String, Mishap> {
    if !line.offers("ID") {
        return Ok(String::new());
    }
    let mut told = Vec::new();
    let heard = line
        .talk(Step::Open, Command::new("ID NIL"), |answer| {
            if let Response::Id(Some(said)) = answer {
                let said = ["name", "version"].iter().filter_map(|key| said.get(*key));
                told.extend(said.map(|it| it.to_string()));
            }
        })
        .await;
    match heard {
        Err(refused) if is_no(&refused) => {}
        heard => drop(heard.map_err(|it| office(&it))?),
    }
    let told = told.join(" ");
    Ok(told
        .chars()
        .filter(|it| it.is_ascii_graphic() || *it == ' ')
        .take(80)
        .collect())
}

impl Source for ImapArchive {
    fn profile(&self) -> Profile {
        let machine = |can: bool| if can { Means::Machine } else { Means::Hand };
        let read = self.settings.allowed();
        let end = read && self.eraser.is_some();
        Profile {
            adapter: "imap",
            abilities: Abilities {
                find: machine(read),
                copy: machine(read),
                rectify: Means::Not,
                erase: machine(end),
                restrict: machine(end && self.aside.is_some()),
                suppress: Means::Not,
            },
            keys: match self.settings.texts {
                true => vec![
                    SearchKey::Email,
                    SearchKey::Name,
                    SearchKey::Phone,
                    SearchKey::Number,
                    SearchKey::Handle,
                    SearchKey::Address,
                ],
                false => vec![SearchKey::Email],
            },
            leftovers: self.unreached(),
        }
    }

    fn check(&self) -> BoxFuture<'_, Result<Health, Mishap>> {
        Box::pin(unharmed(self.look_round()))
    }

    fn finds(&self) -> Option<&dyn Find> {
        self.settings.allowed().then_some(self as &dyn Find)
    }

    fn copies(&self) -> Option<&dyn Copies> {
        self.settings.allowed().then_some(self as &dyn Copies)
    }

    fn erases(&self) -> Option<&dyn Erase> {
        (self.settings.allowed() && self.eraser.is_some()).then_some(self as &dyn Erase)
    }

    fn restricts(&self) -> Option<&dyn Restrict> {
        (self.settings.allowed() && self.eraser.is_some() && self.aside.is_some())
            .then_some(self as &dyn Restrict)
    }
}

impl Find for ImapArchive {
    fn find<'a>(
        &'a self,
        wanted: &'a [Identifier],
        basket: &'a mut dyn Basket,
    ) -> BoxFuture<'a, Result<Search, Mishap>> {
        Box::pin(unharmed(async move {
            let keys = self.profile().keys;
            if !wanted.iter().any(|it| keys.contains(&it.kind)) {
                return Ok(Search::default());
            }
            let mut held = self.reader.take().await?;
            let search = finding::find(
                &mut held.line,
                &self.settings,
                self.largest_file,
                wanted,
                basket,
            )
            .await?;
            held.give_back();
            Ok(search)
        }))
    }
}

impl ImapArchive {
    fn second(&self) -> Result<&Lines, Mishap> {
        self.eraser
            .as_ref()
            .ok_or_else(|| Mishap::new(Fault::Misconfigured, "no second credential"))
    }
}

impl Erase for ImapArchive {
    fn preview<'a>(
        &'a self,
        record: &'a RecordRef,
        manner: Manner,
    ) -> BoxFuture<'a, Result<Preview, Mishap>> {
        Box::pin(unharmed(async move {
            only_erased(manner)?;
            let (place, look) = Place::of(record)?;
            let mut held = self.reader.take().await?;
            let preview = self.previewed(&mut held.line, &place, &look).await?;
            held.give_back();
            Ok(preview)
        }))
    }

    fn erase<'a>(
        &'a self,
        record: &'a RecordRef,
        manner: Manner,
    ) -> BoxFuture<'a, Result<Outcome, Mishap>> {
        Box::pin(unharmed(async move {
            only_erased(manner)?;
            let (place, look) = Place::of(record)?;
            let mut held = self.second()?.take().await?;
            let outcome = self.erased(&mut held.line, &place, &look).await?;
            held.give_back();
            Ok(outcome)
        }))
    }
}

impl Restrict for ImapArchive {
    fn restrict<'a>(
        &'a self,
        record: &'a RecordRef,
        restricted: bool,
    ) -> BoxFuture<'a, Result<Outcome, Mishap>> {
        Box::pin(unharmed(async move {
            let (place, look) = Place::of(record)?;
            let mut held = self.second()?.take().await?;
            let outcome = self
                .put_aside(&mut held.line, &place, &look, restricted)
                .await?;
            held.give_back();
            Ok(outcome)
        }))
    }
}
