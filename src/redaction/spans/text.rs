//! Redaction in a plain text, and where the same words stand once more.

use std::collections::BTreeSet;

use super::{BLOCK, Misfit, Span, is_smuggled, ordered};
use crate::reading::fold::fold;

/// Shorter words are everywhere.
const SHORTEST: usize = 2;
/// Words that are looked for.
const MOST: usize = 2_000;
/// Places that are told; a text in which more would stay is not handed out.
const PLACES: usize = 50_000;
/// From so many letters on, a word is also looked for inside of others and over whatever parts its letters.
const TELLING: usize = 5;

/// The text with a block in the place of each span.
///
/// # Errors
/// When a span is empty, ends inside of a letter or lies outside of the text.
pub fn redacted(text: &str, spans: &[Span]) -> Result<String, Misfit> {
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for span in ordered(text, spans)? {
        push_seen(&mut out, text.get(at..span.from).ok_or(Misfit)?);
        out.push_str(BLOCK);
        at = span.to;
    }
    push_seen(&mut out, text.get(at..).ok_or(Misfit)?);
    Ok(out)
}

pub(super) fn push_seen(out: &mut String, text: &str) {
    out.extend(text.chars().filter(|letter| !is_smuggled(*letter)));
}

/// Where the redacted words stand in the text once more, however they are spelt and as whole words: what a clerk is
/// asked before she is done.
#[must_use]
pub fn again(text: &str, spans: &[Span]) -> Vec<Span> {
    let words: Vec<&str> = spans.iter().filter_map(|span| span.of(text)).collect();
    let mut found = occurrences(text, &words);
    found.retain(|place| !spans.iter().any(|span| span.meets(*place)));
    found
}

/// Where any of these words stand in the text as whole words, whatever their case, the code of their umlauts and the
/// blanks between them.
#[must_use]
pub fn occurrences(text: &str, words: &[&str]) -> Vec<Span> {
    let hay = Folded::of(text);
    let needles: BTreeSet<String> = words
        .iter()
        .map(|word| Folded::of(word.trim()).letters)
        .filter(|word| word.chars().count() >= SHORTEST)
        .take(MOST)
        .collect();
    let mut found = BTreeSet::new();
    for needle in &needles {
        for (at, _) in hay.letters.match_indices(needle.as_str()) {
            if found.len() >= PLACES {
                return found.into_iter().collect();
            }
            if let Some(span) = hay.whole_word(text, at, at + needle.len()) {
                found.insert(span);
            }
        }
    }
    found.into_iter().collect()
}

/// Whether a text says any of these words after all. Longer ones are seen inside of others as well, and where a break of
/// the line, a sign of quoting or the border of a cell parts them; a name of two words also the other way round.
#[must_use]
pub fn says(text: &str, words: &[&str]) -> bool {
    let hay = Folded::of(text);
    let bare = squeezed(text);
    words.iter().flat_map(|word| word.lines()).any(|word| {
        let needle = Folded::of(word.trim()).letters;
        if needle.is_empty() {
            return false;
        }
        let inside = squeezed(word);
        let turned = turned(word).is_some_and(|word| bare.contains(&squeezed(&word)));
        match inside.chars().count() {
            0 => hay.letters.contains(&needle),
            few if few < TELLING => hay.holds(text, &needle),
            _ => hay.letters.contains(&needle) || bare.contains(&inside) || turned,
        }
    })
}

/// A name of two words the other way round, as lists write it; short ones would meet too much.
pub(super) fn turned(word: &str) -> Option<String> {
    let mut parts = word
        .split(|letter: char| !letter.is_alphanumeric())
        .filter(|part| !part.is_empty());
    let (first, second) = (parts.next()?, parts.next()?);
    let long = |part: &str| part.chars().count() > 2 && part.starts_with(char::is_uppercase);
    (parts.next().is_none() && long(first) && long(second)).then(|| format!("{second} {first}"))
}

/// The letters and digits of a text alone, each in its comparable form.
#[must_use]
pub fn squeezed(text: &str) -> String {
    let mut out = Folded::of(text).letters;
    out.retain(char::is_alphanumeric);
    out
}

