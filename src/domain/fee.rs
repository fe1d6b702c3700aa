//! A fee (Art. 12(5)(a), 15(3) sentence 2 GDPR): told before anything is charged, and charged only to who agreed.
//! The clock runs on meanwhile.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::case::Case;
use super::event::Event;
use super::item::Item;
use super::letter::{About, Letter};
use super::obstacle::Obstacle;
use super::private::Private;
use super::right::Right;

/// What the person said to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Consent {
    /// She pays.
    Agrees,
    /// She takes the request back.
    Withdraws,
    /// She did not answer in time; nothing is charged.
    Silent,
}

impl Consent {
    /// The answer of that name in forms.
    pub fn from_code(code: &str) -> Option<Consent> {
        match code {
            "agrees" => Some(Consent::Agrees),
            "withdraws" => Some(Consent::Withdraws),
            "silent" => Some(Consent::Silent),
            _ => None,
        }
    }
}

/// Her answer, and how it is known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeeAnswer {
    /// What she said.
    pub consent: Consent,
    /// The day.
    pub on: NaiveDate,
    /// How that is known.
    pub note: Private<String>,
}

/// Why a fee is due.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "for")]
pub enum Charge {
    /// The request is manifestly unfounded or excessive; both elements and what proves them.
    Excess {
        /// Why the purpose of the right is not pursued.
        objective: Private<String>,
        /// Why an abusive intention is evident.
        subjective: Private<String>,
        /// By what both are proven.
        evidence: Private<String>,
    },
    /// Further copies; the first one was free.
    Copies {
        /// Which ones.
        why: Private<String>,
    },
}

/// A fee as the person is told of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fee {
    /// For which item.
    pub right: Right,
    /// How much.
    pub amount: Private<String>,
    /// How it comes about: administrative costs only.
    pub costs: Private<String>,
    /// Why.
    pub charge: Charge,
    /// What she gets without a fee.
    pub free: Private<String>,
    /// Until when she may answer.
    pub until: NaiveDate,
    /// Her answer, once it is known.
    #[serde(default)]
    pub answer: Option<FeeAnswer>,
}

fn blank(text: &Private<String>) -> bool {
    text.reveal().trim().is_empty()
}

impl Case {
    /// The items for which a fee could be told: still to be decided, and not absolute.
    pub fn chargeable(&self) -> impl Iterator<Item = &Item> {
        let absolute = |item: &&Item| item.right.answered_unproven();
        let items = self.items.iter().filter(move |item| !absolute(item));
        items.filter(|item| !item.ended() && item.decision().is_none())
    }

    /// Whether a fee may be told so.
    ///
    /// # Errors
    /// The right is absolute, the item is decided, or the notice does not say what the person has to know.
    pub fn may_tell_fee(&self, fee: &Fee, today: NaiveDate) -> Result<(), Obstacle> {
        self.must_be_open()?;
        let right = fee.right;
        if right.answered_unproven() {
            return Err(Obstacle::Absolute(right));
        }
        let item = self
            .chargeable()
            .find(|item| item.right == right)
            .ok_or(Obstacle::NotInState { right })?;
        match &fee.charge {
            Charge::Excess {
                objective,
                subjective,
                evidence,
            } => {
                if [objective, subjective, evidence].into_iter().any(blank) {
                    return Err(Obstacle::ExcessUnproven);
                }
            }
            Charge::Copies { .. } if right != Right::Access => {
                return Err(Obstacle::Empty("fee-for"));
            }
            Charge::Copies { why } if blank(why) => return Err(Obstacle::Empty("fee-why")),
            Charge::Copies { .. } => {}
        }
        if blank(&fee.amount) {
            return Err(Obstacle::Empty("fee-amount"));
        }
        if blank(&fee.costs) {
            return Err(Obstacle::Empty("fee-costs"));
        }
        // The period runs on: who waits for an answer beyond it would answer late.
        if fee.until <= today || fee.until >= item.term.due() {
            return Err(Obstacle::Empty("fee-until"));
        }
        Ok(())
    }

    /// The last fee that was told for an item, with its number among the letters.
    pub fn fee(&self, right: Right) -> Option<(usize, &Letter, &Fee)> {
        let numbered = self.letters.iter().enumerate();
        let mut told = numbered.filter_map(|(at, letter)| match &letter.about {
            About::Fee(fee) if fee.right == right => Some((at + 1, letter, fee)),
            _ => None,
        });
        told.next_back()
    }

    /// The fee that may be charged: it was told, and the person agreed.
    ///
    /// # Errors
    /// She was not told before, or has not agreed.
    pub fn fee_agreed(&self, right: Right) -> Result<&Fee, Obstacle> {
        match self.fee(right) {
            Some((_, letter, fee)) if letter.left.is_some() => match &fee.answer {
                Some(answer) if answer.consent == Consent::Agrees => Ok(fee),
                _ => Err(Obstacle::FeeNotAgreed { right }),
            },
            _ => Err(Obstacle::FeeUntold { right }),
        }
    }

