//! A system that nobody wrote an adapter for, described in a file: what is asked, what comes, what makes it hers, what may
//! be done and how it is read back.

mod acts;
mod address;
mod change;
mod copies;
mod description;
mod erase;
mod find;
mod gaps;
mod health;
mod lists;
mod login;
mod mask;
mod pages;
mod pointer;
mod spelling;
mod template;
mod translate;
mod wire;

use std::collections::BTreeMap;
use std::path::PathBuf;

use futures_util::future::BoxFuture;
use reqwest::Url;
use serde::Deserialize;

pub use description::Description;
pub use gaps::{Gap, gaps};
pub use login::Credential;

use self::address::{address, address_text, host, placed};
use self::description::{LoginKind, Place};
use self::login::Login;
use self::template::Values;
use self::wire::Wire;
use super::Limits;
use super::http::{Http, Line};
use crate::domain::identifier::SearchKey;
use crate::ports::source::{
    Abilities, Copies, Erase, Fault, Find, Health, Means, Mishap, Profile, Rectify, Restrict,
    Source, Suppress,
};

/// The descriptions that come with the program.
pub const SHIPPED: [(&str, &str); 5] = [
    (
        "bunny-logs",
        include_str!("../../../config/sources/bunny-logs.toml"),
    ),
    (
        "cleverreach",
        include_str!("../../../config/sources/cleverreach.toml"),
    ),
    (
        "fastbill",
        include_str!("../../../config/sources/fastbill.toml"),
    ),
    ("graph", include_str!("../../../config/sources/graph.toml")),
    (
        "meetergo",
        include_str!("../../../config/sources/meetergo.toml"),
    ),
];

/// A source by a description.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// A description that comes with the program: `cleverreach`.
    pub shipped: Option<String>,
    /// Or a file with your own.
    pub file: Option<PathBuf>,
    /// The address, where it is another than the description says: your own server, a test.
    pub address: Option<String>,
    /// The same for the address of the token.
    pub token_address: Option<String>,
    /// Certificates (PEM) of the authorities to trust instead of the public ones.
    pub ca_file: Option<PathBuf>,
    /// The credential for reading. It should not be able to do more.
    pub reading: Option<Credential>,
    /// The credential for putting right, restricting and erasing. Without it that is a task for a person.
    pub destructive: Option<Credential>,
    /// The values that the description asks for; a list is walked over.
    pub values: BTreeMap<String, OneOrMany>,
    /// What must be seen in its lists, by the name of the list: groups, folders. If one is missing, no answer is complete.
    pub expected: BTreeMap<String, Vec<String>>,
    /// Whether everything is looked at and nothing is ever written.
    pub dry_run: bool,
}

/// A value, or several.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum OneOrMany {
    /// One.
    One(String),
    /// Several.
    Many(Vec<String>),
}

/// A described system with its credentials.
pub struct Declared {
    description: Description,
    reading: Wire,
    writing: Option<Wire>,
    values: Values,
    many: BTreeMap<String, Vec<String>>,
    expected: BTreeMap<String, Vec<String>>,
    hosts: Vec<String>,
    ca_file: Option<PathBuf>,
    limits: Limits,
    dry_run: bool,
}

/// Reads a description.
///
/// # Errors
/// Everything that is missing or wrong in it, each with its key and what helps.
pub fn read(text: &str) -> Result<Description, Vec<Gap>> {
    let description: Description =
        toml::from_str(text).map_err(|error| vec![Gap::unread(&error)])?;
    match gaps(&description) {
        gaps if gaps.is_empty() => Ok(description),
        gaps => Err(gaps),
    }
}

/// The text of a description to be filled in, for a system of this name.
#[must_use]
pub fn blank(name: &str) -> String {
    include_str!("new.toml").replace("NAME", &name.replace(['"', '\\', '\n', '\r'], ""))
}

impl Declared {
    /// Reads the description and the key files.
    ///
    /// # Errors
    /// [`Fault::Misconfigured`], with what is wrong.
    pub fn new(settings: &Settings, limits: &Limits) -> Result<Declared, Mishap> {
        let wrong = |what: String| Mishap::new(Fault::Misconfigured, what);
        let text = match (&settings.shipped, &settings.file) {
            (Some(name), None) => {
                let known = SHIPPED.iter().find(|(it, _)| it == name);
                known.map(|(_, text)| (*text).to_owned()).ok_or_else(|| {
                    let names: Vec<&str> = SHIPPED.iter().map(|(name, _)| *name).collect();
                    wrong(format!(
                        "shipped: there is no {name:?}, but {}",
                        names.join(", ")
                    ))
                })?
            }
            (None, Some(path)) => std::fs::read_to_string(path)
                .map_err(|error| wrong(format!("file {}: {error}", path.display())))?,
            _ => return Err(wrong("either shipped or file must be set".to_owned())),
        };
        let description = read(&text).map_err(|gaps| {
            let lines: Vec<String> = gaps.iter().map(Gap::to_string).collect();
            wrong(lines.join("\n"))
        })?;
        Declared::of(description, settings, limits)
    }

