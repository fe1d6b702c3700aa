//! The outbox: what the office owes is a row; here the rows are made, printed and settled. Printing
//! happens once, before the first try; a repeat is the same letter under the same Message-ID.

use std::collections::BTreeMap;
use std::io::Read;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

use super::deadline::ScopeQuestion;
use super::desk::{Deed, Moment, STOPPED, Settlement};
use super::error::Error;
use super::facts;
use super::identity;
use super::links::CaseLink;
use super::office::{House, Office, blocking};
use super::owners;
use super::slips::SlipFacts;
use crate::domain::case::Case;
use crate::domain::delivery::Delivery;
use crate::domain::event::Event;
use crate::domain::identity::{Ask, OnFile, Unidentified};
use crate::domain::ids::{CaseId, ClerkId, ControllerId, FileId, MessageId};
use crate::domain::intake::{Channel, Mailbox};
use crate::domain::job::Promise;
use crate::domain::lang::Lang;
use crate::domain::obstacle::Obstacle;
use crate::domain::private::Private;
use crate::domain::right::Right;
use crate::domain::scope::{Role, Scope};
use crate::letters::facts::{
    ClarificationFacts, DeskFacts, DeskLine, ExtensionFacts, Facts, IdentityFacts, WrittenFacts,
};
use crate::letters::press::{Kind, Printed};
use crate::ports::post::{self, Address, Attachment, Parcel};
use crate::seal::Key;
use crate::seal::chance;
use crate::storage::StoreError;
use crate::storage::clerks;
use crate::storage::events;
use crate::storage::filing;
use crate::storage::mail_days;
use crate::storage::messages::{self, Body, Draft, MessageRow, MessageState};
use crate::words::dates::{days_left, long_date};
use crate::words::{aftermath, obstacles, terms};

/// Under this name the Message-ID is kept that a letter answers.
const ANSWERS: &str = "answers";
/// Why a message waits: its address has had what a program may send it in a day; a code.
const ENOUGH: &str = "enough-today";
/// How long a node may hold a message before another one may take it.
const LEASE_SECONDS: i64 = 600;
/// Tries after which a message lies with a person: more than three days, so that a mail server that is away
/// over a weekend makes no handwork.
const MOST_TRIES: i32 = 24;

/// Under the domain of the sender, as the wire wants it: one with an umlaut is no Message-ID.
fn message_id(house: &House) -> String {
    let sender = Address::new("", house.controller.email.clone());
    post::message_id(&hex(&chance::bytes::<16>()), &sender)
}

pub(super) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes
        .iter()
        .fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        })
}

fn draft(moment: &Moment<'_>, case: &Case, kind: &str, promise: Option<String>) -> Draft {
    Draft {
        id: MessageId(moment.office.next_id()),
        controller: case.controller,
        case: Some(case.id),
        clerk: None,
        kind: kind.to_owned(),
        // Without a mail server there is nothing to wait for: it lies with a person from the start.
        state: if moment.house.has_post {
            MessageState::Queued
        } else {
            MessageState::Held
        },
        next_at: moment.house.has_post.then_some(moment.now),
        promise,
        message_id: message_id(moment.house),
    }
}

/// Makes the row of a promised mail. What it says is printed when it goes out.
pub(super) fn promise(
    moment: &Moment<'_>,
    case: &Case,
    promise: Promise,
) -> Result<Option<MessageRow>, Error> {
    let code = promise.code();
    if promise.to_staff() {
        let key = match promise {
            Promise::NoticeNew => Some(format!("{code}:{}", case.id)),
            _ => None,
        };
        let clerk = case.assignee;
        let draft = Draft {
            clerk,
            ..draft(moment, case, code, key)
        };
        return Ok(Some(MessageRow::seal(
            draft,
            &Body::default(),
            moment.key,
            moment.now,
        )?));
    }
    let Some(party) = case.requester() else {
        return Ok(None);
    };
    let Some(email) = &party.email else {
        return Ok(None);
    };
    let key = match promise {
        Promise::Confirm => first_mail(moment.house, email.reveal(), moment.today),
        Promise::AnswerReady => answer_ready(case.id, case.answers.len()),
        _ => format!("{code}:{}", case.id),
    };
    let mut body = Body {
        to: Some(email.clone()),
        // Nothing that was typed goes to an unproven address, the name neither.
        to_name: (!promise.to_unproven()).then(|| party.name.clone()),
        ..Body::default()
    };
    if promise == Promise::AnswerReady {
        body.vars
            .insert("answer".into(), case.answers.len().to_string().into());
    }
    let draft = draft(moment, case, code, Some(key));
    Ok(Some(MessageRow::seal(
        draft, &body, moment.key, moment.now,
    )?))
}

/// The key of the one mail that says that this answer lies ready.
pub(super) fn answer_ready(case: CaseId, answer: usize) -> String {
    format!("{}:{case}:{answer}", Promise::AnswerReady.code())
}

/// At most one to an unproven address a day, whoever asks how often.
fn first_mail(house: &House, email: &str, day: NaiveDate) -> String {
    format!(
        "{}:{}:{}:{day}",
        Promise::Confirm.code(),
        house.controller.id,
        hex(&house.index.address_digest(email)),
    )
}

