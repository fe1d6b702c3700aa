//! The signs of a text, found by phrases and articles, and weighed against what speaks against them.

use super::article::cited;
use super::judge::{ALONG, DOUBT, Passage, Where};
use super::lexicon::{Hit, lexicon};
use super::mark::{Mark, Reach};
use super::phrasebook::Phrase;
use super::prose::Prose;

/// One sign in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sign {
    /// What it is a sign of.
    pub mark: Mark,
    /// What it counts after everything that speaks against it; nothing if it was outweighed.
    pub weight: i32,
    /// Its words.
    pub quote: String,
    /// Where it stood.
    pub place: Where,
    /// The language of the phrase; none for an article.
    pub language: Option<&'static str>,
    /// What spoke against it.
    pub against: Option<String>,
    /// In which passage.
    pub passage: usize,
    /// In which sentence.
    pub sentence: usize,
    /// By which phrase.
    pub phrase: Option<usize>,
}

/// Counter-signs first, then what the rest of the message adds: weak signs count where it speaks of data protection, of the
/// writer's own data, of advertising, or surely of another right.
pub fn weigh(signs: &mut [Sign], baits: &[Bait]) {
    for sign in signs.iter_mut().filter(|sign| sign.mark.is_right()) {
        if let Some(bait) = baits
            .iter()
            .filter(|bait| bait.hits(sign))
            .max_by_key(|bait| bait.weight)
        {
            sign.weight = (sign.weight - bait.weight).max(0);
            sign.against = Some(bait.quote.clone());
        }
    }
    let has = |mark: Mark| signs.iter().any(|sign| sign.mark == mark);
    let (law, data, ads) = (has(Mark::Law), has(Mark::OwnData), has(Mark::Advertising));
    let cites = signs.iter().any(|sign| sign.phrase.is_none());
    // what only describes data gives way to what is to be done with them
    let yielding: Vec<usize> = (0..signs.len())
        .filter(|index| {
            signs.get(*index).is_some_and(|sign| {
                sign.is_clause()
                    && signs.iter().any(|other| {
                        other.mark.is_right()
                            && other.mark != sign.mark
                            && other.weight >= ALONG
                            && sign.beside(other)
                    })
                    && !signs.iter().any(|other| {
                        other.mark == sign.mark
                            && !other.is_clause()
                            && other.weight >= ALONG
                            && other.phrase.is_some()
                            && sign.beside(other)
                    })
            })
        })
        .collect();
    for index in yielding {
        if let Some(sign) = signs.get_mut(index) {
            sign.weight = 0;
        }
    }
    for round in 0..2 {
        let sure: Vec<Mark> = signs
            .iter()
            .filter(|sign| sign.mark.is_right() && sign.weight >= ALONG)
            .map(|sign| sign.mark)
            .collect();
        for sign in signs
            .iter_mut()
            .filter(|sign| sign.mark.is_right() && sign.against.is_none() && sign.weight > 0)
        {
            let Some(phrase) = sign.phrase.and_then(|phrase| lexicon().phrase(phrase)) else {
                // an article proves nothing where nobody speaks of the law
                if !law {
                    sign.weight = sign.weight.min(2);
                }
                continue;
            };
            // a bare word in an attached form is none
            if phrase.weight < DOUBT + 1 && matches!(sign.place, Where::Attachment(_)) {
                continue;
            }
            let lift = if law || cites || round > 0 && sure.iter().any(|mark| *mark != sign.mark) {
                phrase.lift
            } else {
                0
            };
            let own = if data { phrase.own } else { 0 };
            let ads = if ads { phrase.ads } else { 0 };
            sign.weight = sign.weight.max(phrase.weight + lift.max(own).max(ads));
        }
    }
}

impl Sign {
    /// The pattern behind it.
    pub fn why(&self) -> &str {
        self.phrase
            .and_then(|phrase| lexicon().phrase(phrase))
            .map_or("an article", |phrase| phrase.written.as_str())
    }

    /// It may only describe the data that something else is to be done with.
    pub fn is_clause(&self) -> bool {
        self.phrase
            .and_then(|phrase| lexicon().phrase(phrase))
            .is_some_and(|phrase| phrase.clause)
    }

