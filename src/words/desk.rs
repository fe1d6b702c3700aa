//! The short words of the desk: states, kinds of messages, gaps of the register. German only.

use chrono::NaiveDate;

use crate::domain::deadline::PauseKind;
use crate::domain::delivery::{Delivery, Released, Way};
use crate::domain::followup::{Errand, Followed};
use crate::domain::identity::{Identity, Method};
use crate::domain::intake::{Mailbox, OnBehalf, ReplyBy};
use crate::domain::judgement::Treatment;
use crate::domain::lang::Lang;
use crate::domain::look::Point;
use crate::domain::notice::{Expected, Told};
use crate::words::dates::long_date;

/// How an item was decided.
pub fn decision(code: &str) -> &'static str {
    match code {
        "granted" => "erfüllt",
        "partly" => "teilweise erfüllt",
        "refused" => "abgelehnt",
        _ => "keine Daten vorhanden",
    }
}

/// Where an item stands.
pub fn item_state(code: &str) -> &'static str {
    match code {
        "new" | "triage" => "eingegangen",
        "identity" => "wartet auf Nachweis",
        "clarify" => "wartet auf Klärung",
        "search" => "Suche läuft",
        "decide" => "zu entscheiden",
        "second-look" => "wartet auf den zweiten Blick",
        "act" => "umzusetzen",
        "notify" => "Empfänger zu benachrichtigen",
        "review" => "bereit zur Freigabe",
        "sent" => "Antwort versendet",
        "done" => "erledigt",
        "followup" => "Wiedervorlage",
        "withdrawn" => "zurückgenommen",
        "forwarded" => "weitergeleitet",
        "not-identified" => "nicht identifiziert",
        "misdirected" => "nicht für uns",
        _ => "doppelt",
    }
}

/// What is looked at before a letter leaves or data are destroyed.
pub fn point(point: Point) -> &'static str {
    match point {
        Point::Recipient => "Der Empfänger ist die richtige Person, und die Anschrift ist geprüft.",
        Point::ThirdParties => {
            "Nichts darin gehört anderen: Daten Dritter sind geschwärzt oder nicht enthalten."
        }
        Point::Words => "Ich habe den Brief zu Ende gelesen; er beantwortet, was gefragt war.",
        Point::OnlyThisPerson => {
            "Getroffen werden nur Daten dieser Person; gleicher Name ist nicht dieselbe Person."
        }
        Point::NothingStands => {
            "Nichts steht entgegen: keine Pflicht, kein Anspruch, keine Kopie, die noch aussteht."
        }
    }
}

/// What becomes of a category of data.
pub fn treatment(treatment: Treatment) -> &'static str {
    match treatment {
        Treatment::Disclose => "herausgeben",
        Treatment::Redact => "geschwärzt herausgeben",
        Treatment::Withhold => "nicht herausgeben",
        Treatment::Erase => "löschen",
        Treatment::Anonymise => "anonymisieren",
        Treatment::Restrict => "einschränken, später löschen",
        Treatment::Keep => "behalten",
    }
}

/// What was asked about when the clock stopped.
pub fn pause(kind: PauseKind) -> &'static str {
    match kind {
        PauseKind::Identity => "Identität (Art. 12 Abs. 6 DSGVO)",
        PauseKind::Scope => "Umfang (Erwägungsgrund 63)",
    }
}

/// What is to be done when something comes back.
pub fn errand(errand: Errand) -> &'static str {
    match errand {
        Errand::Erase => "löschen",
        Errand::Lift => "Einschränkung aufheben",
        Errand::Inform => "Person informieren (Art. 14 DSGVO)",
        Errand::Review => "prüfen, ob noch nötig",
    }
}

/// What is expected of a recipient.
pub fn expected(expected: Expected) -> &'static str {
    match expected {
        Expected::Instruct => "anweisen (Auftragsverarbeiter)",
        Expected::Notify => "benachrichtigen (eigene Verantwortung)",
        Expected::TakeDown => "um Entfernung bitten (öffentlich)",
    }
}

