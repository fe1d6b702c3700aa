//! Names, by what stands around them: forms of address, greetings, the line under a closing, fields of a mail's head,
//! people's ties, and first names that are known.

use std::collections::{BTreeSet, HashSet};

use super::lists::{folded, lists, mail};
use super::tokens::{Line, Word, lines, words};
use crate::reading::fold::fold;
use crate::redaction::spans::Span;

/// Words of a name.
const LONGEST: usize = 5;
/// Names of one text.
const MOST: usize = 5_000;

/// The names of a text.
pub struct Names<'a> {
    text: &'a str,
    words: Vec<Word<'a>>,
    keys: Vec<String>,
    /// What is something else: addresses, numbers.
    hidden: &'a [Span],
    found: BTreeSet<Span>,
    /// Family names that were found with more around them.
    families: HashSet<String>,
}

impl<'a> Names<'a> {
    pub fn of(text: &'a str, hidden: &'a [Span]) -> Names<'a> {
        let words = words(text);
        let keys = words.iter().map(|word| fold(word.text)).collect();
        Names {
            text,
            words,
            keys,
            hidden,
            found: BTreeSet::new(),
            families: HashSet::new(),
        }
    }

    /// All of them, in order, none meeting another.
    pub fn found(mut self) -> Vec<Span> {
        for at in 0..self.words.len() {
            if self.found.len() >= MOST {
                break;
            }
            self.after_honorific(at);
            self.after_tie(at);
            self.after_wrote(at);
            self.known_first(at);
            self.behind_initial(at);
            self.towards(at);
        }
        let lines = lines(self.text);
        for (at, line) in lines.iter().enumerate() {
            self.greeting(line);
            self.field(line);
            self.before_address(line);
            self.below_closing(&lines, at);
        }
        self.families_again();
        merged(self.found)
    }

    fn key(&self, at: usize) -> &str {
        self.keys.get(at).map(String::as_str).unwrap_or_default()
    }

    /// What stands between a word and the next.
    fn gap(&self, at: usize) -> &'a str {
        match (self.words.get(at), self.words.get(at + 1)) {
            (Some(one), Some(next)) => self.text.get(one.span.to..next.span.from).unwrap_or("\n"),
            _ => "\n",
        }
    }

    /// Whether the next word goes on in the same name.
    fn joins(&self, at: usize) -> bool {
        let gap = self.gap(at);
        let dotted = self.words.get(at).is_some_and(Word::is_initial)
            || lists().titles.contains(self.key(at));
        matches!(gap, " " | "\u{a0}" | "  ") || dotted && matches!(gap, "." | ". " | ".\u{a0}")
    }

    fn is_hidden(&self, word: &Word<'_>) -> bool {
        let at = self
            .hidden
            .partition_point(|span| span.to <= word.span.from);
        self.hidden
            .get(at)
            .is_some_and(|span| span.meets(word.span))
    }

    /// A word that can be one of a name.
    fn is_name_like(&self, at: usize) -> bool {
        let key = self.key(at);
        self.words.get(at).is_some_and(|word| {
            let letters = word.text.chars().count();
            word.is_capital()
                && (2..=30).contains(&letters)
                && !word.text.chars().any(char::is_numeric)
                && !self.is_hidden(word)
                && !lists().plain.contains(key)
                && !mail().unnamed.contains(key)
                && !(letters > 5
                    && lists()
                        .endings
                        .iter()
                        .any(|ending| key.ends_with(ending.as_str()))
                    && !self.is_first(at))
        })
    }

    fn is_first(&self, at: usize) -> bool {
        let key = self.key(at);
        // Karls Brief
        let known = |key: &str| {
            let bare = key
                .strip_suffix('s')
                .filter(|bare| bare.len() > 3)
                .unwrap_or(key);
            lists().first.contains(key) || lists().first.contains(bare)
        };
        let word = self.words.get(at).map(|word| word.text).unwrap_or_default();
        let doubled = word
            .split_once('-')
            .is_some_and(|(one, two)| known(&fold(one)) || known(&fold(two)));
        self.words.get(at).is_some_and(Word::is_capital) && (known(key) || doubled)
    }

    /// The end of a name that begins here, as the place of its last word. `trusting`: what stands before says that it is
    /// one, so that an unknown first name is taken as well.
    fn reach(&self, from: usize, trusting: bool) -> Option<usize> {
        let initial = self.words.get(from).is_some_and(Word::is_initial);
        if !initial && !self.is_name_like(from) {
            return None;
        }
        let mut last = from;
        let mut counted = usize::from(!initial);
        // behind a known first name stands the family name; behind another word only where that is sure
        let mut open = initial || self.is_first(from) || trusting;
        while open && last + 1 < self.words.len() && last - from < LONGEST && self.joins(last) {
            let next = last + 1;
            let small = self.words.get(next).is_some_and(|word| !word.is_capital());
            if mail().particles.contains(self.key(next))
                && (small || self.key(next).len() <= 3)
                && self.key(next) != "y"
            {
                // von der Aue: only with a name behind it
                let mut end = next;
                while mail().particles.contains(self.key(end + 1))
                    && self.joins(end)
                    && end - next < 3
                {
                    end += 1;
                }
                if self.joins(end) && self.is_name_like(end + 1) {
                    last = end + 1;
                    counted += 1;
                    open = false;
                    continue;
                }
                break;
            }
            if self.words.get(next).is_some_and(Word::is_initial) && self.gap(next).starts_with('.')
            {
                last = next;
                continue;
            }
            if !self.is_name_like(next) {
                break;
            }
            open = self.is_first(next) || initial && counted == 0;
            last = next;
            counted += 1;
        }
        (counted > 0 && !self.words.get(last).is_some_and(Word::is_initial)).then_some(last)
    }

    fn mark(&mut self, from: usize, last: usize) {
        if let (Some(first), Some(end)) = (self.words.get(from), self.words.get(last)) {
            self.found.insert(Span::new(first.span.from, end.span.to));
        }
    }

    fn take(&mut self, from: usize, last: usize) {
        self.mark(from, last);
        let key = self.key(last);
        if key.chars().count() > 2 && !lists().first.contains(key) {
            self.families.insert(key.to_owned());
        }
    }

    /// `Frau Dr. K. Muster`, `Mr Smith`, `Herr und Frau Muster`.
    fn after_honorific(&mut self, at: usize) {
        if !self.is_honorific(at) || !self.words.get(at).is_some_and(Word::is_capital) {
            return;
        }
        let mut next = at;
        let dotted = |gap: &str| matches!(gap, " " | "\u{a0}" | "." | ". " | ".\u{a0}" | "  ");
        while dotted(self.gap(next)) && self.is_title(next + 1) {
            next += 1;
        }
        if !dotted(self.gap(next)) {
            return;
        }
        let from = next + 1;
        // behind a form of address, a word is a name whatever it means elsewhere, if it is no thing of everyday
        let capital = self
            .words
            .get(from)
            .is_some_and(|word| word.is_capital() && !self.is_hidden(word));
        match self.reach(from, true) {
            Some(last) => {
                if self.is_sure(from, last) {
                    self.take(from, last);
                } else {
                    self.mark(from, last);
                    self.family(from);
                }
            }
            None if capital && mail().particles.contains(self.key(from)) => {
                self.with_particles(from)
            }
            // Herr Koch, Frau Sommer: what is a thing elsewhere is a name here
            None if capital && !self.is_role(from) => self.mark(from, from),
            None if mail().particles.contains(self.key(from)) => self.with_particles(from),
            None => {}
        }
    }

    fn is_honorific(&self, at: usize) -> bool {
        lists().honorifics.contains(self.key(at))
            || mail().honorifics.contains(self.key(at)) && self.key(at).len() > 3
    }

    /// What somebody is, and not what he is called.
    fn is_role(&self, at: usize) -> bool {
        let key = self.key(at);
        lists().ties.contains(key)
            || mail().relations.contains(key)
            || mail().unnamed.contains(key)
            || self.is_title(at)
            || self
                .words
                .get(at)
                .is_none_or(|word| word.is_initial() || word.text.chars().any(char::is_numeric))
    }

    /// `R. Hoffmann`, `H.-J. Petermann`; not `z. B. Kaffee`.
    fn behind_initial(&mut self, at: usize) {
        let single = |at: usize| {
            self.words
                .get(at)
                .is_some_and(|word| word.text.chars().count() == 1)
        };
        let follows = at.checked_sub(1).is_some_and(|before| {
            single(before)
                && self.gap(before).starts_with('.')
                && !self.words.get(before).is_some_and(Word::is_initial)
        });
        if !self.words.get(at).is_some_and(Word::is_initial) || follows {
            return;
        }
        let mut last = at;
        while matches!(self.gap(last), ". " | "." | ".-" | "-")
            && self.words.get(last + 1).is_some_and(Word::is_initial)
        {
            last += 1;
        }
        if matches!(self.gap(last), ". " | "." | ".\u{a0}") && self.is_name_like(last + 1) {
            self.take(at, last + 1);
        }
    }

    /// `mit Dragana Petrović`, `from Priya Nair`: two words, both of no other meaning.
    fn towards(&mut self, at: usize) {
        if !lists().towards.contains(self.key(at)) || self.gap(at) != " " {
            return;
        }
        let (one, two) = (at + 1, at + 2);
        let ends = !self.gap(two).starts_with([' ', '-'])
            || self
                .words
                .get(two + 1)
                .is_some_and(|word| !word.is_capital());
        if self.is_name_like(one) && self.joins(one) && self.is_name_like(two) && ends {
            self.mark(one, two);
        }
    }

    fn is_title(&self, at: usize) -> bool {
        let key = self.key(at);
        lists().titles.contains(key) || self.is_honorific(at)
    }

    fn family(&mut self, at: usize) {
        let key = self.key(at).to_owned();
        if key.chars().count() > 2 && !lists().first.contains(&key) {
            self.families.insert(key);
        }
    }

    fn with_particles(&mut self, from: usize) {
        let mut end = from;
        while end - from < 3 && mail().particles.contains(self.key(end)) && self.joins(end) {
            end += 1;
        }
        if end > from && self.is_name_like(end) {
            self.take(from, end);
        }
    }

    /// German writes things with a capital letter too: the word behind an unknown one after `Herr` may be a thing, if
    /// the sentence goes on behind it. It is marked and not looked for elsewhere.
    fn is_sure(&self, from: usize, last: usize) -> bool {
        last > from
            && (self.is_first(from)
                || self.words.get(from).is_some_and(Word::is_initial)
                || (from..last).any(|at| mail().particles.contains(self.key(at)))
                || !self.gap(last).starts_with(' '))
    }

    /// `meine Kollegin Sabine Muster`, `my husband John`.
    fn after_tie(&mut self, at: usize) {
        let key = self.key(at);
        let tie = mail().relations.contains(key) || lists().ties.contains(key);
        let owned = at.checked_sub(1).is_some_and(|before| {
            lists().mine.contains(self.key(before)) || lists().ties.contains(key)
        });
        if !tie || !owned || !matches!(self.gap(at), " " | ", " | ": ") {
            return;
        }
        let from = at + 1;
        if !self.is_first(from) && lists().honorifics.contains(self.key(from)) {
            return;
        }
        if let Some(last) = self.reach(from, false) {
            let last = match self.is_first(from) {
                true => last,
                // a lone word behind a tie is a name where it ends the phrase
                false if self.joins(from) && self.is_name_like(from + 1) => from + 1,
                false => last,
            };
            self.take(from, last);
        }
    }

    /// `schrieb Karl Muster`, `Karl Muster wrote`.
    fn after_wrote(&mut self, at: usize) {
        if !lists().wrote.contains(self.key(at)) {
            return;
        }
        if self.gap(at) == " "
            && let Some(last) = self.reach(at + 1, true)
        {
            self.take(at + 1, last);
        }
        // before it, over an address in brackets
        let mut from = at;
        while from > 0
            && at - from < 3
            && self.is_name_like(from - 1)
            && (from == at || self.joins(from - 1))
        {
            from -= 1;
        }
        if from < at
            && self
                .gap(at - 1)
                .trim_matches([' ', '<', '>', '"'])
                .is_empty()
        {
            self.take(from, at - 1);
        }
    }

    /// A first name that is known, with what belongs to it.
    fn known_first(&mut self, at: usize) {
        if !self.is_first(at) || !self.is_name_like(at) {
            return;
        }
        if let Some(last) = self.reach(at, false) {
            self.take(at, last);
        }
        // Muster, Karl
        if at > 0
            && self.gap(at - 1) == ", "
            && self.is_name_like(at - 1)
            && !self.is_first(at - 1)
            && self.begins_entry(at - 1)
        {
            self.take(at - 1, at);
            self.family(at - 1);
        }
    }

    /// Nothing stands before it in its line, its cell or its field.
    fn begins_entry(&self, at: usize) -> bool {
        let Some(word) = self.words.get(at) else {
            return false;
        };
        let before = self
            .text
            .get(..word.span.from)
            .unwrap_or_default()
            .trim_end_matches([' ', '"', '\'', '>', '*', '-']);
        before.is_empty() || before.ends_with(['\n', '\t', ':', ';', '|'])
    }

    /// The words of a line, as places.
    fn within(&self, from: usize, to: usize) -> std::ops::Range<usize> {
        let first = self.words.partition_point(|word| word.span.from < from);
        let last = self.words.partition_point(|word| word.span.from < to);
        first..last
    }

    /// `Hallo Karl,`, `Liebe Petra, lieber Karl`, `Dear Mr Smith`.
    fn greeting(&mut self, line: &Line<'_>) {
        let mut at = self.within(line.from, line.from + line.text.len());
        let Some(first) = at.next() else { return };
        if !lists().greetings.contains(self.key(first)) || line.text.len() > 120 {
            return;
        }
        let (mut next, end) = (first + 1, at.end);
        while next < end
            && self.gap(next - 1) == " "
            && (self.is_greeting(next) || self.is_title(next))
        {
            next += 1;
        }
        // a greeting ends at its comma; what follows is the letter
        for _ in 0..4 {
            let Some(last) = self.reach(next, true).filter(|last| *last < end) else {
                return;
            };
            let closes = self
                .gap(last)
                .trim_start_matches(' ')
                .starts_with([',', '!', '.', ';', ':', '\n', '\r', '-', '–']);
            let goes_on = lists().and.contains(self.key(last + 1));
            if !closes && !goes_on && !self.is_first(next) {
                return;
            }
            self.take(next, last);
            next = last + 1;
            while next < end && (lists().and.contains(self.key(next)) || self.is_greeting(next)) {
                next += 1;
            }
            if next == last + 1 && self.gap(last) != ", " {
                return;
            }
        }
    }

    fn is_greeting(&self, at: usize) -> bool {
        lists().greetings.contains(self.key(at)) || lists().greeted.contains(self.key(at))
    }

    /// `Von: Karl Muster <…>; Petra Still`.
    fn field(&mut self, line: &Line<'_>) {
        let bare = line.text.trim_start_matches(['>', ' ', '\t', '*', '|']);
        let Some((label, rest)) = bare.split_once(':') else {
            return;
        };
        let label = folded(label.trim_matches(['*', ' ']));
        let known = lists().fields.contains(&label)
            || mail().labels.get(&label).is_some_and(|field| {
                use crate::reading::people::Field;
                matches!(field, Field::Name | Field::First | Field::Last)
            });
        if !known || rest.len() > 2_000 {
            return;
        }
        let mut from = line.from + line.text.len() - rest.len();
        for entry in rest.split_inclusive([';', '>', '|']) {
            self.entry(from, entry);
            from += entry.len();
        }
    }

    /// One of those in a field: `Muster, Karl <…`, or a few names with commas between.
    fn entry(&mut self, from: usize, entry: &str) {
        let name = entry.split(['<', '[', '(']).next().unwrap_or_default();
        let places = self.within(from, from + name.len());
        let named = |names: &Self, at: usize| {
            names.is_name_like(at)
                || names.words.get(at).is_some_and(Word::is_initial)
                || mail().particles.contains(names.key(at))
                || names.is_title(at)
        };
        if places.is_empty() || places.len() > 12 {
            return;
        }
        // a name that is turned around has one comma; more of them part names
        let commas = name.matches(',').count();
        let mut start = places.start;
        for at in places.clone() {
            if !named(self, at) {
                start = at + 1;
                continue;
            }
            let turned =
                commas == 1 && self.gap(at) == ", " && at == places.start && !self.is_first(at);
            let ends = at + 1 == places.end || !(self.joins(at) || turned) || !named(self, at + 1);
            if ends {
                let mut first = start;
                while first < at && self.is_title(first) {
                    first += 1;
                }
                if self.is_name_like(at) && at - first < LONGEST {
                    self.take(first, at);
                }
                start = at + 1;
            }
        }
    }

    /// `Karl Muster <karl@…>`.
    fn before_address(&mut self, line: &Line<'_>) {
        for (at, _) in line.text.match_indices(" <").take(20) {
            let end = line.from + at;
            let address = line.text.get(at + 2..).is_some_and(|rest| {
                rest.split('>')
                    .next()
                    .is_some_and(|inner| inner.contains('@') || inner.starts_with("mailto:"))
            });
            let places = self.within(line.from, end);
            let Some(last) = places
                .end
                .checked_sub(1)
                .filter(|last| *last >= places.start && address)
            else {
                continue;
            };
            let near = self.words.get(last).is_some_and(|word| {
                self.text
                    .get(word.span.to..end)
                    .is_some_and(|gap| gap.trim_matches(['"', '\'', ' ']).is_empty())
            });
            if !near || !self.is_name_like(last) {
                continue;
            }
            let mut first = last;
            while first > places.start
                && last - first < 3
                && (self.joins(first - 1) || self.gap(first - 1) == ", ")
                && (self.is_name_like(first - 1) || mail().particles.contains(self.key(first - 1)))
            {
                first -= 1;
            }
            self.take(first, last);
        }
    }

    /// The line under a closing, or what follows it in its line.
    fn below_closing(&mut self, lines: &[Line<'_>], at: usize) {
        let Some(line) = lines
            .get(at)
            .filter(|line| !line.text.is_empty() && line.text.len() < 120)
        else {
            return;
        };
        let closings = &mail().closings;
        let places = self.within(line.from, line.from + line.text.len());
        if closings.contains(&folded(line.text.trim_start_matches(['>', ' ']))) {
            let next = lines
                .iter()
                .skip(at + 1)
                .take(4)
                .find(|next| folded(next.text).chars().count() > 0);
            if let Some(next) = next {
                self.signature(next.from, next.from + next.text.len());
            }
            return;
        }
        // Viele Grüße, Karl
        for head in (places.start + 1..places.end).take(5).rev() {
            let said: Vec<&str> = (places.start..head).map(|at| self.key(at)).collect();
            if closings.contains(&said.join(" ")) && places.end - head <= 4 {
                let from = self.words.get(head).map_or(0, |word| word.span.from);
                self.signature(from, line.from + line.text.len());
                return;
            }
        }
    }

    /// A line of hardly more than a name.
    fn signature(&mut self, from: usize, to: usize) {
        let mut places = self.within(from, to);
        let said = self.text.get(from..to).unwrap_or_default();
        if said.contains('@') || said.chars().any(char::is_numeric) {
            return;
        }
        while places.len() > 1
            && (mail().before.contains(self.key(places.start))
                || lists().mine.contains(self.key(places.start))
                || self.is_title(places.start)
                || matches!(self.key(places.start), "i" | "a" | "v" | "gez" | "ppa"))
        {
            places.start += 1;
        }
        let Some(last) = self
            .reach(places.start, true)
            .filter(|last| *last < places.end)
        else {
            return;
        };
        // a job or a firm may follow behind a comma, a dash or a bar; a sentence does not
        let rest = self.gap(last);
        if last + 1 == places.end
            || rest.contains([',', '|', '(', '/'])
            || rest.contains(" - ")
            || rest.contains('–')
        {
            self.take(places.start, last);
        }
    }

    /// Family names that stand elsewhere alone.
    fn families_again(&mut self) {
        for at in 0..self.words.len() {
            let bare = self.key(at).strip_suffix('s').unwrap_or_default();
            let known = self.families.contains(self.key(at)) || self.families.contains(bare);
            if known
                && self.is_name_like(at)
                && let Some(word) = self.words.get(at)
            {
                self.found.insert(word.span);
            }
        }
    }
}

/// Of spans that meet, one that covers both.
fn merged(found: BTreeSet<Span>) -> Vec<Span> {
    let mut out: Vec<Span> = Vec::with_capacity(found.len());
    for span in found {
        match out.last_mut() {
            Some(last) if span.from < last.to => last.to = last.to.max(span.to),
            _ => out.push(span),
        }
    }
    out
}
