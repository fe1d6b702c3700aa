//! What is ordered for the rights that are not about categories: a correction, a restriction, a look by a person.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::judgement::End;
use super::obstacle::Obstacle;
use super::private::Private;
use super::right::Right;

/// The four cases in which data are only stored (Art. 18(1) GDPR).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Occasion {
    /// (a): whether the data are right is disputed, and is being checked.
    Disputed,
    /// (b): the processing is unlawful, and the person wants no erasure.
    Unlawful,
    /// (c): only the person still needs the data, for legal claims.
    Claims,
    /// (d): an objection is being weighed.
    Objected,
}

impl Occasion {
    /// Every case, in the order of the law.
    pub const ALL: [Occasion; 4] = [
        Occasion::Disputed,
        Occasion::Unlawful,
        Occasion::Claims,
        Occasion::Objected,
    ];

    /// Its name in forms.
    pub fn code(self) -> &'static str {
        match self {
            Occasion::Disputed => "disputed",
            Occasion::Unlawful => "unlawful",
            Occasion::Claims => "claims",
            Occasion::Objected => "objected",
        }
    }

    /// The case of that name.
    pub fn from_code(code: &str) -> Option<Occasion> {
        Occasion::ALL.into_iter().find(|it| it.code() == code)
    }
}

/// One entry that is put right, told only as far as needed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Correction {
    /// Which entry: "Anschrift".
    pub what: String,
    /// What stood there; empty if nothing did.
    pub old: Private<String>,
    /// What stands there now.
    pub new: Private<String>,
}

/// What is ordered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "is")]
pub enum Measure {
    /// Art. 16 GDPR: entries are put right or completed.
    Correct {
        /// Entry by entry.
        corrections: Vec<Correction>,
        /// The person's own view, noted beside what stays as it is.
        counter_note: Private<String>,
    },
    /// Art. 18 GDPR: data are only stored.
    Restrict {
        /// Which of the four cases.
        occasion: Occasion,
        /// What may still be done with them, by whom (Art. 18(2) GDPR).
        effect: Private<String>,
        /// What ends it; the person is told before (Art. 18(3) GDPR).
        end: End,
    },
    /// Art. 20(2) GDPR: the data go straight to another controller.
    Transfer {
        /// To whom.
        to: Private<String>,
        /// What became of it.
        outcome: Transferred,
    },
    /// Art. 22(3) GDPR: a person who may change the decision has looked at it.
    Review {
        /// Who.
        reviewer: Private<String>,
        /// What the person put forward.
        view: Private<String>,
        /// What came of it.
        result: Private<String>,
    },
}

/// What became of a direct transfer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "is")]
pub enum Transferred {
    /// Done.
    Done {
        /// The day.
        on: NaiveDate,
    },
    /// Technically not feasible.
    Unfeasible {
        /// Why; the person reads it.
        because: Private<String>,
    },
}

fn empty(text: &Private<String>) -> bool {
    text.reveal().trim().is_empty()
}

impl Measure {
    /// The right that it carries out.
    pub fn right(&self) -> Right {
        match self {
            Measure::Correct { .. } => Right::Rectification,
            Measure::Restrict { .. } => Right::Restriction,
            Measure::Transfer { .. } => Right::Portability,
            Measure::Review { .. } => Right::HumanReview,
        }
    }

    /// Whether a yes to this right says what is ordered.
    pub fn needed(right: Right) -> bool {
        matches!(
            right,
            Right::Rectification | Right::Restriction | Right::HumanReview
        )
    }

    /// What must be written for a yes to hold.
    ///
    /// # Errors
    /// Nothing is put right; nothing ends a restriction; nobody looked at a decision.
    pub fn complete(&self) -> Result<(), Obstacle> {
        let whole = match self {
            Measure::Correct { corrections, .. } => {
                let written = |it: &Correction| !it.what.trim().is_empty() && !empty(&it.new);
                !corrections.is_empty() && corrections.iter().all(written)
            }
            Measure::Restrict { effect, end, .. } => {
                let ends = !matches!(end, End::Event(event) if event.trim().is_empty());
                ends && !empty(effect)
            }
            Measure::Transfer { to, outcome } => {
                let said = match outcome {
                    Transferred::Done { .. } => true,
                    Transferred::Unfeasible { because } => !empty(because),
                };
                said && !empty(to)
            }
            Measure::Review {
                reviewer,
                view,
                result,
            } => ![reviewer, view, result].into_iter().any(empty),
        };
        match whole {
            true => Ok(()),
            false => Err(Obstacle::MeasureLacking {
                right: self.right(),
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> Private<String> {
        text.to_owned().into()
    }

    #[test]
    fn art_16_a_correction_says_what_it_is_and_what_stands_there_now() {
        let corrected = |what: &str, new: &str| Measure::Correct {
            corrections: vec![Correction {
                what: what.into(),
                old: text(""),
                new: text(new),
            }],
            counter_note: text(""),
        };
        assert_eq!(corrected("Anschrift", "Steg 3").complete(), Ok(()));
        let lacking = Err(Obstacle::MeasureLacking {
            right: Right::Rectification,
        });
        assert_eq!(corrected("Anschrift", " ").complete(), lacking);
        assert_eq!(corrected("", "Steg 3").complete(), lacking);
    }

    #[test]
    fn art_18_a_restriction_names_its_effect_and_its_end() {
        let restricted = |effect: &str, end: End| Measure::Restrict {
            occasion: Occasion::Disputed,
            effect: text(effect),
            end,
        };
        let event = |words: &str| End::Event(words.into());
        assert_eq!(
            restricted("nur gespeichert", event("bis geprüft ist")).complete(),
            Ok(())
        );
        for lacking in [
            restricted("", event("bis geprüft ist")),
            restricted("nur gespeichert", event(" ")),
        ] {
            assert!(lacking.complete().is_err());
        }
    }

    #[test]
    fn art_20_2_a_transfer_names_the_other_controller_and_what_stands_against_it() {
        let transfer = |to: &str, outcome: Transferred| Measure::Transfer {
            to: text(to),
            outcome,
        };
        let unfeasible = |why: &str| Transferred::Unfeasible { because: text(why) };
        let done = || Transferred::Done {
            on: "2026-03-04".parse().unwrap(),
        };
        assert_eq!(transfer("Neubank AG", done()).complete(), Ok(()));
        assert_eq!(
            transfer("Neubank AG", unfeasible("keine Schnittstelle")).complete(),
            Ok(())
        );
        let lacking = Err(Obstacle::MeasureLacking {
            right: Right::Portability,
        });
        assert_eq!(transfer(" ", done()).complete(), lacking);
        assert_eq!(transfer("Neubank AG", unfeasible(" ")).complete(), lacking);
    }

    #[test]
    fn art_22_3_somebody_looked_heard_the_person_and_says_what_came_of_it() {
        let looked = |view: &str| Measure::Review {
            reviewer: text("Leiterin der Kreditabteilung"),
            view: text(view),
            result: text("Die Ablehnung ist aufgehoben."),
        };
        assert_eq!(looked("neue Stelle seit Mai").complete(), Ok(()));
        assert!(looked("").complete().is_err());
    }

    #[test]
    fn every_case_of_a_restriction_is_found_by_its_name() {
        for occasion in Occasion::ALL {
            assert_eq!(Occasion::from_code(occasion.code()), Some(occasion));
        }
        assert_eq!(Occasion::from_code("e"), None);
    }
}