/// What came of telling a recipient.
pub fn told(told: &Told) -> String {
    let on = |day: &NaiveDate| long_date(*day, Lang::De);
    match told {
        Told::Open => "Der Empfänger ist noch nicht benachrichtigt.".into(),
        Told::Underway { .. } => "Die E-Mail an den Empfänger ist unterwegs.".into(),
        Told::Told { on: day, .. } => format!("Empfänger benachrichtigt am {}.", on(day)),
        Told::Mailed { on: day, .. } => {
            format!("Empfänger benachrichtigt am {}, per E-Mail.", on(day))
        }
        Told::Returned { on: day, .. } => {
            format!("Die E-Mail an den Empfänger kam nicht an ({}).", on(day))
        }
        Told::DoneThere { on: day, .. } => {
            format!("Beim Empfänger selbst ausgeführt am {}.", on(day))
        }
        Told::Impossible { .. } => "Der Empfänger lässt sich nicht benachrichtigen.".into(),
        Told::Disproportionate { .. } => {
            "Den Empfänger zu benachrichtigen wäre unverhältnismäßig.".into()
        }
    }
}

/// What came of something that came back on its day.
pub fn followed(what: &str, followed: &Followed) -> String {
    match followed {
        Followed::Done {
            on,
            told_on: Some(told),
            ..
        } => format!(
            "{what}: am {} nachgeholt, nach einem Brief an die Person vom {}.",
            long_date(*on, Lang::De),
            long_date(*told, Lang::De)
        ),
        Followed::Done { on, .. } => {
            format!("{what}: am {} nachgeholt.", long_date(*on, Lang::De))
        }
        Followed::Postponed { to, .. } => {
            format!("{what}: verschoben auf {}.", long_date(*to, Lang::De))
        }
    }
}

/// What the mailbox is worth.
pub fn mailbox(mailbox: &Mailbox) -> &'static str {
    match mailbox {
        Mailbox::None => "keine E-Mail-Adresse",
        Mailbox::Unproven => "unbestätigt: Der Link wurde noch nicht geöffnet",
        Mailbox::Confirmed { .. } => "bestätigt",
        Mailbox::Disowned { .. } => "bestritten: „Das war ich nicht.“",
    }
}

/// How far the proof of identity is.
pub fn identity(identity: &Identity) -> &'static str {
    match identity {
        Identity::Open => "noch nicht geprüft",
        Identity::Asked { .. } => "Nachweis erbeten",
        Identity::Confirmed { .. } => "bestätigt",
        Identity::Failed { .. } => "nicht bestätigt",
    }
}

/// A method as something to ask for.
pub fn method_asked(method: Method) -> &'static str {
    match method {
        Method::AddressOnFile => "Nachricht von der hinterlegten Adresse",
        Method::ConfirmedLink => "Code an das hinterlegte Postfach",
        Method::Portal => "Nachricht aus dem Kundenkonto",
        Method::Knowledge => "Fragen, deren Antwort nur sie kennt",
        Method::CodeByPost => "Code per Brief an die hinterlegte Anschrift",
        Method::CallBack => "Rückruf auf der hinterlegten Nummer",
        Method::SignedLetter => "Brief mit Unterschrift",
        Method::CardSeen => "Ausweis zeigen, ohne Kopie",
        Method::BlackenedCopy => "Geschwärzte Kopie eines Ausweises",
    }
}

/// When a method suffices, or what to heed; one line under the choice.
pub fn method_hint(method: Method) -> &'static str {
    match method {
        Method::AddressOnFile => {
            "Die Adresse stand vor dem Antrag in einem System. Sammelpostfächer zählen nicht."
        }
        Method::ConfirmedLink => {
            "Die Person hat aus dem Postfach bestätigt, das in einem System steht."
        }
        Method::Portal => "Die Person hat sich im Kundenkonto angemeldet und von dort geschrieben.",
        Method::Knowledge => {
            "Etwas, das nicht im Brief oder in der E-Mail selbst steht. Die Antwort nicht notieren."
        }
        Method::CodeByPost => {
            "Der Brief ging an die Anschrift, die vor dem Antrag im System stand."
        }
        Method::CallBack => {
            "Auf der Nummer, die vor dem Antrag im System stand; nicht auf einer aus dem Antrag."
        }
        Method::SignedLetter => "Mit einer Unterschrift verglichen, die schon vorlag.",
        Method::CardSeen => {
            "Persönlich vorgelegt. Nur vermerken: gesehen, stimmt überein. Keine Nummer."
        }
        Method::BlackenedCopy => {
            "Nur wenn nichts anderes geht: alles geschwärzt außer Name, Anschrift, Geburtsdatum und Gültigkeit."
        }
    }
}

