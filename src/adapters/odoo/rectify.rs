//! Puts a value right: compared with what stood there when it was decided, written without a note of the old value,
//! copied to the leads that hold the same old value, and read back.

use futures_util::future::BoxFuture;
use serde_json::{Map, Value, json};

use super::Odoo;
use super::blank::plain;
use super::domain::Domain;
use super::models::{BANK, LEAD, PARTNER, TRACKING};
use super::place::InHand;
use super::refusal::Refusal;
use super::row::Row;
use super::site::Fields;
use crate::ports::source::{
    Change, Fate, Fault, Leftover, LeftoverKind, Mishap, Outcome, RecordRef, Rectify,
};

/// What leads copy from their contact, with its name there.
const COPIED: [(&str, &str); 10] = [
    ("name", "contact_name"),
    ("email", "email_from"),
    ("phone", "phone"),
    ("mobile", "mobile"),
    ("function", "function"),
    ("website", "website"),
    ("street", "street"),
    ("street2", "street2"),
    ("zip", "zip"),
    ("city", "city"),
];
/// So many leads of one contact are written along.
const MOST: usize = 200;

impl Rectify for Odoo {
    fn rectify<'a>(
        &'a self,
        record: &'a RecordRef,
        changes: &'a [Change],
    ) -> BoxFuture<'a, Result<Outcome, Mishap>> {
        Box::pin(async move { Ok(self.put_right(record, changes).await?) })
    }
}

impl Odoo {
    async fn put_right(&self, record: &RecordRef, changes: &[Change]) -> Result<Outcome, Refusal> {
        let hand = self.in_hand(record).await?;
        let name = hand.model.name.clone();
        let fields: Vec<String> = changes.iter().map(|change| change.field.clone()).collect();
        for field in &fields {
            writable(&hand, field)?;
        }
        let missing = || Refusal::from(Mishap::new(Fault::Missing, name.clone()));
        let row = hand.again(&fields).await?.ok_or_else(missing)?;
        let mut values = Map::new();
        for change in changes {
            let kind = hand
                .fields
                .kind(&change.field)
                .map_or("", |kind| kind.ty.as_str());
            let now = row.shown(&change.field).unwrap_or_default();
            let after = change.after.reveal();
            let before = change
                .before
                .as_ref()
                .map_or("", |before| before.reveal().as_str());
            if same(kind, &now, after) {
                continue;
            }
            if !same(kind, &now, before) {
                let what = format!(
                    "{name}.{}: something else stands there",
                    code(&change.field)
                );
                return Err(Mishap::new(Fault::Conflict, what).into());
            }
            values.insert(change.field.clone(), written(kind, after));
        }
        let written = values.len();
        if written > 0 {
            hand.site
                .wire
                .write(&name, hand.id, Value::Object(values))
                .await?;
        }
        let row = hand.again(&fields).await?.ok_or_else(missing)?;
        self.compare(&hand, &row, changes)?;
        let leads = match name.as_str() {
            PARTNER => self.leads_along(&hand, changes).await?,
            _ => 0,
        };
        let mut seen = format!("read: {} fields", changes.len());
        if leads > 0 {
            seen.push_str(&format!(", {leads} {LEAD}"));
        }
        Ok(Outcome::new(Fate::Changed, seen).leaving(self.history_of(&hand, changes).await?))
    }

    fn compare(&self, hand: &InHand, row: &Row, changes: &[Change]) -> Result<(), Refusal> {
        for change in changes {
            let kind = hand
                .fields
                .kind(&change.field)
                .map_or("", |kind| kind.ty.as_str());
            let now = row.shown(&change.field).unwrap_or_default();
            if !same(kind, &now, change.after.reveal()) {
                let what = format!("{}.{}", hand.model.name, code(&change.field));
                return Err(Mishap::new(Fault::NotWritten, what).into());
            }
        }
        Ok(())
    }

