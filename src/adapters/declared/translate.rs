//! Translates: what came becomes records, and each is compared with what is known of her by ourselves.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, NaiveDateTime, TimeZone, Utc};
use ring::digest::{SHA256, digest};
use serde_json::Value;

use super::description::{Files, Place};
use super::gaps;
use super::mask;
use super::pointer::{self, Pointer};
use super::template::Values;
use crate::domain::identifier::{Identifier, SearchKey};
use crate::domain::private::Private;
use crate::ports::source::{Caution, Field, FileRef, Nature, Record, RecordRef, Tie};

/// The whole key of the record on which another hangs.
pub(super) const ABOVE: &str = "parent key";

/// How a record that came stands to her.
#[derive(Debug)]
pub(super) enum Kinship {
    /// It is hers, or a person must look.
    Hers(Tie),
    /// It is somebody else's.
    Stray,
    /// What it could be compared by was dropped over there.
    Blank,
}

/// Whether a record hangs on the one that was asked for, as far as its kind says it at all; nothing, where it should and
/// does not.
pub(super) fn hangs(place: &Place, record: &Value, values: &Values) -> Option<bool> {
    if place.above.is_empty() {
        return Some(true);
    }
    let said = pointer::texts(&place.above, record);
    let own = values.get("parent").unwrap_or_default();
    (!said.is_empty()).then(|| said.iter().any(|it| it == own))
}

/// Compares one record with all that is known of her.
pub(super) fn kinship(place: &Place, record: &Value, wanted: &[Identifier]) -> Kinship {
    let mut candidate = None;
    let mut blank = false;
    for identifier in wanted {
        for field in place.matches.get(&identifier.kind).into_iter().flatten() {
            for text in pointer::texts(field, record) {
                blank = blank || (place.masked && mask::is_blank(&text));
                match compare(place, record, identifier, &text) {
                    Some(true) => return Kinship::Hers(exact(identifier.kind, field)),
                    Some(false) => candidate = candidate.or(Some((identifier.kind, field))),
                    None => {}
                }
            }
        }
        for field in &place.mentions {
            let texts = pointer::texts(field, record);
            if texts.iter().any(|text| identifier.mentioned_in(text)) {
                candidate = candidate.or(Some((identifier.kind, field)));
            }
        }
    }
    match candidate {
        Some((by, field)) => Kinship::Hers(Tie::Candidate {
            by,
            field: named(field),
        }),
        None if blank => Kinship::Blank,
        None => Kinship::Stray,
    }
}

fn exact(by: SearchKey, field: &str) -> Tie {
    Tie::Exact {
        by,
        field: named(field),
    }
}

/// Whether a value is hers for certain, perhaps, or not.
fn compare(place: &Place, record: &Value, identifier: &Identifier, text: &str) -> Option<bool> {
    let whole = identifier.is(text);
    match identifier.kind {
        // Two people may share a name or live in one house.
        SearchKey::Name | SearchKey::Address => whole.then_some(false),
        // An address of a machine says nothing without its time.
        SearchKey::Ip => {
            let window = identifier.window?;
            let inside = time(place, record).is_some_and(|at| window.holds(at));
            let masked = place.masked && mask::is_cut(text);
            match inside {
                true if whole && !masked => Some(true),
                true if masked && mask::may_be(identifier.value.reveal(), text) => Some(false),
                _ => None,
            }
        }
        _ => whole.then_some(true),
    }
}

fn named(place: &str) -> String {
    place.trim_start_matches('/').replace('/', ".")
}

/// The key of a record, with everything that is needed to find it again.
pub(super) fn reference(place: &Place, record: &Value, values: &Values) -> Option<RecordRef> {
    let own = pointer::texts(&place.id, record).into_iter().next()?;
    let scope = scope(place);
    let id = match scope.is_empty() {
        true => own,
        false => {
            let mut parts = BTreeMap::from([("id", own.as_str())]);
            for &name in &scope {
                let value = match (name, &place.read) {
                    ("parent", None) => values.get(ABOVE),
                    _ => values.get(name),
                };
                match value {
                    Some(value) => parts.insert(name, value),
                    None if place.read.is_some() => return None,
                    None => continue,
                };
            }
            serde_json::to_string(&parts).ok()?
        }
    };
    let mut reference = RecordRef::new(&place.kind, id);
    reference.version = Some(print(place, record, reference.id.reveal()));
    Some(reference)
}

