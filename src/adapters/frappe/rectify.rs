//! Putting right in Frappe CRM. A field that the site does not know, or works out by itself, is answered with 200 and not
//! written: only what is read back counts.

use futures_util::future::BoxFuture;
use serde_json::{Map, Value, json};

use super::Frappe;
use super::contact::{deals_with, save};
use super::places::place;
use super::traces::count;
use super::wire::{Row, Wire, rows, text};
use crate::ports::source::{
    Change, Fate, Fault, Leftover, LeftoverKind, Mishap, Outcome, RecordRef, Rectify,
};

/// What cannot be put right: histories, and what others rely on as it was.
const CLOSED: [&str; 5] = [
    "Version",
    "Deleted Document",
    "Email Unsubscribe",
    "User",
    "Email Queue",
];

/// Where a field really is: `email_id` of a contact is worked out from its table, where the first of them is marked.
fn target(kind: &str, row: &Row, field: &str) -> String {
    let (table, column, mark) = match (kind, field) {
        ("Contact", "email_id") => ("email_ids", "email_id", "is_primary"),
        ("Contact", "phone") => ("phone_nos", "phone", "is_primary_phone"),
        ("Contact", "mobile_no") => ("phone_nos", "phone", "is_primary_mobile_no"),
        _ => return field.to_owned(),
    };
    let marked = rows(row, table)
        .position(|it| text(it, mark).is_some())
        .unwrap_or(0);
    format!("{table}.{}.{column}", marked + 1)
}

/// The row and the column of a name such as `email_ids.2.email_id`.
fn cell(field: &str) -> Option<(&str, usize, &str)> {
    let mut parts = field.split('.');
    let (table, row, column) = (
        parts.next()?,
        parts.next()?.parse::<usize>().ok()?,
        parts.next()?,
    );
    (parts.next().is_none() && row > 0).then_some((table, row - 1, column))
}

fn value(row: &Row, field: &str) -> String {
    match cell(field) {
        Some((table, at, column)) => rows(row, table).nth(at).and_then(|it| text(it, column)),
        None => text(row, field),
    }
    .unwrap_or_default()
}

/// What is sent: single fields as they are, of a table all rows, for those that are left out are deleted.
fn body(row: &Row, wanted: &[(String, &str)]) -> Result<Value, Mishap> {
    let mut body = Map::new();
    for (field, after) in wanted {
        let Some((table, at, column)) = cell(field) else {
            body.insert(field.clone(), json!(after));
            continue;
        };
        if !body.contains_key(table) {
            let all: Vec<Value> = rows(row, table).map(|it| Value::Object(slim(it))).collect();
            body.insert(table.to_owned(), Value::Array(all));
        }
        let Some(Value::Array(all)) = body.get_mut(table) else {
            continue;
        };
        // One row after the last is a new one.
        if at == all.len() {
            let first = all.is_empty() && table == "email_ids";
            all.push(if first {
                json!({"is_primary": 1})
            } else {
                json!({})
            });
        }
        let cells = all.get_mut(at).and_then(Value::as_object_mut);
        let cells =
            cells.ok_or_else(|| Mishap::new(Fault::Unknown, format!("{field}: no such row")))?;
        cells.insert(column.to_owned(), json!(after));
    }
    Ok(Value::Object(body))
}

fn slim(row: &Row) -> Row {
    let own = [
        "owner",
        "creation",
        "modified",
        "modified_by",
        "docstatus",
        "parent",
        "parentfield",
        "parenttype",
        "doctype",
        "idx",
    ];
    row.iter()
        .filter(|(name, _)| !own.contains(&name.as_str()))
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect()
}

