//! How the mail server is reached: the `[smtp]` part of the configuration, and what makes it wrong.

use std::{fmt, net::IpAddr, path::PathBuf, time::Duration};

use serde::Deserialize;
use zeroize::Zeroizing;

/// The way to the mail server that takes our mail.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SmtpSettings {
    /// Name or address of the server; the certificate must be made out to it.
    pub host: String,
    /// Unset: 587 with STARTTLS, 465 with TLS, 25 without.
    pub port: Option<u16>,
    /// How the line is protected.
    #[serde(default)]
    pub security: Security,
    /// The user name, if the server wants one.
    pub user: Option<String>,
    /// A file that holds the password. Read where the settings are read.
    pub password_file: Option<PathBuf>,
    /// The environment variable that holds the password.
    pub password_env: Option<String>,
    /// Certificates (PEM) of the authorities to trust for this server, **instead** of the public ones.
    pub ca_file: Option<PathBuf>,
    /// The name this machine says in EHLO; unset: its loopback address in brackets.
    pub hello_name: Option<String>,
    /// Whether mail to `name+anything@domain` reaches `name@domain`. Then answers and reports come back to an address of
    /// their own for each message, and find it whatever the other side leaves out.
    #[serde(default)]
    pub plus_address: bool,
    /// Allows `security = "none"` to another machine: everything crosses the wire in clear.
    #[serde(default)]
    pub allow_plaintext: bool,
    /// The password itself; put here by whoever read the file or the environment.
    #[serde(skip)]
    pub password: Option<Password>,
    /// How long to wait for the server.
    #[serde(skip)]
    pub patience: Patience,
}

/// How the line to the server is protected.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Security {
    /// Begins in clear and must become TLS before anything else is said.
    #[default]
    StartTls,
    /// TLS from the first byte.
    Tls,
    /// In clear. Only to this machine itself, unless `allow_plaintext` is set.
    None,
}

/// How long the server may take.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// For the line to stand.
    pub connect: Duration,
    /// For the reply to one command.
    pub command: Duration,
    /// For taking a whole message. Longer, because a server that filters while we wait may well
    /// have taken it, and hanging up too early means that the letter arrives twice.
    pub content: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            command: Duration::from_secs(60),
            content: Duration::from_secs(300),
        }
    }
}

/// A password: wiped from memory at its end, never shown.
#[derive(Clone)]
pub struct Password(Zeroizing<String>);

impl Password {
    /// Takes the password as read; the line break that editors leave at the end is no part of it.
    pub fn new(read: impl Into<String>) -> Self {
        let read = Zeroizing::new(read.into());
        Self(Zeroizing::new(
            read.trim_end_matches(['\r', '\n']).to_owned(),
        ))
    }

    pub(super) fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("…")
    }
}

/// Why the settings cannot work, before any line is opened.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// No server is named.
    #[error("mail.host is empty: name the mail server")]
    NoHost,
    /// Clear text to another machine.
    #[error(
        "mail.security = \"none\" would send letters in clear over the network: \
         use \"starttls\" or \"tls\", or set mail.allow_plaintext = true if that is meant"
    )]
    InClear,
    /// Half of a login.
    #[error("mail.user and its password belong together: one of them is missing")]
    HalfALogin,
    /// The EHLO name is none.
    #[error("mail.hello_name is not a host name")]
    HelloName,
    /// The file of certificates cannot be used.
    #[error("mail.ca_file {0}: {1}")]
    Authority(PathBuf, String),
    /// The host cannot be put on a certificate, or the cryptography refuses to start.
    #[error("smtp: TLS cannot be prepared: {0}")]
    Tls(String),
}

impl SmtpSettings {
    /// Settings for this host with everything else as it is when unset.
    pub fn to(host: impl Into<String>) -> Self {
        Self {
            host: host.into(),
            port: None,
            security: Security::default(),
            user: None,
            password_file: None,
            password_env: None,
            ca_file: None,
            hello_name: None,
            allow_plaintext: false,
            plus_address: false,
            password: None,
            patience: Patience::default(),
        }
    }

    pub(super) fn port(&self) -> u16 {
        self.port.unwrap_or(match self.security {
            Security::StartTls => 587,
            Security::Tls => 465,
            Security::None => 25,
        })
    }

    pub(super) fn bare_host(&self) -> &str {
        bare(&self.host)
    }

    pub(super) fn stays_here(&self) -> bool {
        stays_here(&self.host)
    }
}

/// A host without the brackets that people put around IPv6 addresses.
pub(super) fn bare(host: &str) -> &str {
    host.trim().trim_start_matches('[').trim_end_matches(']')
}

/// Whether a server is this very machine, so that nothing crosses a wire.
pub(super) fn stays_here(host: &str) -> bool {
    let host = bare(host);
    host.eq_ignore_ascii_case("localhost")
        || host
            .parse::<IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_key_is_an_error() {
        assert!(toml::from_str::<SmtpSettings>("host = 'mail.example'\npasswort = 'x'").is_err());
        assert!(toml::from_str::<SmtpSettings>("host = 'mail.example'\npassword = 'x'").is_err());
        assert!(toml::from_str::<SmtpSettings>("host = 'm'\nsecurity = 'ssl'").is_err());
    }

    #[test]
    fn unset_means_starttls_on_587() {
        let settings: SmtpSettings = toml::from_str("host = 'mail.example'").unwrap();
        assert_eq!(
            (settings.security, settings.port()),
            (Security::StartTls, 587)
        );
        let settings: SmtpSettings = toml::from_str("host = 'm'\nsecurity = 'tls'").unwrap();
        assert_eq!(settings.port(), 465);
    }

    #[test]
    fn only_this_machine_is_here() {
        for host in [
            "localhost",
            "LOCALHOST",
            "127.0.0.1",
            "127.8.9.1",
            "::1",
            "[::1]",
        ] {
            assert!(SmtpSettings::to(host).stays_here(), "{host}");
        }
        for host in [
            "mail.example",
            "10.0.0.1",
            "localhost.example",
            "127.0.0.1.example",
        ] {
            assert!(!SmtpSettings::to(host).stays_here(), "{host}");
        }
    }

    #[test]
    fn a_password_does_not_show() {
        let mut settings = SmtpSettings::to("mail.example");
        settings.password = Some(Password::new("geheim\n"));
        assert!(!format!("{settings:?}").contains("geheim"));
        assert_eq!(settings.password.unwrap().reveal(), "geheim");
    }
}
