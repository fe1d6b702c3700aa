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
