//! The talk with Zammad: its logins, its misleading statuses, its pages. Never with a header `From`, which would mean to
//! act as somebody else.

use std::collections::{BTreeSet, HashSet};

use reqwest::Method;
use serde_json::{Value, json};

use super::Settings;
use super::translate::{self, Object};
use crate::adapters::Limits;
use crate::adapters::http::{Answer, Call, Http, Line, of_status};
use crate::adapters::secret::KeyPlace;
use crate::domain::identifier::{Identifier, SearchKey};
use crate::ports::source::{Fault, Mishap};

/// Rows of a page: what Zammad gives unasked, so that no hidden maximum lies below it.
const PAGE: u64 = 50;

/// Whose token it is, and what is in sight of it.
pub(super) struct Me {
    pub id: u64,
    login: String,
    email: String,
    roles: Vec<u64>,
    /// Names of the groups that can be read by rights of one's own.
    pub groups: BTreeSet<String>,
}

/// One of the two lines.
#[derive(Debug)]
pub(super) struct Talk {
    pub http: Http,
}

impl Talk {
    pub fn new(settings: &Settings, key: &KeyPlace, limits: &Limits) -> Result<Talk, Mishap> {
        let token = key.read()?;
        let base = settings.address.trim_end_matches('/');
        let http = Http::new(&Line {
            address: format!("{}/api/v1", base.trim_end_matches("/api/v1")),
            ca_file: settings.ca_file.clone(),
            limits: limits.clone(),
            headers: vec![
                ("authorization", format!("Token token={}", token.reveal())),
                ("accept", "application/json".to_owned()),
            ],
        })?;
        Ok(Talk { http })
    }

    /// Sends a call and wants success.
    pub async fn ask(&self, call: &Call) -> Result<Answer, Mishap> {
        sound(self.http.send(call).await?)
    }

    /// One object.
    pub async fn object(&self, call: &Call) -> Result<Object, Mishap> {
        self.ask(call).await?.json()
    }

    /// One object by its number; none, if it is not there.
    pub async fn one(&self, place: &str, id: u64) -> Result<Option<Object>, Mishap> {
        let call = Call::get(&[place, &id.to_string()]).query("expand", "true");
        match self.object(&call).await {
            Ok(object) if translate::number(&object, "id") == Some(id) => Ok(Some(object)),
            Ok(_) => Err(Mishap::new(
                Fault::Unreadable,
                format!("{place}: another one than asked for"),
            )),
            Err(mishap) if mishap.fault == Fault::Missing => Ok(None),
            Err(mishap) => Err(mishap),
        }
    }

    /// Whose token it is.
    pub async fn me(&self) -> Result<Me, Mishap> {
        let me = self
            .object(&Call::get(&["users", "me"]).query("expand", "true"))
            .await?;
        let id = translate::number(&me, "id")
            .filter(|id| *id > 0)
            .ok_or_else(|| Mishap::new(Fault::Unreadable, "users/me: no id"))?;
        Ok(Me {
            id,
            login: translate::text(&me, "login").to_owned(),
            email: translate::text(&me, "email").to_owned(),
            roles: translate::numbers(&me, "role_ids"),
            groups: translate::readable_groups(&me),
        })
    }

    /// The groups that can be read by a role. A Zammad that does not tell its roles tells of no group so.
    pub async fn groups_by_roles(&self, me: &Me) -> Result<BTreeSet<String>, Mishap> {
        let call = Call::get(&["users", "me"]).query("full", "true");
        match self.object(&call).await {
            Ok(full) => Ok(translate::groups_of_roles(&full, &me.roles)),
            Err(mishap)
                if matches!(
                    mishap.fault,
                    Fault::Forbidden | Fault::Missing | Fault::Refused | Fault::Unknown
                ) =>
            {
                Ok(BTreeSet::new())
            }
            Err(mishap) => Err(mishap),
        }
    }

    /// The groups that Zammad names. An agent without any group is told of none, and that is no proof that there is
    /// nothing to see.
    pub async fn groups(&self) -> Result<Option<Vec<String>>, Mishap> {
        let answer = match self.ask(&Call::get(&["groups"])).await {
            Err(mishap) if mishap.fault == Fault::Forbidden => return Ok(None),
            other => other?,
        };
        let groups: Vec<Object> = answer.json()?;
        let names: Vec<String> = groups
            .iter()
            .map(|it| translate::text(it, "name").to_owned())
            .collect();
        Ok(Some(names).filter(|names| !names.is_empty()))
    }

