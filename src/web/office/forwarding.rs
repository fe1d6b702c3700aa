//! Passing a request on to a customer for whom we process, and what he instructs.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use askama::Template;

use crate::casework::desk::Outcome;
use crate::casework::forwarding::{Obeying, Passing};
use crate::casework::slips::{How, Slip, writable};
use crate::casework::{Error, Office};
use crate::domain::customer::Customer;
use crate::domain::forwarding::{Forwarding, Obeyed, Side};
use crate::domain::ids::CaseId;
use crate::domain::obstacle::Obstacle;
use crate::web::error::Problem;
use crate::web::form::Posted;
use crate::web::layout::Desk;
use crate::web::office::act::{Act, day, seen};
use crate::web::office::acts::Kind;
use crate::web::office::session::Session;
use crate::web::page::show;
use crate::words::persons as words;

/// A customer to whom it was passed on.
struct Passed {
    to: String,
    name: String,
    on: chrono::NaiveDate,
    customer: String,
    person: String,
    customer_waits: bool,
    person_waits: bool,
    /// Whether both messages have left.
    told: bool,
    instructions: Vec<(String, String)>,
    open: bool,
}

impl Passed {
    fn of(one: &Forwarding) -> Passed {
        Passed {
            to: one.to.clone(),
            name: one.name.clone(),
            on: one.on,
            customer: words::dispatch(&one.customer),
            person: words::dispatch(&one.person),
            told: one.told(),
            customer_waits: one.customer.to_post(),
            person_waits: one.person.to_post(),
            instructions: one
                .instructions
                .iter()
                .map(|one| (one.text.reveal().clone(), words::obeyed(&one.outcome)))
                .collect(),
            open: one
                .instructions
                .iter()
                .any(|one| one.outcome == Obeyed::Open),
        }
    }
}

#[derive(Template)]
#[template(path = "office/forwarding.html")]
struct Page {
    p: Desk,
    act: Act,
    passed: Vec<Passed>,
    customers: Vec<Customer>,
    /// Whether mail may go to the person.
    writable: bool,
    /// Whether there is a mail server.
    has_post: bool,
}

impl Page {
    fn can_mail(&self) -> bool {
        self.writable
    }

    fn with_post(&self) -> bool {
        self.has_post
    }
}

pub(super) async fn page(
    office: &Office,
    p: Desk,
    act: Act,
    status: StatusCode,
) -> Result<HttpResponse, Problem> {
    let house = office.house(act.case().controller)?;
    let told = |slug: &str| act.case().forwarding(slug).is_ok();
    let page = Page {
        passed: act.case().forwarded.iter().map(Passed::of).collect(),
        customers: house
            .controller
            .customers
            .iter()
            .filter(|customer| !told(&customer.slug))
            .cloned()
            .collect(),
        writable: house.has_post && writable(act.case()),
        has_post: house.has_post,
        p,
        act,
    };
    show(status, &page)
}

pub(super) async fn perform(
    office: &Office,
    session: &Session,
    id: CaseId,
    posted: &Posted,
) -> Result<Outcome, Error> {
    let (scope, seen) = (&session.scope, seen(posted));
    let to = posted.get("to");
    match posted.get("part") {
        "posted" => {
            let side = match posted.get("side") {
                "customer" => Side::Customer,
                _ => Side::Person,
            };
            let on = day(posted.get("posted")).ok_or(Obstacle::Empty("posted"))?;
            office
                .forwarding_posted(scope, id, seen, (to, side), on)
                .await
        }
        "instruction" => {
            let on = day(posted.get("instructed-on")).ok_or(Obstacle::Empty("instructed-on"))?;
            office
                .instructed(scope, id, seen, to, (posted.get("instruction"), on))
                .await
        }
        "obeyed" => {
            let on = day(posted.get("obeyed-on")).ok_or(Obstacle::Empty("obeyed-on"))?;
            let done = Obeying::Done(on, posted.get("obeyed").to_owned());
            office.settle_instruction(scope, id, seen, to, done).await
        }
        "doubted" => {
            let how = match day(posted.get("asked-on")) {
                Some(on) => How::Posted(on),
                None => How::Mail,
            };
            let (law, doubt) = (
                posted.get("law").to_owned(),
                posted.get("doubted").to_owned(),
            );
            let doubted = Obeying::Doubted(law, doubt, how);
            office
                .settle_instruction(scope, id, seen, to, doubted)
                .await
        }
        _ => {
            let passing = Passing {
                to: posted.get("customer").to_owned(),
                holds: posted.get("holds").into(),
                wholly: posted.get("wholly") != "no",
                customer: match posted.get("by") {
                    "paper" => How::Paper,
                    _ => How::Mail,
                },
                person: match posted.get("person") {
                    "mail" => How::Mail,
                    "none" => How::Waived(posted.get("waived").to_owned()),
                    _ => How::Paper,
                },
            };
            office.forward(scope, id, seen, passing).await
        }
    }
}

/// A short letter of the case as a sheet, to be looked at or posted.
pub async fn sheet(
    session: Session,
    office: web::Data<Office>,
    address: web::Path<CaseId>,
    asked: web::Query<Vec<(String, String)>>,
) -> Result<HttpResponse, Problem> {
    let id = address.into_inner();
    let of = |name: &str| {
        let found = asked.iter().find(|(key, _)| key == name);
        found.map(|(_, value)| value.as_str()).unwrap_or_default()
    };
    let (what, to) = (of("what"), of("to"));
    let file = office.case_file(&session.scope, id).await?;
    let page = "case/sheet";
    office
        .note_look(&session.scope, Some(&file.case), page)
        .await?;
    let pdf = office
        .slip_sheet(&session.scope, id, |case, house| {
            let slip = match what {
                "forwarded-person" => {
                    Some(Slip::ForwardedPerson(case.forwarding(to)?.clone().into()))
                }
                "forwarded-customer" => house
                    .controller
                    .customer(to)
                    .map(|customer| {
                        let forwarding = case.forwarding(to).cloned();
                        forwarding
                            .map(|one| Slip::ForwardedCustomer(one.into(), customer.clone().into()))
                    })
                    .transpose()?,
                other => Slip::named(other, case),
            };
            slip.ok_or(Error::NotFound)
        })
        .await?;
    Ok(HttpResponse::Ok()
        .content_type("application/pdf")
        .insert_header(("Content-Disposition", "inline; filename=\"brief.pdf\""))
        .insert_header(("Cache-Control", "no-store"))
        .body(pdf))
}
