//! The connections as such: how each stands, whether it can be worked with, and what it would find on somebody. Whom one
//! tries it with stands nowhere.

use std::time::Duration;

use chrono::{DateTime, Utc};
use futures_util::future::{BoxFuture, ready};
use tokio::time::timeout;

use super::connected::Connected;
use super::error::Error;
use super::office::Office;
use crate::domain::identifier::{Identifier, SearchKey};
use crate::domain::ids::ControllerId;
use crate::domain::obstacle::Obstacle;
use crate::domain::scope::{Role, Scope};
use crate::domain::source::{Doubt, Fault, Health, Leftover, Record, Search};
use crate::ports::source::{Basket, Means, Mishap};
use crate::storage::runs::{self, Paused};

/// Somebody waits for the answer: a check may take so long.
const LOOK: Duration = Duration::from_secs(45);

/// A connection, as it stands without being asked.
#[derive(Debug, Clone)]
pub struct Connection {
    /// Its stable name.
    pub name: String,
    /// The system of the register that it speaks for, by the name people know.
    pub system: String,
    /// Which language it speaks.
    pub adapter: &'static str,
    /// What it does by itself: codes of [`Connection::ABILITIES`].
    pub by_machine: Vec<&'static str>,
    /// What a person does there.
    pub by_hand: Vec<&'static str>,
    /// By what it can be searched.
    pub keys: Vec<SearchKey>,
    /// Copies that it does not reach.
    pub leftovers: Vec<Leftover>,
    /// Since when it is switched off.
    pub paused: Option<DateTime<Utc>>,
    /// Why its latest run did not work, and when that was.
    pub fault: Option<(Fault, DateTime<Utc>)>,
}

impl Connection {
    /// The codes of what a connection can do.
    pub const ABILITIES: [&str; 6] = ["find", "copy", "rectify", "erase", "restrict", "suppress"];

    fn of(connected: &Connected) -> Connection {
        let profile = connected.source.profile();
        let can = profile.abilities;
        let means = [
            can.find,
            can.copy,
            can.rectify,
            can.erase,
            can.restrict,
            can.suppress,
        ];
        let by = |wanted: Means| {
            let pairs = Connection::ABILITIES.iter().zip(means);
            pairs
                .filter(|(_, means)| *means == wanted)
                .map(|(code, _)| *code)
                .collect()
        };
        Connection {
            name: connected.name.clone(),
            system: connected.system.clone(),
            adapter: profile.adapter,
            by_machine: by(Means::Machine),
            by_hand: by(Means::Hand),
            keys: profile.keys,
            leftovers: profile.leftovers,
            paused: None,
            fault: None,
        }
    }

    /// Whether it looks for people by itself.
    #[must_use]
    pub fn finds(&self) -> bool {
        self.by_machine.contains(&"find")
    }
}

/// Whether the canary is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Canary {
    /// It was found.
    Found,
    /// It was not: rights or the index are not what they were.
    Lost,
    /// None is named, so that nobody can say "that is all".
    None,
    /// Nobody looked: no machine searches there, or the system is away.
    Unsought,
    /// Looking for it did not work.
    Failed(Mishap),
}

/// What a check came to.
#[derive(Debug, Clone)]
pub struct Checked {
    /// What the system says of itself; or why it says nothing.
    pub health: Result<Health, Mishap>,
    /// Whether the canary is there.
    pub canary: Canary,
}

impl Checked {
    /// Whether it can be worked with: it answers, no right is missing, and the canary is not lost. What could be better
    /// (a second credential, a canary, a credential that may too much) is no hindrance.
    #[must_use]
    pub fn well(&self) -> bool {
        let healthy = |health: &Health| !health.needs.iter().any(|need| need.hinders());
        self.health.as_ref().is_ok_and(healthy)
            && !matches!(self.canary, Canary::Lost | Canary::Failed(_))
    }
}

/// The first records that are found, and how many there are in all.
#[derive(Debug)]
pub struct Sample {
    /// As many as are shown.
    pub shown: Vec<Record>,
    /// How many there are.
    pub count: u64,
    most: usize,
}

impl Sample {
    /// Keeps so many, counts the others.
    #[must_use]
    pub fn of(most: usize) -> Sample {
        Sample {
            shown: Vec::new(),
            count: 0,
            most,
        }
    }
}