    /// The same with a description that was read already.
    ///
    /// # Errors
    /// [`Fault::Misconfigured`], with what is wrong.
    pub fn of(
        description: Description,
        settings: &Settings,
        limits: &Limits,
    ) -> Result<Declared, Mishap> {
        let wrong = |what: String| Mishap::new(Fault::Misconfigured, what);
        let mut values = Values::default();
        let mut many = BTreeMap::new();
        for name in &description.values {
            match settings.values.get(name) {
                Some(OneOrMany::One(value)) if !value.trim().is_empty() => {
                    values.set(name, value.trim())
                }
                Some(OneOrMany::Many(list))
                    if !list.is_empty() && list.iter().all(|it| !it.trim().is_empty()) =>
                {
                    many.insert(name.clone(), list.clone());
                }
                _ => {
                    return Err(wrong(format!(
                        "values.{name}: this description asks for it"
                    )));
                }
            }
        }
        if let Some(name) = settings
            .values
            .keys()
            .find(|it| !description.values.contains(it))
        {
            return Err(wrong(format!(
                "values.{name}: this description knows no such value"
            )));
        }
        if let Some(name) = settings
            .expected
            .keys()
            .find(|it| !description.lists.contains_key(*it))
        {
            return Err(wrong(format!(
                "expected.{name}: this description has no such list"
            )));
        }
        // A single value is a list of one where a request walks over it.
        for name in &description.values {
            if let Some(value) = values.get(name) {
                many.insert(name.clone(), vec![value.to_owned()]);
            }
        }
        let mut hosts = Vec::new();
        for host in &description.hosts {
            hosts.push(placed(host, &values)?);
        }
        let address = address(
            settings.address.as_ref(),
            &description.address,
            &values,
            &mut hosts,
        )?;
        let token_address = match description.login.kind {
            LoginKind::Oauth2 => {
                let own = settings.token_address.as_ref();
                address_text(own, &description.login.token_address, &values, &mut hosts)?
            }
            _ => String::new(),
        };
        let wire = |credential: Option<&Credential>| -> Result<Wire, Mishap> {
            Ok(Wire {
                http: Http::new(&Line {
                    ca_file: settings.ca_file.clone(),
                    limits: limits.clone(),
                    ..Line::to(address.as_str())
                })?,
                login: Login::new(
                    &description.login,
                    credential,
                    &token_address,
                    settings.ca_file.as_ref(),
                    limits,
                )?,
                base: address.clone(),
                answer: description.answer.clone(),
            })
        };
        Ok(Declared {
            reading: wire(settings.reading.as_ref())?,
            writing: settings
                .destructive
                .as_ref()
                .map(|it| wire(Some(it)))
                .transpose()?,
            description,
            values,
            many,
            expected: settings.expected.clone(),
            hosts,
            ca_file: settings.ca_file.clone(),
            limits: limits.clone(),
            dry_run: settings.dry_run,
        })
    }

    fn is_ours(&self, url: &Url) -> bool {
        self.hosts.contains(&host(url))
    }

    fn any(&self, has: impl Fn(&Place) -> bool) -> bool {
        self.description.place.iter().any(has)
    }

    /// Done by the machine where it is described and there is a second credential, else by a person.
    fn means(&self, name: &str, described: bool) -> Means {
        match (
            self.description.never.iter().any(|it| it == name),
            described && self.writing.is_some(),
        ) {
            (true, _) => Means::Not,
            (false, true) => Means::Machine,
            (false, false) => Means::Hand,
        }
    }
}

impl Source for Declared {
    fn profile(&self) -> Profile {
        let keys =
            |key: &SearchKey| self.any(|place| place.find.iter().any(|it| it.by.contains(key)));
        Profile {
            adapter: "declared",
            abilities: Abilities {
                find: Means::Machine,
                copy: match self.any(|place| place.files.is_some()) {
                    true => Means::Machine,
                    false => Means::Hand,
                },
                rectify: self.means("rectify", self.any(|it| !it.rectify.is_empty())),
                erase: self.means("erase", self.any(|it| it.erase.is_some())),
                restrict: self.means("restrict", self.any(|it| it.restrict.is_some())),
                suppress: self.means("suppress", self.description.suppress.is_some()),
            },
            keys: SearchKey::ALL.into_iter().filter(keys).collect(),
            leftovers: self.description.leftovers.clone(),
        }
    }

    fn check(&self) -> BoxFuture<'_, Result<Health, Mishap>> {
        Box::pin(self.health())
    }

    fn finds(&self) -> Option<&dyn Find> {
        Some(self)
    }

    fn copies(&self) -> Option<&dyn Copies> {
        self.any(|it| it.files.is_some()).then_some(self)
    }

    fn rectifies(&self) -> Option<&dyn Rectify> {
        (self.profile().abilities.rectify == Means::Machine).then_some(self)
    }

    fn erases(&self) -> Option<&dyn Erase> {
        (self.profile().abilities.erase == Means::Machine).then_some(self)
    }

    fn restricts(&self) -> Option<&dyn Restrict> {
        (self.profile().abilities.restrict == Means::Machine).then_some(self)
    }

    fn suppresses(&self) -> Option<&dyn Suppress> {
        (self.profile().abilities.suppress == Means::Machine).then_some(self)
    }
}
