//! Looks for a person in a Frappe CRM: by her addresses and numbers first, then along what hangs on what was found, then
//! in histories, and at last by what only looks like her.

use std::collections::{HashMap, HashSet};

use chrono_tz::Tz;
use futures_util::future::BoxFuture;

use super::health::missing_role;
use super::listing::{Listing, Question};
use super::places::{CORE, PLACES, Place, TABLES, Table, place};
use super::spelling::{fits, holds, loose, patterns};
use super::wire::{Row, Wire, closed, says, text};
use super::{Frappe, Rules};
use crate::domain::identifier::{Identifier, SearchKey};
use crate::ports::source::{Basket, Caution, Doubt, Fault, Find, Mishap, Need, Search, Tie};

impl Find for Frappe {
    fn find<'a>(
        &'a self,
        wanted: &'a [Identifier],
        basket: &'a mut dyn Basket,
    ) -> BoxFuture<'a, Result<Search, Mishap>> {
        Box::pin(async move {
            let known = |it: &&Identifier| Frappe::KEYS.contains(&it.kind);
            let wanted: Vec<_> = wanted.iter().filter(known).cloned().collect();
            if wanted.is_empty() {
                return Ok(Search::default());
            }
            let mut hunt = Hunt {
                wire: &self.reading,
                rules: &self.rules,
                wanted: &wanted,
                basket,
                zone: None,
                search: Search::default(),
                seen: HashSet::new(),
                laid: Vec::new(),
                contacts: HashSet::new(),
                relations: Vec::new(),
                pictures: HashMap::new(),
                firms: Vec::new(),
            };
            hunt.look_around().await?;
            hunt.by_marks().await?;
            hunt.along_families().await?;
            hunt.along_links().await?;
            hunt.through_history().await?;
            hunt.by_looks().await?;
            Ok(hunt.search)
        })
    }
}

/// How many rows of an answer were what was asked for: a site that answers with everybody has not been asked.
#[derive(Default)]
pub struct Sieve {
    fit: usize,
    unfit: usize,
}

impl Sieve {
    /// Counts a row.
    pub fn see(&mut self, fit: bool) -> Result<(), Mishap> {
        match fit {
            true => self.fit += 1,
            false => self.unfit += 1,
        }
        match self.unfit > 50 && self.unfit > self.fit {
            true => Err(Mishap::new(Fault::Flooded, "the conditions were ignored")),
            false => Ok(()),
        }
    }
}

