//! Signing in: which of its two tongues an Odoo speaks is asked of it, and nobody follows where it sends people.

use chrono::{DateTime, NaiveDate};
use serde::Deserialize;
use serde_json::{Value, json};

use super::refusal::Refusal;
use super::rpc;
use super::wire::{Tongue, Wire, unreadable};
use crate::adapters::http::{Call, Http};
use crate::adapters::secret::Secret;
use crate::ports::source::{Fault, Mishap};

/// With what one account signs in.
#[derive(Clone, Debug)]
pub struct Access {
    /// The line.
    pub http: Http,
    /// Which database; JSON-2 needs it only where one host name serves several.
    pub database: Option<String>,
    /// The account's login; JSON-2 knows it by the key.
    pub login: Option<String>,
    /// Its key.
    pub key: Secret,
}

#[derive(Deserialize)]
struct Version {
    #[serde(alias = "server_version")]
    version: String,
    #[serde(alias = "server_version_info")]
    version_info: Vec<Value>,
}

impl Access {
    /// Finds out which tongue is spoken and signs in.
    pub async fn open(&self) -> Result<Wire, Refusal> {
        let said = self.http.send(&Call::get(&["json", "version"])).await;
        let answer = match said {
            Ok(answer) if answer.status == 404 => return self.open_rpc().await,
            Ok(answer) => answer,
            // Before 19 it sends to the page where people sign in; nobody goes there.
            Err(mishap) if mishap.fault == Fault::Redirected => return self.open_rpc().await,
            Err(mishap) => return Err(mishap.into()),
        };
        let today = answer.header("date").and_then(day);
        let version: Version = answer.sound()?.json()?;
        Ok(Wire {
            access: self.clone(),
            tongue: Tongue::Json2,
            version: version.checked()?,
            today,
        })
    }

    async fn open_rpc(&self) -> Result<Wire, Refusal> {
        let (value, today) = self.rpc("common", "version", json!([])).await?;
        let version: Version = serde_json::from_value(value).map_err(|_| unreadable("version"))?;
        let (Some(database), Some(login)) = (&self.database, &self.login) else {
            let what = "Odoo 18 and earlier need the name of the database and a login";
            return Err(Mishap::new(Fault::Misconfigured, what).into());
        };
        let signing = json!([database, login, self.key.reveal(), {}]);
        // A wrong key is no error there, but a no.
        let uid = match self.rpc("common", "authenticate", signing).await?.0 {
            Value::Bool(false) => {
                return Err(Mishap::new(Fault::Unauthorized, "authenticate: false").into());
            }
            value => value.as_i64().filter(|uid| *uid > 0),
        };
        Ok(Wire {
            access: self.clone(),
            tongue: Tongue::Rpc {
                database: database.clone(),
                uid: uid.ok_or_else(|| unreadable("authenticate"))?,
            },
            version: version.checked()?,
            today,
        })
    }

    async fn rpc(
        &self,
        service: &str,
        method: &str,
        args: Value,
    ) -> Result<(Value, Option<NaiveDate>), Refusal> {
        let answer = self.http.send(&rpc::call(service, method, args)).await?;
        let today = answer.header("date").and_then(day);
        Ok((rpc::reply(&answer)?, today))
    }
}

impl Version {
    fn checked(self) -> Result<String, Refusal> {
        let plain = |letter: char| {
            letter.is_ascii_alphanumeric() || matches!(letter, '.' | '~' | '+' | '-')
        };
        match self.version_info.is_empty()
            || self.version.len() > 40
            || !self.version.chars().all(plain)
        {
            true => Err(unreadable("version")),
            false => Ok(self.version),
        }
    }
}

fn day(date: &str) -> Option<NaiveDate> {
    DateTime::parse_from_rfc2822(date)
        .ok()
        .map(|at| at.date_naive())
}
