//! One line to the mail server, step by step; each step has its time and its one right answer.

use std::{future::Future, time::Duration};

use lettre::{
    Address,
    address::Envelope,
    transport::smtp::{
        Error,
        authentication::{Credentials, Mechanism},
        client::{AsyncSmtpConnection, TlsParameters},
        commands::{Data, Mail, Noop, Rcpt, Rset},
        extension::{ClientId, Extension, MailBodyParameter, MailParameter},
        response::Response,
    },
};
use tokio::time::timeout;

use super::{
    mishap::{Cause, Mishap, Step},
    settings::Patience,
};

/// How to get to the server, ready for use.
pub(super) struct Way {
    pub host: String,
    pub port: u16,
    pub hello: ClientId,
    pub encryption: Encryption,
    pub login: Option<Credentials>,
    pub patience: Patience,
}

/// How the line is protected, with what that needs.
pub(super) enum Encryption {
    None,
    StartTls(TlsParameters),
    Tls(TlsParameters),
}

/// An open line, greeted, encrypted and logged in.
///
/// Not the library's own transport: that one has no time limit for replies, and puts a line back
/// into its pool when the sender gives up in the middle of a message. Here a line belongs to the
/// future that talks on it and is closed with it.
pub(super) struct Session {
    line: AsyncSmtpConnection,
    patience: Patience,
}

impl Session {
    /// Opens a line and does all that comes before the first letter.
    pub async fn open(way: &Way) -> Result<Self, Mishap> {
        let patience = way.patience;
        let at_once = match &way.encryption {
            Encryption::Tls(tls) => Some(tls.clone()),
            Encryption::None | Encryption::StartTls(_) => None,
        };
        let connected = AsyncSmtpConnection::connect_tokio1(
            (way.host.as_str(), way.port),
            Some(patience.connect),
            &way.hello,
            at_once,
            None,
        );
        let line = in_time(
            Step::Connect,
            patience.connect + patience.command,
            connected,
        )
        .await?;
        let mut session = Self { line, patience };
        if let Encryption::StartTls(tls) = &way.encryption {
            session.encrypt(tls, &way.hello).await?;
        }
        if let Some(login) = &way.login {
            session.log_in(login).await?;
        }
        Ok(session)
    }

    async fn encrypt(&mut self, tls: &TlsParameters, hello: &ClientId) -> Result<(), Mishap> {
        if !self.line.can_starttls() {
            return Err(Mishap {
                step: Step::Encrypt,
                cause: Cause::NotOffered,
            });
        }
        let upgraded = self.line.starttls(tls.clone(), hello);
        in_time(Step::Encrypt, self.patience.command, upgraded).await
    }

    async fn log_in(&mut self, login: &Credentials) -> Result<(), Mishap> {
        const KNOWN: [Mechanism; 2] = [Mechanism::Plain, Mechanism::Login];
        if self.line.server_info().get_auth_mechanism(&KNOWN).is_none() {
            return Err(Mishap {
                step: Step::LogIn,
                cause: Cause::NoMechanism,
            });
        }
        let answered = self.line.auth(&KNOWN, login);
        let reply = in_time(Step::LogIn, self.patience.command, answered).await?;
        expect(Step::LogIn, &reply, &[235]).map(drop)
    }

    /// Hands one message over. The replies are compared with the one code that belongs there, and
    /// not just with "yes": a reply smuggled in before the encryption would shift all later ones
    /// by a place, and the server's no would pass for its yes.
    pub async fn deliver(&mut self, envelope: &Envelope, message: &[u8]) -> Result<String, Mishap> {
        let options = self.options(envelope, message)?;
        let patience = self.patience.command;

        let mail = Mail::new(envelope.from().cloned(), options);
        let reply = in_time(Step::Sender, patience, self.line.command(mail)).await?;
        expect(Step::Sender, &reply, &[250])?;
        for to in envelope.to() {
            let rcpt = Rcpt::new(to.clone(), vec![]);
            let reply = in_time(Step::Recipient, patience, self.line.command(rcpt)).await?;
            expect(Step::Recipient, &reply, &[250, 251, 252])?;
        }
        let reply = in_time(Step::Announce, patience, self.line.command(Data)).await?;
        expect(Step::Announce, &reply, &[354])?;
        let handed_over = self.line.message(message);
        let reply = in_time(Step::Content, self.patience.content, handed_over).await?;
        expect(Step::Content, &reply, &[250])
    }

    fn options(&self, envelope: &Envelope, message: &[u8]) -> Result<Vec<MailParameter>, Mishap> {
        let plain = |address: &Address| AsRef::<str>::as_ref(address).is_ascii();
        if envelope.to().iter().chain(envelope.from()).all(plain) && message.is_ascii() {
            return Ok(vec![]);
        }
        if !self
            .line
            .server_info()
            .supports_feature(Extension::SmtpUtfEight)
        {
            return Err(Mishap {
                step: Step::Sender,
                cause: Cause::BeyondAscii,
            });
        }
        Ok(vec![
            MailParameter::SmtpUtfEight,
            MailParameter::Body(MailBodyParameter::EightBitMime),
        ])
    }

    /// Asks whether the server is still there.
    pub async fn greet(&mut self) -> Result<(), Mishap> {
        let reply = in_time(Step::Idle, self.patience.command, self.line.command(Noop)).await?;
        expect(Step::Idle, &reply, &[250]).map(drop)
    }

    /// Takes back what was begun, so that the line can carry the next letter.
    pub async fn reset(&mut self) -> Result<(), Mishap> {
        let reply = in_time(Step::Idle, self.patience.command, self.line.command(Rset)).await?;
        expect(Step::Idle, &reply, &[250]).map(drop)
    }

    /// Says goodbye; whether the server answers does not matter any more.
    pub async fn close(mut self) {
        let _ = timeout(self.patience.connect, self.line.quit()).await;
    }
}

async fn in_time<T>(
    step: Step,
    patience: Duration,
    talk: impl Future<Output = Result<T, Error>>,
) -> Result<T, Mishap> {
    match timeout(patience, talk).await {
        Ok(Ok(done)) => Ok(done),
        Ok(Err(error)) => Err(Mishap {
            step,
            cause: cause(&error),
        }),
        Err(_) => Err(Mishap {
            step,
            cause: Cause::Silence,
        }),
    }
}

fn expect(step: Step, reply: &Response, right: &[u16]) -> Result<String, Mishap> {
    let code = u16::from(reply.code());
    if right.contains(&code) {
        let words: Vec<&str> = reply.message().collect();
        Ok(format!("{code} {}", words.join(" ")))
    } else {
        Err(Mishap {
            step,
            cause: Cause::OutOfStep(code),
        })
    }
}

fn cause(error: &Error) -> Cause {
    let words = innermost(error);
    match error.status() {
        Some(code) => Cause::No {
            code: code.into(),
            words,
        },
        None if error.is_timeout() => Cause::Silence,
        None if words.contains("certificate") => Cause::Certificate(words),
        None => Cause::Broken(words),
    }
}

/// The last link of the chain says it best; those above only repeat it with a prefix.
fn innermost(error: &Error) -> String {
    let mut last: &dyn std::error::Error = error;
    while let Some(source) = last.source() {
        last = source;
    }
    last.to_string()
}
