//! Making a contact anonymous: its key is the person's name, so that it takes a rename, the rename writes a comment with
//! the old name, and deals hold copies until they are saved.

use serde_json::{Value, json};

use super::Frappe;
use super::anonymise::{blank, plain, plan, words};
use super::erase::standing;
use super::listing::{Listing, Question};
use super::spelling::loose;
use super::traces::{forget, mentions, remove};
use super::wire::{Row, Wire, closed, key, rows, text};
use crate::ports::source::{Fate, Fault, Leftover, LeftoverKind, Mishap, Outcome, RecordRef};

impl Frappe {
    /// Empties, renames, saves her deals anew, and takes away the comment that the rename wrote: in this order, for the
    /// comment leads a repeat to the new name.
    pub(super) async fn anonymise_contact(
        &self,
        wire: &Wire,
        record: &RecordRef,
    ) -> Result<Outcome, Mishap> {
        let old = record.id.reveal().as_str();
        let (new, mut words) = match standing(wire, record).await? {
            Some(row) => (
                self.empty_and_rename(wire, old, &row).await?,
                words("Contact", &row),
            ),
            None => match renamed(wire, old)
                .await?
                .first()
                .and_then(|row| text(row, "reference_name"))
            {
                Some(new) => (new, Vec::new()),
                None => return Ok(Outcome::new(Fate::Gone, "Contact 0")),
            },
        };
        words.push(old.to_owned());
        let row = wire.read("Contact", &new).await?;
        let row =
            row.ok_or_else(|| Mishap::new(Fault::NotWritten, "Contact: not under its new name"))?;
        blank("Contact", &row, &words)?;
        let mut leftovers = Vec::new();
        let (mut saved, mut copies) = (0_u64, 0_u64);
        for deal in deals_with(wire, &new).await? {
            let fresh = save(wire, &deal).await?;
            let hers = |row: &&Row| text(row, "contact").as_deref() == Some(new.as_str());
            if rows(&fresh, "contacts")
                .filter(hers)
                .any(|row| mentions(&plain(row).to_string(), &words))
            {
                return Err(Mishap::new(
                    Fault::NotWritten,
                    "CRM Deal: its row still says who it was",
                ));
            }
            let own = ["email", "mobile_no", "phone", "lead_name"]
                .iter()
                .filter_map(|field| text(&fresh, field));
            copies += u64::from(own.into_iter().any(|text| mentions(&text, &words)));
            leftovers.extend(forget(wire, "CRM Deal", &deal, Some(&words)).await?);
            saved += 1;
        }
        if copies > 0 {
            leftovers.push(Leftover {
                count: Some(copies),
                ..Leftover::new(LeftoverKind::Other, "CRM Deal, its own fields")
            });
        }
        for name in [old, &new] {
            leftovers.extend(forget(wire, "Contact", name, None).await?);
        }
        for comment in renamed(wire, old).await?.iter().filter_map(key) {
            remove(wire, "Comment", &comment).await?;
        }
        if !renamed(wire, old).await?.is_empty() || wire.read("Contact", old).await?.is_some() {
            return Err(Mishap::new(
                Fault::NotWritten,
                "Contact: its old name is still there",
            ));
        }
        Ok(Outcome::new(
            Fate::Anonymous,
            format!("Contact 1 renamed, CRM Deal {saved} saved anew"),
        )
        .leaving(leftovers))
    }

    async fn empty_and_rename(&self, wire: &Wire, old: &str, row: &Row) -> Result<String, Mishap> {
        let plan = plan("Contact", row);
        if !plan.is_empty() {
            wire.put("Contact", old, &Value::Object(plan)).await?;
        }
        // The moment at which it was made says nothing of her, is the same at a repeat, and no other contact has it.
        let made = text(row, "creation").unwrap_or_default();
        let digits: String = made.chars().filter(char::is_ascii_digit).collect();
        if digits.len() < 14 {
            return Err(Mishap::new(
                Fault::Unreadable,
                "Contact: no moment of creation",
            ));
        }
        let new = format!("erased-{digits}");
        if old != new {
            let body = json!({"doctype": "Contact", "old_name": old, "new_name": new});
            wire.call("frappe.client.rename_doc", &body).await?;
        }
        Ok(new)
    }
}

/// The deals in which a contact stands.
pub(super) async fn deals_with(wire: &Wire, contact: &str) -> Result<Vec<String>, Mishap> {
    let question = Question::to_rows("CRM Contacts", "CRM Deal").and("contact", "=", contact);
    let found = Listing::of(question).all(wire).await?;
    let exact = found
        .iter()
        .filter(|row| text(row, "contact").as_deref() == Some(contact));
    let mut deals: Vec<String> = exact.filter_map(|row| text(row, "parent")).collect();
    deals.sort_unstable();
    deals.dedup();
    Ok(deals)
}

/// Saves a deal as it is: only then are its rows fetched anew from their contacts.
pub(super) async fn save(wire: &Wire, deal: &str) -> Result<Row, Mishap> {
    let gone = || Mishap::new(Fault::Conflict, "CRM Deal: gone meanwhile");
    let row = wire.read("CRM Deal", deal).await?.ok_or_else(gone)?;
    let body = row
        .get("status")
        .map_or_else(|| json!({}), |status| json!({"status": status}));
    wire.put("CRM Deal", deal, &body).await?;
    wire.read("CRM Deal", deal).await?.ok_or_else(gone)
}

/// Comments that a rename wrote and that name the old key.
async fn renamed(wire: &Wire, old: &str) -> Result<Vec<Row>, Mishap> {
    let question = Question::to("Comment")
        .and("comment_type", "=", "Edit")
        .and("reference_doctype", "=", "Contact")
        .and("content", "like", loose(old));
    let mut found = match Listing::of(question).all(wire).await {
        Err(mishap) if closed(&mishap) => {
            return Err(Mishap::new(
                Fault::Forbidden,
                "Comment: the rename wrote one, and it cannot be read",
            ));
        }
        found => found?,
    };
    let erased = |row: &Row| {
        text(row, "reference_name").is_some_and(|it| it.starts_with("erased-") || it == old)
    };
    // `Anna Beispiel` is not `Anna Beispiel-1`.
    let names = |row: &Row| text(row, "content").is_some_and(|it| named(&it, old));
    found.retain(|row| erased(row) && names(row));
    Ok(found)
}

/// Whether a text in HTML names this key, whole.
fn named(html: &str, name: &str) -> bool {
    html.match_indices(name).any(|(at, found)| {
        let after = html
            .get(at + found.len()..)
            .and_then(|it| it.chars().next());
        !after.is_some_and(|letter| letter.is_alphanumeric() || letter == '-')
    })
}
