//! People as a source: who answers for a system where no machine can be asked, until when, and what became of the question.

use chrono::{DateTime, Days, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::case::Case;
use super::collection::{Outcome, Task, TaskState};
use super::event::Event;
use super::identifier::{Identifier, mail_address};
use super::ids::SystemId;
use super::item::{Item, ItemState};
use super::obstacle::Obstacle;
use super::private::Private;
use super::scope::Actor;

/// Nobody gets longer than this, however far off the case's day is.
const LONGEST: i64 = 10;
/// So many days after the case's day the link still opens.
const GRACE: u64 = 7;

/// Who answers for a system, as the register names her.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct SystemOwner {
    /// Her mail address; the question goes there and nowhere else.
    pub email: Private<String>,
    /// Her name; may be empty.
    #[serde(default)]
    pub name: Private<String>,
}

impl SystemOwner {
    /// From the words of the register; none where there is no address.
    pub fn new(email: &str, name: &str) -> Option<SystemOwner> {
        let email = email.trim();
        mail_address(email)?;
        Some(SystemOwner {
            email: email.into(),
            name: name.trim().into(),
        })
    }
}

/// A question to the owner of a system.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asking {
    /// Which question to this system in this case, counted from one; each has a link of its own.
    pub number: u32,
    /// Who is asked.
    pub owner: SystemOwner,
    /// Since when.
    pub on: NaiveDate,
    /// Until when she should answer.
    pub due: NaiveDate,
    /// When she was reminded.
    #[serde(default)]
    pub reminded: Option<NaiveDate>,
    /// When the office was told that no answer came.
    #[serde(default)]
    pub overdue: Option<NaiveDate>,
    /// Whether nothing more can be answered.
    #[serde(default)]
    pub ended: bool,
    /// What had been answered when she was asked once more; only in the case, not in the event.
    #[serde(default)]
    pub earlier: Option<TaskState>,
}

impl Asking {
    /// The day on which she is reminded; none where the question itself is not older.
    pub fn reminder_on(&self) -> Option<NaiveDate> {
        self.due.pred_opt().filter(|day| *day > self.on)
    }

    /// The day on which the office is told that nothing came.
    pub fn overdue_on(&self) -> Option<NaiveDate> {
        self.due.succ_opt()
    }

    /// What is said now, with what was said before.
    fn beside(&self, outcome: Outcome) -> Outcome {
        let Some(TaskState::Answered {
            outcome: earlier, ..
        }) = &self.earlier
        else {
            return outcome;
        };
        let together = |before: &Private<String>, now: &Private<String>| {
            let (before, now) = (before.reveal().trim(), now.reveal().trim());
            let gap = if before.is_empty() || now.is_empty() {
                ""
            } else {
                "\n"
            };
            Private::from(format!("{before}{gap}{now}"))
        };
        match (earlier, outcome) {
            (
                Outcome::Found { text, files },
                Outcome::Found {
                    text: now,
                    files: more,
                },
            ) => {
                let fresh = more.iter().filter(|file| !files.contains(file));
                Outcome::Found {
                    text: together(text, &now),
                    files: files.iter().chain(fresh).copied().collect(),
                }
            }
            // What lies before the office does not go because nothing more is found.
            (Outcome::Found { text, files }, Outcome::Nothing { text: now })
            | (Outcome::Found { text, files }, Outcome::NotPossible { because: now }) => {
                Outcome::Found {
                    text: together(text, &now),
                    files: files.clone(),
                }
            }
            (_, outcome) => outcome,
        }
    }
}

/// The day until which an owner should answer: half of what is left, ten days at most, one at least.
pub fn due_of_question(today: NaiveDate, case_due: NaiveDate) -> NaiveDate {
    let left = case_due.signed_duration_since(today).num_days();
    let days = (left / 2).clamp(1, LONGEST).unsigned_abs();
    today.checked_add_days(Days::new(days)).unwrap_or(today)
}

