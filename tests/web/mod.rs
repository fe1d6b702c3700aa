//! The pages as callers meet them: the counter by plain HTTP, in a browser, and under attack.

mod answer;
mod breach_in;
mod decision;
mod desk;
mod desk_browser;
mod desk_story;
mod desk_walk;
mod form;
mod hostile;
mod letters;
mod links;
mod mail;
mod owner;
mod phone;
mod proof;
mod recipients;
mod scanner;
mod snippets;
mod sources;
mod sources_browser;
mod wording;

use crate::support::door::{Answer, Door};

/// All fields of a page, some of them filled in, and the button pressed.
fn filled(page: &Answer, with: &[(&str, &str)], button: &str) -> Vec<(String, String)> {
    let mut fields = page.fields();
    fields.retain(|(name, _)| !with.iter().any(|(other, _)| other == name));
    fields.extend(
        with.iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned())),
    );
    fields.push(("do".into(), button.into()));
    fields
}

/// Fills in a page and sends it to this address.
fn send(door: &Door, path: &str, page: &Answer, with: &[(&str, &str)], button: &str) -> Answer {
    let fields = filled(page, with, button);
    let fields: Vec<(&str, &str)> = fields
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    door.post_files(path, &fields, &[])
}

/// The one-page form of somebody, ready to send.
fn whole(door: &Door, slug: &str, email: &str) -> Vec<(String, String)> {
    let page = door.get(&format!("/{slug}/request/all"));
    filled(
        &page,
        &[
            ("wish", "15"),
            ("name", "Johanna Beispielhuber"),
            ("email", email),
        ],
        "send",
    )
}

fn as_pairs(fields: &[(String, String)]) -> Vec<(&str, &str)> {
    fields
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect()
}
