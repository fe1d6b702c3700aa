//! Looking for a person in Zammad: her users first, then what hangs on them, then her address in other people's tickets.

use std::collections::{BTreeMap, HashSet};

use futures_util::future::BoxFuture;
use serde_json::json;

use super::Zammad;
use super::talk::Question;
use super::translate::{self, Object};
use crate::adapters::http::Call;
use crate::domain::identifier::{Identifier, SearchKey};
use crate::ports::source::{
    Basket, Caution, Doubt, Fault, Find, Mishap, Record, RecordRef, Search, Tie,
};

/// Pages of an answer; more is no answer to a question about one person.
const MOST_PAGES: u64 = 2_000;
/// Pages of a search by text, which finds much that is not meant.
const FEW_PAGES: u64 = 40;
/// So many tickets in a row that do not name her after all: the search is not worth more.
const FRUITLESS: u32 = 100;

/// One search on its way.
struct Run<'a> {
    wanted: &'a [Identifier],
    basket: &'a mut dyn Basket,
    search: Search,
    tickets: HashSet<u64>,
    articles: HashSet<u64>,
    organizations: HashSet<u64>,
    /// Whether the database answers, past the index.
    selects: bool,
}

/// Somebody who was found.
struct Found {
    user: Object,
    tie: Tie,
    shared: bool,
}

impl Find for Zammad {
    fn find<'a>(
        &'a self,
        wanted: &'a [Identifier],
        basket: &'a mut dyn Basket,
    ) -> BoxFuture<'a, Result<Search, Mishap>> {
        Box::pin(async move {
            let mut run = Run {
                wanted,
                basket,
                search: Search::default(),
                tickets: HashSet::new(),
                articles: HashSet::new(),
                organizations: HashSet::new(),
                selects: false,
            };
            let known = |it: &Identifier| !matches!(it.kind, SearchKey::Address | SearchKey::Ip);
            if !wanted.iter().any(known) {
                return Ok(run.search);
            }
            let me = self.reading.me().await?;
            match self.unseen(&me).await? {
                Some(unseen) if unseen.is_empty() => {}
                Some(unseen) => run.search.doubt(Doubt::Unseen(unseen)),
                None => run.search.doubt(Doubt::Closed("groups".to_owned())),
            }
            run.selects = self.reading.selects(&me).await?;
            if !run.selects {
                run.search.doubt(Doubt::Engine);
            }
            self.users(&mut run).await?;
            for identifier in wanted.iter().filter(|it| it.kind == SearchKey::Number) {
                self.numbered(identifier, &mut run).await?;
            }
            if self.settings.mentions {
                for identifier in wanted.iter().filter(|it| it.kind == SearchKey::Email) {
                    self.mentioned(identifier, &mut run).await?;
                }
            }
            Ok(run.search)
        })
    }
}

impl Zammad {
    async fn users(&self, run: &mut Run<'_>) -> Result<(), Mishap> {
        let mut found: BTreeMap<u64, Found> = BTreeMap::new();
        for identifier in run.wanted {
            let users = match run.selects {
                true => self.by_condition(identifier, run).await?,
                false => self.by_text(identifier, run).await?,
            };
            let Some(users) = users else {
                continue;
            };
            run.search
                .asked("users", Some(identifier.kind), users.len() as u64);
            // Who shares an address or a number with others is not known by it alone.
            let several = users.len() > 1 && identifier.kind != SearchKey::Name;
            for (id, (user, tie)) in users {
                let entry = found.entry(id).or_insert(Found {
                    user,
                    tie: tie.clone(),
                    shared: several,
                });
                entry.shared |= several;
                if matches!(entry.tie, Tie::Candidate { .. }) {
                    entry.tie = tie;
                }
            }
        }
        for (id, found) in found {
            self.lay_user(id, found, run).await?;
        }
        Ok(())
    }

    /// The users that are hers among what a question brought.
    async fn hers(
        &self,
        question: Question,
        identifier: &Identifier,
        most: u64,
        run: &mut Run<'_>,
        hers: &mut BTreeMap<u64, (Object, Tie)>,
    ) -> Result<(), Mishap> {
        let mut pages = question.pages(most);
        while let Some(rows) = pages.next(&self.reading).await? {
            for user in rows {
                let tie = translate::tie(&user, identifier, &self.settings.number_fields);
                if let (Some(tie), Some(id)) = (tie, translate::number(&user, "id")) {
                    hers.entry(id).or_insert((user, tie));
                }
            }
        }
        if pages.short {
            run.search.doubt(Doubt::Capped("users".to_owned()));
        }
        Ok(())
    }

