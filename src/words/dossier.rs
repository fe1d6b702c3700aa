//! The words of the file that is handed to an authority: its headings, labels and short sentences. German only.

use chrono::NaiveDate;

use super::dates::{long_date, short_date};
use super::terms;
use crate::domain::case::Case;
use crate::domain::deadline::received_day;
use crate::domain::delivery::Delivery;
use crate::domain::event::Event;
use crate::domain::identity::Identity;
use crate::domain::item::Item;
use crate::domain::lang::Lang;
use crate::domain::letter::Letter;
use crate::domain::notice::Notice;

const DE: Lang = Lang::De;

/// The subject of the document.
pub fn subject(number: &str) -> String {
    format!("Akte zum Vorgang {number}")
}

/// What the document is.
pub fn opening(day: NaiveDate) -> String {
    format!(
        "Stand {}. Dieses Dokument ist aus der Akte zusammengestellt. Die Schreiben an die Person liegen bei, so wie sie versendet wurden. Dieselben Angaben stehen für Maschinen lesbar in der Datei „akte.json“.",
        long_date(day, DE)
    )
}

/// The headings, in the order of the document.
pub mod heading {
    /// The case in short.
    pub const OVERVIEW: &str = "Überblick";
    /// Who is in it.
    pub const PARTIES: &str = "Beteiligte";
    /// What happened.
    pub const TIMELINE: &str = "Verlauf";
    /// How the date was reckoned.
    pub const PERIOD: &str = "Fristberechnung";
    /// How it was found out who she is.
    pub const IDENTITY: &str = "Prüfung der Identität";
    /// Where was searched.
    pub const SEARCH: &str = "Suche";
    /// What was decided and why.
    pub const DECISIONS: &str = "Entscheidungen und Gründe";
    /// Who received the data and was told.
    pub const RECIPIENTS: &str = "Mitteilungen an Empfänger (Art. 19 DSGVO)";
    /// What left the house.
    pub const MESSAGES: &str = "Schreiben und Nachrichten mit Versandnachweis";
    /// Where somebody departed from the usual way.
    pub const OVERRIDES: &str = "Abweichungen mit Begründung";
    /// What happened afterwards.
    pub const AFTERMATH: &str = "Beschwerden, Sperren, Datenpannen, vernichtete Kopien";
    /// What lies in the file.
    pub const FILES: &str = "Dateien der Akte";
    /// How all of it is proved.
    pub const LEDGER: &str = "Protokoll";
}

/// The heads of the tables.
pub mod column {
    /// Who is who.
    pub const PARTIES: [&str; 3] = ["Rolle", "Name", "Erreichbar"];
    /// What happened.
    pub const TIMELINE: [&str; 3] = ["Wann", "Wer", "Was"];
    /// Where was searched.
    pub const SEARCH: [&str; 3] = ["System", "Ergebnis", "Anmerkung"];
    /// Who received the data and was told.
    pub const RECIPIENTS: [&str; 4] = [
        "Empfänger",
        "Wovon und was erwartet ist",
        "Stand",
        "Nachweis oder Grund",
    ];
    /// What left the house.
    pub const MESSAGES: [&str; 4] = ["Wann", "Was", "Stand", "Nachweis"];
    /// What lies in the file.
    pub const FILES: [&str; 4] = ["Datei", "Zweck", "Größe", "SHA-256 des Inhalts"];
}

/// The case in short, label and value.
pub fn overview(case: &Case) -> Vec<(&'static str, String)> {
    let rights: Vec<&str> = case
        .items
        .iter()
        .map(|item| terms::right_name(item.right, DE))
        .collect();
    let mut lines = vec![
        (
            "Eingang",
            format!(
                "{}, {}",
                long_date(case.intake.received, DE),
                terms::channel(case.intake.channel, DE)
            ),
        ),
        ("Verlangt", rights.join(", ")),
        ("Stand", terms::stage(case.stage(), DE).to_owned()),
        ("Frist", long_date(case.due(), DE)),
    ];
    lines.extend(case.closed.map(|day| ("Abgeschlossen", long_date(day, DE))));
    lines
}

/// Who did something that no clerk did.
pub fn actor(name: &str, by_person: bool) -> String {
    match (name, by_person) {
        (_, true) => "die Person".to_owned(),
        ("", false) => "das Programm".to_owned(),
        (name, false) => name.to_owned(),
    }
}

