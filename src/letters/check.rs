//! What is missing before an answer may leave: the mandatory content of Art. 12 and 15 GDPR, checked on the facts.

use super::facts::{DecisionFacts, Facts, Outcome, SystemFacts};
use super::phrases::phrase;
use super::press::Kind;
use crate::domain::lang::Lang;

/// Something mandatory that the facts do not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gap {
    /// A stable name, such as `retention`.
    pub code: &'static str,
    /// What it concerns: a system, a right, a category; may be empty.
    pub about: String,
}

impl Gap {
    /// What is missing and where to put it right, as one sentence.
    #[must_use]
    pub fn words(&self, lang: Lang) -> String {
        phrase(lang, self.code).replace("{about}", &self.about)
    }
}

/// Every code that [`check`] can answer.
pub const CODES: [&str; 25] = [
    "gap-controller",
    "gap-authority",
    "gap-case",
    "gap-decisions",
    "gap-grounds",
    "gap-findings",
    "gap-categories",
    "gap-category",
    "gap-purposes",
    "gap-retention",
    "gap-source",
    "gap-place",
    "gap-recipient",
    "gap-operator",
    "gap-copy",
    "gap-completeness",
    "gap-searched",
    "gap-left-out",
    "gap-done",
    "gap-remains",
    "gap-from",
    "gap-format",
    "gap-identity",
    "gap-extension",
    "gap-link",
];

struct Gaps(Vec<Gap>);

impl Gaps {
    fn add(&mut self, missing: bool, code: &'static str, about: &str) {
        if missing {
            self.0.push(Gap {
                code,
                about: about.to_owned(),
            });
        }
    }
}

/// What a letter of this kind still lacks; empty: it may go.
#[must_use]
pub fn check(kind: Kind, facts: &Facts) -> Vec<Gap> {
    let mut gaps = Gaps(Vec::new());
    if !kind.for_staff() {
        everywhere(&mut gaps, facts);
    }
    match kind {
        Kind::Answer => answer(&mut gaps, facts),
        Kind::IdentityDemand => {
            let enough = facts
                .identity
                .as_ref()
                .is_some_and(|it| !blank(&it.doubt) && it.means.iter().any(|means| !blank(means)));
            gaps.add(!enough, "gap-identity", "");
        }
        Kind::Extension => {
            let enough = facts.extension.as_ref().is_some_and(|it| {
                !blank(&it.until) && it.reasons.iter().any(|reason| !blank(reason))
            });
            gaps.add(!enough, "gap-extension", "");
            authority(&mut gaps, facts);
        }
        Kind::Confirm => gaps.add(
            absent(&facts.link) || absent(&facts.disown_link),
            "gap-link",
            "",
        ),
        Kind::AnswerReady => gaps.add(absent(&facts.link), "gap-link", ""),
        _ => {}
    }
    gaps.0
}

fn blank(text: &str) -> bool {
    text.trim().is_empty()
}

fn absent(text: &Option<String>) -> bool {
    text.as_deref().is_none_or(blank)
}

fn everywhere(gaps: &mut Gaps, facts: &Facts) {
    let controller = &facts.controller;
    let incomplete = blank(&controller.name)
        || controller.address.iter().all(|line| blank(line))
        || blank(&controller.email);
    gaps.add(incomplete, "gap-controller", "");
    gaps.add(
        blank(&facts.case.number) || blank(&facts.case.received_on),
        "gap-case",
        "",
    );
}

/// Art. 12(4), 15(1)(f) GDPR: where to complain.
fn authority(gaps: &mut Gaps, facts: &Facts) {
    let authority = &facts.controller.authority;
    gaps.add(
        blank(&authority.name) || authority.address.iter().all(|line| blank(line)),
        "gap-authority",
        "",
    );
}

fn answer(gaps: &mut Gaps, facts: &Facts) {
    authority(gaps, facts);
    gaps.add(facts.decisions.is_empty(), "gap-decisions", "");
    for decision in &facts.decisions {
        let about = &decision.name;
        if matches!(decision.outcome, Outcome::Refused | Outcome::Partly) {
            let grounded = decision
                .grounds
                .iter()
                .any(|ground| !blank(&ground.law) && !blank(&ground.text));
            // In part may also rest on what remains alone: each rest carries its own ground.
            let rest = decision.outcome == Outcome::Partly
                && decision.remains.iter().any(|rest| !blank(&rest.why));
            gaps.add(!grounded && !rest, "gap-grounds", about);
        }
        let acted = matches!(decision.outcome, Outcome::Granted | Outcome::Partly);
        match decision.code.as_str() {
            "15" if acted => access(gaps, facts),
            "20" if acted => gaps.add(
                facts.package.as_ref().is_none_or(|it| absent(&it.format)),
                "gap-format",
                about,
            ),
            "16" | "17" if acted => act(gaps, decision),
            "18" | "21(1)" | "21(2)" | "7(3)" if acted => {
                gaps.add(absent(&decision.from), "gap-from", about)
            }
            _ => {}
        }
        if decision.outcome == Outcome::Nothing {
            gaps.add(
                facts.searched_with.is_empty() || facts.findings.is_empty(),
                "gap-searched",
                about,
            );
        }
        for remain in &decision.remains {
            gaps.add(blank(&remain.why), "gap-remains", &remain.what);
        }
    }
}