    /// By conditions: exact where Zammad stores one spelling, by a pattern where people write as they like.
    async fn by_condition(
        &self,
        identifier: &Identifier,
        run: &mut Run<'_>,
    ) -> Result<Option<BTreeMap<u64, (Object, Tie)>>, Mishap> {
        let canonical = identifier.canonical();
        let questions: Vec<(String, &str, String)> = match identifier.kind {
            SearchKey::Email => ["email", "login"]
                .map(|it| (it.to_owned(), "is", canonical.clone()))
                .to_vec(),
            SearchKey::Handle => vec![("login".to_owned(), "is", canonical.clone())],
            SearchKey::Number if self.settings.number_fields.is_empty() => return Ok(None),
            SearchKey::Number => {
                let as_given = identifier.value.reveal().clone();
                self.settings
                    .number_fields
                    .iter()
                    .map(|it| (it.clone(), "is", as_given.clone()))
                    .collect()
            }
            SearchKey::Phone => ["phone", "mobile", "fax"]
                .map(|it| (it.to_owned(), "matches regex", pattern(&canonical)))
                .to_vec(),
            SearchKey::Name => spellings(identifier)
                .into_iter()
                .flat_map(|word| {
                    ["firstname", "lastname"].map(|it| (it.to_owned(), "contains", word.clone()))
                })
                .collect(),
            SearchKey::Address | SearchKey::Ip | SearchKey::Derived => return Ok(None),
        };
        let mut hers = BTreeMap::new();
        for (field, operator, value) in questions {
            let question = Question::by("users", &format!("user.{field}"), operator, json!(value));
            let done = self
                .hers(question, identifier, MOST_PAGES, run, &mut hers)
                .await;
            match done {
                // The others were answered: this field is switched off here.
                Err(mishap) if mishap.fault == Fault::Refused && field == "fax" => {
                    run.search.doubt(Doubt::LowerBound);
                }
                // A database that knows no patterns: the usual spellings are asked for instead.
                Err(mishap)
                    if mishap.fault == Fault::Refused && identifier.kind == SearchKey::Phone =>
                {
                    run.search.doubt(Doubt::LowerBound);
                    return self.by_text(identifier, run).await;
                }
                other => other?,
            }
        }
        Ok(Some(hers))
    }

    /// By text, where nobody knows which of two engines answers: the bare value first, then what the other one would
    /// understand. Everything is compared by ourselves.
    async fn by_text(
        &self,
        identifier: &Identifier,
        run: &mut Run<'_>,
    ) -> Result<Option<BTreeMap<u64, (Object, Tie)>>, Mishap> {
        let canonical = identifier.canonical();
        let mut hers = BTreeMap::new();
        let texts: Vec<(String, bool)> = match identifier.kind {
            SearchKey::Address | SearchKey::Ip | SearchKey::Derived => return Ok(None),
            SearchKey::Number if self.settings.number_fields.is_empty() => return Ok(None),
            SearchKey::Email => {
                let quoted = canonical.replace(['"', '\\'], "");
                vec![
                    (canonical.clone(), false),
                    (format!("email:\"{quoted}\""), false),
                    (canonical.clone(), true),
                ]
            }
            SearchKey::Phone => {
                run.search.doubt(Doubt::LowerBound);
                phone_spellings(&canonical, identifier)
                    .into_iter()
                    .map(|it| (it, false))
                    .collect()
            }
            SearchKey::Name => spellings(identifier)
                .into_iter()
                .map(|it| (it, false))
                .collect(),
            SearchKey::Number | SearchKey::Handle => {
                vec![(identifier.value.reveal().clone(), false)]
            }
        };
        let several = matches!(identifier.kind, SearchKey::Phone | SearchKey::Name);
        let local = canonical.split('@').next().unwrap_or_default().to_owned();
        // At last the beginning of the address alone: some engines know no whole one.
        let last =
            (identifier.kind == SearchKey::Email && local.len() > 2).then_some((local, true));
        for (text, sorted) in texts.into_iter().chain(last) {
            if !several && !hers.is_empty() {
                break;
            }
            let question = Question::text("users", text, sorted);
            match self
                .hers(question, identifier, FEW_PAGES, run, &mut hers)
                .await
            {
                Err(mishap) if mishap.fault == Fault::Flooded => {
                    run.search.doubt(Doubt::Capped("users".to_owned()))
                }
                other => other?,
            }
        }
        Ok(Some(hers))
    }

