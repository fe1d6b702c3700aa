//! One search through an Odoo: question by question, page by page to the end, each record laid down once.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::domain::Domain;
use super::keys::addresses_in;
use super::models::{CONTACT, LEAD, MESSAGE, Model, PARTNER};
use super::record::{Names, record, reference};
use super::refusal::Refusal;
use super::row::Row;
use super::site::{Fields, Site};
use crate::domain::identifier::{Identifier, SearchKey, name_words};
use crate::ports::source::{Basket, Caution, Doubt, Fault, Mishap, Record, Search, Tie};

/// Records of one page.
const PAGE: usize = 100;
/// The widest page, where others hide what may not be seen.
const WIDEST: usize = 6400;
/// A question with more pages than this never ends.
const MOST_PAGES: usize = 2000;
/// More people who look like her than this nobody looks through.
const MOST_CANDIDATES: usize = 2000;

/// What a row is.
#[derive(Clone, Debug)]
pub enum Verdict {
    /// Hers, or perhaps hers.
    Hers(Tie),
    /// It fits the question and is somebody else's.
    Near,
    /// Nobody asked for it.
    Foreign,
}

/// A question to a model.
pub struct Question<'a> {
    pub site: &'a Site,
    pub model: &'a Model,
    pub fields: &'a Fields,
    /// By what, or none, if it follows links.
    pub by: Option<SearchKey>,
    pub domain: Domain,
    pub judge: &'a (dyn Fn(&Row) -> Verdict + Sync),
}

/// The state of a search.
pub struct Hunt<'a> {
    pub wanted: &'a [Identifier],
    pub search: Search,
    /// What is hers, by model: everything else hangs on these.
    pub hers: BTreeMap<String, BTreeSet<i64>>,
    /// Which of her contacts are companies: people below them are other people.
    pub companies: BTreeSet<i64>,
    /// Attachments of her messages, with the message.
    pub attached: HashMap<i64, i64>,
    basket: &'a mut dyn Basket,
    seen: HashSet<(String, i64)>,
    /// What is only perhaps hers waits until the end: it may turn out to be hers by something better.
    perhaps: Vec<Record>,
    names: Names,
}

