//! The page of a case: on top the one next act, left the story, right the facts that stay.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use askama::Template;

use crate::casework::Office;
use crate::domain::case::Case;
use crate::domain::identity::Identity;
use crate::domain::ids::CaseId;
use crate::domain::lang::Lang;
use crate::domain::obstacle::Obstacle;
use crate::domain::retention;
use crate::domain::scope::Role;
use crate::domain::stage::Turn;
use crate::web::error::Problem;
use crate::web::layout::{Desk, Room};
use crate::web::office::act::Act;
use crate::web::office::acts::Kind;
use crate::web::office::breach::Shown as Breach;
use crate::web::office::next::{self, Next, Why};
use crate::web::office::picture::Picture;
use crate::web::office::session::Session;
use crate::web::office::story::Entry;
use crate::web::office::ties::{self, Other};
use crate::web::page::show;
use crate::words::{aftermath, desk, letters, persons, terms};

/// An item as the facts show it.
struct Point {
    name: &'static str,
    code: &'static str,
    state: &'static str,
    decision: &'static str,
    /// The fee that was told; empty: none.
    fee: String,
}

#[derive(Template)]
#[template(path = "office/case.html")]
struct Page {
    p: Desk,
    act: Act,
    next: Option<Next>,
    /// Whether the clerk may do the next act.
    may_next: bool,
    may_work: bool,
    may_decide: bool,
    controller: String,
    picture: Picture,
    /// Sources that must be secured at once.
    fleeting: usize,
    story: Vec<Entry>,
    points: Vec<Point>,
    assignee: String,
    turn: &'static str,
    stage: &'static str,
    channel: &'static str,
    /// By what right somebody writes.
    standing: &'static str,
    /// What is missing of it; empty: settled.
    standing_lack: String,
    /// What is said about a way that is not offered; empty: it is offered.
    excluded: String,
    /// Cases under the same name or address about which nobody has said anything.
    likely: Vec<Other>,
    /// Cases that belong to this one.
    tied: Vec<Other>,
    /// The breach whose hours run.
    breach: Option<Breach>,
    /// Until when what of the file is kept.
    kept: Vec<String>,
    /// Whether the clerk may take the whole file out for the authority.
    may_export: bool,
}

impl Page {
    fn open(&self) -> bool {
        self.act.case().closed.is_none()
    }

    fn waiting(&self) -> bool {
        self.act.case().term.deadline.waiting_since.is_some()
    }

    fn extendable(&self) -> bool {
        let case = self.act.case();
        case.extendable().into_iter().any(|right| {
            let deadline = case.item(right).map(|item| &item.term.deadline);
            deadline.is_some_and(|it| self.act.today <= it.paused_due.unwrap_or(it.due))
        })
    }

    fn decided(&self) -> bool {
        !self.act.decided_rights().is_empty()
    }

    fn unasked(&self) -> bool {
        matches!(
            self.act.case().identity,
            Identity::Open | Identity::Failed { .. }
        )
    }

    fn answers(&self) -> Vec<&'static str> {
        self.act.case().answers.iter().map(desk::delivery).collect()
    }

    fn reply_by(&self) -> &'static str {
        desk::reply_by(self.act.case().intake.reply_by)
    }

    fn on_behalf(&self) -> &'static str {
        desk::on_behalf(self.act.case().intake.on_behalf)
    }

    fn taken_in_by(&self) -> &str {
        self.act.case().intake.arrival.taken_in_by.reveal()
    }

    fn language(&self) -> &'static str {
        desk::language(self.act.case().intake.lang)
    }
}

/// Until when what of the file is kept, in words.
fn kept(office: &Office, case: &Case) -> Result<Vec<String>, Problem> {
    let days = office.house(case.controller)?.controller.copy_days;
    Ok(match case.held() {
        true => vec![aftermath::kept_on_hold().to_owned()],
        false => aftermath::kept(
            case.next_copy(days),
            case.closed.and_then(retention::purge_day),
            !case.aftermath.destroyed.is_empty(),
        ),
    })
}

/// The page of a case.
pub async fn look(
    session: Session,
    office: web::Data<Office>,
    address: web::Path<CaseId>,
    asked: web::Query<Vec<(String, String)>>,
) -> Result<HttpResponse, Problem> {
    let id = address.into_inner();
    let mut act = Act::see(&office, &session, id).await?;
    act.done = asked
        .iter()
        .find(|(key, _)| key == "done")
        .and_then(|(_, code)| Kind::from_code(code));
    let case = act.case();
    let may = |least| session.may(case.controller, least);
    let next = next::of(case);
    let page = Page {
        p: session.desk(&office, Room::Cases).await?,
        may_next: next.as_ref().is_some_and(|next| may(next.kind.least())),
        may_work: may(Role::Handler),
        may_decide: may(Role::Decider),
        controller: match session.scope.controllers().len() > 1 {
            true => office.house(case.controller)?.controller.name.clone(),
            false => String::new(),
        },
        picture: Picture::of(&office, case, act.today),
        fleeting: office.to_preserve(&session.scope, case).await?.len(),
        story: act.story(),
        points: case
            .items
            .iter()
            .map(|item| Point {
                name: terms::right_name(item.right, Lang::De),
                code: item.right.code(),
                state: desk::item_state(item.state_code()),
                decision: item
                    .decision()
                    .map_or("", |decision| desk::decision(decision.code())),
                fee: case
                    .fee(item.right)
                    .map(|(_, letter, fee)| letters::fee(letter, fee))
                    .unwrap_or_default(),
            })
            .collect(),
        assignee: match case.assignee {
            Some(clerk) => crate::words::timeline::Names::clerk(&act.names, clerk),
            None => terms::turn(Turn::Nobody, Lang::De).to_owned(),
        },
        turn: terms::turn(case.turn(), Lang::De),
        stage: terms::stage(case.stage(), Lang::De),
        channel: terms::channel(case.intake.channel, Lang::De),
        standing: persons::standing(case.standing().code()),
        standing_lack: match case.standing_settled() {
            Err(Obstacle::StandingOpen(lack)) => persons::lack(lack),
            _ => String::new(),
        },
        excluded: match case.intake.arrival.excluded {
            true => office
                .house(case.controller)?
                .controller
                .channels
                .sentence(case.intake.lang)
                .to_owned(),
            false => String::new(),
        },
        likely: ties::likely(&office, &session, &act).await?,
        tied: ties::tied(&office, &session, &act).await?,
        breach: act.breach(&office.now()),
        kept: kept(&office, case)?,
        may_export: office.may_export(&session.scope, case.controller),
        next,
        act,
    };
    show(StatusCode::OK, &page)
}
