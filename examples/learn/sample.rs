//! A labelled text as the reading sees it: its words by number, its phrases, its part of the whole.

use std::collections::HashMap;

use rechtzeitig::reading::asking::spoken;
use rechtzeitig::reading::cues::{KINDS_ASKED, QUESTIONS, Sums, loaded};
use rechtzeitig::reading::draft::{Draft, draft};
use rechtzeitig::reading::heard::{Heard, heard};
use rechtzeitig::reading::wording::{digest_on, piece_name, pieces};

use super::labelled::Labelled;
use super::machine::{Bag, Line};
use super::made_of::Source;

/// So many parts the texts are dealt into; each part is judged by what the others teach.
pub const PARTS: usize = 8;
/// What offices and firms write is told by rules before any score is asked.
const OFFICES: [&str; 4] = [
    "authority",
    "art19-notice",
    "forwarding",
    "objection-by-machine",
];
/// A trait or piece stands in so many texts at least.
const OFTEN: u32 = 4;

/// A text that teaches.
#[derive(Debug)]
pub struct Sample {
    pub id: String,
    pub verdict: String,
    pub kind: String,
    pub rights: Vec<String>,
    pub source: Source,
    pub draft: Draft,
    /// Its part.
    pub part: usize,
    /// An office or a firm wrote it.
    pub office: bool,
    /// Its traits and pieces, each scaled as the reading does.
    pub bag: Bag,
}

impl Sample {
    /// The answer to a question; none if this text does not teach it.
    pub fn answer(&self, question: &str) -> Option<bool> {
        match (question, self.verdict.as_str()) {
            ("request", "unclear") => None,
            ("request", verdict) => Some(verdict == "yes"),
            (_, "unclear") => None,
            ("taken-back", _) => Some(self.kind == "withdrawal"),
            (kind, _) if QUESTIONS[KINDS_ASKED].contains(&kind) => Some(self.kind == kind),
            (right, _) => Some(self.rights.iter().any(|own| own == right)),
        }
    }

    /// Whether it asks for rights of its own.
    pub fn asks(&self) -> bool {
        let own = matches!(self.kind.as_str(), "request" | "reminder" | "duplicate");
        self.verdict == "yes" && own && !self.rights.is_empty()
    }

    /// Whether it may judge how phrases and words add up.
    pub fn judges(&self) -> bool {
        self.source == Source::Apart && !self.office
    }
}

/// All texts with the words that stand in some of them.
#[derive(Debug, Default)]
pub struct Texts {
    pub samples: Vec<Sample>,
    pub names: Vec<String>,
    numbers: HashMap<u64, u32>,
}

impl Texts {
    /// Takes the texts apart.
    pub fn of(labelled: &[Labelled]) -> Texts {
        let mut out = Texts::default();
        let mut often: Vec<u32> = Vec::new();
        for one in labelled {
            let draft = draft(&one.id, &one.message, &one.house);
            if draft.machine.is_some() || draft.outgoing || !draft.understood() {
                continue;
            }
            let bag = out.bag(&draft);
            often.resize(out.names.len(), 0);
            for (word, _) in &bag {
                if let Some(often) = often.get_mut(usize::try_from(*word).unwrap_or(usize::MAX)) {
                    *often += 1;
                }
            }
            out.samples.push(Sample {
                id: one.id.clone(),
                verdict: one.verdict.clone(),
                kind: one.kind.clone(),
                rights: one.rights.clone(),
                source: one.source,
                part: part(&one.id),
                office: OFFICES.contains(&one.kind.as_str()),
                bag,
                draft,
            });
        }
        let kept = |word: u32| {
            usize::try_from(word)
                .ok()
                .and_then(|word| often.get(word))
                .is_some_and(|often| *often >= OFTEN)
        };
        for sample in &mut out.samples {
            sample.bag.retain(|(word, _)| kept(*word));
        }
        out
    }

    fn number(&mut self, digest: u64, name: impl FnOnce() -> String) -> u32 {
        let next = u32::try_from(self.names.len()).unwrap_or(u32::MAX);
        *self.numbers.entry(digest).or_insert_with(|| {
            self.names.push(name());
            next
        })
    }

    fn bag(&mut self, draft: &Draft) -> Bag {
        let languages = spoken(draft.language.as_deref(), &draft.letter.text);
        let (mut traits, mut parts) = (HashMap::new(), HashMap::new());
        let (mut trait_count, mut piece_count) = (0.0_f32, 0.0_f32);
        draft.spoken(&languages).each_sentence(|prose, worded| {
            for one in &worded.traits {
                let number = self.number(one.digest, || one.name(prose));
                *traits.entry(number).or_insert(0.0_f32) += 1.0;
                trait_count += 1.0;
            }
            for (word, _) in &worded.words {
                let key = prose.words.key(*word);
                pieces(key, |digest, place| {
                    let number = self.number(digest, || piece_name(key, place));
                    *parts.entry(number).or_insert(0.0_f32) += 1.0;
                    piece_count += 1.0;
                });
            }
        });
        let scaled = |bag: HashMap<u32, f32>, count: f32| {
            let scale = 1.0 / count.max(1.0).sqrt();
            bag.into_iter()
                .map(move |(word, much)| (word, much * scale))
        };
        let mut out: Bag = scaled(traits, trait_count)
            .chain(scaled(parts, piece_count))
            .collect();
        out.sort_unstable_by_key(|(word, _)| *word);
        out
    }

    /// How a text sounds by these weights, one line for each question, reckoned as the reading does.
    pub fn heard(&self, sample: &Sample, lines: &[Line]) -> Heard {
        let draft = &sample.draft;
        let languages = spoken(draft.language.as_deref(), &draft.letter.text);
        let mut bias = Sums::default();
        for (bias, line) in bias.iter_mut().zip(lines) {
            *bias = line.bias;
        }
        let put = |sums: &mut Sums, word: Option<u32>| {
            let Some(word) = word.and_then(|word| usize::try_from(word).ok()) else {
                return;
            };
            for (sum, line) in sums.iter_mut().zip(lines) {
                *sum += line.weights.get(word).copied().unwrap_or_default();
            }
        };
        let mut sentences = Vec::new();
        draft.spoken(&languages).each_sentence(|prose, worded| {
            let number = |digest: u64| self.numbers.get(&digest).copied();
            sentences.push(loaded(prose, worded, put, number));
        });
        heard(&sentences, &bias)
    }
}

fn part(id: &str) -> usize {
    let parts = u64::try_from(PARTS).unwrap_or(1);
    let sum = digest_on(7, id);
    usize::try_from((sum >> 20) % parts).unwrap_or(0)
}
