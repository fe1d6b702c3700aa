//! Signs a call for an S3-compatible storage (AWS Signature Version 4): the key itself never goes over the wire.

use chrono::{DateTime, Utc};
use ring::{digest, hmac};

use crate::adapters::secret::Secret;

/// What is signed and how.
pub struct Signer {
    /// The public half.
    pub access_key: String,
    /// The secret half.
    pub key: Secret,
    /// The region.
    pub region: String,
}

/// A call that is about to be signed.
pub struct Unsigned<'a> {
    /// `GET`, `DELETE`.
    pub method: &'a str,
    /// As the line names it, with its port if it is not the usual one.
    pub host: &'a str,
    /// Encoded.
    pub path: &'a str,
    /// Names and values, not encoded.
    pub query: &'a [(&'a str, &'a str)],
    /// Other headers to sign, names in small letters.
    pub headers: &'a [(&'a str, String)],
    /// What is sent.
    pub body: &'a [u8],
}

impl Signer {
    /// The headers that make the call a signed one.
    pub fn sign(&self, call: &Unsigned<'_>, now: DateTime<Utc>) -> Vec<(String, String)> {
        let (moment, day) = (
            now.format("%Y%m%dT%H%M%SZ").to_string(),
            now.format("%Y%m%d").to_string(),
        );
        let body = hex(digest::digest(&digest::SHA256, call.body).as_ref());
        let mut headers: Vec<(&str, String)> = call.headers.to_vec();
        headers.push(("host", call.host.to_owned()));
        headers.push(("x-amz-content-sha256", body.clone()));
        headers.push(("x-amz-date", moment.clone()));
        headers.sort_by_key(|(name, _)| *name);
        let names: Vec<&str> = headers.iter().map(|(name, _)| *name).collect();
        let names = names.join(";");
        let lines: String = headers
            .iter()
            .map(|(name, value)| format!("{name}:{}\n", value.trim()))
            .collect();
        let canonical = format!(
            "{}\n{}\n{}\n{lines}\n{names}\n{body}",
            call.method,
            call.path,
            query(call.query)
        );
        let scope = format!("{day}/{}/s3/aws4_request", self.region);
        let canonical = hex(digest::digest(&digest::SHA256, canonical.as_bytes()).as_ref());
        let signed = format!("AWS4-HMAC-SHA256\n{moment}\n{scope}\n{canonical}");
        let mut key = format!("AWS4{}", self.key.reveal()).into_bytes();
        for part in [day.as_str(), self.region.as_str(), "s3", "aws4_request"] {
            key = mac(&key, part);
        }
        let signature = hex(&mac(&key, &signed));
        let told = format!(
            "AWS4-HMAC-SHA256 Credential={}/{scope}, SignedHeaders={names}, Signature={signature}",
            self.access_key
        );
        let own =
            |(name, value): (&str, String)| (name != "host").then(|| (name.to_owned(), value));
        headers
            .into_iter()
            .filter_map(own)
            .chain([("authorization".to_owned(), told)])
            .collect()
    }
}

fn mac(key: &[u8], text: &str) -> Vec<u8> {
    hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key), text.as_bytes())
        .as_ref()
        .to_vec()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The query as it is signed and sent: sorted, with an equals sign even where nothing follows.
pub fn query(pairs: &[(&str, &str)]) -> String {
    let mut pairs: Vec<(String, String)> = pairs
        .iter()
        .map(|(name, value)| (encoded(name, false), encoded(value, false)))
        .collect();
    pairs.sort();
    let pairs: Vec<String> = pairs
        .into_iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    pairs.join("&")
}

/// Percent signs for everything but letters, digits and `-._~`; slashes stay in a path.
pub fn encoded(text: &str, path: bool) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                out.push(char::from(byte))
            }
            b'/' if path => out.push('/'),
            other => out.push_str(&format!("%{other:02X}")),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example that AWS publishes for `GET /test.txt` with a range, and for a list of objects.
    #[test]
    fn the_signatures_of_the_published_examples_come_out() {
        let signer = Signer {
            access_key: "AKIAIOSFODNN7EXAMPLE".into(),
            key: Secret::new("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"),
            region: "us-east-1".into(),
        };
        let now = "2013-05-24T00:00:00Z".parse().unwrap();
        let mut call = Unsigned {
            method: "GET",
            host: "examplebucket.s3.amazonaws.com",
            path: "/test.txt",
            query: &[],
            headers: &[("range", "bytes=0-9".to_owned())],
            body: b"",
        };
        let signature = |call: &Unsigned<'_>| {
            let (_, told) = signer.sign(call, now).pop().unwrap();
            told.rsplit_once('=').unwrap().1.to_owned()
        };
        assert_eq!(
            signature(&call),
            "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"
        );
        call.path = "/";
        call.headers = &[];
        call.query = &[("prefix", "J"), ("max-keys", "2")];
        assert_eq!(
            signature(&call),
            "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7"
        );
        call.query = &[("lifecycle", "")];
        assert_eq!(
            signature(&call),
            "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543"
        );
    }

    #[test]
    fn every_sign_that_means_something_is_encoded() {
        assert_eq!(encoded("a b+c/ü~'*", true), "a%20b%2Bc/%C3%BC~%27%2A");
        assert_eq!(
            query(&[("versions", ""), ("prefix", "a/")]),
            "prefix=a%2F&versions="
        );
    }
}
