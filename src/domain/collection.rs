//! The search: one task for every system that may hold data, answered by a person or a machine.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::case::Case;
use super::event::Event;
use super::identifier::Identifier;
use super::ids::{FileId, SystemId};
use super::obstacle::Obstacle;
use super::owner::{Asking, SystemOwner};
use super::private::Private;
use super::register::{SearchKey, System};
use super::scope::Actor;
use super::sifting::Heap;
use super::source::{Asked, Doubt};

/// What came out of a task. An empty answer is said, never inferred.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "is")]
pub enum Outcome {
    /// Data were found; what, in words, and the files that hold it.
    Found {
        /// What was found.
        text: Private<String>,
        /// Copies, sealed.
        files: Vec<FileId>,
    },
    /// Searched, and nothing there.
    Nothing {
        /// What was searched, and with what.
        text: Private<String>,
    },
    /// It could not be searched; why.
    NotPossible {
        /// The reason, never empty.
        because: Private<String>,
    },
    /// The system cannot be searched by anything that is known of the person.
    NoMatchingKey,
}

/// How far a task is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "is")]
pub enum TaskState {
    /// Nobody has answered yet.
    Open,
    /// Answered.
    Answered {
        /// What came out.
        outcome: Outcome,
        /// When.
        at: DateTime<Utc>,
        /// By whom.
        by: Actor,
    },
}

/// The question to one system.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Task {
    /// Which system; the register may change later, the name stays as it was.
    pub system: SystemId,
    /// Its name when the search began.
    pub name: String,
    /// Its stable name in the register; empty in cases from before systems were connected.
    #[serde(default)]
    pub slug: String,
    /// What it can be searched by.
    pub keys: Vec<SearchKey>,
    /// Which categories of data it holds; each is judged on its own.
    #[serde(default)]
    pub categories: Vec<String>,
    /// Whether it sends advertising.
    pub marketing: bool,
    /// Who answers for it, if the register named somebody when the search began.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<SystemOwner>,
    /// The question to its owner, the latest one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asking: Option<Asking>,
    /// How far it is.
    pub state: TaskState,
}

impl Task {
    /// A fresh question to a system, or none when the register says that it holds nothing personal.
    pub fn for_system(system: &System) -> Option<Task> {
        if system
            .holds_nothing
            .as_ref()
            .is_some_and(|why| !why.trim().is_empty())
        {
            return None;
        }
        Some(Task {
            system: system.id,
            name: system.name.clone(),
            slug: system.slug.clone(),
            keys: system.keys.clone(),
            categories: system
                .categories
                .iter()
                .map(|category| category.name.clone())
                .collect(),
            marketing: system.marketing,
            owner: system.who_answers(),
            asking: None,
            state: TaskState::Open,
        })
    }

    /// Whether nobody has answered yet.
    pub fn open(&self) -> bool {
        self.state == TaskState::Open
    }

    /// Whether it can be searched by one of these keys. No key in the register means: by anything.
    pub fn searchable_by(&self, known: &[SearchKey]) -> bool {
        self.keys.is_empty() || self.keys.iter().any(|key| known.contains(key))
    }

    /// What came out, if answered.
    pub fn outcome(&self) -> Option<&Outcome> {
        match &self.state {
            TaskState::Open => None,
            TaskState::Answered { outcome, .. } => Some(outcome),
        }
    }

    /// Whether connected systems answered for it, and no person did: what it says then is where they looked.
    pub fn answered_by_machine(&self) -> bool {
        matches!(&self.state, TaskState::Answered { by, .. } if *by == Actor::house())
    }

    /// Whether data were found.
    pub fn found(&self) -> bool {
        matches!(self.outcome(), Some(Outcome::Found { .. }))
    }
}

/// What a connected system was asked, and what came out: the evidence, found or not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Searched {
    /// Which system of the register.
    pub system: SystemId,
    /// By which connection.
    pub source: String,
    /// When.
    pub at: DateTime<Utc>,
    /// By which identifiers, as they were given.
    pub by: Vec<Identifier>,
    /// The questions, each with how many hits were hers.
    pub asked: Vec<Asked>,
    /// Why it may not be all.
    pub doubts: Vec<Doubt>,
    /// What lies before the office because of it, by category.
    pub held: Vec<Held>,
}

/// How much of one category a connected system holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Held {
    /// The category of the findings.
    pub category: String,
    /// Its name: that of the register where one is named for it, so that its purposes and periods count.
    pub name: String,
    /// How many.
    pub count: u64,
}

impl Searched {
    /// How many records lie before the office.
    pub fn laid(&self) -> u64 {
        self.held.iter().map(|held| held.count).sum()
    }

    /// Whether the machine alone may say that this is all. Else a person reads the doubts and answers for the system.
    pub fn suffices(&self) -> bool {
        !self.asked.is_empty() && !self.doubts.iter().any(Doubt::forbids_all)
    }
}

