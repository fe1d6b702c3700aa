//! The head of a message or of a part: its fields as they stand, and where the body begins.

use super::{bounds, wording};

#[derive(Debug, Clone, Copy)]
pub struct Field<'a> {
    pub name: &'a [u8],
    /// As it stands, folding included.
    pub value: &'a [u8],
}

#[derive(Debug, Clone, Default)]
pub struct Head<'a> {
    pub fields: Vec<Field<'a>>,
    pub body: &'a [u8],
}

impl<'a> Head<'a> {
    /// Reads fields until the empty line, or until what can be no head any more.
    pub fn read(raw: &'a [u8]) -> Self {
        let mut fields: Vec<Field<'a>> = Vec::with_capacity(24);
        // where the value of the last field begins and ends
        let mut open: Option<(&'a [u8], usize, usize)> = None;
        let mut at = 0;
        let body = loop {
            let Some(line) = Line::at(raw, at) else {
                break raw.len();
            };
            if at > bounds::HEAD_BYTES {
                break at;
            }
            if line.text.is_empty() {
                break line.next;
            }
            let folded = matches!(line.text.first(), Some(b' ' | b'\t'));
            if folded && line.text.iter().all(u8::is_ascii_whitespace) {
                // a blank line with blanks: folding if the head goes on behind it, else the end
                if !Line::at(raw, line.next).is_some_and(|next| {
                    field_name(next.text).is_some()
                        || matches!(next.text.first(), Some(b' ' | b'\t'))
                }) {
                    break line.next;
                }
            } else if folded && open.is_some() {
                if let Some((_, _, end)) = open.as_mut() {
                    *end = line.end;
                }
            } else if let Some(name) = field_name(line.text) {
                close(raw, open.take(), &mut fields);
                let from =
                    at + memchr::memchr(b':', line.text).map_or(line.text.len(), |colon| colon + 1);
                open = Some((name, from, line.end));
            } else if open.is_none() && fields.is_empty() {
                // no head at all: text from the first line on
                break at;
            } else if mbox_line(line.text) {
            } else if Line::at(raw, line.next)
                .is_some_and(|next| field_name(next.text).is_some_and(is_common))
            {
                // a continuation that lost its blank
                if let Some((_, _, end)) = open.as_mut() {
                    *end = line.end;
                }
            } else {
                // the empty line is missing
                break at;
            }
            at = line.next;
        };
        close(raw, open.take(), &mut fields);
        Self {
            fields,
            body: raw.get(body..).unwrap_or_default(),
        }
    }

    pub fn all(&self, name: &str) -> impl Iterator<Item = &'a [u8]> + '_ {
        let name = name.as_bytes().to_vec();
        self.fields
            .iter()
            .filter(move |field| field.name.eq_ignore_ascii_case(&name))
            .map(|field| field.value)
    }

    /// The first field of the name that says anything.
    pub fn first(&self, name: &str) -> Option<&'a [u8]> {
        self.fields
            .iter()
            .filter(|field| field.name.eq_ignore_ascii_case(name.as_bytes()))
            .map(|field| field.value)
            .find(|value| !value.trim_ascii().is_empty())
    }

    pub fn has(&self, name: &str) -> bool {
        self.fields
            .iter()
            .any(|field| field.name.eq_ignore_ascii_case(name.as_bytes()))
    }

    pub fn text(&self, name: &str) -> Option<String> {
        self.first(name)
            .map(wording::header_text)
            .filter(|text| !text.is_empty())
    }

    /// Fields that only mail has: without any of them, "name: text" lines are somebody's prose.
    pub fn is_mail(&self) -> bool {
        // these alone stand in heads of other languages too, copied out of a mail program
        const SHARED: &[&str] = &["cc", "bcc", "date", "sender"];
        self.fields.iter().any(|field| {
            is_common(field.name)
                && !SHARED
                    .iter()
                    .any(|shared| field.name.eq_ignore_ascii_case(shared.as_bytes()))
        })
    }
}

fn close<'a>(raw: &'a [u8], open: Option<(&'a [u8], usize, usize)>, fields: &mut Vec<Field<'a>>) {
    if let Some((name, from, end)) = open
        && fields.len() < bounds::FIELDS
    {
        fields.push(Field {
            name,
            value: raw.get(from..end).unwrap_or_default(),
        });
    }
}

/// One line without its end.
pub struct Line<'a> {
    pub text: &'a [u8],
    /// Where the text ends, and where the next line begins.
    pub end: usize,
    pub next: usize,
}

impl<'a> Line<'a> {
    pub fn at(raw: &'a [u8], at: usize) -> Option<Self> {
        let rest = raw.get(at..).filter(|rest| !rest.is_empty())?;
        let (length, next) = match memchr::memchr(b'\n', rest) {
            Some(length) => (length, at + length + 1),
            None => (rest.len(), raw.len()),
        };
        let text = rest.get(..length)?;
        let text = text.strip_suffix(b"\r").unwrap_or(text);
        Some(Self {
            text,
            end: at + text.len(),
            next,
        })
    }
}

/// `Name:`; blanks before the colon are an old liberty.
fn field_name(line: &[u8]) -> Option<&[u8]> {
    let colon = memchr::memchr(b':', line.get(..line.len().min(120))?)?;
    let name = line.get(..colon)?.trim_ascii_end();
    let fits = !name.is_empty()
        && name.len() <= 80
        && name
            .iter()
            .all(|byte| byte.is_ascii_graphic() || !byte.is_ascii());
    fits.then_some(name)
}

fn mbox_line(line: &[u8]) -> bool {
    line.starts_with(b"From ") || line.starts_with(b">From ")
}

fn is_common(name: &[u8]) -> bool {
    const COMMON: &[&str] = &[
        "from",
        "to",
        "cc",
        "bcc",
        "subject",
        "date",
        "received",
        "message-id",
        "mime-version",
        "content-type",
        "return-path",
        "delivered-to",
        "reply-to",
        "sender",
        "in-reply-to",
        "references",
        "content-transfer-encoding",
        "content-disposition",
        "x-mailer",
        "x-original-to",
        "envelope-to",
        "resent-from",
        "resent-to",
        "resent-date",
        "dkim-signature",
        "authentication-results",
        "auto-submitted",
        "thread-topic",
        "list-id",
        "list-unsubscribe",
        "content-id",
        "content-description",
        "x-priority",
        "arc-seal",
        "precedence",
        "user-agent",
    ];
    COMMON
        .iter()
        .any(|known| name.eq_ignore_ascii_case(known.as_bytes()))
}
