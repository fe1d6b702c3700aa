//! A mail that a person judged otherwise than the program, as an example to learn from: without names, addresses and
//! numbers, and not for ever.

use chrono::{Months, NaiveDate};
use serde::{Deserialize, Serialize};

use super::incoming::{Understood, Verdict};
use super::right::Right;

/// Months after which an example is destroyed.
const MONTHS: u32 = 6;
/// What somebody says a mail is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Judged {
    /// Whether it asks for something.
    pub verdict: Verdict,
    /// What kind it is; a code, empty where nobody said.
    pub kind: String,
    /// What it asks for.
    pub rights: Vec<Right>,
}

/// One example.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Example {
    /// The words, without what tells who it was.
    pub text: String,
    /// In which language; ISO 639-1.
    pub language: Option<String>,
    /// What the program took it for.
    pub proposed: Judged,
    /// What the person said.
    pub said: Judged,
}

impl Example {
    /// An example, if the person said something else than the program. `text` tells no longer who it was.
    pub fn of(understood: &Understood, said: Judged, text: String) -> Option<Example> {
        let proposed = Judged {
            verdict: understood.verdict,
            kind: understood.kind.clone(),
            rights: understood.rights.clone(),
        };
        let differs = proposed.verdict != said.verdict
            || said.verdict == Verdict::Yes && !said.rights.is_empty() && {
                let mut one = proposed.rights.clone();
                let mut other = said.rights.clone();
                one.sort();
                other.sort();
                one != other
            };
        differs.then(|| Example {
            text,
            language: understood.language.clone(),
            proposed,
            said,
        })
    }

    /// The first day on which it is destroyed.
    pub fn until(kept: NaiveDate) -> NaiveDate {
        kept.checked_add_months(Months::new(MONTHS))
            .unwrap_or(NaiveDate::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn understood() -> Understood {
        Understood {
            verdict: Verdict::No,
            kind: "other".into(),
            name: "Nora Nebenan".to_owned().into(),
            email: "nora@post.example".to_owned().into(),
            language: Some("de".into()),
            ..Understood::default()
        }
    }

    fn yes(rights: &[Right]) -> Judged {
        Judged {
            verdict: Verdict::Yes,
            kind: String::new(),
            rights: rights.to_vec(),
        }
    }

    #[test]
    fn what_was_judged_alike_is_no_example() {
        let same = Judged {
            verdict: Verdict::No,
            kind: String::new(),
            rights: vec![],
        };
        assert_eq!(Example::of(&understood(), same, String::new()), None);
        let read = Understood {
            verdict: Verdict::Yes,
            rights: vec![Right::Erasure, Right::Access],
            ..understood()
        };
        assert_eq!(
            Example::of(&read, yes(&[Right::Access, Right::Erasure]), String::new()),
            None
        );
        assert!(Example::of(&read, yes(&[Right::Access]), String::new()).is_some());
    }

    #[test]
    fn art_5_1_e_an_example_lives_half_a_year() {
        let kept = "2026-08-31".parse().unwrap();
        assert_eq!(Example::until(kept), "2027-02-28".parse().unwrap());
    }
}
