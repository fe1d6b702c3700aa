//! How a mailbox is reached and what happens to its mail: `[[controller.mailbox]]`, and what makes it wrong.

use std::path::PathBuf;

use chrono::NaiveDate;
use serde::Deserialize;

use super::super::settings::{Password, Patience, Security, bare, stays_here};
use super::command::Quoted;

/// A folder of a mail account in which requests come in.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MailboxSettings {
    /// Its stable name; where reading stands is kept under it.
    pub name: String,
    /// Name or address of the IMAP server; the certificate must be made out to it.
    pub host: String,
    /// Unset: 993 with TLS, 143 otherwise.
    pub port: Option<u16>,
    /// How the line is protected. In clear only to this machine itself.
    #[serde(default = "tls")]
    pub security: Security,
    /// The user name.
    pub user: String,
    /// A file that holds the password. Read where the settings are read.
    pub password_file: Option<PathBuf>,
    /// The environment variable that holds the password.
    pub password_env: Option<String>,
    /// A file with an access token for XOAUTH2, instead of a password. Read anew at each login,
    /// because something outside of this program renews it.
    pub token_file: Option<PathBuf>,
    /// Certificates (PEM) of the authorities to trust for this server, **instead** of the public ones.
    pub ca_file: Option<PathBuf>,
    /// The folder that is read, as people write it.
    #[serde(default = "inbox")]
    pub folder: String,
    /// Changes nothing on the server, whatever `after` says.
    #[serde(default)]
    pub read_only: bool,
    /// What happens to a message that is kept here.
    #[serde(default)]
    pub after: After,
    /// Where it goes with `after = "move"`; made if it is not there.
    pub done_folder: Option<String>,
    /// Where copies of what we sent are filed; `auto` asks the server for the folder of that kind.
    pub sent_folder: Option<String>,
    /// The first day, by arrival in Europe/Berlin, whose messages are read. Unset: the day on which
    /// the mailbox is read for the first time.
    pub from: Option<NaiveDate>,
    /// Names of our own mail servers, as they stand in `Received` and `Authentication-Results`: their word on a
    /// signature (DKIM) is shown as a hint.
    #[serde(default)]
    pub trusted_servers: Vec<String>,
    /// Of a message above this size only the head is taken.
    #[serde(default = "usual_size")]
    pub max_bytes: u64,
    /// The password itself; put here by whoever read the file or the environment.
    #[serde(skip)]
    pub password: Option<Password>,
    /// How long to wait for the server.
    #[serde(skip)]
    pub patience: Patience,
}

/// What happens on the server to a message that is kept here.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum After {
    /// Nothing.
    #[default]
    Keep,
    /// It is marked as read, and with the keyword `$Rechtzeitig` where the server keeps keywords.
    Mark,
    /// It is moved to another folder.
    Move,
}

fn tls() -> Security {
    Security::Tls
}

fn inbox() -> String {
    String::from("INBOX")
}

fn usual_size() -> u64 {
    25 * 1024 * 1024
}

/// Why the settings cannot work, before any line is opened.
#[derive(Debug, thiserror::Error)]
pub enum MailboxSettingsError {
    /// The name is none.
    #[error("name must be 1 to 40 small letters, digits or hyphens")]
    Name,
    /// No server is named.
    #[error("host is empty: name the IMAP server")]
    NoHost,
    /// Nobody to log in as.
    #[error("user is empty: name the account")]
    NoUser,
    /// Clear text to another machine.
    #[error(
        "security = \"none\" would send the password and the letters of people in clear over the \
         network: use \"tls\" or \"starttls\""
    )]
    InClear,
    /// No way to log in, or two.
    #[error("needs one of password_file, password_env and token_file")]
    Login,
    /// A folder is not named as folders are.
    #[error("{0} is empty or holds a control character")]
    Folder(&'static str),
    /// Messages are to be moved, but not where to.
    #[error("after = \"move\" needs done_folder, and another one than folder")]
    NoDoneFolder,
    /// A size that cannot be meant.
    #[error("max_bytes must be 65536 to 104857600; 26214400 is 25 MiB")]
    Size,
    /// The file of certificates cannot be used.
    #[error("ca_file {0}: {1}")]
    Authority(PathBuf, String),
    /// The host cannot be put on a certificate, or the cryptography refuses to start.
    #[error("TLS cannot be prepared: {0}")]
    Tls(String),
}

impl MailboxSettings {
    /// Settings for this account with everything else as it is when unset.
    pub fn of(name: &str, host: &str, user: &str) -> Self {
        Self {
            name: name.to_owned(),
            host: host.to_owned(),
            port: None,
            security: tls(),
            user: user.to_owned(),
            password_file: None,
            password_env: None,
            token_file: None,
            ca_file: None,
            folder: inbox(),
            read_only: false,
            after: After::default(),
            done_folder: None,
            sent_folder: None,
            from: None,
            max_bytes: usual_size(),
            trusted_servers: vec![],
            password: None,
            patience: Patience::default(),
        }
    }

    pub(super) fn port(&self) -> u16 {
        self.port.unwrap_or(match self.security {
            Security::Tls => 993,
            Security::StartTls | Security::None => 143,
        })
    }

    pub(super) fn bare_host(&self) -> &str {
        bare(&self.host)
    }

    /// All that can be seen to be wrong without opening a line.
    pub(super) fn sound(&self) -> Result<(), MailboxSettingsError> {
        let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if !(1..=40).contains(&self.name.len()) || !self.name.chars().all(fits) {
            return Err(MailboxSettingsError::Name);
        }
        if self.bare_host().is_empty() {
            return Err(MailboxSettingsError::NoHost);
        }
        if self.user.trim().is_empty() || self.user.chars().any(char::is_control) {
            return Err(MailboxSettingsError::NoUser);
        }
        if self.security == Security::None && !stays_here(&self.host) {
            return Err(MailboxSettingsError::InClear);
        }
        if self.password.is_some() == self.token_file.is_some() {
            return Err(MailboxSettingsError::Login);
        }
        if self.after == After::Move && self.done_folder.as_ref().is_none_or(|f| *f == self.folder)
        {
            return Err(MailboxSettingsError::NoDoneFolder);
        }
        if !(65_536..=100 * 1024 * 1024).contains(&self.max_bytes) {
            return Err(MailboxSettingsError::Size);
        }
        Ok(())
    }
}

/// The folder of this key as the server knows it.
pub(super) fn folder(key: &'static str, name: &str) -> Result<Quoted, MailboxSettingsError> {
    Quoted::folder(name).ok_or(MailboxSettingsError::Folder(key))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(more: &str) -> Result<MailboxSettings, toml::de::Error> {
        toml::from_str(&format!(
            "name = 'requests'\nhost = 'imap.kontor.example'\nuser = 'privacy'\n{more}"
        ))
    }

    #[test]
    fn unset_means_tls_the_inbox_and_nothing_changed() {
        let settings = settings("").unwrap();
        assert_eq!((settings.security, settings.port()), (Security::Tls, 993));
        assert_eq!(settings.folder, "INBOX");
        assert_eq!(settings.after, After::Keep);
        assert_eq!((settings.sent_folder, settings.from), (None, None));
        assert_eq!(settings.max_bytes, 26_214_400);
    }

    #[test]
    fn an_unknown_key_is_an_error() {
        assert!(settings("password = 'x'").is_err());
        assert!(settings("after = 'delete'").is_err());
    }

    #[test]
    fn a_day_is_written_as_text() {
        assert_eq!(
            settings("from = '2026-01-31'").unwrap().from,
            NaiveDate::from_ymd_opt(2026, 1, 31)
        );
    }
}
