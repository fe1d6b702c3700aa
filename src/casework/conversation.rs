//! What is said in a case: the person writes on the status page, the office notes and answers.

use super::desk::{Deed, Moment, Outcome};
use super::error::Error;
use super::office::Office;
use super::outbox;
use crate::domain::case::Case;
use crate::domain::event::Event;
use crate::domain::ids::{CaseId, FileId, MessageId};
use crate::domain::obstacle::Obstacle;
use crate::domain::private::Private;
use crate::domain::scope::{Role, Scope};
use crate::seal::chance::Token;
use crate::storage::StoreError;
use crate::storage::filing::{self, FileRow};
use crate::storage::links::{self, Purpose};
use crate::storage::messages::{Body, Draft, MessageRow, MessageState};

/// Why a closed case opens again when the person writes; a code, put into words where it is shown.
pub const REPLIED: &str = "replied";

impl Office {
    /// The person writes on the status page.
    pub async fn hear(
        &self,
        token: &Token,
        text: &str,
        files: Vec<FileRow>,
    ) -> Result<Outcome, Error> {
        if text.trim().is_empty() && files.is_empty() {
            return Err(Obstacle::Empty("text").into());
        }
        let (case, scope) = self.case_link(token, Purpose::Status).await?;
        self.act(&scope, case, None, Role::Handler, |case, moment| {
            let filed: Vec<FileRow> = files
                .iter()
                .map(|row| row.clone().of_case(case.id))
                .collect();
            let row = received(moment, case, text, &filed)?;
            let ids = filed.iter().map(FileRow::id).collect();
            Ok(Deed {
                events: case.hear(row.id(), ids, REPLIED),
                messages: vec![row],
                files: filed,
                ..Deed::default()
            })
        })
        .await
    }

    /// The person writes by the form on the status page, with what was uploaded before under that form.
    /// Sent twice it is heard once.
    pub async fn hear_form(&self, token: &Token, form: &Token, text: &str) -> Result<(), Error> {
        let (case, scope) = self.case_link(token, Purpose::Status).await?;
        let digest = form.digest();
        let controller = scope
            .controllers()
            .first()
            .copied()
            .ok_or(Error::NotFound)?;
        let files = self
            .store
            .read(move |conn| filing::of_form(conn, controller, &digest))
            .await?;
        if text.trim().is_empty() && files.is_empty() {
            return match self.sent_before(&digest).await? {
                Some(_) => Ok(()),
                None => Err(Obstacle::Empty("text").into()),
            };
        }
        let heard = self
            .act(&scope, case, None, Role::Handler, |case, moment| {
                let row = received(moment, case, text, &files)?;
                let ids = files.iter().map(FileRow::id).collect();
                Ok(Deed {
                    events: case.hear(row.id(), ids, REPLIED),
                    messages: vec![row],
                    form: Some(digest),
                    ..Deed::default()
                })
            })
            .await;
        match heard {
            Ok(_) | Err(Error::Store(StoreError::Taken)) => Ok(()),
            Err(other) => Err(other),
        }
    }

    /// A note of the office, with or without files. `told` is how much of the timeline its writer saw: sent
    /// twice from the same page it is noted once.
    pub async fn note(
        &self,
        scope: &Scope,
        case: CaseId,
        told: usize,
        text: &str,
        files: Vec<FileRow>,
    ) -> Result<Outcome, Error> {
        let form = once(&format!("note:{case}:{}:{told}", scope.actor().0), text);
        let noted = self
            .act(scope, case, None, Role::Handler, |case, _| {
                let ids = files.iter().map(FileRow::id).collect();
                Ok(Deed {
                    files: files.clone(),
                    form: Some(form),
                    ..Deed::from(case.note(text, ids)?)
                })
            })
            .await;
        self.or_before(scope, case, form, noted).await
    }

    /// Writes to the person. Sent twice from the same page it is said once.
    pub async fn say(
        &self,
        scope: &Scope,
        case: CaseId,
        seen: i64,
        text: &str,
    ) -> Result<Outcome, Error> {
        if text.trim().is_empty() {
            return Err(Obstacle::Empty("text").into());
        }
        let form = once(&format!("say:{case}:{seen}"), text);
        let said = self
            .act(scope, case, Some(seen), Role::Handler, |case, moment| {
                let row = outbox::letter(moment, case, text)?;
                Ok(Deed {
                    messages: vec![row.clone()],
                    form: Some(form),
                    ..Deed::from(vec![Event::Said { message: row.id() }])
                })
            })
            .await;
        self.or_before(scope, case, form, said).await
    }

    /// What was refused because it was done before is done.
    async fn or_before(
        &self,
        scope: &Scope,
        case: CaseId,
        form: [u8; 32],
        done: Result<Outcome, Error>,
    ) -> Result<Outcome, Error> {
        match done {
            Err(
                Error::Store(StoreError::Taken)
                | Error::Obstacle(Obstacle::ChangedMeanwhile { .. }),
            ) if self.said_before(case, form).await? => {
                let (case, revision) = self.open(scope, case).await?;
                Ok(Outcome {
                    case,
                    revision,
                    changed: false,
                })
            }
            other => other,
        }
    }

    async fn said_before(&self, case: CaseId, form: [u8; 32]) -> Result<bool, Error> {
        let known = self
            .store
            .read(move |conn| links::case_of_form(conn, &form))
            .await?;
        Ok(known.is_some_and(|(_, said)| said == case))
    }
}

/// The same words from the same page are a second click; a week later they are a reminder.
fn once(page: &str, text: &str) -> [u8; 32] {
    let words = format!("{page}:{}", text.trim());
    let digest = ring::digest::digest(&ring::digest::SHA256, words.as_bytes());
    let mut form = [0; 32];
    form.copy_from_slice(digest.as_ref());
    form
}

fn received(
    moment: &Moment<'_>,
    case: &Case,
    text: &str,
    files: &[FileRow],
) -> Result<MessageRow, Error> {
    let files: Vec<FileId> = files.iter().map(FileRow::id).collect();
    by_mail(moment, case, (text, None), &files)
}

/// What came by mail; `from` is named where the sender is nobody of the case.
pub(super) fn by_mail(
    moment: &Moment<'_>,
    case: &Case,
    (text, from): (&str, Option<Private<String>>),
    files: &[FileId],
) -> Result<MessageRow, Error> {
    let draft = Draft {
        id: MessageId(moment.office.next_id()),
        controller: case.controller,
        case: Some(case.id),
        clerk: None,
        kind: "reply".to_owned(),
        state: MessageState::Received,
        next_at: None,
        promise: None,
        message_id: String::new(),
    };
    let body = Body {
        text: Private::from(text.trim().to_owned()),
        files: files.to_vec(),
        from,
        ..Body::default()
    };
    Ok(MessageRow::seal(draft, &body, moment.key, moment.now)?)
}
