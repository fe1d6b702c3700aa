//! Putting contacts right, marking what is restricted, and the list of whom nothing is sent to: read, compared, written,
//! read back.

use futures_util::future::BoxFuture;
use reqwest::Method;
use serde_json::{Value, json};

use super::translate::{self, Object};
use super::{Mautic, key};
use crate::adapters::http::Call;
use crate::domain::identifier::{Identifier, SearchKey, mail_address};
use crate::ports::source::{
    Change, Fate, Fault, Mishap, Outcome, RecordRef, Rectify, Restrict, Suppress,
};

/// Unsubscribed: by herself. What is sent without a reason becomes 3.
const UNSUBSCRIBED: u64 = 1;
/// Entered by hand.
const MANUAL: u64 = 3;
/// By this an entry is known again when a restriction is lifted; her own objection stays.
pub(super) const RESTRICTION: &str = "Art. 18 GDPR";

impl Rectify for Mautic {
    fn rectify<'a>(
        &'a self,
        record: &'a RecordRef,
        changes: &'a [Change],
    ) -> BoxFuture<'a, Result<Outcome, Mishap>> {
        Box::pin(async move {
            let id = key(record)?;
            let contact = self.there(id).await?;
            let mut new = Object::new();
            let mut blank = false;
            for change in changes {
                let field = change.field.as_str();
                if matches!(field, "id" | "points" | "owner")
                    || !translate::has_field(&contact, field)
                {
                    return Err(Mishap::new(
                        Fault::Refused,
                        "a field that is not put right here",
                    ));
                }
                let now = translate::field(&contact, field).unwrap_or_default();
                let after = change.after.reveal();
                if same(field, &now, after) {
                    continue;
                }
                if !same(
                    field,
                    &now,
                    change.before.as_ref().map_or("", |it| it.reveal().as_str()),
                ) {
                    return Err(Mishap::new(
                        Fault::Conflict,
                        format!("{field}: something else stands there now"),
                    ));
                }
                if field == "email" && !after.is_empty() {
                    self.free(after, id).await?;
                }
                blank |= after.is_empty();
                new.insert(field.to_owned(), json!(after));
            }
            let written = new.len();
            if written > 0 {
                if blank {
                    // Without this an empty value is left out.
                    new.insert("overwriteWithBlank".to_owned(), json!(true));
                }
                self.patch(id, new).await?;
            }
            let back = self.there(id).await?;
            for change in changes {
                let now = translate::field(&back, &change.field).unwrap_or_default();
                if !same(&change.field, &now, change.after.reveal()) {
                    return Err(Mishap::new(
                        Fault::NotWritten,
                        format!("{}: it became another value", change.field),
                    ));
                }
            }
            Ok(Outcome::new(
                Fate::Changed,
                format!("fields {}, written {written}", changes.len()),
            ))
        })
    }
}

impl Restrict for Mautic {
    fn restrict<'a>(
        &'a self,
        record: &'a RecordRef,
        restricted: bool,
    ) -> BoxFuture<'a, Result<Outcome, Mishap>> {
        Box::pin(async move {
            let id = key(record)?;
            let Some(tag) = &self.settings.restriction_tag else {
                return Err(Mishap::new(
                    Fault::Misconfigured,
                    "no tag for what is restricted",
                ));
            };
            let mut contact = self.there(id).await?;
            if tagged(&contact, tag) != restricted {
                let item = if restricted {
                    tag.clone()
                } else {
                    format!("-{tag}")
                };
                self.patch(id, Object::from_iter([("tags".to_owned(), json!([item]))]))
                    .await?;
            }
            for channel in &self.settings.channels {
                match (restricted, dnc(&contact, channel)) {
                    (true, None) => contact = self.enter(id, channel, MANUAL, RESTRICTION).await?,
                    (false, Some((_, comment))) if comment == RESTRICTION => {
                        let path = ["api", "contacts", &id.to_string(), "dnc", channel, "remove"];
                        self.reading.ask(Call::post(&path)).await?;
                    }
                    _ => {}
                }
            }
            let back = self.there(id).await?;
            let lifted = |channel: &String| {
                dnc(&back, channel).is_none_or(|(_, comment)| comment != RESTRICTION)
            };
            let entered = |channel: &String| dnc(&back, channel).is_some();
            let channels = &self.settings.channels;
            match (tagged(&back, tag), restricted) {
                (true, true) if channels.iter().all(entered) => {
                    Ok(Outcome::new(Fate::Restricted, "tag there"))
                }
                (false, false) if channels.iter().all(lifted) => {
                    Ok(Outcome::new(Fate::Free, "tag gone"))
                }
                _ => Err(Mishap::new(Fault::NotWritten, "the mark: it did not stay")),
            }
        })
    }
}

