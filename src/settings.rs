//! Reads the configuration file, the environment and the secret files; an unknown key is an error.

mod controller;
mod described;
mod environment;
mod file;
mod problem;
mod source;

use std::fmt;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

pub use controller::ControllerSettings;
pub use described::{Described, KEYS, markdown};
pub use file::{Desk, Ledger, Log, Server, Uploads};
pub use problem::{Problem, SettingsError};
pub use source::{Adapter, SourceSettings};

use crate::clamav;
use crate::domain::calendar::Calendar;
use crate::domain::law::LawBook;
use crate::mail::SmtpSettings;
use crate::seal::MasterKeys;
use crate::storage;

/// Where a verb looks when no file is named.
pub const USUAL_PLACES: [&str; 2] = ["./rechtzeitig.toml", "./demo/rechtzeitig.toml"];

/// The whole configuration, checked. Printing it shows no secret.
#[derive(Clone)]
pub struct Settings {
    /// The file that it was read from.
    pub path: PathBuf,
    /// Where the program listens.
    pub server: Server,
    /// Where the database lies.
    pub store: storage::Settings,
    /// The folder of the sealed files.
    pub files: PathBuf,
    /// Where the master keys are.
    pub keys: Keys,
    /// The mail server of all controllers that have none of their own.
    pub mail: Option<SmtpSettings>,
    /// How the desk works.
    pub desk: Desk,
    /// What may be attached to a form.
    pub uploads: Uploads,
    /// Where checkpoints of the ledgers go.
    pub ledger: Ledger,
    /// Who looks into files for malware, if anybody.
    pub scanner: Option<clamav::Settings>,
    /// What is logged.
    pub log: Log,
    /// The table of holidays.
    pub calendar: Arc<Calendar>,
    /// The book of law: periods, grounds, authorities.
    pub law: Arc<LawBook>,
    /// The folder with own wordings of letters.
    pub letters: Option<PathBuf>,
    /// Whom the office works for.
    pub controllers: Vec<ControllerSettings>,
}

/// Where the master keys are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Keys {
    /// In a file.
    File(PathBuf),
    /// In an environment variable.
    Variable(String),
}

impl Keys {
    /// Reads the keys.
    ///
    /// # Errors
    /// One sentence that says what is wrong and what helps.
    pub fn read(&self) -> Result<MasterKeys, String> {
        let (text, whence) = match self {
            Keys::File(path) => {
                let text = std::fs::read_to_string(path).map_err(|error| {
                    format!(
                        "the key file {} cannot be read ({error}): put it back from its safe copy, or make one with `init`",
                        path.display()
                    )
                })?;
                (text, path.display().to_string())
            }
            Keys::Variable(name) => {
                let text = std::env::var(name).map_err(|_| {
                    format!("the environment variable {name} with the master key is not set")
                })?;
                (text, name.clone())
            }
        };
        MasterKeys::parse(&zeroize::Zeroizing::new(text))
            .map_err(|error| format!("{whence}: {error}"))
    }
}

impl Settings {
    /// Whether a connection, a mailbox or a path of addresses may be called that: small letters, digits, hyphens.
    #[must_use]
    pub fn is_name(text: &str) -> bool {
        controller::is_path(text)
    }

    /// Reads the file that is named, else the first that exists of [`USUAL_PLACES`].
    ///
    /// # Errors
    /// [`SettingsError`], which names the file, the key and what helps.
    pub fn find(named: Option<&Path>) -> Result<Settings, SettingsError> {
        match named {
            Some(path) => Settings::load(path),
            None => USUAL_PLACES
                .iter()
                .map(Path::new)
                .find(|path| path.exists())
                .map_or(Err(SettingsError::Nowhere), Settings::load),
        }
    }

    /// Reads this file, with the environment laid over it.
    ///
    /// # Errors
    /// As [`Settings::find`].
    pub fn load(path: &Path) -> Result<Settings, SettingsError> {
        Settings::load_with(path, std::env::vars())
    }

    /// The same, with the environment handed in.
    ///
    /// # Errors
    /// As [`Settings::find`].
    pub fn load_with(
        path: &Path,
        environment: impl IntoIterator<Item = (String, String)>,
    ) -> Result<Settings, SettingsError> {
        let text = std::fs::read_to_string(path).map_err(|error| SettingsError::Unreadable {
            path: path.to_owned(),
            error,
        })?;
        let environment: Vec<(String, String)> = environment.into_iter().collect();
        let read = environment::read(path, &text, &environment)?;
        read.check(path, &environment)
    }

    /// Where the program listens.
    #[must_use]
    pub fn listen(&self) -> SocketAddr {
        self.server.listen
    }

    /// The mail server of a controller: its own, else that of all.
    #[must_use]
    pub fn mail_of<'a>(&'a self, controller: &'a ControllerSettings) -> Option<&'a SmtpSettings> {
        controller.mail.as_ref().or(self.mail.as_ref())
    }
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A connection string holds a password.
        let store = match &self.store {
            storage::Settings::Sqlite(path) => format!("SQLite {}", path.display()),
            storage::Settings::Postgres(_) => String::from("PostgreSQL …"),
        };
        f.debug_struct("Settings")
            .field("path", &self.path)
            .field("server", &self.server)
            .field("store", &store)
            .field("files", &self.files)
            .field("keys", &self.keys)
            .field("mail", &self.mail)
            .field("desk", &self.desk)
            .field("uploads", &self.uploads)
            .field("ledger", &self.ledger)
            .field("scanner", &self.scanner)
            .field("log", &self.log)
            .field("calendar", &self.calendar.version())
            .field("law", &self.law.version())
            .field("letters", &self.letters)
            .field("controllers", &self.controllers)
            .finish()
    }
}

#[cfg(test)]
mod tests;
