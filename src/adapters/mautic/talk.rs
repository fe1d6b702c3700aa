//! The talk with Mautic: two ways of logging in, lists that are objects or arrays, numbers that are texts, messages in
//! anybody's language.

use std::collections::HashSet;
use std::fmt;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use base64::Engine;
use serde_json::Value;
use tokio::time::Instant;
use zeroize::Zeroizing;

use super::translate::{self, Object};
use super::{Login, Settings};
use crate::adapters::Limits;
use crate::adapters::http::{Answer, Call, Http, Line, of_status};
use crate::adapters::secret::Secret;
use crate::ports::source::{Fault, Mishap};

/// Rows of a page.
const PAGE: u64 = 100;
/// Pages of an answer; more is no answer to a question about one person.
const MOST_PAGES: u64 = 2_000;
/// So long before its end a token is renewed.
const EARLY: Duration = Duration::from_secs(60);

enum Way {
    Basic(Zeroizing<String>),
    Client { id: String, secret: Secret },
}

/// One of the two lines.
pub(super) struct Talk {
    http: Http,
    way: Way,
    token: Mutex<Option<(Zeroizing<String>, Instant)>>,
}

impl fmt::Debug for Talk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Talk")
            .field("http", &self.http)
            .finish_non_exhaustive()
    }
}

impl Talk {
    pub fn new(settings: &Settings, login: &Login, limits: &Limits) -> Result<Talk, Mishap> {
        let http = Http::new(&Line {
            address: settings
                .address
                .trim_end_matches('/')
                .trim_end_matches("/api")
                .to_owned(),
            ca_file: settings.ca_file.clone(),
            limits: limits.clone(),
            headers: vec![("accept", "application/json".to_owned())],
        })?;
        let way = match login {
            Login::Basic { user, password } => {
                let both = Zeroizing::new(format!("{user}:{}", password.read()?.reveal()));
                Way::Basic(Zeroizing::new(
                    base64::engine::general_purpose::STANDARD.encode(both.as_bytes()),
                ))
            }
            Login::Client { id, secret } => Way::Client {
                id: id.clone(),
                secret: secret.read()?,
            },
        };
        Ok(Talk {
            http,
            way,
            token: Mutex::default(),
        })
    }

    /// Sends a call and wants success; a token that was ended over there is renewed once.
    pub async fn ask(&self, call: Call) -> Result<Answer, Mishap> {
        let (header, kept) = self.header().await?;
        let mut answer = self
            .http
            .send(&call.clone().header("authorization", header.as_str()))
            .await?;
        if answer.status == 401 && kept {
            *self.held() = None;
            let (header, _) = self.header().await?;
            answer = self
                .http
                .send(&call.header("authorization", header.as_str()))
                .await?;
        }
        self.sound(answer)
    }

    fn held(&self) -> std::sync::MutexGuard<'_, Option<(Zeroizing<String>, Instant)>> {
        self.token.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What stands in the header, and whether it was kept from before.
    async fn header(&self) -> Result<(Zeroizing<String>, bool), Mishap> {
        let (id, secret) = match &self.way {
            Way::Basic(both) => {
                return Ok((Zeroizing::new(format!("Basic {}", both.as_str())), false));
            }
            Way::Client { id, secret } => (id, secret),
        };
        if let Some((token, until)) = self.held().as_ref()
            && Instant::now() < *until
        {
            return Ok((token.clone(), true));
        }
        let mut form = String::from("grant_type=client_credentials");
        for (name, value) in [
            ("client_id", id.as_str()),
            ("client_secret", secret.reveal()),
        ] {
            form.push_str(&format!("&{name}={}", translate::encoded(value)));
        }
        let call = Call::post(&["oauth", "v2", "token"]);
        let call = call.body("application/x-www-form-urlencoded", form.into_bytes());
        let answer = self.http.send(&call).await?;
        // A wrong secret is answered with 400 here.
        if matches!(answer.status, 400 | 401) {
            return Err(Mishap::new(
                Fault::Unauthorized,
                format!("status {}, oauth", answer.status),
            ));
        }
        let answer: Object = self.sound(answer)?.json()?;
        let token = translate::text(&answer, "access_token");
        if token.is_empty() || !token.bytes().all(|it| it.is_ascii_graphic()) {
            return Err(Mishap::new(Fault::Unreadable, "oauth: no token"));
        }
        let header = Zeroizing::new(format!("Bearer {token}"));
        let lives = Duration::from_secs(
            translate::number(&answer, "expires_in")
                .unwrap_or(3_600)
                .min(86_400),
        );
        *self.held() = Some((header.clone(), Instant::now() + lives.saturating_sub(EARLY)));
        Ok((header, false))
    }

    /// What a status and the error in the body mean. The messages are in the language of the user: only codes and types
    /// are read. A success that carries errors is none.
    fn sound(&self, answer: Answer) -> Result<Answer, Mishap> {
        let body: Object = answer.json().unwrap_or_default();
        let first = match body.get("errors") {
            Some(Value::Array(errors)) => errors.first(),
            Some(Value::Object(errors)) => errors.values().next(),
            _ => None,
        };
        let first = first.and_then(Value::as_object);
        let good = (200..300).contains(&answer.status);
        if good && first.is_none() {
            return Ok(answer);
        }
        let code = first
            .and_then(|it| translate::number(it, "code"))
            .and_then(|it| u16::try_from(it).ok());
        let status = if good {
            code.filter(|it| *it >= 400).unwrap_or(422)
        } else {
            answer.status
        };
        let mut mishap = of_status(status, answer.wait());
        let kind = first.map_or("", |it| translate::text(it, "type"));
        let basic = matches!(self.way, Way::Basic(_));
        let (fault, why) = match (status, kind) {
            (403, "api_disabled") => (Fault::SwitchedOff, ", api_enabled"),
            (403, "access_denied") if basic => (Fault::SwitchedOff, ", api_enable_basic_auth"),
            _ => (mishap.fault, ""),
        };
        mishap.fault = fault;
        mishap.detail.push_str(why);
        Err(mishap)
    }

