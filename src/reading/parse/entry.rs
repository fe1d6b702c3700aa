//! Bytes as files bring them: marks, wide characters, other systems' line ends, the line that a mailbox file put on top.

use std::borrow::Cow;

use super::charset;

/// The bytes of the message itself.
pub fn enter(raw: &[u8]) -> Cow<'_, [u8]> {
    let narrow: Cow<'_, [u8]> = match charset::is_wide(raw) {
        Some(encoding) => Cow::Owned(encoding.decode(raw).0.into_owned().into_bytes()),
        None => Cow::Borrowed(raw),
    };
    // an old Mac's line ends
    let lines = if !narrow.contains(&b'\n')
        && narrow
            .iter()
            .take(4_000)
            .filter(|byte| **byte == b'\r')
            .count()
            > 1
        && !is_binary(&narrow)
    {
        Cow::Owned(
            narrow
                .iter()
                .map(|byte| if *byte == b'\r' { b'\n' } else { *byte })
                .collect(),
        )
    } else {
        narrow
    };
    let from = lines.len() - start(&lines).len();
    match lines {
        Cow::Borrowed(bytes) => Cow::Borrowed(bytes.get(from..).unwrap_or_default()),
        Cow::Owned(mut bytes) => {
            bytes.drain(..from.min(bytes.len()));
            Cow::Owned(bytes)
        }
    }
}

/// Without what stands before the first field.
fn start(bytes: &[u8]) -> &[u8] {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let blanks = bytes
        .iter()
        .take_while(|byte| matches!(byte, b'\r' | b'\n'))
        .count();
    let bytes = bytes.get(blanks..).unwrap_or_default();
    without_mbox_line(bytes)
}

/// `From sender date`, the line above a message in a mailbox file.
pub fn without_mbox_line(bytes: &[u8]) -> &[u8] {
    if bytes.starts_with(b"From ") || bytes.starts_with(b">From ") {
        let end = memchr::memchr(b'\n', bytes).map_or(bytes.len(), |end| end + 1);
        return bytes.get(end..).unwrap_or_default();
    }
    bytes
}

/// Nothing that anybody wrote: many control characters at the beginning.
pub fn is_binary(bytes: &[u8]) -> bool {
    let sample = bytes.get(..bytes.len().min(4_000)).unwrap_or_default();
    let strange = sample
        .iter()
        .filter(|byte| {
            (**byte < 32 && !matches!(**byte, b'\n' | b'\r' | b'\t' | 0x0c | 0x1b))
                || **byte == 0x7f
        })
        .count();
    strange * 20 > sample.len()
}