/// An item's own heading: the right and its article.
pub fn item(item: &Item) -> String {
    format!(
        "{} (Art. {} DSGVO)",
        terms::right_name(item.right, DE),
        item.right.code()
    )
}

/// When an item was answered or acted upon, against its date.
pub fn punctual(answered: Option<NaiveDate>, due: NaiveDate) -> String {
    match answered {
        Some(day) if day <= due => format!(
            "Beantwortet am {}, innerhalb der Frist.",
            long_date(day, DE)
        ),
        Some(day) => format!(
            "Beantwortet am {}, {} Tage nach dem Ende der Frist.",
            long_date(day, DE),
            (day - due).num_days()
        ),
        None => format!(
            "Noch nicht beantwortet. Die Frist endet am {}.",
            long_date(due, DE)
        ),
    }
}

/// How far the proof of identity is, with method and day.
pub fn identity(identity: &Identity) -> Vec<String> {
    let line = |word: &str, on: NaiveDate, method| {
        format!(
            "{word} am {}: {}.",
            long_date(on, DE),
            terms::method(method, DE)
        )
    };
    match identity {
        Identity::Open => vec!["Nicht geprüft.".to_owned()],
        Identity::Asked {
            on, doubt, method, ..
        } => vec![
            line("Nachweis erbeten", *on, *method),
            format!("Zweifel: {}", doubt.reveal()),
        ],
        Identity::Confirmed {
            on,
            method,
            doubt,
            note,
            ..
        } => {
            let mut lines = vec![line("Bestätigt", *on, *method)];
            lines.extend(
                doubt
                    .iter()
                    .map(|doubt| format!("Zweifel: {}", doubt.reveal())),
            );
            if !note.reveal().is_empty() {
                lines.push(note.reveal().clone());
            }
            lines
        }
        Identity::Failed {
            on, method, reason, ..
        } => vec![
            line("Nicht bestätigt", *on, *method),
            reason.reveal().clone(),
        ],
    }
}

/// Done in a system, in one line.
pub fn done(system: &str, what: &str, on: NaiveDate) -> String {
    format!("Umgesetzt in {system} am {}: {what}", long_date(on, DE))
}

/// What stays, in one line.
pub fn remains(what: &str, why: &str, until: Option<NaiveDate>) -> String {
    match until {
        Some(day) => format!("Bleibt bis {}: {what}. {why}", long_date(day, DE)),
        None => format!("Bleibt: {what}. {why}"),
    }
}

/// What a recipient was told of, and what is expected of him.
pub fn told_of(notice: &Notice) -> String {
    let act = terms::right_name(notice.right, DE);
    let expected = super::desk::expected(notice.expected);
    match notice.public.as_slice() {
        [] => format!("{act}: {}; {expected}", notice.what),
        places => format!(
            "{act}: {}; öffentlich: {}; {expected}",
            notice.what,
            places.join(", ")
        ),
    }
}

/// A recipient by name, and through whom he is reached.
pub fn recipient(notice: &Notice) -> String {
    let name = super::recipients::name(notice, DE);
    match notice.through.as_str() {
        "" => name,
        through => format!("{name}, über {through}"),
    }
}

/// A letter beside the answer: what it is, who released it when, to whom, and how it left.
pub fn letter(letter: &Letter, by: &str) -> String {
    let to = letter.to.reveal().lines().collect::<Vec<_>>().join(", ");
    format!(
        "{}: freigegeben am {} von {by}, an {to}; {}.",
        super::letters::about(&letter.about),
        long_date(received_day(letter.at), DE),
        super::letters::state(letter)
    )
}

/// How far it is, with the day until which it was due while it is open.
pub fn telling(notice: &Notice) -> String {
    let state = super::desk::told(&notice.told);
    match notice.open() {
        true => format!("{state} Fällig bis {}.", long_date(notice.due, DE)),
        false => state,
    }
}

/// What is decided nowhere yet.
pub fn undecided() -> &'static str {
    "Noch nicht entschieden."
}