impl<'a> Hunt<'a> {
    pub fn new(wanted: &'a [Identifier], basket: &'a mut dyn Basket) -> Hunt<'a> {
        Hunt {
            wanted,
            search: Search::default(),
            hers: BTreeMap::new(),
            companies: BTreeSet::new(),
            attached: HashMap::new(),
            basket,
            seen: HashSet::new(),
            perhaps: Vec::new(),
            names: Names::new(),
        }
    }

    /// The numbers of what is hers of a model.
    pub fn ids(&self, model: &str) -> Vec<i64> {
        self.hers
            .get(model)
            .into_iter()
            .flatten()
            .copied()
            .collect()
    }

    /// Asks, and says what came of it. A place that may not be read is a doubt and ends nothing, if it is not the one
    /// on which all hangs.
    pub async fn ask(&mut self, question: Question<'_>) -> Result<(), Mishap> {
        let model = question.model;
        match self.pages(&question).await {
            Ok(hits) => self.search.asked(model.name.clone(), question.by, hits),
            Err(refusal) if is_of_the_place(&refusal) && model.name != PARTNER => {
                self.search.doubt(Doubt::Closed(model.name.clone()));
            }
            Err(refusal) => return Err(refusal.into()),
        }
        Ok(())
    }

    async fn pages(&mut self, question: &Question<'_>) -> Result<u64, Refusal> {
        let model = question.model;
        let read = question.fields.read_of(model);
        let (mut last, mut size, mut hits) = (0, PAGE, 0);
        for _ in 0..MOST_PAGES {
            // By number and not by place: places shift while somebody deletes.
            let page = Domain::on("id", ">", last).and(question.domain.clone());
            let rows = match question
                .site
                .wire
                .search_read(&model.name, page.value(), &read, size)
                .await
            {
                Err(refusal) if refusal.mishap.fault == Fault::TooLarge && size > 1 => {
                    size = (size / 4).max(1);
                    continue;
                }
                rows => rows?,
            };
            // A short page is no end: only an empty one is.
            let Some(end) = rows.last().map(Row::id) else {
                if !has_more(question, &page).await? {
                    return Ok(hits);
                }
                if size >= WIDEST {
                    self.search.doubt(Doubt::Closed(model.name.clone()));
                    return Ok(hits);
                }
                size = (size * 4).min(WIDEST);
                continue;
            };
            let rising = rows
                .iter()
                .try_fold(last, |before, row| (row.id() > before).then_some(row.id()));
            if rows.len() > size || rising.is_none() {
                return Err(flooded(&model.name));
            }
            last = end;
            hits += self.page(question, rows).await?;
        }
        Err(flooded(&model.name))
    }

    async fn page(&mut self, question: &Question<'_>, rows: Vec<Row>) -> Result<u64, Refusal> {
        let all = rows.len();
        let mut foreign = 0;
        let mut hers = Vec::new();
        for row in rows {
            match (question.judge)(&row) {
                Verdict::Hers(tie) => hers.push((row, tie)),
                Verdict::Near => {}
                Verdict::Foreign => foreign += 1,
            }
        }
        if foreign * 2 > all {
            return Err(flooded(&question.model.name));
        }
        let count = u64::try_from(hers.len()).unwrap_or(u64::MAX);
        let shared = question.model.name == PARTNER && several_people(&hers);
        self.name_links(question, &hers).await?;
        for (row, tie) in hers {
            self.take(question, &row, tie, shared).await?;
        }
        Ok(count)
    }

    async fn take(
        &mut self,
        question: &Question<'_>,
        row: &Row,
        tie: Tie,
        shared: bool,
    ) -> Result<(), Mishap> {
        let model = question.model;
        let key = (model.name.clone(), row.id());
        if self.seen.contains(&key) {
            return Ok(());
        }
        let own = self.is_own(model, row, &tie);
        let mut record = record(model, question.fields, row, tie, own, &self.names);
        if shared && !record.cautions.contains(&Caution::Shared) {
            record.cautions.push(Caution::Shared);
        }
        if matches!(record.tie, Tie::Candidate { .. }) {
            let waits = self
                .perhaps
                .iter()
                .any(|other| other.reference == record.reference);
            match self.perhaps.len() < MOST_CANDIDATES {
                true if !waits => self.perhaps.push(record),
                true => {}
                false => self.search.doubt(Doubt::Capped(model.name.clone())),
            }
            return Ok(());
        }
        self.seen.insert(key);
        self.hers
            .entry(model.name.clone())
            .or_default()
            .insert(row.id());
        if model.name == PARTNER && row.is("is_company") {
            self.companies.insert(row.id());
        }
        if model.name == MESSAGE {
            self.attached.extend(
                row.links("attachment_ids")
                    .into_iter()
                    .map(|file| (file, row.id())),
            );
        }
        if matches!(record.tie, Tie::Exact { .. }) && !record.cautions.contains(&Caution::Shared) {
            self.propose(question, row);
        }
        self.basket.lay(record).await
    }

    /// Whether she wrote it herself.
    fn is_own(&self, model: &Model, row: &Row, tie: &Tie) -> bool {
        let author = || {
            row.link("author_id")
                .is_some_and(|id| self.ids(PARTNER).contains(&id))
        };
        model.name == MESSAGE && (matches!(tie, Tie::Exact { .. }) || author())
    }

    /// Other addresses and numbers of a record that is hers.
    fn propose(&mut self, question: &Question<'_>, row: &Row) {
        let model = question.model;
        if ![PARTNER, LEAD, CONTACT].contains(&model.name.as_str()) {
            return;
        }
        let reference = reference(model, row);
        let texts = |fields: &[String]| -> Vec<String> {
            let plain = fields.iter().filter(|field| *field != "email_cc");
            plain
                .filter_map(|field| row.text(field))
                .map(str::to_owned)
                .collect()
        };
        let mails = texts(&model.email)
            .iter()
            .flat_map(|text| addresses_in(text))
            .collect::<Vec<_>>();
        let numbers = row
            .text("ref")
            .filter(|_| model.name == PARTNER)
            .map(str::to_owned);
        let seen = mails.iter().map(|text| (SearchKey::Email, text.clone()));
        let seen = seen.chain(
            texts(&model.phone)
                .into_iter()
                .map(|text| (SearchKey::Phone, text)),
        );
        for (kind, text) in seen.chain(numbers.map(|text| (SearchKey::Number, text))) {
            if let Some(identifier) = Identifier::new(kind, &text) {
                self.search.propose(self.wanted, identifier, &reference);
            }
        }
    }

    /// Fields of several links hold bare numbers: their names are asked for once.
    async fn name_links(
        &mut self,
        question: &Question<'_>,
        rows: &[(Row, Tie)],
    ) -> Result<(), Refusal> {
        for field in &question.model.fields {
            let Some(kind) = question.fields.kind(field) else {
                continue;
            };
            let Some(relation) = kind
                .relation
                .as_deref()
                .filter(|_| kind.ty.ends_with("2many"))
            else {
                continue;
            };
            if field == "attachment_ids" {
                continue;
            }
            let ids: BTreeSet<i64> = rows.iter().flat_map(|(row, _)| row.links(field)).collect();
            let known = |id: &i64| self.names.contains_key(&(relation.to_owned(), *id));
            let ids: Vec<i64> = ids.into_iter().filter(|id| !known(id)).collect();
            for some in ids.chunks(PAGE) {
                let asked = Domain::within("id", some).value();
                let fields = ["display_name".to_owned()];
                match question
                    .site
                    .wire
                    .search_read(relation, asked, &fields, some.len())
                    .await
                {
                    Ok(found) => self.names.extend(found.iter().filter_map(|row| {
                        Some((
                            (relation.to_owned(), row.id()),
                            row.text("display_name")?.to_owned(),
                        ))
                    })),
                    Err(refusal) if is_of_the_place(&refusal) => {}
                    Err(refusal) => return Err(refusal),
                }
            }
        }
        Ok(())
    }

    /// Lays down what is only perhaps hers, and ends.
    pub async fn end(mut self) -> Result<Search, Mishap> {
        for record in std::mem::take(&mut self.perhaps) {
            let id = record.reference.id.reveal().parse().unwrap_or_default();
            if self.seen.insert((record.reference.kind.clone(), id)) {
                self.basket.lay(record).await?;
            }
        }
        Ok(self.search)
    }
}

