//! Words made comparable: case, accents, umlauts in all their spellings, hyphens, apostrophes and signs that nobody sees.

use std::ops::Range;

use unicode_normalization::char::decompose_compatible;

/// A word of a text with its comparable form.
#[derive(Debug, Clone)]
pub struct Word {
    /// Where its comparable form stands in [`Words::keys`].
    key: Range<usize>,
    /// Where it stands in the text.
    pub at: Range<usize>,
}

/// The words of a text in order.
#[derive(Debug, Clone, Default)]
pub struct Words {
    keys: String,
    words: Vec<Word>,
}

impl Words {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.words.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// The comparable form of a word; empty beyond the end.
    pub fn key(&self, index: usize) -> &str {
        self.words
            .get(index)
            .and_then(|word| self.keys.get(word.key.clone()))
            .unwrap_or_default()
    }

    /// Where the word stands in the text; an empty place at the start beyond the end.
    pub fn at(&self, index: usize) -> Range<usize> {
        self.words.get(index).map_or(0..0, |word| word.at.clone())
    }

    /// The comparable forms in order.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.words
            .iter()
            .map(|word| self.keys.get(word.key.clone()).unwrap_or_default())
    }

    fn close(&mut self, key_from: usize, at: Range<usize>) {
        if self.keys.len() > key_from {
            self.words.push(Word {
                key: key_from..self.keys.len(),
                at,
            });
        }
    }
}

/// Cuts a text into words. `E-Mail` is one word, `d'accès` are two, `don't` is one.
pub fn words(text: &str) -> Words {
    let mut out = Words::default();
    out.keys.reserve(text.len());
    let mut key_from = 0;
    let mut begin: Option<usize> = None;
    let mut chars = text.char_indices().peekable();
    while let Some((place, c)) = chars.next() {
        if c.is_ascii_alphanumeric() {
            begin.get_or_insert(place);
            push(&mut out.keys, key_from, c.to_ascii_lowercase());
            continue;
        }
        if unseen(c) {
            continue;
        }
        if !c.is_ascii() && (c.is_alphanumeric() || combining(c)) {
            begin.get_or_insert(place);
            fold_char(&mut out.keys, key_from, c);
            continue;
        }
        let Some(from) = begin else { continue };
        let next = chars.peek().map(|(_, next)| *next);
        if joins(c, next, text, place, out.keys.len() - key_from) {
            continue;
        }
        out.close(key_from, from..place);
        key_from = out.keys.len();
        begin = None;
    }
    if let Some(from) = begin {
        out.close(key_from, from..text.len());
    }
    out
}

/// The comparable form of one word or pattern word.
pub fn fold(word: &str) -> String {
    let mut key = String::with_capacity(word.len());
    for c in word.chars() {
        if c.is_ascii_alphanumeric() {
            push(&mut key, 0, c.to_ascii_lowercase());
        } else if !c.is_ascii() && !unseen(c) && (c.is_alphanumeric() || combining(c)) {
            fold_char(&mut key, 0, c);
        }
    }
    key
}

/// Whether a sign between two letters leaves them one word.
fn joins(c: char, next: Option<char>, text: &str, place: usize, letters_before: usize) -> bool {
    if !next.is_some_and(char::is_alphanumeric) {
        return false;
    }
    match c {
        '-' | '\u{2010}' | '\u{2011}' => {
            next.is_some_and(char::is_alphabetic)
                && !text
                    .get(..place)
                    .is_some_and(|head| head.ends_with(|c: char| c.is_ascii_digit()))
        }
        '\'' | '\u{2019}' | '\u{2018}' | '`' | '\u{b4}' => {
            // what follows a short article of French or Italian is a word of its own; n't, 's, 'll are not
            let rest = text.get(place + c.len_utf8()..).unwrap_or_default();
            let after = rest
                .chars()
                .take_while(|c| c.is_alphanumeric())
                .take(3)
                .count();
            after < 3 && letters_before > 1
        }
        ':' | '*' | '_' => {
            // Kund:innen, Bewerber*innen
            let rest = text.get(place + c.len_utf8()..).unwrap_or_default();
            rest.starts_with("in")
        }
        _ => false,
    }
}

/// Signs without width: soft hyphen, zero-width space and joiners, marks of direction, BOM.
fn unseen(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}' | '\u{feff}' | '\u{fe00}'..='\u{fe0f}')
}

fn combining(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}')
}

/// `ä`, `ae` and `a` become one, as do `ß` and `ss`: people write all of them.
fn push(key: &mut String, from: usize, c: char) {
    let after_vowel = key
        .get(from..)
        .is_some_and(|word| word.ends_with(['a', 'o', 'u']));
    if !(c == 'e' && after_vowel) {
        key.push(c);
    }
}

fn fold_char(key: &mut String, from: usize, c: char) {
    match c {
        'ß' | 'ẞ' => key.push_str("ss"),
        'ł' | 'Ł' => key.push('l'),
        'ø' | 'Ø' | 'œ' | 'Œ' => key.push('o'),
        'æ' | 'Æ' => key.push('a'),
        'đ' | 'Đ' | 'ð' | 'Ð' => key.push('d'),
        'ı' => key.push('i'),
        'ä' | 'Ä' | 'à' | 'á' | 'â' | 'À' | 'Á' => key.push('a'),
        'ö' | 'Ö' | 'ó' | 'Ó' => key.push('o'),
        'ü' | 'Ü' | 'ú' | 'Ú' => key.push('u'),
        'é' | 'è' | 'ê' | 'É' | 'ę' | 'ě' => key.push('e'),
        _ if combining(c) => {}
        _ => decompose_compatible(c, |part| {
            if combining(part) {
                return;
            }
            for low in part.to_lowercase() {
                if low.is_ascii_alphanumeric() {
                    push(key, from, low);
                } else if low.is_alphanumeric() {
                    key.push(low);
                }
            }
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(text: &str) -> Vec<String> {
        words(text).keys().map(str::to_owned).collect()
    }

    #[test]
    fn umlauts_are_one_in_all_spellings() {
        for spelling in [
            "löschen",
            "loeschen",
            "loschen",
            "LÖSCHEN",
            "lo\u{308}schen",
            "lö\u{ad}schen",
            "lösc\u{200b}hen",
        ] {
            assert_eq!(keys(spelling), ["loschen"], "{spelling}");
        }
        assert_eq!(keys("gemäß Straße"), ["gemass", "strasse"]);
    }

    #[test]
    fn hyphens_join_and_articles_part() {
        assert_eq!(
            keys("E-Mail-Adresse, DS-GVO; Art.15 Abs. 2"),
            ["emailadresse", "dsgvo", "art", "15", "abs", "2"]
        );
        assert_eq!(
            keys("droit d’accès, j'exerce l'effacement"),
            ["droit", "d", "acces", "j", "exerce", "l", "effacement"]
        );
        assert_eq!(keys("I don't, you’ve"), ["i", "dont", "youve"]);
        assert_eq!(keys("Art. 15-22"), ["art", "15", "22"]);
    }

    #[test]
    fn places_point_into_the_text() {
        let text = "Bitte lö\u{ad}schen!";
        let words = words(text);
        assert_eq!(text.get(words.at(1)), Some("lö\u{ad}schen"));
        assert_eq!(words.key(7), "");
    }
}
