//! Erasing a customer with all tickets: a data-privacy task, made with the second token and read back with the first.

use std::collections::HashSet;
use std::sync::PoisonError;
use std::time::Duration;

use chrono::{DateTime, Utc};
use futures_util::future::BoxFuture;
use serde_json::json;

use super::talk::{Question, Talk};
use super::translate::{self, Object};
use super::{Zammad, key};
use crate::adapters::http::Call;
use crate::domain::identifier::{Identifier, SearchKey};
use crate::ports::source::{
    Erase, Fate, Fault, Leftover, LeftoverKind, Manner, Mishap, Outcome, Preview, RecordRef,
    Search, SideEffect,
};

/// The job over there runs every ten minutes.
const WAIT: Duration = Duration::from_secs(60);
/// A failure as fresh as this is told; after it a repeat makes a new task.
const FRESH: i64 = 15 * 60;

/// Pages of other people's tickets that are counted; beyond, nobody counts.
const FEW_PAGES: u64 = 4;

/// How far a task is.
enum Stage {
    None,
    Running,
    Done,
    Failed(u64),
}

impl Erase for Zammad {
    fn preview<'a>(
        &'a self,
        record: &'a RecordRef,
        manner: Manner,
    ) -> BoxFuture<'a, Result<Preview, Mishap>> {
        Box::pin(async move {
            let mut preview = Preview {
                there: true,
                fate: Fate::Kept,
                why: String::new(),
                effects: Vec::new(),
                leftovers: Vec::new(),
            };
            let kept = |why: &str, mut preview: Preview| {
                preview.why = why.to_owned();
                Ok(preview)
            };
            let Some(id) = key(record, "user") else {
                return match self.gone(record).await? {
                    true => Ok(Preview {
                        there: false,
                        fate: Fate::Gone,
                        ..preview
                    }),
                    false => kept("it goes with its customer only", preview),
                };
            };
            if manner == Manner::Anonymise {
                return kept("zammad makes nobody anonymous", preview);
            }
            let Some(user) = self.reading.one("users", id).await? else {
                (preview.there, preview.fate) = (false, Fate::Gone);
                preview.leftovers = Zammad::leftovers();
                return Ok(preview);
            };
            if let Some(why) = self.forbidden(id, &user).await? {
                return kept(why, preview);
            }
            let mut search = Search::default();
            let tickets = self.tickets_of(id, &mut search).await?;
            preview.fate = Fate::Gone;
            preview.effects = vec![
                SideEffect::Takes {
                    kind: "ticket".to_owned(),
                    count: tickets.len() as u64,
                },
                SideEffect::Webhook("triggers".to_owned()),
                SideEffect::Final,
            ];
            preview.leftovers = self.left(&user).await?;
            Ok(preview)
        })
    }

    fn erase<'a>(
        &'a self,
        record: &'a RecordRef,
        manner: Manner,
    ) -> BoxFuture<'a, Result<Outcome, Mishap>> {
        Box::pin(async move {
            let Some(id) = key(record, "user") else {
                return match self.gone(record).await? {
                    true => Ok(Outcome::new(Fate::Gone, format!("{} 404", record.kind))),
                    false => Ok(Outcome::new(Fate::Kept, "it goes with its customer only")),
                };
            };
            if manner == Manner::Anonymise {
                return Ok(Outcome::new(Fate::Kept, "zammad makes nobody anonymous"));
            }
            let Some(erasing) = &self.erasing else {
                return Err(Mishap::new(Fault::Misconfigured, "no second token"));
            };
            let Some(user) = self.reading.one("users", id).await? else {
                return self.read_back(id, Zammad::leftovers()).await;
            };
            if let Some(why) = self.forbidden(id, &user).await? {
                return Err(Mishap::new(Fault::Refused, why));
            }
            if record.version.as_deref() != Some(translate::mark(&user).as_str()) {
                return Err(Mishap::new(
                    Fault::Conflict,
                    "users: no longer the one that was found",
                ));
            }
            let leftovers = self.left(&user).await?;
            match self.stage(erasing, id).await? {
                Stage::Running => return Err(under_way()),
                Stage::Done => {
                    return Err(Mishap::new(
                        Fault::NotWritten,
                        "task completed, and the user is there",
                    ));
                }
                Stage::Failed(task) if self.tell(task) => return Err(failed()),
                Stage::Failed(_) | Stage::None => {}
            }
            let body = json!({ "deletable_type": "User", "deletable_id": id });
            let task = match erasing
                .object(&Call::post(&["data_privacy_tasks"]).json(&body))
                .await
            {
                Err(mishap) if mishap.fault == Fault::UnderWay => return Err(under_way()),
                other => other?,
            };
            let Some(number) = translate::number(&task, "id") else {
                return Err(Mishap::new(Fault::Unreadable, "data_privacy_tasks: no id"));
            };
            // What it says of the person is masked; whether she is gone is read where she was.
            match translate::text(&erasing.object(&task_call(number)).await?, "state") {
                "completed" => self.read_back(id, leftovers).await,
                "failed" => {
                    self.tell(number);
                    Err(failed())
                }
                _ => Err(under_way()),
            }
        })
    }
}

