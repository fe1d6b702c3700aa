//! One PostgreSQL database for each test, copied from a template that is migrated once.
//!
//! `RECHTZEITIG_TEST_POSTGRES` names a server and a database of it from which others may be made, as a URL such as
//! `postgresql:///postgres?host=/folder/of/the/socket&user=postgres`. `tests/run` starts one.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};

use diesel::connection::SimpleConnection;
use diesel::sql_types::{BigInt, Text};
use diesel::{Connection, PgConnection, QueryableByName, RunQueryDsl};

/// The server from which databases are to be had, if there is one.
pub fn admin_url() -> Option<String> {
    std::env::var("RECHTZEITIG_TEST_POSTGRES")
        .ok()
        .filter(|url| !url.is_empty())
}

/// The URL of another database on the same server.
fn sibling(admin: &str, name: &str) -> String {
    let (place, query) = admin
        .split_once('?')
        .map_or((admin, None), |(place, query)| (place, Some(query)));
    let (server, _) = place.rsplit_once('/').expect("a database name in the URL");
    match query {
        Some(query) => format!("{server}/{name}?{query}"),
        None => format!("{server}/{name}"),
    }
}

/// A database of its own; gone when dropped.
#[derive(Debug)]
pub struct Database {
    name: String,
    url: String,
}

impl Database {
    /// A copy of a database that `prepare` made from an empty one; it gets that one's URL and migrates it, once for each
    /// `label` and each state of `migrations/postgres`, however many tests and processes ask.
    ///
    /// # Panics
    /// If the server does not do as told; ask [`super::Store::available`] first.
    pub fn prepared(label: &str, prepare: impl FnOnce(&str)) -> Self {
        let admin = admin_url().expect("RECHTZEITIG_TEST_POSTGRES");
        let digest = digest(Path::new(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/migrations/postgres"
        )));
        Self::copy(
            &admin,
            &template(
                &admin,
                &format!("rechtzeitig_{label}_{digest:016x}"),
                prepare,
            ),
        )
    }

    /// An empty one, for the tests of the migrations themselves.
    pub fn empty() -> Self {
        Self::copy(
            &admin_url().expect("RECHTZEITIG_TEST_POSTGRES"),
            "template0",
        )
    }

    fn copy(admin: &str, template: &str) -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("rechtzeitig_{}_{count}", std::process::id());
        let mut conn = connect(admin);
        conn.batch_execute(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
            .expect("drop what an earlier process of this number left");
        conn.batch_execute(&format!("CREATE DATABASE {name} TEMPLATE {template}"))
            .expect("create the test's database");
        let url = sibling(admin, &name);
        Self { name, url }
    }

    /// Where the program under test connects.
    pub fn url(&self) -> &str {
        &self.url
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        // FORCE: a pool of the program under test may still hold connections.
        let drop = format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name);
        let dropped = admin_url().map(|admin| connect(&admin).batch_execute(&drop));
        if !std::thread::panicking() {
            dropped
                .expect("RECHTZEITIG_TEST_POSTGRES")
                .expect("drop the test's database");
        }
    }
}

