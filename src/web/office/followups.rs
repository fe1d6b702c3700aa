//! What comes back by itself: the list by day, and the fresh look before it is done.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use askama::Template;
use chrono::NaiveDate;

use crate::casework::followup::Finding;
use crate::casework::{Error, Office};
use crate::domain::case::Case;
use crate::domain::followup::{Due, Errand, FreshCheck};
use crate::domain::ids::{CaseId, ControllerId, FollowUpId};
use crate::domain::obstacle::Obstacle;
use crate::domain::scope::Role;
use crate::web::error::Problem;
use crate::web::form::Posted;
use crate::web::layout::{Desk, Room};
use crate::web::office::act::day;
use crate::web::office::session::Session;
use crate::web::office::signed::Signed;
use crate::web::page::{see_other, show};
use crate::words::{desk, letters, obstacles, recipients};

/// One line of the list.
struct Line {
    due: Due,
    errand: &'static str,
    /// Whose it is, where there are several controllers.
    house: String,
    late: bool,
}

#[derive(Template)]
#[template(path = "office/followups.html")]
struct List {
    p: Desk,
    lines: Vec<Line>,
    /// Cases in which recipients are still to be told (Art. 19 GDPR).
    untold: Vec<Untold>,
}

/// A case with recipients to be told.
struct Untold {
    case: CaseId,
    number: String,
    what: String,
    due: NaiveDate,
    house: String,
    late: bool,
}

fn house(office: &Office, controller: ControllerId) -> String {
    match office.house(controller) {
        Ok(house) if office.several() => house.controller.short.clone(),
        _ => String::new(),
    }
}

/// The list.
pub async fn look(session: Session, office: web::Data<Office>) -> Result<HttpResponse, Problem> {
    let today = office.today();
    let lines = office.follow_ups(&session.scope).await?.into_iter();
    let lines = lines.map(|(controller, due)| Line {
        errand: desk::errand(due.what.errand),
        house: house(&office, controller),
        late: due.on < today,
        due,
    });
    let lines = lines.collect();
    let untold = office.untold_recipients(&session.scope).await?.into_iter();
    let untold = untold.map(|line| Untold {
        what: recipients::untold(line.open),
        house: house(&office, line.controller),
        late: line.due < today,
        case: line.case,
        number: line.number,
        due: line.due,
    });
    let untold = untold.collect();
    let p = session.desk(&office, Room::FollowUps).await?;
    show(StatusCode::OK, &List { p, lines, untold })
}

/// How far the notice before the end of a restriction is.
struct Told {
    /// Its state in words.
    state: String,
    /// Whether it left and counts.
    left: bool,
}

/// The last notice of what a case had promised, or had noted as owed.
fn told(case: &Case, what: &str) -> Option<Told> {
    let informing = case.informing_letters(what).last();
    let last = case.lifting_letters(what).last().or(informing)?;
    Some(Told {
        state: letters::state(last),
        left: last.left.is_some(),
    })
}

#[derive(Template)]
#[template(path = "office/followup.html")]
struct One {
    p: Desk,
    due: Due,
    errand: &'static str,
    house: String,
    case: Option<CaseId>,
    /// What the person was told of the end of a restriction, and when.
    told: Option<Told>,
    may_tell: bool,
    today: NaiveDate,
    /// Whether its day has come.
    ripe: bool,
    typed: Option<Posted>,
    /// What stands against it.
    trouble: String,
}

impl One {
    fn erases(&self) -> bool {
        self.due.what.errand == Errand::Erase
    }

    fn lifts(&self) -> bool {
        self.due.what.errand == Errand::Lift
    }

    /// Whether the person was told from here.
    fn announced(&self) -> bool {
        self.told.as_ref().is_some_and(|told| told.left)
    }

    fn informs(&self) -> bool {
        self.due.what.errand == Errand::Inform
    }

    fn value(&self, name: &str, otherwise: impl AsRef<str>) -> String {
        match &self.typed {
            Some(posted) => posted.get(name).to_owned(),
            None => otherwise.as_ref().to_owned(),
        }
    }

    fn ticked(&self, name: &str) -> bool {
        self.typed
            .as_ref()
            .is_some_and(|posted| posted.ticked(name))
    }

    fn today_text(&self) -> String {
        self.today.to_string()
    }
}

async fn render(
    session: &Session,
    office: &Office,
    id: FollowUpId,
    (typed, trouble): (Option<Posted>, String),
) -> Result<HttpResponse, Problem> {
    let (due, controller, case) = office.follow_up(&session.scope, id).await?;
    let today = office.today();
    let status = match trouble.is_empty() {
        true => StatusCode::OK,
        false => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let known = match case {
        Some(case) => Some(office.open(&session.scope, case).await?.0),
        None => None,
    };
    let page = One {
        told: known.and_then(|case| told(&case, &due.what.what)),
        may_tell: session.may(controller, Role::Decider),
        p: session.desk(office, Room::FollowUps).await?,
        errand: desk::errand(due.what.errand),
        house: house(office, controller),
        ripe: due.on <= today,
        due,
        case,
        today,
        typed,
        trouble,
    };
    show(status, &page)
}

/// One of them.
pub async fn one(
    session: Session,
    office: web::Data<Office>,
    address: web::Path<FollowUpId>,
) -> Result<HttpResponse, Problem> {
    render(
        &session,
        &office,
        address.into_inner(),
        (None, String::new()),
    )
    .await
}

fn finding(posted: &Posted) -> Result<Finding, Obstacle> {
    if posted.get("outcome") == "needless" {
        return Ok(Finding::Needless {
            because: posted.get("because").to_owned().into(),
        });
    }
    if posted.get("outcome") == "later" {
        return Ok(Finding::Later {
            to: day(posted.get("to")).ok_or(Obstacle::Empty("to"))?,
            because: posted.get("because").to_owned().into(),
        });
    }
    Ok(Finding::Done {
        check: FreshCheck {
            no_hold: posted.ticked("no-hold"),
            no_newer_contract: posted.ticked("no-newer-contract"),
            no_open_tax_year: posted.ticked("no-open-tax-year"),
        },
        on: day(posted.get("on")).ok_or(Obstacle::Empty("followed-on"))?,
        proof: posted.get("proof").to_owned().into(),
        told_on: day(posted.get("told-on")),
    })
}

/// What was found on the day.
pub async fn settle(
    signed: Signed,
    office: web::Data<Office>,
    address: web::Path<FollowUpId>,
) -> Result<HttpResponse, Problem> {
    let Signed { session, posted } = signed;
    let id = address.into_inner();
    let (_, controller, _) = office.follow_up(&session.scope, id).await?;
    session.scope.demand(controller, Role::Handler)?;
    let seen = match finding(&posted) {
        Ok(finding) => office.follow_up_seen(&session.scope, id, finding).await,
        Err(obstacle) => Err(Error::Obstacle(obstacle)),
    };
    match seen {
        Ok(_) => Ok(see_other("/desk/followups")),
        Err(Error::Obstacle(obstacle @ Obstacle::RoleLacking { .. })) => Err(obstacle.into()),
        Err(Error::Obstacle(obstacle)) => {
            let trouble = obstacles::obstacle(&obstacle);
            render(&session, &office, id, (Some(posted), trouble)).await
        }
        Err(other) => Err(other.into()),
    }
}
