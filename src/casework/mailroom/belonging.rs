//! To which case a mail belongs: by the message of ours that it answers, by the number that it names, by its sender.
//! Each of these can be forged, so belonging proves nothing of who wrote.

use crate::casework::error::Error;
use crate::casework::office::{House, Office};
use crate::domain::case::Case;
use crate::domain::ids::CaseId;
use crate::domain::incoming::{Belongs, Thread, Understood};
use crate::domain::right::Right;
use crate::domain::scope::Scope;
use crate::ports::post::is_message_id;
use crate::reading::message::{Message, Place};
use crate::seal::{Kind, number};
use crate::storage::{incoming, messages, search};

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

    /// The case that a message belongs to, if there is one.
    pub(super) async fn belonging(
        &self,
        scope: &Scope,
        house: &House,
        message: &Message,
        understood: &Understood,
    ) -> Result<Option<Belongs>, Error> {
        let found = match self.answered(house, message).await? {
            Some(case) => Some((case, Thread::Reply)),
            None => match self.named(scope, message).await? {
                Some(case) => Some((case, Thread::Number)),
                None => {
                    let case = self.of_sender(scope, house, understood).await?;
                    case.map(|case| (case, Thread::Sender))
                }
            },
        };
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
            adds: added(&case, &understood.rights),
        }))
    }

    /// The case whose message this one answers.
    async fn answered(&self, house: &House, message: &Message) -> Result<Option<CaseId>, Error> {
        let named = message
            .in_reply_to
            .iter()
            .chain(message.references.iter().rev());
        let ids: Vec<String> = named.take(REFERENCES).map(|id| bracketed(id)).collect();
        if ids.is_empty() {
            return Ok(None);
        }
        let controller = house.controller.id;
        let ours = self
            .store
            .read(move |conn| messages::named(conn, controller, &ids))
            .await?;
        Ok(ours.and_then(|it| it.case()))
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
