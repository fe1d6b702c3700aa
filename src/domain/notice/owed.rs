//! Whom an act has to be told to, read from the register: who runs a system, who works for him, where copies went,
//! where it was public (Art. 19, 17(2), 28(4) GDPR).

use chrono::NaiveDate;

use super::{Expected, Notice, Told, due};
use crate::domain::case::Case;
use crate::domain::collection::Outcome;
use crate::domain::decision::Done;
use crate::domain::judgement::{Judgement, Treatment};
use crate::domain::register::{System, SystemRole};
use crate::domain::right::Right;

impl Case {
    /// Whom an act has to be told to: everybody else who runs a system in which data of the person were found or
    /// something was done, whoever works for them, whoever gets copies from there, and, where it was public and
    /// is erased, those who show it. Rectification, erasure and restriction are told (Art. 19 GDPR).
    pub fn notices_owed(
        &self,
        right: Right,
        done: &[Done],
        systems: &[System],
        today: NaiveDate,
    ) -> Vec<Notice> {
        if !right.is_told_on() {
            return vec![];
        }
        let touched: Vec<&System> = systems
            .iter()
            .filter(|system| {
                self.found_in(system) || done.iter().any(|it| it.system == system.name)
            })
            .filter(|system| !self.all_stays(right, system))
            .collect();
        let mut owed: Vec<Notice> = Vec::new();
        let copies = self.copies(right, &touched, systems);
        for system in touched.iter().chain(&copies) {
            owed.extend(recipients(right, system, due(today)));
        }
        let public: Vec<&System> = touched
            .iter()
            .copied()
            .filter(|system| !system.public.is_empty())
            .collect();
        if right == Right::Erasure {
            owed.extend(shown(&public, due(today)));
        }
        // Nobody is told twice of one act; of what is done a second time they are told again.
        let mut acted: Vec<&System> = touched
            .into_iter()
            .filter(|system| done.iter().any(|it| it.system == system.name))
            .collect();
        acted.extend(self.copies(right, &acted.clone(), systems));
        let again = |new: &Notice| {
            acted.iter().any(|system| match new.recipient.as_str() {
                "" => !system.public.is_empty(),
                _ => system.id == new.system,
            })
        };
        owed.retain(|new| {
            let mut before = self.notices.iter().filter(|old| same(old, new)).peekable();
            before.peek().is_none() || (again(new) && !before.any(Notice::open))
        });
        owed
    }

    fn found_in(&self, system: &System) -> bool {
        let mut tasks = self.collection.tasks.iter();
        tasks.any(|task| task.system == system.id && task.found())
    }

    /// Whether a search said that there is nothing of the person in it.
    fn free_of_her(&self, system: &System) -> bool {
        let empty = |outcome: Option<&Outcome>| matches!(outcome, Some(Outcome::Nothing { .. }));
        let mut tasks = self.collection.tasks.iter();
        system.nothing().is_some()
            || tasks.any(|task| task.system == system.id && empty(task.outcome()))
    }

    /// Where all stays as it is, there is nothing to tell.
    fn all_stays(&self, right: Right, system: &System) -> bool {
        let weighing = self.weighed.get(&right);
        let judged = weighing.into_iter().flat_map(|it| &it.judgements);
        let mut here = judged
            .filter(|it: &&Judgement| it.system == system.id)
            .peekable();
        here.peek().is_some() && here.all(|it| it.treatment == Treatment::Keep)
    }

    /// The systems that have copies from others, over any number of steps, as far as no search found them empty.
    fn copies<'a>(
        &self,
        right: Right,
        touched: &[&'a System],
        systems: &'a [System],
    ) -> Vec<&'a System> {
        let mut copies: Vec<&System> = Vec::new();
        let mut from: Vec<&System> = touched.to_vec();
        while let Some(system) = from.pop() {
            for slug in &system.copies_to {
                let known =
                    |it: &&System| touched.iter().chain(&copies).any(|seen| seen.id == it.id);
                let next = systems
                    .iter()
                    .find(|it| it.slug == *slug)
                    .filter(|it| !known(it) && !self.free_of_her(it))
                    .filter(|it| !self.all_stays(right, it));
                copies.extend(next);
                from.extend(next);
            }
        }
        copies
    }
}

/// The same task, settled or not.
fn same(old: &Notice, new: &Notice) -> bool {
    old.right == new.right
        && old.system == new.system
        && old.recipient == new.recipient
        && old.expected == new.expected
}

fn task(right: Right, system: &System, day: NaiveDate) -> Notice {
    Notice {
        right,
        system: system.id,
        recipient: match system.operator.trim() {
            "" => system.name.clone(),
            operator => operator.to_owned(),
        },
        contact: system.contact.clone(),
        through: String::new(),
        public: vec![],
        expected: match system.role {
            SystemRole::Internal | SystemRole::Processor => Expected::Instruct,
            SystemRole::IndependentController | SystemRole::Joint => Expected::Notify,
        },
        what: system.name.clone(),
        due: day,
        told: Told::Open,
    }
}

/// Who runs a system, and who works for him there; another controller's own helpers are his business.
fn recipients(right: Right, system: &System, day: NaiveDate) -> Vec<Notice> {
    let operator = task(right, system, day);
    let internal = system.role == SystemRole::Internal;
    let helpers = match operator.expected {
        Expected::Instruct => system.sub_processors.as_slice(),
        _ => &[],
    };
    let helper = |name: &str| Notice {
        recipient: name.trim().to_owned(),
        // Who works for us directly is reached by an address of its own, which the register does not know.
        through: if internal {
            String::new()
        } else {
            operator.recipient.clone()
        },
        contact: if internal {
            String::new()
        } else {
            operator.contact.clone()
        },
        ..operator.clone()
    };
    let helpers: Vec<Notice> = helpers.iter().map(|sub| helper(&sub.name)).collect();
    let own = (!internal).then(|| operator.clone());
    own.into_iter().chain(helpers).collect()
}

/// Each place where erased data were public, and, once, the search engines and others that show them.
fn shown(public: &[&System], day: NaiveDate) -> Vec<Notice> {
    let mut tasks: Vec<Notice> = Vec::new();
    for system in public {
        for place in &system.public {
            tasks.push(Notice {
                recipient: place.trim().to_owned(),
                contact: String::new(),
                public: vec![place.trim().to_owned()],
                expected: Expected::TakeDown,
                ..task(Right::Erasure, system, day)
            });
        }
    }
    let engines = public.first().map(|system| Notice {
        recipient: String::new(),
        contact: String::new(),
        public: tasks.iter().flat_map(|it| it.public.clone()).collect(),
        expected: Expected::TakeDown,
        ..task(Right::Erasure, system, day)
    });
    tasks.extend(engines);
    tasks
}
