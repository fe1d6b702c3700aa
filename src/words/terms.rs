//! The law's terms and the office's, German and English: rights, ways, stages, roles, methods.

use crate::domain::collection::Outcome;
use crate::domain::identity::Method;
use crate::domain::intake::Channel;
use crate::domain::lang::Lang;
use crate::domain::register::{SearchKey, SystemRole};
use crate::domain::right::Right;
use crate::domain::scope::Role;
use crate::domain::stage::{Stage, Turn};

fn pick(lang: Lang, de: &'static str, en: &'static str) -> &'static str {
    match lang {
        Lang::De => de,
        Lang::En => en,
    }
}

/// The right's name as the law calls it.
pub fn right_name(right: Right, lang: Lang) -> &'static str {
    match right {
        Right::Access => pick(lang, "Auskunft", "access"),
        Right::Rectification => pick(lang, "Berichtigung", "rectification"),
        Right::Erasure => pick(lang, "Löschung", "erasure"),
        Right::Restriction => pick(
            lang,
            "Einschränkung der Verarbeitung",
            "restriction of processing",
        ),
        Right::Portability => pick(lang, "Datenübertragbarkeit", "data portability"),
        Right::Objection => pick(
            lang,
            "Widerspruch aus besonderen Gründen",
            "objection on special grounds",
        ),
        Right::MarketingObjection => pick(
            lang,
            "Widerspruch gegen Werbung",
            "objection to direct marketing",
        ),
        Right::HumanReview => pick(lang, "Prüfung durch einen Menschen", "review by a person"),
        Right::Withdrawal => pick(lang, "Widerruf einer Einwilligung", "withdrawal of consent"),
    }
}

/// A short label for lists.
pub fn right_short(right: Right, lang: Lang) -> &'static str {
    match right {
        Right::Access => pick(lang, "Auskunft", "Access"),
        Right::Rectification => pick(lang, "Berichtigung", "Correction"),
        Right::Erasure => pick(lang, "Löschung", "Erasure"),
        Right::Restriction => pick(lang, "Einschränkung", "Restriction"),
        Right::Portability => pick(lang, "Mitnahme", "Portability"),
        Right::Objection => pick(lang, "Widerspruch", "Objection"),
        Right::MarketingObjection => pick(lang, "Werbung", "Marketing"),
        Right::HumanReview => pick(lang, "Mensch prüft", "Human review"),
        Right::Withdrawal => pick(lang, "Widerruf", "Withdrawal"),
    }
}

/// The wish in plain words, as the office understood it.
pub fn right_wish(right: Right, lang: Lang) -> &'static str {
    match right {
        Right::Access => pick(
            lang,
            "wissen, welche Daten gespeichert sind, und eine Kopie davon erhalten",
            "to know which data are held, and to get a copy of them",
        ),
        Right::Rectification => pick(
            lang,
            "falsche Daten berichtigen lassen",
            "to have wrong data corrected",
        ),
        Right::Erasure => pick(lang, "Daten löschen lassen", "to have data erased"),
        Right::Restriction => pick(
            lang,
            "Daten aufbewahren, aber vorerst nicht weiter nutzen lassen",
            "to have data kept but not used for the time being",
        ),
        Right::Portability => pick(
            lang,
            "die selbst bereitgestellten Daten in einem gängigen Format erhalten",
            "to get the data provided in a common format",
        ),
        Right::Objection => pick(
            lang,
            "einer Nutzung aus persönlichen Gründen widersprechen",
            "to object to a use for personal reasons",
        ),
        Right::MarketingObjection => pick(
            lang,
            "keine Werbung mehr erhalten",
            "to get no more advertising",
        ),
        Right::HumanReview => pick(
            lang,
            "eine automatische Entscheidung von einem Menschen prüfen lassen",
            "to have an automated decision looked at by a person",
        ),
        Right::Withdrawal => pick(
            lang,
            "eine Einwilligung zurücknehmen",
            "to take back a consent",
        ),
    }
}

/// By which way it came, to follow "received".
pub fn channel(channel: Channel, lang: Lang) -> &'static str {
    match channel {
        Channel::Form => pick(lang, "über unser Formular", "by our form"),
        Channel::Email => pick(lang, "per E-Mail", "by e-mail"),
        Channel::Letter => pick(lang, "per Brief", "by letter"),
        Channel::Fax => pick(lang, "per Fax", "by fax"),
        Channel::Phone => pick(lang, "per Telefon", "by telephone"),
        Channel::InPerson => pick(lang, "persönlich", "in person"),
        Channel::Messenger => pick(lang, "per Kurznachricht", "by text message"),
        Channel::Helpdesk => pick(lang, "über den Kundendienst", "through our helpdesk"),
    }
}

