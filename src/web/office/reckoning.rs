//! The whole reckoning of a case's dates on one page: as a picture, in steps, for every item; fit for printing.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use askama::Template;
use chrono::NaiveDate;

use crate::casework::Office;
use crate::domain::deadline::Pause;
use crate::domain::ids::CaseId;
use crate::domain::item::Item;
use crate::domain::lang::Lang;
use crate::domain::term::Term;
use crate::web::error::Problem;
use crate::web::layout::{Desk, Room};
use crate::web::office::act::Act;
use crate::web::office::picture::Picture;
use crate::web::office::session::Session;
use crate::web::page::show;
use crate::words::{because, desk, terms};

/// The reckoning of one item.
struct Line {
    name: &'static str,
    code: &'static str,
    term: Term,
    state: &'static str,
    /// Why the date is what it is.
    because: String,
    /// What an extension would give, or gave.
    extension: String,
    /// When its answer left, if it did after the date.
    late_by: Option<i64>,
}

#[derive(Template)]
#[template(path = "office/reckoning.html")]
struct Page {
    p: Desk,
    act: Act,
    picture: Picture,
    lines: Vec<Line>,
    pauses: Vec<(&'static str, Pause)>,
}

/// How many days after its date the answer to an item left, or how late it is today.
fn late_by(act: &Act, item: &Item) -> Option<i64> {
    let case = act.case();
    let answers = case
        .answers
        .iter()
        .filter(|answer| answer.released().rights.contains(&item.right));
    let left: Option<NaiveDate> = answers.filter_map(|answer| answer.left_on()).max();
    let day = match left {
        Some(left) => left,
        None if item.ended() => return None,
        None => act.today,
    };
    Some((day - item.term.due()).num_days()).filter(|days| *days > 0)
}

/// The page.
pub async fn look(
    session: Session,
    office: web::Data<Office>,
    address: web::Path<CaseId>,
) -> Result<HttpResponse, Problem> {
    let act = Act::see(&office, &session, address.into_inner()).await?;
    let case = act.case();
    let lines = case.items.iter().map(|item| Line {
        name: terms::right_name(item.right, Lang::De),
        code: item.right.code(),
        because: because::because(&item.term.deadline, Lang::De),
        extension: because::because_extension(&item.term.deadline, Lang::De),
        state: desk::item_state(item.state_code()),
        late_by: late_by(&act, item),
        term: item.term.clone(),
    });
    let lines = lines.collect();
    let pauses = case.term.period.pauses.iter();
    let pauses = pauses
        .map(|pause| (desk::pause(pause.kind), pause.clone()))
        .collect();
    let page = Page {
        p: session.desk(&office, Room::Cases).await?,
        picture: Picture::of(&office, case, act.today),
        lines,
        pauses,
        act,
    };
    show(StatusCode::OK, &page)
}
