//! The status page behind the person's own link: four stages, what we wait for, a way to write.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use chrono::NaiveDate;

use crate::casework::reading::{PublicStage, Status};
use crate::casework::{Error, Office, Token};
use crate::web::error::Problem;
use crate::web::form::Posted;
use crate::web::gate::Gate;
use crate::web::layout::Counter;
use crate::web::page::{self, see_other, show};
use crate::web::public::draft::text;
use crate::web::public::fault::Faults;
use crate::web::public::fault::{Fault, WORDS_MAX};
use crate::web::public::request::{Limits, Upload};
use crate::web::public::{counter, uploads};

/// The four stages a person is shown; what the office does in between stays inside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Milestone {
    Received,
    InProgress,
    WeNeedSomething,
    Answered,
}

/// One stage on the line, with the day on which it was reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stop {
    pub milestone: Milestone,
    /// The day on which it was reached, where that says something.
    pub day: Option<NaiveDate>,
    /// It lies behind.
    pub done: bool,
    /// This is where the request stands.
    pub now: bool,
}

impl Stop {
    /// The class of the stop on the line.
    #[must_use]
    pub fn class(&self) -> &'static str {
        match (self.now, self.done) {
            (true, _) => "now",
            (false, true) => "done",
            (false, false) => "then",
        }
    }
}

/// What we need from the person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    pub asked: NaiveDate,
    /// Why, as the clerk wrote it.
    pub text: String,
}

/// The status page.
#[derive(Template)]
#[template(path = "public/status.html")]
pub struct StatusPage<'a> {
    pub p: Counter,
    pub number: String,
    pub received: NaiveDate,
    pub due: NaiveDate,
    /// The due date before it was extended, if it was.
    pub extended_from: Option<NaiveDate>,
    /// In order; `WeNeedSomething` only if something is or was needed.
    pub stops: Vec<Stop>,
    pub question: Option<Question>,
    /// Nobody has taken it up yet.
    pub fresh: bool,
    /// It ended because nobody knew who wrote; an answer takes it up again.
    pub ended: bool,
    /// It is answered.
    pub answered: bool,
    /// The page with the answer, if it lies ready there.
    pub answer: Option<String>,
    /// The mailbox has not been confirmed yet.
    pub unconfirmed: bool,
    pub faults: Faults,
    /// What was typed into the message.
    pub draft: &'a str,
    pub form_key: String,
    pub files: &'a [Upload],
    pub limits: Limits,
    /// A message has just been taken in.
    pub written: bool,
    /// Path of the page's own address without query; its forms post to `…/message` and `…/revoke`.
    pub base: String,
}

/// Before the link is switched off, and after.
#[derive(Template)]
#[template(path = "public/revoke.html")]
pub struct RevokePage {
    pub p: Counter,
    pub number: String,
    pub done: bool,
}

/// A person's own page with what it needs.
struct Visit<'a> {
    request: &'a HttpRequest,
    office: &'a web::Data<Office>,
    token: Token,
    status: Status,
    slug: String,
    base: String,
}

impl<'a> Visit<'a> {
    async fn of(
        request: &'a HttpRequest,
        office: &'a web::Data<Office>,
        text: &str,
    ) -> Result<Self, Problem> {
        let closed = |error| counter::closed(request, office, error);
        let token = Token::parse(text).ok_or(Error::Link).map_err(closed)?;
        let status = office.status(&token).await.map_err(closed)?;
        let slug = office.house(status.controller)?.controller.slug.clone();
        Ok(Self {
            request,
            office,
            base: format!("/status/{}", token.text()),
            token,
            status,
            slug,
        })
    }

    fn frame(&self) -> Result<Counter, Problem> {
        let controller = &self.office.house(self.status.controller)?.controller;
        let p = counter::own_frame(self.request, controller, self.status.lang);
        // The page after a message answers a POST to an address that cannot be opened by itself.
        Ok(Counter {
            path: self.base.clone(),
            ..p
        })
    }

    fn page<'b>(
        &self,
        draft: &'b str,
        form_key: String,
        files: &'b [Upload],
    ) -> Result<StatusPage<'b>, Problem> {
        let status = &self.status;
        Ok(StatusPage {
            p: self.frame()?,
            number: status.number.clone(),
            received: status.received,
            due: status.due,
            extended_from: status.extended_from,
            stops: stops(status),
            question: status.question.as_ref().map(|(asked, text)| Question {
                asked: *asked,
                text: text.reveal().clone(),
            }),
            fresh: status.stage == PublicStage::Received,
            ended: status.ended,
            answered: status.stage == PublicStage::Answered,
            answer: status.answer.clone(),
            unconfirmed: status.unproven,
            faults: Faults::default(),
            draft,
            form_key,
            files,
            limits: uploads::limits(self.office),
            written: page::query(self.request, "written").next().is_some(),
            base: self.base.clone(),
        })
    }
}

