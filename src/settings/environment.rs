//! The environment laid over the file: `RECHTZEITIG__SERVER__LISTEN` replaces `listen` in `[server]`.

use std::path::Path;

use toml::{Table, Value};

use super::file::Whole;
use super::problem::SettingsError;

/// What the names of the variables begin with.
const PREFIX: &str = "RECHTZEITIG__";

/// Reads the text of the file with the variables laid over it.
pub(super) fn read(
    path: &Path,
    text: &str,
    environment: &[(String, String)],
) -> Result<Whole, SettingsError> {
    let form = |said: String| SettingsError::Form {
        path: path.to_owned(),
        said,
    };
    let mut overrides: Vec<(&str, &str)> = environment
        .iter()
        .filter_map(|(name, value)| Some((name.strip_prefix(PREFIX)?, value.as_str())))
        .collect();
    if overrides.is_empty() {
        // Straight from the text, because only so an error can show its line.
        return toml::from_str(text).map_err(|error| form(error.to_string()));
    }
    overrides.sort_unstable();
    let mut table: Table = toml::from_str(text).map_err(|error| form(error.to_string()))?;
    for (name, value) in overrides {
        let keys: Vec<String> = name.split("__").map(str::to_lowercase).collect();
        lay(&mut table, &keys, value).map_err(|what| form(format!("{PREFIX}{name}: {what}")))?;
    }
    Value::Table(table).try_into().map_err(|error| {
        form(format!(
            "with the variables {PREFIX}… laid over it: {error}"
        ))
    })
}

fn lay(table: &mut Table, keys: &[String], text: &str) -> Result<(), String> {
    match keys {
        [] => Ok(()),
        [last] => {
            table.insert(last.clone(), value(text));
            Ok(())
        }
        [first, number, rest @ ..] if number.parse::<usize>().is_ok() && !rest.is_empty() => {
            let at: usize = number.parse().map_err(|_| String::from("not a number"))?;
            let element = table
                .get_mut(first)
                .and_then(Value::as_array_mut)
                .and_then(|list| list.get_mut(at));
            match element {
                Some(Value::Table(inner)) => lay(inner, rest, text),
                _ => Err(format!(
                    "the file has no [[{first}]] number {at}, counted from 0"
                )),
            }
        }
        [first, rest @ ..] => match table
            .entry(first.clone())
            .or_insert_with(|| Value::Table(Table::new()))
        {
            Value::Table(inner) => lay(inner, rest, text),
            _ => Err(format!("{first} is no section")),
        },
    }
}

/// A variable is text; what reads as a number, truth value, list or quoted text counts as that.
fn value(text: &str) -> Value {
    let read: Option<Table> = toml::from_str(&format!("value = {text}")).ok();
    match read.and_then(|mut table| {
        if table.len() == 1 {
            table.remove("value")
        } else {
            None
        }
    }) {
        Some(Value::Datetime(_)) | None => Value::String(text.to_owned()),
        Some(read) => read,
    }
}
