//! The blind index: a person is found by name, address or number, and no other case is opened for it.
//!
//! What is searched is brought into one spelling, cut into beginnings, and stored as keyed hashes.
//! Without the key the hashes say only how often something repeats.
//!
//! One spelling: case, accents and ligatures are dropped, `ß` is `ss`, and an `e` that follows
//! `a`, `o` or `u` is dropped too. So Müller, Mueller, MÜLLER and Muller meet, Søren meets Soeren,
//! at the price that Bauer and Baur meet as well: a search may show one name too many, never one too few.
//! Each letter is folded by what stands before it alone, so a beginning stays a beginning.

use std::fmt;

use ring::hmac;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::keys::Key;

/// Shortest beginning that finds.
const SHORTEST: usize = 3;
/// Beginnings up to this many letters have a token of their own; the longer ones stand beside the last of these.
const STEM: usize = 4;
/// Beginnings are told apart up to this many letters.
const LONGEST: usize = 20;
/// Words of one name that are indexed; also the most words of one query.
const WORDS: usize = 8;

/// A line of the index. Most words share their first letters with others, so a line leads with the keyed
/// hash of these, and short hashes of the longer beginnings stand beside it: a new name takes two
/// lines and not one for each letter.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Token {
    /// Keyed hash of a whole address or number, or of a beginning of at most four letters.
    pub hash: i64,
    /// Short keyed hashes of the longer beginnings, eight hexadecimal digits each, without anything
    /// between; in what is sought, the one that must occur. Empty if there is none.
    pub longer: String,
}

impl Token {
    fn of(hash: i64) -> Token {
        Token {
            hash,
            longer: String::new(),
        }
    }

    /// Each hash once, with all that stands beside it.
    #[must_use]
    pub fn merge(mut tokens: Vec<Token>) -> Vec<Token> {
        tokens.sort_unstable();
        tokens.dedup_by(|next, first| {
            let same = next.hash == first.hash;
            if same && next.longer != first.longer {
                first.longer.push_str(&next.longer);
            }
            same
        });
        tokens
    }
}

/// What a hash stands for. The same text hashes differently in each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A person's or company's name: by word and beginning of a word.
    Name,
    /// An e-mail address, whole.
    Email,
}

impl Kind {
    fn label(self) -> u8 {
        match self {
            Self::Name => 1,
            Self::Email => 2,
        }
    }
}

/// Label of [`Index::address_digest`], apart from all kinds; 3 is kept for numbers.
const DIGEST: u8 = 4;
/// Label of [`Index::words_token`].
const WORDING: u8 = 5;
/// Label of [`Index::identifier_digest`].
const IDENTIFIER: u8 = 6;
/// Label of [`Index::exact_digest`].
const EXACT: u8 = 7;

/// The blind index of one controller, its key made ready once.
#[derive(Clone)]
pub struct Index {
    key: hmac::Key,
    version: u16,
    controller: i64,
}

impl Index {
    /// Makes the key ready. Keep the result: this costs more than a hash.
    #[must_use]
    pub fn new(key: &Key, controller: i64) -> Self {
        Self {
            key: hmac::Key::new(hmac::HMAC_SHA256, key.expose()),
            version: key.version(),
            controller,
        }
    }

    /// All tokens under which a name is to be found: each word (the first 8) by each of its beginnings
    /// from three letters on. Without repeats, in no order that tells anything.
    #[must_use]
    pub fn name_tokens(&self, name: &str) -> Vec<Token> {
        let mut tokens = Vec::with_capacity(8);
        for word in words(name) {
            let mut message = self.begin(Kind::Name.label());
            let whole = word.letters.len().min(LONGEST);
            for (letter, length) in word.letters.iter().take(LONGEST).zip(1..) {
                message.extend_from_slice(letter.encode_utf8(&mut [0; 4]).as_bytes());
                if length != whole && length < word.shortest {
                    continue;
                }
                let tag = self.sign(&message);
                match tokens.last_mut() {
                    Some(Token { longer, .. }) if length > STEM => longer.push_str(&mark(&tag)),
                    _ => tokens.push(Token::of(short(&tag))),
                }
            }
        }
        Token::merge(tokens)
    }

    /// The token under which an e-mail address is to be found.
    #[must_use]
    pub fn email_token(&self, address: &str) -> Token {
        Token::of(self.whole(Kind::Email, &fold_address(address)))
    }

    /// The token of a text as a whole, whatever its spelling and stops: by it the same words are met again in
    /// another case, and nothing else.
    #[must_use]
    pub fn words_token(&self, text: &str) -> Token {
        let mut message = self.begin(WORDING);
        let plain = text.nfkc().flat_map(char::to_lowercase).collect::<String>();
        for word in plain
            .split(|c: char| !c.is_alphanumeric())
            .filter(|word| !word.is_empty())
        {
            message.extend_from_slice(word.as_bytes());
            message.push(b' ');
        }
        Token::of(short(&self.sign(&message)))
    }

    /// What to look for when somebody typed this: one for each word of a name, all of which must hit
    /// the same case; one for an address; none if nothing searchable was typed.
    #[must_use]
    pub fn sought(&self, kind: Kind, typed: &str) -> Vec<Token> {
        let whole =
            |folded: String| (!folded.is_empty()).then(|| Token::of(self.whole(kind, &folded)));
        match kind {
            Kind::Name => words(typed)
                .into_iter()
                .map(|word| self.beginning(&word.letters))
                .collect(),
            Kind::Email => whole(fold_address(typed)).into_iter().collect(),
        }
    }

