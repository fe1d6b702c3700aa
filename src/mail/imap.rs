//! The mailbox by IMAP: one line kept open, read in portions, settled as configured.

pub(super) mod command;
mod copies;
pub(super) mod line;
pub(super) mod mishap;
pub(super) mod reading;
mod settings;
pub(super) mod settling;
mod wire;

use std::{future::Future, panic::AssertUnwindSafe, path::Path, sync::Arc, time::Duration};

use chrono::{Days, NaiveDate};
use futures_util::{FutureExt, future::BoxFuture};
use tokio::{
    sync::{Mutex, MutexGuard, Notify},
    time::{Instant, sleep},
};
use tokio_rustls::rustls::pki_types::ServerName;

use super::{
    settings::{Password, Security},
    trust::Trust,
};
use crate::ports::{Clock, Defect, Mailbox, Portion, Stand, Trouble};
use command::Quoted;
use copies::Sent;
use line::{Encryption, Line, Opened, Proof, Way};
use mishap::{Cause, Mishap, Step};
use reading::{Stumble, Wanted};

pub use settings::{After, MailboxSettings, MailboxSettingsError};

/// Servers and routers forget who says nothing for longer.
const IDLE: Duration = Duration::from_secs(9 * 60);
/// How often a server is asked that cannot speak of itself.
const ASK: Duration = Duration::from_secs(30);
/// A line that rested for longer is tried before it is used.
const RESTED: Duration = Duration::from_secs(20);
/// A refused password is not tried again before.
const LATCH: Duration = Duration::from_secs(60 * 60);
/// When a folder counts anew and no first day is set, messages of so many days are read: none that
/// is older can still be open, for an answer is due after three months at the latest (Art. 12(3) GDPR).
const LOOK_BACK: Days = Days::new(92);

/// One folder of one account.
pub struct ImapMailbox {
    name: String,
    way: Way,
    folder: Quoted,
    after: AfterKept,
    sent: Sent,
    from: Option<NaiveDate>,
    max_bytes: u64,
    clock: Arc<dyn Clock>,
    /// Words of the account, which must not appear in what is said about it.
    hidden: Vec<String>,
    seat: Mutex<Seat>,
    /// Rung by those who want the line while somebody only waits on it.
    bell: Notify,
}

enum AfterKept {
    Keep,
    Mark,
    Move(Quoted),
}

/// The one place at the line, and what is remembered between two talks.
#[derive(Default)]
struct Seat {
    line: Option<Line>,
    refused: Option<(Instant, Password)>,
    /// The first day that holds in a numbering for which none is configured.
    implied: Option<(u32, NaiveDate)>,
    /// The folder as it was when it was read last.
    read: Option<Opened>,
    /// Where a reading broke.
    stumble: Option<Stumble>,
}

impl ImapMailbox {
    /// Prepares the way without opening a line.
    ///
    /// # Errors
    /// What in the settings cannot work.
    pub fn new(
        settings: &MailboxSettings,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, MailboxSettingsError> {
        settings.sound()?;
        let proof = match (&settings.password, &settings.token_file) {
            (Some(password), None) => Proof::Password(password.clone()),
            (None, Some(file)) => Proof::Token(file.clone()),
            _ => return Err(MailboxSettingsError::Login),
        };
        let after = match (settings.after, &settings.done_folder) {
            _ if settings.read_only => AfterKept::Keep,
            (After::Keep, _) => AfterKept::Keep,
            (After::Mark, _) => AfterKept::Mark,
            (After::Move, Some(folder)) => {
                AfterKept::Move(settings::folder("done_folder", folder)?)
            }
            (After::Move, None) => return Err(MailboxSettingsError::NoDoneFolder),
        };
        let sent = match settings.sent_folder.as_deref() {
            None => Sent::Nowhere,
            Some("auto") => Sent::Auto,
            Some(folder) => Sent::Named(settings::folder("sent_folder", folder)?),
        };
        let hidden = settings
            .user
            .split(|c: char| !c.is_alphanumeric())
            .filter(|word| word.chars().count() > 2)
            .map(str::to_lowercase)
            .collect();
        Ok(Self {
            name: settings.name.clone(),
            way: Way {
                host: settings.bare_host().to_owned(),
                port: settings.port(),
                encryption: encryption(settings)?,
                user: settings.user.clone(),
                proof,
                patience: settings.patience,
            },
            folder: settings::folder("folder", &settings.folder)?,
            after,
            sent,
            from: settings.from,
            max_bytes: settings.max_bytes,
            clock,
            hidden,
            seat: Mutex::default(),
            bell: Notify::new(),
        })
    }

    /// Logs in, opens the folder and reads nothing.
    ///
    /// # Errors
    /// The first [`Defect`] on the way.
    pub async fn check(&self) -> Result<(), Defect> {
        let defect = |mishap: Mishap| mishap.defect(&self.hidden);
        let mut seat = self.seat().await;
        let mut line = self.line(&mut seat).await.map_err(defect)?;
        let change = !matches!(self.after, AfterKept::Keep);
        let opened = line
            .open_folder(&self.folder, change)
            .await
            .map_err(defect)?;
        if change && !opened.writable {
            let what = "this account may only read the folder";
            return Err(defect(Mishap::new(Step::Settle, Cause::Unable(what))));
        }
        seat.line = Some(line);
        Ok(())
    }

    /// The seat. Who merely waits for mail on it is asked to leave.
    async fn seat(&self) -> MutexGuard<'_, Seat> {
        if let Ok(seat) = self.seat.try_lock() {
            return seat;
        }
        self.bell.notify_one();
        self.seat.lock().await
    }

