//! Putting right what stands in a finding (Art. 16 GDPR): per value what stands there, and what is right.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};

use crate::casework::findings::Sheet;
use crate::casework::{Error, Office};
use crate::domain::ids::{CaseId, FindingId};
use crate::domain::lang::Lang;
use crate::domain::obstacle::Obstacle;
use crate::domain::right::Right;
use crate::domain::scope::Role;
use crate::domain::source::Nature;
use crate::web::error::Problem;
use crate::web::form::Posted;
use crate::web::office::act::{Act, Trouble, seen};
use crate::web::office::acts::Kind;
use crate::web::office::finding;
use crate::web::office::findings::said;
use crate::web::office::signed::Signed;
use crate::web::page::{see_other, show};
use crate::words::sources;

/// One value of the finding.
pub struct Line {
    /// Its place in the record.
    pub number: usize,
    /// What it is called.
    pub label: String,
    /// What stands there.
    pub stands: String,
    /// What is right, as it was typed or said before.
    pub right: String,
}

/// The part of a finding's page that puts it right.
pub struct Correcting {
    /// Its values, where something can still be said of them.
    pub lines: Vec<Line>,
    /// What is said so far, in words.
    pub noted: Vec<String>,
    /// How far that is.
    pub state: &'static str,
    /// Whether it is done and read back.
    pub done: bool,
    /// Whether it is decided and waits to be carried out.
    pub waits: bool,
    /// Whether it has to be said first that it is hers.
    pub candidate: bool,
}

/// What the page shows of it; nothing, where nobody asked for it.
pub fn correcting(act: &Act, sheet: &Sheet, typed: Option<&Posted>) -> Option<Correcting> {
    let item = act.case().item(Right::Rectification)?;
    let done = sheet.shown.put_right();
    let label = |name: &str| {
        let field = sheet.record.fields.iter().find(|it| it.name == name);
        sources::field(name, field.and_then(|it| it.label.as_deref()), Lang::De)
    };
    let changes = sheet.mark.changes.iter();
    let noted: Vec<String> = changes
        .map(|it| sources::change(&label(&it.field), it))
        .collect();
    let open = act.case().closed.is_none() && item.decision().is_none() && !item.ended();
    let candidate = sheet.shown.candidate;
    let fields = sheet.record.fields.iter().enumerate();
    let lines = fields
        .filter(|(_, field)| open && !candidate && field.nature == Nature::Plain)
        .map(|(number, field)| {
            let meant = sheet.mark.change_of(&sheet.record, number);
            let meant = meant.filter(|_| !done);
            Line {
                number,
                label: sources::field(&field.name, field.label.as_deref(), Lang::De),
                stands: sheet
                    .mark
                    .stands(&sheet.record, number, done)
                    .unwrap_or_default()
                    .to_owned(),
                right: match (typed, meant) {
                    (Some(posted), _) => posted.get(&name(number)).to_owned(),
                    (None, Some(change)) => change.after.reveal().clone(),
                    (None, None) => String::new(),
                },
            }
        });
    let lines: Vec<Line> = lines.collect();
    let candidate = candidate && open;
    (candidate || !lines.is_empty() || !noted.is_empty()).then(|| Correcting {
        state: sheet
            .shown
            .correction
            .map(sources::correction)
            .unwrap_or_default(),
        lines,
        noted,
        done,
        waits: !open && !done && act.case().may_act(item.right).is_ok(),
        candidate,
    })
}

fn name(number: usize) -> String {
    format!("right-{number}")
}

/// Notes what is to be put right.
pub async fn act(
    signed: Signed,
    office: web::Data<Office>,
    at: web::Path<(CaseId, FindingId)>,
) -> Result<HttpResponse, Problem> {
    let Signed { session, posted } = signed;
    session.demand_anywhere(Role::Handler)?;
    let (case, id) = at.into_inner();
    let sheet = office.sheet(&session.scope, case, id).await?;
    let typed: Vec<(usize, String)> = (0..sheet.record.fields.len())
        .map(|number| (number, posted.get(&name(number)).trim().to_owned()))
        .filter(|(_, text)| !text.is_empty())
        .collect();
    let done = office
        .correct(&session.scope, case, seen(&posted), id, &typed)
        .await;
    match done {
        Ok(_) => Ok(see_other(&format!(
            "/desk/cases/{case}/findings/{id}?done=yes"
        ))),
        Err(Error::Obstacle(obstacle @ Obstacle::RoleLacking { .. })) => Err(obstacle.into()),
        Err(Error::Obstacle(obstacle)) => {
            let mut act = Act::open(&office, &session, case, Kind::Tasks).await?;
            act.trouble = Some(Trouble {
                at: "correct".to_owned(),
                ..said(&obstacle)
            });
            let page = finding::corrected(&office, &session, act, id, &posted).await?;
            show(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
        Err(other) => Err(other.into()),
    }
}
