//! How a case or an item ends otherwise, and how it begins again.

use crate::casework::desk::Outcome;
use crate::casework::{Error, Office};
use crate::domain::ids::CaseId;
use crate::domain::obstacle::Obstacle;
use crate::domain::right::Right;
use crate::web::form::Posted;
use crate::web::office::act::seen;
use crate::web::office::acts::{Kind, rights};
use crate::web::office::session::Session;

pub(super) async fn perform(
    office: &Office,
    session: &Session,
    (id, kind): (CaseId, Kind),
    posted: &Posted,
) -> Result<Outcome, Error> {
    let (scope, seen) = (&session.scope, seen(posted));
    match kind {
        Kind::Withdraw => {
            office
                .withdraw(scope, id, seen, &rights(posted), posted.get("note"))
                .await
        }
        Kind::Close => office.close(scope, id, seen).await,
        Kind::Reopen => office.reopen(scope, id, seen, posted.get("because")).await,
        _ => {
            let right = Right::from_code(posted.get("rights")).ok_or(Obstacle::NoRight)?;
            office.reconsider(scope, id, seen, right).await
        }
    }
}
