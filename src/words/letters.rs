//! The letters that leave beside the answer: what the story says of them, and how far they are. For the desk.

use super::dates::long_date;
use crate::domain::lang::Lang;
use crate::domain::letter::{About, Carrier, Letter};

const DE: Lang = Lang::De;

/// What a letter is, in a few words.
pub fn about(about: &About) -> &'static str {
    match about {
        About::Lifting(_) => "Mitteilung, dass die Einschränkung endet",
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
