//! Makes records of what a Frappe site says: its own names of fields, without its bookkeeping and without the names of
//! those who work there.

use chrono::{DateTime, NaiveDateTime, TimeZone, Utc};
use chrono_tz::Tz;
use serde_json::Value;

use super::places::Place;
use super::spelling::addresses;
use super::wire::{Row, key, rows, text};
use crate::domain::identifier::{Identifier, SearchKey};
use crate::ports::source::{
    Caution, Field, FileRef, Nature, Origin, Record, RecordRef, Search, Tie,
};

/// Columns that say something of the system and of those who work with it, or that are a secret.
const SILENT: [&str; 26] = [
    "name",
    "owner",
    "modified_by",
    "creation",
    "modified",
    "docstatus",
    "idx",
    "doctype",
    "parent",
    "parentfield",
    "parenttype",
    "naming_series",
    "_comments",
    "_seen",
    "_liked_by",
    "_assign",
    "lft",
    "rgt",
    "api_key",
    "api_secret",
    "reset_password_key",
    "last_password_reset_date",
    "password",
    "new_password",
    "restrict_ip",
    "onboarding_status",
];

/// Doctypes whose key is a name of a person or a firm.
pub const SPEAKING_KEYS: [&str; 3] = ["Contact", "Address", "CRM Organization"];

/// The reference of a record, with the moment of its last change.
pub fn reference(doctype: &str, row: &Row) -> Option<RecordRef> {
    let mut reference = RecordRef::new(doctype, key(row)?);
    reference.version = text(row, "modified");
    Some(reference)
}

/// A moment as the site writes it: local to the site and without a zone.
pub fn moment(zone: Option<Tz>, text: &str) -> Option<DateTime<Utc>> {
    let naive = NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S%.f").ok()?;
    let local = zone?.from_local_datetime(&naive);
    local.earliest().map(|moment| moment.with_timezone(&Utc))
}

/// One record.
pub fn record(place: &Place, row: &Row, tie: Tie, zone: Option<Tz>) -> Option<Record> {
    let reference = reference(place.doctype, row)?;
    let title = place.title.iter().find_map(|field| text(row, field));
    let title = title.unwrap_or_else(|| reference.id.reveal().clone());
    let at = ["communication_date", "start_time", "creation"]
        .iter()
        .find_map(|field| text(row, field));
    Some(Record {
        category: place.category.to_owned(),
        title: title.into(),
        at: at.and_then(|at| moment(zone, &at)),
        tie,
        origin: match text(row, "sent_or_received").as_deref() {
            Some("Received") => Origin::Provided,
            Some(_) => Origin::Derived,
            None => place.origin,
        },
        fields: fields(place, row),
        files: file(place, row).into_iter().collect(),
        cautions: cautions(place, row),
        rank: place.rank,
        reference,
    })
}

fn fields(place: &Place, row: &Row) -> Vec<Field> {
    let mut fields = Vec::new();
    if SPEAKING_KEYS.contains(&place.doctype) {
        fields.extend(key(row).map(|key| Field::plain("name", key)));
    }
    let rest = row
        .keys()
        .map(String::as_str)
        .filter(|it| !place.first.contains(it));
    for name in place.first.iter().copied().chain(rest) {
        if SILENT.contains(&name) || name.starts_with("__") {
            continue;
        }
        if let Some(text) = text(row, name) {
            fields.push(field(name.to_owned(), text));
            continue;
        }
        match row.get(name) {
            Some(Value::Object(inner)) if !inner.is_empty() => {
                fields.push(field(
                    name.to_owned(),
                    Value::Object(inner.clone()).to_string(),
                ));
            }
            // The rights of an account are the system's own affair.
            Some(Value::Array(_)) if place.doctype != "User" => {
                for (row, count) in rows(row, name).zip(1_usize..) {
                    let inner = row.keys().filter(|it| !SILENT.contains(&it.as_str()));
                    fields.extend(inner.filter_map(|it| {
                        Some(field(format!("{name}.{count}.{it}"), text(row, it)?))
                    }));
                }
            }
            _ => {}
        }
    }
    fields
}

fn field(name: String, value: String) -> Field {
    let nature = match name.rsplit('.').next().unwrap_or_default() {
        "content" | "description" | "message" | "email_content" | "notification_text"
            if value.contains('<') =>
        {
            Nature::Html
        }
        _ if value.contains('\n') || value.len() > 200 => Nature::Text,
        _ => Nature::Plain,
    };
    Field::plain(name, value).as_nature(nature)
}

fn file(place: &Place, row: &Row) -> Option<FileRef> {
    if place.doctype != "File" || text(row, "is_folder").is_some() {
        return None;
    }
    let name = text(row, "file_name").unwrap_or_default();
    let ending = name
        .rsplit_once('.')
        .map(|(_, ending)| ending.to_lowercase())
        .unwrap_or_default();
    let media_type = match ending.as_str() {
        "pdf" => "application/pdf",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "txt" => "text/plain",
        "csv" => "text/csv",
        "eml" => "message/rfc822",
        _ => "application/octet-stream",
    };
    Some(FileRef {
        id: key(row)?,
        name: name.into(),
        media_type: media_type.to_owned(),
        size: row
            .get("file_size")
            .and_then(Value::as_u64)
            .filter(|size| *size > 0),
    })
}

fn cautions(place: &Place, row: &Row) -> Vec<Caution> {
    let mut cautions = Vec::new();
    match place.doctype {
        "User" => cautions.push(Caution::Staff),
        // The built-in request leaves the CRM as it is, writes into other people's comments, and sends mail.
        "Personal Data Deletion Request" | "Personal Data Download Request" => {
            cautions.push(Caution::Acts)
        }
        "Email Unsubscribe" => cautions.push(Caution::Retained),
        "Deleted Document" => cautions.push(Caution::Archived),
        "Communication" => {
            let several = |field| text(row, field).is_some_and(|text| addresses(&text).len() > 1);
            let copied = ["cc", "bcc"].iter().any(|field| text(row, field).is_some());
            if copied || several("recipients") {
                cautions.push(Caution::Others);
            }
        }
        _ => {}
    }
    cautions
}

/// Proposes what else she could be found by, as this record has it.
pub fn propose(
    search: &mut Search,
    wanted: &[Identifier],
    place: &Place,
    row: &Row,
    reference: &RecordRef,
) {
    let mut seen = Vec::new();
    let mut take = |kind, row: &Row, field| {
        seen.extend(text(row, field).and_then(|text| Identifier::new(kind, &text)));
    };
    match place.doctype {
        "CRM Lead" | "CRM Deal" => {
            take(SearchKey::Email, row, "email");
            take(SearchKey::Phone, row, "mobile_no");
            take(SearchKey::Phone, row, "phone");
            take(SearchKey::Name, row, "lead_name");
        }
        "Contact" => {
            rows(row, "email_ids").for_each(|row| take(SearchKey::Email, row, "email_id"));
            rows(row, "phone_nos").for_each(|row| take(SearchKey::Phone, row, "phone"));
            take(SearchKey::Name, row, "full_name");
        }
        _ => {}
    }
    for identifier in seen {
        search.propose(wanted, identifier, reference);
    }
}
