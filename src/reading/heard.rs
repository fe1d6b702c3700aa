//! How a text sounds, from the weights of its words: as a whole, in its heaviest sentences, in its single clauses.

use super::cues::{KINDS_ASKED, QUESTIONS, RIGHTS_ASKED, Sums};

/// Sentences are weighed in groups of so many, besides all together.
const WINDOW: usize = 3;
/// No other right is less likely than this when it is asked how far one is ahead.
const UNLIKELY: f32 = -2.0;

/// How a text sounds.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Heard {
    /// All of it together.
    pub whole: Sums,
    /// The group of sentences that sounds most like it.
    pub peak: Sums,
    /// The single clause that sounds most like it.
    pub crest: Sums,
    /// How far a right is ahead of all others in the clause where it is so most.
    pub lead: Sums,
}

/// The weights of some words.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Load {
    /// What their traits weigh.
    pub traits: Sums,
    /// How many traits they have.
    pub trait_count: f32,
    /// What their pieces weigh.
    pub pieces: Sums,
    /// How many pieces they have.
    pub piece_count: f32,
}

impl Load {
    /// Both together.
    pub fn add(&mut self, other: &Load) {
        for (sum, more) in self.traits.iter_mut().zip(other.traits) {
            *sum += more;
        }
        for (sum, more) in self.pieces.iter_mut().zip(other.pieces) {
            *sum += more;
        }
        self.trait_count += other.trait_count;
        self.piece_count += other.piece_count;
    }

    /// The sums for all questions. The more is said, the less each word tells.
    fn sums(&self, bias: &Sums) -> Sums {
        let traits = self.trait_count.max(1.0).sqrt();
        let pieces = self.piece_count.max(1.0).sqrt();
        let mut out = *bias;
        for ((sum, one), other) in out.iter_mut().zip(self.traits).zip(self.pieces) {
            *sum += one / traits + other / pieces;
        }
        out
    }
}

/// A sentence with its weights.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Loaded {
    /// All of it.
    pub whole: Load,
    /// What rests on the words of one clause alone.
    pub clauses: Vec<Load>,
}

/// How a text of these sentences sounds.
pub fn heard(sentences: &[Loaded], bias: &Sums) -> Heard {
    let all = |group: &[Loaded]| {
        let mut load = Load::default();
        for sentence in group {
            load.add(&sentence.whole);
        }
        load.sums(bias)
    };
    let whole = all(sentences);
    let mut out = Heard {
        whole,
        peak: whole,
        crest: *bias,
        lead: Sums::default(),
    };
    if sentences.is_empty() {
        return out;
    }
    for group in sentences.windows(WINDOW.min(sentences.len())) {
        for (peak, here) in out.peak.iter_mut().zip(all(group)) {
            *peak = peak.max(here);
        }
    }
    out.crest = [f32::MIN; QUESTIONS.len()];
    out.lead = out.crest;
    for sentence in sentences {
        let parts = match sentence.clauses.len() {
            0 | 1 => std::slice::from_ref(&sentence.whole),
            _ => &sentence.clauses,
        };
        for part in parts {
            let of = part.sums(bias);
            let best = [best_two(&of, RIGHTS_ASKED), best_two(&of, KINDS_ASKED)];
            for (number, here) in of.iter().enumerate() {
                let (first, second, place) = match number {
                    _ if KINDS_ASKED.contains(&number) => best[1],
                    _ => best[0],
                };
                let other = if place == number { second } else { first };
                if let (Some(crest), Some(lead)) =
                    (out.crest.get_mut(number), out.lead.get_mut(number))
                {
                    *crest = crest.max(*here);
                    *lead = lead.max(here - other.max(UNLIKELY));
                }
            }
        }
    }
    out
}

/// The heaviest two of these questions, and the place of the first.
fn best_two(sums: &Sums, asked: std::ops::Range<usize>) -> (f32, f32, usize) {
    let (mut first, mut second, mut place) = (f32::MIN, f32::MIN, usize::MAX);
    for number in asked {
        let here = sums.get(number).copied().unwrap_or(f32::MIN);
        if here > first {
            (first, second, place) = (here, first, number);
        } else if here > second {
            second = here;
        }
    }
    (first, second, place)
}

/// The heaviest of the other rights, or of the other kinds.
pub fn best_other(sums: &Sums, number: usize) -> f32 {
    let asked = if KINDS_ASKED.contains(&number) {
        KINDS_ASKED
    } else {
        RIGHTS_ASKED
    };
    let (first, second, place) = best_two(sums, asked);
    if place == number { second } else { first }
}
