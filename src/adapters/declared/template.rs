//! The blanks in a declared request and what is filled in: each value is encoded by the place where it stands, and none
//! of them may be empty, for an empty filter often means everybody.

use std::collections::BTreeMap;

use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Map, Value};

use super::mask;
use super::pointer::{self, Pointer};
use crate::ports::source::{Fault, Mishap};

/// What can be done to a value before it is filled in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Filter {
    /// As it is.
    Plain,
    /// Quotes doubled, for the text within `'…'` of an OData filter.
    Odata,
    /// Quotes and backslashes escaped, for the text within `"…"` of a search language.
    Quoted,
    /// As a number in JSON; anything else is no number.
    Number,
    /// An IP address cut as the other side cuts it.
    Masked,
    /// The day of a moment.
    Day,
    /// A moment as seconds since 1970.
    Unix,
}

/// A blank: a name, and what is done to the value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Blank {
    pub name: String,
    pub filter: Filter,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Text(String),
    Blank(Blank),
}

/// A text with blanks, `{email}` or `{email|odata}`; `{{` and `}}` are braces.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Template(Vec<Part>);

/// What is filled in, by name.
#[derive(Clone, Default)]
pub(super) struct Values {
    named: BTreeMap<String, String>,
    /// The record at hand: `{/email}` is a value of it.
    pub record: Value,
}

impl Values {
    pub fn set(&mut self, name: impl Into<String>, value: impl Into<String>) {
        self.named.insert(name.into(), value.into());
    }

    pub fn get(&self, name: &str) -> Option<&str> {
        self.named.get(name).map(String::as_str)
    }

    pub fn with(&self, name: impl Into<String>, value: impl Into<String>) -> Values {
        let mut values = self.clone();
        values.set(name, value);
        values
    }

    fn look(&self, name: &str) -> Option<String> {
        match name.starts_with('/') {
            true => {
                let found = Pointer::parse(name).ok()?;
                found.all(&self.record).into_iter().find_map(pointer::text)
            }
            false => self.named.get(name).cloned(),
        }
    }
}

/// Blanks that a first page has no value for; what holds one is left out then.
pub(super) const LATER: [&str; 1] = ["cursor"];

impl Template {
    /// # Errors
    /// What is wrong with the text.
    pub fn parse(text: &str) -> Result<Template, String> {
        let mut parts = Vec::new();
        let mut plain = String::new();
        let mut rest = text.chars().peekable();
        while let Some(letter) = rest.next() {
            match letter {
                '{' if rest.peek() == Some(&'{') => plain.extend(rest.next()),
                '}' if rest.peek() == Some(&'}') => plain.extend(rest.next()),
                '{' => {
                    let mut inner = String::new();
                    loop {
                        match rest.next() {
                            Some('}') => break,
                            Some(letter) => inner.push(letter),
                            None => return Err("a { without its }".to_owned()),
                        }
                    }
                    if !plain.is_empty() {
                        parts.push(Part::Text(std::mem::take(&mut plain)));
                    }
                    parts.push(Part::Blank(blank(&inner)?));
                }
                '}' => return Err("a } without its {".to_owned()),
                other => plain.push(other),
            }
        }
        if !plain.is_empty() {
            parts.push(Part::Text(plain));
        }
        Ok(Template(parts))
    }

    pub fn blanks(&self) -> impl Iterator<Item = &Blank> {
        self.0.iter().filter_map(|part| match part {
            Part::Blank(blank) => Some(blank),
            Part::Text(_) => None,
        })
    }

    fn is_later(&self, values: &Values) -> bool {
        self.blanks()
            .any(|blank| LATER.contains(&blank.name.as_str()) && values.get(&blank.name).is_none())
    }

    fn fill(&self, values: &Values) -> Result<String, Mishap> {
        let mut out = String::new();
        for part in &self.0 {
            match part {
                Part::Text(text) => out.push_str(text),
                Part::Blank(blank) => out.push_str(&blank.fill(values)?),
            }
        }
        Ok(out)
    }

    /// The whole as JSON: a number where the only thing in it is one.
    fn json(&self, values: &Values) -> Result<Value, Mishap> {
        let text = self.fill(values)?;
        match self.0.as_slice() {
            [Part::Blank(blank)] if blank.filter == Filter::Number => {
                text.parse::<i64>().map(Value::from).map_err(|_| {
                    Mishap::new(
                        Fault::Misconfigured,
                        format!("{{{}}} is no number", blank.name),
                    )
                })
            }
            _ => Ok(Value::String(text)),
        }
    }
}

fn blank(inner: &str) -> Result<Blank, String> {
    let (name, filter) = inner.split_once('|').unwrap_or((inner, ""));
    let filter = match filter {
        "" => Filter::Plain,
        "odata" => Filter::Odata,
        "quoted" => Filter::Quoted,
        "number" => Filter::Number,
        "masked" => Filter::Masked,
        "day" => Filter::Day,
        "unix" => Filter::Unix,
        other => {
            return Err(format!(
                "no filter is called {other:?}; there are odata, quoted, number, masked, day, unix"
            ));
        }
    };
    let sound = name.starts_with('/')
        || (!name.is_empty()
            && name
                .chars()
                .all(|it| it.is_ascii_alphanumeric() || it == '_'));
    match sound {
        true => Ok(Blank {
            name: name.to_owned(),
            filter,
        }),
        false => Err(format!("{{{inner}}} is no blank: write {{{{ for a brace")),
    }
}

