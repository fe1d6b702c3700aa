//! Acts on one record: it is read and compared right before, and read back afterwards; only what was read back is said.

use serde_json::Value;

use super::Declared;
use super::description::{Place, Request};
use super::lists::Shelf;
use super::pages;
use super::pointer::{self, Pointer};
use super::template::Values;
use super::translate;
use super::wire::{Said, Wire};
use crate::ports::source::{Fate, Fault, Mishap, Outcome, RecordRef};

/// A record as it stands now, and the blanks that it fills.
pub(super) struct Now<'a> {
    pub place: &'a Place,
    pub raw: Value,
    pub values: Values,
}

impl Declared {
    pub(super) fn place(&self, reference: &RecordRef) -> Result<&Place, Mishap> {
        let place = self.description.of_kind(&reference.kind);
        place.ok_or_else(|| Mishap::new(Fault::Unknown, "no such kind of record is described"))
    }

    pub(super) fn writing(&self) -> Result<&Wire, Mishap> {
        let wire = self.writing.as_ref();
        wire.ok_or_else(|| Mishap::new(Fault::Misconfigured, "destructive: no second credential"))
    }

    /// The record as it stands now; none, where the other side says that there is none.
    pub(super) async fn now<'a>(
        &'a self,
        place: &'a Place,
        reference: &RecordRef,
    ) -> Result<Option<Now<'a>>, Mishap> {
        let rule = place.read.as_ref().ok_or_else(|| {
            Mishap::new(
                Fault::Misconfigured,
                format!("{}: read is not there", place.kind),
            )
        })?;
        let mut values = translate::blanks(place, reference, &self.values)
            .ok_or_else(|| Mishap::new(Fault::NoIdentifier, "no key of such a record"))?;
        let Said::Something(body, _) = self.reading.send(rule, &values).await? else {
            return Ok(None);
        };
        let found = pages::records(rule, &body)?;
        let own = values.get("id").unwrap_or_default();
        let mine = |raw: &&Value| pointer::texts(&place.id, raw).iter().any(|it| it == own);
        let Some(raw) = found.iter().find(mine).cloned() else {
            // Whoever asks for one and gets others was not understood.
            return match found.is_empty() {
                true => Ok(None),
                false => Err(Mishap::new(
                    Fault::Flooded,
                    format!("{}: another record came", place.kind),
                )),
            };
        };
        values.record = raw.clone();
        Ok(Some(Now { place, raw, values }))
    }

    /// The same, and it is still the one that was found.
    pub(super) fn same(&self, now: &Now<'_>, reference: &RecordRef) -> Result<(), Mishap> {
        let print = translate::print(now.place, &now.raw, reference.id.reveal());
        match reference.version.as_deref() == Some(print.as_str()) {
            true => Ok(()),
            false => Err(Mishap::new(
                Fault::Conflict,
                "what made it hers is not what it was",
            )),
        }
    }

    /// Everything that would be sent for these steps; no more than is allowed.
    pub(super) async fn plan<'a>(
        &self,
        steps: &'a [Request],
        values: &Values,
        most: u32,
    ) -> Result<Vec<(&'a Request, Values)>, Mishap> {
        let mut shelf = Shelf::default();
        let mut plan = Vec::new();
        for step in steps {
            for scope in self.scopes(&step.each, values, &mut shelf).await? {
                // What cannot be said is seen before anything is sent.
                self.reading.call(step, &scope)?;
                plan.push((step, scope));
            }
        }
        match u32::try_from(plan.len()) {
            Ok(count) if count <= most => Ok(plan),
            _ => Err(Mishap::new(
                Fault::TooMany,
                format!("{} requests where {most} are declared", plan.len()),
            )),
        }
    }

    pub(super) async fn carry_out(&self, plan: &[(&Request, Values)]) -> Result<(), Mishap> {
        let wire = self.writing()?;
        for (step, values) in plan {
            wire.send(step, values).await?;
        }
        Ok(())
    }

    /// What is said where everything was looked at and nothing sent.
    pub(super) fn dry(&self, count: usize) -> Option<Outcome> {
        self.dry_run
            .then(|| Outcome::new(Fate::Kept, format!("dry run: {count} requests not sent")))
    }
}

/// Whether all these places hold nothing; no places say nothing.
pub(super) fn all_empty(places: &[String], raw: &Value) -> bool {
    let nothing = |place: &String| {
        let found = Pointer::parse(place)
            .map(|it| it.all(raw))
            .unwrap_or_default();
        found.into_iter().all(pointer::is_nothing)
    };
    !places.is_empty() && places.iter().all(nothing)
}
