//! The real office on a fresh store: a clock that stands until it is told, a mail server that keeps what it gets,
//! two invented controllers. When it is dropped it starts once more, works off what is due, and is looked over.

use std::io::Write;
use std::ops::Deref;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, OnceLock};

use chrono::{DateTime, Days, NaiveDate, TimeDelta, TimeZone, Utc};
use diesel::RunQueryDsl;
use rechtzeitig::app::App;
use rechtzeitig::casework::{self, Format};
use rechtzeitig::domain::ids::ControllerId;
use rechtzeitig::domain::register::System;
use rechtzeitig::domain::scope::{Actor, Role, Scope};
use rechtzeitig::jobs::runner::{Exits, publish_checkpoints, run_once};
use rechtzeitig::ledger::{Report, VerifyKey, verify};
use rechtzeitig::ports::{Clock, FixedClock};
use rechtzeitig::seal::MasterKeys;
use rechtzeitig::settings::Settings;
use rechtzeitig::storage::Conn;
use serde::Deserialize;

use super::Store;
use super::letterbox::Mail;
use super::people::{Clerk, Subject};
use super::smtp::{Behaviour, Manner, Sink};

/// What differs from one story to another.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Whether there is a mail server.
    pub mail: bool,
    /// Whether signing in needs a code.
    pub second_factor: bool,
    /// Whether calendar feeds are offered.
    pub feeds: bool,
    /// Whether at the company who decided may not release.
    pub four_eyes: bool,
    /// Where the company sits.
    pub place: &'static str,
    /// The address under which the company writes.
    pub sender: &'static str,
    /// Whether its mail server brings `name+anything` to `name`.
    pub plus_address: bool,
    /// How many mails a day an address gets without anybody at the desk.
    pub mails_per_day: u8,
    /// Whether corrections are kept as examples.
    pub keep_examples: bool,
    /// Another table of holidays than the shipped one.
    pub holidays: Option<String>,
    /// The section on the scanner; empty if there is none.
    pub scanner: String,
    /// The systems that are connected to the company, as sections of its configuration; `{folder}` is where the office
    /// lies.
    pub sources: String,
    /// One of the companies of `config/examples` instead of the two of the tests.
    pub example: Option<&'static str>,
}

impl Default for Plan {
    fn default() -> Self {
        Self {
            mail: true,
            second_factor: true,
            feeds: true,
            four_eyes: false,
            place: "DE-HE",
            sender: "datenschutz@kontor.example",
            plus_address: false,
            mails_per_day: 5,
            keep_examples: false,
            holidays: None,
            scanner: String::new(),
            sources: String::new(),
            example: None,
        }
    }
}

/// A file of one of the companies in `config/examples`.
pub fn example(name: &str, file: &str) -> String {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("config/examples");
    std::fs::read_to_string(folder.join(name).join(file)).expect("a file of an example")
}

/// The office. Acts of the real one are called on it directly.
pub struct Office {
    app: Option<App>,
    exits: Option<Exits>,
    plan: Plan,
    folder: tempfile::TempDir,
    pub clock: Arc<FixedClock>,
    pub sink: Sink,
    /// Names and addresses that may stand in no log.
    secrets: Mutex<Vec<String>>,
    /// Whether the story broke the ledger itself.
    broken: AtomicBool,
    log: &'static Log,
    #[cfg(feature = "postgres")]
    database: Option<super::postgres::Database>,
}

impl Deref for Office {
    type Target = casework::Office;

    fn deref(&self) -> &casework::Office {
        &self.app().office
    }
}

impl Office {
    /// Opens on Monday, 2 March 2026, at ten in the morning.
    pub async fn open() -> Self {
        Self::open_with(|_| {}).await
    }

    /// The same with another plan.
    pub async fn open_with(change: impl FnOnce(&mut Plan)) -> Self {
        let mut plan = Plan::default();
        change(&mut plan);
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::create_dir(folder.path().join("keys")).expect("the folder of the keys");
        std::fs::write(
            folder.path().join("keys/master.key"),
            MasterKeys::generate_file_text().as_bytes(),
        )
        .expect("the key file");
        let mut office = Self {
            app: None,
            exits: None,
            plan,
            folder,
            clock: Arc::new(FixedClock::at(moment(2026, 3, 2, 9, 0))),
            sink: Sink::open(Manner::default()),
            secrets: Mutex::default(),
            broken: AtomicBool::new(false),
            log: Log::kept(),
            #[cfg(feature = "postgres")]
            database: (Store::chosen() == Store::Postgres).then(|| {
                super::postgres::Database::prepared("office", |url| {
                    drop(rechtzeitig::storage::Store::open(
                        &rechtzeitig::storage::Settings::Postgres(url.into()),
                    ));
                })
            }),
        };
        office.build().await;
        let company = office.company();
        let text = match office.plan.example {
            Some(name) => example(name, "register.toml"),
            None => include_str!("../data/office/register.toml").to_owned(),
        };
        let register: Register = toml::from_str(&text).expect("the register");
        let systems = register.system.len();
        let filled = office
            .import_register(&Scope::of_house(company), company, register.system)
            .await;
        assert_eq!(filled.expect("a full register").new.len(), systems);
        office
    }

