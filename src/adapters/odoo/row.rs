//! A record as Odoo sends it: `false` is empty, a link is a pair of number and name, times are UTC without saying so.

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use serde_json::{Map, Value};

use crate::ports::source::{Fault, Mishap};

/// One record as it came.
#[derive(Clone, Debug)]
pub struct Row {
    id: i64,
    values: Map<String, Value>,
}

impl Row {
    /// The rows of an answer; each must say which one it is.
    pub fn all(said: Value, model: &str) -> Result<Vec<Row>, Mishap> {
        let unreadable = || Mishap::new(Fault::Unreadable, format!("{model}: no list of records"));
        let Value::Array(rows) = said else {
            return Err(unreadable());
        };
        rows.into_iter()
            .map(|row| match row {
                Value::Object(values) => {
                    let id = values
                        .get("id")
                        .and_then(Value::as_i64)
                        .filter(|id| *id > 0);
                    id.map(|id| Row { id, values }).ok_or_else(unreadable)
                }
                _ => Err(unreadable()),
            })
            .collect()
    }

    /// Its number.
    pub fn id(&self) -> i64 {
        self.id
    }

    /// A value as it came; none, where it is empty.
    pub fn value(&self, field: &str) -> Option<&Value> {
        self.values.get(field).filter(|value| match value {
            Value::Null | Value::Bool(false) => false,
            Value::String(text) => !text.is_empty(),
            Value::Array(items) => !items.is_empty(),
            _ => true,
        })
    }

    /// A text.
    pub fn text(&self, field: &str) -> Option<&str> {
        self.value(field).and_then(Value::as_str)
    }

    /// A tick.
    pub fn is(&self, field: &str) -> bool {
        self.value(field) == Some(&Value::Bool(true))
    }

    /// Whether it is archived. A model that knows no such thing says nothing about it.
    pub fn is_archived(&self) -> bool {
        self.values.get("active") == Some(&Value::Bool(false))
    }

    /// The record that a field leads to, or that it names as a bare number.
    pub fn link(&self, field: &str) -> Option<i64> {
        match self.value(field)? {
            Value::Array(pair) => pair.first().and_then(Value::as_i64),
            value => value.as_i64(),
        }
        .filter(|id| *id > 0)
    }

    /// The records that a field of several leads to.
    pub fn links(&self, field: &str) -> Vec<i64> {
        match self.value(field) {
            Some(Value::Array(items)) => items.iter().filter_map(Value::as_i64).collect(),
            _ => Vec::new(),
        }
    }

    /// A time or a day.
    pub fn at(&self, field: &str) -> Option<DateTime<Utc>> {
        let text = self.text(field)?;
        // Fractions of a second come from some fields of the history.
        let time = NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S%.f").ok();
        let day = || {
            NaiveDate::parse_from_str(text, "%Y-%m-%d")
                .ok()?
                .and_hms_opt(0, 0, 0)
        };
        time.or_else(day).map(|at| at.and_utc())
    }

    /// The value as a person reads it. Several links are named by the caller, who knows their names.
    pub fn shown(&self, field: &str) -> Option<String> {
        match self.value(field)? {
            Value::String(text) => Some(text.clone()),
            Value::Bool(tick) => Some(tick.to_string()),
            Value::Number(number) => Some(number.to_string()),
            Value::Array(pair) => match pair.as_slice() {
                [Value::Number(_), Value::String(name)] => Some(name.clone()),
                _ => None,
            },
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn false_is_empty_and_a_time_is_utc() {
        let said = json!([{"id": 7, "email": false, "parent_id": [3, "Muster GmbH"], "date": "2026-03-01 09:30:00",
            "active": false, "day": "2026-03-01", "ids": [4, 5], "name": ""}]);
        let rows = Row::all(said, "res.partner").unwrap();
        let row = &rows[0];
        assert_eq!(
            (row.text("email"), row.text("name"), row.value("nothing")),
            (None, None, None)
        );
        assert_eq!(row.link("parent_id"), Some(3));
        assert_eq!(row.shown("parent_id").as_deref(), Some("Muster GmbH"));
        assert_eq!(
            row.at("date").unwrap().to_rfc3339(),
            "2026-03-01T09:30:00+00:00"
        );
        assert_eq!(
            row.at("day").unwrap().to_rfc3339(),
            "2026-03-01T00:00:00+00:00"
        );
        assert_eq!(row.links("ids"), [4, 5]);
        assert!(row.is_archived());
    }

    #[test]
    fn rows_without_a_number_are_no_rows() {
        for said in [
            json!({"id": 1}),
            json!([{"name": "x"}]),
            json!([{"id": 0}]),
            json!([7]),
            json!(true),
        ] {
            assert_eq!(Row::all(said, "m").unwrap_err().fault, Fault::Unreadable);
        }
    }
}
