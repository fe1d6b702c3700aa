//! A Mautic of our own that answers as unpleasantly as the real one: totals as texts, contacts as objects or arrays,
//! filters that are not heeded, errors in a success, rows that stay when their contact goes.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use base64::Engine;
use serde_json::{Map, Value, json};

use crate::adapters::theatre::{Heard, Said, Theatre, decoded};

pub const PASSWORD: &str = "reading-password-8d1";
pub const ERASING: &str = "erasing-password-2c7";
pub const SECRET: &str = "client+secret/5e&9=";

pub struct World {
    pub contacts: BTreeMap<u64, Value>,
    pub events: BTreeMap<u64, Vec<Value>>,
    pub parts: BTreeMap<(u64, &'static str), Vec<Value>>,
    pub forms: Vec<Value>,
    pub submissions: Vec<Value>,
    /// `email_stats`: address and contact, which is nobody's when the contact is gone.
    pub email_stats: Vec<(String, Option<u64>)>,
    /// Lists are arrays and not objects by number.
    pub arrays: bool,
    /// A filter is not heeded, and all contacts come (issue 12612).
    pub everything: bool,
    pub cap: usize,
    pub counts_too_many: bool,
    pub forms_closed: bool,
    pub cache_not_cleared: bool,
    pub error: Option<(u16, Value)>,
    pub reason_ignored: bool,
    pub forgets_writes: bool,
    pub same_page_for_ever: bool,
    /// Tokens that are good; each login makes the next.
    pub tokens: Vec<String>,
    pub lives: u64,
    pub logins: usize,
    pub recreates: bool,
    /// What nobody hears any more once somebody was deleted.
    pub shuts_after_deleting: Shut,
    pub deleted: bool,
}

#[derive(Clone, Copy, PartialEq)]
pub enum Shut {
    Nothing,
    /// The list of contacts breaks for whoever asks by address.
    List,
    Everything,
}

pub type Shared = Arc<Mutex<World>>;

pub fn contact(id: u64, email: &str, first: &str, last: &str) -> Value {
    json!({
        "id": id, "dateAdded": "2024-01-02T03:04:05+00:00", "points": 7, "owner": {"id": 2, "username": "chef"},
        "createdByUser": "Chef Geheim", "isPublished": true,
        "fields": {
            "core": {"email": {"id": 6, "label": "E-Mail-Adresse", "alias": "email", "value": email}},
            "all": {
                "id": id, "firstname": first, "lastname": last, "email": email, "phone": null, "mobile": null,
                "points": 7, "kundennummer": null,
            },
        },
        "tags": [], "utmtags": [], "doNotContact": [], "ipAddresses": {"203.0.113.9": {
            "ip": "203.0.113.9", "ipDetails": {"city": "Berlin"},
        }},
    })
}

impl World {
    pub fn new() -> World {
        World {
            contacts: BTreeMap::new(),
            events: BTreeMap::new(),
            parts: BTreeMap::new(),
            forms: Vec::new(),
            submissions: Vec::new(),
            email_stats: Vec::new(),
            arrays: false,
            everything: false,
            cap: 100,
            counts_too_many: false,
            forms_closed: false,
            cache_not_cleared: false,
            error: None,
            reason_ignored: false,
            forgets_writes: false,
            same_page_for_ever: false,
            tokens: Vec::new(),
            lives: 3600,
            logins: 0,
            recreates: false,
            shuts_after_deleting: Shut::Nothing,
            deleted: false,
        }
    }

