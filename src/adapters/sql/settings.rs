//! How a database is connected and which statements may be run there: all of them declared, none of them made.

use std::collections::{BTreeMap, HashMap};
use std::path::PathBuf;

use serde::Deserialize;

use crate::adapters::secret::KeyPlace;
use crate::domain::identifier::SearchKey;
use crate::ports::source::{Caution, Leftover, Origin};

/// A database of one's own.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Where it lies, and as whom it is read.
    pub database: Database,
    /// As whom it is written; without this section everything that changes data is a task for a person. For SQLite
    /// it is empty: `[writing]`.
    pub writing: Option<Role>,
    /// Time zone of times that name none, such as `Europe/Berlin`. Without it they are taken as UTC.
    pub zone: Option<String>,
    /// More rows than this of one statement are too many to be one person's (100,000).
    #[serde(default = "most")]
    pub most: u64,
    /// Tables with data of people, and what is done there.
    #[serde(rename = "place")]
    pub places: Vec<PlaceSettings>,
    /// The list of whom nothing is sent to.
    pub suppress: Option<SuppressSettings>,
    /// Copies that no statement reaches: backups, replicas, logs of the database.
    #[serde(default, alias = "leftover")]
    pub leftovers: Vec<Leftover>,
}

fn most() -> u64 {
    100_000
}

/// Where a database lies.
#[derive(Clone, Debug, Deserialize)]
#[serde(tag = "engine", rename_all = "lowercase", deny_unknown_fields)]
pub enum Database {
    /// PostgreSQL.
    Postgres(Server),
    /// MySQL or MariaDB.
    Mysql(Server),
    /// One file.
    Sqlite {
        /// The file, with its whole path.
        path: PathBuf,
    },
}

/// A server and the role that reads there.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Server {
    /// Its name, or the path of its socket (PostgreSQL: the folder in which the socket lies).
    pub host: String,
    /// Its port, if not the usual one.
    pub port: Option<u16>,
    /// The database.
    pub name: String,
    /// The role that reads. It should have no other right.
    pub user: String,
    /// Where its password lies.
    pub key: Option<KeyPlace>,
    /// Certificates (PEM) of the authorities to trust instead of the public ones.
    pub ca_file: Option<PathBuf>,
}

/// The role that writes, with rights on the declared tables only.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Role {
    /// Its name.
    #[serde(default)]
    pub user: String,
    /// Where its password lies.
    pub key: Option<KeyPlace>,
}

/// One or more names.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub enum Names {
    /// One.
    One(String),
    /// Several.
    Many(Vec<String>),
}

impl Names {
    /// All of them.
    pub fn all(&self) -> &[String] {
        match self {
            Names::One(name) => std::slice::from_ref(name),
            Names::Many(names) => names,
        }
    }
}

/// A table, or what is joined of several, with data of people.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlaceSettings {
    /// What it is called in records.
    pub name: String,
    /// The category of its data, such as `account` or `order`.
    pub category: String,
    /// The column by which a row is found again.
    pub id: String,
    /// The column that a list shows.
    pub label: Option<String>,
    /// The column that says when a row is from.
    pub at: Option<String>,
    /// Columns that must be the person's identifier, whole, in our own comparison: `{ email = "email" }`.
    #[serde(default)]
    pub exact: HashMap<SearchKey, Names>,
    /// Columns with longer text that may mention the identifier: hits are for a person to look at.
    #[serde(default)]
    pub mentions: HashMap<SearchKey, Names>,
    /// Instead of both: rows that hang on rows of another place.
    pub follows: Option<Follows>,
    /// Statements that find rows; each has parameters of one kind (`:email`, or `:id` of the place that is followed).
    #[serde(default)]
    pub find: Vec<String>,
    /// The statement that reads one row by `:id`, with the same columns; needed for files and for every change.
    pub read: Option<String>,
    /// How many rows there are, for `source check`.
    pub count: Option<String>,
    /// Where the data come from: `provided`, `observed`, `derived`, `others`.
    #[serde(default)]
    pub origin: Origin,
    /// What must be known before anything is done, such as `[{ is = "retained" }]`.
    #[serde(default)]
    pub cautions: Vec<Caution>,
    /// In which order rows go: the smaller first.
    #[serde(default)]
    pub rank: u8,
    /// Columns with HTML.
    #[serde(default)]
    pub html: Vec<String>,
    /// What files in columns are: `{ scan = { name = "scan_name", media_type = "application/pdf" } }`.
    #[serde(default)]
    pub files: HashMap<String, FileSettings>,
    /// Statements by which a row goes.
    #[serde(default)]
    pub erase: Vec<Step>,
    /// Statements after which it says nothing of anybody.
    #[serde(default)]
    pub anonymise: Vec<Step>,
    /// Columns that may be put right, each with its statement (`:value`, `:id`).
    #[serde(default)]
    pub rectify: BTreeMap<String, Step>,
    /// How a row is restricted.
    pub restrict: Option<RestrictSettings>,
}

/// Rows that hang on others.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Follows {
    /// The place whose rows are followed.
    pub place: String,
    /// The column with the key of the row that they hang on.
    pub column: String,
}

/// What a file in a column is.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileSettings {
    /// The column with its name.
    pub name: Option<String>,
    /// What it is, such as `application/pdf`.
    pub media_type: Option<String>,
}

/// A statement that changes data.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// The statement, with `:id`; the identifiers in the row's own exact columns may be used too.
    pub sql: String,
    /// How many rows it must meet: `1`, or `{ least = 0, most = 50 }`. Otherwise everything is taken back.
    pub rows: Rows,
    /// What these rows are, if they are not the record itself: shown before anything is done.
    pub takes: Option<String>,
}

/// How many rows are expected.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(untagged)]
pub enum Rows {
    /// Exactly so many.
    Exactly(u64),
    /// In these bounds.
    Between {
        /// At least.
        #[serde(default)]
        least: u64,
        /// At most.
        most: u64,
    },
}

/// How a row is restricted (Art. 18 GDPR).
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RestrictSettings {
    /// Statements that set the mark.
    pub set: Vec<Step>,
    /// Statements that lift it.
    pub lift: Vec<Step>,
    /// The column of `read` in which the mark stands.
    pub column: String,
    /// What stands there when it is set.
    pub value: String,
}

/// The list of whom nothing is sent to (Art. 21 GDPR).
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SuppressSettings {
    /// The statement that looks the address up.
    pub read: String,
    /// The column that must be the address, in our own comparison.
    pub column: String,
    /// Statements that enter it.
    pub steps: Vec<Step>,
}
