//! The line to a system that speaks HTTP: one host, no redirects, bounded answers, no body in any message. Every status
//! becomes one of the known ways of failing.

use std::fmt;
use std::net::IpAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue, LOCATION, RETRY_AFTER};
use reqwest::{Method, Url, redirect};
use serde::de::DeserializeOwned;
use serde_json::Value;
use tokio::time::{Instant, timeout};
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::CertificateDer;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

use super::Limits;
use crate::ports::source::{Fault, Mishap, Pieces};

/// A line must stand in this time.
const CONNECT: Duration = Duration::from_secs(10);

/// How the line is made.
#[derive(Clone, Debug)]
pub struct Line {
    /// The address below which all calls lie, such as `https://crm.example/odoo`.
    pub address: String,
    /// Certificates (PEM) of the authorities to trust, **instead** of the public ones.
    pub ca_file: Option<PathBuf>,
    /// How long and how large an answer may be, and how fast we ask.
    pub limits: Limits,
    /// Headers of every call. Their values are never shown.
    pub headers: Vec<(&'static str, String)>,
}

impl Line {
    /// A line with the usual limits.
    #[must_use]
    pub fn to(address: impl Into<String>) -> Line {
        Line {
            address: address.into(),
            ca_file: None,
            limits: Limits::default(),
            headers: Vec::new(),
        }
    }
}

/// The client of one system.
#[derive(Clone)]
pub struct Http {
    inner: reqwest::Client,
    base: Arc<Url>,
    limits: Limits,
}

impl fmt::Debug for Http {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Http")
            .field("host", &self.base.host_str())
            .finish_non_exhaustive()
    }
}

/// One call: a method, a path in pieces, what is asked and sent.
#[derive(Clone)]
pub struct Call {
    method: Method,
    path: Vec<String>,
    /// Path and query as they go over the wire, instead of the pieces.
    target: Option<String>,
    query: Vec<(String, String)>,
    headers: Vec<(String, String)>,
    body: Option<(String, Vec<u8>)>,
    folder: bool,
}

impl Call {
    /// A call. The pieces of the path are encoded each for itself, so that none of them can leave its place; one that
    /// is empty makes the call impossible, for a path without its last piece often means everything.
    pub fn new(method: Method, path: &[&str]) -> Call {
        Call {
            method,
            path: path.iter().map(|&piece| piece.to_owned()).collect(),
            target: None,
            query: Vec::new(),
            headers: Vec::new(),
            body: None,
            folder: false,
        }
    }

    /// A call with path and query written already, from the root of the host: for systems that sign what goes over
    /// the wire. Neither is changed on the way; what would be is refused.
    pub fn exactly(method: Method, target: impl Into<String>) -> Call {
        Call {
            target: Some(target.into()),
            ..Call::new(method, &[])
        }
    }

    /// `GET`.
    pub fn get(path: &[&str]) -> Call {
        Call::new(Method::GET, path)
    }

    /// `POST`.
    pub fn post(path: &[&str]) -> Call {
        Call::new(Method::POST, path)
    }

    /// A parameter of the query, encoded.
    pub fn query(mut self, name: impl Into<String>, value: impl Into<String>) -> Call {
        self.query.push((name.into(), value.into()));
        self
    }

    /// A header of this call.
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Call {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// The same on a folder: its path ends with a slash.
    pub fn folder(mut self) -> Call {
        self.folder = true;
        self
    }

    /// A body as JSON.
    pub fn json(self, value: &Value) -> Call {
        self.body("application/json", value.to_string().into_bytes())
    }

    /// A body of any kind.
    pub fn body(mut self, media_type: impl Into<String>, bytes: Vec<u8>) -> Call {
        self.body = Some((media_type.into(), bytes));
        self
    }
}

/// An answer, whole.
#[derive(Clone)]
pub struct Answer {
    /// The status.
    pub status: u16,
    headers: HeaderMap,
    body: Vec<u8>,
}

impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Answer")
            .field("status", &self.status)
            .finish_non_exhaustive()
    }
}

