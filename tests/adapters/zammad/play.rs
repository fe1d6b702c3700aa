//! A Zammad of our own that answers as unpleasantly as the real one: 403 without a login, an index that lags, groups
//! that hide tickets, names that it rewrites, tasks that fail.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};

use crate::adapters::theatre::{Heard, Said, Theatre};

pub const READING: &str = "reading-token-3f9a";
pub const ERASING: &str = "erasing-token-77c1";

/// Which engine answers a search by text.
#[derive(Clone, Copy, PartialEq)]
pub enum Engine {
    /// `LIKE` over the columns.
    Sql,
    /// Elasticsearch.
    Elastic,
    /// Elasticsearch whose index must be built again: nothing, but for what is sorted.
    Stale,
}

pub struct World {
    /// 6.5 and later.
    pub conditions: bool,
    pub engine: Engine,
    pub regex: bool,
    pub counts: bool,
    /// A maximum of rows that nobody tells.
    pub cap: usize,
    /// Groups that the reading user sees by rights of his own.
    pub groups: Vec<&'static str>,
    /// And by his role: those stand in the full answer alone.
    pub groups_of_role: Vec<&'static str>,
    /// Does not know the field.
    pub without_fax: bool,
    pub users: Vec<Value>,
    pub tickets: Vec<Value>,
    pub articles: Vec<Value>,
    pub organizations: Vec<Value>,
    pub tags: HashMap<u64, Vec<String>>,
    pub tasks: Vec<Value>,
    /// What becomes of a new task at once.
    pub job: &'static str,
    pub files: HashMap<String, Vec<u8>>,
    /// Says of the clock over there.
    pub date: &'static str,
    pub ignores_ticket_condition: bool,
    pub same_page_for_ever: bool,
    /// Answers with this error to everything.
    pub error: Option<(u16, Value)>,
    pub forgets_writes: bool,
    pub groups_closed: bool,
}

pub type Shared = Arc<Mutex<World>>;

pub fn customer(id: u64, email: &str, first: &str, last: &str) -> Value {
    json!({
        "id": id, "login": email.to_lowercase(), "email": email.to_lowercase(), "firstname": first, "lastname": last,
        "phone": "", "mobile": "", "note": "", "active": true, "roles": ["Customer"], "role_ids": [3], "groups": {},
        "group_ids": {}, "organization_ids": [], "password": "{argon2}secret", "preferences": {"locale": "de-de"},
        "created_at": "2024-01-02T03:04:05.000Z", "updated_at": "2024-02-02T03:04:05.000Z",
    })
}

pub fn ticket(id: u64, customer: u64, group: &str, title: &str) -> Value {
    json!({
        "id": id, "number": format!("{}", 88_000 + id), "title": title, "customer_id": customer, "group": group,
        "state": "open", "priority": "2 normal", "created_at": "2024-03-01T08:00:00.000Z", "owner": "agent@support.test",
        "article_count": 1,
    })
}

pub fn article(id: u64, ticket: u64, from: &str, body: &str) -> Value {
    json!({
        "id": id, "ticket_id": ticket, "from": from, "to": "support@firma.test", "cc": "", "subject": "Frage",
        "body": body, "content_type": "text/plain", "type": "email", "sender": "Customer", "internal": false,
        "created_by_id": 20, "attachments": [], "created_at": "2024-03-01T08:00:00.000Z",
    })
}

impl World {
    pub fn new() -> World {
        let staff = |id: u64, email: &str, role: &str| {
            let mut user = customer(id, email, "Abt.", "Datenschutz");
            user["roles"] = json!([role]);
            user["groups"] = json!({"Support": ["read"], "Vertrieb": ["full"]});
            user
        };
        let mut system = customer(1, "", "-", "");
        system["login"] = json!("-");
        World {
            conditions: true,
            engine: Engine::Sql,
            regex: true,
            counts: true,
            cap: 50,
            groups: vec!["Support", "Vertrieb"],
            groups_of_role: Vec::new(),
            without_fax: false,
            users: vec![
                system,
                staff(5, "leser@firma.test", "Datenschutz lesen"),
                staff(6, "loescher@firma.test", "Datenschutz löschen"),
            ],
            tickets: Vec::new(),
            articles: Vec::new(),
            organizations: Vec::new(),
            tags: HashMap::new(),
            tasks: Vec::new(),
            job: "in process",
            files: HashMap::new(),
            date: "Sun, 22 Nov 2026 10:00:00 GMT",
            ignores_ticket_condition: false,
            same_page_for_ever: false,
            error: None,
            forgets_writes: false,
            groups_closed: false,
        }
    }

    pub fn user(&mut self, id: u64) -> Option<&mut Value> {
        self.users.iter_mut().find(|it| it["id"] == id)
    }

