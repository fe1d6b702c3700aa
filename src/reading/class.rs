//! Which words a pattern means: a word, a stem `lösch*`, an ending `*daten`, a middle `*datenschutz*`; found by walking tries.

use std::collections::HashMap;

/// A set of words that a pattern names.
pub type ClassId = u16;

/// Finds the classes of a word.
#[derive(Debug, Default)]
pub struct Classes {
    heads: Trie,
    tails: Trie,
    middles: Trie,
    typos: HashMap<String, Vec<u32>>,
    legal: Vec<String>,
    number: Vec<ClassId>,
}

#[derive(Debug)]
struct Trie {
    nodes: Vec<Node>,
}

#[derive(Debug, Default)]
struct Node {
    edges: Vec<(u8, u32)>,
    whole: Vec<ClassId>,
    open: Vec<ClassId>,
}

impl Default for Trie {
    fn default() -> Self {
        Trie {
            nodes: vec![Node::default()],
        }
    }
}

impl Trie {
    fn add(&mut self, bytes: impl Iterator<Item = u8>, open: bool, class: ClassId) {
        let mut at = 0_usize;
        for byte in bytes {
            let next = self.nodes.len();
            let Some(node) = self.nodes.get_mut(at) else {
                return;
            };
            let known = node
                .edges
                .iter()
                .find(|(b, _)| *b == byte)
                .map(|(_, to)| *to);
            at = match known {
                Some(to) => usize::try_from(to).unwrap_or(0),
                None => {
                    let Ok(to) = u32::try_from(next) else { return };
                    node.edges.push((byte, to));
                    self.nodes.push(Node::default());
                    next
                }
            };
        }
        if let Some(node) = self.nodes.get_mut(at) {
            let list = if open {
                &mut node.open
            } else {
                &mut node.whole
            };
            if !list.contains(&class) {
                list.push(class);
            }
        }
    }

    fn walk(&self, bytes: impl Iterator<Item = u8>, out: &mut Vec<ClassId>) {
        let mut node = self.nodes.first();
        for byte in bytes {
            let Some(here) = node else { return };
            out.extend_from_slice(&here.open);
            node = here
                .edges
                .iter()
                .find(|(b, _)| *b == byte)
                .and_then(|(_, to)| self.nodes.get(usize::try_from(*to).ok()?));
        }
        if let Some(here) = node {
            out.extend_from_slice(&here.open);
            out.extend_from_slice(&here.whole);
        }
    }
}

/// Shorter words are too near to others for a slip to be told.
const SHORTEST_TYPO: usize = 7;

impl Classes {
    /// A word of a class as a pattern writes it, already folded between its stars.
    pub fn add(&mut self, head_open: bool, word: &str, tail_open: bool, class: ClassId) {
        match (head_open, tail_open) {
            (false, open) => self.heads.add(word.bytes(), open, class),
            (true, false) => self.tails.add(word.bytes().rev(), true, class),
            (true, true) => self.middles.add(word.bytes(), true, class),
        }
    }

    /// A class that means any number.
    pub fn add_number(&mut self, class: ClassId) {
        if !self.number.contains(&class) {
            self.number.push(class);
        }
    }

    /// A long word that is known although one letter is wrong, missing, too many or swapped.
    pub fn forgive(&mut self, word: &str) {
        let Ok(index) = u32::try_from(self.legal.len()) else {
            return;
        };
        self.legal.push(word.to_owned());
        for key in shortened(word).chain([word.to_owned()]) {
            let list = self.typos.entry(key).or_default();
            if !list.contains(&index) {
                list.push(index);
            }
        }
    }

    /// The classes of a word, each once.
    pub fn of(&self, word: &str, out: &mut Vec<ClassId>) {
        out.clear();
        self.exact(word, out);
        if out.is_empty()
            && word.len() >= SHORTEST_TYPO
            && let Some(meant) = self.meant(word)
        {
            self.exact(meant, out);
        }
        out.sort_unstable();
        out.dedup();
    }

