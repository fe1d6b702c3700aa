//! Patterns over the words of a sentence: words in order with gaps, groups in any order, words that must not be there.

use std::ops::Range;

use super::class::ClassId;

/// A pattern as `config/reading` writes it; the grammar is told in `config/reading/README.md`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern {
    /// Groups that may stand in any order, each a run of words in order.
    pub groups: Vec<Vec<Step>>,
    /// What the sentence must not hold.
    pub absent: Vec<ClassId>,
    /// How far the groups may lie apart, in words.
    pub window: usize,
    /// It must begin the sentence.
    pub at_start: bool,
    /// The sentence must have fewer words.
    pub below: usize,
    /// The sentence must be a question.
    pub asks: bool,
}

/// One word of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    /// Which words fit.
    pub class: ClassId,
    /// How many other words may stand before it.
    pub gap: usize,
    /// Not beyond a comma, a bracket or a dash.
    pub close: bool,
}

/// Where the classes stand in a sentence, sorted.
#[derive(Debug, Default)]
pub struct Spots {
    spots: Vec<(ClassId, usize)>,
    /// One bit for each class that is there.
    present: Vec<u64>,
    /// For each word the clause that it belongs to.
    clauses: Vec<usize>,
    /// How many words the sentence has, its lead included.
    pub len: usize,
    /// Where its own words begin.
    pub own: usize,
    /// It ends with a question mark.
    pub asks: bool,
}

/// More places of one group are not tried.
const MOST_PLACES: usize = 24;
/// Groups lie within this many words unless the pattern says otherwise.
const WINDOW: usize = 30;

impl Spots {
    /// Begins a new sentence.
    pub fn begin(&mut self, own: usize, asks: bool) {
        for (class, _) in &self.spots {
            if let Some(bits) = self.present.get_mut(usize::from(*class) / 64) {
                *bits = 0;
            }
        }
        self.spots.clear();
        self.clauses.clear();
        self.len = 0;
        self.own = own;
        self.asks = asks;
    }

    /// The next word of the sentence with its classes, and whether a clause begins with it.
    pub fn push(&mut self, classes: &[ClassId], begins: bool) {
        let at = self.len;
        let clause = self.clauses.last().copied().unwrap_or(0) + usize::from(begins);
        self.clauses.push(clause);
        for class in classes {
            self.spots.push((*class, at));
            let place = usize::from(*class) / 64;
            if self.present.len() <= place {
                self.present.resize(place + 1, 0);
            }
            if let Some(bits) = self.present.get_mut(place) {
                *bits |= 1 << (*class % 64);
            }
        }
        self.len += 1;
    }

    /// All words are in.
    pub fn finish(&mut self) {
        self.spots.sort_unstable();
    }

    /// Each class that is there, once.
    pub fn classes(&self) -> impl Iterator<Item = ClassId> {
        self.spots
            .chunk_by(|a, b| a.0 == b.0)
            .filter_map(|run| run.first().map(|spot| spot.0))
    }

    fn of(&self, class: ClassId) -> &[(ClassId, usize)] {
        let from = self.spots.partition_point(|spot| spot.0 < class);
        let rest = self.spots.get(from..).unwrap_or_default();
        let len = rest.partition_point(|spot| spot.0 == class);
        rest.get(..len).unwrap_or_default()
    }

    fn has(&self, class: ClassId) -> bool {
        self.present
            .get(usize::from(class) / 64)
            .is_some_and(|bits| bits & (1 << (class % 64)) != 0)
    }
}

