//! What a letter may say about a case: filled from the case, the register and the controller.

use chrono::NaiveDate;

use super::links::CaseLink;
use super::office::House;
use super::{decided, disclosed};
use crate::domain::case::Case;
use crate::domain::collection::{Outcome as Answer, Task};
use crate::domain::controller::Controller;
use crate::domain::decision::Decision;
use crate::domain::identity::{Identity, Method};
use crate::domain::intake::{Mailbox, Party};
use crate::domain::judgement::{Judgement, Treatment};
use crate::domain::lang::Lang;
use crate::domain::law::LawBook;
use crate::domain::register::{System, SystemRole};
use crate::domain::retention::purge_day;
use crate::domain::weighing::Weighing;
use crate::letters::facts::{
    AuthorityFacts, CaseFacts, CategoryFacts, ChannelFacts, ControllerFacts, ExcessFacts, Facts,
    PackageFacts, PartialFacts, PersonFacts, RemainFacts, RightFacts, SystemFacts,
};
use crate::seal::Key;
use crate::words::because::because;
use crate::words::dates::long_date;
use crate::words::{sources, terms};

/// The controller as letters name it.
pub(super) fn controller(controller: &Controller) -> ControllerFacts {
    ControllerFacts {
        name: controller.name.clone(),
        short: controller.short.clone(),
        address: controller.address.clone(),
        email: controller.email.clone(),
        phone: controller.phone.clone(),
        privacy_contact: controller.officer.clone(),
        authority: AuthorityFacts {
            name: controller.authority.name.clone(),
            address: controller.authority.address.clone(),
            web: controller.authority.web.clone(),
        },
        public_url: controller.public_url.clone(),
        art13_url: format!("{}/{}/privacy", controller.public_url, controller.slug),
    }
}

/// What every letter of a case says.
pub(super) fn of_case(
    house: &House,
    case: &Case,
    key: &Key,
    lang: Lang,
    today: NaiveDate,
) -> Facts {
    Facts {
        controller: controller(&house.controller),
        case: CaseFacts {
            number: case.number.clone(),
            received_on: long_date(case.intake.received, lang),
            channel: terms::channel(case.intake.channel, lang).to_owned(),
            due: long_date(case.due(), lang),
            because: because(&case.clock().deadline, lang),
            rights: case
                .items
                .iter()
                .map(|item| RightFacts {
                    code: item.right.code().to_owned(),
                    name: terms::right_name(item.right, lang).to_owned(),
                    wish: terms::right_wish(item.right, lang).to_owned(),
                })
                .collect(),
            kept_until: purge_day(today).map(|day| long_date(day, lang)),
        },
        person: person(case.requester()),
        channel: channel(house, case, lang),
        today: long_date(today, lang),
        link: Some(
            CaseLink::Status
                .url(key, &house.controller.public_url)
                .reveal()
                .clone(),
        ),
        ..Facts::default()
    }
}

pub(super) fn person(party: Option<&Party>) -> PersonFacts {
    PersonFacts {
        name: party
            .map(|party| party.name.reveal().clone())
            .unwrap_or_default(),
        address: party
            .and_then(|party| party.address.as_ref())
            .map(|address| address.reveal().lines().map(str::to_owned).collect())
            .unwrap_or_default(),
    }
}

/// What the controller says of a way that it does not offer, if the request came by it.
fn channel(house: &House, case: &Case, lang: Lang) -> Option<ChannelFacts> {
    let channels = &house.controller.channels;
    let sentence = channels.sentence(lang);
    (case.intake.arrival.excluded && !sentence.trim().is_empty()).then(|| ChannelFacts {
        name: terms::channel_label(case.intake.channel, lang).to_owned(),
        sentence: sentence.to_owned(),
        instead: channels
            .invited
            .iter()
            .map(|way| terms::channel_label(*way, lang).to_owned())
            .collect(),
    })
}

/// What the next answer says: findings, recipients, decisions.
pub(super) fn of_answer(
    house: &House,
    case: &Case,
    key: &Key,
    (systems, law): (&[System], &LawBook),
    package: Option<PackageFacts>,
    today: NaiveDate,
) -> Facts {
    let lang = case.intake.lang;
    let items = case.answerable();
    let found: Vec<&System> = systems
        .iter()
        .filter(|system| {
            case.collection
                .tasks
                .iter()
                .any(|task| task.system == system.id && task.found())
        })
        .collect();
    Facts {
        findings: findings(case, systems, law, lang),
        recipients: disclosed::recipients(case, &found, law, lang),
        decisions: items
            .iter()
            .filter_map(|item| decided::decision(item, case, systems, lang, today))
            .collect(),
        searched_with: proven_identifiers(case),
        left_out: left_out(case, lang)
            .into_iter()
            .chain(decided::withheld(case, lang))
            .collect(),
        complete: case.collection.begun && case.collection.open() == 0,
        part: case.collection.cut_short.is_some(),
        excess: case.answers_excess().then(|| excess(case, lang)),
        partial: case.answers_in_part().then(|| partial(case, lang)),
        late: case
            .aftermath
            .late
            .as_ref()
            .map(|text| text.reveal().clone()),
        automated: automated(house),
        package,
        // The answer goes to the person herself, not to who asked for her without being authorised to receive it.
        person: person(case.addressee()),
        ..of_case(house, case, key, lang, today)
    }
}