impl Collection {
    /// What was not hers is not counted any more: nobody tells her of what others have there.
    pub fn takes_away(&mut self, heap: &Heap, count: u64) {
        let mut left = count;
        let searched = self.searched.iter_mut();
        let of_it = searched.filter(|it| it.system == heap.system);
        for held in of_it.flat_map(|it| &mut it.held) {
            if held.category == heap.category {
                let gone = held.count.min(left);
                held.count -= gone;
                left -= gone;
            }
        }
    }
}

/// The whole search of a case.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Collection {
    /// Whether it has begun.
    pub begun: bool,
    /// One task per system.
    pub tasks: Vec<Task>,
    /// What connected systems said, each its latest word.
    #[serde(default)]
    pub searched: Vec<Searched>,
    /// Why it was decided although tasks were open, if so.
    pub cut_short: Option<Private<String>>,
}

impl Collection {
    /// What connected systems hold of a task's system, by the names of their categories, each once.
    pub fn held_in(&self, system: SystemId) -> Vec<&str> {
        let mut names: Vec<&str> = Vec::new();
        for searched in self.searched.iter().filter(|it| it.system == system) {
            for held in searched.held.iter().filter(|held| held.count > 0) {
                if !names.contains(&held.name.as_str()) {
                    names.push(&held.name);
                }
            }
        }
        names
    }

    /// How many tasks are unanswered.
    pub fn open(&self) -> usize {
        self.tasks.iter().filter(|task| task.open()).count()
    }
}

impl Case {
    /// Asks every system of the register that may hold data.
    pub fn begin_search(&self, systems: &[System]) -> Result<Vec<Event>, Obstacle> {
        self.must_be_open()?;
        if self.items.is_empty() {
            return Err(Obstacle::NoRight);
        }
        if self.collection.begun {
            return Ok(vec![]);
        }
        let mut events = vec![Event::SearchBegun {
            tasks: systems.iter().filter_map(Task::for_system).collect(),
        }];
        events.extend(self.propose_identifiers(self.hinted()));
        Ok(events)
    }

    /// What one system answered.
    pub fn answer_task(&self, system: SystemId, outcome: Outcome) -> Result<Vec<Event>, Obstacle> {
        self.must_be_open()?;
        if !self.collection.begun {
            return Err(Obstacle::SearchNotBegun);
        }
        if !self
            .collection
            .tasks
            .iter()
            .any(|task| task.system == system)
        {
            return Err(Obstacle::UnknownTask);
        }
        match &outcome {
            Outcome::NotPossible { because } if because.reveal().trim().is_empty() => {
                return Err(Obstacle::Empty("because"));
            }
            Outcome::Found { text, files }
                if text.reveal().trim().is_empty() && files.is_empty() =>
            {
                return Err(Obstacle::Empty("found"));
            }
            _ => {}
        }
        let outcome = self.with_secured(system, self.with_earlier(system, outcome));
        Ok(vec![Event::TaskAnswered { system, outcome }])
    }

    /// What was secured in a system is a part of what was found there.
    fn with_secured(&self, system: SystemId, outcome: Outcome) -> Outcome {
        match self.secured.get(&system) {
            Some(secured) => secured.beside(outcome),
            None => outcome,
        }
    }

    /// Closes together the systems that cannot be searched by anything known of the person.
    pub fn close_unsearchable(&self) -> Result<Vec<Event>, Obstacle> {
        self.must_be_open()?;
        let known = self.known_keys();
        Ok(self
            .collection
            .tasks
            .iter()
            .filter(|task| task.open() && !task.searchable_by(&known))
            .map(|task| Event::TaskAnswered {
                system: task.system,
                outcome: Outcome::NoMatchingKey,
            })
            .collect())
    }

    /// Ends the search although systems have not answered; a person says why.
    pub fn cut_short(&self, because: &str) -> Result<Vec<Event>, Obstacle> {
        self.must_be_open()?;
        if because.trim().is_empty() {
            return Err(Obstacle::Empty("because"));
        }
        Ok(vec![Event::SearchCutShort {
            because: because.trim().into(),
        }])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_not_hers_is_not_told_to_her() {
        let held = |category: &str, count| Held {
            category: category.to_owned(),
            name: category.to_owned(),
            count,
        };
        let searched = |source: &str, all: Vec<Held>| Searched {
            system: SystemId(1),
            source: source.to_owned(),
            at: DateTime::UNIX_EPOCH,
            by: vec![],
            asked: vec![],
            doubts: vec![],
            held: all,
        };
        let mut collection = Collection {
            searched: vec![
                searched("one", vec![held("mail", 1), held("account", 3)]),
                searched("two", vec![held("mail", 4)]),
            ],
            ..Collection::default()
        };
        let heap = |system| Heap {
            system: SystemId(system),
            category: "mail".to_owned(),
        };
        collection.takes_away(&heap(1), 3);
        collection.takes_away(&heap(2), 3);
        let left: Vec<u64> = collection.searched.iter().map(Searched::laid).collect();
        assert_eq!(left, [3, 2]);
    }
}
