//! The two tongues of Odoo over that world: JSON-2 on 19, JSON-RPC on all, and the page to sign in that 18 sends to.

use std::sync::{Arc, Mutex, PoisonError};

use serde_json::{Map, Value, json};

use super::super::theatre::{Heard, Said, Theatre};
use super::world::{No, Role, World};

/// Accounts, their keys and logins.
const ACCOUNTS: [(Role, &str, &str, i64); 3] = [
    (Role::Reader, "dsgvo", "key-of-the-reader", 101),
    (Role::Sales, "dsgvo-loeschen", "key-of-the-eraser", 102),
    (Role::Admin, "admin", "key-of-the-administrator", 103),
];

pub fn key_of(role: Role) -> (&'static str, &'static str) {
    let account = ACCOUNTS.iter().find(|account| account.0 == role).unwrap();
    (account.1, account.2)
}

pub struct Server {
    pub theatre: Theatre,
    pub world: Arc<Mutex<World>>,
}

impl Server {
    pub async fn open(version: u32) -> Server {
        let mut world = World::new(version);
        for (_, login, _, id) in ACCOUNTS {
            let user = world.plant(
                "res.users",
                json!({"login": login, "name": login, "company_ids": [1]}),
            );
            assert_eq!(user, id, "accounts come first");
        }
        let world = Arc::new(Mutex::new(world));
        let stage = Arc::clone(&world);
        let theatre = Theatre::open(move |heard| {
            let mut world = stage.lock().unwrap_or_else(PoisonError::into_inner);
            play(&mut world, heard)
        })
        .await;
        Server { theatre, world }
    }