/// Whether the answer of which this mail tells was called back.
fn recalled(case: Option<&Case>, body: &Body) -> bool {
    let number = body.vars.get("answer");
    let number: usize = number.map_or(0, |text| text.reveal().parse().unwrap_or(0));
    let answer = number.checked_sub(1).and_then(|at| case?.answers.get(at));
    matches!(answer, Some(Delivery::Recalled { .. }))
}

/// The rights that a message names by their codes.
fn named_rights(codes: &str) -> Vec<Right> {
    codes
        .split_whitespace()
        .filter_map(Right::from_code)
        .collect()
}

/// The rights that take longer, by name; none where it is all that was asked for.
fn longer(case: &Case, rights: &[Right], lang: Lang) -> Vec<String> {
    if case.rights().iter().all(|right| rights.contains(right)) {
        return vec![];
    }
    rights
        .iter()
        .map(|right| terms::right_name(*right, lang).to_owned())
        .collect()
}

/// The notice of a longer period left just now: from here on it counts. Came it too late after all, a note says so.
fn extended(case: &Case, moment: &Moment<'_>, outgoing: &About) -> Result<Vec<Event>, Error> {
    let (today, calendar) = (moment.today, &moment.office.calendar);
    let rights = named_rights(outgoing.var("rights"));
    match case.extend(&rights, outgoing.var("reasons"), today, today, calendar) {
        Ok(events) => Ok(events),
        Err(why) => Ok(case.note(&obstacles::not_extended(&why), vec![])?),
    }
}

fn to_person(case: &Case) -> Result<Body, Error> {
    let party = case
        .requester()
        .ok_or(Error::Fault("a case without a requester"))?;
    let email = party.email.clone().ok_or(Obstacle::NoWayOfDelivery)?;
    if !case.mailbox_serves() {
        return Err(Obstacle::MailboxUnproven.into());
    }
    Ok(Body {
        to: Some(email),
        to_name: Some(party.name.clone()),
        ..Body::default()
    })
}

/// Whether a question can go to the person by mail: to a mailbox that is proven or wrote itself. Else it goes by
/// letter; an unproven address gets the one fixed mail and nothing else.
pub(super) fn may_mail(house: &House, case: &Case) -> Result<bool, Obstacle> {
    let known =
        matches!(case.mailbox, Mailbox::Confirmed { .. }) || case.intake.channel == Channel::Email;
    let party = case.requester();
    let email = party.is_some_and(|party| party.email.is_some());
    let address = party.is_some_and(|party| party.address.is_some());
    match (email && known, address) {
        // Where there is no mail server, paper goes.
        (true, address) => Ok(house.has_post || !address),
        (false, true) => Ok(false),
        (false, false) => Err(Obstacle::MailboxUnproven),
    }
}

fn asker(case: &Case) -> Result<Body, Error> {
    let party = case
        .requester()
        .ok_or(Error::Fault("a case without a requester"))?;
    Ok(Body {
        to: Some(party.email.clone().ok_or(Obstacle::NoWayOfDelivery)?),
        to_name: Some(party.name.clone()),
        ..Body::default()
    })
}

/// A mail about the proof that says what stands in the case when it leaves.
pub(super) fn to_asker(moment: &Moment<'_>, case: &Case, kind: &str) -> Result<MessageRow, Error> {
    let draft = draft(moment, case, kind, None);
    Ok(MessageRow::seal(
        draft,
        &asker(case)?,
        moment.key,
        moment.now,
    )?)
}

/// The question for a proof.
pub(super) fn identity_demand(
    moment: &Moment<'_>,
    case: &Case,
    ask: &Ask,
    means: &[String],
    copy: bool,
) -> Result<MessageRow, Error> {
    let mut body = asker(case)?;
    let flag = |is: bool| Private::from(if is { "yes" } else { "" });
    body.vars.insert("doubt".into(), ask.doubt.trim().into());
    body.vars.insert("means".into(), means.join("\n").into());
    body.vars.insert("paused".into(), flag(ask.pause));
    body.vars.insert("copy".into(), flag(copy));
    let draft = draft(moment, case, "identity-demand", None);
    Ok(MessageRow::seal(draft, &body, moment.key, moment.now)?)
}

/// The end of a case in which nobody knows who it is.
pub(super) fn not_identified(
    moment: &Moment<'_>,
    case: &Case,
    cause: Unidentified,
    because: &str,
) -> Result<MessageRow, Error> {
    let mut body = asker(case)?;
    body.vars.insert("because".into(), because.trim().into());
    let kind = identity::ending(cause).replace('_', "-");
    let draft = draft(moment, case, &kind, None);
    Ok(MessageRow::seal(draft, &body, moment.key, moment.now)?)
}

/// The code for the mailbox on file; it goes there and nowhere else.
pub(super) fn proof_code(
    moment: &Moment<'_>,
    case: &Case,
    on_file: &OnFile,
    code: &str,
    until: NaiveDate,
) -> Result<MessageRow, Error> {
    let mut body = Body {
        to: on_file.address.clone(),
        ..Body::default()
    };
    body.vars.insert("code".into(), code.into());
    let until = long_date(until, case.intake.lang);
    body.vars.insert("until".into(), until.into());
    let draft = draft(moment, case, "proof-code", None);
    Ok(MessageRow::seal(draft, &body, moment.key, moment.now)?)
}

