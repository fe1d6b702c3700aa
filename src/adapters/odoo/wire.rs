//! The line to one Odoo, in one of its two tongues: JSON-2 from 19 on, JSON-RPC for 14 to 18. Everything above is the
//! same for both.

use chrono::NaiveDate;
use serde_json::{Map, Value, json};

use super::access::Access;
use super::refusal::Refusal;
use super::row::Row;
use super::rpc;
use crate::adapters::http::Call;
use crate::ports::source::{Fault, Mishap, Pieces};

/// How this Odoo is spoken to.
#[derive(Clone, Debug)]
pub enum Tongue {
    Json2,
    Rpc { database: String, uid: i64 },
}

/// A line that stands.
#[derive(Clone, Debug)]
pub struct Wire {
    pub access: Access,
    pub tongue: Tongue,
    /// As it says, such as `19.0`.
    pub version: String,
    /// The day over there, where it was said.
    pub today: Option<NaiveDate>,
}

/// What is asked of a model.
#[derive(Debug, Default)]
struct Ask<'a> {
    model: &'a str,
    method: &'a str,
    ids: Option<Vec<i64>>,
    /// In the order of the method; JSON-2 wants them by name, and JSON-RPC by place, for names differ by version.
    args: Vec<(&'static str, Value)>,
    options: Vec<(&'static str, Value)>,
    context: Value,
}

/// Archived records too, and files only by their size.
fn reading() -> Value {
    json!({"active_test": false, "bin_size": true})
}

/// Archived records too, and no note of the old value in the history.
fn writing() -> Value {
    json!({"active_test": false, "tracking_disable": true})
}

impl Wire {
    /// Whether it is spoken to in the new tongue.
    pub fn is_json2(&self) -> bool {
        matches!(self.tongue, Tongue::Json2)
    }

    fn call_of(&self, ask: Ask<'_>) -> Call {
        let mut options: Map<String, Value> = ask
            .options
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value))
            .collect();
        options.insert("context".to_owned(), ask.context);
        match &self.tongue {
            Tongue::Json2 => {
                options.extend(
                    ask.args
                        .into_iter()
                        .map(|(name, value)| (name.to_owned(), value)),
                );
                if let Some(ids) = ask.ids {
                    options.insert("ids".to_owned(), json!(ids));
                }
                let call = Call::post(&["json", "2", ask.model, ask.method])
                    .header(
                        "authorization",
                        format!("bearer {}", self.access.key.reveal()),
                    )
                    .json(&Value::Object(options));
                match &self.access.database {
                    Some(database) => call.header("x-odoo-database", database),
                    None => call,
                }
            }
            Tongue::Rpc { database, uid } => {
                let ids = ask.ids.map(|ids| json!(ids));
                let places: Vec<Value> = ids
                    .into_iter()
                    .chain(ask.args.into_iter().map(|(_, value)| value))
                    .collect();
                let key = self.access.key.reveal();
                let args = json!([database, uid, key, ask.model, ask.method, places, options]);
                rpc::call("object", "execute_kw", args)
            }
        }
    }

    async fn call(&self, ask: Ask<'_>) -> Result<Value, Refusal> {
        let place = format!("{}.{}", ask.model, ask.method);
        let answer = self.access.http.send(&self.call_of(ask)).await?;
        let said = match self.tongue {
            Tongue::Json2 if (200..=299).contains(&answer.status) => {
                answer.json().map_err(Refusal::from)
            }
            Tongue::Json2 => Err(Refusal::of(&answer)),
            Tongue::Rpc { .. } => rpc::reply(&answer),
        };
        said.map_err(|mut refusal| {
            refusal.mishap.detail = format!("{place}: {}", refusal.mishap.detail);
            refusal
        })
    }

    /// One page of what fits the domain, in the order of ids.
    pub async fn search_read(
        &self,
        model: &str,
        domain: Value,
        fields: &[String],
        limit: usize,
    ) -> Result<Vec<Row>, Refusal> {
        let said = self
            .call(Ask {
                model,
                method: "search_read",
                options: vec![
                    ("domain", domain),
                    ("fields", json!(fields)),
                    ("limit", json!(limit)),
                    ("order", json!("id asc")),
                ],
                context: reading(),
                ..Ask::default()
            })
            .await?;
        Ok(Row::all(said, model)?)
    }

    /// How many fit the domain.
    pub async fn search_count(&self, model: &str, domain: Value) -> Result<u64, Refusal> {
        let said = self
            .call(Ask {
                model,
                method: "search_count",
                args: vec![("domain", domain)],
                context: reading(),
                ..Ask::default()
            })
            .await?;
        said.as_u64().ok_or_else(|| unreadable("search_count"))
    }

    /// One record; none, if it is not there. One that the account may not see is [`Fault::Forbidden`].
    pub async fn read(
        &self,
        model: &str,
        id: i64,
        fields: &[String],
    ) -> Result<Option<Row>, Refusal> {
        let ask = Ask {
            model,
            method: "read",
            ids: Some(vec![id]),
            args: vec![("fields", json!(fields))],
            context: reading(),
            ..Ask::default()
        };
        let said = match self.call(ask).await {
            Err(refusal) if refusal.mishap.fault == Fault::Missing => return Ok(None),
            said => said?,
        };
        let mut rows = Row::all(said, model)?;
        match (rows.len(), rows.pop()) {
            (0, _) => Ok(None),
            (1, Some(row)) if row.id() == id => Ok(Some(row)),
            _ => Err(unreadable("read: another record")),
        }
    }

    /// The fields of a model for this account; none, if there is no such model.
    pub async fn fields_get(&self, model: &str) -> Result<Option<Value>, Refusal> {
        let said = self
            .call(Ask {
                model,
                method: "fields_get",
                options: vec![(
                    "attributes",
                    json!([
                        "type", "string", "relation", "required", "readonly", "store"
                    ]),
                )],
                context: reading(),
                ..Ask::default()
            })
            .await;
        match said {
            Ok(fields) if fields.is_object() => Ok(Some(fields)),
            Ok(_) => Err(unreadable("fields_get")),
            // JSON-2 says NotFound, JSON-RPC says UserError or KeyError.
            Err(refusal) if !refusal.name.is_empty() && absent(refusal.mishap.fault) => Ok(None),
            Err(refusal) => Err(refusal),
        }
    }

    /// Whether the account may `read`, `write`, `create` or `unlink` records of a model; none, if it cannot be asked.
    pub async fn may(&self, model: &str, operation: &str) -> Result<Option<bool>, Refusal> {
        let ask = |method, options| Ask {
            model,
            method,
            args: vec![("operation", json!(operation))],
            options,
            context: json!({}),
            ..Ask::default()
        };
        let mut said = self.call(ask("has_access", Vec::new())).await;
        let old = |refusal: &Refusal| !refusal.name.is_empty() && absent(refusal.mishap.fault);
        if !self.is_json2() && said.as_ref().is_err_and(old) {
            // Before 18 it has another name.
            let quiet = vec![("raise_exception", json!(false))];
            said = self.call(ask("check_access_rights", quiet)).await;
        }
        match said {
            Ok(Value::Bool(may)) => Ok(Some(may)),
            Ok(_) => Err(unreadable("has_access")),
            Err(refusal) if old(&refusal) => Ok(None),
            Err(refusal) => Err(refusal),
        }
    }

    /// Writes into one record. What stands there then is for the caller to read.
    pub async fn write(&self, model: &str, id: i64, values: Value) -> Result<(), Refusal> {
        self.give(model, "write", Some(vec![id]), ["vals", "values"], values)
            .await
    }

    /// Deletes one record. One at a time: one that is protected would keep all others of the call.
    pub async fn unlink(&self, model: &str, id: i64) -> Result<(), Refusal> {
        self.call(Ask {
            model,
            method: "unlink",
            ids: Some(vec![id]),
            context: writing(),
            ..Ask::default()
        })
        .await
        .map(drop)
    }

    /// Makes a record. Which one it became is for the caller to look for.
    pub async fn create(&self, model: &str, values: Value) -> Result<(), Refusal> {
        self.give(
            model,
            "create",
            None,
            ["vals_list", "values"],
            json!([values]),
        )
        .await
    }

    /// Gives values to a method. JSON-2 wants them by name, and some models call them otherwise than all others: a wrong
    /// name changes nothing, and the other one is tried.
    async fn give(
        &self,
        model: &str,
        method: &str,
        ids: Option<Vec<i64>>,
        names: [&'static str; 2],
        values: Value,
    ) -> Result<(), Refusal> {
        let mut said = Ok(Value::Null);
        for name in names {
            said = self
                .call(Ask {
                    model,
                    method,
                    ids: ids.clone(),
                    args: vec![(name, values.clone())],
                    context: writing(),
                    ..Ask::default()
                })
                .await;
            let misnamed = |refusal: &Refusal| refusal.name.ends_with("UnprocessableEntity");
            if !said.as_ref().is_err_and(misnamed) {
                break;
            }
        }
        said.map(drop)
    }

    /// Who the account is; none, if Odoo does not say.
    pub async fn uid(&self) -> Result<Option<i64>, Refusal> {
        if let Tongue::Rpc { uid, .. } = self.tongue {
            return Ok(Some(uid));
        }
        if let Some(login) = &self.access.login {
            let domain = json!([["login", "=", login]]);
            let found = self
                .search_read("res.users", domain, &["login".to_owned()], 2)
                .await?;
            let mine = found.iter().find(|row| row.text("login") == Some(login));
            return Ok(mine.map(Row::id));
        }
        let said = self
            .call(Ask {
                model: "res.users",
                method: "context_get",
                context: json!({}),
                ..Ask::default()
            })
            .await;
        match said {
            Ok(said) => Ok(said
                .get("uid")
                .and_then(Value::as_i64)
                .filter(|uid| *uid > 0)),
            Err(refusal) if !refusal.name.is_empty() => Ok(None),
            Err(refusal) => Err(refusal),
        }
    }

    /// The bytes of an answer that holds one large field, at most so many.
    pub fn stream(&self, model: &str, id: i64, field: &str, largest: u64) -> Pieces<'static> {
        let call = self.call_of(Ask {
            model,
            method: "read",
            ids: Some(vec![id]),
            args: vec![("fields", json!([field]))],
            context: json!({"active_test": false}),
            ..Ask::default()
        });
        self.access.http.stream(call, largest)
    }

    /// What an answer that came as a stream says, once its large field is out of it.
    pub fn rows_of(&self, bytes: &[u8], model: &str) -> Result<Vec<Row>, Refusal> {
        let said: Value = serde_json::from_slice(bytes).map_err(|error| {
            let fault = if error.is_eof() {
                Fault::HalfAnswer
            } else {
                Fault::Unreadable
            };
            Mishap::new(fault, format!("{model}.read: no JSON"))
        })?;
        match self.tongue {
            Tongue::Json2 => Ok(Row::all(said, model)?),
            Tongue::Rpc { .. } => Ok(Row::all(rpc::unwrapped(said, 200)?, model)?),
        }
    }
}

fn absent(fault: Fault) -> bool {
    matches!(fault, Fault::Unknown | Fault::Refused)
}

/// An answer of another shape than was asked for.
pub fn unreadable(what: &str) -> Refusal {
    Mishap::new(Fault::Unreadable, format!("{what}: another shape")).into()
}
