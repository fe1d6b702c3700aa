//! What is said in a case: the person writes on the status page, the office notes and answers.

use super::desk::{Deed, Moment, Outcome};
use super::error::Error;
use super::office::Office;
use super::outbox;
use super::reading::Shown;
use crate::domain::case::Case;
use crate::domain::deadline::received_day;
use crate::domain::event::Event;
use crate::domain::ids::{CaseId, FileId, MessageId};
use crate::domain::obstacle::Obstacle;
use crate::domain::private::Private;
use crate::domain::scope::{Role, Scope};
use crate::letters::facts::WrittenFacts;
use crate::seal::chance::Token;
use crate::storage::StoreError;
use crate::storage::filing::{self, FileRow};
use crate::storage::links::{self, Purpose};
use crate::storage::messages::{Body, Draft, MessageRow, MessageState};
use crate::words::dates::long_date;

/// Why a closed case opens again when the person writes; a code, put into words where it is shown.
pub const REPLIED: &str = "replied";

/// All that goes along with one mail; larger ones are refused by many mailboxes.
const ATTACHED: u64 = 10 * 1024 * 1024;

/// What a clerk writes to the person.
#[derive(Debug, Clone, Default)]
pub struct Writing {
    /// The words.
    pub text: String,
    /// Whether her newest message stands below them.
    pub quotes: bool,
    /// What goes along, with its name.
    pub files: Vec<(FileRow, String)>,
    /// Whether the clerk says that this holds no data of hers, or that she wished to have them by mail.
    pub harmless: bool,
}

impl From<&str> for Writing {
    fn from(text: &str) -> Writing {
        Writing {
            text: text.to_owned(),
            ..Writing::default()
        }
    }
}

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
        writing: Writing,
    ) -> Result<Outcome, Error> {
        let text = writing.text.as_str();
        if text.trim().is_empty() {
            return Err(Obstacle::Empty("text").into());
        }
        let size: u64 = writing.files.iter().map(|(file, _)| file.size()).sum();
        if size > ATTACHED {
            return Err(Obstacle::TooMuchToAttach.into());
        }
        if !writing.files.is_empty() && !writing.harmless {
            return Err(Obstacle::Empty("harmless").into());
        }
        let form = once(&format!("say:{case}:{seen}"), text);
        let quoted = match writing.quotes {
            true => self.last_heard(scope, case).await?,
            false => None,
        };
        let said = self
            .act(scope, case, Some(seen), Role::Handler, |case, moment| {
                let lang = case.intake.lang;
                let quoted = quoted.as_ref();
                let written = WrittenFacts {
                    words: text.to_owned(),
                    enclosed: writing.files.iter().map(|(_, name)| name.clone()).collect(),
                    quoted_on: quoted.map(|it| long_date(received_day(it.at), lang)),
                    quoted: quoted.map(|it| it.body.text.reveal().clone()),
                };
                let files: Vec<FileRow> = writing
                    .files
                    .iter()
                    .map(|(row, _)| row.clone().of_case(case.id))
                    .collect();
                let ids: Vec<FileId> = files.iter().map(FileRow::id).collect();
                let row = outbox::letter(moment, case, &written, &ids)?;
                Ok(Deed {
                    messages: vec![row.clone()],
                    files,
                    form: Some(form),
                    ..Deed::from(vec![Event::Said { message: row.id() }])
                })
            })
            .await;
        self.or_before(scope, case, form, said).await
    }

    /// The newest message of the person, if she wrote any; what somebody else wrote is not quoted to her.
    pub async fn last_heard(&self, scope: &Scope, case: CaseId) -> Result<Option<Shown>, Error> {
        let file = self.case_file(scope, case).await?;
        let hers = |it: &Shown| {
            it.state == MessageState::Received
                && it.body.from.is_none()
                && !it.body.text.reveal().trim().is_empty()
        };
        Ok(file.messages.into_iter().rev().find(hers))
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
