//! Looking for a person in Mautic: her contacts by exact filters, then everything that hangs on them.

use std::collections::{BTreeMap, HashSet};

use futures_util::future::BoxFuture;
use serde_json::Value;

use super::talk::Rows;
use super::translate::{self, Object, PARTS};
use super::{CONTACTS, Mautic};
use crate::adapters::http::Call;
use crate::domain::identifier::{Identifier, SearchKey, name_words};
use crate::ports::source::{Basket, Caution, Doubt, Fault, Find, Mishap, RecordRef, Search, Tie};

/// Pages of a timeline; each holds so many events of every kind.
const MOST_PAGES: u64 = 1_000;
const EVENTS: u64 = 100;

/// Somebody who was found.
struct Found {
    tie: Tie,
    shared: bool,
}

impl Find for Mautic {
    fn find<'a>(
        &'a self,
        wanted: &'a [Identifier],
        basket: &'a mut dyn Basket,
    ) -> BoxFuture<'a, Result<Search, Mishap>> {
        Box::pin(async move {
            let mut search = Search::default();
            let mut found: BTreeMap<u64, Found> = BTreeMap::new();
            let askable = |it: &Identifier| !self.columns(it.kind).is_empty();
            if wanted.iter().any(askable) && self.sees_too_few().await? {
                search.doubt(Doubt::Unseen(vec![CONTACTS.to_owned()]));
            }
            for identifier in wanted.iter().filter(|it| askable(it)) {
                let columns = self.columns(identifier.kind);
                let hers = self.contacts(identifier, &columns).await?;
                search.asked("contacts", Some(identifier.kind), hers.len() as u64);
                if identifier.kind == SearchKey::Phone {
                    // A number is written as people like: what the pattern misses is not found.
                    search.doubt(Doubt::LowerBound);
                }
                let several = hers.len() > 1 && identifier.kind != SearchKey::Name;
                for (id, tie) in hers {
                    let entry = found.entry(id).or_insert(Found {
                        tie: tie.clone(),
                        shared: several,
                    });
                    entry.shared |= several;
                    if matches!(entry.tie, Tie::Candidate { .. }) {
                        entry.tie = tie;
                    }
                }
            }
            let exact = found.values().any(|it| matches!(it.tie, Tie::Exact { .. }));
            let forms = match exact {
                true => self
                    .open(self.reading.forms().await, "forms", &mut search)?
                    .unwrap_or_default(),
                false => Vec::new(),
            };
            for (id, found) in found {
                self.lay(id, found, wanted, &forms, &mut search, basket)
                    .await?;
            }
            Ok(search)
        })
    }
}

impl Mautic {
    /// The fields in which an identifier of that kind stands.
    fn columns(&self, kind: SearchKey) -> Vec<&str> {
        match kind {
            SearchKey::Email => std::iter::once("email")
                .chain(self.settings.email_fields.iter().map(String::as_str))
                .collect(),
            SearchKey::Phone => vec!["phone", "mobile"],
            SearchKey::Name => vec!["firstname", "lastname"],
            SearchKey::Number => self
                .settings
                .number_fields
                .iter()
                .map(String::as_str)
                .collect(),
            SearchKey::Address | SearchKey::Ip | SearchKey::Handle | SearchKey::Derived => {
                Vec::new()
            }
        }
    }

    /// The contacts that have this identifier. A filter that was not heeded answers with everybody; whoever could not
    /// have passed it ends the search.
    pub(super) async fn contacts(
        &self,
        identifier: &Identifier,
        columns: &[&str],
    ) -> Result<BTreeMap<u64, Tie>, Mishap> {
        let canonical = identifier.canonical();
        let mut hers = BTreeMap::new();
        for column in columns {
            let values: Vec<(&str, String)> = match identifier.kind {
                SearchKey::Email => vec![("eq", canonical.clone())],
                SearchKey::Phone => vec![("like", pattern(&canonical))],
                SearchKey::Name => words(identifier)
                    .into_iter()
                    .map(|word| ("eq", word))
                    .collect(),
                _ => vec![("eq", identifier.value.reveal().trim().to_owned())],
            };
            for (how, value) in values {
                let mut rows = Rows::contacts(column, how, &value);
                while let Some(page) = rows.next(&self.reading).await? {
                    for contact in page {
                        let stands = translate::field(&contact, column).unwrap_or_default();
                        let passes = match how {
                            "like" => like(&stands, &value),
                            _ => translate::collates(&stands, &value) || identifier.is(&stands),
                        };
                        if !passes {
                            let what = "contacts: the filter was not heeded";
                            return Err(Mishap::new(Fault::Flooded, what));
                        }
                        let id = translate::number(&contact, "id").filter(|id| *id > 0);
                        if let (Some(id), Some(tie)) =
                            (id, translate::tie(&contact, identifier, columns))
                        {
                            hers.entry(id).or_insert(tie);
                        }
                    }
                }
            }
        }
        Ok(hers)
    }

