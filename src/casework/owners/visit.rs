//! What lies behind the link of a system's owner: a code to her mailbox first, then the question, and one answer.

use chrono::{DateTime, NaiveDate, TimeDelta};
use subtle::ConstantTimeEq;

use super::super::desk::Deed;
use super::super::error::Error;
use super::super::links::{CaseLink, code_digest};
use super::super::office::Office;
use super::super::reading::masked;
use super::CODE;
use crate::domain::case::Case;
use crate::domain::collection::{Outcome as Answer, Task};
use crate::domain::identifier::Identifier;
use crate::domain::ids::{CaseId, ControllerId, FileId, SystemId};
use crate::domain::obstacle::Obstacle;
use crate::domain::owner::Asking;
use crate::domain::private::Private;
use crate::domain::scope::{Role, Scope};
use crate::seal::Key;
use crate::seal::chance::{self, Token};
use crate::storage::filing::{self, FileRow};
use crate::storage::links::{self, LinkRow, NewCode, Purpose};
use crate::storage::{StoreError, events, mail_days};

/// A code is good for so long.
pub const CODE_MINUTES: i64 = 15;
/// And for so many tries.
const CODE_TRIES: i32 = 5;
/// A fresh code is sent at most so often, in seconds.
const CODE_PAUSE: i64 = 60;
/// And so many a day for one link: who has the link but not the mailbox can neither fill it nor guess for long.
const CODES_A_DAY: i32 = 10;
/// After the right code the page is open for a working day: looking takes its time.
const PASS_HOURS: i64 = 9;

/// What the link says before the code: no more than the mail did.
#[derive(Debug, Clone)]
pub struct Doorstep {
    /// Whose it is.
    pub controller: ControllerId,
    /// The case's number.
    pub number: String,
    /// The system's name.
    pub system: String,
    /// Where the code goes, nearly hidden.
    pub mailbox: String,
    /// Until when an answer is expected.
    pub due: NaiveDate,
}

/// What the owner has to know to look, and no more.
#[derive(Debug, Clone)]
pub struct OwnersTask {
    /// What was said before the code.
    pub doorstep: Doorstep,
    /// The day on which the request came.
    pub received: NaiveDate,
    /// Since when she is asked.
    pub asked: NaiveDate,
    /// Until when the link opens.
    pub until: NaiveDate,
    /// By what she looks: only what her system can be searched by.
    pub identifiers: Vec<Identifier>,
    /// The categories of data that lie there, by the register.
    pub categories: Vec<String>,
}

/// What an owner says. Files were uploaded before, under the key of the form.
#[derive(Debug, Clone)]
pub enum Said {
    /// Something is there.
    Found(Private<String>),
    /// Nothing is there; what was searched.
    Nothing(Private<String>),
    /// It could not be looked; why.
    NotPossible(Private<String>),
}

/// An open link with the case behind it.
struct Visit {
    case: Case,
    key: Key,
    scope: Scope,
    link: LinkRow,
    system: SystemId,
    number: u32,
}

impl Visit {
    fn question(&self) -> Result<(&Task, &Asking), Error> {
        let asking = self
            .case
            .asking(self.system, self.number)
            .ok_or(Error::Link)?;
        let mut tasks = self.case.collection.tasks.iter();
        let task = tasks
            .find(|it| it.system == self.system)
            .ok_or(Error::Link)?;
        Ok((task, asking))
    }

    fn doorstep(&self) -> Result<Doorstep, Error> {
        let (task, asking) = self.question()?;
        Ok(Doorstep {
            controller: self.case.controller,
            number: self.case.number.clone(),
            system: task.name.clone(),
            mailbox: masked(asking.owner.email.reveal()),
            due: asking.due,
        })
    }
}

/// Whether the question behind this token can be answered on this day.
fn open_question(
    case: &Case,
    key: &Key,
    token: &[u8; 32],
    today: NaiveDate,
) -> Option<(SystemId, u32)> {
    let tasks = case.collection.tasks.iter();
    let mut asked = tasks.filter_map(|task| Some((task.system, task.asked_now()?)));
    let (system, asking) = asked.find(|(system, asking)| {
        CaseLink::Owner(*system, asking.number).token(key).digest() == *token
    })?;
    let good = case.closed.is_none() && today <= case.question_open_until(asking);
    good.then_some((system, asking.number))
}

