//! Three databases with the same shop in them: PostgreSQL and MariaDB where they run, SQLite always.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use mysql_async::prelude::Queryable;
use rechtzeitig::adapters::Limits;
use rechtzeitig::adapters::sql::{Settings, Sql};
use rechtzeitig::ports::source::Mishap;
use tempfile::TempDir;

use super::super::conformance::{ANNA, CANARY, NAME, NEAR, PHONE};
use crate::support::leave_out;
use crate::support::mariadb::{self, MariaDb};

/// A database with the shop in it.
pub enum Bench {
    Sqlite(TempDir),
    Postgres { folder: String, name: String },
    MariaDb { server: Arc<MariaDb>, name: String },
}

/// Where the tests' PostgreSQL has its socket, and who rules there.
fn postgres() -> Option<(String, String)> {
    let url = std::env::var("RECHTZEITIG_TEST_POSTGRES")
        .ok()
        .filter(|url| !url.is_empty());
    let Some(url) = url else {
        leave_out("PostgreSQL (a server in RECHTZEITIG_TEST_POSTGRES)");
        return None;
    };
    let (_, query) = url.split_once('?')?;
    let part = |name: &str| {
        query
            .split('&')
            .find_map(|pair| Some(pair.strip_prefix(name)?.strip_prefix('=')?.to_owned()))
    };
    Some((
        part("host")?,
        part("user").unwrap_or_else(|| "postgres".to_owned()),
    ))
}

async fn at_postgres(folder: &str, user: &str, database: &str, batch: &str) {
    let mut config = tokio_postgres::Config::new();
    config.host(folder).user(user).dbname(database);
    let (client, connection) = config.connect(tokio_postgres::NoTls).await.unwrap();
    tokio::spawn(connection);
    client.batch_execute(batch).await.unwrap();
}

impl Bench {
    pub async fn sqlite() -> Option<Bench> {
        let bench = Bench::Sqlite(TempDir::new().unwrap());
        bench.furnish().await;
        Some(bench)
    }

