//! How phrases, words and the way a message came add up: one score for a request, for a right, for a kind, and the thresholds.

use rechtzeitig::reading::cues::{KINDS_ASKED, QUESTIONS, RIGHTS_ASKED};
use rechtzeitig::reading::evidence::{Evidence, for_kind, for_request, for_right};
use rechtzeitig::reading::heard::Heard;
use rechtzeitig::reading::mark::Mark;

use super::machine::{Case, odds};
use super::made_of::Source;
use super::sample::{PARTS, Sample};

/// How firmly the weights of the evidence are held near nought.
const HOLD: f64 = 2.0;
/// What a doubtful text counts as one that is no request.
const DOUBTFUL: f64 = 0.15;

/// Pieces of evidence by name, and their weights; the first is the bias.
#[derive(Debug, Clone)]
pub struct Scale {
    pub names: Vec<&'static str>,
    pub weights: Vec<f64>,
}

/// A row of evidence about one text.
#[derive(Debug)]
struct Row {
    part: usize,
    yes: bool,
    counts: f64,
    row: Vec<f64>,
}

/// The score of every text for every thing that can be asked of it, out of its part.
#[derive(Debug)]
pub struct Scored {
    pub scale: Scale,
    /// By text, by question.
    pub scores: Vec<Vec<f64>>,
}

/// How far a text is trusted to teach how phrases and words add up: not far where phrases were made from it.
fn trust(sample: &Sample) -> f64 {
    match sample.source {
        Source::Apart => 1.0,
        Source::Tuned => 0.4,
        Source::Short => 0.05,
    }
}

fn scored(
    samples: &[Sample],
    rows: Vec<Vec<Vec<Evidence>>>,
    names: Vec<&'static str>,
    teaches: impl Fn(usize, &Sample) -> Option<(bool, f64)>,
) -> Scored {
    let dense = |evidence: &[Evidence]| -> Vec<f64> {
        let mut row = vec![0.0; names.len()];
        for (name, much) in evidence.iter().chain(&[("bias", 1.0)]) {
            let place = names.iter().position(|known| known == name);
            if let Some(cell) = place.and_then(|place| row.get_mut(place)) {
                *cell = f64::from(*much);
            }
        }
        row
    };
    let all: Vec<Vec<Vec<f64>>> = rows
        .iter()
        .map(|of_text| of_text.iter().map(|evidence| dense(evidence)).collect())
        .collect();
    let mut taught = Vec::new();
    for (sample, of_text) in samples.iter().zip(&all) {
        for (question, row) in of_text.iter().enumerate() {
            if let Some((yes, counts)) = teaches(question, sample) {
                taught.push(Row {
                    part: sample.part,
                    yes,
                    counts: counts * trust(sample),
                    row: row.clone(),
                });
            }
        }
    }
    let learnt = |without: Option<usize>| {
        let cases: Vec<Case> = taught
            .iter()
            .filter(|row| Some(row.part) != without && row.counts > 0.0)
            .map(|row| Case {
                yes: row.yes,
                counts: row.counts,
                row: &row.row,
            })
            .collect();
        odds(&cases, names.len(), HOLD)
    };
    let by_part: Vec<Vec<f64>> = (0..PARTS).map(|part| learnt(Some(part))).collect();
    let scores = samples
        .iter()
        .zip(&all)
        .map(|(sample, of_text)| {
            let weights = by_part.get(sample.part).map_or(&[][..], Vec::as_slice);
            of_text
                .iter()
                .map(|row| row.iter().zip(weights).map(|(x, w)| x * w).sum())
                .collect()
        })
        .collect();
    Scored {
        scale: Scale {
            weights: learnt(None),
            names: names.clone(),
        },
        scores,
    }
}

fn marks(asked: std::ops::Range<usize>) -> Vec<Mark> {
    QUESTIONS
        .get(asked)
        .into_iter()
        .flatten()
        .filter_map(|code| Mark::from_code(code))
        .collect()
}

/// Every name of evidence, the bias first.
fn names(rows: &[Vec<Vec<Evidence>>]) -> Vec<&'static str> {
    let mut out = vec!["bias"];
    for (name, _) in rows.iter().take(1).flatten().flatten() {
        if !out.contains(name) {
            out.push(name);
        }
    }
    out
}

/// Whether it is a request.
pub fn of_request(samples: &[Sample], heard: &[Heard]) -> Scored {
    let rows: Vec<Vec<Vec<Evidence>>> = samples
        .iter()
        .zip(heard)
        .map(|(sample, heard)| vec![for_request(&sample.draft.own, heard, sample.draft.came())])
        .collect();
    let names = names(&rows);
    scored(samples, rows, names, |_, sample| {
        if sample.office {
            return None;
        }
        Some(match sample.answer("request") {
            Some(yes) => (yes, 1.0),
            None => (false, DOUBTFUL),
        })
    })
}

/// For which rights.
pub fn of_rights(samples: &[Sample], heard: &[Heard]) -> Scored {
    let marks = marks(RIGHTS_ASKED);
    let rows: Vec<Vec<Vec<Evidence>>> = samples
        .iter()
        .zip(heard)
        .map(|(sample, heard)| {
            let of = |mark: &Mark| for_right(&sample.draft.own, heard, *mark);
            marks.iter().map(of).collect()
        })
        .collect();
    let names = names(&rows);
    scored(samples, rows, names, |question, sample| {
        let code = marks.get(question)?.code();
        sample
            .asks()
            .then(|| (sample.rights.iter().any(|own| own == code), 1.0))
    })
}

/// Of which kind.
pub fn of_kinds(samples: &[Sample], heard: &[Heard]) -> Scored {
    let marks = marks(KINDS_ASKED);
    let rows: Vec<Vec<Vec<Evidence>>> = samples
        .iter()
        .zip(heard)
        .map(|(sample, heard)| {
            let came = sample.draft.came();
            let of = |mark: &Mark| for_kind(&sample.draft.own, heard, came, *mark);
            marks.iter().map(of).collect()
        })
        .collect();
    let names = names(&rows);
    scored(samples, rows, names, |question, sample| {
        let answer = sample.answer(marks.get(question)?.code())?;
        Some((answer, if answer { 3.0 } else { 1.0 }))
    })
}
