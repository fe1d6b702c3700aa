//! The notice before a restriction ends (Art. 18(3) GDPR): which data, from which day, and why.

use chrono::NaiveDate;

use crate::domain::case::Case;
use crate::domain::followup::Errand;
use crate::domain::lifting::Lifting;
use crate::domain::obstacle::Obstacle;
use crate::domain::right::Right;
use crate::web::form::Posted;
use crate::web::office::act::day;

/// What the case had promised for a day.
pub struct Promise {
    /// Its place among them, as the form sends it.
    pub at: String,
    /// Whether it is the first.
    pub first: bool,
    /// The data, as the person was told.
    pub what: String,
    /// The day on which the restriction ends.
    pub on: NaiveDate,
}

/// What the form begins with.
pub struct Form {
    /// What was promised; empty where the restriction ends by an event.
    pub promises: Vec<Promise>,
    /// Which data.
    pub data: String,
    /// Since when.
    pub since: String,
    /// The day that was promised, if it lies ahead.
    pub from: String,
}

fn promises(case: &Case) -> Vec<Promise> {
    let all = case.follow_ups(Right::Restriction).into_iter();
    let lifted = all.filter(|(_, promised)| promised.errand == Errand::Lift);
    lifted
        .enumerate()
        .map(|(at, (on, promised))| Promise {
            at: at.to_string(),
            first: at == 0,
            what: promised.what,
            on,
        })
        .collect()
}

/// Where the restriction holds, if nothing was promised for a day.
fn places(case: &Case) -> String {
    let done = case.item(Right::Restriction).map(|item| item.done());
    let places = done.unwrap_or_default().iter();
    let places: Vec<&str> = places.map(|it| it.system.as_str()).collect();
    places.join("\n")
}

pub fn blank(case: &Case, today: NaiveDate) -> (Form, Lifting) {
    let promises = promises(case);
    let since = case.restricted_since().unwrap_or(today);
    let first = promises.first();
    let data = first.map_or_else(|| places(case), |it| it.what.clone());
    let ahead = first.map(|it| it.on).filter(|day| *day > today);
    let about = Lifting {
        promised: first.map(|it| it.what.clone()),
        data: data.clone().into(),
        since,
        from: ahead.unwrap_or(today),
        why: String::new().into(),
        then: String::new().into(),
        outdated: false,
    };
    let form = Form {
        promises,
        data,
        since: since.to_string(),
        from: ahead.map(|day| day.to_string()).unwrap_or_default(),
    };
    (form, about)
}

pub fn typed(posted: &Posted, case: &Case) -> Result<Lifting, Obstacle> {
    let promises = promises(case);
    let chosen = posted.get("promised").parse::<usize>().ok();
    let chosen = chosen.or_else(|| (promises.len() == 1).then_some(0));
    let promised = chosen.and_then(|at| promises.into_iter().nth(at));
    let text = |name: &str| posted.get(name).trim().into();
    Ok(Lifting {
        promised: promised.map(|it| it.what),
        data: text("lifting-data"),
        since: day(posted.get("lifting-since")).ok_or(Obstacle::Empty("lifting-since"))?,
        from: day(posted.get("lifting-from")).ok_or(Obstacle::Empty("lifting-from"))?,
        why: text("lifting-why"),
        then: text("lifting-then"),
        outdated: false,
    })
}
