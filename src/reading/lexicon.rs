//! All phrases as one machine: which of them stand in a text, sentence by sentence.

use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::sync::LazyLock;

use super::class::{ClassId, Classes};
use super::pattern::Spots;
use super::phrasebook::{Phrase, Phrasebook};
use super::prose::{Prose, Sentence};

static LEXICON: LazyLock<Lexicon> = LazyLock::new(|| Lexicon::of(Phrasebook::read()));

/// A phrase found in a sentence.
#[derive(Debug, Clone)]
pub struct Hit {
    /// Which phrase, see [`Lexicon::phrase`].
    pub phrase: usize,
    /// In which sentence.
    pub sentence: usize,
    /// The words of the text, from the first to behind the last.
    pub words: Range<usize>,
}

/// All phrases with what is needed to find them.
#[derive(Debug, Default)]
pub struct Lexicon {
    classes: Classes,
    phrases: Vec<Phrase>,
    /// For each class the phrases that are tried where it stands.
    tried: Vec<Vec<u32>>,
    /// Words that count in small letters only.
    small: HashSet<String>,
    /// The classes that every language defines.
    names: Vec<String>,
    /// For each class the languages in which it has such a name.
    named: Vec<Vec<(&'static str, u16)>>,
    /// What was wrong with the files; a test keeps it empty.
    pub faults: Vec<String>,
}

/// The phrases of the house's own files.
pub fn lexicon() -> &'static Lexicon {
    &LEXICON
}

impl Lexicon {
    fn of(book: Phrasebook) -> Lexicon {
        Lexicon {
            tried: tried(&book.phrases, book.count),
            classes: book.classes,
            phrases: book.phrases,
            faults: book.faults,
            small: book.small,
            names: book.names,
            named: by_class(book.named, book.count),
        }
    }

    /// A phrase by its number.
    pub fn phrase(&self, index: usize) -> Option<&Phrase> {
        self.phrases.get(index)
    }

    /// All phrases.
    pub fn phrases(&self) -> &[Phrase] {
        &self.phrases
    }

    /// The names of the classes that every language defines.
    pub fn class_names(&self) -> &[String] {
        &self.names
    }

    /// To which of these a word belongs in one of the languages.
    pub fn named_classes(
        &self,
        key: &str,
        languages: &[&str],
        buffer: &mut Vec<ClassId>,
        out: &mut Vec<u16>,
    ) {
        self.classes.of(key, buffer);
        out.clear();
        for id in buffer.iter() {
            for (language, number) in self.named.get(usize::from(*id)).into_iter().flatten() {
                if languages.contains(language) && !out.contains(number) {
                    out.push(*number);
                }
            }
        }
    }

    /// Whether a word belongs to any phrase.
    pub fn knows(&self, key: &str) -> bool {
        let mut found = Vec::new();
        self.classes.of(key, &mut found);
        !found.is_empty()
    }

    /// Every phrase of every sentence, in the languages that the text may be written in.
    pub fn hits(&self, prose: &Prose, languages: &[&str]) -> Vec<Hit> {
        let mut known: Vec<ClassId> = Vec::new();
        let mut ends: Vec<usize> = Vec::with_capacity(prose.words.len());
        let mut buffer = Vec::new();
        for (index, key) in prose.words.keys().enumerate() {
            self.classes.of(key, &mut buffer);
            if self.small.contains(key) && capital_inside(prose, index) {
                buffer.clear();
            }
            known.extend_from_slice(&buffer);
            ends.push(known.len());
        }
        let classes_at = |word: usize| {
            let from = word
                .checked_sub(1)
                .and_then(|before| ends.get(before))
                .copied()
                .unwrap_or(0);
            let to = ends.get(word).copied().unwrap_or(from);
            known.get(from..to).unwrap_or_default()
        };
        let mut hits = Vec::new();
        let mut spots = Spots::default();
        for (number, sentence) in prose.sentences.iter().enumerate() {
            spots.begin(sentence.lead.len(), sentence.asks);
            for word in sentence.lead.clone().chain(sentence.words.clone()) {
                spots.push(classes_at(word), prose.begins_clause(word));
            }
            spots.finish();
            self.sentence(number, sentence, &spots, languages, &mut hits);
        }
        hits
    }

