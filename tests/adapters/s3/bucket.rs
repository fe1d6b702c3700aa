//! A server that plays an S3-compatible storage with versions, markers and locks. It works every signature out anew from
//! what came over the wire, and refuses what is not signed right.

use std::sync::{Arc, Mutex};

use chrono::{DateTime, TimeDelta, Utc};
use ring::{digest, hmac};

use super::super::theatre::{Heard, Said, Theatre};

/// The credential that reads, and the one that deletes.
pub const READER: (&str, &str) = ("LESEN", "geheim-lesen");
pub const ERASER: (&str, &str) = ("LOESCHEN", "geheim/+loeschen=");

#[derive(Clone, Debug)]
pub struct Stored {
    pub key: String,
    pub id: String,
    pub bytes: Vec<u8>,
    pub marker: bool,
    pub locked: bool,
    pub tags: String,
}

/// How the storage behaves.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    Usual,
    /// Knows no versions.
    Plain,
    /// Shows everybody's objects whatever is asked.
    IgnoresPrefix,
    /// Says that there is more and leads back to the same page.
    Circle,
    /// Always has another page, with nothing in it.
    Endless,
    /// Says 204 and deletes nothing.
    Forgets,
    /// Gives the whole file whatever range is asked.
    IgnoresRange,
    /// Does not encode keys though it was asked to.
    NotEncoded,
    /// Says what it is told.
    Says(String),
}

pub struct State {
    pub stored: Vec<Stored>,
    pub kind: Kind,
    pub page: usize,
    /// How far its clock is off.
    pub ahead: TimeDelta,
    /// Whether the reader may delete.
    pub mighty: bool,
    count: u64,
}

pub struct Bucket {
    pub theatre: Theatre,
    state: Arc<Mutex<State>>,
}

impl Bucket {
    pub async fn open() -> Bucket {
        let state = Arc::new(Mutex::new(State {
            stored: Vec::new(),
            kind: Kind::Usual,
            page: 3,
            ahead: TimeDelta::zero(),
            mighty: false,
            count: 0,
        }));
        let played = Arc::clone(&state);
        let theatre = Theatre::open(move |heard| play(&mut played.lock().unwrap(), heard)).await;
        Bucket { theatre, state }
    }

    pub fn set(&self, change: impl FnOnce(&mut State)) {
        change(&mut self.state.lock().unwrap());
    }

    pub fn put(&self, key: &str, bytes: &[u8]) {
        self.set(|state| {
            state.count += 1;
            // The newest comes first within a key, as in a real list.
            let at = state.stored.partition_point(|it| it.key.as_str() < key);
            let stored = Stored {
                key: key.into(),
                id: format!("v{:04}", state.count),
                bytes: bytes.to_vec(),
                marker: false,
                locked: false,
                tags: String::new(),
            };
            state.stored.insert(at, stored);
        });
    }

    pub fn mark(&self, key: &str) {
        self.put(key, b"");
        self.set(|state| {
            let newest = state.stored.iter_mut().find(|it| it.key == key).unwrap();
            newest.marker = true;
        });
    }

    pub fn keys(&self) -> Vec<String> {
        self.state
            .lock()
            .unwrap()
            .stored
            .iter()
            .map(|it| it.key.clone())
            .collect()
    }
}

fn refusal(status: u16, code: &str, message: &str) -> Said {
    let body = format!(
        "<?xml version=\"1.0\"?><Error><Code>{code}</Code><Message>{message}</Message></Error>"
    );
    Said::of(status, "application/xml", body.into_bytes())
}

fn xml(body: String) -> Said {
    Said::of(
        200,
        "application/xml",
        format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{body}").into_bytes(),
    )
}

