//! What went wrong on the line, at which step; and what that means for the letter and the operator.

use crate::ports::{Defect, Parcel, Trouble};

/// How far the talk with the server had come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// Reaching the server, up to its greeting and its answer to EHLO.
    Connect,
    /// STARTTLS and the handshake.
    Encrypt,
    /// AUTH.
    LogIn,
    /// MAIL FROM.
    Sender,
    /// RCPT TO.
    Recipient,
    /// DATA, and the go-ahead for the content.
    Announce,
    /// The content itself, and the reply that takes it over.
    Content,
    /// NOOP, RSET: is anyone there?
    Idle,
}

/// What happened at that step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Cause {
    /// Nothing, for longer than we wait.
    Silence,
    /// The line broke, or never stood.
    Broken(String),
    /// The server said no.
    No { code: u16, words: String },
    /// The server said yes where another yes belongs: somebody may be talking in between.
    OutOfStep(u16),
    /// The certificate is not one we trust.
    Certificate(String),
    /// The server does not offer to encrypt.
    NotOffered,
    /// The server knows no way of logging in that we know, or none at all.
    NoMechanism,
    /// The address has letters beyond ASCII before the @, and the server cannot take them.
    BeyondAscii,
}

/// A step and what happened at it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Mishap {
    pub step: Step,
    pub cause: Cause,
}

impl Mishap {
    /// After a plain no the same line can carry the next letter; after anything else it cannot be
    /// trusted to be where we think it is. 421 announces that the server hangs up.
    pub fn leaves_the_line_whole(&self) -> bool {
        matches!(&self.cause, Cause::No { code, .. } if *code != 421)
            || self.cause == Cause::BeyondAscii
    }

    /// What this means for the parcel. `hidden` are the words that must not appear.
    pub fn trouble(&self, hidden: &[String]) -> Trouble {
        let why = self.words(hidden);
        if self.is_final() {
            Trouble::never(why)
        } else {
            Trouble::later(why)
        }
    }

    /// Only a no to this recipient or this content is final. A no to the login or to our own
    /// sender is a fault of the settings: the letter waits until they are put right.
    fn is_final(&self) -> bool {
        match (&self.cause, self.step) {
            (Cause::BeyondAscii, _) => true,
            (
                Cause::No {
                    code: 530 | 534 | 535 | 538,
                    ..
                },
                _,
            ) => false,
            (Cause::No { code: 552, .. }, Step::Sender) => true,
            (Cause::No { code, .. }, Step::Recipient | Step::Announce | Step::Content) => {
                (500..600).contains(code)
            }
            _ => false,
        }
    }

    /// What this means for the operator.
    pub fn defect(&self) -> Defect {
        let (code, remedy) = self.remedy();
        Defect {
            code,
            what: self.words(&[]),
            remedy,
        }
    }

    fn words(&self, hidden: &[String]) -> String {
        let at = match self.step {
            Step::Connect => "mail server not reached",
            Step::Encrypt => "encryption failed",
            Step::LogIn => "login refused",
            Step::Sender => "sender refused",
            Step::Recipient => "recipient refused",
            Step::Announce => "message refused before its content",
            Step::Content => "message refused",
            Step::Idle => "mail server does not answer",
        };
        match &self.cause {
            Cause::No { code, words } => format!("{at}: {code} {}", strike_out(words, hidden)),
            Cause::BeyondAscii => {
                "the address has letters beyond ASCII before the @, which this server cannot take".into()
            }
            Cause::NotOffered => format!("{at}: the server does not offer STARTTLS"),
            Cause::NoMechanism => {
                "login impossible: the server offers neither AUTH PLAIN nor AUTH LOGIN on this line".into()
            }
            Cause::Certificate(words) => format!("{at}: {}", strike_out(words, hidden)),
            Cause::OutOfStep(code) => format!("the server's replies are out of step ({code})"),
            Cause::Silence | Cause::Broken(_) if self.step == Step::Content => {
                "the line broke while the message was handed over: whether it was taken is not known, \
                 a repeat carries the same Message-ID"
                    .into()
            }
            Cause::Silence => format!("no reply in time ({})", self.step.command()),
            Cause::Broken(words) if self.step == Step::Connect => {
                format!("{at}: {}", strike_out(words, hidden))
            }
            Cause::Broken(words) => {
                format!("the line broke ({}): {}", self.step.command(), strike_out(words, hidden))
            }
        }
    }