    /// Whether this Zammad searches users by conditions (6.5 and later), past its index. An older one ignores them and
    /// answers with everybody or nobody; so we look for ourselves first, and nobody else may come.
    pub async fn selects(&self, me: &Me) -> Result<bool, Mishap> {
        let (field, value) = match me.email.is_empty() {
            false => ("email", me.email.as_str()),
            true => ("login", me.login.as_str()),
        };
        let kind = if me.email.is_empty() {
            SearchKey::Handle
        } else {
            SearchKey::Email
        };
        let Some(own) = Identifier::new(kind, value) else {
            return Ok(false);
        };
        let question = Question::by(
            "users",
            &format!("user.{field}"),
            "is",
            json!(own.canonical()),
        );
        let rows = match question.page(self, 1).await {
            Ok((rows, _)) => rows,
            Err(mishap)
                if matches!(
                    mishap.fault,
                    Fault::Refused | Fault::Missing | Fault::Unknown
                ) =>
            {
                return Ok(false);
            }
            Err(mishap) => return Err(mishap),
        };
        let myself = rows
            .iter()
            .any(|row| translate::number(row, "id") == Some(me.id));
        Ok(myself && rows.iter().all(|row| own.is(translate::text(row, field))))
    }

    /// Whether it may see the tasks that erase people.
    pub async fn may_erase(&self) -> Result<bool, Mishap> {
        match self.ask(&Call::get(&["data_privacy_tasks", "0"])).await {
            Ok(_) => Ok(true),
            Err(mishap) => match mishap.fault {
                Fault::Missing => Ok(true),
                Fault::Forbidden => Ok(false),
                _ => Err(mishap),
            },
        }
    }

    /// The tags of a ticket.
    pub async fn tags(&self, ticket: u64) -> Result<Vec<String>, Mishap> {
        let call = Call::get(&["tags"])
            .query("object", "Ticket")
            .query("o_id", ticket.to_string());
        let answer = self.object(&call).await?;
        match answer.get("tags") {
            Some(Value::Array(_)) => Ok(translate::names(&answer, "tags")),
            _ => Err(Mishap::new(Fault::Unreadable, "tags: no list")),
        }
    }

    /// The messages of a ticket.
    pub async fn articles(&self, ticket: u64) -> Result<Vec<Object>, Mishap> {
        let call = Call::get(&["ticket_articles", "by_ticket", &ticket.to_string()])
            .query("expand", "true");
        let articles: Vec<Object> = self.ask(&call).await?.json()?;
        let hers = |it: &Object| {
            translate::number(it, "ticket_id") == Some(ticket)
                && translate::number(it, "id").is_some()
        };
        match articles.iter().all(hers) {
            true => Ok(articles),
            false => Err(Mishap::new(
                Fault::Unreadable,
                "ticket_articles: of another ticket",
            )),
        }
    }
}

/// A search, by a condition (which the database answers) or by a text (which one of two engines answers).
pub(super) struct Question {
    place: &'static str,
    condition: Option<Value>,
    text: String,
    sorted: bool,
}

impl Question {
    /// By a condition.
    pub fn by(place: &'static str, field: &str, operator: &str, value: Value) -> Question {
        Question {
            place,
            condition: Some(json!({ field: { "operator": operator, "value": value } })),
            text: String::new(),
            sorted: true,
        }
    }

    /// By a text.
    pub fn text(place: &'static str, text: impl Into<String>, sorted: bool) -> Question {
        Question {
            place,
            condition: None,
            text: text.into(),
            sorted,
        }
    }

    fn call(&self, page: u64) -> Call {
        match &self.condition {
            Some(condition) => Call::post(&[self.place, "search"]).json(&json!({
                "condition": condition, "page": page, "per_page": PAGE, "expand": true,
                "with_total_count": true, "sort_by": "created_at", "order_by": "asc",
            })),
            None => {
                let call = Call::new(Method::GET, &[self.place, "search"])
                    .query("query", &self.text)
                    .query("page", page.to_string())
                    .query("per_page", PAGE.to_string())
                    .query("expand", "true")
                    .query("with_total_count", "true");
                match self.sorted {
                    true => call.query("sort_by", "created_at").query("order_by", "asc"),
                    false => call,
                }
            }
        }
    }

