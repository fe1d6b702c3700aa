//! What hangs on the records that were found: deals of a lead, mails of a deal, files of a mail, and the histories in
//! which their old values stand.

use std::collections::HashSet;

use serde_json::Value;

use super::find::{Hunt, Sieve};
use super::listing::{Listing, Question};
use super::places::{PLACES, Place, TIES, place};
use super::spelling::{fits, holds, loose};
use super::wire::{Row, text};
use crate::domain::identifier::SearchKey;
use crate::ports::source::{Mishap, Tie};

/// So many names are asked for in one question.
const CHUNK: usize = 50;
/// On what hangs on a record hang only these.
const DEEP: [&str; 4] = ["File", "Comment", "ToDo", "Communication"];

type Named = (&'static str, String);

fn linked(to: &Named) -> Tie {
    Tie::Linked {
        kind: to.0.to_owned(),
        id: to.1.clone().into(),
    }
}

/// A condition that a field is one of these names.
fn among(names: &[Named]) -> Value {
    Value::from_iter(names.iter().map(|(_, name)| name.as_str()))
}

fn kinds(names: &[Named]) -> Value {
    let kinds: HashSet<_> = names.iter().map(|(kind, _)| *kind).collect();
    Value::from_iter(kinds)
}

/// Which of these records a row hangs on, compared by ourselves.
fn holder<'a>(names: &'a [Named], row: &Row, (kind, name): (&str, &str)) -> Option<&'a Named> {
    let (kind, name) = (text(row, kind)?, text(row, name)?);
    names.iter().find(|it| it.0 == kind && it.1 == name)
}

