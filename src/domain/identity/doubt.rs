//! Doubts: what makes one reasonable, and what makes it a routine (Art. 12(6), 5(1)(c) GDPR).

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::ladder::Gravity;
use super::method::{Knowledge, Method};
use super::{Identity, ProofObstacle};
use crate::domain::calendar::{Calendar, CalendarError};
use crate::domain::case::Case;
use crate::domain::deadline::ASK_WITHIN_WORKING_DAYS;
use crate::domain::event::Event;
use crate::domain::obstacle::Obstacle;
use crate::domain::register::System;

/// The same doubt in so many other recent cases is a routine.
pub const ROUTINE_FROM: usize = 2;

/// A question for a proof, as the clerk means to put it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Ask {
    /// What would suffice; one of them is enough.
    pub means: Vec<Method>,
    /// What is asked for, where knowledge is among the means.
    pub keys: Vec<Knowledge>,
    /// The concrete reason of doubt.
    pub doubt: String,
    /// Why another method than the proposed one.
    pub because: String,
    /// What makes a mistake worse.
    pub gravity: Gravity,
    /// Whether the clock shall stop.
    pub pause: bool,
    /// The clerk has read what speaks against the question and puts it all the same.
    pub anyway: bool,
}

/// What speaks against a question without forbidding it; told before it is put, and kept with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Caution {
    /// Later than three working days after the request.
    Late,
    /// The same text as in other recent cases.
    Routine,
    /// It names no circumstance of this case.
    Vague,
    /// More than the proposed method.
    Harder,
    /// It asks for a copy of a document.
    Copy,
}

/// What the office knows of its other cases when a question is put.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Habit {
    /// Other recent cases with the same words of doubt.
    pub same_doubt: usize,
    /// Other recent cases in which a copy was asked for.
    pub copies: usize,
}

/// Phrases that fit every case and therefore none, one a line.
const EMPTY_PHRASES: &str = include_str!("../../../config/identity/empty-phrases.txt");
/// Fewer words name no circumstance.
const FEWEST_WORDS: usize = 4;

/// Whether a text names no circumstance of this very case: what is left after the phrases that fit every case is
/// too little to be one.
#[must_use]
pub fn is_vague(doubt: &str) -> bool {
    let mut rest = doubt.to_lowercase();
    let mut empty = false;
    for phrase in super::listed(EMPTY_PHRASES) {
        if rest.contains(phrase) {
            empty = true;
            rest = rest.replace(phrase, " ");
        }
    }
    let words = rest
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| word.chars().count() > 1)
        .count();
    words
        < if empty {
            2 * FEWEST_WORDS
        } else {
            FEWEST_WORDS
        }
}

impl Case {
    /// Whether a question today comes late: after the third working day (Art. 12(6) with 12(3) GDPR).
    ///
    /// # Errors
    /// A day outside the years of the holiday table.
    pub fn asks_late(&self, today: NaiveDate, calendar: &Calendar) -> Result<bool, CalendarError> {
        let place = &self.term.period.place;
        let last =
            calendar.working_days_after(self.intake.received, place, ASK_WITHIN_WORKING_DAYS)?;
        Ok(today > last)
    }

    /// Asks for a proof: with a concrete doubt, in proportion, and never where not even the answer needs one.
    ///
    /// # Errors
    /// What stands against it, or what has to be said first.
    pub fn ask_identity(
        &self,
        ask: &Ask,
        systems: &[System],
        offered: &[Method],
        habit: Habit,
        (today, calendar): (NaiveDate, &Calendar),
    ) -> Result<Vec<Event>, Obstacle> {
        self.must_be_open()?;
        let doubt = ask.doubt.trim();
        if doubt.is_empty() {
            return Err(Obstacle::ReasonLacking);
        }
        if let Some(item) = self.items.first()
            && self.items.iter().all(|item| item.right.answered_unproven())
        {
            return Err(Obstacle::NeverWaits(item.right));
        }
        if matches!(self.identity, Identity::Confirmed { .. }) {
            return Err(ProofObstacle::Proven.into());
        }
        let mut means = ask.means.clone();
        means.sort();
        means.dedup();
        let Some(weakest) = means.first().copied() else {
            return Err(Obstacle::Empty("method"));
        };
        let proposal = self.propose_question(systems, offered, ask.gravity);
        let foreign = |method: &&Method| !offered.contains(method) && **method != proposal.method;
        if let Some(foreign) = means.iter().find(foreign) {
            return Err(ProofObstacle::NotOffered(*foreign).into());
        }
        if means.contains(&Method::Knowledge) && ask.keys.is_empty() {
            return Err(ProofObstacle::NoKey.into());
        }
        let cautions = self.cautions(
            ask,
            weakest,
            proposal.method,
            habit,
            self.asks_late(today, calendar).map_err(super::clock)?,
        );
        let explained = !ask.because.trim().is_empty();
        if cautions.contains(&Caution::Copy) {
            // The last step: only where the harm is high, and with the reason why nothing else works.
            let high = proposal.span.most >= Method::CardSeen.rung();
            if !high || means.len() > 1 || habit.copies >= ROUTINE_FROM {
                return Err(ProofObstacle::CopyOutOfProportion.into());
            }
        }
        if cautions.contains(&Caution::Harder) && !explained {
            let proposed = proposal.method;
            return Err(ProofObstacle::DepartureUnexplained { proposed }.into());
        }
        // What is no doubt of this case stops no clock, whatever the clerk says to it.
        let told = ask.anyway && !ask.pause;
        if cautions.contains(&Caution::Routine) && !told {
            return Err(ProofObstacle::Routine {
                others: habit.same_doubt,
            }
            .into());
        }
        if cautions.contains(&Caution::Vague) && !told {
            return Err(ProofObstacle::Vague.into());
        }
        let mut keys = ask.keys.clone();
        keys.sort();
        keys.dedup();
        Ok(vec![Event::IdentityAsked {
            on: today,
            doubt: doubt.into(),
            method: weakest,
            means,
            keys,
            because: explained.then(|| ask.because.trim().into()),
            cautions,
        }])
    }

    fn cautions(
        &self,
        ask: &Ask,
        weakest: Method,
        proposed: Method,
        habit: Habit,
        late: bool,
    ) -> Vec<Caution> {
        let first = matches!(self.identity, Identity::Open);
        [
            (late && first, Caution::Late),
            (habit.same_doubt >= ROUTINE_FROM, Caution::Routine),
            (is_vague(&ask.doubt), Caution::Vague),
            (weakest.rung() > proposed.rung(), Caution::Harder),
            (ask.means.contains(&Method::BlackenedCopy), Caution::Copy),
        ]
        .into_iter()
        .filter_map(|(is, caution)| is.then_some(caution))
        .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn art_5_1_c_a_doubt_that_fits_every_case_is_none() {
        for vague in [
            "Zur Sicherheit.",
            "Aus Datenschutzgründen müssen wir Ihre Identität prüfen.",
            "Bei jeder Anfrage grundsätzlich Identitätsprüfung",
            "Identität unklar",
            "For security reasons we check all requests.",
        ] {
            assert!(is_vague(vague), "{vague}");
        }
        for concrete in [
            "Die Adresse steht bei zwei Kundinnen.",
            "Sie schreiben von einer Adresse, die wir nicht kennen.",
            "Zur Sicherheit, weil die Anschrift im Antrag von der im Kundenkonto abweicht.",
            "Wir führen drei Personen dieses Namens.",
        ] {
            assert!(!is_vague(concrete), "{concrete}");
        }
    }
}
