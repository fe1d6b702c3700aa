//! The register in words: sorts of systems, and what is still open in it as questions.

use super::dates::short_date;
use crate::domain::lang::Lang;
use crate::domain::law::{Bodies, Effect};
use crate::domain::question::Gap;
use crate::domain::register::SystemKind;

/// What sort of system it is.
pub fn system_kind(kind: SystemKind) -> &'static str {
    match kind {
        SystemKind::Other => "etwas anderes",
        SystemKind::Website => "Website oder Shop",
        SystemKind::Log => "Protokoll eines Servers",
        SystemKind::Cdn => "CDN oder Cache",
        SystemKind::Backup => "Datensicherung",
        SystemKind::Mail => "E-Mail",
        SystemKind::Crm => "Kundenkartei (CRM)",
        SystemKind::Helpdesk => "Tickets",
        SystemKind::Accounts => "Konten, Portal, Lizenzen",
        SystemKind::Mailing => "Newsletter und Rundschreiben",
        SystemKind::Analytics => "Messung der Nutzung",
        SystemKind::Telephone => "Telefonanlage, Anrufliste",
        SystemKind::Recording => "Aufzeichnungen",
        SystemKind::Chat => "Chat oder Chatbot",
        SystemKind::Booking => "Terminbuchung",
        SystemKind::Accounting => "Rechnungen, Buchhaltung, Zahlungen",
        SystemKind::Applications => "Bewerbungen",
        SystemKind::Storage => "Dateiablage",
        SystemKind::Social => "Beiträge anderer, öffentlich gezeigt",
        SystemKind::Paper => "Papier",
        SystemKind::Recipient => "Empfänger, an den Daten gehen",
    }
}

/// The question that closes a gap.
pub fn question(gap: &Gap) -> String {
    let of = |name: &str| {
        if name.trim().is_empty() {
            String::new()
        } else {
            format!(" (Kategorie „{name}“)")
        }
    };
    match gap {
        Gap::NoSystem => "Welche Systeme gibt es? Das Verzeichnis ist noch leer.".to_owned(),
        Gap::Authority => "Welche Aufsichtsbehörde ist zuständig?".to_owned(),
        Gap::Automated => {
            "Gibt es automatisierte Entscheidungen? Auch ein Nein gehört in die Auskunft.".to_owned()
        }
        Gap::AutomatedOwner => {
            "Wer steht für die Aussage zu automatisierten Entscheidungen ein, und von wann ist sie?".to_owned()
        }
        Gap::AutomatedOld(day) => format!(
            "Stimmt die Aussage zu automatisierten Entscheidungen noch? Sie ist vom {}.",
            short_date(*day, Lang::De)
        ),
        Gap::PolicyDate => "Von wann ist Ihre Datenschutzerklärung?".to_owned(),
        Gap::PolicyOld(day) => format!(
            "Ist die Datenschutzerklärung vom {} noch richtig? Antworten sollten nicht aus ihr abschreiben.",
            short_date(*day, Lang::De)
        ),
        Gap::Categories => "Welche Daten liegen darin?".to_owned(),
        Gap::Purposes(name) => format!("Wofür werden die Daten gebraucht?{}", of(name)),
        Gap::Retention(name) => format!(
            "Wie lange werden sie gespeichert, oder nach welcher Regel?{}",
            of(name)
        ),
        Gap::Period(name) => format!(
            "Nach welcher Regel lässt sich die Dauer berechnen?{}",
            of(name)
        ),
        Gap::SpecialBasis(name) => format!(
            "Welcher Fall des Art. 9 Abs. 2 DSGVO erlaubt diese besonderen Daten?{}",
            of(name)
        ),
        Gap::Guarantee => {
            "Welche Garantie deckt die Übermittlung, wenn Daten oder Betreiber außerhalb des EWR sind?".to_owned()
        }
        Gap::Operator => "Wer betreibt das System?".to_owned(),
        Gap::Contact => "Wen fragt man dort, und wie?".to_owned(),
        Gap::Country => "In welchem Land liegen die Daten?".to_owned(),
        Gap::Seat => "In welchem Land sitzt der Betreiber oder seine Muttergesellschaft?".to_owned(),
        Gap::Agreement => {
            "Welcher Vertrag zur Auftragsverarbeitung oder welche Vereinbarung gilt, und von wann?".to_owned()
        }
        Gap::Backup => {
            "Wann ist die letzte Kopie aus den Datensicherungen überschrieben? Auch „keine Sicherung“ ist eine Antwort."
                .to_owned()
        }
        Gap::ServiceApart => {
            "Lassen sich Mitteilungen zum Dienst von Werbung trennen, wenn jemand widerspricht?".to_owned()
        }
        Gap::CopyUnknown(slug) => {
            format!("Was ist „{slug}“? Dorthin gehen Kopien, aber das Verzeichnis kennt es nicht.")
        }
        Gap::Outdated {
            quoted, instead, ..
        } => format!("Veraltet: „{quoted}“. {}", instead.de),
    }
}