fn connect(url: &str) -> PgConnection {
    PgConnection::establish(url).expect("connect to the test server")
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

#[derive(QueryableByName)]
struct Word {
    #[diesel(sql_type = Text)]
    word: String,
}

/// Makes the template if nobody has; several processes may ask at once, one does it.
fn template(admin: &str, name: &str, prepare: impl FnOnce(&str)) -> String {
    let mut conn = connect(admin);
    // Held until the connection closes; any number will do that nobody else locks.
    conn.batch_execute("SELECT pg_advisory_lock(1215)")
        .expect("the lock");
    let found: Count = diesel::sql_query("SELECT count(*) FROM pg_database WHERE datname = $1")
        .bind::<Text, _>(name)
        .get_result(&mut conn)
        .expect("look for the template");
    if found.count == 0 {
        // Under another name until it is whole: a run that dies in between leaves no half template.
        let draft = format!("{name}_draft");
        conn.batch_execute(&format!("DROP DATABASE IF EXISTS {draft} WITH (FORCE)"))
            .expect("drop the draft");
        conn.batch_execute(&format!("CREATE DATABASE {draft} TEMPLATE template0"))
            .expect("create the draft");
        prepare(&sibling(admin, &draft));
        conn.batch_execute(&format!("ALTER DATABASE {draft} RENAME TO {name}"))
            .expect("name the template");
    }
    name.to_owned()
}

/// A number that changes with any file below the folder.
fn digest(folder: &Path) -> u64 {
    let mut hasher = DefaultHasher::new();
    let mut open = vec![folder.to_path_buf()];
    let mut files = Vec::new();
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(&folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                open.push(path)
            } else {
                files.push(path)
            }
        }
    }
    files.sort();
    for file in files {
        file.hash(&mut hasher);
        std::fs::read(&file)
            .expect("a readable migration")
            .hash(&mut hasher);
    }
    hasher.finish()
}

#[test]
fn each_test_has_a_database_of_its_own_and_none_is_left() {
    if !super::Store::Postgres.available() {
        return;
    }
    let (one, other) = (Database::empty(), Database::empty());
    connect(one.url())
        .batch_execute("CREATE TABLE place (word TEXT); INSERT INTO place VALUES ('here')")
        .unwrap();
    let words: Vec<Word> = diesel::sql_query("SELECT word FROM place")
        .load(&mut connect(one.url()))
        .unwrap();
    assert_eq!(words.first().map(|row| row.word.as_str()), Some("here"));
    assert!(
        diesel::sql_query("SELECT word FROM place")
            .load::<Word>(&mut connect(other.url()))
            .is_err()
    );
    let url = one.url().to_owned();
    drop(one);
    assert!(PgConnection::establish(&url).is_err(), "still there");
}

#[test]
fn a_template_is_prepared_once() {
    if !super::Store::Postgres.available() {
        return;
    }
    let label = format!("kept_{}", std::process::id());
    let first = Database::prepared(&label, |url| {
        connect(url)
            .batch_execute("CREATE TABLE prepared AS SELECT 7::bigint AS count")
            .unwrap();
    });
    let copy = Database::prepared(&label, |_| panic!("prepared a second time"));
    assert_ne!(first.url(), copy.url());
    let row: Count = diesel::sql_query("SELECT count FROM prepared")
        .get_result(&mut connect(copy.url()))
        .unwrap();
    assert_eq!(row.count, 7);
    let admin = admin_url().unwrap();
    let templates = format!(
        "SELECT datname AS word FROM pg_database WHERE datname LIKE 'rechtzeitig_{label}_%'"
    );
    for row in diesel::sql_query(templates)
        .load::<Word>(&mut connect(&admin))
        .unwrap()
    {
        drop(Database {
            url: sibling(&admin, &row.word),
            name: row.word,
        });
    }
}

#[test]
fn text_sorts_by_bytes_as_on_sqlite() {
    if !super::Store::Postgres.available() {
        return;
    }
    let draft = Database::empty();
    let sorted = "SELECT word FROM (VALUES ('b'), ('Z'), ('a')) AS words (word) ORDER BY word";
    let words: Vec<Word> = diesel::sql_query(sorted)
        .load(&mut connect(draft.url()))
        .unwrap();
    let words: Vec<&str> = words.iter().map(|row| row.word.as_str()).collect();
    assert_eq!(
        words,
        ["Z", "a", "b"],
        "the server needs the locale C.UTF-8"
    );
}

#[test]
fn a_sibling_keeps_the_server() {
    assert_eq!(
        sibling("postgresql:///postgres?host=/run&user=u", "t"),
        "postgresql:///t?host=/run&user=u"
    );
    assert_eq!(
        sibling("postgres://u@localhost:5432/postgres", "t"),
        "postgres://u@localhost:5432/t"
    );
}
