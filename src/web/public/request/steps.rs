//! Walking through the form: each step carries all that was typed, the last one files it.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use chrono::TimeDelta;

use super::{AllPage, CheckPage, OrderPage, PersonPage, WishPage};
use crate::casework::Office;
use crate::casework::forms::FormKey;
use crate::casework::intake::{Submission, Wish};
use crate::casework::office::House;
use crate::domain::intake::{OnBehalf, ReplyBy};
use crate::domain::lang::Lang;
use crate::web::error::Problem;
use crate::web::layout::Counter;
use crate::web::page::{see_other, show};
use crate::web::public::draft::{Draft, Step};
use crate::web::public::fault::{Fault, Faults};
use crate::web::public::{counter, uploads};
use crate::web::{Gate, Posted, page};

/// Nobody fills in a form faster.
const HASTE: TimeDelta = TimeDelta::seconds(2);

/// One visit to the form: whose form, and as it was sent.
struct Visit<'a> {
    request: &'a HttpRequest,
    office: &'a web::Data<Office>,
    house: &'a House,
    step: Step,
    draft: Draft,
    lang: Option<Lang>,
}

/// The first step, with wishes ticked that the address names.
pub async fn begin(
    request: HttpRequest,
    slug: web::Path<String>,
    office: web::Data<Office>,
) -> Result<HttpResponse, Problem> {
    first(&request, &slug, &office, Step::Wish).await
}

/// Everything on one page.
pub async fn begin_all(
    request: HttpRequest,
    slug: web::Path<String>,
    office: web::Data<Office>,
) -> Result<HttpResponse, Problem> {
    first(&request, &slug, &office, Step::All).await
}

async fn first(
    request: &HttpRequest,
    slug: &str,
    office: &web::Data<Office>,
    step: Step,
) -> Result<HttpResponse, Problem> {
    let house = counter::house(office, slug)?;
    let wishes: Vec<String> = page::query(request, "wish").collect();
    let mut draft = Draft::read(wishes.iter().map(|wish| ("wish", wish.as_str())));
    draft.form_key = office.form_key(house.controller.id);
    let visit = Visit {
        request,
        office,
        house,
        step,
        draft,
        lang: page::asked(request),
    };
    visit.show(step, vec![], None).await
}

/// A step was sent.
pub async fn step(
    request: HttpRequest,
    slug: web::Path<String>,
    posted: Posted,
    office: web::Data<Office>,
    gate: web::Data<Gate>,
) -> Result<HttpResponse, Problem> {
    let step = match Step::parse(posted.get("step")) {
        Step::All => Step::Check,
        step => step,
    };
    take(&request, &slug, posted, (&office, &gate), step).await
}

/// The one page was sent.
pub async fn all(
    request: HttpRequest,
    slug: web::Path<String>,
    posted: Posted,
    office: web::Data<Office>,
    gate: web::Data<Gate>,
) -> Result<HttpResponse, Problem> {
    take(&request, &slug, posted, (&office, &gate), Step::All).await
}

async fn take(
    request: &HttpRequest,
    slug: &str,
    mut posted: Posted,
    (office, gate): (&web::Data<Office>, &Gate),
    step: Step,
) -> Result<HttpResponse, Problem> {
    let house = counter::house(office, slug)?;
    let controller = house.controller.id;
    let mut draft = Draft::read(posted.pairs());
    let mut faults = Vec::new();
    let sent_key = office.check_form_key(controller, &draft.form_key);
    let old = sent_key.is_none();
    let key = match sent_key {
        Some(key) => key,
        None => {
            // Lay open for days, or was never ours: it goes on under a fresh key.
            draft.form_key = office.form_key(controller);
            if std::mem::take(&mut draft.kept) {
                faults.push(Fault::FilesLost);
            }
            office
                .check_form_key(controller, &draft.form_key)
                .ok_or_else(|| Problem::fault("a fresh form key is not good"))?
        }
    };
    let (left_out, kept) = uploads::keep(office, slug, &key.form, &mut posted, || {
        gate.limits.files.allows(gate.asker(request))
    })
    .await?;
    faults.extend(left_out);
    draft.kept |= kept;
    let mut visit = Visit {
        request,
        office,
        house,
        step,
        draft,
        lang: page::asked(request),
    };
    match posted.pressed() {
        ("lang", code) => {
            visit.lang = code.parse().ok().or(visit.lang);
            visit.show_files(step, faults, &key).await
        }
        ("attach", _) => visit.show(step, faults, Some(&key)).await,
        ("remove", id) => {
            uploads::remove(office, slug, &key.form, id).await?;
            visit.show(step, faults, Some(&key)).await
        }
        ("back", _) => {
            let to = visit.before();
            visit.show_files(to, faults, &key).await
        }
        ("change", to) => visit.show_files(Step::parse(to), faults, &key).await,
        _ if matches!(step, Step::Check | Step::All) => visit.send(faults, old, &key, gate).await,
        _ => {
            faults.extend(visit.draft.faults(step).0);
            let to = if faults.is_empty() {
                visit.after()
            } else {
                step
            };
            visit.show(to, faults, Some(&key)).await
        }
    }
}

