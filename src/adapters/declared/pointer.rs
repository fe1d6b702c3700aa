//! Where in an answer something lies: JSON pointers (RFC 6901) in which `*` is every entry of a list.

use serde_json::Value;

#[derive(Clone, Debug, PartialEq, Eq)]
enum Step {
    Every,
    Name(String),
}

/// A place in an answer, such as `/emailAddresses/*/address`; an empty one is the whole answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Pointer(Vec<Step>);

impl Pointer {
    /// # Errors
    /// What is wrong with the text.
    pub fn parse(text: &str) -> Result<Pointer, String> {
        if text.is_empty() {
            return Ok(Pointer(Vec::new()));
        }
        let Some(rest) = text.strip_prefix('/') else {
            return Err(format!("{text:?} must begin with /"));
        };
        let steps = rest.split('/').map(|step| match step {
            "*" => Ok(Step::Every),
            "" => Err(format!("{text:?} has an empty step")),
            name => Ok(Step::Name(name.replace("~1", "/").replace("~0", "~"))),
        });
        Ok(Pointer(steps.collect::<Result<_, _>>()?))
    }

    /// Everything that lies there.
    pub fn all<'a>(&self, value: &'a Value) -> Vec<&'a Value> {
        let mut found = vec![value];
        for step in &self.0 {
            found = match step {
                Step::Every => found
                    .into_iter()
                    .flat_map(|it| it.as_array().into_iter().flatten())
                    .collect(),
                Step::Name(name) => found.into_iter().filter_map(|it| child(it, name)).collect(),
            };
        }
        found
    }

    /// What lies there, if anything does.
    pub fn one<'a>(&self, value: &'a Value) -> Option<&'a Value> {
        self.all(value).into_iter().next()
    }
}

fn child<'a>(value: &'a Value, name: &str) -> Option<&'a Value> {
    match value {
        Value::Object(map) => map.get(name),
        Value::Array(list) => list.get(name.parse::<usize>().ok()?),
        _ => None,
    }
}

/// What lies at a place, as texts; nothing where the place cannot be read.
pub(super) fn texts(place: &str, value: &Value) -> Vec<String> {
    let found = Pointer::parse(place)
        .map(|it| it.all(value))
        .unwrap_or_default();
    found.into_iter().filter_map(text).collect()
}

/// A short value as text; nothing for what is empty, a list or an object.
pub(super) fn text(value: &Value) -> Option<String> {
    let text = match value {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        Value::Bool(yes) => yes.to_string(),
        Value::Null | Value::Array(_) | Value::Object(_) => return None,
    };
    Some(text).filter(|it| !it.is_empty())
}

/// Whether there is nothing: no value, an empty text, list or object, `false`, 0.
pub(super) fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => true,
        Value::String(text) => text.trim().is_empty(),
        Value::Array(list) => list.is_empty(),
        Value::Object(map) => map.is_empty(),
        Value::Number(number) => number.as_i64() == Some(0),
        Value::Bool(true) => false,
    }
}

/// All short values of a record with their names, `address.street`; a list of short values is one value.
pub(super) fn flat(value: &Value) -> Vec<(String, String)> {
    let mut out = Vec::new();
    walk(value, String::new(), &mut out, 0);
    out
}

/// Nobody nests deeper in earnest.
const DEEPEST: usize = 12;

fn walk(value: &Value, name: String, out: &mut Vec<(String, String)>, depth: usize) {
    let inner = |step: &str| match name.is_empty() {
        true => step.to_owned(),
        false => format!("{name}.{step}"),
    };
    match value {
        _ if depth > DEEPEST => {}
        Value::Object(map) => {
            for (step, value) in map {
                walk(value, inner(step), out, depth + 1);
            }
        }
        Value::Array(list) if list.iter().all(|it| !it.is_object() && !it.is_array()) => {
            let joined: Vec<String> = list.iter().filter_map(text).collect();
            if !joined.is_empty() {
                out.push((name, joined.join(", ")));
            }
        }
        Value::Array(list) => {
            for (place, value) in list.iter().enumerate() {
                walk(value, inner(&place.to_string()), out, depth + 1);
            }
        }
        short => out.extend(text(short).map(|text| (name, text))),
    }
}

/// The short value of that name, as [`flat`] names it.
pub(super) fn named(value: &Value, name: &str) -> Option<String> {
    flat(value)
        .into_iter()
        .find(|(it, _)| it == name)
        .map(|(_, text)| text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_place_may_be_every_entry_and_a_name_may_hold_a_full_stop() {
        let answer = json!({
            "@odata.nextLink": "x",
            "value": [{"emailAddresses": [{"address": "a"}, {"address": "b"}]}, {"emailAddresses": []}],
        });
        let found = Pointer::parse("/value/*/emailAddresses/*/address").unwrap();
        assert_eq!(found.all(&answer), [&json!("a"), &json!("b")]);
        assert_eq!(texts("/@odata.nextLink", &answer), ["x"]);
        assert_eq!(texts("/value/0/emailAddresses/1/address", &answer), ["b"]);
        assert!(texts("/value/7", &answer).is_empty());
        assert!(Pointer::parse("value").is_err());
        assert!(Pointer::parse("/a//b").is_err());
    }

    #[test]
    fn a_record_becomes_a_list_of_short_values() {
        let record = json!({
            "name": "Anna", "empty": "", "none": null, "tags": ["a", "b"],
            "address": {"street": "Weg 1", "no": 7}, "phones": [{"no": "1"}, {"no": "2"}],
        });
        let flat = flat(&record);
        let value = |name: &str| {
            flat.iter()
                .find(|(it, _)| it == name)
                .map(|(_, it)| it.as_str())
        };
        assert_eq!(value("address.street"), Some("Weg 1"));
        assert_eq!(value("tags"), Some("a, b"));
        assert_eq!(value("phones.1.no"), Some("2"));
        assert_eq!(flat.len(), 6);
    }
}
