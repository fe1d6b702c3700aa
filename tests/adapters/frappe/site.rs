//! A server that plays a Frappe site with Frappe CRM, version 15 or 16, with what makes them hard to bear.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde_json::{Map, Value, json};
use unicode_normalization::UnicodeNormalization;

use super::super::theatre::{Heard, Said, Theatre};
use super::schema;

pub type Row = Map<String, Value>;

/// How the background worker works.
#[derive(Clone, Copy, PartialEq)]
pub enum Worker {
    Prompt,
    Down,
}

pub struct State {
    pub frappe: u8,
    pub docs: BTreeMap<String, BTreeMap<String, Row>>,
    jobs: Vec<(String, String)>,
    pub worker: Worker,
    clock: u64,
    /// Answers every list with all rows, whatever was asked.
    pub deaf: bool,
    /// Answers the first page for ever.
    pub stuck: bool,
    /// Compares as MariaDB does: no case, no accents, no blanks at the end.
    pub mariadb: bool,
    /// Roles that were given the right to delete versions.
    pub history_right: bool,
    /// What is not installed.
    pub missing: Vec<String>,
    pub bytes: BTreeMap<String, Vec<u8>>,
    pub time_zone: String,
}

#[derive(Clone)]
pub struct Site {
    state: Arc<Mutex<State>>,
}

type Played = Result<Value, Said>;

impl Site {
    pub fn new(frappe: u8) -> Site {
        let state = State {
            frappe,
            docs: BTreeMap::new(),
            jobs: Vec::new(),
            worker: Worker::Prompt,
            clock: 0,
            deaf: false,
            stuck: false,
            mariadb: true,
            history_right: true,
            missing: vec!["WhatsApp Message".to_owned()],
            bytes: BTreeMap::new(),
            time_zone: "Asia/Kolkata".to_owned(),
        };
        Site {
            state: Arc::new(Mutex::new(state)),
        }
    }