impl Task {
    /// The question to its owner that can still be answered.
    pub fn asked_now(&self) -> Option<&Asking> {
        self.asking
            .as_ref()
            .filter(|asking| !asking.ended && self.open())
    }
}

impl Case {
    fn task(&self, system: SystemId) -> Result<&Task, Obstacle> {
        if !self.collection.begun {
            return Err(Obstacle::SearchNotBegun);
        }
        let mut tasks = self.collection.tasks.iter();
        tasks
            .find(|task| task.system == system)
            .ok_or(Obstacle::UnknownTask)
    }

    /// The question of this number, as long as it can be answered.
    pub fn asking(&self, system: SystemId, number: u32) -> Option<&Asking> {
        let asking = self.task(system).ok()?.asked_now()?;
        (asking.number == number && self.closed.is_none()).then_some(asking)
    }

    /// Until when the link to a question opens: a little longer than the case, which may be extended meanwhile.
    pub fn question_open_until(&self, asking: &Asking) -> NaiveDate {
        let day = self.due().max(asking.due);
        day.checked_add_days(Days::new(GRACE)).unwrap_or(day)
    }

    /// By what the owner of a system looks for the person: only what it can be searched by.
    pub fn identifiers_for(&self, task: &Task) -> Vec<Identifier> {
        let mut wanted = self.identifiers();
        wanted.retain(|it| task.keys.is_empty() || task.keys.contains(&it.kind));
        wanted
    }

    /// Asks the owner of a system, or asks once more by a fresh link; an earlier one ends.
    ///
    /// # Errors
    /// Nothing can be searched there by what is known; all is decided already.
    pub fn ask_owner(
        &self,
        system: SystemId,
        owner: &SystemOwner,
        today: NaiveDate,
    ) -> Result<Vec<Event>, Obstacle> {
        self.must_be_open()?;
        let task = self.task(system)?;
        if self.identifiers_for(task).is_empty() {
            return Err(Obstacle::NoKeyForOwner);
        }
        let decided = |item: &&Item| item.decision().is_some();
        if !task.open() && self.items.iter().all(|item| decided(&item)) {
            let right = self.items.first().map(|item| item.right);
            return Err(right.map_or(Obstacle::NoRight, |right| Obstacle::NotInState { right }));
        }
        let before = task.asking.as_ref();
        Ok(vec![Event::OwnerAsked {
            system,
            asking: Box::new(Asking {
                number: before.map_or(1, |it| it.number.saturating_add(1)),
                owner: owner.clone(),
                on: today,
                due: due_of_question(today, self.due()),
                reminded: None,
                overdue: None,
                ended: false,
                earlier: None,
            }),
        }])
    }

    /// Takes a question back: its link opens nothing any more.
    ///
    /// # Errors
    /// There is no question that could be answered.
    pub fn end_question(&self, system: SystemId) -> Result<Vec<Event>, Obstacle> {
        self.must_be_open()?;
        match self.task(system)?.asked_now() {
            Some(_) => Ok(vec![Event::QuestionEnded { system }]),
            None => Err(Obstacle::NobodyAsked),
        }
    }

    /// Reminds the owner of a system, once.
    pub fn remind_owner(&self, system: SystemId, number: u32, today: NaiveDate) -> Vec<Event> {
        match self.asking(system, number) {
            Some(asking) if asking.reminded.is_none() && today <= asking.due => {
                vec![Event::OwnerReminded { system, on: today }]
            }
            _ => vec![],
        }
    }

    /// Tells the office that no answer came, once.
    pub fn owner_overdue(&self, system: SystemId, number: u32, today: NaiveDate) -> Vec<Event> {
        match self.asking(system, number) {
            Some(asking) if asking.overdue.is_none() && today > asking.due => {
                vec![Event::OwnerOverdue { system, on: today }]
            }
            _ => vec![],
        }
    }

    /// What is answered for a system about which somebody is asked once more.
    pub(super) fn with_earlier(&self, system: SystemId, outcome: Outcome) -> Outcome {
        let asking = self.task(system).ok().and_then(Task::asked_now);
        match asking {
            Some(asking) => asking.beside(outcome),
            None => outcome,
        }
    }

