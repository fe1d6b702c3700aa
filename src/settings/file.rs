//! The sections of the configuration file as they are written.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::Deserialize;

use super::controller::ControllerSection;
use super::problem::{Problem, SettingsError};
use super::source::{SourceSection, SourceSettings};
use super::{Keys, Settings};
use crate::clamav::{self, Clamd};
use crate::domain::calendar::Calendar;
use crate::domain::law::LawBook;
use crate::mail::{ImapMailbox, MailboxSettings, Password, SmtpPost, SmtpSettings};
use crate::ports::SystemClock;
use crate::{storage, web};

/// The whole file.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Whole {
    server: Server,
    store: StoreSection,
    files: FilesSection,
    keys: KeysSection,
    mail: Option<SmtpSettings>,
    desk: Desk,
    uploads: Uploads,
    scanner: Option<clamav::Settings>,
    ledger: Ledger,
    log: Log,
    calendar: CalendarSection,
    law: LawSection,
    letters: LettersSection,
    controller: Vec<ControllerSection>,
}

/// Where the program listens.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Server {
    /// Address and port.
    pub listen: SocketAddr,
    /// Threads that serve requests.
    pub workers: usize,
    /// Proxies whose word about the caller's address is believed.
    pub trusted_proxies: Vec<IpAddr>,
}

impl Default for Server {
    fn default() -> Server {
        Server {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 8080)),
            workers: 2,
            trusted_proxies: Vec::new(),
        }
    }
}

impl Server {
    /// The same, as the pages take it.
    #[must_use]
    pub fn doors(&self) -> web::Settings {
        web::Settings {
            listen: self.listen,
            workers: self.workers,
            trusted_proxies: self.trusted_proxies.clone(),
        }
    }
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct StoreSection {
    sqlite: Option<PathBuf>,
    postgres: Option<String>,
    postgres_file: Option<PathBuf>,
    postgres_env: Option<String>,
}

impl std::fmt::Debug for StoreSection {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // A connection string holds a password.
        f.debug_struct("StoreSection")
            .field("sqlite", &self.sqlite)
            .finish_non_exhaustive()
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct FilesSection {
    folder: Option<PathBuf>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct KeysSection {
    master_file: Option<PathBuf>,
    master_env: Option<String>,
}

/// How the desk works.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Desk {
    /// Whether signing in needs a code beside the password.
    pub second_factor: bool,
    /// Hours after which an unused session ends.
    pub session_hours: i64,
    /// The hour in Europe/Berlin from which the daily digest goes out.
    pub digest_hour: u32,
    /// At most so many mails a day go to an address without anybody at the desk.
    pub mails_per_day: i32,
    /// Whether mails that were judged otherwise than the program did are kept as examples, without names.
    pub keep_examples: bool,
    /// Whether clerks may have a calendar feed.
    pub feeds: bool,
}

impl Default for Desk {
    fn default() -> Desk {
        Desk {
            second_factor: true,
            session_hours: 12,
            digest_hour: 7,
            mails_per_day: 5,
            keep_examples: false,
            feeds: false,
        }
    }
}

/// What may be attached to a form.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Uploads {
    /// Largest file in bytes.
    pub max_bytes: u64,
    /// At most so many files at once.
    pub max_files: usize,
}

impl Default for Uploads {
    fn default() -> Uploads {
        Uploads {
            max_bytes: 25 * 1024 * 1024,
            max_files: 10,
        }
    }
}

/// Where signed checkpoints of the ledgers go.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Ledger {
    /// A folder, best one on another machine.
    pub checkpoint_folder: Option<PathBuf>,
    /// An address, best one outside the house.
    pub checkpoint_email: Option<String>,
}

/// What is logged.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Log {
    /// What of which part, such as `info,rechtzeitig=debug`.
    pub filter: String,
    /// One JSON object a line instead of text.
    pub json: bool,
}

