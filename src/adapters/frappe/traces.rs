//! What Frappe keeps of a record that is gone or was changed: its comments and versions until a background job takes them,
//! a copy of everything deleted, and notes in the history that name it.

use std::time::Duration;

use super::follow::hung_on;
use super::listing::{Listing, Question};
use super::places::place;
use super::spelling::loose;
use super::wire::{Row, Wire, closed, key, text};
use crate::ports::source::{Fault, Leftover, LeftoverKind, Mishap};

/// When to look again whether the background job is done.
const AGAIN: Duration = Duration::from_secs(20);
/// What the background job takes away after a record was deleted.
const TAKEN: [&str; 3] = ["Comment", "Version", "ToDo"];

/// Rows of a doctype that hang on a record, compared by ourselves: the server takes names for equal that differ in case.
pub async fn hanging(
    wire: &Wire,
    doctype: &str,
    kind: &str,
    name: &str,
) -> Result<Vec<Row>, Mishap> {
    let Some((by, id)) = place(doctype).and_then(|place| place.hangs) else {
        return Ok(Vec::new());
    };
    let question = Question::to(doctype).and(by, "=", kind).and(id, "=", name);
    let mut rows = Listing::of(question).all(wire).await?;
    rows.retain(|row| {
        text(row, by).as_deref() == Some(kind) && text(row, id).as_deref() == Some(name)
    });
    Ok(rows)
}

/// The same as a number; none, where the key may not read the place.
pub async fn count(
    wire: &Wire,
    doctype: &str,
    kind: &str,
    name: &str,
) -> Result<Option<u64>, Mishap> {
    match hanging(wire, doctype, kind, name).await {
        Ok(rows) => Ok(Some(rows.len() as u64)),
        Err(mishap) if closed(&mishap) => Ok(None),
        Err(mishap) => Err(mishap),
    }
}

/// Deletes a record and the copy that is made by it.
pub async fn remove(wire: &Wire, doctype: &str, name: &str) -> Result<(), Mishap> {
    wire.delete(doctype, name).await?;
    if doctype != "Deleted Document" {
        for row in hanging(wire, "Deleted Document", doctype, name).await? {
            if let Some(copy) = key(&row) {
                wire.delete("Deleted Document", &copy).await?;
            }
        }
    }
    Ok(())
}

/// Deletes what may be deleted; what may not stays, counted. Says that it is gone only once nothing is listed any more.
async fn clear(wire: &Wire, doctype: &str, rows: Vec<Row>) -> Result<Option<Leftover>, Mishap> {
    let mut left = 0;
    for name in rows.iter().filter_map(key) {
        match remove(wire, doctype, &name).await {
            Err(mishap) if closed(&mishap) => left += 1,
            removed => removed?,
        }
    }
    Ok((left > 0).then(|| Leftover {
        count: Some(left),
        ..Leftover::new(LeftoverKind::History, doctype)
    }))
}

fn unseen(doctype: &str) -> Leftover {
    Leftover::new(LeftoverKind::History, doctype)
}

/// After a deletion: waits for the background job, then takes the copies away. What the key cannot reach is left over.
///
/// # Errors
/// [`Fault::UnderWay`], while the job has not run: a copy of what it deletes would come afterwards.
pub async fn sweep(wire: &Wire, kind: &str, name: &str) -> Result<Vec<Leftover>, Mishap> {
    let (mut waiting, mut leftovers) = (Vec::new(), Vec::new());
    for doctype in TAKEN.into_iter().filter(|it| *it != kind) {
        match count(wire, doctype, kind, name).await? {
            Some(0) => {}
            Some(count) => waiting.push(format!("{doctype} {count}")),
            None => leftovers.push(unseen(doctype)),
        }
    }
    if !waiting.is_empty() {
        let what = format!(
            "the background job has not taken yet: {}",
            waiting.join(", ")
        );
        return Err(Mishap::new(Fault::UnderWay, what).after(AGAIN));
    }
    match feed(wire, kind, name).await {
        Ok(left) => leftovers.extend(left),
        Err(mishap) if closed(&mishap) => {}
        Err(mishap) => return Err(mishap),
    }
    if kind != "Deleted Document" {
        leftovers.extend(copies(wire, kind, name).await?);
    }
    leftovers.dedup();
    Ok(leftovers)
}

/// The line in the feed that says that a record was deleted, with its name.
async fn feed(wire: &Wire, kind: &str, name: &str) -> Result<Option<Leftover>, Mishap> {
    let question = Question::to("Comment")
        .and("comment_type", "=", "Deleted")
        .and("reference_doctype", "=", kind)
        .and("subject", "like", loose(name));
    let mut rows = Listing::of(question).all(wire).await?;
    rows.retain(|row| {
        let named = text(row, "subject").is_some_and(|it| it.ends_with(&format!(" {name}")));
        named && text(row, "comment_type").as_deref() == Some("Deleted")
    });
    clear(wire, "Comment", rows).await
}

/// The copies of a record that was deleted, and of what hung on it.
async fn copies(wire: &Wire, kind: &str, name: &str) -> Result<Option<Leftover>, Mishap> {
    let found = match copies_of(wire, kind, name).await {
        Err(mishap) if closed(&mishap) => return Ok(Some(unseen("Deleted Document"))),
        found => found?,
    };
    if let Some(left) = clear(wire, "Deleted Document", found).await? {
        return Ok(Some(left));
    }
    match copies_of(wire, kind, name).await?.is_empty() {
        true => Ok(None),
        false => Err(Mishap::new(
            Fault::NotWritten,
            "Deleted Document: still listed",
        )),
    }
}

async fn copies_of(wire: &Wire, kind: &str, name: &str) -> Result<Vec<Row>, Mishap> {
    let mut found = hanging(wire, "Deleted Document", kind, name).await?;
    let question = Question::to("Deleted Document").and("data", "like", loose(name));
    let mut listing = Listing::of(question);
    while let Some(page) = listing.next(wire).await? {
        let hung = page.into_iter().filter(|row| {
            let known = found.iter().any(|it| key(it) == key(row));
            !known && text(row, "data").is_some_and(|data| hung_on(&data, kind, name))
        });
        let hung: Vec<_> = hung.collect();
        found.extend(hung);
    }
    Ok(found)
}

/// Takes the versions of a record away, all or those that say one of these words: a change that makes anonymous writes
/// the old values into a new one. Only Administrator may, or a role that was given the right.
pub async fn forget(
    wire: &Wire,
    kind: &str,
    name: &str,
    words: Option<&[String]>,
) -> Result<Option<Leftover>, Mishap> {
    let mut rows = match hanging(wire, "Version", kind, name).await {
        Err(mishap) if closed(&mishap) => return Ok(Some(unseen("Version"))),
        rows => rows?,
    };
    if let Some(words) = words {
        rows.retain(|row| {
            let data = text(row, "data").unwrap_or_default();
            super::follow::values(&data)
                .iter()
                .any(|value| mentions(value, words))
        });
    }
    clear(wire, "Version", rows).await
}

/// Whether a text says one of these words, in any case.
pub fn mentions(text: &str, words: &[String]) -> bool {
    let text = text.to_lowercase();
    words.iter().any(|word| text.contains(&word.to_lowercase()))
}
