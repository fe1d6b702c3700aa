//! Passing a request on to the customer for whom we process, and what he then tells us to do.

use chrono::NaiveDate;

use super::desk::{Deed, Outcome};
use super::error::Error;
use super::office::{House, Office};
use super::slips::{self, How, Slip};
use crate::domain::customer::Customer;
use crate::domain::forwarding::{Forwarding, Side};
use crate::domain::ids::CaseId;
use crate::domain::obstacle::Obstacle;
use crate::domain::private::Private;
use crate::domain::scope::{Role, Scope};

/// What a clerk says when a request is passed on.
#[derive(Debug, Clone)]
pub struct Passing {
    /// To which customer; his stable name.
    pub to: String,
    /// What shows that it is his data.
    pub holds: Private<String>,
    /// Whether all of it is his.
    pub wholly: bool,
    /// How he is told.
    pub customer: How,
    /// How the person is told.
    pub person: How,
}

/// What becomes of an instruction.
#[derive(Debug, Clone)]
pub enum Obeying {
    /// It was carried out on this day.
    Done(NaiveDate, String),
    /// It is doubted: the rule, why, and how the customer is asked.
    Doubted(String, String, How),
}

fn customer<'a>(house: &'a House, slug: &str) -> Result<&'a Customer, Obstacle> {
    let found = house.controller.customer(slug);
    found.ok_or(Obstacle::Empty("customer"))
}

impl Office {
    /// Passes a request on. Both letters are queued, or lie on the desk to be posted; only when both have left is it
    /// forwarded.
    pub async fn forward(
        &self,
        scope: &Scope,
        id: CaseId,
        seen: i64,
        passing: Passing,
    ) -> Result<Outcome, Error> {
        self.act(scope, id, Some(seen), Role::Handler, |case, moment| {
            let customer = customer(moment.house, &passing.to)?;
            let mut forwarding = Forwarding {
                to: customer.slug.clone(),
                name: customer.name.clone(),
                named: customer.named,
                holds: passing.holds.reveal().trim().into(),
                wholly: passing.wholly,
                on: moment.today,
                customer: crate::domain::dispatch::Dispatch::Paper { posted: None },
                person: crate::domain::dispatch::Dispatch::Paper { posted: None },
                instructions: vec![],
            };
            // The rules first: no letter is made for what may not be passed on.
            case.forward(forwarding.clone())?;
            let slip = Slip::ForwardedCustomer(forwarding.clone().into(), customer.clone().into());
            let (told, to_customer) = slips::tell(moment, case, &slip, &passing.customer)?;
            forwarding.customer = told;
            let slip = Slip::ForwardedPerson(forwarding.clone().into());
            let (told, to_person) = slips::tell(moment, case, &slip, &passing.person)?;
            forwarding.person = told;
            if let crate::domain::dispatch::Dispatch::Waived { because } = &forwarding.person
                && because.reveal().is_empty()
            {
                return Err(Obstacle::Empty("waived").into());
            }
            let mut events = case.forward(forwarding)?;
            events.extend(slips::said(to_customer.as_ref()));
            events.extend(slips::said(to_person.as_ref()));
            Ok(Deed {
                messages: to_customer.into_iter().chain(to_person).collect(),
                ..Deed::from(events)
            })
        })
        .await
    }

    /// A letter of the passing on was posted.
    pub async fn forwarding_posted(
        &self,
        scope: &Scope,
        id: CaseId,
        seen: i64,
        (to, side): (&str, Side),
        on: NaiveDate,
    ) -> Result<Outcome, Error> {
        self.act(scope, id, Some(seen), Role::Handler, |case, moment| {
            Ok(case.forwarding_posted(to, side, on, moment.today)?.into())
        })
        .await
    }

    /// The customer said what is to be done.
    pub async fn instructed(
        &self,
        scope: &Scope,
        id: CaseId,
        seen: i64,
        to: &str,
        (text, on): (&str, NaiveDate),
    ) -> Result<Outcome, Error> {
        self.act(scope, id, Some(seen), Role::Handler, |case, moment| {
            Ok(case.instructed(to, text, on, moment.today)?.into())
        })
        .await
    }

    /// His instruction was carried out, or is doubted and he is asked (Art. 28(3) subpara. 2 GDPR).
    pub async fn settle_instruction(
        &self,
        scope: &Scope,
        id: CaseId,
        seen: i64,
        to: &str,
        obeying: Obeying,
    ) -> Result<Outcome, Error> {
        self.act(scope, id, Some(seen), Role::Handler, |case, moment| {
            let (law, doubt, how) = match &obeying {
                Obeying::Done(on, what) => {
                    return Ok(case.obey(to, what, *on, moment.today)?.into());
                }
                Obeying::Doubted(law, doubt, how) => (law, doubt, how),
            };
            let open = case.open_instruction(to)?;
            let slip = Slip::Doubted {
                customer: customer(moment.house, to)?.clone().into(),
                given: open.on,
                what: open.text.clone(),
                law: law.trim().to_owned(),
                doubt: doubt.trim().to_owned(),
            };
            if law.trim().is_empty() || doubt.trim().is_empty() {
                return Err(Obstacle::Empty("doubted").into());
            }
            let (asked, row) = slips::tell(moment, case, &slip, how)?;
            let mut events = case.doubt_instruction(to, (law, doubt), asked, moment.today)?;
            events.extend(slips::said(row.as_ref()));
            Ok(Deed {
                messages: row.into_iter().collect(),
                ..Deed::from(events)
            })
        })
        .await
    }
}