    /// Ends and starts again, as after a stop of the machine.
    pub async fn restart(&mut self) {
        self.restart_with(|_| {}).await;
    }

    /// Ends, is set up otherwise, and starts again.
    pub async fn restart_with(&mut self, change: impl FnOnce(&mut Plan)) {
        change(&mut self.plan);
        // No start takes no time; ids are in the order of time only if there is some.
        self.clock.advance(TimeDelta::seconds(1));
        self.app = None;
        self.exits = None;
        self.build().await;
    }

    async fn build(&mut self) {
        let app = self.another_node().await;
        self.exits = Some(app.exits().await.expect("ways out"));
        self.app = Some(app);
    }

    /// The whole program once more on the same store, as a second node would be.
    pub async fn another_node(&self) -> App {
        App::build(self.settings(), self.clock.clone())
            .await
            .expect("an office that opens")
    }

    /// The configuration that it was built from, read from a real file.
    pub fn settings(&self) -> Settings {
        let plan = &self.plan;
        let holidays = plan.holidays.as_ref().map(|table| {
            std::fs::write(self.folder.path().join("holidays.csv"), table)
                .expect("the table of holidays");
            "[calendar]\nfile = \"holidays.csv\""
        });
        let mail = format!(
            "[mail]\nhost = \"127.0.0.1\"\nport = {}\nsecurity = \"none\"\nplus_address = {}",
            self.sink.port(),
            plan.plus_address
        );
        let pattern = include_str!("../data/office/rechtzeitig.toml");
        let pattern = match (plan.example, pattern.split_once("[[controller]]")) {
            (Some(name), Some((house, _))) => {
                format!("{house}\n{}", example(name, "rechtzeitig.toml"))
            }
            _ => pattern.to_owned(),
        };
        let text = pattern
            .replace("{store}", &self.store_section())
            .replace("{mail}", if plan.mail { &mail } else { "" })
            .replace("{scanner}", &plan.scanner)
            .replace("{sources}", &plan.sources)
            .replace("{folder}", &self.folder.path().to_string_lossy())
            .replace("{second_factor}", &plan.second_factor.to_string())
            .replace("{feeds}", &plan.feeds.to_string())
            .replace("{mails_per_day}", &plan.mails_per_day.to_string())
            .replace("{keep_examples}", &plan.keep_examples.to_string())
            .replace("{four_eyes}", &plan.four_eyes.to_string())
            .replace("{place}", plan.place)
            .replace("{sender}", plan.sender)
            .replace("{calendar}", holidays.unwrap_or_default());
        let path = self.folder.path().join("rechtzeitig.toml");
        std::fs::write(&path, text).expect("the configuration");
        Settings::load_with(&path, []).unwrap_or_else(|error| panic!("{error}"))
    }

    fn store_section(&self) -> String {
        #[cfg(feature = "postgres")]
        if let Some(database) = &self.database {
            return format!("[store]\npostgres = \"{}\"", database.url());
        }
        assert_eq!(Store::chosen(), Store::Sqlite, "this build knows no other");
        "[store]\nsqlite = \"office.db\"".into()
    }

    /// The whole program: office, posts, settings.
    pub fn app(&self) -> &App {
        self.app.as_ref().expect("an open office")
    }

    /// A share of the real office, for a server that wants one.
    pub fn shared(&self) -> Arc<casework::Office> {
        self.app().office.clone()
    }

    /// Where it keeps everything.
    pub fn folder(&self) -> PathBuf {
        self.folder.path().to_owned()
    }

    /// The company, with a register of five systems.
    pub fn company(&self) -> ControllerId {
        self.at(self.plan.example.unwrap_or("kontor"))
    }

    /// The sole trader, who has not filled a register yet.
    pub fn trader(&self) -> ControllerId {
        self.at("fliesen")
    }

    fn at(&self, slug: &str) -> ControllerId {
        self.house_at(slug)
            .expect("a controller of this path")
            .controller
            .id
    }

    /// Days pass; nothing runs meanwhile.
    pub fn days_pass(&self, days: u64) {
        self.clock
            .advance(TimeDelta::days(days.try_into().expect("few days")));
    }

    /// Time passes; nothing runs meanwhile.
    pub fn minutes_pass(&self, minutes: i64) {
        self.clock.advance(TimeDelta::minutes(minutes));
    }

