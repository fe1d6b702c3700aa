//! What this Odoo has: modules differ per site, and an unknown field fails the whole call, so each model is asked for
//! its fields once, and only what is there is read.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serde::Deserialize;
use serde_json::json;
use tokio::time::Instant;

use super::access::Access;
use super::models::{Model, PARTNER};
use super::refusal::Refusal;
use super::row::Row;
use super::wire::Wire;
use crate::ports::source::{Fault, Mishap};

/// After this time a site is asked again what it has: modules are installed, and servers become newer.
const STALE: Duration = Duration::from_secs(600);

/// What a field is.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Kind {
    #[serde(rename = "type", default)]
    pub ty: String,
    /// What people see above it.
    #[serde(rename = "string", default)]
    pub label: String,
    /// The model that it leads to.
    #[serde(default)]
    pub relation: Option<String>,
    #[serde(default)]
    pub required: bool,
    #[serde(default)]
    pub store: bool,
    #[serde(default)]
    pub readonly: bool,
}

/// The fields of a model, as this account sees them.
#[derive(Clone, Debug)]
pub struct Fields(HashMap<String, Kind>);

impl Fields {
    pub fn has(&self, field: &str) -> bool {
        self.0.contains_key(field)
    }

    pub fn kind(&self, field: &str) -> Option<&Kind> {
        self.0.get(field)
    }

    /// Those of the wanted that are there.
    pub fn among<'a>(&'a self, wanted: &'a [String]) -> impl Iterator<Item = &'a String> {
        wanted.iter().filter(|field| self.has(field))
    }

    /// Fields that this site added itself and that hold text: what people write into them nobody foresaw.
    pub fn own(&self) -> Vec<String> {
        let text = |kind: &Kind| {
            kind.store
                && matches!(
                    kind.ty.as_str(),
                    "char"
                        | "text"
                        | "html"
                        | "date"
                        | "datetime"
                        | "selection"
                        | "many2one"
                        | "integer"
                        | "float"
                )
        };
        let own = self
            .0
            .iter()
            .filter(|(name, kind)| name.starts_with("x_") && text(kind));
        let mut own: Vec<String> = own.map(|(name, _)| name.clone()).collect();
        own.sort_unstable();
        own
    }

    /// What is read of a record: what is wanted and there, and what else the work needs.
    pub fn read_of(&self, model: &Model) -> Vec<String> {
        let also = [
            "active",
            "write_date",
            "create_date",
            "state",
            "posted_before",
            "email_normalized",
            "phone_sanitized",
        ];
        let also = also.map(str::to_owned);
        let links: Vec<String> = model.links.iter().map(|(field, _)| field.clone()).collect();
        let own = self.own();
        let mut read: Vec<String> = Vec::new();
        let lists = [
            &model.fields,
            &model.title,
            &model.at,
            &model.email,
            &model.phone,
            &links,
            &own,
        ];
        for field in lists.into_iter().flatten().chain(&also) {
            if self.has(field) && !read.contains(field) {
                read.push(field.clone());
            }
        }
        read
    }
}

/// One account at one site.
#[derive(Debug)]
pub struct Site {
    pub wire: Wire,
    asked: Mutex<HashMap<String, Option<Arc<Fields>>>>,
}

impl Site {
    /// The fields of a model; none, if the site has no such model.
    pub async fn fields(&self, model: &str) -> Result<Option<Arc<Fields>>, Refusal> {
        if let Some(known) = self
            .asked
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get(model)
        {
            return Ok(known.clone());
        }
        let fields = match self.wire.fields_get(model).await? {
            None => None,
            Some(said) => {
                let fields: HashMap<String, Kind> = serde_json::from_value(said)
                    .map_err(|_| Mishap::new(Fault::Unreadable, "fields_get: another shape"))?;
                Some(Arc::new(Fields(fields)))
            }
        };
        let mut asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        asked.insert(model.to_owned(), fields.clone());
        Ok(fields)
    }

    /// The same for a model without which nothing can be done.
    pub async fn needs(&self, model: &str) -> Result<Arc<Fields>, Refusal> {
        let fields = self.fields(model).await?;
        fields.ok_or_else(|| Mishap::new(Fault::Unknown, format!("{model}: no such model")).into())
    }

