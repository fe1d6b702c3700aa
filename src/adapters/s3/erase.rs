//! Erases every version and every marker by its number and lists again. A delete without a version would only add a
//! marker and leave everything readable.

use futures_util::future::BoxFuture;
use reqwest::Method;

use super::S3;
use super::list::{Version, has_grown, versions};
use super::wire::{Request, Wire};
use super::xml::Element;
use crate::ports::source::{
    Erase, Fate, Fault, Leftover, LeftoverKind, Manner, Mishap, Outcome, Preview, RecordRef,
    SideEffect,
};

impl S3 {
    /// The line of the credential that deletes.
    pub fn writer(&self) -> Result<&Wire, Mishap> {
        self.writing.as_ref().ok_or_else(|| {
            Mishap::new(Fault::Forbidden, "no credential that deletes is configured")
        })
    }

    /// Every version of exactly this object: a prefix would be another's as well. The key must lie below a prefix that
    /// is one person's.
    pub async fn all_of(&self, record: &RecordRef) -> Result<Vec<Version>, Mishap> {
        let key = record.id.reveal();
        if record.kind != super::OBJECT || !self.places.iter().any(|place| place.holds(key)) {
            return Err(Mishap::new(
                Fault::Missing,
                "no object below a declared prefix",
            ));
        }
        let mut found = versions(&self.reading, key, self.most).await?;
        found.retain(|version| version.key == *key);
        Ok(found)
    }

    /// What keeps a version: a legal hold or a period that is not over.
    async fn lock(&self, version: &Version) -> Option<String> {
        if version.marker || version.id.is_empty() {
            return None;
        }
        let ask = async |what| {
            let request = Request {
                method: Method::GET,
                key: &version.key,
                query: vec![(what, ""), ("versionId", version.id.as_str())],
                ..Request::default()
            };
            // Most storages and buckets have no locks, and say so in many ways.
            let answer = self.reading.ask(&request).await.ok()?;
            Element::read(answer.bytes()).ok()
        };
        if ask("legal-hold")
            .await
            .is_some_and(|it| it.of("Status") == "ON")
        {
            return Some("legal-hold".to_owned());
        }
        let retention = ask("retention").await?;
        let until: chrono::DateTime<chrono::Utc> = retention.of("RetainUntilDate").parse().ok()?;
        (until > self.reading.now()).then(|| format!("retention until {}", until.date_naive()))
    }

    async fn would_erase(&self, record: &RecordRef) -> Result<Preview, Mishap> {
        let found = self.all_of(record).await?;
        let mut why = String::new();
        if self.locks().await {
            for version in &found {
                if let Some(lock) = self.lock(version).await {
                    why = lock;
                    break;
                }
            }
        }
        let (markers, whole): (Vec<&Version>, Vec<&Version>) =
            found.iter().partition(|version| version.marker);
        let mut effects = Vec::new();
        for (kind, versions) in [("versions", whole), ("delete-markers", markers)] {
            if !versions.is_empty() {
                let (kind, count) = (kind.to_owned(), versions.len() as u64);
                effects.push(SideEffect::Takes { kind, count });
            }
        }
        if !effects.is_empty() {
            effects.push(SideEffect::Final);
        }
        Ok(Preview {
            there: !found.is_empty(),
            fate: if why.is_empty() {
                Fate::Gone
            } else {
                Fate::Kept
            },
            why,
            effects,
            leftovers: self.leftovers.clone(),
        })
    }

    /// Whether the bucket can lock objects at all; where it does not say, it may.
    async fn locks(&self) -> bool {
        let request = Request {
            method: Method::GET,
            query: vec![("object-lock", "")],
            ..Request::default()
        };
        match self.reading.try_asking(&request).await {
            Ok(answer) => Element::read(answer.bytes())
                .is_ok_and(|it| it.of("ObjectLockEnabled") == "Enabled"),
            Err(refusal) => refusal.mishap.fault == Fault::Forbidden,
        }
    }

    async fn do_erase(&self, record: &RecordRef) -> Result<Outcome, Mishap> {
        let writer = self.writer()?;
        let found = self.all_of(record).await?;
        // Her key says whose it is, and not that everything below it was looked at.
        let seen = record.version.as_deref().unwrap_or_default();
        if !found.is_empty() && has_grown(&found, seen) {
            return Err(Mishap::new(
                Fault::Conflict,
                "something was written since it was found",
            ));
        }
        let mut kept: Vec<(Version, String)> = Vec::new();
        for version in &found {
            let mut query = Vec::new();
            if !version.id.is_empty() {
                query.push(("versionId", version.id.as_str()));
            }
            let request = Request {
                method: Method::DELETE,
                key: &version.key,
                query,
                ..Request::default()
            };
            let Err(refusal) = writer.try_asking(&request).await else {
                continue;
            };
            match refusal.mishap.fault {
                // Somebody else was faster.
                Fault::Missing => {}
                Fault::Forbidden | Fault::Refused => {
                    let lock = self.lock(version).await;
                    let why =
                        lock.or_else(|| refusal.locked.then(|| refusal.mishap.detail.clone()));
                    kept.push((version.clone(), why.ok_or(refusal.mishap)?));
                }
                _ => return Err(refusal.mishap),
            }
        }
        // 204 is said for what never was and for a mere marker as well: only the list tells.
        let left = self.all_of(record).await?;
        let counted = |markers: bool| found.iter().filter(|it| it.marker == markers).count();
        let seen = format!(
            "{} versions and {} markers, {} left",
            counted(false),
            counted(true),
            left.len()
        );
        if left.is_empty() {
            return Ok(Outcome::new(Fate::Gone, seen).leaving(self.leftovers.clone()));
        }
        let locked = |version: &Version| kept.iter().any(|(it, _)| it.id == version.id);
        if !left.iter().all(locked) {
            return Err(Mishap::new(Fault::NotWritten, seen));
        }
        let why = kept.first().map(|(_, why)| why.clone()).unwrap_or_default();
        let mut leftovers = self.leftovers.clone();
        leftovers.push(Leftover {
            count: Some(left.len() as u64),
            ..Leftover::new(LeftoverKind::Closed, format!("locked versions: {why}"))
        });
        Ok(Outcome::new(Fate::Kept, format!("{seen}; {why}")).leaving(leftovers))
    }
}

impl Erase for S3 {
    fn preview<'a>(
        &'a self,
        record: &'a RecordRef,
        _: Manner,
    ) -> BoxFuture<'a, Result<Preview, Mishap>> {
        Box::pin(self.would_erase(record))
    }

    fn erase<'a>(
        &'a self,
        record: &'a RecordRef,
        manner: Manner,
    ) -> BoxFuture<'a, Result<Outcome, Mishap>> {
        Box::pin(async move {
            match manner {
                Manner::Erase => self.do_erase(record).await,
                Manner::Anonymise => Err(Mishap::new(
                    Fault::Unknown,
                    "an object cannot be made anonymous",
                )),
            }
        })
    }
}