fn stops(status: &Status) -> Vec<Stop> {
    let reached = |stage: PublicStage| match stage {
        PublicStage::Received => 0,
        PublicStage::InProgress | PublicStage::NeedsYou => 1,
        PublicStage::Answered => 2,
    };
    let at = reached(status.stage);
    let stop = |milestone, day, done, now| Stop {
        milestone,
        day,
        done,
        now,
    };
    let mut stops = vec![
        stop(Milestone::Received, Some(status.received), true, at == 0),
        stop(
            Milestone::InProgress,
            None,
            at > 0,
            status.stage == PublicStage::InProgress,
        ),
    ];
    if status.stage == PublicStage::NeedsYou {
        let asked = status.question.as_ref().map(|(asked, _)| *asked);
        stops.push(stop(Milestone::WeNeedSomething, asked, true, true));
    }
    stops.push(stop(Milestone::Answered, status.answered, at == 2, at == 2));
    stops
}

/// Where the request stands.
pub async fn look(
    request: HttpRequest,
    token: web::Path<String>,
    office: web::Data<Office>,
) -> Result<HttpResponse, Problem> {
    let visit = Visit::of(&request, &office, &token).await?;
    let key = office.form_key(visit.status.controller);
    show(StatusCode::OK, &visit.page("", key, &[])?)
}

/// The person writes to us, or attaches something first.
pub async fn message(
    request: HttpRequest,
    token: web::Path<String>,
    mut posted: Posted,
    office: web::Data<Office>,
    gate: web::Data<Gate>,
) -> Result<HttpResponse, Problem> {
    let visit = Visit::of(&request, &office, &token).await?;
    let controller = visit.status.controller;
    let mut form_key = posted.get("form_key").to_owned();
    let sent_key = office.check_form_key(controller, &form_key);
    let mut faults: Vec<Fault> = sent_key
        .is_none()
        .then_some(Fault::PageOld)
        .into_iter()
        .collect();
    let key = match sent_key {
        Some(key) => key,
        None => {
            form_key = office.form_key(controller);
            office
                .check_form_key(controller, &form_key)
                .ok_or_else(|| Problem::fault("a fresh form key is not good"))?
        }
    };
    let (left_out, _) = uploads::keep(&office, &visit.slug, &key.form, &mut posted, || {
        gate.limits.files.allows(gate.asker(&request))
    })
    .await?;
    faults.extend(left_out);
    let words = text(posted.get("message"));
    match posted.pressed() {
        ("attach", _) => faults.retain(|fault| *fault != Fault::PageOld),
        ("remove", id) => uploads::remove(&office, &visit.slug, &key.form, id).await?,
        _ => {
            if !validator::ValidateLength::validate_length(&words, None, Some(WORDS_MAX), None) {
                faults.push(Fault::MessageTooLong);
            }
            if faults.is_empty() && !gate.limits.forms.allows(gate.asker(&request)) {
                faults.push(Fault::MessagesPaused);
            }
            if faults.is_empty() {
                match office.hear_form(&visit.token, &key.form, &words).await {
                    Ok(()) => {
                        let lang =
                            page::asked(&request).map(|lang| format!("&lang={}", lang.code()));
                        return Ok(see_other(&format!(
                            "{}?written=1{}",
                            visit.base,
                            lang.unwrap_or_default()
                        )));
                    }
                    Err(Error::Obstacle(crate::domain::obstacle::Obstacle::Empty(_))) => {
                        faults.push(Fault::MessageEmpty);
                    }
                    Err(other) => return Err(counter::closed(&request, &office, other)),
                }
            }
        }
    }
    let files = uploads::list(&office, &visit.slug, &key.form).await?;
    let status = if faults.is_empty() {
        StatusCode::OK
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    };
    let page = StatusPage {
        faults: Faults(faults),
        ..visit.page(&words, form_key, &files)?
    };
    show(status, &page)
}

/// "Switch this link off?"
pub async fn look_revoke(
    request: HttpRequest,
    token: web::Path<String>,
    office: web::Data<Office>,
) -> Result<HttpResponse, Problem> {
    let visit = Visit::of(&request, &office, &token).await?;
    let p = Counter {
        path: request.path().to_owned(),
        ..visit.frame()?
    };
    show(
        StatusCode::OK,
        &RevokePage {
            p,
            number: visit.status.number,
            done: false,
        },
    )
}

/// The button that switches it off.
pub async fn revoke(
    request: HttpRequest,
    token: web::Path<String>,
    office: web::Data<Office>,
) -> Result<HttpResponse, Problem> {
    let visit = Visit::of(&request, &office, &token).await?;
    office.revoke_status(&visit.token).await?;
    let p = Counter {
        other: None,
        ..visit.frame()?
    };
    show(
        StatusCode::OK,
        &RevokePage {
            p,
            number: visit.status.number,
            done: true,
        },
    )
}