impl Blank {
    fn fill(&self, values: &Values) -> Result<String, Mishap> {
        // The name of a blank stands in the description; its value stays out of every message.
        let empty = || {
            Mishap::new(
                Fault::NoIdentifier,
                format!("nothing to fill into {{{}}}", self.name),
            )
        };
        let value = values.look(&self.name).ok_or_else(empty)?;
        if value.trim().is_empty() || value.chars().any(char::is_control) {
            return Err(empty());
        }
        let moment = || value.parse::<DateTime<Utc>>().map_err(|_| empty());
        Ok(match self.filter {
            Filter::Plain | Filter::Number => value,
            Filter::Odata => value.replace('\'', "''"),
            Filter::Quoted => value.replace('\\', "\\\\").replace('"', "\\\""),
            Filter::Masked => mask::cut(&value).ok_or_else(empty)?,
            Filter::Day => moment()?.format("%Y-%m-%d").to_string(),
            Filter::Unix => moment()?.timestamp().to_string(),
        })
    }
}

/// A moment as it is filled in.
pub(super) fn moment(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}

fn parsed(text: &str) -> Result<Template, Mishap> {
    Template::parse(text).map_err(|why| Mishap::new(Fault::Misconfigured, why))
}

/// The pieces of a path, cut before anything is filled in: no value can add a piece or take one away.
pub(super) fn path(text: &str, values: &Values) -> Result<Vec<String>, Mishap> {
    pieces(text)
        .map(|piece| parsed(piece)?.fill(values))
        .collect()
}

/// The pieces of a path as they are written.
pub(super) fn pieces(text: &str) -> impl Iterator<Item = &str> {
    let text = text.trim_start_matches('/');
    text.split('/').filter(move |_| !text.is_empty())
}

/// A short text, such as the value of a parameter or a header; none, where its time comes later.
pub(super) fn line(text: &str, values: &Values) -> Result<Option<String>, Mishap> {
    let template = parsed(text)?;
    match template.is_later(values) {
        true => Ok(None),
        false => template.fill(values).map(Some),
    }
}

/// A body: blanks are filled into its texts, which JSON encodes afterwards.
pub(super) fn body(shape: &Value, values: &Values) -> Result<Value, Mishap> {
    Ok(match shape {
        Value::String(text) => parsed(text)?.json(values)?,
        Value::Array(list) => {
            let mut filled = Vec::with_capacity(list.len());
            for item in list {
                filled.push(body(item, values)?);
            }
            Value::Array(filled)
        }
        Value::Object(map) => {
            let mut filled = Map::new();
            for (name, item) in map {
                let later = match item {
                    Value::String(text) => parsed(text)?.is_later(values),
                    _ => false,
                };
                if !later {
                    filled.insert(name.clone(), body(item, values)?);
                }
            }
            Value::Object(filled)
        }
        other => other.clone(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(email: &str) -> Values {
        Values::default().with("email", email)
    }

    #[test]
    fn a_value_cannot_leave_its_place() {
        let odd = values("a/../b?x='y'&z=\"w\"@example.org");
        assert_eq!(
            path("/receivers/{email}", &odd).unwrap(),
            ["receivers", "a/../b?x='y'&z=\"w\"@example.org"]
        );
        assert_eq!(
            line("a eq '{email|odata}'", &values("o'hara@example.org"))
                .unwrap()
                .unwrap(),
            "a eq 'o''hara@example.org'"
        );
        assert_eq!(
            line("\"{email|quoted}\"", &values("a\"b\\c@example.org"))
                .unwrap()
                .unwrap(),
            "\"a\\\"b\\\\c@example.org\""
        );
        let shape = serde_json::json!({"a": ["{email}", 7, "{{email}}"]});
        let filled = body(&shape, &values("x\"},{\"y")).unwrap();
        assert_eq!(
            filled,
            serde_json::json!({"a": ["x\"},{\"y", 7, "{email}"]})
        );
    }

    #[test]
    fn nothing_empty_is_ever_filled_in() {
        for empty in ["", "  ", "\t", "a\nb"] {
            for text in ["/groups/{email}", "/{email}/x"] {
                assert_eq!(
                    path(text, &values(empty)).unwrap_err().fault,
                    Fault::NoIdentifier,
                    "{empty:?}"
                );
            }
            assert!(line("{email}", &values(empty)).is_err());
            assert!(body(&Value::from("{email}"), &values(empty)).is_err());
        }
        assert!(
            line("{phone}", &values("a@example.org")).is_err(),
            "a value that is not known"
        );
        assert!(
            line("{/email}", &Values::default()).is_err(),
            "a value that the record has not"
        );
    }

    #[test]
    fn a_number_is_a_number_and_a_cursor_comes_with_the_second_page() {
        let shape = serde_json::json!({"OFFSET": "{offset|number}", "CURSOR": "{cursor}"});
        let first = body(&shape, &Values::default().with("offset", "0")).unwrap();
        assert_eq!(first, serde_json::json!({"OFFSET": 0}));
        let second = Values::default().with("offset", "100").with("cursor", "c2");
        assert_eq!(
            body(&shape, &second).unwrap(),
            serde_json::json!({"OFFSET": 100, "CURSOR": "c2"})
        );
    }

    #[test]
    fn what_is_no_template_says_so() {
        for wrong in ["{email", "email}", "{}", "{e mail}", "{email|sql}"] {
            assert!(Template::parse(wrong).is_err(), "{wrong}");
        }
    }
}
