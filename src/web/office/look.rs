//! The second look before something is destroyed: what will go, what stays and why, and a short list to tick.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use askama::Template;

use crate::casework::desk::Outcome;
use crate::casework::{Error, Office};
use crate::domain::ids::CaseId;
use crate::domain::item::ItemState;
use crate::domain::judgement::Judgement;
use crate::domain::lang::Lang;
use crate::domain::look::Point;
use crate::domain::obstacle::Obstacle;
use crate::domain::right::Right;
use crate::web::error::Problem;
use crate::web::form::Posted;
use crate::web::layout::Desk;
use crate::web::office::act::{Act, seen};
use crate::web::office::acts::Kind;
use crate::web::office::release::ticked;
use crate::web::office::session::Session;
use crate::web::page::show;
use crate::words::{desk, terms};

/// One decision that waits for the second look.
pub struct Waiting {
    /// Which right.
    pub right: Right,
    /// Its name.
    pub name: &'static str,
    /// Who decided.
    pub by: String,
    /// What becomes of each category.
    pub judged: Vec<Judgement>,
}

#[derive(Template)]
#[template(path = "office/look.html")]
struct Page {
    p: Desk,
    act: Act,
    waiting: Vec<Waiting>,
}

impl Page {
    fn points(&self) -> [(&'static str, &'static str); 2] {
        Point::BEFORE_ERASURE.map(|point| (point.code(), desk::point(point)))
    }
}

fn waiting(act: &Act) -> Vec<Waiting> {
    let case = act.case();
    let held = case
        .items
        .iter()
        .filter(|item| matches!(item.state, ItemState::Look { .. }));
    held.map(|item| Waiting {
        right: item.right,
        name: terms::right_name(item.right, Lang::De),
        by: match case.decided.get(&item.right) {
            Some(decided) => act.names.actor(&decided.by).to_owned(),
            None => String::new(),
        },
        judged: match case.weighed.get(&item.right) {
            Some(weighing) => weighing.judgements.clone(),
            None => vec![],
        },
    })
    .collect()
}

pub(super) async fn page(p: Desk, act: Act, status: StatusCode) -> Result<HttpResponse, Problem> {
    let waiting = waiting(&act);
    show(status, &Page { p, act, waiting })
}

pub(super) async fn perform(
    office: &Office,
    session: &Session,
    id: CaseId,
    posted: &Posted,
) -> Result<Outcome, Error> {
    let right = Right::from_code(posted.get("right")).ok_or(Obstacle::NoRight)?;
    let ticked = ticked(posted, &Point::BEFORE_ERASURE);
    office
        .look(&session.scope, id, seen(posted), right, &ticked)
        .await
}
