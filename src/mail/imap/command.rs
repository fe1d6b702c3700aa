//! What is said to the server: commands of our own words, and values that cannot leave their quotes.

use base64::{Engine, engine::general_purpose::STANDARD_NO_PAD};
use chrono::NaiveDate;

/// A value in quotes: a folder, a Message-ID.
#[derive(Clone, PartialEq, Eq)]
pub(in crate::mail) struct Quoted(String);

impl Quoted {
    /// A text of visible ASCII; other texts would end the command or need another way of sending.
    pub fn ascii(text: &str) -> Option<Self> {
        if !text.bytes().all(|byte| (b' '..=b'~').contains(&byte)) {
            return None;
        }
        Some(Self(format!(
            "\"{}\"",
            text.replace('\\', "\\\\").replace('"', "\\\"")
        )))
    }

    /// A folder as people write it.
    pub fn folder(name: &str) -> Option<Self> {
        if name.trim().is_empty() || name.chars().any(char::is_control) {
            return None;
        }
        Self::ascii(&modified_utf7(name))
    }
}

/// A value in letters beyond ASCII, for servers that take it without a pause before it (LITERAL+).
#[derive(Clone, PartialEq, Eq)]
pub(in crate::mail) struct Letters(String);

impl Letters {
    /// A text without control characters; it is counted, so nothing in it can end the command.
    pub fn of(text: &str) -> Option<Self> {
        let plain = !text.is_empty() && !text.chars().any(char::is_control);
        plain.then(|| Self(format!("{{{}+}}\r\n{text}", text.len())))
    }
}

/// A set of message numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::mail) struct UidSet(String);

impl UidSet {
    /// These, in ascending order; runs are written as such.
    pub fn of(uids: &[u32]) -> Self {
        let mut runs: Vec<(u32, u32)> = Vec::new();
        for &uid in uids {
            match runs.last_mut() {
                Some((_, last)) if last.checked_add(1) == Some(uid) => *last = uid,
                _ => runs.push((uid, uid)),
            }
        }
        let written: Vec<String> = runs
            .into_iter()
            .map(|(first, last)| {
                if first == last {
                    first.to_string()
                } else {
                    format!("{first}:{last}")
                }
            })
            .collect();
        Self(written.join(","))
    }

    /// From one to another; without another to the end. The end counts backwards too: where `first`
    /// lies beyond it, the server names the last message.
    pub fn span(first: u32, last: Option<u32>) -> Self {
        Self(match last {
            Some(last) => format!("{first}:{last}"),
            None => format!("{first}:*"),
        })
    }
}

/// A command. Its words are ours, fixed when the program is built; values come in types of their own.
pub(in crate::mail) struct Command(String);

impl Command {
    pub fn new(verb: &'static str) -> Self {
        Self(verb.to_owned())
    }

    pub fn word(self, word: &'static str) -> Self {
        self.and(word)
    }

    /// Of a whole message so many bytes from there on, without marking it as read.
    pub fn piece(self, from: u64, bytes: u64) -> Self {
        self.and(&format!("(UID BODY.PEEK[]<{from}.{bytes}>)"))
    }

    pub fn text(self, text: &Quoted) -> Self {
        self.and(&text.0)
    }

    pub fn set(self, set: &UidSet) -> Self {
        self.and(&set.0)
    }

    pub fn day(self, day: NaiveDate) -> Self {
        self.and(&day.format("%-d-%b-%Y").to_string())
    }

    pub fn number(self, number: u32) -> Self {
        self.and(&number.to_string())
    }

    /// A text of any letters, with its length before it.
    pub fn letters(self, text: &Letters) -> Self {
        self.and(&text.0)
    }

    /// Announces so many bytes behind the command.
    pub fn literal(self, bytes: usize) -> Self {
        self.and(&format!("{{{bytes}}}"))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn and(mut self, more: &str) -> Self {
        self.0.push(' ');
        self.0.push_str(more);
        self
    }
}

/// How IMAP4rev1 writes folders beyond ASCII (RFC 3501, 5.1.3): runs of UTF-16 in a base64 of its own.
pub(in crate::mail) fn modified_utf7(name: &str) -> String {
    let mut written = String::new();
    let mut run: Vec<u8> = Vec::new();
    let end_run = |run: &mut Vec<u8>, written: &mut String| {
        if !run.is_empty() {
            let code = STANDARD_NO_PAD.encode(&run).replace('/', ",");
            written.push('&');
            written.push_str(&code);
            written.push('-');
            run.clear();
        }
    };
    for c in name.chars() {
        if (' '..='~').contains(&c) {
            end_run(&mut run, &mut written);
            written.push(c);
            if c == '&' {
                written.push('-');
            }
        } else {
            let mut units = [0; 2];
            for unit in c.encode_utf16(&mut units) {
                run.extend_from_slice(&unit.to_be_bytes());
            }
        }
    }
    end_run(&mut run, &mut written);
    written
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn folders_with_umlauts_are_written_as_servers_know_them() {
        for (name, written) in [
            ("INBOX", "INBOX"),
            ("Bücher", "B&APw-cher"),
            ("Entwürfe/Äpfel & Öl", "Entw&APw-rfe/&AMQ-pfel &- &ANY-l"),
            ("日本語", "&ZeVnLIqe-"),
            ("Post📬", "Post&2D3c7A-"),
        ] {
            assert_eq!(modified_utf7(name), written);
        }
    }

    #[test]
    fn what_would_leave_its_quotes_is_no_value() {
        for text in ["a\r\nA1 LOGOUT", "a\nb", "\0", "ü", "a\x7f"] {
            assert!(Quoted::ascii(text).is_none(), "{text:?}");
        }
        assert_eq!(Quoted::ascii("a\"b\\c").unwrap().0, "\"a\\\"b\\\\c\"");
        assert!(Quoted::folder(" ").is_none());
        assert!(Quoted::folder("a\r\nb").is_none());
    }

    #[test]
    fn numbers_are_written_in_runs() {
        assert_eq!(UidSet::of(&[1, 2, 3, 7, 9, 10]).0, "1:3,7,9:10");
        assert_eq!(UidSet::of(&[u32::MAX]).0, "4294967295");
        assert_eq!(UidSet::span(5, None).0, "5:*");
    }

    #[test]
    fn days_are_english_whatever_the_machine_speaks() {
        let day = NaiveDate::from_ymd_opt(2026, 3, 1).unwrap();
        assert_eq!(Command::new("SINCE").day(day).as_str(), "SINCE 1-Mar-2026");
    }

    proptest! {
        #[test]
        fn a_folder_of_whatever_name_stays_one_value(name in "\\PC{1,40}") {
            if let Some(Quoted(text)) = Quoted::folder(&name) {
                prop_assert!(text.is_ascii() && !text.contains(['\r', '\n', '\0']));
                let inner = &text[1..text.len() - 1];
                let mut escaped = false;
                for c in inner.chars() {
                    prop_assert!(escaped || c != '"', "{text}");
                    escaped = !escaped && c == '\\';
                }
                prop_assert!(!escaped, "{text}");
            }
        }
    }
}