    async fn lay_user(&self, id: u64, found: Found, run: &mut Run<'_>) -> Result<(), Mishap> {
        let exact = matches!(found.tie, Tie::Exact { .. });
        let mut record = translate::user(&found.user, id, found.tie);
        let staff = !self.customer(&found.user);
        if staff {
            record.cautions.push(Caution::Staff);
        }
        if found.shared {
            record.cautions.push(Caution::Shared);
        }
        let reference = record.reference.clone();
        run.basket.lay(record).await?;
        if !exact {
            return Ok(());
        }
        if !found.shared && !staff {
            propose(&found.user, &reference, run);
        }
        let tie = Tie::Linked {
            kind: "user".to_owned(),
            id: reference.id,
        };
        self.tickets(id, &tie, run).await?;
        self.organizations(&found.user, &tie, run).await
    }

    /// The tickets whose customer she is.
    async fn tickets(&self, customer: u64, tie: &Tie, run: &mut Run<'_>) -> Result<(), Mishap> {
        let mut laid = 0;
        for ticket in self.tickets_of(customer, &mut run.search).await? {
            laid += u64::from(self.lay_ticket(&ticket, tie, run).await?);
        }
        run.search.asked("tickets", None, laid);
        match run.selects {
            true => Ok(()),
            false => self.compare_with_list(customer, run).await,
        }
    }

    /// An old Zammad may ignore conditions and answer with nothing: the short list that it shows to agents tells.
    async fn compare_with_list(&self, customer: u64, run: &mut Run<'_>) -> Result<(), Mishap> {
        let call = Call::get(&["ticket_customer"]).query("customer_id", customer.to_string());
        let list = match self.reading.object(&call).await {
            Err(mishap)
                if matches!(
                    mishap.fault,
                    Fault::Missing | Fault::Forbidden | Fault::Refused
                ) =>
            {
                return Ok(());
            }
            other => other?,
        };
        for key in ["ticket_ids_open", "ticket_ids_closed"] {
            let ids = list
                .get(key)
                .and_then(serde_json::Value::as_array)
                .into_iter()
                .flatten();
            if ids
                .filter_map(serde_json::Value::as_u64)
                .any(|id| !run.tickets.contains(&id))
            {
                run.search.doubt(Doubt::Capped("tickets".to_owned()));
            }
        }
        Ok(())
    }

    /// The tickets whose customer that user is now, without their messages.
    pub(super) async fn tickets_of(
        &self,
        customer: u64,
        search: &mut Search,
    ) -> Result<Vec<Object>, Mishap> {
        let question = Question::by(
            "tickets",
            "ticket.customer_id",
            "is",
            json!(customer.to_string()),
        );
        let mut pages = question.pages(MOST_PAGES);
        let mut tickets = Vec::new();
        while let Some(rows) = pages.next(&self.reading).await? {
            let came = rows.len();
            let before = tickets.len();
            let hers = |ticket: &Object| translate::number(ticket, "customer_id") == Some(customer);
            tickets.extend(rows.into_iter().filter(hers));
            if (tickets.len() - before) * 2 < came {
                return Err(Mishap::new(Fault::Flooded, "tickets: of other customers"));
            }
        }
        if pages.short {
            search.doubt(Doubt::Capped("tickets".to_owned()));
        }
        Ok(tickets)
    }

