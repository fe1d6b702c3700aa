//! What Zammad says, in the office's words: users, tickets, messages and organisations as records.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use serde_json::{Map, Value};

use crate::domain::identifier::{Identifier, SearchKey};
use crate::domain::private::Private;
use crate::ports::source::{Caution, Field, FileRef, Nature, Origin, Record, RecordRef, Tie};

pub(super) type Object = Map<String, Value>;

/// A text; an empty one, if there is none.
pub(super) fn text<'a>(object: &'a Object, key: &str) -> &'a str {
    object.get(key).and_then(Value::as_str).unwrap_or_default()
}

/// A number, also where it came as a text.
pub(super) fn number(object: &Object, key: &str) -> Option<u64> {
    match object.get(key)? {
        Value::String(digits) => digits.parse().ok(),
        other => other.as_u64(),
    }
}

/// The names in a list; anything else is none.
pub(super) fn names(object: &Object, key: &str) -> Vec<String> {
    let list = object
        .get(key)
        .and_then(Value::as_array)
        .map(Vec::as_slice)
        .unwrap_or_default();
    list.iter()
        .filter_map(Value::as_str)
        .map(str::to_owned)
        .collect()
}

/// Whether there is nothing in it.
pub(super) fn empty(value: Option<&Value>) -> bool {
    match value {
        None | Some(Value::Null) => true,
        Some(Value::Array(list)) => list.is_empty(),
        Some(Value::Object(map)) => map.is_empty(),
        Some(_) => false,
    }
}

/// The groups whose tickets can be read: a map of rights, or in old versions a mere list.
pub(super) fn readable_groups(me: &Object) -> BTreeSet<String> {
    let Some(Value::Object(rights)) = me.get("groups") else {
        return names(me, "groups").into_iter().collect();
    };
    rights
        .iter()
        .filter(|(_, rights)| may_read(rights))
        .map(|(name, _)| name.clone())
        .collect()
}

/// Whether reading is among the rights on a group: one right, or a list of them.
fn may_read(rights: &Value) -> bool {
    let reads = |right: &Value| matches!(right.as_str(), Some("read" | "full"));
    match rights {
        Value::Array(rights) => rights.iter().any(reads),
        right => reads(right),
    }
}

/// The groups that these roles can read, by name, from an answer that brings roles and groups with it. What it does not
/// bring is not guessed.
pub(super) fn groups_of_roles(full: &Object, roles: &[u64]) -> BTreeSet<String> {
    let asset = |kind: &str, id: &str| {
        full.get("assets")?
            .get(kind)?
            .get(id)
            .and_then(Value::as_object)
    };
    let mut names = BTreeSet::new();
    for role in roles {
        let rights = asset("Role", &role.to_string())
            .and_then(|it| it.get("group_ids"))
            .and_then(Value::as_object);
        for (group, rights) in rights.into_iter().flatten() {
            let name = asset("Group", group).map_or("", |it| text(it, "name"));
            if may_read(rights) && !name.is_empty() {
                names.insert(name.to_owned());
            }
        }
    }
    names
}

/// The numbers in a list; anything else is none.
pub(super) fn numbers(object: &Object, key: &str) -> Vec<u64> {
    let list = object.get(key).and_then(Value::as_array);
    list.into_iter()
        .flatten()
        .filter_map(Value::as_u64)
        .collect()
}

/// A value as text, where it is one value.
pub(super) fn shown(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if !text.trim().is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(yes) => Some(yes.to_string()),
        Value::Array(list) => {
            let parts: Vec<String> = list.iter().filter_map(shown).collect();
            (!parts.is_empty()).then(|| parts.join(", "))
        }
        _ => None,
    }
}

fn moment(object: &Object, key: &str) -> Option<DateTime<Utc>> {
    DateTime::parse_from_rfc3339(text(object, key))
        .ok()
        .map(|it| it.with_timezone(&Utc))
}

/// Keys that say nothing of a person: numbers of other rows, rights, keys of the machine.
fn machinery(key: &str) -> bool {
    matches!(
        key,
        "id" | "password"
            | "preferences"
            | "image"
            | "image_source"
            | "source"
            | "role_ids"
            | "roles"
            | "groups"
            | "group_ids"
            | "authorizations"
            | "permissions"
            | "member_ids"
            | "members"
            | "attachments"
            | "body"
            | "create_article_type_id"
            | "create_article_sender_id"
            | "time_units_per_type"
            | "checklist_id"
    ) || key.ends_with("_id")
        || key.ends_with("_ids")
        || key.ends_with("_count")
        || key.ends_with("_by")
}

/// The values of an object, the important ones first, the operator's own attributes last.
fn fields(object: &Object, first: &[&str]) -> Vec<Field> {
    let others = object
        .keys()
        .map(String::as_str)
        .filter(|key| !first.contains(key) && !machinery(key));
    let keys = first.iter().copied().chain(others);
    keys.filter_map(|key| {
        let value = shown(object.get(key)?)?;
        let nature = match key {
            "note" => Nature::Html,
            _ if value.contains('\n') => Nature::Text,
            _ => Nature::Plain,
        };
        Some(Field::plain(key, value).as_nature(nature))
    })
    .collect()
}

