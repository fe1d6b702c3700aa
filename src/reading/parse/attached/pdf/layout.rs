//! Puts the pieces of a page back into lines: blanks where a gap is, a new line where the writing begins anew.

use crate::reading::parse::bounds;

/// A written piece: where it begins and ends along its line, how high the line lies, how large it is.
#[derive(Debug, Clone, Copy)]
pub struct Spot {
    pub from: f64,
    pub to: f64,
    pub height: f64,
    pub size: f64,
    /// Direction of the writing in degrees, rounded: turned text makes lines of its own.
    pub turn: i32,
}

#[derive(Default)]
pub struct Layout {
    out: String,
    line: String,
    last: Option<Spot>,
    chars: usize,
    /// Signs that no character is known for.
    unknown: usize,
}

impl Layout {
    pub fn is_full(&self) -> bool {
        self.chars >= bounds::TEXT_CHARS
    }

    pub fn put(&mut self, text: Option<&str>, spot: Spot) {
        if let Some(last) = self.last {
            let size = spot.size.max(last.size).max(0.1);
            let same_line =
                last.turn == spot.turn && (last.height - spot.height).abs() < size * 0.35;
            let gap = spot.from - last.to;
            // a jump back begins a line, small ones are kerning and accents; shadows are written twice
            if !same_line || gap < -size * 2.0 && spot.from < last.from {
                let apart =
                    last.turn != spot.turn || (last.height - spot.height).abs() > size * 1.9;
                self.end_line(apart);
            } else if gap > size * 3.0 {
                self.part('\t');
            } else if gap > size * 0.17 {
                self.part(' ');
            }
        }
        match text {
            Some(text) => {
                self.line.push_str(text);
                self.chars += text.len();
            }
            None => self.unknown += 1,
        }
        self.last = Some(spot);
    }

    /// A line of its own, not from the page's writing.
    pub fn note(&mut self, text: &str) {
        self.end_line(false);
        self.line.push_str(text);
        self.chars += text.len();
        self.end_line(false);
    }

    pub fn end_page(&mut self) {
        self.end_line(true);
    }

    fn part(&mut self, sign: char) {
        if !self.line.is_empty() && !self.line.ends_with([' ', '\t']) {
            self.line.push(sign);
        }
    }

    fn end_line(&mut self, apart: bool) {
        self.last = None;
        let line = std::mem::take(&mut self.line);
        let line = line.trim();
        if !line.is_empty() {
            if !self.joined(line) {
                self.out.push_str(line);
            }
            self.out.push('\n');
        }
        if apart && !self.out.is_empty() && !self.out.ends_with("\n\n") {
            self.out.push('\n');
        }
    }

    /// A word cut at the end of a line is one word; `Brief- und` is none.
    fn joined(&mut self, line: &str) -> bool {
        const LINKS: &[&str] = &[
            "und", "oder", "bzw", "sowie", "and", "or", "u", "et", "ou", "e", "o", "y",
        ];
        let Some(before) = self
            .out
            .strip_suffix("-\n")
            .or_else(|| self.out.strip_suffix("\u{2010}\n"))
        else {
            return false;
        };
        let word = line
            .split(|c: char| !c.is_alphabetic())
            .next()
            .unwrap_or_default();
        let fits = before.chars().next_back().is_some_and(char::is_lowercase)
            && line.chars().next().is_some_and(char::is_lowercase)
            && !LINKS.contains(&word);
        if fits {
            let length = before.len();
            self.out.truncate(length);
            self.out.push_str(line);
        }
        fits
    }

    /// The text; nothing if most signs of the file are not known as characters.
    pub fn finish(mut self) -> String {
        self.end_line(false);
        if self.unknown > self.chars {
            String::new()
        } else {
            self.out
        }
    }
}
