//! The second look: recipient and letter side by side, then it leaves.

use actix_web::http::{StatusCode, header};
use actix_web::{HttpResponse, web};
use askama::Template;

use crate::casework::delivery::Preview;
use crate::casework::desk::Outcome;
use crate::casework::{Error, Office};
use crate::domain::delivery::Way;
use crate::domain::ids::CaseId;
use crate::domain::lang::Lang;
use crate::domain::look::{Looker, Point, Second};
use crate::domain::obstacle::Obstacle;
use crate::domain::scope::Role;
use crate::web::error::Problem;
use crate::web::form::Posted;
use crate::web::layout::Desk;
use crate::web::office::act::{Act, day, seen};
use crate::web::office::acts::Kind;
use crate::web::office::session::Session;
use crate::web::page::show;
use crate::words::{desk, obstacles, package, terms};

/// A way that the answer can take.
struct Choice {
    code: &'static str,
    name: &'static str,
    recipient: String,
    proposed: bool,
    open: bool,
    /// Why it is not open.
    obstacle: String,
}

#[derive(Template)]
#[template(path = "office/release.html")]
struct Page {
    p: Desk,
    act: Act,
    preview: Option<Preview>,
    ways: Vec<Choice>,
    /// What stands against every way.
    against: String,
    rights: Vec<&'static str>,
}

impl Page {
    fn points(&self) -> [(&'static str, &'static str); 3] {
        Point::BEFORE_SENDING.map(|point| (point.code(), desk::point(point)))
    }

    fn missing(&self, open: &usize) -> String {
        package::missing(*open)
    }
}

pub(super) async fn page(
    office: &Office,
    session: &Session,
    p: Desk,
    act: Act,
    status: StatusCode,
) -> Result<HttpResponse, Problem> {
    let case = act.case();
    let rights = case
        .answerable()
        .iter()
        .map(|item| terms::right_name(item.right, Lang::De))
        .collect();
    if case.answerable().is_empty() {
        let looker = Looker {
            actor: session.scope.actor(),
            rule: Second::Oneself,
            today: act.today,
        };
        let against = case.may_release(Way::Post, &looker).err();
        let against = against
            .map(|obstacle| obstacles::obstacle(&obstacle))
            .unwrap_or_default();
        return show(
            status,
            &Page {
                p,
                preview: None,
                ways: vec![],
                against,
                rights,
                act,
            },
        );
    }
    let preview = office.preview(&session.scope, case.id).await?;
    let looker = Looker {
        actor: session.scope.actor(),
        rule: office.second(case.controller).await?,
        today: act.today,
    };
    let mut ways: Vec<Choice> = Vec::new();
    for way in [Way::Portal, Way::Post] {
        let obstacle = case.may_release(way, &looker).err();
        let recipient = preview
            .recipients
            .iter()
            .find(|(of, _)| *of == way)
            .map(|(_, text)| text.clone());
        ways.push(Choice {
            code: way.code(),
            name: desk::way(way),
            recipient: recipient.unwrap_or_default(),
            proposed: preview.way == Some(way),
            open: obstacle.is_none(),
            obstacle: obstacle
                .map(|obstacle| obstacles::obstacle(&obstacle))
                .unwrap_or_default(),
        });
    }
    let all_closed = ways.iter().all(|way| !way.open);
    let against = preview
        .obstacle
        .as_ref()
        .filter(|_| all_closed)
        .map(obstacles::obstacle)
        .unwrap_or_default();
    show(
        status,
        &Page {
            p,
            preview: Some(preview),
            ways,
            against,
            rights,
            act,
        },
    )
}

pub(super) async fn perform(
    office: &Office,
    session: &Session,
    (id, kind): (CaseId, Kind),
    posted: &Posted,
) -> Result<Outcome, Error> {
    let seen = seen(posted);
    if kind == Kind::Posted {
        let on = day(posted.get("on")).ok_or(Obstacle::Empty("letter-posted"))?;
        return office.posted(&session.scope, id, seen, on).await;
    }
    if kind == Kind::Recall {
        let (answer, because) = (posted.get("answer"), posted.get("because"));
        let answer = answer.parse().unwrap_or(0);
        return office
            .recall(&session.scope, id, seen, answer, because)
            .await;
    }
    if kind == Kind::Returned {
        let on = day(posted.get("on")).ok_or(Obstacle::Empty("returned-on"))?;
        let answer = posted.get("answer").parse().unwrap_or(0);
        return office.returned(&session.scope, id, seen, answer, on).await;
    }
    let way = match posted.get("way") {
        "portal" => Way::Portal,
        "post" => Way::Post,
        _ => return Err(Obstacle::Empty("way").into()),
    };
    let ticked = ticked(posted, &Point::BEFORE_SENDING);
    office
        .release_despite(
            &session.scope,
            id,
            seen,
            way,
            &ticked,
            posted.get("despite"),
        )
        .await
}

/// What was ticked of a list.
pub(super) fn ticked(posted: &Posted, list: &[Point]) -> Vec<Point> {
    let ticked = |point: &&Point| posted.all("ticked").any(|code| code == point.code());
    list.iter().filter(ticked).copied().collect()
}

/// The letter as it would be printed, for the frame beside the form.
pub async fn letter(
    session: Session,
    office: web::Data<Office>,
    address: web::Path<CaseId>,
) -> Result<HttpResponse, Problem> {
    let id = address.into_inner();
    let (case, _) = office.open(&session.scope, id).await?;
    session.scope.demand(case.controller, Role::Handler)?;
    if case.answerable().is_empty() {
        return Err(Problem::not_found());
    }
    let preview = office.preview(&session.scope, id).await?;
    office
        .note_look(&session.scope, Some(&case), "case/letter")
        .await?;
    Ok(HttpResponse::Ok()
        .content_type("application/pdf")
        .insert_header((
            header::CONTENT_DISPOSITION,
            format!("inline; filename=\"{}.pdf\"", case.number),
        ))
        .body(preview.sheets.pdf))
}
