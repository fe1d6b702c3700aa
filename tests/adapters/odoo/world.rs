//! A small Odoo in memory: its models as they differ between versions, and its rules as they are unpleasant.

use std::collections::{BTreeMap, BTreeSet};

use rechtzeitig::domain::identifier::{e164, mail_address};
use serde_json::{Map, Value, json};

/// How Odoo says no.
#[derive(Clone, Debug)]
pub struct No {
    pub name: String,
    pub status: u16,
}

impl No {
    pub fn named(name: &str, status: u16) -> No {
        No {
            name: name.into(),
            status,
        }
    }

    pub fn user() -> No {
        No::named("odoo.exceptions.UserError", 422)
    }

    pub fn access() -> No {
        No::named("odoo.exceptions.AccessError", 403)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    Reader,
    Sales,
    Admin,
}

/// What goes wrong in this one.
#[derive(Clone, Debug, Default)]
pub struct Quirks {
    pub ignores_filter: bool,
    pub always_next: bool,
    pub most: Option<usize>,
    /// Says that it wrote, and did not.
    pub forgets: bool,
    /// Does it, and its methods return nothing.
    pub mute: bool,
    pub no_phone_library: bool,
    /// Refuses to delete records of this model, by this error.
    pub refuses: Option<(String, No)>,
    /// Messages that the account may not see, left out after a page was taken.
    pub late: Vec<i64>,
    /// Puts another number on what it reads.
    pub other_id: bool,
}

#[derive(Clone, Debug, Default)]
struct Kind {
    ty: String,
    relation: Option<String>,
}

#[derive(Clone, Debug, Default)]
struct Table {
    fields: BTreeMap<String, Kind>,
    rows: BTreeMap<i64, Map<String, Value>>,
}

#[derive(Debug)]
pub struct World {
    pub version: u32,
    pub quirks: Quirks,
    /// Companies of which the reading account is a member.
    pub companies: Vec<i64>,
    tables: BTreeMap<String, Table>,
    last: i64,
    ticks: i64,
}

const ADDRESS: &str = "street street2 zip city state_id>res.country.state country_id>res.country";

/// `name` is a line of text, `name:type` another, `name>model` a link, `name>>model` several.
fn models(version: u32) -> Vec<(&'static str, String)> {
    let old = version < 19;
    let mobile = if old {
        "mobile title>res.partner.title"
    } else {
        ""
    };
    let subscription = if version >= 17 {
        "mailing.subscription"
    } else {
        "mailing.contact.subscription"
    };
    let member = if version >= 17 {
        "discuss.channel.member"
    } else {
        "mail.channel.member"
    };
    vec![
        (
            "res.partner",
            format!(
                "name email email_normalized phone phone_sanitized phone_mobile_search:char? {mobile} function website \
                 comment:html vat ref company_registry barcode image_1920:binary lang tz category_id>>res.partner.category \
                 company_name parent_id>res.partner type:selection is_company:boolean active:boolean company_id>res.company \
                 x_hobby x_initials x_score:integer {ADDRESS}"
            ),
        ),
        ("res.partner.category", "name".into()),
        ("res.country", "name".into()),
        ("res.company", "name".into()),
        ("crm.tag", "name".into()),
        (
            "crm.lead",
            format!(
                "name contact_name partner_name email_from email_normalized email_cc phone phone_sanitized {mobile} function \
                 website description:html referred partner_id>res.partner type:selection active:boolean tag_ids>>crm.tag \
                 company_id>res.company {ADDRESS}"
            ),
        ),
        (
            "mail.message",
            "subject body:html email_from reply_to date:datetime message_type:selection is_internal:boolean \
             author_id>res.partner partner_ids>>res.partner model res_id:many2one_reference attachment_ids>>ir.attachment"
                .into(),
        ),
        ("mail.activity", "summary note:html res_model res_id:many2one_reference".into()),
        (
            "mail.tracking.value",
            "old_value_char new_value_char old_value_text:text new_value_text:text mail_message_id>mail.message".into(),
        ),
        (
            "ir.attachment",
            "name description:text mimetype file_size:integer datas:binary url type:selection res_model \
             res_id:many2one_reference"
                .into(),
        ),
        (
            "calendar.event",
            "name description:html location start:datetime stop:datetime partner_ids>>res.partner active:boolean".into(),
        ),
        ("calendar.attendee", "common_name email state:selection event_id>calendar.event partner_id>res.partner".into()),
        ("mailing.contact", "name email email_normalized company_name list_ids>>mailing.list".into()),
        ("mailing.list", "name".into()),
        (subscription, "list_id>mailing.list opt_out:boolean opt_out_datetime:datetime contact_id>mailing.contact".into()),
        ("mailing.trace", "email trace_status:selection sent_datetime:datetime model res_id:many2one_reference".into()),
        (
            "sale.order",
            "name state:selection date_order:datetime amount_total:monetary client_order_ref note:html signed_by \
             signature:binary partner_id>res.partner partner_invoice_id>res.partner partner_shipping_id>res.partner"
                .into(),
        ),
        (
            "account.move",
            "name move_type:selection state:selection posted_before:boolean invoice_date:date amount_total:monetary ref \
             narration:html partner_id>res.partner commercial_partner_id>res.partner partner_shipping_id>res.partner \
             invoice_partner_display_name"
                .into(),
        ),
        ("res.partner.bank", "acc_number acc_holder_name partner_id>res.partner active:boolean".into()),
        (
            "res.users",
            "login name signature:html share:boolean partner_id>res.partner active:boolean company_ids>>res.company".into(),
        ),
        ("res.users.log", "create_uid>res.users".into()),
        ("mail.blacklist", "email active:boolean".into()),
        ("phone.blacklist", "number active:boolean".into()),
        (member, "partner_id>res.partner channel_id>discuss.channel".into()),
        ("mail.mail", "subject body_html:html email_from email_to email_cc recipient_ids>>res.partner".into()),
        ("ir.model.fields", "relation model name ttype store:boolean model_id>ir.model".into()),
        ("ir.model", "transient:boolean".into()),
        ("helpdesk.ticket", "name partner_id>res.partner partner_email description:html stage".into()),
        ("res.users.apikeys", "user_id>res.users expiration_date:datetime".into()),
    ]
}

/// What only administrators see.
const CLOSED: [&str; 6] = [
    "mail.tracking.value",
    "phone.blacklist",
    "mail.mail",
    "sms.sms",
    "ir.model.fields",
    "res.users.log",
];
/// What leaves a note of its old value.
const TRACKED: [&str; 6] = [
    "name",
    "email",
    "phone",
    "street",
    "email_from",
    "contact_name",
];

impl World {
    pub fn new(version: u32) -> World {
        let mut tables = BTreeMap::new();
        for (name, fields) in models(version) {
            let mut table = Table::default();
            let always = "display_name create_date:datetime write_date:datetime";
            for field in fields.split_whitespace().chain(always.split_whitespace()) {
                let (name, kind) = if let Some((name, to)) = field.split_once(">>") {
                    (name, ("many2many", Some(to)))
                } else if let Some((name, to)) = field.split_once('>') {
                    (name, ("many2one", Some(to)))
                } else {
                    let (name, ty) = field.split_once(':').unwrap_or((field, "char"));
                    (name, (ty, None))
                };
                let kind = Kind {
                    ty: kind.0.into(),
                    relation: kind.1.map(Into::into),
                };
                table.fields.insert(name.into(), kind);
            }
            tables.insert(name.to_owned(), table);
        }
        World {
            version,
            quirks: Quirks::default(),
            companies: vec![1],
            tables,
            last: 100,
            ticks: 0,
        }
    }

