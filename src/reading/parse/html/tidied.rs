//! HTML written anew in few elements, none deeper than a browser can bear, and without what nobody would see. It is no
//! wall against what is hostile; it keeps the wall from having to work for minutes.

use super::elements::{ended_by_closing, ended_by_opening, is_block};
use super::sheet::Sheet;
use super::style::Seen;
use super::tags::{Tag, Token, Tokens};

/// Elements open at once, written or not.
const OPEN: usize = 400;
/// Elements written inside of each other.
const DEPTH: usize = 200;

/// The source in elements of this list; other blocks become divisions, of all else the words stay.
pub fn tidied(source: &str, known: &[&'static str]) -> String {
    let mut page = Page {
        known,
        out: String::with_capacity(source.len() / 2),
        open: Vec::new(),
        written: 0,
        sheet: Sheet::default(),
    };
    for token in Tokens::new(source) {
        match token {
            Token::Text(text) => page.text(text),
            Token::Open(tag) => page.open(&tag),
            Token::Close(name) => page.close(name),
            Token::Style(text) => page.sheet.add(text),
        }
    }
    page.close_from(0);
    page.out
}

struct Element {
    name: String,
    /// Under which name it was written, if it was.
    written: Option<&'static str>,
    seen: Seen,
}

struct Page<'k> {
    known: &'k [&'static str],
    out: String,
    open: Vec<Element>,
    /// How many of the open ones were written.
    written: usize,
    sheet: Sheet,
}

impl Page<'_> {
    fn is_hidden(&self) -> bool {
        self.open.last().is_some_and(|it| it.seen.is_hidden())
    }

    fn text(&mut self, text: &str) {
        if self.is_hidden() {
            return;
        }
        match text {
            "<" => self.out.push_str("&lt;"),
            text => self.out.push_str(text),
        }
    }

    fn open(&mut self, tag: &Tag<'_>) {
        let name = tag.name.as_str();
        let open = self.open.iter().map(|it| it.name.as_str());
        if let Some(index) = ended_by_opening(open, name) {
            self.close_from(index);
        }
        match name {
            "br" | "hr" => {
                if !self.is_hidden() {
                    self.out
                        .push_str(if name == "br" { "<br>" } else { "<hr>" });
                }
                return;
            }
            "img" | "input" | "area" | "base" | "col" | "embed" | "link" | "meta" | "param"
            | "source" | "track" | "wbr" | "keygen" | "frame" => return,
            _ => {}
        }
        let block = is_block(name) && !matches!(name, "html" | "body");
        if tag.closed && !block && name.contains(':') {
            return;
        }
        let seen = Seen::of(tag, self.open.last().map(|it| &it.seen), &self.sheet);
        let known = self.known.iter().find(|known| **known == name).copied();
        let fits = self.open.len() < OPEN && self.written < DEPTH;
        let written = known
            .or(block.then_some("div"))
            .filter(|_| fits && !seen.is_hidden());
        match written {
            Some(written) => self.write(written, tag),
            // too deep: the words at least stand apart
            None if block && !seen.is_hidden() => self.out.push_str("<br>"),
            None => {}
        }
        if self.open.len() < OPEN {
            self.written += usize::from(written.is_some());
            self.open.push(Element {
                name: name.to_owned(),
                written,
                seen,
            });
        }
    }

    fn write(&mut self, name: &str, tag: &Tag<'_>) {
        self.out.push('<');
        self.out.push_str(name);
        let attributes: &[&str] = match name {
            "a" => &["href", "dir"],
            "td" | "th" => &["colspan", "rowspan", "dir"],
            _ => &["dir"],
        };
        for attribute in attributes {
            let Some(value) = tag.get(attribute) else {
                continue;
            };
            // few words make few kinds of elements, which is what keeps a browser's reading short
            if *attribute == "dir" && !matches!(value, "ltr" | "rtl" | "auto") {
                continue;
            }
            self.out.push(' ');
            self.out.push_str(attribute);
            self.out.push_str("=\"");
            for c in value.chars() {
                match c {
                    '"' => self.out.push_str("&quot;"),
                    '<' => self.out.push_str("&lt;"),
                    '>' => self.out.push_str("&gt;"),
                    c => self.out.push(c),
                }
            }
            self.out.push('"');
        }
        self.out.push('>');
    }

    /// A paragraph, item or cell ends where the next one begins.
    fn close(&mut self, name: &str) {
        if name == "br" || (name == "p" && !self.open.iter().any(|it| it.name == "p")) {
            return self.text_break();
        }
        let open = self.open.iter().map(|it| it.name.as_str());
        if let Some(index) = ended_by_closing(open, name) {
            self.close_from(index);
        }
    }

    fn text_break(&mut self) {
        if !self.is_hidden() {
            self.out.push_str("<br>");
        }
    }

    fn close_from(&mut self, index: usize) {
        while self.open.len() > index {
            let Some(element) = self.open.pop() else {
                return;
            };
            if let Some(written) = element.written {
                self.written -= 1;
                self.out.push_str("</");
                self.out.push_str(written);
                self.out.push('>');
            }
        }
    }
}