    /// It becomes this day, ten in the morning in winter.
    pub fn it_becomes(&self, day: NaiveDate) {
        self.clock
            .set(day.and_hms_opt(9, 0, 0).expect("a time").and_utc());
    }

    /// Everything that is due is done: recurring work, mail, the log.
    pub async fn jobs_run(&self) {
        run_once(self, self.exits()).await.expect("jobs that run");
    }

    /// Checkpoints are signed and leave the house.
    pub async fn checkpoints_leave(&self) {
        publish_checkpoints(self, self.exits())
            .await
            .expect("checkpoints that leave");
    }

    /// The ways out.
    pub fn exits(&self) -> &Exits {
        self.exits.as_ref().expect("an open office")
    }

    /// Somebody with a mailbox whose data the company may hold.
    pub fn subject(&self, name: &str, email: &str) -> Subject {
        self.keep_secret(name);
        self.keep_secret(email);
        Subject::new(name, email)
    }

    /// A clerk of the company.
    pub async fn clerk(&self, name: &str, role: Role) -> Clerk {
        self.clerk_of(name, &[(self.company(), role)]).await
    }

    /// A clerk who works for several, or elsewhere. Her mail address is made from her name.
    pub async fn clerk_of(&self, name: &str, roles: &[(ControllerId, Role)]) -> Clerk {
        let email = name.to_lowercase().replace(' ', ".");
        let email = [("ä", "ae"), ("ö", "oe"), ("ü", "ue")]
            .iter()
            .fold(email, |email, (from, to)| email.replace(from, to));
        let email = format!("{email}@kontor.example");
        self.keep_secret(name);
        self.keep_secret(&email);
        let (id, welcome) = self
            .take_on(&Actor::house(), name, &email, roles)
            .await
            .expect("a new clerk");
        let known = self
            .colleagues()
            .await
            .expect("the clerks")
            .into_iter()
            .find(|clerk| clerk.id == id);
        let actor = known.expect("the new clerk among them").actor;
        Clerk {
            id,
            email,
            scope: Scope::of_clerk(id, actor, roles.to_vec()),
            welcome,
        }
    }

    /// The story touches the ledger's rows: at its end it may be broken.
    pub fn ledger_is_broken_on_purpose(&self) {
        self.broken.store(true, Ordering::Relaxed);
    }

    /// What is said here may stand in no log.
    pub fn keep_secret(&self, words: &str) {
        self.secrets
            .lock()
            .expect("the list")
            .push(words.to_owned());
    }

    /// The mails that arrived at this address, the oldest first.
    pub fn mails_to(&self, address: &str) -> Vec<Mail> {
        let all = self.sink.messages();
        all.iter()
            .filter(|caught| caught.to.iter().any(|to| to.eq_ignore_ascii_case(address)))
            .map(Mail::read)
            .collect()
    }

    /// The last mail to this address.
    ///
    /// # Panics
    /// If none came.
    pub fn last_mail_to(&self, address: &str) -> Mail {
        self.mails_to(address)
            .pop()
            .expect("a mail to this address")
    }

    /// A ledger as it is handed out, and the key that checks it.
    pub async fn handed_out(&self, ledger: ControllerId) -> (Vec<u8>, VerifyKey) {
        let bytes = self
            .export_ledger(ledger, &Actor::house(), Format::JsonLines, Vec::new())
            .await
            .expect("an export");
        let key = self
            .standing(ledger)
            .await
            .expect("the ledger's standing")
            .verify_key;
        (bytes, VerifyKey::parse(&key).expect("a key"))
    }

    /// The number that this statement selects as `count`.
    pub async fn number_of(&self, sql: impl Into<String>) -> i64 {
        let sql = sql.into();
        let counted = self
            .store
            .read(move |conn| Ok(select::<Count>(conn, &sql)))
            .await
            .expect("a store that answers");
        counted.first().map(|row| row.count).expect("one row")
    }

    /// Does something to the database behind the office's back.
    pub async fn behind_its_back(&self, sql: impl Into<String>) {
        let sql = sql.into();
        let done = self.store.write(move |conn| {
            let changed = match conn {
                #[cfg(feature = "postgres")]
                Conn::Postgres(inner) => diesel::sql_query(&sql).execute(inner),
                Conn::Sqlite(inner) => diesel::sql_query(&sql).execute(inner),
            };
            Ok(changed?)
        });
        assert!(
            done.await.expect("a statement that works") > 0,
            "nothing was changed"
        );
    }

