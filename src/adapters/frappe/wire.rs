//! Talks to a Frappe site: its version 1 interface, which is the same in Frappe 15 and 16. What it says of an error is
//! never repeated: texts name people, and tracebacks hold values.

use reqwest::Method;
use serde_json::{Map, Value, json};

use super::Settings;
use super::listing::{Listing, Question};
use crate::adapters::Limits;
use crate::adapters::http::{Answer, Call, Http, Line};
use crate::adapters::secret::Secret;
use crate::ports::source::{Fault, Mishap, Pieces};

/// One record or one row of a table, as it came.
pub type Row = Map<String, Value>;

/// The line to a site, with one of the two keys.
#[derive(Clone, Debug)]
pub struct Wire {
    http: Http,
}

/// The key of a row. Some doctypes count (`CRM Task`), the others have names.
pub fn key(row: &Row) -> Option<String> {
    match row.get("name")? {
        Value::String(name) if !name.is_empty() => Some(name.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// A value as text; what is empty or zero is none.
pub fn text(row: &Row, field: &str) -> Option<String> {
    match row.get(field)? {
        Value::String(text) => Some(text.clone()).filter(|text| !text.trim().is_empty()),
        Value::Number(number) => Some(number.to_string()).filter(|_| number.as_f64() != Some(0.0)),
        Value::Bool(true) => Some("1".to_owned()),
        _ => None,
    }
}

/// The rows of a child table.
pub fn rows<'a>(row: &'a Row, table: &str) -> impl Iterator<Item = &'a Row> {
    let rows = row.get(table).and_then(Value::as_array);
    rows.into_iter().flatten().filter_map(Value::as_object)
}

/// Whether the site named this error.
pub fn says(mishap: &Mishap, error: &str) -> bool {
    mishap.detail.ends_with(error)
}

/// Whether a doctype is closed to the key, as the site itself says and not something before it.
pub fn closed(mishap: &Mishap) -> bool {
    mishap.fault == Fault::Forbidden && says(mishap, "PermissionError")
}

/// An answer of another shape.
pub fn shapeless(what: &str) -> Mishap {
    Mishap::new(Fault::Unreadable, format!("JSON of another shape: {what}"))
}

impl Wire {
    /// A line with one key.
    ///
    /// # Errors
    /// [`Fault::Misconfigured`].
    pub fn new(settings: &Settings, limits: &Limits, key: &Secret) -> Result<Wire, Mishap> {
        let pair = key.reveal().trim();
        if !matches!(pair.split_once(':'), Some((key, secret)) if !key.is_empty() && !secret.is_empty())
        {
            return Err(Mishap::new(
                Fault::Misconfigured,
                "key: it must be of the form KEY:SECRET, as Frappe shows both",
            ));
        }
        let mut headers = vec![("authorization", format!("token {pair}"))];
        if let Some(site) = &settings.site {
            headers.push(("x-frappe-site-name", site.clone()));
        }
        let line = Line {
            address: settings.address.clone(),
            ca_file: settings.ca_file.clone(),
            limits: limits.clone(),
            headers,
        };
        Ok(Wire {
            http: Http::new(&line)?,
        })
    }

    async fn ask(&self, call: &Call) -> Result<Row, Mishap> {
        let answer = self.http.send(call).await?;
        if !(200..=299).contains(&answer.status) {
            return Err(failed(answer));
        }
        answer.json()
    }

    /// Calls a method. The question is in the body, so that no address stands in an access log.
    pub async fn call(&self, method: &str, body: &Value) -> Result<Value, Mishap> {
        let call = Call::post(&["api", "method", method]).json(body);
        let mut answer = self.ask(&call).await?;
        answer
            .remove("message")
            .ok_or_else(|| shapeless("no message"))
    }

    /// Asks a method that needs nothing.
    pub async fn get(&self, method: &str) -> Result<Value, Mishap> {
        let mut answer = self.ask(&Call::get(&["api", "method", method])).await?;
        answer
            .remove("message")
            .ok_or_else(|| shapeless("no message"))
    }

    /// As whom we are known there.
    pub async fn who(&self) -> Result<String, Mishap> {
        match self.get("frappe.auth.get_logged_user").await? {
            Value::String(name) if name == "Guest" => {
                Err(Mishap::new(Fault::Unauthorized, "known as Guest"))
            }
            Value::String(name) if !name.is_empty() => Ok(name),
            _ => Err(shapeless("no user")),
        }
    }

    /// How many records of a doctype are in sight.
    pub async fn count(&self, doctype: &str) -> Result<u64, Mishap> {
        let count = self
            .call("frappe.client.get_count", &json!({"doctype": doctype}))
            .await?;
        count.as_u64().ok_or_else(|| shapeless("no count"))
    }

    /// One record with its child tables; none, if the site says that it is not there **and** a list of its doctype can
    /// be had and does not show it: a doctype or a route that is unknown is a 404 as well.
    pub async fn read(&self, doctype: &str, name: &str) -> Result<Option<Row>, Mishap> {
        let call = Call::get(&["api", "resource", doctype, name]);
        match self.ask(&call).await {
            Ok(mut answer) => match answer.remove("data") {
                Some(Value::Object(row)) if key(&row).is_some() => Ok(Some(row)),
                _ => Err(shapeless("no record")),
            },
            Err(mishap) if mishap.fault == Fault::Unknown => {
                let question = Question::to(doctype).and("name", "=", name).only(&["name"]);
                let still = Listing::of(question).all(self).await?;
                // The server takes names for equal that differ in case or accents.
                match still.iter().any(|row| key(row).as_deref() == Some(name)) {
                    true => Err(Mishap::new(
                        Fault::Conflict,
                        "it is listed and cannot be read",
                    )),
                    false => Ok(None),
                }
            }
            Err(mishap) => Err(mishap),
        }
    }

    /// Changes the fields that are named; the others stay.
    pub async fn put(&self, doctype: &str, name: &str, fields: &Value) -> Result<(), Mishap> {
        let call = Call::new(Method::PUT, &["api", "resource", doctype, name]).json(fields);
        self.ask(&call).await.map(drop)
    }

    /// Makes a record.
    pub async fn add(&self, doctype: &str, fields: &Value) -> Result<(), Mishap> {
        let call = Call::post(&["api", "resource", doctype]).json(fields);
        self.ask(&call).await.map(drop)
    }

    /// Deletes a record; one that is not there any more is deleted.
    pub async fn delete(&self, doctype: &str, name: &str) -> Result<(), Mishap> {
        let call = Call::new(Method::DELETE, &["api", "resource", doctype, name]);
        let answer = self.http.send(&call).await?;
        if (200..=299).contains(&answer.status) {
            return Ok(());
        }
        match failed(answer) {
            mishap if mishap.fault == Fault::Unknown => Ok(()),
            mishap => Err(mishap),
        }
    }

    /// The bytes of a file of the site.
    pub fn bytes(&self, path: &[&str], largest: u64) -> Pieces<'static> {
        self.http.stream(Call::get(path), largest)
    }
}

/// What went wrong, by the name that the site gives it; of all it says nothing else is kept.
fn failed(answer: Answer) -> Mishap {
    let said: Option<Row> = answer.json().ok();
    let error = said
        .as_ref()
        .and_then(|row| row.get("exc_type")?.as_str().map(str::to_owned));
    let error =
        error.filter(|it| it.len() <= 60 && it.bytes().all(|byte| byte.is_ascii_alphanumeric()));
    let mishap = match answer.sound() {
        Ok(_) => shapeless("a success that is none"),
        Err(mishap) => mishap,
    };
    let Some(error) = error else {
        return mishap;
    };
    let fault = match error.as_str() {
        "AuthenticationError" => Fault::Unauthorized,
        "PermissionError" => Fault::Forbidden,
        "DoesNotExistError" => Fault::Unknown,
        "TimestampMismatchError" | "QueryTimeoutError" | "QueryDeadlockError" => Fault::Conflict,
        "DataError" => Fault::Unknown,
        "TooManyRequestsError" | "RateLimitExceededError" => Fault::Busy,
        _ => mishap.fault,
    };
    Mishap {
        fault,
        detail: format!("{}, {error}", mishap.detail),
        wait: mishap.wait,
    }
}
