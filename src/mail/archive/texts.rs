//! What a message says in letters, taken apart far enough to see whether it mentions somebody.

use unicode_normalization::UnicodeNormalization;

use super::head::Head;
use super::words;
use crate::domain::identifier::Identifier;

/// Messages in messages in messages.
const DEPTH: usize = 8;
/// More parts are not looked into.
const PARTS: usize = 200;

/// How somebody stands in a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mention {
    /// As a whole word.
    Whole,
    /// As a part of another's address or number only.
    Part,
    /// Not where we can read, and there is more that the server may have read.
    Sealed,
    /// Nowhere.
    Nowhere,
}

/// How one of these spellings stands in a message, or in so much of it as was taken.
pub(super) fn mention(raw: &[u8], spellings: &[Identifier]) -> Mention {
    let mut texts = Vec::new();
    let readable = collect(raw, DEPTH, &mut texts);
    let texts: Vec<String> = texts
        .iter()
        .map(|it| it.split_whitespace().collect::<Vec<_>>().join(" "))
        .collect();
    let mut part = false;
    for text in &texts {
        if spellings.iter().any(|it| it.mentioned_in(text)) {
            return Mention::Whole;
        }
        let text = folded(text);
        part |= spellings
            .iter()
            .any(|it| text.contains(&folded(it.value.reveal())));
    }
    match (part, readable) {
        (true, _) => Mention::Part,
        (false, true) => Mention::Nowhere,
        (false, false) => Mention::Sealed,
    }
}

fn folded(text: &str) -> String {
    text.nfkc().flat_map(char::to_lowercase).nfc().collect()
}

/// Gathers the texts; says whether there is nothing else.
fn collect(raw: &[u8], depth: usize, texts: &mut Vec<String>) -> bool {
    if depth == 0 || texts.len() > PARTS {
        return false;
    }
    let (head, body) = parted(raw);
    texts.push(words::readable(&String::from_utf8_lossy(head)));
    let head = Head::read(head);
    let kind = head
        .all("content-type")
        .next()
        .unwrap_or("text/plain")
        .to_owned();
    let media = kind
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase();
    let way = head
        .all("content-transfer-encoding")
        .next()
        .unwrap_or_default()
        .to_ascii_lowercase();
    if media.starts_with("multipart/") {
        let Some(boundary) = parameter(&kind, "boundary") else {
            return false;
        };
        let mut readable = true;
        for part in parts(body, boundary.as_bytes()) {
            readable &= collect(part, depth - 1, texts);
        }
        return readable;
    }
    let opened = match way.trim() {
        "base64" => words::base64(body),
        "quoted-printable" => words::quoted_printable(body),
        _ => body.to_vec(),
    };
    let set = parameter(&kind, "charset");
    match media.as_str() {
        "message/rfc822" => return collect(&opened, depth - 1, texts),
        "text/html" => texts.push(without_marks(&words::letters(&opened, set.as_deref()))),
        it if it.starts_with("text/") || it.starts_with("message/") => {
            texts.push(words::letters(&opened, set.as_deref()));
        }
        // A picture that stands alone says nothing to a server's search; a document may.
        it => return it.starts_with("image/"),
    }
    true
}

/// The head with its last line break, and the body behind the empty line.
fn parted(raw: &[u8]) -> (&[u8], &[u8]) {
    let mut at = 0;
    for line in raw.split_inclusive(|&byte| byte == b'\n') {
        let next = at + line.len();
        if matches!(line, b"\n" | b"\r\n") {
            return (
                raw.get(..at).unwrap_or_default(),
                raw.get(next..).unwrap_or_default(),
            );
        }
        at = next;
    }
    (raw, &[])
}

/// The parts between lines that begin with the boundary.
fn parts<'a>(body: &'a [u8], boundary: &[u8]) -> Vec<&'a [u8]> {
    let mut found = Vec::new();
    let (mut at, mut begun) = (0, None::<usize>);
    for line in body.split_inclusive(|&byte| byte == b'\n') {
        let next = at + line.len();
        if line
            .strip_prefix(b"--")
            .is_some_and(|it| it.starts_with(boundary))
        {
            if let Some(part) = begun.and_then(|from| body.get(from..at)) {
                found.push(part);
            }
            begun = Some(next);
            if found.len() > PARTS {
                return found;
            }
        }
        at = next;
    }
    found.extend(
        begun
            .and_then(|from| body.get(from..))
            .filter(|it| !it.is_empty()),
    );
    found
}

