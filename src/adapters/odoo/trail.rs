//! From what is hers to what hangs on it: accounts, addresses below, links, and whatever names a model and a number.

use std::collections::BTreeSet;

use super::domain::Domain;
use super::find::Place;
use super::hunt::{Hunt, Verdict};
use super::models::{ATTACHMENT, MESSAGE, PARTNER, USER};
use super::row::Row;
use crate::ports::source::{Mishap, Tie};

/// So many numbers in one question.
const CHUNK: usize = 500;
/// Addresses below addresses below addresses end somewhere.
const DEPTH: usize = 5;

/// The contact behind an account that was found by its login.
pub async fn accounts_persons(
    hunt: &mut Hunt<'_>,
    partners: &Place,
    places: &[Place],
) -> Result<(), Mishap> {
    let users = hunt.ids(USER);
    let Some(place) = places
        .iter()
        .find(|place| place.model.name == USER && !users.is_empty())
    else {
        return Ok(());
    };
    let fields = ["partner_id".to_owned()];
    let asked = Domain::within("id", &users).value();
    let rows = place
        .site
        .wire
        .search_read(USER, asked, &fields, users.len())
        .await
        .map_err(Mishap::from)?;
    let links: Vec<(i64, i64)> = rows
        .iter()
        .filter(|row| users.contains(&row.id()))
        .filter_map(|row| Some((row.link("partner_id")?, row.id())))
        .collect();
    let ids: Vec<i64> = links.iter().map(|(partner, _)| *partner).collect();
    if ids.is_empty() {
        return Ok(());
    }
    let verdict = |row: &Row| match links.iter().find(|(partner, _)| *partner == row.id()) {
        Some((_, user)) => Verdict::Hers(linked(USER, *user)),
        None => Verdict::Foreign,
    };
    hunt.ask(partners.question(None, Domain::within("id", &ids), &verdict))
        .await
}

/// Addresses below her contact are contacts of their own. Below a company stand the people who work there.
pub async fn below(hunt: &mut Hunt<'_>, partners: &Place) -> Result<(), Mishap> {
    let mut done: BTreeSet<i64> = BTreeSet::new();
    for _ in 0..DEPTH {
        let above: Vec<i64> = hunt
            .ids(PARTNER)
            .into_iter()
            .filter(|id| done.insert(*id))
            .collect();
        let companies = hunt.companies.clone();
        for some in above.chunks(CHUNK) {
            let verdict = |row: &Row| match row.link("parent_id").filter(|id| some.contains(id)) {
                Some(id)
                    if companies.contains(&id)
                        && row.text("type").is_none_or(|it| it == "contact") =>
                {
                    Verdict::Near
                }
                Some(id) => Verdict::Hers(linked(PARTNER, id)),
                None => Verdict::Foreign,
            };
            hunt.ask(partners.question(None, Domain::within("parent_id", some), &verdict))
                .await?;
        }
    }
    Ok(())
}

/// What leads to a record that is hers.
pub async fn along_links(hunt: &mut Hunt<'_>, place: &Place) -> Result<(), Mishap> {
    let mut targets: Vec<&String> = place.model.links.iter().map(|(_, to)| to).collect();
    targets.dedup();
    for to in targets {
        let links = place
            .model
            .links
            .iter()
            .filter(|(field, other)| other == to && place.fields.has(field));
        let links: Vec<&String> = links.map(|(field, _)| field).collect();
        let ids = hunt.ids(to);
        for some in ids.chunks(CHUNK) {
            let Some(domain) = Domain::any(
                links
                    .iter()
                    .map(|field| Domain::within(field, some))
                    .collect(),
            ) else {
                continue;
            };
            let verdict = |row: &Row| {
                let mut all = links
                    .iter()
                    .flat_map(|field| row.link(field).into_iter().chain(row.links(field)));
                match all.find(|id| some.contains(id)) {
                    Some(id) => Verdict::Hers(linked(to, id)),
                    None => Verdict::Foreign,
                }
            };
            hunt.ask(place.question(None, domain, &verdict)).await?;
        }
    }
    Ok(())
}

/// What names the model and the number of a record that is hers; files of her messages too.
pub async fn hanging(hunt: &mut Hunt<'_>, place: &Place) -> Result<(), Mishap> {
    let Some(hangs) = place
        .model
        .hangs
        .filter(|hangs| place.fields.has(hangs.model) && place.fields.has(hangs.id))
    else {
        return Ok(());
    };
    let mine = place.model.name.clone();
    let upon: Vec<(String, Vec<i64>)> = hunt
        .hers
        .keys()
        .filter(|name| **name != mine)
        .map(|name| (name.clone(), hunt.ids(name)))
        .collect();
    let mut parts: Vec<Domain> = Vec::new();
    for (name, ids) in &upon {
        for some in ids.chunks(CHUNK) {
            parts.push(
                Domain::on(hangs.model, "=", name.as_str()).and(Domain::within(hangs.id, some)),
            );
        }
    }
    let attached = match mine == ATTACHMENT {
        true => hunt.attached.clone(),
        false => Default::default(),
    };
    let mut files: Vec<i64> = attached.keys().copied().collect();
    files.sort_unstable();
    parts.extend(files.chunks(CHUNK).map(|some| Domain::within("id", some)));
    let verdict = |row: &Row| {
        let id = row.link(hangs.id);
        let on = upon
            .iter()
            .find(|(name, _)| row.text(hangs.model) == Some(name));
        match (
            on.zip(id).filter(|((_, ids), id)| ids.contains(id)),
            attached.get(&row.id()),
        ) {
            (Some(((name, _), id)), _) => Verdict::Hers(linked(name, id)),
            (None, Some(message)) => Verdict::Hers(linked(MESSAGE, *message)),
            (None, None) => Verdict::Foreign,
        }
    };
    for some in parts.chunks(8) {
        if let Some(domain) = Domain::any(some.to_vec()) {
            hunt.ask(place.question(None, domain, &verdict)).await?;
        }
    }
    Ok(())
}

fn linked(kind: &str, id: i64) -> Tie {
    Tie::Linked {
        kind: kind.to_owned(),
        id: id.to_string().into(),
    }
}