fn act(gaps: &mut Gaps, decision: &DecisionFacts) {
    let done = decision.done.iter().any(|done| !blank(&done.what));
    gaps.add(
        !done || decision.done.iter().any(|done| blank(&done.when)),
        "gap-done",
        &decision.name,
    );
}

/// Art. 15(1)(a) to (h), (2) GDPR.
fn access(gaps: &mut Gaps, facts: &Facts) {
    let mut held = facts
        .findings
        .iter()
        .filter(|system| system.held)
        .peekable();
    gaps.add(held.peek().is_none(), "gap-findings", "");
    for system in held {
        self::system(gaps, facts, system);
    }
    for recipient in &facts.recipients {
        gaps.add(
            blank(&recipient.name) || blank(&recipient.country),
            "gap-recipient",
            &recipient.role,
        );
    }
    for left in &facts.left_out {
        gaps.add(blank(&left.why), "gap-left-out", &left.what);
    }
    gaps.add(facts.package.is_none(), "gap-copy", "");
    gaps.add(!facts.complete && !facts.part, "gap-completeness", "");
    gaps.add(facts.searched_with.is_empty(), "gap-searched", "");
}

fn system(gaps: &mut Gaps, facts: &Facts, system: &SystemFacts) {
    let about = &system.name;
    gaps.add(system.categories.is_empty(), "gap-categories", about);
    gaps.add(blank(&system.source), "gap-source", about);
    gaps.add(blank(&system.place), "gap-place", about);
    // A processor is a recipient too (Art. 4(9) GDPR).
    if let Some(operator) = &system.operator {
        gaps.add(
            !facts
                .recipients
                .iter()
                .any(|recipient| recipient.name == *operator),
            "gap-operator",
            operator,
        );
    }
    for category in &system.categories {
        let about = if blank(&category.name) {
            system.name.clone()
        } else {
            format!("{about}: {}", category.name)
        };
        gaps.add(blank(&category.name), "gap-category", &about);
        gaps.add(blank(&category.purposes), "gap-purposes", &about);
        gaps.add(blank(&category.retention), "gap-retention", &about);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::letters::facts::RemainFacts;

    fn codes(kind: Kind, facts: &Facts) -> Vec<&'static str> {
        check(kind, facts).into_iter().map(|gap| gap.code).collect()
    }

    #[test]
    fn the_samples_lack_nothing() {
        for lang in [Lang::De, Lang::En] {
            let facts = Facts::sample(lang).unwrap();
            for kind in Kind::ALL {
                assert_eq!(check(kind, &facts), [], "{kind:?} {lang:?}");
            }
        }
    }

    #[test]
    fn each_missing_element_is_named() {
        type Spoil = fn(&mut Facts);
        let spoilt: [(&str, Spoil); 17] = [
            ("gap-controller", |facts| facts.controller.address.clear()),
            ("gap-authority", |facts| {
                facts.controller.authority.address.clear()
            }),
            ("gap-case", |facts| facts.case.received_on.clear()),
            ("gap-decisions", |facts| facts.decisions.clear()),
            ("gap-grounds", |facts| {
                facts.decisions.iter_mut().for_each(|decision| {
                    decision.grounds.clear();
                    decision.remains.clear();
                })
            }),
            ("gap-findings", |facts| facts.findings.clear()),
            ("gap-categories", |facts| {
                facts.findings[0].categories.clear()
            }),
            ("gap-purposes", |facts| {
                facts.findings[0].categories[0].purposes.clear()
            }),
            ("gap-retention", |facts| {
                facts.findings[0].categories[0].retention.clear()
            }),
            ("gap-source", |facts| facts.findings[0].source.clear()),
            ("gap-recipient", |facts| facts.recipients[0].name.clear()),
            ("gap-operator", |facts| facts.recipients.clear()),
            ("gap-copy", |facts| facts.package = None),
            ("gap-completeness", |facts| facts.complete = false),
            ("gap-searched", |facts| facts.searched_with.clear()),
            ("gap-done", |facts| {
                facts
                    .decisions
                    .iter_mut()
                    .for_each(|decision| decision.done.clear())
            }),
            ("gap-from", |facts| {
                facts
                    .decisions
                    .iter_mut()
                    .for_each(|decision| decision.from = None)
            }),
        ];
        for (code, spoil) in spoilt {
            let mut facts = Facts::sample(Lang::De).unwrap();
            spoil(&mut facts);
            assert!(
                codes(Kind::Answer, &facts).contains(&code),
                "{code} is not noticed"
            );
        }
    }

    #[test]
    fn a_part_on_purpose_and_a_rest_with_its_reason_may_go() {
        let mut facts = Facts::sample(Lang::De).unwrap();
        facts.complete = false;
        facts.part = true;
        for decision in &mut facts.decisions {
            decision.grounds.clear();
            decision.outcome = Outcome::Partly;
            decision.remains = vec![RemainFacts {
                what: "Rechnungen".into(),
                why: "aufzubewahren (§ 147 AO)".into(),
                ..RemainFacts::default()
            }];
        }
        let codes = codes(Kind::Answer, &facts);
        assert!(
            !codes.contains(&"gap-completeness") && !codes.contains(&"gap-grounds"),
            "{codes:?}"
        );
    }

    #[test]
    fn every_gap_has_its_sentence() {
        for code in CODES {
            for lang in [Lang::De, Lang::En] {
                assert_ne!(phrase(lang, code), code);
            }
        }
    }
}
