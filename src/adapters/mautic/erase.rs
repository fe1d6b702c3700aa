//! Erasing a contact. Much stays in tables that the API does not reach: their rows are named before, for whoever clears
//! the database.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{MutexGuard, PoisonError};

use futures_util::future::BoxFuture;
use reqwest::Method;
use serde_json::Value;

use super::change::entries;
use super::search::Timeline;
use super::translate::{self, Object};
use super::{Mautic, key};
use crate::adapters::http::Call;
use crate::domain::identifier::{Identifier, SearchKey};
use crate::ports::source::{
    Erase, Fate, Fault, Leftover, LeftoverKind, Manner, Mishap, Outcome, Preview, RecordRef,
    Search, SideEffect,
};

/// Letters of a list of numbers; a longer one is told in parts.
const LINE: usize = 400;

/// The rows of one table that stay: their number, and their keys as far as they are known.
#[derive(Default)]
struct Rows {
    count: u64,
    keys: BTreeSet<u64>,
}

impl Erase for Mautic {
    fn preview<'a>(
        &'a self,
        record: &'a RecordRef,
        manner: Manner,
    ) -> BoxFuture<'a, Result<Preview, Mishap>> {
        Box::pin(async move {
            let preview = |fate, why: &str, effects, leftovers| Preview {
                there: true,
                fate,
                why: why.to_owned(),
                effects,
                leftovers,
            };
            if record.kind != "contact" {
                let (fate, why) = self.part(record).await?;
                return Ok(Preview {
                    there: fate != Fate::Gone,
                    ..preview(fate, why, Vec::new(), Vec::new())
                });
            }
            let id = key(record)?;
            if manner == Manner::Anonymise {
                return Ok(preview(
                    Fate::Kept,
                    "the api makes nobody anonymous",
                    Vec::new(),
                    Vec::new(),
                ));
            }
            let Some(contact) = self.reading.contact(id).await? else {
                return Ok(Preview {
                    there: false,
                    ..preview(Fate::Gone, "", Vec::new(), Mautic::leftovers())
                });
            };
            let effects = vec![
                // With the contact goes the entry that kept it from being written to.
                SideEffect::Takes {
                    kind: "doNotContact".to_owned(),
                    count: entries(&contact),
                },
                SideEffect::Webhook("lead_post_delete".to_owned()),
                SideEffect::Final,
            ];
            Ok(preview(
                Fate::Gone,
                "",
                effects,
                self.stays(id, &contact).await?,
            ))
        })
    }

    fn erase<'a>(
        &'a self,
        record: &'a RecordRef,
        manner: Manner,
    ) -> BoxFuture<'a, Result<Outcome, Mishap>> {
        Box::pin(async move {
            if record.kind != "contact" {
                let (fate, why) = self.part(record).await?;
                return Ok(Outcome::new(fate, why));
            }
            let id = key(record)?;
            if manner == Manner::Anonymise {
                return Ok(Outcome::new(Fate::Kept, "the api makes nobody anonymous"));
            }
            let Some(erasing) = &self.erasing else {
                return Err(Mishap::new(Fault::Misconfigured, "no second login"));
            };
            let Some(contact) = self.reading.contact(id).await? else {
                let left = self.unseen().remove(&id);
                return Ok(Outcome::new(Fate::Gone, "contacts 404")
                    .leaving(left.unwrap_or_else(Mautic::leftovers)));
            };
            if record.version.as_deref() != Some(translate::mark(&contact).as_str()) {
                return Err(Mishap::new(
                    Fault::Conflict,
                    "contacts: no longer the one that was found",
                ));
            }
            let mut leftovers = self.stays(id, &contact).await?;
            let call = Call::new(
                Method::DELETE,
                &["api", "contacts", &id.to_string(), "delete"],
            );
            // If the line breaks from here on, the repeat finds nothing that it could ask which rows stay.
            self.unseen().insert(id, leftovers.clone());
            // The answer holds the whole contact: nobody reads it.
            match erasing.ask(call).await {
                Err(mishap) if mishap.fault != Fault::Missing => return Err(mishap),
                _ => {}
            }
            if self.reading.contact(id).await?.is_some() {
                return Err(Mishap::new(Fault::NotWritten, "contacts: still there"));
            }
            self.unseen().remove(&id);
            let seen = match self.made_anew(&contact).await {
                Ok(others) => format!("contacts 404, same address {others}"),
                // She is gone, and which rows stay cannot be asked a second time: that is not given up for a number.
                Err(_) => {
                    leftovers.push(Leftover::new(LeftoverKind::Downstream, "contacts"));
                    "contacts 404, same address not known".to_owned()
                }
            };
            Ok(Outcome::new(Fate::Gone, seen).leaving(leftovers))
        })
    }
}

impl Mautic {
    fn unseen(&self) -> MutexGuard<'_, BTreeMap<u64, Vec<Leftover>>> {
        self.unseen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How many contacts have her address now: whoever listens to the deletion may have made her anew.
    async fn made_anew(&self, gone: &Object) -> Result<usize, Mishap> {
        let address = translate::field(gone, "email").unwrap_or_default();
        match Identifier::new(SearchKey::Email, &address) {
            Some(identifier) => Ok(self.contacts(&identifier, &["email"]).await?.len()),
            None => Ok(0),
        }
    }

