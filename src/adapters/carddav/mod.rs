//! Address books by CardDAV: every book in sight is searched, cards are put right and taken away one by one.

mod books;
mod card;
mod dav;
mod ending;
mod finding;
mod record;
mod xml;

use std::path::PathBuf;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use futures_util::future::BoxFuture;
use futures_util::stream;
use reqwest::Url;
use serde::Deserialize;

use super::Limits;
use super::http::{Http, Line};
use super::secret::KeyPlace;
use crate::domain::identifier::{Identifier, SearchKey};
use crate::ports::source::{
    Abilities, Basket, Change, Copies, Doubt, Erase, Fate, Fault, FileRef, Find, Health, Leftover,
    LeftoverKind, Manner, Means, Mishap, Need, Outcome, Pieces, Preview, Profile, RecordRef,
    Rectify, Search, SideEffect, Source,
};
use books::{Book, books};
use dav::{Dav, Href};
use ending::{Target, unchanged};

/// A server of address books.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// The address of the server, such as `https://cloud.example/remote.php/dav`; where books lie below it is found.
    pub address: String,
    /// Certificates (PEM) of the authorities to trust, **instead** of the public ones.
    pub ca_file: Option<PathBuf>,
    /// Who reads.
    pub reader: Account,
    /// Who puts right and erases; without, that is done by hand.
    pub eraser: Option<Account>,
    /// Paths of address books beside those that the account names itself, such as `/shared/sales/`.
    #[serde(default)]
    pub books: Vec<String>,
    /// Names of address books that must be in sight; one that is not is said with every answer.
    #[serde(default)]
    pub expected: Vec<String>,
    /// After so many days nothing of what was erased is left in backups of the server.
    pub backup_days: Option<u16>,
}

/// Somebody who signs in.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Account {
    /// The user name.
    pub user: String,
    /// Where the password lies.
    pub key: KeyPlace,
}

/// A server of address books.
pub struct CardDav {
    start: Href,
    more: Vec<Href>,
    expected: Vec<String>,
    backup_days: Option<u16>,
    reader: Dav,
    eraser: Option<Dav>,
    largest_file: u64,
}

impl CardDav {
    /// Prepares the lines; reads the keys.
    ///
    /// # Errors
    /// [`Fault::Misconfigured`], with what in the settings cannot work.
    pub fn new(settings: &Settings, limits: &Limits) -> Result<CardDav, Mishap> {
        let wrong = |what: &str| Mishap::new(Fault::Misconfigured, what);
        let address = Url::parse(settings.address.trim())
            .map_err(|error| wrong(&format!("address: {error}")))?;
        let origin = address.origin().ascii_serialization();
        let path = |text: &str| {
            let text = if text.ends_with('/') {
                text.to_owned()
            } else {
                format!("{text}/")
            };
            Href::read(&text, &origin)
                .ok_or_else(|| wrong("a path must begin with / and lead upwards nowhere"))
        };
        if address.username() != "" || address.password().is_some() || address.query().is_some() {
            return Err(wrong(
                "address: neither a password nor a query belongs into it",
            ));
        }
        let dav = |account: &Account| {
            if account.user.is_empty() || account.user.contains(':') {
                return Err(wrong("user is empty, or has a colon"));
            }
            let key = account.key.read()?;
            let proof = STANDARD.encode(format!("{}:{}", account.user, key.reveal()));
            let line = Line {
                ca_file: settings.ca_file.clone(),
                limits: limits.clone(),
                headers: vec![("authorization", format!("Basic {proof}"))],
                ..Line::to(&origin)
            };
            Ok(Dav::new(Http::new(&line)?, origin.clone()))
        };
        Ok(CardDav {
            start: path(address.path())?,
            more: settings
                .books
                .iter()
                .map(|it| path(it))
                .collect::<Result<_, _>>()?,
            expected: settings.expected.clone(),
            backup_days: settings.backup_days,
            reader: dav(&settings.reader)?,
            eraser: settings.eraser.as_ref().map(dav).transpose()?,
            largest_file: limits.largest_file,
        })
    }

    fn missing(&self, books: &[Book]) -> Vec<String> {
        let there = |name: &&String| {
            books
                .iter()
                .any(|it| it.name.eq_ignore_ascii_case(name.trim()))
        };
        self.expected
            .iter()
            .filter(|it| !there(it))
            .cloned()
            .collect()
    }

    fn unreached(&self) -> Vec<Leftover> {
        vec![
            Leftover {
                days: self.backup_days,
                ..Leftover::new(LeftoverKind::Backup, "address book server")
            },
            Leftover::new(
                LeftoverKind::Downstream,
                "telephones and mail programs that keep a copy of the book",
            ),
        ]
    }

    fn second(&self) -> Result<&Dav, Mishap> {
        self.eraser
            .as_ref()
            .ok_or_else(|| Mishap::new(Fault::Misconfigured, "no second credential"))
    }
}