impl Http {
    /// A client for the line.
    ///
    /// # Errors
    /// [`Fault::Misconfigured`], with what is wrong.
    pub fn new(line: &Line) -> Result<Http, Mishap> {
        let wrong = |what: String| Mishap::new(Fault::Misconfigured, what);
        let base = Url::parse(line.address.trim_end_matches('/'))
            .map_err(|error| wrong(format!("address: {error}")))?;
        if base.cannot_be_a_base()
            || !matches!(base.scheme(), "https" | "http")
            || base.host_str().is_none()
        {
            return Err(wrong("address: it must begin with https://".to_owned()));
        }
        if base.scheme() == "http" && !at_home(&base) {
            return Err(wrong(
                "address: http:// would send everything in clear over the network".to_owned(),
            ));
        }
        if !base.username().is_empty() || base.password().is_some() || base.query().is_some() {
            return Err(wrong(
                "address: neither a password nor a query belongs into it".to_owned(),
            ));
        }
        let mut headers = HeaderMap::new();
        for (name, value) in &line.headers {
            let mut value = HeaderValue::from_str(value)
                .map_err(|_| wrong(format!("{name}: cannot be a header")))?;
            value.set_sensitive(true);
            headers.insert(HeaderName::from_static(name), value);
        }
        let inner = reqwest::Client::builder()
            .tls_backend_preconfigured(tls(line.ca_file.as_ref()).map_err(wrong)?)
            .redirect(redirect::Policy::none())
            .no_proxy()
            .referer(false)
            .default_headers(headers)
            .connect_timeout(CONNECT.min(line.limits.patience))
            .read_timeout(line.limits.patience)
            .user_agent(concat!("Rechtzeitig/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(|_| wrong("the line cannot be prepared".to_owned()))?;
        Ok(Http {
            inner,
            base: Arc::new(base),
            limits: line.limits.clone(),
        })
    }

    fn url(&self, call: &Call) -> Result<Url, Mishap> {
        let mut url = (*self.base).clone();
        if let Some(target) = &call.target {
            let (path, query) = match target.split_once('?') {
                Some((path, query)) => (path, Some(query)),
                None => (target.as_str(), None),
            };
            url.set_path(path);
            url.set_query(query);
            // Steps such as `..` would lead elsewhere.
            return match url.path() == path && url.query() == query {
                true => Ok(url),
                false => Err(Mishap::new(
                    Fault::NoIdentifier,
                    "a path that cannot be said",
                )),
            };
        }
        {
            let mut path = url
                .path_segments_mut()
                .map_err(|()| Mishap::new(Fault::Misconfigured, "address"))?;
            path.pop_if_empty();
            for piece in &call.path {
                // `.` and `..` are steps, not names; an empty piece often means everything.
                if piece.is_empty() || piece == "." || piece == ".." {
                    return Err(Mishap::new(
                        Fault::NoIdentifier,
                        "a piece of the path is empty",
                    ));
                }
                path.push(piece);
            }
            if call.folder {
                path.push("");
            }
        }
        if !call.query.is_empty() {
            url.query_pairs_mut().extend_pairs(&call.query);
        }
        Ok(url)
    }

    async fn begin(&self, call: &Call) -> Result<reqwest::Response, Mishap> {
        let mut request = self.inner.request(call.method.clone(), self.url(call)?);
        for (name, value) in &call.headers {
            request = request.header(name, value);
        }
        if let Some((media_type, bytes)) = &call.body {
            request = request
                .header("content-type", media_type)
                .body(bytes.clone());
        }
        // Who asks for hours gets them, but nobody sleeps through them in a line: it would end as a system that is slow.
        let left = self.limits.pace.quiet_for();
        if left > self.limits.patience {
            return Err(Mishap::new(Fault::Busy, "it asked to be left alone").after(left));
        }
        self.limits.pace.turn().await;
        let sent = timeout(self.limits.patience, request.send()).await;
        let response = sent.map_err(|_| slow())?.map_err(|error| failed(&error))?;
        if let (429 | 503, Some(wait)) =
            (response.status().as_u16(), retry_after(response.headers()))
        {
            self.limits.pace.leave_alone(wait);
        }
        Ok(response)
    }

    /// Sends a call and takes the answer as a whole, whatever its status.
    ///
    /// # Errors
    /// [`Mishap`], if there is no whole answer, it is too large, or it leads elsewhere.
    pub async fn send(&self, call: &Call) -> Result<Answer, Mishap> {
        let largest = self.limits.largest;
        let response = self.begin(call).await?;
        let begun = Instant::now();
        let status = response.status().as_u16();
        if response.status().is_redirection() {
            return Err(Mishap::new(Fault::Redirected, format!("status {status}")));
        }
        if response
            .content_length()
            .is_some_and(|bytes| bytes > largest)
        {
            return Err(Mishap::new(
                Fault::TooLarge,
                format!("more than {} bytes", largest),
            ));
        }
        let headers = response.headers().clone();
        let mut body = Vec::new();
        let mut pieces = response.bytes_stream();
        loop {
            let left = self.limits.patience.saturating_sub(begun.elapsed());
            let Some(piece) = timeout(left, pieces.next()).await.map_err(|_| slow())? else {
                break;
            };
            let piece = piece.map_err(|error| failed(&error))?;
            if (body.len() + piece.len()) as u64 > largest {
                return Err(Mishap::new(
                    Fault::TooLarge,
                    format!("more than {} bytes", largest),
                ));
            }
            body.extend_from_slice(&piece);
        }
        Ok(Answer {
            status,
            headers,
            body,
        })
    }

    /// Where a call is sent to, if it is sent elsewhere on the same host: a path as it is written. Nobody goes there by
    /// itself.
    ///
    /// # Errors
    /// As [`Http::send`], and [`Fault::Redirected`] if it leads to another host.
    pub async fn leads_to(&self, call: &Call) -> Result<Option<String>, Mishap> {
        let response = self.begin(call).await?;
        let status = response.status();
        if !status.is_redirection() {
            return Ok(None);
        }
        let elsewhere = || Mishap::new(Fault::Redirected, format!("status {}", status.as_u16()));
        let location = response
            .headers()
            .get(LOCATION)
            .and_then(|it| it.to_str().ok())
            .ok_or_else(elsewhere)?;
        let there = response.url().join(location).map_err(|_| elsewhere())?;
        match there.origin() == self.base.origin() {
            true => Ok(Some(there.path().to_owned())),
            false => Err(elsewhere()),
        }
    }

    /// Sends a call and wants success.
    ///
    /// # Errors
    /// As [`Http::send`], and for every status that is no success.
    pub async fn ask(&self, call: &Call) -> Result<Answer, Mishap> {
        self.send(call).await?.sound()
    }

    /// The bytes of a large answer, piece by piece, at most so many.
    pub fn stream(&self, call: Call, largest: u64) -> Pieces<'static> {
        let http = self.clone();
        let begun = async move {
            let response = http.begin(&call).await?;
            let status = response.status();
            if status.is_redirection() {
                return Err(Mishap::new(
                    Fault::Redirected,
                    format!("status {}", status.as_u16()),
                ));
            }
            if !status.is_success() {
                let wait = retry_after(response.headers());
                return Err(of_status(status.as_u16(), wait));
            }
            let mut so_far = 0_u64;
            Ok(response.bytes_stream().map(move |piece| {
                let piece = piece.map_err(|error| failed(&error))?;
                so_far = so_far.saturating_add(piece.len() as u64);
                match so_far > largest {
                    true => Err(Mishap::new(
                        Fault::TooLarge,
                        format!("more than {largest} bytes"),
                    )),
                    false => Ok(piece.to_vec()),
                }
            }))
        };
        Box::pin(
            futures_util::stream::once(begun).flat_map(|begun| match begun {
                Ok(pieces) => pieces.left_stream(),
                Err(error) => {
                    futures_util::stream::once(std::future::ready(Err(error))).right_stream()
                }
            }),
        )
    }
}

impl Answer {
    /// The same, if its status is a success.
    ///
    /// # Errors
    /// The way of failing that its status means.
    pub fn sound(self) -> Result<Answer, Mishap> {
        match self.status {
            200..=299 => Ok(self),
            status => Err(of_status(status, self.wait())),
        }
    }