/// What beside its own key is needed to read a record again: what the search walked over, the record on which it hangs.
/// One that comes by two ways has one key. What cannot be read again is told apart by all of it.
fn scope(place: &Place) -> Vec<&str> {
    let mut names: Vec<&str> = place
        .find
        .iter()
        .flat_map(|it| &it.each)
        .map(String::as_str)
        .collect();
    if place.of.is_some() {
        names.push("parent");
    }
    if let Some(read) = &place.read {
        let needed = gaps::blanks(read);
        names.retain(|it| needed.iter().any(|name| name == it));
    }
    names.sort_unstable();
    names.dedup();
    names
}

/// The blanks that a reference fills; none, if it is no reference to such a record.
pub(super) fn blanks(place: &Place, reference: &RecordRef, values: &Values) -> Option<Values> {
    let mut values = values.clone();
    let id = reference.id.reveal();
    let scope = scope(place);
    if scope.is_empty() {
        values.set("id", id.as_str());
        return (!id.trim().is_empty()).then_some(values);
    }
    let parts: BTreeMap<String, String> = serde_json::from_str(id).ok()?;
    for name in scope.iter().copied().chain(["id"]) {
        values.set(
            name,
            parts.get(name).filter(|it| !it.trim().is_empty())?.as_str(),
        );
    }
    Some(values)
}

/// What makes the record hers, as a print: before anything is written it must be the same.
pub(super) fn print(place: &Place, record: &Value, id: &str) -> String {
    let mut all = format!("{}\n{id}", place.kind);
    for key in SearchKey::ALL {
        for field in place.matches.get(&key).into_iter().flatten() {
            for text in pointer::texts(field, record) {
                let same = Identifier::new(key, &text).map_or(text, |it| it.canonical());
                all.push('\n');
                all.push_str(&same);
            }
        }
    }
    // Where nothing proves it hers, what made a person say so must still stand there.
    for field in place.mentions.iter().chain([&place.above]) {
        for text in pointer::texts(field, record) {
            all.push('\n');
            all.push_str(&text);
        }
    }
    let digest = digest(&SHA256, all.as_bytes());
    let half = digest.as_ref().iter().take(16);
    half.map(|byte| format!("{byte:02x}")).collect()
}

/// A record as it is laid before a clerk.
pub(super) fn record(place: &Place, raw: &Value, reference: RecordRef, tie: Tie) -> Record {
    let title = place
        .title
        .iter()
        .find_map(|it| pointer::texts(it, raw).into_iter().next());
    let mut cautions: Vec<Caution> = place.cautions.iter().filter_map(|it| caution(it)).collect();
    for rule in &place.caution_if {
        let found = Pointer::parse(&rule.at)
            .map(|it| it.all(raw))
            .unwrap_or_default();
        let stands = found.iter().any(|value| match rule.is.is_empty() {
            true => !pointer::is_nothing(value),
            false => rule.is.iter().any(|it| it.is(value)),
        });
        if stands {
            cautions.extend(caution(&rule.caution));
        }
    }
    Record {
        category: place.category.clone(),
        title: Private::new(title.unwrap_or_else(|| place.kind.clone())),
        at: time(place, raw),
        tie,
        origin: place.origin,
        fields: fields(place, raw),
        files: place
            .files
            .as_ref()
            .map(|it| files(it, raw))
            .unwrap_or_default(),
        cautions,
        rank: place.rank,
        reference,
    }
}

fn fields(place: &Place, raw: &Value) -> Vec<Field> {
    let below = |name: &str, list: &[String]| {
        list.iter().any(|it| {
            name == it
                || name
                    .strip_prefix(it.as_str())
                    .is_some_and(|it| it.starts_with('.'))
        })
    };
    let mut fields: Vec<Field> = pointer::flat(raw)
        .into_iter()
        .filter(|(name, _)| !below(name, &place.hide))
        .map(|(name, value)| {
            let nature = match (below(&name, &place.html), below(&name, &place.text)) {
                (true, _) => Nature::Html,
                (_, true) => Nature::Text,
                _ => Nature::Plain,
            };
            Field::plain(name, value).as_nature(nature)
        })
        .collect();
    let place_of = |field: &Field| {
        place
            .first
            .iter()
            .position(|it| *it == field.name)
            .unwrap_or(usize::MAX)
    };
    fields.sort_by_key(place_of);
    fields
}

