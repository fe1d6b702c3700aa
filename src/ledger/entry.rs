//! One line of the log, and the one and only way to write it down.

use chrono::{DateTime, Datelike, NaiveDate, Timelike, Utc};

use super::{Error, Hash, leaf_hash};

/// Longest `kind`, `subject` or `actor`, in bytes.
const MAX_NAME: usize = 256;

/// One entry of the log. What happened is only named (`kind`), the rest of it lies elsewhere and is
/// bound by the hash of its sealed bytes (`payload`). The names have an alphabet that no format
/// ever needs to escape, so that an entry has exactly one rendering.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    seq: u64,
    at: DateTime<Utc>,
    kind: String,
    subject: String,
    actor: String,
    payload: Hash,
    prev: Hash,
}

impl Entry {
    /// An entry of these parts. `seq` counts from 0; `at` is cut to microseconds; `prev` is
    /// [`Entry::hash`] of the entry before, [`super::NO_ENTRY`] at the first.
    ///
    /// # Errors
    /// [`Error::Name`] for a name outside of `[A-Za-z0-9._:-]*` or longer than 256 bytes,
    /// [`Error::Moment`] for a year with more than four digits.
    pub fn new(
        seq: u64,
        at: DateTime<Utc>,
        kind: impl Into<String>,
        subject: impl Into<String>,
        actor: impl Into<String>,
        payload: Hash,
        prev: Hash,
    ) -> Result<Self, Error> {
        let at = at
            .with_nanosecond(at.nanosecond() % 1_000_000_000 / 1_000 * 1_000)
            .ok_or(Error::Moment)?;
        if !(0..=9999).contains(&at.year()) {
            return Err(Error::Moment);
        }
        Ok(Self {
            seq,
            at,
            kind: name("kind", kind.into())?,
            subject: name("subject", subject.into())?,
            actor: name("actor", actor.into())?,
            payload,
            prev,
        })
    }

    /// Number of the entry; the first is 0.
    #[must_use]
    pub fn seq(&self) -> u64 {
        self.seq
    }

    /// When it happened, to the microsecond.
    #[must_use]
    pub fn at(&self) -> DateTime<Utc> {
        self.at
    }

    /// What kind of thing happened.
    #[must_use]
    pub fn kind(&self) -> &str {
        &self.kind
    }

    /// To what it happened: an id, never a name.
    #[must_use]
    pub fn subject(&self) -> &str {
        &self.subject
    }

    /// Who did it: a random id, never a name.
    #[must_use]
    pub fn actor(&self) -> &str {
        &self.actor
    }

    /// SHA-256 of the sealed bytes that tell the rest.
    #[must_use]
    pub fn payload(&self) -> Hash {
        self.payload
    }

    /// Hash of the entry before.
    #[must_use]
    pub fn prev(&self) -> Hash {
        self.prev
    }

    /// The canonical line, without its newline: these are the bytes that are hashed.
    #[must_use]
    pub fn line(&self) -> String {
        format!(
            r#"{{"seq":{},"at":"{}","kind":"{}","subject":"{}","actor":"{}","payload":"{}","prev":"{}"}}"#,
            self.seq,
            moment(&self.at),
            self.kind,
            self.subject,
            self.actor,
            hex(&self.payload),
            hex(&self.prev)
        )
    }

    /// The same as a row of comma-separated values, without its newline.
    #[must_use]
    pub fn csv_row(&self) -> String {
        format!(
            "{},{},{},{},{},{},{}",
            self.seq,
            moment(&self.at),
            self.kind,
            self.subject,
            self.actor,
            hex(&self.payload),
            hex(&self.prev)
        )
    }

    /// The entry's leaf in the tree, and `prev` of the entry that follows.
    #[must_use]
    pub fn hash(&self) -> Hash {
        leaf_hash(self.line().as_bytes())
    }
}

/// Whether the bytes are fit for `kind`, `subject` and `actor`.
pub(super) fn is_name(bytes: &[u8]) -> bool {
    bytes.len() <= MAX_NAME
        && bytes
            .iter()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b':' | b'-'))
}

fn name(field: &'static str, text: String) -> Result<String, Error> {
    if is_name(text.as_bytes()) {
        Ok(text)
    } else {
        Err(Error::Name(field))
    }
}

/// `2026-11-21T10:11:12.123456Z`, always of that length.
fn moment(at: &DateTime<Utc>) -> String {
    format!(
        "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:06}Z",
        at.year(),
        at.month(),
        at.day(),
        at.hour(),
        at.minute(),
        at.second(),
        at.nanosecond() / 1_000
    )
}

