//! What Mautic says, in the office's words: contacts, what they did, notes, devices, memberships and filled-in forms.

use chrono::{DateTime, NaiveDateTime, Utc};
use serde_json::{Map, Value};
use unicode_normalization::UnicodeNormalization;

use crate::domain::identifier::{Identifier, SearchKey};
use crate::ports::source::{Caution, Fault, Field, Mishap, Nature, Origin, Record, RecordRef, Tie};

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

/// A value of a form body, encoded.
pub(super) fn encoded(text: &str) -> String {
    let plain =
        |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~');
    text.bytes()
        .map(|it| {
            if plain(it) {
                char::from(it).to_string()
            } else {
                format!("%{it:02X}")
            }
        })
        .collect()
}

/// The rows of a list, which is an array, or an object by their numbers; and how many there are, which is a text.
pub(super) fn rows(answer: &Object, name: &str) -> Result<(Vec<Object>, Option<u64>), Mishap> {
    let odd = || Mishap::new(Fault::Unreadable, format!("{name}: no list"));
    let values: Vec<&Value> = match answer.get(name) {
        Some(Value::Array(list)) => list.iter().collect(),
        Some(Value::Object(map)) => map.values().collect(),
        _ => return Err(odd()),
    };
    let rows = values
        .into_iter()
        .map(|row| row.as_object().cloned().ok_or_else(odd));
    let total = match answer.contains_key("total") {
        true => Some(number(answer, "total").ok_or_else(odd)?),
        false => None,
    };
    Ok((rows.collect::<Result<_, _>>()?, total))
}

/// By what a row is known again.
pub(super) fn row_key(row: &Object) -> String {
    let own = ["id", "eventId", "company_id"]
        .into_iter()
        .find_map(|key| row.get(key))
        .and_then(shown);
    own.unwrap_or_else(|| Value::Object(row.clone()).to_string())
}

/// A value as text, where it is one value.
pub(super) fn shown(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if !text.trim().is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(yes) => Some(yes.to_string()),
        Value::Array(list) => {
            let parts: Vec<String> = list.iter().filter_map(shown).collect();
            (!parts.is_empty() && parts.len() == list.len()).then(|| parts.join(", "))
        }
        _ => None,
    }
}

/// The field of a contact as text.
pub(super) fn field(contact: &Object, alias: &str) -> Option<String> {
    contact
        .get("fields")?
        .get("all")?
        .get(alias)
        .and_then(shown)
}

/// Whether the contact has a field of that alias.
pub(super) fn has_field(contact: &Object, alias: &str) -> bool {
    let all = contact
        .get("fields")
        .and_then(|it| it.get("all"))
        .and_then(Value::as_object);
    all.is_some_and(|all| all.contains_key(alias))
}

pub(super) fn full_name(contact: &Object) -> String {
    let parts = ["firstname", "lastname"].map(|alias| field(contact, alias).unwrap_or_default());
    parts.join(" ").trim().to_owned()
}

