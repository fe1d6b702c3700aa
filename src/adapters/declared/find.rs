//! Looks for a person in a described system: asks every place that can be asked, walks over its lists, and follows from
//! what is hers to what hangs on it.

use std::collections::{HashMap, HashSet, VecDeque};

use futures_util::future::BoxFuture;
use serde_json::Value;

use super::Declared;
use super::description::{Claims, Place, Request};
use super::gaps;
use super::lists::Shelf;
use super::mask;
use super::pages::Pages;
use super::pointer;
use super::spelling::spellings;
use super::template::{self, Values};
use super::translate::{self, Kinship};
use crate::domain::identifier::{Identifier, SearchKey};
use crate::ports::source::{Basket, Doubt, Fault, Find, Mishap, Record, RecordRef, Search, Tie};

/// So many strays in an answer that promised to hold none, beyond as many as are hers, are an ignored filter.
const STRAYS: u64 = 3;
/// Nobody needs more questions for one person.
const MOST_QUESTIONS: u64 = 20_000;

/// A search under way.
struct Walk<'a> {
    source: &'a Declared,
    wanted: &'a [Identifier],
    basket: &'a mut dyn Basket,
    search: Search,
    laid: HashSet<(String, String)>,
    next: VecDeque<Hanging<'a>>,
    hits: HashMap<&'a str, u64>,
    garbled: HashMap<&'a str, u64>,
    questions: u64,
    shelf: Shelf,
}

/// A record of hers, on which others may hang.
struct Hanging<'a> {
    place: &'a Place,
    reference: RecordRef,
    raw: Value,
    values: Values,
}

impl Find for Declared {
    fn find<'a>(
        &'a self,
        wanted: &'a [Identifier],
        basket: &'a mut dyn Basket,
    ) -> BoxFuture<'a, Result<Search, Mishap>> {
        Box::pin(async move {
            let mut walk = Walk {
                source: self,
                wanted,
                basket,
                search: Search::default(),
                laid: HashSet::new(),
                next: VecDeque::new(),
                hits: HashMap::new(),
                garbled: HashMap::new(),
                questions: 0,
                shelf: Shelf::default(),
            };
            walk.places().await?;
            Ok(walk.done())
        })
    }
}

impl<'a> Walk<'a> {
    async fn places(&mut self) -> Result<(), Mishap> {
        for place in &self.source.description.place {
            // What hangs on others may be asked for by an identifier as well.
            for rule in place.find.iter().filter(|it| !it.by.is_empty()) {
                if rule.claims == Claims::Everything && !names_her(rule) {
                    self.list(place, rule).await?;
                    continue;
                }
                for identifier in self.wanted {
                    if rule.by.contains(&identifier.kind) && sayable(identifier) {
                        self.ask(place, rule, identifier).await?;
                    }
                }
            }
            self.follow().await?;
        }
        Ok(())
    }

    /// Lists everybody once, whatever she is looked for by, and picks.
    async fn list(&mut self, place: &'a Place, rule: &'a Request) -> Result<(), Mishap> {
        let known = |key: &SearchKey| self.wanted.iter().any(|it| it.kind == *key && sayable(it));
        let keys: Vec<SearchKey> = rule.by.iter().copied().filter(known).collect();
        if keys.is_empty() {
            return Ok(());
        }
        let values = self.source.values.clone();
        let mut hits = 0;
        for scope in self
            .source
            .scopes(&rule.each, &values, &mut self.shelf)
            .await?
        {
            hits += self.pages(place, rule, &scope, None).await?;
        }
        for key in keys {
            self.search.asked(&place.kind, Some(key), hits);
        }
        Ok(())
    }

    async fn ask(
        &mut self,
        place: &'a Place,
        rule: &'a Request,
        identifier: &Identifier,
    ) -> Result<(), Mishap> {
        let mut hits = 0;
        for text in spellings(rule, identifier) {
            let mut values = self
                .source
                .values
                .with(identifier.kind.code(), text.as_str());
            if let Some(window) = identifier.window {
                values.set("from", template::moment(window.from));
                values.set("to", template::moment(window.to));
            }
            for scope in self
                .source
                .scopes(&rule.each, &values, &mut self.shelf)
                .await?
            {
                hits += self.pages(place, rule, &scope, Some(&text)).await?;
            }
        }
        self.search.asked(&place.kind, Some(identifier.kind), hits);
        Ok(())
    }

