//! Mails as their readers see them: unfolded, decoded, with the links in them.

use base64::{Engine, engine::general_purpose::STANDARD};
use rechtzeitig::casework::Token;

use super::smtp::Caught;

/// A mail that arrived.
#[derive(Clone, Debug)]
pub struct Mail {
    pub subject: String,
    pub message_id: String,
    /// The plain text.
    pub text: String,
    /// The same as HTML, if there is any.
    pub html: Option<String>,
    /// As it stood on the wire.
    pub raw: String,
}

impl Mail {
    pub fn read(caught: &Caught) -> Self {
        let header = |name| words(&caught.header(name).unwrap_or_default());
        let raw = String::from_utf8_lossy(&caught.raw).into_owned();
        let mut parts = Vec::new();
        take_apart(&raw, &mut parts);
        let mut part = |kind: &str| {
            let at = parts
                .iter()
                .position(|(found, _)| found.starts_with(kind))?;
            Some(parts.swap_remove(at).1)
        };
        Self {
            subject: header("Subject"),
            message_id: header("Message-ID"),
            text: part("text/plain").unwrap_or_default(),
            html: part("text/html"),
            raw,
        }
    }

    /// The address behind the page of this name, as in `confirm`.
    pub fn url(&self, page: &str) -> Option<String> {
        let mut words = self
            .text
            .split(|c: char| c.is_whitespace() || matches!(c, '<' | '>'));
        words
            .find(|word| word.contains(&format!("/{page}/")))
            .map(str::to_owned)
    }

    /// The token in that address.
    ///
    /// # Panics
    /// If there is none.
    pub fn token(&self, page: &str) -> Token {
        let url = self
            .url(page)
            .unwrap_or_else(|| panic!("no link to {page} in:\n{}", self.text));
        let text = url.rsplit('/').next().unwrap_or_default();
        Token::parse(text).unwrap_or_else(|| panic!("no token in {url}"))
    }

    /// The six digits of a code.
    ///
    /// # Panics
    /// If there are none.
    pub fn code(&self) -> String {
        let digits =
            |word: &&str| word.len() == 6 && word.bytes().all(|byte| byte.is_ascii_digit());
        let mut words = self.text.split(|c: char| !c.is_alphanumeric());
        words
            .find(digits)
            .unwrap_or_else(|| panic!("no code in:\n{}", self.text))
            .to_owned()
    }
}

/// Every part that holds no others: its type and its content.
fn take_apart(part: &str, into: &mut Vec<(String, String)>) {
    let (head, body) = part.split_once("\r\n\r\n").unwrap_or((part, ""));
    let head = head.replace("\r\n ", " ").replace("\r\n\t", " ");
    let value = |name: &str| {
        let lines = head.split("\r\n");
        let mut pairs = lines.filter_map(|line| line.split_once(':'));
        pairs
            .find(|(found, _)| found.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.trim().to_owned())
    };
    let kind = value("Content-Type").unwrap_or_else(|| "text/plain".into());
    if let Some((_, after)) = kind.split_once("boundary=") {
        let boundary = format!(
            "--{}",
            after
                .split(';')
                .next()
                .unwrap_or_default()
                .trim()
                .trim_matches('"')
        );
        for inner in format!("\r\n{body}")
            .split(&format!("\r\n{boundary}"))
            .skip(1)
        {
            if let Some(inner) = inner.strip_prefix("\r\n") {
                take_apart(inner, into);
            }
        }
        return;
    }
    let bytes = match value("Content-Transfer-Encoding")
        .unwrap_or_default()
        .to_ascii_lowercase()
        .as_str()
    {
        "base64" => STANDARD
            .decode(body.replace("\r\n", ""))
            .unwrap_or_default(),
        "quoted-printable" => unquote(body),
        _ => body.as_bytes().to_vec(),
    };
    into.push((kind, String::from_utf8_lossy(&bytes).replace("\r\n", "\n")));
}

fn unquote(body: &str) -> Vec<u8> {
    let joined = body.replace("=\r\n", "");
    let mut bytes = Vec::with_capacity(joined.len());
    let mut rest = joined.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let escaped = (*first == b'=').then(|| after.get(..2)).flatten();
        let byte =
            escaped.and_then(|two| u8::from_str_radix(std::str::from_utf8(two).ok()?, 16).ok());
        bytes.push(byte.unwrap_or(*first));
        rest = after
            .get(if byte.is_some() { 2 } else { 0 }..)
            .unwrap_or_default();
    }
    bytes
}

/// A header's encoded words, read.
fn words(value: &str) -> String {
    let joined = value.replace("?= =?utf-8?b?", "?==?utf-8?b?");
    let mut text = String::new();
    let mut rest = joined.as_str();
    while let Some((before, after)) = rest.split_once("=?utf-8?b?") {
        let (word, after) = after.split_once("?=").unwrap_or((after, ""));
        text.push_str(before);
        text.push_str(&String::from_utf8_lossy(
            &STANDARD.decode(word).unwrap_or_default(),
        ));
        rest = after;
    }
    text + rest
}

#[test]
fn a_mail_is_read_as_its_reader_sees_it() {
    let raw = "Subject: =?utf-8?b?w5xiZXI=?= uns\r\nContent-Type: multipart/alternative;\r\n boundary=\"b\"\r\n\r\n\
               --b\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n\
               Gr=C3=BC=C3=9Fe: https://a.example/confirm/AAECAwQFBgcICQoLDA=\r\n0ODw\r\nCode 012345\r\n\
               --b\r\nContent-Type: text/html\r\nContent-Transfer-Encoding: base64\r\n\r\nPGI+\r\n--b--\r\n";
    let caught = Caught {
        from: String::new(),
        to: vec!["a@post.example".into()],
        raw: raw.as_bytes().to_vec(),
        encrypted: false,
        user: None,
        line: 1,
    };
    let mail = Mail::read(&caught);
    assert_eq!(mail.subject, "Über uns");
    assert!(mail.text.starts_with("Grüße: "), "{}", mail.text);
    assert_eq!(mail.html.as_deref(), Some("<b>"));
    assert_eq!(
        (mail.token("confirm").text().as_str(), mail.code().as_str()),
        ("AAECAwQFBgcICQoLDA0ODw", "012345")
    );
}