fn files(rule: &Files, raw: &Value) -> Vec<FileRef> {
    let found = Pointer::parse(&rule.at)
        .map(|it| it.all(raw))
        .unwrap_or_default();
    let entries = found.into_iter().flat_map(|it| match it {
        Value::Array(list) => list.iter().collect(),
        other => vec![other],
    });
    let one = |place: &str, entry: &Value| pointer::texts(place, entry).into_iter().next();
    entries
        .enumerate()
        .filter_map(|(count, entry)| {
            if pointer::is_nothing(entry) {
                return None;
            }
            // An address may hold a key: it is read again when the file is fetched.
            let id = match rule.link {
                true => count.to_string(),
                false => one(&rule.id, entry)?,
            };
            let name = match rule.name.is_empty() {
                true => None,
                false => one(&rule.name, if rule.link { raw } else { entry }),
            };
            Some(FileRef {
                name: Private::new(name.unwrap_or_else(|| id.clone())),
                id,
                media_type: rule.media_type.clone(),
                size: None,
            })
        })
        .collect()
}

/// The caution of that name; `other: …` is any.
pub(super) fn caution(text: &str) -> Option<Caution> {
    Some(match text {
        "staff" => Caution::Staff,
        "shared" => Caution::Shared,
        "retained" => Caution::Retained,
        "others" => Caution::Others,
        "open" => Caution::Open,
        "acts" => Caution::Acts,
        "archived" => Caution::Archived,
        "merged" => Caution::Merged,
        other => Caution::Other(other.strip_prefix("other:")?.trim().to_owned()),
    })
}

/// When a record is from.
pub(super) fn time(place: &Place, raw: &Value) -> Option<DateTime<Utc>> {
    if place.time.is_empty() {
        return None;
    }
    moment(&pointer::texts(&place.time, raw).into_iter().next()?)
}

/// A moment as systems write it: RFC 3339, a date with a time or without, seconds or milliseconds since 1970.
fn moment(text: &str) -> Option<DateTime<Utc>> {
    if let Ok(number) = text.parse::<i64>() {
        return match number {
            // 0 is how many say that there is none.
            ..=0 => None,
            1..100_000_000_000 => Utc.timestamp_opt(number, 0).single(),
            _ => Utc.timestamp_millis_opt(number).single(),
        };
    }
    if let Ok(moment) = DateTime::parse_from_rfc3339(text) {
        return Some(moment.with_timezone(&Utc));
    }
    for form in [
        "%Y-%m-%d %H:%M:%S",
        "%Y-%m-%dT%H:%M:%S%.f",
        "%Y-%m-%d %H:%M",
    ] {
        if let Ok(moment) = NaiveDateTime::parse_from_str(text, form) {
            return Some(moment.and_utc());
        }
    }
    let day = NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()?;
    Some(day.and_hms_opt(0, 0, 0)?.and_utc())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn place(text: &str) -> Place {
        toml::from_str(text).unwrap()
    }

    #[test]
    fn a_moment_is_read_however_it_is_written_and_nought_is_none() {
        for text in [
            "2026-03-01T10:00:00Z",
            "2026-03-01 10:00:00",
            "1772359200",
            "1772359200000",
        ] {
            assert_eq!(
                moment(text).unwrap().to_rfc3339(),
                "2026-03-01T10:00:00+00:00",
                "{text}"
            );
        }
        assert_eq!(moment("0"), None);
        assert_eq!(moment("0000-00-00 00:00:00"), None);
        assert!(moment("2026-03-01").is_some());
    }

    #[test]
    fn a_key_holds_what_is_needed_to_find_the_record_again() {
        let place = place(
            "kind = 'k'\nid = '/id'\nof = 'p'\n[[find]]\neach = ['groups', 'years']\n[read]\npath = '/{groups}/{parent}/{id}'",
        );
        let values = Values::default().with("groups", "12").with("parent", "7");
        let reference = reference(&place, &json!({"id": 99}), &values).unwrap();
        let back = blanks(&place, &reference, &Values::default()).unwrap();
        assert_eq!(
            (
                back.get("id"),
                back.get("groups"),
                back.get("parent"),
                back.get("years")
            ),
            (Some("99"), Some("12"), Some("7"), None)
        );
        for odd in [
            "",
            "99",
            "{\"id\":\"99\"}",
            "{\"id\":\"\",\"groups\":\"1\",\"parent\":\"2\"}",
        ] {
            assert!(
                blanks(&place, &RecordRef::new("k", odd), &Values::default()).is_none(),
                "{odd}"
            );
        }
    }

    #[test]
    fn a_print_changes_when_the_record_is_somebody_elses() {
        let place = place("kind = 'k'\nid = '/id'\nmatch = { email = ['/mail'] }");
        let of = |mail: &str| print(&place, &json!({"mail": mail, "seen": 7}), "1");
        assert_eq!(of("Anna@example.org"), of("anna@EXAMPLE.org"));
        assert_ne!(of("anna@example.org"), of("johanna@example.org"));
    }
}
