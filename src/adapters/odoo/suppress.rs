//! Ends advertising: Odoo's own lists of whom nothing is sent to. An entry that was archived is no objection, and Odoo
//! does not say so: it is looked at afterwards, and made active.

use futures_util::future::BoxFuture;
use serde_json::json;

use super::Odoo;
use super::domain::Domain;
use super::keys::{Hit, addresses, judge, question};
use super::models::{CONTACT, SUBSCRIPTIONS};
use super::refusal::Refusal;
use super::row::Row;
use super::site::Site;
use crate::domain::identifier::{Identifier, SearchKey, e164};
use crate::ports::source::{Fate, Fault, Mishap, Outcome, Suppress};

/// So many entries of lists one address has at most.
const MOST: usize = 500;

impl Suppress for Odoo {
    fn suppress<'a>(&'a self, wanted: &'a Identifier) -> BoxFuture<'a, Result<Outcome, Mishap>> {
        Box::pin(async move { Ok(self.enter(wanted).await?) })
    }
}

impl Odoo {
    async fn enter(&self, wanted: &Identifier) -> Result<Outcome, Refusal> {
        let text = wanted.value.reveal();
        let (model, field, value) = match wanted.kind {
            SearchKey::Email => (
                "mail.blacklist",
                "email",
                addresses(wanted).into_iter().next(),
            ),
            SearchKey::Phone => ("phone.blacklist", "number", e164(text)),
            _ => ("", "", None),
        };
        let no = || Mishap::new(Fault::NoIdentifier, "only addresses and numbers can object");
        let value = value.ok_or_else(no)?;
        // Numbers are for administrators only.
        let seat = match &self.administrator {
            Some(seat) if wanted.kind == SearchKey::Phone => seat,
            _ => self.acting()?,
        };
        let site = seat.site().await?;
        site.needs(model).await?;
        let mut row = entry(&site, model, field, wanted, &value).await?;
        if row.is_none() {
            site.wire.create(model, json!({field: value})).await?;
            row = entry(&site, model, field, wanted, &value).await?;
        }
        if let Some(row) = row.filter(Row::is_archived) {
            site.wire
                .write(model, row.id(), json!({"active": true}))
                .await?;
        }
        let row = entry(&site, model, field, wanted, &value).await?;
        if !row.is_some_and(|row| row.is("active")) {
            return Err(Mishap::new(Fault::NotWritten, format!("{model}: no active entry")).into());
        }
        let lists = match wanted.kind {
            SearchKey::Email => self.leave_lists(&site, wanted).await?,
            _ => 0,
        };
        Ok(Outcome::new(
            Fate::Suppressed,
            format!("read: {model} active, {lists} lists left"),
        ))
    }

    /// Leaves every mailing list on which the address stands.
    async fn leave_lists(&self, site: &Site, wanted: &Identifier) -> Result<usize, Refusal> {
        let Some(fields) = site.fields(CONTACT).await? else {
            return Ok(0);
        };
        let models = self.models();
        let contacts = models.iter().find(|model| model.name == CONTACT);
        let Some((model, domain)) =
            contacts.and_then(|model| Some((model, question(model, &fields, wanted)?)))
        else {
            return Ok(0);
        };
        let found = site
            .wire
            .search_read(CONTACT, domain.value(), &fields.read_of(model), MOST)
            .await?;
        let hers = |row: &&Row| matches!(judge(model, &fields, wanted, row), Hit::Exact(_));
        let ids: Vec<i64> = found.iter().filter(hers).map(Row::id).collect();
        let mut left = 0;
        for name in SUBSCRIPTIONS {
            if !ids.is_empty() && site.fields(name).await?.is_some() {
                left += leave(site, name, &ids).await?;
            }
        }
        Ok(left)
    }
}

async fn leave(site: &Site, model: &str, contacts: &[i64]) -> Result<usize, Refusal> {
    let of = Domain::within("contact_id", contacts).value();
    let read = ["contact_id".to_owned(), "opt_out".to_owned()];
    let found = site
        .wire
        .search_read(model, of.clone(), &read, MOST)
        .await?;
    let hers = |row: &&Row| {
        row.link("contact_id")
            .is_some_and(|id| contacts.contains(&id))
    };
    for row in found.iter().filter(hers).filter(|row| !row.is("opt_out")) {
        site.wire
            .write(model, row.id(), json!({"opt_out": true}))
            .await?;
    }
    let now = site.wire.search_read(model, of, &read, MOST).await?;
    match now.iter().filter(hers).all(|row| row.is("opt_out")) {
        true => Ok(now.iter().filter(hers).count()),
        false => Err(Mishap::new(Fault::NotWritten, format!("{model}: not left")).into()),
    }
}

/// The entry of the address, archived or not.
async fn entry(
    site: &Site,
    model: &str,
    field: &str,
    wanted: &Identifier,
    value: &str,
) -> Result<Option<Row>, Refusal> {
    let asked = Domain::on(field, "=", value).value();
    let found = site
        .wire
        .search_read(model, asked, &[field.to_owned(), "active".to_owned()], MOST)
        .await?;
    Ok(found
        .into_iter()
        .find(|row| row.text(field).is_some_and(|text| wanted.is(text))))
}