impl Hunt<'_> {
    /// A conversion keeps the lead and makes a deal and a contact: three places at once, until nothing new comes.
    pub async fn along_families(&mut self) -> Result<(), Mishap> {
        let mut begun = 0;
        loop {
            for (doctype, name, tie) in std::mem::take(&mut self.relations) {
                if let Some(place) = place(doctype) {
                    self.take(place, &name, tie, &[]).await?;
                }
            }
            let fresh: Vec<Named> = self.laid.iter().skip(begun).cloned().collect();
            if fresh.is_empty() {
                return Ok(());
            }
            begun = self.laid.len();
            for (kind, field) in [("CRM Lead", "lead"), ("Contact", "contact")] {
                let names: Vec<_> = fresh.iter().filter(|it| it.0 == kind).cloned().collect();
                for names in names.chunks(CHUNK) {
                    self.deals_of(names, field).await?;
                }
            }
        }
    }

    async fn deals_of(&mut self, names: &[Named], field: &'static str) -> Result<(), Mishap> {
        let question = match field {
            "lead" => Question::to("CRM Deal").only(&["name", "lead"]),
            _ => Question::to_rows("CRM Contacts", "CRM Deal").only(&["name", "parent", "contact"]),
        };
        let mut listing = Listing::of(question.and(field, "in", among(names)));
        let (mut sieve, mut deals) = (Sieve::default(), Vec::new());
        while let Some(page) = self.page(&mut listing, "CRM Deal").await? {
            for row in page {
                let to = text(&row, field).and_then(|id| names.iter().find(|it| it.1 == id));
                sieve.see(to.is_some())?;
                let deal = text(&row, if field == "lead" { "name" } else { "parent" });
                deals.extend(deal.zip(to.map(linked)));
            }
        }
        self.search.asked("CRM Deal", None, deals.len() as u64);
        for (deal, tie) in deals {
            if let Some(place) = place("CRM Deal") {
                self.take(place, &deal, tie, &[]).await?;
            }
        }
        Ok(())
    }

    /// Mails, notes, tasks, calls, addresses, files of what was found; then files and comments of these.
    pub async fn along_links(&mut self) -> Result<(), Mishap> {
        let mut begun = 0;
        for depth in 0..3 {
            let fresh: Vec<Named> = self.laid.iter().skip(begun).cloned().collect();
            begun = self.laid.len();
            for names in fresh.chunks(CHUNK) {
                for place in &PLACES {
                    let wanted = depth == 0 || DEEP.contains(&place.doctype);
                    if wanted && !matches!(place.doctype, "Version" | "Deleted Document") {
                        self.hanging(place, names).await?;
                    }
                }
                if depth == 0 {
                    self.tied(names).await?;
                }
            }
        }
        self.pictures().await
    }

    /// Records whose own fields say of what they hang.
    async fn hanging(&mut self, place: &'static Place, names: &[Named]) -> Result<(), Mishap> {
        let Some(hangs) = place.hangs.filter(|_| self.open(place.doctype)) else {
            return Ok(());
        };
        let question = Question::to(place.doctype)
            .and(hangs.0, "in", kinds(names))
            .and(hangs.1, "in", among(names));
        let (mut listing, mut sieve, mut hits) = (Listing::of(question), Sieve::default(), 0);
        while let Some(page) = self.page(&mut listing, place.doctype).await? {
            for row in page {
                // The pairs are asked for crosswise, and the site takes names for equal that are not.
                let like = text(&row, hangs.1).map(|it| it.to_lowercase());
                sieve.see(
                    names
                        .iter()
                        .any(|(_, name)| Some(name.to_lowercase()) == like),
                )?;
                if let Some(to) = holder(names, &row, hangs) {
                    hits += 1;
                    self.take_row(place, row, linked(to)).await?;
                }
            }
        }
        self.asked_unless_closed(place.doctype, place.doctype, None, hits);
        Ok(())
    }

    /// Records that have a table of what they hang on.
    async fn tied(&mut self, names: &[Named]) -> Result<(), Mishap> {
        for (doctype, parent, kind, name) in TIES {
            let Some(place) = place(parent).filter(|it| self.open(it.doctype)) else {
                continue;
            };
            let question = Question::to_rows(doctype, parent)
                .and("parenttype", "=", parent)
                .and(kind, "in", kinds(names))
                .and(name, "in", among(names));
            let (mut listing, mut found) = (Listing::of(question), Vec::new());
            while let Some(page) = self.page(&mut listing, parent).await? {
                for row in page {
                    let to = holder(names, &row, (kind, name));
                    let here = text(&row, "parenttype").is_none_or(|it| it == parent);
                    found.extend(text(&row, "parent").zip(to.map(linked)).filter(|_| here));
                }
            }
            self.asked_unless_closed(doctype, parent, None, found.len() as u64);
            for (record, tie) in found {
                self.take(place, &record, tie, &[]).await?;
            }
        }
        Ok(())
    }

    /// Pictures that a record shows and that hang on nothing.
    async fn pictures(&mut self) -> Result<(), Mishap> {
        let Some(place) = place("File").filter(|it| self.open(it.doctype)) else {
            return Ok(());
        };
        let pictures = std::mem::take(&mut self.pictures);
        let urls: Vec<Named> = pictures.keys().map(|url| ("File", url.clone())).collect();
        for urls in urls.chunks(CHUNK) {
            let mut listing = Listing::of(Question::to("File").and("file_url", "in", among(urls)));
            while let Some(page) = self.page(&mut listing, "File").await? {
                for row in page {
                    if let Some(to) = text(&row, "file_url").and_then(|url| pictures.get(&url)) {
                        self.take_row(place, row, linked(to)).await?;
                    }
                }
            }
        }
        Ok(())
    }

    /// Old values and deleted records: `Version` keeps what was changed, `Deleted Document` all that was ever deleted.
    pub async fn through_history(&mut self) -> Result<(), Mishap> {
        let names = self.laid.clone();
        for place in ["Version", "Deleted Document"]
            .iter()
            .filter_map(|it| place(it))
        {
            if !self.open(place.doctype) {
                continue;
            }
            for names in names.chunks(CHUNK) {
                self.hanging(place, names).await?;
            }
            self.mentions(place).await?;
        }
        let roots = names
            .iter()
            .filter(|it| matches!(it.0, "CRM Lead" | "CRM Deal" | "Contact"));
        for root in roots {
            self.deleted_of(root).await?;
        }
        Ok(())
    }

    /// Histories in which one of her addresses or numbers stands as a value: of records that are gone, too.
    async fn mentions(&mut self, place: &'static Place) -> Result<(), Mishap> {
        let wanted = self.wanted;
        for wanted in wanted.iter().filter(|it| it.kind != SearchKey::Name) {
            let patterns = Self::within_json(wanted);
            let question = patterns
                .iter()
                .fold(Question::to(place.doctype), |question, pattern| {
                    question.or("data", "like", pattern.as_str())
                });
            let (mut listing, mut sieve, mut hits) = (Listing::of(question), Sieve::default(), 0);
            while let Some(page) = self.page(&mut listing, place.doctype).await? {
                for row in page {
                    let data = text(&row, "data").unwrap_or_default();
                    sieve.see(patterns.iter().any(|it| fits(it, &data)))?;
                    let (by, field) = (wanted.kind, "data".to_owned());
                    let tie = if values(&data).iter().any(|value| holds(wanted, value)) {
                        Tie::Exact { by, field }
                    } else if by == SearchKey::Email && wanted.mentioned_in(&data) {
                        Tie::Candidate { by, field }
                    } else {
                        continue;
                    };
                    hits += 1;
                    self.lay(place, &row, tie, &[]).await?;
                }
            }
            self.asked_unless_closed(place.doctype, place.doctype, Some(wanted.kind), hits);
        }
        Ok(())
    }

    /// Deleted records that hung on one of hers.
    async fn deleted_of(&mut self, root: &Named) -> Result<(), Mishap> {
        let Some(place) = place("Deleted Document").filter(|it| self.open(it.doctype)) else {
            return Ok(());
        };
        let question = Question::to(place.doctype).and("data", "like", loose(&root.1));
        let mut listing = Listing::of(question);
        while let Some(page) = self.page(&mut listing, place.doctype).await? {
            for row in page {
                if text(&row, "data").is_some_and(|data| hung_on(&data, root.0, &root.1)) {
                    self.lay(place, &row, linked(root), &[]).await?;
                }
            }
        }
        Ok(())
    }
}

