//! One line to the IMAP server: opened, protected, logged in, and then command by command.

use std::{collections::BTreeSet, future::Future, path::PathBuf, time::Duration};

use async_imap::{
    Authenticator, Client, Session,
    error::Error,
    imap_proto::{
        AttributeValue, Capability, MailboxDatum, Outcome, RequestId, Response, ResponseCode,
        Status,
    },
};
use tokio::{
    io::AsyncWriteExt,
    net::TcpStream,
    time::{Instant, timeout},
};
use tokio_rustls::{TlsConnector, rustls::pki_types::ServerName};
use zeroize::Zeroizing;

use super::super::settings::{Password, Patience};
use super::command::{Command, Quoted};
use super::mishap::{Cause, Mishap, Step};
use super::wire::Wire;

/// What may come in answer to a command that asks for no messages: a search among very many.
const TALK: u64 = 16 * 1024 * 1024;

/// How to get to the server, ready for use.
pub(in crate::mail) struct Way {
    pub host: String,
    pub port: u16,
    pub encryption: Encryption,
    pub user: String,
    pub proof: Proof,
    pub patience: Patience,
}

/// How the line is protected, with what that needs.
pub(in crate::mail) enum Encryption {
    None,
    StartTls(TlsConnector, ServerName<'static>),
    Tls(TlsConnector, ServerName<'static>),
}

/// How the account is proven.
pub(in crate::mail) enum Proof {
    Password(Password),
    /// The file that holds the token of this hour.
    Token(PathBuf),
}

/// What is said at this login.
pub(in crate::mail) struct Secret {
    pub text: Password,
    pub token: bool,
}

impl Proof {
    /// The password, or the token as it stands in its file now.
    pub async fn read(&self) -> Result<Secret, Mishap> {
        match self {
            Self::Password(text) => Ok(Secret {
                text: text.clone(),
                token: false,
            }),
            Self::Token(file) => {
                let read = tokio::fs::read_to_string(file).await;
                let text =
                    read.map_err(|e| Mishap::new(Step::LogIn, Cause::NoToken(e.to_string())))?;
                Ok(Secret {
                    text: Password::new(text.trim()),
                    token: true,
                })
            }
        }
    }
}

/// An open line, encrypted and logged in.
pub(in crate::mail) struct Line {
    session: Session<Wire>,
    offers: BTreeSet<String>,
    patience: Patience,
    used: Instant,
    /// The folder of sent mail, once the server has named it.
    pub sent: Option<Quoted>,
}

/// A folder as it stood when it was opened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::mail) struct Opened {
    pub validity: u32,
    /// The number that the next message will get; in an empty folder some servers do not say.
    pub next: Option<u32>,
    pub exists: u32,
    /// Whether own keywords are kept.
    pub keywords: bool,
    pub writable: bool,
}

impl Line {
    /// Opens a line and does all that comes before the first folder.
    pub async fn open(way: &Way, secret: &Secret) -> Result<Self, Mishap> {
        let client = encrypted(way).await?;
        let session = log_in(client, way, secret).await?;
        let mut line = Self {
            session,
            offers: BTreeSet::new(),
            patience: way.patience,
            used: Instant::now(),
            sent: None,
        };
        // What was offered before the encryption or the login counts no more.
        let mut offers = BTreeSet::new();
        line.talk(Step::LogIn, Command::new("CAPABILITY"), |answer| {
            if let Response::Capabilities(list) = answer {
                offers.extend(list.iter().map(named));
            }
        })
        .await?;
        line.offers = offers;
        Ok(line)
    }

    pub fn offers(&self, capability: &str) -> bool {
        self.offers.contains(capability)
    }

    /// How long nothing was said.
    pub fn rested(&self) -> Duration {
        self.used.elapsed()
    }

