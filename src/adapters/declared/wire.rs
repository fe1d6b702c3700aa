//! Talks: makes a call of a declared request, judges the answer by its status and by its body, waits for work that goes
//! on over there.

use std::time::Duration;

use reqwest::{Method, Url};
use serde_json::Value;
use tokio::time::sleep;

use super::description::{AnswerRule, FaultRule, Job, Mark, Request};
use super::login::Login;
use super::pointer::{self, Pointer};
use super::template::{self, Values};
use crate::adapters::http::{Answer, Call, Http};
use crate::ports::source::{Fault, Mishap};

/// What was said to a request.
pub(super) enum Said {
    /// An answer; `Value::Null` where a write is answered by nothing.
    Something(Value, Option<Answer>),
    /// The answer that is declared to mean: there is nobody.
    Nobody,
    /// The answer that is declared to mean: not that far back.
    Capped,
}

/// A line with a credential.
pub(super) struct Wire {
    pub http: Http,
    pub login: Login,
    pub base: Url,
    pub answer: AnswerRule,
}

impl Wire {
    /// Sends a declared request with its blanks filled in.
    pub async fn send(&self, rule: &Request, values: &Values) -> Result<Said, Mishap> {
        let call = self.call(rule, values)?;
        let said = self.judge(rule, self.dispatch(call).await?)?;
        match (&rule.job, said) {
            (Some(job), Said::Something(first, _)) => self.wait(rule, job, &first, values).await,
            (_, said) => Ok(said),
        }
    }

    /// The page at an address that an answer named: on this host and below this address, or nowhere.
    pub async fn follow(&self, rule: &Request, address: &str) -> Result<Said, Mishap> {
        let call = self.below(address)?;
        self.judge(rule, self.dispatch(call).await?)
    }

    pub fn call(&self, rule: &Request, values: &Values) -> Result<Call, Mishap> {
        let verb = rule.verb();
        let method = Method::from_bytes(verb.as_bytes())
            .map_err(|_| Mishap::new(Fault::Misconfigured, "method"))?;
        let pieces = template::path(&rule.path, values)?;
        let pieces: Vec<&str> = pieces.iter().map(String::as_str).collect();
        let mut call = Call::new(method, &pieces).header("accept", "application/json");
        for (name, text) in &rule.query {
            if let Some(value) = template::line(text, values)? {
                call = call.query(name, value);
            }
        }
        for (name, text) in &rule.headers {
            if let Some(value) = template::line(text, values)? {
                if !value.is_ascii() {
                    return Err(Mishap::new(Fault::NoIdentifier, format!("header {name}")));
                }
                call = call.header(name, value);
            }
        }
        if let Some(shape) = &rule.body {
            call = call.json(&template::body(shape, values)?);
        }
        Ok(call)
    }

    /// Signs and sends. A token that is refused is fetched anew, once.
    async fn dispatch(&self, call: Call) -> Result<Answer, Mishap> {
        let answer = self
            .http
            .send(&self.login.sign(call.clone()).await?)
            .await?;
        if answer.status == 401 && self.login.renews().await {
            return self.http.send(&self.login.sign(call).await?).await;
        }
        Ok(answer)
    }

    fn judge(&self, rule: &Request, answer: Answer) -> Result<Said, Mishap> {
        let status = answer.status;
        let body: Option<Value> = answer.json().ok();
        for (mark, said) in [(&rule.nobody, Said::Nobody), (&rule.capped, Said::Capped)] {
            if mark
                .as_ref()
                .is_some_and(|mark| shows(mark, status, body.as_ref()))
            {
                return Ok(said);
            }
        }
        // Whether it is gone is read back; here it only means that there is nothing to do.
        let gone = match (rule.gone.is_empty(), rule.verb().as_str()) {
            (true, "DELETE") => &[404, 410][..],
            _ => &rule.gone,
        };
        if gone.contains(&status) {
            return Ok(Said::Nobody);
        }
        let wanted = rule.answer.as_ref().unwrap_or(&self.answer);
        let mark = |it: &&FaultRule| means(it, status, body.as_ref());
        if let Some(found) = wanted.faults.iter().find(mark) {
            let mishap = Mishap::new(found.fault, format!("status {status}"));
            return Err(match answer.wait() {
                Some(wait) => mishap.after(wait),
                None => mishap,
            });
        }
        let answer = answer.sound()?;
        let reads = rule.verb() == "GET" || !rule.records.is_empty() || !wanted.needs.is_empty();
        let body = match body {
            Some(body) => body,
            // A write may be answered by nothing; what became of it is read back.
            None if !reads && answer.bytes().is_empty() => {
                return Ok(Said::Something(Value::Null, None));
            }
            None => answer.json()?,
        };
        for place in &wanted.fails {
            let found = Pointer::parse(place)
                .ok()
                .and_then(|it| it.one(&body).cloned());
            if found.is_some_and(|it| !pointer::is_nothing(&it)) {
                return Err(Mishap::new(
                    Fault::Refused,
                    format!("status {status}, {place}"),
                ));
            }
        }
        for place in &wanted.needs {
            if !Pointer::parse(place).is_ok_and(|it| it.one(&body).is_some()) {
                return Err(Mishap::new(
                    Fault::Unreadable,
                    format!("status {status}, no {place}"),
                ));
            }
        }
        Ok(Said::Something(body, Some(answer)))
    }

