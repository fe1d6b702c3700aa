//! The declared statements, read once and found to be possible: what cannot be meant is refused before it is ever run.

use std::collections::BTreeMap;

use chrono_tz::Tz;

use super::named::{Dialect, Parameter, Statement};
use super::settings::{
    Names, PlaceSettings, RestrictSettings, Rows, Settings, Step as StepSettings, SuppressSettings,
};
use crate::domain::identifier::SearchKey;
use crate::ports::source::{Fault, Mishap};

/// A statement that finds rows.
#[derive(Debug)]
pub struct Finder {
    pub statement: Statement,
    /// By what; none, if it follows another place.
    pub by: Option<SearchKey>,
}

/// A statement that changes data.
#[derive(Debug)]
pub struct Step {
    pub statement: Statement,
    pub rows: Rows,
    pub takes: Option<String>,
}

/// A place with its statements.
#[derive(Debug)]
pub struct Place {
    pub name: String,
    pub category: String,
    pub settings: PlaceSettings,
    pub finders: Vec<Finder>,
    pub read: Option<Statement>,
    pub count: Option<Statement>,
    pub erase: Vec<Step>,
    pub anonymise: Vec<Step>,
    pub rectify: BTreeMap<String, Step>,
    pub set: Vec<Step>,
    pub lift: Vec<Step>,
}

/// The list of whom nothing is sent to.
#[derive(Debug)]
pub struct Suppression {
    pub read: Statement,
    pub column: String,
    pub steps: Vec<Step>,
}

/// Everything that may be run.
#[derive(Debug)]
pub struct Plan {
    pub places: Vec<Place>,
    pub suppress: Option<Suppression>,
    pub zone: Option<Tz>,
    pub most: u64,
}

impl Plan {
    /// Reads the settings.
    pub fn new(settings: &Settings, dialect: Dialect) -> Result<Plan, Mishap> {
        let wrong = |what: String| Mishap::new(Fault::Misconfigured, what);
        let zone = settings.zone.as_ref().map(|name| name.parse::<Tz>());
        let mut places: Vec<Place> = Vec::new();
        for place in &settings.places {
            let followed = |name: &str| places.iter().any(|it| it.name == name);
            if let Some(follows) = place.follows.as_ref().filter(|it| !followed(&it.place)) {
                return Err(wrong(format!(
                    "place {}: {} is not declared before it",
                    place.name, follows.place
                )));
            }
            if followed(&place.name) {
                return Err(wrong(format!("place {}: declared twice", place.name)));
            }
            places.push(
                self::place(place, dialect)
                    .map_err(|what| wrong(format!("place {}: {what}", place.name)))?,
            );
        }
        let suppress = settings
            .suppress
            .as_ref()
            .map(|it| suppression(it, dialect))
            .transpose();
        Ok(Plan {
            places,
            suppress: suppress.map_err(|what| wrong(format!("suppress: {what}")))?,
            zone: zone
                .transpose()
                .map_err(|_| wrong("zone: nobody knows it".to_owned()))?,
            most: settings.most,
        })
    }

    /// The place of that name.
    pub fn place(&self, name: &str) -> Result<&Place, Mishap> {
        let found = self.places.iter().find(|it| it.name == name);
        found.ok_or_else(|| Mishap::new(Fault::Unknown, "a place that is not declared"))
    }

    /// What a search can go by.
    pub fn keys(&self) -> Vec<SearchKey> {
        let by = |key| {
            self.places
                .iter()
                .flat_map(|it| &it.finders)
                .any(|finder| finder.by == Some(key))
        };
        SearchKey::ALL.into_iter().filter(|&key| by(key)).collect()
    }
}

impl Place {
    /// Every step that changes data.
    pub fn steps(&self) -> impl Iterator<Item = &Step> {
        let acts = [&self.erase, &self.anonymise, &self.set, &self.lift];
        acts.into_iter().flatten().chain(self.rectify.values())
    }

    /// The columns that tie a row to somebody, in a firm order.
    pub fn ties(&self) -> Vec<&str> {
        let mut columns: Vec<&str> = self
            .settings
            .exact
            .values()
            .flat_map(Names::all)
            .map(String::as_str)
            .collect();
        columns.extend(
            self.settings
                .mentions
                .values()
                .flat_map(Names::all)
                .map(String::as_str),
        );
        columns.extend(self.settings.follows.as_ref().map(|it| it.column.as_str()));
        columns.sort_unstable();
        columns.dedup();
        columns
    }
}

