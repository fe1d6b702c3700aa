//! What was weighed before a decision: every category, the three-way check, the balance, the signs of abuse.

use serde::{Deserialize, Serialize};

use super::case::Case;
use super::collection::Task;
use super::decision::{Decision, Ground};
use super::enclosure::Version;
use super::item::Item;
use super::judgement::{Judgement, Treatment};
use super::measure::Measure;
use super::obstacle::Obstacle;
use super::private::Private;
use super::right::Right;

/// One of the questions before an erasure, answered.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Check {
    /// Whether it stands against the erasure of something.
    pub stands: bool,
    /// Why, or why not.
    pub why: Private<String>,
}

/// The three-way check before an erasure (Art. 17(3) GDPR).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ThreeWay {
    /// Overriding legitimate grounds.
    pub overriding: Check,
    /// A duty to keep.
    pub duty: Check,
    /// Legal claims.
    pub claims: Check,
}

impl ThreeWay {
    /// Whether one of them stands against it.
    pub fn stands(&self) -> bool {
        [&self.overriding, &self.duty, &self.claims]
            .iter()
            .any(|check| check.stands)
    }
}

/// The balance of an objection (Art. 21(1) GDPR): the controller has to demonstrate, not the person.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Balance {
    /// The person's particular situation, as she told it.
    pub situation: Private<String>,
    /// The compelling grounds or claims of the controller, if there are any.
    pub grounds: Private<String>,
}

/// What is put forward for a manifestly unfounded or excessive request (Art. 12(5) GDPR): the controller proves it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Excess {
    /// Why the purpose of the right is not pursued.
    pub objective: Private<String>,
    /// Why an abusive intention is evident.
    pub subjective: Private<String>,
    /// By what both are proven.
    pub evidence: Private<String>,
    /// The fee that is charged instead of a refusal; told before and agreed to.
    pub fee: Option<Private<String>>,
}

/// All that was weighed for one right.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Weighing {
    /// What becomes of each category.
    pub judgements: Vec<Judgement>,
    /// The three questions before an erasure.
    pub three_way: Option<ThreeWay>,
    /// The balance of an objection.
    pub balance: Option<Balance>,
    /// The signs of abuse.
    pub excess: Option<Excess>,
    /// What is ordered where it is not about categories.
    #[serde(default)]
    pub measure: Option<Measure>,
    /// What goes out in place of what was found, where only a part of it is given.
    #[serde(default)]
    pub versions: Vec<Version>,
    /// What the data protection officer said, where there is one.
    pub officer: Option<Private<String>>,
}

impl Weighing {
    /// Every category that was found is treated as the person wishes, and nothing stands against it.
    pub fn as_wished(case: &Case, right: Right) -> Weighing {
        let judgements = match Treatment::open_to(right).first() {
            Some(treatment) => case
                .to_judge(right)
                .map(|(task, category)| Judgement {
                    system: task.system,
                    name: task.name.clone(),
                    category: category.to_owned(),
                    treatment: *treatment,
                    ground: None,
                    end: None,
                    how: String::new().into(),
                    record: String::new().into(),
                })
                .collect(),
            None => vec![],
        };
        Weighing {
            judgements,
            three_way: (right == Right::Erasure).then(ThreeWay::default),
            ..Weighing::default()
        }
    }

    /// The decision that follows from the judgements: a yes, a yes in part, or a no if nothing of the wish is met.
    ///
    /// # Errors
    /// Something is denied without a ground.
    pub fn outcome(&self, text: &str) -> Result<Decision, Obstacle> {
        for judged in &self.judgements {
            judged.complete()?;
        }
        if !self.denies() {
            return Ok(Decision::granted(text));
        }
        let met = |it: &Judgement| !matches!(it.treatment, Treatment::Withhold | Treatment::Keep);
        let grounds = |of: fn(&Judgement) -> bool| {
            let mut grounds: Vec<Ground> = Vec::new();
            for judged in self.judgements.iter().filter(|it| of(it)) {
                grounds.extend(judged.ground.clone().filter(|it| !grounds.contains(it)));
            }
            grounds
        };
        if !self.judgements.iter().any(met) {
            return Decision::refused(text, grounds(|it| it.treatment.denies()));
        }
        let remains = self.judgements.iter().filter_map(Judgement::remainder);
        // What stays carries its ground with it.
        let told = grounds(|it| it.treatment.denies() && !it.treatment.stays());
        Decision::partly(text, told, remains.collect())
    }

    /// Whether something of it is denied.
    pub fn denies(&self) -> bool {
        self.judgements
            .iter()
            .any(|judged| judged.treatment.denies())
    }
}

/// Whether a ground leans on Art. 12(5) GDPR, in whichever way of quoting: `Art. 12 Abs. 5`, `Artikel 12
/// Absatz 5`, `Art. 12(5)`.
fn leans_on_excess(decision: &Decision) -> bool {
    let grounds = match decision {
        Decision::Refused { grounds, .. } | Decision::Partly { grounds, .. } => grounds,
        Decision::Granted { .. } | Decision::NothingHeld { .. } => return false,
    };
    grounds.iter().any(|ground| twelve_five(&ground.law))
}

