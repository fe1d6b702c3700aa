//! After the answer: a complaint, a late answer explained, a hold on the file.

use crate::casework::desk::Outcome;
use crate::casework::{Error, Office};
use crate::domain::aftermath::Forum;
use crate::domain::ids::CaseId;
use crate::domain::obstacle::Obstacle;
use crate::web::form::Posted;
use crate::web::office::act::{Act, day, seen};
use crate::web::office::acts::Kind;
use crate::web::office::session::Session;
use crate::words::aftermath;
use crate::words::dates;

impl Act {
    /// To whom a complaint may have gone.
    pub fn forums(&self) -> Vec<(&'static str, &'static str)> {
        Forum::ALL
            .into_iter()
            .map(|forum| (forum.code(), aftermath::forum_label(forum)))
            .collect()
    }

    /// The holds that stand: number, since when, why.
    pub fn holds(&self) -> Vec<(usize, String, String)> {
        let all = self.case().aftermath.holds.iter().enumerate();
        all.filter(|(_, hold)| hold.stands())
            .map(|(at, hold)| {
                (
                    at + 1,
                    dates::long_date(hold.since, crate::domain::lang::Lang::De),
                    aftermath::hold_reason(hold).to_owned(),
                )
            })
            .collect()
    }

    /// Why the answer comes late, as far as it is written.
    pub fn lateness(&self) -> String {
        let late = self.case().aftermath.late.as_ref();
        late.map(|text| text.reveal().clone()).unwrap_or_default()
    }

    /// Whether an answer that leaves today has to say why it is late.
    pub fn late_unexplained(&self) -> bool {
        self.case().closed.is_none() && self.case().lateness_unexplained(self.today)
    }
}

pub(super) async fn perform(
    office: &Office,
    session: &Session,
    (id, kind): (CaseId, Kind),
    posted: &Posted,
) -> Result<Outcome, Error> {
    let (scope, seen) = (&session.scope, seen(posted));
    let because = posted.get("because");
    match kind {
        Kind::Complaint => {
            let on = day(posted.get("on")).ok_or(Obstacle::Empty("on"))?;
            let to = Forum::from_code(posted.get("forum")).ok_or(Obstacle::Empty("forum"))?;
            office
                .complain(scope, id, seen, (on, to), posted.get("text"))
                .await
        }
        Kind::Late => office.explain_lateness(scope, id, seen, because).await,
        Kind::Hold => office.hold(scope, id, seen, because).await,
        _ => {
            let hold = posted.get("hold").parse().unwrap_or(0);
            office.lift(scope, id, seen, hold, because).await
        }
    }
}
