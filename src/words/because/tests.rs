//! Reasons as a clerk reads them.

use super::*;
use crate::domain::calendar::{Calendar, Place};
use crate::domain::deadline::{Period, extend, what_if};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn period(received: &str, place: &str) -> Period {
    Period::on(day(received), Place::parse(place).unwrap())
}

fn told(period: Period, lang: Lang) -> String {
    because(&period.deadline(Calendar::shipped()).unwrap(), lang)
}

#[test]
fn easter_is_named_day_by_day() {
    assert_eq!(
        told(period("2026-03-05", "DE-HE"), Lang::De),
        "Eingegangen am Donnerstag, 5. März 2026. Der Tag des Eingangs zählt nicht mit; ein Monat später ist Sonntag, \
         5. April 2026 (Art. 12 Abs. 3 DSGVO, Art. 3 Abs. 1 und Abs. 2 Buchst. c VO 1182/71). Sonntag, 5. April 2026 \
         ist kein Arbeitstag; Montag, 6. April 2026 ist Feiertag in Hessen: „Ostermontag“; darum endet die Frist erst \
         mit Ablauf des nächsten Arbeitstags, Dienstag, 7. April 2026 (Art. 3 Abs. 4 VO 1182/71)."
    );
}

#[test]
fn a_municipal_holiday_names_the_town_and_the_cautious_day() {
    let text = told(period("2025-07-08", "DE-BY+augsburg"), Lang::En);
    assert!(
        text.contains("is a public holiday in Bavaria (city of Augsburg): “Augsburg Peace Festival”; Saturday, 9 August 2025 and Sunday, 10 August 2025 are no working days; so"),
        "{text}"
    );
    assert!(
        text.ends_with(
            "Cautious date: Friday, 8 August 2025, counted with nationwide holidays only."
        ),
        "{text}"
    );
}

#[test]
fn the_instant_and_the_clamp_are_told() {
    let at = "2026-03-30T22:30:00Z".parse().unwrap();
    let text = told(Period::at(at, Place::nationwide()), Lang::De);
    assert!(
        text.starts_with("Eingegangen am Dienstag, 31. März 2026 um 00:30 Uhr deutscher Zeit."),
        "{text}"
    );
    assert!(text.contains("Einen 31. hat dieser Monat nicht"), "{text}");
}

#[test]
fn a_pause_and_an_extension_are_told() {
    let calendar = Calendar::shipped();
    let asked = what_if(
        period("2025-01-31", "DE-HE"),
        Some(day("2025-02-03")),
        Some(day("2025-02-13")),
        calendar,
    );
    let deadline = asked.unwrap().deadline;
    let text = because(&deadline, Lang::De);
    assert!(
        text.contains(
            "ausreichend geantwortet: 10 Tage kommen hinzu, das ergibt Montag, 10. März 2025"
        ),
        "{text}"
    );
    assert!(
        text.ends_with("Vorsichtiger Termin: Freitag, 28. Februar 2025, ohne die Pause gerechnet."),
        "{text}"
    );

    let mut extended = period("2025-01-31", "DE-HE");
    let plain = extended.deadline(calendar).unwrap();
    extended.extension =
        Some(extend(&plain, day("2025-02-20"), "drei Anträge", day("2025-02-20")).unwrap());
    let text = told(extended, Lang::De);
    assert!(
        text.contains("3 Monate nach dem Eingang ist Mittwoch, 30. April 2025"),
        "{text}"
    );
    assert!(
        text.contains("Vorsichtiger Termin: Montag, 28. April 2025, nach der strengsten Lesart"),
        "{text}"
    );
    let text = because_extension(&plain, Lang::En);
    assert!(text.contains("until Wednesday, 30 April 2025"), "{text}");
    assert!(
        text.ends_with("By the strictest reading it would then end on Monday, 28 April 2025."),
        "{text}"
    );
}

#[test]
fn no_sentence_mixes_the_languages_or_breaks_the_line() {
    let calendar = Calendar::shipped();
    for place in calendar.places() {
        for received in ["2025-03-18", "2025-07-15", "2026-10-18", "2026-01-31"] {
            let deadline = Period::on(day(received), place.clone())
                .deadline(calendar)
                .unwrap();
            let (de, en) = (because(&deadline, Lang::De), because(&deadline, Lang::En));
            assert!(!de.contains("Reg.") && !de.contains(" is "), "{de}");
            assert!(!en.contains("VO ") && !en.contains(" ist "), "{en}");
            assert!(!de.contains('\n') && !de.contains("  "), "{de}");
        }
    }
}

#[test]
fn a_question_of_scope_rests_on_its_recital() {
    use crate::domain::deadline::{Demand, Pause};
    let calendar = Calendar::shipped();
    let mut asked = period("2026-05-04", "DE");
    let demand = Demand::supposed(PauseKind::Scope, day("2026-05-11"), day("2026-05-04"));
    let pause = Pause::ask(demand, calendar, &asked.place).unwrap();
    asked.pauses = vec![pause.answer(day("2026-05-13")).unwrap()];
    let text = told(asked.clone(), Lang::De);
    assert!(text.contains("(Erwägungsgrund 63 DSGVO)."), "{text}");
    let text = told(asked, Lang::En);
    assert!(text.contains("(Recital 63 GDPR)."), "{text}");
}

#[test]
fn a_holiday_lies_in_its_land_as_one_says_it() {
    let text = told(period("2026-07-15", "DE-SL"), Lang::De);
    assert!(
        text.contains("ist Feiertag im Saarland: „Mariä Himmelfahrt“"),
        "{text}"
    );
}