    /// Asks for what hangs on what was found.
    async fn follow(&mut self) -> Result<(), Mishap> {
        while let Some(found) = self.next.pop_front() {
            let kind = found.place.kind.as_str();
            let below = self.source.description.place.iter();
            for place in below.filter(|it| it.of.as_deref() == Some(kind)) {
                let own = pointer::texts(&found.place.id, &found.raw);
                let mut values = found
                    .values
                    .with("parent", own.into_iter().next().unwrap_or_default());
                values.set(translate::ABOVE, found.reference.id.reveal().as_str());
                values.record = found.raw.clone();
                for rule in place.find.iter().filter(|it| it.by.is_empty()) {
                    for scope in self
                        .source
                        .scopes(&rule.each, &values, &mut self.shelf)
                        .await?
                    {
                        let tied = Some(&found.reference);
                        let hits = self.linked(place, rule, &scope, tied).await?;
                        *self.hits.entry(&place.kind).or_default() += hits;
                    }
                }
            }
        }
        Ok(())
    }

    async fn pages(
        &mut self,
        place: &'a Place,
        rule: &'a Request,
        values: &Values,
        asked: Option<&str>,
    ) -> Result<u64, Mishap> {
        self.question()?;
        let source = self.source;
        let mut pages = Pages::new(&source.reading, rule, values);
        let (mut hers, mut strays) = (0_u64, 0_u64);
        while let Some(page) = pages.next().await? {
            self.sound(place, &page)?;
            let mut blank = 0;
            for raw in &page {
                match translate::kinship(place, raw, self.wanted) {
                    Kinship::Hers(tie) => {
                        hers += u64::from(self.lay(place, raw, values, tie).await?);
                    }
                    Kinship::Blank => blank += 1,
                    Kinship::Stray if promised(rule, raw, asked) => strays += 1,
                    Kinship::Stray => {}
                }
                self.masked(place, raw);
            }
            if strays > hers + STRAYS {
                return Err(Mishap::new(
                    Fault::Flooded,
                    format!("{}: people nobody asked for", place.kind),
                ));
            }
            // What is dropped on the first page is dropped on all.
            if blank > 0 && blank == page.len() {
                break;
            }
        }
        self.shortness(place, &pages);
        Ok(hers)
    }

    async fn linked(
        &mut self,
        place: &'a Place,
        rule: &'a Request,
        values: &Values,
        parent: Option<&RecordRef>,
    ) -> Result<u64, Mishap> {
        self.question()?;
        let Some(parent) = parent else {
            return Ok(0);
        };
        let source = self.source;
        let mut pages = Pages::new(&source.reading, rule, values);
        let (mut hers, mut strays) = (0_u64, 0_u64);
        while let Some(page) = pages.next().await? {
            self.sound(place, &page)?;
            for raw in &page {
                match translate::hangs(place, raw, values) {
                    Some(true) => {}
                    Some(false) => {
                        strays += 1;
                        continue;
                    }
                    None => {
                        *self.garbled.entry(&place.kind).or_default() += 1;
                        continue;
                    }
                }
                let linked = Tie::Linked {
                    kind: parent.kind.clone(),
                    id: parent.id.clone(),
                };
                // Where what hangs on hers names people, it must name her: others below it, such as her colleagues, are
                // no sign of a filter that was not understood.
                let tie = match translate::kinship(place, raw, self.wanted) {
                    _ if place.matches.is_empty() => linked,
                    Kinship::Hers(Tie::Exact { .. }) => linked,
                    Kinship::Hers(perhaps) => perhaps,
                    Kinship::Stray | Kinship::Blank => continue,
                };
                hers += u64::from(self.lay(place, raw, values, tie).await?);
            }
            if strays > hers + STRAYS {
                return Err(Mishap::new(
                    Fault::Flooded,
                    format!("{}: people nobody asked for", place.kind),
                ));
            }
        }
        self.shortness(place, &pages);
        Ok(hers)
    }

