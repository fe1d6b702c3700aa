//! The description of the data in a package for taking elsewhere, for who reads it in by a program (Art. 20(1) GDPR).

use serde_json::{Value, json};

use super::survey::Survey;
use super::table::separator;
use crate::domain::lang::Lang;
use crate::words::package::{schema_of, texts};

/// The description of `daten.json` as a JSON Schema, and of each table by its columns.
pub(super) fn schema(survey: &Survey, lang: Lang) -> Value {
    let of = |part| schema_of(part, lang);
    let text = |part| json!({ "type": "string", "description": of(part) });
    let field = json!({
        "type": "object",
        "required": ["name", "label", "value"],
        "properties": { "name": text("name"), "label": text("label"), "value": { "type": "string" } }
    });
    let file = json!({
        "type": "object",
        "required": ["name"],
        "properties": { "name": { "type": "string" }, "path": text("path") }
    });
    let entry = json!({
        "type": "object",
        "required": ["number", "fields"],
        "properties": {
            "number": { "type": "integer" },
            "kind": { "type": "string" },
            "key": { "type": "string" },
            "title": { "type": "string" },
            "date": { "type": "string", "format": "date-time", "description": of("date") },
            "origin": { "enum": ["provided", "observed"], "description": of("origin") },
            "fields": { "type": "array", "items": field },
            "files": { "type": "array", "items": file }
        }
    });
    let categories = json!({
        "type": "array",
        "items": {
            "type": "object",
            "required": ["category", "name", "entries"],
            "properties": {
                "category": { "type": "string" },
                "name": { "type": "string" },
                "entries": { "type": "array", "items": entry }
            }
        }
    });
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": of("all"),
        "type": "object",
        "required": ["system", "categories"],
        "properties": { "system": { "type": "string" }, "categories": categories },
        "tables": tables(survey, lang),
    })
}

fn tables(survey: &Survey, lang: Lang) -> Value {
    let said = texts(lang);
    let mut tables = Vec::new();
    for shelf in &survey.shelves {
        for category in &shelf.categories {
            let own = category
                .columns
                .0
                .iter()
                .map(|column| json!({ "head": column.head, "field": column.name }));
            let mut columns =
                vec![json!({ "head": said.date, "description": schema_of("date", lang) })];
            columns.push(json!({ "head": said.title }));
            columns.extend(own);
            columns.push(json!({ "head": said.files, "description": schema_of("path", lang) }));
            tables.push(json!({
                "path": format!("{}.csv", category.stem),
                "description": schema_of("table", lang),
                "separator": char::from(separator(lang)).to_string(),
                "columns": columns,
            }));
            if category.messages {
                tables.push(json!({
                    "path": format!("{}.mbox", category.stem),
                    "description": schema_of("mbox", lang),
                }));
            }
        }
    }
    Value::Array(tables)
}
