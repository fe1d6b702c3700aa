//! Takes a line of an export apart, by hand, because this is where the check spends its time.

use super::{
    Format, Hash,
    entry::{is_moment, is_name},
    leaf_hash,
};

/// What the chain needs to know of an entry.
#[derive(Debug, Clone, Copy)]
pub(super) struct Link {
    pub seq: u64,
    pub prev: Hash,
    pub hash: Hash,
}

/// Reads an entry, in either format, without its newline. `canonical` is scratch space.
pub(super) fn link(format: Format, text: &[u8], canonical: &mut Vec<u8>) -> Option<Link> {
    let fields = match format {
        Format::JsonLines => Fields::of_json(text)?,
        Format::Csv => Fields::of_csv(text)?,
    };
    let (seq, prev) = fields.check()?;
    let hash = match format {
        // Accepted means canonical: these are the very bytes that were hashed.
        Format::JsonLines => leaf_hash(text),
        Format::Csv => {
            fields.write_line(canonical);
            leaf_hash(canonical)
        }
    };
    Some(Link { seq, prev, hash })
}

/// What stands between a line's fixed parts, in order.
struct Fields<'a> {
    seq: &'a [u8],
    at: &'a [u8],
    kind: &'a [u8],
    subject: &'a [u8],
    actor: &'a [u8],
    payload: &'a [u8],
    prev: &'a [u8],
}

impl<'a> Fields<'a> {
    fn of_json(text: &'a [u8]) -> Option<Self> {
        let (seq, rest) = field(text, br#"{"seq":"#, b',')?;
        let (at, rest) = field(rest, br#","at":""#, b'"')?;
        let (kind, rest) = field(rest, br#"","kind":""#, b'"')?;
        let (subject, rest) = field(rest, br#"","subject":""#, b'"')?;
        let (actor, rest) = field(rest, br#"","actor":""#, b'"')?;
        let (payload, rest) = field(rest, br#"","payload":""#, b'"')?;
        let (prev, rest) = field(rest, br#"","prev":""#, b'"')?;
        (rest == br#""}"#).then_some(Self {
            seq,
            at,
            kind,
            subject,
            actor,
            payload,
            prev,
        })
    }

    fn of_csv(text: &'a [u8]) -> Option<Self> {
        let (seq, rest) = field(text, b"", b',')?;
        let (at, rest) = field(rest, b",", b',')?;
        let (kind, rest) = field(rest, b",", b',')?;
        let (subject, rest) = field(rest, b",", b',')?;
        let (actor, rest) = field(rest, b",", b',')?;
        let (payload, rest) = field(rest, b",", b',')?;
        let prev = rest.strip_prefix(b",")?;
        Some(Self {
            seq,
            at,
            kind,
            subject,
            actor,
            payload,
            prev,
        })
    }

    /// Number and link, if every field is one that an entry can have.
    fn check(&self) -> Option<(u64, Hash)> {
        let fit = is_moment(self.at)
            && is_name(self.kind)
            && is_name(self.subject)
            && is_name(self.actor);
        unhex(self.payload).filter(|_| fit)?;
        Some((number(self.seq)?, unhex(self.prev)?))
    }

    /// The canonical line; a test holds it against [`super::Entry::line`].
    fn write_line(&self, line: &mut Vec<u8>) {
        line.clear();
        for part in [
            br#"{"seq":"#.as_slice(),
            self.seq,
            br#","at":""#,
            self.at,
            br#"","kind":""#,
            self.kind,
            br#"","subject":""#,
            self.subject,
            br#"","actor":""#,
            self.actor,
            br#"","payload":""#,
            self.payload,
            br#"","prev":""#,
            self.prev,
            br#""}"#,
        ] {
            line.extend_from_slice(part);
        }
    }
}

/// What stands between `before` and the byte `stop`; and the rest, which begins with `stop`.
fn field<'a>(text: &'a [u8], before: &[u8], stop: u8) -> Option<(&'a [u8], &'a [u8])> {
    let text = text.strip_prefix(before)?;
    let end = text.iter().position(|byte| *byte == stop)?;
    text.split_at_checked(end)
}

/// A number as it is written: no sign, no leading zero.
fn number(digits: &[u8]) -> Option<u64> {
    if digits.is_empty() || (digits.len() > 1 && digits.starts_with(b"0")) {
        return None;
    }
    digits.iter().try_fold(0_u64, |number, digit| {
        let digit = digit.is_ascii_digit().then(|| u64::from(digit - b'0'))?;
        number.checked_mul(10)?.checked_add(digit)
    })
}

/// A hash as it is written: 64 digits in lower case.
fn unhex(digits: &[u8]) -> Option<Hash> {
    let digits: &[u8; 64] = digits.try_into().ok()?;
    let mut hash = Hash::default();
    for (byte, pair) in hash.iter_mut().zip(digits.as_chunks::<2>().0) {
        let [high, low] = pair.map(nibble);
        *byte = high? << 4 | low?;
    }
    Some(hash)
}

fn nibble(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        _ => None,
    }
}
