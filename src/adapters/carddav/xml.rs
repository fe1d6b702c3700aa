//! Reads the XML of an answer as a tree: without entities of its own, not deeper and not wider than a book of addresses.

use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::name::ResolveResult;
use quick_xml::{NsReader, XmlVersion};

use crate::ports::source::{Fault, Mishap};

/// Elements in elements.
const DEPTH: usize = 24;
/// Elements in one answer.
const ELEMENTS: usize = 400_000;

/// `DAV:`.
pub(super) const DAV: &str = "DAV:";
/// CardDAV (RFC 6352).
pub(super) const CARD: &str = "urn:ietf:params:xml:ns:carddav";

/// An element.
#[derive(Debug, Default)]
pub(super) struct Element {
    space: String,
    name: String,
    pub text: String,
    pub inner: Vec<Element>,
}

impl Element {
    /// Reads a whole document.
    pub fn read(bytes: &[u8]) -> Result<Element, Mishap> {
        let text = std::str::from_utf8(bytes).map_err(|_| unreadable("no UTF-8"))?;
        let mut reader = NsReader::from_str(text.trim_start_matches('\u{feff}'));
        let mut open: Vec<Element> = vec![Element::default()];
        let mut count = 0_usize;
        loop {
            let (space, event) = reader
                .read_resolved_event()
                .map_err(|_| unreadable("no XML"))?;
            let space = match space {
                ResolveResult::Bound(space) => space.as_ref().to_owned(),
                _ => String::new(),
            };
            match event {
                Event::Start(start) => {
                    count += 1;
                    open.push(named(space, &start));
                }
                Event::Empty(start) => {
                    count += 1;
                    let element = named(space, &start);
                    if let Some(outer) = open.last_mut() {
                        outer.inner.push(element);
                    }
                }
                Event::End(_) => close(&mut open)?,
                Event::Text(text) => say(&mut open, &text.xml_content(XmlVersion::Implicit1_0)),
                Event::CData(text) => say(&mut open, &text.xml_content(XmlVersion::Implicit1_0)),
                Event::GeneralRef(entity) => say(&mut open, &letter(&entity)?),
                // Who declares entities wants to blow them up, or to read files.
                Event::DocType(_) => return Err(unreadable("XML with a DOCTYPE")),
                Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
                Event::Eof => break,
            }
            if open.len() > DEPTH || count > ELEMENTS {
                return Err(unreadable("XML without end"));
            }
        }
        match (open.len(), open.pop()) {
            (1, Some(mut document)) => document.inner.pop().ok_or_else(|| unreadable("no XML")),
            _ => Err(Mishap::new(Fault::HalfAnswer, "the XML broke off")),
        }
    }

    /// Whether it is this one.
    pub fn is(&self, space: &str, name: &str) -> bool {
        self.space == space && self.name == name
    }

    /// Those directly within.
    pub fn each<'a>(&'a self, space: &'a str, name: &'a str) -> impl Iterator<Item = &'a Element> {
        self.inner.iter().filter(move |it| it.is(space, name))
    }

    /// The first directly within.
    pub fn one<'a>(&'a self, space: &'a str, name: &'a str) -> Option<&'a Element> {
        self.each(space, name).next()
    }
}

fn named(space: String, start: &BytesStart<'_>) -> Element {
    Element {
        space,
        name: start.local_name().as_ref().to_owned(),
        ..Element::default()
    }
}

fn close(open: &mut Vec<Element>) -> Result<(), Mishap> {
    let element = open.pop();
    match (element, open.last_mut()) {
        (Some(element), Some(outer)) => {
            outer.inner.push(element);
            Ok(())
        }
        _ => Err(unreadable("no XML")),
    }
}

fn say(open: &mut [Element], text: &str) {
    if let Some(element) = open.last_mut() {
        element.text.push_str(text);
    }
}

fn letter(entity: &BytesRef<'_>) -> Result<String, Mishap> {
    if let Some(letter) = entity
        .resolve_char_ref()
        .map_err(|_| unreadable("no XML"))?
    {
        return Ok(letter.to_string());
    }
    match entity.xml_content(XmlVersion::Implicit1_0).as_ref() {
        "amp" => Ok("&".into()),
        "lt" => Ok("<".into()),
        "gt" => Ok(">".into()),
        "quot" => Ok("\"".into()),
        "apos" => Ok("'".into()),
        _ => Err(unreadable("XML with an entity of its own")),
    }
}

fn unreadable(what: &str) -> Mishap {
    Mishap::new(Fault::Unreadable, what)
}

/// A value within XML.
pub(super) fn escaped(text: &str) -> String {
    let mut out = String::new();
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            other if other.is_control() => out.push(' '),
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(text: &str) -> Fault {
        Element::read(text.as_bytes()).unwrap_err().fault
    }

    #[test]
    fn names_are_told_by_their_space_and_letters_are_undone() {
        let text = "<?xml version=\"1.0\"?><x:a xmlns:x=\"DAV:\"><b xmlns=\"DAV:\">1 &amp; &#228;<![CDATA[<2>]]></b></x:a>";
        let document = Element::read(text.as_bytes()).unwrap();
        assert!(document.is(DAV, "a"));
        assert_eq!(document.one(DAV, "b").unwrap().text, "1 & \u{e4}<2>");
        assert!(document.one(CARD, "b").is_none());
    }

    #[test]
    fn what_would_blow_up_or_reach_out_is_not_read() {
        assert_eq!(
            fault("<!DOCTYPE a [<!ENTITY b SYSTEM \"file:///etc/passwd\">]><a>&b;</a>"),
            Fault::Unreadable
        );
        assert_eq!(fault("<a>&b;</a>"), Fault::Unreadable);
        assert_eq!(fault(&"<a>".repeat(100_000)), Fault::Unreadable);
        assert_eq!(
            fault(&format!("<a>{}</a>", "<b/>".repeat(500_000))),
            Fault::Unreadable
        );
        assert_eq!(fault("<a><b>"), Fault::HalfAnswer);
        assert_eq!(fault("<a></b>"), Fault::Unreadable);
        assert_eq!(fault(""), Fault::Unreadable);
    }
}