    pub fn held(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub async fn open(&self) -> Theatre {
        let site = self.clone();
        Theatre::open(move |heard| site.held().play(heard)).await
    }

    /// Plants a record; child tables are arrays of rows.
    pub fn plant(&self, doctype: &str, name: impl Into<Value>, fields: Value) -> String {
        self.held()
            .insert(doctype, name.into(), fields.as_object().cloned().unwrap())
    }

    pub fn get(&self, doctype: &str, name: &str) -> Option<Row> {
        self.held().docs.get(doctype)?.get(name).cloned()
    }

    pub fn all(&self, doctype: &str) -> Vec<Row> {
        self.held()
            .docs
            .get(doctype)
            .map(|docs| docs.values().cloned().collect())
            .unwrap_or_default()
    }

    /// Where a word stands, in any record or key, without those of the sort that must stay.
    pub fn mentions(&self, word: &str) -> Vec<String> {
        let word = word.to_lowercase();
        let state = self.held();
        let all = state
            .docs
            .iter()
            .flat_map(|(doctype, docs)| docs.iter().map(move |(name, row)| (doctype, name, row)));
        let found = all.filter(|(_, _, row)| {
            Value::Object((*row).clone())
                .to_string()
                .to_lowercase()
                .contains(&word)
        });
        found
            .map(|(doctype, name, _)| format!("{doctype} {name}"))
            .collect()
    }

    pub fn work_off(&self) {
        self.held().work();
    }
}

fn failed(state: &State, status: u16, error: &str, message: &str) -> Said {
    let mut body = json!({
        "exc_type": error,
        "exception": format!("frappe.exceptions.{error}: {message}"),
        "_server_messages": format!("[\"{{\\\"message\\\": \\\"{message}\\\"}}\"]"),
    });
    // Version 15 sends a traceback for these as well, with values in it.
    if state.frappe == 15 || !matches!(status, 401 | 403) {
        body["exc"] = json!(format!(
            "[\"Traceback: anna.beispiel@example.org {message}\"]"
        ));
    }
    Said::json(status, body).with("set-cookie", "user_id=Guest; Path=/")
}

fn plain(text: &str) -> String {
    text.nfd()
        .filter(|it| !unicode_normalization::char::is_combining_mark(*it))
        .collect::<String>()
}

fn word(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

impl State {
    fn now(&mut self) -> String {
        self.clock += 1;
        format!(
            "2026-11-21 10:{:02}:{:02}.{:06}",
            self.clock / 60 % 60,
            self.clock % 60,
            self.clock
        )
    }

    fn folded(&self, text: &str) -> String {
        match self.mariadb {
            true => plain(text).to_lowercase().trim_end().to_owned(),
            false => text.to_owned(),
        }
    }

    fn like(&self, pattern: &str, text: &str) -> bool {
        // Both kinds of site ask without case here.
        let fold = |text: &str| {
            if self.mariadb {
                plain(text).to_lowercase()
            } else {
                text.to_lowercase()
            }
        };
        let (pattern, text): (Vec<char>, Vec<char>) = (
            fold(pattern).chars().collect(),
            fold(text).chars().collect(),
        );
        // Which beginnings of the text the pattern so far matches.
        let mut reached = vec![false; text.len() + 1];
        reached[0] = true;
        let mut letters = pattern.iter();
        while let Some(letter) = letters.next() {
            if *letter == '%' {
                for at in 0..text.len() {
                    reached[at + 1] |= reached[at];
                }
                continue;
            }
            let (letter, any) = if *letter == '\\' {
                (letters.next().unwrap(), false)
            } else {
                (letter, *letter == '_')
            };
            for at in (0..text.len()).rev() {
                reached[at + 1] = reached[at] && (any || text[at] == *letter);
            }
            reached[0] = false;
        }
        reached[text.len()]
    }

    pub fn insert(&mut self, doctype: &str, name: Value, mut fields: Row) -> String {
        let now = self.now();
        fields.insert("name".into(), name.clone());
        for (field, value) in [
            ("owner", "anna.admin@firma.example"),
            ("modified_by", "verkauf@firma.example"),
            ("creation", &now),
            ("modified", &now),
        ] {
            fields.entry(field).or_insert(json!(value));
        }
        let name = word(&name);
        self.rows_of(doctype, &name, &mut fields);
        self.derive(doctype, &mut fields);
        self.docs
            .entry(doctype.to_owned())
            .or_default()
            .insert(name.clone(), fields);
        name
    }

    /// Gives rows of child tables their names and parents.
    fn rows_of(&mut self, doctype: &str, name: &str, fields: &mut Row) {
        for &(field, child) in schema::tables(doctype) {
            let Some(Value::Array(rows)) = fields.get_mut(field) else {
                continue;
            };
            for (row, idx) in rows.iter_mut().zip(1..) {
                let row = row.as_object_mut().unwrap();
                self.clock += 1;
                row.entry("name")
                    .or_insert(json!(format!("row{:05}", self.clock)));
                row.insert("parent".into(), json!(name));
                row.insert("parenttype".into(), json!(doctype));
                row.insert("parentfield".into(), json!(field));
                row.insert("doctype".into(), json!(child));
                row.insert("idx".into(), json!(idx));
                row.insert("modified".into(), json!("2026-11-21 09:00:00.000000"));
            }
        }
    }

    /// What the site works out by itself when something is saved.
    fn derive(&self, doctype: &str, doc: &mut Row) {
        let of = |doc: &Row, field: &str| doc.get(field).map(word).unwrap_or_default();
        let full = |doc: &Row| {
            format!("{} {}", of(doc, "first_name"), of(doc, "last_name"))
                .trim()
                .to_owned()
        };
        match doctype {
            "CRM Lead" => {
                let name = full(doc);
                doc.insert("lead_name".into(), json!(name));
            }
            "Contact" => {
                let name = full(doc);
                doc.insert("full_name".into(), json!(name));
                let primary = |table: &str, column: &str, mark: &str| {
                    let rows = doc
                        .get(table)
                        .and_then(Value::as_array)
                        .cloned()
                        .unwrap_or_default();
                    let row = rows.iter().find(|row| row[mark] == 1).cloned();
                    row.map(|row| row[column].clone()).unwrap_or(json!(""))
                };
                let derived = [
                    ("email_id", primary("email_ids", "email_id", "is_primary")),
                    ("phone", primary("phone_nos", "phone", "is_primary_phone")),
                    (
                        "mobile_no",
                        primary("phone_nos", "phone", "is_primary_mobile_no"),
                    ),
                ];
                for (field, value) in derived {
                    doc.insert(field.into(), value);
                }
            }
            "CRM Deal" => {
                // Rows are fetched anew from their contacts; the deal's own fields never follow.
                let Some(Value::Array(rows)) = doc.get_mut("contacts") else {
                    return;
                };
                for row in rows.iter_mut().filter_map(Value::as_object_mut) {
                    let Some(contact) = row.get("contact").map(word) else {
                        continue;
                    };
                    if let Some(contact) = self.docs.get("Contact").and_then(|it| it.get(&contact))
                    {
                        for (own, theirs) in [
                            ("full_name", "full_name"),
                            ("email", "email_id"),
                            ("mobile_no", "mobile_no"),
                        ] {
                            row.insert(
                                own.into(),
                                contact.get(theirs).cloned().unwrap_or_default(),
                            );
                        }
                    }
                }
            }
            _ => {}
        }
    }

    fn play(&mut self, heard: &Heard) -> Said {
        if self.worker == Worker::Prompt {
            self.work();
        }
        self.answer(heard).unwrap_or_else(|said| said)
    }

    fn answer(&mut self, heard: &Heard) -> Result<Said, Said> {
        let account = heard
            .header("authorization")
            .strip_prefix("token ")
            .unwrap_or_default();
        let user = match account.split_once(':') {
            Some((user, "geheim")) => user.to_owned(),
            None if account.is_empty() => {
                return Err(failed(self, 403, "PermissionError", "Guest"));
            }
            _ => return Err(failed(self, 401, "AuthenticationError", "")),
        };
        let pieces = heard.pieces();
        let body = heard.json();
        let said = |status, key: &str, value| Ok(Said::json(status, json!({key: value})));
        match (heard.method.as_str(), pieces.as_slice()) {
            ("POST" | "GET", ["api", "method", method]) => {
                let value = self.method(&user, method, &body)?;
                said(200, "message", value)
            }
            // Names may hold a stroke, encoded.
            (_, ["api", "resource", doctype, _, ..]) => {
                let at = "/api/resource/".len() + doctype.len() + 1;
                let name = heard.path.get(at..).unwrap_or_default().to_owned();
                self.single(&user, heard.method.as_str(), doctype, &name, &body)
            }
            ("POST", ["api", "resource", doctype]) => {
                let value = self.create(&user, doctype, body)?;
                said(200, "data", value)
            }
            ("GET", ["files" | "private", ..]) => match self.bytes.get(&heard.path) {
                Some(bytes) if schema::may(self, &user, "File", "read") => {
                    Ok(Said::of(200, "application/octet-stream", bytes.clone()))
                }
                _ => Err(Said::html(403, "Not permitted")),
            },
            ("GET", ["api", "v2", "document", doctype]) => self.second_version(heard, doctype),
            _ => Err(failed(self, 404, "DoesNotExistError", &heard.path)),
        }
    }

    /// Version 2 pages by another name in each version, and in 16 drops a field that it does not know.
    fn second_version(&self, heard: &Heard, doctype: &str) -> Result<Said, Said> {
        let start = heard.asked(if self.frappe == 15 {
            "limit_start"
        } else {
            "start"
        });
        let start = start.and_then(|it| it.parse().ok()).unwrap_or(0_usize);
        let all: Vec<_> = self
            .docs
            .get(doctype)
            .map(|it| it.values().cloned().collect())
            .unwrap_or_default();
        let page: Vec<_> = all.iter().skip(start).take(20).collect();
        Ok(Said::json(200, json!({"data": page})))
    }

    fn method(&mut self, user: &str, method: &str, body: &Value) -> Played {
        let of = |field: &str| body[field].as_str().unwrap_or_default().to_owned();
        match method {
            "frappe.auth.get_logged_user" => Ok(json!(format!("{user}@firma.example"))),
            "frappe.utils.change_log.get_versions" => {
                let frappe = if self.frappe == 15 {
                    "15.55.1"
                } else {
                    "16.0.0-dev"
                };
                Ok(json!({"frappe": {"version": frappe}, "crm": {"version": "1.73.1"}}))
            }
            "frappe.client.get_time_zone" => Ok(json!({"time_zone": self.time_zone})),
            "frappe.core.doctype.user.user.get_roles" => Ok(json!(schema::roles(user))),
            "frappe.client.has_permission" => {
                let may = schema::may(self, user, &of("doctype"), &of("perm_type"));
                Ok(json!({"has_permission": may}))
            }
            "frappe.client.get_count" => {
                let doctype = of("doctype");
                self.readable(user, &doctype, None)?;
                let hidden = schema::hides(user, &doctype);
                let count = self.docs.get(&doctype).map_or(0, BTreeMap::len);
                let own = self.docs.get(&doctype).into_iter().flat_map(BTreeMap::keys);
                let own = own.filter(|name| schema::owns(user, &doctype, name));
                Ok(json!(if hidden { own.count() } else { count }))
            }
            "frappe.client.get_list" => self.list(user, body),
            "frappe.client.rename_doc" => {
                self.rename(user, &of("doctype"), &of("old_name"), &of("new_name"))
            }
            other => Err(failed(self, 417, "ValidationError", other)),
        }
    }

    fn readable(&self, user: &str, doctype: &str, parent: Option<&str>) -> Result<(), Said> {
        if self.missing.iter().any(|it| it == doctype) || schema::columns(doctype).is_empty() {
            return Err(failed(self, 404, "DoesNotExistError", "DocType not found"));
        }
        let of = match (schema::is_table(doctype), parent) {
            (true, None) => return Err(failed(self, 403, "PermissionError", "")),
            (true, Some(parent)) => parent,
            (false, _) => doctype,
        };
        match schema::may(self, user, of, "read") {
            true => Ok(()),
            false => Err(failed(self, 403, "PermissionError", "Anna Beispiel")),
        }
    }

    fn list(&mut self, user: &str, body: &Value) -> Played {
        let doctype = body["doctype"].as_str().unwrap_or_default();
        self.readable(user, doctype, body["parent"].as_str())?;
        let known = schema::columns(doctype);
        let fields: Vec<String> = match body["fields"].as_array() {
            Some(fields) => fields.iter().map(word).collect(),
            None => vec!["name".into()],
        };
        let unknown =
            |field: &str| field != "*" && !known.contains(&field) && !field.starts_with("custom_");
        let conditions = |name: &str| body[name].as_array().cloned().unwrap_or_default();
        let (all, any) = (conditions("filters"), conditions("or_filters"));
        let asked = all
            .iter()
            .chain(&any)
            .map(|it| word(&it[it.as_array().map_or(0, Vec::len) - 3]));
        if let Some(field) = fields.iter().cloned().chain(asked).find(|it| unknown(it)) {
            return Err(failed(self, 417, "DataError", &field));
        }
        if (schema::hides(user, doctype) && !schema::owns(user, doctype, super::LEAD))
            || body["parent"]
                .as_str()
                .is_some_and(|it| schema::hides(user, it))
        {
            return Ok(json!([]));
        }
        let mut rows = self.table(doctype);
        rows.sort_by_key(|row| self.order(&row["name"]));
        rows.retain(|row| {
            if schema::hides(user, doctype) && !schema::owns(user, doctype, &word(&row["name"])) {
                return false;
            }
            let obeyed = |it: &&Value| match it[1] == ">" {
                true => !self.stuck,
                false => !self.deaf,
            };
            let any = self.deaf || any.is_empty() || any.iter().any(|it| self.holds(row, it));
            any && all.iter().filter(obeyed).all(|it| self.holds(row, it))
        });
        // Twenty, without a word.
        let limit = usize::try_from(body["limit_page_length"].as_u64().unwrap_or(20)).unwrap();
        let limit = if limit == 0 { usize::MAX } else { limit };
        let slim = |row: Row| match fields.iter().any(|it| it == "*") {
            true => row
                .into_iter()
                .filter(|(_, value)| !value.is_array())
                .collect::<Row>(),
            false => fields
                .iter()
                .map(|it| (it.clone(), row.get(it).cloned().unwrap_or_default()))
                .collect(),
        };
        Ok(Value::from(
            rows.into_iter()
                .take(limit)
                .map(slim)
                .map(Value::Object)
                .collect::<Vec<_>>(),
        ))
    }

    fn order(&self, name: &Value) -> (u64, String) {
        (name.as_u64().unwrap_or(0), self.folded(&word(name)))
    }

    /// All rows of a doctype, or of a child table, whoever's they are.
    fn table(&self, doctype: &str) -> Vec<Row> {
        if !schema::is_table(doctype) {
            return self
                .docs
                .get(doctype)
                .map(|docs| docs.values().cloned().collect())
                .unwrap_or_default();
        }
        let docs = self.docs.values().flat_map(BTreeMap::values);
        let rows = docs
            .flat_map(|doc| doc.values())
            .filter_map(Value::as_array)
            .flatten();
        rows.filter(|row| row["doctype"] == doctype)
            .filter_map(|row| row.as_object().cloned())
            .collect()
    }

    fn holds(&self, row: &Row, condition: &Value) -> bool {
        let parts = condition.as_array().unwrap();
        let [field, operator, value] = &parts[parts.len() - 3..] else {
            panic!("{condition}")
        };
        let here = row
            .get(field.as_str().unwrap())
            .cloned()
            .unwrap_or_default();
        let text = word(&here);
        match operator.as_str().unwrap() {
            "=" => self.folded(&text) == self.folded(&word(value)),
            "in" => value
                .as_array()
                .unwrap()
                .iter()
                .any(|it| self.folded(&word(it)) == self.folded(&text)),
            "like" => self.like(&word(value), &text),
            ">" => self.order(&here) > self.order(value),
            other => panic!("{other}"),
        }
    }

    fn single(
        &mut self,
        user: &str,
        method: &str,
        doctype: &str,
        name: &str,
        body: &Value,
    ) -> Result<Said, Said> {
        let found = self
            .docs
            .get(doctype)
            .and_then(|docs| docs.get(name))
            .cloned();
        let Some(doc) = found.filter(|_| !self.missing.iter().any(|it| it == doctype)) else {
            return Err(failed(self, 404, "DoesNotExistError", name));
        };
        let act = match method {
            "GET" => "read",
            "PUT" => "write",
            "DELETE" => "delete",
            _ => return Err(failed(self, 404, "DoesNotExistError", method)),
        };
        let hidden = schema::hides(user, doctype) && !schema::owns(user, doctype, name);
        if !schema::may(self, user, doctype, act) || hidden {
            return Err(failed(self, 403, "PermissionError", name));
        }
        match method {
            "GET" => {
                let doc: Row = doc
                    .into_iter()
                    .filter(|(_, value)| !value.is_null())
                    .collect();
                Ok(Said::json(200, json!({"data": doc})))
            }
            "PUT" => self.change(user, doctype, name, doc, body),
            _ => self.delete(doctype, name, doc),
        }
    }

    fn change(
        &mut self,
        user: &str,
        doctype: &str,
        name: &str,
        old: Row,
        body: &Value,
    ) -> Result<Said, Said> {
        let mut doc = old.clone();
        if body
            .get("modified")
            .is_some_and(|it| *it != doc["modified"])
        {
            return Err(failed(self, 417, "TimestampMismatchError", name));
        }
        let tables = schema::tables(doctype);
        for (field, value) in body.as_object().unwrap() {
            let table = tables.iter().any(|(it, _)| it == field);
            // What is not known is taken with 200, and forgotten.
            if table
                || schema::columns(doctype).contains(&field.as_str())
                || field.starts_with("custom_") && doc.contains_key(field)
            {
                doc.insert(field.clone(), value.clone());
            }
        }
        let empty = |doc: &Row, field: &str| {
            doc.get(field)
                .map(word)
                .unwrap_or_default()
                .trim()
                .is_empty()
        };
        if doctype == "CRM Lead" && empty(&doc, "first_name") {
            return Err(failed(self, 417, "MandatoryError", "first_name"));
        }
        if doctype == "CRM Lead" && !empty(&doc, "email") && !word(&doc["email"]).contains('@') {
            return Err(failed(self, 417, "InvalidEmailAddressError", "email"));
        }
        self.rows_of(doctype, name, &mut doc);
        self.derive(doctype, &mut doc);
        let changed: Vec<Value> = doc
            .iter()
            .filter(|(field, value)| old.get(*field) != Some(value))
            .map(|(field, value)| json!([field, old.get(field), value]))
            .collect();
        if schema::TRACKED.contains(&doctype) && !changed.is_empty() {
            let data = json!({"changed": changed}).to_string();
            let id = self.id("ver");
            self.insert(
                "Version",
                json!(id),
                json!({"ref_doctype": doctype, "docname": name, "data": data})
                    .as_object()
                    .cloned()
                    .unwrap(),
            );
        }
        let now = self.now();
        doc.insert("modified".into(), json!(now));
        doc.insert("modified_by".into(), json!(format!("{user}@firma.example")));
        self.docs
            .get_mut(doctype)
            .unwrap()
            .insert(name.to_owned(), doc.clone());
        Ok(Said::json(200, json!({"data": doc})))
    }

    fn id(&mut self, kind: &str) -> String {
        self.clock += 1;
        format!("{kind}{:06x}", self.clock * 7919 % 0xff_ffff)
    }

    fn create(&mut self, user: &str, doctype: &str, body: Value) -> Played {
        if !schema::may(self, user, doctype, "create") {
            return Err(failed(self, 403, "PermissionError", ""));
        }
        if doctype == "Email Unsubscribe" {
            let twice = self.table(doctype).iter().any(|row| {
                self.folded(&word(&row["email"])) == self.folded(&word(&body["email"]))
                    && row["global_unsubscribe"] == 1
            });
            if twice {
                return Err(failed(
                    self,
                    409,
                    "DuplicateEntryError",
                    "anna.beispiel@example.org",
                ));
            }
            if body["global_unsubscribe"] != 1 {
                return Err(failed(self, 417, "MandatoryError", "reference_doctype"));
            }
        }
        let id = self.id("new");
        self.insert(doctype, json!(id), body.as_object().cloned().unwrap());
        Ok(json!(self.docs[doctype][&id]))
    }

    fn delete(&mut self, doctype: &str, name: &str, doc: Row) -> Result<Said, Said> {
        if let Some(blocker) = self.blocker(doctype, name) {
            let message =
                format!("Cannot delete {name} because it is linked with <a>{blocker}</a>");
            return Err(failed(self, 417, "LinkExistsError", &message));
        }
        self.docs.get_mut(doctype).unwrap().remove(name);
        self.copy_of(doctype, name, &doc);
        let files: Vec<(String, Row)> = self.hanging("File", doctype, name);
        for (file, row) in files {
            self.docs.get_mut("File").unwrap().remove(&file);
            self.bytes.remove(&word(&row["file_url"]));
            self.copy_of("File", &file, &row);
        }
        if doctype == "File" {
            self.bytes.remove(&word(&doc["file_url"]));
            if let Some(to) = doc.get("attached_to_name") {
                let id = self.id("com");
                let comment = json!({"comment_type": "Attachment Removed", "reference_doctype": doc["attached_to_doctype"],
                    "reference_name": to, "content": format!("<span>{}</span>", word(&doc["file_name"]))});
                self.insert("Comment", json!(id), comment.as_object().cloned().unwrap());
            }
        }
        if !matches!(
            doctype,
            "Comment" | "Communication" | "Version" | "Deleted Document" | "File"
        ) {
            let id = self.id("com");
            let feed = json!({"comment_type": "Deleted", "reference_doctype": doctype, "subject": format!("{doctype} {name}")});
            self.insert("Comment", json!(id), feed.as_object().cloned().unwrap());
        }
        self.jobs.push((doctype.to_owned(), name.to_owned()));
        // The answer comes before the job is done.
        Ok(Said::json(202, json!({"data": "ok"})))
    }

    fn copy_of(&mut self, doctype: &str, name: &str, doc: &Row) {
        if doctype != "Deleted Document" {
            let id = self.id("del");
            let row = json!({"deleted_doctype": doctype, "deleted_name": name, "data": Value::Object(doc.clone()).to_string()});
            self.insert(
                "Deleted Document",
                json!(id),
                row.as_object().cloned().unwrap(),
            );
        }
    }

    fn hanging(&self, doctype: &str, of: &str, name: &str) -> Vec<(String, Row)> {
        let (kind, id) = schema::hangs(doctype);
        let docs = self.docs.get(doctype).into_iter().flatten();
        let docs = docs.filter(|(_, row)| {
            row.get(kind).map(word).as_deref() == Some(of)
                && row.get(id).map(word).as_deref() == Some(name)
        });
        docs.map(|(name, row)| (name.clone(), row.clone()))
            .collect()
    }

    fn blocker(&self, doctype: &str, name: &str) -> Option<String> {
        let hangs = ["CRM Task", "FCRM Note", "CRM Call Log"]
            .iter()
            .find_map(|it| Some((*it, self.hanging(it, doctype, name).first()?.0.clone())));
        if let Some((kind, name)) = hangs {
            return Some(format!("{kind} {name}"));
        }
        let lead = |deal: &Row| {
            doctype == "CRM Lead" && deal.get("lead").map(word).as_deref() == Some(name)
        };
        if self.table("CRM Deal").iter().any(lead) {
            return Some("CRM Deal".into());
        }
        let row = self.table("CRM Contacts").into_iter().find(|row| {
            doctype == "Contact" && row.get("contact").map(word).as_deref() == Some(name)
        });
        let link = self
            .table("Dynamic Link")
            .into_iter()
            .find(|row| row["link_doctype"] == doctype && row["link_name"] == name);
        row.or(link)
            .map(|row| format!("{} {}", word(&row["parenttype"]), word(&row["parent"])))
    }

    /// The background job: what hung on a deleted record goes, mails are unlinked, and copies are made of it.
    fn work(&mut self) {
        for (doctype, name) in std::mem::take(&mut self.jobs) {
            for kind in ["Comment", "Version", "ToDo"] {
                for (id, row) in self.hanging(kind, &doctype, &name) {
                    self.docs.get_mut(kind).unwrap().remove(&id);
                    self.copy_of(kind, &id, &row);
                }
            }
            for (id, _) in self.hanging("Communication", &doctype, &name) {
                let row = self
                    .docs
                    .get_mut("Communication")
                    .unwrap()
                    .get_mut(&id)
                    .unwrap();
                row.insert("reference_doctype".into(), Value::Null);
                row.insert("reference_name".into(), Value::Null);
            }
        }
    }

    fn rename(&mut self, user: &str, doctype: &str, old: &str, new: &str) -> Played {
        if !schema::may(self, user, doctype, "write") {
            return Err(failed(self, 403, "PermissionError", old));
        }
        let docs = self.docs.entry(doctype.to_owned()).or_default();
        if docs.contains_key(new) {
            return Err(failed(self, 417, "ValidationError", new));
        }
        let Some(mut doc) = self.docs.get_mut(doctype).unwrap().remove(old) else {
            return Err(failed(self, 404, "DoesNotExistError", old));
        };
        doc.insert("name".into(), json!(new));
        self.rows_of(doctype, new, &mut doc);
        self.docs
            .get_mut(doctype)
            .unwrap()
            .insert(new.to_owned(), doc);
        // Links follow, without being saved.
        fn follow(value: &mut Value, old: &str, new: &str) {
            match value {
                Value::Object(row) => {
                    for field in [
                        "contact",
                        "link_name",
                        "reference_name",
                        "reference_docname",
                        "attached_to_name",
                        "docname",
                    ] {
                        if row.get(field).and_then(Value::as_str) == Some(old) {
                            row.insert(field.into(), json!(new));
                        }
                    }
                    row.values_mut().for_each(|it| follow(it, old, new));
                }
                Value::Array(rows) => rows.iter_mut().for_each(|it| follow(it, old, new)),
                _ => {}
            }
        }
        for row in self.docs.values_mut().flat_map(BTreeMap::values_mut) {
            row.values_mut().for_each(|it| follow(it, old, new));
            let mut whole = Value::Object(std::mem::take(row));
            follow(&mut whole, old, new);
            *row = whole.as_object().cloned().unwrap();
        }
        let id = self.id("com");
        let comment = json!({"comment_type": "Edit", "reference_doctype": doctype, "reference_name": new,
            "content": format!("renamed from <strong>{old}</strong> to <strong>{new}</strong>")});
        self.insert("Comment", json!(id), comment.as_object().cloned().unwrap());
        Ok(json!(new))
    }
}
