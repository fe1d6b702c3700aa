//! Weights of words, reckoned from labelled texts: how much the wording of a text sounds like a wish about one's data, and like which right.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::LazyLock;

use serde::Deserialize;

use super::judge::{Passage, Where};
use super::mark::Mark;
use super::prose::Prose;
use super::wording::{Trait, digest, traits, traits_of_head};

/// Sentences are weighed in groups of so many, besides all together.
const WINDOW: usize = 3;
/// More sentences are not weighed.
const MOST_SENTENCES: usize = 60;
/// How many of the heaviest words are told.
const TOLD: usize = 4;
/// A letter of so many words needs no attachment to be understood.
const LETTER: usize = 40;

/// What is asked of the words, in the order of the weights: a request, the rights, the kinds of what belongs to a request.
pub const QUESTIONS: [&str; 16] = [
    "request",
    "15",
    "16",
    "17",
    "18",
    "20",
    "21(1)",
    "21(2)",
    "22",
    "7(3)",
    "reminder",
    "taken-back",
    "identity-answer",
    "clarification-answer",
    "forwarding",
    "authority",
];

/// Where the rights stand among the questions.
pub const RIGHTS_ASKED: Range<usize> = 1..10;
/// Where the kinds stand.
pub const KINDS_ASKED: Range<usize> = 10..16;

/// One weight for each question.
pub type Sums = [f32; QUESTIONS.len()];

/// The weights for one question as the file has them, in hundredths.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    /// What stands for no word at all.
    bias: i16,
    /// Traits with their weights, one a line.
    words: String,
}

#[derive(Debug, Default)]
struct Cues {
    bias: Sums,
    weights: HashMap<u64, Vec<(usize, f32)>>,
}

static CUES: LazyLock<Cues> = LazyLock::new(|| cues().unwrap_or_default());

fn cues() -> Option<Cues> {
    let file: HashMap<String, Written> =
        toml::from_str(include_str!("../../config/reading/cues.toml")).ok()?;
    let mut out = Cues::default();
    for (number, question) in QUESTIONS.iter().enumerate() {
        let written = file.get(*question)?;
        if let Some(bias) = out.bias.get_mut(number) {
            *bias = f32::from(written.bias) / 100.0;
        }
        for line in written.words.lines() {
            let Some((word, weight)) = line.rsplit_once(' ') else {
                continue;
            };
            let weight: i16 = weight.parse().ok()?;
            let of = out.weights.entry(digest(word)).or_default();
            of.push((number, f32::from(weight) / 100.0));
        }
    }
    Some(out)
}

/// How a text sounds.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Heard {
    /// All of it together.
    pub whole: Sums,
    /// The group of sentences that sounds most like it.
    pub peak: Sums,
    /// The single sentence that sounds most like it.
    pub crest: Sums,
    /// How far a right is ahead of all others in the sentence where it is so most.
    pub lead: Sums,
    /// The words that weighed most for a request.
    pub words: Vec<String>,
}

/// The place of a right or kind among the questions.
pub fn question(mark: Mark) -> Option<usize> {
    QUESTIONS.iter().position(|code| *code == mark.code())
}

/// A text whose words are to be weighed.
#[derive(Debug, Clone, Copy)]
pub struct Spoken<'a> {
    /// Subject, body and attachments.
    pub passages: &'a [Passage],
    /// Sentences that are not heard, by passage.
    pub silent: &'a [(usize, Range<usize>)],
    /// The languages that it may be in.
    pub languages: &'a [&'a str],
}

impl Spoken<'_> {
    /// Calls with the traits of every sentence that is weighed: attachments only where the letter says little.
    pub fn each_sentence(&self, mut visit: impl FnMut(&Prose, &[Trait])) {
        let written: usize = self
            .passages
            .iter()
            .filter(|passage| passage.place == Where::Body)
            .map(|passage| passage.text.split_whitespace().take(LETTER).count())
            .sum();
        let mut left = MOST_SENTENCES;
        for (place, passage) in self.passages.iter().enumerate() {
            if written >= LETTER && matches!(passage.place, Where::Attachment(_)) {
                continue;
            }
            let prose = Prose::of(&passage.text);
            if passage.place == Where::Subject {
                visit(&prose, &traits_of_head(&prose, self.languages));
            }
            for number in 0..prose.sentences.len().min(left) {
                let silent = self
                    .silent
                    .iter()
                    .any(|(passage, sentences)| *passage == place && sentences.contains(&number));
                if !silent {
                    visit(&prose, &traits(&prose, number, self.languages));
                }
            }
            left = left.saturating_sub(prose.sentences.len());
        }
    }
}