    /// What becomes of something that hangs on a contact: it goes with it, or is only cut off from it.
    async fn part(&self, record: &RecordRef) -> Result<(Fate, &'static str), Mishap> {
        match record.kind.as_str() {
            "note" | "device" | "segment" | "campaign" => {
                let contact = record.id.reveal().split('/').next().unwrap_or_default();
                let id = key(&RecordRef::new("contact", contact))?;
                match self.reading.contact(id).await? {
                    None => Ok((Fate::Gone, "contacts 404")),
                    Some(_) => Ok((Fate::Kept, "it goes with its contact only")),
                }
            }
            "activity" | "submission" | "company" => Ok((Fate::Kept, "the api does not erase it")),
            _ => Err(Mishap::new(Fault::Unknown, "no such kind of record")),
        }
    }

    /// What stays and is only cut off from the contact, with the keys of its rows while they can still be known.
    async fn stays(&self, id: u64, contact: &Object) -> Result<Vec<Leftover>, Mishap> {
        let mut tables: BTreeMap<String, Rows> = BTreeMap::new();
        let mut timeline = Timeline::of(id);
        while let Some(events) = timeline.next(self).await? {
            for event in &events {
                let kind = translate::text(event, "event");
                let Some(table) = table(kind) else {
                    continue;
                };
                let rows = tables.entry(format!("{table} id")).or_default();
                let number = translate::text(event, "eventId")
                    .strip_prefix(kind)
                    .and_then(|it| it.parse().ok());
                // A mail that was sent and read is one row.
                if number.is_none_or(|number| rows.keys.insert(number)) {
                    rows.count += 1;
                }
            }
        }
        let mut search = Search::default();
        let forms = match self.reading.forms().await {
            Err(mishap) if mishap.fault == Fault::Forbidden => Vec::new(),
            other => other?,
        };
        for (form, alias) in forms {
            let submissions = self.submissions(form, id, &mut search).await?;
            let numbers: Vec<u64> = submissions
                .iter()
                .filter_map(|it| translate::number(it, "id"))
                .collect();
            let plain = !alias.is_empty()
                && alias
                    .chars()
                    .all(|it| it.is_ascii_alphanumeric() || it == '_');
            let results = if plain {
                format!("form_results_{form}_{alias}")
            } else {
                format!("form_results_{form}")
            };
            for table in [
                "form_submissions id".to_owned(),
                format!("{results} submission_id"),
            ] {
                if !numbers.is_empty() {
                    let rows = tables.entry(table).or_default();
                    rows.count += numbers.len() as u64;
                    rows.keys.extend(&numbers);
                }
            }
        }
        let mut leftovers = Mautic::leftovers();
        let addresses = match contact.get("ipAddresses") {
            Some(Value::Array(list)) => list.len(),
            Some(Value::Object(map)) => map.len(),
            _ => 0,
        };
        if let Some(place) = leftovers.iter_mut().find(|it| it.place == "ip_addresses") {
            place.count = Some(addresses as u64);
        }
        for (table, rows) in &tables {
            let unknown = rows.count.saturating_sub(rows.keys.len() as u64);
            leftovers.extend(lines(&rows.keys).into_iter().map(|(keys, count)| Leftover {
                count: Some(count),
                ..Leftover::new(LeftoverKind::Statistics, format!("{table}={keys}"))
            }));
            if unknown > 0 {
                let place = table.split(' ').next().unwrap_or_default();
                let kind = LeftoverKind::Statistics;
                leftovers.push(Leftover {
                    count: Some(unknown),
                    ..Leftover::new(kind, format!("{place} lead_id"))
                });
            }
        }
        Ok(leftovers)
    }
}

/// Where an event of that kind has its row.
fn table(event: &str) -> Option<&'static str> {
    match event {
        "email.sent" | "email.read" | "email.failed" => Some("email_stats"),
        "page.hit" => Some("page_hits"),
        "page.videohit" => Some("video_hits"),
        "asset.download" => Some("asset_downloads"),
        "sms.sent" | "sms.failed" => Some("sms_message_stats"),
        _ => None,
    }
}

/// Numbers as ranges, in lines that are not too long, each with how many it names.
fn lines(keys: &BTreeSet<u64>) -> Vec<(String, u64)> {
    let mut ranges: Vec<(u64, u64)> = Vec::new();
    for key in keys {
        match ranges.last_mut() {
            Some((_, last)) if *last + 1 == *key => *last = *key,
            _ => ranges.push((*key, *key)),
        }
    }
    let mut lines: Vec<(String, u64)> = Vec::new();
    for (first, last) in ranges {
        let range = if first == last {
            first.to_string()
        } else {
            format!("{first}-{last}")
        };
        let count = last - first + 1;
        match lines.last_mut() {
            Some((line, so_far)) if line.len() + range.len() < LINE => {
                line.push(',');
                line.push_str(&range);
                *so_far += count;
            }
            _ => lines.push((range, count)),
        }
    }
    lines
}
