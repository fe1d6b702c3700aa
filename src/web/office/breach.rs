//! An answer in the wrong hands, and breaches of security with their 72 hours (Art. 33, 34 GDPR).

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use askama::Template;
use chrono::{DateTime, Utc};
use chrono_tz::Europe::Berlin;

use crate::casework::desk::Outcome;
use crate::casework::{Error, Office};
use crate::domain::breach::{Breach, BreachStep, Origin, Report, Told};
use crate::domain::delivery::Delivery;
use crate::domain::ids::CaseId;
use crate::domain::obstacle::Obstacle;
use crate::domain::scope::Role;
use crate::web::error::Problem;
use crate::web::form::Posted;
use crate::web::layout::Desk;
use crate::web::office::act::{Act, moment, seen};
use crate::web::office::acts::Kind;
use crate::web::office::session::Session;
use crate::web::page::show;
use crate::words::{aftermath, desk};

/// A breach as the page and the case show it.
pub struct Shown {
    /// Which of the case's, counted from one.
    pub number: usize,
    /// When it became known.
    pub aware: String,
    /// How it came to light.
    pub origin: &'static str,
    /// Until when the authority is told.
    pub due: String,
    /// The latest reading of that.
    pub latest: String,
    /// "noch 41 Stunden".
    pub left: String,
    /// Whether the hours are over.
    pub over: bool,
    /// Whether it is decided what the authority hears, and how.
    pub authority: Option<String>,
    /// The same for the persons.
    pub persons: Option<String>,
    /// What is still missing, in words.
    pub missing: Vec<&'static str>,
    /// What is written down so far.
    pub report: Report,
}

impl Shown {
    fn of(number: usize, breach: &Breach, now: DateTime<Utc>) -> Shown {
        let hours = breach.hours_left(now);
        let told = |told: &Told, yes: &str, no: &str| {
            let words = aftermath::told_words(told);
            match told {
                Told::Yes { at, .. } => format!("{yes} {}. {words}", aftermath::moment(*at)),
                Told::No { .. } => format!("{no} {words}"),
            }
        };
        Shown {
            number,
            aware: aftermath::moment(breach.aware),
            origin: aftermath::origin(breach.origin),
            due: aftermath::moment(breach.due()),
            latest: aftermath::moment(breach.latest()),
            left: aftermath::hours_left(hours),
            over: hours < 0,
            authority: breach
                .authority
                .as_ref()
                .map(|it| told(it, desk::told_on(), desk::not_told())),
            persons: breach
                .persons
                .as_ref()
                .map(|it| told(it, desk::told_on(), desk::not_told())),
            missing: breach
                .report
                .missing()
                .into_iter()
                .map(aftermath::part)
                .collect(),
            report: breach.report.clone(),
        }
    }
}

impl Act {
    /// The breach whose hours run, if there is one.
    pub fn breach(&self, now: &DateTime<Utc>) -> Option<Shown> {
        self.case()
            .open_breach()
            .map(|(number, breach)| Shown::of(number, breach, *now))
    }

    /// The answers that left the house, by their number, the last one first.
    pub fn left_answers(&self) -> Vec<(usize, String)> {
        let known = &self.case().aftermath.misdelivered;
        let answers = self.case().answers.iter().enumerate().rev();
        answers
            .filter(|(at, answer)| {
                let left = matches!(
                    answer,
                    Delivery::Sent { .. } | Delivery::Arrived { .. } | Delivery::Underway { .. }
                );
                left && !known.iter().any(|slip| slip.answer == at + 1)
            })
            .map(|(at, answer)| {
                let released = answer.released();
                let on = answer
                    .left_on()
                    .unwrap_or_else(|| crate::domain::deadline::received_day(released.at));
                (
                    at + 1,
                    format!(
                        "{}; {}",
                        desk::sent_answer(released, on),
                        released.recipient.reveal().replace('\n', ", ")
                    ),
                )
            })
            .collect()
    }
}