    /// Says a command and hears all of its answers; `each` gets those in between. Only the server's
    /// own yes at the end makes them complete: a line that breaks leaves nothing that could be
    /// taken for all there is.
    pub async fn talk(
        &mut self,
        step: Step,
        command: Command,
        each: impl FnMut(&Response<'_>) + Send,
    ) -> Result<bool, Mishap> {
        self.talk_at_length(step, command, TALK, each).await
    }

    /// The same where more may come: so many bytes, with the time that a message may take for each.
    pub async fn talk_at_length(
        &mut self,
        step: Step,
        command: Command,
        bytes: u64,
        each: impl FnMut(&Response<'_>) + Send,
    ) -> Result<bool, Mishap> {
        let tag = self.say(step, command, bytes).await?;
        let patience = if bytes > TALK {
            self.patience.content
        } else {
            self.patience.command
        };
        self.hear(step, &tag, patience, each).await
    }

    /// Opens a folder; to look only, or to change something in it.
    pub async fn open_folder(&mut self, folder: &Quoted, change: bool) -> Result<Opened, Mishap> {
        let verb = if change { "SELECT" } else { "EXAMINE" };
        let mut opened = Opened::default();
        let only_to_read = self
            .talk(
                Step::Open,
                Command::new(verb).text(folder),
                |answer| match answer {
                    Response::MailboxData(MailboxDatum::Exists(count)) => opened.exists = *count,
                    Response::Data {
                        status: Status::Ok,
                        outcome,
                    } => match &outcome.code {
                        Some(ResponseCode::UidValidity(validity)) => opened.validity = *validity,
                        Some(ResponseCode::UidNext(next)) => opened.next = Some(*next),
                        Some(ResponseCode::PermanentFlags(flags)) => {
                            opened.keywords = flags
                                .iter()
                                .any(|flag| flag == "\\*" || flag.eq_ignore_ascii_case(KEYWORD));
                        }
                        _ => {}
                    },
                    _ => {}
                },
            )
            .await?;
        if opened.validity == 0 {
            let what = "the server does not say how it counts (UIDVALIDITY)";
            return Err(Mishap::new(Step::Open, Cause::Garbled(what)));
        }
        opened.writable = change && !only_to_read;
        if opened.next.is_none() && opened.exists > 0 {
            // An old server: the last message tells.
            let command = Command::new("FETCH * (UID)");
            self.talk(Step::Open, command, |answer| {
                if let Response::Fetch(_, told) = answer {
                    let uids = told.iter().filter_map(|value| match value {
                        AttributeValue::Uid(uid) => Some(uid.saturating_add(1)),
                        _ => None,
                    });
                    opened.next = opened.next.max(uids.max());
                }
            })
            .await?;
        }
        Ok(opened)
    }

    /// Asks whether the server is still there; true if it speaks of messages on the occasion.
    pub async fn greet(&mut self) -> Result<bool, Mishap> {
        let mut news = false;
        self.talk(Step::Wait, Command::new("NOOP"), |answer| {
            news |= is_news(answer);
        })
        .await?;
        Ok(news)
    }

    /// Lets the server speak of itself (IDLE) until it does, the time is over, or `until` is ready.
    pub async fn listen(
        &mut self,
        at_most: Duration,
        until: impl Future<Output = ()> + Send,
    ) -> Result<(), Mishap> {
        let step = Step::Wait;
        let tag = self.say(step, Command::new("IDLE"), TALK).await?;
        self.go_ahead(step).await?;
        let news = async {
            // The time is measured around it; here it only has to be longer.
            while !self
                .next(step, at_most * 2, |answer| Ok(is_news(answer)))
                .await?
            {}
            Ok(())
        };
        tokio::select! {
            heard = timeout(at_most, news) => if let Ok(heard) = heard { heard? },
            () = until => {}
        }
        let done = self.session.run_command_untagged("DONE");
        in_time(step, self.patience.command, done).await?;
        self.hear(step, &tag, self.patience.command, |_| {}).await?;
        Ok(())
    }

    /// Adds a message to a folder, as read.
    pub async fn append(&mut self, folder: &Quoted, raw: &[u8]) -> Result<(), Mishap> {
        let step = Step::File;
        let command = Command::new("APPEND")
            .text(folder)
            .word("(\\Seen)")
            .literal(raw.len());
        let tag = self.say(step, command, TALK).await?;
        self.go_ahead(step).await?;
        let wire = self.session.as_mut();
        let sent = timeout(self.patience.content, async {
            wire.write_all(raw).await?;
            wire.write_all(b"\r\n").await?;
            wire.flush().await
        });
        match sent.await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => return Err(Mishap::new(step, Cause::Broken(error.to_string()))),
            Err(_) => return Err(Mishap::new(step, Cause::Silence)),
        }
        self.hear(step, &tag, self.patience.content, |_| {}).await?;
        Ok(())
    }

    async fn say(&mut self, step: Step, command: Command, bytes: u64) -> Result<RequestId, Mishap> {
        self.used = Instant::now();
        self.session.as_mut().allow(bytes);
        let said = self.session.run_command(command.as_str());
        in_time(step, self.patience.command, said).await
    }

    /// Hears until the server's yes; true if it says with it that nothing can be changed.
    async fn hear(
        &mut self,
        step: Step,
        tag: &RequestId,
        patience: Duration,
        mut each: impl FnMut(&Response<'_>) + Send,
    ) -> Result<bool, Mishap> {
        loop {
            let yes = self.next(step, patience, |answer| match answer {
                Response::Done {
                    tag: of,
                    status: Status::Ok,
                    outcome,
                } if of == tag => Ok(Some(outcome.code == Some(ResponseCode::ReadOnly))),
                Response::Done {
                    status, outcome, ..
                } => Err(no(step, status, outcome)),
                other => {
                    each(other);
                    Ok(None)
                }
            });
            if let Some(only_to_read) = yes.await? {
                return Ok(only_to_read);
            }
        }
    }

    /// Hears until the server wants to hear more.
    async fn go_ahead(&mut self, step: Step) -> Result<(), Mishap> {
        let patience = self.patience.command;
        let asks = |answer: &Response<'_>| match answer {
            Response::Continue(_) => Ok(true),
            Response::Done {
                status, outcome, ..
            } => Err(no(step, status, outcome)),
            _ => Ok(false),
        };
        while !self.next(step, patience, asks).await? {}
        Ok(())
    }

    async fn next<T>(
        &mut self,
        step: Step,
        patience: Duration,
        each: impl FnOnce(&Response<'_>) -> Result<T, Mishap>,
    ) -> Result<T, Mishap> {
        let heard = async { self.session.read_response().await.map_err(Error::Io) };
        let Some(answer) = in_time(step, patience, heard).await? else {
            return Err(hung_up(step));
        };
        match answer.parsed() {
            Response::Data {
                status: Status::Bye,
                ..
            } => Err(hung_up(step)),
            other => each(other),
        }
    }
}

/// The keyword of a message that is kept here.
pub(super) const KEYWORD: &str = "$Rechtzeitig";

async fn encrypted(way: &Way) -> Result<Client<Wire>, Mishap> {
    let patience = way.patience;
    let reached = timeout(
        patience.connect,
        TcpStream::connect((way.host.as_str(), way.port)),
    );
    let stream = match reached.await {
        Ok(Ok(stream)) => stream,
        Ok(Err(error)) => {
            return Err(Mishap::new(Step::Connect, Cause::Broken(error.to_string())));
        }
        Err(_) => return Err(Mishap::new(Step::Connect, Cause::Silence)),
    };
    // Short commands wait for their answers; holding them back for more to say helps nobody.
    let _ = stream.set_nodelay(true);
    match &way.encryption {
        Encryption::None => greeted(Wire::new(stream), patience).await,
        Encryption::Tls(tls, name) => {
            let stream = shake_hands(tls, name, stream, patience).await?;
            greeted(Wire::new(stream), patience).await
        }
        Encryption::StartTls(tls, name) => {
            let mut client = greeted(Wire::new(stream), patience).await?;
            if !capabilities(&mut client, patience)
                .await?
                .contains("STARTTLS")
            {
                return Err(Mishap::new(Step::Encrypt, Cause::NotOffered));
            }
            ask(&mut client, Step::Encrypt, "STARTTLS", patience, |_| {}).await?;
            // Whatever came behind the go-ahead in clear stays behind with the buffer.
            let stream = shake_hands(tls, name, client.into_inner(), patience).await?;
            let mut wire = Wire::new(stream);
            wire.allow(TALK);
            Ok(Client::new(wire))
        }
    }
}

async fn greeted(mut wire: Wire, patience: Patience) -> Result<Client<Wire>, Mishap> {
    wire.allow(TALK);
    let mut client = Client::new(wire);
    let heard = async { client.read_response().await.map_err(Error::Io) };
    let greeting = in_time(Step::Connect, patience.command, heard).await?;
    match greeting.as_ref().map(|greeting| greeting.parsed()) {
        Some(Response::Data {
            status: Status::Ok, ..
        }) => Ok(client),
        // A server that takes us for logged in already, before any login, is none of ours.
        Some(Response::Data {
            status: Status::PreAuth,
            ..
        }) => Err(Mishap::new(
            Step::Connect,
            Cause::Garbled("the server says that we are logged in already"),
        )),
        Some(Response::Data { status, outcome }) => Err(no(Step::Connect, status, outcome)),
        Some(_) => Err(Mishap::new(
            Step::Connect,
            Cause::Garbled("the greeting is not that of an IMAP server"),
        )),
        None => Err(hung_up(Step::Connect)),
    }
}

async fn shake_hands(
    tls: &TlsConnector,
    name: &ServerName<'static>,
    stream: impl super::wire::Stream + 'static,
    patience: Patience,
) -> Result<impl super::wire::Stream + 'static, Mishap> {
    match timeout(patience.command, tls.connect(name.clone(), stream)).await {
        Ok(Ok(stream)) => Ok(stream),
        Ok(Err(error)) => {
            let words = error.to_string();
            let cause = if words.contains("certificate") {
                Cause::Certificate(words)
            } else {
                Cause::Broken(words)
            };
            Err(Mishap::new(Step::Encrypt, cause))
        }
        Err(_) => Err(Mishap::new(Step::Encrypt, Cause::Silence)),
    }
}

async fn capabilities(
    client: &mut Client<Wire>,
    patience: Patience,
) -> Result<BTreeSet<String>, Mishap> {
    let mut offers = BTreeSet::new();
    ask(client, Step::Connect, "CAPABILITY", patience, |answer| {
        if let Response::Capabilities(list) = answer {
            offers.extend(list.iter().map(named));
        }
    })
    .await?;
    Ok(offers)
}

/// Says a command before the login, where the library has no way of hearing its answers.
async fn ask(
    client: &mut Client<Wire>,
    step: Step,
    command: &'static str,
    patience: Patience,
    mut each: impl FnMut(&Response<'_>) + Send,
) -> Result<(), Mishap> {
    let talk = async {
        let wire = client.get_mut();
        wire.write_all(format!("{command} {command}\r\n").as_bytes())
            .await?;
        wire.flush().await?;
        loop {
            let Some(answer) = client.read_response().await? else {
                return Ok(Err(hung_up(step)));
            };
            match answer.parsed() {
                Response::Done {
                    tag,
                    status: Status::Ok,
                    ..
                } if tag.0 == command => return Ok(Ok(())),
                Response::Done {
                    status, outcome, ..
                } => {
                    return Ok(Err(no(step, status, outcome)));
                }
                other => each(other),
            }
        }
    };
    in_time(step, patience.command, talk).await?
}

fn named(capability: &Capability<'_>) -> String {
    match capability {
        Capability::Imap4rev1 => "IMAP4REV1".into(),
        Capability::Auth(way) => format!("AUTH={}", way.to_uppercase()),
        Capability::Atom(atom) => atom.to_uppercase(),
    }
}

async fn log_in(
    mut client: Client<Wire>,
    way: &Way,
    secret: &Secret,
) -> Result<Session<Wire>, Mishap> {
    let offers = capabilities(&mut client, way.patience).await?;
    let patience = way.patience.command;
    let (user, text) = (way.user.as_str(), secret.text.reveal());
    let logged_in = if secret.token {
        if !offers.contains("AUTH=XOAUTH2") {
            let what = "the server does not offer XOAUTH2, which a token needs";
            return Err(Mishap::new(Step::LogIn, Cause::NoMechanism(what)));
        }
        let said = format!("user={user}\x01auth=Bearer {text}\x01\x01");
        timeout(
            patience,
            client.authenticate("XOAUTH2", Once(Some(Zeroizing::new(said)))),
        )
        .await
    } else if offers.contains("AUTH=PLAIN") {
        let said = format!("\0{user}\0{text}");
        timeout(
            patience,
            client.authenticate("PLAIN", Once(Some(Zeroizing::new(said)))),
        )
        .await
    } else if !offers.contains("LOGINDISABLED") && format!("{user}{text}").is_ascii() {
        timeout(patience, client.login(user, text)).await
    } else {
        let what = "the server takes neither AUTH=PLAIN nor LOGIN on this line";
        return Err(Mishap::new(Step::LogIn, Cause::NoMechanism(what)));
    };
    match logged_in {
        Ok(Ok(session)) => Ok(session),
        Ok(Err((error, _))) => {
            let refused = mishap(Step::LogIn, error);
            Err(match refused.cause {
                Cause::No { ref words, .. } if secret.token && refused.judges_the_proof() => {
                    Mishap::new(Step::LogIn, Cause::StaleToken(words.clone()))
                }
                _ => refused,
            })
        }
        Err(_) => Err(Mishap::new(Step::LogIn, Cause::Silence)),
    }
}

/// Says its piece once. A server that asks again wants an empty line before it says no (XOAUTH2).
struct Once(Option<Zeroizing<String>>);

impl Authenticator for Once {
    type Response = String;

    fn process(&mut self, _challenge: &[u8]) -> String {
        self.0
            .take()
            .map(|said| said.as_str().to_owned())
            .unwrap_or_default()
    }
}

fn is_news(answer: &Response<'_>) -> bool {
    matches!(answer, Response::MailboxData(MailboxDatum::Exists(_)))
}

fn hung_up(step: Step) -> Mishap {
    Mishap::new(step, Cause::Broken("the server hung up".into()))
}

fn no(step: Step, status: &Status, outcome: &Outcome<'_>) -> Mishap {
    match status {
        Status::No | Status::Bad => Mishap::new(
            step,
            Cause::No {
                words: outcome.information.as_deref().unwrap_or("no").to_owned(),
                create: outcome.code == Some(ResponseCode::TryCreate),
            },
        ),
        Status::Bye => hung_up(step),
        Status::Ok | Status::PreAuth => {
            Mishap::new(step, Cause::Garbled("the server's answers are out of step"))
        }
    }
}

async fn in_time<T>(
    step: Step,
    patience: Duration,
    talk: impl Future<Output = Result<T, Error>>,
) -> Result<T, Mishap> {
    match timeout(patience, talk).await {
        Ok(Ok(done)) => Ok(done),
        Ok(Err(error)) => Err(mishap(step, error)),
        Err(_) => Err(Mishap::new(step, Cause::Silence)),
    }
}

/// The library's errors repeat what they could not read, which may be a person's letter: only what
/// the server said in words, and what the system says, is passed on.
fn mishap(step: Step, error: Error) -> Mishap {
    let cause = match error {
        Error::No(said) | Error::Bad(said) => Cause::No {
            words: said
                .split_once("info: ")
                .map_or(said.as_str(), |(_, words)| words)
                .trim_start_matches("Some(\"")
                .trim_end_matches("\")")
                .to_owned(),
            create: false,
        },
        Error::Io(error) => match error.kind() {
            std::io::ErrorKind::Other => Cause::Garbled("the server's answer cannot be read"),
            std::io::ErrorKind::FileTooLarge => {
                Cause::Garbled("the server sends more than was asked for")
            }
            std::io::ErrorKind::InvalidData => Cause::Broken("the encryption broke".into()),
            _ => Cause::Broken(error.to_string()),
        },
        Error::ConnectionLost => return hung_up(step),
        _ => Cause::Garbled("the server's answer is none that belongs there"),
    };
    Mishap::new(step, cause)
}
