//! Securing what would be gone before the answer is due: logs, recordings, mail that is deleted by itself.
//! It is disclosed only after the proof, and goes with the case's copies.

use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};

use super::case::Case;
use super::collection::Outcome;
use super::event::Event;
use super::ids::{FileId, SystemId};
use super::obstacle::Obstacle;
use super::private::Private;
use super::register::System;
use super::right::Right;

/// What came of securing a source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "is")]
pub enum Secured {
    /// A sealed copy was laid to the case, or the deletion was stopped there.
    Done {
        /// What was done.
        note: Private<String>,
        /// The sealed copies.
        files: Vec<FileId>,
    },
    /// Nothing to secure; why.
    Needless {
        /// Why; never empty.
        because: Private<String>,
    },
}

impl Secured {
    /// This, and what was secured of the same system before: a second copy takes nothing of the first away, and a
    /// later "nothing to secure" does not undo what lies in the file.
    pub(super) fn after(self, earlier: Option<Secured>) -> Secured {
        match (earlier, self) {
            (
                Some(Secured::Done { note, mut files }),
                Secured::Done {
                    note: more,
                    files: later,
                },
            ) => {
                files.extend(
                    later
                        .into_iter()
                        .filter(|it| !files.contains(it))
                        .collect::<Vec<_>>(),
                );
                let note = format!("{}\n{}", note.reveal(), more.reveal()).into();
                Secured::Done { note, files }
            }
            (Some(done @ Secured::Done { .. }), Secured::Needless { .. }) => done,
            (_, now) => now,
        }
    }

    /// What was found, with what was secured of it.
    pub(super) fn beside(&self, outcome: Outcome) -> Outcome {
        match (outcome, self) {
            (Outcome::Found { text, mut files }, Secured::Done { files: kept, .. }) => {
                files.extend(kept);
                files.sort();
                files.dedup();
                Outcome::Found { text, files }
            }
            (outcome, _) => outcome,
        }
    }
}

/// A source whose period ends before the answer is due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preserve {
    /// Which system.
    pub system: SystemId,
    /// Its name.
    pub name: String,
    /// After so many days what it holds is gone.
    pub days: u16,
    /// The last day on which what was there at receipt is still there.
    pub gone_after: NaiveDate,
}

impl Case {
    /// The sources that must be secured at once: what is asked for is all that is held when the request comes, and
    /// a deletion by itself must not answer it (Art. 15, 18, 20 GDPR).
    pub fn to_preserve(&self, systems: &[System]) -> Vec<Preserve> {
        let asks = |right: Right| {
            matches!(
                right,
                Right::Access | Right::Restriction | Right::Portability
            )
        };
        let owed = self.unanswered().iter().any(|item| asks(item.right));
        if !owed || self.closed.is_some() {
            return vec![];
        }
        let (received, due) = (self.intake.received, self.due());
        let open = systems
            .iter()
            .filter(|system| !self.secured.contains_key(&system.id));
        let fleeting = open.filter_map(|system| {
            let days = system
                .runs_out_after()
                .filter(|_| system.nothing().is_none())?;
            let gone_after = received.checked_add_days(Days::new(u64::from(days)))?;
            (gone_after < due).then(|| Preserve {
                system: system.id,
                name: system.name.clone(),
                days,
                gone_after,
            })
        });
        fleeting.collect()
    }

    /// Records that a source was secured, or why it need not be.
    pub fn preserve(&self, system: SystemId, secured: Secured) -> Result<Vec<Event>, Obstacle> {
        self.must_be_open()?;
        let words = match &secured {
            Secured::Done { note, .. } => note,
            Secured::Needless { because } => because,
        };
        if words.reveal().trim().is_empty() {
            return Err(Obstacle::Empty("secured"));
        }
        Ok(vec![Event::Secured { system, secured }])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::case::tests::{case, clerk, now, system};
    use crate::domain::register::Category;

    fn keeps(id: i64, period: &str) -> System {
        System {
            categories: vec![Category {
                name: "Protokoll".into(),
                period: period.parse().ok(),
                ..Category::default()
            }],
            ..system(id)
        }
    }

    #[test]
    fn art_15_3_what_would_be_gone_before_the_answer_is_secured_at_once() {
        let systems = [keeps(1, "log:7"), keeps(2, "log:90"), keeps(3, "account")];
        let mut asked = case(&[Right::Access], None);
        let at_risk = asked.to_preserve(&systems);
        assert_eq!(at_risk.len(), 1);
        let first = at_risk.first().unwrap();
        assert_eq!((first.system, first.days), (SystemId(1), 7));
        assert_eq!(first.gone_after, "2026-03-09".parse().unwrap());
        let nothing = Secured::Needless {
            because: String::new().into(),
        };
        assert_eq!(
            asked.preserve(SystemId(1), nothing),
            Err(Obstacle::Empty("secured"))
        );
        let done = Secured::Done {
            note: "Protokoll kopiert".to_owned().into(),
            files: vec![FileId(4)],
        };
        for event in asked.preserve(SystemId(1), done).unwrap() {
            asked.apply(&event, now(), &clerk());
        }
        assert!(asked.to_preserve(&systems).is_empty());

        let again = Secured::Done {
            note: "Rest kopiert".to_owned().into(),
            files: vec![FileId(4), FileId(5)],
        };
        let needless = Secured::Needless {
            because: "Nichts mehr da".to_owned().into(),
        };
        for later in [again, needless] {
            for event in asked.preserve(SystemId(1), later).unwrap() {
                asked.apply(&event, now(), &clerk());
            }
        }
        let both = Secured::Done {
            note: "Protokoll kopiert\nRest kopiert".to_owned().into(),
            files: vec![FileId(4), FileId(5)],
        };
        assert_eq!(asked.secured.get(&SystemId(1)), Some(&both));
    }

    #[test]
    fn an_erasure_secures_nothing() {
        let systems = [keeps(1, "log:7")];
        assert!(
            case(&[Right::Erasure], None)
                .to_preserve(&systems)
                .is_empty()
        );
    }
}
