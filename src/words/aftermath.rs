//! What happens after an answer, in words: holds, complaints, copies destroyed, breaches. For the desk.

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Europe::Berlin;

use super::dates::{long_date, short_date};
use super::{size, terms};
use crate::domain::aftermath::{CopyOf, Destroyed, Forum, Hold};
use crate::domain::breach::{BreachStep, Origin, Report, Told};
use crate::domain::event::Event;
use crate::domain::lang::Lang;

const DE: Lang = Lang::De;

/// What happened, in one sentence or two.
pub fn sentence(event: &Event) -> String {
    match event {
        Event::Complained { complaint } => format!(
            "Beschwerde vom {}, {}.",
            long_date(complaint.on, DE),
            forum(complaint.to)
        ),
        Event::LateExplained { .. } => {
            "Festgehalten, warum die Antwort nach der Frist kommt. Der Satz steht im Brief.".into()
        }
        Event::HoldSet { .. } => "Sperre gegen Löschung gesetzt.".into(),
        Event::HoldLifted { .. } => "Sperre gegen Löschung aufgehoben.".into(),
        Event::CopiesDestroyed { .. } => {
            "Die Kopie ist vernichtet: Datenpaket und Fundstücke. Was den Vorgang beweist, bleibt."
                .into()
        }
        Event::Misdelivered { .. } => {
            "Die Antwort ging an die falsche Person. Ihre Links sind beendet, der Postausgang dieses Vorgangs ist angehalten."
                .into()
        }
        Event::Breach { step, .. } => match step {
            BreachStep::Opened { breach } => format!(
                "Datenpanne eröffnet, {}. Bekannt seit {}; die 72 Stunden enden {}.",
                origin(breach.origin),
                moment(breach.aware),
                moment(breach.due())
            ),
            BreachStep::Described { .. } => "Datenpanne: Angaben ergänzt.".into(),
            BreachStep::Authority {
                told: Told::Yes { at, .. },
            } => format!("Datenpanne: der Aufsichtsbehörde gemeldet am {}.", moment(*at)),
            BreachStep::Authority { .. } => {
                "Datenpanne: keine Meldung an die Aufsichtsbehörde nötig.".into()
            }
            BreachStep::Persons {
                told: Told::Yes { at, .. },
            } => format!("Datenpanne: Betroffene benachrichtigt am {}.", moment(*at)),
            BreachStep::Persons { .. } => {
                "Datenpanne: keine Benachrichtigung der Betroffenen nötig.".into()
            }
            BreachStep::Closed { .. } => "Datenpanne abgeschlossen.".into(),
        },
        _ => String::new(),
    }
}

/// The words that were written with it.
pub fn detail(event: &Event) -> String {
    match event {
        Event::Complained { complaint } => complaint.text.reveal().clone(),
        Event::LateExplained { because } | Event::HoldLifted { because, .. } => {
            because.reveal().clone()
        }
        Event::HoldSet { hold } => hold_reason(hold).to_owned(),
        Event::CopiesDestroyed { destroyed, .. } => destroyed
            .iter()
            .map(destroyed_line)
            .collect::<Vec<_>>()
            .join("\n"),
        Event::Misdelivered { slip } => {
            let mut lines = vec![
                slip.note.reveal().clone(),
                format!("Gegangen an: {}", slip.to.reveal().replace('\n', ", ")),
            ];
            lines.push(match slip.fetched.as_slice() {
                [] => "Abgerufen wurde davon nach dem Protokoll nichts.".to_owned(),
                fetched => fetched
                    .iter()
                    .map(|(_, on)| {
                        format!(
                            "Eine Datei vollständig abgerufen am {}.",
                            long_date(*on, DE)
                        )
                    })
                    .collect::<Vec<_>>()
                    .join("\n"),
            });
            lines.join("\n")
        }
        Event::Breach { step, .. } => match step {
            BreachStep::Opened { breach } => breach.report.nature.reveal().clone(),
            BreachStep::Described { report } => report_lines(report),
            BreachStep::Authority { told } | BreachStep::Persons { told } => told_words(told),
            BreachStep::Closed { .. } => String::new(),
        },
        _ => String::new(),
    }
}

/// Why a hold stands.
pub fn hold_reason(hold: &Hold) -> &str {
    terms::reopened(hold.because.reveal(), DE)
}

/// To whom a complaint went.
pub fn forum(forum: Forum) -> &'static str {
    match forum {
        Forum::Us => "an uns",
        Forum::Authority => "an die Aufsichtsbehörde",
        Forum::Court => "an ein Gericht",
    }
}

/// The same as a choice.
pub fn forum_label(forum: Forum) -> &'static str {
    match forum {
        Forum::Us => "Sie beschwert sich bei uns",
        Forum::Authority => "Sie beschwert sich bei der Aufsichtsbehörde oder kündigt es an",
        Forum::Court => "Sie klagt oder kündigt es an",
    }
}

/// How a breach came to light.
pub fn origin(origin: Origin) -> &'static str {
    match origin {
        Origin::Misdelivery => "eine Antwort ging an die falsche Person",
        Origin::Message => "durch eine Nachricht gemeldet",
        Origin::Office => "im Haus bemerkt",
    }
}

