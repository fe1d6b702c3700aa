//! Writes a message: fields in seven bits, texts that can still be read in the raw file, files in Base64.

use std::fmt::Write;

use base64::{Engine, engine::general_purpose::STANDARD};

/// Between the parts. `=_` stands neither in quoted-printable nor in Base64, in which all parts are written.
const BOUNDARY: &str = "=_part";
/// Letters of a line.
const LINE: usize = 76;
/// Bytes of one coded word: with its frame it stays below 75 letters.
const WORD: usize = 42;

/// A part of a message, written.
#[derive(Debug)]
pub struct Part {
    head: String,
    body: String,
}

impl Part {
    /// A text; `kind` is `plain` or `html`.
    pub fn text(kind: &str, text: &str) -> Part {
        Part {
            head: format!(
                "Content-Type: text/{kind}; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n"
            ),
            body: quoted(text),
        }
    }

    /// A file.
    pub fn file(name: &str, media_type: &str, bytes: &[u8]) -> Part {
        let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | '-' | '+' | '.' | '_');
        let media_type = match media_type.chars().all(fits) && media_type.matches('/').count() == 1
        {
            // a message in a message is no file whose bytes may be coded
            true if !media_type.starts_with("message/")
                && !media_type.starts_with("multipart/") =>
            {
                media_type
            }
            _ => "application/octet-stream",
        };
        let mut coded = String::new();
        for byte in name.bytes() {
            match byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_') {
                true => coded.push(char::from(byte)),
                false => {
                    let _ = write!(coded, "%{byte:02X}");
                }
            }
        }
        let all = STANDARD.encode(bytes);
        let mut body = String::with_capacity(all.len() + all.len() / LINE * 2 + 2);
        let mut rest = all.as_str();
        while !rest.is_empty() {
            let (line, more) = rest.split_at(rest.len().min(LINE));
            body.push_str(line);
            body.push_str("\r\n");
            rest = more;
        }
        Part {
            head: format!(
                "Content-Type: {media_type}\r\nContent-Disposition: attachment;\r\n filename*=UTF-8''{coded}\r\n\
                 Content-Transfer-Encoding: base64\r\n"
            ),
            body,
        }
    }
}

/// The message of these fields and parts.
pub fn message(fields: &[(&'static str, String)], parts: &[Part]) -> Vec<u8> {
    let mut out = String::new();
    for (name, value) in fields {
        let _ = write!(out, "{name}: {value}\r\n");
    }
    out.push_str("MIME-Version: 1.0\r\n");
    match parts {
        [part] => {
            let _ = write!(out, "{}\r\n{}", part.head, part.body);
        }
        parts => {
            let _ = write!(
                out,
                "Content-Type: multipart/mixed; boundary=\"{BOUNDARY}\"\r\n\r\n"
            );
            for part in parts {
                let _ = write!(out, "--{BOUNDARY}\r\n{}\r\n{}\r\n", part.head, part.body);
            }
            let _ = write!(out, "--{BOUNDARY}--\r\n");
        }
    }
    out.into_bytes()
}

/// A name with an address.
pub fn mailbox(name: &str, email: &str) -> String {
    let fits = |c: char| c.is_ascii_alphanumeric() || ".!#$%&'*+/=?^_`{|}~-@".contains(c);
    let sound =
        email.chars().all(fits) && email.matches('@').count() == 1 && !email.starts_with('@');
    match (sound, name.is_empty()) {
        (true, true) => email.to_owned(),
        (true, false) => format!("{} <{email}>", coded(name)),
        // an address that no field can hold as it is becomes a part of the name
        (false, _) => {
            let told = format!("{name} {email}");
            format!("{} <unreadable@redacted.invalid>", coded(told.trim()))
        }
    }
}

/// Words of a field.
pub fn words(text: &str) -> String {
    let plain = text.bytes().all(|byte| matches!(byte, b' '..=b'~'))
        && text.len() < 900
        && !text.contains("=?");
    if plain { text.to_owned() } else { coded(text) }
}

/// Words in any letters, as fields of mail carry them.
fn coded(text: &str) -> String {
    let mut out = String::new();
    let mut word = String::new();
    for letter in text.chars() {
        if word.len() + letter.len_utf8() > WORD {
            push_word(&mut out, &word);
            word.clear();
        }
        word.push(letter);
    }
    push_word(&mut out, &word);
    out
}

fn push_word(out: &mut String, word: &str) {
    if !out.is_empty() {
        out.push_str("\r\n ");
    }
    let _ = write!(out, "=?utf-8?B?{}?=", STANDARD.encode(word));
}

/// Quoted-printable.
fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 8);
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    for line in text.split_inclusive('\n') {
        let (line, ends) = match line.strip_suffix('\n') {
            Some(line) => (line, true),
            None => (line, false),
        };
        let mut length = 0;
        let last = line.len().saturating_sub(1);
        for (at, byte) in line.bytes().enumerate() {
            let blank = matches!(byte, b' ' | b'\t');
            let plain = matches!(byte, b'!'..=b'<' | b'>'..=b'~') || blank && at != last;
            let width = if plain { 1 } else { 3 };
            if length + width > LINE - 1 {
                out.push_str("=\r\n");
                length = 0;
            }
            match plain {
                true => out.push(char::from(byte)),
                false => {
                    let _ = write!(out, "={byte:02X}");
                }
            }
            length += width;
        }
        if ends {
            out.push_str("\r\n");
        }
    }
    out
}