fn parameter(value: &str, name: &str) -> Option<String> {
    value.split(';').skip(1).find_map(|pair| {
        let (key, value) = pair.split_once('=')?;
        let value = value.trim().trim_matches('"').to_owned();
        (key.trim().eq_ignore_ascii_case(name) && !value.is_empty()).then_some(value)
    })
}

/// HTML without its marks, and with the letters that are often written as names.
fn without_marks(html: &str) -> String {
    let mut text = String::new();
    for (number, piece) in html.split('<').enumerate() {
        let shown = if number == 0 {
            Some(piece)
        } else {
            piece.split_once('>').map(|(_, shown)| shown)
        };
        // Bold letters within a word do not part it; most other marks stand between words.
        let within = [
            "b>", "/b>", "i>", "/i>", "span", "/span", "wbr", "strong", "/strong", "em>", "/em>",
        ];
        if number > 0 && !within.iter().any(|it| piece.starts_with(it)) {
            text.push(' ');
        }
        text.push_str(shown.unwrap_or_default());
    }
    let named = [
        ("&nbsp;", " "),
        ("&auml;", "\u{e4}"),
        ("&ouml;", "\u{f6}"),
        ("&uuml;", "\u{fc}"),
        ("&Auml;", "\u{c4}"),
        ("&Ouml;", "\u{d6}"),
        ("&Uuml;", "\u{dc}"),
        ("&szlig;", "\u{df}"),
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#64;", "@"),
        ("&#x40;", "@"),
        ("&commat;", "@"),
        ("&amp;", "&"),
    ];
    named
        .iter()
        .fold(text, |text, (name, letter)| text.replace(name, letter))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::identifier::SearchKey;

    fn stands(raw: &str) -> Mention {
        let anna = Identifier::new(SearchKey::Email, "anna@post.example").unwrap();
        mention(raw.as_bytes(), &[anna])
    }

    #[test]
    fn a_mention_is_seen_through_encodings_and_told_from_another_s_address() {
        let of = |media: &str, way: &str, body: &str| {
            stands(&format!(
                "Content-Type: {media}\r\nContent-Transfer-Encoding: {way}\r\n\r\n{body}\r\n"
            ))
        };
        assert_eq!(
            of("text/plain", "7bit", "ask Anna@Post.example."),
            Mention::Whole
        );
        assert_eq!(
            of("text/plain", "quoted-printable", "anna=40po=\r\nst.example"),
            Mention::Whole
        );
        assert_eq!(
            of("text/plain", "base64", "YXNrIGFubmFAcG9zdC5leGFtcGxl"),
            Mention::Whole
        );
        assert_eq!(
            of("text/html", "7bit", "<p><b>anna</b>&#64;post.example<br>x"),
            Mention::Whole
        );
        assert_eq!(
            of("text/plain", "7bit", "ask johanna@post.example"),
            Mention::Part
        );
        assert_eq!(of("text/plain", "7bit", "nobody"), Mention::Nowhere);
        assert_eq!(
            of("application/pdf", "base64", "YW5uYUBwb3N0LmV4YW1wbGU="),
            Mention::Sealed
        );
    }

    #[test]
    fn parts_and_messages_in_messages_are_looked_into_and_never_without_end() {
        let inner = "Content-Type: message/rfc822\r\n\r\nTo: anna@post.example\r\n\r\ninner";
        let raw = format!(
            "Content-Type: multipart/mixed; boundary=\"b\"\r\n\r\n--b\r\n\r\nhello\r\n--b\r\n{inner}\r\n--b--\r\n"
        );
        assert_eq!(stands(&raw), Mention::Whole);
        let deep = "Content-Type: message/rfc822\r\n\r\n".repeat(5_000);
        assert_eq!(stands(&deep), Mention::Sealed);
        let many = "--b\r\n\r\nx\r\n".repeat(5_000);
        assert_eq!(
            stands(&format!(
                "Content-Type: multipart/mixed; boundary=b\r\n\r\n{many}"
            )),
            Mention::Sealed
        );
    }
}