fn twelve_five(law: &str) -> bool {
    let words = law
        .split(|letter: char| !letter.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        // Written without a blank: "Art.12", "Abs5".
        .flat_map(|word| {
            let digits = word.find(|letter: char| letter.is_ascii_digit());
            let (name, number) = word.split_at(digits.unwrap_or(word.len()));
            [name.to_owned(), number.to_owned()]
        })
        .filter(|word| !word.is_empty())
        .filter(|word| !matches!(word.as_str(), "abs" | "absatz" | "para" | "paragraph"))
        .collect::<Vec<_>>();
    let named = |pair: &[String]| matches!(pair, [article, part] if article == "12" && part == "5");
    words.windows(2).any(named)
}

fn empty(text: &Private<String>) -> bool {
    text.reveal().trim().is_empty()
}

impl Item {
    /// Whether it is refused as manifestly unfounded or excessive (Art. 12(5)(b) GDPR).
    pub fn refused_as_excess(&self) -> bool {
        let refused = |it: &&Decision| matches!(it, Decision::Refused { .. });
        self.decision().filter(refused).is_some_and(leans_on_excess)
    }
}

impl Case {
    /// What has to be judged for a right: each category in each system where something was found.
    pub fn to_judge(&self, right: Right) -> impl Iterator<Item = (&Task, &str)> {
        let judged = !Treatment::open_to(right).is_empty();
        let found = self
            .collection
            .tasks
            .iter()
            .filter(move |task| judged && task.found());
        found.flat_map(|task| {
            // What a machine found says more than what the register expects.
            let mut names = self.collection.held_in(task.system);
            if names.is_empty() {
                names = task.categories.iter().map(String::as_str).collect();
            }
            if names.is_empty() {
                names.push("");
            }
            names.into_iter().map(move |name| (task, name))
        })
    }

    /// Whether what was weighed carries the decision.
    ///
    /// # Errors
    /// The first thing that is missing, with where it belongs.
    pub fn weighed(
        &self,
        right: Right,
        decision: &Decision,
        weighing: &Weighing,
        has_officer: bool,
    ) -> Result<(), Obstacle> {
        let refused = matches!(decision, Decision::Refused { .. });
        // Art. 21(3), 7(3) GDPR: there is nothing to weigh, and no no.
        if right.answered_unproven() && decision.denies() {
            return Err(Obstacle::Absolute(right));
        }
        if right == Right::Objection && decision.denies() {
            let balance = weighing.balance.as_ref();
            if balance.is_none_or(|it| empty(&it.grounds) || empty(&it.situation)) {
                return Err(Obstacle::BalanceLacking);
            }
        }
        // Who charges a fee instead proves the same (Art. 12(5)(a) GDPR).
        let fee = weighing.excess.as_ref().is_some_and(|it| it.fee.is_some());
        let leans = leans_on_excess(decision) || fee;
        if leans {
            let excess = weighing.excess.as_ref();
            let proven = |it: &Excess| {
                !empty(&it.objective) && !empty(&it.subjective) && !empty(&it.evidence)
            };
            if !excess.is_some_and(proven) {
                return Err(Obstacle::ExcessUnproven);
            }
        }
        // And charges only what was told before and agreed to.
        if fee {
            self.fee_agreed(right)?;
        }
        if (refused || leans) && has_officer && weighing.officer.as_ref().is_none_or(empty) {
            return Err(Obstacle::OfficerUnheard);
        }
        for judged in &weighing.judgements {
            judged.complete()?;
        }
        if !decision.to_carry_out() {
            return Ok(());
        }
        for (task, category) in self.to_judge(right) {
            let judged = |it: &Judgement| it.system == task.system && it.category == category;
            if !weighing.judgements.iter().any(judged) {
                let what = match category {
                    "" => task.name.clone(),
                    category => format!("{}: {category}", task.name),
                };
                return Err(Obstacle::CategoryOpen { what });
            }
        }
        match &weighing.measure {
            Some(measure) if measure.right() == right => measure.complete()?,
            _ if Measure::needed(right) => return Err(Obstacle::MeasureLacking { right }),
            _ => {}
        }
        if matches!(decision, Decision::Granted { .. }) && weighing.denies() {
            return Err(Obstacle::NotInFull { right });
        }
        if right.discloses() {
            self.versions_given(weighing)?;
        }
        if right == Right::Erasure {
            let check = weighing.three_way.as_ref().ok_or(Obstacle::ChecksOpen)?;
            let stays = weighing.judgements.iter().any(|it| it.treatment.stays());
            if check.stands() && !stays && self.to_judge(right).next().is_some() {
                return Err(Obstacle::ChecksIgnored);
            }
            if stays && !check.stands() {
                return Err(Obstacle::ChecksOpen);
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
