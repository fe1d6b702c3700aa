//! Mautic: contacts, what they did and were sent, what they filled in; and whom nothing is sent to any more.

mod change;
mod erase;
mod search;
mod talk;
mod translate;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Mutex;

use futures_util::future::BoxFuture;
use serde::Deserialize;

use self::talk::Talk;
use super::Limits;
use super::secret::KeyPlace;
use crate::domain::identifier::SearchKey;
use crate::ports::source::{
    Abilities, Erase, Fault, Find, Health, Leftover, LeftoverKind, Means, Mishap, Need, Profile,
    RecordRef, Rectify, Restrict, Source, Suppress,
};

/// How a Mautic is connected.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Where it is, such as `https://news.example`; with `/index.php` at its end where addresses are not rewritten.
    pub address: String,
    /// Certificates (PEM) of an own authority, instead of the public ones.
    pub ca_file: Option<PathBuf>,
    /// Who reads: a user or an API credential whose role may use the API and view all contacts, its own and others'.
    pub login: Login,
    /// Who erases: another one, whose role may also delete contacts. Without it erasing is a task for a person.
    pub erasing_login: Option<Login>,
    /// Whether the first login may edit contacts: put right, restrict, enter into the list of whom nothing is sent to.
    #[serde(default)]
    pub writes: bool,
    /// The channels on which nothing is sent after an objection: `email`, `sms`.
    #[serde(default = "channels")]
    pub channels: Vec<String>,
    /// What stands beside the entry in the list of whom nothing is sent to.
    #[serde(default = "objection")]
    pub comment: String,
    /// Further fields of contacts that hold an e-mail address, by their alias.
    #[serde(default)]
    pub email_fields: Vec<String>,
    /// Fields of contacts that hold a customer or licence number, by their alias.
    #[serde(default)]
    pub number_fields: Vec<String>,
    /// How many there are at least of a kind: `{ contacts = 500 }`. Whoever may see only his own contacts gets these and
    /// no error; fewer than expected is a doubt.
    #[serde(default)]
    pub at_least: BTreeMap<String, u64>,
    /// The tag that marks a contact as restricted. Segments must exclude it, else they take the contact in again.
    pub restriction_tag: Option<String>,
}

/// A way of logging in.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "lowercase", deny_unknown_fields)]
pub enum Login {
    /// As an ordinary user.
    Basic {
        /// The name of the user.
        user: String,
        /// The password.
        password: KeyPlace,
    },
    /// As an API credential (OAuth2, client credentials).
    Client {
        /// The public key.
        id: String,
        /// The secret key.
        secret: KeyPlace,
    },
}

/// What is counted to see whether all of them are in sight.
const CONTACTS: &str = "contacts";

fn channels() -> Vec<String> {
    vec!["email".to_owned()]
}

fn objection() -> String {
    "Art. 21 GDPR".to_owned()
}

/// A connected Mautic.
#[derive(Debug)]
pub struct Mautic {
    settings: Settings,
    reading: Talk,
    erasing: Option<Talk>,
    /// What stays of contacts whose deletion was sent and not seen through: once they are gone nobody is told which rows
    /// were theirs. Numbers of rows and nothing else.
    unseen: Mutex<BTreeMap<u64, Vec<Leftover>>>,
}

impl Mautic {
    /// Reads the keys and prepares the lines.
    ///
    /// # Errors
    /// [`Fault::Misconfigured`], with what is wrong.
    pub fn new(settings: &Settings, limits: &Limits) -> Result<Mautic, Mishap> {
        let names = settings
            .email_fields
            .iter()
            .chain(&settings.number_fields)
            .chain(&settings.channels);
        let sound = |name: &String| {
            let letters = |it: char| it.is_ascii_lowercase() || it.is_ascii_digit() || it == '_';
            !name.is_empty() && name.chars().all(letters)
        };
        if !names.clone().all(sound) || settings.channels.is_empty() {
            return Err(Mishap::new(
                Fault::Misconfigured,
                "the alias of a field or channel: a-z, 0-9 and _",
            ));
        }
        if let Some(kind) = settings.at_least.keys().find(|it| *it != CONTACTS) {
            return Err(Mishap::new(
                Fault::Misconfigured,
                format!("at_least: {kind}; only {CONTACTS} are counted"),
            ));
        }
        if settings.comment.trim() == change::RESTRICTION {
            return Err(Mishap::new(
                Fault::Misconfigured,
                "comment: these words stand beside restrictions, and go with them",
            ));
        }
        // Tags are taken away by a minus before their name, and several are parted by commas.
        let odd = |tag: &String| {
            tag.trim().is_empty() || tag.starts_with('-') || tag.contains([',', '|'])
        };
        if settings.restriction_tag.as_ref().is_some_and(odd) {
            return Err(Mishap::new(
                Fault::Misconfigured,
                "restriction_tag: no minus before it, no commas in it",
            ));
        }
        let line = |login: &Login| Talk::new(settings, login, limits);
        Ok(Mautic {
            reading: line(&settings.login)?,
            erasing: settings.erasing_login.as_ref().map(line).transpose()?,
            settings: settings.clone(),
            unseen: Mutex::default(),
        })
    }