impl Pattern {
    /// Reads a pattern; `class_of` knows or makes the class of a list of words such as `bitte|lösch*|@data`.
    pub fn read(
        text: &str,
        class_of: &mut dyn FnMut(&str) -> Result<ClassId, String>,
    ) -> Result<Pattern, String> {
        let mut pattern = Pattern {
            groups: vec![Vec::new()],
            absent: Vec::new(),
            window: WINDOW,
            at_start: false,
            below: usize::MAX,
            asks: false,
        };
        let (mut gap, mut close) = (0, false);
        for item in text.split_whitespace() {
            if let Some(words) = item.strip_prefix('!') {
                pattern.absent.push(class_of(words)?);
            } else if let Some(count) = item.strip_prefix('~') {
                gap = number(count, 3)?;
            } else if let Some(count) = item.strip_prefix('=') {
                gap = number(count, 3)?;
                close = true;
            } else if let Some(count) = item.strip_prefix('&') {
                if gap != 0 || pattern.groups.last().is_none_or(Vec::is_empty) {
                    return Err(format!("nothing before '&' in '{text}'"));
                }
                // a number at the end sets how far all may lie apart
                if count.is_empty() {
                    pattern.groups.push(Vec::new());
                } else {
                    pattern.window = number(count, WINDOW)?;
                }
            } else if let Some(count) = item.strip_prefix('<') {
                pattern.below = number(count, 6)?;
            } else if item == "^" {
                pattern.at_start = true;
            } else if item == "?" {
                pattern.asks = true;
            } else {
                let class = class_of(item)?;
                if let Some(group) = pattern.groups.last_mut() {
                    group.push(Step { class, gap, close });
                }
                (gap, close) = (0, false);
            }
        }
        if gap != 0 || pattern.groups.iter().any(Vec::is_empty) {
            return Err(format!("an end is missing in '{text}'"));
        }
        Ok(pattern)
    }

    /// Every class that must be there.
    pub fn needs(&self) -> impl Iterator<Item = ClassId> {
        self.groups.iter().flatten().map(|step| step.class)
    }

    /// Where the pattern stands in the sentence, from its first to behind its last word.
    pub fn find(&self, spots: &Spots) -> Option<Range<usize>> {
        if self.asks && !spots.asks
            || spots.len >= self.below
            || self.needs().any(|class| !spots.has(class))
            || self.absent.iter().any(|class| spots.has(*class))
        {
            return None;
        }
        if let [only] = self.groups.as_slice() {
            return runs(only, spots, self.at_start)
                .into_iter()
                .filter(|place| place.len() <= self.window)
                .min_by_key(Range::len);
        }
        let mut places = Vec::with_capacity(self.groups.len());
        for (index, group) in self.groups.iter().enumerate() {
            let found = runs(group, spots, self.at_start && index == 0);
            if found.is_empty() {
                return None;
            }
            places.push(found);
        }
        nearest(&places, None, self.window)
    }
}

fn number(text: &str, default: usize) -> Result<usize, String> {
    if text.is_empty() {
        return Ok(default);
    }
    text.parse().map_err(|_| format!("no number: '{text}'"))
}

/// The places of a run of words.
fn runs(group: &[Step], spots: &Spots, at_start: bool) -> Vec<Range<usize>> {
    let Some((first, rest)) = group.split_first() else {
        return Vec::new();
    };
    let mut out = Vec::new();
    for (_, start) in spots.of(first.class) {
        if at_start && *start > spots.own && *start > 0 {
            continue;
        }
        if let Some(end) = follow(rest, spots, *start) {
            out.push(*start..end + 1);
            if out.len() >= MOST_PLACES {
                break;
            }
        }
    }
    out
}

fn follow(rest: &[Step], spots: &Spots, at: usize) -> Option<usize> {
    let Some((step, more)) = rest.split_first() else {
        return Some(at);
    };
    spots
        .of(step.class)
        .iter()
        .map(|spot| spot.1)
        .filter(|next| {
            *next > at
                && *next <= at + 1 + step.gap
                && (!step.close || spots.clauses.get(*next) == spots.clauses.get(at))
        })
        .find_map(|next| follow(more, spots, next))
}

/// The choice of one place for each group that lies closest together.
fn nearest(
    places: &[Vec<Range<usize>>],
    so_far: Option<&Range<usize>>,
    window: usize,
) -> Option<Range<usize>> {
    let Some((group, rest)) = places.split_first() else {
        return so_far.cloned();
    };
    let mut best: Option<Range<usize>> = None;
    for place in group {
        let joined = match so_far {
            None => place.clone(),
            Some(other) => other.start.min(place.start)..other.end.max(place.end),
        };
        if joined.len() > window {
            continue;
        }
        if let Some(whole) = nearest(rest, Some(&joined), window)
            && best.as_ref().is_none_or(|best| whole.len() < best.len())
        {
            best = Some(whole);
        }
    }
    best
}
