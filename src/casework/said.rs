//! What was said of findings one by one, gathered by category: where the decision on a category begins.

use super::error::Error;
use super::findings::Counted;
use super::office::Office;
use crate::domain::case::Case;
use crate::domain::finding::Reason;
use crate::domain::ids::{CaseId, SystemId};
use crate::domain::judgement::Treatment;
use crate::domain::scope::Scope;
use crate::domain::sifting::Heap;
use crate::storage::findings;

/// What the findings of a category say together.
#[derive(Debug, Clone)]
pub struct Said {
    /// In which system.
    pub system: SystemId,
    /// The category, as the case names it.
    pub category: String,
    /// What happens to it: never less careful than any of its findings.
    pub treatment: Treatment,
    /// Why and until when, as it was written for one of them.
    pub reason: Reason,
}

/// What holds for a category by what was said of its findings; nothing, where all are treated as the person wishes.
fn together(counted: &[&Counted], gives: bool) -> Option<Treatment> {
    let said = |it: &&&Counted| match gives {
        true => it.giving,
        false => it.ending,
    };
    let any = |treatment| counted.iter().any(|it| said(&it) == Some(treatment));
    let all = |treatment| counted.iter().all(|it| said(&it) == Some(treatment));
    match gives {
        true if all(Treatment::Withhold) => Some(Treatment::Withhold),
        true => (any(Treatment::Redact) || any(Treatment::Withhold)).then_some(Treatment::Redact),
        false => [Treatment::Keep, Treatment::Restrict, Treatment::Anonymise]
            .into_iter()
            .find(|it| any(*it)),
    }
}

impl Office {
    /// What was said of findings, by category.
    ///
    /// # Errors
    /// Of the store.
    pub async fn said_of_findings(&self, scope: &Scope, case: CaseId) -> Result<Vec<Said>, Error> {
        let counted = self.heaps(scope, case).await?;
        let hers = counted.iter().filter(|it| !it.candidates && it.held > 0);
        let mut heaps: Vec<(Heap, Vec<&Counted>)> = Vec::new();
        for one in hers {
            let heap = Heap {
                system: one.system,
                category: one.category.clone(),
            };
            match heaps.iter_mut().find(|(it, _)| *it == heap) {
                Some((_, counted)) => counted.push(one),
                None => heaps.push((heap, vec![one])),
            }
        }
        let (case, _, key) = self.open_with_key(scope, case).await?;
        let mut all = Vec::new();
        for (heap, counted) in &heaps {
            let Some(category) = name_of(&case, heap) else {
                continue;
            };
            for gives in [true, false] {
                let Some(treatment) = together(counted, gives) else {
                    continue;
                };
                all.push(Said {
                    system: heap.system,
                    category: category.clone(),
                    treatment,
                    reason: self.reason_of((&case, &key), heap, treatment).await?,
                });
            }
        }
        Ok(all)
    }

    /// Why: as it was written for all of a heap, else for the first of them.
    async fn reason_of(
        &self,
        (case, key): (&Case, &crate::seal::Key),
        heap: &Heap,
        treatment: Treatment,
    ) -> Result<Reason, Error> {
        let mut also = vec![treatment];
        if treatment == Treatment::Redact {
            also.push(Treatment::Withhold);
        }
        for treatment in also {
            let sifted = case.sifted(heap, treatment.gives());
            if let Some(sifted) = sifted.filter(|it| it.treatment == treatment) {
                return Ok(sifted.reason.clone());
            }
            let (id, heap) = (case.id, heap.clone());
            let line = self
                .store
                .read(move |conn| findings::said(conn, id, &heap, treatment))
                .await?;
            if let Some(line) = line {
                let mark = line.mark(key)?;
                return Ok(match treatment.gives() {
                    true => mark.giving,
                    false => mark.ending,
                });
            }
        }
        Ok(Reason::default())
    }
}

/// The name of a heap's category in the case.
fn name_of(case: &Case, heap: &Heap) -> Option<String> {
    let searched = case.collection.searched.iter();
    let of_it = searched.filter(|it| it.system == heap.system);
    let mut held = of_it.flat_map(|it| &it.held);
    held.find(|it| it.category == heap.category)
        .map(|it| it.name.clone())
}
