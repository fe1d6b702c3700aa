//! Weights of words, reckoned from labelled texts: how much the wording of a text sounds like a wish about one's data, and like which right.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::ops::Range;
use std::sync::LazyLock;

use serde::Deserialize;

use super::heard::{Heard, Load, Loaded, heard};
use super::judge::{Passage, Where};
use super::mark::Mark;
use super::prose::Prose;
use super::wording::{Trait, Worded, digest, pieces, traits_of_head, worded};

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
    /// Traits and pieces with their weights, one a line.
    words: String,
}

/// The file: of which texts it was made, and the weights.
#[derive(Debug, Deserialize)]
struct File {
    #[serde(rename = "made-of")]
    _made_of: String,
    #[serde(flatten)]
    questions: HashMap<String, Written>,
}

/// Digests are their own hash.
#[derive(Debug, Default)]
struct Digested(u64);

impl Hasher for Digested {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 << 8) ^ u64::from(*byte);
        }
    }

    fn write_u64(&mut self, digest: u64) {
        // FNV leaves its upper bits rough, the table looks at those too
        self.0 = digest ^ (digest << 41);
    }
}

/// A question with the weight of a word for it.
type Weight = (u8, f32);

#[derive(Debug, Default)]
struct Cues {
    bias: Sums,
    places: HashMap<u64, Range<u32>, BuildHasherDefault<Digested>>,
    weights: Vec<Weight>,
}

static CUES: LazyLock<Cues> = LazyLock::new(|| cues().unwrap_or_default());

fn cues() -> Option<Cues> {
    let file: File = toml::from_str(include_str!("../../config/reading/cues.toml")).ok()?;
    let mut out = Cues::default();
    let mut read: Vec<(u64, Weight)> = Vec::new();
    for (number, question) in QUESTIONS.iter().enumerate() {
        let written = file.questions.get(*question)?;
        if let Some(bias) = out.bias.get_mut(number) {
            *bias = f32::from(written.bias) / 100.0;
        }
        let number = u8::try_from(number).ok()?;
        for line in written.words.lines() {
            let Some((word, weight)) = line.rsplit_once(' ') else {
                continue;
            };
            let weight: i16 = weight.parse().ok()?;
            read.push((digest(word), (number, f32::from(weight) / 100.0)));
        }
    }
    read.sort_by_key(|(digest, (number, _))| (*digest, *number));
    for of_one in read.chunk_by(|one, other| one.0 == other.0) {
        let from = u32::try_from(out.weights.len()).ok()?;
        out.weights.extend(of_one.iter().map(|(_, weight)| *weight));
        let to = u32::try_from(out.weights.len()).ok()?;
        out.places.insert(of_one.first()?.0, from..to);
    }
    Some(out)
}

impl Cues {
    fn of(&self, digest: u64) -> &[Weight] {
        self.places
            .get(&digest)
            .and_then(|place| {
                let (from, to) = (place.start.try_into().ok()?, place.end.try_into().ok()?);
                self.weights.get::<Range<usize>>(from..to)
            })
            .unwrap_or_default()
    }
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
    /// Calls with every sentence that is weighed: attachments only where the letter says little.
    pub fn each_sentence(&self, mut visit: impl FnMut(&Prose, &Worded)) {
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
                let head = Worded {
                    traits: traits_of_head(&prose, self.languages),
                    words: Vec::new(),
                    clauses: 1,
                };
                visit(&prose, &head);
            }
            for number in 0..prose.sentences.len().min(left) {
                let silent = self
                    .silent
                    .iter()
                    .any(|(passage, sentences)| *passage == place && sentences.contains(&number));
                if !silent {
                    visit(&prose, &worded(&prose, number, self.languages));
                }
            }
            left = left.saturating_sub(prose.sentences.len());
        }
    }
}

/// Adds the weights of one trait or piece.
fn put(sums: &mut Sums, weights: &[Weight]) {
    for (number, weight) in weights {
        if let Some(sum) = sums.get_mut(usize::from(*number)) {
            *sum += weight;
        }
    }
}

