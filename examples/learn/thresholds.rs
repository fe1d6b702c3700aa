//! Where the lines are drawn between yes, unclear and no, between rights, between kinds.

use rechtzeitig::reading::cues::{KINDS_ASKED, QUESTIONS, RIGHTS_ASKED};

use super::sample::Sample;

/// From which score on something is what.
#[derive(Debug, Clone, Copy, Default)]
pub struct Thresholds {
    pub yes: f64,
    pub unclear: f64,
    pub right: f64,
    pub kind: f64,
}

fn grid(from: i32, to: i32) -> impl Iterator<Item = f64> {
    (from..=to).map(|step| f64::from(step) / 10.0)
}

/// Of what is found as a request so many are to be one. The labelled texts hold far more bait than a mailbox does, so that there it is more.
const PRECISE: f64 = 0.87;
/// So many of all requests are found or at least shown to a person.
const KEPT: f64 = 0.993;

/// The lowest thresholds for a request that keep to this, and the highest below it that loses no more; texts by verdict and score.
pub fn for_request(judged: &[(&str, f64)]) -> (f64, f64) {
    let from = |least: f64, verdict: &str| {
        let reach = judged
            .iter()
            .filter(|(is, score)| *score >= least && (verdict.is_empty() || *is == verdict));
        reach.count()
    };
    let all = from(f64::MIN, "yes");
    let yes = grid(-40, 40)
        .find(|least| share(from(*least, "yes"), from(*least, "")) >= PRECISE)
        .unwrap_or_default();
    let unclear = grid(-60, 40)
        .take_while(|least| *least < yes && share(from(*least, "yes"), all) >= KEPT)
        .last()
        .unwrap_or(yes - 1.0);
    (yes, unclear)
}

/// A part of a whole.
pub fn share(part: usize, whole: usize) -> f64 {
    let number = |it: usize| f64::from(u32::try_from(it).unwrap_or(u32::MAX));
    number(part) / number(whole.max(1))
}

/// So many texts fewer are as good.
const NEARLY: usize = 4;

/// The rights from a score on, and always the likeliest.
pub fn chosen(scores: &[f64], least: f64) -> Vec<&'static str> {
    let top = scores.iter().copied().fold(f64::MIN, f64::max);
    let codes = QUESTIONS.get(RIGHTS_ASKED).unwrap_or_default();
    let mut out: Vec<&str> = codes
        .iter()
        .zip(scores)
        .filter(|(_, score)| **score >= least || **score >= top)
        .map(|(code, _)| *code)
        .collect();
    out.sort_unstable();
    out
}

/// The middle of the thresholds at which nearly most texts have exactly their rights.
pub fn for_rights(judged: &[(&Sample, &[f64])]) -> f64 {
    let exact = |least: f64| {
        let right = |(sample, scores): &&(&Sample, &[f64])| chosen(scores, least) == sample.rights;
        judged.iter().filter(right).count()
    };
    let best = exact(most(exact));
    let good: Vec<f64> = grid(-25, 25)
        .filter(|least| exact(*least) + NEARLY >= best)
        .collect();
    good.get(good.len() / 2).copied().unwrap_or_default()
}

/// The kind that is likeliest, if it reaches the score.
pub fn kind(scores: &[f64], least: f64) -> &'static str {
    let codes = QUESTIONS.get(KINDS_ASKED).unwrap_or_default();
    let best = codes
        .iter()
        .zip(scores)
        .max_by(|one, other| one.1.total_cmp(other.1));
    match best {
        Some((&"taken-back", score)) if *score >= least => "withdrawal",
        Some((code, score)) if *score >= least => code,
        _ => "request",
    }
}

/// The lowest threshold at which nearly most texts have their kind: an answer taken for a request makes a second case.
pub fn for_kinds(judged: &[(&Sample, &[f64])]) -> f64 {
    let known = |sample: &Sample| match sample.kind.as_str() {
        "other" | "duplicate" | "objection-by-machine" | "art19-notice" => "request".to_owned(),
        kind => kind.to_owned(),
    };
    let count = |least: f64| {
        let right = |(sample, scores): &&(&Sample, &[f64])| kind(scores, least) == known(sample);
        judged.iter().filter(right).count()
    };
    let best = count(most(count));
    grid(2, 25)
        .find(|least| count(*least) + NEARLY >= best)
        .unwrap_or_default()
}

fn most(count: impl Fn(f64) -> usize) -> f64 {
    let mut best = (0, 0.0);
    for least in grid(-25, 25) {
        let now = count(least);
        if now > best.0 {
            best = (now, least);
        }
    }
    best.1
}