    async fn look_over(&mut self) {
        self.sink.behave(Behaviour::Accept);
        self.restart().await;
        self.jobs_run().await;
        let now = self.clock.now().format("%Y-%m-%d %H:%M:%S%.6f");
        let due = format!("SELECT count(*) AS count FROM message WHERE next_at <= '{now}'");
        assert_eq!(
            self.number_of(due).await,
            0,
            "a letter was left in the outbox"
        );
        let waiting = format!(
            "SELECT count(*) AS count FROM job WHERE state = 'waiting' AND (run_at <= '{now}' OR trouble <> '')"
        );
        assert_eq!(self.number_of(waiting).await, 0, "a job was left or failed");
        let secrets = self.secrets.lock().expect("the list").clone();
        for ledger in self.ledgers() {
            let (bytes, key) = self.handed_out(ledger).await;
            match verify(bytes.as_slice(), &key, &[]).expect("a file in memory") {
                Report::Intact(_) => {}
                Report::Broken(_) if self.broken.load(Ordering::Relaxed) => {}
                Report::Broken(finding) => {
                    panic!("the ledger {ledger} is broken: {}", finding.message)
                }
            }
            let text = String::from_utf8(bytes).expect("text");
            for secret in &secrets {
                assert!(
                    !text.contains(secret),
                    "{secret} stands in the ledger {ledger}"
                );
            }
        }
        for secret in &secrets {
            if let Some(line) = self.log.line_with(secret) {
                panic!("{secret} stands in the log: {line}");
            }
        }
    }
}

impl Drop for Office {
    fn drop(&mut self) {
        if std::thread::panicking() {
            return;
        }
        // On a thread of its own: the test's runtime stands still meanwhile.
        let looked = std::thread::scope(|scope| {
            let look = scope.spawn(|| {
                let runtime = tokio::runtime::Builder::new_current_thread()
                    .enable_all()
                    .build()
                    .expect("a runtime");
                runtime.block_on(self.look_over());
                // Before the runtime: open lines to the mail server belong to it.
                self.app = None;
                self.exits = None;
            });
            look.join()
        });
        if let Err(fault) = looked {
            std::panic::resume_unwind(fault);
        }
    }
}

/// This minute, in UTC.
pub fn moment(year: i32, month: u32, day: u32, hour: u32, minute: u32) -> DateTime<Utc> {
    Utc.with_ymd_and_hms(year, month, day, hour, minute, 0)
        .single()
        .expect("a moment")
}

/// A day written as in `2026-03-02`.
pub fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

/// So many days after.
pub fn after(day: NaiveDate, days: u64) -> NaiveDate {
    day.checked_add_days(Days::new(days)).expect("a day")
}

#[derive(Deserialize)]
struct Register {
    system: Vec<System>,
}

#[derive(diesel::QueryableByName)]
struct Count {
    #[diesel(sql_type = diesel::sql_types::BigInt)]
    count: i64,
}

/// A row that both databases can give.
pub trait Row: diesel::QueryableByName<diesel::sqlite::Sqlite> + AnyPostgres + 'static {}
impl<T: diesel::QueryableByName<diesel::sqlite::Sqlite> + AnyPostgres + 'static> Row for T {}

#[cfg(feature = "postgres")]
pub trait AnyPostgres: diesel::QueryableByName<diesel::pg::Pg> {}
#[cfg(feature = "postgres")]
impl<T: diesel::QueryableByName<diesel::pg::Pg>> AnyPostgres for T {}
#[cfg(not(feature = "postgres"))]
pub trait AnyPostgres {}
#[cfg(not(feature = "postgres"))]
impl<T> AnyPostgres for T {}

/// The rows of a statement, on either database.
///
/// # Panics
/// If the database does not understand it.
pub fn select<T: Row>(conn: &mut Conn, sql: &str) -> Vec<T> {
    match conn {
        #[cfg(feature = "postgres")]
        Conn::Postgres(inner) => diesel::sql_query(sql).load(inner).expect("rows"),
        Conn::Sqlite(inner) => diesel::sql_query(sql).load(inner).expect("rows"),
    }
}

/// Everything that the program logs in this process, in whatever test.
struct Log(Mutex<Vec<u8>>);

impl Log {
    fn kept() -> &'static Log {
        static LOG: OnceLock<&'static Log> = OnceLock::new();
        LOG.get_or_init(|| {
            let log: &'static Log = Box::leak(Box::new(Log(Mutex::default())));
            tracing_subscriber::fmt()
                .with_ansi(false)
                .with_max_level(tracing::Level::DEBUG)
                .with_writer(move || Pen(log))
                .try_init()
                .expect("nobody else keeps the log");
            log
        })
    }

    fn line_with(&self, words: &str) -> Option<String> {
        let written = self.0.lock().expect("the log");
        let text = String::from_utf8_lossy(&written);
        text.lines()
            .find(|line| line.contains(words))
            .map(str::to_owned)
    }
}

struct Pen(&'static Log);

impl Write for Pen {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.0.lock().expect("the log").extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
