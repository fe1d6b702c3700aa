//! No more advertising, and restriction. Frappe's own list stops its bulk mail; a restriction it does not know, and the mark
//! that stands for it binds people only.

use futures_util::future::BoxFuture;
use serde_json::{Map, Value, json};

use super::Frappe;
use super::erase::standing;
use super::listing::{Listing, Question};
use super::places::CORE;
use super::spelling::{fits, patterns};
use super::wire::{Row, Wire, closed, key, says, text};
use crate::domain::identifier::{Identifier, SearchKey};
use crate::ports::source::{
    Fate, Fault, Leftover, LeftoverKind, Mishap, Outcome, RecordRef, Restrict, Suppress,
};

/// Rows in which the address stands, compared by ourselves.
async fn with_address(
    wire: &Wire,
    question: Question,
    field: &str,
    wanted: &Identifier,
) -> Result<Vec<Row>, Mishap> {
    let patterns = patterns(wanted);
    let question = patterns.iter().fold(question, |question, pattern| {
        question.or(field, "like", pattern.as_str())
    });
    let found = Listing::of(question).all(wire).await?;
    let asked =
        |row: &&Row| text(row, field).is_some_and(|text| patterns.iter().any(|it| fits(it, &text)));
    if found.len() > 50 && found.iter().filter(asked).count() * 2 < found.len() {
        return Err(Mishap::new(Fault::Flooded, "the conditions were ignored"));
    }
    Ok(found
        .into_iter()
        .filter(|row| text(row, field).is_some_and(|it| wanted.is(&it)))
        .collect())
}

/// Whether the address stands on the list for everything; none, where the list cannot be read.
async fn stands(wire: &Wire, wanted: &Identifier) -> Result<Option<bool>, Mishap> {
    match with_address(wire, Question::to("Email Unsubscribe"), "email", wanted).await {
        Ok(rows) => Ok(Some(
            rows.iter()
                .any(|row| text(row, "global_unsubscribe").is_some()),
        )),
        Err(mishap) if closed(&mishap) => Ok(None),
        Err(mishap) => Err(mishap),
    }
}

/// Enters the address; whether it stood there before. Only the kind for everything outlives the person's records.
async fn enter(wire: &Wire, wanted: &Identifier) -> Result<bool, Mishap> {
    let row = json!({"email": wanted.canonical(), "global_unsubscribe": 1});
    match wire.add("Email Unsubscribe", &row).await {
        Ok(()) => Ok(false),
        Err(mishap) if says(&mishap, "DuplicateEntryError") => Ok(true),
        Err(mishap) => Err(mishap),
    }
}

/// Sets a flag in each of these records and reads it back; how many carry it now.
async fn flag(wire: &Wire, doctype: &str, names: &[String]) -> Result<u64, Mishap> {
    let mut flagged = 0;
    for name in names {
        wire.put(doctype, name, &json!({"unsubscribed": 1})).await?;
        let row = wire.read(doctype, name).await?.unwrap_or_default();
        if text(&row, "unsubscribed").is_none() {
            return Err(Mishap::new(
                Fault::NotWritten,
                format!("{doctype}.unsubscribed"),
            ));
        }
        flagged += 1;
    }
    Ok(flagged)
}

impl Suppress for Frappe {
    fn suppress<'a>(&'a self, wanted: &'a Identifier) -> BoxFuture<'a, Result<Outcome, Mishap>> {
        Box::pin(async move {
            let wire = self.hand()?;
            if wanted.kind != SearchKey::Email {
                return Err(Mishap::new(
                    Fault::NoIdentifier,
                    "only an address can be unsubscribed",
                ));
            }
            if stands(wire, wanted).await? != Some(true) {
                enter(wire, wanted).await?;
                // Who may enter and not read is told that it stands there by trying once more.
                let there = match stands(wire, wanted).await? {
                    Some(there) => there,
                    None => enter(wire, wanted).await?,
                };
                if !there {
                    return Err(Mishap::new(Fault::NotWritten, "Email Unsubscribe"));
                }
            }
            let mut leftovers = Vec::new();
            let mut seen = "Email Unsubscribe 1".to_owned();
            let contacts = Question::to_rows("Contact Email", "Contact");
            let members = Question::to("Email Group Member");
            for (doctype, field, question, by) in [
                ("Contact", "email_id", contacts, "parent"),
                ("Email Group Member", "email", members, "name"),
            ] {
                let mut names: Vec<String> = match with_address(wire, question, field, wanted).await
                {
                    Ok(rows) => rows
                        .iter()
                        .filter_map(|row| {
                            if by == "name" {
                                key(row)
                            } else {
                                text(row, by)
                            }
                        })
                        .collect(),
                    Err(mishap) if closed(&mishap) || says(&mishap, "DoesNotExistError") => {
                        leftovers.push(Leftover::new(LeftoverKind::Closed, doctype));
                        continue;
                    }
                    Err(mishap) => return Err(mishap),
                };
                names.sort_unstable();
                names.dedup();
                match flag(wire, doctype, &names).await {
                    Ok(count) => seen.push_str(&format!(", {doctype} {count}")),
                    // Only a Newsletter Manager writes there; the list for everything holds all the same.
                    Err(mishap) if closed(&mishap) => leftovers.push(Leftover {
                        count: Some(names.len() as u64),
                        ..Leftover::new(LeftoverKind::Closed, doctype)
                    }),
                    Err(mishap) => return Err(mishap),
                }
            }
            Ok(Outcome::new(Fate::Suppressed, seen).leaving(leftovers))
        })
    }
}

impl Restrict for Frappe {
    fn restrict<'a>(
        &'a self,
        record: &'a RecordRef,
        restricted: bool,
    ) -> BoxFuture<'a, Result<Outcome, Mishap>> {
        Box::pin(async move {
            let wire = self.hand()?;
            let kind = record.kind.as_str();
            let field = self.rules.restrict_field.as_deref();
            let field = field.ok_or_else(|| {
                Mishap::new(Fault::Misconfigured, "restrict_field: none is configured")
            })?;
            if !CORE.contains(&kind) {
                return Err(Mishap::new(
                    Fault::Refused,
                    format!("{kind}: it has no mark"),
                ));
            }
            let row = standing(wire, record)
                .await?
                .ok_or_else(|| Mishap::new(Fault::Missing, kind))?;
            if text(&row, field).is_some() != restricted {
                let body: Map<String, Value> = [(field.to_owned(), json!(u8::from(restricted)))]
                    .into_iter()
                    .collect();
                wire.put(kind, record.id.reveal(), &Value::Object(body))
                    .await?;
            }
            let row = wire
                .read(kind, record.id.reveal())
                .await?
                .unwrap_or_default();
            // A field that the site does not know is answered with 200 as well.
            if text(&row, field).is_some() != restricted {
                return Err(Mishap::new(Fault::NotWritten, format!("{kind}.{field}")));
            }
            let fate = if restricted {
                Fate::Restricted
            } else {
                Fate::Free
            };
            Ok(Outcome::new(
                fate,
                format!("{kind}.{field} {}", u8::from(restricted)),
            ))
        })
    }
}
