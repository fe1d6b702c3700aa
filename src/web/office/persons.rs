//! Who writes for whom, when it really came, who may see it: the pages that go before the proof of identity.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use askama::Template;

use crate::casework::desk::Outcome;
use crate::casework::slips::{How, writable};
use crate::casework::{Error, Office};
use crate::domain::ids::CaseId;
use crate::domain::mandate::{AnswerTo, Certificate, Mandate, Trade};
use crate::domain::misdirection::WhyNot;
use crate::domain::obstacle::Obstacle;
use crate::domain::standing::{Seen, Standing};
use crate::web::error::Problem;
use crate::web::form::Posted;
use crate::web::layout::Desk;
use crate::web::office::act::{Act, day, seen};
use crate::web::office::acts::Kind;
use crate::web::office::session::Session;
use crate::web::page::show;
use crate::words::persons as words;

/// A standing, a trade or a reason as a choice.
#[derive(Clone)]
struct Choice {
    code: &'static str,
    name: &'static str,
    hint: &'static str,
    now: bool,
}

impl Choice {
    fn plain(code: &'static str, name: &'static str, now: bool) -> Choice {
        Choice {
            code,
            name,
            hint: "",
            now,
        }
    }

    fn now(&self) -> bool {
        self.now
    }
}

#[derive(Template)]
#[template(path = "office/persons.html")]
struct Page {
    p: Desk,
    act: Act,
    standing: Standing,
    choices: Vec<Choice>,
    /// What is missing, in a sentence; empty: settled.
    lack: String,
    /// Whether mail may go to who wrote.
    writable: bool,
    trades: Vec<Choice>,
    whys: Vec<Choice>,
}

/// The standings that a clerk can choose, blank.
fn blank(code: &str) -> Option<Standing> {
    Some(match code {
        "own" => Standing::Own,
        "parent" => Standing::Parent {
            born: None,
            shown: None,
            view: None,
        },
        "agent" => Standing::Agent {
            by: Trade::Other,
            mandate: Mandate::Open,
            answer_to: AnswerTo::Person,
        },
        "guardian" => Standing::Guardian { certificate: None },
        "insolvency-administrator" => Standing::InsolvencyAdministrator,
        "bereaved" => Standing::Bereaved,
        "legal-person" => Standing::LegalPerson,
        "third-party" => Standing::ThirdParty,
        "authority" => Standing::Authority,
        _ => return None,
    })
}

const CODES: [&str; 9] = [
    "own",
    "parent",
    "agent",
    "guardian",
    "legal-person",
    "bereaved",
    "insolvency-administrator",
    "third-party",
    "authority",
];

impl Page {
    fn is(&self, code: &str) -> bool {
        self.standing.code() == code
    }

    fn born(&self) -> String {
        match &self.standing {
            Standing::Parent {
                born: Some(born), ..
            } => born.to_string(),
            _ => String::new(),
        }
    }

    fn seen_note(&self, what: &str) -> String {
        let note = match (&self.standing, what) {
            (Standing::Parent { shown, .. }, "shown") => shown.as_ref().map(|seen| &seen.note),
            (Standing::Parent { view, .. }, "view") => view.as_ref().map(|seen| &seen.note),
            (Standing::Guardian { certificate }, _) => {
                certificate.as_ref().map(|certificate| &certificate.tasks)
            }
            (
                Standing::Agent {
                    mandate: Mandate::Shown { note, .. },
                    ..
                },
                _,
            ) => Some(note),
            _ => None,
        };
        note.map(|note| note.reveal().clone()).unwrap_or_default()
    }

    fn asks_child(&self) -> bool {
        self.standing.asks_child(self.act.case().intake.received)
    }

    fn covers(&self, value: bool) -> bool {
        match &self.standing {
            Standing::Agent {
                mandate: Mandate::Shown { covers, .. },
                ..
            } => *covers == value,
            Standing::Guardian {
                certificate: Some(certificate),
            } => certificate.covers == value,
            _ => false,
        }
    }

    fn original(&self) -> bool {
        matches!(
            self.standing,
            Standing::Agent {
                mandate: Mandate::Shown { original: true, .. },
                ..
            }
        )
    }

    fn to_agent(&self) -> bool {
        matches!(
            self.standing,
            Standing::Agent {
                answer_to: AnswerTo::Agent,
                ..
            }
        )
    }

    fn rejectable(&self) -> bool {
        matches!(
            &self.standing,
            Standing::Agent {
                mandate: Mandate::Open
                    | Mandate::Shown {
                        original: false,
                        ..
                    },
                ..
            }
        )
    }

    fn no_right(&self) -> bool {
        self.standing.no_right().is_some()
    }
}