/// One search, while it lasts.
pub struct Hunt<'a> {
    /// The line of the reading key.
    pub wire: &'a Wire,
    /// What the settings say.
    pub rules: &'a Rules,
    /// By what she is looked for.
    pub wanted: &'a [Identifier],
    /// Where it is laid.
    pub basket: &'a mut dyn Basket,
    /// The zone of the site's times.
    pub zone: Option<Tz>,
    /// What was asked and how far it can be trusted.
    pub search: Search,
    /// What was laid down or passed by, once.
    pub seen: HashSet<(&'static str, String)>,
    /// What is hers for certain, in the order in which it was found.
    pub laid: Vec<(&'static str, String)>,
    /// The keys of her contacts: rows in deals name them.
    pub contacts: HashSet<String>,
    /// What a deal of hers leads to.
    pub relations: Vec<(&'static str, String, Tie)>,
    /// Addresses of pictures, and on which record they are.
    pub pictures: HashMap<String, (&'static str, String)>,
    /// Firms, and the name of the person who was found with them.
    pub firms: Vec<(String, String)>,
}

impl Hunt<'_> {
    /// An account without the right role gets 200 and an empty list, or its own records alone: what is in sight is
    /// counted and its roles are asked for before anything is believed.
    async fn look_around(&mut self) -> Result<(), Mishap> {
        for (doctype, least) in self.rules.expected() {
            if self.wire.count(doctype).await? < least {
                self.search.doubt(Doubt::Unseen(vec![doctype.to_owned()]));
            }
        }
        // Who has a lead of his own sees one, and passes for somebody who sees all.
        let me = self.wire.who().await?;
        if let Some(Need::Group(role)) = missing_role(self.wire, &me).await? {
            self.search.doubt(Doubt::Unseen(vec![role]));
        }
        self.zone = self.rules.zone(self.wire).await?;
        Ok(())
    }

    /// Whether a place is asked at all.
    pub fn open(&self, doctype: &str) -> bool {
        CORE.contains(&doctype) || !self.rules.without.iter().any(|it| it == doctype)
    }

    /// The next page. A place that is closed to the key is a doubt; one that is not there is no place; where the CRM
    /// itself is closed, the search has failed.
    pub async fn page(
        &mut self,
        listing: &mut Listing,
        doctype: &'static str,
    ) -> Result<Option<Vec<Row>>, Mishap> {
        match listing.next(self.wire).await {
            Err(mishap)
                if !CORE.contains(&doctype) && (closed(&mishap) || says(&mishap, "DataError")) =>
            {
                self.search.doubt(Doubt::Closed(doctype.to_owned()));
                Ok(None)
            }
            Err(mishap) if !CORE.contains(&doctype) && says(&mishap, "DoesNotExistError") => {
                Ok(None)
            }
            page => page,
        }
    }

    async fn by_marks(&mut self) -> Result<(), Mishap> {
        let wanted = self.wanted;
        for place in &PLACES {
            for identifier in wanted {
                // Contacts have their addresses in tables, and are known before deals that name them.
                self.ask_place(place, identifier).await?;
                for table in TABLES.iter().filter(|table| table.parent == place.doctype) {
                    self.ask_table(table, identifier).await?;
                }
            }
        }
        Ok(())
    }

    async fn ask_place(
        &mut self,
        place: &'static Place,
        wanted: &Identifier,
    ) -> Result<(), Mishap> {
        let fields = match wanted.kind {
            SearchKey::Email => place.mail,
            SearchKey::Phone => place.phone,
            _ => &[],
        };
        if fields.is_empty() || !self.open(place.doctype) {
            return Ok(());
        }
        let patterns = patterns(wanted);
        let mut question = Question::to(place.doctype);
        for (field, pattern) in fields
            .iter()
            .flat_map(|it| patterns.iter().map(move |pattern| (it, pattern)))
        {
            question = question.or(field, "like", pattern.as_str());
        }
        let (mut listing, mut sieve, mut hits) = (Listing::of(question), Sieve::default(), 0);
        while let Some(page) = self.page(&mut listing, place.doctype).await? {
            for row in page {
                let texts: Vec<_> = fields
                    .iter()
                    .filter_map(|it| Some((*it, text(&row, it)?)))
                    .collect();
                sieve.see(
                    texts
                        .iter()
                        .any(|(_, text)| patterns.iter().any(|it| fits(it, text))),
                )?;
                let Some((field, _)) = texts.iter().find(|(_, text)| holds(wanted, text)) else {
                    continue;
                };
                hits += 1;
                let (by, field) = (wanted.kind, (*field).to_owned());
                self.take_row(place, row, Tie::Exact { by, field }).await?;
            }
        }
        self.asked_unless_closed(place.doctype, place.doctype, Some(wanted.kind), hits);
        Ok(())
    }

    async fn ask_table(&mut self, table: &Table, wanted: &Identifier) -> Result<(), Mishap> {
        let fields = match wanted.kind {
            SearchKey::Email => table.mail,
            SearchKey::Phone => table.phone,
            _ => &[],
        };
        if fields.is_empty() || !self.open(table.parent) {
            return Ok(());
        }
        let patterns = patterns(wanted);
        let mut question = Question::to_rows(table.rows, table.parent);
        for (field, pattern) in fields
            .iter()
            .flat_map(|it| patterns.iter().map(move |pattern| (it, pattern)))
        {
            question = question.or(field, "like", pattern.as_str());
        }
        let (mut listing, mut sieve) = (Listing::of(question), Sieve::default());
        let mut parents: Vec<(String, String)> = Vec::new();
        while let Some(page) = self.page(&mut listing, table.parent).await? {
            for row in page {
                let texts: Vec<_> = fields
                    .iter()
                    .filter_map(|it| Some((*it, text(&row, it)?)))
                    .collect();
                sieve.see(
                    texts
                        .iter()
                        .any(|(_, text)| patterns.iter().any(|it| fits(it, text))),
                )?;
                let Some((field, _)) = texts.iter().find(|(_, text)| holds(wanted, text)) else {
                    continue;
                };
                if let Some(parent) = text(&row, "parent")
                    && !parents.iter().any(|(known, _)| *known == parent)
                {
                    parents.push((parent, format!("{}.{field}", table.field)));
                }
            }
        }
        self.asked_unless_closed(
            table.rows,
            table.parent,
            Some(wanted.kind),
            parents.len() as u64,
        );
        let shared = table.parent == "Contact" && parents.len() > 1;
        for (parent, field) in parents {
            let Some(place) = place(table.parent) else {
                continue;
            };
            let tie = Tie::Exact {
                by: wanted.kind,
                field,
            };
            let more: &[Caution] = if shared { &[Caution::Shared] } else { &[] };
            self.take(place, &parent, tie, more).await?;
        }
        Ok(())
    }

    /// Remembers a question, unless the place did not answer it.
    pub fn asked_unless_closed(&mut self, place: &str, of: &str, by: Option<SearchKey>, hits: u64) {
        if !self.search.doubts.contains(&Doubt::Closed(of.to_owned())) {
            self.search.asked(place, by, hits);
        }
    }

    /// The patterns of what stands within JSON: numbers without gaps there, for digits are everywhere in it.
    pub fn within_json(wanted: &Identifier) -> Vec<String> {
        match wanted.kind {
            SearchKey::Phone => {
                let number = wanted.canonical();
                let tail = number
                    .get(number.len().saturating_sub(6)..)
                    .unwrap_or_default();
                vec![loose(tail)]
            }
            _ => patterns(wanted),
        }
    }
}
