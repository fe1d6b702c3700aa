//! What is still open in register and settings, asked before the first request comes.

use chrono::{Datelike, NaiveDate};

use super::controller::Controller;
use super::ids::SystemId;
use super::law::{Both, LawBook};
use super::register::{Category, System, SystemKind, SystemRole};

/// Years after which a privacy policy, or the word on automated decisions, is worth another look.
const YEARS: i32 = 2;

/// What an open question is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum About {
    /// The controller itself.
    Controller,
    /// An entry of the register.
    System {
        /// Its number.
        id: SystemId,
        /// Its stable name.
        slug: String,
        /// Its name.
        name: String,
    },
}

/// What is open; [`Gap::code`] is stable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Gap {
    /// The register is empty.
    NoSystem,
    /// No authority is named (Art. 77 GDPR).
    Authority,
    /// Nothing is said on automated decisions (Art. 15(1)(h), 22 GDPR).
    Automated,
    /// Nobody stands for that sentence, or no day is given.
    AutomatedOwner,
    /// It was last looked at long ago.
    AutomatedOld(NaiveDate),
    /// The privacy policy has no date.
    PolicyDate,
    /// The privacy policy is old.
    PolicyOld(NaiveDate),
    /// No category of data.
    Categories,
    /// A category without a purpose.
    Purposes(String),
    /// A category without a word on how long.
    Retention(String),
    /// A category whose period cannot be counted.
    Period(String),
    /// A special category whose basis names no case of Art. 9(2) GDPR.
    SpecialBasis(String),
    /// Data leave the EEA, or may, without a guarantee.
    Guarantee,
    /// Nobody is named who runs it.
    Operator,
    /// Nobody can be asked.
    Contact,
    /// It is not said in which country data lie.
    Country,
    /// It is not said where the operator sits.
    Seat,
    /// No contract with a processor, or no arrangement of joint controllers, is named.
    Agreement,
    /// No backup rule.
    Backup,
    /// Advertising goes out, and nobody said whether service mails can be told apart.
    ServiceApart,
    /// Copies go to a system that is not in the register.
    CopyUnknown(String),
    /// A text quotes law that is out of date.
    Outdated {
        /// Where: the field's name.
        field: String,
        /// The words.
        quoted: String,
        /// What to write instead.
        instead: Both,
    },
}

impl Gap {
    /// Its stable name.
    pub fn code(&self) -> &'static str {
        match self {
            Gap::NoSystem => "no-system",
            Gap::Authority => "authority",
            Gap::Automated => "automated",
            Gap::AutomatedOwner => "automated-owner",
            Gap::AutomatedOld(_) => "automated-old",
            Gap::PolicyDate => "policy-date",
            Gap::PolicyOld(_) => "policy-old",
            Gap::Categories => "categories",
            Gap::Purposes(_) => "purposes",
            Gap::Retention(_) => "retention",
            Gap::Period(_) => "period",
            Gap::SpecialBasis(_) => "special-basis",
            Gap::Guarantee => "guarantee",
            Gap::Operator => "operator",
            Gap::Contact => "contact",
            Gap::Country => "country",
            Gap::Seat => "seat",
            Gap::Agreement => "agreement",
            Gap::Backup => "backup",
            Gap::ServiceApart => "service-apart",
            Gap::CopyUnknown(_) => "copy-unknown",
            Gap::Outdated { .. } => "outdated",
        }
    }
}

/// An open question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// What it is about.
    pub about: About,
    /// What is open.
    pub gap: Gap,
}

/// Everything that is open for a controller: its own facts first, then the register in its order.
pub fn open_questions(
    controller: &Controller,
    systems: &[System],
    law: &LawBook,
    today: NaiveDate,
) -> Vec<Question> {
    let own = of_controller(controller, systems, law, today);
    let mut questions: Vec<Question> = own
        .into_iter()
        .map(|gap| Question {
            about: About::Controller,
            gap,
        })
        .collect();
    for system in systems {
        questions.extend(
            of_system(system, systems, law)
                .into_iter()
                .map(|gap| Question {
                    about: About::System {
                        id: system.id,
                        slug: system.slug.clone(),
                        name: system.name.clone(),
                    },
                    gap,
                }),
        );
    }
    questions
}

fn empty(text: &str) -> bool {
    text.trim().is_empty()
}

/// Whether something of that day deserves another look.
fn old(day: NaiveDate, today: NaiveDate) -> bool {
    day.with_year(day.year() + YEARS)
        .is_some_and(|until| until < today)
}

