//! To whom data were disclosed, as an access answer names them (Art. 15(1)(c), (2) GDPR): whoever runs a system in
//! which something was found, who works for them, and whoever was told of a change because the data had gone there.

use crate::domain::case::Case;
use crate::domain::lang::Lang;
use crate::domain::law::LawBook;
use crate::domain::register::{SubProcessor, System, SystemRole};
use crate::letters::facts::RecipientFacts;
use crate::words::{recipients, terms};

/// Every recipient once, in the order of the register, then whoever else was told.
pub(super) fn recipients(
    case: &Case,
    found: &[&System],
    law: &LawBook,
    lang: Lang,
) -> Vec<RecipientFacts> {
    let mut named = of_systems(found, law, lang);
    for notice in &case.notices {
        let system = found.iter().find(|system| system.id == notice.system);
        let of_system = system.is_some_and(|system| system.operator == notice.recipient);
        if !of_system && !notice.recipient.trim().is_empty() {
            let recipient = RecipientFacts {
                name: notice.recipient.clone(),
                role: recipients::expected_role(notice.expected, lang).to_owned(),
                country: system.map(|system| country(system)).unwrap_or_default(),
                third_country: false,
                guarantee: None,
            };
            add(&mut named, recipient);
        }
    }
    named
}

/// Who runs these systems for the controller, and who works for them.
pub(super) fn of_systems(systems: &[&System], law: &LawBook, lang: Lang) -> Vec<RecipientFacts> {
    let mut named = Vec::new();
    for system in systems {
        if system.role != SystemRole::Internal {
            add(&mut named, operator(system, law, lang));
        }
        for sub in &system.sub_processors {
            add(&mut named, behind(sub, system, law, lang));
        }
    }
    named
}

fn add(named: &mut Vec<RecipientFacts>, recipient: RecipientFacts) {
    let known = named.iter().any(|it| it.name == recipient.name);
    if !known && !recipient.name.trim().is_empty() {
        named.push(recipient);
    }
}

/// The country where the data lie, with the operator's where that is another.
pub(super) fn country(system: &System) -> String {
    let lies = match system.country.trim() {
        "" => system.place.trim(),
        country => country,
    };
    match system.seat.trim() {
        "" => lies.to_owned(),
        seat if seat == lies => lies.to_owned(),
        seat if lies.is_empty() => seat.to_owned(),
        seat => format!("{lies}, {seat}"),
    }
}

fn operator(system: &System, law: &LawBook, lang: Lang) -> RecipientFacts {
    let name = match system.operator.trim() {
        "" => &system.name,
        _ => &system.operator,
    };
    RecipientFacts {
        name: name.clone(),
        role: terms::system_role(system.role, lang).to_owned(),
        country: country(system),
        third_country: system.sends_abroad(law),
        guarantee: guarantee(system),
    }
}

fn behind(sub: &SubProcessor, system: &System, law: &LawBook, lang: Lang) -> RecipientFacts {
    let abroad = sub.abroad(law);
    RecipientFacts {
        name: sub.name.clone(),
        role: recipients::sub_processor(&sub.task, lang),
        country: sub.country.clone(),
        third_country: abroad,
        guarantee: guarantee(system).filter(|_| abroad),
    }
}

fn guarantee(system: &System) -> Option<String> {
    Some(system.guarantee.trim().to_owned()).filter(|text| !text.is_empty())
}
