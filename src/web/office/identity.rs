//! Who is it? The proof is weighed, or asked for.

use chrono::NaiveDate;

use crate::casework::desk::Outcome;
use crate::casework::identity::Question;
use crate::casework::{Error, Office};
use crate::domain::deadline::{PauseKind, received_day};
use crate::domain::event::Event;
use crate::domain::identity::{Finding, Method};
use crate::domain::ids::CaseId;
use crate::domain::lang::Lang;
use crate::domain::obstacle::Obstacle;
use crate::web::form::Posted;
use crate::web::office::act::{Act, day, seen};
use crate::web::office::acts::Kind;
use crate::web::office::session::Session;
use crate::words::{desk, terms};

/// A way of proof as the page offers it.
pub struct Choice {
    /// Its name in the form.
    pub code: &'static str,
    /// What it is.
    pub name: &'static str,
    /// When it suffices.
    pub hint: &'static str,
    /// Whether a written doubt must stand before it.
    pub doubt: bool,
}

impl Act {
    /// The day of the last message of the person, as a field for days takes it: most often it is the proof.
    pub fn last_heard(&self) -> String {
        let heard = self.file.timeline.iter().filter(|happened| {
            matches!(
                happened.event,
                Event::Heard { .. } | Event::MailboxConfirmed
            )
        });
        let last = heard.map(|happened| received_day(happened.at)).max();
        last.unwrap_or(self.today).to_string()
    }

    /// Whether the clock stands for a proof of identity.
    pub fn waits_for_proof(&self) -> bool {
        let kind = Some(PauseKind::Identity);
        self.case().waiting(kind).next().is_some()
    }

    /// Whether it stands for more than one kind of question.
    pub fn waits_twice(&self) -> bool {
        self.case().waiting(None).count() > 1
    }

    /// The ways of proof, the weakest first.
    pub fn methods(&self) -> Vec<Choice> {
        Method::ALL
            .into_iter()
            .map(|method| Choice {
                code: method.code(),
                name: terms::method(method, Lang::De),
                hint: desk::method_hint(method),
                doubt: method.needs_doubt(),
            })
            .collect()
    }
}

fn method(posted: &Posted) -> Result<Method, Error> {
    Method::from_code(posted.get("method")).ok_or_else(|| Obstacle::Empty("method").into())
}

/// The day on which the proof came; left empty, it is today.
fn arrived(posted: &Posted) -> Result<Option<NaiveDate>, Error> {
    match posted.get("arrived").trim() {
        "" => Ok(None),
        text => day(text)
            .map(Some)
            .ok_or_else(|| Obstacle::Empty("arrived").into()),
    }
}

pub(super) async fn perform(
    office: &Office,
    session: &Session,
    (id, kind): (CaseId, Kind),
    posted: &Posted,
) -> Result<Outcome, Error> {
    let seen = seen(posted);
    match kind {
        Kind::Search => office.begin_search(&session.scope, id, seen).await,
        Kind::Proof => {
            if posted.get("suffices").trim().is_empty() {
                return Err(Obstacle::Empty("suffices").into());
            }
            let question = Question {
                method: method(posted)?,
                doubt: posted.get("doubt").to_owned(),
                suffices: posted.get("suffices").to_owned(),
                proportionate: posted.ticked("proportionate"),
                pause: posted.ticked("pause"),
            };
            office
                .ask_identity(&session.scope, id, seen, question)
                .await
        }
        _ => {
            let sufficient = match posted.get("result") {
                "yes" => true,
                "no" => false,
                _ => return Err(Obstacle::Empty("result").into()),
            };
            let finding = Finding {
                arrived: arrived(posted)?,
                method: method(posted)?,
                sufficient,
                doubt: posted.get("doubt").to_owned(),
                note: posted.get("note").to_owned(),
            };
            office
                .weigh_identity(&session.scope, id, seen, finding)
                .await
        }
    }
}
