//! The line to the storage: every call signed, every refusal read for its reason, a clock that goes wrong put right once.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use chrono::{DateTime, TimeDelta, Utc};
use reqwest::{Method, Url};
use ring::digest::{SHA256, digest};

use super::settings::{Credential, Settings, Style};
use super::sign::{Signer, Unsigned, encoded, query};
use super::xml::Element;
use crate::adapters::Limits;
use crate::adapters::http::{Answer, Call, Http, Line, of_status};
use crate::ports::clock::Clock;
use crate::ports::source::{Fault, Mishap};

/// A call to the bucket, or to an object in it.
#[derive(Clone, Default)]
pub struct Request<'a> {
    /// `GET`, `PUT`, `DELETE`.
    pub method: Method,
    /// The key of the object; empty for the bucket.
    pub key: &'a str,
    /// What is asked.
    pub query: Vec<(&'a str, &'a str)>,
    /// Which bytes, first and last.
    pub range: Option<(u64, u64)>,
    /// What is sent.
    pub body: Vec<u8>,
}

/// The line to a bucket with one credential.
pub struct Wire {
    http: Http,
    signer: Signer,
    host: String,
    /// What stands before the key.
    base: String,
    clock: Arc<dyn Clock>,
    /// Seconds by which the storage's clock goes before ours.
    ahead: AtomicI64,
}

/// A refusal with the reason that the storage names.
pub struct Refusal {
    /// What it means.
    pub mishap: Mishap,
    /// The storage's own name for it.
    pub code: String,
    /// Whether its words name a lock.
    pub locked: bool,
}

impl Wire {
    /// Reads the key and prepares the line.
    pub fn new(
        settings: &Settings,
        credential: &Credential,
        limits: &Limits,
        clock: Arc<dyn Clock>,
    ) -> Result<Wire, Mishap> {
        let wrong = |what: &str| Mishap::new(Fault::Misconfigured, what.to_owned());
        let mut address = Url::parse(&settings.address).map_err(|_| wrong("address"))?;
        let name =
            |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '.' | '_');
        if settings.bucket.len() < 3
            || !settings.bucket.chars().all(name)
            || settings.bucket.contains("..")
        {
            return Err(wrong("bucket: no name of a bucket"));
        }
        if settings.style == Style::Host {
            let host = format!(
                "{}.{}",
                settings.bucket,
                address.host_str().unwrap_or_default()
            );
            address
                .set_host(Some(&host))
                .map_err(|_| wrong("bucket: no name of a host"))?;
        }
        let before = address.path().trim_end_matches('/').to_owned();
        let base = match settings.style {
            Style::Path => format!("{before}/{}", settings.bucket),
            Style::Host => before,
        };
        let host = match (address.host_str(), address.port()) {
            (Some(host), Some(port)) => format!("{host}:{port}"),
            (Some(host), None) => host.to_owned(),
            (None, _) => return Err(wrong("address")),
        };
        let http = Http::new(&Line {
            address: address.to_string(),
            ca_file: settings.ca_file.clone(),
            limits: limits.clone(),
            headers: Vec::new(),
        })?;
        Ok(Wire {
            http,
            signer: Signer {
                access_key: credential.access_key.clone(),
                key: credential.key.read()?,
                region: settings.region.clone(),
            },
            host,
            base,
            clock,
            ahead: AtomicI64::new(0),
        })
    }

    /// Sends a call and wants success.
    pub async fn ask(&self, request: &Request<'_>) -> Result<Answer, Mishap> {
        self.try_asking(request)
            .await
            .map_err(|refusal| refusal.mishap)
    }

    /// Sends a call; a refusal comes with its reason.
    pub async fn try_asking(&self, request: &Request<'_>) -> Result<Answer, Refusal> {
        let first = self.send(request).await.map_err(Refusal::from)?;
        let refusal = match refused(&first) {
            None => return Ok(first),
            Some(refusal) => refusal,
        };
        // A call that was signed too early or too late changes nothing; the answer says what time it is there.
        if refusal.code != "RequestTimeTooSkewed" {
            return Err(refusal);
        }
        let Some(theirs) = first
            .header("date")
            .and_then(|date| DateTime::parse_from_rfc2822(date).ok())
        else {
            return Err(refusal);
        };
        let ahead = theirs
            .to_utc()
            .signed_duration_since(self.clock.now())
            .num_seconds();
        self.ahead
            .store(ahead.clamp(-86_400, 86_400), Ordering::Relaxed);
        let second = self.send(request).await.map_err(Refusal::from)?;
        match refused(&second) {
            None => Ok(second),
            Some(refusal) => Err(refusal),
        }
    }

    async fn send(&self, request: &Request<'_>) -> Result<Answer, Mishap> {
        let mut headers: Vec<(&str, String)> = Vec::new();
        if let Some((first, last)) = request.range {
            headers.push(("range", format!("bytes={first}-{last}")));
        }
        if !request.body.is_empty() {
            let sum = digest(&SHA256, &request.body);
            headers.push((
                "x-amz-checksum-sha256",
                BASE64_STANDARD.encode(sum.as_ref()),
            ));
            headers.push(("x-amz-sdk-checksum-algorithm", "SHA256".to_owned()));
        }
        let path = match request.key.is_empty() {
            true if self.base.is_empty() => "/".to_owned(),
            true => self.base.clone(),
            false => format!("{}/{}", self.base, encoded(request.key, true)),
        };
        let unsigned = Unsigned {
            method: request.method.as_str(),
            host: &self.host,
            path: &path,
            query: &request.query,
            headers: &headers,
            body: &request.body,
        };
        let signed = self.signer.sign(&unsigned, self.now());
        let target = match request.query.is_empty() {
            true => path,
            false => format!("{path}?{}", query(&request.query)),
        };
        let mut call = Call::exactly(request.method.clone(), target);
        for (name, value) in signed {
            call = call.header(name, value);
        }
        if !request.body.is_empty() {
            call = call.body("application/xml", request.body.clone());
        }
        self.http.send(&call).await
    }

    /// The time over there.
    pub fn now(&self) -> DateTime<Utc> {
        let ahead = TimeDelta::seconds(self.ahead.load(Ordering::Relaxed));
        self.clock.now() + ahead
    }
}

