//! Samples on which a wording is proved, and what a kind of letter demands, found out by leaving everything away.

use std::collections::BTreeSet;

use super::{check, prove, rules};
use crate::domain::lang::Lang;
use crate::letters::facts::{DecisionFacts, DoneFacts, Facts, GroundFacts, Outcome, RemainFacts};
use crate::letters::press::{Kind, Printed};

/// The rights, as [`DecisionFacts::code`] writes them.
const RIGHTS: [&str; 9] = ["15", "16", "17", "18", "20", "21(1)", "21(2)", "22", "7(3)"];

/// The sample in every shape that leads this letter through another part of its wording.
#[must_use]
pub fn variants(kind: Kind, sample: &Facts) -> Vec<Facts> {
    let mut all = vec![sample.clone()];
    let mut add = |change: &dyn Fn(&mut Facts)| {
        let mut facts = sample.clone();
        change(&mut facts);
        all.push(facts);
    };
    match kind {
        Kind::Answer => {
            add(&|facts| facts.automated = Some("Sample of an automated decision.".into()));
            add(&|facts| (facts.complete, facts.part) = (false, true));
            add(&|facts| facts.left_out.clear());
            for code in RIGHTS {
                for outcome in [
                    Outcome::Granted,
                    Outcome::Partly,
                    Outcome::Refused,
                    Outcome::Nothing,
                ] {
                    // Whether advertising or a consent ends is nobody's choice.
                    if outcome == Outcome::Refused && matches!(code, "21(2)" | "7(3)") {
                        continue;
                    }
                    add(&|facts| facts.decisions = vec![decision(code, outcome)]);
                }
            }
        }
        Kind::IdentityDemand | Kind::IdentityReminder => {
            add(&|facts| {
                facts.link = None;
                if let Some(it) = &mut facts.identity {
                    (it.copy, it.paused, it.until) = (true, false, None);
                }
            });
        }
        Kind::Clarification => add(&|facts| {
            if let Some(it) = &mut facts.clarification {
                (it.paused, it.until) = (false, None);
            }
        }),
        Kind::ForwardedPerson | Kind::ForwardedCustomer => add(&|facts| {
            if let Some(it) = &mut facts.forwarding {
                (it.to, it.record) = (None, None);
            }
        }),
        Kind::FeeNotice => add(&|facts| {
            if let Some(it) = &mut facts.fee {
                (it.copies, it.free) = (true, None);
            }
        }),
        Kind::PartialAnswer => add(&|facts| {
            facts.findings.clear();
            facts.package = None;
        }),
        Kind::Letter => add(&|facts| {
            if let Some(it) = &mut facts.written {
                (it.quoted, it.quoted_on) = (None, None);
                it.enclosed.clear();
            }
        }),
        Kind::Art14Notice => add(&|facts| facts.recipients.clear()),
        Kind::NotController | Kind::NotARequest => add(&|facts| {
            if let Some(it) = &mut facts.misdirected {
                (it.passed_to, it.instead) = (None, vec![]);
            }
        }),
        _ => {}
    }
    all
}

fn decision(code: &str, outcome: Outcome) -> DecisionFacts {
    let no = matches!(outcome, Outcome::Partly | Outcome::Refused);
    let ground = GroundFacts {
        law: "Law 4711".into(),
        text: "Ground 0815.".into(),
    };
    let done = DoneFacts {
        system: "System 12".into(),
        what: "Act 34".into(),
        when: "Day 56".into(),
    };
    let remain = RemainFacts {
        what: "Rest 78".into(),
        why: "Reason 90".into(),
        until: Some("End 21".into()),
        uses: None,
    };
    let partly = outcome == Outcome::Partly && matches!(code, "17" | "21(1)" | "7(3)");
    DecisionFacts {
        code: code.into(),
        name: format!("Right {code}"),
        outcome,
        grounds: if no { vec![ground] } else { vec![] },
        done: match (outcome, code) {
            (Outcome::Granted | Outcome::Partly, "16" | "17") => vec![done],
            _ => vec![],
        },
        remains: if partly { vec![remain] } else { vec![] },
        from: Some("Since 43".into()),
        ends: (code == "20").then(|| "Transfer 65".to_owned()),
        ..DecisionFacts::default()
    }
}

/// The codes of everything that a letter of this kind has to hold, in the order of the rules: found by checking
/// facts without words and proving a letter without words.
#[must_use]
pub fn demanded(kind: Kind) -> Vec<&'static str> {
    let Ok(sample) = Facts::sample(Lang::En) else {
        return vec![];
    };
    let mut codes = BTreeSet::new();
    for facts in variants(kind, &sample).iter().chain([&Facts::default()]) {
        codes.extend(check(kind, facts).iter().map(|gap| gap.code));
        for lacking in [hollow(facts), bare(facts)] {
            codes.extend(check(kind, &lacking).iter().map(|gap| gap.code));
        }
        codes.extend(prove(&empty(kind), facts).iter().map(|gap| gap.code));
    }
    if matches!(kind, Kind::PartialAnswer | Kind::InterimNotice) {
        // The one element that is proved by its absence.
        codes.insert("gap-claims-all");
    }
    let known = rules::RULES.iter().map(|rule| rule.code);
    known.filter(|code| codes.contains(code)).collect()
}

/// A letter without a word.
fn empty(kind: Kind) -> Printed {
    Printed {
        kind,
        lang: Lang::En,
        file: String::new(),
        version: String::new(),
        subject: String::new(),
        text: String::new(),
        html: String::new(),
        blocks: vec![],
    }
}

/// The same facts without lists below the lists.
fn bare(facts: &Facts) -> Facts {
    let mut facts = facts.clone();
    facts.recipients.clear();
    facts.searched_with.clear();
    (facts.complete, facts.part) = (false, false);
    for finding in &mut facts.findings {
        finding.categories.clear();
    }
    for decision in &mut facts.decisions {
        decision.done.clear();
    }
    facts
}

/// The same facts with every word taken away, but for the code of a right.
fn hollow(facts: &Facts) -> Facts {
    fn drain(value: &mut serde_json::Value, name: &str) {
        match value {
            serde_json::Value::String(text) if name != "code" && name != "outcome" => text.clear(),
            serde_json::Value::Array(items) => items.iter_mut().for_each(|it| drain(it, name)),
            serde_json::Value::Object(fields) => {
                fields.iter_mut().for_each(|(name, it)| drain(it, name));
            }
            _ => {}
        }
    }
    let Ok(mut value) = serde_json::to_value(facts) else {
        return Facts::default();
    };
    if let Some(fields) = value.as_object_mut() {
        fields.remove("code");
        fields.remove("searched_with");
        fields.insert("package".into(), serde_json::Value::Null);
    }
    drain(&mut value, "");
    serde_json::from_value(value).unwrap_or_default()
}
