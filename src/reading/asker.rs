//! Who asks, about whom, and under which sign.

use super::arrival::House;
use super::draft::Draft;
use super::heads::email_in;
use super::judge::{SURE, Where};
use super::letter::{Letter, Way};
use super::mark::Mark;
use super::person::best_name;
use super::principal::data_subject;
use super::reference::{file_number, reference};
use super::signature::{fitting, introduced, signature};
use super::verdict::Requester;
use super::written::is_robot;

impl Draft {
    /// Finds the persons and the sign.
    pub(super) fn persons(&mut self) {
        let letter = self.inner();
        let attached: Vec<&str> = letter
            .passages
            .iter()
            .filter(|passage| matches!(passage.place, Where::Attachment(_)))
            .map(|passage| passage.text.as_str())
            .collect();
        let signed = signature(&letter.text)
            .or_else(|| signature(&letter.signature).filter(|_| letter.way != Way::Form));
        let signed = signed
            .filter(|name| name.contains(' ') || letter.from.name.is_empty())
            .or_else(|| introduced(&letter.text))
            .or_else(|| attached.iter().find_map(|text| signature(text)));
        let mut email = letter.from.email.clone();
        let mut header = letter.from.name.clone();
        let ours = self.house.has_address(&email);
        // a machine of the house is nobody, and a colleague may write down who called
        if ours && (is_robot(&email) || letter.automatic) {
            email.clear();
            header.clear();
        }
        let mentioned = (ours
            || self.own.score(Mark::Forwarding) >= SURE && self.letter.carried.is_none())
        .then(|| mentioned(&letter.text, &self.house))
        .flatten();
        let name = match &mentioned {
            Some(person) => person.name.clone(),
            None => {
                let name = best_name(&header, signed);
                if name.is_empty() {
                    fitting(&letter.text, &letter.from.email).unwrap_or_default()
                } else {
                    name
                }
            }
        };
        if let Some(person) = &mentioned {
            email.clone_from(&person.email);
        }
        let official = self.own.score(Mark::Authority) >= 8 || self.own.score(Mark::Notice) >= 8;
        let on_behalf = official
            || self.own.has(Mark::OnBehalf)
            || self
                .carried
                .as_ref()
                .is_some_and(|inner| inner.has(Mark::OnBehalf));
        let mut subject = data_subject(&letter.text, &name, on_behalf)
            .or_else(|| data_subject(&letter.subject, &name, true))
            .or_else(|| {
                attached
                    .iter()
                    .find_map(|text| data_subject(text, &name, on_behalf))
            });
        if subject.is_none() && letter.way == Way::Direct && (official || on_behalf_portal(letter))
        {
            let form = super::form::form(&letter.text);
            subject = Some(form.name).filter(|inner| {
                !inner.is_empty() && *inner != name && super::signature::name_of(inner).is_some()
            });
        }
        let mut signs = vec![
            letter.subject.as_str(),
            letter.text.as_str(),
            letter.signature.as_str(),
            self.letter.text.as_str(),
        ];
        signs.extend(attached);
        let reference = reference(&signs)
            .or_else(|| file_number(&letter.subject))
            .or_else(|| Some(letter.number.clone()).filter(|number| !number.is_empty()));
        let name = if official && !letter.from.name.is_empty() {
            letter.from.name.clone()
        } else {
            name
        };
        self.data_subject = subject.filter(|subject| {
            mentioned
                .as_ref()
                .is_none_or(|person| person.name != *subject)
        });
        self.requester = Requester { name, email };
        self.reference = reference;
    }
}

/// The one outsider whose address a colleague wrote down: "Frau Muster hat angerufen (muster@…)".
fn mentioned(text: &str, house: &House) -> Option<super::message::Address> {
    let mut found: Option<super::message::Address> = None;
    for line in text.lines() {
        let Some(email) = email_in(line).filter(|email| !house.has_address(email)) else {
            continue;
        };
        if found.as_ref().is_some_and(|one| one.email != email) {
            return None;
        }
        let head = line
            .split(email.split('@').next().unwrap_or_default())
            .next()
            .unwrap_or_default();
        let name = data_subject(head, "", true)
            .or_else(|| data_subject(text, "", true))
            .unwrap_or_default();
        found = Some(super::message::Address { name, email });
    }
    found
}

/// A service that writes for somebody: no person's name in From, or an address made for one matter.
fn on_behalf_portal(letter: &Letter) -> bool {
    !super::person::is_whole(&letter.from.name) || is_robot(&letter.from.email)
}
