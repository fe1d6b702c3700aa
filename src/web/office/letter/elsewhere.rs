//! The notice to a person whose data came from elsewhere (Art. 14 GDPR), and noting that it is owed.

use chrono::NaiveDate;

use crate::domain::case::Case;
use crate::domain::elsewhere::Elsewhere;
use crate::domain::ids::SystemId;
use crate::domain::lang::Lang;
use crate::domain::obstacle::Obstacle;
use crate::domain::private::Private;
use crate::domain::register::System;
use crate::web::form::Posted;
use crate::web::office::act::day;

/// A system in which the data may lie.
pub struct Place {
    /// Its id, as the form sends it.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What the register says it holds.
    pub categories: String,
}

/// What is noted as owed.
pub struct Noted {
    /// Its place among them, as the form sends it.
    pub at: String,
    /// What it is called.
    pub what: String,
    /// To whom.
    pub whom: String,
    /// By when.
    pub due: NaiveDate,
    /// Whether it is the first of them.
    pub first: bool,
}

/// What the form begins with.
pub struct Form {
    /// The systems of the register that hold personal data.
    pub places: Vec<Place>,
    /// What is noted and not done.
    pub owed: Vec<Noted>,
    /// When the data came, as a proposal.
    pub obtained: String,
    /// By when the person is to be told, for that day.
    pub due: NaiveDate,
}

fn noted(case: &Case) -> Vec<Noted> {
    let open: Vec<&str> = case.still_owed().map(|it| it.what.as_str()).collect();
    let all = case.owed.iter().enumerate();
    let all = all.filter(|(_, owed)| open.contains(&owed.what.as_str()));
    let mut noted: Vec<Noted> = all
        .map(|(at, owed)| Noted {
            at: at.to_string(),
            what: owed.what.clone(),
            whom: owed.whom.reveal().clone(),
            due: owed.due,
            first: false,
        })
        .collect();
    if let Some(first) = noted.first_mut() {
        first.first = true;
    }
    noted
}

/// The day on which the data came: as typed, as noted, or the day of the request.
pub fn obtained(case: &Case, posted: Option<&Posted>) -> NaiveDate {
    let typed = posted.and_then(|posted| day(posted.get("art14-obtained")));
    let noted = case.still_owed().map(|owed| owed.obtained).next();
    typed.or(noted).unwrap_or(case.intake.received)
}

pub fn blank(case: &Case, systems: &[System], due: NaiveDate) -> (Form, Elsewhere) {
    let held = systems
        .iter()
        .filter(|system| !system.categories.is_empty());
    let places = held.map(|system| Place {
        id: system.id.to_string(),
        name: system.name.clone(),
        categories: {
            let names = system.categories.iter().map(|it| it.name.as_str());
            names.collect::<Vec<&str>>().join(", ")
        },
    });
    let day = obtained(case, None);
    let none = || Private::from(String::new());
    let about = Elsewhere {
        owed: None,
        name: none(),
        address: none(),
        email: none(),
        lang: Lang::De,
        obtained: day,
        occasion: none(),
        source: none(),
        systems: vec![],
        interests: none(),
    };
    let form = Form {
        places: places.collect(),
        owed: noted(case),
        obtained: day.to_string(),
        due,
    };
    (form, about)
}

pub fn typed(posted: &Posted, case: &Case) -> Result<Elsewhere, Obstacle> {
    let text = |name: &str| Private::from(posted.get(name).trim());
    let owed = posted.get("owed").parse::<usize>().ok();
    let owed = owed.and_then(|at| case.owed.get(at));
    let systems = posted.all("art14-systems").filter_map(|id| id.parse().ok());
    let systems: Vec<SystemId> = systems.collect();
    Ok(Elsewhere {
        owed: owed.map(|it| it.what.clone()),
        name: text("art14-name"),
        address: text("art14-address"),
        email: text("art14-email"),
        lang: match posted.get("art14-lang") {
            "en" => Lang::En,
            _ => Lang::De,
        },
        obtained: day(posted.get("art14-obtained")).ok_or(Obstacle::Empty("art14-obtained"))?,
        occasion: text("art14-occasion"),
        source: text("art14-source"),
        systems,
        interests: text("art14-interests"),
    })
}

/// Who is owed a notice, and since when the data are here.
pub fn owing(posted: &Posted) -> Result<(Private<String>, NaiveDate), Obstacle> {
    let day = day(posted.get("owed-obtained")).ok_or(Obstacle::Empty("owed-obtained"))?;
    Ok((posted.get("owed-whom").trim().into(), day))
}