    /// Lays a record down, if it was not laid down before; false, if it cannot be found again.
    async fn lay(
        &mut self,
        place: &'a Place,
        raw: &Value,
        values: &Values,
        tie: Tie,
    ) -> Result<bool, Mishap> {
        let Some(reference) = translate::reference(place, raw, values) else {
            return Ok(false);
        };
        let key = (reference.kind.clone(), reference.id.reveal().clone());
        if !self.laid.insert(key) {
            return Ok(true);
        }
        let certain = !matches!(tie, Tie::Candidate { .. });
        self.propose(place, raw, &reference);
        let record: Record = translate::record(place, raw, reference.clone(), tie);
        self.basket.lay(record).await?;
        // What hangs on somebody who may be another person is asked for once a person said who it is.
        if certain {
            self.next.push_back(Hanging {
                place,
                reference,
                raw: raw.clone(),
                values: values.clone(),
            });
        }
        Ok(true)
    }

    fn propose(&mut self, place: &Place, raw: &Value, reference: &RecordRef) {
        for key in SearchKey::ALL {
            for field in place.propose.get(&key).into_iter().flatten() {
                for text in pointer::texts(field, raw) {
                    if let Some(identifier) = Identifier::new(key, &text) {
                        self.search.propose(self.wanted, identifier, reference);
                    }
                }
            }
        }
    }

    /// Entries without a key cannot be taken; if none has one, the answer is another than described.
    fn sound(&mut self, place: &'a Place, page: &[Value]) -> Result<(), Mishap> {
        let odd = page
            .iter()
            .filter(|raw| pointer::texts(&place.id, raw).is_empty())
            .count();
        if odd > 0 && odd == page.len() {
            return Err(Mishap::new(
                Fault::Unreadable,
                format!("{}: no key at {}", place.kind, place.id),
            ));
        }
        if odd > 0 {
            *self.garbled.entry(&place.kind).or_default() += odd as u64;
        }
        Ok(())
    }

    fn masked(&mut self, place: &Place, raw: &Value) {
        let fields = place.matches.get(&SearchKey::Ip).into_iter().flatten();
        let mut texts = fields.flat_map(|it| pointer::texts(it, raw));
        if place.masked && texts.any(|it| mask::is_cut(&it)) {
            self.search.doubt(Doubt::Masked(place.kind.clone()));
        }
    }

    fn shortness(&mut self, place: &Place, pages: &Pages<'_>) {
        if pages.falls_short() {
            self.search.doubt(Doubt::Capped(place.kind.clone()));
        }
        if !place.mentions.is_empty() {
            self.search.doubt(Doubt::LowerBound);
        }
    }

    fn question(&mut self) -> Result<(), Mishap> {
        self.questions += 1;
        match self.questions > MOST_QUESTIONS {
            true => Err(Mishap::new(
                Fault::Flooded,
                "too many questions for one person",
            )),
            false => Ok(()),
        }
    }

    fn done(mut self) -> Search {
        for place in &self.source.description.place {
            let kind = place.kind.as_str();
            // What hangs on others was asked for, if what it hangs on was.
            let above = place
                .of
                .as_deref()
                .is_some_and(|of| self.search.asked.iter().any(|it| it.place == of));
            if above {
                let hits = self.hits.get(kind).copied().unwrap_or(0);
                self.search.asked(kind, None, hits);
            }
            if let Some(&count) = self.garbled.get(kind) {
                self.search.doubt(Doubt::Garbled {
                    place: kind.to_owned(),
                    count,
                });
            }
        }
        let unseen = self.source.unseen(&self.shelf);
        if !unseen.is_empty() {
            self.search.doubt(Doubt::Unseen(unseen));
        }
        self.search
    }
}

/// An address of a machine without its time is asked nowhere.
fn sayable(identifier: &Identifier) -> bool {
    identifier.kind != SearchKey::Ip || identifier.window.is_some()
}

/// Whether the request itself says whom it looks for.
fn names_her(rule: &Request) -> bool {
    let blanks = gaps::blanks(rule);
    let hers = |name: &String| {
        matches!(name.as_str(), "from" | "to") || SearchKey::from_code(name).is_some()
    };
    blanks.iter().any(hers)
}

/// Whether a record that is not hers breaks what the server promised.
fn promised(rule: &Request, raw: &Value, asked: Option<&str>) -> bool {
    match rule.claims {
        Claims::Exact => true,
        Claims::Contains => {
            let asked = asked.unwrap_or_default().to_lowercase();
            !pointer::flat(raw)
                .iter()
                .any(|(_, text)| text.to_lowercase().contains(&asked))
        }
        Claims::Everything | Claims::Unsaid => false,
    }
}
