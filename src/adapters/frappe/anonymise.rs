//! What has to be emptied in leads, deals and contacts so that they say nothing of anybody, and the proof that it is.

use serde_json::{Map, Value, json};

use super::Frappe;
use super::erase::{standing, unchanged};
use super::listing::{Listing, Question};
use super::traces::{forget, mentions};
use super::wire::{Row, Wire, key, rows, text};
use crate::domain::identifier::{e164, mail_address};
use crate::ports::source::{Fate, Fault, Mishap, Outcome, RecordRef};

/// A first name may not be empty.
const NOBODY: &str = "Erased";
/// Fields that say who somebody is, in any of the three.
const PERSONAL: [&str; 20] = [
    "salutation",
    "middle_name",
    "last_name",
    "lead_name",
    "gender",
    "email",
    "mobile_no",
    "phone",
    "job_title",
    "lost_notes",
    "image",
    "facebook_lead_id",
    "designation",
    "department",
    "company_name",
    "user",
    "website",
    "organization",
    "next_step",
    "address",
];
/// What is not hers alone in a deal.
const FIRM: [&str; 3] = ["organization", "website", "address"];

/// Whether two values are the same address or number.
fn same(one: &str, other: &str) -> bool {
    let mail = mail_address(one).is_some_and(|one| mail_address(other) == Some(one));
    mail || e164(one).is_some_and(|one| e164(other) == Some(one))
}

fn marks_of(row: &Row) -> Vec<String> {
    ["email", "email_id", "mobile_no", "phone"]
        .iter()
        .filter_map(|field| text(row, field))
        .collect()
}

/// Words by which she would be known again. The name alone, where it is more than a syllable.
pub(super) fn words(kind: &str, row: &Row) -> Vec<String> {
    let mut words = marks_of(row);
    for table in ["email_ids", "phone_nos"] {
        words.extend(rows(row, table).flat_map(marks_of));
    }
    words.extend(
        ["full_name", "lead_name"]
            .iter()
            .filter_map(|field| text(row, field)),
    );
    words.extend(key(row).filter(|_| kind == "Contact"));
    words.retain(|word| word.len() > 3 && word != NOBODY);
    words
}

/// The rows of a table without the bookkeeping, but with their names: a table is replaced whole, and a row without a
/// name is a new one.
pub(super) fn plain(row: &Row) -> Value {
    const OWN: [&str; 9] = [
        "owner",
        "creation",
        "modified",
        "modified_by",
        "docstatus",
        "parent",
        "parentfield",
        "parenttype",
        "doctype",
    ];
    Value::Object(
        row.iter()
            .filter(|(name, _)| !OWN.contains(&name.as_str()))
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect(),
    )
}

/// What has to be written so that nothing of her stands there; empty, if nothing does.
pub(super) fn plan(kind: &str, row: &Row) -> Map<String, Value> {
    let mut plan = Map::new();
    for (field, value) in row {
        let own = PERSONAL.contains(&field.as_str())
            && !(kind == "CRM Deal" && FIRM.contains(&field.as_str()));
        let custom = field.starts_with("custom_") && value.is_string();
        if (own || custom) && text(row, field).is_some_and(|it| it != NOBODY) {
            plan.insert(field.clone(), json!(""));
        }
    }
    if text(row, "first_name").is_some_and(|it| it != NOBODY) {
        plan.insert(
            "first_name".to_owned(),
            json!(if kind == "CRM Deal" { "" } else { NOBODY }),
        );
    }
    match kind {
        "Contact" => {
            for table in ["email_ids", "phone_nos"] {
                if rows(row, table).next().is_some() {
                    plan.insert(table.to_owned(), json!([]));
                }
            }
            if !plan.is_empty() {
                plan.insert("full_name".to_owned(), json!(NOBODY));
                plan.insert("unsubscribed".to_owned(), json!(1));
            }
        }
        "CRM Deal" => {
            let own = marks_of(row);
            let hers = |row: &Row| {
                marks_of(row)
                    .iter()
                    .any(|mark| own.iter().any(|it| same(it, mark)))
            };
            let only = rows(row, "contacts").count() == 1;
            let rest: Vec<Value> = rows(row, "contacts")
                .filter(|it| !only && !hers(it))
                .map(plain)
                .collect();
            if rest.len() < rows(row, "contacts").count() {
                plan.insert("contacts".to_owned(), Value::Array(rest));
            }
            if text(row, "lead").is_some() {
                plan.insert("lead".to_owned(), Value::Null);
            }
        }
        _ => {}
    }
    plan
}

