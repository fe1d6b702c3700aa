//! A connected system was restored from a backup: what was erased there since is erased again, record by record, and only
//! where what stands there is still what was erased. Who came back has other records.

use std::time::Duration;

use chrono::NaiveDate;
use tokio::time::timeout;

use super::connected::Connected;
use super::error::Error;
use super::office::Office;
use super::outliving::Erased;
use crate::domain::ids::ControllerId;
use crate::domain::obstacle::Obstacle;
use crate::domain::scope::{Role, Scope};
use crate::domain::source::{Fate, Fault, Manner, Outcome, Preview, RecordRef};
use crate::ports::source::{Erase, Mishap};

/// One record may take so long.
const PATIENCE: Duration = Duration::from_secs(600);

/// A record that went in a connected system.
#[derive(Debug, Clone)]
pub struct Gone {
    /// By which connection.
    pub source: String,
    /// For which case, by its number.
    pub case: String,
    /// On which day, the latest time.
    pub done: NaiveDate,
    /// What it is over there, in the states in which it was seen when it went, the latest first.
    pub seen: Vec<RecordRef>,
    /// How it ended.
    pub manner: Manner,
}

/// What went in a system since a day.
#[derive(Debug, Clone, Default)]
pub struct Since {
    /// By machine, in the order in which it went: what hangs on others goes before them.
    pub records: Vec<Gone>,
    /// What a person did there, or a connection that is no more: she looks again.
    pub by_hand: Vec<Erased>,
}

/// How a record stands after the restore.
#[derive(Debug, Clone)]
pub enum Return {
    /// It is back, and would end like this.
    Back(Preview),
    /// It is not there.
    Away,
    /// It was there again, and is ended again, as it was read back.
    Ended(Outcome),
    /// A rule over there keeps it, as the other system names it.
    Kept(String),
    /// Something else stands there under its key.
    Differs,
    /// It cannot be said now.
    Failed(Mishap),
}

impl Return {
    /// Whether a person has to look, or it has to be tried again.
    #[must_use]
    pub fn left(&self) -> bool {
        !matches!(self, Return::Away | Return::Ended(_))
    }

    /// Its name in the ledger.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Return::Back(_) => "back",
            Return::Away => "away",
            Return::Ended(done) if done.fate == Fate::Anonymous => "anonymous",
            Return::Ended(_) => "gone",
            Return::Kept(_) => "kept",
            Return::Differs => "differs",
            Return::Failed(_) => "failed",
        }
    }
}

impl Office {
    /// What was erased in a system since this day, by the name of a connection or of the system of the register.
    ///
    /// # Errors
    /// The role lacks; there is neither a connection nor a system of that name.
    pub async fn gone_since(
        &self,
        scope: &Scope,
        (controller, name): (ControllerId, &str),
        since: NaiveDate,
    ) -> Result<Since, Error> {
        scope.demand(controller, Role::Decider)?;
        let meant: Vec<&Connected> = self
            .connected_to(controller)
            .filter(|it| it.name == name || it.system == name)
            .collect();
        let slug = meant.first().map_or(name, |it| it.system.as_str());
        let systems = self.systems(scope, controller).await?;
        let known = systems.iter().find(|it| it.slug == slug);
        if meant.is_empty() && known.is_none() {
            return Err(Obstacle::NotConnected.into());
        }
        let mut found = Since::default();
        for line in self.erased_since(scope, controller, since).await? {
            let by_machine = meant.iter().any(|it| it.name == line.source);
            let there = line.system == slug || known.is_some_and(|it| it.name == line.system);
            // Another connection to the same system was not restored.
            let others = self
                .connected_to(controller)
                .any(|it| it.name == line.source);
            match by_machine {
                true => take(&mut found.records, &line),
                false if there && !others => found.by_hand.push(line),
                false => {}
            }
        }
        Ok(found)
    }

    /// Says of one record how it stands; and if it is back and that is wanted, ends it again and writes down what was read
    /// back. Repeated, what is away stays away.
    ///
    /// # Errors
    /// Of the own store alone; the connection is gone.
    pub async fn erase_again(
        &self,
        scope: &Scope,
        controller: ControllerId,
        gone: &Gone,
        really: bool,
    ) -> Result<Return, Error> {
        scope.demand(controller, Role::Decider)?;
        let connected = self.connection(controller, &gone.source)?;
        let Some(erases) = connected.source.erases() else {
            let mishap = Mishap::new(Fault::Misconfigured, "no credential that erases");
            return Ok(Return::Failed(mishap));
        };
        let mut now = Return::Away;
        for record in &gone.seen {
            now = foresee(erases, record, gone.manner).await;
            if let (Return::Back(_), true) = (&now, really) {
                now = end(erases, record, gone.manner).await;
            }
            if !matches!(now, Return::Differs) {
                break;
            }
        }
        if really && !matches!(now, Return::Away) {
            let subject = format!("{}:{}:{}", gone.source, gone.case, now.code());
            let seen = match &now {
                Return::Ended(done) => done.seen.as_bytes(),
                _ => b"",
            };
            self.record(
                controller,
                "erasure.reapplied",
                &subject,
                seen,
                scope.actor(),
            )
            .await?;
        }
        Ok(now)
    }
}

/// The same record may have gone more than once, and been another one each time.
fn take(all: &mut Vec<Gone>, line: &Erased) {
    for record in &line.records {
        let same = |it: &&Gone| {
            let known = it.seen.first();
            it.source == line.source
                && known.is_some_and(|it| it.kind == record.kind && it.id == record.id)
        };
        let before = all.iter().position(|it| same(&it)).map(|at| all.remove(at));
        let mut seen = vec![record.clone()];
        let earlier = before.into_iter().flat_map(|it| it.seen);
        seen.extend(earlier.filter(|it| it != record));
        all.push(Gone {
            source: line.source.clone(),
            case: line.case.clone(),
            done: line.done,
            seen,
            manner: match line.fate {
                Some(Fate::Anonymous) => Manner::Anonymise,
                _ => Manner::Erase,
            },
        });
    }
}

async fn foresee(erases: &dyn Erase, record: &RecordRef, manner: Manner) -> Return {
    match timeout(PATIENCE, erases.preview(record, manner)).await {
        Ok(Ok(preview)) if !preview.there => Return::Away,
        Ok(Ok(preview)) if preview.fate == Fate::Kept => Return::Kept(preview.why),
        Ok(Ok(preview)) => Return::Back(preview),
        Ok(Err(mishap)) => missed(mishap),
        Err(_) => Return::Failed(slow()),
    }
}

async fn end(erases: &dyn Erase, record: &RecordRef, manner: Manner) -> Return {
    match timeout(PATIENCE, erases.erase(record, manner)).await {
        Ok(Ok(done)) if matches!(done.fate, Fate::Gone | Fate::Anonymous) => Return::Ended(done),
        Ok(Ok(kept)) => Return::Kept(kept.seen),
        Ok(Err(mishap)) => missed(mishap),
        Err(_) => Return::Failed(slow()),
    }
}

fn missed(mishap: Mishap) -> Return {
    match mishap.fault {
        Fault::Missing => Return::Away,
        Fault::Conflict => Return::Differs,
        _ => Return::Failed(mishap),
    }
}

fn slow() -> Mishap {
    Mishap::new(Fault::Slow, "no end in time")
}
