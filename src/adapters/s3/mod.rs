//! S3-compatible storage: objects below a person's own prefix, with every version and every marker of deletion.

mod erase;
mod find;
mod list;
mod place;
mod restrict;
mod settings;
mod sign;
mod wire;
mod xml;

use std::sync::Arc;

use futures_util::future::BoxFuture;
use reqwest::Method;

use place::Place;
pub use settings::Settings;
use settings::Tag;
use wire::{Request, Wire};

use super::Limits;
use crate::domain::identifier::SearchKey;
use crate::ports::clock::Clock;
use crate::ports::source::{
    Abilities, Copies, Erase, Fault, Find, Health, Leftover, LeftoverKind, Means, Mishap, Need,
    Profile, Restrict, Source,
};

/// What a record is over there.
const OBJECT: &str = "object";
/// A key that nobody has, to try rights on.
const NOBODY: &str = "rechtzeitig-check/nobody";

/// A bucket.
pub struct S3 {
    reading: Wire,
    writing: Option<Wire>,
    places: Vec<Place>,
    tag: Option<Tag>,
    leftovers: Vec<Leftover>,
    most: u64,
    limits: Limits,
}

impl S3 {
    /// Reads the keys and prepares the lines. The clock is for the signatures: a storage refuses a call that is
    /// minutes old.
    ///
    /// # Errors
    /// [`Fault::Misconfigured`].
    pub fn new(settings: &Settings, limits: &Limits, clock: Arc<dyn Clock>) -> Result<S3, Mishap> {
        let wire = |credential| Wire::new(settings, credential, limits, Arc::clone(&clock));
        let places: Result<Vec<Place>, Mishap> = settings.prefixes.iter().map(Place::new).collect();
        if settings.tag.as_ref().is_some_and(|tag| !tag.sound()) {
            return Err(Mishap::new(
                Fault::Misconfigured,
                "tag: no storage takes it",
            ));
        }
        let mut leftovers = settings.leftovers.clone();
        // Nobody sees them in a list of objects, and they hold what was sent so far.
        leftovers.push(Leftover::new(
            LeftoverKind::Files,
            "incomplete multipart uploads",
        ));
        Ok(S3 {
            reading: wire(&settings.reading)?,
            writing: settings.writing.as_ref().map(wire).transpose()?,
            places: places?,
            tag: settings.tag.clone(),
            leftovers,
            most: settings.most,
            limits: limits.clone(),
        })
    }

    async fn health(&self) -> Result<Health, Mishap> {
        let mut health = Health::default();
        let list = Request {
            method: Method::GET,
            query: vec![("versions", ""), ("prefix", NOBODY), ("max-keys", "1")],
            ..Request::default()
        };
        match self.reading.ask(&list).await {
            Ok(_) => {}
            Err(mishap) if mishap.fault == Fault::Forbidden => {
                health.needs.push(Need::Read("ListBucketVersions".into()))
            }
            Err(mishap) if mishap.fault == Fault::Unknown => {
                health.version = "without versions".into()
            }
            Err(mishap) => return Err(mishap),
        }
        // There is no such object and no such version: whoever may, deletes nothing.
        let delete = Request {
            method: Method::DELETE,
            key: NOBODY,
            query: vec![("versionId", "null")],
            ..Request::default()
        };
        if may(self.reading.ask(&delete).await)? {
            health
                .needs
                .push(Need::TooMighty("DeleteObjectVersion".into()));
        }
        match &self.writing {
            None => health.needs.push(Need::SecondCredential),
            Some(writing) => {
                if !may(writing.ask(&delete).await)? {
                    health.needs.push(Need::Write("DeleteObjectVersion".into()));
                }
            }
        }
        Ok(health)
    }
}

fn may(tried: Result<super::http::Answer, Mishap>) -> Result<bool, Mishap> {
    match tried {
        Ok(_) => Ok(true),
        Err(mishap) => match mishap.fault {
            Fault::Forbidden => Ok(false),
            // It looked for the version, and so would have been allowed to take it.
            Fault::Missing | Fault::Refused => Ok(true),
            _ => Err(mishap),
        },
    }
}

impl Source for S3 {
    fn profile(&self) -> Profile {
        let means = |there: bool| if there { Means::Machine } else { Means::Hand };
        let by = |key: &SearchKey| self.places.iter().any(|place| place.by == *key);
        Profile {
            adapter: "s3",
            abilities: Abilities {
                find: Means::Machine,
                copy: Means::Machine,
                rectify: Means::Hand,
                erase: means(self.writing.is_some()),
                restrict: means(self.writing.is_some() && self.tag.is_some()),
                suppress: Means::Not,
            },
            keys: SearchKey::ALL.into_iter().filter(by).collect(),
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

    fn erases(&self) -> Option<&dyn Erase> {
        self.writing.is_some().then_some(self)
    }

    fn restricts(&self) -> Option<&dyn Restrict> {
        (self.writing.is_some() && self.tag.is_some()).then_some(self)
    }
}
