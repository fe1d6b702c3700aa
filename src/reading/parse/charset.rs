//! From bytes to characters: what is declared is believed unless the bytes say otherwise.

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

/// Decodes bytes by the declared name, if it is known and possible.
pub fn decode(bytes: &[u8], declared: Option<&str>) -> String {
    if let Some(encoding) = marked(bytes) {
        return encoding.decode(bytes).0.into_owned();
    }
    let name = declared
        .unwrap_or_default()
        .trim()
        .trim_matches(['"', '\''])
        .to_ascii_lowercase();
    if name == "utf-7" || name == "unicode-1-1-utf-7" {
        return utf_7(bytes);
    }
    let Some(encoding) = named(&name) else {
        return guess(bytes);
    };
    if encoding == UTF_8 {
        return guess(bytes);
    }
    if encoding == UTF_16LE || encoding == UTF_16BE {
        return wide(bytes, encoding);
    }
    // Latin letters that happen to be whole UTF-8 sequences throughout do not occur: the label is wrong
    if encoding.is_single_byte() && !bytes.is_ascii() && std::str::from_utf8(bytes).is_ok() {
        return guess(bytes);
    }
    let (text, _) = encoding.decode_without_bom_handling(bytes);
    text.into_owned()
}

/// Undeclared bytes: UTF-8 where they are, Windows-1252 where they are not, also side by side (text pasted together by machines).
pub fn guess(bytes: &[u8]) -> String {
    if let Some(encoding) = marked(bytes) {
        return encoding.decode(bytes).0.into_owned();
    }
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        if !chunk.invalid().is_empty() {
            text.push_str(&WINDOWS_1252.decode_without_bom_handling(chunk.invalid()).0);
        }
    }
    text
}

/// UTF-16 without declaration: a mark at the beginning, or every second byte of Western text is zero.
pub fn is_wide(bytes: &[u8]) -> Option<&'static Encoding> {
    if let Some(encoding) = marked(bytes) {
        return (encoding != UTF_8).then_some(encoding);
    }
    let sample = bytes.get(..bytes.len().min(400))?;
    if sample.len() < 8 {
        return None;
    }
    let zeros = |odd: usize| {
        sample
            .iter()
            .skip(odd)
            .step_by(2)
            .filter(|byte| **byte == 0)
            .count()
    };
    let half = sample.len() / 2;
    match (zeros(0), zeros(1)) {
        (0, high) if high * 10 > half * 8 => Some(UTF_16LE),
        (high, 0) if high * 10 > half * 8 => Some(UTF_16BE),
        _ => None,
    }
}

fn marked(bytes: &[u8]) -> Option<&'static Encoding> {
    Encoding::for_bom(bytes).map(|(encoding, _)| encoding)
}

fn named(name: &str) -> Option<&'static Encoding> {
    let known = match name {
        "" | "us-ascii" | "ascii" | "unknown-8bit" | "x-unknown" | "unknown" | "default"
        | "binary" | "8bit" | "7bit" => return None,
        "utf8mb4" | "unicode" | "utf-8-sig" => "utf-8",
        "cp932" => "shift_jis",
        "cp936" => "gbk",
        "cp949" => "euc-kr",
        "cp950" => "big5",
        "latin-1"
        | "latin1_swedish_ci"
        | "iso8859_1"
        | "ansi"
        | "windows-1252http-equivcontent-type" => "windows-1252",
        other => other,
    };
    Encoding::for_label(known.as_bytes()).or_else(|| {
        // `cp-1250`, `win1250`, `ibm-1252`
        let digits: String = known.chars().filter(char::is_ascii_digit).collect();
        let page = ["cp", "win", "ibm", "ms"]
            .iter()
            .any(|prefix| known.starts_with(prefix))
            && digits.starts_with("125");
        if page {
            Encoding::for_label(format!("windows-{digits}").as_bytes())
        } else {
            None
        }
    })
}

/// Some mailers declare UTF-16 and send bytes; some send the other byte order.
fn wide(bytes: &[u8], declared: &'static Encoding) -> String {
    match is_wide(bytes) {
        Some(encoding) => encoding.decode_without_bom_handling(bytes).0.into_owned(),
        None if bytes.contains(&0) => declared.decode_without_bom_handling(bytes).0.into_owned(),
        None => guess(bytes),
    }
}

/// RFC 2152, still sent by old scanners and gateways.
fn utf_7(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some(plus) = memchr::memchr(b'+', rest) {
        let (plain, shifted) = rest.split_at(plus);
        text.push_str(&guess(plain));
        let shifted = shifted.get(1..).unwrap_or_default();
        let end = shifted
            .iter()
            .position(|b| !(b.is_ascii_alphanumeric() || *b == b'+' || *b == b'/'))
            .unwrap_or(shifted.len());
        let (code, after) = shifted.split_at(end);
        if code.is_empty() {
            text.push('+');
        } else {
            text.push_str(
                &UTF_16BE
                    .decode_without_bom_handling(&super::transfer::base64(code))
                    .0,
            );
        }
        rest = if after.first() == Some(&b'-') {
            after.get(1..).unwrap_or_default()
        } else {
            after
        };
    }
    text.push_str(&guess(rest));
    text
}
