//! Where the lines are drawn, by what each mistake costs, and the figures that this gives.

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

/// What a mistake costs: a request that is missed most, then a wrong "yes", then a person's time.
fn cost(verdict: &str, score: f64, yes: f64, unclear: f64) -> f64 {
    match verdict {
        "yes" if score < unclear => 8.0,
        "yes" if score < yes => 2.0,
        "no" if score >= yes => 3.0,
        "no" if score >= unclear => 0.7,
        "unclear" if score >= yes || score < unclear => 1.0,
        _ => 0.0,
    }
}

/// The cheapest thresholds for a request; texts by verdict and score.
pub fn for_request(judged: &[(&str, f64)]) -> (f64, f64) {
    let mut best = (f64::MAX, 0.0, 0.0);
    for yes in grid(-40, 40) {
        for unclear in grid(-60, 40).take_while(|unclear| *unclear <= yes) {
            let sum: f64 = judged
                .iter()
                .map(|(verdict, score)| cost(verdict, *score, yes, unclear))
                .sum();
            if sum < best.0 {
                best = (sum, yes, unclear);
            }
        }
    }
    (best.1, best.2)
}

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

/// The threshold at which most texts have exactly their rights.
pub fn for_rights(judged: &[(&Sample, &[f64])]) -> f64 {
    let exact = |least: f64| {
        let right = |(sample, scores): &&(&Sample, &[f64])| chosen(scores, least) == sample.rights;
        judged.iter().filter(right).count()
    };
    most(exact)
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

/// The threshold at which most texts have their kind.
pub fn for_kinds(judged: &[(&Sample, &[f64])]) -> f64 {
    let known = |sample: &Sample| match sample.kind.as_str() {
        "other" | "duplicate" | "objection-by-machine" | "art19-notice" => "request".to_owned(),
        kind => kind.to_owned(),
    };
    most(|least| {
        let right = |(sample, scores): &&(&Sample, &[f64])| kind(scores, least) == known(sample);
        judged.iter().filter(right).count()
    })
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
