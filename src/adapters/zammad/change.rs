//! Putting users right and marking what is restricted: read, compared, written, read back.

use futures_util::future::BoxFuture;
use reqwest::Method;
use serde_json::{Value, json};

use super::translate::{self, Object};
use super::{Zammad, key};
use crate::adapters::http::Call;
use crate::domain::identifier::mail_address;
use crate::ports::source::{Change, Fate, Fault, Mishap, Outcome, RecordRef, Rectify, Restrict};

/// What of a user may be put right; rights, roles and passwords are none of it.
const FIELDS: [&str; 14] = [
    "firstname",
    "lastname",
    "email",
    "login",
    "phone",
    "mobile",
    "fax",
    "web",
    "street",
    "zip",
    "city",
    "country",
    "address",
    "department",
];

impl Rectify for Zammad {
    fn rectify<'a>(
        &'a self,
        record: &'a RecordRef,
        changes: &'a [Change],
    ) -> BoxFuture<'a, Result<Outcome, Mishap>> {
        Box::pin(async move {
            // A message cannot be changed over there: a note beside it is for a person.
            let (id, user) = self.writable(record).await?;
            let mut new = Object::new();
            for change in changes {
                let field = change.field.as_str();
                if !FIELDS.contains(&field)
                    && !self.settings.own_fields.iter().any(|own| own == field)
                {
                    return Err(Mishap::new(
                        Fault::Refused,
                        "a field that is not put right here",
                    ));
                }
                let now = stands(&user, field);
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
                new.insert(field.to_owned(), like(user.get(field), after)?);
            }
            if !new.is_empty() {
                self.put(id, &new).await?;
            }
            // Zammad capitalises names, splits them at the blank and cuts web addresses: only what is read counts.
            let back = self.again(id).await?;
            for change in changes {
                if !same(
                    &change.field,
                    &stands(&back, &change.field),
                    change.after.reveal(),
                ) {
                    return Err(Mishap::new(
                        Fault::NotWritten,
                        format!("{}: it became another value", change.field),
                    ));
                }
            }
            // What nobody wanted to change is as it was.
            let name = |field: &&str| changes.iter().all(|change| change.field != **field);
            if ["firstname", "lastname"]
                .iter()
                .filter(|it| name(it))
                .any(|it| stands(&back, it) != stands(&user, it))
            {
                return Err(Mishap::new(Fault::NotWritten, "the name was split"));
            }
            Ok(Outcome::new(
                Fate::Changed,
                format!("fields {}, written {}", changes.len(), new.len()),
            ))
        })
    }
}

impl Restrict for Zammad {
    fn restrict<'a>(
        &'a self,
        record: &'a RecordRef,
        restricted: bool,
    ) -> BoxFuture<'a, Result<Outcome, Mishap>> {
        Box::pin(async move {
            match record.kind.as_str() {
                "user" => self.restrict_user(record, restricted).await,
                "ticket" => self.restrict_ticket(record, restricted).await,
                _ => Err(Mishap::new(
                    Fault::Refused,
                    "only users and tickets can be marked",
                )),
            }
        })
    }
}

impl Zammad {
    /// The user as it is now, if it is a customer and the one that was found.
    async fn writable(&self, record: &RecordRef) -> Result<(u64, Object), Mishap> {
        let Some(id) = key(record, "user") else {
            return Err(Mishap::new(Fault::Refused, "only users can be changed"));
        };
        let user = self.again(id).await?;
        match id > 1 && self.customer(&user) {
            true => Ok((id, user)),
            false => Err(Mishap::new(Fault::Refused, "not a customer")),
        }
    }

    async fn again(&self, id: u64) -> Result<Object, Mishap> {
        let gone = || Mishap::new(Fault::Missing, "users: not there");
        self.reading.one("users", id).await?.ok_or_else(gone)
    }

    async fn put(&self, id: u64, new: &Object) -> Result<(), Mishap> {
        let call =
            Call::new(Method::PUT, &["users", &id.to_string()]).json(&Value::Object(new.clone()));
        self.reading.ask(&call).await.map(drop)
    }

    async fn restrict_user(&self, record: &RecordRef, restricted: bool) -> Result<Outcome, Mishap> {
        let (id, user) = self.writable(record).await?;
        // An inactive account cannot log in; a mail from it still becomes a ticket.
        let (field, wanted) = match &self.settings.restriction_field {
            Some(own) => (own.as_str(), restricted),
            None => ("active", !restricted),
        };
        let stands = |user: &Object| user.get(field).and_then(Value::as_bool).unwrap_or(false);
        if !user.contains_key(field) {
            return Err(Mishap::new(
                Fault::Unknown,
                "users: no such attribute for the mark",
            ));
        }
        if stands(&user) != wanted {
            self.put(id, &Object::from_iter([(field.to_owned(), json!(wanted))]))
                .await?;
        }
        match stands(&self.again(id).await?) == wanted {
            true => Ok(Outcome::new(fate(restricted), format!("{field} {wanted}"))),
            false => Err(Mishap::new(
                Fault::NotWritten,
                format!("{field}: it did not stay"),
            )),
        }
    }

    async fn restrict_ticket(
        &self,
        record: &RecordRef,
        restricted: bool,
    ) -> Result<Outcome, Mishap> {
        let (Some(id), Some(tag)) = (key(record, "ticket"), &self.settings.restriction_tag) else {
            return Err(Mishap::new(Fault::NoIdentifier, "tickets: no number"));
        };
        let has = |tags: Vec<String>| {
            tags.iter()
                .any(|it| it.to_lowercase() == tag.to_lowercase())
        };
        if has(self.reading.tags(id).await?) != restricted {
            let (method, verb) = if restricted {
                (Method::POST, "add")
            } else {
                (Method::DELETE, "remove")
            };
            let body = json!({ "item": tag, "object": "Ticket", "o_id": id });
            self.reading
                .ask(&Call::new(method, &["tags", verb]).json(&body))
                .await?;
        }
        match has(self.reading.tags(id).await?) == restricted {
            true => Ok(Outcome::new(
                fate(restricted),
                format!("tag {}", if restricted { "there" } else { "gone" }),
            )),
            false => Err(Mishap::new(Fault::NotWritten, "the tag: it did not stay")),
        }
    }
}

fn fate(restricted: bool) -> Fate {
    match restricted {
        true => Fate::Restricted,
        false => Fate::Free,
    }
}

fn stands(user: &Object, field: &str) -> String {
    user.get(field)
        .and_then(translate::shown)
        .unwrap_or_default()
}

/// Addresses are kept in small letters and with a Unicode domain over there; anything else is compared as it stands.
fn same(field: &str, one: &str, other: &str) -> bool {
    let address = || {
        matches!(field, "email" | "login")
            .then(|| mail_address(one).zip(mail_address(other)))
            .flatten()
    };
    one.trim() == other.trim() || address().is_some_and(|(one, other)| one == other)
}

/// The new value in the shape of the old one.
fn like(old: Option<&Value>, new: &str) -> Result<Value, Mishap> {
    let odd = |_| {
        Mishap::new(
            Fault::Refused,
            "the value is not of the kind of the old one",
        )
    };
    match old {
        Some(Value::Bool(_)) => new.parse::<bool>().map(Value::from).map_err(|_| odd(())),
        Some(Value::Number(_)) => new.parse::<i64>().map(Value::from).map_err(|_| odd(())),
        _ => Ok(json!(new)),
    }
}
