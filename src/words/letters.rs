//! The letters that leave beside the answer: what the story says of them, and how far they are. For the desk.

use super::dates::long_date;
use super::terms;
use crate::domain::case::Case;
use crate::domain::deadline::PauseKind;
use crate::domain::elsewhere::Owed;
use crate::domain::fee::{Consent, Fee, FeeAnswer};
use crate::domain::lang::Lang;
use crate::domain::letter::{About, Carrier, Letter};
use crate::domain::unsent::Unsent;

const DE: Lang = Lang::De;

/// The page of the notice before a restriction ends.
pub const LIFTING: &str = "Ende der Einschränkung mitteilen";
/// The page of a fee.
pub const FEE: &str = "Gebühr mitteilen";
/// The page of a word in between.
pub const INTERIM: &str = "Zwischenstand schreiben";
/// The page of the notice to somebody else.
pub const ELSEWHERE: &str = "Information nach Art. 14";

/// What a letter is, in a few words.
pub fn about(about: &About) -> &'static str {
    match about {
        About::Lifting(_) => "Mitteilung, dass die Einschränkung endet",
        About::Fee(_) => "Mitteilung einer Gebühr",
        About::Interim(_) => "Zwischenstand",
        About::Elsewhere(_) => "Information nach Art. 14 DSGVO",
    }
}

/// What a printed question is, which lies on a desk.
pub fn question(kind: PauseKind) -> &'static str {
    match kind {
        PauseKind::Identity => "Bitte um einen Nachweis der Identität",
        PauseKind::Scope => "Frage nach dem Umfang",
    }
}

/// That a question has not left, and what that means for the clock.
pub fn unsent(question: &Unsent) -> &'static str {
    match (question.lies(), question.answered.is_some()) {
        (false, true) => "Die Nachfrage ist noch nicht versendet.",
        (false, false) => "Die Frage ist noch nicht versendet; die Frist läuft.",
        (true, _) if question.stuck => {
            "Die Frage ist noch nicht versendet, die E-Mail ging nicht hinaus; die Frist läuft. Senden Sie sie noch einmal, oder fragen Sie per Brief."
        }
        (true, _) => {
            "Die Frage ist gedruckt, aber noch nicht versendet; die Frist läuft. Geben Sie den Brief zur Post und tragen Sie den Tag ein."
        }
    }
}

/// That it was released.
pub fn released(letter: &Letter) -> String {
    let way = match letter.carrier {
        Carrier::Mail { .. } => "per E-Mail",
        Carrier::Post { .. } => "zum Versand per Post",
    };
    let what = about(&letter.about);
    match &letter.about {
        About::Lifting(it) => format!(
            "{what}, freigegeben {way}. Sie endet am {}.",
            long_date(it.from, DE)
        ),
        About::Fee(it) => format!(
            "{what} ({}), freigegeben {way}. Antworten kann die Person bis {}. Die Frist läuft weiter.",
            terms::right_name(it.right, DE),
            long_date(it.until, DE)
        ),
        About::Interim(_) => format!("{what}, freigegeben {way}. Die Frist bleibt, wie sie ist."),
        About::Elsewhere(it) => format!(
            "{what} an eine andere Person, freigegeben {way}. Die Daten kamen am {}.",
            long_date(it.obtained, DE)
        ),
    }
}

/// How far it is.
pub fn state(letter: &Letter) -> String {
    match (letter.left, letter.carrier) {
        (Some(on), Carrier::Mail { .. }) => {
            format!("per E-Mail versendet am {}", long_date(on, DE))
        }
        (Some(on), Carrier::Post { .. }) => format!("zur Post gegeben am {}", long_date(on, DE)),
        (None, Carrier::Mail { .. }) => "im Postausgang".to_owned(),
        (None, Carrier::Post { .. }) => "gedruckt, noch nicht zur Post gegeben".to_owned(),
    }
}

/// What the person said to a fee.
pub fn consent(answer: &FeeAnswer) -> String {
    let on = long_date(answer.on, DE);
    match answer.consent {
        Consent::Agrees => format!("Die Person stimmt der Gebühr zu ({on})."),
        Consent::Withdraws => {
            format!("Die Person will keine Gebühr zahlen und nimmt den Antrag zurück ({on}).")
        }
        Consent::Silent => {
            format!("Keine Antwort auf die Gebühr ({on}). Berechnet wird nichts.")
        }
    }
}

/// How far a fee is: how much, told when, answered how.
pub fn fee(letter: &Letter, fee: &Fee) -> String {
    let told = match letter.left {
        Some(on) => format!("mitgeteilt am {}", long_date(on, DE)),
        None => state(letter),
    };
    let answer = match &fee.answer {
        Some(answer) => consent(answer),
        None => format!("Antwort erwartet bis {}.", long_date(fee.until, DE)),
    };
    format!("Gebühr {}, {told}. {answer}", fee.amount.reveal())
}

/// By what an owed notice is met again; no name.
pub fn owed(number: usize) -> String {
    format!("Information nach Art. 14 DSGVO, Nr. {number}")
}

/// That a notice is owed.
pub fn owes(owed: &Owed) -> String {
    format!(
        "{}: vorgemerkt, zu erledigen bis {}.",
        owed.what,
        long_date(owed.due, DE)
    )
}

/// Where the search stands, as a proposal: what is done, and what is missing. Nothing of what was found.
pub fn progress(case: &Case, lang: Lang) -> (String, String) {
    let (tasks, open) = (case.collection.tasks.len(), case.collection.open());
    let done = tasks.saturating_sub(open);
    let answering = match lang {
        Lang::De => "Wir schreiben die Antwort und prüfen sie.",
        Lang::En => "We write the answer and check it.",
    };
    let searching = match (case.collection.begun, open, lang) {
        (false, _, Lang::De) => "Wir suchen in unseren Systemen.".to_owned(),
        (false, _, Lang::En) => "We search our systems.".to_owned(),
        (true, 0, _) => String::new(),
        (true, 1, Lang::De) => "Ein System ist noch zu prüfen.".to_owned(),
        (true, 1, Lang::En) => "One system is still to be checked.".to_owned(),
        (true, open, Lang::De) => format!("{open} Systeme sind noch zu prüfen."),
        (true, open, Lang::En) => format!("{open} systems are still to be checked."),
    };
    let searched = match (done, lang) {
        (0, _) => String::new(),
        (done, Lang::De) => format!("Wir haben {done} von {tasks} Systemen geprüft."),
        (done, Lang::En) => format!("We have checked {done} of {tasks} systems."),
    };
    (
        searched,
        format!("{searching}\n{answering}").trim().to_owned(),
    )
}
