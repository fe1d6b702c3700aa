//! Reading what was taken: apart, understood, and laid where it belongs. A message on which the reading fails again
//! and again is handed to a person with the original.

use std::io::Read;

use chrono::TimeDelta;

use super::belonging;
use crate::casework::conversation;
use crate::casework::desk::Deed;
use crate::casework::error::Error;
use crate::casework::intake::{Entry, Wish};
use crate::casework::office::{House, Office, blocking};
use crate::casework::outbox::hex;
use crate::domain::arrival::Arrival;
use crate::domain::deadline::received_day;
use crate::domain::event::Event;
use crate::domain::ids::{CaseId, IncomingId};
use crate::domain::incoming::{Belongs, Destiny, IncomingState, Understood, Verdict, destiny};
use crate::domain::intake::{Channel, OnBehalf, ReplyBy};
use crate::domain::lang::Lang;
use crate::domain::matter::Matter;
use crate::domain::private::Private;
use crate::domain::scope::{Role, Scope};
use crate::reading::arrival::House as Domains;
use crate::reading::mailbox::read;
use crate::reading::message::{Message, Place};
use crate::reading::parse::parse;
use crate::seal::chance::Token;
use crate::storage::incoming::{self, IncomingRow};
use crate::storage::{StoreError, filing};

/// So many messages are read at a time.
const PORTION: i64 = 32;
/// How long a node may hold a message before another one may take it.
const LEASE_MINUTES: i64 = 10;
/// After so many readings that did not come to their end the message goes to a person unread.
const MOST_TRIES: i32 = 3;
/// So much of a text is taken into a case; the rest lies in the message itself.
const TEXT: usize = 20_000;
/// The kind of a report that a message of ours came back.
const BOUNCE: &str = "bounce";
/// The kind of what a program answers by itself.
const AUTO_REPLY: &str = "auto-reply";
/// Why a message could not be read; codes.
const TOO_LARGE: &str = "too-large";
const NO_MESSAGE: &str = "no-message";
const BROKE_OFF: &str = "broke-off";
/// Why a message is left alone although it asks for something; a code.
const TAKEN_BEFORE: &str = "taken-before";

/// A message taken apart, with what was understood of it.
pub(super) struct Opened {
    pub(super) message: Message,
    pub(super) understood: Understood,
}

/// The key under which a message opens a case or speaks in one, so that it does so once, from however many mailboxes
/// and nodes it is read.
pub(super) fn once(house: &House, message: &Message) -> Token {
    house.form_of(&format!(
        "incoming:{}",
        hex(&belonging::digest(house, message))
    ))
}

/// The words of a message as they go into a case.
pub(super) fn words(message: &Message) -> Private<String> {
    let plain = message.texts.iter().find(|it| it.place == Place::Plain);
    let html = message.texts.iter().find(|it| it.place == Place::Html);
    let said = plain
        .filter(|it| !it.text.trim().is_empty())
        .or(html)
        .or(message.texts.first());
    let text = said.map(|it| it.text.trim()).unwrap_or_default();
    let cut: String = text.chars().take(TEXT).collect();
    let subject = message.subject.trim();
    match (subject.is_empty(), cut.is_empty()) {
        (true, _) => cut.into(),
        (false, true) => subject.to_owned().into(),
        (false, false) => format!("{subject}\n\n{cut}").into(),
    }
}

/// Domains under which everybody may have a mailbox.
const PROVIDERS: &str = include_str!("../../../config/mail/providers.txt");
/// Stands for a house without a domain of its own; nobody writes from there (RFC 2606).
const NOWHERE: &str = "nowhere.invalid";

/// The domains under which the house writes and is written to. One that is open to everybody is none: there the
/// people who ask would be taken for colleagues.
fn domains(house: &House) -> Domains {
    let controller = &house.controller;
    let shared = |domain: &str| PROVIDERS.lines().any(|it| it.eq_ignore_ascii_case(domain));
    let own: Vec<&str> = [&controller.email, &controller.fallback_email]
        .into_iter()
        .chain(&house.mailboxes)
        .filter_map(|address| Some(address.rsplit_once('@')?.1))
        .filter(|domain| !shared(domain))
        .collect();
    match own.is_empty() {
        true => Domains::given([NOWHERE]),
        false => Domains::given(own),
    }
}

