//! One `[[controller.source]]` of the configuration: a connected system.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::problem::Problem;
use crate::adapters::derived::RecipeSettings;
use crate::adapters::{carddav, declared, files, frappe, mautic, odoo, s3, sql, zammad};
use crate::domain::identifier::{Identifier, SearchKey};
use crate::mail::archive;

/// A connected system as it is configured.
#[derive(Debug, Clone)]
pub struct SourceSettings {
    /// Its stable name.
    pub name: String,
    /// The system of the register that it speaks for.
    pub system: String,
    /// Which category of the register each category of its findings is.
    pub categories: BTreeMap<String, String>,
    /// Whom it must find before it may say "that is all".
    pub canary: Option<Identifier>,
    /// So many calls in a minute; none: as fast as it answers.
    pub per_minute: Option<u32>,
    /// So many searches at once.
    pub at_once: usize,
    /// How long one answer may take.
    pub patience: Duration,
    /// How long one search may take in all.
    pub whole: Duration,
    /// How values are made that it holds instead of identifiers.
    pub derived: Vec<RecipeSettings>,
    /// The language that it speaks.
    pub adapter: Adapter,
}

/// The languages that are spoken.
#[derive(Debug, Clone)]
pub enum Adapter {
    /// Odoo.
    Odoo(odoo::Settings),
    /// Frappe CRM.
    Frappe(frappe::Settings),
    /// Zammad.
    Zammad(zammad::Settings),
    /// Mautic.
    Mautic(mautic::Settings),
    /// Any other by HTTP and JSON, described in a file.
    Declared(declared::Settings),
    /// Mail accounts.
    Imap(archive::Settings),
    /// A database.
    Sql(sql::Settings),
    /// Files and folders.
    Files(files::Settings),
    /// An object store.
    S3(s3::Settings),
    /// Address books.
    CardDav(carddav::Settings),
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SourceSection {
    pub(super) name: String,
    system: Option<String>,
    #[serde(default)]
    categories: BTreeMap<String, String>,
    canary: Option<String>,
    per_minute: Option<u32>,
    at_once: Option<usize>,
    patience_seconds: Option<u64>,
    minutes: Option<u64>,
    #[serde(default)]
    derived: Vec<toml::Table>,
    odoo: Option<toml::Table>,
    frappe: Option<toml::Table>,
    zammad: Option<toml::Table>,
    mautic: Option<toml::Table>,
    declared: Option<toml::Table>,
    imap: Option<toml::Table>,
    sql: Option<toml::Table>,
    files: Option<toml::Table>,
    s3: Option<toml::Table>,
    carddav: Option<toml::Table>,
}

/// Names of files are meant from the folder of the configuration on.
fn from_folder(value: &mut toml::Value, keys: &[&str], folder: &Path) {
    match value {
        toml::Value::Table(table) => {
            for (key, value) in table.iter_mut() {
                match value {
                    toml::Value::String(path) if keys.contains(&key.as_str()) => {
                        // Whole, for who works elsewhere later: the folder itself may be named from here.
                        let meant = folder.join(&*path);
                        let whole = std::path::absolute(&meant).unwrap_or(meant);
                        *path = whole.to_string_lossy().into_owned();
                    }
                    other => from_folder(other, keys, folder),
                }
            }
        }
        toml::Value::Array(all) => all.iter_mut().for_each(|it| from_folder(it, keys, folder)),
        _ => {}
    }
}

impl SourceSection {
    /// Checks one source; relative names of files are meant from this folder on.
    pub(super) fn check(
        self,
        key: &str,
        folder: &Path,
        problems: &mut Vec<Problem>,
    ) -> Option<SourceSettings> {
        let before = problems.len();
        let mut wrong = |part: &str, what: String, helps: &str| {
            let key = match part.is_empty() {
                true => key.to_owned(),
                false => format!("{key}.{part}"),
            };
            problems.push(Problem::of(key, what, helps));
        };
        if !super::controller::is_path(&self.name) {
            wrong(
                "name",
                "is no name".into(),
                "use small letters, digits and hyphens, such as \"crm\"",
            );
        }
        let canary = self.canary.as_deref().map(canary);
        if canary == Some(None) {
            wrong(
                "canary",
                "is neither a mail address nor a name".into(),
                "name somebody invented whom that system holds",
            );
        }
        if self.at_once == Some(0) || self.at_once.is_some_and(|it| it > 32) {
            wrong("at_once", "must be 1 to 32".into(), "2 is the default");
        }
        if self.per_minute == Some(0) {
            wrong(
                "per_minute",
                "must be at least 1".into(),
                "leave it out to ask as fast as the system answers",
            );
        }
        let patience = self.patience_seconds.unwrap_or(60);
        if !(1..=3600).contains(&patience) {
            wrong(
                "patience_seconds",
                "must be 1 to 3600".into(),
                "60 is the default",
            );
        }
        let minutes = self.minutes.unwrap_or(60);
        if !(1..=1440).contains(&minutes) {
            wrong("minutes", "must be 1 to 1440".into(), "60 is the default");
        }
        let mut derived = Vec::new();
        for (at, table) in self.derived.into_iter().enumerate() {
            let mut value = toml::Value::Table(table);
            from_folder(&mut value, &["file"], folder);
            match read(value) {
                Ok(recipe) => derived.push(recipe),
                Err(error) => wrong(
                    &format!("derived[{at}]"),
                    error,
                    "its keys are explained in docs/sources.md",
                ),
            }
        }
        let tables = [
            ("odoo", self.odoo),
            ("frappe", self.frappe),
            ("zammad", self.zammad),
            ("mautic", self.mautic),
            ("declared", self.declared),
            ("imap", self.imap),
            ("sql", self.sql),
            ("files", self.files),
            ("s3", self.s3),
            ("carddav", self.carddav),
        ];
        let mut given: Vec<(&str, toml::Table)> = tables
            .into_iter()
            .filter_map(|(name, table)| Some((name, table?)))
            .collect();
        let adapter = match (given.pop(), given.is_empty()) {
            (Some((name, table)), true) => match adapter(name, table, folder) {
                Ok(adapter) => Some(adapter),
                Err(error) => {
                    wrong(name, error, "its keys are explained in docs/sources.md");
                    None
                }
            },
            (Some(_), false) => {
                wrong(
                    "",
                    "speaks several languages".into(),
                    "keep one of odoo, frappe, zammad, … in each source",
                );
                None
            }
            (None, _) => {
                wrong(
                    "",
                    "speaks no language".into(),
                    "say how it is reached in one of odoo, frappe, zammad, mautic, declared, imap, sql, files, s3, carddav",
                );
                None
            }
        };
        if problems.len() > before {
            return None;
        }
        Some(SourceSettings {
            system: self.system.unwrap_or_else(|| self.name.clone()),
            name: self.name,
            categories: self.categories,
            canary: canary.flatten(),
            per_minute: self.per_minute,
            at_once: self.at_once.unwrap_or(2),
            patience: Duration::from_secs(patience),
            whole: Duration::from_secs(minutes * 60),
            derived,
            adapter: adapter?,
        })
    }
}

/// A canary is a mail address, or else a name.
fn canary(text: &str) -> Option<Identifier> {
    Identifier::new(SearchKey::Email, text).or_else(|| Identifier::new(SearchKey::Name, text))
}

fn adapter(name: &str, table: toml::Table, folder: &Path) -> Result<Adapter, String> {
    // What lies below the root of a files source is meant from there on.
    let paths: &[&str] = match name {
        "files" => &["root"],
        "sql" => &["file", "ca_file", "path", "sqlite"],
        _ => &["file", "ca_file", "token_file"],
    };
    let mut value = toml::Value::Table(table);
    from_folder(&mut value, paths, folder);
    Ok(match name {
        "odoo" => Adapter::Odoo(read(value)?),
        "frappe" => Adapter::Frappe(read(value)?),
        "zammad" => Adapter::Zammad(read(value)?),
        "mautic" => Adapter::Mautic(read(value)?),
        "declared" => Adapter::Declared(read(value)?),
        "imap" => Adapter::Imap(read(value)?),
        "sql" => Adapter::Sql(read(value)?),
        "files" => Adapter::Files(read(value)?),
        "s3" => Adapter::S3(read(value)?),
        _ => Adapter::CardDav(read(value)?),
    })
}

fn read<T: DeserializeOwned>(value: toml::Value) -> Result<T, String> {
    value
        .try_into()
        .map_err(|error: toml::de::Error| error.message().to_owned())
}
