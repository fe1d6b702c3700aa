//! Lists what lies below a prefix with all its versions and the markers of deletion, page after page to the end.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use reqwest::Method;

use super::wire::{Request, Wire};
use super::xml::Element;
use crate::ports::source::{Fault, Mishap};

/// One version of an object, or a marker that says it was deleted while all versions stay.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    /// The key of the object.
    pub key: String,
    /// Its version; empty where the storage has none.
    pub id: String,
    /// Whether it is the one that is seen.
    pub latest: bool,
    /// Whether it is a marker.
    pub marker: bool,
    /// Bytes.
    pub size: u64,
    /// When it was written.
    pub changed: Option<DateTime<Utc>>,
    /// Where it lies: an archive gives nothing out at once.
    pub class: String,
}

/// What was there when it was found: when the newest of it was written, and how many were at that moment.
pub fn mark(versions: &[Version]) -> String {
    let newest = versions.iter().filter_map(|it| it.changed).max();
    let at = newest.map(|at| at.to_rfc3339()).unwrap_or_default();
    format!("{at}/{}", written_at(versions, newest))
}

/// Whether there is more now than there was: a version that nobody has seen. Fewer are none: a repeat finds fewer.
pub fn has_grown(versions: &[Version], mark: &str) -> bool {
    let Some((at, count)) = mark.split_once('/') else {
        return true;
    };
    let at = DateTime::parse_from_rfc3339(at).ok();
    let at = at.map(|at| at.with_timezone(&Utc));
    versions.iter().any(|it| it.changed > at)
        || count
            .parse()
            .is_ok_and(|count: usize| written_at(versions, at) > count)
}

fn written_at(versions: &[Version], at: Option<DateTime<Utc>>) -> usize {
    versions.iter().filter(|it| it.changed == at).count()
}

/// Everything below a prefix. A prefix ends with a slash, or is a whole key that is compared afterwards.
pub async fn versions(wire: &Wire, prefix: &str, most: u64) -> Result<Vec<Version>, Mishap> {
    match walk(wire, prefix, most, true).await {
        // A storage without versions does not know the question.
        Err(mishap) if mishap.fault == Fault::Unknown => walk(wire, prefix, most, false).await,
        walked => walked,
    }
}

async fn walk(
    wire: &Wire,
    prefix: &str,
    most: u64,
    versioned: bool,
) -> Result<Vec<Version>, Mishap> {
    let mut found = Vec::new();
    let mut seen: HashSet<(String, String)> = HashSet::new();
    let mut marks: HashSet<(String, String)> = HashSet::new();
    let (mut mark, mut foreign) = ((String::new(), String::new()), 0_u64);
    loop {
        let mut query = vec![
            ("prefix", prefix),
            ("max-keys", "1000"),
            ("encoding-type", "url"),
        ];
        query.push(if versioned {
            ("versions", "")
        } else {
            ("list-type", "2")
        });
        if !mark.0.is_empty() {
            query.push((
                if versioned {
                    "key-marker"
                } else {
                    "continuation-token"
                },
                mark.0.as_str(),
            ));
        }
        if !mark.1.is_empty() {
            query.push(("version-id-marker", mark.1.as_str()));
        }
        let request = Request {
            method: Method::GET,
            query,
            ..Request::default()
        };
        let page = Page::read(wire.ask(&request).await?.bytes(), versioned)?;
        for version in page.versions {
            // A storage that ignores the prefix shows everybody's.
            if !version.key.starts_with(prefix) {
                foreign += 1;
            } else if seen.insert((version.key.clone(), version.id.clone())) {
                found.push(version);
            }
        }
        if foreign > found.len() as u64 {
            return Err(Mishap::new(
                Fault::Flooded,
                "objects that do not lie below the prefix",
            ));
        }
        if found.len() as u64 > most {
            return Err(Mishap::new(
                Fault::TooLarge,
                format!("more than {most} versions below one prefix"),
            ));
        }
        let Some(next) = page.next else {
            return Ok(found);
        };
        // A page that leads to one that was read already never ends; nor does one without end and without anything new.
        if !marks.insert(next.clone()) || marks.len() as u64 > most / 100 + 100 {
            return Err(Mishap::new(Fault::Flooded, "pages without end"));
        }
        mark = next;
    }
}

struct Page {
    versions: Vec<Version>,
    next: Option<(String, String)>,
}

impl Page {
    fn read(bytes: &[u8], versioned: bool) -> Result<Page, Mishap> {
        let unreadable = |what: &str| Mishap::new(Fault::Unreadable, what.to_owned());
        let root = Element::read(bytes)?;
        let expected = if versioned {
            "ListVersionsResult"
        } else {
            "ListBucketResult"
        };
        if root.name != expected {
            return Err(unreadable("no list of objects"));
        }
        // Whoever does not say that keys are encoded has not encoded them.
        let url = root.of("EncodingType") == "url";
        let key = |text: &str| match url {
            true => decoded(text).ok_or_else(|| unreadable("a key that is no text")),
            false => Ok(text.to_owned()),
        };
        let mut versions = Vec::new();
        for child in &root.children {
            let marker = match child.name.as_str() {
                "Version" | "Contents" => false,
                "DeleteMarker" => true,
                _ => continue,
            };
            let size = child.of("Size");
            let version = Version {
                key: key(child.of("Key"))?,
                id: child.of("VersionId").to_owned(),
                latest: !versioned || child.of("IsLatest") == "true",
                marker,
                size: if marker {
                    0
                } else {
                    size.parse()
                        .map_err(|_| unreadable("an object without a size"))?
                },
                changed: child.of("LastModified").parse().ok(),
                class: child.of("StorageClass").to_owned(),
            };
            if version.key.is_empty() || (versioned && version.id.is_empty()) {
                return Err(unreadable("an object without a key or a version"));
            }
            versions.push(version);
        }
        let next = match (root.of("IsTruncated"), versioned) {
            ("false", _) => None,
            ("true", true) => Some((
                key(root.of("NextKeyMarker"))?,
                root.of("NextVersionIdMarker").to_owned(),
            )),
            ("true", false) => Some((root.of("NextContinuationToken").to_owned(), String::new())),
            _ => return Err(unreadable("a list that does not say whether it ends")),
        };
        match &next {
            Some((mark, _)) if mark.is_empty() => {
                Err(Mishap::new(Fault::Flooded, "a next page without a mark"))
            }
            _ => Ok(Page { versions, next }),
        }
    }
}

/// Percent signs undone; a plus is a blank there.
fn decoded(text: &str) -> Option<String> {
    let mut out = Vec::with_capacity(text.len());
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        out.push(match byte {
            b'+' => b' ',
            b'%' => {
                let pair = [bytes.next()?, bytes.next()?];
                u8::from_str_radix(std::str::from_utf8(&pair).ok()?, 16).ok()?
            }
            other => other,
        });
    }
    String::from_utf8(out).ok()
}