pub(super) async fn page(
    office: &Office,
    p: Desk,
    act: Act,
    status: StatusCode,
) -> Result<HttpResponse, Problem> {
    let standing = act.case().standing();
    let received = act.case().intake.received;
    let trade = match &standing {
        Standing::Agent { by, .. } => *by,
        _ => Trade::Other,
    };
    let likely = standing.no_right().unwrap_or(WhyNot::NotController);
    let page = Page {
        p,
        choices: CODES
            .into_iter()
            .map(|code| Choice {
                code,
                name: words::standing(code),
                hint: words::standing_hint(code),
                now: standing.code() == code,
            })
            .collect(),
        lack: standing
            .lacks(received)
            .map(words::lack)
            .unwrap_or_default(),
        trades: Trade::ALL
            .map(|one| Choice::plain(one.code(), words::trade(one), one == trade))
            .to_vec(),
        whys: WhyNot::ALL
            .map(|why| Choice::plain(why.code(), words::why_not(why), why == likely))
            .to_vec(),
        writable: office.house(act.case().controller)?.has_post && writable(act.case()),
        standing,
        act,
    };
    show(status, &page)
}

pub(super) async fn perform(
    office: &Office,
    session: &Session,
    (id, kind): (CaseId, Kind),
    posted: &Posted,
) -> Result<Outcome, Error> {
    let (scope, seen) = (&session.scope, seen(posted));
    match kind {
        Kind::Mandate => {
            let cause = day(posted.get("cause")).ok_or(Obstacle::Empty("cause"))?;
            office
                .reject_mandate(scope, id, seen, posted.get("because"), cause)
                .await
        }
        Kind::Received => {
            let received = day(posted.get("received")).ok_or(Obstacle::Empty("received"))?;
            office
                .correct_receipt(scope, id, seen, received, posted.get("because"))
                .await
        }
        Kind::Confidential => {
            let confidential = posted.get("confidential") == "yes";
            office.set_confidential(scope, id, seen, confidential).await
        }
        Kind::Misdirected => {
            let why = WhyNot::from_code(posted.get("why")).ok_or(Obstacle::Empty("why"))?;
            let told = told(posted)?;
            office
                .misdirected(scope, id, seen, (why, posted.get("note")), told)
                .await
        }
        _ => {
            let (case, _) = office.open(scope, id).await?;
            let standing = typed(&case.standing(), posted, office.today())?;
            office.set_standing(scope, id, seen, standing).await
        }
    }
}

/// How the short letter goes out.
fn told(posted: &Posted) -> Result<How, Obstacle> {
    match posted.get("reply") {
        "mail" => Ok(How::Mail),
        "paper" => Ok(How::Posted(
            day(posted.get("posted")).ok_or(Obstacle::Empty("posted"))?,
        )),
        "none" => Ok(How::Waived(posted.get("waived").to_owned())),
        _ => Err(Obstacle::Empty("reply")),
    }
}

/// The standing as the form says: another one, or more of the one there is.
fn typed(now: &Standing, posted: &Posted, today: chrono::NaiveDate) -> Result<Standing, Obstacle> {
    let part = posted.get("part");
    if part.is_empty() {
        let chosen = blank(posted.get("standing")).ok_or(Obstacle::Empty("standing"))?;
        // Chosen once more, what is known of it stays.
        return Ok(if chosen.code() == now.code() {
            now.clone()
        } else {
            chosen
        });
    }
    let covers = match posted.get("covers") {
        "yes" => Ok(true),
        "no" => Ok(false),
        _ => Err(Obstacle::Empty("covers")),
    };
    match part {
        "parent" => {
            let born: i32 = posted
                .get("born")
                .trim()
                .parse()
                .map_err(|_| Obstacle::Empty("born"))?;
            let optional = |name: &str| match posted.get(name).trim() {
                "" => None,
                note => Some(Seen {
                    on: today,
                    note: note.into(),
                }),
            };
            Ok(Standing::Parent {
                born: Some(born),
                shown: Some(Seen::noted(posted.get("shown"), today, "shown")?),
                view: optional("view"),
            })
        }
        "agent" => Ok(Standing::Agent {
            by: Trade::from_code(posted.get("trade")).unwrap_or(Trade::Other),
            mandate: Mandate::Shown {
                on: today,
                original: posted.ticked("original"),
                covers: covers?,
                note: Seen::noted(posted.get("note"), today, "note")?.note,
            },
            answer_to: match posted.ticked("to-agent") {
                true => AnswerTo::Agent,
                false => AnswerTo::Person,
            },
        }),
        _ => Ok(Standing::Guardian {
            certificate: Some(Certificate {
                on: today,
                tasks: Seen::noted(posted.get("tasks"), today, "tasks")?.note,
                covers: covers?,
            }),
        }),
    }
}
