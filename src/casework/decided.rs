//! What the answer says of a decision: what was done, what stays until when and who may use it, who was told.

use chrono::{Days, NaiveDate};

use crate::domain::case::Case;
use crate::domain::decision::{Decision, Ground, Remainder};
use crate::domain::item::Item;
use crate::domain::judgement::{End, Judgement, Treatment};
use crate::domain::lang::Lang;
use crate::domain::measure::Measure;
use crate::domain::private::Private;
use crate::domain::register::System;
use crate::domain::right::Right;
use crate::domain::weighing::Weighing;
use crate::letters::facts::{DecisionFacts, DoneFacts, GroundFacts, Outcome, RemainFacts};
use crate::words::dates::long_date;
use crate::words::{measures, recipients, terms};

/// What the answer says of one decided item.
pub(super) fn decision(
    item: &Item,
    case: &Case,
    systems: &[System],
    lang: Lang,
    today: NaiveDate,
) -> Option<DecisionFacts> {
    let decision = item.decision()?;
    let (outcome, text, grounds): (_, &Private<String>, &[Ground]) = match decision {
        Decision::Granted { text } => (Outcome::Granted, text, &[]),
        Decision::NothingHeld { text } => (Outcome::Nothing, text, &[]),
        Decision::Refused { text, grounds } => (Outcome::Refused, text, grounds),
        Decision::Partly { text, grounds, .. } => (Outcome::Partly, text, grounds),
    };
    let weighing = case.weighed.get(&item.right);
    let measure = weighing.and_then(|it| it.measure.as_ref());
    let acted = item.done().iter().map(|done| done.on).min();
    let ground = |ground: &Ground| GroundFacts {
        law: ground.law.clone(),
        text: ground.facts.reveal().clone(),
    };
    Some(DecisionFacts {
        code: item.right.code().to_owned(),
        name: terms::right_name(item.right, lang).to_owned(),
        outcome,
        text: paragraphs(measure, text, lang),
        grounds: grounds.iter().map(ground).collect(),
        done: item
            .done()
            .iter()
            .map(|done| DoneFacts {
                system: done.system.clone(),
                what: done.what.reveal().clone(),
                when: long_date(done.on, lang),
            })
            .collect(),
        remains: remains(decision, case, item.right, lang),
        told: told(case, item.right, lang),
        untold: untold(case, item.right, lang),
        backups: last_copy(item, case, systems).map(|day| long_date(day, lang)),
        noted: matches!(measure, Some(Measure::Correct { counter_note, .. }) if !counter_note.reveal().trim().is_empty()),
        from: Some(long_date(
            acted.unwrap_or(today).max(case.intake.received),
            lang,
        )),
        ends: match measure {
            Some(Measure::Restrict { end, .. }) => Some(measures::restriction_ends(end, lang)),
            _ if item.right == Right::Portability => Some(measures::transfer(measure, lang)),
            _ => None,
        },
    })
}

fn paragraphs(measure: Option<&Measure>, text: &Private<String>, lang: Lang) -> String {
    let ordered = measure.map(|it| measures::measure(it, lang));
    let written = Some(text.reveal().trim().to_owned());
    let parts = [ordered, written].into_iter().flatten();
    let parts: Vec<String> = parts.filter(|part| !part.is_empty()).collect();
    parts.join("\n\n")
}

/// What stays, why, until when, and who may use it for what.
fn remains(decision: &Decision, case: &Case, right: Right, lang: Lang) -> Vec<RemainFacts> {
    let because =
        |rest: &Remainder| format!("{} ({})", rest.ground.facts.reveal(), rest.ground.law);
    let stays = |rest: &Remainder, why: String| RemainFacts {
        what: rest.what.clone(),
        why,
        until: rest
            .until
            .map(|day| measures::end(&End::Day(day), lang))
            .or_else(|| rest.event.clone()),
        uses: match (rest.uses.reveal().trim(), rest.restricted) {
            ("", true) => None,
            ("", false) => Some(measures::kept_uses(lang).to_owned()),
            (uses, _) => Some(uses.to_owned()),
        },
    };
    match decision {
        Decision::Partly { remains, .. } => remains
            .iter()
            .map(|rest| stays(rest, because(rest)))
            .collect(),
        // The facts stand among the grounds of the no already.
        Decision::Refused { .. } => {
            let kept = case.kept(right);
            kept.iter()
                .map(|rest| stays(rest, rest.ground.law.clone()))
                .collect()
        }
        Decision::Granted { .. } | Decision::NothingHeld { .. } => vec![],
    }
}

/// The day on which the last copy of what was erased is gone from the backups; none where one rule is unknown,
/// for then no day could be promised.
fn last_copy(item: &Item, case: &Case, systems: &[System]) -> Option<NaiveDate> {
    if item.right != Right::Erasure {
        return None;
    }
    let judged = case.weighed.get(&item.right)?.judgements.iter();
    let gone = |it: &&Judgement| matches!(it.treatment, Treatment::Erase | Treatment::Anonymise);
    let mut last = None;
    for judged in judged.filter(gone) {
        let system = systems.iter().find(|it| it.id == judged.system)?;
        let done = item.done().iter().filter(|done| done.system == system.name);
        let done = done.map(|done| done.on).max()?;
        let days = system.backup.as_ref()?.days?;
        last = last.max(done.checked_add_days(Days::new(days.into())));
    }
    last
}

/// The recipients that were told of it, by name (Art. 19 GDPR).
fn told(case: &Case, right: Right, lang: Lang) -> Vec<String> {
    let mut told: Vec<String> = Vec::new();
    for notice in case.notices.iter().filter(|it| it.right == right) {
        let name = recipients::name(notice, lang);
        if notice.knows() && !told.contains(&name) {
            told.push(name);
        }
    }
    told
}

/// Who else received the data, with the reason why we told them nothing; only where the person asked.
fn untold(case: &Case, right: Right, lang: Lang) -> Vec<RemainFacts> {
    let asked = case.asked_recipients.is_some();
    let notices = case.notices.iter().filter(|it| asked && it.right == right);
    notices
        .filter_map(|notice| {
            Some(RemainFacts {
                what: recipients::name(notice, lang),
                why: recipients::untold_because(&notice.told, lang)?,
                ..RemainFacts::default()
            })
        })
        .collect()
}

/// What was weighed for the access that this answer gives.
pub(super) fn access(case: &Case) -> Option<&Weighing> {
    let item = case.item(Right::Access)?;
    let given = item.decision().is_some_and(Decision::to_carry_out);
    case.weighed.get(&Right::Access).filter(|_| given)
}

/// What of the finds the copy does not show, each with its rule (Art. 15(4), 12(4) GDPR).
pub(super) fn withheld(case: &Case, lang: Lang) -> impl Iterator<Item = RemainFacts> {
    let judged = access(case).map(|it| it.judgements.as_slice());
    let hidden = |it: &&Judgement| matches!(it.treatment, Treatment::Redact | Treatment::Withhold);
    judged
        .unwrap_or_default()
        .iter()
        .filter(hidden)
        .filter_map(move |it| {
            Some(RemainFacts {
                what: it.what(),
                why: measures::left_out(it.treatment, &it.ground.as_ref()?.law, lang),
                ..RemainFacts::default()
            })
        })
}
