//! Reports of servers and readers: delivery status, read receipts, abuse reports (RFC 3464, 8098, 5965).

use super::{address, bounds, head::Head, trace};
use crate::reading::message::{Message, Report};

/// The groups of a `message/delivery-status`, one report for each recipient.
pub fn delivery_status(text: &[u8], reports: &mut Vec<Report>) {
    let mut rest = text;
    for _ in 0..bounds::REPORTS * 2 {
        let trimmed = rest.trim_ascii_start();
        if trimmed.is_empty() || reports.len() >= bounds::REPORTS {
            return;
        }
        let head = Head::read(trimmed);
        if head.fields.is_empty() {
            // no field: the line is passed over
            let end = memchr::memchr(b'\n', trimmed).map_or(trimmed.len(), |end| end + 1);
            rest = trimmed.get(end..).unwrap_or_default();
            continue;
        }
        let recipient = recipient(&head);
        let status = head
            .text("status")
            .map(|text| {
                text.split_whitespace()
                    .next()
                    .unwrap_or_default()
                    .to_owned()
            })
            .unwrap_or_default();
        let action = head
            .text("action")
            .map(|text| {
                text.split([' ', ';', '('])
                    .next()
                    .unwrap_or_default()
                    .to_ascii_lowercase()
            })
            .unwrap_or_default();
        if !(recipient.is_empty() && action.is_empty()) {
            reports.push(Report {
                action,
                status,
                recipient,
                about: about(&head),
            });
        }
        rest = head.body;
    }
}

/// A read receipt: the action is its disposition (`displayed`, `deleted`).
pub fn disposition(text: &[u8], reports: &mut Vec<Report>) {
    let head = Head::read(text.trim_ascii_start());
    let action = head
        .text("disposition")
        .map(|text| {
            text.rsplit(';')
                .next()
                .unwrap_or_default()
                .split(['/', ','])
                .next()
                .unwrap_or_default()
                .trim()
                .to_ascii_lowercase()
        })
        .unwrap_or_default();
    if reports.len() < bounds::REPORTS && !head.fields.is_empty() {
        reports.push(Report {
            action,
            status: String::new(),
            recipient: recipient(&head),
            about: about(&head),
        });
    }
}

/// `rfc822; name@domain`; the original recipient is the one that was written to.
fn recipient(head: &Head<'_>) -> String {
    [
        "original-recipient",
        "final-recipient",
        "x-actual-recipient",
    ]
    .iter()
    .filter_map(|name| head.text(name))
    .map(|text| {
        address::email(
            text.rsplit_once(';')
                .map_or(text.as_str(), |(_, address)| address),
        )
    })
    .find(|email| !email.is_empty())
    .unwrap_or_default()
}

fn about(head: &Head<'_>) -> Option<String> {
    ["original-message-id", "x-original-message-id"]
        .iter()
        .find_map(|name| trace::ids(head, name).into_iter().next())
}

/// Reports that do not say of which message they speak speak of the returned one.
pub fn name_the_message(message: &mut Message) {
    let id = message
        .returned
        .as_ref()
        .and_then(|returned| returned.message_id.clone());
    for report in &mut message.reports {
        if report.about.is_none() {
            report.about.clone_from(&id);
        }
    }
}
