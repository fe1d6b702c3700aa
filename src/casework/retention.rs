//! The end of a case, taking it up again, and forgetting what is over.

use std::sync::Arc;

use chrono::{DateTime, Days, TimeDelta, Utc};

use super::desk::{Deed, Moment, Outcome};
use super::error::Error;
use super::office::Office;
use crate::domain::case::Case;
use crate::domain::ids::CaseId;
use crate::domain::scope::{Role, Scope};
use crate::domain::stage::Stage;
use crate::storage::cases::{self, Cursor, Filter};
use crate::storage::{
    StoreError, clerks, examples, filing, jobs, links, mail_days, messages, outliving,
};

/// An answer that did not come back for so many days has arrived.
const QUIET_DAYS: u64 = 3;
/// Uploads of forms that were never sent are kept so long.
const FORM_HOURS: i64 = 48;
/// So long it is remembered that a form was sent.
const SUBMISSION_DAYS: i64 = 30;
/// The access log ends after twelve months.
/// The names of those who left are kept for so long, for reading the log.
const NAMES_DAYS: i64 = 2 * 365;
const LOOKS_DAYS: i64 = 365;
/// Kept promises are forgotten after so many days.
const PROMISE_DAYS: i64 = 120;
/// A younger file may be about to be named.
const ORPHAN_HOURS: i64 = 24;
/// So many rows go at a time.
const PORTION: i64 = 200;

impl Office {
    /// Closes a case whose items have all ended.
    pub async fn close(&self, scope: &Scope, case: CaseId, seen: i64) -> Result<Outcome, Error> {
        self.act(scope, case, Some(seen), Role::Handler, |case, moment| {
            Ok(case.close(moment.today)?.into())
        })
        .await
    }

    /// Takes a closed case up again; its first clock stands.
    pub async fn reopen(
        &self,
        scope: &Scope,
        case: CaseId,
        seen: i64,
        because: &str,
    ) -> Result<Outcome, Error> {
        self.act(scope, case, Some(seen), Role::Handler, |case, _| {
            Ok(case.reopen(because)?.into())
        })
        .await
    }

    /// Keeps everything of a file, for instance because of a dispute.
    pub async fn hold(
        &self,
        scope: &Scope,
        case: CaseId,
        seen: i64,
        because: &str,
    ) -> Result<Outcome, Error> {
        self.act(scope, case, Some(seen), Role::Decider, |case, moment| {
            Ok(case.hold(because, moment.today, scope.actor())?.into())
        })
        .await
    }

    /// Lifts a hold; what was due meanwhile goes the next night.
    pub async fn lift(
        &self,
        scope: &Scope,
        case: CaseId,
        seen: i64,
        hold: usize,
        because: &str,
    ) -> Result<Outcome, Error> {
        self.act(scope, case, Some(seen), Role::Decider, |case, moment| {
            Ok(case.lift(hold, because, moment.today)?.into())
        })
        .await
    }

    /// Closes the cases whose answer left three days ago and did not come back.
    pub async fn close_quiet(&self) -> Result<usize, Error> {
        let mut closed = 0;
        // What is sorted apart is answered like the rest, and ends like the rest.
        let lists = self
            .houses()
            .iter()
            .flat_map(|house| [false, true].map(|apart| (house, apart)));
        for (house, apart) in lists {
            let scope = Scope::of_house(house.controller.id);
            let mut after: Option<Cursor> = None;
            loop {
                let reach = scope.clone();
                let filter = Filter {
                    stage: Some(Stage::Delivery),
                    apart,
                    ..Filter::default()
                };
                let lines = self
                    .store
                    .read(move |conn| cases::page(conn, &reach, &filter, after, PORTION))
                    .await?;
                if lines.is_empty() {
                    break;
                }
                for line in lines {
                    let line = line.unopened()?;
                    after = Some(Cursor {
                        due: line.due,
                        id: line.id,
                    });
                    match self
                        .act(&scope, line.id, None, Role::Admin, close_if_quiet)
                        .await
                    {
                        Ok(outcome) => closed += usize::from(outcome.changed),
                        // It stays open; the others behind it are not to wait for it.
                        Err(Error::Obstacle(why)) => {
                            tracing::warn!(case = %line.id, why = why.code(), "a quiet case stays open");
                        }
                        Err(other) => return Err(other),
                    }
                }
            }
        }
        Ok(closed)
    }

    /// Forgets what is over: forms never sent, sessions, passes, looks, kept promises, orphaned files.
    pub async fn sweep(&self) -> Result<(), Error> {
        let (now, today) = (self.now(), self.today());
        self.store
            .write(move |conn| {
                outliving::forget_erasures(conn, today)?;
                examples::forget(conn, today)?;
                mail_days::forget(conn, today - TimeDelta::days(1))?;
                messages::forget_house_mail(conn, now - TimeDelta::days(PROMISE_DAYS))?;
                links::forget_submissions(conn, now - TimeDelta::days(SUBMISSION_DAYS))?;
                links::forget_passes(conn, now)?;
                clerks::forget_sessions(conn, now)?;
                clerks::forget_looks(conn, now - TimeDelta::days(LOOKS_DAYS))?;
                clerks::forget_names(conn, now - TimeDelta::days(NAMES_DAYS))?;
                jobs::forget(conn, now - TimeDelta::days(PROMISE_DAYS))
            })
            .await?;
        self.sweep_forms(now - TimeDelta::hours(FORM_HOURS)).await?;
        self.sweep_orphans(now - TimeDelta::hours(ORPHAN_HOURS))
            .await
    }

    /// Uploads of forms that were never sent: in portions, until none is left.
    async fn sweep_forms(&self, before: DateTime<Utc>) -> Result<(), Error> {
        loop {
            let stored = self
                .store
                .write(move |conn| filing::forget_forms(conn, before, PORTION))
                .await?;
            if stored.is_empty() {
                return Ok(());
            }
            for name in stored {
                self.files.remove(&name)?;
            }
        }
    }

    /// A file that no row names was left by an act that did not come to its end.
    async fn sweep_orphans(&self, cutoff: DateTime<Utc>) -> Result<(), Error> {
        let files = Arc::clone(&self.files);
        self.store
            .read(move |conn| {
                // What cannot be told is kept.
                let named = |name: &str| filing::known(conn, name).unwrap_or(true);
                files
                    .sweep(cutoff, named)
                    .map_err(|error| StoreError::File(error.to_string()))
            })
            .await?;
        Ok(())
    }
}

fn close_if_quiet(case: &Case, moment: &Moment<'_>) -> Result<Deed, Error> {
    let end = case
        .quiet_since()
        .and_then(|on| on.checked_add_days(Days::new(QUIET_DAYS)));
    if end.is_some_and(|end| end <= moment.today) {
        Ok(case.close(moment.today)?.into())
    } else {
        Ok(Deed::default())
    }
}
