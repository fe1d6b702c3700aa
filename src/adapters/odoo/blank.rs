//! Makes a record anonymous in its place: everything that says something of somebody is emptied, without a note of the
//! old values, and read back.

use serde_json::{Map, Value, json};

use super::Odoo;
use super::domain::Domain;
use super::models::{BANK, LEAD, MESSAGE, PARTNER, TRACKING};
use super::place::InHand;
use super::plan::Plan;
use super::refusal::Refusal;
use super::row::Row;
use super::wire::Wire;
use crate::ports::source::{Fate, Fault, Mishap, Outcome};

/// What stands where something must stand.
const NAME: &str = "[…]";
/// The same as a text of a message.
pub const TEXT: &str = "<p>[…]</p>";
/// So many notes of old values of one record.
const MOST: usize = 20;
const PAGE: usize = 100;

/// What cannot be empty, and what stands there instead.
fn instead(model: &str) -> Option<(&'static str, &'static str)> {
    match model {
        PARTNER | LEAD => Some(("name", NAME)),
        MESSAGE => Some(("body", TEXT)),
        _ => None,
    }
}

impl InHand {
    /// What is emptied: what the table says, and texts that this site added itself.
    fn emptied(&self) -> Vec<String> {
        let mut own = self.fields.own();
        own.retain(|_| matches!(self.model.name.as_str(), PARTNER | LEAD));
        // What Odoo computes follows from the rest and cannot be written.
        own.retain(|field| self.fields.kind(field).is_some_and(|kind| !kind.readonly));
        let free = |field: &&String| self.fields.kind(field).is_some_and(|kind| !kind.required);
        let wanted = self.fields.among(&self.model.blank).chain(&own);
        wanted.filter(free).cloned().collect()
    }

    /// What is read to see whether it is empty.
    fn shown(&self) -> Vec<String> {
        let name = instead(&self.model.name).map(|(field, _)| field.to_owned());
        self.emptied().into_iter().chain(name).collect()
    }

    /// Whether nothing of anybody is left in it.
    pub fn is_blank(&self, row: &Row) -> bool {
        let stands = |(field, text): (&str, &str)| {
            row.text(field).is_some_and(|it| plain(it) == plain(text))
        };
        let empty = |field: &String| {
            row.value(field)
                .is_none_or(|value| matches!(value.as_f64(), Some(0.0)))
        };
        instead(&self.model.name).is_none_or(stands) && self.emptied().iter().all(empty)
    }
}

impl Odoo {
    /// Empties the record in hand.
    pub(super) async fn empty(&self, hand: &InHand, plan: Plan) -> Result<Outcome, Refusal> {
        let mut values = Map::new();
        for field in hand.emptied() {
            let several = hand
                .fields
                .kind(&field)
                .is_some_and(|kind| kind.ty.ends_with("2many"));
            values.insert(
                field,
                if several {
                    json!([[5, 0, 0]])
                } else {
                    json!(false)
                },
            );
        }
        if let Some((field, text)) = instead(&hand.model.name) {
            values.insert(field.to_owned(), json!(text));
        }
        if values.is_empty() {
            return Ok(Outcome::new(
                Fate::Kept,
                format!("{}: nothing in it can be emptied", hand.model.name),
            ));
        }
        let count = values.len();
        match hand
            .site
            .wire
            .write(&hand.model.name, hand.id, Value::Object(values))
            .await
        {
            Ok(()) => {}
            Err(refusal) if refusal.is_rule() => return Ok(Outcome::new(Fate::Kept, refusal.name)),
            Err(refusal) => return Err(refusal),
        }
        self.forget_history(hand).await?;
        match hand.again(&hand.shown()).await? {
            Some(row) if hand.is_blank(&row) => {
                let seen = format!("read: {count} fields empty");
                Ok(Outcome::new(Fate::Anonymous, seen).leaving(plan.preview.leftovers))
            }
            Some(_) => Err(Mishap::new(
                Fault::NotWritten,
                format!("{}: not empty", hand.model.name),
            )
            .into()),
            None => Ok(
                Outcome::new(Fate::Gone, "read: no such record").leaving(plan.preview.leftovers)
            ),
        }
    }

    /// Takes the old values of a record out of the history, and those of its bank accounts, whose holder's name is
    /// noted even when the contact's is not.
    pub(super) async fn forget_history(&self, hand: &InHand) -> Result<(), Refusal> {
        let Some(seat) = &self.administrator else {
            return Ok(());
        };
        if !matches!(hand.model.name.as_str(), PARTNER | LEAD) {
            return Ok(());
        }
        let site = seat.site().await?;
        if site.fields(TRACKING).await?.is_none() {
            return Ok(());
        }
        let wire = &site.wire;
        forget(wire, &hand.model.name, &[hand.id]).await?;
        if hand.model.name == PARTNER && site.fields(BANK).await?.is_some() {
            let of = Domain::on("partner_id", "=", hand.id).value();
            let banks = wire.search_read(BANK, of, &["id".to_owned()], PAGE).await?;
            let banks: Vec<i64> = banks.iter().map(Row::id).collect();
            if !banks.is_empty() {
                forget(wire, BANK, &banks).await?;
            }
        }
        Ok(())
    }
}

async fn forget(wire: &Wire, model: &str, ids: &[i64]) -> Result<(), Refusal> {
    let of = Domain::on("mail_message_id.model", "=", model)
        .and(Domain::within("mail_message_id.res_id", ids));
    for _ in 0..MOST {
        let rows = wire
            .search_read(TRACKING, of.value(), &["mail_message_id".to_owned()], PAGE)
            .await?;
        if rows.is_empty() {
            return Ok(());
        }
        for row in &rows {
            // A filter that was ignored would empty the history of everybody.
            let message = row.link("mail_message_id").unwrap_or_default();
            let on = wire
                .read(MESSAGE, message, &["model".to_owned(), "res_id".to_owned()])
                .await?;
            let hers = |on: &Row| {
                on.text("model") == Some(model)
                    && on.link("res_id").is_some_and(|id| ids.contains(&id))
            };
            if !on.as_ref().is_some_and(hers) {
                return Err(
                    Mishap::new(Fault::Flooded, format!("{TRACKING}: of other records")).into(),
                );
            }
            match wire.unlink(TRACKING, row.id()).await {
                Err(refusal) if refusal.mishap.fault != Fault::Missing => return Err(refusal),
                _ => {}
            }
        }
    }
    Err(Mishap::new(
        Fault::TooMany,
        format!("{TRACKING}: more than {}", MOST * PAGE),
    )
    .into())
}

/// A text without the signs around it.
pub fn plain(html: &str) -> String {
    let mut inside = false;
    let mut text = String::new();
    for letter in html.chars() {
        match letter {
            '<' => inside = true,
            '>' => inside = false,
            _ if !inside => text.push(letter),
            _ => {}
        }
    }
    text.trim().to_owned()
}
