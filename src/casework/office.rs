//! The office as it is equipped: the rooms' tools and the controllers it works for.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use tokio::sync::Notify;

use super::connected::Connected;
use super::error::Error;
use super::ids::Ids;
use super::scanning::Scanning;
use crate::domain::calendar::Calendar;
use crate::domain::controller::Controller;
use crate::domain::ids::ControllerId;
use crate::domain::law::LawBook;
use crate::ledger::SigningKey;
use crate::letters::press::Press;
use crate::ports::clock::Clock;
use crate::seal::chance::Token;
use crate::seal::{ControllerKeys, Index};
use crate::storage::Store;
use crate::storage::files::Files;

/// A controller with its open keys.
pub struct House {
    /// Who it is.
    pub controller: Controller,
    /// Its keys.
    pub keys: ControllerKeys,
    /// Its blind index.
    pub index: Index,
    /// Signs its ledger.
    pub signing: SigningKey,
    /// Whether there is a mail server to send by.
    pub has_post: bool,
    /// Whether its mail server brings `name+anything` to `name`.
    pub plus_address: bool,
    /// The mail servers whose word on signatures counts.
    pub mail_servers: Vec<String>,
    /// The addresses of the mailboxes that are read for it.
    pub mailboxes: Vec<String>,
}

impl House {
    /// A key for something that may happen once: the same words give the same one, and nobody else can make it.
    pub(super) fn form_of(&self, words: &str) -> Token {
        let digest = self.index.identifier_digest(words);
        let mut half = [0; 16];
        for (to, from) in half.iter_mut().zip(&digest) {
            *to = *from;
        }
        Token::from_bytes(half)
    }
}

/// What the whole installation does the same way.
#[derive(Debug, Clone)]
pub struct Manners {
    /// Whether signing in needs a second factor.
    pub second_factor: bool,
    /// Hours after which an unused session ends.
    pub session_hours: i64,
    /// Largest upload in bytes.
    pub upload_limit: u64,
    /// At most so many files with one form.
    pub upload_count: usize,
    /// The hour of the day (Europe/Berlin) from which the daily digest goes out.
    pub digest_hour: u32,
    /// At most so many mails a day go to an address without anybody at the desk.
    pub mails_per_day: i32,
    /// Whether mails that a person judged otherwise than the program are kept as examples, without names.
    pub keep_examples: bool,
    /// Where signed checkpoints are mailed to, if anywhere.
    pub checkpoint_email: Option<String>,
    /// Whether calendar feeds are offered.
    pub feeds: bool,
}

/// The tables by which the office reckons; an operator may bring his own.
#[derive(Debug, Clone)]
pub struct Tables {
    /// The holidays.
    pub calendar: Arc<Calendar>,
    /// The book of law.
    pub law: Arc<LawBook>,
}

/// Everything the acts need. Built once in `app`.
pub struct Office {
    /// The memory.
    pub store: Arc<Store>,
    /// The sealed files.
    pub files: Arc<Files>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// The holidays.
    pub calendar: Arc<Calendar>,
    /// The book of law: periods, grounds, authorities.
    pub law: Arc<LawBook>,
    /// The printer.
    pub press: Press,
    /// The installation's own keys: sign-ins, second factors, its ledger.
    pub own_keys: ControllerKeys,
    /// Signs the installation's ledger.
    pub own_signing: SigningKey,
    /// How things are done here.
    pub manners: Manners,
    /// Who looks into files, if anybody.
    pub scanning: Option<Scanning>,
    /// The systems that are connected.
    pub connections: Vec<Connected>,
    /// Told when a connected system is to be asked at once.
    pub wake: Notify,
    houses: Vec<House>,
    by_path: HashMap<String, usize>,
    ids: Ids,
}

/// The installation itself, where something belongs to no controller.
pub const INSTALLATION: ControllerId = ControllerId(0);

/// Sealing to disk, packing and hashing a password take their time, some of it on purpose; done here they
/// hold up nobody else.
pub(super) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Error> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|_| Error::Fault("a worker died"))
}

impl Office {
    /// Equips the office.
    pub fn new(
        store: Store,
        files: Files,
        clock: Arc<dyn Clock>,
        tables: Tables,
        press: Press,
        own: (ControllerKeys, SigningKey),
        manners: Manners,
        houses: Vec<House>,
    ) -> Office {
        let mut by_path = HashMap::new();
        for (at, house) in houses.iter().enumerate() {
            by_path.insert(house.controller.slug.clone(), at);
            for path in &house.controller.paths {
                by_path.insert(path.clone(), at);
            }
        }
        Office {
            store: Arc::new(store),
            files: Arc::new(files),
            clock,
            calendar: tables.calendar,
            law: tables.law,
            press,
            own_keys: own.0,
            own_signing: own.1,
            manners,
            scanning: None,
            connections: Vec::new(),
            wake: Notify::new(),
            houses,
            by_path,
            ids: Ids::new(),
        }
    }

    /// All controllers.
    pub fn houses(&self) -> &[House] {
        &self.houses
    }

    /// Whether the word "controller" is ever shown.
    pub fn several(&self) -> bool {
        self.houses.len() > 1
    }

    /// The controller of this id.
    pub fn house(&self, id: ControllerId) -> Result<&House, Error> {
        self.houses
            .iter()
            .find(|house| house.controller.id == id)
            .ok_or(Error::NotFound)
    }

    /// The controller to which a form path leads.
    pub fn house_at(&self, path: &str) -> Option<&House> {
        self.by_path.get(path).and_then(|at| self.houses.get(*at))
    }

    /// The only controller, or the first.
    pub fn first_house(&self) -> Option<&House> {
        self.houses.first()
    }

    /// Whether the store answers, and takes a write: who can only read takes no request.
    pub async fn ready(&self) -> Result<(), Error> {
        self.store.read(crate::storage::controllers::all).await?;
        Ok(self.store.write(|_| Ok(())).await?)
    }

    /// The instant.
    pub fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// The day in Europe/Berlin.
    pub fn today(&self) -> NaiveDate {
        self.clock.today()
    }

    /// A fresh id; later ids are larger.
    pub fn next_id(&self) -> i64 {
        self.ids.next(self.clock.now())
    }
}
