//! Where the key of another system lies, and the key itself, which is never shown.

use std::fmt;
use std::path::PathBuf;

use serde::Deserialize;
use zeroize::Zeroizing;

use crate::ports::source::{Fault, Mishap};

/// Where a key lies: `{ file = "…" }` or `{ env = "…" }`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase", deny_unknown_fields)]
pub enum KeyPlace {
    /// In a file of its own.
    File(PathBuf),
    /// In an environment variable.
    Env(String),
}

/// A key: wiped from memory at its end, never shown.
#[derive(Clone)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Takes a key as read; the line break that editors leave at the end is no part of it.
    pub fn new(read: impl Into<String>) -> Secret {
        let read = Zeroizing::new(read.into());
        Secret(Zeroizing::new(
            read.trim_end_matches(['\r', '\n']).to_owned(),
        ))
    }

    /// The key itself, for the wire alone.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("…")
    }
}

impl KeyPlace {
    /// Reads the key.
    ///
    /// # Errors
    /// [`Fault::Misconfigured`], which names the place and not the key.
    pub fn read(&self) -> Result<Secret, Mishap> {
        let (read, place) = match self {
            KeyPlace::File(path) => (
                std::fs::read_to_string(path).map_err(|error| error.to_string()),
                path.display().to_string(),
            ),
            KeyPlace::Env(name) => (
                std::env::var(name).map_err(|_| "the variable is not set".to_owned()),
                name.clone(),
            ),
        };
        let secret = read
            .map(Secret::new)
            .map_err(|why| Mishap::new(Fault::Misconfigured, format!("key {place}: {why}")))?;
        match secret.reveal().trim().is_empty() {
            true => Err(Mishap::new(
                Fault::Misconfigured,
                format!("key {place}: it is empty"),
            )),
            false => Ok(secret),
        }
    }
}
