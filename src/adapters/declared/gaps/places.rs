//! What is missing in a kind of record and in the questions for it.

use std::collections::HashSet;

use super::Look;
use super::requests::{mentions, record_blank, said_in_path};
use crate::adapters::declared::description::{Claims, Place, Request};
use crate::adapters::declared::translate::caution;
use crate::domain::identifier::SearchKey;
use crate::ports::source::Record;

impl<'a> Look<'a> {
    pub(super) fn place(&mut self, place: &'a Place, known: &HashSet<&str>) {
        let key = |name: &str| format!("place.{}.{name}", place.kind);
        if place.kind.trim().is_empty() {
            self.gap(
                "place.kind",
                "a place has no name",
                "Call it as the system does: contacts, invoices.",
            );
        }
        if place.category.trim().is_empty() {
            self.gap(
                key("category"),
                "it is not there",
                format!(
                    "One of {}, or a name of your own.",
                    Record::CATEGORIES.join(", ")
                ),
            );
        }
        self.pointer(&key("id"), &place.id, true);
        self.pointer(&key("time"), &place.time, false);
        self.pointer(&key("above"), &place.above, false);
        if !place.above.is_empty() && place.of.is_none() {
            self.gap(
                key("above"),
                "it hangs on nothing",
                "Say on what with `of`, or leave it out.",
            );
        }
        let propose = place
            .propose
            .values()
            .chain(place.matches.values())
            .flatten();
        for pointer in propose.chain(&place.mentions).chain(&place.title) {
            self.pointer(&key("match"), pointer, true);
        }
        for text in place
            .cautions
            .iter()
            .chain(place.caution_if.iter().map(|it| &it.caution))
        {
            if caution(text).is_none() {
                self.gap(
                    key("cautions"),
                    format!("{text:?} is none"),
                    "staff, shared, retained, others, open, acts, archived, merged, or \"other: …\".",
                );
            }
        }
        if place.find.is_empty() {
            self.gap(
                key("find"),
                "it is never asked for",
                "Add a [[place.find]].",
            );
        }
        match &place.of {
            Some(of) if !known.contains(of.as_str()) => {
                self.gap(
                    key("of"),
                    format!("no place before it is called {of:?}"),
                    "Describe that one first.",
                );
            }
            Some(_) => {
                let (asked, below): (Vec<_>, Vec<_>) =
                    place.find.iter().partition(|rule| !rule.by.is_empty());
                for rule in &asked {
                    self.search(place, rule);
                }
                for rule in &below {
                    self.hanging(place, rule);
                }
                // The key of one that was asked for would lack what it hangs on, and be another key.
                let alone = |read: &Request| !mentions(read, &["parent"]);
                if !asked.is_empty() && !place.read.as_ref().is_some_and(alone) {
                    self.gap(
                        key("read"),
                        "it is asked for by itself and below others: the same record would have two keys",
                        "Add [place.read], a request by {id} without {parent}.",
                    );
                }
            }
            None => {
                for rule in &place.find {
                    self.search(place, rule);
                }
            }
        }
        if place.masked && !place.matches.contains_key(&SearchKey::Ip) {
            self.gap(
                key("masked"),
                "only IP addresses are masked",
                "Add match.ip, or leave masked out.",
            );
        }
        if place.matches.contains_key(&SearchKey::Ip) && place.time.is_empty() {
            self.gap(
                key("time"),
                "an IP address says nothing without its time",
                "Say where the time lies.",
            );
        }
        self.acts(place);
    }

    /// A question by an identifier.
    pub(super) fn search(&mut self, place: &'a Place, rule: &'a Request) {
        let key = format!("place.{}.find", place.kind);
        if rule.by.is_empty() {
            self.gap(
                format!("{key}.by"),
                "it is not there",
                "By what it is searched: by = [\"email\"].",
            );
        }
        if rule.by.len() > 1 && rule.claims != Claims::Everything {
            self.gap(
                format!("{key}.by"),
                "one question has one kind of identifier",
                "Write a [[place.find]] for each.",
            );
        }
        if rule.claims == Claims::Unsaid {
            self.gap(
                format!("{key}.claims"),
                "it is not there",
                "What the system promises: exact, contains, or everything (it lists all and we pick).",
            );
        }
        for by in &rule.by {
            let compared = match by {
                // Under a digest a record may lie that names her by what the digest is made of.
                SearchKey::Derived => place.matches.values().any(|it| !it.is_empty()),
                by => place.matches.get(by).is_some_and(|it| !it.is_empty()),
            };
            if !compared && place.mentions.is_empty() {
                self.gap(
                    format!("place.{}.match.{}", place.kind, by.code()),
                    "no field is compared",
                    "Say which fields must hold the identifier; whatever the system finds is compared by ourselves.",
                );
            }
            if rule.claims != Claims::Everything && !mentions(rule, &[by.code()]) {
                self.gap(
                    format!("{key}.{}", by.code()),
                    "the request does not say whom it looks for",
                    format!(
                        "Put {{{}}} into the path, the query or the body.",
                        by.code()
                    ),
                );
            }
        }
        let mut known: Vec<&str> = rule.by.iter().map(|it| it.code()).collect();
        known.extend(["from", "to"]);
        self.request(&key, rule, &known, false);
    }

    /// A question by a record that was found.
    pub(super) fn hanging(&mut self, place: &'a Place, rule: &'a Request) {
        let key = format!("place.{}.find", place.kind);
        if rule.claims != Claims::Unsaid {
            self.gap(
                format!("{key}.by"),
                "what hangs on a record is asked by that record",
                "Leave claims out, or say by what it is asked besides.",
            );
        }
        if !mentions(rule, &["parent"]) && !record_blank(rule) {
            self.gap(
                key.clone(),
                "the request does not say on whom it hangs",
                "Put {parent} (its key) or {/field} (a value of it) into it.",
            );
        }
        // A path that is wrong finds nothing; a filter that is wrong finds everybody's.
        if !said_in_path(rule) && place.above.is_empty() && place.matches.is_empty() {
            self.gap(
                format!("place.{}.above", place.kind),
                "if the filter is not understood, the records of others are taken for hers",
                "Say where a record names the one it hangs on: above = \"/customer_id\".",
            );
        }
        let above = self.scope_of(place);
        self.request(&key, rule, &above, true);
    }

    /// The blanks that a place's records bring with them: their lists, and those of what they hang on.
    pub(super) fn scope_of(&self, place: &'a Place) -> Vec<&'a str> {
        let mut names: Vec<&str> = place
            .find
            .iter()
            .flat_map(|it| &it.each)
            .map(String::as_str)
            .collect();
        if place.of.is_some() {
            names.push("parent");
        }
        let mut above = place.of.as_deref();
        let mut left = self.description.place.len();
        while let (Some(kind), 1..) = (above, left) {
            let found = self.description.place.iter().find(|it| it.kind == kind);
            names.extend(
                found
                    .iter()
                    .flat_map(|it| &it.find)
                    .flat_map(|it| &it.each)
                    .map(String::as_str),
            );
            above = found.and_then(|it| it.of.as_deref());
            left -= 1;
        }
        names
    }
}