    /// The line that is kept if it still answers, else a new one. It is taken out of the seat: a
    /// caller who gives up in the middle drops it, and nobody meets a half-heard answer.
    async fn line(&self, seat: &mut Seat) -> Result<Line, Mishap> {
        if let Some(mut line) = seat.line.take()
            && (line.rested() < RESTED || line.greet().await.is_ok())
        {
            return Ok(line);
        }
        let secret = self.way.proof.read().await?;
        if let Some((since, refused)) = &seat.refused
            && refused.reveal() == secret.text.reveal()
            && since.elapsed() < LATCH
        {
            let cause = if secret.token {
                Cause::StaleToken("it is the one that was refused before".into())
            } else {
                Cause::Latched
            };
            return Err(Mishap::new(Step::LogIn, cause));
        }
        let opened = Line::open(&self.way, &secret).await;
        match &opened {
            Ok(_) => seat.refused = None,
            Err(mishap) if mishap.judges_the_proof() => {
                seat.refused = Some((Instant::now(), secret.text));
            }
            Err(_) => {}
        }
        opened
    }

    /// Puts the line back, unless it cannot be trusted any more, and says what happened.
    fn leave<T>(&self, seat: &mut Seat, line: Line, done: Result<T, Mishap>) -> Result<T, Trouble> {
        match done {
            Ok(done) => {
                seat.line = Some(line);
                Ok(done)
            }
            Err(mishap) => {
                if mishap.leaves_the_line_whole() {
                    seat.line = Some(line);
                }
                Err(mishap.trouble(&self.hidden))
            }
        }
    }

    async fn take(&self, stand: Stand) -> Result<Portion, Trouble> {
        let mut seat = self.seat().await;
        let mut line = self.line(&mut seat).await.map_err(|m| self.trouble(&m))?;
        let done = self.read(&mut seat, &mut line, stand).await;
        self.leave(&mut seat, line, done)
    }

    async fn read(
        &self,
        seat: &mut Seat,
        line: &mut Line,
        stand: Stand,
    ) -> Result<Portion, Mishap> {
        let opened = line.open_folder(&self.folder, false).await?;
        if self.from.is_none() && opened.validity != stand.validity {
            let today = self.clock.today();
            let day = if stand.validity == 0 {
                today
            } else {
                today.checked_sub_days(LOOK_BACK).unwrap_or(today)
            };
            if seat.implied.is_none_or(|(of, _)| of != opened.validity) {
                seat.implied = Some((opened.validity, day));
            }
        }
        let implied = seat
            .implied
            .filter(|(of, _)| *of == opened.validity && self.from.is_none())
            .map(|(_, day)| day);
        let wanted = Wanted {
            next: if opened.validity == stand.validity {
                stand.next.max(1)
            } else {
                1
            },
            from: self.from.or(implied),
            near: implied.is_some(),
            max_bytes: self.max_bytes,
        };
        let portion = reading::portion(line, &opened, wanted, &mut seat.stumble).await?;
        // While more waits, waiting must come back at once.
        seat.read = (!portion.more).then_some(opened);
        Ok(portion)
    }

