//! Zammad: the helpdesk. Customers, their tickets with all messages and files, their organisations.

mod change;
mod erase;
mod files;
mod search;
mod talk;
mod translate;

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Mutex;

use futures_util::future::BoxFuture;
use serde::Deserialize;

use self::talk::{Me, Talk};
use super::Limits;
use super::secret::KeyPlace;
use crate::domain::identifier::SearchKey;
use crate::ports::source::{
    Abilities, Copies, Erase, Fault, Find, Health, Leftover, LeftoverKind, Means, Mishap, Need,
    Profile, RecordRef, Rectify, Restrict, Source,
};

/// How a Zammad is connected.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Where it is, such as `https://support.example`.
    pub address: String,
    /// Certificates (PEM) of an own authority, instead of the public ones.
    pub ca_file: Option<PathBuf>,
    /// The token that reads: permission `ticket.agent`, of a user who has `read` on every group.
    pub token: KeyPlace,
    /// The token that erases: permission `admin.data_privacy` and nothing else, of another user. Without it erasing is
    /// a task for a person.
    pub erasing_token: Option<KeyPlace>,
    /// Whether customers may be put right and marked with the first token. Zammad lets every agent do so; only this line
    /// keeps a reader from writing.
    #[serde(default)]
    pub writes: bool,
    /// The groups that must be in sight, by name. If one is not, what was found is not called complete. Empty: all groups
    /// that Zammad names.
    #[serde(default)]
    pub groups: Vec<String>,
    /// The roles of people who do not work there. Whoever has another role is never erased by the machine.
    #[serde(default = "customers")]
    pub customer_roles: Vec<String>,
    /// Own attributes of users that hold a customer or licence number.
    #[serde(default)]
    pub number_fields: Vec<String>,
    /// Own attributes of users that may be put right.
    #[serde(default)]
    pub own_fields: Vec<String>,
    /// Whether to look for her address in other people's tickets too. It takes long where there are very many.
    #[serde(default = "yes")]
    pub mentions: bool,
    /// The tag that marks a ticket as restricted. It must exist where agents may not make new tags.
    pub restriction_tag: Option<String>,
    /// An own yes-or-no attribute of users that marks a customer as restricted. Without it the account is made inactive.
    pub restriction_field: Option<String>,
}

fn customers() -> Vec<String> {
    vec!["Customer".to_owned()]
}

fn yes() -> bool {
    true
}

/// The number of a record of that kind; what is no number leads nowhere.
fn key(record: &RecordRef, kind: &str) -> Option<u64> {
    let id = record.id.reveal();
    let plain = record.kind == kind && id.bytes().all(|it| it.is_ascii_digit());
    plain
        .then(|| id.parse().ok())
        .flatten()
        .filter(|id| *id > 0)
}

/// A connected Zammad.
#[derive(Debug)]
pub struct Zammad {
    settings: Settings,
    reading: Talk,
    erasing: Option<Talk>,
    limits: Limits,
    /// Failed tasks that were told already: asked once more, a new one is made.
    told: Mutex<BTreeSet<u64>>,
}

impl Zammad {
    /// Reads the keys and prepares the lines.
    ///
    /// # Errors
    /// [`Fault::Misconfigured`], with what is wrong.
    pub fn new(settings: &Settings, limits: &Limits) -> Result<Zammad, Mishap> {
        let own = settings
            .number_fields
            .iter()
            .chain(&settings.own_fields)
            .chain(&settings.restriction_field);
        let sound = |name: &&String| {
            !name.is_empty()
                && name
                    .chars()
                    .all(|it| it.is_ascii_lowercase() || it.is_ascii_digit() || it == '_')
        };
        if !own.clone().all(|name| sound(&name)) {
            return Err(Mishap::new(
                Fault::Misconfigured,
                "the name of an attribute: a-z, 0-9 and _",
            ));
        }
        let line = |key: &KeyPlace| Talk::new(settings, key, limits);
        Ok(Zammad {
            reading: line(&settings.token)?,
            erasing: settings.erasing_token.as_ref().map(line).transpose()?,
            settings: settings.clone(),
            limits: limits.clone(),
            told: Mutex::default(),
        })
    }