    /// Lets a step of a question take effect.
    pub(super) fn apply_asking(&mut self, event: &Event) {
        let (Event::OwnerAsked { system, .. }
        | Event::OwnerReminded { system, .. }
        | Event::OwnerOverdue { system, .. }
        | Event::QuestionEnded { system }) = event
        else {
            return;
        };
        let mut tasks = self.collection.tasks.iter_mut();
        let Some(task) = tasks.find(|task| task.system == *system) else {
            return;
        };
        match event {
            Event::OwnerAsked { asking, .. } => {
                // The event itself holds nothing of what was found.
                let before = task.asking.take().and_then(|it| it.earlier);
                let earlier = match std::mem::replace(&mut task.state, TaskState::Open) {
                    TaskState::Open => before,
                    answered => Some(answered),
                };
                task.asking = Some(Asking {
                    earlier,
                    ..(**asking).clone()
                });
                self.back_to_search();
            }
            Event::OwnerReminded { on, .. } => {
                task.asking
                    .iter_mut()
                    .for_each(|it| it.reminded = Some(*on));
            }
            Event::OwnerOverdue { on, .. } => {
                task.asking.iter_mut().for_each(|it| it.overdue = Some(*on));
            }
            _ => {
                task.end_asking();
                self.searched_enough();
            }
        }
    }

    /// With the case its questions end.
    pub(super) fn end_questions(&mut self) {
        self.collection.tasks.iter_mut().for_each(Task::end_asking);
    }

    fn back_to_search(&mut self) {
        for item in &mut self.items {
            if !item.right.never_waits() && matches!(item.state, ItemState::Decide) {
                item.state = ItemState::Search;
            }
        }
    }

    fn searched_enough(&mut self) {
        if self.collection.open() > 0 {
            return;
        }
        for item in &mut self.items {
            if matches!(item.state, ItemState::Search) {
                item.state = ItemState::Decide;
            }
        }
    }
}

impl Task {
    /// Nothing more can be answered; what had been answered before counts again.
    fn end_asking(&mut self) {
        let open = self.open();
        let Some(asking) = &mut self.asking else {
            return;
        };
        asking.ended = true;
        if let (true, Some(earlier)) = (open, asking.earlier.take()) {
            self.state = earlier;
        }
    }