    pub fn drop_model(&mut self, model: &str) {
        self.tables.remove(model);
    }

    pub fn drop_field(&mut self, model: &str, field: &str) {
        self.tables.get_mut(model).unwrap().fields.remove(field);
    }

    pub fn knows(&self, model: &str) -> bool {
        self.tables.contains_key(model)
    }

    pub fn has(&self, model: &str, field: &str) -> bool {
        field == "id" || self.tables[model].fields.contains_key(field)
    }

    pub fn relation(&self, model: &str, field: &str) -> Option<String> {
        self.tables[model].fields.get(field)?.relation.clone()
    }

    pub fn ids(&self, model: &str) -> Vec<i64> {
        self.tables[model].rows.keys().copied().collect()
    }

    pub fn value(&self, model: &str, id: i64, field: &str) -> Value {
        let row = self.tables[model].rows.get(&id);
        row.and_then(|row| row.get(field))
            .cloned()
            .unwrap_or(json!(false))
    }

    pub fn link(&self, model: &str, id: i64, field: &str) -> Option<i64> {
        self.value(model, id, field).as_i64()
    }

    pub fn exists(&self, model: &str, id: i64) -> bool {
        self.tables[model].rows.contains_key(&id)
    }

    pub fn count(&self, model: &str) -> usize {
        self.tables[model].rows.len()
    }

