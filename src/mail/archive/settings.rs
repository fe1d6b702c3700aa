//! How a mailbox that is searched is reached, who allowed it, and which of its folders stay shut.

use std::path::{Path, PathBuf};
use std::time::Duration;

use chrono::NaiveDate;
use serde::Deserialize;
use tokio_rustls::rustls::pki_types::ServerName;

use super::super::imap::line::{Encryption, Proof, Way};
use super::super::settings::{Password, Patience, Security, bare, stays_here};
use super::super::trust::Trust;
use crate::ports::source::{Fault, Mishap};

/// A mail account in which persons are looked for.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Name or address of the IMAP server; the certificate must be made out to it.
    pub host: String,
    /// Unset: 993 with TLS, 143 otherwise.
    pub port: Option<u16>,
    /// How the line is protected. In clear only to this machine itself.
    #[serde(default = "tls")]
    pub security: Security,
    /// Certificates (PEM) of the authorities to trust for this server, **instead** of the public ones.
    pub ca_file: Option<PathBuf>,
    /// Who reads.
    pub reader: Account,
    /// Who erases and moves; without, that is done by hand.
    pub eraser: Option<Account>,
    /// Whether this is the mailbox of one employee.
    #[serde(default)]
    pub personal: bool,
    /// Who allowed that a program searches a personal mailbox. Without, its owner gets a task instead.
    pub permission: Option<Permission>,
    /// Folders that are never opened, with all below them; `*` stands for any letters.
    #[serde(default = "shut")]
    pub closed: Vec<String>,
    /// Folders that must be there, such as `Archive/2019`; one that is not in sight is said with every answer.
    #[serde(default)]
    pub expected: Vec<String>,
    /// Whether the texts of messages are searched too, and not only who wrote to whom. Slow where the server has no
    /// index of texts.
    #[serde(default = "yes")]
    pub texts: bool,
    /// Where restricted messages are moved to; made if it is not there. Only few should be able to see it.
    pub restricted_folder: Option<String>,
    /// After so many days nothing of what was erased is left in backups of the server.
    pub backup_days: Option<u16>,
}

/// Somebody who signs in.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Account {
    /// The user name.
    pub user: String,
    /// Where the password or the token lies.
    pub key: Key,
}

/// Where a password or a token lies: `{ file = "…" }`, `{ env = "…" }`, `{ token_file = "…" }`.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Key {
    /// A password in a file of its own.
    File(PathBuf),
    /// A password in an environment variable.
    Env(String),
    /// An access token for XOAUTH2 in a file, which something outside of this program renews.
    TokenFile(PathBuf),
}

/// A permission to search a personal mailbox.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Permission {
    /// Who gave it.
    pub by: String,
    /// On which day.
    pub on: NaiveDate,
}

fn tls() -> Security {
    Security::Tls
}

fn yes() -> bool {
    true
}

fn shut() -> Vec<String> {
    [
        "*Betriebsrat*",
        "*Personalrat*",
        "*Works Council*",
        "*Datenschutzbeauftragte*",
        "DSB",
        "DPO",
        "Privat",
        "Private",
    ]
    .map(str::to_owned)
    .to_vec()
}

impl Settings {
    /// Whether a program may search here.
    pub(super) fn allowed(&self) -> bool {
        !self.personal
            || self
                .permission
                .as_ref()
                .is_some_and(|it| !it.by.trim().is_empty())
    }

    /// The way for one of the two accounts; reads its key.
    pub(super) fn way(&self, account: &Account, patience: Duration) -> Result<Way, Mishap> {
        let host = bare(&self.host);
        if host.is_empty() {
            return Err(wrong("host is empty: name the IMAP server"));
        }
        if account.user.trim().is_empty() || account.user.chars().any(char::is_control) {
            return Err(wrong("user is empty: name the account"));
        }
        if self.security == Security::None && !stays_here(&self.host) {
            return Err(wrong(
                "security = \"none\" would send letters and the password in clear over the network",
            ));
        }
        Ok(Way {
            host: host.to_owned(),
            port: self.port.unwrap_or(match self.security {
                Security::Tls => 993,
                Security::StartTls | Security::None => 143,
            }),
            encryption: self.encryption(host)?,
            user: account.user.clone(),
            proof: account.key.proof()?,
            patience: Patience {
                connect: patience.min(Duration::from_secs(10)),
                command: patience,
                content: patience.saturating_mul(5),
            },
        })
    }

    fn encryption(&self, host: &str) -> Result<Encryption, Mishap> {
        if self.security == Security::None {
            return Ok(Encryption::None);
        }
        let file = self.ca_file.as_deref();
        let connector = Trust::read(file)
            .and_then(|trust| trust.connector())
            .map_err(|why| {
                wrong(format!(
                    "ca_file {}: {why}",
                    file.unwrap_or(Path::new("")).display()
                ))
            })?;
        let name = ServerName::try_from(host.to_owned())
            .map_err(|_| wrong("host can stand on no certificate"))?;
        Ok(match self.security {
            Security::StartTls => Encryption::StartTls(connector, name),
            Security::Tls | Security::None => Encryption::Tls(connector, name),
        })
    }
}

impl Key {
    fn proof(&self) -> Result<Proof, Mishap> {
        let (read, place) = match self {
            Key::TokenFile(file) => return Ok(Proof::Token(file.clone())),
            Key::File(file) => (
                std::fs::read_to_string(file).map_err(|error| error.to_string()),
                file.display().to_string(),
            ),
            Key::Env(name) => (
                std::env::var(name).map_err(|_| "the variable is not set".to_owned()),
                name.clone(),
            ),
        };
        let password = read.map_err(|why| wrong(format!("key {place}: {why}")))?;
        if password.trim().is_empty() {
            return Err(wrong(format!("key {place}: it is empty")));
        }
        Ok(Proof::Password(Password::new(password)))
    }
}

fn wrong(what: impl Into<String>) -> Mishap {
    Mishap::new(Fault::Misconfigured, what)
}