    /// Looks until the work over there is done. What takes longer is left for a later attempt.
    async fn wait(
        &self,
        rule: &Request,
        job: &Job,
        first: &Value,
        values: &Values,
    ) -> Result<Said, Mishap> {
        let id = pointer::texts(&job.id, first).into_iter().next();
        let id = id.ok_or_else(|| Mishap::new(Fault::Unreadable, format!("no {}", job.id)))?;
        let values = values.with("job", id);
        let look = Request {
            path: job.path.clone(),
            answer: rule.answer.clone(),
            ..Request::default()
        };
        for _ in 0..job.tries.clamp(1, 100) {
            let Said::Something(seen, answer) = self.look(&look, &values).await? else {
                break;
            };
            let state = pointer::texts(&job.at, &seen)
                .into_iter()
                .next()
                .unwrap_or_default();
            if job.failed.contains(&state) {
                return Err(Mishap::new(Fault::Refused, "the work over there failed"));
            }
            if job.done.contains(&state) {
                let Some(path) = &job.result else {
                    return Ok(Said::Something(seen, answer));
                };
                let result = Request {
                    path: path.clone(),
                    nobody: rule.nobody.clone(),
                    ..look
                };
                return self.look(&result, &values).await;
            }
            sleep(Duration::from_secs(job.seconds.min(60))).await;
        }
        Err(Mishap::new(Fault::UnderWay, "the work over there goes on"))
    }

    async fn look(&self, rule: &Request, values: &Values) -> Result<Said, Mishap> {
        let call = self.call(rule, values)?;
        self.judge(rule, self.dispatch(call).await?)
    }

    fn below(&self, address: &str) -> Result<Call, Mishap> {
        let elsewhere = || Mishap::new(Fault::Redirected, "the next page lies elsewhere");
        let mut base = self.base.clone();
        if !base.path().ends_with('/') {
            base.set_path(&format!("{}/", base.path()));
        }
        let url = base.join(address).map_err(|_| elsewhere())?;
        let inside = url.path().strip_prefix(base.path());
        let (true, Some(inside), true) = (
            url.origin() == base.origin(),
            inside,
            url.username().is_empty(),
        ) else {
            return Err(elsewhere());
        };
        let pieces: Vec<String> = inside
            .split('/')
            .filter(|it| !it.is_empty())
            .map(decoded)
            .collect();
        let pieces: Vec<&str> = pieces.iter().map(String::as_str).collect();
        let mut call = Call::get(&pieces).header("accept", "application/json");
        for (name, value) in url.query_pairs() {
            call = call.query(name, value);
        }
        Ok(call)
    }
}

fn shows(mark: &Mark, status: u16, body: Option<&Value>) -> bool {
    if !mark.status.contains(&status) {
        return false;
    }
    if mark.at.is_empty() {
        return true;
    }
    let found = body.and_then(|body| Pointer::parse(&mark.at).ok()?.one(body));
    match (found, &mark.is) {
        (None, _) => false,
        (Some(_), None) => true,
        (Some(found), Some(wanted)) => wanted.is(found),
    }
}

fn means(rule: &FaultRule, status: u16, body: Option<&Value>) -> bool {
    if rule.status.is_some_and(|wanted| wanted != status) {
        return false;
    }
    let Some(at) = &rule.at else {
        return rule.status.is_some();
    };
    let found = body.and_then(|body| Pointer::parse(at).ok()?.one(body));
    let Some(found) = found.filter(|it| !pointer::is_nothing(it)) else {
        return false;
    };
    let text = found.to_string().to_lowercase();
    rule.is.as_ref().is_none_or(|wanted| wanted.is(found))
        && rule
            .holds
            .as_ref()
            .is_none_or(|part| text.contains(&part.to_lowercase()))
}

/// Percent signs undone.
fn decoded(piece: &str) -> String {
    let bytes = piece.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut rest = bytes.iter();
    while let Some(&byte) = rest.next() {
        let hex = match (byte, rest.as_slice()) {
            (b'%', [a, b, ..]) => std::str::from_utf8(&[*a, *b])
                .ok()
                .and_then(|hex| u8::from_str_radix(hex, 16).ok()),
            _ => None,
        };
        if hex.is_some() {
            rest.next();
            rest.next();
        }
        out.push(hex.unwrap_or(byte));
    }
    String::from_utf8_lossy(&out).into_owned()
}