/// Weighs the words of a text.
pub fn hear(spoken: Spoken) -> Heard {
    let mut sums: Vec<(Sums, f32)> = Vec::new();
    let mut told: Vec<(f32, String)> = Vec::new();
    spoken.each_sentence(|prose, traits| {
        let mut own = Sums::default();
        for one in traits {
            let Some(weights) = CUES.weights.get(&one.digest) else {
                continue;
            };
            for (number, weight) in weights {
                if let Some(sum) = own.get_mut(*number) {
                    *sum += weight;
                }
            }
            if let Some((0, weight)) = weights.first()
                && *weight > 0.5
                && one.tells()
            {
                told.push((*weight, one.words(prose)));
            }
        }
        sums.push((own, count(traits)));
    });
    told.sort_by(|one, other| other.0.total_cmp(&one.0).then_with(|| one.1.cmp(&other.1)));
    let mut words: Vec<String> = Vec::new();
    for (_, word) in told {
        if words.len() < TOLD && !words.iter().any(|known| known.contains(&word)) {
            words.push(word);
        }
    }
    let mut heard = heard(&sums, &CUES.bias);
    heard.words = words;
    heard
}

/// How many traits a sentence has.
pub fn count(traits: &[Trait]) -> f32 {
    f32::from(u16::try_from(traits.len()).unwrap_or(u16::MAX))
}

/// The whole and its heaviest group, from the sums and numbers of traits of its sentences. The more is said, the less each word tells.
pub fn heard(sentences: &[(Sums, f32)], bias: &Sums) -> Heard {
    let mut out = Heard {
        whole: *bias,
        peak: *bias,
        crest: *bias,
        lead: Sums::default(),
        words: Vec::new(),
    };
    if sentences.is_empty() {
        return out;
    }
    out.whole = sum(sentences, bias);
    let size = WINDOW.min(sentences.len());
    out.peak = out.whole;
    for group in sentences.windows(size) {
        let of = sum(group, bias);
        for (peak, here) in out.peak.iter_mut().zip(of) {
            *peak = peak.max(here);
        }
    }
    out.crest = [f32::MIN; QUESTIONS.len()];
    out.lead = out.crest;
    for sentence in sentences {
        let of = sum(std::slice::from_ref(sentence), bias);
        for (number, here) in of.iter().enumerate() {
            let best = best_other(&of, number);
            if let (Some(crest), Some(lead)) = (out.crest.get_mut(number), out.lead.get_mut(number))
            {
                *crest = crest.max(*here);
                *lead = lead.max(here - best.max(-2.0));
            }
        }
    }
    out
}

/// The heaviest of the other rights, or of the other kinds.
pub fn best_other(sums: &Sums, number: usize) -> f32 {
    let asked = if KINDS_ASKED.contains(&number) {
        KINDS_ASKED
    } else {
        RIGHTS_ASKED
    };
    asked
        .filter(|other| *other != number)
        .filter_map(|other| sums.get(other).copied())
        .fold(f32::MIN, f32::max)
}

fn sum(sentences: &[(Sums, f32)], bias: &Sums) -> Sums {
    let number: f32 = sentences.iter().map(|(_, count)| count).sum();
    let scale = number.max(1.0).sqrt();
    let mut out = *bias;
    for (sums, _) in sentences {
        for (total, sum) in out.iter_mut().zip(sums) {
            *total += sum / scale;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn weigh(text: &str) -> Heard {
        let passage = Passage {
            place: Where::Body,
            text: text.to_owned(),
        };
        hear(Spoken {
            passages: &[passage],
            silent: &[],
            languages: &["de"],
        })
    }

    #[test]
    fn a_wish_about_ones_data_outweighs_an_order() {
        let wish = weigh("Was wisst ihr eigentlich alles über mich und woher habt ihr das?");
        let order = weigh("Bitte liefern Sie uns zwanzig Kartons der üblichen Sorte bis Freitag.");
        assert!(
            wish.whole[0] > 0.5 && order.whole[0] < -0.5,
            "{wish:?} {order:?}"
        );
        assert!(wish.whole[1] > wish.whole[3], "{wish:?}");
        assert!(!wish.words.is_empty());
    }

    #[test]
    fn the_file_answers_every_question() {
        assert!(CUES.weights.len() > 1000);
        assert!(CUES.bias.iter().all(|bias| *bias != 0.0));
    }
}