/// The way as a label.
pub fn channel_label(channel: Channel, lang: Lang) -> &'static str {
    match channel {
        Channel::Form => pick(lang, "Formular", "Form"),
        Channel::Email => pick(lang, "E-Mail", "E-mail"),
        Channel::Letter => pick(lang, "Brief", "Letter"),
        Channel::Fax => pick(lang, "Fax", "Fax"),
        Channel::Phone => pick(lang, "Telefon", "Telephone"),
        Channel::InPerson => pick(lang, "Persönlich", "In person"),
        Channel::Messenger => pick(lang, "Kurznachricht", "Text message"),
        Channel::Helpdesk => pick(lang, "Kundendienst", "Helpdesk"),
    }
}

/// What a system's operator is.
pub fn system_role(role: SystemRole, lang: Lang) -> &'static str {
    match role {
        SystemRole::Internal => pick(lang, "eigenes System", "own system"),
        SystemRole::Processor => pick(lang, "Auftragsverarbeiter", "processor"),
        SystemRole::IndependentController => pick(
            lang,
            "eigenständiger Verantwortlicher",
            "independent controller",
        ),
        SystemRole::Joint => pick(lang, "gemeinsam Verantwortlicher", "joint controller"),
    }
}

/// What a system can be searched by.
pub fn search_key(key: SearchKey, lang: Lang) -> &'static str {
    match key {
        SearchKey::Email => pick(lang, "E-Mail-Adresse", "e-mail address"),
        SearchKey::Name => pick(lang, "Name", "name"),
        SearchKey::Address => pick(lang, "Anschrift", "postal address"),
        SearchKey::Phone => pick(lang, "Telefonnummer", "telephone number"),
        SearchKey::Number => pick(
            lang,
            "Kunden-, Vertrags- oder Lizenznummer",
            "customer, contract or licence number",
        ),
        SearchKey::Ip => pick(lang, "IP-Adresse mit Zeitpunkt", "IP address with time"),
        SearchKey::Handle => pick(lang, "Benutzername", "user name"),
        SearchKey::Derived => pick(
            lang,
            "abgeleiteter Wert (zum Beispiel der Hash einer Nummer)",
            "derived value (such as the hash of a number)",
        ),
    }
}

/// Where a case stands.
pub fn stage(stage: Stage, lang: Lang) -> &'static str {
    match stage {
        Stage::New => pick(lang, "Eingang", "Intake"),
        Stage::Identity => pick(lang, "Identität", "Identity"),
        Stage::Search => pick(lang, "Suche", "Search"),
        Stage::Decide => pick(lang, "Entscheidung", "Decision"),
        Stage::Act => pick(lang, "Umsetzung", "Execution"),
        Stage::Review => pick(lang, "Freigabe", "Release"),
        Stage::Delivery => pick(lang, "Zustellung", "Delivery"),
        Stage::Done => pick(lang, "Abgeschlossen", "Closed"),
    }
}

/// Whose turn it is.
pub fn turn(turn: Turn, lang: Lang) -> &'static str {
    match turn {
        Turn::Office => pick(lang, "wir", "us"),
        Turn::Person => pick(lang, "die Person", "the person"),
        Turn::Post => pick(lang, "die Post", "the post"),
        Turn::Nobody => pick(lang, "niemand", "nobody"),
    }
}

/// A way of proof.
pub fn method(method: Method, lang: Lang) -> &'static str {
    match method {
        Method::AddressOnFile => pick(
            lang,
            "Schreibt von der hinterlegten Adresse, die Antwort geht dorthin",
            "Writes from the address on file, and the answer goes there",
        ),
        Method::ConfirmedLink => pick(
            lang,
            "Link im hinterlegten Postfach bestätigt",
            "Link confirmed from the mailbox on file",
        ),
        Method::Portal => pick(
            lang,
            "Im Kundenkonto angemeldet",
            "Signed in at the customer account",
        ),
        Method::Knowledge => pick(
            lang,
            "Kunden-, Vorgangs- oder Lizenznummer genannt",
            "Named a customer, ticket or licence number",
        ),
        Method::CodeByPost => pick(
            lang,
            "Code per Brief an die hinterlegte Anschrift",
            "Code by letter to the address on file",
        ),
        Method::CallBack => pick(
            lang,
            "Rückruf auf der hinterlegten Nummer",
            "Called back on the number on file",
        ),
        Method::SignedLetter => pick(lang, "Unterschrift verglichen", "Signature compared"),
        Method::CardSeen => pick(
            lang,
            "Ausweis gesehen, keine Kopie",
            "Identity card seen, no copy",
        ),
        Method::BlackenedCopy => pick(
            lang,
            "Geschwärzte Kopie, nach der Prüfung vernichtet",
            "Blackened copy, destroyed after the check",
        ),
    }
}

