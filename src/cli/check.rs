//! `rechtzeitig check`: tries everything, starts nothing, changes nothing; each finding with what helps.

use std::fmt;
use std::fs;
use std::io::Write;
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use crate::clamav::Clamd;
use crate::domain::ids::ControllerId;
use crate::domain::law::LawBook;
use crate::domain::question::{About, Gap, open_questions};
use crate::domain::register::System;
use crate::domain::scope::Scope;
use crate::letters::press::Press;
use crate::mail::{ImapMailbox, SmtpPost};
use crate::ports::scanner::Scanner;
use crate::ports::{Clock, Post, SystemClock};
use crate::seal::{ControllerKeys, MasterKeys, WrappedKey};
use crate::settings::{ControllerSettings, Keys, Settings, SettingsError};
use crate::storage::inspection::{Standing, inspect};
use crate::storage::{self, StoreError, controllers, register};

/// Try the configuration, the keys, the database, the folders, the mail servers and the scanner; start nothing.
#[derive(Debug, clap::Args)]
pub struct Args {}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Weight {
    Fine,
    Note,
    Warning,
    Error,
}

impl fmt::Display for Weight {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Weight::Fine => "ok",
            Weight::Note => "note",
            Weight::Warning => "warning",
            Weight::Error => "error",
        })
    }
}

/// Tells each finding on a line of its own.
struct Findings<W> {
    out: W,
    errors: usize,
}

impl<W: Write> Findings<W> {
    fn tell(
        &mut self,
        weight: Weight,
        about: &str,
        what: &str,
        remedy: &str,
    ) -> std::io::Result<()> {
        if weight == Weight::Error {
            self.errors += 1;
        }
        let joint = if remedy.is_empty() { "" } else { "; " };
        // One line per finding, whatever a foreign message brings along.
        let what = what.split_whitespace().collect::<Vec<_>>().join(" ");
        writeln!(self.out, "{weight:<8} {about}: {what}{joint}{remedy}")
    }

    fn fine(&mut self, about: &str, what: &str) -> std::io::Result<()> {
        self.tell(Weight::Fine, about, what, "")
    }
}

