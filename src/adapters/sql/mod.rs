//! Databases of one's own: PostgreSQL, MySQL, MariaDB, SQLite. Only declared statements are run, with named parameters;
//! whose a row is, is compared here.

mod change;
mod copies;
mod erase;
mod lexer;
mod line;
mod look;
mod mysql;
mod named;
mod plan;
mod postgres;
mod rows;
mod search;
mod settings;
mod spelling;
mod sqlite;

use futures_util::future::BoxFuture;

use line::{As, Engine};
use named::Dialect;
use plan::Plan;
pub use settings::Settings;
use settings::{Database, Rows};

use super::Limits;
use crate::ports::source::{
    Abilities, Copies, Erase, Fault, Find, Health, Leftover, Means, Mishap, Need, Profile, Rectify,
    Restrict, Source, Suppress,
};

/// A database of one's own.
pub struct Sql {
    engine: Box<dyn Engine>,
    plan: Plan,
    /// Whether a role that writes is configured.
    writes: bool,
    /// Whether there are roles with rights; to a file there are none, how it is opened protects it.
    roles: bool,
    leftovers: Vec<Leftover>,
    limits: Limits,
}

impl Sql {
    /// Reads keys and statements; talks to nobody yet.
    ///
    /// # Errors
    /// [`Fault::Misconfigured`], with the statement that cannot be meant.
    pub fn new(settings: &Settings, limits: &Limits) -> Result<Sql, Mishap> {
        let writing = settings.writing.as_ref();
        let (engine, dialect): (Box<dyn Engine>, Dialect) = match &settings.database {
            Database::Postgres(server) => (
                Box::new(postgres::Postgres::new(server, writing, limits)?),
                Dialect::Postgres,
            ),
            Database::Mysql(server) => (
                Box::new(mysql::Mysql::new(server, writing, limits)?),
                Dialect::Mysql,
            ),
            Database::Sqlite { path } => (
                Box::new(sqlite::Sqlite::new(path, writing.is_some(), limits)?),
                Dialect::Sqlite,
            ),
        };
        let plan = Plan::new(settings, dialect)?;
        if let Some(Rows::Between { least, most }) = plan
            .places
            .iter()
            .flat_map(plan::Place::steps)
            .map(|step| step.rows)
            .find(|rows| matches!(rows, Rows::Between { least, most } if least > most))
        {
            return Err(Mishap::new(
                Fault::Misconfigured,
                format!("rows: from {least} to {most}"),
            ));
        }
        Ok(Sql {
            engine,
            plan,
            writes: writing.is_some(),
            roles: dialect != Dialect::Sqlite,
            leftovers: settings.leftovers.clone(),
            limits: limits.clone(),
        })
    }

    /// Something is possible for a machine where it is declared for one place at least and somebody may do it.
    fn means(&self, declared: impl Fn(&plan::Place) -> bool) -> Means {
        match self.writes && self.plan.places.iter().any(declared) {
            true => Means::Machine,
            false => Means::Hand,
        }
    }
}

impl Source for Sql {
    fn profile(&self) -> Profile {
        let suppress = self.writes && self.plan.suppress.is_some();
        Profile {
            adapter: "sql",
            abilities: Abilities {
                find: Means::Machine,
                copy: Means::Machine,
                rectify: self.means(|place| !place.rectify.is_empty()),
                erase: self.means(|place| !place.erase.is_empty() || !place.anonymise.is_empty()),
                restrict: self.means(|place| !place.set.is_empty()),
                suppress: if suppress {
                    Means::Machine
                } else {
                    Means::Hand
                },
            },
            keys: self.plan.keys(),
            leftovers: self.leftovers.clone(),
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

impl Sql {
    /// Every statement is tried with nothing in its parameters and without being run.
    async fn health(&self) -> Result<Health, Mishap> {
        let mut line = self.engine.line(As::Reader).await?;
        let mut health = Health {
            version: line.version().await?,
            ..Health::default()
        };
        for place in &self.plan.places {
            let reads = place.finders.iter().map(|it| &it.statement);
            for statement in reads.chain(&place.read) {
                let tried = line.begin().await?.may(statement).await;
                need(&mut health, tried, &place.name, Need::Read)?;
            }
            // On a role that reads alone every one of these fails.
            for step in place.steps().filter(|_| self.roles) {
                if line.begin().await?.may(&step.statement).await.is_ok() {
                    push(&mut health, Need::TooMighty(place.name.clone()));
                }
            }
            if let Some(count) = &place.count {
                let mut rows: Vec<line::Row> = Vec::new();
                let mut session = line.begin().await?;
                if session.rows(count, &[], &mut rows).await.is_ok()
                    && let Some(line::Cell::Text(number)) = rows
                        .first()
                        .and_then(|row| row.cells.first())
                        .map(|it| &it.1)
                    && let Ok(number) = number.parse()
                {
                    health.in_sight.push((place.name.clone(), number));
                }
            }
        }
        self.writing(&mut health).await?;
        Ok(health)
    }

    async fn writing(&self, health: &mut Health) -> Result<(), Mishap> {
        let suppress = self.plan.suppress.iter().flat_map(|it| &it.steps);
        let suppress = suppress.map(|step| ("suppress", step));
        let places = self
            .plan
            .places
            .iter()
            .flat_map(|place| place.steps().map(|step| (place.name.as_str(), step)));
        let steps: Vec<_> = places.chain(suppress).collect();
        if !self.writes {
            if !steps.is_empty() {
                push(health, Need::SecondCredential);
            }
            return Ok(());
        }
        let mut line = self.engine.line(As::Writer).await?;
        for (place, step) in steps {
            let tried = line.begin().await?.may(&step.statement).await;
            need(health, tried, place, Need::Write)?;
        }
        Ok(())
    }
}

/// What a trial that failed means for the operator.
fn need(
    health: &mut Health,
    tried: Result<(), Mishap>,
    place: &str,
    right: fn(String) -> Need,
) -> Result<(), Mishap> {
    let Err(mishap) = tried else {
        return Ok(());
    };
    match mishap.fault {
        Fault::Forbidden | Fault::Unauthorized => push(health, right(place.to_owned())),
        Fault::Unknown => push(health, Need::Module(place.to_owned())),
        Fault::Misconfigured => push(health, Need::Setting(format!("{place}: {}", mishap.detail))),
        _ => return Err(mishap),
    }
    Ok(())
}

fn push(health: &mut Health, need: Need) {
    if !health.needs.contains(&need) {
        health.needs.push(need);
    }
}