/// Nothing of her is in what was read back, and nothing is left of what was to go.
pub(super) fn blank(kind: &str, row: &Row, words: &[String]) -> Result<(), Mishap> {
    let not_written = |what: &str| Mishap::new(Fault::NotWritten, format!("{kind}: {what}"));
    let silent = [
        "owner",
        "modified_by",
        "_comments",
        "_assign",
        "_liked_by",
        "_seen",
    ];
    for (field, value) in row
        .iter()
        .filter(|(field, _)| !silent.contains(&field.as_str()))
    {
        if mentions(&value.to_string(), words) {
            return Err(not_written(&format!("{field} still says who it was")));
        }
    }
    let mut left = plan(kind, row);
    // With other people in a deal, the site fills in the next one of them.
    if kind == "CRM Deal" && rows(row, "contacts").next().is_some() {
        left.clear();
    }
    match left.keys().next() {
        Some(field) => Err(not_written(&format!("{field} is not empty"))),
        None => Ok(()),
    }
}

impl Frappe {
    /// A lead or a deal.
    pub(super) async fn anonymise(
        &self,
        wire: &Wire,
        record: &RecordRef,
    ) -> Result<Outcome, Mishap> {
        let (kind, name) = (record.kind.as_str(), record.id.reveal().as_str());
        let Some(row) = standing(wire, record).await? else {
            return Ok(Outcome::new(Fate::Gone, format!("{kind} 0")));
        };
        let (plan, words) = (plan(kind, &row), words(kind, &row));
        if !plan.is_empty() {
            wire.put(kind, name, &Value::Object(plan)).await?;
        }
        let row = wire.read(kind, name).await?;
        let row =
            row.ok_or_else(|| Mishap::new(Fault::NotWritten, format!("{kind}: gone instead")))?;
        blank(kind, &row, &words)?;
        let left = forget(wire, kind, name, None).await?;
        let seen = format!("{kind} 1 without a person");
        Ok(Outcome::new(Fate::Anonymous, seen).leaving(left.into_iter().collect()))
    }

    /// Takes her row out of a deal of others; theirs stay.
    pub(super) async fn leave_deal(
        &self,
        wire: &Wire,
        record: &RecordRef,
    ) -> Result<Outcome, Mishap> {
        let id = record.id.reveal().as_str();
        let question = Question::to_rows("CRM Contacts", "CRM Deal").and("name", "=", id);
        let found = Listing::of(question).all(wire).await?;
        let Some(row) = found
            .into_iter()
            .find(|row| key(row).as_deref() == Some(id))
        else {
            return Ok(Outcome::new(Fate::Gone, "CRM Contacts 0"));
        };
        unchanged(wire, record, &row).await?;
        let deal = text(&row, "parent")
            .ok_or_else(|| Mishap::new(Fault::Unreadable, "a row of no deal"))?;
        let Some(whole) = wire.read("CRM Deal", &deal).await? else {
            return Ok(Outcome::new(Fate::Gone, "CRM Deal 0"));
        };
        let rest: Vec<Value> = rows(&whole, "contacts")
            .filter(|it| key(it).as_deref() != Some(id))
            .map(plain)
            .collect();
        let kept = rest.len();
        wire.put("CRM Deal", &deal, &json!({"contacts": rest}))
            .await?;
        let after = wire.read("CRM Deal", &deal).await?.unwrap_or_default();
        let still = rows(&after, "contacts").any(|it| key(it).as_deref() == Some(id));
        if still || rows(&after, "contacts").count() != kept {
            return Err(Mishap::new(
                Fault::NotWritten,
                "CRM Deal: its rows are others than were written",
            ));
        }
        let words = words("CRM Contacts", &row);
        let left = forget(wire, "CRM Deal", &deal, Some(&words)).await?;
        Ok(
            Outcome::new(Fate::Gone, format!("CRM Contacts 0, {kept} of others"))
                .leaving(left.into_iter().collect()),
        )
    }
}