/// What is said of a system that holds nothing on any person, where nobody searches.
pub fn holds_nothing(lang: Lang) -> &'static str {
    pick(
        lang,
        "enthält nichts über Personen",
        "holds nothing on persons",
    )
}

/// What came out of asking a system.
pub fn outcome(outcome: &Outcome, lang: Lang) -> &'static str {
    match outcome {
        Outcome::Found { .. } => pick(lang, "Daten gefunden", "data found"),
        Outcome::Nothing { .. } => pick(lang, "keine Daten gefunden", "no data found"),
        Outcome::NotPossible { .. } => pick(lang, "Suche nicht möglich", "search not possible"),
        Outcome::NoMatchingKey => pick(
            lang,
            "mit den bekannten Angaben nicht durchsuchbar",
            "cannot be searched by what is known",
        ),
    }
}

/// A clerk's role.
pub fn role(role: Role, lang: Lang) -> &'static str {
    match role {
        Role::Auditor => pick(lang, "Prüfung (nur lesen)", "Audit (read only)"),
        Role::Handler => pick(lang, "Sachbearbeitung", "Handler"),
        Role::Decider => pick(lang, "Entscheidung", "Decider"),
        Role::Admin => pick(lang, "Verwaltung", "Administration"),
    }
}

/// What is said of a source where the register names none.
pub fn own_source(lang: Lang) -> &'static str {
    pick(
        lang,
        "Angaben der betroffenen Person",
        "given by the data subject",
    )
}

/// What is said of a place where the register names none and the system is the controller's own.
pub fn own_place(lang: Lang) -> &'static str {
    pick(lang, "bei uns im Haus", "on our own premises")
}

/// What happened, as the subject of a mail to staff says it.
pub fn notice(code: &str) -> &'static str {
    match code {
        "notice-new" => "Neuer Antrag",
        "notice-reply" => "Neue Nachricht der Person",
        "notice-identity" => "Rückmeldung zum Postfach",
        "notice-owner" => "Ein System hat nicht geantwortet",
        "notice-breach" => "Datenpanne: 72 Stunden laufen",
        _ => "Nachricht nicht zugestellt",
    }
}

/// What the person reads when an office writes to her by mail.
pub fn letter_subject(number: &str, lang: Lang) -> String {
    match lang {
        Lang::De => format!("Zum Antrag – Vorgang {number}"),
        Lang::En => format!("About the request – case {number}"),
    }
}

/// Why a case opened again.
pub fn reopened(code: &str, lang: Lang) -> &str {
    match code {
        "replied" => pick(lang, "Die Person hat geschrieben.", "The person wrote."),
        "proof" => pick(
            lang,
            "Die Person hat einen Nachweis gebracht.",
            "The person brought a proof.",
        ),
        "bounced" => pick(lang, "Die Antwort kam zurück.", "The answer came back."),
        "recipient" => pick(
            lang,
            "Eine Mitteilung an einen Empfänger kam zurück.",
            "A notice to a recipient came back.",
        ),
        "complaint" => pick(
            lang,
            "Beschwerde über die Bearbeitung.",
            "A complaint was made.",
        ),
        "misdelivered" => pick(
            lang,
            "Die Antwort ging an die falsche Person.",
            "The answer went to the wrong person.",
        ),
        "breach" => pick(
            lang,
            "Eine Datenpanne wurde gemeldet.",
            "A data breach was reported.",
        ),
        other => other,
    }
}

/// The format of a package.
pub fn package_format(lang: Lang) -> &'static str {
    pick(
        lang,
        "ZIP-Archiv mit einem Ordner je System: Seiten zum Lesen (HTML), Tabellen (CSV), Daten (JSON), Dateien im vorhandenen Format, Verzeichnis in JSON",
        "ZIP archive with a folder per system: pages to read (HTML), tables (CSV), data (JSON), files in their existing format, index in JSON",
    )
}
