//! Where the person shows that the request is hers: what is asked and why, what suffices, and what becomes of it.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use crate::casework::identity::ProofPage as Asked;
use crate::casework::{Error, Office, Token};
use crate::domain::identity::{AddressKind, Knowledge, Method, ProofObstacle};
use crate::domain::lang::Lang;
use crate::domain::obstacle::Obstacle;
use crate::web::error::Problem;
use crate::web::form::Posted;
use crate::web::gate::Gate;
use crate::web::layout::Counter;
use crate::web::page::{self, see_other, show};
use crate::web::public::fault::{Fault, Faults};
use crate::web::public::request::{Limits, Upload};
use crate::web::public::{counter, uploads};
use crate::words::proof;

/// A question to answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// Its name in the form.
    pub code: &'static str,
    /// The question.
    pub label: &'static str,
    /// What was typed.
    pub value: String,
}

/// What suffices, as one section of the page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Way {
    /// Questions with a field each.
    Questions(Vec<Field>),
    /// A code that is on its way, or will be.
    Code { by_mail: bool, sent: bool },
    /// Something to upload or to post.
    Papers { copy: bool },
    /// Nothing to do on this page; the sentence says what.
    Told(String),
}

/// The page.
#[derive(Template)]
#[template(path = "public/proof.html")]
pub struct ProofPage {
    pub p: Counter,
    pub number: String,
    pub asked: Asked,
    /// One of them is enough.
    pub ways: Vec<Way>,
    /// Whether copies of documents are among them.
    pub copy: bool,
    pub faults: Faults,
    pub form_key: String,
    pub files: Vec<Upload>,
    pub limits: Limits,
    /// Something has just been taken in.
    pub given: bool,
    /// This page's own address without query.
    pub base: String,
    /// The status page.
    pub status: String,
}

impl ProofPage {
    fn capital(&self, sentence: &str) -> String {
        let mut letters = sentence.chars();
        let first = letters.next().map(char::to_uppercase).into_iter().flatten();
        first.chain(letters).collect()
    }
}

/// Nothing is asked, or the proof was enough.
#[derive(Template)]
#[template(path = "public/proven.html")]
pub struct ProvenPage {
    pub p: Counter,
    pub number: String,
    pub status: String,
    /// A code was right a moment ago.
    pub right: bool,
}

struct Visit<'a> {
    request: &'a HttpRequest,
    office: &'a web::Data<Office>,
    token: Token,
    status: String,
    base: String,
    asked: Option<Asked>,
    controller: crate::domain::ids::ControllerId,
    lang: Lang,
    number: String,
}

impl<'a> Visit<'a> {
    async fn of(
        request: &'a HttpRequest,
        office: &'a web::Data<Office>,
        text: &str,
    ) -> Result<Self, Problem> {
        let closed = |error| counter::closed(request, office, error);
        let token = Token::parse(text).ok_or(Error::Link).map_err(closed)?;
        let known = office.status(&token).await.map_err(closed)?;
        let asked = office.proof_page(&token).await.map_err(closed)?;
        let status = format!("/status/{}", token.text());
        Ok(Self {
            request,
            office,
            base: format!("{status}/proof"),
            status,
            token,
            asked,
            controller: known.controller,
            lang: known.lang,
            number: known.number,
        })
    }

    fn frame(&self) -> Result<Counter, Problem> {
        let controller = &self.office.house(self.controller)?.controller;
        let p = counter::own_frame(self.request, controller, self.lang);
        Ok(Counter {
            path: self.base.clone(),
            ..p
        })
    }

    fn proven(&self) -> Result<HttpResponse, Problem> {
        let page = ProvenPage {
            p: self.frame()?,
            number: self.number.clone(),
            status: self.status.clone(),
            right: page::query(self.request, "given").next().is_some(),
        };
        show(StatusCode::OK, &page)
    }

    fn page(
        &self,
        asked: &Asked,
        posted: Option<&Posted>,
        (form_key, files): (String, Vec<Upload>),
        faults: Vec<Fault>,
    ) -> Result<HttpResponse, Problem> {
        let p = self.frame()?;
        let status = if faults.is_empty() {
            StatusCode::OK
        } else {
            StatusCode::UNPROCESSABLE_ENTITY
        };
        let form = self.office.house(self.controller)?.controller.form;
        let typed = |code: &str| posted.map_or(String::new(), |posted| posted.get(code).to_owned());
        let lang = p.lang;
        let ways = asked
            .means
            .iter()
            .map(|means| match means.method {
                Method::Knowledge => Way::Questions(
                    means
                        .keys
                        .iter()
                        .map(|key| Field {
                            code: key.code(),
                            label: proof::knowledge(*key, lang),
                            value: typed(key.code()),
                        })
                        .collect(),
                ),
                Method::CodeByPost | Method::ConfirmedLink => Way::Code {
                    by_mail: means.method == Method::ConfirmedLink
                        || means.code == Some(AddressKind::Mailbox),
                    sent: means.code.is_some(),
                },
                Method::BlackenedCopy => Way::Papers { copy: true },
                Method::SignedLetter => Way::Papers { copy: false },
                other => Way::Told(proof::means_of(other, &[], lang, form)),
            })
            .collect();
        let page = ProofPage {
            p,
            number: asked.number.clone(),
            ways,
            copy: asked
                .means
                .iter()
                .any(|means| means.method == Method::BlackenedCopy),
            asked: asked.clone(),
            faults: Faults(faults),
            form_key,
            files,
            limits: uploads::limits(self.office),
            given: page::query(self.request, "given").next().is_some(),
            base: self.base.clone(),
            status: self.status.clone(),
        };
        show(status, &page)
    }

