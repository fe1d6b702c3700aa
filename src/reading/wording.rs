//! What a sentence is worded with: the beginnings of its words, their neighbours and endings, and the classes of words of its language.

use super::lexicon::lexicon;
use super::prose::Prose;

/// Words count by their beginning.
const STEM: usize = 5;
/// Of long words the end counts too: "Kundenkonto" is a "Konto".
const LONG: usize = 9;
/// Two classes are seen together within so many words.
const NEAR: usize = 8;
/// A sentence has no more than so many traits.
const MOST: usize = 600;

/// What a sentence is worded with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Trait {
    /// The digest of its name.
    pub digest: u64,
    /// What it is.
    pub shape: Shape,
    /// The first word that it rests on.
    pub from: usize,
    /// The last.
    pub to: usize,
}

/// The kinds of traits, with the classes that they name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Shape {
    /// The beginning of a word.
    Stem,
    /// Two words side by side.
    Pair,
    /// The end of a long word.
    Tail,
    /// A class.
    Class(u16),
    /// Two classes near each other.
    Classes(u16, u16),
    /// A class in a question.
    Asked(u16),
    /// The beginning of a word of the subject.
    Headed,
    /// A class in the subject.
    HeadedClass(u16),
}

/// FNV-1a, to be carried on.
pub fn digest_on(sum: u64, text: &str) -> u64 {
    text.bytes().fold(sum, |sum, byte| {
        (sum ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

/// The digest of a trait's name.
pub fn digest(name: &str) -> u64 {
    digest_on(0xcbf2_9ce4_8422_2325, name)
}

fn stem(key: &str) -> &str {
    if key.bytes().all(|byte| byte.is_ascii_digit()) {
        return "0";
    }
    key.char_indices()
        .nth(STEM)
        .and_then(|(end, _)| key.get(..end))
        .unwrap_or(key)
}

fn tail(key: &str) -> Option<&str> {
    let count = key.chars().count();
    if count < LONG {
        return None;
    }
    let (start, _) = key.char_indices().nth(count - STEM)?;
    key.get(start..)
}

/// The traits of one sentence, each once.
pub fn traits(prose: &Prose, sentence: usize, languages: &[&str]) -> Vec<Trait> {
    let Some(sentence) = prose.sentences.get(sentence) else {
        return Vec::new();
    };
    let mut out: Vec<Trait> = Vec::new();
    let mut classes: Vec<(u16, usize)> = Vec::new();
    let mut before: Option<usize> = None;
    let mut found = Vec::new();
    let names = lexicon().class_names();
    let name = |class: u16| names.get(usize::from(class)).map_or("", String::as_str);
    for word in sentence.words.clone() {
        let key = prose.words.key(word);
        let own = stem(key);
        let mut push = |digest: u64, shape: Shape, from: usize| {
            out.push(Trait {
                digest,
                shape,
                from,
                to: word,
            });
        };
        push(digest(own), Shape::Stem, word);
        if let Some(end) = tail(key) {
            push(digest_on(digest("-"), end), Shape::Tail, word);
        }
        lexicon().named_classes(key, languages, &mut found);
        for class in &found {
            let at = digest_on(digest("@"), name(*class));
            push(at, Shape::Class(*class), word);
            if sentence.asks {
                push(digest_on(at, "?"), Shape::Asked(*class), word);
            }
            for (other, place) in classes.iter().rev() {
                if place + NEAR < word {
                    break;
                }
                if other == class {
                    continue;
                }
                let (one, two) = (other.min(class), other.max(class));
                let both = digest_on(digest_on(digest("@"), name(*one)), "@");
                push(
                    digest_on(both, name(*two)),
                    Shape::Classes(*one, *two),
                    *place,
                );
            }
        }
        classes.extend(found.iter().map(|class| (*class, word)));
        if let Some(last) = before {
            let side = digest_on(digest(stem(prose.words.key(last))), "_");
            push(digest_on(side, own), Shape::Pair, last);
        }
        before = Some(word);
        if out.len() > MOST {
            break;
        }
    }
    out.sort_unstable_by_key(|one| (one.digest, one.from));
    out.dedup_by_key(|one| one.digest);
    out
}

/// The traits of a subject, told apart from those of the text by the sign before them.
pub fn traits_of_head(prose: &Prose, languages: &[&str]) -> Vec<Trait> {
    let sign = digest("^");
    let names = lexicon().class_names();
    let mut out = Vec::new();
    let mut found = Vec::new();
    for word in 0..prose.words.len().min(MOST) {
        let key = prose.words.key(word);
        let mut push = |digest: u64, shape: Shape| {
            out.push(Trait {
                digest,
                shape,
                from: word,
                to: word,
            });
        };
        push(digest_on(sign, stem(key)), Shape::Headed);
        lexicon().named_classes(key, languages, &mut found);
        for class in &found {
            let name = names.get(usize::from(*class)).map_or("", String::as_str);
            let at = digest_on(digest_on(sign, "@"), name);
            push(at, Shape::HeadedClass(*class));
        }
    }
    out.sort_unstable_by_key(|one| (one.digest, one.from));
    out.dedup_by_key(|one| one.digest);
    out
}

impl Trait {
    /// Its name as the file of the weights has it.
    pub fn name(&self, prose: &Prose) -> String {
        let names = lexicon().class_names();
        let name = |class: u16| names.get(usize::from(class)).map_or("", String::as_str);
        let first = stem(prose.words.key(self.from));
        let last = stem(prose.words.key(self.to));
        match self.shape {
            Shape::Stem => first.to_owned(),
            Shape::Pair => format!("{first}_{last}"),
            Shape::Tail => format!("-{}", tail(prose.words.key(self.from)).unwrap_or_default()),
            Shape::Class(class) => format!("@{}", name(class)),
            Shape::Classes(one, two) => format!("@{}@{}", name(one), name(two)),
            Shape::Asked(class) => format!("@{}?", name(class)),
            Shape::Headed => format!("^{first}"),
            Shape::HeadedClass(class) => format!("^@{}", name(class)),
        }
    }

    /// Whether a person would take it for a reason: a class, or more than a short word.
    pub fn tells(&self) -> bool {
        match self.shape {
            Shape::Stem | Shape::Tail | Shape::Headed | Shape::Pair => false,
            Shape::Class(_) | Shape::Asked(_) | Shape::HeadedClass(_) | Shape::Classes(..) => true,
        }
    }

    /// The words of the text that it rests on.
    pub fn words(&self, prose: &Prose) -> String {
        let word = |index: usize| prose.quote(index..index + 1);
        match self.shape {
            _ if self.to == self.from => word(self.from),
            _ if self.to <= self.from + 2 => prose.quote(self.from..self.to + 1),
            _ => format!("{} … {}", word(self.from), word(self.to)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_digest_is_that_of_the_name() {
        let prose = Prose::of("Bitte löschen Sie mein Kundenkonto, woher habt ihr 4711 davon?");
        let all = traits(&prose, 0, &["de"]);
        assert!(all.len() > 30);
        for one in &all {
            assert_eq!(
                one.digest,
                digest(&one.name(&prose)),
                "{}",
                one.name(&prose)
            );
            assert!(!one.words(&prose).is_empty());
        }
        let names: Vec<String> = all.iter().map(|one| one.name(&prose)).collect();
        for name in ["losch", "-konto", "@remove", "@mine@remove"] {
            assert!(names.iter().any(|known| known == name), "{name} {names:?}");
        }
    }
}