    /// In the same sentence.
    fn beside(&self, other: &Sign) -> bool {
        self.passage == other.passage && self.sentence == other.sentence
    }
}

/// A counter-sign, where it stands.
#[derive(Debug)]
pub struct Bait {
    passage: usize,
    sentences: std::ops::Range<usize>,
    reach: Reach,
    against: Vec<Mark>,
    weight: i32,
    quote: String,
}

/// A counter-sign of this weight silences its sentences.
const SILENCING: i32 = 12;
/// And so it must speak against this many rights, or against all.
const MANY: usize = 5;

impl Bait {
    /// The sentences that are not to be heard: notices of rights, mottos below letters.
    pub fn silences(&self) -> Option<(usize, std::ops::Range<usize>)> {
        let all = self.against.is_empty() || self.against.len() >= MANY;
        (self.weight >= SILENCING && self.reach == Reach::Sentence && all)
            .then(|| (self.passage, self.sentences.clone()))
    }

    fn hits(&self, sign: &Sign) -> bool {
        let reached = self.reach == Reach::Message
            || self.passage == sign.passage && self.sentences.contains(&sign.sentence);
        reached && (self.against.is_empty() || self.against.contains(&sign.mark))
    }
}

/// Finds the signs of a passage and what speaks against them.
pub fn collect(
    number: usize,
    passage: &Passage,
    prose: &Prose,
    languages: &[&str],
    signs: &mut Vec<Sign>,
    baits: &mut Vec<Bait>,
) {
    let hits = lexicon().hits(prose, languages);
    let found: Vec<(&Hit, &Phrase)> = hits
        .iter()
        .filter_map(|hit| Some((hit, lexicon().phrase(hit.phrase)?)))
        .collect();
    for (hit, phrase) in &found {
        let quote = prose.quote(hit.words.clone());
        if phrase.mark == Mark::Bait {
            baits.push(Bait {
                passage: number,
                sentences: reach_of(prose, hit.sentence),
                reach: phrase.reach,
                against: phrase.against.clone(),
                weight: phrase.weight,
                quote,
            });
        } else {
            signs.push(Sign {
                mark: phrase.mark,
                weight: phrase
                    .weight
                    .max(if phrase.mark.is_right() { 0 } else { 1 }),
                quote,
                place: passage.place.clone(),
                language: Some(phrase.language),
                against: None,
                passage: number,
                sentence: hit.sentence,
                phrase: Some(hit.phrase),
            });
        }
    }
    for (index, sentence) in prose.sentences.iter().enumerate() {
        let here = |mark: fn(Mark) -> bool| {
            found.iter().any(|(hit, phrase)| {
                (hit.sentence == index || leads(prose, hit.sentence, index)) && mark(phrase.mark)
            })
        };
        let asking = here(|mark| mark == Mark::Asking);
        let right = here(Mark::is_right);
        for cited in cited(prose, sentence) {
            let subject = passage.place == Where::Subject;
            let weight = match (cited.in_passing, cited.mark, asking || subject, right) {
                (true, _, true, _) => 2,
                (true, ..) => 0,
                // inside a demand for access Art. 22 only tells what the access is to cover
                (false, Mark::HumanReview, _, _) => 3,
                (false, _, true, _) => 7,
                (false, _, false, true) => 5,
                (false, ..) => 3,
            };
            signs.push(Sign {
                mark: cited.mark,
                weight,
                quote: prose.quote(cited.words),
                place: passage.place.clone(),
                language: None,
                against: None,
                passage: number,
                sentence: index,
                phrase: None,
            });
        }
    }
}

/// The sentence itself, and the items that it leads into.
fn reach_of(prose: &Prose, sentence: usize) -> std::ops::Range<usize> {
    let mut end = sentence + 1;
    while end < prose.sentences.len() && leads(prose, sentence, end) {
        end += 1;
    }
    sentence..end
}

fn leads(prose: &Prose, lead: usize, item: usize) -> bool {
    match (prose.sentences.get(lead), prose.sentences.get(item)) {
        (Some(lead), Some(item)) => !item.lead.is_empty() && item.lead == lead.words,
        _ => false,
    }
}