impl From<Mishap> for Refusal {
    fn from(mishap: Mishap) -> Refusal {
        Refusal {
            mishap,
            code: String::new(),
            locked: false,
        }
    }
}

fn refused(answer: &Answer) -> Option<Refusal> {
    if (200..300).contains(&answer.status) {
        return None;
    }
    let mut mishap = of_status(answer.status, answer.wait());
    let said = Element::read(answer.bytes()).unwrap_or_default();
    let code = said.of("Code");
    // A code is a word; anything else is not repeated.
    if code.is_empty()
        || code.len() > 60
        || !code.chars().all(|letter| letter.is_ascii_alphanumeric())
    {
        return Some(Refusal::from(mishap));
    }
    mishap.fault = match code {
        "InvalidAccessKeyId" | "SignatureDoesNotMatch" | "ExpiredToken" | "InvalidToken" => {
            Fault::Unauthorized
        }
        "AccessDenied" | "AllAccessDisabled" => Fault::Forbidden,
        "NoSuchBucket"
        | "AuthorizationHeaderMalformed"
        | "RequestTimeTooSkewed"
        | "InvalidBucketName" => Fault::Misconfigured,
        "SlowDown" | "ServiceUnavailable" | "RequestLimitExceeded" => Fault::Busy,
        "NotImplemented" => Fault::Unknown,
        "InvalidObjectState" | "ObjectLocked" => Fault::Refused,
        _ => mishap.fault,
    };
    mishap.detail.push_str(&format!(", {code}"));
    let words = said.of("Message").to_lowercase();
    let lock = [
        "object lock",
        "object-lock",
        "worm",
        "retention",
        "legal hold",
    ];
    Some(Refusal {
        mishap,
        locked: code == "ObjectLocked" || lock.iter().any(|word| words.contains(word)),
        code: code.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ports::clock::SystemClock;

    #[test]
    fn the_bucket_stands_in_the_path_or_in_the_host() {
        let key = std::env::temp_dir().join(format!("s3-key-{}", std::process::id()));
        std::fs::write(&key, "geheim").unwrap();
        let wire = |style: &str, bucket: &str| {
            let text = format!(
                "address = \"https://objects.example:9443/store/\"\nbucket = {bucket:?}\nstyle = {style:?}\nprefix = []\n\
                 reading = {{ access_key = \"a\", key = {{ file = {key:?} }} }}"
            );
            let settings: Settings = toml::from_str(&text).unwrap();
            let wire = Wire::new(
                &settings,
                &settings.reading,
                &Limits::default(),
                Arc::new(SystemClock),
            );
            wire.map(|wire| (wire.host, wire.base))
        };
        let path = wire("path", "kunden").unwrap();
        assert_eq!(
            path,
            ("objects.example:9443".into(), "/store/kunden".into())
        );
        let host = wire("host", "kunden").unwrap();
        assert_eq!(
            host,
            ("kunden.objects.example:9443".into(), "/store".into())
        );
        for bucket in ["", "a/b", "..", "x?y", "a..b"] {
            assert_eq!(
                wire("host", bucket).unwrap_err().fault,
                Fault::Misconfigured,
                "{bucket}"
            );
        }
        std::fs::remove_file(key).ok();
    }
}
