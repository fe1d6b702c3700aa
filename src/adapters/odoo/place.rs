//! Which record is meant: a model that is known here and a number, re-read before anything is done to it.

use std::sync::Arc;

use super::Odoo;
use super::domain::Domain;
use super::hunt::is_of_the_place;
use super::models::Model;
use super::refusal::Refusal;
use super::row::Row;
use super::site::{Fields, Seat, Site};
use crate::ports::source::{Fault, Mishap, RecordRef};

/// The model and the number of a record.
pub fn known(models: &[Model], record: &RecordRef) -> Result<(Model, i64), Mishap> {
    let model = models.iter().find(|model| model.name == record.kind);
    let model =
        model.ok_or_else(|| Mishap::new(Fault::Unknown, "a model that is not known here"))?;
    let id = record.id.reveal().parse().ok().filter(|id: &i64| *id > 0);
    let id =
        id.ok_or_else(|| Mishap::new(Fault::NoIdentifier, format!("{}: no number", model.name)))?;
    Ok((model.clone(), id))
}

/// A record in hand, as the account that may change it sees it.
pub struct InHand {
    pub site: Arc<Site>,
    pub model: Model,
    pub fields: Arc<Fields>,
    pub id: i64,
    /// None, if it is not there.
    pub row: Option<Row>,
}

impl InHand {
    /// Reads it again.
    pub async fn again(&self, fields: &[String]) -> Result<Option<Row>, Refusal> {
        self.site.wire.read(&self.model.name, self.id, fields).await
    }
}

impl Odoo {
    /// The account that may change things. Without it nothing is changed.
    pub(super) fn acting(&self) -> Result<&Seat, Mishap> {
        let missing = || Mishap::new(Fault::Misconfigured, "no second credential");
        self.eraser.as_ref().ok_or_else(missing)
    }

    /// Takes a record in hand.
    pub(super) async fn in_hand(&self, record: &RecordRef) -> Result<InHand, Refusal> {
        let (model, id) = known(&self.models(), record)?;
        let seat = match &self.administrator {
            Some(seat) if model.closed => seat,
            _ => self.acting()?,
        };
        let site = seat.site().await?;
        let fields = site.needs(&model.name).await?;
        let row = site
            .wire
            .read(&model.name, id, &fields.read_of(&model))
            .await?;
        Ok(InHand {
            site,
            model,
            fields,
            id,
            row,
        })
    }

    /// How many records of a model lead to this one by any of the fields; none, if that may not be seen.
    pub(super) async fn leading(
        &self,
        site: &Site,
        model: &str,
        fields: &[&str],
        id: i64,
        also: Option<Domain>,
    ) -> Result<Option<u64>, Refusal> {
        let known = match site.fields(model).await {
            Ok(Some(known)) => known,
            Ok(None) => return Ok(Some(0)),
            Err(refusal) if is_of_the_place(&refusal) => return Ok(None),
            Err(refusal) => return Err(refusal),
        };
        let parts = fields
            .iter()
            .filter(|field| known.has(field))
            .map(|field| Domain::on(field, "=", id));
        let Some(domain) = Domain::any(parts.collect()) else {
            return Ok(Some(0));
        };
        let domain = match also {
            Some(also) => also.and(domain),
            None => domain,
        };
        match site.wire.search_count(model, domain.value()).await {
            Ok(count) => Ok(Some(count)),
            Err(refusal) if is_of_the_place(&refusal) => Ok(None),
            Err(refusal) => Err(refusal),
        }
    }

    /// How many records of a model hang on this one.
    pub(super) async fn hanging_on(
        &self,
        hand: &InHand,
        model: &str,
        on: (&str, &str),
    ) -> Result<u64, Refusal> {
        let also = Domain::on(on.0, "=", hand.model.name.as_str());
        Ok(self
            .leading(&hand.site, model, &[on.1], hand.id, Some(also))
            .await?
            .unwrap_or(0))
    }
}