/// A mark by which a contact is known again before anything is done to it; too short to find an address by it.
pub(super) fn mark(contact: &Object) -> String {
    let whole = format!(
        "{}\n{}",
        text(contact, "dateAdded"),
        field(contact, "email").unwrap_or_default()
    );
    let digest = ring::digest::digest(&ring::digest::SHA256, whole.as_bytes());
    digest
        .as_ref()
        .iter()
        .take(4)
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// Two values that a database may take for the same without their being so: case, accents and blanks at the end.
pub(super) fn collates(one: &str, other: &str) -> bool {
    let folded = |text: &str| -> String {
        let plain = text.trim_end().to_lowercase().replace('ß', "ss");
        plain
            .nfkd()
            .filter(|it| !unicode_normalization::char::is_combining_mark(*it))
            .collect()
    };
    folded(one) == folded(other)
}

/// When; Mautic writes an offset in most places and none in some, where it means UTC.
fn moment(object: &Object, keys: &[&str]) -> Option<DateTime<Utc>> {
    keys.iter().find_map(|key| {
        let text = text(object, key);
        let naive = || {
            NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S")
                .ok()
                .map(|it| it.and_utc())
        };
        DateTime::parse_from_rfc3339(text)
            .ok()
            .map(|it| it.with_timezone(&Utc))
            .or_else(naive)
    })
}

/// Everything in a value, with its path as name: nothing is left out because it lies deep.
fn flat(name: &str, value: &Value, depth: u8, out: &mut Vec<Field>) {
    if let Some(text) = shown(value) {
        let nature = if text.contains('\n') {
            Nature::Text
        } else {
            Nature::Plain
        };
        out.push(Field::plain(name, text).as_nature(nature));
        return;
    }
    let deeper = |key: &str| {
        if name.is_empty() {
            key.to_owned()
        } else {
            format!("{name}.{key}")
        }
    };
    match value {
        Value::Object(_) | Value::Array(_) if depth == 0 => {
            out.push(Field::plain(name, value.to_string()))
        }
        Value::Object(map) => map
            .iter()
            .for_each(|(key, it)| flat(&deeper(key), it, depth - 1, out)),
        Value::Array(list) => {
            list.iter()
                .enumerate()
                .for_each(|(at, it)| flat(&deeper(&at.to_string()), it, depth - 1, out));
        }
        _ => {}
    }
}

fn all_of(object: &Object, leave: &[&str]) -> Vec<Field> {
    let mut fields = Vec::new();
    let kept = object
        .iter()
        .filter(|(key, _)| !leave.contains(&key.as_str()));
    kept.for_each(|(key, value)| flat(key, value, 5, &mut fields));
    fields
}

/// A contact with all its fields.
pub(super) fn contact(contact: &Object, id: u64, tie: Tie) -> Record {
    const FIRST: [&str; 6] = [
        "firstname",
        "lastname",
        "email",
        "phone",
        "mobile",
        "company",
    ];
    // The same values stand in groups a second time; other people's rights are no data of hers.
    const LEAVE: [&str; 9] = [
        "id",
        "fields",
        "createdBy",
        "createdByUser",
        "modifiedBy",
        "modifiedByUser",
        "color",
        "isPublished",
        "owner",
    ];
    let mut fields: Vec<Field> = FIRST
        .into_iter()
        .filter_map(|alias| Some(Field::plain(alias, field(contact, alias)?)))
        .collect();
    let all = contact
        .get("fields")
        .and_then(|it| it.get("all"))
        .and_then(Value::as_object);
    for (alias, value) in all.into_iter().flatten() {
        if !FIRST.contains(&alias.as_str()) && alias != "id" {
            flat(alias, value, 3, &mut fields);
        }
    }
    let labels = labels(contact);
    for field in &mut fields {
        field.label = labels
            .iter()
            .find(|(alias, _)| *alias == field.name)
            .map(|(_, label)| label.clone());
    }
    fields.extend(all_of(contact, &LEAVE));
    let mut reference = RecordRef::new("contact", id.to_string());
    reference.version = Some(mark(contact));
    Record {
        reference,
        category: "contact".to_owned(),
        title: full_name(contact).into(),
        at: moment(contact, &["dateAdded"]),
        tie,
        origin: Origin::Unknown,
        fields,
        files: Vec::new(),
        cautions: Vec::new(),
        rank: 1,
    }
}

/// What the operators call their fields: it stands in the groups.
fn labels(contact: &Object) -> Vec<(String, String)> {
    let groups = contact.get("fields").and_then(Value::as_object);
    let fields = groups
        .into_iter()
        .flatten()
        .filter(|(name, _)| *name != "all")
        .filter_map(|(_, it)| it.as_object());
    let pair = |(alias, it): (&String, &Value)| {
        Some((alias.clone(), it.get("label")?.as_str()?.to_owned()))
    };
    fields
        .flat_map(|group| group.iter().filter_map(pair))
        .collect()
}

/// Whether a contact is hers, and why: compared by ourselves.
pub(super) fn tie(contact: &Object, wanted: &Identifier, columns: &[&str]) -> Option<Tie> {
    if wanted.kind == SearchKey::Name {
        let candidate = Tie::Candidate {
            by: SearchKey::Name,
            field: "firstname lastname".to_owned(),
        };
        return wanted.is(&full_name(contact)).then_some(candidate);
    }
    let is = |alias: &&&str| field(contact, alias).is_some_and(|value| wanted.is(&value));
    let found = columns.iter().find(is)?;
    Some(Tie::Exact {
        by: wanted.kind,
        field: (*found).to_owned(),
    })
}

/// A list that hangs on a contact.
#[derive(Clone, Copy)]
pub(super) struct Part {
    /// The last piece of its address.
    pub path: &'static str,
    /// Its name in the answer.
    pub name: &'static str,
    pub kind: &'static str,
    pub category: &'static str,
    pub origin: Origin,
}

/// Everything that hangs on a contact, but for what it did.
pub(super) const PARTS: [Part; 5] = [
    Part {
        path: "notes",
        name: "notes",
        kind: "note",
        category: "note",
        origin: Origin::Derived,
    },
    Part {
        path: "devices",
        name: "devices",
        kind: "device",
        category: "log",
        origin: Origin::Observed,
    },
    Part {
        path: "segments",
        name: "lists",
        kind: "segment",
        category: "newsletter",
        origin: Origin::Derived,
    },
    Part {
        path: "campaigns",
        name: "campaigns",
        kind: "campaign",
        category: "newsletter",
        origin: Origin::Derived,
    },
    Part {
        path: "companies",
        name: "companies",
        kind: "company",
        category: "contact",
        origin: Origin::Derived,
    },
];

pub(super) fn part(row: &Object, part: Part, contact: u64, tie: Tie) -> Record {
    let title = ["name", "title", "companyname", "device", "type"].map(|key| text(row, key));
    let note = part.kind == "note";
    Record {
        // A segment is one for all its members: the record is her place in it.
        reference: RecordRef::new(part.kind, format!("{contact}/{}", row_key(row))),
        category: part.category.to_owned(),
        title: title
            .into_iter()
            .find(|it| !it.is_empty())
            .unwrap_or(part.kind)
            .into(),
        at: moment(row, &["dateAdded", "dateTime", "date_added"]),
        tie,
        origin: part.origin,
        fields: all_of(row, &["id", "lead", "createdBy", "modifiedBy"]),
        files: Vec::new(),
        cautions: if note {
            vec![Caution::Others]
        } else {
            Vec::new()
        },
        rank: 2,
    }
}

/// Something that a contact did or was sent. Where it has no number it gets one from what it is.
pub(super) fn event(event: &Object, contact: u64, tie: Tie) -> Record {
    let kind = text(event, "event");
    let label = match event.get("eventLabel") {
        Some(Value::Object(link)) => text(link, "label"),
        _ => text(event, "eventLabel"),
    };
    let mail = kind.starts_with("email.") || kind.starts_with("sms.");
    let own = event.get("eventId").and_then(shown);
    let id = own.unwrap_or_else(|| {
        let whole = Value::Object(event.clone()).to_string();
        let digest = ring::digest::digest(&ring::digest::SHA256, whole.as_bytes());
        digest
            .as_ref()
            .iter()
            .take(8)
            .map(|byte| format!("{byte:02x}"))
            .collect()
    });
    let mut fields = all_of(
        event,
        &["eventId", "contactId", "icon", "details", "eventPriority"],
    );
    fields.extend(
        event
            .get("details")
            .and_then(Value::as_object)
            .map(|it| all_of(it, &[]))
            .unwrap_or_default(),
    );
    Record {
        reference: RecordRef::new("activity", format!("{contact}/{id}")),
        category: if mail { "newsletter" } else { "activity" }.to_owned(),
        title: if label.is_empty() { kind } else { label }.into(),
        at: moment(event, &["timestamp"]),
        tie,
        origin: Origin::Observed,
        fields,
        files: Vec::new(),
        cautions: Vec::new(),
        rank: 2,
    }
}

/// A form that was filled in.
pub(super) fn submission(submission: &Object, form: u64, id: u64, tie: Tie) -> Record {
    let results = submission.get("results").and_then(Value::as_object);
    let mut fields = results.map(|it| all_of(it, &[])).unwrap_or_default();
    fields.extend(all_of(submission, &["id", "results", "lead", "form"]));
    let title = submission
        .get("form")
        .and_then(Value::as_object)
        .map_or("", |it| text(it, "name"));
    Record {
        reference: RecordRef::new("submission", format!("{form}/{id}")),
        category: "message".to_owned(),
        title: title.into(),
        at: moment(submission, &["dateSubmitted"]),
        tie,
        origin: Origin::Provided,
        fields,
        files: Vec::new(),
        cautions: Vec::new(),
        rank: 2,
    }
}