/// The same in one word or two, for a narrow column.
pub fn gap_tag(gap: &Gap) -> &'static str {
    match gap {
        Gap::NoSystem => "kein System",
        Gap::Authority => "Aufsicht",
        Gap::Automated | Gap::AutomatedOwner | Gap::AutomatedOld(_) => "Automatisierung",
        Gap::PolicyDate | Gap::PolicyOld(_) => "Datenschutzerklärung",
        Gap::Categories => "Kategorien",
        Gap::Purposes(_) => "Zweck",
        Gap::Retention(_) => "Speicherdauer",
        Gap::Period(_) => "Regel zur Dauer",
        Gap::SpecialBasis(_) => "Art. 9",
        Gap::Guarantee => "Garantie",
        Gap::Operator => "Betreiber",
        Gap::Contact => "Ansprechstelle",
        Gap::Country => "Land",
        Gap::Seat => "Sitz",
        Gap::Agreement => "Vertrag",
        Gap::Backup => "Datensicherung",
        Gap::ServiceApart => "Dienstmails",
        Gap::CopyUnknown(_) => "Kopie",
        Gap::Outdated { .. } => "veraltet",
    }
}

/// Where on the page of an entry the answer is written.
pub fn field_of(gap: &Gap) -> &str {
    match gap {
        Gap::Guarantee => "guarantee",
        Gap::Operator => "operator",
        Gap::Contact => "contact",
        Gap::Country => "country",
        Gap::Seat => "seat",
        Gap::Agreement => "agreement",
        Gap::Backup => "backup-days",
        Gap::ServiceApart => "service-apart-yes",
        Gap::CopyUnknown(_) => "copies",
        Gap::Outdated { field, .. } => field,
        _ => "categories",
    }
}

/// How many questions are open.
pub fn questions_open(count: usize) -> String {
    match count {
        0 => "Keine offene Frage".to_owned(),
        1 => "1 offene Frage".to_owned(),
        many => format!("{many} offene Fragen"),
    }
}

/// What a ground leads to.
pub fn effect(effect: Effect) -> &'static str {
    match effect {
        Effect::Keep => "bleibt gespeichert",
        Effect::Restrict => "bleibt, aber gesperrt",
        Effect::Redact => "wird unkenntlich",
        Effect::Refuse => "wird nicht erfüllt",
        Effect::Fee => "gegen Entgelt",
        Effect::Use => "Nutzung trotz Sperre erlaubt",
    }
}

/// For whom an authority is there.
pub fn bodies(bodies: Bodies, federal: bool) -> &'static str {
    match (bodies, federal) {
        (Bodies::Public, true) => "öffentliche Stellen des Bundes",
        (Bodies::Public, false) => "öffentliche Stellen des Landes",
        (Bodies::Private, _) => "Unternehmen, Vereine, Selbstständige",
        (Bodies::All, _) => "Unternehmen und öffentliche Stellen des Landes",
    }
}

/// A rule on how long, as one of a list; what needs a number has it in the next field.
pub fn rule(code: &str) -> &'static str {
    match code {
        "voucher" => "Buchungsbelege und Rechnungen (8 Jahre)",
        "book" => "Bücher und Abschlüsse (10 Jahre)",
        "commercial-letter" => "Handelsbriefe (6 Jahre)",
        "tax-document" => "sonstige Steuerunterlagen (6 Jahre)",
        "case-file" => "Vorgangsakten (3 Jahre)",
        "account" => "bis das Konto gelöscht ist",
        "contract" => "bis zum Ende des Vertrags",
        "handled" => "bis die Anfrage erledigt ist",
        "booked" => "bis die Leistung abgerechnet ist",
        "objection" => "bis zum Widerspruch",
        "withdrawal" => "bis zum Widerruf der Einwilligung",
        "session" => "bis zum Ende der Sitzung",
        "chosen" => "so lange die Person es wünscht",
        "log" => "… Tage nach dem Eintrag",
        "after-d" => "… Tage nach dem Ereignis",
        "after-m" => "… Monate nach dem Ereignis",
        "after-y" => "… Jahre nach dem Ereignis",
        "applicant-m" => "… Monate nach der Absage",
        "year-end" => "… Jahre ab dem Ende des Kalenderjahres",
        "review-m" => "… Monate, dann überprüfen",
        "review-y" => "… Jahre, dann überprüfen",
        _ => "noch keine Regel",
    }
}

/// A rule that needs a number came without one.
pub fn number_lacking() -> &'static str {
    "Geben Sie zu der Regel eine Zahl von 1 bis 9999 ein."
}