    async fn page(&self, talk: &Talk, page: u64) -> Result<(Vec<Object>, Option<u64>), Mishap> {
        let odd = || Mishap::new(Fault::Unreadable, format!("{}/search: no list", self.place));
        let answer: Value = talk.ask(&self.call(page)).await?.json()?;
        let (rows, total) = match answer {
            Value::Array(rows) => (rows, None),
            Value::Object(mut counted) => {
                let total = counted.get("total_count").and_then(Value::as_u64);
                match counted.remove("records") {
                    Some(Value::Array(rows)) => (rows, total),
                    _ => return Err(odd()),
                }
            }
            _ => return Err(odd()),
        };
        let objects = rows.into_iter().map(|row| match row {
            Value::Object(row) if translate::number(&row, "id").is_some() => Ok(row),
            _ => Err(odd()),
        });
        Ok((objects.collect::<Result<_, _>>()?, total))
    }

    /// The pages of the answer, of which there may be so many.
    pub fn pages(self, most: u64) -> Pages {
        Pages {
            question: self,
            page: 0,
            most,
            first: 0,
            seen: HashSet::new(),
            done: false,
            short: false,
        }
    }
}

/// The pages of an answer.
pub(super) struct Pages {
    question: Question,
    page: u64,
    most: u64,
    first: usize,
    seen: HashSet<u64>,
    done: bool,
    /// Whether Zammad counted more than it gave.
    pub short: bool,
}

impl Pages {
    /// The next rows that were not there before; none at the end.
    pub async fn next(&mut self, talk: &Talk) -> Result<Option<Vec<Object>>, Mishap> {
        if self.done {
            return Ok(None);
        }
        self.page += 1;
        if self.page > self.most {
            return Err(Mishap::new(
                Fault::Flooded,
                format!("{}: no end", self.question.place),
            ));
        }
        let (mut rows, total) = self.question.page(talk, self.page).await?;
        let came = rows.len();
        if self.page == 1 {
            self.first = came;
        }
        rows.retain(|row| translate::number(row, "id").is_some_and(|id| self.seen.insert(id)));
        if came > 0 && rows.is_empty() {
            return Err(Mishap::new(
                Fault::Flooded,
                format!("{}: the same page again", self.question.place),
            ));
        }
        let so_far = self.seen.len() as u64;
        // How much a page holds at most nobody says: it is the last one when it holds less than the first.
        self.done = came == 0 || came < self.first || total.is_some_and(|total| so_far >= total);
        self.short = self.done && total.is_some_and(|total| so_far < total);
        Ok(Some(rows))
    }
}

/// What a status really means here: who is not logged in hears 403, and a switched-off login does so too.
fn sound(answer: Answer) -> Result<Answer, Mishap> {
    if (200..300).contains(&answer.status) {
        return Ok(answer);
    }
    let mut mishap = of_status(answer.status, answer.wait());
    let said: Object = answer.json().unwrap_or_default();
    let error = translate::text(&said, "error");
    let (fault, why) = match answer.status {
        403 if error.starts_with("Authentication required") => {
            (Fault::Unauthorized, "not logged in")
        }
        403 if error.contains("access disabled") => {
            (Fault::SwitchedOff, "this way of logging in is switched off")
        }
        403 if error.to_lowercase().contains("maintenance") => (Fault::Busy, "maintenance"),
        401 if error.contains("expired") => (Fault::Unauthorized, "the token is expired"),
        422 if error.contains("already used") => {
            (Fault::Refused, "the address is used by another user")
        }
        422 if error.starts_with("Invalid email") => (Fault::Refused, "the address is malformed"),
        422 if error.contains("existing DataPrivacyTask") => {
            (Fault::UnderWay, "a task for it exists")
        }
        422 if error.starts_with("Deletable") => (Fault::Refused, "it must not be erased"),
        422 if error.contains("object has references") => (Fault::Refused, "it has references"),
        _ => (mishap.fault, ""),
    };
    mishap.fault = fault;
    for more in [why.to_owned(), error_id(error)] {
        if !more.is_empty() {
            mishap.detail = format!("{}, {more}", mishap.detail);
        }
    }
    Err(mishap)
}

/// The number under which an administrator finds an error in the log; the rest of the text may hold anything.
fn error_id(error: &str) -> String {
    let id = error
        .strip_prefix("Error ID ")
        .and_then(|rest| rest.split(':').next())
        .unwrap_or_default();
    match id.is_empty()
        || id.len() > 40
        || !id.chars().all(|it| it.is_ascii_alphanumeric() || it == '-')
    {
        true => String::new(),
        false => format!("Error ID {id}"),
    }
}
