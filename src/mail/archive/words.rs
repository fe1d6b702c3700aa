//! Makes texts of mails readable: words that were encoded for the head, and the encodings of bodies.

use base64::Engine;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use encoding_rs::{Encoding, WINDOWS_1252};

/// A value of the head with its encoded words in letters (RFC 2047). Letters that were torn between two words come
/// together again.
pub(super) fn readable(value: &str) -> String {
    let mut text = String::new();
    let mut rest = value;
    let mut run: Option<(&'static Encoding, Vec<u8>)> = None;
    let end = |run: &mut Option<(&'static Encoding, Vec<u8>)>, text: &mut String| {
        if let Some((set, bytes)) = run.take() {
            text.push_str(&set.decode_without_bom_handling(&bytes).0);
        }
    };
    while let Some((before, after)) = rest.split_once("=?") {
        let Some((set, bytes, behind)) = word(after) else {
            end(&mut run, &mut text);
            text.push_str(before);
            text.push_str("=?");
            rest = after;
            continue;
        };
        // Space between two encoded words belongs to neither.
        let joined = before.trim().is_empty() && run.is_some();
        match &mut run {
            Some((of, so_far)) if joined && *of == set => so_far.extend_from_slice(&bytes),
            _ => {
                end(&mut run, &mut text);
                if !joined {
                    text.push_str(before);
                }
                run = Some((set, bytes));
            }
        }
        rest = behind;
    }
    end(&mut run, &mut text);
    text.push_str(rest);
    let plain: String = text
        .chars()
        .map(|it| if it.is_control() { ' ' } else { it })
        .collect();
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// `utf-8?q?L=C3=B6schung?=`, what it says, and what is behind it.
fn word(text: &str) -> Option<(&'static Encoding, Vec<u8>, &str)> {
    let (set, rest) = text.split_once('?')?;
    let (way, rest) = rest.split_once('?')?;
    let (said, behind) = rest.split_once("?=")?;
    // A language may stand behind the set (RFC 2231).
    let set = Encoding::for_label(set.split('*').next().unwrap_or_default().as_bytes())?;
    let bytes = match way {
        "B" | "b" => base64(said.as_bytes()),
        "Q" | "q" => quoted_printable(said.replace('_', " ").as_bytes()),
        _ => return None,
    };
    Some((set, bytes, behind))
}

/// Base64 as far as it is some.
pub(super) fn base64(text: &[u8]) -> Vec<u8> {
    let lenient = GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true);
    let lenient = GeneralPurpose::new(&base64::alphabet::STANDARD, lenient);
    let mut clean: Vec<u8> = text
        .iter()
        .copied()
        .filter(|it| it.is_ascii_alphanumeric() || matches!(it, b'+' | b'/'))
        .collect();
    // One letter alone says nothing: the text was cut there.
    if clean.len() % 4 == 1 {
        clean.pop();
    }
    lenient.decode(clean).unwrap_or_default()
}

/// Quoted-printable; what is none stays as it is.
pub(super) fn quoted_printable(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((&byte, behind)) = rest.split_first() {
        rest = behind;
        if byte != b'=' {
            out.push(byte);
        } else if let Some(soft) = behind
            .strip_prefix(b"\r\n")
            .or_else(|| behind.strip_prefix(b"\n"))
        {
            rest = soft;
        } else {
            let hex = behind.get(..2).and_then(|it| std::str::from_utf8(it).ok());
            match hex.and_then(|it| u8::from_str_radix(it, 16).ok()) {
                Some(decoded) => {
                    out.push(decoded);
                    rest = behind.get(2..).unwrap_or_default();
                }
                None => out.push(b'='),
            }
        }
    }
    out
}

/// Letters of a body in its set; without one as most programs write today, or wrote before.
pub(super) fn letters(bytes: &[u8], set: Option<&str>) -> String {
    let set = set.and_then(|it| Encoding::for_label(it.trim().as_bytes()));
    match (set, std::str::from_utf8(bytes)) {
        (Some(set), _) => set.decode(bytes).0.into_owned(),
        (None, Ok(text)) => text.to_owned(),
        (None, Err(_)) => WINDOWS_1252.decode(bytes).0.into_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encoded_words_become_letters() {
        for (value, read) in [
            ("=?UTF-8?Q?L=C3=B6schung?=", "L\u{f6}schung"),
            (
                "Re: =?iso-8859-1?q?L=F6schung_bitte?= !",
                "Re: L\u{f6}schung bitte !",
            ),
            // One letter torn between two words.
            ("=?utf-8?B?TMM=?= =?utf-8?B?tnNjaHVuZw==?=", "L\u{f6}schung"),
            ("=?utf-8*de?q?a?= =?iso-8859-1?q?=F6?=", "a\u{f6}"),
            ("=?utf-8?q?broken", "=?utf-8?q?broken"),
            ("=?klingon?q?a?=", "=?klingon?q?a?="),
            ("a\r\n\tb", "a b"),
        ] {
            assert_eq!(readable(value), read);
        }
    }
}