/// Signs without width, and what moves a letter's look: a soft hyphen, a joiner, a mark of direction.
fn is_unseen(letter: char) -> bool {
    matches!(letter, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{feff}' | '\u{fe00}'..='\u{fe0f}')
        || is_smuggled(letter)
}

/// A text in comparable letters that still knows where each stood; runs of blanks are one.
struct Folded {
    letters: String,
    /// For each byte of `letters`, where its letter begins and ends in the text.
    places: Vec<(usize, usize)>,
}

impl Folded {
    fn of(text: &str) -> Folded {
        let mut out = Folded {
            letters: String::with_capacity(text.len()),
            places: Vec::with_capacity(text.len()),
        };
        for (at, letter) in text.char_indices() {
            let end = at + letter.len_utf8();
            if letter.is_whitespace() {
                if out.letters.ends_with(' ') {
                    continue;
                }
                out.push(' ', (at, end));
                continue;
            }
            match letter {
                _ if letter.is_ascii_alphanumeric() => {
                    out.push_letter(letter.to_ascii_lowercase(), (at, end));
                }
                _ if is_unseen(letter) => {}
                '\u{300}'..='\u{36f}' => out.stretch(end),
                '\u{2010}'..='\u{2015}' | '\u{2212}' => out.push('-', (at, end)),
                '\u{2018}' | '\u{2019}' | '\u{b4}' | '`' => out.push('\'', (at, end)),
                _ if letter.is_alphanumeric() => {
                    // the reading's own rule makes one of all spellings; what it does not know stays as it is
                    let known = fold(letter.encode_utf8(&mut [0; 4]));
                    match known.is_empty() {
                        true => letter
                            .to_lowercase()
                            .for_each(|small| out.push(small, (at, end))),
                        false => known.chars().for_each(|small| out.push(small, (at, end))),
                    }
                }
                other => out.push(other, (at, end)),
            }
        }
        out
    }

    fn push(&mut self, letter: char, place: (usize, usize)) {
        self.letters.push(letter);
        self.places.resize(self.letters.len(), place);
    }

    /// `ae` is how some write `ä`, and `ä` is `a` here.
    fn push_letter(&mut self, letter: char, place: (usize, usize)) {
        let after_vowel = self.letters.ends_with(['a', 'o', 'u']);
        match letter == 'e' && after_vowel {
            true => self.stretch(place.1),
            false => self.push(letter, place),
        }
    }

    /// What follows belongs to the letter before it.
    fn stretch(&mut self, end: usize) {
        if let Some(last) = self.places.last_mut() {
            last.1 = end;
        }
    }

    fn holds(&self, text: &str, needle: &str) -> bool {
        self.letters
            .match_indices(needle)
            .any(|(at, _)| self.whole_word(text, at, at + needle.len()).is_some())
    }

    fn whole_word(&self, text: &str, from: usize, to: usize) -> Option<Span> {
        let span = Span::new(
            self.places.get(from)?.0,
            self.places.get(to.checked_sub(1)?)?.1,
        );
        let seen = |letter: &char| !is_unseen(*letter);
        let before = text.get(..span.from)?.chars().rev().find(seen);
        let after = text.get(span.to..)?.chars().find(seen);
        let inner = |letter: Option<char>| letter.is_some_and(char::is_alphanumeric);
        (!inner(before) && !inner(after)).then_some(span)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spans_of(text: &str, words: &[&str]) -> Vec<Span> {
        words
            .iter()
            .map(|word| {
                let from = text.find(word).unwrap();
                Span::new(from, from + word.len())
            })
            .collect()
    }

    #[test]
    fn a_block_tells_neither_length_nor_number_of_words() {
        let (long, short) = ("an Maximiliane Oberhuber am Montag", "an Bo Li am Montag");
        let out = redacted(long, &spans_of(long, &["Maximiliane", "Oberhuber"])).unwrap();
        assert_eq!(out, "an █████ am Montag");
        assert_eq!(redacted(short, &spans_of(short, &["Bo Li"])).unwrap(), out);
    }

    #[test]
    fn spans_may_overlap_and_come_in_any_order() {
        let text = "abcdef";
        let spans = [Span::new(3, 5), Span::new(1, 4)];
        assert_eq!(redacted(text, &spans).unwrap(), "a█████f");
        assert_eq!(redacted(text, &[]).unwrap(), text);
    }

    #[test]
    fn a_span_that_fits_nowhere_redacts_nothing_at_all() {
        let text = "für Änne";
        for span in [(0, 0), (2, 1), (0, 99), (1, 2), (99, 100)] {
            assert_eq!(
                redacted(text, &[Span::new(0, 1), Span::new(span.0, span.1)]),
                Err(Misfit),
                "{span:?}"
            );
        }
    }

    #[test]
    fn the_same_words_elsewhere_are_told() {
        let text = "Karl  Muster war da. KARL\nMUSTER rief an; Karl-Musterstadt und Karla Muster nicht. karl muster";
        let found = again(text, &[Span::new(0, 12)]);
        let words: Vec<&str> = found.iter().filter_map(|span| span.of(text)).collect();
        assert_eq!(words, ["KARL\nMUSTER", "karl muster"]);
    }

    #[test]
    fn one_name_in_all_its_spellings_is_one_name() {
        for spelling in [
            "Jörg Groß",
            "Jo\u{308}rg Gross",
            "JOERG GROSS",
            "Jö\u{ad}rg\u{a0}Gro\u{200b}ß",
            "jörg\r\n  GROẞ",
        ] {
            let text = format!("Gestern kam {spelling}, heute Jörgen.");
            let found = occurrences(&text, &["Jörg Groß"]);
            let words: Vec<&str> = found.iter().filter_map(|span| span.of(&text)).collect();
            assert_eq!(words, [spelling]);
            assert!(says(&text, &["Jörg Groß"]), "{spelling}");
            let out = redacted(&text, &found).unwrap();
            assert_eq!(out, "Gestern kam █████, heute Jörgen.");
            assert!(!says(&out, &["Jörg Groß"]), "{out}");
        }
    }

    #[test]
    fn what_is_parted_by_quoting_by_cells_or_turned_round_is_still_said() {
        for text in [
            "> Karl\n> Muster",
            "\"Karl\";\"Muster\"",
            "Muster, Karl",
            "karl_muster.pdf",
        ] {
            assert!(says(text, &["Karl Muster"]), "{text}");
        }
        for text in ["Karl und Frau Muster", "Karla Musterin"] {
            assert!(!says(text, &["Karl Muster"]), "{text}");
        }
        assert!(says("Bo war da", &["Bo"]) && !says("Boden", &["Bo"]));
    }

    #[test]
    fn signs_that_nobody_sees_do_not_leave() {
        let hidden: String = "Karl"
            .chars()
            .filter_map(|c| char::from_u32(0xe0000 + u32::from(c)))
            .collect();
        assert_eq!(redacted(&format!("a{hidden}b\u{0}c"), &[]).unwrap(), "abc");
    }
}
