//! From a row of Odoo to a record as it is laid before a clerk.

use std::collections::HashMap;

use serde_json::Value;

use super::keys::addresses_in;
use super::models::{ATTACHMENT, EVENT, LEAD, MESSAGE, MOVE, Model, ORDER, PARTNER, USER};
use super::row::Row;
use super::site::Fields;
use crate::domain::private::Private;
use crate::ports::source::{Caution, Field, FileRef, Nature, Origin, Record, RecordRef, Tie};

/// The bytes of an attachment.
pub const BYTES: &str = "datas";

/// Names of records by model and number, for fields that lead to several.
pub type Names = HashMap<(String, i64), String>;

/// By what the record is found again.
pub fn reference(model: &Model, row: &Row) -> RecordRef {
    let mut reference = RecordRef::new(model.name.clone(), row.id().to_string());
    reference.version = row.text("write_date").map(str::to_owned);
    reference
}

/// The record. `own` says whether she wrote it herself.
pub fn record(
    model: &Model,
    fields: &Fields,
    row: &Row,
    tie: Tie,
    own: bool,
    names: &Names,
) -> Record {
    let mut record = Record {
        reference: reference(model, row),
        category: category(model, row),
        title: title(model, row),
        at: model.at.iter().find_map(|field| row.at(field)),
        tie,
        origin: origin(model, own),
        fields: Vec::new(),
        files: Vec::new(),
        cautions: cautions(model, row),
        rank: rank(model, row),
    };
    for name in model.fields.iter().chain(&fields.own()) {
        let Some(kind) = fields.kind(name) else {
            continue;
        };
        if row.value(name).is_none() || NOT_SHOWN.contains(&name.as_str()) {
            continue;
        }
        if matches!(kind.ty.as_str(), "binary" | "image") {
            // A picture on the record itself; only its size came along.
            record.files.push(FileRef {
                id: name.clone(),
                name: Private::new(name.clone()),
                media_type: "application/octet-stream".to_owned(),
                size: None,
            });
            continue;
        }
        let shown = match kind.ty.as_str() {
            "many2many" | "one2many" => several(kind.relation.as_deref(), row.links(name), names),
            _ => row.shown(name),
        };
        if let Some(shown) = shown {
            let nature = match kind.ty.as_str() {
                "html" => Nature::Html,
                "text" => Nature::Text,
                _ => Nature::Plain,
            };
            let field = Field::plain(name.clone(), shown).as_nature(nature);
            record.fields.push(match kind.label.is_empty() {
                true => field,
                false => field.labelled(kind.label.clone()),
            });
        }
    }
    if model.name == ATTACHMENT && row.text("type").is_none_or(|ty| ty == "binary") {
        record.files.push(FileRef {
            id: BYTES.to_owned(),
            name: Private::new(row.text("name").unwrap_or_default().to_owned()),
            media_type: row
                .text("mimetype")
                .unwrap_or("application/octet-stream")
                .to_owned(),
            size: row.value("file_size").and_then(Value::as_u64),
        });
    }
    record
}

/// Numbers that say nothing to a reader: files are records of their own.
const NOT_SHOWN: [&str; 2] = ["attachment_ids", "res_id"];

fn several(relation: Option<&str>, ids: Vec<i64>, names: &Names) -> Option<String> {
    let relation = relation?;
    let name = |id: i64| names.get(&(relation.to_owned(), id)).cloned();
    // Who may not be seen over there is still one of them.
    let shown: Vec<String> = ids
        .into_iter()
        .map(|id| name(id).unwrap_or_else(|| format!("{relation} {id}")))
        .collect();
    (!shown.is_empty()).then(|| shown.join(", "))
}

fn title(model: &Model, row: &Row) -> Private<String> {
    let title = model.title.iter().find_map(|field| row.shown(field));
    Private::new(title.unwrap_or_default())
}

fn category(model: &Model, row: &Row) -> String {
    let other = match (
        model.name.as_str(),
        row.text("message_type"),
        row.text("type"),
    ) {
        (MESSAGE, Some("email" | "email_outgoing"), _) => "mail",
        (MESSAGE, Some("notification" | "user_notification" | "auto_comment"), _) => "activity",
        (MESSAGE, _, _) if row.is("is_internal") => "note",
        (LEAD, _, Some("opportunity")) => "deal",
        _ => return model.category.clone(),
    };
    other.to_owned()
}

fn origin(model: &Model, own: bool) -> Origin {
    match model.name.as_str() {
        MESSAGE if own => Origin::Provided,
        MESSAGE => Origin::Others,
        _ => model.origin,
    }
}

/// An address of its own below a contact goes before the contact, which would leave it without anybody.
fn rank(model: &Model, row: &Row) -> u8 {
    match model.name == PARTNER && row.link("parent_id").is_some() {
        true => model.rank.saturating_sub(5),
        false => model.rank,
    }
}

fn cautions(model: &Model, row: &Row) -> Vec<Caution> {
    let mut cautions = Vec::new();
    if row.is_archived() {
        cautions.push(Caution::Archived);
    }
    let state = row.text("state").unwrap_or_default();
    match model.name.as_str() {
        // Customers with an account of their own are no staff.
        USER if !row.is("share") => cautions.push(Caution::Staff),
        MOVE if state == "posted" => cautions.push(Caution::Retained),
        MOVE | ORDER if state == "draft" => cautions.push(Caution::Open),
        ATTACHMENT if row.text("res_model") == Some(MOVE) => cautions.push(Caution::Retained),
        MESSAGE => cautions.push(Caution::Others),
        EVENT if row.links("partner_ids").len() > 1 => cautions.push(Caution::Others),
        "mail.blacklist" | "phone.blacklist" => {
            cautions.push(Caution::Other("objection".to_owned()))
        }
        _ => {}
    }
    let several = |field: &&String| {
        row.text(field)
            .is_some_and(|text| addresses_in(text).len() > 1)
    };
    if model.has_door() && model.name != MESSAGE && model.email.iter().any(|field| several(&field))
    {
        cautions.push(Caution::Shared);
    }
    cautions
}
