//! What a text asks for: its signs, added up to a verdict per right.

use super::lexicon::lexicon;
use super::mark::Mark;
use super::prose::Prose;
use super::sign::{Bait, Sign, collect, weigh};
use super::tongue::likely;

/// Where a text stood.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Where {
    /// In the subject.
    Subject,
    /// In what the person wrote.
    Body,
    /// In what is quoted below.
    Quoted,
    /// In an attachment of this name.
    Attachment(String),
}

/// A text to be judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passage {
    /// Where it stood.
    pub place: Where,
    /// The text.
    pub text: String,
}

/// All signs of a message with their sums.
#[derive(Debug, Clone, Default)]
pub struct Judgement {
    /// Everything found, in the order of the text.
    pub signs: Vec<Sign>,
    /// Sentences that counter-signs silence, by passage.
    pub silent: Vec<(usize, std::ops::Range<usize>)>,
}

/// From here on a right is asked for.
pub const SURE: i32 = 6;
/// From here on a right goes along with a sure one.
pub const ALONG: i32 = 5;
/// From here on a person should look.
pub const DOUBT: i32 = 3;

/// A text with more signs is made to be weighed long.
const MOST_SIGNS: usize = 1500;

/// Judges texts that make up one message.
pub fn judge(passages: &[Passage]) -> Judgement {
    if passages.is_empty() {
        return Judgement::default();
    }
    let mut signs = Vec::new();
    let mut baits: Vec<Bait> = Vec::new();
    let proses: Vec<Prose> = passages
        .iter()
        .map(|passage| Prose::of(&passage.text))
        .collect();
    // a subject is too short to tell its language by itself
    let longest = proses
        .iter()
        .zip(passages)
        .max_by_key(|(prose, _)| prose.words.len());
    let spoken = longest
        .map(|(prose, _)| likely(&prose.words, prose.text))
        .unwrap_or_default();
    for (number, (passage, prose)) in passages.iter().zip(&proses).enumerate() {
        let own = likely(&prose.words, prose.text);
        let short = prose.words.len() < 12;
        let languages = if short { &spoken } else { &own };
        collect(number, passage, prose, languages, &mut signs, &mut baits);
    }
    signs.truncate(MOST_SIGNS);
    weigh(&mut signs, &baits);
    let silent = baits.iter().filter_map(Bait::silences).collect();
    let mut judgement = Judgement { signs, silent };
    judgement.settle_objections();
    judgement
}

impl Judgement {
    /// An objection without a named ground is one against advertising where advertising is spoken of, else one under Art. 21(1).
    fn settle_objections(&mut self) {
        let marketing: Vec<(usize, usize)> = self
            .signs
            .iter()
            .filter(|sign| sign.mark == Mark::MarketingObjection && sign.weight >= ALONG)
            .map(|sign| (sign.passage, sign.sentence))
            .collect();
        let advertising: Vec<(usize, usize)> = self
            .signs
            .iter()
            .filter(|sign| sign.mark == Mark::Advertising)
            .map(|sign| (sign.passage, sign.sentence))
            .collect();
        // "profiling for advertising" is one objection
        for sign in self
            .signs
            .iter_mut()
            .filter(|sign| sign.mark == Mark::Objection)
        {
            let special = sign
                .phrase
                .and_then(|phrase| lexicon().phrase(phrase))
                .is_some_and(|phrase| phrase.weight >= 8);
            if !special
                && sign.phrase.is_some()
                && marketing.contains(&(sign.passage, sign.sentence))
            {
                sign.weight = 0;
            }
        }
        let situation = self
            .signs
            .iter()
            .any(|sign| sign.mark == Mark::Objection && sign.weight >= SURE);
        for sign in &mut self.signs {
            if sign.mark != Mark::AnyObjection {
                continue;
            }
            let near = |list: &[(usize, usize)], far: usize| {
                list.iter().any(|(passage, sentence)| {
                    *passage == sign.passage && sentence.abs_diff(sign.sentence) <= far
                })
            };
            let bare = sign.weight <= SURE && !marketing.is_empty();
            sign.mark = if situation && !near(&marketing, 0) {
                Mark::Objection
            } else if bare
                || near(&marketing, 1)
                || near(&advertising, 2)
                || !marketing.is_empty() && sign.phrase.is_none()
            {
                Mark::MarketingObjection
            } else {
                Mark::Objection
            };
        }
    }

    /// How strongly a mark stands: its strongest sign, and a little more if others agree.
    pub fn score(&self, mark: Mark) -> i32 {
        let mut best = 0;
        let mut place = None;
        for sign in self.signs.iter().filter(|sign| sign.mark == mark) {
            if sign.weight > best {
                best = sign.weight;
                place = Some((sign.passage, sign.sentence, sign.phrase));
            }
        }
        let others = self.signs.iter().any(|sign| {
            sign.mark == mark
                && sign.weight >= DOUBT - 1
                && place != Some((sign.passage, sign.sentence, sign.phrase))
        });
        best + i32::from(others && best > 0)
    }

    /// The strongest score of any right.
    pub fn best(&self) -> i32 {
        RIGHTS
            .iter()
            .map(|mark| self.score(*mark))
            .max()
            .unwrap_or(0)
    }

    /// The rights that stand at least so strongly, in the order of the law.
    pub fn rights(&self, least: i32) -> Vec<Mark> {
        RIGHTS
            .iter()
            .copied()
            .filter(|mark| *mark != Mark::AnyRight && self.score(*mark) >= least)
            .collect()
    }

    /// Whether a mark was seen at all.
    pub fn has(&self, mark: Mark) -> bool {
        self.signs.iter().any(|sign| sign.mark == mark)
    }

    /// Rights that are named, also where something speaks against their being asked for here.
    pub fn named(&self) -> Vec<Mark> {
        RIGHTS
            .iter()
            .copied()
            .filter(|mark| {
                *mark != Mark::AnyRight
                    && self.signs.iter().any(|sign| {
                        sign.mark == *mark && (sign.weight >= 2 || sign.against.is_some())
                    })
            })
            .collect()
    }
}

/// The rights in the order of the law, the unnamed last.
pub const RIGHTS: [Mark; 10] = [
    Mark::Access,
    Mark::Rectification,
    Mark::Erasure,
    Mark::Restriction,
    Mark::Portability,
    Mark::Objection,
    Mark::MarketingObjection,
    Mark::HumanReview,
    Mark::Withdrawal,
    Mark::AnyRight,
];