    async fn settle_all(&self, validity: u32, uids: &[u32]) -> Result<(), Trouble> {
        let mut uids = uids.to_vec();
        uids.sort_unstable();
        uids.dedup();
        if uids.is_empty() || matches!(self.after, AfterKept::Keep) {
            return Ok(());
        }
        let mut seat = self.seat().await;
        let mut line = self.line(&mut seat).await.map_err(|m| self.trouble(&m))?;
        let done = async {
            let opened = line.open_folder(&self.folder, true).await?;
            match &self.after {
                // Counted anew: these numbers mean other messages now, or none.
                _ if opened.validity != validity => Ok(()),
                AfterKept::Keep => Ok(()),
                AfterKept::Mark => settling::mark(&mut line, &opened, &uids).await,
                AfterKept::Move(to) => settling::relocate(&mut line, &opened, &uids, to).await,
            }
        }
        .await;
        self.leave(&mut seat, line, done)
    }

    async fn watch(&self, at_most: Duration) -> Result<(), Trouble> {
        let mut seat = self.seat().await;
        let mut line = self.line(&mut seat).await.map_err(|m| self.trouble(&m))?;
        let done = async {
            // What came since the last reading is not announced again by a folder that is opened now.
            let opened = line.open_folder(&self.folder, false).await?;
            if seat.read.is_none_or(|read| has_grown(&read, &opened)) {
                return Ok(());
            }
            if line.offers("IDLE") {
                return line.listen(at_most.min(IDLE), self.bell.notified()).await;
            }
            let end = Instant::now() + at_most.min(IDLE);
            loop {
                let left = end.saturating_duration_since(Instant::now());
                tokio::select! {
                    () = sleep(left.min(ASK)) => {}
                    () = self.bell.notified() => return Ok(()),
                }
                if line.greet().await? || Instant::now() >= end {
                    return Ok(());
                }
            }
        }
        .await;
        self.leave(&mut seat, line, done)
    }

    async fn file(&self, message_id: &str, raw: &[u8]) -> Result<(), Trouble> {
        if matches!(self.sent, Sent::Nowhere) {
            return Ok(());
        }
        let mut seat = self.seat().await;
        let mut line = self.line(&mut seat).await.map_err(|m| self.trouble(&m))?;
        let done = copies::file(&mut line, &self.sent, message_id, raw).await;
        self.leave(&mut seat, line, done)
    }

    fn trouble(&self, mishap: &Mishap) -> Trouble {
        mishap.trouble(&self.hidden)
    }
}

impl Mailbox for ImapMailbox {
    fn name(&self) -> &str {
        &self.name
    }

    fn fetch<'a>(&'a self, stand: Stand) -> BoxFuture<'a, Result<Portion, Trouble>> {
        Box::pin(unharmed(self.take(stand)))
    }

    fn settle<'a>(&'a self, validity: u32, uids: &'a [u32]) -> BoxFuture<'a, Result<(), Trouble>> {
        Box::pin(unharmed(self.settle_all(validity, uids)))
    }

    fn wait<'a>(&'a self, at_most: Duration) -> BoxFuture<'a, Result<(), Trouble>> {
        Box::pin(unharmed(self.watch(at_most)))
    }

    fn file_copy<'a>(
        &'a self,
        message_id: &'a str,
        raw: &'a [u8],
    ) -> BoxFuture<'a, Result<(), Trouble>> {
        Box::pin(unharmed(self.file(message_id, raw)))
    }
}

/// The library that reads the server's answers falls over at a few that no server should give. The
/// line is dropped with it, and the caller hears of trouble like any other.
async fn unharmed<T>(talk: impl Future<Output = Result<T, Trouble>>) -> Result<T, Trouble> {
    AssertUnwindSafe(talk)
        .catch_unwind()
        .await
        .unwrap_or_else(|_| Err(Trouble::later("the mailbox server's answer cannot be read")))
}

/// Whether something is there now that was not there when the folder was read.
fn has_grown(read: &Opened, now: &Opened) -> bool {
    match (read.next, now.next) {
        _ if read.validity != now.validity => true,
        (Some(before), Some(after)) => after > before,
        _ => now.exists > read.exists,
    }
}

fn encryption(settings: &MailboxSettings) -> Result<Encryption, MailboxSettingsError> {
    if settings.security == Security::None {
        return Ok(Encryption::None);
    }
    let file = settings.ca_file.as_deref();
    let connector = Trust::read(file)
        .and_then(|trust| trust.connector())
        .map_err(|why| match file {
            Some(file) => MailboxSettingsError::Authority(Path::to_owned(file), why),
            None => MailboxSettingsError::Tls(why),
        })?;
    let name = ServerName::try_from(settings.bare_host().to_owned())
        .map_err(|e| MailboxSettingsError::Tls(e.to_string()))?;
    Ok(match settings.security {
        Security::StartTls => Encryption::StartTls(connector, name),
        Security::Tls | Security::None => Encryption::Tls(connector, name),
    })
}