/// A part of the notice of Art. 33(3) GDPR, or a decision about it.
pub fn part(name: &str) -> &'static str {
    match name {
        "nature" => "was geschehen ist",
        "categories" => "welche Personen und welche Daten",
        "numbers" => "ungefähr wie viele Personen und Datensätze",
        "contact" => "wer Auskunft gibt",
        "consequences" => "was daraus folgen kann",
        "measures" => "was getan wurde oder wird",
        "authority" => "ob die Aufsichtsbehörde es erfährt",
        _ => "ob die Betroffenen es erfahren",
    }
}

/// The parts that are written, one line each.
pub fn report_lines(report: &Report) -> String {
    let written = report
        .parts()
        .into_iter()
        .filter(|(_, text)| !text.reveal().trim().is_empty());
    written
        .map(|(name, text)| {
            let mut label = part(name).to_owned();
            if let Some(first) = label.get(..1) {
                label = format!(
                    "{}{}",
                    first.to_uppercase(),
                    label.get(1..).unwrap_or_default()
                );
            }
            format!("{label}: {}", text.reveal())
        })
        .collect::<Vec<_>>()
        .join("\n")
}

/// What was told, how and why late, or why not.
pub fn told_words(told: &Told) -> String {
    match told {
        Told::Yes { how, late, .. } => match late {
            Some(late) => format!(
                "{}\nWarum erst nach 72 Stunden: {}",
                how.reveal(),
                late.reveal()
            ),
            None => how.reveal().clone(),
        },
        Told::No { because } => because.reveal().clone(),
    }
}

/// A part of the copy that was destroyed, in one line.
pub fn destroyed_line(one: &Destroyed) -> String {
    let what = match one.what {
        CopyOf::Package => "Datenpaket".to_owned(),
        CopyOf::Finding => one.system.clone(),
    };
    let files = match one.files {
        0 => "nur Text".to_owned(),
        1 => "1 Datei".to_owned(),
        many => format!("{many} Dateien"),
    };
    let categories = match one.categories.is_empty() {
        true => String::new(),
        false => format!("; Kategorien: {}", one.categories.join(", ")),
    };
    let hashes = match one.sha256.is_empty() {
        true => String::new(),
        false => format!("; SHA-256 {}", one.sha256.join(", ")),
    };
    format!(
        "{what}: {files}, {}{categories}{hashes}",
        size::size(one.size, DE)
    )
}

/// Until when what of a file is kept, one line each.
pub fn kept(copy: Option<NaiveDate>, all: Option<NaiveDate>, destroyed: bool) -> Vec<String> {
    let copy = match (copy, destroyed) {
        (Some(day), _) => Some(format!("Die Kopie bis {}.", short_date(day, DE))),
        (None, true) => Some("Die Kopie ist vernichtet.".to_owned()),
        (None, false) => None,
    };
    let all = match all {
        Some(day) => format!("Die Akte bis {}.", short_date(day, DE)),
        None => "Die Akte bis zum 1. Januar des vierten Jahres nach dem Abschluss.".to_owned(),
    };
    copy.into_iter().chain([all]).collect()
}

/// The same while nothing may go.
pub fn kept_on_hold() -> &'static str {
    "Eine Sperre steht: Es wird nichts gelöscht."
}

/// A message that was stopped before it left.
pub fn stopped() -> &'static str {
    "angehalten: Die Antwort ging an die falsche Person"
}

/// What is said of a breach once the authority was decided on.
pub fn authority_decided() -> &'static str {
    "zur Aufsichtsbehörde entschieden, noch nicht abgeschlossen"
}

/// A moment in Germany: `Dienstag, 7. April 2026, 14:05 Uhr`.
pub fn moment(at: DateTime<Utc>) -> String {
    let local = at.with_timezone(&Berlin);
    format!(
        "{}, {} Uhr",
        long_date(local.date_naive(), DE),
        local.format("%H:%M")
    )
}

/// How many hours are left: `noch 41 Stunden`, `seit 3 Stunden vorbei`.
pub fn hours_left(hours: i64) -> String {
    match hours {
        2.. => format!("noch {hours} Stunden"),
        1 => "noch eine Stunde".to_owned(),
        0 => "weniger als eine Stunde".to_owned(),
        -1 => "seit weniger als einer Stunde vorbei".to_owned(),
        _ => format!("seit {} Stunden vorbei", -hours - 1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_are_told_as_a_person_would() {
        for (hours, words) in [
            (72, "noch 72 Stunden"),
            (1, "noch eine Stunde"),
            (0, "weniger als eine Stunde"),
            (-1, "seit weniger als einer Stunde vorbei"),
            (-4, "seit 3 Stunden vorbei"),
        ] {
            assert_eq!(hours_left(hours), words);
        }
    }

    #[test]
    fn a_moment_is_told_in_german_time() {
        let at = "2026-07-01T22:30:00Z".parse().unwrap();
        assert_eq!(moment(at), "Donnerstag, 2. Juli 2026, 00:30 Uhr");
    }
}