    /// Lays a ticket and its messages, once.
    async fn lay_ticket(
        &self,
        ticket: &Object,
        tie: &Tie,
        run: &mut Run<'_>,
    ) -> Result<bool, Mishap> {
        let Some(id) = translate::number(ticket, "id").filter(|id| run.tickets.insert(*id)) else {
            return Ok(false);
        };
        let tags = self.reading.tags(id).await?;
        let record = translate::ticket(ticket, id, tie.clone(), &tags);
        let linked = Tie::Linked {
            kind: "ticket".to_owned(),
            id: record.reference.id.clone(),
        };
        run.basket.lay(record).await?;
        let customer = translate::number(ticket, "customer_id");
        for article in self.reading.articles(id).await? {
            let mut record = self.article(&article, id, linked.clone(), run);
            let author = translate::number(&article, "created_by_id");
            if let Some(record) = &mut record {
                // Somebody else than her who is no agent wrote in her ticket.
                let other = author.is_some() && author != customer && author != Some(1);
                if other
                    && translate::text(&article, "sender") == "Customer"
                    && record.cautions.is_empty()
                {
                    record.cautions.push(Caution::Others);
                }
            }
            if let Some(record) = record {
                run.basket.lay(record).await?;
            }
        }
        Ok(true)
    }

    fn article(
        &self,
        article: &Object,
        ticket: u64,
        tie: Tie,
        run: &mut Run<'_>,
    ) -> Option<Record> {
        let id = translate::number(article, "id").filter(|id| run.articles.insert(*id))?;
        Some(translate::article(article, ticket, id, tie))
    }

    async fn organizations(
        &self,
        user: &Object,
        tie: &Tie,
        run: &mut Run<'_>,
    ) -> Result<(), Mishap> {
        let more = user
            .get("organization_ids")
            .and_then(serde_json::Value::as_array);
        let more = more
            .into_iter()
            .flatten()
            .filter_map(serde_json::Value::as_u64);
        let ids: Vec<u64> = translate::number(user, "organization_id")
            .into_iter()
            .chain(more)
            .collect();
        let mut laid = 0;
        for id in ids {
            if id == 0 || !run.organizations.insert(id) {
                continue;
            }
            match self.reading.one("organizations", id).await {
                Ok(Some(organization)) => {
                    run.basket
                        .lay(translate::organization(&organization, id, tie.clone()))
                        .await?;
                    laid += 1;
                }
                Ok(None) => {}
                Err(mishap) if mishap.fault == Fault::Forbidden => {
                    run.search.doubt(Doubt::Closed("organizations".to_owned()));
                }
                Err(mishap) => return Err(mishap),
            }
        }
        run.search.asked("organizations", None, laid);
        Ok(())
    }

    /// A ticket by its number.
    async fn numbered(&self, identifier: &Identifier, run: &mut Run<'_>) -> Result<(), Mishap> {
        let value = identifier.value.reveal().trim();
        let question = Question::by("tickets", "ticket.number", "is", json!(value));
        let mut pages = question.pages(MOST_PAGES);
        let mut laid = 0;
        while let Some(rows) = pages.next(&self.reading).await? {
            let came = rows.len();
            let is = |it: &Object| {
                it.get("number")
                    .and_then(translate::shown)
                    .is_some_and(|it| identifier.is(&it))
            };
            let hers: Vec<Object> = rows.into_iter().filter(is).collect();
            if hers.len() * 2 < came {
                return Err(Mishap::new(Fault::Flooded, "tickets: other numbers"));
            }
            let tie = Tie::Exact {
                by: SearchKey::Number,
                field: "number".to_owned(),
            };
            for ticket in hers {
                laid += u64::from(self.lay_ticket(&ticket, &tie, run).await?);
            }
        }
        run.search.asked("tickets", Some(SearchKey::Number), laid);
        Ok(())
    }

