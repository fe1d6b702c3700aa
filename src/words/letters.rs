//! The letters that leave beside the answer: what the story says of them, and how far they are. For the desk.

use super::dates::long_date;
use super::terms;
use crate::domain::fee::{Consent, Fee, FeeAnswer};
use crate::domain::lang::Lang;
use crate::domain::letter::{About, Carrier, Letter};

const DE: Lang = Lang::De;

/// What a letter is, in a few words.
pub fn about(about: &About) -> &'static str {
    match about {
        About::Lifting(_) => "Mitteilung, dass die Einschränkung endet",
        About::Fee(_) => "Mitteilung einer Gebühr",
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
