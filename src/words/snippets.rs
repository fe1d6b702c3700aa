//! Words for letters that come with the program; an office adds its own.

use crate::domain::lang::Lang;
use crate::domain::snippet::Snippet;

const DE: [(&str, &str); 4] = [
    (
        "Danke für die Angaben",
        "vielen Dank für Ihre Nachricht. Ihre Angaben sind bei Ihrem Vorgang {Vorgang} vermerkt.",
    ),
    (
        "Es dauert noch",
        "Ihr Antrag vom {Eingang} ist in Arbeit. Sie erhalten unsere Antwort spätestens am {Frist}. Sie müssen dafür nichts tun.",
    ),
    (
        "Rückfrage: womit suchen wir?",
        "damit wir Ihre Daten in unseren Systemen finden, brauchen wir noch eine Angabe: Mit welcher E-Mail-Adresse, Kundennummer oder Anschrift hatten Sie mit uns zu tun? Eine davon genügt.",
    ),
    (
        "Was ist gemeint?",
        "wir möchten Ihren Antrag richtig verstehen. Schreiben Sie uns bitte in einem Satz, was wir mit Ihren Daten tun sollen: Auskunft geben, berichtigen, löschen oder etwas anderes?",
    ),
];

const EN: [(&str, &str); 4] = [
    (
        "Thank you for the details",
        "thank you for your message. We have noted your details with your case {Vorgang}.",
    ),
    (
        "It will take a while yet",
        "We are working on your request of {Eingang}. You will have our answer by {Frist} at the latest. There is nothing you need to do.",
    ),
    (
        "What shall we search with?",
        "To find your data in our systems we need one more detail: which e-mail address, customer number or postal address did you use with us? One of them is enough.",
    ),
    (
        "What is meant?",
        "We would like to understand your request correctly. Please tell us in one sentence what we should do with your data: give you access, correct them, erase them, or something else?",
    ),
];

/// What fills the gaps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gaps {
    /// The case's number.
    pub number: String,
    /// The day of receipt.
    pub received: String,
    /// The day due.
    pub due: String,
}

/// The words with their gaps filled. What is no gap stays as it is.
pub fn filled(words: &str, gaps: &Gaps) -> String {
    words
        .replace("{Vorgang}", &gaps.number)
        .replace("{Eingang}", &gaps.received)
        .replace("{Frist}", &gaps.due)
}

/// The words that come with the program, in this language.
pub fn built_in(lang: Lang) -> Vec<Snippet> {
    let known = match lang {
        Lang::De => DE,
        Lang::En => EN,
    };
    known
        .into_iter()
        .map(|(name, words)| Snippet {
            id: None,
            lang,
            name: name.to_owned(),
            words: words.to_owned(),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gaps_are_filled_and_other_braces_stay() {
        let gaps = Gaps {
            number: "2026-ABCDE-F".into(),
            received: "2. März 2026".into(),
            due: "2. April 2026".into(),
        };
        let words = "Zu {Vorgang} vom {Eingang}: spätestens am {Frist}, {sonst} nichts.";
        assert_eq!(
            filled(words, &gaps),
            "Zu 2026-ABCDE-F vom 2. März 2026: spätestens am 2. April 2026, {sonst} nichts."
        );
    }

    #[test]
    fn what_comes_with_the_program_could_be_kept_by_hand() {
        for lang in Lang::ALL {
            for snippet in built_in(lang) {
                assert!(snippet.check().is_ok(), "{}", snippet.name);
            }
        }
    }
}
