//! What is missing or dangerous in a description, each with its key and what helps: a description that passes can be asked
//! and cannot be made to mean everybody.

mod acts;
mod places;
mod requests;

use std::collections::HashSet;
use std::fmt;

use reqwest::Url;

use super::description::{Description, Login, LoginKind};
use super::pointer::Pointer;

pub(super) use requests::blanks;
use requests::mentions;

/// Something missing or wrong in a description.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gap {
    /// Which key, such as `place.contacts.match`.
    pub key: String,
    /// What is wrong.
    pub what: String,
    /// What helps.
    pub helps: String,
}

impl fmt::Display for Gap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}. {}", self.key, self.what, self.helps)
    }
}

impl Gap {
    /// The file is no TOML, or has a key that nobody knows.
    pub(super) fn unread(error: &toml::de::Error) -> Gap {
        let first = error.to_string();
        Gap {
            key: "the file".to_owned(),
            what: first.trim().replace('\n', " "),
            helps: "Keys are listed in docs/sources.md; unknown ones are refused so that no typing error goes unseen."
                .to_owned(),
        }
    }
}

/// Everything that is missing or wrong in a description; nothing: it can be used.
#[must_use]
pub fn gaps(description: &Description) -> Vec<Gap> {
    let mut look = Look {
        description,
        gaps: Vec::new(),
    };
    look.whole();
    look.login(&description.login);
    for (name, list) in &description.lists {
        let key = format!("lists.{name}");
        // A list may be one of a record's own things.
        let mut known = vec!["above", "id", "parent"];
        known.extend(description.lists.keys().map(String::as_str));
        look.request(&format!("{key}.ask"), &list.ask, &known, false);
        if let Some(below) = &list.below {
            look.request(&format!("{key}.below"), below, &known, false);
            if !mentions(below, &["above"]) {
                look.gap(
                    format!("{key}.below"),
                    "it does not say below what",
                    "Put {above} into the path.",
                );
            }
        }
        look.pointer(&format!("{key}.id"), &list.id, true);
        look.pointer(&format!("{key}.name"), &list.name, false);
    }
    let mut kinds = HashSet::new();
    for place in &description.place {
        look.place(place, &kinds);
        if !kinds.insert(place.kind.as_str()) {
            look.gap(
                format!("place.{}", place.kind),
                "there are two of that kind",
                "Give each its own kind.",
            );
        }
    }
    look.suppress();
    look.gaps
}

struct Look<'a> {
    description: &'a Description,
    gaps: Vec<Gap>,
}

impl<'a> Look<'a> {
    fn gap(&mut self, key: impl Into<String>, what: impl Into<String>, helps: impl Into<String>) {
        self.gaps.push(Gap {
            key: key.into(),
            what: what.into(),
            helps: helps.into(),
        });
    }

    fn whole(&mut self) {
        let it = self.description;
        if it.title.trim().is_empty() {
            self.gap(
                "title",
                "it is not there",
                "Say what people call the system.",
            );
        }
        if it.address.is_empty() {
            self.gap(
                "address",
                "it is not there",
                "The address below which all requests lie, with https://.",
            );
        }
        if it.hosts.is_empty() {
            self.gap(
                "hosts",
                "no host is allowed",
                "List the host of the address, and no more than needed.",
            );
        }
        for (key, text) in [
            ("address", &it.address),
            ("login.token_address", &it.login.token_address),
        ] {
            let blank = text.contains('{');
            let host = Url::parse(text).ok().and_then(|url| {
                let port = url
                    .port()
                    .map(|port| format!(":{port}"))
                    .unwrap_or_default();
                Some(format!("{}{port}", url.host_str()?))
            });
            match host {
                _ if text.is_empty() || blank => {}
                None => self.gap(key, "it is no address", "Write it whole, with https://."),
                Some(host) if !it.hosts.contains(&host) => {
                    self.gap(
                        "hosts",
                        format!("{host} is not among them"),
                        "Add it, or mend the address.",
                    );
                }
                Some(_) => {}
            }
        }
        if it.check.is_none() {
            self.gap(
                "check",
                "it is not there",
                "Name a request that reads nobody's data: the own account, a version, a list of groups.",
            );
        }
        if let Some(check) = &it.check {
            self.request("check.ask", &check.ask, &[], false);
            self.pointer("check.version", &check.version, false);
        }
        for name in &it.never {
            if !["rectify", "erase", "restrict", "suppress"].contains(&name.as_str()) {
                self.gap(
                    "never",
                    format!("{name:?} is no ability"),
                    "rectify, erase, restrict or suppress.",
                );
            }
        }
        if it.place.iter().all(|place| place.of.is_some()) {
            self.gap(
                "place",
                "nothing is described that can be searched",
                "Add a [[place]] without `of`.",
            );
        }
        if it.leftovers.is_empty() {
            self.gap(
                "leftovers",
                "no copy is named that the interface does not reach",
                "There is always one: backups, logs, exports, mails that it sent.",
            );
        }
        for (key, places) in [
            ("answer.needs", &it.answer.needs),
            ("answer.fails", &it.answer.fails),
        ] {
            for place in places {
                self.pointer(key, place, true);
            }
        }
    }

    fn login(&mut self, login: &Login) {
        let missing = match login.kind {
            LoginKind::Unsaid => {
                Some(("login.kind", "bearer, basic, header, query, oauth2 or none"))
            }
            LoginKind::Header if !is_header(&login.header) => {
                Some(("login.header", "The name of the header"))
            }
            LoginKind::Query if login.query.is_empty() => {
                Some(("login.query", "The name of the parameter"))
            }
            LoginKind::Oauth2 if login.token_address.is_empty() => {
                Some(("login.token_address", "Where the token is fetched"))
            }
            _ => None,
        };
        if let Some((key, helps)) = missing {
            self.gap(key, "it is not there or cannot be", format!("{helps}."));
        }
    }

    fn pointer(&mut self, key: &str, text: &str, needed: bool) {
        let wrong = match Pointer::parse(text) {
            Err(why) => why,
            Ok(_) if needed && text.is_empty() => "it is not there".to_owned(),
            Ok(_) => return,
        };
        self.gap(
            key,
            wrong,
            "A place in the answer, such as /data/0/email; * is every entry of a list.",
        );
    }
}

fn is_header(name: &str) -> bool {
    reqwest::header::HeaderName::from_bytes(name.as_bytes()).is_ok()
}
