//! How one signs in to a described system. A token that runs out is renewed; nothing of it is ever shown.

use std::path::PathBuf;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use tokio::sync::Mutex;
use tokio::time::{Duration, Instant};

use super::description::{self, LoginKind, Sending};
use crate::adapters::Limits;
use crate::adapters::http::{Call, Http, Line};
use crate::adapters::secret::{KeyPlace, Secret};
use crate::ports::source::{Fault, Mishap};

/// A credential: where its key lies, and whose it is.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Credential {
    /// Where the key, the token, the password or the client secret lies.
    pub key: KeyPlace,
    /// For `basic` the user, for `oauth2` the client.
    #[serde(default)]
    pub user: String,
}

/// A token is renewed so long before it ends.
const EARLY: Duration = Duration::from_secs(60);
/// Where nobody says how long it holds.
const HOLDS: u64 = 300;

/// A credential in use.
pub(super) struct Login {
    kind: LoginKind,
    name: String,
    prefix: String,
    user: String,
    key: Option<Secret>,
    oauth: Option<OAuth>,
}

struct OAuth {
    http: Http,
    scope: String,
    send: Sending,
    token: Mutex<Option<(Secret, Instant)>>,
}

#[derive(Deserialize)]
struct Token {
    access_token: String,
    #[serde(default)]
    token_type: String,
    // Some servers write it as a text.
    #[serde(default)]
    expires_in: serde_json::Value,
}

impl Login {
    pub fn new(
        rule: &description::Login,
        credential: Option<&Credential>,
        token_address: &str,
        ca_file: Option<&PathBuf>,
        limits: &Limits,
    ) -> Result<Login, Mishap> {
        let wrong = |what: &str| Mishap::new(Fault::Misconfigured, what);
        let key = credential.map(|it| it.key.read()).transpose()?;
        let user = credential.map(|it| it.user.clone()).unwrap_or_default();
        if rule.kind != LoginKind::None && key.is_none() {
            return Err(wrong("reading.key: this system wants a key"));
        }
        if matches!(rule.kind, LoginKind::Basic | LoginKind::Oauth2) && user.trim().is_empty() {
            return Err(wrong(
                "user: this way of signing in wants one beside the key",
            ));
        }
        let visible = |it: &Secret| it.reveal().chars().all(|letter| letter.is_ascii_graphic());
        if matches!(rule.kind, LoginKind::Bearer | LoginKind::Header)
            && !key.as_ref().is_some_and(visible)
        {
            return Err(wrong(
                "key: it holds blanks or letters that no header can carry",
            ));
        }
        let oauth = match rule.kind {
            LoginKind::Oauth2 => Some(OAuth {
                http: Http::new(&Line {
                    ca_file: ca_file.cloned(),
                    limits: limits.clone(),
                    ..Line::to(token_address)
                })?,
                scope: rule.scope.clone(),
                send: rule.send,
                token: Mutex::new(None),
            }),
            _ => None,
        };
        let name = match rule.kind {
            LoginKind::Header => rule.header.clone(),
            LoginKind::Query => rule.query.clone(),
            _ => String::new(),
        };
        Ok(Login {
            kind: rule.kind,
            name,
            prefix: rule.prefix.clone(),
            user,
            key,
            oauth,
        })
    }

    fn key(&self) -> &str {
        self.key.as_ref().map_or("", Secret::reveal)
    }

    /// The same call, signed.
    pub async fn sign(&self, call: Call) -> Result<Call, Mishap> {
        Ok(match self.kind {
            LoginKind::None | LoginKind::Unsaid => call,
            LoginKind::Bearer => call.header("authorization", format!("Bearer {}", self.key())),
            LoginKind::Basic => call.header("authorization", self.basic()),
            LoginKind::Header => call.header(&self.name, format!("{}{}", self.prefix, self.key())),
            LoginKind::Query => call.query(&self.name, self.key()),
            LoginKind::Oauth2 => {
                let token = self.token().await?;
                call.header("authorization", format!("Bearer {}", token.reveal()))
            }
        })
    }

    /// Whether the refused token was one that can be fetched anew; it is forgotten then.
    pub async fn renews(&self) -> bool {
        match &self.oauth {
            Some(oauth) => oauth.token.lock().await.take().is_some(),
            None => false,
        }
    }

    fn basic(&self) -> String {
        format!(
            "Basic {}",
            STANDARD.encode(format!("{}:{}", self.user, self.key()))
        )
    }

    /// The token; whoever comes while it is fetched waits for it, and it is fetched once.
    async fn token(&self) -> Result<Secret, Mishap> {
        let Some(oauth) = &self.oauth else {
            return Err(Mishap::new(Fault::Misconfigured, "login"));
        };
        let mut held = oauth.token.lock().await;
        if let Some((token, until)) = held.as_ref()
            && Instant::now() < *until
        {
            return Ok(token.clone());
        }
        let mut form = vec![("grant_type", "client_credentials")];
        if !oauth.scope.is_empty() {
            form.push(("scope", oauth.scope.as_str()));
        }
        let mut call = Call::post(&[]).header("accept", "application/json");
        match oauth.send {
            Sending::Basic => call = call.header("authorization", self.basic()),
            Sending::Body => form.extend([
                ("client_id", self.user.as_str()),
                ("client_secret", self.key()),
            ]),
        }
        let body = form_body(&form);
        let answer = oauth
            .http
            .send(&call.body("application/x-www-form-urlencoded", body.into_bytes()))
            .await?;
        // RFC 6749 5.2: a wrong client or secret is a 400 or 401.
        if matches!(answer.status, 400 | 401) {
            return Err(Mishap::new(
                Fault::Unauthorized,
                format!("token: status {}", answer.status),
            ));
        }
        let token: Token = answer.sound()?.json()?;
        let visible = !token.access_token.is_empty()
            && token.access_token.chars().all(|it| it.is_ascii_graphic());
        let bearer = token.token_type.is_empty() || token.token_type.eq_ignore_ascii_case("bearer");
        if !visible || !bearer {
            return Err(Mishap::new(Fault::Unreadable, "token: another shape"));
        }
        let seconds = match &token.expires_in {
            serde_json::Value::String(text) => text.trim().parse().ok(),
            other => other.as_u64(),
        };
        let holds = Duration::from_secs(seconds.unwrap_or(HOLDS).min(86_400));
        let until = Instant::now() + holds.saturating_sub(EARLY).max(holds / 2);
        let token = Secret::new(token.access_token);
        *held = Some((token.clone(), until));
        Ok(token)
    }
}

fn form_body(pairs: &[(&str, &str)]) -> String {
    let mut address = match reqwest::Url::parse("http://form.invalid/") {
        Ok(address) => address,
        Err(_) => return String::new(),
    };
    address.query_pairs_mut().extend_pairs(pairs);
    address.query().unwrap_or_default().to_owned()
}
