//! Erases in a described system: what keeps a record is asked first, the list of whom nothing is sent to comes before,
//! and it is gone when the other side says so itself.

use futures_util::future::BoxFuture;
use serde_json::Value;

use super::Declared;
use super::acts::{Now, all_empty};
use super::description::{EraseRule, Place};
use super::lists::Shelf;
use super::pages::Pages;
use super::pointer;
use super::template::Values;
use super::translate::hangs;
use crate::domain::identifier::Identifier;
use crate::ports::source::{
    Erase, Fate, Fault, Manner, Mishap, Outcome, Preview, RecordRef, SideEffect,
};

impl Erase for Declared {
    fn preview<'a>(
        &'a self,
        record: &'a RecordRef,
        manner: Manner,
    ) -> BoxFuture<'a, Result<Preview, Mishap>> {
        Box::pin(async move {
            let place = self.place(record)?;
            let Some(rule) = rule(place, manner)? else {
                return Ok(self.foreseen(Fate::Kept, "by-hand", None));
            };
            let Some(now) = self.now(place, record).await? else {
                return Ok(Preview {
                    there: false,
                    ..self.foreseen(Fate::Gone, "", Some(rule))
                });
            };
            if is_anonymous(rule, &now.raw) {
                return Ok(Preview {
                    there: false,
                    ..self.foreseen(Fate::Anonymous, "", Some(rule))
                });
            }
            self.same(&now, record)?;
            if let Some(why) = self.keeps(rule, &now).await? {
                self.plan(&rule.instead, &now.values, most(rule)).await?;
                return Ok(Preview {
                    effects: Vec::new(),
                    ..self.foreseen(Fate::Kept, why, Some(rule))
                });
            }
            self.plan(&rule.steps, &now.values, most(rule)).await?;
            let mut preview = self.foreseen(fate(rule), "", Some(rule));
            preview.effects.extend(self.taken(&now).await?);
            Ok(preview)
        })
    }

    fn erase<'a>(
        &'a self,
        record: &'a RecordRef,
        manner: Manner,
    ) -> BoxFuture<'a, Result<Outcome, Mishap>> {
        Box::pin(async move {
            let place = self.place(record)?;
            let Some(rule) = rule(place, manner)? else {
                return Ok(
                    Outcome::new(Fate::Kept, "by hand").leaving(self.description.leftovers.clone())
                );
            };
            let leftovers = self.left(Some(rule));
            let Some(now) = self.now(place, record).await? else {
                return Ok(Outcome::new(Fate::Gone, "not there").leaving(leftovers));
            };
            if is_anonymous(rule, &now.raw) {
                return Ok(Outcome::new(Fate::Anonymous, "was done before").leaving(leftovers));
            }
            self.same(&now, record)?;
            let kept = self.keeps(rule, &now).await?;
            let steps = match kept {
                Some(why) if all_empty(&rule.empty, &now.raw) => {
                    return Ok(Outcome::new(Fate::Kept, why).leaving(leftovers));
                }
                Some(_) => &rule.instead,
                None => &rule.steps,
            };
            let plan = self.plan(steps, &now.values, most(rule)).await?;
            if let Some(dry) = self.dry(plan.len()) {
                return Ok(dry);
            }
            let listed = match rule.suppress_first && kept.is_none() {
                true => self.addresses(place, &now.raw),
                false => Vec::new(),
            };
            for address in &listed {
                self.enter(address).await?;
            }
            self.carry_out(&plan).await?;
            let after = self.now(place, record).await?;
            // Erasing takes the entry with it in some systems; then the next import brings her back.
            for address in &listed {
                if !self.entered(address).await? {
                    return Err(Mishap::new(
                        Fault::NotWritten,
                        "the suppression went with the record",
                    ));
                }
            }
            let left = after.as_ref().map(|now| all_empty(&rule.empty, &now.raw));
            let (fate, seen) = match (kept, left) {
                (Some(_), Some(false)) if !plan.is_empty() && !rule.empty.is_empty() => {
                    return Err(unwritten(rule));
                }
                (Some(why), Some(_)) => (Fate::Kept, why.to_owned()),
                (_, None) => (Fate::Gone, "not there".to_owned()),
                (None, Some(true)) => (
                    Fate::Anonymous,
                    format!("{} fields empty", rule.empty.len()),
                ),
                (None, Some(false)) => return Err(unwritten(rule)),
            };
            Ok(Outcome::new(fate, seen).leaving(leftovers))
        })
    }
}