/// The notice of a longer period.
pub(super) fn extension(
    moment: &Moment<'_>,
    case: &Case,
    rights: &[Right],
    reasons: &str,
) -> Result<MessageRow, Error> {
    let mut body = to_person(case)?;
    let rights: Vec<&str> = rights.iter().map(|right| right.code()).collect();
    body.vars.insert("rights".into(), rights.join(" ").into());
    body.vars.insert("reasons".into(), reasons.trim().into());
    Ok(MessageRow::seal(
        draft(moment, case, "extension", None),
        &body,
        moment.key,
        moment.now,
    )?)
}

/// The question which part of much data is meant.
pub(super) fn clarification(
    moment: &Moment<'_>,
    case: &Case,
    asked: &ScopeQuestion,
) -> Result<MessageRow, Error> {
    let mut body = to_person(case)?;
    let paused = if asked.pause { "yes" } else { "" };
    body.vars
        .insert("amount".into(), asked.amount.trim().into());
    body.vars.insert("areas".into(), asked.areas.trim().into());
    body.vars.insert("paused".into(), paused.into());
    Ok(MessageRow::seal(
        draft(moment, case, "clarification", None),
        &body,
        moment.key,
        moment.now,
    )?)
}

/// A letter in a clerk's own words.
pub(super) fn letter(
    moment: &Moment<'_>,
    case: &Case,
    written: &WrittenFacts,
    files: &[FileId],
) -> Result<MessageRow, Error> {
    let mut body = Body {
        files: files.to_vec(),
        ..to_person(case)?
    };
    let mut var = |name: &str, text: &str| body.vars.insert(name.into(), text.trim().into());
    var("words", &written.words);
    var("enclosed", &written.enclosed.join("\n"));
    if let (Some(on), Some(quoted)) = (&written.quoted_on, &written.quoted) {
        var("quoted-on", on);
        var("quoted", quoted);
    }
    Ok(MessageRow::seal(
        draft(moment, case, "letter", None),
        &body,
        moment.key,
        moment.now,
    )?)
}

/// A letter that was seen as it is: nothing of it is printed again.
pub(super) fn printed(
    moment: &Moment<'_>,
    case: &Case,
    (to, name): (Private<String>, Private<String>),
    letter: &Printed,
) -> Result<MessageRow, Error> {
    let body = Body {
        to: Some(to),
        to_name: Some(name),
        subject: letter.subject.clone(),
        text: letter.text.clone().into(),
        html: Some(letter.html.clone().into()),
        ..Body::default()
    };
    Ok(MessageRow::seal(
        draft(moment, case, letter.kind.stem(), None),
        &body,
        moment.key,
        moment.now,
    )?)
}

/// A short letter of its own kind, to whoever it is for.
pub(super) fn slip(
    moment: &Moment<'_>,
    case: &Case,
    kind: &str,
    (to, name): (Private<String>, Private<String>),
    facts: String,
) -> Result<MessageRow, Error> {
    let mut body = Body {
        to: Some(to),
        to_name: Some(name),
        ..Body::default()
    };
    body.vars.insert("slip".into(), facts.into());
    Ok(MessageRow::seal(
        draft(moment, case, kind, None),
        &body,
        moment.key,
        moment.now,
    )?)
}

/// The mail with a fresh code.
pub(super) fn code(moment: &Moment<'_>, case: &Case, code: &str) -> Result<MessageRow, Error> {
    let mut body = to_person(case)?;
    body.vars.insert("code".into(), code.into());
    Ok(MessageRow::seal(
        draft(moment, case, "code", None),
        &body,
        moment.key,
        moment.now,
    )?)
}

/// To a decider: a breach of security, and how many hours are left. Each step leaves once.
pub(super) fn breach_notice(
    office: &Office,
    house: &House,
    case: &Case,
    key: &Key,
    (which, step): (usize, i64),
    clerk: Option<ClerkId>,
) -> Result<MessageRow, Error> {
    let now = office.now();
    let moment = Moment {
        office,
        house,
        key,
        now,
        today: office.today(),
    };
    let whom = clerk.map_or_else(|| "fallback".to_owned(), |clerk| clerk.to_string());
    let promise = format!("notice-breach:{}:{which}:{step}:{whom}", case.id);
    let mut body = Body::default();
    body.vars.insert("breach".into(), which.to_string().into());
    let draft = Draft {
        clerk,
        ..draft(&moment, case, "notice-breach", Some(promise))
    };
    Ok(MessageRow::seal(draft, &body, key, now)?)
}

/// A mail to the owner of a system.
pub(super) fn to_owner(
    moment: &Moment<'_>,
    case: &Case,
    kind: &str,
    promise: Option<String>,
    body: &Body,
) -> Result<MessageRow, Error> {
    let draft = draft(moment, case, kind, promise);
    Ok(MessageRow::seal(draft, body, moment.key, moment.now)?)
}

