//! Looks for a person in an Odoo: first by what is known of her, then along all links from what is hers, last by what
//! only may be hers.

use std::sync::Arc;

use futures_util::future::BoxFuture;

use super::Odoo;
use super::domain::{Domain, literal};
use super::hunt::{Hunt, Question, Verdict, is_of_the_place};
use super::keys::{Hit, judge, mentions, question};
use super::models::{ATTACHMENT, MESSAGE, Model, PARTNER, TRACKING, table};
use super::row::Row;
use super::site::{Fields, Site};
use super::trail;
use crate::domain::identifier::{Identifier, SearchKey};
use crate::ports::source::{Basket, Doubt, Fault, Find, Mishap, Search, Tie};

/// What a record is surely hers by.
const SURE: [SearchKey; 4] = [
    SearchKey::Email,
    SearchKey::Phone,
    SearchKey::Number,
    SearchKey::Handle,
];

/// A model as this site has it.
pub struct Place {
    pub model: Model,
    pub site: Arc<Site>,
    pub fields: Arc<Fields>,
}

impl Place {
    /// A question to it.
    pub fn question<'a>(
        &'a self,
        by: Option<SearchKey>,
        domain: Domain,
        judge: &'a (dyn Fn(&Row) -> Verdict + Sync),
    ) -> Question<'a> {
        Question {
            site: &self.site,
            model: &self.model,
            fields: &self.fields,
            by,
            domain,
            judge,
        }
    }
}

impl Find for Odoo {
    fn find<'a>(
        &'a self,
        wanted: &'a [Identifier],
        basket: &'a mut dyn Basket,
    ) -> BoxFuture<'a, Result<Search, Mishap>> {
        Box::pin(async move {
            let known = |identifier: &Identifier| {
                SURE.contains(&identifier.kind) || identifier.kind == SearchKey::Name
            };
            if !wanted.iter().any(known) {
                return Ok(Search::default());
            }
            let found = self.hunt(wanted, basket).await;
            if found.is_err() {
                self.forget();
            }
            found
        })
    }
}

impl Odoo {
    async fn hunt(&self, wanted: &[Identifier], basket: &mut dyn Basket) -> Result<Search, Mishap> {
        let mut hunt = Hunt::new(wanted, basket);
        let places = self.places(&mut hunt).await?;
        let sure = |hunt: &Hunt<'_>| {
            SURE.into_iter()
                .filter(|key| has(hunt.wanted, *key))
                .collect::<Vec<_>>()
        };
        for place in places.iter().filter(|place| place.model.has_door()) {
            for key in sure(&hunt) {
                by_key(&mut hunt, place, key).await?;
            }
        }
        let partners = places.iter().find(|place| place.model.name == PARTNER);
        if let Some(partners) = partners {
            trail::accounts_persons(&mut hunt, partners, &places).await?;
            trail::below(&mut hunt, partners).await?;
        }
        for place in &places {
            trail::along_links(&mut hunt, place).await?;
            trail::hanging(&mut hunt, place).await?;
        }
        for place in places.iter().filter(|place| place.model.has_door()) {
            by_key(&mut hunt, place, SearchKey::Name).await?;
        }
        if self.search_texts {
            for place in &places {
                in_texts(&mut hunt, place).await?;
            }
        }
        self.doubt_companies(&mut hunt).await?;
        let few = self.too_few().await?;
        if !few.is_empty() {
            hunt.search.doubt(Doubt::Unseen(few));
        }
        hunt.end().await
    }

    /// The models of the table that this site has, in an order in which each comes after what it hangs on.
    async fn places(&self, hunt: &mut Hunt<'_>) -> Result<Vec<Place>, Mishap> {
        let reading = self.reading.site().await?;
        let admin = match &self.administrator {
            Some(seat) => Some(seat.site().await?),
            None => None,
        };
        reading.needs(PARTNER).await?;
        let mut models = self.models();
        match &admin {
            Some(site) => match site.others(&models).await {
                Ok(others) => models.extend(others),
                Err(refusal) if is_of_the_place(&refusal) => closed(hunt, "ir.model.fields"),
                Err(refusal) => return Err(refusal.into()),
            },
            // Which other modules lead to contacts, only an administrator's key is told.
            None => closed(hunt, "ir.model.fields"),
        }
        let mut places = Vec::new();
        for model in models {
            let site = match &admin {
                Some(site) if model.closed => site,
                _ => &reading,
            };
            match site.fields(&model.name).await {
                Ok(Some(fields)) => places.push(Place {
                    site: Arc::clone(site),
                    model,
                    fields,
                }),
                Ok(None) => {}
                Err(refusal) if refusal.is_access() && model.name != PARTNER => {
                    closed(hunt, &model.name)
                }
                Err(refusal) => return Err(refusal.into()),
            }
        }
        // Messages hang on all others, files on messages too, and the history on messages.
        places.sort_by_key(|place| match place.model.name.as_str() {
            MESSAGE => 1,
            ATTACHMENT | TRACKING => 2,
            name if place.model.hangs.is_some() || name == "mail.activity" => 1,
            _ => 0,
        });
        Ok(places)
    }

    /// All models that are looked at: those of the table, and those that the settings name.
    pub(super) fn models(&self) -> Vec<Model> {
        let mut models = table();
        for also in &self.also {
            models.retain(|model| model.name != also.name);
            models.push(also.clone());
        }
        models
    }

    /// Records of companies that the account is no member of vanish without a word.
    async fn doubt_companies(&self, hunt: &mut Hunt<'_>) -> Result<(), Mishap> {
        let companies = match self.reading.site().await?.companies().await {
            Ok(companies) => companies,
            Err(refusal) if is_of_the_place(&refusal) || refusal.mishap.fault == Fault::Unknown => {
                closed(hunt, "res.users.company_ids");
                return Ok(());
            }
            Err(refusal) => return Err(refusal.into()),
        };
        let unseen = companies.unseen(&self.companies);
        if !unseen.is_empty() {
            hunt.search.doubt(Doubt::Unseen(unseen));
        }
        Ok(())
    }
}

