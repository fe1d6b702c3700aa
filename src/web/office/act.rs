//! What every page of an act carries: the case, what was typed so far, and what stood against it.

use std::borrow::Borrow;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use chrono::{DateTime, NaiveDate, NaiveTime, TimeZone, Utc};
use chrono_tz::Europe::Berlin;

use crate::casework::desk::Outcome;
use crate::casework::reading::CaseFile;
use crate::casework::{Clerk, Error, Happened, Office};
use crate::domain::case::Case;
use crate::domain::ids::{CaseId, ClerkId, SystemId};
use crate::domain::obstacle::Obstacle;
use crate::domain::scope::Actor;
use crate::web::error::Problem;
use crate::web::form::Posted;
use crate::web::office::acts::Kind;
use crate::web::office::identity;
use crate::web::office::line::Due;
use crate::web::office::next;
use crate::web::office::session::Session;
use crate::web::page::see_other;
use crate::words::{obstacles, owners, timeline};

/// The people and systems that the events name by their numbers.
#[derive(Default)]
pub struct Directory {
    clerks: Vec<Clerk>,
    systems: Vec<(SystemId, String)>,
    owners: Vec<(Actor, String)>,
}

impl Directory {
    /// Everybody, and the systems that the case was searched in.
    pub async fn of(office: &Office, case: &Case) -> Result<Directory, Problem> {
        let systems = case
            .collection
            .tasks
            .iter()
            .map(|task| (task.system, task.name.clone()));
        let owners = case
            .collection
            .tasks
            .iter()
            .map(|task| (Actor::owner(task.system), owners::actor(&task.name)));
        Ok(Directory {
            owners: owners.collect(),
            clerks: office.colleagues().await?,
            systems: systems.collect(),
        })
    }

    /// Who acted, by name; nothing for the program itself and for the person.
    pub fn actor(&self, actor: &Actor) -> &str {
        let known = self.clerks.iter().find(|clerk| clerk.actor == *actor);
        let owner = self.owners.iter().find(|(owner, _)| owner == actor);
        known
            .map(|clerk| clerk.name.as_str())
            .or(owner.map(|(_, name)| name.as_str()))
            .unwrap_or_default()
    }
}

impl timeline::Names for Directory {
    fn clerk(&self, id: ClerkId) -> String {
        let known = self.clerks.iter().find(|clerk| clerk.id == id);
        known.map_or_else(|| id.to_string(), |clerk| clerk.name.clone())
    }

    fn system(&self, id: SystemId) -> String {
        let known = self.systems.iter().find(|(system, _)| *system == id);
        known.map_or_else(|| id.to_string(), |(_, name)| name.clone())
    }
}

/// What stood against an act that was tried.
pub struct Trouble {
    /// What would help.
    pub sentence: String,
    /// The field that it is about.
    pub at: String,
    /// Somebody else changed the case since the page was opened.
    pub changed: bool,
    /// What happened since, by whom.
    pub since: Vec<(String, String)>,
    /// Files were chosen; a browser does not send them twice by itself.
    pub files_lost: bool,
    /// The rule itself, for pages that know a better place for its sentence.
    pub obstacle: Obstacle,
}

/// An act that is looked at, or tried again.
pub struct Act {
    /// Which one.
    pub kind: Kind,
    /// The case with all that belongs to it.
    pub file: CaseFile,
    /// The names in it.
    pub names: Directory,
    /// What was typed, if it was sent before.
    pub typed: Option<Posted>,
    /// What stood against it.
    pub trouble: Option<Trouble>,
    /// Today in Germany.
    pub today: NaiveDate,
    /// What was just done, if one comes from there.
    pub done: Option<Kind>,
    /// Whether systems are connected that answer by themselves.
    pub connected: bool,
}