    pub fn add(&mut self, contact: Value) {
        self.contacts
            .insert(contact["id"].as_u64().unwrap(), contact);
    }
}

pub async fn open(world: World) -> (Theatre, Shared) {
    let shared = Arc::new(Mutex::new(world));
    let playing = Arc::clone(&shared);
    let theatre = Theatre::open(move |heard| play(&mut playing.lock().unwrap(), heard)).await;
    (theatre, shared)
}

fn no(status: u16, kind: Value) -> Said {
    // In the language of the user: nobody may read it.
    let message = "Sie haben keine Berechtigung für Anna Beispiel";
    Said::json(
        status,
        json!({"errors": [{"code": status, "message": message, "details": [], "type": kind}]}),
    )
}

/// Who calls: 1 reads, 2 erases.
fn who(world: &World, heard: &Heard) -> Option<u8> {
    let basic = |user: &str, password: &str| {
        format!(
            "Basic {}",
            base64::engine::general_purpose::STANDARD.encode(format!("{user}:{password}"))
        )
    };
    let said = heard.header("authorization");
    match said {
        _ if said == basic("leser", PASSWORD) => Some(1),
        _ if said == basic("löscher", ERASING) => Some(2),
        _ => world
            .tokens
            .iter()
            .any(|token| said == format!("Bearer {token}"))
            .then_some(1),
    }
}

fn play(world: &mut World, heard: &Heard) -> Said {
    if let Some((status, body)) = &world.error {
        return Said::json(*status, body.clone());
    }
    let pieces = heard.pieces();
    if pieces == ["oauth", "v2", "token"] {
        return login(world, heard);
    }
    let Some(me) = who(world, heard) else {
        return no(401, json!("invalid_grant"));
    };
    if world.cache_not_cleared {
        return Said::html(404, "<h1>404</h1>");
    }
    let by_address = pieces == ["api", "contacts"] && heard.asked("where[0][col]") == Some("email");
    if world.deleted
        && match world.shuts_after_deleting {
            Shut::Nothing => false,
            Shut::List => by_address,
            Shut::Everything => true,
        }
    {
        return no(500, Value::Null);
    }
    let body = heard.json();
    match (heard.method.as_str(), &pieces[..]) {
        ("GET", ["api", "contacts"]) => list(world, heard),
        // Without a number the same address means everybody's.
        ("GET", ["api", "contacts", "activity"]) => {
            panic!("the activity of everybody was asked for")
        }
        ("GET", ["api", "contacts", id]) => match world.contacts.get(&id.parse().unwrap()) {
            Some(contact) => Said::json(200, json!({"contact": contact})),
            None => no(404, Value::Null),
        },
        ("GET", ["api", "contacts", id, "activity"]) => activity(world, heard, id.parse().unwrap()),
        ("GET", ["api", "contacts", id, part]) => {
            let id: u64 = id.parse().unwrap();
            if !world.contacts.contains_key(&id) {
                return no(404, Value::Null);
            }
            let rows = world
                .parts
                .iter()
                .filter(|((of, name), _)| *of == id && name == part);
            let rows: Vec<Value> = rows.flat_map(|(_, rows)| rows.clone()).collect();
            let name = if *part == "segments" { "lists" } else { part };
            paged(world, heard, name, rows)
        }
        ("GET", ["api", "forms"]) if world.forms_closed => no(403, Value::Null),
        ("GET", ["api", "forms"]) => paged(world, heard, "forms", world.forms.clone()),
        ("GET", ["api", "forms", form, "submissions", "contact", id]) => {
            let of = |it: &&Value| is(&it["form"]["id"], form) && is(&it["lead"]["id"], id);
            let rows = world.submissions.iter().filter(of).cloned().collect();
            paged(world, heard, "submissions", rows)
        }
        ("PATCH", ["api", "contacts", id, "edit"]) => edit(world, id.parse().unwrap(), &body),
        ("POST", ["api", "contacts", id, "dnc", channel, verb]) => {
            dnc(world, id.parse().unwrap(), channel, verb, &body)
        }
        ("DELETE", ["api", "contacts", _, "delete"]) if me != 2 => no(403, Value::Null),
        ("DELETE", ["api", "contacts", id, "delete"]) => delete(world, id.parse().unwrap()),
        _ => no(404, Value::Null),
    }
}

fn login(world: &mut World, heard: &Heard) -> Said {
    let form = heard.text();
    let value = |name: &str| {
        let pair = form
            .split('&')
            .find_map(|it| it.strip_prefix(&format!("{name}=")));
        decoded(pair.unwrap_or_default(), true)
    };
    if value("grant_type") != "client_credentials"
        || value("client_id") != "rechte"
        || value("client_secret") != SECRET
    {
        return Said::json(
            400,
            json!({"error": "invalid_client", "error_description": "falsch"}),
        );
    }
    world.logins += 1;
    let token = format!("token-{}", world.logins);
    world.tokens.push(token.clone());
    Said::json(
        200,
        json!({"access_token": token, "expires_in": world.lives, "token_type": "bearer", "scope": ""}),
    )
}

fn paged(world: &World, heard: &Heard, name: &str, rows: Vec<Value>) -> Said {
    let number = |key: &str| {
        heard
            .asked(key)
            .and_then(|it| it.parse::<usize>().ok())
            .unwrap_or(0)
    };
    let start = if world.same_page_for_ever {
        0
    } else {
        number("start")
    };
    let total = rows.len() + usize::from(world.counts_too_many);
    let page: Vec<Value> = rows
        .into_iter()
        .skip(start)
        .take(number("limit").min(world.cap))
        .collect();
    let shown = match world.arrays {
        true => Value::Array(page),
        false if page.is_empty() => json!([]),
        false => {
            let keyed = page.into_iter().enumerate().map(|(at, row)| {
                let key = row["id"]
                    .as_u64()
                    .map_or_else(|| format!("x{at}"), |id| id.to_string());
                (key, row)
            });
            Value::Object(keyed.collect::<Map<_, _>>())
        }
    };
    Said::json(200, json!({"total": total.to_string(), name: shown}))
}

/// As a database compares: case, accents and blanks at the end are nothing.
fn collated(text: &str) -> String {
    text.trim_end()
        .to_lowercase()
        .replace('ö', "o")
        .replace('ß', "ss")
}

fn like(text: &str, pattern: &str) -> bool {
    match pattern.split_once('%') {
        None => text == pattern,
        Some((head, tail)) => text.strip_prefix(head).is_some_and(|rest| {
            rest.char_indices()
                .map(|(at, _)| at)
                .chain([rest.len()])
                .any(|at| like(&rest[at..], tail))
        }),
    }
}

fn list(world: &World, heard: &Heard) -> Said {
    let (column, how) = (
        heard.asked("where[0][col]").unwrap_or(""),
        heard.asked("where[0][expr]").unwrap_or(""),
    );
    let value = heard.asked("where[0][val]").unwrap_or("");
    let heeded = !column.is_empty() && !value.is_empty() && !world.everything;
    let passes = |contact: &&Value| {
        let stands = match &contact["fields"]["all"][column] {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        !heeded
            || match how {
                "eq" => collated(&stands) == collated(value),
                "like" => like(&stands, value),
                _ => true,
            }
    };
    paged(
        world,
        heard,
        "contacts",
        world.contacts.values().filter(passes).cloned().collect(),
    )
}

/// A page holds so many of every kind, and what has no pages comes again on each.
fn activity(world: &World, heard: &Heard, id: u64) -> Said {
    let number = |key: &str, usual: usize| {
        heard
            .asked(key)
            .and_then(|it| it.parse().ok())
            .unwrap_or(usual)
    };
    let (page, limit) = (number("page", 1), number("limit", 25));
    let page = if world.same_page_for_ever { 1 } else { page };
    let all = world.events.get(&id).cloned().unwrap_or_default();
    let mut kinds: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for event in &all {
        kinds
            .entry(event["event"].as_str().unwrap().to_owned())
            .or_default()
            .push(event.clone());
    }
    let most = kinds.values().map(Vec::len).max().unwrap_or(0);
    let events: Vec<Value> = kinds
        .into_iter()
        .flat_map(|(kind, events)| {
            let skip = if kind == "lead.create" {
                0
            } else {
                (page - 1) * limit
            };
            events
                .into_iter()
                .skip(skip)
                .take(limit)
                .collect::<Vec<_>>()
        })
        .collect();
    let last = most.div_ceil(limit).max(1);
    Said::json(
        200,
        json!({"events": events, "total": all.len(), "page": page, "limit": limit, "maxPages": last}),
    )
}

fn edit(world: &mut World, id: u64, body: &Value) -> Said {
    let forgets = world.forgets_writes;
    let Some(contact) = world.contacts.get_mut(&id) else {
        return no(404, Value::Null);
    };
    for (key, value) in body.as_object().unwrap() {
        match key.as_str() {
            _ if forgets => {}
            "overwriteWithBlank" => {}
            "tags" => {
                for tag in value.as_array().unwrap() {
                    let tag = tag.as_str().unwrap();
                    let tags = contact["tags"].as_array_mut().unwrap();
                    tags.retain(|it| it["tag"] != tag.trim_start_matches('-'));
                    if !tag.starts_with('-') {
                        tags.push(json!({"id": 1, "tag": tag}));
                    }
                }
            }
            _ if value == "" && body["overwriteWithBlank"] != true => {}
            _ => contact["fields"]["all"][key] = value.clone(),
        }
    }
    Said::json(200, json!({"contact": contact}))
}

fn dnc(world: &mut World, id: u64, channel: &str, verb: &str, body: &Value) -> Said {
    let (ignored, forgets) = (world.reason_ignored, world.forgets_writes);
    let Some(contact) = world.contacts.get_mut(&id) else {
        return no(404, Value::Null);
    };
    let reason = if ignored {
        3
    } else {
        body["reason"].as_u64().unwrap_or(3)
    };
    if verb == "add" && reason == 0 {
        return no(400, Value::Null);
    }
    let entries = contact["doNotContact"].as_array_mut().unwrap();
    entries.retain(|it| it["channel"] != channel);
    if verb == "add" && !forgets {
        entries.push(
            json!({"id": 1, "reason": reason, "comments": body["comments"], "channel": channel}),
        );
    }
    Said::json(200, json!({"contact": contact, "recordFound": true}))
}

fn delete(world: &mut World, id: u64) -> Said {
    if world.forgets_writes {
        return Said::json(200, json!({"contact": {"id": null}}));
    }
    let Some(mut gone) = world.contacts.remove(&id) else {
        return no(404, Value::Null);
    };
    world.deleted = true;
    world.events.remove(&id);
    world.parts.retain(|(of, _), _| *of != id);
    for stat in &mut world.email_stats {
        if stat.1 == Some(id) {
            stat.1 = None;
        }
    }
    for submission in &mut world.submissions {
        if submission["lead"]["id"] == id {
            submission["lead"] = Value::Null;
        }
    }
    if world.recreates {
        let mut again = gone.clone();
        again["id"] = json!(900);
        again["fields"]["all"]["id"] = json!(900);
        again["doNotContact"] = json!([]);
        world.add(again);
    }
    gone["id"] = Value::Null;
    Said::json(200, json!({"contact": gone}))
}

/// Whether a number in JSON is the one in an address.
fn is(number: &Value, text: &str) -> bool {
    number.as_u64().is_some_and(|it| text.parse() == Ok(it))
}
