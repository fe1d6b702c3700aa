//! Frappe CRM on Frappe 15 and 16: leads, deals, contacts and all that hangs on them, with the histories and the copies
//! that Frappe makes of everything it deletes.

mod anonymise;
mod contact;
mod erase;
mod files;
mod find;
mod follow;
mod health;
mod lay;
mod listing;
mod looks;
mod object;
mod places;
mod rectify;
mod spelling;
mod traces;
mod translate;
mod wire;

use std::collections::BTreeMap;
use std::path::PathBuf;

use chrono_tz::Tz;
use futures_util::future::BoxFuture;
use serde::Deserialize;

use crate::adapters::Limits;
use crate::adapters::secret::KeyPlace;
use crate::domain::identifier::SearchKey;
use crate::ports::source::{
    Abilities, Copies, Erase, Fault, Find, Health, Leftover, LeftoverKind, Means, Mishap, Profile,
    Rectify, Restrict, Source, Suppress,
};
use wire::Wire;

/// A Frappe site with Frappe CRM.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// The address of the site, such as `https://crm.firma.example`. The site is chosen by the name in it: an IP
    /// address finds none.
    pub address: String,
    /// The name of the site, where the address above is another one (a machine behind the proxy).
    pub site: Option<String>,
    /// Certificates (PEM) of the authorities to trust, instead of the public ones.
    pub ca_file: Option<PathBuf>,
    /// Where the key of the reading account lies, as `KEY:SECRET`. The account needs the role Sales Manager, must not
    /// stand in the sales hierarchy, and needs a role of its own that may read Comment, Version, Deleted Document.
    pub key: KeyPlace,
    /// Where the key of the account lies that changes and erases, as `KEY:SECRET`. Without it, both are by hand.
    pub erasing_key: Option<KeyPlace>,
    /// How many records at least are in sight, by doctype: `{ "CRM Lead" = 200 }`. An account without rights gets an
    /// empty list and no error; fewer than these is a doubt. Without it, one lead is expected.
    #[serde(default)]
    pub at_least: BTreeMap<String, u64>,
    /// The time zone of the site, such as `Europe/Berlin`, where the site does not say it: its times have none.
    pub time_zone: Option<String>,
    /// Doctypes that are left out, such as `Email Queue`: said as a leftover, and looked after by hand.
    #[serde(default)]
    pub without: Vec<String>,
    /// A checkbox that you have added to CRM Lead, CRM Deal and Contact, such as `custom_restricted`: it marks a
    /// restriction. Frappe CRM knows none of its own, and shows and exports marked records as before.
    pub restrict_field: Option<String>,
}

/// What the settings say beside the lines.
#[derive(Clone, Debug)]
pub struct Rules {
    at_least: BTreeMap<String, u64>,
    time_zone: Option<Tz>,
    without: Vec<String>,
    restrict_field: Option<String>,
}

impl Rules {
    /// What must be in sight: leads at least, for a CRM without a lead is none.
    fn expected(&self) -> Vec<(&str, u64)> {
        let mut expected: Vec<_> = self
            .at_least
            .iter()
            .map(|(doctype, least)| (doctype.as_str(), *least))
            .collect();
        if !self.at_least.contains_key("CRM Lead") {
            expected.push(("CRM Lead", 1));
        }
        expected
    }

    /// The zone of the site's times; none is known where neither the settings nor the site say it.
    async fn zone(&self, wire: &Wire) -> Result<Option<Tz>, Mishap> {
        if self.time_zone.is_some() {
            return Ok(self.time_zone);
        }
        match wire.get("frappe.client.get_time_zone").await {
            Ok(said) => Ok(said
                .get("time_zone")
                .and_then(|zone| zone.as_str()?.parse().ok())),
            Err(mishap)
                if matches!(
                    mishap.fault,
                    Fault::Forbidden | Fault::Unknown | Fault::Missing | Fault::Refused
                ) =>
            {
                Ok(None)
            }
            Err(mishap) => Err(mishap),
        }
    }
}

/// A connected Frappe CRM.
#[derive(Clone, Debug)]
pub struct Frappe {
    reading: Wire,
    erasing: Option<Wire>,
    rules: Rules,
    largest_file: u64,
}

