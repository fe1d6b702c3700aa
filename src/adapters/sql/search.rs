//! Looks for a person: every statement for which an identifier is known, each row compared by ourselves, then what hangs
//! on the rows that were found.

use std::collections::{HashMap, HashSet};

use futures_util::future::BoxFuture;

use super::Sql;
use super::line::{As, Cell, Row, Session, Taker};
use super::named::{Parameter, Values};
use super::plan::{Finder, Place};
use super::spelling::values;
use crate::domain::identifier::{Identifier, SearchKey};
use crate::domain::private::Private;
use crate::ports::source::{Basket, Doubt, Fault, Find, Mishap, RecordRef, Search, Tie};

/// So many rows of others come by a loose comparison over there; more, and it compares nothing.
const FOREIGN: u64 = 1_000;

impl Find for Sql {
    fn find<'a>(
        &'a self,
        wanted: &'a [Identifier],
        basket: &'a mut dyn Basket,
    ) -> BoxFuture<'a, Result<Search, Mishap>> {
        Box::pin(self.search(wanted, basket))
    }
}

impl Sql {
    async fn search(
        &self,
        wanted: &[Identifier],
        basket: &mut dyn Basket,
    ) -> Result<Search, Mishap> {
        let mut search = Search::default();
        let askable = |place: &Place| !questions(place, wanted).is_empty();
        if !self.plan.places.iter().any(askable) {
            return Ok(search);
        }
        let mut line = self.engine.line(As::Reader).await?;
        let mut session = line.begin().await?;
        let mut found: HashMap<&str, Vec<String>> = HashMap::new();
        for place in &self.plan.places {
            let mut sieve = Sieve {
                sql: self,
                place,
                asked_for: AskedFor::Row(String::new()),
                wanted,
                basket,
                search: &mut search,
                seen: HashSet::new(),
                answers: HashSet::new(),
                keys: Vec::new(),
                foreign: 0,
                garbled: 0,
            };
            match &place.settings.follows {
                Some(follows) => {
                    let keys = found
                        .get(follows.place.as_str())
                        .map(Vec::as_slice)
                        .unwrap_or_default();
                    sieve.follow(session.as_mut(), keys).await?;
                }
                None => {
                    for (finder, identifier) in questions(place, wanted) {
                        sieve.ask(session.as_mut(), finder, identifier).await?;
                    }
                }
            }
            let Sieve { keys, garbled, .. } = sieve;
            if garbled > 0 {
                let place = place.name.clone();
                search.doubt(Doubt::Garbled {
                    place,
                    count: garbled,
                });
            }
            found.insert(&place.name, keys);
        }
        session.end(false).await?;
        Ok(search)
    }
}

/// Which statements are run by which identifiers; what proves comes before what only looks like it.
fn questions<'p>(place: &'p Place, wanted: &'p [Identifier]) -> Vec<(&'p Finder, &'p Identifier)> {
    let mut questions = Vec::new();
    for finder in &place.finders {
        // An IP address is hers for a time only.
        let asks = |it: &&Identifier| {
            finder.by == Some(it.kind)
                && (it.kind != SearchKey::Ip || it.window.is_some())
                && values(it, None)
                    .iter()
                    .any(|values| finder.statement.bound(values).is_some())
        };
        questions.extend(
            wanted
                .iter()
                .filter(asks)
                .map(|identifier| (finder, identifier)),
        );
    }
    let exact = |key: SearchKey| place.settings.exact.contains_key(&key);
    questions.sort_by_key(|(_, it)| {
        matches!(it.kind, SearchKey::Name | SearchKey::Address) || !exact(it.kind)
    });
    questions
}

/// Whose rows are asked for.
enum AskedFor<'a> {
    Person(&'a Identifier),
    /// Of the row with this key.
    Row(String),
}

/// Lets through what is hers.
struct Sieve<'a> {
    sql: &'a Sql,
    place: &'a Place,
    asked_for: AskedFor<'a>,
    wanted: &'a [Identifier],
    basket: &'a mut dyn Basket,
    search: &'a mut Search,
    /// Rows of this place that lie in the basket.
    seen: HashSet<String>,
    /// Rows of hers that this question led to.
    answers: HashSet<String>,
    /// Keys of rows that are hers for certain, for what hangs on them.
    keys: Vec<String>,
    foreign: u64,
    garbled: u64,
}