    pub fn may(&self, role: Role, model: &str, operation: &str) -> bool {
        match role {
            Role::Admin => true,
            _ if CLOSED.contains(&model) => false,
            Role::Sales => model != "account.move" || operation == "read",
            Role::Reader => operation == "read",
        }
    }

    /// Whether a record is of a company of which the account is no member.
    pub fn hidden(&self, role: Role, model: &str, id: i64) -> bool {
        let company = self.link(model, id, "company_id");
        role != Role::Admin && company.is_some_and(|company| !self.companies.contains(&company))
    }

    fn tick(&mut self) -> String {
        self.ticks += 1;
        format!(
            "2026-11-01 08:{:02}:{:02}",
            self.ticks / 60 % 60,
            self.ticks % 60
        )
    }

    /// Puts a record there as it is, with what Odoo computes.
    pub fn plant(&mut self, model: &str, values: Value) -> i64 {
        self.last += 1;
        let id = self.last;
        let now = self.tick();
        let table = self
            .tables
            .get_mut(model)
            .unwrap_or_else(|| panic!("no {model}"));
        let mut row = values.as_object().unwrap().clone();
        for field in row.keys() {
            assert!(table.fields.contains_key(field), "{model} has no {field}");
        }
        if table.fields.contains_key("active") {
            row.entry("active").or_insert(json!(true));
        }
        row.insert("create_date".into(), json!(now));
        row.insert("write_date".into(), json!(now));
        table.rows.insert(id, row);
        self.compute(model, id);
        id
    }

    fn compute(&mut self, model: &str, id: i64) {
        let raw = self.quirks.no_phone_library;
        let row = self
            .tables
            .get_mut(model)
            .unwrap()
            .rows
            .get_mut(&id)
            .unwrap();
        let text = |row: &Map<String, Value>, field: &str| {
            row.get(field).and_then(Value::as_str).map(str::to_owned)
        };
        if matches!(model, "res.partner" | "crm.lead" | "mailing.contact") {
            let email = text(row, "email")
                .or_else(|| text(row, "email_from"))
                .unwrap_or_default();
            let bare = email
                .split([' ', '<', '>', ',', ';'])
                .find_map(mail_address);
            row.insert(
                "email_normalized".into(),
                bare.map_or(json!(false), |it| json!(it)),
            );
        }
        if matches!(model, "res.partner" | "crm.lead") {
            let phone = text(row, "phone").or_else(|| text(row, "mobile"));
            let clean = phone.and_then(|phone| if raw { Some(phone) } else { e164(&phone) });
            row.insert(
                "phone_sanitized".into(),
                clean.map_or(json!(false), |it| json!(it)),
            );
        }
        if model == "res.partner" {
            let name = text(row, "name").unwrap_or_default();
            row.insert(
                "x_initials".into(),
                json!(name.chars().take(1).collect::<String>()),
            );
        }
        let name = text(row, "name").unwrap_or_else(|| format!("{model},{id}"));
        row.insert("display_name".into(), json!(name));
    }

    /// A field as it goes over the line.
    pub fn sent(&self, model: &str, id: i64, field: &str, bin_size: bool) -> Value {
        if field == "id" {
            return json!(id);
        }
        let value = self.value(model, id, field);
        let kind = &self.tables[model].fields[field];
        match (kind.ty.as_str(), &kind.relation) {
            ("many2one", Some(to)) => match value.as_i64() {
                Some(other) if self.knows(to) => {
                    json!([other, self.value(to, other, "display_name")])
                }
                Some(other) => json!([other, "somewhere"]),
                None => json!(false),
            },
            ("many2many", _) if value == json!(false) => json!([]),
            ("binary", _) if bin_size && value.is_string() => json!("1.23 Kb"),
            ("many2one_reference" | "integer", _) if value == json!(false) => json!(0),
            _ => value,
        }
    }

    pub fn fields(&self, model: &str) -> Value {
        let fields = self.tables[model].fields.iter().map(|(name, kind)| {
            let store = name != "phone_mobile_search";
            let label = format!("The {name}");
            let mut said = json!({"type": kind.ty.trim_end_matches('?'), "string": label, "required": name == "name", "readonly": name == "x_initials", "store": store});
            if let Some(relation) = &kind.relation {
                said["relation"] = json!(relation);
            }
            (name.clone(), said)
        });
        Value::Object(fields.collect())
    }

