//! The clock of a case: stopping it, starting it again, extending it.

use crate::casework::deadline::ScopeQuestion;
use crate::casework::desk::Outcome;
use crate::casework::{Error, Office};
use crate::domain::deadline::{Demand, PauseKind};
use crate::domain::ids::CaseId;
use crate::domain::obstacle::Obstacle;
use crate::domain::right::Right;
use crate::web::form::Posted;
use crate::web::office::act::{day, seen};
use crate::web::office::acts::Kind;
use crate::web::office::session::Session;

pub(super) async fn perform(
    office: &Office,
    session: &Session,
    (id, kind): (CaseId, Kind),
    posted: &Posted,
) -> Result<Outcome, Error> {
    let seen = seen(posted);
    match kind {
        Kind::Pause => {
            let (case, _) = office.open(&session.scope, id).await?;
            let demand = Demand {
                kind: if posted.get("about") == "scope" {
                    PauseKind::Scope
                } else {
                    PauseKind::Identity
                },
                asked: day(posted.get("asked")).ok_or(Obstacle::Empty("asked"))?,
                cause: day(posted.get("cause")).unwrap_or(case.intake.received),
                doubt: posted.get("doubt").to_owned(),
                suffices: posted.get("suffices").to_owned(),
                proportionate: posted.ticked("proportionate"),
                never_waits: !case.items.is_empty()
                    && case.items.iter().all(|item| item.right.never_waits()),
            };
            office.pause(&session.scope, id, seen, demand).await
        }
        Kind::Clarify => {
            let asked = ScopeQuestion {
                amount: posted.get("amount").to_owned(),
                areas: posted.get("areas").to_owned(),
                pause: posted.ticked("pause"),
            };
            office.ask_scope(&session.scope, id, seen, asked).await
        }
        Kind::Resume => {
            let on = day(posted.get("on")).ok_or(Obstacle::Empty("on"))?;
            let kind = match posted.get("about") {
                "identity" => Some(PauseKind::Identity),
                "scope" => Some(PauseKind::Scope),
                _ => None,
            };
            office.resume(&session.scope, id, seen, kind, on).await
        }
        _ => {
            let rights: Vec<Right> = posted.all("rights").filter_map(Right::from_code).collect();
            if rights.is_empty() {
                return Err(Obstacle::NoRight.into());
            }
            let posted_on = match posted.get("way") {
                "post" => Some(day(posted.get("on")).ok_or(Obstacle::Empty("on"))?),
                _ => None,
            };
            office
                .extend(
                    &session.scope,
                    id,
                    seen,
                    &rights,
                    posted.get("reasons"),
                    posted_on,
                )
                .await
        }
    }
}