    /// Records what the person said to a fee. Taking the request back ends the item.
    ///
    /// # Errors
    /// No fee was told, it was answered before, or the day cannot be.
    pub fn answer_fee(
        &self,
        right: Right,
        answer: FeeAnswer,
        today: NaiveDate,
    ) -> Result<Vec<Event>, Obstacle> {
        let (number, letter, fee) = self.fee(right).ok_or(Obstacle::FeeUntold { right })?;
        let left = letter.left.ok_or(Obstacle::FeeUntold { right })?;
        if fee
            .answer
            .as_ref()
            .is_some_and(|it| it.consent != Consent::Silent)
        {
            return Err(Obstacle::NotInState { right });
        }
        if answer.on > today || answer.on < left {
            return Err(Obstacle::Empty("fee-on"));
        }
        if answer.consent == Consent::Silent && today <= fee.until {
            return Err(Obstacle::Empty("fee-silent"));
        }
        if blank(&answer.note) && answer.consent != Consent::Silent {
            return Err(Obstacle::Empty("fee-note"));
        }
        let mut events = match answer.consent {
            Consent::Withdraws => self.withdraw(&[right], answer.note.reveal(), today)?,
            Consent::Agrees | Consent::Silent => vec![],
        };
        events.insert(
            0,
            Event::FeeAnswered {
                letter: number,
                answer,
            },
        );
        Ok(events)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::case::tests::{case as opened, clerk, now};
    use crate::domain::ids::FileId;
    use crate::domain::letter::Carrier;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn text(text: &str) -> Private<String> {
        text.to_owned().into()
    }

    fn fee(right: Right) -> Fee {
        Fee {
            right,
            amount: text("18,40 Euro"),
            costs: text("Papier und Porto"),
            charge: Charge::Excess {
                objective: text("zum zehnten Mal"),
                subjective: text("angekündigt"),
                evidence: text("zehn Schreiben"),
            },
            free: text(""),
            until: day("2026-03-16"),
            answer: None,
        }
    }

    fn told(case: &mut Case, left: Option<NaiveDate>) {
        let letter = Letter {
            about: About::Fee(fee(Right::Access)),
            at: now(),
            by: clerk(),
            to: text("Nina"),
            carrier: Carrier::Post { file: FileId(9) },
            texts: String::new(),
            left,
        };
        let letter = Box::new(letter);
        case.apply(&Event::LetterReleased { letter }, now(), &clerk());
    }

    fn says(consent: Consent, on: &str) -> FeeAnswer {
        FeeAnswer {
            consent,
            on: day(on),
            note: text("E-Mail"),
        }
    }

    #[test]
    fn art_12_5_a_fee_is_told_with_both_elements_and_an_answer_within_the_period() {
        let case = opened(&[Right::Access, Right::MarketingObjection], None);
        let today = day("2026-03-03");
        assert_eq!(case.may_tell_fee(&fee(Right::Access), today), Ok(()));
        let absolute = Right::MarketingObjection;
        assert_eq!(
            case.may_tell_fee(&fee(absolute), today),
            Err(Obstacle::Absolute(absolute))
        );
        let mut late = fee(Right::Access);
        late.until = case.due();
        assert_eq!(
            case.may_tell_fee(&late, today),
            Err(Obstacle::Empty("fee-until"))
        );
        let mut bare = fee(Right::Access);
        bare.charge = Charge::Excess {
            objective: text("viel Arbeit"),
            subjective: text(" "),
            evidence: text("Stunden"),
        };
        assert_eq!(
            case.may_tell_fee(&bare, today),
            Err(Obstacle::ExcessUnproven)
        );
    }

    #[test]
    fn art_12_5_only_a_fee_that_was_told_and_agreed_to_is_charged() {
        let right = Right::Access;
        let mut case = opened(&[right], None);
        let untold = Err(Obstacle::FeeUntold { right });
        assert_eq!(case.fee_agreed(right).map(|_| ()), untold);
        told(&mut case, None);
        assert_eq!(case.fee_agreed(right).map(|_| ()), untold, "not sent yet");
        told(&mut case, Some(day("2026-03-04")));
        let open = Err(Obstacle::FeeNotAgreed { right });
        assert_eq!(case.fee_agreed(right).map(|_| ()), open);
        // Silence is no consent, and it is none before the day.
        let silent = says(Consent::Silent, "2026-03-10");
        assert_eq!(
            case.answer_fee(right, silent.clone(), day("2026-03-10")),
            Err(Obstacle::Empty("fee-silent"))
        );
        let today = day("2026-03-17");
        let quiet = case.answer_fee(right, silent, today).unwrap();
        case.apply(&quiet[0], now(), &clerk());
        assert_eq!(case.fee_agreed(right).map(|_| ()), open);
        let due = case.due();
        let agrees = case.answer_fee(right, says(Consent::Agrees, "2026-03-17"), today);
        case.apply(&agrees.unwrap()[0], now(), &clerk());
        assert!(case.fee_agreed(right).is_ok());
        assert_eq!(case.due(), due, "waiting for a fee moves no date");
        let again = case.answer_fee(right, says(Consent::Withdraws, "2026-03-17"), today);
        assert_eq!(again, Err(Obstacle::NotInState { right }));
    }
}
