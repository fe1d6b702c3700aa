//! What is missing or dangerous in what changes something.

use super::Look;
use super::requests::{blanks, mentions};
use crate::adapters::declared::description::{EraseRule, Place, Request};
use crate::adapters::declared::erase::effect;
use crate::ports::source::Manner;

impl<'a> Look<'a> {
    pub(super) fn acts(&mut self, place: &'a Place) {
        let key = |name: &str| format!("place.{}.{name}", place.kind);
        let mut brought: Vec<&str> = place
            .find
            .iter()
            .flat_map(|it| &it.each)
            .map(String::as_str)
            .collect();
        brought.push("id");
        if place.of.is_some() {
            brought.push("parent");
        }
        let reads = place.erase.is_some()
            || place.restrict.is_some()
            || place.files.is_some()
            || !place.rectify.is_empty();
        if let Some(read) = &place.read {
            self.request(&key("read"), read, &brought, false);
            if !read.each.is_empty() {
                self.gap(
                    key("read.each"),
                    "one record is read, and not several",
                    "Leave it out.",
                );
            }
            self.names_one(&key("read"), read);
            let may_vanish = place
                .erase
                .as_ref()
                .is_some_and(|it| it.manner != Some(Manner::Anonymise));
            if may_vanish && read.single && read.nobody.is_none() {
                self.gap(
                    key("read.nobody"),
                    "nobody says how it looks when the record is gone",
                    "Name the status and a place in the body: nobody = { status = [404], at = \"/error\" }.",
                );
            }
        } else if reads {
            self.gap(
                key("read"),
                "nothing is written, and no file is fetched, without reading before",
                "Add [place.read], a request by {id}.",
            );
        }
        // The key of a record holds what reading it needs, and no more.
        let read = place.read.as_ref().map(blanks).unwrap_or_default();
        let known: Vec<&str> = brought
            .into_iter()
            .filter(|it| read.iter().any(|name| name == it))
            .collect();
        if let Some(rule) = &place.erase {
            self.erase(place, rule, &known);
        }
        for rule in &place.rectify {
            let mut known = known.clone();
            known.push("new");
            self.write(&key("rectify.write"), &rule.write, &known);
            if rule.fields.is_empty() {
                self.gap(
                    key("rectify.fields"),
                    "no field is named",
                    "Name the fields that this request writes.",
                );
            }
            if rule.into.is_none() && (rule.fields.len() != 1 || !mentions(&rule.write, &["new"])) {
                self.gap(
                    key("rectify.into"),
                    "the new value goes nowhere",
                    "Say where in the body the new values go, or put {new} into it and name one field.",
                );
            }
        }
        if let Some(rule) = &place.restrict {
            self.pointer(&key("restrict.at"), &rule.at, true);
            self.write(&key("restrict.on"), &rule.on, &known);
            if let Some(off) = &rule.off {
                self.write(&key("restrict.off"), off, &known);
            }
        }
        if let Some(files) = &place.files {
            self.pointer(&key("files.at"), &files.at, true);
            match &files.fetch {
                Some(fetch) if !files.link => {
                    self.pointer(&key("files.id"), &files.id, true);
                    let mut known = known.clone();
                    known.push("file");
                    self.request(&key("files.fetch"), fetch, &known, true);
                    if !mentions(fetch, &["file"]) {
                        self.gap(
                            key("files.fetch"),
                            "it does not say which file",
                            "Put {file} into it.",
                        );
                    }
                }
                Some(_) | None if files.link => {}
                _ => self.gap(
                    key("files.fetch"),
                    "it is not there",
                    "Say how the bytes are fetched.",
                ),
            }
        }
    }

    pub(super) fn erase(&mut self, place: &'a Place, rule: &'a EraseRule, known: &[&'a str]) {
        let key = |name: &str| format!("place.{}.erase.{name}", place.kind);
        if rule.most.is_none() {
            self.gap(
                key("most"),
                "it is not there",
                "The most requests that erasing one record may need.",
            );
        }
        if rule.steps.is_empty() {
            self.gap(
                key("steps"),
                "nothing is sent",
                "Add a [[place.erase.steps]].",
            );
        }
        if rule.manner == Some(Manner::Anonymise) && rule.empty.is_empty() {
            self.gap(
                key("empty"),
                "nobody says how it looks when it is anonymous",
                "Name the places that hold nothing then.",
            );
        }
        for place in &rule.empty {
            self.pointer(&key("empty"), place, true);
        }
        for step in rule.steps.iter().chain(&rule.instead) {
            self.write(&key("steps"), step, known);
        }
        for keep in &rule.keeps {
            if keep.why.trim().is_empty() {
                self.gap(
                    key("keeps.why"),
                    "it is not there",
                    "One word: invoices, open-order.",
                );
            }
            self.request(&key("keeps.ask"), &keep.ask, known, true);
            self.names_one(&key("keeps.ask"), &keep.ask);
        }
        for text in &rule.effects {
            if effect(text).is_none() {
                self.gap(
                    key("effects"),
                    format!("{text:?} is none"),
                    "\"final\", \"mail: whom\" or \"webhook: what\".",
                );
            }
        }
        if rule.suppress_first && self.description.suppress.is_none() {
            self.gap(
                key("suppress_first"),
                "there is no such list",
                "Add [suppress], or leave it out.",
            );
        }
    }

    pub(super) fn suppress(&mut self) {
        let Some(rule) = &self.description.suppress else {
            return;
        };
        let by = rule.by.code();
        self.request("suppress.read", &rule.read, &[by], false);
        self.request("suppress.write", &rule.write, &[by], false);
        self.pointer("suppress.at", &rule.at, true);
        if !mentions(&rule.write, &[by]) {
            self.gap(
                "suppress.write",
                "it does not say whom",
                format!("Put {{{by}}} into it."),
            );
        }
    }

    /// A request that changes something: about one record, and not by `GET`.
    pub(super) fn write(&mut self, key: &str, rule: &'a Request, known: &[&'a str]) {
        self.request(key, rule, known, true);
        self.names_one(key, rule);
        if rule.verb() == "GET" {
            self.gap(
                format!("{key}.method"),
                "a GET changes nothing",
                "POST, PUT, PATCH or DELETE.",
            );
        }
    }

    /// A path without its last piece means everything to many a system: `DELETE /groups/7/receivers` once emptied groups.
    pub(super) fn names_one(&mut self, key: &str, rule: &Request) {
        if !mentions(rule, &["id"]) {
            self.gap(
                key,
                "the request names no single record",
                "Put {id} into the path, the query or the body: what names none may mean all.",
            );
        }
    }
}