/// A notice to whoever has the case in hand, once.
pub(super) fn to_clerk(
    moment: &Moment<'_>,
    case: &Case,
    kind: &str,
    promise: String,
    body: &Body,
) -> Result<MessageRow, Error> {
    let draft = Draft {
        clerk: case.assignee,
        ..draft(moment, case, kind, Some(promise))
    };
    Ok(MessageRow::seal(draft, body, moment.key, moment.now)?)
}

/// A mail that belongs to no case: a digest, a checkpoint.
pub(super) fn house_mail(
    office: &Office,
    house: &House,
    kind: &str,
    clerk: Option<ClerkId>,
    promise: String,
    body: &Body,
) -> Result<MessageRow, Error> {
    let now = office.now();
    let draft = Draft {
        id: MessageId(office.next_id()),
        controller: house.controller.id,
        case: None,
        clerk,
        kind: kind.to_owned(),
        state: MessageState::Queued,
        next_at: Some(now),
        promise: Some(promise),
        message_id: message_id(house),
    };
    Ok(MessageRow::seal(
        draft,
        body,
        house.keys.wrap.newest(),
        now,
    )?)
}

/// A message taken from the outbox, printed and ready for the mail server.
pub struct Outgoing {
    /// Which one.
    pub id: MessageId,
    /// Whose it is: it goes by that controller's mail server.
    pub controller: ControllerId,
    /// What goes out.
    pub parcel: Parcel,
    about: About,
    tries: i32,
}

impl Outgoing {
    /// Whether it goes to somebody outside and not to staff.
    pub fn leaves_the_house(&self) -> bool {
        leaves_the_house(&self.about.kind)
    }
}

fn leaves_the_house(kind: &str) -> bool {
    !(kind.starts_with("notice-") || matches!(kind, "digest" | "checkpoint"))
}

/// Whether nobody at the desk wrote it or let it go: of such mail an address gets so much a day and no more.
fn unbidden(kind: &str) -> bool {
    matches!(
        kind,
        "confirm" | "receipt" | "identity-reminder" | "advertising-stopped"
    )
}

/// What a message of ours is about, as its fate needs to know it.
pub(super) struct About {
    id: MessageId,
    controller: ControllerId,
    case: Option<CaseId>,
    kind: String,
    vars: BTreeMap<String, Private<String>>,
}

impl About {
    /// A message as it was written.
    pub(super) fn of(row: &MessageRow, body: &Body) -> About {
        About {
            id: row.id(),
            controller: row.controller(),
            case: row.case(),
            kind: row.kind().to_owned(),
            vars: body.vars.clone(),
        }
    }

    fn var(&self, name: &str) -> &str {
        self.vars.get(name).map_or("", |value| value.reveal())
    }

    /// Which of the case's answers the mail tells of, counted from one; none: zero.
    fn answer(&self) -> usize {
        match self.kind.as_str() {
            "answer-ready" => self.var("answer").parse().unwrap_or(0),
            _ => 0,
        }
    }
}

/// What became of a try.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fate {
    /// The mail server took it.
    Accepted,
    /// Later again.
    Later(String),
    /// Never: a person has to look.
    Never(String),
    /// There is no mail server; kept.
    NoServer,
}

impl Office {
    /// Takes messages that are due and prints those that are not printed yet.
    pub async fn take_outgoing(&self, limit: i64) -> Result<Vec<Outgoing>, Error> {
        let now = self.now();
        let lease = now + TimeDelta::seconds(LEASE_SECONDS);
        let rows = self
            .store
            .write(move |conn| messages::claim(conn, now, lease, limit))
            .await?;
        let mut ready = Vec::with_capacity(rows.len());
        for row in rows {
            let id = row.id();
            match self.make_ready(row).await {
                Ok(outgoing) => ready.extend(outgoing),
                Err(error) => {
                    // One letter that cannot be printed must not hold up the others.
                    tracing::error!(message = %id, %error, "a message cannot be printed");
                    self.settle_row(id, MessageState::Failed, None, "print")
                        .await?;
                }
            }
        }
        Ok(ready)
    }