/// Whether an address is one of the house's own: what is sent there comes in again, for ever.
fn is_own(house: &House, email: &str) -> bool {
    let controller = &house.controller;
    let known = [&controller.email, &controller.fallback_email];
    let (local, domain) = email.rsplit_once('@').unwrap_or_default();
    let plain = local.split('+').next().unwrap_or_default();
    let bare = format!("{plain}@{domain}");
    known
        .into_iter()
        .chain(&house.mailboxes)
        .any(|own| own.eq_ignore_ascii_case(&bare))
}

/// Whether a machine sent it: it must never be answered by itself (RFC 3834).
fn is_machine(message: &Message) -> bool {
    let set = &message.machine;
    let auto = set.auto_submitted.as_deref().is_some_and(|it| it != "no");
    let bulk = set.precedence.as_deref();
    let bulk = bulk.is_some_and(|it| matches!(it, "bulk" | "list" | "junk" | "auto_reply"));
    let name = message
        .from
        .first()
        .and_then(|it| it.email.split('@').next());
    let robot = name.is_some_and(|it| {
        let plain: String = it.chars().filter(|c| c.is_ascii_alphanumeric()).collect();
        matches!(
            plain.to_ascii_lowercase().as_str(),
            "mailerdaemon" | "postmaster" | "noreply" | "donotreply" | "dontreply"
        )
    });
    auto || bulk || robot || set.list || set.autoreply || set.null_return_path
}

fn code<T: serde::Serialize>(of: &T) -> String {
    match serde_json::to_value(of) {
        Ok(serde_json::Value::String(code)) => code,
        _ => String::new(),
    }
}

fn some(text: Option<String>) -> Option<Private<String>> {
    text.filter(|it| !it.trim().is_empty()).map(Private::from)
}

/// What the reading says, in the office's words.
fn understood(message: &Message, house: &House) -> Understood {
    let reading = read("", message, &domains(house));
    let requester = reading.requester.unwrap_or_default();
    let from = message.from.first();
    let herself = from.is_some_and(|it| it.email.eq_ignore_ascii_case(&requester.email));
    // A portal that writes for a person names her inside; then she is answered and not the machine.
    let by_itself = is_machine(message) && herself;
    Understood {
        // What our own server took for spam opens nothing by itself; nor does what would be answered to a machine, or
        // to ourselves.
        verdict: match reading.is_request {
            Verdict::Yes if message.machine.spam => Verdict::Unclear,
            Verdict::Yes if by_itself || is_own(house, &requester.email) => Verdict::Unclear,
            verdict => verdict,
        },
        kind: code(&reading.kind),
        rights: reading.rights,
        language: reading.language,
        name: requester.name.into(),
        email: requester.email.into(),
        data_subject: some(reading.data_subject),
        reference: some(reading.reference),
        received: reading.received_date,
        because: reading.because,
        from: from
            .map(|it| format!("{} <{}>", it.name, it.email).trim().to_owned())
            .unwrap_or_default()
            .into(),
        subject: message.subject.clone().into(),
        // Whoever hands a mail on signs for himself.
        signed_by: message
            .signed_by(&house.mail_servers)
            .filter(|_| herself)
            .map(str::to_owned),
        message_id: message.message_id.clone().unwrap_or_default().into(),
    }
}

impl Office {
    /// Reads a portion of what waits; says how much there was.
    pub async fn read_mail(&self) -> Result<usize, Error> {
        let now = self.now();
        let lease = now + TimeDelta::minutes(LEASE_MINUTES);
        let rows = self
            .store
            .write(move |conn| incoming::claim(conn, now, lease, PORTION))
            .await?;
        for row in &rows {
            match self.place_mail(row).await {
                // Another node or a person was quicker.
                Ok(()) | Err(Error::Store(StoreError::Taken)) => {}
                Err(error) => {
                    tracing::error!(incoming = %row.id(), %error, "a mail could not be laid down and will be tried again");
                }
            }
        }
        Ok(rows.len())
    }

