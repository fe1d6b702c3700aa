//! The answer: a fresh code first, then the letter as page and PDF, below it the package.

mod download;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use chrono::NaiveDate;

use crate::casework::delivery::{AnswerPage as Answer, CODE_MINUTES};
use crate::casework::{Error, Office, Token};
use crate::domain::deadline::received_day;
use crate::domain::ids::FileId;
use crate::web::error::Problem;
use crate::web::form::Posted;
use crate::web::gate::Gate;
use crate::web::layout::Counter;
use crate::web::page::{self, see_other, show};
use crate::web::public::counter;
use crate::web::public::fault::{Fault, Faults};

/// Asks for a code, or for the code that was sent.
#[derive(Template)]
#[template(path = "public/answer/code.html")]
pub struct CodePage {
    pub p: Counter,
    pub number: String,
    /// Where the code goes, partly hidden: `m…@example.org`.
    pub mailbox: String,
    /// A code is on its way; show the field for it.
    pub sent: bool,
    /// How long a code counts, in minutes.
    pub minutes: i64,
    pub faults: Faults,
    /// Until when the answer can be fetched.
    pub until: Option<NaiveDate>,
    /// This page's own address without query.
    pub base: String,
}

/// A file that can be downloaded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Download {
    /// Where the form for it posts to.
    pub action: String,
    /// In bytes.
    pub size: u64,
}

/// The answer itself.
#[derive(Template)]
#[template(path = "public/answer/open.html")]
pub struct OpenPage {
    pub p: Counter,
    pub number: String,
    /// The letter's words as HTML of our own printing; empty if they were not kept.
    pub letter: String,
    /// The letter as PDF.
    pub pdf: Option<Download>,
    /// The data.
    pub package: Option<Download>,
    /// The data were here and were destroyed since.
    pub package_gone: bool,
    /// Opens the downloads for a while; stands in the page and in no address.
    pub pass: String,
    pub until: Option<NaiveDate>,
}

/// The time to fetch it is over; it can be had again as long as the files are kept.
#[derive(Template)]
#[template(path = "public/answer/over.html")]
pub struct OverPage {
    pub p: Counter,
    pub number: String,
    pub renewable: bool,
}

/// The page behind the link of one answer.
struct Visit<'a> {
    request: &'a HttpRequest,
    office: &'a Office,
    token: Token,
    answer: Answer,
    base: String,
}

impl<'a> Visit<'a> {
    async fn of(request: &'a HttpRequest, office: &'a Office, text: &str) -> Result<Self, Problem> {
        let closed = |error| counter::closed(request, office, error);
        let token = Token::parse(text).ok_or(Error::Link).map_err(closed)?;
        let answer = office.answer_page(&token).await.map_err(closed)?;
        Ok(Self {
            request,
            office,
            base: format!("/answer/{text}"),
            token,
            answer,
        })
    }

    fn frame(&self) -> Result<Counter, Problem> {
        let controller = &self.office.house(self.answer.controller)?.controller;
        Ok(counter::own_frame(
            self.request,
            controller,
            self.answer.lang,
        ))
    }

    fn until(&self) -> Option<NaiveDate> {
        self.answer.expires.map(received_day)
    }

    fn code(&self, sent: bool, faults: Vec<Fault>) -> Result<HttpResponse, Problem> {
        let status = if faults.is_empty() {
            StatusCode::OK
        } else {
            StatusCode::UNPROCESSABLE_ENTITY
        };
        let page = CodePage {
            p: self.frame()?,
            number: self.answer.number.clone(),
            mailbox: self.answer.mailbox.clone(),
            sent,
            minutes: CODE_MINUTES,
            faults: Faults(faults),
            until: self.until(),
            base: self.base.clone(),
        };
        show(status, &page)
    }

    fn over(&self) -> Result<HttpResponse, Problem> {
        let page = OverPage {
            p: self.frame()?,
            number: self.answer.number.clone(),
            renewable: self.answer.renewable,
        };
        show(StatusCode::OK, &page)
    }

