//! The composition root: builds every room once and hands it down. `serve`, the other verbs and the tests share it.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use crate::adapters::Limits;
use crate::adapters::carddav::CardDav;
use crate::adapters::declared::Declared;
use crate::adapters::derived::Derived;
use crate::adapters::files::Files as ConnectedFiles;
use crate::adapters::frappe::Frappe;
use crate::adapters::mautic::Mautic;
use crate::adapters::odoo::Odoo;
use crate::adapters::pace::Pace;
use crate::adapters::s3::S3;
use crate::adapters::sql::Sql;
use crate::adapters::zammad::Zammad;
use crate::casework::connected::Connected;
use crate::casework::office::{House, INSTALLATION, Manners, Tables};
use crate::casework::scanning::Scanning;
use crate::casework::{Error, Office};
use crate::clamav::{Clamd, SettingsError as ScannerError, WhenAway};
use crate::domain::ids::ControllerId;
use crate::jobs::runner::{Exits, LetterBox};
use crate::ledger::SigningKey;
use crate::letters::press::Press;
use crate::mail::archive::ImapArchive;
use crate::mail::{
    ImapMailbox, MailboxSettings, MailboxSettingsError, SettingsError as MailError, SmtpPost,
};
use crate::ports::source::{Mishap, Source};
use crate::ports::{Anchor, Clock, FileAnchor, Post};
use crate::seal::{ControllerKeys, Index, MasterKeys, SealError, chance};
use crate::settings::{Adapter, ControllerSettings, Settings, SourceSettings};
use crate::storage::controllers::{self, Known};
use crate::storage::files::{FileError, Files};
use crate::storage::{Store, StoreError, jobs, ledgers, messages};

/// The whole program, ready to work.
pub struct App {
    /// The office with everything its acts need.
    pub office: Arc<Office>,
    /// The way out for the mail of each controller that has one.
    pub posts: HashMap<ControllerId, Arc<dyn Post>>,
    /// Where checkpoints are kept outside of the database.
    pub anchor: Option<FileAnchor>,
    /// What it was built from.
    pub settings: Settings,
}

