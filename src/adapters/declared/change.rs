//! Puts right, restricts, and enters into the list of whom nothing is sent to; each is read back.

use futures_util::future::BoxFuture;
use serde_json::{Map, Value};

use super::Declared;
use super::description::{RectifyRule, RestrictRule, SuppressRule};
use super::pages;
use super::pointer::{self, Pointer};
use crate::domain::identifier::Identifier;
use crate::ports::source::{
    Change, Fate, Fault, Mishap, Outcome, RecordRef, Rectify, Restrict, Suppress,
};

use super::acts::Now;
use super::wire::Said;

impl Rectify for Declared {
    fn rectify<'a>(
        &'a self,
        record: &'a RecordRef,
        changes: &'a [Change],
    ) -> BoxFuture<'a, Result<Outcome, Mishap>> {
        Box::pin(async move {
            let place = self.place(record)?;
            let missing = || Mishap::new(Fault::Missing, "it is not there any more");
            let now = self.now(place, record).await?.ok_or_else(missing)?;
            let open: Vec<&Change> = changes.iter().filter(|it| !stands(&now.raw, it)).collect();
            let done = || Outcome::new(Fate::Changed, format!("{} fields", changes.len()));
            if open.is_empty() {
                return Ok(done());
            }
            self.same(&now, record)?;
            for change in &open {
                let before = change
                    .before
                    .as_ref()
                    .map(|it| it.reveal().trim().to_owned());
                let there = pointer::named(&now.raw, &change.field);
                if before.filter(|it| !it.is_empty()) != there {
                    return Err(Mishap::new(
                        Fault::Conflict,
                        format!("{}: something else stands there", change.field),
                    ));
                }
            }
            let mut plan = Vec::new();
            for rule in &place.rectify {
                let mine: Vec<&Change> = open
                    .iter()
                    .copied()
                    .filter(|it| rule.fields.contains(&it.field))
                    .collect();
                if !mine.is_empty() {
                    plan.push(written(rule, &mine, &now)?);
                }
            }
            let covered = |it: &&&Change| {
                place
                    .rectify
                    .iter()
                    .any(|rule| rule.fields.contains(&it.field))
            };
            if let Some(change) = open.iter().find(|it| !covered(it)) {
                return Err(Mishap::new(
                    Fault::Unknown,
                    format!("{}: no rule writes it", change.field),
                ));
            }
            if let Some(dry) = self.dry(plan.len()) {
                return Ok(dry);
            }
            let wire = self.writing()?;
            for (rule, values) in &plan {
                wire.send(rule, values).await?;
            }
            let after = self.now(place, record).await?.ok_or_else(missing)?;
            match changes.iter().find(|it| !stands(&after.raw, it)) {
                None => Ok(done()),
                Some(change) => Err(Mishap::new(Fault::NotWritten, change.field.clone())),
            }
        })
    }
}

fn stands(raw: &Value, change: &Change) -> bool {
    pointer::named(raw, &change.field).unwrap_or_default() == change.after.reveal().trim()
}

/// The request of a rule with the new values in it.
fn written(
    rule: &RectifyRule,
    changes: &[&Change],
    now: &Now<'_>,
) -> Result<(super::description::Request, super::template::Values), Mishap> {
    let mut write = rule.write.clone();
    let mut values = now.values.clone();
    if let [change] = changes {
        values.set("new", change.after.reveal().as_str());
    }
    if let Some(into) = &rule.into {
        let body = write.body.get_or_insert_with(|| Value::Object(Map::new()));
        for change in changes {
            let steps = into
                .split('/')
                .filter(|it| !it.is_empty())
                .chain(change.field.split('.'));
            // A brace in a value is no blank.
            let text = change.after.reveal().replace('{', "{{").replace('}', "}}");
            put(body, steps.collect(), text)?;
        }
    }
    Ok((write, values))
}

fn put(body: &mut Value, steps: Vec<&str>, text: String) -> Result<(), Mishap> {
    let mut at = body;
    for step in steps {
        if at.is_null() {
            *at = Value::Object(Map::new());
        }
        let map = at
            .as_object_mut()
            .ok_or_else(|| Mishap::new(Fault::Misconfigured, "rectify.into is no object"))?;
        at = map.entry(step).or_insert(Value::Null);
    }
    *at = Value::String(text);
    Ok(())
}