    async fn place_mail(&self, row: &IncomingRow) -> Result<(), Error> {
        let unread = |why: &str| Understood {
            because: vec![why.to_owned()],
            ..Understood::default()
        };
        let house = self.house(row.controller())?;
        if row.attempts() >= MOST_TRIES {
            let why = unread(BROKE_OFF);
            return self
                .lay_mail(row, IncomingState::Unreadable, &why, None)
                .await;
        }
        let Some(opened) = self.take_apart(row).await? else {
            let why = unread(NO_MESSAGE);
            return self
                .lay_mail(row, IncomingState::Unreadable, &why, None)
                .await;
        };
        let Opened {
            message,
            mut understood,
        } = opened;
        let digest = belonging::digest(house, &message);
        if !row.whole() {
            understood.because.insert(0, TOO_LARGE.to_owned());
            let state = IncomingState::Unreadable;
            return self.lay_mail(row, state, &understood, Some(digest)).await;
        }
        let scope = Scope::of_house(row.controller());
        let (controller, but) = (row.controller(), row.id());
        let before = self
            .store
            .read(move |conn| incoming::same(conn, controller, &digest, but))
            .await?;
        match understood.kind.as_str() {
            BOUNCE if before.is_none() => {
                self.fate(house, &message).await?;
            }
            AUTO_REPLY if before.is_none() => {
                self.machine_answered(house, &message).await?;
            }
            _ => {}
        }
        let belongs = self.belonging(&scope, house, &message, &understood).await?;
        match destiny(&understood, belongs, before.is_some()) {
            Destiny::Open => {
                self.note_mail(row, &understood, digest).await?;
                let entry = self.entry(once(house, &message), row, &message, &understood);
                let stop = self.stop_of(&message, &understood);
                match self.enter_mail(&scope, row.id(), entry, stop).await {
                    Ok(_) => Ok(()),
                    // Something is missing that only a person can add: a name, a day that can be.
                    Err(Error::Obstacle(_)) => {
                        let state = IncomingState::Unclear;
                        self.lay_mail(row, state, &understood, Some(digest)).await
                    }
                    Err(other) => Err(other),
                }
            }
            Destiny::Join(belongs) => {
                self.note_mail(row, &understood, digest).await?;
                self.hear_mail(&scope, row, &message, &belongs).await
            }
            Destiny::Wait => {
                self.lay_mail(row, IncomingState::Unclear, &understood, Some(digest))
                    .await
            }
            Destiny::Leave => {
                if before.is_some() {
                    understood.because.insert(0, TAKEN_BEFORE.to_owned());
                }
                self.lay_mail(row, IncomingState::No, &understood, Some(digest))
                    .await
            }
        }
    }

    /// Opens a raw message and understands it; nothing, if it is none.
    pub(super) async fn take_apart(&self, row: &IncomingRow) -> Result<Option<Opened>, Error> {
        let Some(raw) = self.raw_mail(row).await? else {
            return Ok(None);
        };
        let Some(message) = blocking(move || parse(&raw)).await? else {
            return Ok(None);
        };
        let house = self.house(row.controller())?;
        let understood = understood(&message, house);
        Ok(Some(Opened {
            message,
            understood,
        }))
    }

    /// The raw bytes of a message; nothing, when they were shredded.
    pub(super) async fn raw_mail(&self, row: &IncomingRow) -> Result<Option<Vec<u8>>, Error> {
        let Some(file) = row.file() else {
            return Ok(None);
        };
        let scope = Scope::of_house(row.controller());
        let named = self
            .store
            .read(move |conn| filing::load(conn, &scope, file))
            .await?;
        let mut open = self.open_row(named)?;
        let size = usize::try_from(row.size()).unwrap_or(0);
        let raw = blocking(move || {
            let mut raw = Vec::with_capacity(size);
            open.reader.read_to_end(&mut raw).map(|_| raw)
        });
        let raw = raw.await?;
        raw.map(Some)
            .map_err(|_| Error::Fault("a mail that cannot be opened"))
    }