/// The way of an answer and what is known of it.
pub fn answer(number: usize, delivery: &Delivery, by: &str) -> String {
    let released = delivery.released();
    let way = super::desk::way(released.way);
    let to = released.recipient.reveal().replace('\n', ", ");
    let state = match delivery {
        Delivery::Underway { .. } => "hat das Haus noch nicht verlassen".to_owned(),
        Delivery::Sent { on, .. } => format!("versendet am {}", long_date(*on, DE)),
        Delivery::Arrived { sent, on, .. } => format!(
            "versendet am {}, vollständig abgerufen am {}",
            long_date(*sent, DE),
            long_date(*on, DE)
        ),
        Delivery::Bounced { on, .. } => {
            format!("gilt seit {} als nicht zugegangen", long_date(*on, DE))
        }
        Delivery::Recalled { on, .. } => {
            format!("vor dem Versand zurückgezogen am {}", long_date(*on, DE))
        }
    };
    format!("Antwort {number}: {way} an {to}; freigegeben von {by}; {state}.")
}

/// What the mail server's word is worth as a proof.
pub fn proof(message_id: &str, settled: Option<String>) -> String {
    match settled {
        Some(when) => format!("vom Mailserver angenommen {when}; Message-ID {message_id}"),
        None if message_id.is_empty() => String::new(),
        None => format!("Message-ID {message_id}"),
    }
}

/// Whether an event departs from the usual way and says why.
pub fn departs(event: &Event) -> bool {
    matches!(
        event,
        Event::SearchCutShort { .. }
            | Event::LateExplained { .. }
            | Event::Extended { .. }
            | Event::HoldSet { .. }
            | Event::Misdirected { .. }
    ) || matches!(event, Event::Paused { pause, .. } if pause.late)
        || matches!(event, Event::Released { released } if released.lacking.is_some())
}

/// Whether an event belongs to what happened after the answer.
pub fn afterwards(event: &Event) -> bool {
    matches!(
        event,
        Event::Complained { .. }
            | Event::HoldSet { .. }
            | Event::HoldLifted { .. }
            | Event::CopiesDestroyed { .. }
            | Event::Misdelivered { .. }
            | Event::Breach { .. }
            | Event::Reopened { .. }
            | Event::Recalled { .. }
            | Event::Bounced { .. }
    )
}

/// Where a section is empty.
pub fn none() -> &'static str {
    "Keine."
}

/// What stands under the ledger's heading.
pub fn ledger(origin: &str, entries: usize, first: Option<i64>, last: Option<i64>) -> String {
    let places = match (first, last) {
        (Some(first), Some(last)) => format!(", Nummern {first} bis {last}"),
        _ => String::new(),
    };
    format!(
        "Jeder Schritt dieses Vorgangs steht als Eintrag im verketteten Protokoll „{origin}“: {entries} Einträge{places}. Die Einträge mit ihren Prüfsummen stehen in „akte.json“. Der folgende Prüfpunkt ist unterschrieben; mit ihm und einem Auszug des Protokolls lässt sich ohne uns nachrechnen, dass nichts geändert oder entfernt wurde."
    )
}

/// A number of the ledger as it stands in a cell.
pub fn at(day: NaiveDate, time: &str) -> String {
    format!("{}, {time}", short_date(day, DE))
}

/// Labels of the block at the right.
pub fn info() -> [&'static str; 3] {
    ["Vorgang", "Datum", "Auskunft gibt"]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ids::FileId;
    use crate::domain::interim::Interim;
    use crate::domain::letter::{About, Carrier};
    use crate::domain::scope::Actor;

    #[test]
    fn art_5_2_a_letter_beside_the_answer_is_named_with_its_way_and_its_day() {
        let mut interim = Letter {
            about: About::Interim(Interim {
                done: String::new().into(),
                open: "das Archiv".to_owned().into(),
                by: None,
            }),
            at: "2026-03-04T23:30:00Z".parse().unwrap(),
            by: Actor::house(),
            to: "Gesa Geprüft\nDeich 1\n26123 Oldenburg".to_owned().into(),
            carrier: Carrier::Post { file: FileId(1) },
            texts: String::new(),
            left: None,
        };
        assert_eq!(
            letter(&interim, "Vera"),
            "Zwischenstand: freigegeben am Donnerstag, 5. März 2026 von Vera, an Gesa Geprüft, Deich 1, 26123 Oldenburg; gedruckt, noch nicht zur Post gegeben."
        );
        interim.left = "2026-03-06".parse().ok();
        assert!(letter(&interim, "Vera").ends_with("; zur Post gegeben am Freitag, 6. März 2026."));
    }
}