    pub async fn postgres() -> Option<Bench> {
        let (folder, ruler) = postgres()?;
        static COUNT: std::sync::atomic::AtomicU32 = std::sync::atomic::AtomicU32::new(0);
        let count = COUNT.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let name = format!("shop_{}_{count}", std::process::id());
        at_postgres(
            &folder,
            &ruler,
            "postgres",
            &format!("DROP DATABASE IF EXISTS {name}"),
        )
        .await;
        at_postgres(
            &folder,
            &ruler,
            "postgres",
            &format!("CREATE DATABASE {name}"),
        )
        .await;
        at_postgres(
            &folder,
            &ruler,
            &name,
            "DO $$ BEGIN PERFORM pg_advisory_xact_lock(1216);
               IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'shop_reader') THEN CREATE ROLE shop_reader LOGIN; END IF;
               IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'shop_eraser') THEN CREATE ROLE shop_eraser LOGIN; END IF;
             END $$",
        )
        .await;
        let bench = Bench::Postgres { folder, name };
        bench.furnish().await;
        bench
            .execute(
                "GRANT SELECT ON ALL TABLES IN SCHEMA public TO shop_reader;
                 GRANT SELECT, UPDATE, DELETE, INSERT ON ALL TABLES IN SCHEMA public TO shop_eraser",
            )
            .await;
        Some(bench)
    }

    pub async fn mariadb() -> Option<Bench> {
        if !mariadb::available() {
            return None;
        }
        let server = tokio::task::spawn_blocking(MariaDb::shared).await.unwrap();
        let name = MariaDb::database_name();
        let bench = Bench::MariaDb {
            server,
            name: name.clone(),
        };
        bench
            .rule(&format!(
                "CREATE DATABASE {name} CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci;
                 CREATE USER IF NOT EXISTS shop_reader@localhost IDENTIFIED BY 'lesen';
                 CREATE USER IF NOT EXISTS shop_eraser@localhost IDENTIFIED BY 'loeschen';
                 GRANT SELECT ON {name}.* TO shop_reader@localhost;
                 GRANT SELECT, UPDATE, DELETE, INSERT ON {name}.* TO shop_eraser@localhost"
            ))
            .await;
        bench.furnish().await;
        Some(bench)
    }

    /// Runs statements of the shop itself.
    pub async fn execute(&self, batch: &str) {
        match self {
            Bench::Sqlite(_) => self.file().execute_batch(batch).unwrap(),
            Bench::Postgres { folder, name } => {
                let (_, ruler) = postgres().unwrap();
                at_postgres(folder, &ruler, name, batch).await;
            }
            Bench::MariaDb { name, .. } => self.rule(&format!("USE {name};\n{batch}")).await,
        }
    }

    async fn rule(&self, batch: &str) {
        let Bench::MariaDb { server, .. } = self else {
            return;
        };
        let opts = mysql_async::OptsBuilder::default()
            .socket(Some(server.socket().display().to_string()))
            .prefer_socket(true)
            .user(Some("root"));
        let mut conn = mysql_async::Conn::new(opts).await.unwrap();
        for statement in batch.split(";\n") {
            conn.query_drop(statement).await.unwrap();
        }
        conn.disconnect().await.unwrap();
    }

    /// The one number that a statement of the shop gives.
    pub async fn number(&self, sql: &str) -> i64 {
        match self {
            Bench::Sqlite(_) => self.file().query_row(sql, [], |row| row.get(0)).unwrap(),
            Bench::Postgres { folder, name } => {
                let (_, ruler) = postgres().unwrap();
                let mut config = tokio_postgres::Config::new();
                config.host(folder).user(ruler).dbname(name);
                let (client, connection) = config.connect(tokio_postgres::NoTls).await.unwrap();
                tokio::spawn(connection);
                client.query_one(sql, &[]).await.unwrap().get(0)
            }
            Bench::MariaDb { server, name } => {
                let opts = mysql_async::OptsBuilder::default()
                    .socket(Some(server.socket().display().to_string()))
                    .prefer_socket(true)
                    .db_name(Some(name))
                    .user(Some("root"));
                let mut conn = mysql_async::Conn::new(opts).await.unwrap();
                conn.query_first(sql).await.unwrap().unwrap()
            }
        }
    }

    pub async fn people(&self) -> i64 {
        self.number("SELECT COUNT(*) FROM customers").await
    }

    fn file(&self) -> rusqlite::Connection {
        rusqlite::Connection::open(self.path()).unwrap()
    }

    pub fn path(&self) -> PathBuf {
        match self {
            Bench::Sqlite(folder) => folder.path().join("shop.db"),
            _ => PathBuf::new(),
        }
    }

    /// How this database joins texts.
    pub fn around(&self, parameter: &str) -> String {
        match self {
            Bench::MariaDb { .. } => format!("CONCAT('%', {parameter}, '%')"),
            _ => format!("'%' || {parameter} || '%'"),
        }
    }

    pub fn is_mariadb(&self) -> bool {
        matches!(self, Bench::MariaDb { .. })
    }

    async fn furnish(&self) {
        let (bytes, moment, key) = match self {
            Bench::Sqlite(_) => ("BLOB", "TEXT", "INTEGER"),
            Bench::Postgres { .. } => ("BYTEA", "TIMESTAMPTZ", "INTEGER"),
            Bench::MariaDb { .. } => ("LONGBLOB", "DATETIME", "INTEGER"),
        };
        let mut batch = format!(
            "CREATE TABLE customers (id {key} PRIMARY KEY, email VARCHAR(200), name VARCHAR(200), phone VARCHAR(50), \
               customer_no VARCHAR(50), notes TEXT, balance DECIMAL(10,2), photo {bytes}, locked INTEGER, created_at {moment});\n\
             CREATE TABLE orders (id {key} PRIMARY KEY, customer_id INTEGER REFERENCES customers (id), what VARCHAR(200));\n\
             CREATE TABLE newsletter (id {key} PRIMARY KEY, email VARCHAR(200));\n\
             CREATE TABLE stopped (email VARCHAR(200) PRIMARY KEY);\n"
        );
        let mut people = vec![
            ANNA,
            CANARY,
            "m\u{fc}ller@example.org",
            "muller@example.org",
        ];
        people.extend(NEAR);
        for (at, email) in people.iter().enumerate() {
            let (name, phone) = if at == 0 {
                (NAME, PHONE.1)
            } else {
                ("Jemand Anders", "030 1234567")
            };
            let id = at + 1;
            batch.push_str(&format!(
                "INSERT INTO customers VALUES ({id}, '{email}', '{name}', '{phone}', 'K-{id}', NULL, 12.50, NULL, 0, \
                 '2026-03-01 10:00:00');\n\
                 INSERT INTO orders VALUES ({id}0, {id}, 'Wolle');\n\
                 INSERT INTO orders VALUES ({id}1, {id}, 'Nadeln');\n\
                 INSERT INTO newsletter VALUES ({id}, '{email}');\n"
            ));
        }
        self.execute(batch.trim_end().trim_end_matches(';')).await;
    }

    fn head(&self) -> String {
        match self {
            Bench::Sqlite(_) => format!(
                "[database]\nengine = \"sqlite\"\npath = {:?}\n[writing]\n",
                self.path()
            ),
            Bench::Postgres { folder, name } => format!(
                "[database]\nengine = \"postgres\"\nhost = {folder:?}\nname = {name:?}\nuser = \"shop_reader\"\n\
                 [writing]\nuser = \"shop_eraser\"\n"
            ),
            Bench::MariaDb { server, name } => {
                let folder = server
                    .socket()
                    .parent()
                    .unwrap()
                    .join(format!("keys_{name}"));
                if !folder.exists() {
                    std::fs::create_dir(&folder).unwrap();
                    std::fs::write(folder.join("reader"), "lesen\n").unwrap();
                    std::fs::write(folder.join("eraser"), "loeschen").unwrap();
                }
                format!(
                    "[database]\nengine = \"mysql\"\nhost = {:?}\nname = {name:?}\nuser = \"shop_reader\"\nkey = {{ file = {:?} }}\n\
                     [writing]\nuser = \"shop_eraser\"\nkey = {{ file = {:?} }}\n",
                    server.socket(),
                    folder.join("reader"),
                    folder.join("eraser")
                )
            }
        }
    }

    /// The shop's statements.
    pub fn statements(&self) -> String {
        let columns =
            "id, email, name, phone, customer_no, notes, balance, photo, locked, created_at";
        let around = self.around(":email");
        format!(
            r#"
[[place]]
name = "customers"
category = "account"
id = "id"
label = "name"
at = "created_at"
exact = {{ email = "email", number = "customer_no", phone = "phone", name = "name" }}
find = [
  "SELECT {columns} FROM customers WHERE lower(email) = lower(:email)",
  "SELECT {columns} FROM customers WHERE lower(customer_no) = lower(:number)",
  "SELECT {columns} FROM customers WHERE replace(phone, ' ', '') LIKE {end}",
  "SELECT {columns} FROM customers WHERE lower(name) = lower(:name)",
]
read = "SELECT {columns} FROM customers WHERE id = :id"
count = "SELECT COUNT(*) FROM customers"
files = {{ photo = {{ media_type = "image/png" }} }}
rank = 2
erase = [
  {{ sql = "DELETE FROM orders WHERE customer_id = :id", rows = {{ most = 10 }}, takes = "orders" }},
  {{ sql = "DELETE FROM customers WHERE id = :id", rows = 1 }},
]
anonymise = [{{ sql = "UPDATE customers SET email = NULL, name = 'anonym', phone = NULL, customer_no = NULL, notes = NULL WHERE id = :id", rows = 1 }}]
[place.rectify]
name = {{ sql = "UPDATE customers SET name = :value WHERE id = :id", rows = 1 }}
email = {{ sql = "UPDATE customers SET email = :value WHERE id = :id", rows = 1 }}
balance = {{ sql = "UPDATE customers SET balance = :value WHERE id = :id", rows = 1 }}
[place.restrict]
set = [{{ sql = "UPDATE customers SET locked = 1 WHERE id = :id", rows = 1 }}]
lift = [{{ sql = "UPDATE customers SET locked = 0 WHERE id = :id", rows = 1 }}]
column = "locked"
value = "1"

[[place]]
name = "orders"
category = "order"
id = "id"
label = "what"
follows = {{ place = "customers", column = "customer_id" }}
find = ["SELECT id, customer_id, what FROM orders WHERE customer_id = :id"]
read = "SELECT id, customer_id, what FROM orders WHERE id = :id"
erase = [{{ sql = "DELETE FROM orders WHERE id = :id", rows = 1 }}]
rank = 1

# A search that finds everybody whose address is alike.
[[place]]
name = "newsletter"
category = "newsletter"
id = "id"
exact = {{ email = "email" }}
find = ["SELECT id, email FROM newsletter WHERE lower(email) LIKE lower({around})"]

[suppress]
read = "SELECT email FROM stopped WHERE email = :email"
column = "email"
steps = [{{ sql = "INSERT INTO stopped (email) VALUES (:email)", rows = 1 }}]
"#,
            end = self.around(":phone_end"),
        )
    }

    pub fn settings(&self, statements: &str) -> Settings {
        toml::from_str(&format!("{}{statements}", self.head())).unwrap()
    }

    pub fn read_only(&self) -> Settings {
        let mut settings = self.settings(&self.statements());
        settings.writing = None;
        settings
    }

    pub fn with(&self, statements: &str) -> Result<Sql, Mishap> {
        Sql::new(&self.settings(statements), &limits())
    }

    pub fn source(&self) -> Sql {
        self.with(&self.statements()).unwrap()
    }
}

pub fn limits() -> Limits {
    Limits {
        patience: Duration::from_secs(2),
        largest: 4 * 1024 * 1024,
        ..Limits::default()
    }
}