    async fn make_ready(&self, row: MessageRow) -> Result<Option<Outgoing>, Error> {
        let Ok(house) = self.house(row.controller()) else {
            return Ok(None);
        };
        if !house.has_post {
            self.settle_row(row.id(), MessageState::Held, None, "no-mail-server")
                .await?;
            return Ok(None);
        }
        let (case, key) = match row.case() {
            Some(case) => {
                let (case, _, key) = self
                    .open_with_key(&Scope::of_house(row.controller()), case)
                    .await?;
                (Some(case), key)
            }
            None => (None, row.house_key(&house.keys)?),
        };
        let mut body = row.open(&key)?;
        // Called back; sent again by hand, its link would open nothing.
        if row.kind() == Promise::AnswerReady.code() && recalled(case.as_ref(), &body) {
            self.settle_row(row.id(), MessageState::Withheld, None, STOPPED)
                .await?;
            return Ok(None);
        }
        // Answered or taken back meanwhile: its link would open nothing.
        if owners::is_mail(row.kind()) && owners::is_over(case.as_ref(), &body) {
            self.settle_row(row.id(), MessageState::Withheld, None, STOPPED)
                .await?;
            return Ok(None);
        }
        self.print_into(&mut body, &row, house, case.as_ref(), &key)
            .await?;
        let Some(to) = body.to.clone() else {
            self.settle_row(row.id(), MessageState::Failed, None, "no-address")
                .await?;
            return Ok(None);
        };
        // Written down with the letter: a repeat is the same one, whatever came in meanwhile.
        let begun = body.vars.contains_key(ANSWERS);
        if let Some(case) = row.case().filter(|_| !begun)
            && let Some(thread) = self.thread_of(house, case, to.reveal()).await?
        {
            body.vars.insert(ANSWERS.into(), thread.into());
        }
        let sealed = row.reseal(&body, &key)?;
        let id = row.id();
        // What was kept for want of a mail server, or comes late for another reason, counts on the day on
        // which it leaves: the address gets one first mail on that day too.
        let one_a_day = (row.kind() == Promise::Confirm.code())
            .then(|| first_mail(house, to.reveal(), self.today()));
        // Counted once, when it leaves for the first time; a repeat is the same letter.
        let counted = (unbidden(row.kind()) && row.attempts() == 0)
            .then(|| house.index.address_digest(to.reveal()));
        let (controller, day, most) = (
            house.controller.id,
            self.today(),
            self.manners.mails_per_day,
        );
        let (now, tomorrow) = (self.now(), self.now() + TimeDelta::days(1));
        let taken_off = self
            .store
            .write(move |conn| {
                if let Some(promise) = &one_a_day {
                    messages::promise_anew(conn, id, promise)?;
                }
                if let Some(digest) = &counted
                    && !mail_days::count(conn, controller, digest, day, most)?
                {
                    let waits = MessageState::Queued;
                    messages::settle(conn, id, waits, Some(tomorrow), ENOUGH, now)?;
                    return Ok(false);
                }
                messages::take_off(conn, id, &sealed)?;
                Ok(true)
            })
            .await;
        match taken_off {
            Ok(true) => {}
            Ok(false) => return Ok(None),
            Err(StoreError::Taken) => {
                self.settle_row(id, MessageState::Withheld, None, "")
                    .await?;
                return Ok(None);
            }
            Err(other) => return Err(other.into()),
        }
        let name = body
            .to_name
            .as_ref()
            .map(|name| name.reveal().as_str())
            .unwrap_or_default();
        let from = Address::new(
            house.controller.name.clone(),
            house.controller.email.clone(),
        );
        let mut parcel = Parcel::letter(
            row.message_id(),
            row.created_at(),
            from,
            Address::new(name.to_owned(), to.reveal().clone()),
            body.subject.clone(),
            body.text.reveal().clone(),
        );
        parcel.html = body.html.as_ref().map(|html| html.reveal().clone());
        parcel.automatic = row.kind() != "letter";
        // What came in names its files in the same place; it never comes here.
        let scope = Scope::of_house(row.controller());
        parcel.attachments = self.enclosures(&scope, &body.files).await?;
        parcel.in_reply_to = body.vars.get(ANSWERS).map(|it| it.reveal().clone());
        parcel.references = parcel.in_reply_to.iter().cloned().collect();
        if house.plus_address
            && leaves_the_house(row.kind())
            && let Some(address) = post::answer_address(row.message_id(), &parcel.from)
        {
            let name = house.controller.name.clone();
            parcel.reply_to = Some(Address::new(name, address.clone()));
            parcel.envelope_from = Some(address);
        }
        Ok(Some(Outgoing {
            id,
            controller: row.controller(),
            parcel,
            about: About::of(&row, &body),
            tries: row.attempts() + 1,
        }))
    }

    /// The files that go along, whole: a message without one of them would be another message.
    async fn enclosures(&self, scope: &Scope, files: &[FileId]) -> Result<Vec<Attachment>, Error> {
        let mut enclosed = Vec::with_capacity(files.len());
        for file in files.iter().copied() {
            let reach = scope.clone();
            let row = self
                .store
                .read(move |conn| filing::load(conn, &reach, file))
                .await?;
            let media_type = row.media_type().to_owned();
            let mut open = self.open_row(row)?;
            let name = open.name.reveal().clone();
            let read = blocking(move || {
                let mut bytes = Vec::new();
                open.reader.read_to_end(&mut bytes).map(|_| bytes)
            });
            let bytes = read.await?;
            enclosed.push(Attachment {
                name,
                media_type,
                bytes: bytes.map_err(|_| Error::Fault("a file that cannot be opened"))?,
            });
        }
        Ok(enclosed)
    }