/// A mark by which a user is known again before anything is done to it: the same number with another address is another
/// person. Too short to find an address by it.
pub(super) fn mark(user: &Object) -> String {
    let whole = ["created_at", "login", "email"]
        .map(|key| text(user, key))
        .join("\n");
    let digest = ring::digest::digest(&ring::digest::SHA256, whole.as_bytes());
    digest
        .as_ref()
        .iter()
        .take(4)
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// First and last name.
pub(super) fn full_name(user: &Object) -> String {
    format!("{} {}", text(user, "firstname"), text(user, "lastname"))
        .trim()
        .to_owned()
}

/// Whether a user is hers, and why: compared by ourselves, whatever the search believes.
pub(super) fn tie(user: &Object, wanted: &Identifier, number_fields: &[String]) -> Option<Tie> {
    // User 1 is Zammad itself.
    if number(user, "id").is_none_or(|id| id <= 1) || text(user, "login") == "-" {
        return None;
    }
    let own: Vec<&str> = match wanted.kind {
        SearchKey::Email => vec!["email", "login"],
        SearchKey::Phone => vec!["phone", "mobile", "fax"],
        SearchKey::Handle => vec!["login"],
        SearchKey::Number => number_fields.iter().map(String::as_str).collect(),
        SearchKey::Name => {
            let candidate = Tie::Candidate {
                by: SearchKey::Name,
                field: "firstname lastname".to_owned(),
            };
            return wanted.is(&full_name(user)).then_some(candidate);
        }
        SearchKey::Address | SearchKey::Ip | SearchKey::Derived => return None,
    };
    let is = |field: &&str| {
        user.get(*field)
            .and_then(shown)
            .is_some_and(|value| wanted.is(&value))
    };
    own.into_iter().find(is).map(|field| Tie::Exact {
        by: wanted.kind,
        field: field.to_owned(),
    })
}

pub(super) fn user(user: &Object, id: u64, tie: Tie) -> Record {
    const FIRST: [&str; 14] = [
        "firstname",
        "lastname",
        "email",
        "login",
        "phone",
        "mobile",
        "fax",
        "street",
        "zip",
        "city",
        "country",
        "address",
        "organization",
        "note",
    ];
    let mut reference = RecordRef::new("user", id.to_string());
    reference.version = Some(mark(user));
    let mut cautions = Vec::new();
    if user.get("active") == Some(&Value::Bool(false)) {
        cautions.push(Caution::Archived);
    }
    Record {
        reference,
        category: "account".to_owned(),
        title: full_name(user).into(),
        at: moment(user, "created_at"),
        tie,
        origin: Origin::Unknown,
        fields: fields(user, &FIRST),
        files: Vec::new(),
        cautions,
        rank: 1,
    }
}

pub(super) fn ticket(ticket: &Object, id: u64, tie: Tie, tags: &[String]) -> Record {
    const FIRST: [&str; 7] = [
        "number",
        "title",
        "state",
        "group",
        "priority",
        "created_at",
        "close_at",
    ];
    let mut fields = fields(ticket, &FIRST);
    if !tags.is_empty() {
        fields.push(Field::plain("tags", tags.join(", ")));
    }
    let mut cautions = Vec::new();
    match text(ticket, "state") {
        "merged" => cautions.push(Caution::Merged),
        "closed" | "removed" => {}
        // A state that nobody knows by name is taken for open.
        _ if moment(ticket, "close_at").is_none() => cautions.push(Caution::Open),
        _ => {}
    }
    Record {
        reference: RecordRef::new("ticket", id.to_string()),
        category: "ticket".to_owned(),
        title: text(ticket, "title").into(),
        at: moment(ticket, "created_at"),
        tie,
        origin: Origin::Unknown,
        fields,
        files: Vec::new(),
        cautions,
        rank: 2,
    }
}

pub(super) fn article(article: &Object, ticket: u64, id: u64, tie: Tie) -> Record {
    let internal = article.get("internal") == Some(&Value::Bool(true));
    let html = text(article, "content_type").contains("html");
    let (body, pictures) = match html {
        true => inline_pictures(text(article, "body"), ticket, id),
        false => (text(article, "body").to_owned(), Vec::new()),
    };
    let mut values: Vec<Field> = [
        "from",
        "to",
        "cc",
        "subject",
        "type",
        "sender",
        "internal",
        "created_at",
    ]
    .into_iter()
    .filter_map(|key| Some(Field::plain(key, shown(article.get(key)?)?)))
    .collect();
    let nature = if html { Nature::Html } else { Nature::Text };
    values.push(Field::plain("body", body).as_nature(nature));
    let (category, origin) = match (internal, text(article, "sender")) {
        (true, _) => ("note", Origin::Derived),
        (false, "Customer") => ("message", Origin::Provided),
        (false, _) => ("message", Origin::Others),
    };
    Record {
        reference: RecordRef::new("article", id.to_string()),
        category: category.to_owned(),
        title: text(article, "subject").into(),
        at: moment(article, "created_at"),
        tie,
        origin,
        fields: values,
        files: files(article, ticket, id, pictures),
        cautions: if internal {
            vec![Caution::Others]
        } else {
            Vec::new()
        },
        rank: 3,
    }
}

fn files(article: &Object, ticket: u64, id: u64, pictures: Vec<u64>) -> Vec<FileRef> {
    let listed = article
        .get("attachments")
        .and_then(Value::as_array)
        .map(Vec::as_slice)
        .unwrap_or_default();
    let mut files: Vec<FileRef> = Vec::new();
    for file in listed.iter().filter_map(Value::as_object) {
        let Some(number) = number(file, "id") else {
            continue;
        };
        let preferences = file.get("preferences").and_then(Value::as_object);
        let said = ["Content-Type", "Mime-Type", "mime_type"].into_iter();
        let media_type = said
            .filter_map(|key| Some(text(preferences?, key)))
            .find(|it| !it.is_empty());
        files.push(FileRef {
            id: format!("{ticket}-{id}-{number}"),
            name: text(file, "filename").into(),
            media_type: media_type.unwrap_or("application/octet-stream").to_owned(),
            size: self::number(file, "size"),
        });
    }
    for picture in pictures {
        let key = format!("{ticket}-{id}-{picture}");
        if files.iter().all(|file| file.id != key) {
            let name = Private::new(format!("inline-{picture}"));
            files.push(FileRef {
                id: key,
                name,
                media_type: "application/octet-stream".to_owned(),
                size: None,
            });
        }
    }
    if text(article, "type") == "email" {
        files.push(FileRef {
            id: format!("plain-{id}"),
            name: Private::new(format!("message-{id}.eml")),
            media_type: "message/rfc822".to_owned(),
            size: None,
        });
    }
    files
}

/// Pictures within a text lie at addresses of Zammad, and are not among its files. They are fetched too, and the text
/// names them by the key of the file. A link to another message's file is somebody's writing, and stays what it is.
fn inline_pictures(body: &str, ticket: u64, article: u64) -> (String, Vec<u64>) {
    let prefix = format!("/api/v1/ticket_attachment/{ticket}/{article}/");
    let (mut out, mut found, mut rest) = (String::with_capacity(body.len()), Vec::new(), body);
    while let Some((before, after)) = rest.split_once(&prefix) {
        let digits: String = after.chars().take_while(char::is_ascii_digit).collect();
        let Ok(number) = digits.parse::<u64>() else {
            out.push_str(before);
            out.push_str(&prefix);
            rest = after;
            continue;
        };
        // The address may be written with its host, and with a question how it is to be shown.
        let start = before.rfind(['"', '\'']).map_or(0, |at| at + 1);
        let host = before.get(start..).unwrap_or_default();
        let whole = host.starts_with("http") && !host.contains(char::is_whitespace);
        out.push_str(if whole {
            before.get(..start).unwrap_or_default()
        } else {
            before
        });
        out.push_str(&format!("cid:{ticket}-{article}-{number}"));
        let tail = after.get(digits.len()..).unwrap_or_default();
        rest = match tail.starts_with('?') {
            true => tail
                .find(['"', '\'', '>', ' '])
                .and_then(|end| tail.get(end..))
                .unwrap_or_default(),
            false => tail,
        };
        if !found.contains(&number) {
            found.push(number);
        }
    }
    out.push_str(rest);
    (out, found)
}

pub(super) fn organization(organization: &Object, id: u64, tie: Tie) -> Record {
    let members = organization
        .get("member_ids")
        .and_then(Value::as_array)
        .map_or(0, Vec::len);
    let mut fields = fields(organization, &["name", "domain", "shared", "note"]);
    fields.push(Field::plain("members", members.to_string()));
    Record {
        reference: RecordRef::new("organization", id.to_string()),
        category: "contact".to_owned(),
        title: text(organization, "name").into(),
        at: moment(organization, "created_at"),
        tie,
        origin: Origin::Derived,
        fields,
        files: Vec::new(),
        // Where tickets are shared, the other members read hers.
        cautions: if members > 1 {
            vec![Caution::Shared]
        } else {
            Vec::new()
        },
        rank: 4,
    }
}

/// Where a message names her address: in a header it is hers, in the text somebody must look.
pub(super) fn mention(article: &Object, wanted: &Identifier) -> Option<Tie> {
    for field in ["from", "to", "cc", "reply_to"] {
        let header = text(article, field);
        let mut parts = header.split(['<', '>', ',', ';', '"', ' ']);
        if parts.any(|part| wanted.is(part)) {
            return Some(Tie::Exact {
                by: wanted.kind,
                field: field.to_owned(),
            });
        }
    }
    let field = ["subject", "body"]
        .into_iter()
        .find(|field| wanted.mentioned_in(text(article, field)))?;
    Some(Tie::Candidate {
        by: wanted.kind,
        field: field.to_owned(),
    })
}