impl Act {
    /// Opens a case for an act, and notes who looked.
    pub async fn open(
        office: &Office,
        session: &Session,
        id: CaseId,
        kind: Kind,
    ) -> Result<Act, Problem> {
        let file = office.case_file(&session.scope, id).await?;
        session.scope.demand(file.case.controller, kind.least())?;
        let page = format!("case/{}", kind.code());
        Act::looked(office, session, file, kind, &page).await
    }

    /// Opens a case for looking at it, which every role may.
    pub async fn see(office: &Office, session: &Session, id: CaseId) -> Result<Act, Problem> {
        let file = office.case_file(&session.scope, id).await?;
        Act::looked(office, session, file, Kind::Note, "case").await
    }

    async fn looked(
        office: &Office,
        session: &Session,
        file: CaseFile,
        kind: Kind,
        page: &str,
    ) -> Result<Act, Problem> {
        office
            .note_look(&session.scope, Some(&file.case), page)
            .await?;
        let names = Directory::of(office, &file.case).await?;
        let controller = file.case.controller;
        Ok(Act {
            kind,
            file,
            names,
            typed: None,
            trouble: None,
            today: office.today(),
            done: None,
            connected: office.connected_to(controller).next().is_some(),
        })
    }

    /// The case itself.
    pub fn case(&self) -> &Case {
        &self.file.case
    }

    /// The address of the case's page.
    pub fn home(&self) -> String {
        format!("/desk/cases/{}", self.file.case.id)
    }

    /// The address of this act's page, where its form goes.
    pub fn here(&self) -> String {
        format!("{}/{}", self.home(), self.kind.code())
    }

    /// How long until the case is due.
    pub fn due(&self) -> Due {
        Due::of(self.file.case.due(), self.today)
    }

    /// So many events the page knows.
    pub fn told(&self) -> usize {
        self.file.timeline.len()
    }

    /// What stands in a field: what was typed, else this.
    pub fn value(&self, name: &str, otherwise: impl AsRef<str>) -> String {
        match &self.typed {
            Some(posted) => posted.get(name).to_owned(),
            None => otherwise.as_ref().to_owned(),
        }
    }

    /// Whether a choice is taken: as it was sent, else by default.
    pub fn chosen(&self, name: &str, value: &str, otherwise: impl Borrow<bool>) -> bool {
        match &self.typed {
            Some(posted) => posted.all(name).any(|given| given == value),
            None => *otherwise.borrow(),
        }
    }

    /// Whether what was typed came from the form with this value in a hidden field, where a page has several alike.
    pub fn typed_for(&self, name: &str, value: &str) -> bool {
        let typed = self.typed.as_ref();
        typed.is_some_and(|posted| posted.get(name) == value)
    }

    /// Whether this field is the one that is wrong.
    pub fn wrong(&self, name: &str) -> bool {
        self.trouble
            .as_ref()
            .is_some_and(|trouble| trouble.at == name)
    }

    /// Something stands against what was typed, before anything was tried.
    pub fn stand_against(&mut self, obstacle: Obstacle) {
        self.trouble = Some(Trouble {
            sentence: obstacles::obstacle(&obstacle),
            at: place(&obstacle, ""),
            changed: false,
            since: vec![],
            files_lost: false,
            obstacle,
        });
    }

    /// What stood against the act, said at the field.
    pub fn sentence(&self) -> &str {
        self.trouble
            .as_ref()
            .map_or("", |trouble| trouble.sentence.as_str())
    }

    fn since(&self, told: usize) -> Vec<(String, String)> {
        let tell = |happened: &Happened| {
            (
                self.names.actor(&happened.actor).to_owned(),
                timeline::sentence(&happened.event, &self.names),
            )
        };
        self.file.timeline.iter().skip(told).map(tell).collect()
    }
}

/// What became of an act.
pub enum Settled {
    /// Done; the browser is sent on.
    Done(HttpResponse),
    /// Not done; the page is shown again with all that was typed.
    Again(Box<Act>, StatusCode),
}