/// A message to or from the person.
pub fn message(kind: &str) -> &'static str {
    match kind {
        "confirm" => "Bitte um Bestätigung des Postfachs",
        "advertising-stopped" => "Keine Werbung mehr: Mitteilung mit dem Weg zurück",
        "receipt" => "Eingangsbestätigung",
        "answer-ready" => "Die Antwort liegt bereit",
        "identity-demand" => "Bitte um einen Nachweis",
        "extension" => "Mitteilung der Verlängerung",
        "clarification" => "Frage nach dem Umfang",
        "letter" => "Nachricht",
        "code" => "Code zum Abruf",
        "proof-code" => "Code zum Nachweis",
        "identity-reminder" => "Erinnerung an den Nachweis",
        "not-identified" => "Abschluss ohne Nachweis",
        "not-identifiable" => "Abschluss: nicht zuordenbar",
        "reply" => "Nachricht der Person",
        "digest" => "Tägliche Erinnerung",
        "forwarded_person" => "Mitteilung an die Person: weitergeleitet",
        "forwarded_customer" => "Antrag an den Kunden",
        "recipient_instruction" => "Weisung an den Auftragsverarbeiter",
        "recipient_notice" => "Mitteilung an den Empfänger",
        "public_notice" => "Bitte um Entfernung",
        "doubted_instruction" => "Bedenken gegen die Weisung des Kunden",
        "mandate_demand" | "mandate_rejected" => "Schreiben zur Vollmacht",
        "parent_letter" => "Schreiben an den Elternteil",
        "not_controller" | "not_a_request" | "legal_person" | "deceased" | "third_party"
        | "public_body" => "Kurze Antwort: nicht für uns",
        "interim_notice" => "Zwischenstand",
        "art14_notice" => "Information nach Art. 14 DSGVO an eine andere Person",
        "fee_notice" => "Mitteilung einer Gebühr",
        "lifting_notice" => "Mitteilung: Die Einschränkung endet",
        "owner_task" => "Frage an die zuständige Person",
        "owner_reminder" => "Erinnerung an die zuständige Person",
        "owner_code" => "Code für die zuständige Person",
        "checkpoint" => "Prüfpunkt des Protokolls",
        notice if notice.starts_with("notice-") => super::terms::notice(notice),
        _ => "Nachricht",
    }
}

/// How far a message is.
pub fn message_state(code: &str, trouble: &str) -> &'static str {
    match code {
        "sent" if trouble == "delayed" => {
            "versendet; der Mailserver der Gegenseite nimmt sie noch nicht an, es wird weiter versucht"
        }
        "sent" if trouble == "answered-by-machine" => {
            "versendet; es kam eine automatische Antwort, etwa eine Abwesenheitsnotiz"
        }
        "queued" if trouble == "enough-today" => {
            "wartet bis morgen: Diese Adresse hat heute schon genug automatische Nachrichten erhalten"
        }
        "received" => "eingegangen",
        "queued" => "wird versendet",
        "in-flight" => "wird gerade übergeben",
        "sent" => "versendet",
        "failed" => "nicht zugestellt",
        "held" => "nicht versendet: kein Mailserver",
        _ => "nicht versendet: Diese Adresse hat heute schon eine Nachricht erhalten",
    }
}

/// Why a message was not delivered; unknown trouble is shown as the server said it.
pub fn trouble(text: &str) -> String {
    match text {
        "" => "Der Mailserver hat die Nachricht nicht angenommen.".to_owned(),
        other => match other.strip_prefix("came back") {
            Some(code) => format!(
                "Die Nachricht kam als unzustellbar zurück{}. Prüfen Sie die Adresse, oder schreiben Sie einen Brief.",
                if code.is_empty() {
                    String::new()
                } else {
                    format!(" (Meldung{code})")
                }
            ),
            None => format!("Der Mailserver sagt: {other}"),
        },
    }
}

/// The way of an answer.
pub fn way(way: Way) -> &'static str {
    match way {
        Way::Portal => "Abruf mit Code",
        Way::Post => "Brief per Post",
    }
}