/// Whether an empty page is none: of messages and what else hangs on records Odoo first takes a page and then leaves
/// out what the account may not see, and only its count looks at all.
async fn has_more(question: &Question<'_>, page: &Domain) -> Result<bool, Refusal> {
    if question.model.hangs.is_none() {
        return Ok(false);
    }
    let left = question
        .site
        .wire
        .search_count(&question.model.name, page.value())
        .await?;
    Ok(left > 0)
}

/// Whether Odoo itself refuses one place, and not the whole line.
pub fn is_of_the_place(refusal: &Refusal) -> bool {
    !refusal.name.is_empty()
        && matches!(
            refusal.mishap.fault,
            Fault::Forbidden | Fault::Unknown | Fault::Refused | Fault::Missing
        )
}

fn flooded(place: &str) -> Refusal {
    Mishap::new(
        Fault::Flooded,
        format!("{place}: records that nobody asked for"),
    )
    .into()
}

/// Whether contacts that were found by the same thing have different names: a number of the house, a shared mailbox.
fn several_people(rows: &[(Row, Tie)]) -> bool {
    let exact = rows
        .iter()
        .filter(|(_, tie)| matches!(tie, Tie::Exact { .. }));
    let names: BTreeSet<Vec<String>> = exact
        .filter_map(|(row, _)| row.text("name"))
        .map(|name| {
            let mut words = name_words(name);
            words.sort_unstable();
            words
        })
        .collect();
    names.len() > 1
}