impl Source for CardDav {
    fn profile(&self) -> Profile {
        let second = if self.eraser.is_some() {
            Means::Machine
        } else {
            Means::Hand
        };
        Profile {
            adapter: "carddav",
            abilities: Abilities {
                find: Means::Machine,
                copy: Means::Machine,
                rectify: second,
                erase: second,
                restrict: Means::Hand,
                suppress: Means::Not,
            },
            keys: vec![SearchKey::Email, SearchKey::Phone, SearchKey::Name],
            leftovers: self.unreached(),
        }
    }

    fn check(&self) -> BoxFuture<'_, Result<Health, Mishap>> {
        Box::pin(async move {
            let seen = books(&self.reader, &self.start, &self.more).await?;
            let mut health = Health {
                in_sight: vec![("address books".into(), seen.len() as u64)],
                ..Health::default()
            };
            health
                .needs
                .extend(self.missing(&seen).into_iter().map(Need::Group));
            let mighty = seen.iter().filter(|it| it.writable == Some(true));
            match &self.eraser {
                None => health.needs.push(Need::SecondCredential),
                Some(eraser) => {
                    health
                        .needs
                        .extend(mighty.map(|it| Need::TooMighty(it.name.clone())));
                    let reached = books(eraser, &self.start, &self.more).await?;
                    for book in &seen {
                        let mine = reached.iter().find(|it| it.href.is(&book.href));
                        if mine.is_none_or(|it| it.writable == Some(false)) {
                            health.needs.push(Need::Write(book.name.clone()));
                        }
                    }
                }
            }
            Ok(health)
        })
    }

    fn finds(&self) -> Option<&dyn Find> {
        Some(self)
    }

    fn copies(&self) -> Option<&dyn Copies> {
        Some(self)
    }

    fn rectifies(&self) -> Option<&dyn Rectify> {
        self.eraser.is_some().then_some(self as &dyn Rectify)
    }

    fn erases(&self) -> Option<&dyn Erase> {
        self.eraser.is_some().then_some(self as &dyn Erase)
    }
}

impl Find for CardDav {
    fn find<'a>(
        &'a self,
        wanted: &'a [Identifier],
        basket: &'a mut dyn Basket,
    ) -> BoxFuture<'a, Result<Search, Mishap>> {
        Box::pin(async move {
            let keys = self.profile().keys;
            if !wanted.iter().any(|it| keys.contains(&it.kind)) {
                return Ok(Search::default());
            }
            let books = books(&self.reader, &self.start, &self.more).await?;
            if books.is_empty() {
                return Err(Mishap::new(Fault::Forbidden, "no address book is in sight"));
            }
            let missing = self.missing(&books);
            let mut search = finding::find(&self.reader, &books, wanted, basket).await?;
            if !missing.is_empty() {
                search.doubt(Doubt::Unseen(missing));
            }
            Ok(search)
        })
    }
}

impl Copies for CardDav {
    fn fetch<'a>(&'a self, record: &'a RecordRef, file: &'a FileRef) -> Pieces<'a> {
        let target = Target::of(&self.reader, record).and_then(|it| match (it, file.id.as_str()) {
            (Target::Card(href), record::RAW) => Ok(href),
            _ => Err(Mishap::new(Fault::Missing, "there is no such file")),
        });
        match target {
            Ok(href) => self.reader.stream(&href, self.largest_file),
            Err(mishap) => Box::pin(stream::once(std::future::ready(Err(mishap)))),
        }
    }
}

impl Rectify for CardDav {
    fn rectify<'a>(
        &'a self,
        record: &'a RecordRef,
        changes: &'a [Change],
    ) -> BoxFuture<'a, Result<Outcome, Mishap>> {
        Box::pin(async move { ending::rectified(self.second()?, record, changes).await })
    }
}

impl Erase for CardDav {
    fn preview<'a>(
        &'a self,
        record: &'a RecordRef,
        manner: Manner,
    ) -> BoxFuture<'a, Result<Preview, Mishap>> {
        Box::pin(async move {
            only_erased(manner)?;
            let target = Target::of(&self.reader, record)?;
            let there = match &target {
                Target::Card(href) => unchanged(&self.reader, href, record.version.as_deref())
                    .await?
                    .is_some(),
                _ => true,
            };
            Ok(Preview {
                there,
                fate: Fate::Gone,
                why: String::new(),
                effects: vec![SideEffect::Final],
                leftovers: self.unreached(),
            })
        })
    }

    fn erase<'a>(
        &'a self,
        record: &'a RecordRef,
        manner: Manner,
    ) -> BoxFuture<'a, Result<Outcome, Mishap>> {
        Box::pin(async move {
            only_erased(manner)?;
            let outcome = ending::erased(self.second()?, record).await?;
            Ok(outcome.leaving(self.unreached()))
        })
    }
}

/// A card has no middle way.
fn only_erased(manner: Manner) -> Result<(), Mishap> {
    match manner {
        Manner::Erase => Ok(()),
        Manner::Anonymise => Err(Mishap::new(
            Fault::Refused,
            "a card can be erased, not made anonymous",
        )),
    }
}