/// Why the program cannot be put together; each says what helps.
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    /// The key file.
    #[error("keys: {0}")]
    Keys(String),
    /// The database.
    #[error("store: {0}")]
    Store(#[from] StoreError),
    /// The folder of the sealed files.
    #[error("files: {0}; the folder must be writable")]
    Files(#[from] FileError),
    /// The stored keys of a controller do not open.
    #[error(
        "the keys of {0} in the database do not open ({1}): the master key is not the one they were locked with; \
         put the right key file in place"
    )]
    Locked(String, SealError),
    /// The ledger's key is not the one the ledger was founded with.
    #[error("the ledger of {0} was founded with another key; is this the right database?")]
    Ledger(String),
    /// The mail server's settings.
    #[error("mail: {0}")]
    Mail(#[from] MailError),
    /// The scanner's settings.
    #[error("scanner: {0}")]
    Scanner(#[from] ScannerError),
    /// A mailbox's settings.
    #[error("mailbox {0}: {1}")]
    Mailbox(String, MailboxSettingsError),
    /// A connected system's settings.
    #[error("source {0}: {1}; docs/sources.md explains its keys")]
    Source(String, Mishap),
}

impl App {
    /// Opens the store and the strong room, takes in controllers that are new, and equips the office.
    ///
    /// # Errors
    /// [`BuildError`].
    pub async fn build(settings: Settings, clock: Arc<dyn Clock>) -> Result<App, BuildError> {
        let mut posts = Vec::new();
        let mut common: Option<Arc<dyn Post>> = None;
        for configured in &settings.controllers {
            posts.push(post_of(&settings, configured, &mut common)?);
        }
        App::assemble(settings, clock, posts).await
    }

    /// The same, with another post for all controllers: for the demo and for tests.
    ///
    /// # Errors
    /// [`BuildError`].
    pub async fn build_with_post(
        settings: Settings,
        clock: Arc<dyn Clock>,
        post: Arc<dyn Post>,
    ) -> Result<App, BuildError> {
        let posts = settings
            .controllers
            .iter()
            .map(|_| Some(Arc::clone(&post)))
            .collect();
        App::assemble(settings, clock, posts).await
    }

    /// `by_controller` holds the way out for each controller, in the order of the settings.
    async fn assemble(
        settings: Settings,
        clock: Arc<dyn Clock>,
        by_controller: Vec<Option<Arc<dyn Post>>>,
    ) -> Result<App, BuildError> {
        let masters = settings.keys.read().map_err(BuildError::Keys)?;
        make_folder_of(&settings);
        let store = Store::open(&settings.store)?;
        let files = Files::open(&settings.files)?;
        let known = store.read(controllers::all).await?;
        warn_of_absent(&known, &settings);

        let own = strong_room(&store, &masters, &clock, "installation", INSTALLATION, None).await?;
        let mut next = known.iter().map(|known| known.id.0).max().unwrap_or(0);
        let mut houses = Vec::new();
        let mut posts: HashMap<ControllerId, Arc<dyn Post>> = HashMap::new();
        let mut moved = Vec::new();
        for (configured, post) in settings.controllers.iter().zip(by_controller) {
            let slug = configured.controller.slug.as_str();
            let version = settings.calendar.version();
            let place = configured.controller.place.to_string();
            let (id, new) = match known.iter().find(|known| known.slug == slug) {
                Some(known) => {
                    let now = Known {
                        place,
                        calendar_version: version.to_owned(),
                        ..known.clone()
                    };
                    if now != *known {
                        moved.push(now);
                    }
                    (known.id, None)
                }
                None => {
                    next += 1;
                    let id = ControllerId(next);
                    (
                        id,
                        Some(Known {
                            id,
                            slug: slug.to_owned(),
                            place,
                            calendar_version: version.to_owned(),
                        }),
                    )
                }
            };
            let (keys, signing) = strong_room(&store, &masters, &clock, slug, id, new).await?;
            if let Some(post) = post {
                posts.insert(id, post);
            }
            let mut controller = configured.controller.clone();
            controller.id = id;
            let index = Index::new(keys.index.newest(), id.0);
            let read = configured.mailboxes.iter().map(|it| it.user.clone());
            let vouch = configured.mailboxes.iter();
            let vouch = vouch.flat_map(|it| it.trusted_servers.clone());
            houses.push(House {
                mail_servers: vouch.collect(),
                mailboxes: read.filter(|user| user.contains('@')).collect(),
                plus_address: configured
                    .mail
                    .as_ref()
                    .or(settings.mail.as_ref())
                    .is_some_and(|mail| mail.plus_address),
                controller,
                keys,
                index,
                signing,
                has_post: posts.contains_key(&id),
            });
        }

        let mut office = Office::new(
            store,
            files,
            clock,
            Tables {
                calendar: Arc::clone(&settings.calendar),
                law: Arc::clone(&settings.law),
            },
            Press::new(settings.letters.clone()),
            own,
            manners(&settings),
            houses,
        );
        office.scanning = scanning(&settings)?;
        office.connections = connections(&settings, &office)?;
        promise_reckoning(&office, moved).await?;
        release_held(&office, &posts).await?;
        Ok(App {
            office: Arc::new(office),
            posts,
            anchor: settings
                .ledger
                .checkpoint_folder
                .clone()
                .map(FileAnchor::new),
            settings,
        })
    }

    /// The ways out of the house and the letter boxes, as the timers take them.
    ///
    /// # Errors
    /// [`BuildError`].
    pub async fn exits(&self) -> Result<Exits, BuildError> {
        let anchor = self
            .anchor
            .clone()
            .map(|anchor| Arc::new(anchor) as Arc<dyn Anchor>);
        Ok(Exits {
            mailboxes: self.letter_boxes().await?,
            posts: self.posts.clone(),
            anchor,
        })
    }

    async fn letter_boxes(&self) -> Result<Vec<LetterBox>, BuildError> {
        let mut boxes = Vec::new();
        for (configured, house) in self.settings.controllers.iter().zip(self.office.houses()) {
            let controller = house.controller.id;
            for mailbox in &configured.mailboxes {
                let wrong =
                    |error: MailboxSettingsError| BuildError::Mailbox(mailbox.name.clone(), error);
                // Without a day of the operator's the mailbox is read from the day on which that began, also after
                // the server has numbered anew.
                let begun = self.office.mailbox_begun(controller, &mailbox.name);
                let from = match mailbox.from {
                    Some(day) => day,
                    None => match begun.await {
                        Ok(day) => day,
                        Err(Error::Store(error)) => return Err(error.into()),
                        Err(_) => self.office.today(),
                    },
                };
                let settings = MailboxSettings {
                    from: Some(from),
                    ..mailbox.clone()
                };
                let clock = Arc::clone(&self.office.clock);
                let mailbox = ImapMailbox::new(&settings, clock).map_err(wrong)?;
                boxes.push(LetterBox {
                    controller,
                    mailbox: Arc::new(mailbox),
                });
            }
        }
        Ok(boxes)
    }
}

fn scanning(settings: &Settings) -> Result<Option<Scanning>, BuildError> {
    let Some(scanner) = &settings.scanner else {
        return Ok(None);
    };
    Ok(Some(Scanning {
        scanner: Arc::new(Clamd::new(scanner)?),
        allow_unseen: scanner.when_away == WhenAway::Allow,
    }))
}

fn manners(settings: &Settings) -> Manners {
    Manners {
        second_factor: settings.desk.second_factor,
        session_hours: settings.desk.session_hours,
        upload_limit: settings.uploads.max_bytes,
        upload_count: settings.uploads.max_files,
        digest_hour: settings.desk.digest_hour,
        mails_per_day: settings.desk.mails_per_day,
        keep_examples: settings.desk.keep_examples,
        checkpoint_email: settings.ledger.checkpoint_email.clone(),
        feeds: settings.desk.feeds,
    }
}

/// The lines to the connected systems. None of them is opened before something is asked.
fn connections(settings: &Settings, office: &Office) -> Result<Vec<Connected>, BuildError> {
    let mut all = Vec::new();
    for (configured, house) in settings.controllers.iter().zip(office.houses()) {
        for source in &configured.sources {
            let wrong = |mishap| BuildError::Source(source.name.clone(), mishap);
            all.push(Connected {
                controller: house.controller.id,
                name: source.name.clone(),
                system: source.system.clone(),
                source: line_to(source, &office.clock)
                    .and_then(|line| Derived::over(line, &source.derived))
                    .map_err(wrong)?,
                categories: source.categories.clone(),
                canary: source.canary.clone(),
                canary_seen: Arc::default(),
                at_once: source.at_once,
                patience: source.whole,
            });
        }
    }
    Ok(all)
}

fn line_to(source: &SourceSettings, clock: &Arc<dyn Clock>) -> Result<Arc<dyn Source>, Mishap> {
    let limits = Limits {
        patience: source.patience,
        pace: Arc::new(Pace::per_minute(source.per_minute)),
        ..Limits::default()
    };
    Ok(match &source.adapter {
        Adapter::Odoo(settings) => Arc::new(Odoo::new(settings, &limits)?),
        Adapter::Frappe(settings) => Arc::new(Frappe::new(settings, &limits)?),
        Adapter::Zammad(settings) => Arc::new(Zammad::new(settings, &limits)?),
        Adapter::Mautic(settings) => Arc::new(Mautic::new(settings, &limits)?),
        Adapter::Declared(settings) => Arc::new(Declared::new(settings, &limits)?),
        Adapter::Imap(settings) => Arc::new(ImapArchive::new(
            settings,
            limits.patience,
            limits.largest_file,
        )?),
        Adapter::Sql(settings) => Arc::new(Sql::new(settings, &limits)?),
        Adapter::Files(settings) => Arc::new(ConnectedFiles::new(settings, &limits)?),
        Adapter::S3(settings) => Arc::new(S3::new(settings, &limits, Arc::clone(clock))?),
        Adapter::CardDav(settings) => Arc::new(CardDav::new(settings, &limits)?),
    })
}

/// The folder of the embedded database; opening says it better if this fails.
fn make_folder_of(settings: &Settings) {
    if let crate::storage::Settings::Sqlite(path) = &settings.store
        && let Some(folder) = path.parent().filter(|folder| *folder != Path::new(""))
    {
        let _ = std::fs::create_dir_all(folder);
    }
}

fn warn_of_absent(known: &[Known], settings: &Settings) {
    for known in known {
        if !settings
            .controllers
            .iter()
            .any(|configured| configured.controller.slug == known.slug)
        {
            tracing::warn!(
                controller = known.slug,
                "has cases in the database but is not configured: its pages are closed and its periods run on"
            );
        }
    }
}

/// The keys of a controller, or of the installation, and what signs its ledger. Drawn at the first time,
/// together with the row and the ledger, so that a start that is cut off leaves all of it or nothing.
async fn strong_room(
    store: &Store,
    masters: &MasterKeys,
    clock: &Arc<dyn Clock>,
    name: &str,
    id: ControllerId,
    new: Option<Known>,
) -> Result<(ControllerKeys, SigningKey), BuildError> {
    let stored = store.read(move |conn| controllers::keys(conn, id)).await?;
    if stored.is_empty() {
        let keys = ControllerKeys::generate();
        let [a, b, c, d] = chance::bytes::<4>();
        let origin = format!(
            "rechtzeitig/{name}-{:08x}",
            u32::from_be_bytes([a, b, c, d])
        );
        let signing = signing(name, &origin, &keys)?;
        let (rows, now) = (keys.wrapped(id.0, masters), clock.now());
        let verify_key = signing.verify_key().to_string();
        let founded = store
            .write(move |conn| {
                if let Some(known) = &new {
                    controllers::insert(conn, known, now)?;
                }
                ledgers::found(conn, id, &origin, &verify_key)?;
                // Another node was quicker; its keys hold.
                if ledgers::state(conn, id)?.verify_key != verify_key {
                    return Err(StoreError::Taken);
                }
                controllers::keep_keys(conn, id, &rows)
            })
            .await;
        match founded {
            Ok(()) => return Ok((keys, signing)),
            Err(StoreError::Taken) => {}
            Err(other) => return Err(other.into()),
        }
    }
    let (rows, state) = store
        .read(move |conn| Ok((controllers::keys(conn, id)?, ledgers::state(conn, id)?)))
        .await?;
    let keys = ControllerKeys::open(id.0, &rows, masters)
        .map_err(|error| BuildError::Locked(name.to_owned(), error))?;
    let signing = signing(name, &state.origin, &keys)?;
    if signing.verify_key().to_string() != state.verify_key {
        return Err(BuildError::Ledger(name.to_owned()));
    }
    Ok((keys, signing))
}

fn signing(name: &str, origin: &str, keys: &ControllerKeys) -> Result<SigningKey, BuildError> {
    SigningKey::from_seed(origin, keys.sign.newest().expose())
        .map_err(|_| BuildError::Ledger(name.to_owned()))
}

/// Its own mail server, else the one of all, whose open lines are then shared.
fn post_of(
    settings: &Settings,
    configured: &ControllerSettings,
    common: &mut Option<Arc<dyn Post>>,
) -> Result<Option<Arc<dyn Post>>, MailError> {
    if let Some(own) = &configured.mail {
        return Ok(Some(Arc::new(SmtpPost::new(own)?)));
    }
    if let (None, Some(mail)) = (&common, &settings.mail) {
        *common = Some(Arc::new(SmtpPost::new(mail)?));
    }
    Ok(common.clone())
}

/// Where place or table of holidays changed, open cases are reckoned anew; the promise and the memory of
/// what they are reckoned by now are one write.
async fn promise_reckoning(office: &Office, moved: Vec<Known>) -> Result<(), StoreError> {
    for known in moved {
        let (id, now) = (office.next_id(), office.now());
        office
            .store
            .write(move |conn| {
                let Known {
                    id: controller,
                    place,
                    calendar_version,
                    ..
                } = &known;
                // The moment belongs to the promise: a place may change there and back again.
                let key = format!(
                    "recompute:{controller}:{place}:{calendar_version}:{}",
                    now.timestamp_micros()
                );
                jobs::promise(conn, id, "recompute", &controller.to_string(), &key, now)?;
                controllers::reckoned(conn, &known)
            })
            .await?;
    }
    Ok(())
}

/// What was held back for want of a mail server goes out once there is one.
async fn release_held(
    office: &Office,
    posts: &HashMap<ControllerId, Arc<dyn Post>>,
) -> Result<(), StoreError> {
    for controller in posts.keys().copied() {
        let now = office.now();
        let freed = office
            .store
            .write(move |conn| messages::release_held(conn, controller, now))
            .await?;
        if freed > 0 {
            tracing::info!(%controller, freed, "messages that were held back can go out now");
        }
    }
    Ok(())
}
