//! The public side of a proof: what the person is asked for, and what she brings. No page says whether data exist.

use chrono::NaiveDate;

use super::super::desk::Deed;
use super::super::error::Error;
use super::super::office::Office;
use crate::domain::identity::{ANSWERS, AddressKind, Knowledge, Method};
use crate::domain::ids::FileId;
use crate::domain::lang::Lang;
use crate::domain::obstacle::Obstacle;
use crate::domain::private::Private;
use crate::domain::scope::Role;
use crate::seal::chance::Token;
use crate::storage::StoreError;
use crate::storage::filing::{self, FilePurpose, FileRow};
use crate::storage::links::Purpose;
use crate::words::proof;

/// Most characters of one answer.
const ANSWER: usize = 200;

/// One of the means, as far as the page needs to know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Means {
    /// Which one.
    pub method: Method,
    /// What is asked for, where it is knowledge.
    pub keys: Vec<Knowledge>,
    /// A code is on its way: by letter or by mail.
    pub code: Option<AddressKind>,
}

/// What the page of a proof shows.
#[derive(Debug, Clone)]
pub struct ProofPage {
    /// The case's number.
    pub number: String,
    /// The language of the case.
    pub lang: Lang,
    /// Whose it is.
    pub controller: crate::domain::ids::ControllerId,
    /// When it was asked.
    pub asked: NaiveDate,
    /// Why.
    pub doubt: Private<String>,
    /// What would suffice.
    pub means: Vec<Means>,
    /// Whether the clock rests until the answer.
    pub paused: bool,
    /// When the answer is due.
    pub due: NaiveDate,
    /// Until when we wait, once the person was reminded.
    pub until: Option<NaiveDate>,
    /// Something came that nobody has looked at yet.
    pub waiting: bool,
    /// Somebody has to look first; nothing more can be sent here.
    pub full: bool,
}

impl Office {
    /// What is asked of the person; nothing, where nothing is asked.
    pub async fn proof_page(&self, token: &Token) -> Result<Option<ProofPage>, Error> {
        let (id, scope) = self.case_link(token, Purpose::Status).await?;
        let (case, _) = self.open(&scope, id).await?;
        let Some(asked) = case.question() else {
            return Ok(None);
        };
        let code = case.proof.code.as_ref();
        let code_for = |method: Method| {
            code.filter(|code| code.method() == method && code.sent.is_some())
                .map(|code| code.on_file.kind)
        };
        let means = asked
            .means
            .iter()
            .map(|method| Means {
                method: *method,
                keys: match method {
                    Method::Knowledge => asked.keys.clone(),
                    _ => vec![],
                },
                code: code_for(*method),
            })
            .collect();
        Ok(Some(ProofPage {
            number: case.number.clone(),
            lang: case.intake.lang,
            controller: case.controller,
            asked: asked.on,
            doubt: asked.doubt.clone(),
            means,
            paused: case.term.deadline.waiting_since.is_some(),
            due: case.due(),
            until: case.proof.reminded.map(|on| case.closes_on(on)),
            waiting: !case.proof.given.is_empty(),
            full: case.proof.answers >= ANSWERS,
        }))
    }

    /// The person answers what she was asked. The answers lie sealed in a file of their own until somebody has
    /// compared them. Sent twice they are taken once.
    pub async fn give_answers(
        &self,
        token: &Token,
        form: &Token,
        answers: &[(Knowledge, String)],
    ) -> Result<(), Error> {
        let (id, scope) = self.case_link(token, Purpose::Status).await?;
        let (case, _) = self.open(&scope, id).await?;
        case.give_proof(Method::Knowledge, vec![], self.today())?;
        let text: Vec<String> = answers
            .iter()
            .filter(|(_, answer)| !answer.trim().is_empty())
            .map(|(key, answer)| {
                let answer: String = answer.trim().chars().take(ANSWER).collect();
                format!("{}: {answer}", proof::knowledge(*key, Lang::De))
            })
            .collect();
        if text.is_empty() {
            return Err(Obstacle::Empty("text").into());
        }
        let house = self.house(case.controller)?;
        let name = "antworten.txt".to_owned().into();
        let row = self
            .put_file(
                house,
                Some(id),
                None,
                FilePurpose::Proof,
                (&name, "text/plain"),
                text.join("\n").into_bytes(),
            )
            .await?;
        let digest = form.digest();
        let given = self
            .act(&scope, id, None, Role::Handler, |case, moment| {
                let files = vec![row.id()];
                Ok(Deed {
                    files: vec![row.clone()],
                    form: Some(digest),
                    ..Deed::from(case.give_proof(Method::Knowledge, files, moment.today)?)
                })
            })
            .await;
        if given.is_err() {
            // Nothing names it: what is not taken in does not lie about until the next sweep.
            self.remove_bytes(vec![row.stored().to_owned()]).await?;
        }
        once(given.map(|_| ()))
    }

    /// The person hands in what was uploaded before under this form.
    pub async fn give_papers(
        &self,
        token: &Token,
        form: &Token,
        method: Method,
    ) -> Result<(), Error> {
        let (id, scope) = self.case_link(token, Purpose::Status).await?;
        let controller = scope
            .controllers()
            .first()
            .copied()
            .ok_or(Error::NotFound)?;
        let digest = form.digest();
        let files = self
            .store
            .read(move |conn| filing::of_form(conn, controller, &digest))
            .await?;
        let ids: Vec<FileId> = files.iter().map(FileRow::id).collect();
        if ids.is_empty() {
            return match self.sent_before(&digest).await? {
                Some(_) => Ok(()),
                None => Err(Obstacle::Empty("files").into()),
            };
        }
        let given = self
            .act(&scope, id, None, Role::Handler, |case, moment| {
                Ok(Deed {
                    form: Some(digest),
                    ..Deed::from(case.give_proof(method, ids.clone(), moment.today)?)
                })
            })
            .await;
        once(given.map(|_| ()))
    }
}

/// Sent a second time it is here already.
fn once(given: Result<(), Error>) -> Result<(), Error> {
    match given {
        Err(Error::Store(StoreError::Taken)) => Ok(()),
        other => other,
    }
}
