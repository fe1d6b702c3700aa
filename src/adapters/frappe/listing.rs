//! Questions to lists, and their answers page by page.

use std::collections::HashSet;

use serde_json::{Value, json};

use super::wire::{Row, Wire, key, shapeless};
use crate::ports::source::{Fault, Mishap};

/// Rows of one page. Without a number a list is cut at twenty, silently.
const PAGE: u64 = 200;
/// More rows than this to one question are no answer to it.
const MOST: usize = 200_000;

/// One question to a list.
#[derive(Clone, Debug, Default)]
pub struct Question {
    /// Which doctype.
    pub doctype: String,
    /// In whose table its rows stand, where it is a child table: without it the answer is a 403.
    pub parent: Option<&'static str>,
    /// Conditions of which all hold.
    pub all: Vec<Value>,
    /// Conditions of which one holds.
    pub any: Vec<Value>,
    /// Only these fields; none: all columns, which survives custom fields and other versions.
    pub fields: &'static [&'static str],
}

impl Question {
    /// A question to a doctype.
    pub fn to(doctype: &str) -> Question {
        Question {
            doctype: doctype.to_owned(),
            ..Question::default()
        }
    }

    /// A question to a child table.
    pub fn to_rows(doctype: &str, parent: &'static str) -> Question {
        Question {
            parent: Some(parent),
            ..Question::to(doctype)
        }
    }

    /// One more condition that holds.
    pub fn and(mut self, field: &str, operator: &str, value: impl Into<Value>) -> Question {
        self.all.push(json!([field, operator, value.into()]));
        self
    }

    /// One more condition, of which one holds.
    pub fn or(mut self, field: &str, operator: &str, value: impl Into<Value>) -> Question {
        self.any.push(json!([field, operator, value.into()]));
        self
    }

    /// Only these columns.
    pub fn only(mut self, fields: &'static [&'static str]) -> Question {
        self.fields = fields;
        self
    }
}

/// The answer to a question, page by page: each begins after the last name of the one before, and only an empty page is
/// the end, for which letters come first is the server's own affair.
pub struct Listing {
    question: Question,
    last: Option<Value>,
    seen: HashSet<String>,
    size: u64,
    done: bool,
}

impl Listing {
    /// Begins at the beginning.
    pub fn of(question: Question) -> Listing {
        Listing {
            question,
            last: None,
            seen: HashSet::new(),
            size: PAGE,
            done: false,
        }
    }

    /// The next page; none at the end.
    ///
    /// # Errors
    /// [`Fault::Flooded`], if it answers the same page again, or without an end.
    pub async fn next(&mut self, wire: &Wire) -> Result<Option<Vec<Row>>, Mishap> {
        if self.done {
            return Ok(None);
        }
        let mut conditions = self.question.all.clone();
        if let Some(last) = &self.last {
            conditions.push(json!(["name", ">", last]));
        }
        let fields = match self.question.fields {
            [] => vec!["*"],
            fields => fields.to_vec(),
        };
        let mut body = json!({
            "doctype": self.question.doctype,
            "fields": fields,
            "filters": conditions,
            "order_by": "name asc",
            "limit_page_length": self.size,
        });
        if let Some(body) = body.as_object_mut() {
            if !self.question.any.is_empty() {
                body.insert("or_filters".to_owned(), json!(self.question.any));
            }
            if let Some(parent) = self.question.parent {
                body.insert("parent".to_owned(), json!(parent));
            }
        }
        // Mails and copies of deleted records may be large: then fewer of them at a time.
        let answer = loop {
            match wire.call("frappe.client.get_list", &body).await {
                Err(mishap) if mishap.fault == Fault::TooLarge && self.size > 1 => {
                    self.size /= 5;
                    self.size = self.size.max(1);
                    if let Some(body) = body.as_object_mut() {
                        body.insert("limit_page_length".to_owned(), json!(self.size));
                    }
                }
                answer => break answer?,
            }
        };
        let Value::Array(rows) = answer else {
            return Err(shapeless("a list"));
        };
        let mut page = Vec::new();
        let mut fresh = HashSet::new();
        for row in rows {
            let Value::Object(row) = row else {
                return Err(shapeless("a row"));
            };
            let id = key(&row).ok_or_else(|| shapeless("a row without a name"))?;
            if self.seen.contains(&id) {
                return Err(Mishap::new(Fault::Flooded, "the same page came again"));
            }
            self.last = row.get("name").cloned();
            // A condition on a child table repeats the parent.
            if fresh.insert(id) {
                page.push(row);
            }
        }
        self.seen.extend(fresh);
        if self.seen.len() > MOST {
            return Err(Mishap::new(
                Fault::Flooded,
                format!("more than {MOST} rows"),
            ));
        }
        self.done = page.is_empty();
        Ok((!self.done).then_some(page))
    }

    /// All rows; for questions that have few.
    ///
    /// # Errors
    /// As [`Listing::next`].
    pub async fn all(mut self, wire: &Wire) -> Result<Vec<Row>, Mishap> {
        let mut rows = Vec::new();
        while let Some(page) = self.next(wire).await? {
            rows.extend(page);
        }
        Ok(rows)
    }
}