fn closed(hunt: &mut Hunt<'_>, place: &str) {
    hunt.search.doubt(Doubt::Closed(place.to_owned()));
}

fn has(wanted: &[Identifier], key: SearchKey) -> bool {
    wanted.iter().any(|identifier| identifier.kind == key)
}

/// By all identifiers of one kind.
async fn by_key(hunt: &mut Hunt<'_>, place: &Place, key: SearchKey) -> Result<(), Mishap> {
    let wanted: Vec<&Identifier> = hunt
        .wanted
        .iter()
        .filter(|identifier| identifier.kind == key)
        .collect();
    let (model, fields) = (&place.model, &*place.fields);
    let parts = wanted
        .iter()
        .filter_map(|identifier| question(model, fields, identifier));
    let Some(domain) = Domain::any(parts.collect()) else {
        return Ok(());
    };
    let verdict = |row: &Row| {
        let mut near = false;
        let mut candidate = None;
        for identifier in &wanted {
            match judge(model, fields, identifier, row) {
                Hit::Exact(field) => return Verdict::Hers(Tie::Exact { by: key, field }),
                Hit::Candidate(field) => candidate = Some(Tie::Candidate { by: key, field }),
                Hit::Near => near = true,
                Hit::Foreign => {}
            }
        }
        match (candidate, near) {
            (Some(tie), _) => Verdict::Hers(tie),
            (None, true) => Verdict::Near,
            (None, false) => Verdict::Foreign,
        }
    };
    hunt.ask(place.question(Some(key), domain, &verdict)).await
}

/// Texts that mention her address or number: no link leads to them, and a person decides.
async fn in_texts(hunt: &mut Hunt<'_>, place: &Place) -> Result<(), Mishap> {
    for key in [SearchKey::Email, SearchKey::Phone] {
        let asked: Vec<Identifier> = hunt
            .wanted
            .iter()
            .filter(|identifier| identifier.kind == key)
            .flat_map(mentions)
            .collect();
        let texts: Vec<&String> = place.fields.among(&place.model.texts).collect();
        let parts = texts.iter().flat_map(|field| {
            asked
                .iter()
                .map(|it| Domain::on(field, "ilike", literal(&it.value.reveal().to_lowercase())))
        });
        let Some(domain) = Domain::any(parts.collect()) else {
            continue;
        };
        let verdict = |row: &Row| {
            let mentions =
                |text: &str| asked.iter().any(|identifier| identifier.mentioned_in(text));
            let holds = |text: &str| {
                let low = text.to_lowercase();
                asked
                    .iter()
                    .any(|it| low.contains(&it.value.reveal().to_lowercase()))
            };
            let of = |test: &dyn Fn(&str) -> bool| {
                texts
                    .iter()
                    .find(|field| row.text(field).is_some_and(test))
                    .map(|field| (*field).clone())
            };
            match (of(&mentions), of(&holds)) {
                (Some(field), _) => Verdict::Hers(Tie::Candidate { by: key, field }),
                (None, Some(_)) => Verdict::Near,
                (None, None) => Verdict::Foreign,
            }
        };
        hunt.ask(place.question(Some(key), domain, &verdict))
            .await?;
        hunt.search.doubt(Doubt::LowerBound);
    }
    Ok(())
}