    /// The task was answered, by whomever: the question is over.
    pub(super) fn settle(&mut self, outcome: &Outcome, at: DateTime<Utc>, by: &Actor) {
        self.state = TaskState::Answered {
            outcome: outcome.clone(),
            at,
            by: by.clone(),
        };
        if let Some(asking) = &mut self.asking {
            asking.ended = true;
            asking.earlier = None;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::case::tests::{case, clerk, now, system};
    use crate::domain::ids::FileId;
    use crate::domain::register::{SearchKey, System};
    use crate::domain::right::Right;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn owner() -> SystemOwner {
        SystemOwner::new("karla@kontor.example", "Karla Keller").unwrap()
    }

    /// A case whose search has begun in a system that is searched by these keys.
    fn searched(keys: &[SearchKey]) -> Case {
        let mut case = case(&[Right::Access], None);
        let asked = System {
            keys: keys.to_vec(),
            ..system(7)
        };
        for event in case.begin_search(&[asked]).unwrap() {
            case.apply(&event, now(), &clerk());
        }
        case
    }

    fn told(case: &mut Case, events: &[Event]) {
        for event in events {
            case.apply(event, now(), &clerk());
        }
    }

    #[test]
    fn an_owner_has_half_of_what_is_left_and_ten_days_at_most() {
        for (left, days) in [(30, 10), (20, 10), (9, 4), (2, 1), (1, 1), (0, 1), (-5, 1)] {
            let today = day("2026-03-02");
            let due = today + chrono::TimeDelta::days(left);
            let asked = due_of_question(today, due);
            assert_eq!(
                asked.signed_duration_since(today).num_days(),
                days,
                "{left}"
            );
        }
    }

    #[test]
    fn a_word_without_an_address_is_no_owner() {
        for text in [
            "",
            "Karla",
            "karla@",
            "@kontor.example",
            "karla keller@kontor.example",
        ] {
            assert_eq!(SystemOwner::new(text, "Karla"), None, "{text}");
        }
    }

    #[test]
    fn an_owner_sees_only_what_her_system_can_be_searched_by() {
        let case = searched(&[SearchKey::Email]);
        let shown = case.identifiers_for(&case.collection.tasks[0]);
        assert!(!shown.is_empty());
        assert!(
            shown.iter().all(|it| it.kind == SearchKey::Email),
            "{shown:?}"
        );
        assert!(case.identifiers().len() > shown.len());
        let none = searched(&[SearchKey::Ip]);
        let asked = none.ask_owner(SystemId(7), &owner(), day("2026-03-02"));
        assert_eq!(asked, Err(Obstacle::NoKeyForOwner));
    }

    #[test]
    fn reminder_and_escalation_happen_once_each_and_only_while_the_question_stands() {
        let mut case = searched(&[SearchKey::Email]);
        let system = SystemId(7);
        let asked = case.ask_owner(system, &owner(), day("2026-03-02")).unwrap();
        told(&mut case, &asked);
        let due = case.collection.tasks[0].asking.as_ref().unwrap().due;
        assert_eq!(due, day("2026-03-12"));
        let reminded = case.remind_owner(system, 1, day("2026-03-11"));
        assert_eq!(reminded.len(), 1);
        told(&mut case, &reminded);
        assert!(case.remind_owner(system, 1, day("2026-03-11")).is_empty());
        assert!(case.owner_overdue(system, 1, due).is_empty());
        let late = case.owner_overdue(system, 1, day("2026-03-13"));
        told(&mut case, &late);
        assert!(case.owner_overdue(system, 1, day("2026-03-14")).is_empty());
        // A fresh question is not reminded of by what was promised for the old one.
        let again = case.ask_owner(system, &owner(), day("2026-03-14")).unwrap();
        told(&mut case, &again);
        assert!(case.remind_owner(system, 1, day("2026-03-15")).is_empty());
        assert!(case.asking(system, 1).is_none() && case.asking(system, 2).is_some());
        let ended = case.end_question(system).unwrap();
        told(&mut case, &ended);
        assert!(case.asking(system, 2).is_none());
        assert_eq!(case.end_question(system), Err(Obstacle::NobodyAsked));
    }

    #[test]
    fn asked_once_more_nothing_of_the_first_answer_is_lost() {
        let mut case = searched(&[SearchKey::Email]);
        let system = SystemId(7);
        let found = |text: &str, file: i64| Outcome::Found {
            text: text.into(),
            files: vec![FileId(file)],
        };
        let answered = case.answer_task(system, found("Mahnung", 1)).unwrap();
        told(&mut case, &answered);
        assert_eq!(case.collection.open(), 0);
        let asked = case.ask_owner(system, &owner(), day("2026-03-02")).unwrap();
        told(&mut case, &asked);
        assert_eq!(case.collection.open(), 1);
        assert!(matches!(case.items[0].state, ItemState::Search));
        // Taken back, the first answer stands again.
        let mut back = case.clone();
        let ended = back.end_question(system).unwrap();
        told(&mut back, &ended);
        assert_eq!(
            back.collection.tasks[0].outcome(),
            Some(&found("Mahnung", 1))
        );
        assert!(matches!(back.items[0].state, ItemState::Decide));
        let more = case.answer_task(system, found("Brief", 2)).unwrap();
        told(&mut case, &more);
        let both = Outcome::Found {
            text: "Mahnung\nBrief".into(),
            files: vec![FileId(1), FileId(2)],
        };
        assert_eq!(case.collection.tasks[0].outcome(), Some(&both));
        assert!(case.asking(system, 1).is_none());
    }
}