#[derive(Template)]
#[template(path = "office/breach.html")]
struct Page {
    p: Desk,
    act: Act,
    breach: Option<Shown>,
    /// The day and the time now, as the fields take them.
    now: (String, String),
    may_decide: bool,
    officer: String,
}

impl Page {
    /// Who answers questions, unless somebody wrote another one.
    fn contact(&self, breach: &Shown) -> String {
        match breach.report.contact.reveal().as_str() {
            "" => self.officer.clone(),
            written => written.to_owned(),
        }
    }
}

/// The page of all that concerns a breach.
pub(super) fn page(
    office: &Office,
    session: &Session,
    p: Desk,
    act: Act,
    status: StatusCode,
) -> Result<HttpResponse, Problem> {
    let controller = &office.house(act.case().controller)?.controller;
    let local = office.now().with_timezone(&Berlin);
    let breach = match act.kind {
        Kind::WrongPerson => None,
        _ => act.breach(&office.now()),
    };
    let page = Page {
        p,
        breach,
        now: (
            local.date_naive().to_string(),
            local.format("%H:%M").to_string(),
        ),
        may_decide: session.may(controller.id, Role::Decider),
        officer: controller
            .officer
            .clone()
            .unwrap_or_else(|| controller.email.clone()),
        act,
    };
    show(status, &page)
}

fn aware(posted: &Posted) -> Result<DateTime<Utc>, Obstacle> {
    moment(posted.get("aware-on"), posted.get("aware-at")).ok_or(Obstacle::Empty("aware"))
}

/// Told or not, as it was ticked.
fn told(posted: &Posted) -> Result<Told, Obstacle> {
    match posted.get("told") {
        "yes" => {
            let late = posted.get("late").trim();
            Ok(Told::Yes {
                at: moment(posted.get("told-on"), posted.get("told-at"))
                    .ok_or(Obstacle::Empty("told-at"))?,
                how: posted.get("how").trim().into(),
                late: (!late.is_empty()).then(|| late.into()),
            })
        }
        "no" => Ok(Told::No {
            because: posted.get("because").trim().into(),
        }),
        _ => Err(Obstacle::Empty("breach-told")),
    }
}

pub(super) async fn perform(
    office: &Office,
    session: &Session,
    (id, kind): (CaseId, Kind),
    posted: &Posted,
) -> Result<Outcome, Error> {
    let (scope, seen) = (&session.scope, seen(posted));
    let number = posted.get("number").parse().unwrap_or(0);
    match kind {
        Kind::WrongPerson => {
            let answer = posted.get("answer").parse().unwrap_or(0);
            if answer == 0 {
                return Err(Obstacle::Empty("answer").into());
            }
            let learnt = (aware(posted)?, posted.get("note"));
            office.misdelivered(scope, id, seen, answer, learnt).await
        }
        Kind::Breach => {
            let origin = match posted.get("origin") {
                "message" => Origin::Message,
                _ => Origin::Office,
            };
            office
                .report_breach(
                    scope,
                    id,
                    seen,
                    (aware(posted)?, origin),
                    posted.get("note"),
                )
                .await
        }
        Kind::BreachReport => {
            let text = |name: &str| posted.get(name).trim().into();
            let report = Report {
                nature: text("nature"),
                categories: text("categories"),
                numbers: text("numbers"),
                contact: text("contact"),
                consequences: text("consequences"),
                measures: text("measures"),
            };
            office
                .describe_breach(scope, id, seen, number, report)
                .await
        }
        _ => {
            let step = match kind {
                Kind::BreachAuthority => BreachStep::Authority {
                    told: told(posted)?,
                },
                Kind::BreachPersons => BreachStep::Persons {
                    told: told(posted)?,
                },
                _ => BreachStep::Closed { at: office.now() },
            };
            office.decide_breach(scope, id, seen, number, step).await
        }
    }
}
