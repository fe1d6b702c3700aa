//! Who called, as an entry of a log says it: by the address in its time, the name taken down, an address in a link.

use std::net::{IpAddr, SocketAddr};

use memchr::{memchr, memmem};

use super::entry::{Entry, decoded, moment, unescaped};
use crate::domain::identifier::{Identifier, SearchKey, Window, ip_address};
use crate::ports::source::Tie;

/// Her, as logs may know her.
pub struct Caller {
    addresses: Vec<(IpAddr, Window)>,
    mails: Vec<Identifier>,
    handles: Vec<Identifier>,
    /// She calls from a network of one's own, in which addresses are people's.
    at_home: bool,
    /// How links write the sign of a mail address.
    signs: [memmem::Finder<'static>; 2],
}

/// What was counted beside.
#[derive(Clone, Copy, Debug, Default)]
pub struct Tally {
    /// All entries.
    pub entries: u64,
    /// Those whose address leads to nobody.
    pub odd: u64,
    /// Those of her address that say no time.
    pub undated: u64,
}

impl Caller {
    /// What of her identifiers logs can hold. An address without a time is nobody's.
    #[must_use]
    pub fn of(wanted: &[Identifier]) -> Caller {
        let addresses: Vec<(IpAddr, Window)> = wanted
            .iter()
            .filter(|it| it.kind == SearchKey::Ip)
            .filter_map(|it| Some((ip_address(it.value.reveal())?, it.window?)))
            .collect();
        let all = |key| {
            wanted
                .iter()
                .filter(move |it| it.kind == key)
                .cloned()
                .collect()
        };
        Caller {
            at_home: addresses.iter().any(|(address, _)| at_home(*address)),
            addresses,
            mails: all(SearchKey::Email),
            handles: all(SearchKey::Handle),
            signs: ["%40", "%2540"].map(memmem::Finder::new),
        }
    }

    /// Whether an address of hers with a time is known.
    #[must_use]
    pub fn by_address(&self) -> bool {
        !self.addresses.is_empty()
    }

    /// Why an entry is hers.
    pub fn tie(&self, entry: &Entry<'_>, tally: &mut Tally) -> Option<(Tie, SearchKey)> {
        let exact = |by: SearchKey, field: &str| {
            Some((
                Tie::Exact {
                    by,
                    field: field.to_owned(),
                },
                by,
            ))
        };
        tally.entries += 1;
        if !self.addresses.is_empty() {
            let address = address(entry.host);
            tally.odd += u64::from(odd(address, self.at_home));
            let same = |address| self.addresses.iter().filter(move |(it, _)| *it == address);
            let mut windows = address.into_iter().flat_map(same).peekable();
            if windows.peek().is_some() {
                match moment(entry.time) {
                    None => tally.undated += 1,
                    Some(at) if windows.any(|(_, window)| window.holds(at)) => {
                        return exact(SearchKey::Ip, "remote_addr");
                    }
                    Some(_) => {}
                }
            }
        }
        let signed_in = self.signed_in(entry);
        if let Some(by) = signed_in {
            return exact(by, "remote_user");
        }
        for (field, text) in [("request", entry.request), ("http_referer", entry.referer)] {
            if self.in_link(text, entry) {
                return exact(SearchKey::Email, field);
            }
        }
        None
    }

    fn signed_in(&self, entry: &Entry<'_>) -> Option<SearchKey> {
        if entry.user == b"-" || (self.handles.is_empty() && self.mails.is_empty()) {
            return None;
        }
        let user = text(entry.user);
        let of = |them: &[Identifier]| them.iter().any(|it| it.is(&user) && in_time(it, entry));
        let found = [
            (SearchKey::Handle, self.handles.as_slice()),
            (SearchKey::Email, self.mails.as_slice()),
        ];
        found
            .into_iter()
            .find(|(_, them)| of(them))
            .map(|(key, _)| key)
    }

    /// Whether one of her addresses stands as a whole in a link: as a value of the query or as a step of the path.
    fn in_link(&self, link: &[u8], entry: &Entry<'_>) -> bool {
        let at_all =
            || memchr(b'@', link).is_some() || self.signs.iter().any(|it| it.find(link).is_some());
        if self.mails.is_empty() || !at_all() {
            return false;
        }
        let link = unescaped(link);
        let hers = |piece: &[u8], query: bool| {
            let once = decoded(piece, query);
            let twice = decoded(&once, query);
            twice.contains(&b'@')
                && [piece, &once, &twice].iter().any(|it| {
                    let it = String::from_utf8_lossy(it);
                    self.mails
                        .iter()
                        .any(|mail| mail.is(&it) && in_time(mail, entry))
                })
        };
        let (path, query) = match memchr(b'?', &link) {
            Some(at) => (
                link.get(..at).unwrap_or_default(),
                link.get(at + 1..).unwrap_or_default(),
            ),
            None => (link.as_slice(), &b""[..]),
        };
        // `GET /path?query HTTP/1.1`
        let ends = |byte: &u8| matches!(byte, b' ' | b'&' | b';' | b'#' | b'?');
        let values = query.split(ends).map(|pair| match memchr(b'=', pair) {
            Some(at) => pair.get(at + 1..).unwrap_or_default(),
            None => pair,
        });
        let mut steps = path.split(|byte| matches!(byte, b'/' | b' '));
        // A plus in a query is a blank, but people write links by hand: both readings count.
        values
            .into_iter()
            .any(|value| hers(value, true) || hers(value, false))
            || steps.any(|step| hers(step, false))
    }

    /// Whether it was she herself who asked.
    pub fn hers(&self, entry: &Entry<'_>) -> bool {
        let from_hers = || {
            let (address, at) = (address(entry.host), moment(entry.time));
            let mut all = self.addresses.iter();
            all.any(|(it, window)| Some(*it) == address && at.is_some_and(|at| window.holds(at)))
        };
        match entry.user {
            b"-" => from_hers(),
            _ => self.signed_in(entry).is_some(),
        }
    }
}

fn in_time(identifier: &Identifier, entry: &Entry<'_>) -> bool {
    let held = |window: Window| moment(entry.time).is_some_and(|at| window.holds(at));
    identifier.window.is_none_or(held)
}

/// The address of a host; some front servers write its port behind it.
fn address(host: &[u8]) -> Option<IpAddr> {
    let text = std::str::from_utf8(host).ok()?;
    ip_address(text).or_else(|| Some(text.parse::<SocketAddr>().ok()?.ip().to_canonical()))
}

/// Whether nobody could be found by what stands there: shortened, hashed, or the address of the server's own front.
fn odd(address: Option<IpAddr>, at_home_counts: bool) -> bool {
    match address {
        None => true,
        Some(address) if at_home(address) => !at_home_counts,
        Some(IpAddr::V4(address)) => address.octets().last() == Some(&0),
        Some(IpAddr::V6(address)) => address.segments().iter().skip(4).all(|it| *it == 0),
    }
}

fn at_home(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(it) => {
            it.is_private() || it.is_loopback() || it.is_link_local() || it.is_unspecified()
        }
        IpAddr::V6(it) => {
            it.is_unique_local()
                || it.is_loopback()
                || it.is_unicast_link_local()
                || it.is_unspecified()
        }
    }
}

/// A text of a log for the eye.
pub fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(&unescaped(bytes)).into_owned()
}
