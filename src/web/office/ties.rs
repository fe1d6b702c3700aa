//! Cases that belong together: repetitions, another person in the same message, a new right in an old thread.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use askama::Template;

use crate::casework::desk::Outcome;
use crate::casework::ties::{Anew, OtherPerson};
use crate::casework::{Error, Line, Office};
use crate::domain::ids::CaseId;
use crate::domain::lang::Lang;
use crate::domain::obstacle::Obstacle;
use crate::domain::private::Private;
use crate::domain::ties::Tie;
use crate::web::error::Problem;
use crate::web::form::Posted;
use crate::web::layout::Desk;
use crate::web::office::act::{Act, day, seen};
use crate::web::office::acts::{Kind, rights};
use crate::web::office::session::Session;
use crate::web::page::show;
use crate::words::{dates, persons, terms};

/// Another case as a line.
pub struct Other {
    /// Its id.
    pub id: CaseId,
    /// Its number.
    pub number: String,
    /// The person's name.
    pub name: String,
    /// Day of receipt, rights and stage.
    pub about: String,
    /// What it is to this case; empty while nobody has said anything.
    pub tie: &'static str,
    /// Whether it is still open.
    pub open: bool,
}

impl Other {
    /// A line without a tie.
    pub fn likely(line: &Line) -> Other {
        let rights: Vec<&str> = line
            .rights
            .iter()
            .map(|right| terms::right_short(*right, Lang::De))
            .collect();
        Other {
            id: line.id,
            number: line.number.clone(),
            name: line.name.reveal().clone(),
            about: format!(
                "{}, {}, {}",
                dates::short_date(line.received, Lang::De),
                match rights.is_empty() {
                    true => "—".to_owned(),
                    false => rights.join(", "),
                },
                terms::stage(line.stage, Lang::De)
            ),
            tie: "",
            open: line.closed.is_none(),
        }
    }

    fn tied((line, tie): &(Line, Tie)) -> Other {
        Other {
            tie: persons::tie(*tie),
            ..Other::likely(line)
        }
    }
}

/// The cases that a case is tied to.
pub async fn tied(office: &Office, session: &Session, act: &Act) -> Result<Vec<Other>, Problem> {
    let tied = office.tied(&session.scope, act.case()).await?;
    Ok(tied.iter().map(Other::tied).collect())
}

/// The likely repetitions about which nobody has said anything.
pub async fn likely(office: &Office, session: &Session, act: &Act) -> Result<Vec<Other>, Problem> {
    let likely = office.likely_of(&session.scope, act.case()).await?;
    Ok(likely.iter().map(Other::likely).collect())
}

#[derive(Template)]
#[template(path = "office/ties.html")]
struct Page {
    p: Desk,
    act: Act,
    likely: Vec<Other>,
    tied: Vec<Other>,
}

impl Page {
    /// Earlier cases that are still open: only they can stand for this one.
    fn firsts(&self) -> Vec<&Other> {
        let all = self.likely.iter().chain(&self.tied);
        let mut firsts: Vec<&Other> = all.filter(|other| other.open).collect();
        firsts.dedup_by_key(|other| other.id);
        firsts
    }

    fn ticked(&self, code: &str) -> bool {
        self.act.chosen("rights", code, false)
    }
}

pub(super) async fn page(
    office: &Office,
    session: &Session,
    p: Desk,
    act: Act,
    status: StatusCode,
) -> Result<HttpResponse, Problem> {
    let page = Page {
        p,
        likely: likely(office, session, &act).await?,
        tied: tied(office, session, &act).await?,
        act,
    };
    show(status, &page)
}

/// A case that was just opened is where one goes on.
async fn now(office: &Office, session: &Session, id: CaseId) -> Result<Outcome, Error> {
    let (case, revision) = office.open(&session.scope, id).await?;
    Ok(Outcome {
        case,
        revision,
        changed: true,
    })
}

fn some(text: &str) -> Option<Private<String>> {
    let text = text.trim();
    (!text.is_empty()).then(|| text.replace("\r\n", "\n").into())
}

pub(super) async fn perform(
    office: &Office,
    session: &Session,
    (id, kind): (CaseId, Kind),
    posted: &Posted,
) -> Result<Outcome, Error> {
    let (scope, seen) = (&session.scope, seen(posted));
    match kind {
        Kind::Ties => {
            let (what, of) = posted.pressed();
            let other: CaseId = of.parse().map_err(|_| Obstacle::Empty("first"))?;
            let tie = match what {
                "same" => Tie::Same,
                _ => Tie::Different,
            };
            office.tie(scope, id, seen, other, tie).await
        }
        Kind::Repeat => {
            let first = match posted.get("first").parse::<CaseId>() {
                Ok(first) => first,
                Err(_) => {
                    let (case, _) = office.open(scope, id).await?;
                    office
                        .numbered(scope, case.controller, posted.get("number"))
                        .await?
                }
            };
            office
                .end_as_repeat(scope, id, seen, first, posted.get("confirmed"))
                .await
        }
        Kind::Split => {
            let email = some(posted.get("email"));
            if email
                .as_ref()
                .is_some_and(|email| !email.reveal().contains('@'))
            {
                return Err(Obstacle::Empty("email").into());
            }
            let other = OtherPerson {
                name: posted.get("name").trim().into(),
                email,
                address: some(posted.get("address")),
                rights: rights(posted),
            };
            let (_, born) = office.split(scope, id, seen, other).await?;
            now(office, session, born).await
        }
        _ => {
            let anew = Anew {
                received: day(posted.get("received")).ok_or(Obstacle::Empty("received"))?,
                rights: rights(posted),
                text: posted.get("text").trim().into(),
            };
            let (_, born) = office.take_anew(scope, id, seen, anew).await?;
            now(office, session, born).await
        }
    }
}
