//! Phrases and words in one score: whether a text asks for a right, and for which. The weights of the evidence were reckoned from labelled texts.

use std::collections::HashMap;
use std::sync::LazyLock;

use serde::Deserialize;

use super::cues::{KINDS_ASKED, QUESTIONS, question};
use super::evidence::{Came, Evidence, flag, for_kind, for_request, for_right, weakened};
use super::heard::Heard;
use super::judge::{DOUBT, Judgement, RIGHTS};
use super::mark::Mark;
use super::verdict::Verdict;

/// The weights as their file has them.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Weights {
    /// From this score on it is a request.
    yes: f32,
    /// From this score on a person looks.
    unclear: f32,
    /// From this score on a right is asked for.
    right: f32,
    /// From this score on a right is proposed where it is unclear.
    proposed: f32,
    /// From this score on it is of a kind.
    kind: f32,
    /// What each piece of evidence adds for a request.
    request: HashMap<String, f32>,
    /// And for a single right.
    rights: HashMap<String, f32>,
    /// And for a kind of message.
    kinds: HashMap<String, f32>,
}

static WEIGHTS: LazyLock<Weights> = LazyLock::new(|| {
    toml::from_str(include_str!("../../config/reading/balance.toml")).unwrap_or_default()
});

/// So much more is needed where a phrase speaks against a right.
const DENIED: f32 = 1.5;
/// So far beyond the threshold it asks plainly.
const PLAINLY: f32 = 1.5;

/// What a text asks for, phrases and words together.
#[derive(Debug, Clone, PartialEq)]
pub struct Asked {
    /// Whether it asks.
    pub verdict: Verdict,
    /// The score that this rests on.
    pub score: f32,
    /// It asks beyond the threshold, so that it would even in an answer.
    pub plainly: bool,
    /// What it asks for, or what is proposed.
    pub rights: Vec<Mark>,
    /// None of these is sure.
    pub guessed: bool,
    /// The words that sounded most like it.
    pub words: Vec<String>,
}

impl Asked {
    /// The rights, if it surely asks.
    pub fn surely(&self) -> Vec<Mark> {
        if self.verdict == Verdict::Yes {
            self.rights.clone()
        } else {
            Vec::new()
        }
    }

    /// A reason, with the words that it rests on.
    pub fn told(&self, reason: &str) -> String {
        if self.words.is_empty() {
            reason.to_owned()
        } else {
            let words: Vec<String> = self.words.iter().map(|word| format!("“{word}”")).collect();
            format!("{reason}; the words sound like it: {}", words.join(", "))
        }
    }
}

/// The kinds that a text is of, phrases and words together, the surest first.
pub fn kinds(judgement: &Judgement, heard: &Heard, came: Came) -> Vec<(f32, Mark)> {
    let mut out: Vec<(f32, Mark)> = KINDS_ASKED
        .filter_map(|place| Mark::from_code(QUESTIONS.get(place)?))
        .map(|mark| {
            let evidence = for_kind(judgement, heard, came, mark);
            (sum(&evidence, &WEIGHTS.kinds) - WEIGHTS.kind, mark)
        })
        .filter(|(score, _)| *score >= 0.0)
        .collect();
    out.sort_by(|one, other| other.0.total_cmp(&one.0));
    out
}

fn sum(evidence: &[Evidence], weights: &HashMap<String, f32>) -> f32 {
    evidence
        .iter()
        .map(|(name, much)| weights.get(*name).copied().unwrap_or_default() * much)
        .sum()
}

/// Weighs all evidence.
pub fn asked(judgement: &Judgement, heard: &Heard, came: Came) -> Asked {
    let score = sum(&for_request(judgement, heard, came), &WEIGHTS.request);
    let verdict = if score >= WEIGHTS.yes {
        Verdict::Yes
    } else if score >= WEIGHTS.unclear {
        Verdict::Unclear
    } else {
        Verdict::No
    };
    let rights = match verdict {
        Verdict::Yes => rights(judgement, heard, WEIGHTS.right),
        Verdict::Unclear => rights(judgement, heard, WEIGHTS.proposed),
        Verdict::No => Vec::new(),
    };
    let guessed = rights.iter().all(|(score, _)| *score < WEIGHTS.proposed);
    // what is asked for has at least one right, what is doubtful may have none
    let mut rights: Vec<Mark> = rights
        .into_iter()
        .filter(|_| verdict == Verdict::Yes || !guessed)
        .map(|(_, mark)| mark)
        .collect();
    rights.sort();
    Asked {
        verdict,
        score,
        plainly: score >= WEIGHTS.yes + PLAINLY,
        guessed,
        rights,
        words: Vec::new(),
    }
}

/// The rights of at least this score, and always the one that has most of it.
fn rights(judgement: &Judgement, heard: &Heard, least: f32) -> Vec<(f32, Mark)> {
    let mut scored: Vec<(f32, Mark)> = RIGHTS
        .iter()
        .filter(|mark| question(**mark).is_some())
        .map(|mark| {
            let evidence = for_right(judgement, heard, *mark);
            // what a phrase speaks against wholly needs more than words
            let denied = weakened(judgement, |of| of == *mark)
                * flag(judgement.score(*mark) < DOUBT)
                * DENIED;
            (sum(&evidence, &WEIGHTS.rights) - denied, *mark)
        })
        .collect();
    scored.sort_by(|one, other| other.0.total_cmp(&one.0));
    let mut place = 0;
    scored.retain(|(score, _)| {
        place += 1;
        *score >= least || place == 1
    });
    scored
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_weighs_every_piece_of_evidence() {
        let (judgement, heard) = (Judgement::default(), Heard::default());
        for (name, _) in for_request(&judgement, &heard, Came::default()) {
            assert!(WEIGHTS.request.contains_key(name), "{name}");
        }
        for mark in RIGHTS.iter().filter(|mark| question(**mark).is_some()) {
            for (name, _) in for_right(&judgement, &heard, *mark) {
                assert!(WEIGHTS.rights.contains_key(name), "{name}");
            }
        }
        for (name, _) in for_kind(&judgement, &heard, Came::default(), Mark::Reminder) {
            assert!(WEIGHTS.kinds.contains_key(name), "{name}");
        }
        assert!(WEIGHTS.unclear < WEIGHTS.yes);
    }
}