/// Runs the verb. Exit code 1 if something is fatal.
///
/// # Errors
/// Only if the findings cannot be written.
pub fn run(config: Option<&Path>, out: &mut impl Write) -> anyhow::Result<ExitCode> {
    let mut findings = Findings { out, errors: 0 };
    let settings = match Settings::find(config) {
        Ok(settings) => settings,
        Err(SettingsError::Wrong { path, problems }) => {
            for problem in problems {
                let about = format!("{}, {}", path.display(), problem.key);
                findings.tell(Weight::Error, &about, &problem.what, &problem.remedy)?;
            }
            return Ok(ExitCode::FAILURE);
        }
        Err(other) => {
            writeln!(findings.out, "{:<8} configuration: {other}", Weight::Error)?;
            return Ok(ExitCode::FAILURE);
        }
    };
    findings.fine("configuration", &settings.path.display().to_string())?;
    let masters = keys(&settings, &mut findings)?;
    let stored = store(&settings, &mut findings)?;
    if let (Some(masters), Some(stored)) = (&masters, &stored) {
        strong_room(masters, stored, &mut findings)?;
    }
    folder(
        "files.folder",
        &settings.files,
        Weight::Error,
        &mut findings,
    )?;
    checkpoints(&settings, &mut findings)?;
    calendar(&settings, &mut findings)?;
    law(&settings, &mut findings)?;
    letters(&settings, &mut findings)?;
    door(&settings, &mut findings)?;
    for configured in &settings.controllers {
        controller(configured, &mut findings)?;
        let found = stored.as_ref().and_then(|stored| {
            stored
                .iter()
                .find(|stored| stored.slug == configured.controller.slug)
        });
        systems(configured, found, &settings.law, &mut findings)?;
    }
    mail(&settings, &mut findings)?;
    mailboxes(&settings, &mut findings)?;
    scanner(&settings, &mut findings)?;
    connected(&settings, &mut findings)?;
    let errors = findings.errors;
    Ok(if errors == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// Connected systems are tried by a verb of their own, which takes its time.
fn connected(settings: &Settings, findings: &mut Findings<impl Write>) -> std::io::Result<()> {
    let many: usize = settings.controllers.iter().map(|it| it.sources.len()).sum();
    match many {
        0 => Ok(()),
        many => findings.tell(
            Weight::Note,
            "connected systems",
            &format!("{many} configured, not tried here"),
            "rechtzeitig source check tries them",
        ),
    }
}

fn keys(
    settings: &Settings,
    findings: &mut Findings<impl Write>,
) -> std::io::Result<Option<MasterKeys>> {
    let masters = match settings.keys.read() {
        Ok(masters) => masters,
        Err(what) => {
            findings.tell(Weight::Error, "keys", &what, "")?;
            return Ok(None);
        }
    };
    if let Keys::File(path) = &settings.keys {
        let mode = fs::metadata(path)?.permissions().mode();
        if mode & 0o077 != 0 {
            let what = format!(
                "{} can be read by others (mode {:o})",
                path.display(),
                mode & 0o777
            );
            findings.tell(
                Weight::Warning,
                "keys",
                &what,
                &format!("chmod 600 {}", path.display()),
            )?;
            return Ok(Some(masters));
        }
    }
    findings.fine(
        "keys",
        &format!("version {} locks", masters.ring().newest().version()),
    )?;
    Ok(Some(masters))
}

/// A controller as the database knows it.
struct Stored {
    id: ControllerId,
    slug: String,
    keys: Vec<WrappedKey>,
    systems: Vec<System>,
}

fn store(
    settings: &Settings,
    findings: &mut Findings<impl Write>,
) -> std::io::Result<Option<Vec<Stored>>> {
    if let storage::Settings::Sqlite(path) = &settings.store
        && let Some(parent) = path.parent()
    {
        folder("store.sqlite", parent, Weight::Error, findings)?;
    }
    let looked = inspect(&settings.store, |conn| {
        let mut all = Vec::new();
        for known in controllers::all(conn)? {
            let systems = register::of(conn, &Scope::of_house(known.id), known.id)?;
            all.push(Stored {
                keys: controllers::keys(conn, known.id)?,
                id: known.id,
                slug: known.slug,
                systems: systems.into_iter().map(|entry| entry.system).collect(),
            });
        }
        Ok(all)
    });
    match looked {
        Ok((Standing::Ready, stored)) => {
            findings.fine("store", "the tables are up to date")?;
            return Ok(stored);
        }
        Ok((Standing::Absent, _)) => findings.tell(
            Weight::Note,
            "store",
            "there is no database yet",
            "the first `serve` makes it",
        )?,
        Ok((Standing::Behind(pending), _)) => {
            let what = format!("{pending} migrations are pending");
            findings.tell(
                Weight::Note,
                "store",
                &what,
                "make a backup, then `serve` or `migrate` runs them",
            )?;
        }
        Err(error @ StoreError::NoPostgres) => {
            findings.tell(Weight::Error, "store", &error.to_string(), "")?
        }
        Err(error) => {
            let remedy = "is the server up, are address, account and rights right?";
            findings.tell(Weight::Error, "store", &error.to_string(), remedy)?;
        }
    }
    Ok(None)
}

fn strong_room(
    masters: &MasterKeys,
    stored: &[Stored],
    findings: &mut Findings<impl Write>,
) -> std::io::Result<()> {
    for Stored { id, slug, keys, .. } in stored {
        if let Err(error) = ControllerKeys::open(id.0, keys, masters) {
            let what = format!("the stored keys do not open ({error})");
            findings.tell(
                Weight::Error,
                slug,
                &what,
                "put the master key back with which they were locked",
            )?;
        }
    }
    Ok(())
}

/// Whether a folder can be written to; one that is missing must be possible to make.
fn folder(
    key: &str,
    path: &Path,
    weight: Weight,
    findings: &mut Findings<impl Write>,
) -> std::io::Result<()> {
    let mut standing = path;
    while !standing.exists() {
        match standing.parent() {
            Some(above) if above != Path::new("") => standing = above,
            _ => standing = Path::new("."),
        }
    }
    match tried(standing) {
        Ok(()) => findings.fine(key, &format!("{} can be written to", path.display())),
        Err(error) => {
            let what = format!("{}: {error}", standing.display());
            findings.tell(
                weight,
                key,
                &what,
                "give this account the right to write there, or name another folder",
            )
        }
    }
}

/// Only writing tells whether one can write; the file is gone again at once.
fn tried(folder: &Path) -> std::io::Result<()> {
    let trial = folder.join(format!(".rechtzeitig-check-{}", std::process::id()));
    fs::File::create_new(&trial)?;
    fs::remove_file(&trial)
}

fn checkpoints(settings: &Settings, findings: &mut Findings<impl Write>) -> std::io::Result<()> {
    if let Some(path) = &settings.ledger.checkpoint_folder {
        folder("ledger.checkpoint_folder", path, Weight::Error, findings)?;
    } else if settings.ledger.checkpoint_email.is_none() {
        findings.tell(
            Weight::Warning,
            "ledger",
            "no checkpoint leaves the house, so whoever holds database and keys could rewrite the log",
            "set ledger.checkpoint_folder or ledger.checkpoint_email",
        )?;
    }
    Ok(())
}

fn calendar(settings: &Settings, findings: &mut Findings<impl Write>) -> std::io::Result<()> {
    let (first, last) = settings.calendar.validity();
    let today = SystemClock.today();
    let what = format!(
        "table {}, valid from {first} to {last}",
        settings.calendar.version()
    );
    let remedy = "take the table of a newer release, or extend your own";
    if today < first || today > last {
        return findings.tell(Weight::Error, "calendar", &what, remedy);
    }
    // The longest period is three months; a year leaves time to act.
    if last - today < chrono::TimeDelta::days(366) {
        return findings.tell(Weight::Warning, "calendar", &what, remedy);
    }
    findings.fine("calendar", &what)
}

fn law(settings: &Settings, findings: &mut Findings<impl Write>) -> std::io::Result<()> {
    let as_of = settings.law.as_of();
    let what = format!("book {}, as of {as_of}", settings.law.version());
    if SystemClock.today() - as_of > chrono::TimeDelta::days(366) {
        let remedy = "take the book of a newer release, or look through your own";
        return findings.tell(Weight::Warning, "law", &what, remedy);
    }
    findings.fine("law", &what)
}

fn letters(settings: &Settings, findings: &mut Findings<impl Write>) -> std::io::Result<()> {
    let faults = Press::new(settings.letters.clone()).check();
    for fault in &faults {
        findings.tell(
            Weight::Error,
            "letters",
            &fault.to_string(),
            "correct the file, or take it out of letters.overrides",
        )?;
    }
    if faults.is_empty() {
        findings.fine("letters", "all can be printed")?;
    }
    Ok(())
}

fn door(settings: &Settings, findings: &mut Findings<impl Write>) -> std::io::Result<()> {
    let listen = settings.listen();
    match TcpListener::bind(listen) {
        Ok(_) => findings.fine("server.listen", &format!("{listen} is free")),
        Err(error) => findings.tell(
            Weight::Note,
            "server.listen",
            &format!("{listen}: {error}"),
            "does the program run already?",
        ),
    }
}

fn controller(
    configured: &ControllerSettings,
    findings: &mut Findings<impl Write>,
) -> std::io::Result<()> {
    let controller = &configured.controller;
    let slug = controller.slug.as_str();
    if controller.name == "Beispiel GmbH" || controller.email.ends_with("@example.org") {
        findings.tell(
            Weight::Warning,
            slug,
            "name or address are still those of the example",
            "put your own in",
        )?;
    }
    let public = controller.public_url.as_str();
    if public.starts_with("http://")
        && !public.contains("127.0.0.1")
        && !public.contains("localhost")
    {
        findings.tell(
            Weight::Warning,
            slug,
            "public_url is http: links and answers cross the network in clear",
            "put a proxy with TLS before it",
        )?;
    }
    findings.fine(
        slug,
        &format!(
            "{}, {}, {}",
            controller.name, controller.place, controller.authority.name
        ),
    )
}

fn systems(
    configured: &ControllerSettings,
    stored: Option<&Stored>,
    law: &LawBook,
    findings: &mut Findings<impl Write>,
) -> std::io::Result<()> {
    let slug = configured.controller.slug.as_str();
    let mut open = 0_usize;
    let Some(stored) = stored.filter(|stored| !stored.systems.is_empty()) else {
        let remedy = "fill it in the desk or with `rechtzeitig register import FILE`";
        return findings.tell(
            Weight::Note,
            slug,
            "the register of systems is empty, so no answer can be complete",
            remedy,
        );
    };
    for question in open_questions(
        &configured.controller,
        &stored.systems,
        law,
        SystemClock.today(),
    ) {
        let what = match (&question.about, &question.gap) {
            (About::Controller, gap) => format!("open question: {}", gap.code()),
            (
                About::System { slug, .. },
                Gap::Outdated {
                    quoted, instead, ..
                },
            ) => {
                format!(
                    "register, {slug}: '{quoted}' is out of date; {}",
                    instead.en
                )
            }
            (About::System { slug, .. }, gap) => {
                format!("register, {slug}: {} is missing", gap.code())
            }
        };
        findings.tell(
            Weight::Note,
            slug,
            &what,
            "answer it in the desk before a letter must name it",
        )?;
        open += 1;
    }
    if open > 0 {
        let what = format!("{open} open questions");
        findings.tell(Weight::Note, slug, &what, "/desk/questions lists them")?;
    }
    Ok(())
}

fn mail(settings: &Settings, findings: &mut Findings<impl Write>) -> anyhow::Result<()> {
    for configured in &settings.controllers {
        let slug = &configured.controller.slug;
        let Some(mail) = settings.mail_of(configured) else {
            findings.tell(
                Weight::Warning,
                slug,
                "there is no mail server, so messages are kept and shown as not sent",
                "describe one in [mail]",
            )?;
            continue;
        };
        let about = format!("{slug}, mail {}", mail.host);
        let tried = super::wait_for(async { Ok(SmtpPost::new(mail)?.check().await) });
        match tried {
            Ok(Ok(())) => findings.fine(&about, "the server would take our mail")?,
            // The defect says itself what helps.
            Ok(Err(defect)) => findings.tell(Weight::Error, &about, &defect.to_string(), "")?,
            Err(error) => findings.tell(Weight::Error, &about, &error.to_string(), "")?,
        }
    }
    Ok(())
}

fn scanner(settings: &Settings, findings: &mut Findings<impl Write>) -> anyhow::Result<()> {
    let Some(scanner) = &settings.scanner else {
        return Ok(());
    };
    match super::wait_for(async { Ok(Clamd::new(scanner)?.check().await) }) {
        Ok(Ok(())) => findings.fine("scanner", "knows malware when it sees it")?,
        // The defect says itself what helps.
        Ok(Err(defect)) => findings.tell(Weight::Error, "scanner", &defect.to_string(), "")?,
        Err(error) => findings.tell(Weight::Error, "scanner", &error.to_string(), "")?,
    }
    if scanner.leaves_the_machine() {
        findings.tell(
            Weight::Warning,
            "scanner",
            "files cross the network in clear on their way to it",
            "let clamd listen on this machine, or see that nobody listens in between",
        )?;
    }
    Ok(())
}

fn mailboxes(settings: &Settings, findings: &mut Findings<impl Write>) -> anyhow::Result<()> {
    for configured in &settings.controllers {
        for mailbox in &configured.mailboxes {
            let slug = &configured.controller.slug;
            let about = format!("{slug}, mailbox {}", mailbox.name);
            let tried = super::wait_for(async {
                Ok(ImapMailbox::new(mailbox, Arc::new(SystemClock))?
                    .check()
                    .await)
            });
            match tried {
                Ok(Ok(())) => findings.fine(&about, "can be read")?,
                // The defect says itself what helps.
                Ok(Err(defect)) => findings.tell(Weight::Error, &about, &defect.to_string(), "")?,
                Err(error) => findings.tell(Weight::Error, &about, &error.to_string(), "")?,
            }
        }
    }
    Ok(())
}