fn play(state: &mut State, heard: &Heard) -> Said {
    let now = rechtzeitig::ports::Clock::now(&rechtzeitig::ports::SystemClock) + state.ahead;
    if let Some(wrong) = signed_wrong(heard, now) {
        return wrong.with("date", &now.format("%a, %d %b %Y %H:%M:%S GMT").to_string());
    }
    let writes = heard
        .header("authorization")
        .contains(&format!("Credential={}/", ERASER.0))
        || state.mighty;
    let key = heard.path.strip_prefix("/kunden").unwrap_or_default();
    if key.is_empty() {
        return match heard.asked("object-lock") {
            Some(_) => xml("<ObjectLockConfiguration><ObjectLockEnabled>Enabled</ObjectLockEnabled></ObjectLockConfiguration>".into()),
            None => list(state, heard),
        };
    }
    let key = key.trim_start_matches('/').to_owned();
    let key = if heard.path.starts_with("/kunden//") {
        format!("/{key}")
    } else {
        key
    };
    let version = heard.asked("versionId").map(str::to_owned);
    let of =
        |it: &Stored| it.key == key && version.as_ref().is_none_or(|version| it.id == *version);
    let found = state.stored.iter().position(of);
    match heard.method.as_str() {
        "DELETE" | "PUT" if !writes => refusal(403, "AccessDenied", "Access Denied"),
        "DELETE" if heard.asked("tagging").is_some() => {
            state.stored[found.unwrap()].tags.clear();
            Said::of(204, "", Vec::new())
        }
        "DELETE" => {
            let Some(at) = found else {
                return Said::of(204, "", Vec::new());
            };
            if version.is_none() && state.kind != Kind::Plain {
                // The trap: it only looks deleted.
                let mut marker = state.stored[at].clone();
                marker.marker = true;
                marker.id.push('m');
                state.stored.insert(at, marker);
                return Said::of(204, "", Vec::new());
            }
            if state.stored[at].locked {
                return refusal(
                    403,
                    "AccessDenied",
                    "Access Denied because object protected by object lock.",
                );
            }
            if state.kind != Kind::Forgets {
                state.stored.remove(at);
            }
            Said::of(204, "", Vec::new())
        }
        // Some storages fail at a set without a tag.
        "PUT" if heard.asked("tagging").is_some() && !heard.text().contains("<Tag>") => {
            Said::html(500, "oops")
        }
        "PUT" if heard.asked("tagging").is_some() => {
            state.stored[found.unwrap()].tags = heard.text();
            Said::of(200, "", Vec::new())
        }
        "GET" => get(state, heard, found),
        other => refusal(405, "MethodNotAllowed", other),
    }
}

fn get(state: &State, heard: &Heard, found: Option<usize>) -> Said {
    let Some(stored) = found.map(|at| &state.stored[at]) else {
        return refusal(404, "NoSuchKey", "The specified key does not exist.");
    };
    if heard.asked("tagging").is_some() {
        return match stored.tags.is_empty() {
            true => xml("<Tagging><TagSet/></Tagging>".into()),
            false => xml(stored.tags.clone()),
        };
    }
    if heard.asked("retention").is_some() {
        return match stored.locked {
            true => xml("<Retention><Mode>COMPLIANCE</Mode><RetainUntilDate>2999-01-01T00:00:00Z</RetainUntilDate></Retention>".into()),
            false => refusal(404, "NoSuchObjectLockConfiguration", "none"),
        };
    }
    if heard.asked("legal-hold").is_some() {
        return refusal(404, "NoSuchObjectLockConfiguration", "none");
    }
    let range = heard
        .header("range")
        .strip_prefix("bytes=")
        .and_then(|it| it.split_once('-'));
    match range {
        Some((first, last)) if state.kind != Kind::IgnoresRange => {
            let (first, last): (usize, usize) = (first.parse().unwrap(), last.parse().unwrap());
            let range = format!("bytes {first}-{last}/{}", stored.bytes.len());
            Said::of(206, "application/pdf", stored.bytes[first..=last].to_vec())
                .with("content-range", &range)
        }
        _ => Said::of(200, "application/pdf", stored.bytes.clone()),
    }
}

fn list(state: &State, heard: &Heard) -> Said {
    let plain = heard.asked("list-type").is_some();
    if state.kind == Kind::Plain && !plain {
        return refusal(
            501,
            "NotImplemented",
            "A header you provided implies functionality that is not implemented.",
        );
    }
    if let Kind::Says(said) = &state.kind {
        return Said::of(200, "application/xml", said.clone().into_bytes());
    }
    let prefix = heard.asked("prefix").unwrap_or_default();
    let shown: Vec<&Stored> = state
        .stored
        .iter()
        .filter(|it| state.kind == Kind::IgnoresPrefix || it.key.starts_with(prefix))
        .collect();
    let mark = match plain {
        true => heard
            .asked("continuation-token")
            .unwrap_or_default()
            .to_owned(),
        false => heard
            .asked("version-id-marker")
            .unwrap_or_default()
            .to_owned(),
    };
    let from = match mark.is_empty() {
        true => 0,
        false => shown
            .iter()
            .position(|it| it.id == mark)
            .map_or(0, |at| at + 1),
    };
    let encode = heard.asked("encoding-type") == Some("url") && state.kind != Kind::NotEncoded;
    let name = |key: &str| match encode {
        true => strict(key, true).replace("%20", "+"),
        false => key.replace('&', "&amp;"),
    };
    let page: Vec<&&Stored> = shown.iter().skip(from).take(state.page).collect();
    let mut body = String::new();
    for it in &page {
        let latest = shown
            .iter()
            .find(|other| other.key == it.key)
            .is_some_and(|other| other.id == it.id);
        let kind = match (plain, it.marker) {
            (true, _) => "Contents",
            (false, true) => "DeleteMarker",
            (false, false) => "Version",
        };
        let size = if it.marker {
            String::new()
        } else {
            format!("<Size>{}</Size>", it.bytes.len())
        };
        let version = if plain {
            String::new()
        } else {
            format!(
                "<VersionId>{}</VersionId><IsLatest>{latest}</IsLatest>",
                it.id
            )
        };
        body.push_str(&format!(
            "<{kind}><Key>{}</Key>{version}<LastModified>2026-02-03T04:05:06.000Z</LastModified>{size}<ETag>&quot;x&quot;</ETag></{kind}>",
            name(&it.key)
        ));
    }
    let (more, next) = match state.kind {
        Kind::Circle => (true, "same".to_owned()),
        Kind::Endless => (true, format!("{mark}x")),
        _ => (
            from + page.len() < shown.len(),
            page.last().map(|it| it.id.clone()).unwrap_or_default(),
        ),
    };
    let tail = match (more, plain) {
        (false, _) => String::new(),
        (true, true) => format!("<NextContinuationToken>{next}</NextContinuationToken>"),
        (true, false) => {
            let key = page.last().map_or("k", |it| &it.key);
            format!(
                "<NextKeyMarker>{}</NextKeyMarker><NextVersionIdMarker>{next}</NextVersionIdMarker>",
                name(key)
            )
        }
    };
    let encoding = if encode {
        "<EncodingType>url</EncodingType>"
    } else {
        ""
    };
    let root = if plain {
        "ListBucketResult"
    } else {
        "ListVersionsResult"
    };
    xml(format!(
        "<{root} xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Name>kunden</Name>{encoding}<IsTruncated>{more}</IsTruncated>{tail}{body}</{root}>"
    ))
}

