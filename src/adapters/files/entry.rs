//! One line of an access log in the combined or the common form, as nginx and Apache write it.

use chrono::{DateTime, Utc};
use memchr::{memchr, memchr2, memmem};

/// A line, still as it stands there.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Entry<'a> {
    /// The name of the host that was asked, where the log has it in front.
    pub vhost: &'a [u8],
    /// Who asked: an address, or what the server made of it.
    pub host: &'a [u8],
    /// As whom.
    pub user: &'a [u8],
    /// When.
    pub time: &'a [u8],
    /// What.
    pub request: &'a [u8],
    /// The answer's status.
    pub status: &'a [u8],
    /// Its bytes.
    pub bytes: &'a [u8],
    /// From which page.
    pub referer: &'a [u8],
    /// With what.
    pub agent: &'a [u8],
    /// What else was configured.
    pub rest: &'a [u8],
}

/// Takes a line apart; none, if it is no entry.
#[must_use]
pub fn entry(line: &[u8]) -> Option<Entry<'_>> {
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    let (before, time, behind) = around_time(line)?;
    let (first, more) = word(before);
    let (second, beyond) = word(more);
    // A host that was asked stands before the one that asks: `shop.example:443 192.0.2.7 - - [`.
    let shifted = !is_address(first) && is_address(second);
    let (vhost, host, more) = match shifted {
        true => (first, second, beyond),
        false => (&b""[..], first, more),
    };
    let (_ident, user) = word(more);
    let (request, behind) = quoted(behind)?;
    let (status, behind) = word(behind.strip_prefix(b" ")?);
    if status.len() != 3
        || !status.iter().all(u8::is_ascii_digit)
        || host.is_empty()
        || user.is_empty()
    {
        return None;
    }
    let (bytes, behind) = word(behind);
    let (referer, behind) = quoted(behind).unwrap_or((b"", behind));
    let (agent, rest) =
        quoted(behind.strip_prefix(b" ").unwrap_or(behind)).unwrap_or((b"", behind));
    Some(Entry {
        vhost,
        host,
        user,
        time,
        request,
        status,
        bytes,
        referer,
        agent,
        rest: rest.strip_prefix(b" ").unwrap_or(rest),
    })
}

/// The moment of an entry.
#[must_use]
pub fn moment(time: &[u8]) -> Option<DateTime<Utc>> {
    let text = std::str::from_utf8(time).ok()?;
    DateTime::parse_from_str(text, "%d/%b/%Y:%H:%M:%S %z")
        .or_else(|_| DateTime::parse_from_rfc3339(text))
        .ok()
        .map(|moment| moment.with_timezone(&Utc))
}

/// What stands before the time, the time, and what stands behind its quote. A user may be called anything: the bracket
/// must hold a time.
fn around_time(line: &[u8]) -> Option<(&[u8], &[u8], &[u8])> {
    for at in memmem::find_iter(line, b" [") {
        let inside = line.get(at + 2..)?;
        let Some(end) = memchr(b']', inside.get(..64.min(inside.len()))?) else {
            continue;
        };
        let time = inside.get(..end)?;
        let shaped = |places: [(usize, u8); 3]| {
            places
                .iter()
                .all(|(place, sign)| time.get(*place) == Some(sign))
        };
        let usual = time.len() == 26 && shaped([(2, b'/'), (6, b'/'), (11, b':')]);
        let iso = (20..=25).contains(&time.len()) && shaped([(4, b'-'), (7, b'-'), (10, b'T')]);
        if usual || iso {
            return Some((
                line.get(..at)?,
                time,
                inside.get(end + 1..)?.strip_prefix(b" ")?,
            ));
        }
    }
    None
}

fn word(text: &[u8]) -> (&[u8], &[u8]) {
    let end = memchr(b' ', text).unwrap_or(text.len());
    (
        text.get(..end).unwrap_or_default(),
        text.get(end + 1..).unwrap_or_default(),
    )
}

/// A text in quotes, in which a backslash takes the next sign with it.
fn quoted(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let inside = text.strip_prefix(b"\"")?;
    let mut at = 0;
    loop {
        let rest = inside.get(at..)?;
        let sign = at + memchr2(b'"', b'\\', rest)?;
        if inside.get(sign) == Some(&b'"') {
            return Some((inside.get(..sign)?, inside.get(sign + 1..)?));
        }
        at = sign + 2;
    }
}

fn is_address(text: &[u8]) -> bool {
    let plausible = text.len() < 64
        && text
            .iter()
            .all(|it| it.is_ascii_hexdigit() || matches!(it, b'.' | b':' | b'[' | b']'));
    plausible
        && std::str::from_utf8(text)
            .is_ok_and(|text| crate::domain::identifier::ip_address(text).is_some())
}

