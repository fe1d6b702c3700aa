//! The post office by SMTP: a few lines kept open, one letter at a time on each.

use std::{
    mem,
    path::Path,
    sync::{Arc, Mutex, MutexGuard, PoisonError, Weak},
    time::Duration,
};

use futures_util::future::BoxFuture;
use lettre::transport::smtp::{
    authentication::Credentials, client::TlsParameters, extension::ClientId,
};
use tokio::{
    sync::Semaphore,
    time::{Instant, sleep},
};

use super::{
    compose::compose,
    mishap::{Mishap, strike_out, words_to_hide},
    session::{Encryption, Session, Way},
    settings::{Security, SettingsError, SmtpSettings},
    trust::Trust,
};
use crate::ports::{Accepted, Defect, Parcel, Post, Trouble};

/// More lines than this at once look like an attack to many servers.
const LINES: usize = 4;
/// A line that nobody used for this long is closed.
const IDLE: Duration = Duration::from_secs(30);

/// Sends parcels through one mail server.
pub struct SmtpPost {
    way: Way,
    permits: Semaphore,
    bench: Arc<Mutex<Bench>>,
}

/// Open lines that wait for the next letter.
#[derive(Default)]
struct Bench {
    waiting: Vec<(Instant, Session)>,
    swept: bool,
}

impl SmtpPost {
    /// Prepares the way without opening a line.
    ///
    /// # Errors
    /// What in the settings cannot work.
    pub fn new(settings: &SmtpSettings) -> Result<Self, SettingsError> {
        if settings.host.trim().is_empty() {
            return Err(SettingsError::NoHost);
        }
        let login = match (&settings.user, &settings.password) {
            (Some(user), Some(password)) => {
                Some(Credentials::new(user.clone(), password.reveal().to_owned()))
            }
            (None, None) => None,
            _ => return Err(SettingsError::HalfALogin),
        };
        let way = Way {
            host: settings.bare_host().to_owned(),
            port: settings.port(),
            hello: hello(settings)?,
            encryption: encryption(settings)?,
            login,
            patience: settings.patience,
        };
        Ok(Self {
            way,
            permits: Semaphore::new(LINES),
            bench: Arc::default(),
        })
    }

    async fn hand_over(&self, parcel: &Parcel) -> Result<Accepted, Trouble> {
        let message = compose(parcel).map_err(|e| Trouble::never(e.to_string()))?;
        let hidden = words_to_hide(parcel);
        let _permit = self
            .permits
            .acquire()
            .await
            .map_err(|e| Trouble::later(e.to_string()))?;
        let mut session = self
            .line()
            .await
            .map_err(|mishap| mishap.trouble(&hidden))?;
        match session
            .deliver(message.envelope(), &message.formatted())
            .await
        {
            Ok(response) => {
                self.keep(session);
                Ok(Accepted {
                    response: strike_out(&response, &hidden),
                })
            }
            Err(mishap) => {
                if mishap.leaves_the_line_whole() && session.reset().await.is_ok() {
                    self.keep(session);
                }
                Err(mishap.trouble(&hidden))
            }
        }
    }

    /// A line that waits and still answers, else a new one.
    async fn line(&self) -> Result<Session, Mishap> {
        loop {
            let Some((since, mut session)) = at(&self.bench).waiting.pop() else {
                return Session::open(&self.way).await;
            };
            if since.elapsed() < IDLE && session.greet().await.is_ok() {
                return Ok(session);
            }
        }
    }

    fn keep(&self, session: Session) {
        let mut bench = at(&self.bench);
        bench.waiting.push((Instant::now(), session));
        if !mem::replace(&mut bench.swept, true) {
            tokio::spawn(sweep(Arc::downgrade(&self.bench)));
        }
    }
}

impl Post for SmtpPost {
    fn send<'a>(&'a self, parcel: &'a Parcel) -> BoxFuture<'a, Result<Accepted, Trouble>> {
        Box::pin(self.hand_over(parcel))
    }

    fn on_the_wire(&self, parcel: &Parcel) -> Option<Vec<u8>> {
        Some(compose(parcel).ok()?.formatted())
    }

    fn check(&self) -> BoxFuture<'_, Result<(), Defect>> {
        Box::pin(async {
            let mut session = Session::open(&self.way).await.map_err(|m| m.defect())?;
            session.greet().await.map_err(|m| m.defect())?;
            session.close().await;
            Ok(())
        })
    }
}

/// Closes lines that nobody used, until none is left. Ends with the post office.
async fn sweep(bench: Weak<Mutex<Bench>>) {
    loop {
        sleep(IDLE).await;
        let Some(bench) = bench.upgrade() else { return };
        let (old, last) = {
            let mut bench = at(&bench);
            let (old, young): (Vec<_>, Vec<_>) = mem::take(&mut bench.waiting)
                .into_iter()
                .partition(|(since, _)| since.elapsed() >= IDLE);
            bench.waiting = young;
            bench.swept = !bench.waiting.is_empty();
            (old, !bench.swept)
        };
        for (_, session) in old {
            session.close().await;
        }
        if last {
            return;
        }
    }
}

fn at(bench: &Mutex<Bench>) -> MutexGuard<'_, Bench> {
    bench.lock().unwrap_or_else(PoisonError::into_inner)
}

fn hello(settings: &SmtpSettings) -> Result<ClientId, SettingsError> {
    let Some(name) = &settings.hello_name else {
        return Ok(ClientId::default());
    };
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.');
    if name.is_empty() || name.len() > 253 || !name.chars().all(fits) {
        return Err(SettingsError::HelloName);
    }
    Ok(ClientId::Domain(name.clone()))
}

fn encryption(settings: &SmtpSettings) -> Result<Encryption, SettingsError> {
    match settings.security {
        Security::None if settings.stays_here() || settings.allow_plaintext => Ok(Encryption::None),
        Security::None => Err(SettingsError::InClear),
        Security::StartTls => tls(settings).map(Encryption::StartTls),
        Security::Tls => tls(settings).map(Encryption::Tls),
    }
}

fn tls(settings: &SmtpSettings) -> Result<TlsParameters, SettingsError> {
    let file = settings.ca_file.as_deref();
    Trust::read(file)
        .map_err(|why| SettingsError::Authority(file.unwrap_or(Path::new("")).to_owned(), why))?
        .for_smtp(settings.bare_host())
        .map_err(SettingsError::Tls)
}
