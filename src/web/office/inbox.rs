//! What could not be sent: it lies here until a person sends it again or reaches the person otherwise.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use askama::Template;

use crate::casework::Office;
use crate::domain::ids::{CaseId, MessageId};
use crate::domain::scope::Role;
use crate::web::error::Problem;
use crate::web::layout::{Desk, Room};
use crate::web::office::session::Session;
use crate::web::office::signed::Signed;
use crate::web::office::story::day_of;
use crate::web::page::{see_other, show};
use crate::words::desk;

/// Lines on the page; who has more of them has another worry.
const LINES: i64 = 200;

struct Line {
    id: MessageId,
    case: Option<CaseId>,
    what: &'static str,
    day: String,
    state: &'static str,
    held: bool,
    why: String,
    to_staff: bool,
}

#[derive(Template)]
#[template(path = "office/inbox.html")]
struct Page {
    p: Desk,
    lines: Vec<Line>,
    may_send: bool,
    sent: bool,
    no_server: bool,
}

/// The list.
pub async fn look(
    session: Session,
    office: web::Data<Office>,
    asked: web::Query<Vec<(String, String)>>,
) -> Result<HttpResponse, Problem> {
    let troubled = office.troubled(&session.scope, LINES).await?;
    let lines = troubled
        .into_iter()
        .map(|(message, case)| {
            let held = message.state.code() == "held";
            Line {
                id: message.id,
                case,
                what: desk::message(&message.kind),
                day: day_of(message.at),
                state: desk::message_state(message.state.code(), &message.trouble),
                held,
                why: if held {
                    String::new()
                } else {
                    desk::trouble(&message.trouble)
                },
                to_staff: message.to_staff,
            }
        })
        .collect();
    let no_server = office
        .houses()
        .iter()
        .any(|house| session.scope.covers(house.controller.id) && !house.has_post);
    let page = Page {
        p: session.desk(&office, Room::Inbox).await?,
        lines,
        may_send: session.scope.anywhere(Role::Handler),
        sent: asked.iter().any(|(key, _)| key == "done"),
        no_server,
    };
    show(StatusCode::OK, &page)
}

/// Puts one into the queue again.
pub async fn send_again(
    signed: Signed,
    office: web::Data<Office>,
    address: web::Path<MessageId>,
) -> Result<HttpResponse, Problem> {
    office
        .send_again(&signed.session.scope, address.into_inner())
        .await?;
    Ok(see_other("/desk/inbox?done=sent"))
}
