//! Odoo knows no restriction. The nearest is to archive a record and to mark it by a tag: that hides it and does not
//! lock it, and the outcome says so.

use futures_util::future::BoxFuture;
use serde_json::{Map, Value, json};

use super::Odoo;
use super::domain::{Domain, literal};
use super::models::{LEAD, PARTNER};
use super::place::InHand;
use super::refusal::Refusal;
use super::row::Row;
use crate::ports::source::{
    Fate, Fault, Leftover, LeftoverKind, Mishap, Outcome, RecordRef, Restrict,
};

/// What the tag of a record is called that was archived before: it stays archived when the restriction ends.
const ARCHIVED_BEFORE: &str = " (archived before)";

impl Restrict for Odoo {
    fn restrict<'a>(
        &'a self,
        record: &'a RecordRef,
        restricted: bool,
    ) -> BoxFuture<'a, Result<Outcome, Mishap>> {
        Box::pin(async move {
            Ok(match restricted {
                true => self.mark(record).await?,
                false => self.lift(record).await?,
            })
        })
    }
}

/// Where the tags of a model lie, and by which field it has them.
fn tags(model: &str) -> Result<(&'static str, &'static str), Mishap> {
    match model {
        PARTNER => Ok(("category_id", "res.partner.category")),
        LEAD => Ok(("tag_ids", "crm.tag")),
        _ => Err(Mishap::new(
            Fault::Refused,
            "only contacts and leads can be archived and tagged",
        )),
    }
}

impl Odoo {
    async fn mark(&self, record: &RecordRef) -> Result<Outcome, Refusal> {
        let (hand, row, field, of) = self.tagged(record).await?;
        let plain = self.tag(&hand, of, &self.restricted_tag).await?;
        let before = self
            .tag(
                &hand,
                of,
                &format!("{}{ARCHIVED_BEFORE}", self.restricted_tag),
            )
            .await?;
        let has =
            |row: &Row, tag: Option<i64>| tag.is_some_and(|tag| row.links(field).contains(&tag));
        if !(row.is_archived() && (has(&row, plain) || has(&row, before))) {
            let name = match row.is_archived() {
                true => format!("{}{ARCHIVED_BEFORE}", self.restricted_tag),
                false => self.restricted_tag.clone(),
            };
            let tag = self.tag_made(&hand, of, &name).await?;
            let mut values = Map::from_iter([("active".to_owned(), json!(false))]);
            values.insert(field.to_owned(), json!([[4, tag, 0]]));
            match hand
                .site
                .wire
                .write(&hand.model.name, hand.id, Value::Object(values))
                .await
            {
                Ok(()) => {}
                // A contact with an active account cannot be archived.
                Err(refusal) if refusal.is_rule() => {
                    return Ok(Outcome::new(Fate::Kept, refusal.name));
                }
                Err(refusal) => return Err(refusal),
            }
        }
        let (_, row, ..) = self.tagged(record).await?;
        let plain = self.tag(&hand, of, &self.restricted_tag).await?;
        let before = self
            .tag(
                &hand,
                of,
                &format!("{}{ARCHIVED_BEFORE}", self.restricted_tag),
            )
            .await?;
        if !row.is_archived() || !(has(&row, plain) || has(&row, before)) {
            return Err(Mishap::new(
                Fault::NotWritten,
                format!("{}: not archived and tagged", hand.model.name),
            )
            .into());
        }
        let open = Leftover::new(
            LeftoverKind::Other,
            format!("{}: archived, not locked", hand.model.name),
        );
        Ok(
            Outcome::new(Fate::Restricted, "read: archived, tagged; not locked")
                .leaving(vec![open]),
        )
    }

    async fn lift(&self, record: &RecordRef) -> Result<Outcome, Refusal> {
        let (hand, row, field, of) = self.tagged(record).await?;
        let plain = self.tag(&hand, of, &self.restricted_tag).await?;
        let before = self
            .tag(
                &hand,
                of,
                &format!("{}{ARCHIVED_BEFORE}", self.restricted_tag),
            )
            .await?;
        let tags: Vec<i64> = plain
            .into_iter()
            .chain(before)
            .filter(|tag| row.links(field).contains(tag))
            .collect();
        if tags.is_empty() {
            return Ok(Outcome::new(Fate::Free, "read: not tagged"));
        }
        let mut values = Map::new();
        let stays = before.is_some_and(|before| tags.contains(&before));
        if !stays {
            values.insert("active".to_owned(), json!(true));
        }
        let commands: Vec<Value> = tags.iter().map(|tag| json!([3, tag, 0])).collect();
        values.insert(field.to_owned(), json!(commands));
        hand.site
            .wire
            .write(&hand.model.name, hand.id, Value::Object(values))
            .await?;
        let (_, row, ..) = self.tagged(record).await?;
        match tags.iter().any(|tag| row.links(field).contains(tag)) || (row.is_archived() && !stays)
        {
            true => Err(Mishap::new(
                Fault::NotWritten,
                format!("{}: still tagged", hand.model.name),
            )
            .into()),
            false => Ok(Outcome::new(
                Fate::Free,
                if stays {
                    "read: archived as before"
                } else {
                    "read: active"
                },
            )),
        }
    }

    async fn tagged(
        &self,
        record: &RecordRef,
    ) -> Result<(InHand, Row, &'static str, &'static str), Refusal> {
        let (field, of) = tags(&record.kind)?;
        let hand = self.in_hand(record).await?;
        let wanted = ["active".to_owned(), field.to_owned()];
        let row = hand.again(&wanted).await?;
        let row = row.ok_or_else(|| Mishap::new(Fault::Missing, hand.model.name.clone()))?;
        Ok((hand, row, field, of))
    }

    /// The number of a tag of exactly this name.
    async fn tag(&self, hand: &InHand, of: &str, name: &str) -> Result<Option<i64>, Refusal> {
        let asked = Domain::on("name", "=ilike", literal(name)).value();
        let found = hand
            .site
            .wire
            .search_read(of, asked, &["name".to_owned()], 20)
            .await?;
        Ok(found
            .iter()
            .find(|row| row.text("name") == Some(name))
            .map(Row::id))
    }

    async fn tag_made(&self, hand: &InHand, of: &str, name: &str) -> Result<i64, Refusal> {
        if let Some(tag) = self.tag(hand, of, name).await? {
            return Ok(tag);
        }
        hand.site.wire.create(of, json!({"name": name})).await?;
        let made = self.tag(hand, of, name).await?;
        made.ok_or_else(|| Mishap::new(Fault::NotWritten, format!("{of}: no tag")).into())
    }
}