    /// Leads hold copies, of which Odoo keeps only some up to date. One that says something else is left alone.
    async fn leads_along(&self, hand: &InHand, changes: &[Change]) -> Result<usize, Refusal> {
        let site = &hand.site;
        let Some(fields) = site.fields(LEAD).await? else {
            return Ok(0);
        };
        let copied: Vec<(&Change, String)> = changes
            .iter()
            .filter_map(|change| copy_of(&fields, change))
            .collect();
        if copied.is_empty() {
            return Ok(0);
        }
        let read: Vec<String> = copied
            .iter()
            .map(|(_, field)| field.clone())
            .chain(["partner_id".to_owned()])
            .collect();
        let of = Domain::on("partner_id", "=", hand.id).value();
        let leads = site.wire.search_read(LEAD, of, &read, MOST).await?;
        let mut along = 0;
        for lead in leads
            .iter()
            .filter(|lead| lead.link("partner_id") == Some(hand.id))
        {
            let holds_old = |change: &Change, field: &str| {
                let before = change
                    .before
                    .as_ref()
                    .map_or("", |before| before.reveal().as_str());
                !before.is_empty()
                    && lead
                        .text(field)
                        .is_some_and(|now| same("char", now, before))
            };
            let old = copied
                .iter()
                .filter(|(change, field)| holds_old(change, field));
            let values: Map<String, Value> = old
                .map(|(change, field)| (field.clone(), written("char", change.after.reveal())))
                .collect();
            if !values.is_empty() {
                site.wire
                    .write(LEAD, lead.id(), Value::Object(values))
                    .await?;
            }
            let now = site.wire.read(LEAD, lead.id(), &read).await?;
            let holds_new = |row: &Row| {
                copied.iter().all(|(change, field)| {
                    let text = row.text(field).unwrap_or_default();
                    let before = change
                        .before
                        .as_ref()
                        .map_or("", |before| before.reveal().as_str());
                    before.is_empty()
                        || !same("char", text, before)
                        || same("char", text, change.after.reveal())
                })
            };
            match now {
                Some(row) if !holds_new(&row) => {
                    return Err(Mishap::new(Fault::NotWritten, LEAD).into());
                }
                _ => along += 1,
            }
        }
        Ok(along)
    }

    /// Earlier changes noted the old value, and the name of a bank account's holder is noted with this one.
    async fn history_of(
        &self,
        hand: &InHand,
        changes: &[Change],
    ) -> Result<Vec<Leftover>, Refusal> {
        let tracked =
            |field: &str| matches!(hand.model.name.as_str(), PARTNER | LEAD) && field != "comment";
        if !changes.iter().any(|change| tracked(&change.field)) {
            return Ok(Vec::new());
        }
        let Some(seat) = &self.administrator else {
            return Ok(vec![Leftover::new(LeftoverKind::History, TRACKING)]);
        };
        let site = seat.site().await?;
        if site.fields(TRACKING).await?.is_none() {
            return Ok(Vec::new());
        }
        let mut ids = vec![(hand.model.name.as_str(), hand.id)];
        if hand.model.name == PARTNER && site.fields(BANK).await?.is_some() {
            let of = Domain::on("partner_id", "=", hand.id).value();
            let banks = site
                .wire
                .search_read(BANK, of, &["id".to_owned()], MOST)
                .await?;
            ids.extend(banks.iter().map(|row| (BANK, row.id())));
        }
        let parts = ids.into_iter().map(|(model, id)| {
            Domain::on("mail_message_id.model", "=", model).and(Domain::on(
                "mail_message_id.res_id",
                "=",
                id,
            ))
        });
        let count = match Domain::any(parts.collect()) {
            Some(domain) => site.wire.search_count(TRACKING, domain.value()).await?,
            None => 0,
        };
        let left = Leftover {
            count: Some(count),
            ..Leftover::new(LeftoverKind::History, TRACKING)
        };
        Ok((count > 0).then_some(left).into_iter().collect())
    }
}

/// Texts are written; a link to another record is chosen by a person over there.
fn writable(hand: &InHand, field: &str) -> Result<(), Mishap> {
    let what = format!("{}.{}", hand.model.name, code(field));
    let ours = hand.model.fields.iter().any(|known| known == field)
        || hand.fields.own().iter().any(|own| own == field);
    match hand.fields.kind(field) {
        None => Err(Mishap::new(Fault::Unknown, what)),
        Some(kind)
            if !ours
                || !matches!(
                    kind.ty.as_str(),
                    "char" | "text" | "html" | "date" | "selection"
                ) =>
        {
            Err(Mishap::new(
                Fault::Refused,
                format!("{what}: changed by hand"),
            ))
        }
        Some(_) => Ok(()),
    }
}

fn copy_of<'a>(fields: &Fields, change: &'a Change) -> Option<(&'a Change, String)> {
    let (_, copy) = COPIED.iter().find(|(field, _)| *field == change.field)?;
    fields.has(copy).then(|| (change, (*copy).to_owned()))
}

/// Odoo puts signs around a text of HTML.
fn same(kind: &str, one: &str, other: &str) -> bool {
    match kind {
        "html" => plain(one) == plain(other),
        _ => one.trim() == other.trim(),
    }
}

fn written(kind: &str, text: &str) -> Value {
    match text.trim() {
        "" => json!(false),
        _ if kind == "html" => json!(text),
        text => json!(text),
    }
}

fn code(field: &str) -> String {
    field
        .chars()
        .filter(|letter| letter.is_ascii_alphanumeric() || *letter == '_')
        .take(60)
        .collect()
}