/// What the controller says of automated decisions, if there are any.
pub(super) fn automated(house: &House) -> Option<String> {
    let text = house.controller.automated.clone();
    text.filter(|text| !text.trim().is_empty())
}

fn some(text: &str) -> Option<String> {
    (!text.trim().is_empty()).then(|| text.to_owned())
}

fn or(text: &str, instead: &str) -> String {
    if text.trim().is_empty() {
        instead.to_owned()
    } else {
        text.to_owned()
    }
}

fn operator(system: &System) -> String {
    or(&system.operator, &system.name)
}

fn findings(case: &Case, systems: &[System], law: &LawBook, lang: Lang) -> Vec<SystemFacts> {
    let asked = case.collection.tasks.iter().filter_map(|task| {
        let outcome = task.outcome()?;
        // Where nobody could search, nothing was found out: that is told as left out, never as "nothing there".
        if matches!(outcome, Answer::NotPossible { .. } | Answer::NoMatchingKey) {
            return None;
        }
        // What is withheld as a whole is told as left out, and nothing else of it.
        let access = decided::access(case).filter(|_| task.found());
        if access.is_some_and(|weighing| weighing.withholds(task.system)) {
            return None;
        }
        let system = systems.iter().find(|system| system.id == task.system);
        Some(SystemFacts {
            name: task.name.clone(),
            operator: system
                .filter(|system| system.role != SystemRole::Internal)
                .map(operator),
            role: system
                .map(|system| terms::system_role(system.role, lang).to_owned())
                .unwrap_or_default(),
            place: system.map(|system| place(system, lang)).unwrap_or_default(),
            third_country: system.is_some_and(|system| system.leaves(law)),
            guarantee: system.and_then(|system| some(&system.guarantee)),
            held: task.found(),
            never_searched: false,
            categories: system
                .map(|system| categories(system, access))
                .unwrap_or_default(),
            source: system
                .map(|system| or(&system.source, terms::own_source(lang)))
                .unwrap_or_default(),
            outcome: terms::outcome(outcome, lang).to_owned(),
            note: match access.filter(|weighing| weighing.in_part(task.system)) {
                Some(weighing) => version_note(weighing, task),
                None if task.answered_by_machine() => Some(searched(case, task, lang)),
                None => note(outcome),
            },
        })
    });
    let empty = systems.iter().filter_map(|system| {
        let why = system.holds_nothing.as_deref().and_then(some)?;
        case.collection.begun.then(|| SystemFacts {
            name: system.name.clone(),
            role: terms::system_role(system.role, lang).to_owned(),
            place: place(system, lang),
            outcome: terms::holds_nothing(lang).to_owned(),
            never_searched: true,
            note: Some(why),
            ..SystemFacts::default()
        })
    });
    asked.chain(empty).collect()
}

fn place(system: &System, lang: Lang) -> String {
    match system.role {
        SystemRole::Internal => or(&system.place, terms::own_place(lang)),
        _ => or(&system.place, &disclosed::country(system)),
    }
}

fn note(outcome: &Answer) -> Option<String> {
    match outcome {
        Answer::Found { text, .. }
        | Answer::Nothing { text }
        | Answer::NotPossible { because: text } => some(text.reveal()),
        Answer::NoMatchingKey => None,
    }
}

/// What machines say of a system, in the language of the letter.
fn searched(case: &Case, task: &Task, lang: Lang) -> String {
    let searched = case.collection.searched.iter();
    let of_it: Vec<_> = searched.filter(|it| it.system == task.system).collect();
    sources::told(&of_it, lang)
}

/// What was written for the copy in place of the find.
fn version_note(weighing: &Weighing, task: &Task) -> Option<String> {
    some(weighing.version(task.system)?.text.reveal())
}