impl Basket for Sample {
    fn lay(&mut self, record: Record) -> BoxFuture<'_, Result<(), Mishap>> {
        self.count += 1;
        if self.shown.len() < self.most {
            self.shown.push(record);
        }
        Box::pin(ready(Ok(())))
    }
}

impl Office {
    /// The connections of a controller as they stand, in the order of the settings, and since when all of them are
    /// switched off. Nobody is asked.
    ///
    /// # Errors
    /// The role lacks.
    pub async fn standing_connections(
        &self,
        scope: &Scope,
        controller: ControllerId,
    ) -> Result<(Vec<Connection>, Option<DateTime<Utc>>), Error> {
        scope.demand(controller, Role::Handler)?;
        let paused = self.paused_sources(scope, controller).await?;
        let since = |name: &str| {
            paused
                .iter()
                .find(|it: &&Paused| it.source == name)
                .map(|it| it.since)
        };
        let systems = self.systems(scope, controller).await?;
        let mut all: Vec<Connection> = self.connected_to(controller).map(Connection::of).collect();
        for connection in &mut all {
            connection.paused = since(&connection.name);
            if let Some(known) = systems.iter().find(|it| it.slug == connection.system) {
                connection.system.clone_from(&known.name);
            }
            let (reach, name) = (scope.clone(), connection.name.clone());
            let latest = self
                .store
                .read(move |conn| runs::latest(conn, &reach, controller, &name))
                .await?;
            connection.fault =
                latest.and_then(|run| Some((Fault::from_code(run.fault())?, run.ended_at()?)));
        }
        Ok((all, since("")))
    }

    /// Tries whether a connection can be worked with. Reads nobody's data but the canary's.
    ///
    /// # Errors
    /// The role lacks, or there is no such connection.
    pub async fn check_source(
        &self,
        scope: &Scope,
        controller: ControllerId,
        name: &str,
    ) -> Result<Checked, Error> {
        scope.demand(controller, Role::Handler)?;
        let connected = self.connection(controller, name)?;
        let health = timeout(LOOK, connected.source.check()).await;
        let health = health.unwrap_or_else(|_| Err(slow()));
        let canary = match (&health, connected.looks_by_itself(), &connected.canary) {
            (Err(_), ..) | (_, false, _) => Canary::Unsought,
            (.., None) => Canary::None,
            _ => match timeout(LOOK, self.canary(connected)).await {
                Ok(Ok(None)) => Canary::Found,
                Ok(Ok(Some(_))) => Canary::Lost,
                Ok(Err(mishap)) => Canary::Failed(mishap),
                Err(_) => Canary::Failed(slow()),
            },
        };
        Ok(Checked { health, canary })
    }

    /// Looks for somebody by one connection, and keeps nothing of it: to see whether it finds what it should. That it was
    /// asked is noted, by whom not.
    ///
    /// # Errors
    /// The role lacks; there is no such connection, or it does not search by itself. What goes wrong over there is in
    /// the inner error; what lies in the basket until then is not all.
    pub async fn try_finding(
        &self,
        scope: &Scope,
        (controller, name): (ControllerId, &str),
        wanted: &[Identifier],
        patience: Option<Duration>,
        basket: &mut dyn Basket,
    ) -> Result<Result<Search, Mishap>, Error> {
        scope.demand(controller, Role::Admin)?;
        let connected = self.connection(controller, name)?;
        let (Some(find), true) = (connected.source.finds(), connected.looks_by_itself()) else {
            return Err(Obstacle::NotConnected.into());
        };
        let keys = connected.source.profile().keys;
        let mut wanted = wanted.to_vec();
        wanted.retain(|identifier| keys.contains(&identifier.kind));
        // Before anybody is asked: who breaks it off has asked all the same.
        self.record(controller, "source.asked", name, b"", scope.actor())
            .await?;
        if wanted.is_empty() {
            return Ok(Ok(Search::default()));
        }
        let asked = async {
            let canary: Option<Doubt> = self.canary(connected).await?;
            let mut search = find.find(&wanted, basket).await?;
            if let Some(doubt) = canary {
                search.doubt(doubt);
            }
            Ok(search)
        };
        let patience = patience.unwrap_or(LOOK).min(connected.patience);
        Ok(timeout(patience, asked)
            .await
            .unwrap_or_else(|_| Err(slow())))
    }
}

fn slow() -> Mishap {
    Mishap::new(Fault::Slow, "no end in time")
}