    /// Prints a message that is not printed yet; what was printed once stays as it is.
    pub(super) async fn print_into(
        &self,
        body: &mut Body,
        row: &MessageRow,
        house: &House,
        case: Option<&Case>,
        key: &Key,
    ) -> Result<(), Error> {
        if !body.subject.is_empty() || matches!(row.state()?, MessageState::Received) {
            return Ok(());
        }
        let form = house.controller.form;
        let lang = match Kind::named(row.kind()) {
            // Customers, processors and other recipients are written to in the language of the house.
            Some(kind) if kind.is_between_houses() || kind.for_staff() => Lang::De,
            _ => case.map_or(Lang::De, |case| case.intake.lang),
        };
        let today = self.today();
        let var = |name: &str| body.vars.get(name).map(|value| value.reveal().clone());
        let mut facts = match case {
            Some(case) => facts::of_case(house, case, key, lang, today),
            None => Facts {
                controller: facts::controller(&house.controller),
                today: long_date(today, lang),
                ..Facts::default()
            },
        };
        let base = &house.controller.public_url;
        let kind = match row.kind() {
            "confirm" => {
                facts.link = Some(CaseLink::Mailbox.url(key, base).reveal().clone());
                facts.disown_link = Some(format!(
                    "{base}/disown/{}",
                    CaseLink::Mailbox.token(key).text()
                ));
                facts.person = crate::letters::facts::PersonFacts::default();
                Kind::Confirm
            }
            "advertising-stopped" => {
                facts.link = Some(CaseLink::Mailbox.url(key, base).reveal().clone());
                facts.disown_link = Some(format!(
                    "{base}/advertising/{}",
                    CaseLink::Mailbox.token(key).text()
                ));
                facts.person = crate::letters::facts::PersonFacts::default();
                Kind::AdvertisingStopped
            }
            "receipt" => Kind::Receipt,
            "answer-ready" => {
                let number = var("answer")
                    .and_then(|text| text.parse().ok())
                    .unwrap_or(0);
                facts.link = Some(CaseLink::Answer(number).url(key, base).reveal().clone());
                facts.expiry = Some(long_date(
                    today + TimeDelta::days(i64::from(house.controller.download_days)),
                    lang,
                ));
                Kind::AnswerReady
            }
            "code" => {
                facts.code = var("code");
                Kind::Code
            }
            "identity-demand" => {
                facts.identity = Some(IdentityFacts {
                    doubt: var("doubt").unwrap_or_default(),
                    means: var("means")
                        .map(|text| text.lines().map(str::to_owned).collect())
                        .unwrap_or_default(),
                    paused: var("paused").is_some_and(|text| !text.is_empty()),
                    copy: var("copy").is_some_and(|text| !text.is_empty()),
                    ..IdentityFacts::default()
                });
                Kind::IdentityDemand
            }
            "identity-reminder" => {
                let case = case.ok_or(Error::Fault("a reminder without a case"))?;
                facts.identity = identity::reminder(house, case, key, today).identity;
                Kind::IdentityReminder
            }
            "not-identified" | "not-identifiable" => {
                let case = case.ok_or(Error::Fault("an end without a case"))?;
                let because = var("because").unwrap_or_default();
                facts.identity = identity::end(house, case, key, today, &because).identity;
                Kind::named(&row.kind().replace('-', "_")).ok_or(Error::Fault("no such letter"))?
            }
            "proof-code" => {
                facts.code = var("code");
                facts.expiry = var("until");
                // The owner of the mailbox on file may be somebody else than who asks.
                facts.person = crate::letters::facts::PersonFacts::default();
                Kind::Code
            }
            "extension" => {
                let case = case.ok_or(Error::Fault("an extension without a case"))?;
                let reasons = var("reasons").unwrap_or_default();
                let rights = named_rights(&var("rights").unwrap_or_default());
                facts.extension = Some(ExtensionFacts {
                    until: long_date(self.extended_to(case, &rights, &reasons)?, lang),
                    reasons: vec![reasons],
                    rights: longer(case, &rights, lang),
                    sooner: None,
                });
                Kind::Extension
            }
            "clarification" => {
                let areas = var("areas").unwrap_or_default();
                let areas = areas.lines().filter(|area| !area.trim().is_empty());
                facts.clarification = Some(ClarificationFacts {
                    amount: var("amount").unwrap_or_default(),
                    areas: areas.map(str::to_owned).collect(),
                    paused: var("paused").is_some_and(|text| !text.is_empty()),
                    until: None,
                });
                Kind::Clarification
            }
            // Written before letters had a wording around them.
            "letter" if var("words").is_none() => {
                body.subject = terms::letter_subject(&facts.case.number, lang);
                return Ok(());
            }
            "letter" => {
                let enclosed = var("enclosed").unwrap_or_default();
                facts.written = Some(WrittenFacts {
                    words: var("words").unwrap_or_default(),
                    enclosed: enclosed.lines().map(str::to_owned).collect(),
                    quoted_on: var("quoted-on"),
                    quoted: var("quoted"),
                });
                // The status page is for a proven mailbox; to another one goes the way to prove it.
                if !case.is_some_and(|it| matches!(it.mailbox, Mailbox::Confirmed { .. })) {
                    facts.link = Some(CaseLink::Mailbox.url(key, base).reveal().clone());
                }
                Kind::Letter
            }
            owner if owners::is_mail(owner) => {
                let case = case.ok_or(Error::Fault("a question without a case"))?;
                let (asked, link) = owners::facts(case, (house, key), body, today)?;
                (facts.owner, facts.link) = (Some(asked), Some(link));
                facts.code = var("code");
                // Nothing of the person leaves in a mail to somebody else.
                facts.person = crate::letters::facts::PersonFacts::default();
                Kind::named(owner).ok_or(Error::Fault("no such letter"))?
            }
            notice if notice.starts_with("notice-") => {
                let case = case.ok_or(Error::Fault("a notice without a case"))?;
                let which = var("breach").and_then(|text| text.parse().ok());
                facts.desk = Some(match which {
                    Some(which) => self.breach_facts(notice, house, case, which),
                    None => self.notice_facts(notice, house, case),
                });
                if let (Some(desk), Some(system)) = (&mut facts.desk, var("system")) {
                    desk.event = owners::silence(case, &system).unwrap_or_default();
                    desk.link.push_str("/tasks");
                }
                (body.to, body.to_name) = self.staff_address(row.clerk(), house).await?;
                Kind::Notice
            }
            "digest" => {
                let lines = var("lines").unwrap_or_default();
                facts.desk = Some(DeskFacts {
                    event: String::new(),
                    link: format!("{base}/desk"),
                    lines: serde_json::from_str(&lines)
                        .map_err(|_| Error::Fault("digest lines"))?,
                    checkpoint: None,
                });
                (body.to, body.to_name) = self.staff_address(row.clerk(), house).await?;
                Kind::Digest
            }
            "checkpoint" => {
                facts.desk = Some(DeskFacts {
                    event: String::new(),
                    link: String::new(),
                    lines: vec![],
                    checkpoint: var("note"),
                });
                Kind::Checkpoint
            }
            other => match (Kind::named(other), var("slip")) {
                (Some(kind), Some(said)) => {
                    let said: SlipFacts =
                        serde_json::from_str(&said).map_err(|_| Error::Fault("a slip's facts"))?;
                    facts = said.over(facts);
                    kind
                }
                _ => return Err(Error::Fault("a message of an unknown kind")),
            },
        };
        let Printed {
            subject,
            text,
            html,
            ..
        } = self.press.print(kind, lang, form, &facts)?;
        body.subject = subject;
        body.text = text.into();
        body.html = Some(html.into());
        Ok(())
    }