impl Zammad {
    /// Why somebody is never erased by the machine.
    async fn forbidden(&self, id: u64, user: &Object) -> Result<Option<&'static str>, Mishap> {
        if id == 1 {
            return Ok(Some("user 1 is zammad itself"));
        }
        if !self.customer(user) {
            return Ok(Some("not a customer"));
        }
        for talk in [Some(&self.reading), self.erasing.as_ref()]
            .into_iter()
            .flatten()
        {
            if talk.me().await?.id == id {
                return Ok(Some("the account of a token"));
            }
        }
        Ok(None)
    }

    /// Whether a ticket, message or organisation is not there any more.
    async fn gone(&self, record: &RecordRef) -> Result<bool, Mishap> {
        let place = match record.kind.as_str() {
            "ticket" => "tickets",
            "article" => "ticket_articles",
            "organization" => "organizations",
            _ => return Err(Mishap::new(Fault::Unknown, "no such kind of record")),
        };
        let Some(id) = key(record, &record.kind) else {
            return Err(Mishap::new(
                Fault::NoIdentifier,
                format!("{place}: no number"),
            ));
        };
        Ok(self.reading.one(place, id).await?.is_none())
    }

    /// How far the newest task for that user is.
    async fn stage(&self, erasing: &Talk, id: u64) -> Result<Stage, Mishap> {
        let answer = erasing.ask(&Call::get(&["data_privacy_tasks"])).await?;
        let tasks: Vec<Object> = answer.json()?;
        let hers = |task: &&Object| {
            translate::text(task, "deletable_type") == "User"
                && translate::number(task, "deletable_id") == Some(id)
        };
        let number = |task: &&Object| translate::number(task, "id").unwrap_or_default();
        let Some(newest) = tasks.iter().filter(hers).max_by_key(number) else {
            return Ok(Stage::None);
        };
        Ok(match translate::text(newest, "state") {
            "completed" => Stage::Done,
            "failed" => {
                // A failure of long ago was told long ago, by the clock over there.
                let moment = |text: &str| {
                    DateTime::parse_from_rfc3339(text)
                        .ok()
                        .map(|it| it.with_timezone(&Utc))
                };
                let now = answer
                    .header("date")
                    .and_then(|it| DateTime::parse_from_rfc2822(it).ok());
                let ended = moment(translate::text(newest, "updated_at"));
                let age = now
                    .zip(ended)
                    .map(|(now, ended)| (now.with_timezone(&Utc) - ended).num_seconds());
                let task = number(&newest);
                if age.is_some_and(|age| age > FRESH) {
                    self.told
                        .lock()
                        .unwrap_or_else(PoisonError::into_inner)
                        .insert(task);
                }
                Stage::Failed(task)
            }
            _ => Stage::Running,
        })
    }

    /// Whether a failure is still to be told; it is then.
    fn tell(&self, task: u64) -> bool {
        self.told
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(task)
    }

    async fn read_back(&self, id: u64, leftovers: Vec<Leftover>) -> Result<Outcome, Mishap> {
        // That we are heard at all is asked too: a Zammad that misses everything proves nothing.
        self.reading.me().await?;
        if self.reading.one("users", id).await?.is_some() {
            return Err(Mishap::new(
                Fault::NotWritten,
                "task completed, and the user is there",
            ));
        }
        let tickets = self.tickets_of(id, &mut Search::default()).await?.len();
        match tickets {
            0 => Ok(Outcome::new(Fate::Gone, "users 404, tickets 0").leaving(leftovers)),
            some => Err(Mishap::new(
                Fault::NotWritten,
                format!("users 404, tickets {some}"),
            )),
        }
    }

    /// What stays, with the number of other people's tickets that name her.
    async fn left(&self, user: &Object) -> Result<Vec<Leftover>, Mishap> {
        let mut leftovers = Zammad::leftovers();
        let id = translate::number(user, "id");
        let Some(address) = Identifier::new(SearchKey::Email, translate::text(user, "email"))
        else {
            return Ok(leftovers);
        };
        if let Some(mentions) = leftovers
            .iter_mut()
            .find(|it| it.kind == LeftoverKind::Mentions)
            && self.settings.mentions
        {
            mentions.count = self.named_in(&address, id).await.ok();
        }
        if let Some(organization) = translate::number(user, "organization_id")
            && let Ok(Some(organization)) = self.reading.one("organizations", organization).await
            && organization
                .get("member_ids")
                .and_then(serde_json::Value::as_array)
                .is_some_and(|it| it.len() == 1)
        {
            leftovers.push(Leftover::new(LeftoverKind::Other, "organizations"));
        }
        Ok(leftovers)
    }

    /// In how many tickets of others the address stands, compared by ourselves; unknown where there are very many.
    async fn named_in(&self, address: &Identifier, customer: Option<u64>) -> Result<u64, Mishap> {
        let (mut looked, mut named) = (HashSet::new(), 0);
        for field in ["from", "to", "cc", "subject", "body"] {
            let value = json!(address.canonical());
            let mut pages = Question::by("tickets", &format!("article.{field}"), "contains", value)
                .pages(FEW_PAGES);
            while let Some(rows) = pages.next(&self.reading).await? {
                for row in rows
                    .iter()
                    .filter(|row| translate::number(row, "customer_id") != customer)
                {
                    let Some(id) = translate::number(row, "id").filter(|id| looked.insert(*id))
                    else {
                        continue;
                    };
                    let articles = self.reading.articles(id).await?;
                    named += u64::from(
                        articles
                            .iter()
                            .any(|it| translate::mention(it, address).is_some()),
                    );
                }
            }
        }
        Ok(named)
    }
}

fn task_call(number: u64) -> Call {
    Call::get(&["data_privacy_tasks", &number.to_string()])
}

fn under_way() -> Mishap {
    Mishap::new(Fault::UnderWay, "the task is in process").after(WAIT)
}

/// Why it failed stands in the task, with names: it is read over there.
fn failed() -> Mishap {
    Mishap::new(Fault::Refused, "the task failed; a repeat makes a new one")
}
