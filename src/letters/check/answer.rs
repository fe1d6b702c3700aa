//! What answers must hold (Art. 12(4), 14, 15, 16 to 22 GDPR), and what stands beside them.

use super::{Gaps, absent, blank, some};
use crate::letters::facts::{
    CategoryFacts, DecisionFacts, Facts, Outcome, RecipientFacts, SystemFacts,
};

pub(super) fn answer(gaps: &mut Gaps, facts: &Facts) {
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
            "20" if acted => {
                gaps.add(
                    facts.package.as_ref().is_none_or(|it| absent(&it.format)),
                    "gap-format",
                    about,
                );
                gaps.add(absent(&decision.ends), "gap-transfer", about);
            }
            "16" | "17" if acted => act(gaps, decision),
            "18" | "21(1)" | "21(2)" | "7(3)" if acted => {
                gaps.add(absent(&decision.from), "gap-from", about);
                gaps.add(
                    decision.code == "18" && absent(&decision.ends),
                    "gap-ends",
                    about,
                );
            }
            _ => {}
        }
        if decision.outcome == Outcome::Nothing {
            gaps.add(
                facts.searched_with.is_empty() || facts.findings.iter().all(|it| it.never_searched),
                "gap-searched",
                about,
            );
        }
        for remain in &decision.remains {
            gaps.add(
                blank(&remain.what) || blank(&remain.why),
                "gap-remains",
                &remain.what,
            );
            gaps.add(absent(&remain.until), "gap-remains-end", &remain.what);
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
    recipients(gaps, &facts.recipients);
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
    gaps.add(
        system.third_country && absent(&system.guarantee),
        "gap-guarantee",
        about,
    );
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
        self::category(gaps, category, &about);
    }
}

/// A period may be a date or criteria: any words but none (Art. 15(1)(d) GDPR).
fn category(gaps: &mut Gaps, category: &CategoryFacts, about: &str) {
    gaps.add(blank(&category.name), "gap-category", about);
    gaps.add(blank(&category.purposes), "gap-purposes", about);
    gaps.add(blank(&category.retention), "gap-retention", about);
}

/// Recipients by name, and a guarantee where they sit in a third country.
fn recipients(gaps: &mut Gaps, recipients: &[RecipientFacts]) {
    for recipient in recipients {
        let about = match blank(&recipient.name) {
            true => &recipient.role,
            false => &recipient.name,
        };
        gaps.add(
            blank(&recipient.name) || blank(&recipient.country),
            "gap-recipient",
            about,
        );
        gaps.add(
            recipient.third_country && absent(&recipient.guarantee),
            "gap-guarantee",
            about,
        );
    }
}

/// A part names what is missing, why, and by when; it is never complete.
pub(super) fn part(gaps: &mut Gaps, facts: &Facts) {
    let part = facts.partial.clone().unwrap_or_default();
    gaps.add(!some(&part.enclosed), "gap-enclosed", "");
    let named = part
        .missing
        .iter()
        .all(|missing| !blank(&missing.what) && !blank(&missing.why) && !absent(&missing.until));
    gaps.add(part.missing.is_empty() || !named, "gap-missing", "");
    gaps.add(blank(&facts.case.due), "gap-due", "");
    for system in facts.findings.iter().filter(|system| system.held) {
        self::system(gaps, facts, system);
    }
}

/// Art. 14(1), (2) GDPR.
pub(super) fn from_elsewhere(gaps: &mut Gaps, facts: &Facts) {
    let notice = facts.art14.clone().unwrap_or_default();
    gaps.add(
        blank(&notice.occasion) || notice.categories.is_empty(),
        "gap-art14",
        "",
    );
    gaps.add(blank(&notice.source), "gap-source", "");
    for category in &notice.categories {
        self::category(gaps, category, &category.name);
        gaps.add(blank(&category.basis), "gap-basis", &category.name);
    }
    recipients(gaps, &facts.recipients);
}

/// Art. 18(3) GDPR.
pub(super) fn lifting(gaps: &mut Gaps, facts: &Facts) {
    let enough = facts.lifting.as_ref().is_some_and(|it| {
        some(&it.data) && !blank(&it.since) && !blank(&it.from) && !blank(&it.why)
    });
    gaps.add(!enough, "gap-lifting", "");
}

/// A fee is told before, with its amount, its costs and its reason.
pub(super) fn fee(gaps: &mut Gaps, facts: &Facts) {
    let enough = facts
        .fee
        .as_ref()
        .is_some_and(|it| !blank(&it.amount) && !blank(&it.costs) && !blank(&it.why));
    gaps.add(!enough, "gap-fee", "");
}

/// Both elements in writing, and what shows them.
pub(super) fn excess(gaps: &mut Gaps, facts: &Facts) {
    let enough = facts
        .excess
        .as_ref()
        .is_some_and(|it| !blank(&it.objective) && !blank(&it.intention) && some(&it.evidence));
    gaps.add(!enough, "gap-excess", "");
}
