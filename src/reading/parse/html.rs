//! HTML as a person sees it: readable text in blocks, quotations marked, what is hidden left out and said.

mod colour;
mod elements;
pub mod entities;
mod sheet;
mod style;
mod tags;
mod tidied;
mod writer;

use elements::{Element, ended_by_closing, ended_by_opening, is_block, mail_address};
use sheet::Sheet;
use style::Seen;
use tags::{Tag, Token, Tokens};
pub use tidied::tidied;
use writer::Writer;

/// Elements open at once; deeper ones are read as text of the last.
const OPEN: usize = 400;

pub struct Readable {
    pub text: String,
    /// Words stood in the source that nobody would have seen.
    pub hidden: bool,
}

/// The readable text of a page or a piece of one.
pub fn readable(source: &str, most_chars: usize) -> Readable {
    let mut page = Page {
        out: Writer::new(most_chars),
        open: Vec::new(),
        sheet: Sheet::default(),
        verbatim: 0,
        hidden: 0,
        pictures: Vec::new(),
    };
    for token in Tokens::new(source) {
        if page.out.is_full() {
            break;
        }
        match token {
            Token::Text(text) => page.text(text),
            Token::Open(tag) => page.open(&tag),
            Token::Close(name) => page.close(name),
            Token::Style(text) => page.sheet.add(text),
        }
    }
    let hidden = page.hidden >= 12;
    let mut text = page.out.finish();
    // a letter sent as a picture: all that can be read of it
    if text.trim().is_empty() {
        text = page.pictures.join("\n");
    }
    Readable { text, hidden }
}

struct Page {
    out: Writer,
    open: Vec<Element>,
    sheet: Sheet,
    /// Elements open whose line ends are kept.
    verbatim: usize,
    /// Letters left out because nobody sees them.
    hidden: usize,
    pictures: Vec<String>,
}

impl Page {
    fn text(&mut self, text: &str) {
        let text = entities::decoded(text);
        let last = self.open.last();
        if let Some(element) = last
            && element.seen.is_hidden()
        {
            self.hidden = self
                .hidden
                .saturating_add(text.chars().filter(|c| c.is_alphanumeric()).count());
            return;
        }
        if self.verbatim > 0 {
            self.out.verbatim(&text)
        } else {
            self.out.flowing(&text)
        }
    }

    fn open(&mut self, tag: &Tag<'_>) {
        let name = tag.name.as_str();
        let open = self.open.iter().map(|it| it.name.as_str());
        if let Some(index) = ended_by_opening(open, name) {
            self.close_from(index);
        }
        match name {
            "br" => return self.out.line_break(),
            "hr" => return self.out.rule(),
            "img" | "input" | "area" | "base" | "col" | "embed" | "link" | "meta" | "param"
            | "source" | "track" | "wbr" | "keygen" => {
                if name == "img"
                    && let Some(alt) = tag.get("alt")
                    && self.pictures.len() < 50
                {
                    self.pictures.push(entities::decoded(alt).into_owned());
                }
                return;
            }
            _ => {}
        }
        if tag.closed && !is_block(name) && name.contains(':') {
            return;
        }
        let parent = self.open.last().map(|element| &element.seen);
        let seen = Seen::of(tag, parent, &self.sheet);
        let shown = !seen.is_hidden();
        let block = is_block(name);
        let mut quote = false;
        if shown {
            if style::begins_history(tag) {
                self.out.divider();
            }
            quote = style::is_quotation(tag);
            if block || quote {
                self.out.block(matches!(
                    name,
                    "p" | "blockquote" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "pre" | "dl"
                ));
            }
            if quote {
                self.out.quote_deeper();
            }
            match name {
                "li" => self.item(),
                "td" | "th" => self.out.cell(),
                "tr" | "table" => self.out.row(),
                _ => {}
            }
        }
        let mailto = if name == "a" {
            tag.get("href")
                .and_then(mail_address)
                .map(|address| (address, self.out.mark()))
        } else {
            None
        };
        if self.open.len() < OPEN {
            let list = match name {
                "ul" | "menu" | "dir" => Some(None),
                "ol" => Some(Some(
                    tag.get("start")
                        .and_then(|text| text.trim().parse().ok())
                        .unwrap_or(1),
                )),
                _ => None,
            };
            let pre = matches!(name, "pre" | "textarea" | "listing" | "plaintext" | "xmp");
            self.verbatim += usize::from(pre);
            self.open.push(Element {
                name: name.to_owned(),
                seen,
                quote,
                block,
                list,
                pre,
                mailto,
            });
        } else if quote {
            self.out.quote_shallower();
        }
    }

    fn item(&mut self) {
        let depth = self
            .open
            .iter()
            .filter(|element| element.list.is_some())
            .count();
        let number = match self
            .open
            .iter_mut()
            .rev()
            .find_map(|element| element.list.as_mut())
        {
            Some(Some(number)) => {
                let this = *number;
                *number = number.saturating_add(1);
                Some(this)
            }
            _ => None,
        };
        self.out.item(depth.saturating_sub(1).min(8), number);
    }

    /// A paragraph, item or cell ends where the next one begins.
    fn close(&mut self, name: &str) {
        if name == "br" {
            return self.out.line_break();
        }
        if name == "p" && !self.open.iter().any(|element| element.name == "p") {
            return self.out.block(true);
        }
        let open = self.open.iter().map(|it| it.name.as_str());
        if let Some(index) = ended_by_closing(open, name) {
            self.close_from(index);
        }
    }

    fn close_from(&mut self, index: usize) {
        while self.open.len() > index {
            let Some(element) = self.open.pop() else {
                return;
            };
            self.verbatim = self.verbatim.saturating_sub(usize::from(element.pre));
            if let Some((address, mark)) = element.mailto {
                self.out.address_unless_said(&address, mark);
            }
            if element.seen.is_hidden() {
                continue;
            }
            if element.block {
                self.out.block(matches!(
                    element.name.as_str(),
                    "p" | "blockquote"
                        | "ul"
                        | "ol"
                        | "h1"
                        | "h2"
                        | "h3"
                        | "h4"
                        | "h5"
                        | "h6"
                        | "table"
                        | "pre"
                        | "dl"
                ));
            }
            if element.name == "tr" {
                self.out.row();
            }
            if element.quote {
                self.out.block(true);
                self.out.quote_shallower();
            }
        }
    }
}
