//! After the answer: a complaint, a late answer explained, an answer in the wrong hands.

use chrono::{DateTime, NaiveDate, Utc};

use super::desk::{Deed, Outcome, Undone};
use super::error::Error;
use super::links::CaseLink;
use super::office::Office;
use crate::domain::aftermath::{Complaint, Forum, Misdelivery};
use crate::domain::deadline::received_day;
use crate::domain::delivery::Way;
use crate::domain::event::Event;
use crate::domain::ids::{CaseId, FileId};
use crate::domain::obstacle::Obstacle;
use crate::domain::scope::{Role, Scope};
use crate::storage::events;
use crate::storage::links::Purpose;

impl Office {
    /// Somebody complains about how the request was handled.
    pub async fn complain(
        &self,
        scope: &Scope,
        case: CaseId,
        seen: i64,
        (on, to): (NaiveDate, Forum),
        text: &str,
    ) -> Result<Outcome, Error> {
        self.act(scope, case, Some(seen), Role::Handler, |case, moment| {
            if on > moment.today {
                return Err(Obstacle::Empty("on").into());
            }
            let complaint = Complaint {
                on,
                to,
                text: text.trim().into(),
            };
            Ok(case.complain(complaint, scope.actor())?.into())
        })
        .await
    }

    /// Why the answer comes after its day; the letter prints it.
    pub async fn explain_lateness(
        &self,
        scope: &Scope,
        case: CaseId,
        seen: i64,
        because: &str,
    ) -> Result<Outcome, Error> {
        self.act(scope, case, Some(seen), Role::Handler, |case, _| {
            Ok(case.explain_lateness(because)?.into())
        })
        .await
    }

    /// An answer went to the wrong person: its links end and the outbox of the case stops with the same write
    /// that records what left; the 72 hours of Art. 33(1) GDPR run.
    pub async fn misdelivered(
        &self,
        scope: &Scope,
        case: CaseId,
        seen: i64,
        answer: usize,
        (aware, note): (DateTime<Utc>, &str),
    ) -> Result<Outcome, Error> {
        let fetched = self.fetched_files(scope, case).await?;
        let outcome = self
            .act(scope, case, Some(seen), Role::Handler, |case, moment| {
                let released = answer
                    .checked_sub(1)
                    .and_then(|at| case.answers.get(at))
                    .ok_or(Obstacle::NothingSent)?
                    .released();
                let files: Vec<FileId> = [Some(released.letter), released.package]
                    .into_iter()
                    .flatten()
                    .collect();
                let slip = Misdelivery {
                    answer,
                    aware,
                    way: released.way,
                    to: released.recipient.clone(),
                    fetched: fetched
                        .iter()
                        .filter(|(file, _)| files.contains(file))
                        .copied()
                        .collect(),
                    files,
                    note: note.trim().into(),
                };
                // What went to a mailbox went there with all its links; a letter in the wrong envelope did not.
                let links = match slip.way {
                    Way::Portal => vec![
                        Purpose::Answer,
                        Purpose::Pass,
                        Purpose::Status,
                        Purpose::Mailbox,
                    ],
                    Way::Post => vec![],
                };
                let undone = Undone {
                    links,
                    link: Some(CaseLink::Answer(answer).token(moment.key).digest()),
                    mails: true,
                    ..Undone::default()
                };
                Ok(Deed {
                    undone,
                    ..Deed::from(case.misdeliver(slip, moment.now)?)
                })
            })
            .await?;
        self.remind_of_breaches().await?;
        Ok(outcome)
    }

    /// Which files were fetched to their last byte, and on which day first.
    async fn fetched_files(
        &self,
        scope: &Scope,
        id: CaseId,
    ) -> Result<Vec<(FileId, NaiveDate)>, Error> {
        let (_, _, key) = self.open_with_key(scope, id).await?;
        let reach = scope.clone();
        let rows = self
            .store
            .read(move |conn| events::timeline(conn, &reach, id))
            .await?;
        let mut fetched: Vec<(FileId, NaiveDate)> = vec![];
        for row in rows {
            if let Some(happened) = row.open(&key)?
                && let Event::Fetched { file, .. } = happened.event
                && !fetched.iter().any(|(known, _)| *known == file)
            {
                fetched.push((file, received_day(happened.at)));
            }
        }
        Ok(fetched)
    }
}