fn place(settings: &PlaceSettings, dialect: Dialect) -> Result<Place, String> {
    let tied = !settings.exact.is_empty() || !settings.mentions.is_empty();
    match (&settings.follows, tied) {
        (None, false) => return Err("without `exact` nobody can say whose a row is".to_owned()),
        (Some(_), true) => {
            return Err("`follows` and `exact` at once: make two places of it".to_owned());
        }
        _ => {}
    }
    let mut finders = Vec::new();
    for text in &settings.find {
        finders.push(finder(settings, text, dialect)?);
    }
    if finders.is_empty() {
        return Err("nothing finds its rows".to_owned());
    }
    let read = settings
        .read
        .as_ref()
        .map(|text| reading(text, dialect, &[Parameter::Id]))
        .transpose()?;
    let count = settings
        .count
        .as_ref()
        .map(|text| reading(text, dialect, &[]))
        .transpose()?;
    let own: Vec<Parameter> = std::iter::once(Parameter::Id)
        .chain(settings.exact.keys().map(|&key| Parameter::Key(key)))
        .collect();
    let steps = |steps: &[StepSettings]| {
        steps
            .iter()
            .map(|it| step(it, dialect, &own))
            .collect::<Result<Vec<_>, _>>()
    };
    let mut rectify = BTreeMap::new();
    for (column, it) in &settings.rectify {
        let step = step(it, dialect, &[Parameter::Id, Parameter::Value])?;
        if !step.statement.parameters().any(|it| it == Parameter::Value) {
            return Err(format!("rectify {column}: :value is missing"));
        }
        rectify.insert(column.clone(), step);
    }
    let none = Vec::new();
    let marks = |of: fn(&RestrictSettings) -> &Vec<StepSettings>| {
        settings.restrict.as_ref().map_or(&none, of).as_slice()
    };
    let place = Place {
        name: settings.name.clone(),
        category: settings.category.clone(),
        finders,
        count,
        erase: steps(&settings.erase)?,
        anonymise: steps(&settings.anonymise)?,
        rectify,
        set: steps(marks(|it| &it.set))?,
        lift: steps(marks(|it| &it.lift))?,
        read,
        settings: settings.clone(),
    };
    match place.read.is_none() && place.steps().next().is_some() {
        true => Err(
            "`read` is missing: nothing is changed that is not looked at before and after"
                .to_owned(),
        ),
        false => Ok(place),
    }
}

/// A statement that finds has parameters of one kind: what they are compared with is known then.
fn finder(settings: &PlaceSettings, text: &str, dialect: Dialect) -> Result<Finder, String> {
    let statement = select(text, dialect)?;
    let mut keys: Vec<SearchKey> = Vec::new();
    let mut by_id = false;
    for parameter in statement.parameters() {
        match parameter {
            Parameter::Key(key) => keys.push(key),
            Parameter::PhoneEnd => keys.push(SearchKey::Phone),
            Parameter::From | Parameter::To => {}
            Parameter::Id => by_id = true,
            Parameter::Value => return Err(":value finds nobody".to_owned()),
        }
    }
    keys.dedup();
    let by = match (keys.as_slice(), settings.follows.is_some()) {
        ([], true) if by_id => None,
        ([key], false) if !by_id => Some(*key),
        (_, true) => return Err("what follows is found by :id alone".to_owned()),
        _ => return Err("a statement finds by one kind of identifier, such as :email".to_owned()),
    };
    if let Some(key) = by
        && !settings.exact.contains_key(&key)
        && !settings.mentions.contains_key(&key)
    {
        return Err(format!("`exact` names no column for {}", key.code()));
    }
    if by == Some(SearchKey::Ip) && settings.at.is_none() {
        return Err("an IP address says nothing without a time: `at` is missing".to_owned());
    }
    Ok(Finder { statement, by })
}

fn select(text: &str, dialect: Dialect) -> Result<Statement, String> {
    let statement = Statement::parse(text, dialect)?;
    match statement.verb().as_str() {
        "select" | "with" => Ok(statement),
        _ => Err("a statement that reads begins with SELECT or WITH".to_owned()),
    }
}

fn reading(text: &str, dialect: Dialect, wanted: &[Parameter]) -> Result<Statement, String> {
    let statement = select(text, dialect)?;
    let parameters: Vec<Parameter> = statement.parameters().collect();
    let fits = parameters.iter().all(|it| wanted.contains(it))
        && wanted.iter().all(|it| parameters.contains(it));
    match fits {
        true => Ok(statement),
        false => Err(format!("it has other parameters than {wanted:?}")),
    }
}

fn step(settings: &StepSettings, dialect: Dialect, allowed: &[Parameter]) -> Result<Step, String> {
    let statement = Statement::parse(&settings.sql, dialect)?;
    // Whatever makes or drops tables ends a transaction in some databases.
    if !matches!(
        statement.verb().as_str(),
        "update" | "delete" | "insert" | "with" | "replace"
    ) {
        return Err("a statement that changes begins with UPDATE, DELETE or INSERT".to_owned());
    }
    let mut whose = false;
    for parameter in statement.parameters() {
        if !allowed.contains(&parameter) {
            return Err(format!("{parameter:?} is not known there"));
        }
        whose |= parameter != Parameter::Value;
    }
    if !whose {
        return Err("without :id it would meet everybody".to_owned());
    }
    Ok(Step {
        statement,
        rows: settings.rows,
        takes: settings.takes.clone(),
    })
}

fn suppression(settings: &SuppressSettings, dialect: Dialect) -> Result<Suppression, String> {
    let email = Parameter::Key(SearchKey::Email);
    let steps = settings.steps.iter().map(|it| step(it, dialect, &[email]));
    Ok(Suppression {
        read: reading(&settings.read, dialect, &[email])?,
        column: settings.column.clone(),
        steps: steps.collect::<Result<_, _>>()?,
    })
}
