//! How an Odoo is: version, rights, companies, counts. Reads nobody's data.

use chrono::Days;
use serde_json::json;

use super::Odoo;
use super::hunt::is_of_the_place;
use super::models::{LEAD, MESSAGE, PARTNER, TRACKING};
use super::refusal::Refusal;
use super::row::Row;
use super::site::Site;
use crate::ports::source::{Fault, Health, Need};

/// A key that ends within these days is named.
const SOON: Days = Days::new(21);

/// What the second credential must be able to delete.
const DELETED: [&str; 5] = [PARTNER, LEAD, MESSAGE, "ir.attachment", "mailing.contact"];

impl Odoo {
    pub(super) async fn look(&self) -> Result<Health, Refusal> {
        // Asked anew: rights and modules may have changed just now.
        self.forget();
        let site = self.reading.site().await?;
        site.needs(PARTNER).await?;
        let mut health = Health {
            version: site.wire.version.clone(),
            ..Health::default()
        };
        self.look_at_places(&site, &mut health).await?;
        self.look_at_companies(&site, &mut health).await?;
        let few = self.too_few().await?;
        health.needs.extend(few.into_iter().map(Need::Group));
        if let Some(need) = ending(&site).await? {
            health.needs.push(need);
        }
        if site.fields("phone.blacklist").await?.is_none() {
            health
                .needs
                .push(Need::Module("phone_validation".to_owned()));
        }
        if site.wire.may(PARTNER, "unlink").await? == Some(true) {
            health.needs.push(Need::TooMighty(PARTNER.to_owned()));
        }
        match &self.eraser {
            None => health.needs.push(Need::SecondCredential),
            Some(seat) => {
                let acting = seat.site().await?;
                for model in DELETED {
                    if acting.wire.may(model, "unlink").await? == Some(false) {
                        health.needs.push(Need::Write(model.to_owned()));
                    }
                }
                if let Some(need) = ending(&acting).await? {
                    health.needs.push(need);
                }
            }
        }
        if let Some(seat) = &self.administrator
            && seat.site().await?.wire.may(TRACKING, "unlink").await? != Some(true)
        {
            health.needs.push(Need::Write(TRACKING.to_owned()));
        }
        Ok(health)
    }

    async fn look_at_places(&self, site: &Site, health: &mut Health) -> Result<(), Refusal> {
        for model in self.models() {
            let seat = match &self.administrator {
                Some(seat) if model.closed => seat.site().await?,
                _ => self.reading.site().await?,
            };
            if seat.fields(&model.name).await?.is_none() {
                // What the settings name must be there; of the table a site has what it has.
                if self.also.iter().any(|also| also.name == model.name) {
                    health.needs.push(Need::Module(model.name));
                }
                continue;
            }
            match seat.wire.search_count(&model.name, json!([])).await {
                Ok(count) => health.in_sight.push((model.name, count)),
                Err(refusal) if is_of_the_place(&refusal) && model.name != PARTNER => {
                    health.needs.push(Need::Read(model.name));
                }
                Err(refusal) => return Err(refusal),
            }
        }
        if site.wire.search_count(PARTNER, json!([])).await? == 0 {
            health.needs.push(Need::Read(PARTNER.to_owned()));
        }
        Ok(())
    }

    /// The models of which fewer records are in sight than the settings expect: who may see only his own documents is told
    /// of no others.
    pub(super) async fn too_few(&self) -> Result<Vec<String>, Refusal> {
        let site = self.reading.site().await?;
        let mut few = Vec::new();
        for (model, least) in &self.at_least {
            match site.wire.search_count(model, json!([])).await {
                Ok(count) if count >= *least => {}
                Ok(_) => few.push(model.clone()),
                Err(refusal) if is_of_the_place(&refusal) => few.push(model.clone()),
                Err(refusal) => return Err(refusal),
            }
        }
        Ok(few)
    }

    async fn look_at_companies(&self, site: &Site, health: &mut Health) -> Result<(), Refusal> {
        match site.companies().await {
            Ok(companies) => {
                health
                    .in_sight
                    .push(("res.company".to_owned(), companies.mine.len() as u64));
                health.needs.extend(
                    companies
                        .unseen(&self.companies)
                        .into_iter()
                        .map(Need::Group),
                );
            }
            Err(refusal) if is_of_the_place(&refusal) || refusal.mishap.fault == Fault::Unknown => {
                health
                    .needs
                    .push(Need::Read("res.users.company_ids".to_owned()));
            }
            Err(refusal) => return Err(refusal),
        }
        Ok(())
    }
}

/// A key of the account that ends soon. An expired key is told apart from a wrong one by nobody afterwards.
async fn ending(site: &Site) -> Result<Option<Need>, Refusal> {
    let (Some(uid), Some(today)) = (site.wire.uid().await?, site.wire.today) else {
        return Ok(None);
    };
    let fields = match site.fields("res.users.apikeys").await {
        Ok(Some(fields)) if fields.has("expiration_date") => {
            ["expiration_date".to_owned(), "user_id".to_owned()]
        }
        Ok(_) => return Ok(None),
        Err(refusal) if is_of_the_place(&refusal) => return Ok(None),
        Err(refusal) => return Err(refusal),
    };
    let mine = json!([["user_id", "=", uid]]);
    let keys = match site
        .wire
        .search_read("res.users.apikeys", mine, &fields, 100)
        .await
    {
        Ok(keys) => keys,
        Err(refusal) if is_of_the_place(&refusal) => return Ok(None),
        Err(refusal) => return Err(refusal),
    };
    let own = keys.iter().filter(|row| row.link("user_id") == Some(uid));
    let days = own
        .filter_map(|row: &Row| row.at("expiration_date"))
        .map(|at| at.date_naive());
    let soon = today.checked_add_days(SOON);
    // Keys that are over already are not the one that just worked.
    let first = days.filter(|day| *day >= today).min();
    Ok(first
        .filter(|day| soon.is_some_and(|soon| *day <= soon))
        .map(|day| Need::Expires(day.to_string())))
}
