//! The date of a case that does not exist yet: what if it came on this day, at this place?

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use askama::Template;
use chrono::{DateTime, NaiveDate, NaiveDateTime, TimeZone, Utc};
use chrono_tz::Europe::Berlin;

use crate::casework::Office;
use crate::domain::deadline::{ClockObstacle, Deadline, Period, received_day, what_if};
use crate::domain::lang::Lang;
use crate::web::error::Problem;
use crate::web::layout::{Desk, Room};
use crate::web::office::act::day;
use crate::web::office::session::Session;
use crate::web::page::show;
use crate::words::{because, places};

struct Answer {
    deadline: Deadline,
    because: String,
    extension: String,
    refused: String,
    place: String,
}

#[derive(Template)]
#[template(path = "office/what_if.html")]
struct Page {
    p: Desk,
    places: Vec<(String, String)>,
    typed: Vec<(String, String)>,
    answer: Option<Answer>,
    trouble: String,
}

impl Page {
    fn value(&self, name: &str) -> &str {
        self.typed
            .iter()
            .find(|(key, _)| key == name)
            .map_or("", |(_, value)| value.as_str())
    }
}

/// The form, and the answer to it.
pub async fn look(
    session: Session,
    office: web::Data<Office>,
    typed: web::Query<Vec<(String, String)>>,
) -> Result<HttpResponse, Problem> {
    let mut typed = typed.into_inner();
    let asked = typed.iter().any(|(key, _)| key == "place");
    if !asked {
        let own = session
            .scope
            .controllers()
            .first()
            .and_then(|id| office.house(*id).ok());
        typed.push((
            "place".into(),
            own.map(|house| house.controller.place.to_string())
                .unwrap_or_default(),
        ));
        typed.push(("received".into(), office.today().to_string()));
    }
    let mut places: Vec<(String, String)> = office
        .calendar
        .places()
        .iter()
        .map(|place| (place.to_string(), places::place_name(place, Lang::De)))
        .collect();
    places.sort_by(|one, other| one.1.cmp(&other.1));
    let mut page = Page {
        p: session.desk(&office, Room::Deadline).await?,
        places,
        typed,
        answer: None,
        trouble: String::new(),
    };
    if asked {
        match reckon(&office, &page) {
            Ok(answer) => page.answer = Some(answer),
            Err(sentence) => page.trouble = sentence,
        }
    }
    show(StatusCode::OK, &page)
}

fn reckon(office: &Office, page: &Page) -> Result<Answer, String> {
    let told = |obstacle: ClockObstacle| because::clock_obstacle(&obstacle, Lang::De);
    let place = office
        .calendar
        .place(page.value("place"))
        .map_err(|_| crate::words::desk::unknown_place().to_owned())?;
    let received = day(page.value("received"))
        .ok_or_else(|| crate::words::desk::unreadable_day().to_owned())?;
    let period = match instant(received, page.value("at")) {
        Some(at) => Period::at(at, place.clone()),
        None => Period::on(received, place.clone()),
    };
    let result = what_if(
        period,
        day(page.value("asked")),
        day(page.value("answered")),
        &office.calendar,
    )
    .map_err(told)?;
    Ok(Answer {
        because: because::because(&result.deadline, Lang::De),
        extension: because::because_extension(&result.deadline, Lang::De),
        refused: result.refused.map(told).unwrap_or_default(),
        place: places::place_name(&place, Lang::De),
        deadline: result.deadline,
    })
}

/// The instant of a time of day in Germany; nothing without one, and nothing in the hour that is skipped.
fn instant(received: NaiveDate, time: &str) -> Option<DateTime<Utc>> {
    let time = time
        .trim()
        .parse::<chrono::NaiveTime>()
        .ok()
        .or_else(|| chrono::NaiveTime::parse_from_str(time.trim(), "%H:%M").ok())?;
    let local = Berlin
        .from_local_datetime(&NaiveDateTime::new(received, time))
        .earliest()?;
    let at = local.with_timezone(&Utc);
    (received_day(at) == received).then_some(at)
}
