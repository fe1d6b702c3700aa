//! What a sentence is worded with: the beginnings of its words, their neighbours and endings, the classes of words of its
//! language, and the pieces of every word.

use std::ops::RangeInclusive;
use std::sync::LazyLock;

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
/// A clause has so many words at least.
const CLAUSE: usize = 3;
/// Pieces of words are so long, the point before its beginning and after its end included.
const PIECE: RangeInclusive<usize> = 3..=5;
/// The class of the words that join two clauses.
const AND: &str = "and";
/// A trait that rests on words of two clauses.
const ACROSS: u16 = u16::MAX;

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
    /// Its clause in the sentence; none if it rests on words of two.
    pub clause: Option<u16>,
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
    text.bytes().fold(sum, one_on)
}

fn one_on(sum: u64, byte: u8) -> u64 {
    (sum ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
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

/// The digests of the pieces of a word, and where they stand in it once it has a point at both ends.
pub fn pieces(key: &str, mut visit: impl FnMut(u64, std::ops::Range<usize>)) {
    // numbers tell nothing by their digits, and other scripts are not weighed
    if !key.is_ascii() || key.bytes().all(|byte| byte.is_ascii_digit()) {
        return;
    }
    let whole = key.len() + 2;
    let begin = digest("+");
    for from in 0..whole.saturating_sub(PIECE.start() - 1) {
        let mut sum = if from == 0 {
            one_on(begin, b'.')
        } else {
            begin
        };
        let letters = key.as_bytes().get(from.saturating_sub(1)..);
        let letters = letters.unwrap_or_default().iter().chain(b".");
        let length = usize::from(from == 0);
        for (length, letter) in (length + 1..=*PIECE.end()).zip(letters) {
            sum = one_on(sum, *letter);
            if length >= *PIECE.start() {
                visit(sum, from..from + length);
            }
        }
    }
}

fn tail(key: &str) -> Option<&str> {
    let count = key.chars().count();
    if count < LONG {
        return None;
    }
    let (start, _) = key.char_indices().nth(count - STEM)?;
    key.get(start..)
}

/// A sentence taken apart.
#[derive(Debug, Default)]
pub struct Worded {
    /// Its traits, each once in a clause.
    pub traits: Vec<Trait>,
    /// Its words with the clause that each stands in.
    pub words: Vec<(usize, u16)>,
    /// How many clauses it has.
    pub clauses: u16,
}

/// Takes one sentence apart: its traits and its clauses, which begin behind a comma, a bracket, a dash or an "and".
pub fn worded(prose: &Prose, sentence: usize, languages: &[&str]) -> Worded {
    let Some(sentence) = prose.sentences.get(sentence) else {
        return Worded::default();
    };
    let mut out = Worded::default();
    let mut classes: Vec<(u16, usize)> = Vec::new();
    let mut found: Vec<(usize, u16)> = Vec::new();
    let (mut ids, mut buffer) = (Vec::new(), Vec::new());
    let (mut clause, mut length) = (0_u16, 0_usize);
    let end = sentence.words.end;
    for word in sentence.words.clone() {
        lexicon().named_classes(prose.words.key(word), languages, &mut ids, &mut buffer);
        let joins = buffer.iter().any(|class| Some(*class) == *AND_CLASS);
        let begins = joins || prose.begins_clause(word);
        if begins && length >= CLAUSE && end - word > CLAUSE {
            clause = clause.saturating_add(1);
            length = 0;
        }
        length += 1;
        out.words.push((word, clause));
        if !joins {
            found.extend(buffer.iter().map(|class| (word, *class)));
        }
    }
    out.clauses = clause + 1;
    let clause_of = |word: usize| {
        word.checked_sub(sentence.words.start)
            .and_then(|place| out.words.get(place))
            .map_or(0, |(_, clause)| *clause)
    };
    let mut traits: Vec<Trait> = Vec::new();
    let names = lexicon().class_names();
    let name = |class: u16| names.get(usize::from(class)).map_or("", String::as_str);
    let mut before: Option<usize> = None;
    let mut next = found.iter().peekable();
    for word in sentence.words.clone() {
        let key = prose.words.key(word);
        let own = stem(key);
        let mut push = |digest: u64, shape: Shape, from: usize| {
            let clause = clause_of(word);
            traits.push(Trait {
                digest,
                shape,
                from,
                to: word,
                clause: (from == word || clause_of(from) == clause).then_some(clause),
            });
        };
        push(digest(own), Shape::Stem, word);
        if let Some(end) = tail(key) {
            push(digest_on(digest("-"), end), Shape::Tail, word);
        }
        let first = classes.len();
        while let Some((_, class)) = next.next_if(|(at, _)| *at == word) {
            let at = digest_on(digest("@"), name(*class));
            push(at, Shape::Class(*class), word);
            if sentence.asks {
                push(digest_on(at, "?"), Shape::Asked(*class), word);
            }
            for (other, place) in classes.iter().take(first).rev() {
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
            classes.push((*class, word));
        }
        if let Some(last) = before {
            let side = digest_on(digest(stem(prose.words.key(last))), "_");
            push(digest_on(side, own), Shape::Pair, last);
        }
        before = Some(word);
        if traits.len() > MOST {
            break;
        }
    }
    let place = |one: &Trait| one.clause.unwrap_or(ACROSS);
    traits.sort_unstable_by_key(|one| (one.digest, place(one), one.from));
    traits.dedup_by_key(|one| (one.digest, place(one)));
    out.traits = traits;
    out
}

static AND_CLASS: LazyLock<Option<u16>> = LazyLock::new(|| {
    let names = lexicon().class_names();
    let place = names.iter().position(|name| name == AND)?;
    u16::try_from(place).ok()
});

/// The traits of a subject, told apart from those of the text by the sign before them.
pub fn traits_of_head(prose: &Prose, languages: &[&str]) -> Vec<Trait> {
    let sign = digest("^");
    let names = lexicon().class_names();
    let mut out = Vec::new();
    let (mut ids, mut found) = (Vec::new(), Vec::new());
    for word in 0..prose.words.len().min(MOST) {
        let key = prose.words.key(word);
        let mut push = |digest: u64, shape: Shape| {
            out.push(Trait {
                digest,
                shape,
                from: word,
                to: word,
                clause: Some(0),
            });
        };
        push(digest_on(sign, stem(key)), Shape::Headed);
        lexicon().named_classes(key, languages, &mut ids, &mut found);
        for class in found.iter().filter(|class| Some(**class) != *AND_CLASS) {
            let name = names.get(usize::from(*class)).map_or("", String::as_str);
            let at = digest_on(digest_on(sign, "@"), name);
            push(at, Shape::HeadedClass(*class));
        }
    }
    out.sort_unstable_by_key(|one| (one.digest, one.from));
    out.dedup_by_key(|one| one.digest);
    out
}

/// The name of a piece as the file of the weights has it.
pub fn piece_name(key: &str, place: std::ops::Range<usize>) -> String {
    let whole = format!(".{key}.");
    format!("+{}", whole.get(place).unwrap_or_default())
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
        let all = worded(&prose, 0, &["de"]).traits;
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

    #[test]
    fn a_clause_begins_behind_a_comma_or_an_and() {
        let prose = Prose::of(
            "Schickt mir bitte meine Daten, aber löscht danach alles und sagt mir Bescheid.",
        );
        let worded = worded(&prose, 0, &["de"]);
        assert_eq!(worded.clauses, 3);
        let clauses: Vec<u16> = worded.words.iter().map(|(_, clause)| *clause).collect();
        assert_eq!(clauses, [0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2]);
        assert!(worded.traits.iter().any(|one| one.clause.is_none()));
    }

    #[test]
    fn a_word_has_pieces_with_its_ends_marked() {
        let mut names = Vec::new();
        pieces("abc", |sum, place| {
            let name = piece_name("abc", place);
            assert_eq!(sum, digest(&name));
            names.push(name);
        });
        names.sort();
        assert_eq!(names, ["+.ab", "+.abc", "+.abc.", "+abc", "+abc.", "+bc."]);
        pieces("2024", |_, _| unreachable!());
    }
}
