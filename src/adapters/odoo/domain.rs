//! Odoo's language of conditions: lists in Polish notation, and patterns in which `%` and `_` are alive unless they are
//! escaped.

use serde_json::{Value, json};

/// One expression: a condition, or several joined.
#[derive(Clone, Debug)]
pub struct Domain(Vec<Value>);

impl Domain {
    /// `field operator value`.
    pub fn on(field: &str, operator: &str, value: impl Into<Value>) -> Domain {
        Domain(vec![json!([field, operator, value.into()])])
    }

    /// Of these numbers.
    pub fn within(field: &str, ids: &[i64]) -> Domain {
        Domain::on(field, "in", json!(ids))
    }

    fn joined(sign: &str, parts: Vec<Domain>) -> Option<Domain> {
        let signs = parts.len().checked_sub(1)?;
        let signs = std::iter::repeat_n(json!(sign), signs);
        Some(Domain(
            signs
                .chain(parts.into_iter().flat_map(|part| part.0))
                .collect(),
        ))
    }

    /// One of them suffices. None of none: an empty condition would mean everybody.
    pub fn any(parts: Vec<Domain>) -> Option<Domain> {
        Domain::joined("|", parts)
    }

    /// All of them. None of none.
    pub fn all(parts: Vec<Domain>) -> Option<Domain> {
        Domain::joined("&", parts)
    }

    /// Both.
    pub fn and(self, other: Domain) -> Domain {
        Domain([vec![json!("&")], self.0, other.0].concat())
    }

    /// As it goes over the line.
    pub fn value(&self) -> Value {
        Value::Array(self.0.clone())
    }
}

/// A text in which every letter is a letter.
pub fn literal(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        if matches!(letter, '%' | '_' | '\\') {
            escaped.push('\\');
        }
        escaped.push(letter);
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wildcards_are_letters() {
        assert_eq!(literal(r"a%b_c\d@x.example"), r"a\%b\_c\\d@x.example");
    }

    #[test]
    fn nothing_joined_is_no_condition_and_never_everybody() {
        assert!(Domain::any(Vec::new()).is_none() && Domain::all(Vec::new()).is_none());
        let one = || Domain::on("a", "=", 1);
        let both = Domain::any(vec![one(), one(), one()])
            .unwrap()
            .and(Domain::within("id", &[7]));
        let text = r#"["&","|","|",["a","=",1],["a","=",1],["a","=",1],["id","in",[7]]]"#;
        assert_eq!(both.value().to_string(), text);
    }
}