impl Frappe {
    const KEYS: [SearchKey; 3] = [SearchKey::Email, SearchKey::Phone, SearchKey::Name];

    /// A connection by these settings; reads the files with the keys.
    ///
    /// # Errors
    /// [`Fault::Misconfigured`].
    pub fn new(settings: &Settings, limits: &Limits) -> Result<Frappe, Mishap> {
        let wrong = |what: String| Mishap::new(Fault::Misconfigured, what);
        let time_zone = settings.time_zone.as_deref().map(str::parse).transpose();
        let time_zone = time_zone.map_err(|_| wrong("time_zone: no such zone".to_owned()))?;
        if let Some(core) = settings
            .without
            .iter()
            .find(|it| places::CORE.contains(&it.as_str()))
        {
            return Err(wrong(format!("without: nothing is known without {core}")));
        }
        if let Some(name) = settings
            .site
            .as_ref()
            .filter(|it| it.chars().any(char::is_whitespace))
        {
            return Err(wrong(format!("site: {name} cannot be a name")));
        }
        let line = |key: &KeyPlace| Wire::new(settings, limits, &key.read()?);
        Ok(Frappe {
            reading: line(&settings.key)?,
            erasing: settings.erasing_key.as_ref().map(line).transpose()?,
            rules: Rules {
                at_least: settings.at_least.clone(),
                time_zone,
                without: settings.without.clone(),
                restrict_field: settings.restrict_field.clone(),
            },
            largest_file: limits.largest_file,
        })
    }

    /// The line of the second key.
    fn hand(&self) -> Result<&Wire, Mishap> {
        let none = || Mishap::new(Fault::Misconfigured, "erasing_key: none is configured");
        self.erasing.as_ref().ok_or_else(none)
    }

    fn leftovers(&self) -> Vec<Leftover> {
        let log = |place: &str, days: Option<u16>| Leftover {
            days,
            ..Leftover::new(LeftoverKind::Log, place)
        };
        let mut leftovers = vec![
            Leftover::new(LeftoverKind::Backup, "backups of the site"),
            log("Activity Log", Some(90)),
            log("Access Log", None),
            log("View Log", None),
            log("Error Log", Some(30)),
            log("Integration Request", None),
            log("web server logs", None),
        ];
        leftovers.extend(
            self.rules
                .without
                .iter()
                .map(|it| Leftover::new(LeftoverKind::Closed, it)),
        );
        leftovers
    }
}

impl Source for Frappe {
    fn profile(&self) -> Profile {
        let second = if self.erasing.is_some() {
            Means::Machine
        } else {
            Means::Hand
        };
        Profile {
            adapter: "frappe",
            abilities: Abilities {
                find: Means::Machine,
                copy: Means::Machine,
                rectify: second,
                erase: second,
                restrict: if self.restricts().is_some() {
                    Means::Machine
                } else {
                    Means::Hand
                },
                suppress: second,
            },
            keys: Frappe::KEYS.to_vec(),
            leftovers: self.leftovers(),
        }
    }

    fn check(&self) -> BoxFuture<'_, Result<Health, Mishap>> {
        Box::pin(self.health())
    }

    fn finds(&self) -> Option<&dyn Find> {
        Some(self)
    }

    fn copies(&self) -> Option<&dyn Copies> {
        Some(self)
    }

    fn rectifies(&self) -> Option<&dyn Rectify> {
        self.erasing.as_ref().map(|_| self as &dyn Rectify)
    }

    fn erases(&self) -> Option<&dyn Erase> {
        self.erasing.as_ref().map(|_| self as &dyn Erase)
    }

    fn restricts(&self) -> Option<&dyn Restrict> {
        let field = self.rules.restrict_field.as_ref()?;
        self.erasing
            .as_ref()
            .filter(|_| !field.is_empty())
            .map(|_| self as &dyn Restrict)
    }

    fn suppresses(&self) -> Option<&dyn Suppress> {
        self.erasing.as_ref().map(|_| self as &dyn Suppress)
    }
}