/// Weighs the words of a text.
pub fn hear(spoken: Spoken) -> Heard {
    let mut sentences: Vec<Loaded> = Vec::new();
    spoken.each_sentence(|prose, worded| {
        sentences.push(loaded(prose, worded, put, |digest| CUES.of(digest)));
    });
    heard(&sentences, &CUES.bias)
}

/// The weights of one sentence, by whatever weighs traits and pieces.
pub fn loaded<W>(
    prose: &Prose,
    worded: &Worded,
    put: impl Fn(&mut Sums, W),
    of: impl Fn(u64) -> W,
) -> Loaded
where
    W: Copy,
{
    let mut out = Loaded {
        whole: Load::default(),
        clauses: vec![Load::default(); usize::from(worded.clauses)],
    };
    for one in &worded.traits {
        let clause = one.clause.map(usize::from);
        let load = clause.and_then(|clause| out.clauses.get_mut(clause));
        let load = load.unwrap_or(&mut out.whole);
        put(&mut load.traits, of(one.digest));
        load.trait_count += 1.0;
    }
    for (word, clause) in &worded.words {
        let load = out.clauses.get_mut(usize::from(*clause));
        let load = load.unwrap_or(&mut out.whole);
        pieces(prose.words.key(*word), |digest, _| {
            put(&mut load.pieces, of(digest));
            load.piece_count += 1.0;
        });
    }
    for clause in &out.clauses {
        out.whole.add(clause);
    }
    out
}

/// The words of a text that weigh most for the answer to one question.
pub fn heaviest(spoken: Spoken, question: usize) -> Vec<String> {
    let mut told: Vec<(f32, String)> = Vec::new();
    let weight = |digest: u64| {
        CUES.of(digest)
            .iter()
            .find(|(number, _)| usize::from(*number) == question)
            .map_or(0.0, |(_, weight)| *weight)
    };
    spoken.each_sentence(|prose, worded| {
        for one in worded.traits.iter().filter(|one| one.tells()) {
            let sum: f32 = weight(one.digest) + by_pieces(prose, one, weight);
            if sum > 0.0 {
                told.push((sum, one.words(prose)));
            }
        }
    });
    told.sort_by(|one, other| other.0.total_cmp(&one.0).then_with(|| one.1.cmp(&other.1)));
    let mut words: Vec<String> = Vec::new();
    for (_, word) in told {
        if words.len() < TOLD && !words.iter().any(|known| known.contains(&word)) {
            words.push(word);
        }
    }
    words
}

/// What the pieces of the words weigh that a trait rests on, by the mean.
fn by_pieces(prose: &Prose, one: &Trait, weight: impl Fn(u64) -> f32) -> f32 {
    let (mut sum, mut count) = (0.0, 0.0_f32);
    for word in [one.from, one.to] {
        pieces(prose.words.key(word), |digest, _| {
            sum += weight(digest);
            count += 1.0;
        });
    }
    sum / count.max(1.0).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn weigh(text: &str) -> (Heard, Vec<String>) {
        let passage = Passage {
            place: Where::Body,
            text: text.to_owned(),
        };
        let spoken = Spoken {
            passages: &[passage],
            silent: &[],
            languages: &["de"],
        };
        (hear(spoken), heaviest(spoken, 0))
    }

    #[test]
    fn a_wish_about_ones_data_outweighs_an_order() {
        let (wish, words) =
            weigh("Was wisst ihr eigentlich alles über mich und woher habt ihr das?");
        let (order, _) =
            weigh("Bitte liefern Sie uns zwanzig Kartons der üblichen Sorte bis Freitag.");
        assert!(
            wish.whole[0] > 0.5 && order.whole[0] < -0.5,
            "{wish:?} {order:?}"
        );
        assert!(wish.whole[1] > wish.whole[3], "{wish:?}");
        assert!(!words.is_empty());
    }

    #[test]
    fn the_second_wish_of_a_sentence_leads_in_its_own_clause() {
        let (heard, _) =
            weigh("Schickt mir eine Kopie von allem über mich, danach löscht ihr mein Konto.");
        assert!(heard.lead[1] > 0.0 && heard.lead[3] > 0.0, "{heard:?}");
    }

    #[test]
    fn the_file_answers_every_question() {
        assert!(CUES.places.len() > 1000);
        assert!(CUES.bias.iter().all(|bias| *bias != 0.0));
    }
}
