//! What recipients of data are told: by which provision, and what is expected of them.

use crate::domain::lang::Lang;
use crate::domain::notice::{Expected, Notice, Told};
use crate::domain::right::Right;

/// A recipient by name; where the register knows none, who is meant.
pub fn name(notice: &Notice, lang: Lang) -> String {
    match (notice.recipient.as_str(), lang) {
        ("", Lang::De) => "Suchmaschinen und andere, die es zeigen".to_owned(),
        ("", Lang::En) => "search engines and others that show it".to_owned(),
        (name, _) => name.to_owned(),
    }
}

/// That a processor passes an instruction on to who works for him.
pub fn passes_on(helper: &str, lang: Lang) -> String {
    match lang {
        Lang::De => format!(
            "Diese Weisung gilt auch für Ihren weiteren Auftragsverarbeiter {helper}. Bitte geben Sie sie dorthin weiter und bestätigen Sie uns auch die Ausführung dort."
        ),
        Lang::En => format!(
            "This instruction also holds for your further processor {helper}. Please pass it on and confirm that it was carried out there as well."
        ),
    }
}

/// Why a recipient heard nothing from us; none where he did, or will.
pub fn untold_because(told: &Told, lang: Lang) -> Option<String> {
    match (told, lang) {
        (Told::DoneThere { .. }, Lang::De) => {
            Some("Wir haben es dort selbst ausgeführt.".to_owned())
        }
        (Told::DoneThere { .. }, Lang::En) => Some("We carried it out there ourselves.".to_owned()),
        (Told::Impossible { because } | Told::Disproportionate { because }, _) => {
            Some(because.reveal().clone())
        }
        _ => None,
    }
}

/// How many recipients are still to be told, as a reminder says it.
pub fn untold(open: usize) -> String {
    match open {
        1 => "Art. 19: ein Empfänger zu benachrichtigen".to_owned(),
        open => format!("Art. 19: {open} Empfänger zu benachrichtigen"),
    }
}

/// The provision behind an act that recipients are told of.
pub fn basis(right: Right, lang: Lang) -> &'static str {
    match (right, lang) {
        (Right::Rectification, Lang::De) => "Art. 16 DSGVO",
        (Right::Rectification, Lang::En) => "Art. 16 GDPR",
        (Right::Restriction, Lang::De) => "Art. 18 Abs. 1 DSGVO",
        (Right::Restriction, Lang::En) => "Art. 18(1) GDPR",
        (_, Lang::De) => "Art. 17 Abs. 1 DSGVO",
        (_, Lang::En) => "Art. 17(1) GDPR",
    }
}

/// What is expected of a recipient, as a sentence of the letter.
pub fn expectation(right: Right, expected: Expected, lang: Lang) -> &'static str {
    match (right, expected, lang) {
        (_, Expected::TakeDown, Lang::De) => {
            "Bitte löschen Sie Links zu diesen Daten und Kopien davon, und zeigen Sie sie nicht mehr an."
        }
        (_, Expected::TakeDown, Lang::En) => {
            "Please erase links to these data and copies of them, and no longer show them."
        }
        (Right::Rectification, _, Lang::De) => {
            "Bitte berichtigen Sie diese Daten auch bei sich, wie oben angegeben."
        }
        (Right::Rectification, _, Lang::En) => {
            "Please rectify these data at your end as well, as stated above."
        }
        (Right::Restriction, _, Lang::De) => {
            "Bitte bewahren Sie diese Daten nur noch auf und nutzen Sie sie nicht, bis wir Ihnen das Ende der Einschränkung mitteilen."
        }
        (Right::Restriction, _, Lang::En) => {
            "Please only keep these data and do not use them until we tell you that the restriction has ended."
        }
        (_, Expected::Instruct, Lang::De) => {
            "Bitte löschen Sie diese Daten in allen Systemen und, nach deren Umlauf, in allen Sicherungskopien."
        }
        (_, Expected::Instruct, Lang::En) => {
            "Please erase these data in all systems and, with their cycle, in all backups."
        }
        (_, Expected::Notify, Lang::De) => {
            "Bitte löschen Sie diese Daten auch bei sich, soweit Sie nicht selbst zur Aufbewahrung verpflichtet sind."
        }
        (_, Expected::Notify, Lang::En) => {
            "Please erase these data at your end as well, unless you are under a duty of your own to keep them."
        }
    }
}

/// What a recipient is, of whom only the notice is known.
pub fn expected_role(expected: Expected, lang: Lang) -> &'static str {
    match expected {
        Expected::Instruct => pick(lang, "Auftragsverarbeiter", "processor"),
        Expected::Notify => pick(lang, "eigener Verantwortlicher", "independent controller"),
        Expected::TakeDown => pick(lang, "zeigt, was öffentlich war", "shows what was public"),
    }
}

/// What a sub-processor is, with what it does.
pub fn sub_processor(task: &str, lang: Lang) -> String {
    let role = pick(lang, "Unterauftragsverarbeiter", "sub-processor");
    match task.trim() {
        "" => role.to_owned(),
        task => format!("{role} ({task})"),
    }
}

fn pick(lang: Lang, de: &'static str, en: &'static str) -> &'static str {
    match lang {
        Lang::De => de,
        Lang::En => en,
    }
}