impl Office {
    /// The link, whether it opens anything or not.
    async fn owner_link(&self, token: &Token) -> Result<LinkRow, Error> {
        let digest = token.digest();
        let found = self
            .store
            .read(move |conn| links::find(conn, &digest, Purpose::Owner));
        match found.await {
            Err(StoreError::NotFound) => Err(Error::Link),
            other => Ok(other?),
        }
    }

    async fn owner_visit(&self, token: &Token) -> Result<Visit, Error> {
        let link = self.owner_link(token).await?;
        let id = link
            .case()
            .filter(|_| link.good_at(self.now()))
            .ok_or(Error::Link)?;
        let reach = Scope::of_house(link.controller());
        let (case, _, key) = match self.open_with_key(&reach, id).await {
            Err(Error::NotFound) => return Err(Error::Link),
            other => other?,
        };
        let question = open_question(&case, &key, &token.digest(), self.today());
        let (system, number) = question.ok_or(Error::Link)?;
        Ok(Visit {
            scope: Scope::of_owner(case.controller, system),
            case,
            key,
            link,
            system,
            number,
        })
    }

    /// What the link says before the code.
    ///
    /// # Errors
    /// [`Error::Link`] where it opens nothing.
    pub async fn owner_doorstep(&self, token: &Token) -> Result<Doorstep, Error> {
        self.owner_visit(token).await?.doorstep()
    }

    /// Sends a code to the mailbox to which the link went.
    ///
    /// # Errors
    /// [`Error::Link`]; [`Error::TooOften`].
    pub async fn send_owner_code(&self, token: &Token) -> Result<(), Error> {
        let visit = self.owner_visit(token).await?;
        let (now, today, digest) = (self.now(), self.today(), token.digest());
        let recent = |until: DateTime<chrono::Utc>| {
            until > now + TimeDelta::minutes(CODE_MINUTES) - TimeDelta::seconds(CODE_PAUSE)
        };
        if visit.link.code().is_some_and(|(_, until, _)| recent(until)) {
            return Err(Error::TooOften);
        }
        let (controller, mark) = (
            visit.case.controller,
            self.house(visit.case.controller)?
                .index
                .exact_digest(&digest),
        );
        let within = self
            .store
            .write(move |conn| mail_days::count(conn, controller, &mark, today, CODES_A_DAY));
        if !within.await? {
            return Err(Error::TooOften);
        }
        let code = chance::code6();
        let until = now + TimeDelta::minutes(CODE_MINUTES);
        let fresh = NewCode {
            link: digest,
            digest: code_digest(&visit.key, &digest, &code),
            until,
            recent: until - TimeDelta::seconds(CODE_PAUSE),
        };
        let (system, number) = (visit.system, visit.number);
        // The code and its mail are one write: none is kept that never leaves.
        let sent = self
            .act(
                &visit.scope,
                visit.case.id,
                None,
                Role::Handler,
                |case, moment| {
                    let asking = case.asking(system, number).ok_or(Error::Link)?;
                    let task = case.collection.tasks.iter().find(|it| it.system == system);
                    let task = task.ok_or(Error::Link)?;
                    Ok(Deed {
                        messages: vec![super::mail(
                            moment,
                            case,
                            (task, asking),
                            CODE,
                            Some(&code),
                        )?],
                        code: Some(fresh.clone()),
                        noted: Some("owner.code"),
                        ..Deed::default()
                    })
                },
            )
            .await;
        match sent {
            Ok(_) => Ok(()),
            Err(Error::Store(StoreError::Taken)) => Err(Error::TooOften),
            Err(other) => Err(other),
        }
    }

    /// Tries a code; the right one gives a pass for the page.
    ///
    /// # Errors
    /// [`Error::Code`] where it is wrong, too old or tried too often.
    pub async fn try_owner_code(&self, token: &Token, typed: &str) -> Result<Token, Error> {
        let visit = self.owner_visit(token).await?;
        let (now, digest) = (self.now(), token.digest());
        let Some((kept, until, _)) = visit.link.code() else {
            return Err(Error::Code);
        };
        // Counted before it is judged: tries side by side count as well.
        let tries = self
            .store
            .write(move |conn| links::count_try(conn, &digest))
            .await?;
        if tries > CODE_TRIES || until < now {
            self.store
                .write(move |conn| links::spend_code(conn, &digest))
                .await?;
            return Err(Error::Code);
        }
        let typed: String = typed.chars().filter(char::is_ascii_digit).collect();
        if !bool::from(code_digest(&visit.key, &digest, &typed).ct_eq(kept)) {
            return Err(Error::Code);
        }
        let pass = Token::generate();
        let until = now + TimeDelta::hours(PASS_HOURS);
        let controller = visit.case.controller;
        let row = LinkRow::new(
            pass.digest(),
            Purpose::OwnerPass,
            controller,
            now,
            Some(until),
        )
        .for_case(visit.case.id)
        .under(digest);
        let case = visit.case.id.to_string();
        let noted = self.noted(&visit.scope, controller, "owner.opened", &case);
        self.store
            .write(move |conn| {
                links::spend_code(conn, &digest)?;
                links::insert(conn, &row)?;
                events::insert(conn, std::slice::from_ref(&noted))
            })
            .await?;
        Ok(pass)
    }