/// Sends on after an act that was done, or prepares its page with what stands against it.
pub async fn settle(
    office: &Office,
    session: &Session,
    (id, kind): (CaseId, Kind),
    posted: Posted,
    done: Result<Outcome, Error>,
) -> Result<Settled, Problem> {
    let obstacle = match done {
        Ok(outcome) => {
            return Ok(Settled::Done(see_other(&onward(
                session,
                &outcome.case,
                kind,
            ))));
        }
        Err(Error::Obstacle(obstacle @ Obstacle::RoleLacking { .. })) => {
            return Err(obstacle.into());
        }
        Err(Error::Obstacle(obstacle)) => obstacle,
        Err(other) => return Err(other.into()),
    };
    let mut act = Act::open(office, session, id, kind).await?;
    let changed = matches!(obstacle, Obstacle::ChangedMeanwhile { .. });
    let told = posted.get("told").parse().unwrap_or(usize::MAX);
    act.trouble = Some(Trouble {
        sentence: obstacles::obstacle(&obstacle),
        at: place(&obstacle, posted.get("at")),
        changed,
        since: if changed { act.since(told) } else { vec![] },
        files_lost: !posted.files.is_empty(),
        obstacle,
    });
    act.typed = Some(posted);
    let status = if changed {
        StatusCode::CONFLICT
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    };
    Ok(Settled::Again(Box::new(act), status))
}

/// The field to go to, by what stands against the act.
fn place(obstacle: &Obstacle, otherwise: &str) -> String {
    match obstacle {
        Obstacle::ReasonLacking => "doubt".to_owned(),
        // These stand in many rows; the form as a whole is meant.
        Obstacle::Empty(
            "done" | "what" | "decision" | "until" | "files" | "answers" | "found" | "rest"
            | "outcome" | "tick",
        ) => "form".to_owned(),
        Obstacle::Empty("done-on") if otherwise != "done-on" => "form".to_owned(),
        Obstacle::Empty(what) => (*what).to_owned(),
        Obstacle::Proof(proof) => identity::place(proof).to_owned(),
        Obstacle::NoRight => "rights".to_owned(),
        Obstacle::ExcessUnproven => "fee-objective".to_owned(),
        _ if !otherwise.is_empty() => otherwise.to_owned(),
        _ => "form".to_owned(),
    }
}

/// Where to go after an act: on to the next one, if it is this clerk's to do, else to the case.
fn onward(session: &Session, case: &Case, done: Kind) -> String {
    let home = format!("/desk/cases/{}", case.id);
    let goes_on = matches!(
        done,
        Kind::Standing
            | Kind::Identity
            | Kind::CodeEntry
            | Kind::Tasks
            | Kind::Decision
            | Kind::Execution
            | Kind::Look
            | Kind::Recipients
            | Kind::Rights
            | Kind::Owner
            | Kind::Unsearchable
            | Kind::CutShort
            | Kind::Reconsider
            | Kind::Search
    );
    match next::of(case).filter(|_| goes_on) {
        Some(next) if next.kind.leads_on() && session.may(case.controller, next.kind.least()) => {
            format!("{home}/{}?done={}", next.kind.code(), done.code())
        }
        _ => format!("{home}?done={}", done.code()),
    }
}

/// A day as a browser sends it.
pub fn day(text: &str) -> Option<NaiveDate> {
    let text = text.trim();
    text.parse()
        .ok()
        .or_else(|| NaiveDate::parse_from_str(text, "%d.%m.%Y").ok())
}

/// A moment in Germany, of a day and a time as a browser sends them; one that the clocks skip is none.
pub fn moment(on: &str, at: &str) -> Option<DateTime<Utc>> {
    let time = NaiveTime::parse_from_str(at.trim().get(..5)?, "%H:%M").ok()?;
    let local = Berlin.from_local_datetime(&day(on)?.and_time(time));
    local.earliest().map(|at| at.with_timezone(&Utc))
}

/// The revision that a form was made from; none was before the first.
pub fn seen(posted: &Posted) -> i64 {
    posted.get("seen").parse().unwrap_or(0)
}
