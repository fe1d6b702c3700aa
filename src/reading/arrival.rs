//! When a message came into the house: the first of the house's own servers that took it says it, and only then the sender.

use chrono::{DateTime, FixedOffset, NaiveDate, TimeDelta};
use chrono_tz::Europe::Berlin;

use super::message::{Message, Received};

/// The domains of the controller.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct House {
    domains: Vec<String>,
}

/// What a day of receipt rests on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Because {
    /// A server of the house wrote that it took the message.
    TakenByHouse {
        by: String,
        at: DateTime<FixedOffset>,
    },
    /// No server of the house is named and the sender's date cannot be: the last server on the way.
    TakenByLast {
        by: String,
        at: DateTime<FixedOffset>,
    },
    /// The sender's own date.
    Dated { at: DateTime<FixedOffset> },
}

/// Clocks differ; a date that runs ahead of the servers by more is wrong.
const AHEAD: TimeDelta = TimeDelta::hours(26);
/// A date that lies further behind the servers is a clock that was never set.
const BEHIND: TimeDelta = TimeDelta::days(30);
/// Mail is not older.
const FIRST_YEAR: i32 = 1990;
const LAST_YEAR: i32 = 2098;

impl House {
    /// The domains that the operator gave; empty ones are left out.
    pub fn given<S: AsRef<str>>(domains: impl IntoIterator<Item = S>) -> Self {
        let mut list: Vec<String> = domains
            .into_iter()
            .map(|domain| clean(domain.as_ref()))
            .filter(|domain| !domain.is_empty())
            .collect();
        list.dedup();
        Self { domains: list }
    }

    /// The given domains, else the one of the message's topmost recipient.
    pub fn given_or_of(&self, message: &Message) -> Self {
        if self.domains.is_empty() {
            Self::of(message)
        } else {
            self.clone()
        }
    }

    /// The domain of the topmost recipient: whom the servers delivered to, else whom the sender wrote to.
    pub fn of(message: &Message) -> Self {
        let envelope = message
            .received
            .iter()
            .filter_map(|line| line.envelope_to.as_deref());
        let written = message
            .to
            .iter()
            .chain(&message.cc)
            .map(|address| address.email.as_str());
        let topmost = message
            .delivered_to
            .iter()
            .map(String::as_str)
            .chain(written)
            .chain(envelope)
            .find_map(|email| email.rsplit_once('@'));
        Self::given(topmost.map(|(_, domain)| domain))
    }

    pub fn domains(&self) -> &[String] {
        &self.domains
    }

    /// A domain or host of the house.
    pub fn has_domain(&self, domain: &str) -> bool {
        let domain = clean(domain);
        !domain.is_empty() && self.domains.iter().any(|own| is_within(&domain, own))
    }

    /// An address of the house.
    pub fn has_address(&self, email: &str) -> bool {
        email
            .rsplit_once('@')
            .is_some_and(|(_, domain)| self.has_domain(domain))
    }

    /// The house's servers may stand beside the mail domain: `mx.firma.example` takes for `post.firma.example`.
    fn has_host(&self, host: &str) -> bool {
        self.has_domain(host)
            || self
                .domains
                .iter()
                .filter_map(|own| parent(own))
                .any(|parent| is_within(&clean(host), parent))
    }

    fn took(&self, line: &Received) -> bool {
        self.has_host(&line.by)
            || line
                .envelope_to
                .as_deref()
                .is_some_and(|email| self.has_address(email))
    }
}

fn clean(domain: &str) -> String {
    domain
        .trim()
        .trim_start_matches('@')
        .trim_matches('.')
        .to_lowercase()
}

fn is_within(domain: &str, own: &str) -> bool {
    domain == own
        || domain
            .strip_suffix(own)
            .is_some_and(|rest| rest.ends_with('.'))
}

/// The domain above, unless it is one under which strangers register (`co.uk`).
fn parent(domain: &str) -> Option<&str> {
    const PUBLIC: &[&str] = &[
        "co", "com", "org", "net", "ac", "gov", "or", "ne", "edu", "gv", "go",
    ];
    let (_, parent) = domain.split_once('.')?;
    let (first, rest) = parent.split_once('.')?;
    (!PUBLIC.contains(&first) || rest.contains('.')).then_some(parent)
}

/// The day of the first receipt in the house, in Berlin, with what it rests on; `None` when nothing in the message says a time.
///
/// Of several servers of the house the earliest counts: a message that a colleague redirects days later came in when the house first had it.
pub fn received_day(message: &Message, house: &House) -> Option<(NaiveDate, Because)> {
    let because = arrival(message, house)?;
    Some((because.day(), because))
}

fn arrival(message: &Message, house: &House) -> Option<Because> {
    let house = house.given_or_of(message);
    // the topmost line is the one that no stranger could have written
    let last = message
        .received
        .iter()
        .find_map(|line| line.at.filter(|at| is_plausible(*at)).map(|at| (line, at)));
    let in_time = |at: DateTime<FixedOffset>| {
        is_plausible(at) && last.is_none_or(|(_, last)| at <= last + AHEAD)
    };
    if let Some((line, at)) = own_lines(message, &house)
        .filter_map(|line| line.at.filter(|at| in_time(*at)).map(|at| (line, at)))
        .min_by_key(|(_, at)| *at)
    {
        return Some(Because::TakenByHouse {
            by: line.by.clone(),
            at,
        });
    }
    let dated = message.date.filter(|at| is_plausible(*at));
    match (dated, last) {
        (Some(at), Some((_, last))) if at <= last + AHEAD && at + BEHIND >= last => {
            Some(Because::Dated { at })
        }
        (_, Some((line, at))) => Some(Because::TakenByLast {
            by: line.by.clone(),
            at,
        }),
        (Some(at), None) => Some(Because::Dated { at }),
        (None, None) => None,
    }
}

/// The house's topmost lines in a row. What stands below a stranger's line is the stranger's word, even if it names the house.
fn own_lines<'m>(message: &'m Message, house: &'m House) -> impl Iterator<Item = &'m Received> {
    let lines = message.received.iter().skip_while(|line| !house.took(line));
    lines
        .take_while(|line| house.took(line) || is_nameless(&line.by))
        .filter(|line| house.took(line))
}

/// A host inside some network: `localhost`, `mail01`, `exchange.firma.local`.
fn is_nameless(host: &str) -> bool {
    !host.contains('.')
        || host.starts_with("localhost.")
        || [".local", ".lan", ".internal", ".intern", ".localdomain"]
            .iter()
            .any(|end| host.ends_with(end))
        || host.starts_with(|c: char| c.is_ascii_digit())
}

fn is_plausible(at: DateTime<FixedOffset>) -> bool {
    use chrono::Datelike;
    (FIRST_YEAR..=LAST_YEAR).contains(&at.year())
}

impl Because {
    pub fn at(&self) -> DateTime<FixedOffset> {
        match self {
            Self::TakenByHouse { at, .. } | Self::TakenByLast { at, .. } | Self::Dated { at } => {
                *at
            }
        }
    }

    pub fn day(&self) -> NaiveDate {
        self.at().with_timezone(&Berlin).date_naive()
    }
}