    /// What a plain request of a person becomes.
    pub(super) fn entry(
        &self,
        once: Token,
        row: &IncomingRow,
        message: &Message,
        understood: &Understood,
    ) -> Entry {
        let arrived = received_day(row.arrived_at());
        // A mail that was handed in as a file came to the house before; one of tomorrow did not.
        let received = understood.received.unwrap_or(arrived).min(self.today());
        let name = match understood.name.reveal().trim() {
            "" => understood.email.clone(),
            name => name.to_owned().into(),
        };
        let other = understood.data_subject.clone();
        Entry {
            form: once,
            controller: row.controller(),
            channel: Channel::Email,
            received,
            arrival: Arrival::default(),
            matter: Matter::Request,
            confidential: false,
            wish: Wish {
                rights: understood.rights.clone(),
                text: words(message),
                lang: match understood.language.as_deref() {
                    Some("de") | None => Lang::De,
                    Some(_) => Lang::En,
                },
                on_behalf: match other {
                    Some(_) => OnBehalf::Represented,
                    None => OnBehalf::Own,
                },
                name,
                data_subject: other,
                email: Some(understood.email.clone()).filter(|it| it.reveal().contains('@')),
                address: None,
                hints: understood.reference.clone(),
                reply_by: ReplyBy::Portal,
                copy_first: None,
                shared_mailbox: None,
            },
            files: vec![],
        }
    }

    /// Enters a request and lays its mail into the case, in one go.
    pub(super) async fn enter_mail(
        &self,
        scope: &Scope,
        id: IncomingId,
        entry: Entry,
        brought: Option<Event>,
    ) -> Result<CaseId, Error> {
        let receipt = self.enter_from(scope, entry, brought, Some(id)).await?;
        Ok(receipt.case)
    }

    /// Hears a mail in the case that it belongs to.
    pub(super) async fn hear_mail(
        &self,
        scope: &Scope,
        row: &IncomingRow,
        message: &Message,
        belongs: &Belongs,
    ) -> Result<(), Error> {
        let (text, id) = (words(message), row.id());
        let once = once(self.house(row.controller())?, message);
        let from = message.from.first().map(|it| it.email.clone());
        let from = from.filter(|_| belongs.differs).map(Private::from);
        let files: Vec<_> = row.file().into_iter().collect();
        self.act(scope, belongs.case, None, Role::Handler, |case, moment| {
            let heard = conversation::by_mail(moment, case, (text.reveal(), from.clone()), &files)?;
            Ok(Deed {
                events: case.hear(heard.id(), files.clone(), conversation::REPLIED),
                messages: vec![heard],
                form: Some(once.digest()),
                mail: Some(id),
                ..Deed::default()
            })
        })
        .await?;
        Ok(())
    }

    /// Keeps what was understood, before the mail goes where it belongs.
    async fn note_mail(
        &self,
        row: &IncomingRow,
        understood: &Understood,
        digest: [u8; 32],
    ) -> Result<(), Error> {
        let key = self.house(row.controller())?.keys.wrap.newest();
        let (id, sealed) = (row.id(), incoming::seal(row.id(), understood, key)?);
        self.store
            .write(move |conn| incoming::note(conn, id, &digest, &sealed))
            .await?;
        Ok(())
    }

    /// Lays a mail on one of the mail room's piles.
    async fn lay_mail(
        &self,
        row: &IncomingRow,
        state: IncomingState,
        understood: &Understood,
        digest: Option<[u8; 32]>,
    ) -> Result<(), Error> {
        let key = self.house(row.controller())?.keys.wrap.newest();
        let (id, now) = (row.id(), self.now());
        let sealed = incoming::seal(id, understood, key)?;
        let digest = digest.unwrap_or_else(|| Token::generate().digest());
        self.store
            .write(move |conn| {
                incoming::note(conn, id, &digest, &sealed)?;
                incoming::judge(conn, id, state, now)
            })
            .await?;
        Ok(())
    }
}