    /// Whether it is somebody who is only a customer there; what is not known is not.
    fn customer(&self, user: &translate::Object) -> bool {
        let roles = translate::names(user, "roles");
        let groups = ["groups", "group_ids"]
            .iter()
            .all(|key| translate::empty(user.get(*key)));
        groups
            && !roles.is_empty()
            && roles
                .iter()
                .all(|role| self.settings.customer_roles.contains(role))
    }

    /// Groups that are expected and not in sight; nothing, if nobody says what to expect.
    async fn unseen(&self, me: &Me) -> Result<Option<Vec<String>>, Mishap> {
        let expected = match self.settings.groups.is_empty() {
            false => Some(self.settings.groups.clone()),
            true => self.reading.groups().await?,
        };
        let Some(mut names) = expected else {
            return Ok(None);
        };
        names.retain(|name| !me.groups.contains(name));
        if !names.is_empty() {
            // Rights may be given to a role: then they stand with the role and not with the user.
            let by_roles = self.reading.groups_by_roles(me).await?;
            names.retain(|name| !by_roles.contains(name));
        }
        Ok(Some(names))
    }

    fn leftovers() -> Vec<Leftover> {
        let rolls = |kind, place: &str, days| Leftover {
            days: Some(days),
            ..Leftover::new(kind, place)
        };
        vec![
            Leftover::new(LeftoverKind::Mentions, "ticket_articles"),
            rolls(LeftoverKind::Log, "log/production.log", 14),
            Leftover::new(LeftoverKind::Index, "elasticsearch"),
            rolls(LeftoverKind::History, "data_privacy_tasks", 365),
            Leftover::new(LeftoverKind::Backup, "backup"),
            Leftover::new(LeftoverKind::Downstream, "webhooks"),
            Leftover::new(LeftoverKind::Downstream, "mailboxes"),
            Leftover::new(LeftoverKind::Closed, "chat_sessions"),
            Leftover::new(LeftoverKind::Closed, "cti_logs"),
        ]
    }
}

impl Source for Zammad {
    fn profile(&self) -> Profile {
        let with = |there: bool| if there { Means::Machine } else { Means::Hand };
        Profile {
            adapter: "zammad",
            abilities: Abilities {
                find: Means::Machine,
                copy: Means::Machine,
                rectify: with(self.settings.writes),
                erase: with(self.erasing.is_some()),
                restrict: with(self.restricts().is_some()),
                // Nothing in a helpdesk sends advertising.
                suppress: Means::Not,
            },
            keys: vec![
                SearchKey::Email,
                SearchKey::Name,
                SearchKey::Phone,
                SearchKey::Number,
                SearchKey::Handle,
            ],
            leftovers: Zammad::leftovers(),
        }
    }

    fn check(&self) -> BoxFuture<'_, Result<Health, Mishap>> {
        Box::pin(async {
            let mut health = Health::default();
            let me = self.reading.me().await?;
            health
                .in_sight
                .push(("groups".to_owned(), me.groups.len() as u64));
            match self.unseen(&me).await? {
                Some(unseen) => health.needs.extend(unseen.into_iter().map(Need::Group)),
                None => health.needs.push(Need::Read("groups".to_owned())),
            }
            match self.reading.selects(&me).await {
                Ok(true) => {}
                Ok(false) => health.needs.push(Need::Module("condition".to_owned())),
                Err(mishap) if mishap.fault == Fault::Forbidden => {
                    health.needs.push(Need::Read("ticket.agent".to_owned()));
                }
                Err(mishap) => return Err(mishap),
            }
            // There is no task 0: who may see tasks hears that it is missing.
            if self.reading.may_erase().await? {
                health
                    .needs
                    .push(Need::TooMighty("admin.data_privacy".to_owned()));
            }
            match &self.erasing {
                None => health.needs.push(Need::SecondCredential),
                Some(erasing) if !erasing.may_erase().await? => {
                    health
                        .needs
                        .push(Need::Write("admin.data_privacy".to_owned()));
                }
                Some(_) => {}
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
        self.settings.writes.then_some(self)
    }

    fn erases(&self) -> Option<&dyn Erase> {
        self.erasing.is_some().then_some(self)
    }

    fn restricts(&self) -> Option<&dyn Restrict> {
        (self.settings.writes && self.settings.restriction_tag.is_some()).then_some(self)
    }
}