    /// Leaves a note of an old value.
    fn note(&mut self, model: &str, id: i64, old: &Value, new: &Value) {
        let message = json!({"model": model, "res_id": id, "message_type": "notification", "date": "2026-11-01 08:00:00"});
        let message = self.plant("mail.message", message);
        self.plant(
            "mail.tracking.value",
            json!({"mail_message_id": message, "old_value_char": old, "new_value_char": new}),
        );
    }

    pub fn find(&self, model: &str, field: &str, id: i64) -> Vec<i64> {
        let Some(table) = self.tables.get(model) else {
            return Vec::new();
        };
        let leads = |row: &Map<String, Value>| match row.get(field) {
            Some(Value::Array(ids)) => ids.contains(&json!(id)),
            Some(value) => *value == json!(id),
            None => false,
        };
        table
            .rows
            .iter()
            .filter(|(_, row)| leads(row))
            .map(|(id, _)| *id)
            .collect()
    }

    fn on(&self, model: &str, of: &str, id: i64, name: &str) -> Vec<i64> {
        self.find(model, "res_id", id)
            .into_iter()
            .filter(|it| self.value(model, *it, name) == json!(of))
            .collect()
    }

    fn has_active_user(&self, partner: i64) -> bool {
        self.find("res.users", "partner_id", partner)
            .iter()
            .any(|user| self.value("res.users", *user, "active") == json!(true))
    }

    pub fn write(
        &mut self,
        model: &str,
        id: i64,
        values: &Map<String, Value>,
        quiet: bool,
    ) -> Result<(), No> {
        for field in values.keys() {
            if !self.has(model, field) {
                return Err(No::named("builtins.KeyError", 500));
            }
        }
        if model == "res.partner"
            && values
                .get("name")
                .is_some_and(|name| name.as_str().is_none_or(str::is_empty))
        {
            return Err(No::named("odoo.exceptions.ValidationError", 422));
        }
        let archiving = values.get("active") == Some(&json!(false));
        if model == "res.partner" && archiving && self.has_active_user(id) {
            return Err(No::named("odoo.exceptions.RedirectWarning", 500));
        }
        if model == "account.move" && self.value(model, id, "state") == json!("posted") {
            return Err(No::user());
        }
        if self.quirks.forgets {
            return Ok(());
        }
        for (field, value) in values {
            let old = self.value(model, id, field);
            let new = match (self.tables[model].fields[field].ty.as_str(), value) {
                ("many2many", Value::Array(commands)) => commanded(&old, commands),
                ("html", Value::String(text)) if !text.starts_with('<') => {
                    json!(format!("<p>{text}</p>"))
                }
                _ => value.clone(),
            };
            let changed = old != new;
            if changed
                && !quiet
                && TRACKED.contains(&field.as_str())
                && matches!(model, "res.partner" | "crm.lead")
            {
                self.note(model, id, &old, &new);
            }
            if changed && model == "res.partner" && field == "name" {
                // The holder of an account is noted, whatever the context says.
                for bank in self.find("res.partner.bank", "partner_id", id) {
                    let holder = self.value("res.partner.bank", bank, "acc_holder_name");
                    self.note("res.partner.bank", bank, &holder, &new);
                }
            }
            let copied = match field.as_str() {
                "email" => "email_from",
                "phone" => "phone",
                _ => "",
            };
            if changed && model == "res.partner" && !copied.is_empty() && new != json!(false) {
                for lead in self.find("crm.lead", "partner_id", id) {
                    self.write(
                        "crm.lead",
                        lead,
                        &Map::from_iter([(copied.to_owned(), new.clone())]),
                        quiet,
                    )?;
                }
            }
            self.set(model, id, field, new);
        }
        let now = self.tick();
        self.set(model, id, "write_date", json!(now));
        self.compute(model, id);
        Ok(())
    }

    pub fn set(&mut self, model: &str, id: i64, field: &str, value: Value) {
        self.tables
            .get_mut(model)
            .unwrap()
            .rows
            .get_mut(&id)
            .unwrap()
            .insert(field.into(), value);
    }