    fn exact(&self, word: &str, out: &mut Vec<ClassId>) {
        self.heads.walk(word.bytes(), out);
        self.tails.walk(word.bytes().rev(), out);
        if word.len() > 3 {
            for from in 0..word.len() {
                if let Some(rest) = word.get(from..) {
                    self.middles.walk(rest.bytes(), out);
                }
            }
        }
        if word.bytes().all(|b| b.is_ascii_digit()) {
            out.extend_from_slice(&self.number);
        }
    }

    /// The long word that was meant, if this is it with one slip.
    fn meant(&self, word: &str) -> Option<&str> {
        if !word.is_ascii() || self.legal.iter().any(|legal| legal == word) {
            return None;
        }
        let near = |key: &str| {
            self.typos.get(key).and_then(|list| {
                list.iter().find_map(|index| {
                    let legal = self.legal.get(usize::try_from(*index).ok()?)?;
                    one_slip(word, legal).then_some(legal.as_str())
                })
            })
        };
        let mut key = String::with_capacity(word.len());
        near(word).or_else(|| {
            (0..word.len()).find_map(|skip| {
                key.clear();
                key.push_str(word.get(..skip)?);
                key.push_str(word.get(skip + 1..)?);
                near(&key)
            })
        })
    }
}

/// The word with each of its letters left out once.
fn shortened(word: &str) -> impl Iterator<Item = String> + '_ {
    (0..word.len()).filter_map(move |skip| {
        let head = word.get(..skip)?;
        let tail = word.get(skip + 1..)?;
        Some(format!("{head}{tail}"))
    })
}

/// Whether two words differ by one letter changed, left out, put in or swapped with its neighbour.
fn one_slip(one: &str, other: &str) -> bool {
    let (a, b) = (one.as_bytes(), other.as_bytes());
    let same_head = a.iter().zip(b).take_while(|(x, y)| x == y).count();
    let (rest_a, rest_b) = (
        a.get(same_head..).unwrap_or_default(),
        b.get(same_head..).unwrap_or_default(),
    );
    let same_tail = rest_a
        .iter()
        .rev()
        .zip(rest_b.iter().rev())
        .take_while(|(x, y)| x == y)
        .count();
    let (left_a, left_b) = (rest_a.len() - same_tail, rest_b.len() - same_tail);
    if left_a.max(left_b) <= 1 {
        return true;
    }
    matches!((rest_a, rest_b), ([p, q, ..], [r, s, ..]) if left_a == 2 && left_b == 2 && p == s && q == r)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stems_endings_and_middles_are_found() {
        let mut classes = Classes::default();
        classes.add(false, "losch", true, 1);
        classes.add(true, "daten", false, 2);
        classes.add(true, "dsgvo", true, 3);
        classes.add(false, "ab", false, 4);
        classes.add_number(5);
        let mut out = Vec::new();
        for (word, expected) in [
            ("loschen", vec![1]),
            ("kundendaten", vec![2]),
            ("daten", vec![2]),
            ("datenschutz", vec![]),
            ("dsgvoanfrage", vec![3]),
            ("ab", vec![4]),
            ("aber", vec![]),
            ("14", vec![5]),
        ] {
            classes.of(word, &mut out);
            assert_eq!(out, expected, "{word}");
        }
    }

    #[test]
    fn one_slip_is_forgiven_and_two_are_not() {
        let mut classes = Classes::default();
        classes.add(false, "auskunft", true, 1);
        classes.forgive("auskunft");
        let mut out = Vec::new();
        for (word, found) in [
            ("auskunfft", true),
            ("auskumft", true),
            ("asukunft", true),
            ("auskunt", true),
            ("ankunft", false),
            ("zukunft", false),
        ] {
            classes.of(word, &mut out);
            assert_eq!(!out.is_empty(), found, "{word}");
        }
    }
}
