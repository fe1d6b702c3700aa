//! A text as words that know their place, and what stands between them.

use crate::redaction::spans::Span;

/// A word: letters, with hyphens and apostrophes inside of it.
#[derive(Debug, Clone, Copy)]
pub struct Word<'a> {
    pub text: &'a str,
    pub span: Span,
}

impl Word<'_> {
    /// Begins with a capital letter.
    pub fn is_capital(&self) -> bool {
        self.text.chars().next().is_some_and(char::is_uppercase)
    }

    /// `K` of `K. Muster`.
    pub fn is_initial(&self) -> bool {
        self.text.chars().count() == 1 && self.is_capital()
    }
}

/// A line with where it begins.
#[derive(Debug, Clone, Copy)]
pub struct Line<'a> {
    pub text: &'a str,
    pub from: usize,
}

pub fn lines(text: &str) -> Vec<Line<'_>> {
    let mut out = Vec::new();
    let mut from = 0;
    for line in text.split_inclusive('\n') {
        out.push(Line {
            text: line.trim_end_matches(['\n', '\r']),
            from,
        });
        from += line.len();
    }
    out
}

pub fn words(text: &str) -> Vec<Word<'_>> {
    let mut out = Vec::new();
    let mut begin = None;
    let mut chars = text.char_indices().peekable();
    while let Some((at, letter)) = chars.next() {
        let joins = matches!(letter, '-' | '\'' | '\u{2019}' | '\u{2010}' | '\u{2011}')
            && begin.is_some()
            && chars.peek().is_some_and(|(_, next)| next.is_alphabetic());
        if letter.is_alphabetic() || joins || is_mark(letter) && begin.is_some() {
            begin.get_or_insert(at);
            continue;
        }
        // a word with figures in it is a sign and no name: it stays a word with them
        if letter.is_numeric() && begin.is_some() {
            continue;
        }
        if let Some(from) = begin.take() {
            push(&mut out, text, from, at);
        }
    }
    if let Some(from) = begin {
        push(&mut out, text, from, text.len());
    }
    out
}

fn is_mark(letter: char) -> bool {
    unicode_normalization::char::is_combining_mark(letter)
}

fn push<'a>(out: &mut Vec<Word<'a>>, text: &'a str, from: usize, to: usize) {
    if let Some(word) = text.get(from..to) {
        out.push(Word {
            text: word,
            span: Span::new(from, to),
        });
    }
}
