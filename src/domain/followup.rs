//! What comes back by itself: a deletion that becomes due, a restriction that ends, a review. It outlives its case.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::case::Case;
use super::decision::{Decision, Ground, Remainder};
use super::ids::{FollowUpId, SystemId};
use super::judgement::Judgement;
use super::measure::Measure;
use super::obstacle::Obstacle;
use super::private::Private;
use super::right::Right;

/// What is to be done on the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Errand {
    /// Erase what had to stay until now.
    Erase,
    /// End a restriction; the person is told before (Art. 18(3) GDPR).
    Lift,
    /// Tell a person whose data came from elsewhere (Art. 14 GDPR).
    Inform,
    /// Look whether it is still needed.
    Review,
}

impl Errand {
    /// Its name in storage and forms.
    pub fn code(self) -> &'static str {
        match self {
            Errand::Erase => "erase",
            Errand::Lift => "lift",
            Errand::Inform => "inform",
            Errand::Review => "review",
        }
    }

    /// The errand of that name.
    pub fn from_code(code: &str) -> Option<Errand> {
        [Errand::Erase, Errand::Lift, Errand::Inform, Errand::Review]
            .into_iter()
            .find(|errand| errand.code() == code)
    }
}

/// The minimal record that is left of a promise: system, data, ground, date. No name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FollowUp {
    /// The number of the case that promised it.
    pub case_number: String,
    /// Which right it comes from.
    pub right: Right,
    /// In which system, if the register knows it.
    pub system: Option<SystemId>,
    /// The system and the data, as the person was told.
    pub what: String,
    /// By which the record is found there again: a customer number, a voucher number.
    pub record: Private<String>,
    /// Why it stayed.
    pub ground: String,
    /// What is to be done.
    pub errand: Errand,
}

/// The fresh look on the day; only if nothing stands against it, it is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct FreshCheck {
    /// Nobody has ordered that it be kept: no claim, no dispute.
    pub no_hold: bool,
    /// No newer contract gives the data a new purpose.
    pub no_newer_contract: bool,
    /// The tax of that year is no longer open (§ 147(3) sentence 5 AO).
    pub no_open_tax_year: bool,
}

impl FreshCheck {
    /// Whether nothing stands against it.
    ///
    /// # Errors
    /// One of the questions is not answered with "nothing stands against it".
    pub fn clear(&self) -> Result<(), Obstacle> {
        match self.no_hold && self.no_newer_contract && self.no_open_tax_year {
            true => Ok(()),
            false => Err(Obstacle::FreshCheckOpen),
        }
    }
}

/// What came of a follow-up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "is")]
pub enum Followed {
    /// Done on this day.
    Done {
        /// The day.
        on: NaiveDate,
        /// How that is known.
        proof: Private<String>,
        /// When the person was told of the end of a restriction by a letter written elsewhere.
        #[serde(default)]
        told_on: Option<NaiveDate>,
    },
    /// Something stands against it; it comes back on another day.
    Postponed {
        /// The new day.
        to: NaiveDate,
        /// Why; never empty.
        because: Private<String>,
    },
}

impl Case {
    /// What this case promises for later days: everything that a decision lets stay until a day, and a
    /// restriction that ends on one.
    pub fn follow_ups(&self, right: Right) -> Vec<(NaiveDate, FollowUp)> {
        let decision = self.item(right).and_then(|it| it.decision());
        let of = |rest: &Remainder, errand: Errand| FollowUp {
            case_number: self.number.clone(),
            right,
            system: rest.system,
            what: rest.what.clone(),
            record: rest.record.clone(),
            ground: rest.ground.law.clone(),
            errand,
        };
        let errand = match right {
            Right::Restriction => Errand::Lift,
            _ => Errand::Erase,
        };
        let rests: Vec<Remainder> = match decision {
            Some(Decision::Partly { remains, .. }) => remains.clone(),
            // A no may have an end, too.
            Some(Decision::Refused { .. }) => self.kept(right),
            _ => vec![],
        };
        let mut promised: Vec<(NaiveDate, FollowUp)> = rests
            .iter()
            .filter_map(|rest| Some((rest.comes_back()?, of(rest, errand))))
            .collect();
        if let Some((day, what)) = self.lifted_on(right)
            && decision.is_some_and(Decision::to_carry_out)
        {
            let law = Ground {
                law: "Art. 18".to_owned(),
                facts: String::new().into(),
            };
            promised.push((day, of(&Remainder::new(&what, law, None), Errand::Lift)));
        }
        promised
    }

    /// What stays by the judgements of a right.
    pub fn kept(&self, right: Right) -> Vec<Remainder> {
        let judged = self.weighed.get(&right).map(|it| it.judgements.as_slice());
        let judged = judged.unwrap_or_default();
        judged.iter().filter_map(Judgement::remainder).collect()
    }

    /// The day after a restriction with a last day, and where it holds.
    fn lifted_on(&self, right: Right) -> Option<(NaiveDate, String)> {
        let measure = self.weighed.get(&right)?.measure.as_ref()?;
        let Measure::Restrict { end, .. } = measure else {
            return None;
        };
        let found = self.collection.tasks.iter().filter(|task| task.found());
        let places: Vec<&str> = found.map(|task| task.name.as_str()).collect();
        Some((end.day()?.succ_opt()?, places.join(", ")))
    }

    /// The days on which a right comes back, the next one first.
    pub(super) fn comes_back(&self, right: Right) -> Vec<NaiveDate> {
        let promised = self.follow_ups(right).into_iter();
        let mut days: Vec<NaiveDate> = promised.map(|(day, _)| day).collect();
        days.sort_unstable();
        days
    }
}

/// A follow-up with where it stands; a list shows these.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    /// Its id.
    pub id: FollowUpId,
    /// The day it comes back.
    pub on: NaiveDate,
    /// What it is.
    pub what: FollowUp,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sec_147_ao_a_deletion_runs_only_if_a_fresh_check_finds_nothing() {
        let clear = FreshCheck {
            no_hold: true,
            no_newer_contract: true,
            no_open_tax_year: true,
        };
        assert_eq!(clear.clear(), Ok(()));
        for spoil in [
            |check: &mut FreshCheck| check.no_hold = false,
            |check: &mut FreshCheck| check.no_newer_contract = false,
            |check: &mut FreshCheck| check.no_open_tax_year = false,
        ] {
            let mut check = clear;
            spoil(&mut check);
            assert_eq!(check.clear(), Err(Obstacle::FreshCheckOpen));
        }
    }
}