    /// The companies of the account, by name, and those that exist beside them.
    pub async fn companies(&self) -> Result<Companies, Refusal> {
        let no = |what: &str| Refusal::from(Mishap::new(Fault::Unknown, what.to_owned()));
        let uid = self
            .wire
            .uid()
            .await?
            .ok_or_else(|| no("res.users: who am I"))?;
        let fields = ["company_ids".to_owned()];
        let me = self.wire.read("res.users", uid, &fields).await?;
        let mine = me
            .ok_or_else(|| no("res.users: not myself"))?
            .links("company_ids");
        let all = self
            .wire
            .search_read("res.company", json!([]), &["name".to_owned()], 500)
            .await?;
        let name = |row: &Row| row.text("name").unwrap_or_default().to_owned();
        let (mine, others): (Vec<Row>, Vec<Row>) =
            all.into_iter().partition(|row| mine.contains(&row.id()));
        Ok(Companies {
            mine: mine.iter().map(name).collect(),
            others: others.iter().map(name).collect(),
        })
    }

    /// Models that lead to contacts and that nobody foresaw: asked of the site itself, which needs an administrator.
    pub async fn others(&self, known: &[Model]) -> Result<Vec<Model>, Refusal> {
        let domain = json!([
            ["relation", "=", PARTNER],
            ["store", "=", true],
            ["ttype", "in", ["many2one", "many2many"]],
            ["model_id.transient", "=", false]
        ]);
        let fields = ["model".to_owned(), "name".to_owned()];
        let found = self
            .wire
            .search_read("ir.model.fields", domain, &fields, 2000)
            .await?;
        let mut others: Vec<Model> = Vec::new();
        for row in &found {
            let (Some(model), Some(field)) = (row.text("model"), row.text("name")) else {
                continue;
            };
            if known.iter().any(|it| it.name == model)
                || OF_THE_MACHINE.contains(&model)
                || !is_name(model)
                || !is_name(field)
            {
                continue;
            }
            match others.iter_mut().find(|it| it.name == model) {
                Some(other) => other.links.push((field.to_owned(), PARTNER.to_owned())),
                None => others.push(Model::other(model, "other").linked(field, PARTNER)),
            }
        }
        Ok(others)
    }
}

/// Which companies an account sees.
#[derive(Clone, Debug, Default)]
pub struct Companies {
    pub mine: Vec<String>,
    /// Those that exist and whose records it does not see.
    pub others: Vec<String>,
}

impl Companies {
    /// What is expected, or exists, and is not seen.
    pub fn unseen(&self, expected: &[String]) -> Vec<String> {
        let same =
            |one: &str, other: &str| one.trim().to_lowercase() == other.trim().to_lowercase();
        let mut unseen = self.others.clone();
        for name in expected {
            let is = |other: &String| same(name, other);
            if !self.mine.iter().any(is) && !unseen.iter().any(is) {
                unseen.push(name.clone());
            }
        }
        unseen
    }
}

/// Links that Odoo keeps for itself: who follows, who was notified, lines whose head is shown.
const OF_THE_MACHINE: [&str; 14] = [
    "account.move.line",
    "account.analytic.line",
    "account.bank.statement.line",
    "account.partial.reconcile",
    "calendar.filters",
    "mail.followers",
    "mail.message.reaction",
    "mail.notification",
    "mail.push.device",
    "mail.scheduled.message",
    "product.supplierinfo",
    "res.company",
    "res.partner.category",
    "sale.order.line",
];

/// Whether a text can be the technical name of a model or a field.
pub fn is_name(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= 100
        && text.chars().all(|letter| {
            letter.is_ascii_lowercase() || letter.is_ascii_digit() || matches!(letter, '.' | '_')
        })
}

/// One account, which signs in when it is needed and keeps what it learned of the site for a while.
#[derive(Debug)]
pub struct Seat {
    access: Access,
    kept: Mutex<Option<(Instant, Arc<Site>)>>,
}

impl Seat {
    pub fn new(access: Access) -> Seat {
        Seat {
            access,
            kept: Mutex::new(None),
        }
    }

    /// The site, signed in.
    pub async fn site(&self) -> Result<Arc<Site>, Refusal> {
        let kept = self
            .kept
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        if let Some((since, site)) = kept
            && since.elapsed() < STALE
        {
            return Ok(site);
        }
        let site = Arc::new(Site {
            wire: self.access.open().await?,
            asked: Mutex::default(),
        });
        *self.kept.lock().unwrap_or_else(PoisonError::into_inner) =
            Some((Instant::now(), Arc::clone(&site)));
        Ok(site)
    }

    /// Forgets what it learned: something failed, and it may have been wrong.
    pub fn forget(&self) {
        *self.kept.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}