/// How the person wants to be answered.
pub fn reply_by(reply: ReplyBy) -> &'static str {
    match reply {
        ReplyBy::Portal => "elektronisch, Abruf mit Code",
        ReplyBy::Post => "per Post",
    }
}

/// How far an answer is.
pub fn delivery(delivery: &Delivery) -> &'static str {
    match delivery {
        Delivery::Underway { released } if released.way == Way::Post => {
            "freigegeben, noch nicht zur Post gegeben"
        }
        Delivery::Underway { .. } => "freigegeben, wird zugestellt",
        Delivery::Sent { .. } => "versendet",
        Delivery::Arrived { .. } => "abgerufen",
        Delivery::Bounced { .. } => "zurückgekommen",
        Delivery::Recalled { .. } => "nicht versendet, zurückgezogen",
    }
}

/// An answer, as one of several to choose from.
pub fn released_answer(released: &Released) -> String {
    let rights: Vec<&str> = released
        .rights
        .iter()
        .map(|right| super::terms::right_name(*right, Lang::De))
        .collect();
    format!("{}, {}", rights.join(", "), way(released.way))
}

/// An answer that has left, as one of several to choose from.
pub fn sent_answer(released: &Released, on: NaiveDate) -> String {
    format!(
        "{}, versendet am {}",
        released_answer(released),
        long_date(on, Lang::De)
    )
}

/// For whom somebody writes.
pub fn on_behalf(on_behalf: OnBehalf) -> &'static str {
    match on_behalf {
        OnBehalf::Own => "für sich selbst",
        OnBehalf::Child => "für ihr Kind",
        OnBehalf::Represented => "in Vertretung",
    }
}

/// What a file is for.
pub fn file_purpose(code: &str) -> &'static str {
    match code {
        "attachment" => "von der Person",
        "finding" => "aus einem System",
        "note" => "zu einer Notiz",
        "enclosure" => "Anlage einer Nachricht",
        "mail" => "E-Mail, wie sie ankam",
        "letter" => "Schreiben",
        "proof" => "Nachweis, wird mit der Prüfung vernichtet",
        _ => "Datenpaket",
    }
}

/// What a role may do, in one line.
pub fn role_hint(role: crate::domain::scope::Role) -> &'static str {
    use crate::domain::scope::Role;
    match role {
        Role::Auditor => "liest Vorgänge und Protokoll, ändert nichts",
        Role::Handler => "nimmt auf, prüft die Identität, beantwortet Suchaufgaben",
        Role::Decider => "entscheidet, verlängert und gibt Antworten frei",
        Role::Admin => "pflegt dazu Verzeichnis und Zugänge",
    }
}

/// The name of a language.
pub fn language(lang: Lang) -> &'static str {
    match lang {
        Lang::De => "Deutsch",
        Lang::En => "Englisch",
    }
}

/// How long something has been here, for a narrow column.
pub fn age(days: i64) -> String {
    match days {
        ..=0 => "heute".to_owned(),
        1 => "1 Tag".to_owned(),
        many => format!("{many} Tage"),
    }
}

/// What is usually done for a right, as a text to start from.
pub fn usual_work(right: crate::domain::right::Right) -> &'static str {
    use crate::domain::right::Right;
    match right {
        Right::Rectification => "berichtigt",
        Right::Erasure => "gelöscht",
        Right::Restriction => "für die weitere Nutzung gesperrt",
        Right::Objection => "Verarbeitung beendet",
        Right::MarketingObjection => "aus dem Verteiler genommen und auf die Sperrliste gesetzt",
        Right::HumanReview => "von einem Menschen geprüft",
        Right::Withdrawal => "Einwilligung als widerrufen vermerkt, Verarbeitung beendet",
        Right::Access | Right::Portability => "zusammengestellt",
    }
}

/// What a party is in the case; a single one is simply the person.
pub fn party(role: crate::domain::intake::PartyRole, several: bool) -> &'static str {
    use crate::domain::intake::PartyRole;
    match role {
        PartyRole::Requester if several => "Antragstellerin oder Antragsteller",
        PartyRole::Requester => "Person",
        PartyRole::DataSubject => "Betroffene Person",
        PartyRole::Representative => "Vertretung",
    }
}

/// How the queue is sorted.
pub fn sort(code: &str) -> &'static str {
    match code {
        "newest" => "neueste zuerst",
        _ => "nach Fälligkeit",
    }
}