impl Suppress for Mautic {
    /// The entry hangs on a contact and goes with it. Where nobody has the address there is nothing to enter it at, and
    /// nothing that could be sent to; the office's own list must hold it then.
    fn suppress<'a>(&'a self, wanted: &'a Identifier) -> BoxFuture<'a, Result<Outcome, Mishap>> {
        Box::pin(async move {
            let columns = match wanted.kind {
                SearchKey::Email => vec!["email"],
                SearchKey::Phone => vec!["phone", "mobile"],
                _ => {
                    return Err(Mishap::new(
                        Fault::Refused,
                        "neither an address nor a number",
                    ));
                }
            };
            let contacts = self.contacts(wanted, &columns).await?;
            let mut written = 0;
            for id in contacts.keys() {
                let contact = self.there(*id).await?;
                for channel in &self.settings.channels {
                    // The entry of a restriction goes when that is lifted: it is no objection.
                    if dnc(&contact, channel).is_some_and(|(_, comment)| comment != RESTRICTION) {
                        continue;
                    }
                    let back = self
                        .enter(*id, channel, UNSUBSCRIBED, &self.settings.comment)
                        .await?;
                    written += 1;
                    // With another reason the body was not read over there; beside the restriction's words it would
                    // go with the restriction.
                    let stays = |(reason, comment): (u64, String)| {
                        reason == UNSUBSCRIBED && comment != RESTRICTION
                    };
                    if !dnc(&back, channel).is_some_and(stays) {
                        return Err(Mishap::new(
                            Fault::NotWritten,
                            format!("dnc {channel}: it did not stay"),
                        ));
                    }
                }
            }
            let seen = format!("contacts {}, entered {written}", contacts.len());
            match contacts.is_empty() {
                true => Ok(Outcome::new(Fate::Kept, seen)),
                false => Ok(Outcome::new(Fate::Suppressed, seen)),
            }
        })
    }
}

impl Mautic {
    pub(super) async fn there(&self, id: u64) -> Result<Object, Mishap> {
        let gone = || Mishap::new(Fault::Missing, "contacts: not there");
        self.reading.contact(id).await?.ok_or_else(gone)
    }

    /// Changes what is named and nothing else; `PUT` would make a contact that is not there, and blank the rest.
    async fn patch(&self, id: u64, new: Object) -> Result<(), Mishap> {
        let path = ["api", "contacts", &id.to_string(), "edit"];
        self.reading
            .ask(Call::new(Method::PATCH, &path).json(&Value::Object(new)))
            .await
            .map(drop)
    }

    /// Two contacts with one address may be made one over there.
    async fn free(&self, address: &str, id: u64) -> Result<(), Mishap> {
        let Some(identifier) = Identifier::new(SearchKey::Email, address) else {
            return Err(Mishap::new(Fault::Refused, "email: no address"));
        };
        match self
            .contacts(&identifier, &["email"])
            .await?
            .keys()
            .any(|other| *other != id)
        {
            true => Err(Mishap::new(Fault::Refused, "email: another contact has it")),
            false => Ok(()),
        }
    }

    /// Enters a channel and reads back. The reason counts in the body alone.
    async fn enter(
        &self,
        id: u64,
        channel: &str,
        reason: u64,
        comment: &str,
    ) -> Result<Object, Mishap> {
        let path = ["api", "contacts", &id.to_string(), "dnc", channel, "add"];
        let body = json!({ "reason": reason, "comments": comment });
        self.reading.ask(Call::post(&path).json(&body)).await?;
        self.there(id).await
    }
}

fn listed<'a>(contact: &'a Object, name: &str) -> Vec<&'a Object> {
    match contact.get(name) {
        Some(Value::Array(list)) => list.iter().filter_map(Value::as_object).collect(),
        Some(Value::Object(map)) => map.values().filter_map(Value::as_object).collect(),
        _ => Vec::new(),
    }
}

/// The entry for a channel: its reason and what stands beside it.
pub(super) fn dnc(contact: &Object, channel: &str) -> Option<(u64, String)> {
    let entries = listed(contact, "doNotContact");
    let entry = entries
        .into_iter()
        .find(|it| translate::text(it, "channel") == channel)?;
    let reason = translate::number(entry, "reason").filter(|reason| *reason > 0)?;
    Some((reason, translate::text(entry, "comments").to_owned()))
}

/// How many channels are entered.
pub(super) fn entries(contact: &Object) -> u64 {
    listed(contact, "doNotContact").len() as u64
}

fn tagged(contact: &Object, tag: &str) -> bool {
    listed(contact, "tags")
        .into_iter()
        .any(|it| translate::text(it, "tag").eq_ignore_ascii_case(tag))
}

fn same(field: &str, one: &str, other: &str) -> bool {
    let address = || {
        (field == "email")
            .then(|| mail_address(one).zip(mail_address(other)))
            .flatten()
    };
    one.trim() == other.trim() || address().is_some_and(|(one, other)| one == other)
}