    async fn open(&self, pass: &Token) -> Result<HttpResponse, Problem> {
        let letter = self.office.answer_letter(&self.token, pass).await?;
        let download = |(file, size): (FileId, u64)| Download {
            action: format!("{}/file/{}", self.base, file.0),
            size,
        };
        let page = OpenPage {
            p: self.frame()?,
            number: self.answer.number.clone(),
            letter: letter.reveal().clone(),
            pdf: self
                .answer
                .letter_size
                .map(|size| download((self.answer.letter, size))),
            package: self.answer.package.map(download),
            package_gone: self.answer.package_gone,
            pass: pass.text(),
            until: self.until(),
        };
        show(StatusCode::OK, &page)
    }

    /// The same page for looking, with this in its query.
    fn again(&self, query: &str) -> HttpResponse {
        let lang = page::asked(self.request).map(|lang| format!("lang={}", lang.code()));
        let parts: Vec<&str> = [Some(query), lang.as_deref()]
            .into_iter()
            .flatten()
            .filter(|part| !part.is_empty())
            .collect();
        let mark = if parts.is_empty() { "" } else { "?" };
        see_other(&format!("{}{mark}{}", self.base, parts.join("&")))
    }
}

/// Shows the way in. Opening the page sends nothing.
pub async fn look(
    request: HttpRequest,
    token: web::Path<String>,
    office: web::Data<Office>,
) -> Result<HttpResponse, Problem> {
    let visit = Visit::of(&request, &office, &token).await?;
    if !visit.answer.good {
        return visit.over();
    }
    visit.code(page::query(&request, "code").next().is_some(), vec![])
}

/// A button on it: send a code, try one, or make the link good again.
pub async fn act(
    request: HttpRequest,
    token: web::Path<String>,
    posted: Posted,
    office: web::Data<Office>,
    gate: web::Data<Gate>,
) -> Result<HttpResponse, Problem> {
    let visit = Visit::of(&request, &office, &token).await?;
    match posted.pressed() {
        ("renew", _) if !visit.answer.good => {
            office
                .renew_answer(&visit.token)
                .await
                .map_err(|error| counter::closed(&request, &office, error))?;
            Ok(visit.again(""))
        }
        _ if !visit.answer.good => visit.over(),
        ("code", _) => match office.send_code(&visit.token).await {
            // One a minute is enough; the page says so in either case.
            Ok(()) | Err(Error::TooOften) => Ok(visit.again("code=1")),
            Err(other) => Err(counter::closed(&request, &office, other)),
        },
        _ if posted.get("code").trim().is_empty() => visit.code(true, vec![Fault::CodeMissing]),
        _ if !gate.limits.sign_ins.allows(gate.asker(&request)) => {
            visit.code(true, vec![Fault::CodePaused])
        }
        _ => match office.try_code(&visit.token, posted.get("code")).await {
            Ok(pass) => visit.open(&pass).await,
            Err(Error::Code) => visit.code(true, vec![Fault::CodeWrong]),
            Err(other) => Err(counter::closed(&request, &office, other)),
        },
    }
}

/// Hands out a file to somebody with a pass; without a good one it goes back to the code.
pub async fn fetch(
    request: HttpRequest,
    path: web::Path<(String, i64)>,
    posted: Posted,
    office: web::Data<Office>,
) -> Result<HttpResponse, Problem> {
    let (text, file) = path.into_inner();
    let visit = Visit::of(&request, &office, &text).await?;
    let Some(pass) = Token::parse(posted.get("pass")) else {
        return Ok(visit.again(""));
    };
    match office.answer_file(&visit.token, &pass, FileId(file)).await {
        Ok((open, case)) => Ok(download::send(office.clone(), open, case)),
        Err(Error::Link) => Ok(visit.again("")),
        Err(other) => Err(counter::closed(&request, &office, other)),
    }
}
