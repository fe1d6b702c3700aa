//! To which case a mail belongs: by the address that it came to, by the message of ours that it answers, by the number
//! that it names, by its sender.
//! Each of these can be forged, so belonging proves nothing of who wrote.

use crate::casework::error::Error;
use crate::casework::office::{House, Office};
use crate::domain::case::Case;
use crate::domain::ids::CaseId;
use crate::domain::incoming::{Belongs, Thread, Understood};
use crate::domain::right::Right;
use crate::domain::scope::{Role, Scope};
use crate::ports::post::{answered_by, is_message_id};
use crate::reading::message::{Message, Place};
use crate::seal::{Kind, number};
use crate::storage::messages::{self, MessageRow};
use crate::storage::{incoming, search};

/// So many of the messages that a mail refers to are looked up, the latest first.
const REFERENCES: usize = 20;
/// So many cases of one address are looked at.
const CASES: i64 = 20;

/// By what the same message is met again, in another mailbox or after the server numbered anew.
pub(super) fn digest(house: &House, message: &Message) -> [u8; 32] {
    let from = message.from.first().map(|it| it.email.as_str());
    let date = message.date.map(|it| it.to_rfc3339());
    let texts: Vec<&str> = message.texts.iter().map(|it| it.text.as_str()).collect();
    let parts = [
        message.message_id.as_deref().unwrap_or_default(),
        from.unwrap_or_default(),
        &message.subject,
        &date.unwrap_or_default(),
        &texts.join("\n"),
    ];
    house.index.identifier_digest(&parts.join("\n"))
}

/// A Message-ID as we keep ours.
pub(super) fn bracketed(id: &str) -> String {
    format!("<{}>", id.trim_matches(['<', '>']))
}

/// The messages of ours to whose own addresses a mail came.
pub(super) fn tokens(message: &Message) -> Vec<String> {
    let heads = message.to.iter().chain(&message.cc);
    let heads = heads.map(|it| it.email.as_str());
    let envelope = message
        .received
        .iter()
        .filter_map(|it| it.envelope_to.as_deref());
    let delivered = message.delivered_to.iter().map(String::as_str);
    let mut found: Vec<String> = delivered
        .chain(envelope)
        .chain(heads)
        .filter_map(answered_by)
        .take(REFERENCES)
        .collect();
    found.dedup();
    found
}

/// The messages that a mail says it answers.
pub(super) fn answered(message: &Message) -> Vec<String> {
    let named = message
        .in_reply_to
        .iter()
        .chain(message.references.iter().rev());
    named.take(REFERENCES).map(|id| bracketed(id)).collect()
}

/// The case numbers that stand in a mail, as they are written.
fn numbers(message: &Message) -> Vec<String> {
    let plain = message.texts.iter().filter(|it| it.place == Place::Plain);
    let said = std::iter::once(message.subject.as_str()).chain(plain.map(|it| it.text.as_str()));
    let words = said.flat_map(|text| {
        text.split(|c: char| !c.is_ascii_alphanumeric() && c != '-')
            .filter(|word| word.len() == 12)
    });
    let mut found: Vec<String> = words.filter_map(number::tidy).collect();
    found.dedup();
    found
}

/// What of the rights asked for a case does not have.
fn added(case: &Case, rights: &[Right]) -> Vec<Right> {
    let has = |right: &Right| case.item(*right).is_some();
    rights.iter().copied().filter(|right| !has(right)).collect()
}

/// Whether the sender is somebody of the case, as far as addresses tell.
pub(super) fn is_of(case: &Case, message: &Message) -> bool {
    let wrote = |email: &str| {
        message
            .from
            .iter()
            .any(|from| from.email.trim().eq_ignore_ascii_case(email.trim()))
    };
    let mut emails = case.parties.iter().filter_map(|it| it.email.as_ref());
    message.from.len() == 1 && emails.any(|email| wrote(email.reveal()))
}

