//! What the words tell: a line for each question.

use rechtzeitig::reading::cues::{KINDS_ASKED, QUESTIONS};

use super::machine::{Bag, Lesson, Line, line};
use super::made_of::Source;
use super::sample::Texts;

/// How strictly the texts are parted, for a request and for the rest.
const STRICT: f32 = 0.2;
const STRICT_REST: f32 = 0.2;
/// How often all texts are gone round.
const ROUNDS: u32 = 12;
/// So many words are kept for a request, a right, a kind.
const MOST: [usize; 3] = [9000, 5000, 1500];
/// What a short sentence counts.
const SHORT: f32 = 1.0;
/// What a text counts for the rights that asks for nothing.
const IDLE: f32 = 0.5;
/// What a doubtful text counts as one that is no request.
const DOUBTFUL: f32 = 0.15;

fn place(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

/// The weights of words for one question, from all texts but those of one part.
pub fn words(texts: &Texts, question: &str, without: Option<usize>) -> Line {
    let size = texts.names.len();
    let rarity = rarity(texts);
    let of_kind = QUESTIONS[KINDS_ASKED].contains(&question);
    let (strict, most) = match question {
        "request" => (STRICT, MOST[0]),
        _ if of_kind => (STRICT_REST, MOST[2]),
        _ => (STRICT_REST, MOST[1]),
    };
    let taught: Vec<(bool, f32, Bag)> = texts
        .samples
        .iter()
        .filter(|sample| Some(sample.part) != without)
        .filter_map(|sample| {
            let mut counts = if sample.source == Source::Short {
                SHORT
            } else {
                1.0
            };
            let yes = match sample.answer(question) {
                Some(yes) => yes,
                None if question == "request" => {
                    counts = DOUBTFUL;
                    false
                }
                None => return None,
            };
            if question != "request" && !of_kind && sample.verdict == "no" {
                counts *= IDLE;
            }
            let bag = sample
                .bag
                .iter()
                .filter_map(|(word, much)| Some((*word, much * rarity.get(place(*word))?)));
            Some((yes, counts, bag.collect()))
        })
        .collect();
    let first = line(&lessons(&taught), size, strict, ROUNDS);
    // only the words that move most texts are kept, and weighed again among themselves
    let mut moved = vec![0.0_f32; size];
    for (word, much) in taught.iter().flat_map(|(_, _, bag)| bag) {
        if let Some(moved) = moved.get_mut(place(*word)) {
            *moved += much * much;
        }
    }
    let mut order: Vec<(f32, usize)> = first
        .weights
        .iter()
        .zip(&moved)
        .map(|(weight, moved)| weight * weight * moved)
        .zip(0..)
        .filter(|(moves, _)| *moves > 0.0)
        .collect();
    order.sort_by(|one, other| other.0.total_cmp(&one.0).then(one.1.cmp(&other.1)));
    let mut kept = vec![false; size];
    for (_, word) in order.into_iter().take(most) {
        if let Some(kept) = kept.get_mut(word) {
            *kept = true;
        }
    }
    let taught: Vec<(bool, f32, Bag)> = taught
        .into_iter()
        .map(|(yes, counts, mut bag)| {
            bag.retain(|(word, _)| kept.get(place(*word)).copied().unwrap_or(false));
            (yes, counts, bag)
        })
        .collect();
    let mut out = line(&lessons(&taught), size, strict, ROUNDS);
    // as the file has them: in hundredths
    for (weight, rarity) in out.weights.iter_mut().zip(&rarity) {
        *weight = (*weight * rarity * 100.0).round() / 100.0;
    }
    out.bias = (out.bias * 100.0).round() / 100.0;
    out
}

fn lessons(taught: &[(bool, f32, Bag)]) -> Vec<Lesson<'_>> {
    taught
        .iter()
        .map(|(yes, counts, bag)| Lesson {
            yes: *yes,
            counts: *counts,
            bag,
        })
        .collect()
}

/// Rare words tell more than frequent ones.
fn rarity(texts: &Texts) -> Vec<f32> {
    let mut often = vec![0.0_f32; texts.names.len()];
    for (word, _) in texts.samples.iter().flat_map(|sample| &sample.bag) {
        if let Some(often) = often.get_mut(place(*word)) {
            *often += 1.0;
        }
    }
    let all = f32::from(u16::try_from(texts.samples.len()).unwrap_or(u16::MAX));
    often
        .into_iter()
        .map(|often| {
            if often > 0.0 {
                (1.0 + (all / often).ln()).sqrt()
            } else {
                0.0
            }
        })
        .collect()
}