    /// Whether fewer contacts are in sight than the settings expect. A role with "own" alone is told of no others.
    async fn sees_too_few(&self) -> Result<bool, Mishap> {
        match self.settings.at_least.get(CONTACTS) {
            Some(least) => Ok(self.reading.in_sight().await? < *least),
            None => Ok(false),
        }
    }

    /// What the API neither shows nor takes away.
    fn leftovers() -> Vec<Leftover> {
        vec![
            Leftover::new(LeftoverKind::Statistics, "email_stats"),
            Leftover::new(LeftoverKind::Statistics, "form_submissions"),
            Leftover::new(LeftoverKind::Statistics, "page_hits"),
            Leftover::new(LeftoverKind::Statistics, "video_hits"),
            Leftover::new(LeftoverKind::Statistics, "asset_downloads"),
            Leftover::new(LeftoverKind::Statistics, "sms_message_stats"),
            Leftover::new(LeftoverKind::Statistics, "ip_addresses"),
            Leftover::new(LeftoverKind::Other, "email_copies"),
            Leftover::new(LeftoverKind::Files, "media/files"),
            Leftover::new(LeftoverKind::History, "audit_log"),
            Leftover::new(LeftoverKind::Queue, "message_queue"),
            Leftover::new(LeftoverKind::Log, "var/logs"),
            Leftover::new(LeftoverKind::Backup, "backup"),
            Leftover::new(LeftoverKind::Downstream, "webhooks"),
        ]
    }
}

/// The number of a contact; what is no number leads nowhere, and an empty one to everybody.
fn key(record: &RecordRef) -> Result<u64, Mishap> {
    let id = record.id.reveal();
    let number = id
        .bytes()
        .all(|it| it.is_ascii_digit())
        .then(|| id.parse().ok())
        .flatten();
    match number.filter(|id| *id > 0) {
        Some(id) if record.kind == "contact" => Ok(id),
        Some(_) => Err(Mishap::new(Fault::Refused, "only contacts are changed")),
        None => Err(Mishap::new(
            Fault::NoIdentifier,
            "a record without a number",
        )),
    }
}

impl Source for Mautic {
    fn profile(&self) -> Profile {
        let with = |there: bool| if there { Means::Machine } else { Means::Hand };
        let mut keys = vec![SearchKey::Email, SearchKey::Name, SearchKey::Phone];
        if !self.settings.number_fields.is_empty() {
            keys.push(SearchKey::Number);
        }
        Profile {
            adapter: "mautic",
            abilities: Abilities {
                find: Means::Machine,
                // Files that were sent by forms are not in reach of the API.
                copy: Means::Hand,
                rectify: with(self.settings.writes),
                erase: with(self.erasing.is_some()),
                restrict: with(self.restricts().is_some()),
                suppress: with(self.settings.writes),
            },
            keys,
            leftovers: Mautic::leftovers(),
        }
    }

    fn check(&self) -> BoxFuture<'_, Result<Health, Mishap>> {
        Box::pin(async {
            let mut health = Health::default();
            // Nobody has the number 0: whoever comes is not what was asked for.
            let needs = self.reading.selects().await?;
            if !needs {
                health.needs.push(Need::Module("where".to_owned()));
            }
            if self.sees_too_few().await? {
                health.needs.push(Need::Group(CONTACTS.to_owned()));
            }
            match self.reading.forms().await {
                Ok(forms) => health
                    .in_sight
                    .push(("forms".to_owned(), forms.len() as u64)),
                Err(mishap) if mishap.fault == Fault::Forbidden => {
                    health.needs.push(Need::Read("form:forms".to_owned()))
                }
                Err(mishap) => return Err(mishap),
            }
            match &self.erasing {
                None => health.needs.push(Need::SecondCredential),
                Some(erasing) => {
                    if let Err(mishap) = erasing.selects().await {
                        match mishap.fault {
                            Fault::Forbidden | Fault::Unauthorized => {
                                health.needs.push(Need::Write("lead:leads".to_owned()));
                            }
                            _ => return Err(mishap),
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

    fn rectifies(&self) -> Option<&dyn Rectify> {
        self.settings.writes.then_some(self)
    }

    fn erases(&self) -> Option<&dyn Erase> {
        self.erasing.is_some().then_some(self)
    }

    fn restricts(&self) -> Option<&dyn Restrict> {
        (self.settings.writes && self.settings.restriction_tag.is_some()).then_some(self)
    }

    fn suppresses(&self) -> Option<&dyn Suppress> {
        self.settings.writes.then_some(self)
    }
}
