//! Mails of machines that a person speaks through: which are forms and tickets, and who is inside.

use std::collections::HashSet;

use super::arrival::House;
use super::form::{Form, form};
use super::heads::email_in;
use super::message::{Address, Message};
use super::people::people;

/// The form or ticket that a machine of the house, or a robot for it, wrote.
pub fn written_by_form(
    message: &Message,
    house: &House,
    sender: &Address,
    body: &str,
) -> Option<Form> {
    let from = message.from.first().cloned().unwrap_or_default();
    let ours = house.has_address(&from.email);
    if !(ours || is_robot(&from.email)) {
        return None;
    }
    let mut found = form_in(body, house)?;
    let replies = message
        .reply_to
        .iter()
        .any(|address| address.email == found.email);
    // a colleague who lists a customer's data is no form
    let machine = is_robot(&from.email)
        || message
            .machine
            .auto_submitted
            .as_deref()
            .is_some_and(|token| token != "no")
        || replies
        || found.labels >= 3;
    if !machine {
        return None;
    }
    if found.email.is_empty() && !house.has_address(&sender.email) {
        found.email = sender.email.clone();
    }
    Some(found)
}

/// The form in a text, if it holds one person from outside.
pub fn form_in(text: &str, house: &House) -> Option<Form> {
    let mut found = form(text);
    // a list of many senders is no form
    let senders: HashSet<String> = text
        .lines()
        .filter_map(email_in)
        .filter(|email| !house.has_address(email))
        .take(8)
        .collect();
    if senders.len() > 2 {
        return None;
    }
    if found.email.is_empty() || house.has_address(&found.email) {
        found.email = text
            .lines()
            .take(25)
            .filter_map(email_in)
            .find(|email| !house.has_address(email))?;
    }
    let named = !found.name.is_empty() || found.labels >= 2;
    (named && !found.message.trim().is_empty()).then_some(found)
}

/// The local part tells that no person writes from there.
pub fn is_robot(email: &str) -> bool {
    let local = email.split('@').next().unwrap_or_default().to_lowercase();
    let bare: String = local.chars().filter(|c| c.is_alphanumeric()).collect();
    people().robots.iter().any(|robot| {
        *robot == local
            || robot
                .chars()
                .filter(|c| c.is_alphanumeric())
                .eq(bare.chars())
    })
}
