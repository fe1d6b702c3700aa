//! Redaction in a plain text, and where the same words stand once more.

use std::collections::BTreeSet;

use super::{BLOCK, Misfit, Span, is_smuggled, ordered};

/// Shorter words are everywhere.
const SHORTEST: usize = 3;
/// Words that are looked for once more, and places that are told.
const MOST: usize = 2_000;

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

/// Where the redacted words stand in the text once more, in any case of letters and as whole words: what a clerk is
/// asked before she is done.
#[must_use]
pub fn again(text: &str, spans: &[Span]) -> Vec<Span> {
    let words: Vec<&str> = spans.iter().filter_map(|span| span.of(text)).collect();
    let mut found = occurrences(text, &words);
    found.retain(|place| !spans.iter().any(|span| span.meets(*place)));
    found
}

/// Where any of these words stand in the text, in any case of letters and as whole words.
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
            if found.len() >= MOST {
                return found.into_iter().collect();
            }
            if let Some(span) = hay.whole_word(text, at, at + needle.len()) {
                found.insert(span);
            }
        }
    }
    found.into_iter().collect()
}

/// A text in small letters that still knows where each stood; runs of blanks are one.
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
            for small in letter.to_lowercase() {
                out.push(small, (at, end));
            }
        }
        out
    }

    fn push(&mut self, letter: char, place: (usize, usize)) {
        self.letters.push(letter);
        self.places.resize(self.letters.len(), place);
    }

    fn whole_word(&self, text: &str, from: usize, to: usize) -> Option<Span> {
        let span = Span::new(
            self.places.get(from)?.0,
            self.places.get(to.checked_sub(1)?)?.1,
        );
        let before = text.get(..span.from)?.chars().next_back();
        let after = text.get(span.to..)?.chars().next();
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
    fn signs_that_nobody_sees_do_not_leave() {
        let hidden: String = "Karl"
            .chars()
            .filter_map(|c| char::from_u32(0xe0000 + u32::from(c)))
            .collect();
        assert_eq!(redacted(&format!("a{hidden}b\u{0}c"), &[]).unwrap(), "abc");
    }
}
