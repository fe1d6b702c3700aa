//! What the pages say of a case: persons, rights, proof and dates in words.

use crate::domain::delivery::Delivery;
use crate::domain::identity::Identity;
use crate::domain::lang::Lang;
use crate::domain::right::Right;
use crate::web::office::act::Act;
use crate::words::{because, dates, desk, terms};

/// A person of the case as the page shows her.
pub struct Person {
    /// What she is in it.
    pub role: &'static str,
    /// Her name.
    pub name: String,
    /// E-mail address; empty if none.
    pub email: String,
    /// Postal address; empty if none.
    pub address: String,
    /// What helps to find her; empty if nothing.
    pub hints: String,
}

/// A right as a choice.
pub struct RightChoice {
    /// Its name in the form.
    pub code: &'static str,
    /// Its name.
    pub name: &'static str,
    /// What it means in plain words.
    pub hint: &'static str,
    /// Whether it is asked for.
    pub asked: bool,
    /// Whether it is decided already.
    pub decided: bool,
}

impl Act {
    /// The persons of the case.
    pub fn parties(&self) -> Vec<Person> {
        let text = |part: &Option<crate::domain::private::Private<String>>| {
            part.as_ref()
                .map(|text| text.reveal().clone())
                .unwrap_or_default()
        };
        self.case()
            .parties
            .iter()
            .map(|party| Person {
                role: desk::party(party.role, self.case().parties.len() > 1),
                name: party.name.reveal().clone(),
                email: text(&party.email),
                address: text(&party.address),
                hints: text(&party.hints),
            })
            .collect()
    }

    /// The rights asked for, as short labels.
    pub fn rights_short(&self) -> Vec<&'static str> {
        self.case()
            .items
            .iter()
            .map(|item| terms::right_short(item.right, Lang::De))
            .collect()
    }

    /// Every right, those asked for marked.
    pub fn all_rights(&self) -> Vec<RightChoice> {
        Right::ALL
            .into_iter()
            .map(|right| {
                let item = self.case().item(right);
                RightChoice {
                    code: right.code(),
                    name: terms::right_name(right, Lang::De),
                    hint: terms::right_wish(right, Lang::De),
                    asked: item.is_some(),
                    decided: item.is_some_and(|item| item.decision().is_some()),
                }
            })
            .collect()
    }

    /// The rights that no answer has settled.
    pub fn open_rights(&self) -> Vec<RightChoice> {
        let open: Vec<&str> = self
            .case()
            .unanswered()
            .iter()
            .map(|item| item.right.code())
            .collect();
        self.all_rights()
            .into_iter()
            .filter(|right| open.contains(&right.code))
            .collect()
    }

    /// The rights that can be decided once more.
    pub fn decided_rights(&self) -> Vec<RightChoice> {
        let again = |right: &RightChoice| {
            Right::from_code(right.code).is_some_and(|right| self.case().reconsider(right).is_ok())
        };
        self.all_rights().into_iter().filter(again).collect()
    }

    /// The answers that have left and may come back, by their number, the last one first.
    pub fn sent_answers(&self) -> Vec<(usize, String)> {
        let answers = self.case().answers.iter().enumerate().rev();
        answers
            .filter_map(|(at, answer)| match answer {
                Delivery::Sent { released, on } => Some((at + 1, desk::sent_answer(released, *on))),
                _ => None,
            })
            .collect()
    }

    /// The answers that lie in the house and can be called back, the last one first.
    pub fn recallable(&self) -> Vec<(usize, String)> {
        let answers = self.case().answers.iter().enumerate().rev();
        let here = answers.filter(|(_, answer)| answer.underway());
        here.map(|(at, answer)| (at + 1, desk::released_answer(answer.released())))
            .collect()
    }

    /// Where a letter reaches who wrote, as it was given.
    pub fn address(&self) -> String {
        let address = self
            .case()
            .requester()
            .and_then(|party| party.address.as_ref());
        address
            .map(|text| text.reveal().clone())
            .unwrap_or_default()
    }

    /// Whether this clerk works on it.
    pub fn is_assigned(&self, clerk: &crate::domain::ids::ClerkId) -> bool {
        self.case().assignee == Some(*clerk)
    }

    /// What the mailbox is worth.
    pub fn mailbox(&self) -> &'static str {
        desk::mailbox(&self.case().mailbox)
    }

    /// Whether mail may go there.
    pub fn mailbox_confirmed(&self) -> bool {
        self.case().mailbox_serves()
    }

    /// Whether there is an address at all.
    pub fn has_email(&self) -> bool {
        !self.email().is_empty()
    }

    /// The address of who wrote.
    pub fn email(&self) -> &str {
        let email = self
            .case()
            .requester()
            .and_then(|party| party.email.as_ref());
        email.map_or("", |email| email.reveal())
    }

    /// How far the proof is, with method and day.
    pub fn identity(&self) -> String {
        let state = desk::identity(&self.case().identity);
        match &self.case().identity {
            Identity::Open => state.to_owned(),
            Identity::Asked { on, method, .. } => format!(
                "{state}, {}: {}",
                dates::short_date(*on, Lang::De),
                desk::method_asked(*method)
            ),
            Identity::Confirmed { on, method, .. } | Identity::Failed { on, method, .. } => {
                format!(
                    "{state}, {}: {}",
                    dates::short_date(*on, Lang::De),
                    terms::method(*method, Lang::De)
                )
            }
        }
    }

    /// By what can be searched, in words.
    pub fn known(&self) -> String {
        let mut keys: Vec<&str> = Vec::new();
        for key in self.case().known_keys() {
            let word = terms::search_key(key, Lang::De);
            if !keys.contains(&word) {
                keys.push(word);
            }
        }
        keys.join(", ")
    }

    /// In how many systems something was found.
    pub fn found(&self) -> usize {
        self.case()
            .collection
            .tasks
            .iter()
            .filter(|task| task.found())
            .count()
    }

    /// The areas that one may choose from: where something was found, else all that was asked.
    pub fn areas_text(&self) -> String {
        let tasks = &self.case().collection.tasks;
        let any = tasks.iter().any(|task| task.found());
        let shown = tasks.iter().filter(|task| !any || task.found());
        let lines: Vec<&str> = shown.map(|task| task.name.as_str()).collect();
        lines.join("\n")
    }

    /// What can still be extended.
    pub fn extendable(&self) -> Vec<Right> {
        self.case().extendable()
    }

    /// A right's name.
    pub fn right_name(&self, right: &Right) -> &'static str {
        terms::right_name(*right, Lang::De)
    }

    /// Until when the period can be extended.
    pub fn extension_words(&self) -> String {
        because::because_extension(&self.case().clock().deadline, Lang::De)
    }

    /// Why the date is what it is.
    pub fn because(&self) -> String {
        because::because(&self.case().clock().deadline, Lang::De)
    }

    /// The day of receipt, as a field for days takes it.
    pub fn received_text(&self) -> String {
        self.case().intake.received.to_string()
    }

    /// What was typed for a system.
    pub fn task_text(&self, system: &crate::domain::ids::SystemId) -> String {
        self.value(&format!("text-{system}"), "")
    }

    /// Whether a system is answered so on the form.
    pub fn task_is(&self, system: &crate::domain::ids::SystemId, value: &str) -> bool {
        self.chosen(&format!("outcome-{system}"), value, false)
    }
}