    /// A link with its pass.
    async fn let_in(&self, token: &Token, pass: &Token) -> Result<Visit, Error> {
        let visit = self.owner_visit(token).await?;
        let digest = pass.digest();
        let found = self
            .store
            .read(move |conn| links::find(conn, &digest, Purpose::OwnerPass));
        let row = match found.await {
            Err(StoreError::NotFound) => return Err(Error::Code),
            other => other?,
        };
        match row.good_at(self.now()) && row.parent() == Some(token.digest()) {
            true => Ok(visit),
            false => Err(Error::Code),
        }
    }

    /// The question, for somebody with a pass.
    ///
    /// # Errors
    /// [`Error::Link`]; [`Error::Code`] where the pass has run out.
    pub async fn owners_task(&self, token: &Token, pass: &Token) -> Result<OwnersTask, Error> {
        let visit = self.let_in(token, pass).await?;
        let (task, asking) = visit.question()?;
        Ok(OwnersTask {
            doorstep: visit.doorstep()?,
            received: visit.case.intake.received,
            asked: asking.on,
            until: visit.case.question_open_until(asking),
            identifiers: visit.case.identifiers_for(task),
            categories: task.categories.clone(),
        })
    }

    /// Whether this form brought the answer to the question behind this link: sent twice it is here already.
    ///
    /// # Errors
    /// Of the store.
    pub async fn owner_has_said(&self, token: &Token, form: &Token) -> Result<bool, Error> {
        let link = self.owner_link(token).await?;
        let digest = form.digest();
        let known = self
            .store
            .read(move |conn| links::case_of_form(conn, &digest))
            .await?;
        Ok(known.is_some_and(|(_, case): (ControllerId, CaseId)| Some(case) == link.case()))
    }

    /// Takes an owner's answer, once; with it her link ends.
    ///
    /// # Errors
    /// An [`Obstacle`] where words are lacking; [`Error::Link`]; [`Error::Code`] where the pass has run out.
    pub async fn answer_as_owner(
        &self,
        (token, pass): (&Token, &Token),
        form: &Token,
        said: Said,
    ) -> Result<(), Error> {
        if self.owner_has_said(token, form).await? {
            return Ok(());
        }
        let visit = match self.let_in(token, pass).await {
            // The other of two clicks has ended the link, and the pass with it, meanwhile.
            Err(Error::Link | Error::Code) if self.owner_has_said(token, form).await? => {
                return Ok(());
            }
            visit => visit?,
        };
        let (controller, digest) = (visit.case.controller, form.digest());
        let files = self
            .store
            .read(move |conn| filing::of_form(conn, controller, &digest))
            .await?;
        let files: Vec<FileId> = files.iter().map(FileRow::id).collect();
        let outcome = match said {
            Said::Found(text) => Answer::Found { text, files },
            // What was uploaded would lie in the case without being found.
            _ if !files.is_empty() => return Err(Obstacle::Empty("files").into()),
            Said::Nothing(text) if text.reveal().trim().is_empty() => {
                return Err(Obstacle::Empty("searched").into());
            }
            Said::Nothing(text) => Answer::Nothing { text },
            Said::NotPossible(because) => Answer::NotPossible { because },
        };
        let (system, number) = (visit.system, visit.number);
        let answered = self
            .act(
                &visit.scope,
                visit.case.id,
                None,
                Role::Handler,
                |case, _| {
                    // Answered, taken back or closed while she wrote.
                    case.asking(system, number).ok_or(Error::Link)?;
                    Ok(Deed {
                        form: Some(digest),
                        ..Deed::from(case.answer_task(system, outcome.clone())?)
                    })
                },
            )
            .await;
        match answered {
            Ok(_) => Ok(()),
            Err(Error::Store(StoreError::Taken)) => Ok(()),
            Err(Error::Link) if self.owner_has_said(token, form).await? => Ok(()),
            Err(other) => Err(other),
        }
    }
}
