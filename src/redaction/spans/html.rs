//! Redaction in a formatted text: what a person would see of it as words in a row, and the page written anew with blocks
//! in it. Programs, notes, pictures and what nobody sees are gone before; a name that runs over several elements is one.

use super::{BLOCK, Misfit, Span, ordered, text::occurrences, text::push_seen, text::squeezed};
use crate::reading::parse::shown;
use crate::redaction::Withheld;

/// A formatted text, clean, with its words in a row.
#[derive(Debug, Clone)]
pub struct Page {
    pieces: Vec<Piece>,
    words: String,
}

#[derive(Debug, Clone)]
enum Piece {
    /// A tag as it is written.
    Tag(String),
    /// The beginning of a link: where it leads, and which words are its own.
    Link { href: String, of: Span },
    /// Words, with their place in the row.
    Words(Span),
}

impl Page {
    /// Reads the source of a formatted text.
    ///
    /// # Errors
    /// [`Withheld::TooLarge`], when its end would be missing.
    pub fn read(source: &str) -> Result<Page, Withheld> {
        let shown = shown(source);
        if shown.cut {
            return Err(Withheld::TooLarge);
        }
        Ok(Page::of_clean(&shown.html))
    }

    /// The words in the order of reading; spans count their bytes.
    #[must_use]
    pub fn words(&self) -> &str {
        &self.words
    }

    /// The page, well-formed and fit to stand inside of a body, with a block in the place of each span. A link that was
    /// touched leads nowhere any more, and no link says more than a place.
    ///
    /// # Errors
    /// When a span is none of these words.
    pub fn redacted(&self, spans: &[Span]) -> Result<String, Misfit> {
        self.without(spans, &[])
    }

    /// As [`Page::redacted`], where these words are black elsewhere: no link may lead to a place that is named by them.
    ///
    /// # Errors
    /// When a span is none of these words.
    pub fn without(&self, spans: &[Span], words: &[&str]) -> Result<String, Misfit> {
        let spans = ordered(&self.words, spans)?;
        let snippets: Vec<&str> = spans
            .iter()
            .filter_map(|span| span.of(&self.words))
            .chain(words.iter().copied())
            .flat_map(|text| text.split(|letter: char| !letter.is_alphanumeric()))
            .filter(|word| word.chars().count() > 2)
            .collect();
        let mut out = String::with_capacity(self.words.len() * 2);
        // a name that runs over several elements leaves one block, in the first of them
        let mut told = None;
        for piece in &self.pieces {
            match piece {
                Piece::Tag(tag) => out.push_str(tag),
                Piece::Link { href, of } => {
                    let touched = spans.iter().any(|span| span.meets(*of));
                    let place =
                        place_of(href).filter(|place| !touched && !speaks_of(place, &snippets));
                    push_link(&mut out, place);
                }
                Piece::Words(words) => {
                    self.push_words(&mut out, *words, &spans, &mut |out, whole, _| {
                        if told != Some(whole) {
                            told = Some(whole);
                            out.push_str("<span class=\"redacted\">");
                            out.push_str(BLOCK);
                            out.push_str("</span>");
                        }
                    })
                }
            }
        }
        Ok(out)
    }