    /// The job that runs every ten minutes.
    pub fn job_runs(&mut self) {
        for at in 0..self.tasks.len() {
            if self.tasks[at]["state"] == "in process" {
                self.tasks[at]["state"] = json!("completed");
                let id = self.tasks[at]["deletable_id"].clone();
                self.destroy(&id);
            }
        }
    }

    fn destroy(&mut self, id: &Value) {
        let gone: Vec<Value> = self
            .tickets
            .iter()
            .filter(|it| it["customer_id"] == *id)
            .map(|it| it["id"].clone())
            .collect();
        self.users.retain(|it| it["id"] != *id);
        self.tickets.retain(|it| it["customer_id"] != *id);
        self.articles.retain(|it| !gone.contains(&it["ticket_id"]));
    }

    fn sees(&self, ticket: &Value) -> bool {
        let mut groups = self.groups.iter().chain(&self.groups_of_role);
        groups.any(|group| ticket["group"] == *group)
    }
}

pub async fn open(world: World) -> (Theatre, Shared) {
    let shared = Arc::new(Mutex::new(world));
    let playing = Arc::clone(&shared);
    let theatre = Theatre::open(move |heard| play(&mut playing.lock().unwrap(), heard)).await;
    (theatre, shared)
}

fn no(status: u16, error: &str) -> Said {
    Said::json(status, json!({"error": error, "error_human": error}))
}

fn play(world: &mut World, heard: &Heard) -> Said {
    if let Some((status, body)) = &world.error {
        return Said::json(*status, body.clone());
    }
    if heard.headers.contains_key("from") {
        return no(403, "Not authorized (on behalf of)");
    }
    let token = heard
        .header("authorization")
        .strip_prefix("Token token=")
        .unwrap_or_default()
        .to_owned();
    let me = match token.as_str() {
        "" => return no(403, "Authentication required"),
        READING => 5,
        ERASING => 6,
        _ => return no(401, "Can't find User for Token"),
    };
    let pieces = heard.pieces();
    let Some(["api", "v1"]) = pieces.get(..2) else {
        return Said::html(404, "<h1>404</h1>");
    };
    let rest = &pieces[2..];
    let body = heard.json();
    if me == 6 && !matches!(rest, ["data_privacy_tasks", ..] | ["users", "me"]) {
        return no(403, "Not authorized").with("x-failure", "Not authorized (user)!");
    }
    match (heard.method.as_str(), rest) {
        ("GET", ["users", "me"]) => {
            let mut user = world.user(me).unwrap().clone();
            if me == 5 {
                user["groups"] = world
                    .groups
                    .iter()
                    .map(|it| ((*it).to_owned(), json!(["read"])))
                    .collect();
            }
            match heard.asked("full") {
                None => Said::json(200, user),
                Some(_) => {
                    let number = |name: &str| if name == "Support" { "1" } else { "2" };
                    let rights: serde_json::Map<String, Value> = world
                        .groups_of_role
                        .iter()
                        .map(|it| (number(it).to_owned(), json!(["read"])))
                        .collect();
                    Said::json(
                        200,
                        json!({"id": me, "assets": {
                            "Role": {"3": {"id": 3, "name": "Datenschutz lesen", "group_ids": rights},
                                     "4": {"id": 4, "name": "Chefs", "group_ids": {"1": ["full"], "2": ["full"]}}},
                            "Group": {"1": {"id": 1, "name": "Support"}, "2": {"id": 2, "name": "Vertrieb"}},
                        }}),
                    )
                }
            }
        }
        ("GET", ["groups"]) if world.groups_closed => no(403, "Not authorized"),
        ("GET", ["groups"]) => Said::json(
            200,
            json!([{"id": 1, "name": "Support"}, {"id": 2, "name": "Vertrieb"}]),
        ),
        (_, ["users", "search"]) => search(world, heard, &body, "user"),
        (_, ["tickets", "search"]) => search(world, heard, &body, "ticket"),
        ("GET", ["ticket_customer"]) => {
            let id: u64 = heard.asked("customer_id").unwrap().parse().unwrap();
            let ids = world
                .tickets
                .iter()
                .filter(|it| it["customer_id"] == id && world.sees(it));
            let ids: Vec<&Value> = ids.map(|it| &it["id"]).take(15).collect();
            Said::json(
                200,
                json!({"ticket_ids_open": ids, "ticket_ids_closed": [], "assets": {}}),
            )
        }
        ("GET", ["users", id]) => one(&world.users, id),
        ("PUT", ["users", id]) => put(world, id, &body),
        ("GET", ["tickets", id]) => one(&world.tickets, id),
        ("GET", ["ticket_articles", "by_ticket", id]) => {
            let id: u64 = id.parse().unwrap();
            match world.tickets.iter().find(|it| it["id"] == id) {
                None => no(404, "Couldn't find Ticket"),
                Some(ticket) if !world.sees(ticket) => no(403, "Not authorized"),
                Some(_) => {
                    let articles = world.articles.iter().filter(|it| it["ticket_id"] == id);
                    Said::json(200, articles.cloned().collect())
                }
            }
        }
        ("GET", ["ticket_articles", id]) => one(&world.articles, id),
        ("GET", ["organizations", id]) => one(&world.organizations, id),
        ("GET", ["ticket_attachment", rest @ ..]) => file(world, &rest.join("/")),
        ("GET", ["ticket_article_plain", id]) => {
            let bytes = world
                .files
                .get(&format!("plain/{id}"))
                .cloned()
                .unwrap_or_default();
            Said::of(200, "message/rfc822", bytes)
        }
        ("GET", ["tags"]) => {
            let id: u64 = heard.asked("o_id").unwrap().parse().unwrap();
            Said::json(
                200,
                json!({"tags": world.tags.get(&id).cloned().unwrap_or_default()}),
            )
        }
        ("POST", ["tags", "add"]) | ("DELETE", ["tags", "remove"]) => {
            let tags = world
                .tags
                .entry(body["o_id"].as_u64().unwrap())
                .or_default();
            let item = body["item"].as_str().unwrap().to_owned();
            tags.retain(|it| *it != item);
            if heard.method == "POST" && !world.forgets_writes {
                tags.push(item);
            }
            Said::json(if heard.method == "POST" { 201 } else { 200 }, json!(true))
        }
        (method, ["data_privacy_tasks", rest @ ..]) if me == 6 => tasks(world, method, rest, &body),
        ("GET", ["data_privacy_tasks", ..]) => no(403, "Not authorized"),
        ("DELETE", ["users", _]) => no(422, "Can't delete, object has references."),
        _ => no(404, "No route matches"),
    }
}

