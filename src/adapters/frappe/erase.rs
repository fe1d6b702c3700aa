//! Erasing in Frappe CRM. A deletion answers before it is done, keeps a copy, and stops at the first record that links to
//! this one; what such a message names is never deleted because it was named.

use futures_util::future::BoxFuture;

use super::Frappe;
use super::listing::{Listing, Question};
use super::places::{Place, place};
use super::spelling::loose;
use super::traces::{count, hanging, remove, sweep};
use super::wire::{Row, Wire, closed, key, says, text};
use crate::ports::source::{
    Erase, Fate, Fault, Leftover, LeftoverKind, Manner, Mishap, Outcome, Preview, RecordRef,
    SideEffect,
};

/// What is not erased by machine: an account belongs to the administrator, a request is a proof, and who unsubscribed
/// must stay on that list.
const KEPT: [&str; 4] = [
    "User",
    "Personal Data Deletion Request",
    "Personal Data Download Request",
    "Email Unsubscribe",
];
/// What can be made anonymous.
const ANONYMISED: [&str; 4] = ["CRM Lead", "CRM Deal", "Contact", "CRM Contacts"];

/// A record as it stands, if it is still what was seen. What we changed ourselves since then counts as seen.
pub(super) async fn standing(wire: &Wire, record: &RecordRef) -> Result<Option<Row>, Mishap> {
    let Some(row) = wire.read(&record.kind, record.id.reveal()).await? else {
        return Ok(None);
    };
    unchanged(wire, record, &row).await?;
    Ok(Some(row))
}

pub(super) async fn unchanged(wire: &Wire, record: &RecordRef, row: &Row) -> Result<(), Mishap> {
    if key(row).as_deref() != Some(record.id.reveal()) {
        return Err(Mishap::new(Fault::Unreadable, "another record"));
    }
    let conflict = |what: &str| Mishap::new(Fault::Conflict, format!("{}: {what}", record.kind));
    match &record.version {
        // Nothing ties the name to what was seen under it.
        None => Err(conflict("nobody knows how it was found")),
        Some(seen) if text(row, "modified").as_ref() == Some(seen) => Ok(()),
        Some(_) if text(row, "modified_by") == Some(wire.who().await?) => Ok(()),
        Some(_) => Err(conflict("changed since it was found")),
    }
}

/// What would make the site refuse a deletion, by doctype.
async fn blockers(wire: &Wire, kind: &str, name: &str) -> Result<Vec<(&'static str, u64)>, Mishap> {
    let mut blockers = Vec::new();
    let mut questions = Vec::new();
    match kind {
        "CRM Lead" => questions.push((
            "CRM Deal",
            "lead",
            Question::to("CRM Deal").and("lead", "=", name),
        )),
        "Contact" => {
            let question = Question::to_rows("CRM Contacts", "CRM Deal").and("contact", "=", name);
            questions.push(("CRM Deal", "contact", question));
        }
        "CRM Deal" => {}
        _ => return Ok(blockers),
    }
    for (rows, parent) in [
        ("Dynamic Link", "Address"),
        ("Dynamic Link", "CRM Call Log"),
    ] {
        let question = Question::to_rows(rows, parent).and("parenttype", "=", parent);
        questions.push((
            parent,
            "link_name",
            question
                .and("link_doctype", "=", kind)
                .and("link_name", "=", name),
        ));
    }
    for doctype in ["CRM Task", "FCRM Note", "CRM Call Log"] {
        let count = count(wire, doctype, kind, name).await?.unwrap_or(0);
        blockers.push((doctype, count));
    }
    for (doctype, field, question) in questions {
        match Listing::of(question).all(wire).await {
            Ok(rows) => {
                let exact = rows
                    .iter()
                    .filter(|row| text(row, field).as_deref() == Some(name));
                blockers.push((doctype, exact.count() as u64));
            }
            Err(mishap) if closed(&mishap) => {}
            Err(mishap) => return Err(mishap),
        }
    }
    blockers.retain(|(_, count)| *count > 0);
    Ok(blockers)
}

