//! Erases and makes anonymous: one transaction for all statements, looked at before and after, and read back by the role
//! that only reads. What does not come out as declared is taken back; a preview is the same, always taken back.

use futures_util::future::BoxFuture;

use super::Sql;
use super::line::{As, Session};
use super::look::{not_written, run};
use super::plan::{Place, Step};
use crate::ports::source::{
    Erase, Fate, Fault, Manner, Mishap, Outcome, Preview, RecordRef, SideEffect,
};

impl Sql {
    /// Everything up to the end of the transaction, and what would come of it.
    async fn try_erasing<'p>(
        &self,
        session: &mut dyn Session,
        place: &'p Place,
        record: &RecordRef,
        manner: Manner,
    ) -> Result<(Fate, Vec<(&'p Step, u64)>), Mishap> {
        // Nobody wrote down how: a person does it over there.
        let steps = place
            .steps_of(manner)
            .map_err(|_| Mishap::new(Fault::Refused, "by-hand"))?;
        let Some(before) = place.look(session, record).await? else {
            return Ok((Fate::Gone, Vec::new()));
        };
        let values = place.values(&before, record);
        if let Err(changed) = place.still(&before, record) {
            // Anonymous already, or somebody else's: the statements would change it then. Nothing of this trial stays.
            if manner == Manner::Anonymise
                && run(session, steps, &values).await.is_ok()
                && place.look(session, record).await?.as_ref() == Some(&before)
            {
                return Ok((Fate::Anonymous, Vec::new()));
            }
            return Err(changed);
        }
        let met = run(session, steps, &values).await?;
        match (place.look(session, record).await?, manner) {
            (None, _) => Ok((Fate::Gone, met)),
            (Some(after), Manner::Anonymise) if place.forgets(&before, &after) => {
                Ok((Fate::Anonymous, met))
            }
            (Some(_), _) => Err(not_written("the row stands as it was")),
        }
    }

    async fn would_erase(&self, record: &RecordRef, manner: Manner) -> Result<Preview, Mishap> {
        let place = self.plan.place(&record.kind)?;
        let mut line = self.engine.line(As::Writer).await?;
        let mut session = line.begin().await?;
        let tried = self
            .try_erasing(session.as_mut(), place, record, manner)
            .await;
        let (there, fate, why, effects) = match tried {
            Ok((fate, met)) => {
                let effects = if met.is_empty() {
                    Vec::new()
                } else {
                    effects(&met)
                };
                (!met.is_empty(), fate, String::new(), effects)
            }
            Err(mishap) if mishap.fault == Fault::Refused => {
                (true, Fate::Kept, mishap.detail, Vec::new())
            }
            Err(mishap) => return Err(mishap),
        };
        session.end(false).await?;
        Ok(Preview {
            there,
            fate,
            why,
            effects,
            leftovers: self.leftovers.clone(),
        })
    }

    async fn do_erase(&self, record: &RecordRef, manner: Manner) -> Result<Outcome, Mishap> {
        let place = self.plan.place(&record.kind)?;
        let mut line = self.engine.line(As::Writer).await?;
        let mut session = line.begin().await?;
        let erased = match self
            .try_erasing(session.as_mut(), place, record, manner)
            .await
        {
            Ok((fate, met)) => session.end(!met.is_empty()).await.map(|()| (fate, met)),
            Err(mishap) => {
                session.end(false).await.ok();
                Err(mishap)
            }
        };
        drop(line);
        let (fate, met) = match erased {
            Ok(erased) => erased,
            Err(mishap) if mishap.fault == Fault::Refused => {
                return Ok(Outcome::new(Fate::Kept, mishap.detail).leaving(self.leftovers.clone()));
            }
            Err(mishap) => return Err(mishap),
        };
        // Another line and another role: what stands there for everybody.
        let row = self.read_back(place, record).await?;
        let seen = match (&row, fate) {
            (None, _) => "no row",
            (Some(row), Fate::Anonymous) if met.is_empty() || place.still(row, record).is_err() => {
                "row without her"
            }
            (Some(_), _) if place.settings.follows.is_some() && fate == Fate::Anonymous => {
                "row as declared"
            }
            (Some(_), _) => return Err(not_written("the row stands there again")),
        };
        let fate = if row.is_none() { Fate::Gone } else { fate };
        Ok(
            Outcome::new(fate, format!("{seen}; {}", counted(&met)))
                .leaving(self.leftovers.clone()),
        )
    }
}

fn counted(met: &[(&Step, u64)]) -> String {
    let rows: Vec<String> = met.iter().map(|(_, rows)| rows.to_string()).collect();
    format!("rows met: {}", rows.join(", "))
}

fn effects(met: &[(&Step, u64)]) -> Vec<SideEffect> {
    let named = met.iter().filter(|(_, rows)| *rows > 0);
    named
        .filter_map(|(step, rows)| {
            let kind = step.takes.clone()?;
            Some(SideEffect::Takes { kind, count: *rows })
        })
        .chain([SideEffect::Final])
        .collect()
}

impl Erase for Sql {
    fn preview<'a>(
        &'a self,
        record: &'a RecordRef,
        manner: Manner,
    ) -> BoxFuture<'a, Result<Preview, Mishap>> {
        Box::pin(self.would_erase(record, manner))
    }

    fn erase<'a>(
        &'a self,
        record: &'a RecordRef,
        manner: Manner,
    ) -> BoxFuture<'a, Result<Outcome, Mishap>> {
        Box::pin(self.do_erase(record, manner))
    }
}
