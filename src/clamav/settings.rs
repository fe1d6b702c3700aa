//! Where clamd listens, how long one waits for it, and what happens while it is away.

use std::path::PathBuf;
use std::time::Duration;

use serde::Deserialize;

/// `[scanner]` as it is written.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Path of its socket, or `tcp host:port`.
    pub clamd: String,
    /// What happens to a file that cannot be looked into.
    #[serde(default)]
    pub when_away: WhenAway,
    /// Seconds that one waits for a word about one file.
    #[serde(default = "usual")]
    pub seconds: u64,
}

/// A packed file of the usual size takes some.
const fn usual() -> u64 {
    60
}

/// What happens to a file that cannot be looked into.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum WhenAway {
    /// It is not handed out.
    #[default]
    Refuse,
    /// It is handed out, and said to be unchecked.
    Allow,
}

/// Where clamd listens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Address {
    /// On this machine.
    Socket(PathBuf),
    /// `host:port`.
    Tcp(String),
}

/// Why nothing can be asked with these settings.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SettingsError {
    /// Neither a path nor host and port.
    #[error("clamd = {0:?} is neither the path of a socket nor `tcp host:port`")]
    Address(String),
    /// Nobody waits so short or so long.
    #[error("seconds must be 1 to 600")]
    Seconds,
}

impl Settings {
    /// Where it listens.
    ///
    /// # Errors
    /// [`SettingsError::Address`].
    pub fn address(&self) -> Result<Address, SettingsError> {
        let text = self.clamd.trim();
        if text.starts_with('/') {
            return Ok(Address::Socket(PathBuf::from(text)));
        }
        let place = text.strip_prefix("tcp ").map(str::trim);
        let whole = place.and_then(|place| place.rsplit_once(':'));
        match (place, whole) {
            (Some(place), Some((host, port)))
                if !host.is_empty() && port.parse::<u16>().is_ok_and(|port| port > 0) =>
            {
                Ok(Address::Tcp(place.to_owned()))
            }
            _ => Err(SettingsError::Address(self.clamd.clone())),
        }
    }

    pub(super) fn patience(&self) -> Result<Duration, SettingsError> {
        match self.seconds {
            1..=600 => Ok(Duration::from_secs(self.seconds)),
            _ => Err(SettingsError::Seconds),
        }
    }

    /// Whether what is looked into crosses a network, in clear.
    #[must_use]
    pub fn leaves_the_machine(&self) -> bool {
        let Ok(Address::Tcp(place)) = self.address() else {
            return false;
        };
        let host = place.rsplit_once(':').map_or("", |(host, _)| host);
        let host = host.trim_matches(['[', ']']);
        host != "localhost"
            && !host
                .parse::<std::net::IpAddr>()
                .is_ok_and(|ip| ip.is_loopback())
    }
}
