//! A message that came in, taken apart: what the reading rests on. Texts are plain, decoded and unquoted; nothing is judged yet.

use chrono::{DateTime, FixedOffset, NaiveDate};

/// An address as a header or a quoted head gives it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Address {
    /// The display name, decoded; empty if there is none.
    pub name: String,
    /// `local@domain`, trimmed, domain in lower case and IDNA-decoded; empty if the header gave none.
    pub email: String,
}

/// One `Received` line, topmost first in [`Message::received`].
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Received {
    /// The host that took the message (`by`), lower case.
    pub by: String,
    /// The host that handed it over (`from`), lower case.
    pub from: String,
    /// The address that the message was taken for (`for <…>`), if named.
    pub envelope_to: Option<String>,
    pub at: Option<DateTime<FixedOffset>>,
}

/// Where a text stood in the message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// The text/plain body (all inline text parts in order).
    Plain,
    /// The HTML body as readable text (hidden text left out and said in `troubles`).
    Html,
    /// Text of an attachment (PDF text layer, docx, txt, rtf, html …) with its file name.
    Attachment(String),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    pub place: Place,
    pub text: String,
}

/// What a delivery report says of one recipient (RFC 3464), or an old-style bounce in words.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// `failed`, `delayed`, `delivered`, `relayed`, `expanded`; empty if unknown.
    pub action: String,
    /// `5.1.1`
    pub status: String,
    pub recipient: String,
    /// The Message-ID of the message that the report is about.
    pub about: Option<String>,
}

/// What a server says of the signatures of a message (RFC 8601).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Vouched {
    /// The server, as it names itself, lower case.
    pub server: String,
    /// So many `Received` lines stand above its word.
    pub above: usize,
    /// The domains whose signature holds (DKIM), lower case.
    pub signed: Vec<String>,
}

impl Message {
    /// The domain of the sender, if one of these servers vouches that it signed the message. A line counts as far up only
    /// as these servers' own `Received` lines reach: below them anybody may have written it.
    pub fn signed_by(&self, servers: &[String]) -> Option<&str> {
        let own = |by: &str| servers.iter().any(|it| it.eq_ignore_ascii_case(by));
        let reach = self.received.iter().take_while(|it| own(&it.by)).count();
        let [from] = self.from.as_slice() else {
            return None;
        };
        let (_, domain) = from.email.rsplit_once('@')?;
        let aligned = |signer: &&String| {
            let below = domain.strip_suffix(signer.as_str());
            below.is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
        };
        self.vouched
            .iter()
            .filter(|it| own(&it.server) && it.above < reach.max(1))
            .flat_map(|it| &it.signed)
            .find(aligned)
            .map(String::as_str)
    }
}

/// Headers that machines set.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Machine {
    /// First token of `Auto-Submitted`, lower case.
    pub auto_submitted: Option<String>,
    pub precedence: Option<String>,
    /// Any `List-*` header is there.
    pub list: bool,
    pub list_unsubscribe: bool,
    pub suppress: Option<String>,
    /// `X-Autoreply`, `X-Autorespond`, `X-Auto-Reply…` is there.
    pub autoreply: bool,
    pub feedback_id: bool,
    /// `Return-Path: <>`
    pub null_return_path: bool,
    /// Spam marks of the house's server (X-Spam-Flag: YES …).
    pub spam: bool,
    /// top type multipart/report, with its report-type
    pub report_type: Option<String>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Message {
    /// without angle brackets
    pub message_id: Option<String>,
    pub in_reply_to: Vec<String>,
    pub references: Vec<String>,
    pub from: Vec<Address>,
    pub sender: Option<Address>,
    pub reply_to: Vec<Address>,
    pub to: Vec<Address>,
    pub cc: Vec<Address>,
    /// `Delivered-To`, `X-Original-To`, `Envelope-To`, in order of the headers.
    pub delivered_to: Vec<String>,
    pub return_path: Option<String>,
    pub resent_from: Option<Address>,
    pub subject: String,
    pub date: Option<DateTime<FixedOffset>>,
    pub received: Vec<Received>,
    pub machine: Machine,
    /// What servers on the way say of its signatures, topmost first.
    pub vouched: Vec<Vouched>,
    pub texts: Vec<Text>,
    /// Messages inside (message/rfc822 parts, .eml attachments), not the returned original of a report.
    pub inner: Vec<Message>,
    /// The returned original of a report, if there is one.
    pub returned: Option<Box<Message>>,
    pub reports: Vec<Report>,
    /// File names of attachments whose text could not be had (pictures, TNEF, archives, encrypted).
    pub opaque: Vec<String>,
    /// What could not be read, or was odd: `encrypted`, `html-hidden-text`, `plain-and-html-differ`, `unreadable-date` …
    pub troubles: Vec<&'static str>,
}

/// The day of the first receipt in the house with what it rests on, see `received_day`.
pub type Day = NaiveDate;

#[cfg(test)]
mod tests {
    use super::*;

    fn signed(above: usize, server: &str, domain: &str) -> Message {
        let by = |by: &str| Received {
            by: by.to_owned(),
            ..Received::default()
        };
        Message {
            from: vec![Address {
                name: String::new(),
                email: "ida@post.example".to_owned(),
            }],
            received: vec![
                by("mx.kontor.example"),
                by("mx.kontor.example"),
                by("out.post.example"),
            ],
            vouched: vec![Vouched {
                server: server.to_owned(),
                above,
                signed: vec![domain.to_owned()],
            }],
            ..Message::default()
        }
    }

    #[test]
    fn only_our_own_server_vouches_and_only_above_what_others_wrote() {
        let ours = ["mx.kontor.example".to_owned()];
        let at = |above, server, domain| {
            let message = signed(above, server, domain);
            message.signed_by(&ours).map(str::to_owned)
        };
        assert_eq!(
            at(0, "mx.kontor.example", "post.example").as_deref(),
            Some("post.example")
        );
        assert!(at(1, "mx.kontor.example", "post.example").is_some());
        assert_eq!(
            at(2, "mx.kontor.example", "post.example"),
            None,
            "below our own lines"
        );
        assert_eq!(at(0, "mx.other.example", "post.example"), None);
        assert_eq!(at(0, "mx.kontor.example", "elsewhere.example"), None);
        assert_eq!(
            at(0, "mx.kontor.example", "st.example"),
            None,
            "not at a dot"
        );
        assert_eq!(
            signed(0, "mx.kontor.example", "post.example").signed_by(&[]),
            None
        );
    }
}
