//! What is written in a case: notes of the office, messages to the person.

use crate::casework::desk::Outcome;
use crate::casework::{Error, FilePurpose, Office};
use crate::domain::ids::CaseId;
use crate::domain::scope::Role;
use crate::web::form::Posted;
use crate::web::office::act::seen;
use crate::web::office::acts::Kind;
use crate::web::office::session::Session;

pub(super) async fn perform(
    office: &Office,
    session: &Session,
    (id, kind): (CaseId, Kind),
    posted: &Posted,
) -> Result<Outcome, Error> {
    let text = posted.get("text");
    if kind == Kind::Message {
        return office.say(&session.scope, id, seen(posted), text).await;
    }
    let (case, _) = office.open(&session.scope, id).await?;
    session.scope.demand(case.controller, Role::Handler)?;
    let files = office
        .file_for_case(case.controller, Some(id), FilePurpose::Note, &posted.files)
        .await?;
    let told = posted.get("told").parse().unwrap_or_default();
    office.note(&session.scope, id, told, text, files).await
}