fn one(list: &[Value], id: &str) -> Said {
    match list.iter().find(|it| is(&it["id"], id)) {
        Some(found) => Said::json(200, found.clone()),
        None => no(404, "Couldn't find it"),
    }
}

fn file(world: &World, key: &str) -> Said {
    match world.files.get(key) {
        Some(bytes) => Said::of(200, "application/octet-stream", bytes.clone()),
        None => no(404, "No such file"),
    }
}

fn put(world: &mut World, id: &str, body: &Value) -> Said {
    let capital = |text: &str| match text.to_uppercase() == text || text.to_lowercase() == text {
        true => {
            let mut letters = text.chars();
            let first: String = letters
                .next()
                .into_iter()
                .flat_map(char::to_uppercase)
                .collect();
            first + &letters.as_str().to_lowercase()
        }
        false => text.to_owned(),
    };
    let taken = body["email"]
        .as_str()
        .is_some_and(|email| world.users.iter().any(|it| it["email"] == email));
    if taken {
        return no(
            422,
            &format!(
                "Email address '{}' is already used for another user.",
                body["email"]
            ),
        );
    }
    if world.forgets_writes {
        return one(&world.users, id);
    }
    let Some(user) = world.users.iter_mut().find(|it| is(&it["id"], id)) else {
        return no(404, "Couldn't find User");
    };
    for (key, value) in body.as_object().unwrap() {
        user[key] = match (key.as_str(), value.as_str()) {
            ("firstname" | "lastname", Some(name)) => json!(capital(name)),
            ("email", Some(address)) => json!(address.to_lowercase()),
            _ => value.clone(),
        };
    }
    let (first, last) = (
        user["firstname"].as_str().unwrap().to_owned(),
        user["lastname"].as_str().unwrap().to_owned(),
    );
    if let (true, Some((one, two))) = (last.is_empty(), first.split_once(' ')) {
        user["firstname"] = json!(one);
        user["lastname"] = json!(two);
    }
    Said::json(200, user.clone())
}

fn tasks(world: &mut World, method: &str, rest: &[&str], body: &Value) -> Said {
    match (method, rest) {
        ("GET", []) => {
            Said::json(200, world.tasks.iter().cloned().collect()).with("date", world.date)
        }
        ("GET", [id]) => one(&world.tasks, id),
        ("POST", []) => {
            let id = body["deletable_id"].clone();
            if body["deletable_type"] != "User" || id == 1 {
                return no(422, "Deletable is invalid");
            }
            if id == 6 {
                return no(422, "Deletable is your own account");
            }
            if world
                .tasks
                .iter()
                .any(|it| it["deletable_id"] == id && it["state"] != "failed")
            {
                return no(422, "Deletable has an existing DataPrivacyTask queued");
            }
            let task = json!({
                "id": world.tasks.len() + 1, "deletable_type": "User", "deletable_id": id, "state": "in process",
                "updated_at": "2026-11-22T09:59:00.000Z",
                "preferences": {"user": {"firstname": "A**a", "email": "a*@e*"}, "customer_tickets": []},
            });
            world.tasks.push(task.clone());
            match world.job {
                "completed" => world.job_runs(),
                state => world.tasks.last_mut().unwrap()["state"] = json!(state),
            }
            Said::json(201, task)
        }
        _ => no(404, "No route matches"),
    }
}

