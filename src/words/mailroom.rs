//! The words of the mail room: what a mail is, how far it is, and what its reading rests on. For the desk.

use crate::domain::incoming::{IncomingState, Understood, Verdict};
use crate::domain::lang::Lang;
use crate::domain::right::Right;

use super::terms;

/// What kind of mail it is.
pub fn kind(code: &str) -> &'static str {
    match code {
        "request" => "Antrag",
        "reminder" => "Erinnerung an einen Antrag",
        "duplicate" => "Wiederholung eines Antrags",
        "identity-answer" => "Antwort auf eine Frage nach der Identität",
        "clarification-answer" => "Antwort auf eine Rückfrage",
        "withdrawal" => "Rücknahme eines Antrags",
        "forwarding" => "Weiterleitung durch eine andere Stelle",
        "art19-notice" => "Mitteilung nach Art. 19 DSGVO",
        "authority" => "Schreiben einer Behörde",
        "objection-by-machine" => "Werbewiderspruch durch ein Programm",
        "bounce" => "Unzustellbarkeit",
        "auto-reply" => "Automatische Antwort",
        _ => "Anderes",
    }
}

/// Whether it asks for something, as far as the reading knows.
pub fn verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Yes => "Verlangt etwas",
        Verdict::No => "Verlangt nichts",
        Verdict::Unclear => "Unklar",
    }
}

/// The name of a pile.
pub fn pile(state: IncomingState) -> &'static str {
    match state {
        IncomingState::New => "Noch nicht gelesen",
        IncomingState::Unclear => "Zu prüfen",
        IncomingState::Unreadable => "Nicht lesbar",
        IncomingState::No => "Kein Antrag",
        IncomingState::Case => "In einem Vorgang",
        IncomingState::Gone => "Gelöscht",
    }
}

/// A proposal in one line: what kind, which rights.
pub fn proposal(understood: &Understood) -> String {
    let rights: Vec<&str> = understood
        .rights
        .iter()
        .map(|right| terms::right_name(*right, Lang::De))
        .collect();
    match rights.is_empty() {
        true => kind(&understood.kind).to_owned(),
        false => format!("{}: {}", kind(&understood.kind), rights.join(", ")),
    }
}

/// What the reading noted of a mark, in the office's words.
fn mark(code: &str) -> String {
    match Right::from_code(code) {
        Some(right) => terms::right_name(right, Lang::De).to_owned(),
        None => match code {
            "21" => "Widerspruch".to_owned(),
            "right" => "ein Recht ohne Namen".to_owned(),
            code => kind(code).to_owned(),
        },
    }
}

/// One reason of a reading, in German; what has no words of its own is shown as the reading wrote it.
pub fn reason(line: &str) -> String {
    match line {
        "too-large" => {
            return "Die E-Mail ist größer als erlaubt; nur ihr Kopf wurde geholt. Sehen Sie im Postfach nach."
                .into();
        }
        "no-message" => return "Die Datei ist keine lesbare E-Mail.".into(),
        "broke-off" => {
            return "Das Lesen brach mehrmals ab. Sehen Sie sich das Original an.".into();
        }
        "taken-before" => return "Dieselbe E-Mail ist schon einmal gekommen.".into(),
        "neither phrases nor words sound like a request" => {
            return "Weder Wendungen noch Wörter klingen nach einem Antrag.".into();
        }
        _ => {}
    }
    let quoted = line.split_once(": “").and_then(|(code, rest)| {
        let (quote, rest) = rest.split_once('”')?;
        Some((code, quote, rest))
    });
    let Some((code, words, rest)) = short(quoted) else {
        return line.to_owned();
    };
    let place = match rest.contains("in the subject") {
        true => "im Betreff",
        false => "im Text",
    };
    let weak = match rest.split_once("weakened by “") {
        Some((_, by)) => format!(", abgeschwächt durch „{}“", by.trim_end_matches('”')),
        None => String::new(),
    };
    format!("{}: „{words}“ {place}{weak}", mark(code))
}

fn short<'a>(found: Option<(&'a str, &'a str, &'a str)>) -> Option<(&'a str, &'a str, &'a str)> {
    found.filter(|(code, ..)| code.len() < 24 && !code.contains(' '))
}

/// That a mail in a case was written from an address that is not the person's.
pub fn from_somebody_else(address: &str) -> String {
    format!(
        "E-Mail von {address}. Diese Adresse gehört nicht zur Person des Vorgangs: geben Sie dorthin nichts heraus und ändern Sie daraufhin keine Anschrift."
    )
}

/// What was odd about a mail, as a warning for whoever looks at it.
pub fn trouble(code: &str) -> Option<&'static str> {
    Some(match code {
        "encrypted" => "Die E-Mail oder ein Anhang ist verschlüsselt.",
        "html-hidden-text" => {
            "Die formatierte Fassung enthält unsichtbaren Text; er ist weggelassen."
        }
        "plain-and-html-differ" => {
            "Die reine und die formatierte Fassung sagen Verschiedenes; beide stehen unten."
        }
        "pdf-without-text" => "Eine PDF-Datei enthält nur Bilder, zum Beispiel einen Scan.",
        "pdf-unreadable" | "pdf-too-large" => "Eine PDF-Datei ließ sich nicht lesen.",
        "broken-multipart" => "Der Aufbau der E-Mail ist beschädigt; vielleicht fehlt etwas.",
        "too-many-parts" | "text-cut" => {
            "Die E-Mail ist ungewöhnlich lang; nicht alles wurde gelesen."
        }
        "unreadable-date" => "Das Datum des Absenders ist nicht lesbar.",
        "no-mail-head" => "Der Datei fehlt der Kopf einer E-Mail.",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_is_said_in_german_with_the_words_it_rests_on() {
        assert_eq!(
            reason("15: “was wissen Sie über mich” in the text"),
            "Auskunft: „was wissen Sie über mich“ im Text"
        );
        assert_eq!(
            reason("17: “Art. 17” in the subject, weakened by “Kunden verlangen”"),
            "Löschung: „Art. 17“ im Betreff, abgeschwächt durch „Kunden verlangen“"
        );
        assert!(reason("taken-before").starts_with("Dieselbe"));
        assert_eq!(reason("something new"), "something new");
    }

    #[test]
    fn a_proposal_names_kind_and_rights() {
        let understood = Understood {
            kind: "reminder".to_owned(),
            rights: vec![Right::Access, Right::Erasure],
            ..Understood::default()
        };
        assert_eq!(
            proposal(&understood),
            "Erinnerung an einen Antrag: Auskunft, Löschung"
        );
    }
}
