//! What went wrong with a mailbox, at which step; and what that means for the caller and the operator.

use super::super::mishap::strike_out;
use crate::ports::{Defect, Trouble};

/// What was being done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::mail) enum Step {
    /// Reaching the server, up to its greeting.
    Connect,
    /// STARTTLS and the handshake.
    Encrypt,
    /// LOGIN, AUTHENTICATE.
    LogIn,
    /// Opening a folder.
    Open,
    /// Looking for messages and taking them.
    Read,
    /// Marking or moving them.
    Settle,
    /// Waiting for new ones.
    Wait,
    /// Filing a copy.
    File,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::mail) enum Cause {
    /// Nothing, for longer than we wait.
    Silence,
    /// The line broke, or never stood.
    Broken(String),
    /// The server said no.
    No { words: String, create: bool },
    /// The server's answer is none that belongs there.
    Garbled(&'static str),
    /// The certificate is not one we trust.
    Certificate(String),
    /// The server does not offer to encrypt.
    NotOffered,
    /// The server knows no way of logging in that we know.
    NoMechanism(&'static str),
    /// This password was refused before; it is not tried again and again, because that locks accounts.
    Latched,
    /// The token was refused; something outside renews it.
    StaleToken(String),
    /// The file with the token cannot be read.
    NoToken(String),
    /// The server said yes, and nothing changed.
    Unchanged,
    /// What the configuration wants cannot be had here.
    Unable(&'static str),
}

/// A step and what happened at it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::mail) struct Mishap {
    pub step: Step,
    pub cause: Cause,
}

impl Mishap {
    pub fn new(step: Step, cause: Cause) -> Self {
        Self { step, cause }
    }

    /// After these the line is where we think it is and can go on.
    pub fn leaves_the_line_whole(&self) -> bool {
        self.step != Step::LogIn
            && matches!(
                self.cause,
                Cause::No { .. } | Cause::Unchanged | Cause::Unable(_)
            )
    }

    /// What this means for the caller. `hidden` are words that must not appear.
    pub fn trouble(&self, hidden: &[String]) -> Trouble {
        let why = self.words(hidden);
        if self.is_final() {
            Trouble::never(why)
        } else {
            Trouble::later(why)
        }
    }

    /// Whether the same again can only do harm. A server that says of itself that it is not well
    /// has not judged the password.
    fn is_final(&self) -> bool {
        match &self.cause {
            Cause::No { words, .. } => {
                let words = words.to_uppercase();
                let unwell = ["[UNAVAILABLE]", "[INUSE]", "[LIMIT]", "[SERVERBUG]"];
                self.step == Step::LogIn && !unwell.iter().any(|code| words.contains(code))
            }
            Cause::Latched | Cause::Unable(_) => true,
            _ => false,
        }
    }

    /// Whether the server looked at password or token and did not take it.
    pub fn judges_the_proof(&self) -> bool {
        matches!(self.cause, Cause::StaleToken(_))
            || (matches!(self.cause, Cause::No { .. }) && self.is_final())
    }

    /// What this means for the operator.
    pub fn defect(&self, hidden: &[String]) -> Defect {
        let (code, remedy) = self.remedy();
        Defect {
            code,
            what: self.words(hidden),
            remedy,
        }
    }

    fn words(&self, hidden: &[String]) -> String {
        let at = match self.step {
            Step::Connect => "mailbox server not reached",
            Step::Encrypt => "encryption to the mailbox failed",
            Step::LogIn => "login to the mailbox refused",
            Step::Open => "folder of the mailbox cannot be opened",
            Step::Read => "mailbox cannot be read",
            Step::Settle => "message in the mailbox cannot be settled",
            Step::Wait => "mailbox cannot be watched",
            Step::File => "copy cannot be filed in the mailbox",
        };
        match &self.cause {
            Cause::Silence => format!("{at}: no answer in time"),
            Cause::Broken(words) | Cause::No { words, .. } | Cause::Certificate(words) => {
                format!("{at}: {}", strike_out(words, hidden))
            }
            Cause::Garbled(what) | Cause::Unable(what) => format!("{at}: {what}"),
            Cause::NotOffered => format!("{at}: the server does not offer STARTTLS"),
            Cause::NoMechanism(what) => format!("login impossible: {what}"),
            Cause::Latched => format!(
                "{at}: the password was refused within the last hour and is not tried again, so that \
                 the account is not locked"
            ),
            Cause::StaleToken(words) => format!(
                "{at}: the token in token_file is not taken, what renews it has to look: {}",
                strike_out(words, hidden)
            ),
            Cause::NoToken(words) => {
                format!("login impossible: token_file cannot be read: {words}")
            }
            Cause::Unchanged => format!("{at}: the server said yes and changed nothing"),
        }
    }

    fn remedy(&self) -> (&'static str, &'static str) {
        match (&self.cause, self.step) {
            (Cause::Certificate(_), _) => (
                "mailbox-certificate",
                "Name the server in `host` as its certificate does, and put the certificate of your \
                 own authority into `ca_file`.",
            ),
            (Cause::NotOffered, _) => (
                "mailbox-encryption",
                "Use security = \"tls\" with port 993.",
            ),
            (Cause::NoMechanism(_), _) => (
                "mailbox-login",
                "Ask the operator of the server which login it wants; Exchange Online takes only a `token_file`.",
            ),
            (Cause::StaleToken(_) | Cause::NoToken(_), _) => (
                "mailbox-login",
                "Let your helper write a fresh access token into `token_file`.",
            ),
            (_, Step::LogIn) => (
                "mailbox-login",
                "Check `user` and the password, or make a password for applications.",
            ),
            (Cause::Silence, Step::Connect) => (
                "mailbox-unreachable",
                "Check `host`, `port` and the firewall. A server that stays silent often expects TLS \
                 at once: security = \"tls\".",
            ),
            (_, Step::Encrypt) => (
                "mailbox-encryption",
                "Port 993 goes with security = \"tls\", port 143 with \"starttls\"; TLS 1.2 or newer.",
            ),
            (Cause::No { .. }, Step::Open) => (
                "mailbox-folder",
                "Check `folder`: written as in the mail program, with the server's sign between levels.",
            ),
            (Cause::Unable(_), _) => (
                "mailbox-rights",
                "Give the account the right, or set `after` and `read_only` to what it may do.",
            ),
            _ => (
                "mailbox-unreachable",
                "Check `host` and `port`, and that the server is running.",
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn no(step: Step, words: &str) -> Mishap {
        let words = words.to_owned();
        Mishap::new(
            step,
            Cause::No {
                words,
                create: false,
            },
        )
    }

    #[test]
    fn only_a_judged_password_ends_the_trying() {
        let refused = no(Step::LogIn, "[AUTHENTICATIONFAILED] no");
        assert!(!refused.trouble(&[]).may_heal());
        for (step, words) in [
            (
                Step::LogIn,
                "[UNAVAILABLE] Temporary authentication failure.",
            ),
            (Step::Open, "[NONEXISTENT] no such folder"),
            (Step::Read, "[SERVERBUG] Internal error"),
        ] {
            assert!(no(step, words).trouble(&[]).may_heal(), "{words}");
        }
        let stale = Mishap::new(Step::LogIn, Cause::StaleToken("no".into()));
        assert!(stale.trouble(&[]).may_heal());
    }

    #[test]
    fn the_account_is_struck_out_of_what_the_server_says() {
        let said = no(
            Step::LogIn,
            "user privacy@kontor.example\r\n(privacy) is locked",
        );
        let shown = said.trouble(&["privacy".into()]).to_string();
        assert!(shown.ends_with("user … … is locked"), "{shown}");
    }
}