impl Default for Log {
    fn default() -> Log {
        Log {
            filter: String::from("info,actix_server=warn"),
            json: false,
        }
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct CalendarSection {
    file: Option<PathBuf>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct LawSection {
    file: Option<PathBuf>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct LettersSection {
    overrides: Option<PathBuf>,
}

impl Whole {
    /// Checks everything, reads the secrets, and says all that is wrong at once.
    pub(super) fn check(
        self,
        path: &Path,
        environment: &[(String, String)],
    ) -> Result<Settings, SettingsError> {
        let folder = path.parent().unwrap_or(Path::new("")).to_owned();
        let at = |relative: &Path| folder.join(relative);
        let variable = |name: &str| {
            environment
                .iter()
                .find(|(key, _)| key == name)
                .map(|(_, value)| value.clone())
        };
        let mut problems = Vec::new();

        if !(1..=64).contains(&self.server.workers) {
            problems.push(Problem::of(
                "server.workers",
                "must be 1 to 64",
                "2 is enough for most",
            ));
        }
        if !(1..=720).contains(&self.desk.session_hours) {
            problems.push(Problem::of(
                "desk.session_hours",
                "must be 1 to 720",
                "12 is a working day",
            ));
        }
        if !(1..=50).contains(&self.desk.mails_per_day) {
            problems.push(Problem::of(
                "desk.mails_per_day",
                "must be 1 to 50",
                "5 is the default",
            ));
        }
        if self.desk.digest_hour > 23 {
            problems.push(Problem::of(
                "desk.digest_hour",
                "must be 0 to 23",
                "7 means from seven in the morning",
            ));
        }
        if !(1024..=1 << 30).contains(&self.uploads.max_bytes) {
            problems.push(Problem::of(
                "uploads.max_bytes",
                "must be 1024 to 1073741824",
                "26214400 is 25 MiB",
            ));
        }
        if !(1..=100).contains(&self.uploads.max_files) {
            problems.push(Problem::of(
                "uploads.max_files",
                "must be 1 to 100",
                "10 is the default",
            ));
        }
        if let Some(scanner) = &self.scanner
            && let Err(error) = Clamd::new(scanner)
        {
            problems.push(Problem::of(
                "scanner",
                error.to_string(),
                "the keys of [scanner] are explained in docs/configuration.md",
            ));
        }
        if self
            .ledger
            .checkpoint_email
            .as_deref()
            .is_some_and(|address| !looks_like_address(address))
        {
            problems.push(Problem::of(
                "ledger.checkpoint_email",
                "is no e-mail address",
                "name one or take the key out",
            ));
        }
        if let Err(error) = self
            .log
            .filter
            .parse::<tracing_subscriber::filter::Targets>()
        {
            problems.push(Problem::of(
                "log.filter",
                format!("is not understood ({error})"),
                "`info` is the default",
            ));
        }

        let store = store(&self.store, &at, &variable).unwrap_or_else(|problem| {
            problems.push(problem);
            storage::Settings::Sqlite(at(Path::new("rechtzeitig.db")))
        });
        let keys = match (self.keys.master_file, self.keys.master_env) {
            (Some(_), Some(_)) => {
                problems.push(Problem::of(
                    "keys",
                    "has both master_file and master_env",
                    "keep one of them",
                ));
                Keys::Variable(String::new())
            }
            (None, Some(name)) => Keys::Variable(name),
            (file, None) => {
                Keys::File(at(&file.unwrap_or_else(|| PathBuf::from("keys/master.key"))))
            }
        };
        let calendar = match &self.calendar.file {
            None => Arc::new(Calendar::shipped().clone()),
            Some(file) => own_calendar(&at(file)).unwrap_or_else(|problem| {
                problems.push(problem);
                Arc::new(Calendar::shipped().clone())
            }),
        };
        let law = match &self.law.file {
            None => Arc::new(LawBook::shipped().clone()),
            Some(file) => own_law(&at(file)).unwrap_or_else(|problem| {
                problems.push(problem);
                Arc::new(LawBook::shipped().clone())
            }),
        };
        let mail = self
            .mail
            .map(|mail| ready("mail", mail, &at, &variable, &mut problems));
        let mut controllers = Vec::new();
        if self.controller.is_empty() {
            problems.push(Problem::of(
                "controller",
                "is missing",
                "describe at least one in a section [[controller]]",
            ));
        }
        for (number, mut section) in self.controller.into_iter().enumerate() {
            let sources = std::mem::take(&mut section.source);
            let mut settings = section.check(number, &calendar, &law, &mut problems);
            settings.sources = self::sources(number, sources, &at(Path::new("")), &mut problems);
            settings.mail = settings.mail.map(|mail| {
                ready(
                    &format!("controller[{number}].mail"),
                    mail,
                    &at,
                    &variable,
                    &mut problems,
                )
            });
            settings.mailboxes = settings
                .mailboxes
                .into_iter()
                .enumerate()
                .map(|(count, mailbox)| {
                    let key = format!("controller[{number}].mailbox[{count}]");
                    open(&key, mailbox, &at, &variable, &mut problems)
                })
                .collect();
            controllers.push(settings);
        }
        super::controller::apart(&controllers, &mut problems);

        if !problems.is_empty() {
            return Err(SettingsError::Wrong {
                path: path.to_owned(),
                problems,
            });
        }
        Ok(Settings {
            path: path.to_owned(),
            server: self.server,
            store,
            files: at(self.files.folder.as_deref().unwrap_or(Path::new("files"))),
            keys,
            mail,
            desk: self.desk,
            uploads: self.uploads,
            scanner: self.scanner,
            ledger: Ledger {
                checkpoint_folder: self.ledger.checkpoint_folder.map(|folder| at(&folder)),
                ..self.ledger
            },
            log: self.log,
            calendar,
            law,
            letters: self.letters.overrides.map(|folder| at(&folder)),
            controllers,
        })
    }
}

fn store(
    section: &StoreSection,
    at: &impl Fn(&Path) -> PathBuf,
    variable: &impl Fn(&str) -> Option<String>,
) -> Result<storage::Settings, Problem> {
    let url = match (
        &section.sqlite,
        &section.postgres,
        &section.postgres_file,
        &section.postgres_env,
    ) {
        (None, None, None, None) => {
            return Ok(storage::Settings::Sqlite(at(Path::new("rechtzeitig.db"))));
        }
        (Some(path), None, None, None) => return Ok(storage::Settings::Sqlite(at(path))),
        (None, Some(url), None, None) => url.clone(),
        (None, None, Some(file), None) => {
            let file = at(file);
            std::fs::read_to_string(&file).map_err(|error| {
                Problem::of(
                    "store.postgres_file",
                    format!("{}: {error}", file.display()),
                    "put the connection string there",
                )
            })?
        }
        (None, None, None, Some(name)) => variable(name).ok_or_else(|| {
            Problem::of(
                "store.postgres_env",
                format!("the variable {name} is not set"),
                "put the connection string there",
            )
        })?,
        _ => {
            return Err(Problem::of(
                "store",
                "names more than one database",
                "keep one of its keys",
            ));
        }
    };
    let url = url.trim();
    if url.is_empty() {
        return Err(Problem::of(
            "store.postgres",
            "is empty",
            "write postgres://user@host/database",
        ));
    }
    Ok(storage::Settings::Postgres(url.to_owned()))
}

fn own_calendar(file: &Path) -> Result<Arc<Calendar>, Problem> {
    let remedy = "take config/holidays.csv of the program as a pattern, or the key out";
    let text = std::fs::read_to_string(file).map_err(|error| {
        Problem::of(
            "calendar.file",
            format!("{}: {error}", file.display()),
            remedy,
        )
    })?;
    let table = Calendar::parse(&text).map_err(|error| {
        Problem::of(
            "calendar.file",
            format!("{}: {error}", file.display()),
            remedy,
        )
    })?;
    Ok(Arc::new(table))
}

fn own_law(file: &Path) -> Result<Arc<LawBook>, Problem> {
    let remedy = "take config/law.toml of the program as a pattern, or the key out";
    let wrong = |error: &dyn std::fmt::Display| {
        Problem::of("law.file", format!("{}: {error}", file.display()), remedy)
    };
    let text = std::fs::read_to_string(file).map_err(|error| wrong(&error))?;
    let book = LawBook::parse(&text).map_err(|error| wrong(&error))?;
    Ok(Arc::new(book))
}

/// Puts the password in place and sees whether the settings can work.
fn ready(
    key: &str,
    mut mail: SmtpSettings,
    at: &impl Fn(&Path) -> PathBuf,
    variable: &impl Fn(&str) -> Option<String>,
    problems: &mut Vec<Problem>,
) -> SmtpSettings {
    mail.password_file = mail.password_file.map(|file| at(&file));
    mail.ca_file = mail.ca_file.map(|file| at(&file));
    let before = problems.len();
    mail.password = password(
        key,
        mail.password_file.as_deref(),
        mail.password_env.as_deref(),
        variable,
        problems,
    );
    if problems.len() == before
        && let Err(error) = SmtpPost::new(&mail)
    {
        problems.push(Problem::of(
            key,
            error.to_string(),
            "the keys of [mail] are explained in docs/configuration.md",
        ));
    }
    mail
}

/// The connected systems of a controller.
fn sources(
    number: usize,
    sections: Vec<SourceSection>,
    folder: &Path,
    problems: &mut Vec<Problem>,
) -> Vec<SourceSettings> {
    let mut names: Vec<String> = Vec::new();
    let mut checked = Vec::new();
    for (count, section) in sections.into_iter().enumerate() {
        let key = format!("controller[{number}].source[{count}]");
        if names.contains(&section.name) {
            problems.push(Problem::of(
                format!("{key}.name"),
                "is that of another source",
                "name each differently; findings are kept under it",
            ));
        }
        names.push(section.name.clone());
        checked.extend(section.check(&key, folder, problems));
    }
    checked
}

/// The same for a mailbox.
fn open(
    key: &str,
    mut mailbox: MailboxSettings,
    at: &impl Fn(&Path) -> PathBuf,
    variable: &impl Fn(&str) -> Option<String>,
    problems: &mut Vec<Problem>,
) -> MailboxSettings {
    for file in [
        &mut mailbox.password_file,
        &mut mailbox.token_file,
        &mut mailbox.ca_file,
    ] {
        *file = file.take().map(|file| at(&file));
    }
    let before = problems.len();
    mailbox.password = password(
        key,
        mailbox.password_file.as_deref(),
        mailbox.password_env.as_deref(),
        variable,
        problems,
    );
    if problems.len() == before
        && let Err(error) = ImapMailbox::new(&mailbox, Arc::new(SystemClock))
    {
        problems.push(Problem::of(
            key,
            error.to_string(),
            "the keys of [[controller.mailbox]] are explained in docs/configuration.md",
        ));
    }
    mailbox
}

/// The password from its file or variable, if there is to be one.
fn password(
    key: &str,
    file: Option<&Path>,
    name: Option<&str>,
    variable: &impl Fn(&str) -> Option<String>,
    problems: &mut Vec<Problem>,
) -> Option<Password> {
    let problem = match (file, name) {
        (Some(_), Some(_)) => Problem::of(
            key,
            "has both password_file and password_env",
            "keep one of them",
        ),
        (Some(file), None) => match std::fs::read_to_string(file) {
            Ok(text) => return Some(Password::new(text)),
            Err(error) => Problem::of(
                format!("{key}.password_file"),
                format!("{}: {error}", file.display()),
                "put the password there, readable for this account only",
            ),
        },
        (None, Some(name)) => match variable(name) {
            Some(text) => return Some(Password::new(text)),
            None => Problem::of(
                format!("{key}.password_env"),
                format!("the variable {name} is not set"),
                "set it to the password",
            ),
        },
        (None, None) => return None,
    };
    problems.push(problem);
    None
}

/// Whether a text could be an e-mail address; the mail server knows for certain.
pub(super) fn looks_like_address(text: &str) -> bool {
    match text.rsplit_once('@') {
        Some((person, domain)) => {
            !person.is_empty()
                && !domain.is_empty()
                && !text.contains(char::is_whitespace)
                && !text.contains(['<', '>', ','])
        }
        None => false,
    }
}
