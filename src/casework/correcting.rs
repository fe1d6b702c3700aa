//! Putting right (Art. 16 GDPR): what is said at a finding of what shall stand there, and what the decision tells of it.

use super::desk::{Deed, Outcome};
use super::error::Error;
use super::findings::{Sheet, Sifting};
use super::office::Office;
use crate::domain::ids::{CaseId, FindingId};
use crate::domain::measure::Correction;
use crate::domain::obstacle::Obstacle;
use crate::domain::right::Right;
use crate::domain::scope::{Role, Scope};
use crate::words::sources;

impl Office {
    /// Says what of a finding is put right over there: for fields of its record, by their place, what shall stand there.
    /// What is left empty stays as it is; without anything left, nothing is put right.
    ///
    /// # Errors
    /// An [`Obstacle`]; there is no such finding, or no such field.
    pub async fn correct(
        &self,
        scope: &Scope,
        case: CaseId,
        seen: i64,
        id: FindingId,
        typed: &[(usize, String)],
    ) -> Result<Outcome, Error> {
        let Sheet {
            heap,
            shown,
            record,
            mark,
        } = self.sheet(scope, case, id).await?;
        // Nobody else's data are changed: first it is said whether it is hers.
        if shown.candidate {
            return Err(Obstacle::FindingsOpen { open: 1 }.into());
        }
        let changes = mark
            .corrected(&record, shown.put_right(), typed)
            .ok_or(Error::NotFound)?;
        let count = u64::try_from(changes.len()).unwrap_or(u64::MAX);
        self.act(scope, case, Some(seen), Role::Handler, |case, moment| {
            let events = case.correct(heap.clone(), count)?;
            if changes == mark.changes {
                return Ok(Deed::from(vec![]));
            }
            Ok(Deed {
                sifting: Some(Sifting::Corrected {
                    id,
                    changes: changes.clone(),
                    key: moment.key.clone(),
                }),
                ..Deed::from(events)
            })
        })
        .await
    }

    /// What was said at findings, as the decision and the letter name it: once, wherever it is put right, and no more of
    /// it than `most`.
    ///
    /// # Errors
    /// Of the store.
    pub async fn noted_corrections(
        &self,
        scope: &Scope,
        case: CaseId,
        most: usize,
    ) -> Result<Vec<Correction>, Error> {
        let (case, _, key) = self.open_with_key(scope, case).await?;
        let mut noted: Vec<Correction> = Vec::new();
        for connected in self.can_act(&case, Right::Rectification) {
            let mut after = (i32::MIN, 0);
            loop {
                let rows = self
                    .portion(case.id, &connected.name, Right::Rectification, after)
                    .await?;
                let Some(last) = rows.last() else { break };
                after = last.place();
                for row in &rows {
                    let (record, mark) = (row.record(&key)?, row.mark(&key)?);
                    for change in &mark.changes {
                        let field = record.fields.iter().find(|it| it.name == change.field);
                        let label = field.and_then(|it| it.label.as_deref());
                        let one = Correction {
                            what: sources::field(&change.field, label, case.intake.lang),
                            old: change.before.clone().unwrap_or_default(),
                            new: change.after.clone(),
                        };
                        if !noted.contains(&one) {
                            noted.push(one);
                        }
                    }
                    if noted.len() >= most {
                        noted.truncate(most);
                        return Ok(noted);
                    }
                }
            }
        }
        Ok(noted)
    }
}