fn of_controller(
    controller: &Controller,
    systems: &[System],
    law: &LawBook,
    today: NaiveDate,
) -> Vec<Gap> {
    let mut gaps = Vec::new();
    if systems.is_empty() {
        gaps.push(Gap::NoSystem);
    }
    if empty(&controller.authority.name) {
        gaps.push(Gap::Authority);
    }
    let automated = controller.automated.as_deref().unwrap_or_default();
    if empty(automated) {
        gaps.push(Gap::Automated);
    } else {
        gaps.extend(outdated(law, [("automated", automated)]));
        match controller.automated_on {
            Some(_) if controller.automated_by.as_deref().is_none_or(empty) => {
                gaps.push(Gap::AutomatedOwner);
            }
            None => gaps.push(Gap::AutomatedOwner),
            Some(day) if old(day, today) => gaps.push(Gap::AutomatedOld(day)),
            Some(_) => {}
        }
    }
    match controller.policy_date {
        None => gaps.push(Gap::PolicyDate),
        Some(day) if old(day, today) => gaps.push(Gap::PolicyOld(day)),
        Some(_) => {}
    }
    gaps
}

/// What is open in one entry of the register.
pub fn of_system(system: &System, all: &[System], law: &LawBook) -> Vec<Gap> {
    let mut gaps = Vec::new();
    let foreign = system.role != SystemRole::Internal;
    // What holds nothing is never asked; only the sentence itself is looked at.
    if let Some(why) = system.nothing() {
        return outdated(law, [("nothing", why)]);
    }
    if foreign && empty(&system.operator) {
        gaps.push(Gap::Operator);
    }
    if foreign && empty(&system.contact) {
        gaps.push(Gap::Contact);
    }
    if empty(&system.country) {
        gaps.push(Gap::Country);
    }
    if foreign && empty(&system.seat) {
        gaps.push(Gap::Seat);
    }
    let agreed = matches!(system.role, SystemRole::Processor | SystemRole::Joint);
    if agreed && empty(&system.agreement) {
        gaps.push(Gap::Agreement);
    }
    if system.leaves(law) && empty(&system.guarantee) {
        gaps.push(Gap::Guarantee);
    }
    gaps.extend(of_categories(system));
    if system.marketing && system.service_apart.is_none() {
        gaps.push(Gap::ServiceApart);
    }
    gaps.extend(
        system
            .copies_to
            .iter()
            .filter(|slug| !all.iter().any(|other| other.slug == **slug))
            .map(|slug| Gap::CopyUnknown(slug.clone())),
    );
    let own = matches!(system.role, SystemRole::Internal | SystemRole::Processor);
    let copied = !matches!(system.kind, SystemKind::Backup | SystemKind::Paper);
    let said = system
        .backup
        .as_ref()
        .is_some_and(|backup| backup.days.is_some() || !empty(&backup.text));
    if own && copied && !said {
        gaps.push(Gap::Backup);
    }
    gaps.extend(outdated_in(system, law));
    gaps
}

/// What is open in its categories; how long another controller keeps its own is its own matter.
fn of_categories(system: &System) -> Vec<Gap> {
    let mut gaps = Vec::new();
    if system.categories.is_empty() {
        gaps.push(Gap::Categories);
    }
    let counted = system.role != SystemRole::IndependentController;
    for category in &system.categories {
        let name = || category.name.clone();
        if empty(&category.purposes) {
            gaps.push(Gap::Purposes(name()));
        }
        if empty(&category.retention) && category.period.is_none() {
            gaps.push(Gap::Retention(name()));
        } else if counted && category.period.is_none() {
            gaps.push(Gap::Period(name()));
        }
        if category.special && !names_article_9(category) {
            gaps.push(Gap::SpecialBasis(name()));
        }
    }
    gaps
}

/// Whether the basis names a case of Art. 9(2) GDPR.
fn names_article_9(category: &Category) -> bool {
    let basis: String = category.basis.split_whitespace().collect();
    ["Art.9Abs.2", "Art.9(2)", "Artikel9Absatz2"]
        .iter()
        .any(|case| basis.contains(case))
}

fn outdated_in(system: &System, law: &LawBook) -> Vec<Gap> {
    let mut texts: Vec<(String, &str)> = vec![
        (String::from("guarantee"), &system.guarantee),
        (String::from("source"), &system.source),
        (String::from("agreement"), &system.agreement),
    ];
    for (at, category) in system.categories.iter().enumerate() {
        texts.push((format!("basis-{at}"), &category.basis));
        texts.push((format!("purposes-{at}"), &category.purposes));
        texts.push((format!("retention-{at}"), &category.retention));
    }
    if let Some(backup) = &system.backup {
        texts.push((String::from("backup-text"), &backup.text));
    }
    outdated(law, texts)
}