/// Undoes the escapes of nginx and Apache: `\x22`, `\"`, `\n`.
#[must_use]
pub fn unescaped(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((&byte, more)) = rest.split_first() {
        rest = more;
        if byte != b'\\' {
            out.push(byte);
            continue;
        }
        let Some((&kind, more)) = rest.split_first() else {
            out.push(byte);
            break;
        };
        rest = more;
        let hex = more.get(..2).and_then(|it| std::str::from_utf8(it).ok());
        match (kind, hex.and_then(|it| u8::from_str_radix(it, 16).ok())) {
            (b'x', Some(value)) => {
                out.push(value);
                rest = more.get(2..).unwrap_or_default();
            }
            (b'n', _) => out.push(b'\n'),
            (b't', _) => out.push(b'\t'),
            (b'r', _) => out.push(b'\r'),
            (b'"' | b'\\', _) => out.push(kind),
            _ => out.extend([byte, kind]),
        }
    }
    out
}

/// Undoes percent signs; in a query a plus is a blank. What is no pair of digits stays.
#[must_use]
pub fn decoded(text: &[u8], query: bool) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((&byte, more)) = rest.split_first() {
        rest = more;
        let hex = more.get(..2).and_then(|it| std::str::from_utf8(it).ok());
        match (byte, hex.and_then(|it| u8::from_str_radix(it, 16).ok())) {
            (b'%', Some(value)) => {
                out.push(value);
                rest = more.get(2..).unwrap_or_default();
            }
            (b'+', _) if query => out.push(b' '),
            _ => out.push(byte),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(line: &str) -> Option<[&str; 6]> {
        let it = entry(line.as_bytes())?;
        let text = |bytes| std::str::from_utf8(bytes).unwrap();
        Some([it.vhost, it.host, it.user, it.request, it.status, it.agent].map(text))
    }

    #[test]
    fn every_usual_form_is_taken_apart() {
        let tail = r#"[22/Nov/2026:10:00:00 +0100] "GET / HTTP/1.1" 200 5"#;
        let of = |line: String| parts(&line).map(|it| it.map(str::to_owned));
        let is = |vhost: &str, host: &str, user: &str, agent: &str| {
            Some([vhost, host, user, "GET / HTTP/1.1", "200", agent].map(str::to_owned))
        };
        assert_eq!(
            of(format!(r#"192.0.2.7 - - {tail} "-" "UA \"x\" \x22""#)),
            is("", "192.0.2.7", "-", r#"UA \"x\" \x22"#)
        );
        assert_eq!(
            of(format!("192.0.2.7 - anna {tail}")),
            is("", "192.0.2.7", "anna", "")
        );
        assert_eq!(
            of(format!(
                r#"shop.example:443 2001:db8::1 - - {tail} "-" "UA""#
            )),
            is("shop.example:443", "2001:db8::1", "-", "UA")
        );
        assert_eq!(
            of(format!(
                r#"client.example - - {tail} "-" "UA" "192.0.2.9" 0.003"#
            )),
            is("", "client.example", "-", "UA")
        );
        assert_eq!(
            of(format!("192.0.2.7 - anna maria [x] {tail}")),
            is("", "192.0.2.7", "anna maria [x]", "")
        );
        let iso = r#"192.0.2.7 - - [2026-11-22T10:00:00+01:00] "GET / HTTP/1.1" 200 5 "-" "UA""#;
        assert_eq!(parts(iso).unwrap()[1], "192.0.2.7");
    }

    #[test]
    fn what_is_no_entry_is_none() {
        for line in [
            "",
            "hello",
            r#"192.0.2.7 - - [yesterday] "GET /" 200 1"#,
            r#"192.0.2.7 - - [22/Nov/2026:10:00:00 +0100] "GET /"#,
            r#"192.0.2.7 - - [22/Nov/2026:10:00:00 +0100] "GET /" abc 1"#,
            r#"192.0.2.7 - - [22/Nov/2026:10:00:00 +0100] "GET \"#,
        ] {
            assert_eq!(parts(line), None, "{line}");
        }
    }

    #[test]
    fn escapes_are_undone_once() {
        assert_eq!(
            unescaped(br#"a\x22b\\x41\"c\n\xzz\"#),
            b"a\"b\\x41\"c\n\\xzz\\"
        );
        assert_eq!(
            decoded(b"anna%40example.org+%zz%4", true),
            b"anna@example.org %zz%4"
        );
    }

    #[test]
    fn a_moment_counts_in_its_own_zone() {
        let utc = "2026-11-22T09:00:00Z".parse::<DateTime<Utc>>().unwrap();
        assert_eq!(moment(b"22/Nov/2026:10:00:00 +0100"), Some(utc));
        assert_eq!(moment(b"2026-11-22T10:00:00+01:00"), Some(utc));
        assert_eq!(moment(b"31/Feb/2026:10:00:00 +0100"), None);
    }
}