    /// The body as JSON. An answer in HTML is none: a login page with 200 is no data.
    ///
    /// # Errors
    /// [`Fault::Unreadable`]; the body is never a part of the message.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, Mishap> {
        serde_json::from_slice(&self.body).map_err(|error| {
            let what = match error.classify() {
                serde_json::error::Category::Eof if !self.body.is_empty() => {
                    return Mishap::new(Fault::HalfAnswer, "the answer broke off");
                }
                serde_json::error::Category::Data => "JSON of another shape",
                _ => "no JSON",
            };
            Mishap::new(Fault::Unreadable, format!("status {}, {what}", self.status))
        })
    }

    /// The body.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.body
    }

    /// A header as text.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// For how long the other side wants to be left alone.
    #[must_use]
    pub fn wait(&self) -> Option<Duration> {
        retry_after(&self.headers)
    }
}

/// The way of failing that a status means.
#[must_use]
pub fn of_status(status: u16, wait: Option<Duration>) -> Mishap {
    let fault = match status {
        401 => Fault::Unauthorized,
        403 => Fault::Forbidden,
        404 | 410 => Fault::Missing,
        408 | 504 => Fault::Slow,
        409 | 412 | 423 => Fault::Conflict,
        413 => Fault::TooLarge,
        425 | 429 => Fault::Busy,
        // Who names a time when to come back is busy and not broken.
        503 if wait.is_some() => Fault::Busy,
        400 | 405 | 406 | 415 | 417 | 422 => Fault::Refused,
        300..=399 => Fault::Redirected,
        500..=599 => Fault::Broken,
        _ => Fault::Unreadable,
    };
    let mishap = Mishap::new(fault, format!("status {status}"));
    match wait {
        Some(wait) => mishap.after(wait),
        None => mishap,
    }
}