    /// The page with the spans set off, each in the class of its kind, for the eyes of a clerk.
    ///
    /// # Errors
    /// When a span is none of these words.
    pub fn marked(&self, marks: &[(Span, &'static str)]) -> Result<String, Misfit> {
        let mut sorted = marks.to_vec();
        sorted.sort_unstable();
        let mut spans: Vec<Span> = Vec::new();
        let mut classes = Vec::new();
        for (span, class) in sorted {
            span.of(&self.words).ok_or(Misfit)?;
            // of two that overlap, the first one is shown
            if spans.last().is_none_or(|last| last.to <= span.from) {
                spans.push(span);
                classes.push(class);
            }
        }
        let mut out = String::with_capacity(self.words.len() * 2);
        for piece in &self.pieces {
            match piece {
                Piece::Tag(tag) => out.push_str(tag),
                Piece::Link { href, .. } => push_link(&mut out, place_of(href)),
                Piece::Words(words) => {
                    self.push_words(&mut out, *words, &spans, &mut |out, whole, span| {
                        let at = spans.binary_search(&whole).ok();
                        let class = at
                            .and_then(|at| classes.get(at))
                            .copied()
                            .unwrap_or_default();
                        out.push_str("<mark class=\"");
                        push_text(out, class);
                        out.push_str("\">");
                        push_text(out, span.of(&self.words).unwrap_or_default());
                        out.push_str("</mark>");
                    })
                }
            }
        }
        Ok(out)
    }

    /// Writes one piece of words; `covered` is told each span that covers some of it, and which part.
    fn push_words(
        &self,
        out: &mut String,
        words: Span,
        spans: &[Span],
        covered: &mut dyn FnMut(&mut String, Span, Span),
    ) {
        let mut at = words.from;
        let first = spans.partition_point(|span| span.to <= words.from);
        for span in spans
            .iter()
            .skip(first)
            .take_while(|span| span.from < words.to)
        {
            let part = Span::new(span.from.max(words.from), span.to.min(words.to));
            push_text(out, self.words.get(at..part.from).unwrap_or_default());
            covered(out, *span, part);
            at = part.to;
        }
        push_text(out, self.words.get(at..words.to).unwrap_or_default());
    }

    /// `clean` was just written by the cleaner: a tag begins at each `<` and nowhere else, and ends at the next `>` that
    /// stands in no quotes.
    fn of_clean(clean: &str) -> Page {
        let mut page = Page {
            pieces: Vec::new(),
            words: String::new(),
        };
        let mut links: Vec<usize> = Vec::new();
        let mut verbatim = 0_usize;
        let mut rest = clean;
        while !rest.is_empty() {
            let (text, more) = rest.split_at(rest.find('<').unwrap_or(rest.len()));
            page.text(text, verbatim > 0);
            let (tag, more) = more.split_at(tag_end(more));
            rest = more;
            let name = tag
                .trim_start_matches(['<', '/'])
                .split([' ', '>'])
                .next()
                .unwrap_or_default();
            if tag.is_empty() {
                continue;
            }
            match (name, tag.starts_with("</")) {
                ("pre", closing) => {
                    verbatim = if closing {
                        verbatim.saturating_sub(1)
                    } else {
                        verbatim + 1
                    };
                    page.line();
                }
                ("td" | "th", false) => page.gap('\t'),
                (name, _) if breaks_line(name) => page.line(),
                _ => {}
            }
            if name == "a" {
                if tag.starts_with("</") {
                    let end = page.words.len();
                    if let Some(Piece::Link { of, .. }) =
                        links.pop().and_then(|at| page.pieces.get_mut(at))
                    {
                        of.to = end;
                    }
                    page.pieces.push(Piece::Tag(tag.to_owned()));
                } else {
                    links.push(page.pieces.len());
                    let from = page.words.len();
                    page.pieces.push(Piece::Link {
                        href: href(tag),
                        of: Span::new(from, usize::MAX),
                    });
                }
            } else {
                page.pieces.push(Piece::Tag(tag.to_owned()));
            }
        }
        page
    }

    fn text(&mut self, coded: &str, verbatim: bool) {
        let from = self.words.len();
        for letter in decoded(coded).chars() {
            if letter.is_ascii_whitespace() && !verbatim {
                if !self.words.is_empty() && !self.words.ends_with([' ', '\n', '\t']) {
                    self.words.push(' ');
                }
            } else {
                self.words.push(letter);
            }
        }
        if self.words.len() > from {
            self.pieces
                .push(Piece::Words(Span::new(from, self.words.len())));
        }
    }

    fn line(&mut self) {
        if !self.words.is_empty() && !self.words.ends_with('\n') {
            self.words.push('\n');
        }
    }

    fn gap(&mut self, sign: char) {
        if !self.words.is_empty() && !self.words.ends_with(['\n', '\t']) {
            self.words.push(sign);
        }
    }
}

/// Where the tag at the beginning ends.
fn tag_end(text: &str) -> usize {
    let mut quoted = false;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'"' => quoted = !quoted,
            b'>' if !quoted => return at + 1,
            _ => {}
        }
    }
    text.len()
}

fn breaks_line(name: &str) -> bool {
    !matches!(
        name,
        "a" | "abbr"
            | "b"
            | "bdi"
            | "cite"
            | "code"
            | "del"
            | "dfn"
            | "em"
            | "i"
            | "ins"
            | "kbd"
            | "mark"
            | "q"
            | "s"
            | "samp"
            | "small"
            | "span"
            | "strong"
            | "sub"
            | "sup"
            | "td"
            | "th"
            | "u"
    )
}

fn href(tag: &str) -> String {
    let value = tag
        .split_once(" href=\"")
        .and_then(|(_, rest)| rest.split('"').next());
    decoded(value.unwrap_or_default())
}

/// The few names that the cleaner writes.
fn decoded(text: &str) -> String {
    text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&nbsp;", "\u{a0}")
        .replace("&amp;", "&")
}

fn push_text(out: &mut String, text: &str) {
    let mut seen = String::with_capacity(text.len());
    push_seen(&mut seen, text);
    for letter in seen.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            letter => out.push(letter),
        }
    }
}

fn push_link(out: &mut String, href: Option<String>) {
    match href {
        Some(href) => {
            out.push_str("<a href=\"");
            push_text(out, &href);
            out.push_str("\" rel=\"noopener noreferrer nofollow\">");
        }
        None => out.push_str("<a>"),
    }
}

/// The link without what stands behind its path: there, newsletters and shops say for whom it was made.
fn place_of(href: &str) -> Option<String> {
    let place = href.split(['?', '#']).next().unwrap_or_default();
    (!place.is_empty()).then(|| place.to_owned())
}

/// Whether an address says any of these words, also where its letters are written as numbers.
fn speaks_of(href: &str, words: &[&str]) -> bool {
    let plain = unescaped(href);
    let spaced: String = plain
        .chars()
        .map(|c| if c.is_alphanumeric() { c } else { ' ' })
        .collect();
    let low = squeezed(&plain);
    !occurrences(&spaced, words).is_empty()
        || words.iter().any(|word| {
            let word = squeezed(word);
            word.len() >= 4 && low.contains(&word)
        })
}

fn unescaped(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((byte, more)) = rest.split_first() {
        let coded = more.get(..2).and_then(|two| std::str::from_utf8(two).ok());
        match coded
            .filter(|_| *byte == b'%')
            .and_then(|two| u8::from_str_radix(two, 16).ok())
        {
            Some(value) => {
                bytes.push(value);
                rest = more.get(2..).unwrap_or_default();
            }
            None => {
                bytes.push(*byte);
                rest = more;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests;