impl Visit<'_> {
    fn before(&self) -> Step {
        match self.step {
            Step::Check => Step::Person,
            Step::Person if self.draft.order_matters() => Step::Order,
            Step::All => Step::All,
            Step::Person | Step::Order | Step::Wish => Step::Wish,
        }
    }

    fn after(&self) -> Step {
        match self.step {
            Step::Wish if self.draft.order_matters() => Step::Order,
            Step::Wish | Step::Order => Step::Person,
            Step::Person | Step::Check => Step::Check,
            Step::All => Step::All,
        }
    }

    fn frame(&self, step: Step) -> Counter {
        let controller = &self.house.controller;
        let place = if step == Step::All {
            "request/all"
        } else {
            "request"
        };
        let path = format!("/{}/{place}", controller.slug);
        Counter::of(
            controller,
            &path,
            self.lang,
            &page::understood(self.request),
        )
    }

    /// Shows a step, or the one with the files if something is wrong with these.
    async fn show_files(
        self,
        to: Step,
        faults: Vec<Fault>,
        key: &FormKey,
    ) -> Result<HttpResponse, Problem> {
        let files = faults.iter().any(|fault| fault.field() == "files");
        let to = match to {
            Step::All | Step::Person => to,
            _ if files => Step::Person,
            _ => to,
        };
        self.show(to, faults, Some(key)).await
    }

    /// Files it, if nothing is wrong; else the first step with something wrong.
    async fn send(
        self,
        mut faults: Vec<Fault>,
        old: bool,
        key: &FormKey,
        gate: &Gate,
    ) -> Result<HttpResponse, Problem> {
        if self.step == Step::All {
            faults.extend(self.draft.faults(Step::All).0);
            if !faults.is_empty() {
                return self.show(Step::All, faults, Some(key)).await;
            }
        } else {
            for step in [Step::Wish, Step::Order, Step::Person] {
                let found = self.draft.faults(step);
                if found.any() {
                    return self.show(step, found.0, Some(key)).await;
                }
            }
        }
        if old {
            faults.push(Fault::PageOld);
        }
        if !faults.is_empty() {
            let step = self.step;
            return self.show_files(step, faults, key).await;
        }
        let p = self.frame(self.step);
        let hasty = self.office.now() - key.since < HASTE;
        let rushed = !gate.limits.forms.allows(gate.asker(self.request));
        let submission = Submission {
            form: key.form.clone(),
            suspicious: self.draft.trapped() || hasty || rushed,
            with_files: self.draft.kept,
            wish: wish(self.draft, p.voice.lang),
        };
        let receipt = self
            .office
            .submit(&self.house.controller.slug, submission)
            .await?;
        Ok(see_other(&p.to(&format!("sent/{}", receipt.status.text()))))
    }

    async fn show(
        mut self,
        step: Step,
        mut faults: Vec<Fault>,
        key: Option<&FormKey>,
    ) -> Result<HttpResponse, Problem> {
        let mut files = Vec::new();
        if let Some(key) = key.filter(|_| self.draft.kept) {
            files = uploads::list(self.office, &self.house.controller.slug, &key.form).await?;
            self.draft.kept = !files.is_empty();
        }
        faults.dedup();
        let status = if faults.is_empty() {
            StatusCode::OK
        } else {
            StatusCode::UNPROCESSABLE_ENTITY
        };
        let frame = self.frame(step);
        let p = if key.is_some() { frame.posted() } else { frame };
        let (draft, faults, files) = (&self.draft, Faults(faults), files.as_slice());
        let limits = uploads::limits(self.office);
        let due = || self.office.due_if_sent_now(&self.house.controller);
        match step {
            Step::Wish => show(
                status,
                &WishPage {
                    p,
                    step,
                    draft,
                    faults,
                },
            ),
            Step::Order => show(
                status,
                &OrderPage {
                    p,
                    step,
                    draft,
                    faults,
                },
            ),
            Step::Person => show(
                status,
                &PersonPage {
                    p,
                    step,
                    draft,
                    faults,
                    files,
                    limits,
                },
            ),
            Step::Check => show(
                status,
                &CheckPage {
                    p,
                    step,
                    draft,
                    faults,
                    files,
                    due: due()?,
                },
            ),
            Step::All => show(
                status,
                &AllPage {
                    p,
                    step,
                    draft,
                    faults,
                    files,
                    limits,
                    due: due()?,
                },
            ),
        }
    }
}

/// The draft in the office's words. An address for mail that was typed before the post was chosen is
/// left aside, for somebody else may read that mailbox; so is one for letters that is no longer shown.
fn wish(draft: Draft, lang: Lang) -> Wish {
    let given = |text: String| (!text.is_empty()).then(|| text.into());
    let order = draft
        .order_matters()
        .then(|| draft.copy_first.unwrap_or(true));
    let portal = draft.reply == ReplyBy::Portal;
    Wish {
        rights: draft.wishes,
        text: draft.words.into(),
        lang,
        on_behalf: draft.on_behalf,
        name: draft.name.into(),
        data_subject: (draft.on_behalf != OnBehalf::Own).then(|| draft.other_name.into()),
        email: portal.then(|| draft.email.into()),
        address: given(draft.address).filter(|_| !portal),
        hints: given(draft.also),
        reply_by: draft.reply,
        copy_first: order,
        shared_mailbox: portal.then_some(draft.shared),
    }
}