impl Declared {
    /// Why it must stay, if it must.
    async fn keeps<'a>(
        &'a self,
        rule: &'a EraseRule,
        now: &Now<'_>,
    ) -> Result<Option<&'a str>, Mishap> {
        for keep in &rule.keeps {
            let mut shelf = Shelf::default();
            for scope in self.scopes(&keep.ask.each, &now.values, &mut shelf).await? {
                let mut pages = Pages::new(&self.reading, &keep.ask, &scope);
                while let Some(page) = pages.next().await? {
                    if !page.is_empty() {
                        return Ok(Some(&keep.why));
                    }
                }
            }
        }
        Ok(None)
    }

    /// What hangs on it and goes with it.
    async fn taken(&self, now: &Now<'_>) -> Result<Vec<SideEffect>, Mishap> {
        let mut effects = Vec::new();
        let below = self.description.place.iter();
        for place in below.filter(|it| it.of.as_deref() == Some(now.place.kind.as_str())) {
            let values: Values = now
                .values
                .with("parent", now.values.get("id").unwrap_or_default());
            let mut shelf = Shelf::default();
            let mut count = 0;
            for rule in place.find.iter().filter(|it| it.by.is_empty()) {
                for scope in self.scopes(&rule.each, &values, &mut shelf).await? {
                    let mut pages = Pages::new(&self.reading, rule, &scope);
                    while let Some(page) = pages.next().await? {
                        let hang = |raw: &&Value| hangs(place, raw, &scope) != Some(false);
                        count += page.iter().filter(hang).count() as u64;
                    }
                }
            }
            if count > 0 {
                effects.push(SideEffect::Takes {
                    kind: place.kind.clone(),
                    count,
                });
            }
        }
        Ok(effects)
    }

    /// The identifiers in a record that the list of whom nothing is sent to is about.
    fn addresses(&self, place: &Place, raw: &Value) -> Vec<Identifier> {
        let Some(by) = self.description.suppress.as_ref().map(|it| it.by) else {
            return Vec::new();
        };
        let fields = place.matches.get(&by).into_iter().flatten();
        fields
            .flat_map(|field| pointer::texts(field, raw))
            .filter_map(|text| Identifier::new(by, &text))
            .collect()
    }

    fn foreseen(&self, fate: Fate, why: &str, rule: Option<&EraseRule>) -> Preview {
        let effects = rule.map(|it| it.effects.as_slice()).unwrap_or_default();
        Preview {
            there: true,
            fate,
            why: why.to_owned(),
            effects: effects.iter().filter_map(|it| effect(it)).collect(),
            leftovers: self.left(rule),
        }
    }

    fn left(&self, rule: Option<&EraseRule>) -> Vec<crate::ports::source::Leftover> {
        let own = rule.map(|it| it.leftovers.as_slice()).unwrap_or_default();
        own.iter()
            .chain(&self.description.leftovers)
            .cloned()
            .collect()
    }
}

/// The rule of a place, if it knows this way of ending.
fn rule(place: &Place, manner: Manner) -> Result<Option<&EraseRule>, Mishap> {
    let Some(rule) = &place.erase else {
        return Ok(None);
    };
    match rule.manner.unwrap_or(Manner::Erase) == manner {
        true => Ok(Some(rule)),
        false => Err(Mishap::new(
            Fault::Unknown,
            format!("{}: it ends in another way here", place.kind),
        )),
    }
}

fn most(rule: &EraseRule) -> u32 {
    rule.most.unwrap_or(1)
}

fn fate(rule: &EraseRule) -> Fate {
    match rule.manner {
        Some(Manner::Anonymise) => Fate::Anonymous,
        _ => Fate::Gone,
    }
}

/// Whether it says nothing of anybody already.
fn is_anonymous(rule: &EraseRule, raw: &Value) -> bool {
    rule.manner == Some(Manner::Anonymise) && all_empty(&rule.empty, raw)
}

fn unwritten(rule: &EraseRule) -> Mishap {
    match rule.later {
        true => Mishap::new(Fault::UnderWay, "it is still there"),
        false => Mishap::new(Fault::NotWritten, "it is still there"),
    }
}

/// What is set off, as it is written in a description.
pub(super) fn effect(text: &str) -> Option<SideEffect> {
    match text.split_once(':') {
        None => (text == "final").then_some(SideEffect::Final),
        Some(("mail", whom)) => Some(SideEffect::Mail(whom.trim().to_owned())),
        Some(("webhook", what)) => Some(SideEffect::Webhook(what.trim().to_owned())),
        Some(_) => None,
    }
}
