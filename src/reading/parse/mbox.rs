//! A mailbox in one file, cut into its messages.

use super::head::Line;

/// The messages of an mbox file, quoted `>From ` lines restored. A file that is no mbox is one message.
pub fn split_mbox(raw: &[u8]) -> Vec<Vec<u8>> {
    let raw = raw.strip_prefix(b"\xef\xbb\xbf").unwrap_or(raw);
    let mut messages: Vec<Vec<u8>> = Vec::new();
    let mut at = raw
        .iter()
        .take_while(|byte| byte.is_ascii_whitespace())
        .count();
    if !Line::at(raw, at).is_some_and(|line| is_from_line(line.text)) {
        return if raw.trim_ascii().is_empty() {
            messages
        } else {
            vec![raw.to_vec()]
        };
    }
    let mut empty_before = true;
    while let Some(line) = Line::at(raw, at) {
        let whole = raw.get(at..line.next).unwrap_or_default();
        at = line.next;
        // a sender's own "From " line stands in running text, or no field follows it
        if is_from_line(line.text)
            && (empty_before || has_time(line.text))
            && starts_message(raw, at)
        {
            messages.push(Vec::new());
        } else if let Some(message) = messages.last_mut() {
            message.extend_from_slice(unquoted(whole));
        }
        empty_before = line.text.is_empty();
    }
    for message in &mut messages {
        // the empty line before the next message is the mailbox's
        let length = message.strip_suffix(b"\n").map_or(message.len(), |rest| {
            rest.strip_suffix(b"\r").unwrap_or(rest).len()
        });
        if message
            .get(..length)
            .is_some_and(|rest| rest.ends_with(b"\n"))
        {
            message.truncate(length);
        }
    }
    messages.retain(|message| !message.trim_ascii().is_empty());
    messages
}

/// `From sender Thu Oct  1 10:00:00 2026`
fn is_from_line(line: &[u8]) -> bool {
    line.strip_prefix(b"From ").is_some_and(|rest| {
        rest.iter().any(u8::is_ascii_digit) || rest.contains(&b'@') || rest.starts_with(b"-")
    })
}

fn has_time(line: &[u8]) -> bool {
    line.windows(3)
        .any(|three| matches!(three, [a, b':', b] if a.is_ascii_digit() && b.is_ascii_digit()))
}

/// A field, or the quoted line of another mailbox, comes next.
fn starts_message(raw: &[u8], at: usize) -> bool {
    let Some(next) = Line::at(raw, at) else {
        return false;
    };
    let name = next
        .text
        .split(|byte| *byte == b':')
        .next()
        .unwrap_or_default();
    next.text.starts_with(b">From ")
        || (next.text.contains(&b':')
            && !name.is_empty()
            && name.len() < 80
            && name.iter().all(u8::is_ascii_graphic))
}

/// mboxrd puts one `>` before every `From ` line, already quoted ones included.
fn unquoted(line: &[u8]) -> &[u8] {
    let marks = line.iter().take_while(|byte| **byte == b'>').count();
    if marks > 0
        && line
            .get(marks..)
            .is_some_and(|rest| rest.starts_with(b"From "))
    {
        line.get(1..).unwrap_or(line)
    } else {
        line
    }
}