    async fn lay(
        &self,
        id: u64,
        found: Found,
        wanted: &[Identifier],
        forms: &[(u64, String)],
        search: &mut Search,
        basket: &mut dyn Basket,
    ) -> Result<(), Mishap> {
        // Between the list and now it may have been merged into another, or gone.
        let Some(contact) = self.reading.contact(id).await? else {
            return Err(Mishap::new(Fault::Conflict, "contacts: gone meanwhile"));
        };
        let exact = matches!(found.tie, Tie::Exact { .. });
        let mut record = translate::contact(&contact, id, found.tie);
        if found.shared {
            record.cautions.push(Caution::Shared);
        }
        let reference = record.reference.clone();
        basket.lay(record).await?;
        if !exact {
            return Ok(());
        }
        if !found.shared {
            self.propose(&contact, &reference, wanted, search);
        }
        let tie = Tie::Linked {
            kind: "contact".to_owned(),
            id: reference.id,
        };
        for part in PARTS {
            let mut rows = Rows::of(&["api", "contacts", &id.to_string(), part.path], part.name);
            let mut laid = 0;
            while let Some(page) = self
                .open(rows.next(&self.reading).await, part.name, search)?
                .flatten()
            {
                for row in page {
                    basket
                        .lay(translate::part(&row, part, id, tie.clone()))
                        .await?;
                    laid += 1;
                }
            }
            search.asked(part.name, None, laid);
        }
        self.timeline(id, &tie, search, basket).await?;
        let mut laid = 0;
        for (form, _) in forms {
            for submission in self.submissions(*form, id, search).await? {
                let Some(number) = translate::number(&submission, "id") else {
                    continue;
                };
                basket
                    .lay(translate::submission(
                        &submission,
                        *form,
                        number,
                        tie.clone(),
                    ))
                    .await?;
                laid += 1;
            }
        }
        search.asked("submissions", None, laid);
        Ok(())
    }

    /// What may not be seen is said, and the rest goes on.
    fn open<T>(
        &self,
        result: Result<T, Mishap>,
        place: &str,
        search: &mut Search,
    ) -> Result<Option<T>, Mishap> {
        match result {
            Ok(there) => Ok(Some(there)),
            Err(mishap)
                if matches!(
                    mishap.fault,
                    Fault::Forbidden | Fault::Missing | Fault::Unknown
                ) =>
            {
                search.doubt(Doubt::Closed(place.to_owned()));
                Ok(None)
            }
            Err(mishap) => Err(mishap),
        }
    }

    /// What she filled into one form.
    pub(super) async fn submissions(
        &self,
        form: u64,
        contact: u64,
        search: &mut Search,
    ) -> Result<Vec<Object>, Mishap> {
        let path = [
            "api",
            "forms",
            &form.to_string(),
            "submissions",
            "contact",
            &contact.to_string(),
        ];
        let mut rows = Rows::of(&path, "submissions");
        let mut hers = Vec::new();
        while let Some(page) = self
            .open(rows.next(&self.reading).await, "submissions", search)?
            .flatten()
        {
            for row in page {
                let lead = row
                    .get("lead")
                    .and_then(Value::as_object)
                    .and_then(|it| translate::number(it, "id"));
                match lead {
                    Some(lead) if lead == contact => hers.push(row),
                    Some(_) => return Err(Mishap::new(Fault::Flooded, "submissions: of others")),
                    None => return Err(Mishap::new(Fault::Unreadable, "submissions: nobody's")),
                }
            }
        }
        Ok(hers)
    }

