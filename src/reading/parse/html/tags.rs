//! The source cut into text and tags. Scripts and comments are dropped here, style sheets handed on.

/// Attributes of one tag that are looked at.
const ATTRIBUTES: usize = 60;

pub enum Token<'a> {
    Text(&'a str),
    Open(Tag<'a>),
    Close(&'a str),
    Style(&'a str),
}

pub struct Tag<'a> {
    pub name: String,
    attributes: Vec<(&'a str, &'a str)>,
    pub closed: bool,
}

impl<'a> Tag<'a> {
    /// The value of an attribute as it stands.
    pub fn get(&self, name: &str) -> Option<&'a str> {
        self.attributes
            .iter()
            .find(|(key, _)| key.eq_ignore_ascii_case(name))
            .map(|(_, value)| *value)
    }
}

pub struct Tokens<'a> {
    rest: &'a str,
    /// No comment, script or style that begins later has an end; looked for once.
    endless: [bool; 8],
}

/// Elements whose content is no text of the page.
const RAW: &[&str] = &[
    "script", "style", "title", "template", "svg", "math", "object",
];

impl<'a> Tokens<'a> {
    pub fn new(source: &'a str) -> Self {
        Self {
            rest: source,
            endless: [false; 8],
        }
    }

    fn skip(&mut self, bytes: usize) {
        self.rest = self.rest.get(bytes..).unwrap_or_default();
    }

    /// `<!-- … -->`, `<!DOCTYPE …>`, `<![if …]>`, `<?xml …>`
    fn declaration(&mut self) {
        let comment = self.rest.starts_with("<!--");
        // the first has an end of its own even when that is empty: <!-->
        let end = if comment && !self.endless[7] {
            let found = self
                .rest
                .get(2..)
                .and_then(|rest| rest.find("-->"))
                .map(|at| at + 5);
            self.endless[7] = found.is_none();
            found
        } else {
            None
        };
        let end = end
            .or_else(|| self.rest.find('>').map(|at| at + 1))
            .unwrap_or(self.rest.len());
        self.skip(end);
    }

    /// The content of an element that holds no text, without its end tag.
    fn raw(&mut self, name: &str) -> &'a str {
        let Some(which) = RAW.iter().position(|raw| *raw == name) else {
            return "";
        };
        let Some(endless) = self.endless.get_mut(which) else {
            return "";
        };
        if *endless {
            return "";
        }
        let Some(end) = find_close(self.rest, name) else {
            *endless = true;
            return "";
        };
        let (content, rest) = self.rest.split_at(end);
        self.rest = rest;
        content
    }
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        loop {
            if self.rest.is_empty() {
                return None;
            }
            let Some(from) = self.rest.strip_prefix('<') else {
                let end = memchr::memchr(b'<', self.rest.as_bytes()).unwrap_or(self.rest.len());
                let (text, rest) = self.rest.split_at(end);
                self.rest = rest;
                return Some(Token::Text(text));
            };
            match from.bytes().next() {
                Some(b'!' | b'?') => self.declaration(),
                Some(b'/') => {
                    let end = memchr::memchr(b'>', self.rest.as_bytes()).unwrap_or(self.rest.len());
                    let name = self
                        .rest
                        .get(2..end)
                        .unwrap_or_default()
                        .split(|c: char| c.is_whitespace() || c == '/')
                        .next()
                        .unwrap_or_default();
                    self.skip((end + 1).min(self.rest.len()));
                    if !name.is_empty() {
                        return Some(Token::Close(lower(name)));
                    }
                }
                Some(letter) if letter.is_ascii_alphabetic() => {
                    let (tag, length) = read_tag(self.rest);
                    self.skip(length);
                    if RAW.contains(&tag.name.as_str()) && !tag.closed {
                        let content = self.raw(&tag.name);
                        if tag.name == "style" {
                            return Some(Token::Style(content));
                        }
                        continue;
                    }
                    return Some(Token::Open(tag));
                }
                // a sign of its own: `3 < 4`
                _ => {
                    self.skip(1);
                    return Some(Token::Text("<"));
                }
            }
        }
    }
}

/// End tags are written in lower case nearly always; the others are few and known.
fn lower(name: &str) -> &str {
    const KNOWN: &[&str] = &[
        "p",
        "div",
        "span",
        "a",
        "b",
        "i",
        "u",
        "table",
        "tr",
        "td",
        "th",
        "tbody",
        "ul",
        "ol",
        "li",
        "blockquote",
        "font",
        "body",
        "html",
        "strong",
        "em",
        "center",
        "pre",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "br",
        "dl",
        "dt",
        "dd",
        "section",
        "textarea",
        "head",
    ];
    if name.bytes().all(|byte| !byte.is_ascii_uppercase()) {
        name
    } else {
        KNOWN
            .iter()
            .find(|known| name.eq_ignore_ascii_case(known))
            .copied()
            .unwrap_or(name)
    }
}

fn find_close(text: &str, name: &str) -> Option<usize> {
    memchr::memmem::find_iter(text.as_bytes(), b"</").find(|at| {
        text.as_bytes()
            .get(at + 2..at + 2 + name.len())
            .is_some_and(|found| found.eq_ignore_ascii_case(name.as_bytes()))
    })
}

/// Reads `<name a=b c='d' e>`; a tag without an end goes to the end of its line.
fn read_tag(text: &str) -> (Tag<'_>, usize) {
    let bytes = text.as_bytes();
    let mut at = 1;
    let is_end = |byte: u8| byte.is_ascii_whitespace() || byte == b'>' || byte == b'/';
    let span = |from: usize, stop: &dyn Fn(u8) -> bool| {
        bytes
            .get(from..)
            .unwrap_or_default()
            .iter()
            .position(|byte| stop(*byte))
            .map_or(bytes.len(), |found| from + found)
    };
    let name_end = span(at, &is_end);
    let name = text
        .get(at..name_end)
        .unwrap_or_default()
        .to_ascii_lowercase();
    let mut tag = Tag {
        name,
        attributes: Vec::new(),
        closed: false,
    };
    at = name_end;
    loop {
        at = span(at, &|byte| !byte.is_ascii_whitespace());
        match bytes.get(at) {
            None => return (tag, bytes.len()),
            Some(b'>') => return (tag, at + 1),
            Some(b'/') => {
                tag.closed = bytes.get(at + 1) == Some(&b'>');
                at += 1;
                continue;
            }
            Some(b'<') => return (tag, at),
            Some(_) => {}
        }
        let key_end = span(at + 1, &|byte| is_end(byte) || byte == b'=');
        let key = text.get(at..key_end).unwrap_or_default();
        at = span(key_end, &|byte| !byte.is_ascii_whitespace());
        let mut value = "";
        if bytes.get(at) == Some(&b'=') {
            at = span(at + 1, &|byte| !byte.is_ascii_whitespace());
            match bytes.get(at) {
                Some(quote @ (b'"' | b'\'')) => {
                    let end = span(at + 1, &|byte| byte == *quote);
                    value = text.get(at + 1..end).unwrap_or_default();
                    at = (end + 1).min(bytes.len());
                }
                _ => {
                    let end = span(at, &|byte| byte.is_ascii_whitespace() || byte == b'>');
                    value = text.get(at..end).unwrap_or_default();
                    at = end;
                }
            }
        }
        if tag.attributes.len() < ATTRIBUTES {
            tag.attributes.push((key, value));
        }
    }
}
