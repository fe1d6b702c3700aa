//! Those who answer for systems, in plain words: who was asked, until when, and what became of it.

use chrono::NaiveDate;

use super::dates::long_date;
use crate::domain::collection::{Outcome, Task, TaskState};
use crate::domain::lang::Lang;
use crate::domain::owner::{Asking, SystemOwner};

/// Under this name the owner of a system stands in the story; who it is stands where she was asked.
pub fn actor(system: &str) -> String {
    format!("zuständig für {system}")
}

/// Who is asked: the name, where there is one, and the address.
pub fn whom(owner: &SystemOwner) -> String {
    let (name, email) = (owner.name.reveal(), owner.email.reveal());
    match name.is_empty() {
        true => email.clone(),
        false => format!("{name}, {email}"),
    }
}

/// The question, in the story.
pub fn asked(system: &str, asking: &Asking) -> String {
    let again = if asking.number > 1 {
        "noch einmal "
    } else {
        ""
    };
    format!(
        "{system}: zuständige Person {again}per E-Mail gefragt, Antwort bis {}.",
        long_date(asking.due, Lang::De)
    )
}

/// The reminder, in the story.
pub fn reminded(system: &str) -> String {
    format!("{system}: zuständige Person an die Frage erinnert.")
}

/// The escalation, in the story.
pub fn overdue(system: &str) -> String {
    format!("{system}: Die zuständige Person hat nicht rechtzeitig geantwortet.")
}

/// The end without an answer, in the story.
pub fn ended(system: &str) -> String {
    format!("{system}: Frage an die zuständige Person zurückgenommen, der Link gilt nicht mehr.")
}

/// What staff is told when no answer came; also in a subject, so no more than the system.
pub fn silent(system: &str) -> String {
    format!("{system}: keine Antwort")
}

/// How far the question to an owner is: a word, with the class of its mark.
pub fn state(task: &Task, today: NaiveDate) -> Option<(&'static str, &'static str)> {
    let asking = task.asking.as_ref()?;
    Some(match &task.state {
        TaskState::Answered {
            outcome: Outcome::NotPossible { .. },
            ..
        } => ("nicht möglich", "soon"),
        TaskState::Answered { .. } => ("beantwortet", "in-time"),
        TaskState::Open if asking.ended => ("nicht mehr gefragt", ""),
        TaskState::Open if asking.due < today => ("überfällig", "overdue"),
        TaskState::Open if asking.reminded.is_some() => ("erinnert", "soon"),
        TaskState::Open => ("gefragt", "today"),
    })
}

/// What is known beside it.
pub fn detail(asking: &Asking) -> String {
    let day = |day: NaiveDate| long_date(day, Lang::De);
    let mut words = format!(
        "Gefragt am {}, Antwort bis {}.",
        day(asking.on),
        day(asking.due)
    );
    if let Some(on) = asking.reminded {
        words.push_str(&format!(" Erinnert am {}.", day(on)));
    }
    words
}