    /// Until when the period will run if the notice leaves today. Too late, it is not to be printed at all.
    fn extended_to(
        &self,
        case: &Case,
        rights: &[Right],
        reasons: &str,
    ) -> Result<NaiveDate, Error> {
        let today = self.today();
        let known = case
            .items
            .iter()
            .filter(|item| rights.contains(&item.right));
        let known = known.filter(|item| item.term.deadline.extension.is_some());
        if let Some(due) = known.map(|item| item.term.due()).max() {
            return Ok(due);
        }
        let events = case.extend(rights, reasons, today, today, &self.calendar)?;
        let due = events.iter().find_map(|event| match event {
            Event::Extended { terms, .. } => Some(terms.due()),
            _ => None,
        });
        due.ok_or(Error::Fault("an extension that extends nothing"))
    }

    fn notice_facts(&self, notice: &str, house: &House, case: &Case) -> DeskFacts {
        let (lang, today) = (Lang::De, self.today());
        let link = format!("{}/desk/cases/{}", house.controller.public_url, case.id);
        let rights: Vec<&str> = case
            .items
            .iter()
            .map(|item| terms::right_short(item.right, lang))
            .collect();
        DeskFacts {
            event: terms::notice(notice).to_owned(),
            lines: vec![DeskLine {
                number: case.number.clone(),
                right: rights.join(", "),
                due: long_date(case.due(), lang),
                left: days_left(today, case.due(), lang),
                link: link.clone(),
            }],
            link,
            checkpoint: None,
        }
    }

    /// The hours stand where else the days stand.
    fn breach_facts(&self, notice: &str, house: &House, case: &Case, which: usize) -> DeskFacts {
        let mut facts = self.notice_facts(notice, house, case);
        facts.link = format!("{}/breach", facts.link);
        let known = case.aftermath.breaches.get(which.saturating_sub(1));
        if let (Some(breach), Some(line)) = (known, facts.lines.first_mut()) {
            line.right = terms::notice(notice).to_owned();
            line.due = aftermath::moment(breach.due());
            line.left = aftermath::hours_left(breach.hours_left(self.now()));
            line.link.clone_from(&facts.link);
        }
        facts
    }

    async fn staff_address(
        &self,
        clerk: Option<ClerkId>,
        house: &House,
    ) -> Result<(Option<Private<String>>, Option<Private<String>>), Error> {
        if let Some(id) = clerk {
            let (clerk, roles) = self
                .store
                .read(move |conn| {
                    Ok((
                        clerks::by_id(conn, id)?.clerk,
                        clerks::memberships(conn, id)?,
                    ))
                })
                .await?;
            // Who no longer works for this controller may not see its cases and could do nothing about them.
            let here = |(controller, _): &(ControllerId, Role)| *controller == house.controller.id;
            if !clerk.left && roles.iter().any(here) {
                return Ok((Some(clerk.email.into()), Some(clerk.name.into())));
            }
        }
        Ok((Some(house.controller.fallback_email.clone().into()), None))
    }