fn listed(counts: &[(&str, u64)]) -> String {
    let counts: Vec<_> = counts
        .iter()
        .map(|(doctype, count)| format!("{doctype} {count}"))
        .collect();
    counts.join(", ")
}

/// What of this record lies elsewhere, and is not reached from here.
async fn elsewhere(
    wire: &Wire,
    kind: &str,
    name: &str,
    row: &Row,
) -> Result<Vec<Leftover>, Mishap> {
    let mut left = Vec::new();
    let mut leave = |kind, place: &str, count: u64| {
        if count > 0 {
            left.push(Leftover {
                count: Some(count),
                ..Leftover::new(kind, place)
            });
        }
    };
    match kind {
        "CRM Call Log" if text(row, "recording_url").is_some() => {
            leave(LeftoverKind::Downstream, "CRM Call Log.recording_url", 1);
        }
        "File" => {
            if let Some(url) = text(row, "file_url") {
                let same = Listing::of(Question::to("File").and("file_url", "=", url))
                    .all(wire)
                    .await?;
                let others = same.iter().filter(|it| key(it).as_deref() != Some(name));
                leave(
                    LeftoverKind::Files,
                    "File with the same bytes",
                    others.count() as u64,
                );
            }
        }
        "CRM Lead" | "CRM Deal" | "Contact" => {
            // They are unlinked and stay, unless each is deleted by itself.
            let mails = count(wire, "Communication", kind, name).await?.unwrap_or(0);
            leave(LeftoverKind::Mentions, "Communication", mails);
        }
        _ => {}
    }
    Ok(left)
}

impl Frappe {
    fn refuses(place: &Place, manner: Manner) -> Option<&'static str> {
        if KEPT.contains(&place.doctype) {
            return Some("kept: by hand, if at all");
        }
        let anonymous = manner == Manner::Anonymise && !ANONYMISED.contains(&place.doctype);
        anonymous.then_some("cannot be made anonymous, only erased")
    }

    async fn delete(&self, wire: &Wire, record: &RecordRef) -> Result<Outcome, Mishap> {
        let (kind, name) = (record.kind.as_str(), record.id.reveal().as_str());
        let row = standing(wire, record).await?;
        let mut leftovers = Vec::new();
        if let Some(row) = &row {
            leftovers.extend(elsewhere(wire, kind, name, row).await?);
            match wire.delete(kind, name).await {
                Err(mishap) if says(&mishap, "LinkExistsError") => {
                    let blockers = blockers(wire, kind, name).await?;
                    let what = format!("{}: {}", mishap.detail, listed(&blockers));
                    return Err(Mishap::new(Fault::Refused, what.trim_end_matches(": ")));
                }
                deleted => deleted?,
            }
            if wire.read(kind, name).await?.is_some() {
                return Err(Mishap::new(
                    Fault::NotWritten,
                    format!("{kind}: still there"),
                ));
            }
        }
        if kind == "File" {
            detached(wire, name, row.as_ref()).await?;
        }
        leftovers.extend(sweep(wire, kind, name).await?);
        Ok(Outcome::new(
            Fate::Gone,
            format!("{kind} 0, Comment 0, Deleted Document 0"),
        )
        .leaving(leftovers))
    }
}

