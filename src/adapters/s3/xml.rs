//! Reads the answers of a storage: elements and texts, and nothing that could grow, load or hide. Whatever else XML
//! has is refused.

use crate::ports::source::{Fault, Mishap};

/// Deeper nested than any answer.
const DEEPEST: usize = 16;

/// An element.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Element {
    /// Its name without the part before a colon.
    pub name: String,
    /// Its text.
    pub text: String,
    /// What lies in it.
    pub children: Vec<Element>,
}

impl Element {
    /// Reads an answer.
    ///
    /// # Errors
    /// [`Fault::Unreadable`], or [`Fault::HalfAnswer`] where it breaks off.
    pub fn read(bytes: &[u8]) -> Result<Element, Mishap> {
        let text = std::str::from_utf8(bytes).map_err(|_| unreadable("no UTF-8"))?;
        let mut rest = text.trim_start_matches('\u{feff}').trim_start();
        let mut open: Vec<Element> = Vec::new();
        loop {
            let Some(at) = rest.find('<') else {
                return Err(match open.is_empty() {
                    true => unreadable("no XML"),
                    false => broken(),
                });
            };
            let (before, tag) = rest.split_at(at);
            match open.last_mut() {
                Some(element) => element.text.push_str(&plain(before)?),
                None if before.trim().is_empty() => {}
                None => return Err(unreadable("no XML")),
            }
            if let Some(after) = tag.strip_prefix("<?") {
                rest = after.split_once("?>").ok_or_else(broken)?.1;
                continue;
            }
            if let Some(after) = tag.strip_prefix("<!--") {
                rest = after.split_once("-->").ok_or_else(broken)?.1;
                continue;
            }
            // Definitions of one's own are how a few bytes become gigabytes, or a file of ours.
            if tag.starts_with("<!") {
                return Err(unreadable("definitions in XML"));
            }
            let (inner, after) = tag
                .get(1..)
                .and_then(|tag| tag.split_once('>'))
                .ok_or_else(broken)?;
            rest = after;
            let closed = match inner.strip_prefix('/') {
                Some(name) => {
                    let element = open.pop().ok_or_else(|| unreadable("no XML"))?;
                    if element.name != local(name) {
                        return Err(unreadable("tags that cross"));
                    }
                    Some(element)
                }
                None => {
                    let (inner, alone) = match inner.strip_suffix('/') {
                        Some(inner) => (inner, true),
                        None => (inner, false),
                    };
                    let element = Element {
                        name: local(inner),
                        ..Element::default()
                    };
                    if open.len() >= DEEPEST || element.name.is_empty() {
                        return Err(unreadable("no XML of a storage"));
                    }
                    match alone {
                        true => Some(element),
                        false => {
                            open.push(element);
                            None
                        }
                    }
                }
            };
            if let Some(element) = closed {
                match open.last_mut() {
                    Some(parent) => parent.children.push(element),
                    None => return Ok(element),
                }
            }
        }
    }

    /// The text of the first child of that name.
    pub fn of(&self, name: &str) -> &str {
        let found = self.children.iter().find(|child| child.name == name);
        found.map_or("", |child| child.text.as_str())
    }

    /// The children of that name.
    pub fn all<'e>(&'e self, name: &'e str) -> impl Iterator<Item = &'e Element> {
        self.children.iter().filter(move |child| child.name == name)
    }
}

fn local(tag: &str) -> String {
    let name = tag.split_whitespace().next().unwrap_or_default();
    name.rsplit(':').next().unwrap_or_default().to_owned()
}

/// The five names and the numbers of letters; no other has a meaning without a definition.
fn plain(text: &str) -> Result<String, Mishap> {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('&') {
        out.push_str(before);
        let (name, after) = after
            .split_once(';')
            .ok_or_else(|| unreadable("a sign without an end"))?;
        let letter = match name {
            "lt" => Some('<'),
            "gt" => Some('>'),
            "amp" => Some('&'),
            "quot" => Some('"'),
            "apos" => Some('\''),
            name => match name.strip_prefix('#') {
                None => None,
                Some(number) => match number.strip_prefix('x') {
                    Some(hex) => u32::from_str_radix(hex, 16).ok(),
                    None => number.parse().ok(),
                }
                .and_then(char::from_u32),
            },
        };
        out.push(letter.ok_or_else(|| unreadable("a sign that nobody knows"))?);
        rest = after;
    }
    out.push_str(rest);
    Ok(out)
}

fn unreadable(what: &str) -> Mishap {
    Mishap::new(Fault::Unreadable, what.to_owned())
}

fn broken() -> Mishap {
    Mishap::new(Fault::HalfAnswer, "the answer broke off")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_read_with_its_signs() {
        let text = "<?xml version=\"1.0\"?>\n<!-- x --><a:List xmlns:a=\"urn:x\"><Key>a &amp; b&#x2F;&#252;</Key><Empty/><Key>2</Key></a:List>";
        let read = Element::read(text.as_bytes()).unwrap();
        assert_eq!((read.name.as_str(), read.of("Key")), ("List", "a & b/ü"));
        assert_eq!(read.all("Key").count(), 2);
        assert_eq!(read.of("Empty"), "");
    }

    #[test]
    fn what_could_grow_load_or_hide_is_refused() {
        let deep = "<a>".repeat(100_000);
        for text in [
            "<!DOCTYPE l [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;\">]><l>&b;</l>",
            "<!DOCTYPE l [<!ENTITY f SYSTEM \"file:///etc/passwd\">]><l>&f;</l>",
            "<l>&other;</l>",
            "<l>&#xD800;</l>",
            "<l><![CDATA[x]]></l>",
            "<a><b></a></b>",
            "{\"json\": 1}",
            "",
            &deep,
        ] {
            assert_eq!(
                Element::read(text.as_bytes()).unwrap_err().fault,
                Fault::Unreadable
            );
        }
        for text in ["<l><Key>a", "<l><Key", "<!-- open", "<l>"] {
            assert_eq!(
                Element::read(text.as_bytes()).unwrap_err().fault,
                Fault::HalfAnswer,
                "{text}"
            );
        }
        assert!(Element::read(b"<l>\xff</l>").is_err());
    }
}
