//! How a bucket is connected, and below which prefixes a person's objects lie.

use std::path::PathBuf;

use serde::Deserialize;

use crate::adapters::secret::KeyPlace;
use crate::ports::source::{Leftover, Origin};

/// A bucket of an S3-compatible storage.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Address of the storage, such as `https://objects.example`, without the bucket.
    pub address: String,
    /// Its region, as the storage names it (`us-east-1`).
    #[serde(default = "region")]
    pub region: String,
    /// The bucket.
    pub bucket: String,
    /// Where the name of the bucket stands: `path` (`https://objects.example/bucket`) or `host`
    /// (`https://bucket.objects.example`).
    #[serde(default)]
    pub style: Style,
    /// Certificates (PEM) of the authorities to trust instead of the public ones.
    pub ca_file: Option<PathBuf>,
    /// The credential that reads: list and get below the prefixes, and nothing else.
    pub reading: Credential,
    /// The credential that deletes versions and sets tags; without it that is a task for a person.
    pub writing: Option<Credential>,
    /// Prefixes below which objects of one person lie.
    #[serde(rename = "prefix")]
    pub prefixes: Vec<PrefixSettings>,
    /// More versions than this below one prefix are too many to be one person's (20,000).
    #[serde(default = "most")]
    pub most: u64,
    /// The tag that marks a restriction; the policy of the bucket must know it.
    pub tag: Option<Tag>,
    /// Copies that are not reached: replicas, inventories, backups.
    #[serde(default, alias = "leftover")]
    pub leftovers: Vec<Leftover>,
}

fn region() -> String {
    "us-east-1".to_owned()
}

fn most() -> u64 {
    20_000
}

/// Where the name of the bucket stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Style {
    /// In the path.
    #[default]
    Path,
    /// In the name of the host.
    Host,
}

/// A pair of keys.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Credential {
    /// Its public half.
    pub access_key: String,
    /// Where its secret half lies.
    pub key: KeyPlace,
}

/// Where one person's objects lie.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PrefixSettings {
    /// The prefix with the identifier in braces, ending with a slash: `customers/{number}/`.
    pub pattern: String,
    /// The category of its data, such as `file` or `invoice`.
    #[serde(default = "category")]
    pub category: String,
    /// Where the data come from: `provided`, `observed`, `derived`, `others`.
    #[serde(default)]
    pub origin: Origin,
}

fn category() -> String {
    "file".to_owned()
}

/// A tag of an object.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tag {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: String,
}
