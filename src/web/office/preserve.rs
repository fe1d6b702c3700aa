//! Securing at once what would be gone before the answer is due.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use askama::Template;

use crate::casework::desk::Outcome;
use crate::casework::{Error, FilePurpose, Office};
use crate::domain::ids::CaseId;
use crate::domain::obstacle::Obstacle;
use crate::domain::preserve::{Preserve, Secured};
use crate::domain::scope::Role;
use crate::web::error::Problem;
use crate::web::form::Posted;
use crate::web::layout::Desk;
use crate::web::office::act::{Act, seen};
use crate::web::office::acts::Kind;
use crate::web::office::session::Session;
use crate::web::page::show;

#[derive(Template)]
#[template(path = "office/preserve.html")]
struct Page {
    p: Desk,
    act: Act,
    sources: Vec<Preserve>,
}

impl Page {
    fn is(&self, source: &Preserve, code: &str) -> bool {
        self.act
            .chosen(&format!("secured-{}", source.system), code, false)
    }

    fn text(&self, source: &Preserve) -> String {
        self.act.value(&format!("text-{}", source.system), "")
    }
}

pub(super) async fn page(
    office: &Office,
    session: &Session,
    p: Desk,
    act: Act,
    status: StatusCode,
) -> Result<HttpResponse, Problem> {
    let sources = office.to_preserve(&session.scope, act.case()).await?;
    show(status, &Page { p, act, sources })
}

pub(super) async fn perform(
    office: &Office,
    session: &Session,
    id: CaseId,
    posted: &Posted,
) -> Result<Outcome, Error> {
    let scope = &session.scope;
    let (case, _) = office.open(scope, id).await?;
    scope.demand(case.controller, Role::Handler)?;
    let (mut secured, mut files) = (vec![], vec![]);
    for source in office.to_preserve(scope, &case).await? {
        let system = source.system;
        let text = posted.get(&format!("text-{system}")).trim();
        let uploads = posted.files_of(&format!("files-{system}"));
        let what = match posted.get(&format!("secured-{system}")) {
            "done" => {
                if text.is_empty() {
                    return Err(Obstacle::Empty("secured").into());
                }
                let kept = office
                    .file_for_case(case.controller, Some(id), FilePurpose::Finding, &uploads)
                    .await?;
                let ids = kept.iter().map(crate::casework::FileRow::id).collect();
                files.extend(kept);
                Secured::Done {
                    note: text.into(),
                    files: ids,
                }
            }
            "needless" => Secured::Needless {
                because: text.into(),
            },
            _ if !text.is_empty() || !uploads.is_empty() => {
                return Err(Obstacle::Empty("outcome").into());
            }
            _ => continue,
        };
        secured.push((system, what));
    }
    office
        .preserve(scope, id, seen(posted), secured, files)
        .await
}
