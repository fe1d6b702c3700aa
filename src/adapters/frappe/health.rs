//! Whether a Frappe site is reachable and the rights of both keys suffice. A missing role shows in no error, so what is in
//! sight is counted, and a person says whether that is all.

use serde_json::{Value, json};

use super::Frappe;
use super::listing::{Listing, Question};
use super::places::{CORE, PLACES, TABLES};
use super::wire::{Wire, closed, says};
use crate::ports::source::{Fault, Health, Mishap, Need};

/// What is counted.
const COUNTED: [&str; 8] = [
    "CRM Lead",
    "CRM Deal",
    "Contact",
    "CRM Organization",
    "Communication",
    "FCRM Note",
    "CRM Task",
    "CRM Call Log",
];
/// What the second key must be able to delete.
const DELETED: [&str; 13] = [
    "CRM Lead",
    "CRM Deal",
    "Contact",
    "Communication",
    "Comment",
    "File",
    "FCRM Note",
    "CRM Task",
    "CRM Call Log",
    "Address",
    "Email Group Member",
    "Version",
    "Deleted Document",
];
/// Sees everything; whoever has less sees his own leads, and no error.
const SEERS: [&str; 3] = ["Sales Manager", "System Manager", "Administrator"];

impl Frappe {
    pub(super) async fn health(&self) -> Result<Health, Mishap> {
        let mut health = Health::default();
        let me = self.reading.who().await?;
        self.versions(&mut health).await?;
        if let Some(need) = missing_role(&self.reading, &me).await? {
            health.needs.push(need);
        }
        for doctype in COUNTED {
            match self.reading.count(doctype).await {
                Ok(count) => health.in_sight.push((doctype.to_owned(), count)),
                Err(mishap) if closed(&mishap) => health.needs.push(Need::Read(doctype.to_owned())),
                Err(mishap) if says(&mishap, "DoesNotExistError") => {
                    health.needs.push(Need::Module(doctype.to_owned()));
                }
                Err(mishap) => return Err(mishap),
            }
        }
        for (doctype, least) in self.rules.expected() {
            if self
                .reading
                .count(doctype)
                .await
                .is_ok_and(|count| count < least)
            {
                health
                    .needs
                    .push(Need::Group(format!("{doctype}: {least}")));
            }
        }
        self.places(&mut health).await?;
        if self.rules.zone(&self.reading).await?.is_none() {
            health.needs.push(Need::Setting("time_zone".to_owned()));
        }
        match &self.erasing {
            None => health.needs.push(Need::SecondCredential),
            Some(wire) => self.second(wire, &mut health).await?,
        }
        for doctype in ["Contact", "Communication", "Version"] {
            if may(&self.reading, doctype, "delete").await? == Some(true) {
                health.needs.push(Need::TooMighty(doctype.to_owned()));
            }
        }
        let mut once = Vec::new();
        health.needs.retain(|need| {
            !once.contains(need) && {
                once.push(need.clone());
                true
            }
        });
        Ok(health)
    }

    async fn versions(&self, health: &mut Health) -> Result<(), Mishap> {
        let versions = self
            .reading
            .get("frappe.utils.change_log.get_versions")
            .await?;
        let of = |app: &str| Some(versions.get(app)?.get("version")?.as_str()?.to_owned());
        let frappe = of("frappe").ok_or_else(|| Mishap::new(Fault::Unreadable, "no version"))?;
        let major: u32 = frappe
            .split('.')
            .next()
            .and_then(|it| it.parse().ok())
            .unwrap_or(0);
        if !(15..=17).contains(&major) {
            health.needs.push(Need::Module("frappe 15".to_owned()));
        }
        health.version = format!("Frappe {frappe}");
        match of("crm") {
            Some(crm) => health.version.push_str(&format!(", CRM {crm}")),
            None => health.needs.push(Need::Module("crm".to_owned())),
        }
        Ok(())
    }