    fn sentence(
        &self,
        number: usize,
        sentence: &Sentence,
        spots: &Spots,
        languages: &[&str],
        hits: &mut Vec<Hit>,
    ) {
        let lead = sentence.lead.len();
        let word_at = |at: usize| {
            if at < lead {
                sentence.lead.start + at
            } else {
                sentence.words.start + at - lead
            }
        };
        for class in spots.classes() {
            for index in self.tried.get(usize::from(class)).into_iter().flatten() {
                let Ok(index) = usize::try_from(*index) else {
                    continue;
                };
                let Some(found) = self
                    .phrases
                    .get(index)
                    .filter(|phrase| languages.contains(&phrase.language))
                    .and_then(|phrase| phrase.pattern.find(spots))
                else {
                    continue;
                };
                // what stands wholly in the lead was found there already
                if found.end <= lead && lead > 0 {
                    continue;
                }
                let from = word_at(found.start);
                let to = word_at(found.end.saturating_sub(1)) + 1;
                hits.push(Hit {
                    phrase: index,
                    sentence: number,
                    words: from.min(to)..to,
                });
            }
        }
    }
}

/// A noun with its capital: "Weg 1", not "WEG DAMIT" and not the first word of a sentence.
fn capital_inside(prose: &Prose, index: usize) -> bool {
    let word = prose.text.get(prose.words.at(index)).unwrap_or_default();
    let mut letters = word.chars();
    let noun = letters.next().is_some_and(char::is_uppercase) && letters.all(char::is_lowercase);
    let next_is_number = prose
        .words
        .key(index + 1)
        .bytes()
        .next()
        .is_some_and(|byte| byte.is_ascii_digit());
    let first = prose
        .sentences
        .iter()
        .any(|sentence| sentence.words.start == index);
    noun && (next_is_number || !first)
}

fn by_class(
    mut named: HashMap<ClassId, Vec<(&'static str, u16)>>,
    count: usize,
) -> Vec<Vec<(&'static str, u16)>> {
    (0..count)
        .map(|class| {
            let class = ClassId::try_from(class).ok();
            class
                .and_then(|class| named.remove(&class))
                .unwrap_or_default()
        })
        .collect()
}

/// Each phrase is tried at the class that the fewest phrases need.
fn tried(phrases: &[Phrase], classes: usize) -> Vec<Vec<u32>> {
    let mut uses = vec![0_usize; classes];
    for phrase in phrases {
        for class in phrase.pattern.needs() {
            if let Some(count) = uses.get_mut(usize::from(class)) {
                *count += 1;
            }
        }
    }
    let mut tried = vec![Vec::new(); classes];
    for (index, phrase) in phrases.iter().enumerate() {
        let rarest = phrase
            .pattern
            .needs()
            .min_by_key(|class| uses.get(usize::from(*class)).copied().unwrap_or(usize::MAX));
        if let (Some(class), Ok(index)) = (rarest, u32::try_from(index))
            && let Some(list) = tried.get_mut(usize::from(class))
        {
            list.push(index);
        }
    }
    tried
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_files_hold_no_faulty_line() {
        assert_eq!(lexicon().faults, Vec::<String>::new());
        assert!(lexicon().phrases().len() > 300);
    }

    #[test]
    fn every_phrase_finds_its_own_sentence() {
        let lexicon = lexicon();
        let mut missed = Vec::new();
        for (index, phrase) in lexicon.phrases().iter().enumerate() {
            if phrase.says.is_empty() {
                continue;
            }
            let prose = Prose::of(&phrase.says);
            if !lexicon
                .hits(&prose, &super::super::tongue::KNOWN)
                .iter()
                .any(|hit| hit.phrase == index)
            {
                missed.push(format!(
                    "{} {}: {} <- {}",
                    phrase.language,
                    phrase.mark.code(),
                    phrase.written,
                    phrase.says
                ));
            }
        }
        assert!(missed.is_empty(), "{}", missed.join("\n"));
    }
}
