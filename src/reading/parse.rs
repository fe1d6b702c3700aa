//! From raw bytes to a message: liberal, bounded, and never falling over, whatever the bytes are.

mod address;
mod armour;
mod attached;
mod bounce;
mod bounds;
mod charset;
mod enclosed;
mod entry;
mod gather;
mod head;
mod html;
mod inline;
mod machine;
mod mbox;
mod params;
mod part;
mod pasted;
mod plain;
mod report;
mod shown;
mod trace;
mod transfer;
mod vouched;
mod wording;

#[cfg(test)]
mod tests;

use crate::reading::{
    date,
    message::{Message, Place, Text},
};
use bounds::Budget;
pub use enclosed::{Contents, Enclosed, contents, taken_out};
use gather::Gathered;
use head::Head;
pub use mbox::split_mbox;
use part::Part;
pub use shown::{Shown, shown};

/// Takes a message apart.
///
/// What was odd stands in its `troubles`: `no-mail-head`, `unreadable-date`, `encrypted`, `html-hidden-text`,
/// `plain-and-html-differ`, `broken-multipart`, `too-many-parts`, `text-cut`, `pdf-without-text` (a scan),
/// `pdf-unreadable`, `pdf-too-large`. `None` only when nothing at all can be made of the bytes: nothing there, or nothing that is text.
pub fn parse(raw: &[u8]) -> Option<Message> {
    let entered = entry::enter(raw);
    let mut budget = Budget::new();
    if entered.trim_ascii().is_empty() {
        return None;
    }
    let head = Head::read(&entered);
    if head.is_mail() {
        return Some(message(head, 0, &mut budget));
    }
    file(raw, &entered, &mut budget)
}

/// Not mail but a file: a document somebody uploaded, or the text of a mail without its head.
fn file(raw: &[u8], entered: &[u8], budget: &mut Budget) -> Option<Message> {
    let mut out = Gathered::default();
    if attached::lone(raw, &mut out, budget) {
        let mut message = Message {
            texts: out.texts(),
            opaque: out.opaque,
            troubles: out.troubles,
            ..Message::default()
        };
        message.troubles.push("no-mail-head");
        return Some(message);
    }
    if entry::is_binary(entered) {
        return None;
    }
    let text = plain::tidy(&charset::guess(entered), bounds::TEXT_CHARS);
    let mut message = pasted::message(&text);
    message.troubles.push("no-mail-head");
    Some(message)
}

/// One message, outer or inner.
fn message(head: Head<'_>, depth: usize, budget: &mut Budget) -> Message {
    let mut message = addressed(&head);
    let part = Part::of(head, "text/plain");
    let mut out = Gathered::default();
    gather::gather(&part, depth, &mut out, budget);
    if part.head.has("date") && message.date.is_none() {
        out.trouble("unreadable-date");
    }
    // reports that are not sent as such still bring the message back
    if out.status && out.returned.is_none() && !out.inner.is_empty() {
        out.returned = Some(out.inner.remove(0));
    }
    message.texts = out.texts();
    message.inner = out.inner;
    message.returned = out.returned.map(Box::new);
    message.reports = out.reports;
    message.opaque = out.opaque;
    message.troubles = out.troubles;
    bounce::read(&part.head, &mut message, depth, budget);
    report::name_the_message(&mut message);
    message
}

/// A head alone: who, to whom, when, and what machines say of it.
fn addressed(head: &Head<'_>) -> Message {
    let all = |name: &str| {
        head.all(name)
            .flat_map(address::addresses)
            .take(bounds::ADDRESSES)
            .collect::<Vec<_>>()
    };
    let one = |name: &str| all(name).into_iter().next();
    Message {
        message_id: trace::ids(head, "message-id").into_iter().next(),
        in_reply_to: trace::ids(head, "in-reply-to"),
        references: trace::ids(head, "references"),
        from: all("from"),
        sender: one("sender"),
        reply_to: all("reply-to"),
        to: all("to"),
        cc: all("cc"),
        delivered_to: trace::delivered_to(head),
        return_path: head.first("return-path").and_then(address::bare),
        resent_from: one("resent-from"),
        subject: head
            .text("subject")
            .map(|text| text.chars().take(2_000).collect())
            .unwrap_or_default(),
        date: head
            .text("date")
            .and_then(|text| date::header_date(&text))
            .or_else(|| date::quoted_date(&head.text("sent")?)),
        received: trace::received(head),
        machine: machine::machine(head),
        vouched: vouched::vouched(head),
        ..Message::default()
    }
}

/// A text at its place, if it says anything.
fn text(place: Place, text: String) -> Option<Text> {
    (!text.trim().is_empty()).then_some(Text { place, text })
}