/// A contact stands in deals as a copy that follows when they are saved, and their own fields never follow.
async fn follow(
    wire: &Wire,
    contact: &str,
    before: &[String],
) -> Result<(u64, Vec<Leftover>), Mishap> {
    let (mut saved, mut stale) = (0, 0);
    for deal in deals_with(wire, contact).await? {
        let row = save(wire, &deal).await?;
        let old = |text: &String| before.iter().any(|it| it == text);
        let hers = |it: &&Row| text(it, "contact").as_deref() == Some(contact);
        let copies = ["full_name", "email", "mobile_no", "phone"];
        if rows(&row, "contacts").filter(hers).any(|it| {
            copies
                .iter()
                .filter_map(|field| text(it, field))
                .any(|it| old(&it))
        }) {
            return Err(Mishap::new(
                Fault::NotWritten,
                "CRM Deal: its row did not follow",
            ));
        }
        let own = [
            "first_name",
            "last_name",
            "lead_name",
            "email",
            "mobile_no",
            "phone",
        ];
        stale += u64::from(
            own.iter()
                .filter_map(|field| text(&row, field))
                .any(|it| old(&it)),
        );
        saved += 1;
    }
    let left = (stale > 0).then(|| Leftover {
        count: Some(stale),
        ..Leftover::new(LeftoverKind::Other, "CRM Deal, its own fields")
    });
    Ok((saved, left.into_iter().collect()))
}

impl Rectify for Frappe {
    fn rectify<'a>(
        &'a self,
        record: &'a RecordRef,
        changes: &'a [Change],
    ) -> BoxFuture<'a, Result<Outcome, Mishap>> {
        Box::pin(async move {
            let wire = self.hand()?;
            let (kind, name) = (record.kind.as_str(), record.id.reveal().as_str());
            if place(kind).is_none() || CLOSED.contains(&kind) || kind == "CRM Contacts" {
                return Err(Mishap::new(
                    Fault::Refused,
                    format!("{kind}: not put right by machine"),
                ));
            }
            let gone = || Mishap::new(Fault::Missing, kind);
            let row = wire.read(kind, name).await?.ok_or_else(gone)?;
            let mut wanted = Vec::new();
            for change in changes {
                if matches!(
                    change.field.as_str(),
                    "name" | "owner" | "modified" | "creation" | "doctype" | "docstatus"
                ) {
                    return Err(Mishap::new(
                        Fault::Refused,
                        format!("{}: cannot be written", change.field),
                    ));
                }
                let field = target(kind, &row, &change.field);
                let (stands, after) = (value(&row, &field), change.after.reveal().as_str());
                if stands == after {
                    continue;
                }
                if change
                    .before
                    .as_ref()
                    .is_some_and(|before| *before.reveal() != stands)
                {
                    let what = format!("{}: something else stands there now", change.field);
                    return Err(Mishap::new(Fault::Conflict, what));
                }
                wanted.push((field, after));
            }
            if !wanted.is_empty() {
                // Without `modified`, which would be compared with that of the record.
                wire.put(kind, name, &body(&row, &wanted)?).await?;
            }
            let now = wire.read(kind, name).await?.ok_or_else(gone)?;
            for change in changes {
                if value(&now, &target(kind, &now, &change.field)) != *change.after.reveal() {
                    return Err(Mishap::new(
                        Fault::NotWritten,
                        format!("{kind}.{}", change.field),
                    ));
                }
            }
            let mut seen = format!("{kind}: {} fields", changes.len());
            let mut leftovers = Vec::new();
            if kind == "Contact" {
                let asked = changes
                    .iter()
                    .filter_map(|it| it.before.as_ref().map(|it| it.reveal().clone()));
                let mut before: Vec<String> = asked
                    .chain(wanted.iter().map(|(field, _)| value(&row, field)))
                    .collect();
                before.extend(
                    text(&row, "full_name")
                        .filter(|it| text(&now, "full_name").as_ref() != Some(it)),
                );
                before.retain(|it| !it.is_empty());
                let (saved, left) = follow(wire, name, &before).await?;
                seen.push_str(&format!(", CRM Deal {saved} saved anew"));
                leftovers.extend(left);
                // The key is the name that she had when it was made.
                if text(&now, "full_name").is_some_and(|it| {
                    before.iter().any(|old| name.starts_with(old.as_str())) && it != name
                }) {
                    leftovers.push(Leftover::new(LeftoverKind::Other, "Contact, its key"));
                }
            }
            // The old values stay in the history.
            match count(wire, "Version", kind, name).await? {
                Some(0) => {}
                count => leftovers.push(Leftover {
                    count,
                    ..Leftover::new(LeftoverKind::History, "Version")
                }),
            }
            Ok(Outcome::new(Fate::Changed, seen).leaving(leftovers))
        })
    }
}