/// Seconds; a date is not understood, and the usual pause is taken. Nobody is waited for longer than a day.
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let seconds: u64 = headers
        .get(RETRY_AFTER)?
        .to_str()
        .ok()?
        .trim()
        .parse()
        .ok()?;
    Some(Duration::from_secs(seconds.min(86_400)))
}

fn slow() -> Mishap {
    Mishap::new(Fault::Slow, "no answer in time")
}

/// What reqwest says holds the address with its query, and so whom we look for: only the kind of failure is told.
fn failed(error: &reqwest::Error) -> Mishap {
    let (fault, detail) = if error.is_timeout() {
        return slow();
    } else if chain(error, "certificate") || chain(error, "tls") {
        (Fault::Insecure, "the line cannot be protected")
    } else if error.is_connect() {
        (Fault::Unreachable, "no line")
    } else if error.is_body() || error.is_decode() {
        (Fault::HalfAnswer, "the answer broke off")
    } else {
        (Fault::Unreachable, "the line broke")
    };
    Mishap::new(fault, detail)
}

fn chain(error: &reqwest::Error, word: &str) -> bool {
    let mut cause: Option<&dyn std::error::Error> = std::error::Error::source(error);
    while let Some(inner) = cause {
        if inner.to_string().to_lowercase().contains(word) {
            return true;
        }
        cause = inner.source();
    }
    false
}

/// Whether the host is this machine itself.
fn at_home(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let address = host
        .trim_start_matches('[')
        .trim_end_matches(']')
        .parse::<IpAddr>();
    host == "localhost" || address.is_ok_and(|address| address.is_loopback())
}

/// Who is trusted at the other end.
pub fn tls(ca_file: Option<&PathBuf>) -> Result<ClientConfig, String> {
    let mut roots = RootCertStore::empty();
    match ca_file {
        None => roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned()),
        Some(path) => {
            let certificates = CertificateDer::pem_file_iter(path)
                .and_then(Iterator::collect::<Result<Vec<_>, _>>)
                .map_err(|error| format!("ca_file {}: {error}", path.display()))?;
            for certificate in certificates {
                roots
                    .add(certificate)
                    .map_err(|error| format!("ca_file {}: {error}", path.display()))?;
            }
        }
    }
    ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map(|config| config.with_root_certificates(roots).with_no_client_auth())
        .map_err(|error| error.to_string())
}