    /// The same page for looking; it says that something came.
    fn taken(&self) -> HttpResponse {
        let lang = page::asked(self.request).map(|lang| format!("&lang={}", lang.code()));
        see_other(&format!(
            "{}?given=1{}",
            self.base,
            lang.unwrap_or_default()
        ))
    }
}

/// What we need, and why.
pub async fn look(
    request: HttpRequest,
    token: web::Path<String>,
    office: web::Data<Office>,
) -> Result<HttpResponse, Problem> {
    let visit = Visit::of(&request, &office, &token).await?;
    match &visit.asked {
        None => visit.proven(),
        Some(asked) => {
            let key = office.form_key(visit.controller);
            visit.page(asked, None, (key, vec![]), vec![])
        }
    }
}

/// The person answers, enters a code, or hands something in.
pub async fn act(
    request: HttpRequest,
    token: web::Path<String>,
    mut posted: Posted,
    office: web::Data<Office>,
    gate: web::Data<Gate>,
) -> Result<HttpResponse, Problem> {
    let visit = Visit::of(&request, &office, &token).await?;
    let Some(asked) = visit.asked.clone() else {
        return visit.proven();
    };
    let slug = office.house(visit.controller)?.controller.slug.clone();
    let mut form_key = posted.get("form_key").to_owned();
    let mut faults: Vec<Fault> = vec![];
    let key = match office.check_form_key(visit.controller, &form_key) {
        Some(key) => key,
        None => {
            faults.push(Fault::PageOld);
            form_key = office.form_key(visit.controller);
            office
                .check_form_key(visit.controller, &form_key)
                .ok_or_else(|| Problem::fault("a fresh form key is not good"))?
        }
    };
    let (left_out, _) = uploads::keep(&office, &slug, &key.form, &mut posted, || {
        gate.limits.files.allows(gate.asker(&request))
    })
    .await?;
    faults.extend(left_out);
    let done = match posted.pressed() {
        ("attach", _) => {
            faults.retain(|fault| *fault != Fault::PageOld);
            None
        }
        ("remove", id) => {
            uploads::remove(&office, &slug, &key.form, id).await?;
            None
        }
        _ if !faults.is_empty() => None,
        ("code", _) if posted.get("code").trim().is_empty() => {
            faults.push(Fault::CodeMissing);
            None
        }
        ("code", _) if !gate.limits.sign_ins.allows(gate.asker(&request)) => {
            faults.push(Fault::CodePaused);
            None
        }
        ("code", _) => Some(
            office
                .try_proof_code(&visit.token, posted.get("code"))
                .await,
        ),
        _ if !gate.limits.forms.allows(gate.asker(&request)) => {
            faults.push(Fault::ProofPaused);
            None
        }
        ("papers", _) => {
            let copy = asked
                .means
                .iter()
                .any(|means| means.method == Method::BlackenedCopy);
            let method = match copy {
                true => Method::BlackenedCopy,
                false => Method::SignedLetter,
            };
            Some(office.give_papers(&visit.token, &key.form, method).await)
        }
        _ => {
            let answers: Vec<(Knowledge, String)> = Knowledge::ALL
                .into_iter()
                .map(|key| (key, posted.get(key.code()).to_owned()))
                .collect();
            Some(office.give_answers(&visit.token, &key.form, &answers).await)
        }
    };
    match done {
        None => {}
        Some(Ok(())) => return Ok(visit.taken()),
        Some(Err(Error::Code)) => faults.push(Fault::ProofCodeWrong),
        Some(Err(Error::Obstacle(Obstacle::Empty("files")))) => faults.push(Fault::FilesMissing),
        Some(Err(Error::Obstacle(Obstacle::Empty(_)))) => faults.push(Fault::AnswersMissing),
        Some(Err(Error::Obstacle(Obstacle::Proof(ProofObstacle::WeighFirst)))) => {
            faults.push(Fault::ProofFull);
        }
        // Proven or withdrawn meanwhile.
        Some(Err(Error::Obstacle(_))) => return Ok(visit.taken()),
        Some(Err(other)) => return Err(counter::closed(&request, &office, other)),
    }
    let files = uploads::list(&office, &slug, &key.form).await?;
    visit.page(&asked, Some(&posted), (form_key, files), faults)
}