    pub fn world<T>(&self, work: impl FnOnce(&mut World) -> T) -> T {
        work(&mut self.world.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// The calls that would change something, by model and method.
    pub fn changes(&self) -> Vec<String> {
        let mut changes = Vec::new();
        for heard in self.theatre.heard() {
            let body = heard.json();
            let pieces = heard.pieces();
            let (model, method) = match pieces.as_slice() {
                ["json", "2", model, method] => ((*model).to_owned(), (*method).to_owned()),
                _ => {
                    let args = &body["params"]["args"];
                    let text = |at: usize| args[at].as_str().unwrap_or_default().to_owned();
                    (text(3), text(4))
                }
            };
            if matches!(method.as_str(), "write" | "create" | "unlink") {
                changes.push(format!("{model}.{method}"));
            }
        }
        changes
    }
}

fn play(world: &mut World, heard: &Heard) -> Said {
    let pieces = heard.pieces();
    match (heard.method.as_str(), pieces.as_slice()) {
        ("GET", ["json", "version"]) if world.version >= 19 => {
            let version = format!("{}.0", world.version);
            Said::json(
                200,
                json!({"version": version, "version_info": [world.version, 0, 0, "final", 0, ""]}),
            )
            .with("date", "Sun, 01 Nov 2026 08:00:00 GMT")
        }
        ("GET", ["json", "version"]) if world.version < 17 => Said::html(404, "<h1>Not Found</h1>"),
        (_, ["json", ..]) if world.version < 19 => {
            Said::html(303, "").with("location", "/web/login?redirect=%2Fjson")
        }
        ("GET", ["web", "login"]) => Said::html(200, "<form>Log in</form>"),
        ("POST", ["jsonrpc"]) => rpc(world, &heard.json()),
        ("POST", ["json", "2", model, method]) => json2(world, heard, model, method),
        _ => Said::html(404, "<h1>Not Found</h1>"),
    }
}

fn json2(world: &mut World, heard: &Heard, model: &str, method: &str) -> Said {
    let key = heard
        .header("authorization")
        .strip_prefix("bearer ")
        .unwrap_or_default();
    let Some(account) = ACCOUNTS.iter().find(|account| account.2 == key) else {
        return no(&No::named("werkzeug.exceptions.Unauthorized", 401));
    };
    if !matches!(heard.header("x-odoo-database"), "" | "firma") {
        return Said::html(404, "<h1>No database</h1>");
    }
    if heard.header("content-type") != "application/json" {
        return Said::html(415, "<h1>Unsupported</h1>");
    }
    let Value::Object(mut named) = heard.json() else {
        return Said::html(400, "<h1>Bad Request</h1>");
    };
    let of_model = matches!(
        method,
        "search_read" | "search_count" | "create" | "fields_get" | "has_access" | "context_get"
    );
    let known: &[&str] = match method {
        "search_read" => &["domain", "fields", "offset", "limit", "order"],
        "search_count" => &["domain", "limit"],
        "read" => &["fields", "load"],
        "fields_get" => &["allfields", "attributes"],
        // Not every model calls them as all others do.
        "write" if model == "calendar.event" => &["values"],
        "create" if model == "mail.blacklist" => &["values"],
        "write" => &["vals"],
        "create" => &["vals_list"],
        "has_access" => &["operation"],
        _ => &[],
    };
    let ids = named.remove("ids");
    let context = named.remove("context").unwrap_or_default();
    if (of_model && ids.is_some()) || !named.keys().all(|name| known.contains(&name.as_str())) {
        return no(&No::named("werkzeug.exceptions.UnprocessableEntity", 422));
    }
    let ids: Vec<i64> = ids
        .and_then(|ids| serde_json::from_value(ids).ok())
        .unwrap_or_default();
    if let Some(values) = named.remove("values") {
        named.insert(
            if method == "write" {
                "vals"
            } else {
                "vals_list"
            }
            .into(),
            values,
        );
    }
    match run(
        world, account.0, account.3, model, method, &ids, &named, &context,
    ) {
        Ok(value) => Said::json(200, value.unwrap_or(Value::Null)),
        Err(refusal) => no(&refusal),
    }
}

fn no(no: &No) -> Said {
    Said::json(
        no.status,
        json!({"name": no.name, "message": "Das geht nicht: Anna Beispiel", "arguments": ["Anna Beispiel"], "context": {},
            "debug": "Traceback (most recent call last): anna.beispiel@example.org"}),
    )
}

fn rpc(world: &mut World, body: &Value) -> Said {
    let params = &body["params"];
    let args = params["args"].as_array().cloned().unwrap_or_default();
    let said = match (params["service"].as_str(), params["method"].as_str()) {
        (Some("common"), Some("version")) => {
            let version = format!("{}.0", world.version);
            Ok(Some(
                json!({"server_version": version, "server_version_info": [world.version, 0, 0, "final", 0, ""],
                "server_serie": version, "protocol_version": 1}),
            ))
        }
        (Some("common"), Some("authenticate")) => {
            let account = ACCOUNTS
                .iter()
                .find(|it| args[0] == "firma" && args[1] == it.1 && args[2] == it.2);
            Ok(Some(
                account.map_or(json!(false), |account| json!(account.3)),
            ))
        }
        (Some("object"), Some("execute_kw")) => execute(world, &args),
        _ => Err(No::named("builtins.KeyError", 200)),
    };
    let mut answer = Map::from_iter([
        ("jsonrpc".to_owned(), json!("2.0")),
        ("id".to_owned(), body["id"].clone()),
    ]);
    match said {
        Ok(Some(value)) => drop(answer.insert("result".into(), value)),
        Ok(None) => {}
        Err(no) => {
            let error = json!({"code": 200, "message": "Odoo Server Error", "data": {"name": no.name,
                "message": "Das geht nicht: Anna Beispiel", "debug": "Traceback: anna.beispiel@example.org"}});
            answer.insert("error".into(), error);
        }
    }
    Said::json(200, Value::Object(answer))
}

fn execute(world: &mut World, args: &[Value]) -> Result<Option<Value>, No> {
    let account = ACCOUNTS
        .iter()
        .find(|it| args[0] == "firma" && args[1] == it.3 && args[2] == it.2);
    let account = account.ok_or_else(|| No::named("odoo.exceptions.AccessDenied", 200))?;
    let (model, method) = (args[3].as_str().unwrap(), args[4].as_str().unwrap());
    let mut places = args[5].as_array().cloned().unwrap_or_default();
    let mut named = args
        .get(6)
        .and_then(Value::as_object)
        .cloned()
        .unwrap_or_default();
    let context = named.remove("context").unwrap_or_default();
    if method == "has_access" && world.version < 18 {
        return Err(No::named("builtins.AttributeError", 200));
    }
    let on_records = matches!(method, "read" | "write" | "unlink");
    let ids = if on_records {
        places.remove(0)
    } else {
        json!([])
    };
    let names: &[&str] = match method {
        "search_read" => &["domain", "fields", "offset", "limit", "order"],
        // Its name differs by version: who names it fails on old ones.
        "search_count" => &["domain"],
        "read" => &["fields"],
        "write" => &["vals"],
        "create" => &["vals_list"],
        "has_access" | "check_access_rights" => &["operation", "raise_exception"],
        _ => &[],
    };
    if method == "search_count" && named.contains_key("domain") {
        return Err(No::named("builtins.TypeError", 200));
    }
    named.extend(
        names
            .iter()
            .zip(places)
            .map(|(name, value)| ((*name).to_owned(), value)),
    );
    let ids: Vec<i64> = serde_json::from_value(ids).unwrap();
    run(
        world, account.0, account.3, model, method, &ids, &named, &context,
    )
}

fn run(
    world: &mut World,
    role: Role,
    uid: i64,
    model: &str,
    method: &str,
    ids: &[i64],
    named: &Map<String, Value>,
    context: &Value,
) -> Result<Option<Value>, No> {
    if !world.knows(model) {
        return Err(match world.version {
            19.. => No::named("werkzeug.exceptions.NotFound", 404),
            _ => No::user(),
        });
    }
    if method.starts_with('_') || method == "exists" {
        return Err(No::access());
    }
    let operation = match method {
        "write" | "create" | "unlink" => method,
        _ => "read",
    };
    let quiet = context["tracking_disable"] == json!(true);
    let bin_size = context["bin_size"] == json!(true);
    let free = matches!(
        method,
        "has_access" | "check_access_rights" | "fields_get" | "context_get"
    );
    if !free && !world.may(role, model, operation) {
        return Err(No::access());
    }
    let mute = world.quirks.mute;
    let done = |value: Value| Ok(if mute { None } else { Some(value) });
    // One that is missing or protected keeps all others of the call.
    for id in ids {
        if matches!(method, "write" | "unlink") && !world.exists(model, *id) {
            return Err(No::named("odoo.exceptions.MissingError", 404));
        }
        if world.hidden(role, model, *id) {
            return Err(No::access());
        }
    }
    match method {
        "fields_get" => Ok(Some(world.fields(model))),
        "context_get" => Ok(Some(
            json!({"lang": "de_DE", "tz": "Europe/Berlin", "uid": uid}),
        )),
        "has_access" | "check_access_rights" => Ok(Some(json!(world.may(
            role,
            model,
            named["operation"].as_str().unwrap()
        )))),
        "search_count" => {
            let mut found = search(world, role, model, &named["domain"], context)?;
            found.retain(|id| !world.quirks.late.contains(id));
            Ok(Some(json!(found.len())))
        }
        "search_read" => {
            let mut found = search(world, role, model, &named["domain"], context)?;
            if let Some(limit) = named.get("limit").and_then(Value::as_u64) {
                found.truncate(usize::try_from(limit).unwrap());
            }
            if let Some(most) = world.quirks.most {
                found.truncate(most);
            }
            found.retain(|id| !world.quirks.late.contains(id));
            Ok(Some(sent(
                world,
                role,
                model,
                &found,
                named.get("fields"),
                bin_size,
            )?))
        }
        "read" => {
            let there: Vec<i64> = ids
                .iter()
                .copied()
                .filter(|id| world.exists(model, *id))
                .collect();
            let mut rows = sent(world, role, model, &there, named.get("fields"), bin_size)?;
            if world.quirks.other_id && !there.is_empty() {
                rows[0]["id"] = json!(999_999);
            }
            Ok(Some(rows))
        }
        "write" => {
            for id in ids {
                world.write(model, *id, named["vals"].as_object().unwrap(), quiet)?;
            }
            done(json!(true))
        }
        "unlink" => {
            for id in ids {
                world.unlink(model, *id)?;
            }
            done(json!(true))
        }
        "create" => {
            let made: Result<Vec<i64>, No> = named["vals_list"]
                .as_array()
                .unwrap()
                .iter()
                .map(|values| world.create(model, values))
                .collect();
            done(json!(made?))
        }
        _ => Err(match world.version {
            19.. => No::named("werkzeug.exceptions.NotFound", 404),
            _ => No::named("builtins.AttributeError", 200),
        }),
    }
}

fn search(
    world: &World,
    role: Role,
    model: &str,
    domain: &Value,
    context: &Value,
) -> Result<Vec<i64>, No> {
    let asks_active = domain.to_string().contains("\"active\"");
    let all = context["active_test"] == json!(false) || asks_active || !world.has(model, "active");
    let mut found = Vec::new();
    for id in world.ids(model) {
        let shown = all || world.value(model, id, "active") == json!(true);
        let fits = match (world.quirks.ignores_filter, world.quirks.always_next) {
            // Pages work, the question is not heard.
            (true, _) => world.fits(model, id, &json!(paged(domain).0))?,
            (_, true) => world.fits(model, id, &json!(paged(domain).1))?,
            _ => world.fits(model, id, domain)?,
        };
        if shown && fits && !world.hidden(role, model, id) {
            found.push(id);
        }
    }
    Ok(found)
}

/// The condition of the page alone, and all others.
fn paged(domain: &Value) -> (Vec<Value>, Vec<Value>) {
    match domain.as_array().unwrap().as_slice() {
        [and, page, rest @ ..]
            if *and == json!("&") && page[0] == json!("id") && page[1] == json!(">") =>
        {
            (vec![page.clone()], rest.to_vec())
        }
        all => (Vec::new(), all.to_vec()),
    }
}

fn sent(
    world: &World,
    role: Role,
    model: &str,
    ids: &[i64],
    fields: Option<&Value>,
    bin_size: bool,
) -> Result<Value, No> {
    let fields: Vec<String> = fields
        .and_then(|it| serde_json::from_value(it.clone()).ok())
        .unwrap_or_default();
    if fields.is_empty() && role != Role::Admin {
        // One single protected field among all.
        return Err(No::access());
    }
    if !fields.iter().all(|field| world.has(model, field)) {
        return Err(No::named("builtins.ValueError", 500));
    }
    let rows = ids.iter().map(|id| {
        let fields = fields
            .iter()
            .map(|field| (field.clone(), world.sent(model, *id, field, bin_size)));
        let row: Map<String, Value> = std::iter::once(("id".to_owned(), json!(id)))
            .chain(fields)
            .collect();
        Value::Object(row)
    });
    Ok(Value::Array(rows.collect()))
}
