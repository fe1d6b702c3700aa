//! What somebody filled into the fields of a page, and the notes laid upon it.

use hayro_font::hayro_syntax::{
    object::{Array, Dict, Name, Object, String as PdfString},
    page::Page,
};

use super::layout::Layout;
use crate::reading::parse::charset;

const FIELDS: usize = 1_000;

pub fn read(page: &Page<'_>, layout: &mut Layout) {
    let Some(list) = page.raw().get::<Array<'_>>("Annots") else {
        return;
    };
    for note in list.iter::<Dict<'_>>().take(FIELDS) {
        let kind = note
            .get::<Name<'_>>("Subtype")
            .map(|name| name.as_str().to_owned())
            .unwrap_or_default();
        let line = match kind.as_str() {
            "Widget" => field(&note),
            "FreeText" | "Text" => string(&note, "Contents"),
            _ => None,
        };
        if let Some(line) = line.filter(|line| !line.trim().is_empty()) {
            layout.note(&line);
        }
    }
}

/// `Name: what was filled in`; a ticked box by its name.
fn field(note: &Dict<'_>) -> Option<String> {
    let parent = note.get::<Dict<'_>>("Parent");
    let either = |key: &str| {
        string(note, key).or_else(|| parent.as_ref().and_then(|parent| string(parent, key)))
    };
    let name = either("TU").or_else(|| either("T")).unwrap_or_default();
    let kind = note
        .get::<Name<'_>>("FT")
        .or_else(|| parent.as_ref()?.get::<Name<'_>>("FT"))
        .map(|name| name.as_str().to_owned())
        .unwrap_or_default();
    if kind == "Btn" {
        let state = note
            .get::<Name<'_>>("AS")
            .map(|name| name.as_str().to_owned())?;
        return (state != "Off").then(|| format!("[x] {name}"));
    }
    let value = either("V").filter(|value| !value.trim().is_empty())?;
    Some(if name.is_empty() {
        value
    } else {
        format!("{name}: {value}")
    })
}

/// A text string: UTF-16 or UTF-8 by its mark, else near enough to Windows-1252.
fn string(dict: &Dict<'_>, key: &str) -> Option<String> {
    match dict.get::<Object<'_>>(key)? {
        Object::String(text) => Some(decoded(&text)),
        Object::Name(name) => Some(name.as_str().to_owned()),
        _ => None,
    }
}

fn decoded(text: &PdfString<'_>) -> String {
    let bytes = text.as_bytes();
    charset::decode(
        bytes.get(..bytes.len().min(100_000)).unwrap_or_default(),
        Some("windows-1252"),
    )
    .replace('\r', "\n")
}
