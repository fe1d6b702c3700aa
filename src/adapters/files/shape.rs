//! The shape of one name: letters, `*`, `?`, and holes for what says whose it is.

use std::ffi::OsStr;

use unicode_normalization::UnicodeNormalization;

use super::trail::shown;
use crate::domain::identifier::SearchKey;

/// So many steps one comparison may take; a name that needs more is none that anybody gave.
const STEPS: u32 = 20_000;

/// One step of a pattern.
#[derive(Clone, Debug)]
pub enum Piece {
    /// Any folders, none too.
    Deep,
    /// This name and no other.
    Named(String),
    /// A name of this shape.
    Shaped(Vec<Part>),
}

/// A part of a shape.
#[derive(Clone, Debug, PartialEq)]
pub enum Part {
    Text(String),
    One,
    Any,
    /// Whose file it is stands here.
    Hole(SearchKey),
}

impl Piece {
    /// Whether a name is of this shape.
    #[must_use]
    pub fn fits(&self, name: &OsStr) -> bool {
        match self {
            Piece::Deep => true,
            Piece::Named(text) => shown(name).nfc().eq(text.nfc()),
            Piece::Shaped(parts) => {
                let letters: Vec<char> = shown(name).nfc().collect();
                fits(parts, &letters, &mut STEPS.clone())
            }
        }
    }
}

/// Reads one name of a pattern.
///
/// # Errors
/// In words, what is wrong with it.
pub fn shape(text: &str) -> Result<Piece, String> {
    let mut parts: Vec<Part> = Vec::new();
    let mut rest = text;
    while let Some(letter) = rest.chars().next() {
        let (part, taken) = match letter {
            '*' => (Part::Any, 1),
            '?' => (Part::One, 1),
            '{' => {
                let (inside, _) = rest.split_once('}').ok_or("`{` without `}`")?;
                let word = inside.trim_start_matches('{');
                let key = SearchKey::from_code(word)
                    .ok_or_else(|| format!("`{{{word}}}` is nothing to search by"))?;
                (Part::Hole(key), inside.len() + 1)
            }
            other => (Part::Text(other.to_string()), other.len_utf8()),
        };
        rest = rest.get(taken..).unwrap_or_default();
        match (parts.last_mut(), part) {
            (Some(Part::Text(before)), Part::Text(more)) => before.push_str(&more),
            (Some(Part::Any), Part::Any) => {}
            (Some(Part::Any | Part::Hole(_)), Part::Any | Part::Hole(_)) => {
                return Err("between `*` and `{…}` something must stand".into());
            }
            (_, part) => parts.push(part),
        }
    }
    if parts
        .iter()
        .filter(|it| matches!(it, Part::Any | Part::Hole(_)))
        .count()
        > 4
    {
        return Err("too many `*` and `{…}` in one name".into());
    }
    Ok(match parts.as_slice() {
        [Part::Text(text)] => Piece::Named(text.clone()),
        _ => Piece::Shaped(parts.into_iter().map(composed).collect()),
    })
}

fn composed(part: Part) -> Part {
    match part {
        Part::Text(text) => Part::Text(text.nfc().collect()),
        other => other,
    }
}

/// What is left of the letters behind a text at their beginning.
fn behind<'a>(letters: &'a [char], text: &str) -> Option<&'a [char]> {
    let mut rest = letters;
    for wanted in text.chars() {
        let (first, more) = rest.split_first()?;
        if *first != wanted {
            return None;
        }
        rest = more;
    }
    Some(rest)
}

fn fits(parts: &[Part], letters: &[char], left: &mut u32) -> bool {
    if *left == 0 {
        return false;
    }
    *left -= 1;
    match parts.split_first() {
        None => letters.is_empty(),
        Some((Part::Text(text), more)) => {
            behind(letters, text).is_some_and(|rest| fits(more, rest, left))
        }
        Some((Part::One, more)) => letters
            .split_first()
            .is_some_and(|(_, rest)| fits(more, rest, left)),
        Some((part, more)) => {
            let least = usize::from(matches!(part, Part::Hole(_)));
            (least..=letters.len()).any(|taken| {
                letters
                    .get(taken..)
                    .is_some_and(|rest| fits(more, rest, left))
            })
        }
    }
}

/// What may stand in the holes of a name, each possibility by itself.
pub fn filled(parts: &[Part], name: &OsStr, found: &mut Vec<(SearchKey, String)>) {
    let letters: Vec<char> = shown(name).nfc().collect();
    walk(parts, &letters, &mut Vec::new(), found, &mut STEPS.clone());
}

/// As `fits`, and takes down what stands in the holes each time that it does fit.
fn walk(
    parts: &[Part],
    letters: &[char],
    so_far: &mut Vec<(SearchKey, String)>,
    found: &mut Vec<(SearchKey, String)>,
    left: &mut u32,
) {
    if *left == 0 {
        return;
    }
    *left -= 1;
    match parts.split_first() {
        None if letters.is_empty() => found.extend(so_far.iter().cloned()),
        None => {}
        Some((Part::Text(text), more)) => {
            if let Some(rest) = behind(letters, text) {
                walk(more, rest, so_far, found, left);
            }
        }
        Some((Part::One, more)) => {
            if let Some((_, rest)) = letters.split_first() {
                walk(more, rest, so_far, found, left);
            }
        }
        Some((Part::Any, more)) => {
            for taken in 0..=letters.len() {
                walk(
                    more,
                    letters.get(taken..).unwrap_or_default(),
                    so_far,
                    found,
                    left,
                );
            }
        }
        Some((Part::Hole(key), more)) => {
            for taken in 1..=letters.len() {
                let (inside, rest) = letters.split_at_checked(taken).unwrap_or_default();
                so_far.push((*key, inside.iter().collect()));
                walk(more, rest, so_far, found, left);
                so_far.pop();
            }
        }
    }
}