    /// One contact; none, if it is not there.
    pub async fn contact(&self, id: u64) -> Result<Option<Object>, Mishap> {
        let answer = match self
            .ask(Call::get(&["api", "contacts", &id.to_string()]))
            .await
        {
            // That the interface is there at all, a list tells: it is missing where its cache was not cleared.
            Err(mishap) if mishap.fault == Fault::Missing => {
                return self.selects().await.map(|_| None);
            }
            other => other?,
        };
        let mut body: Object = answer.json()?;
        match body.remove("contact") {
            Some(Value::Object(contact)) if translate::number(&contact, "id") == Some(id) => {
                Ok(Some(contact))
            }
            _ => Err(Mishap::new(
                Fault::Unreadable,
                "contacts: another one than asked for",
            )),
        }
    }

    /// Whether it filters at all: nobody has the number 0.
    pub async fn selects(&self) -> Result<bool, Mishap> {
        let mut rows = Rows::contacts("id", "eq", "0");
        match rows.next(self).await {
            Ok(rows) => Ok(rows.is_none_or(|it| it.is_empty())),
            // Rows were counted and did not come: something was found, and nothing was asked for.
            Err(mishap) if mishap.fault == Fault::Conflict => Ok(false),
            Err(mishap) => Err(mishap),
        }
    }

    /// How many contacts are in sight. One row is fetched and thrown away: the number stands only in a list.
    pub async fn in_sight(&self) -> Result<u64, Mishap> {
        let call = Call::get(&["api", "contacts"])
            .query("start", "0")
            .query("limit", "1")
            .query("minimal", "1");
        let (_, total) = translate::rows(&self.ask(call).await?.json()?, "contacts")?;
        total.ok_or_else(|| Mishap::new(Fault::Unreadable, "contacts: no total"))
    }

    /// Every form, by number and alias.
    pub async fn forms(&self) -> Result<Vec<(u64, String)>, Mishap> {
        let mut forms = Vec::new();
        let mut rows = Rows::of(&["api", "forms"], "forms").with("minimal", "1");
        while let Some(page) = rows.next(self).await? {
            let pair = |it: &Object| {
                Some((
                    translate::number(it, "id")?,
                    translate::text(it, "alias").to_owned(),
                ))
            };
            forms.extend(page.iter().filter_map(pair));
        }
        Ok(forms)
    }
}

/// The rows of a list, page by page.
pub(super) struct Rows {
    path: Vec<String>,
    name: &'static str,
    query: Vec<(String, String)>,
    start: u64,
    pages: u64,
    seen: HashSet<String>,
    done: bool,
}

impl Rows {
    /// A list below a path.
    pub fn of(path: &[&str], name: &'static str) -> Rows {
        Rows {
            path: path.iter().map(|&it| it.to_owned()).collect(),
            name,
            query: Vec::new(),
            start: 0,
            pages: 0,
            seen: HashSet::new(),
            done: false,
        }
    }

    /// Contacts by a filter. The search language is not used: it is translated, and what it does not understand it
    /// leaves out.
    pub fn contacts(column: &str, how: &str, value: &str) -> Rows {
        Rows::of(&["api", "contacts"], "contacts")
            .with("where[0][col]", column)
            .with("where[0][expr]", how)
            .with("where[0][val]", value)
            .with("orderBy", "id")
            .with("orderByDir", "asc")
    }

    pub fn with(mut self, name: &str, value: &str) -> Rows {
        self.query.push((name.to_owned(), value.to_owned()));
        self
    }

    /// The next rows that were not there before; none at the end.
    pub async fn next(&mut self, talk: &Talk) -> Result<Option<Vec<Object>>, Mishap> {
        if self.done {
            return Ok(None);
        }
        self.pages += 1;
        if self.pages > MOST_PAGES {
            return Err(Mishap::new(
                Fault::Flooded,
                format!("{}: no end", self.name),
            ));
        }
        let path: Vec<&str> = self.path.iter().map(String::as_str).collect();
        let mut call = Call::get(&path);
        for (name, value) in &self.query {
            call = call.query(name, value);
        }
        call = call
            .query("start", self.start.to_string())
            .query("limit", PAGE.to_string());
        let answer = talk.ask(call).await.map_err(|mut mishap| {
            // A list is never missing: the address is wrong, or the cache was not cleared after switching it on.
            if mishap.fault == Fault::Missing && self.path.len() == 2 {
                mishap.fault = Fault::Misconfigured;
            }
            mishap
        })?;
        let (mut rows, total) = translate::rows(&answer.json()?, self.name)?;
        let came = rows.len() as u64;
        rows.retain(|row| self.seen.insert(translate::row_key(row)));
        if came > 0 && rows.is_empty() {
            return Err(Mishap::new(
                Fault::Flooded,
                format!("{}: the same page again", self.name),
            ));
        }
        self.start += came;
        let so_far = self.seen.len() as u64;
        match total {
            // A maximum that nobody tells: the next page begins after what came.
            Some(total) => self.done = so_far >= total || came == 0,
            None => self.done = came < PAGE,
        }
        // The count is kept for some seconds over there; a repeat heals it.
        if self.done && total.is_some_and(|total| so_far < total) {
            return Err(Mishap::new(
                Fault::Conflict,
                format!("{}: more counted than given", self.name),
            ));
        }
        Ok(Some(rows))
    }
}