/// Why a date is what it is, for a narrow column.
pub fn short_because(deadline: &crate::domain::deadline::Deadline) -> &'static str {
    if deadline.current_due == deadline.nominal_due {
        "ein Monat"
    } else {
        "Monat, Arbeitstag"
    }
}

/// The same where the clock was stopped or the period extended.
pub fn moved_because() -> &'static str {
    "verlängert oder Pause"
}

/// The picture of the clock in sentences.
pub fn clock(
    received: NaiveDate,
    due: NaiveDate,
    today: NaiveDate,
    pauses: &[(NaiveDate, Option<NaiveDate>)],
    extended_from: Option<NaiveDate>,
    holidays: usize,
) -> String {
    let day = |day| long_date(day, Lang::De);
    let mut text = format!(
        "Eingang am {}, fällig am {}, {}.",
        day(received),
        day(due),
        super::dates::days_left(today, due, Lang::De)
    );
    for (asked, answered) in pauses {
        match answered {
            Some(answered) => text.push_str(&format!(
                " Die Frist ruhte von {} bis {}.",
                day(*asked),
                day(*answered)
            )),
            None => text.push_str(&format!(" Die Frist ruht seit {}.", day(*asked))),
        }
    }
    if let Some(from) = extended_from {
        text.push_str(&format!(" Verlängert ab {}.", day(from)));
    }
    match holidays {
        0 => {}
        1 => text.push_str(" In der Zeit liegt ein Feiertag."),
        many => text.push_str(&format!(" In der Zeit liegen {many} Feiertage.")),
    }
    text
}

/// A place that the table of holidays does not know.
pub fn unknown_place() -> &'static str {
    "Wählen Sie einen Ort aus der Liste."
}

/// A day that cannot be read.
pub fn unreadable_day() -> &'static str {
    "Geben Sie den Tag des Eingangs ein, zum Beispiel 31.01.2026."
}

/// A code of the second factor that does not fit.
pub fn wrong_code() -> &'static str {
    "Der Code passt nicht. Prüfen Sie die Uhrzeit Ihres Telefons und nehmen Sie den nächsten Code."
}

/// The old password was not right.
pub fn wrong_password() -> &'static str {
    "Das bisherige Passwort stimmt nicht."
}

/// A file of the register without a system in it.
pub fn no_systems() -> &'static str {
    "In dem Text steht kein System. Jedes beginnt mit einer Zeile [[system]]."
}

/// An entry of a file of the register that lacks what every entry has.
pub fn nameless_system() -> &'static str {
    "Jedes [[system]] braucht einen Kurznamen (slug) und einen Namen (name)."
}

/// An owner in a register file whose address is none.
pub fn owner_without_address(slug: &str) -> String {
    format!(
        "Beim System „{slug}“ steht unter „owner“ keine E-Mail-Adresse. Berichtigen Sie die Datei."
    )
}

/// Two entries of a file of the register under one short name.
pub fn slug_twice(slug: &str) -> String {
    format!("Den Kurznamen „{slug}“ gibt es in dem Text zweimal.")
}

/// A file of the register that cannot be read; the reader says where.
pub fn toml(error: &str) -> String {
    format!("Der Text lässt sich nicht lesen: {error}")
}

/// The last role goes with the access.
pub fn last_role() -> &'static str {
    "Ohne Rolle bleibt kein Zugang. Lassen Sie eine Rolle stehen, oder beenden Sie den Zugang."
}

/// Nobody works here without a role.
pub fn no_role() -> &'static str {
    "Geben Sie mindestens eine Rolle."
}

/// Somebody has this address already.
pub fn known_address() -> &'static str {
    "Mit dieser E-Mail-Adresse gibt es schon einen Zugang."
}

/// What stands above the answers of several systems.
pub fn systems_answered() -> &'static str {
    "Antworten der Systeme."
}

/// The name of the square that an authenticator app reads.
pub fn square() -> &'static str {
    "QR-Code für die Authenticator-App"
}

/// Begins the sentence that somebody was told of a breach.
pub fn told_on() -> &'static str {
    "Ja, am"
}

/// Begins the sentence that nobody was told of a breach.
pub fn not_told() -> &'static str {
    "Nein."
}