/// All values in a JSON text, and in JSON texts within it: a deleted history is one in another.
pub fn values(data: &str) -> Vec<String> {
    fn gather(value: Value, depth: u8, into: &mut Vec<String>) {
        match value {
            Value::String(text) => {
                if depth < 4
                    && text.starts_with(['{', '['])
                    && let Ok(inner) = serde_json::from_str(&text)
                {
                    gather(inner, depth + 1, into);
                }
                into.push(text);
            }
            Value::Array(inner) => inner.into_iter().for_each(|it| gather(it, depth, into)),
            Value::Object(inner) => inner
                .into_iter()
                .for_each(|(_, it)| gather(it, depth, into)),
            _ => {}
        }
    }
    let mut into = Vec::new();
    if let Ok(value) = serde_json::from_str(data) {
        gather(value, 0, &mut into);
    }
    into
}

/// Whether the deleted record in this JSON text hung on that one.
pub fn hung_on(data: &str, doctype: &str, name: &str) -> bool {
    let Ok(Value::Object(row)) = serde_json::from_str::<Value>(data) else {
        return false;
    };
    let mut pairs = PLACES.iter().filter_map(|place| place.hangs);
    let own = pairs.any(|(kind, id)| {
        text(&row, kind).as_deref() == Some(doctype) && text(&row, id).as_deref() == Some(name)
    });
    let tables = row
        .values()
        .filter_map(Value::as_array)
        .flatten()
        .filter_map(Value::as_object);
    let mut links = tables.filter(|row| text(row, "link_doctype").as_deref() == Some(doctype));
    own || links.any(|row| text(row, "link_name").as_deref() == Some(name))
}