    /// Whether every place can be read: asked with a condition that no record fulfils.
    async fn places(&self, health: &mut Health) -> Result<(), Mishap> {
        let own = PLACES.iter().map(|place| Question::to(place.doctype));
        let tables = TABLES
            .iter()
            .map(|table| Question::to_rows(table.rows, table.parent));
        for question in own.chain(tables) {
            let doctype = question.doctype.clone();
            let of = question.parent.unwrap_or_default();
            if self
                .rules
                .without
                .iter()
                .any(|it| *it == doctype || it == of)
            {
                continue;
            }
            match self.nobody(question).await {
                Err(mishap) if closed(&mishap) => health.needs.push(Need::Read(doctype)),
                Err(mishap) if says(&mishap, "DoesNotExistError") => {
                    if CORE.contains(&doctype.as_str()) {
                        health.needs.push(Need::Module(doctype));
                    }
                }
                answer => answer?,
            }
        }
        for doctype in CORE {
            let Some(field) = self.rules.restrict_field.as_deref() else {
                break;
            };
            match self.nobody(Question::to(doctype).and(field, "=", 1)).await {
                Err(mishap) if says(&mishap, "DataError") => {
                    health
                        .needs
                        .push(Need::Setting(format!("{doctype}: {field}")));
                }
                Err(mishap) if closed(&mishap) || says(&mishap, "DoesNotExistError") => {}
                answer => answer?,
            }
        }
        Ok(())
    }

    async fn nobody(&self, question: Question) -> Result<(), Mishap> {
        let question = question.and("name", "=", "-").only(&["name"]);
        let mut listing = Listing::of(question);
        match listing.next(&self.reading).await? {
            Some(_) => Err(Mishap::new(Fault::Flooded, "the conditions were ignored")),
            None => Ok(()),
        }
    }

    async fn second(&self, wire: &Wire, health: &mut Health) -> Result<(), Mishap> {
        let me = wire.who().await?;
        if let Some(Need::Group(role)) = missing_role(wire, &me).await? {
            health.needs.push(Need::Write(role));
        }
        // What it cannot see, it cannot erase; and an empty list is no error.
        let erases = match wire.count("CRM Lead").await {
            Err(mishap) if closed(&mishap) || says(&mishap, "DoesNotExistError") => 0,
            count => count?,
        };
        if health
            .in_sight
            .iter()
            .any(|(doctype, reads)| doctype == "CRM Lead" && erases < *reads)
        {
            health.needs.push(Need::Write("CRM Lead".to_owned()));
        }
        for doctype in DELETED {
            if may(wire, doctype, "delete").await? == Some(false) {
                health.needs.push(Need::Write(doctype.to_owned()));
            }
        }
        if may(wire, "Email Unsubscribe", "create").await? == Some(false) {
            health
                .needs
                .push(Need::Write("Email Unsubscribe".to_owned()));
        }
        Ok(())
    }
}

/// The role that is missing to see everything, where the site tells an account its roles.
pub(super) async fn missing_role(wire: &Wire, me: &str) -> Result<Option<Need>, Mishap> {
    let asked = wire
        .call(
            "frappe.core.doctype.user.user.get_roles",
            &json!({"uid": me}),
        )
        .await;
    let Some(Value::Array(roles)) = told(asked)? else {
        return Ok(None);
    };
    let sees = roles
        .iter()
        .filter_map(Value::as_str)
        .any(|role| SEERS.contains(&role));
    Ok((!sees).then(|| Need::Group("Sales Manager".to_owned())))
}

/// Whether a key may do something to any record of a doctype; none, where the site does not say it.
async fn may(wire: &Wire, doctype: &str, act: &str) -> Result<Option<bool>, Mishap> {
    let question = json!({"doctype": doctype, "docname": "", "perm_type": act});
    let asked = told(wire.call("frappe.client.has_permission", &question).await)?;
    let asked = asked.and_then(|it| it.get("has_permission").cloned());
    Ok(asked.and_then(|it| it.as_bool().or_else(|| it.as_u64().map(|it| it > 0))))
}

fn told(asked: Result<Value, Mishap>) -> Result<Option<Value>, Mishap> {
    use Fault::{Broken, Forbidden, Missing, Refused, Unknown};
    match asked {
        Ok(value) => Ok(Some(value)),
        Err(mishap)
            if matches!(
                mishap.fault,
                Forbidden | Missing | Unknown | Refused | Broken
            ) =>
        {
            Ok(None)
        }
        Err(mishap) => Err(mishap),
    }
}