/// Whether the bytes are a moment that really exists, in the form that [`Entry::line`] writes.
pub(super) fn is_moment(bytes: &[u8]) -> bool {
    let [
        y1,
        y2,
        y3,
        y4,
        b'-',
        m1,
        m2,
        b'-',
        d1,
        d2,
        b'T',
        h1,
        h2,
        b':',
        i1,
        i2,
        b':',
        s1,
        s2,
        b'.',
        fraction @ ..,
        b'Z',
    ] = bytes
    else {
        return false;
    };
    let two = |tens: &u8, ones: &u8| match (tens, ones) {
        (b'0'..=b'9', b'0'..=b'9') => Some(u32::from(tens - b'0') * 10 + u32::from(ones - b'0')),
        _ => None,
    };
    let date = || {
        let year = i32::try_from(two(y1, y2)? * 100 + two(y3, y4)?).ok()?;
        NaiveDate::from_ymd_opt(year, two(m1, m2)?, two(d1, d2)?)
    };
    fraction.len() == 6
        && fraction.iter().all(u8::is_ascii_digit)
        && two(h1, h2).is_some_and(|hour| hour < 24)
        && two(i1, i2).is_some_and(|minute| minute < 60)
        && two(s1, s2).is_some_and(|second| second < 60)
        && date().is_some()
}

/// Lower-case hexadecimal.
pub(super) fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digit =
        |nibble: u8| char::from(DIGITS.get(usize::from(nibble)).copied().unwrap_or_default());
    bytes
        .iter()
        .flat_map(|byte| [digit(byte >> 4), digit(byte & 15)])
        .collect()
}

#[cfg(test)]
mod tests {
    use chrono::TimeZone;

    use super::*;
    use crate::ledger::NO_ENTRY;

    fn at() -> DateTime<Utc> {
        Utc.with_ymd_and_hms(2026, 11, 21, 10, 11, 12).unwrap()
            + chrono::TimeDelta::nanoseconds(123_456_789)
    }

    #[test]
    fn an_entry_has_one_rendering_in_each_format() {
        let entry =
            Entry::new(7, at(), "case.opened", "case:4f", "", [0xab; 32], NO_ENTRY).unwrap();
        let (payload, prev) = ("ab".repeat(32), "00".repeat(32));
        let line = format!(
            r#"{{"seq":7,"at":"2026-11-21T10:11:12.123456Z","kind":"case.opened","subject":"case:4f","actor":"","payload":"{payload}","prev":"{prev}"}}"#
        );
        assert_eq!(entry.line(), line);
        assert_eq!(
            entry.csv_row(),
            format!("7,2026-11-21T10:11:12.123456Z,case.opened,case:4f,,{payload},{prev}")
        );
        assert_eq!(entry.hash(), leaf_hash(line.as_bytes()));
    }

    #[test]
    fn names_that_would_need_escaping_are_refused() {
        for bad in [
            "a b",
            "ä",
            "\"",
            ",",
            "\n",
            "a\\",
            "=1",
            "a/b",
            &"x".repeat(257),
        ] {
            assert_eq!(
                Entry::new(0, at(), bad, "s", "a", NO_ENTRY, NO_ENTRY),
                Err(Error::Name("kind"))
            );
            assert_eq!(
                Entry::new(0, at(), "k", bad, "a", NO_ENTRY, NO_ENTRY),
                Err(Error::Name("subject"))
            );
            assert_eq!(
                Entry::new(0, at(), "k", "s", bad, NO_ENTRY, NO_ENTRY),
                Err(Error::Name("actor"))
            );
        }
        assert_eq!(
            Entry::new(0, DateTime::<Utc>::MAX_UTC, "", "", "", NO_ENTRY, NO_ENTRY),
            Err(Error::Moment)
        );
    }

    #[test]
    fn only_moments_that_exist_are_moments() {
        assert!(is_moment(moment(&at()).as_bytes()));
        assert!(is_moment(b"2024-02-29T23:59:59.999999Z"));
        for bad in [
            "2026-02-29T10:11:12.123456Z",
            "2026-13-01T10:11:12.123456Z",
            "2026-11-21T24:11:12.123456Z",
            "2026-11-21T10:60:12.123456Z",
            "2026-11-21T10:11:60.123456Z",
            "2026-11-21T10:11:12.12345Z",
            "2026-11-21T10:11:12.123456+",
            "2026-11-21 10:11:12.123456Z",
            "+026-11-21T10:11:12.123456Z",
            "",
        ] {
            assert!(!is_moment(bad.as_bytes()), "{bad}");
        }
    }
}
