//! How an Odoo is connected, in the words of whoever runs it.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::Deserialize;

use super::models::{Ending, Model, PARTNER};
use super::site::is_name;
use crate::adapters::secret::KeyPlace;
use crate::ports::source::{Fault, Mishap};

/// One Odoo.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Its address, such as `https://odoo.example`.
    pub address: String,
    /// The certificate (PEM) of your own authority, if Odoo's certificate comes from one.
    #[serde(default)]
    pub ca_file: Option<PathBuf>,
    /// The name of the database. Needed for Odoo 18 and earlier, and where one address serves several databases.
    #[serde(default)]
    pub database: Option<String>,
    /// The account that looks for people. It should be a member of every company and see all documents, and it need not
    /// be able to change anything.
    pub reader: Account,
    /// The account that changes and deletes. Without it, these are tasks for a person.
    #[serde(default)]
    pub eraser: Option<Account>,
    /// An administrator's account, for what nobody else may see: old values in the history, queues, and which other
    /// modules hold contacts.
    #[serde(default)]
    pub administrator: Option<Account>,
    /// The companies whose records must be in sight, by name as in Odoo. One that is not seen is reported.
    #[serde(default)]
    pub companies: Vec<String>,
    /// How many records at least are in sight, by model: `{ "crm.lead" = 200 }`. An account that sees only its own
    /// documents gets these and no error; fewer than expected is a doubt.
    #[serde(default)]
    pub at_least: BTreeMap<String, u64>,
    /// Whether texts of messages and appointments are searched for addresses and numbers. In a very large Odoo this
    /// takes its time.
    #[serde(default = "yes")]
    pub search_texts: bool,
    /// Whether the posted invoices lie elsewhere as files. Only then a contact with invoices may be made anonymous:
    /// Odoo prints old invoices with the contact's present name.
    #[serde(default)]
    pub invoices_archived: bool,
    /// The tag of a restricted contact or lead.
    #[serde(default = "restricted")]
    pub restricted_tag: String,
    /// Further models that hold people, from other modules.
    #[serde(default)]
    pub also: Vec<Also>,
}

/// An account of Odoo with its key (Preferences, Account Security, API Keys).
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Account {
    /// Its login. Needed for Odoo 18 and earlier.
    #[serde(default)]
    pub login: Option<String>,
    /// Where its key lies.
    pub key: KeyPlace,
}

/// A model of another module, such as `helpdesk.ticket`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Also {
    /// Its technical name.
    pub model: String,
    /// The category of its data.
    #[serde(default = "other")]
    pub category: String,
    /// Fields that lead to a contact.
    #[serde(default)]
    pub partner: Vec<String>,
    /// Fields that hold an address.
    #[serde(default)]
    pub email: Vec<String>,
    /// Fields that hold a telephone number.
    #[serde(default)]
    pub phone: Vec<String>,
    /// Fields that are shown.
    pub fields: Vec<String>,
    /// Whether its records may be deleted from here. Otherwise a person does it over there.
    #[serde(default)]
    pub erase: bool,
}

fn yes() -> bool {
    true
}

fn restricted() -> String {
    "restricted".to_owned()
}

fn other() -> String {
    "other".to_owned()
}

impl Settings {
    /// What cannot work is said before anybody is asked.
    pub(super) fn checked(&self) -> Result<(), Mishap> {
        let wrong = |what: String| Err(Mishap::new(Fault::Misconfigured, what));
        let empty =
            |text: &Option<String>| text.as_ref().is_some_and(|text| text.trim().is_empty());
        let accounts = [
            Some(&self.reader),
            self.eraser.as_ref(),
            self.administrator.as_ref(),
        ];
        if empty(&self.database)
            || accounts
                .into_iter()
                .flatten()
                .any(|account| empty(&account.login))
        {
            return wrong("database, login: empty".to_owned());
        }
        if self.restricted_tag.trim().is_empty() {
            return wrong("restricted_tag: empty".to_owned());
        }
        if let Some(model) = self.at_least.keys().find(|it| !is_name(it)) {
            return wrong(format!(
                "at_least {model}: names of models are written small"
            ));
        }
        for also in &self.also {
            let fields = [&also.partner, &also.email, &also.phone, &also.fields];
            if !is_name(&also.model) || !fields.into_iter().flatten().all(|field| is_name(field)) {
                return wrong(format!(
                    "also {}: names of models and fields are written small",
                    also.model
                ));
            }
            if also.partner.is_empty() && also.email.is_empty() && also.phone.is_empty() {
                return wrong(format!("also {}: nothing to find anybody by", also.model));
            }
        }
        Ok(())
    }
}

impl Also {
    /// The model as the search knows it.
    pub(super) fn model(&self) -> Model {
        let mut model = Model::other(&self.model, &self.category)
            .found_by(&self.email.join(" "), &self.phone.join(" "), "")
            .linked(&self.partner.join(" "), PARTNER);
        model.fields = self.fields.clone();
        match self.erase {
            true => model.ends(Ending::Delete),
            false => model,
        }
    }
}
