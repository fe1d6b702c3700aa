//! The gate: from where a request may come, and whose address it is counted under.

use std::net::IpAddr;
use std::sync::Arc;

use actix_web::HttpRequest;
use actix_web::dev::ServiceRequest;
use actix_web::http::header::{COOKIE, HOST, HeaderMap, HeaderValue, ORIGIN};
use tokio::sync::Semaphore;

use crate::casework::Office;
use crate::web::Settings;
use crate::web::limits::Limits;

/// Megabytes of files that all forms together hold in memory while they are read.
const HELD: usize = 256;

/// What is known of the way from the outside to this program; made once, shared by all threads.
#[derive(Debug)]
pub struct Gate {
    /// How often one address may do what costs.
    pub limits: Limits,
    /// Room in memory for files that are on their way in, in megabytes.
    pub files: Arc<Semaphore>,
    /// Whether the pages are reached by https.
    pub https: bool,
    trusted: Vec<IpAddr>,
    /// Host and port of every public address.
    hosts: Vec<String>,
}

impl Gate {
    /// The gate of this office.
    #[must_use]
    pub fn new(office: &Office, settings: &Settings) -> Self {
        let urls = || {
            office
                .houses()
                .iter()
                .map(|house| house.controller.public_url.as_str())
        };
        Self {
            limits: Limits::new(),
            files: Arc::new(Semaphore::new(HELD)),
            https: urls().any(|url| url.starts_with("https://")),
            trusted: settings.trusted_proxies.clone(),
            hosts: urls().filter_map(authority).map(str::to_owned).collect(),
        }
    }

    /// Who is asking. A header about it is believed only from a trusted proxy, and of the addresses in
    /// it only the last that is not such a proxy itself: all before it the asker may have invented.
    #[must_use]
    pub fn asker(&self, request: &HttpRequest) -> Option<IpAddr> {
        let near = request.peer_addr()?.ip().to_canonical();
        if !self.trusted.contains(&near) {
            return Some(near);
        }
        let told: Vec<&str> = request
            .headers()
            .get_all("x-forwarded-for")
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
            .collect();
        let mut asker = near;
        for address in told.iter().rev() {
            match address.trim().parse::<IpAddr>() {
                Ok(address) => {
                    asker = address.to_canonical();
                    if !self.trusted.contains(&asker) {
                        break;
                    }
                }
                Err(_) => break,
            }
        }
        Some(asker)
    }

    /// Whether a request that changes something comes from our own pages. Browsers say so; what says
    /// nothing and carries no session has nothing to lose here.
    pub(super) fn admits(&self, request: &ServiceRequest) -> bool {
        if request.method().is_safe() {
            return true;
        }
        let headers = request.headers();
        if let Some(site) = headers.get("sec-fetch-site") {
            return site == "same-origin" || site == "none";
        }
        match text(headers.get(ORIGIN)) {
            // A page without a referrer sends "null"; over plain http that is all a browser tells.
            None | Some("null") => !headers.contains_key(COOKIE),
            Some(origin) => authority(origin).is_some_and(|from| self.is_ours(from, headers)),
        }
    }

    fn is_ours(&self, from: &str, headers: &HeaderMap) -> bool {
        text(headers.get(HOST)).is_some_and(|host| host.eq_ignore_ascii_case(from))
            || self
                .hosts
                .iter()
                .any(|host| host.eq_ignore_ascii_case(from))
    }
}

fn text(value: Option<&HeaderValue>) -> Option<&str> {
    value.and_then(|value| value.to_str().ok())
}

/// Host and port of an address.
fn authority(url: &str) -> Option<&str> {
    let (_, rest) = url.split_once("://")?;
    rest.split('/').next().filter(|host| !host.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::test::TestRequest;

    fn gate() -> Gate {
        Gate {
            limits: Limits::new(),
            files: Arc::new(Semaphore::new(1)),
            https: true,
            trusted: vec!["10.0.0.1".parse().unwrap(), "10.0.0.2".parse().unwrap()],
            hosts: vec!["antrag.example".into()],
        }
    }

    fn asker(near: &str, told: &[&str]) -> String {
        let mut request = TestRequest::get().peer_addr(format!("{near}:1").parse().unwrap());
        for line in told {
            request = request.append_header(("x-forwarded-for", *line));
        }
        gate()
            .asker(&request.to_http_request())
            .unwrap()
            .to_string()
    }

    #[test]
    fn an_address_is_believed_from_a_trusted_proxy_only() {
        assert_eq!(asker("192.0.2.7", &["198.51.100.1"]), "192.0.2.7");
        assert_eq!(asker("10.0.0.1", &["198.51.100.1"]), "198.51.100.1");
        assert_eq!(
            asker("10.0.0.1", &["203.0.113.9, 198.51.100.1", "10.0.0.2"]),
            "198.51.100.1"
        );
        assert_eq!(asker("10.0.0.1", &["nonsense"]), "10.0.0.1");
        assert_eq!(asker("10.0.0.1", &[]), "10.0.0.1");
    }

    fn admits(headers: &[(&str, &str)]) -> bool {
        let mut request = TestRequest::post().insert_header((HOST, "localhost:8080"));
        for header in headers {
            request = request.append_header(*header);
        }
        gate().admits(&request.to_srv_request())
    }

    #[test]
    fn only_our_own_pages_may_change_something() {
        assert!(admits(&[("sec-fetch-site", "same-origin")]));
        assert!(admits(&[
            ("sec-fetch-site", "none"),
            ("cookie", "session=1")
        ]));
        assert!(!admits(&[("sec-fetch-site", "cross-site")]));
        assert!(!admits(&[
            ("sec-fetch-site", "same-site"),
            ("origin", "http://localhost:8080")
        ]));
        assert!(admits(&[
            ("origin", "http://localhost:8080"),
            ("cookie", "session=1")
        ]));
        assert!(admits(&[("origin", "https://Antrag.example")]));
        assert!(!admits(&[("origin", "https://elsewhere.example")]));
        assert!(!admits(&[(
            "origin",
            "https://antrag.example.elsewhere.example"
        )]));
    }

    #[test]
    fn what_says_nothing_passes_only_without_a_session() {
        assert!(admits(&[]) && admits(&[("origin", "null")]));
        assert!(!admits(&[("cookie", "session=1")]));
        assert!(!admits(&[("origin", "null"), ("cookie", "session=1")]));
    }

    #[test]
    fn looking_is_always_allowed() {
        let request = TestRequest::get().insert_header(("sec-fetch-site", "cross-site"));
        assert!(gate().admits(&request.to_srv_request()));
    }
}
