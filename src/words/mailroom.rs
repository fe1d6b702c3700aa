//! The words of the mail room: what a mail is, how far it is, and what its reading rests on. For the desk.

use chrono::NaiveDate;

use crate::domain::incoming::{IncomingState, Understood, Verdict};
use crate::domain::lang::Lang;
use crate::domain::right::Right;

use super::dates::long_date;
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

/// What a signature that our own mail server checked says.
pub fn signed_by(domain: &str) -> String {
    format!(
        "Die E-Mail trägt eine gültige Signatur von {domain} (DKIM, geprüft von Ihrem Mailserver). Das spricht dafür, dass sie aus diesem Postfach kam; ein Nachweis der Person ist es nicht."
    )
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

/// What the reading says in its own words, and how the office says it.
const SAID: [(&str, &str); 45] = [
    ("neither a sender nor words", "Weder Absender noch Worte"),
    ("a read receipt", "Eine Lesebestätigung"),
    (
        "an answer without a clear wish",
        "Eine Antwort ohne klaren Wunsch",
    ),
    (
        "asks for more than before",
        "Es wird mehr verlangt als zuvor",
    ),
    ("only thanks", "Nur ein Dank"),
    (
        "the request is taken back",
        "Der Antrag wird zurückgenommen",
    ),
    (
        "the same words by the same person again",
        "Dieselben Worte derselben Person noch einmal",
    ),
    (
        "day of receipt by the attached message",
        "Tag des Eingangs: aus der angehängten E-Mail",
    ),
    (
        "day of receipt by the form or ticket",
        "Tag des Eingangs: aus dem Formular oder Ticket",
    ),
    (
        "too-large",
        "Die E-Mail ist größer als erlaubt; nur ihr Kopf wurde geholt. Sehen Sie im Postfach nach.",
    ),
    ("no-message", "Die Datei ist keine lesbare E-Mail."),
    (
        "broke-off",
        "Das Lesen brach mehrmals ab. Sehen Sie sich das Original an.",
    ),
    ("taken-before", "Dieselbe E-Mail ist schon einmal gekommen."),
    ("asks for a right", "Es wird ein Recht verlangt"),
    ("may be a request", "Es könnte ein Antrag sein"),
    (
        "speaks of rights and names none",
        "Es ist von Rechten die Rede, keines wird genannt",
    ),
    (
        "neither phrases nor words sound like a request",
        "Weder Wendungen noch Wörter klingen nach einem Antrag",
    ),
    (
        "looks like a request in mail to many",
        "Es klingt nach einem Antrag, steht aber in einer Rundmail",
    ),
    (
        "presses for the answer to an earlier request",
        "Jemand drängt auf die Antwort zu einem früheren Antrag",
    ),
    (
        "an earlier request is taken back",
        "Ein früherer Antrag wird zurückgenommen",
    ),
    (
        "answers our question what is wanted",
        "Antwort auf unsere Frage, was gewünscht ist",
    ),
    (
        "answers our question who the person is",
        "Antwort auf unsere Frage, wer die Person ist",
    ),
    (
        "by a person whose request came before",
        "Von einer Person, die früher schon einen Antrag gestellt hat",
    ),
    (
        "somebody else passes a person's request on",
        "Jemand anderes gibt den Antrag einer Person weiter",
    ),
    (
        "another organisation passes a person's request on",
        "Eine andere Stelle gibt den Antrag einer Person weiter",
    ),
    (
        "another controller tells of its act",
        "Ein anderer Verantwortlicher meldet, was er getan hat",
    ),
    (
        "a supervisory authority writes",
        "Eine Aufsichtsbehörde schreibt",
    ),
    (
        "an unsubscription sent by a mail program",
        "Eine Abmeldung, die ein Mailprogramm verschickt hat",
    ),
    ("an abuse report", "Eine Beschwerde über unerwünschte Post"),
    (
        "an abuse report: somebody marked our mail as spam",
        "Jemand hat unsere Post als Spam gemeldet",
    ),
    (
        "an absence note or a receipt",
        "Eine Abwesenheitsnotiz oder Empfangsbestätigung",
    ),
    (
        "an answer without words of its own",
        "Eine Antwort ohne eigene Worte",
    ),
    (
        "the mail server says that mail came back",
        "Der Mailserver meldet, dass Post zurückkam",
    ),
    (
        "a machine wrote down what somebody may ask for",
        "Ein Programm hat aufgeschrieben, was vielleicht jemand verlangt",
    ),
    (
        "a language that is not read here",
        "Eine Sprache, die hier nicht gelesen wird",
    ),
    (
        "locked or encrypted: a person has to open it",
        "Verschlossen oder verschlüsselt: ein Mensch muss sie öffnen",
    ),
    (
        "what matters may stand in an attachment that has no text",
        "Das Wichtige steht vielleicht in einem Anhang ohne Text",
    ),
    (
        "the request stands in the text below",
        "Der Antrag steht im Text darunter",
    ),
    (
        "the house wrote it to the outside",
        "Das Haus hat sie selbst nach außen geschrieben",
    ),
    ("nothing but the word", "Nichts als das Wort"),
    (
        "the file could not be read",
        "Die Datei ließ sich nicht lesen",
    ),
    (
        "a colleague sent it on; the person inside is the one who asks",
        "Jemand aus dem Haus hat sie weitergeleitet; es fragt die Person darin",
    ),
    (
        "a form or helpdesk wrote it down; the person inside is the one who asks",
        "Ein Formular oder der Kundendienst hat sie aufgeschrieben; es fragt die Person darin",
    ),
    (
        "day of receipt by the first server of the house that took it",
        "Tag des Eingangs: der erste Server des Hauses, der sie annahm",
    ),
    (
        "day of receipt by the head of the forwarded message",
        "Tag des Eingangs: aus dem Kopf der weitergeleiteten E-Mail",
    ),
];

/// One reason of a reading, in German; what has no words of its own is shown as the reading wrote it.
pub fn reason(line: &str) -> String {
    let said = |text: &str| SAID.iter().find(|(reading, _)| *reading == text);
    if let Some((_, office)) = said(line) {
        return (*office).to_owned();
    }
    if let Some((first, words)) = line.split_once("; the words sound like it: ") {
        let words = words.replace('“', "„").replace('”', "“");
        let first = said(first).map_or(first, |(_, office)| office);
        return format!("{first}; so klingen die Wörter: {words}");
    }
    if let Some((first, mail)) = line.split_once("; belongs to ") {
        let first = said(first).map_or(first, |(_, office)| office);
        return format!("{first}; gehört zu {mail}");
    }
    for (before, office) in [
        ("belongs to ", "Gehört zu"),
        ("sent to ", "Verschickt an"),
        (
            "the headers say that a machine answered ",
            "Laut Kopf der E-Mail hat ein Programm geantwortet",
        ),
        ("day of receipt by ", "Tag des Eingangs nach"),
        ("not read: ", "nicht gelesen:"),
        ("a delivery report: ", "Bericht eines Mailservers:"),
    ] {
        if let Some(rest) = line.strip_prefix(before) {
            return format!("{office} {rest}");
        }
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

/// What stands in place of a case number where mails wait that belong to no case yet.
pub const WAITING: &str = "Eingang";

/// How many mails wait, and since when.
pub fn waiting(count: usize, since: NaiveDate) -> String {
    let since = long_date(since, Lang::De);
    match count {
        1 => format!(
            "Eine E-Mail wartet seit {since} auf einen Blick. Ist sie ein Antrag, läuft die Frist seitdem."
        ),
        count => format!(
            "{count} E-Mails warten auf einen Blick, die älteste seit {since}. Ist sie ein Antrag, läuft die Frist seitdem."
        ),
    }
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
        assert_eq!(
            reason("asks for a right; the words sound like it: “aus dem”, “Verteiler”"),
            "Es wird ein Recht verlangt; so klingen die Wörter: „aus dem“, „Verteiler“"
        );
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
