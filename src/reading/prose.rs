//! A text as sentences: soft line breaks joined, list items with the words that lead into them.

use std::ops::Range;

use super::fold::{Words, words};

/// A sentence, by its words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sentence {
    /// The words that lead into a list of which this is an item: "I demand:".
    pub lead: Range<usize>,
    /// Its own words.
    pub words: Range<usize>,
    /// It ends with a question mark.
    pub asks: bool,
}

/// A text cut into words and sentences.
#[derive(Debug, Clone, Default)]
pub struct Prose<'a> {
    /// The text as it stands.
    pub text: &'a str,
    /// Its words.
    pub words: Words,
    /// Its sentences in order.
    pub sentences: Vec<Sentence>,
}

/// A line shorter than this was ended on purpose, if the next begins with a capital.
const SHORT_LINE: usize = 46;
/// More words without a stop are no sentence; a table or a list of names is cut here.
const LONGEST: usize = 90;

impl<'a> Prose<'a> {
    /// Reads a text.
    pub fn of(text: &'a str) -> Prose<'a> {
        let words = words(text);
        let mut prose = Prose {
            text,
            words,
            sentences: Vec::new(),
        };
        prose.cut();
        prose
    }

    /// The text of some of its words, white space made single, shortened in the middle if long.
    pub fn quote(&self, words: Range<usize>) -> String {
        let from = self.words.at(words.start).start;
        let to = self.words.at(words.end.saturating_sub(1)).end;
        let mut out = String::new();
        for part in self
            .text
            .get(from..to)
            .unwrap_or_default()
            .split_whitespace()
        {
            if !out.is_empty() {
                out.push(' ');
            }
            out.push_str(part);
        }
        shorten(&out, 120)
    }

    /// Whether a comma, a bracket, a dash or a colon stands before the word.
    pub fn begins_clause(&self, word: usize) -> bool {
        let Some(before) = word.checked_sub(1) else {
            return true;
        };
        let from = self.words.at(before).end;
        let to = self.words.at(word).start;
        self.text.get(from..to).is_some_and(|between| {
            between.contains([',', '(', ')', ':', '–', '—', '/']) || between.contains(" - ")
        })
    }

    fn cut(&mut self) {
        let mut begin = 0;
        let mut lead = 0..0;
        for index in 0..self.words.len() {
            let at = self.words.at(index);
            let next = self.words.at(index + 1);
            let last = index + 1 == self.words.len();
            let between = if last {
                self.text.get(at.end..).unwrap_or_default()
            } else {
                self.text.get(at.end..next.start).unwrap_or_default()
            };
            let stop = if last {
                Some(Stop::End)
            } else {
                self.stop_after(index, between)
            };
            let stop = stop.or_else(|| (index + 1 - begin >= LONGEST).then_some(Stop::End));
            let Some(stop) = stop else { continue };
            let own = begin..index + 1;
            self.sentences.push(Sentence {
                lead: lead.clone(),
                words: own.clone(),
                asks: between.trim_start().starts_with('?'),
            });
            begin = index + 1;
            lead = match stop {
                // what ends in a colon leads into the items below it
                Stop::Lead => own,
                Stop::Item => lead,
                Stop::End => 0..0,
            };
        }
    }

    /// Whether the sentence ends between this word and the next, and how.
    fn stop_after(&self, index: usize, between: &str) -> Option<Stop> {
        let mut breaks = between.matches('\n').count();
        if breaks == 0 && between.contains('\r') {
            breaks = 1;
        }
        let item_follows = breaks > 0 && begins_item(between, self.words.key(index + 1));
        let mark = between.trim_start().chars().next();
        if item_follows {
            let leads = between.trim_start().starts_with(':');
            return Some(if leads { Stop::Lead } else { Stop::Item });
        }
        if breaks > 1 {
            return Some(if mark == Some(':') {
                Stop::Lead
            } else {
                Stop::End
            });
        }
        let ends = between.char_indices().any(|(place, c)| {
            matches!(c, '!' | '?' | '…' | ';' | '。')
                || c == '.' && self.full_stop(index, between, place)
        });
        if ends {
            return Some(Stop::End);
        }
        if breaks == 1 {
            if mark == Some(':') {
                return Some(Stop::Lead);
            }
            if between
                .trim_start_matches([' ', '\t', '\r'])
                .starts_with('\n')
                && self.line_ended_early(index)
                && mark != Some(',')
            {
                return Some(Stop::End);
            }
        }
        if between.contains(['|', '\u{2022}', '·']) {
            return Some(Stop::Item);
        }
        None
    }

    /// Whether a dot ends a sentence: not after `Art.`, `Nr.`, `3.`, `z. B.`, nor inside `firma.test`.
    fn full_stop(&self, index: usize, between: &str, place: usize) -> bool {
        let rest = between.get(place + 1..).unwrap_or_default();
        if between
            .get(place + 1..)
            .is_some_and(|rest| rest.starts_with('.'))
        {
            return true;
        }
        if !rest.starts_with(|c: char| {
            c.is_whitespace() || matches!(c, '"' | '“' | '”' | '«' | '»' | ')' | '\'' | '-')
        }) {
            return false;
        }
        let key = self.words.key(index);
        let next = self.words.key(index + 1);
        let next_at = self.words.at(index + 1);
        let next_big = self
            .text
            .get(next_at)
            .and_then(|word| word.chars().next())
            .is_some_and(char::is_uppercase);
        if key.len() == 1 || ABBREVIATIONS.contains(&key) {
            return false;
        }
        if key.bytes().all(|b| b.is_ascii_digit()) {
            return next_big && key.len() == 4 && !next.is_empty();
        }
        true
    }

    /// The line that ends with this word is short and the next begins with a capital or a sign.
    fn line_ended_early(&self, index: usize) -> bool {
        let end = self.words.at(index).end;
        let head = self.text.get(..end).unwrap_or_default();
        let line = head.rsplit('\n').next().unwrap_or_default();
        let next = self.words.at(index + 1);
        let big = self
            .text
            .get(next)
            .and_then(|word| word.chars().next())
            .is_some_and(|c| c.is_uppercase() || c.is_ascii_digit());
        big && line.chars().take(SHORT_LINE).count() < SHORT_LINE
    }
}

/// How a sentence ended.
enum Stop {
    End,
    Lead,
    Item,
}

/// Words after which a dot is no stop.
const ABBREVIATIONS: &[&str] = &[
    "art", "artt", "arts", "ref", "rif", "sig", "dott", "avv", "spett", "exmos", "aff", "mj", "tj",
    "str", "p", "pp", "resp", "bsp", "beisp", "gez", "ggü", "abt", "inh", "jr", "abs", "nr", "dr",
    "bzw", "ca", "gem", "ggf", "evtl", "usw", "vgl", "lit", "ziff", "hr", "fr", "str", "tel",
    "prof", "inkl", "zzgl", "mr", "mrs", "ms", "no", "para", "sec", "st", "vs", "sr", "sra", "rif",
    "num", "ref", "az", "geb", "ust", "bspw", "sog", "ivm", "dipl", "ing", "rn", "vom", "resp",
    "betr", "kd", "kdnr", "nro", "ul", "odst", "pkt", "cl", "pt", "ust",
];

/// Whether a line break is followed by a mark of a list item: `-`, `*`, `•`, `1.`, `a)`.
fn begins_item(between: &str, next: &str) -> bool {
    let tail = between.rsplit('\n').next().unwrap_or_default().trim();
    if tail.starts_with([
        '-', '*', '•', '·', '–', '—', '→', '☐', '☒', '▪', '◦', '✓', '>',
    ]) {
        return true;
    }
    // the number or letter of an item is itself the next word
    let _ = next;
    false
}

/// Shortens in the middle, at most `most` characters.
pub fn shorten(text: &str, most: usize) -> String {
    let count = text.chars().count();
    if count <= most {
        return text.to_owned();
    }
    let half = most / 2;
    let head: String = text.chars().take(half).collect();
    let tail: String = text.chars().skip(count - half).collect();
    format!("{} … {}", head.trim_end(), tail.trim_start())
}

#[cfg(test)]
mod tests;