impl Restrict for Declared {
    fn restrict<'a>(
        &'a self,
        record: &'a RecordRef,
        restricted: bool,
    ) -> BoxFuture<'a, Result<Outcome, Mishap>> {
        Box::pin(async move {
            let place = self.place(record)?;
            let Some(rule) = &place.restrict else {
                return Ok(Outcome::new(Fate::Kept, "by hand"));
            };
            let missing = || Mishap::new(Fault::Missing, "it is not there any more");
            let now = self.now(place, record).await?.ok_or_else(missing)?;
            let outcome = || match restricted {
                true => Outcome::new(Fate::Restricted, "the mark is there"),
                false => Outcome::new(Fate::Free, "no mark is there"),
            };
            self.same(&now, record)?;
            if marked(rule, &now.raw) == restricted {
                return Ok(outcome());
            }
            let write = match (restricted, &rule.off) {
                (true, _) => &rule.on,
                (false, Some(off)) => off,
                (false, None) => return Ok(Outcome::new(Fate::Kept, "lifted by hand")),
            };
            if let Some(dry) = self.dry(1) {
                return Ok(dry);
            }
            self.writing()?.send(write, &now.values).await?;
            let after = self.now(place, record).await?.ok_or_else(missing)?;
            match marked(rule, &after.raw) == restricted {
                true => Ok(outcome()),
                false => Err(Mishap::new(Fault::NotWritten, rule.at.clone())),
            }
        })
    }
}

fn marked(rule: &RestrictRule, raw: &Value) -> bool {
    let found = Pointer::parse(&rule.at)
        .map(|it| it.all(raw))
        .unwrap_or_default();
    found.into_iter().any(|value| match &rule.is {
        Some(wanted) => wanted.is(value),
        None => !pointer::is_nothing(value),
    })
}

impl Suppress for Declared {
    fn suppress<'a>(&'a self, wanted: &'a Identifier) -> BoxFuture<'a, Result<Outcome, Mishap>> {
        Box::pin(async move {
            if self.entered(wanted).await? {
                return Ok(Outcome::new(Fate::Suppressed, "stood there already"));
            }
            if let Some(dry) = self.dry(1) {
                return Ok(dry);
            }
            self.enter(wanted).await?;
            Ok(Outcome::new(Fate::Suppressed, "stands there"))
        })
    }
}

impl Declared {
    fn suppression(&self, wanted: &Identifier) -> Result<&SuppressRule, Mishap> {
        let rule = self
            .description
            .suppress
            .as_ref()
            .filter(|it| it.by == wanted.kind);
        rule.ok_or_else(|| Mishap::new(Fault::Unknown, "no list takes such an identifier"))
    }

    /// Whether it stands on the list.
    pub(super) async fn entered(&self, wanted: &Identifier) -> Result<bool, Mishap> {
        let rule = self.suppression(wanted)?;
        let values = self.values.with(wanted.kind.code(), wanted.canonical());
        let mut pages = pages::Pages::new(&self.reading, &rule.read, &values);
        while let Some(page) = pages.next().await? {
            let texts = page
                .iter()
                .flat_map(|entry| pointer::texts(&rule.at, entry));
            if texts.into_iter().any(|text| wanted.is(&text)) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Enters it, if it is not there, and reads back.
    pub(super) async fn enter(&self, wanted: &Identifier) -> Result<(), Mishap> {
        if self.entered(wanted).await? {
            return Ok(());
        }
        let rule = self.suppression(wanted)?;
        let values = self.values.with(wanted.kind.code(), wanted.canonical());
        let Said::Something(..) = self.writing()?.send(&rule.write, &values).await? else {
            return Err(Mishap::new(Fault::NotWritten, "suppress"));
        };
        match self.entered(wanted).await? {
            true => Ok(()),
            false => Err(Mishap::new(Fault::NotWritten, "suppress")),
        }
    }
}