    /// The timeline, page by page: a page holds so many events of every kind, and some kinds come again on each.
    async fn timeline(
        &self,
        id: u64,
        tie: &Tie,
        search: &mut Search,
        basket: &mut dyn Basket,
    ) -> Result<(), Mishap> {
        let mut laid = 0;
        let mut timeline = Timeline::of(id);
        while let Some(events) = self
            .open(timeline.next(self).await, "activity", search)?
            .flatten()
        {
            for event in events {
                basket
                    .lay(translate::event(&event, id, tie.clone()))
                    .await?;
                laid += 1;
            }
        }
        if timeline.short {
            search.doubt(Doubt::Capped("activity".to_owned()));
        }
        search.asked("activity", None, laid);
        Ok(())
    }

    fn propose(
        &self,
        contact: &Object,
        reference: &RecordRef,
        wanted: &[Identifier],
        search: &mut Search,
    ) {
        let name = translate::full_name(contact);
        for kind in [SearchKey::Email, SearchKey::Phone, SearchKey::Number] {
            for column in self.columns(kind) {
                let value = translate::field(contact, column).unwrap_or_default();
                if let Some(identifier) = Identifier::new(kind, &value) {
                    search.propose(wanted, identifier, reference);
                }
            }
        }
        if let Some(identifier) = Identifier::new(SearchKey::Name, &name) {
            search.propose(wanted, identifier, reference);
        }
    }
}

/// The events of one contact.
pub(super) struct Timeline {
    contact: u64,
    page: u64,
    seen: HashSet<String>,
    done: bool,
    /// Whether more was counted than given.
    pub short: bool,
}

impl Timeline {
    pub fn of(contact: u64) -> Timeline {
        Timeline {
            contact,
            page: 0,
            seen: HashSet::new(),
            done: false,
            short: false,
        }
    }

    /// The next events; none at the end. Without a contact the same address means everybody's: it is never asked so.
    pub async fn next(&mut self, mautic: &Mautic) -> Result<Option<Vec<Object>>, Mishap> {
        if self.done {
            return Ok(None);
        }
        self.page += 1;
        if self.page > MOST_PAGES {
            return Err(Mishap::new(Fault::Flooded, "activity: no end"));
        }
        let call = Call::get(&["api", "contacts", &self.contact.to_string(), "activity"])
            .query("page", self.page.to_string())
            .query("limit", EVENTS.to_string());
        let answer: Object = mautic.reading.ask(call).await?.json()?;
        let (mut events, total) = translate::rows(&answer, "events")?;
        let whose = |event: &Object| match event.get("contactId") {
            None | Some(Value::Null) => true,
            Some(_) => translate::number(event, "contactId") == Some(self.contact),
        };
        if !events.iter().all(whose) {
            return Err(Mishap::new(Fault::Flooded, "activity: of others"));
        }
        let came = events.len();
        events.retain(|event| self.seen.insert(translate::row_key(event)));
        let last = translate::number(&answer, "maxPages");
        self.done = came == 0
            || last.is_some_and(|last| self.page >= last)
            || (last.is_none() && came < 25);
        if came > 0 && events.is_empty() && !self.done {
            return Err(Mishap::new(Fault::Flooded, "activity: the same page again"));
        }
        self.short = self.done && total.is_some_and(|total| (self.seen.len() as u64) < total);
        Ok(Some(events))
    }
}

/// The digits of a number with anything between them, and without its country.
fn pattern(e164: &str) -> String {
    let national = e164
        .strip_prefix("+49")
        .unwrap_or_else(|| e164.trim_start_matches('+'));
    let digits: Vec<String> = national.chars().map(String::from).collect();
    format!("%{}%", digits.join("%"))
}

/// Whether a value holds the digits of the pattern in their order.
fn like(value: &str, pattern: &str) -> bool {
    let mut letters = value.chars();
    pattern
        .chars()
        .filter(char::is_ascii_digit)
        .all(|digit| letters.any(|letter| letter == digit))
}

/// The words of a name, as given and with umlauts written out.
fn words(identifier: &Identifier) -> Vec<String> {
    let name = identifier.value.reveal();
    let given = name
        .split_whitespace()
        .map(|it| it.trim_matches(|it: char| !it.is_alphanumeric()).to_owned());
    let folded = name_words(name);
    let titles_gone = given.filter(|word| name_words(word).iter().all(|it| folded.contains(it)));
    let mut words: Vec<String> = Vec::new();
    for word in titles_gone
        .chain(folded.iter().cloned())
        .filter(|it| it.chars().count() > 1)
    {
        if !words.iter().any(|it| translate::collates(it, &word)) {
            words.push(word);
        }
    }
    words.truncate(6);
    words
}