/// Both engines and the conditions behind one address.
fn search(world: &World, heard: &Heard, body: &Value, kind: &str) -> Said {
    let asked = |name: &str| match heard.method.as_str() {
        "GET" => heard.asked(name).map(str::to_owned),
        _ => body[name]
            .as_str()
            .map(str::to_owned)
            .or_else(|| body[name].as_u64().map(|it| it.to_string())),
    };
    let all: Vec<&Value> = match kind {
        "user" => world.users.iter().collect(),
        _ => world.tickets.iter().filter(|it| world.sees(it)).collect(),
    };
    let heeded = if kind == "user" {
        world.conditions
    } else {
        !world.ignores_ticket_condition
    };
    let condition = body["condition"].as_object().filter(|_| heeded);
    let found: Vec<&Value> = match (condition, asked("query")) {
        (Some(condition), _) => {
            let (field, how) = condition.iter().next().unwrap();
            let (operator, value) = (
                how["operator"].as_str().unwrap(),
                how["value"].as_str().unwrap(),
            );
            if operator == "matches regex" && !world.regex {
                return no(422, "Invalid operator");
            }
            if world.without_fax && field == "user.fax" {
                return no(422, "Invalid condition");
            }
            all.into_iter()
                .filter(|row| selected(world, row, field, operator, value))
                .collect()
        }
        // Without a query and a condition that it knows, SQL gives everybody and the index nobody.
        (None, None) if world.engine == Engine::Sql => all,
        (None, None) => Vec::new(),
        (None, Some(query)) => {
            let query = query.to_lowercase();
            let sorted = asked("sort_by").is_some();
            all.into_iter()
                .filter(|row| by_text(world.engine, row, &query, sorted))
                .collect()
        }
    };
    let number = |name: &str| {
        asked(name)
            .and_then(|it| it.parse::<usize>().ok())
            .unwrap_or(1)
    };
    let (page, per) = (number("page"), number("per_page"));
    let skip = if world.same_page_for_ever {
        0
    } else {
        (page - 1) * per
    };
    let total = found.len();
    let rows: Vec<&Value> = found
        .into_iter()
        .skip(skip)
        .take(per.min(world.cap))
        .collect();
    match world.counts {
        true => Said::json(200, json!({"records": rows, "total_count": total})),
        false => Said::json(200, json!(rows)),
    }
}

fn selected(world: &World, row: &Value, field: &str, operator: &str, value: &str) -> bool {
    let (table, column) = field.split_once('.').unwrap();
    let holds = |text: &Value| {
        let text = text
            .as_str()
            .map_or_else(|| text.to_string(), str::to_owned);
        match operator {
            "is" => text == value,
            "contains" => text.to_lowercase().contains(&value.to_lowercase()),
            "matches regex" => {
                let digits = |text: &str| {
                    text.chars()
                        .filter(char::is_ascii_digit)
                        .collect::<String>()
                };
                digits(&text).contains(&digits(&value.replace("[^0-9]*", "")))
            }
            other => panic!("{other}"),
        }
    };
    match table {
        "article" => world
            .articles
            .iter()
            .any(|it| it["ticket_id"] == row["id"] && holds(&it[column])),
        _ => holds(&row[column]),
    }
}

fn by_text(engine: Engine, row: &Value, query: &str, sorted: bool) -> bool {
    let columns = ["email", "login", "firstname", "lastname", "phone", "mobile"];
    let values = columns.map(|it| row[it].as_str().unwrap_or_default().to_lowercase());
    match engine {
        Engine::Sql => values.iter().any(|it| it.contains(query)),
        Engine::Stale if !sorted => false,
        Engine::Stale | Engine::Elastic => match query.strip_prefix("email:\"") {
            Some(address) => values[0] == address.trim_end_matches('"'),
            // A plus without quotes is an operator.
            None if query.contains('+') => false,
            None => values.iter().any(|it| {
                it.split(['@', ' '])
                    .chain([it.as_str()])
                    .any(|part| part == query)
            }),
        },
    }
}

/// Whether a number in JSON is the one in an address.
fn is(number: &Value, text: &str) -> bool {
    number.as_u64().is_some_and(|it| text.parse() == Ok(it))
}