impl Office {
    /// The Message-ID of the last mail in a case that came from this address: what is written there keeps its thread.
    pub(in crate::casework) async fn thread_of(
        &self,
        house: &House,
        case: CaseId,
        address: &str,
    ) -> Result<Option<String>, Error> {
        let rows = self
            .store
            .read(move |conn| incoming::of_case(conn, case, CASES))
            .await?;
        for row in rows {
            let Some(understood) = row.understood(&house.keys)? else {
                continue;
            };
            let id = bracketed(understood.message_id.reveal());
            // Anybody writes his own: one that cannot stand in a head would keep our letter in the house.
            if understood.email.reveal().eq_ignore_ascii_case(address) && is_message_id(&id) {
                return Ok(Some(id));
            }
        }
        Ok(None)
    }

    /// The domain that signed a mail in this case from the address that is to be proven, as our own mail server found. A
    /// hint at who wrote.
    pub async fn signed_by(&self, scope: &Scope, case: &Case) -> Result<Option<String>, Error> {
        let (id, house) = (case.id, self.house(case.controller)?);
        scope.demand(case.controller, Role::Handler)?;
        let rows = self
            .store
            .read(move |conn| incoming::of_case(conn, id, CASES))
            .await?;
        for row in rows {
            let understood = row.understood(&house.keys)?.unwrap_or_default();
            let hers = case.requester().and_then(|it| it.email.as_ref());
            let same =
                hers.is_some_and(|it| it.reveal().eq_ignore_ascii_case(understood.email.reveal()));
            if let (Some(domain), true) = (understood.signed_by, same) {
                return Ok(Some(domain));
            }
        }
        Ok(None)
    }

    /// The case that a message belongs to, if there is one.
    pub(super) async fn belonging(
        &self,
        scope: &Scope,
        house: &House,
        message: &Message,
        understood: &Understood,
    ) -> Result<Option<Belongs>, Error> {
        let case_of = |row: Option<MessageRow>| row.and_then(|it| it.case());
        let mut found =
            case_of(self.ours(house, tokens(message)).await?).map(|it| (it, Thread::Token));
        if found.is_none() {
            let answered = self.ours(house, answered(message)).await?;
            found = case_of(answered).map(|it| (it, Thread::Reply));
        }
        if found.is_none() {
            found = self
                .named(scope, message)
                .await?
                .map(|it| (it, Thread::Number));
        }
        if found.is_none() {
            let case = self.of_sender(scope, house, understood).await?;
            found = case.map(|it| (it, Thread::Sender));
        }
        let Some((id, by)) = found else {
            return Ok(None);
        };
        let (case, _) = self.open(scope, id).await?;
        if case.controller != house.controller.id {
            return Ok(None);
        }
        Ok(Some(Belongs {
            case: id,
            by,
            differs: !is_of(&case, message),
            closed: case.closed.is_some(),
            adds: added(&case, &understood.rights),
        }))
    }

    /// The message of ours that one of these ids names; of several the first id's.
    pub(super) async fn ours(
        &self,
        house: &House,
        ids: Vec<String>,
    ) -> Result<Option<MessageRow>, Error> {
        if ids.is_empty() {
            return Ok(None);
        }
        let controller = house.controller.id;
        Ok(self
            .store
            .read(move |conn| messages::named(conn, controller, &ids))
            .await?)
    }

    async fn named(&self, scope: &Scope, message: &Message) -> Result<Option<CaseId>, Error> {
        for number in numbers(message) {
            if let Some(id) = self.by_number(scope, &number).await?.into_iter().next() {
                return Ok(Some(id));
            }
        }
        Ok(None)
    }

    /// The one open case of this address; of several nobody can tell.
    async fn of_sender(
        &self,
        scope: &Scope,
        house: &House,
        understood: &Understood,
    ) -> Result<Option<CaseId>, Error> {
        let sought = house.index.sought(Kind::Email, understood.email.reveal());
        let (reach, controller) = (scope.clone(), house.controller.id);
        let found = self
            .store
            .read(move |conn| search::find(conn, &reach, controller, &sought, None, CASES))
            .await?;
        let mut open = Vec::new();
        for (_, id) in found {
            let (case, _) = self.open(scope, id).await?;
            if case.closed.is_none() {
                open.push(id);
            }
        }
        match open.as_slice() {
            [only] => Ok(Some(*only)),
            _ => Ok(None),
        }
    }
}