    fn beginning(&self, letters: &[char]) -> Token {
        let text = |length: usize| letters.iter().take(length).collect::<String>();
        let mut token = Token::of(self.whole(Kind::Name, &text(STEM)));
        if letters.len() > STEM {
            let mut message = self.begin(Kind::Name.label());
            message.extend_from_slice(text(LONGEST).as_bytes());
            token.longer = mark(&self.sign(&message));
        }
        token
    }

    /// Digest of an address in full width, for unique keys: the rule of one mail a day, and, on an
    /// index made with the suppression key, the suppression list.
    #[must_use]
    pub fn address_digest(&self, address: &str) -> [u8; 32] {
        let mut message = self.begin(DIGEST);
        message.extend_from_slice(fold_address(address).as_bytes());
        let mut digest = [0; 32];
        digest.copy_from_slice(self.sign(&message).as_ref());
        digest
    }

    /// Digest of any other identifier in full width: a name, a number. Case, blanks and the way letters are
    /// composed make no difference.
    #[must_use]
    pub fn identifier_digest(&self, text: &str) -> [u8; 32] {
        let words: Vec<&str> = text.split_whitespace().collect();
        let mut message = self.begin(IDENTIFIER);
        message.extend_from_slice(fold_address(&words.join(" ")).as_bytes());
        let mut digest = [0; 32];
        digest.copy_from_slice(self.sign(&message).as_ref());
        digest
    }

    /// Digest of bytes as they are, in full width: whether something was laid down before, and says the same.
    #[must_use]
    pub fn exact_digest(&self, bytes: &[u8]) -> [u8; 32] {
        let mut message = self.begin(EXACT);
        message.extend_from_slice(bytes);
        let mut digest = [0; 32];
        digest.copy_from_slice(self.sign(&message).as_ref());
        digest
    }

    fn whole(&self, kind: Kind, folded: &str) -> i64 {
        let mut message = self.begin(kind.label());
        message.extend_from_slice(folded.as_bytes());
        short(&self.sign(&message))
    }

    fn begin(&self, label: u8) -> Vec<u8> {
        let mut message = Vec::with_capacity(64);
        message.push(label);
        message.extend_from_slice(&self.controller.to_be_bytes());
        message
    }

    fn sign(&self, message: &[u8]) -> hmac::Tag {
        hmac::sign(&self.key, message)
    }
}

impl fmt::Debug for Index {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "Index(controller {}, v{}, …)",
            self.controller, self.version
        )
    }
}

fn mark(tag: &hmac::Tag) -> String {
    let first: [u8; 4] = tag.as_ref().first_chunk().copied().unwrap_or_default();
    format!("{:08x}", u32::from_be_bytes(first))
}

fn short(tag: &hmac::Tag) -> i64 {
    i64::from_be_bytes(tag.as_ref().first_chunk().copied().unwrap_or_default())
}

/// An address in one spelling: no blanks around it, composed, small letters. The part before the
/// `@` could by standard tell capitals apart; no provider in use does.
#[must_use]
pub fn fold_address(address: &str) -> String {
    address.trim().nfkc().flat_map(char::to_lowercase).collect()
}

struct Word {
    letters: Vec<char>,
    /// Letters from which on beginnings find. Two where the first three letters as typed may be
    /// two once folded, as `Mue` for Müller.
    shortest: usize,
    /// The letter before, as it was spelled: an `e` after it may be dropped.
    before: char,
}

impl Word {
    fn new() -> Self {
        Self {
            letters: Vec::with_capacity(12),
            shortest: SHORTEST,
            before: ' ',
        }
    }

    fn push(&mut self, letter: char) {
        if letter == 'e' && matches!(self.before, 'a' | 'o' | 'u') {
            self.dots();
        } else {
            self.letters.push(letter);
            self.before = letter;
        }
    }

    /// The vowel before has its dots, be it as such or spelled out as an `e`. An `e` that follows
    /// now is a letter of its own, as in Lüers.
    fn dots(&mut self) {
        if self.letters.len() < SHORTEST {
            self.shortest = SHORTEST - 1;
        }
        self.before = 'e';
    }
}

fn words(text: &str) -> Vec<Word> {
    let mut words = Vec::new();
    let mut word = Word::new();
    // The blank at the end closes the last word.
    for c in text.nfkd().flat_map(char::to_lowercase).chain([' ']) {
        if c == '\u{308}' && matches!(word.before, 'a' | 'o' | 'u') {
            word.dots();
        } else if is_combining_mark(c) || invisible(c) {
            // An accent, or a mark of layout inside a word.
        } else if let Some(plain) = plain_letters(c) {
            plain.chars().for_each(|letter| word.push(letter));
        } else if c.is_alphanumeric() {
            word.push(c);
        } else if !word.letters.is_empty() {
            words.push(std::mem::replace(&mut word, Word::new()));
        }
    }
    // Initials find nothing beside a real word: J. Meier is to meet Jane Meier.
    let initial = |word: &Word| matches!(word.letters.as_slice(), [letter] if letter.is_ascii());
    if words.iter().any(|word| !initial(word)) {
        words.retain(|word| !initial(word));
    }
    words.truncate(WORDS);
    words
}

/// Letters that no decomposition takes apart.
fn plain_letters(c: char) -> Option<&'static str> {
    Some(match c {
        'ß' => "ss",
        'æ' => "ae",
        'œ' | 'ø' => "oe",
        'ł' => "l",
        'đ' | 'ð' => "d",
        'þ' => "th",
        'ħ' => "h",
        'ŧ' => "t",
        'ı' => "i",
        'ŋ' => "n",
        'ə' => "e",
        'ς' => "σ",
        _ => return None,
    })
}

/// Soft hyphen, joiners and direction marks: copied along from documents, seen by nobody.
fn invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

#[cfg(test)]
#[path = "index/tests.rs"]
mod tests;
