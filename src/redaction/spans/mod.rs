//! Redaction by span: from one letter to another, in plain and formatted texts, in mail and in tables. Where something
//! stood, a block stands that tells neither its length nor how many words it was.

pub mod html;
pub mod mail;
pub mod table;
pub mod text;
pub mod written;

use serde::{Deserialize, Serialize};

use super::Misfit;

/// What stands where something was.
pub const BLOCK: &str = "█████";

/// From this byte of a text up to that one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Span {
    /// The first byte.
    pub from: usize,
    /// The byte behind the last.
    pub to: usize,
}

impl Span {
    /// A span between two bytes.
    #[must_use]
    pub fn new(from: usize, to: usize) -> Span {
        Span { from, to }
    }

    /// Whether both share a letter.
    #[must_use]
    pub fn meets(self, other: Span) -> bool {
        self.from < other.to && other.from < self.to
    }

    /// What stands in it.
    #[must_use]
    pub fn of(self, text: &str) -> Option<&str> {
        (self.from < self.to)
            .then(|| text.get(self.from..self.to))
            .flatten()
    }
}

/// The spans in their order, none meeting another. Those with only blanks between them become one: two blocks side by
/// side would tell a first name from a family name.
pub(super) fn ordered(text: &str, spans: &[Span]) -> Result<Vec<Span>, Misfit> {
    let mut sorted = spans.to_vec();
    sorted.sort_unstable();
    let mut out: Vec<Span> = Vec::with_capacity(sorted.len());
    for span in sorted {
        span.of(text).ok_or(Misfit)?;
        match out.last_mut() {
            Some(last) if span.from <= last.to || only_blanks(text, last.to, span.from) => {
                last.to = last.to.max(span.to);
            }
            _ => out.push(span),
        }
    }
    Ok(out)
}

fn only_blanks(text: &str, from: usize, to: usize) -> bool {
    text.get(from..to).is_some_and(|gap| {
        gap.chars()
            .all(|letter| letter != '\n' && letter.is_whitespace())
    })
}

/// Signs that nobody sees and that can carry a whole text: they leave no redacted text.
pub(super) fn is_smuggled(letter: char) -> bool {
    matches!(letter, '\u{e0000}'..='\u{e01ef}' | '\u{fff9}'..='\u{fffc}' | '\u{2060}'..='\u{2064}' | '\u{206a}'..='\u{206f}')
        || letter.is_control() && !matches!(letter, '\n' | '\r' | '\t')
}