impl<'a> Sieve<'a> {
    async fn ask(
        &mut self,
        session: &mut dyn Session,
        finder: &Finder,
        identifier: &'a Identifier,
    ) -> Result<(), Mishap> {
        self.asked_for = AskedFor::Person(identifier);
        self.answers.clear();
        self.foreign = 0;
        // A statement with the end of a number alone is the same for each spelling.
        let mut done = HashSet::new();
        for values in values(identifier, self.sql.plan.zone) {
            if let Some(bound) = finder.statement.bound(&values)
                && done.insert(bound.clone())
            {
                session.rows(&finder.statement, &bound, self).await?;
            }
        }
        let hits = self.answers.len() as u64;
        self.search
            .asked(&self.place.name, Some(identifier.kind), hits);
        Ok(())
    }

    async fn follow(&mut self, session: &mut dyn Session, keys: &[String]) -> Result<(), Mishap> {
        self.answers.clear();
        for key in keys {
            self.foreign = 0;
            self.asked_for = AskedFor::Row(key.clone());
            for finder in &self.place.finders {
                let values = Values::from([(Parameter::Id, key.clone())]);
                if let Some(bound) = finder.statement.bound(&values) {
                    session.rows(&finder.statement, &bound, self).await?;
                }
            }
        }
        if !keys.is_empty() {
            let hits = self.answers.len() as u64;
            self.search.asked(&self.place.name, None, hits);
        }
        Ok(())
    }

    fn tie(&self, row: &Row) -> Option<Tie> {
        match &self.asked_for {
            AskedFor::Row(key) => {
                let follows = self.place.settings.follows.as_ref()?;
                (row.text(&follows.column) == Some(key.as_str())).then(|| Tie::Linked {
                    kind: follows.place.clone(),
                    id: Private::new(key.clone()),
                })
            }
            AskedFor::Person(identifier) => {
                let tie = self.place.tie(row, identifier)?;
                match (identifier.kind, identifier.window) {
                    (SearchKey::Ip, Some(window)) => {
                        let at = self.place.at(row, self.sql.plan.zone)?;
                        window.holds(at).then_some(tie)
                    }
                    _ => Some(tie),
                }
            }
        }
    }

    /// Whether a row is only of another time: with her address of a machine, when it may have been somebody else's. It is
    /// not hers, and no sign that the question was not understood.
    fn elsewhen(&self, row: &Row) -> bool {
        match &self.asked_for {
            AskedFor::Person(identifier) => {
                identifier.kind == SearchKey::Ip && self.place.tie(row, identifier).is_some()
            }
            AskedFor::Row(_) => false,
        }
    }

    async fn sift(&mut self, row: Row) -> Result<(), Mishap> {
        self.place.complete(&row)?;
        let Some(tie) = self.tie(&row) else {
            if self.elsewhen(&row) {
                return Ok(());
            }
            self.foreign += 1;
            return match self.foreign > FOREIGN && self.foreign > self.answers.len() as u64 {
                true => Err(Mishap::new(
                    Fault::Flooded,
                    format!("place {}: rows of others", self.place.name),
                )),
                false => Ok(()),
            };
        };
        let key = self.place.id(&row)?.to_owned();
        self.answers.insert(key.clone());
        if !self.seen.insert(key.clone()) {
            return Ok(());
        }
        let bytes: usize = row.cells.iter().map(|(_, cell)| length(cell)).sum();
        if self.seen.len() as u64 > self.sql.plan.most || bytes as u64 > self.sql.limits.largest {
            let what = format!(
                "place {}: more rows or larger ones than are taken",
                self.place.name
            );
            return Err(Mishap::new(Fault::TooLarge, what));
        }
        self.garbled += row
            .cells
            .iter()
            .filter(|(_, it)| matches!(it, Cell::Garbled(_)))
            .count() as u64;
        let record = self.place.record(&row, tie, self.sql.plan.zone)?;
        if !matches!(record.tie, Tie::Candidate { .. }) {
            self.propose(&row, &record.reference);
            self.keys.push(key);
        }
        self.basket.lay(record).await
    }

    fn propose(&mut self, row: &Row, record: &RecordRef) {
        for (&key, columns) in &self.place.settings.exact {
            for value in columns.all().iter().filter_map(|column| row.text(column)) {
                if let Some(identifier) = Identifier::new(key, value) {
                    self.search.propose(self.wanted, identifier, record);
                }
            }
        }
    }
}

fn length(cell: &Cell) -> usize {
    match cell {
        Cell::Text(text) | Cell::Garbled(text) => text.len(),
        Cell::List(texts) => texts.iter().map(String::len).sum(),
        Cell::Null | Cell::Bytes(_) => 0,
    }
}

impl Taker for Sieve<'_> {
    fn take(&mut self, row: Row) -> BoxFuture<'_, Result<(), Mishap>> {
        Box::pin(self.sift(row))
    }
}