pub(super) fn categories(system: &System, access: Option<&Weighing>) -> Vec<CategoryFacts> {
    let judged = access.map(|weighing| weighing.judgements.as_slice());
    let judged = judged.unwrap_or_default();
    let withheld = |name: &str| {
        let of_it = |it: &&Judgement| it.system == system.id && it.category == name;
        let judged = judged.iter().find(of_it);
        judged.is_some_and(|it| it.treatment == Treatment::Withhold)
    };
    system
        .categories
        .iter()
        .filter(|category| !withheld(&category.name))
        .map(|category| CategoryFacts {
            name: category.name.clone(),
            purposes: category.purposes.clone(),
            basis: category.basis.clone(),
            retention: category.retention.clone(),
        })
        .collect()
}

/// What a part of the answer holds, and what is missing until when.
fn partial(case: &Case, lang: Lang) -> PartialFacts {
    let tasks = &case.collection.tasks;
    let because = case.collection.cut_short.as_ref();
    let open = tasks.iter().filter(|task| task.open());
    PartialFacts {
        enclosed: tasks
            .iter()
            .filter(|task| task.found())
            .map(|task| task.name.clone())
            .collect(),
        missing: open
            .map(|task| RemainFacts {
                what: task.name.clone(),
                why: because.map(|why| why.reveal().clone()).unwrap_or_default(),
                until: Some(long_date(case.due(), lang)),
                ..RemainFacts::default()
            })
            .collect(),
    }
}

/// A no as manifestly unfounded or excessive: both elements, and what proves them (Art. 12(5) GDPR).
fn excess(case: &Case, lang: Lang) -> ExcessFacts {
    let items = case.answerable();
    let mut said = ExcessFacts::default();
    let mut add = |to: fn(&mut ExcessFacts) -> &mut String, text: &str| {
        let all = to(&mut said);
        if !all.split("\n\n").any(|known| known == text.trim()) {
            let gap = if all.is_empty() { "" } else { "\n\n" };
            all.push_str(gap);
            all.push_str(text.trim());
        }
    };
    let mut evidence: Vec<String> = Vec::new();
    let mut instead: Vec<String> = Vec::new();
    for item in &items {
        if let Some(Decision::Refused { text, .. }) = item.decision() {
            instead.extend(some(text.reveal()).filter(|text| !instead.contains(text)));
        }
        let weighing = case.weighed.get(&item.right);
        let Some(weighed) = weighing.and_then(|it| it.excess.as_ref()) else {
            continue;
        };
        add(|it| &mut it.objective, weighed.objective.reveal());
        add(|it| &mut it.intention, weighed.subjective.reveal());
        for line in weighed.evidence.reveal().lines().map(str::trim) {
            if !line.is_empty() && !evidence.iter().any(|known| known == line) {
                evidence.push(line.to_owned());
            }
        }
    }
    // Where it is all that was asked for, nothing has to be named.
    if items.len() < case.items.len() {
        let names = items.iter();
        let names = names.map(|item| terms::right_name(item.right, lang).to_owned());
        said.rights = names.collect();
    }
    said.evidence = evidence;
    said.instead = some(&instead.join("\n\n"));
    said
}

/// The systems that were not searched, each with its reason.
fn left_out(case: &Case, lang: Lang) -> Vec<RemainFacts> {
    let why = |task: &Task| match task.outcome() {
        Some(Answer::NotPossible { because }) => Some(because.reveal().clone()),
        Some(outcome @ Answer::NoMatchingKey) => Some(terms::outcome(outcome, lang).to_owned()),
        Some(Answer::Found { .. } | Answer::Nothing { .. }) => None,
        None => case
            .collection
            .cut_short
            .as_ref()
            .map(|because| because.reveal().clone()),
    };
    let tasks = case.collection.tasks.iter();
    tasks
        .filter_map(|task| {
            Some(RemainFacts {
                what: task.name.clone(),
                why: why(task)?,
                ..RemainFacts::default()
            })
        })
        .collect()
}

/// Only what the person proved: a "nothing held" for anything else would tell a stranger.
fn proven_identifiers(case: &Case) -> Vec<String> {
    let Identity::Confirmed { method, .. } = case.identity else {
        return vec![];
    };
    let Some(party) = case.data_subject() else {
        return vec![];
    };
    let mut proven = vec![party.name.reveal().clone()];
    let mailbox =
        matches!(case.mailbox, Mailbox::Confirmed { .. }) || method == Method::AddressOnFile;
    proven.extend(
        party
            .email
            .as_ref()
            .filter(|_| mailbox)
            .map(|email| email.reveal().clone()),
    );
    if matches!(
        method,
        Method::CodeByPost | Method::SignedLetter | Method::CardSeen
    ) {
        proven.extend(
            party
                .address
                .as_ref()
                .map(|address| address.reveal().replace('\n', ", ")),
        );
    }
    if method == Method::Knowledge {
        proven.extend(party.hints.as_ref().map(|hints| hints.reveal().clone()));
    }
    proven
}
