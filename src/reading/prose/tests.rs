//! Sentences of letters.

use super::*;

fn sentences(text: &str) -> Vec<String> {
    let prose = Prose::of(text);
    prose
        .sentences
        .iter()
        .map(|sentence| {
            let lead = prose.quote(sentence.lead.clone());
            let own = prose.quote(sentence.words.clone());
            if sentence.lead.is_empty() {
                own
            } else {
                format!("{lead} | {own}")
            }
        })
        .collect()
}

#[test]
fn abbreviations_and_numbers_end_nothing() {
    assert_eq!(
        sentences("Gemäß Art. 15 Abs. 1 DSGVO bitte ich um Auskunft. Frist: 3. März. Danke"),
        [
            "Gemäß Art. 15 Abs. 1 DSGVO bitte ich um Auskunft",
            "Frist: 3. März",
            "Danke"
        ]
    );
}

#[test]
fn soft_breaks_join_and_short_lines_part() {
    let text = "Bitte löschen Sie alle über mich gespeicherten\npersonenbezogenen Daten.\nMit freundlichen Grüßen\nMax Muster";
    assert_eq!(
        sentences(text),
        [
            "Bitte löschen Sie alle über mich gespeicherten personenbezogenen Daten",
            "Mit freundlichen Grüßen",
            "Max Muster"
        ]
    );
}

#[test]
fn items_know_their_lead() {
    assert_eq!(
        sentences("Ich verlange:\n- Auskunft\n- Löschung\n\nGruß"),
        [
            "Ich verlange",
            "Ich verlange | Auskunft",
            "Ich verlange | Löschung",
            "Gruß"
        ]
    );
}