    fn remedy(&self) -> (&'static str, &'static str) {
        match (&self.cause, self.step) {
            (Cause::Certificate(_), _) => (
                "mail-certificate",
                "Name the server in mail.host as its certificate does, and put the certificate of \
                 your own authority into mail.ca_file.",
            ),
            (Cause::NotOffered, _) => (
                "mail-encryption",
                "Use the server's port for submission (587), or mail.security = \"tls\" with port 465.",
            ),
            (Cause::NoMechanism, _) => (
                "mail-login",
                "Leave mail.user out if the server wants no login, or ask its operator for PLAIN over TLS.",
            ),
            (_, Step::LogIn) => (
                "mail-login",
                "Check mail.user and the password, or make a password for applications.",
            ),
            (Cause::Broken(words), _) if words.contains("corrupt message") => (
                "mail-encryption",
                "That port does not begin with TLS: set mail.security = \"starttls\".",
            ),
            (_, Step::Encrypt) => (
                "mail-encryption",
                "Let the server speak TLS 1.2 or newer, or try mail.security = \"tls\" with port 465.",
            ),
            (Cause::Silence, Step::Connect) => (
                "mail-unreachable",
                "Check mail.host, mail.port and the firewall. A server that stays silent often \
                 expects TLS at once: mail.security = \"tls\".",
            ),
            (Cause::No { .. }, _) => (
                "mail-refused",
                "Ask the operator of the mail server to let this machine in; some servers want a \
                 real name in mail.hello_name.",
            ),
            _ => (
                "mail-unreachable",
                "Check mail.host and mail.port, and that the server is running.",
            ),
        }
    }
}

impl Step {
    fn command(self) -> &'static str {
        match self {
            Self::Connect => "greeting",
            Self::Encrypt => "STARTTLS",
            Self::LogIn => "AUTH",
            Self::Sender => "MAIL FROM",
            Self::Recipient => "RCPT TO",
            Self::Announce => "DATA",
            Self::Content => "content",
            Self::Idle => "NOOP",
        }
    }
}

/// The words of a parcel that a server might repeat in its reply: parts of names and addresses.
pub(super) fn words_to_hide(parcel: &Parcel) -> Vec<String> {
    let people = [
        Some(&parcel.to),
        Some(&parcel.from),
        parcel.reply_to.as_ref(),
    ];
    let mut words: Vec<String> = people
        .into_iter()
        .flatten()
        .flat_map(|who| [who.name.as_str(), who.email.as_str()])
        .flat_map(|text| text.split(|c: char| !c.is_alphanumeric()))
        // Two letters are no name but would strike out half of every reply.
        .filter(|word| word.chars().count() > 2)
        .map(str::to_lowercase)
        .collect();
    words.sort_unstable();
    words.dedup();
    words
}

/// A server's words without what could be personal: addresses, names, and long strings that may
/// hide one in another coding.
pub(super) fn strike_out(words: &str, hidden: &[String]) -> String {
    let mut kept = String::new();
    for word in words
        .split(|c: char| c.is_whitespace() || c.is_control())
        .filter(|w| !w.is_empty())
    {
        let low = word.to_lowercase();
        let tells = low.contains('@')
            || low.contains("%40")
            || low.contains("=40")
            || low.chars().count() > 40
            || hidden.iter().any(|name| low.contains(name.as_str()));
        if !kept.is_empty() {
            kept.push(' ');
        }
        kept.push_str(if tells { "…" } else { word });
        if kept.chars().count() > 200 {
            kept.push_str(" …");
            break;
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ports::Address;
    use chrono::DateTime;

    fn no(step: Step, code: u16) -> Mishap {
        Mishap {
            step,
            cause: Cause::No {
                code,
                words: "5.0.0 no".into(),
            },
        }
    }

    #[test]
    fn only_a_no_to_this_letter_is_final() {
        for (step, code, heals) in [
            (Step::Recipient, 550, false),
            (Step::Recipient, 450, true),
            (Step::Recipient, 452, true),
            (Step::Content, 554, false),
            (Step::Content, 451, true),
            (Step::Announce, 554, false),
            (Step::Sender, 552, false),
            (Step::Sender, 550, true),
            (Step::Recipient, 530, true),
            (Step::Connect, 554, true),
            (Step::LogIn, 535, true),
        ] {
            assert_eq!(
                no(step, code).trouble(&[]).may_heal(),
                heals,
                "{step:?} {code}"
            );
        }
        let silent = Mishap {
            step: Step::Content,
            cause: Cause::Silence,
        };
        assert!(silent.trouble(&[]).may_heal());
    }

    #[test]
    fn names_and_addresses_are_struck_out() {
        let parcel = Parcel::letter(
            "<1@kontor.example>",
            DateTime::UNIX_EPOCH,
            Address::new("Kontor", "post@kontor.example"),
            Address::new("Ida Fröhlich-Öz", "ida.froehlich@post.example"),
            "Ihr Antrag",
            "",
        );
        let hidden = words_to_hide(&parcel);
        let said = "5.1.1 <ida.froehlich@post.example> user IDA.FROEHLICH (Fröhlich) unknown,\r\n \
                    see https://help.invalid/?to=x%40y aWRhLmZyb2VobGljaEBwb3N0LmV4YW1wbGUgYW5kIG1vcmU=";
        assert_eq!(
            strike_out(said, &hidden),
            "5.1.1 … user … … unknown, see … …"
        );
    }

    #[test]
    fn endless_replies_are_cut() {
        assert!(strike_out(&"no ".repeat(5000), &[]).chars().count() < 220);
    }

    #[test]
    fn every_defect_names_a_remedy() {
        let certificate = Mishap {
            step: Step::Encrypt,
            cause: Cause::Certificate("UnknownIssuer".into()),
        };
        assert_eq!(certificate.defect().code, "mail-certificate");
        assert!(certificate.defect().remedy.contains("mail.ca_file"));
        assert_eq!(no(Step::LogIn, 535).defect().code, "mail-login");
    }
}
