//! What the operator says about the folder: where which files lie, what stands in them, and what may be taken away.

use std::path::PathBuf;

use serde::Deserialize;

use crate::domain::identifier::SearchKey;
use crate::ports::source::LeftoverKind;

/// A folder with files of several kinds.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// The folder below which everything lies. Links in it are not followed, other file systems below it not entered.
    pub root: PathBuf,
    /// At most so many files of one place are opened.
    #[serde(default = "most_files")]
    pub most_files: usize,
    /// At most so many bytes of one place are read, unpacked.
    #[serde(default = "most_bytes")]
    pub most_bytes: u64,
    /// At most so many findings of one place are laid down.
    #[serde(default = "most_findings")]
    pub most_findings: u64,
    /// Access logs of web servers.
    #[serde(default)]
    pub logs: Vec<Log>,
    /// Tables: CSV exports, lists of calls.
    #[serde(default)]
    pub tables: Vec<Table>,
    /// DATEV exports (EXTF). Only ever read.
    #[serde(default)]
    pub datev: Vec<Datev>,
    /// GoBD exports with an `index.xml`. Only ever read.
    #[serde(default)]
    pub gobd: Vec<Gobd>,
    /// Folders of files that belong to people.
    #[serde(default)]
    pub folders: Vec<Folder>,
    /// Copies of all this that the folder does not show: backups, snapshots, the recycle bin of the server.
    #[serde(default, alias = "leftover")]
    pub leftovers: Vec<Copy>,
}

/// A copy elsewhere.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Copy {
    /// What kind of copy: `backup`, `files`, `log`.
    pub kind: LeftoverKind,
    /// Where.
    pub place: String,
    /// After so many days it is overwritten.
    pub days: Option<u16>,
}

/// Access logs of nginx or Apache in the combined or the common form, with or without the name of the host in front.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Log {
    /// How findings and gaps name this place.
    pub name: String,
    /// Where the files lie below the root, the rotated ones too: `nginx/access.log*`.
    pub path: String,
    /// After so many days the rotation has taken a line away.
    pub days: u16,
    /// The server shortens or hashes addresses before it writes them.
    #[serde(default)]
    pub masked: bool,
}

/// A table in text form.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Table {
    /// How findings and gaps name this place.
    pub name: String,
    /// Where the files lie below the root: `telefon/*.csv`.
    pub path: String,
    /// Which category of data a row is: `call`, `contact`, `order`.
    pub category: String,
    /// The letters of the file, such as `windows-1252`; without it they are seen from the file.
    pub encoding: Option<String>,
    /// What stands between fields: `;`, `,` or a tab; without it that is seen from the first line.
    pub separator: Option<char>,
    /// Whether the first row holds the names of the columns.
    #[serde(default = "yes")]
    pub header: bool,
    /// Where people stand in a row.
    pub identity: Vec<Identity>,
    /// The column that tells rows apart; without it a row is known by all that stands in it.
    pub key: Option<Column>,
    /// The column that a list of findings shows.
    pub title: Option<Column>,
    /// When a row is from.
    pub date: Option<Date>,
    /// The area code that local numbers lack, such as `030`.
    pub area_code: Option<String>,
    /// Numbers stand with their country and without a plus: `4930…`.
    #[serde(default)]
    pub bare_country: bool,
    /// Rows may be taken out of these files.
    #[serde(default)]
    pub erase: Option<EraseRows>,
}

/// That rows may be taken away.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EraseRows {
    /// So many rows go with one finding at most; if there would be more, nothing is done.
    pub rows: u64,
}

/// A column, by its name in the first row, or by its place, counted from 1.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum Column {
    /// Its place.
    Place(usize),
    /// Its name.
    Name(String),
}

/// Where a person stands in a row.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Identity {
    /// The column.
    pub column: Column,
    /// What stands there: `email`, `phone`, `name`, `number`, `handle`.
    pub by: SearchKey,
    /// It is one end of a call or a message: who stands in the other ends is somebody else.
    #[serde(default)]
    pub end: bool,
}

/// When a row is from.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Date {
    /// The column.
    pub column: Column,
    /// How it is written: `%d.%m.%Y %H:%M:%S`.
    pub format: String,
    /// Of which zone the times are.
    #[serde(default = "zone")]
    pub zone: String,
}

/// DATEV exports: debtors and postings.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Datev {
    /// How findings and gaps name this place.
    pub name: String,
    /// Where the files lie below the root: `datev/EXTF_*.csv`.
    pub path: String,
    /// So many years they are kept after the end of the year (§ 147 AO): books 10.
    #[serde(default = "years")]
    pub years: u16,
}

/// A GoBD export.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Gobd {
    /// How findings and gaps name this place.
    pub name: String,
    /// Where the descriptions lie below the root: `gobd/*/index.xml`.
    pub path: String,
    /// So many years they are kept after the end of the year (§ 147 AO).
    #[serde(default = "years")]
    pub years: u16,
    /// Where people stand in the tables.
    pub identity: Vec<TableIdentity>,
    /// Which category of data the rows of a table are, by the table's name; without an entry `other`.
    #[serde(default)]
    pub categories: std::collections::BTreeMap<String, String>,
}

/// Where a person stands in a table of a GoBD export.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TableIdentity {
    /// The table's name in the description.
    pub table: String,
    /// The column's name.
    pub column: String,
    /// What stands there.
    pub by: SearchKey,
}

/// A folder of files that belong to people.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Folder {
    /// How findings and gaps name this place.
    pub name: String,
    /// Where the files lie below the root, and where in their paths the person stands: `bewerber/{name}/**`,
    /// `kunden/{number}_*.pdf`, `karten/{email}.vcf`.
    pub path: String,
    /// Which category of data a file is.
    #[serde(default = "file")]
    pub category: String,
    /// Text files are searched through, too.
    #[serde(default)]
    pub content: bool,
    /// A list that says which file or folder is whose.
    pub index: Option<Index>,
    /// Files may be taken away.
    #[serde(default)]
    pub erase: bool,
}

/// A list that says which file or folder is whose.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Index {
    /// Where it lies below the root.
    pub path: String,
    /// The column with the path of a file or a folder, as seen from the list.
    pub file: Column,
    /// Where people stand in it.
    pub identity: Vec<Identity>,
    /// Whether the first row holds the names of the columns.
    #[serde(default = "yes")]
    pub header: bool,
}

fn most_files() -> usize {
    100_000
}

fn most_bytes() -> u64 {
    256 * 1024 * 1024 * 1024
}

fn most_findings() -> u64 {
    100_000
}

fn yes() -> bool {
    true
}

fn years() -> u16 {
    10
}

fn zone() -> String {
    "Europe/Berlin".to_owned()
}

fn file() -> String {
    "file".to_owned()
}
