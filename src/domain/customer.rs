//! A customer for whom we process: whoever asks us about such data is passed on (Art. 28(3)(e) GDPR).

use serde::{Deserialize, Serialize};

/// A customer with where it can be reached.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Customer {
    /// Its stable name in files.
    pub slug: String,
    /// The legal name.
    pub name: String,
    /// Where requests are passed on to by mail.
    #[serde(default)]
    pub email: String,
    /// Postal address, one line each.
    #[serde(default)]
    pub address: Vec<String>,
    /// The contract, and what we process for it.
    #[serde(default)]
    pub contract: String,
    /// Whether the contract lets us name it to the person.
    #[serde(default)]
    pub named: bool,
}

impl Customer {
    /// Whether there is a way to reach it at all.
    pub fn reachable(&self) -> bool {
        self.email.contains('@') || self.address.iter().any(|line| !line.trim().is_empty())
    }
}
