//! Odoo: contacts, leads, messages, orders, invoices and mailing lists, from version 14 on. `wire` talks, the models
//! and their rows are translated beside it.

mod access;
mod blank;
mod check;
mod copies;
mod domain;
mod erase;
mod find;
mod hunt;
mod keys;
mod models;
mod place;
mod plan;
mod record;
mod rectify;
mod refusal;
mod restrict;
mod row;
mod rpc;
mod settings;
mod site;
mod suppress;
mod trail;
mod wire;

use std::collections::BTreeMap;

use futures_util::future::BoxFuture;

pub use settings::{Account, Also, Settings};

use self::access::Access;
use self::models::Model;
use self::site::Seat;

use crate::adapters::Limits;
use crate::adapters::http::{Http, Line};
use crate::domain::identifier::SearchKey;
use crate::ports::source::{
    Abilities, Copies, Erase, Find, Health, Leftover, LeftoverKind, Means, Mishap, Profile,
    Rectify, Restrict, Source, Suppress,
};

/// One Odoo.
#[derive(Debug)]
pub struct Odoo {
    reading: Seat,
    eraser: Option<Seat>,
    administrator: Option<Seat>,
    companies: Vec<String>,
    at_least: BTreeMap<String, u64>,
    search_texts: bool,
    invoices_archived: bool,
    restricted_tag: String,
    also: Vec<Model>,
    largest_file: u64,
}

impl Odoo {
    /// An Odoo as the settings describe it.
    ///
    /// # Errors
    /// [`Fault::Misconfigured`](crate::ports::source::Fault), with what is wrong.
    pub fn new(settings: &Settings, limits: &Limits) -> Result<Odoo, Mishap> {
        settings.checked()?;
        let http = Http::new(&Line {
            address: settings.address.clone(),
            ca_file: settings.ca_file.clone(),
            limits: limits.clone(),
            headers: Vec::new(),
        })?;
        let seat = |account: &Account| -> Result<Seat, Mishap> {
            Ok(Seat::new(Access {
                http: http.clone(),
                database: settings.database.clone(),
                login: account.login.clone(),
                key: account.key.read()?,
            }))
        };
        Ok(Odoo {
            reading: seat(&settings.reader)?,
            eraser: settings.eraser.as_ref().map(seat).transpose()?,
            administrator: settings.administrator.as_ref().map(seat).transpose()?,
            companies: settings.companies.clone(),
            at_least: settings.at_least.clone(),
            search_texts: settings.search_texts,
            invoices_archived: settings.invoices_archived,
            restricted_tag: settings.restricted_tag.trim().to_owned(),
            also: settings.also.iter().map(Also::model).collect(),
            largest_file: limits.largest_file,
        })
    }

    fn forget(&self) {
        for seat in [
            Some(&self.reading),
            self.eraser.as_ref(),
            self.administrator.as_ref(),
        ]
        .into_iter()
        .flatten()
        {
            seat.forget();
        }
    }
}

impl Source for Odoo {
    fn profile(&self) -> Profile {
        let acts = match self.eraser {
            Some(_) => Means::Machine,
            None => Means::Hand,
        };
        let mut leftovers = vec![
            Leftover::new(LeftoverKind::Backup, "database, filestore"),
            Leftover::new(LeftoverKind::Log, "server log"),
        ];
        if self.administrator.is_none() {
            leftovers.push(Leftover::new(LeftoverKind::History, models::TRACKING));
        }
        Profile {
            adapter: "odoo",
            abilities: Abilities {
                find: Means::Machine,
                copy: Means::Machine,
                rectify: acts,
                erase: acts,
                restrict: acts,
                suppress: acts,
            },
            keys: vec![
                SearchKey::Email,
                SearchKey::Name,
                SearchKey::Phone,
                SearchKey::Number,
                SearchKey::Handle,
            ],
            leftovers,
        }
    }

    fn check(&self) -> BoxFuture<'_, Result<Health, Mishap>> {
        Box::pin(async move { Ok(self.look().await?) })
    }

    fn finds(&self) -> Option<&dyn Find> {
        Some(self)
    }

    fn copies(&self) -> Option<&dyn Copies> {
        Some(self)
    }

    fn rectifies(&self) -> Option<&dyn Rectify> {
        self.eraser.is_some().then_some(self as &dyn Rectify)
    }

    fn erases(&self) -> Option<&dyn Erase> {
        self.eraser.is_some().then_some(self as &dyn Erase)
    }

    fn restricts(&self) -> Option<&dyn Restrict> {
        self.eraser.is_some().then_some(self as &dyn Restrict)
    }

    fn suppresses(&self) -> Option<&dyn Suppress> {
        self.eraser.is_some().then_some(self as &dyn Suppress)
    }
}
