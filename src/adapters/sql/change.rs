//! Puts right, restricts, and enters into the list of whom nothing is sent to: each in one transaction, each read back.

use futures_util::future::BoxFuture;

use super::Sql;
use super::line::{As, Row, Session};
use super::look::{nobody, not_written, run};
use super::named::{Parameter, Values};
use crate::domain::identifier::{Identifier, SearchKey};
use crate::ports::source::{
    Change, Fate, Fault, Mishap, Outcome, RecordRef, Rectify, Restrict, Suppress,
};

impl Sql {
    async fn do_rectify(&self, record: &RecordRef, changes: &[Change]) -> Result<Outcome, Mishap> {
        let place = self.plan.place(&record.kind)?;
        let mut steps = Vec::new();
        for change in changes {
            let declared = place.rectify.get(&change.field);
            let unknown = || {
                Mishap::new(
                    Fault::Unknown,
                    format!("place {}: no statement for a field", place.name),
                )
            };
            steps.push((change, declared.ok_or_else(unknown)?));
        }
        let mut line = self.engine.line(As::Writer).await?;
        let mut session = line.begin().await?;
        let gone = || Mishap::new(Fault::Missing, "no row");
        let row = place
            .look(session.as_mut(), record)
            .await?
            .ok_or_else(gone)?;
        if !stands(&row, changes) {
            place.still(&row, record)?;
            for (change, step) in steps {
                let now = row.text(&change.field).unwrap_or_default();
                if now == change.after.reveal() {
                    continue;
                }
                if now
                    != change
                        .before
                        .as_ref()
                        .map(|it| it.reveal().as_str())
                        .unwrap_or_default()
                {
                    return Err(Mishap::new(
                        Fault::Conflict,
                        "something else stands there now",
                    ));
                }
                let values = Values::from([
                    (Parameter::Id, record.id.reveal().clone()),
                    (Parameter::Value, change.after.reveal().clone()),
                ]);
                run(session.as_mut(), std::slice::from_ref(step), &values).await?;
            }
            let after = place.look(session.as_mut(), record).await?;
            if !after.is_some_and(|row| stands(&row, changes)) {
                return Err(not_written("another value came out"));
            }
        }
        session.end(true).await?;
        drop(line);
        match self.read_back(place, record).await? {
            Some(row) if stands(&row, changes) => Ok(Outcome::new(
                Fate::Changed,
                format!("{} fields", changes.len()),
            )
            .leaving(self.leftovers.clone())),
            _ => Err(not_written("another value stands there")),
        }
    }

    async fn do_restrict(&self, record: &RecordRef, restricted: bool) -> Result<Outcome, Mishap> {
        let place = self.plan.place(&record.kind)?;
        let unknown = || {
            Mishap::new(
                Fault::Unknown,
                format!("place {}: no statement for it", place.name),
            )
        };
        let mark = place.settings.restrict.as_ref().ok_or_else(unknown)?;
        let marked =
            |row: &Row| (row.text(&mark.column) == Some(mark.value.as_str())) == restricted;
        let mut line = self.engine.line(As::Writer).await?;
        let mut session = line.begin().await?;
        let gone = || Mishap::new(Fault::Missing, "no row");
        let row = place
            .look(session.as_mut(), record)
            .await?
            .ok_or_else(gone)?;
        place.still(&row, record)?;
        if !marked(&row) {
            let steps = if restricted { &place.set } else { &place.lift };
            run(session.as_mut(), steps, &place.values(&row, record)).await?;
            if !place
                .look(session.as_mut(), record)
                .await?
                .is_some_and(|row| marked(&row))
            {
                return Err(not_written("the mark is not as it shall be"));
            }
        }
        session.end(true).await?;
        drop(line);
        match self.read_back(place, record).await? {
            Some(row) if marked(&row) => {
                let fate = if restricted {
                    Fate::Restricted
                } else {
                    Fate::Free
                };
                Ok(Outcome::new(fate, format!("column {}", mark.column)))
            }
            _ => Err(not_written("the mark is not as it shall be")),
        }
    }

    async fn on_the_list(
        &self,
        session: &mut dyn Session,
        wanted: &Identifier,
    ) -> Result<bool, Mishap> {
        let Some(list) = &self.plan.suppress else {
            return Err(Mishap::new(Fault::Unknown, "no list is declared"));
        };
        let values = Values::from([(Parameter::Key(SearchKey::Email), wanted.canonical())]);
        let bound = list.read.bound(&values).ok_or_else(nobody)?;
        let mut rows: Vec<Row> = Vec::new();
        session.rows(&list.read, &bound, &mut rows).await?;
        Ok(rows
            .iter()
            .filter_map(|row| row.text(&list.column))
            .any(|text| wanted.is(text)))
    }

    async fn do_suppress(&self, wanted: &Identifier) -> Result<Outcome, Mishap> {
        if wanted.kind != SearchKey::Email {
            return Err(nobody());
        }
        let mut line = self.engine.line(As::Writer).await?;
        let mut session = line.begin().await?;
        if !self.on_the_list(session.as_mut(), wanted).await? {
            let steps = self
                .plan
                .suppress
                .as_ref()
                .map(|it| it.steps.as_slice())
                .unwrap_or_default();
            let values = Values::from([(Parameter::Key(SearchKey::Email), wanted.canonical())]);
            run(session.as_mut(), steps, &values).await?;
        }
        session.end(true).await?;
        drop(line);
        let mut line = self.engine.line(As::Reader).await?;
        let mut session = line.begin().await?;
        let there = self.on_the_list(session.as_mut(), wanted).await?;
        session.end(false).await?;
        match there {
            true => Ok(Outcome::new(Fate::Suppressed, "on the list")),
            false => Err(not_written("not on the list")),
        }
    }
}

fn stands(row: &Row, changes: &[Change]) -> bool {
    changes
        .iter()
        .all(|change| row.text(&change.field).unwrap_or_default() == change.after.reveal())
}

impl Rectify for Sql {
    fn rectify<'a>(
        &'a self,
        record: &'a RecordRef,
        changes: &'a [Change],
    ) -> BoxFuture<'a, Result<Outcome, Mishap>> {
        Box::pin(self.do_rectify(record, changes))
    }
}

impl Restrict for Sql {
    fn restrict<'a>(
        &'a self,
        record: &'a RecordRef,
        restricted: bool,
    ) -> BoxFuture<'a, Result<Outcome, Mishap>> {
        Box::pin(self.do_restrict(record, restricted))
    }
}

impl Suppress for Sql {
    fn suppress<'a>(&'a self, wanted: &'a Identifier) -> BoxFuture<'a, Result<Outcome, Mishap>> {
        Box::pin(self.do_suppress(wanted))
    }
}