    /// Her address in other people's tickets. The text search leaves out who got a copy; the conditions do not.
    async fn mentioned(&self, identifier: &Identifier, run: &mut Run<'_>) -> Result<(), Mishap> {
        let address = identifier.canonical();
        let mut looked = HashSet::new();
        for field in ["from", "to", "cc", "subject", "body"] {
            let question = Question::by(
                "tickets",
                &format!("article.{field}"),
                "contains",
                json!(address),
            );
            let mut pages = question.pages(MOST_PAGES);
            let (mut hits, mut fruitless) = (0, 0);
            'pages: loop {
                let rows = match pages.next(&self.reading).await {
                    Ok(Some(rows)) => rows,
                    Ok(None) => break,
                    Err(mishap) if matches!(mishap.fault, Fault::Refused | Fault::Unknown) => {
                        run.search.doubt(Doubt::Closed(format!("article.{field}")));
                        break;
                    }
                    Err(mishap) => return Err(mishap),
                };
                for ticket in rows {
                    let id = translate::number(&ticket, "id").unwrap_or_default();
                    if run.tickets.contains(&id) || !looked.insert(id) {
                        continue;
                    }
                    let laid = self.lay_mentions(&ticket, id, identifier, run).await?;
                    hits += laid;
                    fruitless = if laid == 0 { fruitless + 1 } else { 0 };
                    if fruitless >= FRUITLESS {
                        run.search.doubt(Doubt::Capped(format!("article.{field}")));
                        break 'pages;
                    }
                }
            }
            run.search
                .asked(format!("article.{field}"), Some(SearchKey::Email), hits);
        }
        run.search.doubt(Doubt::LowerBound);
        Ok(())
    }

    async fn lay_mentions(
        &self,
        ticket: &Object,
        id: u64,
        identifier: &Identifier,
        run: &mut Run<'_>,
    ) -> Result<u64, Mishap> {
        let mut laid = 0;
        for article in self.reading.articles(id).await? {
            let Some(tie) = translate::mention(&article, identifier) else {
                continue;
            };
            let Some(mut record) = self.article(&article, id, tie, run) else {
                continue;
            };
            if !record.cautions.contains(&Caution::Others) {
                record.cautions.push(Caution::Others);
            }
            let number = translate::text(ticket, "number");
            record
                .fields
                .insert(0, crate::ports::source::Field::plain("ticket", number));
            run.basket.lay(record).await?;
            laid += 1;
        }
        Ok(laid)
    }
}

fn propose(user: &Object, reference: &RecordRef, run: &mut Run<'_>) {
    let name = translate::full_name(user);
    let seen = [
        (SearchKey::Email, translate::text(user, "email")),
        (SearchKey::Email, translate::text(user, "login")),
        (SearchKey::Phone, translate::text(user, "phone")),
        (SearchKey::Phone, translate::text(user, "mobile")),
        (SearchKey::Name, name.as_str()),
    ];
    for (kind, text) in seen {
        if let Some(identifier) = Identifier::new(kind, text) {
            run.search.propose(run.wanted, identifier, reference);
        }
    }
}

/// The digits of a number with anything between them, and without its country: `+49 170…` and `0170…` are one number.
fn pattern(e164: &str) -> String {
    let national = e164
        .strip_prefix("+49")
        .unwrap_or_else(|| e164.trim_start_matches('+'));
    let digits: Vec<String> = national.chars().map(String::from).collect();
    digits.join("[^0-9]*")
}

/// The usual spellings of a number, where nothing but letters is compared over there.
fn phone_spellings(e164: &str, identifier: &Identifier) -> Vec<String> {
    let mut spellings = vec![identifier.value.reveal().clone(), e164.to_owned()];
    spellings.push(e164.trim_start_matches('+').to_owned());
    if let Some(national) = e164.strip_prefix("+49") {
        spellings.push(format!("0{national}"));
        // What is written in groups has its last digits together more often than its first.
        let tail = national.len().saturating_sub(4);
        spellings.extend(national.get(tail..).map(str::to_owned));
    }
    let mut once = HashSet::new();
    spellings.retain(|it| !it.is_empty() && once.insert(it.clone()));
    spellings
}

/// The longest word of a name, as given and with its umlauts written out.
fn spellings(identifier: &Identifier) -> Vec<String> {
    let name = identifier.value.reveal();
    let longest = |words: Vec<String>| words.into_iter().max_by_key(|word| word.chars().count());
    let letters = |it: &str| {
        it.trim_matches(|letter: char| !letter.is_alphanumeric())
            .to_owned()
    };
    let given = longest(name.split_whitespace().map(letters).collect());
    let folded = longest(crate::domain::identifier::name_words(name));
    let mut all: Vec<String> = given
        .into_iter()
        .chain(folded)
        .filter(|it| !it.is_empty())
        .collect();
    all.dedup_by(|a, b| a.to_lowercase() == b.to_lowercase());
    all
}