/// A file that was taken away leaves a comment with its name where it hung. Where the file is gone already, its copy
/// still says where that was.
async fn detached(wire: &Wire, name: &str, row: Option<&Row>) -> Result<(), Mishap> {
    let mut rows: Vec<Row> = row.into_iter().cloned().collect();
    match hanging(wire, "Deleted Document", "File", name).await {
        Err(mishap) if closed(&mishap) => {}
        copies => rows.extend(
            copies?
                .iter()
                .filter_map(|copy| serde_json::from_str(&text(copy, "data")?).ok()),
        ),
    }
    for row in rows {
        let of = |field| text(&row, field);
        let (Some(kind), Some(to), Some(file)) = (
            of("attached_to_doctype"),
            of("attached_to_name"),
            of("file_name"),
        ) else {
            continue;
        };
        let question = Question::to("Comment")
            .and("comment_type", "=", "Attachment Removed")
            .and("reference_doctype", "=", kind.as_str())
            .and("reference_name", "=", to.as_str())
            .and("content", "like", loose(&file));
        let comments = match Listing::of(question).all(wire).await {
            Err(mishap) if closed(&mishap) => return Ok(()),
            comments => comments?,
        };
        let said = comments
            .iter()
            .filter(|it| text(it, "content").is_some_and(|it| it.contains(&file)));
        for comment in said
            .filter(|it| text(it, "reference_name").as_deref() == Some(to.as_str()))
            .filter_map(key)
        {
            remove(wire, "Comment", &comment).await?;
        }
    }
    Ok(())
}

impl Erase for Frappe {
    fn preview<'a>(
        &'a self,
        record: &'a RecordRef,
        manner: Manner,
    ) -> BoxFuture<'a, Result<Preview, Mishap>> {
        Box::pin(async move {
            let wire = self.hand()?;
            let (kind, name) = (record.kind.as_str(), record.id.reveal().as_str());
            let place = place(kind)
                .ok_or_else(|| Mishap::new(Fault::Unknown, "no such doctype is known"))?;
            let mut preview = Preview {
                there: true,
                fate: Fate::Kept,
                why: String::new(),
                effects: Vec::new(),
                leftovers: Vec::new(),
            };
            if let Some(why) = Frappe::refuses(place, manner) {
                preview.why = why.to_owned();
                return Ok(preview);
            }
            preview.fate = match manner {
                Manner::Erase => Fate::Gone,
                Manner::Anonymise => Fate::Anonymous,
            };
            if kind == "CRM Contacts" {
                preview.fate = Fate::Gone;
                return Ok(preview);
            }
            let Some(row) = standing(wire, record).await? else {
                (preview.there, preview.fate) = (false, Fate::Gone);
                return Ok(preview);
            };
            if manner == Manner::Anonymise {
                return Ok(preview);
            }
            let blockers = blockers(wire, kind, name).await?;
            if !blockers.is_empty() {
                preview.fate = Fate::Kept;
                preview.why = format!("LinkExistsError: {}", listed(&blockers));
            }
            for taken in ["Comment", "Version", "ToDo", "File"] {
                if let Some(count) = count(wire, taken, kind, name)
                    .await?
                    .filter(|count| *count > 0)
                {
                    preview.effects.push(SideEffect::Takes {
                        kind: taken.to_owned(),
                        count,
                    });
                }
            }
            preview.effects.push(SideEffect::Final);
            preview.leftovers = elsewhere(wire, kind, name, &row).await?;
            Ok(preview)
        })
    }

    fn erase<'a>(
        &'a self,
        record: &'a RecordRef,
        manner: Manner,
    ) -> BoxFuture<'a, Result<Outcome, Mishap>> {
        Box::pin(async move {
            let wire = self.hand()?;
            let place = place(&record.kind)
                .ok_or_else(|| Mishap::new(Fault::Unknown, "no such doctype is known"))?;
            if let Some(why) = Frappe::refuses(place, manner) {
                return Ok(Outcome::new(Fate::Kept, why));
            }
            match (place.doctype, manner) {
                ("CRM Contacts", _) => self.leave_deal(wire, record).await,
                (_, Manner::Erase) => self.delete(wire, record).await,
                ("Contact", Manner::Anonymise) => self.anonymise_contact(wire, record).await,
                (_, Manner::Anonymise) => self.anonymise(wire, record).await,
            }
        })
    }
}