fn strict(text: &str, slashes: bool) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        match byte {
            b'-' | b'.' | b'_' | b'~' => out.push(char::from(byte)),
            b'/' if slashes => out.push('/'),
            it if it.is_ascii_alphanumeric() => out.push(char::from(it)),
            other => out.push_str(&format!("%{other:02X}")),
        }
    }
    out
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Works the signature out from what arrived, as a storage does.
fn signed_wrong(heard: &Heard, now: DateTime<Utc>) -> Option<Said> {
    let denied = |what: &str| Some(refusal(403, "SignatureDoesNotMatch", what));
    let told = heard.header("authorization");
    let Some(told) = told.strip_prefix("AWS4-HMAC-SHA256 ") else {
        return Some(refusal(403, "AccessDenied", "not signed"));
    };
    let part = |name: &str| {
        told.split(", ")
            .find_map(|it| it.strip_prefix(name))
            .unwrap_or_default()
    };
    let (credential, names, signature) = (
        part("Credential="),
        part("SignedHeaders="),
        part("Signature="),
    );
    let Some((access, scope)) = credential.split_once('/') else {
        return denied("credential");
    };
    let secret = match access {
        it if it == READER.0 => READER.1,
        it if it == ERASER.0 => ERASER.1,
        _ => return Some(refusal(403, "InvalidAccessKeyId", "unknown")),
    };
    let moment = heard.header("x-amz-date");
    let Ok(at) = chrono::NaiveDateTime::parse_from_str(moment, "%Y%m%dT%H%M%SZ") else {
        return denied("date");
    };
    if (at.and_utc() - now).abs() > TimeDelta::minutes(15) {
        return Some(refusal(
            403,
            "RequestTimeTooSkewed",
            "The difference between the request time and the current time is too large.",
        ));
    }
    let body = hex(digest::digest(&digest::SHA256, &heard.body).as_ref());
    if heard.header("x-amz-content-sha256") != body {
        return denied("body");
    }
    for needed in ["host", "x-amz-date", "x-amz-content-sha256"] {
        if !names.split(';').any(|name| name == needed) {
            return denied("a header that is not signed");
        }
    }
    let mut query: Vec<String> = heard
        .query
        .iter()
        .map(|(name, value)| format!("{}={}", strict(name, false), strict(value, false)))
        .collect();
    query.sort();
    let lines: String = names
        .split(';')
        .map(|name| format!("{name}:{}\n", heard.header(name)))
        .collect();
    let canonical = format!(
        "{}\n{}\n{}\n{lines}\n{names}\n{body}",
        heard.method,
        strict(&heard.path, true),
        query.join("&")
    );
    let canonical = hex(digest::digest(&digest::SHA256, canonical.as_bytes()).as_ref());
    let text = format!("AWS4-HMAC-SHA256\n{moment}\n{scope}\n{canonical}");
    let mut key = format!("AWS4{secret}").into_bytes();
    for part in scope.split('/').chain([text.as_str()]) {
        key = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, &key), part.as_bytes())
            .as_ref()
            .to_vec();
    }
    match hex(&key) == signature
        && scope == format!("{}/eu-mitte/s3/aws4_request", moment.get(..8)?)
    {
        true => None,
        false => denied("another signature"),
    }
}