    pub fn unlink(&mut self, model: &str, id: i64) -> Result<(), No> {
        if let Some((refused, no)) = &self.quirks.refuses
            && refused == model
        {
            return Err(no.clone());
        }
        let state = self.value(model, id, "state");
        match model {
            "res.partner" if self.has_active_user(id) => {
                return Err(No::named("odoo.exceptions.RedirectWarning", 500));
            }
            "res.partner" => {
                let moves = ["partner_id", "commercial_partner_id"];
                if moves
                    .iter()
                    .any(|field| !self.find("account.move", field, id).is_empty())
                {
                    return Err(No::user());
                }
                let keys = [
                    ("sale.order", "partner_id"),
                    ("sale.order", "partner_invoice_id"),
                    ("sale.order", "partner_shipping_id"),
                    ("res.users", "partner_id"),
                ];
                if keys
                    .iter()
                    .any(|(model, field)| !self.find(model, field, id).is_empty())
                {
                    return Err(No::named("odoo.exceptions.ValidationError", 422));
                }
            }
            "sale.order" if state != json!("draft") && state != json!("cancel") => {
                return Err(No::user());
            }
            "account.move" if state != json!("draft") => return Err(No::user()),
            "res.users" if self.value(model, id, "active") == json!(true) => return Err(No::user()),
            _ => {}
        }
        if self.quirks.forgets {
            return Ok(());
        }
        if model == "res.partner" || model == "crm.lead" {
            for message in self.on("mail.message", model, id, "model") {
                self.unlink("mail.message", message)?;
            }
            for file in self.on("ir.attachment", model, id, "res_model") {
                self.gone("ir.attachment", file);
            }
        }
        if model == "res.partner" {
            for (other, field) in [
                ("res.partner.bank", "partner_id"),
                ("calendar.attendee", "partner_id"),
            ] {
                for id in self.find(other, field, id) {
                    self.gone(other, id);
                }
            }
            for (other, field) in [
                ("crm.lead", "partner_id"),
                ("mail.message", "author_id"),
                ("res.partner", "parent_id"),
            ] {
                for id in self.find(other, field, id) {
                    self.set(other, id, field, json!(false));
                }
            }
        }
        if model == "mail.message" {
            for note in self.find("mail.tracking.value", "mail_message_id", id) {
                self.gone("mail.tracking.value", note);
            }
        }
        self.gone(model, id);
        Ok(())
    }

    fn gone(&mut self, model: &str, id: i64) {
        self.tables.get_mut(model).unwrap().rows.remove(&id);
    }

    pub fn create(&mut self, model: &str, values: &Value) -> Result<i64, No> {
        let fields = values.as_object().unwrap();
        if !fields.keys().all(|field| self.has(model, field)) {
            return Err(No::named("builtins.KeyError", 500));
        }
        let (key, clean) = match model {
            "mail.blacklist" => ("email", values["email"].as_str().and_then(mail_address)),
            "phone.blacklist" => ("number", values["number"].as_str().and_then(e164)),
            _ => return Ok(self.plant(model, values.clone())),
        };
        let clean = clean.ok_or_else(No::user)?;
        let ids = self.ids(model);
        // What is there already is answered, archived or not, and nothing is done.
        let there = ids
            .into_iter()
            .find(|id| self.value(model, *id, key) == json!(clean));
        Ok(there.unwrap_or_else(|| self.plant(model, json!({key: clean}))))
    }

    /// In which models a text stands, but for some; near misses hold the same letters and are left out.
    pub fn mentions(&self, text: &str, but: &[&str]) -> BTreeSet<String> {
        let text = text.to_lowercase();
        let holds = |row: &Map<String, Value>| {
            let all = json!(row).to_string().to_lowercase();
            all.replace("johanna.beispiel@", "")
                .replace("@example.org.fremd", "")
                .contains(&text)
        };
        let mut found = BTreeSet::new();
        for (name, table) in self
            .tables
            .iter()
            .filter(|(name, _)| !but.contains(&name.as_str()))
        {
            if table.rows.values().any(holds) {
                found.insert(name.clone());
            }
        }
        found
    }
}

fn commanded(old: &Value, commands: &[Value]) -> Value {
    let mut ids: Vec<Value> = old.as_array().cloned().unwrap_or_default();
    for command in commands {
        match command[0].as_i64() {
            Some(3) => ids.retain(|id| *id != command[1]),
            Some(4) => ids.push(command[1].clone()),
            Some(5) => ids.clear(),
            Some(6) => ids = command[2].as_array().cloned().unwrap_or_default(),
            _ => panic!("an unknown command"),
        }
    }
    ids.dedup();
    json!(ids)
}