    /// Records what became of a try; with a mail of a case, in the case too.
    pub async fn settle(&self, outgoing: &Outgoing, fate: Fate) -> Result<(), Error> {
        let now = self.now();
        let id = outgoing.id;
        match fate {
            Fate::Accepted => {
                let settled = Settlement {
                    id,
                    state: MessageState::Sent,
                    next_at: None,
                    trouble: String::new(),
                };
                self.tell_case(&outgoing.about, settled, Event::MailSent { message: id })
                    .await
            }
            Fate::Later(why) if outgoing.tries < MOST_TRIES => {
                self.settle_row(
                    id,
                    MessageState::InFlight,
                    Some(now + backoff(outgoing.tries)),
                    &why,
                )
                .await
            }
            Fate::Later(why) | Fate::Never(why) => {
                let settled = Settlement {
                    id,
                    state: MessageState::Failed,
                    next_at: None,
                    trouble: why,
                };
                self.tell_case(&outgoing.about, settled, Event::MailFailed { message: id })
                    .await
            }
            Fate::NoServer => {
                self.settle_row(id, MessageState::Held, None, "no-mail-server")
                    .await
            }
        }
    }

    /// Settles a message together with what its fate means for the case, so that no crash parts the two.
    pub(super) async fn tell_case(
        &self,
        outgoing: &About,
        settled: Settlement,
        event: Event,
    ) -> Result<(), Error> {
        // Mails to staff are no step of the case; a failed one is only shown among the messages.
        let Some(case) = outgoing
            .case
            .filter(|_| !outgoing.kind.starts_with("notice-"))
        else {
            return self
                .settle_row(settled.id, settled.state, None, &settled.trouble)
                .await;
        };
        let left = matches!(event, Event::MailSent { .. });
        let scope = Scope::of_house(outgoing.controller);
        self.act(&scope, case, None, Role::Admin, |case, moment| {
            let mut events = vec![event.clone()];
            if left && outgoing.kind == "extension" {
                events.extend(extended(case, moment, outgoing)?);
            }
            if left {
                events.extend(case.misdirection_left(outgoing.id, moment.today));
            }
            events.extend(match (left, case.question_in(outgoing.id)) {
                (true, Some(question)) => identity::rested(case, moment, question, moment.today)?,
                (false, Some(_)) => {
                    let calendar = &moment.office.calendar;
                    case.question_missed(outgoing.id, moment.today, calendar)?
                }
                (_, None) => vec![],
            });
            events.extend(match left {
                true => case.sent(outgoing.answer(), moment.today),
                false => case.came_back(outgoing.answer(), moment.today),
            });
            events.extend(match left {
                true => case.recipient_reached(outgoing.id, moment.today),
                false => case.recipient_missed(outgoing.id, moment.today),
            });
            if !left {
                events.extend(case.recipient_returned(outgoing.id, moment.today)?);
            }
            Ok(Deed {
                settled: Some(settled.clone()),
                ..Deed::from(events)
            })
        })
        .await?;
        Ok(())
    }

    async fn settle_row(
        &self,
        id: MessageId,
        state: MessageState,
        next_at: Option<DateTime<Utc>>,
        trouble: &str,
    ) -> Result<(), Error> {
        let (now, trouble) = (self.now(), trouble.to_owned());
        Ok(self
            .store
            .write(move |conn| messages::settle(conn, id, state, next_at, &trouble, now))
            .await?)
    }

    /// Puts a message that lies with a person into the queue again.
    pub async fn send_again(&self, scope: &Scope, id: MessageId) -> Result<(), Error> {
        let reach = scope.clone();
        let row = self
            .store
            .read(move |conn| messages::load(conn, &reach, id))
            .await?;
        scope.demand(row.controller(), Role::Handler)?;
        let (reach, now) = (scope.clone(), self.now());
        let noted = self.noted(scope, row.controller(), "message.again", &id.to_string());
        Ok(self
            .store
            .write(move |conn| {
                messages::send_again(conn, &reach, id, now)?;
                events::insert(conn, std::slice::from_ref(&noted))
            })
            .await?)
    }

    /// Puts everything that waited for a mail server into the queue.
    pub async fn release_held(&self, controller: ControllerId) -> Result<usize, Error> {
        let now = self.now();
        Ok(self
            .store
            .write(move |conn| messages::release_held(conn, controller, now))
            .await?)
    }
}

/// One minute, then twice as long each time, up to six hours; a little chance keeps many from coming at once.
fn backoff(tries: i32) -> TimeDelta {
    let minutes = 1_i64 << tries.clamp(1, 10).saturating_sub(1);
    TimeDelta::minutes(minutes.min(360)) + TimeDelta::seconds(i64::from(chance::below(20)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wait_doubles_up_to_six_hours() {
        assert!(backoff(1) < TimeDelta::minutes(2));
        assert!(backoff(4) >= TimeDelta::minutes(8));
        assert!(backoff(10) >= TimeDelta::minutes(360));
        assert!(backoff(24) <= TimeDelta::minutes(361));
    }

    #[test]
    fn a_server_may_be_away_over_a_long_weekend() {
        let whole: TimeDelta = (1..MOST_TRIES).map(backoff).sum();
        assert!(whole > TimeDelta::hours(72), "{whole}");
        assert!(whole < TimeDelta::days(5), "{whole}");
    }
}