fn outdated<'a, F: Into<String>>(
    law: &LawBook,
    texts: impl IntoIterator<Item = (F, &'a str)>,
) -> Vec<Gap> {
    let mut gaps = Vec::new();
    for (field, text) in texts {
        let field: String = field.into();
        for (entry, quoted) in law.outdated_in(text) {
            gaps.push(Gap::Outdated {
                field: field.clone(),
                quoted: quoted.to_owned(),
                instead: entry.instead.clone(),
            });
        }
    }
    gaps
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(system: &System) -> Vec<&'static str> {
        of_system(system, std::slice::from_ref(system), LawBook::shipped())
            .iter()
            .map(Gap::code)
            .collect()
    }

    fn whole() -> System {
        System {
            slug: "crm".into(),
            name: "CRM".into(),
            operator: "Rechenwerk AG".into(),
            role: SystemRole::Processor,
            country: "Deutschland".into(),
            seat: "Deutschland".into(),
            agreement: "Vertrag vom 1. Februar 2026".into(),
            contact: "datenschutz@rechenwerk.example".into(),
            backup: Some(super::super::register::Backup {
                days: Some(14),
                text: String::new(),
            }),
            categories: vec![Category {
                name: "Anfragen".into(),
                purposes: "Vertrieb".into(),
                basis: "Art. 6 Abs. 1 Buchst. f DSGVO".into(),
                retention: "zwei Jahre".into(),
                period: Some("review:2y".parse().unwrap()),
                special: false,
            }],
            ..System::default()
        }
    }

    #[test]
    fn a_whole_entry_asks_nothing_and_an_empty_one_asks_for_everything() {
        assert!(codes(&whole()).is_empty());
        assert_eq!(
            codes(&System::default()),
            ["country", "categories", "backup"]
        );
        let processor = System {
            role: SystemRole::Processor,
            ..System::default()
        };
        assert_eq!(
            codes(&processor),
            [
                "operator",
                "contact",
                "country",
                "seat",
                "agreement",
                "categories",
                "backup"
            ]
        );
    }

    #[test]
    fn a_system_that_holds_nothing_asks_nothing() {
        let empty = System {
            holds_nothing: Some("keine Protokolle".into()),
            ..System::default()
        };
        assert!(codes(&empty).is_empty());
    }

    #[test]
    fn art_46_a_parent_company_abroad_asks_for_a_guarantee() {
        let mut host = whole();
        host.seat = "USA".into();
        assert_eq!(codes(&host), ["guarantee"]);
        host.guarantee = "EU-US Privacy Shield".into();
        assert_eq!(codes(&host), ["outdated"]);
        host.guarantee = "Standardvertragsklauseln (EU) 2021/914, Modul 2".into();
        assert!(codes(&host).is_empty());
    }

    #[test]
    fn art_9_special_data_need_a_case_of_the_second_paragraph() {
        let mut crm = whole();
        crm.categories[0].special = true;
        assert_eq!(codes(&crm), ["special-basis"]);
        crm.categories[0].basis = "Art. 9 Abs. 1 lit. a DSGVO".into();
        assert_eq!(codes(&crm), ["special-basis", "outdated"]);
        crm.categories[0].basis = "Art. 9 Abs. 2 Buchst. a DSGVO".into();
        assert!(codes(&crm).is_empty());
    }

    #[test]
    fn art_15_1_d_a_period_in_words_alone_cannot_be_counted() {
        let mut crm = whole();
        crm.categories[0].period = None;
        assert_eq!(codes(&crm), ["period"]);
        crm.categories[0].retention = String::new();
        assert_eq!(codes(&crm), ["retention"]);
        crm.categories[0].retention = "6-10 Jahre".into();
        assert_eq!(codes(&crm), ["period", "outdated"]);
    }

    #[test]
    fn art_21_3_a_system_that_sends_advertising_says_whether_service_mails_are_apart() {
        let mut crm = whole();
        crm.marketing = true;
        crm.copies_to = vec!["nowhere".into()];
        assert_eq!(codes(&crm), ["service-apart", "copy-unknown"]);
        crm.service_apart = Some(false);
        crm.copies_to = vec!["crm".into()];
        assert!(codes(&crm).is_empty());
    }
}
