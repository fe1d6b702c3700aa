//! Invented people and what they ask for; the same number gives the same person.

use rechtzeitig::casework::Token;
use rechtzeitig::casework::intake::{Submission, Wish};
use rechtzeitig::domain::intake::{OnBehalf, ReplyBy};
use rechtzeitig::domain::lang::Lang;
use rechtzeitig::domain::right::Right;

/// One in a hundred bears it.
pub const FREQUENT: &str = "Hollenbeck";

const FIRST: [&str; 24] = [
    "Johanna",
    "Emil",
    "Mara",
    "Konrad",
    "Lioba",
    "Till",
    "Svenja",
    "Bruno",
    "Ayla",
    "Henrik",
    "Wiebke",
    "Jasper",
    "Friederike",
    "Malte",
    "Ronja",
    "Oskar",
    "Thea",
    "Levin",
    "Cosima",
    "Arvid",
    "Philippa",
    "Quirin",
    "Dorothea",
    "Yunus",
];
const HEAD: [&str; 40] = [
    "Birken", "Stein", "Ober", "Nieder", "Lang", "Kirch", "Rosen", "Hagen", "Wester", "Oster",
    "Falken", "Linden", "Grün", "Eichen", "Mühl", "Hoch", "Sommer", "Winter", "Brunn", "Dorn",
    "Eber", "Fuchs", "Hirsch", "Kalten", "Lauter", "Morgen", "Neuen", "Reichen", "Schön", "Tannen",
    "Ulmen", "Vogel", "Wald", "Weiden", "Ziegel", "Alten", "Breiten", "Rauten", "Silber", "Weißen",
];
const TAIL: [&str; 25] = [
    "feld", "bach", "berg", "hof", "mann", "thal", "kamp", "stedt", "heim", "au", "born", "furt",
    "hausen", "stein", "wald", "rath", "brink", "moor", "horst", "beck", "loh", "egg", "ried",
    "siek", "büttel",
];

fn pick<'a>(from: &[&'a str], number: u64) -> &'a str {
    let length = from.len().max(1) as u64;
    usize::try_from(number % length)
        .ok()
        .and_then(|at| from.get(at))
        .copied()
        .unwrap_or_default()
}

/// Name and address of this person.
pub fn person(number: u64) -> (String, String) {
    let first = pick(&FIRST, number);
    let last = if number.is_multiple_of(100) {
        FREQUENT.to_owned()
    } else {
        // Spread, so that neighbours in time are no neighbours in the index.
        let spread = number.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32;
        format!("{}{}", pick(&HEAD, spread), pick(&TAIL, spread / 40))
    };
    let email = format!("{}.{number}@post.example", first.to_lowercase());
    (format!("{first} {last}"), email)
}

/// What this person wants, in words.
pub fn words(number: u64) -> String {
    format!(
        "Guten Tag, ich war bis vor kurzem bei Ihnen Kundin (Vertrag {number}) und möchte wissen, welche Daten Sie noch \
         über mich gespeichert haben, woher sie stammen und an wen sie weitergegeben wurden. Danach bitte löschen. \
         Mit freundlichen Grüßen"
    )
}

/// The form of this person, as the counter hands it to the office.
pub fn form(number: u64) -> Submission {
    let (name, email) = person(number);
    Submission {
        form: Token::generate(),
        wish: Wish {
            rights: vec![Right::Access, Right::Erasure],
            text: words(number).into(),
            lang: Lang::De,
            on_behalf: OnBehalf::Own,
            name: name.into(),
            data_subject: None,
            email: Some(email.into()),
            address: None,
            hints: None,
            reply_by: ReplyBy::Portal,
            copy_first: Some(true),
            shared_mailbox: Some(false),
        },
        with_files: false,
        suspicious: false,
    }
}
